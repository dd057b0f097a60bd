from __future__ import annotations

import csv
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parsers import records
from parsers.errors import PublishError
from parsers.forms.crosswalk import series
from parsers.records import TABLES
from pipeline import comma, publish, schema
from pipeline.frames import frame


def rows(table: str, *said: dict[str, Any]) -> pa.Table:
    names = schema.arrow_schema(table).names
    return pa.Table.from_pylist([{**dict.fromkeys(names), **one} for one in said], schema=schema.arrow_schema(table))


def test_columns_come_from_the_records() -> None:
    for table, record in TABLES.items():
        own = [column.name for column in records.columns(record)]
        wide = [schema.wide_name(*key) for key in schema.cells()] if table in schema.WIDE else []
        wide += series() if table == schema.HARMONISED else ()
        assert schema.arrow_schema(table).names == [*own, *wide]
        assert all(column.kind in schema.TYPES for column in records.columns(record))
    for table, columns, other, others in schema.FOREIGN_KEYS:
        assert set(columns) <= set(schema.arrow_schema(table).names)
        assert set(others) <= set(schema.arrow_schema(other).names)


def test_rows_are_sorted_by_key_and_sections_by_number(tmp_path: Path) -> None:
    said = rows(
        "sections",
        *({"report_id": report, "section": path} for report in "ba" for path in ("10", "2", "0", "2.10", "2.9")),
    )
    ordered = publish.in_order(frame(said), "sections").to_pylist()
    assert [(row["report_id"], row["section"]) for row in ordered] == [
        (report, path) for report in "ab" for path in ("0", "2", "2.9", "2.10", "10")
    ]


def test_a_key_that_is_there_twice(tmp_path: Path) -> None:
    said = rows("checks", *[{"report_id": "r1", "form": "f", "rule": "x", "indicator": "i", "outcome": "pass"}] * 2)
    with pytest.raises(PublishError, match=r"two rows of checks.*report_id r1.*rule x"):
        publish.in_order(frame(said), "checks")


def test_a_table_without_a_key_keeps_equal_rows() -> None:
    said = rows("issues", {"code": "b"}, {"code": "a"}, {"code": "a"})
    assert publish.in_order(frame(said), "issues")["code"].to_pylist() == ["a", "a", "b"]


@pytest.mark.parametrize("size", [7, 250])
def test_files_do_not_show_how_rows_were_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(comma, "SLICE", 9)
    monkeypatch.setattr(publish, "ROW_GROUP", 100)
    said = rows("issues", *({"code": f"{number:05}", "message": '文本,\r\n"x"'} for number in range(1234)))
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    publish.write(tmp_path / "one", "issues", [said])
    publish.write(tmp_path / "many", "issues", [said.slice(start, size) for start in range(0, 1234, size)])
    for name in ("issues.csv", "issues.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    parquet = pq.ParquetFile(tmp_path / "one" / "issues.parquet")
    assert {parquet.metadata.row_group(place).num_rows for place in range(12)} == {100}


def test_both_files_say_the_same(tmp_path: Path) -> None:
    said = rows(
        "observations",
        {"report_id": "r1", "indicator": "i", "breakdown": "b", "value": 57.0, "raw": " 57\r", "match_score": 100.0},
        {"report_id": "r1", "indicator": "i", "breakdown": "c", "value": 24252.311082, "raw": '"', "report_year": 2018},
        {"report_id": "r1", "indicator": "j", "breakdown": "b", "raw": "", "status": "blank"},
    )
    publish.write(tmp_path, "observations", [publish.in_order(frame(said), "observations")])
    raw = (tmp_path / "observations.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" not in raw
    with open(tmp_path / "observations.csv", encoding="utf-8", newline="") as file:
        text = list(csv.DictReader(file))
    assert [row["value"] for row in text] == ["57", "24252.311082", ""]
    assert [row["raw"] for row in text] == [" 57\r", '"', ""]
    back = pd.read_csv(tmp_path / "observations.csv", lineterminator="\n")
    kept = pd.read_parquet(tmp_path / "observations.parquet")
    assert list(back.columns) == list(kept.columns)
    assert back["value"].tolist()[:2] == kept["value"].tolist()[:2] == [57, 24252.311082]
    assert kept["report_year"].tolist()[1] == 2018


def test_parquet_names_no_machine(tmp_path: Path) -> None:
    publish.write(tmp_path, "reports", [rows("reports", {"report_id": "r1"})])
    assert pq.read_schema(tmp_path / "reports.parquet").metadata is None
    assert pq.read_table(tmp_path / "reports.parquet", partitioning=None).schema.equals(schema.arrow_schema("reports"))


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    publish.write(tmp_path, "checks", [])
    names = schema.arrow_schema("checks").names
    assert (tmp_path / "checks.csv").read_text() == ",".join(names) + "\n"
    assert pq.read_table(tmp_path / "checks.parquet", partitioning=None).schema.equals(schema.arrow_schema("checks"))


def test_a_piece_that_is_written_is_let_go_before_the_next_is_made(tmp_path: Path) -> None:
    made: list[weakref.ref[pd.DataFrame]] = []
    there: list[int] = []

    def piece(number: int) -> pd.DataFrame:
        there.append(sum(one() is not None for one in made))
        found = frame(rows("observations", {"report_id": f"r{number}", "indicator": "i", "breakdown": "b"}))
        made.append(weakref.ref(found))
        return found

    written = publish.publish(tmp_path, lambda table: map(piece, range(4)) if table == "observations" else ())
    assert written["observations"].rows == 4
    assert there == [0, 0, 0, 0]


def test_memory_that_arrow_gives_back_goes_back() -> None:
    said = "from pipeline import cli; cli.main([]); import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["system"]
