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
    from collections.abc import Iterable, Sequence


class MissingOriginalError(PipelineError):
    """The bytes of a document are not where the tables say."""


@dataclass(frozen=True, slots=True)
class Known:
    """What `documents` says of a document: enough to open and decode it."""

    document_id: str
    source: str
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
        self.loose = self._stock() if any(not one.archive for each in self.known.values() for one in each) else {}

    def _stock(self) -> dict[str, str]:
        from pipeline.archive.loose import take_stock

        there = [folder for folder in self.raw if folder.exists()]
        return {file.source: file.path for file in take_stock(there).files} if there else {}

    def open(self, document_id: str) -> Original:
        """The bytes of a document, from the first of its sources that still has them as they were.

        Where every source has other bytes, those of the first are given. MissingOriginalError when
        there are none.
        """
        found: Original | None = None
        reasons = []
        for one in self.known.get(document_id, []):
            try:
                original = Original(one, self._content(one))
            except (MissingOriginalError, OSError) as error:
                reasons.append(str(error))
                continue
            if original.intact:
                return original
            found = found or original
        if found is None:
            said = "; ".join(dict.fromkeys(reasons)) or "no row of documents names it"
            raise MissingOriginalError(f"the bytes of {document_id[:16]} are not found ({said})")
        return found

    def _content(self, one: Known) -> bytes:
        if one.archive:
            return self._archived(one)
        path = self.loose.get(one.source)
        if path is None:
            raise MissingOriginalError(f"there is no {one.source} in the raw folder", remedy="Name it with --raw.")
        return Path(path).read_bytes()

    def _archived(self, one: Known) -> bytes:
        from pipeline.archive.reading import record_at

        path = next((folder / one.archive for folder in self.raw if (folder / one.archive).is_file()), None)
        if path is None:
            raise MissingOriginalError(f"there is no archive {one.archive}", remedy="Name its folder with --raw.")
        record = record_at(path, one.archive_offset or 0)
        answer = record.http()
        return answer.content() if answer is not None else record.block
