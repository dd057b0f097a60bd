"""The reader of PDF files with a text layer.

Where a file has no text to read (a scan, outlines, a text layer that spells nothing) it says that
it needs OCR and gives no document, so that nothing is taken for zero.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from statistics import median
from typing import Any

from parsers.characters.widths import simplify
from parsers.document import Document
from parsers.errors import BrokenDocumentError, LimitError, NeedsOcrError
from parsers.readers import image, ink, lattice, printed, weight
from parsers.readers.breaks import Piece
from parsers.readers.charset import plausibility
from parsers.readers.leaves import read_page
from parsers.readers.sheets import Budget, Glyph, Page, Ruling
from parsers.readers.typesetting import (
    Line,
    lines_of,
    rows_of,
)
from parsers.recognition import Recogniser
from parsers.records import Issue

MAX_BYTES = 256_000_000
MAX_PAGES = 2000

FEW = 12
"""A page with fewer characters than this has no text of its own."""

PICTURED = 0.4
"""The share of a page that a picture covers when the page is a scan."""

OUTLINED = 300
"""So many drawn paths on a page without text are characters drawn as outlines."""

LEAST_PLAUSIBLE = 0.4
MOST_UNMAPPED = 0.2
RAISED = 0.9
"""Raised marks of notes are smaller than this, in the size of the text."""

REPEATED = 3
"""A pale word that stands so often on a page may be a watermark."""

_META = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")

_NOTE_SIGNS = frozenset("0123456789[]()［］（）〔〕【】注註*＊†‡①②③④⑤⑥⑦⑧⑨⑩")

Item = Line | Piece


def read(content: bytes, recogniser: Recogniser | None = None) -> Document:
    """Read a PDF; `recogniser` reads the pages that are pictures, or whose text layer spells no text.

    Raises BrokenDocumentError, NeedsOcrError where there is no recogniser, or LimitError beyond MAX_PAGES,
    `weight.check` or `sheets.Budget`.
    """
    if len(content) > MAX_BYTES:
        raise LimitError(f"the PDF is larger than {MAX_BYTES} bytes", reading="a PDF")
    document = _open(content)
    try:
        count = len(document)
        if count == 0:
            raise BrokenDocumentError("the PDF has no pages", reading="a PDF", remedy="Fetch it again")
        if count > MAX_PAGES:
            raise LimitError(f"the PDF has {count} pages, more than {MAX_PAGES}", reading="a PDF")
        weight.check(content)
        return _read(content, document, count, recogniser)
    finally:
        document.close()


def _read(content: bytes, document: Any, count: int, recogniser: Recogniser | None) -> Document:
    """The open document of so many pages."""
    meta = _meta(document)
    pages, issues = _pages(document, count)
    if b"%%EOF" not in content[-4096:]:
        message = "the PDF lacks its end: pages may be missing"
        issues.append(Issue(code="truncated", severity="warning", message=message))
    reasons = _needs(pages)
    if reasons and recogniser is not None:
        numbers = sorted(reasons)
        found = image.pages_of(recogniser.pages(content, "application/pdf", numbers), "pdf")
        issues.append(image.remark(found))
        by_number = {page.number: page for page in found}
        pages = [by_number.get(page.number, page) for page in pages]
    elif reasons:
        issues.extend(_unread(pages, reasons))
    issues.extend(_remarks(pages))
    words = _repeated(pages)
    for page in pages:
        issues.extend(_leave_out_marks(page, words))
    blocks, remarks = printed.compose(pages, ink.Paper(document))
    title = next((value for name, value in meta if name == "title"), "")
    return Document(
        media_type="application/pdf", blocks=tuple(blocks), meta=meta, title=title, issues=(*issues, *remarks)
    )


def _open(content: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(content)
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            # Fields without an appearance are given one.
            document.init_forms()
        return document
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium.FPDF_ERR_PASSWORD:
            raise BrokenDocumentError(
                "the PDF is encrypted and asks for a password", reading="a PDF", remedy="Get it without a password"
            ) from error
        if code == pdfium.FPDF_ERR_SECURITY:
            raise BrokenDocumentError(
                "the PDF is encrypted in a way that is not supported", reading="a PDF", remedy="Get it unencrypted"
            ) from error
        raise BrokenDocumentError(f"the PDF is damaged ({error})", reading="a PDF", remedy="Fetch it again") from error


def _meta(document: Any) -> tuple[tuple[str, str], ...]:
    values = {}
    for name in _META:
        # What is no text is no metadata.
        with contextlib.suppress(UnicodeDecodeError):
            values[name] = document.get_metadata_value(name)
    return tuple((name.lower(), values[name].strip()) for name in _META if values.get(name, "").strip())


def _pages(document: Any, count: int) -> tuple[list[Page], list[Issue]]:
    import pypdfium2

    pages, issues = [], []
    budget = Budget()
    for index in range(count):
        try:
            pages.append(read_page(document, index, budget))
        except pypdfium2.PdfiumError as error:
            issues.append(
                Issue(
                    code="page_unreadable",
                    severity="error",
                    message=f"page {index + 1} is damaged and was not read ({error})",
                    locator=f"pdf:p{index + 1}",
                )
            )
    if not pages:
        raise BrokenDocumentError("no page of the PDF can be read", reading="a PDF", remedy="Fetch it again")
    return pages, issues


def _needs(pages: Sequence[Page]) -> dict[int, str]:
    """Why pages must be read from their pictures, by number: all of them where the PDF has no text to rely on."""
    pictured = [page for page in pages if _is_picture(page)]
    everywhere = ""
    glyphs = sum(len(page.glyphs) for page in pages if page not in pictured)
    text = "".join(glyph.text for page in pages for glyph in page.glyphs)
    if pictured and (len(pictured) == len(pages) or glyphs < 30):
        everywhere = "the PDF is a scan without a text layer of its own"
    elif glyphs == 0 and any(page.paths > OUTLINED for page in pages):
        everywhere = "the PDF draws its characters as outlines"
    elif glyphs == 0:
        everywhere = "the PDF has no text"
    elif garbled := _garbled(text):
        everywhere = f"the PDF's text layer spells no text ({garbled})"
    if everywhere:
        return {page.number: everywhere for page in pages}
    found = {page.number: "the page is a picture; what stands on it was not read" for page in pictured}
    for page in pages:
        own = "".join(glyph.text for glyph in page.glyphs)
        if page.number not in found and len(own) >= 60 and (why := _garbled(own)):
            found[page.number] = f"the text layer of the page spells no text ({why})"
    return found


def _unread(pages: Sequence[Page], reasons: dict[int, str]) -> list[Issue]:
    """Remarks on the pages that only recognition could read. Raises NeedsOcrError when these are all."""
    if len(reasons) == len(pages):
        raise NeedsOcrError(f"needs ocr: {min(reasons.items())[1]}", reading="a PDF", remedy="Read it with OCR")
    return [_issue("needs_ocr", "warning", reasons[page.number], page) for page in pages if page.number in reasons]


def _remarks(pages: Sequence[Page]) -> list[Issue]:
    """Remarks on the text layer."""
    issues = []
    for page in pages:
        if page.unmapped:
            message = f"{page.unmapped} characters of the page have no known code"
            issues.append(_issue("unmapped_characters", "warning", message, page))
        if page.beyond:
            message = f"{page.beyond} characters stand beyond the edge of the page and were left out"
            issues.append(_issue("beyond_page", "warning", message, page))
        if page.hidden:
            message = "text that the page does not show is left out"
            issues.append(_issue("hidden_text", "info", message, page, page.hidden[:200]))
        if page.slanted:
            issues.append(
                _issue("slanted_text", "info", "text that runs aslant was left out", page, page.slanted[:200])
            )
    swapped = sum(page.radicals for page in pages)
    if swapped:
        issues.append(
            Issue(
                code="radical_characters",
                severity="info",
                message=f"{swapped} radicals of the text layer were read as the characters that they look like",
            )
        )
    return issues


def _issue(code: str, severity: str, message: str, page: Page, raw: str = "") -> Issue:
    place = page.locator(0.0, 0.0, page.width, page.height)
    return Issue(code=code, severity=severity, message=message, raw=raw, locator=place)


def _is_picture(page: Page) -> bool:
    """Whether a page shows a picture, or outlines, where its text should stand."""
    count = len(page.glyphs)
    if page.painted >= PICTURED and (count < FEW or page.unseen > 0.7 * count):
        return True
    return count < FEW and page.paths > OUTLINED and page.paths > 20 * (len(page.across) + len(page.down) + 1)


def _leave_out_marks(page: Page, words: Collection[str]) -> list[Issue]:
    """Take watermarks, pale `words` among them, struck characters, and raised marks of notes off a page."""
    found: list[Issue] = []
    found.extend(_left_out(page, _watermark(page, words), "watermark", "pale text across the page is left out"))
    struck: list[Glyph] = []
    strokes: list[Ruling] = []
    upright = sorted((glyph for glyph in page.glyphs if glyph.turn == 0), key=lambda glyph: glyph.base)
    bases = [glyph.base for glyph in upright]
    tallest = max((glyph.size for glyph in upright), default=0.0)
    for line in lattice.joined(page.across, shortest=1.5):
        near = upright[bisect_left(bases, line.at) : bisect_right(bases, line.at + 0.5 * tallest)]
        under = [
            glyph
            for glyph in near
            if 0.18 * glyph.size < glyph.base - line.at < 0.45 * glyph.size
            and min(line.end, glyph.x1) - max(line.start, glyph.x0) > 0.6 * (glyph.x1 - glyph.x0)
        ]
        if not under:
            continue
        # What strikes text is as long as the text; a longer line rules something.
        reach = 1.2 * under[0].size
        if min(g.x0 for g in under) - line.start < reach and line.end - max(g.x1 for g in under) < reach:
            struck.extend(under)
            strokes.append(line)
    # Such lines rule nothing.
    page.across = [line for line in page.across if not any(_is_part(line, stroke) for stroke in strokes)]
    found.extend(_left_out(page, struck, "deleted_text", "text that is struck out is left out"))
    found.extend(_left_out(page, _raised(page), "note_mark_dropped", "a note mark is left out"))
    return found


def _is_part(line: Ruling, stroke: Ruling) -> bool:
    return abs(line.at - stroke.at) <= 1.0 and stroke.start <= line.start and line.end <= stroke.end


def _watermark(page: Page, words: Collection[str]) -> list[Glyph]:
    """Large pale characters that text or lines stand upon, and pale `words` that do so somewhere."""
    if not page.pale:
        return []
    usual = median(glyph.size for glyph in page.glyphs)
    large = [page.glyphs[i] for i in page.pale if page.glyphs[i].size > max(24.0, 1.8 * usual)]
    found = large if _lies_under(large, page) else []
    return [*found, *(glyph for word, own in _pale_words(page).items() if word in words for glyph in own)]


def _repeated(pages: Sequence[Page]) -> set[str]:
    """Pale words without figures that stand on a page several times and have text or lines upon them somewhere."""
    return {
        word
        for page in pages
        for word, own in _pale_words(page).items()
        if len(own) >= REPEATED * len(word) and not any(map(str.isdecimal, word)) and _lies_under(own, page)
    }


def _pale_words(page: Page) -> dict[str, list[Glyph]]:
    """The characters of a page that are hardly darker than paper, by the word that they are of."""
    found: dict[str, list[Glyph]] = {}
    for row in rows_of(glyph for i in page.pale if (glyph := page.glyphs[i]).turn == 0):
        row.sort(key=lambda glyph: glyph.x0)
        start = 0
        for end in range(1, len(row) + 1):
            if end == len(row) or row[end].x0 - row[end - 1].x1 > 0.5 * row[end].size:
                found.setdefault("".join(glyph.text for glyph in row[start:end]), []).extend(row[start:end])
                start = end
    return found


def _lies_under(marks: Sequence[Glyph], page: Page) -> bool:
    """Whether other characters, or ruling lines, stand upon some."""
    kept = set(map(id, marks))
    for mark in marks:
        for glyph in page.glyphs:
            x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
            if mark.x0 < x < mark.x1 and mark.top < y < mark.bottom and id(glyph) not in kept:
                return True
        if any(mark.top < line.at < mark.bottom and line.start < mark.x0 < line.end for line in page.across):
            return True
    return False


def _left_out(page: Page, glyphs: Sequence[Glyph], code: str, message: str) -> list[Issue]:
    if not glyphs:
        return []
    gone = set(map(id, glyphs))
    page.glyphs = [glyph for glyph in page.glyphs if id(glyph) not in gone]
    page.beside.extend(page.displayed((glyph.x0, glyph.top, glyph.x1, glyph.bottom)) for glyph in glyphs)
    return [
        Issue(code=code, severity="info", message=message, raw=line.text, locator=page.locator(*line.box))
        for line in lines_of(glyphs, page.number)
    ]


def _raised(page: Page) -> list[Glyph]:
    """Small raised figures and signs that follow a character directly, with no ruling line between them."""
    glyphs = page.glyphs
    if not glyphs:
        return []
    usual = median(glyph.size for glyph in glyphs)
    largest = min(2.0 * usual, max(glyph.size for glyph in glyphs))
    small = [g for g in glyphs if g.text in _NOTE_SIGNS and g.size < RAISED * largest and g.turn == 0][:500]
    if not small:
        return []
    owners = sorted((g for g in glyphs if g.turn == 0 and g.size <= largest), key=lambda glyph: glyph.x1)
    ends = [owner.x1 for owner in owners]
    found: list[Glyph] = []
    for glyph in small:
        reach = 0.35 * largest
        near = owners[bisect_left(ends, glyph.x0 - reach) : bisect_right(ends, glyph.x0 + reach)]
        if any(_raises(owner, glyph, page) for owner in near) or any(
            -0.2 * last.size < glyph.x0 - last.x1 < 0.35 * last.size and abs(last.base - glyph.base) < 0.5
            for last in found[-1:]
        ):
            found.append(glyph)
    return found


def _raises(owner: Glyph, glyph: Glyph, page: Page) -> bool:
    size = owner.size
    if not (0.3 * size < glyph.size < RAISED * size and -0.2 * size < glyph.x0 - owner.x1 < 0.35 * size):
        return False
    # A mark of nearly the same size must be raised the more.
    if not (0.12 if glyph.size < 0.75 * size else 0.25) * size < owner.base - glyph.base < 0.7 * size:
        return False
    left, right = owner.x1 - 1.5, glyph.x0 + 1.5
    return not any(left < line.at < right and line.start < glyph.base < line.end for line in page.down)


def _garbled(text: str) -> str:
    """Why a text is no text, "" when it is one."""
    if len(text) < 40:
        return ""
    unknown = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text)
    if unknown > MOST_UNMAPPED * len(text):
        return f"{unknown} of {len(text)} characters have no code"
    beyond = sum(char > "\x7f" for char in text)
    if beyond >= 40 and beyond > 0.1 * len(text) and plausibility(simplify(text)) < LEAST_PLAUSIBLE:
        return "its characters form no words"
    odd = sum(char in "!\"#$%&'*+<=>?@[\\]^_`{|}~" for char in text)
    if beyond < 0.02 * len(text) and odd > 0.25 * len(text):
        return "its characters are signs"
    return ""
