from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import comma

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def lines(**columns: pa.Array) -> str:
    return b"".join(comma.lines(pa.table(columns))).decode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (57, "57"),
        (24252.311082, "24252.311082"),
        (0, "0"),
        (-18, "-18"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (1e-7, "0.0000001"),
        (123456789012.345, "123456789012.345"),
        (999999999999999, "999999999999999"),
        (100.0, "100"),
        (None, ""),
    ],
)
def test_numbers_are_decimal_text(value: float | None, text: str) -> None:
    assert lines(a=pa.array([value], pa.float64()), b=pa.array(["x"])) == f"{text},x\n"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_money_comes_back_to_the_last_digit(value: Decimal) -> None:
    text = lines(a=pa.array([float(value)], pa.float64()), b=pa.array(["x"])).split(",")[0]
    assert Decimal(text) == value
    assert "e" not in text.lower()


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=20))
def test_text_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    said = lines(a=pa.array([a for a, _ in rows]), b=pa.array([b for _, b in rows]))
    back = list(csv.reader(io.StringIO(said, newline=""), strict=True))
    assert [tuple(row) for row in back] == rows


@pytest.mark.parametrize("raw", ["a,b", 'say "so"', "line\nbreak", "bare\rreturn"])
def test_quoted_where_needed(raw: str) -> None:
    doubled = raw.replace('"', '""')
    assert lines(a=pa.array([raw]), b=pa.array(["plain 文本; x"])) == f'"{doubled}",plain 文本; x\n'


def test_other_kinds() -> None:
    said = lines(
        flag=pa.array([True, False, None]),
        day=pa.array([date(2019, 1, 31), None, date(1999, 12, 1)]),
        number=pa.array([2018, None, -1], pa.int64()),
        time=pa.array(
            [datetime(2026, 1, 31, 8, tzinfo=UTC), None, datetime(2026, 1, 31, 8, 0, 0, 5, tzinfo=UTC)],
            pa.timestamp("us", tz="UTC"),
        ),
    )
    assert said == "true,2019-01-31,2018,2026-01-31T08:00:00Z\nfalse,,,\n,1999-12-01,-1,2026-01-31T08:00:00.000005Z\n"


def test_many_rows() -> None:
    count = comma.SLICE * 2 + 3
    said = lines(a=pa.array(range(count), pa.int64()), b=pa.array(["x"] * count))
    assert said.splitlines() == [f"{number},x" for number in range(count)]
