"""The rows of tables that no lines part: their figures, and the labels of one row or of several before these."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.characters.widths import strip_serial
from parsers.readers.labelling import LEAST, UNEVEN, assign, cut_labels, in_bands, spans
from parsers.readers.sheets import Ruling
from parsers.readers.tokens import LEAST_ROWS, Cell, Row, Strip, Token, by_line, columns_at, is_figure

LOOSE = 1.8
"""How far the unit of a figure may stand from its row, in the size of its characters."""

BESIDE = 0.3
"""How far, in the same, what stands on one line may be apart in height."""

RAISED = 0.35
"""How far above their base the middle of characters is, in the same."""

OVERLAP = 0.8
"""Words nearer in height than this, in the same, stand beside each other: lines of one cell are further apart."""

ALONE = 0.75
"""No other label has lines nearer to one of its own row than this, in the distance of lines of labels."""

LEAST_GAP = 0.15
"""Two places that share less than this, in the same, are two."""

BROKEN = 1.9
"""The lines of a figure that has no room in one are no further apart than this, in its size."""

HALF = 0.65
"""Lines of figures no further apart than this, in the distance of lines of labels, may be of one row."""

ROOM = 1.3
"""A line of a label that ends further than this, in the same, before the longest of its column has room for more."""

FIGURE = 1.7
"""The lines of a figure in several are no further apart than this, in its size."""

_FIRST = re.compile(r"[（(]?[1１][）).．、]")


@dataclass(slots=True)
class _Line:
    """A row in the making: its height, the words of its label, and what stands in its other columns."""

    height: float
    labels: list[Token]
    values: dict[int, list[Token]]


def parted_labels(strips: list[Strip], first: int, body: Sequence[Row]) -> tuple[list[Strip], int]:
    """Columns of labels cut where labels of several rows stand before those of one."""
    found: list[Strip] = []
    for strip in strips[:first]:
        within = [token for row in body for token in row.tokens if strip.covers(token)]
        left = strip.x0
        for low, high in _label_gaps(within):
            if low > left + 0.5 * within[0].line.size and _parts(within, low, high):
                found.append(Strip(left, low, strip.figures))
                left = high
        found.append(Strip(left, strip.x1, strip.figures))
    return [*found, *strips[first:]], len(found)


def _label_gaps(tokens: Sequence[Token]) -> list[tuple[float, float]]:
    """Where columns of labels may part: the fewest places between words that stand beside each other."""
    beside = {(a.x1, b.x0) for a in tokens for b in tokens if a.x1 <= b.x0 and _are_beside(a, b)}
    # Words over several columns begin or end within one of these: that is no place where columns part.
    gaps = [gap for low, high in beside if (gap := _narrowed(low, high, tokens))[0] < gap[1]]
    found: list[tuple[float, float]] = []
    least = LEAST_GAP * tokens[0].line.size if tokens else 0.0
    for low, high in sorted(gaps, key=lambda gap: (gap[1], gap[0])):
        if found and low < found[-1][1] - least:
            found[-1] = max(found[-1][0], low), found[-1][1]
        else:
            found.append((low, high))
    return [_narrowed(low, high, tokens) for low, high in found]


def _narrowed(low: float, high: float, tokens: Sequence[Token]) -> tuple[float, float]:
    """The part of a place between columns in which no word begins or ends."""
    for token in sorted(tokens, key=lambda one: one.x1):
        if low < token.x1 < high and token.x0 < low + 0.5:
            low = token.x1
    for token in sorted(tokens, key=lambda one: -one.x0):
        if low < token.x0 < high and token.x1 > high - 0.5:
            high = token.x0
    return low, high


def _are_beside(one: Token, other: Token) -> bool:
    """Whether words stand so near to one line that they cannot be of one cell."""
    if not one.line.glyphs or not other.line.glyphs:
        return one.line.top < other.line.bottom and other.line.top < one.line.bottom
    return abs(one.base - other.base) < OVERLAP * min(one.line.size, other.line.size)


def _parts(tokens: Sequence[Token], low: float, high: float) -> bool:
    """Whether a place parts columns of labels: rows stand behind it beside which nothing stands before it."""
    before = [token for token in tokens if token.x1 <= low + 0.5]
    behind = [token for token in tokens if token.x0 >= high - 0.5]
    if any(not token.line.glyphs for token in before):
        return bool(behind)
    reach = BESIDE * tokens[0].line.size
    alone = [token for token in behind if all(abs(token.base - other.base) >= reach for other in before)]
    return len(behind) >= LEAST_ROWS and len(alone) > 1


def body_cells(
    rows: Sequence[Row],
    strips: Sequence[Strip],
    xs: Sequence[float],
    first: int,
    begins: bool,
    floors: Sequence[Ruling] = (),
) -> list[Cell] | None:
    """The cells of the rows under a header; None where it is not certain what belongs to which row.

    `floors` are ruling lines across.
    """
    anchors: list[dict[int, list[Token]]] = []
    heights: list[float] = []
    loose: list[Token] = []
    labels: list[Token] = []
    for row in rows:
        own: dict[int, list[Token]] = {}
        for token in row.tokens:
            left, right = columns_at(xs, token)
            if left < first:
                labels.append(token)
                continue
            if right - left > 1:
                return None
            own.setdefault(left, []).append(token)
        if any(is_figure(token.text) for tokens in own.values() for token in tokens):
            if any(sum(is_figure(token.text) for token in tokens) > 1 for tokens in own.values()):
                return None
            anchors.append(own)
            heights.append(row.line.base)
        else:
            loose.extend(token for tokens in own.values() for token in tokens)
    widest = _main_column(labels, xs, first, ())
    anchors, heights = _as_rows(anchors, heights, [t for t in labels if columns_at(xs, t)[0] <= widest])
    lines: list[_Line] | None = [_Line(height, [], own) for height, own in zip(heights, anchors, strict=True)]
    before: list[Token] = []
    main, mode = -1, ""
    if first:
        numbered = {column for column in range(first) if strips[column].figures and _holds_numbers(labels, xs, column)}
        anchors, heights = _with_units(anchors, heights, labels, xs, first, numbered)
        lines, before, main, mode = _labelled(labels, anchors, heights, xs, first, numbered, begins, floors)
    if not lines or not _with_loose(lines, loose, xs):
        return None
    cells: list[Cell] = []
    for number, line in enumerate(lines):
        if first:
            left = min((columns_at(xs, token)[0] for token in line.labels), default=main)
            cells.append(Cell(number, left, number + 1, main + 1, tuple(line.labels)))
        for column in range(main + 1, len(xs) - 1):
            cells.append(Cell(number, column, number + 1, column + 1, tuple(line.values.get(column, ()))))
        cells.extend(
            Cell(number, column, number + 1, column + 1, tuple(tokens))
            for column, tokens in line.values.items()
            if column < main
        )
    return [*cells, *_before(before, cells, [line.height for line in lines], xs, main, mode, floors)]


def _holds_numbers(labels: Sequence[Token], xs: Sequence[float], column: int) -> bool:
    """Whether most of what stands in a column before figures are numbers of lines."""
    own = [token for token in labels if columns_at(xs, token) == (column, column + 1)]
    return 2 * sum(is_figure(token.text) for token in own) > len(own)


def _with_loose(lines: Sequence[_Line], loose: Sequence[Token], xs: Sequence[float]) -> bool:
    """Give words in columns of figures, such as units below these, to the rows that they stand in; whether all are."""
    for token in loose:
        near = min(lines, key=lambda line: abs(line.height - token.base))
        if abs(near.height - token.base) > LOOSE * token.line.size:
            return False
        near.values.setdefault(columns_at(xs, token)[0], []).append(token)
    return True


def _as_rows(anchors: list[dict[int, list[Token]]], heights: list[float], labels: Sequence[Token]) -> tuple[list[dict[int, list[Token]]], list[float]]:  # fmt: skip # noqa: E501
    """Lines of figures as rows: what stands higher or lower because a cell has several lines belongs to its row."""
    bases = sorted(token.base for token in labels)
    pitch = _pitch(labels)
    most = max((len(own) for own in anchors), default=0)
    whole = [height for own, height in zip(anchors, heights, strict=True) if len(own) == most]
    least = min((b - a for a, b in pairwise(whole)), default=0.0)
    found: list[dict[int, list[Token]]] = []
    places: list[float] = []
    for own, height in zip(anchors, heights, strict=True):
        size = next(iter(own.values()))[0].line.size
        step = height - places[-1] if found else 0.0
        if (
            found
            and not own.keys() & found[-1].keys()
            and step < min(0.7 * least or size, max(0.85 * size, HALF * pitch))
        ):
            bare = [not any(abs(base - at) < 1.0 for base in bases) for at in (places[-1], height)]
            # Rows are never so near to each other, whatever labels of several rows stand beside either line.
            if step < OVERLAP * size or any(bare):
                places[-1] = height if len(own) > len(found[-1]) else places[-1]
                found[-1].update(own)
                continue
        # The rest of a figure that had no room: whether it is one is not for a reader to say.
        if (
            found
            and own.keys() < found[-1].keys()
            and step < min(least - 0.5, FIGURE * size)
            and not any(abs(token.base - height) < BESIDE * size and _is_first(token.text) for token in labels)
            and all(
                _has_no_room(found[-1][column], tokens, anchors, column)
                or all(abs(token.base - base) > OVERLAP * size for token in tokens for base in bases)
                for column, tokens in own.items()
            )
        ):
            for column, tokens in own.items():
                found[-1][column] = [*found[-1][column], *tokens]
            continue
        if found and own.keys() <= found[-1].keys() and step < BROKEN * size and _is_one(places[-1], height, bases):
            for column, tokens in own.items():
                found[-1][column] = [*found[-1][column], *tokens]
            places[-1] = (places[-1] + height) / 2
            continue
        found.append(dict(own))
        places.append(height)
    return found, places


def _is_one(above: float, below: float, bases: Sequence[float]) -> bool:
    """Whether two lines of figures are of one row: a label stands between them, and none beside either."""
    middle = (above + below) / 2
    beside = any(abs(base - at) < 1.0 for base in bases for at in (above, below))
    return not beside and any(abs(base - middle) < 0.25 * (below - above) for base in bases)


def _has_no_room(
    above: Sequence[Token], tokens: Sequence[Token], rows: Sequence[dict[int, list[Token]]], column: int
) -> bool:
    """Whether a figure may go on in the next line: it is as wide as any in its column, and what follows is digits."""
    wide = max(token.x1 - token.x0 for row in rows for token in row.get(column, ()))
    last = above[-1]
    full = wide - (last.x1 - last.x0) < 0.3 * last.line.size and wide > 0.9 * last.line.size
    return full and all(token.text.isdecimal() for token in tokens)


def _labelled(
    labels: Sequence[Token], anchors: Sequence[dict[int, list[Token]]], heights: Sequence[float], xs: Sequence[float],
    first: int, numbered: set[int], begins: bool, floors: Sequence[Ruling],
) -> tuple[list[_Line] | None, list[Token], int, str]:  # fmt: skip
    """Rows of figures with their labels, and labels without figures as rows of their own.

    Gives the rows, None where they are not certain, the labels of several rows, the column of labels of one, and which
    of its lines figures stand beside. `numbered` are columns of labels that hold numbers of lines.
    """
    main = _main_column(labels, xs, first, numbered)
    if main < 0:
        return None, [], first - 1, ""
    own = [token for token in labels if columns_at(xs, token)[0] <= main < columns_at(xs, token)[1]]
    beside = [token for token in labels if columns_at(xs, token)[0] > main or columns_at(xs, token)[0] in numbered]
    before = [
        token for token in labels if columns_at(xs, token)[1] <= main and columns_at(xs, token)[0] not in numbered
    ]
    own, before = _with_spanning(own, before, heights)
    own, before = _with_rests(own, before)
    lines = by_line(own)
    bases = [line[0].base for line in lines]
    firsts = {number for number, line in enumerate(lines) if number and _is_first(line[0].text)}
    pages = [line[0].line.page for line in lines], [_page_at(height, labels) for height in heights]
    if not lines:
        return None, before, main, ""
    short = _short(lines, xs)
    bands = _bands([line[0] for line in lines], heights, floors, xs[main], xs[main + 1])
    if bands:
        given = in_bands(bands, pages[0], firsts, short)
    else:
        given = assign(bases, heights, labels[0].line.size, begins=begins, firsts=firsts, pages=pages, short=short)
    if not given.sure:
        return None, before, main, ""
    rows: list[_Line] = []
    for start, end, row in given.groups:
        tokens = [token for line in lines[start:end] for token in line]
        height = heights[row] if row >= 0 else (lines[start][0].base + lines[end - 1][0].base) / 2
        rows.append(_Line(height, tokens, dict(anchors[row]) if row >= 0 else {}))
    known = {row for _, _, row in given.groups}
    bare = [_Line(heights[row], [], dict(anchors[row])) for row in range(len(heights)) if row not in known]
    for line in bare:
        # A label over several columns that does not reach the last of them.
        near = [token for token in before if abs(token.base - line.height) < 0.3 * token.line.size]
        line.labels.extend(near[-1:])
        before = [token for token in before if not any(token is one for one in near[-1:])]
    rows = sorted([*rows, *bare], key=lambda line: line.height)
    for token in beside:
        near_row = min(rows, key=lambda line: abs(line.height - token.base))
        near_row.values.setdefault(columns_at(xs, token)[0], []).append(token)
    if any(_is_of_several(tokens) for row in rows for column, tokens in row.values.items() if column < first):
        return None, before, main, ""
    return rows, before, main, given.mode


def _bands(
    lines: Sequence[Token], heights: Sequence[float], floors: Sequence[Ruling], left: float, right: float
) -> tuple[list[int], list[int]] | None:
    """The numbers of the bands between ruling lines across that lines of labels and rows of figures stand in.

    None where lines across do not part the rows of figures from each other.
    """
    middle = (left + right) / 2
    own = sorted(line.at for line in floors if line.start < middle < line.end)
    size = lines[0].line.size
    rows = [bisect_left(own, height - RAISED * size) for height in heights]
    if len(heights) < 2 or len(set(rows)) < len(rows):
        return None
    return [bisect_left(own, token.base - RAISED * token.line.size) for token in lines], rows


def _short(lines: Sequence[Sequence[Token]], xs: Sequence[float]) -> set[int]:
    """The numbers of lines of labels that have room for more."""
    ends: dict[int, float] = {}
    spans = [(columns_at(xs, line[0])[0], line[0].x0, line[-1].x1, line[0].line.size) for line in lines]
    for column, _, x1, _ in spans:
        ends[column] = max(ends.get(column, x1), x1)
    return {n for n, (column, _, x1, size) in enumerate(spans) if ends[column] - x1 > ROOM * size}


def _page_at(height: float, labels: Sequence[Token]) -> int:
    """The number of the page where what stands at a height is: that of the nearest label."""
    return min(labels, key=lambda token: abs(token.base - height)).line.page


def _main_column(labels: Sequence[Token], xs: Sequence[float], first: int, numbered: Collection[int]) -> int:
    """The column of the labels of one row each: that with the most text, -1 where there is none."""
    columns = [column for column in range(first) if column not in numbered]
    widths = {column: sum(len(t.text) for t in labels if columns_at(xs, t)[1] - 1 == column) for column in columns}
    return max(columns, key=lambda column: widths[column], default=-1)


def _is_first(text: str) -> bool:
    """Whether a line begins with a serial number, as a label does, and goes on."""
    serial, rest = strip_serial(text)
    return bool(serial) and bool(rest)


def _is_of_several(tokens: Sequence[Token]) -> bool:
    """Whether equal words stand below each other, each of a row of its own."""
    return any(a.text == b.text and b.base - a.base > 0.5 * a.line.size for a, b in pairwise(tokens))


def _with_units(
    anchors: list[dict[int, list[Token]]], heights: list[float], labels: Sequence[Token], xs: Sequence[float],
    first: int, numbered: Collection[int],
) -> tuple[list[dict[int, list[Token]]], list[float]]:  # fmt: skip
    """Rows of figures with those whose figures are all blank, which their units or numbers show: all others have one
    too.
    """
    main = _main_column(labels, xs, first, numbered)
    for column in (*range(main + 1, first), *sorted(numbered)):
        units = [token for token in labels if columns_at(xs, token) == (column, column + 1)]
        beside = [[unit for unit in units if abs(unit.base - at) < BESIDE * unit.line.size] for at in heights]
        if len(heights) < LEAST_ROWS or not all(beside):
            continue
        known = {unit.text for own in beside for unit in own}
        given = {id(unit) for own in beside for unit in own}
        blank = [
            unit.base
            for unit in units
            if id(unit) not in given and (unit.text in known or (column in numbered and unit.text.isdecimal()))
        ]
        order = sorted([*zip(heights, anchors, strict=True), *((base, {}) for base in blank)], key=lambda one: one[0])
        return [own for _, own in order], [height for height, _ in order]
    return anchors, heights


def _with_spanning(own: list[Token], before: list[Token], heights: Sequence[float]) -> tuple[list[Token], list[Token]]:
    """Labels of one row each with those over several columns that do not reach the last of them: figures stand beside
    such a label, and no other one does.
    """
    pitch = _pitch([*own, *before])
    spanning = [
        token
        for token in before
        if any(abs(token.base - height) < BESIDE * token.line.size for height in heights)
        and all(abs(token.base - other.base) > ALONE * pitch for other in own)
    ]
    left = [token for token in before if not any(token is one for one in spanning)]
    return [*own, *spanning], left


def _with_rests(own: list[Token], before: list[Token]) -> tuple[list[Token], list[Token]]:
    """Labels of one row each with what ends those over several columns, and the labels of several rows without it."""
    pitch = _pitch([*own, *before])
    own, left = list(own), sorted(before, key=lambda token: token.base)
    rests = [token for token in left if _is_rest(token, own, pitch)]
    while rests:
        own.extend(rests)
        left = [token for token in left if not any(token is rest for rest in rests)]
        rests = [token for token in left if _is_rest(token, own, pitch)]
    return own, left


def _pitch(tokens: Sequence[Token]) -> float:
    """How far lines of one cell are from each other: the least that words below each other are."""
    steps = [
        b.base - a.base
        for a in tokens
        for b in tokens
        if a.line.page == b.line.page and a.x0 < b.x1 and b.x0 < a.x1 and b.base - a.base > LEAST * b.line.size
    ]
    return min(steps, default=FIGURE * tokens[0].line.size if tokens else 0.0)


def _is_rest(token: Token, own: Sequence[Token], pitch: float) -> bool:
    """Whether a word ends a label over several columns: it begins, or stands in the middle, as the line above."""
    size = token.line.size
    if strip_serial(token.text)[0] and len(token.text) > 1:
        return False
    above = [other for other in own if 0.5 * size < token.base - other.base < pitch + UNEVEN]
    beside = any(abs(other.base - token.base) < 0.5 * size for other in own)
    return not beside and any(
        other.x1 > token.x1 and (abs(other.x0 - token.x0) < 1.0 or abs(other.middle - token.middle) < 1.0)
        for other in above
    )


def _before(tokens: Sequence[Token], cells: Sequence[Cell], heights: Sequence[float], xs: Sequence[float], main: int,
            mode: str, floors: Sequence[Ruling]) -> list[Cell]:  # fmt: skip
    """Labels of several rows, column by column, and blanks where there are none."""
    found: list[Cell] = []
    firsts = {c.top for c in cells if c.right == main + 1 and c.tokens and _FIRST.match(c.tokens[0].text)}
    for column in range(main):
        own = sorted((t for t in tokens if columns_at(xs, t)[0] == column), key=lambda t: t.base)
        texts = cut_labels([t.text for t in own], [t.base for t in own], [t.line.size for t in own])
        labels = [own[start:end] for start, end in texts]
        taken = {cell.top for cell in cells if cell.left <= column}
        middle = (xs[column] + xs[column + 1]) / 2
        ruled = sorted(line.at for line in floors if line.start < middle < line.end)
        bands = [bisect_left(ruled, height - RAISED * tokens[0].line.size) for height in heights] if tokens else []
        parted = len(set(bands)) > 2
        run: list[int] = []
        for row in range(len(heights) + 1):
            begins = row < len(heights) and (
                (parted and row > 0 and bands[row] != bands[row - 1]) or ((column or main == 1) and row in firsts)
            )
            if run and (row == len(heights) or row in taken or begins):
                found.extend(_share(run, labels, heights, column, mode))
                run = []
            if row not in taken:
                run.append(row)
    return found


def _share(
    run: Sequence[int], labels: Sequence[Sequence[Token]], heights: Sequence[float], column: int, mode: str
) -> list[Cell]:
    """The labels beside some rows, each with its share of them, or with the nearest one where that is not certain."""
    low, high = heights[run[0]], heights[run[-1]]
    mine = [
        own for own in labels if low - own[0].line.size <= (own[0].base + own[-1].base) / 2 <= high + own[0].line.size
    ]
    if not mine:
        return [Cell(run[0], column, run[-1] + 1, column + 1)]
    middles, tops = [(own[0].base + own[-1].base) / 2 for own in mine], [own[0].base for own in mine]
    shares = spans(middles, tops, [heights[row] for row in run], mode)
    if not shares:
        own: dict[int, list[Token]] = {row: [] for row in run}
        for label, middle in zip(mine, middles, strict=True):
            own[min(run, key=lambda row: abs(heights[row] - middle))].extend(label)
        return [Cell(row, column, row + 1, column + 1, tuple(tokens)) for row, tokens in own.items()]
    return [
        Cell(run[a], column, run[b - 1] + 1, column + 1, tuple(own)) for (a, b), own in zip(shares, mine, strict=True)
    ]
