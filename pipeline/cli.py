"""The command `gongkai`: one subcommand a step."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from pipeline.extract import Result

EXIT_CODES = """\
exit codes:
  0  all is well
  1  some documents failed; they are named, the rest is written
  2  bad usage
  3  nothing usable: no document, or no report among them. A release with reports is then left as it is;
     where there is none, the tables are written, for `documents` says why
  4  with --strict: a document failed, a label or a number stayed unmatched, or a repair was ambiguous;
     the tables are written
  5  the tables could not be written, or the run could not go on; the output folder is as it was
  130, 143  interrupted; the output folder is as it was
"""

UNITS = {"": 1024**2, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


class Interrupted(BaseException):
    """The process was asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the arguments of the process, or those given. Returns the exit code."""
    # Arrow's own pool keeps what was given back to it, a fifth of all memory while tables are published.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    parser = _parser()
    said = parser.parse_args(arguments)
    if said.command is None:
        parser.print_help(sys.stderr)
        return 2
    return int(said.run(said))


def _parser() -> argparse.ArgumentParser:
    from pipeline.commands import add_trust
    from pipeline.crawl.commands import add_commands
    from pipeline.explorer.command import add_index, add_serve
    from pipeline.link.sites import DEFAULT
    from pipeline.versions import VERSION

    parser = argparse.ArgumentParser(
        prog="gongkai",
        description="From annual reports on government information disclosure to tidy tables.",
    )
    parser.add_argument("--version", action="version", version=f"gongkai {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    extract = commands.add_parser(
        "extract",
        help="read raw documents and write the tables",
        description="Read raw documents, loose files of any name in folders of any depth and what archive files "
        "(WARC) hold, and write the tables as CSV and Parquet. What has been read before by the same parser is not "
        "read again.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    extract.add_argument(
        "raw", nargs="*", metavar="RAW", help="files or folders, of this machine or s3://..., ... (default: data/raw)"
    )
    extract.add_argument("--out", default="data/clean", metavar="DIR", help="output folder (default: data/clean)")
    extract.add_argument(
        "--work", default="", metavar="DIR", help="where parts are kept (default: .NAME.gongkai beside DIR)"
    )
    extract.add_argument("--workers", type=_count, default=0, metavar="N", help="processes (default: all processors)")
    extract.add_argument(
        "--engine",
        choices=["local", "dask"],
        default="local",
        help="where documents are read (default: local processes)",
    )
    extract.add_argument("--scheduler", default="", metavar="ADDRESS", help="of the Dask cluster, for --engine dask")
    extract.add_argument(
        "--parts",
        default="",
        metavar="DIR",
        help="where the workers of a cluster put what they read; see docs/scale.md",
    )
    extract.add_argument("--strict", action="store_true", help="fail on doubts (see exit codes)")
    extract.add_argument("--quiet", action="store_true", help="say nothing but errors")
    add_readers(extract)
    extract.add_argument("--log", choices=["text", "json"], default="text", help="what is said: for people, or JSON")
    extract.add_argument(
        "--time-limit",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="the most one document, or a page of a scan, may take (default: 60)",
    )
    extract.add_argument(
        "--memory-limit",
        type=_bytes,
        default="2G",
        metavar="SIZE",
        help="the most memory one document may take (default: 2G)",
    )
    extract.add_argument(
        "--rehash", action="store_true", help="open every file, even where size and time are as before"
    )
    extract.add_argument(
        "--corrections", default="corrections", metavar="DIR", help="folder of corrections (default: corrections)"
    )
    extract.add_argument(
        "--crawl", default="data/crawl", metavar="DIR", help="crawl folder of the archives (default: data/crawl)"
    )
    extract.add_argument("--sources", default=DEFAULT, metavar="FILE", help=f"sources file (default: {DEFAULT})")
    extract.add_argument(
        "--no-contacts", action="store_true", help="leave telephones, e-mail addresses and clerks' names out everywhere"
    )
    add_partition(extract)
    extract.add_argument("--parser", default="", help=argparse.SUPPRESS)
    extract.set_defaults(run=_extract)
    status = commands.add_parser("status", help="say what the last runs of extract and crawl did")
    status.add_argument("--out", default="data/clean", metavar="DIR", help="output folder (default: data/clean)")
    status.add_argument(
        "--crawl", default="data/crawl", metavar="DIR", help="crawl folder; it need not be there (default: data/crawl)"
    )
    status.add_argument("--last", type=_count, default=3, metavar="N", help="how many runs (default: 3)")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(run=_status)
    add_commands(commands)
    add_trust(commands)
    add_serve(commands)
    add_index(commands)
    return parser


def add_readers(command: Any) -> None:
    """The arguments that say what reads beside the parser's own readers."""
    command.add_argument(
        "--ocr", action="store_true", help="read scans and pictures by text recognition (needs gongkai[ocr])"
    )
    command.add_argument(
        "--no-office",
        action="store_true",
        help="do not ask LibreOffice, where it is installed, to read .doc files a second time",
    )


def add_partition(command: Any) -> None:
    """The arguments that say how large tables are written."""
    command.add_argument(
        "--partition", action="store_true", help="write a large table as a folder with a file for each year reported on"
    )
    command.add_argument(
        "--partition-above",
        type=_count,
        default=5_000_000,
        metavar="ROWS",
        help="what is large (default: 5000000)",
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def _bytes(text: str) -> int:
    plain = text.strip().lower().removesuffix("b").removesuffix("i")
    digits = plain.rstrip("kmgt")
    number = int(float(digits) * UNITS[plain[len(digits) :]])
    if number < 64 * 1024**2:
        raise argparse.ArgumentTypeError("must be at least 64M")
    return number


_bytes.__name__ = "size"
_count.__name__ = "number"
_seconds.__name__ = "time"


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Have the signals that end a process raise Interrupted, so that what was begun is put away."""
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _extract(said: argparse.Namespace) -> int:
    from parsers.errors import GongkaiError, UsageError
    from pipeline import convert
    from pipeline.extract import Exit, Options, run
    from pipeline.guard import Limits
    from pipeline.progress import Progress

    if (said.engine == "dask") != bool(said.scheduler):
        print("gongkai: --engine dask and --scheduler ADDRESS go together", file=sys.stderr)
        return int(Exit.USAGE)
    options = Options(
        parts=said.parts,
        scheduler=said.scheduler,
        raw=tuple(said.raw) or ("data/raw",),
        out=said.out,
        work=said.work,
        workers=said.workers or _processors(),
        strict=said.strict,
        limits=Limits(said.time_limit, said.memory_limit),
        parser=said.parser or convert.parser(ocr=said.ocr, with_office=not said.no_office),
        rehash=said.rehash,
        corrections=said.corrections,
        sources=said.sources,
        crawl=said.crawl,
        contacts=not said.no_contacts,
        partition=said.partition_above if said.partition else 0,
    )
    with interruptible(), Progress(quiet=said.quiet, structured=said.log == "json") as progress:
        try:
            result = run(options, progress)
        except UsageError as error:
            progress.error(f"gongkai: {error}")
            return int(Exit.USAGE)
        except GongkaiError as error:
            progress.error(f"gongkai: {error}")
            return int(Exit.UNWRITTEN)
        except Interrupted as stopped:
            progress.error(f"gongkai: interrupted; {options.out} is as it was")
            return 128 + stopped.number
        for source, reason in result.failed:
            progress.error(f"failed: {source}: {reason}")
        for line in _closing(result, options.out):
            progress.say(line)
        if result.exit is Exit.NOTHING:
            kept = "" if result.written else f"; {options.out} is as it was"
            progress.error(f"gongkai: nothing usable was found{kept}")
        if result.exit is Exit.STRICT:
            doubts = ", ".join(f"{name} {count}" for name, count in result.strict.items())
            progress.error(f"gongkai: --strict: {len(result.failed)} documents failed{f'; {doubts}' if doubts else ''}")
        return int(result.exit)


def _status(said: argparse.Namespace) -> int:
    import json
    from pathlib import Path

    from pipeline import runs
    from pipeline.switch import Target

    found = runs.last(Target(said.out, ()).base, said.last)
    if said.crawl:
        found = sorted(
            [*found, *runs.last(Path(said.crawl), said.last)], key=lambda run: str(run["started"]), reverse=True
        )
    if said.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    elif found:
        print("\n".join(runs.words(found)))
    else:
        print(f"no run over {said.out} is remembered")
    return 0


def _closing(result: Result, out: str) -> list[str]:
    if not result.counts:
        return []
    kinds = ", ".join(f"{kind} {count}" for kind, count in result.documents.items())
    issues = ", ".join(f"{code} {count}" for code, count in result.issues.items())
    lines = [
        f"documents     {result.counts['documents']} ({kinds})",
        f"reports       {result.counts['reports']}",
        f"observations  {result.counts['observations']}",
        f"checks failed {result.checks_failed}",
        f"issues        {result.counts['issues']}{f' ({issues})' if issues else ''}",
        f"seconds       {result.seconds:.1f}",
    ]
    return [*lines, f"written to    {out}"] if result.written else lines


def _processors() -> int:
    from pipeline.engines import processors

    return processors()


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    for other in (signal.SIGINT, signal.SIGTERM):
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)


if __name__ == "__main__":
    sys.exit(main())
