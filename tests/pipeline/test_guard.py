from __future__ import annotations

import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from trial_runs import write_trial

from parsers.errors import PipelineError
from pipeline.guard import Guard, Limits, StoppedError

TRIAL = "trial_parser:parse"
LIMITS = Limits(seconds=3.0, memory=400 * 1024**2)


def jobs(folder: Path, *what: str) -> list[tuple[str, str, str]]:
    found = []
    for place, do in enumerate(what):
        path = write_trial(folder / f"{place}.json", publisher=f"局{place}", do=do, cells=[["a", "b", "1"]])
        found.append((path.name, str(path), ""))
    return found


def documents(folder: Path) -> dict[str, tuple[str, str]]:
    found = {}
    for path in sorted(folder.glob("*/documents.parquet")):
        for row in pq.read_table(path, partitioning=None).to_pylist():
            assert row["source"] not in found
            found[row["source"]] = (row["kind"], row["reason"] or "")
    return found


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("hang", "longer than 3 seconds"),
        ("spin", "longer than 3 seconds"),
        ("exit", "ended (exit code 0)"),
        ("abort", "ended (signal SIGABRT)"),
        ("memory", "more than 400 MB of memory"),
        ("deep", "nested too deeply"),
        ("raise", "KeyError: 'missing'"),
        ("unreadable", "the document ends in the middle. Fetch it again."),
    ],
)
def test_a_bad_document_is_named_and_the_others_go_on(tmp_path: Path, do: str, words: str) -> None:
    with Guard(TRIAL, LIMITS) as guard:
        outcome = guard.run(tmp_path / "part", jobs(tmp_path / "raw", "", do, "", ""))
    found = documents(tmp_path / "part")
    assert found["1.json"][0] == "error"
    assert words in found["1.json"][1]
    assert outcome.failed == [("1.json", found["1.json"][1])]
    assert {source for source, (kind, _) in found.items() if kind == "report"} == {"0.json", "2.json", "3.json"}


def test_several_in_one_shard(tmp_path: Path) -> None:
    what = ["exit", "", "abort", "exit", "", "raise", "memory", "abort"]
    with Guard(TRIAL, LIMITS) as guard:
        outcome = guard.run(tmp_path / "part", jobs(tmp_path / "raw", *what))
    found = documents(tmp_path / "part")
    assert [found[f"{place}.json"][0] for place in range(8)] == ["report" if not do else "error" for do in what]
    assert len(outcome.failed) == 6
    assert set(outcome.verdicts) == {0, 2, 3, 6, 7}


def test_one_process_reads_many_jobs(tmp_path: Path) -> None:
    with Guard(TRIAL, LIMITS) as guard:
        guard.run(tmp_path / "one", jobs(tmp_path / "raw", ""))
        first = guard.process
        guard.run(tmp_path / "two", jobs(tmp_path / "raw", "", ""))
        assert guard.process is first
    assert len(documents(tmp_path / "two")) == 2


def test_what_no_table_can_hold(tmp_path: Path) -> None:
    with Guard(TRIAL, LIMITS) as guard:
        guard.run(tmp_path / "part", jobs(tmp_path / "raw", "surrogate", "twins", ""))
    issues = [row for path in tmp_path.glob("part/*/issues.parquet") for row in pq.read_table(path).to_pylist()]
    assert {row["code"] for row in issues} == {"not_storable", "duplicate_key"}
    assert {kind for kind, _ in documents(tmp_path / "part").values()} == {"report"}


def test_a_file_that_vanished(tmp_path: Path) -> None:
    files = jobs(tmp_path / "raw", "", "")
    Path(files[0][1]).unlink()
    with Guard(TRIAL, LIMITS) as guard:
        outcome = guard.run(tmp_path / "part", files)
    assert documents(tmp_path / "part")["0.json"] == ("error", "the file cannot be read: no such file or directory")
    assert 0 in outcome.changed


def test_a_parser_that_is_not_there(tmp_path: Path) -> None:
    with Guard("trial_parser:nothing", LIMITS) as guard, pytest.raises(PipelineError, match="cannot start"):
        guard.run(tmp_path / "part", jobs(tmp_path / "raw", ""))


def test_rows_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "part").write_text("in the way")
    with Guard(TRIAL, LIMITS) as guard, pytest.raises(PipelineError, match="cannot be written"):
        guard.run(tmp_path / "part", jobs(tmp_path / "raw", ""))


def test_stop(tmp_path: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(1.0, stop.set)
    timer.start()
    with Guard(TRIAL, Limits(seconds=600), stop) as guard, pytest.raises(StoppedError):
        guard.run(tmp_path / "part", jobs(tmp_path / "raw", "hang"))
    assert guard.process is None
