"""Where the files of a published table lie: one file of a kind, or a folder with a file for each year reported on.

`observations.parquet` is a file, or the folder of `observations.parquet/report_year=2023/0.parquet` and others, as Hive
and all that follow it name them. A Parquet file of a year leaves the column `report_year` to the name of its folder,
where the table has that column; a CSV file has every column. Rows without a year lie under `UNKNOWN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.errors import UsageError
from parsers.records import TABLES, columns

if TYPE_CHECKING:
    from pathlib import Path

YEAR = "report_year"
UNKNOWN = "__HIVE_DEFAULT_PARTITION__"
KINDS = ("csv", "parquet")

_WHOLE = ("report_documents",)
"""Tables of reports that are short for each of them."""


def _by_year(table: str) -> bool:
    names = {column.name for column in columns(TABLES[table])}
    return bool(names & {YEAR, "report_id"}) and table not in _WHOLE


BY_YEAR = tuple(table for table in TABLES if _by_year(table))
"""The tables that can be partitioned: their rows are of reports."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a table. `year` is that of its rows, None where it is not known or the file holds all years."""

    path: Path
    year: int | None = None
    partitioned: bool = False


def name(table: str, kind: str) -> str:
    """The name of the file, or of the folder, that holds a table."""
    return f"{table}.{kind}"


def name_of_year(table: str, kind: str, year: int | None) -> str:
    """The name of the file that holds the rows of a year, below the release."""
    return f"{name(table, kind)}/{YEAR}={UNKNOWN if year is None else year}/0.{kind}"


def there(folder: Path, table: str, kind: str) -> bool:
    """Whether the table was published."""
    return (folder / name(table, kind)).exists()


def pieces(folder: Path, table: str, kind: str) -> list[Piece]:
    """The files of a table in the order of their rows: what has no year first, then year by year.

    UsageError when a folder holds something else.
    """
    home = folder / name(table, kind)
    if not home.is_dir():
        return [Piece(home)]
    found = []
    for path in home.iterdir():
        said = re.fullmatch(rf"{YEAR}=(-?\d{{1,6}}|{UNKNOWN})", path.name)
        if said is None or not (path / f"0.{kind}").is_file():
            raise UsageError(f"{path} does not belong to a published table")
        found.append(Piece(path / f"0.{kind}", None if said[1] == UNKNOWN else int(said[1]), partitioned=True))
    return sorted(found, key=lambda piece: (piece.year is not None, piece.year or 0))


def files(folder: Path, table: str) -> list[str]:
    """The names of a table's files below the release, CSV before Parquet."""
    return [piece.path.relative_to(folder).as_posix() for kind in KINDS for piece in pieces(folder, table, kind)]
