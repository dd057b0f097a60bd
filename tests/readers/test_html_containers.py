"""Where blocks stand on the page, its links, and what its head says."""

from __future__ import annotations

from parsers.document import Document
from parsers.readers.html import read


def roles(document: Document) -> dict[str, str]:
    """The innermost role above each block that has text."""
    found = {}
    for block in document.blocks:
        index = block.container
        role = ""
        while index >= 0 and not role:
            role = document.containers[index].role
            index = document.containers[index].parent
        found[getattr(block, "text", "表")] = role
    return found


def test_roles_come_from_tag_class_id_and_aria() -> None:
    page = (
        "<div class='header_link_01'><p>门户</p></div><ul role=navigation><li><a href=/>首页</a></ul>"
        "<div id=mainNav><p>栏目</p></div><div class=con><div class='TRS_Editor'><p>正文</p></div></div>"
        "<div class=xxgk_info><p>索引号</p></div><aside><p>热点</p></aside><div><p>其他</p></div>"
        "<div class='footer'><p>备案</p></div>"
    )
    assert roles(read(page)) == {
        "门户": "header",
        "首页": "navigation",
        "栏目": "navigation",
        "正文": "content",
        "索引号": "metadata",
        "热点": "sidebar",
        "其他": "",
        "备案": "footer",
    }


def test_a_chain_of_single_children_is_one_container() -> None:
    document = read("<div id=a><div class='b c'><div><section id=d><p>一</p></section></div></div></div>")
    (container,) = document.containers
    assert (container.parent, container.tag, container.ident, container.classes) == (-1, "section", "a d", "b c")


def test_containers_come_before_what_they_hold_and_all_hold_something() -> None:
    page = "<div id=a><p>一</p><div id=b><p>二</p><div id=c></div></div><div id=d><p>三</p></div></div>"
    document = read(page)
    assert [container.ident for container in document.containers] == ["a", "b", "d"]
    assert all(container.parent < index for index, container in enumerate(document.containers))
    assert {block.container for block in document.blocks} == {0, 1, 2}


def test_links_stand_in_order_with_their_text() -> None:
    page = (
        "<div id=a><p>见<a href=' /x.doc '><span>附件</span> 1</a><a name=t>无</a></p></div>"
        "<div id=b><a href=1.html>一<a href=2.html>二</a><iframe src=f.html></iframe>"
        "<embed src=r.pdf><object data=s.pdf></object><a href=h style='display:none'>藏</a></div>"
    )
    document = read(page)
    assert [(link.href, link.text, document.containers[link.container].ident) for link in document.links] == [
        ("/x.doc", "附件 1", "a"),
        ("1.html", "一", "b"),
        ("2.html", "二", "b"),
        ("f.html", "", "b"),
        ("r.pdf", "", "b"),
        ("s.pdf", "", "b"),
    ]


def test_the_head_is_kept_as_it_says() -> None:
    page = (
        "<head><title>\n 年报 &amp; 附表 </title><meta name=PubDate content='2021-03-05 08:58'>"
        "<meta property='og:title' content='&quot;年报&quot;'><META HTTP-EQUIV=Refresh content='0;url=x'>"
        "<meta charset=utf-8></head><body><svg><title>图</title></svg>"
        "<meta name=ContentSource content=''><publishtime>2024-01-17</publishtime>"
        "<span itemprop=author>某局</span><title>另一个</title><p>正文</p>"
    )
    document = read(page, encoding="gb18030", encoding_source="meta")
    assert document.title == "年报 & 附表"
    assert document.meta == (
        ("pubdate", "2021-03-05 08:58"),
        ("og:title", '"年报"'),
        ("refresh", "0;url=x"),
        ("contentsource", ""),
        ("element:publishtime", "2024-01-17"),
        ("itemprop:author", "某局"),
    )
    assert (document.media_type, document.encoding, document.encoding_source) == ("text/html", "gb18030", "meta")
