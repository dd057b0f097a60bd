"""Tables without ruling lines: rows and columns by where the pieces of lines stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.readers.breaks import Part, Piece, is_number
from parsers.readers.typesetting import Line

LEAST_ROWS = 3
LEAST_COLUMNS = 2
PAGE_STEP = 10_000.0
"""What a page adds to heights, so that lines of several pages stand in one order."""


@dataclass(frozen=True, slots=True)
class _Bit:
    """A piece of a line: a cell or a part of one."""

    x0: float
    x1: float
    y: float
    text: str
    line: Line


def find(lines: Sequence[Line], locators: dict[int, str]) -> list[Line | Piece]:
    """The same lines in order, those that form tables replaced by a piece each.

    `lines` are running lines in reading order that may go over several pages; `locators` has the
    locator of each line by its id.
    """
    found: list[Line | Piece] = []
    at = 0
    while at < len(lines):
        end = _end_of_table(lines, at)
        piece = _piece(lines[at:end], locators) if end > at else None
        if piece is not None:
            found.append(piece)
            at = end
        else:
            found.append(lines[at])
            at += 1
    return found


def _is_row(line: Line) -> bool:
    """Whether a line has several pieces of which none is prose, and a figure at its end."""
    pieces = line.pieces
    return len(pieces) >= LEAST_COLUMNS and any(is_number(text) for _, _, text in pieces[1:])


def _end_of_table(lines: Sequence[Line], at: int) -> int:
    """The line after the last of a table that begins at `at`; `at` itself when none begins."""
    if len(lines[at].pieces) < LEAST_COLUMNS:
        return at
    rows = 0
    last = at
    left, right = lines[at].x0, lines[at].x1
    loose = 0
    for number in range(at, len(lines)):
        line = lines[number]
        if _is_row(line) or len(line.pieces) > LEAST_COLUMNS:
            rows += _is_row(line)
            last = number
            loose = 0
            left, right = min(left, line.x0), max(right, line.x1)
            continue
        loose += 1
        # Wrapped labels, group headings and headers in several lines stand between rows.
        if loose > 4 or line.x1 - line.x0 > 0.6 * (right - left) or line.x0 < left - 3 or line.x1 > right + 3:
            break
    return last + 1 if rows >= LEAST_ROWS else at


def _piece(lines: Sequence[Line], locators: dict[int, str]) -> Piece | None:
    bits = [
        _Bit(x0, x1, line.page * PAGE_STEP + line.base, text, line)
        for line in lines
        for x0, x1, text in (line.pieces or ((line.x0, line.x1, line.text),))
    ]
    gutters = _gutters(lines)
    if len(gutters) < LEAST_COLUMNS - 1:
        return None
    left, right = min(bit.x0 for bit in bits), max(bit.x1 for bit in bits)
    xs = (left, *gutters, right)
    anchors = [line.page * PAGE_STEP + line.base for line in lines if _is_row(line) or len(line.pieces) > LEAST_COLUMNS]
    rows: dict[tuple[int, int, int], list[_Bit]] = {}
    for bit in bits:
        row = min(range(len(anchors)), key=lambda i: abs(anchors[i] - bit.y))
        first = _column(xs, bit.x0 + 1)
        last = max(first, _column(xs, bit.x1 - 1))
        rows.setdefault((row, first, last + 1), []).append(bit)
    parts = []
    taken: set[tuple[int, int]] = set()
    for (row, first, last), own in sorted(rows.items()):
        covered = {(row, column) for column in range(first, last)}
        if covered & taken:
            mate = next(p for p in parts if p.top == row and p.left < last and p.right > first)
            mate.text = f"{mate.text}\n{' '.join(bit.text for bit in own)}"
            continue
        taken |= covered
        own.sort(key=lambda bit: (bit.y, bit.x0))
        text = "\n".join(bit.text for bit in own)
        parts.append(Part(row, first, row + 1, last, text, locators[id(own[0].line)]))
    for row in range(len(anchors)):
        for column in range(len(xs) - 1):
            if (row, column) not in taken:
                near = min(lines, key=lambda line: abs(line.page * PAGE_STEP + line.base - anchors[row]))
                parts.append(Part(row, column, row + 1, column + 1, "", locators[id(near)]))
    parts.sort(key=lambda part: (part.top, part.left))
    box = (left, min(line.top for line in lines), right, max(line.bottom for line in lines))
    return Piece(lines[0].page, xs, len(anchors), parts, box, locators[id(lines[0])])


def _column(xs: Sequence[float], x: float) -> int:
    for column in range(len(xs) - 2, -1, -1):
        if x >= xs[column]:
            return column
    return 0


def _gutters(lines: Sequence[Line]) -> list[float]:
    """The middles of the strips that rows of figures leave empty."""
    rows = [line for line in lines if _is_row(line)]
    spans = sorted((x0, x1) for line in rows for x0, x1, _ in line.pieces)
    merged: list[list[float]] = []
    for x0, x1 in spans:
        if merged and x0 <= merged[-1][1] + 1.5:
            merged[-1][1] = max(merged[-1][1], x1)
        else:
            merged.append([x0, x1])
    return [(a[1] + b[0]) / 2 for a, b in zip(merged, merged[1:], strict=False)]
