"""The published tables, made from all parts.

Nothing holds all documents, reports or bodies: rows pass through in batches, and what has to lie together is laid out
on disk by ranges of an id. `pipeline.link.shelves` says how.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from parsers.forms.crosswalk import crosswalk
from parsers.records import FAILED
from pipeline import frames, layout, schema
from pipeline.frames import READING
from pipeline.link import bodies, coverage, crossyear, harmonised, histories, panel, revisions, summary
from pipeline.link.identity import ONE, Identity, Layout
from pipeline.link.reports import REPORT, Reports, newest
from pipeline.link.shelves import Room, Shelf, by_id
from pipeline.parts import TABLE_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from parsers.records import Coverage
    from pipeline.frames import Parts
    from pipeline.link.sites import SourcePlaces

AT_ONCE = 60_000
"""The most rows of one table that are sorted in memory."""

WIDE_ROWS = 1_000
"""About so many rows of a table with a column for each cell are made at a time."""

_CHECK = pa.schema([schema.arrow_schema("checks").field(name) for name in summary.NEEDED])


class Linked:
    """All parts put in relation. `pieces` gives the finished tables one at a time.

    `scratch` is a folder for what memory does not hold, `stated` what is known of the places of sites. `known` and
    `spoken_for` may be set to what a crawl knows of coverage once reports have their bodies. `checks_failed` counts.
    """

    def __init__(
        self,
        parts: Parts,
        scratch: Path | None = None,
        stated: SourcePlaces | None = None,
    ) -> None:
        self.parts = parts
        self.known: Sequence[Coverage] = ()
        self.spoken_for: Collection[str] = ()
        self.room = Room(scratch)
        most = max(parts.rows("documents"), parts.rows("reports"))
        self.layout = Layout(parts.spans(), histories.ranges(parts.rows("observations"), most))
        self.identity = Identity(parts, self.room, self.layout)
        self.reports = Reports(parts, self.identity, self.room, self.layout, stated)
        self.added = {table: self._shelf(schema.arrow_schema(table), 1) for table in ("checks", "revisions")}
        self.added["issues"] = self.reports.doubts
        self.tallies: dict[str, Counter[str]] = {table: Counter() for table in ("documents", "observations", "issues")}
        self.checks_failed = 0
        for rows in self.identity.documents():
            self.tallies["documents"].update(_values(rows["kind"]))
        self._observations = self._shelf(histories.FACT)
        self._checks = self._shelf(_CHECK)
        self._compare(self._tell_observations())
        self._tell_checks()
        for issues in self._batches("issues", ("report_id", "document_id", "code")):
            self.tallies["issues"].update(_values(issues["code"]))
            self.reports.count("issues", issues["report_id"])
        self._newest = self._shelf(REPORT)
        for rows in self.reports.pieces():
            self.checks_failed += int(rows["checks_failed"].sum())
            shown = rows[newest(rows)]
            self._newest.put_frame(shown, self._place(shown["body_id"]))

    def _shelf(self, wanted: pa.Schema, ranges: int = 0) -> Shelf:
        return Shelf(wanted, self.room, ranges or self.layout.ranges)

    def _place(self, ids: pd.Series) -> NDArray[np.int64]:
        return by_id(ids, self.layout.ranges, prefix=1)

    def _tell_observations(self) -> Shelf:
        """Count observations, and lay them out: by the bodies of panels, and, given back, by series."""
        by_series = self._shelf(histories.FACT)
        for place, span in enumerate(self.layout.spans):
            rows = self.parts.frame("observations", histories.FACTS, span).merge(self._facts(place), on=ONE)
            self.tallies["observations"].update(_values(rows["status"]))
            self.reports.count("observations", rows["report_id"])
            for shelf, column in ((by_series, "series"), (self._observations, "newest")):
                wanted = rows[rows[column].notna()]
                shelf.put_frame(wanted, self._place(wanted[column]))
        return by_series

    def _compare(self, observations: Shelf) -> None:
        """What reports say of each other: checks over two years, and changes between revisions."""
        for place, rows in enumerate(self.reports.by_series.pieces()):
            several = rows["series"].notna() & rows.duplicated("series", keep=False)
            self._add_checks(rows[~several], crossyear.alone(rows[~several]))
            followed = rows[several]
            if len(followed):
                said = observations.piece(place)
                self.added["revisions"].put(revisions.changes(followed, said))
                self._add_checks(followed, [crossyear.checks(followed, said)])

    def _add_checks(self, reports: pd.DataFrame, found: Iterable[pa.Table]) -> None:
        """Add the checks of some reports, and count them."""
        facts = reports.assign(newest=reports["body_id"].where(newest(reports)))[["report_id", "newest"]]
        for checks in found:
            self.added["checks"].put(checks)
            self._count_checks(frames.frame(checks).merge(facts, on="report_id"))

    def _tell_checks(self) -> None:
        """Count the checks within reports."""
        for place, span in enumerate(self.layout.spans):
            rows = self.parts.frame("checks", summary.NEEDED, span)
            self._count_checks(rows.merge(self._facts(place), on=ONE))

    def _count_checks(self, rows: pd.DataFrame) -> None:
        self.reports.count("checks_failed", rows.loc[rows["outcome"].isin(FAILED), "report_id"])
        wanted = rows[rows["newest"].notna()]
        self._checks.put_frame(wanted, self._place(wanted["newest"]))

    def _facts(self, place: int) -> pd.DataFrame:
        """What rows of a span need of their report; only readings that stand for one are there."""
        return self.reports.facts.piece(place)

    def tally(self, table: str) -> dict[str, int]:
        """How often each kind of document, status of an observation or code of an issue occurs."""
        return {str(value): int(count) for value, count in sorted(self.tallies[table].items())}

    def expected(self, table: str) -> int:
        """About how many rows a table has, and never fewer than it has: so many were read."""
        made = table not in TABLE_NAMES and table not in self.added
        return self.parts.rows("reports") if made else self._rows(table)

    def pieces(self, table: str) -> Iterator[pd.DataFrame]:
        """The rows of a table with every column of it, in frames whose leading key columns ascend from one to
        the next; within a frame rows are in no order. A table that can be partitioned has `report_year` in any case."""
        if table == "documents":
            yield from self.identity.documents()
        elif table == "report_documents":
            yield from self.identity.report_documents()
        elif table == "reports":
            yield from self.reports.pieces()
        elif table == "bodies":
            yield from map(bodies.bodies, self.reports.by_body.pieces())
        elif table == "coverage":
            yield from map(coverage.coverage, self._seen().pieces())
        elif table == "panel":
            yield from (panel.panel(*piece) for piece in self._histories())
        elif table == "panel_status":
            yield from (panel.statuses(*piece) for piece in self._histories())
        elif table == "panel_harmonised":
            yield from (harmonised.harmonised(*piece) for piece in self._histories())
        elif table == "check_summary":
            for place, rows in enumerate(self._newest.pieces()):
                yield summary.summary(rows, [self._checks.piece(place)])
        elif table == "crosswalk":
            yield frames.frame(frames.rows("crosswalk", crosswalk()))
        elif self._rows(table) <= AT_ONCE:
            found = list(self._batches(table))
            if found:
                yield pd.concat(found)
        else:
            yield from self._by_range(table)

    def _histories(self) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """The reports that panels show, those of some bodies at a time, and their observations."""
        for place, rows in enumerate(self._newest.pieces()):
            said = self._observations.piece(place)
            sizes = rows.groupby("body_id").size()
            turn = rows["body_id"].map(((sizes.cumsum() - sizes) // WIDE_ROWS).to_dict())
            for number in range(int(turn.max()) + 1 if len(rows) else 0):
                some = rows[turn == number]
                yield some, said[said["report_id"].isin(some["report_id"])]

    def _seen(self) -> Shelf:
        """What is known of reports and documents that may hold one, for `coverage`."""
        seen = self._shelf(coverage.SEEN)
        attached = self._shelf(pa.schema([pa.field("document_id", pa.string())]))
        for reports, relations in zip(self.reports.pieces(), self.identity.report_documents(), strict=True):
            rows = coverage.parsed(reports, relations)
            seen.put_frame(rows, self._place(rows["body_id"]))
            ids = relations.loc[relations["role"] == "attachment", ["document_id"]].drop_duplicates()
            attached.put_frame(ids, by_id(ids["document_id"], self.layout.ranges))
        for place, documents in enumerate(self.identity.documents()):
            own = documents[~documents["document_id"].isin(attached.piece(place)["document_id"])]
            rows = coverage.unread(own, self.spoken_for)
            seen.put_frame(rows, self._place(rows["body_id"]))
        known = coverage.rows(self.known)
        seen.put_frame(known, self._place(known["body_id"]))
        return seen

    def _rows(self, table: str) -> int:
        """At most so many rows are published."""
        return self.parts.rows(table) + (self.added[table].rows if table in self.added else 0)

    def _batches(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows of a table that are published, with the columns asked for, and `report_year`."""
        if table in self.added:
            yield from self._dated(table)
        if table not in TABLE_NAMES:
            return
        for place, span in enumerate(self.layout.spans):
            rows = self.parts.frame(table, columns, span)
            if not len(rows):
                continue
            facts = self._facts(place)
            if table == "cells":
                yield self._owned(_kept_or_unreported(rows, facts), place)
            elif table == "issues":
                yield self._issues(rows, facts, place)
            elif table == "observations":
                given = ["body_id", "report_year", "form"]
                yield rows.drop(columns=given).merge(facts[[*ONE, *given]], on=ONE)
            else:
                yield rows.merge(facts[[*ONE, layout.YEAR]], on=ONE)

    def _dated(self, table: str) -> Iterator[pd.DataFrame]:
        """What was added to a table, with the years of the reports, range by range of their ids."""
        added = self.added[table]
        laid_out = self._shelf(added.wanted)
        for rows in added.frames():
            laid_out.put_frame(rows, self._place(rows["report_id"]))
        for place, rows in enumerate(laid_out.pieces()):
            if len(rows):
                years = self.reports.piece(place)[["report_id", layout.YEAR]]
                yield rows.merge(years, on="report_id", how="left")

    def _by_range(self, table: str) -> Iterator[pd.DataFrame]:
        """The same through files, one a range of the leading key column."""
        leading = schema.order(table)[0]
        wanted = schema.arrow_schema(table)
        if layout.YEAR not in wanted.names and table in layout.BY_YEAR:
            wanted = wanted.append(pa.field(layout.YEAR, pa.int64()))
        ranges = -(-self._rows(table) // AT_ONCE)
        shelf = Shelf(wanted, self.room, ranges)
        prefix = 0 if leading == "document_id" else 1
        for rows in self._batches(table):
            shelf.put_frame(rows, by_id(rows[leading], ranges, prefix=prefix))
        # Unlike a comprehension, `filter` keeps nothing of a piece that it gave.
        yield from filter(len, shelf.pieces())

    def _owned(self, rows: pd.DataFrame, place: int) -> pd.DataFrame:
        return rows.merge(self.identity.owners.piece(place), on=["document_id", *READING])

    def _issues(self, rows: pd.DataFrame, facts: pd.DataFrame, place: int) -> pd.DataFrame:
        """Issues of the reports, of documents that hold none, and of those that could not even be opened."""
        rows = _kept_or_unreported(rows, facts)
        reported = rows[rows["report_id"].notna()]
        rest = rows[rows["report_id"].isna()]
        opened = self._owned(rest[rest["document_id"].notna()], place)
        return pd.concat([reported, opened, rest[rest["document_id"].isna()]])


def _kept_or_unreported(rows: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    marked = rows.merge(facts[[*ONE, layout.YEAR]].assign(kept=True), on=ONE, how="left")
    return marked[marked["kept"].notna() | marked["report_id"].isna()].drop(columns="kept")


def _values(column: pd.Series) -> Counter[str]:
    """How often each value occurs."""
    return Counter({str(value): int(count) for value, count in column.value_counts().items()})
