"""Published tables read back from an output folder, in batches of bounded size, from the Parquet files."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parsers.errors import UsageError
from pipeline.originals import Known

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

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def has(self, table: str) -> bool:
        """Whether the table was published."""
        return self.path(table).is_file()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._file(table).metadata.num_rows)

    def _file(self, table: str) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.path(table))
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"{self.path(table)} cannot be read ({error})") from error

    def batches(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of a table in published order."""
        yield from self._file(table).iter_batches(BATCH, columns=columns)

    def schema(self, table: str) -> pa.Schema:
        """Columns and types as they stand in the file."""
        return self._file(table).schema_arrow

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
        try:
            return pq.read_table(self.path(table), columns=list(columns) if columns else None)
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"{self.path(table)} cannot be read ({error})") from error

    def known(self) -> Iterator[Known]:
        """What is known of the documents, for opening them."""
        names = [field.name for field in fields(Known)]
        for row in self.rows("documents", names):
            yield Known(**{name: row[name] for name in names})
