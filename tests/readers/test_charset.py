"""Bytes to text, whatever a page declares."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.characters.widths import simplify
from parsers.readers.charset import declared, decode, encoding_of
from parsers.records import ENCODING_SOURCES

PROSE = (
    "根据《中华人民共和国政府信息公开条例》要求，现公布本乡2018年政府信息公开工作年度报告。年报数据统计期限为2018年1月1日至"
    "2018年12月31日。主动公开文件数57件，历年累计615件；受理政府信息公开申请总数0件。"
)
TRADITIONAL = (
    "根據《政府信息公開條例》要求，現公布2018年政府信息公開工作年度報告，主動公開文件總數"
    "57件，受理申請總數0件，歷年累計615件。"
)


def page(charset: str = "", body: str = PROSE) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    head = f"<html><head>{meta}<title>报告</title></head>\r\n"
    return f"{head}<body><p>{body}</p><table><tr><td>57</td></tr></table></body></html>"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "big5", ""])
@pytest.mark.parametrize("header", ["", "utf-8", "gbk", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_right_whatever_is_declared(charset: str, header: str, encoding: str) -> None:
    text = page(charset, PROSE + "朱镕基€𠮷")
    found = decode(text.encode(encoding), header)
    assert (found.text, found.encoding, found.replacements) == (text, encoding, 0)


@pytest.mark.parametrize("charset", ["big5", "gb2312", "utf-8", ""])
def test_big5(charset: str) -> None:
    text = page(charset, TRADITIONAL).replace("报", "報")
    found = decode(text.encode("big5"))
    assert (found.text, found.encoding, found.replacements) == (text, "big5", 0)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_traditional_text_in_other_encodings(encoding: str) -> None:
    text = page("", TRADITIONAL)
    assert decode(text.encode(encoding)).text == text
    assert simplify(TRADITIONAL) != TRADITIONAL


@pytest.mark.parametrize(
    ("content", "header", "source"),
    [
        (codecs.BOM_UTF8 + PROSE.encode(), "gbk", "bom"),
        (codecs.BOM_UTF16_LE + PROSE.encode("utf-16-le"), "", "bom"),
        (codecs.BOM_UTF16_BE + PROSE.encode("utf-16-be"), "utf-8", "bom"),
        (PROSE.encode(), "gbk", "utf8"),
        (PROSE.encode("gbk"), "gb2312", "header"),
        (page("gb2312").encode("gbk"), "", "meta"),
        (page("gb2312").encode("gbk"), "utf-8", "meta"),
        (PROSE.encode("gbk"), "", "detected"),
        (page().encode("utf-16-le"), "", "detected"),
        (page().encode("utf-16-be"), "", "detected"),
        (PROSE.encode("utf-16-le"), "", "detected"),
        (PROSE.encode("utf-16-be"), "", "detected"),
    ],
)
def test_where_the_encoding_is_known_from(content: bytes, header: str, source: str) -> None:
    found = decode(content, header)
    assert found.encoding_source == source
    assert found.text in (PROSE, page(), page("gb2312"))


def test_utf8_with_one_bad_byte_stays_utf8() -> None:
    for charset in ("utf-8", "gb2312", ""):
        text = page(charset)
        raw = text.encode()
        place = raw.index("条例".encode())
        found = decode(raw[:place] + b"\xff" + raw[place:])
        assert (found.encoding, found.replacements) == ("utf-8", 1)
        assert found.text.replace("\ufffd", "") == text
        assert found.encoding_source in ("meta", "detected")


def test_gbk_with_bad_bytes_stays_gbk_and_says_so() -> None:
    raw = page("gbk").encode("gbk")
    place = raw.index("条例".encode("gbk"))
    found = decode(raw[:place] + b"\xff" + raw[place:])
    assert (found.encoding, found.replacements) == ("gb18030", 1)
    assert found.text.replace("\ufffd", "") == page("gbk")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_cut_tail(encoding: str, cut: int) -> None:
    text = page(body=PROSE).split("</p>")[0] + "𠮷"
    found = decode(text.encode(encoding)[:-cut])
    assert found.encoding == encoding
    assert found.text.startswith(text[:-1])


def test_line_ends_and_odd_characters_stay() -> None:
    text = "一\r\n二\r三\x0b\u2028\x85\ufeff\u00a0报告\ue000政府信息公开" + PROSE
    assert decode(text.encode()).text == text
    assert decode(text.encode("gb18030")).text == text


def test_replacement_characters_that_are_printed_are_not_counted() -> None:
    assert decode(("\ufffd" + PROSE).encode()).replacements == 0
    assert decode(("\ufffd" + PROSE).encode("gb18030")).replacements == 0


def test_plain_ascii_and_nothing() -> None:
    assert decode(b"<p>57</p>", "gb2312") == decode(b"<p>57</p>")
    assert decode(b"<p>57</p>").encoding_source == "utf8"
    assert decode(b"").text == ""


@pytest.mark.parametrize("word", ["联通", "公开", "报告", "平潭", "2018年", "赤门乡", "政府信息", "无", "年度"])
def test_short_texts(word: str) -> None:
    assert decode(word.encode("gbk")).text == word
    assert decode(word.encode()).text == word


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ('<meta charset="gbk">', "gbk"),
        ("<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=GB2312'>", "GB2312"),
        ('<?xml version="1.0" encoding="big5"?>', "big5"),
        ("<!-- <meta charset=big5> --><meta charset = gb18030 />", "gb18030"),
        ('<p>charset="gbk"</p>', ""),
        ("x" * 5000 + '<meta charset="gbk">', ""),
    ],
)
def test_declarations(head: str, label: str) -> None:
    assert declared(head.encode()) == label


def test_labels() -> None:
    assert {encoding_of(x) for x in ("gb2312", "GBK", "x-gbk", "GB_2312-80", "cp936", " gb18030 ")} == {"gb18030"}
    assert {encoding_of(x) for x in ("UTF8", "utf-8", "utf8mb4")} == {"utf-8"}
    assert {encoding_of(x) for x in ("", "nonsense", "rot13", "utf-7", "hex", "\0", "iso-8859-1")} == {""}


@settings(max_examples=200)
@given(
    st.binary(max_size=400), st.sampled_from(["", "utf-8", "gb2312", "big5", "utf-16", "shift_jis", "zip", "\u00e9"])
)
def test_any_bytes_give_clean_text(content: bytes, header: str) -> None:
    found = decode(content, header)
    found.text.encode("utf-8")
    assert found.encoding_source in ENCODING_SOURCES
    assert found.replacements >= 0
    assert decode(content, header) == found


@given(st.lists(st.sampled_from([*PROSE, " ", "\n", "<td>", "57", "</td>"]), min_size=20, max_size=200))
def test_prose_survives_every_encoding(parts: list[str]) -> None:
    text = "".join(parts) + "政府信息公开"
    for encoding in ("utf-8", "gb18030", "utf-8-sig", "utf-16"):
        found = decode(text.encode(encoding))
        assert (found.text, found.replacements) == (text, 0)
