"""Layouts that no official form has give the observations of the official one."""

from __future__ import annotations

import pytest

from parsers import parse
from tests.forge import flagged, score
from tests.forge.kinds import LAYOUTS, TEXTS, forged

AS_TEXT = (
    "official", "total_first", "no_totals", "header_again", "cut_apart", "one_table", "spans_written_out",
    "spans_left_empty", "one_label_column", "disputes_in_rows", "remarks", "last_year_beside", "printed_twice",
    "labels_on_both_sides", "compared_below_one_head", "disputes_of_two_years", "empty_columns_behind", "short_labels",
)  # fmt: skip
"""Layouts that are read as well where a row is a line of text, or each cell a block."""

CASES = [(name, form) for name, (forms, _) in LAYOUTS.items() for form in forms]


@pytest.mark.parametrize(("name", "form"), [case for case in CASES if case[0] in AS_TEXT])
@pytest.mark.parametrize("text_of", TEXTS)
def test_every_cell_of_a_table_as_text_is_read(text_of: str, name: str, form: str) -> None:
    content, truth = forged(name, form, AS_TEXT.index(name), text_of)
    seen = parse(content, source="page.html")
    found = score(truth, seen.observations, flagged(seen.observations, seen.issues, seen.checks))
    assert found.perfect, found.faults[:5]


@pytest.mark.parametrize(("name", "form"), CASES)
def test_every_cell_of_a_layout_is_read(name: str, form: str) -> None:
    for seed in range(2):
        content, truth = forged(name, form, seed)
        seen = parse(content, source="page.html")
        assert [report.form for report in seen.reports] == [form]
        found = score(truth, seen.observations, flagged(seen.observations, seen.issues, seen.checks))
        assert found.perfect, (seed, found.faults[:5])
        known = {(indicator, breakdown) for indicator, breakdown, _ in truth["cells"]}
        assert [o for o in seen.observations if (o.indicator, o.breakdown) not in known and o.value is not None] == []


def test_a_turned_table_keeps_its_places_in_the_ledger() -> None:
    content, _ = forged("disputes_down", "national_2021", 0)
    seen = parse(content, source="page.html")
    cells = {cell.locator.split("[")[0]: cell for cell in seen.cells}
    down = [o for o in seen.observations if o.indicator == "reviews"]
    places = [(cells[o.locator.split("[")[0]].row, cells[o.locator.split("[")[0]].column) for o in down]
    assert sorted(places) == [(row, 4) for row in range(1, 6)]
