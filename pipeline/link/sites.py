"""Where documents were seen, as context for the places that they speak of."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from parsers.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.link.divisions import Division, Gazetteer
    from pipeline.link.places import Places

DEFAULT = "sources.toml"

NEIGHBOURS = 2
"""So many located reports of one site, at least, say where the site is."""

DEEP_ENOUGH = 2
"""The level, counted from the province as 1, down to which they must agree."""


@dataclass(frozen=True, slots=True)
class SourcePlaces:
    """What a sources file says of places: division codes by host. `digest` is that of the file, "" for none."""

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    digest: str = ""


def load(path: str) -> SourcePlaces:
    """Division codes by host from a sources file; nothing where there is no such file.

    UsageError when it cannot be read.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return SourcePlaces()
    except OSError as error:
        raise UsageError(f"the sources file {path} cannot be read ({error})") from error
    try:
        entries = tomllib.loads(content.decode("utf-8")).get("sites", [])
    except ValueError as error:
        raise UsageError(
            f"the sources file {path} cannot be read ({error})", remedy="`gongkai sources check` says what is wrong."
        ) from error
    codes: dict[str, set[str]] = {}
    for entry in entries if isinstance(entries, list) else ():
        given = entry.get("list", ()) if isinstance(entry, dict) else ()
        division = entry.get("division", "") if isinstance(entry, dict) else ""
        lists = [given] if isinstance(given, str) else list(given)
        if division:
            for name in {host(str(address)) for address in lists} | set(map(str, entry.get("hosts", ()))):
                codes.setdefault(name, set()).add(str(division))
    kept = {name: frozenset(found) for name, found in sorted(codes.items())}
    return SourcePlaces(kept, hashlib.sha256(content).hexdigest())


def host(source: str) -> str:
    """The host of an address; "" for a path."""
    if "://" not in source:
        return ""
    try:
        return urlsplit(source).hostname or ""
    except ValueError:
        return ""


def site_of(source: str) -> str:
    """What a document shares with its neighbours: the host of its address, or its folder."""
    return host(source) or source.rpartition("/")[0]


def stated(source: str, known: SourcePlaces, gazetteer: Gazetteer) -> tuple[Division, ...]:
    """The division of the host that a sources file gives: of several the one that they all lie in."""
    found = [one for code in sorted(known.codes.get(host(source), ())) if (one := gazetteer.coded(code)) is not None]
    return common(found, gazetteer)


def folders(source: str, places: Places, year: int | None) -> tuple[Division, ...]:
    """The division that the names of a loose file's folders name, the lowest of them."""
    if host(source):
        return ()
    found: tuple[Division, ...] = ()
    for name in source.split("/")[:-1]:
        text = "".join(name.split())
        named = places.read(text, year)
        if named.division is not None:
            found = (named.division,)
        elif len(short := places.gazetteer.named(text, year, short=True)) == 1:
            found = tuple(short)
        elif named.candidates and found:
            within = [one for one in named.candidates if one.within(found[0])]
            found = tuple(within) if len(within) == 1 else found
    return found


def common(divisions: Iterable[Division], gazetteer: Gazetteer) -> tuple[Division, ...]:
    """The lowest division that all of these are or lie in."""
    shared: list[str] | None = None
    for one in divisions:
        path = [*one.lineage, one.key]
        shared = path if shared is None else [key for key in shared if key in path]
    return (gazetteer.at(shared[-1], None),) if shared else ()
