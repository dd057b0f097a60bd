"""Digits that a page shows and its text layer leaves out are told from blanks between figures."""

from __future__ import annotations

from types import SimpleNamespace

import pypdfium2.raw as pdfium
import pytest

from parsers.readers import lost
from parsers.readers.lettering import Run
from parsers.readers.sheets import Glyph, Page

PITCH = 5.0


def page(places: list[int]) -> tuple[Page, list[Run]]:
    """A line of digits of one run, each so many pitches from the left."""
    made = Page(1, 500.0, 500.0)
    made.glyphs += [Glyph("1", at * PITCH, 90.0, at * PITCH + PITCH, 100.0, 100.0, 10.0, 0, False) for at in places]
    return made, [Run(1, 0, False, 0.0)] * len(places)


@pytest.mark.parametrize(
    ("places", "blanks", "unknown"),
    [
        ([1, 2, 3, 5, 6], [], [20.0]),
        ([1, 2, 3, 5, 6], [20.0], []),
        ([1, 2, 3, 6, 7], [20.0], []),
        ([1, 2, 3, 5, 6], [35.0], [20.0]),
        ([1, 2, 3, 4, 5], [], []),
    ],
)
def test_a_place_between_digits_is_a_lost_one_where_no_blank_stands(places, blanks, unknown):
    made, runs = page(places)
    made.blanks += [(x, 100.0) for x in blanks]
    found = lost.beside_figures(pdfium, made, runs, SimpleNamespace(texts={}, to_page=None))
    assert [(glyph.text, glyph.x0) for glyph in found] == [("\ufffd", x) for x in unknown]
