"""Tables of one row below each other, as some editors save a table: taken together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.document import Block, Cell, Table

LEAST = 2
"""So many tables of one row with nothing between them are one table."""


def stacked(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks with each such run of tables as one; empty paragraphs between them are left out."""
    if sum(1 for block in blocks if isinstance(block, Table) and block.rows == 1) < LEAST:
        return blocks
    return list(_stacked(blocks))


def _stacked(blocks: Sequence[Block]) -> Iterator[Block]:
    run: list[Table] = []
    held: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and block.rows == 1:
            run.append(block)
            held.append(block)
        elif run and not isinstance(block, Table) and not block.text.strip():
            held.append(block)
        else:
            yield from _ended(run, held)
            run, held = [], []
            yield block
    yield from _ended(run, held)


def _ended(run: Sequence[Table], held: Sequence[Block]) -> Sequence[Block]:
    return [_one(run)] if len(run) >= LEAST else held


def _one(tables: Sequence[Table]) -> Table:
    width = max(table.columns for table in tables)
    cells: list[Cell] = []
    grid: list[tuple[int, ...]] = []
    for number, table in enumerate(tables):
        first = len(cells)
        cells += [replace(cell, row=number, rowspan=1) for cell in table.cells]
        places = [place + first if place >= 0 else -1 for place in table.grid[0]]
        grid.append((*places, *[-1] * (width - len(places))))
    return replace(tables[0], cells=tuple(cells), grid=tuple(grid))
