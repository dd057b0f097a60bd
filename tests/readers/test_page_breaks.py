"""What a break between pages leaves of a table is told from what is printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.readers.breaks import Part, Piece, join, without_rest
from parsers.readers.typesetting import Line


def row(top: int, *texts: str) -> list[Part]:
    return [Part(top, at, top + 1, at + 1, text, f"pdf:p2({9 * at},{top},9,{top})") for at, text in enumerate(texts)]


def piece(first: list[Part]) -> Piece:
    header = row(0, "申请人情况", "自然人", "总计")
    numbered = [*row(2, "8.属于行政查询事项", "0", ""), *row(3, "9.其他", "", "1"), *row(4, "10.其他", "0", "1")]
    return Piece(2, (0.0, 90.0, 180.0, 270.0), 5, [*header, *first, *numbered], (0, 0, 27, 27), "pdf:p2(0,0,27,27)")


def test_the_rest_of_a_label_has_no_blank_figures() -> None:
    cut = without_rest(piece(row(1, "政执法案卷", "", "")))
    assert [part.text for part in cut.parts if part.top == 1] == ["政执法案卷"]


def test_a_row_with_a_number_or_a_figure_is_whole() -> None:
    for first in (row(1, "7.属于行政执法案卷", "", ""), row(1, "政执法案卷", "0", "")):
        assert without_rest(piece(first)) == piece(first)


def parts_of(page: int, *lines: list[Part]) -> Piece:
    parts = [part for line in lines for part in line]
    return Piece(page, (0.0, 90.0, 180.0, 270.0), len(lines), parts, (0, 0, 27, 27), f"pdf:p{page}(0,0,27,27)")


def grid(whole: Piece) -> list[list[str]]:
    return [[part.text for part in whole.parts if part.top == line] for line in range(whole.rows)]


def test_rows_with_the_same_unit_are_two_though_the_first_has_no_figure() -> None:
    above = [replace(part, full=True, open_bottom=True) for part in row(1, "行政复议数", "件", "")]
    whole = join(parts_of(2, row(0, "指标", "单位", "数量"), above), parts_of(3, row(0, "行政诉讼数", "件", "26025")))
    assert whole is not None
    assert grid(whole)[1:] == [["行政复议数", "件", ""], ["行政诉讼数", "件", "26025"]]


def test_a_blank_under_a_header_is_no_part_of_it_though_a_figure_beside_has_its_unit() -> None:
    head = row(0, "信息内容", "上一年项目数量", "处理决定数量")
    whole = join(parts_of(2, head), parts_of(3, row(0, "行政许可", "", "72008件")))
    assert whole is not None
    assert grid(whole)[1] == ["行政许可", "", "72008件"]


def test_labels_cut_in_halves_are_whole_though_a_blank_rest_of_their_row_stands_between() -> None:
    above = parts_of(2, row(0, "结果", "其他", "尚未"), row(1, "", "", ""))
    whole = join(above, parts_of(3, row(0, "维持", "结果", "审结"), row(1, "1", "2", "3")))
    assert whole is not None
    assert ["".join(text.split()) for text in grid(whole)[0]] == ["结果维持", "其他结果", "尚未审结"]
    assert grid(whole)[-1] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("label", "rest", "unit", "one"),
    [
        ("其中：", "主动公开规范性文件数", "条", True),
        ("（二）申请", "办结数", "件", True),
        ("（二）申请办结数", "申请公开的其他数", "", False),
    ],
    ids=["announced", "without its unit", "no units"],
)
def test_a_label_cut_by_the_break_though_lines_close_the_row(label: str, rest: str, unit: str, one: bool) -> None:
    units = ["单位", "件", "件"] if unit else ["", "", ""]
    above = parts_of(2, row(0, "指标", units[0], "数量"), row(1, "行政复议数", units[1], "4"), row(2, label, unit, "0"))
    below = parts_of(3, row(0, rest, "", ""), row(1, "行政诉讼数", units[2], "7"), row(2, "举报数", units[2], "8"))
    whole = join(above, below)
    assert whole is not None
    rows = [line for line in grid(whole) if line][2:-2]
    assert rows == ([[label + rest, unit, "0"]] if one else [[label, unit, "0"], [rest, "", ""]])


OPEN = parts_of(2, [replace(part, open_bottom=True) for part in row(0, "（勾稽关系）", "法人", "总计")])


def test_cells_of_a_header_that_go_on_without_their_sides_are_parted() -> None:
    first, wide, _ = row(0, "", "商业", "")
    words = (Line(95, 5, 119, 17, 15, 12, "商业"),)
    head = [replace(first, open_top=True), replace(wide, right=3, lines=words)]
    below = parts_of(3, head, row(1, "一、本年新收", "3", "74"))
    whole = join(OPEN, below)
    assert whole is not None
    assert {(part.text, part.left, part.right, part.bottom) for part in whole.parts if part.top < 2} == {
        ("（勾稽关系）", 0, 1, 2),
        ("法人", 1, 2, 1),
        ("商业", 1, 2, 2),
        ("总计", 2, 3, 1),
        ("", 2, 3, 2),
    }


def test_a_label_over_two_columns_beside_figures_stays_whole() -> None:
    label, _, figure = row(0, "（六）其他处理", "", "4")
    whole = join(OPEN, parts_of(3, [replace(label, right=2), figure], row(1, "一、本年新收", "3", "74")))
    assert whole is not None
    assert ("（六）其他处理", 0, 2) in {(part.text, part.left, part.right) for part in whole.parts}


@pytest.mark.parametrize("figures", [("", ""), ("6", "")])
def test_a_label_without_the_number_of_all_others_is_the_rest_of_the_one_above(figures: tuple[str, str]) -> None:
    lines = ("1.属于国家秘密", "2.属于行政查询", "3.补正后申请")
    above = [row(at, line, "2", "0") for at, line in enumerate(lines)]
    above[-1] = [replace(part, full=True) for part in above[-1]]
    below = parts_of(3, row(0, "内容仍不明确", *figures), row(1, "4.重复申请", "1", "0"), row(2, "5.其他", "1", "0"))
    whole = join(parts_of(2, *above), below)
    assert whole is not None
    assert [line[0].replace("\n", "") for line in grid(whole)[2:] if line] == [
        "3.补正后申请内容仍不明确",
        "4.重复申请",
        "5.其他",
    ]
    assert grid(whole)[2][1:] == ["2\n6" if figures[0] else "2", "0"]


def test_labels_of_which_some_have_no_number_are_lines_of_their_own() -> None:
    lines = ("其中:1.同意公开答复数", "2.其他类型答复数")
    below = parts_of(3, row(0, "行政复议数", "", ""), row(1, "行政诉讼数", "", ""), row(2, "收取的费用", "", ""))
    whole = join(parts_of(2, *(row(at, line, "2", "0") for at, line in enumerate(lines))), below)
    assert whole is not None
    assert [line[0] for line in grid(whole)] == [*lines, "行政复议数", "行政诉讼数", "收取的费用"]
