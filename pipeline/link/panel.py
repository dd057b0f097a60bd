"""The panel: a row for each body, year and scope, with a column for each cell of every form."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from parsers.forms import forms
from parsers.records import CELL_STATES, PanelRow, columns
from pipeline import schema
from pipeline.link.histories import wide_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEY = ["body_id", "report_year", "scope"]
NOT_PRINTED = CELL_STATES.index("not_printed")
NOT_ON_FORM = CELL_STATES.index("not_on_form")


def panel(reports: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Rows of `panel` for some bodies, from the newest revisions of their reports and the observations of these.

    Values are in standard units.
    """
    rows = rows_of(reports)
    places, cells, found = _found(rows, observations)
    values = np.full((len(rows), len(schema.cells())), np.nan)
    values[places, cells] = found["value_std"].astype("float64").to_numpy(na_value=np.nan)
    text = pd.ArrowDtype(pa.float64())
    made = {name: pd.array(pa.array(values[:, place], from_pandas=True), dtype=text) for place, name in _names()}
    return pd.concat([rows, pd.DataFrame(made, index=rows.index)], axis=1)


def statuses(reports: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Rows of `panel_status`: the same with what each cell says.

    That is the status of the observation, `not_printed` where the page has no such cell, and `not_on_form` where
    the official form has none.
    """
    rows = rows_of(reports)
    places, cells, found = _found(rows, observations)
    on_form = _on_form()
    empty = np.full(len(schema.cells()), NOT_ON_FORM, dtype=np.int8)
    forms_of = rows["form"].astype(object).where(rows["form"].notna(), "")
    said = np.stack([on_form.get(form, empty) for form in forms_of]) if len(rows) else empty[:0].reshape(0, len(empty))
    codes = found["status"].map({status: place for place, status in enumerate(CELL_STATES)})
    said[places, cells] = codes.to_numpy(dtype=np.int8)
    words = pa.array(CELL_STATES, pa.string())
    text = pd.ArrowDtype(pa.string())
    made = {name: pd.array(words.take(pa.array(said[:, place])), dtype=text) for place, name in _names()}
    return pd.concat([rows, pd.DataFrame(made, index=rows.index)], axis=1)


def _names() -> list[tuple[int, str]]:
    return [(place, schema.wide_name(*key)) for place, key in enumerate(schema.cells())]


def rows_of(reports: pd.DataFrame) -> pd.DataFrame:
    """The columns of the panel that are no cells, one row a report."""
    known = reports.sort_values(KEY, na_position="first").reset_index(drop=True)
    months = [_months(start, end) for start, end in zip(known["period_start"], known["period_end"], strict=True)]
    known = known.assign(period_months=pd.Series(months, index=known.index, dtype=pd.ArrowDtype(pa.int64())))
    return known[[column.name for column in columns(PanelRow)]]


def _months(start: Any, end: Any) -> int | None:
    if pd.isna(start) or pd.isna(end):
        return None
    first, last = pd.Timestamp(str(start)), pd.Timestamp(str(end))
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _found(rows: pd.DataFrame, observations: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], pd.DataFrame]:
    """The observations that the panel shows, with the row and the cell of each."""
    place = {report: number for number, report in enumerate(rows["report_id"])}
    cell = {name: number for number, name in _names()}
    at = pd.DataFrame(
        {"row": observations["report_id"].map(place), "cell": wide_names(observations).map(cell)},
        index=observations.index,
    )
    at = at.astype("float64")
    kept = at.notna().all(axis=1)
    at = at[kept]
    return at["row"].to_numpy(dtype=np.int64), at["cell"].to_numpy(dtype=np.int64), observations[kept]


@functools.cache
def _on_form() -> dict[str, NDArray[np.int8]]:
    """For each form what a cell says that the page does not print."""
    made = {}
    for form in forms():
        own = {
            (line.indicator, breakdown)
            for section in form.sections
            for line in section.lines
            for breakdown in line.breakdowns
        }
        said = [NOT_PRINTED if key in own else NOT_ON_FORM for key in schema.cells()]
        made[form.name] = np.array(said, dtype=np.int8)
    return made
