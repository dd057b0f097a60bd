"""Who reads and packs what was fetched: a thread at first, a process of its own once a run is long.

Beside the loop that fetches, a thread is enough for some hundred pages and starts at once. In a long run the two
would hinder each other, since one interpreter runs one thread at a time; a process costs its start and then nothing.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from typing import TYPE_CHECKING

from pipeline.crawl.holdings import Kept, hold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from pipeline.crawl.fetching import Outcome
    from pipeline.crawl.sites import Site

LONG = 200
"""From so many queued pages on a process is worth its start."""

READY = "ready"


class Worker:
    """Works outcomes through, for one thread at a time. `archive` is the folder of the records written before."""

    def __init__(self, sites: Mapping[str, Site], archive: Path) -> None:
        self.sites = sites
        self.archive = archive
        self.process: BaseProcess | None = None
        self.line: Connection | None = None
        self.ready = False

    def expect(self, pages: int) -> None:
        """So many pages are still to come: start the process when that is worth it. Does not wait for it."""
        if self.process is None and pages >= LONG:
            context = multiprocessing.get_context("spawn")
            self.line, theirs = context.Pipe()
            self.process = context.Process(
                target=_serve, args=(theirs, dict(self.sites), self.archive), daemon=True, name="gongkai crawl worker"
            )
            self.process.start()
            theirs.close()

    def work(self, outcomes: Sequence[Outcome]) -> list[Kept]:
        """What each outcome holds, in order. Where the process is not there (yet, or any more), it is done here."""
        found = self._asked(outcomes)
        if found is None:
            found = [hold(outcome, self.sites[outcome.page.source], self.archive) for outcome in outcomes]
        return found

    def _asked(self, outcomes: Sequence[Outcome]) -> list[Kept] | None:
        if self.line is None:
            return None
        try:
            if not self.ready:
                if not self.line.poll():
                    return None
                self.ready = self.line.recv() == READY
            self.line.send(outcomes)
            found: list[Kept] | BaseException = self.line.recv()
        except (EOFError, OSError):
            # The process died of something that it read; the run goes on without it.
            self.close()
            return None
        if isinstance(found, BaseException):
            raise found
        return found

    def close(self) -> None:
        """End the process. The worker can still be used."""
        if self.line is not None:
            self.line.close()
            self.line = None
        if self.process is not None:
            self.process.join(5)
            if self.process.is_alive():
                self.process.kill()
                self.process.join()


def _serve(line: Connection, sites: dict[str, Site], archive: Path) -> None:
    """The process: answers until the other end is closed, by intent or because the crawl was killed."""
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        line.send(READY)
        while True:
            outcomes: Sequence[Outcome] = line.recv()
            try:
                found: list[Kept] | Exception = [
                    hold(outcome, sites[outcome.page.source], archive) for outcome in outcomes
                ]
            except Exception as error:
                found = error
            line.send(found)
