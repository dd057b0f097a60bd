"""`python -m tests.forge --n 500 --out DIR`: forged documents and their truth.json; `--parse` scores them at once."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

from .build import forge
from .lines import FORMS
from .lookalikes import lookalike
from .score import Score, field_faults, flagged, print_totals, score, section_faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.forge")
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--form", choices=FORMS)
    parser.add_argument("--hardness", type=float, default=0.5)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--others", type=int, default=0, help="how many documents that are no report")
    parser.add_argument("--parse", action="store_true", help="parse what was forged and print the score")
    chosen = parser.parse_args()
    truths = {}
    totals: dict[str, Score] = defaultdict(Score)
    fields: Counter[str] = Counter()
    for seed in range(chosen.start, chosen.start + chosen.n):
        made = forge(seed, chosen.form, chosen.hardness)
        truths[made.name] = made.truth
        if chosen.out:
            chosen.out.mkdir(parents=True, exist_ok=True)
            (chosen.out / made.name).write_bytes(made.content)
        if chosen.parse:
            from parsers import parse

            seen = parse(made.content, source=made.name)
            one = score(made.truth, seen.observations, flagged(seen.observations, seen.issues, seen.checks))
            faults = field_faults(made.truth, seen.reports[0] if seen.reports else None)
            fields.update(f[0] for f in faults)
            lost = section_faults(made.truth, seen.sections)
            fields["sections lost"] += len(lost)
            for group in ("all", f"form:{made.truth['form']}", *made.truth["damage"]):
                totals[group].add(one)
            if not one.perfect or faults or lost:
                print(made.name, made.truth["damage"], one.faults[:3], faults, lost[:3], sep="\t")
    for seed in range(chosen.start, chosen.start + chosen.others):
        made = lookalike(seed)
        truths[made.name] = made.truth
        if chosen.out:
            chosen.out.mkdir(parents=True, exist_ok=True)
            (chosen.out / made.name).write_bytes(made.content)
        if chosen.parse:
            from parsers import parse

            document = parse(made.content, source=made.name).documents[0]
            if document.kind != made.truth["kind"]:
                fields["kind"] += 1
                print(made.name, made.truth["damage"], document.kind, document.reason, sep="\t")
    if chosen.out:
        (chosen.out / "truth.json").write_text(json.dumps(truths, ensure_ascii=False, indent=1), encoding="utf-8")
    if chosen.parse:
        print_totals(totals, fields)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
