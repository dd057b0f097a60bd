"""What differs between two published sets of tables, figure by figure, and why.

A figure is compared with the one of the same report; where a report is in one set only, with that of the latest
report of the same body, year and scope in the other. The reasons are looked for in this order: a correction, other
bytes of the source, another parser. A change without any of them is `unexplained`, which points to the pipeline.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, TextIO

from pipeline import manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.tables import Row, Tables

KINDS = ("added", "removed", "changed")
REASONS = (
    "correction", "source_changed", "parser_changed", "report_added", "report_removed", "unexplained",
)  # fmt: skip
COMPARED = ("value", "unit", "value_std", "status", "value_corrected")
AT_ONCE = 2_000
"""Reports whose figures are held in memory together."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is in one set only, or that says something else. `column` names what changed."""

    kind: str
    reason: str
    body_id: str
    report_year: str
    report_id: str
    previous_report_id: str
    indicator: str
    breakdown: str
    column: str
    old: str
    new: str


@dataclass(slots=True)
class Difference:
    """All changes, and how many reports were compared."""

    changes: list[Change] = field(default_factory=list)
    reports: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[tuple[str, str], int]:
        """Figures by kind and reason."""
        seen = {(c.kind, c.reason, c.report_id, c.previous_report_id, c.indicator, c.breakdown) for c in self.changes}
        counted = Counter((kind, reason) for kind, reason, *_ in seen)
        order = [(kind, reason) for kind in KINDS for reason in REASONS]
        return {key: counted[key] for key in order if counted[key]}

    def lines(self) -> list[str]:
        """For a person, and for a changelog."""
        said = [f"{self.reports[kind]} reports {kind}" for kind in ("same", "added", "removed", "replaced")]
        counts = self.counts()
        return [", ".join(said)] + [
            f"{count} figures {kind}: {reason.replace('_', ' ')}" for (kind, reason), count in counts.items()
        ]


def diff(old: Tables, new: Tables) -> Difference:
    """Compare two sets of tables. UsageError when one cannot be read."""
    found = Difference()
    before, after = _reports(old), _reports(new)
    parsers = (_parser(old), _parser(new))
    pairs: list[tuple[Row | None, Row | None]] = []
    latest = {
        _natural(row): row
        for row in before.values()
        if row["report_id"] not in after and row["latest"] and row["body_id"] and row["report_year"] is not None
    }
    for name, row in after.items():
        other = before.get(name)
        if other is None and row["latest"]:
            other = latest.pop(_natural(row), None)
        kind = "added" if other is None else "same" if other["report_id"] == name else "replaced"
        found.reports[kind] += 1
        pairs.append((other, row))
    used = {one["report_id"] for one, _ in pairs if one is not None}
    gone = [(row, None) for name, row in before.items() if name not in used]
    found.reports["removed"] += len(gone)
    pairs += gone
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        left = _figures(old, [one["report_id"] for one, _ in some if one is not None])
        right = _figures(new, [other["report_id"] for _, other in some if other is not None])
        for one, other in some:
            mine = left.get(one["report_id"], {}) if one is not None else {}
            theirs = right.get(other["report_id"], {}) if other is not None else {}
            found.changes += _compare(one, other, mine, theirs, parsers)
    return found


def write(changes: Iterable[Change], file: TextIO) -> None:
    """The changes as CSV."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([one.name for one in fields(Change)])
    writer.writerows(list(asdict(one).values()) for one in changes)


def _reports(tables: Tables) -> dict[str, Row]:
    digests = {row["document_id"]: row["article_digest"] for row in tables.rows("documents")}
    return {
        row["report_id"]: {**row, "content": digests.get(row["document_id"]) or row["document_id"]}
        for row in tables.rows("reports")
    }


def _natural(row: Row) -> tuple[str, int | None, str]:
    return row["body_id"], row["report_year"], row["scope"]


def _parser(tables: Tables) -> str:
    said = manifest.head(tables.folder) or {}
    return str(said.get("versions", {}).get("parser_digest", ""))


def _figures(tables: Tables, reports: list[str]) -> dict[str, dict[tuple[str, str], Row]]:
    found: dict[str, dict[tuple[str, str], Row]] = {}
    for row in tables.rows("observations", among=("report_id", reports)):
        found.setdefault(row["report_id"], {})[row["indicator"], row["breakdown"]] = row
    return found


def _compare(
    one: Row | None,
    other: Row | None,
    mine: dict[tuple[str, str], Row],
    theirs: dict[tuple[str, str], Row],
    parsers: tuple[str, str],
) -> Iterator[Change]:
    """The changes between two versions of a report, one of which may be missing."""
    shown = other if other is not None else one
    assert shown is not None

    def change(kind: str, reason: str, key: tuple[str, str], column: str, old: object, new: object) -> Change:
        return Change(
            kind,
            reason,
            shown["body_id"],
            str(shown["report_year"] or ""),
            other["report_id"] if other is not None else "",
            one["report_id"] if one is not None else "",
            *key,
            column,
            _text(old),
            _text(new),
        )

    for key in sorted(mine.keys() | theirs.keys()):
        left, right = mine.get(key), theirs.get(key)
        if left is None and right is not None:
            reason = "report_added" if one is None else _reason(one, other, parsers)
            yield change(
                "added", reason, key, "value", None, right["value"] if right["value"] is not None else right["status"]
            )
        elif right is None and left is not None:
            reason = "report_removed" if other is None else _reason(one, other, parsers)
            yield change(
                "removed", reason, key, "value", left["value"] if left["value"] is not None else left["status"], None
            )
        elif left is not None and right is not None:
            for column in COMPARED:
                if left[column] != right[column]:
                    reason = "correction" if column == "value_corrected" else _reason(one, other, parsers)
                    yield change("changed", reason, key, column, left[column], right[column])


def _reason(one: Row | None, other: Row | None, parsers: tuple[str, str]) -> str:
    if one is None or other is None:
        return "unexplained"
    if one["document_id"] != other["document_id"] or (
        one["content"] != other["content"]
        and one["parser_version"] == other["parser_version"]
        and parsers[0] == parsers[1]
    ):
        return "source_changed"
    if one["parser_version"] != other["parser_version"] or parsers[0] != parsers[1]:
        return "parser_changed"
    return "unexplained"


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
