"""The cells of reports laid out by body or series, so that what was said over the years lies together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline import schema

if TYPE_CHECKING:
    import pandas as pd

FACTS = ("report_id", "indicator", "breakdown", "value_std", "status", "raw", "match", "repair")
"""What is kept of an observation."""

CELLS = 100_000
REPORTS = 2_500
"""The most observations, and documents or reports, that are looked at together; aims both, a body is never cut."""

FACT = pa.schema([schema.arrow_schema("observations").field(name) for name in FACTS])


def ranges(observations: int, documents: int) -> int:
    """In how many ranges of ids so many rows are laid out."""
    return max(1, -(-observations // CELLS), -(-documents // REPORTS))


def wide_names(observations: pd.DataFrame) -> pd.Series:
    """For each observation the name that its cell has in the wide tables."""
    named: pd.Series = observations["indicator"] + schema.wide_name("", "") + observations["breakdown"]
    return named
