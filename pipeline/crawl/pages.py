"""What the frontier holds: pages, hosts, problems."""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("due", "done", "failed", "blocked", "missing", "gone", "disallowed", "refused")
"""What a page is: never fetched yet, archived, failed, behind a bot wall, never there, no longer there, closed by
robots.txt, or outside of what may be fetched."""

ROLES = ("list", "report", "attachment")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the frontier knows it. Moments are seconds since 1970; 0 where something never happened."""

    key: str
    address: str
    host: str
    source: str
    role: str
    step: str
    via: str
    title: str
    published: str
    state: str
    due: float
    queued: int
    priority: int
    attempts: int
    reason: str
    status: int
    etag: str
    last_modified: str
    digest: str
    article: str
    archive: str
    offset: int
    record: str
    record_address: str
    record_date: str
    tried: float
    first_seen: float
    last_seen: float
    changed: float
    revision: int
    tolerated: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be fetched. `step` is a word of the adapter that will read it; `refused` says why it may not be."""

    address: str
    source: str
    role: str
    step: str = ""
    via: str = ""
    title: str = ""
    published: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a source that a person should look at, with the archived page that shows it."""

    source: str
    code: str
    key: str
    at: float
    message: str
    archive: str = ""
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """What is remembered of a host."""

    host: str
    scheme: str = ""
    robots: str = ""
    robots_state: str = ""
    robots_until: float = 0.0
    ready: float = 0.0
    failures: int = 0


def key_of(address: str) -> str:
    """An address without its scheme."""
    return address.partition(":")[2]
