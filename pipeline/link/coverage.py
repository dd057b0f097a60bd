"""Coverage: for each body and year what is known of the report, so that missing is not mistaken for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from parsers.records import COVERAGE_STATES, Coverage
from pipeline.frames import frame
from pipeline.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

UNREAD = {"error": "found_unparsed", "blocked": "blocked"}
"""Kinds of documents that may hold a report nobody could read, with the state that they are in."""

_Key = tuple[str, str, int | None]


SEEN = arrow_schema("coverage").append(pa.field("parsed", pa.bool_()))
"""A row says that so many documents are known to be in a state; `parsed` rows of one key are added up."""


def coverage(seen: pd.DataFrame) -> pd.DataFrame:
    """The table `coverage` for some bodies, and for sources where the body is not known, from all rows of SEEN on them.

    What was parsed wins, and of several states for one key the earlier one in COVERAGE_STATES. A year between two
    reports of a body that nothing is known of is `not_looked_for`.
    """
    states: dict[_Key, str] = {}
    counts: dict[_Key, int] = {}

    def add(key: _Key, state: str, count: int) -> None:
        held = states.get(key)
        if held is None or COVERAGE_STATES.index(state) < COVERAGE_STATES.index(held):
            states[key] = state
        counts[key] = max(counts.get(key, 0), count)

    read: dict[_Key, int] = {}
    others = []
    columns = ["body_id", "source", "report_year", "state", "documents", "parsed"]
    for body, source, year, state, count, own in seen[columns].itertuples(index=False, name=None):
        key = ("" if pd.isna(body) else body, "" if pd.isna(source) else source, None if pd.isna(year) else int(year))
        if own:
            read[key] = read.get(key, 0) + int(count)
        else:
            others.append((key, state, int(count)))
    for key, count in read.items():
        add(key, "parsed", count)
    for key, state, count in others:
        add(key, state, count)
    for key in _gaps(states):
        add(key, "not_looked_for", 0)
    return _table(states, counts)


def parsed(reports: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Rows of SEEN: how many main documents and copies each report was read from."""
    main = relations[relations["role"] != "attachment"]
    held = main.groupby("report_id")["document_id"].nunique().to_dict()
    known = reports["body_id"].notna()
    counts = [int(held.get(report, 1)) for report in reports["report_id"]]
    return reports[["body_id", "report_year"]].assign(
        source=reports["source"].mask(known), state="parsed", documents=counts, parsed=True
    )


def unread(documents: pd.DataFrame, spoken_for: Collection[str] = ()) -> pd.DataFrame:
    """Rows of SEEN: the documents that may hold a report nobody could read, those of sources spoken for aside."""
    states = documents["kind"].map(UNREAD)
    found = documents[states.notna() & ~documents["source"].isin(list(spoken_for))]
    return pd.DataFrame(
        {
            "body_id": pd.Series(None, index=found.index, dtype=pd.ArrowDtype(pa.string())),
            "source": found["source"],
            "report_year": pd.Series(None, index=found.index, dtype=pd.ArrowDtype(pa.int64())),
            "state": states[found.index],
            "documents": 1,
            "parsed": False,
        }
    )


def rows(known: Iterable[Coverage]) -> pd.DataFrame:
    """Rows of SEEN: what a crawl knows, by body, or by source where the body is not known."""
    said = [
        (row.body_id or None, None if row.body_id else row.source, row.report_year, row.state, row.documents or 0)
        for row in known
    ]
    said_of = [(*row, False) for row in said]
    arrays = [pa.array([row[place] for row in said_of], field.type) for place, field in enumerate(SEEN)]
    return frame(pa.Table.from_arrays(arrays, schema=SEEN))


def _gaps(states: Iterable[_Key]) -> list[_Key]:
    """The years of bodies that lie between two known ones."""
    years: dict[str, set[int]] = {}
    for body, _, year in states:
        if body and year is not None:
            years.setdefault(body, set()).add(year)
    return [
        (body, "", year)
        for body, known in sorted(years.items())
        for year in range(min(known), max(known))
        if year not in known
    ]


def _table(states: dict[_Key, str], counts: dict[_Key, int]) -> pd.DataFrame:
    wanted = arrow_schema("coverage")
    rows: list[tuple[Any, ...]] = [
        (body or None, source or None, year, state, counts[body, source, year])
        for (body, source, year), state in states.items()
    ]
    arrays = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(wanted)]
    return frame(pa.Table.from_arrays(arrays, schema=wanted))
