"""What the pages and the JSON API show, asked of the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parsers.errors import PipelineError, UsageError
from parsers.records import FAILED
from pipeline.explorer.selections import marked, numbered, unmarked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.explorer.layout import Key
    from pipeline.explorer.store import Row, Store

MOST = 5_000
"""Rows of one table that one report is shown with."""


class NotThereError(PipelineError):
    """What an address names does not stand in the tables."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A report with everything that the tables say of it."""

    report: Row
    body: Row | None
    documents: list[Row]
    sections: list[Row]
    observations: list[Row]
    checks: list[Row]
    issues: list[Row]
    figures: list[Row]
    versions: list[Row]
    changes: list[Row]
    failed: dict[Key, int] = field(default_factory=dict)

    @property
    def failures(self) -> list[Row]:
        return [row for row in self.checks if row["outcome"] in FAILED]

    def observation(self, key: str) -> Row | None:
        """The observation of `INDICATOR.BREAKDOWN`, or None."""
        indicator, _, breakdown = key.partition(".")
        for row in self.observations:
            if (row["indicator"], row["breakdown"]) == (indicator, breakdown):
                return row
        return None


def report(store: Store, report_id: str) -> Row:
    """A row of `reports`. NotThereError when there is none."""
    found = store.row("SELECT * FROM reports WHERE report_id = ?", [report_id])
    if found is None:
        raise NotThereError(f"there is no report {report_id[:40]}")
    return found


def of_report(store: Store, table: str, report_id: str) -> list[Row]:
    """A report's rows of a table, in published order; none when the table was not published."""
    if not store.has(table):
        return []
    order = {"sections": "", "observations": "indicator, breakdown", "checks": "kind, rule, indicator, breakdown"}.get(
        table, ""
    )
    ordered = f" ORDER BY {order}" if order else ""
    return store.rows(f"SELECT * FROM {table} WHERE report_id = ?{ordered} LIMIT {MOST}", [report_id])


def of_body(store: Store, body_id: str) -> list[Row]:
    """The reports of a body, by year, scope and revision."""
    numbers = store.rows("SELECT n FROM made.of_body WHERE body_id = ?", [body_id]) if body_id else []
    found = numbered(store, [row["n"] for row in numbers])
    return sorted(found, key=lambda row: (row["report_year"] or 0, row["scope"], row["revision"] or 0))


def whole(store: Store, report_id: str) -> Whole:
    """A report with everything about it. NotThereError when there is none."""
    row = report(store, report_id)
    checks = of_report(store, "checks", report_id)
    failed: dict[Key, int] = {}
    for check in checks:
        if check["outcome"] in FAILED:
            key = (check["indicator"], check["breakdown"])
            failed[key] = failed.get(key, 0) + 1
    versions = [
        one
        for one in of_body(store, row["body_id"])
        if (one["report_year"], one["scope"]) == (row["report_year"], row["scope"])
    ]
    versions.sort(key=lambda one: one["revision"] or 0)
    changes = []
    if store.has("revisions"):
        changes = store.rows(
            f"SELECT * FROM revisions WHERE report_id = ? OR previous_report_id = ? ORDER BY ALL LIMIT {MOST}",
            [report_id, report_id],
        )
    return Whole(
        report=row,
        body=store.row("SELECT * FROM bodies WHERE body_id = ?", [row["body_id"]]),
        documents=documents(store, report_id),
        sections=in_outline(of_report(store, "sections", report_id)),
        observations=of_report(store, "observations", report_id),
        checks=checks,
        issues=of_report(store, "issues", report_id),
        figures=of_report(store, "figures", report_id),
        versions=versions,
        changes=changes,
        failed=failed,
    )


def reports_of(store: Store, rows: Sequence[Row]) -> dict[str, Row]:
    """Publisher and year of the reports that rows of a table belong to, by `report_id`."""
    ids = sorted({row["report_id"] for row in rows if row["report_id"]})
    if not ids:
        return {}
    # The bounds let DuckDB leave out what lies beyond them: rows of a page belong to reports that are neighbours.
    found = store.rows(
        "SELECT report_id, publisher, report_year FROM reports WHERE report_id BETWEEN ? AND ? "
        f"AND report_id IN ({', '.join('?' * len(ids))})",
        [ids[0], ids[-1], *ids],
    )
    return {row["report_id"]: row for row in found}


def documents(store: Store, report_id: str) -> list[Row]:
    """The documents that a report was read from, the main one first."""
    related = store.rows("SELECT document_id, role FROM report_documents WHERE report_id = ?", [report_id])
    if not related:
        return []
    roles = {row["document_id"]: row["role"] for row in related}
    places = ", ".join("?" * len(roles))
    found = store.rows(f"SELECT * FROM documents WHERE document_id IN ({places}) ORDER BY source", list(roles))
    ranks = ("main", "attachment", "copy")
    for row in found:
        row["role"] = roles[row["document_id"]]
    return sorted(found, key=lambda row: ranks.index(row["role"]))


def document(store: Store, document_id: str) -> list[Row]:
    """The rows of a document, one for each place and time. NotThereError when there is none."""
    found = store.rows("SELECT * FROM documents WHERE document_id = ? ORDER BY ALL", [document_id])
    if not found:
        raise NotThereError(f"there is no document {document_id[:40]}")
    return found


def in_outline(sections: Sequence[Row]) -> list[Row]:
    """Sections in the order of their numbers: 2.10 after 2.9."""

    def rank(row: dict[str, Any]) -> list[int]:
        return [int(part) if part.isdigit() else 0 for part in str(row["section"]).split(".")]

    return sorted(sections, key=rank)


def covered(store: Store, place: str, year: str, after: str, size: int = 50) -> tuple[list[Row], str]:
    """The rows of `coverage` of a place and year with the body's name, and the report where there is one; the place
    `none` are bodies whose place is not known. UsageError when the year is none."""
    parts = ["true"]
    said: list[Any] = []
    if place == "none":
        parts.append("coalesce(b.division_code, '') = ''")
    elif place:
        parts.append("starts_with(b.division_code, ?)")
        said.append(place)
    if year:
        if not (year.isascii() and year.isdigit() and len(year) <= 4):
            raise UsageError("year is no year")
        parts.append("c.report_year = ?")
        said.append(int(year))
    if after:
        parts.append("(coalesce(c.body_id, ''), coalesce(c.source, '')) > (?, ?)")
        said += unmarked(after)
    rows = store.rows(
        "SELECT c.*, b.name, b.division_code FROM coverage c LEFT JOIN bodies b USING (body_id) "
        f"WHERE {' AND '.join(parts)} ORDER BY coalesce(c.body_id, ''), coalesce(c.source, '') LIMIT {size + 1}",
        said,
    )
    more = len(rows) > size
    rows = rows[:size]
    ids = sorted({row["body_id"] for row in rows if row["body_id"]})
    numbers = (
        store.rows(f"SELECT n FROM made.of_body WHERE body_id IN ({', '.join('?' * len(ids))})", ids) if ids else []
    )
    reports: dict[tuple[str, int | None], Row] = {}
    for report in sorted(numbered(store, [row["n"] for row in numbers]), key=lambda one: str(one["report_id"])):
        if report["latest"]:
            reports.setdefault((report["body_id"], report["report_year"]), report)
    for row in rows:
        known = reports.get((row["body_id"], row["report_year"]))
        row["report_id"], row["title"] = (known["report_id"], known["title"]) if known else ("", "")
    return rows, marked([rows[-1]["body_id"], rows[-1]["source"]]) if more else ""
