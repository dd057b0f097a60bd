"""The accuracy gate of text recognition: samples printed, drawn and made worse, read again, against the pages.

    python tests/ocr_gate.py [--update] [--kind KIND ...] [--sample NAME ...] [--seed N] [--verbose]

Needs gongkai[ocr] and Chromium. Floors and ceilings, shares in percent, are pinned in `ocr_gate.toml` for clean and
degraded scans; `--update` writes what was measured. Other kinds of scans are measured when they are named.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for place in (str(ROOT), str(ROOT / "tests")):
    if place not in sys.path:
        sys.path.insert(0, place)

from scans import making  # noqa: E402

from parsers import Bundle, parse  # noqa: E402

PINS = Path(__file__).with_name("ocr_gate.toml")
KINDS = ("clean", "degraded")
"""The kinds that are pinned."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and compare. Returns 0 when every floor holds, 1 when one does not, 2 when nothing can be measured."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--update", action="store_true")
    options.add_argument("--kind", action="append", choices=("clean", *making.WORSE))
    options.add_argument("--seed", type=int, default=0, help="another grain of the paper")
    options.add_argument("--sample", action="append", choices=making.ALL)
    options.add_argument("--verbose", action="store_true", help="name every cell that is not right")
    said = options.parse_args(arguments)
    samples = said.sample or making.ALL
    kinds = said.kind or KINDS
    if said.update and (kinds != KINDS or said.sample or said.seed):
        options.error("--update is for all that is pinned")
    jobs = [(kind, sample, said.seed) for sample in samples for kind in kinds]
    total: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    try:
        with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
            for (kind, sample, _), (counted, faults) in zip(jobs, pool.map(measure, jobs), strict=True):
                total[kind].update(counted)
                print(f"{kind:9} {sample}: {counted['nonzero right']} of {counted['nonzero']} nonzero cells right")
                for fault in faults if said.verbose else ():
                    print(f"          {fault}")
    except FileNotFoundError as error:
        print(f"ocr-gate: {error}", file=sys.stderr)
        return 2
    measured = {f"{kind}.{name}": value for kind in kinds for name, value in shares(total[kind]).items()}
    for kind in kinds:
        print(f"{kind:9} {dict(sorted(total[kind].items()))}")
    if said.update:
        lines = [f'"{name}" = {value}' for name, value in sorted(measured.items())]
        head = "# Floors, and ceilings (_max), in percent, as measured: written by `make ocr-gate ARGS=--update`."
        PINS.write_text(head + "\n[pins]\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return 0
    pins = tomllib.loads(PINS.read_text(encoding="utf-8"))["pins"]
    worse = [
        f"{name}: {measured[name]} where {pin} is pinned"
        for name, pin in pins.items()
        if name in measured and (measured[name] > pin if name.endswith("_max") else measured[name] < pin)
    ]
    for line in worse:
        print(f"ocr-gate: {line}", file=sys.stderr)
    return 1 if worse and not (said.sample or said.seed) else 0


def measure(job: tuple[str, str, int]) -> tuple[Counter[str], list[str]]:
    """Counts of one sample as a scan, and its faults in words."""
    from pipeline.convert import parse_with_ocr

    kind, sample, seed = job
    page = making.SAMPLES / sample
    truth = parse(Bundle(page.read_bytes(), "page.html"))
    worsen, density = making.WORSE.get(kind, (None, making.DENSITY))
    pictures = making.drawn(making.printed(page), density=density)
    if worsen:
        pictures = [worsen(picture, seed=1000 * seed + number) for number, picture in enumerate(pictures, 1)]
    read = parse_with_ocr(Bundle(making.bound(pictures, density), "scan.pdf"))
    expected, found = making.readings(truth), making.readings(read)
    counted: Counter[str] = Counter(pages=len(pictures))
    faults = []
    for key, cell in expected.items():
        group = "nonzero" if cell[1] else "zero" if cell[1] is not None else "blank"
        outcome = _outcome(cell, found.get(key))
        counted.update([group, f"{group} {outcome}", "cells", f"cells {outcome}"])
        if outcome != "right":
            faults.append(f"{key[0]} {key[1]}: {cell} read as {found.get(key)}")
    invented = [key for key in found.keys() - expected.keys() if found[key][1] is not None]
    counted["cells invented"] += len(invented)
    faults.extend(f"{key[0]} {key[1]}: invented {found[key]}" for key in invented)
    ours, theirs = (parsed.reports[0] if parsed.reports else None for parsed in (truth, read))
    for name in making.FIELDS:
        same = theirs is not None and getattr(ours, name) == getattr(theirs, name)
        counted.update(["fields", *(["fields right"] if same else [])])
        if not same:
            faults.append(f"{name}: {getattr(ours, name)} read as {getattr(theirs, name, None)}")
    headings = [section.title for section in truth.sections if section.title]
    seen = Counter(section.title for section in read.sections)
    counted["headings"] = len(headings)
    counted["headings right"] = sum(min(count, seen[title]) for title, count in Counter(headings).items())
    return counted, faults


def _outcome(cell: making.Reading, found: making.Reading | None) -> str:
    if found == cell:
        return "right"
    if found is None:
        return "missing"
    return "wrong" if found[1] is not None or found[0] not in ("unreadable", "ambiguous") else "unreadable"


def shares(counted: Counter[str]) -> dict[str, float]:
    """What is pinned of counts."""

    def share(part: int, whole: int) -> float:
        return round(100 * part / max(1, whole), 3)

    safe = counted["nonzero right"] + counted["nonzero unreadable"]
    return {
        "nonzero_right": share(counted["nonzero right"], counted["nonzero"]),
        "nonzero_right_or_unreadable": share(safe, counted["nonzero"]),
        "cells_right": share(counted["cells right"], counted["cells"]),
        "blanks_right": share(counted["blank right"], counted["blank"]),
        "wrong_max": share(counted["cells wrong"] + counted["cells invented"], counted["cells"]),
        "fields_right": share(counted["fields right"], counted["fields"]),
        "headings_right": share(counted["headings right"], counted["headings"]),
    }


if __name__ == "__main__":
    sys.exit(main())
