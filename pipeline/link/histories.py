"""The cells of reports laid out by body or series, so that what was said over the years lies together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from pipeline import schema
from pipeline.link.shelves import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.link.shelves import Room

FACTS = ("report_id", "indicator", "breakdown", "value_std", "status", "raw", "match", "repair")
"""What is kept of an observation."""

CELLS = 400_000
REPORTS = 10_000
"""The most observations and reports that are looked at together; both are aims, a body is never cut."""


class Histories:
    """Observations of reports, in ranges of their bodies or series whose ids ascend from one range to the next."""

    def __init__(self, reports: pd.DataFrame, by: str, batches: Iterable[pd.DataFrame], count: int, room: Room) -> None:
        """`by` is the column of `reports` with the ids; a report without one is left out.

        `batches` are observations with the columns `FACTS`, `count` about how many there are.
        """
        known = reports[reports[by].notna()]
        self.parts = max(1, -(-count // CELLS), -(-len(known) // REPORTS))
        self.reports = known.assign(place=self._place(known[by]))
        wanted = pa.schema([schema.arrow_schema("observations").field(name) for name in FACTS])
        self.shelves = [Shelf(wanted, room) for _ in range(self.parts)]
        places = self.reports[["report_id", "place"]]
        for rows in batches:
            found = rows[list(FACTS)].merge(places, on="report_id")
            for place, some in found.groupby("place"):
                arrays = [pa.array(some[name], from_pandas=True).cast(wanted.field(name).type) for name in FACTS]
                self.shelves[int(str(place))].put(pa.Table.from_arrays(arrays, schema=wanted))

    def pieces(self) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """For each range its reports and their observations."""
        for place, shelf in enumerate(self.shelves):
            reports = self.reports[self.reports["place"] == place]
            if len(reports):
                yield reports.drop(columns="place"), shelf.whole()

    def _place(self, ids: pd.Series) -> pd.Series:
        digits = ids.str.slice(1, 5)
        known = {text: int(text, 16) * self.parts >> 16 for text in digits.unique()}
        return digits.map(known).astype("int64")


def wide_names(observations: pd.DataFrame) -> pd.Series:
    """For each observation the name that its cell has in the wide tables."""
    named: pd.Series = observations["indicator"] + schema.wide_name("", "") + observations["breakdown"]
    return named
