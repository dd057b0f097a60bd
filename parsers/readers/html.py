"""HTML to a document: the tree rules of the HTML standard applied to the source's own tokens.

No tree library stands between source and text, so places, ordinals and characters are those of the
source by construction, and no depth is too deep. Of the tree rules (HTML Living Standard, 13.2.6
Tree construction) those are followed that change what text stands in which block or cell: implied
ends, scopes, the table modes, foster parenting, formatting that outlives its block. Inline elements
are ranges of text only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.document import Document
from parsers.errors import EmptyDocumentError, LimitError
from parsers.readers import containers
from parsers.readers.appearance import PLAIN, Look, hidden_names, look_of
from parsers.readers.composition import compose
from parsers.readers.flow import Box, CellFlow, Element, Item, Line, Page, Remark, RowFlow, Span, TableFlow
from parsers.readers.grid import colspan_of, rowspan_of
from parsers.readers.markup import END, RAW, START, TEXT, UNCLOSED, WHITE, attributes_of, clean, tokens

MAX_CHARACTERS = 64_000_000
MAX_TAGS = 1_000_000
MAX_NESTED_TABLES = 200

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOXES = frozenset(
    "div section article nav aside header footer main ul ol dl form fieldset menu dir center".split()
) | containers.elements()
_BLOCKS = _BOXES | frozenset(
    "address blockquote details dialog figcaption figure hgroup legend listing pre search summary".split()
)
_TABLE_PARTS = frozenset("caption tbody thead tfoot tr td th".split())
_SECTIONS = frozenset(("tbody", "thead", "tfoot"))
_ROW_CONTEXT = frozenset(("table", "tbody", "thead", "tfoot"))
_CELL_CONTEXT = _ROW_CONTEXT | {"tr"}
_LIST_STOPS = frozenset(("address", "div", "p"))
_COUNTED = _BLOCKS | _TABLE_PARTS | frozenset(_HEADINGS) | {"p", "li", "dd", "dt", "table", "body", "input"}
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_KNOWN = _COUNTED | _FORMATTING | frozenset(
    "abbr acronym applet area audio base basefont bdi bdo bgsound blink br button canvas cite col colgroup data "
    "datalist del dfn embed frame frameset head hr html iframe image img ins kbd keygen label link map mark marquee "
    "math meta meter multicol noembed noframes noscript object optgroup option output param picture plaintext progress "
    "q rb rp rt rtc ruby samp script select slot source spacer span style sub sup svg template textarea time title "
    "track var video wbr xml xmp".split()
)
_HIDDEN_ELEMENTS = frozenset(("noscript", "datalist", "xml", "noembed", "noframes", "audio", "video", "canvas"))
_SILENT = _HIDDEN_ELEMENTS | {"title", "textarea"}
_SUNK = frozenset(("template", "svg"))
_IN_DRAWINGS = frozenset(("a", "iframe", "audio", "video", "canvas", "area"))
_LINK_SOURCES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "area": "href"}
_INPUT_TYPES = frozenset(("", "text", "number", "tel", "email", "date", "month", "url"))
_NOTE_MARK = re.compile(r"[\[［(（〔【]?(?:注|註)?[0-9０-９①-⑳⑴-⒇*＊※†‡]{1,3}[\])）］〕】]?|[\[［]?注[\]］]?")
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_ELEMENT_TEXT = 200

HIDE, DELETED, NOTE, READING, BOLD, LINK, NAMED, SELECT = (1 << bit for bit in range(8))
_UNSHOWN = HIDE | DELETED | READING | SELECT
_INLINE = {
    "b": BOLD, "strong": BOLD, "s": DELETED, "strike": DELETED, "del": DELETED, "sup": NOTE, "rt": READING,
    "rp": READING, "select": SELECT,
} | dict.fromkeys(_HIDDEN_ELEMENTS, HIDE)  # fmt: skip


def read(text: str, *, encoding: str = "", encoding_source: str = "") -> Document:
    """Read a decoded page.

    Raises EmptyDocumentError when there is nothing but white space, and LimitError when the page
    has more than MAX_CHARACTERS characters, MAX_TAGS tags, tables nested deeper than
    MAX_NESTED_TABLES, or a table whose grid is too large.
    """
    if not text.strip():
        raise EmptyDocumentError("the page is empty", reading="an HTML page")
    if len(text) > MAX_CHARACTERS:
        raise LimitError(f"the page has more than {MAX_CHARACTERS} characters", reading="an HTML page")
    if text.count("<") > MAX_TAGS:
        raise LimitError(f"the page has more than {MAX_TAGS} tags", reading="an HTML page")
    source = clean(text)
    builder = _Builder(hidden_names(source) if "<style" in source.lower() else frozenset())
    return compose(builder.build(source), encoding=encoding, encoding_source=encoding_source)


@dataclass(slots=True)
class _Inline:
    """An open inline element that does something to its text. `depth`: blocks open when it began."""

    name: str
    flags: int
    start: int
    piece: int
    depth: int
    value: str = ""
    nested: int = 0
    container: int = -1


class _Builder:
    """Tokens in, a page out. One instance reads one page."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.hidden_names = hidden
        self.looks: dict[str, Look] = {"": PLAIN}
        self.counts = dict.fromkeys(_COUNTED, 0)
        self.pieces: list[str] = []
        self.position = 0
        self.stack = [Element("html", 0, 0)]
        self.frames: list[tuple[str, int]] = []  # open tables, cells and captions: (kind, index into the stack)
        self.items: list[Item] = []
        self.sink = self.items
        self.line_start = 0
        self.inked = False
        self.cuts: list[Span] = []
        self.bolds: list[Span] = []
        self.link_spans: list[Span] = []
        self.inserts: list[tuple[int, int, str]] = []
        self.hidden = 0
        self.hidden_from = 0
        self.bold = 0
        self.bold_from = 0
        self.link_from = -1
        self.inlines: list[_Inline] = []
        self.named: dict[str, list[_Inline]] = {}
        self.sunk: list[str] = []
        self.option_shown = False
        self.sizing = False
        self.boxes: list[Box] = []
        self.links: list[tuple[str, int, int, int]] = []
        self.meta: list[tuple[str, str]] = []
        self.title = ""
        self.remarks: list[Remark] = []
        starts = dict.fromkeys(_BLOCKS, self.start_block)
        starts |= dict.fromkeys(_HEADINGS, self.start_heading)
        starts |= dict.fromkeys(("li", "dd", "dt"), self.start_list_item)
        starts |= dict.fromkeys(_SECTIONS, self.start_section)
        starts |= dict.fromkeys(("td", "th"), self.start_cell)
        starts |= dict.fromkeys(_LINK_SOURCES, self.start_link_source)
        starts |= {
            "p": self.start_block, "tr": self.start_row, "table": self.start_table, "caption": self.start_caption,
            "br": self.start_break, "hr": self.start_rule, "body": self.start_body, "a": self.start_anchor,
            "input": self.start_input, "option": self.start_option, "meta": self.start_meta,
        }  # fmt: skip
        self.starts = starts
        ends = dict.fromkeys((*_BLOCKS, "p", "li", "dd", "dt"), self.end_block)
        ends |= dict.fromkeys(_HEADINGS, self.end_heading)
        ends |= dict.fromkeys(("td", "th", "caption"), self.end_cell)
        ends |= dict.fromkeys((*_SECTIONS, "tr"), self.end_table_part)
        ends |= {"table": self.end_table, "br": self.end_break, "option": self.end_option}
        self.ends = ends

    def build(self, source: str) -> Page:
        """Read all tokens of a cleaned source."""
        starts, ends, pieces, counts = self.starts, self.ends, self.pieces, self.counts
        for kind, name, rest in tokens(source):
            if kind == TEXT:
                pieces.append(name)
                self.position += len(name)
                if not self.inked and not self.hidden and name.strip(WHITE):
                    self.inked = True
            elif kind == START:
                counted = "td" if name == "th" else name
                if counted in counts:
                    counts[counted] += 1
                if (self.sunk or name in _SUNK) and self.sinks(name):
                    pass
                elif handler := starts.get(name):
                    handler(name, rest)
                else:
                    self.start_inline(name, rest)
            elif kind == END:
                if self.sunk:
                    self.end_sunk(name)
                elif handler_end := ends.get(name):
                    handler_end(name)
                else:
                    self.end_inline(name)
            elif kind == RAW:
                self.start_raw(name, rest)
            else:
                self.remark(name, rest)
        while len(self.stack) > 1:
            self.close_top()
        self.close_line()
        for entry in reversed(self.inlines[:]):
            self.finish(entry)
        return Page("".join(pieces), self.items, self.boxes, self.links, self.meta, self.title, self.remarks)

    # Lines

    def close_line(self) -> None:
        """End the line that is being read, if it holds anything; within hidden parts no line ends."""
        if self.hidden:
            return
        if self.inked or self.inserts:
            stop = self.position
            if self.bold and stop > self.bold_from:
                self.bolds.append((max(self.bold_from, self.line_start), stop))
            if self.link_from >= 0 and stop > self.link_from:
                self.link_spans.append((max(self.link_from, self.line_start), stop))
            owner = self.owner()
            line = Line(self.line_start, stop, owner)
            if self.cuts:
                line.cuts, self.cuts = self.cuts, []
            if self.bolds:
                line.bolds, self.bolds = self.bolds, []
            if self.link_spans:
                line.links, self.link_spans = self.link_spans, []
            if self.inserts:
                line.inserts, self.inserts = self.inserts, []
            self.sink.append(line)
            self.inked = False
        elif self.cuts or self.bolds or self.link_spans:
            self.cuts, self.bolds, self.link_spans = [], [], []
        self.line_start = self.position

    def owner(self) -> Element:
        """The innermost open element that a locator can name."""
        element = self.stack[-1]
        if not element.ordinal:
            for element in reversed(self.stack):
                if element.ordinal:
                    break
        return element

    def hide(self) -> None:
        if not self.hidden:
            self.hidden_from = self.position
        self.hidden += 1

    def show(self) -> None:
        self.hidden -= 1
        if not self.hidden and self.position > self.hidden_from:
            self.cut(self.hidden_from, self.position)

    def cut(self, start: int, stop: int) -> None:
        """Leave text out of the line."""
        if self.inked or self.inserts:
            self.cuts.append((max(start, self.line_start), stop))
        else:
            self.line_start = stop

    def say(self, code: str, message: str, start: int, *, severity: str = "info") -> None:
        """A remark on the text from `start` up to here, if there is any."""
        if self.position > start:
            owner = next((e for e in reversed(self.stack) if e.ordinal and e.start <= start), self.stack[0])
            self.remarks.append(Remark(code, severity, message, start, self.position, owner))

    # Elements

    def look(self, attributes: str) -> Look:
        look = self.looks.get(attributes)
        if look is None:
            look = self.looks[attributes] = look_of(attributes, self.hidden_names)
        return look

    def push(self, name: str, look: Look, *, hides: bool) -> Element:
        """Open a block element. A hidden one takes no place, so it ends no line."""
        if hides:
            self.hide()
        else:
            self.close_line()
        above = self.stack[-1]
        element = Element(
            name, self.counts["td" if name == "th" else name], self.position, above.container, above.level,
            look.align or ("center" if name == "center" else above.align), above.preformatted, hides,
        )  # fmt: skip
        self.stack.append(element)
        return element

    def close_top(self) -> None:
        """Close the innermost block element."""
        element = self.stack[-1]
        self.close_line()
        if self.inlines:
            self.close_inlines(element)
        if element.hides:
            if self.frames and self.frames[-1][0] == "cell":
                self.say("hidden_text", "text that the page does not show", self.hidden_from)
            self.show()
        self.stack.pop()
        if self.frames and self.frames[-1][1] == len(self.stack):
            self.frames.pop()
            if element.cell is not None:
                element.cell.boxes = (element.cell.boxes[0], len(self.boxes))
                element.cell.links = (element.cell.links[0], len(self.links))
                self.sink = element.cell.outer
            elif element.table is not None:
                if element.name == "caption":
                    self.sink = element.table.outer
                elif not self.hidden and not element.hides:
                    self.sink.append(element.table)
        elif element.name in _SECTIONS:
            self.next_group()

    def close_inlines(self, element: Element) -> None:
        """Inline elements opened in a block that closes: formatting goes on behind it, others end with it."""
        depth = len(self.stack)
        barrier = element.name in ("td", "th", "caption")
        for entry in reversed(self.inlines[:]):
            if entry.depth < depth:
                continue
            if entry.name in _FORMATTING and not barrier:
                entry.depth = depth - 1
            else:
                self.finish(entry)

    def close_to(self, index: int) -> None:
        """Close all block elements from the innermost down to the one at `index`."""
        while len(self.stack) > index:
            self.close_top()

    def close_paragraph(self) -> None:
        if self.stack[-1].name == "p":
            self.close_top()

    def start_block(self, name: str, attributes: str) -> None:
        self.close_paragraph()
        look = self.look(attributes)
        element = self.push(name, look, hides=look.gone or look.unseen)
        if name in _BOXES:
            self.open_box(element, look)
        elif name in ("pre", "listing"):
            element.preformatted = True

    def open_box(self, element: Element, look: Look) -> None:
        get = look.attributes.get
        self.boxes.append(Box(element.container, element.name, get("id", ""), get("class", ""), get("role", "")))
        element.container = len(self.boxes) - 1

    def start_heading(self, name: str, attributes: str) -> None:
        if self.stack[-1].name in _HEADINGS:
            self.close_top()
        self.start_block(name, attributes)
        self.stack[-1].level = _HEADINGS[name]

    def start_list_item(self, name: str, attributes: str) -> None:
        closes = ("li",) if name == "li" else ("dd", "dt")
        for index in range(len(self.stack) - 1, 0, -1):
            above = self.stack[index].name
            if above in closes:
                self.close_to(index)
                break
            if above not in _LIST_STOPS:
                break
        self.start_block(name, attributes)

    def start_break(self, name: str, attributes: str) -> None:
        self.close_line()

    def start_rule(self, name: str, attributes: str) -> None:
        self.close_paragraph()
        self.close_line()

    def start_body(self, name: str, attributes: str) -> None:
        if self.counts["body"] == 1 and len(self.stack) == 1:
            self.close_line()
            self.stack[0] = Element("body", 1, self.position, align=self.look(attributes).align)

    def end_block(self, name: str) -> None:
        bottom = self.frames[-1][1] if self.frames else 0
        for index in range(len(self.stack) - 1, bottom, -1):
            above = self.stack[index].name
            if above == name:
                self.close_to(index)
                return
            if name == "li" and above in ("ul", "ol"):
                return
        if name == "p":
            self.close_line()

    def end_heading(self, name: str) -> None:
        bottom = self.frames[-1][1] if self.frames else 0
        for index in range(len(self.stack) - 1, bottom, -1):
            if self.stack[index].name in _HEADINGS:
                self.close_to(index)
                return

    def end_break(self, name: str) -> None:
        self.close_line()

    # Tables

    def start_table(self, name: str, attributes: str) -> None:
        if self.frames and self.frames[-1][0] == "table":
            self.close_to(self.frames[-1][1])
        self.close_paragraph()
        look = self.look(attributes)
        element = self.push(name, look, hides=look.gone or look.unseen)
        element.table = TableFlow(element, outer=self.sink)
        self.frames.append(("table", len(self.stack) - 1))
        if len(self.frames) > 2 * MAX_NESTED_TABLES:
            raise LimitError(
                f"tables stand in tables more than {MAX_NESTED_TABLES} deep",
                reading="an HTML page",
                where=f"html:table#{element.ordinal}",
            )

    def table_context(self, names: frozenset[str]) -> TableFlow | None:
        """Close what is open down to one of `names`; None when no table is open."""
        if not self.frames:
            return None
        if self.frames[-1][0] != "table":
            self.close_to(self.frames[-1][1])
        while self.stack[-1].name not in names:
            self.close_top()
        return self.stack[self.frames[-1][1]].table

    def next_group(self) -> None:
        table = self.stack[self.frames[-1][1]].table if self.frames else None
        if table is not None:
            table.group += 1

    def start_section(self, name: str, attributes: str) -> None:
        if self.table_context(frozenset(("table",))) is not None:
            look = self.look(attributes)
            self.next_group()
            self.push(name, look, hides=look.gone or look.unseen)

    def start_row(self, name: str, attributes: str) -> None:
        table = self.table_context(_ROW_CONTEXT)
        if table is not None:
            self.open_row(table, self.look(attributes), implied=False)

    def open_row(self, table: TableFlow, look: Look, *, implied: bool) -> None:
        foot = self.stack[-1].name == "tfoot"
        element = self.push("tr", look, hides=look.gone or look.unseen or look.classed)
        if implied:
            element.ordinal = 0
        if not self.hidden:
            table.rows.append(RowFlow(table.group, foot, self.sizing or look.height_zero))

    def start_cell(self, name: str, attributes: str) -> None:
        table = self.table_context(_CELL_CONTEXT)
        if table is None:
            return
        if self.stack[-1].name != "tr":
            self.open_row(table, PLAIN, implied=True)
        look = self.look(attributes)
        self.close_line()
        gone = look.gone or (look.classed and not look.unseen)
        placed = not self.hidden and not gone
        element = self.push(name, look, hides=gone or look.unseen)
        self.frames.append(("cell", len(self.stack) - 1))
        if placed:
            get = look.attributes.get
            cell = CellFlow(
                element, colspan_of(get("colspan", "")), rowspan_of(get("rowspan", "")), name == "th",
                get("id", ""), get("class", ""), [], (len(self.boxes), 0), (len(self.links), 0),
                self.sink,
            )  # fmt: skip
            element.cell = cell
            table.rows[-1].cells.append(cell)
            self.sink = cell.items

    def start_caption(self, name: str, attributes: str) -> None:
        table = self.table_context(frozenset(("table",)))
        if table is not None:
            look = self.look(attributes)
            element = self.push(name, look, hides=look.gone)
            element.table = table
            self.frames.append(("caption", len(self.stack) - 1))
            self.sink = table.captions

    def end_cell(self, name: str) -> None:
        if self.frames and self.stack[self.frames[-1][1]].name == name:
            self.close_to(self.frames[-1][1])

    def end_table_part(self, name: str) -> None:
        """A row or section ends, with the cell in it."""
        for index in range(len(self.stack) - 1, 0, -1):
            above = self.stack[index].name
            if above == name:
                self.close_to(index)
                return
            if above == "table":
                return

    def end_table(self, name: str) -> None:
        for index in range(len(self.stack) - 1, 0, -1):
            if self.stack[index].name == "table":
                self.close_to(index)
                return

    # Inline elements

    def start_inline(self, name: str, attributes: str) -> None:
        flags = _INLINE.get(name, 0)
        value = ""
        if attributes:
            look = self.look(attributes)
            if look is not PLAIN:
                if look.gone or look.unseen or look.classed:
                    flags |= HIDE
                if look.struck:
                    flags |= DELETED
                if look.raised:
                    flags |= NOTE
                if look.bold:
                    flags |= BOLD
                if "itemprop" in look.attributes:
                    value = "itemprop:" + look.attributes["itemprop"].strip().lower()
                    if "content" in look.attributes:
                        self.meta.append((value, look.attributes["content"]))
                    else:
                        flags |= NAMED
        if name not in _KNOWN and ":" not in name:
            flags |= NAMED
            value = value or f"element:{name}"
        if flags:
            self.open_inline(name, flags, value)
        elif name in self.named:
            self.named[name][-1].nested += 1

    def open_inline(self, name: str, flags: int, value: str = "") -> None:
        entry = _Inline(
            name, flags, self.position, len(self.pieces), len(self.stack), value, 0, self.stack[-1].container
        )
        self.inlines.append(entry)
        self.named.setdefault(name, []).append(entry)
        if flags & _UNSHOWN:
            self.hide()
        if flags & BOLD:
            if not self.bold:
                self.bold_from = self.position
            self.bold += 1
        if flags & LINK:
            self.link_from = self.position

    def end_inline(self, name: str) -> None:
        entries = self.named.get(name)
        if not entries:
            return
        entry = entries[-1]
        if entry.nested:
            entry.nested -= 1
        elif entry.depth >= len(self.stack) or name in _FORMATTING:
            self.finish(entry)

    def finish(self, entry: _Inline) -> None:
        """An inline element ends: what it does to its text is done."""
        self.inlines.remove(entry)
        entries = self.named[entry.name]
        entries.remove(entry)
        if not entries:
            del self.named[entry.name]
        flags, start = entry.flags, entry.start
        if flags & DELETED:
            self.say("deleted_text", "text that is struck out is left out", start)
        elif flags & READING:
            self.say("pinyin_noise", "a reading aid is left out", start)
        elif flags & HIDE and entry.name not in _SILENT and self.in_cell():
            self.say("hidden_text", "text that the page does not show", start)
        if flags & SELECT and self.option_shown:
            self.end_option("option")
        if entry.name == "title" and not self.title:
            self.title = " ".join("".join(self.pieces[entry.piece :]).split())
        if flags & _UNSHOWN:
            self.show()
        elif flags & NOTE and not self.hidden and self.is_note_mark(entry):
            self.say("note_mark_dropped", "a note mark is left out", start)
            self.cut(start, self.position)
        if flags & BOLD:
            self.bold -= 1
            if not self.bold and self.position > self.bold_from:
                self.bolds.append((max(self.bold_from, self.line_start), self.position))
        if flags & LINK:
            if self.position > self.link_from:
                self.link_spans.append((max(self.link_from, self.line_start), self.position))
            self.link_from = -1
            self.links.append((entry.value, start, self.position, entry.container))
        if flags & NAMED and self.position - start <= 2 * _ELEMENT_TEXT:
            text = " ".join("".join(self.pieces[entry.piece :]).split())
            if text and len(text) <= _ELEMENT_TEXT:
                self.meta.append((entry.value, text))

    def is_note_mark(self, entry: _Inline) -> bool:
        """A raised text is a note mark when it looks like one; bare digits only behind a digit."""
        mark = "".join(self.pieces[entry.piece :]).strip()
        if not _NOTE_MARK.fullmatch(mark):
            return False
        if not _DIGITS.issuperset(mark):
            return True
        if entry.start <= self.line_start:
            return False
        return entry.piece > 0 and self.pieces[entry.piece - 1][-1] in _DIGITS

    def start_anchor(self, name: str, attributes: str) -> None:
        for entry in self.named.get("a", [])[::-1]:
            self.finish(entry)
        href = self.look(attributes).attributes.get("href")
        if href is not None and not self.hidden:
            self.open_inline(name, LINK, href.strip())
            look = self.look(attributes)
            if look.gone or look.unseen or look.classed:
                self.open_inline(name, HIDE)
        else:
            self.start_inline(name, attributes)

    def start_link_source(self, name: str, attributes: str) -> None:
        target = attributes_of(attributes).get(_LINK_SOURCES[name], "").strip()
        if target and not self.hidden:
            self.links.append((target, self.position, self.position, self.stack[-1].container))

    # Forms, raw elements, the head

    def in_cell(self) -> bool:
        return bool(self.frames) and self.frames[-1][0] == "cell"

    def start_input(self, name: str, attributes: str) -> None:
        if self.hidden or not self.in_cell():
            return
        look = self.look(attributes)
        value = look.attributes.get("value", "")
        shown = not (look.gone or look.unseen or look.classed)
        if shown and value.strip() and look.attributes.get("type", "").strip().lower() in _INPUT_TYPES:
            self.inserts.append((self.position, self.counts["input"], value))

    def start_option(self, name: str, attributes: str) -> None:
        if self.option_shown:
            self.end_option(name)
        if "select" in self.named and self.hidden == 1 and self.in_cell():
            if "selected" in self.look(attributes).attributes:
                self.option_shown = True
                self.show()

    def end_option(self, name: str) -> None:
        if self.option_shown:
            self.option_shown = False
            self.hide()

    def start_raw(self, name: str, attributes: str) -> None:
        if name == "iframe":
            self.start_link_source(name, attributes)
        look = self.look(attributes)
        if name == "title" or look.gone or look.unseen or not (name == "xmp" or self.in_cell()):
            self.open_inline(name, HIDE)
        else:
            self.open_inline(name, 0)

    def start_meta(self, name: str, attributes: str) -> None:
        get = self.look(attributes).attributes.get
        key = get("name") or get("property") or get("http-equiv") or ""
        if not key and get("itemprop"):
            key = f"itemprop:{get('itemprop')}"
        content = get("content")
        if key and content is not None:
            self.meta.append((key.strip().lower(), content))

    def sinks(self, name: str) -> bool:
        """Whether a start tag stands within a template or a drawing, where no tag means anything else."""
        if self.sunk and self.sunk[-1] == "svg" and name in self.starts and name not in _IN_DRAWINGS:
            while self.sunk and self.sunk[-1] == "svg":
                self.sunk.pop()
                self.show()
        if name in _SUNK:
            self.sunk.append(name)
            self.hide()
        return bool(self.sunk)

    def end_sunk(self, name: str) -> None:
        if name == self.sunk[-1]:
            self.sunk.pop()
            self.show()

    def remark(self, content: str, what: str) -> None:
        """A remark of the source: Word says in one which rows only set widths."""
        if what == UNCLOSED:
            message = "the rest of the page stands in a comment or script without an end and is not read"
            self.remarks.append(
                Remark("unclosed_markup", "warning", message, self.position, self.position, self.owner(), content[:200])
            )
            return
        lowered = content.strip().lower()
        if lowered.startswith("[if ") and "supportmisalignedcolumns" in lowered:
            self.sizing = True
        elif lowered.startswith("[endif"):
            self.sizing = False
