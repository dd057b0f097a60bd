"""Published tables read back from an output folder, in batches of bounded size, from the Parquet files.

Whoever reads tables asks here, and need not know whether one is a file or a folder with a file for each year.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parsers.errors import UsageError
from pipeline import layout
from pipeline.originals import Known
from pipeline.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = dict[str, Any]
BATCH = 65_536


class Tables:
    """The tables of a folder. A table that is not there is a UsageError when it is asked for."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / "documents.parquet").is_file():
            raise UsageError(
                f"{self.folder} holds no published tables", remedy="Name the output folder of `gongkai extract`."
            )

    def has(self, table: str) -> bool:
        """Whether the table was published."""
        return layout.there(self.folder, table, "parquet")

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return sum(int(file.metadata.num_rows) for file, _ in self._files(table))

    def _files(self, table: str) -> list[tuple[pq.ParquetFile, layout.Piece]]:
        """The files of a table, in the order of its rows."""
        path = self.folder / layout.name(table, "parquet")
        try:
            return [(pq.ParquetFile(piece.path), piece) for piece in layout.pieces(self.folder, table, "parquet")]
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"{path} cannot be read ({error})") from error

    def batches(self, table: str, columns: Sequence[str] | None = None, size: int = BATCH) -> Iterator[pa.RecordBatch]:
        """The rows of a table in published order."""
        for file, piece in self._files(table):
            yield from _batches(table, file, piece, columns, size)

    def by_file(self, table: str) -> Iterator[tuple[Path, Iterator[pa.RecordBatch]]]:
        """The Parquet files of a table in order: the CSV file that stands beside each, and the rows."""
        for file, piece in self._files(table):
            of_year = layout.name_of_year(table, "csv", piece.year)
            text = self.folder / (of_year if piece.partitioned else layout.name(table, "csv"))
            yield text, _batches(table, file, piece, None, BATCH)

    def schema(self, table: str) -> pa.Schema:
        """Columns and types as they stand in the file; a year that folders are named after is one of them."""
        files = self._files(table)
        return _whole_schema(table, files[0][0].schema_arrow, files[0][1]) if files else arrow_schema(table)

    def rows(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        among: tuple[str, Sequence[str]] | None = None,
        **wanted: str,
    ) -> Iterator[Row]:
        """The rows as dictionaries; with `wanted`, those whose columns have these texts, with `among` those whose
        column has one of several. A missing text is ""."""
        texts = {field.name for field in self.schema(table) if pa.types.is_string(field.type)}
        several = pa.array(list(among[1]), pa.string()) if among else None
        for batch in self.batches(table, columns):
            rows = pa.Table.from_batches([batch])
            if among:
                rows = rows.filter(pc.is_in(rows[among[0]], value_set=several))
            for name, value in wanted.items():
                rows = rows.filter(pc.equal(rows[name], value))
            for row in rows.to_pylist():
                for name in texts & row.keys():
                    row[name] = row[name] or ""
                yield row

    def among(self, table: str, column: str, values: Sequence[str]) -> pa.Table:
        """The rows of a table whose column has one of several texts."""
        wanted = pa.array(list(values), pa.string())
        found = [self.schema(table).empty_table()]
        for batch in self.batches(table):
            rows = pa.Table.from_batches([batch])
            found.append(rows.filter(pc.is_in(rows[column], value_set=wanted)))
        return pa.concat_tables(found)

    def whole(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows of a table at once."""
        found = list(self.batches(table, columns))
        if found:
            rows = pa.Table.from_batches(found)
            return rows.select(list(columns)) if columns else rows
        fields = self.schema(table)
        return (pa.schema([fields.field(name) for name in columns]) if columns else fields).empty_table()

    def known(self) -> Iterator[Known]:
        """What is known of the documents, for opening them."""
        names = [field.name for field in fields(Known)]
        for row in self.rows("documents", names):
            yield Known(**{name: row[name] for name in names})


def _whole_schema(table: str, stored: pa.Schema, piece: layout.Piece) -> pa.Schema:
    """The schema of a file with the year that its folder is named after, where the table has that column."""
    wanted = arrow_schema(table) if table in layout.BY_YEAR else stored
    if not piece.partitioned or layout.YEAR not in wanted.names or layout.YEAR in stored.names:
        return stored
    return stored.insert(min(wanted.get_field_index(layout.YEAR), len(stored)), wanted.field(layout.YEAR))


def _batches(
    table: str, file: pq.ParquetFile, piece: layout.Piece, columns: Sequence[str] | None, size: int
) -> Iterator[pa.RecordBatch]:
    """The rows of one file, with the year that its folder is named after."""
    stored = file.schema_arrow
    whole = _whole_schema(table, stored, piece)
    names = list(columns) if columns is not None else whole.names
    if whole is stored:
        yield from file.iter_batches(size, columns=columns)
        return
    own = [name for name in names if name in stored.names]
    wanted = pa.schema([whole.field(name) for name in names])
    # A column is read where none is asked for, to know how many rows there are.
    for batch in file.iter_batches(size, columns=own or stored.names[:1]):
        year = pa.array([piece.year] * batch.num_rows, pa.int64())
        yield pa.RecordBatch.from_arrays([batch[n] if n in own else year for n in names], schema=wanted)
