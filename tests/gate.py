"""The accuracy gate: what is read from the corpus, the samples and forged pages, against the truth.

    python tests/gate.py [--update] [--allow-lower] [--forged N]

Floors and ceilings are pinned in `gate.toml` beside this file. `--update` raises what got better;
what got worse is written only with `--allow-lower`, and without `--update` fails. The corpus is
looked for in GONGKAI_CORPUS, or in ../shared/corpus beside the repository; without it the gate runs
on samples and forged pages alone and says so.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
for place in (str(ROOT), str(ROOT / "tests")):
    if place not in sys.path:
        sys.path.insert(0, place)

from parsers import ParsedBundle, parse  # noqa: E402
from parsers.errors import DocumentError  # noqa: E402
from tests.forge import forge  # noqa: E402
from tests.forge.score import Score, field_faults, flagged, score, section_faults  # noqa: E402

PINS = Path(__file__).with_name("gate.toml")
FIELDS = (
    "form",
    "report_year",
    "period_start",
    "period_end",
    "published_date",
    "publisher",
    "index_number",
    "email",
    "phone",
    "title",
)


@dataclass(slots=True)
class Tally:
    """Counts of one group of documents."""

    cells: Score = field(default_factory=Score)
    reports: int = 0
    found: int = 0
    taken: int = 0
    perfect: int = 0
    titles: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def measures(self, name: str) -> dict[str, float]:
        """What is pinned: shares in percent, counts as they are; counts end in `_max`."""
        one = self.cells
        made = {
            "reports_found": 100.0 * self.found / max(1, self.reports),
            "others_taken_max": float(self.taken),
            "cells": 100.0 * one.right / max(1, one.cells),
            "nonzero": 100.0 * one.nonzero_right / max(1, one.nonzero),
            "blanks": 100.0 * one.blanks_right / max(1, one.blanks),
            "whole_reports": 100.0 * self.perfect / max(1, self.reports),
            "invented_max": float(one.invented),
            "wrong_max": float(one.wrong),
            "silent_max": float(one.silent),
            "titles_level_1": 100.0 * self.titles["right 1"] / max(1, self.titles["all 1"]),
            "titles": 100.0 * self.titles["right"] / max(1, self.titles["all"]),
        }
        for each in FIELDS:
            made[f"field_{each}"] = 100.0 * (self.reports - self.fields[each]) / max(1, self.reports)
        return {f"{name}.{key}": round(value, 3) for key, value in made.items()}

    def judge(self, name: str, truth: Mapping[str, Any], parsed: ParsedBundle | None) -> None:
        """Count one document."""
        report = parsed.reports[0] if parsed and parsed.reports else None
        if truth.get("kind", "report") != "report":
            self.taken += report is not None
            if report is not None:
                self.faults.append(f"{name}: taken for a report")
            return
        self.reports += 1
        self.found += report is not None
        observations = parsed.observations if parsed else ()
        doubts = flagged(observations, parsed.issues, parsed.checks) if parsed else ()
        one = score(truth, observations, doubts)
        self.cells.add(one)
        self.faults.extend(f"{name}: {' '.join(map(str, fault))}" for fault in one.faults[:6])
        wrong = field_faults(truth, report)
        for fault in wrong:
            self.fields[fault[0]] += 1
            self.faults.append(f"{name}: field {fault[0]}: {fault[1]!r} read as {fault[2]!r}")
        lost = section_faults(truth, parsed.sections if parsed else ())
        listed = [level for level, _ in truth.get("sections") or ()]
        self.titles.update({"all": len(listed), "all 1": listed.count(1)})
        self.titles.update({"right": len(listed) - len(lost)})
        self.titles.update({"right 1": listed.count(1) - sum(1 for title in lost if title.startswith("1 "))})
        self.faults.extend(f"{name}: section not found: {title}" for title in lost)
        self.perfect += one.perfect and not wrong


def read(content: bytes, source: str) -> ParsedBundle | None:
    """What the parser says of a document; None when it is not readable."""
    try:
        return parse(content, source=source)
    except DocumentError:
        return None


def corpus_folder() -> Path:
    """Where the corpus is looked for."""
    return Path(os.environ.get("GONGKAI_CORPUS") or ROOT.parent / "shared" / "corpus")


def corpus(folder: Path) -> tuple[Tally, dict[str, ParsedBundle | None]]:
    """Every document of the corpus; those without truth are no reports."""
    truths = json.loads((folder / "truth.json").read_text("utf-8"))
    tally = Tally()
    parsed: dict[str, ParsedBundle | None] = {}
    for path in sorted((folder / "raw").iterdir()):
        truth = truths.get(path.name, {"kind": "other", "cells": []})
        parsed[path.name] = bundle = read(path.read_bytes(), path.name)
        if "title" not in truth and bundle and bundle.reports:
            # Not every document's title was coded: what was not is not judged.
            truth = {**truth, "title": bundle.reports[0].title}
        tally.judge(path.name, truth, parsed[path.name])
    return tally, parsed


def known_source_errors(parsed: Mapping[str, ParsedBundle | None]) -> dict[str, float]:
    """The true errors of the sources, each to be reported as such, and no other failure of severity error."""
    pins = tomllib.loads(PINS.read_text("utf-8"))["source_errors"]
    expected = {(name, *map(str, rule)) for name, rules in pins.items() if name in parsed for rule in rules}
    seen = {
        (name, check.rule, check.indicator, check.breakdown)
        for name, bundle in parsed.items()
        for check in (bundle.checks if bundle else ())
        if check.outcome.startswith("fail") and check.severity == "error" and check.verdict == "source_error"
    }
    failing = {
        (name, check.rule, check.indicator, check.breakdown)
        for name, bundle in parsed.items()
        for check in (bundle.checks if bundle else ())
        if check.outcome.startswith("fail") and check.severity == "error"
    }
    return {
        "corpus.source_errors_reported": round(100.0 * len(expected & seen) / max(1, len(expected)), 3),
        "corpus.false_failures_max": float(len(failing - expected)),
    }


def samples(folder: Path) -> Tally:
    """Every sample with its golden table beside it."""
    tally = Tally()
    for golden in sorted(folder.rglob("*.expected.csv")):
        path = next(
            p
            for p in sorted(golden.parent.iterdir())
            if p.name.rsplit(".", 1)[0] == golden.name[: -len(".expected.csv")] and p != golden
        )
        tally.judge(path.name, golden_truth(golden), read(path.read_bytes(), path.relative_to(folder).as_posix()))
    return tally


def golden_truth(path: Path) -> dict[str, Any]:
    """A golden table in the corpus' form of truth."""
    truth: dict[str, Any] = {"kind": "report", "cells": [], "statuses": [], "sections": []}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["kind"] == "field":
                truth[row["key1"]] = row["value"] or None
                if row["key1"] == "publisher":
                    truth["publisher_ok"] = [row["value"], *filter(None, row["status"].split("|"))]
            elif row["kind"] == "section":
                truth["sections"].append([int(row["key1"]), row["key2"]])
            else:
                value = row["value"]
                truth["cells"].append([row["key1"], row["key2"], float(value) if value else None])
                truth["statuses"].append(row["status"])
    if truth.get("period_start"):
        truth["period"] = [truth["period_start"], truth["period_end"]]
    if truth.get("report_year"):
        truth["report_year"] = int(truth["report_year"])
    return truth


def forged(count: int) -> Tally:
    """Forged pages of every form and damage, the same ones each time."""
    tally = Tally()
    for seed in range(count):
        page = forge(seed)
        tally.judge(f"{page.name} {page.truth.get('damage')}", page.truth, read(page.content, page.name))
    return tally


def compare(measured: Mapping[str, float], pins: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """Names of what got worse than its pin, and of what got better or has none."""
    worse: list[str] = []
    better: list[str] = []
    for name, value in measured.items():
        pin = pins.get(name)
        better_of: Callable[[float, float], bool] = (
            (lambda a, b: a < b) if name.endswith("_max") else (lambda a, b: a > b)
        )
        if pin is None or better_of(value, pin):
            better.append(name)
        elif value != pin:
            worse.append(name)
    return worse, better


def write(pins: Mapping[str, float], source_errors: Mapping[str, Any]) -> None:
    """The pins as TOML, sorted."""
    lines = [
        "# Floors in percent, ceilings (_max) as counts: raised by `--update`, lowered only with `--allow-lower`.",
        "[pins]",
    ]
    lines += [f'"{name}" = {value}' for name, value in sorted(pins.items())]
    lines += [
        "",
        "# Failures of identities that the sources themselves published: rule, indicator, breakdown.",
        "[source_errors]",
    ]
    for name, rules in sorted(source_errors.items()):
        lines.append(f'"{name}" = {json.dumps(rules, ensure_ascii=False)}')
    PINS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def show(title: str, tally: Tally, faults: int) -> None:
    one = tally.cells
    print(
        f"{title}: {tally.found} of {tally.reports} reports found, {tally.perfect} whole; "
        f"cells {one.right} of {one.cells} right, nonzero {one.nonzero_right} of {one.nonzero}, "
        f"blanks {one.blanks_right} of {one.blanks}; invented {one.invented}, wrong {one.wrong}, "
        f"unsure {one.unsure}, silent {one.silent}; titles {tally.titles['right']} of {tally.titles['all']}; "
        f"fields read otherwise {dict(tally.fields)}"
    )
    for fault in tally.faults[:faults]:
        print("  ", fault)


def main(arguments: Iterable[str]) -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--update", action="store_true", help="write what got better into the pins")
    options.add_argument("--allow-lower", action="store_true", help="with --update: write what got worse too")
    options.add_argument("--forged", type=int, default=200, help="how many forged pages")
    options.add_argument("--faults", type=int, default=30, help="how many faults of a group to list")
    chosen = options.parse_args(list(arguments))
    data = tomllib.loads(PINS.read_text("utf-8")) if PINS.exists() else {"pins": {}, "source_errors": {}}
    measured: dict[str, float] = {}
    folder = corpus_folder()
    if (folder / "truth.json").exists():
        tally, parsed = corpus(folder)
        show("corpus", tally, chosen.faults)
        measured |= tally.measures("corpus") | known_source_errors(parsed)
    else:
        print(f"the corpus is not at {folder}: the gate runs on samples and forged pages alone")
    for name, tally in (("samples", samples(ROOT / "data" / "raw")), ("forged", forged(chosen.forged))):
        show(name, tally, chosen.faults)
        measured |= tally.measures(name)
    if chosen.forged != 200:
        measured = {name: value for name, value in measured.items() if not name.startswith("forged.")}
    worse, better = compare(measured, data["pins"])
    for name in worse:
        print(f"WORSE {name}: {measured[name]} against the pin {data['pins'][name]}")
    for name in better:
        print(f"better {name}: {measured[name]}, pinned {data['pins'].get(name, 'nowhere')}")
    if chosen.update and (not worse or chosen.allow_lower):
        write({**data["pins"], **{name: measured[name] for name in (*better, *worse)}}, data["source_errors"])
        return 0
    print("gate closed" if worse else "gate passed")
    return 1 if worse else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
