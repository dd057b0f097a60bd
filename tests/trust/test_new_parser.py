"""A parser that knows better: all is read again, and `diff` says what came of it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from published import ROOT, SAMPLES

NAMES = ("national/jinchuan-zrzy-2022.html", "binchen-wjw-2015.html", "fujian/yunya-2014-lossy.txt")


def command(code: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`gongkai` as the code in a folder has it."""
    environment = {**os.environ, "PYTHONPATH": str(code)}
    given = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    return subprocess.run(given, cwd=code, env=environment, capture_output=True, text=True, timeout=600, check=False)


def test_a_changed_data_file_reads_all_again_and_diff_explains(tmp_path: Path) -> None:
    code, raw, out = tmp_path / "code", tmp_path / "raw", tmp_path / "out"
    for package in ("parsers", "pipeline"):
        shutil.copytree(ROOT / package, code / package, ignore=shutil.ignore_patterns("__pycache__"))
    raw.mkdir()
    for name in NAMES:
        shutil.copyfile(SAMPLES / name, raw / Path(name).name)

    def extract(aim: Path) -> dict[str, int]:
        done = command(code, "extract", raw, "--out", aim, "--work", tmp_path / "work", "--quiet")
        assert done.returncode == 0, done.stderr
        times: dict[str, int] = json.loads((aim / "run.json").read_text("utf-8"))["times"]
        return times

    assert extract(out)["parts_reused"] == 0
    again = extract(tmp_path / "again")
    assert again["parts_reused"] == again["parts"] > 0

    units = code / "parsers" / "units.toml"
    units.write_text(units.read_text("utf-8").replace('"万元" = 10000', '"万元" = 20000'), "utf-8")
    assert extract(tmp_path / "new")["parts_reused"] == 0

    done = command(code, "diff", out, tmp_path / "new", "--strict", "--out", tmp_path / "changes.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    with open(tmp_path / "changes.csv", encoding="utf-8", newline="") as file:
        changes = list(csv.DictReader(file))
    assert {(one["kind"], one["reason"], one["column"]) for one in changes} == {
        ("changed", "parser_changed", "value_std")
    }
    assert all(float(one["new"]) == 2 * float(one["old"]) for one in changes)
    assert f"{len(changes)} figures changed: parser changed" in done.stdout
    assert "3 reports same, 0 reports added, 0 reports removed, 0 reports replaced" in done.stdout
