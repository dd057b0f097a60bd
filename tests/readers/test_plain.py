"""Plain text as paragraphs and tables that point back into the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Document, Paragraph, Table
from parsers.readers.plain import read


def found(text: str, locator: str) -> str:
    """What a locator points at, found by other code than the reader's."""
    match = re.fullmatch(r"text:L(\d+)\[(\d+):(\d+)\]", locator)
    assert match
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[int(match[1]) - 1][int(match[2]) : int(match[3])]


def tables(document: Document) -> list[list[list[str | None]]]:
    return [
        [[cell.text if (cell := block.at(r, c)) else None for c in range(block.columns)] for r in range(block.rows)]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def test_lines_are_paragraphs_and_blank_lines_stay() -> None:
    document = read("标题\r\n\r\n\u3000\u3000正文 一\r \t\n57\n", encoding="utf-8", encoding_source="utf8")
    assert [(b.text, b.locator) for b in document.blocks if isinstance(b, Paragraph)] == [
        ("标题", "text:L1[0:2]"),
        ("", "text:L2[0:0]"),
        ("正文 一", "text:L3[2:6]"),
        ("", "text:L4[0:0]"),
        ("57", "text:L5[0:2]"),
    ]
    assert (document.media_type, document.encoding, document.encoding_source) == ("text/plain", "utf-8", "utf8")
    assert document.title == ""


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85"])
def test_other_separators_end_no_line(char: str) -> None:
    document = read(f"前{char}后\n下一行")
    assert [b.locator for b in document.blocks] == ["text:L1[0:3]", "text:L2[0:3]"]


def test_a_table_parted_by_tabs() -> None:
    text = "附表\n指标\t单位\t2018年度\n主动公开文件数\t件\t57\n其中:1.网站\t\t57\n\t\t0\n完"
    document = read(text)
    assert tables(document) == [
        [["指标", "单位", "2018年度"], ["主动公开文件数", "件", "57"], ["其中:1.网站", "", "57"], ["", "", "0"]]
    ]
    table = next(b for b in document.blocks if isinstance(b, Table))
    assert table.locator == "text:L2"
    assert [found(text, c.locator) for c in table.cells] == [c.text for c in table.cells]


def test_a_markdown_table_and_its_ruling_line() -> None:
    document = read("| 指标 | 数 |\n|---|:-:|\n| 公开 | 5 |\n|  | 6 |")
    assert tables(document) == [[["指标", "数"], ["公开", "5"], ["", "6"]]]
    table = document.blocks[0]
    assert isinstance(table, Table)
    assert [c.header for c in table.cells] == [True, True, False, False, False, False]


def test_words_of_a_header_stand_over_the_empty_cells_behind_them() -> None:
    text = "行政复议\t\t行政诉讼\t\n维持\t纠正\t维持\t纠正\n1\t2\t\t4"
    table = read(text).blocks[0]
    assert isinstance(table, Table)
    assert [(c.text, c.column, c.colspan) for c in table.cells if c.row == 0] == [
        ("行政复议", 0, 2),
        ("行政诉讼", 2, 2),
    ]
    assert [c.text for c in table.cells if c.row == 2] == ["1", "2", "", "4"]


def test_comma_separated_lines_are_a_table_with_fields_in_quotation_marks() -> None:
    text = '指标,单位,数\n"公开,总数",条,"1,234"\n其中：网站,条,\n说明如下。'
    assert tables(read(text)) == [[["指标", "单位", "数"], ["公开,总数", "条", "1,234"], ["其中：网站", "条", ""]]]
    cells = next(b for b in read(text).blocks if isinstance(b, Table)).cells
    assert [found(text, c.locator) for c in cells] == [c.text for c in cells]


def test_sentences_with_commas_are_no_table() -> None:
    text = "2018年,我乡公开57条,其中网站57条\n2017年,我乡公开50条,其中网站40条\n2016年,我乡公开8条,其中网站5条"
    assert tables(read(text)) == []


def test_other_bars() -> None:
    assert tables(read("指标｜数\n公开｜5")) == [[["指标", "数"], ["公开", "5"]]]
    assert tables(read("┌──┬──┐\n│指标│ 数│\n├──┼──┤\n│公开│  5│\n└──┴──┘")) == [[["指标", "数"], ["公开", "5"]]]


def test_rows_of_unequal_length_leave_places_without_cells() -> None:
    assert tables(read("a\tb\tc\nd\te")) == [[["a", "b", "c"], ["d", "e", None]]]


@pytest.mark.parametrize(
    "text",
    [
        "主动公开文件数\n\n57\n\n615",
        "a\tb",
        "一\t二\n\n三\t四",
        "\t缩进一\n\t缩进二",
        "1.\t推进\n2.\t公开",
        "首页 | 新闻 | 联系我们",
        "0 |\n0 |\n5 |",
        "-----\n=====",
        "",
    ],
)
def test_no_table(text: str) -> None:
    assert tables(read(text)) == []


@given(st.text(alphabet="ab1一 \t|\n\r\u3000\u2028-─│：", max_size=80))
def test_nothing_is_lost_and_locators_hold(text: str) -> None:
    document = read(text)
    seen: list[str] = []
    for block in document.blocks:
        items = block.cells if isinstance(block, Table) else (block,)
        for item in items:
            assert found(text, item.locator) == item.text
            seen.append(item.text)
    signs = set(" \t|\n\r\u3000\u2028-─│：")
    assert [c for c in "".join(seen) if c not in signs] == [c for c in text if c not in signs]


def test_the_text_of_one_cell_a_line_keeps_its_blank_cells() -> None:
    document = read("受理总数\n12\n\n\n\n12\n")
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["受理总数", "12", "", "", "", "12"]


def test_values_parted_by_semicolons_are_a_table() -> None:
    text = "指标;单位;2018年度\n主动公开文件数;条;57\n行政复议数;件;\n行政诉讼数;件;0"
    (table,) = read(text).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == text.replace("\n", ";").split(";")


def test_semicolons_that_end_references_part_no_values() -> None:
    lines = [f"&lt;td&gt;{number}&lt;/td&gt;" for number in range(4)]
    assert tables(read("\n".join(lines))) == []
    assert tables(read("\n".join(f"a;{number};2" for number in range(4)))) != []
