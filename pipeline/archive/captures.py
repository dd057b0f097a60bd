"""An index of all that the archive files of a folder hold: what was seen where and when, and where its bytes are.

The index is made from the files alone, and can be thrown away at any time. Files are read once; one that has
grown is read on from where it ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from parsers.readers import sniff
from pipeline.archive import warc
from pipeline.archive.addresses import canonical, other_scheme
from pipeline.archive.files import archives
from pipeline.archive.links import attachment_links, join
from pipeline.archive.reading import ArchiveError, Message, Record, record_at, records

LAYOUT = """
create table if not exists files (name text primary key, size integer, broken text) without rowid;
create table if not exists captures (
  id integer primary key, address text, fetched_at text, digest text, status integer, media_type text, bytes integer,
  archive text, offset integer, role text, source text, via text, revisit integer, etag text, last_modified text,
  location text,
  unique (archive, offset)
);
create index if not exists by_address on captures (address, fetched_at);
create table if not exists links (capture integer, position integer, address text, primary key (capture, position))
  without rowid;
"""
_FORMAT = 3


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer in the archive. `digest` is the sha256 of the content, hex; a `revisit` has its bytes elsewhere."""

    id: int
    address: str
    fetched_at: datetime
    digest: str
    status: int
    media_type: str
    bytes: int
    archive: str
    offset: int
    role: str
    source: str
    via: str
    revisit: bool
    etag: str
    last_modified: str
    location: str


class Captures:
    """The index of a folder of archives, in an SQLite file (`:memory:` for one that is not kept)."""

    def __init__(self, folder: Path, index: Path | str = ":memory:") -> None:
        self.folder = folder
        self.base = sqlite3.connect(index)
        try:
            if self.base.execute("pragma user_version").fetchone()[0] not in (0, _FORMAT):
                self.base.executescript("drop table files; drop table captures; drop table links")
            self.base.executescript(f"{LAYOUT} pragma user_version = {_FORMAT};")
        except BaseException:
            self.base.close()
            raise

    def close(self) -> None:
        self.base.close()

    def __enter__(self) -> Captures:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def update(self) -> None:
        """Bring the index up to the files as they are now."""
        there = {str(path.relative_to(self.folder)): path for path in archives(self.folder)}
        known = dict(self.base.execute("select name, size from files"))
        for name in known.keys() - there.keys():
            self._forget(name)
        for name, path in there.items():
            size = path.stat().st_size
            before = known.get(name)
            if before == size:
                continue
            if before is not None and before > size:
                self._forget(name)
            self._read(name, path, size)

    def _forget(self, name: str) -> None:
        with self.base:
            self.base.execute("delete from links where capture in (select id from captures where archive = ?)", (name,))
            self.base.execute("delete from captures where archive = ?", (name,))
            self.base.execute("delete from files where name = ?", (name,))

    def _read(self, name: str, path: Path, size: int) -> None:
        broken = ""
        with self.base:
            have = {offset for (offset,) in self.base.execute("select offset from captures where archive = ?", (name,))}
            try:
                for record in records(path, max(have, default=0)):
                    if record.offset not in have:
                        self._take(name, record)
            except ArchiveError as error:
                broken = str(error)
            self.base.execute("insert or replace into files values (?, ?, ?)", (name, size, broken))

    def _take(self, name: str, record: Record) -> None:
        answer = record.http()
        if record.kind not in ("response", "revisit", "resource") or not record.address.startswith(("http:", "https:")):
            return
        fields = record.fields
        if record.kind == "resource":
            answer = Message(200, (("content-type", fields.get("content-type", "")),), record.block)
        if answer is None:
            return
        revisit = record.kind == "revisit"
        content = b"" if revisit else answer.content()
        declared = answer.header("content-type")
        media = "" if revisit else media_type(content, declared)
        stated = fields.get("warc-payload-digest", "")
        digest = stated.partition(":")[2] if revisit else hashlib.sha256(content).hexdigest()
        row = (
            record.address,
            fields.get("warc-date", ""),
            digest,
            answer.status,
            media,
            len(content),
            name,
            record.offset,
            fields.get(warc.ROLE.lower(), ""),
            fields.get(warc.SOURCE.lower(), ""),
            fields.get(warc.VIA.lower(), ""),
            int(revisit),
            answer.header("etag"),
            answer.header("last-modified"),
            canonical(join(record.address, answer.header("location"))) if 300 <= answer.status < 400 else "",
        )
        places = ", ".join("?" * len(row))
        cursor = self.base.execute(
            "insert into captures (address, fetched_at, digest, status, media_type, bytes, archive, offset, role,"
            f" source, via, revisit, etag, last_modified, location) values ({places})",
            row,
        )
        if media == sniff.HTML and 200 <= answer.status < 300:
            found = attachment_links(content, record.address, header_charset=charset(declared))
            self.base.executemany(
                "insert into links values (?, ?, ?)",
                [(cursor.lastrowid, position, canonical(link)) for position, link in enumerate(found)],
            )

    def broken(self) -> list[tuple[str, str]]:
        """Files with a record that is not whole, and what is wrong."""
        return list(self.base.execute("select name, broken from files where broken <> '' order by name"))

    def all(self, *, address: str = "", like: str = "") -> Iterator[Capture]:
        """The captures in order of address and time; of one address, or of those that contain a text."""
        query, values = "select * from captures", []
        if address:
            query, values = f"{query} where address = ?", [address]
        elif like:
            query, values = f"{query} where instr(address, ?) > 0", [like]
        for row in self.base.execute(f"{query} order by address, fetched_at, id", values):
            yield _capture(row)

    def sets(self) -> set[tuple[str, str]]:
        """The pairs (address, digest) of the content: two archives with equal sets are the same."""
        return set(self.base.execute("select distinct address, digest from captures where revisit = 0"))

    def links(self, capture: Capture) -> list[str]:
        """Addresses of the attachments that a page names, in their order."""
        query = "select address from links where capture = ? order by position"
        return [address for (address,) in self.base.execute(query, (capture.id,))]

    def nearest(self, address: str, moment: datetime, *, hops: int = 10) -> Capture | None:
        """The capture with bytes and a good status, made nearest to a moment, that an address leads to."""
        for spelling in (address, other_scheme(address)):
            found = [
                _capture(row)
                for row in self.base.execute(
                    "select * from captures where address = ? and revisit = 0 and status between 200 and 399",
                    (spelling,),
                )
            ]
            near = min(found, key=lambda one: (abs(one.fetched_at - moment), one.id), default=None)
            if near is not None and near.status < 300:
                return near
            if near is not None and near.location and hops:
                return self.nearest(near.location, moment, hops=hops - 1)
        return None

    def message(self, capture: Capture) -> Message:
        """The HTTP answer of a capture, read from its file and checked."""
        return answer_at(self.folder, capture.archive, capture.offset)


def answer_at(folder: Path, archive: str, offset: int) -> Message:
    """The HTTP answer in the record at a place. ArchiveError when there is none, or it is not whole."""
    record = record_at(folder / archive, offset)
    if record.kind == "resource":
        return Message(200, (("content-type", record.fields.get("content-type", "")),), record.block)
    answer = record.http()
    if answer is None:
        raise ArchiveError("the record is no answer", reading=archive, where=f"offset {offset}")
    return answer


def charset(content_type: str) -> str:
    """The charset that a Content-Type header names, or ""."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return ""


def media_type(content: bytes, declared: str) -> str:
    """The media type of content: by its first bytes, else by what they look like, else as declared."""
    kind = sniff.media_type(content)
    if kind != sniff.PLAIN:
        return kind
    text = content[:65536].decode("latin-1")
    said = declared.split(";", maxsplit=1)[0].strip().lower()
    if sniff.text_type(text) == sniff.HTML and said not in ("application/json", "text/xml", "application/xml"):
        return sniff.HTML
    return said or sniff.PLAIN


def moment(text: str) -> datetime:
    """A WARC-Date as a moment in UTC; the year 1 when it cannot be read."""
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(text).astimezone(UTC)
    if len(text) == 14 and text.isdigit():
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return datetime(1, 1, 1, tzinfo=UTC)


def _capture(row: tuple[object, ...]) -> Capture:
    values = list(row)
    values[2] = moment(str(values[2]))
    values[12] = bool(values[12])
    return Capture(*values)  # type: ignore[arg-type]
