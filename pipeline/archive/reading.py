"""Records out of WARC files, ours and others', each checked for being whole.

warcio hands out a torn record as if it were whole, so the length of every block is compared with the
length that its header states, and where a record carries digests of a kind that is known, they are too.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from parsers.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

LARGEST = 512 * 1024**2
"""Bytes beyond which a block is not read into memory."""

_ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16, "sha512": 64}


class ArchiveError(PipelineError):
    """An archive file cannot be read as its records say."""


class TornRecordError(ArchiveError):
    """A record ends before its header says so, or its bytes are not those that its digests were made of."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `head` is its WARC header (`fields` by lower-case name), `offset` where it begins in the file."""

    kind: str
    head: tuple[tuple[str, str], ...]
    block: bytes
    offset: int
    version: str = "WARC/1.1"

    @property
    def fields(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.head}

    @property
    def address(self) -> str:
        return self.fields.get("warc-target-uri", "").strip("<>")

    def http(self) -> Message | None:
        """The HTTP message in the block, or None when the block holds none."""
        return message(self.block) if self.block[:5].upper() == b"HTTP/" else None


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP answer as stored. `headers` keeps order and repetition; names are lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    def header(self, name: str) -> str:
        return next((value for field, value in self.headers if field == name.lower()), "")

    def content(self) -> bytes:
        """The payload without transfer and content encoding, as far as the headers name one that is known."""
        payload = self.payload
        if "chunked" in self.header("transfer-encoding").lower():
            payload = _unchunked(payload)
        for encoding in reversed(self.header("content-encoding").lower().replace(" ", "").split(",")):
            payload = _decoded(payload, encoding)
        return payload


def records(path: Path, begin: int = 0) -> Iterator[Record]:
    """Every record of a WARC or ARC file, compressed or not, in order, from the one that begins at `begin`.

    TornRecordError at the first record that is not whole: what follows it cannot be found reliably.
    """
    with open(path, "rb") as file:
        file.seek(begin)
        yield from _records(file, path, begin)


def record_at(path: Path, offset: int) -> Record:
    """The record that begins at `offset`."""
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            for record in _records(file, path, offset):
                return record
    except OSError as error:
        raise ArchiveError(f"the archive {path.name} cannot be read ({error.strerror})") from error
    raise ArchiveError("there is no record", reading=path.name, where=f"offset {offset}")


def message(block: bytes) -> Message:
    """An HTTP answer from the bytes of a block. Sloppy line ends are taken as they come."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark)) >= 0]
    at, width = min(ends, default=(len(block), 0))
    lines = block[:at].decode("latin-1").splitlines()
    parts = lines[0].split(None, 2) if lines else []
    status = int(parts[1]) if len(parts) > 1 and parts[1].isascii() and parts[1].isdigit() else 0
    headers = [
        (name.strip().lower(), value.strip())
        for name, mark, value in (line.partition(":") for line in lines[1:])
        if mark
    ]
    return Message(status, tuple(headers), block[at + width :])


def _records(file: BinaryIO, path: Path, begin: int) -> Iterator[Record]:
    offset, count = begin, 0
    try:
        iterator = ArchiveIterator(file, no_record_parse=True, arc2warc=True)
        for found in iterator:
            offset = iterator.offset
            head = tuple((name, value) for name, value in found.rec_headers.headers)
            fields = {name.lower(): value for name, value in head}
            block = _whole(found.raw_stream, fields, path, offset)
            _check(block, fields, path, offset)
            count += 1
            yield Record(found.rec_type, head, block, offset, found.rec_headers.protocol)
        if not count and path.stat().st_size > begin:
            raise TornRecordError("there is no whole record", reading=path.name, where=f"offset {begin}")
    except TornRecordError:
        raise
    except (ArchiveLoadFailed, EOFError, zlib.error, gzip.BadGzipFile, ValueError, OSError) as error:
        text = " ".join(str(error).split())[:200]
        raise TornRecordError(
            f"the record cannot be read ({text})", reading=path.name, where=f"offset {offset}"
        ) from error


def _whole(stream: BinaryIO, fields: dict[str, str], path: Path, offset: int) -> bytes:
    stated = fields.get("content-length", "")
    if not (stated.isascii() and stated.isdigit()):
        raise TornRecordError("a record states no length", reading=path.name, where=f"offset {offset}")
    if int(stated) > LARGEST:
        raise ArchiveError(f"a record of {stated} bytes is too large", reading=path.name, where=f"offset {offset}")
    pieces = []
    missing = int(stated)
    while missing:
        piece = stream.read(min(missing, 1 << 20))
        if not piece:
            got = int(stated) - missing
            raise TornRecordError(
                f"the record has {got} of {stated} bytes", reading=path.name, where=f"offset {offset}"
            )
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _check(block: bytes, fields: dict[str, str], path: Path, offset: int) -> None:
    wanted = {"warc-block-digest": block}
    if fields.get("warc-type") == "response" and block[:5].upper() == b"HTTP/":
        wanted["warc-payload-digest"] = message(block).payload
    for field, content in wanted.items():
        if field in fields and not digest_holds(fields[field], content):
            # Some writers take the payload's digest after undoing its encodings.
            if field == "warc-payload-digest" and digest_holds(fields[field], message(block).content()):
                continue
            raise TornRecordError(f"the {field} does not hold", reading=path.name, where=f"offset {offset}")


def digest_holds(stated: str, content: bytes) -> bool:
    """Whether a digest as WARC headers state it is that of the content; True for kinds that are not known."""
    algorithm, _, value = stated.strip().partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in _ALGORITHMS:
        return True
    found = hashlib.new(name, content, usedforsecurity=False).digest()
    return value.strip() in {
        found.hex(),
        found.hex().upper(),
        base64.b32encode(found).decode(),
        base64.b32encode(found).decode().rstrip("="),
        base64.b64encode(found).decode(),
    }


def _unchunked(payload: bytes) -> bytes:
    """A payload without its chunks; as it is when it has none (writers often undo them and keep the header)."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = payload.find(b"\r\n", at)
        size = payload[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return payload
        if length == 0:
            return b"".join(parts)
        if payload[end + 2 + length : end + 4 + length] != b"\r\n":
            return payload
        parts.append(payload[end + 2 : end + 2 + length])
        at = end + 4 + length


def _decoded(payload: bytes, encoding: str) -> bytes:
    """A payload with one content encoding undone; as it is when it is not in that encoding."""
    windows = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(encoding, ())
    for window in windows:
        squeezed = zlib.decompressobj(window)
        try:
            content = squeezed.decompress(payload, LARGEST)
        except zlib.error:
            continue
        if squeezed.eof:
            return content
    return payload
