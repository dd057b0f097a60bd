"""Pages of an open pdfium document: what stands on them and what is drawn there, turned upright."""

from __future__ import annotations

import ctypes
from collections import Counter
from typing import Any

from parsers.readers import covers, lost
from parsers.readers.drawing import read_drawing
from parsers.readers.lettering import read_text, written
from parsers.readers.sheets import Box, Budget, Glyph, Matrix, Page, Ruling, box_of, turned_box

MOST_ANNOTATIONS = 10_000
LONGEST_NOTE = 4000


def read_page(document: Any, index: int, budget: Budget) -> Page:
    """The page of an open pdfium document; `index` counts from 0. Raises LimitError, or pdfium's own error."""
    import pypdfium2.raw as pdfium

    handle, notes = _with_annotations(pdfium, document, index)
    try:
        left, bottom, right, top = _visible(handle)
        quarters = (handle.get_rotation() // 90) % 4
        width, height = right - left, top - bottom
        shown = (width, height) if quarters % 2 == 0 else (height, width)
        to_page = _displayed(left, bottom, width, height, quarters)
        page = Page(index + 1, shown[0], shown[1])
        runs = read_text(pdfium, handle, page, to_page, quarters, budget)
        layers = read_drawing(pdfium, handle, page, to_page, budget)
        unknown = lost.beside_figures(pdfium, page, runs, layers)
        page.hidden = covers.leave_out(page, runs, layers, handle)
        page.glyphs.extend(unknown)
        page.unmapped += len(unknown) + lost.mark_hyphens(page)
        for text, box in notes:
            page.glyphs.extend(written(text, box_of(to_page, *box)))
        _make_upright(page)
        return page
    finally:
        handle.close()


def _with_annotations(pdfium: Any, document: Any, index: int) -> tuple[Any, list[tuple[str, Box]]]:
    """A page with its annotations and form fields as part of what is drawn, as far as they are shown.

    Also the texts that stand on it, each with its box, which viewers set themselves, since no look of them is stored.
    """
    handle = document[index]
    drawn, notes = False, []
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(handle), MOST_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(handle, number)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        drawn = drawn or kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_TEXT)
        if kind == pdfium.FPDF_ANNOT_FREETEXT and not pdfium.FPDFAnnot_HasKey(annotation, b"AP"):
            notes.extend(_note(pdfium, annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
    if not drawn:
        return handle, notes
    pdfium.FPDFPage_Flatten(handle, pdfium.FLAT_NORMALDISPLAY)
    handle.close()
    return document[index], notes


def _note(pdfium: Any, annotation: Any) -> list[tuple[str, Box]]:
    """The text of an annotation with its box in the page's space, nothing where it is hidden."""
    if pdfium.FPDFAnnot_GetFlags(annotation) & (pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW):
        return []
    rect = pdfium.FS_RECTF()
    size = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if not 2 < size <= LONGEST_NOTE or not pdfium.FPDFAnnot_GetRect(annotation, rect):
        return []
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size)
    text = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    return [(text, (rect.left, rect.bottom, rect.right, rect.top))]


def _visible(handle: Any) -> tuple[float, float, float, float]:
    """The box that is displayed: the crop box within the media box."""
    media = handle.get_mediabox()
    crop = handle.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if right > left and top > bottom else tuple(media)


def _displayed(left: float, bottom: float, width: float, height: float, quarters: int) -> Matrix:
    """From user space to points of the displayed page, origin top left."""
    if quarters == 0:
        return (1.0, 0.0, 0.0, -1.0, -left, bottom + height)
    if quarters == 1:
        return (0.0, 1.0, 1.0, 0.0, -bottom, -left)
    if quarters == 2:
        return (-1.0, 0.0, 0.0, 1.0, left + width, -bottom)
    return (0.0, -1.0, -1.0, 0.0, bottom + height, left + width)


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
    page.across, page.down = _turned_lines(page.across, page.down, width, height, back)
    page.pale_across, page.pale_down = _turned_lines(page.pale_across, page.pale_down, width, height, back)
    if back % 2:
        page.width, page.height = height, width
    page.turn = turn


def _turned_lines(
    across: list[Ruling], down: list[Ruling], width: float, height: float, turn: int
) -> tuple[list[Ruling], list[Ruling]]:
    boxes = [(start, at, end, at) for at, start, end in across] + [(at, start, at, end) for at, start, end in down]
    flat: list[Ruling] = []
    steep: list[Ruling] = []
    for box in boxes:
        x0, top, x1, bottom = turned_box(box, width, height, turn)
        if x1 - x0 >= bottom - top:
            flat.append(Ruling(top, x0, x1))
        else:
            steep.append(Ruling(x0, top, bottom))
    return flat, steep


def _turned_glyph(glyph: Glyph, width: float, height: float, turn: int) -> Glyph:
    x0, top, x1, bottom = turned_box((glyph.x0, glyph.top, glyph.x1, glyph.bottom), width, height, turn)
    own = (glyph.turn + turn) % 4
    place = glyph.base
    if glyph.turn % 2 == 0:
        line = turned_box((glyph.x0, place, glyph.x1, place), width, height, turn)
    else:
        line = turned_box((place, glyph.top, place, glyph.bottom), width, height, turn)
    base = line[1] if own % 2 == 0 else line[0]
    return Glyph(glyph.text, x0, top, x1, bottom, base, glyph.size, own, glyph.bold)
