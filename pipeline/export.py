"""Copies of the tables for spreadsheet programs: CSV with a byte order mark, or workbooks; formulas defused.

A text that a spreadsheet would take for a formula gets an apostrophe in front. So the copies are for looking;
the tables themselves hold what was published.
"""

from __future__ import annotations

import csv
import datetime
import math
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from parsers.errors import UsageError
from parsers.records import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.tables import Tables

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet program may take for a formula, also in their full width."""

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds."""
MOST = 1_048_576
"""Rows that a sheet holds."""

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time that files in a workbook bear, so that equal tables give equal bytes."""


def defused(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(FORMULA) or text.startswith(FORMULA) else text


def export(tables: Tables, out: str | Path, only: Sequence[str] = (), *, workbooks: bool = False) -> list[str]:
    """Write the copies into a folder. Returns a line for each file; UsageError for a table that is not there."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    names = list(only) or [table for table in TABLES if tables.has(table)]
    said = []
    for table in names:
        if not tables.has(table):
            raise UsageError(f"there is no table {table}", remedy=f"There are {', '.join(TABLES)}.")
        header = tables.schema(table).names
        with open(folder / f"{table}.csv", "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(header)
            writer.writerows([_shown(value) for value in row.values()] for row in tables.rows(table))
        said.append(f"{table}.csv")
        if workbooks and tables.count(table) >= MOST:
            said.append(f"{table}.xlsx left out: a sheet holds {MOST} rows")
        elif workbooks:
            rows: Iterator[list[Any]] = (list(row.values()) for row in tables.rows(table))
            workbook(folder / f"{table}.xlsx", table, header, rows)
            said.append(f"{table}.xlsx")
    return said


def plain(value: Any) -> str:
    """A value as the tables write it: decimals without exponent, dates as ISO, `true` and `false`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f") if math.isfinite(value) else ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


def _shown(value: Any) -> str:
    return defused(value)[:LONGEST] if isinstance(value, str) else plain(value)


def workbook(
    path: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], links: Sequence[int] = ()
) -> None:
    """Write one sheet. Texts stand as texts, numbers as numbers; columns numbered in `links`, from 0, hold addresses.

    Numbers of more than 15 digits stand as texts, as spreadsheets would round them.
    """
    space = "http://schemas.openxmlformats.org"
    relations, related = f"{space}/package/2006/relationships", f"{space}/officeDocument/2006/relationships"
    main = f"{space}/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:

        def put(part: str, text: str) -> None:
            file.writestr(_member(part), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')

        put(
            "[Content_Types].xml",
            f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        )
        put(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{related}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        put(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{related}">'
            f'<sheets><sheet name="{escape(name)[:31]}" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        put(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{related}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        with file.open(_member("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{main}"><sheetViews>'
                '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
                "</sheetViews><sheetData>".encode()
            )
            sheet.write(_row(header, ()))
            for row in rows:
                sheet.write(_row(row, links))
            sheet.write(b"</sheetData></worksheet>")


def _member(part: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(part, MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _row(values: Sequence[Any], links: Sequence[int]) -> bytes:
    cells = []
    for at, value in enumerate(values):
        if value is None or value == "":
            cells.append("<c/>")
        elif at in links and str(value).startswith(("http://", "https://")) and len(str(value)) < 250:
            quoted = str(value).replace('"', "%22")
            cells.append(
                f'<c t="str"><f>HYPERLINK({escape(chr(34) + quoted + chr(34))})</f><v>{escape(quoted)}</v></c>'
            )
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
            cells.append(f"<c><v>{plain(value)}</v></c>")
        else:
            text = _clean(plain(value) if not isinstance(value, str) else value)[:LONGEST]
            cells.append(f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>')
    return f"<row>{''.join(cells)}</row>".encode()


def _clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(one for one in text if one >= " " or one in "\t\n\r").replace("\ufffe", "").replace("\uffff", "")
