"""Cells of Word tables with the columns that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from parsers.readers.merging import Stored, clustered, nearest
from parsers.readers.word_elements import child, get, integer, on

NEAR = 60
"""Edges of columns nearer than this, in twentieths of a point, are one."""


def stored(layout: Sequence[Sequence[tuple[Any, str, str]]], rows: Sequence[Any]) -> list[list[Stored]]:
    """Cells with their columns: by their spans, or by their widths where the rows' spans end differently."""
    by_span = [list(_by_span(cells, row)) for cells, row in zip(layout, rows, strict=True)]
    if len({cells[-1].end for cells in by_span if cells}) <= 1:
        return by_span
    by_width = _by_width(layout, rows)
    return by_width if by_width is not None else by_span


def span(cell: Any) -> int:
    """How many columns a cell says that it goes over."""
    return min(1000, max(1, integer(get(child(child(cell, "tcPr"), "gridSpan"), "val"), 1)))


def _by_span(cells: Iterable[tuple[Any, str, str]], row: Any) -> Iterator[Stored]:
    marks = child(row, "trPr")
    column = max(0, integer(get(child(marks, "gridBefore"), "val"), 0))
    header = bool(on(child(marks, "tblHeader")))
    goes_on_beside: Stored | None = None
    for cell, text, locator in cells:
        properties = child(cell, "tcPr")
        end = column + span(cell)
        merge = child(properties, "vMerge")
        goes_on = merge is not None and get(merge, "val", "continue") == "continue"
        across = child(properties, "hMerge")
        beside = get(across, "val", "continue") if across is not None else ""
        if beside == "continue" and goes_on_beside is not None:
            goes_on_beside = Stored(
                goes_on_beside.start, end, goes_on_beside.text, goes_on_beside.locator,
                goes_on_beside.goes_on, header,
            )  # fmt: skip
        else:
            if goes_on_beside is not None:
                yield goes_on_beside
            goes_on_beside = Stored(column, end, text, locator, goes_on, header)
        column = end
    if goes_on_beside is not None:
        yield goes_on_beside


def _by_width(layout: Sequence[Sequence[tuple[Any, str, str]]], rows: Sequence[Any]) -> list[list[Stored]] | None:
    """Cells by the widths stored with them, None when these do not make rows of one width."""
    edges: list[list[int]] = []
    for cells, row in zip(layout, rows, strict=True):
        at = integer(get(child(child(row, "trPr"), "wBefore"), "w"), 0)
        own = [at]
        for cell, _, _ in cells:
            width = child(child(cell, "tcPr"), "tcW")
            if width is None or get(width, "type", "dxa") != "dxa" or integer(get(width, "w"), 0) <= 0:
                return None
            at += integer(get(width, "w"), 0)
            own.append(at)
        edges.append(own)
    ends = [own[-1] for own in edges if len(own) > 1]
    if not ends or max(ends) - min(ends) > 0.04 * max(ends):
        return None
    places = clustered([edge for own in edges for edge in own], NEAR)
    found = []
    for cells, row, own in zip(layout, rows, edges, strict=True):
        columns = [nearest(places, edge) for edge in own]
        columns[-1] = max(columns[-1], len(places) - 1) if len(own) > 1 else columns[-1]
        line = []
        for (cell, text, locator), start, end in zip(cells, columns[:-1], columns[1:], strict=True):
            merge = child(child(cell, "tcPr"), "vMerge")
            goes_on = merge is not None and get(merge, "val", "continue") == "continue"
            header = bool(on(child(child(row, "trPr"), "tblHeader")))
            line.append(Stored(start, max(end, start + 1), text, locator, goes_on, header))
        if any(a.start == b.start for a, b in pairwise(line)):
            return None
        found.append(line)
    return found
