"""Text in Markdown: its marks are no text, and what is left points back to where it stood."""

from __future__ import annotations

import re

import pytest

from parsers.document import Document, Paragraph, Table
from parsers.readers import markdown
from parsers.readers.plain import read

RULE = "\n| --- | --- |\n"


def found(text: str, locator: str) -> str:
    """What a locator points at, its spans joined, found by other code than the reader's."""
    match = re.fullmatch(r"text:L(\d+)\[([\d:,]+)\]", locator)
    assert match
    line = text.split("\n")[int(match[1]) - 1]
    spans = [tuple(map(int, span.split(":"))) for span in match[2].split(",")]
    return "".join(line[start:end] for start, end in spans)


def paragraphs(document: Document) -> list[Paragraph]:
    return [block for block in document.blocks if isinstance(block, Paragraph)]


def cells(document: Document) -> list[list[tuple[str, int]]]:
    """The cells of all rows with the columns that they go over."""
    rows: list[list[tuple[str, int]]] = []
    for table in (block for block in document.blocks if isinstance(block, Table)):
        at: dict[int, list[tuple[str, int]]] = {}
        for cell in table.cells:
            at.setdefault(cell.row, []).append((cell.text, cell.colspan))
        rows += at.values()
    return rows


@pytest.mark.parametrize(
    ("line", "text", "level"),
    [
        ("## 一、总体情况 ##", "一、总体情况", 2),
        ("**（一）主动公开**", "（一）主动公开", 0),
        ("- 一是拓宽渠道。", "一是拓宽渠道。", 0),
        ("> 本报告由办公室编制。", "本报告由办公室编制。", 0),
        ("来源：[市财政局](http://a.gov.cn/b_(1).html) 电话", "来源：市财政局 电话", 0),
        ("1\\. 属于国家秘密", "1. 属于国家秘密", 0),
        ("公开~~58~~57条", "公开57条", 0),
        ("![图标](a.png)正文", "正文", 0),
        ("公开**__57__**条", "公开57条", 0),
        ("** 57 **", "57", 0),
        ("减少\\-352件", "减少-352件", 0),
        ("- 2 -", "- 2 -", 0),
        ("电话：0595-1234**78", "电话：0595-1234**78", 0),
    ],
)
def test_marks_are_taken_away(line: str, text: str, level: int) -> None:
    whole = f"# 报告\n{line}"
    paragraph = paragraphs(read(whole))[1]
    assert (paragraph.text, paragraph.level) == (text, level)
    assert found(whole, paragraph.locator) == text


def test_text_that_is_no_markdown_keeps_its_signs() -> None:
    assert paragraphs(read("**注：电话****\n#1 一号"))[0].text == "**注：电话****"


def test_a_break_within_a_cell_is_a_line_end_and_a_wide_space_is_blank() -> None:
    text = f"| 行政<br>许可 | &nbsp; |{RULE}| 处罚 | 22<br/>（其中修订16件） |"
    assert cells(read(text)) == [[("行政\n许可", 1), ("", 1)], [("处罚", 1), ("22\n（其中修订16件）", 1)]]
    table = next(block for block in read(text).blocks if isinstance(block, Table))
    assert found(text, table.cells[3].locator) == "22（其中修订16件）"


def test_a_row_over_a_rule_is_a_table_of_its_own() -> None:
    text = "| 予以公开 | 9 | 0 |\n|---|---|---|\n| 1 | 2 |\n|---|---|\n"
    tables = [block for block in read(text).blocks if isinstance(block, Table)]
    assert [(table.rows, table.columns) for table in tables] == [(1, 3), (1, 2)]


def test_narrow_empty_cells_say_how_far_a_cell_goes_where_empty_ones_are_wider() -> None:
    head = "|  |  |  |\n| --- | --- | --- |\n"
    text = head + "| 第二十条 | | |\n| 内容 | 制发 | 有效 |\n| 规章 | 0 |  |\n| 许可 | 7 | |\n"
    assert cells(read(text))[1:] == [
        [("第二十条", 3)],
        [("内容", 1), ("制发", 1), ("有效", 1)],
        [("规章", 1), ("0", 1), ("", 1)],
        [("许可", 1), ("7", 2)],
    ]


def test_narrow_empty_cells_are_blank_where_none_are_wider() -> None:
    text = "| 内容 | 制发 | 有效 |\n| --- | --- | --- |\n| 规章 | | 3 |\n"
    assert cells(read(text))[1] == [("规章", 1), ("", 1), ("3", 1)]


def test_narrow_empty_cells_say_how_far_a_cell_goes_where_rows_are_uneven() -> None:
    text = "| 结果 | | 公开 | 1 |\n| --- | --- | --- | --- |\n| 部分 | 3 |\n"
    assert cells(read(text)) == [[("结果", 2), ("公开", 1), ("1", 1)], [("部分", 1), ("3", 1)]]


def test_a_line_of_equal_signs_makes_a_heading() -> None:
    document = read("某县2019年政府信息公开年度报告\n=====\n一、概述\n")
    assert [(p.text, p.level) for p in paragraphs(document)] == [
        ("某县2019年政府信息公开年度报告", 1),
        ("", 0),
        ("一、概述", 0),
    ]


def test_an_escape_alone_says_that_the_text_is_markdown() -> None:
    text = "行政处罚\n\\-352\n"
    assert [p.text for p in paragraphs(read(text))] == ["行政处罚", "-352"]
    assert found(text, paragraphs(read(text))[1].locator) == "-352"


def test_rows_that_leave_out_the_cells_from_above_are_put_back() -> None:
    head = "|  |  |  |  |  |  |\n| --- | --- | --- | --- | --- | --- |\n"
    text = head + "| 关系 | 情况 | | | | |\n| 自然 | 法人 | | | 总计 |\n| 商业 | 科研 | 其他 |\n"
    text += "| 新收 | 1 | 2 |  | 4 | 7 |\n| 办理 | 3 | 0 |  |  | 3 |\n| 5 | | | | 8 |\n|  |  |\n"
    table = next(block for block in read(text).blocks if isinstance(block, Table))
    found = {(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells if cell.text}
    assert {("关系", 1, 0, 3, 1), ("自然", 2, 1, 2, 1), ("法人", 2, 2, 1, 3), ("商业", 3, 2, 1, 1)} <= found
    assert {("总计", 2, 5, 2, 1), ("其他", 3, 4, 1, 1), ("办理", 5, 0, 2, 1), ("5", 6, 1, 1, 4)} <= found
    assert table.rows == 7


def test_an_empty_last_cell_stands_behind_the_last_bar_of_a_row_without_frame() -> None:
    text = "内容| 单位| 数\n---|---|---\n规章| 件| 3\n许可| 件|  \n"
    assert cells(read(text))[2] == [("许可", 1), ("件", 1), ("", 1)]


def test_bars_of_a_table_around_the_first_row_are_no_cells() -> None:
    text = "| | 指标| 代码| 单位| 本年  \n---|---|---|---\n主动公开| 01| 条| 56\n复议| 02| 件| 0\n"
    assert [[said for said, _ in row] for row in cells(read(text))][:2] == [
        ["指标", "代码", "单位", "本年"],
        ["主动公开", "01", "条", "56"],
    ]


def test_a_row_without_frame_that_begins_with_a_bar_begins_with_an_empty_cell() -> None:
    text = "维持| 纠正| 总计\n---|---|---\n | 5| 5\n2|  | 2\n"
    assert cells(read(text))[1] == [("", 1), ("5", 1), ("5", 1)]


def test_cells_broken_at_the_ends_of_lines_are_cell_after_cell() -> None:
    text = "复议 | 诉讼  \n---|---  \n  结果  \n维持 |   结果  \n纠正 |  总计  \n1 |  2 |  3  \n"
    assert [p.text for p in paragraphs(read(text)) if p.text] == "复议 诉讼 结果 维持 结果 纠正 总计 1 2 3".split()


def test_numbers_of_pages_are_left_out_and_said() -> None:
    document = read("行政许可 0\n— 4 —\n行政处罚 3\n— 5 —\n")
    assert [p.text for p in paragraphs(document)] == ["行政许可 0", "行政处罚 3"]
    assert [(issue.code, issue.raw) for issue in document.issues] == [("page_number", "— 4 — — 5 —")]


def test_lone_or_falling_numbers_between_dashes_stay() -> None:
    assert len(paragraphs(read("一\n— 4 —\n二"))) == 3
    assert len(paragraphs(read("— 5 —\n— 4 —"))) == 2


def test_lines_that_are_loud_as_a_whole_say_that_a_text_is_markdown():
    lines = ["　　**一、总体情况**", "正文*甲*", "**二、其他**"]
    assert [line.text.strip() for line in markdown.unmarked(lines)] == ["一、总体情况", "正文甲", "二、其他"]
    assert [line.text for line in markdown.unmarked(["**注**", "2 ** 3"])] == ["**注**", "2 ** 3"]
