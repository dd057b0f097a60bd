from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import UsageError
from pipeline.archive.loose import shown, take_stock


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def sources(*raw: Path, exclude: tuple[Path, ...] = ()) -> list[str]:
    return [file.source for file in take_stock(raw, exclude).files]


def test_any_depth_any_name(tmp_path: Path) -> None:
    make(tmp_path, "年报 2018.html", "a/b/c/d.TXT", "no_ending", "a/空 格/报告，二.htm", "100%;x'y\"z.html")
    assert sources(tmp_path) == sorted(
        ["年报 2018.html", "a/b/c/d.TXT", "no_ending", "a/空 格/报告，二.htm", "100%;x'y\"z.html"]
    )


def test_undecodable_and_awkward_names_stay_apart(tmp_path: Path) -> None:
    for name in (b"\xb1\xa8\xb8\xe6.html", rb"\xb1\xa8\xb8\xe6.html", b"line\nbreak.html"):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(name)
    found = sources(tmp_path)
    assert len(set(found)) == 3
    assert r"\xb1\xa8\xb8\xe6.html" in found
    for source in found:
        source.encode("utf-8")


@given(
    st.lists(
        st.binary(min_size=1, max_size=8).filter(lambda name: b"/" not in name), min_size=2, max_size=6, unique=True
    )
)
def test_different_names_are_shown_differently(names: list[bytes]) -> None:
    texts = [shown(os.fsdecode(name)) for name in names]
    assert len(set(texts)) == len(names)
    for text in texts:
        text.encode("utf-8")


def test_a_file_is_named_by_itself(tmp_path: Path) -> None:
    make(tmp_path, "sub/报告.html")
    assert sources(tmp_path / "sub" / "报告.html") == ["报告.html"]


def test_several_roots_never_collide(tmp_path: Path) -> None:
    make(tmp_path, "one/raw/x.html", "two/raw/x.html", "three/x.html")
    found = sources(tmp_path / "one/raw", tmp_path / "two/raw", tmp_path / "three/x.html")
    assert sorted(found) == ["one/raw/x.html", "three/x.html", "two/raw/x.html"] or sorted(found) == [
        "one/raw/x.html",
        "two/raw/x.html",
        "x.html",
    ]


def test_a_root_within_a_root_is_read_once(tmp_path: Path) -> None:
    make(tmp_path, "raw/a.html", "raw/sub/b.html")
    stock = take_stock([tmp_path / "raw", tmp_path / "raw/sub", tmp_path / "raw/a.html", tmp_path / "raw"])
    assert len(stock.files) == 2
    assert len(stock.ignored) == 2
    assert all("the same" in one.reason for one in stock.ignored)


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    make(
        tmp_path, "a.html", ".git/config", ".DS_Store", "a.expected.csv", "__MACOSX/._a.html", "README.md", "Thumbs.db"
    )
    stock = take_stock([tmp_path])
    assert [file.source for file in stock.files] == ["README.md", "a.html"]
    assert [one.source for one in stock.ignored] == [".DS_Store", ".git/", "Thumbs.db", "__MACOSX/", "a.expected.csv"]
    assert all(one.reason for one in stock.ignored)


def test_the_output_folder_within_the_raw_folder(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "clean/reports.csv")
    stock = take_stock([tmp_path], exclude=[tmp_path / "clean"])
    assert [file.source for file in stock.files] == ["a.html"]
    assert [one.source for one in stock.ignored] == ["clean/"]


def test_links(tmp_path: Path) -> None:
    make(tmp_path, "raw/real/a.html", "elsewhere/b.html")
    raw = tmp_path / "raw"
    (raw / "a_loop").symlink_to(raw, target_is_directory=True)
    (raw / "away").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (raw / "dangling.html").symlink_to(tmp_path / "nothing")
    (raw / "circle.html").symlink_to(raw / "circle.html")
    (raw / "linked.html").symlink_to(tmp_path / "elsewhere/b.html")
    stock = take_stock([raw])
    assert [file.source for file in stock.files] == ["away/b.html", "linked.html", "real/a.html"]
    assert {one.source: one.reason for one in stock.ignored} == {"a_loop/": "the same folder as ./"}
    assert {one.source for one in stock.broken} == {"dangling.html", "circle.html"}


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.html"))
        stock = take_stock([tmp_path])
    assert list(stock.files) == []
    assert [one.source for one in stock.ignored] == ["pipe.html", "s.html"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_permission_denied(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "closed/b.html")
    (tmp_path / "a.html").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        stock = take_stock([tmp_path])
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert [one.source for one in stock.broken] == ["a.html", "closed/"]


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file or folder"):
        take_stock([tmp_path / "nothing"])
    with pytest.raises(UsageError):
        take_stock([])
