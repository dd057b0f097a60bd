"""Whom the figures cover, and the words that this rests on."""

from __future__ import annotations

import pytest

from parsers.facts import scope
from parsers.facts.lines import page
from parsers.records import SCOPES
from tests.facts.pages import found


def read(*own):
    return scope.read(page(*found(*own)))


@pytest.mark.parametrize(
    ("preamble", "expected"),
    [
        ("本报告不包括各乡镇和县直部门的数据，上述单位的年度报告另行公布。", "own"),
        ("本报告所列数据不含下属单位。", "own"),
        ("本报告数据统计范围为赤门乡人民政府本级。", "own"),
        ("本报告数据包含市公安局机关及各分局、派出所。", "system"),
        ("本报告汇总了全县税务系统政府信息公开情况。", "system"),
        ("本报告汇总县政府所属单位和各乡镇政府信息公开情况编制。", "area"),
        ("本报告根据条例要求，汇总平潭综合实验区各有关单位政府信息公开工作情况编制而成。", "area"),
        ("本报告由区政府办公室汇总各乡镇、街道和区直各单位的政府信息公开年度报告编制而成。", "area"),
        ("本报告根据区管委会及各工作部门、各乡镇人民政府的政府信息公开年度报告编制。", "area"),
        ("本报告综合全市各级行政机关政府信息公开年度报告编制。", "area"),
        ("本报告反映全市税务系统政府信息公开工作情况，统计期限为全年。", "system"),
        ("根据条例及省、市、区各级关于政府信息公开工作的有关规定编制而成。", "unknown"),
        ("本机关2018年政府信息公开工作年度报告公布如下，请予监督。", "own"),
        ("根据条例等规定，编制某某海关关区2023年政府信息公开工作年度报告。", "system"),
        ("本报告梳理2020年度某某总署（本级机关）政府信息公开工作情况编制而成。", "own"),
    ],
)
def test_preambles(preamble, expected):
    got = read(preamble, "一、概述", "各项工作有序开展，成效明显。")
    assert got.scope == expected
    assert got.scope in SCOPES
    assert bool(got.phrase) == (expected != "unknown")
    assert got.phrase in preamble


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("2018年，我局共受理政府信息公开申请3件，本局均按期答复。", "own"),
        ("我镇高度重视信息公开工作，我镇主动公开信息57条。", "own"),
        ("2023年全区受理政府信息公开申请21件，均在法定期限答复。", "area"),
        ("市政府办公厅代表市政府共受理政府信息公开申请859件，均予答复。", "own"),
        ("统一了全市依申请公开受理入口，进一步提高服务水平。", "unknown"),
        ("1.本机关不掌握相关政府信息", "unknown"),
    ],
)
def test_running_text(body, expected):
    assert read("根据条例编制本报告。", "一、概述", body).scope == expected


def test_a_preamble_that_gathers_outweighs_we_and_our():
    got = read("本报告汇总全县各乡镇和县直各部门情况编制。", "一、概述", "我办认真组织。", "我办统一部署。")
    assert (got.scope, got.phrase) == ("area", "汇总全县各乡镇和县直各部门")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2012年度报告根据条例的要求，由市政府办公厅综合各区（县）人民政府和市政府各部门的年度报告编制而成。", "area"),
        ("根据条例的要求，本报告由局办公室编制，全文包括六个部分。本局公布如下。", "own"),
        ("为做好年度报告工作，局里汇总各科室、各单位的意见，改进了制度。", "unknown"),
    ],
)
def test_a_report_that_begins_with_a_heading_has_its_preamble_under_it(first, expected):
    assert read("一、概述", first, "各项工作有序开展，成效明显。", "二、主动公开情况").scope == expected
