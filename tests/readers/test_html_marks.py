"""Digits that may be the mark of a note, and cells that show something without text."""

from __future__ import annotations

import pytest

from parsers.document import Cell, Table
from parsers.readers import html
from parsers.recognition import UNREADABLE


def value(inner: str, head: str = "") -> tuple[Cell, list[str]]:
    """The last cell of a small table, and the codes of what is said of the page."""
    document = html.read(f"{head}<table><tr><td>指标<td>数量</tr><tr><td>件数</td><td>{inner}</td></tr></table>")
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return table.cells[-1], [issue.code for issue in document.issues]


@pytest.mark.parametrize(
    "inner",
    [
        "15<small>2</small>",
        "15<font size=1>2</font>",
        "<font size=4>15</font><font size=2>2</font>",
        "<span style='font-size:14pt'>15</span><span style='font-size:9pt'>2</span>",
        "<p>15<span style='font-size:60%'>2</span></p>",
        "15<span style='position:relative;top:-4px'>2</span>",
        "15<span style='vertical-align:4px'>2</span>",
        "15<span style='mso-text-raise:4.0pt'>2</span>&nbsp;",
    ],
)
def test_smaller_or_higher_digits_behind_a_figure_leave_two_readings(inner: str) -> None:
    cell, _ = value(inner)
    assert [text.strip() for text in cell.readings] == ["152", "15"]


@pytest.mark.parametrize(
    "inner",
    [
        "<small>152</small>",
        "<span style='font-size:14px'>15</span><span style='font-size:14px'>2</span>",
        "<span style='font-size:9pt'>15</span><span style='font-size:14pt'>2</span>",
        "<span style='position:relative;top:-1px'>152</span>",
        "15<font size=3>2</font>",
    ],
)
def test_digits_of_one_size_are_one_figure(inner: str) -> None:
    cell, _ = value(inner)
    assert (cell.text, cell.readings) == ("152", ())


@pytest.mark.parametrize("inner", ["15<a href='#_ftn1'>2</a>", "15<span class=fn>2</span>"])
def test_marks_that_the_page_names_are_left_out(inner: str) -> None:
    cell, said = value(inner, "<style>.fn{vertical-align:super}</style>")
    assert cell.text == "15"
    assert "note_mark_dropped" in said


@pytest.mark.parametrize(
    "inner",
    [
        "<img src=image001.png>",
        "<p><img src=a.gif alt=31 width=40></p>",
        "<object data=a.swf></object>",
        "<canvas></canvas>",
        "<svg><text>31</text></svg>",
        "<script>document.write(31)</script>",
        "<!--[if gte vml 1]><v:shape><v:textbox>31</v:textbox></v:shape><![endif]-->",
    ],
)
def test_a_cell_that_shows_something_else_than_text_is_not_blank(inner: str) -> None:
    cell, said = value(inner)
    assert cell.text == UNREADABLE
    assert said == ["ink_without_text"]


@pytest.mark.parametrize(
    "inner",
    [
        "<img src=/i/spacer.gif>",
        "<img src=a.png width=1>",
        "<img src=a.png style='display:none'>",
        "<!--[if mso]>&nbsp;<![endif]-->",
    ],
)
def test_what_shows_nothing_leaves_a_cell_blank(inner: str) -> None:
    cell, said = value(inner)
    assert (cell.text, said) == ("", [])


def test_a_picture_beside_text_is_nothing() -> None:
    assert value("<img src=a.png>31")[0].text == "31"


def test_empty_elements_that_styles_make_figures_of_leave_no_cell_blank() -> None:
    cells = [f"<td>{sign}</td>" for sign in ("<i class='n1'></i>", "<i class='n0'></i><i class='n2'></i>", "")]
    (table,) = html.read(f"<table><tr><td>甲</td>{''.join(cells)}</tr></table>").blocks
    assert [cell.text for cell in table.cells] == ["甲", UNREADABLE, UNREADABLE, ""]
    icons = "<td><i class='icon-1'></i></td><td><i class='icon-1'></i></td>"
    (table,) = html.read(f"<table><tr><td>甲</td>{icons}</tr></table>").blocks
    assert [cell.text for cell in table.cells] == ["甲", "", ""]


def test_figures_that_empty_elements_keep_for_a_script_leave_no_cell_blank() -> None:
    def texts(*figures: str) -> list[str]:
        cells = "".join(f"<td><span data-v='{one}'></span></td>" for one in figures)
        (table,) = html.read(f"<table><tr><td>甲</td>{cells}<td></td></tr></table>").blocks
        return [cell.text for cell in table.cells][1:]

    assert texts("57", "6", "0") == [UNREADABLE] * 3 + [""]
    assert texts("1", "2", "3", "4") == [""] * 5
    assert texts("57", "57", "57") == [""] * 4
