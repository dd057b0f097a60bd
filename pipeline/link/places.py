"""Where a public body is: its name read as a place and an organ, with what is known of the site as context."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from parsers.errors import DataFileError
from parsers.facts.rules import Pattern
from pipeline.link.divisions import LEVELS

if TYPE_CHECKING:
    from pipeline.link.divisions import Division, Gazetteer

FEWEST = 2
"""A name or short name of a place has at least so many characters."""

LONGEST_SHORT = 6
"""A short name has at most so many characters."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name says that its body is.

    `candidates` are the divisions that the name can mean, of the lowest level named; one that is `sure` is known.
    `organ` is the name without the place. `above` is true where the name goes on with a town that is in no list:
    the candidates are what it lies in. `placeless` is true for a name without a place, `named`
    for one that says a place that is in no list.
    """

    candidates: tuple[Division, ...]
    organ: str
    above: bool = False
    placeless: bool = False
    sure: bool = True
    named: bool = False

    @property
    def division(self) -> Division | None:
        return self.candidates[0] if len(self.candidates) == 1 and self.sure else None


class Places:
    """Names of bodies looked up in a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._cached = lru_cache(maxsize=16_384)(self._read)

    def read(self, name: str, year: int | None) -> Place:
        """The place in a name without white space, as it was in the year; None for an unknown year."""
        return self._cached(name, year)

    def narrow(self, place: Place, contexts: Iterable[Sequence[Division]]) -> Place:
        """The place with its candidates cut down by the first context that leaves one of them.

        A context is what is known of where the document stands: the one division that it lies in, or several.
        """
        if place.division is not None or place.placeless:
            return place
        for context in contexts:
            within = tuple(one for one in place.candidates if any(one.within(other) for other in context))
            over = tuple(one for one in place.candidates if any(other.within(one) for other in context))
            for left in (within, over):
                if len(left) == 1:
                    return replace(place, candidates=left, sure=True)
        return place

    def dated(self, division: Division, year: int | None) -> Division:
        """The division as it was in a year.

        The list of townships has one date: where the county had another code in the year, so had the township, and
        the county is what is known.
        """
        if division.level < len(LEVELS) or not division.lineage:
            return self.gazetteer.at(division.key, year)
        county = self.gazetteer.at(division.lineage[-1], year)
        return division if division.code.startswith(county.code) or county.level < 3 else county

    def _read(self, name: str, year: int | None) -> Place:
        text = _pattern("before").remove(name)
        for rest in dict.fromkeys((name, text)):
            found = self._full(rest, year, ()) or self._zone(rest, year, ())
            if found is not None:
                return self._settled(*found, first=rest)
        agency = self._agency(name[: len(name) - len(text)], text, year)
        if agency is not None:
            return self._settled(*agency, first=text)
        town, named = (_pattern(key).match(text) is not None for key in ("town", "unlisted"))
        placeless = not town and not named
        return Place((), _pattern("placeless").remove(text) if placeless else text, placeless=placeless, named=named)

    def _full(self, text: str, year: int | None, above: Sequence[Division]) -> _Found | None:
        """The divisions named by full names from the start of a text, and the rest of it."""
        for length in range(min(len(text), self.gazetteer.longest), FEWEST - 1, -1):
            name, rest = text[:length], text[length:]
            found = _under(self.gazetteer.named(name, year), above)
            if found:
                return self._full(rest, year, found) or self._zone(rest, year, found) or (found, rest)
        if above:
            return None
        # 福建南平市: a place above by its short name, where a full name follows.
        for length in range(min(len(text), LONGEST_SHORT), FEWEST - 1, -1):
            found = self.gazetteer.named(text[:length], year, short=True)
            deeper = (
                (self._full(text[length:], year, found) or self._zone(text[length:], year, found)) if found else None
            )
            if deeper is not None:
                return deeper
        return None

    def _zone(self, text: str, year: int | None, above: Sequence[Division]) -> _Found | None:
        """The divisions that a zone is named after, and the whole text."""
        for length in range(min(len(text), LONGEST_SHORT), FEWEST - 1, -1):
            if _pattern("zone").match(text[length:]) is not None:
                found = _under(self.gazetteer.named(text[:length], year, short=True), above)
                if found:
                    return found, text
        return None

    def _agency(self, above: str, text: str, year: int | None) -> _Found | None:
        """The divisions after whose short name a local office of a central agency is called, and the rest.

        `above` are the words that stand before the place. They stay with an ending that several agencies have.
        """
        for length in range(min(len(text), LONGEST_SHORT), FEWEST - 1, -1):
            rest = text[length:]
            if _pattern("agency").match(rest) is None:
                if not above or _pattern("agency_behind").match(rest) is None:
                    continue
                rest = above + rest
            found = self.gazetteer.named(text[:length], year, short=True)
            if found:
                return found, rest
        return None

    @staticmethod
    def _settled(found: list[Division], rest: str, first: str) -> Place:
        # A city and a county of it with the same name: the city is meant.
        outer = [one for one in found if all(other.within(one) for other in found)]
        kept = tuple(outer or found)
        town = _pattern("town").match(rest) is not None and all(one.level < len(LEVELS) for one in kept)
        return Place(kept, rest, above=town, sure=not any(first.startswith(word) for word in _data()["plain"]))


_Found = tuple[list["Division"], str]


def canonical(organ: str) -> str:
    """The rest of a body's name in one spelling: 政府办 and 人民政府办公室 are one office."""
    for rule in _data()["same"]:
        pattern = _compiled(rule["pattern"])
        if pattern.search(organ) is not None:
            return pattern.remove(organ, rule["put"])
    return organ


def head(organ: str) -> str:
    """The government whose office an organ in one spelling is; the organ itself where it is none."""
    return _pattern("office").remove(organ)


def _under(found: list[Division], above: Sequence[Division]) -> list[Division]:
    if not above:
        return found
    return [one for one in found if any(other.key in one.lineage for other in above)]


@cache
def _data() -> dict[str, Any]:
    try:
        return tomllib.loads(files("pipeline.link").joinpath("places.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="pipeline/link/places.toml") from error


@cache
def _compiled(source: str) -> Pattern:
    return Pattern(source, where="pipeline/link/places.toml")


def _pattern(key: str) -> Pattern:
    return _compiled(_data()[key])
