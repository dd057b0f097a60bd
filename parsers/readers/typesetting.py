"""Glyphs to lines and lines to paragraphs, by geometry alone: what a reader of the printed page sees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from parsers.frozen import frozen
from parsers.readers.sheets import Glyph

Box = tuple[float, float, float, float]

WIDE_GAP = 0.8
"""A gap between two Chinese characters of more than this, in their size, is a blank; less is justification."""

MIXED_GAP = 0.55
NARROW_GAP = 0.26
"""The same between a Chinese and another character, and between two others."""

PIECE = 1.6
"""A gap wider than this, in the size of the characters, parts a line into pieces."""

INDENT = 0.8
"""A line that begins further in than this, in its size, begins a paragraph."""

_CJK = re.compile(r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff—…“”‘’·]")  # fmt: skip # noqa: E501
_CONNECTING = frozenset("-/@._:=&?%#~+")
_ENDING = frozenset("。！？；：.!?;:")
_MARKER = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[.．、]\s?(?=[\u3400-\u9fff])"
)
_APART = re.compile(r"目\s*[录錄]|\S(?:\s+\S)+")
"""A line of its own: a heading of contents, characters set apart."""

_LEADER = re.compile(r"[.．…·•]{4,}\s*[0-9IVXivx]{1,4}$|(?:[.．…·•]\s){4,}\s*[0-9]{1,4}$")
CLOSING = frozenset("，。、；：？！）》」』】〉”’,.;:?!)")


@frozen
class Line:
    """Characters that stand on one line. `pieces` are its parts between wide gaps, `glyphs` the characters, each
    (x0, x1, text); `bases` is where each character stands, which may be a little off `base`, `blanks` where blanks of
    the text stand, as far as that is known.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    text: str
    bold: bool = False
    pieces: tuple[tuple[float, float, str], ...] = ()
    page: int = 0
    glyphs: tuple[tuple[float, float, str], ...] = ()
    bases: tuple[float, ...] = ()
    blanks: tuple[float, ...] = ()

    @property
    def box(self) -> Box:
        return self.x0, self.top, self.x1, self.bottom


@frozen
class Margins:
    """Where lines of running text begin and end on a page, and their size, 0 when not known."""

    left: float
    right: float
    size: float = 0.0


def lines_of(glyphs: Sequence[Glyph], page: int = 0) -> list[Line]:
    """The lines that upright glyphs stand on, top to bottom; glyphs turned aside are read along their own lines."""
    upright = [glyph for glyph in glyphs if glyph.turn == 0]
    lines = [_line(row, page) for row in rows_of(upright)]
    if len(upright) < len(glyphs):
        for turn in (1, 2, 3):
            aside = [glyph for glyph in glyphs if glyph.turn == turn]
            if aside:
                lines.extend(_turned_lines(aside, turn, page))
    lines.sort(key=lambda line: (line.top, line.x0))
    return lines


def is_figure(char: str) -> bool:
    """Whether a character is one that figures are written with."""
    return char.isdecimal() or char in ".,%+-－＋，．％"


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand on one line each, in order of height."""
    rows: list[list[Glyph]] = []
    base = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.base, g.x0)):
        if rows and glyph.base - base <= 0.4 * min(glyph.size, rows[-1][0].size) + 0.3:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            base = glyph.base
    return rows


def _turned_lines(glyphs: list[Glyph], turn: int, page: int) -> list[Line]:
    """Lines of glyphs turned by quarters clockwise: read turned back, boxed where they stand."""
    back = []
    origin: dict[int, Glyph] = {}
    for glyph in glyphs:
        x0, base, x1 = _along(glyph, turn)
        turned = Glyph(glyph.text, x0, base - glyph.size, x1, base, base, glyph.size, 0, glyph.bold)
        back.append(turned)
        origin[id(turned)] = glyph
    found = []
    for row in (part for whole in rows_of(back) for part in _parted(whole)):
        line = _line(row, page)
        own = [origin[id(glyph)] for glyph in row]
        box = (min(g.x0 for g in own), min(g.top for g in own), max(g.x1 for g in own), max(g.bottom for g in own))
        found.append(Line(*box, box[3], line.size, line.text, line.bold, ((box[0], box[2], line.text),), page))
    return found


def _parted(row: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs of a turned line up to each wide gap: labels of several rows stand one after the other."""
    row.sort(key=lambda glyph: (glyph.x0, glyph.x1))
    cuts = [at for at, (before, glyph) in enumerate(pairwise(row), 1) if glyph.x0 - before.x1 > PIECE * glyph.size]
    return [row[start:end] for start, end in pairwise([0, *cuts, len(row)])]


def _along(glyph: Glyph, turn: int) -> tuple[float, float, float]:
    """Where a turned glyph begins on its line, its line's place, and where it ends."""
    if turn == 1:
        return glyph.top, -glyph.base, glyph.bottom
    if turn == 2:
        return -glyph.x1, -glyph.base, -glyph.x0
    return -glyph.bottom, glyph.base, -glyph.top


def _line(row: list[Glyph], page: int) -> Line:
    row.sort(key=lambda glyph: (glyph.x0, glyph.x1))
    size = median(glyph.size for glyph in row)
    pieces: list[tuple[float, float, list[str]]] = []
    text: list[str] = []
    before: Glyph | None = None
    for glyph in row:
        gap = glyph.x0 - before.x1 if before is not None else 0.0
        if before is None or gap > PIECE * size:
            pieces.append((glyph.x0, glyph.x1, []))
            if before is not None:
                text.append(" ")
        elif is_blank(before.text, glyph.text, gap, max(before.size, glyph.size)):
            text.append(" ")
            pieces[-1][2].append(" ")
        text.append(glyph.text)
        pieces[-1][2].append(glyph.text)
        pieces[-1] = (pieces[-1][0], max(pieces[-1][1], glyph.x1), pieces[-1][2])
        before = glyph
    return Line(
        min(glyph.x0 for glyph in row),
        min(glyph.top for glyph in row),
        max(glyph.x1 for glyph in row),
        max(glyph.bottom for glyph in row),
        median(glyph.base for glyph in row),
        size,
        "".join(text),
        sum(glyph.bold for glyph in row) > 0.8 * len(row),
        tuple((x0, x1, "".join(part)) for x0, x1, part in pieces),
        page,
        tuple((glyph.x0, glyph.x1, glyph.text) for glyph in row),
        tuple(glyph.base for glyph in row),
    )


def is_blank(before: str, after: str, gap: float, size: float) -> bool:
    """Whether a gap between two characters of a line is a blank."""
    chinese = (_CJK.match(before) is not None) + (_CJK.match(after) is not None)
    return gap > (NARROW_GAP, MIXED_GAP, WIDE_GAP)[chinese] * size


def cell_text(lines: Sequence[Line], width: float = 0.0) -> str:
    """The text of a cell: its lines, those joined that end only where the cell does.

    `width` is that of the room for text, 0 when not known. A label set one character a line is one
    word. Figures are never joined: whether `12` over `3` is 123 is not for a reader to say.
    """
    if len(lines) > 1 and all(len(line.text) == 1 for line in lines):
        texts = [line.text for line in lines]
        if any(_CJK.match(text) for text in texts):
            return "".join(texts)
    text = ""
    for number, line in enumerate(lines):
        if number == 0:
            text = line.text
        elif width and _is_wrapped(lines[number - 1], line, width):
            text += line.text
        else:
            text += "\n" + line.text
    return text


def _is_wrapped(line: Line, below: Line, width: float) -> bool:
    """Whether a line of a cell ends because what follows has no room, and joins what follows with nothing."""
    last, first = line.text[-1:], below.text[:1]
    if not last or not first or not (_CJK.match(last) or _CJK.match(first)):
        return False
    word = _first_word(below) or below.size
    return width - (line.x1 - line.x0) < word + 0.3 * below.size


def margins_of(lines: Sequence[Line], fallback: Margins | None = None) -> Margins:
    """Where running text begins and ends, by the lines that fill the page."""
    if not lines:
        return fallback or Margins(0.0, 0.0)
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 > 0.75 * (right - left)]
    if len(long) < 3:
        if fallback is not None and fallback.right - fallback.left > 0.8 * (right - left):
            return fallback
        return Margins(left, right)
    starts = Counter(round(line.x0 / 2) for line in long)
    often = max(sorted(starts), key=lambda place: starts[place])
    begins = [line.x0 for line in long if abs(line.x0 / 2 - often) <= 1]
    start, size = median(begins), median(line.size for line in long)
    end = _usual_end(sorted((line.x1 for line in long), reverse=True), 0.75 * size)
    # Where paragraphs of one line stand together, most lines begin with an indent.
    outer = [line.x0 for line in long if start - 4.5 * size < line.x0 < start - INDENT * size]
    if fallback is not None and abs(fallback.right - end) < size and 0 < start - fallback.left < 4.5 * size:
        outer.append(fallback.left)
    start = min(outer, default=start)
    # A page of contents, or of short lines, has the margins of the others.
    if fallback is not None and abs(fallback.left - start) < size and 0 < fallback.right - end < 4 * size:
        end = fallback.right
    return Margins(start, end, size)


def _usual_end(ends: Sequence[float], reach: float) -> float:
    """The last place where several lines end; a sign may hang over the end of one."""
    least = max(2.0, 0.15 * len(ends))
    return next((end for end in ends if sum(end - reach <= other <= end for other in ends) >= least), ends[0])


def pitch_of(lines: Sequence[Line]) -> float:
    """The usual distance from one line to the next, in sizes; 1.6 when nothing shows it."""
    steps = [
        (below.base - line.base) / max(line.size, 1.0)
        for line, below in pairwise(lines)
        if line.page == below.page and 0.9 * line.size < below.base - line.base < 4 * line.size
    ]
    return median(steps) if steps else 1.6


def begins_paragraph(line: Line, before: Line, margins: Margins, earlier: Margins, pitch: float) -> bool:
    """Whether a line begins a paragraph, seen against the line before it, which may stand on the page before."""
    size = max(line.size, before.size)
    if abs(line.size - before.size) > 0.18 * size:
        return True
    if len(before.pieces) > 1 and all(map(is_figure, before.pieces[-1][2])):
        # A line that a figure ends is a row of a table.
        return True
    if len(before.pieces) > 2 and line.pieces[0][1] < before.pieces[-1][0]:
        # Of things set side by side only the last has what follows on the next line.
        return True
    if line.page == before.page and line.base - before.base > max(1.45 * pitch, pitch + 0.6) * size:
        return True
    if _goes_on_centred(line, before, margins, earlier):
        return False
    if (before.text[-1:] in _ENDING and _MARKER.match(line.text)) or _LEADER.search(before.text):
        return True
    indent, own = line.x0 - margins.left, before.x0 - earlier.left
    if indent > INDENT * size and (indent > own + INDENT * size or abs(indent - own) < INDENT * size):
        return True
    room = earlier.right - before.x1
    if room <= 1.7 * size:
        return False
    # A word that does not fit goes to the next line whole.
    word = _first_word(line)
    return not (word and room < word + 1.7 * size)


def rejoined(lines: Sequence[Line]) -> list[Line]:
    """Lines of a page, those as one that are the text of a field that breaks beside the middle of its neighbours."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        line, *others = lines[at : at + 3]
        if len(others) == 2 and _breaks_beside(line, *others):
            middle, rest = others
            x0, x1, text = min(line.x0, rest.x0), max(line.x1, rest.x1), join_lines([line, rest])
            found.append(replace(line, x0=x0, x1=x1, bottom=rest.bottom, text=text, pieces=((x0, x1, text),)))
            found.append(middle)
            at += 3
        else:
            found.append(line)
            at += 1
    return found


def _breaks_beside(line: Line, middle: Line, rest: Line) -> bool:
    """Whether `rest` goes on from `line`, set close below it, and `middle` stands at half the height beside both."""
    size = line.size
    if (
        not line.page == middle.page == rest.page
        or not line.base < middle.base < rest.base < line.base + 1.4 * size
        or abs((line.base + rest.base) / 2 - middle.base) > 0.15 * size
        or abs(line.x0 - rest.x0) > 0.3 * size
        or max(line.x1, rest.x1) > middle.x0
        or max(len(line.pieces), len(rest.pieces)) > 1
    ):
        return False
    room = middle.x0 - line.x1
    return room < (_first_word(rest) or size) + 1.7 * size


def _goes_on_centred(line: Line, before: Line, margins: Margins, earlier: Margins) -> bool:
    """Whether a centred line goes on from one that had no room for more, as long titles do."""
    size = line.size
    if (
        line.page != before.page
        or before.text[-1:] in _ENDING
        or _APART.fullmatch(line.text)
        or abs(line.size - before.size) > 0.05 * size
    ):
        return False
    left, right = line.x0 - margins.left, margins.right - line.x1
    room = before.x0 - earlier.left, earlier.right - before.x1
    even = abs(left - right) < 1.5 * size and abs(room[0] - room[1]) < 1.5 * size
    return even and left > 2.5 * size and -size < min(room) and sum(room) < (_first_word(line) or size) + 2 * size


def _first_word(line: Line) -> float:
    """The width of the word that a line begins with, 0 when it begins with a Chinese character."""
    size = 0
    while size < len(line.text) and line.text[size] != " " and not _CJK.match(line.text[size]):
        size += 1
    return (line.x1 - line.x0) * size / max(1, len(line.text)) if size else 0.0


def join_lines(lines: Sequence[Line]) -> str:
    """The text of a paragraph: nothing between Chinese characters, a blank between words."""
    text = lines[0].text
    for line in lines[1:]:
        last, first = text[-1:], line.text[:1]
        if not last or not first or _CJK.match(last) or _CJK.match(first) or last in _CONNECTING or first in _CONNECTING - {"-"}:  # fmt: skip # noqa: E501
            text += line.text
        else:
            text += " " + line.text
    return text


def alignment(lines: Sequence[Line], margins: Margins) -> str:
    """center or right for a short paragraph that stands there, else ""."""
    if len(lines) > 3 or any(line.page != lines[0].page for line in lines):
        return ""
    # Of several lines the last shows it: the others are full.
    line = lines[-1]
    if any(abs((other.x0 - margins.left) - (margins.right - other.x1)) > 1.5 * line.size for other in lines[:-1]):
        return ""
    left, right = line.x0 - margins.left, margins.right - line.x1
    if left > 2.5 * line.size and abs(left - right) < max(1.5 * line.size, 0.1 * (left + right)):
        return "center"
    # A long title has little room at its sides; two characters are the indent of a paragraph.
    large = 0 < margins.size < 0.87 * line.size
    indented = not large and abs(left - 2 * line.size) < 0.3 * line.size
    if left > 0.8 * line.size and abs(left - right) < (0.8 if large else 0.35) * line.size and not indented:
        return "center"
    if len(lines) == 1 and left > 6 * line.size and right < 3 * line.size:
        return "right"
    return ""
