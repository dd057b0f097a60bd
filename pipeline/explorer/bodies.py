"""A body through the years: its series by concept, where forms break them, cross-year checks, its peers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.explorer.concepts import Concept, concept_of, concepts, redefined
from pipeline.explorer.queries import NotThereError, of_body
from pipeline.explorer.selections import SINGLE

if TYPE_CHECKING:
    from pipeline.explorer.store import Row, Store

PEERS = 12
"""Other bodies that are shown beside one."""

FIRST = "requests_new"
"""The concept that is drawn unless another is chosen."""


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a series. `value` is in the standard unit; `broken` says why it is not to be joined to the year
    before: the form changed and defines the concept otherwise."""

    year: int
    form: str
    report_id: str
    cell: str
    value: float | None
    status: str
    unit: str
    broken: str = ""
    broken_zh: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A concept over the years of a body."""

    concept: Concept
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Life:
    """A body with its reports of one scope, or of the body alone, and what they say over the years."""

    body: Row
    scope: str
    scopes: list[str]
    reports: list[Row]
    others: list[Row]
    series: list[Series]
    breaks: dict[int, str]
    checks: list[Row]
    coverage: list[Row]

    def of(self, name: str) -> Series | None:
        """The series of a concept, or None."""
        return next((one for one in self.series if one.concept.name == name), None)


def found(store: Store, words: str, after: str = "", size: int = 50) -> list[Row]:
    """Bodies whose name has the words, by name."""
    terms = words.split()[:5]
    parts = ["(contains(name, ?) OR contains(other_names, ?) OR division_code = ?)"] * len(terms)
    said: list[Any] = [term for term in terms for _ in range(3)]
    if after:
        parts.append(
            "(coalesce(name, ''), body_id) > (SELECT (coalesce(name, ''), body_id) FROM bodies WHERE body_id = ?)"
        )
        said.append(after)
    return store.rows(
        f"SELECT * FROM bodies WHERE {' AND '.join(parts) or 'true'} ORDER BY coalesce(name, ''), body_id "
        f"LIMIT {size + 1}",
        said,
    )


def life(store: Store, body_id: str, scope: str = "") -> Life:
    """A body and its series. NotThereError when there is no such body."""
    body = store.row("SELECT * FROM bodies WHERE body_id = ?", [body_id])
    if body is None:
        raise NotThereError(f"there is no body {body_id[:40]}")
    reports = of_body(store, body_id)
    newest = [row for row in reports if row["latest"] and row["report_year"] is not None]
    scopes = [name for name, _ in Counter(_group(row) for row in newest).most_common()]
    chosen = scope if scope in scopes else scopes[0] if scopes else ""
    # Where a year has two reports on the body alone, the one that says so comes before one that does not.
    by_year = {row["report_year"]: row for row in sorted(newest, key=_stated) if _group(row) == chosen}
    mine = [by_year[year] for year in sorted(by_year)]
    series, breaks = _series(store, mine)
    ids = [row["report_id"] for row in mine]
    checks = []
    if ids and store.has("checks"):
        checks = store.rows(
            f"SELECT * FROM checks WHERE report_id IN ({', '.join('?' * len(ids))}) AND kind IN ('cross_year', "
            "'duplicate') ORDER BY report_id, rule, indicator, breakdown LIMIT 500",
            ids,
        )
    coverage = []
    if store.has("coverage"):
        coverage = store.rows("SELECT * FROM coverage WHERE body_id = ? ORDER BY report_year", [body_id])
    others = [row for row in reports if row not in mine]
    return Life(body, chosen, scopes, mine, others, series, breaks, checks, coverage)


def _group(report: Row) -> str:
    """Whom a report's figures cover, as far as series go: one that does not say counts as one on the body alone."""
    return str(report["scope"]) if report["scope"] in ("area", "system") else SINGLE


def _stated(report: Row) -> bool:
    return bool(report["scope"] == "own")


def _series(store: Store, reports: list[Row]) -> tuple[list[Series], dict[int, str]]:
    """The series of reports in the order of their years, and the years whose form is another than before."""
    if not reports:
        return [], {}
    ids = [row["report_id"] for row in reports]
    cells = store.rows(
        "SELECT report_id, form, indicator, breakdown, value, value_std, value_corrected, unit_std, unit, status "
        f"FROM observations WHERE report_id IN ({', '.join('?' * len(ids))})",
        ids,
    )
    by_report: dict[str, dict[str, Row]] = {}
    for cell in cells:
        concept = concept_of(cell["form"], cell["indicator"], cell["breakdown"])
        if concept is not None:
            by_report.setdefault(cell["report_id"], {})[concept.name] = cell
    breaks: dict[int, str] = {}
    points: dict[str, list[Point]] = {}
    before = ""
    for report in reports:
        year, form = report["report_year"], report["form"]
        if before and form and form != before:
            breaks[year] = form
        for name, cell in by_report.get(report["report_id"], {}).items():
            known = points.get(name)
            broken = redefined(concepts()[name], known[-1].form, cell["form"]) if known else []
            value = cell["value_corrected"] if cell["value_corrected"] is not None else cell["value_std"]
            points.setdefault(name, []).append(
                Point(
                    year,
                    cell["form"],
                    report["report_id"],
                    f"{cell['indicator']}.{cell['breakdown']}",
                    value if value is not None else cell["value"],
                    cell["status"],
                    cell["unit_std"] or cell["unit"],
                    "; ".join(one.reason for one in broken),
                    "；".join(one.reason_zh for one in broken),
                )
            )
        before = form or before
    return [Series(concept, points[name]) for name, concept in concepts().items() if name in points], breaks


def peers(store: Store, body: Row, reports: list[Row], name: str) -> tuple[int | None, list[Row]]:
    """Bodies of the same level and type with a report on the last year of `reports`, nearest places first, and their
    values of a concept."""
    if not reports:
        return None, []
    last = reports[-1]
    code = last["division_code"] or ""
    near = store.rows(
        "SELECT report_id, body_id, publisher, division_name, division_code, form FROM made.reports "
        "WHERE latest AND report_year = ? AND body_type IS NOT DISTINCT FROM ? "
        "AND division_level IS NOT DISTINCT FROM ? "
        "AND (scope = ? OR (? AND scope NOT IN ('area', 'system'))) AND body_id <> ? "
        "ORDER BY starts_with(coalesce(division_code, ''), ?) DESC, starts_with(coalesce(division_code, ''), ?) DESC, "
        f"division_code, publisher, body_id LIMIT {PEERS}",
        [
            last["report_year"],
            last["body_type"] or None,
            last["division_level"] or None,
            last["scope"],
            _group(last) == SINGLE,
            body["body_id"],
            code[:4],
            code[:2],
        ],
    )
    concept = concepts().get(name)
    if near and concept is not None:
        places = ", ".join("?" * len(near))
        pairs = {(one.indicator, one.breakdown) for one in concept.cells}
        either = " OR ".join("(indicator = ? AND breakdown = ?)" for _ in pairs)
        values = store.rows(
            "SELECT report_id, form, indicator, breakdown, status, "
            "coalesce(value_corrected, value_std, value) AS value "
            f"FROM observations WHERE report_id IN ({places}) AND ({either})",
            [*(row["report_id"] for row in near), *(text for pair in pairs for text in pair)],
        )
        known = {
            row["report_id"]: row
            for row in values
            if concept.cell(row["form"]) is not None
            and (row["indicator"], row["breakdown"]) == _cell(concept, row["form"])
        }
        for row in near:
            own = known.get(row["report_id"])
            row["value"] = own["value"] if own else None
            row["status"] = own["status"] if own else "not_printed"
            row["cell"] = f"{own['indicator']}.{own['breakdown']}" if own else ""
    else:
        for row in near:
            row.update(value=None, status="not_printed", cell="")
    return last["report_year"], near


def _cell(concept: Concept, form: str) -> tuple[str, str]:
    cell = concept.cell(form)
    return (cell.indicator, cell.breakdown) if cell else ("", "")
