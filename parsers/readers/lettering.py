"""The text layer of a page of a PDF as glyphs.

pdfium reads the file; what it hands out is taken character by character, since its own joining of
characters to words and lines knows nothing of cells.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

from parsers.frozen import frozen
from parsers.readers import radicals
from parsers.readers.sheets import Box, Budget, Glyph, Matrix, Page, apply, box_of, inverse, then

UNSEEN = frozenset((3, 7))
"""Ways to show text that leave no ink: invisible, and as a clip alone."""

LARGEST_NOTE = 10.5
"""The size of text, in points, that viewers set into a box, where there is room."""

_DASHES = "—―－"
_BEARING = 0.01
_FULL = 0.98
"""The ink of an ideograph begins further in than this share of its size, and is less high than that."""

_WASHED = 0.55
_SLANT = 4.0


@frozen
class Run:
    """Characters that are shown at once: where pdfium keeps them, how they are shown, and how pale, up to 255."""

    address: int
    mode: int
    bold: bool
    paleness: float


LEAST = 0.1
"""What is not wider and higher than this, in points, leaves no ink."""


def read_text(pdfium: Any, handle: Any, page: Page, to_page: Matrix, quarters: int, budget: Budget) -> list[Run]:
    """Put the characters of a page on it; gives the run of text that each is of."""
    text = handle.get_textpage()
    count = pdfium.FPDFText_CountChars(text)
    budget.spend("glyphs", max(0, count))
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    ox, oy = ctypes.c_double(), ctypes.c_double()
    ink = [ctypes.c_double() for _ in range(4)]
    runs: dict[int, Run] = {}
    forms: dict[int, Matrix | None] = {}
    owners: list[Run] = []
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
            pdfium.FPDFText_GetCharBox(text, i, *map(ctypes.byref, ink))
            if ink[1].value - ink[0].value < LEAST or ink[3].value - ink[2].value < LEAST:
                # With ink it would be a character that is called a blank.
                pdfium.FPDFText_GetCharOrigin(text, i, ox, oy)
                page.blanks.append(apply(to_page, ox.value, oy.value))
            continue
        handle_of = pdfium.FPDFText_GetTextObject(text, i)
        address = ctypes.cast(handle_of, ctypes.c_void_p).value or 0
        if address not in runs:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(handle_of) if address else 0
            runs[address] = Run(address, mode, _is_bold(pdfium, text, i), _paleness(pdfium, text, i, shade))
        run = runs[address]
        pdfium.FPDFText_GetLooseCharBox(text, i, box)
        pdfium.FPDFText_GetCharOrigin(text, i, ox, oy)
        pdfium.FPDFText_GetMatrix(text, i, matrix)
        if address not in forms:
            forms[address] = _form_of(pdfium, handle_of, matrix) if address else None
        origin, loose, to_own = (ox.value, oy.value), (box.left, box.bottom, box.right, box.top), to_page
        form = forms[address]
        if form is not None and _strays(matrix, origin, pdfium.FPDFText_GetFontSize(text, i)):
            to_own = then(form, to_page)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turn = round(-angle / 90) % 4
        if abs((angle + 45) % 90 - 45) > _SLANT:
            slanted.append(char)
            page.beside.append(box_of(to_own, *loose))
            continue
        if unmapped:
            page.unmapped += 1
        if run.mode in UNSEEN:
            page.unseen += 1
        if char in radicals.table():
            char = radicals.table()[char]
            page.radicals += 1
        x0, top, x1, bottom = box_of(to_own, *loose)
        size = abs(pdfium.FPDFText_GetFontSize(text, i)) * math.hypot(matrix.c, matrix.d)
        turn = (turn + quarters) % 4
        bx, by = apply(to_own, *origin)
        if turn == 0 and _is_ideograph(char) and 0.5 <= size <= 1000:
            wide = size * math.hypot(matrix.a, matrix.b) / (math.hypot(matrix.c, matrix.d) or 1.0)
            x0, top, x1, bottom = _whole((x0, top, x1, bottom), bx, by, wide, size)
        tall = (bottom - top) if turn % 2 == 0 else (x1 - x0)
        if not 0.5 <= size <= 1000 or (tall and size > 4 * tall):
            size = tall or 1.0
        if tall > 3 * size or x1 - x0 > 3 * size or (code > 0x2E7F and x1 - x0 < 0.3 * size):
            # Vertical and some Type 3 fonts have boxes of another scale: only their ink is to be trusted.
            pdfium.FPDFText_GetCharBox(text, i, *map(ctypes.byref, ink))
            x0, top, x1, bottom = _around(box_of(to_own, ink[0].value, ink[2].value, ink[1].value, ink[3].value), size)
        if bx < -size or by < -size or bx > page.width + size or by > page.height + size:
            page.beyond += 1
            continue
        glyph = Glyph(char, x0, top, x1, bottom, by if turn % 2 == 0 else bx, size, turn, run.bold)
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
        if run.paleness > 255 * _WASHED:
            page.pale.append(len(page.glyphs))
        page.glyphs.append(glyph)
        owners.append(run)
    page.slanted = "".join(slanted)
    return owners


def written(text: str, box: Box) -> list[Glyph]:
    """The characters of a text that is set into a box of the displayed page, line by line from its left side."""
    x0, top, x1, bottom = box
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    found = []
    for number, line in enumerate(lines):
        high = (bottom - top) / len(lines)
        size = min(LARGEST_NOTE, high / 1.2, (x1 - x0) / max(1, len(line)))
        place, base = x0 + size / 2, top + high * (number + 0.5) + 0.36 * size
        for char in line:
            wide = size if ord(char) > 0x2E7F else size / 2
            if not char.isspace():
                found.append(
                    Glyph(char, place, base - 0.86 * size, place + wide, base + 0.14 * size, base, size, 0, False)
                )
            place += wide
    return found


def _form_of(pdfium: Any, handle: Any, matrix: Any) -> Matrix | None:
    """What brings a text from the form that it stands in to the page; None for one that stands in none."""
    own = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, own):
        return None
    inner, outer = ((m.a, m.b, m.c, m.d, m.e, m.f) for m in (own, matrix))
    back = inverse(inner)
    same = all(math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-4) for a, b in zip(inner, outer, strict=True))
    return None if same or back is None else then(back, outer)


def _strays(matrix: Any, origin: tuple[float, float], size: float) -> bool:
    """Whether a character is said to stand off the line of its text, along or down.

    pdfium says so of characters with a text of their own (`ActualText`) within a form, whose places it does not bring
    to the page.
    """
    back = inverse((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f))
    if back is None:
        return False
    x, y = apply(back, *origin)
    return abs(x) > size and abs(y) > size


def _is_ideograph(char: str) -> bool:
    """Whether a character is as wide as its size."""
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000" or char in _DASHES


def _whole(box: Box, x: float, base: float, wide: float, size: float) -> Box:
    """The box of an ideograph, as wide as its size, where what is known is no more than its ink.

    `x` and `base` are where it is set.
    """
    x0, top, x1, bottom = box
    within = x0 > x + _BEARING * wide and x1 < x + wide and top > base - size and bottom < base + 0.3 * size
    if not within or bottom - top > _FULL * size:
        return box
    return x, base - 0.88 * size, x + wide, base + 0.12 * size


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


def _paleness(pdfium: Any, text: Any, index: int, shade: tuple[Any, Any, Any, Any]) -> float:
    """How near the colour of a character is to that of paper, up to 255; `shade` takes red, green, blue, opacity."""
    if not pdfium.FPDFText_GetFillColor(text, index, *shade):
        return 0.0
    opaque = shade[3].value
    return float(255 - opaque + min(shade[0].value, shade[1].value, shade[2].value) * opaque / 255)
