"""Claims to observations: what each claimed cell says, doubts settled by the form's arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from parsers.characters.numbers import CellReading, read_cell
from parsers.characters.widths import squeeze
from parsers.claims import Claim, Key
from parsers.document import Cell
from parsers.forms import Form
from parsers.forms.arithmetic import Constraint, evaluate
from parsers.frozen import frozen, maker
from parsers.records import FAILED, Issue, Observation
from parsers.settle import Reading, constraints_of, equalities_of, settle
from parsers.units import STANDARD, money_factor, stated_unit

BLANKS = frozenset(("blank", "slash", "dash", "none_word"))

RECOGNISED = "ocr_reading"
"""The repair that it is to choose one of several readings of a picture."""

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


@frozen
class _Cell:
    """What the form says of one of its cells."""

    money: bool
    signed: bool
    unit: str


@lru_cache(maxsize=16)
def _cells(form: Form) -> dict[Key, _Cell]:
    """The cells of a form in its order."""
    found: dict[Key, _Cell] = {}
    for line in form.lines:
        section = form.section(line.section)
        for breakdown in line.breakdowns:
            found[line.indicator, breakdown] = _Cell(
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
class _Entry:
    claim: Claim
    reading: CellReading
    status: str
    value: Decimal | None
    repairs: tuple[str, ...]
    raw: str
    locator: str


@frozen
class _Doubt:
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


def observe(
    claims: Sequence[Claim], form: Form, stated: Mapping[int, str], owner: Owner, flat: Collection[int] = ()
) -> Observed:
    """Read every claimed cell.

    `owner` is the report that the observations belong to. `stated` gives by table the unit of money
    that the words over it state, `flat` are the tables rebuilt from lines of text. Lines and columns
    that no claim is made for have no observation.
    """
    out = Observed()
    known = _cells(form)
    singles, groups = _sort(claims)
    entries: dict[Key, _Entry] = {}
    doubts: list[_Doubt] = []
    for key, found in singles.items():
        entry, doubt = _single(key, found, known[key], out)
        entries[key] = entry
        if doubt:
            doubts.append(doubt)
    for group in groups:
        doubt = _group(group, form, group[0].table in flat)
        if any(key in entries for key in doubt.keys):
            # What another row of the page prints cell by cell, or was read from first, is not read from here again.
            continue
        for key in doubt.keys:
            first = group[0]
            entries[key] = _Entry(first, read_cell(""), "ambiguous", None, (), _run(group), first.cell.locator)
        blank = all(read_cell(claim.cell.text).status in BLANKS for claim in group)
        if blank:
            for key in doubt.keys:
                reading = read_cell(group[0].cell.text)
                entries[key] = _Entry(
                    group[0], reading, reading.status, None, (), group[0].cell.text, group[0].cell.locator
                )
        elif doubt.readings:
            doubts.append(doubt)
    doubts.extend(_glued_rows(singles, entries, form))
    doubts.extend(_glued_beside(singles, entries, form))
    _decide(doubts, entries, form, out)
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


def _single(key: Key, found: Sequence[Claim], known: _Cell, out: Observed) -> tuple[_Entry, _Doubt | None]:
    claim = found[0]
    cell = claim.cell
    first = read_cell(cell.text, money=known.money, signed=known.signed)
    entry = _Entry(claim, first, first.status, first.value, first.repair, cell.text, cell.locator)
    if len(found) > 1 and _differ(found, known):
        entry.status, entry.value = "conflict", None
        out.doubtful.add(key)
        raws = "; ".join(dict.fromkeys(claim.cell.text for claim in found))
        for other in found:
            out.issues.append(
                _issue("conflict", "error", f"cells that differ claim {key[0]} {key[1]}", raws, other.cell.locator)
            )
        return entry, None
    if cell.confidence is not None and cell.confidence < SURE:
        out.doubtful.add(key)
    readings = None
    if cell.readings or cell.confidence is not None:
        readings = _recognised(cell, known, first)
    if readings is not None:
        entry.status, entry.value = "unreadable", None
        return entry, _Doubt(RECOGNISED, tuple({key: value} for value in readings), (claim,))
    doubtful = first.needs_confirmation and first.value is not None
    if doubtful:
        entry.status, entry.value = "ambiguous", None
        return entry, _Doubt(";".join(first.repair) or "split_digits", ({key: first.value},), (claim,))
    if first.value is not None and "split_digits" in first.repair:
        return entry, _Doubt(";".join(first.repair), ({key: first.value},), (claim,), weak=True)
    if first.status == "ambiguous":
        entry.value = None
        options = tuple({key: value} for value in first.candidates)
        return entry, _Doubt(";".join(first.repair) or "split_digits", options, (claim,))
    return entry, None


def _recognised(cell: Cell, known: _Cell, first: CellReading) -> tuple[Decimal, ...] | None:
    """The values that a cell of a picture may have; None where its reading is as good as a printed cell's."""
    if len(cell.readings) < 2 and (cell.confidence is None or cell.confidence >= LEAST_SURE):
        return None
    read = [first, *(read_cell(text, money=known.money, signed=known.signed) for text in cell.readings)]
    if len({(one.status, one.value) for one in read}) == 1 and (cell.confidence or 0.0) >= LEAST_SURE:
        return None
    values = (one.value for one in read if one.status == "reported" and not one.needs_confirmation)
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _differ(claims: Sequence[Claim], known: _Cell) -> bool:
    readings = [read_cell(claim.cell.text, money=known.money, signed=known.signed) for claim in claims]
    return len({(r.status if r.value is None else "reported", r.value) for r in readings}) > 1


def _run(group: Sequence[Claim]) -> str:
    return "\n".join(claim.cell.text for claim in group)


def _group(group: Sequence[Claim], form: Form, flat: bool) -> _Doubt:
    """Several cells that stand for several columns without saying which: every way to read them.

    In lines of text blank cells leave nothing behind; a cell that spans columns is printed as it is.
    """
    keys = group[0].keys
    texts: list[str] = []
    for claim in group:
        texts.extend(_pieces(claim.cell.text))
    if len(texts) == len(keys) and len(group) == 1:
        reading = _values(texts, keys, form)
        return _Doubt("glued_digits", (reading,) if reading else (), tuple(group))
    readings: list[Reading] = []
    if len(group) == 1 and len(texts) == 1:
        readings.extend(r for r in (_values(parts, keys, form) for parts in splits(texts[0], len(keys))) if r)
    if len(texts) < len(keys) and (flat or len(texts) > 1):
        readings.extend(_placings(texts, keys, form))
    return _Doubt(
        "glued_digits" if len(texts) == 1 and len(group) == 1 else "blanks_lost", tuple(readings), tuple(group)
    )


def _pieces(text: str) -> list[str]:
    """The figures that a cell holds: one a line, or all on one line with blanks between them."""
    lines = [squeeze(line) for line in text.split("\n")]
    if len(lines) > 1:
        return lines
    words = lines[0].split() or [""]
    return words if all(read_cell(word).status != "unreadable" for word in words) else lines


def _values(texts: Sequence[str], keys: Sequence[Key], form: Form) -> dict[Key, Decimal | None] | None:
    """The plain values of some texts for some keys; None when one of them is no plain number."""
    values: dict[Key, Decimal | None] = {}
    for text, key in zip(texts, keys, strict=True):
        reading = read_cell(text, money=_cells(form)[key].money)
        if reading.status in BLANKS:
            values[key] = None
        elif reading.value is None or reading.needs_confirmation:
            return None
        else:
            values[key] = reading.value
    return values


def splits(text: str, parts: int) -> list[list[str]]:
    """Every way to cut a run of digits into that many numbers without leading zeros."""
    digits = text.strip()
    if not digits.isdigit() or len(digits) < parts or len(digits) > 24:
        return []
    found: list[list[str]] = []
    for cuts in combinations(range(1, len(digits)), parts - 1):
        pieces = [digits[i:j] for i, j in zip((0, *cuts), (*cuts, len(digits)), strict=True)]
        if all(piece == "0" or piece[0] not in "0０" for piece in pieces):
            found.append(pieces)
        if len(found) > 4000:
            return []
    return found


def _glued_rows(
    singles: Mapping[Key, Sequence[Claim]],
    entries: Mapping[Key, _Entry],
    form: Form,
) -> list[_Doubt]:
    """Rows with fewer cells than columns whose plain reading breaks an identity: digits may be glued."""
    rows: dict[tuple[int, int], list[Claim]] = {}
    for found in singles.values():
        for claim in found:
            if claim.short:
                rows.setdefault((claim.table, claim.row), []).append(claim)
    if not rows:
        return []
    values = _fixed(entries)
    constraints = constraints_of(form, frozenset(entries))
    broken = {
        term.key
        for constraint in constraints
        if evaluate(constraint, values).outcome in FAILED
        for term in (*constraint.left, *constraint.right)
    }
    found_doubts: list[_Doubt] = []
    for claims in rows.values():
        keys = _row_keys(claims, form)
        missing = len(keys) - len(claims)
        if missing < 1 or not broken.intersection(claim.keys[0] for claim in claims):
            continue
        texts = [squeeze(claim.cell.text) for claim in claims]
        readings: list[Reading] = []
        cells: list[Mapping[Key, Cell]] = []
        if all(text.isdigit() for text in texts):
            for at, text in enumerate(texts):
                holders = [*claims[:at], *[claims[at]] * (missing + 1), *claims[at + 1 :]]
                for parts in splits(text, missing + 1):
                    reading = _values([*texts[:at], *parts, *texts[at + 1 :]], keys, form)
                    if reading:
                        readings.append(reading)
                        cells.append({key: claim.cell for key, claim in zip(keys, holders, strict=True)})
        if readings:
            found_doubts.append(_Doubt("glued_digits", tuple(readings), tuple(claims), cells=tuple(cells)))
    return found_doubts


def _glued_beside(
    singles: Mapping[Key, Sequence[Claim]], entries: Mapping[Key, _Entry], form: Form
) -> Iterator[_Doubt]:
    """Figures beside an empty cell that hold that cell's figure too.

    One that begins with a zero is in doubt by itself; any other is none unless an identity that it
    breaks, or that the only empty cell of a table keeps from holding, leaves exactly one way to cut it.
    """
    rows = list(_beside_blank(singles, entries))
    if not rows:
        return
    values = _fixed(entries)
    printed = frozenset(entries)
    equalities = equalities_of(form, printed)
    broken = {full for full, _ in rows if any(evaluate(c, values).outcome in FAILED for c in equalities.get(full, ()))}
    blanks = Counter(found[0].table for key, found in singles.items() if entries[key].status == "blank")
    doubts: list[_Doubt] = []
    taken: set[Key] = set()
    for full, keys in rows:
        text = squeeze(entries[full].raw)
        zero = text[0] in "0０"
        lonely = blanks[singles[full][0].table] == 1
        if taken.intersection(keys) or not (zero or full in broken or lonely):
            continue
        readings: list[Reading] = []
        for pair in pairwise(keys):
            cut = (_values(parts, pair, form) for parts in splits(text, 2))
            readings.extend({key: reading.get(key) for key in keys} for reading in cut if reading)
        if not readings:
            continue
        plain = {key: values[key] for key in keys}
        doubt = _Doubt("glued_digits", (plain, *readings), tuple(singles[key][0] for key in keys))
        if zero:
            yield doubt
        elif full in broken:
            doubts.append(doubt)
        else:
            left = {key: value for key, value in values.items() if key not in keys}
            constraints = constraints_of(form, printed)
            state = settle([readings], constraints, left)[0]
            if len(state.left) != 1 or not _adds_up(
                readings[state.left[0]], constraints, left, readings[state.left[0]]
            ):
                continue
            yield replace(doubt, readings=tuple(readings))
        taken.update(keys)
    if not doubts:
        return
    left = {key: value for key, value in values.items() if key not in taken}
    settled = settle([doubt.readings for doubt in doubts], constraints_of(form, printed), left)
    for doubt, state in zip(doubts, settled, strict=True):
        if state.spoken and len(state.left) == 1 and state.left[0] > 0:
            yield doubt


def _beside_blank(
    singles: Mapping[Key, Sequence[Claim]], entries: Mapping[Key, _Entry]
) -> Iterator[tuple[Key, tuple[Key, ...]]]:
    """Cells of two digits and more, each with the empty cells that stand beside it in its row, in the row's order."""
    order = [(key, found[0]) for key, found in singles.items() if len(found) == 1]
    for at, (full, claim) in enumerate(order):
        raw = entries[full].raw
        if entries[full].status != "reported" or len(raw) < 2:
            continue
        figure = raw if raw.isdigit() else squeeze(raw)
        if len(figure) < 2 or not figure.isdigit():
            continue
        near = order[max(0, at - 1) : at + 2]
        if any(entries[key].status == "blank" for key, _ in near):
            row = [
                key
                for key, other in near
                if (other.table, other.row) == (claim.table, claim.row)
                and (key == full or (entries[key].status == "blank" and other.cell is not claim.cell))
            ]
            if len(row) > 1:
                yield full, tuple(row)


def _row_keys(claims: Sequence[Claim], form: Form) -> tuple[Key, ...]:
    """The cells of the form that a row of claims should fill; none when the claims are of several rows of it."""
    line = form.find(claims[0].keys[0][0])
    section = form.section(line.section)
    if section.layout == "across":
        keys = tuple((entry.indicator, b) for entry in section.lines for b in entry.breakdowns)
    else:
        keys = tuple((line.indicator, b) for b in line.breakdowns)
    return keys if all(claim.keys[0] in keys for claim in claims) else ()


def _placings(texts: Sequence[str], keys: Sequence[Key], form: Form) -> Iterator[Reading]:
    """Every way to put fewer figures than cells into a row, in their order; the other cells are blank."""
    for places in combinations(range(len(keys)), len(texts)):
        chosen = _values(texts, [keys[i] for i in places], form)
        if chosen:
            yield {key: chosen.get(key) for key in keys}


def _fixed(entries: Mapping[Key, _Entry]) -> dict[Key, Decimal | None]:
    return {key: entry.value for key, entry in entries.items() if entry.status == "reported" or entry.status in BLANKS}


def _decide(doubts: Sequence[_Doubt], entries: dict[Key, _Entry], form: Form, out: Observed) -> None:
    if not doubts:
        return
    in_doubt = {key for doubt in doubts for key in doubt.keys}
    constraints = constraints_of(form, frozenset(entries) | in_doubt)
    fixed = {key: value for key, value in _fixed(entries).items() if key not in in_doubt}
    unknown = {key for key in entries if key not in fixed and key not in in_doubt}
    settled = settle([doubt.readings for doubt in doubts], constraints, fixed, unknown)
    chosen: dict[Key, Decimal | None] = {}
    for doubt, state in zip(doubts, settled, strict=True):
        if state.spoken and len(state.left) == 1:
            chosen.update(doubt.readings[state.left[0]])
    for doubt, state in zip(doubts, settled, strict=True):
        survivors = [doubt.readings[i] for i in state.left] if state.spoken else []
        only = survivors[0] if len(survivors) == 1 else None
        certain = only
        if doubt.rule == RECOGNISED:
            # What was misread may be none of the readings: that others are refuted says little.
            survivors = [only] if only is not None and _adds_up(only, constraints, fixed, chosen) else []
            certain = survivors[0] if survivors else None
        if certain is None and doubt.weak and state.left and not state.spoken:
            _unconfirmed(doubt, entries, out)
            continue
        if certain is None and len(doubt.readings) == 1 and doubt.rule == "glued_digits" and state.left:
            certain = doubt.readings[0] if _no_number(doubt) else None
        for at, key in enumerate(doubt.keys):
            claim = next((c for c in doubt.claims if c.keys == (key,)), doubt.claims[min(at, len(doubt.claims) - 1)])
            raw = (
                claim.cell.text if len(claim.keys) == 1 and len(doubt.claims) == len(doubt.keys) else _run(doubt.claims)
            )
            entry = entries.get(key) or _Entry(claim, read_cell(""), "ambiguous", None, (), raw, claim.cell.locator)
            entries[key] = entry
            out.doubtful.add(key)
            agreed = {reading.get(key) for reading in survivors}
            if certain is not None or (len(agreed) == 1 and None not in agreed):
                value = certain.get(key) if certain is not None else next(iter(agreed))
                # Where the figure stands in another cell than its own, raw text and locator say where it was read.
                if doubt.cells:
                    printed = doubt.cells[state.left[0]][key]
                    entry.raw, entry.locator, entry.repairs = printed.text, printed.locator, ()
                elif value is not None and read_cell(entry.raw).status in BLANKS:
                    printed = next(c.cell for c in doubt.claims if read_cell(c.cell.text).status not in BLANKS)
                    entry.raw, entry.locator = printed.text, printed.locator
                entry.value = value
                entry.status = "reported" if value is not None else "blank"
                entry.repairs = tuple(dict.fromkeys((*entry.repairs, *(doubt.rule.split(";") if doubt.rule else ()))))
                out.issues.append(
                    _issue(
                        "repair_confirmed",
                        "info",
                        f"{doubt.rule} read as {value}, confirmed by the form's arithmetic",
                        entry.raw,
                        entry.locator,
                    )
                )
            elif doubt.rule == RECOGNISED:
                entry.status, entry.value = "unreadable", None
            else:
                entry.status, entry.value = "ambiguous", None
                out.issues.append(
                    _issue(
                        "ambiguous_value",
                        "warning",
                        f"{key[0]} {key[1]}: several readings are possible and no identity decides",
                        entry.raw,
                        entry.locator,
                    )
                )


def _adds_up(
    reading: Reading,
    constraints: Sequence[Constraint],
    fixed: Mapping[Key, Decimal | None],
    chosen: Mapping[Key, Decimal | None],
) -> bool:
    """Whether a sum of the form holds with a reading."""
    values = {**fixed, **chosen}
    return any(
        constraint.kind == "equality"
        and constraint.severity == "error"
        and any(term.key in reading for term in constraint.terms)
        and all(term.key in values and not term.previous for term in constraint.terms)
        and evaluate(constraint, values).outcome == "pass"
        for constraint in constraints
    )


def _no_number(doubt: _Doubt) -> bool:
    """Whether the text of a doubt cannot be one number: it is in pieces, or begins with a zero."""
    text = squeeze(_run(doubt.claims))
    return " " in text or (len(text) > 1 and text[0] in "0０")


def _unconfirmed(doubt: _Doubt, entries: dict[Key, _Entry], out: Observed) -> None:
    for key in doubt.keys:
        entry = entries[key]
        out.doubtful.add(key)
        message = f"{key[0]} {key[1]}: {doubt.rule} read as {entry.value}, no identity confirms it"
        out.issues.append(_issue("repair_unconfirmed", "warning", message, entry.raw, entry.locator))


def _observation(
    key: Key, entry: _Entry, known: _Cell, form: str, stated: Mapping[int, str], owner: Owner, out: Observed
) -> Observation:
    indicator, breakdown = key
    report_id, document_id, report_year = owner
    claim, value, locator = entry.claim, entry.value, entry.locator
    method, score, margin = claim.match.method, claim.match.score, claim.match.margin
    unit, unit_source = _unit(entry, known, stated)
    value_std, unit_std = _standard(value, unit) if known.money else (value, unit)
    if entry.status == "unreadable":
        said = _why_unreadable(claim.cell)
        out.issues.append(_issue("unreadable_value", "warning", f"{indicator} {breakdown}: {said}", entry.raw, locator))
        out.doubtful.add(key)
    elif entry.status == "ambiguous" and key not in out.doubtful:
        out.issues.append(
            _issue(
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


def _plausible(key: Key, value: Decimal, entry: _Entry, known: _Cell, out: Observed) -> None:
    if not known.money and value != value.to_integral_value():
        out.issues.append(
            _issue(
                "not_an_integer",
                "warning",
                f"{key[0]} {key[1]}: a count is published with decimals",
                entry.raw,
                entry.locator,
            )
        )
    if value < 0 and not known.signed:
        out.issues.append(
            _issue(
                "negative_value",
                "warning",
                f"{key[0]} {key[1]}: a count is published as negative",
                entry.raw,
                entry.locator,
            )
        )


def _unit(entry: _Entry, known: _Cell, stated: Mapping[int, str]) -> tuple[str, str]:
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


def _issue(code: str, severity: str, message: str, raw: str, locator: str) -> Issue:
    return Issue(code=code, severity=severity, message=message, raw=raw, locator=locator)
