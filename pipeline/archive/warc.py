"""WARC 1.1 files: what is written of one exchange with a site, and how a file grows.

Every record is a gzip member of its own. The payload is stored with its content encoding undone, so that
its sha256 is the document's id; the headers are made to match it, and the header fields that no longer
hold (`Content-Encoding`, `Transfer-Encoding`, a different `Content-Length`) are kept under the prefix
`X-Archive-Orig-`. Digests are `sha256:` with hex digits, of the payload as stored and of the whole block.

Fields of our own stand in the record's header, where readers that do not know them pass over them:
`Gongkai-Role` (report, attachment, list, robots, other), `Gongkai-Source` (name of the site's entry in
sources.toml), `Gongkai-Via` (the page that led here), `Gongkai-Tolerated` (what was tolerated of the host).
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

ROLE, SOURCE, VIA, TOLERATED = "Gongkai-Role", "Gongkai-Source", "Gongkai-Via", "Gongkai-Tolerated"

_OUTDATED = ("content-encoding", "transfer-encoding", "content-length")
_LEVEL = 6

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Original:
    """The response record that a revisit refers to; never itself a revisit."""

    record_id: str
    address: str
    date: str
    digest: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `body` is the payload with its content encoding undone, `digest` that of it
    where it is known already.

    `headers` are as received, `original` is set when the answer brought nothing new, and then `profile` says why.
    """

    address: str
    fetched_at: datetime
    request: bytes
    version: str
    status: int
    reason: str
    headers: Headers
    body: bytes
    ip: str = ""
    role: str = "other"
    source: str = ""
    via: str = ""
    tolerated: tuple[str, ...] = ()
    digest: str = ""
    original: Original | None = None
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """The gzip members of an exchange, ready to be appended: the answer's record comes first."""

    content: bytes
    record_id: str
    date: str
    digest: str


class _Exact(StatusAndHeaders):  # type: ignore[misc]
    """An HTTP header block that is written byte by byte as it is given."""

    def __init__(self, block: bytes) -> None:
        super().__init__("", [], protocol="")
        self.block = block

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.block


def digest(payload: bytes) -> str:
    """A payload's digest as it stands in WARC headers."""
    return f"sha256:{hashlib.sha256(payload).hexdigest()}"


def date(moment: datetime) -> str:
    """A moment in UTC as WARC 1.1 writes it, with microseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def matching(headers: Headers, length: int) -> Headers:
    """The header fields of an answer, made to hold for a payload of `length` bytes without content encoding."""
    kept: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        field = name.lower().decode("latin-1")
        same = field == "content-length" and value.strip() == str(length).encode()
        if field in _OUTDATED and not same:
            kept.append((b"X-Archive-Orig-" + name, value))
        elif not same:
            kept.append((name, value))
    return (*kept, (b"Content-Length", str(length).encode()))


def pack(exchange: Exchange) -> Packed:
    """The answer and its request as WARC records."""
    when = date(exchange.fetched_at)
    answer_id, request_id = _new_id(), _new_id()
    common = {"WARC-Date": when, "WARC-IP-Address": exchange.ip} if exchange.ip else {"WARC-Date": when}
    ours = {
        ROLE: exchange.role,
        SOURCE: exchange.source,
        VIA: exchange.via,
        TOLERATED: " ".join(exchange.tolerated),
    }
    ours = {name: value for name, value in ours.items() if value}
    status = f"{exchange.version} {exchange.status} {exchange.reason}".rstrip().encode("latin-1", "replace")
    if exchange.original is None:
        payload = exchange.body
        found = exchange.digest or digest(payload)
        head = _block(status, matching(exchange.headers, len(payload)))
        answer = {**common, "WARC-Record-ID": answer_id, "WARC-Payload-Digest": found, **ours}
        kind = "response"
    else:
        payload, found, kind = b"", exchange.original.digest, "revisit"
        head = _block(status, matching(exchange.headers, 0) if exchange.status != 304 else exchange.headers)
        answer = {
            **common,
            "WARC-Record-ID": answer_id,
            "WARC-Payload-Digest": found,
            "WARC-Profile": exchange.profile,
            "WARC-Refers-To": exchange.original.record_id,
            "WARC-Refers-To-Target-URI": exchange.original.address,
            "WARC-Refers-To-Date": exchange.original.date,
            **ours,
        }
    answer["WARC-Block-Digest"] = digest(head + payload)
    asked = {
        **common,
        "WARC-Record-ID": request_id,
        "WARC-Concurrent-To": answer_id,
        "WARC-Block-Digest": digest(exchange.request),
        "WARC-Payload-Digest": digest(b""),
    }
    content = _member(kind, exchange.address, answer, head, payload)
    content += _member("request", exchange.address, asked, exchange.request, b"")
    return Packed(content, answer_id, when, found)


def information(name: str, software: str, moment: datetime, more: Iterable[tuple[str, str]] = ()) -> bytes:
    """The warcinfo record that a file begins with."""
    writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")
    fields = {"software": software, "format": "WARC File Format 1.1", **dict(more)}
    record = writer.create_warcinfo_record(name, fields)
    record.rec_headers.replace_header("WARC-Date", date(moment))
    return _written(writer, record)


def _block(first: bytes, headers: Headers) -> bytes:
    lines = [first, *(b"%s: %s" % (name, value) for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _member(kind: str, address: str, fields: dict[str, str], head: bytes, payload: bytes) -> bytes:
    writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        address,
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_headers_dict={name: _plain(value) for name, value in fields.items()},
        http_headers=_Exact(head),
    )
    return _written(writer, record)


def _written(writer: Any, record: Any) -> bytes:
    writer.write_record(record)
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return squeeze.compress(writer.out.getvalue()) + squeeze.flush()


def _plain(value: str) -> str:
    """A header value in one line."""
    return " ".join(value.split())


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"
