"""Shards: documents grouped by a hash of their source, so that one new file moves no other.

A shard is a leaf of the tree of hash prefixes: a group that grows past the limit is split in two by the
next bit, and no other group changes. A shard is read into one part by the worker that was given it; what
comes back is a receipt.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
import uuid
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from parsers.errors import PublishError
from pipeline import parts, storage
from pipeline.guarded import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.archive.bundles import Place
    from pipeline.archive.tied import TiedPlace
    from pipeline.guard import Guard
    from pipeline.parts import Receipt

SMALL = 4096
"""Up to so many documents shards are small, so that every worker has some."""

LIMITS = (32, 512)
"""The most documents in a shard, in a small folder and in a large one."""

PLACE = 8
"""Bytes of the place of a file."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What a worker is given: `files` are (source, path, sha256, or "" when it is not known yet).

    Of a document in an archive the path is its place there, of a page with attachments the places of them all, and
    the sha256 is known.
    `folder`, on this machine or remote, holds the parts, `parser_digest` tells one version of the parser from another.
    """

    files: tuple[tuple[str, str | Place | TiedPlace, str], ...]
    folder: str
    parser_digest: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker hands back: the part's receipt, and the sha256 of each file, "" where none could be read."""

    receipt: Receipt
    hashes: tuple[str, ...]


def read_shard(shard: Shard, guard: Guard, seen: Callable[[int], None] | None = None) -> Done:
    """Read a shard into a part, or find the part that was made of the same files by the same parser.

    `seen` is told how many documents are newly done. PipelineError when the part cannot be written;
    nothing that a document contains raises.
    """
    started = time.monotonic()
    limits = (guard.limits.seconds, guard.limits.memory)
    hashes = tuple(known or _hash(path) for _, path, known in shard.files)
    inputs = [(source, found) for (source, _, _), found in zip(shard.files, hashes, strict=True)]
    name = parts.name_of(inputs, shard.parser_digest)
    remote = storage.is_remote(shard.folder)
    home = Path(shard.folder, name)
    receipt = stored_receipt(shard.folder, name)
    if receipt is not None and receipt.holds(limits):
        if seen is not None:
            seen(len(shard.files))
        return Done(receipt, hashes)
    work = Path(tempfile.gettempdir() if remote else shard.folder, f".{name}.{uuid.uuid4().hex[:12]}")
    try:
        work.mkdir(parents=True)
        jobs = [(source, path, found) for (source, path, _), found in zip(shard.files, hashes, strict=True)]
        outcome = guard.run(work, jobs, seen)
        receipt = parts.Receipt(
            name=name,
            chunks=outcome.chunks,
            rows=dict(sorted(outcome.rows.items())),
            failed=tuple(sorted(outcome.failed)),
            guarded=len(outcome.verdicts),
            limits=limits,
            lasting=not outcome.changed and all(hashes),
            seconds=time.monotonic() - started,
            took=tuple(sorted(outcome.took.items())),
        )
        parts.save_receipt(work, receipt)
        if remote:
            storage.store_part(work, shard.folder, name)
            shutil.rmtree(work)
            return Done(receipt, hashes)
        if home.exists():
            os.replace(home, work.with_name(f"{work.name}.old"))
            shutil.rmtree(work.with_name(f"{work.name}.old"), ignore_errors=True)
        os.replace(work, home)
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise PublishError(f"a part cannot be written ({error})", where=shard.folder) from error
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return Done(receipt, hashes)


def stored_receipt(folder: str, name: str) -> Receipt | None:
    """The receipt of a part in a folder of parts, wherever that is; None where there is no whole part of that name."""
    if not storage.is_remote(folder):
        return parts.load_receipt(Path(folder, name))
    content = storage.read_receipt(folder, name)
    return None if content is None else parts.receipt_of(content, name)


def _hash(path: str | Place | TiedPlace) -> str:
    if isinstance(path, str):
        with contextlib.suppress(OSError):
            return fingerprint(path)[0]
    return ""


class Sourced(Protocol):
    """Something that has a source."""

    @property
    def source(self) -> str: ...


class Sources(Protocol):
    """A list of such things."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sourced]: ...

    def __getitem__(self, place: int, /) -> Sourced: ...


def shards(files: Sources) -> list[Sequence[int]]:
    """Group files into shards of their places, each sorted by source; the order of `files` matters to those of one
    source alone."""
    limit = LIMITS[0] if len(files) <= SMALL else LIMITS[1]
    # One text for a file, of its digest and its place: there may be millions.
    hashed = [
        hashlib.sha256(file.source.encode()).digest() + place.to_bytes(PLACE, "big") for place, file in enumerate(files)
    ]
    hashed.sort()
    found: list[Sequence[int]] = []
    waiting = [(0, len(hashed), 0)]
    while waiting:
        start, end, bit = waiting.pop()
        if end - start <= limit or bit >= 256:
            if end > start:
                places = (int.from_bytes(one[-PLACE:], "big") for one in hashed[start:end])
                found.append(array("Q", sorted(places, key=lambda place: files[place].source)))
            continue
        middle = start
        while middle < end and not hashed[middle][bit // 8] >> (7 - bit % 8) & 1:
            middle += 1
        waiting += [(middle, end, bit + 1), (start, middle, bit + 1)]
    return found
