"""Tables drawn with characters in a fixed font: spans over rows and columns, cells of several lines, places."""

from __future__ import annotations

import pytest

from parsers.document import Cell, Paragraph, Table
from parsers.readers.plain import read
from pipeline.finder import Page

BOX = """\
┌────────┬─────────────┐
│        │法人         │
│勾稽关系├──────┬──────┤
│        │商业企│ 其他 │
│        │业    │      │
├────────┼──────┼──────┤
│新收    │  36  │ 1259 │
├────────┼──────┴──────┤
│规章    │22           │
│        │（其中修订16 │
│        │件）         │
└────────┴─────────────┘
"""

GRID = """\
+------+-----+-----+
| 内容 | 制  | 数  |
|      | 发  |     |
+======+=====+=====+
| 规章 |     | 3   |
|      +-----+-----+
|      | 5         |
+------+-----------+
"""


def cells(text: str) -> list[tuple[int, int, int, int, str]]:
    (table,) = [block for block in read(text).blocks if isinstance(block, Table)]
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in table.cells]


def test_cells_are_what_lines_close_in() -> None:
    assert cells(BOX) == [
        (0, 0, 2, 1, "勾稽关系"),
        (0, 1, 1, 2, "法人"),
        (1, 1, 1, 1, "商业企业"),
        (1, 2, 1, 1, "其他"),
        (2, 0, 1, 1, "新收"),
        (2, 1, 1, 1, "36"),
        (2, 2, 1, 1, "1259"),
        (3, 0, 1, 1, "规章"),
        (3, 1, 1, 2, "22（其中修订16件）"),
    ]


def test_a_grid_of_plus_and_minus_signs() -> None:
    assert cells(GRID) == [
        (0, 0, 1, 1, "内容"),
        (0, 1, 1, 1, "制发"),
        (0, 2, 1, 1, "数"),
        (1, 0, 2, 1, "规章"),
        (1, 1, 1, 1, ""),
        (1, 2, 1, 1, "3"),
        (2, 1, 1, 2, "5"),
    ]


def test_the_sign_of_a_figure_is_no_crossing() -> None:
    text = BOX.replace("│  36  │", "│ +36  │").replace("│ 1259 │", "│-1259 │")
    signed = {"36": "+36", "1259": "-1259"}
    assert cells(text) == [(*place, signed.get(said, said)) for *place, said in cells(BOX)]
    assert (0, 1, 1, 1, "+36") in cells("+----+-----+\n| a  | +36 |\n+----+-----+\n| b  |  2  |\n+----+-----+\n")


def test_figures_below_each_other_stay_apart() -> None:
    line = "+------+----+\n"
    text = f"{line}| 规章 | 3  |\n|      | 57 |\n{line}| 许可 | 7  |\n{line}"
    assert "3\n57" in [cell[-1] for cell in cells(text)]


def test_frames_as_wide_as_two_letters() -> None:
    text = "┌──┬──┐\n│规章│ 36 │\n├──┼──┤\n│许可│  7 │\n└──┴──┘\n"
    assert [cell[-1] for cell in cells(text)] == ["规章", "36", "许可", "7"]


@pytest.mark.parametrize("text", [BOX, GRID])
def test_every_cell_is_found_again_over_its_lines(text: str) -> None:
    page = Page("一、概述\n" + text)
    (table,) = [block for block in read("一、概述\n" + text).blocks if isinstance(block, Table)]

    def plain(cell: Cell) -> str:
        return cell.text.replace("\n", "")

    assert [page.find(cell.locator) for cell in table.cells] == [plain(cell) for cell in table.cells]


@pytest.mark.parametrize(
    "text",
    [
        "| 规章 | 3 |\n|---|---|\n| 许可 | 7 |\n",
        "+----+\n| 规章 | 3 |\n+----+\n",
        "│规章│ 36 │\n│许可│  7 │\n",
    ],
)
def test_other_lines_with_bars_are_no_drawing(text: str) -> None:
    found = read(text).blocks
    assert all(isinstance(block, Paragraph) or all(cell.rowspan == 1 for cell in block.cells) for block in found)
    assert any("规章" in (b.text if isinstance(b, Paragraph) else b.cells[0].text) for b in found)
