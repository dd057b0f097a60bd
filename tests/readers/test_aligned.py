"""Text whose columns stand below each other: where rows leave cells blank, their places tell the columns."""

from __future__ import annotations

import unicodedata

from annex.tables import SHORT, short, values

from parsers import annex
from parsers.document import Table
from parsers.readers import html, plain
from tests.locate import find

HEAD = ("指标", "单位", "2018年度", "历年累计")
BLANK = {"2.政府公报公开数": ("", "7"), "行政复议数": ("", ""), "行政诉讼数": ("5", "")}
ROWS = [(label, unit, *BLANK.get(label, figures)) for label, unit, *figures in SHORT]


def padded(text: str, width: int) -> str:
    return text + " " * (width - sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text))


def text_of(rows: list[tuple[str, ...]], below: str = "\n三、存在的问题\n公开不够。") -> str:
    lines = ["".join(padded(cell, 30 if at == 0 else 12) for at, cell in enumerate(row)).rstrip() for row in rows]
    return "二、附表\n" + "\n".join(lines) + below


def test_blank_cells_are_told_by_the_places_of_the_others() -> None:
    text = text_of([HEAD, *ROWS])
    document = plain.read(text)
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.cells] == [cell for row in (HEAD, *ROWS) for cell in row]
    assert all(find(text, cell.locator) == cell.text for cell in table.cells)
    assert values(annex.read(document.blocks)) == values(annex.read(html.read(short(ROWS)).blocks))


def test_empty_lines_and_rules_between_rows_change_nothing() -> None:
    lines = text_of([HEAD, *ROWS]).split("\n")
    spread = "\n".join([*lines[:2], "-----------  -----", *(f"{line}\n" for line in lines[2:])])
    assert values(annex.read(plain.read(spread).blocks)) == values(annex.read(html.read(short(ROWS)).blocks))


def test_without_a_blank_cell_the_order_of_words_says_as_much() -> None:
    assert not [block for block in plain.read(text_of([HEAD, *SHORT])).blocks if isinstance(block, Table)]


def test_figures_that_stand_below_no_column_leave_all_lines_text() -> None:
    text = text_of([HEAD, *ROWS]).replace("7\n", "  7\n", 1)
    assert not [block for block in plain.read(text).blocks if isinstance(block, Table)]


def test_the_heading_behind_a_table_is_none_of_its_rows() -> None:
    document = plain.read(text_of([HEAD, *ROWS, ("收费减免数", "", "", "")]))
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert table.cells[4 * (len(ROWS) + 1)].text == "收费减免数"
    assert "三、存在的问题" not in [cell.text for cell in table.cells]
