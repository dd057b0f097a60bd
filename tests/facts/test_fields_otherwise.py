"""Fields of the page as other systems print them: every one is read, whatever parts label and value."""

# ruff: noqa: E501 - pages are written as they are published

from __future__ import annotations

import pytest

from parsers import parse
from parsers.records import Report

TITLE = "临江县农业局2018年政府信息公开工作年度报告"
BODY = (
    "<p>根据《中华人民共和国政府信息公开条例》规定，编制本报告。统计期限为2018年1月1日至2018年12月31日。</p>"
    "<h2>一、概述</h2><p>全年主动公开政府信息57条，内容包括财政信息、工作动态和办事指南，均在网站公布。</p>"
    "<h2>二、依申请公开情况</h2><p>全年收到申请3件，均已办结。</p><h2>三、存在的主要问题</h2><p>公开内容不够全面。</p>"
)
FIELDS = {
    "colons in cells": "<table><tr><td>索引号</td><td>：</td><td>0144/2019-00012</td></tr><tr><td>发布日期</td><td>：</td>"
    "<td>2019-01-20</td></tr><tr><td>文号</td><td>：</td><td>临农〔2019〕3号</td></tr></table>",
    "two languages": "<p>索引号(Index)：0144/2019-00012</p><p>发布日期（Date）：2019-01-20</p><p>文号(No.)：临农〔2019〕3号</p>",
    "run together": "<div><span>索引号</span><span>0144/2019-00012</span><span>发布机构</span><span>临江县农业局</span>"
    "<span>发布日期</span><span>2019-01-20</span><span>文号</span><span>临农〔2019〕3号</span></div>",
    "added": "<p>索引号：0144/2019-00012 文号：临农〔2019〕3号 添加日期：2019-01-20 点击数：21</p>",
}


def read(above: str, below: str = "", head: str = "") -> Report:
    page = f"<html><head><title>{TITLE}</title>{head}</head><body>{above}<h1>{TITLE}</h1>{below}<div>{BODY}</div></body></html>"
    (report,) = parse(page.encode(), source="page.html").reports
    return report


@pytest.mark.parametrize("way", FIELDS)
def test_number_and_day_are_read(way: str) -> None:
    report = read(FIELDS[way])
    assert report.index_number == "0144/2019-00012"
    assert report.document_number == "临农〔2019〕3号"
    assert str(report.published_date) == "2019-01-20"


@pytest.mark.parametrize("line", ["2019-01-20 15:31　来源：临江县农业局", "临江县农业局 发表于 2019-01-20"])
def test_a_byline_may_stand_over_the_title(line: str) -> None:
    assert str(read(f"<p>{line}</p>").published_date) == "2019-01-20"


def test_a_bare_day_over_the_title_may_be_any_day() -> None:
    assert read("<p>2020-05-01 10:00</p>").published_date is None


def test_linked_data_name_the_day_of_publication_and_not_that_of_change() -> None:
    said = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Article",'
        f'"headline":"{TITLE}","datePublished":"2019-01-20T08:00:00+08:00","dateModified":"2021-03-03"}}]}}</script>'
    )
    assert str(read("", head=said).published_date) == "2019-01-20"
    assert read("", head='<script type="application/ld+json">{"datePublished": [</script>').published_date is None
