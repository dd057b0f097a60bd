"""Tables with a file for each year: the same rows, read by everything that reads tables."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from published import SAMPLES, copied, few, published
from test_codebook import valid

from pipeline import layout, schema
from pipeline.audit import audit
from pipeline.cli import main
from pipeline.diff import diff
from pipeline.explorer.store import Store
from pipeline.export import export
from pipeline.frames import frame
from pipeline.link.measures import measures
from pipeline.release import release
from pipeline.tables import Tables
from pipeline.verify import verify

LARGE = ("observations", "cells", "sections", "checks", "issues", "reports", "panel", "coverage")


def extracted(raw: Path, out: Path, *more: str) -> Path:
    given = ["--quiet", "--time-limit", "600", "--partition", "--partition-above", *more]
    assert main(["extract", str(raw), "--out", str(out), *given]) == 0
    return out


@pytest.fixture(scope="module")
def by_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return extracted(SAMPLES, tmp_path_factory.mktemp("partition") / "out", "1", "--workers", "2")


def same(one: dict[str, Any]) -> str:
    return json.dumps(one, default=str, sort_keys=True)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def test_the_rows_are_those_of_single_files(by_year: Path) -> None:
    plain, parted = Tables(published(SAMPLES)), Tables(by_year)
    for table in schema.TABLES:
        assert sorted(map(same, parted.rows(table))) == sorted(map(same, plain.rows(table))), table
        assert parted.schema(table).equals(plain.schema(table)), table
        assert parted.count(table) == plain.count(table)
        assert list(parted.whole(table).to_pylist()) == [
            row for batch in parted.batches(table) for row in batch.to_pylist()
        ]
    assert all((by_year / f"{table}.{kind}").is_dir() for table in LARGE for kind in ("csv", "parquet"))
    assert (by_year / "documents.parquet").is_file()


def test_each_file_has_its_year_alone(by_year: Path) -> None:
    years = {
        row["report_id"]: row["report_year"] for row in Tables(by_year).rows("reports", ["report_id", "report_year"])
    }
    assert len(set(years.values())) > 3
    for table in ("observations", "cells", "issues"):
        for piece in layout.pieces(by_year, table, "csv"):
            rows = pd.read_csv(piece.path, dtype=str)
            assert list(rows.columns) == schema.arrow_schema(table).names
            found = {years.get(report) for report in rows["report_id"].fillna("")}
            assert found == {piece.year}, (table, piece.path)


def test_other_programs_read_the_folders(by_year: Path) -> None:
    wanted = pd.Series(Tables(published(SAMPLES)).whole("observations", ["report_year"])["report_year"].to_pylist())
    rows = pd.read_parquet(by_year / "observations.parquet")
    years = rows["report_year"].astype("Int64").value_counts().to_dict()
    assert years == wanted.astype("Int64").value_counts().to_dict()
    asked = f"select report_year, count(*) n from read_parquet('{by_year}/observations.parquet/*/*.parquet') group by 1"
    by_duck = {year: number for year, number in duckdb.sql(asked).fetchall() if year is not None}
    assert by_duck == years


def test_everything_that_reads_tables_reads_these(by_year: Path, tmp_path: Path) -> None:
    plain, parted = Tables(published(SAMPLES)), Tables(by_year)
    found = audit(parted)
    assert found.holds, found.lines()
    assert diff(plain, parted).changes == diff(parted, plain).changes == []
    verdict = verify(parted, [str(SAMPLES)])
    assert verdict.holds
    assert verdict.found == verify(plain, [str(SAMPLES)]).found
    pd.testing.assert_frame_equal(
        measures(parted).sort_values("report_id", ignore_index=True),
        measures(plain).sort_values("report_id", ignore_index=True),
    )
    assert export(parted, tmp_path / "excel")[0] == "documents.csv"
    one, other = Store(published(SAMPLES)), Store(by_year)
    for table in schema.TABLES:
        assert other.number(f"SELECT count(*) FROM {table}") == one.number(f"SELECT count(*) FROM {table}")
    names = ", ".join(schema.arrow_schema("observations").names)
    ordered = f"SELECT {names} FROM observations ORDER BY report_id, indicator, breakdown"
    assert other.rows(ordered) == one.rows(ordered)
    assert other.number("SELECT count(*) FROM reports WHERE report_year IS NULL") == one.number(
        "SELECT count(*) FROM reports WHERE report_year IS NULL"
    )


def test_what_is_wrong_in_one_file_is_found(by_year: Path, tmp_path: Path) -> None:
    out = copied(by_year, tmp_path / "out")
    path = next(
        piece.path for piece in layout.pieces(out, "observations", "csv") if b",reported," in piece.path.read_bytes()
    )
    path.write_text(path.read_text("utf-8").replace(",reported,", ",rumoured,", 1), "utf-8")
    said = {name for name, faults in audit(Tables(out)).faults.items() if faults}
    assert said == {"checksums", "csv_parquet"}
    path.unlink()
    assert main(["check-release", "--data", str(out)]) != 0


def test_stata_has_the_same_rows_and_numbers_of_bodies(by_year: Path) -> None:
    one, other = (pd.read_stata(folder / "panel.dta") for folder in (published(SAMPLES), by_year))
    key = ["body_id", "report_year", "scope"]
    pd.testing.assert_frame_equal(
        one.sort_values(key, ignore_index=True), other.sort_values(key, ignore_index=True), check_categorical=False
    )


def test_a_release_of_folders_is_valid(by_year: Path, tmp_path: Path) -> None:
    made = release(by_year, "1.0.0", tmp_path / "releases", previous=published(SAMPLES))
    assert audit(Tables(made)).holds
    assert valid(made) == (0, [])
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_bytes_do_not_depend_on_the_workers(tmp_path: Path) -> None:
    one = extracted(few(), tmp_path / "one", "2", "--workers", "1")
    assert files(one) == files(extracted(few(), tmp_path / "two", "2", "--workers", "2"))


def test_only_large_tables_are_folders(tmp_path: Path) -> None:
    out = extracted(few(), tmp_path / "out", "100")
    assert (out / "observations.csv").is_dir()
    assert (out / "reports.csv").is_file()
    assert audit(Tables(out)).holds


@pytest.mark.parametrize("within", [False, True])
def test_a_release_changes_from_files_to_folders_and_back(tmp_path: Path, within: bool, monkeypatch: Any) -> None:
    out = tmp_path / "out"
    if within:
        out.mkdir()
        monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == out)
    plain = files(published(few()))
    for _ in range(2):
        assert main(["extract", str(few()), "--out", str(out), "--quiet"]) == 0
        assert {name: content for name, content in files(out).items() if not name.startswith(".")} == plain
        extracted(few(), out, "2")
        assert (out / "observations.parquet").is_dir()
        before = (out / "observations.parquet").stat().st_ino
        assert audit(Tables(out)).holds
        extracted(few(), out, "2")
        assert (out / "observations.parquet").stat().st_ino == before


def test_a_touched_file_of_a_year_is_written_again(tmp_path: Path) -> None:
    out = extracted(few(), tmp_path / "out", "2")
    path = layout.pieces(out, "observations", "csv")[-1].path
    wanted = path.read_bytes()
    path.write_bytes(wanted[:-5])
    extracted(few(), out, "2")
    assert path.read_bytes() == wanted


def test_frames_keep_their_columns(by_year: Path) -> None:
    rows = frame(Tables(by_year).whole("panel", ["report_year", "body_id"]))
    assert list(rows.columns) == ["report_year", "body_id"]
    assert rows["report_year"].notna().all()
