"""Dates and reporting periods in running text, as printed or with marks missing.

The patterns and the years that count as plausible are entries of `dates.toml`.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import cache
from typing import Any

import regex

from parsers.characters import patterns, widths
from parsers.characters.numbers import chinese_number
from parsers.characters.sought import sought
from parsers.characters.widths import INVISIBLE
from parsers.frozen import frozen

_ZEROS = str.maketrans(dict.fromkeys("〇○零OoＯｏОо◯●", "0"))
_HAN = str.maketrans("一二三四五六七八九壹贰叁肆伍陆柒捌玖", "123456789123456789")
_SOLID = regex.compile(r"[^\s" + regex.escape(INVISIBLE) + "]+")
_LETTERS = frozenset("OoＯｏОо")


@frozen
class FoundDate:
    """A date of a text: `text[start:end] == raw`. With precision `month` the day is the first."""

    date: date
    raw: str
    start: int
    end: int
    precision: str
    repaired: bool = False


@frozen
class Period:
    """A reporting period of a text: `text[start_offset:end_offset] == raw`.

    `basis` is `stated` when the period is printed whole, `repaired` when marks between its figures
    were missing and the figures allow one plausible period only.
    """

    start: date
    end: date
    basis: str
    raw: str
    start_offset: int
    end_offset: int


def find_dates(text: str) -> list[FoundDate]:
    """The dates of a text from left to right, without overlap, of plausible years only."""
    data = _data()
    folded = data["fold"](text)
    found = [
        f
        for entry in data["dates"]
        if any(map(folded.__contains__, entry[4]))
        for m in entry[0].finditer(folded)
        if (f := _date(m, entry, text))
    ]
    # Sorting is stable: of two readings at one place the earlier pattern stays in front.
    found.sort(key=lambda f: f.start)
    kept: list[FoundDate] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
        elif item.start == kept[-1].start and item.precision == "day" and kept[-1].precision == "month":
            kept[-1] = item
    return kept


def find_period(text: str) -> list[Period]:
    """The reporting periods of a text from left to right, without overlap.

    A reporting period runs from 1 January to 31 December of one year, in 2008 also from 1 May. Other
    spans of time are none, and a damaged one that may be another span is left out.
    """
    # Each of its last month and day has one of these, in whatever width.
    if not any(map(text.__contains__, "2２二⼆十⼗")) or not any(map(text.__contains__, "1１十⼗")):
        return []
    data = _data()
    solid, starts, offsets = _solid(data["fold"](text))
    if "12" not in solid and "十二" not in solid:
        return []
    place = _Places(starts, offsets)
    found = [
        period
        for name, pattern in data["periods"].items()
        for m in pattern.finditer(solid)
        if (period := _period(name, m, solid, place, text))
    ]
    found.sort(key=lambda p: (p.start_offset, -p.end_offset))
    kept: list[Period] = []
    for item in found:
        if not kept or item.start_offset >= kept[-1].end_offset:
            kept.append(item)
    return kept


@frozen
class _Places:
    """From positions in the text without white space back to positions in the text."""

    starts: list[int]
    offsets: list[int]

    def of(self, position: int) -> int:
        run = bisect_right(self.starts, position) - 1
        return position - self.starts[run] + self.offsets[run]

    def touch(self, position: int) -> bool:
        """Whether the characters at `position - 1` and `position` are neighbours in the text too."""
        return self.of(position) == self.of(position - 1) + 1


def _solid(text: str) -> tuple[str, list[int], list[int]]:
    """The text without white space and invisible characters; where its runs start, there and in the text."""
    if len(widths.solid(text)) == len(text):
        return text, [0], [0]
    runs: list[str] = []
    starts: list[int] = []
    offsets: list[int] = []
    length = 0
    for run in _SOLID.finditer(text):
        runs.append(run[0])
        starts.append(length)
        offsets.append(run.start())
        length += len(run[0])
    return "".join(runs), starts, offsets


@cache
def _data() -> dict[str, Any]:
    data = patterns.load("dates.toml")
    period = data["period"]
    return {
        "fold": widths.replacer(dict(zip(data["fold"]["from"], data["fold"]["to"], strict=True))),
        "years": range(data["plausible"]["first"], data["plausible"]["last"] + 1),
        "dates": [
            (
                sought(patterns.build(e["pattern"], data["parts"], where="dates.toml")),
                e["precision"],
                e.get("era", 0),
                e.get("repaired", False),
                e["needs"],
            )
            for e in data["date"]
        ],
        "periods": {
            name: sought(patterns.build(pattern, period["parts"], where="dates.toml"))
            for name, pattern in period["patterns"].items()
        },
        "near": patterns.build(period["near"], {}, where="dates.toml"),
        "reach": period["reach"],
    }


def _date(match: regex.Match[str], entry: tuple[Any, str, int, bool, str], text: str) -> FoundDate | None:
    _, precision, era, repaired, _ = entry
    raw_year = match["y"]
    year = _year(raw_year)
    month = _small(match["m"])
    day = _small(match["d"]) if precision == "day" else 1
    if year is None or month is None or day is None or year + era not in _data()["years"]:
        return None
    try:
        found = date(year + era, month, day)
    except ValueError:
        return None
    start, end = match.span()
    return FoundDate(found, text[start:end], start, end, precision, repaired or not _LETTERS.isdisjoint(raw_year))


def _year(raw: str) -> int | None:
    digits = "".join(_SOLID.findall(raw)).translate(_ZEROS).translate(_HAN)
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _small(raw: str) -> int | None:
    """A month or a day of the month, in figures or in Chinese."""
    text = "".join(_SOLID.findall(raw)).replace("元", "一").replace("初", "")
    return int(text) if text.isascii() and text.isdigit() else chinese_number(text)


def _period(name: str, match: regex.Match[str], solid: str, place: _Places, text: str) -> Period | None:
    groups = match.groupdict()
    year = _year(match["year"])
    if year is None or year not in _data()["years"]:
        return None
    if groups.get("year2") and _year(match["year2"]) != year:
        return None
    if groups.get("m5") and year != 2008:
        return None
    start, end = match.span()
    if start and _digit(solid[start - 1]) and place.touch(start):
        return None
    if end < len(solid) and _digit(solid[end - 1]) and _digit(solid[end]) and place.touch(end):
        return None
    whole = name == "months" or (name == "days" and _whole(groups))
    if not whole and not _sure(groups, solid, start):
        return None
    first, last = place.of(start), place.of(end - 1) + 1
    return Period(
        date(year, 5 if groups.get("m5") else 1, 1),
        date(year, 12, 31),
        "stated" if whole else "repaired",
        text[first:last],
        first,
        last,
    )


def _whole(groups: dict[str, str | None]) -> bool:
    """Whether both ends of the span have all their marks and something stands between them."""
    padded = len(groups["m"] or groups["m5"] or "") == 2 and len(groups["d"] or "") == 2
    bare = not (groups["ya"] or groups["ma"] or groups["da"])
    first = groups["sa"] or (groups["ya"] and groups["ma"] and groups["da"]) or (padded and bare)
    bare_second = not (groups["yb"] or groups["mb"] or groups["db"])
    second = groups["sb2"] or (groups["mb"] and groups["db"] and (groups["yb"] or not groups["year2"]))
    # Figures without any mark are whole when both ends are written so.
    return bool(groups["to"] and first and (second or (bare_second and padded and bare and groups["year2"])))


def _sure(groups: dict[str, str | None], solid: str, start: int) -> bool:
    """Whether a span with marks missing can only be a reporting period."""
    separator = groups.get("to") or ""
    worded = any(c in separator for c in "至到起")
    if groups.get("sa"):
        return bool(groups.get("to"))
    marks = [groups.get(name) for name in ("ya", "ma", "da", "yb", "mb", "db", "from", "begin", "end")]
    if not groups.get("ma") and not groups.get("da") and not worded and not groups.get("year2") and "m" in groups:
        # 2018年11-12月31日 may begin in November.
        return False
    if worded or any(marks):
        return True
    before = solid[max(0, start - _data()["reach"]) : start]
    return patterns.search(_data()["near"], before) is not None


def _digit(char: str) -> bool:
    return char.isascii() and char.isdigit()
