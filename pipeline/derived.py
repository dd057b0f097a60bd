"""Whether the tables that are made from others agree with those: panel, coverage, revisions, figures of the text."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from parsers.forms.crosswalk import crosswalk, series
from parsers.records import FAILED
from pipeline import frames, schema
from pipeline.agreement import AT_ONCE, Fault
from pipeline.export import plain
from pipeline.link import crossyear
from pipeline.rereading import states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.tables import Row, Tables

CHECKS = {
    "panel_of_figures": "the panel has every latest report once, with its figures and their statuses",
    "harmonised_of_panel": "the harmonised panel has the figures of the panel, under the series of the crosswalk",
    "summary_of_checks": "the counts of checks by body and year are those of the checks",
    "crosswalk_of_forms": "the crosswalk is the one of these forms",
    "coverage_of_reports": "what counts as parsed in the coverage has a report, and every report is counted",
    "revisions_of_reports": "a revision follows the one before it, and says what both say",
    "figure_in_phrase": "a figure of the text stands in its words, and its section is there",
    "years_of_reports": "the checks over two years, evaluated anew on the cells of both reports, come out as published",
    "figure_of_line": "a figure of the text is one of a line and a column that a form has",
}

SHARED = ("division_code", "division_level", "body_type", "form", "published_date", "revision", "checks_failed")
"""Columns that the panel takes from `reports`."""

SUMMED = {
    "checks": "checks",
    "passed": "pass",
    "passed_if_blank_zero": "pass_if_blank_zero",
    "failed": "fail",
    "failed_if_blank_zero": "fail_if_blank_zero",
    "not_assessable": "not_assessable",
    "errors": "error",
    "warnings": "warning",
    "notes": "info",
    "source_errors": "source_error",
    "reading_doubts": "reading_doubt",
}
"""What the columns of `check_summary` count."""

BREAKDOWNS = ("year", "cumulative", "total")
"""Columns that the text may speak of where no form has them."""

Key = tuple[str, str]


def faults(tables: Tables) -> Iterator[Fault]:
    """Everything that does not agree, of the tables that are there."""
    reports = {row["report_id"]: row for row in tables.rows("reports")}
    for table in ("panel", "panel_status"):
        if tables.has(table):
            yield from _panel(tables, table, reports)
    if tables.has("panel_harmonised") and tables.has("panel"):
        yield from _harmonised(tables)
    if tables.has("check_summary"):
        yield from _summaries(tables, reports)
    if tables.has("crosswalk"):
        yield from _crosswalk(tables)
    if tables.has("coverage"):
        yield from _coverage(tables, reports)
    if tables.has("revisions"):
        yield from _revisions(tables, reports)
    if tables.has("figures"):
        yield from _figures(tables)
    if tables.has("checks") and tables.has("observations"):
        yield from _years(tables, reports)


def _panel(tables: Tables, table: str, reports: dict[str, Row]) -> Iterator[Fault]:
    wanted = {
        name for name, row in reports.items() if row["latest"] and row["body_id"] and row["report_year"] is not None
    }
    seen: set[str] = set()
    held: list[Row] = []
    for row in tables.rows(table):
        key = f"{row['body_id']} {row['report_year']} {row['scope']}"
        report = reports.get(row["report_id"])
        if row["report_id"] not in wanted or row["report_id"] in seen or report is None:
            yield Fault("panel_of_figures", table, key, f"{row['report_id']} does not belong there")
            continue
        seen.add(row["report_id"])
        for column in ("body_id", "report_year", "scope", *SHARED):
            if row[column] != report[column]:
                yield Fault("panel_of_figures", table, key, f"{column} is {row[column]}, not {report[column]}")
        held.append(row)
        if len(held) >= AT_ONCE:
            yield from _cells(tables, table, held)
            held = []
    yield from _cells(tables, table, held)
    for name in sorted(wanted - seen):
        yield Fault("panel_of_figures", table, name, "is left out")


def _cells(tables: Tables, table: str, rows: list[Row]) -> Iterator[Fault]:
    """The wide columns of some rows against the observations."""
    column = "status" if table == "panel_status" else "value_std"
    said: dict[tuple[str, str], object] = {}
    for one in tables.rows("observations", among=("report_id", [row["report_id"] for row in rows])):
        said[one["report_id"], f"{one['indicator']}__{one['breakdown']}"] = one[column]
    for row in rows:
        for name, value in row.items():
            if "__" not in name:
                continue
            wanted = said.get((row["report_id"], name))
            same = value == wanted or (wanted is None and value in (None, "not_printed", "not_on_form"))
            if not same:
                yield Fault("panel_of_figures", table, f"{row['report_id']} {name}", f"is {value}, published {wanted}")


def _harmonised(tables: Tables) -> Iterator[Fault]:
    """The rows beside those of the panel: both are in the order of the same key."""
    cells = {(row.form, row.series): f"{row.indicator}__{row.breakdown}" for row in crosswalk() if row.series}
    names = series()
    own = ("body_id", "report_year", "scope", "report_id", "form", "period_months")
    for row, panel in zip_longest(tables.rows("panel_harmonised"), tables.rows("panel")):
        if row is None or panel is None:
            left = row or panel or {}
            yield Fault("harmonised_of_panel", "panel_harmonised", left["report_id"], "stands in one of the two panels")
            return
        key = f"{row['body_id']} {row['report_year']} {row['scope']}"
        for column in own:
            if row[column] != panel[column]:
                yield Fault("harmonised_of_panel", "panel_harmonised", key, f"{column} is {row[column]}")
        flags = set(row["flags"].split(";"))
        wanted = {"checks_failed": bool(panel["checks_failed"]), "no_table": panel["form"] in ("prose", "")}
        wanted["short_period"] = (panel["period_months"] or 12) < 12
        for flag, holds in wanted.items():
            if (flag in flags) != holds:
                yield Fault("harmonised_of_panel", "panel_harmonised", key, f"flags are {row['flags']!r}")
        for name in names:
            cell = cells.get((panel["form"], name))
            value = panel[cell] if cell else None
            if row[name] != value:
                yield Fault("harmonised_of_panel", "panel_harmonised", f"{key} {name}", f"is {row[name]}, not {value}")


def _summaries(tables: Tables, reports: dict[str, Row]) -> Iterator[Fault]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rules: dict[str, set[str]] = defaultdict(set)
    for row in tables.rows("checks", ["report_id", "rule", "outcome", "severity", "verdict"]):
        report = row["report_id"]
        counts[report].update(("checks", row["outcome"]))
        if row["outcome"] in FAILED:
            counts[report].update((row["severity"], row["verdict"]))
            rules[report].add(row["rule"])
    seen = set()
    for row in tables.rows("check_summary"):
        key, report = f"{row['body_id']} {row['report_year']} {row['scope']}", reports.get(row["report_id"])
        seen.add(row["report_id"])
        if report is None or any(row[name] != report[name] for name in ("body_id", "report_year", "scope", "form")):
            yield Fault("summary_of_checks", "check_summary", key, f"{row['report_id']} is another report")
            continue
        for column, name in SUMMED.items():
            if row[column] != counts[row["report_id"]][name]:
                words = f"{column} is {row[column]}, counted are {counts[row['report_id']][name]}"
                yield Fault("summary_of_checks", "check_summary", key, words)
        if row["failed_rules"] != ";".join(sorted(rules[row["report_id"]])):
            yield Fault("summary_of_checks", "check_summary", key, f"failed_rules is {row['failed_rules']!r}")
    for name, report in reports.items():
        if report["latest"] and report["body_id"] and report["report_year"] is not None and name not in seen:
            yield Fault("summary_of_checks", "check_summary", name, "is left out")


def _crosswalk(tables: Tables) -> Iterator[Fault]:
    key = schema.key("crosswalk")
    wanted = {tuple(getattr(row, name) for name in key): asdict(row) for row in crosswalk()}
    for row in tables.rows("crosswalk"):
        known = wanted.pop(tuple(row[name] for name in key), None)
        if known != row:
            yield Fault(
                "crosswalk_of_forms", "crosswalk", " ".join(row[name] for name in key), "the forms say otherwise"
            )
    for left in wanted:
        yield Fault("crosswalk_of_forms", "crosswalk", " ".join(left), "is left out")


def _coverage(tables: Tables, reports: dict[str, Row]) -> Iterator[Fault]:
    there = {(row["body_id"], row["report_year"]) for row in reports.values() if row["body_id"]}
    counted = set()
    for row in tables.rows("coverage"):
        key = (row["body_id"], row["report_year"])
        shown = f"{row['body_id']} {row['source']} {row['report_year']}"
        if row["state"] == "parsed":
            counted.add(key)
            if row["body_id"] and key not in there:
                yield Fault("coverage_of_reports", "coverage", shown, "no such report was parsed")
        elif row["body_id"] and key in there:
            yield Fault("coverage_of_reports", "coverage", shown, f"is {row['state']}, and there is a report")
        if (row["documents"] or 0) < (row["state"] == "parsed"):
            yield Fault("coverage_of_reports", "coverage", shown, "was parsed from no document")
    for key in sorted(there - counted, key=str):
        yield Fault("coverage_of_reports", "reports", f"{key[0]} {key[1]}", "is not in the coverage")


def _revisions(tables: Tables, reports: dict[str, Row]) -> Iterator[Fault]:
    rows = list(tables.rows("revisions"))
    names = sorted({row[column] for row in rows for column in ("report_id", "previous_report_id")})
    said: dict[tuple[str, str, str], Row] = {}
    for one in tables.rows("observations", among=("report_id", names)) if rows else ():
        said[one["report_id"], one["indicator"], one["breakdown"]] = one
    for row in rows:
        key = f"{row['report_id']} {row['indicator']} {row['breakdown']}".strip()
        new, old = reports.get(row["report_id"]), reports.get(row["previous_report_id"])
        if new is None or old is None or (new["revision"] or 0) != (old["revision"] or 0) + 1:
            yield Fault("revisions_of_reports", "revisions", key, f"does not follow {row['previous_report_id']}")
            continue
        for column, report in (("new", new), ("old", old)):
            if row["breakdown"] == "" and row["indicator"] in report:
                known = {plain(report[row["indicator"]])}
            else:
                figure = said.get((report["report_id"], row["indicator"], row["breakdown"]))
                known = {"not_printed"} if figure is None else _texts(figure)
            if row[column] not in known:
                words = f"{column} is {row[column]!r}, not {sorted(known)}"
                yield Fault("revisions_of_reports", "revisions", key, words)


def _texts(one: Row) -> set[str]:
    return {plain(one["value_std"]), plain(one["value"]), one["status"], one["raw"]} - {""}


def _figures(tables: Tables) -> Iterator[Fault]:
    lines: dict[str, set[str]] = defaultdict(set)
    for indicator, breakdown in schema.cells():
        lines[indicator].add(breakdown)
    sections = Counter((row["report_id"], row["section"]) for row in tables.rows("sections", ["report_id", "section"]))
    for row in tables.rows("figures"):
        key = f"{row['report_id']} {row['section']} {row['indicator']} {row['breakdown']}".strip()
        if row["section"] and (row["report_id"], row["section"]) not in sections:
            yield Fault("figure_in_phrase", "figures", key, "its section is not there")
        if row["value"] is None or not states(row["phrase"], Decimal(repr(row["value"]))):
            yield Fault("figure_in_phrase", "figures", key, f"{plain(row['value'])} is not in {row['phrase']!r}")
        for indicator in row["indicator"].split("+") if row["indicator"] else ():
            if indicator not in lines:
                yield Fault("figure_of_line", "figures", key, f"no form has a line {indicator}")
            elif row["breakdown"] not in BREAKDOWNS and row["breakdown"] not in lines[indicator]:
                yield Fault("figure_of_line", "figures", key, f"{indicator} has no column {row['breakdown']}")


def _years(tables: Tables, reports: dict[str, Row]) -> Iterator[Fault]:
    """The checks over two years: those that were compared, evaluated anew; each rule of the others says why not."""
    said: dict[str, list[Row]] = defaultdict(list)
    for row in tables.rows("checks", among=("kind", list(crossyear.KINDS))):
        said[row["report_id"]].append(row)
    names = list(reports)
    for start in range(0, len(names), AT_ONCE):
        pairs: dict[str, crossyear.Pair] = {}
        for name in names[start : start + AT_ONCE]:
            others = {row["other_report_id"] for row in said[name]} - {""}
            pair = _pair(name, others, reports) if others else None
            if pair is not None:
                pairs[name] = pair
            elif others:
                yield Fault(
                    "years_of_reports", "checks", name, f"{', '.join(sorted(others))} is not on the year before"
                )
        yield from _evaluated(tables, [reports[name] for name in names[start : start + AT_ONCE]], pairs, said)


def _pair(name: str, others: set[str], reports: dict[str, Row]) -> crossyear.Pair | None:
    """The report with the only other one, where that is on the year before."""
    report, other = reports[name], reports.get(next(iter(others)))
    if len(others) > 1 or other is None or (other["report_year"] or 0) + 1 != report["report_year"]:
        return None
    return crossyear.Pair(name, report["form"], report["report_year"], other["report_id"], other["form"])


def _evaluated(
    tables: Tables, reports: list[Row], pairs: dict[str, crossyear.Pair], said: dict[str, list[Row]]
) -> Iterator[Fault]:
    wanted = sorted({name for pair in pairs.values() for name in (pair.report, pair.other)})
    among = frames.frame(tables.among("observations", "report_id", wanted)) if pairs else None
    again = crossyear.compared(list(pairs.values()), among) if among is not None else []
    expected = {(one.report_id, one.rule, one.indicator, one.breakdown): one for one in again}
    rules = {(one.report_id, one.rule) for one in again}
    for report in reports:
        for identity in crossyear.over_years(report["form"]) if report["form"] else ():
            if (report["report_id"], identity.rule) not in rules:
                reason = pairs.get(report["report_id"], "")
                one = crossyear.unassessed(report["report_id"], report["form"], identity, reason)
                expected[one.report_id, one.rule, "", ""] = one
        for row in said[report["report_id"]]:
            key = (row["report_id"], row["rule"], row["indicator"], row["breakdown"])
            known = expected.pop(key, None)
            if known is None:
                yield Fault("years_of_reports", "checks", " ".join(key), "the reports have no such rule here")
                continue
            for column in ("form", "outcome", "expected", "observed", "difference", "severity", "kind", "verdict"):
                value = row[column]
                wanted_value = getattr(known, column)
                if value != (float(wanted_value) if isinstance(wanted_value, Decimal) else wanted_value):
                    words = f"{column} is {value}, evaluated {wanted_value}"
                    yield Fault("years_of_reports", "checks", " ".join(key), words)
            if row["other_report_id"] != known.other_report_id:
                yield Fault(
                    "years_of_reports", "checks", " ".join(key), f"is not compared with {row['other_report_id']}"
                )
            if row["explanation"] != (known.explanation or row["explanation"]) or not (
                row["explanation"] or known.outcome == "pass" or row["other_report_id"]
            ):
                yield Fault("years_of_reports", "checks", " ".join(key), f"{row['explanation']!r} is no reason")
    for left in expected:
        yield Fault("years_of_reports", "checks", " ".join(left), "was not evaluated")
