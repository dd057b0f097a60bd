"""Pages of the families of systems that these sites run on: an article within its navigation.

Each wrapper takes the facts of a page and the article's HTML and gives the whole page's HTML. All of
them carry dates that are not the date of publication.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """What the system knows of an article. Empty text = the field is there without a value or absent."""

    title: str
    article: str
    published: str = ""
    publisher: str = ""
    index_number: str = ""
    document_number: str = ""
    site: str = ""
    host: str = "www.example.gov.cn"
    previous: str = ""
    crawled: str = ""
    charset: str = "utf-8"
    remark: str = "示例文档，供 gongkai 测试使用，非官方发布"
    comment: str = "sample written for gongkai, not an official publication"


def chinese_date(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def note(page: Page) -> str:
    return f'<div class="sample-note" style="color:#999;font-size:12px">{page.remark}</div>' if page.remark else ""


def trs(page: Page) -> str:
    metas = "\n".join(
        f'<meta name="{name}" content="{content}">'
        for name, content in (
            ("SiteName", page.site), ("SiteDomain", page.host), ("ColumnName", "政府信息公开年报"),
            ("ArticleTitle", page.title), ("PubDate", f"{page.published} 09:12"), ("ContentSource", page.publisher),
            ("Keywords", "信息公开;年度报告"), ("CreateDate", page.crawled),
        )
    )  # fmt: skip
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta http-equiv="Content-Type" content="text/html; charset={page.charset}">
<title>{page.title}_{page.site}</title>
{metas}
<script type="text/javascript">var docpuburl = "./t{page.published.replace("-", "")}_80011.htm"; var now = "{page.crawled}";</script>
<style>.TRS_Editor P{{line-height:2}}</style></head>
<body>
<div class="top"><div class="logo">{page.site}</div><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/wsbs/">办事服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/nb/">政府信息公开年报</a></div>
<table class="xxgk_table" width="100%"><tr><td class="t">索 引 号：</td><td>{page.index_number}</td><td class="t">发文机构：</td><td>{page.publisher}</td></tr>
<tr><td class="t">标　　题：</td><td colspan="3">{page.title}</td></tr>
<tr><td class="t">文　　号：</td><td>{page.document_number}</td><td class="t">发布日期：</td><td>{page.published}</td></tr></table>
<h1 class="xl_tit">{page.title}</h1>
<div class="xl_sm"><span>时间：{page.published} 09:12</span> <span>来源：{page.publisher or page.site}</span> <span>浏览量：<b id="hits">1304</b></span> 字号：<a>大</a> <a>中</a> <a>小</a></div>
<div class="view TRS_UEDITOR trs_paper_default"><div class="TRS_Editor">
{page.article}
</div></div>
{note(page)}
<div class="related"><h3>相关链接</h3><ul><li><a href="./t20170302_1.htm">{page.previous}</a><span>2017-03-02</span></li></ul></div>
<div class="footer">主办：{page.site} 网站标识码：3500000001 闽公网安备35010202000001号 联系我们：0591-87654321</div>
</body></html>"""


def hanweb(page: Page) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<!-- {page.comment} -->
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset={page.charset}" />
<meta name="author" content="{page.publisher}" />
<meta name="Maketime" content="{page.crawled} 17:20:03" />
<meta name="pubDate" content="{page.published} 10:01:55" />
<title>{page.site} 政府信息公开年度报告 {page.title}</title></head>
<body><table width="1000" align="center" border="0" id="c"><tr><td><a href="/">首页</a> | <a href="/col/col1/index.html">信息公开</a> | <a href="/col/col2/index.html">公众参与</a></td></tr></table>
<div id="xxgk_info"><table border="0" cellpadding="0"><tbody>
<tr><td><b>索引号</b></td><td>{page.index_number}</td><td><b>组配分类</b></td><td>政府信息公开年报</td></tr>
<tr><td><b>发布机构</b></td><td>{page.publisher}</td><td><b>生成日期</b></td><td>{page.published}</td></tr>
<tr><td><b>文号</b></td><td>{page.document_number}</td><td><b>有效性</b></td><td>有效</td></tr></tbody></table></div>
<div id="title" class="title">{page.title}</div>
<div class="source"><!--<$[信息来源]>begin-->信息来源：{page.publisher}<!--<$[信息来源]>end--> 发布日期：{page.published} 浏览次数：<span id="count">87</span></div>
<div id="zoom"><!--ZJEG_RSS.content.begin-->{page.article}<!--ZJEG_RSS.content.end--></div>
{note(page)}
<div class="pre">上一篇：<a href="../../../2012/3/1/art_1_2.html">{page.previous}</a> [2012-03-01]</div>
<div id="foot">版权所有：{page.site} 备案号：浙ICP备05000001号 建议使用1024*768分辨率</div></body></html>"""


def ucap(page: Page) -> str:
    return f"""<!doctype html>
<!-- {page.comment} -->
<html lang="zh"><head><meta charset="{page.charset}"><meta name="viewport" content="width=device-width">
<title>{page.title}-{page.site}</title>
<meta name="ArticleTitle" content="{page.title}"><meta name="PubDate" content="{page.published} 15:20:00"><meta name="ContentSource" content="{page.publisher}">
<meta name="others" content="页面生成时间 {page.crawled} 11:46:43"></head>
<body class="ucapcontent"><header><span id="utime">{chinese_date(page.crawled)} 星期二</span><nav><ul><li><a href="/a.shtml">首页</a></li><li><a href="/b.shtml">政务公开</a></li></ul></nav></header>
<div class="xxgk-info"><ul><li><label>索引号：</label><span>{page.index_number}</span></li><li><label>主题分类：</label><span>其他</span></li><li><label>发布机构：</label><span>{page.publisher}</span></li><li><label>发文日期：</label><span>{page.published}</span></li><li><label>文号：</label><span>{page.document_number or "无"}</span></li></ul></div>
<article class="article"><h2>{page.title}</h2><p class="info">发布时间：<i>{page.published} 15:20</i> 来源：<i>{page.publisher}</i> 阅读：<i>526</i>次</p>
<ucapcontent>{page.article}</ucapcontent></article>
{note(page)}
<div class="pagebar"><p>上一篇：<a href="x.shtml">{page.previous}</a></p><p>下一篇：没有了</p></div>
<footer><p>主办单位：{page.site} 版权所有 网站标识码：3213220001</p></footer></body></html>"""


def gkmlpt(page: Page) -> str:
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta charset="{page.charset}"><title>{page.title} - {page.site}</title>
<script>window._CONFIG = {{"SID":"771009","TREE":[],"create_time":"{page.crawled} 00:00:00"}};</script></head>
<body><div class="gkml-header"><a href="/gkmlpt/index">政府信息公开平台</a><a href="/gkmlpt/guide">政府信息公开指南</a><a href="/gkmlpt/annual">政府信息公开年报</a></div>
<div class="classify"><table><tr><td class="first">索引号:</td><td><span>{page.index_number}</span></td><td class="first">分类:</td><td><span>其他</span></td></tr>
<tr><td class="first">发布机构:</td><td><span>{page.publisher}</span></td><td class="first">成文日期:</td><td><span>{page.published}</span></td></tr>
<tr><td class="first">名称:</td><td colspan="3"><span>{page.title}</span></td></tr>
<tr><td class="first">文号:</td><td><span>{page.document_number}</span></td><td class="first">发布日期:</td><td><span>{page.published}</span></td></tr></table></div>
<div class="content"><h1 class="title document-number">{page.title}</h1><p class="date">发布日期：{page.published}&nbsp;&nbsp;浏览次数：<span>-</span></p>
<div class="article-content">{page.article}</div>{note(page)}</div>
<div class="footer"><p>{page.site}主办 技术支持热线 020-83130000</p></div></body></html>"""


def longxun(page: Page) -> str:
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta http-equiv="Content-Type" content="text/html; charset={page.charset}" /><title>{page.title}_{page.site}</title>
<meta name="SiteName" content="{page.site}" /><meta name="PubDate" content="{page.published} 08:30:11" /><meta name="ContentSource" content="{page.publisher}" /></head>
<body><div class="wz_top"><table width="100%" class="m-detailtb"><tbody><tr><th>索引号：</th><td>{page.index_number}</td><th>组配分类：</th><td>政府信息公开年度报告</td></tr>
<tr><th>发布机构：</th><td>{page.publisher}</td><th>主题分类：</th><td>综合政务</td></tr>
<tr><th>名称：</th><td>{page.title}</td><th>文号：</th><td>{page.document_number or "无"}</td></tr>
<tr><th>发布日期：</th><td>{page.published}</td><th>生成日期：</th><td>{page.published}</td></tr></tbody></table></div>
<h1 class="newstitle">{page.title}</h1><div class="newsinfo"><span>发布时间：{page.published} 08:30</span><span>信息来源：{page.publisher}</span><span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div>
<div class="j-fontContent newscontnet minh500">{page.article}</div>{note(page)}
<ul class="prevnext"><li>上一条：<a href="/OpennessContent/show/1.html">{page.previous}</a> <em>2018-01-05</em></li></ul>
<div class="ft">版权所有：{page.site} 皖ICP备05000001号-1 最近更新：{page.crawled}</div></body></html>"""


def vsb(page: Page) -> str:
    return f"""<!DOCTYPE html><!-- {page.comment} --><HTML><HEAD><TITLE>{page.title}-{page.site}</TITLE><META charset="{page.charset}"><META Name="keywords" Content="{page.site},年度报告,{page.title}" /></HEAD>
<BODY><div class="nav"><ul><li><a href="../../index.htm">网站首页</a></li><li><a href="../../xxgk.htm">信息公开</a></li></ul></div>
<form name="_newscontent_fromname"><div class="content-title"><h3>{page.title}</h3><i>发布日期：{chinese_date(page.published)} &nbsp;&nbsp; 作者：{page.publisher} &nbsp;&nbsp; 点击：[<script>_showDynClickBatch(['dynclicks_u9_1'])</script>]</i></div>
<div id="vsb_content_2"><div class="v_news_content">{page.article}</div></div>{note(page)}
<p>上一条：<a href="1.htm">{page.previous}</a></p></form>
<div class="foot">Copyright {page.site} 今天是{chinese_date(page.crawled)}</div></BODY></HTML>"""


def jpaas(page: Page) -> str:
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta charset="{page.charset}"><title>{page.title}</title><meta name="SiteName" content="{page.site}"><meta name="ArticleTitle" content="{page.title}"><meta name="PubDate" content="{page.published}"><meta name="createDate" content="{page.crawled}"></head>
<body><div class="layui-nav"><a href="/">首页</a><a href="/col/1">政务公开</a></div>
<div class="xxgk-top"><div class="row"><div class="item"><span class="k">索引号</span><span class="v">{page.index_number}</span></div><div class="item"><span class="k">发布机构</span><span class="v">{page.publisher}</span></div><div class="item"><span class="k">公开日期</span><span class="v">{page.published}</span></div><div class="item"><span class="k">文号</span><span class="v">{page.document_number}</span></div></div></div>
<div class="article-box"><p class="tit">{page.title}</p><div class="sub"><span>发布日期：{page.published}</span><span>信息来源：{page.publisher}</span></div><div class="txt" id="articleContent">{page.article}</div></div>
{note(page)}<div class="foot"><p>{page.site}主办</p><p>抓取时间 {page.crawled}</p></div></body></html>"""


def fujian(page: Page) -> str:
    return f"""<html>
<!-- {page.comment} -->
<head><meta http-equiv=Content-Type content="text/html; charset={page.charset}"><title>{page.title}</title></head>
<body><div class="bt">{page.title}</div>
<table width="96%" border="0" align="center"><tr><td>发布时间:{page.published}</td></tr><tr><td>发布机构:{page.publisher}</td></tr><tr><td>【字体:<font>大</font> <font>中</font> <font>小</font>】</td></tr></table>
<table width="96%" border="0" class="ml"><tr><td>索引号: {page.index_number}&nbsp;</td><td>主题分类: &nbsp;</td><td>生成日期: &nbsp;</td></tr><tr><td>发布日期: {page.published}</td><td>发布机构: {page.publisher}&nbsp;</td><td>文 号: {page.document_number}&nbsp;</td></tr></table>
<div class="nr">{page.article}</div>
{note(page)}
<div class="db">主办:{page.site} 版权所有© Copyright 2012 承办:{page.site}办公室 闽ICP备06000001<br>传真:0599-6100000 电话:0599-6100000</div>
</body></html>"""


def layout_tables(page: Page) -> str:
    """The whole page, article included, in nested layout tables."""
    return f"""<HTML><!-- {page.comment} --><HEAD><META http-equiv=Content-Type content="text/html; charset={page.charset}"><TITLE>{page.title}</TITLE></HEAD>
<BODY><TABLE width=980 align=center border=0 cellPadding=0 cellSpacing=0><TBODY><TR><TD colSpan=2><TABLE width="100%"><TR><TD><A href="/">首 页</A></TD><TD><A href="/xxgk">信息公开</A></TD><TD><A href="/zxbs">在线办事</A></TD><TD>{chinese_date(page.crawled)}</TD></TR></TABLE></TD></TR>
<TR><TD width=200 vAlign=top><TABLE><TR><TD>公开目录</TD></TR><TR><TD><A href="/1">机构职能</A> (12)</TD></TR><TR><TD><A href="/2">政策文件</A> (305)</TD></TR><TR><TD><A href="/3">年度报告</A> (9)</TD></TR></TABLE></TD>
<TD vAlign=top><TABLE width="100%" border=0><TBODY><TR><TD align=middle><B>{page.title}</B></TD></TR>
<TR><TD align=middle>发布单位：{page.publisher}　　发布日期：{page.published}　　索引号：{page.index_number}</TD></TR>
<TR><TD><TABLE width="98%" align=center border=0><TBODY><TR><TD class=content>{page.article}</TD></TR></TBODY></TABLE></TD></TR></TBODY></TABLE></TD></TR>
<TR><TD colSpan=2 align=center>{note(page)}版权所有：{page.site} 更新时间：{page.crawled}</TD></TR></TBODY></TABLE></BODY></HTML>"""


def phpcms(page: Page) -> str:
    """Hot entries beside the article, shares, and the neighbours' titles below it."""
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta charset="{page.charset}"><title>{page.title} - 信息公开年报 - {page.site}</title>
<meta name="keywords" content="年报"><meta name="description" content="{page.title}"></head>
<body class="show"><div class="header"><p>您好，欢迎访问{page.site}网！ 今天是<span id="date">{chinese_date(page.crawled)} 星期三</span></p><form><input type="text" value="请输入关键字"><button>搜索</button></form></div>
<div class="crumbs"><a href="/">首页</a> &gt; <a href="/c/1/">信息公开</a> &gt; <a href="/c/2/">年报</a> &gt; 正文</div>
<div class="col-left"><div id="Article"><h1>{page.title}<br /><span>{page.published} 16:03:41&nbsp;&nbsp;&nbsp;来源：{page.publisher}&nbsp;&nbsp;&nbsp;评论：<a href="#c">0</a> 点击：<em id="hits">318</em></span></h1><p class="sy">信息索引号：{page.index_number}　文号：{page.document_number}</p>
<div class="content">{page.article}</div>{note(page)}
<div class="bdsharebuttonbox">分享到：<a>微信</a> <a>微博</a> <a>QQ空间</a></div><p class="f14"><strong>上一篇：</strong><a href="/1.html">{page.previous}</a><br /><strong>下一篇：</strong>最后一页</p></div></div>
<div class="col-auto"><div class="box"><h5>热点排行</h5><ul><li><a href="/8.html">{page.site[:-4]}审计局2009年政府信息公开工作年度报告</a> <span>2010-03-02</span></li><li><a href="/9.html">关于做好防汛工作的通知</a> <span>2011-06-12</span></li></ul></div></div>
<div class="footer"><p>版权所有 {page.site} 地址：人民路1号 邮编：350000 电话：0591-22334455 邮箱：webmaster@example.gov.cn</p></div></body></html>"""


def eportal(page: Page) -> str:
    """Several labels with their values run together in one line, white space inside the labels."""
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta charset="{page.charset}"><title>{page.site}</title></head>
<body><div class="nav"><a href="/">网站首页</a><a href="/xxgk">信息公开</a><a href="/bszn">办事指南</a></div>
<div class="head"><p>名&emsp;&emsp;称： {page.title} 索 引 号： {page.index_number}</p><p>发布机构： {page.publisher} 文&emsp;&emsp;号： {page.document_number}</p>
<p>主 题 词： 发布日期： {chinese_date(page.published)}</p><p>主题分类： 其他 有 效 性： 有效</p></div>
<div class="tit">{page.title}</div><div class="yy">语音播报</div>
<div class="content" id="con">{page.article}</div>{note(page)}
<div class="ewm">扫一扫在手机打开当前页</div><div class="foot"><p>网站地图 | 联系我们 | {page.site}主办 | 最后更新：{page.crawled}</p></div></body></html>"""


def openness(page: Page) -> str:
    """The body's own column: a tree of columns at the left, definition lists for the fields."""
    columns = "".join(f'<li><a href="/o/{n}">{name}</a></li>' for n, name in enumerate(
        ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "依申请公开", "政府信息公开年报"),
    ))  # fmt: skip
    fields = "".join(
        f"<dl><dt>{label}</dt><dd>{value}</dd></dl>"
        for label, value in (
            ("索引号：", page.index_number), ("信息分类：", "年报"), ("发布机构：", page.publisher), ("文　号：", page.document_number),
            ("发文日期：", page.published), ("发布日期：", page.published), ("有效性：", "有效"), ("生效时间：", ""), ("废止时间：", ""),
        )
    )  # fmt: skip
    return f"""<!DOCTYPE html>
<!-- {page.comment} -->
<html><head><meta charset="{page.charset}"><title>{page.title}_{page.site}</title><meta name="SiteName" content="{page.site}"><meta name="createDate" content="{page.crawled}"></head>
<body><div class="xxgk_head"><h2>{page.site}信息公开</h2></div><div class="position">您现在所在的位置： <a href="/">网站首页</a> &gt; <a href="/o">政府信息公开</a> &gt; 政府信息公开年报</div>
<div class="left"><ul>{columns}</ul></div>
<div class="right"><div class="fields">{fields}</div><h1 class="newstitle">{page.title}</h1><p class="info">发布时间：{page.published} 00:00 来源：{page.publisher} 浏览量：<i>66</i> 字体：[ <a>大</a> <a>中</a> <a>小</a> ]</p>
<div class="newscontnet">{page.article}</div>{note(page)}
<div class="tool">【打印本页】【关闭窗口】</div><div class="xg"><h4>相关信息</h4><ul><li><a href="/o/show/2">{page.previous}</a>[2010-12-30]</li></ul></div></div>
<div class="footer">主办单位：{page.site}办公室 承办单位：数据资源管理局 皖公网安备 34000000000001号 网站标识码3400000001 您是第1234567位访问者</div></body></html>"""


def header_row(page: Page) -> str:
    """Fields as a row of labels over a row of values; the byline stands below the text."""
    return f"""<html><!-- {page.comment} --><head><meta http-equiv="Content-Type" content="text/html; charset={page.charset}"><title>{page.site} 政务公开 {page.title}</title>
<meta name="others" content="页面生成时间 {page.crawled} 08:00:00"></head>
<body><div class="menu"><a href="/">首页</a>|<a href="/zwgk">政务公开</a>|<a href="/jd">政策解读</a></div>
<table class="xx" border="1"><tr><th>索引号</th><th>公开方式</th><th>发布机构</th><th>发布日期</th></tr><tr><td>{page.index_number}</td><td>主动公开</td><td>{page.publisher}</td><td>{page.published}</td></tr></table>
<table class="xx" border="1"><tr><th>文号</th><th>有效性</th></tr><tr><td>{page.document_number}</td><td>有效</td></tr></table>
<p align="center"><b><span>{page.title}</span></b></p>
<div class="nr">{page.article}</div>{note(page)}
<p class="bj">编辑：管理员 审核：信息中心</p><p class="sx"><a href="p.html">上一条：{page.previous}</a> 2012-04-05</p>
<div class="bottom">Copyright 2008-2024 {page.site} All Rights Reserved 技术支持：某科技公司 电话：0991-2222222</div></body></html>"""


WRAPPERS: dict[str, Callable[[Page], str]] = {
    "trs": trs, "hanweb": hanweb, "ucap": ucap, "gkmlpt": gkmlpt, "longxun": longxun, "vsb": vsb,
    "jpaas": jpaas, "fujian": fujian, "layout": layout_tables,
}  # fmt: skip

FURNISHED: dict[str, Callable[[Page], str]] = {
    "phpcms": phpcms, "eportal": eportal, "openness": openness, "header_row": header_row,
}  # fmt: skip
"""Pages with more around the article than the others; asked for by name."""
