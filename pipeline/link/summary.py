"""The checks of each body and year counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from parsers.records import FAILED, CheckSummary, columns

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTED = {
    "passed": ("outcome", "pass"),
    "passed_if_blank_zero": ("outcome", "pass_if_blank_zero"),
    "failed": ("outcome", "fail"),
    "failed_if_blank_zero": ("outcome", "fail_if_blank_zero"),
    "not_assessable": ("outcome", "not_assessable"),
}
FAILURES = {
    "errors": ("severity", "error"),
    "warnings": ("severity", "warning"),
    "notes": ("severity", "info"),
    "source_errors": ("verdict", "source_error"),
    "reading_doubts": ("verdict", "reading_doubt"),
}
NEEDED = ("report_id", "rule", "outcome", "severity", "verdict")


def summary(reports: pd.DataFrame, checks: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Rows of `check_summary` for reports, the newest revisions; `checks` are those of all reports in batches."""
    names = ["checks", *COUNTED, *FAILURES]
    every = pd.DataFrame(columns=names, dtype="int64")
    rules: dict[str, set[str]] = {}
    for batch in checks:
        rows = batch[batch["report_id"].isin(reports["report_id"])]
        failed = rows["outcome"].isin(FAILED)
        marks: dict[str, Any] = {
            "report_id": rows["report_id"].astype(object),
            "checks": pd.Series(1, index=rows.index),
        }
        marks |= {name: (rows[column] == value).fillna(value=False) for name, (column, value) in COUNTED.items()}
        marks |= {
            name: (failed & (rows[column] == value)).fillna(value=False) for name, (column, value) in FAILURES.items()
        }
        counted = pd.DataFrame(marks)
        counted = counted.astype(dict.fromkeys(names, "int64")).groupby("report_id").sum()
        every = every.add(counted, fill_value=0)
        for report, rule in rows.loc[failed, ["report_id", "rule"]].itertuples(index=False, name=None):
            rules.setdefault(report, set()).add(rule)
    made = reports[["body_id", "report_year", "scope", "report_id", "form"]].reset_index(drop=True)
    whole = pd.ArrowDtype(pa.int64())
    for name in names:
        made[name] = made["report_id"].map(every[name].to_dict()).fillna(0).astype(whole)
    said = [";".join(sorted(rules.get(report, ()))) or None for report in made["report_id"]]
    failed_rules = pd.Series(said, index=made.index, dtype=pd.ArrowDtype(pa.string()))
    return made.assign(failed_rules=failed_rules)[[column.name for column in columns(CheckSummary)]]
