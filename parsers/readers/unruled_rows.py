"""The rows of tables that no lines part: their figures, and the labels of one row or of several before these."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.characters.widths import strip_serial
from parsers.readers.labelling import assign, cut_labels, spans
from parsers.readers.tokens import LEAST_ROWS, Cell, Row, Strip, Token, by_line, columns_at, is_figure, split_at

LOOSE = 1.8
"""How far the unit of a figure may stand from its row, in the size of its characters."""

BESIDE = 0.3
"""How far, in the same, what stands on one line may be apart in height."""

SAME = 0.3
"""Figures no further apart in height than this, in the same, stand on one line."""

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
        own = [[token for token in row.tokens if strip.covers(token)] for row in body]
        alone = [bool(row.figures) for row in body]
        within = [token for tokens in own for token in tokens]
        left = strip.x0
        for low, high in _label_gaps(own):
            behind = sum(token.x0 >= high - 0.5 for token in within)
            groups = _groups_before(own, alone, low, high)
            if any(not token.line.glyphs and left <= token.x0 and token.x1 <= low + 0.5 for token in within):
                # What runs from top to bottom is of several rows, however few of these stand here.
                behind, groups = LEAST_ROWS, LEAST_ROWS
            if low > left + 0.5 * within[0].line.size and behind >= LEAST_ROWS and groups > 1:
                found.append(Strip(left, low, strip.figures))
                left = high
        found.append(Strip(left, strip.x1, strip.figures))
    return [*found, *strips[first:]], len(found)


def _groups_before(rows: Sequence[Sequence[Token]], figured: Sequence[bool], low: float, high: float) -> int:
    """What speaks for labels of several rows before a place: 2 for a line that has labels on both sides of it, 1 for
    one that has no others and no figures.
    """
    count = 0
    before: Token | None = None
    end = max((token.x1 for tokens in rows for token in tokens), default=0.0)
    for tokens, figures in zip(rows, figured, strict=True):
        short = [token for token in tokens if token.x1 <= low + 0.5]
        if short and (len(tokens) > 1 or not figures):
            # The rest of a long label begins where that does, or stands in its middle, or below one that is full.
            rest = before is not None and before.x1 > high and (
                abs(before.x0 - short[0].x0) < 1.0 or abs(before.middle - short[0].middle) < 1.0
                or before.x1 > end - 1.2 * before.line.size
            )  # fmt: skip
            count += 2 if len(tokens) > 1 else not rest
        else:
            count += 2 * any(
                split_at(token, low, high)[1:] != [] for token in tokens if token.x0 < low and token.x1 > high
            )
        before = tokens[-1] if tokens else before
    return count


def _label_gaps(rows: Sequence[Sequence[Token]]) -> list[tuple[float, float]]:
    """Where columns of labels may part: in the gaps within lines, and where many labels begin behind others."""
    gaps = [(a.x1, b.x0) for tokens in rows for a, b in pairwise(tokens)]
    tokens = [token for own in rows for token in own]
    starts = sorted(token.x0 for token in tokens)
    for start in starts[LEAST_ROWS - 1 :]:
        if sum(abs(start - other) < 0.7 for other in starts) >= LEAST_ROWS:
            before = [token.x1 for token in tokens if token.x1 <= start + 0.5]
            if before:
                gaps.append((min(max(before), start - 1.0), start))
    for turned in (token for token in tokens if not token.line.glyphs):
        behind = [token.x0 for token in tokens if token.x0 >= turned.x1 - 0.5]
        if behind:
            gaps.append((turned.x1, max(turned.x1, min(behind))))
    cuts: list[tuple[float, float]] = []
    for low, high in sorted(gaps, key=lambda gap: gap[1]):
        if cuts and low < cuts[-1][1]:
            cuts[-1] = max(cuts[-1][0], low), cuts[-1][1]
        else:
            cuts.append((low, high))
    return cuts


def body_cells(
    rows: Sequence[Row], strips: Sequence[Strip], xs: Sequence[float], first: int, begins: bool
) -> list[Cell] | None:
    """The cells of the rows under a header; None where it is not certain what belongs to which row."""
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
    anchors, heights = _as_rows(anchors, heights, labels)
    lines: list[_Line] | None = [_Line(height, [], own) for height, own in zip(heights, anchors, strict=True)]
    before: list[Token] = []
    main, mode = -1, ""
    if first:
        numbered = {column for column in range(first) if strips[column].figures}
        anchors, heights = _with_units(anchors, heights, labels, xs, first, numbered)
        lines, before, main, mode = _labelled(labels, anchors, heights, xs, first, numbered, begins)
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
    return [*cells, *_before(before, cells, [line.height for line in lines], xs, main, mode)]


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
    most = max((len(own) for own in anchors), default=0)
    whole = [height for own, height in zip(anchors, heights, strict=True) if len(own) == most]
    least = min((b - a for a, b in pairwise(whole)), default=0.0)
    found: list[dict[int, list[Token]]] = []
    places: list[float] = []
    for own, height in zip(anchors, heights, strict=True):
        size = next(iter(own.values()))[0].line.size
        step = height - places[-1] if found else 0.0
        if found and not own.keys() & found[-1].keys() and step < min(0.7 * least or size, 0.85 * size):
            bare = [not any(abs(base - at) < 1.0 for base in bases) for at in (places[-1], height)]
            if step < SAME * size or any(bare):
                places[-1] = height if len(own) > len(found[-1]) else places[-1]
                found[-1].update(own)
                continue
        # The rest of a figure that had no room: whether it is one is not for a reader to say.
        if found and own.keys() < found[-1].keys() and step < min(least - 0.5, FIGURE * size):
            for column, tokens in own.items():
                found[-1][column] = [*found[-1][column], *tokens]
            continue
        found.append(dict(own))
        places.append(height)
    return found, places


def _labelled(
    labels: Sequence[Token], anchors: Sequence[dict[int, list[Token]]], heights: Sequence[float], xs: Sequence[float],
    first: int, numbered: set[int], begins: bool,
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
    rests = [token for token in before if _is_rest(token, own)]
    own += rests
    before = [token for token in before if not any(token is rest for rest in rests)]
    lines = by_line(own)
    bases = [line[0].base for line in lines]
    firsts = {number for number, line in enumerate(lines) if number and _is_first(line[0].text)}
    given = assign(bases, heights, labels[0].line.size, begins=begins, firsts=firsts) if lines else None
    if given is None or not given.sure:
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
    """Rows of figures with those whose figures are all blank, which their units show: all others have one too."""
    main = _main_column(labels, xs, first, numbered)
    for column in range(main + 1, first):
        units = [token for token in labels if columns_at(xs, token) == (column, column + 1)]
        beside = [[unit for unit in units if abs(unit.base - at) < BESIDE * unit.line.size] for at in heights]
        if len(heights) < LEAST_ROWS or not all(beside):
            continue
        known = {unit.text for own in beside for unit in own}
        given = {id(unit) for own in beside for unit in own}
        blank = [unit.base for unit in units if id(unit) not in given and unit.text in known]
        order = sorted([*zip(heights, anchors, strict=True), *((base, {}) for base in blank)], key=lambda one: one[0])
        return [own for _, own in order], [height for height, _ in order]
    return anchors, heights


def _is_rest(token: Token, own: Sequence[Token]) -> bool:
    """Whether a word ends a label over several columns: it begins, or stands in the middle, as the line above."""
    above = [other for other in own if FIGURE * token.line.size > token.base - other.base > 0.5 * token.line.size]
    beside = any(abs(other.base - token.base) < 0.5 * token.line.size for other in own)
    return not beside and any(
        other.x1 > token.x1 and (abs(other.x0 - token.x0) < 1.0 or abs(other.middle - token.middle) < 1.0)
        for other in above
    )


def _before(tokens: Sequence[Token], cells: Sequence[Cell], heights: Sequence[float], xs: Sequence[float], main: int,
            mode: str) -> list[Cell]:  # fmt: skip
    """Labels of several rows, column by column, and blanks where there are none."""
    found: list[Cell] = []
    firsts = {c.top for c in cells if c.right == main + 1 and c.tokens and _FIRST.match(c.tokens[0].text)}
    for column in range(main):
        own = sorted((t for t in tokens if columns_at(xs, t)[0] == column), key=lambda t: t.base)
        texts = cut_labels([t.text for t in own], [t.base for t in own], [t.line.size for t in own])
        labels = [own[start:end] for start, end in texts]
        taken = {cell.top for cell in cells if cell.left <= column}
        run: list[int] = []
        for row in range(len(heights) + 1):
            if run and (row == len(heights) or row in taken or ((column or main == 1) and row in firsts)):
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
