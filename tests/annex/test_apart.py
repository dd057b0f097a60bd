"""Tables of an official form that were taken apart: a line each, or a header and figures under a line of text."""

from __future__ import annotations

from annex.tables import by_key, codes, values

from parsers import annex
from parsers.annex import Annex
from parsers.document import Table
from parsers.readers import plain

HEAD = "| 类别 | 数据1 | 数据2 | 数据3 | 数据4 | 数据5 | 数据6 | 总计 |\n" + "|---" * 8 + "|\n"
OUTCOMES = "| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n" + "|---" * 5 + "|\n"
PEOPLE = "natural_person business research public_interest legal_service other_organization total".split()


def read(text: str) -> Annex:
    return annex.read(plain.read(text).blocks)


def test_a_line_with_a_figure_for_each_of_its_columns_is_read_in_a_table_of_its_own() -> None:
    text = "### 一、本年新收政府信息公开申请数量\n" + HEAD
    found = read(text + "| 本年新收政府信息公开申请数量 | 705 | 3 | 0 | 0 | 5 | 0 | 713 |\n")
    assert [values(found)["requests_new", person] for person in PEOPLE] == [705, 3, 0, 0, 5, 0, 713]
    assert "header_missing" in codes(found)


def test_too_few_figures_for_a_line_are_nobodys() -> None:
    assert read(HEAD + "| 本年新收政府信息公开申请数量 | 705 | 3 | 0 | 713 |\n").observations == ()


def test_the_line_of_text_over_a_header_says_what_the_figures_count() -> None:
    text = "### 行政复议\n" + OUTCOMES + "| 27 | 10 | 9 | 15 | 61 |\n\n### 行政诉讼（复议后起诉）\n"
    found = values(read(text + OUTCOMES + "| 8 | 0 | 1 | 1 | 10 |\n"))
    assert (found["reviews", "upheld"], found["reviews", "total"]) == (27, 61)
    assert [found["litigation_after_review", name] for name in ("upheld", "total")] == [8, 10]
    assert len(found) == 10


def test_the_line_over_a_header_is_no_cell_of_the_table() -> None:
    blocks = plain.read("行政复议\n" + OUTCOMES + "| 27 | 10 | 9 | 15 | 61 |\n").blocks
    table = next(block for block in blocks if isinstance(block, Table))
    assert len(annex.read(blocks).cells) == len(table.cells)


def test_outcomes_under_other_words_are_not_read() -> None:
    assert read("工作成效\n" + OUTCOMES + "| 27 | 10 | 9 | 15 | 61 |\n").observations == ()


def test_an_empty_cell_that_fills_a_row_up_is_no_value() -> None:
    rows = [
        "一、本年新收政府信息公开申请数量 | 32 | 2 | 0 | 0 | 0 | 0 | 34 |  |",
        "二、上年结转政府信息公开申请数量 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |  |",
    ]
    rows += ["三、 | （一）予以公开 | 9 | 0 | 0 | 0 | 0 | 0 | 9 |"]
    found = read("".join(f"| {row}\n" for row in rows))
    assert values(found)["requests_new", "natural_person"] == 32
    assert by_key(found)["requests_carried_in", "total"].raw == "2"


def test_a_misprinted_label_under_a_header_of_the_form_is_read_in_a_table_of_its_own() -> None:
    header = "| 信息内容 | 本年收费金额（单位：万元） |\n|---|---|\n"
    other = "| 信息内容 | 本年处理决定数量 |\n|---|---|\n| 行政许可 | 3 |\n| 行政处罚 | 1 |\n\n"
    found = read(other + header + "| 行政政事业性收费 | 7 |\n")
    assert values(found)["administrative_fees", "amount"] == 7
    assert "label_similar" in codes(found)
    assert ("administrative_fees", "amount") not in values(read(other + header + "| 政府采购项目支出 | 7 |\n"))


def test_a_code_before_the_unit_is_no_value_where_the_header_is_lost() -> None:
    rows = [
        "申请总数\t12\t条\t1346",
        "1.当面申请数\t13\t条\t90",
        "2.传真申请数\t14\t条\t106",
        "行政复议数\t34\t件\t15",
        "行政诉讼数\t35\t件\t7",
    ]
    found = read("\n".join(rows))
    assert {o.value for o in found.observations} == {1346, 90, 106, 15, 7}


def test_figures_behind_the_last_column_say_that_spans_left_empty_cells_behind() -> None:
    head = "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |  |\n|---|---|---|---|---|\n"
    found = read(head + "| 规章 | 2 |  | 0 | 87393 |\n| 行政规范性文件 | 0 |  | 0 | 94 |\n")
    assert [values(found)["rules", name] for name in ("issued", "repealed", "in_force")] == [2, 0, 87393]
    assert "short_row" in codes(found)
