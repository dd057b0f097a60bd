"""A run of the crawl: hosts side by side, each host's pages one after the other, what came of them kept in groups."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.version import VERSION
from pipeline.archive.files import SIZE, Files
from pipeline.crawl.allowed import why_not
from pipeline.crawl.client import Client, Limits, Resolve
from pipeline.crawl.fetching import Fetcher, Outcome
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.keeping import Counts, Keeper, Worked, first_lists
from pipeline.crawl.pages import Problem
from pipeline.crawl.policy import Patience, patience
from pipeline.crawl.sites import Site, Sources
from pipeline.crawl.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SWITCH = 0.0005
"""Seconds after which the thread that packs records lets the loop that fetches have its turn."""

GROUP = 64
"""The most outcomes that go into one transaction."""

AHEAD = 16
"""Pages of a host that are taken from the queue at once."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for. `again` visits everything, due or not. `exempt`, `resolve` are for tests."""

    archive: Path
    work: Path
    contact: str
    only: tuple[str, ...] = ()
    again: bool = False
    hosts_at_once: int = 0
    most_pages: int = 0
    most_seconds: float = 0.0
    file_size: int = SIZE
    limits: Limits = field(default_factory=Limits)
    patience: Patience | None = None
    exempt: tuple[str, ...] = ()
    resolve: Resolve | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. `left` pages are still queued; `problems` are those that arose or stood in this run."""

    counts: Counts
    problems: tuple[Problem, ...]
    left: int
    seconds: float


def agent(contact: str) -> str:
    """Who asks, and how to reach a person."""
    return f"gongkai/{VERSION} (research crawler of annual reports; {contact})"


async def crawl(sources: Sources, options: Options, say: Callable[[str], None] = lambda _: None) -> Result:
    """Visit what is due. The crawl folder is locked for as long as this takes; BusyError when another run has it."""
    started = time.time()
    interval = sys.getswitchinterval()
    sites = [site for site in sources.sites if not options.only or site.name in options.only]
    with contextlib.ExitStack() as held:
        frontier = held.enter_context(Frontier(options.work))
        files = Files(
            options.archive, frontier.archives(), frontier.announce, size=options.file_size, contact=options.contact
        )
        held.callback(files.close)
        held.callback(sys.setswitchinterval, interval)
        sys.setswitchinterval(min(SWITCH, interval))
        frontier.begin()
        frontier.want(first_lists(sites), started)
        hosts = {site.name: site.hosts for site in sites}
        refused = [page for page in frontier.pages(state="refused") if page.source in hosts]
        frontier.allow(page.key for page in refused if not why_not(page.address, hosts[page.source]))
        queued = frontier.enqueue(started, again=options.again, sources=list(hosts))
        frontier.commit()
        say(f"{queued} pages are due")
        tries = options.patience or patience()
        entries = {site.name: site for site in sources.sites}
        worker = Worker(entries, files.folder)
        held.callback(worker.close)
        worker.expect(queued)
        keeper = Keeper(frontier, files, entries, worker, most_lists=tries.lists)
        async with Client(
            agent(options.contact), options.limits, exempt=options.exempt, resolve=options.resolve
        ) as client:
            fetcher = Fetcher(client, tries, frontier.host)
            run = _Run(frontier, keeper, fetcher, options, options.hosts_at_once or sources.hosts_at_once, say)
            await run.all()
        _count_lists(frontier, sites)
        left = len(frontier.hosts_queued()) and frontier.queued()
        return Result(keeper.counts, tuple(frontier.problems()), left, time.time() - started)


def _count_lists(frontier: Frontier, sites: Sequence[Site]) -> None:
    """Where a site's lists say how many reports there are, compare with how many were found."""
    for site in sites:
        expected = frontier.expected(site.name)
        found = sum(1 for _ in frontier.pages(source=site.name, role="report"))
        if expected is not None and found < expected:
            message = f"its lists speak of {expected} entries, {found} were found"
            frontier.complain(Problem(site.name, "list_incomplete", "", time.time(), message))
        else:
            frontier.solved(site.name, "list_incomplete")


class _Run:
    def __init__(
        self,
        frontier: Frontier,
        keeper: Keeper,
        fetcher: Fetcher,
        options: Options,
        hosts_at_once: int,
        say: Callable[[str], None],
    ) -> None:
        self.frontier = frontier
        self.keeper = keeper
        self.fetcher = fetcher
        self.options = options
        self.at_once = hosts_at_once
        self.say = say
        self.waiting: dict[str, None] = {}
        self.active: dict[str, asyncio.Task[None]] = {}
        self.stopped: set[str] = set()
        self.outcomes: asyncio.Queue[tuple[Outcome, asyncio.Future[None]]] = asyncio.Queue(maxsize=4 * GROUP)
        self.pages = 0
        self.working: asyncio.Future[list[Worked]] | None = None
        self.ends = time.monotonic() + options.most_seconds if options.most_seconds else float("inf")

    async def all(self) -> None:
        """Until no host has queued pages that this run may fetch."""
        self.waiting = dict.fromkeys(self.frontier.hosts_queued())
        keeping = asyncio.create_task(self._keep())
        try:
            while self.waiting or self.active:
                while self.waiting and len(self.active) < self.at_once:
                    host = next(iter(self.waiting))
                    del self.waiting[host]
                    self.active[host] = asyncio.create_task(self._host(host))
                done, _ = await asyncio.wait([*self.active.values(), keeping], return_when=asyncio.FIRST_COMPLETED)
                if keeping in done:
                    keeping.result()
                for host, task in [(host, task) for host, task in self.active.items() if task in done]:
                    del self.active[host]
                    task.result()
                    self.fetcher.forget(host)
        finally:
            for task in (*self.active.values(), keeping):
                task.cancel()
            await asyncio.gather(*self.active.values(), keeping, return_exceptions=True)
            if self.working is not None:
                # A thread cannot be cancelled, and it has the archive file in its hands.
                await asyncio.gather(self.working, return_exceptions=True)

    def _enough(self) -> bool:
        most = self.options.most_pages
        return bool(most and self.pages >= most) or time.monotonic() >= self.ends

    async def _host(self, host: str) -> None:
        """Fetch the queued pages of a host, one after the other."""
        silent = 0
        held: dict[str, asyncio.Future[None]] = {}
        while host not in self.stopped and not self._enough():
            pages = [page for page in self.frontier.queue(host, AHEAD + len(held)) if page.key not in held]
            if not pages:
                if not held:
                    return
                # What is being kept may lead to more pages of this host.
                await asyncio.gather(*held.values())
                held.clear()
                continue
            for page in pages:
                if self._enough():
                    break
                site = self.keeper.sites.get(page.source)
                if site is None:
                    self.frontier.settle(page.key, {"queued": 0, "reason": "its source is no longer listed"})
                    continue
                self.pages += 1
                outcome = await self.fetcher.fetch(page, site)
                kept = asyncio.get_running_loop().create_future()
                held[page.key] = kept
                await self.outcomes.put((outcome, kept))
                silent = silent + 1 if outcome.silent else 0
                if outcome.wait > self.fetcher.patience.patience or silent >= self.fetcher.patience.host_failures:
                    self.stopped.add(host)
                    break
            for key in [key for key, kept in held.items() if kept.done()]:
                del held[key]
        if held:
            await asyncio.gather(*held.values())

    async def _keep(self) -> None:
        """Keep outcomes in groups, as they come."""
        while True:
            group = [await self.outcomes.get()]
            while len(group) < GROUP and not self.outcomes.empty():
                group.append(self.outcomes.get_nowait())
            try:
                outcomes = [outcome for outcome, _ in group]
                self.working = asyncio.ensure_future(asyncio.to_thread(self.keeper.work, outcomes))
                kept = await asyncio.shield(self.working)
                hosts = self.keeper.settle(kept)
                if hosts:
                    self.keeper.worker.expect(self.frontier.queued())
            except BaseException as error:
                for _, waiting in group:
                    if not waiting.done():
                        waiting.set_exception(error) if isinstance(error, Exception) else waiting.cancel()
                        if isinstance(error, Exception):
                            waiting.exception()
                raise
            for _, waiting in group:
                if not waiting.done():
                    waiting.set_result(None)
            for host in hosts:
                if host not in self.active and host not in self.stopped:
                    self.waiting.setdefault(host)
            for outcome, _ in group:
                if outcome.state not in ("done", "unchanged"):
                    self.say(f"{outcome.state}: {outcome.page.address}: {outcome.reason}")
