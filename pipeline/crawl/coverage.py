"""Coverage: for each source and year, what is known of the report, so that missing is not mistaken for none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from parsers.records import DocumentRow
from pipeline.archive.addresses import other_scheme

if TYPE_CHECKING:
    from pipeline.crawl.frontier import Frontier
    from pipeline.crawl.pages import Page
    from pipeline.crawl.sites import Site

STATES = ("parsed", "found_unparsed", "blocked", "gone", "not_found", "not_looked_for")

FIRST_YEAR = 2008
"""The first year that reports cover: the regulations came into force on 1 May 2008."""

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年?度?")


@dataclass(frozen=True, slots=True)
class Coverage:
    """A row of `coverage`: a body where reports are known to be of one, else a source, and a year."""

    body_id: str
    source: str
    report_year: int
    state: str
    documents: int


def last_year(today: date) -> int:
    """The last year whose reports must be published: governments have until 31 March of the next."""
    return today.year - 1 if (today.month, today.day) > (3, 31) else today.year - 2


def coverage(
    frontier: Frontier, sites: Iterable[Site], today: date, parsed: Mapping[str, tuple[str, int]] | None = None
) -> list[Coverage]:
    """Rows for every source, sorted. `parsed` tells for the address of a document the body and year of its report."""
    rows = []
    known = parsed or {}
    for site in sites:
        found: dict[tuple[str, int], list[tuple[str, Page]]] = {}
        for page in frontier.pages(source=site.name, role="report"):
            read = known.get(page.record_address) or known.get(page.address) or known.get(other_scheme(page.address))
            body, year = read or ("", stated_year(page.title, page.published) or 0)
            if year:
                found.setdefault((body, year), []).append((_state(page, read is not None), page))
        whole = _lists_read(frontier, site)
        years = {year for _, year in found} | set(range(FIRST_YEAR, last_year(today) + 1))
        for year in sorted(years):
            groups = {body: pages for (body, at), pages in found.items() if at == year}
            for body, pages in sorted(groups.items()):
                states = {state for state, _ in pages}
                best = next(state for state in STATES if state in states)
                rows.append(Coverage(body, site.name, year, best, len(pages)))
            if not groups:
                blocked = any(
                    problem.source == site.name and problem.code == "blocked" for problem in frontier.problems()
                )
                missing = "blocked" if blocked else "not_found" if whole else "not_looked_for"
                rows.append(Coverage("", site.name, year, missing, 0))
    return rows


def stated_year(title: str, published: str) -> int | None:
    """The year a report is on, by its title in the list, else the year before it was published."""
    found = [int(year) for year in _YEAR.findall(title)]
    if found:
        return found[0]
    return int(published[:4]) - 1 if published[:4].isdigit() else None


def unfetched(frontier: Frontier) -> Iterator[DocumentRow]:
    """Rows of `documents` for what was looked for and never came: blocked, failed, not allowed, not there."""
    for state in ("blocked", "failed", "disallowed", "refused", "missing"):
        for page in frontier.pages(state=state):
            if page.digest or page.step.endswith(":guessed"):
                continue
            archive, offset = frontier.last_record(page.key)
            yield DocumentRow(
                source=page.address,
                fetched_at=datetime.fromtimestamp(page.tried, UTC) if page.tried else None,
                kind="blocked" if state == "blocked" else "error",
                reason=f"{state}: {page.reason}",
                http_status=page.status or None,
                archive=archive,
                archive_offset=offset,
            )


def _state(page: Page, parsed: bool) -> str:
    if page.state == "gone":
        return "parsed" if parsed else "gone"
    if parsed:
        return "parsed"
    return {"blocked": "blocked", "missing": "gone", "due": "not_looked_for"}.get(page.state, "found_unparsed")


def _lists_read(frontier: Frontier, site: Site) -> bool:
    """Whether every list of a site was read, and none of them complained."""
    problems = {problem.code for problem in frontier.problems() if problem.source == site.name}
    if problems & {"list_failed", "list_unread", "list_empty", "list_incomplete", "provisional", "blocked"}:
        return False
    states = [page.state for page in frontier.pages(source=site.name, role="list") if not page.step]
    return bool(states) and all(state == "done" for state in states)
