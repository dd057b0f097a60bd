"""The publisher: weighed from title, metadata, contact line, signature and site; its type."""

from __future__ import annotations

import pytest

from parsers.facts import bodies, metadata, publisher, title
from parsers.facts.lines import page
from parsers.records import BODY_TYPES
from tests.facts.pages import found

PREAMBLE = "根据《中华人民共和国政府信息公开条例》要求，编制本报告。" * 4
SHORTENED = "本报告依据条例，结合国家税务总局某某市西山区税务局（以下简称“西山区税务局”）有关统计数据撰写。"
NAMELESS = "#2018年政府信息公开工作年度报告"


def read(*own, **rest):
    whole = page(*found(*own, **rest))
    fields = metadata.collect(whole)
    return publisher.read(whole, title.read(whole, fields), fields)


def test_the_title_names_the_body():
    got = read("#2019年某市水利局政府信息公开工作年度报告", PREAMBLE, meta=[("sitename", "某市人民政府")])
    assert (got.name, got.raw, got.body_type, got.issues) == ("某市水利局", "某市水利局", "department", ())


def test_a_place_in_the_title_is_made_fuller_by_a_statement_only():
    rows = [["发布机构", "西山镇人民政府", "发布日期", "2019-01-10"]]
    assert read("#西山镇2018年政府信息公开工作年度报告", PREAMBLE, before=[rows]).name == "西山镇人民政府"
    contact = "如对本报告有疑问，请与西山镇政府党政办公室联系（地址：西山镇，电话：0599-8446604）。" + PREAMBLE
    assert read("#西山镇2018年政府信息公开工作年度报告", contact).name == "西山镇"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("如对本报告有疑问，请与某县教育局办公室联系（电话：0599-8446604）。", "某县教育局"),
        ("如有疑问，请与西山镇人民政府党政综合办公室联系。", "西山镇人民政府"),
        ("请与某市人民政府办公室政务公开科联系（地址：某路1号）。", "某市人民政府办公室"),
        ("请与某区信息公开领导小组办公室联系。", "某区"),
        ("本报告由某市人民政府信息公开工作领导小组办公室根据《条例》要求，汇总各部门情况编制而成。", "某市人民政府"),
        ("本报告由某市洪山区人民政府办公室根据《中华人民共和国政府信息公开条例》编制。", "某市洪山区人民政府办公室"),
        ("本年度报告是根据《条例》和某区政府信息公开工作要求，由某区审计局编制。", "某区审计局"),
        ("本年报根据《条例》和县政府办《通知》（某府〔2018〕13号）要求，由某县教育局编制而成。", "某县教育局"),
        ("本报告根据《条例》，由某县教育局编制。如有疑问，请与县教育局办公室联系。", "某县教育局"),
        ("根据《条例》的要求，某市人民政府根据全市2022年度政府信息公开工作开展情况，编制本报告。", "某市人民政府"),
        (
            "可通过意见箱反应或直接与某市人民政府办公室政府信息公开中心联系（电话：0578-1234567）。",
            "某市人民政府办公室",
        ),
        (
            "如对本年度报告有疑问，请联系：某市滨江区人民政府长河街道办事处；联系电话：0571-1234567。",
            "某市滨江区人民政府长河街道办事处",
        ),
        ("根据《条例》要求，现向社会公布某县司法局2023年度政府信息公开年度报告。", "某县司法局"),
        ("根据《条例》要求，特向社会公开2018年度西山镇政府信息公开年度报告。", "西山镇"),
        ("2022年以来，西山镇在县委县政府的正确领导下，认真做好政府信息公开工作。", "西山镇"),
        ("2023年，在区委、区政府的坚强领导下，西山街道办事处认真贯彻落实条例。", "西山街道办事处"),
        ("根据《条例》的要求，某市某区西山街道特编制2023年政府信息公开年度报告。", "某市某区西山街道"),
        ("根据《条例》的要求，编制《西山街道办事处2023年度政府信息公开工作年度报告》。", "西山街道办事处"),
        ("为认真做好某市卫生健康局政府信息公开工作，我局按照条例的要求，精心组织。", "某市卫生健康局"),
        ("为做好全市政府信息公开工作，我局按照条例的要求，精心组织。", ""),
        ("2022年，各乡镇坚持公开为常态，认真做好政府信息公开工作。", ""),
    ],
)
def test_running_text_names_the_body_when_the_title_does_not(text, name):
    assert read(NAMELESS, text + PREAMBLE).name == name


def test_a_name_of_use_within_the_area_is_made_full_where_another_place_does():
    title = "#县教育局2018年政府信息公开工作年度报告"
    assert read(title, "本报告由某县教育局编制。" + PREAMBLE).name == "某县教育局"
    assert read(title, PREAMBLE).name == "县教育局"
    quarter = "本报告由某市市中区教育局编制。" + PREAMBLE
    assert read("#市中区教育局2018年政府信息公开工作年度报告", quarter).name == "市中区教育局"


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ([SHORTENED, "如对本报告有疑问，请与西山区税务局办公室联系（西山路一号）。"], "国家税务总局某某市西山区税务局"),
        (["#某海关关区2023年政府信息公开工作年度报告", PREAMBLE], "某海关"),
        (["#某某总署（本级机关）2020年政府信息公开工作年度报告", PREAMBLE], "某某总署"),
        (["#大 中 小某县卫生健康局2020年政府信息公开工作年度报告", PREAMBLE], "某县卫生健康局"),
    ],
)  # fmt: skip
def test_names_that_a_report_shortens_or_adds_to_are_those_of_the_body(own, name):
    assert read(*own).name == name


def test_the_line_above_the_title_says_whose_office_answers():
    contact = "如有疑问，请与兴山县南坑乡人民政府办公室联系，电话：0599-8446604。" + PREAMBLE
    head = ["2018年政府信息公开工作年度报告", "南政发[2019]5", "南坑乡人民政府", "2018年政府信息公开工作年度报告"]
    assert read(contact, before=head).name == "兴山县南坑乡人民政府"
    assert read(NAMELESS, contact, title="年度报告_兴山县南坑乡人民政府").name == "兴山县南坑乡人民政府办公室"


def test_a_signature_over_a_date_names_the_body():
    got = read(NAMELESS, PREAMBLE, "一、概述", PREAMBLE, "某县审计局", "2019年1月20日")
    assert got.name == "某县审计局"
    assert read(NAMELESS, PREAMBLE, "一、概述", PREAMBLE, "某县审计局 2019年1月20日").name == "某县审计局"


def test_whence_a_text_came_is_weaker_than_who_answers_for_it():
    contact = "如对本报告有疑问，请与某县林业局联系（电话：0599-8446604）。" + PREAMBLE
    assert read(NAMELESS, "来源：某县人民政府 时间：2014-02-25 00:00", contact).name == "某县林业局"


def test_nobody_is_no_publisher():
    assert read(NAMELESS, PREAMBLE, meta=[("author", "超级管理员")]).name == ""
    assert read(NAMELESS, "来源：本站 作者：admin", PREAMBLE).name == ""
    assert read(NAMELESS, "发布者：张三", PREAMBLE).name == ""


def test_the_site_is_the_last_resort_and_said_so():
    got = read(NAMELESS, PREAMBLE, after=["主办：延平区人民政府 版权所有 Copyright 2012"])
    assert got.name == "延平区人民政府"
    assert [issue.code for issue in got.issues] == ["publisher_from_site"]


def test_bodies_that_differ_are_a_conflict_with_candidates():
    rows = [["发布机构", "某县财政局"], ["索引号", "01/2018-3"]]
    got = read("#某县教育局2018年政府信息公开工作年度报告", PREAMBLE, before=[rows])
    assert got.name == "某县教育局"
    (issue,) = got.issues
    assert issue.code == "publisher_conflict"
    assert "某县财政局" in issue.message
    assert issue.raw == "某县财政局"
    assert issue.locator


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("洪泽区人民政府", "淮安市洪泽区人民政府", True),
        ("洪泽区人民政府", "淮安市洪泽区人民政府办公室", True),
        ("沭阳县发展和改革局", "沭阳县发改局", True),
        ("赤门乡", "赤门乡人民政府", True),
        ("某县教育局", "某县财政局", False),
        ("西山镇人民政府", "东山镇人民政府", False),
    ],
)
def test_names_of_one_body(one, other, same):
    assert bodies.same(one, other) is same
    assert bodies.same(other, one) is same


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("上海市人民政府办公厅", "office"),
        ("某县人民政府办公室", "office"),
        ("某县人民政府", "government"),
        ("某市", "government"),
        ("赤门乡", "township"),
        ("西山镇人民政府", "township"),
        ("东城街道办事处", "township"),
        ("平潭综合实验区", "zone"),
        ("某经济技术开发区管理委员会", "zone"),
        ("国家税务总局某市税务局", "vertical"),
        ("平潭综合实验区地方税务局", "vertical"),
        ("某县气象局", "vertical"),
        ("某县卫生健康委员会", "department"),
        ("国家新闻出版署(国家版权局)", "department"),
        ("某市城市管理行政执法支队", "department"),
        ("某县人民医院", "other"),
        ("某县政务服务中心", "other"),
        ("", ""),
    ],
)
def test_types(name, kind):
    assert bodies.body_type(name) == kind
    assert kind in BODY_TYPES


@pytest.mark.parametrize(
    ("own", "before"),
    [
        ([PREAMBLE, *["一、概述", PREAMBLE] * 5, "某县水利局"], [NAMELESS]),
        ([PREAMBLE], ["某县水利局", NAMELESS.strip("#")]),
        ([PREAMBLE], ["当前位置：首页 > 政府信息公开 > 某县水利局 > 年报", NAMELESS]),
        (["根据条例要求，某县水利局认真编写了2018年政府信息公开工作年度报告。" + PREAMBLE], [NAMELESS]),
    ],
)
def test_places_that_name_the_body_when_no_label_does(own, before):
    assert read(*own, before=before, after=["主办：某县人民政府"]).name == "某县水利局"


def test_an_office_named_as_within_its_area_is_its_full_name():
    rows = [["发布机构", "市政府办", "发布日期", "2018-02-28"]]
    text = "现公布泰山市人民政府2017年政府信息公开工作年度报告。" + PREAMBLE
    assert read("#政府信息公开工作年度报告", text, before=[rows]).name == "泰山市人民政府"


def test_a_table_of_statistics_names_its_body_as_a_report_does():
    assert publisher.of_title("临江县农业局2016年政府信息公开情况统计表") == "临江县农业局"
    assert publisher.of_title("2016年政府信息公开情况统计表") == ""
