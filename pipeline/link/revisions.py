"""Revisions: what a body published more than once for a year and a scope, and what it changed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from pipeline.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUP = ["body_id", "report_year", "scope"]

FIELDS = (
    "title", "publisher", "form", "period_start", "period_end", "published_date", "index_number", "document_number",
    "email", "phone",
)  # fmt: skip
"""The columns of `reports` that are compared."""

NOT_PRINTED = "not_printed"


def number(reports: pd.DataFrame) -> pd.DataFrame:
    """Reports with `revision` and `latest`.

    `reports` has a column `seen`, when the main document was first seen. Order is by publication, then first
    sight, then id; a report without a date comes before those that have one, so that it never displaces one. A
    report whose body or year is unknown is the only revision of its own.
    """
    ordered = reports.sort_values(["published_date", "seen", "report_id"], na_position="first")
    known = ordered["body_id"].notna() & ordered["report_year"].notna()
    groups = ordered[known].groupby(GROUP, dropna=False)
    place = groups.cumcount() + 1
    size = groups["report_id"].transform("size")
    ordered["revision"] = place.reindex(ordered.index, fill_value=1)
    ordered["latest"] = (place == size).reindex(ordered.index, fill_value=True)
    return ordered


def changes(reports: pd.DataFrame, observations: pd.DataFrame) -> pa.Table:
    """The rows of `revisions` for some bodies, from their reports and the observations of these.

    Only consecutive revisions are compared, within one body, year and scope.
    """
    known = reports[reports["report_year"].notna()].sort_values([*GROUP, "revision"])
    before = known.groupby(GROUP, dropna=False)["report_id"].shift()
    pairs = pd.DataFrame({"report_id": known["report_id"], "previous_report_id": before}).dropna()
    wanted = arrow_schema("revisions")
    if pairs.empty:
        return wanted.empty_table()
    rows = [*_fields(pairs, reports), *_cells(pairs, observations)]
    return pa.table(
        {name: [row[place] or None for row in rows] for place, name in enumerate(wanted.names)}, schema=wanted
    )


_Row = tuple[str, str, str, str, str, str]


def _fields(pairs: pd.DataFrame, reports: pd.DataFrame) -> list[_Row]:
    wanted = {*pairs["report_id"], *pairs["previous_report_id"]}
    facts = reports[reports["report_id"].isin(wanted)].set_index("report_id")
    found: list[_Row] = []
    for name in FIELDS:
        said = {report: "" if pd.isna(value) else str(value) for report, value in facts[name].items()}
        for new, old in pairs.itertuples(index=False, name=None):
            if said[new] != said[old]:
                found.append((new, old, name, "", said[old], said[new]))
    return found


def _cells(pairs: pd.DataFrame, observations: pd.DataFrame) -> list[_Row]:
    wanted = {*pairs["report_id"], *pairs["previous_report_id"]}
    rows = observations[observations["report_id"].isin(wanted)]
    said: dict[str, dict[tuple[str, str], str]] = {}
    columns = rows[["report_id", "indicator", "breakdown", "value_std", "status", "raw"]]
    for report, indicator, breakdown, value, status, raw in columns.itertuples(index=False, name=None):
        said.setdefault(report, {})[indicator, breakdown] = _text(value, status, raw)
    found: list[_Row] = []
    for new, old in pairs.itertuples(index=False, name=None):
        now, then = said.get(new, {}), said.get(old, {})
        for key in _keys(then, now):
            before, after = then.get(key, NOT_PRINTED), now.get(key, NOT_PRINTED)
            if before != after:
                found.append((new, old, *key, before, after))
    return found


def _keys(*cells: dict[tuple[str, str], str]) -> Sequence[tuple[str, str]]:
    return sorted({key for one in cells for key in one})


def _text(value: Any, status: str, raw: Any) -> str:
    """A cell as text: its value, what it says where its unit is unknown, or its status."""
    if not pd.isna(value):
        return decimal(float(value))
    return status if status != "reported" or pd.isna(raw) else str(raw).strip()


def decimal(value: float) -> str:
    """A number as the shortest decimal text that gives it back: 57, 24252.311082."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
