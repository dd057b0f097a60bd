"""Ruling lines to lattices: which boxes they enclose, spans and open sides included.

Works on lines of any origin, drawn in a PDF or found in a picture, in any unit near the point.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from parsers.frozen import frozen
from parsers.readers.sheets import Ruling

SNAP = 3.0
"""Lines nearer to each other than this are one line; ends nearer than this meet."""

SHORTEST = 4.0
"""A line shorter than this, after its dashes were joined, rules nothing."""

COVERED = 0.6
"""The share of a box's side that a line must cover to be its wall."""

CUT = 8.0
"""What of such a side, in points, is enough where a page break cuts the box."""

LEAST_ENDS = 4
"""So many lines that end at one place show the open side of a table."""

APART = 9.0
"""How far apart, in points, cells may be that are ruled each by itself."""

LEAST_CELLS = 4
"""So many such cells are a table."""

MOST_LINES = 3000

Box = tuple[float, float, float, float]


@frozen
class Slot:
    """A box of a lattice: rows `top` to `bottom` and columns `left` to `right`, the latter exclusive.

    `open_top` and `open_bottom` say that no line is drawn there, at the lattice's own edge.
    """

    top: int
    left: int
    bottom: int
    right: int
    open_top: bool = False
    open_bottom: bool = False


@frozen
class Lattice:
    """Lines that hang together: places of columns `xs` and rows `ys`, and the boxes between them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    slots: tuple[Slot, ...]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def box_of(self, slot: Slot) -> Box:
        return self.xs[slot.left], self.ys[slot.top], self.xs[slot.right], self.ys[slot.bottom]


def lattices(across: Iterable[Ruling], down: Iterable[Ruling]) -> list[Lattice]:
    """The lattices that lines form, from top to bottom; lines that meet no other form none."""
    flat = _longest(joined(across))
    steep = _longest(joined(down))
    found = []
    for horizontal, vertical in _gathered(_components(flat, steep)):
        made = _lattice(horizontal, vertical)
        if made is not None:
            found.append(made)
    found.sort(key=lambda lattice: (lattice.ys[0], lattice.xs[0]))
    return found


def joined(lines: Iterable[Ruling], shortest: float = SHORTEST) -> list[Ruling]:
    """Lines on one axis as few: dashes, pieces and double lines joined, what remains short left out."""
    ordered = sorted(lines)
    found: list[Ruling] = []
    start = 0
    while start < len(ordered):
        end = start + 1
        while end < len(ordered) and ordered[end].at - ordered[end - 1].at <= 1.0 and ordered[end].at - ordered[start].at <= 2.0:  # fmt: skip # noqa: E501
            end += 1
        at = sum(line.at for line in ordered[start:end]) / (end - start)
        run: list[float] = []
        for line in sorted(ordered[start:end], key=lambda line: line.start):
            if run and line.start <= run[1] + SNAP:
                run[1] = max(run[1], line.end)
            else:
                if run and run[1] - run[0] >= shortest:
                    found.append(Ruling(at, run[0], run[1]))
                run = [line.start, line.end]
        if run and run[1] - run[0] >= shortest:
            found.append(Ruling(at, run[0], run[1]))
        start = end
    return found


def _longest(lines: list[Ruling]) -> list[Ruling]:
    if len(lines) <= MOST_LINES:
        return lines
    kept = sorted(lines, key=lambda line: line.start - line.end)[:MOST_LINES]
    return sorted(kept)


def _components(flat: list[Ruling], steep: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Lines that meet, directly or through others."""
    parent = list(range(len(flat) + len(steep)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    places = [line.at for line in steep]
    for i, line in enumerate(flat):
        for j in range(bisect_left(places, line.start - SNAP), bisect_right(places, line.end + SNAP)):
            if steep[j].start - SNAP <= line.at <= steep[j].end + SNAP:
                parent[root(i)] = root(len(flat) + j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, line in enumerate(flat):
        groups.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(steep):
        groups.setdefault(root(len(flat) + j), ([], []))[1].append(line)
    whole = [group for group in groups.values() if group[0] and group[1]]
    for group in groups.values():
        if not group[0]:
            for line in group[1]:
                _attach(line, whole)
    return whole


def _gathered(groups: list[tuple[list[Ruling], list[Ruling]]]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Groups of lines, those that rule one cell each joined where the cells stand side by side as in a table."""
    single = [i for i, (flat, steep) in enumerate(groups) if len(flat) == 2 and len(steep) == 2]
    if len(single) < LEAST_CELLS:
        return groups
    boxes = {i: (groups[i][1][0].at, groups[i][0][0].at, groups[i][1][1].at, groups[i][0][1].at) for i in single}
    parent = {i: i for i in single}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for side, along in ((1, 0), (0, 1)):
        for line in _aligned(boxes, side):
            line.sort(key=lambda i: boxes[i][along])
            for before, after in pairwise(line):
                if -SNAP <= boxes[after][along] - boxes[before][along + 2] <= APART:
                    parent[root(before)] = root(after)
    tables: dict[int, list[int]] = {}
    for i in single:
        tables.setdefault(root(i), []).append(i)
    joint: list[tuple[list[Ruling], list[Ruling]]] = []
    taken: set[int] = set()
    for own in tables.values():
        if len(own) >= LEAST_CELLS and all(len(_aligned({i: boxes[i] for i in own}, side)) > 1 for side in (0, 1)):
            joint.append(
                (sorted(line for i in own for line in groups[i][0]), sorted(line for i in own for line in groups[i][1]))
            )
            taken.update(own)
    return [group for i, group in enumerate(groups) if i not in taken] + joint


def _aligned(boxes: Mapping[int, Box], side: int) -> list[list[int]]:
    """Boxes, by their names, that begin at one place."""
    found: list[list[int]] = []
    for i in sorted(boxes, key=lambda i: boxes[i][side]):
        if found and boxes[i][side] - boxes[found[-1][0]][side] <= SNAP:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def _attach(line: Ruling, groups: list[tuple[list[Ruling], list[Ruling]]]) -> None:
    """Give a line down that meets none across to the lattice that it runs beside from end to end.

    Where a page ends within a tall cell, the outer side of the cell hangs on nothing.
    """
    for flat, steep in groups:
        top = min([flat[0].at, *(other.start for other in steep)])
        bottom = max([*(other.at for other in flat), *(other.end for other in steep)])
        if abs(line.start - top) <= 2 * SNAP and abs(line.end - bottom) <= 2 * SNAP:
            steep.append(line)
            return


def _places(lines: Sequence[Ruling], ends: Sequence[float]) -> list[float]:
    """Where lines stand, near ones as one; `ends` add an edge where lines of the other axis reach further out."""
    found: list[float] = []
    group: list[Ruling] = []
    for line in sorted(lines):
        if group and (line.at - group[-1].at > SNAP or line.at - group[0].at > 1.5 * SNAP):
            found.append(_middle(group))
            group = []
        group.append(line)
    if group:
        found.append(_middle(group))
    if ends and (not found or min(ends) < found[0] - 2 * SNAP):
        found.insert(0, min(ends))
    if ends and max(ends) > found[-1] + 2 * SNAP:
        found.append(max(ends))
    return found


def _middle(lines: Sequence[Ruling]) -> float:
    weight = sum(line.end - line.start for line in lines)
    return sum(line.at * (line.end - line.start) for line in lines) / weight


def _nearest(places: Sequence[float], value: float) -> int:
    at = bisect_left(places, value)
    return min((i for i in (at - 1, at) if 0 <= i < len(places)), key=lambda i: abs(places[i] - value))


def _walls(
    lines: Sequence[Ruling], places: Sequence[float], steps: Sequence[float], opened: tuple[bool, bool] = (False, False)
) -> list[list[bool]]:
    """For each place, whether a line covers each step between neighbouring `steps`.

    Where the first or the last step is `opened`, as a page break cuts it, lines may end within it.
    """
    runs: list[list[tuple[float, float]]] = [[] for _ in places]
    for line in lines:
        runs[_nearest(places, line.at)].append((line.start, line.end))
    walls = []
    for own in runs:
        own.sort()
        row = []
        for number, (start, end) in enumerate(pairwise(steps)):
            covered, reached = 0.0, start
            for a, b in own:
                gain = min(b, end) - max(a, reached)
                if gain > 0:
                    covered += gain
                    reached = min(b, end)
            free = (opened[0] and number == 0) or (opened[1] and number == len(steps) - 2)
            row.append(covered >= min(COVERED * (end - start), CUT if free else end - start))
        walls.append(row)
    return walls


def _lattice(flat: list[Ruling], steep: list[Ruling]) -> Lattice | None:
    steep = [*steep, *_open_sides(flat, steep)]
    xs = _places(steep, [line.start for line in flat] + [line.end for line in flat])
    ys = _places(flat, [line.start for line in steep] + [line.end for line in steep])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > 250_000:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    ends = tuple(not any(abs(line.at - y) <= SNAP for line in flat) for y in (ys[0], ys[-1]))
    beside = _walls(steep, xs, ys, (ends[0], ends[1]))
    above = _walls(flat, ys, xs)
    owner = _regions(rows, columns, beside, above)
    slots = []
    for top, left, bottom, right in _rectangles(owner, rows, columns):
        slots.append(
            Slot(
                top,
                left,
                bottom,
                right,
                top == 0 and not any(above[0][left:right]),
                bottom == rows and not any(above[rows][left:right]),
            )
        )
    slots.sort(key=lambda slot: (slot.top, slot.left))
    return Lattice(tuple(xs), tuple(ys), tuple(slots))


def _open_sides(flat: Sequence[Ruling], steep: Sequence[Ruling]) -> list[Ruling]:
    """Lines for the sides of a table that has none drawn there, within a lattice that reaches further."""
    known = sorted(line.at for line in steep)
    ends = sorted((place, line.at) for line in flat for place in (line.start, line.end))
    outermost = (ends[0][0], ends[-1][0]) if ends else (0.0, 0.0)
    found = []
    start = 0
    for stop in range(1, len(ends) + 1):
        if stop < len(ends) and ends[stop][0] - ends[stop - 1][0] <= SNAP:
            continue
        heights = [at for _, at in ends[start:stop]]
        place = ends[start][0]
        start = stop
        if len(heights) < LEAST_ENDS or min(abs(place - end) for end in outermost) <= SNAP:
            continue
        if known and abs(known[_nearest(known, place)] - place) <= 2 * SNAP:
            continue
        top, bottom = min(heights), max(heights)
        crossed = any(line.start < place - SNAP and line.end > place + SNAP and top < line.at < bottom for line in flat)
        if not crossed:
            found.append(Ruling(place, top, bottom))
    return found


def _regions(rows: int, columns: int, beside: list[list[bool]], above: list[list[bool]]) -> list[list[int]]:
    """The number of the region that each smallest box belongs to: boxes without a wall between them are one."""
    owner = [[-1] * columns for _ in range(rows)]
    number = 0
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] >= 0:
                continue
            stack = [(row, column)]
            owner[row][column] = number
            while stack:
                y, x = stack.pop()
                for ny, nx, wall in (
                    (y, x + 1, x + 1 < columns and beside[x + 1][y]),
                    (y, x - 1, beside[x][y]),
                    (y + 1, x, y + 1 < rows and above[y + 1][x]),
                    (y - 1, x, above[y][x]),
                ):
                    if not wall and 0 <= ny < rows and 0 <= nx < columns and owner[ny][nx] < 0:
                        owner[ny][nx] = number
                        stack.append((ny, nx))
            number += 1
    return owner


def _rectangles(owner: list[list[int]], rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Regions as rectangles; one that is no rectangle is cut along its rows."""
    taken = [[False] * columns for _ in range(rows)]
    found = []
    for row in range(rows):
        for column in range(columns):
            if taken[row][column]:
                continue
            own = owner[row][column]
            right = column
            while right < columns and owner[row][right] == own and not taken[row][right]:
                right += 1
            bottom = row + 1
            while bottom < rows and all(owner[bottom][x] == own for x in range(column, right)) and (column == 0 or owner[bottom][column - 1] != own) and (right == columns or owner[bottom][right] != own):  # fmt: skip # noqa: E501
                bottom += 1
            for y in range(row, bottom):
                for x in range(column, right):
                    taken[y][x] = True
            found.append((row, column, bottom, right))
    return found


def beside(made: Lattice, left_out: Collection[int]) -> list[tuple[Lattice, list[int]]]:
    """What is left of a lattice without some boxes: lattices of those that stand side by side, with their numbers.

    Boxes that together are no rectangle are a lattice each.
    """
    waiting = [number for number in range(len(made.slots)) if number not in left_out]
    found: list[tuple[Lattice, list[int]]] = []
    while waiting:
        group = [waiting.pop(0)]
        for number in group:
            near = [other for other in waiting if _touch(made.slots[number], made.slots[other])]
            group.extend(near)
            waiting = [other for other in waiting if other not in near]
        group.sort()
        found.extend([_of(made, group)] if _is_rectangle(made, group) else [_of(made, [number]) for number in group])
    return found


def _touch(one: Slot, other: Slot) -> bool:
    """Whether two boxes have more than a corner in common."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return min(wide, high) == 0 and max(wide, high) > 0


def _ends_of(made: Lattice, group: Sequence[int]) -> tuple[int, int, int, int]:
    slots = [made.slots[number] for number in group]
    return (
        min(s.left for s in slots),
        min(s.top for s in slots),
        max(s.right for s in slots),
        max(s.bottom for s in slots),
    )


def _is_rectangle(made: Lattice, group: Sequence[int]) -> bool:
    left, top, right, bottom = _ends_of(made, group)
    area = sum((s.right - s.left) * (s.bottom - s.top) for s in (made.slots[number] for number in group))
    return area == (right - left) * (bottom - top)


def _of(made: Lattice, group: Sequence[int]) -> tuple[Lattice, list[int]]:
    left, top, right, bottom = _ends_of(made, group)
    slots = []
    for number in group:
        s = made.slots[number]
        opened = (s.open_top and s.top == top, s.open_bottom and s.bottom == bottom)
        slots.append(Slot(s.top - top, s.left - left, s.bottom - top, s.right - left, *opened))
    return Lattice(made.xs[left : right + 1], made.ys[top : bottom + 1], tuple(slots)), list(group)
