"""How a page lies and what is drawn on it: quarters of a turn, skew, size of its characters, ruling lines, ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.recognition import Stroke
from pipeline.recognition.pictures import Grey

STEEPEST = 7.0
"""Degrees of skew that are looked for, to either side."""

FINEST = 0.04
"""Degrees to which skew is found; less is left as it is."""

EM = (18.0, 40.0)
"""Pages are made larger or smaller so that characters measure between these, in pixels."""

BEST_EM = 26.0
LARGEST = 24_000_000
"""Pixels that a page may have after that."""

LONGEST_STROKE = 1.5
"""A straight stroke of ink longer than this, in em, is a ruling line and no part of a character."""

THICKEST = 0.45
"""A ruling line is not thicker than this, in em."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Ruling lines, and where their ink is."""

    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]
    mask: Grey


def size_of(places: Sequence[Any]) -> float:
    """The height of usual characters in the unit of the places of lines of text; 0 where there are none."""
    heights = []
    for corners in places:
        sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
        long, short = max(sides[0], sides[1]), min(sides[0], sides[1])
        heights.extend([float(short)] * max(1, round(float(long / max(short, 1.0)))))
    # Places reach a little beyond the ink.
    return float(np.median(heights)) * 0.78 if heights else 0.0


def lies_on_side(places: Sequence[Any]) -> bool:
    """Whether most lines of text run from top to bottom."""
    along = across = 0.0
    for corners in places:
        wide, high = np.ptp(corners[:, 0]), np.ptp(corners[:, 1])
        if wide > 1.6 * high:
            along += wide
        elif high > 1.6 * wide:
            across += high
    return across > along


def scaled(grey: Grey, em: float) -> tuple[Grey, float]:
    """A page in a size that its characters are read best in, and by how much it was made larger."""
    if not em or EM[0] <= em <= EM[1]:
        return grey, 1.0
    factor = min(BEST_EM / em, 3.0, math.sqrt(LARGEST / grey.size))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how), factor


def skew_of(grey: Grey) -> float:
    """By how many degrees clockwise a page is turned: where rows of ink are sharpest once it is turned back."""
    factor = min(1.0, 900 / max(grey.shape))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    dark = (255 - small.astype(np.float32)) - float(np.median(255 - small))
    dark[dark < 30] = 0

    def sharpness(angle: float) -> float:
        rows = _turned(dark, angle, 0.0).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best, step = 0.0, 0.5
    around = np.arange(-STEEPEST, STEEPEST + step / 2, step)
    while step > FINEST / 2:
        best = float(max(around, key=sharpness))
        step /= 4
        around = best + step * np.arange(-4, 5)
    return best if abs(best) >= FINEST else 0.0


def straightened(grey: Grey, skew: float) -> Grey:
    """A page turned back by its skew."""
    return _turned(grey, skew, 255) if skew else grey


def _turned(grey: Any, angle: float, border: float) -> Any:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=border)


def moved(corners: Any, shape: tuple[int, ...], skew: float) -> Any:
    """Corners on a page of this shape after it was turned back by its skew."""
    height, width = shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    return corners @ matrix[:, :2].T + matrix[:, 2]


def ink_of(grey: Grey, em: float) -> Grey:
    """Where ink is: 255 for pixels that are darker than the paper around them, specks left out."""
    smooth = cv2.medianBlur(grey, 3)
    # A wide blur of what is left when strokes are filled is the paper, with its shadows.
    size = max(3, round(0.5 * em)) | 1
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    depth = cv2.subtract(cv2.blur(paper, (size, size)), smooth).astype(np.int32)
    strong = depth[depth > 40]
    full = float(np.percentile(strong, 60)) if strong.size else 160.0
    ink = np.where(depth > max(28.0, 0.3 * full), 255, 0).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    specks = np.flatnonzero(stats[:count, cv2.CC_STAT_AREA] < max(4.0, 0.009 * em * em))
    ink[np.isin(labels, specks)] = 0
    return ink


def lines_of(grey: Grey, em: float) -> Lines:
    """The ruling lines of a page that lies straight."""
    block = max(11, round(2 * em)) | 1
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 14)
    long, bridge = max(8, round(LONGEST_STROKE * em)), max(3, round(0.25 * em)) | 1
    flat = _strokes(dark, np.ones((1, long), np.uint8), np.ones((1, bridge), np.uint8))
    steep = _strokes(dark, np.ones((long, 1), np.uint8), np.ones((bridge, 1), np.uint8))
    mask = np.zeros_like(dark)
    across, down = [], []
    for labels, box in _parts(flat):
        x, y, wide, high, number = box
        if high <= max(4.0, THICKEST * em) and wide > 3 * high:
            across.append(Stroke(y + high / 2, float(x), float(x + wide)))
            mask[y : y + high, x : x + wide][labels[y : y + high, x : x + wide] == number] = 255
    for labels, box in _parts(steep):
        x, y, wide, high, number = box
        if wide <= max(4.0, THICKEST * em) and high > 3 * wide:
            down.append(Stroke(x + wide / 2, float(y), float(y + high)))
            mask[y : y + high, x : x + wide][labels[y : y + high, x : x + wide] == number] = 255
    return Lines(tuple(across), tuple(down), mask)


def _strokes(dark: Grey, long: Any, bridge: Any) -> Grey:
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, bridge)
    opened: Grey = cv2.morphologyEx(closed, cv2.MORPH_OPEN, long)
    return opened


def _parts(mask: Grey) -> list[tuple[Any, tuple[int, int, int, int, int]]]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [
        (
            labels,
            (
                int(stats[i, cv2.CC_STAT_LEFT]),
                int(stats[i, cv2.CC_STAT_TOP]),
                int(stats[i, cv2.CC_STAT_WIDTH]),
                int(stats[i, cv2.CC_STAT_HEIGHT]),
                i,
            ),
        )
        for i in range(1, count)
    ]
