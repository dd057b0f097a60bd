"""Rows that leave out the cells going on from rows above, put back to their columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from parsers.document import Cell, Table
from parsers.frozen import frozen
from parsers.readers.cutting import is_word

MOST_WIDE = 6
"""So many cells over several columns are tried together for those that a row stands below."""


@frozen
class Piece:
    """A cell as it stands in its row, and how many columns it goes over."""

    text: str
    locator: str
    wide: int


def table(rows: Sequence[Sequence[Piece]], locator: str) -> Table | None:
    """The table of rows of which the first is whole, and others leave out cells from above; None where one is wider.

    Words stand below cells over several columns that are as wide together, where only one choice of them is; all
    else stands at the right, since it is labels that go on. What a row leaves out goes over it from above.
    """
    width = sum(piece.wide for piece in rows[0]) if rows else 0
    if not width or any(sum(piece.wide for piece in row) > width for row in rows):
        return None
    cells: list[Cell] = []
    grid: list[list[int]] = []
    for number, row in enumerate(rows):
        columns = _columns(row, grid[-1] if grid else [], cells, width)
        places = list(grid[-1]) if grid else [-1] * width
        for index in {places[column] for column in range(width) if column not in columns and places[column] >= 0}:
            above = cells[index]
            if all(place == index for place in places[above.column : above.column + above.colspan]):
                cells[index] = _taller(above, number)
        at = 0
        for piece in row:
            own = columns[at : at + piece.wide]
            at += piece.wide
            if own != list(range(own[0], own[0] + piece.wide)):
                return None
            for column in own:
                places[column] = len(cells)
            cells.append(Cell(number, own[0], 1, piece.wide, piece.text, piece.locator))
        grid.append(places)
    return Table(tuple(cells), tuple(map(tuple, grid)), locator)


def _taller(cell: Cell, row: int) -> Cell:
    return Cell(cell.row, cell.column, row - cell.row + 1, cell.colspan, cell.text, cell.locator)


def _columns(row: Sequence[Piece], above: Sequence[int], cells: Sequence[Cell], width: int) -> list[int]:
    """The columns that a row stands in."""
    own = sum(piece.wide for piece in row)
    if own < width and all(is_word(piece.text) for piece in row):
        wide = [cells[index] for index in dict.fromkeys(above) if index >= 0 and cells[index].colspan > 1][:MOST_WIDE]
        choices = [
            chosen
            for count in range(1, len(wide) + 1)
            for chosen in combinations(wide, count)
            if sum(cell.colspan for cell in chosen) == own
        ]
        if len(choices) == 1:
            return [at for cell in choices[0] for at in range(cell.column, cell.column + cell.colspan)]
    return list(range(width - own, width))
