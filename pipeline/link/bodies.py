"""Bodies by the normalised name of the publisher."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from pipeline.frames import frame
from pipeline.schema import arrow_schema


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
            "other_names": _others(known),
            "division_code": _agreed(groups["division_code"]),
            "body_type": _agreed(groups["body_type"]),
            "valid_from": groups["report_year"].min(),
            "valid_to": groups["report_year"].max(),
        }
    ).reset_index(names="body_id")
    empty = frame(arrow_schema("bodies").empty_table())
    return pd.DataFrame({name: rows.get(name, None) for name in empty.columns}).astype(empty.dtypes)


def _others(reports: pd.DataFrame) -> pd.Series:
    """By body the spellings that differ from its name."""
    last = reports.groupby("body_id")["publisher"].transform("last")
    named = [reports.assign(other=reports[column], last=last) for column in ("publisher", "publisher_raw")]
    seen = pd.concat(named).dropna(subset=["other"])
    seen = seen[seen["other"] != seen["last"]].drop_duplicates(["body_id", "other"]).sort_values("other")
    return seen.groupby("body_id")["other"].agg(";".join)


def _agreed(groups: Any) -> pd.Series:
    """The one value that all reports of a body give, if they do."""
    first: pd.Series = groups.first()
    return first.where(groups.nunique() == 1)
