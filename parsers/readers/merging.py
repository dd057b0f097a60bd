"""Rows of cells as office files store them, spans as marks on the cells, to a table with its spans expanded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from parsers.document import Cell, Table
from parsers.errors import LimitError
from parsers.frozen import frozen

MAX_PLACES = 2_000_000


@frozen
class Stored:
    """A cell as stored: `start` and `end` are its columns, `goes_on` says that it belongs to the cell above."""

    start: int
    end: int
    text: str
    locator: str
    goes_on: bool = False
    header: bool = False


def table(rows: Sequence[Sequence[Stored]], locator: str, caption: str = "") -> tuple[Table | None, list[Stored]]:
    """The table, None when it has no cell, and cells with text of their own that a cell above covers.

    Columns in which no cell begins are left out. A cell that goes on where nothing stands above, or
    something of other columns, is a cell of its own.
    """
    starts = sorted({cell.start for row in rows for cell in row})
    if not starts:
        return None, []
    if len(rows) * len(starts) > MAX_PLACES:
        raise LimitError(f"a table of {len(rows)} rows and {len(starts)} columns is larger than {MAX_PLACES} places")
    number = {start: i for i, start in enumerate(starts)}
    grid = [[-1] * len(starts) for _ in rows]
    cells: list[Cell] = []
    covered: list[Stored] = []
    above: dict[int, tuple[int, int, bool]] = {}
    for at, row in enumerate(rows):
        own: dict[int, tuple[int, int, bool]] = {}
        for cell in row:
            column = number[cell.start]
            width = max(1, bisect_left(starts, cell.end) - bisect_left(starts, cell.start))
            known = above.get(column)
            if cell.goes_on and known is not None and known[1] == width:
                index = known[0]
                old = cells[index]
                cells[index] = Cell(
                    old.row, old.column, at - old.row + 1, old.colspan, old.text, old.locator, old.header
                )
                if cell.text:
                    covered.append(cell)
            else:
                index = len(cells)
                cells.append(Cell(at, column, 1, width, cell.text, cell.locator, cell.header))
            own[column] = (index, width, True)
            for place in range(column, min(column + width, len(starts))):
                if grid[at][place] < 0:
                    grid[at][place] = index
        above = own
    return Table(tuple(cells), tuple(map(tuple, grid)), locator, caption=caption), covered


def clustered(edges: Sequence[int], near: int) -> list[int]:
    """Places of edges, those nearer than `near` to the one before as one."""
    places: list[int] = []
    last: int | None = None
    for edge in sorted(edges):
        if last is None or edge - last > near:
            places.append(edge)
        last = edge
    return places


def nearest(places: Sequence[int], edge: int) -> int:
    """The index of the place nearest to an edge; places are sorted, and there is one."""
    after = bisect_left(places, edge)
    around = [place for place in (after - 1, after) if 0 <= place < len(places)]
    return min(around, key=lambda place: abs(places[place] - edge))
