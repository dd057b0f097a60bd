from __future__ import annotations

from pathlib import Path

from link.linking import bundle, hashed, tables

from parsers.records import Coverage, DocumentRow, ParsedBundle
from pipeline.link.coverage import coverage
from pipeline.link.coverage import rows as rows_of


def test_years_of_a_body(tmp_path: Path) -> None:
    broken = ParsedBundle((DocumentRow(hashed("x"), "x.pdf", kind="error", reason="broken"),))
    stopped = ParsedBundle((DocumentRow("", "http://www.a.gov.cn/1", kind="blocked"),))
    other = ParsedBundle((DocumentRow(hashed("o"), "o.html", kind="other"),))
    made = tables(
        tmp_path,
        bundle("a", report_year=2018),
        bundle("b", report_year=2021),
        bundle("c", report_year=2021),
        bundle("d", publisher="", report_year=2020),
        broken,
        stopped,
        other,
    )
    (body,) = made["bodies"]
    rows = [
        (row["body_id"], row["source"], row["report_year"], row["state"], row["documents"]) for row in made["coverage"]
    ]
    assert rows == [
        (None, "d.html", 2020, "parsed", 1),
        (None, "http://www.a.gov.cn/1", None, "blocked", 1),
        (None, "x.pdf", None, "found_unparsed", 1),
        (body["body_id"], None, 2018, "parsed", 1),
        (body["body_id"], None, 2019, "not_looked_for", 0),
        (body["body_id"], None, 2020, "not_looked_for", 0),
        (body["body_id"], None, 2021, "parsed", 2),
    ]


def test_what_a_crawl_knows() -> None:
    known = [
        Coverage("b1", "site", 2019, "not_found", 0),
        Coverage("b1", "site", 2021, "gone", 1),
        Coverage("b1", "other", 2021, "blocked", 1),
        Coverage("", "site", 2021, "not_looked_for", 0),
    ]
    made = coverage(rows_of(known))
    rows = made.astype(object).where(made.notna(), None).values.tolist()
    assert sorted(rows, key=str) == sorted(
        [
            ["b1", None, 2019, "not_found", 0],
            ["b1", None, 2021, "blocked", 1],
            ["b1", None, 2020, "not_looked_for", 0],
            [None, "site", 2021, "not_looked_for", 0],
        ],
        key=str,
    )
