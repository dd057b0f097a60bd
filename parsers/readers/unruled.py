"""Tables whose cells no lines part, or not all of them: columns by what stands below each other, rows by baselines.

A figure is given to a column only where nothing but that column can be meant; else the lines say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parsers.frozen import frozen
from parsers.readers.breaks import SHIFT, Part, Piece
from parsers.readers.sheets import Page, Ruling
from parsers.readers.sums import add_up
from parsers.readers.tokens import (
    LEAST_ROWS,
    Cell,
    Row,
    Strip,
    Token,
    cut_at,
    is_figure,
    is_years,
    lines_in,
    tokens_of,
    union,
)
from parsers.readers.typesetting import Box, Line, cell_text
from parsers.readers.unruled_heads import STEP, TITLE, headed, header_cells, titles_of
from parsers.readers.unruled_rows import body_cells, parted_labels

SAME_SIZE = 0.12
"""How far the size of a table's lines may differ from each other."""

APART = 6.0
"""Lines of a table are not further apart than this, in their size."""

NEXT = 3
"""So many rows of figures show where the columns over and around a line stand."""

LINE = 1.9
"""Lines of a label are no further apart than this, in their size."""

FULL = 1.3
"""A line that lacks no more than this, in its size, to the longest of its column is full."""

UNIT = 1.45
"""The unit of a figure stands no further below it than this, in its size."""

_UNIT = re.compile(r"[\u3400-\u9fff]{1,2}")


@dataclass(slots=True)
class _Block:
    """A header and the rows under it."""

    header: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)


def find(
    lines: Sequence[Line], page: Page, sides: Sequence[Ruling], earlier: Piece | None
) -> tuple[list[Line], list[Piece]]:
    """The lines that belong to no such table, and the tables, from running lines of a page.

    `sides` are ruling lines down; `earlier` is the table that ends the page before. Where it is not certain what
    belongs to which of several columns, the lines of a table are cells of one column, from which nothing is read.
    """
    rows = [Row(line, tokens_of(line, sides)) for line in lines if line.glyphs]
    upright = [replace(line, base=(line.top + line.bottom) / 2) for line in lines if not line.glyphs]
    left_over: list[Line] = []
    pieces: list[Piece] = []
    taken: set[Box] = set()
    at = 0
    while at < len(rows):
        start, end = _region(rows, at)
        if end <= start:
            left_over.extend(row.line for row in rows[at:])
            break
        left_over.extend(row.line for row in rows[at:start])
        for block in _blocks(rows[start:end]):
            before = earlier if not pieces and not left_over else None
            beside = [line for line in upright if _is_beside(line, block.body)]
            body = sorted(
                [*block.body, *(Row(line, tokens_of(line)) for line in beside)], key=lambda row: row.line.base
            )
            whole = _Block(block.header, body)
            piece = _piece(whole, page, before)
            if piece is None and whole.header and len(whole.body) >= LEAST_ROWS:
                # Of a header that a page break cuts the rest tells nothing; rows that add up need none.
                bare = _piece(_Block(body=whole.body), page, before)
                if bare is not None and add_up(bare):
                    piece = bare
                    left_over.extend(row.line for row in whole.header)
            if piece is None and not _is_several(whole):
                left_over.extend(row.line for row in (*block.header, *block.body))
                continue
            pieces.append(piece or doubtful([row.line for row in (*whole.header, *whole.body)], page))
            taken.update(line.box for line in beside)
        at = end
    return [*left_over, *(line for line in lines if not line.glyphs and line.box not in taken)], pieces


def without_end(piece: Piece) -> tuple[Piece, list[Line]]:
    """A table without last rows of words alone, whose figures may stand on the next page, and the lines of these."""
    rows = piece.rows
    while rows > 1 and not any(part.bottom == rows and is_figure(part.text) for part in piece.parts):
        rows -= 1
    if rows == piece.rows or rows < 2:
        return piece, []
    kept = [replace(part, bottom=min(part.bottom, rows)) for part in piece.parts if part.top < rows]
    lines = [line for part in piece.parts if part.top >= rows for line in part.lines]
    return replace(piece, rows=rows, parts=kept), lines


def lines_of_piece(piece: Piece) -> list[Line]:
    """The lines of a table as they stand on the page."""
    return lines_in([Token(line.x0, line.x1, line) for part in piece.parts for line in part.lines])


def columns_of(piece: Piece) -> int:
    """How many columns of a table hold figures, numbers of lines aside."""
    columns = {part.left for part in piece.parts if is_figure(part.text)}
    words = {part.left for part in piece.parts if part.text and not is_figure(part.text)}
    return len([column for column in columns if column >= min(words, default=0)])


def _is_several(block: _Block) -> bool:
    """Whether figures stand side by side in a block, so that their order alone tells their columns."""
    return any(len(row.figures) > 1 + (row.is_bare and len(row.tokens) > len(row.figures)) for row in block.body)


def doubtful(lines: Sequence[Line], page: Page) -> Piece:
    """The lines of a table that cannot be told apart into cells, as cells of one column."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    parts = [
        Part(n, 0, n + 1, 1, line.text, page.locator(*line.box), (line,), box=line.box) for n, line in enumerate(lines)
    ]
    box = (left, min(line.top for line in lines), right, max(line.bottom for line in lines))
    return Piece(page.number, (left, right), len(parts), parts, box, page.locator(*box), doubtful=True)


def _is_beside(line: Line, body: Sequence[Row]) -> bool:
    """Whether a line that runs from top to bottom stands beside rows, before their figures."""
    figures = [token.x0 for row in body for token in row.figures if token is not row.tokens[0]]
    return bool(figures) and body[0].line.top < line.base < body[-1].line.bottom and line.x1 < min(figures)


def _region(rows: Sequence[Row], at: int) -> tuple[int, int]:
    """The first rows from `at` on that form tables, (0, 0) when none do."""
    first = next((i for i in range(at, len(rows)) if rows[i].is_seed), -1)
    if first < 0:
        return 0, 0
    size = rows[first].line.size
    seeds = [row.line for row in rows[first:] if row.is_seed and _is_same(row.line, size)]
    left = min(row.line.x0 for row in rows if _is_same(row.line, size))
    right = max(line.x1 for line in seeds)
    last = first
    for number in range(first + 1, len(rows)):
        row = rows[number]
        if not _is_same(row.line, size) or row.line.base - rows[number - 1].line.base > APART * size:
            break
        figures = row.figures
        if row.is_seed or (figures and len(figures) == len(row.tokens)):
            last = number
        elif _is_prose(row, left, right):
            break
    start = first
    for number in range(first - 1, at - 1, -1):
        row, below = rows[number], rows[number + 1].line
        if not _is_same(row.line, size) or below.base - row.line.base > APART * size or _is_prose(row, left, right):
            break
        if len(row.tokens) > 1 or _is_over_columns(row.tokens[0], rows[first : last + 1], left, right):
            start = number
    if start == first:
        start = _with_beginning(rows, at, first)
    return start, _with_rest(rows, last + 1, rows[start : last + 1])


def _with_beginning(rows: Sequence[Row], at: int, first: int) -> int:
    """Where a table without a header begins whose first label begins above its figures."""
    figures = min((t.x0 for t in rows[first].figures if t is not rows[first].tokens[0]), default=rows[first].line.x0)
    start = first
    while start > at and len(rows[start - 1].tokens) == 1:
        line = rows[start - 1].line
        near = rows[start].line.base - line.base < LINE * line.size
        if not near or not _is_same(line, rows[first].line.size) or line.x1 > figures:
            break
        start -= 1
    return start


def _is_same(line: Line, size: float) -> bool:
    return abs(line.size - size) <= SAME_SIZE * size or not any(char.isalnum() for char in line.text)


def _is_prose(row: Row, left: float, right: float) -> bool:
    """Whether a line is running text and no row of a table that reaches from `left` to `right`."""
    line, wide = row.line, right - left
    if len(row.tokens) > 1:
        ink = sum(token.x1 - token.x0 for token in row.tokens)
        longest = max(token.x1 - token.x0 for token in row.tokens)
        return ink > 0.88 * wide and longest > 0.6 * wide and not any(is_figure(token.text) for token in row.tokens)
    if line.x1 > right + 3 * line.size or line.x0 < left - 3 * line.size:
        return True
    centred = abs(row.tokens[0].middle - (left + right) / 2) < 1.5 * line.size
    return line.x1 - line.x0 > (0.9 if centred else 0.66) * wide


def _is_over_columns(token: Token, body: Sequence[Row], left: float, right: float) -> bool:
    """Whether a lone word stands in the middle of the table or over its columns of figures."""
    if abs(token.middle - (left + right) / 2) < 1.5 * token.line.size:
        return True
    figures = [figure.x0 for row in body if row.is_seed for figure in row.figures if figure is not row.tokens[0]]
    return bool(figures) and token.x0 > min(figures) - 2 * token.line.size


def _with_rest(rows: Sequence[Row], end: int, own: Sequence[Row]) -> int:
    """Where a table ends whose last label goes on below its figures."""
    bases = sorted(row.line.base for row in own)
    pitch = min((b - a for a, b in pairwise(bases) if b - a > STEP * own[-1].line.size), default=0.0)
    left = min(row.line.x0 for row in own)
    figures = [
        t.x0 for row in own if row.is_seed for t in row.figures if t is not row.tokens[0] or len(row.figures) > 1
    ]
    right = min(figures, default=left)
    before = own[-1].line
    while end < len(rows) and len(rows[end].tokens) == 1:
        line = rows[end].line
        inside = line.x0 > left - 1.0 and line.x1 < right + 1.0
        unit = _UNIT.fullmatch(line.text) is not None and line.base - own[-1].line.base < UNIT * line.size
        if not (inside or unit) or not _is_same(line, before.size) or line.base - before.base > pitch + 1.0:
            break
        before = line
        end += 1
    return end


def _blocks(rows: Sequence[Row]) -> list[_Block]:
    """Rows as headers with what stands under each."""
    found = [_Block()]
    group: list[tuple[Row, _Near]] = []

    def close() -> None:
        """Lines of a header begin a block; words that stand alone are rows."""
        last = next((n for n in range(len(group), 0, -1) if group[n - 1][1].heads(group[n - 1][0])), 0)
        header, rest = [row for row, _ in group[:last]], [row for row, _ in group[last:]]
        group.clear()
        if not any(len(row.tokens) > 1 for row in header):
            found[-1].body.extend(header)
        elif found[-1].body or found[-1].header:
            found.append(_Block(header=header))
        else:
            found[-1].header = header
        # The first lines of a label in several stand above its figures.
        found[-1].body.extend(rest)

    for number, row in enumerate(rows):
        near = _Near.of(rows, number)
        begun = bool(group) or not found[-1].body
        title = near.is_title(row)
        step = (STEP if near.is_central(row) else TITLE) * row.line.size
        apart = group and row.line.base - group[-1][0].line.base > step
        if title and apart and any(len(other.tokens) > 1 for other, _ in group) and len(group[-1][0].tokens) > 1:
            close()
        heads = begun and is_years(row) if row.figures else begun or title or near.is_header(row, found[-1].body[-1:])
        if heads:
            group.append((row, near))
            continue
        close()
        found[-1].body.append(row)
    if group and all(near.is_title(row) for row, near in group):
        # The title of a table on the next page.
        found.append(_Block(body=[row for row, _ in group]))
    else:
        close()
    return [block for block in found if block.body or block.header]


@frozen
class _Near:
    """What rows of figures say of a line near them: where tables begin and end, where the longest of their labels
    ends and where those near it do, and where figures stand.
    """

    left: float
    right: float
    longest: float
    labels: float
    figures: tuple[Strip, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], at: int) -> _Near:
        seeds = [row for row in rows[at:] if row.is_seed and not is_years(row)][:NEXT]
        seeds = seeds or [row for row in rows[:at] if row.is_seed][-NEXT:]
        figures = [token for row in seeds for token in row.figures if token is not row.tokens[0] or row.is_all_figures]
        digits = [token for token in figures if any(char.isdecimal() for char in token.text)]
        words = [row.label_end for row in seeds if not row.is_bare]
        left = min(row.line.x0 for row in rows)
        begin = min((token.x0 for token in figures), default=left)
        longest = max((row.label_end for row in rows if row.is_seed and not row.is_bare), default=begin)
        right = max(row.line.x1 for row in rows)
        return cls(left, right, longest, max(words, default=begin), tuple(union(digits or figures, figures=True)))

    def covers(self, token: Token) -> bool:
        return any(span.covers(token) for span in self.figures)

    def heads(self, row: Row) -> bool:
        """Whether a line has words behind the labels."""
        return any(token.middle > self.labels or self.covers(token) for token in row.tokens)

    def is_title(self, row: Row) -> bool:
        """Whether one word of several characters stands over a table, where no label can be meant."""
        token, size = row.tokens[0], row.line.size
        alone = len(row.tokens) == 1 and len(token.text) > 2
        return alone and token.x0 > self.left + 2 * size and token.x1 > self.longest

    def is_central(self, row: Row) -> bool:
        """Whether a word stands in the middle of the table."""
        return abs(row.tokens[0].middle - (self.left + self.right) / 2) < 3 * row.line.size

    def is_header(self, row: Row, above: Sequence[Row]) -> bool:
        """Whether a line without figures that stands below others has words over columns of figures."""
        over = [token for token in row.tokens if self.covers(token)]
        if any(row.line.base - other.line.base < UNIT * row.line.size for other in above):
            # The unit of a figure may stand below it.
            over = [token for token in over if not _UNIT.fullmatch(token.text)]
        return any(len(token.text) > 1 for token in over)


def _piece(block: _Block, page: Page, earlier: Piece | None) -> Piece | None:
    """A block as a table; None where a column or a row is not certain, or where it is none."""
    anchors = [row for row in block.body if row.figures]
    if not anchors or (not block.header and len(anchors) < LEAST_ROWS and earlier is None):
        return None
    strips = _strips(block, anchors)
    if not block.header and earlier is not None:
        strips = _as_before(strips, earlier) or strips
    first = _first_of_figures(strips)
    strips, first = parted_labels(strips, first, block.body)
    body_rows = [Row(row.line, cut_at(row.tokens, strips[:first])) for row in block.body]
    _widen(strips[: first + 1], body_rows)
    leaves: dict[int, int] = {}
    tokens = cut_at((token for row in block.header for token in row.tokens), strips)
    titles = titles_of(block.header)
    if tokens:
        found = headed(strips, first, [token for token in tokens if id(token.line) not in titles], block.body)
        if found is None:
            return None
        strips, first, leaves = found
    if len(strips) < 2 or first < 0:
        return None
    xs = _sides(strips, earlier)
    body = body_cells(body_rows, strips, xs, first, not block.header)
    if body is None:
        return None
    header = header_cells(tokens, leaves, xs, first)
    high = max((cell.bottom for cell in header), default=0)
    cells = [*header, *(replace(c, top=c.top + high, bottom=c.bottom + high) for c in body)]
    return _put_together(page, xs, cells, headed=bool(header))


def _strips(block: _Block, anchors: Sequence[Row]) -> list[Strip]:
    """The columns that the rows of a block show."""
    figures = union((t for row in anchors for t in row.figures), figures=True)
    inside = [token for row in anchors for token in row.tokens]
    for row in block.body:
        if not row.figures:
            inside.extend(token for token in row.tokens if not any(strip.covers(token) for strip in figures))
    return union(inside, figures=True)


def _widen(strips: Sequence[Strip], rows: Sequence[Row]) -> None:
    """Let columns of labels hold what was cut off from those behind them."""
    for strip, after in pairwise(strips):
        own = (token.x1 for row in rows for token in row.tokens if strip.covers(token) and token.x1 <= after.x0)
        strip.x1 = max(strip.x1, *own, strip.x1)


def _first_of_figures(strips: Sequence[Strip]) -> int:
    """The first column of figures that has labels before it; numbers of lines may stand before these."""
    words = next((i for i, strip in enumerate(strips) if not strip.figures), -1)
    return next((i for i, strip in enumerate(strips) if strip.figures and i > words), -1)


def _as_before(strips: list[Strip], earlier: Piece) -> list[Strip]:
    """The columns of the page before, where those of this page stand within them; [] where they do not."""
    found: list[Strip] = []
    at, last = 0, len(earlier.xs) - 2
    for column, (left, right) in enumerate(pairwise(earlier.xs)):
        own = []
        while at < len(strips) and (column == last or (strips[at].x0 + strips[at].x1) / 2 < right):
            own.append(strips[at])
            at += 1
        figures = [strip for strip in own if strip.figures]
        out = any((column and s.x0 < left - 3) or (column < last and s.x1 > right + 3) for s in figures)
        if len(figures) > 1 or out:
            return []
        found.append(Strip(left, right, bool(figures)))
    return found if at == len(strips) else []


def _sides(strips: Sequence[Strip], earlier: Piece | None = None) -> tuple[float, ...]:
    """Where columns part: as on the page before where that fits, else in the middle between them."""
    known = earlier.xs if earlier is not None else ()
    found = [strips[0].x0]
    for one, other in pairwise(strips):
        middle = (one.x1 + other.x0) / 2
        near = [x for x in known if one.x1 - 1 <= x <= other.x0 + 1]
        found.append(min(near, key=lambda x: abs(x - middle), default=middle))
    found.append(strips[-1].x1)
    if known and known[0] < found[1] and known[-1] > found[-2] and abs(known[0] - found[0]) < SHIFT:
        found[0], found[-1] = known[0], known[-1]
    return tuple(found)


def _put_together(page: Page, xs: Sequence[float], cells: Sequence[Cell], *, headed: bool) -> Piece:
    count = max(cell.bottom for cell in cells)
    tops = [float("inf")] * count
    bottoms = [float("-inf")] * count
    for cell in cells:
        if cell.bottom - cell.top == 1:
            for token in cell.tokens:
                tops[cell.top] = min(tops[cell.top], token.line.top)
                bottoms[cell.top] = max(bottoms[cell.top], token.line.bottom)
    everything = [token.line for cell in cells for token in cell.tokens]
    upper, lower = min(line.top for line in everything), max(line.bottom for line in everything)
    ys = [upper]
    for number in range(1, count):
        end = max((b for b in bottoms[:number] if b > upper), default=upper)
        begin = min((t for t in tops[number:] if t < lower), default=lower)
        ys.append(max(ys[-1], (end + begin) / 2))
    ys.append(lower)
    rooms = [
        max((t.x1 - t.x0 for c in cells if c.left <= column < c.right for t in c.tokens), default=0.0)
        for column in range(len(xs) - 1)
    ]
    parts = []
    for cell in sorted(cells, key=lambda one: (one.top, one.left)):
        own = tuple(lines_in(cell.tokens))
        box = _around(cell, own, xs, ys)
        room = sum(rooms[cell.left : cell.right])
        full = bool(own) and room - (own[-1].x1 - own[-1].x0) < FULL * own[-1].size
        grid = (cell.top, cell.left, cell.bottom, cell.right)
        parts.append(Part(*grid, cell_text(own, room), page.locator(*box), own, full, box=box))
    box = (xs[0], ys[0], xs[-1], ys[-1])
    ends = (ys[1] - ys[0], ys[-1] - ys[-2])
    return Piece(page.number, tuple(xs), count, parts, box, page.locator(*box), ends=ends, headed=headed)


def _around(cell: Cell, lines: Sequence[Line], xs: Sequence[float], ys: Sequence[float]) -> Box:
    """Where a cell stands: the room between its neighbours, with its text whole."""
    left, top, right, bottom = xs[cell.left], ys[cell.top], xs[cell.right], ys[cell.bottom]
    if not lines:
        return left, top, right, bottom
    return (
        min(left, *(line.x0 for line in lines)), min(top, *(line.top for line in lines)),
        max(right, *(line.x1 for line in lines)), max(bottom, *(line.bottom for line in lines)),
    )  # fmt: skip
