"""What came of a page goes into the archive and the frontier: records on disk first, then one transaction.

Reading list pages, finding attachments and squeezing records happen here too, in a thread beside the loop that
fetches.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.errors import GongkaiError
from parsers.readers import sniff
from parsers.readers.charset import decode
from pipeline.archive import warc
from pipeline.archive.addresses import canonical
from pipeline.archive.captures import charset, media_type
from pipeline.archive.files import Files, Place
from pipeline.archive.links import attachment_links
from pipeline.archive.reading import ArchiveError, record_at
from pipeline.crawl import discovery
from pipeline.crawl.allowed import why_not
from pipeline.crawl.discovery.base import ListPage, Reading
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.pages import Page, Problem, Wanted
from pipeline.crawl.policy import next_due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.crawl.client import Answer
    from pipeline.crawl.fetching import Outcome
    from pipeline.crawl.sites import Site

GUESSED, PROVISIONAL = "guessed", "provisional"


@dataclass
class Counts:
    """What a run did, for its closing words and its log."""

    fetched: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    outside: int = 0
    bytes: int = 0
    states: dict[str, int] = field(default_factory=dict)


@dataclass
class _Kept:
    """One outcome, worked through: what to write and what it led to."""

    outcome: Outcome
    packed: list[tuple[Answer, warc.Packed]]
    digest: str = ""
    same: bool = False
    article: str | None = None
    reading: Reading | None = None
    family: str = ""
    wanted: list[Wanted] = field(default_factory=list)


Worked = tuple[_Kept, list[Place]]
"""An outcome worked through, with the places of its records."""


class Keeper:
    """Writes outcomes. `sites` are the entries by name; `articles` tells the digest of a page's article, or ""."""

    def __init__(self, frontier: Frontier, files: Files, sites: Mapping[str, Site], *, most_lists: int) -> None:
        self.most_lists = most_lists
        self.frontier = frontier
        self.files = files
        self.sites = sites
        self.counts = Counts()

    def work(self, outcomes: Sequence[Outcome]) -> list[Worked]:
        """The part that needs no database: everything is read, packed and on disk when this returns."""
        kept = [self._work(outcome) for outcome in outcomes]
        places = iter(self.files.append([packed.content for one in kept for _, packed in one.packed]))
        return [(one, [next(places) for _ in one.packed]) for one in kept]

    def settle(self, kept: Sequence[Worked]) -> list[str]:
        """The transaction. Returns the hosts that new work came for."""
        hosts: dict[str, None] = {}
        self.frontier.begin()
        try:
            self.frontier.grown(self.files.lengths)
            for one, places in kept:
                for host in self._settle(one, places):
                    hosts.setdefault(host)
            self.frontier.commit()
        except BaseException:
            self.frontier.rollback()
            raise
        return list(hosts)

    # --- beside the database

    def _work(self, outcome: Outcome) -> _Kept:
        page, site = outcome.page, self.sites[outcome.page.source]
        kept = _Kept(outcome, [])
        for answer in outcome.robots:
            kept.packed.append((answer, warc.pack(_exchange(answer, "robots", page))))
        for hop in outcome.hops[:-1]:
            kept.packed.append((hop.answer, warc.pack(_exchange(hop.answer, "other", page))))
        final = outcome.final
        if final is None:
            return kept
        original, profile = self._original(outcome, final, kept)
        role = page.role if outcome.state in ("done", "unchanged") else "other"
        kept.packed.append((final, warc.pack(_exchange(final, role, page, original, profile, kept.digest))))
        if outcome.state == "done":
            if page.role == "list":
                self._read_list(kept, final, site)
            elif page.role == "report" and not kept.same:
                kept.wanted = self._attachments(page, final, site)
        return kept

    def _original(self, outcome: Outcome, final: Answer, kept: _Kept) -> tuple[warc.Original | None, str]:
        """The record that this answer says nothing new to, and the profile that says how."""
        page = outcome.page
        known = warc.Original(page.record, page.record_address, page.record_date, f"sha256:{page.digest}")
        if outcome.state == "unchanged":
            kept.digest, kept.same = page.digest, True
            return known, warc.NOT_MODIFIED
        if outcome.state != "done":
            return None, ""
        kept.digest = hashlib.sha256(final.body).hexdigest()
        if page.record and kept.digest == page.digest:
            kept.same = True
            return known, warc.IDENTICAL
        if page.record and page.role == "report":
            kept.article = self._article_changed(page, final)
        return None, ""

    def _article_changed(self, page: Page, final: Answer) -> str:
        """The digest of the new article where it differs from the old one's, else ""."""
        new = article_digest(final.body, charset(final.header("content-type")))
        old = page.article
        if not old:
            try:
                answer = record_at(self.files.folder / page.archive, page.offset).http()
            except ArchiveError:
                answer = None
            if answer is not None:
                old = article_digest(answer.content(), charset(answer.header("content-type")))
        return "" if new and new == old else (new or kept_digest(final.body))

    def _read_list(self, kept: _Kept, final: Answer, site: Site) -> None:
        page = kept.outcome.page
        family, step, _ = parse_step(page.step)
        declared = final.header("content-type")
        listed = ListPage(
            address=final.address,
            content=final.body,
            text=decode(final.body, charset(declared)).text,
            step=step,
            media_type=media_type(final.body, declared),
            header_charset=charset(declared),
            options=site.options,
        )
        chosen, kept.reading = discovery.read(listed, site.family or ("" if listed.first else family))
        kept.family = chosen.name
        for entry in kept.reading.entries:
            why = why_not(entry.address, site.hosts)
            kept.wanted.append(
                Wanted(entry.address, page.source, "report", "", page.address, entry.title, entry.published, why)
            )
        for more in kept.reading.more:
            if more.address and not why_not(more.address, site.hosts):
                flag = PROVISIONAL if more.provisional else GUESSED if more.guessed else ""
                kept.wanted.append(
                    Wanted(more.address, page.source, "list", f"{chosen.name}:{more.step}:{flag}", page.address)
                )

    def _attachments(self, page: Page, final: Answer, site: Site) -> list[Wanted]:
        declared = final.header("content-type")
        if media_type(final.body, declared) != sniff.HTML:
            return []
        links = attachment_links(final.body, final.address, header_charset=charset(declared))
        found = dict.fromkeys(canonical(link) for link in links)
        return [
            Wanted(link, page.source, "attachment", "", page.address, "", "", why_not(link, site.hosts))
            for link in found
            if link
        ]

    # --- within the transaction

    def _settle(self, kept: _Kept, places: list[Place]) -> list[str]:
        outcome, page = kept.outcome, kept.outcome.page
        final = outcome.final
        now = final.at.timestamp() if final is not None else time.time()
        state = "done" if outcome.state == "unchanged" else outcome.state
        place = places[-1] if final is not None else None
        fresh = state == "done" and not kept.same
        changed = now if fresh and kept.article != "" else page.changed
        values: dict[str, object] = {
            "state": state,
            "queued": 0,
            "reason": outcome.reason,
            "tried": now,
            "status": final.status if final is not None else None,
            "due": next_due(page, state, now, changed=changed or now, wait=outcome.wait),
            "attempts": page.attempts + 1 if state == "failed" else 0,
        }
        if state == "done" and final is not None:
            values |= {"last_seen": now, "tolerated": " ".join(final.tolerated)}
            for name, field_name in (("etag", "etag"), ("last-modified", "last_modified")):
                if final.header(name) or final.status != 304:
                    values[field_name] = final.header(name)
        if fresh and final is not None and place is not None:
            packed = kept.packed[-1][1]
            values |= {
                "digest": kept.digest, "archive": place.archive, "offset": place.offset, "record": packed.record_id,
                "record_address": final.address, "record_date": packed.date, "changed": changed,
                "revision": page.revision + (kept.article != ""),
            }  # fmt: skip
            if kept.article:
                values["article"] = kept.article
        self.frontier.settle(page.key, values)
        for host in outcome.learned.values():
            self.frontier.remember(host)
        self.frontier.visited(
            page.key, now, outcome.state, final.status if final else None, outcome.reason, kept.digest, place
        )
        self._count(kept, final, state)
        self._say_problems(kept, state, now, place)
        return self.frontier.want(self._bounded(kept.wanted, page.source, now), now)

    def _bounded(self, wanted: list[Wanted], source: str, now: float) -> list[Wanted]:
        """What is wanted, without further list pages of a source that has more of them than a list can have."""
        if not any(one.role == "list" for one in wanted) or self.frontier.lists_of(source) < self.most_lists:
            return wanted
        message = f"it has {self.most_lists} list pages and names more; they were not followed"
        self.frontier.complain(Problem(source, "list_endless", "", now, message))
        return [one for one in wanted if one.role != "list"]

    def _count(self, kept: _Kept, final: Answer | None, state: str) -> None:
        counts = self.counts
        counts.states[state] = counts.states.get(state, 0) + 1
        if final is not None:
            counts.fetched += 1
            counts.bytes += len(final.body)
        if state == "done" and kept.outcome.page.role != "list":
            if kept.same:
                counts.unchanged += 1
            elif not kept.outcome.page.record:
                counts.new += 1
            elif kept.article == "":
                counts.outside += 1
            else:
                counts.changed += 1

    def _say_problems(self, kept: _Kept, state: str, now: float, place: Place | None) -> None:
        """Problems of the source: said when they arise, taken away when they are over."""
        page, source = kept.outcome.page, kept.outcome.page.source
        _, _, flag = parse_step(page.step)

        def say(code: str, message: str) -> None:
            archive, offset = (place.archive, place.offset) if place else ("", None)
            self.frontier.complain(Problem(source, code, page.key, now, message, archive, offset))

        if state != "blocked":
            self.frontier.solved(source, "blocked", page.key)
        else:
            say("blocked", f"{page.address}: {kept.outcome.reason}")
        if page.role != "list":
            return
        if state != "done":
            if flag == PROVISIONAL:
                say("provisional", f"{page.address} did not answer ({kept.outcome.reason}); only plain links were read")
            elif state != "blocked" and not (flag == GUESSED and state in ("missing", "refused", "disallowed")):
                say("list_failed", f"{page.address}: {kept.outcome.reason}")
            return
        self.frontier.solved(source, "list_failed", page.key)
        if kept.reading is None:
            return
        reading = kept.reading
        before = self.frontier.counted(source, page.key, len(reading.entries), reading.expected, now)
        if not reading.complete:
            code = "provisional" if flag == PROVISIONAL else "list_unread"
            say(code, f"{page.address}: {reading.note or 'the page is not what the adapter expects'} ({kept.family})")
        else:
            self.frontier.solved(source, "provisional", page.key)
            self.frontier.solved(source, "list_unread", page.key)
        empty = not reading.entries and (
            before > 0 or (not page.step and not reading.more and reading.complete and reading.expected != 0)
        )
        if empty:
            had = f"; it named {before} before" if before else ""
            say("list_empty", f"{page.address} names no report{had}")
        elif reading.entries:
            self.frontier.solved(source, "list_empty", page.key)


def parse_step(step: str) -> tuple[str, str, str]:
    """A page's step as (family, step of the adapter, flag)."""
    family, _, rest = step.partition(":")
    inner, _, flag = rest.partition(":")
    return family, inner, flag


def article_digest(content: bytes, header_charset: str) -> str:
    """The digest of the report within a page, by which revisions are told; "" when the bytes are no report page."""
    from parsers import article, readers

    try:
        return article.digest(article.find(readers.read(content, header_charset=header_charset)))
    except (GongkaiError, RecursionError):
        return ""


def kept_digest(content: bytes) -> str:
    """What stands for an article's digest where there is no article: that of the bytes."""
    return hashlib.sha256(content).hexdigest()


def first_lists(sites: Sequence[Site]) -> list[Wanted]:
    """The pages that a crawl begins with."""
    return [Wanted(address, site.name, "list") for site in sites for address in site.lists]


def _exchange(
    answer: Answer,
    role: str,
    page: Page,
    original: warc.Original | None = None,
    profile: str = "",
    digest: str = "",
) -> warc.Exchange:
    return warc.Exchange(
        address=answer.address,
        fetched_at=answer.at,
        request=answer.request,
        version=answer.version,
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        body=answer.body,
        ip=answer.ip,
        role=role,
        source=page.source,
        via=page.via,
        tolerated=answer.tolerated,
        original=original,
        profile=profile,
        digest=f"sha256:{digest}" if digest else "",
    )
