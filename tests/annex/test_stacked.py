"""A table that an editor saved as one table a row is read as the table that it was."""

from __future__ import annotations

import re

import pytest

from parsers import parse
from parsers.document import Cell, Paragraph, Table
from parsers.stacked import stacked
from tests.forge.build import forge


@pytest.mark.parametrize("form", ["short_annex", "national_2014", "national_2021"])
def test_rows_as_tables_give_the_figures_of_the_table(form: str) -> None:
    text = forge(81, form, 0.0).content.decode("utf-8")
    cut = "</td></tr></table>\n<table border=1><tr"
    rows = re.sub(r"<tr\b", cut, re.sub(r"</?t(?:body|head)[^>]*>", "", text), flags=re.IGNORECASE)
    assert rows.count("<table") > 20
    apart, whole = (parse(page.encode(), source="x.html").observations for page in (rows, text))
    assert (
        {(o.indicator, o.breakdown): o.value for o in apart}
        == {(o.indicator, o.breakdown): o.value for o in whole}
        != {}
    )


def row(number: int, *texts: str) -> Table:
    cells = tuple(Cell(0, at, 1, 1, text, f"html:td#{number + at}[0:1]") for at, text in enumerate(texts))
    return Table(cells, (tuple(range(len(texts))),), f"html:table#{number}")


def test_rows_keep_their_cells_and_places() -> None:
    blank = Paragraph("", "html:p#1[0:0]")
    (one,) = stacked([row(1, "1", "甲"), blank, row(3, "2", "乙", "丙"), row(6, "3")])
    assert isinstance(one, Table)
    assert [(cell.row, cell.column, cell.text, cell.locator) for cell in one.cells] == [
        (0, 0, "1", "html:td#1[0:1]"),
        (0, 1, "甲", "html:td#2[0:1]"),
        (1, 0, "2", "html:td#3[0:1]"),
        (1, 1, "乙", "html:td#4[0:1]"),
        (1, 2, "丙", "html:td#5[0:1]"),
        (2, 0, "3", "html:td#6[0:1]"),
    ]
    assert one.grid == ((0, 1, -1), (2, 3, 4), (5, -1, -1))


def test_text_between_keeps_tables_apart() -> None:
    blocks = [row(1, "1", "甲"), Paragraph("乙", "html:p#1[0:1]"), row(3, "2", "乙"), Paragraph("", "html:p#2[0:0]")]
    assert list(stacked(blocks)) == blocks
