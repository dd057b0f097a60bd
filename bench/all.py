"""Every benchmark of this folder, one after the other; `--write` keeps what they print in docs/benchmarks.md.

    python bench/all.py [--write] [--quick] [--only NAME ...]

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
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
REPORT = ROOT / "docs" / "benchmarks.md"

PROGRAMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("run", (), ("--rounds", "3")),
    ("growth", ("--counts", "100,2000,6000"), ("--counts", "100,1000")),
    ("growth", ("--rows", "10", "--counts", "100,20000,100000"), ("--rows", "10", "--counts", "1000,5000")),
    (
        "crawl",
        ("--pages", "600", "--rounds", "3", "--addresses", "50000"),
        ("--pages", "120", "--rounds", "2", "--addresses", "5000", "--memory-seconds", "20"),
    ),
    ("formats", (), ()),
    ("explorer", ("--reports", "200000"), ("--reports", "5000", "--rounds", "3")),
)
"""Programs in the order in which they run, with their arguments, and those of `--quick`; one that is not there is left
out. Together they take about a quarter of an hour, quick ones a few minutes."""

HEAD = """# Benchmarks

What `make bench` printed on one machine, as it stands. Figures of one run are to be compared with each other only:
peers are measured in the same run, in turn with ours. A benchmark that misses one of its bounds says so.
"""


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**3
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {memory} GB, {system}, Python {platform.python_version()}"


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    options.add_argument("--write", action="store_true", help="keep the results in docs/benchmarks.md")
    options.add_argument("--quick", action="store_true", help="small sizes: to see that all of them work")
    options.add_argument("--only", nargs="*", default=[], help="only these")
    chosen = options.parse_args()
    code = 0
    parts = [HEAD, f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; load at the start {os.getloadavg()[0]:.1f}\n"]
    for name, full, quick in PROGRAMS:
        arguments = quick if chosen.quick else full
        path = BENCH / f"{name}.py"
        if not path.exists() or (chosen.only and name not in chosen.only):
            continue
        title = f"bench/{path.name} {' '.join(arguments)}".rstrip()
        print(f"== {title}", flush=True)
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(path), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        said = done.stdout.rstrip() or done.stderr.rstrip()[-2000:]
        print(f"{said}\n({time.monotonic() - started:.0f} s)", flush=True)
        code = code or int(done.returncode != 0)
        parts.append(f"## `{title}`\n\n```\n{said}\n```\n")
    if chosen.write:
        REPORT.write_text("\n".join(parts), encoding="utf-8")
        print(f"written to {REPORT.relative_to(ROOT)}")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
