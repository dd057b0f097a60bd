"""Which readings are the same report, and which of them stands for it.

Two main documents hold the same report when their articles, and those of their attachments, have the same
digests. The earliest stands for the group (a loose file has no time and comes after those that have; ties:
the smallest hash, then the smallest source); its rows are published, the others are copies. The same bytes
read at two sources are one reading in the tables, with a row in `documents` for each source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.frames import READING

if TYPE_CHECKING:
    from pipeline.frames import Parts

PREFERENCE = ("report", "attachment", "list", "other", "blocked", "error")
"""Of two rows for the same bytes at the same source and time the one that was understood best is kept."""


@dataclass(frozen=True, slots=True)
class Identity:
    """`kept`: part, bundle, report_id of the readings that stand for a report, with its document and when it was
    first seen. `owners`: document_id, part, bundle of the reading whose rows about a document are published.
    `documents` and `report_documents` are those tables, finished.
    """

    kept: pd.DataFrame
    owners: pd.DataFrame
    documents: pd.DataFrame
    report_documents: pd.DataFrame


def identify(parts: Parts) -> Identity:
    """Group the reports of all parts."""
    documents = parts.frame("documents")
    relations = parts.frame("report_documents")
    reports = parts.frame("reports", ["report_id", "document_id"])

    facts = documents[[*READING, "document_id", "source", "fetched_at", "first_seen", "article_digest"]].copy()
    facts["content"] = facts["article_digest"].fillna(facts["document_id"])
    facts["seen"] = facts["first_seen"].fillna(facts["fetched_at"])
    facts = facts.sort_values([*READING, "document_id", "source"]).drop_duplicates([*READING, "document_id"])
    one = [*READING, "report_id"]
    found = reports.merge(facts, on=[*READING, "document_id"], how="left")
    attached = relations[relations["role"] == "attachment"].merge(
        facts[[*READING, "document_id", "content"]], on=[*READING, "document_id"], how="left"
    )
    joined = attached.sort_values([*one, "content"]).groupby(one)["content"].agg(";".join)
    found = found.merge(joined.rename("attached").reset_index(), on=one, how="left")
    found["group"] = found["content"] + "|" + found["attached"].fillna("")

    found = found.sort_values(["fetched_at", "document_id", "source", *READING], na_position="last")
    first = found.drop_duplicates("group")
    found["stands_for"] = found["group"].map(dict(zip(first["group"], first["report_id"], strict=True)))
    kept = first.drop_duplicates("report_id")

    return Identity(
        kept=kept[[*one, "document_id", "source", "seen"]].reset_index(drop=True),
        owners=_owners(documents, kept),
        documents=_documents(documents),
        report_documents=_relations(relations, found, kept),
    )


def _documents(documents: pd.DataFrame) -> pd.DataFrame:
    ranked = documents.assign(rank=documents["kind"].map({kind: rank for rank, kind in enumerate(PREFERENCE)}))
    ranked = ranked.sort_values(["rank", *READING]).drop_duplicates(["document_id", "source", "fetched_at"])
    return ranked.drop(columns=["rank", *READING])


def _relations(relations: pd.DataFrame, found: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    one = [*READING, "report_id"]
    known = relations.merge(found[[*one, "stands_for"]], on=one)
    marked = known.merge(kept[one].assign(kept=True), on=one, how="left")
    own = marked["kept"].notna()
    mine = marked[own]
    copies = marked[~own].drop(columns="report_id").rename(columns={"stands_for": "report_id"})
    copies["role"] = "copy"
    rows = pd.concat([mine, copies])[["report_id", "document_id", "role"]]
    # What a report was read from is no copy of it, even where it was met again.
    return rows.drop_duplicates(["report_id", "document_id"])


def _owners(documents: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    rows = documents[[*READING, "document_id", "source", "fetched_at"]].dropna(subset=["document_id"])
    stands = kept[READING].drop_duplicates().assign(stands=0)
    rows = rows.merge(stands, on=READING, how="left")
    rows["stands"] = rows["stands"].fillna(1)
    rows = rows.sort_values(["stands", "fetched_at", "source", *READING], na_position="last")
    return rows.drop_duplicates("document_id")[["document_id", *READING]].reset_index(drop=True)
