"""Shows a document's archived bytes with marks in them: pages, text, PDF, pictures, office files.

What comes out is the body of a page for a sandboxed frame. A document whose bytes are not there, or are not those
that the tables were made of, or cannot be shown, is a ViewError that says so.
"""

from __future__ import annotations

import html
import io
import itertools
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parsers.document import Paragraph, Table
from parsers.errors import GongkaiError, PipelineError
from pipeline.carriers import carried, split
from pipeline.explorer.marks import KINDS, Mark
from pipeline.explorer.pages import safe, sanitized
from pipeline.finder import decoded
from pipeline.originals import Original, Originals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.explorer.store import Store

LARGEST = 64 * 1024**2
"""Bytes of a document that is shown."""

SCALE = 1.6
"""Pixels of a page image for each point of a PDF."""

WIDEST = 2400
"""Pixels that an image is made smaller to."""

MOST = 200
"""Pages of a document that are shown."""

HELD = 4
"""Documents whose bytes are held."""

_LINES = re.compile(r"text:L\d+(?:\[[\d:,]+\])?(?:\+L\d+\[[\d:,]+\])*")
_LINE = re.compile(r"L(\d+)(?:\[([\d:,]+)\])?")
_BOX = re.compile(r"(?:pdf|image):p(\d+)(?:\(([-\d.]+),([-\d.]+),([-\d.]+),([-\d.]+)\))?")
_SPAN = re.compile(r"(\d+):(\d+)")
_PDFIUM = threading.Lock()


class ViewError(PipelineError):
    """A document cannot be shown."""


@dataclass(frozen=True, slots=True)
class View:
    """The body of a frame, and what is to be said about the document beside it."""

    markup: str
    kind: str
    intact: bool = True


class Viewer:
    """Opens and shows documents. `raw` are the folders that hold documents or archives."""

    def __init__(self, store: Store, raw: Sequence[str]) -> None:
        self.store = store
        self.raw = list(raw)
        self._held: OrderedDict[str, Original] = OrderedDict()
        self._lock = threading.Lock()
        self._loose: dict[str, list[str]] | None = None

    def original(self, document_id: str) -> Original:
        """A document's bytes. ViewError when no document of that id stands in the tables, or its bytes are gone."""
        with self._lock:
            if document_id in self._held:
                self._held.move_to_end(document_id)
                return self._held[document_id]
        known = self.store.known(document_id)
        if not known:
            raise ViewError("no document of that id stands in the tables")
        originals = Originals([one for one in known if one.archive], self.raw)
        if any(not one.archive for one in known):
            originals = self._with_loose(originals, known)
        try:
            found = originals.open(document_id)
        except PipelineError as error:
            raise ViewError(str(error)) from error
        if len(found.content) > LARGEST:
            raise ViewError(f"the document has {len(found.content)} bytes, more than are shown")
        with self._lock:
            self._held[document_id] = found
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        return found

    def _with_loose(self, originals: Originals, known: Sequence[Any]) -> Originals:
        """The same with loose files, whose folders are looked through once."""
        if self._loose is None:
            self._loose = Originals([one for one in known if not one.archive], self.raw).loose
        for one in known:
            originals.known.setdefault(one.document_id, [])
            if one not in originals.known[one.document_id]:
                originals.known[one.document_id].append(one)
        originals.loose = self._loose
        return originals

    def show(self, document_id: str, marks: Sequence[Mark], prefix: str, pages: str) -> View:
        """A document with marks. Links lead to addresses under `prefix`, pictures of pages stand under `pages`."""
        original = self.original(document_id)
        media_type = _kind(original)
        try:
            if media_type == "application/pdf":
                return View(_print(original.content, marks, pages), "pdf", original.intact)
            if media_type.startswith("image/"):
                return View(_picture(original.content, marks, pages), "image", original.intact)
            ways = dict.fromkeys(split(mark.locator)[0] for mark in marks)
            if any(ways):
                return View("<hr>".join(_carried(original, marks, ways, prefix)), "html", original.intact)
            if any(mark.locator.startswith("text:") for mark in marks) or media_type == "text/plain":
                return View(_lines(_text(original), marks), "text", original.intact)
            if original.known.encoding or media_type.startswith("text/"):
                return View(safe(_text(original), marks, prefix), "html", original.intact)
            return View(sanitized(_office(original, marks), prefix), "office", original.intact)
        except (GongkaiError, LookupError, ValueError, OSError, RecursionError) as error:
            raise ViewError(f"the document cannot be shown ({error})") from error

    def image(self, document_id: str, page: int) -> bytes:
        """The picture of a page as PNG. ViewError when there is no such page."""
        original = self.original(document_id)
        try:
            media_type = _kind(original)
            if media_type == "application/pdf":
                return _rendered(original.content, page)
            if media_type.startswith("image/"):
                return _frame(original.content, page)
        except (GongkaiError, ValueError, OSError, IndexError, RuntimeError) as error:
            raise ViewError(f"page {page} cannot be shown ({error})") from error
        raise ViewError("the document has no pages to be drawn")


def _kind(original: Original) -> str:
    """The media type of a document: as the tables say, or by its bytes where it could not be read."""
    from parsers.readers import sniff

    said = original.known.media_type or sniff.media_type(original.content)
    return sniff.text_type(_text(original)) if said == sniff.PLAIN and not original.known.media_type else said


def _text(original: Original) -> str:
    known = original.known
    return decoded(original.content, known.encoding, known.encoding_source)


def _carried(original: Original, marks: Sequence[Mark], ways: Iterable[str], prefix: str) -> Iterator[str]:
    """The pages that a document carries, each with its marks; that itself first, where something in it is marked."""
    text = _text(original)
    for way in sorted(ways):
        page = carried(text, original.content, way) if way else text
        own = [mark for mark in marks if split(mark.locator)[0] == way]
        in_lines = any(split(mark.locator)[1].startswith("text:") for mark in own)
        yield _lines(page, own) if in_lines else safe(page, own, prefix)


def _link(mark: Mark, said: str) -> str:
    return f'<a href="{html.escape(mark.href)}" target="_parent" title="{html.escape(mark.says)}">{said}</a>'


def _first(marks: Sequence[Mark]) -> list[Mark]:
    """Marks in the order in which they come first where places are the same, one for each place."""
    found: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda one: KINDS.index(one.kind)):
        found.setdefault(mark.locator, mark)
    return list(found.values())


def _lines(text: str, marks: Sequence[Mark]) -> str:
    """Numbered lines."""
    by_line: dict[int, list[tuple[int, int, Mark]]] = {}
    for mark in _first(marks):
        within = split(mark.locator)[1]
        for place in _LINE.finditer(within) if _LINES.fullmatch(within) else ():
            spans = _SPAN.findall(place[2] or "0:1000000")
            by_line.setdefault(int(place[1]), []).extend((int(a), int(b), mark) for a, b in spans)
    written = []
    named: set[str] = set()
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        here = by_line.get(number, [])
        cuts = sorted({0, len(line), *(min(at, len(line)) for a, b, _ in here for at in (a, b))})
        pieces = []
        for left, right in itertools.pairwise(cuts):
            said = html.escape(line[left:right])
            over = [mark for a, b, mark in here if a <= left and right <= b]
            if over:
                said = _link(over[0], said)
            for mark in over:
                name = "" if mark.anchor in named else f' id="{mark.anchor}"'
                named.add(mark.anchor)
                said = f'<mark class="{mark.kind}"{name}>{said}</mark>'
            pieces.append(said)
        for a, b, mark in here:
            if a >= b and mark.anchor not in named:
                named.add(mark.anchor)
                pieces.append(f'<mark class="{mark.kind}" id="{mark.anchor}">{_link(mark, "▸")}</mark>')
        written.append(f"<li>{''.join(pieces)}</li>")
    return f'<ol class="lines">{"".join(written)}</ol>'


def _overlay(width: float, height: float, image: str, boxes: Sequence[Mark], page: int) -> str:
    """A page's image with boxes over it, in the units of the locators."""
    drawn = f'<image href="{html.escape(image)}" width="{width:g}" height="{height:g}"/>'
    sizes = f'viewBox="0 0 {width:g} {height:g}" role="group" aria-label="{page}"'
    written = [f'<svg class="page" xmlns="http://www.w3.org/2000/svg" {sizes}>{drawn}']
    for mark in boxes:
        place = _BOX.fullmatch(mark.locator)
        if place is None or int(place[1]) != page or place[2] is None:
            continue
        left, top, right, bottom = (float(place[number]) for number in range(2, 6))
        name = f'id="{mark.anchor}" class="{mark.kind}"'
        written.append(
            f'<a href="{html.escape(mark.href)}" target="_parent" aria-label="{html.escape(mark.says)}">'
            f'<title>{html.escape(mark.says)}</title><rect {name} x="{left - 1:g}" y="{top - 1:g}" '
            f'width="{max(right - left, 1) + 2:g}" height="{max(bottom - top, 1) + 2:g}"/></a>'
        )
    return "".join([*written, "</svg>"])


def _print(content: bytes, marks: Sequence[Mark], pages: str) -> str:
    import pypdfium2

    with _PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise ViewError(f"the PDF cannot be opened ({error})") from error
        try:
            sizes = [pdf[number].get_size() for number in range(min(len(pdf), MOST))]
        finally:
            pdf.close()
    boxes = _first(marks)
    return "".join(
        _overlay(width, height, f"{pages}/{page}.png", boxes, page) for page, (width, height) in enumerate(sizes, 1)
    )


def _rendered(content: bytes, page: int) -> bytes:
    import pypdfium2

    with _PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(content)
            try:
                if not 1 <= page <= len(pdf):
                    raise ViewError(f"there is no page {page}")
                one = pdf[page - 1]
                scale = min(SCALE, WIDEST / max(*one.get_size(), 1))
                image = one.render(scale=scale).to_pil()
            finally:
                pdf.close()
        except pypdfium2.PdfiumError as error:
            raise ViewError(f"page {page} cannot be drawn ({error})") from error
    return _png(image)


def _opened(content: bytes) -> Any:
    from PIL import Image

    try:
        return Image.open(io.BytesIO(content))
    except (Image.DecompressionBombError, OSError) as error:
        raise ViewError(str(error)) from error


def _picture(content: bytes, marks: Sequence[Mark], pages: str) -> str:
    image = _opened(content)
    width, height = image.size
    count = min(getattr(image, "n_frames", 1), MOST)
    boxes = _first(marks)
    return "".join(_overlay(width, height, f"{pages}/{number}.png", boxes, number) for number in range(1, count + 1))


def _frame(content: bytes, page: int) -> bytes:
    image = _opened(content)
    if not 1 <= page <= getattr(image, "n_frames", 1):
        raise ViewError(f"there is no page {page}")
    image.seek(page - 1)
    image = image.convert("RGB")
    image.thumbnail((WIDEST, WIDEST * 4))
    return _png(image)


def _png(image: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _office(original: Original, marks: Sequence[Mark]) -> str:
    """An office file as the reader reads it: paragraphs and tables."""
    from parsers.readers import read

    document = read(original.content, name=original.known.source)
    by_locator: dict[str, list[Mark]] = {}
    for mark in marks:
        by_locator.setdefault(_bare(mark.locator), []).append(mark)

    def marked(text: str, locator: str) -> str:
        said = html.escape(text).replace("\n", "<br>")
        here = sorted(by_locator.get(_bare(locator), []), key=lambda one: KINDS.index(one.kind))
        if here:
            said = _link(here[0], said if text.strip() else "▸")
        for mark in here:
            said = f'<mark class="{mark.kind}" id="{mark.anchor}">{said}</mark>'
        return said

    written = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            tag = f"h{block.level}" if 1 <= block.level <= 6 else "p"
            written.append(f"<{tag}>{marked(block.text, block.locator)}</{tag}>")
        elif isinstance(block, Table):
            written.append('<table border="1">')
            row = -1
            for cell in block.cells:
                if cell.row != row:
                    written.append("</tr>" * (row >= 0) + "<tr>")
                    row = cell.row
                spans = f' rowspan="{cell.rowspan}" colspan="{cell.colspan}"'
                written.append(f"<td{spans}>{marked(cell.text, cell.locator)}</td>")
            written.append("</tr></table>")
    return "".join(written)


def _bare(locator: str) -> str:
    """A locator without spans."""
    return re.sub(r"\[[\d:,]+\]$", "", locator)
