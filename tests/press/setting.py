"""A report set in lines and tables on pages, with the habits of the programs that print such reports."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.forge.layout import Box, Grid
from tests.press.content import Story
from tests.press.ink import Book, Leaf, picture

HABITS: dict[str, tuple[Any, ...]] = {
    "scheme": ("cid", "cid", "cid", "cid", "radicals", "type3", "named", "ucs2"),
    "digits": ("same", "same", "times"),
    "showing": ("run", "run", "glyph", "tj", "spaced"),
    "bold": ("none", "twice", "stroke"),
    "rules": ("stroke", "long", "thin", "word", "double", "dashes", "pattern", "boxes", "segments", "apart", "gaps"),
    "sides": ("closed", "closed", "closed", "open"),
    "lines": ("all", "all", "all", "all", "all", "all", "rows", "three", "none"),
    "shade": ("none", "none", "white", "header"),
    "breaks": ("row", "row", "cut", "head", "page"),
    "spans": ("middle", "first", "split"),
    "upright": ("wrap", "wrap", "turned"),
    "numbers": ("none", "dash", "long_dash", "of", "bare", "plain_dash", "chinese"),
    "head": ("none", "none", "none", "title", "site"),
    "cover": ("none", "none", "none", "red", "cover", "contents", "number"),
    "justify": (True, True, False),
    "values": ("center", "center", "right", "tight"),
    "landscape": ("none", "none", "none", "page", "rotate", "all"),
    "frame": ("none", "none", "none", "crop", "origin", "unit", "rotate", "form"),
    "extras": ("none", "none", "none", "watermark", "flat_watermark", "seal", "footnote", "signature"),
    "size": (12.0, 14.0, 16.0, 16.0),
    "title_lines": (1, 2),
    "headings": ("own", "own", "inline"),
    "columns": ("even", "measured", "measured"),
    "small": (9.0, 10.5, 10.5, 12.0),
}  # fmt: skip


def habits(rng: random.Random, **fixed: Any) -> dict[str, Any]:
    return {name: fixed.get(name, rng.choice(values)) for name, values in HABITS.items()}


@dataclass(slots=True)
class _Press:
    """The state of setting: where on which page the next line goes."""

    book: Book
    look: dict[str, Any]
    rng: random.Random
    wide: float = 595.0
    high: float = 842.0
    left: float = 80.0
    right: float = 75.0
    top: float = 85.0
    bottom: float = 80.0
    y: float = 0.0
    leaf: Leaf = field(default_factory=Leaf)
    fresh: bool = True

    # Pages

    def turn_over(self, wide: float = 0.0, high: float = 0.0) -> None:
        self.leaf = Leaf(wide or self.wide, high or self.high)
        self.book.leaves.append(self.leaf)
        self.y = self.top
        self.fresh = True

    @property
    def floor(self) -> float:
        return self.leaf.height - self.bottom

    @property
    def room(self) -> float:
        return self.leaf.width - self.left - self.right

    # Ink

    def put(self, code: bytes) -> None:
        self.leaf.content.append(code)

    def text(self, x: float, base: float, text: str, size: float, *, bold: bool = False, stretch: float = 0.0) -> float:
        """Characters from x on a base line (from the top of the page); `stretch` is added between them."""
        if bold and self.look["bold"] == "twice":
            self._text(x + 0.3, base, text, size, stretch)
        if bold and self.look["bold"] == "stroke":
            self.put(b"2 Tr 0.3 w")
        end = self._text(x, base, text, size, stretch)
        if bold and self.look["bold"] == "stroke":
            self.put(b"0 Tr")
        return end

    def _text(self, x: float, base: float, text: str, size: float, stretch: float) -> float:
        y = self.leaf.height - base
        showing = self.look["showing"]
        for run in self._runs(text):
            latin = self.look["digits"] == "times" and run[0].isascii()
            if latin:
                self.put(b"BT /F1 %g Tf %g %g Td %g Tc (%s) Tj 0 Tc ET" % (size, x, y, stretch, run.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1")))  # fmt: skip
                x += sum(_times(char) for char in run) * size + stretch * len(run)
                continue
            if showing == "glyph" or (showing != "run" and stretch) or self.book.scheme == "type3":
                for char in run:
                    for font, shown in self.book.show(char):
                        self.put(b"BT /%s 1 Tf %g 0 0 %g %.3f %.3f Tm %s Tj ET" % (font, size, size, x, y, shown))
                    x += self.book.advance(char) * size + stretch
                continue
            if showing == "tj":
                pieces = b" ".join(shown + b" -0.4" for char in run for _, shown in self.book.show(char))
                self.put(b"BT /C0 %g Tf 1 0 0 1 %.3f %.3f Tm [%s] TJ ET" % (size, x, y, pieces))
            else:
                for font, shown in self.book.show(run + (" " if showing == "spaced" else "")):
                    self.put(b"BT /%s %g Tf 1 0 0 1 %.3f %.3f Tm %.4f Tc %s Tj 0 Tc ET" % (font, size, x, y, stretch, shown))  # fmt: skip
            x += self.natural(run, size) + stretch * len(run)
        return x

    def _runs(self, text: str) -> list[str]:
        runs: list[str] = []
        for char in text:
            if runs and (runs[-1][-1].isascii() == char.isascii()):
                runs[-1] += char
            else:
                runs.append(char)
        return runs

    def measure(self, text: str, size: float) -> float:
        if self.look["digits"] == "times":
            return sum((_times(char) if char.isascii() else self.book.advance(char)) for char in text) * size
        return self.natural(text, size)

    def natural(self, text: str, size: float) -> float:
        return sum(self.book.advance(char) for char in text) * size

    # Running text

    def wrapped(self, text: str, size: float, room: float, indent: float = 0.0) -> list[str]:
        """The lines of a text; a line never begins with a closing sign, a number is never cut."""
        lines, line, used = [], "", indent
        for whole in _tokens(text):
            token = whole
            wide = self.measure(token, size)
            if line and used + wide > room + 0.01 and token[0] not in "，。、；：）》”":
                lines.append(line)
                line, used = "", 0.0
            while wide > room + size and len(token) > 1:
                part = ""
                while token and self.measure(part + token[0], size) <= room:
                    part, token = part + token[0], token[1:]
                if not part:
                    break
                lines.append(line + part)
                line, used, wide = "", 0.0, self.measure(token, size)
            line += token
            used += wide
        return [*lines, line] if line or not lines else lines

    def paragraph(
        self, text: str, *, size: float = 0.0, bold: bool = False, align: str = "", indent: float = 2.0
    ) -> None:
        size = size or self.look["size"]
        pitch = size * 1.75
        lines = self.wrapped(text, size, self.room, indent * size)
        for number, line in enumerate(lines):
            if self.y + pitch > self.floor:
                self.turn_over()
            x = self.left + (indent * size if number == 0 else 0)
            wide = self.measure(line, size)
            stretch = 0.0
            if align == "center":
                x = self.left + (self.room - wide) / 2
            elif align == "right":
                x = self.left + self.room - wide - 2 * size
            elif self.look["justify"] and number < len(lines) - 1 and len(line) > 1:
                stretch = (self.left + self.room - x - wide) / (len(line) - 1)
            self.text(x, self.y + pitch * 0.5 + size * 0.36, line, size, bold=bold, stretch=stretch)
            self.y += pitch
            self.fresh = False

    def gap(self, high: float) -> None:
        self.y += high


_TIMES = {
    "-": 0.333, ".": 0.25, ",": 0.25, "/": 0.278, "(": 0.333, ")": 0.333, " ": 0.25, "@": 0.921, "%": 0.833,
    ":": 0.278, "+": 0.564, "m": 0.778, "w": 0.722, "f": 0.333, "i": 0.278, "j": 0.278, "l": 0.278, "t": 0.278,
    "r": 0.333, "s": 0.389, "c": 0.444, "a": 0.444, "e": 0.444, "z": 0.444,
}  # fmt: skip


def _times(char: str) -> float:
    """Widths near those of Times Roman."""
    return _TIMES.get(char, 0.5)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for char in text:
        if found and char.isascii() and not char.isspace() and found[-1][-1].isascii() and not found[-1][-1].isspace():
            found[-1] += char
        else:
            found.append(char)
    return found


# Tables


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    rows: int
    columns: int
    box: Box


def _placed(grid: Grid) -> tuple[list[_Cell], int]:
    taken: set[tuple[int, int]] = set()
    cells = []
    width = 0
    for r, row in enumerate(grid):
        c = 0
        for box in row:
            while (r, c) in taken:
                c += 1
            cells.append(_Cell(r, c, box.rows, box.columns, box))
            taken |= {(r + i, c + j) for i in range(box.rows) for j in range(box.columns)}
            c += box.columns
            width = max(width, c)
    return cells, width


def _column_widths(press: _Press, cells: Sequence[_Cell], count: int, size: float, room: float) -> list[float]:
    needs = [1.6 * size] * count
    for cell in cells:
        if cell.columns == 1:
            longest = max((press.measure(line, size) for line in cell.box.text.split("\n")), default=0.0)
            most = 9 * size if cell.rows == 1 else (1.6 if press.look["columns"] == "measured" else 4) * size
            if cell.box.role == "header":
                most = 2.2 * size
            if cell.box.role == "value":
                most = longest if press.look["columns"] == "measured" else 3 * size
            needs[cell.column] = max(needs[cell.column], min(longest, most) + 0.6 * size)
    for cell in cells:
        # A label over several columns needs room for at least some of its characters.
        own = sum(needs[cell.column : cell.column + cell.columns])
        if cell.columns > 1 and own < min(press.measure(cell.box.text, size), 4 * size):
            needs[cell.column + cell.columns - 1] += 2 * size
    if press.look["columns"] == "even" and count <= 6:
        needs = [1.0] * count
    total = sum(needs)
    return [need * room / total for need in needs]


def table(press: _Press, grid: Grid) -> None:
    look = press.look
    cells, count = _placed(grid)
    size = look["small"]
    if count > 10:
        size = min(size, 9.0)
    widths = _column_widths(press, cells, count, size, press.room)
    xs = [press.left]
    for wide in widths:
        xs.append(xs[-1] + wide)
    pad = 0.5 if look["values"] == "tight" else min(3.0, 0.25 * size)
    pitch = size * 1.3
    rows = len(grid)
    heights = [pitch + 5.0] * rows
    lines: dict[int, list[str]] = {}
    for index, cell in enumerate(cells):
        room = xs[cell.column + cell.columns] - xs[cell.column] - 2 * pad
        lines[index] = [w for part in cell.box.text.split("\n") for w in press.wrapped(part, size, room)] if cell.box.text else []  # fmt: skip
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], len(lines[index]) * pitch + 5)
    for index, cell in enumerate(cells):
        own = sum(heights[cell.row : cell.row + cell.rows])
        need = len(lines[index]) * pitch + 5
        if cell.rows > 1 and need > own and not _is_turned(press, cell, xs, size):
            heights[cell.row + cell.rows - 1] += need - own
    head = 0
    while head < rows and all(box.role != "value" for box in grid[head]) and head < 3:
        head += 1
    head = min(head, rows - 1)
    while head and any(c.row < head < c.row + c.rows for c in cells):
        head -= 1
    if look["breaks"] == "page" and press.y + sum(heights) > press.floor and not press.fresh:
        press.turn_over()
    start = 0
    offset = 0.0  # what of the first row stands on the page before
    while start < rows:
        repeat = look["breaks"] == "head" and start >= head > 0
        above = sum(heights[:head]) if repeat else 0.0
        y = press.y + above
        end, cut = start, 0.0
        while end < rows:
            high = heights[end] - (offset if end == start else 0.0)
            if y + high <= press.floor + 0.01:
                y += high
                end += 1
                continue
            left_over = press.floor - y
            if look["breaks"] == "cut" and left_over > pitch + 4 and high - left_over > 4:
                cut = left_over
            break
        if end == start and not cut:
            if press.fresh:
                end, cut = start + 1, 0.0
            else:
                press.turn_over(press.leaf.width, press.leaf.height)
                continue
        if repeat:
            _part(press, grid, cells, lines, xs, heights, 0, head, 0.0, 0.0, size, pitch, pad)
            press.y += above
        _part(press, grid, cells, lines, xs, heights, start, end, offset, cut, size, pitch, pad)
        shown = sum(heights[start:end]) - offset + cut
        press.y += shown
        press.fresh = False
        if cut:
            offset = cut + (offset if end == start else 0.0)
        else:
            offset = 0.0
        start = end
        if start < rows:
            press.turn_over(press.leaf.width, press.leaf.height)
    press.gap(8)


def _is_turned(press: _Press, cell: _Cell, xs: Sequence[float], size: float) -> bool:
    narrow = xs[cell.column + cell.columns] - xs[cell.column] < 2.6 * size
    return press.look["upright"] == "turned" and narrow and cell.rows > 3 and len(cell.box.text) > 2


def _part(press: _Press, grid: Grid, cells: Sequence[_Cell], lines: dict[int, list[str]], xs: Sequence[float],
          heights: Sequence[float], start: int, end: int, offset: float, cut: float, size: float, pitch: float,
          pad: float) -> None:  # fmt: skip
    """Rows of a table on the open page; the first lacks `offset` at its top, `cut` of the row `end` is shown."""
    last = end + (1 if cut else 0)
    tops = [press.y]
    for row in range(start, last):
        high = heights[row] - (offset if row == start else 0.0)
        if row == end:
            high = cut
        tops.append(tops[-1] + high)

    def at(row: int) -> float:
        return tops[max(0, min(row - start, len(tops) - 1))]

    shown: list[tuple[float, float, float, float, _Cell]] = []
    for index, cell in enumerate(cells):
        if cell.row + cell.rows <= start or cell.row >= last:
            continue
        x0, x1 = xs[cell.column], xs[cell.column + cell.columns]
        y0, y1 = at(cell.row), at(cell.row + cell.rows)
        shown.append((x0, y0, x1, y1, cell))
        own = lines[index]
        begins = cell.row >= start and not (cell.row == start and offset)
        ends = cell.row + cell.rows <= end or (cell.row + cell.rows == last and not cut)
        if not own:
            continue
        if _is_turned(press, cell, xs, size):
            if begins:
                _turned(press, cell, x0, y0, x1, y1, size)
            continue
        visible = own
        if not (begins and ends):
            visible = _share(press, cell, own, heights, start, last, offset, cut, end, pitch, y1 - y0)
        _fill(press, cell, visible, x0, y0, x1, y1, size, pitch, pad, top=not (begins and ends))
    _rule(press, shown, tops, xs, cutting=(bool(offset), bool(cut)), first=start == 0, whole_end=last == len(heights) and not cut)  # fmt: skip


def _share(press: _Press, cell: _Cell, own: list[str], heights: Sequence[float], start: int, last: int, offset: float,
           cut: float, end: int, pitch: float, high: float) -> list[str]:  # fmt: skip
    """The lines of a cell over a page break that stand on this page."""
    before = sum(heights[cell.row : start]) if cell.row < start else 0.0
    if cell.row <= start < cell.row + cell.rows:
        before += offset
    if cell.rows > 1:
        begins = before <= 0.0
        mode = press.look["spans"]
        if mode == "first" or len(own) == 1:
            return own if begins else []
        if mode == "middle":
            total = sum(heights[cell.row : cell.row + cell.rows])
            first = (total - len(own) * pitch) / 2
        else:
            first = 2.0
    else:
        first = 2.0
    # Lines that stand wholly on the page; a line across the break goes to the next one.
    found, y = [], first
    room, passed = high, before
    for line in own:
        if (y >= passed - 0.01 and y + pitch <= passed + room + 0.01) or (passed > 0 and y < passed < y + pitch):
            found.append(line)
        y += pitch
    return found


def _fill(press: _Press, cell: _Cell, own: list[str], x0: float, y0: float, x1: float, y1: float, size: float,
          pitch: float, pad: float, *, top: bool) -> None:  # fmt: skip
    look = press.look
    y = y0 + 2 if top else y0 + (y1 - y0 - len(own) * pitch) / 2
    for line in own:
        wide = press.measure(line, size)
        x = x0 + pad
        if cell.box.role in ("value", "header", "unit", "mark", "code"):
            if look["values"] in ("center", "tight") or cell.box.role != "value":
                x = x0 + (x1 - x0 - wide) / 2
            else:
                x = x1 - pad - wide
        elif cell.rows > 2:
            x = x0 + (x1 - x0 - wide) / 2
        press.text(x, y + pitch / 2 + size * 0.36, line, size, bold=cell.box.role == "header")
        y += pitch


def _turned(press: _Press, cell: _Cell, x0: float, y0: float, x1: float, y1: float, size: float) -> None:
    """A label that stands on its side, read from below."""
    text = cell.box.text
    x = (x0 + x1) / 2 + size * 0.36
    y = press.leaf.height - min(y1, y0 + (y1 - y0) / 2 + press.natural(text, size) / 2)
    for char in text:
        for font, shown in press.book.show(char):
            press.put(b"BT /%s 1 Tf 0 %g %g 0 %.3f %.3f Tm %s Tj ET" % (font, size, -size, x, y, shown))
        y += press.book.advance(char) * size


def _rule(press: _Press, shown: Sequence[tuple[float, float, float, float, _Cell]], tops: Sequence[float],
          xs: Sequence[float], *, cutting: tuple[bool, bool], first: bool, whole_end: bool) -> None:  # fmt: skip
    look = press.look
    edges: set[tuple[float, float, float, float]] = set()
    left, right, upper, lower = xs[0], xs[-1], tops[0], tops[-1]
    headed = max((y1 for _, _, _, y1, c in shown if c.box.role == "header"), default=upper)
    if look["shade"] == "white":
        for x0, y0, x1, y1, _ in shown:
            press.leaf.content.insert(0, b"1 g %g %g %g %g re f 0 g" % (x0, press.leaf.height - y1, x1 - x0, y1 - y0))
    if look["shade"] == "header":
        for x0, y0, x1, y1, cell in shown:
            if cell.box.role == "header":
                press.leaf.content.insert(0, b"0.78 0.84 0.94 rg %g %g %g %g re f 0 g" % (x0, press.leaf.height - y1, x1 - x0, y1 - y0))  # fmt: skip
    for x0, y0, x1, y1, cell in shown:
        if look["lines"] == "none":
            continue
        if look["lines"] == "three":
            for y in (upper, headed, lower):
                edges.add((left, y, right, y))
            continue
        sides = [(x0, y0, x1, y0), (x0, y1, x1, y1)]
        if look["lines"] == "all":
            sides += [(x0, y0, x0, y1), (x1, y0, x1, y1)]
        for edge in sides:
            outer = edge[0] == edge[2] and edge[0] in (left, right)
            if look["sides"] == "open" and outer:
                continue
            edges.add(edge)
        del cell
    if look["spans"] != "middle":  # some programs leave the side of a cut open
        if cutting[0]:
            edges = {e for e in edges if not (e[1] == e[3] == upper)}
        if cutting[1]:
            edges = {e for e in edges if not (e[1] == e[3] == lower)}
    if look["rules"] in ("long", "double"):
        edges = _long(edges)
    for edge in sorted(edges):
        _draw(press, edge)


def _long(edges: set[tuple[float, float, float, float]]) -> set[tuple[float, float, float, float]]:
    found: set[tuple[float, float, float, float]] = set()
    for flat in (True, False):
        groups: dict[float, list[tuple[float, float]]] = {}
        for x0, y0, x1, y1 in edges:
            if (y0 == y1) == flat:
                groups.setdefault(y0 if flat else x0, []).append((x0, x1) if flat else (y0, y1))
        for at, spans in groups.items():
            spans.sort()
            run = list(spans[0])
            for a, b in spans[1:]:
                if a <= run[1] + 0.01:
                    run[1] = max(run[1], b)
                else:
                    found.add((run[0], at, run[1], at) if flat else (at, run[0], at, run[1]))
                    run = [a, b]
            found.add((run[0], at, run[1], at) if flat else (at, run[0], at, run[1]))
    return found


def _draw(press: _Press, edge: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = edge
    h = press.leaf.height
    y0, y1 = h - y0, h - y1
    style = press.look["rules"]
    flat = y0 == y1
    length = abs(x1 - x0) if flat else abs(y1 - y0)
    low = min(y0, y1)
    if style in ("stroke", "long"):
        press.put(b"0.5 w %g %g m %g %g l S" % (x0, y0, x1, y1))
    elif style in ("thin", "word"):
        w = 0.48
        inset = w if style == "word" else 0.0
        if flat:
            press.put(b"%g %g %g %g re f*" % (x0 + inset, y0, length - inset, w))
        else:
            press.put(b"%g %g %g %g re f*" % (x0, low, w, length - inset))
        if style == "word":
            press.put(b"%g %g %g %g re f*" % (x0, y0, w, w))
    elif style == "double":
        for d in (-0.75, 0.75):
            if flat:
                press.put(b"0.25 w %g %g m %g %g l S" % (x0, y0 + d, x1, y1 + d))
            else:
                press.put(b"0.25 w %g %g m %g %g l S" % (x0 + d, y0, x1 + d, y1))
    elif style == "pattern":
        press.put(b"[3 2] 0 d 0.5 w %g %g m %g %g l S [] 0 d" % (x0, y0, x1, y1))
    elif style in ("dashes", "segments"):
        on, off = (2.5, 1.5) if style == "dashes" else (6.0, 0.0)
        place = 0.0
        while place < length:
            stop = min(length, place + on)
            if flat:
                press.put(b"0.5 w %g %g m %g %g l S" % (x0 + place, y0, x0 + stop, y0))
            else:
                press.put(b"0.5 w %g %g m %g %g l S" % (x0, low + place, x0, low + stop))
            place = stop + off
            if off == 0 and stop == length:
                break
    elif style == "boxes":
        if flat:
            press.put(b"%g %g m %g %g l %g %g l %g %g l h f" % (x0, y0 - 0.4, x1, y0 - 0.4, x1, y0 + 0.4, x0, y0 + 0.4))
        else:
            press.put(b"%g %g m %g %g l %g %g l %g %g l h f" % (x0 - 0.4, y0, x0 + 0.4, y0, x0 + 0.4, y1, x0 - 0.4, y1))
    elif style == "apart":  # each cell within a frame of its own, a little apart
        for d in (-1.1, 1.1):
            if flat:
                press.put(b"0.5 w %g %g m %g %g l S" % (x0 + 1.1, y0 + d, x1 - 1.1, y1 + d))
            else:
                press.put(b"0.5 w %g %g m %g %g l S" % (x0 + d, low + 1.1, x0 + d, low + length - 1.1))
    elif flat:  # gaps: lines end a little before they meet
        press.put(b"0.7 w %g %g m %g %g l S" % (x0 + 1.2, y0, x1 - 1.2, y1))
    else:
        press.put(b"0.7 w %g %g m %g %g l S" % (x0, low + 1.2, x0, low + length - 1.2))


# The whole


def print_report(story: Story, look: dict[str, Any], seed: int = 0, *, shapes: bool = True) -> Book:
    """A report on pages by the habits of `look`."""
    rng = random.Random(f"setting {seed}")
    book = Book(look["scheme"], shapes=shapes)
    press = _Press(book, look, rng)
    facts = story.facts
    if look["landscape"] == "all":
        press.wide, press.high = 842.0, 595.0
        press.top = press.bottom = 70.0
    if look["extras"] == "footnote":
        press.bottom = 120.0
    press.turn_over()
    title = look["size"] + 6
    year, month, day = facts.published.split("-")
    story.truth["published_date"] = None
    if look["cover"] == "red":
        press.put(b"0.8 0.1 0.1 rg")
        press.paragraph(
            f"{facts.publisher}文件", size=min(36.0, press.room / (len(facts.publisher) + 3)), align="center", indent=0
        )
        press.put(b"0 g")
        press.gap(20)
        press.paragraph(f"{facts.place[:2]}政〔{int(year)}〕12号", align="center", indent=0)
        press.put(b"0.8 0.1 0.1 RG 2 w %g %g m %g %g l S 0 G" % (press.left, press.leaf.height - press.y - 4, press.left + press.room, press.leaf.height - press.y - 4))  # fmt: skip
        press.gap(40)
        story.truth["document_number"] = f"{facts.place[:2]}政〔{int(year)}〕12号"
    elif look["cover"] == "number":
        press.paragraph(f"{facts.place[:2]}政〔{int(year)}〕12号", align="center", indent=0)
        press.gap(20)
        story.truth["document_number"] = f"{facts.place[:2]}政〔{int(year)}〕12号"
    elif look["cover"] == "cover":
        press.gap(150)
        press.paragraph(facts.title, size=26, align="center", indent=0, bold=True)
        press.gap(250)
        press.paragraph(facts.publisher, align="center", indent=0)
        press.paragraph(f"{year}年{int(month)}月", align="center", indent=0)
        press.turn_over()
    elif look["cover"] == "contents":
        press.paragraph("目　录", size=title, align="center", indent=0)
        page = 2
        for level, text in story.blocks:
            if level in (1, 2):
                x = press.left + (level - 1) * 2 * 12
                if press.y + 21 > press.floor:
                    press.turn_over()
                end = press.text(x, press.y + 15, text, 12)
                stop = press.left + press.room - 24
                dots = "." * max(3, int((stop - end) / (book.advance(".") * 12)))
                press.text(end, press.y + 15, dots, 12)
                press.text(press.left + press.room - 20, press.y + 15, str(page), 12)
                press.y += 21
                page += rng.random() < 0.4
        press.turn_over()
    if look["title_lines"] == 2 and facts.title.startswith(facts.publisher):
        press.paragraph(facts.publisher, size=title, align="center", indent=0, bold=True)
        press.paragraph(facts.title.removeprefix(facts.publisher), size=title, align="center", indent=0, bold=True)
    else:
        press.paragraph(facts.title, size=title, align="center", indent=0, bold=True)
    press.gap(20)
    blocks = list(story.blocks)
    number = 0
    while number < len(blocks):
        level, text = blocks[number]
        number += 1
        if level < 0:
            aside = look["landscape"] in ("page", "rotate") and len(story.grids) <= 1
            if aside and look["landscape"] == "page":
                press.turn_over(842.0, 595.0)
            table(press, story.grids[int(text)])
            if aside and number < len(blocks):
                press.turn_over()
        elif level == 2 and look["headings"] == "inline" and number < len(blocks) and blocks[number][0] == 0:
            press.paragraph(f"{text}。{blocks[number][1]}")
            number += 1
        elif level:
            if press.y + 60 > press.floor:
                press.turn_over()
            press.paragraph(text, bold=level == 1)
        else:
            press.paragraph(text)
    if look["extras"] == "signature":
        press.gap(20)
        press.paragraph(facts.publisher, align="right", indent=0)
        press.paragraph(f"{year}年{int(month)}月{int(day)}日", align="right", indent=0)
        story.truth["published_date"] = facts.published
    _furnish(press, facts)
    return book


def _furnish(press: _Press, facts: Any) -> None:
    """Page numbers, heads, and what lies over the text."""
    look, book = press.look, press.book
    total = len(book.leaves)
    written = {
        "dash": lambda n: f"- {n} -", "long_dash": lambda n: f"— {n} —", "of": lambda n: f"第{n}页 共{total}页",
        "bare": str, "plain_dash": lambda n: f"-{n}-", "chinese": lambda n: f"第 {n} 页",
    }  # fmt: skip
    for n, leaf in enumerate(book.leaves, 1):
        press.leaf = leaf
        if look["numbers"] != "none":
            say: Callable[[int], str] = written[look["numbers"]]
            words = say(n)
            x = (leaf.width - press.natural(words, 10.5)) / 2
            if look["numbers"] in ("long_dash", "plain_dash"):
                x = leaf.width - press.right - 60 if n % 2 else press.left + 14
            press.text(x, leaf.height - 45, words, 10.5)
        if look["head"] == "title":
            press.text((leaf.width - press.natural(facts.title, 9)) / 2, 50, facts.title, 9)
        if look["head"] == "site":
            press.text(press.left, 50, facts.site + "门户网站", 9)
            press.text(leaf.width - press.right - 90, 50, f"{facts.published} 10:23", 9)
        if look["extras"] == "watermark":
            a = math.radians(40)
            c, s = 40 * math.cos(a), 40 * math.sin(a)
            for font, shown in book.show("政府信息公开"):
                press.put(b"q 0.85 g BT /%s 1 Tf %g %g %g %g 150 250 Tm %s Tj ET Q" % (font, c, s, -s, c, shown))
        if look["extras"] == "flat_watermark":
            x = leaf.width / 2 - 180
            for font, shown in book.show("内部资料注意"):
                press.put(b"q 0.88 g BT /%s 60 Tf %g %g Td %s Tj ET Q" % (font, x, leaf.height / 2, shown))
                x += 60 * 6
        if look["extras"] == "footnote" and n == 1:
            press.put(b"0.5 w %g 110 m %g 110 l S" % (press.left, press.left + 140))
            press.text(press.left, leaf.height - 96, "① 本报告中数据由各单位报送。", 9)
    if look["extras"] == "seal":
        book.images.append(picture())
        press.put(
            b"q 110 0 0 110 %g %g cm /I0 Do Q" % (press.leaf.width - 260, max(90, press.leaf.height - press.y - 20))
        )
    for leaf in book.leaves:
        leaf.form = look["frame"] == "form"
        leaf.origin = (37.0, 52.0) if look["frame"] == "origin" else (0.0, 0.0)
        leaf.crop = 18.0 if look["frame"] == "crop" else 0.0
        leaf.unit = 1.5 if look["frame"] == "unit" else 1.0
        if look["frame"] == "rotate" or (look["landscape"] == "rotate" and leaf.width < leaf.height):
            _lay_aside(leaf)


def _lay_aside(leaf: Leaf) -> None:
    """Content turned by a quarter on a page that is turned back when it is shown."""
    w, h = leaf.width, leaf.height
    leaf.content = [b"q 0 1 -1 0 %g 0 cm" % h, *leaf.content, b"Q"]
    leaf.width, leaf.height, leaf.rotate = h, w, 90
