"""Pages with the figures of several bodies or years: those of the report alone are read, or the doubt is said."""

from __future__ import annotations

import pytest
from annex.tables import SHORT, by_key, codes, short, table, values

from parsers import annex, parse
from parsers.annex import Annex
from parsers.readers import html
from tests.forge import forge

TITLE = "临江县农业局2018年政府信息公开工作年度报告"
OTHER = [(label, unit, "8" + year, "8" + ever) for label, unit, year, ever in SHORT]
MORE = [*OTHER, ("收费减免金额", "元", "44", "55")]


def read(*parts: str) -> Annex:
    page = html.read("<html><body><div>" + "".join(parts) + "</div></body></html>")
    return annex.find(page.blocks, TITLE).read()


@pytest.mark.parametrize(
    "line",
    [
        "附件2：水利站政府信息公开情况统计表",
        "临江县水利局2018年度政府信息公开情况统计表",
        "附：2017年政府信息公开情况统计表",
        "（二）民政局统计表",
    ],
)
def test_a_table_that_a_line_gives_to_another_body_or_year_is_left(line: str) -> None:
    alone, both = read(short()), read(short(), f"<p>{line}</p>", short(MORE))
    assert values(both) == values(alone)
    assert {o.status for o in both.observations} == {"reported"}
    assert "unmatched_number" in codes(both)


def test_the_table_of_the_report_may_be_the_second() -> None:
    both = read("<p>附件1：水利站统计表</p>", short(OTHER), "<p>附件2：临江县农业局统计表</p>", short())
    assert values(both) == values(read(short()))


def test_without_a_line_over_it_the_other_table_fills_no_gap() -> None:
    found = by_key(read(short(), short(MORE)))
    assert found["disclosed_total", "year"].status == "conflict"
    assert not any("fee" in indicator for indicator, _ in found)


def test_a_corrected_table_is_not_left_for_the_first() -> None:
    found = by_key(read(short(), "<p>更正后的水利站统计表</p>", short(OTHER)))
    assert found["disclosed_total", "year"].status == "conflict"


def test_a_table_printed_twice_is_one() -> None:
    assert values(read(short(), "<p>附件2：水利站统计表</p>", short())) == values(read(short()))


def test_the_columns_of_the_year_of_the_title_are_read_not_those_of_the_latest() -> None:
    later = short(OTHER, ("指标", "单位", "2020年度", "历年累计"))
    assert values(read(short(), later)) == values(read(short()))


OWN = {
    "channels": [["申请方式", "当面申请", "网络申请", "信函申请", "传真申请", "合计"], ["件数", *"35020", "10"]],
    "answers": [["答复类型", "件数"], ["同意公开", "4"], ["同意部分公开", "1"], ["不予公开", "2"], ["信息不存在", "3"],
                ["合计", "10"]],
    "years": [["年份", "主动公开数", "受理申请数", "行政复议数", "行政诉讼数"],
              *([f"{year}年", str(year - 2000), "3", "0", "0"] for year in range(2008, 2013))],
}  # fmt: skip
"""Tables that reports make for themselves, with words of the forms."""


@pytest.mark.parametrize("name", OWN)
def test_a_table_of_the_report_s_own_is_no_form_and_is_said(name: str) -> None:
    found = read(table(OWN[name]))
    assert found.form is None
    assert found.observations == ()
    assert codes(found) == {"table_unread"}


@pytest.mark.parametrize("name", OWN)
def test_beside_a_form_it_changes_nothing(name: str) -> None:
    assert values(read(table(OWN[name]), short())) == values(read(short()))
    assert {o.status for o in read(short(), table(OWN[name])).observations} == {"reported"}


@pytest.mark.parametrize("seed", range(6))
def test_of_two_reports_on_a_page_the_first_is_read_and_the_other_is_said(seed: int) -> None:
    first, second = forge(seed, hardness=0.0, family="trs"), forge(100 + seed, first_form(seed), 0.0, family="trs")
    article = second.content.decode().partition('<h1 class="xl_tit">')[2].partition('<div class="related">')[0]
    page = first.content.decode().replace('<div class="related">', f"<h1>{article}<div class='related'>")
    alone, both = parse(first.content, source="a.html"), parse(page.encode(), source="a.html")
    assert [(o.indicator, o.breakdown, o.value) for o in both.observations] == [
        (o.indicator, o.breakdown, o.value) for o in alone.observations
    ]
    assert [section.title for section in both.sections] == [section.title for section in alone.sections]
    assert [issue.raw for issue in both.issues if issue.code == "several_reports"] == [second.truth["title"]]


def first_form(seed: int) -> str:
    return str(forge(seed, hardness=0.0).truth["form"])


@pytest.mark.parametrize("line", ["附：2017年度数据", "附：临江县农业局下属农机站2018年度数据", "上年度数据"])
def test_lines_that_only_say_data_name_tables_too(line: str) -> None:
    alone, both = read(short()), read(short(), f"<p>{line}</p>", short(MORE))
    assert values(both) == values(alone)
    assert {o.status for o in both.observations} == {"reported"}


def test_blank_rows_of_the_first_table_are_not_filled_from_one_that_contradicts_it() -> None:
    first = [(label, unit, "", "") if label == "行政复议数" else (label, unit, *rest) for label, unit, *rest in SHORT]
    found = by_key(read(short(first), short(OTHER)))
    assert found["disclosed_total", "year"].status == "conflict"
    assert found["reviews", "year"].status == "blank"
