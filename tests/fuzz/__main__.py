"""Read many damaged documents: `python -m tests.fuzz [--seconds N] [--seed N] [--counts html=80000,pdf=2000]`.

What has been done is kept in `.tools/fuzz/SEED.json`, so a run that was stopped goes on. Each input has a limit of time
and one of memory; what fails is kept as a file beside the state. Exit code 1 when anything failed.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import TimeoutError
from typing import Any

from pebble import ProcessExpired, ProcessPool

from . import files, seeds
from .judge import judge, judge_all

STATE = seeds.ROOT / ".tools" / "fuzz"
FULL = {"html": 80_000, "text": 15_000, "warc": 5_000, "docx": 10_000, "pdf": 2_000}
SECONDS, MEMORY = 20.0, 2 * 1024**3
"""The most that one input may take: seconds of the processor, a third of what `gongkai extract` allows, and its memory."""

PATIENCE = 6 * SECONDS
"""Seconds by the clock after which an input is ended; other programs may have the processor meanwhile."""

BATCH = 40
ROUNDS = 200
"""In so many rounds all is done: each has its share of every kind."""

TASKS = 20
"""So many batches a worker judges: what it keeps of odd texts, to look them up again, goes with it."""

SLOWEST = 10
OFFICE = (("docx", "docx:Office Open XML Text"), ("pdf", "pdf:writer_web_pdf_Export"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=0.0, help="stop after so many seconds (default: when all is done)"
    )
    parser.add_argument(
        "--counts", default="", help="KIND=N,... (default: " + ",".join(f"{k}={n}" for k, n in FULL.items()) + ")"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--again", action="store_true", help="forget what was done with this seed")
    parser.add_argument("--show", default="", metavar="KIND:NUMBER", help="judge one input and print what was found")
    parser.add_argument(
        "--make-seeds", action="store_true", help="have LibreOffice make Word and PDF files of the samples"
    )
    chosen = parser.parse_args()
    if chosen.make_seeds:
        return make_seeds()
    if chosen.show:
        kind, number = chosen.show.split(":")
        content = files.make(kind, chosen.seed, int(number))
        print(judge(kind, content), file=sys.stdout)
        return 0
    wanted = dict(FULL)
    if chosen.counts:
        wanted = {kind: int(count) for kind, count in (pair.split("=") for pair in chosen.counts.split(","))}
    state = load(chosen.seed, chosen.again)
    run(state, wanted, chosen.seconds, chosen.workers)
    return report(state, wanted)


def load(seed: int, again: bool) -> dict[str, Any]:
    path = STATE / f"{seed}.json"
    if again:
        path.unlink(missing_ok=True)
    if path.is_file():
        return dict(json.loads(path.read_text("utf-8")))
    return {"seed": seed, "done": {}, "counts": {}, "faults": [], "slowest": [], "seconds": 0.0}


def save(state: dict[str, Any]) -> None:
    STATE.mkdir(parents=True, exist_ok=True)
    path = STATE / f"{state['seed']}.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(state, ensure_ascii=False, indent=1), "utf-8")
    os.replace(fresh, path)


def batch(
    kind: str, seed: int, numbers: list[int]
) -> list[tuple[int, list[tuple[str, str]], dict[str, int], float, int]]:
    """In a worker: inputs judged, each by itself but for the part that their rows are kept in."""
    judged = judge_all(kind, (files.make(kind, seed, number) for number in numbers))
    gc.collect()
    return [
        (number, found.faults, dict(found.counts), found.seconds, found.size)
        for number, found in zip(numbers, judged, strict=True)
    ]


def limit() -> None:
    """In a worker, at its start: no more memory than a document may take, and records are no garbage to look for."""
    gc.freeze()
    gc.disable()
    with open("/proc/self/statm", encoding="ascii") as file:
        base = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (base + MEMORY, base + MEMORY))


def run(state: dict[str, Any], wanted: dict[str, int], seconds: float, workers: int) -> None:
    """Judge what is left, all kinds in turn, until time is up."""
    deadline = time.monotonic() + seconds if seconds else float("inf")
    started = last = time.monotonic()
    kinds = {kind: -(-count // ROUNDS) for kind, count in wanted.items()}
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    # Workers are copies of this process: what inputs are made of is made once.
    for kind in kinds:
        judge(kind, files.make(kind, 0, 0))
    with ProcessPool(max_workers=workers, max_tasks=TASKS, initializer=limit) as pool:
        while time.monotonic() < deadline:
            tasks = []
            for kind, share in kinds.items():
                begin = state["done"].get(kind, 0)
                end = min(wanted[kind], begin + share)
                numbers = list(range(begin, end))
                size = BATCH if kind in ("html", "text") else BATCH // 4
                pieces = [numbers[place : place + size] for place in range(0, len(numbers), size)]
                tasks += [
                    (kind, piece, pool.schedule(batch, args=[kind, state["seed"], piece], timeout=PATIENCE * 3))
                    for piece in pieces
                ]
                state["done"][kind] = end
            if not tasks:
                break
            for kind, numbers, future in tasks:
                try:
                    take(state, kind, future.result())
                except (TimeoutError, ProcessExpired, MemoryError):
                    singly(pool, state, kind, numbers)
            state["seconds"] += time.monotonic() - last
            last = time.monotonic()
            save(state)
            done = " ".join(f"{kind} {count}" for kind, count in state["done"].items())
            print(f"{last - started:6.0f} s: {done}; faults {len(state['faults'])}", file=sys.stderr, flush=True)


def singly(pool: ProcessPool, state: dict[str, Any], kind: str, numbers: list[int]) -> None:
    """The inputs of a batch that did not end, each by itself."""
    for number in numbers:
        future = pool.schedule(batch, args=[kind, state["seed"], [number]], timeout=PATIENCE)
        try:
            take(state, kind, future.result())
        except TimeoutError:
            fault(state, kind, number, "time", f"more than {PATIENCE:g} s by the clock")
        except ProcessExpired as error:
            fault(state, kind, number, "crash", str(error))
        except MemoryError:
            fault(state, kind, number, "memory", f"more than {MEMORY >> 20} MB")


def take(state: dict[str, Any], kind: str, results: list[Any]) -> None:
    counts = Counter(state["counts"].get(kind, {}))
    for number, faults, found, seconds, size in results:
        counts.update(found)
        counts["inputs"] += 1
        if seconds > SECONDS:
            fault(state, kind, number, "time", f"{seconds:.1f} s")
        for what, words in faults:
            fault(state, kind, number, what, words)
        state["slowest"].append([round(seconds, 3), kind, number, size])
    state["counts"][kind] = dict(counts)
    state["slowest"] = sorted(state["slowest"], reverse=True)[:SLOWEST]


def fault(state: dict[str, Any], kind: str, number: int, what: str, words: str) -> None:
    state["faults"].append([kind, number, what, words])
    if len(state["faults"]) <= 200:
        folder = STATE / f"{state['seed']}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{kind}-{number}").write_bytes(files.make(kind, state["seed"], number))


def report(state: dict[str, Any], wanted: dict[str, int]) -> int:
    """Print what was done and found; 1 when anything failed."""
    for kind, all_of_them in wanted.items():
        counts = Counter(state["counts"].get(kind, {}))
        rest = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if name != "inputs")
        print(f"{kind:5} {counts['inputs']} of {all_of_them} inputs: {rest}")
    print("slowest (seconds, input, bytes):")
    for seconds, kind, number, size in state["slowest"]:
        print(f"  {seconds:7.3f}  {kind}:{number}  {size}")
    kinds = Counter(one[2] for one in state["faults"])
    for kind, number, what, words in state["faults"][:50]:
        print(f"FAULT {what}: {kind}:{number}: {words}")
    inputs = sum(counts.get("inputs", 0) for counts in state["counts"].values())
    found = ", ".join(f"{what} {count}" for what, count in kinds.items()) or "none"
    print(f"seed {state['seed']}: {inputs} inputs in {state['seconds']:.0f} s, faults: {found}")
    return 1 if state["faults"] else 0


def make_seeds() -> int:
    program = shutil.which("soffice")
    if program is None:
        print("soffice is not installed: Word files are written by hand, PDF files are those of corpus and samples")
        return 0
    seeds.MADE.mkdir(parents=True, exist_ok=True)
    samples = [str(path) for path in sorted(seeds.SAMPLES.rglob("*.html"))[:14]]
    for _, given in OFFICE:
        command = [program, f"-env:UserInstallation=file://{STATE}/profile", "--headless", "--convert-to", given]
        subprocess.run([*command, "--outdir", str(seeds.MADE), *samples], check=False, timeout=600, capture_output=True)
    print(f"{len(list(seeds.MADE.iterdir()))} files in {seeds.MADE}")
    return 0


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The forge walks through sets: only so is an input the same the next time.
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.fuzz", *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"}
        )
    sys.exit(main())
