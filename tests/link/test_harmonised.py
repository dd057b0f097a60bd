"""The harmonised panel puts side by side what the crosswalk calls the same; the summary counts the checks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from link.linking import bundle, report_id, tables

from parsers.forms.crosswalk import crosswalk, series


def test_only_what_two_forms_have_in_the_same_sense(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("2013", {("requests_total", "year"): 5, ("replies_denied", "year"): 2},
               form="short_annex", report_year=2013, period_start=date(2013, 1, 1), period_end=date(2013, 12, 31)),
        bundle("2020", {("requests_new", "total"): 7, ("denied", "total"): 3}, form="national_2019", report_year=2020,
               period_start=date(2020, 1, 1), period_end=date(2020, 8, 31)),
        bundle("2021", {("requests_new", "total"): 8, ("granted", "total"): "ambiguous"}, report_year=2021),
        bundle("prose", report_year=2012, form="prose"),
    )  # fmt: skip
    rows = {row["report_id"]: row for row in made["panel_harmonised"]}
    assert [rows[report_id(name)]["requests_new"] for name in ("2013", "2020", "2021", "prose")] == [5, 7, 8, None]
    # 不予公开 became another thing with the form of 2019: the two never stand in one column.
    assert rows[report_id("2013")]["replies_denied_since_national_2019"] is None
    assert rows[report_id("2020")]["replies_denied_since_national_2019"] == 3
    assert "replies_denied" not in rows[report_id("2013")] or rows[report_id("2020")]["replies_denied"] is None
    assert [rows[report_id(name)]["flags"] for name in ("2013", "2020", "2021", "prose")] == [
        None,
        "short_period",
        "doubtful_cells",
        "no_table",
    ]


def test_a_series_is_of_several_forms_and_is_never_redefined_within() -> None:
    for name in series():
        rows = [row for row in crosswalk() if row.series == name]
        assert len({row.form for row in rows}) > 1
        assert all(row.relation == "same" for row in rows[1:])
    assert "requests_new" in series()


def test_checks_are_counted_by_body_and_year(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("2020", {("requests_carried_out", "total"): 4}, report_year=2020),
        bundle("2021", {("requests_carried_in", "total"): 5}, report_year=2021),
        bundle("2022", {("requests_carried_in", "total"): 0}, report_year=2022),
    )
    rows = {row["report_id"]: row for row in made["check_summary"]}
    assert set(rows) == {report_id(name) for name in ("2020", "2021", "2022")}
    one = rows[report_id("2021")]
    assert (one["failed"], one["warnings"], one["failed_rules"]) == (1, 1, "carry_over")
    for report, row in rows.items():
        own = [check for check in made["checks"] if check["report_id"] == report]
        assert row["checks"] == len(own)
        assert row["errors"] == sum(c["outcome"].startswith("fail") and c["severity"] == "error" for c in own)
