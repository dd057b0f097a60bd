"""Doubts about cells, decided by the arithmetic of their form or said to stay open."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from parsers.characters.numbers import read_cell
from parsers.characters.widths import squeeze
from parsers.claims import Key
from parsers.doubts import BLANKS, RECOGNISED, Doubt, Entry, Observed, fixed_values, issue, run_of
from parsers.forms import Form
from parsers.settle import adds_up, constraints_of, settle


def decide(doubts: Sequence[Doubt], entries: dict[Key, Entry], form: Form, out: Observed) -> None:
    """Settle doubts together, and put what came of each into `entries`.

    A cell whose doubt one reading is left of has its value, with the repair and an issue that says what confirmed it;
    any other is `ambiguous`, or `unreadable` where a picture was read.
    """
    if not doubts:
        return
    in_doubt = {key for doubt in doubts for key in doubt.keys}
    constraints = constraints_of(form, frozenset(entries) | in_doubt)
    fixed = {key: value for key, value in fixed_values(entries).items() if key not in in_doubt}
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
            survivors = [only] if only is not None and adds_up(only, constraints, fixed, chosen) else []
            certain = survivors[0] if survivors else None
        if certain is None and doubt.weak and state.left and not state.spoken:
            _unconfirmed(doubt, entries, out)
            continue
        if certain is None and len(doubt.readings) == 1 and doubt.rule == "glued_digits" and state.left:
            certain = doubt.readings[0] if _no_number(doubt) else None
        for at, key in enumerate(doubt.keys):
            claim = next((c for c in doubt.claims if c.keys == (key,)), doubt.claims[min(at, len(doubt.claims) - 1)])
            raw = (
                claim.cell.text
                if len(claim.keys) == 1 and len(doubt.claims) == len(doubt.keys)
                else run_of(doubt.claims)
            )
            entry = entries.get(key) or Entry(claim, read_cell(""), "ambiguous", None, (), raw, claim.cell.locator)
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
                    issue(
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
                    issue(
                        "ambiguous_value",
                        "warning",
                        f"{key[0]} {key[1]}: several readings are possible and no identity decides",
                        entry.raw,
                        entry.locator,
                    )
                )


def _no_number(doubt: Doubt) -> bool:
    """Whether the text of a doubt cannot be one number: it is in pieces, or begins with a zero."""
    text = squeeze(run_of(doubt.claims))
    return " " in text or (len(text) > 1 and text[0] in "0０")


def _unconfirmed(doubt: Doubt, entries: dict[Key, Entry], out: Observed) -> None:
    for key in doubt.keys:
        entry = entries[key]
        out.doubtful.add(key)
        message = f"{key[0]} {key[1]}: {doubt.rule} read as {entry.value}, no identity confirms it"
        out.issues.append(issue("repair_unconfirmed", "warning", message, entry.raw, entry.locator))
