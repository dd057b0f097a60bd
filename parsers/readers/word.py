"""The reader of .docx files (ECMA-376, WordprocessingML), by their XML.

Locators: `docx:p12` is the 12th `w:p` of `word/document.xml` in document order, those within tables
counted; `docx:t2r5c3` the cell that begins in the 3rd column (spans counted, `w:gridBefore` too) of the
5th `w:tr` of the 2nd `w:tbl`, tables counted where they begin, nested ones too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from parsers.document import Document, Link
from parsers.errors import BrokenDocumentError, LimitError
from parsers.frozen import frozen
from parsers.readers import merging
from parsers.readers.archive import Archive, xml_of
from parsers.readers.merging import Stored, clustered, nearest
from parsers.readers.numbering import Counters, Level
from parsers.readers.story import Run, Story, cell_text, is_layout, shown

MAX_NESTED = 24
MAX_ELEMENTS = 4_000_000
NEAR = 60
"""Edges of columns nearer than this, in twentieths of a point, are one."""

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_R = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFF = frozenset(("0", "false", "off", "none"))
_ALIGNS = {"center": "center", "right": "right", "end": "right"}
_THROUGH = frozenset(
    "ins moveTo hyperlink smartTag sdt sdtContent customXml fldSimple ruby rubyBase dir bdo subDoc".split()
)
"""Elements whose runs are the paragraph's own."""


def read(content: bytes, *, stored: bool = False) -> Document:
    """Read a .docx file. With `stored`, locators name a cell by its place in its row, as those of older formats do.

    Raises BrokenDocumentError or LimitError.
    """
    archive = Archive(content)
    name = next((n for n in archive.names if n.lower().lstrip("/") == "word/document.xml"), "")
    data = archive.read(name) if name else None
    if data is None:
        raise BrokenDocumentError("the file holds no document", reading="a .docx file", remedy="Fetch it again")
    root, mended = xml_of(data, name)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise LimitError(f"the document has more than {MAX_ELEMENTS} elements", reading="a .docx file")
    styles = _part(archive, "word/styles.xml")
    numbering = _part(archive, "word/numbering.xml")
    reader = _Reader(root, _styles(styles), _lists(numbering), _relations(archive), stored=stored)
    reader.read()
    if mended:
        reader.story.remark(
            "damaged_xml", "the document's XML is damaged and was read as far as it goes", severity="warning"
        )
    meta = tuple(_meta(archive))
    title = next((value for key, value in meta if key == "title"), "")
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(reader.story.blocks),
        meta=meta,
        title=title,
        links=tuple(reader.links),
        issues=tuple(reader.story.issues),
    )


def _part(archive: Archive, name: str) -> Any:
    data = archive.read(name)
    if not data:
        return None
    try:
        return xml_of(data, name)[0]
    except BrokenDocumentError:
        return None


def _relations(archive: Archive) -> dict[str, str]:
    root = _part(archive, "word/_rels/document.xml.rels")
    if root is None:
        return {}
    return {item.get("Id", ""): item.get("Target", "") for item in root if item.get("TargetMode") == "External"}


def _meta(archive: Archive) -> Iterator[tuple[str, str]]:
    root = _part(archive, "docProps/core.xml")
    if root is None:
        return
    for item in root:
        text = (item.text or "").strip()
        if text and isinstance(item.tag, str):
            yield item.tag.rsplit("}", 1)[-1].lower(), text


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _child(element: Any, name: str) -> Any:
    if element is None:
        return None
    found = element.find(_W + name)
    return found if found is not None else element.find(_STRICT + name)


def _get(element: Any, name: str, default: str = "") -> str:
    if element is None:
        return default
    value = element.get(_W + name)
    if value is None:
        value = element.get(_STRICT + name)
    return default if value is None else str(value)


def _integer(text: str, default: int) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return default


def _on(element: Any) -> bool | None:
    """A switch such as `w:b`: None when it is not there."""
    if element is None:
        return None
    return _get(element, "val", "1").lower() not in _OFF


@frozen
class _Style:
    based: str = ""
    level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    align: str = ""
    numbered: tuple[str, int] | None = None


@dataclass(slots=True)
class _Lists:
    """Levels of each list by its id, and the ids that share one count."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)


def _styles(root: Any) -> dict[str, _Style]:
    found: dict[str, _Style] = {}
    if root is None:
        return found
    for item in root:
        if _local(item) != "style":
            continue
        paragraph, run = _child(item, "pPr"), _child(item, "rPr")
        name = _get(_child(item, "name"), "val").lower()
        outline = _child(paragraph, "outlineLvl")
        level = _integer(_get(outline, "val"), 9) + 1 if outline is not None else None
        if level is None and name.startswith("heading ") and name[8:].isdecimal():
            level = int(name[8:])
        found[_get(item, "styleId")] = _Style(
            _get(_child(item, "basedOn"), "val"),
            level,
            _on(_child(run, "b")),
            _on(_child(run, "vanish")),
            _ALIGNS.get(_get(_child(paragraph, "jc"), "val"), ""),
            _numbered(paragraph),
        )
    return found


def _numbered(properties: Any) -> tuple[str, int] | None:
    marks = _child(properties, "numPr")
    if marks is None:
        return None
    return _get(_child(marks, "numId"), "val"), _integer(_get(_child(marks, "ilvl"), "val"), 0)


def _lists(root: Any) -> _Lists:
    found = _Lists()
    if root is None:
        return found
    abstract: dict[str, dict[int, Level]] = {}
    for item in root:
        if _local(item) == "abstractNum":
            abstract[_get(item, "abstractNumId")] = {
                _integer(_get(level, "ilvl"), 0): _level(level) for level in item if _local(level) == "lvl"
            }
        elif _local(item) == "num":
            name = _get(item, "numId")
            base = _get(_child(item, "abstractNumId"), "val")
            levels = dict(abstract.get(base, {}))
            own = False
            for change in item:
                if _local(change) != "lvlOverride":
                    continue
                at = _integer(_get(change, "ilvl"), 0)
                inner, start = _child(change, "lvl"), _child(change, "startOverride")
                if inner is not None:
                    levels[at] = _level(inner)
                if start is not None:
                    known = levels.get(at, Level())
                    levels[at] = Level(known.form, known.text, _integer(_get(start, "val"), 1))
                    own = True
            found.levels[name] = levels
            found.shared[name] = f"own {name}" if own else f"shared {base}"
    return found


def _level(item: Any) -> Level:
    form = _get(_child(item, "numFmt"), "val", "decimal")
    text = _get(_child(item, "lvlText"), "val")
    return Level(form, text, _integer(_get(_child(item, "start"), "val"), 1))


class _Reader:
    """Walks the body once. One instance reads one document."""

    def __init__(
        self, root: Any, styles: dict[str, _Style], lists: _Lists, relations: dict[str, str], *, stored: bool = False
    ) -> None:
        self.root = root
        self.stored = stored
        self.styles = styles
        self.lists = lists
        self.relations = relations
        self.counters = Counters()
        self.story = Story()
        self.links: list[Link] = []
        self.ordinals: dict[Any, int] = {}
        counts = {"p": 0, "tbl": 0}
        for element in root.iter():
            name = _local(element)
            if name in counts and element.tag in (_W + name, _STRICT + name):
                counts[name] += 1
                self.ordinals[element] = counts[name]

    def read(self) -> None:
        body = _child(self.root, "body")
        if body is None:
            raise BrokenDocumentError("the document has no body", reading="a .docx file")
        self.flow(body, 0)

    def flow(self, parent: Any, depth: int) -> None:
        """Paragraphs and tables of a body, cell or text box, as blocks."""
        if depth > MAX_NESTED:
            raise LimitError(f"tables nested deeper than {MAX_NESTED}", reading="a .docx file")
        for element in self.content(parent):
            if _local(element) == "p":
                self.paragraph(element, depth)
            else:
                self.table(element, depth)

    def content(self, parent: Any) -> Iterator[Any]:
        """The paragraphs and tables directly within an element, containers without meaning seen through."""
        stack = [iter(parent)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
                continue
            name = _local(element)
            if name in ("p", "tbl"):
                yield element
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
                stack.append(iter(element))
            elif element.tag == _MC + "AlternateContent":
                chosen = _alternative(element)
                if chosen is not None:
                    stack.append(iter(chosen))

    def paragraph(self, element: Any, depth: int) -> None:
        locator = f"docx:p{self.ordinals[element]}"
        boxes: list[Any] = []
        number, runs, level, align = self.paragraph_parts(element, boxes)
        self.story.paragraph(runs, locator, number=number, level=level, align=align)
        for box in boxes:
            self.flow(box, depth + 1)

    def paragraph_parts(self, element: Any, boxes: list[Any]) -> tuple[str, list[Run], int, str]:
        properties = _child(element, "pPr")
        style = _get(_child(properties, "pStyle"), "val")
        level: int | None = None
        outline = _child(properties, "outlineLvl")
        if outline is not None:
            level = _integer(_get(outline, "val"), 9) + 1
        align = _ALIGNS.get(_get(_child(properties, "jc"), "val"), "") if _child(properties, "jc") is not None else None
        bold = hidden = None
        numbered = _numbered(properties)
        for own in self.chain(style):
            level = own.level if level is None else level
            align = own.align or None if align is None else align
            bold = own.bold if bold is None else bold
            hidden = own.hidden if hidden is None else hidden
            numbered = own.numbered if numbered is None else numbered
        runs = list(self.runs(element, bool(bold), bool(hidden), boxes))
        number = ""
        if numbered is not None and any(run.text.strip() and not run.gone for run in runs):
            name, at = numbered
            number = self.counters.next(self.lists.shared.get(name, name), at, self.lists.levels.get(name, {}))
        return number, runs, level if level is not None and level <= 6 else 0, align or ""

    def chain(self, name: str) -> Iterator[_Style]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = self.styles[name].based

    def runs(self, parent: Any, bold: bool, hidden: bool, boxes: list[Any], gone: str = "") -> Iterator[Run]:
        """The runs of a paragraph in order; text boxes found on the way are put into `boxes`."""
        fields: list[bool] = []
        yield from self._runs(parent, bold, hidden, boxes, gone, fields)

    def _runs(
        self, parent: Any, bold: bool, hidden: bool, boxes: list[Any], gone: str, fields: list[bool]
    ) -> Iterator[Run]:
        for element in parent:
            name = _local(element)
            if name == "r":
                yield from self.run(element, bold, hidden, boxes, gone, fields)
            elif name in ("del", "moveFrom"):
                yield from self._runs(element, bold, hidden, boxes, "deleted", fields)
            elif name in _THROUGH:
                if name == "hyperlink":
                    self.link(element)
                yield from self._runs(element, bold, hidden, boxes, gone, fields)
            elif element.tag == _MC + "AlternateContent":
                chosen = _alternative(element)
                if chosen is not None:
                    yield from self._runs(chosen, bold, hidden, boxes, gone, fields)
            elif name in ("oMath", "oMathPara"):
                yield Run("".join(t.text or "" for t in element.iter() if _local(t) == "t"), bold, gone)

    def run(
        self, element: Any, bold: bool, hidden: bool, boxes: list[Any], gone: str, fields: list[bool]
    ) -> Iterator[Run]:
        properties = _child(element, "rPr")
        style = _get(_child(properties, "rStyle"), "val")
        own_bold, own_hidden = _on(_child(properties, "b")), _on(_child(properties, "vanish"))
        for known in self.chain(style):
            own_bold = known.bold if own_bold is None else own_bold
            own_hidden = known.hidden if own_hidden is None else own_hidden
        bold = bold if own_bold is None else own_bold
        hidden = hidden if own_hidden is None else own_hidden
        if not gone and hidden:
            gone = "hidden"
        if not gone and (_on(_child(properties, "strike")) or _on(_child(properties, "dstrike"))):
            gone = "struck"
        if not gone and _get(_child(properties, "vertAlign"), "val") == "superscript":
            gone = "raised"
        yield from self.run_content(element, bold, boxes, gone, fields)

    def run_content(self, element: Any, bold: bool, boxes: list[Any], gone: str, fields: list[bool]) -> Iterator[Run]:
        for item in element:
            name = _local(item)
            if name == "fldChar":
                kind = _get(item, "fldCharType")
                if kind == "begin":
                    fields.append(False)
                elif kind == "separate" and fields:
                    fields[-1] = True
                elif kind == "end" and fields:
                    fields.pop()
            elif name in ("pict", "drawing", "object"):
                boxes.extend(_text_boxes(item))
            elif item.tag == _MC + "AlternateContent":
                chosen = _alternative(item)
                if chosen is not None:
                    yield from self.run_content(chosen, bold, boxes, gone, fields)
            elif not all(fields):
                continue
            elif name in ("t", "delText"):
                yield Run(item.text or "", bold, "deleted" if name == "delText" else gone)
            elif name in ("tab", "ptab"):
                yield Run(" ", bold, gone)
            elif name == "cr" or (name == "br" and _get(item, "type", "textWrapping") == "textWrapping"):
                yield Run("\n", bold, gone)
            elif name == "noBreakHyphen":
                yield Run("-", bold, gone)
            elif name == "ruby":
                yield from self._runs(item, bold, gone == "hidden", boxes, gone, fields)
            elif name == "sym":
                yield Run(_symbol(_get(item, "char")), bold, gone)

    def link(self, element: Any) -> None:
        target = self.relations.get(element.get(_R + "id") or element.get(_STRICT_R + "id") or "", "")
        if target:
            text = "".join(t.text or "" for t in element.iter() if _local(t) == "t")
            self.links.append(Link(target, text))

    def table(self, element: Any, depth: int) -> None:
        """A table, or its contents where it only arranges them."""
        ordinal = self.ordinals[element]
        numbered = [(n, row) for n, row in enumerate(self.rows(element), 1) if not _is_deleted(row)]
        rows = [row for _, row in numbered]
        layout: list[list[tuple[Any, list[str], str, list[Any], list[Any]]]] = []
        issues = len(self.story.issues)
        counts = self.counters.values
        kept = {name: dict(values) for name, values in counts.items()}
        for row_number, row in numbered:
            cells = []
            before = _integer(_get(_child(_child(row, "trPr"), "gridBefore"), "val"), 0)
            column = 1 + (0 if self.stored else max(0, before))
            for cell in self.cells(row):
                locator = f"docx:t{ordinal}r{row_number}c{column}"
                column += 1 if self.stored else _span(cell)
                boxes: list[Any] = []
                nested: list[Any] = []
                texts: list[str] = []
                for item in self.content(cell):
                    if _local(item) == "tbl":
                        nested.append(item)
                        continue
                    number, runs, _, _ = self.paragraph_parts(item, boxes)
                    text, _ = self.story.text(runs, locator)
                    texts.append(number + text if text else "")
                cells.append((cell, texts, locator, nested, boxes))
            layout.append(cells)
        every = [entry for cells in layout for entry in cells]
        if is_layout([cell_text(entry[1]) for entry in every], sum(len(entry[3]) for entry in every)):
            del self.story.issues[issues:]
            self.counters.values = kept
            for entry in every:
                self.flow(entry[0], depth + 1)
            return
        stored = _stored([[(c, cell_text(t), loc) for c, t, loc, _, _ in cells] for cells in layout], rows)
        made, covered = merging.table(stored, f"docx:t{ordinal}")
        if made is not None and shown(made):
            self.story.blocks.append(made)
        for cell in covered:
            self.story.remark(
                "hidden_text", "text of a cell that a merged cell covers is left out", cell.text, cell.locator
            )
        for entry in every:
            for box in entry[4]:
                self.flow(box, depth + 1)
            for inner in entry[3]:
                if depth >= MAX_NESTED:
                    raise LimitError(f"tables nested deeper than {MAX_NESTED}", reading="a .docx file")
                self.table(inner, depth + 1)

    def rows(self, element: Any) -> Iterator[Any]:
        yield from _through(element, "tr")

    def cells(self, row: Any) -> Iterator[Any]:
        yield from _through(row, "tc")


def _through(parent: Any, wanted: str) -> Iterator[Any]:
    for element in parent:
        name = _local(element)
        if name == wanted:
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _through(element, wanted)


def _is_deleted(row: Any) -> bool:
    return _child(_child(row, "trPr"), "del") is not None


def _alternative(element: Any) -> Any:
    """The first choice of alternatives that has content, else the fallback: they say the same twice."""
    for item in element:
        if item.tag in (_MC + "Choice", _MC + "Fallback") and len(item):
            return item
    return None


def _text_boxes(element: Any) -> Iterator[Any]:
    """The contents of text boxes within a drawing, each once."""
    if _local(element) == "txbxContent":
        yield element
        return
    if element.tag == _MC + "AlternateContent":
        chosen = _alternative(element)
        if chosen is not None:
            yield from _text_boxes(chosen)
        return
    for item in element:
        yield from _text_boxes(item)


def _symbol(code: str) -> str:
    """The character of a symbol font; letters of such fonts are pictures and stay in the private area."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 0x20 <= value < 0xD800 or 0xE000 <= value <= 0xFFFD else ""


def _stored(layout: Sequence[Sequence[tuple[Any, str, str]]], rows: Sequence[Any]) -> list[list[Stored]]:
    """Cells with their columns: by their spans, or by their widths where the rows' spans end differently."""
    by_span = [list(_by_span(cells, row)) for cells, row in zip(layout, rows, strict=True)]
    if len({cells[-1].end for cells in by_span if cells}) <= 1:
        return by_span
    by_width = _by_width(layout, rows)
    return by_width if by_width is not None else by_span


def _span(cell: Any) -> int:
    return min(1000, max(1, _integer(_get(_child(_child(cell, "tcPr"), "gridSpan"), "val"), 1)))


def _by_span(cells: Iterable[tuple[Any, str, str]], row: Any) -> Iterator[Stored]:
    marks = _child(row, "trPr")
    column = max(0, _integer(_get(_child(marks, "gridBefore"), "val"), 0))
    header = bool(_on(_child(marks, "tblHeader")))
    goes_on_beside: Stored | None = None
    for cell, text, locator in cells:
        properties = _child(cell, "tcPr")
        span = _span(cell)
        merge = _child(properties, "vMerge")
        goes_on = merge is not None and _get(merge, "val", "continue") == "continue"
        across = _child(properties, "hMerge")
        beside = _get(across, "val", "continue") if across is not None else ""
        if beside == "continue" and goes_on_beside is not None:
            goes_on_beside = Stored(
                goes_on_beside.start, column + span, goes_on_beside.text, goes_on_beside.locator,
                goes_on_beside.goes_on, header,
            )  # fmt: skip
        else:
            if goes_on_beside is not None:
                yield goes_on_beside
            goes_on_beside = Stored(column, column + span, text, locator, goes_on, header)
        column += span
    if goes_on_beside is not None:
        yield goes_on_beside


def _by_width(layout: Sequence[Sequence[tuple[Any, str, str]]], rows: Sequence[Any]) -> list[list[Stored]] | None:
    """Cells by the widths stored with them, None when these do not make rows of one width."""
    edges: list[list[int]] = []
    for cells, row in zip(layout, rows, strict=True):
        at = _integer(_get(_child(_child(row, "trPr"), "wBefore"), "w"), 0)
        own = [at]
        for cell, _, _ in cells:
            width = _child(_child(cell, "tcPr"), "tcW")
            if width is None or _get(width, "type", "dxa") != "dxa" or _integer(_get(width, "w"), 0) <= 0:
                return None
            at += _integer(_get(width, "w"), 0)
            own.append(at)
        edges.append(own)
    ends = [own[-1] for own in edges if len(own) > 1]
    if not ends or max(ends) - min(ends) > 0.04 * max(ends):
        return None
    places = clustered([edge for own in edges for edge in own], NEAR)
    found = []
    for cells, row, own in zip(layout, rows, edges, strict=True):
        columns = [nearest(places, edge) for edge in own]
        columns[-1] = max(columns[-1], len(places) - 1) if len(own) > 1 else columns[-1]
        line = []
        for (cell, text, locator), start, end in zip(cells, columns[:-1], columns[1:], strict=True):
            merge = _child(_child(cell, "tcPr"), "vMerge")
            goes_on = merge is not None and _get(merge, "val", "continue") == "continue"
            header = bool(_on(_child(_child(row, "trPr"), "tblHeader")))
            line.append(Stored(start, max(end, start + 1), text, locator, goes_on, header))
        if any(a.start == b.start for a, b in pairwise(line)):
            return None
        found.append(line)
    return found
