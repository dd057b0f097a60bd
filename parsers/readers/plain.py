"""The reader of plain text: a paragraph for each line, tables where lines are rows of cells.

Lines end at LF, CRLF or CR, at nothing else. A table flattened to one cell a line stays paragraphs
here; lines without text are kept as empty paragraphs, since a blank cell is such a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile

from parsers.characters.widths import strip_serial
from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.frozen import frozen
from parsers.readers import aligned, delimited, drawn, resumed
from parsers.readers.cutting import (
    BAR,
    LINES,
    RULE_SIGN,
    Row,
    first_table,
    framed_row,
    is_word,
    rows_at,
    tells_spread,
    with_ends,
)
from parsers.readers.markdown import Line, unmarked
from parsers.records import Issue

BARS = "|｜ \t"

_LINE_END = re.compile(r"\r\n|\r|\n")
_PAGE = re.compile(r"\s*(?:[-—–－―]+\s*(\d{1,3})\s*[-—–－―]+|第\s*(\d{1,3})\s*页(?:[,，\s/]*共\s*\d{1,3}\s*页)?)\s*")

_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}[、.．]")

LONGEST_PART = 24
"""The part of a cell that stands in a line of its own is not longer."""

HEADER = 12
"""A header has at most so many rows."""

PAGES_SAID = 20
"""So many page numbers at most are quoted in the remark that they were left out."""


@frozen
class _Lines:
    """The lines of a text: what each says, and where it said it."""

    texts: list[str]
    own: list[Line]

    def __getitem__(self, number: int) -> str:
        return self.texts[number]

    def locator(self, number: int, start: int, end: int) -> str:
        return f"text:L{number + 1}[{self.own[number].place(start, end)}]"


@frozen
class Insert:
    """Blocks that were read another way, and the lines that they stand in, counted from 0."""

    lines: range
    blocks: tuple[Block, ...]


def read(text: str, *, encoding: str = "", encoding_source: str = "", inserted: Sequence[Insert] = ()) -> Document:
    """The document of a decoded text. A paragraph is its line without outer white space: `line[a:b]` of its locator.

    Two or more neighbouring lines of at least two cells each, parted by tabs or by bars (`a | b`,
    Markdown, box-drawing), are a table; so are three or more of as many comma-separated fields, and a
    file of values parted by commas. Where bars say where cells end but not in which columns they stand,
    since spans were forgotten, each cell is a paragraph. Marks of Markdown are no text: a heading's are its
    level. Lines that number pages are left out, and said to be. Nothing is taken as the title. `inserted` are
    blocks that stand in the place of lines.
    """
    lines = lines_of(text)
    for insert in inserted:
        lines[insert.lines.start : insert.lines.stop] = [""] * len(insert.lines)
    pages = _pages(lines)
    return Document(
        media_type="text/plain",
        blocks=tuple(
            (delimited.blocks(lines) if not inserted else None)
            or _blocks(lines, pages, {own.lines.start: own for own in inserted})
        ),
        encoding=encoding,
        encoding_source=encoding_source,
        issues=_left_out([(number, lines[number]) for number in pages]),
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text, without the empty one behind the last line end."""
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return lines


def line_ends(text: str) -> list[int]:
    """Where the lines of a text end, each behind its line end."""
    return [match.end() for match in _LINE_END.finditer(text)]


def _pages(lines: list[str]) -> list[int]:
    """The lines that number pages: two or more that count upwards."""
    found = [(at, int(match[1] or match[2])) for at, line in enumerate(lines) if (match := _PAGE.fullmatch(line))]
    rising = all(before < after for (_, before), (_, after) in pairwise(found))
    return [at for at, _ in found] if len(found) > 1 and rising else []


def _left_out(lines: list[tuple[int, str]]) -> tuple[Issue, ...]:
    if not lines:
        return ()
    message = f"{len(lines)} page numbers were left out"
    raw = " ".join(line.strip() for _, line in lines[:PAGES_SAID])
    return (Issue(code="page_number", severity="info", message=message, raw=raw, locator=f"text:L{lines[0][0] + 1}"),)


def _blocks(source: list[str], pages: list[int], inserted: Mapping[int, Insert]) -> Iterator[Block]:
    own = unmarked(source)
    lines = _Lines([line.text for line in own], own)
    spread = tells_spread(lines.texts)
    number = judged = 0
    placed = aligned.tables(lines.texts, lines.locator)
    while number < len(own):
        if number in pages:
            number += 1
            continue
        if number in inserted:
            yield from inserted[number].blocks
            number = inserted[number].lines.stop
            continue
        if number in placed:
            found, number = placed[number]
            judged = number
            yield found
            continue
        rows = rows_at(lines.texts, number, alone=number >= judged)
        if rows and number >= judged and (drawing := _drawn(lines, rows)):
            yield drawing
            number = judged = rows[-1].line + 1
            continue
        rows = [row.spread() for row in rows] if spread else with_ends(lines.texts, rows)
        if rows and number >= judged:
            # Lines that stand together are packed or not all at once.
            judged = rows[-1].line + 1
            if resumption := _resumed(lines, rows):
                yield resumption
                number = judged
                continue
            goes_on = _goes_on(lines, rows)
            if goes_on or _is_packed(lines, rows) or _is_broken(lines, rows):
                yield from _one_by_one(lines, rows, goes_on=goes_on)
                number = judged
                continue
            rows = first_table(list(takewhile(lambda row: len(row.spans) != 1, rows)))
        if rows and (table := _table(lines, rows)):
            yield table
            number = rows[-1].line + 1
            continue
        if row := framed_row(lines[number], number):
            # The words over it stand in lines without bars.
            yield from _one_by_one(lines, [row])
        else:
            yield _paragraph(lines, number)
        number += 1


def _paragraph(lines: _Lines, number: int) -> Paragraph:
    line, own = lines[number], lines.own[number]
    text = line.strip()
    start = len(line) - len(line.lstrip()) if text else 0
    locator = lines.locator(number, start, start + len(text))
    return Paragraph(text, locator, level=own.level, bold=own.bold, link_characters=own.links)


def _cell(lines: _Lines, number: int, start: int, end: int) -> Paragraph:
    return Paragraph(lines[number][start:end], lines.locator(number, start, end))


def _drawn(lines: _Lines, rows: list[Row]) -> Table | None:
    first, last = rows[0].line, rows[-1].line
    return drawn.table(lines.texts, first, last - first + 1, lines.locator) if rows[0].kind == "bar" else None


def _resumed(lines: _Lines, rows: list[Row]) -> Table | None:
    """The table of rows whose cells say how wide they are, where some leave out those that go on from above."""
    data = [row for row in rows if row.spans]
    if not any(row.wide for row in data) or len({row.columns for row in data}) < 2:
        return None
    pieces = [
        [
            resumed.Piece(lines[row.line][start:end], lines.locator(row.line, start, end), wide)
            for (start, end), wide in zip(row.spans, row.wide or [1] * len(row.spans), strict=True)
        ]
        for row in data
        # A narrow row of nothing is none of the table's.
        if row.columns == data[0].columns or any(start < end for start, end in row.spans)
    ]
    return resumed.table(pieces, f"text:L{data[0].line + 1}")


def _is_packed(lines: _Lines, rows: list[Row]) -> bool:
    """Whether rows say where their cells end, and not in which columns they stand: spans were forgotten.

    Either lines are broken at cells, or words stand over figures in fewer cells than these are, with no
    empty cell among them, or rows whose cells say how wide they are go over fewer columns than others.
    """
    if rows[0].kind != "bar":
        return False
    if any(row.wide for row in rows):
        return len({row.columns for row in rows if row.spans}) > 1
    texts = [[lines[row.line][start:end] for start, end in spans] for row, spans in _cells(rows)]
    full = [row for row in texts if row]
    if 2 * sum(len(row) == 1 for row in full) > len(full) > LINES:
        return True
    width = max((len(row) for row in full if sum(not is_word(text) for text in row[1:]) > 1), default=0)
    short = [row for row in full if 1 < len(row) < width and all(is_word(text) or not text for text in row)]
    holes = sum(any(one == "" < other for one, other in pairwise(row)) for row in short)
    return len(short) > 2 * holes


def _is_broken(lines: _Lines, rows: list[Row]) -> bool:
    """Whether a cell goes on over the end of its line: a short line without bars between rows that no bars frame."""
    if any(BAR.match(lines[row.line].lstrip()) for row in rows if row.spans):
        return False
    places = ((rows[-1].line + 1, rows[-1].line + 2), (rows[0].line - 1, rows[0].line - 2))
    for between, beyond in places:
        if min(between, beyond) >= 0 and max(between, beyond) < len(lines.texts) and BAR.search(lines[beyond]):
            text = lines[between].strip()
            if 0 < len(text) <= LONGEST_PART and not BAR.search(text) and not _HEADING.match(text):
                return True
    return False


def _goes_on(lines: _Lines, rows: list[Row]) -> bool:
    """Whether lines that begin with a bar go on with the row above: bars end cells, and a blank one is a line end."""
    own = [lines[row.line] for row in rows if row.kind == "bar" and len(row.spans) > 1]
    if not own or BAR.match(own[0]) or not all(BAR.match(line.rstrip()[-1:]) for line in own):
        return False
    plain = sum(1 for line in own if not BAR.match(line))
    return plain > 1 and any(BAR.match(lines[row.line]) and not RULE_SIGN.search(lines[row.line]) for row in rows)


def _cells(rows: list[Row]) -> Iterator[tuple[Row, tuple[tuple[int, int], ...]]]:
    """Rows with their cells. A single bar at the end fills a row up only where others are filled up with more."""
    filled = any(row.filling > 1 for row in rows)
    for row in rows:
        yield row, row.spans[: len(row.spans) - row.filling] if filled else row.spans


def _one_by_one(lines: _Lines, rows: list[Row], *, goes_on: bool = False) -> Iterator[Paragraph]:
    """A paragraph for each cell. A bar alone is an empty cell where it is indented or rows go on (`goes_on`), and else
    the start of a row."""
    for row, spans in _cells(rows):
        line = lines[row.line]
        if row is rows[0] and len(rows) > 1 and not rows[1].spans and all(start == end for start, end in spans):
            # The empty header that Markdown asks for.
            continue
        if goes_on and row.spans and BAR.match(line) and not line.strip(BARS):
            # A blank cell, and the bars that fill the row up.
            yield _cell(lines, row.line, 0, 0)
            continue
        if len(spans) > 1 and all(start == end for start, end in spans):
            continue
        if goes_on and spans and spans[0] != (0, 0) and BAR.match(line):
            yield _cell(lines, row.line, 0, 0)
        for start, end in spans:
            yield _cell(lines, row.line, start, end)
        if not row.spans and (line[:1].isspace() or goes_on) and not RULE_SIGN.search(line):
            yield _cell(lines, row.line, 0, 0)


def _table(lines: _Lines, rows: list[Row]) -> Table | None:
    data = [row for row in rows if row.spans]
    if _is_list(lines, data):
        return None
    width = max(row.columns for row in data)
    ruled = {
        rows[i].line for i in range(len(rows) - 1) if rows[i].spans and not rows[i + 1].spans and rows[i] is data[0]
    }
    texts = [[lines[row.line][start:end] for start, end in row.spans] for row in data]
    header = next(
        (at for at, row in enumerate(texts[:HEADER]) if any(c.isdigit() for text in row[1:] for c in text)), HEADER
    )
    cells: list[Cell] = []
    grid: list[tuple[int, ...]] = []
    for index, row in enumerate(data):
        places = [-1] * width
        over = {} if row.wide or index + 1 >= header else _over(texts[index], texts[index + 1 : header])
        column = 0
        for at, (start, end) in enumerate(row.spans):
            wide = row.wide[at] if row.wide else 1
            if places[column] < 0:
                wide = over.get(column, wide)
                places[column : column + wide] = [len(cells)] * wide
                locator = lines.locator(row.line, start, end)
                cells.append(Cell(index, column, 1, wide, texts[index][at], locator, header=row.line in ruled))
                column += row.wide[at] if row.wide else 1
            else:
                column += 1
        grid.append(tuple(places))
    return Table(tuple(cells), tuple(grid), f"text:L{data[0].line + 1}")


def _over(row: list[str], below: list[list[str]]) -> dict[int, int]:
    """How many columns the words of a header row stand over, where empty cells behind them have words below."""
    worded = [any(column < len(other) and is_word(other[column]) for other in below) for column in range(len(row))]
    found: dict[int, int] = {}
    for column, text in enumerate(row):
        wide = 1
        while is_word(text) and column + wide < len(row) and not row[column + wide] and worded[column + wide]:
            wide += 1
        if wide > 1:
            found[column] = wide
    return found


def _is_list(lines: _Lines, rows: list[Row]) -> bool:
    """Whether the first cells are list markers only, parted from prose by a tab."""
    return all(
        len(row.spans) == 2
        and not strip_serial(lines[row.line][slice(*row.spans[0])])[1]
        and row.spans[0][0] < row.spans[0][1]
        for row in rows
    )
