"""Bodies by the normalised name of the publisher."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.frames import frame
from pipeline.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterable


def body_id(name: str) -> str:
    """The id of a body: `b` and the first 16 hex digits of the sha256 of its name without white space."""
    return "b" + hashlib.sha256("".join(name.split()).encode()).hexdigest()[:16]


def give_bodies(reports: pd.DataFrame) -> pd.DataFrame:
    """Reports with their `body_id`; a report whose publisher is unknown belongs to no body."""
    names = reports["publisher"]
    ids = {name: body_id(name) for name in names.dropna().unique()}
    return reports.assign(body_id=names.map(ids).astype(names.dtype))


def bodies(reports: pd.DataFrame) -> pd.DataFrame:
    """The table of bodies, from reports that have theirs."""
    known = reports.dropna(subset=["body_id"]).sort_values(["body_id", "report_year", "report_id"])
    groups = known.groupby("body_id", sort=True)
    rows = pd.DataFrame(
        {
            "name": groups["publisher"].last(),
            "other_names": pd.Series(
                {body: _others(group["publisher"], group["publisher_raw"]) for body, group in groups}, dtype=object
            ),
            "division_code": groups["division_code"].agg(_agreed),
            "body_type": groups["body_type"].agg(_agreed),
            "valid_from": groups["report_year"].min(),
            "valid_to": groups["report_year"].max(),
        }
    ).reset_index(names="body_id")
    empty = frame(arrow_schema("bodies").empty_table())
    return pd.DataFrame({name: rows.get(name, None) for name in empty.columns}).astype(empty.dtypes)


def _others(names: Iterable[str], raw: Iterable[object]) -> str | None:
    own = set(names)
    last = max(own, default="")
    seen = {str(name) for name in [*own, *raw] if isinstance(name, str) and name}
    return ";".join(sorted(seen - {last})) or None


def _agreed(values: pd.Series) -> object:
    """The one value that all reports give, if they do."""
    known = values.dropna().unique()
    return known[0] if len(known) == 1 else None
