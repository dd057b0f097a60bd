"""HTML to a document: the tree rules of the HTML standard applied to the source's own tokens.

No tree library stands between source and text, so places, ordinals and characters are those of the
source by construction, and no depth is too deep. Of the tree rules (HTML Living Standard, 13.2.6
Tree construction) those are followed that decide what text stands in which block or cell: implied
ends, scopes, the table modes, foster parenting, formatting that outlives its block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from parsers.document import Document
from parsers.errors import EmptyDocumentError, LimitError
from parsers.readers import containers, divided, pictured, raised, veils
from parsers.readers.appearance import PLAIN, Look, hidden_names, meaningless
from parsers.readers.composition import compose
from parsers.readers.flow import Box, CellFlow, Element, Item, Page, Remark, RowFlow, Setting, TableFlow
from parsers.readers.lines import HIDE, Lines
from parsers.readers.markup import CONDITIONAL, END, RAW, START, UNCLOSED, WHITE, Leaf, clean, collapse, tokens

MAX_CHARACTERS = 64_000_000
MAX_TAGS = 1_000_000
MAX_NESTED_TABLES = 100

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOXES = (
    frozenset("div section article nav aside header footer main ul ol dl form fieldset menu dir center".split())
    | containers.elements()
)
_BLOCKS = _BOXES | frozenset(
    "address blockquote details dialog figcaption figure hgroup legend listing pre search summary".split()
)
_SECTIONS = frozenset(("tbody", "thead", "tfoot"))
_TABLE_CONTEXT = frozenset(("table",))
_ROW_CONTEXT = _TABLE_CONTEXT | _SECTIONS
_CELL_CONTEXT = _ROW_CONTEXT | {"tr"}
_LIST_STOPS = frozenset(("address", "div", "p"))
_COUNTED = _BLOCKS | _CELL_CONTEXT | frozenset(_HEADINGS) | frozenset("p li dd dt td th caption body input".split())
_SUNK = frozenset(("template", "svg"))
_IN_DRAWINGS = frozenset(("a", "iframe", "area", "option", "meta"))
_LINK_SOURCES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "area": "href"}
_STATE = re.compile("^(?:on|cur|first|last|in|fade)$|active|current|select|show|hid|none|open")
_INPUT_TYPES = frozenset(("", "text", "number", "tel", "email", "date", "month", "url"))


def read(text: str, *, encoding: str = "", encoding_source: str = "") -> Document:
    """Read a decoded page; `encoding` and `encoding_source` go into the document as they are.

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
    source, folded = clean(text)
    hidden = hidden_names(source) if b"<style" in folded else frozenset()
    marks = raised.marks(source)
    joined = meaningless(folded, hidden)
    if marks:
        joined -= raised.ELEMENTS
    laid_out = divided.elements(folded)
    drawing, signs = pictured.signs(source, folded)
    joined -= laid_out | drawing
    builder = _Builder(hidden, marks, laid_out, signs)
    page = builder.build(source, joined)
    document = compose(page, encoding=encoding, encoding_source=encoding_source)
    veiled = veils.told(builder.veiled, page.text, document)
    if not builder.turns and not veiled:
        return document
    opened = _Builder(hidden, marks, laid_out, signs, opened=True, unveiled=veiled).build(source, joined)
    return replace(document, whole=compose(opened, encoding=encoding, encoding_source=encoding_source))


_Kin = tuple[tuple[str, ...], str]


def _kin(classes: str, ident: str) -> _Kin:
    """What boxes that stand for each other share of class and id: not the number, nor which of them is shown."""
    words = tuple(word for word in classes.lower().split() if not _STATE.search(word))
    return words, "" if words else ident.rstrip("0123456789")


@dataclass(slots=True)
class _Frame:
    """An open table, cell or caption: its place in the stack of blocks, and where text goes behind it."""

    kind: str
    depth: int
    table: TableFlow | None
    cell: CellFlow | None
    outer: list[Item]


class _Builder(Lines):
    """Tokens in, a page out. One instance reads one page."""

    def __init__(
        self,
        hidden: frozenset[str],
        marks: frozenset[str],
        laid_out: frozenset[str],
        signs: frozenset[str],
        *,
        opened: bool = False,
        unveiled: frozenset[veils.Name] = frozenset(),
    ) -> None:
        """`opened` says to show the parts that are shown only on request; `turns` then is whether there are such.
        `unveiled` are hidden boxes to be shown too, of those that `veiled` lists. `laid_out` are the inline elements
        some of which are parts of tables, `signs` the attributes of empty ones that styles make figures of."""
        super().__init__(hidden, marks)
        self.opened = opened
        self.turns = False
        self.unveiled = unveiled
        self.veiled: list[veils.Veiled] = []
        self.kin: set[tuple[int, str, _Kin]] = set()
        self.kin_of = 0
        self.laid_out = laid_out
        self.signs = signs
        self.parts: dict[str, list[bool]] = {name: [] for name in laid_out}
        self.counts = dict.fromkeys((*_COUNTED, *laid_out), 0)
        self.frame = _Frame("", -1, None, None, self.items)
        self.frames = [self.frame]
        self.hiders: list[int] = []
        self.depths = dict.fromkeys((*_COUNTED, *laid_out, "html"), 0)  # how many elements of a name are open
        self.boxes: list[Box] = []
        self.sunk: list[str] = []
        self.sizing = False

    def build(self, source: str, joined: frozenset[str]) -> Page:
        """Read all tokens of a cleaned source; `joined` elements are no tokens."""
        starts, ends, pieces, counts, names = _STARTS, _ENDS, self.pieces, self.counts, self.names
        laid_out, signs = self.laid_out, self.signs
        for kind, name, attributes, text, leaf in tokens(source, joined):
            if leaf is not None:
                counts["td"] += 1
                if leaf[1] is not None:
                    counts["p"] += 1
                if not self.add_simple_cell(name, attributes, leaf):
                    self.add_parts(name, attributes, leaf)
            elif kind == START:
                if name in counts:
                    counts[name if name != "th" else "td"] += 1
                if (self.sunk or name in _SUNK) and self.sinks(name):
                    pass
                elif name in starts:
                    starts[name](self, name, attributes)
                elif name in laid_out and self.is_part(name, attributes):
                    look = self.look(attributes)
                    self.open_box(self.open(name, look, hides=False), look)
                else:
                    if attributes in signs:
                        self.draw()
                    self.start_inline(name, attributes)
            elif kind == END:
                if self.sunk:
                    if name == self.sunk[-1]:
                        self.sunk.pop()
                        self.show()
                elif name in ends:
                    ends[name](self, name)
                elif name in laid_out and self.parts[name] and self.parts[name].pop():
                    self.end_block(name)
                else:
                    self.end_inline(name)
            elif kind == RAW:
                self.start_raw(name, attributes)
            else:
                self.remark(name, attributes)
            if text:
                pieces.append(text)
                self.position += len(text)
                if not self.inked and not self.hidden and (text[0] > " " or text.strip(WHITE)):
                    self.inked = True
        while len(names) > 1:
            self.close()
        self.end_line()
        for entry in reversed(self.inlines[:]):
            self.finish(entry)
        return Page("".join(pieces), self.items, self.boxes, self.links, self.meta, self.title, self.remarks)

    def is_part(self, name: str, attributes: str) -> bool:
        """Whether an inline element is part of a table that is made of such; its end tag will ask the same."""
        part = divided.is_part(attributes) and not self.hidden
        self.parts[name].append(part)
        return part

    # Blocks

    def open(self, name: str, look: Look, *, hides: bool) -> Element:
        """Open a block element. A hidden one takes no place, so it ends no line."""
        if hides:
            self.hide()
            self.hiders.append(len(self.names))
        elif self.inked:
            self.end_line()
        elif not self.hidden:
            self.line_start = self.position
        setting = self.elements[-1].setting
        if look.align:
            setting = setting.aligned(look.align)
        element = Element(name, self.counts[name if name != "th" else "td"], self.position, setting)
        self.names.append(name)
        self.elements.append(element)
        self.depths[name] += 1
        return element

    def close(self) -> None:
        """Close the innermost block element."""
        if self.inked:
            self.end_line()
        elif not self.hidden:
            self.line_start = self.position
        if self.inlines:
            self.end_inlines_of(self.elements[-1])
        depth = len(self.names) - 1
        hides = bool(self.hiders) and self.hiders[-1] == depth
        if hides:
            self.hiders.pop()
            if self.in_cell():
                self.say("hidden_text", "text that the page does not show is left out", self.hidden_from)
            elif self.hidden == 1 and self.position - self.hidden_from >= veils.LEAST:
                element = self.elements[-1]
                self.veiled.append(((element.name, element.ordinal), self.hidden_from, self.position))
            self.show()
        self.depths[self.names.pop()] -= 1
        self.elements.pop()
        if self.frame.depth == depth:
            self.close_frame(hides=hides)

    def close_frame(self, *, hides: bool) -> None:
        """A table, cell or caption has ended: text goes where it went before."""
        ended = self.frames.pop()
        table, cell, outer = ended.table, ended.cell, ended.outer
        self.frame = self.frames[-1]
        self.sink = outer
        if cell is not None:
            cell.boxes = (cell.boxes[0], len(self.boxes))
            cell.links = (cell.links[0], len(self.links))
        elif table is not None and not self.hidden and not hides:
            outer.append(table)
            if self.frame.cell is not None:
                above = self.frames[-2].table
                if above is not None:
                    above.nested.append(table)

    def close_to(self, index: int) -> None:
        """Close all block elements from the innermost down to the one at `index`."""
        names = self.names
        while len(names) > index:
            self.close()

    def start_block(self, name: str, attributes: str) -> None:
        if self.names[-1] == "p":
            self.close()
        look = self.looks.get(attributes) or self.look(attributes)
        hides = look.hides or (name == "dialog" and "open" not in look.attributes)
        if hides and not self.hidden and name in _BOXES and self.is_turn(name, look):
            self.turns = True
            hides = not self.opened
        elif hides and not self.hidden and (name, self.counts[name]) in self.unveiled:
            hides = False
        element = self.open(name, look, hides=hides)
        if look.sized is not None and self.in_cell():
            self.start_sized(name, look.sized)
        if name in _BOXES:
            self.open_box(element, look)
        elif name in ("pre", "listing"):
            setting = element.setting
            element.setting = Setting(setting.box, setting.level, setting.align, True)

    def is_turn(self, name: str, look: Look) -> bool:
        """Whether a hidden box stands beside one of the same name: a further page of an article, or a tab."""
        for box in self.boxes[self.kin_of :]:
            self.kin.add((box.parent, box.tag, _kin(box.classes, box.ident)))
        self.kin_of = len(self.boxes)
        own = _kin(look.attributes.get("class", ""), look.attributes.get("id", ""))
        return any(own) and (self.elements[-1].setting.box, name, own) in self.kin

    def start_box(self, name: str, attributes: str) -> None:
        """As `start_block` for a box, in one go where nothing hides it or gives its text a size."""
        look = self.looks.get(attributes) or self.look(attributes)
        if look.hides or look.sized is not None:
            self.start_block(name, attributes)
            return
        if self.names[-1] == "p":
            self.close()
        if self.inked:
            self.end_line()
        elif not self.hidden:
            self.line_start = self.position
        above = self.elements[-1].setting
        align = "center" if name == "center" else look.align or above.align
        get, boxes = look.attributes.get, self.boxes
        setting = Setting(len(boxes), above.level, align, above.preformatted)
        boxes.append(Box(above.box, name, get("id", ""), get("class", ""), get("role", "")))
        self.names.append(name)
        self.elements.append(Element(name, self.counts[name], self.position, setting))
        self.depths[name] += 1

    def open_box(self, element: Element, look: Look) -> None:
        setting = element.setting
        get = look.attributes.get
        self.boxes.append(Box(setting.box, element.name, get("id", ""), get("class", ""), get("role", "")))
        align = "center" if element.name == "center" else setting.align
        element.setting = Setting(len(self.boxes) - 1, setting.level, align, setting.preformatted)

    def start_heading(self, name: str, attributes: str) -> None:
        if self.names[-1] in _HEADINGS:
            self.close()
        self.start_block(name, attributes)
        setting = self.elements[-1].setting
        self.elements[-1].setting = Setting(setting.box, _HEADINGS[name], setting.align, setting.preformatted)

    def start_list_item(self, name: str, attributes: str) -> None:
        closes = ("li",) if name == "li" else ("dd", "dt")
        depths = self.depths
        bottom = 0 if (depths["li"] if name == "li" else depths["dd"] or depths["dt"]) else len(self.names)
        for index in range(len(self.names) - 1, bottom, -1):
            above = self.names[index]
            if above in closes:
                self.close_to(index)
                break
            if above not in _LIST_STOPS:
                break
        self.start_block(name, attributes)

    def start_break(self, name: str, attributes: str) -> None:
        self.end_line()

    def start_rule(self, name: str, attributes: str) -> None:
        if self.names[-1] == "p":
            self.close()
        self.end_line()

    def start_body(self, name: str, attributes: str) -> None:
        """The body owns what stands in no block. Further body tags mean nothing."""
        if self.counts["body"] == 1 and len(self.names) == 1:
            self.end_line()
            self.elements[0] = Element(name, 1, self.position, Setting(align=self.look(attributes).align))

    def end_block(self, name: str) -> None:
        names = self.names
        if names[-1] == name:
            self.close()
            return
        bottom = max(self.frame.depth, 0) if self.depths[name] else len(names)
        for index in range(len(names) - 1, bottom, -1):
            above = names[index]
            if above == name:
                self.close_to(index)
                return
            if name == "li" and above in ("ul", "ol"):
                return
        if name == "p":
            self.end_line()

    def end_heading(self, name: str) -> None:
        bottom = max(self.frame.depth, 0) if any(self.depths[heading] for heading in _HEADINGS) else len(self.names)
        for index in range(len(self.names) - 1, bottom, -1):
            if self.names[index] in _HEADINGS:
                self.close_to(index)
                return

    def end_break(self, name: str) -> None:
        self.end_line()

    # Tables

    def start_table(self, name: str, attributes: str) -> None:
        if self.frame.kind == "table":
            self.close_to(self.frame.depth)
        if self.names[-1] == "p":
            self.close()
        look = self.look(attributes)
        element = self.open(name, look, hides=look.hides)
        self.push("table", TableFlow(element, [], []), None)
        if len(self.frames) > 2 * MAX_NESTED_TABLES:
            raise LimitError(
                f"tables stand in tables more than {MAX_NESTED_TABLES} deep",
                reading="an HTML page",
                where=f"html:table#{element.ordinal}",
            )

    def push(self, kind: str, table: TableFlow | None, cell: CellFlow | None) -> None:
        self.frame = _Frame(kind, len(self.names) - 1, table, cell, self.sink)
        self.frames.append(self.frame)

    def in_cell(self) -> bool:
        return self.frame.kind == "cell"

    def table_at(self, context: frozenset[str]) -> TableFlow | None:
        """Close what is open within the innermost table down to one of `context`; None when there is no table."""
        if self.frame.kind != "table":
            if self.frame.depth < 0:
                return None
            self.close_to(self.frame.depth)
        while self.names[-1] not in context:
            self.close()
        return self.frame.table

    def start_section(self, name: str, attributes: str) -> None:
        table = self.table_at(_TABLE_CONTEXT)
        if table is not None:
            look = self.look(attributes)
            table.sections += 1
            self.open(name, look, hides=look.hides)

    def start_column(self, name: str, attributes: str) -> None:
        """Columns say nothing of text, but end what is open in a table."""
        self.table_at(_TABLE_CONTEXT)

    def start_row(self, name: str, attributes: str) -> None:
        table = self.table_at(_ROW_CONTEXT)
        if table is not None:
            self.open_row(table, self.looks.get(attributes) or self.look(attributes))

    def open_row(self, table: TableFlow, look: Look) -> Element:
        section = self.names[-1]
        element = self.open("tr", look, hides=look.hides or look.classed)
        # Rows that stand in no section make a group of their own before and behind each section.
        group = -table.sections - 1 if section == "table" else table.sections
        table.unplaced = RowFlow(group, section == "tfoot", self.sizing or look.height_zero, [])
        if not self.hidden:
            table.place_row()
        return element

    def start_cell(self, name: str, attributes: str) -> None:
        table = self.table_at(_CELL_CONTEXT)
        if table is None:
            return
        if self.names[-1] != "tr":
            self.open_row(table, PLAIN).ordinal = 0
        look = self.look(attributes)
        if self.inked:
            self.end_line()
        gone = look.gone or (look.classed and not look.unseen)
        placed = not gone and not self.hidden
        element = self.open(name, look, hides=gone or look.unseen)
        if not placed:
            self.push("cell", None, None)
            return
        items: list[Item] = []
        boxes, links = (len(self.boxes), 0), (len(self.links), 0)
        cell = CellFlow(name, element.ordinal, element.start, look, items, boxes, links)
        table.place_row()
        table.rows[-1].cells.append(cell)
        self.push("cell", None, cell)
        self.sink = items
        if look.sized is False:
            self.start_sized(name, look.sized)

    def add_simple_cell(self, name: str, attributes: str, leaf: Leaf) -> bool:
        """Add a whole cell in which nothing but text stands. False when it takes more care than that."""
        if self.hidden or self.inlines:
            return False
        names, frame = self.names, self.frame
        if frame.kind == "cell" and names[-1] in ("td", "th", "p"):
            self.close_to(frame.depth)
            frame = self.frame
        if frame.table is None or names[-1] != "tr" or self.inked or frame.table.unplaced is not None:
            return False
        looks = self.looks
        look = looks.get(attributes) or self.look(attributes)
        if look.hides or look.classed or look.sized is False:
            return False
        indent, paragraph, content, rest = leaf
        start = self.position
        setting = self.elements[-1].setting
        if look.align:
            setting = setting.aligned(look.align)
        ordinal = self.counts["td"]
        number = 0
        if paragraph is not None:
            look_of_paragraph = looks.get(paragraph) or self.look(paragraph)
            if look_of_paragraph.hides or look_of_paragraph.sized is False:
                return False
            if look_of_paragraph.align:
                setting = setting.aligned(look_of_paragraph.align)
            number = self.counts["p"]
        begin = start + len(indent)
        end = begin + len(content)
        self.pieces += (indent, content, rest)
        self.position = self.line_start = end + len(rest)
        cell = CellFlow(name, ordinal, start, look)
        frame.table.rows[-1].cells.append(cell)
        text = content.strip(WHITE)
        if not text:
            cell.locator = f"html:td#{ordinal}[0:0]"
            return True
        first = begin - start
        size = len(text)
        if size != len(content):
            first += content.index(text)
        # No line end nor tab can be printed.
        cell.text = text if text.isalnum() or (text.isprintable() and "  " not in text) else collapse(text)
        cell.locator = f"html:td#{ordinal}[{first}:{first + size}]"
        cell.line = (begin, end, number, setting)
        return True

    def add_parts(self, name: str, attributes: str, leaf: Leaf) -> None:
        """Take a simple cell as the tags and text that it is made of, already counted."""
        indent, paragraph, content, rest = leaf
        if self.sunk and self.sinks(name):
            self.add_text(indent + content + rest)
            return
        self.start_cell(name, attributes)
        self.add_text(indent)
        if paragraph is not None:
            self.start_block("p", paragraph)
        self.add_text(content)
        if paragraph is not None:
            self.end_block("p")
        self.add_text(rest)
        self.end_cell(name)

    def add_text(self, text: str) -> None:
        self.pieces.append(text)
        self.position += len(text)
        if not self.inked and not self.hidden and text.strip(WHITE):
            self.inked = True

    def start_caption(self, name: str, attributes: str) -> None:
        table = self.table_at(_TABLE_CONTEXT)
        if table is not None:
            look = self.look(attributes)
            self.end_line()
            self.open(name, look, hides=look.hides)
            self.push("caption", None, None)
            self.sink = table.captions

    def end_cell(self, name: str) -> None:
        if self.frame.depth >= 0 and self.names[self.frame.depth] == name:
            self.close_to(self.frame.depth)

    def end_table_part(self, name: str) -> None:
        """A row or section ends, with the cell in it."""
        for index in range(len(self.names) - 1 if self.frames[1:] else 0, 0, -1):
            above = self.names[index]
            if above == name:
                self.close_to(index)
                return
            if above == "table":
                if name == "tbody":
                    self.end_implied_section(index + 1)
                return

    def end_implied_section(self, index: int) -> None:
        """Rows directly in a table stand in a section without a tag, which an end tag may end."""
        if self.names[index:][:1] == ["tr"]:
            self.close_to(index)
        if self.frame.table is not None:
            self.frame.table.sections += 1

    def end_table(self, name: str) -> None:
        for frame in reversed(self.frames):
            if frame.kind == "table":
                self.close_to(frame.depth)
                return

    # Forms, raw elements, the head

    def start_input(self, name: str, attributes: str) -> None:
        """What a form field within a cell holds is text of the cell."""
        if self.hidden or not self.in_cell():
            return
        look = self.look(attributes)
        get = look.attributes.get
        shown = not (look.hides or look.classed)
        if shown and get("value", "").strip() and get("type", "").strip().lower() in _INPUT_TYPES:
            self.more().inserts.append((self.position, self.counts["input"], get("value", "")))
            self.inked = True

    def start_picture(self, name: str, attributes: str) -> None:
        if self.frame.cell is not None and not self.hidden:
            look = self.look(attributes)
            if not (look.hides or look.classed) and pictured.is_seen(look.attributes):
                self.draw()
        if name in _LINK_SOURCES:
            self.start_link_source(name, attributes)
        else:
            self.start_inline(name, attributes)

    def draw(self) -> None:
        """Something that is no text shows in the cell that is open, if one is."""
        if self.frame.cell is not None and not self.hidden:
            self.frame.cell.drawn = True

    def start_link_source(self, name: str, attributes: str) -> None:
        target = self.look(attributes).attributes.get(_LINK_SOURCES[name], "").strip()
        if target and not self.hidden:
            self.links.append((target, self.position, self.position, self.elements[-1].setting.box))

    def start_raw(self, name: str, attributes: str) -> None:
        if self.sunk:
            return
        if name == "iframe":
            self.start_picture(name, attributes)
        elif name == "title" or (name == "textarea" and not self.in_cell()):
            self.open_inline(name, HIDE)
        else:
            if name == "script":
                self.draw()
            self.start_inline(name, attributes)

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
        if self.sunk and self.sunk[-1] == "svg" and name in _STARTS and name not in _IN_DRAWINGS:
            while self.sunk and self.sunk[-1] == "svg":
                self.sunk.pop()
                self.show()
        if name in _SUNK:
            if name == "svg":
                self.draw()
            self.sunk.append(name)
            self.hide()
        return bool(self.sunk)

    def remark(self, content: str, what: str) -> None:
        """A remark of the source: Word says in one which rows only set widths."""
        if what == UNCLOSED:
            message = "the rest of the page stands in a tag, comment or script without an end and is not read"
            self.remarks.append(
                Remark("unclosed_markup", "warning", message, self.position, self.position, self.owner(), content[:200])
            )
        elif what == CONDITIONAL:
            if self.frame.cell is not None and pictured.draws(content):
                self.draw()
        elif "if" in content:
            lowered = content.strip().lower()
            if lowered.startswith("[if ") and "supportmisalignedcolumns" in lowered:
                self.sizing = True
            elif lowered.startswith("[endif"):
                self.sizing = False


_STARTS: Mapping[str, Callable[[_Builder, str, str], None]] = (
    dict.fromkeys((*_BLOCKS, "p"), _Builder.start_block)
    | dict.fromkeys(_BOXES, _Builder.start_box)
    | dict.fromkeys(_HEADINGS, _Builder.start_heading)
    | dict.fromkeys(("li", "dd", "dt"), _Builder.start_list_item)
    | dict.fromkeys(_SECTIONS, _Builder.start_section)
    | dict.fromkeys(("td", "th"), _Builder.start_cell)
    | dict.fromkeys(_LINK_SOURCES, _Builder.start_link_source)
    | dict.fromkeys(pictured.PICTURES, _Builder.start_picture)
    | {
        "tr": _Builder.start_row, "table": _Builder.start_table, "caption": _Builder.start_caption,
        "br": _Builder.start_break, "hr": _Builder.start_rule, "body": _Builder.start_body,
        "a": _Builder.start_anchor, "input": _Builder.start_input, "option": _Builder.start_option,
        "meta": _Builder.start_meta, "col": _Builder.start_column, "colgroup": _Builder.start_column,
    }
)  # fmt: skip
"""What the start tag of an element means; any other is inline."""

_ENDS: Mapping[str, Callable[[_Builder, str], None]] = (
    dict.fromkeys((*_BLOCKS, "p", "li", "dd", "dt"), _Builder.end_block)
    | dict.fromkeys(_HEADINGS, _Builder.end_heading)
    | dict.fromkeys(("td", "th", "caption"), _Builder.end_cell)
    | dict.fromkeys((*_SECTIONS, "tr"), _Builder.end_table_part)
    | {"table": _Builder.end_table, "br": _Builder.end_break, "option": _Builder.end_option}
)
