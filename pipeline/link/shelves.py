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

HELD = 400_000
"""The most rows that the shelves of one room hold in memory together."""


class Room:
    """A folder for shelves, made when it is needed and removed with the room. It knows what its shelves hold."""

    def __init__(self, scratch: Path | None) -> None:
        self.scratch = scratch
        self._folder: Path | None = None
        self._count = 0
        self._held = 0
        self._shelves: weakref.WeakSet[Shelf] = weakref.WeakSet()

    def put(self, shelf: Shelf, rows: int) -> None:
        """A shelf holds so many rows more; when all hold too many together, they go to disk."""
        self._shelves.add(shelf)
        self._held += rows
        if self._held > HELD:
            for one in self._shelves:
                one.store()
            self._held = 0

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
        self._taken = False
        self._path: Path | None = None
        self._writer: pa.ipc.RecordBatchFileWriter | None = None

    def put(self, rows: pa.Table) -> None:
        """Put rows of the shelf's schema."""
        self.rows += rows.num_rows
        self._held.append(rows)
        self.room.put(self, rows.num_rows)

    def store(self) -> None:
        """Bring to disk what is held in memory."""
        if self._held and not self._taken:
            if self._writer is None:
                self._path = self.room.path()
                self._writer = pa.ipc.new_file(str(self._path), self.wanted)
            self._writer.write_table(pa.concat_tables(self._held).combine_chunks())
            self._held = []

    def tables(self) -> Iterator[pa.Table]:
        """The rows in the order in which they were put, in pieces."""
        self._taken = True
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
