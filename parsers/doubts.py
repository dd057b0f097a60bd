"""What a claimed cell says before anything else confirms it, and the doubts that are open about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from parsers.characters.numbers import CellReading
from parsers.claims import Claim, Key
from parsers.document import Cell
from parsers.forms import Form
from parsers.frozen import frozen
from parsers.records import Issue, Observation
from parsers.settle import Reading

BLANKS = frozenset(("blank", "slash", "dash", "none_word"))

RECOGNISED = "ocr_reading"
"""The repair that it is to choose one of several readings of a picture."""


@frozen
class FormCell:
    """What the form says of one of its cells."""

    money: bool
    signed: bool
    unit: str


@lru_cache(maxsize=16)
def cells_of(form: Form) -> dict[Key, FormCell]:
    """The cells of a form in its order."""
    found: dict[Key, FormCell] = {}
    for line in form.lines:
        section = form.section(line.section)
        for breakdown in line.breakdowns:
            found[line.indicator, breakdown] = FormCell(
                form.value_type_of(line.indicator, breakdown) == "money",
                section.column(breakdown).signed,
                form.unit_of(line.indicator, breakdown),
            )
    return found


@dataclass(slots=True)
class Observed:
    """The observations of a report with the issues that reading them raised.

    `doubtful` are the cells whose reading rests on more than the plain cell.
    """

    observations: list[Observation] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    doubtful: set[Key] = field(default_factory=set)


@dataclass(slots=True)
class Entry:
    """A cell of the form as it stands so far: the claim on it, its text, and what that was read as."""

    claim: Claim
    reading: CellReading
    status: str
    value: Decimal | None
    repairs: tuple[str, ...]
    raw: str
    locator: str


@frozen
class Doubt:
    """Alternative readings of cells that belong together; `rule` is the repair that choosing one is.

    A weak doubt stands as it was read unless an identity refutes it. `cells` says for each reading which cell prints
    each figure, where that depends on the reading.
    """

    rule: str
    readings: tuple[Reading, ...]
    claims: tuple[Claim, ...]
    weak: bool = False
    cells: tuple[Mapping[Key, Cell], ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(dict.fromkeys(key for reading in self.readings for key in reading)) or tuple(
            dict.fromkeys(key for claim in self.claims for key in claim.keys)
        )


def run_of(group: Sequence[Claim]) -> str:
    """The text of several cells that are read as one, a line for each."""
    return "\n".join(claim.cell.text for claim in group)


def fixed_values(entries: Mapping[Key, Entry]) -> dict[Key, Decimal | None]:
    """The values of the cells that are not in doubt; a blank one has None."""
    return {key: entry.value for key, entry in entries.items() if entry.status == "reported" or entry.status in BLANKS}


def issue(code: str, severity: str, message: str, raw: str, locator: str) -> Issue:
    """An issue of a cell; report and document are added where they are known."""
    return Issue(code=code, severity=severity, message=message, raw=raw, locator=locator)
