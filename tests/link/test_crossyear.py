from __future__ import annotations

from pathlib import Path
from typing import Any

from link.linking import Cells, bundle, report_id, tables

OUT = ("requests_carried_out", "total")
IN = ("requests_carried_in", "total")


def told(rows: list[dict[str, Any]], rule: str) -> list[dict[str, Any]]:
    """The rows of a rule, without those which say that there was nothing to compare a report with."""
    return [row for row in rows if row["rule"] == rule and row["indicator"]]


def found(rows: list[dict[str, Any]], rule: str) -> list[tuple[Any, ...]]:
    return [(row["indicator"], row["breakdown"], row["outcome"]) for row in told(rows, rule)]


def test_what_is_carried_over(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("2021", {OUT: 3}, report_year=2021),
        bundle("2022", {IN: 3, OUT: 1}, report_year=2022),
        bundle("2023", {IN: 2, OUT: 1}, report_year=2023),
        bundle("2025", {IN: 7}, report_year=2025),
    )
    rows = told(made["checks"], "carry_over")
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
    assert {row["outcome"] for row in made["checks"]} == {"not_assessable"}
    assert {row["other_report_id"] for row in made["checks"]} == {None}


def test_every_rule_over_two_years_says_why_it_has_no_outcome(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("first", {OUT: 3}, report_year=2020, form="national_2019"),
        bundle("next", {IN: 3}, report_year=2021),
        bundle("gap", {IN: 3}, report_year=2023),
        bundle("nobody", {IN: 3}, report_year=2021, publisher=""),
        bundle("timeless", {IN: 3}, report_year=None, publisher="丙县丁局"),
        bundle("prose", report_year=2021, publisher="丙县戊局", form="prose"),
    )
    said = {
        (row["report_id"], row["rule"]): (row["outcome"], row["verdict"], row["other_report_id"], row["explanation"])
        for row in made["checks"]
        if row["indicator"] is None
    }
    names = ("carry_over", "in_force_balance", "copied_from_last_year")
    alone = "no report on {} of the same body and scope"
    for name, why in (
        ("gap", alone.format(2022)),
        ("nobody", "whose report it is, is not known"),
        ("timeless", "the year reported on is not known"),
    ):
        for rule in names:
            assert said[report_id(name), rule] == ("not_assessable", None, None, why)
    for rule in ("carry_over", "items_balance", "copied_from_last_year"):
        assert said[report_id("first"), rule][3] == alone.format(2019)
    for rule in ("in_force_balance", "copied_from_last_year"):
        outcome, _, other, why = said[report_id("next"), rule]
        assert (outcome, other) == ("not_assessable", report_id("first"))
        assert why == "the report on 2020 has the form national_2019, which has no such figures"
    assert (report_id("next"), "carry_over") not in said
    assert not [row for row in made["checks"] if row["report_id"] == report_id("prose")]


def test_the_rules_of_each_form_between_two_of_its_reports(tmp_path: Path) -> None:
    """What the corpus has no pair for: each rule passes where it holds, and fails by as much as is missing."""
    items, previous = ("licensing", "items_change"), ("licensing", "items_previous_year")
    force = {("normative_documents", name): value for name, value in (("in_force", 12), ("issued", 4), ("repealed", 2))}
    made = tables(
        tmp_path,
        bundle("a1", {OUT: 2, previous: 10, items: -3}, report_year=2019, form="national_2019"),
        bundle("a2", {IN: 2, previous: 7, items: 1}, report_year=2020, form="national_2019"),
        bundle("a3", {IN: 3, OUT: 0, **force}, report_year=2021),
        bundle("a4", {IN: 0, OUT: 0, **force, ("normative_documents", "in_force"): 13}, report_year=2022),
        bundle("a5", {IN: 1, ("normative_documents", "in_force"): 15, ("normative_documents", "issued"): 3,
                      ("normative_documents", "repealed"): 1}, report_year=2023),
    )  # fmt: skip
    rows = {(row["report_id"], row["rule"]): row for row in made["checks"] if row["indicator"]}
    assert rows[report_id("a2"), "carry_over"]["outcome"] == "pass"
    assert rows[report_id("a2"), "items_balance"]["outcome"] == "pass"
    assert rows[report_id("a4"), "carry_over"]["outcome"] == "pass"
    missing = rows[report_id("a4"), "in_force_balance"]
    assert (missing["outcome"], missing["expected"], missing["observed"], missing["severity"]) == (
        "fail",
        14,
        13,
        "info",
    )
    assert rows[report_id("a5"), "in_force_balance"]["outcome"] == "pass"
    failed = rows[report_id("a5"), "carry_over"]
    assert (failed["outcome"], failed["difference"], failed["other_report_id"]) == ("fail", 1, report_id("a4"))


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
    (row,) = told(made["checks"], "carry_over")
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
    (row,) = told(made["checks"], "carry_over")
    assert (row["report_id"], row["other_report_id"], row["outcome"]) == (report_id("2"), report_id("1"), "fail")
