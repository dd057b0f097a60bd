"""Pages of a PDF as glyphs, ruling lines and pictures, in points from the top left corner of the page as displayed.

pdfium reads the file; what it hands out is taken character by character, since its own joining of
characters to words and lines knows nothing of cells.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from parsers.errors import LimitError
from parsers.readers import radicals
from parsers.recognition import Word

MAX_GLYPHS = 3_000_000
MAX_OBJECTS = 1_000_000
MAX_SEGMENTS = 200_000
"""Characters, drawn objects and pieces of drawn paths that a document may have."""

MAX_DEPTH = 12
"""How deep forms may stand within forms."""

THIN = 3.2
"""A drawn area not wider than this, in points, is a line."""

LONGEST_DASH = 0.4
_PALE = 0.93
_WASHED = 0.55
_FAINT = 40
_SLANT = 4.0


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
    `glyphs` of those that are hardly darker than paper.

    Of a page that was recognised, lengths are such that its usual characters measure `EM`; `words` are what was
    recognised, `skew` and `unit` as in `parsers.recognition`, `scheme` is the kind of its locators.
    """

    number: int
    width: float
    height: float
    turn: int = 0
    glyphs: list[Glyph] = field(default_factory=list)
    across: list[Ruling] = field(default_factory=list)
    down: list[Ruling] = field(default_factory=list)
    painted: float = 0.0
    paths: int = 0
    slanted: str = ""
    unmapped: int = 0
    unseen: int = 0
    radicals: int = 0
    beyond: int = 0
    scheme: str = "pdf"
    unit: float = 1.0
    skew: float = 0.0
    words: list[Word] = field(default_factory=list)
    pale: list[int] = field(default_factory=list)

    def locator(self, x0: float, top: float, x1: float, bottom: float) -> str:
        """The locator of a box of this page: points, or pixels of a picture, of the page as displayed."""
        box = _leaning_box((x0, top, x1, bottom), self.width, self.height, self.skew)
        box = _turned_box(box, self.width, self.height, self.turn)
        return f"{self.scheme}:p{self.number}({','.join(_number(value * self.unit) for value in box)})"


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


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_page(document: Any, index: int, budget: Budget) -> Page:
    """The page of an open pdfium document; `index` counts from 0. Raises LimitError, or pdfium's own error."""
    import pypdfium2.raw as pdfium

    handle = document[index]
    try:
        left, bottom, right, top = _visible(handle)
        quarters = (handle.get_rotation() // 90) % 4
        width, height = right - left, top - bottom
        shown = (width, height) if quarters % 2 == 0 else (height, width)
        to_page = _displayed(left, bottom, width, height, quarters)
        page = Page(index + 1, shown[0], shown[1])
        _read_text(pdfium, handle, page, to_page, quarters, budget)
        _read_drawing(pdfium, handle, page, to_page, budget)
        _make_upright(page)
        return page
    finally:
        handle.close()


def _visible(handle: Any) -> tuple[float, float, float, float]:
    """The box that is displayed: the crop box within the media box."""
    media = handle.get_mediabox()
    crop = handle.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if right > left and top > bottom else tuple(media)


def _displayed(left: float, bottom: float, width: float, height: float, quarters: int) -> _Matrix:
    """From user space to points of the displayed page, origin top left."""
    if quarters == 0:
        return (1.0, 0.0, 0.0, -1.0, -left, bottom + height)
    if quarters == 1:
        return (0.0, 1.0, 1.0, 0.0, -bottom, -left)
    if quarters == 2:
        return (-1.0, 0.0, 0.0, 1.0, left + width, -bottom)
    return (0.0, -1.0, -1.0, 0.0, bottom + height, left + width)


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _then(first: _Matrix, second: _Matrix) -> _Matrix:
    """The matrix that does `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _box(matrix: _Matrix, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    x0, y0 = _apply(matrix, left, bottom)
    x1, y1 = _apply(matrix, right, top)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _read_text(pdfium: Any, handle: Any, page: Page, to_page: _Matrix, quarters: int, budget: Budget) -> None:
    text = handle.get_textpage()
    count = pdfium.FPDFText_CountChars(text)
    budget.spend("glyphs", max(0, count))
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    ox, oy = ctypes.c_double(), ctypes.c_double()
    ink = [ctypes.c_double() for _ in range(4)]
    modes: dict[int, int] = {}
    fonts: dict[int, bool] = {}
    pale: dict[int, bool] = {}
    shade = (ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint())
    slanted: list[str] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    high = ""
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(text, i)
        # A character beyond the basic plane comes as two halves.
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((ord(high) - 0xD800) << 10) + code - 0xDC00
        high = ""
        if pdfium.FPDFText_IsGenerated(text, i) == 1:
            continue
        unmapped = pdfium.FPDFText_HasUnicodeMapError(text, i) == 1 or code == 0 or 0xD800 <= code < 0xE000
        char = "\ufffd" if unmapped else chr(code)
        if char.isspace() or code in (0x200B, 0xFEFF):
            continue
        handle_of = pdfium.FPDFText_GetTextObject(text, i)
        address = ctypes.cast(handle_of, ctypes.c_void_p).value or 0
        if address not in modes:
            modes[address] = pdfium.FPDFTextObj_GetTextRenderMode(handle_of) if address else 0
            fonts[address] = _is_bold(pdfium, text, i)
            pale[address] = _is_pale(pdfium, text, i, shade)
        pdfium.FPDFText_GetLooseCharBox(text, i, box)
        pdfium.FPDFText_GetCharOrigin(text, i, ox, oy)
        pdfium.FPDFText_GetMatrix(text, i, matrix)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turn = round(-angle / 90) % 4
        if abs((angle + 45) % 90 - 45) > _SLANT:
            slanted.append(char)
            continue
        if unmapped:
            page.unmapped += 1
        if modes[address] in (3, 7):
            page.unseen += 1
        if char in radicals.table():
            char = radicals.table()[char]
            page.radicals += 1
        x0, top, x1, bottom = _box(to_page, box.left, box.bottom, box.right, box.top)
        size = abs(pdfium.FPDFText_GetFontSize(text, i)) * math.hypot(matrix.c, matrix.d)
        turn = (turn + quarters) % 4
        tall = (bottom - top) if turn % 2 == 0 else (x1 - x0)
        if not 0.5 <= size <= 1000 or (tall and size > 4 * tall):
            size = tall or 1.0
        if tall > 3 * size or x1 - x0 > 3 * size or (code > 0x2E7F and x1 - x0 < 0.3 * size):
            # Vertical and some Type 3 fonts have boxes of another scale: only their ink is to be trusted.
            pdfium.FPDFText_GetCharBox(text, i, *map(ctypes.byref, ink))
            x0, top, x1, bottom = _around(_box(to_page, ink[0].value, ink[2].value, ink[1].value, ink[3].value), size)
        bx, by = _apply(to_page, ox.value, oy.value)
        if bx < -size or by < -size or bx > page.width + size or by > page.height + size:
            page.beyond += 1
            continue
        glyph = Glyph(char, x0, top, x1, bottom, by if turn % 2 == 0 else bx, size, turn, fonts[address])
        # Bold is imitated by drawing a character twice, a little apart.
        reach = max(0.5, 0.2 * size)
        column, row = int(x0 / reach), int(top / reach)
        if any(
            abs(other.x0 - x0) < reach and abs(other.top - top) < reach and abs(other.size - size) < 0.2 * size
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in seen.get((char, column + dx, row + dy), ())
        ):
            continue
        seen.setdefault((char, column, row), []).append(glyph)
        if pale[address]:
            page.pale.append(len(page.glyphs))
        page.glyphs.append(glyph)
    page.slanted = "".join(slanted)


def _around(ink: tuple[float, float, float, float], size: float) -> tuple[float, float, float, float]:
    """A box of a character's size around its ink."""
    x, y = (ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2
    wide, high = max(size, ink[2] - ink[0]) / 2, max(size, ink[3] - ink[1]) / 2
    return x - wide, y - high, x + wide, y + high


def _is_bold(pdfium: Any, text: Any, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= 600:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 128, flags)
    known = name.value.decode("utf-8", "replace").lower()
    return "bold" in known or "黑体" in known or "simhei" in known


def _is_pale(pdfium: Any, text: Any, index: int, shade: tuple[Any, Any, Any, Any]) -> bool:
    """Whether a character is hardly darker than paper; `shade` holds its red, green, blue and opacity."""
    if not pdfium.FPDFText_GetFillColor(text, index, *shade):
        return False
    opaque = shade[3].value
    return bool(255 - opaque + min(shade[0].value, shade[1].value, shade[2].value) * opaque / 255 > 255 * _WASHED)


def _objects(
    pdfium: Any, container: Any, form: bool, depth: int, matrix: _Matrix, budget: Budget
) -> Iterator[tuple[Any, int, _Matrix]]:
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
                inner = _then((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                yield from _objects(pdfium, item, True, depth + 1, inner, budget)
            continue
        yield item, kind, matrix


def _read_drawing(pdfium: Any, handle: Any, page: Page, to_page: _Matrix, budget: Budget) -> None:
    own = pdfium.FS_MATRIX()
    for item, kind, outer in _objects(pdfium, handle, False, 0, _IDENTITY, budget):
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        if not pdfium.FPDFPageObj_GetMatrix(item, own):
            continue
        matrix = _then(_then((own.a, own.b, own.c, own.d, own.e, own.f), outer), to_page)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            x0, top, x1, bottom = _box(matrix, 0, 0, 1, 1)
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


def _read_path(pdfium: Any, item: Any, page: Page, matrix: _Matrix, budget: Budget) -> None:
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


def _figures(pdfium: Any, item: Any, count: int, matrix: _Matrix) -> list[tuple[list[tuple[float, float]], bool]]:
    """The figures of a path as points, closed ones ending where they began; curves break a figure."""
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        place = _apply(matrix, x.value, y.value)
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


def _make_upright(page: Page) -> None:
    """Turn a page on which most characters lie on their side or stand on their head."""
    turns = Counter(glyph.turn for glyph in page.glyphs)
    if not turns:
        return
    turn = max(sorted(turns), key=lambda t: turns[t])
    if turn == 0:
        return
    back = (4 - turn) % 4
    width, height = page.width, page.height
    page.glyphs = [_turned_glyph(glyph, width, height, back) for glyph in page.glyphs]
    across, down = page.across, page.down
    page.across, page.down = [], []
    for at, start, end in across:
        _add_turned(page, (start, at, end, at), width, height, back)
    for at, start, end in down:
        _add_turned(page, (at, start, at, end), width, height, back)
    if back % 2:
        page.width, page.height = height, width
    page.turn = turn


def _add_turned(page: Page, box: tuple[float, float, float, float], width: float, height: float, turn: int) -> None:
    x0, top, x1, bottom = _turned_box(box, width, height, turn)
    if x1 - x0 >= bottom - top:
        page.across.append(Ruling(top, x0, x1))
    else:
        page.down.append(Ruling(x0, top, bottom))


def _turned_box(
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


def _turned_glyph(glyph: Glyph, width: float, height: float, turn: int) -> Glyph:
    x0, top, x1, bottom = _turned_box((glyph.x0, glyph.top, glyph.x1, glyph.bottom), width, height, turn)
    own = (glyph.turn + turn) % 4
    place = glyph.base
    if glyph.turn % 2 == 0:
        line = _turned_box((glyph.x0, place, glyph.x1, place), width, height, turn)
    else:
        line = _turned_box((place, glyph.top, place, glyph.bottom), width, height, turn)
    base = line[1] if own % 2 == 0 else line[0]
    return Glyph(glyph.text, x0, top, x1, bottom, base, glyph.size, own, glyph.bold)
