"""Two real Dask workers, and a file system over sockets that holds raw documents, parts and tables."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from trial_runs import TRIAL, environment, extract, tables, write_trial

from pipeline import storage

DOCUMENTS = 500


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def program(held: ExitStack, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
    file = held.enter_context(log.open("wb"))
    process = subprocess.Popen([sys.executable, *arguments], env=environment(), stdout=file, stderr=file)

    def stop() -> None:
        process.kill()
        process.wait()

    held.callback(stop)
    return process


def waited(what: Path, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not (what.exists() and what.stat().st_size):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def server(held: ExitStack, tmp_path: Path) -> str:
    """The address of a server that holds `tmp_path/store`."""
    (tmp_path / "store").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ("-m", "pyftpdlib", "-i", "127.0.0.1", "-p", str(port), "-w", "-d", str(tmp_path / "store"))
    program(held, *arguments, log=tmp_path / "server.log")
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return f"ftp://127.0.0.1:{port}"


def documents(raw: Path, count: int = DOCUMENTS, **more: object) -> None:
    for number in range(count):
        cells = [["requests_new", "value", str(number)]]
        write_trial(raw / f"{number % 7}" / f"{number}.json", publisher=f"某{number}局", cells=cells, **more)


def test_a_run_on_a_cluster_that_loses_a_worker(held: ExitStack, server: str, tmp_path: Path) -> None:
    documents(tmp_path / "store" / "raw")
    write_trial(tmp_path / "store" / "raw" / "hang.json", do="hang")
    write_trial(tmp_path / "store" / "raw" / "memory.json", do="memory")
    limits = ("--time-limit", "3", "--memory-limit", "256M")
    expected = extract(tmp_path / "store" / "raw", tmp_path / "expected", *limits)
    scheduler = tmp_path / "scheduler.json"
    program(
        held, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(scheduler), log=tmp_path / "scheduler.log",
    )  # fmt: skip
    waited(scheduler)
    address = json.loads(scheduler.read_text())["address"]
    workers = [
        program(
            held, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(tmp_path), log=tmp_path / f"worker{number}.log",
        )
        for number in range(2)
    ]  # fmt: skip
    arguments = (
        "-m", "pipeline.cli", "extract", f"{server}/raw", "--out", f"{server}/tables", "--work", str(tmp_path / "work"),
        "--parts", f"{server}/parts", "--engine", "dask", "--scheduler", address, "--parser", TRIAL, *limits,
    )  # fmt: skip
    run = program(held, *arguments, log=tmp_path / "run.log")
    waited_for = tmp_path / "store" / "parts"
    deadline = time.monotonic() + 120
    while not list(waited_for.glob("*/receipt.json")):
        assert time.monotonic() < deadline, (tmp_path / "run.log").read_text()
        assert run.poll() is None, (tmp_path / "run.log").read_text()
        time.sleep(0.01)
    workers[0].send_signal(signal.SIGKILL)
    assert run.wait(timeout=240) == 1, (tmp_path / "run.log").read_text()
    release = json.loads((tmp_path / "store" / "tables" / "latest.json").read_text())["release"]
    assert tables(tmp_path / "store" / "tables" / release) == tables(expected.out)
    assert {os.path.basename(row["source"]) for row in expected.table("documents") if row["kind"] == "error"} == {
        "hang.json",
        "memory.json",
    }


def test_raw_documents_of_another_file_system(server: str, tmp_path: Path) -> None:
    documents(tmp_path / "store" / "raw", 40)
    (tmp_path / "store" / "raw" / ".hidden").write_text("x")
    (tmp_path / "store" / "raw" / "a.warc.gz").write_text("x")
    ran = extract(f"{server}/raw", tmp_path / "out")
    assert ran.code == 0, ran.said
    assert len(ran.table("reports")) == 40
    assert sorted(one["source"] for one in ran.manifest()["ignored"]) == [".hidden", "a.warc.gz"]
    times = ran.manifest()["times"]
    assert extract(f"{server}/raw", tmp_path / "out").manifest()["times"]["parts_reused"] == times["parts"]
    for one in (tmp_path / "store" / "raw").rglob("7.json"):
        one.unlink()
    assert len(extract(f"{server}/raw", tmp_path / "out").table("reports")) == 39
    assert extract(f"{server}/nowhere", tmp_path / "none").code == 2


def test_what_is_an_address() -> None:
    assert [storage.is_remote(place) for place in ("s3://a/b", "data/raw", "/a://b", "C:\\x", "a:b", "gs://x")] == [
        True, False, False, False, False, True,
    ]  # fmt: skip
