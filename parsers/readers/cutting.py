"""Lines of text cut into cells: at commas, at tabs, or at bars (`a | b`, Markdown, box-drawing)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from parsers.frozen import frozen

LONGEST_ROW = 4000
"""A longer line is prose, also when tabs or bars stand in it."""

FIELDS = 3
LINES = 3
"""So many lines of so many fields with commas between them can be a table."""

_FIELD = re.compile(r'(?:^|(?<=,))\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=,|$)|(?P<plain>[^,]*))')
BAR = re.compile(r"(?<!\\)[|｜│┃¦]")
_RULE = re.compile(r"[\s|｜│┃¦:+=─━┄┈═┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝║-]+")
RULE_SIGN = re.compile(r"-{2,}|[─━═┄┈]|=={2,}")
_NARROW = re.compile(r"[|｜] ?[|｜]")
_EMPTY = re.compile(r"[|｜]( *)(?=[|｜])")
_FRAMED = re.compile(r"\s*[|｜].*[|｜]\s*")
_WIDE = "  "
_NEW_ROW = "|-"
"""What begins a row in the markup of wikis."""


@frozen
class Row:
    """A line as cells, each a span of the line without the white space around it; a ruling line has none.

    The last `filling` of them are no cells: bars that extractors fill rows up with. `narrow` are empty ones
    that are one blank wide or less; where others are wider, these say how many columns the cell before goes
    over, and `wide` is what they said.
    """

    line: int
    spans: tuple[tuple[int, int], ...]
    kind: str
    filling: int = 0
    narrow: tuple[int, ...] = ()
    wide: tuple[int, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns the cells go over."""
        return sum(self.wide) if self.wide else len(self.spans)

    def spread(self) -> Row:
        """The row with its narrow cells given to those before them."""
        kept = [at for at in range(len(self.spans)) if at not in self.narrow or at == 0]
        if len(kept) == len(self.spans):
            return self
        ends = [*kept[1:], len(self.spans)]
        wide = tuple(end - at for at, end in zip(kept, ends, strict=True))
        return Row(self.line, tuple(self.spans[at] for at in kept), self.kind, 0, (), wide)


def rows_at(lines: list[str], first: int, *, alone: bool) -> list[Row]:
    """The rows that begin at a line, none when they are no table; up to one of a single cell unless those go too."""
    if _with_commas(lines[first]).count(",") >= FIELDS - 1 and (found := _comma_rows(lines, first)):
        return found
    rows: list[Row] = []
    kind = ""
    for number in range(first, len(lines)):
        row = _row(lines[number], number, kind)
        if row is None and _goes_on_below(lines, number, rows):
            continue
        if row is None or (kind and row.kind != kind and row.spans) or (not alone and len(row.spans) == 1):
            break
        kind = kind or row.kind
        rows.append(row)
    while rows and kind == "tab" and sum(e > s for s, e in rows[-1].spans) == 0:
        rows.pop()
    return rows if _is_table(rows) else []


def framed_row(line: str, number: int) -> Row | None:
    """The row that a line alone is, where bars stand at both of its ends and between three cells or more."""
    if not _FRAMED.fullmatch(line):
        return None
    row = _row(line, number, "bar")
    return row if row is not None and len(row.spans) >= FIELDS else None


def _goes_on_below(lines: list[str], number: int, rows: list[Row]) -> bool:
    """Whether an empty line is the end of a blank first cell: the line below begins with the bar that ends it."""
    if lines[number].strip() or not rows or rows[-1].kind != "bar" or number + 1 == len(lines):
        return False
    return BAR.match(lines[number + 1]) is not None and BAR.match(lines[rows[-1].line]) is None


def first_table(rows: list[Row]) -> list[Row]:
    """The rows down to one that heads a table of its own: it stands over a rule, and is not as wide as the first."""
    width = len(rows[0].spans) if rows else 0
    for at, (row, after) in enumerate(pairwise(rows)):
        if at and row.spans and not after.spans and len(row.spans) != width:
            rows = rows[:at]
            break
    return rows if _is_table(rows) else []


def with_ends(lines: list[str], rows: list[Row]) -> list[Row]:
    """Rows with the empty cells before a first and behind a last bar, where most rows have no bar there."""
    own = [row.line for row in rows if row.kind == "bar" and len(row.spans) > 1]
    before = {number for number in own if BAR.match(lines[number].lstrip())}
    behind = {number for number in own if BAR.match(lines[number].rstrip()[-1:])}
    front, end = 2 * len(before) < len(own), 2 * len(behind) < len(own)
    usual = max((len(row.spans) for row in rows if row.line not in before), default=0)
    found = []
    for row in rows:
        spans = row.spans
        if front and row.line in before:
            spans = ((0, 0), *spans)
            # More bars at the beginning than there are columns are what is left of a table around this one.
            while row is rows[0] and len(spans) > usual > 0 and spans[0][0] == spans[0][1]:
                spans = spans[1:]
        if end and row.line in behind:
            length = len(lines[row.line])
            spans = (*spans, (length, length))
        found.append(replace(row, spans=spans, wide=()) if spans is not row.spans else row)
    return found


def _is_table(rows: list[Row]) -> bool:
    """Whether there are two rows with cells, or one over a rule."""
    own = sum(bool(row.spans) for row in rows)
    return own > 1 or (own == 1 and len(rows) > 1 and bool(rows[0].spans))


def _comma_rows(lines: list[str], first: int) -> list[Row]:
    """The rows of a table of comma-separated values: lines alike in fields, of which a third hold no words."""
    rows: list[Row] = []
    figures = 0
    for number in range(first, len(lines)):
        line = _with_commas(lines[number])
        if len(line) > LONGEST_ROW or "," not in line or "。" in line:
            break
        spans = tuple(_comma_spans(line))
        if rows and len(spans) != len(rows[0].spans):
            break
        rows.append(Row(number, spans, "comma"))
        figures += sum(1 for start, end in spans if not is_word(line[start:end]))
    return rows if len(rows) >= LINES and 3 * figures >= len(rows) * len(rows[0].spans) else []


def _with_commas(line: str) -> str:
    """A line with commas for the semicolons that some programs part values with; those of references end a sign."""
    return line if "," in line or "&" in line else line.replace(";", ",")


def _comma_spans(line: str) -> Iterator[tuple[int, int]]:
    """The fields of a line between commas, quotation marks around a field left out."""
    for match in _FIELD.finditer(line):
        quoted = match["quoted"] is not None
        start, end = match.span("quoted" if quoted else "plain")
        text = line[start:end]
        begin = start + (len(text) - len(text.lstrip()) if text.strip() else 0)
        yield begin, begin + len(text.strip())


def _row(line: str, number: int, kind: str) -> Row | None:
    if not line or len(line) > LONGEST_ROW:
        return None
    if kind != "bar" and "\t" in line and ("\t" in line.strip() or kind == "tab" or "\t\t" in line):
        return Row(number, tuple(_spans(line, [m.span() for m in re.finditer("\t", line)], edges=True)), "tab")
    if kind == "tab":
        return None
    if _RULE.fullmatch(line) and (RULE_SIGN.search(line) or line.strip() == _NEW_ROW):
        return Row(number, (), "bar")
    bars = [m.span() for m in BAR.finditer(line)]
    if not bars:
        return None
    spans = tuple(_spans(line, bars, edges=False))
    narrow = tuple(at for at, (start, end) in enumerate(spans) if start == end and _NARROW.match(line, start - 1))
    return Row(number, spans, "bar", min(_filling(line), len(spans)), narrow)


def tells_spread(lines: list[str]) -> bool:
    """Whether a text says with empty cells of one blank how far a cell goes over columns.

    Its blank cells are two blanks wide then; where there are none, its rows have cells in different numbers,
    since those that began in rows above are left out.
    """
    barred = [line for line in lines if BAR.search(line) and len(line) <= LONGEST_ROW]
    own = [line for line in barred if _FRAMED.fullmatch(line)]
    if 2 * len(own) < len(barred):
        return False
    empty = {len(match[1]) for line in own for match in _EMPTY.finditer(line)}
    if max(empty, default=0) == len(_WIDE):
        return min(empty) < len(_WIDE)
    framed = [len(BAR.findall(line)) if _FRAMED.fullmatch(line) else 0 for line in lines]
    return empty == {1} and any(one != other and one > 0 < other for one, other in pairwise(framed))


def _filling(line: str) -> int:
    """How many bars fill a row up: those at its end behind another bar, with one blank between them or none."""
    text = line.rstrip()
    rest = text.rstrip("|｜")
    own = len(text) - len(rest)
    return own if not rest or rest[-2:] in ("| ", "｜ ") else max(0, own - 1)


def _spans(line: str, breaks: list[tuple[int, int]], *, edges: bool) -> Iterator[tuple[int, int]]:
    """Spans between the breaks; without `edges` nothing stands before a first or after a last bar at the margin."""
    bounds = [0, *(p for span in breaks for p in span), len(line)]
    pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
    for index, (start, end) in enumerate(pairs):
        part = line[start:end]
        text = part.strip()
        if not edges and not text and index in (0, len(pairs) - 1):
            continue
        begin = start + (len(part) - len(part.lstrip()) if text else 0)
        yield begin, begin + len(text)


def is_word(text: str) -> bool:
    return len(text) > 1 and any("一" <= c <= "鿿" for c in text)
