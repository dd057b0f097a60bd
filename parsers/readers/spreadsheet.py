"""The reader of spreadsheets: .xls, .xlsx and their kin, with merged ranges.

Each sheet is paragraphs and tables as `tabular` finds them; hidden sheets, rows and columns are left out and said. A
cell that shows an error has that as its text, so it is never taken for a blank. Locators name the sheet and the cell:
`xlsx:Sheet1!C7`. Values are given as they are stored: a number without the decimals that only its storing adds, a date
as `2020-01-31`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

from parsers.document import Block, Document
from parsers.errors import BrokenDocumentError, EmptyDocumentError, LimitError
from parsers.readers import sniff, workbook
from parsers.readers.archive import Archive
from parsers.readers.tabular import Range, Sheet
from parsers.readers.workbook import Marks
from parsers.records import Issue

MAX_BYTES = 128_000_000
MAX_SHEETS = 500
MAX_ROWS = 100_000
MAX_COLUMNS = 2_000
MAX_PLACES = 2_000_000
"""What a workbook may hold: sheets, and of a sheet rows, columns and places of the used range."""

MOST_ISSUES = 100


def read(content: bytes) -> Document:
    """Read a spreadsheet. Raises BrokenDocumentError, EmptyDocumentError or LimitError."""
    import python_calamine as calamine

    if len(content) > MAX_BYTES:
        raise LimitError(f"the file is larger than {MAX_BYTES} bytes", reading="a spreadsheet")
    kind = sniff.media_type(content)
    marks: dict[str, Marks] = {}
    if kind in (sniff.XLSX, sniff.ODS):
        _within_limits(content)
    if kind == sniff.XLSX:
        workbook.within_limits(Archive(content), MAX_ROWS, MAX_COLUMNS, MAX_PLACES)
        marks = workbook.of_xlsx(Archive(content))
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except calamine.PasswordError as error:
        raise BrokenDocumentError("the spreadsheet is encrypted", reading="a spreadsheet") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _broken(error) from error
    sheets = [item for item in book.sheets_metadata if item.typ == calamine.SheetTypeEnum.WorkSheet]
    if kind == sniff.XLS:
        own = workbook.of_xls(content)
        names = [item.name for item in book.sheets_metadata]
        marks = dict(zip(names, own, strict=True)) if len(own) == len(names) else {}
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
        blocks.extend(_blocks(item.name, rows, merged, marks.get(item.name) or Marks(), issues))
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
    name: str, rows: Sequence[Sequence[Any]], merged: Sequence[Range], marks: Marks, issues: list[Issue]
) -> list[Block]:
    """What a sheet shows; what it does not show, and what its cells show instead of a value, is said."""

    def said(code: str, message: str, row: int, column: int, raw: str) -> None:
        if raw and len(issues) < MOST_ISSUES:
            issues.append(
                Issue(code=code, severity="info", message=message, raw=raw[:500], locator=_place(name, row, column))
            )

    texts = [[_text(value) for value in row] for row in rows]
    for (row, column), text in sorted(marks.shown.items()):
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            continue
        texts.extend([] for _ in range(row + 1 - len(texts)))
        texts[row].extend("" for _ in range(column + 1 - len(texts[row])))
        if not texts[row][column]:
            texts[row][column] = text
            said("formula_error", "the cell shows an error, or a formula without a result", row, column, text)
    shown = Sheet(texts, partial(_place, name), merged, marks.rows, marks.columns)
    for row in sorted(marks.rows):
        if row < len(texts):
            said("hidden_text", "a hidden row is left out", row, 0, " ".join(filter(None, texts[row])))
    for column in sorted(marks.columns):
        own = " ".join(line[column] for line in texts if column < len(line) and line[column])
        said("hidden_text", "a hidden column is left out", 0, column, own)
    for row, column in shown.covered:
        said("hidden_text", "text of a cell that a merged cell covers is left out", row, column, texts[row][column])
    return shown.blocks()


def _place(sheet: str, row: int, column: int) -> str:
    return f"xlsx:{sheet}!{column_name(column)}{row + 1}"
