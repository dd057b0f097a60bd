"""How a page lies and what is drawn on it: quarters of a turn, skew, size of its characters, ruling lines, ink."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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

EM = (20.0, 48.0)
"""Pages are made larger or smaller so that characters measure between these, in pixels."""

BEST_EM = 28.0
LARGEST = 24_000_000
"""Pixels that a page may have after that."""

LONGEST_STROKE = 1.5
"""A straight stroke of ink longer than this, in em, is a ruling line and no part of a character."""

THICKEST = 0.45
"""A ruling line is not thicker than this, in em."""


LOOSE = 8.0
"""A line that meets no line of the other axis is one from this length on, in em, half of it where it meets one."""

BRIDGE = 3
"""Gaps in a line that are closed, in pixels."""


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
    if EM[0] <= em <= EM[1]:
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
    return without_specks(ink, em)


def without_specks(ink: Grey, em: float) -> Grey:
    """Ink without parts that are smaller than a dot."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = stats[:count, cv2.CC_STAT_AREA] >= max(4.0, 0.009 * em * em)
    large[0] = False
    return np.where(large[labels], np.uint8(255), np.uint8(0))


def lines_of(grey: Grey, em: float) -> Lines:
    """The ruling lines of a page that lies straight."""
    block = max(11, round(2 * em)) | 1
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 14)
    long, bridge, thick = max(8, round(LONGEST_STROKE * em)), BRIDGE, max(4.0, THICKEST * em)
    flat = _strokes(dark, np.ones((1, long), np.uint8), np.ones((1, bridge), np.uint8))
    steep = _strokes(dark, np.ones((long, 1), np.uint8), np.ones((bridge, 1), np.uint8))
    flat_labels, flat_boxes = _parts(flat)
    steep_labels, steep_boxes = _parts(steep)
    across = {
        number: Stroke(y + high / 2, float(x), float(x + wide))
        for number, (x, y, wide, high) in flat_boxes.items()
        if high <= thick and wide > 3 * high
    }
    down = {
        number: Stroke(x + wide / 2, float(y), float(y + high))
        for number, (x, y, wide, high) in steep_boxes.items()
        if wide <= thick and high > 3 * wide
    }
    for _ in range(2):
        across = {number: line for number, line in across.items() if _is_held(line, down.values(), em)}
        down = {number: line for number, line in down.items() if _is_held(line, across.values(), em)}
    mask = np.zeros_like(dark)
    for number in across:
        _fill(mask, flat_labels, number, flat_boxes[number])
    for number in down:
        _fill(mask, steep_labels, number, steep_boxes[number])
    return Lines(tuple(across.values()), tuple(down.values()), mask)


def _is_held(stroke: Stroke, others: Iterable[Stroke], em: float) -> bool:
    """Whether a line meets lines of the other axis as those of tables do.

    Strokes of characters that are set close run into one, and meet nothing.
    """
    near = 0.4 * em
    beside = [line.at for line in others if line.start - near <= stroke.at <= line.end + near]
    ends = sum(any(abs(at - end) <= near for at in beside) for end in (stroke.start, stroke.end))
    return stroke.end - stroke.start > (LOOSE, LOOSE / 2, 0.0)[ends] * em


def _fill(mask: Grey, labels: Any, number: int, box: tuple[int, int, int, int]) -> None:
    x, y, wide, high = box
    mask[y : y + high, x : x + wide][labels[y : y + high, x : x + wide] == number] = 255


def _strokes(dark: Grey, long: Any, bridge: Any) -> Grey:
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, bridge)
    opened: Grey = cv2.morphologyEx(closed, cv2.MORPH_OPEN, long)
    return opened


def _parts(mask: Grey) -> tuple[Any, dict[int, tuple[int, int, int, int]]]:
    """The connected parts of a mask: labels, and the box (x, y, width, height) of each by its label."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return labels, {i: (int(s[0]), int(s[1]), int(s[2]), int(s[3])) for i, s in enumerate(stats[:count]) if i}
