"""The frontier: what to fetch, what was fetched, when next, and why something failed. One SQLite file.

A page is known by its address without the scheme, since sites serve the same page over http and https.
Records go to the archive and to disk first, then one transaction here names them together with everything
that the page led to: a kill leaves either all of that or nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from parsers.errors import PipelineError, UsageError
from pipeline.archive.addresses import origin
from pipeline.crawl.pages import ROLES, Host, Page, Problem, Wanted, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

NAME = "frontier.sqlite"

_FORMAT = 1
LAYOUT = """
create table if not exists archives (name text primary key, length integer not null) without rowid;
create table if not exists pages (
  key text primary key, address text not null, host text not null, source text not null, role text not null,
  step text not null default '', via text not null default '', title text not null default '',
  published text not null default '', state text not null default 'due', due real not null,
  queued integer not null default 1, priority integer not null default 1, attempts integer not null default 0,
  reason text not null default '', status integer, etag text not null default '',
  last_modified text not null default '', digest text not null default '', article text not null default '',
  archive text not null default '', offset integer, record text not null default '',
  record_address text not null default '', record_date text not null default '', tried real, first_seen real,
  last_seen real, changed real, revision integer not null default 0, tolerated text not null default ''
) without rowid;
create index if not exists by_queue on pages (host, priority, due, key) where queued = 1;
create index if not exists by_due on pages (due) where queued = 0;
create index if not exists by_source on pages (source, role, state);
create table if not exists visits (
  id integer primary key, key text not null, at real not null, state text not null, status integer,
  reason text not null, digest text not null, archive text not null, offset integer
);
create index if not exists visits_by_key on visits (key, at);
create table if not exists hosts (
  host text primary key, scheme text not null default '', robots text not null default '', robots_state text not null
  default '', robots_until real not null default 0, ready real not null default 0, failures integer not null default 0
) without rowid;
create table if not exists lists (
  source text not null, key text not null, entries integer not null, expected integer, at real not null,
  primary key (source, key)
) without rowid;
create table if not exists problems (
  source text not null, code text not null, key text not null, at real not null, message text not null, archive text not
  null, offset integer, primary key (source, code, key)
) without rowid;
"""


class Frontier:
    """The database of one crawl folder. With `lock`, no other process has it open at the same time."""

    def __init__(self, folder: Path, *, lock: bool = True) -> None:
        self.folder = folder
        self.lock = -1
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"the crawl folder {folder} cannot be used ({error})") from error
        if lock:
            self._take_lock()
        try:
            self.base = sqlite3.connect(folder / NAME, isolation_level=None, timeout=30)
            try:
                self._prepare()
            except BaseException:
                self.base.close()
                raise
        except sqlite3.DatabaseError as error:
            self._let_go()
            raise PipelineError(
                f"the crawl's database {folder / NAME} cannot be used ({error})",
                remedy="Move it away and import the archive files into a new crawl folder.",
            ) from error
        except BaseException:
            self._let_go()
            raise

    def _take_lock(self) -> None:
        self.lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._let_go()
            raise BusyError(f"another crawl is at work in {self.folder}") from error

    def _let_go(self) -> None:
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1

    def _prepare(self) -> None:
        self.base.execute("pragma journal_mode = wal")
        # A process that is killed loses nothing of what was committed; after a loss of power the last commits
        # may be missing, and then the archive is cut back to them.
        self.base.execute("pragma synchronous = normal")
        self.base.execute("pragma cache_size = -16000")
        found = self.base.execute("pragma user_version").fetchone()[0]
        if found not in (0, _FORMAT):
            raise PipelineError(f"the crawl's database in {self.folder} is of another version of this program")
        if found == 0:
            self.base.executescript(f"begin; {LAYOUT} pragma user_version = {_FORMAT}; commit;")

    def close(self) -> None:
        self.base.close()
        self._let_go()

    def __enter__(self) -> Frontier:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Transactions are opened by hand, so that one can span several of the methods below.
    def begin(self) -> None:
        self.base.execute("begin immediate")

    def commit(self) -> None:
        self.base.execute("commit")

    def rollback(self) -> None:
        if self.base.in_transaction:
            self.base.execute("rollback")

    # --- archive files

    def archives(self) -> dict[str, int]:
        """The lengths of the archive files up to which they are committed."""
        return dict(self.base.execute("select name, length from archives"))

    def announce(self, name: str) -> None:
        """Note that an archive file is about to be begun. May be called from any thread, outside of transactions."""
        with contextlib.closing(sqlite3.connect(self.folder / NAME, isolation_level=None, timeout=30)) as base:
            base.execute("insert or ignore into archives values (?, 0)", (name,))

    def grown(self, lengths: dict[str, int]) -> None:
        """Note how long archive files are, their bytes being on disk."""
        self.base.executemany("insert or replace into archives values (?, ?)", lengths.items())

    # --- pages

    def want(self, pages: Iterable[Wanted], now: float) -> list[str]:
        """Add pages that are not known; returns the hosts that new work came for. A known page stays as it is."""
        hosts: dict[str, None] = {}
        for page in pages:
            host = origin(page.address)
            state, queued = ("refused", 0) if page.refused else ("due", 1)
            cursor = self.base.execute(
                "insert or ignore into pages (key, address, host, source, role, step, via, title, published, due,"
                " priority, state, queued, reason, first_seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    key_of(page.address), page.address, host, page.source, page.role, page.step, page.via, page.title,
                    page.published, now, ROLES.index(page.role), state, queued, page.refused, now,
                ),
            )  # fmt: skip
            if cursor.rowcount and queued:
                hosts.setdefault(host)
            elif page.title:
                self.base.execute(
                    "update pages set title = ?, published = ? where key = ? and title = ''",
                    (page.title, page.published, key_of(page.address)),
                )
        return list(hosts)

    def enqueue(self, now: float, *, again: bool = False, sources: Sequence[str] = ()) -> int:
        """Queue the pages whose time has come, or with `again` all of them; returns how many are queued then.

        What an earlier run left queued stays queued, but for pages of other sources than the named ones.
        """
        marks = ", ".join("?" * len(sources))
        within = f" and source in ({marks})" if sources else ""
        when = "" if again else " and due <= ?"
        self.base.execute(
            f"update pages set queued = 1 where (state <> 'refused' or tried is not null){when}{within}",
            (*(() if again else (now,)), *sources),
        )
        if sources:
            self.base.execute(
                f"update pages set queued = 0 where queued = 1 and source not in ({marks})", tuple(sources)
            )
        return int(self.base.execute("select count(*) from pages where queued = 1").fetchone()[0])

    def allow(self, keys: Iterable[str]) -> None:
        """Queue pages that were refused untried and may be fetched now."""
        self.base.executemany(
            "update pages set state = 'due', queued = 1, reason = ''"
            " where key = ? and state = 'refused' and tried is null",
            [(key,) for key in keys],
        )

    def hosts_queued(self) -> list[str]:
        """Hosts with queued pages, those waiting longest first."""
        query = "select host from pages where queued = 1 group by host order by min(due), host"
        return [host for (host,) in self.base.execute(query)]

    def queue(self, host: str, limit: int) -> list[Page]:
        """The next queued pages of a host: lists before reports before attachments, then by their time."""
        query = "select * from pages where host = ? and queued = 1 order by priority, due, key limit ?"
        return [_page(row) for row in self.base.execute(query, (host, limit))]

    def next_due(self) -> float:
        """When the next page is due; 0 when none ever is."""
        found = self.base.execute("select min(due) from pages where state <> 'refused' and queued = 0").fetchone()[0]
        return float(found or 0)

    def by_host(self) -> list[dict[str, object]]:
        """Each host with its pages, how many are queued, when the next is due and until when it is left alone."""
        query = (
            "select p.host, count(*), sum(queued), min(due), coalesce(max(ready), 0) from pages p left join hosts h"
            " on h.host = p.host where state <> 'refused' group by p.host order by p.host"
        )
        return [
            {"host": host, "pages": pages, "queued": queued, "next": clock(due), "ready": clock(ready)}
            for host, pages, queued, due, ready in self.base.execute(query)
        ]

    def page(self, address: str) -> Page | None:
        row = self.base.execute("select * from pages where key = ?", (key_of(address),)).fetchone()
        return None if row is None else _page(row)

    def pages(self, *, source: str = "", role: str = "", state: str = "") -> Iterator[Page]:
        """Pages in order of their key, narrowed to a source, a role or a state."""
        asked = {"source": source, "role": role, "state": state}
        wanted = {name: value for name, value in asked.items() if value}
        where = " and ".join(f"{name} = ?" for name in wanted)
        query = f"select * from pages{f' where {where}' if where else ''} order by key"
        for row in self.base.execute(query, tuple(wanted.values())):
            yield _page(row)

    def settle(self, key: str, values: dict[str, object]) -> None:
        """Write what came of a page."""
        names = ", ".join(f"{name} = ?" for name in values)
        self.base.execute(f"update pages set {names} where key = ?", (*values.values(), key))

    def visited(
        self, key: str, at: float, state: str, status: int | None, reason: str, digest: str, place: object
    ) -> None:
        """Note a visit. `place` is the record of its answer, or None when there was none."""
        archive, offset = (getattr(place, "archive", ""), getattr(place, "offset", None))
        self.base.execute(
            "insert into visits (key, at, state, status, reason, digest, archive, offset)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, at, state, status, reason, digest, archive, offset),
        )

    def last_record(self, key: str) -> tuple[str, int | None]:
        """The archive file and offset of the last answer of a page; "" and None when none ever came."""
        query = "select archive, offset from visits where key = ? and archive <> '' order by at desc, id desc limit 1"
        row = self.base.execute(query, (key,)).fetchone()
        return (str(row[0]), int(row[1])) if row else ("", None)

    # --- hosts

    def host(self, name: str) -> Host:
        row = self.base.execute("select * from hosts where host = ?", (name,)).fetchone()
        return Host(name) if row is None else Host(*row)

    def remember(self, host: Host) -> None:
        values = (host.host, host.scheme, host.robots, host.robots_state, host.robots_until, host.ready, host.failures)
        self.base.execute("insert or replace into hosts values (?, ?, ?, ?, ?, ?, ?)", values)

    # --- lists and problems

    def counted(self, source: str, key: str, entries: int, expected: int | None, at: float) -> int:
        """Note how many reports a list named; returns how many it had named before, 0 when it was never read."""
        row = self.base.execute("select entries from lists where source = ? and key = ?", (source, key)).fetchone()
        self.base.execute("insert or replace into lists values (?, ?, ?, ?, ?)", (source, key, entries, expected, at))
        return row[0] if row else 0

    def complain(self, problem: Problem) -> None:
        values = (
            problem.source,
            problem.code,
            problem.key,
            problem.at,
            problem.message,
            problem.archive,
            problem.offset,
        )
        self.base.execute("insert or replace into problems values (?, ?, ?, ?, ?, ?, ?)", values)

    def solved(self, source: str, code: str, key: str = "") -> None:
        """Take a problem away, or all of one code."""
        query, values = "delete from problems where source = ? and code = ?", [source, code]
        if key:
            query, values = f"{query} and key = ?", [*values, key]
        self.base.execute(query, values)

    def expected(self, source: str) -> int | None:
        """How many entries the lists of a source say they have; None when none says."""
        row = self.base.execute("select max(expected) from lists where source = ?", (source,)).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def lists_of(self, source: str) -> int:
        """How many list pages of a source are known."""
        query = "select count(*) from pages where source = ? and role = 'list'"
        return int(self.base.execute(query, (source,)).fetchone()[0])

    def queued(self) -> int:
        """How many pages are queued."""
        return int(self.base.execute("select count(*) from pages where queued = 1").fetchone()[0])

    def problems(self, since: float = 0.0) -> list[Problem]:
        query = "select * from problems where at >= ? order by source, code, key"
        return [Problem(*row) for row in self.base.execute(query, (since,))]

    def tally(self) -> list[tuple[str, str, str, int]]:
        """(source, role, state, number) of all pages. A page that waits for its next visit keeps its state."""
        query = "select source, role, state, count(*) from pages group by source, role, state order by 1, 2, 3"
        return list(self.base.execute(query))


class BusyError(PipelineError):
    """Another process has the crawl folder."""


def clock(seconds: float) -> str:
    """A moment as text, in UTC; "" for 0."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else ""


def _page(row: tuple[object, ...]) -> Page:
    whole = [0 if value is None else value for value in row]
    return Page(*whole)  # type: ignore[arg-type]
