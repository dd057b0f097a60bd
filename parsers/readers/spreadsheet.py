"""The reader of spreadsheets: .xls, .xlsx and their kin, with merged ranges.

Each sheet is a table; empty rows part it into several, so that titles and notes are paragraphs of
their own. Locators name the sheet and the cell: `xlsx:Sheet1!C7`. Values are given as they are
stored: a number without the decimals that only its storing adds, a date as `2020-01-31`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from parsers.characters.widths import strip_serial
from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.errors import BrokenDocumentError, EmptyDocumentError, LimitError
from parsers.readers import sniff
from parsers.readers.archive import Archive
from parsers.records import Issue

MAX_BYTES = 128_000_000
MAX_SHEETS = 500
MAX_ROWS = 100_000
MAX_COLUMNS = 2_000
MAX_PLACES = 2_000_000
"""What a workbook may hold: sheets, and of a sheet rows, columns and places of the used range."""


PROSE = 60
"""A row of one cell with more characters than this is a line of text."""


def read(content: bytes) -> Document:
    """Read a spreadsheet. Raises BrokenDocumentError, EmptyDocumentError or LimitError."""
    import python_calamine as calamine

    if len(content) > MAX_BYTES:
        raise LimitError(f"the file is larger than {MAX_BYTES} bytes", reading="a spreadsheet")
    kind = sniff.media_type(content)
    if kind in (sniff.XLSX, sniff.ODS):
        _within_limits(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except calamine.PasswordError as error:
        raise BrokenDocumentError("the spreadsheet is encrypted", reading="a spreadsheet") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _broken(error) from error
    sheets = [item for item in book.sheets_metadata if item.typ == calamine.SheetTypeEnum.WorkSheet]
    if len(sheets) > MAX_SHEETS:
        raise LimitError(f"the spreadsheet has more than {MAX_SHEETS} sheets", reading="a spreadsheet")
    blocks: list[Block] = []
    issues: list[Issue] = []
    for item in sheets:
        if item.visible != calamine.SheetVisibleEnum.Visible:
            issues.append(
                Issue(code="hidden_sheet", severity="info", message="a hidden sheet is left out", raw=item.name)
            )
            continue
        try:
            sheet = book.get_sheet_by_name(item.name)
            if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
                raise LimitError("the sheet is larger than is accepted", reading="a spreadsheet", where=item.name)
            if sheet.total_height * sheet.total_width > MAX_PLACES:
                raise LimitError("the sheet is larger than is accepted", reading="a spreadsheet", where=item.name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise _broken(error) from error
        blocks.extend(_blocks(item.name, rows, merged))
    if not blocks:
        raise EmptyDocumentError("the spreadsheet is empty", reading="a spreadsheet")
    return Document(media_type=kind, blocks=tuple(blocks), issues=tuple(issues))


def _broken(error: Exception) -> BrokenDocumentError:
    return BrokenDocumentError(
        f"the spreadsheet is damaged ({error})", reading="a spreadsheet", remedy="Fetch it again"
    )


def _within_limits(content: bytes) -> None:
    """Unpack every part once, counted, before a library that counts nothing does."""
    archive = Archive(content)
    for name in archive.names:
        archive.read(name)


def column_name(number: int) -> str:
    """The letters of a column; 0 is A."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _text(value: Any) -> str:
    """A value as text, without what only its storing adds to it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        number = Decimal(repr(value))
        if number == number.to_integral_value() and abs(number) < 10**15:
            return str(int(number))
        # Sums of stored fractions miss the printed figure by less than the 15th digit.
        number = Decimal(f"{value:.15g}")
        return format(number, "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def _blocks(
    sheet: str, rows: Sequence[Sequence[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> list[Block]:
    texts = [[_text(value) for value in row] for row in rows]
    height, width = len(texts), max((len(row) for row in texts), default=0)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in merged:
        low, far = min(bottom, height - 1), min(right, width - 1)
        if top > low or left > far:
            continue
        spans[top, left] = (low, far)
        for row in range(top, low + 1):
            for column in range(left, far + 1):
                owner[row, column] = (top, left)

    def at(row: int, column: int) -> str:
        return texts[row][column] if column < len(texts[row]) else ""

    def is_empty(row: int) -> bool:
        return not any(texts[row]) and all(
            (row, column) not in owner or not at(*owner[row, column]) for column in range(width)
        )

    blocks: list[Block] = []
    start: int | None = None
    for row in range(height + 1):
        if row < height and not is_empty(row):
            start = row if start is None else start
        elif start is not None:
            blocks.extend(_part(sheet, start, row, width, at, owner, spans))
            start = None
    return blocks


def _part(
    sheet: str,
    first: int,
    end: int,
    width: int,
    at: Any,
    owner: dict[tuple[int, int], tuple[int, int]],
    spans: dict[tuple[int, int], tuple[int, int]],
) -> list[Block]:
    """Rows that stand together: tables, and paragraphs where a row is a line of text."""
    blocks: list[Block] = []
    start = first
    for row in range(first, end + 1):
        if row < end and not _is_line(row, width, at, owner, spans):
            continue
        if row > start:
            blocks.append(_table(sheet, start, row, width, at, owner, spans))
        if row < end:
            column = next(c for c in range(width) if owner.get((row, c), (row, c)) == (row, c) and at(row, c))
            blocks.append(Paragraph(at(row, column), _place(sheet, row, column)))
        start = row + 1
    return [block for block in blocks if not isinstance(block, Table) or any(cell.text for cell in block.cells)]


def _is_line(
    row: int,
    width: int,
    at: Any,
    owner: dict[tuple[int, int], tuple[int, int]],
    spans: dict[tuple[int, int], tuple[int, int]],
) -> bool:
    """Whether a row is a line of text: one cell with a heading or prose, and nothing that reaches over other rows."""
    anchors = {owner.get((row, column), (row, column)) for column in range(width)}
    if any(top != row or spans.get((top, left), (row, left))[0] != row for top, left in anchors):
        return False
    filled = [at(top, left) for top, left in anchors if at(top, left)]
    if len(filled) != 1 or filled[0].replace(",", "").replace(".", "").isdecimal():
        return False
    serial = strip_serial(filled[0])[0]
    return len(filled[0]) > PROSE or (bool(serial) and serial[0] in "一二三四五六七八九十")


def _place(sheet: str, row: int, column: int) -> str:
    return f"xlsx:{sheet}!{column_name(column)}{row + 1}"


def _table(
    sheet: str,
    first: int,
    end: int,
    width: int,
    at: Any,
    owner: dict[tuple[int, int], tuple[int, int]],
    spans: dict[tuple[int, int], tuple[int, int]],
) -> Table:
    used = [
        column
        for column in range(width)
        if any(at(*owner.get((row, column), (row, column))) for row in range(first, end))
    ]
    left, right = used[0], used[-1] + 1
    cells: list[Cell] = []
    index: dict[tuple[int, int], int] = {}
    grid = []
    for row in range(first, end):
        line = []
        for column in range(left, right):
            anchor = owner.get((row, column), (row, column))
            if anchor not in index:
                index[anchor] = len(cells)
                low, far = spans.get(anchor, anchor)
                cells.append(
                    Cell(
                        row - first,
                        column - left,
                        min(low, end - 1) - row + 1,
                        min(far, right - 1) - column + 1,
                        at(*anchor),
                        _place(sheet, *anchor),
                    )
                )
            line.append(index[anchor])
        grid.append(tuple(line))
    return Table(tuple(cells), tuple(grid), _place(sheet, first, left))
