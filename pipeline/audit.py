"""Whether published tables agree with their schema and with each other, without looking at the originals.

Each check has a name and a sentence. `verify` is the other half: it compares with the archived bytes. What one
report says of itself is judged in `agreement`, what is made from other tables in `derived`.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from parsers.records import TABLES
from pipeline import agreement, codebook, comma, derived, layout, manifest, package, schema
from pipeline.agreement import CHECKS as WITHIN
from pipeline.agreement import Fault
from pipeline.derived import CHECKS as DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.tables import Tables

CHECKS = {
    "files": "each table is there as CSV and Parquet, beside the codebook and the data package",
    "checksums": "sizes and digests are those of the data package, of run.json and of SHA256SUMS",
    "columns": "columns and types are those of the schema",
    "csv_parquet": "the CSV file says what the Parquet file says, byte by byte",
    "sorted": "rows are in the order of their keys",
    "unique_key": "no key is there twice, and none is empty",
    "foreign_key": "what points into another table finds its row there",
    "allowed_value": "columns with a list of values hold nothing else",
    "form_of_ids": "identifiers and locators follow their grammar",
    "codebook": "the codebook describes exactly these tables and forms",
    **WITHIN,
    **DERIVED,
}
"""The checks by name, each with what it asks."""

SUMS = "SHA256SUMS"
MOST = 50
"""Faults of one check and table that are listed; the rest is counted."""

_PATTERNS = {
    "document_id": r"^[0-9a-f]{64}$",
    "report_id": r"^r[0-9a-f]{16}$",
    "other_report_id": r"^r[0-9a-f]{16}$",
    "article_digest": r"^[0-9a-f]{64}$",
    "section": r"^[0-9]+(\.[0-9]+)*$",
    "parent": r"^[0-9]+(\.[0-9]+)*$",
    "locator": (
        r"^((json:(/[^!]*)?|script:[0-9]+:[0-9]+|(escaped|mhtml|textarea|noscript|template):[0-9]+)!)*"
        r"(html:[a-z][a-z0-9:._-]*#[0-9]+(\[[0-9:,]+\])?(\+[a-z][a-z0-9:._-]*#[0-9]+(\[[0-9:,]+\])?)*"
        r"|text:L[0-9]+(\[[0-9:,]+\])?(\+L[0-9]+\[[0-9:,]+\])*"
        r"|(pdf|image):p[0-9]+(\(-?[0-9.]+(,-?[0-9.]+){3}\))?"
        r"|docx:(t[0-9]+r[0-9]+c[0-9]+|p[0-9]+)(\[[0-9:,]+\])?"
        r"|xlsx:.+![A-Z]+[0-9]+)$"
    ),
}


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of the checks: those that were made, by name, each with its faults."""

    faults: dict[str, list[Fault]]

    @property
    def holds(self) -> bool:
        return not any(self.faults.values())

    def lines(self) -> list[str]:
        """For a person: a line a check, and the faults below it."""
        said = []
        for name, found in self.faults.items():
            said.append(f"{'fault' if found else 'ok':6} {name}: {CHECKS[name]}")
            said += [f"         {one.table}: {one.key}: {one.message}" for one in found[:MOST]]
            if len(found) > MOST:
                said.append(f"         and {len(found) - MOST} more")
        return said


def audit(tables: Tables) -> Audit:
    """Run every check. UsageError when the tables cannot be read at all."""
    faults: dict[str, list[Fault]] = {name: [] for name in CHECKS}
    for fault in _all(tables):
        faults[fault.check].append(fault)
    return Audit(faults)


def _all(tables: Tables) -> Iterator[Fault]:
    there = []
    for table in TABLES:
        missing = [layout.name(table, kind) for kind in layout.KINDS if not layout.there(tables.folder, table, kind)]
        if not missing:
            text, columns = (
                {piece.year for piece in layout.pieces(tables.folder, table, kind)} for kind in layout.KINDS
            )
            missing = [layout.name_of_year(table, "csv or parquet", year) for year in text ^ columns]
        for name in missing:
            yield Fault("files", table, name, "is not there")
        if not missing:
            there.append(table)
    for name in package.FILES:
        if not (tables.folder / name).is_file():
            yield Fault("files", name, name, "is not there")
    yield from _checksums(tables)
    whole = []
    for table in there:
        wrong = list(_columns(tables, table))
        yield from wrong
        if not wrong:
            whole.append(table)
            yield from _csv(tables, table)
            yield from _rows(tables, table)
    yield from _foreign_keys(tables, set(whole))
    yield from _codebook(tables, there)
    if set(whole) >= set(agreement.NEEDED):
        yield from agreement.faults(tables)
        yield from derived.faults(tables)


def _checksums(tables: Tables) -> Iterator[Fault]:
    """Digests as three files may state them."""
    stated: list[tuple[str, str, str]] = []
    run = manifest.head(tables.folder)
    if run is not None:
        stated += [(manifest.NAME, name, one["sha256"]) for name, one in run.get("outputs", {}).items()]
    if (tables.folder / package.NAME).is_file():
        try:
            said = json.loads((tables.folder / package.NAME).read_text("utf-8"))
            # Of a table in several files run.json has the digests.
            single = [one for one in said["resources"] if isinstance(one["path"], str)]
            stated += [(package.NAME, one["path"], one["hash"].removeprefix("sha256:")) for one in single]
        except (ValueError, KeyError, TypeError) as error:
            yield Fault("checksums", package.NAME, package.NAME, f"cannot be read ({error})")
    if (tables.folder / SUMS).is_file():
        for line in (tables.folder / SUMS).read_text("utf-8").splitlines():
            digest, _, name = line.partition("  ")
            stated.append((SUMS, name, digest))
    known: dict[str, str] = {}
    for where, name, wanted in stated:
        path = tables.folder / name
        if not path.is_file():
            yield Fault("checksums", where, name, "is not there")
            continue
        if name not in known:
            with open(path, "rb") as file:
                known[name] = hashlib.file_digest(file, "sha256").hexdigest()
        if known[name] != wanted:
            yield Fault("checksums", where, name, f"has the digest {known[name][:16]}…, stated is {wanted[:16]}…")


def _columns(tables: Tables, table: str) -> Iterator[Fault]:
    wanted = schema.arrow_schema(table)
    found = tables.schema(table)
    if found.names != wanted.names:
        yield Fault("columns", table, table, f"has {', '.join(found.names)}; the schema has {', '.join(wanted.names)}")
        return
    for field in wanted:
        if found.field(field.name).type != field.type:
            yield Fault("columns", table, field.name, f"is {found.field(field.name).type}, not {field.type}")


def _csv(tables: Tables, table: str) -> Iterator[Fault]:
    for path, batches in tables.by_file(table):
        yield from _csv_file(path, path.relative_to(tables.folder).as_posix(), table, batches)


def _csv_file(path: Path, name: str, table: str, batches: Iterator[pa.RecordBatch]) -> Iterator[Fault]:
    said = "" if name == layout.name(table, "csv") else f"{name}, "
    with open(path, "rb") as file:
        expected = comma.header(schema.arrow_schema(table).names)
        line = 1
        if file.read(len(expected)) != expected:
            yield Fault("csv_parquet", table, f"{said}line 1", "the header differs")
            return
        for batch in batches:
            for wanted in comma.lines(pa.Table.from_batches([batch])):
                found = file.read(len(wanted))
                if found != wanted:
                    pairs = zip(io.BytesIO(found), io.BytesIO(wanted), strict=False)
                    same = next((number for number, (a, b) in enumerate(pairs) if a != b), 0)
                    yield Fault(
                        "csv_parquet",
                        table,
                        f"{said}line {line + same + 1}",
                        "says something else than the Parquet file",
                    )
                    return
                line += wanted.count(b"\n")
        if file.read(1):
            yield Fault("csv_parquet", table, f"{said}line {line + 1}", "the CSV file has more rows")


def _rows(tables: Tables, table: str) -> Iterator[Fault]:
    """Keys, order, allowed values and identifiers, file by file."""
    for _, batches in tables.by_file(table):
        yield from _rows_of_file(table, batches)


def _rows_of_file(table: str, batches: Iterator[pa.RecordBatch]) -> Iterator[Fault]:
    """The same a batch at a time."""
    key = list(schema.key(table))
    listed = {column.name: column.values for column in schema.columns(table) if column.values}
    before: tuple[Any, ...] | None = None
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        by = pa.table([schema.sortable(rows[name], table, name) for name in schema.order(table)], schema.order(table))
        places = pc.sort_indices(by, sort_keys=[(name, "ascending") for name in by.column_names])
        moved = pc.indices_nonzero(pc.not_equal(places, pa.array(range(len(places)), pa.uint64())))
        first = tuple(column[0].as_py() for column in by.columns)
        if len(moved) or (before is not None and first < before):
            at = moved[0].as_py() if len(moved) else 0
            yield Fault("sorted", table, _key(rows, at, schema.order(table)[:3]), "is not in its place")
        if key:
            seen: set[tuple[Any, ...]] = set() if before is None else {before}
            for at, found in enumerate(zip(*(by[name].to_pylist() for name in key), strict=True)):
                if found in seen:
                    yield Fault("unique_key", table, _key(rows, at, key), "is there twice")
                seen.add(found)
            empty = pc.indices_nonzero(pc.is_null(rows[key[0]])).to_pylist() if table != "documents" else []
            for at in empty:
                yield Fault("unique_key", table, f"row {at + 1}", f"{key[0]} is empty")
        before = tuple(column[len(rows) - 1].as_py() for column in by.columns) if len(rows) else before
        for name, values in listed.items():
            known = [value for value in values if value]
            bad = pc.invert(pc.is_in(rows[name], value_set=pa.array(known, rows[name].type)))
            if "" in values or (table, name) in OPEN:
                bad = pc.and_(bad, pc.is_valid(rows[name]))
            for at in pc.indices_nonzero(bad).to_pylist():
                yield Fault("allowed_value", table, _key(rows, at, key), f"{name} is {rows[name][at].as_py()!r}")
        for name, pattern in _PATTERNS.items():
            if name in rows.column_names:
                bad = pc.fill_null(pc.invert(pc.match_substring_regex(rows[name], pattern)), False)
                for at in pc.indices_nonzero(bad).to_pylist():
                    yield Fault("form_of_ids", table, _key(rows, at, key), f"{name} is {rows[name][at].as_py()!r}")


OPEN = frozenset((("observations", "unit_source"),))
"""Columns that may be empty though no empty value is listed."""


def _key(rows: pa.Table, at: int, names: list[str] | tuple[str, ...]) -> str:
    return " ".join(str(rows[name][at].as_py()) for name in names) or f"row {at + 1}"


def _foreign_keys(tables: Tables, there: set[str]) -> Iterator[Fault]:
    for table, (mine, *_), other, (theirs, *_) in schema.FOREIGN_KEYS:
        if table not in there or other not in there:
            continue
        known = pc.unique(tables.whole(other, [theirs])[theirs].combine_chunks())
        for batch in tables.batches(table, [mine]):
            bad = pc.and_(pc.invert(pc.is_in(batch[mine], value_set=known)), pc.is_valid(batch[mine]))
            for value in pc.unique(batch[mine].filter(bad)).to_pylist():
                yield Fault("foreign_key", table, str(value), f"{mine} is not in {other}")


def _codebook(tables: Tables, there: list[str]) -> Iterator[Fault]:
    path = tables.folder / codebook.NAME
    if path.is_file() and path.read_bytes() != codebook.content(there):
        yield Fault("codebook", codebook.NAME, codebook.NAME, "is not the one of this schema and these forms")
