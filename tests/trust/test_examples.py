"""The examples of docs/data.md run on the samples, and the plots are drawn from them."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from published import ROOT, SAMPLES, published

from parsers.records import TABLES
from pipeline import schema

PAGE = (ROOT / "docs" / "data.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clean").symlink_to(published(SAMPLES))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pandas_and_duckdb_say_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spaces: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, spaces)
    by_year = spaces["by_year"]
    assert isinstance(by_year, pd.DataFrame)
    assert by_year["sum"].sum() > 0
    assert capsys.readouterr().out
    (query,) = blocks("sql")
    found = duckdb.sql(query).fetchall()
    assert found == [(year, row["sum"], row["count"]) for year, row in by_year.iterrows()]


def test_r_says_the_same(here: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    (script,) = blocks("r")
    script += 'write.csv(do.call(data.frame, by_year), "by_year.csv", row.names = FALSE)'
    done = subprocess.run([program, "-e", script], cwd=here, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    spaces: dict[str, Any] = {}
    exec(blocks("python")[0], spaces)
    expected = [(year, row["sum"], row["count"]) for year, row in spaces["by_year"].iterrows()]
    assert list(pd.read_csv(here / "by_year.csv").itertuples(index=False, name=None)) == expected


def test_what_other_programs_are_told_is_there() -> None:
    columns = {name for table in TABLES for name in schema.arrow_schema(table).names}
    for block in (*blocks("r"), *blocks("sql")):
        for name in ("report_year", "value_corrected", "value_std", "latest", "indicator", "breakdown", "status"):
            assert name in block
            assert name in columns
    listed = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| `.*?\|", PAGE, re.MULTILINE))))
    assert set(TABLES) <= listed


def test_plots_are_drawn_and_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = []
    for name in ("a", "b"):
        monkeypatch.setattr(sys, "argv", ["plots.py", str(published(SAMPLES)), str(tmp_path / name)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(ROOT / "docs" / "plots.py"), run_name="__main__")
        assert ended.value.code == 0
        pictures.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert pictures[0] == pictures[1]
    assert set(pictures[0]) == {"plot-outcomes.svg", "plot-blanks.svg", "plot-arithmetic.svg"}
    assert set(pictures[0]) <= {path.name for path in (ROOT / "docs").iterdir()}
