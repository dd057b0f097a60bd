"""Lists of loose documents that may be millions: each is a hundred bytes until it is looked at."""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

END = b"\0"
NUMBERS = struct.Struct(">IQqqQ")
"""A document is kept as its source, which no file system lets have END in it, and these: where its path begins, size,
times and inode. So kept, documents sort as their sources do."""

DIGEST = 32
UNKNOWN = bytes(DIGEST)


@dataclass(frozen=True, slots=True)
class RawFile:
    """A document as it stands on disk: `path` opens it, the numbers tell whether it has changed."""

    source: str
    path: str
    size: int
    modified: int
    changed: int
    inode: int


class Files:
    """Documents in the order of their sources, no two of one source; made anew each time that they are looked at."""

    def __init__(self, files: Iterable[RawFile] = ()) -> None:
        self._begins: dict[tuple[str, bool], int] = {}
        self._paths: list[tuple[str, bool]] = []
        self._records: list[bytes] = []
        for file in files:
            self.add(file)
        self.sort()

    def add(self, file: RawFile) -> None:
        """One more, at the end: `sort` puts all in order."""
        # A path ends as its source does, but where a name is shown otherwise than it is.
        own = not file.path.endswith(file.source)
        begin = (file.path if own else file.path[: len(file.path) - len(file.source)], own)
        place = self._begins.setdefault(begin, len(self._begins))
        if place == len(self._paths):
            self._paths.append(begin)
        numbers = NUMBERS.pack(place, file.size, file.modified, file.changed, file.inode)
        self._records.append(file.source.encode() + END + numbers)

    def sort(self) -> None:
        """Put all in the order of their sources."""
        self._records.sort()

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RawFile]:
        return map(self._file, self._records)

    def __getitem__(self, place: int) -> RawFile:
        return self._file(self._records[place])

    def _file(self, record: bytes) -> RawFile:
        begin, size, modified, changed, inode = NUMBERS.unpack_from(record, len(record) - NUMBERS.size)
        source = record[: -NUMBERS.size - len(END)].decode()
        path, own = self._paths[begin]
        return RawFile(source, path if own else path + source, size, modified, changed, inode)

    def place(self, source: str) -> int:
        """The place of the document of a source. KeyError where there is none."""
        wanted = source.encode() + END
        place = bisect.bisect_left(self._records, wanted)
        if place == len(self) or not self._records[place].startswith(wanted):
            raise KeyError(source)
        return place


class Hashes:
    """The sha256 of each of some documents, as far as it is known."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._kept = bytearray(DIGEST * len(files))

    def put(self, source: str, sha256: str) -> None:
        """Keep what is known of a document."""
        if sha256:
            begin = self.files.place(source) * DIGEST
            self._kept[begin : begin + DIGEST] = bytes.fromhex(sha256)

    def get(self, source: str) -> str:
        """The sha256 of a document, "" where it is not known."""
        return self._at(self.files.place(source))

    def items(self) -> Iterator[tuple[RawFile, str]]:
        """All documents in order, each with what `get` says."""
        return ((file, self._at(place)) for place, file in enumerate(self.files))

    def _at(self, place: int) -> str:
        found = bytes(self._kept[place * DIGEST : (place + 1) * DIGEST])
        return "" if found == UNKNOWN else found.hex()


One_co = TypeVar("One_co", covariant=True)


class Joined(Generic[One_co]):
    """Several lists as one, without a copy."""

    def __init__(self, *lists: Files | Sequence[One_co]) -> None:
        self._lists = lists
        self._ends = list(itertools.accumulate(map(len, lists)))

    def __len__(self) -> int:
        return self._ends[-1]

    def __iter__(self) -> Iterator[One_co]:
        return itertools.chain(*self._lists)  # type: ignore[arg-type]

    def __getitem__(self, place: int) -> One_co:
        number = bisect.bisect_right(self._ends, place)
        return self._lists[number][place - (self._ends[number - 1] if number else 0)]  # type: ignore[return-value]
