"""Concepts: what the cells of different forms measure alike, by the crosswalk, and where a series breaks."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.forms import form as form_named
from parsers.forms.crosswalk import crosswalk
from parsers.records import FORMS, Crossing

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = (
    "requests_new",
    "replies_granted",
    "replies_partially_granted",
    "replies_denied",
    "unable",
    "not_processed",
)
"""What the overview draws over time: requests, and what became of them."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its cells in the order of the forms. Labels are those of its newest cell."""

    name: str
    label: str
    label_en: str
    cells: tuple[Crossing, ...]

    def cell(self, form: str) -> Crossing | None:
        """The cell of a form that measures it, or None."""
        return next((one for one in self.cells if one.form == form), None)


@functools.cache
def concepts() -> dict[str, Concept]:
    """Every concept that a form has a cell for, in the order in which forms print them, the newest form first."""
    cells: dict[str, list[Crossing]] = {}
    for row in crosswalk():
        if row.indicator and row.breakdown:
            cells.setdefault(row.concept, []).append(row)
    newest = sorted(cells, key=lambda name: -_rank(cells[name][-1].form))
    return {name: Concept(name, *_labels(cells[name][-1]), tuple(cells[name])) for name in newest}


def concept_of(form: str, indicator: str, breakdown: str) -> Concept | None:
    """The concept that a cell measures, or None."""
    name = _by_cell().get((form, indicator, breakdown))
    return concepts()[name] if name else None


def redefined(concept: Concept, before: str, now: str) -> list[Crossing]:
    """The cells that define a concept otherwise, of the forms that lie between two; none when both are one form."""
    first, last = sorted((FORMS.index(before), FORMS.index(now)))
    return [cell for cell in concept.cells if cell.form in FORMS[first + 1 : last + 1] and cell.relation == "redefined"]


def columns_of(names: Iterable[str]) -> dict[str, list[Crossing]]:
    """The cells of some concepts."""
    return {name: list(concepts()[name].cells) for name in names if name in concepts()}


@functools.cache
def _by_cell() -> dict[tuple[str, str, str], str]:
    return {(one.form, one.indicator, one.breakdown): name for name, found in concepts().items() for one in found.cells}


def _rank(form: str) -> int:
    return [row.form for row in crosswalk()].index(form)


def _labels(cell: Crossing) -> tuple[str, str]:
    line = form_named(cell.form).find(cell.indicator)
    column = form_named(cell.form).section(line.section).column(cell.breakdown)
    spans = " / ".join([*line.groups, column.label.replace("<year>年度", "本年度")])
    return f"{line.label}（{spans}）", f"{line.label_en} ({cell.breakdown.replace('_', ' ')})"
