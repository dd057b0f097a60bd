"""Rows as CSV text, a column at a time.

UTF-8, LF, a value quoted only where it holds a comma, a quote, LF or CR. Numbers are the shortest decimal
text that gives the same number, without exponent and without `.0`; dates are ISO, times end in `Z`,
booleans are `true` and `false`, a missing value is empty.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMA, END, NOTHING, QUOTE = (pa.scalar(text, pa.large_string()) for text in (",", "\n", "", '"'))

SLICE = 8_192
"""Rows that are made text at a time."""


def header(names: list[str]) -> bytes:
    """The first line."""
    return (",".join(names) + "\n").encode()


def lines(rows: pa.Table) -> Iterator[bytes]:
    """The rows as lines, in slices."""
    for start in range(0, rows.num_rows, SLICE):
        piece = rows.slice(start, SLICE)
        columns = [_text(_single(column)) for column in piece.columns]
        joined = pc.binary_join_element_wise(*columns, COMMA, null_handling="replace", null_replacement="")
        ended = pc.binary_join_element_wise(joined, NOTHING, END)
        # The texts of an array lie one after the other in its last buffer.
        yield ended.buffers()[2].to_pybytes()


def _single(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _text(values: pa.Array) -> pa.Array:
    """A column as large text, quoted where needed."""
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _quoted(values.cast(pa.large_string()))
    if pa.types.is_floating(kind):
        return _decimal(values)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_date(kind):
        return values.cast(pa.large_string())
    if pa.types.is_timestamp(kind):
        return _instant(values)
    raise TypeError(f"no text for {kind}")


def _quoted(values: pa.Array) -> pa.Array:
    needed = pc.match_substring_regex(values, '[,"\r\n]')
    if not pc.any(needed).as_py():
        return values
    doubled = pc.replace_substring(values, '"', '""')
    quoted = pc.binary_join_element_wise(QUOTE, doubled, QUOTE, NOTHING)
    return pc.if_else(needed, quoted, values)


def _decimal(values: pa.Array) -> pa.Array:
    """Doubles as decimal text: 57, 24252.311082."""
    whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 1e15))
    integers = pc.if_else(whole, values, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.large_string())
    others = pc.if_else(whole, pa.scalar(None, pa.float64()), values)
    if others.null_count == len(others):
        return integers
    texts = [None if value is None else format(Decimal(repr(value)), "f") for value in others.to_pylist()]
    plain = [text if text is None or "." not in text else text.rstrip("0").rstrip(".") for text in texts]
    return pc.coalesce(integers, pa.array(plain, pa.large_string()))


def _instant(values: pa.Array) -> pa.Array:
    """Times as 2026-01-31T08:00:00Z, with microseconds only where there are some."""
    plain = values.cast(pa.timestamp("us"))
    seconds = pc.floor_temporal(plain, unit="second")
    short = pc.strftime(seconds.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ")
    long = pc.strftime(plain, format="%Y-%m-%dT%H:%M:%SZ")
    return pc.if_else(pc.equal(seconds, plain), short, long).cast(pa.large_string())
