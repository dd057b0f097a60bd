"""Arrow schemas of the published tables, made from the records, and from the forms where a table is wide.

Kinds become types: text a string, int a 64-bit integer, number a double, bool a boolean, date a day,
timestamp microseconds in UTC. A double holds every decimal number of up to 15 significant digits
exactly, in the sense that its shortest text is that number; longer ones are reported when they are met.
An empty text is a missing value in the tables, as it is in CSV.
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import Any

import pyarrow as pa

from parsers import records
from parsers.forms import forms
from parsers.forms.crosswalk import crosswalk, series
from parsers.records import TABLES, Column

TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "int": pa.int64(),
    "number": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}

_FOREIGN_KEYS: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("report_documents", ("report_id",), "reports", ("report_id",)),
    ("report_documents", ("document_id",), "documents", ("document_id",)),
    ("reports", ("document_id",), "documents", ("document_id",)),
    ("reports", ("body_id",), "bodies", ("body_id",)),
    ("sections", ("report_id",), "reports", ("report_id",)),
    ("sections", ("document_id",), "documents", ("document_id",)),
    ("observations", ("report_id",), "reports", ("report_id",)),
    ("observations", ("body_id",), "bodies", ("body_id",)),
    ("observations", ("document_id",), "documents", ("document_id",)),
    ("cells", ("report_id",), "reports", ("report_id",)),
    ("cells", ("document_id",), "documents", ("document_id",)),
    ("checks", ("report_id",), "reports", ("report_id",)),
    ("issues", ("report_id",), "reports", ("report_id",)),
    ("issues", ("document_id",), "documents", ("document_id",)),
    ("figures", ("report_id",), "reports", ("report_id",)),
    ("figures", ("document_id",), "documents", ("document_id",)),
    ("checks", ("other_report_id",), "reports", ("report_id",)),
    ("revisions", ("report_id",), "reports", ("report_id",)),
    ("revisions", ("previous_report_id",), "reports", ("report_id",)),
    ("coverage", ("body_id",), "bodies", ("body_id",)),
    ("panel", ("body_id",), "bodies", ("body_id",)),
    ("panel", ("report_id",), "reports", ("report_id",)),
    ("panel_status", ("body_id",), "bodies", ("body_id",)),
    ("panel_status", ("report_id",), "reports", ("report_id",)),
    ("panel_harmonised", ("body_id",), "bodies", ("body_id",)),
    ("panel_harmonised", ("report_id",), "reports", ("report_id",)),
    ("check_summary", ("body_id",), "bodies", ("body_id",)),
    ("check_summary", ("report_id",), "reports", ("report_id",)),
)
FOREIGN_KEYS = tuple(found for found in _FOREIGN_KEYS if found[0] in TABLES)
"""Table, its columns, and the table and columns that they point into; an empty value points nowhere."""


HARMONISED = "panel_harmonised"
"""The table with a column for each series that several forms have."""

WIDE: dict[str, tuple[str, tuple[str, ...]]] = {"panel": ("number", ()), "panel_status": ("text", records.CELL_STATES)}
"""Tables that have a column a cell, `INDICATOR__BREAKDOWN`, with the kind and the allowed values of these."""


@functools.cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table, in order: those of its record, then the cells of all forms where it is a wide one."""
    own = records.columns(TABLES[table])
    if table == HARMONISED:
        return (*own, *_series_columns())
    return (*own, *_cell_columns(*WIDE[table])) if table in WIDE else own


def _cell_columns(kind: str, values: tuple[str, ...]) -> tuple[Column, ...]:
    """A column for each cell that a form has, labelled as the newest of its forms does."""
    labels: dict[str, tuple[str, str]] = {}
    for form in forms():
        for section in form.sections:
            for line in section.lines:
                for breakdown in line.breakdowns:
                    spans = " / ".join([*line.groups, section.column(breakdown).label.replace("<year>", "报告年")])
                    english = f"{line.label_en} ({breakdown.replace('_', ' ')})"
                    labels[wide_name(line.indicator, breakdown)] = (f"{line.label}（{spans}）", english)
    return tuple(Column(name, kind, zh, en, False, values) for name, (zh, en) in labels.items())


def _series_columns() -> tuple[Column, ...]:
    """A column for each series, labelled as the newest form that has it does."""
    labels = {column.name: (column.zh, column.en) for column in _cell_columns("number", ())}
    cells = {row.series: wide_name(row.indicator, row.breakdown) for row in crosswalk() if row.series}
    return tuple(Column(name, "number", *labels[cells[name]], False, ()) for name in series())


def wide_name(indicator: str, breakdown: str) -> str:
    """The column of a cell in the wide tables."""
    return f"{indicator}__{breakdown}"


@functools.cache
def cells() -> tuple[tuple[str, str], ...]:
    """The (indicator, breakdown) of every cell of every form, in the order of the wide tables' columns."""
    lines = (line for form in forms() for section in form.sections for line in section.lines)
    found = ((line.indicator, breakdown) for line in lines for breakdown in line.breakdowns)
    return tuple(dict.fromkeys(found))


@functools.cache
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table. It carries no metadata, so that equal rows give equal files."""
    return pa.schema([pa.field(column.name, TYPES[column.kind]) for column in columns(table)])


@functools.cache
def key(table: str) -> tuple[str, ...]:
    """The names of a table's key columns; none for a table without a key."""
    return tuple(column.name for column in columns(table) if column.key)


@functools.cache
def order(table: str) -> tuple[str, ...]:
    """The columns that rows are sorted by: the key, or every column for a table without one."""
    return key(table) or tuple(column.name for column in columns(table))


def section_order(path: str) -> str:
    """A section's path as text that sorts by number: 2.10 after 2.9."""
    return re.sub(r"[0-9]+", lambda found: found.group().zfill(9), path)


SORT_TEXT = {("sections", "section"): section_order}
"""Columns that are sorted by something else than their text."""


def sortable(values: pa.ChunkedArray, table: str, name: str) -> pa.ChunkedArray:
    """A column as it is sorted: what is missing comes first."""
    change = SORT_TEXT.get((table, name))
    if change is not None:
        return pa.chunked_array([[change(value or "") for value in values.to_pylist()]], pa.string())
    if pa.types.is_string(values.type):
        return values.fill_null("")
    if pa.types.is_floating(values.type):
        return values.fill_null(float("-inf"))
    return values.cast(pa.int64()).fill_null(-(2**63))


@functools.cache
def fingerprint() -> str:
    """A digest of all tables' columns and types: rows written under another one cannot be read as these."""
    said: list[Any] = [(table, [(c.name, c.kind) for c in records.columns(TABLES[table])]) for table in TABLES]
    return hashlib.sha256(repr(said).encode()).hexdigest()
