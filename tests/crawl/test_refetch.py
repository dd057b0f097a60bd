"""Visiting again: conditional requests, revisit records of the right profile, and what counts as a revision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from crawl import emulator as made
from crawl.emulator import Emulator, Site
from crawl.runs import Runner

from pipeline.archive import warc
from pipeline.archive.reading import records

Make = Callable[..., Runner]
PATH = "/nb/201903/t20190301_2018.html"


def site_with(conditional: str) -> Site:
    site = Site("www.zai.gov.cn", "/nb/index.html", conditional=conditional)
    site.add_report(PATH, "再县", 2018)
    site.add("/nb/index.html", made.page("年报", f'<a href="{PATH}">再县2018年政府信息公开工作年度报告</a>'))
    return site


def revisits(run: Runner) -> list[dict[str, str]]:
    return [
        record.fields
        for path in sorted(Path(run.raw).glob("*.warc.gz"))
        for record in records(path)
        if record.kind == "revisit" and PATH in record.address
    ]


@pytest.mark.parametrize(
    ("conditional", "profile"),
    [("etag", warc.NOT_MODIFIED), ("weak", warc.NOT_MODIFIED), ("nodes", warc.IDENTICAL), ("", warc.IDENTICAL)],
)
def test_equal_content_becomes_a_revisit_of_the_original(
    emulator: Emulator, runner: Make, conditional: str, profile: str
) -> None:
    run = runner(site_with(conditional))
    run.run()
    for _ in range(2):
        run.run(again=True)
    found = revisits(run)
    assert [fields["warc-profile"] for fields in found] == [profile, profile]
    (original,) = [
        record for path in Path(run.raw).glob("*.warc.gz") for record in records(path)
        if record.kind == "response" and PATH in record.address
    ]  # fmt: skip
    for fields in found:
        assert fields["warc-refers-to"] == original.fields["warc-record-id"]
        assert fields["warc-refers-to-date"] == original.fields["warc-date"]
        assert fields["warc-refers-to-target-uri"] == original.address
        assert fields["warc-payload-digest"] == original.fields["warc-payload-digest"]
    (page,) = run.pages(role="report")
    assert page.revision == 1


def test_a_change_outside_of_the_article_is_no_revision_and_one_inside_is(emulator: Emulator, runner: Make) -> None:
    site = site_with("etag")
    run = runner(site)
    run.run()
    site.add(PATH, made.report("再县", 2018, visits=77))
    outside = run.run(again=True)
    assert (outside.counts.outside, outside.counts.changed) == (1, 0)
    site.add(PATH, made.report("再县", 2018, visits=99, number=4711))
    inside = run.run(again=True)
    assert (inside.counts.outside, inside.counts.changed) == (0, 1)
    (page,) = run.pages(role="report")
    assert page.revision == 2
    with run.captures() as captures:
        assert len([one for one in captures.all(like=PATH) if not one.revisit]) == 3


def test_a_page_that_vanishes_is_gone_and_its_bytes_stay(emulator: Emulator, runner: Make) -> None:
    site = site_with("etag")
    run = runner(site)
    run.run()
    del site.pages[PATH]
    run.run(again=True)
    (page,) = run.pages(role="report")
    assert page.state == "gone"
    assert page.digest
    site.add(PATH, made.report("再县", 2018))
    run.run(again=True)
    (page,) = run.pages(role="report")
    assert page.state == "done"


def test_only_what_is_due_is_visited(emulator: Emulator, runner: Make) -> None:
    run = runner(site_with("etag"))
    run.run()
    emulator.clear()
    result = run.run()
    assert emulator.log == []
    assert result.counts.states == {}
