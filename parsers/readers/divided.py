"""Tables made of boxes: rows are boxes that hold nothing but boxes, and these are cells, empty ones too.

Inline elements are boxes where they say so: by the roles of WAI-ARIA 1.2 for tables, or by the styles of CSS 2.2, 17.2.

Styles lay such boxes out as a table, and only they say so; the tree says as much where rows stand below each other
that are alike, with figures in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parsers.characters.numbers import read_cell
from parsers.frozen import frozen
from parsers.readers.flow import Box

ROWS = 3
"""So many rows of several cells at least make a table."""

FIGURES = 3
"""And so many cells that are a figure, or say that there is none; one is a figure."""

_FILLED = frozenset(("reported", "slash", "dash", "none_word"))

LONGEST = 120
"""No cell has more characters."""

MOST = 4000
"""Boxes of a table."""


_PART = r"""role\s*=\s*["']?\s*(?:table|grid|treegrid|rowgroup|row|cell|gridcell|rowheader|columnheader)\b"""
_LAID = r"display\s*:\s*table(?:-row|-cell|-row-group|-header-group)?\b"
_IS_PART = re.compile(f"{_PART}|{_LAID}", re.IGNORECASE)
_INLINE_PART = re.compile(rf"<(span|label|b|i|em|strong|font)\s[^<>]*?(?:{_PART}|{_LAID})".encode())


def elements(folded: bytes) -> frozenset[str]:
    """The inline elements of a page that are parts of tables somewhere in it. `folded` is the source in lower case."""
    if b"table-cell" not in folded and (b"role" not in folded or b"cell" not in folded):
        return frozenset()
    return frozenset(name.decode() for name in set(_INLINE_PART.findall(folded)))


def is_part(attributes: str) -> bool:
    """Whether the attributes of an element say that it is a part of a table."""
    return _IS_PART.search(attributes) is not None


@frozen
class Grid:
    """The cells of a table of boxes, row by row, as the numbers of their boxes; `inner` says whose cell a box is."""

    parent: int
    rows: tuple[tuple[int, ...], ...]
    inner: Mapping[int, int]


def grids(boxes: Sequence[Box], texts: Mapping[int, str]) -> list[Grid]:
    """The tables of a page's boxes; `texts` is what stands directly in a box, for those in which anything does."""
    if len(boxes) < ROWS * 3:
        return []
    children: dict[int, list[int]] = {}
    for number, box in enumerate(boxes):
        children.setdefault(box.parent, []).append(number)
    found: list[Grid] = []
    taken: set[int] = set()
    for parent, own in children.items():
        if parent < 0 or len(own) < ROWS or parent in taken or texts.get(parent):
            continue
        inner: dict[int, int] = {}
        rows = [_cells(child, children, texts, inner) for child in own]
        several = [row for row in rows if len(row) > 1]
        if len(several) < ROWS or not all(rows) or len(inner) > MOST:
            continue
        said = _said(inner, texts)
        if any(len(text) > LONGEST for text in said.values()):
            continue
        kinds = [_status(said.get(cell, "")) for row in several for cell in row]
        if "reported" in kinds and sum(kind in _FILLED for kind in kinds) >= FIGURES:
            found.append(Grid(parent, tuple(rows), inner))
            taken.update(inner, own)
    return found


def _cells(
    row: int, children: Mapping[int, list[int]], texts: Mapping[int, str], inner: dict[int, int]
) -> tuple[int, ...]:
    """The cells of a box that is a row, or that is a cell alone; none where it is neither."""
    own = children.get(row, [])
    if not own:
        inner[row] = row
        return (row,)
    if texts.get(row):
        return ()
    for cell in own:
        at = cell
        while True:
            inner[at] = cell
            below = children.get(at, [])
            if not below:
                break
            if len(below) > 1 or texts.get(at):
                return ()
            at = below[0]
    return tuple(own)


def _said(inner: Mapping[int, int], texts: Mapping[int, str]) -> dict[int, str]:
    said: dict[int, str] = {}
    for box, cell in inner.items():
        if box in texts:
            said[cell] = said.get(cell, "") + texts[box]
    return said


def _status(text: str) -> str:
    return read_cell(text).status if text else ""
