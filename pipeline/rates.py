"""Measured error rates: published tables against what people read in the same documents.

The truth is a `truth.json` as the corpus has one, a folder of golden tables (`NAME.expected.csv` beside NAME), or a
filled coding sheet. Counted are nonzero figures, zeros and blanks apart, by form and by format, since most cells are
zero and a shifted column would get most of them right; and whole reports, since errors come in clusters.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import UsageError
from pipeline.coding import meaning, read_sheet
from pipeline.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.tables import Row, Tables

BEGIN, END = "<!-- rates: begin -->", "<!-- rates: end -->"
"""Marks in a page of documentation between which the table is put."""

HEADER = (
    "set", "form", "format", "reports whole", "nonzero figures right", "zeros right", "blanks right", "left open",
    "wrong", "of these silent", "invented",
)  # fmt: skip

BLANKS = ("blank", "slash", "dash", "none_word")
GOLDEN = ".expected.csv"
FORMATS = {
    "text/html": "page",
    "text/plain": "text",
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "spreadsheet",
}

Cell = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """Counts of one group: right ones of all, for each kind of cell; `silent` are wrong figures that nothing flags."""

    reports: int = 0
    whole: int = 0
    nonzero: int = 0
    nonzero_right: int = 0
    zero: int = 0
    zero_right: int = 0
    blank: int = 0
    blank_right: int = 0
    open: int = 0
    wrong: int = 0
    silent: int = 0
    invented: int = 0

    def add(self, other: Tally) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def rates(sets: Sequence[tuple[str, Tables, Path]]) -> dict[tuple[str, str, str], Tally]:
    """The counts by set, form and format. `sets` are (name, tables, truth); UsageError when a truth cannot be read."""
    found: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for name, tables, truth in sets:
        media = {
            row["document_id"]: FORMATS.get(row["media_type"], row["media_type"]) for row in tables.rows("documents")
        }
        reports: dict[str, Row] = {row["source"]: row for row in tables.rows("reports")}
        by_id = {row["report_id"]: row for row in reports.values()}
        for key, form, cells, complete in _truths(truth, by_id):
            report = reports.get(key)
            kind = media.get(report["document_id"], "") if report is not None else Path(key).suffix.lstrip(".")
            tally = found[name, str(form or (report["form"] if report is not None else "")), str(kind)]
            tally.add(_score(tables, report, cells, complete=complete))
    return dict(sorted(found.items()))


def _truths(path: Path, by_id: dict[str, Row]) -> Iterator[tuple[str, str, dict[Cell, Decimal | None], bool]]:
    """Source, form, cells, and whether these are all cells of the report."""
    if path.is_dir():
        for golden in sorted(path.rglob(f"*{GOLDEN}")):
            stem = golden.name.removesuffix(GOLDEN)
            page = next((p for p in sorted(golden.parent.iterdir()) if p.stem == stem and p != golden), None)
            form, cells = _golden(golden)
            if page is not None and cells:
                yield page.relative_to(path).as_posix(), form, cells, True
    elif path.suffix == ".json":
        try:
            said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read ({error})") from error
        for source, one in sorted(said.items()):
            if one.get("kind", "report") == "report" and one.get("cells"):
                cells = {(i, b): None if v is None else Decimal(str(v)) for i, b, v in one["cells"]}
                yield source, one.get("form") or "", cells, True
    else:
        coded: dict[str, dict[Cell, Decimal | None]] = defaultdict(dict)
        for (report, indicator, breakdown), text in read_sheet(path).items():
            what = meaning(text)
            if what != "absent" and report in by_id:
                plain = what in BLANKS
                coded[report][indicator, breakdown] = None if plain else Decimal(what) if what != "other" else None
        for report, cells in sorted(coded.items()):
            yield by_id[report]["source"], by_id[report]["form"], cells, False


def _golden(path: Path) -> tuple[str, dict[Cell, Decimal | None]]:
    form = ""
    cells: dict[Cell, Decimal | None] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "field" and row["key1"] == "form":
                form = row["value"]
            elif row["kind"] not in ("field", "section"):
                cells[row["key1"], row["key2"]] = Decimal(row["value"]) if row["value"] else None
    return form, cells


def _score(tables: Tables, report: Row | None, cells: dict[Cell, Decimal | None], *, complete: bool) -> Tally:
    tally = Tally(reports=1)
    rows: dict[Cell, Row] = {}
    doubted: set[str] = set()
    if report is not None:
        name = report["report_id"]
        rows = {(r["indicator"], r["breakdown"]): r for r in tables.rows("observations", report_id=name)}
        doubted = {row["locator"] for row in tables.rows("issues", report_id=name) if row["severity"] != "info"}
    for key, truth in cells.items():
        row = rows.get(key)
        value = None if row is None or row["value"] is None else Decimal(repr(row["value"]))
        settled = row is not None and (value is not None or row["status"] in BLANKS)
        right = row is not None and settled and value == truth
        if truth is None:
            tally.blank, tally.blank_right = tally.blank + 1, tally.blank_right + right
        elif truth:
            tally.nonzero, tally.nonzero_right = tally.nonzero + 1, tally.nonzero_right + right
        else:
            tally.zero, tally.zero_right = tally.zero + 1, tally.zero_right + right
        if not settled:
            tally.open += 1
        elif not right:
            tally.wrong += 1
            tally.silent += row is not None and row["locator"] not in doubted
    if complete:
        tally.invented = sum(row["value"] is not None for key, row in rows.items() if key not in cells)
    tally.whole = int(tally.open == 0 and tally.wrong == 0 and tally.invented == 0 and report is not None)
    return tally


def table(found: dict[tuple[str, str, str], Tally]) -> str:
    """The rates as a table of Markdown, each share with its interval of 95 %."""
    lines = [f"| {' | '.join(HEADER)} |", f"| {' | '.join(['---'] * len(HEADER))} |"]
    totals: dict[str, Tally] = defaultdict(Tally)
    for (name, form, kind), tally in found.items():
        totals[name].add(tally)
        lines.append(_line(name, form, kind, tally))
    lines += [_line(name, "**all**", "", tally) for name, tally in totals.items()]
    return "\n".join(lines)


def _line(name: str, form: str, kind: str, one: Tally) -> str:
    shares = [
        _share(one.whole, one.reports),
        _share(one.nonzero_right, one.nonzero),
        _share(one.zero_right, one.zero),
        _share(one.blank_right, one.blank),
    ]
    counts = [str(count) for count in (one.open, one.wrong, one.silent, one.invented)]
    return f"| {' | '.join([name, form, kind, *shares, *counts])} |"


def _share(count: int, total: int) -> str:
    if not total:
        return "none"
    low, high = wilson(count, total)
    return f"{count} of {total} ({100 * low:.1f} to {100 * high:.1f} %)"


def written(page: str, rows: str) -> str:
    """A page of documentation with the table between its marks. UsageError when it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"the page has no marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"
