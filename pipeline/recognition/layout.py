"""How a page lies and what is drawn on it: quarters of a turn, skew, size of its characters, ruling lines, ink."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
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

SMOOTH = 0.15
"""How far the page is blurred along a line to find it, in em."""

DARKER = 14
"""How much darker than its paper a line is."""

AROUND = 0.3
GAPS, GAPS_DOWN = 0.07, 0.15
"""A line is compared with the paper within this distance, in em; so much of it at most may be as pale as that.

Characters stand beside each other, so that fewer of their strokes join to lines down.
"""

EDGE = 0.22
"""How close to the side of a cell what is left of the side stands, in em."""

SHORTEST_RUNG = 0.6
REACH = 0.12
NEXT = 0.6
"""The shortest side of a cell, and how far its ends may be from the lines they reach to, and the next, in em."""

GAP = 0.08
SHORT_OF = (0.1, 0.5)
CHARACTER = 0.35
"""A stroke with such a gap, or that ends so far from the next line, in em, and is of ink so wide, is a character's."""


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
    depth = cv2.subtract(_paper(smooth, em), smooth).astype(np.int32)
    strong = depth[depth > 40]
    full = float(np.percentile(strong, 60)) if strong.size else 160.0
    ink = np.where(depth > max(28.0, 0.3 * full), 255, 0).astype(np.uint8)
    return without_specks(ink, em)


def _paper(smooth: Grey, em: float) -> Grey:
    """The paper with its shadows: a wide blur of what is left when strokes are filled."""
    size = max(3, round(0.5 * em)) | 1
    filled = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    paper: Grey = cv2.blur(filled, (size, size))
    return paper


def covered(lines: Lines) -> Any:
    """The pixels that ruling lines cover, with their pale edges."""
    return cv2.dilate(lines.mask, np.ones((3, 3), np.uint8)) > 0


def without_lines(grey: Grey, lines: Lines, em: float) -> Grey:
    """A page with paper where its ruling lines are."""
    paper = _paper(cv2.medianBlur(grey, 3), em)
    return np.where(covered(lines), paper, grey)


def without_specks(ink: Grey, em: float) -> Grey:
    """Ink without parts that are smaller than a dot."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = stats[:count, cv2.CC_STAT_AREA] >= max(4.0, 0.009 * em * em)
    large[0] = False
    return np.where(large[labels], np.uint8(255), np.uint8(0))


def clear_edges(ink: Grey, em: float) -> None:
    """Take from the ink of a cell what is left of its sides: what stands on its rim alone, or runs straight along it.

    A digit 1 that stands there is told by its height and kept.
    """
    high, wide = ink.shape
    band, run = max(5, round(EDGE * em)), round(em)
    if min(high, wide) <= 3 * band:
        return
    straight = np.zeros_like(ink)
    for steep, kernel in ((False, (1, run)), (True, (run, 1))):
        runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        (runs.T if steep else runs)[band:-band] = 0
        straight |= runs
    _, before = cv2.connectedComponents(ink, connectivity=8)
    ruled = np.unique(before[straight > 0])
    ink[straight > 0] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    for number in range(1, count):
        x, y, w, h = (int(value) for value in stats[number, :4])
        own = labels[y : y + h, x : x + w] == number
        ys, xs = np.nonzero(own)
        depth = int(np.minimum.reduce([ys + y, high - 1 - ys - y, xs + x, wide - 1 - xs - x]).max())
        if depth >= band or (depth >= band / 2 and _is_upright(w, h, em)):
            continue
        on_line = depth < band / 2 or before[ys[0] + y, xs[0] + x] in ruled
        if on_line or max(w, h) >= em or (w > 3 * h and w > 0.35 * em):
            ink[y : y + h, x : x + w][own] = 0


def _is_upright(wide: int, high: int, em: float) -> bool:
    """Whether ink of this size may be a digit 1."""
    return 0.5 * em <= high <= 0.92 * em and high > 1.5 * wide


def lines_of(grey: Grey, em: float) -> Lines:
    """The ruling lines of a page that lies straight."""
    paper = _paper(cv2.medianBlur(grey, 3), em)
    flat, low = _candidates(grey, paper, em, down=False)
    steep, narrow = _candidates(grey, paper, em, down=True)
    for _ in range(2):
        flat = _held(flat, steep, em)
        steep = _held(steep, flat, em)
    low, narrow = _rungs(low, flat, steep, em), _rungs(narrow, steep, flat, em)
    flat += [part for part in low if _is_whole(grey, part, em, down=False)]
    steep += [part for part in narrow if _is_whole(grey, part, em, down=True)]
    crossing = _strokes_of(flat), _strokes_of(steep)
    flat = [_without_character(grey, part, crossing[1], em, down=False) for part in flat]
    steep = [_without_character(grey, part, crossing[0], em, down=True) for part in steep]
    return Lines(tuple(_strokes_of(flat)), tuple(_strokes_of(steep)), _drawn((*flat, *steep), grey.shape))


@dataclass(frozen=True, slots=True)
class _Part:
    """A straight stroke with its ink, whose box begins at `x` and `y`."""

    stroke: Stroke
    x: int
    y: int
    ink: Any


def _strokes_of(parts: Sequence[_Part]) -> list[Stroke]:
    return [part.stroke for part in parts]


def _drawn(parts: Sequence[_Part], shape: tuple[int, ...]) -> Grey:
    mask = np.zeros(shape, np.uint8)
    for part in parts:
        high, wide = part.ink.shape
        mask[part.y : part.y + high, part.x : part.x + wide][part.ink] = 255
    return mask


def _candidates(grey: Grey, paper: Grey, em: float, *, down: bool) -> tuple[list[_Part], list[_Part]]:
    """Strokes along an axis that are long as lines are, and shorter ones."""

    def kernel(along: int) -> tuple[int, int]:
        return (1, along) if down else (along, 1)

    # Along a line a blur leaves it as dark as it is; noise and strokes that cross it become pale.
    blurred = cv2.blur(grey, kernel(max(3, round(SMOOTH * em)) | 1))
    depth = cv2.subtract(paper, blurred)
    dark = np.where(depth > float(np.median(depth)) + DARKER, np.uint8(255), np.uint8(0))
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones(kernel(BRIDGE)[::-1], np.uint8))
    thick = max(4.0, THICKEST * em)
    long = _parts(dark, kernel(max(8, round(LONGEST_STROKE * em))), thick, down)
    short = _parts(dark, kernel(max(6, round(SHORTEST_RUNG * em))), thick / 2, down)
    return [piece for part in long for piece in _whole_of(grey, part, em, down)], short


def _parts(dark: Grey, kernel: tuple[int, int], thick: float, down: bool) -> list[_Part]:
    opened = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    found = []
    for number in range(1, count):
        x, y, wide, high = (int(value) for value in stats[number, :4])
        long, across = (high, wide) if down else (wide, high)
        if across <= thick and long > 3 * across:
            at, start = (x + wide / 2, y) if down else (y + high / 2, x)
            ink = labels[y : y + high, x : x + wide] == number
            found.append(_Part(Stroke(at, float(start), float(start + long)), x, y, ink))
    return found


def _whole_of(grey: Grey, part: _Part, em: float, down: bool) -> list[_Part]:
    """The lines in a stroke: itself, or what is left of it without its paler ends.

    A line that goes on thinner, as where a page cuts a table, is one line.
    """
    pale = _pale(grey, part, em, down)
    if _is_even(pale, em, down):
        return [part]
    begin, end = _pale_end(pale, em), pale.size - _pale_end(pale[::-1], em)
    pieces = [_piece(part, *ends, down=down) for ends in pairwise((0, begin, end, pale.size)) if ends[0] < ends[1]]
    lines = [one for one in pieces if _length(one) >= LONGEST_STROKE * em and _is_whole(grey, one, em, down)]
    return [part] if len(lines) == len(pieces) else lines


def _pale_end(pale: Any, em: float) -> int:
    """How many pixels from the first on are pale, dark ones among them outweighed; 0 where only the end itself is."""
    gained = np.cumsum(np.where(pale, 1, -2))
    return int(gained.argmax()) + 1 if gained.max() > _spare(em) else 0


def _length(part: _Part) -> float:
    return part.stroke.end - part.stroke.start


def _piece(part: _Part, first: int, last: int, *, down: bool) -> _Part:
    """A stroke between two of its pixels."""
    ink = part.ink[first:last] if down else part.ink[:, first:last]
    x, y = (part.x, part.y + first) if down else (part.x + first, part.y)
    start = part.stroke.start
    return _Part(Stroke(part.stroke.at, start + first, start + last), x, y, ink)


def _is_whole(grey: Grey, part: _Part, em: float, down: bool) -> bool:
    """Whether a stroke is as dark all along. Between strokes of characters that are set close paper shows."""
    return _is_even(_pale(grey, part, em, down), em, down)


def _is_even(pale: Any, em: float, down: bool) -> bool:
    """Whether few of the pixels along a stroke are pale, its ends aside."""
    spare = _spare(em)
    return float(pale[spare : pale.size - spare].mean()) <= (GAPS_DOWN if down else GAPS)


def _spare(em: float) -> int:
    """The ends of a stroke are pale, and longer than their ink by what they were blurred, in pixels."""
    return round(SMOOTH * em)


def _pale(grey: Grey, part: _Part, em: float, down: bool) -> Any:
    """Which pixels along a stroke are nearer to the paper than to its usual ink."""
    high, wide = part.ink.shape
    reach = round(AROUND * em)
    top, left = max(0, part.y - (0 if down else reach)), max(0, part.x - (reach if down else 0))
    around = grey[top : part.y + high + (0 if down else reach), left : part.x + wide + (reach if down else 0)]
    own = grey[part.y : part.y + high, part.x : part.x + wide].min(axis=1 if down else 0)
    spare = _spare(em)
    usual, paper = float(np.median(own[spare : own.size - spare])), float(np.percentile(around, 80))
    return own > (usual + paper) / 2


def _without_character(grey: Grey, part: _Part, others: Sequence[Stroke], em: float, *, down: bool) -> _Part:
    """A line without the stroke of a character that it seems to go on in, where one ends in line with it.

    Such a stroke begins at the last line that is crossed, ends before the next one or leaves a gap before a line, and
    belongs to wider ink.
    """
    begin, end = part.stroke.start, part.stroke.end
    near = REACH * em
    beside = sorted(o.at for o in others if o.start - near <= part.stroke.at <= o.end + near)
    # A blur makes a line longer than its ink.
    within = [at for at in beside if begin + near + SMOOTH * em < at < end - near - SMOOTH * em]
    if not within:
        return part

    def is_gapped(first: float, last: float) -> bool:
        if last - first >= LONGEST_STROKE * em:
            return False
        own = slice(round(first + near - part.stroke.start), round(last - near - part.stroke.start))
        return int(_pale(grey, part, em, down)[own].sum()) >= max(2.0, GAP * em)

    following = next((at for at in beside if at > end), end)
    before = next((at for at in reversed(beside) if at < begin), begin)
    if _may_be_character(end - within[-1], following - end, em) or is_gapped(within[-1], end):
        end = within[-1] if _is_character(grey, part, within[-1], end, em, down=down) else end
    if _may_be_character(within[0] - begin, begin - before, em) or is_gapped(begin, within[0]):
        begin = within[0] if _is_character(grey, part, begin, within[0], em, down=down) else begin
    if (begin, end) == (part.stroke.start, part.stroke.end):
        return part
    first = round(begin - part.stroke.start)
    return _piece(part, first, part.ink.shape[0 if down else 1] - round(part.stroke.end - end), down=down)


def _may_be_character(length: float, short: float, em: float) -> bool:
    """Whether what a line goes on with, so much short of the next line, is as long as a character's stroke at most."""
    return length < LONGEST_STROKE * em and SHORT_OF[0] * em < short < SHORT_OF[1] * em


def _is_character(grey: Grey, part: _Part, begin: float, end: float, em: float, *, down: bool) -> bool:
    """Whether the ink of a piece of a line is that of a character, the lines at its ends aside."""
    side, middle = round(0.7 * em), round(part.stroke.at)
    first, last = round(begin + 0.15 * em), round(end - 0.05 * em)
    if last - first < SMOOTH * em:
        return False
    left = max(0, middle - side)
    own = grey[first:last, left : middle + side] if down else grey[left : middle + side, first:last].T
    if not own.size:
        return False
    line, paper = float(own[:, middle - left].min()), float(np.percentile(own, 80))
    ink = (own < (line + paper) / 2).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    near = labels[:, max(0, middle - left - 2) : middle - left + 3]
    return any(int(stats[number, cv2.CC_STAT_WIDTH]) >= CHARACTER * em for number in np.unique(near[near > 0]))


def _rungs(short: Sequence[_Part], same: Sequence[_Part], others: Sequence[_Part], em: float) -> list[_Part]:
    """Of strokes no longer than those of characters the sides of low rows and narrow columns.

    They reach from line to line of the other axis, and go on as others that do, or as a long line.
    """
    near = max(3.0, REACH * em)
    crossing = _strokes_of(others)

    def is_met(stroke: Stroke, end: float) -> bool:
        return any(
            abs(line.at - end) <= near and line.start - near <= stroke.at <= line.end + near for line in crossing
        )

    held = [part for part in short if is_met(part.stroke, part.stroke.start) and is_met(part.stroke, part.stroke.end)]
    known = [part.stroke for part in (*same, *held)]
    return [part for part in held if any(_goes_on(part.stroke, line, near, NEXT * em) for line in known)]


def _goes_on(stroke: Stroke, other: Stroke, near: float, apart: float) -> bool:
    """Whether another stroke stands in line with one, next to it."""
    gaps = (other.start - stroke.end, stroke.start - other.end)
    return abs(other.at - stroke.at) <= near and any(-near <= gap <= apart for gap in gaps)


def _held(parts: Sequence[_Part], others: Sequence[_Part], em: float) -> list[_Part]:
    """The lines of an axis that those of the other hold."""
    crossing = _strokes_of(others)
    long = [stroke for stroke in _strokes_of(parts) if stroke.end - stroke.start > LOOSE / 2 * em]
    return [part for part in parts if _is_held(part.stroke, crossing, long, em)]


def _is_held(stroke: Stroke, others: Iterable[Stroke], long: Iterable[Stroke], em: float) -> bool:
    """Whether a line meets lines of the other axis at its ends, or crosses a long one, as those of tables do.

    Where a page cuts a table its lines end together with one of the `long` ones of the same axis.
    Strokes of characters that are set close run into one, and meet nothing.
    """
    near = 0.4 * em
    crossed = [line for line in others if line.start - near <= stroke.at <= line.end + near]
    beside = [line.at for line in crossed]
    free = [end for end in (stroke.start, stroke.end) if not any(abs(at - end) <= near for at in beside)]
    cut = len(free) == 1 and any(
        abs(free[0] - end) <= REACH * em for line in long if line is not stroke for end in (line.start, line.end)
    )
    ends = 2 - len(free) + cut
    crosses = any(
        stroke.start + near < line.at < stroke.end - near and line.end - line.start > LOOSE * em for line in crossed
    )
    return stroke.end - stroke.start > (LOOSE, LOOSE / 2, 0.0)[min(2, ends + crosses)] * em
