"""Tables whose cells no lines part, or not all of them: columns by what stands below each other, rows by baselines.

A figure is given to a column only where nothing but that column can be meant; else the lines say nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    lines_in,
    parted,
    tokens_of,
    union,
    with_figures_apart,
    without_figure,
)
from parsers.readers.typesetting import Box, Line, cell_text
from parsers.readers.unruled_blocks import Block, blocks, by_page, is_several, once, without_heading
from parsers.readers.unruled_heads import (
    count_over,
    headed,
    header_cells,
    in_order,
    is_torn,
    over_each,
    pitch_in,
    titles_of,
)
from parsers.readers.unruled_regions import region_from
from parsers.readers.unruled_rows import body_cells, parted_labels
from parsers.readers.welded import unwelded

FULL = 1.3
"""A line that lacks no more than this, in its size, to the longest of its column is full."""


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
        start, end = region_from(rows, at)
        if end <= start:
            left_over.extend(row.line for row in rows[at:])
            break
        left_over.extend(row.line for row in rows[at:start])
        region = rows[start:end]
        figures = union((token for row in region if row.is_seed for token in row.figures), figures=True)
        kept, again = once([_with_last(row, figures) for row in region])
        before_them = len(pieces)
        for found in blocks(kept):
            block, below = without_heading(found)
            left_over.extend(row.line for row in below)
            before = earlier if not pieces and not left_over else None
            standing = [line for line in upright if _is_beside(line, block.body)]
            body = sorted(
                [*block.body, *(Row(line, tokens_of(line)) for line in standing)], key=lambda row: row.line.base
            )
            whole = _cut(Block(block.header, body))
            piece = _piece(whole, scroll, ruled, before)
            if piece is None and whole.header and len(whole.body) >= LEAST_ROWS:
                # Of a header that a page break cuts the rest tells nothing; rows that add up need none.
                bare = _piece(Block(body=whole.body), scroll, ruled, before)
                if bare is not None and add_up(bare):
                    piece = bare
                    left_over.extend(row.line for row in whole.header)
            # Where not all is certain, what stands on one page alone may be.
            each = [] if piece is not None else by_page(whole)
            for part in each if len(each) > 1 else [whole]:
                read = piece or (_piece(part, scroll, ruled, before) if len(each) > 1 else None)
                before = read
                if read is None and not is_several(part):
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
    """How many columns of a table hold figures, numbers of lines and units aside."""
    words = {part.left for part in piece.parts if part.text and not is_figure(part.text)}
    # Marks among words stand for units that headings of rows have none of.
    columns = {
        part.left
        for part in piece.parts
        if is_figure(part.text) and (part.left not in words or any(char.isdecimal() for char in part.text))
    }
    return len([column for column in columns if column >= min(words, default=0)])


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


def _piece(block: Block, scroll: Scroll, ruled: Ruled, earlier: Piece | None) -> Piece | None:
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


def _between(block: Block, scroll: Scroll, ruled: Ruled, xs: Sequence[float]) -> Piece | None:
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


def _strips(block: Block, anchors: Sequence[Row]) -> list[Strip]:
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


def _cut(block: Block) -> Block:
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
    return Block(block.header, [_with_last(row, figures) for row in body])


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
