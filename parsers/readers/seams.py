"""The sides of cells that lines between rows tell where each cell has its own piece of line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from parsers.readers.lattice import SNAP
from parsers.readers.sheets import Ruling

HIGHEST = 120.0
"""The most, in points, that two lines of such a table are apart."""

LEAST_PIECE = 8.0
"""A piece of line shorter than this, in points, is a dash."""

SAME = 1.5
"""Places no further apart than this, in points, are one."""

MOST = 60
"""More sides than this no table has."""


def sides(across: Sequence[Ruling], pieces: Sequence[Ruling]) -> list[Ruling]:
    """The sides of cells that joined lines tell, `pieces` being these as drawn, each as a line down."""
    drawn = sorted(pieces)
    found: list[Ruling] = []
    for group in _groups(across):
        heights = _heights(group)
        left, right = min(line.start for line in group), max(line.end for line in group)
        found.extend(seams(heights, left, right, drawn))
    return found


def ends(across: Sequence[Ruling], pieces: Sequence[Ruling]) -> list[Ruling]:
    """The sides of cells beside each line of a table that tells some, where pieces of that line begin and end.

    Joined lines and `pieces` are as in `sides`; each side reaches up to the line above.
    """
    drawn = sorted(pieces)
    found: list[Ruling] = []
    for group in _groups(across):
        heights = _heights(group)
        left, right = min(line.start for line in group), max(line.end for line in group)
        if not seams(heights, left, right, drawn):
            continue
        for above, height in pairwise(heights):
            own = [line for line in _at(drawn, height) if line.start < right and line.end > left]
            places = sorted(x for line in own for x in (line.start, line.end) if left + SNAP < x < right - SNAP)
            start = 0
            for stop in range(1, len(places) + 1):
                if stop == len(places) or places[stop] - places[stop - 1] > SNAP:
                    found.append(Ruling(sum(places[start:stop]) / (stop - start), above, height))
                    start = stop
    return found


def _heights(group: Sequence[Ruling]) -> list[float]:
    heights: list[float] = []
    for line in group:
        if not heights or line.at - heights[-1] > SNAP:
            heights.append(line.at)
    return heights


def _at(pieces: Sequence[Ruling], height: float) -> Sequence[Ruling]:
    """Pieces, sorted, that stand at a height."""
    return pieces[bisect_left(pieces, (height - SNAP,)) : bisect_right(pieces, (height + SNAP,))]


def _groups(lines: Sequence[Ruling]) -> list[list[Ruling]]:
    """Lines that stand below each other, each within the width of those above it or reaching over it."""
    found: list[list[Ruling]] = []
    for line in sorted(lines):
        for group in reversed(found):
            left, right = min(one.start for one in group), max(one.end for one in group)
            within = line.start > left - 2 * SNAP and line.end < right + 2 * SNAP
            over = line.start < left + 2 * SNAP and line.end > right - 2 * SNAP
            if (within or over) and line.at - max(one.at for one in group) < HIGHEST:
                group.append(line)
                break
        else:
            found.append([line])
    return [group for group in found if len(group) > 1]


def seams(heights: Sequence[float], left: float, right: float, pieces: Sequence[Ruling]) -> list[Ruling]:
    """Places where pieces of the lines at some heights meet, on two lines at least, from the first to the last of them.

    `pieces` are the lines across as drawn, sorted; those between `left` and `right` are the table's.
    """
    ends: list[tuple[float, int]] = []
    for number, height in enumerate(heights):
        own = [line for line in _at(pieces, height) if line.end > left and line.start < right]
        if any(line.end - line.start < LEAST_PIECE for line in own):
            return []
        starts = sorted(line.start for line in own)
        for line in own:
            at = bisect_left(starts, line.end - SAME)
            meets = at < len(starts) and starts[at] <= line.end + SNAP
            if meets and left + SNAP < line.end < right - SNAP:
                ends.append(((line.end + starts[at]) / 2, number))
    found: list[Ruling] = []
    ends.sort()
    start = 0
    for stop in range(1, len(ends) + 1):
        if stop < len(ends) and ends[stop][0] - ends[stop - 1][0] <= SAME:
            continue
        numbers = [number for _, number in ends[start:stop]]
        if len(set(numbers)) > 1:
            place = sum(place for place, _ in ends[start:stop]) / (stop - start)
            found.append(Ruling(place, heights[min(numbers)], heights[max(numbers)]))
        start = stop
    return found if len(found) <= MOST else []
