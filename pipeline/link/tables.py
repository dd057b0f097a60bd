"""The published tables, made from all parts.

Documents, reports and bodies are held whole: they are narrow. The other tables pass through in batches; a
large one is laid out on disk by ranges of its leading key column, so that no more than a range is in memory.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from parsers.forms.crosswalk import crosswalk
from parsers.records import FAILED
from pipeline import frames, layout, schema
from pipeline.frames import PART, READING
from pipeline.link import bodies, coverage, crossyear, harmonised, panel, revisions, summary
from pipeline.link.histories import FACTS, Histories
from pipeline.link.identity import identify
from pipeline.link.shelves import Room, Shelf
from pipeline.parts import TABLE_NAMES
from pipeline.versions import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from parsers.records import Coverage
    from pipeline.frames import Parts
    from pipeline.link.sites import SourcePlaces

ONE = [*READING, "report_id"]

AT_ONCE = 600_000
"""The most rows of one table that are sorted in memory."""


class Linked:
    """All parts put in relation. `pieces` gives the finished tables one at a time.

    `scratch` is a folder for what memory does not hold, `stated` what is known of the places of sites. `known` and
    `spoken_for` may be set to what a crawl knows of coverage once reports have their bodies.
    """

    def __init__(
        self,
        parts: Parts,
        scratch: Path | None = None,
        stated: SourcePlaces | None = None,
    ) -> None:
        self.parts = parts
        self.scratch = scratch
        self.added: dict[str, Shelf] = {}
        self.identity = identify(parts)
        reports = parts.frame("reports").drop(columns=["source"])
        reports = reports.merge(self.identity.kept[[*ONE, "source", "seen"]], on=ONE)
        self.known: Sequence[Coverage] = ()
        self.spoken_for: Collection[str] = ()
        reports, doubts = bodies.give_bodies(reports, stated)
        reports = revisions.number(reports)
        reports["parser_version"] = reports["parser_version"].fillna(VERSION)
        self.reports = reports
        room = Room(scratch)
        for table in ("checks", "issues", "revisions"):
            self.added[table] = Shelf(schema.arrow_schema(table), room)
        self.added["issues"].put(frames.arrow(doubts, "issues"))
        several = reports.duplicated("series", keep=False) & reports["series"].notna()
        followed = reports[several]
        for checks in crossyear.alone(reports[~several]):
            self.added["checks"].put(checks)
        for mine, observations in self._histories(followed, "series", room).pieces():
            self.added["checks"].put(crossyear.checks(mine, observations))
            self.added["revisions"].put(revisions.changes(mine, observations))
        self.tallies: dict[str, Counter[str]] = {"documents": _values(self.identity.documents["kind"])}
        counted = {
            "observations": self._count("observations", "status"),
            "checks_failed": self._count("checks", "outcome", FAILED),
            "issues": self._count("issues", "code"),
        }
        for column, counts in counted.items():
            given = reports["report_id"].map(dict(counts)).fillna(0).astype("int64")
            self.reports[column] = given
        self.histories = self._histories(self._newest(), "body_id", room)

    def _newest(self) -> pd.DataFrame:
        """The reports of which the panel has a row."""
        known = self.reports["latest"] & self.reports["report_year"].notna() & self.reports["body_id"].notna()
        return self.reports[known]

    def _histories(self, reports: pd.DataFrame, by: str, room: Room) -> Histories:
        return Histories(reports, by, self._batches("observations", FACTS), self.parts.rows("observations"), room)

    def tally(self, table: str) -> dict[str, int]:
        """How often each kind of document, status of an observation, outcome of a check or issue occurs."""
        return {str(value): int(count) for value, count in sorted(self.tallies[table].items())}

    def expected(self, table: str) -> int:
        """About how many rows a table has, and never fewer than it has: so many were read."""
        made = table not in TABLE_NAMES and table not in self.added
        return self.parts.rows("reports") if made else self._rows(table)

    def pieces(self, table: str) -> Iterator[pd.DataFrame]:
        """The rows of a table with every column of it, in frames whose leading key columns ascend from one to
        the next; within a frame rows are in no order. A table that can be partitioned has `report_year` in any case."""
        years: pd.Series | None = None
        for rows in self._pieces(table):
            if table in layout.BY_YEAR and layout.YEAR not in rows:
                if years is None:
                    years = self.reports.set_index("report_id")[layout.YEAR]
                yield rows.assign(**{layout.YEAR: rows["report_id"].map(years)})
            else:
                yield rows

    def _pieces(self, table: str) -> Iterator[pd.DataFrame]:
        if table == "documents":
            yield self.identity.documents
        elif table == "report_documents":
            yield self.identity.report_documents
        elif table == "reports":
            yield self.reports
        elif table == "bodies":
            yield bodies.bodies(self.reports)
        elif table == "coverage":
            documents, relations = self.identity.documents, self.identity.report_documents
            yield coverage.coverage(self.reports, documents, relations, self.known, self.spoken_for)
        elif table == "panel":
            yield from (panel.panel(*piece) for piece in self.histories.pieces())
        elif table == "panel_status":
            yield from (panel.statuses(*piece) for piece in self.histories.pieces())
        elif table == "panel_harmonised":
            yield from (harmonised.harmonised(*piece) for piece in self.histories.pieces())
        elif table == "check_summary":
            yield summary.summary(self._newest(), self._batches("checks", summary.NEEDED))
        elif table == "crosswalk":
            yield frames.frame(frames.rows("crosswalk", crosswalk()))
        elif self._rows(table) <= AT_ONCE:
            found = list(self._batches(table))
            if found:
                yield pd.concat(found)
        else:
            yield from self._by_range(table)

    def _rows(self, table: str) -> int:
        """At most so many rows are published."""
        return self.parts.rows(table) + (self.added[table].rows if table in self.added else 0)

    def _batches(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows of a table that are published, with the columns asked for."""
        if table in self.added:
            yield from self.added[table].frames()
        if table not in TABLE_NAMES:
            return
        for rows in self.parts.batches(table, columns):
            if table == "cells":
                yield self._owned(self._kept_or_unreported(rows))
            elif table == "issues":
                yield self._issues(rows)
            elif table == "observations" and columns is None:
                given = ["body_id", "report_year", "form"]
                kept = rows.drop(columns=given).merge(self._kept(rows), on=ONE)
                yield kept.merge(self.reports[["report_id", *given]], on="report_id", how="left")
            else:
                yield rows.merge(self._kept(rows), on=ONE)

    def _by_range(self, table: str) -> Iterator[pd.DataFrame]:
        """The same through files, one a range of the leading key column."""
        leading = schema.order(table)[0]
        wanted = schema.arrow_schema(table)
        count = -(-self._rows(table) // (AT_ONCE // 2))
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            paths = [Path(folder, str(place)) for place in range(count)]
            writers = [pa.ipc.new_file(str(path), wanted) for path in paths]
            try:
                for rows in self._batches(table):
                    place = _range(rows[leading], count)
                    for number, some in rows.groupby(place):
                        writers[int(number)].write_table(frames.arrow(some, table))
            finally:
                for writer in writers:
                    writer.close()
            for path in paths:
                with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
                    rows = reader.read_all()
                    if rows.num_rows:
                        yield frames.frame(rows)
                path.unlink()

    def _count(self, table: str, column: str, only: Sequence[str] = ()) -> Counter[str]:
        """Rows by report; on the way, rows by value of a column."""
        by_report: Counter[str] = Counter()
        self.tallies[table] = Counter()
        for rows in self._batches(
            table, [name for name in ("report_id", "document_id", column) if name in _names(table)]
        ):
            self.tallies[table].update(_values(rows[column]))
            counted = rows[rows[column].isin(only)] if only else rows
            by_report.update(_values(counted["report_id"]))
        return by_report

    def _kept(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The readings that stand for a report, of the parts that rows come from."""
        return _of_parts(self.identity.kept, rows)[ONE]

    def _kept_or_unreported(self, rows: pd.DataFrame) -> pd.DataFrame:
        marked = rows.merge(self._kept(rows).assign(kept=True), on=ONE, how="left")
        return marked[marked["kept"].notna() | marked["report_id"].isna()].drop(columns="kept")

    def _owned(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.merge(_of_parts(self.identity.owners, rows), on=["document_id", *READING])

    def _issues(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Issues of the reports, of documents that hold none, and of those that could not even be opened."""
        rows = self._kept_or_unreported(rows)
        reported = rows[rows["report_id"].notna()]
        rest = rows[rows["report_id"].isna()]
        opened = self._owned(rest[rest["document_id"].notna()])
        return pd.concat([reported, opened, rest[rest["document_id"].isna()]])


def _names(table: str) -> list[str]:
    return list(schema.arrow_schema(table).names)


def _values(column: pd.Series) -> Counter[str]:
    """How often each value occurs."""
    return Counter({str(value): int(count) for value, count in column.value_counts().items()})


def _of_parts(facts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    return facts[facts[PART].between(rows[PART].min(), rows[PART].max())]


def _range(ids: pd.Series, count: int) -> pd.Series:
    """For each id which of `count` equal ranges of its first four hex digits it falls into; missing ids come first."""
    digits = ids.fillna("0000").str.removeprefix("r").str.slice(0, 4)
    known = {text: int(text, 16) * count >> 16 for text in digits.unique()}
    return digits.map(known).astype("int64")
