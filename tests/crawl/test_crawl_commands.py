"""The commands, in processes of their own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from crawl import commanding
from crawl import emulator as made
from crawl.emulator import Emulator, Reply

from pipeline.crawl.coverage import coverage
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.refresh import drops, refresh
from pipeline.crawl.sites import load


def test_crawl_status_and_raw(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    site.pages[site.reports[0]] = Reply(b"<script>$_ts=1</script>", 412)
    site.pages[site.reports[1]] = Reply(b"no", 404)
    sources = commanding.written(emulator, [site], tmp_path)
    code, out, err = commanding.run(*commanding.crawl_arguments(sources), "--log", "log.jsonl", folder=tmp_path)
    assert code == 1
    assert "blocked" in err
    assert out == ""
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    assert {"begun", "ended", "problem"} <= {event["event"] for event in events}

    code, out, _ = commanding.run("status", "--out", "none", "--crawl", "crawl", "--json", folder=tmp_path)
    (run,) = json.loads(out)
    assert (code, run["state"], run["crawl"]["states"]["blocked"]) == (0, "problems", 1)
    assert run["problems"]
    assert run["seconds"]["crawl"] > 0

    status = ["crawl", "--status", "--sources", str(sources), "--work", "crawl"]
    code, out, err = commanding.run(*status, "--json", folder=tmp_path)
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["sources"][site.host]["report"] == {"blocked": 1, "done": 16, "missing": 1}
    years = said["coverage"][site.host]
    assert (years["2025"], years["2024"], years["2023"]) == ("blocked", "gone", "found_unparsed")
    assert {one["state"] for one in said["failures"]} == {"blocked", "missing"}
    code, out, _ = commanding.run(*status, folder=tmp_path)
    assert "next due 20" in out

    code, out, _ = commanding.run("raw", "list", "/2010-01-10/", "--archive", "raw", folder=tmp_path)
    lines = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert len(lines) == 2
    record = dict(zip(lines[0], lines[1], strict=True))
    assert record["role"] == "report"
    for what in (record["address"], record["record"], record["sha256"]):
        code, out, _ = commanding.run("raw", "show", what, "--archive", "raw", folder=tmp_path)
        assert (code, out.encode()) == (0, site.pages[site.reports[16]].body)
    code, out, _ = commanding.run("raw", "show", record["record"], "--headers", "--archive", "raw", folder=tmp_path)
    assert "WARC-Payload-Digest: sha256:" in out
    code, out, _ = commanding.run("raw", "export", "x.wacz", "--archive", "raw", folder=tmp_path)
    assert code == 0
    code, out, _ = commanding.run("raw", "import", "x.wacz", "--archive", "other", folder=tmp_path)
    assert (code, "records in imported-" in out) == (0, True)

    again = (*commanding.crawl_arguments(sources), "--again", "--log", "json")
    code, out, err = commanding.run(*again, folder=tmp_path)
    lines = [json.loads(line) for line in err.splitlines()]
    assert (code, out) == (1, "")
    assert {"time", "level", "event"} <= set.intersection(*(set(line) for line in lines))
    assert {line["level"] for line in lines if line["event"] == "problem"} == {"error"}
    code, out, _ = commanding.run("status", "--out", "none", "--crawl", "crawl", folder=tmp_path)
    assert out.count("  queued still") == 2


def test_discover_shows_what_would_be_taken(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.jpage())
    arguments = ["--test-network", "127.0.0.0/8", "--test-address", "127.0.0.1", "--contact", "tests@example.org"]
    code, out, _ = commanding.run("discover", emulator.address(site), *arguments, folder=tmp_path)
    assert code == 0
    assert "family  jpage 90" in out
    assert out.count("\nreport ") == 36
    assert "36 of 36" in out
    assert list(tmp_path.iterdir()) == []


def test_without_a_contact_nothing_is_asked(emulator: Emulator, tmp_path: Path) -> None:
    sources = commanding.written(emulator, [emulator.add(made.fujian())], tmp_path)
    sources.write_text(sources.read_text("utf-8").replace("tests@example.org", ""), encoding="utf-8")
    code, _, err = commanding.run(*commanding.crawl_arguments(sources), folder=tmp_path)
    assert code == 2
    assert "contact" in err
    assert emulator.log == []


def test_sources_check_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[[sites]]\nname = "甲"\nlist = "x"\n', encoding="utf-8")
    code, _, err = commanding.run("sources", "check", folder=tmp_path)
    assert code == 2
    assert "sources.toml:3:" in err


def test_when_no_source_answers_that_is_said(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    site.robots = Reply(fault="reset")
    sources = commanding.written(emulator, [site], tmp_path)
    assert commanding.run(*commanding.crawl_arguments(sources), folder=tmp_path)[0] == 3


def test_coverage_tells_missing_from_not_looked_for(emulator: Emulator, tmp_path: Path) -> None:
    seen, unseen = emulator.add(made.ucap()), emulator.add(made.vsb())
    for path in [path for path in seen.pages if "column-index" in path]:
        seen.pages[path] = Reply(
            seen.pages[path].body.replace("2012年政府信息公开工作年度报告".encode(), "2012年财政预算".encode())
        )
    sources = commanding.written(emulator, [seen, unseen], tmp_path)
    commanding.run(*commanding.crawl_arguments(sources), "--only", seen.host, folder=tmp_path)
    sites = load(sources).sites
    with Frontier(tmp_path / "crawl", lock=False) as frontier:
        done = next(page.address for page in frontier.pages(role="report") if "2018年" in page.title)
        rows = {
            (row.source, row.report_year): row
            for row in coverage(frontier, sites, date(2026, 4, 1), {done: ("b1", 2018)})
        }
    assert rows[seen.host, 2018].state == "parsed"
    assert rows[seen.host, 2018].body_id == "b1"
    assert rows[seen.host, 2017].state == "found_unparsed"
    assert rows[seen.host, 2012].state == "not_found"
    assert {rows[unseen.host, year].state for year in range(2008, 2026)} == {"not_looked_for"}
    with Frontier(tmp_path / "crawl", lock=False) as frontier:
        rows = {(row.source, row.report_year) for row in coverage(frontier, sites[1:], date(2026, 3, 1))}
    assert max(year for _, year in rows) == 2024


def test_the_guard_refuses_drops_beyond_the_share() -> None:
    before = {"reports": 100, "bodies": 10, "observations": 20_000}
    assert drops({}, {"reports": 1}) == []
    assert drops(before, before) == []
    assert drops(before, {"reports": 98, "bodies": 10, "observations": 19_600}) == []
    found = drops(before, {"reports": 97, "bodies": 0, "observations": 20_001})
    assert [one.table for one in found] == ["reports", "bodies"]
    assert "97" in str(found[0])


def test_refresh_extracts_unless_the_crawl_could_not_go_on() -> None:
    ran: list[str] = []

    def step(name: str, code: int) -> int:
        ran.append(name)
        return code

    for crawled, extracted, wanted in ((0, 0, 0), (1, 0, 1), (1, 4, 4), (0, 3, 3)):
        assert refresh(lambda c=crawled: step("crawl", c), lambda e=extracted: step("extract", e)) == wanted
    assert refresh(lambda: step("crawl", 6), lambda: step("never", 0)) == 6
    assert "never" not in ran
