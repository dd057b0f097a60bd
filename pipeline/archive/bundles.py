"""From the archive to bundles: which captures are documents of their own, and which belong to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict, final

from parsers.readers import sniff
from parsers.records import Attachment, Bundle, DocumentRow
from pipeline.archive.captures import Capture, Captures, answer_at, charset

DOCUMENTS = frozenset(
    {
        sniff.HTML,
        "application/pdf",
        "application/zip",
        "application/x-ole-storage",
        "application/rtf",
        "application/msword",
    }
)
"""Media types that a report can have. What others' archives hold beyond them is furniture of pages."""


class Job(TypedDict):
    """A bundle in the archive: `records` are (address, archive file, offset, media type), the main document first."""

    fetched_at: str
    records: list[tuple[str, str, int, str]]


@final
class Place(TypedDict):
    """Where a bundle stands, as plain values for other processes: the folder of its archive files, and the job in it.

    `document_id` and `bytes` are those of the main document.
    """

    folder: str
    job: Job
    document_id: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A main document in the archive, as one body of bytes at one address, with its attachments in their order.

    `first_seen` and `last_seen` span all captures of these bytes there, `gone` says that the address was last
    answered with 404 or 410.
    """

    main: Capture
    attachments: tuple[Capture, ...]
    missing: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    gone: bool

    @property
    def source(self) -> str:
        return self.main.address

    def job(self) -> Job:
        """Where the bundle's records stand, as plain values: see `read_bundle`."""
        records = [(one.address, one.archive, one.offset, one.media_type) for one in (self.main, *self.attachments)]
        return {"fetched_at": self.main.fetched_at.isoformat(), "records": records}

    @property
    def inputs(self) -> tuple[tuple[str, str], ...]:
        """(source, sha256) of all that the bundle is made of: equal inputs give equal bundles."""
        return tuple((one.address, one.digest) for one in (self.main, *self.attachments))


def stored(captures: Captures) -> Iterator[Stored]:
    """The main documents of the archive, sorted by address and time; the same bytes at the same address once.

    `missing` are addresses of attachments that the page names and the archive does not hold.
    """
    attached = {link for (link,) in captures.base.execute("select distinct address from links")}
    group: list[Capture] = []
    for capture in captures.all():
        if group and group[0].address != capture.address:
            yield from _documents(captures, group, attached)
            group = []
        group.append(capture)
    yield from _documents(captures, group, attached)


def bundle(captures: Captures, one: Stored) -> Bundle:
    """The bytes of a stored document and its attachments. ArchiveError when a record is not whole."""
    return read_bundle(captures.folder, one.job())


def read_bundle(folder: Path, job: Job) -> Bundle:
    """A bundle by the places of its records, without the index: what a worker in another process is given."""
    (source, answer, _), *attached = [
        (address, answer_at(folder, archive, offset), media) for address, archive, offset, media in job["records"]
    ]
    return Bundle(
        content=answer.content(),
        source=source,
        attachments=tuple(Attachment(found.content(), address, media) for address, found, media in attached),
        header_charset=charset(answer.header("content-type")),
        fetched_at=datetime.fromisoformat(job["fetched_at"]),
    )


def place(captures: Captures, one: Stored) -> Place:
    """Where a stored document's bundle stands: see `bundle_at`."""
    folder = str(captures.folder.absolute())
    return {"folder": folder, "job": one.job(), "document_id": one.main.digest, "bytes": one.main.bytes}


def bundle_at(where: Place) -> Bundle:
    """The bundle at a place, without an index. ArchiveError when a record is not whole."""
    return read_bundle(Path(where["folder"]), where["job"])


def digest(inputs: Sequence[tuple[str, str]]) -> str:
    """One sha256 for the (source, sha256) of a bundle: that of its main document where it stands alone."""
    if len(inputs) == 1:
        return inputs[0][1]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


def inputs_of(bundle: Bundle) -> tuple[tuple[str, str], ...]:
    """The (source, sha256) of a bundle's bytes: those of `Stored.inputs`, when they are what the index says."""
    held = [(bundle.source, bundle.content), *((one.source, one.content) for one in bundle.attachments)]
    return tuple((source, hashlib.sha256(content).hexdigest()) for source, content in held)


def described(row: DocumentRow, capture: Capture, one: Stored | None = None) -> DocumentRow:
    """A document's row with what the archive knows of it; of the main document with `one`, else of an attachment."""
    known = replace(
        row,
        fetched_at=capture.fetched_at,
        http_status=capture.status,
        etag=capture.etag,
        last_modified=capture.last_modified,
        archive=capture.archive,
        archive_offset=capture.offset,
    )
    if one is None:
        return known
    return replace(known, first_seen=one.first_seen, last_seen=one.last_seen, gone=one.gone)


def _documents(captures: Captures, group: list[Capture], attached: set[str]) -> Iterator[Stored]:
    """The documents among the captures of one address, which come in order of time."""
    if not group:
        return
    last = group[-1]
    done: set[str] = set()
    for capture in group:
        if capture.revisit or capture.digest in done or not 200 <= capture.status < 300 or not capture.bytes:
            continue
        done.add(capture.digest)
        if not _is_main(capture, attached):
            continue
        same = [one for one in group if one.digest == capture.digest]
        found: list[Capture] = []
        missing = []
        for link in captures.links(capture) if capture.media_type == sniff.HTML else []:
            near = captures.nearest(link, capture.fetched_at)
            if near is None:
                missing.append(link)
            elif near.id not in {one.id for one in found} and near.address != capture.address:
                found.append(near)
        yield Stored(
            main=capture,
            attachments=tuple(found),
            missing=tuple(missing),
            first_seen=same[0].fetched_at,
            last_seen=max(one.fetched_at for one in same),
            gone=last.status in (404, 410),
        )


def _is_main(capture: Capture, attached: set[str]) -> bool:
    """Whether a capture is a document of its own: by the crawl's word, else by what it is."""
    if capture.role:
        return capture.role == "report"
    return capture.media_type in DOCUMENTS and capture.address not in attached
