"""What of a page of a PDF has ink where it is drawn: for text that may not show, and for cells without text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from parsers.frozen import frozen
from parsers.readers.sheets import Box

SCALE = 2.0
"""Dots a point that pages are drawn with."""

MOST_DOTS = 4_000_000
MOST_PAGES = 200

CONTRAST = 70
"""Ink differs from what is around it by this much, of 255."""

LEAST_HIGH = 3.0
MOST_HIGH = 30.0
"""A figure is so high, in points; lower ink is a dash or a line, higher a picture."""

THIN = 1.2
EDGE = 2.0
"""What is not wider than the former, in points, nor further from a side than the latter, is a piece of that side."""

GROUND = 0.35
"""The least share of dots around white characters that are of their ground."""

WHOLE = 0.8
"""What fills this share of a cell both ways is a frame of it."""


@frozen
class Picture:
    """A page as drawn: `wide` times `high` dots of one shade each, `across` and `down` of them a point."""

    dots: bytes
    stride: int
    wide: int
    high: int
    across: float
    down: float

    def rows(self, box: Box, inset: float = 0.0) -> list[bytes]:
        """The dots within a box of the displayed page, row by row."""
        x0, x1 = _within(box[0] + inset, box[2] - inset, self.across, self.wide)
        top, bottom = _within(box[1] + inset, box[3] - inset, self.down, self.high)
        return [self.dots[y * self.stride + x0 : y * self.stride + x1] for y in range(top, bottom)] if x1 > x0 else []

    def shows(self, box: Box) -> bool:
        """Whether anything can be told apart within a box."""
        rows = [row for row in self.rows(box) if row]
        return not rows or max(map(max, rows)) - min(map(min, rows)) >= CONTRAST

    def is_dark(self, box: Box) -> bool:
        """Whether what white text needs to show is behind a box: a ground of another shade."""
        dots = b"".join(self.rows(box))
        return sum(dot <= 255 - CONTRAST for dot in dots) >= GROUND * len(dots)

    def is_marked(self, box: Box, beside: Iterable[Box] = ()) -> bool:
        """Whether a figure may be drawn within a cell: ink that stands in it alone and is as high as a figure.

        Ruling lines, what lies over several cells, and what overlaps the boxes `beside` is none.
        """
        rows = self.rows(box, 0.5)
        if len(rows) < 3 or len(rows[0]) < 3:
            return False
        ground = Counter(b"".join(rows)).most_common(1)[0][0]
        if max(max(map(max, rows)) - ground, ground - min(map(min, rows))) < CONTRAST:
            return False
        inked = {(y, x) for y, row in enumerate(rows) for x, dot in enumerate(row) if abs(dot - ground) >= CONTRAST}
        last, end = len(rows) - 1, len(rows[0]) - 1
        others = [self._dots(other, box) for other in beside]
        for x0, top, x1, bottom in _spots(inked):
            loose = x0 > 0 and top > 0 and x1 < end and bottom < last
            figure = LEAST_HIGH * self.down <= bottom - top + 1 <= MOST_HIGH * self.down
            framed = x1 - x0 > WHOLE * end and bottom - top > WHOLE * last
            dash = x1 - x0 < THIN * self.across and min(x0, end - x1) < EDGE * self.across
            known = any(x0 <= b and x1 >= a and top <= d and bottom >= c for a, c, b, d in others)
            if loose and figure and not framed and not dash and not known:
                return True
        return False

    def _dots(self, box: Box, cell: Box) -> Box:
        """A box in dots from the corner of a cell."""
        return (
            (box[0] - cell[0]) * self.across, (box[1] - cell[1]) * self.down,
            (box[2] - cell[0]) * self.across, (box[3] - cell[1]) * self.down,
        )  # fmt: skip


class Paper:
    """The pages of an open pdfium document as pictures, each drawn when it is first asked for."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._number = 0
        self._picture: Picture | None = None
        self._left = MOST_PAGES

    def picture(self, number: int, width: float, height: float) -> Picture | None:
        """Page `number`, counted from 1, of so many points as displayed; None when too many were drawn."""
        if number != self._number:
            if not self._left:
                return None
            self._left -= 1
            handle = self._document[number - 1]
            self._picture, self._number = draw(handle, width, height), number
            handle.close()
        return self._picture


def draw(handle: Any, width: float, height: float) -> Picture:
    """An open page of pdfium, of so many points as displayed, as a picture."""
    scale = min(SCALE, math.sqrt(MOST_DOTS / max(1.0, width * height)))
    bitmap = handle.render(scale=scale, grayscale=True, draw_annots=False)
    return Picture(
        bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height, bitmap.width / width, bitmap.height / height
    )


def _within(start: float, end: float, scale: float, most: int) -> tuple[int, int]:
    return max(0, math.floor(start * scale)), min(most, math.ceil(end * scale))


def _spots(dots: set[tuple[int, int]]) -> Iterable[tuple[int, int, int, int]]:
    """The boxes of dots that hang together."""
    while dots:
        stack = [dots.pop()]
        x0 = x1 = stack[0][1]
        top = bottom = stack[0][0]
        while stack:
            y, x = stack.pop()
            x0, x1, top, bottom = min(x0, x), max(x1, x), min(top, y), max(bottom, y)
            for near in ((y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                if near in dots:
                    dots.remove(near)
                    stack.append(near)
        yield x0, top, x1, bottom
