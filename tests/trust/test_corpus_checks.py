"""What the checks find on the corpus: every rule has its outcome, every known error of a source is there, no other."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

import pytest
from published import CORPUS, SAMPLES, published

from parsers.forms import forms
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
    """Within one report wherever the form was published, and across years wherever two reports follow each other."""
    told: set[tuple[str, str]] = set()
    printed: set[str] = set()
    followed: set[str] = set()
    for raw in (RAW, SAMPLES):
        tables = Tables(published(raw))
        for row in tables.rows("checks", ["form", "rule", "other_report_id"]):
            told.add((row["form"], row["rule"]))
            if row["other_report_id"]:
                followed.add(row["form"])
        printed |= {row["form"] for row in tables.rows("reports", ["form"])}
    assert printed >= {form.name for form in forms()}
    with open(CORPUS.parent / "forms" / "identities.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        own = [form.name for form in forms() if form.lines] if row["form"] == "all" else [row["form"]]
        for name in own:
            if row["kind"] in ("cross_year", "duplicate") and name not in followed:
                continue
            assert (name, row["rule"]) in told, (name, row["rule"])
    assert followed == {"short_annex"}
