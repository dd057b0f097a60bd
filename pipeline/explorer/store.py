"""The published tables asked by SQL: DuckDB over the Parquet files, which are read in place and never written, and
over the index of the release.

DuckDB sees the files of these two folders and nothing else: no other path, no network, no extension. What a request
says reaches it as a bound parameter only.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import pyarrow as pa

from parsers.errors import PipelineError, UsageError
from pipeline import layout
from pipeline.explorer.index import Making
from pipeline.explorer.relations import relation
from pipeline.explorer.search import Search
from pipeline.originals import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.explorer.index import Made

Row = dict[str, Any]
_T = TypeVar("_T")

PATIENCE = 60.0
"""Seconds that a question may take."""

MEMORY = "256MB"
KEPT = 256
"""Answers that are kept while the tables stay as they are."""

WAIT = 10.0
"""Seconds that a question waits for the index of a release."""

SEARCHES = 12
"""Searches whose hits are kept."""


class SlowQuestionError(PipelineError):
    """A question took longer than the server is ready to wait, or more memory than it may take."""


class Opened:
    """A release with its index, opened for reading."""

    def __init__(self, folder: Path, made: Made, memory: str) -> None:
        self.tables = {path.stem for path in folder.glob("*.parquet")}
        self.search = Search(made.texts)
        self.connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "threads": "2",
                "temp_directory": "",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        aim = str(made.tables).replace("'", "''")
        self.connection.execute(f"ATTACH '{aim}' AS made (READ_ONLY)")
        self.summed = {row[0] for row in self.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        for table in sorted(self.tables):
            name = table.replace('"', '""')
            source = "made.reports" if table == "reports" else relation(folder, table)
            left = " EXCLUDE (n)" if table == "reports" else ""
            self.connection.execute(f'CREATE VIEW "{name}" AS SELECT *{left} FROM {source}')
        self.connection.execute("SET parquet_metadata_cache = true")
        self.connection.execute("SET allowed_directories = [?, ?]", [f"{folder}/", f"{made.folder}/"])
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")
        self.answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self.hits: OrderedDict[tuple[str, bool], str] = OrderedDict()
        self.searching = threading.Lock()
        self.searches = 0


class Store:
    """The tables of a folder. UsageError when there are none; `patience` is in seconds.

    What is asked of a release that has no index yet, or that has been published anew, waits for its index for a moment,
    and is then a PreparingError until the index is there.
    """

    def __init__(self, folder: str | Path, memory: str = MEMORY, patience: float = PATIENCE) -> None:
        self.folder = Path(folder).resolve()
        if not layout.there(self.folder, "reports", "parquet"):
            raise UsageError(
                f"{folder} holds no published tables",
                remedy="Run `make extract` first, or name the output folder of `gongkai extract` with --data.",
            )
        self.memory = memory
        self.patience = patience
        self._opened: Opened | None = None
        self._release = (0, 0)
        self._making: Making | None = None
        self._making_of = (0, 0)
        self._opening = threading.Lock()
        self._held = threading.Lock()

    def open(self) -> Opened:
        """The release that stands in the folder now. PreparingError while its index is being made."""
        release = self.release
        with self._opening:
            if self._opened is not None and release == self._release:
                return self._opened
            if self._making is None or self._making_of != release:
                self._making, self._making_of = Making(self.folder), release
            making = self._making
        made = making.wait(WAIT)
        with self._opening:
            if self._opened is None or release != self._release:
                self._opened, self._release = Opened(self.folder, made, self.memory), release
            return self._opened

    def has(self, table: str) -> bool:
        """Whether the table was published."""
        return table in self.open().tables

    def summed(self, name: str) -> bool:
        """Whether the index has the table of sums."""
        return name in self.open().summed

    @property
    def tables(self) -> set[str]:
        """The tables that were published."""
        return self.open().tables

    @property
    def release(self) -> tuple[int, int]:
        """What changes when other tables are published into the folder."""
        try:
            said = (self.folder / "reports.parquet").stat()
        except OSError:
            return (0, 0)
        return (said.st_mtime_ns, said.st_ino)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of an answer as dictionaries; a missing text is "".

        SlowQuestionError when it takes too long or too much memory.
        """
        cursor = self._ask(sql, parameters)
        names = [one[0] for one in cursor.description]
        texts = [one[0] for one in cursor.description if str(one[1]) in ("VARCHAR", "STRING")]
        found = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        for row in found:
            for name in texts:
                row[name] = row[name] or ""
        return found

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row of an answer, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def number(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """The one number of an answer."""
        found = self._ask(sql, parameters).fetchone()
        return int(found[0]) if found and found[0] is not None else 0

    def batches(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """The rows of an answer in batches of bounded size, for answers of any length."""
        cursor = self.open().connection.cursor()
        yield from cursor.sql(sql, params=list(parameters)).to_arrow_reader(16_384)

    def hits(self, term: str, *, within_text: bool) -> str:
        """The name of a table in memory with the numbers `n` of the reports that hold a term.

        The tables of the last searches are kept.
        """
        opened = self.open()
        key = (term, within_text)
        with opened.searching:
            if key in opened.hits:
                opened.hits.move_to_end(key)
                return opened.hits[key]
            opened.searches += 1
            name = f"hits_{opened.searches}"
            cursor = opened.connection.cursor()
            cursor.register("found", pa.table({"n": opened.search.numbers(term, within_text=within_text)}))
            cursor.execute(f"CREATE TABLE {name} AS SELECT n FROM found")
            opened.hits[key] = name
            if len(opened.hits) > SEARCHES:
                cursor.execute(f"DROP TABLE {opened.hits.popitem(last=False)[1]}")
            return name

    def cached(self, key: tuple[Any, ...], make: Callable[[], _T]) -> _T:
        """What `make` gives, made once for each key and release."""
        answers = self.open().answers
        with self._held:
            if key in answers:
                answers.move_to_end(key)
                found: _T = answers[key]
                return found
        made = make()
        with self._held:
            answers[key] = made
            while len(answers) > KEPT:
                answers.popitem(last=False)
        return made

    def known(self, document_id: str) -> list[Known]:
        """What is known of a document, for opening it."""
        names = list(Known.__dataclass_fields__)
        found = self.rows(f"SELECT {', '.join(names)} FROM documents WHERE document_id = ?", [document_id])
        return [Known(**row) for row in found]

    def _ask(self, sql: str, parameters: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        cursor = self.open().connection.cursor()
        timer = threading.Timer(self.patience, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return cursor.execute(sql, list(parameters))
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
            raise SlowQuestionError("the question asks for too much at once", remedy="Narrow it down.") from error
        finally:
            timer.cancel()
