"""Tables whose markup has lost its spans, put together anew from the sequence of their cells.

Without spans a cell stands no longer below its header: such a table says no more than the text of it, one cell a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from parsers.document import Cell, Paragraph, Table
from parsers.flattened import prepare, rebuild
from parsers.kinds import kind_of
from parsers.labels import Index

END = (Cell(-1, -1, 1, 1, "完", ""), Cell(-1, -1, 1, 1, "0", ""))
"""A row behind the last one, so that blank cells before it count. No cell of a page is without a locator."""


def may_be_shifted(table: Table) -> bool:
    """Whether rows end in different columns, or cells go over several columns for no better reason than that."""
    if table.locator.startswith("text:") and any(cell.colspan > 1 for cell in table.cells):
        return True
    return is_ragged(table)


def is_ragged(table: Table) -> bool:
    """Whether rows end in different columns."""
    return len({len(row) - row.count(-1) for row in table.grid}) > 1


def has_ragged_head(table: Table) -> bool:
    """Whether rows of words that name several columns end before the widest row does."""
    for row in table.grid:
        texts = [table.cells[place].text for place in dict.fromkeys(row) if place >= 0]
        if -1 in row and len(texts) > 1 and all(kind_of(text) == "text" for text in texts):
            return True
    return False


def unrolled(table: Table, index: Index) -> list[Table]:
    """The tables that the cells of one make up, by the labels of a form; nothing where they make none.

    Their cells are those of the source, each at its place in the table anew. Nothing is made of a table with too few
    or too many cells for its columns: it lacks more than spans.
    """
    lines = [Paragraph(cell.text, cell.locator, table.container) for cell in (*table.cells, *END)]
    order = {cell.locator: number for number, cell in enumerate(table.cells)}
    found = [_with_blanks(made, table.cells, order) for made in rebuild(prepare(lines), index, 0)]
    glued = any(cell.colspan > 1 and kind_of(cell.text) != "text" for made in found for cell in made.cells)
    return [] if glued else found


def _with_blanks(made: Table, source: Sequence[Cell], order: Mapping[str, int]) -> Table:
    """A table with the blank cells of the source in the places of those that were only counted."""
    cells: list[Cell] = []
    grid = [[-1] * made.columns for _ in made.grid]
    rows: dict[int, list[Cell]] = {}
    for cell in made.cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        if not row[0].locator:
            continue
        for cell in row:
            for own in _own(cell, row, source, order) if cell.locator else ():
                for column in range(own.column, own.column + own.colspan):
                    grid[own.row][column] = len(cells)
                cells.append(own)
    last = max((cell.row for cell in cells), default=-1)
    return replace(made, cells=tuple(cells), grid=tuple(map(tuple, grid[: last + 1])))


def _own(cell: Cell, row: Sequence[Cell], source: Sequence[Cell], order: Mapping[str, int]) -> Iterator[Cell]:
    """A cell as it is, or the cells of the source that a blank one stands for."""
    if cell.text:
        yield cell
        return
    known = [(one.column, order[one.locator], kind_of(one.text)) for one in row if one.locator in order and one.text]
    figures = [(column, number) for column, number, kind in known if kind != "text"]
    before = max((place for place in figures if place[0] < cell.column), default=None)
    behind = min((place for place in figures if place[0] > cell.column), default=None)
    if near := before or behind:
        first = near[1] + cell.column - near[0]
    else:
        first = max((number for _, number, _ in known), default=-1) + 1
    blanks = source[first : first + cell.colspan] if first >= 0 else ()
    if len(blanks) < cell.colspan or any(blank.text.strip() for blank in blanks):
        yield cell
        return
    for at, blank in enumerate(blanks):
        yield Cell(cell.row, cell.column + at, 1, 1, blank.text, blank.locator)
