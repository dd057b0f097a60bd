"""Cells of a printed table that the text layer leaves blank, but that show something, or that the page's edge cuts.

They are not blank.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from parsers.readers.breaks import Part, Piece, is_number
from parsers.readers.ink import Paper
from parsers.readers.sheets import Box, Page, Ruling
from parsers.recognition import UNREADABLE
from parsers.records import Issue

MOST_DRAWN = 3000
"""Where more is drawn on a page than this, each blank cell is looked at."""

WITHIN = 1.0
"""What is drawn further than this, in points, from the sides of a cell stands in it."""

DIGIT = 0.5
"""How wide a digit is, in the size of its characters."""

_HAS_DIGITS = re.compile(r"\d")


def mark(pieces: Sequence[Piece], pages: Mapping[int, Page], paper: Paper) -> list[Issue]:
    """Make the blank cells of tables unreadable in which a figure may be drawn; gives remarks on them.

    `pages` are given by their numbers.
    """
    found = []
    steep: dict[int, list[Ruling]] = {}
    for piece in pieces:
        if piece.doubtful or len(piece.xs) < 3:
            continue
        cut = _cut(piece, pages)
        for part in piece.parts:
            if id(part) in cut:
                part.text = UNREADABLE
                message = "the cell reaches beyond the edge of the page, and what stands there was not read"
                found.append(Issue(code="beyond_page", severity="warning", message=message, locator=part.locator))
                continue
            if part.text:
                continue
            page = pages[part.page or piece.page]
            if page.number not in steep:
                steep[page.number] = sorted(page.down)
            box = page.displayed(part.box)
            drawn = _may_be_marked(box, page) or _holds_line(part.box, steep[page.number])
            if drawn and _is_marked(box, page, paper):
                part.text = UNREADABLE
                found.append(_remark(part))
    return found


def _cut(piece: Piece, pages: Mapping[int, Page]) -> set[int]:
    """The ids of a table's cells that the page's edge cuts: those in a column without figures, and broken figures."""
    found: set[int] = set()
    page = pages[piece.page]
    for at_edge in (
        [part for part in piece.parts if part.box[0] <= WITHIN],
        [part for part in piece.parts if part.box[2] >= page.width - WITHIN],
    ):
        if not any(_HAS_DIGITS.search(part.text) for part in at_edge):
            found.update(id(part) for part in at_edge if not part.text)
        elif page.beyond or page.hidden:
            found.update(id(part) for part in at_edge if is_number(part.text) and _is_broken(part, page))
    return found


def _is_broken(part: Part, page: Page) -> bool:
    """Whether the page's edge cuts a figure, or its cell so near to it that a further digit would not be seen."""
    left, right = (DIGIT if part.box[0] < 0 else 0.0), (DIGIT if part.box[2] > page.width else 0.0)
    return any(line.x0 < left * line.size or line.x1 > page.width - right * line.size for line in part.lines)


def _may_be_marked(box: Box, page: Page) -> bool:
    """Whether something is drawn in a cell that is neither a line nor its ground."""
    x0, top, x1, bottom = box[0] + WITHIN, box[1] + WITHIN, box[2] - WITHIN, box[3] - WITHIN
    if x1 <= x0 or bottom <= top:
        return False
    if len(page.drawn) > MOST_DRAWN:
        return True
    return any(
        own[0] < x1 and own[2] > x0 and own[1] < bottom and own[3] > top
        for own, plain in page.drawn
        if not (plain and own[0] <= x0 and own[1] <= top and own[2] >= x1 and own[3] >= bottom)
    )


def _holds_line(box: Box, steep: Sequence[Ruling]) -> bool:
    """Whether a line down stands within a cell and meets none of its sides, as strokes of figures do."""
    x0, top, x1, bottom = box[0] + WITHIN, box[1] + WITHIN, box[2] - WITHIN, box[3] - WITHIN
    near = steep[bisect_left(steep, (x0,)) : bisect_right(steep, (x1,))]
    return any(top < line.start and line.end < bottom for line in near)


def _is_marked(box: Box, page: Page, paper: Paper) -> bool:
    wide, high = (page.height, page.width) if page.turn % 2 else (page.width, page.height)
    picture = paper.picture(page.of or page.number, wide, high)
    return picture is not None and picture.is_marked(box, page.beside)


def _remark(part: Part) -> Issue:
    message = "the cell shows something that is no text: it is not blank and was not read"
    return Issue(code="ink_without_text", severity="warning", message=message, locator=part.locator)
