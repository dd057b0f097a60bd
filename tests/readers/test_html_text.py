"""What a reader of a page sees is what the reader reads, however the markup cuts it."""

from __future__ import annotations

import pytest
from locate import find

from parsers.document import Document, Paragraph, Table
from parsers.errors import EmptyDocumentError
from parsers.readers.html import read


def cell(inner: str, head: str = "") -> str:
    """The text of a cell in a data table."""
    page = f"{head}<table><tr><td>指标</td><td>{inner}</td></tr><tr><td>件数</td><td>1</td></tr></table>"
    document = read(page)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    found = table.cells[1]
    assert "".join(find(page, found.locator).split()) == "".join(found.text.split())
    return found.text


def lines(page: str) -> list[str]:
    return [block.text for block in read(page).blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> list[str]:
    return [issue.code for issue in document.issues]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<span>20</span><span>18年</span>", "2018年"),
        ("<p><span>2</span><span>0</span><span></span></p>", "20"),
        ("<font color=red>1</font>2<o:p>3</o:p><st1:chsdate w:st='on'>4</st1:chsdate>", "1234"),
        ("1<!-- 删 -->2<!--[if gte mso 9]><xml>9</xml><![endif]-->3", "123"),
        ("<![if !supportEmptyParas]>7<![endif]>", "7"),
        ("<b>1</b><i>,</i><u>2</u><em>3</em><a href=x>4</a>", "1,234"),
        ("<b><p>5</b>6</p>", "56"),
        ("行<p>政</p><p>许</p><p>可</p>", "行\n政\n许\n可"),
        ("<div>商业</div><div>企业</div>", "商业\n企业"),
        ("<p>商业<br>企业</p>", "商业\n企业"),
        ("<br>\n商业<br/><br/>企业<br>", "商业\n企业"),
        ("<ul><li>一<li>二</ul>", "一\n二"),
        ("<p>&nbsp;0</p>", "\xa00"),
        ("<p>0&nbsp;&nbsp;</p>", "0\xa0\xa0"),
        ("&nbsp;", "\xa0"),
        ("　0　", "　0　"),
        ("\n  本年新收\n  申请数量  \n", "本年新收申请数量"),
        ("12\n34", "12 34"),
        ("a \t b", "a b"),
        ("、\n（一）", "、（一）"),
        ("<p>\n<span>\n0\n</span>\n</p>", "0"),
        ("3 < 5 & 7 > 6 &lt; &amp; &#65; &#x4e2d; &nbsp1", "3 < 5 & 7 > 6 < & A 中 \xa01"),
        ("&am<span>p;</span>", "&amp;"),
        ("<a title='1 > 0' href=x>8</a>", "8"),
        ("<img alt='9' src=x>8", "8"),
        ("8\u200b9\ufeff", "8\u200b9\ufeff"),
        ("<P><SPAN>6</SPAN></P>", "6"),
        ("1</p>2", "1\n2"),
        ("", ""),
    ],
)
def test_text_is_joined_as_seen(inner: str, text: str) -> None:
    assert cell(inner) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>document.write('9')</script>",
        "<style>td{color:red}</style>",
        "<template>9<td>8</td></template>",
        "<noscript>9</noscript>",
        "<span style='display:none'>9</span>",
        "<span style='DISPLAY: none; mso-hide: all'>9</span>",
        "<div style='display:none'><p>9</p></div>",
        "<p style='visibility:hidden'>9</p>",
        "<span style='mso-hide:all'>9<span>8</span></span>",
        "<font hidden>9</font>",
        "<span class='x sr-only'>9</span>",
        "<div class='visually-hidden'><p>9</p></div>",
        "<dialog><p>9</p></dialog>",
        "<span style='content-visibility: hidden'>9</span>",
        "<svg><text>9</text></svg>",
        "<span class=no>9</span>",
        "<select><option>9</option><option>8</option></select>",
        "<input type=hidden value=9><input type=submit value=9>",
        "<xml><w:View>9</w:View></xml>",
        "<iframe src=x>9</iframe>",
        "<!-- 9 -->",
        "<table style='display:none'><tr><td>9<td>8</table>",
        "<span style='font-size:0'>9</span>",
        "<span style='font-size: 0.0px ;color:red'>9<b>8</b></span>",
        "<span style='opacity:0'>9</span>",
        "<span style='position:absolute; left:-9999px'>9</span>",
        "<span style='display:inline-block;width:0;height:0;overflow:hidden'>9</span>",
        "<i style='position:absolute;clip:rect(0 0 0 0)'>9</i>",
        "<font color=white>9</font>",
        "<font color='#FFFFFF'>9</font>",
        "<span style='color:rgb(255, 255, 255)'>9</span>",
        "<span class=jam>9</span>",
        "<span class=nil>9</span>",
    ],
)
def test_hidden_parts_go_and_what_follows_them_stays(hidden: str) -> None:
    head = (
        "<style>.no, .x{display:none} .jam{font-size:10px;color:#FFF} .nil{font-size:0px}"
        " @media print{.y{display:none}}</style>"
    )
    assert cell(f"1{hidden}2", head=head) == "12"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<span style='font-size:0'>9<span style='font-size:14px'>5</span>8</span>6", "56"),
        ("<span style='font-size:0'>9<font style='font-size:14px'>5</span>6</font>7", "567"),
        ("<p style='font-size:0'>9<span style='font-size:14px'>5</span></p>", "5"),
        ("<p style='font-size:0'>9</p><p>5</p>", "5"),
        ("<div style='font-size:0'><p style='font-size:12pt'>5</p>9</div>", "5"),
        ("<span style='font-size:0.5em'>5</span>", "5"),
        ("<span style='font-size:0'><span style='font-size:2em'>9</span></span>5", "5"),
        ("<font color=white>5</font>", "5"),
        ("<span style='color:#fff;background:#c00'>5</span>6", "56"),
        ("<span style='color:#fff;background:#ffffff'>9</span>6", "6"),
        ("<font color=white>9<font color=black>5</font></font>6", "56"),
        ("<span style='background-color:#fff'>5</span>6", "56"),
        ("<span style='text-indent:-21pt;margin-left:-20px'>5</span>", "5"),
        ("<span style='opacity:0.9'>5</span>", "5"),
        ("<span style='overflow:hidden;width:100%'>5</span>", "5"),
    ],
)
def test_size_and_colour_are_those_of_the_innermost_element(inner: str, text: str) -> None:
    assert cell(inner) == text


def test_white_text_on_a_ground_of_its_own_is_seen() -> None:
    page = "<table><tr><td>指标<td bgcolor=blue>总<font color=white>计</font><tr><td>1<td>2</table>"
    (table,) = read(page).blocks
    assert isinstance(table, Table)
    assert table.cells[1].text == "总计"


def test_wrappers_without_a_size_hide_no_article() -> None:
    assert lines("<div style='font-size:0'><p>正文</p></div>") == ["正文"]


def test_a_style_rule_for_print_hides_nothing() -> None:
    assert cell("1<span class=y>2</span>", head="<style>@media print{.y{display:none}}</style>") == "12"


def test_style_rules_do_not_hide_blocks_that_scripts_show() -> None:
    head = "<style>.tab{display:none}</style>"
    assert lines(f"{head}<div class=tab><p>正文</p></div>") == ["正文"]


@pytest.mark.parametrize(
    ("inner", "text", "code", "raw"),
    [
        ("15<sup>[1]</sup>", "15", "note_mark_dropped", "[1]"),
        ("15<sup>2</sup>", "15", "note_mark_dropped", "2"),
        ("15<sup>①</sup>", "15", "note_mark_dropped", "①"),
        ("15<sub>2</sub>", "15", "note_mark_dropped", "2"),
        ("<span>15</span><span style='vertical-align:super'>*</span>", "15", "note_mark_dropped", "*"),
        ("<del>15</del>16", "16", "deleted_text", "15"),
        ("<s>1</s>6", "6", "deleted_text", "1"),
        ("<span style='text-decoration:line-through'>15</span>16", "16", "deleted_text", "15"),
        ("<ruby>件<rp>(</rp><rt>jiàn</rt><rp>)</rp></ruby>", "件", "pinyin_noise", "jiàn"),
        ("1<span style='display:none'>5</span>", "1", "hidden_text", "5"),
        ("1<span style='font-size:0'>5</span>", "1", "hidden_text", "5"),
        ("1<font color=#fff>5</font>", "1", "hidden_text", "5"),
    ],
)
def test_what_is_left_out_is_said(inner: str, text: str, code: str, raw: str) -> None:
    page = f"<table><tr><td>指标<td>{inner}<tr><td>1<td>2</table>"
    document = read(page)
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert table.cells[1].text == text
    (issue,) = [issue for issue in document.issues if issue.code == code and issue.raw == raw]
    assert find(page, issue.locator) == raw


def test_a_raised_text_that_is_no_mark_stays() -> None:
    assert cell("m<sup>2</sup>") == "m2"
    assert cell("第5<sup>th</sup>") == "第5th"


@pytest.mark.parametrize(
    ("inner", "text", "locator"),
    [
        ("<input value='57'>", "57", "html:input#1"),
        ("<input type=text value=57>件", "57件", "html:input#1+td#2[0:1]"),
        ("共<input value=57>件", "共57件", "html:td#2[0:1]+input#1+td#2[1:2]"),
        ("<textarea>57</textarea>", "57", "html:td#2[0:2]"),
        ("<select><option>1<option selected>57</select>", "57", "html:td#2[1:3]"),
    ],
)
def test_a_form_field_in_a_cell_is_data(inner: str, text: str, locator: str) -> None:
    page = f"<table><tr><td>指标<td>{inner}<tr><td>1<td>2</table>"
    (table,) = read(page).blocks
    assert isinstance(table, Table)
    assert (table.cells[1].text, table.cells[1].locator) == (text, locator)
    assert find(page, locator) == text


def test_a_form_field_outside_tables_is_no_text() -> None:
    assert lines("<form>搜索<input type=text value=请输入></form>") == ["搜索"]


def test_locators_leave_out_what_is_hidden() -> None:
    page = "<p>共<span style='display:none'>约</span>57<!-- x -->件</p><p>甲</p>"
    first, second = read(page).blocks
    assert isinstance(first, Paragraph)
    assert (first.text, first.locator) == ("共57件", "html:p#1[0:1,2:5]")
    assert second.locator == "html:p#2[0:1]"


def test_each_line_is_a_paragraph() -> None:
    page = "<body>前言<div>一、概述<br>　　第一段<br><br>　　第二段<p>第三段</div>落款</body>"
    paragraphs = [block for block in read(page).blocks if isinstance(block, Paragraph)]
    assert [(p.text, p.locator) for p in paragraphs] == [
        ("前言", "html:body#1[0:2]"),
        ("一、概述", "html:div#1[0:4]"),
        ("　　第一段", "html:div#1[4:9]"),
        ("　　第二段", "html:div#1[9:14]"),
        ("第三段", "html:p#1[0:3]"),
        ("落款", "html:body#1[19:21]"),
    ]


def test_text_without_any_element_has_a_place() -> None:
    (block,) = read("只有文字").blocks
    assert isinstance(block, Paragraph)
    assert (block.text, block.locator) == ("只有文字", "html:html#0[0:4]")


def test_preformatted_text_keeps_its_lines() -> None:
    assert lines("<pre>一、概述\n  共 57 件\n</pre>") == ["一、概述", "共 57 件"]


def test_paragraphs_say_how_they_look() -> None:
    page = (
        "<h2>标题</h2><p align=center><b>一、</b><strong>概述</strong></p><center><p>居中</p></center>"
        "<p style='text-align:right'>2019年1月</p><p><b>1.</b>正文</p><p><span style='font-weight:bold'>粗</span></p>"
        "<p>见<a href='/a.doc'>附件 一</a>。</p>"
    )
    found = [
        (block.text, block.level, block.bold, block.align, block.link_characters)
        for block in read(page).blocks
        if isinstance(block, Paragraph)
    ]
    assert found == [
        ("标题", 2, False, "", 0),
        ("一、概述", 0, True, "center", 0),
        ("居中", 0, False, "center", 0),
        ("2019年1月", 0, False, "right", 0),
        ("1.正文", 0, False, "", 0),
        ("粗", 0, True, "", 0),
        ("见附件 一。", 0, False, "", 4),
    ]


def test_declarations_and_stray_characters_do_no_harm() -> None:
    page = '<?xml version="1.0" encoding="gb2312"?><p>一\0二\ud800三</p>\r\n<p>四\r\n五</p>'
    assert lines(page) == ["一二\ufffd三", "四五"]


def test_the_rest_behind_an_open_comment_is_said_to_be_missing() -> None:
    for page in ("<p>一</p><!-- <p>二</p>", "<p>一</p><script>x<p>二</p>", "<p>一</p><td class='x"):
        document = read(page)
        assert lines(page) == ["一"]
        assert codes(document) == ["unclosed_markup"]


def test_a_page_without_text_is_an_error_or_empty() -> None:
    with pytest.raises(EmptyDocumentError):
        read(" \n ")
    assert read("<html></html>").blocks == ()
