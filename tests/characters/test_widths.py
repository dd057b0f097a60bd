"""Keys of labels, list markers and one-line texts."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.characters.widths import (
    DIGITS,
    INVISIBLE,
    half_width,
    match_key,
    replacer,
    simplify,
    simplify_lines,
    solid,
    squeeze,
    strip_serial,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("不是《条例》所指政府信息", "不是“条例”所指政府信息"),
        ("信函、传真申请数", "信函，传真申请数"),
        ("（六）其他处理", "(六)其他处理"),
        ("〔六〕其他处理", "[六]其他处理"),
        ("主动公开文件数", "主動公開文件數"),
        ("受理政府信息公開申請總數", "受理政府信息公开申请总数"),
        ("总 计", "总\u00a0计"),
        ("总\u3000计", "总计"),
        ("总\u200b计\ufeff", "总计"),
        ("本年增／减", "本年增/减"),
        ("危及“三安全一稳定”", "危及三安全一稳定"),
        ('危及"三安全一稳定"', "危及「三安全一稳定」"),
        ("ＡＢ１２", "ab12"),
        ("指\n标", "指标"),
        ("其他\ue78d其中", "其他，其中"),
        ("上年结转政府信息公开申请数量：", "上年结转政府信息公开申请数量"),
        ("复议——诉讼", "复议－－诉讼"),
    ],
)
def test_printings_of_one_label_have_one_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("予以公开", "不予公开"),
        ("予以公开", "部分公开"),
        ("主动公开文件数", "主动公开文件数2"),
        ("第(一)项", "第(二)项"),
        ("本年增", "本年减"),
    ],
)
def test_different_labels_have_different_keys(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_simplified_text_is_not_converted() -> None:
    assert match_key("著作乾坤") == "著作乾坤"


# U+85B4 alone is simplified to a character that is simplified again.
@given(st.text(st.characters(exclude_characters="\u85b4", exclude_categories=["Cs"])))
def test_a_key_is_stable(text: str) -> None:
    key = match_key(text)
    assert match_key(key) == key
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Zs", "Zl", "Zp") for c in key)


@pytest.mark.parametrize(
    ("text", "serial", "rest"),
    [
        ("一、概述", "一、", "概述"),
        ("十二、附件", "十二、", "附件"),
        ("（一）主动公开", "（一）", "主动公开"),
        ("( 一 ) 主动公开", "( 一 )", "主动公开"),
        ("1.推进财政预算决算", "1.", "推进财政预算决算"),
        ("１．推进", "１．", "推进"),
        ("1、推进", "1、", "推进"),
        ("1． 推进", "1．", "推进"),
        ("（1）围绕", "（1）", "围绕"),
        ("1)围绕", "1)", "围绕"),
        ("（一主动公开政府信息的数量", "（一", "主动公开政府信息的数量"),
        ("①2", "①", "2"),
        ("⑴网站", "⑴", "网站"),
        ("第一，加强领导", "第一，", "加强领导"),
        ("第一部分 概述", "第一部分", "概述"),
        ("其中:1.政府网站公开数", "其中:1.", "政府网站公开数"),
        ("其中： 1、政府网站", "其中： 1、", "政府网站"),
        ("其中： 1、", "其中： 1、", ""),
        ("其中：涉及国家秘密", "其中：", "涉及国家秘密"),
        ("其中主动公开规范性文件数", "其中", "主动公开规范性文件数"),
        ("一.概述", "一.", "概述"),
        ("Ⅰ 总则", "Ⅰ", "总则"),
        ("13  1.当面申请数", "13  1.", "当面申请数"),
        ("49** 专职人员", "49**", "专职人员"),
        ("2.其他法律行政法规", "2.", "其他法律行政法规"),
        ("1.2018年工作", "1.", "2018年工作"),
        ("2、12345热线", "2、", "12345热线"),
        ("1.12345便民服务", "1.", "12345便民服务"),
        ("1.1主动公开情况", "1.1", "主动公开情况"),
        ("三、（一）概述", "三、（一）", "概述"),
        ("一 概述", "一", "概述"),
        ("\u200b一、\u3000概述", "一、", "概述"),
    ],
)
def test_list_markers_are_split_off(text: str, serial: str, rest: str) -> None:
    assert strip_serial(text) == (serial, rest)


@pytest.mark.parametrize(
    "text",
    [
        "2018年度",
        "2018 年",
        "18年度",
        "12345热线",
        "12345",
        "57",
        "0",
        "1.5倍",
        "1.5",
        "1,234",
        "12 件",
        "3 个工作日",
        "11,398,889",
        "三公经费",
        "一般情况",
        "一次性告知",
        "总 计",
        "第二十条第（一）项",
        "第一季度",
        "其他",
        "其他处理",
        "-18",
        "－18",
        "2018-01-10",
        "（一般公开）情况",
        "1、2项",
        "十九大精神",
        "5万元",
        "",
    ],
)
def test_digits_and_words_of_the_content_stay(text: str) -> None:
    assert strip_serial(text) == ("", text)


@given(st.text(alphabet="一二三十第其中：:.、．（）()12０① 件年概述\n\t其他数"))
def test_splitting_loses_no_character(text: str) -> None:
    serial, rest = strip_serial(text)
    assert "".join((serial + rest).split()) == "".join(text.split())


@given(st.integers(min_value=0, max_value=10**9))
def test_a_bare_number_is_no_marker(number: int) -> None:
    assert strip_serial(str(number)) == ("", str(number))


def test_squeeze() -> None:
    assert squeeze(" 指\u3000\u00a0\n 标\u200b数 \ufeff") == "指 标数"
    assert squeeze("\u200b \ufeff") == ""
    assert squeeze("a  b\r\nc") == "a b c"


@given(st.text())
def test_squeeze_gives_one_line(text: str) -> None:
    line = squeeze(text)
    assert line == line.strip()
    assert len((line + "x").splitlines()) == 1
    assert "  " not in line
    assert squeeze(line) == line


@given(st.text())
def test_solid_is_what_is_squeezed_without_its_blanks(text: str) -> None:
    assert solid(text) == squeeze(text).replace(" ", "")


@given(st.text())
def test_half_width_changes_full_width_ascii_alone(text: str) -> None:
    half = half_width(text)
    assert len(half) == len(text)
    assert all(a == b or ord(a) - ord(b) == 0xFEE0 for a, b in zip(text, half, strict=True))
    assert half_width("（２０１８年）：ＡＢ～、。") == "(2018年):AB~、。"


def test_a_character_that_another_becomes_is_replaced_once() -> None:
    assert replacer({"＇": "'", "'": ""})("＇a'b＇") == "'ab'"


def test_digits_are_ascii_and_full_width_only() -> None:
    assert len(DIGITS) == 20
    assert "٣" not in DIGITS
    assert "①" not in DIGITS
    assert "²" not in DIGITS
    assert all(not c.isprintable() or c.isspace() or unicodedata.category(c) in ("Mn", "Lo") for c in INVISIBLE)


def test_the_converter_is_loaded_only_for_traditional_text() -> None:
    code = (
        "import sys; from parsers.characters.widths import match_key; match_key('主动公开文件数');"
        "assert 'opencc' not in sys.modules; match_key('主動公開'); assert 'opencc' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.lists(st.text("信息公開统統计計©·ab\u00a0", max_size=6), min_size=1, max_size=12))
def test_lines_are_simplified_together_as_each_by_itself(lines: list[str]) -> None:
    assert simplify_lines("\n".join(lines)) == [simplify(line) for line in lines]
