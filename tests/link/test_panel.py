from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from link.linking import bundle, linked, report_id, table, tables

from pipeline.link import histories, shelves

TOTAL = ("requests_new", "total")


def test_a_row_for_each_body_year_and_scope(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("old", {TOTAL: 1}, published=date(2021, 1, 1)),
        bundle("new", {TOTAL: 2, ("granted", "total"): "blank"}, published=date(2021, 1, 2),
               period_start=date(2020, 1, 1), period_end=date(2020, 12, 31)),
        bundle("area", {TOTAL: 3}, scope="area"),
        bundle("next", {TOTAL: 4}, report_year=2021),
        bundle("nobody", {TOTAL: 5}, publisher=""),
        bundle("no year", {TOTAL: 6}, report_year=None),
        bundle("prose", report_year=2012, form="prose"),
    )  # fmt: skip
    rows = {row["report_id"]: row for row in made["panel"]}
    assert set(rows) == {report_id(name) for name in ("new", "area", "next", "prose")}
    new = rows[report_id("new")]
    assert (new["requests_new__total"], new["granted__total"], new["period_months"], new["revision"]) == (
        2,
        None,
        12,
        2,
    )
    said = {row["report_id"]: row for row in made["panel_status"]}
    assert list(said) == list(rows)
    one = said[report_id("new")]
    assert one["requests_new__total"] == "reported"
    assert one["granted__total"] == "blank"
    assert one["denied_state_secret__total"] == "not_printed"
    assert one["disclosed_total__year"] == "not_on_form"
    assert {said[report_id("prose")][name] for name in one if "__" in name} == {"not_on_form"}


def test_ranges_of_bodies_give_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundles = [
        bundle(
            f"{body} {year}",
            {TOTAL: year, ("requests_carried_in", "total"): 1},
            publisher=f"某县{body}局",
            report_year=year,
        )
        for body in "甲乙丙丁戊己庚辛"
        for year in (2021, 2022)
    ]
    names = ("checks", "revisions", "panel", "panel_status", "coverage")
    whole = linked(tmp_path / "whole", *bundles)
    expected = {name: table(whole, name) for name in names}
    monkeypatch.setattr(histories, "REPORTS", 3)
    monkeypatch.setattr(shelves, "HELD", 2)
    made = linked(tmp_path / "ranges", *reversed(bundles))
    assert made.layout.ranges > 4
    assert {name: table(made, name) for name in names} == expected
