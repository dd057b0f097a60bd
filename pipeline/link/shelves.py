"""Rows that wait for their turn: in memory while they are few, else in files that go when nobody needs them.

What has to be put in relation lies apart in the parts, so it is laid out anew by ranges of an id, and looked at one
range after the other: memory holds a range, however many rows there are in all.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

HELD = 24 * 1024**2
"""The most bytes that the shelves of one room hold in memory together."""

ROWS = 8_192
"""The most rows that are given at once where ranges are not asked for."""

DIGITS = 4
"""So many hex digits of an id decide on its range."""


class Room:
    """A folder for shelves, made when it is needed and removed with the room. It knows what its shelves hold."""

    def __init__(self, scratch: Path | None) -> None:
        self.scratch = scratch
        self._folder: Path | None = None
        self._count = 0
        self._held = 0
        self._shelves: weakref.WeakSet[Shelf] = weakref.WeakSet()

    def put(self, shelf: Shelf, size: int) -> None:
        """A shelf holds so many bytes more; when all hold too many together, they go to disk."""
        self._shelves.add(shelf)
        self._held += size
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
    """Rows of one schema in a number of ranges. All are put before the first is taken; they can be taken again.

    Within a range rows stay in the order in which they were put.
    """

    def __init__(self, wanted: pa.Schema, room: Room, ranges: int = 1) -> None:
        self.wanted = wanted
        self.room = room
        self.ranges = ranges
        self.rows = 0
        self._held: list[tuple[pa.Table, NDArray[np.int64] | None]] = []
        self._taken = False
        self._path: Path | None = None
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._reader: pa.ipc.RecordBatchFileReader | None = None
        # For each time that rows went to disk the number of the first batch, and the range of each.
        self._stored: list[tuple[int, NDArray[np.int64]]] = []
        self._batches = 0

    def put(self, rows: pa.Table, places: NDArray[np.int64] | None = None) -> None:
        """Put rows of the shelf's schema, each into the range that its place says."""
        if not rows.num_rows:
            return
        self.rows += rows.num_rows
        self._held.append((rows, places))
        self.room.put(self, rows.nbytes)

    def put_frame(self, rows: pd.DataFrame, places: NDArray[np.int64] | None = None) -> None:
        """The same for a frame that has at least the columns of the schema."""
        self.put(frames.as_table(rows, self.wanted), places)

    def store(self) -> None:
        """Bring to disk what is held in memory."""
        if not self._held or self._reader is not None:
            return
        if self._writer is None:
            self._path = self.room.path()
            weakref.finalize(self, self._path.unlink, True)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writer = pa.ipc.new_file(str(self._path), self.wanted, options=options)
        rows, bounds = self._sorted()
        there = []
        for place in np.flatnonzero(np.diff(bounds)):
            batches = rows.slice(bounds[place], bounds[place + 1] - bounds[place]).to_batches(max_chunksize=ROWS)
            for batch in batches:
                self._writer.write_batch(batch)
            there += [place] * len(batches)
        self._stored.append((self._batches, np.array(there, np.int64)))
        self._batches += len(there)
        self._held = []
        if self._taken:
            self._open()

    def _sorted(self) -> tuple[pa.Table, NDArray[np.int64]]:
        """What is held by range, and where each range begins and ends."""
        rows = pa.concat_tables([table for table, _ in self._held])
        if self.ranges == 1:
            return rows.combine_chunks(), np.array([0, rows.num_rows])
        places = np.concatenate(
            [np.zeros(table.num_rows, np.int64) if places is None else places for table, places in self._held]
        )
        order = np.argsort(places, kind="stable")
        bounds = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=self.ranges))])
        return rows.take(order).combine_chunks(), bounds

    def _take(self) -> None:
        """Make ready for being read."""
        if self._taken:
            return
        self._taken = True
        if self._writer is not None:
            self.store()
            self._open()
        elif self._held:
            rows, bounds = self._sorted()
            places = np.repeat(np.arange(self.ranges), np.diff(bounds))
            self._held = [(rows, places)]

    def _open(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            # Not mapped: what is read would count as this process's memory.
            self._reader = pa.ipc.open_file(pa.OSFile(str(self._path)))

    def _parts(self, place: int) -> Iterator[pa.Table]:
        self._take()
        if self._reader is not None:
            for first, there in self._stored:
                begin, end = np.searchsorted(there, [place, place + 1])
                for at in range(begin, end):
                    yield pa.Table.from_batches([self._reader.get_batch(first + at)])
            return
        for rows, places in self._held:
            begin, end = (0, rows.num_rows) if places is None else np.searchsorted(places, [place, place + 1])
            for at in range(begin, end, ROWS):
                yield rows.slice(at, min(ROWS, end - at))

    def tables(self) -> Iterator[pa.Table]:
        """The rows of all ranges in turn, in pieces of no certain size."""
        for place in range(self.ranges):
            yield from self._parts(place)

    def frames(self) -> Iterator[pd.DataFrame]:
        """The same as frames."""
        for rows in self.tables():
            yield frames.frame(rows)

    def piece(self, place: int) -> pd.DataFrame:
        """The rows of a range as one frame."""
        return frames.frame(pa.concat_tables([self.wanted.empty_table(), *self._parts(place)]))

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The ranges one after the other, empty ones too."""
        for place in range(self.ranges):
            yield self.piece(place)


def by_id(ids: pd.Series, ranges: int, prefix: int = 0) -> NDArray[np.int64]:
    """For each id which of equal ranges of its hex digits behind a prefix it falls into; missing ones come first.

    Ids ascend from one range to the next.
    """
    if not len(ids):
        return np.zeros(0, np.int64)
    digits = ids.str.slice(prefix, prefix + DIGITS).fillna("")
    known = {text: int(text.ljust(DIGITS, "0"), 16) * ranges >> 4 * DIGITS for text in digits.unique()}
    return digits.map(known).to_numpy(dtype=np.int64)


def by_hash(texts: pd.Series, ranges: int) -> NDArray[np.int64]:
    """For each text which of the ranges its digest falls into, so that equal texts lie together."""
    digests = pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)
    return (digests % np.uint64(ranges)).astype(np.int64)
