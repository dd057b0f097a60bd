"""A sheet of cells, of a spreadsheet or a file of values parted by commas, as paragraphs and tables.

Empty rows part it into several tables, and a row that is a line of text (a heading, prose) is a paragraph, so that
titles and notes do not stand in tables. What is hidden is left out: whoever looks at the sheet does not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from parsers.characters.widths import strip_serial
from parsers.document import Block, Cell, Paragraph, Table
from parsers.errors import LimitError

PROSE = 60
"""A row of one cell with more characters than this is a line of text."""

MAX_MERGED = 4_000_000
"""Places that the merged ranges of a sheet may cover together."""

Range = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and of the last cell of a merged range."""


class Sheet:
    """The cells of a sheet: `place` gives the locator of a cell by its row and column in the file.

    `covered` are the places, row and column in the file, of texts that a merged range covers.
    """

    def __init__(
        self,
        texts: Sequence[Sequence[str]],
        place: Callable[[int, int], str],
        merged: Sequence[Range] = (),
        hidden_rows: Collection[int] = (),
        hidden_columns: Collection[int] = (),
    ) -> None:
        width = max((len(row) for row in texts), default=0)
        self.texts = texts
        self.place = place
        self.rows = [row for row in range(len(texts)) if row not in hidden_rows]
        self.columns = [column for column in range(width) if column not in hidden_columns]
        self.owner: dict[tuple[int, int], tuple[int, int]] = {}
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        self.anchors: dict[tuple[int, int], tuple[int, int]] = {}
        self.covered: list[tuple[int, int]] = []
        area = 0
        row_of = {row: at for at, row in enumerate(self.rows)}
        column_of = {column: at for at, column in enumerate(self.columns)}
        for (top, left), (bottom, right) in merged:
            own_rows = [row_of[row] for row in range(top, min(bottom, len(texts) - 1) + 1) if row in row_of]
            own_columns = [column_of[c] for c in range(left, min(right, width - 1) + 1) if c in column_of]
            if not own_rows or not own_columns:
                continue
            first = own_rows[0], own_columns[0]
            area += len(own_rows) * len(own_columns)
            if area > MAX_MERGED:
                raise LimitError("the merged ranges of a sheet cover more than is accepted", reading="a spreadsheet")
            self.anchors[first] = top, left
            self.spans[first] = own_rows[-1], own_columns[-1]
            for row in own_rows:
                for column in own_columns:
                    self.owner[row, column] = first
                    stored = self.rows[row], self.columns[column]
                    if stored != (top, left) and self._stored(*stored):
                        self.covered.append(stored)

    def _stored(self, row: int, column: int) -> str:
        return self.texts[row][column] if column < len(self.texts[row]) else ""

    def _origin(self, at: tuple[int, int]) -> tuple[int, int]:
        """Row and column in the file of the cell that covers a place of what is shown."""
        at = self.owner.get(at, at)
        return self.anchors.get(at) or (self.rows[at[0]], self.columns[at[1]])

    def _text(self, at: tuple[int, int]) -> str:
        return self._stored(*self._origin(at))

    def blocks(self) -> list[Block]:
        """What the sheet shows, from top to bottom."""
        found: list[Block] = []
        start: int | None = None
        for row in range(len(self.rows) + 1):
            if row < len(self.rows) and any(self._text((row, column)) for column in range(len(self.columns))):
                start = row if start is None else start
            elif start is not None:
                found.extend(self._part(start, row))
                start = None
        return found

    def _part(self, first: int, end: int) -> list[Block]:
        """Rows that stand together: tables, and paragraphs where a row is a line of text."""
        found: list[Block] = []
        start = first
        lines = self._lines(first, end)
        for row in range(first, end + 1):
            if row < end and row not in lines:
                continue
            if row > start:
                found.append(self._table(start, row))
            if row < end:
                at = next((row, c) for c in range(len(self.columns)) if self._text((row, c)))
                found.append(Paragraph(self._text(at), self.place(*self._origin(at))))
            start = row + 1
        return [block for block in found if not isinstance(block, Table) or any(cell.text for cell in block.cells)]

    def _lines(self, first: int, end: int) -> set[int]:
        """Which of some rows are lines of text: headings, prose, and short ones above a table or beside prose."""
        alone = {row: text for row in range(first, end) if (text := self._only_text(row))}
        found = {row for row, text in alone.items() if _is_line(text)}
        if any(_is_figure(text) for text in alone.values()):
            # One value a row: labels and figures stand below each other.
            return found
        row = first
        while row < end:
            stop = row
            while stop in alone:
                stop += 1
            own = range(row, stop)
            if own and (row == first or any(len(alone[each]) > PROSE for each in own)):
                found.update(own)
            row = stop + 1
        return found

    def _only_text(self, row: int) -> str:
        """The text of the only cell of a row that has any, where no cell reaches over several rows; else nothing."""
        anchors = {self.owner.get((row, column), (row, column)) for column in range(len(self.columns))}
        if any(at[0] != row or self.spans.get(at, at)[0] != row for at in anchors):
            return ""
        filled = [self._text(at) for at in anchors if self._text(at)]
        return filled[0] if len(filled) == 1 else ""

    def _table(self, first: int, end: int) -> Table:
        used = [
            column for column in range(len(self.columns)) if any(self._text((row, column)) for row in range(first, end))
        ]
        left, right = (used[0], used[-1] + 1) if used else (0, 1)
        cells: list[Cell] = []
        index: dict[tuple[int, int], int] = {}
        grid = []
        for row in range(first, end):
            line = []
            for column in range(left, right):
                anchor = self.owner.get((row, column), (row, column))
                if anchor not in index:
                    index[anchor] = len(cells)
                    low, far = self.spans.get(anchor, anchor)
                    rowspan, colspan = min(low, end - 1) - row + 1, min(far, right - 1) - column + 1
                    where = self.place(*self._origin(anchor))
                    cells.append(Cell(row - first, column - left, rowspan, colspan, self._text(anchor), where))
                line.append(index[anchor])
            grid.append(tuple(line))
        return Table(tuple(cells), tuple(grid), self.place(self.rows[first], self.columns[left]))


def _is_figure(text: str) -> bool:
    return text.replace(",", "").replace(".", "").isdecimal()


def _is_line(text: str) -> bool:
    """Whether the only text of a row is a heading or prose."""
    serial = strip_serial(text)[0]
    return not _is_figure(text) and (len(text) > PROSE or (bool(serial) and serial[0] in "一二三四五六七八九十"))
