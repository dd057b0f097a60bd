"""The headers of tables that no lines part: which words stand over which columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.readers.labelling import LEAST, UNEVEN
from parsers.readers.tokens import Cell, Row, Strip, Token, columns_at, is_figure, parted

OFF_CENTRE = 0.7
"""How far the middle of a header is from that of its columns at most, in the size of its characters."""

ALIGNED = 0.6
"""How far the middles of lines of one header are from each other at most, in the size of its characters."""

BEGUN = 1.5
"""Words that begin no further from each other than this, in points, begin at one place."""

WIDEST = 3.2
"""No lines of one cell are further apart than this, in the size of their characters."""

SAME_ROW = 0.35
"""Cells whose words stand no further apart in height than this, in the size of their characters, are of one row."""

OVER_LABELS = 0.3
"""How far the header of a column of figures may hang over those of labels, in the size of its characters."""

EVEN = 0.4
"""How much the lines of one cell may differ in how far they are apart, in the size of their characters."""

MIDDLE = 0.1
"""What stands in the middle of two lines is no further from it than this, in the same."""

CELL = 1.7
"""The lines of a header are no further apart than this, in the size of their characters."""

BOTTOM = 4.5
"""Words over a column without figures stand within this height above the rows, in the size of their characters."""

STEP = 1.05
TITLE = 1.55
"""Lines nearer than the former, in the size of their characters, stand side by side; a title is further from its header
than lines of one cell are from each other.
"""


@dataclass(slots=True)
class _Head:
    """The last words of a header over one column, from below, and the column's number, -1 while not known."""

    x0: float
    x1: float
    tokens: list[Token]
    strip: int

    def covers(self, token: Token) -> bool:
        return token.x0 < self.x1 and token.x1 > self.x0

    def take(self, token: Token) -> None:
        self.tokens.append(token)
        self.x0, self.x1 = min(self.x0, token.x0), max(self.x1, token.x1)


def titles_of(rows: Sequence[Row]) -> set[int]:
    """The ids of lines of a header that stand over it whole: they are no words of its columns."""
    found: set[int] = set()
    for row, below in pairwise(rows):
        token = row.tokens[0]
        step = (below.line.base - row.line.base) / row.line.size
        if len(row.tokens) > 1 or len(token.text) < 3 or len(below.tokens) == 1 or step < STEP:
            continue
        over = any(other.x0 < token.x1 and other.x1 > token.x0 for other in below.tokens)
        if not over or step > TITLE:
            found.add(id(token.line))
    return found


def headed(
    strips: list[Strip], first: int, tokens: Sequence[Token], body: Sequence[Row]
) -> tuple[list[Strip], int, dict[int, int]] | None:
    """The columns with those that only a header shows, and which of them the last header tokens are of, by id.

    None where it is not certain which header a column of figures has.
    """
    heads = _last_words(strips, first, tokens)
    of_strip = {head.strip: head.tokens for head in heads if head.strip >= 0}
    alone = [head.tokens for head in heads if head.strip < 0]
    alone.sort(key=lambda own: own[0].x0)
    labels_headed = any(i in of_strip for i in range(first))
    # In order: the labels as one, then each column of figures.
    places = [-1, *range(first, len(strips))] if first else list(range(len(strips)))
    each = all(place in of_strip for place in places if place >= 0)
    by_order = not each and len(heads) == len(places) and any(_fills(row, strips[first:]) for row in body)
    if by_order:
        # As many as columns of which a row fills all, not each under its own: they are aligned otherwise.
        ordered = sorted(heads, key=lambda head: head.x0)
        of_strip = {place: head.tokens for place, head in zip(places, ordered, strict=True)}
        alone, labels_headed = [], bool(first)
    anchored = {i for i in places if i in of_strip or (i == -1 and labels_headed)}
    added: list[tuple[float, list[Token]]] = []
    run: list[int] = []
    start = float("-inf")
    for place in [*places, None]:
        if place is not None and place not in anchored:
            run.append(place)
            continue
        end = float("inf") if place is None else (strips[place].x0 if place >= 0 else strips[0].x0)
        between = [own for own in alone if start <= own[0].middle < end]
        if len(between) == len(run):
            for at, own in zip(run, between, strict=True):
                of_strip[at] = own
        elif not run:
            added.extend((own[0].middle, own) for own in between)
        elif run == [-1] and between:
            of_strip[-1] = between[0]
            added.extend((own[0].middle, own) for own in between[1:])
        elif run != [-1]:
            merged = _merged(strips, max(first, min(run) - 1), max(run) + 1, body)
            return headed(merged, first, tokens, body) if merged else None
        if place is not None:
            start = strips[place].x1 if place >= 0 else strips[first - 1].x1
        run = []
    found = [Strip(s.x0, s.x1, s.figures) for s in strips]
    owners: list[tuple[Strip, list[Token]]] = []
    widest = max(range(first), key=lambda n: found[n].x1 - found[n].x0, default=0)
    owners.extend((found[i if i >= 0 else widest], own) for i, own in of_strip.items())
    for _, own in added:
        strip = Strip(own[0].x0, own[0].x1)
        found.append(strip)
        owners.append((strip, own))
        first += first > 0 and own[0].middle < found[first].x0 and own[0].x1 <= found[first - 1].x0
    for strip, own in owners:
        if by_order or (first > 1 and any(strip is one for one in found[:first])):
            continue
        for token in own:
            strip.take(token.x0, token.x1)
    order = sorted(range(len(found)), key=lambda i: found[i].x0)
    if any(found[a].x1 > found[b].x0 for a, b in pairwise(order)):
        return None
    number = {id(found[i]): n for n, i in enumerate(order)}
    leaves = {id(token): number[id(strip)] for strip, own in owners for token in own}
    return [found[i] for i in order], first, leaves


def in_order(
    strips: Sequence[Strip], first: int, tokens: Sequence[Token], body: Sequence[Row]
) -> tuple[list[Strip], int, dict[int, int], list[Token]] | None:
    """The columns with their headers where as many of these stand side by side as columns that a row fills.

    The tokens are given back, those cut that are of several headers. None where there are more or less of these, or
    where a column and its header stand over the next ones.
    """
    columns = strips[first:]
    if not columns or not any(_fills(row, columns) for row in body):
        return None
    heads, tokens = _lowest(tokens, pitch_in(tokens, body))
    if is_torn({id(token) for head in heads for token in head.tokens}, tokens):
        return None
    over, labels = heads[len(heads) - len(columns) :], heads[: len(heads) - len(columns)]
    if len(over) < len(columns):
        return None
    found = [Strip(s.x0, s.x1, s.figures) for s in strips]
    for strip, head in zip(found[first:], over, strict=True):
        strip.take(head.x0, head.x1)
    end = max((strip.x1 for strip in strips[:first]), default=float("-inf"))
    begin = found[first].x0
    if any(one.x1 > other.x0 for one, other in pairwise(found[first:])) or end > begin:
        return None
    if any(head.x1 > begin for head in labels):
        return None
    leaves: dict[int, int] = {}
    for number, head in enumerate(over, first):
        leaves.update((id(token), number) for token in head.tokens)
    lettered = _over_labels(strips[:first], labels)
    return None if lettered is None else (found, first, leaves | lettered, tokens)


def over_each(
    strips: Sequence[Strip], first: int, tokens: Sequence[Token], body: Sequence[Row]
) -> tuple[list[Strip], int, dict[int, int], list[Token]] | None:
    """The columns with their headers, as `in_order`, where each column of figures stands under one header of its own.

    Headers without figures below them are of columns whose figures are blank.
    """
    heads, tokens = _lowest(tokens, pitch_in(tokens, body))
    if is_torn({id(token) for head in heads for token in head.tokens}, tokens):
        return None
    end = max((strip.x1 for strip in strips[:first]), default=float("-inf"))
    over = [head for head in heads if head.x0 > end - OVER_LABELS * head.tokens[0].line.size]
    labels = [head for head in heads if not any(head is one for one in over)]
    of_head: dict[int, list[Strip]] = {id(head): [] for head in over}
    for strip in strips[first:]:
        own = [head for head in over if head.x0 < strip.x1 and head.x1 > strip.x0]
        if len(own) != 1:
            return None
        of_head[id(own[0])].append(strip)
    if not over or any(len(own) > 1 for own in of_head.values()) or any(head.x1 > over[0].x0 for head in labels):
        return None
    found = [Strip(s.x0, s.x1, s.figures) for s in strips[:first]]
    leaves: dict[int, int] = {}
    for number, head in enumerate(over, first):
        below = of_head[id(head)]
        strip = Strip(head.x0, head.x1, bool(below))
        for one in below:
            strip.take(one.x0, one.x1)
        found.append(strip)
        leaves.update((id(token), number) for token in head.tokens)
    if any(one.x1 > other.x0 for one, other in pairwise(found)):
        return None
    lettered = _over_labels(strips[:first], labels)
    return None if lettered is None else (found, first, leaves | lettered, tokens)


def _over_labels(strips: Sequence[Strip], heads: Sequence[_Head]) -> dict[int, int] | None:
    """The columns of labels, by their places, for the ids of the tokens over each; None where one stands over none."""
    found: dict[int, int] = {}
    for head in heads:
        near = [n for n, strip in enumerate(strips) if strip.x0 < head.x1 and strip.x1 > head.x0]
        if not near:
            return None
        found.update((id(token), near[-1]) for token in head.tokens)
    return found


def count_over(labels: Sequence[Strip], tokens: Sequence[Token], body: Sequence[Row]) -> int:
    """How many headers stand side by side behind those of labels."""
    end = max((strip.x1 for strip in labels), default=float("-inf"))
    heads, cut = _lowest(tokens, pitch_in(tokens, body))
    if is_torn({id(token) for head in heads for token in head.tokens}, cut):
        return len(cut)
    return sum(head.x0 > end - OVER_LABELS * head.tokens[0].line.size for head in heads)


def pitch_in(tokens: Sequence[Token], body: Sequence[Row]) -> float:
    """How far lines of one cell are from each other at most, as words below each other, or beside two, show it."""
    size = tokens[0].line.size
    words = [token for row in body for token in row.tokens if token.line.glyphs and not is_figure(token.text)]
    steps = []
    for group in (tokens, words):
        ordered = sorted(group, key=lambda token: token.base)
        for at, upper in enumerate(ordered):
            for lower in ordered[at + 1 :]:
                step = lower.base - upper.base
                if step > WIDEST * size:
                    break
                over = upper.x0 < lower.x1 and lower.x0 < upper.x1
                if over and step > LEAST * size and lower.line.page == upper.line.page:
                    steps.append(step)
    return max(CELL * size, min(steps, default=0.0) + UNEVEN, _pitch_beside(tokens) + UNEVEN)


def _pitch_beside(tokens: Sequence[Token]) -> float:
    """How far lines of one cell of a header are from each other where a word beside two of them stands in their middle,
    as a cell of one line does; 0 where none does."""
    found = 0.0
    for at, upper in enumerate(ordered := sorted(tokens, key=lambda token: token.base)):
        size = upper.line.size
        for lower in ordered[at + 1 :]:
            step = lower.base - upper.base
            if step > WIDEST * size:
                break
            if step < LEAST * size or abs(upper.middle - lower.middle) > ALIGNED * size:
                continue
            middle = (upper.base + lower.base) / 2
            own = [other for other in ordered if abs(other.base - middle) < MIDDLE * size]
            over = any(o.x0 < max(upper.x1, lower.x1) and o.x1 > min(upper.x0, lower.x0) for o in own)
            found = max(found, step) if own and not over else found
    return found


def _lowest(tokens: Sequence[Token], pitch: float) -> tuple[list[_Head], list[Token]]:
    """The words of a header below which no others stand, with the lines of the same cells above them, from the left.

    Gives the tokens too, those cut that stand over several of such words as lines of their cells.
    """
    found: list[_Head] = []
    cut: list[Token] = []
    for token in sorted(tokens, key=lambda one: -one.base):
        over = [head for head in found if head.covers(token)]
        pieces = parted(token) if len(over) > 1 else []
        mates = [[head for head in found if head.covers(piece)] for piece in pieces]
        if (
            len(pieces) >= len(over) > 1
            and all(len(m) == 1 and _is_of(p, m[0], pitch) for p, m in zip(pieces, mates, strict=True))
            and all(any(mate[0] is head for mate in mates) for head in over)
        ):
            cut.extend(pieces)
            for piece, mate in zip(pieces, mates, strict=True):
                mate[0].take(piece)
            continue
        cut.append(token)
        if not over:
            found.append(_Head(token.x0, token.x1, [token], -1))
        elif len(over) == 1 and (_is_of(token, over[0], pitch) or _is_spaced(token, over[0])):
            over[0].take(token)
    return sorted(found, key=lambda head: head.x0), cut


def is_torn(known: Collection[int], tokens: Sequence[Token]) -> bool:
    """Whether single characters stand below each other that are no lines of words: what is of which cell is not known.

    `known` are the ids of tokens that are lines of words over columns.
    """
    single = sorted((t for t in tokens if len(t.text) == 1 and id(t) not in known), key=lambda token: token.x0)
    return any(one.x1 > other.x0 + 1.0 for one, other in pairwise(single))


def _is_of(token: Token, head: _Head, pitch: float) -> bool:
    """Whether a word stands over another one as the line before it in one cell."""
    size = token.line.size
    step = head.tokens[-1].base - token.base
    before = head.tokens[-2].base - head.tokens[-1].base if len(head.tokens) > 1 else 0.0
    # Lines of one cell are evenly apart.
    near = step < pitch and (before < LEAST * size or abs(step - before) < EVEN * size)
    centred = abs((head.x0 + head.x1) / 2 - token.middle) < ALIGNED * size
    return near and (centred or abs(head.x0 - token.x0) < 1.0 or head.x0 < token.middle < head.x1)


def _is_spaced(token: Token, head: _Head) -> bool:
    """Whether a character is the next one of a line, set out to the width of its cell, whose first one a head has."""
    last = head.tokens[-1]
    gap, off = token.x0 - last.x1, abs(token.base - last.base)
    return len(token.text) == len(last.text) == 1 and off < 1.0 and 0 < gap < token.line.size


def _last_words(strips: Sequence[Strip], first: int, tokens: Sequence[Token]) -> list[_Head]:
    """The last words over each column, from below, those of several lines together."""
    bottom = max(token.base for token in tokens)
    found: list[_Head] = []
    for token in sorted(tokens, key=lambda one: -one.base):
        mine = [i for i, strip in enumerate(strips) if strip.covers(token)]
        over = [head for head in found if head.covers(token) or head.strip in mine]
        several = len({*mine, *(head.strip for head in over if head.strip >= 0)}) > 1 or len(over) > 1
        if several and not (mine and all(i < first for i in mine)):
            continue
        if over:
            if over[0].tokens[-1].base - token.base < CELL * token.line.size:
                over[0].take(token)
                over[0].strip = max(over[0].strip, *mine, -1)
        elif mine or bottom - token.base < BOTTOM * token.line.size:
            found.append(_Head(token.x0, token.x1, [token], mine[-1] if mine else -1))
    return found


def _fills(row: Row, strips: Sequence[Strip]) -> bool:
    """Whether a row has a figure in each of some columns."""
    return all(any(strip.covers(token) for token in row.figures) for strip in strips)


def _merged(strips: list[Strip], start: int, end: int, body: Sequence[Row]) -> list[Strip]:
    """The columns with two neighbours as one of which each row has ink in one at most, one of them marks alone;
    [] where none are."""
    for at in range(start, min(end, len(strips) - 1)):
        one, other = strips[at], strips[at + 1]
        both = any(
            any(one.covers(token) for token in row.tokens) and any(other.covers(token) for token in row.tokens)
            for row in body
        )
        marks = any(
            not any(char.isdecimal() for row in body for t in row.tokens if strip.covers(t) for char in t.text)
            for strip in (one, other)
        )
        if marks and not both:
            return [*strips[:at], Strip(one.x0, other.x1, figures=True), *strips[at + 2 :]]
    return []


def header_cells(tokens: Sequence[Token], leaves: dict[int, int], xs: Sequence[float], first: int) -> list[Cell] | None:
    """Header tokens as cells: what stands over several columns above, the words of each column below.

    None where a word stands over no certain columns.
    """
    if not tokens:
        return []
    count = len(xs) - 1
    own: dict[int, list[Token]] = {}
    over: list[list[Token]] = []
    for token in sorted(tokens, key=lambda one: (one.base, one.x0)):
        if id(token) in leaves:
            own.setdefault(leaves[id(token)], []).append(token)
        elif over and abs(over[-1][0].base - token.base) < 0.5 * token.line.size:
            over[-1].append(token)
        else:
            over.append([token])
    tops = {i: min(token.base for token in words) for i, words in own.items()}
    lowest = _lowest_row(own)
    found: list[Cell] = []
    level = [0] * count
    starts = _starts(own, over, xs, first)
    for number, row in enumerate(over):
        wide = [(cell.left, cell.right) for cell in found if cell.tokens and cell.right - cell.left > 1]
        # What stands alone above all else, over labels as well, is a heading of the whole table.
        whole = len(row) == 1 and all(len(upper) == 1 for upper in over[:number]) and row[0].x0 < xs[first] - 1.0

        def open_below(token: Token, column: int, *, last: bool = number == len(over) - 1) -> bool:
            free = tops.get(column, token.base + 99) > token.base + 0.3 * token.line.size
            return free and not (last and column in own and column not in lowest)

        ranges = [(0, count)] if whole else _ranges(row, open_below, xs, wide, starts)
        if len(row) > 1 and _are_left_out(ranges, own, range(first, count)):
            return None
        for token, (left, right) in zip(row, ranges, strict=True):
            if len(row) > 1 and left >= first and not _is_placed(token, left, right, xs, own):
                return None
            found.append(Cell(number, left, number + 1, right, (token,)))
            for column in range(left, right):
                # What nothing stands over begins with the table.
                found.extend(Cell(n, column, n + 1, column + 1) for n in range(level[column], number))
                level[column] = number + 1
    rows = len(over) + 1
    for column in range(count):
        words = own.get(column, [])
        if column < first and not words:
            continue
        found.append(Cell(level[column], column, rows, column + 1, tuple(words)))
    return _labels_headed(found, first, rows)


def _lowest_row(own: Mapping[int, Sequence[Token]]) -> set[int]:
    """The columns whose words stand in the lowest cells of a header: as low as any, by their middles or first lines."""
    firsts = {column: min(token.base for token in words) for column, words in own.items()}
    middles = {column: (firsts[column] + max(t.base for t in words)) / 2 for column, words in own.items()}
    near = {column: SAME_ROW * words[0].line.size for column, words in own.items()}
    return {
        column
        for column in own
        if any(max(places.values()) - places[column] < near[column] for places in (firsts, middles))
    }


def _starts(
    own: Mapping[int, Sequence[Token]], over: Sequence[Sequence[Token]], xs: Sequence[float], first: int
) -> list[float]:
    """Where the words of columns begin, where all words over several of them begin there too; else []."""
    count = len(xs) - 1
    if any(column not in own for column in range(first, count)):
        return []
    starts = [min(t.x0 for t in own[column]) if column >= first else xs[column] for column in range(count)]
    places = [token.x0 for column, words in own.items() if column >= first for token in words]
    inner = [token for row in over for token in row if len(row) > 1 and token.x0 > starts[first] + 1.0]
    begun = [token for token in inner if min(abs(token.x0 - place) for place in places) < BEGUN]
    return starts if inner and len(begun) == len(inner) else []


def _are_left_out(
    ranges: Sequence[tuple[int, int]], own: Mapping[int, Sequence[Token]], columns: Sequence[int]
) -> bool:
    """Whether columns that no word of a line stands over have headers as low as those below such a word, of as many
    lines: they must have one too.
    """
    wide = [(left, right) for left, right in ranges if right - left > 1 and left in columns]
    if len(wide) < 2:
        return False
    below = {column for left, right in wide for column in range(left, right)}
    forms = {
        (len(words), round(max(t.base for t in words))) for c, words in own.items() if c in below and len(words) > 1
    }
    return any(
        (len(words), round(max(t.base for t in words))) in forms
        for column, words in own.items()
        if column in columns and column not in below
    )


def _is_placed(token: Token, left: int, right: int, xs: Sequence[float], own: Mapping[int, Sequence[Token]]) -> bool:
    """Whether a word stands in the middle of the columns that it is given to, or begins where the first one does."""
    off = abs((xs[left] + xs[right]) / 2 - token.middle)
    begins = [other.x0 for other in own.get(left, ())] or [xs[left]]
    return off <= OFF_CENTRE * token.line.size + 0.08 * (xs[right] - xs[left]) or any(
        abs(token.x0 - begin) < BEGUN for begin in begins
    )


def _labels_headed(cells: list[Cell], first: int, rows: int) -> list[Cell]:
    """A header over one of several columns of labels stands over all of them."""
    own = [cell for cell in cells if cell.right <= first]
    if len({cell.left for cell in own if cell.tokens}) == first:
        return cells
    if first < 1 or any(cell.left < first < cell.right for cell in cells):
        free = [
            c for c in range(first) if not any(cell.left <= c < cell.right and cell.bottom == rows for cell in cells)
        ]
        low = max((cell.bottom for cell in cells if cell.left < first < cell.right), default=0)
        return [*cells, *(Cell(low, c, rows, c + 1) for c in free if low < rows)]
    tokens = sorted((t for cell in own for t in cell.tokens), key=lambda t: (t.base, t.x0))
    return [Cell(0, 0, rows, first, tuple(tokens)), *(cell for cell in cells if cell not in own)]


def _nearest(starts: Sequence[float], x: float, left: int, right: int) -> int:
    return min(range(left, right), key=lambda column: abs(starts[column] - x))


def _ranges_from(
    row: Sequence[Token],
    held: Sequence[tuple[int, int]],
    starts: Sequence[float],
    count: int,
    wide: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """The columns that the tokens of a line stand over, each from where it begins up to the next one."""
    begins = [_nearest(starts, token.x0, *own) for token, own in zip(row, held, strict=True)]
    found = []
    for number, begin in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else count
        end = min([end, *(high for low, high in wide if low <= begin < high)])
        found.append((begin, max(end, begin + 1)))
    return found


def _ranges(
    row: Sequence[Token],
    open_below: Callable[[Token, int], bool],
    xs: Sequence[float],
    wide: Sequence[tuple[int, int]],
    starts: Sequence[float],
) -> list[tuple[int, int]]:
    """The columns that the tokens of a line stand over: the most in whose middle each stands.

    `open_below` says whether a token may stand over a column. Where words of a header begin at the left side of their
    cells, `starts` are the places of these.
    """
    count = len(xs) - 1
    held = [columns_at(xs, token) for token in row]
    if starts:
        return _ranges_from(row, held, starts, count, wide)
    choices: list[list[tuple[int, int, float]]] = []
    for number, token in enumerate(row):
        low = max((right for _, right in held[:number]), default=0)
        high = min((left for left, _ in held[number + 1 :]), default=count)
        left, right = held[number]
        for start, end in wide:
            if start <= left < right <= end:
                low, high = max(low, start), min(high, end)
        if left >= right or left < low or right > high:
            left = min(max(left, low), count - 1)
            choices.append([(left, min(max(right, left + 1), count), 0.0)])
            continue
        reach = OFF_CENTRE * token.line.size
        own = [(left, right, abs((xs[left] + xs[right]) / 2 - token.middle))]
        for a in range(low, left + 1):
            for b in range(right, high + 1):
                off = abs((xs[a] + xs[b]) / 2 - token.middle)
                below = off <= reach + 0.04 * (xs[b] - xs[a]) and all(open_below(token, c) for c in range(a, b))
                if below and (a, b) != (left, right):
                    own.append((a, b, off))
        choices.append(own)
    return _widest(choices)


def _widest(choices: Sequence[Sequence[tuple[int, int, float]]]) -> list[tuple[int, int]]:
    """One range of columns for each word of a line, in their order: as many columns as can be, each word as near to
    the middle of its own as can be."""
    best: dict[int, tuple[int, float, list[tuple[int, int]]]] = {0: (0, 0.0, [])}
    for own in choices:
        after: dict[int, tuple[int, float, list[tuple[int, int]]]] = {}
        for end, (columns, off, ranges) in best.items():
            for left, right, own_off in own:
                if left < end and len(own) > 1:
                    continue
                given = columns + right - left, off - own_off, [*ranges, (left, right)]
                if right not in after or given[:2] > after[right][:2]:
                    after[right] = given
        if not after:
            return [(left, right) for left, right, _ in (one[0] for one in choices)]
        best = after
    return max(best.values(), key=lambda one: one[:2])[2]
