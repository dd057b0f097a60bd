"""Tables whose cells have lost their spans are read by the sequence of their cells, and shown as they are printed."""

from __future__ import annotations

import re

import pytest

from parsers import parse
from parsers.document import Table
from parsers.readers import html as reader
from parsers.unrolled import has_ragged_head, is_ragged
from tests.forge.build import forge
from tests.forge.score import flagged, score

FORMS = ("short_annex", "long_annex", "national_2014", "national_2019", "national_2021")


def without(text: str, *names: str) -> str:
    for name in names:
        text = re.sub(rf"\s{name}\s*=\s*[\"']?\d+[\"']?", "", text, flags=re.IGNORECASE)
    return text


def blank_zeros(text: str) -> str:
    return re.sub(r">\s*0\s*<", "><", text)


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("names", [("rowspan",), ("colspan",), ("rowspan", "colspan")])
@pytest.mark.parametrize("form", FORMS)
def test_every_figure_keeps_its_place(form: str, names: tuple[str, ...], blank: bool) -> None:
    for seed in (75, 78):
        made = forge(seed, form, 0.0)
        text = without(made.content.decode("utf-8"), *names)
        truth = dict(made.truth, statuses=None)
        if blank:
            text = blank_zeros(text)
            truth["cells"] = [(line, column, value or None) for line, column, value in truth["cells"]]
        found = parse(text.encode(), source="x.html")
        one = score(truth, found.observations, flagged(found.observations, found.issues, found.checks))
        assert one.faults == []


def test_the_ledger_shows_each_cell_once_where_it_is_printed() -> None:
    text = blank_zeros(without(forge(71, "national_2021", 0.0).content.decode("utf-8"), "colspan"))
    found = parse(text.encode(), source="x.html")
    wanted = {}
    for block in reader.read(text).blocks:
        if isinstance(block, Table):
            wanted |= {cell.locator: (cell.row + 1, cell.column + 1, cell.text) for cell in block.cells}
    shown = {cell.locator: (cell.row, cell.column, cell.raw) for cell in found.cells}
    assert len(shown) == len(found.cells) > 200
    assert shown == {place: wanted[place] for place in shown}
    tables = {place for place, cell in wanted.items() if cell[2].isdigit()}
    assert tables <= shown.keys()
    blanks = [one for one in found.observations if one.status == "blank"]
    assert len({one.locator for one in blanks}) == len(blanks) > 100


def test_a_row_that_lacks_a_cell_is_not_moved() -> None:
    text = forge(71, "national_2021", 0.0).content.decode("utf-8")
    cells = [
        cell
        for cell in re.finditer(r"<td\b(?:(?!</td>).)*</td>", text, re.DOTALL)
        if re.search(r">\s*\d+\s*<", cell[0])
    ]
    cut = text[: cells[-1].start()] + text[cells[-1].end() :]
    found = {(o.indicator, o.breakdown): o.value for o in parse(cut.encode(), source="x.html").observations}
    whole = {(o.indicator, o.breakdown): o.value for o in parse(text.encode(), source="x.html").observations}
    assert {key: value for key, value in found.items() if value is not None} == {
        key: whole[key] for key, value in found.items() if value is not None
    }


@pytest.mark.parametrize(
    ("rows", "ragged", "head"),
    [
        ("<tr><td>甲<td>乙<tr><td>丙<td>1", False, False),
        ("<tr><td>甲<td>乙<tr><td>丙<td>1<td>2", True, True),
        ("<tr><td>甲<td>乙<td>丁<tr><td>丙<td>1", True, False),
        ("<tr><td>甲<tr><td>丙<td>1", True, False),
    ],
)
def test_ragged_rows_and_heads(rows: str, ragged: bool, head: bool) -> None:
    (table,) = reader.read(
        f"<table border=1>{rows}<tr><td>戊<td>3</table>" if not ragged else f"<table border=1>{rows}</table>"
    ).blocks
    assert isinstance(table, Table)
    assert (is_ragged(table), has_ragged_head(table)) == (ragged, head)
