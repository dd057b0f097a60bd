"""A picture of a page to what is recognised on it: words with their places and readings, and ruling lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.readers.image import EM
from parsers.readers.lattice import lattices
from parsers.readers.sheets import Ruling
from parsers.recognition import UNREADABLE, Recognition, Word
from pipeline.recognition import layout, shapes
from pipeline.recognition.layout import Lines
from pipeline.recognition.models import Models, Said
from pipeline.recognition.pictures import Grey, Picture

Box = tuple[int, int, int, int]

LINE = 1.6
"""Ink not higher than this, in em, is one line of text."""

LEAST_SURE = 0.5
"""A word outside tables that is read with less confidence, where no text was looked for, is no word."""

SURE = 0.95
"""A lone upright stroke that is read with this confidence is what it is read as, however it leans."""

SHAPED = 0.9
"""The confidence of a stroke that is told by its shape."""

DOUBTED = 0.85
"""Figures of which a reading is less sure than this are read a third time."""

SHORT = 1.8
REPEATED = 3
"""Ink not wider than this, in em, is drawn so many times side by side for its second reading."""

WELL = (3, 0.9)
"""So many lines across that are read with this confidence tell that a page does not lie on its side."""

PARTED = 1.6
"""Words of one line further apart than this, in em, stand in columns of their own."""

PAD = 0.14
SECOND_PAD = 0.25
"""The paper that is left around a line for its first and its second reading, in em."""

NEAR = 0.06
"""How far around its ink a character reaches, in em."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_BESIDE_CHINESE = re.compile(r"\s+(?=[\u3000-\u9fff])|(?<=[\u3000-\u9fff])\s+")
_DIGIT = re.compile(r"[0-9０-９]")
_FIGURE = re.compile(r"[0-9０-９.,，\s]+")
_FLAT = frozenset("一-—–_－ー―─~")
_UPRIGHT = ("1", "l", "I", "|", "丨", "J", "/")
_RUNS = re.compile(r"[0-9０-９.,，]+|[^0-9０-９.,，]+")


@dataclass(slots=True)
class _Spot:
    """Ink to be read as one word, where characters are usually `em` pixels high.

    `cell` tells whether it stands in a cell; `sought` whether it was found as text.
    """

    box: Box
    em: float
    cell: bool
    sought: bool = True


def recognise(picture: Picture, models: Models) -> Recognition:
    """Recognise a page."""
    grey = picture.grey
    grey, places, turn = _upright(grey, models.places(grey), models)
    skew = layout.skew_of(grey)
    places = [layout.moved(corners, grey.shape, skew) for corners in places]
    grey = layout.straightened(grey, skew)
    em = layout.size_of(places) or layout.BEST_EM
    lines, ink = _drawing(grey, em)
    em = _size_of_ink(ink, places, em)
    grey, factor = layout.scaled(grey, em)
    places, em = [corners * factor for corners in places], em * factor
    lines, ink = _drawing(grey, em)
    spots = _spots(ink, lines, places, em)
    words = _words(layout.without_lines(grey, lines, em), ink, spots, models)
    height, width = grey.shape
    return Recognition(
        picture.number, width, height, em, tuple(words), lines.across, lines.down, turn, skew, picture.unit / factor
    )


def _drawing(grey: Grey, em: float) -> tuple[Lines, Grey]:
    """The ruling lines of a page, and its ink without them."""
    lines, ink = layout.lines_of(grey, em), layout.ink_of(grey, em)
    ink[layout.covered(lines)] = 0
    return lines, layout.without_specks(ink, em)


def _size_of_ink(ink: Grey, places: Sequence[Any], em: float) -> float:
    """The height of usual characters by their ink; as it was taken for where there is no line of several."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    parts = stats[1:count, :4]
    starts, ends = parts[:, :2], parts[:, :2] + parts[:, 2:]
    heights: list[int] = []
    for corners in places:
        left, top, right, bottom = _around(corners)
        if right - left > 3 * (bottom - top):
            # What reaches beyond the place is a ruling line that was not found.
            within = (starts > (left, top)).all(axis=1) & (ends < (right, bottom)).all(axis=1)
            if within.any():
                high = int(ends[within, 1].max() - starts[within, 1].min())
                heights.extend([high] * ((right - left) // (bottom - top)))
    found = float(np.median(heights)) * 1.04 if heights else em
    return found if 0.4 * em < found < 1.5 * em else em


def _upright(grey: Grey, places: list[Any], models: Models) -> tuple[Grey, list[Any], int]:
    """A page turned so that its text stands upright, and the quarters clockwise that turn it back."""
    turn = 0
    if layout.lies_on_side(places) and not _reads_well(grey, places, models):
        places = [_quartered(one, grey.shape) for one in places]
        grey, turn = np.ascontiguousarray(np.rot90(grey, -1)), 3
    crops = _widest(grey, places)
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


def _widest(grey: Grey, places: Sequence[Any]) -> list[Grey]:
    """The widest lines of text of a page, six at most, the beginning of each."""
    widest = sorted(places, key=lambda corners: -np.ptp(corners[:, 0]))[:6]
    crops = [_cut(grey, _around(corners), 0) for corners in widest]
    return [crop[:, : 12 * crop.shape[0]] for crop in crops if crop.size]


def _reads_well(grey: Grey, places: Sequence[Any], models: Models) -> bool:
    """Whether several lines that run across are read with ease: cells hold most of the text one character a line."""
    said = models.read(_widest(grey, [one for one in places if np.ptp(one[:, 0]) > 2 * np.ptp(one[:, 1])]))
    return len(said) >= WELL[0] and float(np.median([one.confidence for one in said])) >= WELL[1]


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
    """The ink of a page as words: that of each cell by its lines, and that outside tables where text was found.

    What is left of the sides of cells is taken from `ink`.
    """
    free, held = ink.copy(), np.zeros_like(ink)
    found: list[_Spot] = []
    boxes = [_around(corners) for corners in places]
    for cells in tables(lines, em):
        own = _size_in(ink, cells, boxes, em)
        # No line parts the columns of a table whose rows alone are ruled, or that stands within a frame.
        wide = [max(box[2] for box in cells) - em, min(box[0] for box in cells) + em]
        rows_alone = all(box[2] > wide[0] and box[0] < wide[1] for box in cells)
        for box in cells:
            left, top, right, bottom = box
            if free[top:bottom, left:right].any():
                layout.clear_edges(free[top:bottom, left:right], em)
                ink[top:bottom, left:right] = free[top:bottom, left:right] | held[top:bottom, left:right]
                words = _lines_within(free, box, own)
                if rows_alone:
                    words = [word for line in words for word in _parted(free, line, own)]
                found.extend(_Spot(word, own, True) for word in words)
                held[top:bottom, left:right] |= free[top:bottom, left:right]
                free[top:bottom, left:right] = 0
    for left, top, right, bottom in boxes:
        tight = _tight(free, (max(0, left), max(0, top), right, bottom))
        if tight is not None and tight[3] - tight[1] >= 0.25 * em:
            found.append(_Spot(tight, em, False))
        free[max(0, top) : bottom, max(0, left) : right] = 0
    found.extend(_Spot(box, em, False, False) for box in _left(free, em))
    return found


def tables(lines: Lines, em: float) -> list[list[Box]]:
    """The boxes of each lattice, in pixels, those of smaller ones first."""
    scale = EM / em
    across = [Ruling(line.at * scale, line.start * scale, line.end * scale) for line in lines.across]
    down = [Ruling(line.at * scale, line.start * scale, line.end * scale) for line in lines.down]
    found = []
    for lattice in lattices(across, down):
        left, top, right, bottom = lattice.box
        boxes = []
        for slot in lattice.slots:
            edges = [round(value / scale) for value in lattice.box_of(slot)]
            boxes.append((edges[0], edges[1], edges[2], edges[3]))
        found.append(((right - left) * (bottom - top), boxes))
    return [boxes for _, boxes in sorted(found)]


def _size_in(ink: Grey, cells: Sequence[Box], places: Sequence[Box], em: float) -> float:
    """The height of usual characters in a table, by the lines of text that were found in it."""
    left, top = min(cell[0] for cell in cells), min(cell[1] for cell in cells)
    right, bottom = max(cell[2] for cell in cells), max(cell[3] for cell in cells)
    heights: list[int] = []
    for place in places:
        wide, high = place[2] - place[0], place[3] - place[1]
        if wide > 1.5 * high and left <= place[0] < place[2] <= right and top <= place[1] < place[3] <= bottom:
            tight = _tight(ink, place)
            heights.extend([tight[3] - tight[1]] if tight else ())
    found = float(np.percentile(heights, 60)) * 1.04 if len(heights) >= 3 else em
    return found if 0.4 * em < found < 1.6 * em else em


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


def _parted(ink: Grey, line: Box, em: float) -> list[Box]:
    """A line of text cut where more paper lies between its words than any sign leaves."""
    left, top, right, bottom = line
    columns = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    cuts = np.flatnonzero(np.diff(columns) > PARTED * em)
    starts = [0, *(int(columns[cut + 1]) for cut in cuts)]
    ends = [*(int(columns[cut]) + 1 for cut in cuts), right - left]
    parts = (_tight(ink, (left + start, top, left + end, bottom)) for start, end in zip(starts, ends, strict=True))
    return [part for part in parts if part is not None]


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


def _words(grey: Grey, ink: Grey, spots: Sequence[_Spot], models: Models) -> list[Word]:
    """What the spots say. Figures are read twice, in two renderings, and once more where that leaves a doubt."""
    first = models.read([_first(grey, spot.box, spot.em) for spot in spots])
    found = {i: [said] for i, said in enumerate(first) if spots[i].sought or said.confidence >= LEAST_SURE}

    def again(which: Sequence[int], render: Callable[[Grey, Grey, Box, float], Grey]) -> None:
        said = models.read([render(grey, ink, spots[i].box, spots[i].em) for i in which])
        for i, one in zip(which, said, strict=True):
            short = render is _second and _is_short(spots[i].box, spots[i].em)
            found[i].append(_seen(_once(one) if short else one, _of(ink, spots[i].box)))

    figures = [i for i, own in found.items() if _is_figure(own[0], spots[i])]
    for i in figures:
        found[i] = [_seen(found[i][0], _of(ink, spots[i].box))]
    dashes = {i for i in figures if spots[i].cell and shapes.is_dash(_of(ink, spots[i].box), spots[i].em)}
    for i in dashes:
        found[i] = [Said("—", SHAPED)]
    figures = [i for i in figures if i not in dashes]
    # What a model calls a zero and its shape does too needs no other rendering.
    zeros = [i for i in figures if found[i][0].text == "0" and shapes.is_zero(_of(ink, spots[i].box))]
    for i in zeros:
        found[i].append(found[i][0])
    again([i for i in figures if i not in set(zeros)], _second)
    again([i for i in figures if _is_doubtful(found[i])], _third)
    for i in figures:
        found[i] = _agreed(found[i], _of(ink, spots[i].box))
        if spots[i].cell and not all(shapes.may_be(said.text, _of(ink, spots[i].box)) for said in found[i]):
            found[i].append(Said("", 0.0))
    return [_word(spots[i], own) for i, own in found.items()]


def _agreed(own: list[Said], ink: Grey) -> list[Said]:
    """Readings without one that two others outvote which are sure, where the shape of the ink says the same as they."""
    voted = [said for said in own if said.text == own[-1].text and said.confidence >= SURE]
    return voted if len(voted) > 1 and shapes.is_like(voted[0].text, ink) else own


def _of(ink: Grey, box: Box) -> Grey:
    left, top, right, bottom = box
    return ink[top:bottom, left:right]


def _is_doubtful(own: Sequence[Said]) -> bool:
    return len({said.text for said in own}) > 1 or min(said.confidence for said in own) < DOUBTED


def _seen(said: Said, ink: Grey) -> Said:
    """A reading with what the shape of its ink says better: blanks in figures set wide, lone strokes."""
    text = _BESIDE_CHINESE.sub("", said.text)
    if " " in text and _FIGURE.fullmatch(text) and not _has_wide_gap(ink):
        text = text.replace(" ", "")
    high, wide = ink.shape
    if text in _FLAT and high < 0.35 * wide:
        return Said("—", max(said.confidence, SHAPED))
    if text in _UPRIGHT and said.confidence < SURE and _leans(ink):
        return Said("/", max(said.confidence, SHAPED))
    return Said(text, said.confidence)


def _has_wide_gap(ink: Grey) -> bool:
    """Whether one gap between characters is much wider than the others."""
    columns = np.flatnonzero(ink.any(axis=0))
    gaps = sorted(int(gap) - 1 for gap in np.diff(columns) if gap > 1)
    return not gaps or gaps[-1] > 1.6 * gaps[len(gaps) // 2] or gaps[-1] > 1.2 * ink.shape[0]


def _leans(ink: Grey) -> bool:
    """Whether a lone stroke runs from the lower left to the upper right."""
    high, wide = ink.shape
    third = max(1, high // 3)
    upper, lower = (np.flatnonzero(part.any(axis=0)) for part in (ink[:third], ink[-third:]))
    return bool(wide > 0.22 * high and upper.size and lower.size and upper.mean() - lower.mean() > 0.4 * wide)


def _first(grey: Grey, box: Box, em: float) -> Grey:
    return _cut(grey, box, round(PAD * em))


def _second(grey: Grey, ink: Grey, box: Box, em: float) -> Grey:
    """Another rendering, of the ink alone: few characters are repeated, since models read lone ones badly."""
    if _is_short(box, em):
        return np.hstack([_alone(grey, ink, box, em, PAD)] * REPEATED)
    drawn: Grey = cv2.GaussianBlur(_alone(grey, ink, box, em, SECOND_PAD), (0, 0), max(0.6, em / 30))
    return drawn


def _third(grey: Grey, _: Grey, box: Box, em: float) -> Grey:
    drawn: Grey = cv2.GaussianBlur(_cut(grey, box, round(SECOND_PAD * em)), (0, 0), max(0.9, em / 22))
    return drawn


def _alone(grey: Grey, ink: Grey, box: Box, em: float, pad: float) -> Grey:
    """The ink of a box on white paper."""
    room, near = round(pad * em), 2 * max(1, round(NEAR * em)) + 1
    own = np.pad(_of(ink, box), room)
    drawn = np.pad(_of(grey, box), room, mode="edge")
    drawn[cv2.dilate(own, np.ones((near, near), np.uint8)) == 0] = 255
    return drawn


def _is_short(box: Box, em: float) -> bool:
    return box[2] - box[0] <= SHORT * em


def _once(said: Said) -> Said:
    """What is repeated in a reading; all of it where nothing is."""
    text = said.text.replace(" ", "")
    size, rest = divmod(len(text), REPEATED)
    return Said(text[:size], said.confidence) if not rest and text == text[:size] * REPEATED else said


def _is_figure(said: Said, spot: _Spot) -> bool:
    """Whether a word must be read twice."""
    return bool(_DIGIT.search(said.text)) or (spot.cell and len(_CHINESE.findall(said.text)) < 2)


def _word(spot: _Spot, own: Sequence[Said]) -> Word:
    """A word of all its readings: agreed where they are the same."""
    box = tuple(map(float, spot.box))
    confidence = sorted(said.confidence for said in own)[(len(own) - 1) // 2]
    readings = tuple(dict.fromkeys(said.text or UNREADABLE for said in own))
    if len(readings) == 1 or spot.cell:
        return Word(box[0], box[1], box[2], box[3], readings, 0.0 if readings[0] == UNREADABLE else confidence)
    text = own[0].text
    for other in own[1:]:
        text = _common(text, other.text)
    return Word(box[0], box[1], box[2], box[3], (text or UNREADABLE,), confidence)


def _common(first: str, second: str) -> str:
    """Running text as first read, with figures on which the readings differ made unreadable."""
    mine, other = _RUNS.findall(first), _RUNS.findall(second)
    others = [run for run in other if _DIGIT.search(run)]
    figures = [run for run in mine if _DIGIT.search(run)]
    if len(figures) == len(others):
        agreed = iter(a == b for a, b in zip(figures, others, strict=True))
        return "".join(run if not _DIGIT.search(run) or next(agreed) else UNREADABLE * len(run) for run in mine)
    return "".join(UNREADABLE * len(run) if _DIGIT.search(run) and run not in others else run for run in mine)
