"""Every family of sites: all reports found, fetched, archived, and not fetched again when nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from crawl import emulator as made
from crawl.emulator import Emulator, Reply, Site
from crawl.runs import Runner

import parsers
from parsers.readers.charset import decode
from pipeline.archive.bundles import bundle, stored
from pipeline.crawl import discovery
from pipeline.crawl.discovery.base import ListPage

Make = Callable[..., Runner]
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "raw"


def test_all_reports_of_all_families_are_found_and_archived_and_a_second_crawl_moves_no_body(
    emulator: Emulator, runner: Make
) -> None:
    sites = made.families()
    run = runner(*sites)
    first = run.run()
    assert first.problems == ()
    assert first.left == 0
    pages = run.pages(role="report")
    for site in sites:
        wanted = {emulator.address(site, path) for path in site.reports}
        found = {page.address for page in pages if page.source == site.host and page.state == "done"}
        assert found == wanted, site.host
    with run.captures() as captures:
        before = captures.sets()
        documents = list(stored(captures))
        assert {one.source for one in documents} == {page.address for page in pages}
        attached = {one.source: [a.address for a in one.attachments] for one in documents if one.attachments}
        assert {address.rpartition("/")[2] for found in attached.values() for address in found} == {
            "P02024.doc",
            "scan.jpg",
        }
        for host in {site.host for site in sites}:
            read = parsers.parse(bundle(captures, next(one for one in documents if f"{host}:" in one.source)))
            assert (read.documents[0].kind, len(read.observations)) == ("report", 6)
        taken = bundle(captures, next(one for one in documents if one.attachments))
        assert taken.content.startswith(b"<!DOCTYPE html>")
        assert taken.header_charset == "utf-8"
        assert len(taken.attachments) == 1

    emulator.clear()
    second = run.run(again=True)
    assert second.counts.new == second.counts.changed == 0
    assert second.counts.unchanged == first.counts.new
    assert sum(status == 200 for _, _, status in emulator.log) == 0
    with run.captures() as captures:
        assert captures.sets() == before


@pytest.mark.parametrize("site", made.families(), ids=lambda site: f"{site.family}-{site.host.split('.')[1]}")
def test_a_first_list_page_is_recognised(site: Site, emulator: Emulator, runner: Make) -> None:
    run = runner(site)
    run.run(most_pages=2)
    (first,) = [page for page in run.pages(role="list") if not page.step]
    with run.captures() as captures:
        (capture,) = captures.all(address=first.address)
        content = captures.message(capture).content()
    page = ListPage(first.address, content, decode(content).text)
    assert discovery.family_of(page).name == site.family


def test_the_column_page_of_pingtan_is_read() -> None:
    path = CORPUS / "pingtan-list.html"
    if not path.exists():
        pytest.skip("the corpus is not there")
    content = path.read_bytes()
    page = ListPage("https://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/nlist.htm", content, content.decode())
    family, reading = discovery.read(page)
    assert family.name == "trs"
    assert [entry.title for entry in reading.entries] == [
        f"平潭综合实验区{year}年度政府信息公开工作年度报告" for year in range(2025, 2015, -1)
    ]
    assert reading.entries[0].published == "2026-03-10"
    assert reading.expected == 20
    (search,) = [more for more in reading.more if more.provisional]
    assert "chnlid%3D1813" in search.address
    assert "channelid=200210" in search.address


def test_a_provisional_endpoint_that_does_not_answer_is_said_and_plain_links_stand(
    emulator: Emulator, runner: Make
) -> None:
    site = made.pingtan()
    site.answers = None
    run = runner(site)
    result = run.run()
    assert {problem.code for problem in result.problems} == {"provisional", "list_incomplete"}
    assert len(run.pages(role="report", state="done")) == 10


def test_an_endpoint_that_answers_something_else_is_said(emulator: Emulator, runner: Make) -> None:
    site = made.pingtan()
    site.answers = lambda path, *_: Reply(b"<html><body>login</body></html>") if path.startswith("/was5") else None
    run = runner(site)
    (problem,) = [one for one in run.run().problems if one.code == "provisional"]
    assert "JSON" in problem.message
    assert problem.archive


def test_a_list_that_suddenly_names_nothing_is_an_error_with_the_archived_page(
    emulator: Emulator, runner: Make
) -> None:
    site = made.fujian()
    run = runner(site)
    assert run.run().problems == ()
    for path in [path for path in site.pages if "index" in path]:
        site.add(path, made.page("年报", "<p>栏目建设中</p>"))
    result = run.run(again=True)
    problems = [problem for problem in result.problems if problem.code == "list_empty"]
    assert problems
    with run.captures() as captures:
        kept = next(
            one for one in captures.all() if (one.archive, one.offset) == (problems[0].archive, problems[0].offset)
        )
        assert "栏目建设中".encode() in captures.message(kept).content()
    for path in [path for path in site.pages if "index" in path]:
        site.pages[path] = made.fujian().pages[path]
    assert run.run(again=True).problems == ()


def test_a_first_list_without_any_report_is_an_error(emulator: Emulator, runner: Make) -> None:
    site = Site("www.leer.gov.cn", "/nb/")
    site.add("/nb/", made.page("年报", "<p>暂无内容</p>"))
    (problem,) = runner(site).run().problems
    assert problem.code == "list_empty"


def test_a_pager_without_end_is_left_and_said(emulator: Emulator, runner: Make) -> None:
    site = Site("www.wuxian.gov.cn", "/list.php?page=1")

    def answers(path: str, query: dict[str, list[str]], _: dict[str, str]) -> Reply | None:
        if path != "/list.php":
            return Reply(made.report("无县", 2018))
        number = int(query["page"][0])
        entry = f'<a href="/Content-{number}.html">无县{number}街道2018年政府信息公开年度报告</a>'
        return Reply(made.page("年报", f'{entry}<a href="/list.php?page={number + 1}">下一页</a>'))

    site.answers = answers
    run = runner(site)
    result = run.run()
    assert [problem.code for problem in result.problems] == ["list_endless"]
    assert result.left == 0
    assert len(run.pages(role="list")) <= run.patience.lists + 5


def test_entries_outside_of_what_may_be_fetched_are_kept_as_refused(emulator: Emulator, runner: Make) -> None:
    site = made.fujian()
    path = site.start
    body = site.pages[path].body.replace(
        b"<table>", '<table><a href="http://lapsed.example/2020.html">赤乡2007年政府信息公开工作年度报告</a>'.encode()
    )
    site.add(path, body)
    run = runner(site)
    run.run()
    (page,) = run.pages(state="refused")
    assert page.address == "http://lapsed.example/2020.html"
    assert "lapsed.example" in page.reason
