"""The form files beside this module, read and checked.

One TOML file a form; `all.toml` holds the rules that every form has. A file has `name`, `label`,
`label_en`, a table `defaults` (fields of lines) and arrays of tables `sections`, `columns`,
`blocks`, `lines`, `identities`, whose fields are those of the records in `parsers.forms.structure`.
A line without `breakdowns` has all columns of its section. Every fault of a file is a
`DataFileError` that names the file and the entry.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import regex

from parsers.errors import DataFileError, ExpressionError
from parsers.forms.arithmetic import parse_rule
from parsers.forms.structure import (
    LAYOUTS,
    VALUE_TYPES,
    Block,
    Form,
    FormColumn,
    FormSection,
    Identity,
    Line,
    label_key,
)
from parsers.records import CHECK_KINDS, FORMS, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ARITHMETIC_KINDS = ("equality", "bound", "cross_year")
_SECTION = {
    "name": str, "label_en": str, "layout": str, "titles": list, "label_headers": list, "unit_headers": list,
    "serial_headers": list, "notes": list, "other_columns": list,
}  # fmt: skip
_COLUMN = {
    "section": str, "breakdown": str, "label": str, "aliases": list, "groups": list, "unit": str, "signed": bool,
    "pattern": str, "note": str,
}  # fmt: skip
_BLOCK = {"section": str, "serial": str, "label": str, "aliases": list}
_LINE = {
    "section": str, "indicator": str, "parent": str, "serial": str, "label": str, "aliases": list, "label_en": str,
    "groups": list, "breakdowns": list, "units": list, "value_types": list, "printed_unit": str, "printed_type": str,
    "subtotals": list, "verified": str, "seen": str, "note": str,
}  # fmt: skip
_IDENTITY = {
    "rule": str, "kind": str, "expression": str, "over": str, "severity": str, "note": str, "bound_if_absent": list,
}  # fmt: skip
_TOP = {
    "name": str, "label": str, "label_en": str, "defaults": dict, "sections": list, "columns": list, "blocks": list,
    "lines": list, "identities": list,
}  # fmt: skip


@cache
def forms() -> tuple[Form, ...]:
    """Every official form, and `prose`. Read once. DataFileError when a file is wrong."""
    shared = _text("all.toml")
    return tuple(read_form(_text(f"{name}.toml"), f"{name}.toml", shared) for name in FORMS)


@cache
def form(name: str) -> Form:
    """The form of that name. KeyError when there is none."""
    for found in forms():
        if found.name == name:
            return found
    raise KeyError(f"there is no form {name}")


def _text(name: str) -> str:
    return resources.files("parsers.forms").joinpath(name).read_text(encoding="utf-8")


def read_form(text: str, reading: str, shared: str = "") -> Form:
    """A form from the text of its file; `reading` names the file in errors, `shared` is the text of `all.toml`."""
    top = _entry(_toml(text, reading), _TOP, ("name", "label"), reading, "the file")
    sections: dict[str, dict[str, Any]] = {}
    for item in top["sections"]:
        entry = _entry(item, _SECTION, ("name", "layout"), reading, "[[sections]]")
        _among(entry["layout"], LAYOUTS, "layout", reading, f"section {entry['name']}")
        _new(entry["name"], sections, reading, f"section {entry['name']}")
        sections[entry["name"]] = entry
    columns = _columns(top["columns"], sections, reading)
    lines = _lines(top["lines"], top["defaults"], columns, reading)
    blocks = _blocks(top["blocks"], columns, lines, reading)
    made = tuple(
        FormSection(**_tuples(entry), columns=columns[name], lines=lines[name], blocks=blocks[name])
        for name, entry in sections.items()
    )
    bare = Form(top["name"], top["label"], top["label_en"], made, ())
    identities = _identities(top["identities"], bare, bare.name, reading)
    if shared:
        common = _entry(_toml(shared, "all.toml"), {"identities": list}, (), "all.toml", "the file")
        identities += _identities(common["identities"], bare, "all", "all.toml")
    return Form(top["name"], top["label"], top["label_en"], made, identities)


def _toml(text: str, reading: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"not TOML: {error}", reading=reading) from error


def _entry(item: Any, kinds: Mapping[str, type], required: Iterable[str], reading: str, where: str) -> dict[str, Any]:
    """An entry with every field of its kind; what the file leaves out is empty."""
    if not isinstance(item, dict):
        raise DataFileError("an entry has to be a table", reading=reading, where=where)
    named = next((str(item[k]) for k in ("indicator", "breakdown", "rule", "serial", "name") if k in item), "")
    where = f"{where} {named}".strip()
    for field, value in item.items():
        if field not in kinds:
            raise DataFileError(
                f"unknown field {field}", reading=reading, where=where, remedy=f"Known are {', '.join(kinds)}"
            )
        wrong = not isinstance(value, kinds[field])
        if not wrong and kinds[field] is list and field not in ("sections", "columns", "blocks", "lines", "identities"):
            wrong = not all(isinstance(x, str) for x in value)
        if wrong:
            raise DataFileError(f"field {field} has to be {_KIND_WORDS[kinds[field]]}", reading=reading, where=where)
    for field in required:
        if not item.get(field):
            raise DataFileError(f"field {field} is missing", reading=reading, where=where)
    return {field: item.get(field, kind()) for field, kind in kinds.items()}


_KIND_WORDS: dict[type, str] = {str: "a text", list: "a list of texts", dict: "a table", bool: "true or false"}


def _among(value: str, allowed: Iterable[str], field: str, reading: str, where: str) -> None:
    if value not in allowed:
        raise DataFileError(f"{field} {value!r} is none of {', '.join(allowed)}", reading=reading, where=where)


def _new(value: str, seen: Iterable[str], reading: str, where: str) -> None:
    if value in seen:
        raise DataFileError(f"{value} stands there twice", reading=reading, where=where)


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {field: tuple(value) if isinstance(value, list) else value for field, value in entry.items()}


def _columns(items: list[Any], sections: dict[str, dict[str, Any]], reading: str) -> dict[str, tuple[FormColumn, ...]]:
    made: dict[str, list[FormColumn]] = {name: [] for name in sections}
    for item in items:
        entry = _entry(item, _COLUMN, ("section", "breakdown", "label"), reading, "[[columns]]")
        where = f"column {entry['breakdown']}"
        _among(entry["section"], sections, "section", reading, where)
        here = made[entry["section"]]
        _new(entry["breakdown"], [column.breakdown for column in here], reading, where)
        try:
            regex.compile(entry["pattern"])
        except regex.error as error:
            raise DataFileError(f"wrong pattern: {error}", reading=reading, where=where) from error
        here.append(FormColumn(**_tuples(entry)))
    for name, found in made.items():
        _unambiguous(((c.groups, c.breakdown, c.labels) for c in found), reading, f"the columns of section {name}")
    return {name: tuple(found) for name, found in made.items()}


def _lines(
    items: list[Any], defaults: dict[str, Any], columns: Mapping[str, tuple[FormColumn, ...]], reading: str
) -> dict[str, tuple[Line, ...]]:
    made: dict[str, list[Line]] = {name: [] for name in columns}
    seen: dict[str, str] = {}
    for item in items:
        merged = {**defaults, **item} if isinstance(item, dict) else item
        entry = _entry(merged, _LINE, ("section", "indicator", "label", "units", "value_types"), reading, "[[lines]]")
        where = f"line {entry['indicator']}"
        _among(entry["section"], columns, "section", reading, where)
        _new(entry["indicator"], seen, reading, where)
        seen[entry["indicator"]] = entry["section"]
        allowed = [column.breakdown for column in columns[entry["section"]]]
        if "breakdowns" not in merged:
            entry["breakdowns"] = allowed
        for breakdown in entry["breakdowns"]:
            _among(breakdown, allowed, "breakdown", reading, where)
        for field in ("units", "value_types"):
            if len(entry[field]) not in (1, len(entry["breakdowns"])):
                raise DataFileError(
                    f"{field} has {len(entry[field])} entries for {len(entry['breakdowns'])} breakdowns",
                    reading=reading, where=where, remedy="Give one for all breakdowns or one each",
                )  # fmt: skip
        for value_type in entry["value_types"]:
            _among(value_type, VALUE_TYPES, "value_type", reading, where)
        if "heading" in entry["value_types"] and len(entry["value_types"]) > 1:
            raise DataFileError("a heading has no other value type", reading=reading, where=where)
        if entry["value_types"] == ["heading"] and entry["breakdowns"]:
            _among(entry["printed_type"], ("int", "money"), "printed_type", reading, where)
        made[entry["section"]].append(Line(**_tuples(entry)))
    for name, found in made.items():
        parents = {line.indicator: line.parent for line in found}
        for line in found:
            _rooted(line, parents, reading)
        labels = [((line.parent,), line.indicator, line.labels) for line in found]
        labels += [((line.indicator,), line.indicator, line.subtotals) for line in found]
        _unambiguous(labels, reading, f"the lines of section {name}")
    return {name: tuple(found) for name, found in made.items()}


def _rooted(line: Line, parents: Mapping[str, str], reading: str) -> None:
    at, steps = line.indicator, 0
    while parents[at]:
        if parents[at] not in parents:
            raise DataFileError(f"unknown parent {parents[at]}", reading=reading, where=f"line {at}")
        at, steps = parents[at], steps + 1
        if steps > len(parents):
            raise DataFileError("a line stands under itself", reading=reading, where=f"line {line.indicator}")


def _unambiguous(entries: Iterable[tuple[tuple[str, ...], str, tuple[str, ...]]], reading: str, where: str) -> None:
    """Entries are (scope, code, labels): within a scope a label belongs to one code."""
    owners: dict[tuple[tuple[str, ...], str], str] = {}
    for scope, code, labels in entries:
        for label in labels:
            key = label_key(label)
            if not key:
                raise DataFileError(f"empty label of {code}", reading=reading, where=where)
            owner = owners.setdefault((scope, key), code)
            if owner != code:
                raise DataFileError(f"label {label} belongs to {owner} and to {code}", reading=reading, where=where)


def _blocks(
    items: list[Any],
    columns: Mapping[str, tuple[FormColumn, ...]],
    lines: Mapping[str, tuple[Line, ...]],
    reading: str,
) -> dict[str, tuple[Block, ...]]:
    made: dict[str, list[Block]] = {name: [] for name in columns}
    for item in items:
        entry = _entry(item, _BLOCK, ("section", "serial", "label"), reading, "[[blocks]]")
        where = f"block {entry['serial']}"
        _among(entry["section"], columns, "section", reading, where)
        _new(entry["serial"], [block.serial for block in made[entry["section"]]], reading, where)
        within = [line for line in lines[entry["section"]] if line.serial == entry["serial"]]
        if not within:
            raise DataFileError("no line has this serial", reading=reading, where=where)
        order = [column.breakdown for column in columns[entry["section"]]]
        used = {breakdown for line in within for breakdown in line.breakdowns}
        made[entry["section"]].append(
            Block(
                **_tuples(entry),
                indicators=tuple(line.indicator for line in within),
                breakdowns=tuple(breakdown for breakdown in order if breakdown in used),
            )
        )
    return {name: tuple(found) for name, found in made.items()}


def _identities(items: list[Any], of: Form, owner: str, reading: str) -> tuple[Identity, ...]:
    made: list[Identity] = []
    for item in items:
        required = ("rule", "kind", "expression", "over", "severity")
        entry = _entry(item, _IDENTITY, required, reading, "[[identities]]")
        where = f"rule {entry['rule']}"
        _new(entry["rule"], [identity.rule for identity in made], reading, where)
        _among(entry["kind"], CHECK_KINDS, "kind", reading, where)
        _among(entry["severity"], SEVERITIES, "severity", reading, where)
        for name in entry["bound_if_absent"]:
            _among(name, [line.indicator for line in of.lines], "bound_if_absent", reading, where)
        statement = None
        if entry["kind"] in _ARITHMETIC_KINDS:
            try:
                statement = parse_rule(of, entry["expression"], entry["over"])
            except ExpressionError as error:
                raise ExpressionError(error.message, reading=reading, where=f"{where}: {error.where}") from error
        made.append(Identity(form=owner, statement=statement, **_tuples(entry)))
    return tuple(made)
