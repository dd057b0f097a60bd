"""`gongkai discover`: one address, all families, and what a crawl would take. Nothing is archived or remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.errors import UsageError
from parsers.readers.charset import decode
from pipeline.archive.addresses import canonical, host, origin
from pipeline.archive.captures import charset, media_type
from pipeline.crawl import discovery
from pipeline.crawl.allowed import why_not
from pipeline.crawl.client import Client, Resolve
from pipeline.crawl.crawling import agent
from pipeline.crawl.discovery.base import Entry, ListPage, More
from pipeline.crawl.fetching import Fetcher
from pipeline.crawl.pages import Host, Page, key_of
from pipeline.crawl.policy import patience
from pipeline.crawl.sites import Site, Sources, host_sites

if TYPE_CHECKING:
    from pipeline.crawl.fetching import Outcome


async def probe(
    given: str,
    sources: Sources | None,
    contact: str,
    *,
    family: str = "",
    most: int = 10,
    exempt: tuple[str, ...] = (),
    resolve: Resolve | None = None,
) -> list[str]:
    """Lines that say how the address is read: the families' scores, each list page asked, each report found."""
    address = canonical(given)
    if not address:
        raise UsageError(f"{given} is no http address")
    if family and family not in discovery.FAMILIES:
        raise UsageError(f"{family} is no family", remedy=f"Families are {', '.join(sorted(discovery.FAMILIES))}.")
    entry = host_sites(sources.sites).get(host(address)) if sources else None
    site = entry or Site(host(address), (address,))
    lines: list[str] = []
    found: dict[str, Entry] = {}
    expected: int | None = None
    async with Client(agent(contact), exempt=exempt, resolve=resolve) as client:
        fetcher = Fetcher(client, patience(), Host)
        waiting = [(More(address, ""), family or site.family)]
        seen = {address}
        while waiting and most > 0:
            most -= 1
            more, named = waiting.pop(0)
            outcome = await fetcher.fetch(_page(more, site), site)
            if outcome.state != "done" or outcome.final is None:
                if not more.guessed:
                    kind = "provisional " if more.provisional else ""
                    lines.append(f"{kind}page  {more.address}: {outcome.state}: {outcome.reason}")
                continue
            page = _listed(outcome, more, site)
            if not more.step:
                scores = {one.name: one.recognise(page) for one in discovery.FAMILIES.values()}
                lines += [f"family  {name} {score}" for name, score in sorted(scores.items(), key=_best) if score]
            chosen, reading = discovery.read(page, named if not page.depth else family)
            expected = reading.expected if reading.expected is not None else expected
            lines.append(
                f"page    {outcome.final.address}: read as {chosen.title}, {len(reading.entries)} reports named"
            )
            if reading.note:
                lines.append(f"note    {reading.note}")
            if chosen.provisional:
                lines.append(f"note    what is known of {chosen.title} is provisional")
            for one in reading.entries:
                found.setdefault(one.address, one)
            for following in reading.more:
                if following.address not in seen and not why_not(following.address, site.hosts):
                    seen.add(following.address)
                    waiting.append((following, chosen.name if not following.step.startswith("column") else ""))
    for item in found.values():
        refused = why_not(item.address, site.hosts)
        lines.append(f"{'refused' if refused else 'report '}  {item.published or '-'}  {item.title}  {item.address}")
    if expected is not None:
        lines.append(f"total   {len(found)} of {expected} entries that the lists speak of")
    if waiting:
        lines.append(f"more    {len(waiting)} further list pages were not asked")
    return lines


def _best(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _listed(outcome: Outcome, more: More, site: Site) -> ListPage:
    final = outcome.final
    assert final is not None
    declared = final.header("content-type")
    text = decode(final.body, charset(declared)).text
    media = media_type(final.body, declared)
    return ListPage(final.address, final.body, text, more.step, media, charset(declared), site.options)


def _page(more: More, site: Site) -> Page:
    return Page(
        key=key_of(more.address), address=more.address, host=origin(more.address), source=site.name, role="list",
        step=more.step, via="", title="", published="", state="due", due=0.0, queued=1, priority=0, attempts=0,
        reason="", status=0, etag="", last_modified="", digest="", article="", archive="", offset=0, record="",
        record_address="", record_date="", tried=0.0, first_seen=0.0, last_seen=0.0, changed=0.0, revision=0,
        tolerated="",
    )  # fmt: skip
