from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from trial_runs import TRIAL, command, environment, extract, gongkai, published, tables, write_trial

from parsers.records import TABLES


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw folder of the trial parser: reports, a copy, a notice, Chinese names, several shards."""
    folder = tmp_path / "raw"
    for number in range(70):
        cells = [["i", "b", str(number)], ["i", "c", ""], ["j", "b", "24252.311082"]]
        write_trial(folder / f"县{number % 7}" / f"{number}.json", publisher=f"局{number}", cells=cells, year=2019)
    write_trial(folder / "copy.json", publisher="局0", cells=[["i", "b", "0"]], digest="d", text='a "b"\r')
    write_trial(folder / "copied.json", publisher="局0", cells=[["i", "b", "0"]], digest="d", text="other")
    write_trial(folder / "notice.json", about="nothing")
    return folder


def test_all_is_well(raw: Path, tmp_path: Path) -> None:
    ran = extract(raw, tmp_path / "out")
    assert ran.code == 0, ran.said
    assert {path.name for path in ran.out.iterdir()} == {
        "run.json",
        "codebook.csv",
        "datapackage.json",
        "panel.dta",
        *(f"{table}.{ending}" for table in TABLES for ending in ("csv", "parquet")),
    }
    assert len(ran.table("reports")) == 71
    assert len(ran.table("documents")) == 73
    assert len(ran.table("observations")) == 211
    assert [row["role"] for row in ran.table("report_documents")].count("copy") == 1
    for table in TABLES:
        with open(ran.out / f"{table}.csv", encoding="utf-8", newline="") as file:
            text = list(csv.DictReader(file))
        rows = ran.table(table)
        assert len(text) == len(rows)
        for plain, row in zip(text, rows, strict=True):
            assert {name for name, value in plain.items() if value} == {
                name for name, value in row.items() if value is not None
            }
    assert "71" in ran.said
    assert "observations  211" in ran.said
    manifest = ran.manifest()
    assert manifest["exit"] == 0
    assert manifest["counts"]["observations"] == 211
    assert len(manifest["inputs"]) == 73
    assert all(len(one["sha256"]) == 64 for one in manifest["inputs"])


def test_the_same_bytes_whatever_the_workers(raw: Path, tmp_path: Path) -> None:
    one = extract(raw, tmp_path / "one", "--workers", "1", PYTHONHASHSEED="1")
    moved = tmp_path / "elsewhere"
    for path in sorted(raw.rglob("*.json"), reverse=True):
        aim = moved / path.relative_to(raw)
        aim.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, aim)
    other = extract(moved, tmp_path / "two", "--workers", "3", PYTHONHASHSEED="2")
    assert (one.code, other.code) == (0, 0)
    assert published(one.out) == published(other.out)


def test_a_second_run_reads_only_what_changed(raw: Path, tmp_path: Path) -> None:
    first = extract(raw, tmp_path / "out")
    before, parts = published(first.out), first.manifest()["times"]["parts"]
    second = extract(raw, tmp_path / "out")
    assert "nothing new" in second.said
    assert second.manifest()["times"]["parts_reused"] == parts >= 3
    assert published(second.out) == before
    write_trial(raw / "new.json", publisher="新局", cells=[["i", "b", "1"]])
    third = extract(raw, tmp_path / "out")
    times = third.manifest()["times"]
    assert times["parts"] - times["parts_reused"] <= 2
    assert published(third.out) == published(extract(raw, tmp_path / "fresh").out)
    (raw / "new.json").unlink()
    assert published(extract(raw, tmp_path / "out").out) == before


def test_tables_that_someone_touched_are_written_again(raw: Path, tmp_path: Path) -> None:
    ran = extract(raw, tmp_path / "out")
    before = published(ran.out)
    (ran.out / "reports.csv").write_text("spoilt")
    (ran.out / "cells.parquet").unlink()
    assert published(extract(raw, tmp_path / "out").out) == before


def test_damaged_parts_and_memory_are_made_anew(raw: Path, tmp_path: Path) -> None:
    ran = extract(raw, tmp_path / "out")
    before, work = published(ran.out), tmp_path / ".out.gongkai"
    (work / "seen.sqlite").write_bytes(b"this is no database, not at all" * 100)
    (work / "published.json").write_text("{")
    for receipt in work.glob("parts/*/receipt.json"):
        receipt.write_text("{}")
    assert published(extract(raw, tmp_path / "out").out) == before


def test_changed_content_behind_the_same_size_is_seen(tmp_path: Path) -> None:
    path = write_trial(tmp_path / "raw" / "a.json", publisher="甲局", cells=[["i", "b", "1"]])
    extract(tmp_path / "raw", tmp_path / "out")
    path.write_text(path.read_text("utf-8").replace('"1"', '"2"'), "utf-8")
    ran = extract(tmp_path / "raw", tmp_path / "out")
    assert [row["value"] for row in ran.table("observations")] == [2.0]


def test_failed_documents_are_named_and_the_rest_is_written(raw: Path, tmp_path: Path) -> None:
    for do in ("hang", "exit", "memory", "raise"):
        write_trial(raw / f"{do}.json", do=do)
    (raw / os.fsdecode(b"\xb1\xa8.json")).write_bytes(b"[")
    (raw / "dangling.json").symlink_to(raw / "nowhere")
    limits = ("--time-limit", "3", "--memory-limit", "400M")
    ran = extract(raw, tmp_path / "out", *limits)
    assert ran.code == 1
    failed = {row["source"]: row["reason"] for row in ran.table("documents") if row["kind"] == "error"}
    assert failed.keys() == {"hang.json", "exit.json", "memory.json", "raise.json", r"\xb1\xa8.json", "dangling.json"}
    for source, reason in failed.items():
        assert source.replace("\\", "\\\\") in json.dumps(ran.manifest()["failed"]) or source in str(ran.manifest())
        assert f"{source}: {reason}" in ran.said
    assert len(ran.table("reports")) == 71
    again = extract(raw, tmp_path / "out", *limits)
    assert again.code == 1
    assert "nothing new" in again.said
    longer = extract(raw, tmp_path / "out", "--time-limit", "4", "--memory-limit", "400M")
    assert "longer than 4 seconds" in longer.said


def test_strict(tmp_path: Path) -> None:
    write_trial(tmp_path / "raw" / "a.json", publisher="甲局", cells=[["i", "b", "1"]])
    assert extract(tmp_path / "raw", tmp_path / "out", "--strict").code == 0
    write_trial(tmp_path / "raw" / "b.json", publisher="乙局", issues=["unmatched_number"])
    assert extract(tmp_path / "raw", tmp_path / "out").code == 0
    ran = extract(tmp_path / "raw", tmp_path / "out", "--strict")
    assert ran.code == 4
    assert "unmatched_number 1" in ran.said
    assert len(ran.table("reports")) == 2


def test_quiet_says_only_errors(raw: Path, tmp_path: Path) -> None:
    assert extract(raw, tmp_path / "out", "--quiet").said == ""
    write_trial(raw / "bad.json", do="raise")
    assert extract(raw, tmp_path / "out", "--quiet").said.startswith("failed: bad.json: ")


def test_nothing_usable(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = extract(tmp_path / "empty", tmp_path / "out")
    assert nothing.code == 3
    assert not nothing.out.exists()
    write_trial(tmp_path / "bad" / "a.json", do="raise")
    bad = extract(tmp_path / "bad", tmp_path / "out")
    assert bad.code == 3
    assert [row["kind"] for row in bad.table("documents")] == ["error"]
    good = extract(raw, tmp_path / "out")
    assert good.code == 0
    before = published(good.out)
    again = extract(tmp_path / "bad", tmp_path / "out")
    assert again.code == 3
    assert "as it was" in again.said
    assert published(again.out) == before


def test_bad_usage(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for arguments in (
        ("extract", tmp_path / "missing", "--out", tmp_path / "out"),
        ("extract", raw, "--out", tmp_path / "file"),
        ("extract", raw, "--out", raw),
        ("extract", raw, "--out", tmp_path),
        ("extract", raw, "--out", tmp_path / "out", "--workers", "0"),
        ("extract", raw, "--out", tmp_path / "out", "--memory-limit", "lots"),
        ("extract", raw, "--out", tmp_path / "out", "--time-limit", "-1"),
        ("publish",),
        (),
    ):
        done = gongkai(*arguments)
        assert done.returncode == 2, arguments
        assert done.stderr
        assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "raw"]


def test_help_and_version() -> None:
    said = gongkai("extract", "--help").stdout
    for option in ("--out", "--workers", "--strict", "--quiet", "--time-limit", "--memory-limit", "exit codes"):
        assert option in said
    assert gongkai("--version").stdout.startswith("gongkai ")


def test_the_output_folder_may_lie_within_the_raw_folder(raw: Path) -> None:
    first = extract(raw, raw / "clean")
    before = published(first.out)
    second = extract(raw, raw / "clean")
    assert (first.code, second.code) == (0, 0)
    assert len(second.table("documents")) == 73
    manifest = second.manifest()
    assert {"source": "clean/", "reason": "the output or work folder of this run"} in manifest["ignored"]
    manifest.pop("ignored")
    assert {name: data for name, data in published(second.out).items() if name != "run.json"} == {
        name: data for name, data in before.items() if name != "run.json"
    }


def test_a_disk_that_is_full(raw: Path, tmp_path: Path) -> None:
    before = published(extract(raw, tmp_path / "out").out)
    write_trial(raw / "new.json", publisher="新局", cells=[["i", "b", "1"]] * 5000)
    limited = ["bash", "-c", 'ulimit -f 64; exec "$@"', "-", *command("extract", raw, "--out", tmp_path / "out")]
    done = subprocess.run(
        [*limited, "--parser", TRIAL], env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    assert published(tmp_path / "out") == before
    assert extract(raw, tmp_path / "out").code in {0, 4}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(raw: Path, tmp_path: Path, number: signal.Signals) -> None:
    before = published(extract(raw, tmp_path / "out").out)
    write_trial(raw / "hang.json", do="hang")
    process = subprocess.Popen(
        command("extract", raw, "--out", tmp_path / "out", "--parser", TRIAL), env=environment(), stderr=subprocess.PIPE
    )
    time.sleep(2.5)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert b"Traceback" not in said
    assert published(tmp_path / "out") == before
    assert not list(tmp_path.glob(".out.gongkai/parts/.*"))


def test_killed_at_any_moment(raw: Path, tmp_path: Path) -> None:
    expected = tables(extract(raw, tmp_path / "expected").out)
    for attempt in range(8):
        process = subprocess.Popen(
            command("extract", raw, "--out", tmp_path / "out", "--parser", TRIAL),
            env=environment(),
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.3 + 0.3 * attempt)
        process.kill()
        process.wait()
        if (tmp_path / "out").exists():
            assert tables(tmp_path / "out") == expected
    assert tables(extract(raw, tmp_path / "out").out) == expected


def test_two_runs_at_once(raw: Path, tmp_path: Path) -> None:
    write_trial(raw / "hang.json", do="hang")
    process = subprocess.Popen(
        command("extract", raw, "--out", tmp_path / "out", "--parser", TRIAL, "--quiet"), env=environment()
    )
    try:
        while not (tmp_path / ".out.gongkai" / "parts").exists():
            time.sleep(0.05)
        second = extract(raw, tmp_path / "out")
        assert second.code == 5
        assert "another run" in second.said
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("name", ["out", "."])
def test_a_small_disk_that_fills_up(raw: Path, tmp_path: Path, small_disk: Path, name: str) -> None:
    out = small_disk / name
    first = extract(raw, out)
    assert first.code == 0, first.said
    before = published(out)
    (out / "mine.txt").write_text("mine")
    text = "".join(chr(0x4E00 + number % 20000) for number in range(3_000_000))
    write_trial(raw / "new.json", publisher="新局", text=text)
    full = extract(raw, out)
    assert full.code == 5
    assert published(out) == before
    (raw / "new.json").unlink()
    write_trial(raw / "small.json", publisher="新局")
    again = extract(raw, out)
    assert again.code == 0, again.said
    assert len(again.table("reports")) == 72
    assert (out / "mine.txt").read_text() == "mine"
