"""The published tables, made from all parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.frames import READING
from pipeline.link import bodies, revisions
from pipeline.link.identity import identify
from pipeline.versions import version

if TYPE_CHECKING:
    from pipeline.frames import Parts

FAILED = ("fail", "fail_if_blank_zero")
ONE = [*READING, "report_id"]


class Linked:
    """All parts put in relation. `frame` gives the finished tables one at a time, rows in no order."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.identity = identify(parts)
        reports = parts.frame("reports").drop(columns=["source"])
        reports = reports.merge(self.identity.kept[[*ONE, "source", "seen"]], on=ONE)
        reports = revisions.number(bodies.give_bodies(reports))
        reports["parser_version"] = reports["parser_version"].fillna(version())
        checks = self._rows("checks", ["report_id", "outcome"])
        counts = {
            "observations": self._rows("observations", ["report_id"])["report_id"].value_counts(),
            "checks_failed": checks[checks["outcome"].isin(FAILED)]["report_id"].value_counts(),
            "issues": self._issues(["report_id", "document_id"])["report_id"].value_counts(),
        }
        for column, count in counts.items():
            reports[column] = reports["report_id"].map(count.to_dict()).fillna(0).astype("int64")
        self.reports = reports

    def frame(self, table: str) -> pd.DataFrame:
        """The rows of a table, with every column of it."""
        if table == "documents":
            return self.identity.documents
        if table == "report_documents":
            return self.identity.report_documents
        if table == "reports":
            return self.reports
        if table == "bodies":
            return bodies.bodies(self.reports)
        if table == "observations":
            given = ["body_id", "report_year", "form"]
            rows = self._rows(table).drop(columns=given)
            return rows.merge(self.reports[["report_id", *given]], on="report_id", how="left")
        if table == "cells":
            return self._owned(self._kept_or_unreported(self.parts.frame(table)))
        if table == "issues":
            return self._issues()
        return self._rows(table)

    def tally(self, table: str, column: str) -> dict[str, int]:
        """How often each value of a column stands in a finished table."""
        if table == "issues":
            rows = self._issues(["report_id", "document_id", column])
        elif table == "documents":
            rows = self.identity.documents
        else:
            rows = self._rows(table, ["report_id", column])
        return {str(value): int(count) for value, count in sorted(rows[column].value_counts().items())}

    def _rows(self, table: str, columns: list[str] | None = None) -> pd.DataFrame:
        """The rows of the readings that stand for a report."""
        return self.parts.frame(table, columns).merge(self.identity.kept[ONE], on=ONE)

    def _kept_or_unreported(self, rows: pd.DataFrame) -> pd.DataFrame:
        marked = rows.merge(self.identity.kept[ONE].assign(kept=True), on=ONE, how="left")
        return marked[marked["kept"].notna() | marked["report_id"].isna()]

    def _owned(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.merge(self.identity.owners, on=["document_id", *READING])

    def _issues(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Issues of the reports, of documents that hold none, and of those that could not even be opened."""
        rows = self._kept_or_unreported(self.parts.frame("issues", columns))
        reported = rows[rows["report_id"].notna()]
        rest = rows[rows["report_id"].isna()]
        opened = self._owned(rest[rest["document_id"].notna()])
        return pd.concat([reported, opened, rest[rest["document_id"].isna()]])
