"""Lines as tokens, what stands between gaps, and the strips and cells that these are put into."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from parsers.frozen import frozen
from parsers.readers.breaks import is_number
from parsers.readers.sheets import Ruling
from parsers.readers.typesetting import CLOSING, Line, is_blank

GAP = 0.45
"""Characters further apart than this, in their size, may stand in two cells."""

TIGHT = 0.2
"""The same where a figure ends what stands before it."""

FILLED = 4
GUTTER = 0.08
"""In so many rows a strip that is free in all of them, wider by this than gaps within words, in the size of their
characters, parts cells.
"""

EDGE = 0.3
"""What begins no further from each other than this, in points, begins at one place."""

LEAST_BEGUN = 2
"""Where so many other words begin, a gap within words parts cells."""

HANGING = 0.25
"""What of a word stands over the side of its column at most, in the size of its characters."""

LEAST_ROWS = 3
"""So many rows of figures are a table without a header."""

FULL = 1.1
"""A line that has less room left than this, in its size, has none for another character."""

_DIGITS = re.compile(r"[0-9０-９.．,，]+")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_COUNTED = re.compile(
    r"(?:[-－+＋]|增加?|减少?|減少?)?[0-9０-９]+(?:[.,，．][0-9０-９]+)*\s*(?:(?![年月日号號项項条條款第])[\u3400-\u9fff]){0,2}"
    r"(?:条|條|项|項)?(?:\s*[（(][^（()）]*[）)]?)?"
)
_SIGN = re.compile("增加?|减少?|減少?")
LONGEST_SIGN = 2
_LEADER = re.compile(r"[.．…·•]{4,}|(?:[.．…·•]\s){4,}")


@frozen
class Token:
    """What stands on a line between two gaps: a cell or a part of one."""

    x0: float
    x1: float
    line: Line

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def base(self) -> float:
        return self.line.base

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Strip:
    """A column in the making: where its cells have ink, and whether figures stand in it."""

    x0: float
    x1: float
    figures: bool = False
    headed: bool = False

    def covers(self, token: Token) -> bool:
        return token.x0 < self.x1 and token.x1 > self.x0

    def take(self, x0: float, x1: float) -> None:
        self.x0, self.x1 = min(self.x0, x0), max(self.x1, x1)


@dataclass(slots=True)
class Row:
    """A line of the page as tokens, with those that are figures; `is_seed` where a figure ends it apart from others."""

    line: Line
    tokens: list[Token]
    figures: list[Token] = field(init=False)
    is_seed: bool = field(init=False)

    def __post_init__(self) -> None:
        self.figures = [token for token in self.tokens if is_figure(token.text)]
        last = self.tokens[-1].text
        ends = len(self.tokens) > 1 and is_figure(last)
        self.is_seed = ends and not _LEADER.search(self.line.text)

    @property
    def is_bare(self) -> bool:
        """Whether the line begins with a figure."""
        return is_figure(self.tokens[0].text)

    @property
    def is_all_figures(self) -> bool:
        """Whether nothing but figures stands on the line."""
        return len(self.figures) == len(self.tokens)

    @property
    def label_end(self) -> float:
        """Where the words before the first figure end."""
        first = next((n for n, token in enumerate(self.tokens) if is_figure(token.text)), len(self.tokens))
        return max((token.x1 for token in self.tokens[:first]), default=self.line.x0)


@frozen
class Cell:
    """Tokens of a cell: rows `top` to `bottom` and columns `left` to `right`, the latter exclusive."""

    top: int
    left: int
    bottom: int
    right: int
    tokens: tuple[Token, ...] = ()


def tokens_of(line: Line, sides: Sequence[Ruling] = ()) -> list[Token]:
    glyphs = line.glyphs
    if not glyphs:
        return [Token(line.x0, line.x1, line)]
    cuts = [0]
    beside = [side.at for side in sides if side.start < line.base < side.end and line.x0 < side.at < line.x1]
    for at, (before, glyph) in enumerate(pairwise(glyphs), 1):
        gap = glyph[0] - before[1]
        ruled = any(before[1] - 0.2 * line.size < side < glyph[0] + 0.2 * line.size for side in beside)
        ends = glyph[2].isdecimal() and not before[2].isascii() and gap > TIGHT * line.size
        if ends and not ruled and _is_sign(glyphs[cuts[-1] : at]):
            ends = False
        if gap > GAP * line.size or ruled or (ends and _is_rest_figure(glyphs, at, line.size)):
            cuts.append(at)
    return [_token(line, start, end) for start, end in pairwise([*cuts, len(glyphs)])]


def _is_sign(glyphs: Sequence[tuple[float, float, str]]) -> bool:
    """Whether characters are a word in place of the sign of the figure behind it."""
    return len(glyphs) <= LONGEST_SIGN and _SIGN.fullmatch("".join(text for _, _, text in glyphs)) is not None


def gaps_at(line: Line, sides: Sequence[Ruling]) -> list[Ruling]:
    """Those sides beside a line that stand where its characters are further apart than those of words."""
    own = [side for side in sides if side.start < line.base < side.end and line.x0 < side.at < line.x1]
    if not own:
        return []
    gaps = [(before[1], glyph[0]) for before, glyph in pairwise(line.glyphs)]
    usual = max(0.0, median(end - start for start, end in gaps)) if len(gaps) > 2 else 0.0
    wide = [(start, end) for start, end in gaps if end - start > usual + GUTTER * line.size]
    return [side for side in own if any(start - EDGE < side.at < end + EDGE for start, end in wide)]


def _is_rest_figure(glyphs: Sequence[tuple[float, float, str]], at: int, size: float) -> bool:
    """Whether what begins here is a figure up to the next gap."""
    end = at
    while end < len(glyphs) and (end == at or glyphs[end][0] - glyphs[end - 1][1] <= GAP * size):
        end += 1
    return is_figure("".join(text for _, _, text in glyphs[at:end]))


def _ink(glyph: tuple[float, float, str], size: float) -> float:
    """Where the ink of a character ends: that of closing signs as wide as ideographs in their middle."""
    x0, x1, text = glyph
    return x0 + 0.5 * size if text in CLOSING and x1 - x0 > 0.9 * size else x1


def _token(line: Line, start: int, end: int) -> Token:
    own = line.glyphs[start:end]
    text = own[0][2]
    for before, glyph in pairwise(own):
        text += (" " if is_blank(before[2][-1:], glyph[2][:1], glyph[0] - before[1], line.size) else "") + glyph[2]
    x0, x1 = own[0][0], max(_ink(glyph, line.size) for glyph in own)
    bases = line.bases[start:end]
    part = replace(line, x0=x0, x1=x1, base=median(bases), text=text, glyphs=own, bases=bases, pieces=((x0, x1, text),))
    return Token(x0, x1, part)


def split_at(token: Token, low: float, high: float) -> list[Token]:
    """A token cut at its widest gap between two places, where that is wider than those within its words."""
    glyphs, line = token.line.glyphs, token.line
    gaps = [(b[0] - a[1], at, (a[1] + b[0]) / 2) for at, (a, b) in enumerate(pairwise(glyphs), 1)]
    if not gaps:
        return [token]
    usual = sorted(gap for gap, _, _ in gaps)[len(gaps) // 2] if len(gaps) > 2 else 0.0
    within = [(gap, at) for gap, at, middle in gaps if low - 0.5 <= middle <= high + 0.5]
    best = max(within, default=(0.0, 0))
    if best[0] - max(usual, 0.0) < 0.06 * line.size:
        return [token]
    return [_token(line, 0, best[1]), _token(line, best[1], len(glyphs))]


def without_figure(token: Token) -> tuple[Token, Token | None]:
    """A word in ideographs that ends with digits, and these; what is no such word as it is."""
    glyphs = token.line.glyphs
    at = len(glyphs)
    while at and (glyphs[at - 1][2].isdecimal() or (at < len(glyphs) and glyphs[at - 1][2] in ".,，．")):
        at -= 1
    if not 0 < at < len(glyphs) or glyphs[at - 1][2].isascii():
        return token, None
    return _token(token.line, 0, at), _token(token.line, at, len(glyphs))


def begun_apart(rows: Sequence[Row]) -> list[Row]:
    """Rows, their words cut at gaps behind which several other words begin."""
    starts = sorted(token.x0 for row in rows for token in row.tokens if not is_figure(token.text))

    def begins(x: float) -> bool:
        return bisect_right(starts, x + EDGE) - bisect_left(starts, x - EDGE) >= LEAST_BEGUN

    found: list[Row] = []
    for row in rows:
        cut: list[Token] = []
        for token in row.tokens:
            pieces = [] if is_figure(token.text) or not token.line.glyphs else parted(token)
            cuts = [piece for piece in pieces[1:] if begins(piece.x0)]
            cut.extend(cut_before(token, [piece.x0 for piece in cuts]) if cuts else [token])
        found.append(Row(row.line, cut) if len(cut) > len(row.tokens) else row)
    return found


def cut_before(token: Token, places: Sequence[float]) -> list[Token]:
    """A token cut before the characters that begin at some places."""
    glyphs = token.line.glyphs
    cuts = [at for at, glyph in enumerate(glyphs) if at and glyph[0] in places]
    return [_token(token.line, start, end) for start, end in pairwise([0, *cuts, len(glyphs)])]


def with_figures_apart(rows: Sequence[Row]) -> list[Row]:
    """Rows, those cut that end with a figure close behind a word where a word of the line above begins, or where
    figures stand behind that word in many rows.
    """
    ends = {number: end for number, row in enumerate(rows) if (end := _figure_behind(row)) is not None}
    places = Counter(_place_of(word, figure) for word, figure in ends.values())
    found = list(rows)
    for number, (word, figure) in ends.items():
        above = rows[number - 1].tokens if number else []
        headed = len(above) > 1 and abs(above[-1].x0 - figure.x0) < EDGE
        if headed or places[_place_of(word, figure)] >= FILLED:
            found[number] = Row(rows[number].line, [*rows[number].tokens[:-1], word, figure])
    return found


def _figure_behind(row: Row) -> tuple[Token, Token] | None:
    """A word and the figure close behind it that end a row, with room between them."""
    last = row.tokens[-1]
    if not last.text[-1:].isdecimal() or not last.line.glyphs:
        return None
    word, figure = without_figure(last)
    if figure is None or figure.x0 - word.x1 < GUTTER * row.line.size or not is_figure(figure.text):
        return None
    return word, figure


def _place_of(word: Token, figure: Token) -> tuple[str, int, int]:
    return word.text, round(word.x0), round(figure.x0)


def parted(token: Token) -> list[Token]:
    """A token cut where its characters are further apart than those of words."""
    glyphs, line = token.line.glyphs, token.line
    gaps = [b[0] - a[1] for a, b in pairwise(glyphs)]
    usual = max(0.0, sorted(gaps)[len(gaps) // 2]) if len(gaps) > 2 else 0.0
    blanks = token.line.blanks
    cuts = [
        at
        for at, gap in enumerate(gaps, 1)
        if gap > usual + GUTTER * line.size and not any(glyphs[at - 1][0] < x < glyphs[at][0] for x in blanks)
    ]
    if not cuts or len(cuts) > len(gaps) / 2:
        return [token]
    return [_token(line, start, end) for start, end in pairwise([0, *cuts, len(glyphs)])]


def cut_at(tokens: Iterable[Token], strips: Sequence[Strip]) -> list[Token]:
    """Tokens that stand in several columns, cut where these part and a gap shows it."""
    found: list[Token] = []
    for token in tokens:
        parts = [token]
        for one, other in pairwise(strips):
            last = parts[-1]
            if last.x0 < one.x1 and last.x1 > other.x0:
                parts[-1:] = split_at(last, one.x1, other.x0)
        found.extend(parts)
    return found


def union(tokens: Iterable[Token], *, figures: bool, columns: Iterable[Strip] = ()) -> list[Strip]:
    """Where tokens have ink: those that stand over each other, or within one of some `columns`, as one."""
    found: list[Strip] = []
    spans = [Strip(token.x0, token.x1, figures and is_figure(token.text)) for token in tokens]
    for span in sorted([*spans, *columns], key=lambda one: one.x0):
        if found and span.x0 < found[-1].x1:
            found[-1].take(span.x0, span.x1)
            found[-1].figures |= span.figures
        else:
            found.append(Strip(span.x0, span.x1, span.figures))
    return found


def gutters(rows: Sequence[Row], others: Sequence[Row]) -> list[float]:
    """Places where no character of any of many rows stands, nor of `others`, wider apart than characters of words."""
    if len(rows) < FILLED:
        return []
    own = [row for row in others if row.line.glyphs]
    gaps = sorted(b[0] - a[1] for row in own for a, b in pairwise(row.line.glyphs))
    usual = max(0.0, gaps[len(gaps) // 2]) if gaps else 0.0
    size = median(row.line.size for row in rows)
    spans = sorted((glyph[0], _ink(glyph, row.line.size)) for row in own for glyph in row.line.glyphs)
    found = []
    reached = spans[0][1]
    for x0, x1 in spans:
        if x0 - reached > usual + GUTTER * size:
            found.append((reached + x0) / 2)
        reached = max(reached, x1)
    places = [*_between_columns(found, own), *_begun(own, len(rows))]
    return sorted(place for place in places if not any(_is_blank_at(row.line, place) for row in own))


def _is_blank_at(line: Line, place: float) -> bool:
    """Whether a place may be a blank between words in Latin letters."""
    at = bisect_left(line.glyphs, place, key=lambda glyph: glyph[0])
    if not 0 < at < len(line.glyphs) or line.glyphs[at][0] - line.glyphs[at - 1][1] > GAP * line.size:
        return False
    return any(text.isascii() and text.isalpha() for _, _, text in line.glyphs[at - 1 : at + 1])


def _between_columns(places: Sequence[float], rows: Sequence[Row]) -> list[float]:
    """Those places that have characters of several rows between them and the next ones, on either side."""
    ends = [float("-inf"), *places, float("inf")]
    filled = [
        sum(any(x0 < high and x1 > low for x0, x1, _ in row.line.glyphs) for row in rows) >= LEAST_ROWS
        for low, high in pairwise(ends)
    ]
    return [place for at, place in enumerate(places) if filled[at] and filled[at + 1]]


def _begun(rows: Sequence[Row], count: int) -> list[float]:
    """Places where the figures of many rows begin, and that no character nor figure of any row stands over."""
    starts: list[float] = []
    within: list[tuple[float, float]] = []
    for row in rows:
        for first, last in _runs(row.line.glyphs, row.line.size):
            starts.append(row.line.glyphs[first][0])
            within.append((row.line.glyphs[first][0], row.line.glyphs[last - 1][1]))
        within.extend((x0, x1) for x0, x1, _ in row.line.glyphs)
    found: list[float] = []
    starts.sort()
    for start in starts:
        near = bisect_right(starts, start + EDGE) - bisect_left(starts, start - EDGE)
        place = start - EDGE / 2
        if 2 * near < count or near < FILLED or (found and place - found[-1] < 2 * EDGE):
            continue
        if not any(x0 < place - EDGE and x1 > place + EDGE for x0, x1 in within):
            found.append(place)
    return found


def _runs(glyphs: Sequence[tuple[float, float, str]], size: float) -> list[tuple[int, int]]:
    """Where digits stand together, with nothing close behind them."""
    found = []
    start = -1
    for at, glyph in enumerate(glyphs):
        near = at > 0 and glyph[0] - glyphs[at - 1][1] < TIGHT * size
        if start >= 0 and near and (glyph[2].isdecimal() or glyph[2] in ".,，．"):
            continue
        if start >= 0 and not near:
            found.append((start, at))
        start = at if glyph[2].isdecimal() else -1
    return [*found, *([(start, len(glyphs))] if start >= 0 else [])]


def columns_at(xs: Sequence[float], token: Token) -> tuple[int, int]:
    """The columns that a token stands in."""
    over = max(1.0, HANGING * min(token.line.size, token.x1 - token.x0))
    own = [i for i, (left, right) in enumerate(pairwise(xs)) if token.x0 < right - over and token.x1 > left + over]
    if not own:
        nearest = min(range(len(xs) - 1), key=lambda i: abs((xs[i] + xs[i + 1]) / 2 - token.middle))
        own = [nearest]
    return own[0], own[-1] + 1


def by_line(tokens: Iterable[Token]) -> list[list[Token]]:
    """Tokens that stand on one line together, from top to bottom."""
    found: list[list[Token]] = []
    for token in sorted(tokens, key=lambda one: (one.base, one.x0)):
        if found and abs(found[-1][0].base - token.base) < 0.3 * token.line.size:
            found[-1].append(token)
        else:
            found.append([token])
    for line in found:
        line.sort(key=lambda one: one.x0)
    return found


def lines_in(tokens: Sequence[Token]) -> list[Line]:
    """The lines of a cell from top to bottom, tokens of one line joined."""
    found = []
    for line in by_line(tokens):
        own = line[0].line
        for token in line[1:]:
            other = token.line
            own = replace(
                own, x1=max(own.x1, other.x1), top=min(own.top, other.top), bottom=max(own.bottom, other.bottom),
                text=f"{own.text} {other.text}", glyphs=(*own.glyphs, *other.glyphs),
                pieces=(*own.pieces, *other.pieces), bases=(*own.bases, *other.bases),
            )  # fmt: skip
        found.append(own)
    return found


def is_figure(text: str) -> bool:
    """Whether a word is a figure, with its unit or a note, or a sign in place of one.

    无 may be of a label set one character a line.
    """
    return (is_number(text) and text != "无") or _COUNTED.fullmatch(text) is not None


def is_coarse(slots: Sequence[Sequence[Line]], rooms: Sequence[float] = ()) -> bool:
    """Whether the boxes of a ruled table, each with its lines, hold several rows or columns of figures.

    A figure that goes on in the line below, since its line has no room for more of it, is one; `rooms` are the widths
    that the boxes have for text.
    """
    several = 0
    for at, lines in enumerate(slots):
        if len(lines) < 2 or (rooms and _is_broken(lines, rooms[at])):
            continue
        counts = [sum(is_figure(token.text) for token in tokens_of(line)) for line in lines]
        rows, most = sum(count > 0 for count in counts), max(counts, default=0)
        if rows >= LEAST_ROWS or (rows > 1 and most > 1):
            return True
        several += rows > 1
    return several > 1


def _is_broken(lines: Sequence[Line], room: float) -> bool:
    """Whether lines are the pieces of one figure, each but the last as long as there is room."""
    return all(_DIGITS.fullmatch(line.text) for line in lines) and all(
        room - (line.x1 - line.x0) < FULL * line.size for line in lines[:-1]
    )


def are_headed(boxes: Iterable[Sequence[Line]]) -> bool:
    """Whether boxes side by side, each with its lines, hold words and below them figures."""
    count = 0
    for lines in boxes:
        figures = [all(is_figure(token.text) for token in tokens_of(line)) for line in lines]
        count += len(lines) > 1 and figures[-1] and not any(figures[:-1])
    return count > 1


def are_wide(boxes: Iterable[Sequence[Line]]) -> bool:
    """Whether boxes, each with its lines, hold whole rows: words and several figures apart from each other."""
    rows = [[Row(line, tokens_of(line)) for line in lines] for lines in boxes]
    return sum(any(row.is_seed and len(row.figures) > 1 for row in own) for own in rows) >= LEAST_ROWS


def are_rows(boxes: Iterable[Sequence[Line]]) -> bool:
    """Whether boxes as wide as their table, each with its lines, hold words or figures apart from each other."""
    return any(len(tokens_of(line)) > 1 for lines in boxes for line in lines)


def is_years(row: Row) -> bool:
    """Whether the figures of a line are years, as over columns."""
    return bool(row.figures) and len(row.tokens) > 1 and all(_YEAR.fullmatch(token.text) for token in row.figures)
