"""Titles: from the heading, the meta elements, the metadata block, the title element, one or two lines."""

from __future__ import annotations

import pytest

from parsers.facts import metadata, publisher, title
from parsers.facts.lines import page
from tests.facts.pages import found


def read(*own, **rest):
    whole = page(*found(*own, **rest))
    return title.read(whole, metadata.collect(whole)).text


PREAMBLE = "根据《中华人民共和国政府信息公开条例》有关规定，现公布本年度报告。" * 4


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (
            "赤门乡2018年政府信息公开工作年度报告_政府信息公开年报_延平区人民政府",
            "赤门乡2018年政府信息公开工作年度报告",
        ),
        ("沭阳县发展和改革局2023年政府信息公开年度报告-沭阳县发改局", "沭阳县发展和改革局2023年政府信息公开年度报告"),
        ("某县人民政府 - 某县水利局2019年度政府信息公开年报", "某县水利局2019年度政府信息公开年报"),
        ("某县人民政府 政府信息公开年度报告 西山镇2016年政府信息公开年度报告", "西山镇2016年政府信息公开年度报告"),
        ("西山镇政府信息公开工作2016年度报告", "西山镇政府信息公开工作2016年度报告"),
        ("关于2018年度政府信息公开工作情况的报告 | 某区", "关于2018年度政府信息公开工作情况的报告"),
        ("西山鎮2018年政府信息公開工作年度報告", "西山鎮2018年政府信息公開工作年度報告"),
        ("★西山镇2018年政府信息公开工作年度报告", "西山镇2018年政府信息公开工作年度报告"),
    ],
)
def test_title_element_without_column_and_site(element, expected):
    assert read(PREAMBLE, title=element) == expected


def test_the_end_of_a_title_that_is_torn_within_a_name_is_no_title():
    whole = "天门市龙源乡人民政府2016年度政府信息公开工作年报"
    torn = (">天门市龙源乡人民政", ">府2016年度政府信息公开工作年报")
    assert read(*torn, PREAMBLE, title=whole) == whole


def test_heading_and_meta_come_before_the_title_element():
    assert read("#西山镇2018年政府信息公开工作年度报告", PREAMBLE, title="西山镇政府信息公开年报") == (
        "西山镇2018年政府信息公开工作年度报告"
    )
    meta = [("articletitle", "西山镇2018年政府信息公开工作年度报告")]
    assert read(">西山镇", ">2018年信息公开年报", PREAMBLE, meta=meta) == meta[0][1]


def test_title_in_two_lines_is_joined_with_nothing():
    assert read(">平潭综合实验区2020年", ">政府信息公开工作年度报告", PREAMBLE) == (
        "平潭综合实验区2020年政府信息公开工作年度报告"
    )
    assert (
        read("道口县文广新局2013年度信息公开工作", "年度报告", PREAMBLE) == "道口县文广新局2013年度信息公开工作年度报告"
    )
    assert read("西山街道办事处2023年度政府", "信息公开工作年度报告", PREAMBLE).startswith(
        "西山街道办事处2023年度政府信息公开"
    )
    assert read("2024年某市科委政府信息公开工作", "年度报告", PREAMBLE) == "2024年某市科委政府信息公开工作年度报告"
    assert (
        read(">西山镇人民政府\n2013年政府信息公开工作年度报告", PREAMBLE)
        == "西山镇人民政府2013年政府信息公开工作年度报告"
    )


def test_a_column_is_not_joined_to_the_title_below_it():
    head = ["信息公开年报", "西山镇2019年政府信息公开工作年度报告"]
    assert read(PREAMBLE, before=head) == "西山镇2019年政府信息公开工作年度报告"


def test_a_body_with_its_year_goes_on_in_the_next_line():
    lines = ["北山市人民政府2016年", "政府信息公开工作年度报告", "北山市人民政府办公室", "2017年3月"]
    assert read(*lines, PREAMBLE) == "北山市人民政府2016年政府信息公开工作年度报告"


def test_white_space_is_layout():
    assert read(">西山镇 2018 年\u3000政府信息公开 工作年度报告", PREAMBLE) == "西山镇2018年政府信息公开工作年度报告"


def test_metadata_block_names_the_title():
    rows = [["标　　题：", "西山镇2017年政府信息公开年度报告"], ["索引号：", "FJ0102-2017-1"]]
    assert read(PREAMBLE, before=[rows]) == "西山镇2017年政府信息公开年度报告"


def test_titles_of_other_documents_do_not_win():
    head = ["关于做好2018年政府信息公开工作年度报告的通知", "西山镇2018年政府信息公开年度报告"]
    assert read(PREAMBLE, before=head) == "西山镇2018年政府信息公开年度报告"


def test_a_heading_of_another_wording_comes_before_the_name_of_a_column():
    for words in ("2022年年报", "关于公布某县水利局2022年政府信息公开工作年度报告的公告"):
        assert read(PREAMBLE, before=["政府信息公开年报", f"#{words}"]) == words
    assert read(PREAMBLE, before=["政府信息公开年报", "#2022年"]) == "政府信息公开年报"


def test_a_page_that_only_names_a_place_keeps_that_title():
    assert read(PREAMBLE, title="赤门乡") == "赤门乡"


def test_nothing_invented():
    assert read(PREAMBLE) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅"),
        ("沭阳县发展和改革局2023年政府信息公开年度报告", "沭阳县发展和改革局"),
        ("关于2018年度政府信息公开工作情况的报告", ""),
        ("2018年政府信息公开年报", ""),
        ("赤门乡政府信息公开工作2018年度报告", "赤门乡"),
        ("某县人民政府信息公开2012年度报告", "某县人民政府"),
        ("某县人民政府政府信息公开2012年度报告", "某县人民政府"),
        ("二〇一二年度某县水利局政府信息公开年报", "某县水利局"),
        ("某市教育局关于2016年度政府信息公开工作情况的报告", "某市教育局"),
        ("国家新闻出版署（国家版权局）2019年政府信息公开工作年度报告", "国家新闻出版署(国家版权局)"),
        ("大竹县政务公开办公室2024年政府信息公开工作年度报告", "大竹县政务公开办公室"),
        ("2010年1月1日至12月31日西山镇政府信息公开年度报告", "西山镇"),
        ("某县水利局2018年政府信息主动公开工作年度报告", "某县水利局"),
        ("西山镇2014年度信息年度公开报告", "西山镇"),
        ("海关总署2010年海关信息公开工作年度报告", "海关总署"),
        ("北山海关关区2020年政府信息公开年报", "北山海关"),
        ("[年报]某县水利局2018年政府信息公开工作年度报告", "某县水利局"),
        ("某县2018年度政府信息公开工作年度报告(水利局)", "某县水利局"),
        ("某县2018年度政府信息公开工作年度报告（县水利局）", "某县水利局"),
    ],
)
def test_body_named_by_a_title(text, name):
    assert publisher.of_title(text) == name
