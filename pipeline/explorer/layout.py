"""A report's figures in the layout of its form: lines and columns as they are printed, with what each cell holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from parsers.errors import GongkaiError
from parsers.forms import form as form_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parsers.forms import Form, FormColumn, FormSection, Line

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A cell of a table's head."""

    text: str
    text_en: str = ""
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a form: its observation, or None where the page does not print it. `there` is False off the form."""

    indicator: str
    breakdown: str
    there: bool = True
    observation: dict[str, Any] | None = None
    failed: int = 0

    @property
    def key(self) -> str:
        return f"{self.indicator}.{self.breakdown}"


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of a table: its label as on the form, in both languages, how deep it stands, and its cells."""

    label: str
    label_en: str
    serial: str
    depth: int
    slots: list[Slot]
    as_published: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a form. `lined` says whether lines have labels; without, the head names both line and column."""

    title: str
    title_en: str
    head: list[list[Heading]]
    lines: list[Printed]
    lined: bool = True


@dataclass(slots=True)
class Layout:
    """The tables of a report's form, and the observations that no table has a place for."""

    grids: list[Grid] = field(default_factory=list)
    rest: list[Slot] = field(default_factory=list)


def lay_out(form: str, observations: Sequence[dict[str, Any]], failed: dict[Key, int]) -> Layout:
    """The observations of a report on a form. `failed` counts failed checks by cell."""
    by_key: dict[Key, dict[str, Any]] = {(row["indicator"], row["breakdown"]): row for row in observations}
    used: set[Key] = set()
    found = Layout()

    def slot(line: Line, breakdown: str) -> Slot:
        key = (line.indicator, breakdown)
        used.add(key)
        return Slot(*key, breakdown in line.breakdowns, by_key.get(key), failed.get(key, 0))

    try:
        known: Form | None = form_named(form) if form else None
    except (GongkaiError, KeyError):
        known = None
    for section in known.sections if known else ():
        if known is not None and any(key[0] in {line.indicator for line in section.lines} for key in by_key):
            found.grids.extend(_grids(known, section, slot))
    found.rest = [Slot(*key, True, row, failed.get(key, 0)) for key, row in by_key.items() if key not in used]
    return found


def _grids(form: Form, section: FormSection, slot: Any) -> Iterable[Grid]:
    title = section.titles[0] if section.titles else section.label_en
    if section.layout == "across":
        yield _across(section, title, slot)
    elif section.layout == "blocks":
        for number, block in enumerate(section.blocks):
            columns = [section.column(name) for name in block.breakdowns]
            lines = [form.find(name) for name in block.indicators]
            own = f"{title} · {block.label}" if not number else block.label
            english = section.label_en if not number else ""
            # The block's heading says what its lines carry as their serial.
            shown = [replace(_printed(form, line, columns, slot), serial="") for line in lines]
            yield Grid(own, english, _head(columns), shown)
    else:
        columns = list(section.columns)
        yield Grid(
            title,
            section.label_en,
            _head(columns),
            [_printed(form, line, columns, slot) for line in section.lines],
        )


def _printed(form: Form, line: Line, columns: Sequence[FormColumn], slot: Any) -> Printed:
    depth, parent = 0, line.parent
    while parent:
        depth, parent = depth + 1, form.find(parent).parent
    slots = [slot(line, column.breakdown) for column in columns]
    said = next((one.observation["label"] for one in slots if one.observation), "")
    return Printed(line.label, line.label_en, line.serial.rstrip("*"), depth, slots, said)


def _across(section: FormSection, title: str, slot: Any) -> Grid:
    places = [(line, breakdown) for line in section.lines if not line.heading for breakdown in line.breakdowns]
    stacks = [[*((text, "") for text in line.groups), (line.label, line.label_en)] for line, _ in places]
    deepest = max((len(stack) for stack in stacks), default=1)
    rows: list[list[Heading]] = []
    for level in range(deepest):
        row: list[Heading] = []
        at = 0
        while at < len(stacks):
            stack = stacks[at]
            upto = at + 1
            while upto < len(stacks) and stacks[upto][: level + 1] == stack[: level + 1]:
                upto += 1
            if level < len(stack):
                down = deepest - level if level == len(stack) - 1 else 1
                row.append(Heading(*stack[level], across=upto - at, down=down))
            at = upto
        rows.append(row)
    rows.append([Heading(section.column(b).label, b.replace("_", " ")) for _, b in places])
    slots = [slot(line, breakdown) for line, breakdown in places]
    return Grid(title, section.label_en, rows, [Printed("", "", "", 0, slots)], lined=False)


def _head(columns: Sequence[FormColumn]) -> list[list[Heading]]:
    """The rows of a head: groups of columns over their own labels."""
    deepest = max((len(column.groups) for column in columns), default=0)
    rows: list[list[Heading]] = []
    for level in range(deepest + 1):
        row: list[Heading] = []
        at = 0
        while at < len(columns):
            groups = columns[at].groups
            if level < len(groups):
                upto = at + 1
                while upto < len(columns) and columns[upto].groups[: level + 1] == groups[: level + 1]:
                    upto += 1
                row.append(Heading(groups[level], across=upto - at))
                at = upto
                continue
            if level == len(groups):
                label = columns[at].label.replace("<year>年度", "本年度")
                row.append(Heading(label, columns[at].breakdown.replace("_", " "), down=deepest + 1 - level))
            at += 1
        rows.append(row)
    return rows
