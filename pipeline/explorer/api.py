"""The JSON API: the same answers as the pages', for programs. Its documentation is made from the routes below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query

from parsers.errors import UsageError
from pipeline.explorer import bodies, codebook, queries, selections, summaries
from pipeline.explorer.downloads import download
from pipeline.explorer.models import (
    CodeCounts,
    ConceptModel,
    Counts,
    Failure,
    PlaceYear,
    RuleCounts,
    SeriesModel,
    model,
    page_of,
)
from pipeline.explorer.selections import Selection

if TYPE_CHECKING:
    from fastapi.responses import Response

    from pipeline.explorer.store import Row, Store

OF_REPORT = ("sections", "observations", "checks", "issues", "revisions", "report_documents")
LARGEST = 500
"""Rows of a page that may be asked for."""

Size = Annotated[int, Query(ge=1, le=LARGEST, description="rows of a page")]
Mark = Annotated[str, Query(max_length=800, description="the mark of the page before")]
Text = Annotated[str, Query(max_length=200)]


def selected(
    q: Annotated[str, Query(max_length=200, description="words that must all stand in title or publisher")] = "",
    within: Annotated[str, Query(description="`text` looks for the words in the text of sections too")] = "",
    place: Annotated[str, Query(max_length=200, description="beginning of a division's code, or part of a name")] = "",
    level: Annotated[str, Query(description="province, prefecture, county, township; `none`: not stated")] = "",
    year: Annotated[str, Query(description="year, or the first year; `none`: not known")] = "",
    year_to: Annotated[str, Query(description="last year")] = "",
    form: Annotated[str, Query(description="official form")] = "",
    type: Annotated[str, Query(description="type of body")] = "",
    body: Annotated[str, Query(description="body_id")] = "",
    scope: Annotated[str, Query(description="own, area, system, unknown; `single`: neither area nor system")] = "",
    failed: Annotated[str, Query(description="`yes` or `no`: whether a check failed")] = "",
    latest: Annotated[str, Query(description="`all` gives revisions too that newer ones replaced")] = "",
    sort: Annotated[str, Query(description="year, title, publisher, place, …; with a minus for descending")] = "-year",
    after: Mark = "",
    before: Mark = "",
) -> Selection:
    """The filters of reports in an address."""
    said = {"q": q, "within": within, "place": place, "level": level, "year": year, "year_to": year_to, "form": form}
    said |= {"type": type, "body": body, "scope": scope, "failed": failed, "latest": latest, "sort": sort}
    return Selection.of({**said, "after": after, "before": before})


Chosen = Annotated[Selection, Depends(selected)]


def router(store: Store) -> APIRouter:
    """The routes under /api/v1."""
    api = APIRouter(
        prefix="/api/v1",
        responses={400: {"model": Failure}, 404: {"model": Failure}, 503: {"model": Failure}},
    )

    @api.get("/counts", response_model=Counts, tags=["overview"])
    def counts() -> dict[str, int]:
        """How many rows the tables have."""
        return summaries.counts(store)

    @api.get("/coverage", response_model=list[PlaceYear], tags=["overview"])
    def coverage(place: Annotated[str, Query(pattern="^([0-9]{2}|[0-9]{4})?$")] = "") -> list[Row]:
        """Coverage by place and year; with `place`, by the parts of that place."""
        return summaries.coverage(store, place)

    @api.get("/reports", response_model=page_of("reports"), tags=["reports"])
    def reports(chosen: Chosen, size: Size = selections.PAGE) -> dict[str, Any]:
        """A page of the reports that filters choose."""
        found = selections.page(store, chosen, size)
        return {"total": found.total, "after": found.after, "before": found.before, "rows": found.rows}

    @api.get("/reports/{report_id}", response_model=model("reports"), tags=["reports"])
    def report(report_id: str) -> Row:
        """A report."""
        return queries.report(store, report_id)

    def add(table: str) -> None:
        def rows(report_id: str) -> list[Row]:
            queries.report(store, report_id)
            return queries.of_report(store, table, report_id)

        rows.__doc__ = f"A report's rows of the table `{table}`."
        rows.__name__ = f"report_{table}"
        address = f"/reports/{{report_id}}/{table}"
        api.add_api_route(address, rows, response_model=list[model(table)], tags=["reports"])  # type: ignore[misc]

    for table in OF_REPORT:
        add(table)

    @api.get("/bodies", response_model=page_of("bodies"), tags=["bodies"])
    def body_list(q: Text = "", after: Mark = "", size: Size = selections.PAGE) -> dict[str, Any]:
        """A page of bodies by name. `after` is the body_id of the last one of the page before."""
        rows = bodies.found(store, q, after, size)
        return {"after": rows[size - 1]["body_id"] if len(rows) > size else "", "rows": rows[:size]}

    @api.get("/bodies/{body_id}", response_model=model("bodies"), tags=["bodies"])
    def body(body_id: str) -> Row:
        """A body."""
        return bodies.life(store, body_id).body

    @api.get("/bodies/{body_id}/series", response_model=list[SeriesModel], tags=["bodies"])
    def series(body_id: str, scope: Text = "") -> list[dict[str, Any]]:
        """A body's concepts over the years, of the scope that most of its reports have unless another is asked for."""
        return [
            {
                "concept": one.concept.name,
                "label": one.concept.label,
                "label_en": one.concept.label_en,
                "points": [{name: getattr(point, name) for name in point.__slots__} for point in one.points],
            }
            for one in bodies.life(store, body_id, scope).series
        ]

    @api.get("/checks", response_model=list[RuleCounts], tags=["checks and issues"])
    def rules() -> list[Row]:
        """Checks by rule."""
        return summaries.rules(store)

    @api.get("/checks/{rule}", response_model=page_of("checks"), tags=["checks and issues"])
    def of_rule(rule: str, form: Text = "", verdict: Text = "", all_outcomes: bool = False, after: Mark = "") -> Any:
        """A page of the checks of a rule: those that failed, or all."""
        conditions = {"rule": rule, "form": form, "verdict": verdict, "failed": "" if all_outcomes else "yes"}
        order = "report_id, form, rule, indicator, breakdown"
        said = {name: value for name, value in conditions.items() if value}
        rows, mark = summaries.listed(store, "checks", order, said, after)
        return {"after": mark, "rows": rows}

    @api.get("/issues", response_model=list[CodeCounts], tags=["checks and issues"])
    def codes() -> list[Row]:
        """Issues by code."""
        return summaries.codes(store)

    @api.get("/issues/{code}", response_model=page_of("issues"), tags=["checks and issues"])
    def of_code(code: str, after: Mark = "") -> Any:
        """A page of the issues of a code."""
        order = "report_id, document_id, code, locator, message"
        rows, mark = summaries.listed(store, "issues", order, {"code": code}, after)
        return {"after": mark, "rows": rows}

    @api.get("/documents/{document_id}", response_model=list[model("documents")], tags=["documents"])  # type: ignore[misc]
    def document(document_id: str) -> list[Row]:
        """A document, as often as it was seen."""
        return queries.document(store, document_id)

    @api.get("/codebook", response_model=list[ConceptModel], tags=["codebook"])
    def concepts(q: Text = "", form: Text = "") -> list[dict[str, Any]]:
        """Concepts, the cells of forms that measure them, and how far these can be compared."""
        return [
            {
                "concept": one.name,
                "label": one.label,
                "label_en": one.label_en,
                "cells": [
                    {
                        "form": cell.form,
                        "indicator": cell.indicator,
                        "breakdown": cell.breakdown,
                        "label": entry.label_zh,
                        "definition": entry.definition,
                        "unit": entry.unit,
                        "relation": cell.relation,
                        "reason": cell.reason,
                        "reason_zh": cell.reason_zh,
                    }
                    for entry, cell in one.cells
                ],
            }
            for one in codebook.found(q, form)
        ]

    @api.get("/downloads/{table}/{kind}", tags=["downloads"], response_model=None)
    def downloads(table: str, kind: str, chosen: Chosen) -> Response:
        """The rows of a table that belong to the reports that filters choose, as csv, excel.csv or parquet."""
        if chosen.after or chosen.before:
            raise UsageError("a download has no pages")
        return download(store, table, kind, chosen)

    return api
