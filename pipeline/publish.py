"""The tables as files: NAME.csv and NAME.parquet with the same rows in the same order.

A large table can be a folder with a pair of files for each year instead, see `pipeline.layout`.

The bytes depend on the rows alone: rows are sorted by key, row groups have a fixed size, no metadata names
a machine, a time or a number of workers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parsers.errors import PublishError
from parsers.records import TABLES
from pipeline import comma, frames, layout, memory, schema
from pipeline.link.shelves import Room, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

ROW_GROUP = 65_536
"""Rows of a Parquet file's group; so many are in memory when they are written."""

WIDE, WIDE_GROUP = 60, 1_024
"""More columns than the first, and a group has only as many rows as the second."""

LONG_GROUPS = {"sections": 16_384, "observations": 16_384, "cells": 16_384}
"""Tables whose rows are long, and that have the most of them."""


@dataclass(frozen=True, slots=True)
class Written:
    """A published table: its rows, and the files that hold it."""

    rows: int
    files: tuple[str, ...]


def publish(
    folder: Path,
    pieces_of: Callable[[str], Iterable[pd.DataFrame]],
    amend: Callable[[str, pa.Table], pa.Table] = lambda _, rows: rows,
    by_year: Callable[[str], bool] = lambda _: False,
) -> dict[str, Written]:
    """Write every table into a folder that exists.

    `pieces_of` gives the rows of a table as frames whose leading key columns ascend from one to the next.
    `amend` is given each of these in order, as they will be written, and returns them with what else is known.
    Tables of `layout.BY_YEAR` for which `by_year` is true have files for each year; their frames have a column
    `report_year`, one of the table's or beside these.

    PublishError when two rows have the same key, or when the files cannot be written.
    """
    written = {}
    for table in TABLES:
        memory.give_back()
        pieces = pieces_of(table)
        try:
            if table in layout.BY_YEAR and by_year(table):
                count = _write_by_year(folder, table, pieces, amend)
            else:
                # Unlike a comprehension, `map` keeps nothing of a piece once it is made.
                count = write(folder, table, map(_finished(table, amend), pieces))
        except (OSError, pa.ArrowException) as error:
            raise PublishError(f"{table} cannot be written ({error})") from error
        written[table] = Written(count, tuple(layout.files(folder, table)))
    return written


def _finished(table: str, amend: Callable[[str, pa.Table], pa.Table]) -> Callable[[pd.DataFrame], pa.Table]:
    """What makes rows that are to be written of rows in no order."""
    return lambda rows: amend(table, in_order(rows, table))


def _write_by_year(
    folder: Path, table: str, pieces: Iterable[pd.DataFrame], amend: Callable[[str, pa.Table], pa.Table]
) -> int:
    """Write a table as a pair of files for each year. Rows wait on disk until those of their year are together."""
    room = Room(folder.parent)
    years: dict[int | None, Shelf] = {}
    for rows in pieces:
        for said, some in rows.groupby(layout.YEAR, dropna=False):
            year = None if pd.isna(said) else int(str(said))  # type: ignore[redundant-expr]
            shelf = years.setdefault(year, Shelf(schema.arrow_schema(table), room))
            shelf.put(amend(table, in_order(some, table)))
    if not years:
        return write(folder, table, ())
    count = 0
    for place in sorted(years, key=lambda year: (year is not None, year or 0)):
        paths = [folder / layout.name_of_year(table, kind, place) for kind in layout.KINDS]
        for path in paths:
            path.parent.mkdir(parents=True)
        count += _write(paths[0], paths[1], table, years.pop(place).tables(), left_out=(layout.YEAR,))
    return count


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
    text, columns = (folder / layout.name(table, kind) for kind in layout.KINDS)
    return _write(text, columns, table, pieces)


def _write(
    text_path: Path, columns_path: Path, table: str, pieces: Iterable[pa.Table], left_out: tuple[str, ...] = ()
) -> int:
    """Write a pair of files; what is left out is so of the Parquet file alone."""
    count = 0
    wanted = schema.arrow_schema(table)
    stored = [name for name in wanted.names if name not in left_out]
    with (
        open(text_path, "wb") as text,
        open(columns_path, "wb") as columns,
        pq.ParquetWriter(
            columns,
            pa.schema([wanted.field(name) for name in stored]),
            compression="zstd",
            version="2.6",
            store_schema=False,
        ) as parquet,
    ):
        text.write(comma.header(wanted.names))
        size = ROW_GROUP if len(wanted) <= WIDE else min(ROW_GROUP, WIDE_GROUP)
        size = min(size, LONG_GROUPS.get(table, size))
        for group in _groups(pieces, wanted, size):
            for part in comma.lines(group):
                text.write(part)
            parquet.write_table(group.select(stored), row_group_size=size)
            count += group.num_rows
        parquet.close()
        _settle(text)
        _settle(columns)
    return count


def _groups(pieces: Iterable[pa.Table], wanted: pa.Schema, size: int) -> Iterator[pa.Table]:
    """The rows of all pieces in groups of a fixed size, the last one smaller."""
    held: list[pa.Table] = []
    count = 0
    for piece in pieces:
        begin = 0
        while count + piece.num_rows - begin >= size:
            held.append(piece.slice(begin, size - count))
            begin, count = begin + size - count, 0
            yield _joined(held, wanted)
        rest = piece.num_rows - begin
        if rest:
            # What is left of a piece is copied, so that the whole of it does not stay.
            held.append(piece.slice(begin).take(np.arange(rest)) if begin else piece)
            count += rest
        del piece
    if held:
        yield _joined(held, wanted)


def _joined(pieces: list[pa.Table], wanted: pa.Schema) -> pa.Table:
    """Pieces as one table, each column in one array. The list is emptied: a column after the other goes from it."""
    waiting = [[chunk for piece in pieces for chunk in piece.column(name).chunks] for name in reversed(wanted.names)]
    pieces.clear()
    columns = []
    while waiting:
        chunks = waiting.pop()
        columns.append(chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks))
    return pa.Table.from_arrays(columns, schema=wanted)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
