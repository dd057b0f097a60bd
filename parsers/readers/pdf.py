"""The reader of PDF files with a text layer.

Where a file has no text to read (a scan, outlines, a text layer that spells nothing) it says that
it needs OCR and gives no document, so that nothing is taken for zero.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from parsers.characters.widths import simplify, strip_serial
from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.errors import BrokenDocumentError, LimitError, NeedsOcrError
from parsers.readers import breaks, columns, image, lattice, shelves
from parsers.readers.breaks import Part, Piece
from parsers.readers.charset import plausibility
from parsers.readers.sheets import Budget, Glyph, Page, read_page
from parsers.readers.typesetting import (
    CLOSING,
    Box,
    Line,
    Margins,
    alignment,
    begins_paragraph,
    cell_text,
    is_figure,
    join_lines,
    lines_of,
    margins_of,
    pitch_of,
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
PROSE = 90
"""A row of one cell with more characters than this is prose drawn within a table's lines."""

RAISED = 0.9
"""Raised marks of notes are smaller than this, in the size of the text."""

LAYOUT = 200
"""A cell of more lines than a table's, with more characters than this, is one that places an article."""

_META = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")

_NOTE_SIGNS = frozenset("0123456789[]()［］（）〔〕【】注註*＊†‡①②③④⑤⑥⑦⑧⑨⑩")

Item = Line | Piece


def read(content: bytes, recogniser: Recogniser | None = None) -> Document:
    """Read a PDF; `recogniser` reads the pages that are pictures, or whose text layer spells no text.

    Raises BrokenDocumentError, NeedsOcrError where there is no recogniser, or LimitError beyond MAX_PAGES or
    `sheets.Budget`.
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
        meta = _meta(document)
        pages, issues = _pages(document, count)
    finally:
        document.close()
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
    for page in pages:
        issues.extend(_leave_out_marks(page))
    blocks, remarks = compose(pages)
    title = next((value for name, value in meta if name == "title"), "")
    return Document(
        media_type="application/pdf", blocks=tuple(blocks), meta=meta, title=title, issues=(*issues, *remarks)
    )


def _open(content: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        return pypdfium2.PdfDocument(content)
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


def _leave_out_marks(page: Page) -> list[Issue]:
    """Take watermarks, characters that are struck out, and raised marks of notes, off a page."""
    found: list[Issue] = []
    found.extend(_left_out(page, _watermark(page), "watermark", "pale text across the page is left out"))
    struck: list[Glyph] = []
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
    found.extend(_left_out(page, struck, "deleted_text", "text that is struck out is left out"))
    found.extend(_left_out(page, _raised(page), "note_mark_dropped", "a note mark is left out"))
    return found


def _watermark(page: Page) -> list[Glyph]:
    """Large pale characters that other text or ruling lines stand upon."""
    if not page.pale:
        return []
    usual = median(glyph.size for glyph in page.glyphs)
    pale = set(page.pale)
    large = [glyph for i, glyph in enumerate(page.glyphs) if i in pale and glyph.size > max(24.0, 1.8 * usual)]
    if not large:
        return []
    kept = set(map(id, large))
    for mark in large:
        for glyph in page.glyphs:
            x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
            if mark.x0 < x < mark.x1 and mark.top < y < mark.bottom and id(glyph) not in kept:
                return large
        if any(mark.top < line.at < mark.bottom and line.start < mark.x0 < line.end for line in page.across):
            return large
    return []


def _left_out(page: Page, glyphs: Sequence[Glyph], code: str, message: str) -> list[Issue]:
    if not glyphs:
        return []
    gone = set(map(id, glyphs))
    page.glyphs = [glyph for glyph in page.glyphs if id(glyph) not in gone]
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


def compose(pages: Sequence[Page]) -> tuple[list[Block], list[Issue]]:
    """Pages as blocks in reading order, with remarks on what was left out or stands twice."""
    flows: list[list[Line]] = []
    pieces: list[list[Piece]] = []
    sides: list[float] = []
    for page in pages:
        flow, own, sides = _split(page, sides)
        flows.append(flow)
        pieces.append(own)
    numbers, heads = breaks.furniture(flows, [page.height for page in pages])
    issues = _furniture_issues(pages, flows, numbers, heads)
    flows = [[line for line in flow if id(line) not in numbers and id(line) not in heads] for flow in flows]
    margins: dict[int, Margins] = {}
    overall = margins_of([line for flow in flows for line in flow])
    for page, flow in zip(pages, flows, strict=True):
        margins[page.number] = margins_of(flow, overall)
    items = _joined(flows, pieces, issues)
    locators = {id(line): _place(pages, line) for item in items if isinstance(item, Line) for line in (item,)}
    pitch = pitch_of([line for flow in flows for line in flow])
    parts: list[Line | Table] = []
    run: list[Line] = []
    for item in [*items, None]:
        if isinstance(item, Line):
            run.append(item)
            continue
        for made in columns.find(run, locators):
            if isinstance(made, Piece):
                image.mark(made, pages[made.page - pages[0].number] if len(pages) > 1 else pages[0])
                parts.extend(_explode(made))
            else:
                parts.append(made)
        run = []
        if item is not None:
            parts.extend(_explode(item))
    return _with_paragraphs(parts, pages, margins, pitch), issues


def _place(pages: Sequence[Page], line: Line) -> str:
    page = next(page for page in pages if page.number == line.page)
    return page.locator(*line.box)


def _furniture_issues(
    pages: Sequence[Page], flows: Sequence[Sequence[Line]], numbers: set[int], heads: set[int]
) -> list[Issue]:
    """What was left out as no part of the text: one remark for page numbers, one for each running head."""
    found: list[Issue] = []
    lines = [line for flow in flows for line in flow]
    left_out = [line for line in lines if id(line) in numbers]
    if left_out:
        message = f"{len(left_out)} page numbers were left out"
        raw = " ".join(line.text for line in left_out[:20])
        found.append(
            Issue(code="page_number", severity="info", message=message, raw=raw, locator=_place(pages, left_out[0]))
        )
    texts: dict[str, list[Line]] = {}
    for line in lines:
        if id(line) in heads:
            texts.setdefault(line.text, []).append(line)
    for text, own in texts.items():
        message = f"a line that stands on {len(own)} pages was left out as a running head"
        found.append(
            Issue(code="running_head", severity="info", message=message, raw=text, locator=_place(pages, own[0]))
        )
    return found


def _split(page: Page, sides: Sequence[float]) -> tuple[list[Line], list[Piece], list[float]]:
    """The running lines and the ruled tables of a page, and the sides of cells that are not drawn.

    `sides` are those of the page before.
    """
    across, down = lattice.joined(page.across), lattice.joined(page.down)
    added = shelves.uprights(across, down, page.glyphs, sides)
    found = lattice.lattices(across, [*down, *added])
    boxes: dict[int, dict[int, list[Glyph]]] = {}
    free: list[Glyph] = []
    order = sorted(range(len(found)), key=lambda i: _area(found[i].box))
    finders = [_Finder(made) for made in found]
    places: dict[int, tuple[int, int]] = {}
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for i in order:
            # Text that overlaps a table's edge belongs to the cell there.
            slot = finders[i].slot(x, y, 0.45 * (glyph.bottom - glyph.top))
            if slot is not None:
                places[id(glyph)] = (i, slot)
                break
    if places:
        _keep_together(page, found, places)
    for glyph in page.glyphs:
        place = places.get(id(glyph))
        if place is None:
            free.append(glyph)
        else:
            boxes.setdefault(place[0], {}).setdefault(place[1], []).append(glyph)
    pieces = []
    loose: list[Line] = []
    for i, made in enumerate(found):
        own = boxes.get(i, {})
        if not own and len(made.xs) < 3:
            continue
        texts = {slot: lines_of(glyphs, page.number) for slot, glyphs in own.items()}
        if len(made.slots) == 1 or (len(made.xs) == 2 and any(_is_prose(lines) for lines in texts.values())):
            loose.extend(line for slot in sorted(texts) for line in texts[slot])
            continue
        if _is_layout(texts):
            for slot, lines in texts.items():
                if len(texts) == 1 or _is_prose(lines):
                    loose.extend(lines)
                else:
                    pieces.append(_alone(page, made.box_of(made.slots[slot]), lines))
            continue
        pieces.append(_piece(page, made, texts))
    flow = sorted([*lines_of(free, page.number), *loose], key=lambda line: (line.top, line.x0))
    return flow, pieces, sorted({line.at for line in added})


def _keep_together(page: Page, found: Sequence[lattice.Lattice], places: dict[int, tuple[int, int]]) -> None:
    """Give words that reach over the side of their cell to the cell in which they mostly stand.

    A closing sign that hangs over the side belongs to what it closes.
    """
    for row in rows_of(glyph for glyph in page.glyphs if glyph.turn == 0):
        row.sort(key=lambda glyph: glyph.x0)
        for at in range(1, len(row)):
            before, glyph = row[at - 1], row[at]
            one, other = places.get(id(before)), places.get(id(glyph))
            if one == other or one is None or abs(glyph.x0 - before.x1) > 0.3 * glyph.size:
                continue
            if glyph.text in CLOSING:
                places[id(glyph)] = one
                continue
            side = _side(found, one, other)
            if not any(g.x0 + 0.15 * g.size < side < g.x1 - 0.15 * g.size for g in (before, glyph)):
                continue
            word = _word_around(row, at)
            x, y = (word[0].x0 + word[-1].x1) / 2, (glyph.top + glyph.bottom) / 2
            middle = min(word, key=lambda g: abs((g.x0 + g.x1) / 2 - x) + abs((g.top + g.bottom) / 2 - y))
            for g in word:
                places[id(g)] = places.get(id(middle), one)


def _side(found: Sequence[lattice.Lattice], one: tuple[int, int], other: tuple[int, int] | None) -> float:
    """The line between two cells side by side: the right side of the first."""
    made = found[one[0]]
    right = made.box_of(made.slots[one[1]])[2]
    if other is not None and other[0] == one[0]:
        return max(right, made.box_of(made.slots[other[1]])[0])
    return right


def _word_around(row: Sequence[Glyph], at: int) -> Sequence[Glyph]:
    """The characters of one kind, figures or others, without gaps around the place `at` of a row."""

    def one_word(left: Glyph, right: Glyph) -> bool:
        same = is_figure(left.text) == is_figure(right.text)
        return same and abs(right.x0 - left.x1) < 0.08 * right.size

    start = end = at
    while start and one_word(row[start - 1], row[start]):
        start -= 1
    while end + 1 < len(row) and one_word(row[end], row[end + 1]):
        end += 1
    return row[start : end + 1]


def _is_prose(lines: Sequence[Line]) -> bool:
    return sum(len(line.text) for line in lines) > PROSE or len(lines) > 4


def _is_layout(texts: dict[int, list[Line]]) -> bool:
    """Whether a table only places an article on the page: one of its cells holds most of the text, as prose."""
    if not texts:
        return False
    main = max(texts.values(), key=lambda lines: sum(len(line.text) for line in lines))
    own = sum(len(line.text) for line in main)
    if len(texts) == 1:
        return _is_prose(main)
    whole = sum(len(line.text) for lines in texts.values() for line in lines)
    return len(main) > 6 and own > LAYOUT and 2 * own > whole


def _alone(page: Page, box: Box, lines: Sequence[Line]) -> Piece:
    """A cell that stands beside an article, as a table of its own."""
    place = page.locator(*box)
    part = Part(0, 0, 1, 1, cell_text(lines, box[2] - box[0]), place, tuple(lines), box=box)
    return Piece(page.number, (box[0], box[2]), 1, [part], box, place)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


class _Finder:
    """Tells the slot of a lattice that a point stands in."""

    def __init__(self, made: lattice.Lattice) -> None:
        self.made = made
        self.owner: dict[tuple[int, int], int] = {}
        for number, slot in enumerate(made.slots):
            for row in range(slot.top, slot.bottom):
                for column in range(slot.left, slot.right):
                    self.owner[row, column] = number

    def slot(self, x: float, y: float, reach: float) -> int | None:
        left, top, right, bottom = self.made.box
        if not (left - 1 <= x <= right + 1 and top - reach <= y <= bottom + reach):
            return None
        row = max(0, min(len(self.made.ys) - 2, _below(self.made.ys, y)))
        column = max(0, min(len(self.made.xs) - 2, _below(self.made.xs, x)))
        return self.owner.get((row, column))


def _below(places: Sequence[float], value: float) -> int:
    return bisect_right(places, value) - 1


def _piece(page: Page, made: lattice.Lattice, texts: dict[int, list[Line]]) -> Piece:
    parts = []
    padding = _padding(made, texts)
    for number, slot in enumerate(made.slots):
        lines = texts.get(number, [])
        box = made.box_of(slot)
        room = box[2] - box[0] - 2 * padding
        full = bool(lines) and room - (lines[-1].x1 - lines[-1].x0) < 1.3 * lines[-1].size
        text, place = cell_text(lines, room), page.locator(*box)
        grid = (slot.top, slot.left, slot.bottom, slot.right)
        parts.append(Part(*grid, text, place, tuple(lines), full, slot.open_top, slot.open_bottom, box))
    ends = (made.ys[1] - made.ys[0], made.ys[-1] - made.ys[-2])
    piece = Piece(page.number, made.xs, len(made.ys) - 1, parts, made.box, page.locator(*made.box), ends=ends)
    image.mark(piece, page)
    return piece


def _padding(made: lattice.Lattice, texts: dict[int, list[Line]]) -> float:
    """The least room that the cells of a table keep between their text and their sides, in points."""
    gaps: list[float] = []
    for number, lines in texts.items():
        left, _, right, _ = made.box_of(made.slots[number])
        gaps.extend(min(line.x0 - left, right - line.x1) for line in lines)
    return max(0.0, min(6.0, *sorted(gaps)[: max(1, len(gaps) // 20)][-1:])) if gaps else 0.0


def _joined(flows: Sequence[Sequence[Line]], pieces: Sequence[Sequence[Piece]], issues: list[Issue]) -> list[Item]:
    """Lines and tables in reading order, tables that go on over a page break as one."""
    items: list[Item] = []
    for flow, own in zip(flows, pieces, strict=True):
        both: list[Item] = [*flow, *own]
        ordered = sorted(both, key=_height)
        last = items[-1] if items else None
        if ordered and isinstance(last, Piece) and isinstance(ordered[0], Piece):
            whole = breaks.join(last, ordered[0])
            if whole is not None:
                issues.extend(_repeated(whole.repeated[len(last.repeated) :]))
                items[-1] = whole
                ordered = ordered[1:]
        # Lines that enclose no text are a table only where they go on from one.
        items.extend(item for item in ordered if isinstance(item, Line) or any(part.text for part in item.parts))
    return items


def _height(item: Item) -> tuple[float, float]:
    return (item.box[1], item.box[0])


def _repeated(parts: Iterable[Part]) -> list[Issue]:
    own = list(parts)
    if not own:
        return []
    text = " | ".join(part.text for part in own if part.text)
    message = "the head of the table stands again behind a page break and was read once"
    return [Issue(code="repeated_header", severity="info", message=message, raw=text[:500], locator=own[0].locator)]


def _explode(piece: Piece) -> list[Line | Table]:
    """A table as blocks: rows of one cell that hold prose or a heading are lines of text between its parts."""
    width = len(piece.xs) - 1
    wide = {part.top: part for part in piece.parts if part.left == 0 and part.right == width and part.height == 1}
    found: list[Line | Table] = []
    start = 0
    for row in range(piece.rows + 1):
        part = wide.get(row)
        if row < piece.rows and not (part is not None and part.lines and _is_running(part)):
            continue
        if row > start:
            table = _table(piece, start, row)
            if table is not None:
                found.append(table)
        if part is not None and row < piece.rows:
            found.extend(part.lines)
        start = row + 1
    return found


def _is_running(part: Part) -> bool:
    if _is_prose(part.lines):
        return True
    serial = strip_serial(part.text)[0]
    return bool(serial) and serial[0] in "一二三四五六七八九十" and len(part.text) > len(serial)


def _table(piece: Piece, start: int, end: int) -> Table | None:
    """Rows of a piece as a table, rows and columns in which no cell begins left out."""
    parts = _without_slivers([part for part in piece.parts if start <= part.top < end])
    if not any(part.text for part in parts):
        return None
    tops = sorted({part.top for part in parts})
    lefts = sorted({part.left for part in parts})
    row_of = {top: i for i, top in enumerate(tops)}
    column_of = {left: i for i, left in enumerate(lefts)}
    cells: list[Cell] = []
    grid = [[-1] * len(lefts) for _ in tops]
    for part in sorted(parts, key=lambda part: (part.top, part.left)):
        row, column = row_of[part.top], column_of[part.left]
        rowspan = sum(part.top <= top < part.bottom for top in tops)
        colspan = sum(part.left <= left < part.right for left in lefts)
        for y in range(row, row + rowspan):
            for x in range(column, column + colspan):
                if grid[y][x] < 0:
                    grid[y][x] = len(cells)
        own = (part.text, part.locator, False, part.confidence, part.readings)
        cells.append(Cell(row, column, rowspan, colspan, *own))
    first = cells[0].locator if start else piece.locator
    return Table(tuple(cells), tuple(map(tuple, grid)), first)


def _without_slivers(parts: list[Part]) -> list[Part]:
    """The same cells without rows in which only blanks begin that belong to the cells over them.

    Where a page ends within a row, browsers draw the sides of its cells at different heights.
    """
    for top in sorted({part.top for part in parts}):
        begun = [part for part in parts if part.top == top]
        if any(part.text for part in begun) or not any(part.top < top < part.bottom for part in parts):
            continue
        if all(part.right - part.left > 1 for part in begun):
            parts = [part for part in parts if part.top != top]
            continue
        over = {part.columns: part for part in parts if part.bottom == top}
        if all(part.columns in over for part in begun):
            grown = {id(over[part.columns]): part.bottom for part in begun}
            parts = [
                replace(part, bottom=grown[id(part)]) if id(part) in grown else part
                for part in parts
                if part.top != top
            ]
    return parts


def _with_paragraphs(
    items: Sequence[Line | Table], pages: Sequence[Page], margins: dict[int, Margins], pitch: float
) -> list[Block]:
    """Blocks in order, runs of lines as paragraphs."""
    by_number = {page.number: page for page in pages}
    blocks: list[Block] = []
    lines: list[Line] = []

    def close() -> None:
        if lines:
            blocks.append(_paragraph(lines, by_number, margins))
            lines.clear()

    for item in items:
        if not isinstance(item, Line):
            close()
            blocks.append(item)
            continue
        if lines and begins_paragraph(item, lines[-1], margins[item.page], margins[lines[-1].page], pitch):
            close()
        lines.append(item)
    close()
    return blocks


def _paragraph(lines: Sequence[Line], pages: dict[int, Page], margins: dict[int, Margins]) -> Paragraph:
    page = pages[lines[0].page]
    own = [line for line in lines if line.page == page.number]
    box = (
        min(line.x0 for line in own),
        min(line.top for line in own),
        max(line.x1 for line in own),
        max(line.bottom for line in own),
    )
    return Paragraph(
        join_lines(lines),
        page.locator(*box),
        bold=all(line.bold for line in lines),
        align=alignment(lines, margins[page.number]),
    )
