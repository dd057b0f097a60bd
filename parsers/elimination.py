"""Columns whose header cannot be read, told by those beside them: where just as many of the form's are left."""

from __future__ import annotations

from collections.abc import Sequence

Place = tuple[int | None, str]
"""A line, where the columns of each line stand side by side, else None, and a breakdown."""


def by_order(named: Sequence[Place | str | None], order: Sequence[Place]) -> list[Place | None]:
    """The places of columns from left to right, those that stay open None.

    `named` are the columns as their headers tell: a place, a breakdown whose line is not told, or None for nothing;
    `order` is the form's. A gap is filled where the form has as many columns between the places beside it.
    """
    found: list[Place | None] = [one if isinstance(one, tuple) else None for one in named]
    if sum(one is not None for one in found) < 2:
        return found
    known: dict[Place | None, int] = {place: at for at, place in enumerate(order)}
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end] is None:
            end += 1
        if end > start:
            before = known.get(found[start - 1]) if start else -1
            after = known.get(found[end]) if end < len(found) else len(order)
            if before is not None and after is not None and after - before == end - start + 1:
                between = order[before + 1 : after]
                pairs = zip(named[start:end], between, strict=True)
                if all(one is None or one == breakdown for one, (_, breakdown) in pairs):
                    found[start:end] = between
        start = end + 1
    return found
