"""Rows of a table that no lines part: which lines of labels belong to which line of figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations, pairwise

from parsers.characters.widths import strip_serial
from parsers.frozen import frozen

LEAST = 0.95
"""Lines of a label are at least so far from each other, in the size of their characters."""

UNEVEN = 0.75
"""Lines of one label are evenly apart; what they may differ by, in points."""

LINE = 1.05
LINE_OF_NUMBERED = 0.5
"""What each further line of a label without figures costs as if it were one, and where the label has a number."""

ALONE = 0.4
UNLABELLED = 1.0
"""What it costs, in steps between lines, that a label has no figures and that figures have no label."""

SURE = 0.35
"""How far, in such steps, a label may stand from where its figures want it."""
SURE_APART = 0.6
"""The same where the distance of lines alone tells labels."""

UNUSUAL = 0.5
"""What it costs that figures stand beside the first or the last lines of labels."""

OVER = 0.2
"""What it costs that a label goes on behind a page break."""

BROKEN = 0.5
"""What it costs that a label goes on below a line that has room for more."""

APART = 0.12
LEAST_APART = 4
"""Where so many lines, of all lines this share at least, stand further below the one before them than lines of a label
do, rows are apart.
"""

TORN = 0.3
BESIDE = 0.5
"""What it counts how far a label stands off that a page may cut, and how far above or below it its figures may be."""

Group = tuple[int, int, int]
"""Lines `start` to `end` (exclusive) of a label and the number of their row of figures, -1 for none."""


@frozen
class Assigned:
    """Labels with their rows of figures; `mode` tells which line of a label its figures stand beside."""

    groups: tuple[Group, ...]
    mode: str
    sure: bool


def assign(
    bases: Sequence[float],
    anchors: Sequence[float],
    size: float,
    *,
    begins: bool,
    firsts: Collection[int] = (),
    pages: tuple[Sequence[int], Sequence[int]] = ((), ()),
    short: Collection[int] = (),
) -> Assigned:
    """Lines of labels, by their heights, given to rows of figures by theirs: as few and as even as they can be.

    Where the table `begins` before this page the label there may not be whole. `firsts` are
    the numbers of lines that are the first of their label, `pages` those of the pages of lines and of figures; `short`
    are lines with room for more, which seldom end but with their label.
    """
    own = pages[0] or [0] * len(bases)
    steps = [
        below - base
        for (base, below), (page, other) in zip(pairwise(bases), pairwise(own), strict=True)
        if page == other and below - base > LEAST * size
    ]
    pitch = min(steps, default=1.3 * size)
    bases, anchors = _closed(bases, anchors, own, pages[1] or [0] * len(anchors), pitch)
    torn_at = frozenset(at for at, (page, other) in enumerate(pairwise(own), 1) if page != other)
    glued = _glued(bases, anchors, pitch, torn_at, firsts)
    found = []
    for number, mode in enumerate(("middle", "top", "bottom")):
        habit = _Habit(pitch, mode, begins, firsts, torn_at, short, glued)
        cost, groups = _best(bases, anchors, habit)
        given = Assigned(tuple(groups), mode, _is_sure(bases, anchors, groups, habit))
        found.append((round(cost + UNUSUAL * pitch * (number > 0), 3), not given.sure, number, given))
    return min(found, key=lambda one: one[:3])[3]


def _is_sure(bases: Sequence[float], anchors: Sequence[float], groups: Sequence[Group], habit: _Habit) -> bool:
    """Whether each label stands where its figures want it, and those without figures apart from others."""
    wrapped = any(end - start > 1 for start, end, _ in groups)
    # Where labels have several lines, those of the next stand further off, or begin with a number.
    apart = not wrapped or all(
        bases[at] - bases[at - 1] > habit.pitch + UNEVEN or at in habit.torn or at in habit.firsts
        for start, end, row in groups
        if row < 0
        for at in (start, end)
        if 0 < at < len(bases)
    )
    return apart and all(
        (habit.begins and row == 0) or habit.is_sure(bases, start, end, anchors[row])
        for start, end, row in groups
        if row >= 0
    )


def _glued(
    bases: Sequence[float], anchors: Sequence[float], pitch: float, torn: Collection[int], firsts: Collection[int]
) -> frozenset[int]:
    """Lines that go on from the one before them, where rows are clearly further apart than the lines of a label."""
    steps = [below - base for base, below in pairwise(bases)]
    near = {at for at, step in enumerate(steps, 1) if step < pitch + UNEVEN and at not in torn}
    wide = sum(step > pitch + UNEVEN for step in steps)
    if wide < LEAST_APART or wide < APART * len(steps) or near & set(firsts) or len(bases) - len(near) < len(anchors):
        return frozenset()
    return frozenset(near)


def _closed(
    bases: Sequence[float], anchors: Sequence[float], lines: Sequence[int], rows: Sequence[int], pitch: float
) -> tuple[list[float], list[float]]:
    """Heights as if the first line of a page stood one step below the last one of the page before."""
    down: dict[int, float] = {}
    found: list[float] = []
    for base, page in zip(bases, lines, strict=True):
        if page not in down:
            down[page] = found[-1] + pitch - base if found else 0.0
        found.append(base + down[page])
    known = sorted(down)
    moved = []
    for height, page in zip(anchors, rows, strict=True):
        near = max((other for other in known if other <= page), default=known[0] if known else page)
        moved.append(height + down.get(near, 0.0))
    return found, moved


@frozen
class _Habit:
    """How labels of a table stand beside their figures: see `assign`.

    `torn` are lines that begin a page, `glued` those that are of one label with the line before them.
    """

    pitch: float
    mode: str
    begins: bool
    firsts: Collection[int]
    torn: frozenset[int]
    short: Collection[int]
    glued: frozenset[int]

    def off(self, bases: Sequence[float], start: int, end: int, anchor: float) -> float:
        """How far a label stands from where its figures want it; one that a page break cuts may stand anyhow beside
        them."""
        cuts = self.cuts(start, end)
        parts = [(start, end), *((a, b) for at in cuts for a, b in ((start, at), (at, end)))]
        off = min(abs(_place(bases[a:b], self.mode) - anchor) for a, b in parts)
        return max(TORN * off, self.out(bases, start, end, anchor)) if cuts or self.is_between(start, end) else off

    def is_between(self, start: int, end: int) -> bool:
        """Whether a label of several lines begins with a number, and what follows too: all its lines are of it."""
        return end - start > 1 and start in self.firsts and end in self.firsts

    def cuts(self, start: int, end: int) -> list[int]:
        """The lines within a label that begin a page."""
        return [at for at in self.torn if start < at < end]

    def out(self, bases: Sequence[float], start: int, end: int, anchor: float) -> float:
        """How far figures stand above or below the lines of a label."""
        return max(bases[start] - anchor, anchor - bases[end - 1]) - BESIDE * self.pitch

    def is_sure(self, bases: Sequence[float], start: int, end: int, anchor: float) -> bool:
        """Whether a label stands where its figures want it; one at a page break anyhow beside them."""
        off = abs(_place(bases[start:end], self.mode) - anchor)
        reach = (SURE_APART if self.glued else SURE) * self.pitch
        if self.cuts(start, end) or self.is_between(start, end):
            return self.out(bases, start, end, anchor) <= 0
        if start in self.torn or end in self.torn:
            off = max(TORN * off, self.out(bases, start, end, anchor))
        return off <= reach

    def extra(self, start: int, end: int) -> float:
        """What it costs that these lines are one label."""
        over = OVER * any(start < at < end for at in self.torn)
        return (over + BROKEN * sum(at in self.short for at in range(start, end - 1))) * self.pitch


def in_bands(
    bands: tuple[Sequence[int], Sequence[int]], pages: Sequence[int], firsts: Collection[int], short: Collection[int]
) -> Assigned:
    """Lines of labels given to rows of figures by the numbers of the bands, between lines across, that each stands in.

    `pages` are those of lines; `firsts` and `short` as in `assign`. What begins a page may be the rest of the label
    that ends the page before, where one of the two parts has figures at most.
    """
    lines, rows = bands
    row_of = {band: row for row, band in enumerate(rows)}
    groups: list[Group] = []
    for at, band in enumerate(lines):
        row = row_of.get(band, -1)
        torn = at > 0 and pages[at] != pages[at - 1]
        rest = torn and at not in firsts and at - 1 not in short and min(row, groups[-1][2]) < 0
        if groups and (rest or band == lines[at - 1]):
            groups[-1] = groups[-1][0], at + 1, max(row, groups[-1][2])
        else:
            groups.append((at, at + 1, row))
    return Assigned(tuple(groups), "middle", True)


def _place(bases: Sequence[float], mode: str) -> float:
    if mode == "middle":
        return (bases[0] + bases[-1]) / 2
    return bases[0] if mode == "top" else bases[-1]


def _best(bases: Sequence[float], anchors: Sequence[float], habit: _Habit) -> tuple[float, list[Group]]:
    """The cheapest way to give lines to rows in their order."""
    known: dict[tuple[int, int], tuple[float, tuple[int, int], Group | None]] = {(0, 0): (0.0, (0, 0), None)}
    pitch = habit.pitch

    def offer(state: tuple[int, int], cost: float, before: tuple[int, int], group: Group | None) -> None:
        if state not in known or cost < known[state][0] - 1e-9:
            known[state] = cost, before, group

    for i in range(len(bases) + 1):
        for j in range(len(anchors) + 1):
            if (i, j) not in known:
                continue
            cost = known[i, j][0]
            if j < len(anchors):
                offer((i, j + 1), cost + UNLABELLED * pitch, (i, j), None)
            for end in range(i + 1, len(bases) + 1):
                if end > i + 1 and (bases[end - 1] - bases[end - 2] > pitch + UNEVEN or end - 1 in habit.firsts):
                    break
                if end in habit.glued:
                    continue
                extra = habit.extra(i, end)
                # A label without figures stands between those that have some.
                above = j == 0 or bases[i] > anchors[j - 1] - 0.5 * pitch
                below = j == len(anchors) or bases[end - 1] < anchors[j] + 0.5 * pitch
                if above and below:
                    more = LINE_OF_NUMBERED if i in habit.firsts else LINE
                    lines = 1 + more * sum(at not in habit.glued for at in range(i + 1, end))
                    offer((end, j), cost + ALONE * pitch * lines + extra, (i, j), (i, end, -1))
                if j < len(anchors):
                    off = habit.off(bases, i, end, anchors[j])
                    if habit.begins and j == 0:
                        off *= TORN
                    if off < 2 * pitch:
                        offer((end, j + 1), cost + off + extra, (i, j), (i, end, j))
    state = len(bases), len(anchors)
    groups: list[Group] = []
    if state not in known:
        return float("inf"), groups
    total = known[state][0]
    while state != (0, 0):
        _, before, group = known[state]
        if group is not None:
            groups.append(group)
        state = before
    groups.reverse()
    return total, groups


def spans(middles: Sequence[float], tops: Sequence[float], rows: Sequence[float], mode: str) -> list[tuple[int, int]]:
    """How labels, by the heights of their middles and tops, share rows that stand one below the other.

    Each has those rows in the middle of which it stands; [] where no shares fit.
    """
    count, last = len(middles), len(rows)
    if count == 1:
        return [(0, last)]
    if count > last:
        return []
    if mode == "top":
        starts = [min(range(last), key=lambda i: abs(rows[i] - top)) for top in tops]
        starts[0] = 0
        if sorted(set(starts)) != starts:
            return []
        return list(pairwise([*starts, last]))
    best: tuple[float, list[tuple[int, int]]] = float("inf"), []
    pitch = (rows[-1] - rows[0]) / (last - 1)
    for cuts in combinations(range(1, last), count - 1):
        shares = list(pairwise([0, *cuts, last]))
        off = sum(abs((rows[a] + rows[b - 1]) / 2 - middle) for (a, b), middle in zip(shares, middles, strict=True))
        best = min(best, (off, shares))
    return best[1] if best[0] <= SURE * pitch * count else []


def cut_labels(texts: Sequence[str], bases: Sequence[float], sizes: Sequence[float]) -> list[tuple[int, int]]:
    """Lines of one column as labels of several rows each: parted by wide gaps and by serial numbers."""
    cuts = [0]
    for at in range(1, len(texts)):
        serial = strip_serial(texts[at])[0]
        if bases[at] - bases[at - 1] > 1.9 * max(sizes) or (serial and len(serial) < len(texts[at])):
            cuts.append(at)
    return list(pairwise([*cuts, len(texts)])) if texts else []
