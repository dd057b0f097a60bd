from __future__ import annotations

from pathlib import Path
from typing import Any

from link.linking import Cells, bundle, report_id, tables

OUT = ("requests_carried_out", "total")
IN = ("requests_carried_in", "total")


def found(rows: list[dict[str, Any]], rule: str) -> list[tuple[Any, ...]]:
    return [(row["indicator"], row["breakdown"], row["outcome"]) for row in rows if row["rule"] == rule]


def test_what_is_carried_over(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("2021", {OUT: 3}, report_year=2021),
        bundle("2022", {IN: 3, OUT: 1}, report_year=2022),
        bundle("2023", {IN: 2, OUT: 1}, report_year=2023),
        bundle("2025", {IN: 7}, report_year=2025),
    )
    rows = [row for row in made["checks"] if row["rule"] == "carry_over"]
    by_report = {row["report_id"]: row for row in rows}
    assert set(by_report) == {report_id("2022"), report_id("2023")}
    assert by_report[report_id("2022")]["outcome"] == "pass"
    failed = by_report[report_id("2023")]
    assert (failed["outcome"], failed["kind"], failed["severity"]) == ("fail", "cross_year", "warning")
    assert (failed["expected"], failed["observed"], failed["difference"]) == (1, 2, 1)
    assert (failed["other_report_id"], failed["verdict"]) == (report_id("2022"), "source_error")
    assert failed["explanation"] == ("2 [requests_carried_in total, 2023] = 1 [requests_carried_out total, 2022]")
    counted = {row["report_id"]: row["checks_failed"] for row in made["reports"]}
    assert counted[report_id("2023")] == 1
    assert {row["report_id"]: row["checks_failed"] for row in made["panel"]} == counted


def test_a_form_that_the_rule_reaches_back_to(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("2020", {OUT: 3, ("normative_documents", "total_disclosed"): 4}, form="national_2019"),
        bundle("2021", {IN: 4, ("normative_documents", "in_force"): 4, ("normative_documents", "issued"): 0,
                        ("normative_documents", "repealed"): 0}, report_year=2021),
    )  # fmt: skip
    assert found(made["checks"], "carry_over") == [(*IN, "fail")]
    assert found(made["checks"], "in_force_balance") == []


def test_other_scopes_and_bodies_are_not_compared(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("a", {OUT: 3}, report_year=2021),
        bundle("b", {IN: 4}, report_year=2022, scope="area"),
        bundle("c", {IN: 4}, report_year=2022, publisher="甲县丙局"),
        bundle("d", {IN: 4}, report_year=2022, publisher=""),
    )
    assert made["checks"] == []


def test_blanks_and_doubtful_cells(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("a", {OUT: "conflict", ("requests_carried_out", "business"): "blank"}, report_year=2021),
        bundle("b", {IN: 4, ("requests_carried_in", "business"): 0}, report_year=2022),
    )
    assert found(made["checks"], "carry_over") == [
        ("requests_carried_in", "business", "pass_if_blank_zero"),
        (*IN, "not_assessable"),
    ]


def test_only_the_newest_revisions_are_compared(tmp_path: Path) -> None:
    from datetime import date

    made = tables(
        tmp_path,
        bundle("old", {OUT: 3}, report_year=2021, published=date(2022, 1, 1)),
        bundle("new", {OUT: 4}, report_year=2021, published=date(2022, 2, 1)),
        bundle("next", {IN: 4}, report_year=2022),
    )
    (row,) = [row for row in made["checks"] if row["rule"] == "carry_over"]
    assert (row["outcome"], row["other_report_id"]) == ("pass", report_id("new"))


def test_a_report_copied_from_last_year(tmp_path: Path) -> None:
    breakdowns = ("natural_person", "business", "research", "total", "other_organization")
    cells: Cells = {("granted", breakdown): place + 1 for place, breakdown in enumerate(breakdowns)}
    standing = {("normative_documents", "in_force"): 9}
    few: Cells = {("granted", "total"): 1, **standing}
    made = tables(
        tmp_path,
        bundle("1", {**cells, **standing}, report_year=2021),
        bundle("2", {**cells, ("normative_documents", "in_force"): 10}, report_year=2022),
        bundle("3", {**cells, ("denied_state_secret", "total"): 1}, report_year=2023),
        bundle("4", few, report_year=2024),
        bundle("5", few, report_year=2025),
    )
    outcomes = {row["report_id"]: row for row in made["checks"] if row["rule"] == "copied_from_last_year"}
    assert {name: outcomes[report_id(name)]["outcome"] for name in "2345"} == {
        "2": "fail",
        "3": "pass",
        "4": "pass",
        "5": "not_assessable",
    }
    assert outcomes[report_id("2")]["kind"] == "duplicate"
    assert "5 cells" in outcomes[report_id("2")]["explanation"]


def test_cumulative_series(tmp_path: Path) -> None:
    def cells(year: int, cumulative: int) -> Cells:
        return {("disclosed_total", "year"): year, ("disclosed_total", "cumulative"): cumulative}

    made = tables(
        tmp_path,
        bundle("1", cells(10, 100), report_year=2011, form="short_annex"),
        bundle("2", cells(7, 107), report_year=2012, form="short_annex"),
        bundle("3", cells(7, 50), report_year=2013, form="short_annex"),
    )
    rows = {row["report_id"]: row for row in made["checks"] if row["rule"] == "cumulative_grows"}
    assert (rows[report_id("2")]["outcome"], rows[report_id("3")]["outcome"]) == ("pass", "fail")
    assert (rows[report_id("3")]["expected"], rows[report_id("3")]["severity"]) == (114, "info")


def test_a_government_and_its_office_take_turns(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("1", {OUT: 3}, report_year=2021, scope="area", publisher="沭阳县人民政府办公室"),
        bundle("2", {IN: 4}, report_year=2022, scope="area", publisher="沭阳县人民政府"),
        bundle("3", {OUT: 5}, report_year=2021, publisher="沭阳县人民政府办公室"),
        bundle("4", {IN: 6}, report_year=2022, publisher="沭阳县人民政府"),
    )
    assert len(made["bodies"]) == 2
    (row,) = [row for row in made["checks"] if row["rule"] == "carry_over"]
    assert (row["report_id"], row["other_report_id"], row["outcome"]) == (report_id("2"), report_id("1"), "fail")
