"""What a break between pages does to a document: page numbers, running heads, and tables in two parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parsers.characters.widths import strip_serial
from parsers.readers.typesetting import Box, Line

ZONE = 0.11
"""The share of a page's height, at its top and its bottom, in which running heads and page numbers stand."""

SHIFT = 45.0
"""How far, in points, the parts of a table may stand apart sideways where left and right pages differ."""

NEAR = 5.0

LEAST_HALVES = 3
"""So many columns whose labels go on behind a page break show that the break cuts a header."""

WORDED = 0.8
"""The share of a column's cells that hold words where a unit is printed in each row."""

NUMBERED = 0.8
"""The share of a column's labels that begin with a number where all of them should."""

TALL = 12.0
"""A blank row of at least this height, in points, may be one of figures that are blank; less holds no line of text."""

_NUMERALS = "[0-9０-９]{1,4}|[一二三四五六七八九十百〇○]{1,5}|[ivxlIVXL]{1,6}"
_DASH = r"[-‐‑‒–—―－─~～·•\s]"
_DECORATED = re.compile(
    rf"{_DASH}+(?P<a>{_NUMERALS}){_DASH}+|第\s*(?P<b>{_NUMERALS})\s*页(?:[\s,，/／、]*共\s*[0-9０-９]+\s*页)?"
    r"|(?P<c>[0-9]{1,4})\s*[/／]\s*[0-9]{1,4}|[Pp]age\s*(?P<d>[0-9]{1,4})(?:\s*of\s*[0-9]+)?"
)
_BARE = re.compile(r"[0-9０-９]{1,4}")
_NUMBER = re.compile(r"[-－+＋]?[0-9０-９\ufffd][0-9０-９.,，．\ufffd]*\s*[%％]?|[/／—－-]+|无")
_COUNTED = re.compile(r"[-－+＋]?[0-9０-９][0-9０-９.,，．]*[\u3400-\u9fff]{1,2}")
_DIGITS = re.compile(r"[0-9０-９]+")
_LETTERS = re.compile(r"[^\W\d_]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(slots=True)
class Part:
    """A cell of a piece: rows `top` to `bottom`, columns `left` to `right` (exclusive), `lines` of its text.

    `box` is where it stands on its page, as far as that is needed, `page` the number of that page, 0 for the one that
    its piece begins on; `confidence` and `readings` are as in `Cell`.
    """

    top: int
    left: int
    bottom: int
    right: int
    text: str
    locator: str
    lines: tuple[Line, ...] = ()
    full: bool = False
    open_top: bool = False
    open_bottom: bool = False
    box: Box = (0.0, 0.0, 0.0, 0.0)
    confidence: float | None = None
    readings: tuple[str, ...] = ()
    page: int = 0

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def columns(self) -> tuple[int, int]:
        return self.left, self.right


@dataclass(slots=True)
class Piece:
    """A table, or what stands of it on a page.

    `xs` are the places of its columns in points; `ends` are the heights of its first and last row. `headed` says
    whether it begins with a header, None where that is not known; of one that is `doubtful` cells are not certain.
    """

    page: int
    xs: tuple[float, ...]
    rows: int
    parts: list[Part]
    box: tuple[float, float, float, float]
    locator: str
    repeated: list[Part] = field(default_factory=list)
    ends: tuple[float, float] = (TALL, TALL)
    headed: bool | None = None
    doubtful: bool = False


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> tuple[set[int], set[int]]:
    """Page numbers and running heads among the lines of pages: the ids of lines of either kind."""
    edges = [_edge_lines(lines, height) for lines, height in zip(pages, heights, strict=True)]
    numbers: set[int] = set()
    bare: list[tuple[int, int, Line]] = []
    for index, own in enumerate(edges):
        for line, outermost in own:
            if not outermost:
                continue
            if _DECORATED.fullmatch(line.text):
                numbers.add(id(line))
            elif _BARE.fullmatch(line.text):
                bare.append((index, int(line.text), line))
    for index, value, line in bare:
        mates = sum(1 for other, number, _ in bare if other != index and number - value == other - index)
        if mates or (len(pages) == 1 and value == 1):
            numbers.add(id(line))
    heads: set[int] = set()
    groups: dict[tuple[str, bool], list[tuple[int, Line]]] = {}
    for index, own in enumerate(edges):
        for line, _ in own:
            if id(line) in numbers or len(line.text) > 80 or len(_LETTERS.findall(line.text)) < 2:
                continue
            upper = line.top < heights[index] / 2
            groups.setdefault((_DIGITS.sub("#", line.text.replace(" ", "")), upper), []).append((index, line))
    for group in groups.values():
        at_same_place = [
            (index, line) for index, line in group if sum(abs(line.base - other.base) < 6 for _, other in group) > 1
        ]
        if len({index for index, _ in at_same_place}) >= max(2, (len(pages) + 2) // 3):
            heads.update(id(line) for _, line in at_same_place)
    return numbers, heads


def _edge_lines(lines: Sequence[Line], height: float) -> list[tuple[Line, bool]]:
    """The first and last lines of a page that stand in its zones, and whether each is the outermost there."""
    found: list[tuple[Line, bool]] = []
    upper = sorted((line for line in lines if line.bottom <= ZONE * height), key=lambda line: line.top)[:3]
    lower = sorted((line for line in lines if line.top >= (1 - ZONE) * height), key=lambda line: -line.bottom)[:3]
    for group in (upper, lower):
        # Neighbours on one height, such as a date to the left and a number to the right, are all outermost.
        found.extend((line, abs(line.base - group[0].base) < 12) for line in group)
    return found


def join(first: Piece, second: Piece) -> Piece | None:
    """Two parts of a table as one, or None when they are not parts of one table.

    Rows that the second part repeats from the head of the first are left out and listed in
    `repeated`; a row or a spanning cell that the break cuts is one again.
    """
    aligned = None if first.doubtful or second.doubtful else _aligned(first, second)
    if aligned is None:
        return None
    above, below, xs = aligned
    below = _parted(above, below, first.rows, xs, first.xs[0] - second.xs[0])
    repeated = _repeated_rows(above, below, first.rows, second.rows)
    if second.headed and not repeated:
        return None
    dropped = [part for part in below if part.top < repeated]
    below = [_moved(part, -repeated) for part in below if part.top >= repeated]
    count = second.rows - repeated
    if count == 0:
        return replace(first, xs=xs, parts=above, repeated=[*first.repeated, *dropped])
    thin = first.ends[1] < TALL, second.ends[0] < TALL and not repeated
    shorter = _without_sliver(above, first.rows)
    if shorter and _halves(shorter, below, first.rows - 1):
        above, first = shorter, replace(first, rows=first.rows - 1)
    cut = _cut_row(above, below, first.rows, thin)
    halves = _halves(above, below, first.rows)
    merged: dict[int, Part] = {}
    for part in below:
        if part.top != 0:
            continue
        mate = next((p for p in above if p.bottom == first.rows and p.columns == part.columns), None)
        if mate is None:
            continue
        own_row = mate.height == 1 and part.height == 1
        if (cut and own_row) or id(part) in halves or _continues(mate, part, above, below, first.rows):
            merged[id(part)] = mate
    if cut:
        for part in below:
            if part.top == 0 and id(part) not in merged:
                mate = next((p for p in above if p.bottom == first.rows and p.columns == part.columns), None)
                if mate is not None and (not mate.text or not part.text):
                    merged[id(part)] = mate
    parts = list(above)
    for part in below:
        moved = _moved(part, first.rows)
        mate = merged.get(id(part))
        if mate is None:
            parts.append(moved)
            continue
        at = next(i for i, p in enumerate(parts) if p is mate)
        parts[at] = replace(
            mate,
            bottom=moved.bottom,
            text=_joined_text(mate, part),
            locator=mate.locator if mate.text or not part.text else part.locator,
            lines=(*mate.lines, *part.lines),
            full=part.full,
            open_bottom=part.open_bottom,
            confidence=min((c for c in (mate.confidence, part.confidence) if c is not None), default=None),
            readings=_joined_readings(mate, part),
        )
    return Piece(
        first.page,
        xs,
        first.rows + count,
        parts,
        (first.box[0], first.box[1], first.box[2], second.box[3]),
        first.locator,
        [*first.repeated, *dropped, *second.repeated],
        (first.ends[0], second.ends[1]),
        first.headed,
    )


def without_rest(piece: Piece) -> Piece:
    """A table that stands below a page break without its first row's blanks, where this is the rest of a row.

    That row's figures are on the page before: its label has no number where those below it have one.
    """
    ends = min((part.top for part in piece.parts if is_number(part.text)), default=0)
    for row in range(ends):
        own = [part for part in piece.parts if part.top == row and part.height == 1]
        blank = [part for part in own if not part.text]
        labels = [part for part in own if _CHINESE.search(part.text)]
        if not labels or 2 * len(blank) <= len(own):
            continue
        label = max(labels, key=lambda part: part.left)
        if not strip_serial(label.text)[0] and _is_numbered(
            label, [part for part in piece.parts if part.top > label.top]
        ):
            return replace(piece, parts=[part for part in piece.parts if part not in blank])
    return piece


def _is_numbered(label: Part, parts: Sequence[Part]) -> bool:
    """Whether the other labels in its column, of those parts, begin with a number, nearly all of them."""
    others = [part for part in parts if part.columns == label.columns and part.text and part is not label]
    return len(others) >= LEAST_HALVES and sum(bool(strip_serial(p.text)[0]) for p in others) >= NUMBERED * len(others)


def _aligned(first: Piece, second: Piece) -> tuple[list[Part], list[Part], tuple[float, ...]] | None:
    """The parts of both on one set of columns."""
    second = _widened(first, second)
    shift = first.xs[0] - second.xs[0]
    width = first.xs[-1] - first.xs[0]
    if abs(shift) > SHIFT or abs(width - (second.xs[-1] - second.xs[0])) > max(2 * NEAR, 0.02 * width):
        return None
    places: list[float] = []
    for x in sorted((*first.xs, *(x + shift for x in second.xs))):
        if not places or x - places[-1] > NEAR:
            places.append(x)

    def at(x: float) -> int:
        return min(range(len(places)), key=lambda i: abs(places[i] - x))

    def placed(piece: Piece, moved: float) -> list[Part]:
        columns = [at(x + moved) for x in piece.xs]
        return [replace(part, left=columns[part.left], right=columns[part.right]) for part in piece.parts]

    above, below = placed(first, 0.0), placed(second, shift)
    if any(part.left == part.right for part in (*above, *below)):
        return None
    return above, below, tuple(places)


def _widened(first: Piece, second: Piece) -> Piece:
    """The second part with the first columns that are missing because only spanning cells go on in them."""
    if abs(first.xs[-1] - second.xs[-1]) > NEAR or abs(first.xs[0] - second.xs[0]) <= NEAR:
        return second
    missing = next((i for i, x in enumerate(first.xs[:-1]) if i and abs(x - second.xs[0]) <= NEAR), 0)
    if not missing:
        return second
    parts = [replace(part, left=part.left + missing, right=part.right + missing) for part in second.parts]
    added = [
        Part(0, i, second.rows, i + 1, "", second.locator, open_top=True, open_bottom=True) for i in range(missing)
    ]
    return replace(second, xs=(*first.xs[:missing], *second.xs), parts=[*added, *parts])


def _parted(above: Sequence[Part], below: Sequence[Part], rows: int, xs: Sequence[float], shift: float) -> list[Part]:
    """The parts below, those cut that stand over several columns where cells that the break cuts go on in one of them.

    Printers draw no sides to what is left of such a cell. It is so in headers alone: rows of figures have theirs, and
    what stands over all columns is a row of its own.
    """
    if any(is_number(part.text) for part in below if part.top == 0):
        return list(below)
    going_on = [part for part in above if part.bottom == rows and part.open_bottom]
    found: list[Part] = []
    for part in below:
        own = [p for p in going_on if part.left <= p.left and p.right <= part.right and p.columns != part.columns]
        if part.top or not own or part.right - part.left == len(xs) - 1:
            found.append(part)
            continue
        cuts = sorted({part.left, part.right, *(p.left for p in own), *(p.right for p in own)})
        ranges = list(pairwise(cuts))
        holding = [
            (left, right)
            for left, right in ranges
            if all(xs[left] - NEAR < line.x0 + shift and line.x1 + shift < xs[right] + NEAR for line in part.lines)
        ]
        if part.text and len(holding) != 1:
            found.append(part)
            continue
        for left, right in ranges:
            said = part.text if not part.text or (left, right) in holding else ""
            lines = part.lines if said else ()
            found.append(replace(part, left=left, right=right, text=said, lines=lines, open_top=not said))
    return found


def _moved(part: Part, rows: int) -> Part:
    return replace(part, top=part.top + rows, bottom=part.bottom + rows)


def _plain(text: str) -> str:
    return "".join(text.split())


def is_number(text: str) -> bool:
    """Whether a cell's text is a figure or a sign in place of one."""
    return _NUMBER.fullmatch(_plain(text)) is not None


def _repeated_rows(above: Sequence[Part], below: Sequence[Part], rows: int, count: int) -> int:
    """How many rows at the head of the first part stand again at the head of the second."""
    same = 0
    for row in range(min(rows, count)):
        upper = {(part.columns, part.height, _plain(part.text)) for part in above if part.top == row}
        lower = {(part.columns, part.height, _plain(part.text)) for part in below if part.top == row}
        if upper != lower or any(is_number(text) for _, _, text in upper):
            break
        same = row + 1
    while same and any(part.top < same < part.bottom for part in (*above, *below)):
        same -= 1
    return same if any(part.text for part in below if part.top < same) else 0


def _cut_row(above: Sequence[Part], below: Sequence[Part], rows: int, thin: tuple[bool, bool]) -> bool:
    """Whether the break goes through a row, so that the last row above and the first below are one.

    `thin` says whether these two rows are too low for a line of text.
    """
    upper = [part for part in above if part.bottom == rows and part.height == 1]
    lower = [part for part in below if part.top == 0 and part.height == 1]
    blank_above, blank_below = not any(part.text for part in upper), not any(part.text for part in lower)
    open_row = all(part.open_bottom for part in upper) or all(part.open_top for part in lower)
    # A cell that goes on over several rows belongs to a row on one side of the break only.
    tall = {part.columns for part in above if part.bottom == rows and part.height > 1}
    tall |= {part.columns for part in below if part.top == 0 and part.height > 1}
    upper = [part for part in upper if part.columns not in tall]
    lower = [part for part in lower if part.columns not in tall]
    if not upper or {part.columns for part in upper} != {part.columns for part in lower}:
        return False
    filled, rest = [part for part in upper if part.text], [part for part in lower if part.text]
    if blank_above or blank_below:
        return open_row or (thin[0] if blank_above else thin[1])
    if not filled or not rest:
        return False
    mates = {part.columns: part for part in upper}
    pairs = [(mates[part.columns], part) for part in rest]
    if _goes_on_in_figures(pairs, [part for part in lower if not part.text], mates):
        return True
    if _goes_on_without_number(pairs, [*above, *below]):
        return True
    if any((is_number(part.text) and mate.text) or is_number(mate.text) for mate, part in pairs):
        return False
    if any(mate.text and _plain(mate.text) == _plain(part.text) for mate, part in pairs):
        # What stands on both sides of the break, as units do, is of a row each.
        return False
    labels = [(mate, part) for mate, part in pairs if mate.text and _CHINESE.search(part.text)]
    if not labels or any(strip_serial(part.text)[0] for _, part in labels):
        return False
    numbers_above = any(is_number(part.text) for part in filled)
    numbers_below = any(is_number(part.text) for part in rest)
    if numbers_above == numbers_below:
        return False
    if open_row or any(mate.full or _unclosed(mate.text) or _goes_on(mate.text) for mate, _ in labels):
        return True
    words = {part.columns for _, part in labels}
    return any(
        part.columns not in words and not part.text and _is_always_worded(part, mates[part.columns], above, below)
        for part in lower
    )


def _is_always_worded(part: Part, mate: Part, above: Sequence[Part], below: Sequence[Part]) -> bool:
    """Whether a blank cell is alone in its column, in which words stand, as units do: over it and in other rows."""
    others = [other for other in (*above, *below) if other.columns == part.columns and other is not part]
    worded = sum(bool(_CHINESE.search(other.text)) for other in others)
    return (
        len(others) > LEAST_HALVES
        and _CHINESE.search(mate.text) is not None
        and all(other.text for other in others)
        and worded >= WORDED * len(others)
    )


def _goes_on(text: str) -> bool:
    """Whether a label announces what follows it."""
    return text.rstrip().endswith((":", "：", "、", "，", ","))


def _goes_on_in_figures(
    pairs: Sequence[tuple[Part, Part]], blanks: Sequence[Part], mates: Mapping[tuple[int, int], Part]
) -> bool:
    """Whether a row without a label below figures only holds what of them had no room: 11 over 6."""
    figures = all(is_number(mate.text) and _plain(part.text).isdecimal() for mate, part in pairs)
    return figures and any(_CHINESE.search(mates[part.columns].text) for part in blanks)


def _halves(above: Sequence[Part], below: Sequence[Part], rows: int) -> set[int]:
    """The ids of cells below that are the second halves of short labels, several in a row: 结果 over 维持."""
    lower = [part for part in below if part.top == 0]
    upper = {part.columns: part for part in above if part.bottom == rows}
    if any(is_number(part.text) for part in (*upper.values(), *lower)):
        return set()
    found = {id(part) for part in lower if (mate := upper.get(part.columns)) and _is_half(mate) and _is_half(part)}
    return found if len(found) >= LEAST_HALVES else set()


def _without_sliver(above: Sequence[Part], rows: int) -> list[Part]:
    """The parts of a table without its last row, where it is blank: what is left of the row whose words stand above."""
    if any(part.text for part in above if part.top == rows - 1):
        return []
    return [replace(part, bottom=min(part.bottom, rows - 1)) for part in above if part.top < rows - 1]


def _is_half(part: Part) -> bool:
    text = _plain(part.text)
    return part.height == 1 and 0 < len(text) <= 4 and _CHINESE.search(text) is not None and not strip_serial(text)[0]


def _goes_on_without_number(pairs: Sequence[tuple[Part, Part]], parts: Sequence[Part]) -> bool:
    """Whether the row below has a label without a number, where the one above has one, as nearly all of its column.

    Its figures, if any, are what figures of the row above that fill their cells had no room for.
    """
    labels = [(mate, part) for mate, part in pairs if mate.text and _CHINESE.search(part.text)]
    if not labels or any(strip_serial(part.text)[0] or not strip_serial(mate.text)[0] for mate, part in labels):
        return False
    figures = [(mate, part) for mate, part in pairs if mate.text and not _CHINESE.search(part.text)]
    if not all(mate.full and _plain(mate.text).isdecimal() and _plain(part.text).isdecimal() for mate, part in figures):
        return False
    if any(not mate.text for mate, _ in pairs):
        return False
    return all(_is_numbered(part, parts) or (mate.full and figures) for mate, part in labels)


def _unclosed(text: str) -> bool:
    return any(sum(map(text.count, a)) > sum(map(text.count, b)) for a, b in (("（(", "）)"), ("“", "”"), ("《", "》")))


def _continues(mate: Part, part: Part, above: Sequence[Part], below: Sequence[Part], rows: int) -> bool:
    """Whether a cell at the head of the second part is the rest of the cell above it."""
    if is_number(mate.text) or is_number(part.text):
        return False
    tall = mate.height > 1 or part.height > 1
    lower = [other for other in below if other.top == 0]
    opened = part.open_top and not all(other.open_top for other in lower)
    if not part.text:
        # A blank in the columns of figures is a blank figure, whatever stands over it.
        return part.height > 1 or _is_named(part, lower)
    if not mate.text:
        return mate.height > 1 or _is_named(mate, [other for other in above if other.bottom == rows])
    if _plain(mate.text) == _plain(part.text):
        return False
    serial = strip_serial(part.text)[0]
    if opened:
        return True
    if serial or not tall:
        return False
    upright = all(len(line.text) == 1 for line in part.lines)
    return upright or bool(strip_serial(mate.text)[0]) or mate.full or _unclosed(mate.text)


def _is_named(part: Part, row: Sequence[Part]) -> bool:
    """Whether words stand to the right of a cell, so that it is one of labels."""
    return any(
        other.left >= part.right and _CHINESE.search(other.text) and not _COUNTED.fullmatch(_plain(other.text))
        for other in row
    )


def _joined_text(mate: Part, part: Part) -> str:
    return _with_rest(mate.text, part.text, _is_upright(mate, part))


def _joined_readings(mate: Part, part: Part) -> tuple[str, ...]:
    if not mate.readings and not part.readings:
        return ()
    upright = _is_upright(mate, part)
    return tuple(
        _with_rest(upper, lower, upright)
        for upper in mate.readings or (mate.text,)
        for lower in part.readings or (part.text,)
    )


def _is_upright(mate: Part, part: Part) -> bool:
    """Whether the text of two parts of a cell is set one character a line; digits may be a figure each."""
    return not part.text.isdecimal() and all(len(line.text) == 1 for line in (*mate.lines, *part.lines))


def _with_rest(text: str, rest: str, upright: bool) -> str:
    if not text or not rest:
        return text or rest
    return text + ("" if upright else "\n") + rest
