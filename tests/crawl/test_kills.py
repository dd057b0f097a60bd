"""Killed at any moment, started again: nothing lost, nothing fetched twice that was archived, no torn record.

`GONGKAI_KILLS=50` sets how often; five times by default.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from pathlib import Path

from crawl import commanding
from crawl import emulator as made
from crawl.emulator import Emulator

from pipeline.archive.bundles import stored
from pipeline.archive.captures import Captures
from pipeline.archive.files import archives


def sets(folder: Path) -> tuple[set[tuple[str, str]], list[tuple[str, str]]]:
    with Captures(folder) as captures:
        captures.update()
        assert captures.broken() == []
        return captures.sets(), [inputs for one in stored(captures) for inputs in one.inputs]


def test_a_crawl_that_is_killed_ends_with_the_archive_of_one_that_is_not(emulator: Emulator, tmp_path: Path) -> None:
    kills = int(os.environ.get("GONGKAI_KILLS", "5"))
    few = [made.trs(), made.vsb(), made.hanweb_annual(), made.plain(), made.jpage()]
    many = [made.gkmlpt(), made.gkmlpt(zero_based=True), made.jpaas(), made.ucap(), made.fujian(), made.longxun()]
    sites = [emulator.add(site) for site in (few if kills <= 10 else few + many)]
    emulator.pause = 0.004
    undisturbed, disturbed = tmp_path / "one", tmp_path / "other"
    for folder in (undisturbed, disturbed):
        folder.mkdir()
    sources = commanding.written(emulator, sites, tmp_path)
    arguments = [*commanding.crawl_arguments(sources), "--file-size", "40000"]
    code, _, err = commanding.run(*arguments, folder=undisturbed)
    assert (code, err) == (0, "")
    chance = random.Random(20260101)
    emulator.clear()
    survived: list[int] = []
    for _ in range(kills):
        process = commanding.started(*arguments, folder=disturbed)
        try:
            aim = len(emulator.log) + chance.randint(0, 40 if kills <= 10 else 28)
            deadline = time.monotonic() + 20
            while len(emulator.log) < aim and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(chance.uniform(0.0, 0.03))
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
        survived.append(_committed(disturbed))
    assert survived == sorted(survived)
    assert survived[-1] > 0
    code, _, err = commanding.run(*arguments, folder=disturbed)
    assert (code, err) == (0, "")
    got, wanted = sets(disturbed / "raw"), sets(undisturbed / "raw")
    assert got[0] - wanted[0] == set()
    assert wanted[0] - got[0] == set()
    assert got[1] == wanted[1]
    assert len(archives(disturbed / "raw")) > 1
    with Captures(disturbed / "raw") as captures:
        captures.update()
        addresses = [one.address for one in captures.all() if one.role in ("report", "attachment")]
    assert len(addresses) == len(set(addresses))
    commanding.run(*arguments, folder=disturbed)
    assert sets(disturbed / "raw") == sets(undisturbed / "raw")


def _committed(folder: Path) -> int:
    path = folder / "crawl" / "frontier.sqlite"
    if not path.exists():
        return 0
    base = sqlite3.connect(path)
    try:
        return int(base.execute("select count(*) from pages where state = 'done'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        base.close()


def test_two_crawls_do_not_overlap(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.add(made.fujian())
    emulator.pause = 0.2
    sources = commanding.written(emulator, [site], tmp_path)
    first = commanding.started(*commanding.crawl_arguments(sources), folder=tmp_path)
    try:
        deadline = time.monotonic() + 20
        while not emulator.log and time.monotonic() < deadline:
            time.sleep(0.05)
        code, _, err = commanding.run(*commanding.crawl_arguments(sources), folder=tmp_path)
        assert code == 6
        assert "another crawl" in err
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)
    assert first.returncode == 143
    emulator.pause = 0.0
    assert commanding.run(*commanding.crawl_arguments(sources), folder=tmp_path)[0] == 0
