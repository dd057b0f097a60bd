"""The report within a page: what is inside, what is left out, and that nothing is lost."""

# ruff: noqa: E501 - pages and lines are written as they are published

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import article, readers
from parsers.document import Block, Cell, Container, Document, Paragraph, Table
from parsers.marks import is_catalogue

BODY = """<p>根据《中华人民共和国政府信息公开条例》要求，编制本报告。统计期限为2016年1月1日至2016年12月31日。</p>
<p>一、概述</p><p>2016年我局高度重视政府信息公开工作，加强领导，完善制度，稳步推进各项工作。</p>
<p>二、主动公开政府信息的情况</p><p>全年主动公开政府信息230条，其中网站公开200条，其他方式30条。</p>
<p>三、依申请公开政府信息的情况</p><p>全年未收到申请。</p>
<p>四、行政复议、行政诉讼情况</p><p>无。</p>
<p>五、存在的主要问题和改进措施</p><p>公开内容不够丰富，下一步将加强培训，完善制度。</p>"""
FORM = """<table><tr><td>指标名称</td><td>单位</td><td>2016年</td><td>历年累计</td></tr>
<tr><td>主动公开文件数</td><td>条</td><td>230</td><td>800</td></tr><tr><td>受理申请总数</td><td>条</td><td>0</td><td>0</td></tr>
<tr><td>行政复议数</td><td>件</td><td>0</td><td>0</td></tr><tr><td>行政诉讼数</td><td>件</td><td>0</td><td>0</td></tr></table>"""
TITLE = "某局2016年政府信息公开工作年度报告"
NEWS = "".join(
    f"<p>近日，县领导第{n}次到某镇调研，强调要进一步压实责任，确保各项任务落到实处，推动发展。会议要求各部门认真贯彻落实，切实做好服务群众工作，不断取得新成效。</p>"
    for n in range(1, 7)
)
FOOT = "<div>版权所有：某局 主办：某局办公室 京ICP备05000001号</div>"

PAGES = {
    "news at the side": f'<div class=x><a href=1>首页</a></div><div class=w><div class=l><h2>{TITLE}</h2>'
    f"<div>发布时间：2017-01-20 浏览次数：312</div><div class=c>{BODY}{FORM}</div></div><div class=r><h3>热点新闻</h3>{NEWS}</div></div>{FOOT}",
    "news above": f"<div class=w><div class=r><h3>热点新闻</h3>{NEWS}</div><div class=l><h2>{TITLE}</h2><div>{BODY}{FORM}</div></div></div>{FOOT}",
    "no containers": f"<h2>{TITLE}</h2><p>来源：某局 时间：2017-01-20</p>{BODY}{FORM}<p>相关新闻</p>{NEWS}<p>主办：某局办公室</p>",
    "a container for each part": f"<div id=menu><a href=1>首页</a></div><h1>{TITLE}</h1><div class=m>"
    + "".join(f"<div class=s>{line}</div>" for line in BODY.split("\n"))
    + f"<div class=t>{FORM}</div></div>{FOOT}",
    "content called navigation": f"<h1>{TITLE}</h1><div class='nav tabs'><div class=menu>{BODY}{FORM}</div></div>{FOOT}",
    "table beside the content": f"<h1>{TITLE}</h1><div id=zoom>{BODY}</div><div class=att>{FORM}</div>{FOOT}",
    "fragment": f"<p align=center>{TITLE}</p><p align=center>发布日期：2017-01-20</p>{BODY}{FORM}",
    "share buttons within": f"<h1>{TITLE}</h1><div class=c>" + BODY.replace("<p>三、", "<div class=share><p>分享到：微信 微博</p></div><p>三、")
    + f"{FORM}</div>{FOOT}",
    "tools below": f"<h1>{TITLE}</h1><div class=c>{BODY}{FORM}<p>附件：<a href=1.doc>统计表.doc</a></p></div><div>【打印本页】【关闭窗口】</div>"
    f"<div>上一篇：<a href=2>某局2015年政府信息公开工作年度报告</a></div>{FOOT}",
    "layout tables": f"<table><tr><td><a href=1>首页</a></td><td><a href=2>公开</a></td></tr></table><table><tr><td width=200><a href=3>栏目</a></td>"
    f"<td><table><tr><td>{TITLE}</td></tr><tr><td>{BODY}{FORM}</td></tr></table></td></tr></table><table><tr><td>版权所有：某局</td></tr></table>",
}  # fmt: skip


def read(page: str) -> Document:
    return readers.read(f"<html><body>{page}</body></html>".encode())


def text_of(blocks: tuple[Block, ...]) -> str:
    parts: list[str] = []
    for block in blocks:
        parts += [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
    return "\n".join(parts)


@pytest.mark.parametrize("name", PAGES)
def test_report_is_whole_and_alone(name: str) -> None:
    document = read(PAGES[name])
    found = article.find(document)
    text = text_of(found.blocks)
    for part in (
        "编制本报告",
        "一、概述",
        "二、主动公开",
        "全年未收到申请",
        "五、存在的主要问题",
        "下一步将加强培训",
        "行政诉讼数",
    ):
        assert part in text
    for other in ("县领导", "版权所有", "ICP备", "主办：", "首页", "上一篇", "分享到", "打印本页", "浏览次数"):
        assert other not in text


@pytest.mark.parametrize("name", PAGES)
def test_every_block_is_somewhere_once(name: str) -> None:
    document = read(PAGES[name])
    found = article.find(document)
    every = [*found.before, *found.blocks, *found.after]
    assert sorted(map(repr, every)) == sorted(map(repr, document.blocks))
    assert [document.blocks[i] for i in found.indices] == list(found.blocks)


@pytest.mark.parametrize("name", [n for n in PAGES if n != "layout tables"])
def test_title_above_is_known(name: str) -> None:
    assert article.find(read(PAGES[name])).title == TITLE


def test_title_on_two_lines() -> None:
    page = f"<div><p align=center>某局2016年</p><p align=center>政府信息公开工作年度报告</p>{BODY}</div>"
    assert article.find(read(page)).title == TITLE


def test_catalogue_fields_stand_before() -> None:
    page = (
        "<table><tr><td>索引号：</td><td>12345/2017-001</td><td>发布机构：</td><td>某局</td></tr>"
        f"<tr><td>名称：</td><td>{TITLE}</td><td>发布日期：</td><td>2017-01-20</td></tr></table><h1>{TITLE}</h1><div>{BODY}</div>"
    )
    found = article.find(read(page))
    assert "12345/2017-001" in text_of(found.before)
    assert "12345" not in text_of(found.blocks)


def test_a_table_of_catalogue_fields_is_known_by_them() -> None:
    page = (
        "<table><tr><td>索引号：</td><td>12345/2017-001</td><td>发布机构</td><td>某局</td></tr></table>"
        "<table><tr><td>主动公开信息数</td><td>12</td><td>发布机构</td><td>3</td></tr></table>"
    )
    fields, figures = (block for block in read(page).blocks if isinstance(block, Table))
    assert (is_catalogue(fields), is_catalogue(figures)) == (True, False)


def test_plain_text_with_head_and_footer() -> None:
    text = (
        f"{TITLE}\n\n发布时间:2017-01-20\n发布机构:\n索引号: \n\n根据《中华人民共和国政府信息公开条例》编制本报告。\n\n一、概述\n\n"
        "全年工作平稳推进。\n\n二、主动公开政府信息的情况\n\n公开230条。\n\n联系电话:010-1\n\n主办:某县人民政府 版权所有\n\n技术支持:某公司\n\n"
        "地址:某市1号 邮政编码:353000\n"
    )
    found = article.find(readers.read(text.encode()))
    assert text_of(found.blocks).startswith("根据")
    assert "公开230条。" in text_of(found.blocks)
    assert "主办" in text_of(found.after)
    assert "邮政编码" in text_of(found.after)
    assert found.title == TITLE


def test_office_address_at_the_end_is_kept() -> None:
    page = f"<div>{BODY}<p>联系地址：某市人民路1号</p><p>联系电话：010-88888888</p></div>{FOOT}"
    assert "010-88888888" in text_of(article.find(read(page)).blocks)


def test_one_line_is_kept() -> None:
    document = readers.read(("某局2016年政府信息公开工作年度报告 一、概述 工作平稳。" * 20).encode())
    assert len(article.find(document).blocks) == 1


def test_page_without_report_keeps_its_text() -> None:
    found = article.find(read("<div><a href=1>首页</a></div><p>关于停水的通告</p><p>明天停水。</p>"))
    assert "明天停水" in text_of(found.blocks)


def test_empty_document() -> None:
    found = article.find(Document("text/html", ()))
    assert found.blocks == ()
    assert len(article.digest(found)) == 64


def test_digest_ignores_counter_navigation_and_white_space() -> None:
    page = PAGES["news at the side"]
    first = article.digest(article.find(read(page)))
    assert article.digest(article.find(read(page.replace("浏览次数：312", "浏览次数：4711")))) == first
    assert article.digest(article.find(read(page.replace("热点新闻", "最新新闻").replace("某镇", "某乡")))) == first
    assert (
        article.digest(article.find(read(page.replace("<p>", "<p>　　").replace("230", "<span>2</span>30")))) == first
    )


def test_digest_sees_text_cells_and_title() -> None:
    page = PAGES["fragment"]
    first = article.digest(article.find(read(page)))
    for old, new in (("<td>800</td>", "<td>801</td>"), ("全年未收到申请", "全年收到申请1件"), ("某局2016", "另局2016")):
        assert article.digest(article.find(read(page.replace(old, new)))) != first


def test_counter_within_the_report_is_no_part_of_the_digest() -> None:
    pages = [f"<div>{BODY}<p>某局 2017年1月20日 阅读：{n}次</p></div>" for n in (3, 99)]
    assert len({article.digest(article.find(read(page))) for page in pages}) == 1


words = st.sampled_from(
    ["首页", "一、概述", "二、主动公开情况", "发布日期：2017-01-20", "主办：某局", "上一篇：某报告", "", "无。", "附件：1.doc", "2017年1月20日"]
) | st.text(max_size=60)  # fmt: skip
tables = st.lists(words, min_size=1, max_size=12).map(
    lambda texts: Table(
        tuple(Cell(0, n, 1, 1, text, f"html:td#{n}") for n, text in enumerate(texts)),
        (tuple(range(len(texts))),),
        "html:table#1",
    )
)
roles = st.sampled_from(["", "navigation", "footer", "header", "content", "metadata"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    containers: list[Container] = []
    for index in range(draw(st.integers(0, 6))):
        containers.append(Container(draw(st.integers(-1, index - 1)), "div", role=draw(roles)))
    place = st.integers(-1, len(containers) - 1)
    paragraphs = st.builds(
        Paragraph,
        words,
        st.just("html:p#1"),
        place,
        st.integers(0, 3),
        st.booleans(),
        st.sampled_from(["", "center"]),
        st.integers(0, 20),
    )
    return Document("text/html", tuple(draw(st.lists(paragraphs | tables, max_size=25))), tuple(containers))


@settings(max_examples=150, deadline=None)
@given(documents())
def test_any_document_is_parted_without_loss(document: Document) -> None:
    found = article.find(document)
    assert sorted(map(repr, (*found.before, *found.blocks, *found.after))) == sorted(map(repr, document.blocks))
    assert list(found.indices) == sorted(found.indices)
    assert article.digest(found) == article.digest(article.find(document))


def test_a_menu_with_the_words_of_parts_is_not_the_beginning() -> None:
    lines = [
        "某县人民政府",
        "政府信息公开指南",
        "主动公开",
        "依申请公开",
        "政府信息公开年报",
        "索引号：01/2019-3",
        "发布日期：2019-01-10",
    ]
    report = [
        "某县2018年政府信息公开工作年度报告",
        "一、概述",
        "2018年，我县按时答复申请3件，公开信息120条。" * 4,
        "二、主动公开",
        "公开120条。",
    ]
    found = article.find(readers.read("\n".join([*lines, *report]).encode(), name="a.txt"))
    assert [block.text for block in found.blocks if block.text.strip()] == report[1:]


@pytest.mark.parametrize(
    "line",
    [
        "【打印】 【关闭】 【返回顶部】", "[返回]", "回到顶部", "当前页面二维码", "打开微信扫一扫，分享给朋友", "为您推荐", "您可能感兴趣的文章",
        "免责声明：本站内容仅供参考", "手机版", "归档时间：2018-11-21", "关联稿件", "政策解读", "文件下载：附件1.doc", "下载文字版",
    ],
)  # fmt: skip
def test_tools_below_the_report_are_no_text_of_it(line: str) -> None:
    own = [
        "一、概述",
        "2018年，我县按时答复申请3件，公开信息120条。" * 4,
        "二、存在的主要问题及改进措施",
        "解读不够通俗，下一步加强培训。",
    ]
    content = "".join(f"<p>{text}</p>" for text in (*own, line))
    found = article.find(
        readers.read(f"<html><body><h1>某县2018年政府信息公开年报</h1><div>{content}</div></body></html>".encode())
    )
    assert [block.text for block in found.blocks if block.text.strip()] == own
