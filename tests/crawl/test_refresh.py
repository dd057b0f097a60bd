"""From sites to tables: `gongkai refresh` over the emulator."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
from crawl import commanding
from crawl import emulator as made
from crawl.emulator import Emulator, Reply, Site

from pipeline import cli
from pipeline.archive.captures import answer_at

MOMENTS = ("fetched_at", "first_seen", "last_seen", "archive", "archive_offset", "http_status")
"""Columns of `documents` that depend on when and in which order a crawl went."""


def refresh(sources: Path, folder: Path, *more: str) -> tuple[int, str, str]:
    arguments = [*commanding.crawl_arguments(sources, "refresh"), "--out", "clean", "--workers", "1", *more]
    return run(*arguments, folder=folder)


def run(*arguments: str, folder: Path) -> tuple[int, str, str]:
    """A command in this process: its exit code, and what it said on both channels."""
    said, told = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        code = cli.main(arguments)
    return code, said.getvalue(), told.getvalue()


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "clean" / f"{name}.parquet", partitioning=None).to_pylist()
    return rows


def published(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "clean").iterdir() if path.name != "run.json"}


def without(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    kept = [{name: value for name, value in row.items() if name not in names} for row in rows]
    return sorted(kept, key=lambda row: json.dumps(row, default=str))


def test_every_report_of_every_family_stands_in_the_tables(emulator: Emulator, tmp_path: Path) -> None:
    sites = [emulator.add(site) for site in made.families()]
    sources = commanding.written(emulator, sites, tmp_path)
    code, out, err = refresh(sources, tmp_path)
    assert (code, out) == (0, ""), err
    documents = {row["source"]: row for row in table(tmp_path, "documents")}
    wanted = {emulator.address(site, path): body(site, path) for site in sites for path in site.reports}
    assert wanted.keys() <= documents.keys()
    for address, content in wanted.items():
        row = documents[address]
        assert (row["kind"], row["http_status"], row["gone"]) == ("report", 200, False), address
        assert row["document_id"] == hashlib.sha256(content).hexdigest()
        assert row["fetched_at"] == row["first_seen"] <= row["last_seen"]
        assert answer_at(tmp_path / "raw", row["archive"], row["archive_offset"]).content() == content
    attached = next(row for address, row in documents.items() if address.endswith("P02024.doc"))
    assert (attached["http_status"], attached["gone"]) == (200, None)
    assert attached["archive"]
    reports = {row["document_id"]: row for row in table(tmp_path, "reports")}
    assert {documents[address]["document_id"] for address in wanted} == reports.keys()
    assert all(row["observations"] for row in reports.values())
    states = {row["state"] for row in table(tmp_path, "coverage")}
    assert "parsed" in states
    assert "found_unparsed" not in states

    before, asked = published(tmp_path), len(emulator.log)
    assert refresh(sources, tmp_path) == (0, "", "")
    assert published(tmp_path) == before
    assert len(emulator.log) == asked

    emulator.clear()
    kept = {name: table(tmp_path, name) for name in ("documents", "reports", "observations", "coverage")}
    assert refresh(sources, tmp_path, "--again")[0] == 0
    paths = {path for site in sites for path in site.reports}
    answered = {status for _, target, status in emulator.log if target in paths}
    assert answered == {304}
    for name, rows in kept.items():
        assert without(table(tmp_path, name), "last_seen") == without(rows, "last_seen"), name
    later = {row["source"]: row["last_seen"] for row in table(tmp_path, "documents")}
    assert all(later[address] >= documents[address]["last_seen"] for address in wanted)
    manifest = json.loads((tmp_path / "clean" / "run.json").read_text("utf-8"))
    assert manifest["times"]["parts"] == manifest["times"]["parts_reused"]


def test_what_never_came_is_a_row_and_what_vanished_stays(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    blocked, missing, vanishing = site.reports[:3]
    site.pages[blocked] = Reply(b"<script>$_ts=1</script>", 412)
    site.pages[missing] = Reply(b"no", 404)
    sources = commanding.written(emulator, [site], tmp_path)
    assert refresh(sources, tmp_path)[0] == 1
    documents = {row["source"]: row for row in table(tmp_path, "documents")}
    row = documents[emulator.address(site, blocked)]
    assert (row["kind"], row["http_status"], row["document_id"]) == ("blocked", 412, None)
    assert row["archive"]
    assert documents[emulator.address(site, missing)]["kind"] == "error"
    years = {row["report_year"]: row["state"] for row in table(tmp_path, "coverage")}
    assert [years[year] for year in (2025, 2024, 2023)] == ["blocked", "gone", "parsed"]
    assert None not in years

    before = table(tmp_path, "observations")
    del site.pages[vanishing]
    refresh(sources, tmp_path, "--again")
    documents = {row["source"]: row for row in table(tmp_path, "documents")}
    assert documents[emulator.address(site, vanishing)]["gone"] is True
    assert table(tmp_path, "observations") == before


def test_a_changed_report_is_a_revision(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    path = site.reports[5]
    sources = commanding.written(emulator, [site], tmp_path)
    assert refresh(sources, tmp_path)[0] == 0
    site.add(path, made.report("赤乡", 2020, number=4711))
    assert refresh(sources, tmp_path, "--again")[0] == 0
    address = emulator.address(site, path)
    assert len([row for row in table(tmp_path, "documents") if row["source"] == address]) == 2
    found = [row for row in table(tmp_path, "reports") if row["source"] == address]
    assert sorted((row["revision"], row["latest"]) for row in found) == [(1, False), (2, True)]


def test_a_shrunken_harvest_is_not_published(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    sources = commanding.written(emulator, [site], tmp_path)
    assert refresh(sources, tmp_path)[0] == 0
    before = published(tmp_path)
    manifest = (tmp_path / "clean" / "run.json").read_bytes()
    for path in site.reports[4:]:
        del site.pages[path]
    new = ["--archive", "raw2", "--work", "crawl2"]
    code, out, err = refresh(sources, tmp_path, *new)
    assert (code, out) == (7, "")
    assert "reports would drop from 18 to 4" in err
    assert published(tmp_path) == before
    assert (tmp_path / "clean" / "run.json").read_bytes() == manifest
    assert refresh(sources, tmp_path, *new)[0] == 7
    code, _, err = run("extract", "raw2", "--out", "clean", "--quiet", folder=tmp_path)
    assert (code, err) == (0, "")
    assert len(table(tmp_path, "reports")) == 4
    assert refresh(sources, tmp_path, *new)[0] == 0


def test_loose_files_and_archives_are_read_side_by_side(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    sources = commanding.written(emulator, [site], tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "loose.html").write_bytes(made.report("甲县", 2013))
    assert refresh(sources, tmp_path)[0] == 0
    documents = {row["source"]: row for row in table(tmp_path, "documents")}
    assert len(table(tmp_path, "reports")) == 19
    assert documents["loose.html"]["archive"] is None
    first = published(tmp_path)
    code, _, err = run(
        "extract", "raw", "--out", "anew", "--crawl", "crawl", "--workers", "2", "--quiet", folder=tmp_path
    )
    assert (code, err) == (0, "")
    assert {path.name: path.read_bytes() for path in (tmp_path / "anew").iterdir() if path.name != "run.json"} == first


def test_a_torn_archive_is_named_and_the_rest_is_read(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    sources = commanding.written(emulator, [site], tmp_path)
    assert run(*commanding.crawl_arguments(sources), folder=tmp_path)[0] == 0
    archive = tmp_path / "raw" / "gongkai-000001.warc.gz"
    archive.write_bytes(archive.read_bytes()[:-200])
    code, _, err = run("extract", "raw", "--out", "clean", "--quiet", folder=tmp_path)
    assert code == 1
    assert "gongkai-000001.warc.gz" in err
    assert len(table(tmp_path, "reports")) >= 16


def test_a_crawl_that_was_killed_gives_the_tables_of_one_that_was_not(emulator: Emulator, tmp_path: Path) -> None:
    """`GONGKAI_KILLS=50` sets how often it is killed; three times by default."""
    kills = int(os.environ.get("GONGKAI_KILLS", "3"))
    few = [made.trs(), made.fujian(), made.plain()]
    sites = [emulator.add(site) for site in (few if kills <= 10 else made.families())]
    emulator.pause = 0.004
    undisturbed, disturbed = tmp_path / "one", tmp_path / "other"
    for folder in (undisturbed, disturbed):
        folder.mkdir()
    sources = commanding.written(emulator, sites, tmp_path)
    assert refresh(sources, undisturbed)[0] == 0
    emulator.clear()
    chance = random.Random(7)
    for _ in range(kills):
        process = commanding.started(*commanding.crawl_arguments(sources), folder=disturbed)
        try:
            _wait(emulator, len(emulator.log) + chance.randint(1, 25 if kills <= 10 else 12), process)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
    assert refresh(sources, disturbed)[0] == 0
    documents = [without(table(folder, "documents"), *MOMENTS) for folder in (undisturbed, disturbed)]
    assert documents[0] == documents[1]
    assert len(documents[0]) >= sum(len(site.reports) for site in sites)
    for name in ("reports", "observations", "coverage", "panel", "bodies"):
        assert table(undisturbed, name) == table(disturbed, name), name


def body(site: Site, path: str) -> bytes:
    """What a site answers for a report."""
    parts = urlsplit(path)
    answer = site.answers(parts.path, parse_qs(parts.query), {}) if site.answers else None
    return (answer or site.pages[path]).body


def _wait(emulator: Emulator, aim: int, process: Any) -> None:
    deadline = time.monotonic() + 20
    while len(emulator.log) < aim and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
