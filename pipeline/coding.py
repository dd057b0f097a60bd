"""Samples for people to code, and how far they agree with the tables and with each other.

A coding sheet names cells by report, line and column and links to the page; it does not say what was read. Coders
fill `coded`: the figure as printed, or `blank` (or `空`) for an empty cell, `/`, `-`, `无` as printed, `absent` where
the page does not print the line. A cell left empty is not coded.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.errors import UsageError
from pipeline.export import defused, workbook
from pipeline.intervals import kappa
from pipeline.rereading import reread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.tables import Row, Tables

COLUMNS = (
    "cell", "page", "publisher", "report_year", "line", "column", "coded", "coder", "note",
    "report_id", "indicator", "breakdown", "stratum",
)  # fmt: skip
NEEDED = ("report_id", "indicator", "breakdown", "coded")
SHEETS = (".xlsx", ".csv")
"""Endings of the names of sheets."""
TABLES = "tables"
"""How the published tables are called among the coders."""

BLANK_WORDS = ("blank", "空", "空白", "empty")
ABSENT_WORDS = ("absent", "没有此行", "未印")

Key = tuple[str, str, str]


def sample(tables: Tables, count: int, seed: str = "") -> list[Row]:
    """Cells to code, as many of each stratum as can be: form, format of the document, and nonzero, zero or blank.

    The cells with the smallest digests of key and `seed` are chosen, so a sample is the same each time.
    """
    strata: dict[str, list[tuple[bytes, Key]]] = defaultdict(list)
    media = {row["document_id"]: row["media_type"] for row in tables.rows("documents")}
    for row in tables.rows("observations"):
        kind = row["status"] if row["value"] is None else "nonzero" if row["value"] else "zero"
        key = (row["report_id"], row["indicator"], row["breakdown"])
        digest = hashlib.sha256("|".join((seed, *key)).encode()).digest()
        strata[f"{row['form']} {media.get(row['document_id'], '')} {kind}"].append((digest, key))
    queues = [(name, sorted(found)) for name, found in sorted(strata.items())]
    chosen: dict[Key, str] = {}
    turn = 0
    while len(chosen) < count and any(turn < len(found) for _, found in queues):
        for name, found in queues:
            if turn < len(found) and len(chosen) < count:
                # What kind of cell it is must not show on the sheet.
                chosen[found[turn][1]] = name.rpartition(" ")[0]
        turn += 1
    return _rows(tables, chosen)


def _rows(tables: Tables, chosen: dict[Key, str]) -> list[Row]:
    from parsers.forms import form

    reports = {row["report_id"]: row for row in tables.rows("reports")}
    found = []
    for number, (key, stratum) in enumerate(sorted(chosen.items()), 1):
        report = reports[key[0]]
        known = form(report["form"])
        line = known.find(key[1])
        column = known.section(line.section).column(key[2])
        found.append(
            {
                "cell": number,
                "page": report["source"],
                "publisher": report["publisher"],
                "report_year": report["report_year"],
                "line": " › ".join(_ancestry(known, key[1])),
                "column": " / ".join([*line.groups, *column.groups, column.label]),
                "coded": "",
                "coder": "",
                "note": "",
                "report_id": key[0],
                "indicator": key[1],
                "breakdown": key[2],
                "stratum": stratum,
            }
        )
    return found


def _ancestry(known: object, indicator: str) -> list[str]:
    """The labels from the topmost line down to a line."""
    from parsers.forms import Form

    assert isinstance(known, Form)
    labels: list[str] = []
    while indicator:
        line = known.find(indicator)
        labels.insert(0, line.label)
        indicator = line.parent
    return labels


def write_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write a coding sheet: a workbook, or CSV that spreadsheet programs open. UsageError for another ending."""
    if path.suffix.lower() not in SHEETS:
        raise UsageError(f"{path} would be no sheet.", remedy=f"Its name has to end in {' or '.join(SHEETS)}.")
    if path.suffix.lower() == ".xlsx":
        values = [[row[name] for name in COLUMNS] for row in rows]
        workbook(path, "coding", COLUMNS, values, links=[COLUMNS.index("page")])
        return
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            [defused(row[name]) if isinstance(row[name], str) else row[name] for name in COLUMNS] for row in rows
        )


def read_sheet(path: Path) -> dict[Key, str]:
    """What was coded, by cell, as written. UsageError when a file is no coding sheet, or nothing was coded in it."""
    try:
        rows = _workbook_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"{path} cannot be read ({error})") from error
    header = [str(name) for name in (rows[0] if rows else [])]
    if missing := [name for name in NEEDED if name not in header]:
        raise UsageError(f"{path} is no coding sheet: it has no column {missing[0]}")
    at = {name: header.index(name) for name in NEEDED}
    found: dict[Key, str] = {}
    for row in rows[1:]:
        said = {name: str(row[place]).strip() if place < len(row) else "" for name, place in at.items()}
        if said["coded"]:
            text = said["coded"].removeprefix("'")
            found[said["report_id"], said["indicator"], said["breakdown"]] = text
    if not found:
        raise UsageError(f"nothing is coded in {path}.", remedy="Fill the column `coded`.")
    return found


def _csv_rows(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _workbook_rows(path: Path) -> list[list[str]]:
    import python_calamine as calamine

    try:
        rows = calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    except calamine.CalamineError as error:
        raise ValueError(str(error)) from error
    return [[str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in row] for row in rows]


def meaning(coded: str) -> str:
    """What a coder wrote as a category: a number without what printings differ in, or a kind of blank."""
    if coded.lower() in BLANK_WORDS:
        return "blank"
    if coded.lower() in ABSENT_WORDS:
        return "absent"
    reading = reread(coded)
    return _number(reading.values[0]) if reading.kind == "number" else reading.kind


def _number(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two codings agree on an indicator (`*`: on all)."""

    one: str
    other: str
    indicator: str
    cells: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell on which not all agree: what each says, and the row of the tables."""

    key: Key
    said: dict[str, str]
    row: Row | None


@dataclass(slots=True)
class Comparison:
    """All pairs of codings compared."""

    agreements: list[Agreement] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)


def agree(tables: Tables, sheets: Sequence[Path]) -> Comparison:
    """Compare filled sheets with the tables and with each other. UsageError when a sheet cannot be read."""
    coded = {path.stem: {key: meaning(text) for key, text in read_sheet(path).items()} for path in sheets}
    if len(coded) < len(sheets) or TABLES in coded:
        raise UsageError("the sheets need names of their own", remedy="Name each file after its coder.")
    wanted = {key for each in coded.values() for key in each}
    rows: dict[Key, Row] = {}
    reports = sorted({key[0] for key in wanted})
    for row in tables.rows("observations", among=("report_id", reports)):
        rows[row["report_id"], row["indicator"], row["breakdown"]] = row
    codings = {TABLES: {key: _published(rows.get(key)) for key in wanted}, **coded}
    found = Comparison()
    names = list(codings)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            found.agreements += _pair(one, other, codings[one], codings[other])
    for key in sorted(wanted):
        said = {name: coding[key] for name, coding in codings.items() if key in coding}
        if len(set(said.values())) > 1:
            found.disagreements.append(Disagreement(key, said, rows.get(key)))
    return found


def _published(row: Row | None) -> str:
    if row is None:
        return "absent"
    return _number(Decimal(repr(row["value"]))) if row["value"] is not None else str(row["status"])


def _pair(one: str, other: str, left: dict[Key, str], right: dict[Key, str]) -> list[Agreement]:
    by_indicator: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in left.keys() & right.keys():
        by_indicator[key[1]].append((left[key], right[key]))
        by_indicator["*"].append((left[key], right[key]))
    return [
        Agreement(one, other, indicator, len(pairs), sum(a == b for a, b in pairs), kappa(pairs))
        for indicator, pairs in sorted(by_indicator.items())
    ]


def corrections_of(disagreements: Iterable[Disagreement], source_of: dict[str, str]) -> str:
    """Entries for `corrections/` where every coder says the same figure and the tables say another.

    To be looked at and given their reason before they are taken over.
    """
    from pipeline.agreement import MONEY

    entries = []
    for one in disagreements:
        said = {text for name, text in one.said.items() if name != TABLES}
        text = next(iter(said))
        row = one.row
        if row is None or len(said) > 1 or not text.lstrip("-").replace(".", "", 1).isdigit():
            continue
        factor = MONEY.get(row["unit"], 1) if row["unit_std"] == "元" else 1
        expect = f"raw = {_quoted(row['raw'])}, status = {_quoted(row['status'])}"
        entries.append(
            "[[corrections]]\n"
            f"report = {_quoted(one.key[0])}\nindicator = {_quoted(one.key[1])}\nbreakdown = {_quoted(one.key[2])}\n"
            f'action = "replace"\nvalue = {_quoted(_number(Decimal(text) * factor))}\nexpect = {{ {expect} }}\n'
            f"reason = {_quoted('coded otherwise: ' + json.dumps(one.said, ensure_ascii=False))}\n"
            f"source = {_quoted(source_of.get(one.key[0], ''))}\n"
        )
    return "\n".join(entries)


def _quoted(text: str) -> str:
    """A text as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
