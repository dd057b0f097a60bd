"""Tables without ruling lines: rows and columns by where the pieces of lines stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.frozen import frozen
from parsers.readers.breaks import Part, Piece, is_number
from parsers.readers.typesetting import Box, Line, is_blank

LEAST_ROWS = 3
LEAST_COLUMNS = 2
WORD_GAP = 0.45
"""The widest gap between words of a line, in the size of its characters."""

STEP = 0.5
NARROWEST = 1.5
"""Points in which ink is counted, and the width of the narrowest strip without ink that parts columns."""

PAGE_STEP = 10_000.0
"""What a page adds to heights, so that lines of several pages stand in one order."""


@frozen
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
    """Whether a line has a figure of its own at its end, apart from what stands before it."""
    if len(line.pieces) >= LEAST_COLUMNS and any(is_number(text) for _, _, text in line.pieces[1:]):
        return True
    return _gaps(line) >= LEAST_COLUMNS and line.text[-1].isdecimal()


def _gaps(line: Line) -> int:
    """How many gaps wider than one between words a line has."""
    return sum(after[0] - before[1] > WORD_GAP * line.size for before, after in pairwise(line.glyphs or line.pieces))


def _end_of_table(lines: Sequence[Line], at: int) -> int:
    """The line after the last of a table that begins at `at`; `at` itself when none begins."""
    if len(lines[at].pieces) < LEAST_COLUMNS and not _gaps(lines[at]):
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
        if loose > 4 or (rows and not _fits(line, left, right)):
            break
    if rows < LEAST_ROWS:
        return at
    # The last lines of a label in several lines, beside whose middle its figures stand, as in the rows before.
    within = lines[at : last + 1]
    offsets = [b.base - a.base for a, b in pairwise(within) if _is_row(a) and not _is_row(b) and a.page == b.page]
    end = last + 1
    while end < len(lines) and lines[end].page == lines[last].page:
        line = lines[end]
        offset = line.base - lines[last].base
        if line.x1 - line.x0 > 0.4 * (right - left) or not any(abs(offset - known) < 1.5 for known in offsets):
            break
        end += 1
    return end


def _fits(line: Line, left: float, right: float) -> bool:
    """Whether a line without figures may stand between rows of a table that reaches from `left` to `right`."""
    width = right - left
    if _gaps(line) >= LEAST_COLUMNS:
        return True
    short = line.x1 - line.x0 <= 0.4 * width and line.x0 > left - 0.4 * width
    return line.x1 <= right + 3 and (short or (line.x1 - line.x0 <= 0.6 * width and line.x0 >= left - 3))


def _bits(line: Line, gutters: Sequence[float]) -> list[_Bit]:
    """The cells of a line: cut where a gutter falls into a gap, or between two kinds of characters."""
    y = line.page * PAGE_STEP + line.base
    glyphs = line.glyphs or ((line.x0, line.x1, line.text),)
    found: list[list[tuple[float, float, str]]] = [[glyphs[0]]]
    for before, glyph in pairwise(glyphs):
        low, high = before[1] - 0.2 * line.size, glyph[0] + 0.2 * line.size
        cut = any(low <= gutter <= high for gutter in gutters)
        apart = glyph[0] - before[1] > 0.25 * line.size or before[2].isdecimal() != glyph[2].isdecimal()
        if (cut and apart) or glyph[0] - before[1] > 1.6 * line.size:
            found.append([])
        found[-1].append(glyph)
    return [_Bit(own[0][0], own[-1][1], y, _text(own, line.size), line) for own in found]


def _text(glyphs: Sequence[tuple[float, float, str]], size: float) -> str:
    text = glyphs[0][2]
    for before, glyph in pairwise(glyphs):
        text += (" " if is_blank(before[2][-1:], glyph[2][:1], glyph[0] - before[1], size) else "") + glyph[2]
    return text


def _piece(lines: Sequence[Line], locators: dict[int, str]) -> Piece | None:
    gutters = _gutters(lines)
    if len(gutters) < LEAST_COLUMNS - 1:
        return None
    bits = [bit for line in lines for bit in _bits(line, gutters)]
    left, right = min(bit.x0 for bit in bits), max(bit.x1 for bit in bits)
    xs = (left, *gutters, right)
    anchors = _anchors(lines, bits, xs)
    rows: dict[tuple[int, int, int], list[_Bit]] = {}
    for bit in bits:
        row = min(range(len(anchors)), key=lambda i: abs(anchors[i] - bit.y))
        first = _column(xs, bit.x0 + 1)
        last = max(first, _column(xs, bit.x1 - 1))
        rows.setdefault((row, first, last + 1), []).append(bit)
    parts: list[Part] = []
    taken: set[tuple[int, int]] = set()
    for (row, first, last), own in sorted(rows.items()):
        covered = {(row, column) for column in range(first, last)}
        if covered & taken:
            mate = next(p for p in parts if p.top == row and p.left < last and p.right > first)
            mate.text = f"{mate.text}\n{' '.join(bit.text for bit in own)}"
            mate.box = _around([mate.box, *map(_box, own)])
            continue
        taken |= covered
        own.sort(key=lambda bit: (bit.y, bit.x0))
        text = "\n".join(bit.text for bit in own)
        box = _around(list(map(_box, own)))
        parts.append(Part(row, first, row + 1, last, text, locators[id(own[0].line)], box=box))
    for row in range(len(anchors)):
        for column in range(len(xs) - 1):
            if (row, column) not in taken:
                near = min(lines, key=lambda line: abs(line.page * PAGE_STEP + line.base - anchors[row]))
                parts.append(Part(row, column, row + 1, column + 1, "", locators[id(near)]))
    parts.sort(key=lambda part: (part.top, part.left))
    box = (left, min(line.top for line in lines), right, max(line.bottom for line in lines))
    return Piece(lines[0].page, xs, len(anchors), parts, box, locators[id(lines[0])])


def _box(bit: _Bit) -> Box:
    return bit.x0, bit.line.top, bit.x1, bit.line.bottom


def _around(boxes: Sequence[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _anchors(lines: Sequence[Line], bits: Sequence[_Bit], xs: Sequence[float]) -> list[float]:
    """The heights of rows: lines with figures or cells in several columns, and lines that stand off from these."""
    columns: dict[int, set[int]] = {}
    for bit in bits:
        columns.setdefault(id(bit.line), set()).add(_column(xs, bit.x0 + 1))
    sure = [line for line in lines if _is_row(line) or len(columns[id(line)]) > 1]
    found = [line.page * PAGE_STEP + line.base for line in sure]
    steps = sorted(b - a for a, b in pairwise(found) if b - a < PAGE_STEP / 2)
    pitch = steps[len(steps) // 2] if steps else 0.0
    for line in lines:
        y = line.page * PAGE_STEP + line.base
        if all(line is not other for other in sure) and min(abs(y - other) for other in found) > 0.8 * pitch:
            found.append(y)
    return sorted(set(found))


def _column(xs: Sequence[float], x: float) -> int:
    for column in range(len(xs) - 2, -1, -1):
        if x >= xs[column]:
            return column
    return 0


def _follows_chinese(rows: Sequence[Line], gutter: float) -> bool:
    """Whether what stands before a narrow strip is Chinese in most rows, where words have no gaps between them."""
    last = [[glyph[2] for glyph in line.glyphs if glyph[1] <= gutter + 1][-1:] for line in rows]
    known = [text[0] for text in last if text]
    return sum(text > "\u2e7f" for text in known) * 2 > len(known) > 0


def _gutters(lines: Sequence[Line]) -> list[float]:
    """The middles of the strips that rows of figures leave empty."""
    rows = [line for line in lines if _is_row(line)]
    left, right = min(line.x0 for line in rows), max(line.x1 for line in rows)
    width = int((right - left) / STEP) + 1
    if width > 20_000:
        return []
    ink = [0] * (width + 1)
    for line in rows:
        held: set[int] = set()
        for x0, x1, _ in line.glyphs or line.pieces:
            held.update(range(max(0, round((x0 - left) / STEP)), min(width, round((x1 - left) / STEP))))
        for x in held:
            ink[x] += 1
    least = 0.04 * len(rows)
    strips: list[tuple[int, int]] = []
    start = None
    for x in range(width + 1):
        if ink[x] <= least:
            start = x if start is None else start
        elif start is not None:
            if (x - start) * STEP >= NARROWEST:
                strips.append((start, x))
            start = None
    size = min(line.size for line in rows)
    found = [
        left + STEP * (a + b) / 2
        for a, b in strips
        if (b - a) * STEP > WORD_GAP * size or _follows_chinese(rows, left + STEP * (a + b) / 2)
    ]
    # The ends of a few long labels are no column of their own.
    edges = [left, *found, right]
    return [
        gutter
        for gutter, after in zip(found, edges[2:], strict=True)
        if sum(any(gutter < x0 and x1 <= after + 1 for x0, x1, _ in line.glyphs or line.pieces) for line in rows)
        >= max(2, 0.12 * len(rows))
    ]
