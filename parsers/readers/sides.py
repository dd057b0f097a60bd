"""Columns of tables whose cells lines part from side to side only, or pieces of lines between rows do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.readers.sheets import Ruling
from parsers.readers.tokens import LEAST_ROWS, Row, Strip, Token, columns_at, is_figure, parted, tokens_of

SAME = 1.5
"""Lines down no further apart than this, in points, are one."""

COVERED = 0.9
"""The share of rows beside which a line must stand that parts their columns."""

OVER = 1.0
"""How far, in points, characters may hang over the sides of their cells."""

RAISED = 0.35
"""How far above their base the middle of characters is, in their size."""


def known_sides(header: Sequence[Row], rows: Sequence[Row], rulings: Sequence[Ruling]) -> tuple[float, ...]:
    """The sides of columns, from left to right, where one stands before each figure that is not the first of its row.

    () where lines do not tell all columns of the rows with figures.
    """
    own = [row for row in rows if row.figures and row.line.glyphs]
    if len(own) < 2:
        return ()
    heights = [row.line.base - RAISED * row.line.size for row in own]
    groups = _near(rulings)
    everything = [row.line for row in (*header, *rows)]
    left, right = min(line.x0 for line in everything), max(line.x1 for line in everything)
    found = [
        sum(line.at for line in group) / len(group)
        for group in groups
        if sum(any(line.start < y < line.end for line in group) for y in heights) >= COVERED * len(own)
    ]
    inner = [x for x in found if left + OVER < x < right - OVER]
    tokens = [cut_between(row, inner) for row in own]
    told = all(
        any(a.x1 - OVER <= x <= b.x0 + OVER for x in inner)
        for line in tokens
        for a, b in pairwise(line)
        if is_figure(b.text)
    )
    if (
        not inner
        or not told
        or any(_crosses(token, inner) for line in tokens for token in line if is_figure(token.text))
    ):
        return ()
    start = max((x for x in found if x <= left + OVER), default=left)
    end = min((x for x in found if x >= right - OVER), default=right)
    return (start, *inner, end)


def _near(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Lines down that stand below each other, from left to right."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        if groups and ruling.at - groups[-1][-1].at < SAME:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    return groups


def ruled_labels(
    strips: list[Strip], first: int, rows: Sequence[Row], rulings: Sequence[Ruling]
) -> tuple[list[Strip], int]:
    """Columns with those of labels cut where a line stands beside some rows between words of these, and how many they
    are."""
    heights = [row.line.base - RAISED * row.line.size for row in rows if row.line.glyphs]
    words = [token for row in rows for token in row.tokens]
    places = [
        (sum(line.at for line in group) / len(group))
        for group in _near(rulings)
        if sum(any(line.start < y < line.end for line in group) for y in heights) >= LEAST_ROWS
    ]
    found: list[Strip] = []
    for strip in strips[:first]:
        left = strip.x0
        for x in places:
            before = any(left < token.x1 < x + OVER for token in words)
            if left + OVER < x < strip.x1 - OVER and before:
                found.append(Strip(left, x, strip.figures))
                left = x
        found.append(Strip(left, strip.x1, strip.figures))
    return [*found, *strips[first:]], len(found)


def _crosses(token: Token, xs: Sequence[float]) -> bool:
    return any(token.x0 + OVER < x < token.x1 - OVER for x in xs)


def cut_between(row: Row, xs: Sequence[float]) -> list[Token]:
    """The tokens of a row with figures cut at the sides of columns."""
    line = row.line
    if not line.glyphs or not row.figures:
        return row.tokens
    places = [*xs, *((a.x1 + b.x0) / 2 for a, b in pairwise(row.tokens))]
    return tokens_of(line, [Ruling(x, line.base - 1.0, line.base + 1.0) for x in places])


def headers_between(row: Row, xs: Sequence[float]) -> list[Token]:
    """The tokens of a line of a header, those cut that are words of several columns."""
    found: list[Token] = []
    for token in row.tokens:
        pieces = parted(token)
        own = [columns_at(xs, piece) for piece in pieces]
        single = len(pieces) > 1 and all(right - left == 1 for left, right in own) and len(set(own)) == len(own)
        found.extend(pieces if single else [token])
    return found


def leaves_between(tokens: Sequence[Token], xs: Sequence[float], pitch: float) -> dict[int, int]:
    """The columns, by the ids of their tokens, that words of a header stand in below all that is over several.

    Lines further than `pitch` above the next one are of another cell.
    """
    over = [(columns_at(xs, token), token.base) for token in tokens]
    lowest = [
        max(
            (base for (left, right), base in over if right - left > 1 and left <= column < right), default=float("-inf")
        )
        for column in range(len(xs) - 1)
    ]
    found: dict[int, int] = {}
    below: dict[int, float] = {}
    for token, ((left, right), base) in sorted(zip(tokens, over, strict=True), key=lambda one: -one[1][1]):
        if right - left > 1 or base < lowest[left] or below.get(left, base) - base > pitch:
            continue
        below[left] = base
        found[id(token)] = left
    return found
