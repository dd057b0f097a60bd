"""The lines and columns of the official forms as the forger knows them.

Read from the two CSV files beside this module, which hold the facts of the forms only; nothing here
comes from the parser, so that truth stays independent of it.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "forms"
FORMS = ("short_annex", "long_annex", "national_2014", "national_2019", "national_2021", "prose")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a form: `units` and `breakdowns` run in parallel, one unit for each column."""

    form: str
    section: str
    indicator: str
    parent: str
    serial: str
    label: str
    aliases: tuple[str, ...]
    units: tuple[str, ...]
    money: tuple[bool, ...]
    heading: bool
    breakdowns: tuple[str, ...]


@functools.cache
def lines(form: str, section: str = "") -> tuple[Line, ...]:
    """The lines of a form, in printed order; those of one of its tables when `section` is given."""
    found = []
    with (FOLDER / "indicators.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["form"] != form or (section and row["section"] != section):
                continue
            breakdowns = tuple(filter(None, row["breakdowns"].split("|")))
            units = tuple(row["unit"].split("|"))
            kinds = row["value_type"].split("|")
            width = max(1, len(breakdowns))
            found.append(
                Line(
                    form=form,
                    section=row["section"],
                    indicator=row["indicator"],
                    parent=row["parent"],
                    serial=row["serial"],
                    label=row["label_zh"],
                    aliases=tuple(a for a in row["aliases"].split(";") if a and " " not in a),
                    units=units if len(units) == width else units[:1] * width,
                    money=tuple(k == "money" for k in (kinds if len(kinds) == width else kinds[:1] * width)),
                    heading=kinds[0] == "heading",
                    breakdowns=breakdowns,
                )
            )
    return tuple(found)


@functools.cache
def line(form: str, indicator: str, section: str = "") -> Line:
    """One line of a form by its code."""
    return next(entry for entry in lines(form, section) if entry.indicator == indicator)


@functools.cache
def children(form: str, indicator: str, section: str = "") -> tuple[str, ...]:
    """The codes of the lines whose parent is `indicator`."""
    return tuple(entry.indicator for entry in lines(form, section) if entry.parent == indicator)


@functools.cache
def column_labels(form: str, section: str) -> dict[str, tuple[str, ...]]:
    """The labels of a table's columns: the official one first, then the known others."""
    found: dict[str, tuple[str, ...]] = {}
    with (FOLDER / "breakdowns.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["form"] == form and row["section"] == section:
                aliases = tuple(a.strip() for a in row["aliases"].split(";") if a.strip() and " " not in a.strip())
                found[row["breakdown"]] = (row["label_zh"], *aliases)
    return found
