"""The commands of the crawl: crawl, discover, refresh, sources, raw. `add_commands` puts them under a parser.

Each sets `run`, a function from the parsed arguments to the exit code.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from parsers.errors import UsageError
from pipeline.crawl.raw import add_raw
from pipeline.crawl.refresh import SHARE
from pipeline.crawl.terminal import EXIT_CODES, Exit, err, guarded, out
from pipeline.progress import printable

if TYPE_CHECKING:
    from pipeline.crawl.crawling import Options, Result
    from pipeline.crawl.sites import Sources


CONTACT = "GONGKAI_CONTACT"


def add_commands(commands: Any) -> None:
    """Add the commands to what `ArgumentParser.add_subparsers` returned."""
    from pipeline.cli import add_partition, add_readers

    crawl = _command(commands, "crawl", "fetch what is due of the listed sources into the archive", _crawl)
    _crawl_arguments(crawl)
    crawl.add_argument("--status", action="store_true", help="show hosts, queues, failures, next due and coverage")
    crawl.add_argument("--json", action="store_true", help="with --status: as JSON")

    refresh = _command(commands, "refresh", "crawl, then extract what changed; what cron runs", _refresh)
    _crawl_arguments(refresh)
    refresh.add_argument("--out", default="data/clean", metavar="DIR", help="output folder (default: data/clean)")
    refresh.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: all processors)")
    refresh.add_argument(
        "--most-drop",
        type=float,
        default=SHARE,
        metavar="SHARE",
        help=f"publish nothing when reports, bodies or values drop by a larger share (default: {SHARE})",
    )
    add_partition(refresh)
    add_readers(refresh)

    discover = _command(commands, "discover", "try the families on one address and show what would be taken", _discover)
    discover.add_argument("address", metavar="URL")
    discover.add_argument("--family", default="", help="read as of this family")
    discover.add_argument("--pages", type=int, default=10, metavar="N", help="the most list pages to ask (default: 10)")
    _shared(discover)

    sources = commands.add_parser("sources", help="look at the sources file")
    below = sources.add_subparsers(dest="below", required=True, metavar="COMMAND")
    check = below.add_parser("check", help="say what is wrong in the sources file, and at which line")
    check.add_argument("--sources", default="sources.toml", metavar="FILE")
    check.set_defaults(run=guarded(_check))

    add_raw(commands)


def _command(commands: Any, name: str, words: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=guarded(run))
    return parser


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--contact", default="", help=f"how to reach you, for the User-Agent (or {CONTACT})")
    parser.add_argument("--sources", default="sources.toml", metavar="FILE", help="default: sources.toml")
    parser.add_argument("--test-network", default="", help=argparse.SUPPRESS)
    parser.add_argument("--test-address", default="", help=argparse.SUPPRESS)


def _crawl_arguments(parser: argparse.ArgumentParser) -> None:
    _shared(parser)
    parser.add_argument("--archive", default="data/raw", metavar="DIR", help="archive folder (default: data/raw)")
    parser.add_argument("--work", default="data/crawl", metavar="DIR", help="crawl folder (default: data/crawl)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this source; may be repeated")
    parser.add_argument("--again", action="store_true", help="visit everything, due or not")
    parser.add_argument("--hosts", type=int, default=0, metavar="N", help="hosts at once (default: sources file)")
    parser.add_argument("--most", type=int, default=0, metavar="N", help="stop after N pages")
    parser.add_argument("--seconds", type=float, default=0.0, metavar="S", help="stop after S seconds")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless something needs a person")
    parser.add_argument(
        "--log",
        default="",
        metavar="FILE",
        help="append a log of JSON lines (- for standard output; json for standard error, in place of words)",
    )
    parser.add_argument("--file-size", type=int, default=1024**3, help=argparse.SUPPRESS)
    parser.add_argument("--test-wait", type=float, default=-1.0, help=argparse.SUPPRESS)


class _Log:
    """JSON lines on request, words unless quiet."""

    def __init__(self, where: str, quiet: bool) -> None:
        self.quiet = quiet
        self.file: TextIO | None = None
        self.own = False
        self.structured = where == "json"
        if self.structured:
            self.quiet, self.file = True, sys.stderr
        elif where == "-":
            self.file = sys.stdout
        elif where:
            try:
                self.file, self.own = open(where, "a", encoding="utf-8"), True  # noqa: SIM115
            except OSError as error:
                raise UsageError(f"the log {where} cannot be written ({error})") from error

    def __enter__(self) -> _Log:
        return self

    def __exit__(self, *_: object) -> None:
        if self.own and self.file is not None:
            self.file.close()

    def note(self, event: str, **more: Any) -> None:
        if self.file is not None:
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            level = "error" if event == "problem" else "info"
            line = {"time": now, "level": level} if self.structured else {"at": now}
            line |= {"event": event, **more}
            print(json.dumps(line, ensure_ascii=False), file=self.file, flush=True)

    def error(self, text: str) -> None:
        """A line in any case."""
        if self.structured:
            self.note("problem", message=text)
        else:
            err(text)

    def say(self, text: str) -> None:
        self.note("said", text=text)
        if not self.quiet:
            print(printable(text), file=sys.stderr, flush=True)


def _sources(said: argparse.Namespace) -> Sources:
    from pipeline.crawl import sites

    return sites.load(Path(said.sources))


def _contact(said: argparse.Namespace, sources: Sources | None) -> str:
    found = said.contact or os.environ.get(CONTACT, "") or (sources.contact if sources else "")
    found = " ".join(found.split())
    if not found or not found.isascii():
        raise UsageError(
            "sites are told who asks, so a contact is needed (an e-mail address or a web page, in ASCII)",
            remedy=f"Give --contact, set {CONTACT}, or write `contact` under [crawl] in the sources file.",
        )
    return found


def _resolver(address: str) -> Any:
    if not address:
        return None

    async def resolve(name: str, port: int) -> list[str]:  # noqa: ARG001
        return [address]

    return resolve


def _options(said: argparse.Namespace, sources: Sources) -> Options:
    from dataclasses import replace

    from pipeline.crawl.crawling import Options
    from pipeline.crawl.policy import patience

    for name in said.only:
        if sources.site(name) is None:
            raise UsageError(f"there is no source {name}", remedy="`gongkai sources check` lists them.")
    tries = patience()
    if said.test_wait >= 0:
        tries = replace(tries, first_wait=said.test_wait, longest_wait=said.test_wait)
    return Options(
        archive=Path(said.archive),
        work=Path(said.work),
        contact=_contact(said, sources),
        only=tuple(said.only),
        again=said.again,
        hosts_at_once=said.hosts,
        most_pages=said.most,
        most_seconds=said.seconds,
        file_size=said.file_size,
        patience=tries,
        exempt=(said.test_network,) if said.test_network else (),
        resolve=_resolver(said.test_address),
    )


def _crawl(said: argparse.Namespace) -> int:
    if said.status:
        return _status(said)
    sources = _sources(said)
    options = _options(said, sources)
    with _Log(said.log, said.quiet) as log:
        log.note("begun", sources=len(sources.sites), again=said.again)
        started = time.time()
        result = _until_signal(sources, options, log)
        if isinstance(result, int):
            log.note("interrupted", signal=result)
            _remember(said, started, "interrupted", {})
            return 128 + result
        code = _closing(result, started, log)
        _remember(said, started, Exit(code).name.lower(), _told(result))
        return code


def _told(result: Result) -> dict[str, Any]:
    """A crawl in a few words, for `gongkai status`."""
    from dataclasses import asdict

    counts = asdict(result.counts)
    problems = Counter(problem.code for problem in result.problems)
    return {
        "crawl": counts,
        "left": result.left,
        "problems": dict(problems),
        "seconds": {"crawl": round(result.seconds, 3)},
    }


def _remember(said: argparse.Namespace, started: float, state: str, more: dict[str, Any]) -> None:
    from pipeline import runs
    from pipeline.crawl.frontier import clock
    from pipeline.manifest import now
    from pipeline.versions import VERSION

    runs.remember(
        Path(said.work),
        {"started": clock(started), "finished": now(), "state": state, **more, "version": VERSION},
    )


def _until_signal(sources: Sources, options: Options, log: _Log) -> Result | int:
    """The crawl's result, or the signal that ended it."""
    from pipeline.crawl import crawling

    async def run() -> Result | int:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(crawling.crawl(sources, options, log.say))
        got: list[int] = []

        def stop(number: int) -> None:
            got.append(number)
            task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop, int(number))
        try:
            return await task
        except asyncio.CancelledError:
            if got:
                return got[0]
            raise

    return asyncio.run(run())


def _closing(result: Result, started: float, log: _Log) -> int:
    from dataclasses import asdict

    counts = result.counts
    log.note("ended", left=result.left, seconds=round(result.seconds, 1), **asdict(counts))
    for problem in result.problems:
        log.note("problem", **asdict(problem))
        if problem.at >= started and not log.structured:
            where = f" [{problem.archive}:{problem.offset}]" if problem.archive else ""
            err(f"{problem.source}: {problem.code}: {problem.message}{where}")
    states = ", ".join(f"{state} {number}" for state, number in sorted(counts.states.items())) or "nothing was due"
    log.say(
        f"{states}; new {counts.new}, changed {counts.changed}, unchanged {counts.unchanged},"
        f" changed outside of the article {counts.outside}; {result.left} left, {result.seconds:.1f} s"
    )
    if counts.states and not counts.fetched:
        log.error("no source answered")
        return Exit.NOTHING
    return Exit.PROBLEMS if any(problem.at >= started for problem in result.problems) else Exit.WELL


def _status(said: argparse.Namespace) -> int:
    from pipeline.crawl.frontier import NAME, Frontier
    from pipeline.crawl.status import status, words

    if not Path(said.work, NAME).exists():
        raise UsageError(f"nothing was crawled yet in {said.work}")
    with Frontier(Path(said.work), lock=False) as frontier:
        found = status(frontier, _sources(said), datetime.now(UTC).date())
    if said.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in words(found):
            out(line)
    return Exit.WELL


def _refresh(said: argparse.Namespace) -> int:
    from pipeline.crawl.refresh import refresh

    said.status = False
    return refresh(lambda: _crawl(said), lambda: _extract(said))


def _extract(said: argparse.Namespace) -> int:
    from pipeline import convert, extract
    from pipeline.cli import Interrupted, interruptible
    from pipeline.engines import processors
    from pipeline.progress import Progress

    chosen = extract.Options(
        raw=(said.archive,),
        out=said.out,
        workers=said.workers or processors(),
        sources=said.sources,
        crawl=said.work,
        largest_drop=said.most_drop,
        partition=said.partition_above if said.partition else 0,
        parser=convert.parser(ocr=said.ocr, with_office=not said.no_office),
    )
    with interruptible(), Progress(quiet=said.quiet) as progress:
        try:
            result = extract.run(chosen, progress)
        except Interrupted as stopped:
            return 128 + stopped.number
        for drop in result.drops:
            progress.error(f"gongkai: nothing was published: {drop}")
        if result.exit is extract.Exit.NOTHING:
            progress.error("gongkai: nothing usable was found")
        # What could not be read was said when it came.
        if result.exit is extract.Exit.FAILED and not result.written:
            return Exit.WELL
        for source, reason in result.failed if result.written else ():
            progress.error(f"failed: {source}: {reason}")
        return int(result.exit)


def _check(said: argparse.Namespace) -> int:
    from pipeline.crawl.sites import examine

    found, faults = examine(Path(said.sources))
    for fault in faults:
        print(f"{said.sources}:{fault.line}: {printable(fault.message)}", file=sys.stderr)
    if faults:
        return Exit.USAGE
    for site in found.sites:
        out(f"{site.name}  {site.division or '-'}  {site.family or 'by the page'}  {' '.join(site.lists)}")
    print(f"{len(found.sites)} sources, nothing wrong")
    return Exit.WELL


def _discover(said: argparse.Namespace) -> int:
    from pipeline.crawl.probing import probe

    path = Path(said.sources)
    sources = _sources(said) if path.exists() else None
    exempt = (said.test_network,) if said.test_network else ()
    contact = _contact(said, sources)
    lines = asyncio.run(
        probe(
            said.address,
            sources,
            contact,
            family=said.family,
            most=said.pages,
            exempt=exempt,
            resolve=_resolver(said.test_address),
        )
    )
    found = False
    for line in lines:
        found = found or line.startswith("report")
        out(line)
    return Exit.WELL if found else Exit.NOTHING
