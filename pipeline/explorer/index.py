"""What the explorer makes of a release once, so that its views answer at once: a search index, sums, and the reports
in an order in which a few of them are found quickly.

It stands in a folder of its own beside the release (`.NAME.gongkai/explorer/DIGEST`), named after the data and the
programs that it was made by, and is made anew when these change. It comes to its place whole or not at all; nothing
rests on it that could not be made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import multiprocessing
import os
import shutil
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from parsers.errors import GongkaiError, PipelineError
from pipeline import manifest
from pipeline.explorer import search, summaries
from pipeline.explorer.relations import files, relation
from pipeline.switch import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

VERSION = 2
"""Changes when what is made changes."""

MEMORY = "384MB"
ROWS = 4_096
"""Rows of a group in the table of reports: the fewer, the faster a few rows are found, and the larger the file."""

BATCH = 8_192
MARK = "made.json"


class IndexingError(PipelineError):
    """The index cannot be made."""


@dataclass(frozen=True, slots=True)
class Made:
    """An index that is there."""

    folder: Path

    @property
    def tables(self) -> Path:
        return self.folder / "tables.duckdb"

    @property
    def texts(self) -> Path:
        return self.folder / "texts"


def digest(folder: Path) -> str:
    """What tells a release, and what an index of it depends on, from others.

    Files are told by the digests of the run's manifest where they are those that it was written for, else by size and
    time.
    """
    said = (manifest.head(folder) or {}).get("outputs") or {}
    written = (folder / manifest.NAME).stat().st_mtime_ns if said else 0
    parts: list[object] = [VERSION, *(importlib.metadata.version(name) for name in ("duckdb", "tantivy"))]
    for name, path in files(folder):
        stat = path.stat()
        known = said.get(name) or {}
        trusted = known.get("bytes") == stat.st_size and stat.st_mtime_ns <= written
        parts.append([name, stat.st_size, known["sha256"] if trusted else stat.st_mtime_ns])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def home(folder: Path) -> Path:
    """Where the indexes of a release are kept: beside it, or in the user's cache where nothing can be written there."""
    beside = Target(folder, ()).base / "explorer"
    if _writable(beside):
        return beside
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "gongkai" / hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def _writable(folder: Path) -> bool:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return os.access(there, os.W_OK | os.X_OK)


def find(folder: Path) -> Made | None:
    """The index of a release as it stands, or None."""
    made = Made(home(folder) / digest(folder))
    return made if (made.folder / MARK).is_file() else None


def make(folder: Path, told: Callable[[float], None]) -> Made:
    """The index of a release, made where it is not there; indexes of what stood there before are dropped.

    `told` hears which part of the work is done. IndexingError when it cannot be written.
    """
    place, name = home(folder), digest(folder)
    made = Made(place / name)
    if (made.folder / MARK).is_file():
        return made
    try:
        place.mkdir(parents=True, exist_ok=True)
        _tidy(place)
        work = Path(tempfile.mkdtemp(prefix=f"making-{os.getpid()}-", dir=place))
        try:
            _fill(folder, Made(work), told)
            (work / MARK).write_text(json.dumps({"version": VERSION, "of": str(folder)}), "utf-8")
            if digest(folder) != name:
                raise IndexingError(f"the tables in {folder} changed while they were indexed", remedy="Try again.")
            if not (made.folder / MARK).is_file():
                shutil.rmtree(made.folder, ignore_errors=True)
            # Another process may have been faster: then its index, which is the same, stays.
            with contextlib.suppress(OSError):
                os.rename(work, made.folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        for other in place.iterdir():
            if other.name != name and not other.name.startswith("making-"):
                shutil.rmtree(other, ignore_errors=True)
    except (OSError, duckdb.Error) as error:
        raise IndexingError(f"the tables in {folder} cannot be indexed ({error})") from error
    return made


def _tidy(place: Path) -> None:
    """Drop what processes that are no more have left."""
    for left in place.glob("making-*"):
        try:
            os.kill(int(left.name.split("-")[1]), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(left, ignore_errors=True)
        except PermissionError:
            continue


def _fill(folder: Path, made: Made, told: Callable[[float], None]) -> None:
    made.texts.mkdir()
    spill = made.folder / "spill"
    with duckdb.connect(
        ":memory:", config={"memory_limit": MEMORY, "threads": "2", "temp_directory": str(spill)}
    ) as connection:
        tables = {}
        for file in sorted(folder.glob("*.parquet")):
            name = file.stem.replace('"', '""')
            made_view = connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM {relation(folder, file.stem)}')
            tables[file.stem] = [row[0] for row in made_view.execute(f'DESCRIBE "{name}"').fetchall()]
        aim = str(made.tables).replace("'", "''")
        connection.execute(f"ATTACH '{aim}' AS made (ROW_GROUP_SIZE {ROWS})")
        connection.execute("CREATE TABLE made.reports AS SELECT row_number() OVER () - 1 AS n, * FROM reports")
        connection.execute("CREATE TABLE made.of_body AS SELECT body_id, report_year, n FROM made.reports ORDER BY ALL")
        for name, sql in summaries.kept(tables).items():
            connection.execute(f"CREATE TABLE made.{name} AS {sql}")
        told(0.05)
        count = connection.execute("SELECT count(*) FROM made.reports").fetchone()
        whole = 2 * max(count[0], 1) if count else 1
        search.build(
            made.texts,
            _heads(connection),
            _texts(connection) if "sections" in tables else (),
            lambda done: told(min(0.05 + 0.9 * done / whole, 0.95)),
            threads=min(os.cpu_count() or 1, search.THREADS),
        )
        connection.execute("DETACH made")
    shutil.rmtree(spill, ignore_errors=True)
    told(1.0)


def _heads(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    for n, *names in _rows(connection, "SELECT n, title, publisher, publisher_raw FROM made.reports"):
        yield n, search.EDGE.join(dict.fromkeys(name for name in names if name))


def _texts(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    """Sections by report: those that follow each other, as published tables have them, come together."""
    sql = "SELECT r.n, s.title, s.text FROM sections s JOIN made.reports r USING (report_id)"
    before = -1
    said: list[str] = []
    for n, title, text in _rows(connection, sql):
        if n != before and said:
            yield before, search.EDGE.join(said)
            said = []
        before = n
        said += [part for part in (title, text) if part]
    if said:
        yield before, search.EDGE.join(said)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    for batch in connection.cursor().sql(sql).to_arrow_reader(BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


SMALL = 64 * 1024**2
"""Bytes of tables up to which an index is made on the spot; beyond, by a process of its own."""


class PreparingError(PipelineError):
    """The release is being indexed; `part` says how much of that is done."""

    def __init__(self, part: float) -> None:
        super().__init__(f"the tables are being indexed: {part:.0%} done", remedy="Ask again in a moment.")
        self.part = part


class Making:
    """An index that is being made, by a process of its own when that takes longer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._part = 0.0
        self._made: Future[Made] = Future()
        self._apart = sum(path.stat().st_size for _, path in files(folder)) > SMALL
        threading.Thread(target=self._run, daemon=True).start()

    def wait(self, seconds: float) -> Made:
        """The index. PreparingError when a great one is not there in time, IndexingError when it cannot be made."""
        try:
            return self._made.result(seconds if self._apart else None)
        except TimeoutError:
            raise PreparingError(self._part) from None

    def _run(self) -> None:
        try:
            make_it = self._by_another if self._apart else lambda: make(self.folder, lambda _: None)
            self._made.set_result(find(self.folder) or make_it())
        except BaseException as error:  # whoever waits is told
            self._made.set_exception(error)

    def _by_another(self) -> Made:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_tell, args=(str(self.folder), theirs), daemon=True)
        process.start()
        theirs.close()
        with contextlib.suppress(EOFError):
            while True:
                said = ours.recv()
                if isinstance(said, str):
                    raise IndexingError(said)
                self._part = said
        process.join()
        made = find(self.folder)
        if made is None:
            raise IndexingError(f"the process that indexed {self.folder} ended early (code {process.exitcode})")
        return made


def _tell(folder: str, whoever: Connection) -> None:
    """Make an index and say how far it is; at the end, what went wrong, as text."""
    said = 0.0

    def told(part: float) -> None:
        nonlocal said
        if part - said >= 0.005:
            said = part
            whoever.send(part)

    # Where the server has ended, nobody hears it, and the work ends too.
    with contextlib.suppress(BrokenPipeError):
        try:
            make(Path(folder), told)
        except GongkaiError as error:
            whoever.send(str(error))
