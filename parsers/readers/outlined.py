"""A report that stands within one table: its title, headings and prose are rows of one cell beside those of figures.

Spreadsheets save it so, and pages that set every paragraph in a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from parsers.characters.widths import strip_serial

PROSE = 60
"""A row of one text with more characters than this is prose."""

SENTENCE = 8
"""So is one of at least as many that ends as a sentence does."""

HEADINGS = 2
"""A table holds a report where at least so many headings of the first level run on in it, and prose."""

_NOTES = ("注", "备注", "说明", "填表", "填报")
_ENDS = "。；;！？!?"
_NUMERALS = "一二三四五六七八九十"


def text_rows(alone: Sequence[str]) -> set[int]:
    """Which rows of a table are lines of text.

    `alone` holds for each row its text where one cell has any, else "". The result is empty for a table that holds no
    report. Headings that begin anew within the figures are lines of these.
    """
    prose = [_is_prose(text) for text in alone]
    if not any(prose):
        return set()
    found: set[int] = set()
    runs = _runs(alone)
    if not any(_headed(run, alone, prose) for run in runs):
        return set()
    expected = 1
    anew = False
    for run in runs:
        if run[0] == 0 or any(prose[row] for row in run):
            # What stands below the last heading or paragraph is above the figures.
            last = max((row for row in run if prose[row] or _ordinal(alone[row]) or run is runs[-1]), default=run[0])
            found.update(row for row in run if row <= last)
            anew = False
        for row in run:
            number = _ordinal(alone[row])
            if number == expected and not anew:
                found.add(row)
                expected += 1
            elif number == 1 and row not in found:
                anew = True
    return found if expected > HEADINGS else set()


def _runs(alone: Sequence[str]) -> list[list[int]]:
    """Rows of one text that stand below each other."""
    return [list(rows) for has_text, rows in groupby(range(len(alone)), lambda row: bool(alone[row])) if has_text]


def _headed(run: Sequence[int], alone: Sequence[str], prose: Sequence[bool]) -> bool:
    """Whether prose stands below a heading, as that of a report does; a note stands below the figures of a form."""
    first = next((at for at, row in enumerate(run) if _ordinal(alone[row])), len(run))
    return any(prose[row] for row in run[first + 1 :])


def _is_prose(text: str) -> bool:
    if text.startswith(_NOTES):
        return False
    return len(text) > PROSE or (len(text) >= SENTENCE and text[-1] in _ENDS)


def _ordinal(text: str) -> int:
    """The number of a heading of the first level, 0 for any other text."""
    serial = strip_serial(text)[0]
    return _NUMERALS.index(serial[0]) + 1 if serial and serial[0] in _NUMERALS and serial[1:2] == "、" else 0
