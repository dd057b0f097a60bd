# ruff: noqa: E501
"""Pages as the systems of these sites print them: whatever the furniture, the facts are the same."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import article, facts, readers

TITLE = "某县水利局2023年政府信息公开工作年度报告"
BODY = """
<p>根据《中华人民共和国政府信息公开条例》（以下简称《条例》）要求，编制本报告。本报告由总体情况、主动公开政府信息情况、收到和处理
政府信息公开申请情况等六个部分组成。本报告中所列数据的统计期限为2023年1月1日至2023年12月31日。如对本报告有疑问，请与某县水利局办公室联系
（地址：某县城关镇人民路8号，邮编：353000，电话：0599-8446604，电子邮箱：slj@163.com）。</p>
<p>一、总体情况</p>
<p>2023年，我局认真贯彻落实《条例》，持续推进水利领域政府信息公开，与2022年相比有较大进步，全年共受理政府信息公开申请3件，均按时答复。</p>
<p>二、主动公开政府信息情况</p>
<table border="1"><tr><td colspan="4">第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr><tr><td>行政规范性文件</td><td>1</td><td>0</td><td>7</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p>
<p>四、政府信息公开行政复议、行政诉讼情况</p>
<p>五、存在的主要问题及改进情况</p>
<p>公开的深度同群众的期待相比仍有差距，解读材料不够通俗。下一步将加强督促检查，细化目录，改进答复文书的质量。</p>
<p>六、其他需要报告的事项</p>
<p>2023年没有收取信息处理费。</p>
"""
FOOT = (
    "<div class='footer'><p>主办：某县人民政府办公室 电话：0599-6161678 网站标识码：3507020001 Copyright 2012</p></div>"
)

TRS = f"""<html><head><title>{TITLE}_政府信息公开年报_某县人民政府</title>
<meta name="SiteName" content="某县人民政府"><meta name="PubDate" content="2024-01-17 09:12"></head><body>
<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>
<div class="xl-title"><h1>{TITLE}</h1></div>
<div class="xl-info"><span>发布时间：2024-01-17 09:12</span><span>信息来源：某县水利局</span><span>浏览量：57</span>
<span>字号：<a>大</a> <a>中</a> <a>小</a></span></div>
<ul class="xx"><li><em>索 引 号：</em>SLJ-0200-2024-00002</li><li><em>发布机构：</em>某县水利局</li><li><em>文　　号：</em></li></ul>
<div class="TRS_Editor">{BODY}</div>
<div class="related"><ul><li><a href="a">某县水利局2022年政府信息公开工作年度报告</a> 2023-01-20</li></ul></div>{FOOT}</body></html>"""

HANWEB = f"""<html><head><title>某县人民政府 政府信息公开年报 {TITLE}</title>
<meta name="Maketime" content="2024-05-28 15:46:43"><meta name="author" content="超级管理员"></head><body>
<table width="100%" class="xxgk"><tr><td>索 引 号：</td><td>SLJ-0200-2024-00002</td><td>信息分类：</td><td>年报</td></tr>
<tr><td>发布机构：</td><td>某县水利局</td><td>发文日期：</td><td>2024-01-17</td></tr>
<tr><td>名　　称：</td><td colspan="3">{TITLE}</td></tr><tr><td>文　　号：</td><td></td><td>主 题 词：</td><td></td></tr></table>
<div class="title">{TITLE}</div><div class="time">发布日期：2024-01-17　访问次数：<script>document.write(1)</script>
　字号：[ 大 中 小 ]</div><div id="zoom">{BODY}</div><div class="prev">上一篇：公告 2023-12-01</div>{FOOT}</body></html>"""

UCAP = f"""<html><head><meta name="others" content="页面生成时间 2024-05-28 15:46:43"><title>{TITLE}-某县水利局</title></head><body>
<div class="header"><span id="utime">2025年12月30日 星期二</span></div>
<table class="table_content"><tbody><tr><td>名称</td><td colspan="3">{TITLE}</td></tr>
<tr><td>索引号</td><td>SLJ-0200-2024-00002</td><td>分类</td><td>信息公开年报 &nbsp;其他</td></tr>
<tr><td>发布机构</td><td>某县水利局</td><td>公开日期</td><td><publishtime>2024-01-17</publishtime></td></tr>
<tr><td>文号</td><td></td><td>关键词</td><td></td></tr></tbody></table>
<h1><ucaptitle>{TITLE}</ucaptitle></h1><div id="zoomcon"><ucapcontent>{BODY}</ucapcontent></div>{FOOT}</body></html>"""

GKMLPT = f"""<html><head><title>{TITLE} - 某县政府信息公开</title></head><body><div class="classify"><table>
<tr><td>索引号:</td><td>SLJ-0200-2024-00002</td><td>分类:</td><td>综合</td></tr><tr><td>发布机构:</td><td>某县水利局</td>
<td>成文日期:</td><td>2024-01-10</td></tr><tr><td>名称:</td><td colspan="3">{TITLE}</td></tr>
<tr><td>文号:</td><td></td><td>发布日期:</td><td>2024-01-17</td></tr></table></div>
<h1>{TITLE}</h1><p>发布日期：2024-01-17  浏览次数：-</p><div class="article-content">{BODY}</div>{FOOT}</body></html>"""

LONGXUN = f"""<html><head><title>{TITLE}_某县人民政府</title></head><body>
<table><tr><th>索引号：</th><td>SLJ-0200-2024-00002</td><th>组配分类：</th><td>政府信息公开年报</td></tr>
<tr><th>发布机构：</th><td>某县水利局</td><th>主题分类：</th><td>水利</td></tr><tr><th>有效性：</th><td>有效</td><th>关键词：</th><td></td></tr>
<tr><th>名称：</th><td>{TITLE}</td><th>文号：</th><td>无</td></tr><tr><th>生成日期：</th><td>2024-01-17</td><th>发布日期：</th>
<td>2024-01-17</td></tr></table><h1>{TITLE}</h1>
<div class="wzfbxx"><span>时间：2024-01-17 16:02</span><span>来源：某县水利局</span><span>作者：张三</span><span>【字体：大 中 小】</span></div>
<div class="wzcon">{BODY}</div><div>上一条：某县水利局2022年政府信息公开工作年度报告 2023-01-20</div>{FOOT}</body></html>"""

VSB = f"""<html><head><title>{TITLE}-某县水利局</title></head><body><ul class="nav"><li><a href="a">网站首页</a></li></ul>
<form><h3 align="center">{TITLE}</h3><div align="center">2024年01月17日 10:20 &nbsp;某县水利局&nbsp; 点击：[<span>35</span>]</div>
<p>索引号：SLJ-0200-2024-00002</p><div id="vsb_content">{BODY}</div></form>
<p>下一条：某县水利局2022年政府信息公开工作年度报告</p><div>今天是2025年12月30日</div>{FOOT}</body></html>"""

JPAAS = f"""<html><head><title>{TITLE}</title><meta name="createDate" content="2024-05-28"></head><body>
<div class="xxgk"><div class="row"><dl><dt>索引号</dt><dd>SLJ-0200-2024-00002</dd><dt>发布机构</dt><dd>某县水利局</dd>
<dt>公开日期</dt><dd>2024-01-17</dd><dt>文号</dt><dd></dd></dl></div></div>
<div class="title">{TITLE}</div><div class="sub"><span>来源：某县水利局</span><span>发布时间：2024-01-17 10:00</span></div>
<div id="content">{BODY}</div><div><p>抓取时间 2024-05-28</p></div>{FOOT}</body></html>"""

FUJIAN = f"""<html><head><title>某县水利局</title></head><body><div>{TITLE}</div>
<table><tr><td>发布时间:2024-01-17</td></tr><tr><td>发布机构:</td></tr><tr><td>【字体:<a>大</a><a>中</a><a>小</a>】</td></tr></table>
<table><tr><td>索引号: SLJ-0200-2024-00002</td><td>主题分类:&nbsp;</td><td>生成日期:&nbsp;</td></tr>
<tr><td>发布日期: 2024-01-17</td><td>发布机构:&nbsp;</td><td>文 号:&nbsp;</td></tr></table><div class="nr">{BODY}</div>{FOOT}</body></html>"""

PHPCMS = f"""<html><head><title>{TITLE}-信息公开-某县人民政府</title></head><body><div class="crumbs">首页 &gt; 信息公开 &gt; 年报</div>
<table><tr><td>索引号</td><td>发布机构</td><td>发布日期</td><td>文号</td></tr>
<tr><td>SLJ-0200-2024-00002</td><td>某县水利局</td><td>2024-01-17</td><td></td></tr></table>
<h2 align="center">{TITLE}</h2><div class="info">日期:2024-01-17 来源:某县水利局 点击:57次 【字体：大 中 小】 打印</div>
<div class="content">{BODY}</div>{FOOT}</body></html>"""

PAGES = {
    "trs": TRS, "hanweb": HANWEB, "ucap": UCAP, "gkmlpt": GKMLPT, "longxun": LONGXUN, "vsb": VSB, "jpaas": JPAAS,
    "fujian": FUJIAN, "phpcms": PHPCMS,
}  # fmt: skip


@pytest.mark.parametrize("system", PAGES)
def test_the_facts_of_a_page(system):
    document = readers.read(PAGES[system].encode())
    got = facts.read(document, article.find(document), "report.html", form_years=())
    assert got.title == TITLE
    assert (got.publisher, got.body_type) == ("某县水利局", "department")
    assert got.report_year == 2023
    assert (got.period_start, got.period_end, got.period_basis) == (date(2023, 1, 1), date(2023, 12, 31), "stated")
    assert got.published_date == date(2024, 1, 17)
    assert got.index_number == "SLJ-0200-2024-00002"
    assert got.document_number == ""
    assert got.phone == "0599-8446604"
    assert got.email == "slj@163.com"
    assert got.scope == "own"
    assert got.issues == ()
