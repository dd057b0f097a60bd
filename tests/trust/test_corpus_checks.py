"""What the checks find on the corpus: every rule has its outcome, every known error of a source is there, no other."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

import pytest
from published import CORPUS, SAMPLES, published

from parsers.forms import form, forms
from parsers.records import FAILED
from pipeline.tables import Tables

RAW = CORPUS / "raw"
pytestmark = pytest.mark.skipif(not RAW.is_dir(), reason="no corpus")

ERRORS = {
    ("pingtan-2020.html", "closed_by_outcome", "closed_total", "natural_person"),
    ("pingtan-2020.html", "closed_by_outcome", "closed_total", "total"),
    ("hongze-2023.pdf", "disputes_by_outcome", "reviews", "total"),
    ("hongze-2023.pdf", "disputes_by_outcome", "litigation_after_review", "total"),
}
CONTRADICTIONS = {
    ("pingtan-2012.html", "prose_agrees", "disclosed_total", "year"),
    ("pingtan-2012.html", "prose_agrees", "disclosed_website", "year"),
    ("pingtan-2013.html", "prose_agrees", "disclosed_total", "year"),
    ("pingtan-2013.html", "prose_agrees", "reviews", "year"),
    ("pingtan-2013.html", "cumulative_grows", "disclosed_total", "cumulative"),
    ("pingtan-2013.html", "cumulative_grows", "disclosed_website", "cumulative"),
    ("shanghai-office-2019.html", "prose_agrees", "granted+partially_granted", "total"),
    ("shanghai-office-2019.html", "prose_agrees", "unable", "total"),
}


@cache
def checks() -> list[dict[str, Any]]:
    tables = Tables(published(RAW))
    source = {row["report_id"]: row["source"] for row in tables.rows("reports")}
    return [{**row, "source": source[row["report_id"]]} for row in tables.rows("checks")]


def named(rows: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    return {(row["source"], row["rule"], row["indicator"], row["breakdown"]) for row in rows}


def test_the_sources_errors_are_found_and_no_other() -> None:
    failed = [row for row in checks() if row["outcome"] in FAILED]
    assert named([row for row in failed if row["severity"] == "error"]) == ERRORS
    assert named([row for row in failed if row["severity"] != "error"]) == CONTRADICTIONS
    assert {row["verdict"] for row in failed} == {"source_error"}
    assert all(row["explanation"] for row in failed)


def test_a_broken_series_says_what_was_due() -> None:
    (row,) = (r for r in checks() if r["rule"] == "cumulative_grows" and r["indicator"] == "disclosed_total")
    assert (row["expected"], row["observed"], row["difference"]) == (77163, 76424, -739)
    assert row["other_report_id"]


def test_a_sum_explains_what_the_text_says() -> None:
    (row,) = (
        r for r in checks() if r["source"] == "pingtan-2022.html" and r["observed"] == 75 and r["kind"] == "prose"
    )
    assert (row["outcome"], row["expected"]) == ("pass", 74)
    assert "74 [requests_new total] + 1 [requests_carried_in total]" in row["explanation"]


def test_every_rule_has_its_outcome() -> None:
    """Each rule of a form that was published, also those over two years, with no report to look back at."""
    told: set[tuple[str, str]] = set()
    printed: set[str] = set()
    followed: set[str] = set()
    for raw in (RAW, SAMPLES):
        tables = Tables(published(raw))
        reports = {row["report_id"]: row["form"] for row in tables.rows("reports", ["report_id", "form"])}
        rows = list(tables.rows("checks", ["report_id", "form", "rule", "kind", "outcome", "other_report_id"]))
        told |= {(row["form"], row["rule"]) for row in rows}
        followed |= {row["form"] for row in rows if row["other_report_id"] and row["outcome"] != "not_assessable"}
        printed |= set(reports.values())
        years = {(row["report_id"], row["rule"]) for row in rows if row["kind"] in ("cross_year", "duplicate")}
        for report, name in reports.items():
            over = {i.rule for i in form(name).identities if i.kind in ("cross_year", "duplicate")}
            assert not form(name).lines or {(report, rule) for rule in over} <= years
    assert printed >= {one.name for one in forms()}
    with open(CORPUS.parent / "forms" / "identities.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [one.name for one in forms() if one.lines] if row["form"] == "all" else [row["form"]]
            assert {(name, row["rule"]) for name in names} <= told
    assert followed == {"short_annex"}
