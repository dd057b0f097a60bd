"""Rows that wait for their turn: in memory while they are few, else in files that go when nobody needs them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline import frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

HELD = 1_000_000
"""The most rows of one shelf that are held in memory."""


class Room:
    """A folder for shelves, made when it is needed and removed with the room."""

    def __init__(self, scratch: Path | None) -> None:
        self.scratch = scratch
        self._folder: Path | None = None
        self._count = 0

    def path(self) -> Path:
        """The path of a file that is not there yet."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(dir=self.scratch))
            weakref.finalize(self, shutil.rmtree, self._folder, True)
        self._count += 1
        return self._folder / str(self._count)


class Shelf:
    """Rows of one schema. All are put before the first is taken."""

    def __init__(self, wanted: pa.Schema, room: Room) -> None:
        self.wanted = wanted
        self.room = room
        self.rows = 0
        self._held: list[pa.Table] = []
        self._here = 0
        self._path: Path | None = None
        self._writer: pa.ipc.RecordBatchFileWriter | None = None

    def put(self, rows: pa.Table) -> None:
        """Put rows of the shelf's schema."""
        self.rows += rows.num_rows
        self._here += rows.num_rows
        self._held.append(rows)
        if self._here > HELD:
            if self._writer is None:
                self._path = self.room.path()
                self._writer = pa.ipc.new_file(str(self._path), self.wanted)
            for piece in self._held:
                self._writer.write_table(piece)
            self._held, self._here = [], 0

    def tables(self) -> Iterator[pa.Table]:
        """The rows in the order in which they were put, in pieces."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._path is not None:
            with pa.memory_map(str(self._path)) as source, pa.ipc.open_file(source) as reader:
                for place in range(reader.num_record_batches):
                    yield pa.Table.from_batches([reader.get_batch(place)])
        yield from self._held

    def frames(self) -> Iterator[pd.DataFrame]:
        """The same as frames."""
        for rows in self.tables():
            yield frames.frame(rows)

    def whole(self) -> pd.DataFrame:
        """All rows as one frame."""
        return frames.frame(pa.concat_tables([self.wanted.empty_table(), *self.tables()]))
