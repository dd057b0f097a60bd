"""Cells told apart by the grounds that they are painted with, or by lines hardly darker than these."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.readers import lattice
from parsers.readers.places import Finder
from parsers.readers.sheets import Box, Glyph, Page, Ruling
from parsers.readers.tokens import is_figure, tokens_of
from parsers.readers.typesetting import lines_of

SIDE_BY_SIDE = 4
"""More boxes than this beside each other, half of them and more with figures, are a table of one row."""


def lines(page: Page) -> tuple[list[Ruling], list[Ruling]]:
    """The ruling lines of a page, joined: those across, those down.

    Pale lines and the sides of grounds are among them where they make a table of figures that the others do not.
    """
    across, down = lattice.joined(page.across), lattice.joined(page.down)
    if not page.pale_across or not page.pale_down:
        return across, down
    upright = [glyph for glyph in page.glyphs if glyph.turn == 0]
    drawn = [made.box for made in lattice.lattices(across, down) if _is_table(made, upright)]
    found = []
    both = [*page.across, *page.pale_across], [*page.down, *page.pale_down]
    for made in lattice.lattices(lattice.joined(both[0]), lattice.joined(both[1])):
        if not any(_overlap(made.box, box) for box in drawn) and _is_table(made, upright):
            found.append(made.box)
    if not found:
        return across, down
    flat = [line for line in page.pale_across if any(_is_within(line.start, line.at, box) for box in found)]
    steep = [line for line in page.pale_down if any(_is_within(line.at, line.start, box) for box in found)]
    return lattice.joined([*page.across, *flat]), lattice.joined([*page.down, *steep])


def _overlap(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def _is_within(x: float, y: float, box: Box) -> bool:
    near = lattice.SNAP
    return box[0] - near <= x <= box[2] + near and box[1] - near <= y <= box[3] + near


def _is_table(made: lattice.Lattice, glyphs: Sequence[Glyph]) -> bool:
    """Whether a lattice has figures, each alone on its line in its cell; one row that a page break left has several."""
    if len(made.xs) < 3 or (len(made.ys) < 3 and len(made.xs) <= SIDE_BY_SIDE):
        return False
    finder = Finder(made)
    texts: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        slot = finder.slot((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2, 0.0)
        if slot is not None:
            texts.setdefault(slot, []).append(glyph)
    figures = 0
    for own in texts.values():
        rows = [[is_figure(token.text) for token in tokens_of(line)] for line in lines_of(own)]
        if sum(any(row) for row in rows) > 1 or any(any(row) and len(row) > 1 for row in rows):
            return False
        figures += any(any(row) for row in rows)
    return figures > (1 if len(made.ys) > 2 else SIDE_BY_SIDE // 2)
