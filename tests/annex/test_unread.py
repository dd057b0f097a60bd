"""A table of figures that no line of the form claims is said where a section of the form is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import parse
from tests.annex.tables import SHORT, read, short

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


LITIGATION = (
    "结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉",
    "结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计",
)
OUTCOMES = (3, 0, 1, 0, 4, 2, 0, 0, 1, 3, 0, 0, 0, 0, 0)


def text(*rows: str) -> bytes:
    lines = (
        "临江市2022年政府信息公开工作年度报告",
        "一、总体情况",
        "2022年，本市做好政府信息公开工作。",
        "二、主动公开政府信息情况",
        "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |",
        "|---|---|---|---|",
        "| 规章 | 3 | 0 | 15 |",
        "| 行政规范性文件 | 61 | 59 | 422 |",
        "四、政府信息公开行政复议、行政诉讼情况",
        *rows,
        "五、存在的主要问题及改进情况",
        "公开内容不够丰富。",
    )
    return "\n".join(lines).encode()


def test_a_row_between_bars_goes_with_the_words_over_it_that_have_none() -> None:
    row = f"| {' | '.join(map(str, OUTCOMES))} |"
    found = parse(text("行政复议 行政诉讼", *LITIGATION, row), source="report.txt")
    said = [o.value for o in found.observations if o.indicator in ("reviews", "litigation_direct")]
    assert said == [*OUTCOMES[:10]]


@pytest.mark.parametrize("cut", [" ", "\n", " | "])
def test_figures_that_stand_alone_in_the_text_are_not_left_out_without_a_word(cut: str) -> None:
    row = cut.join(map(str, OUTCOMES))
    found = parse(text(f"| {row} |" if "|" in cut else row), source="report.txt")
    assert all(o.value in (3, 0, 15, 61, 59, 422) for o in found.observations)
    said = [i for i in found.issues if i.code in ("table_unread", "unmatched_number")]
    assert "".join(i.raw for i in said).split() == [str(figure) for figure in OUTCOMES]
    assert all(issue.severity == "warning" and issue.locator.startswith("text:L10") for issue in said)


def test_numbers_of_pages_are_no_table() -> None:
    found = parse(text(*map(str, range(1, 9))), source="report.txt")
    assert "table_unread" not in {issue.code for issue in found.issues}


LINES = ("| 信息内容 | 本年处理决定数量 |", "|---|---|", "| 行政许可 | 9 |", "| 行政处罚 | 4 |")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("行政强制31", True),
        ("行政强制 件 31", True),
        ("其他对外管理服务事项一览表 31", False),
        ("行政处罚31", False),
        ("共办理行政强制31", False),
    ],
)
def test_a_line_of_the_form_that_stands_in_the_text_is_not_left_out_without_a_word(left: str, said: bool) -> None:
    parsed = parse(text("", *LINES, "", left), source="report.txt")
    found = [issue for issue in parsed.issues if issue.code == "table_unread"]
    assert [(issue.raw, issue.severity) for issue in found] == [(left, "warning")] * said


def test_words_with_a_row_of_figures_behind_them_are_not_left_out_without_a_word() -> None:
    left = "四、结转下年度 继续办理 0 3 0 0 1 0 4"
    parsed = parse(text("", *LINES, "", left, "第 1 2 3 4 5 6 7 页"), source="report.txt")
    assert [issue.raw for issue in parsed.issues if issue.code == "table_unread"] == [left]


def test_a_form_within_one_paragraph_in_marks_of_another_notation_is_said() -> None:
    text = "".join(f"[tr][td]{label}[/td][td]{unit}[/td][td]{year}[/td][/tr]" for label, unit, year, _ in SHORT)
    (issue,) = read(f"<p>[table]{text}[/table]</p>").issues
    assert (issue.code, issue.severity) == ("table_unread", "warning")
    assert (
        read("<p>全年受理申请12件，同意公开答复数3件，不予公开答复数1件，行政复议数0件，行政诉讼数0件。</p>").issues
        == ()
    )


def test_a_form_whose_figures_are_no_digits_is_said() -> None:
    lines = [(label, unit, "١٢", "٣") for label, unit, _, _ in SHORT]
    found = read(short(lines))
    assert found.observations == ()
    assert [issue.code for issue in found.issues] == ["table_unread"]
    assert "١٢" in found.issues[0].raw
