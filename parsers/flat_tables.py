"""Sheets of a flattened table as tables: values in their columns, blank cells told by what they left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from parsers import whose
from parsers.document import Cell, Table
from parsers.flat_rows import Segment, SheetRow, Word, by_gaps, usual_gaps, usual_width, without_codes
from parsers.flat_sheets import OTHER, Sheet
from parsers.labels import Index

FEW = 4
"""Of so few rows it is not told on which side their labels stand."""

PARTS = 4
"""A label goes on in so many lines at most."""

FIRST = 3
"""The first value column of a rebuilt grid: heading, label and unit stand before it."""


def table_of(sheet: Sheet, index: Index, gap: int | None, *, kept: bool = False) -> Table | None:
    """The grid of a sheet, None where it holds no row; `gap` counts the empty lines between two cells, if known.

    `kept` says that blank cells are known to have left empty lines.
    """
    if sheet.across:
        return _across_table(sheet, index, gap, kept=kept)
    rows = [row for row in sheet.rows if row[1] is not None or row[3]]
    if not any(row[3] for row in rows) and not (sheet.order and any(row[1] and row[1].meaning.lines for row in rows)):
        return None
    coded = any(s.meaning.word == "serial_header" for s in sheet.header)
    rows = without_codes(_unwrapped(rows, index), len(sheet.order), coded)
    width = len(sheet.order) or usual_width(rows)
    rows = _labels_first(rows, width)
    # More figures in most rows than the header names columns: none says which of them a row lacks.
    wider = usual_width(rows) > width
    gaps = usual_gaps(rows, width) or (None if gap is None else (gap, gap, gap))
    cells: list[Cell] = []
    number = 0
    if sheet.header:
        number = _header_cells(sheet, cells)
    last = max((at for at, row in enumerate(rows) if row[3]), default=-1)
    kept = kept or any(by_gaps(row[3], row[4], width, gaps) is not None for row in rows[:last] if row[3])
    for at, (above, own, unit, values, after) in enumerate(rows):
        if above:
            cells.append(Cell(number, 0, 1, 1, above[-1].text, above[-1].locator))
        if own is not None:
            cells.append(Cell(number, *((1, 1, 1) if above else (0, 1, 2)), own.text, own.locator))
        if unit is not None:
            cells.append(Cell(number, 2, 1, 1, unit.text, unit.locator))
        if not values:
            if own is not None and _is_line(own):
                cells.append(Cell(number, FIRST, 1, width, "", own.locator.split("[")[0] + "[0:0]"))
            number += 1
            continue
        places = (
            None
            if wider or (len(values) < width and own is not None and own.paragraph == values[0].paragraph)
            else list(range(width))
            if len(values) == width
            else by_gaps(values, after, width, gaps, ends=at == last, kept=kept)
        )
        if places is not None:
            cells.extend(_spread(number, FIRST, places, values, width))
        else:
            # Fewer values than columns, or more: which belongs where is not to be told here.
            cells.append(Cell(number, FIRST, 1, width, "\n".join(w.text for w in values), values[0].locator))
        number += 1
    return _grid(cells, number)


def _unwrapped(rows: list[SheetRow], index: Index) -> list[SheetRow]:
    """Rows whose label goes on in the lines below its figures, where only the whole is a line of the form."""
    found: list[SheetRow] = []
    at = 0
    while at < len(rows):
        above, own, unit, values, after = rows[at]
        at += 1
        if own is not None and values and (own.heading or not own.meaning.lines):
            text = own.text
            for end in range(at, min(len(rows), at + PARTS)):
                rest = rows[end][1]
                if rest is None or rows[end][0] or rows[end][2] or rows[end][3]:
                    break
                text += rest.text
                if (meaning := index.meaning(text)).lines:
                    own, at, after = own._replace(text=text, meaning=meaning), end + 1, rows[end][4]
                    break
        found.append((above, own, unit, values, after))
    return found


def _labels_first(rows: list[SheetRow], width: int) -> list[SheetRow]:
    """Rows whose labels stand behind their figures, each with its own: then the first has none, the last no figures."""
    last = max((at for at, row in enumerate(rows) if row[3]), default=-1)
    if last < FEW or last + 1 == len(rows) or rows[0][1] is not None or len(rows[0][3]) != width:
        return rows
    if any(row[1] is None or not row[3] for row in rows[1 : last + 1]) or rows[last + 1][1] is None:
        return rows
    turned = [(*below[:3], above[3], above[4]) for above, below in pairwise(rows[: last + 2])]
    return [*turned, *rows[last + 2 :]]


def _spread(row: int, first: int, places: Sequence[int], values: Sequence[Word], width: int) -> Iterator[Cell]:
    """Values at their places of a row, blank cells at the others."""
    for place, word in zip(places, values, strict=True):
        yield Cell(row, first + place, 1, 1, word.text, word.locator)
    for place in sorted(set(range(width)) - set(places)):
        yield Cell(row, first + place, 1, 1, "", values[0].locator.split("[")[0] + "[0:0]")


def _is_line(segment: Segment) -> bool:
    """Whether a label without values can be a line whose cells are blank."""
    if segment.heading or segment.meaning.word not in ("", "subtotal"):
        return False
    if not segment.meaning.lines and segment.text[-1:].isdigit():
        # Its figure stands in it.
        return False
    if segment.meaning.lines or segment.meaning.word == "subtotal":
        return True
    return not segment.meaning.word and len(segment.text) <= 40


def _header_cells(sheet: Sheet, cells: list[Cell]) -> int:
    """Header rows over the columns of the sheet; labels of the header that head no value stand first."""
    labels = [s for s in sheet.header if s.meaning.word == "header"]
    units = [s for s in sheet.header if s.meaning.word == "unit_header"]
    if labels:
        cells.append(Cell(0, 0, 1, 2, labels[0].text, labels[0].locator))
    if units:
        cells.append(Cell(0, 2, 1, 1, units[0].text, units[0].locator))
    for place, breakdown in enumerate(sheet.order):
        segment = next(
            s for s in sheet.header if (sheet.section, breakdown) in s.meaning.columns or OTHER + s.text == breakdown
        )
        cells.append(Cell(0, FIRST + place, 1, 1, segment.text, segment.locator, header=True))
    return 1


def _across_table(sheet: Sheet, index: Index, gap: int | None, *, kept: bool) -> Table | None:
    # A row that its label gives to another year, or that compares two, is not the report's.
    own = [row for row in sheet.rows if row[3] and not (row[1] and row[1].meaning.word == "other_column")]
    latest = max((whose.year_of(row[1].text) or 0 for row in own if row[1]), default=0)
    own = [row for row in own if not row[1] or whose.year_of(row[1].text) in (None, latest)]
    values, after = next(((row[3], row[4]) for row in own), ([], 0))
    if not values or not sheet.order:
        return None
    width = len(sheet.order)
    cells: list[Cell] = []
    for at, indicator in enumerate(sheet.across):
        line = index.position_of(indicator)
        segment = next(s for s in sheet.header if line in s.meaning.lines)
        cells.append(Cell(0, at * width, 1, width, segment.text, segment.locator, header=True))
    for at in range(len(sheet.across)):
        for place, breakdown in enumerate(sheet.order):
            segments = [s for s in sheet.header if (sheet.section, breakdown) in s.meaning.columns]
            segment = segments[min(at, len(segments) - 1)]
            cells.append(Cell(1, at * width + place, 1, 1, segment.text, segment.locator, header=True))
    total = width * len(sheet.across)
    places = list(range(total)) if len(values) == total else None
    if places is None and gap is not None:
        places = by_gaps(values, after, total, (gap, gap, gap), ends=True, kept=kept)
    if places is not None:
        cells.extend(_spread(2, 0, places, values, total))
    elif len(values) < total:
        cells.append(Cell(2, 0, 1, total, "\n".join(w.text for w in values), values[0].locator))
    else:
        cells.extend(Cell(2 + p // total, p % total, 1, 1, w.text, w.locator) for p, w in enumerate(values))
    return _grid(cells, 2 + -(-len(values) // total))


def _grid(cells: list[Cell], rows: int) -> Table:
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    grid = [[-1] * width for _ in range(rows)]
    for number, cell in enumerate(cells):
        for column in range(cell.column, cell.column + cell.colspan):
            grid[cell.row][column] = number
    return Table(tuple(cells), tuple(tuple(row) for row in grid), cells[0].locator if cells else "")
