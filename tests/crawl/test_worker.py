"""Long crawls read what they fetch in a process of its own: the same comes of it, and nothing hangs on it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from crawl import commanding
from crawl import emulator as made
from crawl.emulator import Emulator, Site
from crawl.runs import Runner

from pipeline.crawl.worker import LONG

Make = Callable[..., Runner]


def long_site() -> Site:
    """More reports than a thread is used for."""
    site = Site("www.chang.gov.cn", "/nb/index.html")
    for number in range(LONG + 60):
        site.add_report(f"/nb/202403/t20240301_{number}.html", f"长县{number}乡", 2023)
    links = "".join(f'<li><a href="{path}">长县2023年政府信息公开工作年度报告</a></li>' for path in site.reports)
    site.add("/nb/index.html", made.page("年报", f"<ul>{links}</ul>"))
    return site


def workers() -> list[multiprocessing.process.BaseProcess]:
    return [one for one in multiprocessing.active_children() if one.name == "gongkai crawl worker"]


def test_a_long_crawl_is_worked_through_by_a_process_and_survives_its_death(emulator: Emulator, runner: Make) -> None:
    site = long_site()
    run = runner(site)
    killed: list[int] = []

    def answers(path: str, *_: object) -> None:
        if path == site.reports[LONG] and not killed:
            for one in workers():
                assert one.pid is not None
                os.kill(one.pid, signal.SIGKILL)
                killed.append(one.pid)

    site.answers = answers
    result = run.run()
    assert len(killed) == 1
    assert (result.left, result.problems) == (0, ())
    assert {page.state for page in run.pages(role="report")} == {"done"}
    assert len(run.pages(role="report")) == len(site.reports)
    assert workers() == []


def test_the_process_ends_with_a_crawl_that_is_killed(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(long_site())
    emulator.pause = 0.02
    sources = commanding.written(emulator, [site], tmp_path)
    process = commanding.started(*commanding.crawl_arguments(sources), folder=tmp_path)
    try:
        children: list[int] = []
        deadline = time.monotonic() + 30
        while not children and time.monotonic() < deadline:
            time.sleep(0.05)
            children = [int(n) for n in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
        assert children
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
