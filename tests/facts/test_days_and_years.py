"""The day of publication and its decoys, the reporting period, and the vote on the year."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import read, year
from tests.facts.pages import found

TITLE = "#某县教育局2018年政府信息公开工作年度报告"
PREAMBLE = "根据《中华人民共和国政府信息公开条例》要求，编制本报告。" * 4
STATED = "本报告所列数据的统计期限自2018年1月1日起至2018年12月31日止。" + PREAMBLE


def facts(*own, source="", form_years=(), **rest):
    document, region = found(*own, **rest)
    return read(document, region, source, form_years=form_years)


@pytest.mark.parametrize(
    "head",
    [
        ["发布日期：2019-01-10"],
        ["来源：某县人民政府 时间：2019-01-10 00:00"],
        ["发布时间：2019-01-10 09:12浏览次数：57"],
        ["日期:2019/1/10 来源:某县教育局 【字体：大 中 小】"],
        ["发布日期：2019年01月10日   作者：某县教育局   点击：[ ]"],
        ["[2019-01-10]"],
        ["2019-01-10 10:20 来源：某县教育局"],
        ["【发布时间】2019-01-10 【索引号】01/2019-3"],
        ["发布时间 2019-01-10 来源 某县教育局"],
        [[["索引号", "01/2019-3", "公开日期", "2019-01-10"], ["发布机构", "某县教育局", "文号", ""]]],
        [[["索 引 号：", "01/2019-3"], ["发 布 日 期：", "2019-01-10"]]],
        [[["索引号", "发布机构", "发布日期"], ["01/2019-3", "某县教育局", "2019-01-10"]]],
        [[["索引号: 01/2019-3 ", "发布日期: 2019-01-10"]]],
        ["索引号", "01/2019-3", "发布日期", "2019-01-10"],
        ["索引号01/2019-3", "公开日期2019-01-10"],
        ["成文日期：2019-01-10"],
        ["来源：某县教育局　2019年1月10日　【打印】【关闭】"],
        ["信息来源：某县教育局 2019-01-10 15:30:00 访问量：56"],
        ["某县教育局 2019-01-10 09:12:33.0"],
        ["某县教育局", "二〇一九年一月十日　来源：某县教育局　点击：25"],
        ["责任编辑：王五 2019-01-10"],
        ["上传时间：2019-01-10"],
        ["发布日期：19-01-10"],
        ["发布时间：Thu Jan 10 09:12:00 CST 2019 来源：某县教育局"],
    ],
)
def test_the_day_is_read_from_metadata_and_bylines(head):
    assert facts(STATED, before=[TITLE, *head]).published_date == date(2019, 1, 10)


@pytest.mark.parametrize(
    "cells",
    [
        [["索引号", "113864459011-\n00002/2019", "发布日期", "2019-\n01-10"]],
        [["索引号：113864459011\n-00002/\n2019", "发布日期：2019-01\n-10"]],
    ],
)
def test_codes_and_days_that_a_narrow_cell_breaks_are_whole(cells):
    got = facts(STATED, before=[TITLE, cells])
    assert (got.index_number, got.published_date) == ("113864459011-00002/2019", date(2019, 1, 10))


def test_the_stated_day_wins_over_the_others():
    head = [TITLE, "发布日期：2019-01-10 生成日期：2019-01-08 更新时间：2022-05-06"]
    got = facts(STATED, "某县教育局", "2019年1月5日", before=head, meta=[("maketime", "2022-05-06")])
    assert got.published_date == date(2019, 1, 10)
    assert got.issues == ()


def test_meta_elements_give_the_day():
    for name in ("pubdate", "article:published_time", "publishdate"):
        assert facts(TITLE, STATED, meta=[(name, "2019-01-10T08:00:00+08:00")]).published_date == date(2019, 1, 10)


def test_block_and_meta_that_differ_are_reported():
    got = facts(STATED, before=[TITLE, "发布日期：2019-01-10"], meta=[("pubdate", "2019-03-24")])
    assert got.published_date == date(2019, 1, 10)
    (issue,) = got.issues
    assert issue.code == "date_conflict"
    assert "2019-03-24" in issue.message


@pytest.mark.parametrize(
    ("head", "tail", "meta"),
    [
        (["2025年12月30日 星期二"], [], []),
        (["今天是2025年12月30日"], [], []),
        (["采集时间：2025-12-30T21:37:37+08:00"], [], []),
        ([], ["上一篇：某县教育局2017年政府信息公开工作年度报告 [2018-03-01]"], []),
        ([], ["版权所有 Copyright 2012 最近更新：2024-05-28"], []),
        ([], [], [("others", "页面生成时间 2024-05-28 15:46:43"), ("createdate", "2024-05-28")]),
    ],
)
def test_other_days_are_no_day_of_publication(head, tail, meta):
    got = facts(STATED, "2018年3月2日，我局召开会议。", before=[*head, TITLE], after=tail, meta=meta)
    assert got.published_date is None


def test_addresses_and_folders_are_no_day_of_publication():
    source = "https://www.example.gov.cn/zwgk/201902/t20190228_80734.htm"
    assert facts(TITLE, STATED, source=source).published_date is None


def test_a_signature_gives_the_day_when_nothing_else_does():
    got = facts(TITLE, STATED, "一、概述", PREAMBLE, "某县教育局", "二○一九年一月二十日")
    assert got.published_date == date(2019, 1, 20)
    assert [issue.code for issue in got.issues] == ["date_from_signature"]


def test_a_day_before_the_year_reported_on_is_refused():
    got = facts(STATED, before=[TITLE, "发布日期：2016-01-10"])
    assert got.published_date is None
    assert "date_implausible" in [issue.code for issue in got.issues]


def test_a_report_may_be_published_within_its_year():
    got = facts(STATED, before=[TITLE, "发布日期：2018-12-25"])
    assert (got.report_year, got.published_date, got.issues) == (2018, date(2018, 12, 25), ())


def test_the_period_is_stated_repaired_or_assumed():
    stated = facts(TITLE, STATED)
    assert (stated.period_start, stated.period_end, stated.period_basis) == (
        date(2018, 1, 1), date(2018, 12, 31), "stated",
    )  # fmt: skip
    repaired = facts(TITLE, "年报数据统计期限为201811日至20181231日。" + PREAMBLE)
    assert (repaired.period_start, repaired.period_end, repaired.period_basis) == (
        date(2018, 1, 1), date(2018, 12, 31), "repaired",
    )  # fmt: skip
    (issue,) = repaired.issues
    assert (issue.code, issue.raw) == ("period_repaired", "201811日至20181231日")
    assumed = facts(TITLE, PREAMBLE)
    assert (assumed.period_start, assumed.period_basis) == (date(2018, 1, 1), "assumed")


def test_the_first_period_of_the_regulation():
    got = facts("#某县2008年政府信息公开工作年度报告", "统计期限为2008年5月1日至2008年12月31日。" + PREAMBLE)
    assert (got.report_year, got.period_start) == (2008, date(2008, 5, 1))


def test_copied_years_do_not_win():
    prose = "自2009年1月1日《条例》实施之日起，与2017年相比有所增加。"
    got = facts(TITLE, STATED, prose, source="2018.html", form_years=[(2018, "2018年度")])
    assert (got.report_year, got.issues) == (2018, ())


def test_the_day_decides_between_title_and_period():
    head = ["#某县教育局2019年政府信息公开工作年度报告", "发布日期：2020-01-10"]
    got = facts(STATED, before=head)
    assert got.report_year == 2019
    assert (got.period_start, got.period_basis) == (date(2018, 1, 1), "stated")
    assert "year_conflict" in [issue.code for issue in got.issues]


def test_a_conflict_names_the_candidates():
    got = facts(TITLE, STATED, form_years=[(2017, "2017年度")])
    assert got.report_year == 2018
    (issue,) = got.issues
    assert issue.code == "year_conflict"
    assert "2018 (period, title)" in issue.message
    assert "2017 (header)" in issue.message
    assert issue.raw == "2017年度"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a/b/某局2019年年报.html", 2019),
        ("chimen-2018.txt", 2018),
        ("2020年度.pdf", 2020),
        ("https://a.gov.cn/zwgk/201302/t20130228_80734.htm", None),
        ("https://a.gov.cn/art/2024/1/17/art_1_2.html", None),
        ("raw/2024-01-17/report.html", None),
        ("https://a.gov.cn/202401/2ecfb31a335f4d689220a3a23e24a986.shtml", None),
        ("https://a.gov.cn/col/post_2018123.html", None),
        ("", None),
    ],
)
def test_only_a_files_name_votes(source, expected):
    assert [vote.year for vote in year.of_source(source)] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("某县2018年政府信息公开工作年度报告", [2018]),
        ("某县二〇一二年政府信息公开年报", [2012]),
        ("某县二○○九年度政府信息公开年报", [2009]),
        ("某县２０１８年政府信息公开年报", [2018]),
        ("某县政府信息公开年报", []),
        ("某县2017年总结及2018年计划", []),
    ],
)
def test_years_of_titles(title, years):
    assert [vote.year for vote in year.of_title(title)] == years


@given(st.lists(st.tuples(st.integers(2008, 2025), st.sampled_from(["period", "title", "header", "source"]))))
def test_the_vote_depends_on_no_order(ballots):
    votes = [year.Vote(number, place, str(number)) for number, place in ballots]
    assert year.decide(votes).year == year.decide(votes[::-1]).year
    if len({number for number, _ in ballots}) == 1:
        assert year.decide(votes) == year.Year(ballots[0][0])


@pytest.mark.parametrize(
    "source", ["national_2021.html", "national_2021-00012.html", "form 2014.txt", "P020190110.pdf", "t20190110_1.htm"]
)
def test_names_of_forms_and_stored_files_do_not_vote(source):
    assert list(year.of_source(source)) == []


@pytest.mark.parametrize(
    ("printed", "first", "last", "year"),
    [
        ("2018年1月1日至2018年11月30日", date(2018, 1, 1), date(2018, 11, 30), 2018),
        ("2017年12月1日起至2018年11月30日", date(2017, 12, 1), date(2018, 11, 30), 2018),
        ("2018年1月1日至12月20日", date(2018, 1, 1), date(2018, 12, 20), 2018),
    ],
)
def test_a_stated_period_that_is_no_calendar_year_is_kept_and_said(printed, first, last, year):
    got = facts(TITLE, f"本报告所列数据的统计期限为{printed}。" + PREAMBLE)
    assert (got.period_start, got.period_end, got.period_basis, got.report_year) == (first, last, "stated", year)
    assert [issue.code for issue in got.issues] == ["period_unusual"]


def test_days_without_a_word_for_the_period_are_no_period():
    got = facts(TITLE, "2018年3月1日至2018年11月30日，我局开展了专项检查。" + PREAMBLE)
    assert (got.period_start, got.period_basis) == (date(2018, 1, 1), "assumed")


def test_a_period_goes_on_in_the_next_line():
    got = facts(
        TITLE, PREAMBLE + "本报告所列数据的统计期限为2018年1月1日", "至2018年12月31日。如有疑问，请与我局联系。"
    )
    assert (got.period_end, got.period_basis) == (date(2018, 12, 31), "stated")


def test_the_year_that_the_figures_cover_and_the_first_paragraph_name_it():
    nameless = "#某县教育局政府信息公开工作年度报告"
    got = facts(nameless, "本报告所列数据的统计期限为2018年度。" + PREAMBLE)
    assert (got.report_year, got.period_start, got.period_basis) == (2018, date(2018, 1, 1), "assumed")
    assert facts(nameless, PREAMBLE, "一、概述", "2018年，我局按时答复申请3件。").report_year == 2018
    assert facts(nameless, PREAMBLE, "（一）主动公开方面。2018年，我镇主动公开信息42条。").report_year == 2018
    assert facts(TITLE, STATED, "2017年，我局成立了领导小组。").report_year == 2018


@pytest.mark.parametrize(
    "lines",
    [
        ["索引号", "公开方式", "发布机构", "发布日期", "01/2019-3", "主动公开", "某县教育局", "2019-01-10"],
        ["文号", "有效性", "有效", "发布日期", "2019-01-10"],
        ["发布日期", "索引号", "2019-01-10", "01/2019-3"],
    ],
)
def test_labels_and_values_of_a_table_that_became_lines(lines):
    assert facts(STATED, before=[*lines, TITLE]).published_date == date(2019, 1, 10)


def test_the_byline_under_the_pages_title_counts_where_the_article_prints_its_title_again():
    own = [">某县教育局2018年政府信息公开工作年度报告", STATED]
    head = [TITLE, "2019-01-10 16:20:31 来源：某县教育局 作者：办公室"]
    assert facts(*own, before=head).published_date == date(2019, 1, 10)
    assert facts(*head, *own).published_date == date(2019, 1, 10)


def test_a_label_whose_value_is_empty_takes_none_from_its_neighbours():
    head = [TITLE, "索引号", "公开日期", "2019-01-10", "生成日期", "发布机构", "某县教育局"]
    got = facts(STATED, before=head)
    assert (got.published_date, got.index_number) == (date(2019, 1, 10), "")


def test_a_value_may_stand_in_the_first_line_of_the_article():
    got = facts("01/2019-3", "发布机构", "某县教育局", STATED, before=[TITLE, "发布日期", "2019-01-10", "索引号"])
    assert got.index_number == "01/2019-3"
