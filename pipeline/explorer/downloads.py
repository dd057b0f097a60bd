"""Selections as files: CSV as published, CSV for spreadsheet programs with formulas defused, and Parquet.

Rows pass through in batches, so a file may be of any length.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from fastapi.responses import Response, StreamingResponse

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

GROUP = 65_536
"""Rows of a group in a Parquet file, about as many as in the published ones."""


def download(store: Store, table: str, kind: str, selection: Selection) -> Response:
    """The rows of a table that belong to the reports of a selection. UsageError for tables and kinds that are none."""
    if table not in TABLES or not store.has(table):
        raise UsageError(f"{table[:40]} cannot be downloaded", remedy=f"There are {', '.join(TABLES)}.")
    if kind not in KINDS:
        raise UsageError(f"there is no {kind[:20]}", remedy=f"There are {', '.join(KINDS)}.")
    name = f"gongkai-{table}.{kind.removeprefix('excel.')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    rows = _rows(store, table, selection)
    made = {"csv": _csv, "excel.csv": _excel, "parquet": _parquet}[kind](table, rows)
    return StreamingResponse(made, media_type=KINDS[kind], headers=headers)


def _rows(store: Store, table: str, selection: Selection) -> Iterator[pa.Table]:
    """The rows in pieces. What is wrong with the selection is said before the first of them."""
    condition, said = selection.where(store)
    if table != "reports":
        condition = f"report_id IN (SELECT report_id FROM made.reports WHERE {condition})"
    wanted = schema.arrow_schema(table)
    source = "made.reports" if table == "reports" else table
    batches = store.batches(f"SELECT {', '.join(wanted.names)} FROM {source} WHERE {condition}", said)
    return (pa.Table.from_batches([batch]).cast(wanted) for batch in batches)


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


class _Sink(io.RawIOBase):
    """What is written to it can be taken out of it, so that a file goes out while it is being made."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._held.append(bytes(piece))
        return len(self._held[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = b"".join(self._held)
        self._held.clear()
        return piece


def _parquet(table: str, rows: Iterator[pa.Table]) -> Iterator[bytes]:
    wanted = schema.arrow_schema(table)
    sink = _Sink()
    with pq.ParquetWriter(sink, wanted, compression="zstd", store_schema=False) as writer:
        held: list[pa.Table] = []
        for piece in rows:
            held.append(piece)
            if sum(one.num_rows for one in held) >= GROUP:
                writer.write_table(pa.concat_tables(held), row_group_size=GROUP)
                held.clear()
                yield sink.taken()
        if held:
            writer.write_table(pa.concat_tables(held), row_group_size=GROUP)
    yield sink.taken()
