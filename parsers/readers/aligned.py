"""Tables of text whose columns stand below each other, where rows leave cells blank: their places tell the columns.

Programs that print pages as text set a column's cells at one place of the line, wide characters two places wide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from parsers.characters.numbers import read_cell
from parsers.document import Cell, Table
from parsers.frozen import frozen

LONGEST = 100
"""A single text with more characters is prose."""

MOST = 200
"""Lines that are looked at for one table."""

TRIES = 50
"""Tables are looked for at so many lines of a text that begin none."""

ROWS = 3
"""So many rows with figures at least make a table."""

WIDE = 5
"""One row with so many figures does under header rows."""

_PARTED = re.compile(r"\t|[|｜│┃]")
_GAP = re.compile(r" {2,}")
_RULE = re.compile(r"\s*[-=─━]{3,}[\s\-=─━]*")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")


@frozen
class Piece:
    """A stretch of a line between gaps: `at` is its place as displayed, `start` and `end` that in the line."""

    at: int
    start: int
    end: int
    text: str
    figure: bool


@frozen
class Row:
    """A line as pieces; `head` says that it has several and no figure."""

    line: int
    pieces: tuple[Piece, ...]
    head: bool


def tables(lines: Sequence[str], place: Callable[[int, int, int], str]) -> dict[int, tuple[Table, int]]:
    """The tables of a text by their first lines, each with the line behind it.

    None where no row leaves a cell blank, since words in their order say as much then, or where figures stand in lines
    that are no part of these tables. `place` gives the locator of a stretch of a line.
    """
    if sum(1 for line in lines if _GAP.search(line.strip())) < ROWS or any(map(_PARTED.search, lines)):
        return {}
    found: dict[int, tuple[Table, int]] = {}
    holes = False
    number = tries = 0
    while number < len(lines):
        pieces = _pieces(lines[number]) if _GAP.search(lines[number].strip()) else ()
        if len(pieces) < 2:
            number += 1
            continue
        rows = _rows(lines, number)
        if rows:
            found[number] = _table(rows, place), rows[-1].line + 1
            counts = {sum(piece.figure for piece in row.pieces) for row in rows}
            holes = holes or len(counts - {0}) > 1
            number = rows[-1].line + 1
        elif any(piece.figure for piece in pieces) or tries == TRIES:
            return {}
        else:
            tries += 1
            number += 1
    return found if holes else {}


def _rows(lines: Sequence[str], first: int) -> list[Row]:
    """The rows of the table that begins at a line; none where none does."""
    rows = _run(lines, first)
    columns: set[int] = set()
    filled: list[Row] = []
    heads = taken = 0
    stop = len(rows)
    for number, row in enumerate(rows):
        starts = {piece.at for piece in row.pieces}
        figures = {piece.at for piece in row.pieces if piece.figure}
        left = bool(filled) and max(starts) < _first_figure(filled) and _goes_on(rows[number + 1 :], columns)
        if filled and not starts <= columns and not left and not (figures and figures <= columns):
            stop = number
            break
        if (figures - columns and columns) or any(_holds_figure(piece.text) for piece in row.pieces):
            return []
        columns |= starts
        if len(row.pieces) > 1:
            taken = number + 1
            filled += [row] if figures else []
            heads += row.head and not left
            rows[number] = Row(row.line, row.pieces, row.head and not left)
    most = max((sum(1 for piece in row.pieces if piece.figure) for row in filled), default=0)
    if len(filled) < ROWS and not (filled and heads > 1 and most >= WIDE):
        return []
    return rows[:taken] + _blank_rows(rows[taken:stop], ended=stop < len(rows))


def _holds_figure(text: str) -> bool:
    """Whether a figure stands behind a blank in a text: then blanks part cells, and gaps do not."""
    words = text.split()
    return len(words) > 1 and read_cell(words[-1]).value is not None


def _goes_on(rows: Sequence[Row], columns: set[int]) -> bool:
    """Whether the next figures stand in known columns, or none come."""
    for row in rows:
        if figures := {piece.at for piece in row.pieces if piece.figure}:
            return figures <= columns
    return True


def _run(lines: Sequence[str], first: int) -> list[Row]:
    """The lines from one on that may be rows of tables."""
    rows: list[Row] = []
    empty = 0
    for number in range(first, min(len(lines), first + MOST)):
        line = lines[number]
        if not line.strip():
            empty += 1
            if empty > 1:
                break
            continue
        empty = 0
        if _RULE.fullmatch(line):
            continue
        pieces = _pieces(line)
        if len(pieces) == 1 and (len(pieces[0].text) > LONGEST or "。" in pieces[0].text):
            break
        rows.append(Row(number, pieces, len(pieces) > 1 and not any(piece.figure for piece in pieces)))
    return rows


def _pieces(line: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    bounds = [0, *(bound for gap in _GAP.finditer(line) for bound in gap.span()), len(line)]
    at = done = 0
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        at += sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line[done:start])
        done = start
        text = line[start:end].strip()
        if text:
            lead = len(line[start:end]) - len(line[start:end].lstrip())
            place = start + lead
            found.append(Piece(at + lead, place, place + len(text), text, read_cell(text).value is not None))
    return tuple(found)


def _first_figure(filled: Sequence[Row]) -> int:
    return min(piece.at for row in filled for piece in row.pieces if piece.figure)


def _blank_rows(rows: Sequence[Row], *, ended: bool) -> list[Row]:
    """The rows behind the last with figures that have blank cells only: up to the heading of what follows.

    `ended` says that another table follows.
    """
    headed = [at for at, row in enumerate(rows) if _HEADING.match(row.pieces[0].text)]
    if not headed:
        return list(rows)
    return list(rows[: headed[-1] if ended else headed[0]])


def _table(rows: Sequence[Row], place: Callable[[int, int, int], str]) -> Table:
    columns = sorted({piece.at for row in rows for piece in row.pieces})
    width = len(columns)
    cells: list[Cell] = []
    grid: list[tuple[int, ...]] = []
    for number, row in enumerate(rows):
        spread = row.head and number + 1 < len(rows) and rows[number + 1].head
        held: list[int] = []
        for piece, after in zip(row.pieces, [*row.pieces[1:], None], strict=True):
            start = columns.index(piece.at)
            end = width if after is None else columns.index(after.at)
            for column in range(len(held), start):
                held.append(len(cells))
                cells.append(Cell(number, column, 1, 1, "", place(row.line, piece.start, piece.start)))
            wide = end - start if spread else 1
            held += [len(cells)] * wide
            cells.append(Cell(number, start, 1, wide, piece.text, place(row.line, piece.start, piece.end)))
        for column in range(len(held), width):
            held.append(len(cells))
            cells.append(Cell(number, column, 1, 1, "", place(row.line, row.pieces[-1].end, row.pieces[-1].end)))
        grid.append(tuple(held))
    return Table(tuple(cells), tuple(grid), f"text:L{rows[0].line + 1}")
