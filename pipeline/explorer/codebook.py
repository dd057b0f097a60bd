"""The codebook as people look things up in it: a concept, its cells on each form, and how far they can be compared."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.forms import forms
from pipeline import codebook
from pipeline.explorer.concepts import concepts

if TYPE_CHECKING:
    from parsers.forms import Identity
    from parsers.records import Crossing
    from pipeline.codebook import Entry


@dataclass(frozen=True, slots=True)
class Described:
    """A concept with its cells: what the codebook and what the crosswalk say of each."""

    name: str
    label: str
    label_en: str
    cells: tuple[tuple[Entry, Crossing], ...]


@functools.cache
def described() -> tuple[Described, ...]:
    """Every concept, the newest form's first."""
    entries = {(one.form, one.indicator, one.breakdown): one for one in codebook.entries(())}
    return tuple(
        Described(
            one.name,
            one.label,
            one.label_en,
            tuple((entries[cell.form, cell.indicator, cell.breakdown], cell) for cell in one.cells),
        )
        for one in concepts().values()
    )


@functools.cache
def rules() -> dict[tuple[str, str], Identity]:
    """The rules of the forms by form, or `all`, and name."""
    return {(rule.form, rule.rule): rule for form in forms() for rule in form.identities}


def found(words: str = "", form: str = "") -> list[Described]:
    """The concepts that have all the words in a label, code or definition, and a cell on the form."""
    terms = words.lower().split()[:5]
    chosen = []
    for one in described():
        if form and all(cell.form != form for _, cell in one.cells):
            continue
        said = " ".join(
            [
                one.name,
                *(f"{entry.name} {entry.label_zh} {entry.definition} {entry.stata_name}" for entry, _ in one.cells),
            ]
        ).lower()
        if all(term in said for term in terms):
            chosen.append(one)
    return chosen
