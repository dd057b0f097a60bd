"""Which cell of which lattice each character of a page stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from parsers.readers import lattice
from parsers.readers.sheets import Glyph, Page
from parsers.readers.typesetting import CLOSING, is_figure, rows_of

HANGING = 1.7
"""How far below a table words may stand that hang from it, or from others that do, in their size."""

MOST_HANGING = 3
"""So many lines may."""

_HAN = re.compile(r"[\u3400-\u9fff]")


def hanging(made: lattice.Lattice, glyphs: Sequence[Glyph]) -> dict[int, int]:
    """The cells of characters, by their ids, that hang below a table which a page break cuts within tall cells.

    Some of its cells have no line below, others have one; the last words of the former stand beyond the sides drawn.
    Where none has one, only the last characters of labels that are set one a line are told from text below the table.
    """
    rows = len(made.ys) - 1
    last = [(slot, number) for number, slot in enumerate(made.slots) if slot.bottom == rows]
    opened = [(made.box_of(slot), number) for slot, number in last if slot.open_bottom]
    if not opened:
        return {}
    upright = len(opened) == len(last)
    left, _, right, bottom = made.box
    near = [
        glyph
        for glyph in glyphs
        if glyph.turn == 0
        and bottom < _middle(glyph) < bottom + MOST_HANGING * HANGING * glyph.size
        and glyph.x1 > left
        and glyph.x0 < right
    ]
    found: dict[int, int] = {}
    reached = bottom + (near[0].size / 2 if near else 0.0)
    for row in sorted(rows_of(near), key=lambda row: _middle(row[0])):
        if _middle(row[0]) > reached + HANGING * row[0].size:
            break
        own = {
            id(glyph): number
            for glyph in row
            for box, number in opened
            if box[0] <= (glyph.x0 + glyph.x1) / 2 <= box[2]
        }
        alone = len(set(own.values())) == len(row) and all(_HAN.match(glyph.text) for glyph in row)
        if len(own) == len(row) and (alone or not upright):
            found.update(own)
            reached = _middle(row[0])
    return found


def _middle(glyph: Glyph) -> float:
    return (glyph.top + glyph.bottom) / 2


def keep_together(page: Page, found: Sequence[lattice.Lattice], places: dict[int, tuple[int, int]]) -> None:
    """Give words that reach over the side of their cell to the cell in which they mostly stand.

    A closing sign that hangs over the side belongs to what it closes.
    """
    for row in rows_of(glyph for glyph in page.glyphs if glyph.turn == 0):
        row.sort(key=lambda glyph: glyph.x0)
        for at in range(1, len(row)):
            before, glyph = row[at - 1], row[at]
            one, other = places.get(id(before)), places.get(id(glyph))
            if one == other or one is None or abs(glyph.x0 - before.x1) > 0.3 * glyph.size:
                continue
            if glyph.text in CLOSING:
                places[id(glyph)] = one
                continue
            side = _side(found, one, other)
            if not any(g.x0 + 0.15 * g.size < side < g.x1 - 0.15 * g.size for g in (before, glyph)):
                continue
            word = _word_around(row, at)
            x, y = (word[0].x0 + word[-1].x1) / 2, (glyph.top + glyph.bottom) / 2
            middle = min(word, key=lambda g: abs((g.x0 + g.x1) / 2 - x) + abs((g.top + g.bottom) / 2 - y))
            for g in word:
                places[id(g)] = places.get(id(middle), one)


def _side(found: Sequence[lattice.Lattice], one: tuple[int, int], other: tuple[int, int] | None) -> float:
    """The line between two cells side by side: the right side of the first."""
    made = found[one[0]]
    right = made.box_of(made.slots[one[1]])[2]
    if other is not None and other[0] == one[0]:
        return max(right, made.box_of(made.slots[other[1]])[0])
    return right


def _word_around(row: Sequence[Glyph], at: int) -> Sequence[Glyph]:
    """The characters of one kind, figures or others, without gaps around the place `at` of a row."""

    def one_word(left: Glyph, right: Glyph) -> bool:
        same = is_figure(left.text) == is_figure(right.text)
        return same and abs(right.x0 - left.x1) < 0.08 * right.size

    start = end = at
    while start and one_word(row[start - 1], row[start]):
        start -= 1
    while end + 1 < len(row) and one_word(row[end], row[end + 1]):
        end += 1
    return row[start : end + 1]


class Finder:
    """Tells the slot of a lattice that a point stands in."""

    def __init__(self, made: lattice.Lattice) -> None:
        self.made = made
        self.owner: dict[tuple[int, int], int] = {}
        for number, slot in enumerate(made.slots):
            for row in range(slot.top, slot.bottom):
                for column in range(slot.left, slot.right):
                    self.owner[row, column] = number

    def slot(self, x: float, y: float, reach: float) -> int | None:
        left, top, right, bottom = self.made.box
        if not (left - 1 <= x <= right + 1 and top - reach <= y <= bottom + reach):
            return None
        row = max(0, min(len(self.made.ys) - 2, _below(self.made.ys, y)))
        column = max(0, min(len(self.made.xs) - 2, _below(self.made.xs, x)))
        return self.owner.get((row, column))


def _below(places: Sequence[float], value: float) -> int:
    return bisect_right(places, value) - 1
