"""Cells with spans laid out once as a grid.

Source of the rules: HTML Living Standard, 4.9.12 Tables, "forming a table". Two deviations, both
without loss: a column in which no cell begins is left out (it only repeats the column before it,
and `colspan=1000000` makes a thousand of them), and where two cells claim one place the first has it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from parsers.errors import LimitError
from parsers.frozen import frozen

MAX_COLSPAN = 1000
MAX_ROWSPAN = 65534
MAX_PLACES = 2_000_000


Place = tuple[int, int, int, int]
"""Where a cell stands: row and column of its anchor, and how many rows and columns of the grid it covers."""


@frozen
class Grid:
    """`places` has one entry a cell, row by row; `index[row][column]` points into it, -1 for none."""

    places: tuple[Place, ...]
    index: tuple[tuple[int, ...], ...]


def colspan_of(text: str) -> int:
    """The columns that an attribute asks for, clamped; 1 when it is no number or 0."""
    return min(_integer(text, 1), MAX_COLSPAN) or 1


def rowspan_of(text: str) -> int:
    """The rows that an attribute asks for, clamped; 0 asks for the rest of the row group."""
    return min(_integer(text, 1), MAX_ROWSPAN)


def lay_out(rows: Sequence[Sequence[tuple[int, int]]], groups: Sequence[int]) -> Grid:
    """Lay out rows of cells, each a (colspan, rowspan) as given by the functions above.

    `groups` names the row group of each row; rows of one group stand together, and no span leaves
    its group. Raises LimitError when the grid has more than MAX_PLACES places.
    """
    ends = _group_ends(groups)
    places: list[Place] = []
    held: list[tuple[int, int, int]] = []  # (column, column after, row after) of cells from rows above
    for row, cells in enumerate(rows):
        if held:
            held = sorted([span for span in held if span[2] > row])
        column = pointer = 0
        pending = len(held)
        below: list[tuple[int, int, int]] = []
        for colspan, rowspan in cells:
            while pointer < pending and held[pointer][0] <= column:
                column = max(column, held[pointer][1])
                pointer += 1
            height = rowspan
            if rowspan != 1:
                left = ends[row] - row
                height = min(rowspan or left, left)
                if height > 1:
                    below.append((column, column + colspan, row + height))
            places.append((row, column, height, colspan))
            column += colspan
        held += below
    return _expand(_without_empty_columns(places), len(rows))


def _integer(text: str, default: int) -> int:
    """A non-negative integer as HTML reads one: leading white space and a plus sign, digits, then anything."""
    text = text.strip(" \t\n\f\r")[:20].removeprefix("+")
    size = 0
    while size < len(text) and text[size] in "0123456789":
        size += 1
    return int(text[:size]) if size else default


def _group_ends(groups: Sequence[int]) -> list[int]:
    """For each row the row after the last of its group."""
    ends = [0] * len(groups)
    end = len(groups)
    for row in range(len(groups) - 1, -1, -1):
        if row + 1 < len(groups) and groups[row] != groups[row + 1]:
            end = row + 1
        ends[row] = end
    return ends


def _without_empty_columns(places: list[Place]) -> list[Place]:
    """The same cells in a grid of only those columns in which a cell begins."""
    starts = sorted({place[1] for place in places})
    width = len(starts)
    if not starts or (starts[-1] == width - 1 and max([column + colspan for _, column, _, colspan in places]) == width):
        return places
    number = {column: index for index, column in enumerate(starts)}
    return [
        (row, number[column], rowspan, bisect_left(starts, column + colspan) - number[column])
        for row, column, rowspan, colspan in places
    ]


def _expand(places: list[Place], rows: int) -> Grid:
    width = max([column + colspan for _, column, _, colspan in places], default=0)
    if rows * width > MAX_PLACES:
        raise LimitError(
            f"a table of {rows} rows and {width} columns is larger than {MAX_PLACES} places",
            reading="a table",
            remedy="Take the table out of the document, or split it",
        )
    grid = [[-1] * width for _ in range(rows)]
    for index, (row, column, rowspan, colspan) in enumerate(places):
        for line in grid[row : row + rowspan] if rowspan > 1 else (grid[row],):
            if colspan == 1:
                if line[column] < 0:
                    line[column] = index
            else:
                for covered in range(column, column + colspan):
                    if line[covered] < 0:
                        line[covered] = index
    return Grid(tuple(places), tuple(map(tuple, grid)))
