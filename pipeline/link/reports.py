"""The reports of a run with all that other reports tell of them: their bodies, their revisions, their numbers.

They pass from one layout to the next: as the parts have them, by body, by series, by id. What the rows of other tables
need of their report (`FACTS`) goes back to the parts that these stand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import schema
from pipeline.frames import PART, READING
from pipeline.link import bodies, revisions
from pipeline.link.identity import ONE
from pipeline.link.shelves import Shelf, by_hash, by_id
from pipeline.versions import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pipeline.frames import Parts
    from pipeline.link.identity import Identity, Layout
    from pipeline.link.shelves import Room
    from pipeline.link.sites import SourcePlaces

COUNTED = ("observations", "checks_failed", "issues")
"""Columns of `reports` that count rows."""

_TEXT = pa.string()
_PLACE = [pa.field(name, pa.int32()) for name in READING]
_OWN = [*_PLACE, pa.field("seen", schema.TYPES["timestamp"]), pa.field("credit_code", _TEXT)]
_COLUMNS = schema.arrow_schema("reports")
_GIVEN = [name for name in bodies.GIVEN if name not in _COLUMNS.names]
_READ = pa.schema([*_COLUMNS, *_OWN, *(pa.field(name, _TEXT) for name in _GIVEN if name != "credit_code")])
REPORT = pa.schema([*_COLUMNS, *_OWN, pa.field("series", _TEXT)])

FACTS = pa.schema(
    [
        *_PLACE,
        pa.field("report_id", _TEXT),
        *(_COLUMNS.field(name) for name in ("body_id", "report_year", "form")),
        pa.field("series", _TEXT),
        pa.field("newest", _TEXT),
    ]
)
"""By span: what rows need of their report. `series` stands where others of the series are published, `newest` is the
body where the report is the one that its panel shows."""


class Reports:
    """Every report that is published.

    `facts`, by span, have the columns of FACTS; `by_series` and `by_body` lay out the reports; those without a body lie
    where their own id has them. `doubts` are issues that were found on the way.
    """

    def __init__(
        self, parts: Parts, identity: Identity, room: Room, layout: Layout, stated: SourcePlaces | None
    ) -> None:
        self.room = room
        self.layout = layout
        self.doubts = Shelf(schema.arrow_schema("issues"), room)
        self.by_body = self._with_bodies(self._read(parts, identity), stated)
        self.by_series, self._by_id = self._numbered()
        self.facts = Shelf(FACTS, room, len(layout.spans))
        for rows in self.by_series.pieces():
            told = rows.assign(
                series=rows["series"].where(rows.duplicated("series", keep=False)),
                newest=rows["body_id"].where(newest(rows)),
            )
            self.facts.put_frame(told, layout.span_of(told[PART]))
        count = pa.int64()
        fields = [pa.field("report_id", _TEXT), *(pa.field(name, count) for name in COUNTED)]
        self._counts = Shelf(pa.schema(fields), room, layout.ranges)

    def count(self, column: str, reports: pd.Series) -> None:
        """There is a row, of those that a column of COUNTED counts, for each id."""
        found = reports.value_counts()
        ids = found.index.astype(str)
        rows = pd.DataFrame({"report_id": ids, **dict.fromkeys(COUNTED, 0), column: found.to_numpy()})
        self._counts.put_frame(rows, by_id(rows["report_id"], self.layout.ranges, prefix=1))

    def piece(self, place: int) -> pd.DataFrame:
        """The table `reports`, finished, in a range of its ids; with the columns of REPORT that are not the table's."""
        rows = self._by_id.piece(place)
        counts = self._counts.piece(place).groupby("report_id")[list(COUNTED)].sum()
        given = {name: rows["report_id"].map(counts[name].to_dict()).fillna(0).astype("int64") for name in COUNTED}
        return rows.assign(**given)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """All ranges of the table in turn."""
        for place in range(self.layout.ranges):
            yield self.piece(place)

    def _read(self, parts: Parts, identity: Identity) -> Shelf:
        """The readings that stand for a report, as the parts have them."""
        found = Shelf(pa.schema([field for field in _READ if field.name not in _GIVEN]), self.room)
        for place, span in enumerate(self.layout.spans):
            kept = identity.kept.piece(place)
            if len(kept):
                rows = parts.frame("reports", None, span).drop(columns=["source"])
                rows = rows.merge(kept[[*ONE, "source", "seen"]], on=ONE)
                found.put_frame(rows)
        return found

    def _with_bodies(self, read: Shelf, stated: SourcePlaces | None) -> Shelf:
        """The reports with their bodies, by range of these."""
        ranges = self.layout.ranges
        finder = bodies.Finder(stated)
        for rows in read.frames():
            finder.look(rows)
        found = Shelf(_READ, self.room)
        coded = Shelf(pa.schema([pa.field("organisation", _TEXT), pa.field("key", _TEXT)]), self.room, ranges)
        for rows in read.frames():
            known, doubts = finder.find(rows)
            found.put_frame(known)
            self.doubts.put_frame(doubts)
            with_code = known[known["organisation"].notna()]
            coded.put_frame(with_code, by_hash(with_code["organisation"], ranges))
        heads = bodies.joined(bodies.shared_codes(coded.pieces()), found.frames())
        by_body = Shelf(REPORT, self.room, ranges)
        for rows in found.frames():
            own = bodies.with_ids(rows, heads)
            own["parser_version"] = own["parser_version"].fillna(VERSION)
            by_body.put_frame(own, self._of_body(own, "body_id"))
        return by_body

    def _numbered(self) -> tuple[Shelf, Shelf]:
        """The reports with their revisions, by range of their series and by range of their ids."""
        by_series, by_id_ = (Shelf(REPORT, self.room, self.layout.ranges) for _ in range(2))
        for rows in self.by_body.pieces():
            if not len(rows):
                continue
            numbered = revisions.number(rows)
            by_series.put_frame(numbered, self._of_body(numbered, "series"))
            by_id_.put_frame(numbered, by_id(numbered["report_id"], self.layout.ranges, prefix=1))
        return by_series, by_id_

    def _of_body(self, rows: pd.DataFrame, column: str) -> NDArray[np.int64]:
        """The range of each report's body or series, or of its id where it has none."""
        return by_id(rows[column].fillna(rows["report_id"]), self.layout.ranges, prefix=1)


def newest(reports: pd.DataFrame) -> pd.Series:
    """Which reports the panel has a row of."""
    return reports["latest"] & reports["report_year"].notna() & reports["body_id"].notna()
