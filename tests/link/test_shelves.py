"""Rows come back from a shelf by their ranges, in the order in which they were put, from memory as from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from pipeline.link import shelves
from pipeline.link.shelves import Room, Shelf

if TYPE_CHECKING:
    from pathlib import Path

WANTED = pa.schema([pa.field("number", pa.int64())])


@pytest.mark.parametrize("held", [0, 500, 1 << 20])
@pytest.mark.parametrize("ranges", [1, 3])
def test_rows_come_back_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, ranges: int
) -> None:
    monkeypatch.setattr(shelves, "HELD", held)
    monkeypatch.setattr(shelves, "ROWS", 4)
    shelf = Shelf(WANTED, Room(tmp_path), ranges)
    for start in range(0, 100, 20):
        numbers = np.arange(start, start + 20)
        shelf.put(pa.table({"number": numbers}, schema=WANTED), numbers % ranges)
    expected = [[number for number in range(100) if number % ranges == place] for place in range(ranges)]
    for _ in range(2):
        assert [piece["number"].to_list() for piece in shelf.pieces()] == expected
        tables = list(shelf.tables())
        everything = [number for piece in expected for number in piece]
        assert [number for table in tables for number in table["number"].to_pylist()] == everything
        assert max(table.num_rows for table in tables) <= 4
