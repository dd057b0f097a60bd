"""A picture of a page to what is recognised on it: words with their places and readings, and ruling lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.readers.image import EM
from parsers.readers.lattice import lattices
from parsers.readers.sheets import Ruling
from parsers.recognition import UNREADABLE, Recognition, Word
from pipeline.recognition import layout
from pipeline.recognition.layout import Lines
from pipeline.recognition.models import Models, Said
from pipeline.recognition.pictures import Grey, Picture

Box = tuple[int, int, int, int]

LINE = 1.6
"""Ink not higher than this, in em, is one line of text."""

LEAST_SURE = 0.5
"""A word outside tables that is read with less confidence, where no text was looked for, is no word."""

PAD = 0.14
SECOND_PAD = 0.36
"""The paper that is left around a line for its first and its second reading, in em."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"[0-9０-９]")
_RUNS = re.compile(r"[0-9０-９.,，]+|[^0-9０-９.,，]+")


@dataclass(slots=True)
class _Spot:
    """Ink to be read as one word. `cell` tells whether it stands in a cell; `sought` whether it was found as text."""

    box: Box
    cell: bool
    sought: bool = True


def recognise(picture: Picture, models: Models) -> Recognition:
    """Recognise a page."""
    grey = picture.grey
    places = models.places(grey)
    grey, factor = layout.scaled(grey, layout.size_of(places))
    if factor != 1.0:
        places = [corners * factor for corners in places]
    grey, places, turn = _upright(grey, places, models)
    skew = layout.skew_of(grey)
    places = [layout.moved(corners, grey.shape, skew) for corners in places]
    grey = layout.straightened(grey, skew)
    em = layout.size_of(places) or layout.BEST_EM
    lines = layout.lines_of(grey, em)
    ink = layout.ink_of(grey, em)
    ink[cv2.dilate(lines.mask, np.ones((3, 3), np.uint8)) > 0] = 0
    spots = _spots(ink, lines, places, em)
    words = _words(grey, spots, em, models)
    height, width = grey.shape
    return Recognition(
        picture.number, width, height, em, tuple(words), lines.across, lines.down, turn, skew, picture.unit / factor
    )


def _upright(grey: Grey, places: list[Any], models: Models) -> tuple[Grey, list[Any], int]:
    """A page turned so that its text stands upright, and the quarters clockwise that turn it back."""
    turn = 0
    if layout.lies_on_side(places):
        places = [_quartered(one, grey.shape) for one in places]
        grey, turn = np.ascontiguousarray(np.rot90(grey, -1)), 3
    widest = sorted(places, key=lambda corners: -np.ptp(corners[:, 0]))[:6]
    crops = [_cut(grey, _around(corners), 0) for corners in widest]
    crops = [crop[:, : 12 * crop.shape[0]] for crop in crops if crop.size]
    if not crops:
        return grey, places, turn
    upright = sum(said.confidence for said in models.read(crops))
    turned = sum(said.confidence for said in models.read([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]))
    if turned > upright + 0.1 * len(crops):
        height, width = grey.shape
        grey = np.ascontiguousarray(grey[::-1, ::-1])
        places = [np.roll((width, height) - corners, 2, axis=0) for corners in places]
        turn = (turn + 2) % 4
    return grey, places, turn


def _quartered(corners: Any, shape: tuple[int, ...]) -> Any:
    """Corners on a page of this shape after it was turned by a quarter clockwise."""
    turned = np.stack([shape[0] - corners[:, 1], corners[:, 0]], axis=1)
    return np.roll(turned, 1, axis=0)


def _around(corners: Any) -> Box:
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _cut(grey: Grey, box: Box, pad: int) -> Grey:
    left, top, right, bottom = box
    return grey[max(0, top - pad) : max(0, bottom + pad), max(0, left - pad) : max(0, right + pad)]


def _spots(ink: Grey, lines: Lines, places: Sequence[Any], em: float) -> list[_Spot]:
    """The ink of a page as words: that of each cell by its lines, and that outside tables where text was found."""
    free = ink.copy()
    found: list[_Spot] = []
    for box in _cells(lines, em):
        left, top, right, bottom = box
        found.extend(_Spot(line, True) for line in _lines_within(ink, box, em))
        free[top:bottom, left:right] = 0
    for corners in places:
        left, top, right, bottom = box = _around(corners)
        tight = _tight(free, (max(0, left), max(0, top), right, bottom))
        if tight is not None and tight[3] - tight[1] >= 0.25 * em:
            found.append(_Spot(tight, False))
        free[max(0, top) : bottom, max(0, left) : right] = 0
    found.extend(_Spot(box, False, False) for box in _left(free, em))
    return found


def _cells(lines: Lines, em: float) -> list[Box]:
    """The boxes of all lattices, in pixels, smaller lattices first."""
    scale = EM / em
    across = [Ruling(line.at * scale, line.start * scale, line.end * scale) for line in lines.across]
    down = [Ruling(line.at * scale, line.start * scale, line.end * scale) for line in lines.down]
    found = []
    for lattice in lattices(across, down):
        for slot in lattice.slots:
            left, top, right, bottom = (value / scale for value in lattice.box_of(slot))
            found.append((round(left), round(top), round(right), round(bottom)))
    return sorted(found, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))


def _tight(ink: Grey, box: Box) -> Box | None:
    """The box of the ink within a box, None where there is none."""
    left, top, right, bottom = box
    own = ink[top:bottom, left:right]
    if not own.any():
        return None
    ys, xs = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return left + int(xs[0]), top + int(ys[0]), left + int(xs[-1]) + 1, top + int(ys[-1]) + 1


def _lines_within(ink: Grey, box: Box, em: float) -> list[Box]:
    """The lines of text in a cell."""
    tight = _tight(ink, box)
    if tight is None:
        return []
    left, top, right, bottom = tight
    if bottom - top <= LINE * em:
        return [tight]
    rows = ink[top:bottom, left:right].any(axis=1)
    runs: list[list[int]] = []
    for y in np.flatnonzero(rows):
        if runs and y == runs[-1][1]:
            runs[-1][1] = int(y) + 1
        else:
            runs.append([int(y), int(y) + 1])
    merged: list[list[int]] = []
    for run in runs:
        # Strokes of one character may stand apart.
        if merged and run[1] - merged[-1][0] <= 1.12 * em and run[0] - merged[-1][1] < 0.6 * em:
            merged[-1][1] = run[1]
        else:
            merged.append(run)
    found = []
    for start, end in merged:
        own = _tight(ink, (left, top + start, right, top + end))
        if own is not None:
            found.append(own)
    return found


def _left(ink: Grey, em: float) -> Iterable[Box]:
    """Ink outside tables in which no text was found and that may be some: figures that stand alone."""
    near = cv2.dilate(ink, np.ones((3, max(3, round(0.5 * em))), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    for i in range(1, count):
        left, top, wide, high = (int(stats[i, part]) for part in range(4))
        tight = _tight(ink, (left, top, left + wide, top + high))
        if tight is None:
            continue
        wide, high = tight[2] - tight[0], tight[3] - tight[1]
        if 0.45 * em <= high <= LINE * em and 0.1 * em <= wide <= 8 * em:
            yield tight


def _words(grey: Grey, spots: Sequence[_Spot], em: float, models: Models) -> list[Word]:
    """What the spots say. Figures are read twice, in two renderings."""
    first = models.read([_first(grey, spot.box, em) for spot in spots])
    again = [i for i, spot in enumerate(spots) if _is_figure(first[i], spot)]
    second = dict(zip(again, models.read([_second(grey, spots[i].box, em) for i in again]), strict=True))
    words = []
    for i, spot in enumerate(spots):
        said = first[i]
        if not spot.sought and said.confidence < LEAST_SURE:
            continue
        words.append(_word(spot, said, second.get(i)))
    return words


def _first(grey: Grey, box: Box, em: float) -> Grey:
    return _cut(grey, box, round(PAD * em))


def _second(grey: Grey, box: Box, em: float) -> Grey:
    crop = _cut(grey, box, round(SECOND_PAD * em))
    drawn: Grey = cv2.resize(crop, None, fx=1.6, fy=1.35, interpolation=cv2.INTER_CUBIC)
    return drawn


def _is_figure(said: Said, spot: _Spot) -> bool:
    """Whether a word must be read twice."""
    return bool(_DIGIT.search(said.text)) or (spot.cell and len(_CHINESE.findall(said.text)) < 2)


def _word(spot: _Spot, first: Said, second: Said | None) -> Word:
    left, top, right, bottom = spot.box
    if second is None or (first.text == second.text and first.text):
        confidence = first.confidence if second is None else min(first.confidence, second.confidence)
        text = first.text or UNREADABLE
        return Word(left, top, right, bottom, (text,), confidence if first.text else 0.0)
    readings = tuple(dict.fromkeys(said.text for said in (first, second) if said.text)) or (UNREADABLE,)
    if not first.text or not second.text:
        readings = (*readings, UNREADABLE) if readings != (UNREADABLE,) else readings
    if not spot.cell:
        readings = (_common(first.text, second.text),)
    return Word(left, top, right, bottom, readings, min(first.confidence, second.confidence))


def _common(first: str, second: str) -> str:
    """Running text as first read, with figures on which the readings differ made unreadable."""
    mine, other = _RUNS.findall(first), _RUNS.findall(second)
    others = [run for run in other if _DIGIT.search(run)]
    figures = [run for run in mine if _DIGIT.search(run)]
    if len(figures) == len(others):
        agreed = iter(a == b for a, b in zip(figures, others, strict=True))
        return "".join(run if not _DIGIT.search(run) or next(agreed) else UNREADABLE * len(run) for run in mine)
    return "".join(UNREADABLE * len(run) if _DIGIT.search(run) and run not in others else run for run in mine)
