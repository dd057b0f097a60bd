"""The sides of cells that lines between rows tell where each cell has its own piece of line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from parsers.readers.lattice import SNAP
from parsers.readers.sheets import Ruling

LEAST_PIECE = 8.0
"""A piece of line shorter than this, in points, is a dash."""

SAME = 1.5
"""Places no further apart than this, in points, are one."""

MOST = 60
"""More sides than this no table has."""


def seams(heights: Sequence[float], left: float, right: float, pieces: Sequence[Ruling]) -> list[float]:
    """Places where pieces of the lines at some heights meet, on two lines at least.

    `pieces` are the lines across as drawn, sorted; those between `left` and `right` are the table's.
    """
    ends: list[tuple[float, int]] = []
    for number, height in enumerate(heights):
        own = [
            line
            for line in pieces[bisect_left(pieces, (height - SNAP,)) : bisect_right(pieces, (height + SNAP,))]
            if line.end > left and line.start < right
        ]
        if any(line.end - line.start < LEAST_PIECE for line in own):
            return []
        starts = sorted(line.start for line in own)
        for line in own:
            at = bisect_left(starts, line.end - SAME)
            meets = at < len(starts) and starts[at] <= line.end + SNAP
            if meets and left + SNAP < line.end < right - SNAP:
                ends.append(((line.end + starts[at]) / 2, number))
    found: list[float] = []
    ends.sort()
    start = 0
    for stop in range(1, len(ends) + 1):
        if stop < len(ends) and ends[stop][0] - ends[stop - 1][0] <= SAME:
            continue
        if len({number for _, number in ends[start:stop]}) > 1:
            found.append(sum(place for place, _ in ends[start:stop]) / (stop - start))
        start = stop
    return found if len(found) <= MOST else []
