"""The reader of RTF files (Rich Text Format 1.9.1).

Locators: `docx:p12` is the 12th paragraph, counted at its end mark (`\\par`, or the end of a cell or of
the text), `docx:t2r5c3` the 3rd cell of the 5th row of the 2nd table, rows counted by `\\row` and
`\\nestrow`. Rows with no paragraph between them are one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from parsers.document import Document
from parsers.errors import BrokenDocumentError, LimitError
from parsers.frozen import frozen
from parsers.readers import merging
from parsers.readers.merging import Stored, clustered, nearest
from parsers.readers.story import Run, Story, cell_text, is_layout, shown

MAX_BYTES = 256_000_000
MAX_DEPTH = 1000
MAX_ROWS = 100_000
MAX_NESTED = 24
NEAR = 40
"""Edges of columns nearer than this, in twentieths of a point, are one."""

MEDIA_TYPE = "application/rtf"

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\\Z",
    re.DOTALL,
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf "
    b"footnote annotation fldinst listtable listoverridetable rsidtbl themedata colorschememapping datastore "
    b"latentstyles xmlnstbl generator filetbl revtbl bkmkstart bkmkend nonesttables shpinst pn pntext "
    b"mmathPr wgrffmtfilter template atnid atnauthor atrfstart atrfend pgdsctbl".split()
)
_SHOWN = frozenset((b"shptxt", b"nesttableprops", b"listtext", b"dptxbxtext"))
"""Destinations behind `\\*` whose text is shown."""

_CHARS = {
    b"tab": " ", b"line": "\n", b"page": "\n", b"column": "\n",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"emspace": "\u2003", b"enspace": "\u2002", b"cell": "", b"softline": "",
}  # fmt: skip
_CHARSETS = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 204: "cp1251", 161: "cp1253", 238: "cp1250"}
_PAGES = {936: "gb18030", 54936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8"}


@frozen
class _Look:
    """The state that a group inherits and that ends with it."""

    skip: bool = False
    fonts: bool = False
    hidden: bool = False
    struck: bool = False
    deleted: bool = False
    raised: bool = False
    bold: bool = False
    font: int = -1
    after: int = 1
    into: str = ""

    @property
    def gone(self) -> str:
        for name in ("deleted", "hidden", "struck", "raised"):
            if getattr(self, name):
                return name
        return ""


@dataclass(slots=True)
class _Row:
    """A row's definition: right edges of its cells with their merges."""

    left: int = 0
    edges: list[int] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    header: bool = False
    next_down: str = ""
    next_beside: str = ""


_Content = list[Any]
"""What stands in a cell: texts of paragraphs, and rows of nested tables."""

_Rows = list[tuple[_Row, list[_Content]]]


@dataclass(slots=True)
class _Nesting:
    """A table that is open: the cell, the row and the rows gathered so far."""

    cell: _Content = field(default_factory=list)
    cells: list[_Content] = field(default_factory=list)
    rows: _Rows = field(default_factory=list)


def read(content: bytes) -> Document:
    """Read an RTF file. Raises BrokenDocumentError or LimitError."""
    if len(content) > MAX_BYTES:
        raise LimitError(f"the file is larger than {MAX_BYTES} bytes", reading="an RTF file")
    reader = _Reader()
    reader.read(content[max(0, content.find(b"{\\rtf")) :])
    if not reader.story.blocks and not reader.inked:
        raise BrokenDocumentError("the file holds no text", reading="an RTF file")
    meta = tuple(reader.meta)
    title = next((value for name, value in meta if name == "title"), "")
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(reader.story.blocks),
        meta=meta,
        title=title,
        issues=tuple(reader.story.issues),
    )


class _Reader:
    """Walks the tokens once. One instance reads one file."""

    def __init__(self) -> None:
        self.story = Story()
        self.meta: list[tuple[str, str]] = []
        self.page = "cp1252"
        self.fonts: dict[int, str] = {}
        self.bytes = bytearray()
        self.byte_look = _Look()
        self.runs: list[Run] = []
        self.paragraphs = 0
        self.tables = 0
        self.level = 0
        self.align = ""
        self.in_table = False
        self.row = _Row()
        self.depth = 1
        self.levels = [_Nesting()]
        self.inked = False
        self.high = 0

    def read(self, content: bytes) -> None:
        look = _Look()
        stack: list[_Look] = []
        pending = 0
        starred = False
        begun = False
        for match in _tokens(content):
            word, number, code, symbol, brace, text = match.groups()
            if brace == b"{":
                self.flush()
                stack.append(look)
                begun, starred, pending = True, False, 0
                if len(stack) > MAX_DEPTH:
                    raise LimitError(f"groups nested deeper than {MAX_DEPTH}", reading="an RTF file")
                continue
            if brace == b"}":
                self.flush()
                if not stack:
                    break
                if look.into:
                    self.close_into(look.into)
                look = stack.pop()
                pending = 0
                continue
            if symbol == b"*":
                starred = begun
                continue
            if word is not None:
                value = int(number) if number is not None else None
                if begun:
                    begun = False
                    opened = self.open(word, starred, look)
                    if opened is not None:
                        look = opened
                        continue
                    starred = False
                if word == b"u" and value is not None:
                    self.unicode(value, look)
                    pending = look.after
                    continue
                self.flush()
                pending = 0
                look = self.control(word, value, look)
                continue
            begun = False
            if code is not None:
                if pending:
                    pending -= 1
                else:
                    self.add_bytes(bytes([int(code, 16)]), look)
            elif symbol is not None:
                if pending and symbol not in (b"\r", b"\n"):
                    pending -= 1
                    continue
                self.flush()
                if symbol == b"~":
                    self.add("\u00a0", look)
                elif symbol == b"_":
                    self.add("-", look)
                elif symbol in (b"\\", b"{", b"}"):
                    self.add(symbol.decode("ascii"), look)
                elif symbol in (b"\r", b"\n"):
                    self.end_paragraph()
            elif text is not None:
                cut = min(pending, len(text))
                pending -= cut
                self.add_bytes(text[cut:], look)
        self.flush()
        if any(run.text.strip() for run in self.runs):
            self.end_paragraph()
        for depth in range(len(self.levels), 0, -1):
            if any(text for cell in self.levels[depth - 1].cells for text in cell):
                self.end_row(depth)
        self.end_table()

    def open(self, word: bytes, starred: bool, look: _Look) -> _Look | None:
        """The look of a group that a destination opens, None when the word opens none."""
        if word == b"fonttbl":
            return replace(look, skip=True, fonts=True)
        if word in (b"title", b"author", b"subject", b"keywords") and look.skip:
            return replace(look, into=word.decode("ascii"))
        if word == b"info":
            return replace(look, skip=True)
        if word in _SKIPPED or (starred and word not in _SHOWN):
            return replace(look, skip=True)
        return None

    def control(self, word: bytes, value: int | None, look: _Look) -> _Look:
        on = value != 0
        if word == b"ansicpg":
            self.page = _PAGES.get(value or 0, f"cp{value}" if value in (1250, 1251, 1252, 1253) else "cp1252")
        elif word == b"uc":
            return replace(look, after=max(0, value or 0))
        elif word == b"f" and value is not None:
            return replace(look, font=value)
        elif word == b"fcharset" and look.fonts:
            if (value or 0) in _CHARSETS:
                self.fonts[look.font] = _CHARSETS[value or 0]
        elif look.skip:
            return look
        elif word == b"plain":
            return replace(look, hidden=False, struck=False, deleted=False, raised=False, bold=False)
        elif word == b"v":
            return replace(look, hidden=on)
        elif word in (b"strike", b"striked"):
            return replace(look, struck=on)
        elif word == b"deleted":
            return replace(look, deleted=on)
        elif word == b"super":
            return replace(look, raised=on)
        elif word == b"nosupersub":
            return replace(look, raised=False)
        elif word == b"b":
            return replace(look, bold=on)
        elif word in (b"par", b"sect"):
            self.end_paragraph()
        elif word == b"pard":
            self.level, self.align, self.in_table, self.depth = 0, "", False, 1
        elif word == b"intbl":
            self.in_table = True
        elif word == b"itap":
            self.depth = min(MAX_NESTED, max(1, value or 0))
            self.in_table = bool(value)
        elif word == b"outlinelevel":
            self.level = (value or 0) + 1 if 0 <= (value or 0) < 6 else 0
        elif word in (b"qc", b"qr", b"ql", b"qj"):
            self.align = {b"qc": "center", b"qr": "right"}.get(word, "")
        elif word in (b"cell", b"nestcell"):
            self.end_cell(self.depth if word == b"nestcell" else 1)
        elif word in (b"row", b"nestrow"):
            self.end_row(self.depth if word == b"nestrow" else 1)
        elif word in (b"trowd", b"trleft", b"trhdr") or word.startswith((b"cl", b"cellx")):
            self.define(word, value)
        elif word in _CHARS:
            self.add(_CHARS[word], look)
        return look

    def define(self, word: bytes, value: int | None) -> None:
        row = self.row
        if word == b"trowd":
            self.row = _Row()
        elif word == b"trleft":
            row.left = value or 0
        elif word == b"trhdr":
            row.header = True
        elif word in (b"clvmgf", b"clvmrg"):
            row.next_down = "goes on" if word == b"clvmrg" else "begins"
        elif word in (b"clmgf", b"clmrg"):
            row.next_beside = "goes on" if word == b"clmrg" else "begins"
        elif word == b"cellx":
            row.edges.append(value or 0)
            row.down.append(row.next_down)
            row.beside.append(row.next_beside)
            row.next_down = row.next_beside = ""

    def unicode(self, value: int, look: _Look) -> None:
        self.flush()
        code = value + 65536 if value < 0 else value
        if 0xD800 <= code < 0xDC00:
            self.high = code
            return
        if 0xDC00 <= code < 0xE000:
            if self.high:
                self.add(chr(0x10000 + ((self.high - 0xD800) << 10) + code - 0xDC00), look)
            self.high = 0
            return
        self.high = 0
        if 0 < code <= 0x10FFFF:
            self.add(chr(code), look)

    def add_bytes(self, data: bytes, look: _Look) -> None:
        if self.bytes and look is not self.byte_look:
            self.flush()
        self.byte_look = look
        self.bytes += data

    def flush(self) -> None:
        if self.bytes:
            data, look = bytes(self.bytes), self.byte_look
            self.bytes.clear()
            encoding = self.fonts.get(look.font, self.page)
            if encoding == "cp1252" and self.page != "cp1252":
                encoding = self.page
            self.add(data.decode(encoding, "replace"), look)

    def add(self, text: str, look: _Look) -> None:
        if look.into:
            self.runs.append(Run(text, gone="into"))
        elif not look.skip:
            self.inked = self.inked or bool(text.strip())
            self.runs.append(Run(text, look.bold, look.gone))

    def close_into(self, name: str) -> None:
        text = "".join(run.text for run in self.runs if run.gone == "into").strip()
        self.runs = [run for run in self.runs if run.gone != "into"]
        if text:
            self.meta.append((name, text))

    def end_paragraph(self) -> None:
        self.paragraphs += 1
        locator = f"docx:p{self.paragraphs}"
        if self.in_table:
            text, _ = self.story.text(self.runs, locator)
            if text:
                self.nesting(self.depth).cell.append(text)
        else:
            if any(run.text.strip() for run in self.runs):
                self.end_table()
            self.story.paragraph(self.runs, locator, level=self.level, align=self.align)
        self.runs = []

    def nesting(self, depth: int) -> _Nesting:
        """The open table at a depth. Deeper ones are closed and stand in its cell."""
        while len(self.levels) < depth:
            self.levels.append(_Nesting())
        while len(self.levels) > depth:
            rows = self.levels.pop().rows
            if rows:
                self.levels[-1].cell.append(rows)
        return self.levels[depth - 1]

    def end_cell(self, depth: int) -> None:
        self.in_table, self.depth = True, depth
        self.end_paragraph()
        own = self.nesting(depth)
        own.cells.append(own.cell)
        own.cell = []

    def end_row(self, depth: int) -> None:
        own = self.nesting(depth)
        own.rows.append((self.row, own.cells))
        self.row = _Row(self.row.left, list(self.row.edges), list(self.row.down), list(self.row.beside))
        own.cells = []
        if len(own.rows) > MAX_ROWS:
            raise LimitError(f"a table of more than {MAX_ROWS} rows", reading="an RTF file")

    def end_table(self) -> None:
        own = self.nesting(1)
        rows, own.rows = own.rows, []
        if rows:
            self.table(rows)

    def table(self, rows: _Rows) -> None:
        """A table, or its contents where it only arranges them."""
        self.tables += 1
        ordinal = self.tables
        every = [cell for _, cells in rows for cell in cells]
        nested = [item for cell in every for item in cell if not isinstance(item, str)]
        if is_layout([_words(cell) for cell in every], len(nested)):
            for number, (_, cells) in enumerate(rows, 1):
                for column, cell in enumerate(cells, 1):
                    for item in cell:
                        if isinstance(item, str):
                            self.story.paragraph([Run(item)], f"docx:t{ordinal}r{number}c{column}")
                        else:
                            self.table(item)
            return
        places = clustered([edge for row, cells in rows for edge in _edges(row, len(cells))], NEAR)
        stored = [
            list(_cells(row, [_words(cell) for cell in cells], places, f"docx:t{ordinal}r{number}"))
            for number, (row, cells) in enumerate(rows, 1)
        ]
        made, covered = merging.table(stored, f"docx:t{ordinal}")
        if made is not None and shown(made):
            self.story.blocks.append(made)
        for left in covered:
            self.story.remark(
                "hidden_text", "text of a cell that a merged cell covers is left out", left.text, left.locator
            )
        for item in nested:
            self.table(item)


def _words(cell: _Content) -> str:
    return cell_text(item for item in cell if isinstance(item, str))


def _tokens(content: bytes) -> Iterator[re.Match[bytes]]:
    """The tokens of a file; raw bytes behind `\\bin`, which may hold anything, are passed over."""
    at = 0
    while match := _TOKEN.match(content, at):
        at = match.end()
        if match[1] == b"bin":
            at += max(0, int(match[2] or b"0"))
        yield match


def _edges(row: _Row, count: int) -> list[int]:
    edges = [row.left]
    for i in range(count):
        edge = row.edges[i] if i < len(row.edges) else edges[-1] + 1000
        edges.append(max(edge, edges[-1] + NEAR + 1))
    return edges


def _cells(row: _Row, texts: list[str], places: list[int], locator: str) -> Iterator[Stored]:
    edges = _edges(row, len(texts))
    open_cell: Stored | None = None
    for i, text in enumerate(texts):
        start, end = nearest(places, edges[i]), nearest(places, edges[i + 1])
        if i < len(row.beside) and row.beside[i] == "goes on" and open_cell is not None:
            open_cell = replace(open_cell, end=end)
            continue
        if open_cell is not None:
            yield open_cell
        goes_on = i < len(row.down) and row.down[i] == "goes on"
        open_cell = Stored(start, max(end, start + 1), text, f"{locator}c{i + 1}", goes_on, row.header)
    if open_cell is not None:
        yield open_cell
