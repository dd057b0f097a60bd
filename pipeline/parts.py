"""Parts: the rows of one shard on disk, written by the process that read them.

A part is a folder named by what went into it. It holds `receipt.json` and one numbered folder a chunk
with a Parquet file a table; tables without rows have no file. Beside the table's own columns stands
`bundle`, the place of the bundle within the shard: local facts stay told apart when the same bytes were
read twice.

Rows are taken as the parser gives them, with these exceptions, each of which leaves an issue: text that
is no Unicode (a lone surrogate) becomes U+FFFD, a number that a double cannot hold is left out, of two
rows with the same key in one bundle the first is kept.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
import os
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from parsers.records import TABLES, DocumentRow, Issue, ParsedBundle
from pipeline import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FORMAT = 1
"""Counts the ways in which parts were laid out; parts of another way are read anew."""

BUNDLE = "bundle"
TABLE_NAMES = tuple(field.name for field in dataclasses.fields(ParsedBundle) if field.name in TABLES)
"""The tables that one bundle can fill."""

EXACT_DIGITS = 15
"""Every decimal number of so many significant digits survives as a double."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a shard hands back: never rows. `failed` are (source, reason), `guarded` counts those that were stopped.

    `limits` are the limits of time and memory in force: a part with stopped documents is read anew under
    others. `lasting` is false when a file changed while it was read. `took` are documents by the time that they
    took, in the buckets of `pipeline.times`.
    """

    name: str
    chunks: int
    rows: dict[str, int]
    failed: tuple[tuple[str, str], ...]
    guarded: int
    limits: tuple[float, int]
    lasting: bool
    seconds: float
    reused: bool = False
    took: tuple[tuple[int, int], ...] = ()

    def holds(self, limits: tuple[float, int]) -> bool:
        """Whether the part may be used again under the given limits."""
        return self.lasting and (not self.guarded or self.limits == limits)


def name_of(inputs: Iterable[tuple[str, str]], parser: str) -> str:
    """The name of a part: a digest of its (source, sha256) pairs, the parser's digest and the layout."""
    said = json.dumps([FORMAT, schema.fingerprint(), parser, sorted(inputs)])
    return hashlib.sha256(said.encode()).hexdigest()[:40]


def error_bundle(
    source: str, reason: str, *, code: str, document_id: str = "", size: int | None = None
) -> ParsedBundle:
    """A bundle that could not be read: its row in `documents`, and an issue that says so."""
    reason = clean(reason)
    return ParsedBundle(
        documents=(DocumentRow(document_id, source, kind="error", reason=reason, bytes=size),),
        issues=(Issue("", document_id, code, "error", reason),),
    )


def clean(text: str) -> str:
    """Text with what is no Unicode replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def write_chunk(folder: Path, bundles: Sequence[tuple[int, ParsedBundle]]) -> tuple[dict[str, int], dict[int, str]]:
    """Write bundles as one chunk into a folder that is made for it.

    Returns the rows a table, and for each bundle whose rows no schema could hold the reason; such a bundle
    stands in the chunk as an error. OSError passes through.
    """
    folder.mkdir(parents=True)
    bundles = [(place, _without_twins(bundle)) for place, bundle in bundles]
    refused: dict[int, str] = {}
    try:
        tables = _tables(bundles)
    except (pa.ArrowException, ArithmeticError, AttributeError, TypeError, ValueError):
        mended = []
        for place, bundle in bundles:
            kept = _storable(bundle)
            if isinstance(kept, str):
                refused[place] = kept
                document = bundle.documents[0]
                kept = error_bundle(
                    str(document.source), kept, code="parser_fatal", document_id=str(document.document_id)
                )
            mended.append((place, kept))
        tables = _tables(mended)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", compression_level=1)
    return {name: table.num_rows for name, table in tables.items()}, refused


def save_receipt(folder: Path, receipt: Receipt) -> None:
    """Write a part's receipt: the last thing before the part gets its name."""
    with open(folder / "receipt.json", "w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(receipt), file, ensure_ascii=True, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def load_receipt(folder: Path) -> Receipt | None:
    """The receipt of a part, or None when there is no whole part of that name."""
    try:
        return receipt_of((folder / "receipt.json").read_bytes(), folder.name)
    except OSError:
        return None


def receipt_of(content: bytes, name: str) -> Receipt | None:
    """A receipt from its bytes; None when they are not those of a part of that name."""
    try:
        said = json.loads(content)
        receipt = Receipt(
            name=said["name"],
            chunks=said["chunks"],
            rows=said["rows"],
            failed=tuple((source, reason) for source, reason in said["failed"]),
            guarded=said["guarded"],
            limits=(said["limits"][0], said["limits"][1]),
            lasting=said["lasting"],
            seconds=said["seconds"],
            reused=True,
            took=tuple((number, count) for number, count in said["took"]),
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return receipt if receipt.name == name else None


def chunk_files(folder: Path, receipt: Receipt, table: str) -> list[Path]:
    """The files of a part that hold rows of a table, in order."""
    paths = [folder / str(chunk) / f"{table}.parquet" for chunk in range(receipt.chunks)]
    return [path for path in paths if path.exists()]


@functools.cache
def _getter(table: str) -> Any:
    return attrgetter(*(column.name for column in schema.columns(table)))


@functools.cache
def _part_schema(table: str) -> pa.Schema:
    return schema.arrow_schema(table).append(pa.field(BUNDLE, pa.int32()))


def _tables(bundles: Sequence[tuple[int, ParsedBundle]]) -> dict[str, pa.Table]:
    tables = {}
    for table in TABLE_NAMES:
        getter = _getter(table)
        rows: list[tuple[Any, ...]] = []
        places: list[int] = []
        for place, bundle in bundles:
            new = [getter(row) for row in getattr(bundle, table)]
            rows.extend(new)
            places.extend([place] * len(new))
        if not rows:
            continue
        arrays = [
            _array(values, column.kind)
            for values, column in zip(zip(*rows, strict=True), schema.columns(table), strict=True)
        ]
        tables[table] = pa.Table.from_arrays([*arrays, pa.array(places, pa.int32())], schema=_part_schema(table))
    return tables


def _array(values: Sequence[Any], kind: str) -> pa.Array:
    if kind == "text":
        return pa.array([value or None for value in values], pa.string())
    if kind == "number":
        return pa.array(list(map(_Doubles().__getitem__, values)), pa.float64())
    return pa.array(values, schema.TYPES[kind])


class _Doubles(dict[Decimal | float | None, float | None]):
    """Numbers as doubles; the same few stand in most cells."""

    def __missing__(self, value: Decimal | float | None) -> float | None:
        self[value] = made = None if value is None else _double(value)
        return made


def _double(value: Decimal | float) -> float:
    """A number as a double. ValueError when its decimal text would not come back."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number outside the range of a double")
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > EXACT_DIGITS and Decimal(repr(number)) != value:
        raise ValueError("a number with more digits than a double holds")
    return number


def _without_twins(bundle: ParsedBundle) -> ParsedBundle:
    """Of rows with the same key keep the first; the others become issues."""
    changes: dict[str, tuple[Any, ...]] = {}
    issues: list[Issue] = []
    for table in TABLE_NAMES:
        names = schema.key(table)
        rows = getattr(bundle, table)
        if not names or len(rows) < 2:
            continue
        keys = list(map(attrgetter(*names), rows))
        if len(set(keys)) == len(rows):
            continue
        seen: set[Any] = set()
        kept = []
        for key, row in zip(keys, rows, strict=True):
            if key not in seen:
                seen.add(key)
                kept.append(row)
                continue
            said = ", ".join(f"{name} {getattr(row, name)}" for name in names)
            report, raw, where = (getattr(row, name, "") for name in ("report_id", "raw", "locator"))
            message = f"a second row of {table} for {said} was left out"
            issues.append(Issue(report, row_document(row, bundle), "duplicate_key", "error", message, raw, where))
        changes[table] = tuple(kept)
    if not changes:
        return bundle
    changes["issues"] = (*bundle.issues, *issues)
    return dataclasses.replace(bundle, **changes)


def row_document(row: Any, bundle: ParsedBundle) -> str:
    """The document that a row speaks of."""
    named: str = getattr(row, "document_id", "")
    return named or bundle.documents[0].document_id


def _storable(bundle: ParsedBundle) -> ParsedBundle | str:
    """The bundle with what no table can hold taken out, or the reason why it cannot be helped."""
    changes: dict[str, tuple[Any, ...]] = {}
    issues: list[Issue] = []
    try:
        for table in TABLE_NAMES:
            rows = []
            for row in getattr(bundle, table):
                mended, what = _mended(row, table)
                rows.append(mended)
                for message, raw in what:
                    report, where = getattr(mended, "report_id", ""), getattr(mended, "locator", "")
                    issues.append(
                        Issue(report, row_document(mended, bundle), "not_storable", "error", message, raw, where)
                    )
            changes[table] = tuple(rows)
        changes["issues"] = (*changes["issues"], *issues)
        bundle = dataclasses.replace(bundle, **changes)
        _tables([(0, bundle)])
    except (pa.ArrowException, ArithmeticError, AttributeError, TypeError, ValueError) as error:
        return f"the reader returned a row that the tables cannot hold ({error})"
    return bundle


def _mended(row: Any, table: str) -> tuple[Any, list[tuple[str, str]]]:
    changes: dict[str, Any] = {}
    said: list[tuple[str, str]] = []
    for column in schema.columns(table):
        value = getattr(row, column.name)
        if column.kind == "text" and isinstance(value, str):
            text = clean(value)
            if text != value:
                changes[column.name] = text
                said.append((f"{column.name} held characters that are no Unicode", ""))
        elif column.kind == "number" and value is not None:
            try:
                _double(value)
            except ValueError as error:
                changes[column.name] = None
                said.append((f"{column.name} was left out: {error}", str(value)[:200]))
    return (dataclasses.replace(row, **changes) if changes else row), said
