"""Rows of a flattened table: running codes taken out, blank cells told by the empty lines they left."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.characters.widths import DIGITS_TO_ASCII, squeeze
from parsers.labels import Meaning

LEFT_OUT = 9
"""So many numbers may be missing between two codes of a column."""


class Word(NamedTuple):
    """A run of characters without white space: `gap` counts the empty lines before it."""

    text: str
    locator: str
    gap: int
    paragraph: int


class Segment(NamedTuple):
    """Words that are one label: what the form knows of it, if anything. `paragraph` is that of its last word."""

    text: str
    locator: str
    gap: int
    meaning: Meaning
    heading: bool = False
    paragraph: int = -1


SheetRow = tuple[list[Segment], Segment | None, Segment | None, list[Word], int]
"""What stands above a line, the line, its unit, its values and the empty lines behind them."""


def without_codes(rows: list[SheetRow], width: int, coded: bool) -> list[SheetRow]:
    """Rows without the running numbers of a code column, which a stream of words puts among the values.

    A code stands behind the label, or before it: then it ends the values of the row above. `coded`
    says that the header names such a column, `width` how many columns it names, 0 where there is none.
    """
    over = sum(1 for row in rows if len(row[3]) > width)
    if width and not coded and over < 0.2 * sum(1 for row in rows if row[3]):
        return rows
    named, width = bool(width), width or usual_width(rows)
    # A page may have both: a code of the form and a running number of its own.
    for _ in range(2):
        place, codes = max(((p, _codes(rows, p, width)) for p in (-1, 0)), key=lambda entry: len(entry[1]))
        filled = sum(1 for row in rows if row[3])
        if len(codes) < (2 if coded else 4) or len(codes) < 0.7 * (filled - 1):
            break
        if place == -1:
            # The code of a row behind a repeated header stands alone, and ends no row.
            codes -= {i for i in codes if len(rows[i][3]) <= width and i + 1 < len(rows) and _is_alone(rows[i + 1])}
        cut = [_without_code(row, place) if i in codes else row for i, row in enumerate(rows)]
        if not named and not any(values for _, _, _, values, _ in cut):
            # Figures that are all there is may well run on by themselves.
            break
        rows = [row for row in cut if row[1] is not None or row[3]]
    return rows


def _without_code(row: SheetRow, place: int) -> SheetRow:
    """A row without its first or last value. The empty lines before the code of the next row end this one's."""
    above, own, unit, values, after = row
    return (
        (above, own, unit, values[1:], after) if place == 0 else (above, own, unit, values[:-1], values[-1].gap + after)
    )


def _is_alone(row: SheetRow) -> bool:
    return row[1] is None and len(row[3]) == 1


def usual_width(rows: Sequence[SheetRow]) -> int:
    """How many values most rows have that have any."""
    widths = Counter(len(row[3]) for row in rows if row[3])
    return widths.most_common(1)[0][0] if widths else 0


def _codes(rows: Sequence[SheetRow], place: int, width: int) -> set[int]:
    """The rows whose first or last value runs on with that of their neighbours, and those with one value too many."""
    found: dict[int, int] = {}
    for i, row in enumerate(rows):
        text = squeeze(row[3][place].text).translate(DIGITS_TO_ASCII) if row[3] else ""
        if text.isascii() and text.isdigit() and len(text) <= 3:
            found[i] = int(text)
    codes = _running(found)
    ordered = sorted(codes)
    late = {
        i
        for i in found
        if len(rows[i][3]) == width + 1 and (at := bisect_left(ordered, i)) and _runs_on(found, ordered[at - 1], i)
    }
    return codes | late


def _runs_on(found: dict[int, int], before: int, row: int) -> bool:
    """Whether a row's number may go on from that of a row before it; a few numbers may be left out."""
    return 0 < found[row] - found[before] <= row - before + LEFT_OUT


def _running(found: dict[int, int]) -> set[int]:
    """The rows whose number runs on with that of a neighbour, one for each row between them, give or take one."""
    rows = sorted(found)
    kept: set[int] = set()
    for a, b in pairwise(rows):
        step = found[b] - found[a]
        if 0 < step <= b - a + 1 and step >= b - a - 1:
            kept.update((a, b))
    return kept


def usual_gaps(rows: Sequence[SheetRow], width: int) -> tuple[int, int, int] | None:
    """The empty lines before the first value, between values and after the last, in full rows."""
    full = [row for row in rows if len(row[3]) == width]
    if len(full) < 2:
        return None
    first = Counter(row[3][0].gap for row in full).most_common(1)[0][0]
    inner = Counter(w.gap for row in full for w in row[3][1:])
    last = Counter(row[4] for row in full).most_common(1)[0][0]
    return first, (inner.most_common(1)[0][0] if inner else first), last


def by_gaps(
    values: Sequence[Word],
    after: int,
    width: int,
    usual: tuple[int, int, int] | None,
    *,
    ends: bool = False,
    kept: bool = False,
) -> list[int] | None:
    """The columns of a row's values by the empty lines that its blank cells left; None when they do not tell.

    They do not where values stand on one line: then blank cells leave none.

    Where the table `ends` with the row, more empty lines may follow than its blank cells left. So many of them are
    taken as are needed, but only where it is known that blank cells leave lines: within the row, or elsewhere (`kept`).
    """
    if usual is None or len(values) >= width or any(a.paragraph == b.paragraph for a, b in pairwise(values)):
        return None
    first, inner, last = usual
    extra: list[int] = []
    for gap, base in zip(
        [values[0].gap, *(w.gap for w in values[1:]), after], [first, *[inner] * (len(values) - 1), last], strict=True
    ):
        more, rest = divmod(gap - base, inner + 1)
        if (rest or more < 0) and not (ends and len(extra) == len(values)):
            return None
        extra.append(more)
    if ends and (kept or any(extra[:-1])):
        extra[-1] = min(extra[-1], width - len(values) - sum(extra[:-1]))
    if sum(extra) != width - len(values) or extra[-1] < 0:
        return None
    places: list[int] = []
    at = 0
    for more in extra[:-1]:
        at += more
        places.append(at)
        at += 1
    return places
