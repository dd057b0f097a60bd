"""What the last run saw of each raw file, so that a file that has not changed need not be opened.

A file counts as unchanged when its size, times and inode are the same, it was not written within the
seconds before it was hashed (a second change could hide in the same tick of the clock), and its hash is
not too old.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.archive.listed import RawFile

SETTLED = 2 * 10**9
"""Nanoseconds after which a file's times are trusted."""

KEPT = 30 * 86_400 * 10**9
"""Nanoseconds after which a file is hashed anew."""

AT_ONCE = 500
"""Files that are asked for together."""

_ASKED = "select * from {} where path in ({})"

LAYOUT = """
create table if not exists seen (
  path blob primary key, size integer, modified integer, changed integer, inode integer, sha256 text, hashed integer
) without rowid;
create table if not exists named (
  path blob primary key, size integer, modified integer, changed integer, inode integer, addresses text, hashed integer,
  version text
) without rowid;
"""


class Seen:
    """The memory of one output folder, in an SQLite file. A file that is damaged is begun anew.

    It saves time and decides nothing: where it cannot be read or written, files are opened and hashed again.
    """

    def __init__(self, path: Path) -> None:
        try:
            self.base = _open(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self.base = _open(path)

    def close(self) -> None:
        self.base.close()

    def hashes(self, files: Iterable[RawFile]) -> dict[str, str]:
        """The sha256 of every file that is known to be unchanged, by its path."""
        return {file.path: row[4] for file, row in self._kept("seen", files)}

    def _kept(self, table: str, files: Iterable[RawFile]) -> Iterator[tuple[RawFile, Sequence[Any]]]:
        """The files of which what is kept in a table still holds, with it; never the whole table."""
        waiting = iter(files)
        while some := list(islice(waiting, AT_ONCE)):
            marks = ",".join("?" * len(some))
            paths = [os.fsencode(file.path) for file in some]
            try:
                known = {row[0]: row[1:] for row in self.base.execute(_ASKED.format(table, marks), paths)}
            except sqlite3.Error:
                return
            for file, path in zip(some, paths, strict=True):
                row = known.get(path)
                if row is not None and _holds(file, row):
                    yield file, row

    def remember(self, files: Iterable[tuple[RawFile, str]]) -> None:
        """Keep the sha256 of files that were just hashed."""
        now = time.time_ns()
        with contextlib.suppress(sqlite3.Error), self.base:
            self.base.executemany(
                "insert or replace into seen values (?, ?, ?, ?, ?, ?, ?)",
                [(os.fsencode(file.path), *_marks(file), sha256, now) for file, sha256 in files if sha256],
            )

    def named(self, files: Iterable[RawFile]) -> dict[str, list[str]]:
        """What links to files every page has that is known to be unchanged, by its path."""
        version = versions.digest("pipeline.archive")
        return {file.path: json.loads(row[4]) for file, row in self._kept("named", files) if row[6] == version}

    def remember_named(self, pages: Iterable[tuple[RawFile, list[str]]]) -> None:
        """Keep the links of pages that were just read."""
        now, version = time.time_ns(), versions.digest("pipeline.archive")
        with contextlib.suppress(sqlite3.Error), self.base:
            self.base.executemany(
                "insert or replace into named values (?, ?, ?, ?, ?, ?, ?, ?)",
                [(os.fsencode(file.path), *_marks(file), json.dumps(found), now, version) for file, found in pages],
            )


def _holds(file: RawFile, row: Sequence[Any]) -> bool:
    """Whether what was kept of a file is still known to be true."""
    return (
        row[:4] == _marks(file)
        and max(file.modified, file.changed) + SETTLED < row[5] <= time.time_ns() < row[5] + KEPT
    )


def _marks(file: RawFile) -> tuple[int, int, int, int]:
    """What tells a changed file from an unchanged one; an inode may be too large for SQLite."""
    return file.size, file.modified, file.changed, file.inode & 0x7FFF_FFFF_FFFF_FFFF


def _open(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    try:
        base.executescript(LAYOUT)
        base.execute("select * from seen limit 1").fetchone()
        base.execute("select * from named limit 1").fetchone()
    except sqlite3.DatabaseError:
        with contextlib.suppress(sqlite3.Error):
            base.close()
        raise
    return base
