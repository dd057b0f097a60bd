"""What was read in a document against its truth, cell by cell.

`python -m tests.forge.score CLEAN_DIR truth.json` scores the tables of a run.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

Key = tuple[str, str]
EMPTY = frozenset({"blank", "slash", "dash", "none_word"})
UNSURE = frozenset({"ambiguous", "conflict", "unreadable"})


@dataclass(slots=True)
class Score:
    """Counts of cells. `silent` are wrong or invented values with no issue and no failed check on that cell.

    `faults` lists (kind, indicator, breakdown, expected, observed) for every cell that is not right.
    """

    right: int = 0
    wrong: int = 0
    invented: int = 0
    missing: int = 0
    blank_errors: int = 0
    unsure: int = 0
    silent: int = 0
    nonzero_right: int = 0
    nonzero: int = 0
    blanks: int = 0
    blanks_right: int = 0
    faults: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return self.right + self.wrong + self.missing + self.blank_errors + self.unsure

    @property
    def perfect(self) -> bool:
        return not (self.wrong or self.invented or self.missing or self.blank_errors or self.unsure)

    def add(self, other: Score) -> None:
        for name in ("right", "wrong", "invented", "missing", "blank_errors", "unsure", "silent", "nonzero_right",
                     "nonzero", "blanks", "blanks_right"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults


def get(row: Any, name: str) -> Any:
    found = row.get(name) if isinstance(row, Mapping) else getattr(row, name)
    return "" if found is None else found


def number_of(row: Any) -> Decimal | None:
    found = get(row, "value")
    return None if found == "" else Decimal(str(found))


def flagged(observations: Iterable[Any], issues: Iterable[Any], checks: Iterable[Any]) -> set[Key]:
    """Cells that carry a doubt: an issue with their locator, or a failed check on them."""
    marked = {get(i, "locator") for i in issues if get(i, "locator") and get(i, "severity") != "info"}
    found = {
        (get(o, "indicator"), get(o, "breakdown")) for o in observations
        if get(o, "locator") in marked or str(get(o, "locator")).split("[")[0] in marked
    }  # fmt: skip
    for check in checks:
        if str(get(check, "outcome")).startswith("fail"):
            found.add((get(check, "indicator"), get(check, "breakdown")))
    return found


def score(truth: Mapping[str, Any], observations: Iterable[Any], doubted: Iterable[Key] = ()) -> Score:
    """`observations` are records or CSV rows of one report; `doubted` comes from `flagged`."""
    seen = {(get(o, "indicator"), get(o, "breakdown")): o for o in observations}
    doubts = set(doubted)
    allowed = {tuple(k) for k in truth.get("allow", ())}
    found = Score()
    expected: dict[Key, Any] = {}
    statuses = truth.get("statuses") or [""] * len(truth["cells"])
    for (indicator, breakdown, wanted), status in zip(truth["cells"], statuses, strict=True):
        key = (indicator, breakdown)
        expected[key] = wanted
        row = seen.get(key)
        number = number_of(row) if row is not None else None
        state = str(get(row, "status")) if row is not None else ""
        if wanted is None:
            found.blanks += 1
        elif wanted:
            found.nonzero += 1
        kind = ""
        if state in UNSURE:
            kind = "" if key in allowed else "unsure"
        elif wanted is None:
            if number is not None:
                kind = "invented"
            elif row is None:
                kind = "" if key in allowed else "missing"
            elif state not in EMPTY or (status and key not in allowed and state != status):
                kind = "blank_errors"
        elif row is None:
            kind = "missing"
        elif number is None:
            kind = "blank_errors"
        elif number != Decimal(str(wanted)):
            kind = "wrong"
        if not kind:
            found.right += 1
            found.nonzero_right += bool(wanted)
            found.blanks_right += wanted is None
            continue
        setattr(found, kind, getattr(found, kind) + 1)
        shown = "no row" if row is None else f"{number} {state} {get(row, 'raw')!r}"
        found.faults.append((kind, indicator, breakdown, f"{wanted} {status}", shown))
        if kind in ("wrong", "invented") and key not in doubts:
            found.silent += 1
    for key, row in seen.items():
        if key not in expected and number_of(row) is not None:
            found.invented += 1
            found.silent += key not in doubts
            found.faults.append(("invented", *key, "no such cell", f"{number_of(row)} {get(row, 'raw')!r}"))
    return found


FIELDS = ("form", "report_year", "published_date", "index_number", "email", "phone")


def field_faults(truth: Mapping[str, Any], report: Any | None) -> list[tuple[str, str, str]]:
    """(field, expected, observed) for every field that was read otherwise; None in truth is not judged."""
    if report is None:
        return [("report", truth["form"], "no report")]
    found = []
    for name in FIELDS:
        if truth.get(name) is not None and str(get(report, name)) != str(truth[name]):
            found.append((name, str(truth[name]), str(get(report, name))))
    for name, wanted in zip(("period_start", "period_end"), truth.get("period") or (), strict=False):
        if str(get(report, name)) != wanted:
            found.append((name, wanted, str(get(report, name))))
    names = truth.get("publisher_ok") or [truth.get("publisher")]
    if "names" in truth.get("keeps", ("names",)):
        if get(report, "publisher") not in names:
            found.append(("publisher", str(truth.get("publisher")), str(get(report, "publisher"))))
        if str(get(report, "title")) != truth["title"]:
            found.append(("title", truth["title"], str(get(report, "title"))))
    return found


def section_faults(truth: Mapping[str, Any], sections: Iterable[Any]) -> list[str]:
    """Titles of the truth that were not found at their level; a full stop at the end is nothing."""
    if "sections" not in truth.get("keeps", ("sections",)):
        return []
    seen = Counter((int(get(s, "level") or 0), str(get(s, "title")).rstrip("。. ")) for s in sections)
    lost = Counter((level, title.rstrip("。. ")) for level, title in truth.get("sections") or ()) - seen
    return [f"{level} {title}" for level, title in lost.elements()]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main(arguments: list[str]) -> int:
    folder, truth_file = Path(arguments[0]), Path(arguments[1])
    truths = json.loads(truth_file.read_text(encoding="utf-8"))
    reports = {Path(r["source"]).name: r for r in rows_of(folder, "reports")}
    by_report: dict[str, dict[str, list[dict[str, str]]]] = {}
    for name in ("observations", "issues", "checks", "sections"):
        groups: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows_of(folder, name):
            groups[row["report_id"]].append(row)
        by_report[name] = groups
    totals: dict[str, Score] = defaultdict(Score)
    fields: Counter[str] = Counter()
    for name, truth in truths.items():
        report = reports.get(name)
        if truth.get("kind", "report") != "report":
            fields["no report taken for one"] += report is not None
            continue
        key = report["report_id"] if report else ""
        seen = by_report["observations"].get(key, []) if report else []
        one = score(truth, seen, flagged(seen, by_report["issues"].get(key, []), by_report["checks"].get(key, [])))
        for fault in field_faults(truth, report):
            fields[fault[0]] += 1
        fields["sections lost"] += len(section_faults(truth, by_report["sections"].get(key, [])))
        for group in ("all", f"form:{truth['form']}", *truth.get("damage", ())):
            totals[group].add(one)
        if not one.perfect:
            print(name, truth.get("damage"), one.faults[:3], sep="\t")
    print_totals(totals, fields)
    return 0 if totals["all"].perfect else 1


def print_totals(totals: Mapping[str, Score], fields: Mapping[str, int]) -> None:
    print(
        f"{'group':24}{'cells':>8}{'right%':>9}{'wrong':>7}{'invent':>7}{'missing':>8}{'blank':>7}{'unsure':>7}{'silent':>7}"
    )
    for group, one in sorted(totals.items()):
        share = 100 * one.right / max(1, one.cells)
        print(
            f"{group:24}{one.cells:8}{share:9.3f}{one.wrong:7}{one.invented:7}{one.missing:8}{one.blank_errors:7}{one.unsure:7}{one.silent:7}"
        )
    print("fields read otherwise:", dict(fields))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
