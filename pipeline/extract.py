"""From raw documents to published tables: one run, from taking stock to the switch of the output folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import PublishError, UsageError
from parsers.records import TABLES
from pipeline import corrections, layout, manifest, memory, package, runs, stata, storage, versions
from pipeline.archive.loose import Inventory, take_stock
from pipeline.guard import Limits
from pipeline.link import sites
from pipeline.switch import Target, lock
from pipeline.times import quantiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.corrections import Corrections
    from pipeline.harvest import Harvest
    from pipeline.intake import Intake
    from pipeline.link.sites import SourcePlaces
    from pipeline.link.tables import Linked
    from pipeline.parts import Receipt
    from pipeline.progress import Progress

STRICT_ISSUES = ("unmatched_label", "unmatched_number")
STRICT_STATUSES = ("ambiguous",)
"""What `--strict` does not let pass, besides documents that failed."""

OURS = (
    *(layout.name(table, kind) for table in TABLES for kind in layout.KINDS),
    *package.FILES,
    stata.NAME,
    manifest.NAME,
)


class Exit(IntEnum):
    """Exit codes of `gongkai extract`."""

    WELL = 0
    FAILED = 1
    USAGE = 2
    NOTHING = 3
    STRICT = 4
    UNWRITTEN = 5
    GUARD = 7


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for. `work` is where parts are kept; by default beside the output folder.

    Raw folders, `out` and `parts` (the folder of parts that workers write to; by default in `work`) may be addresses of
    another file system. `scheduler` is the address of a Dask cluster; without one this machine's processes read.

    `sources` is a sources file, whose divisions tell where the bodies of a site are; it need not be there. `crawl` is
    the folder of the crawl that filled the archives; it need not be there. With `largest_drop`, nothing is published
    when what the last release had drops by more than that share. Without `contacts`, no table has a telephone, an
    e-mail address or the name of a clerk. Tables of reports for which more than `partition` rows were read have a file
    for each year; 0 is for none.
    """

    raw: tuple[str, ...] = ("data/raw",)
    out: str = "data/clean"
    work: str = ""
    parts: str = ""
    scheduler: str = ""
    workers: int = 1
    strict: bool = False
    limits: Limits = field(default_factory=Limits)
    parser: str = versions.PARSER
    rehash: bool = False
    corrections: str = corrections.DEFAULT
    sources: str = sites.DEFAULT
    crawl: str = ""
    largest_drop: float | None = None
    contacts: bool = True
    partition: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. `failed` are (source, reason); `written` tells whether the output folder has changed.

    `drops` says in words why the guard refused to publish.
    """

    exit: Exit
    counts: dict[str, int]
    documents: dict[str, int]
    issues: dict[str, int]
    failed: tuple[tuple[str, str], ...]
    checks_failed: int
    strict: dict[str, int]
    seconds: float
    written: bool
    reused: int = 0
    parts: int = 0
    drops: tuple[str, ...] = ()


def run(options: Options, progress: Progress) -> Result:
    """Read every document of the RAW arguments and publish the tables.

    UsageError for arguments that cannot be used, PublishError when nothing could be written, any other
    PipelineError when the run could not go on; in all these cases the output folder is as it was.
    """
    from pipeline.intake import take_in

    clock = _Clock()
    if options.workers < 1:
        raise UsageError("--workers must be at least 1")
    if storage.is_remote(options.out) and not options.work:
        raise UsageError(f"{options.out} needs a folder of this machine to work in", remedy="Name it with --work.")
    target = Target(Path(options.work, "out") if storage.is_remote(options.out) else options.out, OURS)
    work = Path(os.path.realpath(options.work)) if options.work else target.base
    _apart(options.raw, target.out)
    stock = take_stock(options.raw, exclude=(target.out, target.base, work))
    if not stock.files and not stock.broken and not stock.archives:
        return _nothing(stock, progress, clock)
    with contextlib.ExitStack() as held:
        held.enter_context(target)
        held.enter_context(runs.noting(target.base, clock.started))
        if work != target.base:
            held.enter_context(lock(work))
        harvest = _harvest(options, stock, work)
        stock = replace(stock, broken=(*stock.broken, *harvest.broken))
        found = len(stock.files) + len(stock.broken) + len(harvest.documents)
        if not found:
            return _nothing(stock, progress, clock)
        progress.say(f"{found} documents found, {len(stock.ignored)} left out")
        progress.event("stock", documents=found, ignored=len(stock.ignored), broken=len(stock.broken))
        clock.lap("stock")
        digest = versions.parser_digest(options.parser)
        read = take_in(options, stock, harvest, work, digest, progress)
        held.callback(read.inputs.close)
        # What is known of each file is put away, so that linking has the memory.
        del stock, harvest
        clock.lap("read")
        result = _publish(options, read, target, progress, clock)
        progress.event("finished", state=result.exit.name.lower(), counts=result.counts, seconds=clock.stages)
        runs.remember(target.base, _said(result, clock, receipts=read.receipts))
        if storage.is_remote(options.out):
            _copy(target.out, options.out)
        return result


def _said(result: Result, clock: _Clock, receipts: Sequence[Receipt]) -> dict[str, Any]:
    """A run in a few words, for `gongkai status`."""
    return {
        "started": clock.started,
        "finished": manifest.now(),
        "state": result.exit.name.lower(),
        "written": result.written,
        "counts": result.counts,
        "documents": result.documents,
        "failed": len(result.failed),
        "issues": sum(result.issues.values()),
        "checks_failed": result.checks_failed,
        "parts": result.parts,
        "parts_reused": result.reused,
        "seconds": clock.stages,
        "reading": times_of(receipts),
        "version": versions.VERSION,
    }


def _copy(release: Path, out: str) -> None:
    """Have the release that stands on this machine stand in the remote output folder too."""
    said = manifest.head(release)
    if said is not None:
        name = str(said["release"])[:16]
        if storage.latest(out) != name:
            storage.publish(release, out, name)


def _nothing(stock: Inventory, progress: Progress, clock: _Clock) -> Result:
    why = f"{len(stock.ignored)} left out" if stock.ignored else "the folder is empty"
    progress.error(f"no document was found ({why})")
    return Result(Exit.NOTHING, {}, {}, {}, (), 0, {}, clock.total(), written=False)


def _harvest(options: Options, stock: Inventory, work: Path) -> Harvest:
    """What the archives hold; nothing where there are none."""
    from pipeline import harvest

    if not stock.archives:
        return harvest.Harvest()
    try:
        return harvest.gather(stock.archives, work, options.crawl, options.sources)
    except (OSError, sqlite3.Error) as error:
        raise PublishError(f"the index of the archives in {work} cannot be used ({error})") from error


def _apart(raw: Sequence[str], out: Path) -> None:
    """The output folder is exchanged as a whole: documents must not lie in it."""
    for given in raw:
        if not storage.is_remote(given) and Path(os.path.realpath(given)).is_relative_to(out):
            raise UsageError(f"{given} lies within the output folder", remedy="Name another output folder.")


class _Clock:
    """Seconds, by stage."""

    def __init__(self) -> None:
        self.started = manifest.now()
        self.begin = self.last = time.monotonic()
        self.stages: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.monotonic()
        self.stages[stage] = round(now - self.last, 3)
        self.last = now

    def total(self) -> float:
        return time.monotonic() - self.begin


def _publish(options: Options, read: Intake, target: Target, progress: Progress, clock: _Clock) -> Result:
    stock, work, digest, receipts = read.stock, read.work, read.digest, read.receipts
    harvest = read.harvest
    failed = tuple(sorted(pair for receipt in receipts for pair in receipt.failed))
    for source, reason in failed:
        progress.event("failed", source=source, reason=reason)
    reused = sum(receipt.reused for receipt in receipts)
    amended = corrections.load(options.corrections)
    stated = sites.load(options.sources)
    release = _release(
        stock,
        receipts,
        digest,
        amended.digest
        + stated.digest
        + ("" if options.contacts else "no contacts")
        + (f"partition {options.partition}" if options.partition else ""),
        harvest.digest,
    )
    before = manifest.head(target.out)
    times = {
        "started": clock.started,
        "workers": options.workers,
        "parts": len(receipts),
        "parts_reused": reused,
        "seconds": clock.stages,
        "reading": times_of(receipts),
    }

    unchanged = before is not None and _stands(work, target.out, release)
    if unchanged and before is not None:
        said = before
        progress.say("nothing new: the tables stand as they are")
    else:
        said = {
            "versions": manifest.versions(options.parser, digest),
            "release": release,
            "inputs": [],
            "broken": [{"source": one.source, "reason": one.reason} for one in stock.broken],
            "ignored": [{"source": one.source, "reason": one.reason} for one in stock.ignored],
            "failed": [{"source": source, "reason": reason} for source, reason in failed],
        }
        fresh = target.prepare()
        try:
            said |= _tables(work, receipts, fresh, clock, amended, stated, release, harvest, options)
        except OSError as error:
            target.abandon()
            raise PublishError(f"the tables cannot be written ({error})") from error
        except BaseException:
            target.abandon()
            raise
    ending = _exit(options, said, failed)
    times["finished"] = manifest.now()
    said = {**said, "exit": int(ending), "state": ending.name.lower(), "times": times}
    written = not unchanged
    drops = _drops(options, before, said) if written else ()
    if drops:
        target.abandon()
        ending, written = Exit.GUARD, False
    elif not unchanged and ending is Exit.NOTHING and _has_reports(target.out):
        target.abandon()
        written = False
    elif not unchanged:
        try:
            read.inputs.seek(0)
            manifest.write(fresh / manifest.NAME, said, (line.rstrip("\n") for line in read.inputs))
            target.switch()
        except OSError as error:
            target.abandon()
            raise PublishError(f"the tables cannot be written ({error})") from error
        except BaseException:
            target.abandon()
            raise
        _remember(work, target.out, release)
        _prune(work, receipts)
    else:
        with contextlib.suppress(OSError):
            manifest.write(target.base / manifest.NAME, said, manifest.inputs(target.out))
            os.replace(target.base / manifest.NAME, target.out / manifest.NAME)
    return Result(
        exit=ending,
        counts=said["counts"],
        documents=said["documents"],
        issues=said["issues"],
        failed=failed,
        checks_failed=said["checks_failed"],
        strict=said["strict"],
        seconds=clock.total(),
        written=written,
        reused=reused,
        parts=len(receipts),
        drops=drops,
    )


def times_of(receipts: Sequence[Receipt]) -> dict[str, float]:
    """What this run's documents took, those of parts that were there before aside."""
    took: Counter[int] = Counter()
    for receipt in receipts:
        if not receipt.reused:
            took.update(dict(receipt.took))
    return quantiles(took)


def _drops(options: Options, before: dict[str, Any] | None, said: dict[str, Any]) -> tuple[str, ...]:
    """Why the guard does not let a release pass."""
    from pipeline.crawl.refresh import drops

    if options.largest_drop is None or before is None:
        return ()
    return tuple(str(drop) for drop in drops(before.get("counts", {}), said["counts"], options.largest_drop))


def _tables(
    work: Path,
    receipts: Sequence[Receipt],
    fresh: Path,
    clock: _Clock,
    amended: Corrections,
    stated: SourcePlaces,
    release: str,
    harvest: Harvest,
    options: Options,
) -> dict[str, Any]:
    """Write all tables into the new release. Returns what the manifest says of them."""
    from pipeline.described import Described
    from pipeline.harvest import covered
    from pipeline.link.contacts import left_out
    from pipeline.link.tables import Linked
    from pipeline.publish import publish

    memory.give_back_large()
    memory.give_back()
    linked = Linked(Described(work / "parts", receipts, harvest.facts), work, stated)
    if harvest.crawl is not None:
        linked.known, linked.spoken_for = covered(harvest.crawl, linked), harvest.crawl.addresses
    clock.lap("link")
    written = publish(
        fresh,
        linked.pieces if options.contacts else left_out(linked.pieces),
        amended.amend,
        lambda table: bool(options.partition) and linked.expected(table) > options.partition,
    )
    settled = amended.settled()
    names = [name for one in written.values() for name in one.files]
    panel = stata.write(fresh)
    described = package.describe(fresh, list(written), package.unreleased(release))
    clock.lap("publish")
    return {
        "counts": {table: one.rows for table, one in written.items()},
        **_summary(linked),
        "corrections": settled,
        "outputs": manifest.outputs(fresh, [*names, panel, *described]),
    }


def _summary(linked: Linked) -> dict[str, Any]:
    """Counts that the closing summary and the exit code rest on."""
    documents, issues, statuses = (linked.tally(table) for table in ("documents", "issues", "observations"))
    strict = {code: issues[code] for code in STRICT_ISSUES if code in issues}
    strict |= {status: statuses[status] for status in STRICT_STATUSES if status in statuses}
    return {
        "documents": documents,
        "issues": issues,
        "checks_failed": linked.checks_failed,
        "strict": strict,
    }


def _exit(options: Options, said: dict[str, Any], failed: Sequence[object]) -> Exit:
    if not said["counts"]["reports"]:
        return Exit.NOTHING
    if options.strict and (failed or said["strict"]):
        return Exit.STRICT
    return Exit.FAILED if failed else Exit.WELL


def _release(stock: Inventory, receipts: Sequence[Receipt], digest: str, amended: str, harvest: str) -> str:
    """What the tables are made of, in one digest."""
    said = [
        digest,
        versions.digest("pipeline"),
        versions.VERSION,
        amended,
        harvest,
        sorted(receipt.name for receipt in receipts),
        sorted((one.name, one.failed) for one in receipts if not one.lasting or one.guarded),
        [(one.source, one.reason) for one in stock.broken],
        [(one.source, one.reason) for one in stock.ignored],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _has_reports(out: Path) -> bool:
    """Whether a release with reports stands in the output folder."""
    try:
        for piece in layout.pieces(out, "reports", "csv"):
            with open(piece.path, "rb") as file:
                if file.readline() and file.readline():
                    return True
    except (OSError, UsageError):
        pass
    return False


def _marks(out: Path) -> dict[str, list[int]]:
    """Size and time of every published file but the manifest."""
    found = {}
    for name in OURS:
        if name != manifest.NAME:
            for inner in sorted((out / name).rglob("*")) if (out / name).is_dir() else [out / name]:
                here = os.stat(inner)
                found[inner.relative_to(out).as_posix()] = [here.st_size, here.st_mtime_ns]
    return found


def _remember(work: Path, out: Path, release: str) -> None:
    with contextlib.suppress(OSError):
        (work / "published.json").write_text(json.dumps({"release": release, "files": _marks(out)}))


def _stands(work: Path, out: Path, release: str) -> bool:
    """Whether the output folder holds exactly this release, untouched since it was written."""
    try:
        said = json.loads((work / "published.json").read_text())
        return bool(said["release"] == release and said["files"] == _marks(out))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _prune(work: Path, receipts: Sequence[Receipt]) -> None:
    """Drop the parts that the release does not rest on."""
    used = {receipt.name for receipt in receipts}
    for folder in (work / "parts").iterdir():
        if folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)
