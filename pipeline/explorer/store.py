"""The published tables asked by SQL: DuckDB over the Parquet files, which are read in place and never written.

DuckDB sees the files of one folder and nothing else: no other path, no network, no extension. What a request
says reaches it as a bound parameter only.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from parsers.errors import PipelineError, UsageError
from pipeline.originals import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

Row = dict[str, Any]
_T = TypeVar("_T")

PATIENCE = 60.0
"""Seconds that a question may take."""

MEMORY = "384MB"
KEPT = 256
"""Answers that are kept while the tables stay as they are."""

SEARCHES = 12
"""Searches whose hits are kept."""


class SlowQuestionError(PipelineError):
    """A question took longer than the server is ready to wait, or more memory than it may take."""


class Store:
    """The tables of a folder. UsageError when there are none; `patience` is in seconds."""

    def __init__(self, folder: str | Path, memory: str = MEMORY, patience: float = PATIENCE) -> None:
        self.folder = Path(folder).resolve()
        if not (self.folder / "reports.parquet").is_file():
            raise UsageError(
                f"{folder} holds no published tables",
                remedy="Run `make extract` first, or name the output folder of `gongkai extract` with --data.",
            )
        self.patience = patience
        self.tables = {path.stem for path in self.folder.glob("*.parquet")}
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
        for table in sorted(self.tables):
            path = str(self.folder / f"{table}.parquet").replace("'", "''")
            name = table.replace('"', '""')
            self.connection.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}')")
        self.connection.execute("SET parquet_metadata_cache = true")
        self.connection.execute("SET allowed_directories = [?]", [f"{self.folder}/"])
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")
        self._answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._held = threading.Lock()
        self._hits: OrderedDict[tuple[Any, ...], str] = OrderedDict()
        self._searching = threading.Lock()
        self._made = 0

    def has(self, table: str) -> bool:
        """Whether the table was published."""
        return table in self.tables

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
        cursor = self.connection.cursor()
        yield from cursor.sql(sql, params=list(parameters)).to_arrow_reader(16_384)

    def hits(self, term: str) -> str:
        """The name of a table in memory of the sections that hold a term: report_id, section, the first of each report.

        The tables of the last searches are kept, so that only the first page of a search reads all texts.
        """
        key = (self.release, term)
        with self._searching:
            if key in self._hits:
                self._hits.move_to_end(key)
                return self._hits[key]
            self._made += 1
            name = f"hits_{self._made}"
            self._ask(
                f"CREATE TABLE {name} AS SELECT report_id, min(section) AS section FROM sections "
                "WHERE contains(text, ?) OR contains(title, ?) GROUP BY report_id",
                [term, term],
            )
            self._hits[key] = name
            if len(self._hits) > SEARCHES:
                self._ask(f"DROP TABLE {self._hits.popitem(last=False)[1]}", ())
            return name

    def cached(self, key: tuple[Any, ...], make: Callable[[], _T]) -> _T:
        """What `make` gives, made once for each key and release."""
        whole = (*self.release, *key)
        with self._held:
            if whole in self._answers:
                self._answers.move_to_end(whole)
                found: _T = self._answers[whole]
                return found
        made = make()
        with self._held:
            self._answers[whole] = made
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return made

    def known(self, document_id: str) -> list[Known]:
        """What is known of a document, for opening it."""
        names = list(Known.__dataclass_fields__)
        found = self.rows(f"SELECT {', '.join(names)} FROM documents WHERE document_id = ?", [document_id])
        return [Known(**row) for row in found]

    def _ask(self, sql: str, parameters: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        cursor = self.connection.cursor()
        timer = threading.Timer(self.patience, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return cursor.execute(sql, list(parameters))
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
            raise SlowQuestionError("the question asks for too much at once", remedy="Narrow it down.") from error
        finally:
            timer.cancel()
