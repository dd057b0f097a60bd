"""Lines that stand across: their header named row after row, in a table that lost its spans, and in text."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from parsers import annex, parse
from parsers.annex import Annex
from parsers.document import Paragraph
from tests.annex.tables import SHORT, read, requests, table, values

RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
FIGURES = ["1", "2", "0", "4", "7", "0", "3", "0", "0", "3", "5", "0", "1", "0", "6"]
LINES = ("reviews", "litigation_direct", "litigation_after_review")
BREAKDOWNS = ("upheld", "corrected", "other", "pending", "total")
HEAD = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"], RESULTS * 3]
WRITTEN_OUT = [
    ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
    [*[""] * 5, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
    RESULTS * 3,
]


def in_lines(*lines: str) -> Annex:
    return annex.read([Paragraph(line, f"text:L{number}[0:{len(line)}]") for number, line in enumerate(lines, 1)])


def is_right(found: Annex) -> bool:
    names = [(line, name) for line in LINES for name in BREAKDOWNS]
    return values(found) == dict(zip(names, map(Decimal, FIGURES), strict=True))


@pytest.mark.parametrize("head", [HEAD, WRITTEN_OUT])
def test_spans_that_are_lost_or_written_out_as_empty_cells(head: list[list[str]]) -> None:
    assert is_right(read(table([*head, FIGURES])))


@pytest.mark.parametrize("head", [("序号", "备注"), ("", "")])
def test_numbers_and_notes_beside_rows_of_headers_change_nothing(head: tuple[str, str]) -> None:
    rows = [[str(at), *row, ""] for at, row in enumerate([*WRITTEN_OUT, FIGURES])]
    rows[0] = [head[0], *WRITTEN_OUT[0], head[1]]
    seen = values(read(table(rows)))
    named = dict(zip([(one, by) for one in LINES for by in BREAKDOWNS], map(Decimal, FIGURES), strict=True))
    assert seen == named if head[0] else seen.items() <= named.items()


def test_lines_of_a_group_stand_where_the_group_does() -> None:
    head = [["行政诉讼", "行政复议"], *HEAD[1:]]
    turned = dict(zip([*LINES[1:], LINES[0]], [FIGURES[:5], FIGURES[5:10], FIGURES[10:]], strict=True))
    for found in (read(table([*head, FIGURES])), in_lines(*[cell for row in (*head, FIGURES) for cell in row])):
        seen = values(found)
        assert {line: [str(v) for (own, _), v in seen.items() if own == line] for line in LINES} == turned


def test_a_header_named_row_after_row_with_a_cell_a_line() -> None:
    assert is_right(in_lines(*[cell for row in (*HEAD, FIGURES) for cell in row]))


def test_blanks_that_put_two_labels_below_their_columns_make_no_prose() -> None:
    lines = ["行政复议" + " " * 42 + "行政诉讼", " " * 46 + "未经复议直接起诉" + " " * 42 + "复议后起诉"]
    assert is_right(in_lines(*lines, "  ".join(RESULTS * 3), "         ".join(FIGURES)))


def test_a_label_cut_into_many_lines() -> None:
    label = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    cut = [label[at : at + 4] for at in range(0, len(label), 4)]
    rows = ["一、本年新收政府信息公开申请数量", *"1000001", *cut, *"0200002", "3.其他", *"0000000"]
    assert values(in_lines(*heads, *rows))[("other_unpaid_fee", "business")] == 2


def test_a_matrix_turned_on_its_side() -> None:
    made = requests({"requests_new": list("1200003"), "granted": list("1100002"), "closed_total": list("1100002")})
    rows: list[list[tuple[str, int, int]]] = [
        [
            (
                text,
                int((re.search(r"rowspan=(\d+)", tag) or [0, 1])[1]),
                int((re.search(r"colspan=(\d+)", tag) or [0, 1])[1]),
            )
            for tag, text in re.findall(r"<td([^>]*)>(.*?)</td>", row)
        ]
        for row in made.split("<tr>")[1:]
    ]
    grid: dict[tuple[int, int], str] = {}
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        for text, down, right in row:
            place = next(column for column in range(99) if (at, column) not in taken)
            taken |= {(at + i, place + j) for i in range(down) for j in range(right)}
            grid[place, at] = f"<td rowspan={right} colspan={down}>{text}</td>"
    turned = "".join(
        "<tr>" + "".join(grid.get((column, at), "") for at in range(len(rows))) + "</tr>" for column in range(10)
    )
    found = values(read(f"<table>{turned}</table>"))
    assert found == values(read(made))
    assert found["granted", "total"] == 2


def test_tables_that_begin_with_their_last_row() -> None:
    lines = [["指标", "单位", "2018年度", "历年累计"], *SHORT]
    found, wanted = read(table(lines[::-1])), read(table(lines))
    assert values(found) == values(wanted) != {}
    first = next(cell for cell in found.cells if cell.indicator == "litigation" and cell.role == "value")
    assert (first.row, first.raw) == (1, "0")


def test_a_header_that_stays_while_its_table_scrolls() -> None:
    page = (
        "<html><body><h1>甲县财政局2022年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>有序推进。</p>"
        "<p>四、复议、诉讼情况</p><div class='head'><table><tr><td rowspan=2 colspan=5>行政复议</td>"
        "<td colspan=10>行政诉讼</td></tr><tr><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr><tr>"
        + "".join(f"<td>{name}</td>" for name in RESULTS * 3)
        + "</tr></table></div><div class='body'>"
        + table([FIGURES])
        + "</div><p>五、存在的主要问题及改进情况</p><p>无。</p></body></html>"
    )
    found = parse(page.encode(), source="a.html").observations
    assert [str(one.value) for one in found] == FIGURES
