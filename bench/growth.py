"""What a run costs as documents grow: seconds a document, peak memory, and a second run with nothing new.

    python bench/growth.py [--counts 1000,10000,20000] [--workers 2] [--rows N] [--keep DIR]

Documents are forged pages, each with a publisher of its own. With `--rows`, they are documents of the tests' trial
parser with so many figures each, which cost next to nothing to read: for what comes behind reading. Each run is a
process of its own; start-up is measured by an `extract` over one document that is known already, and is in no figure
of "looking". "Reading it" is how much of a run with one more document went into reading: the shard that it falls into.
The rest is start-up, linking and publishing, which are over everything. The last lines say how memory grows from one
count to the next, and, for forged pages, what a document costs from file to all tables beside one parse of it on one
core in this process, just before.

Exit code 1 when a document more costs more memory in the last step than `--most-growth` says (default 0.5 KB), or,
for forged pages and two workers or more, more time than a parse.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.forge import forge  # noqa: E402

TEMPLATES = 60
MEASURED = """
import glob, json, re, resource, sys, threading, time
from pathlib import Path
from pipeline import cli

most = 0

def watch():
    # What the system says of ended children begins with what this process had when it started them.
    global most
    while True:
        for path in glob.glob("/proc/self/task/*/children"):
            try:
                for child in map(Path("/proc").joinpath, Path(path).read_text().split()):
                    if b"pipeline.guarded" in (child / "cmdline").read_bytes():
                        most = max(most, int(re.search(r"VmHWM:\\s*([0-9]+)", (child / "status").read_text())[1]))
            except (OSError, TypeError):
                continue
        time.sleep(0.1)

threading.Thread(target=watch, daemon=True).start()
code = cli.main(sys.argv[1:])
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"code": code, "own": own // 1024, "readers": most // 1024}))
"""


def templates() -> list[tuple[str, str]]:
    """Pages with the publisher's name that stands in them."""
    found = []
    number = 0
    while len(found) < TEMPLATES:
        made = forge(number, hardness=0.2)
        number += 1
        publisher = str(made.truth.get("publisher") or "")
        try:
            text = made.content.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(publisher) > 3 and text.count(publisher) > 1:
            found.append((text, publisher))
    return found


def write(raw: Path, begin: int, end: int, pages: list[tuple[str, str]], rows: int = 0) -> None:
    for number in range(begin, end):
        if rows:
            cells = [[f"indicator_{place}", "value", str(number + place)] for place in range(rows)]
            said = {"publisher": f"某{number // 4}局", "year": 2019 + number % 4, "cells": cells}
            path = raw / f"{number // 1000}" / f"{number}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(said), "utf-8")
            continue
        text, publisher = pages[number % len(pages)]
        folder = raw / f"{number // 1000}"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{publisher[:-1]}{chr(0x4E00 + number % 9000)}{chr(0x4E00 + number // 9000)}{publisher[-1]}"
        (folder / f"{number}.html").write_text(text.replace(publisher, name), "utf-8")


def run(raw: Path, out: Path, workers: int, rows: int = 0) -> tuple[float, dict[str, int], dict[str, float]]:
    """An extract in a process of its own: seconds, memory in MB, seconds by stage."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "pipeline")])
    given = ["--workers", str(workers), "--quiet", "--corrections", str(ROOT / "corrections"), "--crawl", ""]
    given += ["--parser", "trial_parser:parse"] if rows else []
    command = [sys.executable, "-c", MEASURED, "extract", str(raw), "--out", str(out), *given]
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    times = json.loads((out / "run.json").read_text("utf-8"))["times"]["seconds"]
    return seconds, json.loads(done.stdout.splitlines()[-1]), times


def parse_alone(pages: list[tuple[str, str]]) -> float:
    """Seconds of one parse on one core: the mean over the pages, of the fastest of three each."""
    from parsers import parse

    found = []
    for text, _ in pages:
        content = text.encode()
        took = []
        for _ in range(3):
            started = time.perf_counter()
            parse(content, source="page.html")
            took.append(time.perf_counter() - started)
        found.append(min(took))
    return statistics.mean(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="1000,10000,20000")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--keep", default="", help="a folder to work in, which is kept")
    parser.add_argument("--most-growth", type=float, default=0.5, metavar="KB")
    chosen = parser.parse_args()
    folder = Path(chosen.keep or tempfile.mkdtemp())
    pages = [] if chosen.rows else templates()
    raw, out = folder / "raw", folder / "out"
    write(raw, 0, 1, pages, chosen.rows)
    run(raw, out, 1, chosen.rows)
    start = run(raw, out, 1, chosen.rows)[0]
    print(f"start-up, one known document: {start:.2f} s")
    print(
        "documents  first s  ms a document  second s  looking s  one more s  reading it  MB own  MB reader"
        "  stages of the first"
    )
    before = 1
    found: list[tuple[int, dict[str, int], float]] = []
    for count in map(int, chosen.counts.split(",")):
        shutil.rmtree(folder / ".out.gongkai", ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
        write(raw, before, count, pages, chosen.rows)
        first, memory, stages = run(raw, out, chosen.workers, chosen.rows)
        time.sleep(3)  # a file's times are trusted when it is older
        run(raw, out, chosen.workers, chosen.rows)
        second, _, looking = run(raw, out, chosen.workers, chosen.rows)
        write(raw, count, count + 1, pages, chosen.rows)
        more, _, adding = run(raw, out, chosen.workers, chosen.rows)
        said = ", ".join(f"{name} {value:.1f}" for name, value in stages.items())
        print(
            f"{count:9}  {first:7.1f}  {first / count * 1000:13.2f}  {second:8.2f}  {sum(looking.values()):9.2f}"
            f"  {more:10.1f}  {adding['read']:10.1f}  {memory['own']:6}  {memory['readers']:9}  {said}",
            flush=True,
        )
        before = count + 1
        found.append((count, memory, first / count))
    if not chosen.keep:
        shutil.rmtree(folder)
    return conclude(found, chosen.most_growth, parse_alone(pages) if pages and chosen.workers > 1 else 0.0)


def conclude(found: list[tuple[int, dict[str, int], float]], most_growth: float, alone: float) -> int:
    """Say how memory grows from one count to the next, and what a document costs beside a parse.

    The bound is for the last step: below it, what is looked at together is not all that may be.
    """
    missed = 0
    for (few, small, _), (many, large, _) in pairwise(found):
        for name in ("own", "readers"):
            growth = (large[name] - small[name]) * 1024 / max(1, many - few)
            last = many == found[-1][0]
            missed |= last and growth > most_growth
            bound = f" (at most {most_growth:g})" if last else ""
            print(f"memory, {name}: {growth:+.2f} KB a document from {few} to {many}{bound}")
    each = found[-1][2]
    if alone:
        ratio = each / alone
        missed |= ratio >= 1
        print(
            f"files to tables {each * 1000:.1f} ms a document, a parse on one core {alone * 1000:.1f} ms: {ratio:.2f}"
        )
    print("a bound is missed" if missed else "all bounds are met")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
