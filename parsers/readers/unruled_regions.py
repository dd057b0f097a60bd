"""Which lines of pages are tables whose cells no lines part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from parsers.readers.tokens import (
    Row,
    Token,
    is_figure,
)
from parsers.readers.typesetting import Line
from parsers.readers.unruled_heads import (
    STEP,
)

SAME_SIZE = 0.12
"""How far the size of a table's lines may differ from each other."""

APART = 6.0
"""Lines of a table are not further apart than this, in their size."""

MOST = 600
"""No table is read that has more lines than this: what follows is another one."""

NEAR_ROWS = 12
"""The first lines of a table, so many, show how wide it is."""

WIDER = 0.3
"""How much further than the first rows of a table a lone line above it may reach, in their width."""

LINE = 1.9
"""Lines of a label are no further apart than this, in their size."""

UNIT = 1.45
"""The unit of a figure stands no further below it than this, in its size."""

UNITS = re.compile(r"[\u3400-\u9fff]{1,2}")


def region_from(rows: Sequence[Row], at: int) -> tuple[int, int]:
    """The first rows from `at` on that form tables, (0, 0) when none do."""
    first = next((i for i in range(at, len(rows)) if rows[i].is_seed), -1)
    if first < 0:
        return 0, 0
    # Signs alone may be set in another size.
    worded = next((row for row in rows[first:] if row.is_seed and any(map(str.isalnum, row.line.text))), rows[first])
    size = worded.line.size
    seeds = [row.line for row in rows[first:] if row.is_seed and _is_same(row.line, size)]
    left = min(row.line.x0 for row in rows if _is_same(row.line, size))
    right = max(line.x1 for line in seeds)
    last = first
    for number in range(first + 1, min(len(rows), first + MOST)):
        row = rows[number]
        if not _is_same(row.line, size) or row.line.base - rows[number - 1].line.base > APART * size:
            break
        figures = row.figures
        if row.is_seed or (figures and len(figures) == len(row.tokens)):
            last = number
        elif _is_prose(row, left, right):
            break
    start = first
    # A table may be narrower than further ones below it.
    own = max(row.line.x1 for row in rows[first : min(last + 1, first + NEAR_ROWS)] if row.is_seed)
    reach = own + max(3 * size, WIDER * (own - left))
    for number in range(first - 1, at - 1, -1):
        row, below = rows[number], rows[number + 1].line
        if not _is_same(row.line, size) or below.base - row.line.base > APART * size or _is_prose(row, left, right):
            break
        if len(row.tokens) == 1 and row.line.x1 > reach:
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
        wide = max(wide, line.x1 - line.x0)
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
    left = min(row.line.x0 for row in own)
    worded = [row for row in own if row.is_seed and not row.is_all_figures]
    ends = [next(t.x1 for t in row.tokens if not is_figure(t.text)) for row in worded]
    # Numbers of lines may stand before labels.
    figures = [t.x0 for row, end in zip(worded, ends, strict=True) for t in row.figures if t.x0 >= end]
    bare = [t.x0 for row in own if row.is_seed for t in row.figures if t is not row.tokens[0] or len(row.figures) > 1]
    right = min(figures or bare, default=left)
    labels = [t for row in own for t in row.tokens if t.x0 < right and not is_figure(t.text)]
    bases = sorted(token.base for token in labels)
    pitch = min((b - a for a, b in pairwise(bases) if b - a > STEP * own[-1].line.size), default=0.0)
    before = max(labels, key=lambda token: token.base).line if labels else own[-1].line
    while end < len(rows) and len(rows[end].tokens) == 1:
        line = rows[end].line
        inside = line.x0 > left - 1.0 and line.x1 < right + 1.0
        unit = UNITS.fullmatch(line.text) is not None and line.base - own[-1].line.base < UNIT * line.size
        if not (inside or unit) or not _is_same(line, before.size) or line.base - before.base > pitch + 1.0:
            break
        before = line
        end += 1
    return end
