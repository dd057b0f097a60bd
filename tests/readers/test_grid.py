"""Grids against the standard's own algorithm, and against pandas."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.errors import LimitError
from parsers.readers.grid import colspan_of, lay_out, rowspan_of

spans = st.one_of(st.just(1), st.integers(1, 4))
rows_of_cells = st.lists(st.lists(st.tuples(spans, st.one_of(spans, st.just(0))), max_size=5), min_size=1, max_size=6)


def by_the_standard(rows: list[list[tuple[int, int]]], groups: list[int]) -> list[list[int]]:
    """The table model of the HTML standard, slot by slot; a slot taken twice stays with the first."""
    slots: dict[tuple[int, int], int] = {}
    number = 0
    for y, cells in enumerate(rows):
        end = max(index for index, group in enumerate(groups) if group == groups[y]) + 1
        x = 0
        for colspan, rowspan in cells:
            while (y, x) in slots:
                x += 1
            for row in range(y, min(end, y + rowspan) if rowspan else end):
                for column in range(x, x + colspan):
                    slots.setdefault((row, column), number)
            number += 1
            x += colspan
    width = max((x for _, x in slots), default=-1) + 1
    return [[slots.get((y, x), -1) for x in range(width)] for y in range(len(rows))]


def without_repeats(grid: list[list[int]]) -> list[list[int]]:
    """A grid without the columns in which no cell begins."""
    anchors: dict[int, int] = {}
    for line in grid:
        for x, cell in enumerate(line):
            if cell >= 0:
                anchors[cell] = min(x, anchors.get(cell, x))
    kept = sorted(set(anchors.values()))
    return [[line[x] for x in kept] for line in grid]


@given(rows_of_cells, st.data())
def test_a_grid_is_the_standards(rows: list[list[tuple[int, int]]], data: st.DataObject) -> None:
    groups = sorted(data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows))))
    grid = lay_out(rows, groups)
    assert [list(line) for line in grid.index] == without_repeats(by_the_standard(rows, groups))
    assert len(grid.places) == sum(map(len, rows))
    for row, column, rowspan, colspan in grid.places:
        assert row >= 0 <= column
        assert row + rowspan <= len(rows)
        assert column + colspan <= len(grid.index[0])


@st.composite
def tidy_rows(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    """Rows that tile a rectangle without overlaps or gaps, a cell beginning in each column."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    free = {(y, x) for y in range(height) for x in range(width)}
    rows: list[list[tuple[int, int]]] = []
    for y in range(height):
        row = []
        for x in range(width):
            if (y, x) not in free:
                continue
            colspan = rowspan = 1
            if y:
                while (y, x + colspan) in free and draw(st.integers(0, 3)) == 0:
                    colspan += 1
            while (
                y
                and y + rowspan < height
                and all((y + rowspan, x + n) in free for n in range(colspan))
                and draw(st.integers(0, 3)) == 0
            ):
                rowspan += 1
            free -= {(y + dy, x + dx) for dy in range(rowspan) for dx in range(colspan)}
            row.append((colspan, rowspan))
        rows.append(row)
    return rows


@settings(max_examples=60)
@given(tidy_rows())
def test_a_grid_is_that_of_pandas(rows: list[list[tuple[int, int]]]) -> None:
    names = iter(range(10_000))
    page = "".join(
        "<tr>" + "".join(f"<td colspan={c} rowspan={r}>n{next(names)}</td>" for c, r in row) + "</tr>" for row in rows
    )
    (frame,) = pd.read_html(io.StringIO(f"<table>{page}</table>"), flavor="lxml", header=None)
    expected = [[int(str(value)[1:]) for value in line] for line in frame.to_numpy().tolist()]
    assert [list(line) for line in lay_out(rows, [0] * len(rows)).index] == expected


@pytest.mark.parametrize(
    ("text", "colspan", "rowspan"),
    [
        ("3", 3, 3),
        (" 3px", 3, 3),
        ("+2", 2, 2),
        ("0", 1, 0),
        ("-1", 1, 1),
        ("", 1, 1),
        ("x", 1, 1),
        ("３", 1, 1),
        ("1.9", 1, 1),
        ("1000000", 1000, 65534),
        ("9" * 5000, 1000, 65534),
    ],
)
def test_span_attributes_are_read_as_the_standard_says(text: str, colspan: int, rowspan: int) -> None:
    assert (colspan_of(text), rowspan_of(text)) == (colspan, rowspan)


def test_wide_spans_make_no_columns_of_their_own() -> None:
    grid = lay_out([[(1000, 1)], [(1, 1), (1, 1)]], [0, 0])
    assert grid.index == ((0, 0), (1, 2))
    assert grid.places[0] == (0, 0, 1, 2)


def test_empty_rows_stay() -> None:
    assert lay_out([[(1, 1)], [], [(1, 1)]], [0, 0, 0]).index == ((0,), (-1,), (1,))
    assert lay_out([], []).index == ()
    assert lay_out([[]], [0]).index == ((),)


def test_a_grid_has_bounds() -> None:
    with pytest.raises(LimitError, match="larger than"):
        lay_out([[(1, 1)] * 2000] + [[(1, 1)]] * 2000, [0] * 2001)
