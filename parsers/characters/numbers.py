"""Values: what the text of a cell says as a number.

Raw text is never normalised by Unicode tables here: a digit is ASCII or full-width, or a Chinese
numeral. The rules of reading are entries of `repairs.toml`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import regex

from parsers.characters import patterns
from parsers.characters.widths import INVISIBLE
from parsers.frozen import frozen

LONGEST_CELL = 200
"""A longer text is prose, never a value."""

MOST_DIGITS = 15
"""A number with more digits is doubtful: cells were glued, or it is no count."""


@frozen
class CellReading:
    """What a cell says.

    `value` is there only when `status` is `reported`: the figure as published, in `unit` (empty when
    the cell names none). `repair` names the rules that changed the reading. `note` is text of the
    cell that is no part of the figure. With status `ambiguous`, `candidates` holds what the whole
    cell may mean, likeliest first; `needs_confirmation` says that a candidate may be taken once the
    form's arithmetic, or a person, confirms it.
    """

    value: Decimal | None
    status: str
    unit: str = ""
    repair: tuple[str, ...] = ()
    note: str = ""
    candidates: tuple[Decimal, ...] = ()
    needs_confirmation: bool = False


@dataclass(slots=True)
class _State:
    """A cell while the rules run over it."""

    text: str
    money: bool
    signed: bool
    repair: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unit: str = ""
    factor: Decimal = Decimal(1)
    negative: bool = False
    either_sign: bool = False
    doubtful: bool = False
    result: CellReading | None = None

    def did(self, name: str) -> None:
        if name not in self.repair:
            self.repair.append(name)

    def finish(self, status: str, values: tuple[Decimal, ...] = (), *, unit: str = "") -> None:
        self.result = CellReading(
            value=values[0] if status == "reported" else None,
            status=status,
            unit=unit or self.unit,
            repair=tuple(self.repair),
            note=" ".join(self.notes),
            candidates=() if status == "reported" else values,
            needs_confirmation=status == "ambiguous" and bool(values),
        )


@frozen
class _Rule:
    name: str
    run: Callable[[_State, _Rule], None]
    patterns: tuple[regex.Pattern[str], ...]
    needs: frozenset[str]
    entry: dict[str, Any]

    def whole(self, text: str) -> regex.Match[str] | None:
        """The first of the patterns that the whole text fits."""
        return next((m for p in self.patterns if (m := patterns.fullmatch(p, text))), None)

    def doubts(self, state: _State) -> bool:
        confirm = self.entry.get("confirm", "never")
        return confirm == "always" or (
            (confirm == "money" and state.money)
            or (confirm == "count" and not state.money)
            or (confirm == "unsigned" and not state.signed)
        )


def read_cell(raw: str, *, money: bool = False, signed: bool = False) -> CellReading:
    """Read the text of one cell.

    `money` tells that the column holds sums of money, `signed` that it holds changes, where a dash
    before digits is a minus. Never raises; what is no value has a status that says so.
    """
    if len(raw) < MOST_DIGITS and raw.isascii() and raw.isdigit() and (raw[0] != "0" or len(raw) == 1):
        return _plain(raw)
    if len(raw) <= LONGEST_CELL:
        return _read(raw, money, signed)
    trimmed = raw.strip()
    return _read(trimmed, money, signed) if len(trimmed) <= LONGEST_CELL else CellReading(None, "unreadable")


@lru_cache(maxsize=4096)
def _plain(raw: str) -> CellReading:
    return CellReading(Decimal(raw), "reported")


@lru_cache(maxsize=4096)
def _read(raw: str, money: bool, signed: bool) -> CellReading:
    text, cut = _visible(raw)
    state = _State(text, money, signed)
    if cut:
        state.did("invisible")
    if text and not text.isascii() and _telling().isdisjoint(text):
        return CellReading(None, "unreadable")
    for rule in _rules():
        if rule.needs and rule.needs.isdisjoint(state.text):
            continue
        rule.run(state, rule)
        if state.result:
            return state.result
        if _PLAIN.fullmatch(state.text):
            break
    _conclude(state)
    assert state.result is not None
    return state.result


def _visible(raw: str) -> tuple[str, bool]:
    """The text without invisible characters, and whether they cut its digits.

    A single blank is ` `, other and longer white space one line feed: it may part two cells.
    """
    cut = False
    if not raw.isascii() and _INVISIBLE.search(raw):
        cut = bool(_CUT.search(raw))
        raw = _INVISIBLE.sub("", raw)
    return _SPACES.sub(lambda m: "\n" if len(m[0]) > 1 or m[0] in _BREAKS else " ", raw).strip(" \n"), cut


_INVISIBLE = regex.compile("[" + regex.escape(INVISIBLE.replace("\u2028", "").replace("\u2029", "")) + "]+")
_CUT = regex.compile(r"[0-9０-９]" + _INVISIBLE.pattern + r"[0-9０-９]")
_SPACES = regex.compile(r"[\s\u2800]+")
_BREAKS = "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_NUMBER = regex.compile(r"[0-9]+(?:\.[0-9]+)?")
_PLAIN = regex.compile(r"(?:0|[1-9][0-9]{0,13})(?:\.[0-9]+)?")


def _conclude(state: _State) -> None:
    """The text that the rules left is a number, or the cell is unreadable."""
    if not _NUMBER.fullmatch(state.text):
        state.repair, state.notes, state.unit = [], [], ""
        state.finish("unreadable")
        return
    digits = len(state.text.replace(".", ""))
    value = Decimal(state.text)
    if state.factor != 1 and digits <= MOST_DIGITS:
        value *= state.factor
    if state.factor != 1 and value == value.to_integral_value():
        value = value.to_integral_value()
    values: tuple[Decimal, ...] = (value.copy_negate() if state.negative and value else value,)
    if state.either_sign and value:
        values = (values[0], values[0].copy_negate())
    if state.doubtful or digits > MOST_DIGITS:
        state.finish("ambiguous", values)
    else:
        state.finish("reported", values)


def _replace(state: _State, rule: _Rule) -> None:
    before = state.text
    for pattern in rule.patterns:
        state.text = pattern.sub(rule.entry["with"], state.text, timeout=patterns.SECONDS)
    if state.text != before:
        state.text = state.text.strip(" \n")
        state.did(rule.name)


def _width(state: _State, rule: _Rule) -> None:
    if state.text.isascii():
        return
    if any(patterns.search(p, state.text) for p in rule.patterns):
        state.did(rule.name)
    state.text = state.text.translate(_tables()["widths"])


def _words(state: _State, rule: _Rule) -> None:
    if rule.whole("".join(state.text.split()).casefold()):
        state.finish(rule.name)


def _note(state: _State, rule: _Rule) -> None:
    if found := rule.whole(state.text):
        state.notes.append(found["note"].strip())
        state.text = found["keep"].strip(" \n")
        state.did(rule.name)


def _unit(state: _State, rule: _Rule) -> None:
    found = None if state.unit else rule.whole(state.text)
    if found:
        unit = "".join(found["unit"].split())
        state.unit = rule.entry.get("unit") or _tables()["units"].get(unit, unit)
        state.text = found["keep"].strip(" \n")
        state.did(rule.name)


def _scale(state: _State, rule: _Rule) -> None:
    if not (found := rule.whole(state.text)):
        return
    state.text = found["keep"].strip(" \n")
    if state.money and not state.unit:
        state.unit = _tables()["units"].get(found["scale"] + "元", found["scale"] + "元")
        state.did("unit_in_cell")
    else:
        state.factor = Decimal(_tables()["scales"][found["scale"]])
        state.did(rule.name)


def _sign(state: _State, rule: _Rule) -> None:
    if not (found := rule.whole(state.text)):
        return
    signs = _tables()["signs"]
    if found["sign"] in signs["dash"] or (found["gap"] and found["sign"] in signs["bare"]):
        # Without a signed column this may be a dash, or a neighbour's, before a plain number.
        state.negative = True
        state.either_sign = state.doubtful = not state.signed
    else:
        state.negative = found["sign"] in signs["minus"]
    state.text = found["keep"]
    state.did(rule.name)


def _join(state: _State, rule: _Rule) -> None:
    if not rule.whole(state.text):
        return
    removed = rule.entry["remove"]
    text = "".join(c for c in state.text if c not in removed).strip(" \n")
    whole, point, decimals = text.partition(".")
    if (whole + decimals).isdigit():
        text = (whole.lstrip("0") or "0") + point + decimals
    state.text = text
    state.did(rule.name)
    if rule.doubts(state):
        state.doubtful = True


def _letters(state: _State, rule: _Rule) -> None:
    if rule.whole(state.text):
        state.text = state.text.translate(str.maketrans(rule.entry["from"], rule.entry["to"]))
        state.text = state.text.lstrip("0") or "0"
        state.did(rule.name)
        state.doubtful = state.doubtful or rule.doubts(state)


def _numeral(state: _State, rule: _Rule) -> None:
    if rule.whole(state.text) and (value := chinese_number(state.text)) is not None:
        # 一 alone or in a row may be a dash, ○ a tick mark.
        if not state.unit and set(state.text) in ({"一"}, {"○"}):
            state.doubtful = True
        state.text = str(value)
        state.did(rule.name)


def _doubt(state: _State, rule: _Rule) -> None:
    if not (found := rule.whole(state.text)):
        return
    kept = found.groupdict().get("keep")
    values = (Decimal(kept),) if kept else ()
    if rule.entry.get("negate"):
        values = (*values, *(v.copy_negate() for v in values))
    state.did(rule.name)
    state.finish("ambiguous", values, unit=rule.entry.get("unit", ""))


_KINDS: dict[str, Callable[[_State, _Rule], None]] = {
    "replace": _replace, "width": _width, "words": _words, "note": _note, "unit": _unit, "scale": _scale,
    "sign": _sign, "join": _join, "letters": _letters, "numeral": _numeral, "doubt": _doubt,
}  # fmt: skip


@cache
def _rules() -> tuple[_Rule, ...]:
    data = patterns.load("repairs.toml")
    return tuple(
        _Rule(
            entry["name"],
            _KINDS[entry["kind"]],
            tuple(patterns.build(p, data["parts"], where="repairs.toml") for p in entry["patterns"]),
            frozenset(entry.get("needs", "")),
            entry,
        )
        for entry in data["rule"]
    )


@cache
def _telling() -> frozenset[str]:
    """Characters of which a cell that says anything holds at least one: figures, and those of the words."""
    data = patterns.load("repairs.toml")
    words = "".join(e.get("needs", "") for e in data["rule"] if e["kind"] in ("words", "replace"))
    letters = "".join(e.get("from", "") for e in data["rule"])
    return frozenset(words + letters + data["widths"]["from"] + data["widths"]["to"] + data["parts"]["H"].strip("[]"))


@cache
def _tables() -> dict[str, Any]:
    data = patterns.load("repairs.toml")
    signs = data["signs"]
    return {
        "widths": str.maketrans(data["widths"]["from"], data["widths"]["to"]),
        "scales": data["scales"],
        "units": data["units"],
        "signs": {**signs, "bare": [s for s in signs["minus"] if not s.isalnum()]},
    }


_HAN_DIGITS = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2, "兩": 2,
    **{c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}, "貳": 2, "參": 3, "陸": 6,
}  # fmt: skip
_HAN_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def chinese_number(text: str) -> int | None:
    """A Chinese numeral as a number, None when it is none: 十二, 二〇一八, 一百零五, 两万三千, 廿三, 壹佰."""
    if len(text) > 2 * MOST_DIGITS:
        return None
    text = text.replace("廿", "二十").replace("卅", "三十")
    if text and all(c in _HAN_DIGITS for c in text):
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    lowest, highest = 10**4, 10**12
    last = ""
    for position, char in enumerate(text):
        if char in _HAN_DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _HAN_DIGITS[char]
        elif char in _HAN_TENS:
            weight = _HAN_TENS[char]
            if digit is None and weight == 10 and (position == 0 or last in _HAN_MYRIADS or last in "零〇"):
                digit = 1
            if not digit or weight >= lowest:
                return None
            section, lowest, digit = section + digit * weight, weight, None
        elif char in _HAN_MYRIADS:
            weight = _HAN_MYRIADS[char]
            if weight >= highest or not (section + (digit or 0)):
                return None
            total += (section + (digit or 0)) * weight
            section, digit, lowest, highest = 0, None, 10**4, weight
        else:
            return None
        last = char
    if digit is not None and len(text) > 1:
        before = text[-2]
        # 两万五 is 25,000 and 一百二 is 120, while 一万零五 is 10,005.
        if before in _HAN_MYRIADS:
            digit *= _HAN_MYRIADS[before] // 10
        elif before in _HAN_TENS and _HAN_TENS[before] > 10:
            digit *= _HAN_TENS[before] // 10
    if not last:
        return None
    return total + section + (digit or 0)
