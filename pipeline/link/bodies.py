"""Bodies: whose report it is, where that body is, and which names are one body through time.

A body is known by its place and the rest of its name in one spelling, so that it keeps its id when its place is
renamed: 建阳市教育局 is 建阳区教育局. An organisation code in front of the index numbers joins names of one place
that never report on the same year. Equal names without a known place are one body only where they were seen at one
site; a name that says its place, though no list has it, is one body wherever it was seen.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from parsers.records import Issue
from pipeline.frames import frame
from pipeline.link import sites
from pipeline.link.codes import credit_code, organisation_code
from pipeline.link.divisions import gazetteer
from pipeline.link.places import Place, Places, canonical, head
from pipeline.link.sites import SourcePlaces
from pipeline.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.link.divisions import Division

SHOWN = 8
"""So many candidates are named in an issue."""

_YEAR_FOLDER = re.compile(r"(?:19|20)\d\d(?:年|年度)?")
_BEFORE_NAME = re.compile(r"^(?:关于|\d{4}|年度?|[\s（(【《\[〔)）】]|公布|发布)+")


def body_id(name: str) -> str:
    """The id of a body: `b` and the first 16 hex digits of the sha256 of its name without white space."""
    return "b" + hashlib.sha256("".join(name.split()).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of whose one report is. `series` is what it continues from year to year."""

    key: str
    series: str
    place: Place
    year: int | None
    organisation: str
    credit: str


GIVEN = (
    "key",
    "series_key",
    "organisation",
    "lies_in",
    "division_code",
    "division_name",
    "division_level",
    "credit_code",
)
"""What a `Finder` says of a report, all of it text: what its body is known by and what it continues from year to year;
the code of its organisation and the key of its division; then columns of `reports`."""


class Finder:
    """Finds whose report each one is. It is shown all reports in batches, then asked for them in batches.

    What it learns from the first look is where sites are, by the reports that say so themselves. `stated` are the
    places of sites that are known otherwise. A report whose publisher is unknown belongs to no body.
    """

    def __init__(self, stated: SourcePlaces | None = None) -> None:
        self.stated = stated or SourcePlaces()
        self._located: dict[str, tuple[int, tuple[str, ...]]] = {}

    @cached_property
    def places(self) -> Places:
        return Places(gazetteer())

    def look(self, reports: pd.DataFrame) -> None:
        """Learn from a batch of reports."""
        for (_, _, publisher, title, source, *_), year in _rows(reports):
            place = self._first(publisher, title, source, year) if publisher else None
            if place is not None and place.division is not None and not place.placeless:
                site = sites.site_of(source)
                count, shared = self._located.get(site, (0, ()))
                path = (*place.division.lineage, place.division.key)
                self._located[site] = (count + 1, tuple(key for key in shared if key in path) if count else path)

    def find(self, reports: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """A batch of reports with the columns of GIVEN, and the issues that were found on the way."""
        rows = list(_rows(reports))
        found = [self._known(row, year) for row, year in rows]
        issues = [
            issue for (row, _), known in zip(rows, found, strict=True) if known for issue in self._issues(row, known)
        ]
        text = pd.ArrowDtype(pa.string())
        columns = zip(*(self._given(known) for known in found), strict=True) if found else [()] * len(GIVEN)
        given = {
            name: pd.Series(list(values), index=reports.index, dtype=text)
            for name, values in zip(GIVEN, columns, strict=True)
        }
        return reports.assign(**given), _issue_rows(issues)

    def _known(self, row: tuple[str, ...], year: int | None) -> _Known | None:
        _, _, publisher, title, source, index_number, scope = row
        if not publisher:
            return None
        place = self.places.narrow(self._first(publisher, title, source, year), [self._neighbours(source)])
        name = "".join(publisher.split())
        series = _key(name, place, source, of_area=True) if scope == "area" else ""
        codes = (organisation_code(index_number), credit_code(index_number))
        return _Known(_key(name, place, source), series, place, year, *codes)

    def _given(self, known: _Known | None) -> tuple[str | None, ...]:
        if known is None:
            return (None,) * len(GIVEN)
        division = self._division(known)
        return (
            known.key,
            known.series or None,
            known.organisation or None,
            known.place.division.key if known.place.division else "",
            division.code if division else None,
            division.name if division else None,
            division.level_name if division else None,
            known.credit or None,
        )

    def _first(self, publisher: str, title: str, source: str, year: int | None) -> Place:
        """The place of a publisher by all that is known but its neighbours."""
        place = self.places.read("".join(publisher.split()), year)
        return place if place.division is not None else self._in_context(place, title, source, year)

    def _neighbours(self, source: str) -> tuple[Division, ...]:
        """Where a site is by the reports on it: the lowest division that all their bodies lie in."""
        count, shared = self._located.get(sites.site_of(source), (0, ()))
        if count < sites.NEIGHBOURS or not shared:
            return ()
        lowest = self.places.gazetteer.at(shared[-1], None)
        return (lowest,) if lowest.level >= sites.DEEP_ENOUGH else ()

    def _division(self, known: _Known) -> Division | None:
        division = known.place.division
        return None if division is None else self.places.dated(division, known.year)

    def _in_context(self, place: Place, title: str, source: str, year: int | None) -> Place:
        """The place with the help of the title, the site's entry among the sources, and names of folders."""
        said = self.places.read(_BEFORE_NAME.sub("", "".join(title.split())), year)
        stated = sites.stated(source, self.stated, self.places.gazetteer)
        if place.placeless:
            if said.division is not None and not said.placeless:
                return self._at(place, said.division)
            return self._at(place, stated[0]) if stated else place
        contexts = [said.candidates if said.sure else (), stated, sites.folders(source, self.places, year)]
        return self.places.narrow(place, contexts)

    @staticmethod
    def _at(place: Place, division: Division) -> Place:
        return Place((division,), place.organ, placeless=True)

    def _issues(self, row: tuple[str, ...], known: _Known) -> Iterable[Issue]:
        report, document, publisher = row[:3]
        place = known.place
        if place.division is None and place.candidates:
            names = [f"{self.places.gazetteer.full_name(one)} ({one.code})" for one in place.candidates[:SHOWN]]
            more = f" and {len(place.candidates) - SHOWN} more" if len(place.candidates) > SHOWN else ""
            message = f"the publisher can be in {len(place.candidates)} places: {', '.join(names)}{more}"
            yield Issue(report, document, "several_candidates", "warning", message, publisher)
        elif place.division is not None:
            division = self._division(known)
            if division is not None and (place.above or division.level != place.division.level):
                message = f"the township is in no list for the year; the division is what it lies in, {division.name}"
                yield Issue(report, document, "township_not_listed", "info", message, publisher)


def _rows(reports: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], int | None]]:
    """What is read of each report, and its year."""
    texts = reports[["report_id", "document_id", "publisher", "title", "source", "index_number", "scope"]].fillna("")
    years = (None if pd.isna(year) else int(year) for year in reports["report_year"])
    return zip(texts.itertuples(index=False, name=None), years, strict=True)


def _key(name: str, place: Place, source: str, *, of_area: bool = False) -> str:
    """What a body is known by; `of_area` puts the government for its office."""
    own = canonical(place.organ if place.division is not None else name)
    own = head(own) if of_area else own
    if place.division is not None:
        return f"{place.division.key}|{own}"
    if place.named:
        return own
    site = sites.host(source) or "/".join(part for part in source.split("/")[:-1] if not _YEAR_FOLDER.fullmatch(part))
    return f"{own}|{site}" if site else own


def shared_codes(groups: Iterable[pd.DataFrame]) -> dict[str, set[str]]:
    """The codes of organisations that several keys have, with these. Rows of equal codes come in one frame."""
    found: dict[str, set[str]] = {}
    for rows in groups:
        pairs = rows[["organisation", "key"]].drop_duplicates()
        pairs = pairs[pairs.duplicated("organisation", keep=False)]
        for code, key in pairs.itertuples(index=False, name=None):
            found.setdefault(code, set()).add(key)
    return found


def joined(coded: Mapping[str, set[str]], reports: Iterable[pd.DataFrame]) -> dict[str, str]:
    """For keys that share the code of an organisation the one that they are all known by, where that can be.

    `coded` are the keys by code, `reports` the reports of all keys, with the columns of GIVEN.
    """
    wanted = {key for keys in coded.values() for key in keys}
    years: dict[str, set[int | None]] = {}
    where: dict[str, str] = {}
    for rows in reports if wanted else ():
        for key, place, year in rows.loc[rows["key"].isin(wanted), ["key", "lies_in", "report_year"]].itertuples(
            index=False, name=None
        ):
            years.setdefault(key, set()).add(None if pd.isna(year) else int(year))
            where[key] = place
    heads: dict[str, str] = {}
    for code in sorted(coded):
        keys = sorted(coded[code], key=lambda key: (min(-1 if year is None else year for year in years[key]), key))
        together = [year for key in keys for year in years[key]]
        places = {where[key] for key in keys}
        if len(set(together)) == len(together) and None not in together and len(places) == 1:
            for key in keys:
                heads[key] = heads.get(keys[0], keys[0])
    return heads


def with_ids(reports: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Reports that have the columns of GIVEN with `body_id` and `series`.

    Reports of one series say the same of consecutive years: those of a body on one scope, and those on a whole area
    that its government and the government's office take turns to publish.
    """
    said: list[tuple[str | None, str | None]] = []
    for key, series in reports[["key", "series_key"]].itertuples(index=False, name=None):
        own = None if pd.isna(key) else body_id(heads.get(key, key))
        said.append((own, own if pd.isna(series) else body_id(series)))
    text = pd.ArrowDtype(pa.string())
    given = {
        name: pd.Series([pair[place] for pair in said], index=reports.index, dtype=text)
        for place, name in enumerate(("body_id", "series"))
    }
    return reports.assign(**given)


def _issue_rows(issues: Sequence[Issue]) -> pd.DataFrame:
    wanted = arrow_schema("issues")
    return frame(pa.table({n: [getattr(i, n) or None for i in issues] for n in wanted.names}, schema=wanted))


def bodies(reports: pd.DataFrame) -> pd.DataFrame:
    """The table of bodies, from reports that have theirs."""
    known = reports.dropna(subset=["body_id"]).sort_values(["body_id", "report_year", "report_id"], na_position="first")
    groups = known.groupby("body_id", sort=True)
    rows = pd.DataFrame(
        {
            "name": groups["publisher"].last(),
            "other_names": _others(known),
            "credit_code": groups["credit_code"].last(),
            "division_code": groups["division_code"].last(),
            "body_type": _agreed(groups["body_type"]),
            "valid_from": groups["report_year"].min(),
            "valid_to": groups["report_year"].max(),
        }
    ).reset_index(names="body_id")
    empty = frame(arrow_schema("bodies").empty_table())
    return pd.DataFrame({name: rows.get(name, None) for name in empty.columns}).astype(empty.dtypes)


def _others(reports: pd.DataFrame) -> pd.Series:
    """By body the spellings that differ from its name."""
    last = reports.groupby("body_id")["publisher"].transform("last")
    named = [reports.assign(other=reports[column], last=last) for column in ("publisher", "publisher_raw")]
    seen = pd.concat(named).dropna(subset=["other"])
    seen = seen[seen["other"] != seen["last"]].drop_duplicates(["body_id", "other"]).sort_values("other")
    return seen.groupby("body_id")["other"].agg(";".join)


def _agreed(groups: Any) -> pd.Series:
    """The one value that all reports of a body give, if they do."""
    first: pd.Series = groups.first()
    return first.where(groups.nunique() == 1)
