"""Rows of figures that add up, so that their order alone tells columns whose header is not there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from parsers.readers.breaks import Piece
from parsers.readers.tokens import is_figure

LEAST_COLUMNS = 5
"""Fewer figures side by side may add up by chance."""

LEAST_SUMS = 2
"""So many sums that are not zero must hold."""

LONGEST = 12


def add_up(piece: Piece) -> bool:
    """Whether each row of figures fills all columns, and the last of each group of them is the sum of the rest."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for part in sorted(piece.parts, key=lambda one: (one.top, one.left)):
        if part.height == 1 and is_figure(part.text):
            rows.setdefault(part.top, []).append((part.left, part.text))
    columns = [column for column in _columns(piece) if any(column == left for own in rows.values() for left, _ in own)]
    values = [_values(own, columns) for own in rows.values()]
    whole = [own for own in values if own]
    if len(columns) < LEAST_COLUMNS or len(whole) < len(values):
        return False
    sizes = (size for size in range(LEAST_COLUMNS, len(columns) + 1) if len(columns) % size == 0)
    return any(_hold(whole, size) for size in sizes)


def _columns(piece: Piece) -> list[int]:
    """The columns behind all words that are labels."""
    words = [part.right for part in piece.parts if part.text and not is_figure(part.text)]
    first = max(words, default=0)
    return list(range(first, len(piece.xs) - 1))


def _values(row: Sequence[tuple[int, str]], columns: Sequence[int]) -> list[Decimal]:
    """The figures of a row, one for each column; [] where one is missing or is no plain number."""
    own = {left: text for left, text in row if left in columns}
    texts = [own.get(column, "") for column in columns]
    if not all(text.isascii() and text.replace(".", "", 1).isdecimal() and len(text) <= LONGEST for text in texts):
        return []
    return [Decimal(text) for text in texts]


def _hold(rows: Sequence[Sequence[Decimal]], size: int) -> bool:
    groups = [row[start : start + size] for row in rows for start in range(0, len(row), size)]
    return all(sum(own[:-1]) == own[-1] for own in groups) and sum(own[-1] > 0 for own in groups) >= LEAST_SUMS
