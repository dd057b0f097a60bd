"""Whether the rows of a report agree: figures with the ledger, checks with figures, counts with rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from parsers.records import FAILED
from pipeline.rereading import digits, reread, squeezed
from pipeline.verify import BLANKS, SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.records import Check, Observation
    from pipeline.tables import Row, Tables

CHECKS = {
    "status_and_value": "a figure that is reported has a value, and no other has one",
    "raw_and_value": "the cell, read a second way, gives the value or the status",
    "standard_value": "the value in the standard unit is the value in its unit",
    "unit": "a unit is stated where its source says so",
    "cell_of_form": "line and column are on the form",
    "columns_of_report": "body, year and form of a figure are those of its report",
    "figure_in_ledger": "a figure stands in the ledger, at the same place with the same text",
    "ledger_in_figures": "a value in the ledger was read for a figure",
    "label_in_ledger": "the label of a figure is one that the ledger has for its line",
    "ledger_grid": "the cells of a table lie side by side, row after row",
    "unmatched_has_issue": "a number that no line claims has an issue",
    "arithmetic": "the checks, evaluated anew on the published values, come out as published",
    "prose_of_figures": "the checks of the text, evaluated anew on its figures and the cells, come out as published",
    "counts": "the counts of a report are those of its rows",
    "main_document": "a report has one main document, after which it is named",
    "document_kind": "a document is a report if and only if a report was read from it",
    "versions": "the versions of a report are numbered in order, and the last is the latest",
    "period": "a period begins before it ends, and the year reported on lies in it",
    "body_of_reports": "a body has the name of a publisher, and the years of its reports",
    "section_tree": "a section lies within its parent, on a lower level, behind the one before it",
    "document_of_report": "what is said of a report stands in one of its documents",
}

NEEDED = (
    "documents", "report_documents", "reports", "bodies", "sections", "observations", "cells", "checks", "issues",
)  # fmt: skip
AT_ONCE = 2_000
"""Reports whose rows are held in memory together."""

MONEY = {
    "元": 1,
    "百元": 100,
    "千元": 1_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
    "亿元": 100_000_000,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A check that fails: in which table, for which row, and what is wrong."""

    check: str
    table: str
    key: str
    message: str


def faults(tables: Tables) -> Iterator[Fault]:
    """Everything that does not agree."""
    reports = {row["report_id"]: row for row in tables.rows("reports")}
    sources = defaultdict(list)
    roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in tables.rows("documents"):
        sources[row["document_id"]].append(row)
    for row in tables.rows("report_documents"):
        roles[row["report_id"]].append((row["role"], row["document_id"]))
    yield from _documents(reports, sources, roles)
    yield from _versions(list(reports.values()))
    yield from _bodies(tables, list(reports.values()))
    counted: dict[str, Counter[str]] = {name: Counter() for name in ("observations", "checks_failed", "issues")}
    names = sorted(reports)
    for start in range(0, len(names) or 1, AT_ONCE):
        chosen = names[start : start + AT_ONCE]
        yield from _chunk(tables, {name: reports[name] for name in chosen}, roles, counted)
    for name, report in reports.items():
        for column, counts in counted.items():
            if report[column] != counts[name]:
                yield Fault("counts", "reports", name, f"{column} is {report[column]}, counted are {counts[name]}")


def _chunk(
    tables: Tables,
    reports: dict[str, Row],
    roles: dict[str, list[tuple[str, str]]],
    counted: dict[str, Counter[str]],
) -> Iterator[Fault]:
    """The rows of some reports."""
    rows = {
        table: _by_report(tables, table, reports)
        for table in ("observations", "cells", "checks", "issues", "sections", "figures")
    }
    for name, report in reports.items():
        figures, cells = rows["observations"][name], rows["cells"][name]
        counted["observations"][name] += len(figures)
        counted["checks_failed"][name] += sum(row["outcome"] in FAILED for row in rows["checks"][name])
        counted["issues"][name] += len(rows["issues"][name])
        for figure in figures:
            yield from _figure(figure, report)
        yield from _ledger(figures, cells, rows["issues"][name])
        again = _observations(figures)
        yield from _arithmetic(report, again, rows["checks"][name])
        yield from _prose(report, again, rows["figures"][name], rows["checks"][name])
        yield from _sections(rows["sections"][name])
        documents = {document for _, document in roles[name]}
        for table, found in rows.items():
            for row in found[name] if table != "checks" else ():
                if row["document_id"] and row["document_id"] not in documents:
                    yield Fault(
                        "document_of_report", table, _key(row), f"{row['document_id'][:16]}… is another report's"
                    )


def _by_report(tables: Tables, table: str, reports: dict[str, Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in tables.rows(table, among=("report_id", list(reports))):
        found[row["report_id"]].append(row)
    return found


def _key(row: Row) -> str:
    names = ("report_id", "section", "rule", "indicator", "breakdown", "table", "row", "column", "code")
    return " ".join(str(row[name]) for name in names if row.get(name) not in (None, ""))


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def _figure(one: Row, report: Row) -> Iterator[Fault]:
    """A figure by itself."""
    from parsers.forms import form

    key, value = _key(one), _exact(one["value"])
    if (one["status"] == "reported") != (value is not None):
        yield Fault("status_and_value", "observations", key, f"status {one['status']}, value {value}")
    elif not _reads(one, value):
        yield Fault(
            "raw_and_value",
            "observations",
            key,
            f"{one['raw']!r} is no {value if value is not None else one['status']}",
        )
    standard = _exact(one["value_std"])
    factor = MONEY.get(one["unit"]) if one["unit_std"] == "元" else 1
    if value is None or standard is None:
        wrong = standard is not None or (value is not None and factor is not None and one["unit"] != "")
    else:
        wrong = factor is None or value * factor != standard
    if wrong:
        yield Fault("standard_value", "observations", key, f"{value} {one['unit']} is not {standard} {one['unit_std']}")
    if (one["unit"] == "") != (one["unit_source"] in ("", "unknown")):
        yield Fault("unit", "observations", key, f"unit {one['unit']!r}, from {one['unit_source'] or 'nowhere'}")
    try:
        known = form(one["form"])
        known.value_type_of(one["indicator"], one["breakdown"])
        stated = known.unit_of(one["indicator"], one["breakdown"])
        if one["unit_source"] == "form" and stated != one["unit"]:
            yield Fault("unit", "observations", key, f"the form says {stated}, not {one['unit']}")
    except KeyError as error:
        yield Fault("cell_of_form", "observations", key, str(error.args[0]))
    for column in ("body_id", "report_year", "form"):
        if one[column] != report[column]:
            yield Fault("columns_of_report", "observations", key, f"{column} is {one[column]}, not {report[column]}")


def _reads(one: Row, value: Decimal | None) -> bool:
    """Whether the text of a cell can be read as its value or status."""
    reading, rules = reread(one["raw"]), one["repair"].split(";")
    settled = any(rule in SETTLED for rule in rules)
    if value is None:
        return one["status"] not in BLANKS or reading.kind == one["status"] or settled or bool(one["repair"])
    if settled:
        return digits(format(abs(value).normalize(), "f")) in digits(one["raw"])
    return value in reading.values if reading.kind == "number" else bool(one["repair"])


def _ledger(figures: list[Row], cells: list[Row], issues: list[Row]) -> Iterator[Fault]:
    """Figures against the ledger, and the ledger by itself."""
    places: dict[tuple[str, str], list[Row]] = defaultdict(list)
    labels: dict[str, set[str]] = defaultdict(set)
    for cell in cells:
        places[cell["document_id"], cell["locator"]].append(cell)
        if cell["role"] == "label" and cell["indicator"]:
            labels[cell["indicator"]].add(squeezed(cell["raw"]))
    # A cell that stands for several columns names its line alone.
    known = {(figure["indicator"], breakdown) for figure in figures for breakdown in (figure["breakdown"], "")}
    for figure in figures:
        there = places[figure["document_id"], figure["locator"]]
        if not any(_stands_for(cell, figure) for cell in there):
            yield Fault("figure_in_ledger", "observations", _key(figure), f"no such cell at {figure['locator']}")
        mine, label = labels[figure["indicator"]], squeezed(figure["label"])
        if mine and label and label not in mine and not any(label in one or one in label for one in mine):
            yield Fault(
                "label_in_ledger", "observations", _key(figure), f"{figure['label']!r} is none of {sorted(mine)}"
            )
    told = {(issue["document_id"], issue["locator"]) for issue in issues}
    for cell in cells:
        if cell["role"] == "value" and cell["indicator"] and (cell["indicator"], cell["breakdown"]) not in known:
            yield Fault(
                "ledger_in_figures", "cells", _key(cell), f"{cell['indicator']} {cell['breakdown']} was not read"
            )
        if cell["role"] == "unmatched" and digits(cell["raw"]) and (cell["document_id"], cell["locator"]) not in told:
            yield Fault("unmatched_has_issue", "cells", _key(cell), f"{cell['raw']!r} has no issue")
    yield from _grids(cells)


def _stands_for(cell: Row, figure: Row) -> bool:
    """Whether a cell of the ledger is that of a figure; one cell may stand for several figures run together."""
    if cell["role"] != "value" or not figure["raw"].startswith(cell["raw"]):
        return False
    shared = figure["status"] == "ambiguous" or any(rule in SETTLED for rule in figure["repair"].split(";"))
    own = (cell["indicator"] or figure["indicator"], cell["breakdown"] or figure["breakdown"])
    return shared or own == (figure["indicator"], figure["breakdown"])


def _grids(cells: list[Row]) -> Iterator[Fault]:
    tables: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for cell in cells:
        tables[cell["document_id"], cell["table"]].append(cell)
    for found in tables.values():
        taken: dict[tuple[int, int], Row] = {}
        last = 0
        for cell in sorted(found, key=lambda one: (one["row"], one["column"])):
            if cell["row"] > last + 1:
                yield Fault("ledger_grid", "cells", _key(cell), f"no cell lies in row {last + 1}")
            last = max(last, cell["row"] + (cell["rowspan"] or 1) - 1)
            for row in range(cell["row"], cell["row"] + (cell["rowspan"] or 1)):
                for column in range(cell["column"], cell["column"] + (cell["colspan"] or 1)):
                    if (row, column) in taken:
                        yield Fault("ledger_grid", "cells", _key(cell), f"lies over {_key(taken[row, column])}")
                        break
                    taken[row, column] = cell


def _observations(figures: list[Row]) -> list[Observation]:
    """Published figures as the records that checks are made from."""
    from parsers.records import Observation

    fields = ("indicator", "breakdown", "status", "raw")
    return [
        Observation(
            **{name: one[name] for name in fields}, value=_exact(one["value"]), value_std=_exact(one["value_std"])
        )
        for one in figures
    ]


def _prose(report: Row, cells: list[Observation], figures: list[Row], checks: list[Row]) -> Iterator[Fault]:
    """Compare the figures of the text with the cells anew."""
    from parsers.forms import form
    from parsers.prose_checks import compare
    from parsers.records import Figure

    names = ("indicator", "breakdown", "unit", "phrase")
    said = [Figure(**{name: one[name] for name in names}, value=_exact(one["value"])) for one in figures]
    expected = compare(said, cells, form(report["form"])) if report["form"] and cells else ()
    yield from _as_evaluated("prose_of_figures", report, expected, [one for one in checks if one["kind"] == "prose"])


def _arithmetic(report: Row, cells: list[Observation], checks: list[Row]) -> Iterator[Fault]:
    """Evaluate the identities anew and compare."""
    from parsers.checks import WITHIN, check
    from parsers.forms import form

    expected = check(cells, form(report["form"]), ()) if report["form"] else ()
    yield from _as_evaluated("arithmetic", report, expected, [one for one in checks if one["kind"] in WITHIN])


def _as_evaluated(name: str, report: Row, again: Sequence[Check], checks: list[Row]) -> Iterator[Fault]:
    """Published checks against those evaluated anew."""
    expected = {(one.rule, one.indicator, one.breakdown): one for one in again}
    found = {(one["rule"], one["indicator"], one["breakdown"]): one for one in checks}
    for key in expected.keys() - found.keys():
        yield Fault(name, "checks", f"{report['report_id']} {' '.join(key)}", "was not evaluated")
    for key, row in found.items():
        wanted = expected.get(key)
        if wanted is None or row["form"] != report["form"]:
            yield Fault(name, "checks", _key(row), "the form has no such rule here")
            continue
        for column in ("outcome", "expected", "observed", "difference", "severity", "kind"):
            value = _exact(row[column]) if column in ("expected", "observed", "difference") else row[column]
            if value != getattr(wanted, column):
                yield Fault(name, "checks", _key(row), f"{column} is {value}, evaluated {getattr(wanted, column)}")
        if bool(row["verdict"]) != (row["outcome"] in FAILED) or (row["verdict"] and not row["explanation"]):
            yield Fault(name, "checks", _key(row), f"outcome {row['outcome']} with verdict {row['verdict']!r}")


def _documents(
    reports: dict[str, Row], sources: dict[str, list[Row]], roles: dict[str, list[tuple[str, str]]]
) -> Iterator[Fault]:
    for name, report in reports.items():
        mains = [document for role, document in roles[name] if role == "main"]
        if mains != [report["document_id"]]:
            yield Fault("main_document", "report_documents", name, f"main documents are {mains}")
        if f"r{report['document_id'][:16]}" != name:
            yield Fault("main_document", "reports", name, f"its main document is {report['document_id'][:16]}…")
        if report["source"] not in {row["source"] for row in sources[report["document_id"]]}:
            yield Fault("main_document", "reports", name, f"its document was not seen at {report['source']}")
        year, start, end = report["report_year"], report["period_start"], report["period_end"]
        if start is not None and end is not None and start > end:
            yield Fault("period", "reports", name, f"{start} to {end}")
        elif year is not None and end is not None and not (start or end).year <= year <= end.year:
            yield Fault("period", "reports", name, f"{year} is not in {start} to {end}")
        if (report["period_basis"] == "") != (start is None and end is None):
            yield Fault("period", "reports", name, f"{start} to {end} on the basis {report['period_basis']!r}")
    read = {document for found in roles.values() for role, document in found if role in ("main", "copy")}
    other = {document for found in roles.values() for role, document in found if role == "attachment"}
    for document, rows in sources.items():
        kinds = {row["kind"] for row in rows}
        if (document in read) != ("report" in kinds) and not (document in other and "report" in kinds):
            yield Fault("document_kind", "documents", document, f"is {', '.join(sorted(kinds))}")
        if document and any(row["bytes"] is not None and row["bytes"] <= 0 for row in rows):
            yield Fault("document_kind", "documents", document, "has no bytes")


def _versions(reports: list[Row]) -> Iterator[Fault]:
    groups: dict[tuple[str, int, str], list[Row]] = defaultdict(list)
    for report in reports:
        groups[report["body_id"], report["report_year"], report["scope"]].append(report)
    for (body, year, _), found in groups.items():
        if not body or year is None:
            continue
        found.sort(key=lambda one: one["revision"] or 0)
        if [one["revision"] for one in found] != list(range(1, len(found) + 1)):
            yield Fault("versions", "reports", found[0]["report_id"], f"revisions {[one['revision'] for one in found]}")
        if [one["latest"] for one in found] != [False] * (len(found) - 1) + [True]:
            yield Fault("versions", "reports", found[-1]["report_id"], f"latest {[one['latest'] for one in found]}")


def _bodies(tables: Tables, reports: list[Row]) -> Iterator[Fault]:
    mine: dict[str, list[Row]] = defaultdict(list)
    for report in reports:
        mine[report["body_id"]].append(report)
    for body in tables.rows("bodies"):
        found = mine[body["body_id"]]
        years = [report["report_year"] for report in found if report["report_year"] is not None]
        names = {report["publisher"] for report in found}
        if body["name"] not in names:
            yield Fault("body_of_reports", "bodies", body["body_id"], f"{body['name']} is none of {sorted(names)}")
        if years and (body["valid_from"], body["valid_to"]) != (min(years), max(years)):
            said = f"{body['valid_from']} to {body['valid_to']}, reports are from {min(years)} to {max(years)}"
            yield Fault("body_of_reports", "bodies", body["body_id"], said)
        for report in found:
            if body["division_code"] and report["division_code"] and body["body_type"] != report["body_type"]:
                yield Fault("body_of_reports", "bodies", body["body_id"], f"{report['report_id']} is of another type")


def _sections(sections: list[Row]) -> Iterator[Fault]:
    known = {row["section"]: row["level"] for row in sections}
    for row in sections:
        path, parent = row["section"], row["parent"]
        above = path.rpartition(".")[0]
        if parent != above or (parent and parent not in known):
            yield Fault("section_tree", "sections", _key(row), f"its parent is {parent!r}")
        if (row["level"] == 0) != (path == "0") or not known.get(parent, 0) <= row["level"] - (path != "0") <= 3:
            yield Fault("section_tree", "sections", _key(row), f"its level is {row['level']}")
        number = path.rpartition(".")[2]
        before = f"{above}.{int(number) - 1}" if above else str(int(number) - 1)
        if int(number) > 1 and before not in known:
            yield Fault("section_tree", "sections", _key(row), f"there is no {before}")
