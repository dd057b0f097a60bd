"""Whose figures tables hold, and of which year: by the years in their headers and rows, and the lines over them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from parsers.align import guards
from parsers.characters.widths import match_key, squeeze
from parsers.claims import Claim, Key
from parsers.document import Block, Table
from parsers.kinds import kind_of
from parsers.labels import label_key
from parsers.ledger import Laid
from parsers.marks import fold, year_in

AGAIN = 3
"""A table that gives so many figures, at least half of its own, that a table before it gives too is another one."""

ABOVE = 3
LONGEST = 60
"""The line that names a table stands among so many blocks over it and has so many characters."""

_NAMES = re.compile(r"附[件表]|^附[:：]|统计|情况|报表|公开|数据")
_EARLIER = re.compile(r"(?:上一?年|去年|往年|以前年)度?(?:同期)?的?(?:数据|情况|统计|报表|指标)")
_CORRECTED = re.compile(r"更正|修[订改正]|调整后|补正")
_BODY = re.compile(
    r"[\u4e00-\u9fff]{1,20}?(?:委员会|办事处|办公室|管委会|人民政府|大队|中心|[局委办站所院校处队厅乡镇园])(?=[(\d]|19|20|本?年|政[府务]|信息|公开|统计|情况|$)"
)


class Named(NamedTuple):
    """What the line over a table names: bodies, a year; whether it puts figures right, or speaks of earlier ones."""

    bodies: tuple[str, ...] = ()
    year: str = ""
    corrected: bool = False
    earlier: bool = False


def of_year(claims: list[Claim], layouts: Sequence[Laid], year: int | None) -> list[Claim]:
    """Claims without those of other years, where headers or the rows of a table name several: `year`, or the latest."""
    return _of_rows(_of_headers(claims, year), layouts, year)


def _of_headers(claims: list[Claim], year: int | None) -> list[Claim]:
    # The claims of a column share its path.
    paths = {id(claim.header_path): claim.header_path for claim in claims if claim.header_path}
    leaves_of_paths = {id(path[-1]): path[-1] for path in paths.values()}
    dated = {place: own for place, leaf in leaves_of_paths.items() if (own := year_of(leaf.text))}
    if len(set(dated.values())) < 2:
        return claims
    leaves = {(claim.table, id(claim.header_path[-1])): claim.header_path[-1] for claim in claims if claim.header_path}
    years = {place: dated[id(leaf)] for place, leaf in leaves.items() if id(leaf) in dated}
    if year and year not in years.values() and (others := _of_other_years(years)) != {c.table for c in claims}:
        return [claim for claim in claims if claim.table not in others]
    latest = year if year in years.values() else max(years.values())
    tables = {table for (table, _), own in years.items() if own == latest}
    earlier = {table for table, _ in years} - tables
    return [
        claim
        for claim in claims
        if claim.table not in earlier
        and (not claim.header_path or years.get((claim.table, id(claim.header_path[-1])), latest) == latest)
    ]


def _of_other_years(years: Mapping[tuple[int, int], int]) -> set[int]:
    """The tables that put several years beside each other, by the columns that are of a year."""
    named: dict[int, set[int]] = {}
    for (table, _), own in years.items():
        named.setdefault(table, set()).add(own)
    return {table for table, own in named.items() if len(own) > 1}


def _of_rows(claims: list[Claim], layouts: Sequence[Laid], year: int | None) -> list[Claim]:
    """The same for rows that give the same figures under one header, each for another year, or compare them."""
    years: dict[tuple[int, int], int] = {}
    compared: set[tuple[int, int]] = set()
    for number, (_, _, layout, matches) in enumerate(layouts):
        for row, match in zip(layout.rows, matches, strict=True):
            if match is None and row.labels and row.values:
                text = row.labels[0].text
                if own := year_of(text):
                    years[number, row.number] = own
                elif match_key(text) in _compared():
                    compared.add((number, row.number))
    if compared:
        claims = [claim for claim in claims if (claim.table, claim.row) not in compared]
    if len(set(years.values())) < 2:
        return claims
    latest = year if year in years.values() else max(years.values())
    return [claim for claim in claims if years.get((claim.table, claim.row), latest) == latest]


@lru_cache(maxsize=1)
def _compared() -> frozenset[str]:
    return frozenset(map(match_key, guards().other_columns))


@lru_cache(maxsize=4096)
def year_of(text: str) -> int | None:
    """The year that the text of a header cell begins with."""
    text = label_key(text).full
    return int(text[:4]) if text[:4].isdigit() and 2000 <= int(text[:4]) <= 2040 else None


def own(claims: list[Claim], layouts: Sequence[Laid], blocks: Sequence[Block], title: str) -> list[Claim]:
    """Claims without those of tables that hold the figures of another body or year, as far as lines over them say so.

    Such a table gives anew what another table gives, and differs. Where nothing says which of the two is the
    report's, both stay, but what only the later one gives does not fill gaps of the first.
    """
    first: dict[Key, Claim] = {}
    for claim in claims:
        if len(claim.keys) == 1:
            first.setdefault(claim.keys[0], claim)
    if len({claim.table for claim in claims}) < 2 or len(claims) == len(first):
        return claims
    by_table: dict[int, list[Claim]] = {}
    for claim in claims:
        by_table.setdefault(claim.table, []).append(claim)
    gone: set[int] = set()
    filling: dict[int, int] = {}
    named: dict[int, Named] = {}
    name = Named()
    for number in by_table:
        # A line over several tables names all of them.
        name = _named(blocks, layouts[number][0]) or (name if _is_strange(name, title) else Named())
        named[number] = name
    for number, found in by_table.items():
        again = [(one, claim) for claim in found if (one := first.get(claim.keys[0])) and one.table != number]
        if len(again) < AGAIN or 2 * len(again) < len(found):
            continue
        if all(squeeze(one.cell.text) == squeeze(claim.cell.text) for one, claim in again):
            continue
        before = again[0][0].table
        if not named[number].corrected:
            gone |= _foreign(before, named[before], number, named[number], title)
            if any(kind_of(one.cell.text) != "blank" for one, _ in again):
                filling[number] = before
    for number, before in filling.items():
        if not gone.intersection((number, before)):
            by_table[number] = [claim for claim in by_table[number] if not _fills(first.get(claim.keys[0]), claim)]
    return [claim for number, found in by_table.items() if number not in gone for claim in found]


def _fills(one: Claim | None, claim: Claim) -> bool:
    """Whether a claim gives what no table before gives: the cell is not there, or blank."""
    return one is claim or (one is not None and kind_of(one.cell.text) == "blank" != kind_of(claim.cell.text))


def _foreign(before: int, one: Named, number: int, other: Named, title: str) -> set[int]:
    """Which of two tables that differ is not the report's, by what the lines over them name."""
    strange = [_is_strange(name, title) for name in (one, other)]
    if strange[0] == strange[1]:
        return set()
    return {before} if strange[0] else {number}


def _is_strange(name: Named, title: str) -> bool:
    """Whether a line over a table names another body or year than the title of the report."""
    if name.earlier or (name.year and (year := year_in(title)) and name.year != year):
        return True
    return bool(name.bodies) and not any(body in title or body[-4:] in title for body in name.bodies)


def _named(blocks: Sequence[Block], place: int) -> Named | None:
    for block in reversed(blocks[max(0, place - ABOVE) : max(0, place)]):
        if isinstance(block, Table):
            break
        if len(block.text) <= LONGEST and _NAMES.search(key := fold(block.text)):
            bodies = tuple(re.sub(r"^.*?[:：]|^附[件表]?\d*", "", body) for body in _BODY.findall(key))
            return Named(bodies, year_in(key), _CORRECTED.search(key) is not None, _EARLIER.search(key) is not None)
    return None
