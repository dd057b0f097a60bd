"""Tables ruled between their rows only: the sides of their cells by where text stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from statistics import median

from parsers.readers.lattice import APART, SNAP
from parsers.readers.seams import seams
from parsers.readers.sheets import Glyph, Ruling
from parsers.readers.tokens import Token, has_figures, headed_figures, is_coarse, is_figure, tokens_of
from parsers.readers.typesetting import CLOSING, lines_of, rows_of

LEAST_LINES = 4
"""So many lines one below the other, with text in several columns between them, are a table."""

LEAST_GAPS = 3
"""Fewer lines are one where each row has so many gaps between its cells."""

OFF_CENTRE = 6.0
"""How far, in points, the side of a cell may be from where centred text has it."""

HIGHEST = 120.0
"""The most, in points, that two lines of such a table are apart."""

NEXT = 40.0
"""How far below a line, in points, the row stands that it parts from those above."""

GAP = 0.45
TIGHT = 0.12
"""Characters further apart than this, in their size, stand in two cells; those nearer than the latter in one."""

_OPENING = frozenset("（《“‘「『【〈")

Span = tuple[float, float]


def uprights(
    across: Sequence[Ruling],
    down: Sequence[Ruling],
    glyphs: Sequence[Glyph],
    earlier: Sequence[float] = (),
    pieces: Sequence[Ruling] = (),
) -> list[Ruling]:
    """Lines down that the rows of such tables lack, in points.

    `across` and `down` are joined lines, `pieces` the former as drawn; `earlier` are places of the lines that were
    found on the page before, where a table may go on.
    """
    drawn = sorted(pieces)
    free: list[Ruling] = []
    celled: list[Ruling] = []
    for line in across:
        ruled = any(_meets(line, other) and _is_within(other, line) for other in down)
        (celled if ruled or _is_of_box(line, across, down) else free).append(line)
    found: list[Ruling] = []
    for group in _groups(free):
        if any(_parts(line, group) for line in celled):
            continue
        found.extend(_sides(group, glyphs, earlier, drawn))
    return found


def _parts(line: Ruling, group: Sequence[Ruling]) -> bool:
    """Whether a line of a table that has sides of cells stands between lines: they are its first and last."""
    return any(
        above.at < line.at < below.at and line.start > above.start - SNAP and line.end < above.end + SNAP
        for above, below in pairwise(sorted(group))
    )


def _is_of_box(line: Ruling, across: Sequence[Ruling], down: Sequence[Ruling]) -> bool:
    """Whether a line is a side of a cell that is ruled by itself, as are others beside it."""
    beside = across[bisect_left(across, (line.at - SNAP,)) : bisect_right(across, (line.at + SNAP, inf))]
    near = [
        places
        for other in beside
        for places in ((line.end, other.start), (line.start, other.end))
        if other is not line and abs(places[0] - places[1]) <= APART
    ]
    return any(all(_ends(line.at, place, down) for place in places) for places in near)


def _ends(at: float, place: float, down: Sequence[Ruling]) -> bool:
    """Whether a line down stands at a place of a line across."""
    near = down[bisect_left(down, (place - SNAP,)) : bisect_right(down, (place + SNAP, inf))]
    return any(line.start - SNAP <= at <= line.end + SNAP for line in near)


def _meets(flat: Ruling, steep: Ruling) -> bool:
    return (
        flat.start - SNAP <= steep.at <= flat.end + SNAP
        and steep.start - SNAP <= flat.at <= steep.end + SNAP
        and steep.end - steep.start > SNAP
    )


def _is_within(steep: Ruling, flat: Ruling) -> bool:
    """Whether a line down is no side of the table that lines across reach from side to side of."""
    return flat.start + SNAP < steep.at < flat.end - SNAP


def _groups(lines: Sequence[Ruling]) -> list[list[Ruling]]:
    """Lines that stand below each other, each within the width of the first ones."""
    found: list[list[Ruling]] = []
    for line in sorted(lines):
        for group in reversed(found):
            left, right = min(one.start for one in group), max(one.end for one in group)
            within = line.start > left - 2 * SNAP and line.end < right + 2 * SNAP
            if within and line.at - max(one.at for one in group) < HIGHEST:
                group.append(line)
                break
        else:
            found.append([line])
    return [group for group in found if len(group) > 1]


def _sides(
    group: Sequence[Ruling], glyphs: Sequence[Glyph], earlier: Sequence[float], pieces: Sequence[Ruling]
) -> list[Ruling]:
    left, right = min(line.start for line in group), max(line.end for line in group)
    heights: list[float] = []
    for line in sorted(group):
        if not heights or line.at - heights[-1] > SNAP:
            heights.append(line.at)
    own = [
        glyph
        for glyph in glyphs
        if glyph.turn == 0 and left < (glyph.x0 + glyph.x1) / 2 < right and heights[0] < _middle(glyph) < heights[-1]
    ]
    if not own:
        return []
    bands: list[list[Glyph]] = [[] for _ in heights[1:]]
    for glyph in own:
        bands[bisect_right(heights, _middle(glyph)) - 1].append(glyph)
    usual = median(glyph.size for glyph in own)
    found: list[Ruling] = []
    start = 0
    for number in range(len(bands) + 1):
        if number < len(bands) and not _parts_tables(bands[number], usual):
            continue
        if number > start:
            within = heights[start : number + 1]
            lines = [line for line in group if within[0] - SNAP < line.at < within[-1] + SNAP]
            headed = _goes_on(glyphs, within[-1], left, right)
            found.extend(_of_table(bands[start:number], within, lines, earlier, () if headed else pieces))
        start = number + 1
    return found


def _goes_on(glyphs: Sequence[Glyph], bottom: float, left: float, right: float) -> bool:
    """Whether a row with figures stands close below the last line of a table, as below a header that is ruled alone."""
    below = (
        glyph
        for glyph in glyphs
        if glyph.turn == 0 and bottom < _middle(glyph) < bottom + NEXT and left < (glyph.x0 + glyph.x1) / 2 < right
    )
    return any(len(tokens := tokens_of(line)) > 1 and any(map(_is_figure, tokens)) for line in lines_of(list(below)))


def _is_figure(token: Token) -> bool:
    return is_figure(token.text)


def _parts_tables(band: Sequence[Glyph], usual: float) -> bool:
    """Whether what stands between two lines is no row: the heading of the next table, or nothing."""
    return not band or (not _gaps(band) and abs(median(glyph.size for glyph in band) - usual) > 0.12 * usual)


def _of_table(
    bands: Sequence[Sequence[Glyph]],
    heights: Sequence[float],
    lines: Sequence[Ruling],
    earlier: Sequence[float],
    pieces: Sequence[Ruling],
) -> list[Ruling]:
    texts = [lines_of(band) for band in bands]
    if is_coarse(texts) or any(headed_figures(lines) > 1 for lines in texts):
        return []
    # Between three lines a header of several levels stands in one band, and only its lines tell these.
    if len(bands) == 2 and len(texts[0]) > 1 and not _has_digits(bands[0]) and _has_digits(bands[1]):
        return []
    gaps = [_gaps(band) for band in bands]
    left, right = min(line.start for line in lines), max(line.end for line in lines)
    known = seams(heights, left, right, pieces)
    if not _tell(known, bands, gaps):
        known = []
    # A header alone: the table is ruled above and below its rows only.
    if not known and not any(has_figures(line) for own in texts for line in own):
        return []
    # A row or two, as a page break leaves them, must have several columns.
    enough = sum(bool(gap) for gap in gaps) >= LEAST_LINES - 2 and len(bands) >= LEAST_LINES - 1
    if not known and not enough and not all(len(gap) >= LEAST_GAPS for gap in gaps):
        return []
    found = [Ruling(side, heights[0], heights[-1]) for side in (left, right)]
    start = 0
    # Rows between those of one cell have columns of their own.
    for number in range(len(bands) + 1):
        if number < len(bands) and gaps[number]:
            continue
        # Where a cell goes on over several rows, the lines between these begin or end at its side.
        own = [line for line in lines if number > start and heights[start] < line.at < heights[number]]
        ends = {end for line in own for end in (line.start, line.end) if left + 2 * SNAP < end < right - 2 * SNAP}
        each = _columns(bands[start:number], gaps[start:number], sorted(ends), earlier, known)
        if each is None:
            return []
        for row in range(start, number):
            top, bottom = heights[row], heights[row + 1]
            gutters = each[row - start]
            # Beside its lines a row shares its cells with the next.
            bounds = [line for line in lines if min(abs(line.at - top), abs(line.at - bottom)) < SNAP]
            low, high = max(line.start for line in bounds), min(line.end for line in bounds)
            sides = [side for side in (left, *gutters, right) if low - SNAP < side < high + SNAP]
            within = [glyph for glyph in bands[row] if low < (glyph.x0 + glyph.x1) / 2 < high]
            cuts = _centred(within, sides)
            if cuts is None:
                low, high, cuts = right, right, []
            others = (gutter for gutter in gutters if not low - SNAP < gutter < high + SNAP)
            cuts += [gutter for gutter in others if not _crossed(bands[row], gutter)]
            found.extend(Ruling(cut, top, bottom) for cut in cuts)
        start = number + 1
    return found


def _tell(known: Sequence[float], bands: Sequence[Sequence[Glyph]], gaps: Sequence[Sequence[Span]]) -> bool:
    """Whether places where pieces of lines meet are sides of cells: one stands in each gap, none in a figure."""
    if not known or not all(any(a - SNAP < place < b + SNAP for place in known) for own in gaps for a, b in own):
        return False
    figures = [glyph for band in bands for glyph in band if glyph.text.isdecimal()]
    return not any(glyph.x0 + 1 < place < glyph.x1 - 1 for glyph in figures for place in known)


def _columns(
    bands: Sequence[Sequence[Glyph]],
    gaps: Sequence[Sequence[Span]],
    ends: Sequence[float],
    earlier: Sequence[float],
    known: list[float],
) -> list[list[float]] | None:
    """For each of some rows the places where it is cut; None where it is not certain which columns rows share.

    Where the cells of a header in one line and those of its rows do not stand below each other, each has its own. Of
    places that are `known`, a table with a header in one line, or in none, has those that part words.
    """
    headed = len(bands) > 1 and not _has_digits(bands[0]) and all(_has_digits(band) for band in bands[1:])
    whole = _gutters(gaps, ends, known or earlier)
    if known and not headed and (not bands or not _has_digits(bands[0])):
        return [known] * len(bands)
    if not headed:
        return [whole] * len(bands)
    head = _gutters(gaps[:1], (), known or earlier)
    body = _gutters(gaps[1:], (), known or earlier)
    if len(whole) <= max(len(head), len(body)):
        return [whole] * len(bands)
    return [head, *[body] * (len(bands) - 1)] if len(head) == len(body) else None


def _has_digits(band: Sequence[Glyph]) -> bool:
    return any(glyph.text.isdecimal() for glyph in band)


def _ink(glyph: Glyph) -> Span:
    """Where a character has ink: wide signs are half blank, and may hang over the side of a cell."""
    half = 0.5 * glyph.size
    if glyph.x1 - glyph.x0 > 0.9 * glyph.size:
        if glyph.text in CLOSING:
            return glyph.x0, glyph.x0 + half
        if glyph.text in _OPENING:
            return glyph.x1 - half, glyph.x1
    return glyph.x0, glyph.x1


def _middle(glyph: Glyph) -> float:
    return (glyph.top + glyph.bottom) / 2


def _gaps(band: Sequence[Glyph]) -> list[Span]:
    """The strips between the cells of a row that no line of it has ink in."""
    spans: list[list[Glyph]] = []
    for glyph in sorted(band, key=lambda one: one.x0):
        if spans and glyph.x0 - spans[-1][1].x1 < GAP * glyph.size:
            spans[-1][1] = max(spans[-1][1], glyph, key=lambda one: one.x1)
        else:
            spans.append([glyph, glyph])
    return [(_ink(before[1])[1], _ink(after[0])[0]) for before, after in pairwise(spans)]


def _centred(band: Sequence[Glyph], sides: Sequence[float]) -> list[float] | None:
    """Where a row without figures is cut so that its texts stand in the middle of cells; None if nowhere."""
    gaps = _gaps(band)
    if not band or len(sides) < 2 or any(glyph.text.isdecimal() for glyph in band):
        return None
    edges = [min(_ink(glyph)[0] for glyph in band), *(x for gap in gaps for x in gap), max(_ink(g)[1] for g in band)]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    follows = [start for start, _ in spans[1:]] + [sides[-1]]
    cuts: set[float] = set()
    left = sides[0]
    for (start, end), after in zip(spans, follows, strict=True):
        # Cells to its left may be blank here, or have their text in the next row.
        for begin in [side for side in sides if left <= side <= start + SNAP]:
            right = min(sides, key=lambda side: abs(side - (start + end - begin)))
            if abs(right - (start + end - begin)) <= OFF_CENTRE and end - SNAP <= right <= after + SNAP:
                cuts.update(side for side in sides if left <= side <= begin)
                left = right
                cuts.add(right)
                break
        else:
            return None
    cuts.update(side for side in sides if side >= left)
    return sorted(cuts)


def _gutters(rows: Sequence[Sequence[Span]], ends: Sequence[float], earlier: Sequence[float]) -> list[float]:
    """The fewest places that cut every gap of some rows, each where its gaps have something in common.

    The ends of lines between rows come first.
    """
    found = [place for place in ends if any(start < place < end for gaps in rows for start, end in gaps)]
    common: Span | None = None
    for start, end in sorted((gap for gaps in rows for gap in gaps), key=lambda gap: gap[1]):
        if any(start < place < end for place in found):
            continue
        if common is not None and start < common[1]:
            common = max(common[0], start), common[1]
            continue
        if common is not None:
            found.append(_within(common, rows, earlier))
        common = start, end
    if common is not None:
        found.append(_within(common, rows, earlier))
    return sorted(found)


def _within(common: Span, rows: Sequence[Sequence[Span]], earlier: Sequence[float]) -> float:
    """A place within a gap where the fewest rows have words: one of the page before, or that nearest to the middle."""
    low, high = common
    middle = (low + high) / 2
    bounds = sorted({low, high, *(x for gaps in rows for gap in gaps for x in gap if low < x < high)})
    places = [place for place in earlier if low < place < high]
    known = set(places)
    places += [middle, *((one + other) / 2 for one, other in pairwise(bounds))]

    def crossed(place: float) -> int:
        return sum(any(gaps) and not any(start < place < end for start, end in gaps) for gaps in rows)

    return min(places, key=lambda place: (crossed(place), place not in known, abs(place - middle)))


def _crossed(band: Sequence[Glyph], gutter: float) -> bool:
    """Whether a word of a row stands across a place."""
    for row in rows_of(band):
        row.sort(key=lambda glyph: glyph.x0)
        at = bisect_left([glyph.x0 for glyph in row], gutter)
        before, after = row[at - 1] if at else None, row[at] if at < len(row) else None
        if before is not None and _ink(before)[1] > gutter + 0.1 * before.size:
            return True
        if before is not None and after is not None and _ink(after)[0] - _ink(before)[1] < TIGHT * after.size:
            return True
    return False
