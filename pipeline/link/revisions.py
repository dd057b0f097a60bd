"""Revisions: what a body published more than once for a year and a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

GROUP = ["body_id", "report_year", "scope"]


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
