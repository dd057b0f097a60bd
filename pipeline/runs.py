"""What the last runs did: a line of JSON each in the work folder, or the crawl folder, for `gongkai status`."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any

from parsers.errors import GongkaiError
from pipeline import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NAME = "runs.jsonl"
KEPT = 200
"""So many runs are remembered."""


def remember(work: Path, said: dict[str, Any]) -> None:
    """Add a run. What cannot be written is not remembered; no run fails for that."""
    with contextlib.suppress(OSError):
        lines = [*_lines(work), json.dumps(said, ensure_ascii=False)][-KEPT:]
        fresh = work / f"{NAME}.new"
        fresh.write_text("\n".join(lines) + "\n", "utf-8")
        os.replace(fresh, work / NAME)


@contextlib.contextmanager
def noting(work: Path, started: str) -> Iterator[None]:
    """Remember a run that ends before its time, with the reason."""
    try:
        yield
    except BaseException as error:
        reason = str(error) if isinstance(error, GongkaiError) else type(error).__name__
        remember(work, {"started": started, "finished": manifest.now(), "state": "broken off", "reason": reason})
        raise


def last(work: Path, count: int) -> list[dict[str, Any]]:
    """The last runs, the newest first."""
    found = []
    for line in reversed(_lines(work)):
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found[:count]


def words(runs: Sequence[dict[str, Any]]) -> list[str]:
    """Runs for a person."""
    said = []
    for run in runs:
        reason = f": {run['reason']}" if "reason" in run else ""
        said.append(f"{run['started']}  {run['state']}{reason}")
        if "crawl" in run:
            said += _crawl_words(run)
        if "counts" not in run:
            continue
        counts, reading = run["counts"], run["reading"]
        kinds = ", ".join(f"{kind} {count}" for kind, count in run["documents"].items())
        said.append(f"  documents {counts.get('documents', 0)} ({kinds}), reports {counts.get('reports', 0)}")
        said.append(f"  issues {run['issues']}, checks failed {run['checks_failed']}, parts {run['parts']}")
        said[-1] += f" ({run['parts_reused']} as they were)"
        said.append("  seconds " + ", ".join(f"{stage} {seconds:g}" for stage, seconds in run["seconds"].items()))
        if reading:
            said.append("  reading " + ", ".join(f"{name} {value:g}" for name, value in reading.items()))
    return said


def _crawl_words(run: dict[str, Any]) -> list[str]:
    counts = run["crawl"]
    states = ", ".join(f"{state} {count}" for state, count in sorted(counts["states"].items())) or "nothing was due"
    problems = ", ".join(f"{code} {count}" for code, count in sorted(run["problems"].items())) or "none"
    told = ("new", "changed", "unchanged")
    return [
        f"  pages {states}; {', '.join(f'{name} {counts[name]}' for name in told)}, bytes {counts['bytes']}",
        f"  queued still {run['left']}, problems {problems}",
        "  seconds " + ", ".join(f"{stage} {seconds:g}" for stage, seconds in run["seconds"].items()),
    ]


def _lines(work: Path) -> list[str]:
    try:
        return (work / NAME).read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
