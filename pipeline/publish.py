"""The tables as files: NAME.csv and NAME.parquet with the same rows in the same order.

The bytes depend on the rows alone: rows are sorted by key, row groups have a fixed size, no metadata names
a machine, a time or a number of workers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parsers.errors import PublishError
from parsers.records import TABLES
from pipeline import comma, frames, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pandas as pd

ROW_GROUP = 65_536


@dataclass(frozen=True, slots=True)
class Written:
    """A published table: its rows, and the files that hold it."""

    rows: int
    files: tuple[str, str]


def publish(
    folder: Path,
    pieces_of: Callable[[str], Iterable[pd.DataFrame]],
    amend: Callable[[str, pa.Table], pa.Table] = lambda _, rows: rows,
) -> dict[str, Written]:
    """Write every table into a folder that exists.

    `pieces_of` gives the rows of a table as frames whose leading key columns ascend from one to the next.
    `amend` is given each of these in order, as they will be written, and returns them with what else is known.

    PublishError when two rows have the same key, or when the files cannot be written.
    """
    written = {}
    for table in TABLES:
        ordered = (amend(table, in_order(rows, table)) for rows in pieces_of(table))
        try:
            count = write(folder, table, ordered)
        except (OSError, pa.ArrowException) as error:
            raise PublishError(f"{table} cannot be written ({error})") from error
        written[table] = Written(count, (f"{table}.csv", f"{table}.parquet"))
    return written


def in_order(rows: pd.DataFrame, table: str) -> pa.Table:
    """Rows sorted by the table's key, or by all columns where it has none. PublishError when a key is there twice."""
    key = list(schema.key(table))
    if key:
        twice = rows.duplicated(key)
        if twice.any():
            first = rows[twice].iloc[0]
            said = ", ".join(f"{name} {first[name]}" for name in key)
            raise PublishError(f"two rows of {table} have the same key", where=said)
    table_rows = frames.arrow(rows, table)
    by = pa.table({name: schema.sortable(table_rows[name], table, name) for name in schema.order(table)})
    places = pc.sort_indices(by, sort_keys=[(name, "ascending") for name in by.column_names])
    return table_rows.take(places)


def write(folder: Path, table: str, pieces: Iterable[pa.Table]) -> int:
    """Write a table's two files from pieces in order; how the rows are cut into pieces does not show.

    Returns the number of rows.
    """
    count = 0
    wanted = schema.arrow_schema(table)
    with (
        open(folder / f"{table}.csv", "wb") as text,
        open(folder / f"{table}.parquet", "wb") as columns,
        pq.ParquetWriter(columns, wanted, compression="zstd", version="2.6", store_schema=False) as parquet,
    ):
        text.write(comma.header(wanted.names))
        for group in _groups(pieces, wanted):
            for part in comma.lines(group):
                text.write(part)
            parquet.write_table(group, row_group_size=ROW_GROUP)
            count += group.num_rows
        parquet.close()
        _settle(text)
        _settle(columns)
    return count


def _groups(pieces: Iterable[pa.Table], wanted: pa.Schema) -> Iterator[pa.Table]:
    """The rows of all pieces in groups of a fixed size, the last one smaller."""
    held = wanted.empty_table()
    for piece in pieces:
        held = pa.concat_tables([held, piece]) if held.num_rows else piece
        while held.num_rows >= ROW_GROUP:
            yield held.slice(0, ROW_GROUP).combine_chunks()
            held = held.slice(ROW_GROUP)
    if held.num_rows:
        yield held.combine_chunks()


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
