"""The index of a release: what is found is what the texts hold, and it is made anew when the tables are others."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI

from pipeline import schema
from pipeline.explorer import index, store
from pipeline.explorer.app import application
from pipeline.explorer.search import folded
from pipeline.explorer.selections import Selection, page

TEXTS = {
    "r1": [("一、概 述", "政府信息公开，政府信息不公开。"), ("二、主动公开", "微信公众号ＷｅＣｈａｔ发布２０１９条")],
    "r2": [("", "政 府 信\n息公\u3000开"), ("", "末尾")],
    "r3": [("", "开头"), ("府信", "C++ (a|b) [x] 100% \\d+ 𠮷野家")],
    "r4": [("", "长" * 300 + "城" + "甲乙丙丁" * 275_000 + "尽头")],
}
"""Texts with what a search can trip over: blanks in words, full width, signs of patterns, characters beyond 16 bits,
words at edges, great length."""
WORDS = """
政府信息公开 信息公开 政府 府 开 不公开 信息不 概述 wechat WeChat ＷＥＣＨＡＴ 2019 ２０１９条 末尾 尾开 开府
府信c c++ (a|b) [x] 100% \\d+ +
( . \\ 𠮷 𠮷野 野家 长城 城甲乙 丁尽头 甲乙丙丁甲乙丙丁甲 乙甲 无此词 一号 报告
""".split()


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema.arrow_schema(name))


def write(folder: Path) -> Path:
    """A small release with TEXTS, written as tables are published."""
    folder.mkdir()
    reports: list[dict[str, Any]] = [
        {"report_id": name, "body_id": f"b{name}", "title": f"第{name}号 报告", "publisher": "一号 局", "latest": True}
        for name in TEXTS
    ]
    sections = [
        {"report_id": name, "section": str(number), "title": title, "text": text, "level": 1}
        for name, parts in TEXTS.items()
        for number, (title, text) in enumerate(parts)
    ]
    pq.write_table(table("reports", reports), folder / "reports.parquet")
    pq.write_table(table("sections", sections), folder / "sections.parquet")
    pq.write_table(table("bodies", []), folder / "bodies.parquet")
    pq.write_table(table("documents", []), folder / "documents.parquet")
    return folder


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write(tmp_path / "clean")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> store.Store:
    return store.Store(write(tmp_path_factory.mktemp("texts") / "clean"))


def ask(app: FastAPI, path: str) -> httpx.Response:
    """What the application answers."""

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get(path)

    # In a thread of its own: a browser's test may have left this one with a loop that runs.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(asked())).result()


@pytest.mark.parametrize("word", WORDS)
def test_a_search_finds_what_texts_and_titles_hold_and_nothing_else(opened: store.Store, word: str) -> None:
    heads = {name: [f"第{name}号 报告", "一号 局"] for name in TEXTS}
    texts = {name: [part for pair in parts for part in pair] for name, parts in TEXTS.items()}
    for within, sought in (("", heads), ("text", {name: heads[name] + texts[name] for name in TEXTS})):
        wanted = {name for name, parts in sought.items() if any(folded(word) in folded(part) for part in parts)}
        found = page(opened, Selection.of({"q": word, "within": within}))
        assert {row["report_id"] for row in found.rows} == wanted
        assert found.total == len(wanted)
        for row in found.rows:
            if within and not any(folded(word) in folded(part) for part in heads[row["report_id"]]):
                assert folded(word) in folded(row["snippet"])


def test_all_words_must_stand_in_a_report(opened: store.Store) -> None:
    found = page(opened, Selection.of({"q": "公众号 r1 2019", "within": "text"}))
    assert [row["report_id"] for row in found.rows] == ["r1"]
    assert page(opened, Selection.of({"q": "公众号 末尾", "within": "text"})).total == 0


def test_an_index_is_used_again_and_made_anew_for_other_tables(release: Path) -> None:
    first = index.make(release, lambda _: None)
    stamp = (first.folder / index.MARK).stat().st_mtime_ns
    assert index.make(release, lambda _: None) == first
    assert (first.folder / index.MARK).stat().st_mtime_ns == stamp
    rows = pq.read_table(release / "reports.parquet").to_pylist()[:2]
    pq.write_table(table("reports", rows), release / "reports.parquet")
    second = index.make(release, lambda _: None)
    assert second != first
    # What nobody asks for any more takes no room.
    assert [path.name for path in index.home(release).iterdir()] == [second.folder.name]


def test_what_a_killed_process_left_is_cleared_away(release: Path) -> None:
    left = index.home(release) / "making-999999999-x"
    left.mkdir(parents=True)
    index.make(release, lambda _: None)
    assert not left.exists()


def test_tables_that_are_published_anew_are_shown_anew(release: Path) -> None:
    app = application(str(release), [])
    assert ask(app, "/api/v1/reports?q=报告").json()["total"] == 4
    fresh = release.parent / "fresh"
    shutil.copytree(release, fresh)
    rows = pq.read_table(release / "reports.parquet").to_pylist()[:1]
    pq.write_table(table("reports", [{**rows[0], "title": "新题"}]), fresh / "reports.parquet")
    release.rename(release.parent / "old")
    fresh.rename(release)
    assert ask(app, "/api/v1/reports?q=新题").json()["total"] == 1
    assert ask(app, "/api/v1/reports?q=报告").json()["total"] == 0


def test_pages_say_so_while_a_great_release_is_indexed(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SMALL", 0)
    monkeypatch.setattr(store, "WAIT", 0.0)
    app = application(str(release), [])
    first = ask(app, "/en/reports")
    assert first.status_code == 503
    assert first.headers["refresh"] == "3"
    assert "are being indexed" in first.text
    assert ask(app, "/api/v1/reports").json()["error"] == "preparing"
    monkeypatch.setattr(store, "WAIT", 120.0)
    assert ask(app, "/en/reports?q=报告").status_code == 200


def test_without_room_beside_the_tables_the_index_goes_to_the_cache(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(index, "_writable", lambda _: False)
    made = index.make(release, lambda _: None)
    assert made.folder.is_relative_to(tmp_path / "cache")
    assert index.find(release) == made
