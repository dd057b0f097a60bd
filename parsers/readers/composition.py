"""From a page's flow to a document: text as a reader sees it, locators, data tables, containers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from parsers.document import Block, Cell, Document, Link, Paragraph, Table
from parsers.frozen import maker
from parsers.readers.boxes import numbered
from parsers.readers.divided import Grid, grids
from parsers.readers.flow import (
    Box,
    CellFlow,
    Element,
    Extras,
    Item,
    Line,
    Page,
    Remark,
    RowFlow,
    Setting,
    Span,
    TableFlow,
)
from parsers.readers.grid import lay_out
from parsers.readers.markup import WHITE, collapse
from parsers.readers.outlined import text_rows
from parsers.recognition import UNREADABLE
from parsers.records import Issue

RAW_LIMIT = 200
"""Characters of a remark's raw text."""

BOXES = 9
"""Fewer boxes are no table."""

LONG_CELL = 400
LONG_LINES = 4
SHORT_CELL = 30
LONG_LABEL = 80
DATA_CELLS = 8
DATA_ROWS = 3
"""What tells a layout table from a data table, see `_is_layout`. Characters, lines, cells, rows."""

_cell = maker(Cell)
_link = maker(Link)
_paragraph = maker(Paragraph)


def compose(page: Page, *, encoding: str, encoding_source: str) -> Document:
    """The document that a page's flow says."""
    composer = _Composer(page)
    composer.add_items(page.items)
    boxes = [draft[0] for draft in composer.drafts] + [link[3] for link in page.links]
    number, containers = numbered([box for box in dict.fromkeys(boxes) if box >= 0], page.boxes)
    return Document(
        media_type="text/html",
        blocks=tuple([_block(draft, number) for draft in composer.drafts]),
        containers=containers,
        meta=tuple(page.meta),
        title=page.title,
        links=tuple(
            [_link(href, collapse(page.text[start:stop]), number[box]) for href, start, stop, box in page.links]
        ),
        encoding=encoding,
        encoding_source=encoding_source,
        issues=composer.issues(),
    )


_ParagraphDraft = tuple[int, str, str, int, bool, str, int]
"""A paragraph whose container has no number yet, with its box in front."""

_TableDraft = tuple[int, tuple[Cell, ...], tuple[tuple[int, ...], ...], str, str]
"""A table whose container has no number yet, with its box in front."""


def _block(draft: _ParagraphDraft | _TableDraft, number: Mapping[int, int]) -> Block:
    if len(draft) == 5:  # of a table
        box, cells, grid, locator, caption = draft
        return Table(cells, grid, locator, number[box], caption)
    box, text, locator, level, bold, align, link_characters = draft
    return _paragraph(text, locator, number[box], level, bold, align, link_characters)


class _Composer:
    """Writes the blocks of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text
        self.swap: dict[int, int] = {}  # boxes for which a cell of a layout table stands now
        self.drafts: list[_ParagraphDraft | _TableDraft] = []
        self.divided = self.tables_of_boxes()

    def tables_of_boxes(self) -> dict[int, Grid]:
        """The tables that boxes of the page are, by the box that begins each."""
        lines = [item for item in self.page.items if isinstance(item, Line)]
        if len(self.page.boxes) < BOXES:
            return {}
        texts: dict[int, str] = {}
        for line in lines:
            box = line.owner.setting.box
            texts[box] = texts.get(box, "") + self.text[line.start : line.stop].strip()
        return {box: grid for grid in grids(self.page.boxes, texts) for box in grid.inner}

    def add_items(self, items: Sequence[Item]) -> None:
        done: set[int] = set()
        for at, item in enumerate(items):
            if isinstance(item, TableFlow):
                self.add_table(item)
            elif self.divided and (grid := self.divided.get(item.owner.setting.box)):
                if grid.parent not in done:
                    done.add(grid.parent)
                    own = [line for line in items[at:] if isinstance(line, Line)]
                    self.add_divided(grid, [line for line in own if line.owner.setting.box in grid.inner])
            elif item.owner.setting.preformatted and "\n" in self.text[item.start : item.stop]:
                for line in self.source_lines(item):
                    self.add_line(line)
            else:
                self.add_line(item)

    def add_divided(self, grid: Grid, lines: Sequence[Line]) -> None:
        """Add a table of boxes; a blank cell stands at the end of the one before it."""
        held: dict[int, list[Line]] = {}
        for line in lines:
            held.setdefault(grid.inner[line.owner.setting.box], []).append(line)
        cells: list[Cell] = []
        index: list[tuple[int, ...]] = []
        width = max(map(len, grid.rows))
        place = _locator(lines[0].owner, [(lines[0].start, lines[0].start)])
        for row, boxes in enumerate(grid.rows):
            index.append((*range(len(cells), len(cells) + len(boxes)), *[-1] * (width - len(boxes))))
            for column, box in enumerate(boxes):
                texts, places = [], []
                for line in held.get(box, ()):
                    if runs := self.runs(line):
                        texts.append(self.shown(runs))
                        places.append(_locator(line.owner, runs).removeprefix("html:"))
                        place = _locator(line.owner, [(runs[-1][1], runs[-1][1])])
                locator = "html:" + "+".join(places) if places else place
                cells.append(_cell(row, column, 1, 1, "\n".join(texts), locator))
        box = self.swap.get(grid.parent, grid.parent)
        self.drafts.append((box, tuple(cells), tuple(index), cells[0].locator.partition("[")[0], ""))

    # Lines

    def runs(self, line: Line) -> list[Span]:
        """The visible stretches of a line, in order, without white space at its edges; empty when blank."""
        start, stop = line.start, line.stop
        if line.extras is None or not line.extras.cuts:
            raw = self.text[start:stop]
            stripped = raw.lstrip(WHITE)
            start += len(raw) - len(stripped)
            stop = start + len(stripped.rstrip(WHITE))
            return [(start, stop)] if stop > start else []
        runs = []
        for cut_start, cut_stop in sorted(line.extras.cuts):
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
            lines.append(Line(start, start + len(piece), line.owner, None))
            start += len(piece) + 1
        extras = line.extras
        if extras is not None:
            starts = [each.start for each in lines]
            for kind in ("cuts", "bolds", "links", "faints"):
                for span in getattr(extras, kind):
                    for each in lines[max(0, bisect_right(starts, span[0]) - 1) : bisect_left(starts, span[1])]:
                        each.extras = each.extras or Extras()
                        getattr(each.extras, kind).append(span)
        return lines

    def add_line(self, line: Line) -> None:
        if line.extras is None:
            self.add_plain(line)
            return
        runs = self.runs(line)
        if not runs:
            return
        text = self.shown(runs)
        if not text.strip():
            return
        setting, extras = line.owner.setting, line.extras
        self.drafts.append(
            (
                self.swap.get(setting.box, setting.box),
                text,
                _locator(line.owner, runs),
                setting.level,
                bool(extras.bolds) and self.covers(extras.bolds, runs),
                setting.align,
                self.within(extras.links, runs, len(text)) if extras.links else 0,
            )
        )

    def add_plain(self, line: Line) -> None:
        """A line of one stretch, not bold and without links: most are."""
        raw = self.text[line.start : line.stop]
        shown = raw.strip(WHITE)
        text = collapse(shown)
        if not text.strip():
            return
        owner = line.owner
        setting = owner.setting
        start = line.start + raw.index(shown) - owner.start
        name = "td" if owner.name == "th" else owner.name
        self.drafts.append(
            (
                self.swap.get(setting.box, setting.box),
                text,
                f"html:{name}#{owner.ordinal}[{start}:{start + len(shown)}]",
                setting.level,
                False,
                setting.align,
                0,
            )
        )

    def covers(self, spans: list[Span], runs: list[Span]) -> bool:
        """Whether all that can be seen in the runs stands within the spans."""
        return self.ink(_common(spans, runs)) == self.ink(runs)

    def ink(self, runs: list[Span]) -> int:
        """How many characters of the runs are no blanks."""
        return sum([len("".join(self.text[start:stop].split())) for start, stop in runs])

    def within(self, spans: list[Span], runs: list[Span], limit: int) -> int:
        """How many of the shown characters stand within the spans."""
        return min(limit, sum([len(collapse(self.text[start:stop])) for start, stop in _common(spans, runs)]))

    # Tables

    def add_table(self, table: TableFlow) -> None:
        if table.nested and sum(1 for row in table.rows if len(row.cells) > 1) > 1:
            self.take_in(table)
        for row in table.rows:
            for cell in row.cells:
                if not cell.locator:
                    cell.text, cell.locator = self.cell_text(cell)
        if self.is_layout(table):
            self.add_items(table.captions)
            for row in table.rows:
                for cell in row.cells:
                    if cell.items or cell.line:
                        self.add_layout_cell(cell, table.element.setting.box)
            return
        self.mark_drawn(table)
        rows = [
            row for row in table.rows if not row.sizing or not row.cells or any(cell.text.strip() for cell in row.cells)
        ]
        if self.add_outlined(table, rows):
            return
        self.add_grid(table, rows)
        for item in [item for item in table.captions if isinstance(item, TableFlow)] + table.nested:
            self.add_table(item)

    def add_outlined(self, table: TableFlow, rows: list[RowFlow]) -> bool:
        """Add a table that holds a whole report as its paragraphs and its tables; False for any other."""
        alone = list(map(_only_cell, rows))
        lines = text_rows([cell.text.strip() if cell else "" for cell in alone])
        if not lines or table.nested:
            return False
        start = 0
        for at in (*sorted(lines), len(rows)):
            part = rows[start:at]
            if any(cell.text.strip() for row in part for cell in row.cells):
                self.add_grid(table, part)
            cell = alone[at] if at < len(rows) else None
            if cell is not None:
                self.add_layout_cell(cell, table.element.setting.box)
            start = at + 1
        return True

    def add_grid(self, table: TableFlow, rows: list[RowFlow]) -> None:
        """Add rows of a table as a table."""
        # A foot is laid out last wherever it stands in the source; cells stay in the order of the source.
        order = [i for i, row in enumerate(rows) if not row.foot] + [i for i, row in enumerate(rows) if row.foot]
        grid = lay_out(
            [[(cell.look.colspan, cell.look.rowspan) for cell in rows[i].cells] for i in order],
            [rows[i].group for i in order],
        )
        flows = [flow for i in order for flow in rows[i].cells]
        cells = [
            _cell(row, column, height, width, flow.text, flow.locator, flow.name == "th", None, flow.readings)
            for (row, column, height, width), flow in zip(grid.places, flows, strict=True)
        ]
        index = grid.index
        if any(row.foot for row in rows[:-1]):
            by_source = sorted(range(len(cells)), key=lambda i: flows[i].start)
            number = {old: new for new, old in enumerate(by_source)} | {-1: -1}
            cells = [cells[i] for i in by_source]
            index = tuple([tuple([number[i] for i in line]) for line in index])
        caption = "\n".join(filter(None, (self.item_text(item) for item in table.captions)))
        element, box = table.element, table.element.setting.box
        self.drafts.append((self.swap.get(box, box), tuple(cells), index, f"html:table#{element.ordinal}", caption))

    def take_in(self, table: TableFlow) -> None:
        """Cells that hold nothing but a table of one short cell say what that says."""
        for cell in (cell for row in table.rows for cell in row.cells):
            inner = [item for item in cell.items if isinstance(item, TableFlow)]
            if len(inner) != 1 or inner[0].nested or inner[0] not in table.nested:
                continue
            within = [own for row in inner[0].rows for own in row.cells]
            alone = not any(self.item_text(item).strip() for item in cell.items)
            if alone and len(within) == 1 and self.extent(inner[0]) <= LONG_LABEL:
                own = within[0]
                cell.text, cell.locator = (own.text, own.locator) if own.locator else self.cell_text(own)
                table.nested.remove(inner[0])

    def item_text(self, item: Item) -> str:
        return "" if isinstance(item, TableFlow) else self.shown(self.runs(item))

    def cell_text(self, cell: CellFlow) -> tuple[str, str]:
        """A cell's own text and its locator; text of tables within it is theirs."""
        items = cell.items
        if not items:
            return "", f"html:td#{cell.ordinal}[0:0]"
        if any(isinstance(item, Line) and item.extras is not None and item.extras.faints for item in items):
            self.leave_out_white(cell)
        if len(items) == 1:
            line = items[0]
            if isinstance(line, Line) and line.extras is not None and line.extras.marks:
                cell.readings = self.readings(line)
            if isinstance(line, Line) and (line.extras is None or not line.extras.inserts):
                runs = self.runs(line)
                return self.shown(runs), _locator(cell, runs)
        texts: list[str] = []
        runs = []
        places: list[str] = []
        for item in items:
            if isinstance(item, TableFlow):
                continue
            if item.extras is not None and item.extras.inserts:
                text = self.with_inserts(item, cell, runs, places)
            else:
                found = self.runs(item)
                text = self.shown(found)
                runs += found
            if text:
                texts.append(text)
        if runs or not places:
            places.append(_locator(cell, self.joined(runs)).removeprefix("html:"))
        return "\n".join(texts), "html:" + "+".join(places)

    def readings(self, line: Line) -> tuple[str, ...]:
        """The text of a line with the digits behind a figure that may be the mark of a note, and without them."""
        runs = self.runs(line)
        extras = line.extras
        if extras is None or not runs or self.text[extras.marks[-1][1] : runs[-1][1]].strip():
            return ()
        rest = Extras([*extras.cuts, *extras.marks])
        return self.shown(runs), self.shown(self.runs(Line(line.start, line.stop, line.owner, rest)))

    def mark_drawn(self, table: TableFlow) -> None:
        """Cells without text in which something shows are not blank."""
        for cell in [cell for row in table.rows for cell in row.cells if cell.drawn]:
            if cell.text.strip() or any(isinstance(item, TableFlow) for item in cell.items):
                continue
            cell.text = UNREADABLE
            message = "the cell shows something that is no text: it is not blank and was not read"
            owner = Element(cell.name, cell.ordinal, cell.start, Setting())
            self.page.remarks.append(
                Remark("ink_without_text", "warning", message, cell.start, cell.start, owner, UNREADABLE)
            )

    def leave_out_white(self, cell: CellFlow) -> None:
        """White text beside other text in a short cell without a ground of its own is not seen."""
        lines = [item for item in cell.items if isinstance(item, Line)]
        runs = [self.runs(line) for line in lines]
        seen = sum(map(self.ink, runs))
        white = [_common(line.extras.faints, own) if line.extras else [] for line, own in zip(lines, runs, strict=True)]
        grounded = "bgcolor" in cell.look.attributes or "background" in cell.look.attributes.get("style", "").lower()
        if grounded or not sum(map(self.ink, white)) < seen <= SHORT_CELL:
            return
        for line, spans in zip(lines, white, strict=True):
            if line.extras is None:
                continue
            line.extras.cuts.extend(spans)
            for start, stop in spans:
                message = "white text on a white ground is left out"
                self.page.remarks.append(Remark("hidden_text", "info", message, start, stop, line.owner))

    def with_inserts(self, line: Line, cell: CellFlow, runs: list[Span], places: list[str]) -> str:
        """The text of a line with form values in it. What came before is located, so order is kept."""
        text = ""
        start = line.start
        extras = Extras(line.extras.cuts) if line.extras else None
        for position, ordinal, value in line.extras.inserts if line.extras else ():
            found = self.runs(Line(start, position, line.owner, extras))
            text += self.shown(found)
            runs += found
            if runs:
                places.append(_locator(cell, self.joined(runs)).removeprefix("html:"))
                runs.clear()
            text += collapse(value)
            places.append(f"input#{ordinal}")
            start = position
        found = self.runs(Line(start, line.stop, line.owner, extras))
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

    def is_layout(self, table: TableFlow) -> bool:
        """Whether a table only places things on the page.

        It does when it is one cell, when the tables within it hold more text than its own cells, when it has one cell
        a row and a data table within one of them, or when one cell holds an article: at least LONG_CELL characters in
        LONG_LINES lines (or a data table) and half of the table's text, and not DATA_CELLS short cells in DATA_ROWS
        rows beside it.
        """
        cells = [cell for row in table.rows for cell in row.cells]
        if len(cells) == 1:
            return True
        sizes = [len(cell.text) for cell in cells]
        own = sum(sizes)
        if table.nested and sum(self.extent(inner) for inner in table.nested) > own:
            return True
        if table.nested and all(len(row.cells) <= 1 for row in table.rows) and any(map(self.is_grid, table.nested)):
            return True
        if own < LONG_CELL:
            return False
        largest = max(sizes)
        main = cells[sizes.index(largest)]
        if largest < LONG_CELL or 2 * largest < own:
            return False
        if any(isinstance(item, TableFlow) and self.is_grid(item) for item in main.items):
            return True
        if sum(1 for item in main.items if isinstance(item, Line)) < LONG_LINES:
            return False
        short_rows = [
            sum(1 for cell in row.cells if 0 < len(cell.text) <= SHORT_CELL and not self.linked(cell))
            for row in table.rows
        ]
        return not (sum(short_rows) >= DATA_CELLS and sum(1 for count in short_rows if count) >= DATA_ROWS)

    def extent(self, table: TableFlow) -> int:
        """Characters in a table's cells and the tables within them."""
        return sum(
            self.extent(item) if isinstance(item, TableFlow) else len(self.item_text(item))
            for row in table.rows
            for cell in row.cells
            for item in cell.content()
        )

    @staticmethod
    def is_grid(table: TableFlow) -> bool:
        return sum(1 for row in table.rows if len(row.cells) > 1) > 1

    @staticmethod
    def linked(cell: CellFlow) -> bool:
        return any(isinstance(item, Line) and item.extras is not None and item.extras.links for item in cell.items)

    def add_layout_cell(self, cell: CellFlow, outer: int) -> None:
        """A cell of a layout table becomes the container of what stands in it."""
        page = self.page
        before = self.swap.get(outer, outer)
        number = len(page.boxes)
        attributes = cell.look.attributes
        page.boxes.append(Box(before, "td", attributes.get("id", ""), attributes.get("class", ""), ""))
        for box in page.boxes[slice(*cell.boxes)]:
            if box.parent == before:
                box.parent = number
        for index in range(*cell.links):
            href, start, stop, box_of_link = page.links[index]
            if box_of_link == before:
                page.links[index] = (href, start, stop, number)
        self.swap[outer] = number
        self.add_items(cell.content())
        self.swap[outer] = before

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


def _only_cell(row: RowFlow) -> CellFlow | None:
    """The only cell of a row that has text, over more than half of its columns, where none reaches over several rows.

    A narrower one is a label whose figures are blank.
    """
    filled = [cell for cell in row.cells if cell.text.strip()]
    if len(filled) != 1 or any(cell.look.rowspan != 1 for cell in row.cells):
        return None
    wide = 2 * filled[0].look.colspan > sum(cell.look.colspan for cell in row.cells)
    return filled[0] if wide else None


def _common(spans: list[Span], runs: list[Span]) -> list[Span]:
    """The stretches that lie both in a span and in a run; runs are in order."""
    common: list[Span] = []
    index = position = 0
    for start, stop in sorted(spans):
        position = max(position, start)
        while index < len(runs) and position < stop:
            first, last = max(position, runs[index][0]), min(stop, runs[index][1])
            if first < last:
                common.append((first, last))
            position = max(position, last)
            if runs[index][1] > stop:
                break
            index += 1
        position = max(position, stop)
    return common


def _locator(owner: Element | CellFlow, runs: list[Span]) -> str:
    name = "td" if owner.name == "th" else owner.name
    begin = owner.start
    if len(runs) == 1:
        return f"html:{name}#{owner.ordinal}[{runs[0][0] - begin}:{runs[0][1] - begin}]"
    spans = ",".join(f"{start - begin}:{stop - begin}" for start, stop in runs) or "0:0"
    return f"html:{name}#{owner.ordinal}[{spans}]"
