"""The records of the tables as the models of the JSON API, so that its documentation is made from the one schema."""

from __future__ import annotations

import functools
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field, create_model

from pipeline import schema

TYPES: dict[str, Any] = {
    "text": str, "int": int, "number": float, "bool": bool, "date": date, "timestamp": datetime,
}  # fmt: skip


@functools.cache
def model(table: str) -> type[BaseModel]:
    """A row of a table. A missing text is "", anything else that is missing is null."""
    fields: dict[str, Any] = {}
    for column in schema.columns(table):
        said = f"{column.en} · {column.zh}"
        if column.values:
            said += f" ({', '.join(value for value in column.values if value)})"
        if column.kind == "text":
            fields[column.name] = (str, Field("", description=said))
        else:
            fields[column.name] = (TYPES[column.kind] | None, Field(None, description=said))
    return create_model(f"{table.title().replace('_', '')}Row", **fields)


class Counts(BaseModel):
    """How many rows the tables have; `latest` are newest revisions, `failing` those with a failed check."""

    documents: int
    reports: int
    bodies: int
    observations: int
    checks: int
    issues: int
    latest: int
    failing: int


class RuleCounts(BaseModel):
    """A rule of a form: how its checks came out, and whose error its failures are."""

    rule: str
    kind: str
    form: str
    severity: str
    checks: int
    passed: int
    passed_if_blank_zero: int
    not_assessable: int
    failed: int
    source_errors: int
    reading_doubts: int


class CodeCounts(BaseModel):
    """A code of issues: how many there are, and in how many reports."""

    code: str
    severity: str
    issues: int
    reports: int


class PlaceYear(BaseModel):
    """What is known of the reports of a place on a year. A place and year that is not listed is not known of."""

    place: str = Field(description="the beginning of a division's code; empty where the place is not known")
    year: int
    state: str
    known: int
    parsed: int
    found_unparsed: int
    blocked: int
    gone: int
    not_found: int
    not_looked_for: int


class PointModel(BaseModel):
    """A year of a series."""

    year: int
    form: str
    report_id: str
    cell: str = Field(description="INDICATOR.BREAKDOWN")
    value: float | None
    status: str
    unit: str
    broken: str = Field(description="why it is not comparable with the year before; empty where it is")
    broken_zh: str


class SeriesModel(BaseModel):
    """A concept over the years of a body."""

    concept: str
    label: str
    label_en: str
    points: list[PointModel]


class CellModel(BaseModel):
    """A cell of a form that measures a concept."""

    form: str
    indicator: str
    breakdown: str
    label: str
    definition: str
    unit: str
    relation: str = Field(description="to the forms before: same, redefined, new")
    reason: str
    reason_zh: str


class ConceptModel(BaseModel):
    """A concept, and the cells that measure it."""

    concept: str
    label: str
    label_en: str
    cells: list[CellModel]


class Failure(BaseModel):
    """What went wrong with a request."""

    error: str
    message: str


@functools.cache
def page_of(table: str) -> type[BaseModel]:
    """A page of a list of rows."""
    return create_model(
        f"{table.title().replace('_', '')}Page",
        total=(int | None, Field(None, description="how many there are in all, where that is counted")),
        after=(str, Field("", description="the mark to ask for the next page with; empty on the last one")),
        before=(str, Field("", description="the mark to ask for the page before with; empty on the first one")),
        rows=(list[model(table)], ...),  # type: ignore[misc, arg-type]
    )
