"""What a run takes from archives and from the crawl that filled them.

Documents in archives are read like loose files. What the archive alone knows of them (where the record stands,
when it was fetched, whether the address still serves it) changes without their bytes, so it is added when the
tables are linked, and a document whose bytes are known is not read again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parsers.records import Coverage, DocumentRow
from pipeline.archive import bundles
from pipeline.archive.captures import Captures
from pipeline.archive.loose import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.archive.bundles import Place, Stored
    from pipeline.archive.captures import Capture
    from pipeline.crawl.frontier import Frontier
    from pipeline.crawl.sites import Site
    from pipeline.link.tables import Linked

ARCHIVED = (
    "fetched_at", "http_status", "etag", "last_modified", "archive", "archive_offset", "first_seen", "last_seen",
    "gone",
)  # fmt: skip
"""The columns of `documents` that an archive fills."""

Facts = dict[tuple[str, str], tuple[Any, ...]]
"""The values of ARCHIVED by (source, document_id)."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A main document in an archive, with its attachments: `sha256` is of them all, `document_id` its own."""

    source: str
    sha256: str
    document_id: str
    size: int
    place: Place


@dataclass(frozen=True, slots=True)
class Harvest:
    """What archives hold. `facts` is what they know of each document; `crawl` what the crawl knows, if there was one.

    `digest` changes with everything here that tables are made of, the documents' bytes aside.
    """

    documents: tuple[Archived, ...] = ()
    broken: tuple[Broken, ...] = ()
    facts: Facts = field(default_factory=dict)
    crawl: Crawl | None = None

    @property
    def digest(self) -> str:
        said = [sorted((key, repr(values)) for key, values in self.facts.items()), self.crawl and self.crawl.digest()]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class Crawl:
    """What a crawl knows beyond the documents: reports that never came, and which years were looked for."""

    def __init__(self, folder: Path, sites: Sequence[Site], today: date) -> None:
        self.folder = folder
        self.sites = sites
        self.today = today
        with self._frontier() as frontier:
            self.unfetched = tuple(_unfetched(frontier))
            self.pages = {
                page.address: [page.source, page.record_address, page.state, page.title, page.published]
                for page in frontier.pages(role="report")
            }

    def _frontier(self) -> Frontier:
        from pipeline.crawl.frontier import Frontier

        return Frontier(self.folder, lock=False)

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of reports that the crawl answers for."""
        from pipeline.archive.addresses import other_scheme

        found = {address for address, said in self.pages.items() for address in (address, said[1]) if address}
        return frozenset(found | {other_scheme(address) for address in found})

    def coverage(self, parsed: Mapping[str, tuple[str, int]]) -> list[Coverage]:
        """Rows of `coverage` for every source, given the body and year of each address that a report was read from."""
        from pipeline.crawl import coverage

        with self._frontier() as frontier:
            rows = coverage.coverage(frontier, self.sites, self.today, parsed)
        return [Coverage(**asdict(row)) for row in rows]

    def digest(self) -> str:
        """A digest of all that is said here, whatever reports turn out to be read."""
        said = [sorted(self.pages.items()), repr(self.unfetched), [repr(row) for row in self.coverage({})]]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def gather(folders: Sequence[str], work: Path, crawl: str, sources: str) -> Harvest:
    """The documents of the archives in folders, each told apart by address and bytes.

    `work` keeps an index of each folder's archives. `crawl` is a crawl folder; it counts when one of the folders is
    its archive. `sources` is the sources file of that crawl.
    """
    documents: dict[tuple[str, str], Archived] = {}
    facts: Facts = {}
    broken: list[Broken] = []
    for folder in map(Path, folders):
        name = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        with _index(folder, work / f"archive-{name}.sqlite") as captures:
            broken += [Broken(archive, reason) for archive, reason in captures.broken()]
            for one in bundles.stored(captures):
                key = (one.source, one.main.digest)
                if key in documents:
                    continue
                documents[key] = Archived(
                    one.source,
                    bundles.digest(one.inputs),
                    one.main.digest,
                    one.main.bytes,
                    bundles.place(captures, one),
                )
                facts[key] = _facts(one.main, one)
                for capture in one.attachments:
                    facts.setdefault((capture.address, capture.digest), _facts(capture))
    ordered = tuple(documents[key] for key in sorted(documents))
    known = _crawl(Path(crawl), [Path(folder) for folder in folders], sources) if crawl else None
    return Harvest(ordered, tuple(broken), facts, known)


def covered(crawl: Crawl, linked: Linked) -> list[Coverage]:
    """What the crawl knows of every source and year, with the reports that were read."""
    columns = ("report_id", "body_id", "report_year")
    reports = {
        report: (body if isinstance(body, str) else "", int(year) if isinstance(year, int) else 0)
        for piece in linked.pieces("reports")
        for report, body, year in _rows(piece, columns)
    }
    sources: dict[str, list[str]] = {}
    for piece in linked.pieces("documents"):
        for document, source in _rows(piece, ("document_id", "source")):
            sources.setdefault(document, []).append(source)
    parsed = {}
    for piece in linked.pieces("report_documents"):
        for report, document, role in _rows(piece, ("report_id", "document_id", "role")):
            if role != "attachment" and report in reports:
                parsed.update(dict.fromkeys(sources.get(document, []), reports[report]))
    return crawl.coverage(parsed)


def _rows(frame: Any, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Columns of a frame as plain values, missing ones as None."""
    return zip(*(pa.array(frame[name], from_pandas=True).to_pylist() for name in columns), strict=True)


def _index(folder: Path, index: Path) -> Captures:
    """The index of a folder's archives as they are now. One that is damaged is begun anew."""
    for last in (False, True):
        captures = None
        try:
            captures = Captures(folder, index)
            captures.update()
        except sqlite3.DatabaseError:
            if captures is not None:
                captures.close()
            if last:
                raise
            index.unlink(missing_ok=True)
        else:
            return captures
    raise AssertionError


def _facts(capture: Capture, one: Stored | None = None) -> tuple[Any, ...]:
    row = bundles.described(DocumentRow(), capture, one)
    return tuple(getattr(row, name) for name in ARCHIVED)


def _crawl(folder: Path, raw: Sequence[Path], sources: str) -> Crawl | None:
    from pipeline.crawl.frontier import NAME, Frontier
    from pipeline.crawl.sites import examine

    if not (folder / NAME).is_file():
        return None
    with Frontier(folder, lock=False) as frontier:
        archives = frontier.archives()
    if not any((one / name).is_file() for one in raw for name in archives):
        return None
    sites = examine(Path(sources))[0].sites if Path(sources).is_file() else ()
    return Crawl(folder, sites, datetime.now(UTC).date())


def _unfetched(frontier: Frontier) -> Iterator[DocumentRow]:
    from pipeline.crawl.coverage import unfetched

    yield from unfetched(frontier)
