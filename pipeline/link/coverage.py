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


def coverage(
    reports: pd.DataFrame,
    documents: pd.DataFrame,
    relations: pd.DataFrame,
    known: Iterable[Coverage] = (),
    spoken_for: Collection[str] = (),
) -> pd.DataFrame:
    """The table `coverage`.

    `reports` have their bodies; `documents` and `relations` are those tables, finished. `known` are rows that a
    crawl knows, by body, or by source where the body is not known; what was parsed wins over them, and of several
    states for one key the earlier one in COVERAGE_STATES. A year between two reports of a body that nothing is
    known of is `not_looked_for`. `spoken_for` are sources of documents that `known` counts already.
    """
    states: dict[_Key, str] = {}
    counts: dict[_Key, int] = {}

    def add(key: _Key, state: str, count: int) -> None:
        held = states.get(key)
        if held is None or COVERAGE_STATES.index(state) < COVERAGE_STATES.index(held):
            states[key] = state
        counts[key] = max(counts.get(key, 0), count)

    for key, count in _parsed(reports, relations).items():
        add(key, "parsed", count)
    # An attachment that could not be read belongs to a report that was.
    attached = set(relations.loc[relations["role"] == "attachment", "document_id"])
    for kind, source, document in documents[["kind", "source", "document_id"]].itertuples(index=False, name=None):
        if kind in UNREAD and source not in spoken_for and document not in attached:
            add(("", source, None), UNREAD[kind], 1)
    for row in known:
        source = "" if row.body_id else row.source
        add((row.body_id, source, row.report_year), row.state, row.documents or 0)
    for key in _gaps(states):
        add(key, "not_looked_for", 0)
    return _table(states, counts)


def _parsed(reports: pd.DataFrame, relations: pd.DataFrame) -> dict[_Key, int]:
    """How many main documents and copies there are for each body and year that a report was read for."""
    main = relations[relations["role"] != "attachment"]
    held = main.groupby("report_id")["document_id"].nunique().to_dict()
    found: dict[_Key, int] = {}
    columns = reports[["report_id", "body_id", "source", "report_year"]]
    for report, body, source, year in columns.itertuples(index=False, name=None):
        known = not pd.isna(body)
        key = (body if known else "", "" if known else source, None if pd.isna(year) else int(year))
        found[key] = found.get(key, 0) + int(held.get(report, 1))
    return found


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
