"""What a run says of itself afterwards: its manifest, the memory of the last runs, logs for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from trial_runs import extract, gongkai, write_trial

from pipeline import cli, times


def test_quantiles_are_told_to_a_fifth() -> None:
    took: dict[int, int] = {}
    for milliseconds in range(1, 1001):
        bucket = times.bucket(milliseconds / 1000)
        took[bucket] = took.get(bucket, 0) + 1
    found = times.quantiles(took)
    assert found["documents"] == 1000
    for name, exact in (("p50_ms", 500), ("p90_ms", 900), ("p99_ms", 990), ("most_ms", 1000)):
        assert exact <= found[name] <= exact * 1.2
    assert times.quantiles({}) == {}


def test_the_last_runs_are_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    assert cli.main(["status", "--out", str(out)]) == 0
    assert "no run" in capsys.readouterr().out
    for number in range(5):
        write_trial(raw / f"{number}.json", publisher=f"某{number}局")
    ran = extract(raw, out)
    assert ran.manifest()["times"]["reading"]["documents"] == 5
    assert set(ran.manifest()["times"]["seconds"]) == {"stock", "read", "link", "publish"}
    write_trial(raw / "bad.json", do="raise")
    extract(raw, out)
    assert extract(raw, out).manifest()["times"]["reading"] == {}
    assert extract(raw, out, parser="trial_parser:none").code == 5
    capsys.readouterr()
    assert cli.main(["status", "--out", str(out), "--json", "--last", "4"]) == 0
    broken, third, second, first = json.loads(capsys.readouterr().out)
    assert (broken["state"], "cannot start" in broken["reason"]) == ("broken off", True)
    assert (first["state"], second["state"], third["state"]) == ("well", "failed", "failed")
    assert (second["failed"], second["counts"]["documents"], third["written"]) == (1, 6, False)
    assert cli.main(["status", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "documents 6 (error 1, report 5), reports 5" in said
    assert "broken off" in said


def test_logs_for_programs(tmp_path: Path) -> None:
    write_trial(tmp_path / "raw" / "a.json", publisher="某局")
    write_trial(tmp_path / "raw" / "b.json", do="raise")
    arguments = ("extract", tmp_path / "raw", "--out", tmp_path / "out", "--parser", "trial_parser:parse")
    done = gongkai(*arguments, "--log", "json")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"time", "level", "event"} <= set.intersection(*(set(line) for line in lines))
    by_event = {line["event"]: line for line in lines}
    assert by_event["stock"]["documents"] == 2
    assert by_event["failed"]["source"] == "b.json"
    assert by_event["finished"]["counts"]["documents"] == 2
    assert set(by_event["finished"]["seconds"]) == {"stock", "read", "link", "publish"}
    assert gongkai(*arguments, "--log", "json", "--quiet").stderr.count("\n") <= 1
