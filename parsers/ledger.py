"""The ledger: every cell of every statistical table, and what it is to the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.claims import Claim, Key, LineMatch
from parsers.document import Cell, Table
from parsers.frozen import maker
from parsers.kinds import kind_of
from parsers.labels import Index
from parsers.records import Issue, LedgerCell
from parsers.rows import Layout, Row
from parsers.statistical import Numbered
from parsers.values import Owner

_ledger_cell = maker(LedgerCell)

Laid = tuple[int, Table, Layout, list[LineMatch | None]]
"""A table with its place among the blocks, -1 where it was put together, taken apart into rows with their lines."""


def ledger_of(
    index: Index,
    claims: Sequence[Claim],
    layouts: Sequence[Laid],
    unrolled: Sequence[Numbered],
    issues: list[Issue],
    owner: Owner,
) -> list[LedgerCell]:
    """Every cell of the tables with what it is to the form; numbers and labels of no line go into `issues`.

    `unrolled` are the tables as the page prints them of which some were put together anew.
    """
    ledger: list[LedgerCell] = []
    keys: list[dict[int, tuple[Key, ...]]] = [{} for _ in layouts]
    units: list[set[int]] = [set() for _ in layouts]
    for claim in claims:
        keys[claim.table][id(claim.cell)] = claim.keys
        if claim.unit is not None:
            units[claim.table].add(id(claim.unit))
    report, document = owner.report_id, owner.document_id
    for number, (_, table, layout, matches) in enumerate(layouts):
        headers = {id(cell) for header in layout.headers for cell in header.cells}
        labels: dict[int, tuple[Row, LineMatch | None]] = {}
        noted: set[int] = set()
        unit_cells = units[number]
        for row, match in zip(layout.rows, matches, strict=True):
            for cell in row.labels:
                if cell.row == row.number or id(cell) not in labels:
                    labels[id(cell)] = (row, match)
            if row.notes:
                noted.update([id(cell) for cell in row.notes])
            if row.serials:
                headers.update([id(cell) for cell in row.serials])
            if row.unit is not None:
                unit_cells.add(id(row.unit))
        claimed = keys[number]
        for cell in table.cells:
            place = id(cell)
            indicator = breakdown = ""
            if (own := claimed.get(place)) is not None:
                role, indicator = "value", own[0][0]
                breakdown = own[0][1] if len(own) == 1 else ""
            elif place in unit_cells:
                role = "unit"
            elif place in headers:
                role = "header"
            elif place in labels:
                role, indicator = "label", _label_of(cell, *labels[place], index, issues)
            elif place not in noted and kind_of(cell.text) == "number":
                role = "unmatched"
                issues.append(_unmatched(cell))
            else:
                role = "note"
            row_at, column_at, tall, wide = cell.row + 1, cell.column + 1, cell.rowspan, cell.colspan
            # The ledger shows the table as the page prints it.
            if table.is_upended:
                row_at = table.rows - cell.row - tall + 1
            if table.is_turned:
                row_at, column_at, tall, wide = column_at, row_at, wide, tall
            ledger.append(
                _ledger_cell(
                    report, document, number + 1, row_at, column_at, tall, wide,
                    cell.text, role, indicator, breakdown, cell.locator,
                )
            )  # fmt: skip
    for place, table in unrolled:
        numbers = [number for number, (at, _, _, _) in enumerate(layouts, 1) if at == place]
        if numbers:
            _put_back(ledger, table, numbers, issues, owner)
    return ledger


def _put_back(
    ledger: list[LedgerCell], table: Table, numbers: Sequence[int], issues: list[Issue], owner: Owner
) -> None:
    """Show the cells of a table that was put together anew where the page prints them, and those that were left."""
    source = {cell.locator: cell for cell in table.cells}
    seen: set[str] = set()
    for at, row in enumerate(ledger):
        if row.table in numbers and (cell := source.get(row.locator)) is not None:
            seen.add(row.locator)
            tall, wide = cell.rowspan, cell.colspan
            ledger[at] = replace(
                row,
                table=numbers[0],
                row=cell.row + 1,
                column=cell.column + 1,
                rowspan=tall,
                colspan=wide,
                raw=cell.text,
            )
    report, document = owner.report_id, owner.document_id
    for cell in table.cells:
        if cell.locator in seen:
            continue
        role = "unmatched" if kind_of(cell.text) == "number" else "note"
        if role == "unmatched":
            issues.append(_unmatched(cell))
        ledger.append(
            _ledger_cell(
                report, document, numbers[0], cell.row + 1, cell.column + 1, cell.rowspan, cell.colspan,
                cell.text, role, "", "", cell.locator,
            )
        )  # fmt: skip


def _label_of(cell: Cell, row: Row, match: LineMatch | None, index: Index, issues: list[Issue]) -> str:
    """The indicator that a label is the own one of; a label of no line is an issue."""
    if not row.labels or row.labels[-1] is not cell:
        return ""
    if match is not None:
        return index.lines[match.line].indicator
    _unmatched_label(row, cell, index, issues)
    return ""


def _unmatched(cell: Cell) -> Issue:
    return Issue(
        code="unmatched_number",
        severity="warning",
        message="a number that no line of the form claims",
        raw=cell.text,
        locator=cell.locator,
    )


def _unmatched_label(row: Row, cell: Cell, index: Index, issues: list[Issue]) -> None:
    if not any(kind_of(value.cell.text) == "number" for value in row.values):
        return
    near = index.similar(cell.text, 0.0)[:1]
    nearest = f"; nearest is {index.lines[near[0][1]].label} at {near[0][0]:.0f}" if near else ""
    issues.append(
        Issue(
            code="unmatched_label",
            severity="warning",
            message=f"no line of {index.form.name} has this label{nearest}",
            raw=cell.text,
            locator=cell.locator,
        )
    )
