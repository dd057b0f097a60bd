"""One published figure explained: where it stands, how it was read and matched, and what it has to agree with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from parsers.errors import UsageError

if TYPE_CHECKING:
    from pipeline.tables import Row, Tables

AROUND = 1
"""Rows shown above and below the cell's own."""

WIDEST = 24
"""Characters of a neighbouring cell that are shown."""

METHODS = {
    "exact": "the label is the form's own",
    "alias": "the label is another known wording of the line",
    "similar": "no known wording is the same; this line is the most similar one that the guards let pass",
    "position": "the label says too little; the line was told by its place among its neighbours",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the tables say of one figure. The parts are rows of the tables, with text where one is missing."""

    observation: Row
    report: Row
    documents: list[Row]
    neighbours: list[Row]
    headers: list[Row]
    line: dict[str, str]
    checks: list[Row]
    issues: list[Row]

    def data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "observation": self.observation,
            "report": self.report,
            "documents": self.documents,
            "headers": self.headers,
            "neighbours": self.neighbours,
            "line": self.line,
            "checks": self.checks,
            "issues": self.issues,
        }

    def lines(self) -> list[str]:
        """For a person."""
        one, report = self.observation, self.report
        standard = _number(one["value_std"]) or "(empty)"
        scores = f"score {_number(one['match_score'])}, margin {_number(one['match_margin'])}"
        said = [
            f"{report['title'] or '(no title)'}",
            f"  {report['publisher'] or '(publisher unknown)'}, {report['report_year']}, {one['form']}, "
            + str(one["report_id"]),
            "",
            f"{one['indicator']} {one['breakdown']}".rstrip() + f" = {_value(one)}",
            f"  {self.line['label']} | {self.line['column']}",
            *self._corrected(),
            "",
            "As published",
            *self._grid(),
            f"  raw {one['raw']!r}, label {one['label']!r}",
            "",
            "Where",
            *(f"  {_place(row)}" for row in self.documents),
            f"  document {one['document_id']}",
            f"  {one['locator']}",
            "",
            "How it was read",
            f"  rules: {', '.join(one['repair'].split(';')) if one['repair'] else 'none was needed'}",
            f"  unit: {one['unit'] or 'unknown'} ({one['unit_source']}); in {one['unit_std'] or '?'}: {standard}",
            f"  line: {one['match']}, {scores}: {METHODS.get(one['match'], '')}",
            f"  label on the form: {self.line['verified_words']}",
        ]
        if one["confidence"] is not None:
            said.append(f"  recognised from a picture, confidence {_number(one['confidence'])}")
        said += ["", f"Checks that it takes part in ({len(self.checks)})"]
        said += [f"  {line}" for check in self.checks for line in _check_lines(check)] or ["  none"]
        if self.issues:
            said += ["", "Issues"]
            said += [f"  {row['severity']} {row['code']}: {row['message']}" for row in self.issues]
        return said

    def _corrected(self) -> list[str]:
        corrected = self.observation["value_corrected"]
        return [] if corrected is None else [f"  corrected to {_number(corrected)} {self.observation['unit_std']}"]

    def _grid(self) -> list[str]:
        own = self.observation
        rows: dict[int, list[Row]] = {}
        for cell in self.neighbours:
            rows.setdefault(cell["row"], []).append(cell)
        shown = []
        if self.headers:
            shown.append("  under " + " / ".join(_brief(cell["raw"]) for cell in self.headers))
        for number, cells in sorted(rows.items()):
            texts = []
            for cell in sorted(cells, key=lambda one: int(one["column"])):
                text = _brief(cell["raw"])
                texts.append(f"[{text}]" if _is_cell(cell, own) else text or "·")
            shown.append(f"  row {number:<3} " + " | ".join(texts))
        return shown or ["  (the ledger has no table around it)"]


def explain(tables: Tables, report: str, indicator: str, breakdown: str) -> Explanation:
    """Explain the figure of a report. `report` is a report_id, the beginning of one, or a source.

    UsageError when there is no such report or figure; it names what there is.
    """
    found = _report(tables, report)
    figures = list(tables.rows("observations", report_id=found["report_id"]))
    own = next((row for row in figures if (row["indicator"], row["breakdown"]) == (indicator, breakdown)), None)
    if own is None:
        same = sorted(row["breakdown"] for row in figures if row["indicator"] == indicator)
        known = (
            f"{indicator} has {', '.join(same)}"
            if same
            else f"it has {_few(sorted({r['indicator'] for r in figures}))}"
        )
        raise UsageError(f"{found['report_id']} has no {indicator} {breakdown}", remedy=f"In this report, {known}.")
    cells = list(tables.rows("cells", document_id=own["document_id"]))
    cell = next((cell for cell in cells if _is_cell(cell, own)), None)
    table = [one for one in cells if cell is not None and one["table"] == cell["table"]]
    near = [one for one in table if cell is not None and abs(one["row"] - cell["row"]) <= AROUND]
    return Explanation(
        observation=own,
        report=found,
        documents=list(tables.rows("documents", document_id=own["document_id"])),
        neighbours=near,
        headers=_headers(table, cell) if cell is not None else [],
        line=line_of(own),
        checks=_checks(tables, own, figures),
        issues=[
            row
            for row in tables.rows("issues", report_id=found["report_id"])
            if row["locator"] and row["locator"] == own["locator"]
        ],
    )


def _report(tables: Tables, said: str) -> Row:
    rows = [row for row in tables.rows("reports") if row["report_id"].startswith(said) or row["source"] == said]
    if len(rows) == 1:
        return rows[0]
    exact = [row for row in rows if row["report_id"] == said]
    if exact:
        return exact[0]
    if not rows:
        raise UsageError(f"there is no report {said}", remedy="Give a report_id of the table reports, or a source.")
    raise UsageError(f"{said} is the beginning of several reports", remedy=_few([row["report_id"] for row in rows]))


def _few(names: list[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def _is_cell(cell: Row, own: Row) -> bool:
    if cell["locator"] != own["locator"]:
        return False
    return cell["indicator"] in ("", own["indicator"]) and cell["breakdown"] in ("", own["breakdown"])


def _headers(table: list[Row], cell: Row) -> list[Row]:
    """The headers over a cell, from the top: the nearest block of them above it."""
    found: list[Row] = []
    above = [
        one
        for one in table
        if one["row"] < cell["row"]
        and one["column"] <= cell["column"] < one["column"] + (one["colspan"] or 1)
        and one["role"] != "note"
    ]
    for one in sorted(above, key=lambda other: int(other["row"]), reverse=True):
        if one["role"] == "header":
            found.append(one)
        elif found:
            break
    return found[::-1]


def line_of(own: Row) -> dict[str, str]:
    """The line and column as the official form has them."""
    from parsers.forms import form

    known = form(own["form"])
    line = known.find(own["indicator"])
    column = known.section(line.section).column(own["breakdown"])
    verified = {
        "yes": "seen on filled pages",
        "no": "as generally reproduced, not yet seen on a filled page",
    }.get(line.verified, line.verified)
    return {
        "label": line.label,
        "label_en": line.label_en,
        "column": " / ".join([*line.groups, *column.groups, column.label]),
        "parent": line.parent,
        "other_labels": "; ".join(line.aliases),
        "verified": line.verified,
        "verified_words": verified,
        "seen": line.seen,
    }


def checks_with(own: Row, figures: list[Row]) -> set[tuple[str, str, str]]:
    """The checks in which a figure is an operand, as (rule, indicator, breakdown), where `figures` are printed."""
    from parsers.forms import form
    from parsers.settle import constraints_of

    key = (own["indicator"], own["breakdown"])
    printed = frozenset((row["indicator"], row["breakdown"]) for row in figures)
    return {
        (one.rule, one.indicator, one.breakdown)
        for one in constraints_of(form(own["form"]), printed)
        if any(term.key == key for term in (*one.left, *one.right))
    }


def _checks(tables: Tables, own: Row, figures: list[Row]) -> list[Row]:
    """The checks in which a figure is an operand, and those about it."""
    key = (own["indicator"], own["breakdown"])
    takes_part = checks_with(own, figures)
    return [
        row
        for row in tables.rows("checks", report_id=own["report_id"])
        if (row["rule"], row["indicator"], row["breakdown"]) in takes_part
        or (key[0] in row["indicator"].split("+") and row["breakdown"] == key[1])
    ]


def _check_lines(check: Row) -> list[str]:
    target = f"{check['indicator']} {check['breakdown']}".strip()
    said = f"{check['outcome']}: {check['rule']} ({check['kind']}, {check['severity']}) for {target or 'the report'}"
    if check["expected"] is not None or check["observed"] is not None:
        said += f": expected {_number(check['expected'])}, published {_number(check['observed'])}"
    lines = [said]
    if check["verdict"]:
        lines.append(f"  {check['verdict']}: {check['explanation']}")
    return lines


def _place(row: Row) -> str:
    where = f"{row['source']}"
    if row["archive"]:
        where += f", in {row['archive']} at {row['archive_offset']}"
    if row["fetched_at"] is not None:
        where += f", fetched {row['fetched_at']:%Y-%m-%d %H:%M:%S} UTC"
    details = ", ".join(part for part in (row["media_type"], row["encoding"]) if part)
    return f"{where} ({details}, {row['bytes']} bytes)"


def _value(one: Row) -> str:
    if one["status"] != "reported":
        return f"(empty), {one['status']}"
    return f"{_number(one['value'])} {one['unit']}".rstrip()


def _number(value: float | None) -> str:
    return "" if value is None else format(Decimal(repr(value)).normalize(), "f")


def _brief(raw: str) -> str:
    text = " ".join(raw.split())
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
