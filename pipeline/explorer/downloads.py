"""Selections as files: CSV as published, CSV for spreadsheet programs with formulas defused, and Parquet.

Rows pass through in batches, so a file may be of any length.
"""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from parsers.errors import UsageError
from pipeline import comma, schema
from pipeline.export import LONGEST, defused, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.explorer.selections import Selection
    from pipeline.explorer.store import Store

TABLES = (
    "reports",
    "observations",
    "sections",
    "checks",
    "issues",
    "cells",
    "figures",
    "revisions",
    "report_documents",
)
"""Tables whose rows belong to reports."""

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "excel.csv": "text/csv; charset=utf-8",
    "parquet": "application/octet-stream",
}


def download(store: Store, table: str, kind: str, selection: Selection) -> Response:
    """The rows of a table that belong to the reports of a selection. UsageError for tables and kinds that are none."""
    if table not in TABLES or not store.has(table):
        raise UsageError(f"{table[:40]} cannot be downloaded", remedy=f"There are {', '.join(TABLES)}.")
    if kind not in KINDS:
        raise UsageError(f"there is no {kind[:20]}", remedy=f"There are {', '.join(KINDS)}.")
    name = f"gongkai-{table}.{kind.removeprefix('excel.')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    rows = _rows(store, table, selection)
    if kind == "parquet":
        path = _parquet(table, rows)
        return FileResponse(
            path, media_type=KINDS[kind], headers=headers, background=BackgroundTask(path.unlink, missing_ok=True)
        )
    made = _csv(table, rows) if kind == "csv" else _excel(table, rows)
    return StreamingResponse(made, media_type=KINDS[kind], headers=headers)


def _rows(store: Store, table: str, selection: Selection) -> Iterator[pa.Table]:
    condition, said = selection.where(store)
    if table != "reports":
        condition = f"report_id IN (SELECT report_id FROM reports WHERE {condition})"
    wanted = schema.arrow_schema(table)
    columns = ", ".join(wanted.names)
    for batch in store.batches(f"SELECT {columns} FROM {table} WHERE {condition}", said):
        yield pa.Table.from_batches([batch]).cast(wanted)


def _csv(table: str, rows: Iterator[pa.Table]) -> Iterator[bytes]:
    yield comma.header(schema.arrow_schema(table).names)
    for piece in rows:
        yield from comma.lines(piece)


def _excel(table: str, rows: Iterator[pa.Table]) -> Iterator[bytes]:
    """With a byte order mark, and nothing that a spreadsheet program takes for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(schema.arrow_schema(table).names)
    yield b"\xef\xbb\xbf"
    for piece in rows:
        for row in piece.to_pylist():
            writer.writerow(
                [defused(value)[:LONGEST] if isinstance(value, str) else plain(value) for value in row.values()]
            )
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _parquet(table: str, rows: Iterator[pa.Table]) -> Path:
    wanted = schema.arrow_schema(table)
    with tempfile.NamedTemporaryFile(suffix=".parquet", delete=False) as file:
        path = Path(file.name)
    try:
        with pq.ParquetWriter(path, wanted, compression="zstd") as writer:
            for piece in rows:
                writer.write_table(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
