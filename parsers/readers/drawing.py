"""What is drawn on a page of a PDF: its ruling lines and pictures."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from parsers.readers.sheets import IDENTITY, Budget, Matrix, Page, Ruling, apply, box_of, then

MAX_DEPTH = 12
"""How deep forms may stand within forms."""

THIN = 3.2
"""A drawn area not wider than this, in points, is a line."""

LONGEST_DASH = 0.4
_PALE = 0.93
_FAINT = 40


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
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < MAX_DEPTH and pdfium.FPDFPageObj_GetMatrix(item, own):
                inner = then((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                yield from _objects(pdfium, item, True, depth + 1, inner, budget)
            continue
        yield item, kind, matrix


def read_drawing(pdfium: Any, handle: Any, page: Page, to_page: Matrix, budget: Budget) -> None:
    own = pdfium.FS_MATRIX()
    for item, kind, outer in _objects(pdfium, handle, False, 0, IDENTITY, budget):
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
                _add_area(page, x0, top, x1, bottom)
            continue
        _read_path(pdfium, item, page, matrix, budget)


def _shows(item: Any, getter: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not getter(item, red, green, blue, alpha):
        return True
    pale = min(red.value, green.value, blue.value) >= 255 * _PALE
    return not pale and alpha.value > _FAINT


def _read_path(pdfium: Any, item: Any, page: Page, matrix: Matrix, budget: Budget) -> None:
    count = pdfium.FPDFPath_CountSegments(item)
    if count <= 1:
        return
    page.paths += 1
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    stroked = bool(stroke.value) and _shows(item, pdfium.FPDFPageObj_GetStrokeColor)
    filled = bool(fill.value) and _shows(item, pdfium.FPDFPageObj_GetFillColor)
    if not stroked and not filled:
        return
    budget.spend("segments", count)
    wide = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(item, wide)
    thickness = wide.value * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
    figures = _figures(pdfium, item, count, matrix)
    if stroked:
        for points, _ in figures:
            for (xa, ya), (xb, yb) in pairwise(points):
                _add_stroke(page, xa, ya, xb, yb, thickness)
    if filled:
        boxes = [_bounds(points) for points, _ in figures if len(points) >= 2]
        for box in boxes:
            _add_area(page, *box)
        # A frame is filled between two boxes, one within the other.
        for outer, inner in pairwise(boxes):
            margins = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
            if all(-0.1 <= margin <= THIN for margin in margins) and any(margin > 0.05 for margin in margins):
                x0, top, x1, bottom = outer
                _add_stroke(page, x0, top, x1, top, 0)
                _add_stroke(page, x0, bottom, x1, bottom, 0)
                _add_stroke(page, x0, top, x0, bottom, 0)
                _add_stroke(page, x1, top, x1, bottom, 0)


def _figures(pdfium: Any, item: Any, count: int, matrix: Matrix) -> list[tuple[list[tuple[float, float]], bool]]:
    """The figures of a path as points, closed ones ending where they began; curves break a figure."""
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        place = apply(matrix, x.value, y.value)
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
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
            found.append((points, True))
            points = [place]
    if len(points) > 1:
        found.append((points, False))
    return found


def _bounds(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _add_stroke(page: Page, xa: float, ya: float, xb: float, yb: float, thickness: float) -> None:
    wide, high = abs(xa - xb), abs(ya - yb)
    if thickness > THIN:
        half = thickness / 2
        if wide >= high:
            _add_area(page, min(xa, xb), min(ya, yb) - half, max(xa, xb), max(ya, yb) + half)
        else:
            _add_area(page, min(xa, xb) - half, min(ya, yb), max(xa, xb) + half, max(ya, yb))
    elif high <= 0.75 and wide > LONGEST_DASH and wide > high:
        page.across.append(Ruling((ya + yb) / 2, min(xa, xb), max(xa, xb)))
    elif wide <= 0.75 and high > LONGEST_DASH:
        page.down.append(Ruling((xa + xb) / 2, min(ya, yb), max(ya, yb)))


def _add_area(page: Page, x0: float, top: float, x1: float, bottom: float) -> None:
    """A filled area or a picture that is a line."""
    wide, high = x1 - x0, bottom - top
    if high <= THIN and wide > 2 * high:
        page.across.append(Ruling((top + bottom) / 2, x0, x1))
    elif wide <= THIN and high > 2 * wide:
        page.down.append(Ruling((x0 + x1) / 2, top, bottom))
