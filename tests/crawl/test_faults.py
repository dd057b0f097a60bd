"""Faults of hosts: each ends in the right state, none stops the crawl, and what came is archived."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from crawl import emulator as made
from crawl.emulator import Emulator, Reply, Site
from crawl.runs import Runner

from pipeline.archive.reading import records

Make = Callable[..., Runner]
PATH = "/nb/201903/t20190301_2018.html"


def one_report(reply: Reply, host: str = "www.gu.gov.cn") -> Site:
    """A site with two reports: a sound one, and one that is answered with a fault."""
    site = Site(host, "/nb/index.html")
    site.add_report("/nb/202003/t20200301_2019.html", "谷县", 2019)
    site.pages[PATH] = reply
    items = "".join(
        f'<li><a href="{path}">谷县{year}年政府信息公开工作年度报告</a></li>'
        for path, year in ((PATH, 2018), ("/nb/202003/t20200301_2019.html", 2019))
    )
    site.add("/nb/index.html", made.page("年报", f"<ul>{items}</ul>"))
    return site


CHALLENGE = (
    b"<html><head><script>$_ts=window['$_ts'];var a='x';document.cookie='a=1';</script></head><body></body></html>"
)
CAPTCHA = "<html><title>安全验证</title><body>请输入验证码<input><img src=/c.jpg></body></html>".encode()
SOFT = "<html><head><title>404 页面不存在</title></head><body>您访问的页面不存在</body></html>".encode()


@pytest.mark.parametrize(
    ("reply", "state", "reason"),
    [
        (Reply(b"oops", 500), "failed", "HTTP 500"),
        (Reply(b"oops", 503), "failed", "HTTP 503"),
        (Reply(fault="reset"), "failed", "torn"),
        (Reply(b"x" * 500, fault="short"), "failed", "torn"),
        (Reply(b"x" * 4000, fault="slow"), "failed", "slow"),
        (Reply(fault="silent"), "failed", "silent"),
        (Reply(fault="endless"), "failed", "large"),
        (Reply(fault="malformed"), "failed", "malformed"),
        (Reply(b"", 200), "failed", "empty"),
        (Reply(b"", 403), "failed", "HTTP 403"),
        (Reply(b"gone", 410), "missing", "HTTP 410"),
        (Reply(SOFT), "missing", "soft_404"),
        (Reply(CHALLENGE, 412), "blocked", "challenge_412"),
        (Reply(CHALLENGE, 202), "blocked", "challenge_script"),
        (Reply(CHALLENGE, 200), "blocked", "challenge_page"),
        (Reply(CAPTCHA, 200), "blocked", "captcha"),
        (Reply(b"", 302, headers={"Location": PATH}), "failed", "circle"),
        (Reply(b"", 302, headers={}), "failed", "leads nowhere"),
        (Reply(b"", 302, headers={"Location": "http://lapsed.example/x"}), "refused", "lapsed.example"),
        (Reply(b"<meta http-equiv=refresh content='0;url=http://lapsed.example/x'>"), "refused", "lapsed.example"),
        (Reply(b"not gzip at all" * 9, headers={"Content-Encoding": "br"}), "done", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_ends_in_its_state(emulator: Emulator, runner: Make, reply: Reply, state: str, reason: str) -> None:
    run = runner(one_report(reply))
    run.limits = type(run.limits)(connect=1.0, read=0.5, whole=1.0, size=300_000)
    run.run()
    states = {page.address.rpartition("_")[2]: page for page in run.pages(role="report")}
    assert states["2019.html"].state == "done"
    assert states["2018.html"].state == state
    assert reason in states["2018.html"].reason
    assert states["2018.html"].due > time.time()
    if state == "blocked":
        assert [problem.code for problem in run.problems()] == ["blocked"]
        assert run.problems()[0].archive


def test_a_malformed_head_that_is_tolerated_is_archived_with_what_was_tolerated(
    emulator: Emulator, runner: Make
) -> None:
    run = runner(one_report(Reply(fault="malformed")), tolerate=("malformed_headers",))
    run.run()
    assert {page.state for page in run.pages(role="report")} == {"done"}
    with run.captures() as captures:
        (capture,) = captures.all(like=PATH)
        answer = captures.message(capture)
        assert answer.payload == b"body"
        assert answer.header("x-archive-malformed") == "this is no header"
    (record,) = [
        record for path in Path(run.raw).glob("*.warc.gz") for record in records(path)
        if record.kind == "response" and PATH in record.address
    ]  # fmt: skip
    assert record.fields["gongkai-tolerated"] == "malformed_headers"


def test_a_fault_that_passes_is_tried_again_within_the_run(emulator: Emulator, runner: Make) -> None:
    site = one_report(Reply())
    left = [Reply(b"", 502), Reply(fault="reset"), Reply(made.report("谷县", 2018))]
    site.answers = lambda path, *_: left.pop(0) if path == PATH and left else None
    run = runner(site)
    run.run()
    assert {page.state for page in run.pages(role="report")} == {"done"}


def test_what_cannot_get_better_is_not_tried_again(emulator: Emulator, runner: Make) -> None:
    run = runner(one_report(Reply(b"", 404)))
    run.run()
    assert emulator.requests().count(PATH) == 1


def test_retry_after_is_obeyed_and_holds_for_the_whole_host(emulator: Emulator, runner: Make) -> None:
    site = one_report(Reply())
    left = [Reply(b"slow down", 429, headers={"Retry-After": "1"}), Reply(made.report("谷县", 2018))]
    site.answers = lambda path, *_: left.pop(0) if path == PATH and left else None
    run = runner(site)
    run.run()
    assert {page.state for page in run.pages(role="report")} == {"done"}
    asked = [at for _, at in emulator.at]
    first = emulator.requests().index(PATH)
    assert asked[first + 1] - asked[first] >= 0.95


def test_a_long_retry_after_puts_the_host_off_to_a_later_run(emulator: Emulator, runner: Make) -> None:
    site = one_report(Reply(b"later", 503, headers={"Retry-After": "7200"}))
    run = runner(site)
    result = run.run()
    (page,) = [page for page in run.pages(role="report") if page.state == "failed"]
    assert page.due >= time.time() + 7000
    before = len(emulator.log)
    run.run(again=True)
    assert len(emulator.log) == before
    assert result.counts.fetched >= 1


def test_redirects_within_bounds_are_followed_and_each_hop_is_archived(emulator: Emulator, runner: Make) -> None:
    site = one_report(Reply(b"moved", 301, headers={"Location": "/nb/b.html"}))
    site.add("/nb/b.html", b"<html><head><meta http-equiv='refresh' content='0; url=/nb/c.html'></head></html>")
    site.add("/nb/c.html", made.report("谷县", 2018))
    run = runner(site)
    run.run()
    page = next(page for page in run.pages(role="report") if "2018" in page.address)
    assert page.state == "done"
    assert page.record_address.endswith("/nb/c.html")
    with run.captures() as captures:
        assert [one.status for one in captures.all(like=PATH)] == [301]
        (last,) = captures.all(like="/nb/c.html")
        assert captures.nearest(f"http://www.gu.gov.cn:{emulator.port}/nb/c.html", last.fetched_at) == last


def test_a_redirect_to_a_private_address_is_refused_before_anything_is_sent(emulator: Emulator, runner: Make) -> None:
    site = one_report(Reply(b"", 302, headers={"Location": f"http://127.0.0.2:{emulator.port}/"}))
    run = runner(site, hosts=("127.0.0.2",))
    run.run(exempt=("127.0.0.1/32",))
    page = next(page for page in run.pages(role="report") if "2018" in page.address)
    assert page.state == "refused"
    assert "127.0.0.2" in page.reason
    assert not [host for host, _, _ in emulator.log if host == "127.0.0.2"]


def test_without_the_flag_for_tests_nothing_on_loopback_is_asked(emulator: Emulator, runner: Make) -> None:
    run = runner(one_report(Reply(b"x")))
    run.run(exempt=())
    assert emulator.log == []
    assert {page.state for page in run.pages()} == {"refused"}


def test_a_host_that_does_not_answer_is_left_alone_after_a_few_pages(emulator: Emulator, runner: Make) -> None:
    site = Site("www.tot.gov.cn", "/nb/index.html")
    links = "".join(
        f'<a href="/nb/202003/t20200301_{n}.html">谷县2019年政府信息公开工作年度报告{n}</a>' for n in range(12)
    )
    site.add("/nb/index.html", made.page("年报", links))
    for n in range(12):
        site.pages[f"/nb/202003/t20200301_{n}.html"] = Reply(fault="silent")
    run = runner(site)
    run.limits = type(run.limits)(connect=0.3, read=0.1, whole=0.5, size=300_000)
    result = run.run()
    assert len([page for page in run.pages(role="report") if page.state == "failed"]) == run.patience.host_failures
    assert result.left == 12 - run.patience.host_failures


def test_wrong_charset_and_chunked_gzip_are_stored_as_what_the_headers_then_say(
    emulator: Emulator, runner: Make
) -> None:
    text = made.report("谷县", 2018).decode().replace('charset="utf-8"', 'charset="gb2312"')
    site = one_report(
        Reply(
            text.encode("gb18030"),
            media="text/html; charset=iso-8859-1",
            headers={"Content-Encoding": "gzip"},
            chunked=True,
        )
    )
    run = runner(site)
    run.run()
    with run.captures() as captures:
        (capture,) = captures.all(like=PATH)
        answer = captures.message(capture)
        assert answer.payload == text.encode("gb18030")
        assert answer.header("content-encoding") == answer.header("transfer-encoding") == ""
        assert answer.header("content-length") == str(len(answer.payload))
        assert answer.header("x-archive-orig-content-encoding") == "gzip"
