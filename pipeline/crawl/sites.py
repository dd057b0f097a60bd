"""`sources.toml`: the sites that are crawled, as data. What is wrong in it is said with the line."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parsers.errors import DataFileError, UsageError
from pipeline.archive.addresses import canonical, host
from pipeline.crawl.allowed import why_not
from pipeline.crawl.client import TOLERANCES

if TYPE_CHECKING:
    from pathlib import Path

DELAY = 2.0
"""Seconds between two requests to one host, where neither the entry nor the host says otherwise."""

HOSTS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Site:
    """One entry: a publisher's list of reports. `family` "" means that it is found out from the page."""

    name: str
    lists: tuple[str, ...]
    division: str = ""
    family: str = ""
    hosts: tuple[str, ...] = ()
    delay: float = DELAY
    tolerate: tuple[str, ...] = ()
    body: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sources:
    """All entries, and what holds for all of them."""

    sites: tuple[Site, ...]
    contact: str = ""
    hosts_at_once: int = HOSTS_AT_ONCE

    def site(self, name: str) -> Site | None:
        return next((site for site in self.sites if site.name == name), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the file."""

    line: int
    message: str


class SourcesError(DataFileError):
    """The sources file cannot be used; `faults` says what is wrong at which line."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = "; ".join(f"line {fault.line}: {fault.message}" for fault in self.faults)
        super().__init__(lines, reading=str(path), remedy="`gongkai sources check` lists what is wrong.")


def load(path: Path) -> Sources:
    """The sources in a file. SourcesError when something in it is wrong, UsageError when it cannot be read."""
    found, faults = examine(path)
    if faults:
        raise SourcesError(path, faults)
    return found


def examine(path: Path) -> tuple[Sources, list[Fault]]:
    """The sources in a file and everything that is wrong with it."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the sources file {path} cannot be read ({error})") from error
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Sources(()), [_syntax(str(error), text)]
    return _Examination(text, said).run()


def _syntax(message: str, text: str) -> Fault:
    found = re.search(r"\(at line (\d+)", message)
    line = int(found[1]) if found else text.count("\n") + 1
    return Fault(line, re.sub(r" \(at .*\)", "", message))


_SITE_KEYS = {
    "name": str, "list": (str, list), "division": str, "family": str, "hosts": list, "delay": (int, float),
    "tolerate": list, "body": str, "options": dict,
}  # fmt: skip
_CRAWL_KEYS = {"contact": str, "hosts_at_once": int}


class _Examination:
    def __init__(self, text: str, said: dict[str, Any]) -> None:
        self.lines = text.splitlines()
        self.said = said
        self.faults: list[Fault] = []
        self.heads = [at for at, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*sites\s*\]\]", line)]

    def run(self) -> tuple[Sources, list[Fault]]:
        for key in self.said.keys() - {"crawl", "sites"}:
            self.fault(self._line_of(key, 0, len(self.lines)), f"`{key}` is not known here")
        crawl = self.said.get("crawl", {})
        crawl = crawl if isinstance(crawl, dict) else {}
        self._types(crawl, _CRAWL_KEYS, *self._table("crawl"))
        sites = self.said.get("sites", [])
        if not isinstance(sites, list) or not all(isinstance(site, dict) for site in sites):
            self.fault(1, "sites are written as [[sites]]")
            sites = []
        if not sites and not self.faults:
            self.fault(1, "there is no [[sites]] entry")
        names: dict[str, int] = {}
        lists: dict[str, int] = {}
        kept = []
        for number, entry in enumerate(sites):
            site = self._site(number, entry, names, lists)
            if site is not None:
                kept.append(site)
        at_once = crawl.get("hosts_at_once", HOSTS_AT_ONCE)
        if isinstance(at_once, int) and not 1 <= at_once <= 256:
            self.fault(self._line_of("hosts_at_once", *self._table("crawl")), "hosts_at_once is 1 to 256")
        self.faults.sort(key=lambda fault: fault.line)
        contact = crawl.get("contact", "")
        return Sources(tuple(kept), contact if isinstance(contact, str) else "", at_once), self.faults

    def _site(self, number: int, entry: dict[str, Any], names: dict[str, int], lists: dict[str, int]) -> Site | None:
        start, end = self._span(number)
        before = len(self.faults)
        line = functools.partial(self._line_of, start=start, end=end)
        self._types(entry, _SITE_KEYS, start, end)
        for key in ("name", "list"):
            if not entry.get(key):
                self.fault(start + 1, f"`{key}` is missing")
        if len(self.faults) > before:
            return None
        name = entry["name"]
        if name in names:
            self.fault(line("name"), f"the name {name} stands at line {names[name]} already")
        names.setdefault(name, line("name"))
        given = entry["list"] if isinstance(entry["list"], list) else [entry["list"]]
        hosts = tuple(entry.get("hosts", ()))
        for wrong in (one for one in hosts if not isinstance(one, str) or "/" in one or one != one.strip().lower()):
            self.fault(line("hosts"), f"{wrong!r} is no host name in lower case")
        found = []
        for one in given:
            address = canonical(one) if isinstance(one, str) else ""
            if not address:
                self.fault(line("list"), f"{one!r} is no http address")
                continue
            if why := why_not(address, hosts):
                self.fault(line("list"), f"{why}; add it to `hosts` if it is the publisher's own")
            if address in lists:
                self.fault(line("list"), f"{address} stands at line {lists[address]} already")
            lists.setdefault(address, line("list"))
            found.append(address)
        division = entry.get("division", "")
        if division and not re.fullmatch(r"\d{6}(?:\d{3})?(?:\d{3})?", division):
            self.fault(line("division"), f"{division!r} is no division code of 6, 9 or 12 digits")
        family = entry.get("family", "")
        if family and family not in _families():
            self.fault(line("family"), f"{family!r} is none of {', '.join(_families())}")
        delay = entry.get("delay", DELAY)
        if not 0 <= delay <= 600:
            self.fault(line("delay"), "delay is 0 to 600 seconds")
        for one in entry.get("tolerate", ()):
            if one not in TOLERANCES:
                self.fault(line("tolerate"), f"{one!r} is none of {', '.join(TOLERANCES)}")
        if len(self.faults) > before:
            return None
        options = {str(key): str(value) for key, value in entry.get("options", {}).items()}
        tolerate = tuple(entry.get("tolerate", ()))
        return Site(name, tuple(found), division, family, hosts, float(delay), tolerate, entry.get("body", ""), options)

    def _types(self, entry: dict[str, Any], known: dict[str, Any], start: int, end: int) -> None:
        for key, value in entry.items():
            line = self._line_of(key, start, end)
            if key not in known:
                self.fault(line, f"`{key}` is not known here; known are {', '.join(known)}")
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self.fault(line, f"`{key}` has a value of the wrong kind")

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(line, message))

    def _span(self, number: int) -> tuple[int, int]:
        """The lines of an entry, counted from 0."""
        if number >= len(self.heads):
            return 0, len(self.lines)
        end = self.heads[number + 1] if number + 1 < len(self.heads) else len(self.lines)
        return self.heads[number], end

    def _table(self, name: str) -> tuple[int, int]:
        for at, line in enumerate(self.lines):
            if re.match(rf"\s*\[\s*{name}\s*\]", line):
                after = (n for n in range(at + 1, len(self.lines)) if self.lines[n].lstrip().startswith("["))
                return at, next(after, len(self.lines))
        return 0, len(self.lines)

    def _line_of(self, key: str, start: int, end: int) -> int:
        """The line of a key within an entry, counted from 1."""
        pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]|\s*\[+.*\b{re.escape(key)}\b.*\]""")
        return next((at + 1 for at in range(start, end) if pattern.match(self.lines[at])), start + 1)


def _families() -> list[str]:
    from pipeline.crawl.discovery import FAMILIES

    return sorted(FAMILIES)


def host_sites(sites: Iterable[Site]) -> dict[str, Site]:
    """For each host that an entry's lists are on, the entry that says how to treat it: the most careful one."""
    found: dict[str, Site] = {}
    for site in sites:
        for name in {host(address) for address in site.lists} | set(site.hosts):
            if name not in found or site.delay > found[name].delay:
                found[name] = site
    return found
