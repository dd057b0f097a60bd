"""Which readings are the same report, and which of them stands for it.

Two main documents hold the same report when their articles, and those of their attachments, have the same
digests. The earliest stands for the group (a loose file has no time and comes after those that have; ties:
the smallest hash, then the smallest source); its rows are published, the others are copies. The same bytes
read at two sources are one reading in the tables, with a row in `documents` for each source.

Readings are put beside each other by what they hold, then by their id, and what was found out goes back to the parts
that they stand in: memory holds a range of them at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import schema
from pipeline.frames import PART, READING
from pipeline.link.shelves import Shelf, by_hash, by_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pipeline.frames import Parts
    from pipeline.link.shelves import Room

PREFERENCE = ("report", "attachment", "list", "other", "blocked", "error")
"""Of two rows for the same bytes at the same source and time the one that was understood best is kept."""

ONE = [*READING, "report_id"]
EARLIEST = ["fetched_at", "document_id", "source", *READING]

_TIME = schema.TYPES["timestamp"]
_PLACE = [pa.field(name, pa.int32()) for name in READING]
_REPORT = [*_PLACE, pa.field("report_id", pa.string())]
_FOUND = pa.schema(
    [
        *_REPORT,
        *(pa.field(name, pa.string()) for name in ("document_id", "source", "group")),
        *(pa.field(name, _TIME) for name in ("fetched_at", "seen")),
    ]
)
_KEPT = pa.schema(
    [*_REPORT, pa.field("document_id", pa.string()), pa.field("source", pa.string()), pa.field("seen", _TIME)]
)


class Layout(NamedTuple):
    """How rows are laid out: the runs of parts that are looked at together, and the number of ranges of ids."""

    spans: list[range]
    ranges: int

    def span_of(self, part: pd.Series) -> NDArray[np.int64]:
        """For each part the place of its span."""
        starts = np.array([span.start for span in self.spans])
        return np.searchsorted(starts, part.to_numpy(dtype=np.int64), side="right").astype(np.int64) - 1


class Identity:
    """The reports of all parts, grouped.

    `kept`, by span: part, bundle, report_id of the readings that stand for a report, with its document and when it was
    first seen. `owners`, by span: document_id, part, bundle of the reading whose rows about a document are published.
    """

    def __init__(self, parts: Parts, room: Room, layout: Layout) -> None:
        self.parts = parts
        self.room = room
        self.layout = layout
        stands_for = self._group()
        self._relations, self._documents = self._lay_out(stands_for)
        self.owners = Shelf(pa.schema([pa.field("document_id", pa.string()), *_PLACE]), room, len(layout.spans))
        for documents in self._documents.pieces():
            owners = _owners(documents)
            self.owners.put_frame(owners, layout.span_of(owners[PART]))

    def documents(self) -> Iterator[pd.DataFrame]:
        """The table `documents`, finished, range by range."""
        for documents in self._documents.pieces():
            yield _documents(documents.drop(columns="stands"))

    def report_documents(self) -> Iterator[pd.DataFrame]:
        """The table `report_documents`, finished, range by range of the reports."""
        for rows in self._relations.pieces():
            mine, copies = rows[rows["own"]], rows[~rows["own"]]
            # What a report was read from is no copy of it, even where it was met again.
            yield pd.concat([mine, copies]).drop(columns="own").drop_duplicates(["report_id", "document_id"])

    def _group(self) -> Shelf:
        """Fill `kept`. Gives, by span, for each reading the id of the report that it holds."""
        spans, ranges = len(self.layout.spans), self.layout.ranges
        readings = Shelf(_FOUND, self.room, ranges)
        for span in self.layout.spans:
            found = _readings(self.parts, span)
            readings.put_frame(found, by_hash(found["group"], ranges))
        stands_for = Shelf(pa.schema([*_REPORT, pa.field("stands_for", pa.string())]), self.room, spans)
        firsts = Shelf(_FOUND, self.room, ranges)
        for found in readings.pieces():
            ordered = found.sort_values(EARLIEST, na_position="last")
            first = ordered.drop_duplicates("group")
            named = ordered["group"].map(dict(zip(first["group"], first["report_id"], strict=True)))
            stands_for.put_frame(ordered.assign(stands_for=named), self.layout.span_of(ordered[PART]))
            firsts.put_frame(first, by_id(first["report_id"], ranges, prefix=1))
        self.kept = Shelf(_KEPT, self.room, spans)
        for found in firsts.pieces():
            kept = found.sort_values(EARLIEST, na_position="last").drop_duplicates("report_id")
            self.kept.put_frame(kept, self.layout.span_of(kept[PART]))
        return stands_for

    def _lay_out(self, stands_for: Shelf) -> tuple[Shelf, Shelf]:
        """Which documents reports were read from, by range of the reports, and all documents, by range of theirs."""
        ranges = self.layout.ranges
        own = pa.field("own", pa.bool_())
        relations = Shelf(schema.arrow_schema("report_documents").append(own), self.room, ranges)
        wanted = pa.schema([*schema.arrow_schema("documents"), *_PLACE, pa.field("stands", pa.int64())])
        documents = Shelf(wanted, self.room, ranges)
        for place, span in enumerate(self.layout.spans):
            kept = self.kept.piece(place)[ONE]
            rows = self.parts.frame("report_documents", None, span)
            known = rows.merge(stands_for.piece(place), on=ONE).merge(kept.assign(own=True), on=ONE, how="left")
            mine = known["own"].notna()
            known["report_id"] = known["report_id"].where(mine, known["stands_for"])
            known["role"] = known["role"].where(mine, "copy")
            known["own"] = mine
            relations.put_frame(known, by_id(known["report_id"], ranges, prefix=1))
            read = self.parts.frame("documents", None, span)
            standing = kept[READING].drop_duplicates().assign(stands=0)
            read = read.merge(standing, on=READING, how="left")
            read["stands"] = read["stands"].fillna(1)
            documents.put_frame(read, by_id(read["document_id"], ranges))
        return relations, documents


def _readings(parts: Parts, span: range) -> pd.DataFrame:
    """The reports of some parts, each with its document and what it holds."""
    documents = parts.frame("documents", ["document_id", "source", "fetched_at", "first_seen", "article_digest"], span)
    relations = parts.frame("report_documents", None, span)
    reports = parts.frame("reports", ["report_id", "document_id"], span)
    documents["content"] = documents["article_digest"].fillna(documents["document_id"])
    documents["seen"] = documents["first_seen"].fillna(documents["fetched_at"])
    facts = documents.sort_values([*READING, "document_id", "source"]).drop_duplicates([*READING, "document_id"])
    found = reports.merge(facts, on=[*READING, "document_id"], how="left")
    attached = relations[relations["role"] == "attachment"].merge(
        facts[[*READING, "document_id", "content"]], on=[*READING, "document_id"], how="left"
    )
    if len(attached):
        joined = attached.sort_values([*ONE, "content"]).groupby(ONE)["content"].agg(";".join)
        found = found.merge(joined.rename("attached").reset_index(), on=ONE, how="left")
        found["group"] = found["content"] + "|" + found["attached"].fillna("")
    else:
        found["group"] = found["content"] + "|"
    return found


def _documents(documents: pd.DataFrame) -> pd.DataFrame:
    ranked = documents.assign(rank=documents["kind"].map({kind: rank for rank, kind in enumerate(PREFERENCE)}))
    ranked = ranked.sort_values(["rank", *READING]).drop_duplicates(["document_id", "source", "fetched_at"])
    return ranked.drop(columns=["rank", *READING])


def _owners(documents: pd.DataFrame) -> pd.DataFrame:
    rows = documents.dropna(subset=["document_id"])
    rows = rows.sort_values(["stands", "fetched_at", "source", *READING], na_position="last")
    return rows.drop_duplicates("document_id")[["document_id", *READING]]
