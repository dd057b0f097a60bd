"""The harmonised panel: the figures of a report that other forms have in the same sense, and nothing else."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from parsers.forms.crosswalk import crosswalk, series
from parsers.records import HarmonisedRow, columns
from pipeline import schema
from pipeline.link.histories import wide_names
from pipeline.link.panel import rows_of

MONTHS = 12
UNSURE = ("ambiguous", "unreadable", "conflict")
NO_TABLE = "prose"


def harmonised(reports: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Rows of `panel_harmonised` for some bodies, from the newest revisions of their reports and their observations.

    Values are in standard units. `flags` say of the report what the crosswalk cannot.
    """
    rows = rows_of(reports)
    place = pd.Series(range(len(rows)), index=rows["report_id"].astype(object))
    form = pd.Series(rows["form"].astype(object).to_numpy(), index=rows["report_id"].astype(object))
    kept = observations[observations["report_id"].isin(rows["report_id"])]
    ids = kept["report_id"].astype(object)
    named = ids.map(form).fillna("").astype(str) + " " + wide_names(kept).astype(object)
    at = pd.DataFrame({"row": ids.map(place), "column": named.map(_places())}, index=kept.index).dropna()
    values = np.full((len(rows), len(series())), np.nan)
    numbers = kept.loc[at.index, "value_std"].astype("float64").to_numpy(na_value=np.nan)
    values[at["row"].to_numpy(dtype=np.int64), at["column"].to_numpy(dtype=np.int64)] = numbers
    unsure = set(kept.loc[at.index][kept.loc[at.index, "status"].isin(UNSURE)]["report_id"])
    facts = rows[["report_id", "form", "period_months", "checks_failed"]].itertuples(index=False, name=None)
    flags = [_flags(form, months, failed, report in unsure) for report, form, months, failed in facts]
    rows = rows.assign(flags=pd.Series(flags, index=rows.index, dtype=pd.ArrowDtype(pa.string())))
    number = pd.ArrowDtype(pa.float64())
    made = {
        name: pd.array(pa.array(values[:, column], from_pandas=True), dtype=number)
        for column, name in enumerate(series())
    }
    own = rows[[column.name for column in columns(HarmonisedRow)]]
    return pd.concat([own, pd.DataFrame(made, index=own.index)], axis=1)


def _flags(form: Any, months: Any, failed: Any, unsure: bool) -> str | None:
    found = []
    if not pd.isna(months) and months != MONTHS:
        found.append("short_period" if months < MONTHS else "long_period")
    if not pd.isna(failed) and failed > 0:
        found.append("checks_failed")
    if unsure:
        found.append("doubtful_cells")
    if pd.isna(form) or form == NO_TABLE:
        found.append("no_table")
    return ";".join(found) or None


@functools.cache
def _places() -> dict[str, int]:
    """For the cell of a form, as `FORM INDICATOR__BREAKDOWN`, the place of its series."""
    place = {name: number for number, name in enumerate(series())}
    return {
        f"{row.form} {schema.wide_name(row.indicator, row.breakdown)}": place[row.series]
        for row in crosswalk()
        if row.series
    }
