"""What was recognised becomes a document: figures that are not sure are told from those that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from scans.making import OF_2021, SAMPLES, Key

from parsers import Bundle, annex, parse, readers
from parsers.document import Table
from parsers.errors import NeedsOcrError
from parsers.recognition import UNREADABLE, Recognition, Stroke, Word

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
WIDE, HIGH, EM = 90.0, 60.0, 20.0

Readings = tuple[tuple[str, ...], float]


class Recorded:
    """A recogniser that says what was recorded."""

    def __init__(self, *pages: Recognition) -> None:
        self.recorded = pages

    def pages(self, content: bytes, media_type: str, numbers: Sequence[int] = ()) -> Sequence[Recognition]:
        return [page for page in self.recorded if not numbers or page.number in numbers]


def requests_table() -> Table:
    tables = [
        block
        for block in readers.read((SAMPLES / OF_2021).read_bytes()).blocks
        if isinstance(block, Table) and "本年新收" in "".join(cell.text for cell in block.cells)
    ]
    return max(tables, key=lambda table: table.rows)


def recorded(table: Table, changes: Mapping[str, Readings] | None = None) -> Recognition:
    """A table as it would be recognised; `changes` are readings and confidence of cells by their locators."""
    words, across, down = [], set(), set()
    for cell in table.cells:
        x0, y0 = 50 + cell.column * WIDE, 50 + cell.row * HIGH
        x1, y1 = x0 + cell.colspan * WIDE, y0 + cell.rowspan * HIGH
        across |= {Stroke(y0, x0, x1), Stroke(y1, x0, x1)}
        down |= {Stroke(x0, y0, y1), Stroke(x1, y0, y1)}
        texts, sure = (changes or {}).get(cell.locator, ((cell.text.replace("\n", ""),), 0.99))
        if any(texts):
            middle = (y0 + y1) / 2
            words.append(Word(x0 + 5, middle - EM / 2, x1 - 5, middle + EM / 2, texts, sure))
    width, height = 100 + table.columns * WIDE, 100 + table.rows * HIGH
    return Recognition(1, width, height, EM, tuple(words), tuple(across), tuple(down))


def observed(page: Recognition) -> dict[Key, object]:
    document = readers.read(PNG, recogniser=Recorded(page))
    return {(o.indicator, o.breakdown): o for o in annex.read(document.blocks).observations}


@pytest.fixture(scope="module")
def table() -> Table:
    return requests_table()


@pytest.fixture(scope="module")
def truth(table):
    return {(o.indicator, o.breakdown): o for o in annex.read([table]).observations}


def test_what_is_agreed_is_read_as_printed(table, truth):
    found = observed(recorded(table))
    assert {key: (o.status, o.value) for key, o in found.items()} == {
        key: (o.status, o.value) for key, o in truth.items()
    }
    assert {o.confidence for o in found.values()} == {0.99}
    assert all(o.locator.startswith("image:p1(") for o in found.values())


def test_a_sum_decides_between_readings(table, truth):
    key = next(key for key in truth if key[1] == "natural_person" and truth[key].value)
    right = truth[key].raw
    found = observed(recorded(table, {truth[key].locator: ((right[:-1] + "6", right), 0.9)}))[key]
    assert (found.status, found.value, found.repair) == ("reported", Decimal(right), "ocr_reading")


def test_readings_that_no_sum_confirms_are_no_value(table, truth):
    for key, cell in truth.items():
        if key[1] != "natural_person":
            continue
        found = observed(recorded(table, {cell.locator: (("71", "77"), 0.9)}))[key]
        assert (found.status, found.value) == ("unreadable", None), key


def test_a_faint_figure_stands_only_with_a_sum(table, truth):
    key = next(key for key in truth if key[1] == "total" and truth[key].value)
    right = truth[key].raw
    confirmed = observed(recorded(table, {truth[key].locator: ((right,), 0.4)}))[key]
    assert (confirmed.status, confirmed.value) == ("reported", Decimal(right))
    refuted = observed(recorded(table, {truth[key].locator: ((right + "3",), 0.4)}))[key]
    assert (refuted.status, refuted.value) == ("unreadable", None)


def test_ink_that_says_nothing_is_no_blank(table, truth):
    key = next(key for key in truth if truth[key].value)
    found = observed(recorded(table, {truth[key].locator: ((UNREADABLE,), 0.0)}))[key]
    assert (found.status, found.value) == ("unreadable", None)
    blank = observed(recorded(table, {truth[key].locator: (("",), 0.99)}))[key]
    assert (blank.status, blank.value) == ("blank", None)


def test_a_figure_that_stands_in_two_cells_is_of_neither(table, truth):
    key = next(key for key in truth if truth[key].value and key[1] == "natural_person")
    other = (key[0], "business")
    cell = next(cell for cell in table.cells if cell.locator == truth[key].locator)
    page = recorded(table, {truth[key].locator: (("",), 0.99), truth[other].locator: (("",), 0.99)})
    edge, middle = 50 + (cell.column + 1) * WIDE, 50 + (cell.row + 0.5) * HIGH
    over = Word(edge - 30, middle - EM / 2, edge + 20, middle + EM / 2, ("41",), 0.99)
    found = observed(replace(page, words=(*page.words, over)))
    assert [(found[one].status, found[one].value) for one in (key, other)] == [("unreadable", None)] * 2


def test_a_place_leads_back_to_the_page_as_displayed(table):
    upright = recorded(table)
    where = "".join(table.cells[0].text.split())

    def place(page: Recognition) -> list[float]:
        document = readers.read(PNG, recogniser=Recorded(page))
        cell = next(c for b in document.blocks if isinstance(b, Table) for c in b.cells if c.text == where)
        return [float(value) for value in cell.locator.partition("(")[2].rstrip(")").split(",")]

    x0, y0, x1, y1 = place(upright)
    assert (x0, y0) == pytest.approx((50, 50), abs=0.2)
    head = place(replace(upright, turn=2))
    assert head == pytest.approx([upright.width - x1, upright.height - y1, upright.width - x0, upright.height - y0])
    side = place(replace(upright, turn=1))
    assert side == pytest.approx([upright.height - y1, x0, upright.height - y0, x1])
    half = place(replace(upright, unit=0.5))
    assert half == pytest.approx([x0 / 2, y0 / 2, x1 / 2, y1 / 2], abs=0.1)
    leaning = place(replace(upright, skew=1.0))
    assert leaning[1] < y0
    assert leaning[0] > x0


def test_without_a_recogniser_a_picture_is_an_error_that_says_so():
    with pytest.raises(NeedsOcrError, match="needs ocr"):
        parse(Bundle(PNG, "page.png"))
