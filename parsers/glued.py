"""Figures that stand together where the form has several cells: every way to read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise

from parsers.characters.numbers import read_cell
from parsers.characters.widths import squeeze
from parsers.claims import Claim, Key
from parsers.document import Cell
from parsers.doubts import BLANKS, Doubt, Entry, cells_of, fixed_values
from parsers.forms import Form
from parsers.forms.arithmetic import evaluate
from parsers.records import FAILED
from parsers.settle import Reading, adds_up, constraints_of, equalities_of, settle


def shared(group: Sequence[Claim], form: Form, flat: bool) -> Doubt:
    """Several cells that stand for several columns without saying which: every way to read them.

    In lines of text blank cells leave nothing behind; a cell that spans columns is printed as it is.
    """
    keys = group[0].keys
    texts: list[str] = []
    for claim in group:
        texts.extend(_pieces(claim.cell.text))
    if len(texts) == len(keys) and len(group) == 1:
        reading = _values(texts, keys, form)
        return Doubt("glued_digits", (reading,) if reading else (), tuple(group))
    readings: list[Reading] = []
    if len(group) == 1 and len(texts) == 1:
        readings.extend(r for r in (_values(parts, keys, form) for parts in splits(texts[0], len(keys))) if r)
    if len(texts) < len(keys) and (flat or len(texts) > 1):
        readings.extend(_placings(texts, keys, form))
    return Doubt(
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
        reading = read_cell(text, money=cells_of(form)[key].money)
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


def short_rows(
    singles: Mapping[Key, Sequence[Claim]],
    entries: Mapping[Key, Entry],
    form: Form,
) -> list[Doubt]:
    """Rows with fewer cells than columns whose plain reading breaks an identity: digits may be glued."""
    rows: dict[tuple[int, int], list[Claim]] = {}
    for found in singles.values():
        for claim in found:
            if claim.short:
                rows.setdefault((claim.table, claim.row), []).append(claim)
    if not rows:
        return []
    values = fixed_values(entries)
    constraints = constraints_of(form, frozenset(entries))
    broken = {
        term.key
        for constraint in constraints
        if evaluate(constraint, values).outcome in FAILED
        for term in (*constraint.left, *constraint.right)
    }
    found_doubts: list[Doubt] = []
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
            found_doubts.append(Doubt("glued_digits", tuple(readings), tuple(claims), cells=tuple(cells)))
    return found_doubts


def beside_blank(singles: Mapping[Key, Sequence[Claim]], entries: Mapping[Key, Entry], form: Form) -> Iterator[Doubt]:
    """Figures beside an empty cell that hold that cell's figure too.

    One that begins with a zero is in doubt by itself; any other is none unless an identity that it
    breaks, or that the only empty cell of a table keeps from holding, leaves exactly one way to cut it.
    """
    rows = list(_beside(singles, entries))
    if not rows:
        return
    values = fixed_values(entries)
    printed = frozenset(entries)
    equalities = equalities_of(form, printed)
    broken = {full for full, _ in rows if any(evaluate(c, values).outcome in FAILED for c in equalities.get(full, ()))}
    blanks = Counter(found[0].table for key, found in singles.items() if entries[key].status == "blank")
    doubts: list[Doubt] = []
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
        doubt = Doubt("glued_digits", (plain, *readings), tuple(singles[key][0] for key in keys))
        if zero:
            yield doubt
        elif full in broken:
            doubts.append(doubt)
        else:
            left = {key: value for key, value in values.items() if key not in keys}
            constraints = constraints_of(form, printed)
            state = settle([readings], constraints, left)[0]
            if len(state.left) != 1 or not adds_up(readings[state.left[0]], constraints, left, readings[state.left[0]]):
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


def _beside(
    singles: Mapping[Key, Sequence[Claim]], entries: Mapping[Key, Entry]
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
