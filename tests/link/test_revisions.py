from __future__ import annotations

from datetime import date
from pathlib import Path

from link.linking import bundle, report_id, tables

TOTAL = ("requests_new", "total")
PERSON = ("requests_new", "natural_person")
BUSINESS = ("requests_new", "business")


def test_what_a_revision_changed(tmp_path: Path) -> None:
    made = tables(
        tmp_path,
        bundle("1", {TOTAL: 57, PERSON: "blank", BUSINESS: 1.5}, published=date(2021, 1, 2), title="年报"),
        bundle("2", {TOTAL: 58, PERSON: 0, BUSINESS: 1.5}, published=date(2021, 1, 3), title="年度报告"),
        bundle("3", {TOTAL: 58, PERSON: 0, BUSINESS: 1.5, ("denied_state_secret", "total"): "slash"},
               published=date(2021, 1, 4), title="年度报告"),
        bundle("4", {TOTAL: 99}, published=date(2021, 1, 5), scope="area"),
        bundle("5", {TOTAL: 99}, report_year=2021),
    )  # fmt: skip
    one, two, three = (report_id(name) for name in "123")
    rows = {tuple(row.values()) for row in made["revisions"]}
    assert rows == {
        (two, one, "title", None, "年报", "年度报告"),
        (two, one, "published_date", None, "2021-01-02", "2021-01-03"),
        (two, one, *TOTAL, "57", "58"),
        (two, one, *PERSON, "blank", "0"),
        (three, two, "published_date", None, "2021-01-03", "2021-01-04"),
        (three, two, "denied_state_secret", "total", "not_printed", "slash"),
    }
    numbers = {row["report_id"]: (row["revision"], row["latest"]) for row in made["reports"]}
    assert [numbers[report_id(name)] for name in "1234"] == [(1, False), (2, False), (3, True), (1, True)]


def test_equal_revisions_change_nothing(tmp_path: Path) -> None:
    made = tables(tmp_path, bundle("1", {TOTAL: 57}), bundle("2", {TOTAL: 57}))
    assert made["revisions"] == []
