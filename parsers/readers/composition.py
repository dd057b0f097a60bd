"""From a page's flow to a document: text as a reader sees it, locators, data tables, containers."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.document import Cell, Container, Document, Link, Paragraph, Table
from parsers.records import Issue
from parsers.readers.containers import role_of
from parsers.readers.flow import Box, CellFlow, Element, Item, Line, Page, Span, TableFlow
from parsers.readers.grid import lay_out
from parsers.readers.markup import WHITE

_CJK = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_CJK_BREAK = re.compile(rf"(?<=[{_CJK}])[ \t\f]*\n[ \t\n\f]*(?=[{_CJK}])")
_BLANKS = re.compile(r"[ \t\n\f]+")
_COLLAPSIBLE = re.compile(r"[\t\n\f]|  ")

RAW_LIMIT = 200
"""Characters of a remark's raw text."""

CHAIN = 8
"""Of a chain of containers taken as one, how many give their names."""

LONG_CELL = 400
LONG_LINES = 4
SHORT_CELL = 30
DATA_CELLS = 8
DATA_ROWS = 3
"""What tells a layout table from a data table, see `_is_layout`. Characters, lines, cells, rows."""


def collapse(raw: str) -> str:
    """Source text as a browser shows it on one line.

    A run of white space is one blank, none at the edges; a line end between two Chinese or Japanese
    characters is nothing. Other blanks (no-break, ideographic) stay.
    """
    raw = raw.strip(WHITE)
    if _COLLAPSIBLE.search(raw) is None:
        return raw
    if "\n" in raw:
        raw = _CJK_BREAK.sub("", raw)
    return _BLANKS.sub(" ", raw)


def compose(page: Page, *, encoding: str, encoding_source: str) -> Document:
    """The document that a page's flow says."""
    composer = _Composer(page)
    composer.add_items(page.items)
    boxes = [draft.container for draft in composer.drafts] + [link[3] for link in page.links]
    number, containers = _numbered([box for box in dict.fromkeys(boxes) if box >= 0], page.boxes)
    return Document(
        media_type="text/html",
        blocks=tuple([draft.block(number[draft.container]) for draft in composer.drafts]),
        containers=containers,
        meta=tuple(page.meta),
        title=page.title,
        links=tuple(
            [Link(href, collapse(page.text[start:stop]), number[box]) for href, start, stop, box in page.links]
        ),
        encoding=encoding,
        encoding_source=encoding_source,
        issues=composer.issues(),
    )


class _ParagraphDraft(NamedTuple):
    """A paragraph whose container has no number yet."""

    text: str
    locator: str
    container: int
    level: int
    bold: bool
    align: str
    link_characters: int

    def block(self, container: int) -> Paragraph:
        text, locator, _, level, bold, align, link_characters = self
        return Paragraph(text, locator, container, level, bold, align, link_characters)


class _TableDraft(NamedTuple):
    """A table whose container has no number yet."""

    cells: tuple[Cell, ...]
    grid: tuple[tuple[int, ...], ...]
    locator: str
    container: int
    caption: str

    def block(self, container: int) -> Table:
        return Table(self.cells, self.grid, self.locator, container, self.caption)


class _Composer:
    """Writes the blocks of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text
        self.drafts: list[_ParagraphDraft | _TableDraft] = []

    def add_items(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, TableFlow):
                self.add_table(item)
            elif item.owner.preformatted and "\n" in self.text[item.start : item.stop]:
                for line in self.source_lines(item):
                    self.add_line(line)
            else:
                self.add_line(item)

    # Lines

    def runs(self, line: Line) -> list[Span]:
        """The visible stretches of a line, in order, without white space at its edges; empty when blank."""
        start, stop = line.start, line.stop
        if not line.cuts:
            raw = self.text[start:stop]
            stripped = raw.lstrip(WHITE)
            start += len(raw) - len(stripped)
            stop = start + len(stripped.rstrip(WHITE))
            return [(start, stop)] if stop > start else []
        runs = []
        for cut_start, cut_stop in sorted(line.cuts):
            if cut_start > start:
                runs.append((start, min(cut_start, stop)))
            start = max(start, cut_stop)
        if start < stop:
            runs.append((start, stop))
        return self.trimmed(runs)

    def trimmed(self, runs: list[Span]) -> list[Span]:
        """Runs without white space at the outer edges."""
        text = self.text
        while runs:
            start, stop = runs[0]
            raw = text[start:stop]
            start += len(raw) - len(raw.lstrip(WHITE))
            if start < stop:
                runs[0] = (start, stop)
                break
            del runs[0]
        while runs:
            start, stop = runs[-1]
            stop = start + len(text[start:stop].rstrip(WHITE))
            if start < stop:
                runs[-1] = (start, stop)
                break
            del runs[-1]
        return runs

    def shown(self, runs: list[Span]) -> str:
        """The text of runs as a reader sees it."""
        if len(runs) == 1:
            return collapse(self.text[runs[0][0] : runs[0][1]])
        return collapse("".join([self.text[start:stop] for start, stop in runs]))

    def source_lines(self, line: Line) -> list[Line]:
        """A line of preformatted text, one for each line of the source."""
        lines = []
        start = line.start
        for piece in self.text[line.start : line.stop].split("\n"):
            stop = start + len(piece)
            lines.append(Line(start, stop, line.owner, line.cuts, line.bolds, line.links))
            start = stop + 1
        return lines

    def add_line(self, line: Line) -> None:
        runs = self.runs(line)
        if not runs:
            return
        text = self.shown(runs)
        if not text.strip():
            return
        owner = line.owner
        self.drafts.append(
            _ParagraphDraft(
                text,
                _locator(owner, runs),
                owner.container,
                owner.level,
                line.bolds is not None and self.covers(line.bolds, runs),
                owner.align,
                0 if line.links is None else self.within(line.links, runs, len(text)),
            )
        )

    def covers(self, spans: list[Span], runs: list[Span]) -> bool:
        """Whether all that can be seen in the runs stands within the spans."""
        position = 0
        for start, stop in sorted(spans):
            for run_start, run_stop in runs:
                if self.text[max(run_start, position) : min(run_stop, start)].strip():
                    return False
            position = max(position, stop)
        return not any(self.text[max(start, position) : stop].strip() for start, stop in runs)

    def within(self, spans: list[Span], runs: list[Span], limit: int) -> int:
        """How many of the shown characters stand within the spans."""
        count = 0
        for start, stop in spans:
            for run_start, run_stop in runs:
                raw = self.text[max(start, run_start) : min(stop, run_stop)]
                if raw:
                    count += len(collapse(raw))
        return min(count, limit)

    # Tables

    def add_table(self, table: TableFlow) -> None:
        contents = {id(cell): self.cell_text(cell) for row in table.rows for cell in row.cells}
        if self.is_layout(table, contents):
            self.add_items(table.captions)
            for row in table.rows:
                for cell in row.cells:
                    if cell.items:
                        self.enter_cell(cell, table.element)
                        self.add_items(cell.items)
            return
        rows = [
            row
            for row in table.rows
            if not (row.sizing and row.cells and not any(contents[id(cell)][0].strip() for cell in row.cells))
        ]
        order = [i for i, row in enumerate(rows) if not row.foot] + [i for i, row in enumerate(rows) if row.foot]
        grid = lay_out(
            [[(cell.colspan, cell.rowspan) for cell in rows[i].cells] for i in order], [rows[i].group for i in order]
        )
        cells: list[Cell] = []
        places = iter(grid.places)
        for i in order:
            for flow in rows[i].cells:
                place = next(places)
                text, locator = contents[id(flow)]
                cells.append(
                    Cell(place.row, place.column, place.rowspan, place.colspan, text, locator, flow.header)
                )
        caption = "\n".join(filter(None, (self.item_text(item) for item in table.captions)))
        element = table.element
        self.drafts.append(
            _TableDraft(tuple(cells), grid.index, f"html:table#{element.ordinal}", element.container, caption)
        )
        for row in rows:
            for flow in row.cells:
                for item in flow.items:
                    if isinstance(item, TableFlow):
                        self.add_table(item)

    def item_text(self, item: Item) -> str:
        return "" if isinstance(item, TableFlow) else self.shown(self.runs(item))

    def cell_text(self, cell: CellFlow) -> tuple[str, str]:
        """A cell's own text and its locator; text of tables within it is theirs."""
        items = cell.items
        if not items:
            return "", f"html:td#{cell.element.ordinal}[0:0]"
        if len(items) == 1:
            line = items[0]
            if isinstance(line, Line) and not line.inserts:
                runs = self.runs(line)
                return self.shown(runs), _locator(cell.element, runs)
        texts: list[str] = []
        runs = []
        places: list[str] = []
        for item in items:
            if isinstance(item, TableFlow):
                continue
            if item.inserts:
                text = self.with_inserts(item, cell.element, runs, places)
            else:
                found = self.runs(item)
                text = self.shown(found)
                runs += found
            if text:
                texts.append(text)
        if runs or not places:
            places.append(_locator(cell.element, self.joined(runs)).removeprefix("html:"))
        return "\n".join(texts), "html:" + "+".join(places)

    def with_inserts(self, line: Line, element: Element, runs: list[Span], places: list[str]) -> str:
        """The text of a line with form values in it. What came before is located, so order is kept."""
        text = ""
        start = line.start
        for position, ordinal, value in line.inserts or ():
            found = self.runs(Line(start, position, line.owner, line.cuts))
            text += self.shown(found)
            runs += found
            if runs:
                places.append(_locator(element, self.joined(runs)).removeprefix("html:"))
                runs.clear()
            text += collapse(value)
            places.append(f"input#{ordinal}")
            start = position
        found = self.runs(Line(start, line.stop, line.owner, line.cuts))
        runs += found
        return text + self.shown(found)

    def joined(self, runs: list[Span]) -> list[Span]:
        """Runs with those put together between which nothing but white space stands."""
        joined: list[Span] = []
        for start, stop in runs:
            if joined and joined[-1][1] <= start and not self.text[joined[-1][1] : start].strip(WHITE):
                joined[-1] = (joined[-1][0], stop)
            else:
                joined.append((start, stop))
        return joined

    def is_layout(self, table: TableFlow, contents: dict[int, tuple[str, str]]) -> bool:
        """Whether a table only places things on the page.

        It does when it is one cell, when the tables within it hold more text than its own cells, or
        when one cell holds an article: at least LONG_CELL characters in LONG_LINES lines (or a data
        table) and half of the table's text, and not DATA_CELLS short cells in DATA_ROWS rows beside it.
        """
        cells = [cell for row in table.rows for cell in row.cells]
        own = 0
        largest = 0
        main: CellFlow | None = None
        nested: list[TableFlow] = []
        for cell in cells:
            size = len(contents[id(cell)][0])
            own += size
            for item in cell.items:
                if isinstance(item, TableFlow):
                    nested.append(item)
            if size > largest:
                largest, main = size, cell
        if len(cells) == 1:
            return True
        if nested and sum(self.extent(inner) for inner in nested) > own:
            return True
        if main is None or largest < LONG_CELL or 2 * largest < own:
            return False
        if any(isinstance(item, TableFlow) and self.is_grid(item) for item in main.items):
            return True
        if sum(1 for item in main.items if isinstance(item, Line)) < LONG_LINES:
            return False
        short_rows = [
            sum(1 for cell in row.cells if 0 < len(contents[id(cell)][0]) <= SHORT_CELL and not self.linked(cell))
            for row in table.rows
        ]
        return not (sum(short_rows) >= DATA_CELLS and sum(1 for count in short_rows if count) >= DATA_ROWS)

    def extent(self, table: TableFlow) -> int:
        """Characters in a table's cells and the tables within them."""
        return sum(
            self.extent(item) if isinstance(item, TableFlow) else len(self.item_text(item))
            for row in table.rows
            for cell in row.cells
            for item in cell.items
        )

    @staticmethod
    def is_grid(table: TableFlow) -> bool:
        return sum(1 for row in table.rows if len(row.cells) > 1) > 1

    @staticmethod
    def linked(cell: CellFlow) -> bool:
        return any(isinstance(item, Line) and item.links for item in cell.items)

    def enter_cell(self, cell: CellFlow, table: Element) -> None:
        """A cell of a layout table becomes the container of what stands in it."""
        page, outer = self.page, table.container
        page.boxes.append(Box(outer, "td", cell.ident, cell.classes, ""))
        number = len(page.boxes) - 1
        for box in page.boxes[slice(*cell.boxes)]:
            if box.parent == outer:
                box.parent = number
        for index in range(*cell.links):
            href, start, stop, container = page.links[index]
            if container == outer:
                page.links[index] = (href, start, stop, number)
        self.rebase(cell.items, outer, number)

    def rebase(self, items: list[Item], outer: int, number: int) -> None:
        """Put into another container what stood in `outer`."""
        for item in items:
            element = item.element if isinstance(item, TableFlow) else item.owner
            if element.container == outer:
                element.container = number
            if isinstance(item, TableFlow):
                self.rebase(item.captions, outer, number)
                for row in item.rows:
                    for cell in row.cells:
                        self.rebase(cell.items, outer, number)

    # The rest

    def issues(self) -> tuple[Issue, ...]:
        issues = []
        for remark in self.page.remarks:
            raw = remark.raw or self.text[remark.start : remark.stop].strip(WHITE)
            if raw:
                runs = self.trimmed([(remark.start, remark.stop)])
                issues.append(
                    Issue(
                        code=remark.code,
                        severity=remark.severity,
                        message=remark.message,
                        raw=raw[:RAW_LIMIT],
                        locator=_locator(remark.owner, runs),
                    )
                )
        return tuple(issues)


def _locator(element: Element, runs: list[Span]) -> str:
    name = "td" if element.name == "th" else element.name
    begin = element.start
    if len(runs) == 1:
        return f"html:{name}#{element.ordinal}[{runs[0][0] - begin}:{runs[0][1] - begin}]"
    spans = ",".join(f"{start - begin}:{stop - begin}" for start, stop in runs) or "0:0"
    return f"html:{name}#{element.ordinal}[{spans}]"


def _numbered(direct: list[int], boxes: list[Box]) -> tuple[dict[int, int], tuple[Container, ...]]:
    """Containers for the boxes that hold blocks or links, parents first, and the container of each box.

    A box that holds nothing itself and one other box is one container with it: names are joined
    (outer first), the innermost role that says something holds.
    """
    full = set(direct)
    children: dict[int, int] = {}
    seen: set[int] = set()
    for start in direct:
        box = start
        while box >= 0 and box not in seen:
            seen.add(box)
            box = boxes[box].parent
            children[box] = children.get(box, 0) + 1
    number: dict[int, int] = {-1: -1}
    containers: list[Container] = []
    for start in direct:
        path = []
        box = start
        while box not in number:
            path.append(box)
            box = boxes[box].parent
        parent = number[box]
        carried: list[int] = []
        for inner in reversed(path):
            carried.append(inner)
            if inner not in full and children.get(inner, 0) == 1:
                continue
            for member in carried:
                number[member] = len(containers)
            containers.append(_container(parent, [boxes[member] for member in carried]))
            parent = len(containers) - 1
            carried = []
    return number, tuple(containers)


def _container(parent: int, chain: list[Box]) -> Container:
    role = ""
    for box in chain:
        role = role_of(box.tag, box.ident, box.classes, box.aria) or role
    ident = " ".join([box.ident for box in chain[-CHAIN:] if box.ident])
    classes = " ".join([box.classes for box in chain[-CHAIN:] if box.classes])
    return Container(parent, chain[-1].tag, ident, classes, role)
