"""What the shape of ink says of the figures that it may be: models that read lines drop one of two like digits."""

from __future__ import annotations

import re

import cv2
import numpy as np

from pipeline.recognition.pictures import Grey

HOLES = {"0": 1, "1": 0, "2": 0, "3": 0, "4": 1, "5": 0, "6": 1, "7": 0, "8": 2, "9": 1}
"""The holes that a digit has at most."""

SMALLEST_HOLE = 0.012
"""A hole smaller than this, in squares of the height of the ink, is one of the print."""

TALL = 0.5
"""Pieces of this height and more, of that of the ink, are digits."""

NARROWEST, NARROWEST_ONE = 0.42, 0.25
"""Of digits that run into each other each is at least so wide, by the height of the ink, and a 1 so."""

BROADEST = 1.1
"""No digit is wider than this, by the height of the ink."""

WIDEST, MOST, REACH = 0.8, 4, 0.1
"""So many digits at most that run into each other, each no wider than this, by the height of the ink, are counted by
their width: a hole that reaches so near to where one ends and the next begins is between them."""

DASH = (0.25, 2.2)
"""How wide hyphens and dashes are, in em; a dot is narrower."""

THIN, FLAT, FILLED = 0.3, 0.7, 0.6
"""However blurred, a dash is not higher than this, in em and of its width, and fills so much of its box at least."""

_DIGITS = re.compile(r"[0-9]+")


def may_be(text: str, ink: Grey) -> bool:
    """Whether ink may be this figure, by its pieces and the holes in them; what is no plain figure always may."""
    if not _DIGITS.fullmatch(text) or not ink.size:
        return True
    widths = _pieces(ink)
    pieces = len(widths)
    if pieces == len(text) and max(widths) > BROADEST * ink.shape[0]:
        return False
    least = sum(NARROWEST_ONE if digit == "1" else NARROWEST for digit in text) * ink.shape[0]
    if pieces > len(text) or (pieces < len(text) and ink.shape[1] < least):
        return False
    holes = _holes(ink)
    if 1 < len(text) <= MOST and pieces < len(text) and ink.shape[1] <= WIDEST * len(text) * ink.shape[0]:
        holes = [hole for hole in holes if not _is_between(hole, ink.shape, len(text))]
    return len(holes) <= _most_holes(text) and (text != "0" or len(holes) == 1)


def is_like(text: str, ink: Grey) -> bool:
    """Whether ink has as many pieces as a figure has digits, and as many holes as these."""
    return bool(_DIGITS.fullmatch(text)) and len(_pieces(ink)) == len(text) and len(_holes(ink)) == _most_holes(text)


def is_zero(ink: Grey) -> bool:
    """Whether ink is a ring, higher than wide, with a large hole in its middle."""
    high, wide = ink.shape
    holes = _holes(ink) if 0.35 * high <= wide <= 0.9 * high and len(_pieces(ink)) == 1 else []
    if len(holes) != 1:
        return False
    left, top, across, down = holes[0]
    middle = abs(left + across / 2 - wide / 2) <= 0.12 * wide and abs(top + down / 2 - high / 2) <= 0.09 * high
    return bool(middle and down >= 0.5 * high)


def is_dash(ink: Grey, em: float) -> bool:
    """Whether ink is one flat stroke, which models of lines take for anything that lies flat."""
    high, wide = ink.shape
    if not DASH[0] * em <= wide <= DASH[1] * em or high > min(FLAT * wide, THIN * em):
        return False
    count, _ = cv2.connectedComponents(ink, connectivity=8)
    return count == 2 and float((ink > 0).mean()) >= FILLED


def _most_holes(text: str) -> int:
    return sum(HOLES[digit] for digit in text)


def _pieces(ink: Grey) -> list[int]:
    """The widths of pieces of ink beside each other that are as tall as digits."""
    columns = np.flatnonzero(np.diff(np.concatenate(([0], ink.any(axis=0).astype(np.int8), [0]))))
    runs = list(zip(columns[::2], columns[1::2], strict=True))
    rows = [np.flatnonzero(ink[:, start:end].any(axis=1)) for start, end in runs]
    return [
        int(end - start)
        for (start, end), own in zip(runs, rows, strict=True)
        if own[-1] - own[0] + 1 >= TALL * ink.shape[0]
    ]


def _is_between(hole: tuple[int, int, int, int], shape: tuple[int, ...], digits: int) -> bool:
    """Whether a hole lies where one of so many digits of the same width ends and the next begins."""
    high, wide = shape
    left, _, across, _ = hole
    near = REACH * high
    return any(left - near <= wide * number / digits <= left + across + near for number in range(1, digits))


def _holes(ink: Grey) -> list[tuple[int, int, int, int]]:
    """The box of each hole: left, top, width, height."""
    room = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    count, _, stats, _ = cv2.connectedComponentsWithStats(255 - room, connectivity=4)
    least = max(2.0, SMALLEST_HOLE * ink.shape[0] ** 2)
    boxes = [tuple(int(value) for value in one) for one in stats[1:count] if one[cv2.CC_STAT_AREA] >= least]
    # The paper around the ink is no hole: it touches the frame.
    return [(left - 1, top - 1, wide, high) for left, top, wide, high, _ in boxes if left > 0]
