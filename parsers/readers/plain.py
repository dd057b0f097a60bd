"""The reader of plain text: a paragraph for each line, tables where lines are rows of cells.

Lines end at LF, CRLF or CR, at nothing else. A table flattened to one cell a line stays paragraphs
here; lines without text are kept as empty paragraphs, since a blank cell is such a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from parsers.characters.widths import strip_serial
from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.frozen import frozen
from parsers.readers import delimited

LONGEST_ROW = 4000
"""A longer line is prose, also when tabs or bars stand in it."""

FIELDS = 3
LINES = 3
"""So many lines of so many fields with commas between them can be a table."""

_FIELD = re.compile(r'(?:^|(?<=,))\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=,|$)|(?P<plain>[^,]*))')
_LINE_END = re.compile(r"\r\n|\r|\n")
_BAR = re.compile(r"(?<!\\)[|｜│┃¦]")
_RULE = re.compile(r"[\s|｜│┃¦:+=─━┄┈═┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝║-]+")
_RULE_SIGN = re.compile(r"-{2,}|[─━═┄┈]|=={2,}")


@frozen
class _Row:
    """A line as cells, each a span of the line without the white space around it; a ruling line has none.

    The last `filling` of them are no cells: bars that extractors fill rows up with.
    """

    line: int
    spans: tuple[tuple[int, int], ...]
    kind: str
    filling: int = 0


def read(text: str, *, encoding: str = "", encoding_source: str = "") -> Document:
    """The document of a decoded text. A paragraph is its line without outer white space: `line[a:b]` of its locator.

    Two or more neighbouring lines of at least two cells each, parted by tabs or by bars (`a | b`,
    Markdown, box-drawing), are a table; so are three or more of as many comma-separated fields, and a
    file of values parted by commas. Where bars say where cells end but not in which columns they stand,
    since spans were forgotten, each cell is a paragraph. Nothing is taken as the title.
    """
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return Document(
        media_type="text/plain",
        blocks=tuple(delimited.blocks(lines) or _blocks(lines)),
        encoding=encoding,
        encoding_source=encoding_source,
    )


def _blocks(lines: list[str]) -> Iterator[Block]:
    number = judged = 0
    while number < len(lines):
        rows = _rows(lines, number, alone=number >= judged)
        if rows and number >= judged:
            # Lines that stand together are packed or not all at once.
            judged = rows[-1].line + 1
            if _is_packed(lines, rows):
                yield from _one_by_one(lines, rows)
                number = judged
                continue
            rows = list(takewhile(lambda row: len(row.spans) != 1, rows))
        if sum(bool(row.spans) for row in rows) >= 2 and (table := _table(lines, rows)):
            yield table
            number = rows[-1].line + 1
            continue
        yield _paragraph(lines[number], number)
        number += 1


def _paragraph(line: str, number: int) -> Paragraph:
    text = line.strip()
    start = len(line) - len(line.lstrip()) if text else 0
    return _span(line, number, start, start + len(text))


def _span(line: str, number: int, start: int, end: int) -> Paragraph:
    return Paragraph(line[start:end], f"text:L{number + 1}[{start}:{end}]")


def _is_packed(lines: list[str], rows: list[_Row]) -> bool:
    """Whether rows say where their cells end, and not in which columns they stand: spans were forgotten.

    Either lines are broken at cells, or words stand over figures in fewer cells than these are, with no
    empty cell among them.
    """
    if rows[0].kind != "bar":
        return False
    texts = [[lines[row.line][start:end] for start, end in spans] for row, spans in _cells(lines, rows)]
    full = [row for row in texts if row]
    if 2 * sum(len(row) == 1 for row in full) > len(full) > LINES:
        return True
    width = max((len(row) for row in full if sum(not _is_word(text) for text in row[1:]) > 1), default=0)
    short = [row for row in full if 1 < len(row) < width and all(_is_word(text) or not text for text in row)]
    return bool(short) and not any(one == "" < other for row in short for one, other in pairwise(row))


def _cells(lines: list[str], rows: list[_Row]) -> Iterator[tuple[_Row, tuple[tuple[int, int], ...]]]:
    """Rows with their cells. A single bar at the end fills a row up only where others are filled up with more.

    Where rows do not begin with a bar, one that does begins with an empty cell.
    """
    filled = any(row.filling > 1 for row in rows)
    own = [row.line for row in rows if len(row.spans) > 1]
    barred = {line for line in own if _BAR.match(lines[line].lstrip())}
    bare = 2 * len(barred) < len(own)
    for row in rows:
        spans = row.spans[: len(row.spans) - row.filling] if filled else row.spans
        yield row, ((0, 0), *spans) if bare and row.line in barred else spans


def _one_by_one(lines: list[str], rows: list[_Row]) -> Iterator[Paragraph]:
    """A paragraph for each cell. A bar alone is an empty cell where it is indented, and else the start of a row."""
    for row, spans in _cells(lines, rows):
        line = lines[row.line]
        for start, end in spans:
            yield _span(line, row.line, start, end)
        if not row.spans and line[:1].isspace() and not _RULE_SIGN.search(line):
            yield _span(line, row.line, 0, 0)


def _rows(lines: list[str], first: int, *, alone: bool) -> list[_Row]:
    """The rows that begin at a line, none when they are no table; up to one of a single cell unless those go too."""
    if lines[first].count(",") >= FIELDS - 1 and (found := _comma_rows(lines, first)):
        return found
    rows: list[_Row] = []
    kind = ""
    for number in range(first, len(lines)):
        row = _row(lines[number], number, kind)
        if row is None or (kind and row.kind != kind and row.spans) or (not alone and len(row.spans) == 1):
            break
        kind = kind or row.kind
        rows.append(row)
    while rows and kind == "tab" and sum(e > s for s, e in rows[-1].spans) == 0:
        rows.pop()
    return rows if sum(bool(r.spans) for r in rows) >= 2 else []


def _comma_rows(lines: list[str], first: int) -> list[_Row]:
    """The rows of a table of comma-separated values: lines alike in fields, of which a third hold no words."""
    rows: list[_Row] = []
    figures = 0
    for number in range(first, len(lines)):
        line = lines[number]
        if len(line) > LONGEST_ROW or "," not in line or "。" in line:
            break
        spans = tuple(_comma_spans(line))
        if rows and len(spans) != len(rows[0].spans):
            break
        rows.append(_Row(number, spans, "comma"))
        figures += sum(1 for start, end in spans if not _is_word(line[start:end]))
    return rows if len(rows) >= LINES and 3 * figures >= len(rows) * len(rows[0].spans) else []


def _comma_spans(line: str) -> Iterator[tuple[int, int]]:
    """The fields of a line between commas, quotation marks around a field left out."""
    for match in _FIELD.finditer(line):
        quoted = match["quoted"] is not None
        start, end = match.span("quoted" if quoted else "plain")
        text = line[start:end]
        begin = start + (len(text) - len(text.lstrip()) if text.strip() else 0)
        yield begin, begin + len(text.strip())


def _row(line: str, number: int, kind: str) -> _Row | None:
    if not line or len(line) > LONGEST_ROW:
        return None
    if kind != "bar" and "\t" in line and ("\t" in line.strip() or kind == "tab" or "\t\t" in line):
        return _Row(number, tuple(_spans(line, [m.span() for m in re.finditer("\t", line)], edges=True)), "tab")
    if kind == "tab":
        return None
    if _RULE.fullmatch(line) and _RULE_SIGN.search(line):
        return _Row(number, (), "bar")
    bars = [m.span() for m in _BAR.finditer(line)]
    if not bars:
        return None
    spans = tuple(_spans(line, bars, edges=False))
    return _Row(number, spans, "bar", min(_filling(line), len(spans)))


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


def _table(lines: list[str], rows: list[_Row]) -> Table | None:
    data = [row for row in rows if row.spans]
    if _is_list(lines, data):
        return None
    width = max(len(row.spans) for row in data)
    ruled = {
        rows[i].line for i in range(len(rows) - 1) if rows[i].spans and not rows[i + 1].spans and rows[i] is data[0]
    }
    texts = [[lines[row.line][start:end] for start, end in row.spans] for row in data]
    header = next(
        (at for at, row in enumerate(texts) if any(c.isdigit() for text in row[1:] for c in text)), len(texts)
    )
    cells: list[Cell] = []
    grid: list[tuple[int, ...]] = []
    for index, row in enumerate(data):
        places = [-1] * width
        over = _over(texts[index], texts[index + 1 : header]) if index + 1 < header else {}
        for column, (start, end) in enumerate(row.spans):
            if places[column] >= 0:
                continue
            wide = over.get(column, 1)
            places[column : column + wide] = [len(cells)] * wide
            locator = f"text:L{row.line + 1}[{start}:{end}]"
            text = texts[index][column]
            cells.append(Cell(index, column, 1, wide, text, locator, header=row.line in ruled))
        grid.append(tuple(places))
    return Table(tuple(cells), tuple(grid), f"text:L{data[0].line + 1}")


def _over(row: list[str], below: list[list[str]]) -> dict[int, int]:
    """How many columns the words of a header row stand over, where empty cells behind them have words below."""
    worded = [any(column < len(other) and _is_word(other[column]) for other in below) for column in range(len(row))]
    found: dict[int, int] = {}
    for column, text in enumerate(row):
        wide = 1
        while _is_word(text) and column + wide < len(row) and not row[column + wide] and worded[column + wide]:
            wide += 1
        if wide > 1:
            found[column] = wide
    return found


def _is_word(text: str) -> bool:
    return len(text) > 1 and any("一" <= c <= "鿿" for c in text)


def _is_list(lines: list[str], rows: list[_Row]) -> bool:
    """Whether the first cells are list markers only, parted from prose by a tab."""
    return all(
        len(row.spans) == 2
        and not strip_serial(lines[row.line][slice(*row.spans[0])])[1]
        and row.spans[0][0] < row.spans[0][1]
        for row in rows
    )
