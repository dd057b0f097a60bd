"""Tables drawn with characters: bars and strokes in a fixed font tell cells apart, spans and several lines included."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from parsers.document import Cell, Table
from parsers.frozen import frozen

BARS = frozenset("|│┃║+┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╭╮╰╯")
STROKES = frozenset("-=─━═┄┈")

RULES = 3
"""A drawn table has at least so many lines with strokes between bars: over it, below it and within."""

MOST_LINES = 2000
"""Longer drawings are left as the lines that they are."""

Locate = Callable[[int, int, int], str]
"""The locator of a span of a line: line, start, end."""

_Place = tuple[int, int]
"""A line of the drawing and an interval between two neighbouring edges."""


@frozen
class _Drawing:
    """Lines by place in a fixed font: `places` gives the character that stands at one, `edges` are those of bars."""

    lines: Sequence[str]
    places: tuple[dict[int, int], ...]
    edges: tuple[int, ...]

    def sign(self, line: int, at: int) -> str:
        index = self.places[line].get(at)
        return self.lines[line][index] if index is not None else ""

    def between(self, line: int, left: int, right: int) -> tuple[int, int]:
        """Where the characters of a line between two edges begin and end."""
        places = self.places[line]
        inner = range(self.edges[left] + 1, self.edges[right])
        found = [places[at] for at in inner if at in places]
        return (found[0], found[-1] + 1) if found else (0, 0)

    def span(self, line: int, left: int, right: int) -> tuple[int, int]:
        """The same without white space around them."""
        start, end = self.between(line, left, right)
        text = self.lines[line][start:end]
        start += len(text) - len(text.lstrip()) if text.strip() else 0
        return start, start + len(text.strip())

    def is_ruled(self, line: int, interval: int) -> bool:
        """Whether nothing but strokes stands in an interval of a line."""
        start, end = self.between(line, interval, interval + 1)
        return start < end and set(self.lines[line][start:end]) <= STROKES


def table(lines: Sequence[str], first: int, count: int, locate: Locate) -> Table | None:
    """The table that so many lines from the first draw; None where they draw none.

    All lines begin and end with a bar, at the same places. A cell is what strokes and bars close in; its text is that
    of its lines, joined with nothing, two figures with a line end.
    """
    if count > MOST_LINES:
        return None
    drawing = next(filter(None, (_drawing(lines[first : first + count], wide) for wide in (1, 2))), None)
    if drawing is None:
        return None
    columns = len(drawing.edges) - 1
    ruled = [[drawing.is_ruled(line, interval) for interval in range(columns)] for line in range(count)]
    borders = [line for line in range(count) if any(ruled[line])]
    if len(borders) < RULES or borders[0] != 0 or borders[-1] != count - 1:
        return None
    bands = {line: row for row, (top, end) in enumerate(pairwise(borders)) for line in range(top + 1, end)}
    rows = len(borders) - 1
    cells = [_box(cell, bands, borders) for cell in _regions(drawing, ruled, count)]
    grid = [[-1] * columns for _ in range(rows)]
    made: list[Cell] = []
    for top, bottom, left, right in sorted(cells, key=lambda box: (box[0], box[2])):
        for row in grid[top:bottom]:
            if any(at >= 0 for at in row[left:right]):
                return None
            row[left:right] = [len(made)] * (right - left)
        own = [line for line in range(borders[top], borders[bottom] + 1) if not ruled[line][left]]
        text, locator = _said(drawing, own, left, right, first, locate)
        made.append(Cell(top, left, bottom - top, right - left, text, locator))
    return Table(tuple(made), tuple(map(tuple, grid)), f"text:L{first + 1}") if made else None


def _drawing(lines: Sequence[str], wide: int) -> _Drawing | None:
    """The lines by place where signs of frames are so wide; None where they do not begin and end below each other."""
    places: list[dict[int, int]] = []
    edges: set[int] = set()
    ends: set[tuple[int, int]] = set()
    for line in lines:
        found: dict[int, int] = {}
        at = 0
        for index, sign in enumerate(line.rstrip()):
            found[at] = index
            framing = sign in BARS or sign in STROKES
            if framing:
                at += 1 if sign.isascii() else wide
            else:
                at += 2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1
        bars = [at for at, index in found.items() if line[index] in BARS and not _is_sign(line, index)]
        if len(bars) < 2 or line[: found[bars[0]]].strip() or found[bars[-1]] != len(line.rstrip()) - 1:
            return None
        places.append(found)
        ends.add((bars[0], bars[-1]))
        edges.update(bars)
    return _Drawing(lines, tuple(places), tuple(sorted(edges))) if len(ends) == 1 and len(edges) > 2 else None


def _is_sign(line: str, index: int) -> bool:
    """Whether what could be the crossing of two strokes is the sign of a figure: +1036."""
    return line[index] == "+" and line[index + 1 : index + 2].isdecimal()


def _regions(drawing: _Drawing, ruled: Sequence[Sequence[bool]], count: int) -> list[list[_Place]]:
    """The places that no bar and no stroke parts."""
    columns = len(drawing.edges) - 1
    seen: set[_Place] = set()
    found: list[list[_Place]] = []
    for line in range(count):
        for interval in range(columns):
            if ruled[line][interval] or (line, interval) in seen:
                continue
            region: list[_Place] = []
            waiting = [(line, interval)]
            seen.add((line, interval))
            while waiting:
                here, column = place = waiting.pop()
                region.append(place)
                beside = []
                if column and drawing.sign(here, drawing.edges[column]) not in BARS:
                    beside.append((here, column - 1))
                if column + 1 < columns and drawing.sign(here, drawing.edges[column + 1]) not in BARS:
                    beside.append((here, column + 1))
                beside += [(other, column) for other in (here - 1, here + 1) if 0 <= other < count]
                for other in beside:
                    if other not in seen and not ruled[other[0]][other[1]]:
                        seen.add(other)
                        waiting.append(other)
            found.append(region)
    return found


def _box(region: Sequence[_Place], bands: dict[int, int], borders: Sequence[int]) -> tuple[int, int, int, int]:
    """The rows and columns that a region goes over: top, bottom, left, right, the ends exclusive."""
    rows = [bands[line] for line, _ in region if line in bands]
    columns = [column for _, column in region]
    if not rows:
        top = max(at for at, border in enumerate(borders) if border <= min(line for line, _ in region))
        rows = [min(top, len(borders) - 2)]
    return min(rows), max(rows) + 1, min(columns), max(columns) + 1


def _said(drawing: _Drawing, own: Sequence[int], left: int, right: int, first: int, locate: Locate) -> tuple[str, str]:
    """The text of a cell and its locator."""
    spans = [(line, *drawing.span(line, left, right)) for line in own]
    pieces = [piece for piece in spans if piece[1] < piece[2]] or spans[:1]
    parts = [drawing.lines[line][start:end] for line, start, end in pieces]
    text = parts[0]
    for before, part in pairwise(parts):
        # Where a figure ends and one begins nothing says that they are one.
        text += "\n" + part if before[-1:].isdigit() and part[:1].isdigit() else part
    places = [locate(first + line, start, end) for line, start, end in pieces] or [locate(first, 0, 0)]
    return text, "+".join([places[0], *(p.removeprefix("text:") for p in places[1:])])
