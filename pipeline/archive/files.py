"""The folder of archive files that a crawl appends to: rotation, flushing to disk, and what a kill leaves.

The crawl's database names for each file how many of its bytes are committed. Bytes beyond that were on
their way when the process ended; they are cut off before anything is appended.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from parsers.version import VERSION
from pipeline.archive.endings import ENDINGS
from pipeline.archive.reading import ArchiveError
from pipeline.archive.warc import information
from pipeline.switch import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

SIZE = 1024**3
"""Bytes after which a new file is begun, by custom of web archives."""

_OURS = re.compile(r"gongkai-(\d{6})\.warc\.gz")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file's name within the folder, and the offset of its first byte."""

    archive: str
    offset: int


def archives(folder: Path) -> list[Path]:
    """The archive files below a folder, sorted by their path."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.name.lower().endswith(ENDINGS) and path.is_file())


class Files:
    """Appends to the files `gongkai-NNNNNN.warc.gz` of a folder. One process at a time, which the crawl's lock sees to.

    `committed` are the lengths that the database knows; a file that it does not know is left alone. `announce`
    is told of a new file before there is one, so that whatever a kill leaves is known to the next run.
    """

    def __init__(
        self,
        folder: Path,
        committed: Mapping[str, int],
        announce: Callable[[str], None],
        *,
        size: int = SIZE,
        contact: str = "",
    ) -> None:
        self.folder = folder
        self.announce = announce
        self.size = size
        self.contact = contact
        self.file: BinaryIO | None = None
        self.name = ""
        self.lengths: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for name, length in committed.items():
            self._cut(name, length)
        there = [int(found[1]) for path in folder.iterdir() if (found := _OURS.fullmatch(path.name))]
        known = [int(found[1]) for name in committed if (found := _OURS.fullmatch(name))]
        self.number = max([*there, *known], default=0)
        last = _name(self.number)
        if 0 < committed.get(last, size) < size:
            self._open(last, committed[last])

    def _cut(self, name: str, length: int) -> None:
        path = self.folder / name
        there = path.stat().st_size if path.exists() else 0
        if there < length:
            raise ArchiveError(
                f"{path} has {there} bytes, and the crawl's database says {length}",
                remedy="Bring the file back, or begin a new crawl folder and import what is left with `raw import`.",
            )
        if there and not length:
            path.unlink()
        elif there > length:
            with open(path, "r+b") as file:
                file.truncate(length)
                os.fsync(file.fileno())

    def _open(self, name: str, length: int) -> None:
        self.close()
        self.file = open(self.folder / name, "r+b" if length else "xb")  # noqa: SIM115
        self.file.seek(length)
        self.name = name
        self.lengths[name] = length

    def append(self, contents: Iterable[bytes]) -> list[Place]:
        """Append packed exchanges and have them on disk. An exchange never spans two files."""
        places = []
        for content in contents:
            if self.file is None or self.lengths[self.name] >= self.size:
                self._begin()
            assert self.file is not None
            places.append(Place(self.name, self.lengths[self.name]))
            self.file.write(content)
            self.lengths[self.name] += len(content)
        self._flush()
        return places

    def _begin(self) -> None:
        self._flush()
        self.number += 1
        name = _name(self.number)
        self.announce(name)
        self._open(name, 0)
        assert self.file is not None
        more = [("operator", self.contact)] if self.contact else []
        head = information(name, f"gongkai/{VERSION}", datetime.now(UTC), more)
        self.file.write(head)
        self.lengths[name] = len(head)
        settle(self.folder)

    def _flush(self) -> None:
        if self.file is not None:
            self.file.flush()
            os.fsync(self.file.fileno())

    def close(self) -> None:
        """Have everything on disk and let go of the file."""
        if self.file is not None:
            self._flush()
            self.file.close()
            self.file = None


def _name(number: int) -> str:
    return f"gongkai-{number:06}.warc.gz"
