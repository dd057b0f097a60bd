"""Reports and their look-alikes, as short pages of our own making."""

# ruff: noqa: E501 - pages and lines are written as they are published

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import article, parse, readers
from parsers.document import Document, Paragraph
from parsers.facts.recognise import Recognition, recognise
from parsers.records import DOCUMENT_KINDS

BODY = """<p>根据《中华人民共和国政府信息公开条例》要求，编制本报告。统计期限为2016年1月1日至2016年12月31日。</p>
<p>一、概述</p><p>2016年我局高度重视政府信息公开工作，加强领导，完善制度，稳步推进各项工作。</p>
<p>二、主动公开政府信息的情况</p><p>全年主动公开政府信息230条，其中网站公开200条，其他方式30条。</p>
<p>三、依申请公开政府信息的情况</p><p>全年未收到申请，没有信息不存在的答复。网站维护、系统升级按期完成，安装了防火墙。</p>
<p>四、行政复议、行政诉讼情况</p><p>无。</p>
<p>五、存在的主要问题和改进措施</p><p>公开内容不够丰富，下一步将加强培训，完善制度。</p>"""
PLAIN = (
    "<p>为深入贯彻上级部署，推动各项工作有序开展，现就有关情况作如下说明，请认真学习领会并抓好落实，确保取得实效。</p>"
    * 3
)


def page(title: str, body: str, extra: str = "") -> str:
    return (
        f"<html><head><title>{title}_某县人民政府</title></head><body><div><a href=/>首页</a></div><h1>{title}</h1>"
        f"<p>发布时间：2017-02-01 来源：某局</p><div class=c>{body}</div>{extra}<div>版权所有 某县</div></body></html>"
    )


def judge(content: str, lines: int = 0, source: str = "a.html") -> Recognition:
    document = readers.read(content.encode())
    return recognise(document, article.find(document), source, lines)


@pytest.mark.parametrize(
    "title",
    [
        "某局2016年政府信息公开工作年度报告", "某局2016年政府信息公开年报", "2018年度政府信息公开工作情况报告", "某局政府信息公开工作报告",
        "某局信息公开年度报告（2016）", "年度工作报告（政府信息公开）", "某局2016年政府信息公开工作总结", "信息公开年报", "某局",
        "某局关于2016年政府信息公开工作情况的报告", "关于公布某局2016年政府信息公开年度报告的公告", "某市医院管理局2016年政府信息公开工作年度报告",
        "某县大学城管委会2016年政府信息公开工作年度报告", "二〇一六年度政府信息公開工作年度報告",
    ],
)  # fmt: skip
def test_reports(title: str) -> None:
    found = judge(page(title, BODY))
    assert found.kind == "report", found


def others() -> dict[str, tuple[str, str]]:
    """Pages that are no report, with words that the reason must hold."""
    return {
        "university": (page("某大学2016年信息公开年度报告", BODY), "school"),
        "hospital": (page("某市第一医院2016年信息公开年度报告", BODY), "hospital"),
        "half year": (page("某区2017年上半年政府信息公开工作情况", BODY), "part of a year"),
        "quarter": (page("某区2017年第三季度政府信息公开统计表", BODY), "part of a year"),
        "guide": (page("某局政府信息公开指南", "<p>根据《中华人民共和国政府信息公开条例》，编制本指南。</p><p>一、主动公开</p><p>二、依申请公开</p>" + PLAIN), "guide"),
        "rules": (page("某局政府信息公开制度", PLAIN), "rule"),
        "rules without a title": (page("政府信息公开", "<p>第一条 为规范年度报告的编制，根据《中华人民共和国政府信息公开条例》，制定本制度。</p><p>第二条 各部门应当于每年3月31日前公布年度报告。</p><p>（一）概述</p><p>（二）主动公开政府信息情况</p><p>（三）依申请公开政府信息情况</p><p>（四）存在的主要问题和改进措施</p>" + PLAIN), "rule"),
        "notice": (page("关于做好2016年度政府信息公开工作年度报告编制工作的通知", f"<p>各乡镇人民政府：</p><p>现将有关事项通知如下：</p><p>一、总体情况</p><p>二、主动公开政府信息情况</p>{PLAIN}"), "notice"),
        "letter": (page("关于2014年政府信息公开工作要点落实情况的函", f"<p>省政府办公厅：</p><p>现将情况函告如下：</p><p>一、2014年政府信息公开工作情况</p>{PLAIN}"), "letter"),
        "question": (page("关于查询2016年年报的来信", "<p>编辑同志：请问年报在哪里看？</p><p>您好，请到政府信息公开年报栏目。</p>" + PLAIN), "letter"),
        "picture explained": (page("一图读懂某县2016年政府信息公开工作年度报告", PLAIN), "explanation"),
        "explained": (page("《某局2016年政府信息公开工作年度报告》解读", PLAIN), "explanation"),
        "website": (page("某县2016年政府网站工作年度报表", "<table><tr><td>独立用户访问总量</td><td>1000</td></tr><tr><td>信息发布总数</td><td>88</td></tr></table>"), "website"),
        "budget": (page("某县2017年部门预算公开", "<p>一、部门概况</p>" + PLAIN), "another kind"),
        "law": (page("某县2016年法治政府建设年度报告", PLAIN + "<p>（一）主动公开政府信息情况</p>" + PLAIN), "another kind"),
        "government": (page("某县人民政府工作报告", "<p>一、2016年工作回顾</p>" + PLAIN), "another kind"),
        "plan": (page("某县2017年政务公开工作要点", PLAIN), "summary"),
        "statistics": (page("某县2016年依申请公开情况统计表", PLAIN), "requests"),
        "news": (page("某县领导调研政府信息公开工作", "<p>近日，副县长调研政府信息公开工作，要求主动公开政府信息。</p>" + PLAIN), ""),
        "search": (page("共检索到12条相关结果", BODY), "search"),
        "not found": ("<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><p>您访问的页面不存在</p></body></html>", "error page"),
        "deleted": ("<html><head><title>某县2016年政府信息公开工作年度报告</title></head><body><p>您查看的信息不存在或已删除</p></body></html>", "error page"),
        "login": ("<html><body><p>请先登录 用户名 密码</p></body></html>", "log in"),
        "shell": ("<html><head><title>某县信息公开</title></head><body><div id=app></div></body></html>", "no text"),
        "attachment": (page("某县2016年政府信息公开工作年度报告", "", "<p><a href='P01.pdf'>某县2016年政府信息公开工作年度报告.pdf</a></p>"), "attachment"),
        "pictures": (page("某县2016年政府信息公开工作年度报告", "<img src=1.jpg>"), "no text of it"),
        "gambling": (page("某县2016年政府信息公开工作年度报告", BODY + "<p>澳门金沙娱乐城官网开户送彩金，百家乐</p>"), "taken over"),
        "pinyin": (page("文(wén)章(zhāng)", "<p>政(zhèng)府(fǔ)信(xìn)息(xī)公(gōng)开(kāi)</p>" * 3), "taken over"),
    }  # fmt: skip


@pytest.mark.parametrize("name", others())
def test_look_alikes(name: str) -> None:
    content, words = others()[name]
    found = judge(content)
    assert found.kind == "other", found
    assert words in found.reason


def test_guard_page_is_blocked() -> None:
    found = judge("<html><body><p>您的访问请求被拦截，可能存在安全风险</p></body></html>")
    assert found.kind == "blocked"


def entries(*names: str, row: str) -> str:
    return "".join(row.format(n=n, name=name) for n, name in enumerate(names))


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href={n}>{name}2016年政府信息公开工作年度报告</a> 2017-01-20</li>",
        "<li><a href={n}>{name}2016年政府信息公开年报</a></li>",
        "<tr><td>{n}</td><td><a href={n}>{name}2016年信息公开年度报告</a></td><td>2017-01-20</td></tr>",
        "<p>{name}2016年政府信息公开工作年度报告 2017-01-20</p>",
    ],
)
def test_lists(row: str) -> None:
    rows = entries("教育局", "财政局", "民政局", "水利局", "司法局", "审计局", row=row)
    body = f"<table>{rows}</table>" if row.startswith("<tr") else f"<ul>{rows}</ul>"
    found = judge(f"<html><head><title>政府信息公开年报</title></head><body>{body}</body></html>")
    assert found.kind == "list", found


def test_report_beside_a_list_of_others_is_a_report() -> None:
    rows = entries(
        "一局",
        "二局",
        "三局",
        "四局",
        "五局",
        row="<li><a href={n}>{name}2015年政府信息公开工作年度报告</a> 2016-01-20</li>",
    )
    assert judge(page("某局2016年政府信息公开年报", BODY, f"<ul>{rows}</ul>")).kind == "report"


@pytest.mark.parametrize("name", others())
def test_a_filled_form_makes_a_report_but_of_a_part_of_a_year_and_of_no_government_body(name: str) -> None:
    table = "<table>" + "".join(f"<tr><td>指标{n}</td><td>{n}</td></tr>" for n in range(12)) + "</table>"
    found = judge(others()[name][0].replace("</body>", f"{table}</body>"), lines=12)
    assert found.kind == ("other" if name in ("half year", "quarter", "university", "hospital") else "report"), found


def test_column_in_the_title_element_does_not_outweigh_the_report() -> None:
    body = "".join(f"<div>{part}</div>" for part in BODY.split("\n"))
    content = f"<html><head><title>政府信息公开目录_某县</title></head><body>{body}</body></html>"
    assert judge(content).kind == "report"


def test_short_report_without_headings_beside_a_list() -> None:
    text = "<p>根据《中华人民共和国政府信息公开条例》要求，编制本报告。2016年全年公开信息30条，没有收到申请，没有复议和诉讼，今后将继续努力，加强培训，完善制度，做好公开工作，欢迎监督。</p>"
    rows = entries(
        "一局",
        "二局",
        "三局",
        "四局",
        "五局",
        row="<li><a href={n}>{name}2015年政府信息公开工作年度报告</a> 2016-01-20</li>",
    )
    assert judge(page("某局2016年政府信息公开年报", text * 2, f"<ul>{rows}</ul>")).kind == "report"


def test_notice_with_an_empty_form() -> None:
    table = "<table>" + "".join(f"<tr><td>指标{n}</td><td></td></tr>" for n in range(12)) + "</table>"
    content = page("关于报送2016年政府信息公开年度报告的通知", f"<p>现将有关事项通知如下：</p>{PLAIN}{table}")
    assert judge(content, lines=12).kind == "other"


def test_short_table_is_a_sign() -> None:
    assert judge(page("某局", PLAIN), lines=5).score > judge(page("某局", PLAIN)).score


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=8), st.text(max_size=40), st.integers(0, 60))
def test_any_document_has_a_kind_and_a_reason(texts: list[str], title: str, lines: int) -> None:
    document = Document("text/html", tuple(Paragraph(text, "html:p#1") for text in texts), title=title)
    found = recognise(document, article.find(document), "a/b.html", lines)
    assert found.kind in DOCUMENT_KINDS
    assert found.reason
    assert found == recognise(document, article.find(document), "a/b.html", lines)


@pytest.mark.parametrize(
    "items", [("水利局", "教育局", "审计局", "民政局", "司法局", "财政局", "公安局"), ("2012年度报告", "2013年度报告")]
)
def test_lists_of_few_entries_and_of_names_alone(items: tuple[str, ...]) -> None:
    rows = "".join(f"<li><a href='{n}.htm'>{item}</a></li>" for n, item in enumerate(items))
    found = judge(
        f"<html><head><title>政府信息公开年报</title></head><body><h1>政府信息公开年报</h1><ul>{rows}</ul></body></html>"
    )
    assert found.kind == "list", found


def test_pictures_of_a_report_beside_others_are_no_list() -> None:
    rows = "".join(
        f"<li><a href='{y}.htm'>某局{y}年政府信息公开工作年度报告</a> {y + 1}-01-12</li>" for y in (2014, 2015)
    )
    found = judge(page("某局2016年政府信息公开工作年度报告", "<img src='1.png'>", f"<ul>{rows}</ul>"))
    assert found.kind == "other"
    assert "pictures" in found.reason


@pytest.mark.parametrize(
    "title", ["政府信息公开工作年度报告范文", "2023年政府信息公开年度报告（精选12篇）", "政府信息公开工作年度报告模板"]
)
def test_texts_to_write_reports_after(title: str) -> None:
    found = judge(page(title, BODY))
    assert found.kind == "other"
    assert "write reports after" in found.reason


def test_a_page_to_log_in_on_is_no_guard() -> None:
    found = judge("<html><body><p>统一身份认证</p><p>用户名：</p><p>密码：</p><p>验证码：</p><p>登录</p></body></html>")
    assert (found.kind, found.reason) == ("other", "a page to log in on")


def test_a_letter_that_brings_the_report_is_one() -> None:
    letter = "<p>省政府办公厅：</p><p>现将我局2016年政府信息公开工作年度报告函报贵厅。</p><p>某局</p><p>2017年1月17日</p><p>某局2016年政府信息公开工作年度报告</p>"
    assert judge(page("某局关于报送2016年政府信息公开工作年度报告的函", letter + BODY)).kind == "report"


def test_a_notice_with_some_lines_of_an_empty_form_is_no_report() -> None:
    title = "关于做好2009年度政府信息公开工作年度报告有关事项的通知"
    topics = ("收费及减免情况", "行政复议、行政诉讼的情况", "存在的主要问题及改进情况", "需要说明的事项与附表")
    lines = (
        "主动公开信息数",
        "其中：1.政府网站",
        "2.政府公报",
        "收到政府信息公开申请总数",
        "1.当面申请数",
        "2.传真申请数",
    )
    body = "".join(f"<p>{n}、{topic}</p>{PLAIN}" for n, topic in zip("一二三四", topics, strict=True))
    found = judge(page(title, body + "".join(f"<p>{line}</p>" for line in lines)), len(lines))
    assert (found.kind, found.reason) == ("other", "a notice with an empty form")


@pytest.mark.parametrize(
    "title", ["某市教育局发布2018年政府信息公开工作年度报告", "某县政府按时公布2018年政府信息公开年报"]
)
def test_news_of_a_report_are_none(title: str) -> None:
    news = f"<p>近日，{title}。</p><p>报告显示，2018年主动公开政府信息1203条，受理依申请公开23件，全部按期答复。</p>"
    assert judge(page(title, news)).reason == "news of a report, not the report"
    assert judge(page(title, BODY)).kind == "report"


def test_links_that_are_years_and_no_more_are_a_list() -> None:
    years = "".join(f'<a href="{year}.html">{year}年</a>&nbsp;' for year in range(2012, 2019))
    assert judge(page("政府信息公开年报", f"<p>{years}</p>")).kind == "list"
    assert judge(page("某局2018年政府信息公开工作年度报告", f"<p>{years}</p>" + BODY)).kind == "report"


@pytest.mark.parametrize(
    "title",
    [
        "××单位20××年政府信息公开工作年度报告",
        "XX局2022年政府信息公开工作年度报告",
        "政府信息公开工作年度报告填报说明（样表）",
        "关于印发政府信息公开工作年度报告格式的通知",
        "2016年5月政府信息公开情况统计表",
    ],
)
def test_forms_to_fill_in_and_months_are_no_reports(title: str) -> None:
    rest = "<p>填报日期：2016-06-03</p><table><tr><td>统计指标</td><td>单位</td><td>统计数</td></tr></table>"
    assert judge(f"<h1>{title}</h1>{rest}", lines=50).kind == "other"
    assert judge(f"<h1>某局2016年政府信息公开情况统计表</h1>{rest}", lines=50).kind == "report"


def test_a_form_of_nobody_without_figures_is_no_report() -> None:
    lines = ("主动公开文件数", "其中:1.政府网站公开数", "2.政府公报公开数", "受理政府信息公开申请总数", "其中:1.当面申请数",
             "2.网络申请数", "对申请的答复总数", "其中:1.同意公开答复数", "2.同意部分公开答复数", "3.不予公开答复数",
             "行政复议数", "行政诉讼数")  # fmt: skip
    head = "<tr><td>指标</td><td>单位</td><td>年度</td><td>历年累计</td></tr>"

    def kind(figure: str, title: str = "") -> str:
        rows = "".join(f"<tr><td>{line}</td><td>件</td><td>{figure}</td><td></td></tr>" for line in lines)
        page = f"<html><body>{title}<table>{head}{rows}</table></body></html>"
        return parse(page.encode(), source="a.html").documents[0].kind

    assert kind("") == "other"
    assert kind("0") == "report"
    assert kind("", "<h1>某局2016年政府信息公开工作年度报告</h1>") == "report"
