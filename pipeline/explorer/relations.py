"""Published tables as DuckDB reads them: a file, or the files of each year as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import layout, schema

if TYPE_CHECKING:
    from pathlib import Path


def relation(folder: Path, table: str) -> str:
    """What stands behind FROM for a table of a folder; its columns are those of the table."""
    path = folder / layout.name(table, "parquet")
    if not path.is_dir():
        return f"read_parquet('{_quoted(path)}')"
    names = schema.arrow_schema(table).names
    own = layout.YEAR in names
    given = f", hive_partitioning = {str(own).lower()}"
    given += f", hive_types = {{'{layout.YEAR}': BIGINT}}" if own else ""
    columns = ", ".join(f'"{name}"' for name in names)
    files = path / f"{layout.YEAR}=*" / "0.parquet"
    return f"(SELECT {columns} FROM read_parquet('{_quoted(files)}'{given}))"


def files(folder: Path) -> list[tuple[str, Path]]:
    """The Parquet files of all tables: the name of each below the folder, and where it is."""
    found = []
    for path in sorted(folder.glob("*.parquet")):
        inner = sorted(path.glob("*/0.parquet")) if path.is_dir() else [path]
        found += [(one.relative_to(folder).as_posix(), one) for one in inner]
    return found


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
