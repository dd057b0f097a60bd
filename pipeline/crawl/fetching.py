"""From a page that is wanted to what came of it: every hop checked, in turn with the host's other requests.

At each hop, the first one and those after redirects and meta refreshes alike: is the host allowed, does its
robots.txt allow the address, and (in the client) is the resolved address one that may be connected to. Each host
is asked one thing at a time, with its delay between two requests.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import stamina

from pipeline.archive.addresses import canonical, origin, other_scheme, with_scheme
from pipeline.crawl import robots
from pipeline.crawl.allowed import why_not
from pipeline.crawl.answers import Verdict, judge
from pipeline.crawl.client import Answer, Client, FetchError
from pipeline.crawl.pages import Host, Page
from pipeline.crawl.policy import Patience
from pipeline.crawl.sites import Site

stamina.instrumentation.set_on_retry_hooks([])


@dataclass(frozen=True, slots=True)
class Hop:
    """An answer on the way, and what it means."""

    answer: Answer
    verdict: Verdict


@dataclass
class Outcome:
    """What came of a page: `state` as in the frontier or `unchanged`, the hops with their answers, and why."""

    page: Page
    state: str
    reason: str = ""
    hops: list[Hop] = field(default_factory=list)
    wait: float = 0.0
    robots: list[Answer] = field(default_factory=list)
    silent: bool = False
    learned: dict[str, Host] = field(default_factory=dict)

    @property
    def final(self) -> Answer | None:
        return self.hops[-1].answer if self.hops else None


@dataclass
class _Turn:
    """The order at one host. `ready` is the moment from which it may be asked again."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready: float = 0.0


class LaterError(FetchError):
    """The host asks to come later than this run waits."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__("later", message)
        self.wait = wait


class Fetcher:
    """Fetches pages. `known` tells what is remembered of a host; what is learned of it goes with the outcomes."""

    def __init__(
        self,
        client: Client,
        patience: Patience,
        known: Callable[[str], Host],
    ) -> None:
        self.client = client
        self.patience = patience
        self.known = known
        self.hosts: dict[str, Host] = {}
        self.rules: dict[str, robots.Rules] = {}
        self.turns: dict[str, _Turn] = {}

    def host(self, name: str) -> Host:
        if name not in self.hosts:
            self.hosts[name] = self.known(name)
        return self.hosts[name]

    def learn(self, host: Host, outcome: Outcome) -> None:
        """Note something of a host. It is kept together with the answers that it was learned from."""
        self.hosts[host.host] = host
        outcome.learned[host.host] = host

    def forget(self, name: str) -> None:
        """Let go of what is held in memory of a host whose pages are done."""
        turn = self.turns.get(name)
        if turn is None or not turn.lock.locked():
            self.hosts.pop(name, None)
            self.rules.pop(name, None)

    async def fetch(self, page: Page, site: Site) -> Outcome:
        """Fetch one page. Never raises for what a host does."""
        outcome = Outcome(page, "failed")
        try:
            await self._fetch(page, site, outcome)
        except LaterError as error:
            outcome.state, outcome.reason, outcome.wait = "failed", error.message, error.wait
        except FetchError as error:
            refused = error.code == "refused"
            outcome.state = "refused" if refused else "failed"
            outcome.reason = error.message if refused else f"{error.code}: {error.message}"
            outcome.silent = error.code in ("name", "connect", "silent", "tls", "slow")
        return outcome

    async def _fetch(self, page: Page, site: Site, outcome: Outcome) -> None:
        address = self._spelling(page.address)
        seen = set()
        for _ in range(self.patience.hops + 1):
            if why := why_not(address, site.hosts):
                outcome.state, outcome.reason = "refused", why
                return
            if address in seen:
                outcome.state, outcome.reason = "failed", f"redirects go in a circle at {address}"
                return
            seen.add(address)
            rules = await self._rules(address, site, outcome)
            address = self._spelling(address)
            if why := rules.refusal(address):
                outcome.state, outcome.reason = "disallowed", why
                return
            hop = await self._ask(address, page, site, rules, outcome)
            outcome.hops.append(hop)
            verdict = hop.verdict
            if verdict.means != "redirect":
                outcome.reason, outcome.wait = verdict.why, verdict.wait
                outcome.state = self._state(page, verdict, hop.answer)
                return
            address = canonical(verdict.target)
            if not address:
                outcome.state, outcome.reason = "failed", f"a redirect leads to {verdict.target[:200]!r}"
                return
        outcome.state, outcome.reason = "failed", f"more than {self.patience.hops} redirects"

    def _state(self, page: Page, verdict: Verdict, answer: Answer) -> str:
        if verdict.means == "unchanged":
            return "unchanged" if page.record else "failed"
        if verdict.means == "page":
            return "done"
        if verdict.means == "missing":
            return "gone" if page.digest else "missing"
        return "blocked" if verdict.means == "blocked" else "failed"

    def _spelling(self, address: str) -> str:
        """An address over the scheme that its host was last reached by."""
        scheme = self.host(origin(address)).scheme
        return with_scheme(address, scheme) if scheme else address

    async def _ask(self, address: str, page: Page, site: Site, rules: robots.Rules, outcome: Outcome) -> Hop:
        """Ask, and where it can help ask again; over the other scheme when a host does not answer over this one."""
        headers = _conditions(page, address)
        delay = max(site.delay, rules.delay())
        name = origin(address)
        try:
            hop = await self._tries(address, headers, delay, site, outcome)
        except FetchError as error:
            if not self._other_scheme_may_help(error, address):
                raise
            try:
                hop = await self._tries(other_scheme(address), headers, delay, site, outcome)
            except FetchError:
                raise error from None
        scheme = hop.answer.address.partition(":")[0]
        host = self.host(name)
        if hop.verdict.means != "redirect" and host.scheme != scheme:
            self.learn(replace(host, scheme=scheme), outcome)
        return hop

    def _other_scheme_may_help(self, error: FetchError, address: str) -> bool:
        name = origin(address)
        return error.code in ("connect", "tls") and not self.host(name).scheme and ":" not in name

    async def _tries(
        self, address: str, headers: tuple[tuple[str, str], ...], delay: float, site: Site, outcome: Outcome
    ) -> Hop:
        last: Hop | None = None
        waits = 0.0
        patience = self.patience
        try:
            async for attempt in stamina.retry_context(
                on=_worth_a_try,
                attempts=patience.most,
                timeout=None,
                wait_initial=patience.first_wait,
                wait_max=patience.longest_wait,
                wait_jitter=patience.first_wait / 2,
            ):
                with attempt:
                    async with self._turn(origin(address), delay):
                        answer = await self.client.get(address, headers, site.tolerate)
                    last = Hop(answer, judge(answer, time.time()))
                    if last.verdict.means == "later":
                        waits = self._pause(origin(address), last.verdict, outcome)
                        raise _PassingError("later", last.verdict.why, again=waits <= patience.patience)
                    if last.verdict.means == "fault" and last.verdict.again:
                        raise _PassingError("fault", last.verdict.why, again=True)
        except _PassingError:
            assert last is not None
            if waits > patience.patience:
                last = Hop(last.answer, replace(last.verdict, means="fault", wait=waits))
        assert last is not None
        return last

    def _pause(self, name: str, verdict: Verdict, outcome: Outcome) -> float:
        """Leave a host alone for as long as it asks."""
        turn = self.turns.setdefault(name, _Turn())
        turn.ready = max(turn.ready, time.time() + verdict.wait)
        self.learn(replace(self.host(name), ready=turn.ready), outcome)
        return verdict.wait

    @asynccontextmanager
    async def _turn(self, name: str, delay: float) -> AsyncIterator[None]:
        turn = self.turns.setdefault(name, _Turn(ready=self.host(name).ready))
        async with turn.lock:
            pause = turn.ready - time.time()
            if pause > self.patience.patience:
                raise LaterError(f"the host asked to be left alone for another {pause:.0f} s", pause)
            if pause > 0:
                await asyncio.sleep(pause)
            try:
                yield
            finally:
                turn.ready = max(turn.ready, time.time() + delay)

    async def _rules(self, address: str, site: Site, outcome: Outcome) -> robots.Rules:
        """The rules of a host's robots.txt, fetched anew when the last time is too long ago."""
        name = origin(address)
        host = self.host(name)
        if host.robots_until > time.time():
            if name not in self.rules:
                why = "robots.txt cannot be had for now" if host.robots_state == robots.CLOSED else ""
                self.rules[name] = robots.Rules(robots.Robots(host.robots_state, host.robots, why))
            return self.rules[name]
        found = await self._robots(f"{address.partition(':')[0]}://{name}/robots.txt", site, outcome)
        until = time.time() + found.kept()
        self.learn(replace(self.host(name), robots=found.text, robots_state=found.state, robots_until=until), outcome)
        self.rules[name] = robots.Rules(found)
        return self.rules[name]

    async def _robots(self, address: str, site: Site, outcome: Outcome) -> robots.Robots:
        """The file, through at most five redirects that stay within what may be fetched."""
        swapped = False
        for _ in range(6):
            if why := why_not(address, site.hosts):
                return robots.Robots(robots.ALLOWED, why=f"robots.txt leads elsewhere ({why})")
            try:
                hop = await self._tries(address, (), site.delay, site, outcome)
            except LaterError:
                raise
            except FetchError as error:
                if error.code == "refused":
                    raise
                if swapped or not self._other_scheme_may_help(error, address):
                    return robots.Robots(robots.CLOSED, why=f"robots.txt cannot be had for now ({error.message})")
                address, swapped = other_scheme(address), True
                continue
            outcome.robots.append(hop.answer)
            if swapped:
                self.learn(replace(self.host(origin(address)), scheme=address.partition(":")[0]), outcome)
            if hop.verdict.means == "redirect" and hop.answer.status != 200:
                address = canonical(hop.verdict.target)
                continue
            if hop.verdict.means == "blocked":
                return robots.Robots(robots.CLOSED, why=f"robots.txt cannot be had for now ({hop.verdict.why})")
            answer = hop.answer
            return robots.read(answer.status, answer.body, answer.header("content-type"))
        return robots.Robots(robots.CLOSED, why="robots.txt cannot be had for now (too many redirects)")


class _PassingError(FetchError):
    """An answer that another try may better."""


def _worth_a_try(error: Exception) -> bool:
    return isinstance(error, FetchError) and error.again


def _conditions(page: Page, address: str) -> tuple[tuple[str, str], ...]:
    """The header fields that let a host say that nothing has changed; only where the record is of this very address."""
    if not page.record or page.record_address != address:
        return ()
    said = (("If-None-Match", page.etag), ("If-Modified-Since", page.last_modified))
    return tuple((name, value) for name, value in said if value)
