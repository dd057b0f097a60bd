"""Pages as one scroll."""

from __future__ import annotations

from parsers.readers.labelling import in_bands
from parsers.readers.scroll import Scroll
from parsers.readers.sheets import Page, Ruling
from parsers.readers.typesetting import Line


def line(page: int, base: float) -> Line:
    return Line(60, base - 8, 100, base + 2, base, 10, "words", page=page)


def test_lines_at_the_edges_of_pages_stand_between_the_last_words_of_one_and_the_first_of_the_next():
    scroll = Scroll()
    for number in (1, 2):
        scroll.add(Page(number, 595, 842), [line(number, 100), line(number, 700)])
    drawn = {1: [Ruling(400, 50, 500), Ruling(790, 50, 500)], 2: [Ruling(40, 50, 500), Ruling(400, 50, 500)]}
    heights = [own.at for own in scroll.floors(drawn)]
    bases = [own.base for own in scroll.lines]
    assert bases[0] < heights[0] < bases[1] <= heights[1] < bases[2]
    assert bases[1] <= heights[2] < bases[2] < heights[3] < bases[3]


def test_the_rest_of_a_label_behind_a_page_break_may_have_its_figures():
    given = in_bands(([0, 1, 2, 3], [0, 2, 3]), [1, 1, 2, 2], {3}, ())
    assert given.groups == ((0, 1, 0), (1, 3, 1), (3, 4, 2))


def test_a_label_of_its_own_behind_a_page_break_is_no_rest():
    given = in_bands(([0, 1, 2, 3], [0, 2, 3]), [1, 1, 2, 2], {2, 3}, ())
    assert given.groups == ((0, 1, 0), (1, 2, -1), (2, 3, 1), (3, 4, 2))
