"""Claims to observations: what each claimed cell says, doubts settled by the form's arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from parsers import glued
from parsers.characters.numbers import CellReading, read_cell
from parsers.characters.widths import squeeze
from parsers.claims import Claim, Key
from parsers.decide import decide
from parsers.document import Cell
from parsers.doubts import BLANKS, RECOGNISED, Doubt, Entry, FormCell, Observed, cells_of, issue, run_of
from parsers.forms import Form
from parsers.frozen import maker
from parsers.records import Observation
from parsers.units import STANDARD, money_factor, stated_unit

NOTE_MARK = "note_mark"
"""The repair that it is to say whether the last digits of a figure, set smaller, are its own or the mark of a note."""

LEAST_SURE = 0.8
"""A recognised figure of less confidence stands only where an identity confirms it."""

SURE = 0.95
"""Recognised figures of less confidence leave it open whose error a failed check is."""

_made = maker(Observation)


class Owner(NamedTuple):
    """The report and the document that records are made for."""

    report_id: str = ""
    document_id: str = ""
    report_year: int | None = None


def observe(
    claims: Sequence[Claim], form: Form, stated: Mapping[int, str], owner: Owner, flat: Collection[int] = ()
) -> Observed:
    """Read every claimed cell.

    `owner` is the report that the observations belong to. `stated` gives by table the unit of money
    that the words over it state, `flat` are the tables rebuilt from lines of text. Lines and columns
    that no claim is made for have no observation.
    """
    out = Observed()
    known = cells_of(form)
    singles, groups = _sort(claims)
    entries: dict[Key, Entry] = {}
    doubts: list[Doubt] = []
    for key, found in singles.items():
        entry, doubt = _single(key, found, known[key], out)
        entries[key] = entry
        if doubt:
            doubts.append(doubt)
    for group in groups:
        doubt = glued.shared(group, form, group[0].table in flat)
        if any(key in entries for key in doubt.keys):
            # What another row of the page prints cell by cell, or was read from first, is not read from here again.
            continue
        for key in doubt.keys:
            first = group[0]
            entries[key] = Entry(first, read_cell(""), "ambiguous", None, (), run_of(group), first.cell.locator)
        blank = all(read_cell(claim.cell.text).status in BLANKS for claim in group)
        if blank:
            for key in doubt.keys:
                reading = read_cell(group[0].cell.text)
                entries[key] = Entry(
                    group[0], reading, reading.status, None, (), group[0].cell.text, group[0].cell.locator
                )
        elif doubt.readings:
            doubts.append(doubt)
    doubts.extend(glued.short_rows(singles, entries, form))
    doubts.extend(glued.beside_blank(singles, entries, form))
    decide(doubts, entries, form, out)
    for key in [key for key in known if key in entries]:
        out.observations.append(_observation(key, entries[key], known[key], form.name, stated, owner, out))
    return out


def _sort(claims: Sequence[Claim]) -> tuple[dict[Key, list[Claim]], list[list[Claim]]]:
    """Claims of one key each, and groups of claims that share several keys."""
    singles: dict[Key, list[Claim]] = {}
    shared: dict[tuple[int, int, tuple[Key, ...]], list[Claim]] = {}
    for claim in claims:
        if len(claim.keys) == 1:
            singles.setdefault(claim.keys[0], []).append(claim)
        else:
            shared.setdefault((claim.table, claim.row, claim.keys), []).append(claim)
    several = [key for key, found in singles.items() if len(found) > 1]
    if several:
        filled = {(claim.table, claim.row) for claim in claims if read_cell(claim.cell.text).status not in BLANKS}
    for key in several:
        # A row without any figure beside one that has them is a leftover of the template.
        found = singles[key]
        kept = [claim for claim in found if (claim.table, claim.row) in filled]
        singles[key] = kept or found[:1]
    return singles, [group for group in shared.values() if not any(key in singles for key in group[0].keys)]


def _single(key: Key, found: Sequence[Claim], known: FormCell, out: Observed) -> tuple[Entry, Doubt | None]:
    claim = found[0]
    cell = claim.cell
    first = read_cell(cell.text, money=known.money, signed=known.signed)
    entry = Entry(claim, first, first.status, first.value, first.repair, cell.text, cell.locator)
    if len(found) > 1 and _differ(found, known):
        entry.status, entry.value = "conflict", None
        out.doubtful.add(key)
        raws = "; ".join(dict.fromkeys(claim.cell.text for claim in found))
        for other in found:
            out.issues.append(
                issue("conflict", "error", f"cells that differ claim {key[0]} {key[1]}", raws, other.cell.locator)
            )
        return entry, None
    if cell.confidence is not None and cell.confidence < SURE:
        out.doubtful.add(key)
    readings = None
    if len(cell.readings) > 1 and cell.confidence is None:
        read = [read_cell(text, money=known.money, signed=known.signed).value for text in cell.readings]
        entry.status, entry.value = "ambiguous", None
        return entry, Doubt(
            NOTE_MARK, tuple({key: value} for value in dict.fromkeys(read) if value is not None), (claim,)
        )
    if cell.readings or cell.confidence is not None:
        readings = _recognised(cell, known, first)
    if readings is not None:
        entry.status, entry.value = "unreadable", None
        return entry, Doubt(RECOGNISED, tuple({key: value} for value in readings), (claim,))
    doubtful = first.needs_confirmation and first.value is not None
    if doubtful:
        entry.status, entry.value = "ambiguous", None
        return entry, Doubt(";".join(first.repair) or "split_digits", ({key: first.value},), (claim,))
    if first.value is not None and "split_digits" in first.repair:
        return entry, Doubt(";".join(first.repair), ({key: first.value},), (claim,), weak=True)
    if first.status == "ambiguous":
        entry.value = None
        options = tuple({key: value} for value in first.candidates)
        return entry, Doubt(";".join(first.repair) or "split_digits", options, (claim,))
    return entry, None


def _recognised(cell: Cell, known: FormCell, first: CellReading) -> tuple[Decimal, ...] | None:
    """The values that a cell of a picture may have; None where its reading is as good as a printed cell's."""
    if len(cell.readings) < 2 and (cell.confidence is None or cell.confidence >= LEAST_SURE):
        return None
    read = [first, *(read_cell(text, money=known.money, signed=known.signed) for text in cell.readings)]
    if len({(one.status, one.value) for one in read}) == 1 and (cell.confidence or 0.0) >= LEAST_SURE:
        return None
    values = (one.value for one in read if one.status == "reported" and not one.needs_confirmation)
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _differ(claims: Sequence[Claim], known: FormCell) -> bool:
    readings = [read_cell(claim.cell.text, money=known.money, signed=known.signed) for claim in claims]
    return len({(r.status if r.value is None else "reported", r.value) for r in readings}) > 1


def _observation(
    key: Key, entry: Entry, known: FormCell, form: str, stated: Mapping[int, str], owner: Owner, out: Observed
) -> Observation:
    indicator, breakdown = key
    report_id, document_id, report_year = owner
    claim, value, locator = entry.claim, entry.value, entry.locator
    method, score, margin = claim.match.method, claim.match.score, claim.match.margin
    unit, unit_source = _unit(entry, known, stated)
    value_std, unit_std = _standard(value, unit) if known.money else (value, unit)
    if entry.status == "unreadable":
        said = _why_unreadable(claim.cell)
        out.issues.append(issue("unreadable_value", "warning", f"{indicator} {breakdown}: {said}", entry.raw, locator))
        out.doubtful.add(key)
    elif entry.status == "ambiguous" and key not in out.doubtful:
        out.issues.append(
            issue(
                "ambiguous_value",
                "warning",
                f"{indicator} {breakdown}: several readings are possible",
                entry.raw,
                locator,
            )
        )
        out.doubtful.add(key)
    if value is not None and not (value is entry.reading.value and entry.raw.isdecimal()):
        # Bare digits are a whole number that is not below zero.
        _plausible(key, value, entry, known, out)
    if method in ("similar", "position") or claim.column_method == "form":
        out.doubtful.add(key)
    return _made(
        report_id,
        "",
        report_year,
        form,
        indicator,
        breakdown,
        value,
        unit,
        unit_source,
        value_std,
        unit_std,
        entry.status,
        entry.raw,
        _label(claim.label.text) if claim.label else "",
        ";".join(entry.repairs) if entry.repairs else "",
        method,
        100.0 if score == 100.0 else round(score, 1),
        100.0 if margin == 100.0 else round(margin, 1),
        claim.cell.confidence,
        None,
        document_id,
        locator,
    )


def _why_unreadable(cell: Cell) -> str:
    if len(cell.readings) > 1:
        return f"readings of the picture differ ({' or '.join(map(repr, cell.readings))}) and no sum confirms one"
    if cell.confidence is not None and cell.confidence < LEAST_SURE:
        return f"the picture is read with a confidence of {cell.confidence:g} and no sum confirms it"
    return "not a number"


@lru_cache(maxsize=1024)
def _label(text: str) -> str:
    """A label on one line: all values of its row carry it."""
    return squeeze(text)


def _plausible(key: Key, value: Decimal, entry: Entry, known: FormCell, out: Observed) -> None:
    if not known.money and value != value.to_integral_value():
        out.issues.append(
            issue(
                "not_an_integer",
                "warning",
                f"{key[0]} {key[1]}: a count is published with decimals",
                entry.raw,
                entry.locator,
            )
        )
    if value < 0 and not known.signed:
        out.issues.append(
            issue(
                "negative_value",
                "warning",
                f"{key[0]} {key[1]}: a count is published as negative",
                entry.raw,
                entry.locator,
            )
        )


def _unit(entry: Entry, known: FormCell, stated: Mapping[int, str]) -> tuple[str, str]:
    if entry.reading.unit:
        return entry.reading.unit, "cell"
    claim = entry.claim
    if claim.unit is not None and (text := _unit_of(claim.unit.text)):
        return text, "header"
    if known.money:
        for cell in _header_cells(claim):
            unit = stated_unit(squeeze(cell.text))
            if unit:
                return unit, "header"
        if stated.get(claim.table):
            return stated[claim.table], "header"
    return (known.unit, "form") if known.unit else ("", "unknown")


@lru_cache(maxsize=1024)
def _unit_of(text: str) -> str:
    """The unit that a cell of units prints; "" when it holds a figure or nothing."""
    unit = squeeze(text).replace(" ", "")
    return unit if unit and read_cell(unit).status == "unreadable" else ""


def _header_cells(claim: Claim) -> Iterable[Cell]:
    if claim.label is not None:
        yield claim.label
    yield from reversed(claim.header_path)


def _standard(value: Decimal | None, unit: str) -> tuple[Decimal | None, str]:
    """A sum of money in the standard unit; nothing where its unit is not known."""
    factor = money_factor(unit)
    if factor is None:
        return None, ""
    return (None if value is None else value * factor), STANDARD
