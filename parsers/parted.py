"""A label and its figure in one cell or line, with a colon between them: 行政许可：9件."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import regex

from parsers.document import Cell, Table

_PAIR = regex.compile(
    r"\s*(?P<label>(?:其中\s*[:：])?[^:：]{2,60}?)\s*[:：]\s*(?P<value>[+＋\-－—]?[0-9０-９][0-9０-９,，.．]*\s*\p{Han}{0,3})\s*[。;；]?\s*",
    regex.VERSION1,
)
_RUN_TOGETHER = regex.compile(
    r"\s*(?P<label>[^\d０-９:：]{2,60}?|.{0,4}[^\d０-９:：]{2,60}?)(?:(?:条|件|次|个|人|篇|万元|元)(?:/(?:条|件|次|元))?|人次|件次)?"
    r"(?P<value>[0-9０-９][0-9０-９,，.．]*)\s*(?:条|件|次|个|人|篇|万元|元|人次|件次)?\s*[。;；]?\s*",
    regex.VERSION1,
)
_SPAN = re.compile(r"(.*)\[(\d+):(\d+)\]")

DIGITS = frozenset("0123456789０１２３４５６７８９")

Place = tuple[str, int, int]
"""A text with its start and end in the one that it stands in."""


def pair_of(text: str, known: Callable[[str], bool]) -> tuple[Place, Place] | None:
    """The label and the figure of a text that is nothing else; None where `known` does not know the label."""
    if ":" not in text and "：" not in text:
        return None
    return _parts(_PAIR.fullmatch(text), known)


def run_together(text: str, known: Callable[[str], bool]) -> tuple[Place, Place] | None:
    """The label and the figures of a text that has lost what parted them: 行政许可9, or several figures of a row."""
    if not text or (text.rstrip()[-1:] not in DIGITS and not any(map(text.rstrip()[-3:].__contains__, DIGITS))):
        return None
    return _parts(_RUN_TOGETHER.fullmatch(text), known)


def _parts(found: regex.Match[str] | None, known: Callable[[str], bool]) -> tuple[Place, Place] | None:
    if found is None or not known(found["label"]):
        return None
    return (found["label"], *found.span("label")), (found["value"], *found.span("value"))


def parted(table: Table, known: Callable[[str], bool]) -> Table:
    """A table with such cells as two: the figure stands in the next place where nothing does, else in a new column."""
    parting = [(at, text) for at, text in enumerate([cell.text for cell in table.cells]) if ":" in text or "：" in text]
    pairs = {at: pair for at, text in parting if (pair := pair_of(text, known)) is not None}
    if not pairs:
        return table
    width = table.columns
    cells: list[Cell] = []
    grid = [[-1] * (width + 1) for _ in table.grid]
    for at, cell in enumerate(table.cells):
        pair = pairs.get(at)
        own = [cell]
        if pair is not None:
            label, value = (_piece(cell, *place) for place in pair)
            behind = cell.column + cell.colspan
            beside = table.at(cell.row, behind) if behind < width else cell
            column = behind if beside is None or not beside.text.strip() else width
            own = [label, replace(value, column=column, colspan=1, rowspan=1)]
        for one in own:
            for row in range(one.row, one.row + one.rowspan):
                for column in range(one.column, one.column + one.colspan):
                    if grid[row][column] < 0 or one is not cell:
                        grid[row][column] = len(cells)
            cells.append(one)
    return _tidy(replace(table, cells=tuple(cells), grid=tuple(map(tuple, grid))))


def _tidy(table: Table) -> Table:
    """The table without cells that no place is left for, and without a column that nothing stands in."""
    used = {place for row in table.grid for place in row}
    kept = [number for number in range(len(table.cells)) if number in used]
    number = {old: new for new, old in enumerate(kept)} | {-1: -1}
    wide = table.columns if any(row[-1] >= 0 for row in table.grid) else table.columns - 1
    grid = tuple(tuple(number[place] for place in row[:wide]) for row in table.grid)
    return replace(table, cells=tuple(table.cells[old] for old in kept), grid=grid)


def _piece(cell: Cell, text: str, start: int, end: int) -> Cell:
    """A part of a cell, with its own place where the cell's is one stretch of the source.

    What white space the page shows otherwise than its source has it stands between label and figure: a place is
    counted from the end of the cell that is nearer.
    """
    place = _SPAN.fullmatch(cell.locator)
    if place is None or "," in place[0]:
        return replace(cell, text=text)
    first, last = int(place[2]), int(place[3])
    if start + end > len(cell.text):
        first = last - len(cell.text)
    return replace(cell, text=text, locator=f"{place[1]}[{first + start}:{first + end}]")
