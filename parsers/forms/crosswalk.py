"""Which lines and columns of the forms hold the same thing: the crosswalk from their cells to concepts.

`crosswalk.csv` has a row for each line and column of each form. A breakdown `*` stands for every
column of the line that has no row of its own, `{breakdown}` in a concept for the column's name. A
row without an indicator is a concept of an earlier form that the form has no line for. What the other columns say
stands at the record.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from parsers.errors import DataFileError
from parsers.forms.loader import forms
from parsers.forms.structure import Form
from parsers.records import RELATIONS, Crossing

FILE = "crosswalk.csv"
EVERY = "*"


@cache
def crosswalk() -> tuple[Crossing, ...]:
    """Every row, in the order of the forms and of their lines, dropped concepts last in each form.

    Raises DataFileError when the file is broken: a line or column that no form has, a cell without a
    row or with two, an unknown relation, an empty reason.
    """
    try:
        text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
        rows = [Crossing(**row) for row in csv.DictReader(text.splitlines())]
    except (OSError, TypeError, csv.Error) as error:
        raise DataFileError(str(error), reading=FILE) from error
    for row in rows:
        if row.relation not in RELATIONS or not row.concept or not row.reason or not row.reason_zh:
            raise DataFileError("no such relation, or nothing said", reading=FILE, where=_name(row))
        if bool(row.indicator) == (row.relation == "dropped"):
            raise DataFileError("a dropped concept has no line, any other has one", reading=FILE, where=_name(row))
    found: list[Crossing] = []
    for form in forms():
        found.extend(_of(form, [row for row in rows if row.form == form.name]))
    known = {form.name for form in forms()}
    for row in rows:
        if row.form not in known:
            raise DataFileError("no such form", reading=FILE, where=_name(row))
    return tuple(_with_series(found))


def concepts(form: str) -> dict[tuple[str, str], Crossing]:
    """The rows of a form's cells by (indicator, breakdown)."""
    return {(row.indicator, row.breakdown): row for row in crosswalk() if row.form == form and row.indicator}


@cache
def series() -> tuple[str, ...]:
    """The names of all series, in the order of the forms and their lines.

    A series is a concept for as long as no form redefines it, where at least two forms have it: cells of one series
    may be compared. One that begins with a redefinition is named after the concept and the form.
    """
    return tuple(dict.fromkeys(row.series for row in crosswalk() if row.series))


def _with_series(rows: Sequence[Crossing]) -> Iterable[Crossing]:
    names: dict[str, str] = {}
    named: list[str] = []
    held: dict[str, set[str]] = {}
    for row in rows:
        name = ""
        if row.indicator and row.breakdown:
            name = names.get(row.concept, row.concept)
            if row.relation == "redefined":
                name = f"{row.concept}_since_{row.form}"
            names[row.concept] = name
            held.setdefault(name, set()).add(row.form)
        named.append(name)
    for row, name in zip(rows, named, strict=True):
        yield replace(row, series=name if name and len(held[name]) > 1 else "")


def _of(form: Form, rows: Sequence[Crossing]) -> Iterable[Crossing]:
    by_line: dict[str, list[Crossing]] = {}
    for row in rows:
        by_line.setdefault(row.indicator, []).append(row)
    dropped = by_line.pop("", [])
    for line in form.lines:
        own = by_line.pop(line.indicator, [])
        named = {row.breakdown: row for row in own}
        if len(named) != len(own):
            raise DataFileError("two rows for one cell", reading=FILE, where=_name(own[0]))
        every = named.pop(EVERY, None)
        for breakdown in line.breakdowns or ("",):
            found = named.pop(breakdown) if breakdown in named else every
            if found is None:
                where = f"{form.name} {line.indicator} {breakdown}"
                raise DataFileError("a cell without a row", reading=FILE, where=where)
            yield replace(found, breakdown=breakdown, concept=found.concept.replace("{breakdown}", breakdown))
        if named:
            raise DataFileError("no such column", reading=FILE, where=_name(next(iter(named.values()))))
    if by_line:
        raise DataFileError("no such line", reading=FILE, where=_name(next(iter(by_line.values()))[0]))
    yield from dropped


def _name(row: Crossing) -> str:
    return " ".join(part for part in (row.form, row.indicator, row.breakdown, row.concept) if part)
