"""robots.txt, delays, one request at a time, and who is told what."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from crawl import emulator as made
from crawl.emulator import Emulator, Reply
from crawl.runs import Runner

from pipeline.crawl import robots

Make = Callable[..., Runner]


@pytest.mark.parametrize(
    ("status", "body", "media", "state"),
    [
        (200, b"User-agent: *\nDisallow: /x", "text/plain", "rules"),
        (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /x", "text/plain", "rules"),
        (404, b"<html>no</html>", "text/html", "allowed"),
        (403, b"no", "text/plain", "allowed"),
        (200, b"<!DOCTYPE html><html><body>404</body></html>", "text/html", "allowed"),
        (500, b"", "text/plain", "closed"),
        (503, b"", "text/plain", "closed"),
        (412, b"<script>", "text/html", "closed"),
        (429, b"", "text/plain", "closed"),
        (202, b"<script>", "text/html", "closed"),
    ],
)
def test_what_an_answer_for_robots_txt_means(status: int, body: bytes, media: str, state: str) -> None:
    found = robots.read(status, body, media)
    assert found.state == state
    rules = robots.Rules(found)
    refused = bool(rules.refusal("https://a.gov.cn/x/1.html"))
    assert refused == (state != "allowed")
    assert found.kept() <= 86_400


def test_a_disallowed_part_is_not_asked_for(emulator: Emulator, runner: Make) -> None:
    site = made.fujian()
    site.robots = Reply(b"\xef\xbb\xbfUser-agent: gongkai\nDisallow: /cms/html/npsypqrmzf/2010\n", media="text/plain")
    run = runner(site)
    run.run()
    states = {page.address.split("/")[6][:4]: page.state for page in run.pages(role="report")}
    assert states.pop("2010") == "disallowed"
    assert set(states.values()) == {"done"}
    assert not [path for path in emulator.requests() if "/2010-" in path]


@pytest.mark.parametrize(
    "reply",
    [Reply(b"", 500), Reply(b"<script>x</script>", 412, "text/html"), Reply(fault="reset")],
    ids=["500", "412", "reset"],
)
def test_a_host_whose_robots_txt_cannot_be_had_is_left_alone_for_now(
    emulator: Emulator, runner: Make, reply: Reply
) -> None:
    site = made.fujian()
    site.robots = reply
    run = runner(site)
    run.run()
    assert set(emulator.requests()) <= {"/robots.txt"}
    (page,) = run.pages()
    assert page.state == "disallowed"
    assert [problem.code for problem in run.problems()] == ["list_failed"]


def test_robots_txt_is_asked_for_once_and_archived(emulator: Emulator, runner: Make) -> None:
    site = made.fujian()
    site.robots = Reply(b"User-agent: *\nDisallow:\n", media="text/plain")
    run = runner(site)
    run.run()
    run.run(again=True)
    assert emulator.requests().count("/robots.txt") == 1
    with run.captures() as captures:
        assert [one.role for one in captures.all(like="robots.txt")] == ["robots"]


def test_one_request_at_a_time_per_host_and_many_hosts_at_once(emulator: Emulator, runner: Make) -> None:
    emulator.pause = 0.01
    run = runner(made.fujian(), made.ucap(), made.vsb(), made.longxun())
    run.run()
    assert set(emulator.most_open.values()) == {1}
    order = [host for host, _ in emulator.at]
    switches = sum(one != other for one, other in pairwise(order))
    assert switches > len(order) / 3


def test_the_delay_of_the_entry_and_of_robots_txt_is_kept(emulator: Emulator, runner: Make) -> None:
    site = made.hanweb_annual()
    site.robots = Reply(b"User-agent: *\nCrawl-delay: 0.3\n", media="text/plain")
    run = runner(site, delay=0.05)
    run.run(most_pages=4)
    times = [at for _, at in emulator.at]
    gaps = [later - earlier for earlier, later in pairwise(times[1:])]
    assert gaps
    assert min(gaps) >= 0.29
    assert times[1] - times[0] >= 0.049


def test_requests_say_who_asks(emulator: Emulator, runner: Make) -> None:
    run = runner(made.fujian())
    run.run(most_pages=1)
    assert {
        "gongkai/" in headers["user-agent"] and "tests@example.org" in headers["user-agent"]
        for headers in emulator.asked
    } == {True}
