"""An official form as records: its sections, lines, columns and identities, and how to look them up.

A line is an indicator, a column is a breakdown, a cell is a key (indicator, breakdown). Indicators
are unique within a form. A heading is a line without values of its own on the official form; where
it has breakdowns, some pages print values beside it (a subtotal, or one line instead of several).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from parsers.forms.arithmetic import Statement

Key = tuple[str, str]

LAYOUTS = ("list", "blocks", "matrix", "across")
VALUE_TYPES = ("int", "money", "heading")


def label_key(text: str) -> str:
    """A label without what printings differ in: width, white space, punctuation, 其它 for 其他.

    For telling whether two labels are the same words; never for values.
    """
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).replace("其它", "其他")


@frozen
class Line:
    """A line of a form.

    `serial` is the number printed before the label. `groups` are the labels that span this line's
    values in the header, from the top (layout `across`). `units` and `value_types` have one entry
    for all breakdowns or one each; an empty unit is one that the page has to state. `verified` is
    `yes`, `no` or `blank form seen`; `seen` says where. `printed_unit` and `printed_type` are what
    a heading's values have where a page prints them; `subtotals` are the labels of a line under the
    heading that holds them.
    """

    section: str
    indicator: str
    parent: str
    serial: str
    label: str
    aliases: tuple[str, ...]
    label_en: str
    groups: tuple[str, ...]
    breakdowns: tuple[str, ...]
    units: tuple[str, ...]
    value_types: tuple[str, ...]
    printed_unit: str
    printed_type: str
    subtotals: tuple[str, ...]
    verified: str
    seen: str
    note: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The official label, then the others."""
        return (self.label, *self.aliases)

    @property
    def heading(self) -> bool:
        return self.value_types == ("heading",)


@frozen
class FormColumn:
    """A column of a section.

    `groups` are the labels that span it in the header, from the top. `unit` is what the column's
    own label states, else empty. `signed` says that its values may be negative. `pattern` is a
    regular expression for labels that differ by report (a year), to be run with a timeout on the
    label without white space; empty when none.
    """

    section: str
    breakdown: str
    label: str
    aliases: tuple[str, ...]
    groups: tuple[str, ...]
    unit: str
    signed: bool
    pattern: str
    note: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The official label, then the others."""
        return (self.label, *self.aliases)


@frozen
class Block:
    """A part of a section of layout `blocks`: its heading and the lines under it.

    `serial` is what the lines of the block carry as theirs; `breakdowns` are the columns of the
    block in printed order.
    """

    section: str
    serial: str
    label: str
    aliases: tuple[str, ...]
    indicators: tuple[str, ...]
    breakdowns: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The official label, then the others."""
        return (self.label, *self.aliases)


@frozen
class FormSection:
    """A table of a form.

    `layout` says how it is printed: `list` (label, unit, value columns), `blocks` (group heading,
    header row, lines), `matrix` (labels in up to three columns, then the value columns), `across`
    (one row of values under headers of line and column). `titles` are headings over the table;
    `label_headers`, `unit_headers` and `serial_headers` head the columns that hold no values;
    `notes` begin cells beside the statistics; `other_columns` head values that are not this form's.
    """

    name: str
    label_en: str
    layout: str
    titles: tuple[str, ...]
    label_headers: tuple[str, ...]
    unit_headers: tuple[str, ...]
    serial_headers: tuple[str, ...]
    notes: tuple[str, ...]
    other_columns: tuple[str, ...]
    columns: tuple[FormColumn, ...]
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]

    def column(self, breakdown: str) -> FormColumn:
        """The column of a breakdown. KeyError when the section has none."""
        for column in self.columns:
            if column.breakdown == breakdown:
                return column
        raise KeyError(f"section {self.name} has no column {breakdown}")


@frozen
class Identity:
    """A rule of a form. `form` is `all` for the rules that every form has.

    `statement` is the parsed expression, None for kinds that are no arithmetic (prose, duplicate).
    `bound_if_absent` names lines: where a page leaves one out, an equality is only a bound, the
    left side being at least the right one.
    """

    form: str
    rule: str
    kind: str
    expression: str
    over: str
    severity: str
    note: str
    bound_if_absent: tuple[str, ...]
    statement: Statement | None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """An official form. Compared by identity: there is one object for each form."""

    name: str
    label: str
    label_en: str
    sections: tuple[FormSection, ...]
    identities: tuple[Identity, ...]
    _lines: dict[str, Line] = field(init=False, repr=False)
    _children: dict[str, tuple[Line, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lines = {line.indicator: line for section in self.sections for line in section.lines}
        children: dict[str, list[Line]] = {}
        for line in lines.values():
            children.setdefault(line.parent, []).append(line)
        object.__setattr__(self, "_lines", lines)
        object.__setattr__(self, "_children", {parent: tuple(found) for parent, found in children.items()})

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in printed order."""
        return tuple(self._lines.values())

    def section(self, name: str) -> FormSection:
        """The section of that name. KeyError when the form has none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(f"form {self.name} has no section {name}")

    def find(self, indicator: str) -> Line:
        """The line of an indicator. KeyError when the form has none."""
        try:
            return self._lines[indicator]
        except KeyError:
            raise KeyError(f"form {self.name} has no line {indicator}") from None

    def has(self, indicator: str) -> bool:
        """Whether the form has a line of that indicator."""
        return indicator in self._lines

    def line(self, section: str, indicator: str) -> Line:
        """The line of an indicator in a section. KeyError when the section has none."""
        line = self.find(indicator)
        if line.section != section:
            raise KeyError(f"section {section} of form {self.name} has no line {indicator}")
        return line

    def identity(self, rule: str) -> Identity:
        """The rule of that name. KeyError when the form has none."""
        for identity in self.identities:
            if identity.rule == rule:
                return identity
        raise KeyError(f"form {self.name} has no rule {rule}")

    def children(self, indicator: str, parents: Mapping[str, str] | None = None) -> tuple[Line, ...]:
        """The lines directly under a line ("" for the top).

        `parents` gives, by line, the parent under which a page prints it where that is not the form's.
        """
        if not parents:
            return self._children.get(indicator, ())
        return tuple(line for line in self._lines.values() if parents.get(line.indicator, line.parent) == indicator)

    def leaves(
        self, indicator: str, printed: Collection[str], parents: Mapping[str, str] | None = None
    ) -> tuple[Line, ...]:
        """The lines under a line, at any depth, that a page prints without printing lines under them.

        `printed` holds the indicators that the page prints.
        """
        found: list[Line] = []
        for child in self.children(indicator, parents):
            below = self.leaves(child.indicator, printed, parents)
            if below:
                found.extend(below)
            elif child.indicator in printed:
                found.append(child)
        return tuple(found)

    def unit_of(self, indicator: str, breakdown: str) -> str:
        """The unit that the form states for a cell, empty when the page has to. KeyError when there is no such cell."""
        line = self.find(indicator)
        return _each(line, (line.printed_unit,) if line.heading else line.units, breakdown)

    def value_type_of(self, indicator: str, breakdown: str) -> str:
        """`int` or `money`: the type of a cell's value where one is printed. KeyError when there is no such cell."""
        line = self.find(indicator)
        return _each(line, (line.printed_type,) if line.heading else line.value_types, breakdown)

    @property
    def cells(self) -> tuple[Key, ...]:
        """The cells that the official form holds, in printed order: those of headings are none."""
        return tuple((line.indicator, b) for line in self._lines.values() if not line.heading for b in line.breakdowns)


def _each(line: Line, entries: tuple[str, ...], breakdown: str) -> str:
    if breakdown not in line.breakdowns:
        raise KeyError(f"line {line.indicator} has no breakdown {breakdown}")
    return entries[0] if len(entries) == 1 else entries[line.breakdowns.index(breakdown)]
