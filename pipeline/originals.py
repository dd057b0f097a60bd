"""The original bytes of documents that stand in the tables: loose files of raw folders, or records of archives.

Bytes are handed out as they are found; whether they are those that the tables were made of is for the
caller to ask, by `Original.intact`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class MissingOriginalError(PipelineError):
    """The bytes of a document are not where the tables say."""


@dataclass(frozen=True, slots=True)
class Known:
    """What `documents` says of a document: enough to open and decode it."""

    document_id: str
    source: str
    bytes: int | None
    media_type: str
    encoding: str
    encoding_source: str
    archive: str
    archive_offset: int | None

    @property
    def place(self) -> str:
        """Where the bytes stand, in words."""
        return f"{self.archive} at {self.archive_offset}" if self.archive else self.source


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes found for a document, and from where."""

    known: Known
    content: bytes

    @property
    def intact(self) -> bool:
        """Whether these are the bytes that the document is named after."""
        return hashlib.sha256(self.content).hexdigest() == self.known.document_id


class Originals:
    """Opens documents by id. `raw` are the folders or files that the run was given, or that hold its archives."""

    def __init__(self, documents: Iterable[Known], raw: Sequence[str | os.PathLike[str]]) -> None:
        self.raw = [Path(folder) for folder in raw]
        self.known: dict[str, list[Known]] = {}
        for one in documents:
            if one.document_id:
                self.known.setdefault(one.document_id, []).append(one)
        loose = any(not one.archive for each in self.known.values() for one in each)
        self.loose: dict[str, list[str]] = self._stock() if loose else {}

    def _stock(self) -> dict[str, list[str]]:
        """Paths by source: as of a run over all the folders together, and as of a run over each of them."""
        from pipeline.archive.loose import take_stock

        there = [folder for folder in self.raw if folder.exists()]
        found: dict[str, list[str]] = {}
        for group in ([there] if len(there) > 1 else []) + [[folder] for folder in there]:
            for file in take_stock(group).files:
                found.setdefault(file.source, []).append(file.path)
        return found

    def open(self, document_id: str) -> Original:
        """The bytes of a document, from the first of its sources that still has them as they were.

        Where every source has other bytes, those of the first are given. MissingOriginalError when
        there are none.
        """
        found: Original | None = None
        reasons = []
        for one in self.known.get(document_id, []):
            try:
                for content in self._contents(one):
                    original = Original(one, content)
                    if original.intact:
                        return original
                    found = found or original
            except (PipelineError, OSError) as error:
                reasons.append(str(error))
        if found is None:
            said = "; ".join(dict.fromkeys(reasons)) or "no row of documents names it"
            raise MissingOriginalError(f"the bytes of {document_id[:16]} are not found ({said})")
        return found

    def _contents(self, one: Known) -> Iterator[bytes]:
        from pipeline.archive.within import split, taken_out

        # A file may be named like one within an archive.
        outer, names = (one.source, []) if one.source in self.loose else split(one.source)
        if one.archive:
            yield taken_out(self._archived(one), names)
            return
        if outer not in self.loose:
            raise MissingOriginalError(f"there is no {outer} in the raw folder", remedy="Name it with --raw.")
        for path in self.loose[outer]:
            yield taken_out(Path(path).read_bytes(), names)

    def _archived(self, one: Known) -> bytes:
        from pipeline.archive.reading import record_at

        path = next((folder / one.archive for folder in self.raw if (folder / one.archive).is_file()), None)
        if path is None:
            raise MissingOriginalError(f"there is no archive {one.archive}", remedy="Name its folder with --raw.")
        record = record_at(path, one.archive_offset or 0)
        answer = record.http()
        return answer.content() if answer is not None else record.block
