"""The reader of .docx files (ECMA-376, WordprocessingML), by their XML.

Locators: `docx:p12` is the 12th `w:p` of `word/document.xml` in document order, those within tables
counted; `docx:t2r5c3` the cell that begins in the 3rd column (spans counted, `w:gridBefore` too) of the
5th `w:tr` of the 2nd `w:tbl`, tables counted where they begin, nested ones too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from parsers.document import Document, Link
from parsers.errors import BrokenDocumentError, DocumentError, LimitError
from parsers.readers import merging, word_cells, word_package, word_styles
from parsers.readers.archive import Archive, xml_of
from parsers.readers.numbering import Counters
from parsers.readers.story import GONE, Run, Story, cell_text, is_layout, shown
from parsers.readers.word_elements import STRICT, W, child, get, integer, local, on
from parsers.readers.word_package import Relations
from parsers.readers.word_styles import ALIGNS, Lists, Style

MAX_NESTED = 24
MAX_ELEMENTS = 4_000_000
MAX_CELLS = 100_000

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_R = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_THROUGH = frozenset(
    "ins moveTo hyperlink smartTag sdt sdtContent customXml fldSimple ruby rubyBase dir bdo subDoc".split()
)
"""Elements whose runs are the paragraph's own."""


def read(content: bytes, *, stored: bool = False) -> Document:
    """Read a .docx file. With `stored`, locators name a cell by its place in its row, as those of older formats do.

    Raises BrokenDocumentError or LimitError.
    """
    archive = Archive(content)
    name = word_package.main_part(archive)
    data = archive.read(name) if name else None
    if data is None:
        raise BrokenDocumentError("the file holds no document", reading="a .docx file", remedy="Fetch it again")
    root, mended = xml_of(data, name)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise LimitError(f"the document has more than {MAX_ELEMENTS} elements", reading="a .docx file")
    relations = word_package.relations(archive, name)
    styles = word_package.part(archive, relations.of_kind("styles") or "word/styles.xml")
    numbering = word_package.part(archive, relations.of_kind("numbering") or "word/numbering.xml")
    named = word_styles.styles(styles)
    reader = _Reader(root, named, word_styles.lists(numbering, named), relations, archive, stored=stored)
    reader.read()
    if mended:
        reader.story.remark(
            "damaged_xml", "the document's XML is damaged and was read as far as it goes", severity="warning"
        )
    meta = tuple(word_package.meta(archive))
    title = next((value for key, value in meta if key == "title"), "")
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(reader.story.blocks),
        meta=meta,
        title=title,
        links=tuple(reader.links),
        issues=tuple(reader.story.issues),
    )


class _Reader:
    """Walks the body once. One instance reads one document."""

    def __init__(
        self,
        root: Any,
        styles: dict[str, Style],
        lists: Lists,
        relations: Relations,
        archive: Archive,
        *,
        stored: bool = False,
    ) -> None:
        self.root = root
        self.stored = stored
        self.styles = styles
        self.lists = lists
        self.relations = relations
        self.archive = archive
        self.held: list[Run] = []
        self.held_at = ""
        self.counters = Counters()
        self.story = Story()
        self.links: list[Link] = []
        self.ordinals: dict[Any, int] = {}
        counts = {"p": 0, "tbl": 0, "tc": 0}
        for element in root.iter():
            name = local(element)
            if name in counts and element.tag in (W + name, STRICT + name):
                counts[name] += 1
                if name != "tc":
                    self.ordinals[element] = counts[name]
        if counts["tc"] > MAX_CELLS:
            raise LimitError(f"the tables have more than {MAX_CELLS} cells", reading="a .docx file")

    def read(self) -> None:
        body = child(self.root, "body")
        if body is None:
            raise BrokenDocumentError("the document has no body", reading="a .docx file")
        self.flow(body, 0)

    def flow(self, parent: Any, depth: int) -> None:
        """Paragraphs and tables of a body, cell or text box, as blocks."""
        if depth > MAX_NESTED:
            raise LimitError(f"tables nested deeper than {MAX_NESTED}", reading="a .docx file")
        for element in self.content(parent):
            name = local(element)
            if name == "p":
                self.paragraph(element, depth)
                continue
            self.release()
            if name == "tbl":
                self.table(element, depth)
            else:
                self.chunk(element)
        self.release()

    def content(self, parent: Any) -> Iterator[Any]:
        """The paragraphs and tables directly within an element, containers without meaning seen through."""
        stack = [iter(parent)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
                continue
            name = local(element)
            if element in self.ordinals or (name == "altChunk" and local(parent) == "body"):
                yield element
            elif name == "sdt" and _is_prompt(element):
                self.prompted(element)
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "p", "tbl"):
                # Such a paragraph or table is none of Word's, which would have an ordinal: what it holds may be.
                stack.append(iter(element))
            elif element.tag == _MC + "AlternateContent":
                chosen = _alternative(element)
                if chosen is not None:
                    stack.append(iter(chosen))

    def paragraph(self, element: Any, depth: int) -> None:
        locator = f"docx:p{self.ordinals[element]}"
        boxes: list[Any] = []
        number, runs, level, align = self.paragraph_parts(element, boxes)
        runs, self.held = [*self.held, *runs], []
        if _is_joined(element):
            self.held, self.held_at = runs, locator
        else:
            self.story.paragraph(runs, locator, number=number, level=level, align=align)
        for box in boxes:
            self.flow(box, depth + 1)

    def release(self) -> None:
        """The text of a paragraph whose end was deleted, where no other paragraph goes on with it."""
        if self.held:
            runs, self.held = self.held, []
            self.story.paragraph(runs, self.held_at)

    def chunk(self, element: Any) -> None:
        """A document of another format that stands in this one. Its locators count in its own source."""
        from parsers import readers

        name = self.relations.parts.get(element.get(_R + "id") or element.get(_STRICT_R + "id") or "", "")
        try:
            data = self.archive.read(name)
            found = readers.read(data) if data else None
        except DocumentError as error:
            self.story.remark(
                "embedded_document", f"a document in this one is not read: {error.message}", name, "", "warning"
            )
            return
        if found is not None:
            self.story.remark("embedded_document", "a document in this one is read in its place", name)
            self.story.blocks.extend(replace(block, container=-1) for block in found.blocks)
            self.story.issues.extend(found.issues)

    def prompted(self, element: Any) -> None:
        """Say what a control that nobody filled in shows."""
        text = "".join(item.text or "" for item in element.iter() if local(item) == "t")
        self.story.remark(*GONE["prompt"], raw=text)

    def paragraph_parts(self, element: Any, boxes: list[Any]) -> tuple[str, list[Run], int, str]:
        properties = child(element, "pPr")
        style = get(child(properties, "pStyle"), "val")
        level: int | None = None
        outline = child(properties, "outlineLvl")
        if outline is not None:
            level = integer(get(outline, "val"), 9) + 1
        align = ALIGNS.get(get(child(properties, "jc"), "val"), "") if child(properties, "jc") is not None else None
        bold = hidden = None
        numbered = word_styles.numbered(properties)
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
            if at < 0:
                at = self.lists.level_of(name, style) or 0
            number = self.counters.next(self.lists.shared.get(name, name), at, self.lists.levels.get(name, {}))
        return number, runs, level if level is not None and level <= 6 else 0, align or ""

    def chain(self, name: str) -> Iterator[Style]:
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
            name = local(element)
            if name == "r":
                yield from self.run(element, bold, hidden, boxes, gone, fields)
            elif name in ("del", "moveFrom"):
                yield from self._runs(element, bold, hidden, boxes, "deleted", fields)
            elif name == "sdt" and _is_prompt(element):
                yield from self._runs(element, bold, hidden, boxes, "prompt", fields)
            elif name in _THROUGH:
                if name == "hyperlink":
                    self.link(element)
                yield from self._runs(element, bold, hidden, boxes, gone, fields)
            elif element.tag == _MC + "AlternateContent":
                chosen = _alternative(element)
                if chosen is not None:
                    yield from self._runs(chosen, bold, hidden, boxes, gone, fields)
            elif name in ("oMath", "oMathPara"):
                yield Run("".join(t.text or "" for t in element.iter() if local(t) == "t"), bold, gone)

    def run(
        self, element: Any, bold: bool, hidden: bool, boxes: list[Any], gone: str, fields: list[bool]
    ) -> Iterator[Run]:
        properties = child(element, "rPr")
        style = get(child(properties, "rStyle"), "val")
        own_bold, own_hidden = on(child(properties, "b")), on(child(properties, "vanish"))
        for known in self.chain(style):
            own_bold = known.bold if own_bold is None else own_bold
            own_hidden = known.hidden if own_hidden is None else own_hidden
        bold = bold if own_bold is None else own_bold
        hidden = hidden if own_hidden is None else own_hidden
        if not gone and hidden:
            gone = "hidden"
        if not gone and (on(child(properties, "strike")) or on(child(properties, "dstrike"))):
            gone = "struck"
        if not gone and get(child(properties, "vertAlign"), "val") == "superscript":
            gone = "raised"
        yield from self.run_content(element, bold, boxes, gone, fields)

    def run_content(self, element: Any, bold: bool, boxes: list[Any], gone: str, fields: list[bool]) -> Iterator[Run]:
        for item in element:
            name = local(item)
            if name == "fldChar":
                kind = get(item, "fldCharType")
                if kind == "begin":
                    fields.append(False)
                elif kind == "separate" and fields:
                    fields[-1] = True
                elif kind == "end" and fields:
                    fields.pop()
            elif name in ("pict", "drawing", "object"):
                boxes.extend(_text_boxes(item))
                if name == "object":
                    self.embedded(item)
            elif item.tag == _MC + "AlternateContent":
                chosen = _alternative(item)
                if chosen is not None:
                    yield from self.run_content(chosen, bold, boxes, gone, fields)
            elif not all(fields):
                continue
            elif name in ("t", "delText"):
                yield Run((item.text or "").replace("\n", " "), bold, "deleted" if name == "delText" else gone)
            elif name in ("tab", "ptab"):
                yield Run(" ", bold, gone)
            elif name in ("cr", "br"):
                yield Run("\n", bold, gone)
            elif name == "noBreakHyphen":
                yield Run("-", bold, gone)
            elif name == "ruby":
                yield from self._runs(item, bold, gone == "hidden", boxes, gone, fields)
            elif name == "sym":
                yield Run(_symbol(get(item, "char")), bold, gone)

    def embedded(self, element: Any) -> None:
        """Say that something of another program stands here, whose content is a picture to a reader of the page."""
        program = next((item.get("ProgID", "") for item in element.iter() if local(item) == "OLEObject"), "")
        self.story.remark("embedded_object", "an object of another program is not read", program, "", "warning")

    def link(self, element: Any) -> None:
        target = self.relations.addresses.get(element.get(_R + "id") or element.get(_STRICT_R + "id") or "", "")
        if target:
            text = "".join(t.text or "" for t in element.iter() if local(t) == "t")
            self.links.append(Link(target, text))

    def table(self, element: Any, depth: int) -> None:
        """A table, or its contents where it only arranges them."""
        ordinal = self.ordinals[element]
        numbered = []
        for place, row in enumerate(self.rows(element), 1):
            why = _why_gone(row)
            if not why:
                numbered.append((place, row))
                continue
            text = " ".join(item.text for item in row.iter() if local(item) in ("t", "delText") and item.text)
            self.story.remark(*GONE[why], raw=text, locator=f"docx:t{ordinal}r{place}c1")
        rows = [row for _, row in numbered]
        layout: list[list[tuple[Any, list[str], str, list[Any], list[Any]]]] = []
        issues = len(self.story.issues)
        counts = self.counters.values
        kept = {name: dict(values) for name, values in counts.items()}
        for row_number, row in numbered:
            cells = []
            before = integer(get(child(child(row, "trPr"), "gridBefore"), "val"), 0)
            column = 1 + (0 if self.stored else max(0, before))
            for cell in self.cells(row):
                locator = f"docx:t{ordinal}r{row_number}c{column}"
                column += 1 if self.stored else word_cells.span(cell)
                boxes: list[Any] = []
                nested: list[Any] = []
                texts: list[str] = []
                held: list[Run] = []
                for item in self.content(cell):
                    if local(item) == "tbl":
                        nested.append(item)
                        continue
                    number, runs, _, _ = self.paragraph_parts(item, boxes)
                    held += runs
                    if _is_joined(item):
                        continue
                    text, _ = self.story.text(held, locator)
                    held = []
                    texts.append(number + text if text else "")
                if held:
                    texts.append(self.story.text(held, locator)[0])
                if boxes and not any(texts) and not nested:
                    texts, boxes = self.drawn(boxes, locator), []
                cells.append((cell, texts, locator, nested, boxes))
            layout.append(cells)
        every = [entry for cells in layout for entry in cells]
        if is_layout([cell_text(entry[1]) for entry in every], sum(len(entry[3]) for entry in every)):
            del self.story.issues[issues:]
            self.counters.values = kept
            for entry in every:
                self.flow(entry[0], depth + 1)
            return
        stored = word_cells.stored([[(c, cell_text(t), loc) for c, t, loc, _, _ in cells] for cells in layout], rows)
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

    def drawn(self, boxes: Sequence[Any], locator: str) -> list[str]:
        """The text of a cell that holds nothing but text boxes."""
        texts = []
        for box in boxes:
            for item in self.content(box):
                if local(item) == "p":
                    _, runs, _, _ = self.paragraph_parts(item, [])
                    texts.append(self.story.text(runs, locator)[0])
        if any(texts):
            self.story.remark("text_box", "the cell's text stands in a text box", "\n".join(texts), locator)
        return texts

    def rows(self, element: Any) -> Iterator[Any]:
        yield from _through(element, "tr")

    def cells(self, row: Any) -> Iterator[Any]:
        yield from _through(row, "tc")


def _through(parent: Any, wanted: str) -> Iterator[Any]:
    for element in parent:
        name = local(element)
        if name == wanted:
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _through(element, wanted)


def _why_gone(row: Any) -> str:
    """Why a row is not shown, as a key of GONE; "" for one that is."""
    properties = child(row, "trPr")
    if child(properties, "del") is not None:
        return "deleted"
    return "hidden" if on(child(properties, "hidden")) else ""


def _is_joined(paragraph: Any) -> bool:
    """Whether a revision deleted the paragraph's end, so that what follows goes on in it."""
    marks = child(child(paragraph, "pPr"), "rPr")
    return child(marks, "del") is not None or child(marks, "moveFrom") is not None


def _is_prompt(control: Any) -> bool:
    """Whether a content control shows nothing but what it asks for."""
    return bool(on(child(child(control, "sdtPr"), "showingPlcHdr")))


def _alternative(element: Any) -> Any:
    """The first choice of alternatives that has content, else the fallback: they say the same twice."""
    for item in element:
        if item.tag in (_MC + "Choice", _MC + "Fallback") and len(item):
            return item
    return None


def _text_boxes(element: Any) -> Iterator[Any]:
    """The contents of text boxes within a drawing, each once."""
    if local(element) == "txbxContent":
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
