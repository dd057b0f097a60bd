"""What is drawn on a page of a PDF: its ruling lines and pictures, and what lies over its text."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from parsers.readers.sheets import IDENTITY, Box, Budget, Matrix, Page, Ruling, apply, box_of, then

MAX_DEPTH = 12
"""How deep forms may stand within forms."""

THIN = 3.2
"""A drawn area not wider than this, in points, is a line."""

RECTANGLE = 5
DOT = 2.0
"""An area not larger than this, in points, may be a dot of a line."""

MOST_CLIPS = 64
"""Clips of more paths or pieces than this are not looked at."""

ASIDE = 0.75
"""How far, in points, a line along an axis may lead aside."""

LONGEST_DASH = 0.4
_PALE = 0.93
_FAINT = 40


Lines = tuple[list[Ruling], list[Ruling]]
"""Lines across and lines down."""

Cover = tuple[int, Box, Any, Matrix]
"""What may lie over text: its order, its box on the displayed page, its object and the matrix as of a run of text."""


@dataclass(slots=True)
class Layers:
    """Which of the drawn things lie over which, by the order in which they are drawn.

    `texts` are runs of text by the address of their object: order, object, and the matrix from its space to the page's,
    from which `to_page` leads to the displayed page; `areas` and `pictures` are what is opaque.
    """

    to_page: Matrix
    texts: dict[int, tuple[int, Any, Matrix]] = field(default_factory=dict)
    areas: list[Cover] = field(default_factory=list)
    pictures: list[Cover] = field(default_factory=list)


def _objects(
    pdfium: Any, container: Any, form: bool, depth: int, matrix: Matrix, budget: Budget
) -> Iterator[tuple[Any, int, Matrix]]:
    """All drawn objects with their kind and the matrix from their own space to the page's user space."""
    counter = pdfium.FPDFFormObj_CountObjects if form else pdfium.FPDFPage_CountObjects
    getter = pdfium.FPDFFormObj_GetObject if form else pdfium.FPDFPage_GetObject
    count = counter(container)
    budget.spend("objects", max(0, count))
    own = pdfium.FS_MATRIX()
    for i in range(count):
        item = getter(container, i)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < MAX_DEPTH and pdfium.FPDFPageObj_GetMatrix(item, own):
                inner = then((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                yield from _objects(pdfium, item, True, depth + 1, inner, budget)
            continue
        yield item, kind, matrix


def read_drawing(pdfium: Any, handle: Any, page: Page, to_page: Matrix, budget: Budget) -> Layers:
    """Put the ruling lines of a page on it, and say what lies over what."""
    own = pdfium.FS_MATRIX()
    layers = Layers(to_page)
    for order, (item, kind, outer) in enumerate(_objects(pdfium, handle, False, 0, IDENTITY, budget)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            address = ctypes.cast(item, ctypes.c_void_p).value or 0
            layers.texts[address] = order, item, outer
            continue
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        if not pdfium.FPDFPageObj_GetMatrix(item, own):
            continue
        matrix = then(then((own.a, own.b, own.c, own.d, own.e, own.f), outer), to_page)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            x0, top, x1, bottom = box_of(matrix, 0, 0, 1, 1)
            x0, x1 = max(0.0, x0), min(page.width, x1)
            top, bottom = max(0.0, top), min(page.height, bottom)
            if x1 > x0 and bottom > top:
                page.painted += (x1 - x0) * (bottom - top) / (page.width * page.height)
                _add_area((page.across, page.down), x0, top, x1, bottom)
                page.drawn.append(((x0, top, x1, bottom), False))
                if not pdfium.FPDFPageObj_HasTransparency(item):
                    layers.pictures.append((order, (x0, top, x1, bottom), item, outer))
            continue
        layers.areas.extend((order, box, item, outer) for box in _read_path(pdfium, item, page, matrix, budget))
    for across, down in ((page.across, page.down), (page.pale_across, page.pale_down)):
        across[:] = _shown(across, page.height, page.width)
        down[:] = _shown(down, page.width, page.height)
    return layers


def _shown(lines: Sequence[Ruling], wide: float, long: float) -> list[Ruling]:
    """What the page shows of lines, which stand within `wide` points across and `long` along them."""
    return [
        Ruling(line.at, max(line.start, -THIN), min(line.end, long + THIN))
        for line in lines
        if -THIN <= line.at <= wide + THIN and line.end > 0 and line.start < long
    ]


def clip_of(pdfium: Any, item: Any, matrix: Matrix) -> Box | None:
    """The box that a run of text is clipped to, None where it is not."""
    path = pdfium.FPDFPageObj_GetClipPath(item)
    count = pdfium.FPDFClipPath_CountPaths(path)
    if not 0 < count <= MOST_CLIPS:
        return None
    found: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        points = []
        pieces = pdfium.FPDFClipPath_CountPathSegments(path, i)
        # Of a rectangle two corners tell all.
        for j in (0, 1, 2) if pieces <= RECTANGLE else range(min(MOST_CLIPS, pieces)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, i, j), x, y)
            points.append(apply(matrix, x.value, y.value))
        if len(points) > 2:
            box = _bounds(points)
            found = box if found is None else _common(found, box)
    return found


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _tone(item: Any, getter: Any) -> int:
    """How an object is painted: 0 not to be seen, 1 hardly darker than paper, 2 darker."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not getter(item, red, green, blue, alpha):
        return 2
    if alpha.value <= _FAINT:
        return 0
    return 1 if min(red.value, green.value, blue.value) >= 255 * _PALE else 2


def _read_path(pdfium: Any, item: Any, page: Page, matrix: Matrix, budget: Budget) -> list[Box]:
    """Put the ruling lines of a path on the page; gives the boxes that it fills so that nothing below shows."""
    count = pdfium.FPDFPath_CountSegments(item)
    if count <= 1:
        return []
    page.paths += 1
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    stroked = _tone(item, pdfium.FPDFPageObj_GetStrokeColor) if stroke.value else 0
    filled = _tone(item, pdfium.FPDFPageObj_GetFillColor) if fill.value else 0
    if not stroked and not fill.value:
        return []
    budget.spend("segments", count)
    wide = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(item, wide)
    thickness = wide.value * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
    figures, bounds, curved = _figures(pdfium, item, count, matrix)
    plain = not curved and all(_is_along_axes(points) for points, _ in figures)
    if max(stroked, filled) > 1 and not plain:
        page.drawn.append((bounds, False))
    if stroked:
        lines = _lines(page, stroked)
        for points, _ in figures:
            for (xa, ya), (xb, yb) in pairwise(points):
                _add_stroke(lines, xa, ya, xb, yb, thickness)
    boxes = [_bounds(points) for points, _ in figures if len(points) >= 2] if fill.value else []
    if filled:
        lines = _lines(page, filled)
        for box in boxes:
            if not _add_area(lines, *box) and plain:
                _add_sides(page, box)
                if filled > 1:
                    page.drawn.append((box, True))
        # A frame is filled between two boxes, one within the other.
        for outer, inner in pairwise(boxes):
            margins = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
            if all(-0.1 <= margin <= THIN for margin in margins) and any(margin > 0.05 for margin in margins):
                _add_frame(lines, outer)
    if not plain or len(boxes) != 1 or pdfium.FPDFPageObj_HasTransparency(item):
        return []
    return [box for box in boxes if box[2] - box[0] > THIN and box[3] - box[1] > THIN]


def _figures(
    pdfium: Any, item: Any, count: int, matrix: Matrix
) -> tuple[list[tuple[list[tuple[float, float]], bool]], Box, bool]:
    """The figures of a path as points, closed ones ending where they began, the box of all, and whether it has curves;
    these break a figure."""
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    places: list[tuple[float, float]] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        place = apply(matrix, x.value, y.value)
        places.append(place)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                found.append((points, False))
            points = [place]
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            points.append(place)
        else:
            if len(points) > 1:
                found.append((points, False))
            points = [place]
            curved = True
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
            found.append((points, True))
            points = [place]
    if len(points) > 1:
        found.append((points, False))
    return found, _bounds(places), curved


def _is_along_axes(points: list[tuple[float, float]]) -> bool:
    return all(min(abs(xa - xb), abs(ya - yb)) <= ASIDE for (xa, ya), (xb, yb) in pairwise(points))


def _bounds(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _lines(page: Page, tone: int) -> Lines:
    return (page.across, page.down) if tone > 1 else (page.pale_across, page.pale_down)


def _add_frame(lines: Lines, box: Box) -> None:
    x0, top, x1, bottom = box
    _add_stroke(lines, x0, top, x1, top, 0)
    _add_stroke(lines, x0, bottom, x1, bottom, 0)
    _add_stroke(lines, x0, top, x0, bottom, 0)
    _add_stroke(lines, x1, top, x1, bottom, 0)


def _add_sides(page: Page, box: Box) -> None:
    """The sides of a filled area, as those of a cell with a ground, unless it is the page's."""
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide > THIN and high > THIN and (wide < 0.9 * page.width or high < 0.5 * page.height):
        _add_frame((page.pale_across, page.pale_down), box)


def _add_stroke(lines: Lines, xa: float, ya: float, xb: float, yb: float, thickness: float) -> None:
    wide, high = abs(xa - xb), abs(ya - yb)
    if thickness > THIN:
        half = thickness / 2
        if wide >= high:
            _add_area(lines, min(xa, xb), min(ya, yb) - half, max(xa, xb), max(ya, yb) + half)
        else:
            _add_area(lines, min(xa, xb) - half, min(ya, yb), max(xa, xb) + half, max(ya, yb))
    elif high <= ASIDE and wide > LONGEST_DASH and wide > high:
        lines[0].append(Ruling((ya + yb) / 2, min(xa, xb), max(xa, xb)))
    elif wide <= ASIDE and high > LONGEST_DASH:
        lines[1].append(Ruling((xa + xb) / 2, min(ya, yb), max(ya, yb)))


def _add_area(lines: Lines, x0: float, top: float, x1: float, bottom: float) -> bool:
    """Put a filled area or a picture that is a line with the others; whether it is one."""
    wide, high = x1 - x0, bottom - top
    flat, steep = high <= THIN and wide > 2 * high, wide <= THIN and high > 2 * wide
    if max(wide, high) <= DOT:
        # Dots may be of a line either way.
        flat = steep = True
    if flat:
        lines[0].append(Ruling((top + bottom) / 2, x0, x1))
    if steep:
        lines[1].append(Ruling((x0 + x1) / 2, top, bottom))
    return flat or steep
