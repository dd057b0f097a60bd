"""Finds the text that a locator names in a document's bytes, without any code of `parsers`.

This is the second path from a published number back to its bytes: the standard library's HTML tokenizer,
zip and XML readers, and pdfminer instead of the parser's libraries; older office files go through LibreOffice where
it is installed. The grammar of locators is that of `parsers/document.py`. Text that is drawn, not spelt (`image:`),
cannot be found this way.
"""

from __future__ import annotations

import functools
import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from pipeline import carriers, office
from pipeline.rereading import squeezed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pdfminer.layout import LTPage

    from pipeline.originals import Original

_PART = re.compile(r"([A-Za-z][\w:.-]*)#(\d+)(?:\[([\d:,]+)\])?")
_LINES = re.compile(r"text:L\d+(?:\[[\d:,]+\])?(?:\+L\d+\[[\d:,]+\])*")
_LINE = re.compile(r"L(\d+)(?:\[([\d:,]+)\])?")
_BOX = re.compile(r"(pdf|image):p(\d+)(?:\(([-\d.]+),([-\d.]+),([-\d.]+),([-\d.]+)\))?")
_WORD = re.compile(r"docx:(?:t(\d+)r(\d+)c(\d+)|p(\d+))(?:\[([\d:,]+)\])?")
_SHEET = re.compile(r"xlsx:(.*)!([A-Z]+)(\d+)", re.DOTALL)

_MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\0\0",
          "utf-32-be": b"\0\0\xfe\xff", "gb18030": b"\x841\x953"}  # fmt: skip
_SILENT = ("script", "style", "iframe", "noembed", "noframes")
_RAW = ("iframe", "noembed", "noframes", "xmp")
_RCDATA = ("title", "textarea")

WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class LocatorError(LookupError):
    """A locator that names no place in the document, or is of a kind that cannot be found by this path."""


class PictureError(LocatorError):
    """A place in a picture, whose text is not in the bytes: only text recognition could read it again."""


def decoded(content: bytes, encoding: str, encoding_source: str = "") -> str:
    """The text of a page or text file in the encoding that `documents` records for it.

    LookupError when there is no such encoding. Bytes that are no characters become U+FFFD.
    """
    mark = _MARKS.get(encoding, b"")
    if encoding_source == "bom" and mark and content.startswith(mark):
        content = content[len(mark) :]
    text = content.decode("big5hkscs" if encoding == "big5" else encoding or "utf-8", "replace")
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def encoding_doubt(content: bytes, encoding: str, encoding_source: str) -> str:
    """Why the recorded encoding cannot be right, in words; empty when nothing speaks against it."""
    if encoding_source == "bom":
        return "" if content.startswith(_MARKS.get(encoding, b"\0\0\0\0\0")) else f"there is no mark of {encoding}"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if encoding in ("gb18030", "big5") and len(re.findall("[\u4e00-\u9fff]", text)) > 40:
        return f"the bytes are UTF-8, recorded is {encoding}"
    try:
        text = decoded(content, encoding, encoding_source)
    except LookupError:
        return f"there is no encoding {encoding}"
    if encoding_source != "replaced" and text.count("\ufffd") * 20 > len(text):
        return f"one character in twenty is none in {encoding}"
    return ""


@dataclass
class Index(HTMLParser):
    """The text of a page, where each start tag stands in it, and the values of input elements."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    starts: dict[str, list[int]] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)
    open: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.open:
            self.handle_data(self.get_starttag_text() or "")
            return
        self.starts.setdefault("td" if tag == "th" else tag, []).append(self.length)
        if tag == "input":
            self.values.append(dict(reversed(attrs)).get("value") or "")
        if tag in _RCDATA or tag in _SILENT:
            self.open = tag
        if tag in _RAW:
            self.set_cdata_mode(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML knows no empty-element tags: `<td/>` opens a cell.
        self.handle_starttag(tag, attrs)
        if tag in _RAW or tag in ("script", "style"):
            self.set_cdata_mode(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag != self.open:
            self.handle_data(f"</{tag}>")
        else:
            self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open not in _SILENT:
            self.pieces.append(data)
            self.length += len(data)


class Page:
    """A page or text file, decoded, with the places of its tags."""

    def __init__(self, text: str, content: bytes = b"") -> None:
        self.lines = re.split("\r\n|\r|\n", text)
        self.source = text
        self.content = content
        self.within: dict[str, Page] = {}
        self._everything: tuple[int, str] | None = None
        self.index: Index | None = None
        self.text = ""

    def _tags(self) -> Index:
        if self.index is None:
            self.index = Index()
            try:
                self.index.feed(self.source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
                self.index.close()
            except (AssertionError, ValueError) as error:  # a declaration that is none, a reference of many digits
                self.index = None
                raise LocatorError(f"the page cannot be taken apart this way ({error})") from error
            self.text = "".join(self.index.pieces)
        return self.index

    @property
    def everything(self) -> str:
        """All text of the page without white space, then its source without white space, for what attributes hold.

        So too for the pages carried in it, as far as they were opened.
        """
        if not self._everything or self._everything[0] != len(self.within):
            pages = (page.everything for page in self.within.values())
            self._everything = (len(self.within), "\n".join((self._own, *pages)))
        return self._everything[1]

    @functools.cached_property
    def _own(self) -> str:
        self._tags()
        return f"{squeezed(self.text)}\n{squeezed(carriers.spelt(html.unescape(self.source)))}"

    def carried(self, way: str) -> Page:
        """A page that is carried in this one. LocatorError when there is none at the end of the way."""
        if way not in self.within:
            try:
                self.within[way] = Page(carriers.carried(self.source, self.content, way))
            except carriers.CarrierError as error:
                raise LocatorError(str(error)) from error
        return self.within[way]

    def find(self, locator: str) -> str:
        way, place = carriers.split(locator)
        if way:
            return self.carried(way).find(place)
        if _LINES.fullmatch(locator):
            return "".join(self._line(int(line[1]), line[2]) for line in _LINE.finditer(locator))
        if not locator.startswith("html:"):
            raise LocatorError(f"{locator} is no place in a page")
        return "".join(self._part(part) for part in locator.removeprefix("html:").split("+"))

    def _line(self, number: int, spans: str | None) -> str:
        if not 1 <= number <= len(self.lines):
            raise LocatorError(f"there is no line {number}")
        return _cut(self.lines[number - 1], spans)

    def _part(self, part: str) -> str:
        place = _PART.fullmatch(part)
        if place is None:
            raise LocatorError(f"{part} is no locator")
        tags = self._tags()
        name, ordinal, spans = place[1], int(place[2]), place[3]
        if name == "html" and ordinal == 0:
            return _cut(self.text, spans) if spans else ""
        starts = tags.starts.get(name, [])
        if not 1 <= ordinal <= len(starts):
            raise LocatorError(f"there is no {name} {ordinal}")
        if name == "input" and not spans:
            return tags.values[ordinal - 1]
        return _cut(self.text[starts[ordinal - 1] :], spans) if spans else ""

    def following(self, locator: str, count: int) -> list[str]:
        """The text of that many cells, or lines, behind the one that a locator names, in the order of the source."""
        way, place_within = carriers.split(locator)
        if way:
            return self.carried(way).following(place_within, count)
        if _LINES.fullmatch(locator):
            line = [*_LINE.finditer(locator)][-1]
            number = int(line[1])
            end = int(line[2].split(":")[-1]) if line[2] else None
            rest = self.lines[number - 1][end:] if end is not None else ""
            return [rest, *[text for text in self.lines[number : number + 4 * count] if text.strip()][:count]]
        place = _PART.fullmatch(locator.removeprefix("html:"))
        if place is None or place[1] != "td":
            return []
        starts = self._tags().starts.get("td", [])
        last = int(place[2])
        found = []
        for at in range(last, min(last + count, len(starts))):
            end = starts[at + 1] if at + 1 < len(starts) else len(self.text)
            found.append(self.text[starts[at] : end])
        return found


class Word:
    """A Word file by its XML. Paragraphs, tables and rows are counted from 1 in the order of the file.

    A cell is named by the column of the grid that it begins in or, with `stored`, by its place in its row: so count
    the locators of older formats, which know no grid.
    """

    def __init__(self, content: bytes, *, stored: bool = False) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            text = files.read("word/document.xml").replace(STRICT, WORDS[1:-1].encode())
        root = ElementTree.fromstring(text)
        self.stored = stored
        self.tables = list(root.iter(f"{WORDS}tbl"))
        body = root.find(f"{WORDS}body")
        self.paragraphs = list((body if body is not None else root).iter(f"{WORDS}p"))

    def find(self, locator: str) -> str:
        place = _WORD.fullmatch(locator)
        if place is None:
            raise LocatorError(f"{locator} is no place in a Word file")
        try:
            if place[4]:
                node = self.paragraphs[int(place[4]) - 1]
            else:
                node = self._cell(self.tables[int(place[1]) - 1], int(place[2]), int(place[3]))
        except IndexError:
            raise LocatorError(f"{locator} names no place") from None
        return _cut(_word_text(node), place[5])

    def _cell(self, table: Any, row: int, column: int) -> Any:
        line = table.findall(f"{WORDS}tr")[row - 1]
        if self.stored:
            return line.findall(f"{WORDS}tc")[column - 1]
        at = 1
        before = line.find(f"{WORDS}trPr/{WORDS}gridBefore")
        if before is not None:
            at += _whole(before.get(f"{WORDS}val", "0"), 0)
        for cell in line.findall(f"{WORDS}tc"):
            span = cell.find(f"{WORDS}tcPr/{WORDS}gridSpan")
            width = _whole(span.get(f"{WORDS}val", "1"), 1) if span is not None else 1
            if at <= column < at + width:
                return cell
            at += width
        raise IndexError(column)


def _whole(text: str, otherwise: int) -> int:
    """A whole number from an attribute that may hold anything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _word_text(node: Any) -> str:
    return "".join(part.text or "" for part in node.iter(f"{WORDS}t"))


DAMAGE = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, IndexError, ValueError, EOFError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
"""What the libraries say of a damaged archive or of what it holds."""


class Sheets:
    """A workbook by its XML: the text of a cell as stored, numbers as their digits."""

    def __init__(self, content: bytes) -> None:
        self.files = zipfile.ZipFile(io.BytesIO(content))
        self.shared: list[str] = []
        if "xl/sharedStrings.xml" in self.files.namelist():
            root = ElementTree.fromstring(self.files.read("xl/sharedStrings.xml"))
            self.shared = ["".join(t.text or "" for t in item.iter(f"{CELLS}t")) for item in root]
        links = ElementTree.fromstring(self.files.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        book = ElementTree.fromstring(self.files.read("xl/workbook.xml"))
        self.sheets = {
            sheet.get("name", ""): targets.get(sheet.get(f"{RELATED}id"), "") for sheet in book.iter(f"{CELLS}sheet")
        }
        self.cells: dict[str, dict[str, str]] = {}

    def find(self, locator: str) -> str:
        place = _SHEET.fullmatch(locator)
        if place is None or place[1] not in self.sheets:
            raise LocatorError(f"{locator} is no place in this workbook")
        if place[1] not in self.cells:
            target = self.sheets[place[1]].lstrip("/")
            name = target if target.startswith("xl/") else f"xl/{target}"
            try:
                root = ElementTree.fromstring(self.files.read(name))
                self.cells[place[1]] = {cell.get("r", ""): self._text(cell) for cell in root.iter(f"{CELLS}c")}
            except DAMAGE as error:
                raise LocatorError(f"the sheet cannot be opened ({error})") from error
        return self.cells[place[1]].get(f"{place[2]}{place[3]}", "")

    def _text(self, cell: Any) -> str:
        value = cell.findtext(f"{CELLS}v") or ""
        formula = cell.findtext(f"{CELLS}f")
        if not value and formula and cell.find(f"{CELLS}is") is None:
            return f"={formula}"
        if cell.get("t") == "s":
            return self.shared[int(value)]
        if cell.get("t") == "inlineStr":
            return "".join(part.text or "" for part in cell.iter(f"{CELLS}t"))
        return value


class Print:
    """A PDF by pdfminer: the characters whose middle lies in a box, from top to bottom and left to right."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        # A text instead of characters says why a page cannot be read: it is not tried again.
        self.pages: dict[int, list[tuple[float, float, float, float, str]] | str] = {}

    def find(self, locator: str) -> str:
        place = _BOX.fullmatch(locator)
        if place is None or place[1] != "pdf":
            raise LocatorError(f"{locator} is no place in a PDF")
        characters = self._page(int(place[2]))
        if not characters:
            raise PictureError(f"page {place[2]} is a picture: it cannot be read again without text recognition")
        if place[3] is None:
            return "".join(one[4] for one in characters)
        left, top, right, bottom = (float(place[number]) for number in range(3, 7))
        within = [
            one
            for one in characters
            if left - 0.5 <= (one[0] + one[2]) / 2 <= right + 0.5 and top - 0.5 <= (one[1] + one[3]) / 2 <= bottom + 0.5
        ]
        return "".join(_reading_order(within))

    def following(self, locator: str) -> str:
        """All text of the page behind that of a locator; "" behind the last one."""
        place = _BOX.fullmatch(locator)
        try:
            return "".join(one[4] for one in self._page(int(place[2]) + 1)) if place is not None else ""
        except LocatorError:
            return ""

    def _page(self, number: int) -> list[tuple[float, float, float, float, str]]:
        if number not in self.pages:
            try:
                self.pages[number] = _characters(self.content, number)
            except LocatorError as error:
                self.pages[number] = str(error)
        found = self.pages[number]
        if isinstance(found, str):
            raise LocatorError(found)
        return found


def drawn(content: bytes, number: int = 0) -> Iterator[LTPage]:
    """The pages of a PDF as pdfminer draws them, or one of them. It looks for no lines and columns: where characters
    are is all that is asked, and on an odd page that search takes minutes."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(content), {number - 1} if number else None):
        interpreter.process_page(page)
        yield device.get_result()


def _characters(content: bytes, number: int) -> list[tuple[float, float, float, float, str]]:
    """The characters of a page as (left, top, right, bottom, text), in points from the top left corner."""
    from pdfminer.layout import LTChar, LTContainer

    found: list[tuple[float, float, float, float, str]] = []

    def walk(node: Any, width: float, height: float) -> None:
        if isinstance(node, LTChar):
            found.append((node.x0, height - node.y1, node.x1, height - node.y0, node.get_text()))
        elif isinstance(node, LTContainer):
            for child in node:
                walk(child, width, height)

    try:
        for page in drawn(content, number):
            walk(page, page.width, page.height)
            return found
    except Exception as error:  # pdfminer promises nothing about what it raises on a damaged file
        raise LocatorError(f"pdfminer cannot read page {number} ({type(error).__name__}: {error})") from error
    raise LocatorError(f"there is no page {number}")


def _reading_order(characters: Sequence[tuple[float, float, float, float, str]]) -> list[str]:
    """Characters by line, a line being those whose middles lie within each other's height."""
    lines: list[tuple[float, float, list[tuple[float, str]]]] = []
    for left, top, _, bottom, text in sorted(characters, key=lambda one: ((one[1] + one[3]) / 2, one[0])):
        middle = (top + bottom) / 2
        if lines and lines[-1][0] <= middle <= lines[-1][1]:
            lines[-1][2].append((left, text))
        else:
            lines.append((top, bottom, [(left, text)]))
    return [text for _, _, line in lines for _, text in sorted(line, key=lambda one: one[0])]


Found = Page | Word | Sheets | Print

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NEWER = {
    "application/msword": ("docx", "stored"),
    "application/rtf": ("docx", "stored"),
    "application/vnd.ms-excel": ("xlsx", XLSX),
}
"""Older formats of office programs, and what they are made into."""

_OLDER = {"application/msword": "doc", "application/rtf": "rtf", "application/vnd.ms-excel": "xls"}


def converted(content: bytes, media_type: str, ending: str) -> bytes:
    """An older office file as a newer one, by LibreOffice. LocatorError where it is not installed, or makes none."""
    try:
        return office.converted(content, _OLDER.get(media_type, "document"), ending)
    except office.OfficeError as error:
        raise LocatorError(f"there is no second path into this format: {error}") from error


def opened(original: Original) -> Found:
    """A document ready for finding places in it. LocatorError for formats that have no second path."""
    known = original.known
    content = original.content
    media_type = known.media_type
    if media_type in _NEWER:
        ending, newer = _NEWER[media_type]
        content, media_type = converted(content, media_type, ending), newer
    by_type: dict[str, Callable[[bytes], Found]] = {
        "application/pdf": Print,
        DOCX: Word,
        "stored": functools.partial(Word, stored=True),
        XLSX: Sheets,
    }
    if media_type in by_type:
        try:
            return by_type[media_type](content)
        except DAMAGE as error:
            raise LocatorError(f"the file cannot be opened ({error})") from error
    if known.media_type.startswith("image/"):
        raise PictureError("the document is a picture: it cannot be read again without text recognition")
    if not known.encoding and known.media_type and not known.media_type.startswith("text/"):
        raise LocatorError(f"there is no second path into {known.media_type}")
    return Page(decoded(original.content, known.encoding, known.encoding_source), original.content)


def _cut(text: str, spans: str | None) -> str:
    if spans is None:
        return text
    pieces = []
    for span in spans.split(","):
        start, stop = map(int, span.split(":"))
        if not 0 <= start <= stop <= len(text):
            raise LocatorError(f"span {span} leaves the text")
        pieces.append(text[start:stop])
    return "".join(pieces)
