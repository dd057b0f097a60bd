"""Disturb runs at random moments: `python -m tests.soak [--kills 200] [--seed N] [--only STEP,...]`.

Each step ends with a run that nothing disturbs, whose tables must be those of a run that nothing ever disturbed; and
whenever a release stands in the output folder, it must be a whole one. Exit code 1 when anything is otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIAL = "trial_parser:parse"
DOCUMENTS = 80
TABLES = (".csv", ".parquet")
PATIENCE = 3600
"""Seconds after which a run hangs; other programs may have the processor meanwhile."""


class WrongError(Exception):
    """Something is not as it must be."""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "pipeline")])}


def command(raw: Path, out: Path) -> list[str]:
    """An extract of trial documents, which take no time to read, so that most moments are of writing."""
    given = ("--parser", TRIAL, "--workers", "2", "--quiet", "--crawl", "")
    return [sys.executable, "-m", "pipeline.cli", "extract", str(raw), "--out", str(out), *given]


def finish(raw: Path, out: Path, *, well: bool = True) -> int:
    done = subprocess.run(
        command(raw, out), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if well and done.returncode != 0:
        raise WrongError(f"a run that nothing disturbs ends with {done.returncode}: {done.stderr[-600:]}")
    if "Traceback" in done.stderr:
        raise WrongError(done.stderr[-1500:])
    return done.returncode


def write(raw: Path, number: int, years: int = 4) -> None:
    cells = [[f"indicator_{place}", "value", str(number * 7 + place)] for place in range(12)]
    said = {
        "publisher": f"某{number // years}局",
        "year": 2019 + number % years,
        "cells": cells,
        "text": "报告" * (number % 40),
    }
    path = raw / f"{number % 10}" / f"{number}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, ensure_ascii=False), "utf-8")


def tables(out: Path) -> dict[str, bytes]:
    """The tables of a release; empty where none stands yet."""
    if not out.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.suffix in TABLES}


class Step:
    """A raw folder, the releases that are right for it, and what was done to runs over it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.raw, self.out = folder / "raw", folder / "out"
        self.work = folder / ".out.gongkai"
        self.disturbed = 0
        self.reached = 0
        for number in range(DOCUMENTS):
            write(self.raw, number)

    def undisturbed(self) -> dict[str, bytes]:
        """The tables of the raw folder as it is now, by a run that nothing disturbs; measures how long one takes."""
        aside = self.folder / "aside"
        started = time.monotonic()
        finish(self.raw, aside)
        self.seconds = time.monotonic() - started
        return tables(aside)

    def kill(self, *allowed: dict[str, bytes]) -> None:
        """Start a run, kill it at a random moment; what stands then must be one of the releases allowed."""
        process = subprocess.Popen(
            command(self.raw, self.out), env=environment(), stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(self.chance.uniform(0.15, 1.1) * self.seconds)
        self.reached += process.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        self.disturbed += 1
        self.whole(*allowed)

    def whole(self, *allowed: dict[str, bytes]) -> None:
        found = tables(self.out)
        if found and found not in allowed:
            names = [name for name, content in found.items() if all(one.get(name) != content for one in allowed)]
            raise WrongError(f"the output folder holds no whole release ({names or 'files of several'})")

    def recovers(self, expected: dict[str, bytes]) -> None:
        finish(self.raw, self.out)
        if tables(self.out) != expected:
            raise WrongError("the tables differ from those of an undisturbed run")
        left = [path.name for path in (self.work / "parts").glob(".*")] + [p.name for p in self.work.glob("next")]
        if left:
            raise WrongError(f"left behind: {left}")


def killed_while_reading(step: Step, kills: int) -> None:
    """Documents come, change and go while runs are killed."""
    expected = step.undisturbed()
    for _ in range(kills):
        before = tables(step.out)
        number = step.chance.randrange(DOCUMENTS * 2)
        path = step.raw / f"{number % 10}" / f"{number}.json"
        if path.exists() and step.chance.random() < 0.3:
            path.unlink()
        else:
            write(step.raw, number, years=step.chance.choice((3, 4)))
        if step.chance.random() < 0.3:
            shutil.rmtree(step.work / "parts", ignore_errors=True)
        # The run before may have been killed behind its switch: then its release counts as well.
        step.kill(before, expected := step.undisturbed())
    step.recovers(expected)


def killed_while_publishing(step: Step, kills: int) -> None:
    """All is read; a release that somebody touched is written again."""
    expected = step.undisturbed()
    finish(step.raw, step.out)
    for _ in range(kills):
        os.utime(step.out / "reports.csv", ns=(0, step.chance.randrange(10**15)))
        step.kill(expected)
    step.recovers(expected)


def truncated(step: Step, kills: int) -> None:
    """The newest files of the work folder lose their ends, as after a loss of power."""
    expected = step.undisturbed()
    finish(step.raw, step.out)
    for _ in range(kills):
        os.utime(step.out / "reports.csv", ns=(0, step.chance.randrange(10**15)))
        step.kill(expected)
        files = sorted(
            (p for p in step.work.rglob("*") if p.is_file() and p.name != "lock"), key=lambda p: p.stat().st_mtime_ns
        )
        for path in files[-step.chance.choice((1, 3, 10)) :]:
            os.truncate(path, step.chance.randrange(path.stat().st_size + 1))
            step.disturbed += 1
        code = finish(step.raw, step.out, well=False)
        step.whole(expected)
        if code != 0:
            raise WrongError(f"a run after a loss of power ends with {code}")
    step.recovers(expected)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of six megabytes; False where none can be mounted."""
    folder.mkdir()
    mount = shutil.which("mount")
    given = ["-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *given], check=False, capture_output=True).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def full_disk(step: Step, kills: int) -> None:
    """The disk fills up at different moments."""
    with small_disk(step.folder / "disk") as there:
        if not there:
            print("  left out: no file system can be mounted here")
            return
        step.out, step.work = step.folder / "disk" / "out", step.folder / "disk" / ".out.gongkai"
        expected = step.undisturbed()
        for _ in range(max(2, kills)):
            filler = step.folder / "disk" / "filler"
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                for _ in range(step.chance.randrange(20, 192)):
                    file.write(os.urandom(32 * 1024))
            if step.chance.random() < 0.5:
                shutil.rmtree(step.work / "parts", ignore_errors=True)
            if (step.out / "reports.csv").exists():
                os.utime(step.out / "reports.csv", ns=(0, step.chance.randrange(10**15)))
            code = finish(step.raw, step.out, well=False)
            step.disturbed += code != 0
            if code not in (0, 5):
                raise WrongError(f"a full disk ends a run with {code}")
            step.whole(expected)
            filler.unlink()
        step.recovers(expected)


def lost_rights(step: Step, kills: int) -> None:
    """The output or work folder may not be written any more; root works without its right to write everywhere."""
    without = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            print("  left out: root may write everywhere, and setpriv (util-linux) is not installed")
            return
        without = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]

    def run() -> tuple[int, str]:
        done = subprocess.run(
            [*without, *command(step.raw, step.out)], cwd=ROOT, env=environment(), capture_output=True, text=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
        if "Traceback" in done.stderr:
            raise WrongError(done.stderr[-1500:])
        return done.returncode, done.stderr

    expected = step.undisturbed()
    code, said = run()
    if code != 0:
        raise WrongError(f"a run ends with {code}: {said[-300:]}")
    victims = [step.work, step.work / "parts", step.folder, step.work / "seen.sqlite"]
    for turn in range(max(len(victims), kills)):
        write(step.raw, DOCUMENTS + turn)
        before, expected = tables(step.out), step.undisturbed()
        victim = victims[turn % len(victims)]
        mode = victim.stat().st_mode
        victim.chmod(0o444 if victim.is_file() else 0o555)
        code, said = run()
        victim.chmod(mode)
        step.disturbed += code != 0
        if code not in (0, 5):
            raise WrongError(f"{victim.name} that may not be written ends a run with {code}: {said[-300:]}")
        step.whole(before, expected)
    step.recovers(expected)


def two_at_once(step: Step, kills: int) -> None:
    """Of runs that start together one works, the others say so, and all leave a whole release."""
    expected = step.undisturbed()
    for _ in range(max(2, kills // 2)):
        shutil.rmtree(step.work / "parts", ignore_errors=True)
        runs = []
        for _ in range(3):
            runs.append(subprocess.Popen(command(step.raw, step.out), env=environment(), stderr=subprocess.DEVNULL))
            time.sleep(step.chance.uniform(0, 0.2))
        codes = [run.wait(timeout=PATIENCE) for run in runs]
        step.disturbed += len(codes) - codes.count(0)
        if 0 not in codes or not set(codes) <= {0, 5}:
            raise WrongError(f"runs at once end with {codes}")
        step.whole(expected)
    step.recovers(expected)


def killed_crawl(step: Step, kills: int) -> None:
    """Crawls of the emulator, killed; the archive must be that of a crawl that was not."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
         "--basetemp", str(step.folder / "pytest"), "tests/crawl/test_kills.py", "-k", "killed"],
        cwd=ROOT, env={**os.environ, "GONGKAI_KILLS": str(max(5, kills))}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    step.disturbed = max(5, kills)
    if done.returncode != 0:
        raise WrongError(done.stdout[-2000:])


STEPS: dict[str, tuple[Callable[[Step, int], None], float]] = {
    "reading": (killed_while_reading, 0.35),
    "publishing": (killed_while_publishing, 0.3),
    "truncated": (truncated, 0.1),
    "crawl": (killed_crawl, 0.25),
    "disk": (full_disk, 0.04),
    "rights": (lost_rights, 0.04),
    "together": (two_at_once, 0.03),
}
"""What is done, and its share of the kills; the last three are as often done without a kill."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="steps, joined by commas: " + ", ".join(STEPS))
    chosen = parser.parse_args()
    wrong = 0
    total = 0
    for name in chosen.only.split(",") if chosen.only else STEPS:
        what, share = STEPS[name]
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="gongkai-soak-") as folder:
            step = Step(Path(folder), random.Random(f"{chosen.seed} {name}"))
            print(f"{name}: {(what.__doc__ or '').splitlines()[0]}", flush=True)
            try:
                what(step, max(1, round(chosen.kills * share)))
            except WrongError as error:
                wrong += 1
                print(f"  WRONG: {error}", flush=True)
            total += step.disturbed
            print(
                f"  {step.disturbed} disturbances, {step.reached} behind the end; {time.monotonic() - started:.0f} s",
                flush=True,
            )
    print(f"seed {chosen.seed}: {total} disturbances, {wrong} steps wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
