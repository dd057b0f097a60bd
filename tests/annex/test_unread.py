"""A table of figures that no line of the form claims is said where a section of the form is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import parse

PAGE = (Path(__file__).parents[2] / "data" / "raw" / "national" / "jinchuan-zrzy-2022.html").read_text("utf-8")
REVIEWS = PAGE.rfind("<table")
HEADERS = ("行政复议", "行政诉讼", "结果", "维持", "纠正", "其他", "尚未", "审结", "未经", "起诉", "复议后")


@pytest.mark.parametrize("garbled", [True, False])
def test_a_table_whose_headers_say_nothing_is_not_left_out_without_a_word(garbled: bool) -> None:
    table = PAGE[REVIEWS:]
    for word in HEADERS if garbled else ():
        table = table.replace(word, "甲乙")
    parsed = parse((PAGE[:REVIEWS] + table).encode(), source="report.html")
    said = [issue for issue in parsed.issues if issue.code == "table_unread"]
    assert any(one.indicator == "reviews" for one in parsed.observations) is not garbled
    assert [issue.severity for issue in said] == ["warning"] * garbled
    assert all("review_and_litigation" in issue.message and issue.locator for issue in said)
