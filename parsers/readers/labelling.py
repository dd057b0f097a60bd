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

ALONE = 0.4
UNLABELLED = 1.0
"""What it costs, in steps between lines, that a label has no figures and that figures have no label."""

SURE = 0.35
"""How far, in such steps, a label may stand from where its figures want it."""
UNUSUAL = 0.5
"""What it costs that figures stand beside the first or the last lines of labels."""

TORN = 0.3
"""What it counts how far a label stands off that a page may cut."""

Group = tuple[int, int, int]
"""Lines `start` to `end` (exclusive) of a label and the number of their row of figures, -1 for none."""


@frozen
class Assigned:
    """Labels with their rows of figures; `mode` tells which line of a label its figures stand beside."""

    groups: tuple[Group, ...]
    mode: str
    sure: bool


def assign(
    bases: Sequence[float], anchors: Sequence[float], size: float, *, begins: bool, firsts: Collection[int] = ()
) -> Assigned:
    """Lines of labels, by their heights, given to rows of figures by theirs: as few and as even as they can be.

    Where the table `begins` before this page, or goes on behind it, the label there may not be whole. `firsts` are
    the numbers of lines that are the first of their label.
    """
    steps = [below - base for base, below in pairwise(bases) if below - base > LEAST * size]
    pitch = min(steps, default=1.3 * size)
    found = []
    for mode in ("middle", "top", "bottom"):
        cost, groups = _best(bases, anchors, pitch, mode, begins, firsts)
        found.append((round(cost + (UNUSUAL * pitch if mode != "middle" else 0.0), 3), mode, groups))
    _, mode, groups = min(found, key=lambda one: one[0])
    wrapped = any(end - start > 1 for start, end, _ in groups)
    # Where labels have several lines, those of the next stand further off.
    apart = not wrapped or all(
        bases[at] - bases[at - 1] > pitch + UNEVEN
        for start, end, row in groups
        if row < 0
        for at in (start, end)
        if 0 < at < len(bases)
    )
    torn = {len(anchors) - 1, *([0] if begins else [])}
    sure = apart and all(
        row in torn or abs(_place(bases[start:end], mode) - anchors[row]) <= SURE * pitch
        for start, end, row in groups
        if row >= 0
    )
    return Assigned(tuple(groups), mode, sure)


def _place(bases: Sequence[float], mode: str) -> float:
    if mode == "middle":
        return (bases[0] + bases[-1]) / 2
    return bases[0] if mode == "top" else bases[-1]


def _best(
    bases: Sequence[float], anchors: Sequence[float], pitch: float, mode: str, begins: bool, firsts: Collection[int]
) -> tuple[float, list[Group]]:
    """The cheapest way to give lines to rows in their order."""
    known: dict[tuple[int, int], tuple[float, tuple[int, int], Group | None]] = {(0, 0): (0.0, (0, 0), None)}

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
                if end > i + 1 and (bases[end - 1] - bases[end - 2] > pitch + UNEVEN or end - 1 in firsts):
                    break
                # A label without figures stands between those that have some.
                above = j == 0 or bases[i] > anchors[j - 1] - 0.5 * pitch
                below = j == len(anchors) or bases[end - 1] < anchors[j] + 0.5 * pitch
                if above and below:
                    offer((end, j), cost + ALONE * pitch, (i, j), (i, end, -1))
                if j < len(anchors):
                    off = abs(_place(bases[i:end], mode) - anchors[j])
                    if j == len(anchors) - 1 or (begins and j == 0):
                        off *= TORN
                    if off < 2 * pitch:
                        offer((end, j + 1), cost + off, (i, j), (i, end, j))
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
