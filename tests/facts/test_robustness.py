"""Whatever a page holds, reading ends, invents nothing, and says the same thing again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.facts import Facts, read, without_contacts
from tests.facts.pages import found

WORDS = st.sampled_from(
    "发布日期 ： : 2019-01-10 索 引 号 发布机构 某县水利局 来源 时间 2018 年 政府信息公开 年度报告 电话 "
    "0599-8446604 05998446604 a@b.com 联系 请与 ， 。 （ ） 【 】 一、 全区 汇总 各 本报告由 编制 "
    "\n \u3000 \u200b 标题 文号 〔2019〕 号 无".split(" ")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12).map("".join), max_size=8), st.lists(WORDS, max_size=8).map("".join))
def test_any_page_can_be_read_twice_with_one_result(texts, title):
    own = [text for text in texts if text.strip()]
    document, region = found(*own, before=own[:2], after=own[-1:], title=title, meta=[("pubdate", title)])
    first = read(document, region, title)
    assert first == read(document, region, title)
    assert isinstance(first, Facts)
    if first.period_basis == "":
        assert first.period_start is None
    for text in own:
        assert len(without_contacts(text)) <= len(text)


@pytest.mark.parametrize(
    "unit", ["电 话：", "汇总各", "  ", "\n", "（", "信息公开", "@.", "1月1日至", "索 引 号", "某县局 "]
)
def test_a_long_run_of_anything_ends(unit):
    text = unit * 5000
    document, region = found("#某县2018年政府信息公开年报", text, before=[text], after=[text], title=text)
    assert read(document, region, "").report_year == 2018
    assert len(without_contacts(text)) <= len(text)


def test_an_empty_page_has_no_facts():
    assert read(*found(), "") == Facts()


def test_a_report_that_names_neither_year_nor_publisher_says_so():
    assert [issue.code for issue in Facts().missing()] == ["missing_year", "missing_publisher"]
    assert Facts(report_year=2019, publisher="某县").missing() == ()
