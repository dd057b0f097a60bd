"""Crawls of the emulator in this process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crawl.emulator import Emulator, Site

from pipeline.archive.captures import Captures
from pipeline.crawl import crawling, sites
from pipeline.crawl.client import Limits
from pipeline.crawl.crawling import Options, Result
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.pages import Page, Problem
from pipeline.crawl.policy import Patience

LOOPBACK = ("127.0.0.0/8",)
QUICK = Patience(most=3, first_wait=0.01, longest_wait=0.02, patience=5.0, hops=8, lists=60, host_failures=4)


async def resolve(name: str, port: int) -> list[str]:
    """Every name is on the loopback network; an address is itself."""
    del port
    return [name] if name.replace(".", "").isdigit() or ":" in name else ["127.0.0.1"]


@dataclass
class Runner:
    emulator: Emulator
    folder: Path
    served: list[Site]
    limits: Limits = field(default_factory=lambda: Limits(connect=2.0, read=1.0, whole=4.0, size=2 * 1024**2))
    patience: Patience = QUICK
    delay: float = 0.0
    hosts: tuple[str, ...] = ()
    tolerate: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def work(self) -> Path:
        return self.folder / "crawl"

    def sources(self) -> sites.Sources:
        found = [
            sites.Site(
                site.host,
                (self.emulator.address(site),),
                delay=self.delay,
                hosts=self.hosts,
                tolerate=self.tolerate,
                options=site.options,
            )
            for site in self.served
        ]
        return sites.Sources(tuple(found), "tests@example.org")

    def options(self, **more: Any) -> Options:
        chosen = Options(
            archive=self.raw,
            work=self.work,
            contact="tests@example.org",
            limits=self.limits,
            patience=self.patience,
            exempt=LOOPBACK,
            resolve=resolve,
        )
        return replace(chosen, **more)

    def run(self, **more: Any) -> Result:
        return asyncio.run(crawling.crawl(self.sources(), self.options(**more), self.said.append))

    def pages(self, **narrow: str) -> list[Page]:
        with Frontier(self.work) as frontier:
            return list(frontier.pages(**narrow))

    def problems(self) -> list[Problem]:
        with Frontier(self.work) as frontier:
            return frontier.problems()

    def captures(self) -> Captures:
        found = Captures(self.raw)
        found.update()
        return found
