"""Every benchmark of this folder, one after the other; `--write` keeps what they print in docs/benchmarks.md,
where calls that were not made keep what they printed before.

    python bench/all.py [--write] [--quick] [--only NAME ...]

NAME is a program, or a part of a call, as `"growth.py --rows"`.

What a benchmark is called with stands in `PROGRAMS`; each can be run alone with more. The exit code is 1 when any of
them misses one of its bounds.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
REPORT = ROOT / "docs" / "benchmarks.md"

PROGRAMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("run", (), ("--rounds", "3")),
    ("growth", ("--counts", "100,2000,6000"), ("--counts", "100,1000")),
    ("growth", ("--rows", "10", "--counts", "100,10000,40000,100000"), ("--rows", "10", "--counts", "1000,5000")),
    (
        "crawl",
        ("--pages", "600", "--rounds", "3", "--addresses", "50000"),
        ("--pages", "120", "--rounds", "2", "--addresses", "5000", "--memory-seconds", "20"),
    ),
    ("formats", (), ()),
    ("explorer", ("--reports", "1000000"), ("--reports", "5000", "--rounds", "3")),
)
"""Programs in the order in which they run, with their arguments, and those of `--quick`; one that is not there is left
out. Together they take about an hour, quick ones a few minutes."""

HEAD = """# Benchmarks

What `make bench` printed on one machine, as it stands. Figures of one run are to be compared with each other only:
peers are measured in the same run, in turn with ours. Each call says when it ran, and on what; one that misses a bound
says so.
"""


MARK = "## `"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**3
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {memory} GB, {system}, Python {platform.python_version()}"


def title_of(name: str, arguments: tuple[str, ...]) -> str:
    return f"bench/{name}.py {' '.join(arguments)}".rstrip()


def kept() -> dict[str, str]:
    """What stands in the report, by the call that it is of: calls that are not made now keep their results."""
    if not REPORT.is_file():
        return {}
    sections = REPORT.read_text("utf-8").split(f"\n{MARK}")[1:]
    return {title: said.strip() for title, _, said in (section.partition("`\n") for section in sections)}


def report(parts: Mapping[str, str]) -> str:
    """The page that keeps the results, from these by their call: in the order of `PROGRAMS`, each call once."""
    calls = (title_of(name, arguments) for name, full, quick in PROGRAMS for arguments in (full, quick))
    sections = (f"{MARK}{title}`\n\n{parts[title]}\n" for title in dict.fromkeys(calls) if title in parts)
    return "\n".join((HEAD, *sections))


def asked_for(name: str, title: str, only: Sequence[str]) -> bool:
    """Whether a call is among those that `--only` names; all are where it names none."""
    return not only or any(one == name or one in title for one in only)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    options.add_argument("--write", action="store_true", help="keep the results in docs/benchmarks.md")
    options.add_argument("--quick", action="store_true", help="small sizes: to see that all of them work")
    options.add_argument("--only", nargs="*", default=[], help="only these")
    chosen = options.parse_args()
    code = 0
    parts = kept()
    for name, full, quick in PROGRAMS:
        arguments = quick if chosen.quick else full
        path = BENCH / f"{name}.py"
        title = title_of(name, arguments)
        if not path.exists() or not asked_for(name, title, chosen.only):
            continue
        print(f"== {title}", flush=True)
        started, load = time.monotonic(), os.getloadavg()[0]
        done = subprocess.run(
            [sys.executable, str(path), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        said = done.stdout.rstrip() or done.stderr.rstrip()[-2000:]
        seconds = time.monotonic() - started
        print(f"{said}\n({seconds:.0f} s)", flush=True)
        code = code or int(done.returncode != 0)
        head = f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; load at the start {load:.1f}; {seconds:.0f} s"
        parts[title] = f"{head}\n\n```\n{said}\n```"
    if chosen.write:
        REPORT.write_text(report(parts), encoding="utf-8")
        print(f"written to {REPORT.relative_to(ROOT)}")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
