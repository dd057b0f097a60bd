"""Markdown with tables in HTML: lines and cells in their order, each pointing back to where it stood."""

from __future__ import annotations

import pytest

from parsers import readers
from parsers.document import Paragraph, Table
from pipeline.finder import Page

TABLE = '<table border="1"><tr><td colspan="2">第二十条</td></tr>\n<tr><td>规章</td><td>3</td></tr></table>'
FRAME = "<table><tr><td>0</td></tr></table>"
TEXT = f"# 某县2024年报告\n\n## 一、总体情况\n工作**有序**。\n\n{TABLE}\n\n## 二、其他\n{FRAME}\n完"


def said(text: str) -> list[str | list[str]]:
    blocks = readers.read(text.encode()).blocks
    found = [[c.text for c in b.cells] if isinstance(b, Table) else b.text for b in blocks]
    return [each for each in found if each]


def test_lines_and_tables_stand_in_their_order() -> None:
    expected = ["某县2024年报告", "一、总体情况", "工作有序。", ["第二十条", "规章", "3"], "二、其他", "0", "完"]
    assert said(TEXT) == expected
    assert readers.read(TEXT.encode()).media_type == "text/plain"


def test_every_piece_is_found_again() -> None:
    page = Page(TEXT)
    for block in readers.read(TEXT.encode()).blocks:
        if isinstance(block, Paragraph):
            assert page.find(block.locator) == block.text
        else:
            assert [page.find(cell.locator) for cell in block.cells] == [cell.text for cell in block.cells]


def test_spans_of_such_a_table_are_kept() -> None:
    table = next(block for block in readers.read(TEXT.encode()).blocks if isinstance(block, Table))
    assert (table.cells[0].colspan, table.columns) == (2, 2)


def test_frames_in_lines_of_their_own_are_no_text() -> None:
    assert said(f'<div class="main">\n\n# 报告\n\n</div>\n{TABLE}') == ["报告", ["第二十条", "规章", "3"]]


def test_a_page_around_each_table_is_none_of_the_text() -> None:
    whole = f'<div align="center"><html><body>{TABLE}</body></html></div>'
    assert said(f"# 报告\n{whole}\n## 二、其他\n{whole}") == [
        "报告",
        ["第二十条", "规章", "3"],
        "二、其他",
        ["第二十条", "规章", "3"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<p># 一\n二</p>" + TABLE,
        "<div># 一</div>\n二\n" + TABLE,
        f"<html><body>\n# 一\n二\n{TABLE}</body></html>",
        "一、总体情况\n工作有序。\n" + TABLE,
    ],
)
def test_pages_and_text_without_marks_are_no_markdown(text: str) -> None:
    assert readers.read(text.encode()).media_type == "text/html"


def test_a_table_that_is_not_closed_ends_the_text() -> None:
    assert said("# 报告\n<table><tr><td>规章</td><td>3") == ["报告", ["规章", "3"]]
