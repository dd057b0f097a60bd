"""Columns whose header says nothing are told by the columns beside them, and said to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import parse
from parsers.elimination import by_order
from tests.forge.build import forge
from tests.forge.score import flagged, score

ORDER = [(line, breakdown) for line in (3, 4, 5) for breakdown in ("upheld", "other", "total")]
SEED = 101


@given(st.sets(st.integers(0, 8), min_size=2), st.data())
def test_a_gap_is_filled_where_as_many_of_the_form_are_left_and_never_otherwise(kept, data):
    extra = data.draw(st.integers(0, 2))
    gap = data.draw(st.integers(0, 8))
    named = [place if at in kept else None for at, place in enumerate(ORDER)]
    assert by_order(named, ORDER) == ORDER
    wider = [*named[:gap], *[None] * extra, *named[gap:]]
    for one, given_name in zip(by_order(wider, ORDER), wider, strict=True):
        assert given_name is None or one == given_name
    if extra and (gap in kept or gap - 1 in kept or gap in (0, 9)):
        assert None in by_order(wider, ORDER)


def test_what_is_told_of_a_column_must_agree():
    assert by_order(["upheld", "other", "total", *ORDER[3:]], ORDER) == ORDER
    assert by_order(["other", "upheld", "total", *ORDER[3:]], ORDER)[:3] == [None, None, None]
    assert by_order([None, ORDER[1], None], ORDER[:3]) == [None, ORDER[1], None]


@pytest.mark.parametrize("label", ["总计", "自然人", "行政复议", "未经复议直接起诉"])
@pytest.mark.parametrize("instead", ["", "\ufffd", "M口I"])
def test_a_header_that_cannot_be_read_loses_no_column(label, instead):
    page = forge(SEED, "national_2021", 0.0)
    text = page.content.decode()
    at = text.rindex("<table")
    where = text.index(f">{label}<", at if label in text[at:] else text.index("社会公益组织") - 2000)
    parsed = parse(f"{text[: where + 1]}{instead}{text[where + 1 + len(label) :]}".encode(), source="page.html")
    found = score(page.truth, parsed.observations, flagged(parsed.observations, parsed.issues, parsed.checks))
    assert found.perfect
    assert "header_missing" in {issue.code for issue in parsed.issues}
