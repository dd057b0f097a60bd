"""Bodies: whose report it is, where that body is, and which names are one body through time.

A body is known by its place and the rest of its name in one spelling, so that it keeps its id when its place is
renamed: 建阳市教育局 is 建阳区教育局. An organisation code in front of the index numbers joins names of one place
that never report on the same year. Equal names without a known place are one body only where they were seen at one
site; a name that says its place, though no list has it, is one body wherever it was seen.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
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
    from collections.abc import Iterable, Sequence

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


def give_bodies(reports: pd.DataFrame, stated: SourcePlaces | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reports with `body_id`, division, `credit_code` and `series`, and the issues that were found on the way.

    Reports of one series say the same of consecutive years: those of a body on one scope, and those on a whole area
    that its government and the government's office take turns to publish.

    A report whose publisher is unknown belongs to no body. `stated` are the places of sites.
    """
    texts = reports[["report_id", "document_id", "publisher", "title", "source", "index_number", "scope"]].fillna("")
    years = [None if pd.isna(year) else int(year) for year in reports["report_year"]]
    rows = list(texts.itertuples(index=False, name=None))
    named = any(publisher for _, _, publisher, *_ in rows)
    found: list[_Known | None] = (
        _Finder(Places(gazetteer()), stated or SourcePlaces()).find(rows, years) if named else []
    )
    found = found or [None] * len(rows)
    ids = _join(found)
    issues = [issue for row, known in zip(rows, found, strict=True) if known for issue in _issues(row, known)]
    divisions = [_division(known) for known in found]
    given = {
        "body_id": [ids[known.key] if known else None for known in found],
        "division_code": [one.code if one else None for one in divisions],
        "division_name": [one.name if one else None for one in divisions],
        "division_level": [one.level_name if one else None for one in divisions],
        "credit_code": [known.credit or None if known else None for known in found],
        "series": [(body_id(known.series) if known.series else ids[known.key]) if known else None for known in found],
    }
    text = pd.ArrowDtype(pa.string())
    columns = {name: pd.Series(values, index=reports.index, dtype=text) for name, values in given.items()}
    return reports.assign(**columns), _issue_rows(issues)


class _Finder:
    """Finds the place and the key of each publisher."""

    def __init__(self, places: Places, stated: SourcePlaces) -> None:
        self.places = places
        self.stated = stated

    def find(self, rows: Sequence[tuple[str, ...]], years: Sequence[int | None]) -> list[_Known | None]:
        first: list[Place | None] = []
        located: dict[str, list[Division]] = defaultdict(list)
        for (_, _, publisher, title, source, _, _), year in zip(rows, years, strict=True):
            if not publisher:
                first.append(None)
                continue
            place = self.places.read("".join(publisher.split()), year)
            if place.division is None:
                place = self._in_context(place, title, source, year)
            if place.division is not None and not place.placeless:
                located[sites.site_of(source)].append(place.division)
            first.append(place)
        neighbours = {site: self._shared(divisions) for site, divisions in located.items()}
        found: list[_Known | None] = []
        for (_, _, publisher, _, source, index_number, scope), year, read in zip(rows, years, first, strict=True):
            if read is None:
                found.append(None)
                continue
            place = self.places.narrow(read, [neighbours.get(sites.site_of(source), ())])
            name = "".join(publisher.split())
            series = _key(name, place, source, of_area=True) if scope == "area" else ""
            codes = (organisation_code(index_number), credit_code(index_number))
            found.append(_Known(_key(name, place, source), series, place, year, *codes))
        return found

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

    def _shared(self, divisions: Sequence[Division]) -> tuple[Division, ...]:
        """Where a site is by the reports on it: the lowest division that all their bodies lie in."""
        if len(divisions) < sites.NEIGHBOURS:
            return ()
        shared = sites.common(divisions, self.places.gazetteer)
        return tuple(one for one in shared if one.level >= sites.DEEP_ENOUGH)


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


def _division(known: _Known | None) -> Division | None:
    if known is None or known.place.division is None:
        return None
    return Places(gazetteer()).dated(known.place.division, known.year)


def _join(found: Iterable[_Known | None]) -> dict[str, str]:
    """The id for each key. Keys that share an organisation code are one body, where that can be."""
    years: dict[str, set[int | None]] = defaultdict(set)
    coded: dict[str, set[str]] = defaultdict(set)
    where: dict[str, str] = {}
    for known in found:
        if known is None:
            continue
        years[known.key].add(known.year)
        where[known.key] = known.place.division.key if known.place.division else ""
        if known.organisation:
            coded[known.organisation].add(known.key)
    heads = {key: key for key in years}
    for code in sorted(coded):
        keys = sorted(coded[code], key=lambda key: (min(-1 if year is None else year for year in years[key]), key))
        together = [year for key in keys for year in years[key]]
        places = {where[key] for key in keys}
        if len(keys) > 1 and len(set(together)) == len(together) and None not in together and len(places) == 1:
            for key in keys:
                heads[key] = heads[keys[0]]
    return {key: body_id(head) for key, head in heads.items()}


def _issues(row: tuple[str, ...], known: _Known) -> Iterable[Issue]:
    report, document, publisher = row[:3]
    place = known.place
    if place.division is None and place.candidates:
        names = [f"{gazetteer().full_name(one)} ({one.code})" for one in place.candidates[:SHOWN]]
        more = f" and {len(place.candidates) - SHOWN} more" if len(place.candidates) > SHOWN else ""
        message = f"the publisher can be in {len(place.candidates)} places: {', '.join(names)}{more}"
        yield Issue(report, document, "several_candidates", "warning", message, publisher)
    elif place.division is not None:
        division = _division(known)
        if division is not None and (place.above or division.level != place.division.level):
            message = f"the township is in no list for the year; the division is what it lies in, {division.name}"
            yield Issue(report, document, "township_not_listed", "info", message, publisher)


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
