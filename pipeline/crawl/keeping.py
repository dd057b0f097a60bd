"""What came of a page goes into the archive and the frontier: records on disk first, then one transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.archive.files import Files, Place
from pipeline.crawl.fetching import Outcome
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.holdings import GUESSED, PROVISIONAL, Kept, parse_step
from pipeline.crawl.pages import Problem, Wanted
from pipeline.crawl.policy import next_due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.crawl.sites import Site
    from pipeline.crawl.worker import Worker


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


Worked = tuple[Outcome, Kept, list[Place]]
"""An outcome, what it holds, and the places of its records."""


class Keeper:
    """Writes outcomes. `sites` are the entries by name, `worker` reads what the outcomes hold."""

    def __init__(
        self, frontier: Frontier, files: Files, sites: Mapping[str, Site], worker: Worker, *, most_lists: int
    ) -> None:
        self.most_lists = most_lists
        self.frontier = frontier
        self.files = files
        self.sites = sites
        self.worker = worker
        self.counts = Counts()

    def work(self, outcomes: Sequence[Outcome]) -> list[Worked]:
        """The part that needs no database: everything is read, packed and on disk when this returns."""
        kept = self.worker.work(outcomes)
        places = iter(self.files.append([packed.content for one in kept for packed in one.packed]))
        return [(outcome, one, [next(places) for _ in one.packed]) for outcome, one in zip(outcomes, kept, strict=True)]

    def settle(self, kept: Sequence[Worked]) -> list[str]:
        """The transaction. Returns the hosts that new work came for."""
        hosts: dict[str, None] = {}
        self.frontier.begin()
        try:
            self.frontier.grown(self.files.lengths)
            for outcome, one, places in kept:
                for host in self._settle(outcome, one, places):
                    hosts.setdefault(host)
            self.frontier.commit()
        except BaseException:
            self.frontier.rollback()
            raise
        return list(hosts)

    # --- within the transaction

    def _settle(self, outcome: Outcome, kept: Kept, places: list[Place]) -> list[str]:
        page = outcome.page
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
            packed = kept.packed[-1]
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
        self._count(outcome, kept, state)
        self._say_problems(outcome, kept, state, now, place)
        return self.frontier.want(self._bounded(kept.wanted, page.source, now), now)

    def _bounded(self, wanted: list[Wanted], source: str, now: float) -> list[Wanted]:
        """What is wanted, without further list pages of a source that has more of them than a list can have."""
        if not any(one.role == "list" for one in wanted) or self.frontier.lists_of(source) < self.most_lists:
            return wanted
        message = f"it has {self.most_lists} list pages and names more; they were not followed"
        self.frontier.complain(Problem(source, "list_endless", "", now, message))
        return [one for one in wanted if one.role != "list"]

    def _count(self, outcome: Outcome, kept: Kept, state: str) -> None:
        counts, final = self.counts, outcome.final
        counts.states[state] = counts.states.get(state, 0) + 1
        if final is not None:
            counts.fetched += 1
            counts.bytes += len(final.body)
        if state == "done" and outcome.page.role != "list":
            if kept.same:
                counts.unchanged += 1
            elif not outcome.page.record:
                counts.new += 1
            elif kept.article == "":
                counts.outside += 1
            else:
                counts.changed += 1

    def _say_problems(self, outcome: Outcome, kept: Kept, state: str, now: float, place: Place | None) -> None:
        """Problems of the source: said when they arise, taken away when they are over."""
        page, source = outcome.page, outcome.page.source
        _, _, flag = parse_step(page.step)

        def say(code: str, message: str) -> None:
            archive, offset = (place.archive, place.offset) if place else ("", None)
            self.frontier.complain(Problem(source, code, page.key, now, message, archive, offset))

        if state != "blocked":
            self.frontier.solved(source, "blocked", page.key)
        else:
            say("blocked", f"{page.address}: {outcome.reason}")
        if page.role != "list":
            return
        if state != "done":
            if flag == PROVISIONAL:
                say("provisional", f"{page.address} did not answer ({outcome.reason}); only plain links were read")
            elif state != "blocked" and not (flag == GUESSED and state in ("missing", "refused", "disallowed")):
                say("list_failed", f"{page.address}: {outcome.reason}")
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


def first_lists(sites: Sequence[Site]) -> list[Wanted]:
    """The pages that a crawl begins with."""
    return [Wanted(address, site.name, "list") for site in sites for address in site.lists]
