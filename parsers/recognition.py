"""What text recognition says of a page, handed in from outside: the parser itself looks at no picture.

A page is described as it stands upright, in pixels of any scale; what leads back to the page as displayed
(quarters of a turn, skew, size of a pixel) is part of the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from parsers.frozen import frozen

UNREADABLE = "\ufffd"
"""What stands for ink that no reading makes characters of, and for a digit on which readings differ."""


@frozen
class Word:
    """Characters on one line, without a gap as wide as a column's.

    `readings` are the different texts that readings of the same ink gave, the best first: one where all
    agree. `confidence` is that of the best, 0 to 1.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    readings: tuple[str, ...]
    confidence: float

    @property
    def text(self) -> str:
        return self.readings[0]


@frozen
class Stroke:
    """A ruling line along an axis: `at` is its place across, `start` and `end` along it."""

    at: float
    start: float
    end: float


@frozen
class Recognition:
    """One page. `number` counts from 1; `em` is the height of its usual characters.

    `turn` quarters clockwise, then `skew` degrees clockwise about the middle, make the upright page the one
    that is displayed; `unit` is a pixel's size in the unit of the locators (points of a PDF, pixels of a picture).
    """

    number: int
    width: float
    height: float
    em: float
    words: tuple[Word, ...]
    across: tuple[Stroke, ...] = ()
    down: tuple[Stroke, ...] = ()
    turn: int = 0
    skew: float = 0.0
    unit: float = 1.0


class Recogniser(Protocol):
    """Reads pictures of text."""

    def pages(self, content: bytes, media_type: str, numbers: Sequence[int] = ()) -> Sequence[Recognition]:
        """The pages of a picture or a PDF, those named by `numbers` or all, in order.

        Raises LimitError for more or larger pages than are read, BrokenDocumentError for bytes that show no picture.
        """
