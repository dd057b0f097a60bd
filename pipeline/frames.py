"""Parts to frames: the rows of a table from many parts as one pandas DataFrame.

Columns are backed by Arrow, so types are those of the schema and missing values are missing. Two columns
are added: `part`, the place of the part in the list, and `bundle`, the place of the bundle in the part;
together they tell which reading a row comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from parsers.errors import PipelineError
from parsers.records import TABLES
from pipeline import parts as part_files
from pipeline import schema
from pipeline.parts import BUNDLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.parts import Receipt

PART = "part"
BATCH = 50_000
"""Rows of the longest table that are put in relation at a time."""

READING = [PART, BUNDLE]
"""The columns that tell one reading of a bundle from another."""


class Parts:
    """The parts of a run, in the order of their names."""

    def __init__(self, folder: Path, receipts: Sequence[Receipt]) -> None:
        self.folder = folder
        self.receipts = sorted(receipts, key=lambda receipt: receipt.name)

    def rows(self, table: str) -> int:
        """How many rows of a table the parts hold."""
        return sum(receipt.rows.get(table, 0) for receipt in self.receipts)

    def spans(self) -> list[range]:
        """The places of all parts, cut into runs that hold about `BATCH` rows of any table, none of them empty."""
        found = []
        begin, held = 0, dict.fromkeys(TABLES, 0)
        for place, receipt in enumerate(self.receipts):
            for table, count in receipt.rows.items():
                held[table] += count
            if max(held.values()) >= BATCH:
                found.append(range(begin, place + 1))
                begin, held = place + 1, dict.fromkeys(TABLES, 0)
        if begin < len(self.receipts):
            found.append(range(begin, len(self.receipts)))
        return found

    def arrow(self, table: str, columns: Sequence[str] | None, span: range) -> Iterator[pa.Table]:
        """The rows of a table, part by part, with `part` and `bundle`."""
        wanted = [*(columns if columns is not None else schema.arrow_schema(table).names), BUNDLE]
        for place in span:
            receipt = self.receipts[place]
            if not receipt.rows.get(table):
                continue
            for path in part_files.chunk_files(self.folder / receipt.name, receipt, table):
                try:
                    with pq.ParquetFile(path) as file:
                        rows = file.read(columns=wanted, use_threads=False).select(wanted)
                except (OSError, pa.ArrowException) as error:
                    raise PipelineError(
                        f"a part is damaged ({error})", reading=str(path), remedy="Remove it and run again."
                    ) from error
                number = pa.array([place] * rows.num_rows, pa.int32())
                yield rows.append_column(PART, number)

    def frame(self, table: str, columns: Sequence[str] | None, span: range) -> pd.DataFrame:
        """The rows of a table from some parts, with the columns asked for, `part` and `bundle`."""
        pieces = list(self.arrow(table, columns, span))
        if pieces:
            return frame(pa.concat_tables(pieces))
        fields = schema.arrow_schema(table)
        names = list(columns) if columns is not None else fields.names
        empty = pa.schema(
            [*(fields.field(name) for name in names), pa.field(BUNDLE, pa.int32()), pa.field(PART, pa.int32())]
        )
        return frame(empty.empty_table())


def frame(rows: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame whose columns stay Arrow's."""
    made: pd.DataFrame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    return made


def rows(table: str, records: Iterable[object]) -> pa.Table:
    """Records without numbers as an Arrow table; an empty text is missing."""
    wanted = schema.arrow_schema(table)
    held = list(records)
    arrays = [pa.array([getattr(one, field.name) or None for one in held], field.type) for field in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


def arrow(rows: pd.DataFrame, table: str) -> pa.Table:
    """A frame as an Arrow table with exactly the schema of a published table."""
    return as_table(rows, schema.arrow_schema(table))


def as_table(rows: pd.DataFrame, wanted: pa.Schema) -> pa.Table:
    """The columns of a schema from a frame that has them."""
    columns = []
    for field in wanted:
        column = pa.array(rows[field.name], from_pandas=True)
        columns.append(column.cast(field.type) if column.type != field.type else column)
    return pa.Table.from_arrays(columns, schema=wanted)
