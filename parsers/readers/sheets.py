"""Pages of a PDF as glyphs, ruling lines and pictures, in points from the top left corner of the page as displayed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.errors import LimitError
from parsers.recognition import Word

MAX_GLYPHS = 3_000_000
MAX_OBJECTS = 1_000_000
MAX_SEGMENTS = 200_000
"""Characters, drawn objects and pieces of drawn paths that a document may have."""

Box = tuple[float, float, float, float]


class Glyph(NamedTuple):
    """A character with its box; `base` is where it stands on its line, `turn` how it is turned in quarters
    clockwise against the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    turn: int
    bold: bool


class Ruling(NamedTuple):
    """A straight line drawn along an axis: `at` is its place across, `start` and `end` along it."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """A page as it is read: turned so that most of its text stands upright.

    `turn` quarters clockwise bring it back to how it is displayed; `width` and `height` are those of
    the turned page. `painted` is the share of the page that pictures cover, `pale` are the places in
    `glyphs` of those that are hardly darker than paper, `pale_across` and `pale_down` such lines and the sides of
    filled areas. `drawn` are boxes of what is drawn and rules nothing, each with whether it is a plain area, `beside`
    those of characters that were left out, `blanks` where blanks of the text begin; all are of the displayed page.

    Of a page that was recognised, lengths are such that its usual characters measure `EM`; `words` are what was
    recognised, `skew` and `unit` as in `parsers.recognition`, `scheme` is the kind of its locators.

    A column of a page, `of` which it is, was `moved` to the left by so many points from where it stands; `gap` is the
    place between the columns.
    """

    number: int
    width: float
    height: float
    turn: int = 0
    glyphs: list[Glyph] = field(default_factory=list)
    across: list[Ruling] = field(default_factory=list)
    down: list[Ruling] = field(default_factory=list)
    pale_across: list[Ruling] = field(default_factory=list)
    pale_down: list[Ruling] = field(default_factory=list)
    painted: float = 0.0
    paths: int = 0
    slanted: str = ""
    hidden: str = ""
    unmapped: int = 0
    unseen: int = 0
    radicals: int = 0
    beyond: int = 0
    scheme: str = "pdf"
    unit: float = 1.0
    skew: float = 0.0
    words: list[Word] = field(default_factory=list)
    pale: list[int] = field(default_factory=list)
    drawn: list[tuple[Box, bool]] = field(default_factory=list)
    beside: list[Box] = field(default_factory=list)
    blanks: list[tuple[float, float]] = field(default_factory=list)
    of: int = 0
    moved: float = 0.0
    gap: float = 0.0

    def displayed(self, box: Box) -> Box:
        """A box of this page where it stands on the page as displayed."""
        box = (box[0] + self.moved, box[1], box[2] + self.moved, box[3])
        return turned_box(box, self.width, self.height, self.turn)

    def locator(self, x0: float, top: float, x1: float, bottom: float) -> str:
        """The locator of a box of this page: points, or pixels of a picture, of the page as displayed."""
        box = _leaning_box((x0, top, x1, bottom), self.width, self.height, self.skew)
        box = self.displayed(box)
        return f"{self.scheme}:p{self.of or self.number}({','.join(_number(value * self.unit) for value in box)})"


def _number(value: float) -> str:
    return f"{value + 0.0:.1f}".removesuffix(".0") if abs(value) >= 0.05 else "0"


@dataclass(slots=True)
class Budget:
    """What is left of the limits of a document."""

    glyphs: int = MAX_GLYPHS
    objects: int = MAX_OBJECTS
    segments: int = MAX_SEGMENTS

    def spend(self, kind: str, count: int) -> None:
        left = getattr(self, kind) - count
        setattr(self, kind, left)
        if left < 0:
            raise LimitError(f"the PDF has too many {kind}", reading="a PDF", remedy="Split it into parts")


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def then(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def inverse(matrix: Matrix) -> Matrix | None:
    """The matrix that undoes another; None for one that leaves no area."""
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    if abs(area) < 1e-12:
        return None
    return d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area


def box_of(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    x0, y0 = apply(matrix, left, bottom)
    x1, y1 = apply(matrix, right, top)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def turned_box(
    box: tuple[float, float, float, float], width: float, height: float, turn: int
) -> tuple[float, float, float, float]:
    """A box of a page of this width and height, after the page was turned by quarters clockwise."""
    x0, top, x1, bottom = box
    for _ in range(turn % 4):
        x0, top, x1, bottom = height - bottom, x0, height - top, x1
        width, height = height, width
    return x0, top, x1, bottom


def _leaning_box(
    box: tuple[float, float, float, float], width: float, height: float, skew: float
) -> tuple[float, float, float, float]:
    """A box of its size where its middle comes to stand when the page is turned by `skew` degrees clockwise."""
    if not skew:
        return box
    x0, top, x1, bottom = box
    across, down = (x0 + x1 - width) / 2, (top + bottom - height) / 2
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    right = across * cosine - down * sine - across
    low = across * sine + down * cosine - down
    return x0 + right, top + low, x1 + right, bottom + low
