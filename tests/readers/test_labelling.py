"""Labels of several lines beside figures: which belong together where no line parts rows."""

from __future__ import annotations

import pytest

from parsers.readers.labelling import assign, cut_labels, spans

SIZE = 10.0


def test_each_line_with_figures_beside_it_is_a_row():
    given = assign([0, 20, 40], [0, 20, 40], SIZE, begins=False)
    assert given.sure
    assert given.groups == ((0, 1, 0), (1, 2, 1), (2, 3, 2))


@pytest.mark.parametrize(("mode", "anchors"), [("middle", [0, 26, 58]), ("top", [0, 20, 46]), ("bottom", [0, 32, 70])])
def test_labels_of_one_two_and_three_lines(mode, anchors):
    given = assign([0, 20, 32, 46, 58, 70], anchors, SIZE, begins=False)
    assert (given.mode, given.sure) == (mode, True)
    assert given.groups == ((0, 1, 0), (1, 3, 1), (3, 6, 2))


def test_a_heading_without_figures_is_a_row_of_its_own():
    given = assign([0, 20, 40], [20, 40], SIZE, begins=False)
    assert given.sure
    assert given.groups == ((0, 1, -1), (1, 2, 0), (2, 3, 1))


def test_the_rest_of_a_label_on_the_page_before_is_no_row_without_figures():
    given = assign([0, 12, 32, 44, 64], [0, 38, 64], SIZE, begins=True)
    assert given.groups == ((0, 2, 0), (2, 4, 1), (4, 5, 2))


def test_a_line_that_begins_a_label_is_no_rest_of_the_one_above():
    lines, anchors = [0, 12, 24, 36, 48], [0, 12, 30, 48]
    assert (2, 4, 2) in assign(lines, anchors, SIZE, begins=False).groups
    assert (2, 4, 2) not in assign(lines, anchors, SIZE, begins=False, firsts=(3,)).groups


def test_figures_that_stand_beside_no_label_are_not_certain():
    assert not assign([0, 20, 40, 60, 80], [0, 29, 49, 69, 80], SIZE, begins=False).sure


def test_labels_over_several_rows_have_those_in_whose_middle_they_stand():
    rows = [0, 20, 40, 60, 80, 100]
    assert spans([20, 80], [15, 75], rows, "middle") == [(0, 3), (3, 6)]
    assert spans([10, 70], [0, 40], rows, "top") == [(0, 2), (2, 6)]
    assert spans([50, 55], [45, 50], rows, "middle") == []


def test_labels_of_a_column_are_cut_by_numbers_and_gaps():
    texts = ["（三）不予", "公开", "（四）无法", "提供", "其他"]
    assert cut_labels(texts, [0, 12, 24, 36, 90], [10] * 5) == [(0, 2), (2, 4), (4, 5)]


def test_a_label_at_the_head_of_a_page_is_not_the_rest_of_the_one_that_a_page_break_cuts():
    lines, anchors = [0, 15, 30, 45, 62, 77, 92, 107], [7.5, 30, 99.5]
    given = assign(lines, anchors, SIZE, begins=False, pages=([1] * 4 + [2] * 4, [1, 1, 2]))
    assert given.sure
    assert given.groups == ((0, 2, 0), (2, 6, 1), (6, 8, 2))


def test_lines_between_two_that_begin_with_numbers_are_of_the_first_of_these():
    given = assign([0, 12, 24, 36, 48, 60, 72], [0, 54], SIZE, begins=False, firsts=(1, 3, 6))
    assert given.sure
    assert given.groups == ((0, 1, 0), (1, 3, -1), (3, 6, 1), (6, 7, -1))
