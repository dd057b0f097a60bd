"""Tables whose cells no lines part, or not all of them: columns by what stands below each other, rows by baselines.

A figure is given to a column only where nothing but that column can be meant; else the lines say nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parsers.frozen import frozen
from parsers.readers.breaks import SHIFT, Part, Piece
from parsers.readers.scroll import Scroll
from parsers.readers.sheets import Page, Ruling
from parsers.readers.sides import cut_between, headers_between, known_sides, leaves_between, ruled_labels
from parsers.readers.sums import add_up
from parsers.readers.tokens import (
    LEAST_ROWS,
    Cell,
    Row,
    Strip,
    Token,
    begun_apart,
    cut_at,
    gaps_at,
    gutters,
    is_figure,
    is_years,
    lines_in,
    parted,
    tokens_of,
    union,
    with_figures_apart,
    without_figure,
)
from parsers.readers.typesetting import Box, Line, cell_text
from parsers.readers.unruled_heads import (
    STEP,
    TITLE,
    count_over,
    headed,
    header_cells,
    in_order,
    is_torn,
    over_each,
    pitch_in,
    titles_of,
)
from parsers.readers.unruled_rows import body_cells, parted_labels
from parsers.readers.welded import unwelded

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


@frozen
class Ruled:
    """Ruling lines beside running lines: those down, those across, the sides of columns that pieces of the latter tell,
    and the sides of single cells that these do.
    """

    down: Sequence[Ruling] = ()
    across: Sequence[Ruling] = ()
    met: Sequence[Ruling] = ()
    ends: Sequence[Ruling] = ()


def find(scroll: Scroll, ruled: Ruled, earlier: Piece | None) -> tuple[list[Line], list[Piece]]:
    """The lines that belong to no such table, and the tables, from running lines of pages.

    `earlier` is the table that ends the page before. Where it is not certain what belongs to which of several columns,
    the lines of a table are cells of one column, from which nothing is read.
    """
    lines = scroll.lines
    rows = [Row(line, tokens_of(line, [*ruled.down, *gaps_at(line, ruled.ends)])) for line in lines if line.glyphs]
    rows = unwelded(with_figures_apart(rows))
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
        region = rows[start:end]
        figures = union((token for row in region if row.is_seed for token in row.figures), figures=True)
        kept, again = _once([_with_last(row, figures) for row in region])
        before_them = len(pieces)
        for found in _blocks(kept):
            block, below = _without_heading(found)
            left_over.extend(row.line for row in below)
            before = earlier if not pieces and not left_over else None
            standing = [line for line in upright if _is_beside(line, block.body)]
            body = sorted(
                [*block.body, *(Row(line, tokens_of(line)) for line in standing)], key=lambda row: row.line.base
            )
            whole = _cut(_Block(block.header, body))
            piece = _piece(whole, scroll, ruled, before)
            if piece is None and whole.header and len(whole.body) >= LEAST_ROWS:
                # Of a header that a page break cuts the rest tells nothing; rows that add up need none.
                bare = _piece(_Block(body=whole.body), scroll, ruled, before)
                if bare is not None and add_up(bare):
                    piece = bare
                    left_over.extend(row.line for row in whole.header)
            # Where not all is certain, what stands on one page alone may be.
            each = [] if piece is not None else _by_page(whole)
            for part in each if len(each) > 1 else [whole]:
                read = piece or (_piece(part, scroll, ruled, before) if len(each) > 1 else None)
                before = read
                if read is None and not _is_several(part):
                    left_over.extend(row.line for row in (*part.header, *part.body))
                    continue
                own = [scroll.back(row.line) for row in (*part.header, *part.body)]
                pieces.append(read or doubtful(own, scroll.pages))
                taken.update(line.box for line in standing)
        if again and len(pieces) > before_them:
            pieces[-1].repeated = [_again(scroll, row.line) for row in again]
        at = end
    left_over.extend(line for line in lines if not line.glyphs and line.box not in taken)
    return [scroll.back(line) for line in left_over], pieces


def _by_page(block: _Block) -> list[_Block]:
    """What of a block stands on each page, the header with the first."""
    found = [_Block(block.header)]
    for row in block.body:
        if found[-1].body and row.line.page != found[-1].body[-1].line.page:
            found.append(_Block())
        found[-1].body.append(row)
    return found


def _once(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows of tables without those of a header that stand again at the head of a page, and these."""
    kept: list[Row] = []
    again: list[Row] = []
    headers: list[Sequence[Row]] = []
    at = 0
    while at < len(rows):
        if rows[at].figures and at and not rows[at - 1].figures:
            start = max((n for n in range(at) if rows[n].figures), default=-1) + 1
            headers.append(rows[start:at])
        if at and rows[at].line.page != rows[at - 1].line.page:
            same = max((_repeats(rows[at:], header, rows[at - 1]) for header in headers), default=0)
            if same:
                again.extend(rows[at : at + same])
                at += same
                continue
        kept.append(rows[at])
        at += 1
    return kept, again


def _repeats(rows: Sequence[Row], header: Sequence[Row], before: Row) -> int:
    """How many rows stand among those of a header, one of them with several words.

    The row `before` them may be the title of a further table with the same header: then they are not those.
    """
    own, known = _texts(rows[: len(header)]), _texts(header)
    most = 0
    for start in range(len(header)):
        pairs = zip(own, known[start:], strict=False)
        count = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(own), len(known) - start))
        titled = start > 0 and not before.figures and len(before.tokens) == 1 and _is_over(before, header[start - 1])
        if count > most and not titled and any(len(texts) > 1 for texts in own[:count]):
            most = count
    return most


def _is_over(row: Row, other: Row) -> bool:
    """Whether words of two lines begin, or have their middles, at one place."""
    one, two = row.tokens[0], other.tokens[0]
    return len(other.tokens) == 1 and (abs(one.x0 - two.x0) < 1.0 or abs(one.middle - two.middle) < 1.0)


def _texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[token.text for token in row.tokens] for row in rows]


def _again(scroll: Scroll, line: Line) -> Part:
    own = scroll.back(line)
    return Part(0, 0, 1, 1, own.text, scroll.pages[own.page].locator(*own.box), (own,), box=own.box, page=own.page)


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
    """The lines of a table as they stand on their pages."""
    lines = [line for part in piece.parts for line in part.lines]
    numbers = dict.fromkeys(line.page for line in sorted(lines, key=lambda line: line.page))
    return [
        whole
        for page in numbers
        for whole in lines_in([Token(one.x0, one.x1, one) for one in lines if one.page == page])
    ]


def columns_of(piece: Piece) -> int:
    """How many columns of a table hold figures, numbers of lines aside."""
    columns = {part.left for part in piece.parts if is_figure(part.text)}
    words = {part.left for part in piece.parts if part.text and not is_figure(part.text)}
    return len([column for column in columns if column >= min(words, default=0)])


def _is_several(block: _Block) -> bool:
    """Whether figures stand side by side in a block, so that their order alone tells their columns, or below words that
    stand so."""
    words = [token for row in block.header if len(row.tokens) > 1 for token in row.tokens[1:]]
    figures = [token for row in block.body for token in row.figures if token is not row.tokens[0]]
    if any(word.x0 < figure.x1 and word.x1 > figure.x0 for word in words for figure in figures):
        return True
    return any(len(row.figures) > 1 + (row.is_bare and len(row.tokens) > len(row.figures)) for row in block.body)


def doubtful(lines: Sequence[Line], pages: Mapping[int, Page]) -> Piece:
    """The lines of a table that cannot be told apart into cells, as cells of one column."""
    page = pages[lines[0].page]
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    parts = [
        Part(n, 0, n + 1, 1, line.text, pages[line.page].locator(*line.box), (line,), box=line.box, page=line.page)
        for n, line in enumerate(lines)
    ]
    first = [line for line in lines if line.page == page.number]
    box = (left, min(line.top for line in first), right, max(line.bottom for line in first))
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
        heads = (
            begun and _heads_years(row, [above for above, _ in group])
            if row.figures
            else begun or title or near.is_header(row, found[-1].body[-1:])
        )
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


def _heads_years(row: Row, header: Sequence[Row]) -> bool:
    """Whether the figures of a line are years over columns; under words over columns a lone one is a figure."""
    over = [other.tokens[-1] for other in header if len(other.tokens) > 1]
    last = row.tokens[-1]
    under = len(row.figures) == 1 and any(token.x0 < last.x1 and token.x1 > last.x0 for token in over)
    return is_years(row) and not under


def _without_heading(block: _Block) -> tuple[_Block, list[Row]]:
    """A block without what stands below its last figures from a line on that is no label, a heading of what follows,
    and these lines: such a line reaches from labels to figures, or begins before all others."""
    last = max((n for n, row in enumerate(block.body) if row.figures), default=-1)
    figures = [t.x0 for row in block.body if row.is_seed for t in row.figures if t is not row.tokens[0]]
    first = min(figures, default=float("inf"))
    left = min((row.line.x0 for row in (*block.header, *block.body[: last + 1])), default=0.0)
    for number, row in enumerate(block.body[last + 1 :], last + 1):
        token, size = row.tokens[0], row.line.size
        reaches = token.x0 < first and token.x1 > first + size
        if last >= 0 and len(row.tokens) == 1 and (reaches or token.x0 < left - 2 * size):
            return _Block(block.header, block.body[:number]), block.body[number:]
    return block, []


def _ends_note(text: str) -> bool:
    """Whether a word closes a bracket that another line opens."""
    return text.count("）") + text.count(")") > text.count("（") + text.count("(")


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
        behind = token.x1 > min((span.x0 for span in self.figures), default=self.longest) or self.is_central(row)
        return alone and behind and token.x0 > self.left + 2 * size and token.x1 > self.longest

    def is_central(self, row: Row) -> bool:
        """Whether a word stands in the middle of the table."""
        return abs(row.tokens[0].middle - (self.left + self.right) / 2) < 3 * row.line.size

    def is_header(self, row: Row, above: Sequence[Row]) -> bool:
        """Whether a line without figures that stands below others has words over columns of figures."""
        over = [token for token in row.tokens if self.covers(token) and not _ends_note(token.text)]
        if any(row.line.base - other.line.base < UNIT * row.line.size for other in above):
            # The unit of a figure may stand below it.
            over = [token for token in over if not _UNIT.fullmatch(token.text)]
        return any(len(token.text) > 1 for token in over)


def _piece(block: _Block, scroll: Scroll, ruled: Ruled, earlier: Piece | None) -> Piece | None:
    """A block as a table; None where a column or a row is not certain, or where it is none."""
    anchors = [row for row in block.body if row.figures]
    if not anchors or (not block.header and len(anchors) < LEAST_ROWS and earlier is None):
        return None
    known = known_sides(block.header, block.body, [*ruled.down, *ruled.met])
    told = _between(block, scroll, ruled, known) if known else None
    if told is not None:
        return told
    strips = _strips(block, anchors)
    if not block.header and earlier is not None:
        strips = _as_before(strips, earlier) or strips
    first = _first_of_figures(strips)
    strips, first = parted_labels(strips, first, block.body)
    body_rows = [Row(row.line, cut_at(row.tokens, strips[:first])) for row in block.body]
    _widen(strips[: first + 1], body_rows)
    leaves: dict[int, int] = {}
    titles = titles_of(block.header)
    tokens = [token for row in block.header for token in row.tokens]
    if tokens:
        found = None
        # Words of two columns may stand as near to each other as those of one: cut first where that is plain.
        finest = [part for token in tokens for part in parted(token)]
        for way, cut in (
            (in_order, tokens),
            (in_order, cut_at(tokens, strips)),
            (in_order, finest),
            (over_each, finest),
        ):
            own = [token for token in cut if id(token.line) not in titles]
            ordered = way(strips, first, own, block.body) if own else None
            if ordered is not None:
                found = ordered[:3]
                tokens = [*ordered[3], *(token for token in cut if id(token.line) in titles)]
                break
        if found is None:
            tokens = cut_at(tokens, strips)
            found = headed(strips, first, [token for token in tokens if id(token.line) not in titles], block.body)
            if found is not None and count_over(found[0][: found[1]], finest, block.body) > len(found[0]) - found[1]:
                # Words that seem to be of one header may be of several.
                return None
        if found is None:
            return None
        strips, first, leaves = found
    if len(strips) < 2 or first < 0:
        return None
    xs = _sides(strips, earlier)
    body = body_cells(body_rows, strips, xs, first, not block.header, ruled.across)
    if body is None:
        return None
    header = header_cells(tokens, leaves, xs, first)
    return None if header is None else _stacked(scroll, xs, header, body)


def _between(block: _Block, scroll: Scroll, ruled: Ruled, xs: Sequence[float]) -> Piece | None:
    """A block as a table whose columns of figures are known; None where a row is not certain."""
    rows = [Row(row.line, cut_between(row, xs)) for row in block.body]
    tokens = [token for row in block.header for token in headers_between(row, xs)]
    everything = [*tokens, *(token for row in rows for token in row.tokens)]
    xs = [xs[0], *(right for left, right in pairwise(xs) if any(left < t.middle < right for t in everything))]
    strips = []
    for left, right in pairwise(xs):
        own = [token for row in rows for token in row.tokens if left < token.middle < right]
        strips.append(Strip(left, right, any(is_figure(token.text) for token in own)))
    first = _first_of_figures(strips)
    if first < 0:
        return None
    strips, first = ruled_labels(strips, first, rows, [*ruled.down, *ruled.ends])
    labels, first = parted_labels(strips, first, rows)
    xs = [xs[0], *((one.x1 + other.x0) / 2 for one, other in pairwise(labels)), xs[-1]]
    body = body_cells(rows, labels, xs, first, not block.header, ruled.across)
    if body is None:
        return None
    leaves = leaves_between(tokens, xs, pitch_in(tokens, rows)) if tokens else {}
    named = set(leaves.values())
    if is_torn(leaves, tokens) or (
        tokens and any(labels[n].figures and n not in named for n in range(first, len(labels)))
    ):
        return None
    header = header_cells(tokens, leaves, xs, first)
    return None if header is None else _stacked(scroll, xs, header, body)


def _stacked(scroll: Scroll, xs: Sequence[float], header: Sequence[Cell], body: Sequence[Cell]) -> Piece:
    """The cells of a header over those of rows as a table."""
    high = max((cell.bottom for cell in header), default=0)
    cells = [*header, *(replace(cell, top=cell.top + high, bottom=cell.bottom + high) for cell in body)]
    return _put_together(scroll, xs, cells, headed=bool(header))


def _strips(block: _Block, anchors: Sequence[Row]) -> list[Strip]:
    """The columns that the rows of a block show."""
    columns = _filled(anchors)
    figures = union((t for row in anchors for t in row.figures), figures=True)
    inside = [token for row in anchors for token in row.tokens]
    for row in block.body:
        if not row.figures:
            inside.extend(token for token in row.tokens if not any(strip.covers(token) for strip in figures))
    return union(inside, figures=True, columns=columns)


def _filled(anchors: Sequence[Row]) -> list[Strip]:
    """The columns that rows with a figure in each of them show by the order of their figures.

    [] where one figure does not stand right of all that stand in columns before its own.
    """
    counts = Counter(len(row.figures) for row in anchors)
    most = max(counts, default=0)
    if most < 2 or (counts[most] < 2 and len(anchors) > 2):
        return []
    full = [row.figures for row in anchors if len(row.figures) == most]
    found = [Strip(min(t.x0 for t in own), max(t.x1 for t in own), True) for own in zip(*full, strict=True)]
    return found if all(one.x1 < other.x0 for one, other in pairwise(found)) else []


def _cut(block: _Block) -> _Block:
    """A block whose rows are cut where nothing stands in any of them, however narrow."""
    rows = begun_apart(block.body)
    places = gutters([row for row in rows if row.figures], rows)
    body = []
    for row in rows:
        line = row.line
        sides = [Ruling(at, line.base - 1.0, line.base + 1.0) for at in places if line.x0 < at < line.x1]
        sides += [Ruling(t.x0 - 0.01, line.base - 1.0, line.base + 1.0) for t in row.tokens[1:]]
        body.append(Row(line, tokens_of(line, sides)) if line.glyphs and len(sides) >= len(row.tokens) else row)
    figures = union((token for row in body for token in row.figures), figures=True)
    return _Block(block.header, [_with_last(row, figures) for row in body])


def _with_last(row: Row, figures: Sequence[Strip]) -> Row:
    """A row whose words, where they end with a figure right where other rows have one, stand apart from it."""
    found: list[Token] = []
    for token in row.tokens:
        word, last = without_figure(token)
        if last is not None and any(strip.covers(last) and word.x1 <= strip.x0 + 0.5 for strip in figures):
            found.extend((word, last))
        else:
            found.append(token)
    return Row(row.line, found) if len(found) > len(row.tokens) else row


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


def _put_together(scroll: Scroll, xs: Sequence[float], cells: Sequence[Cell], *, headed: bool) -> Piece:
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
        number, box = scroll.place(box, own)
        lines = tuple(map(scroll.back, own))
        place = scroll.pages[number].locator(*box)
        parts.append(Part(*grid, cell_text(own, room), place, lines, full, box=box, page=number))
    number, box = scroll.place((xs[0], ys[0], xs[-1], ys[-1]), sorted(everything, key=lambda line: line.base)[:1])
    ends = (ys[1] - ys[0], ys[-1] - ys[-2])
    return Piece(number, tuple(xs), count, parts, box, scroll.pages[number].locator(*box), ends=ends, headed=headed)


def _around(cell: Cell, lines: Sequence[Line], xs: Sequence[float], ys: Sequence[float]) -> Box:
    """Where a cell stands: the room between its neighbours, with its text whole."""
    left, top, right, bottom = xs[cell.left], ys[cell.top], xs[cell.right], ys[cell.bottom]
    if not lines:
        return left, top, right, bottom
    return (
        min(left, *(line.x0 for line in lines)), min(top, *(line.top for line in lines)),
        max(right, *(line.x1 for line in lines)), max(bottom, *(line.bottom for line in lines)),
    )  # fmt: skip
