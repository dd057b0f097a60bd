from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from trial_runs import environment

from parsers.errors import PublishError, UsageError
from pipeline import switch
from pipeline.switch import Target

OURS = ("a.csv", "b.csv", "run.json")


def without_exchange(*folders: Path) -> bool:
    return False


def everything_is_a_mount(path: Path) -> bool:
    return True


def release(target: Target, **files: str) -> None:
    folder = target.prepare()
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def listing(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.fixture(params=["exchange", "two renames", "file by file"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of switching that a file system may ask for."""
    if request.param == "two renames":
        monkeypatch.setattr(switch, "exchange", without_exchange)
    if request.param == "file by file":
        monkeypatch.setattr(os.path, "ismount", everything_is_a_mount)
    return str(request.param)


def test_a_new_folder(tmp_path: Path, way: str) -> None:
    with Target(tmp_path / "deep" / "out", OURS) as target:
        release(target, a_csv="1")
        target.switch()
    assert listing(tmp_path / "deep" / "out") == {"a.csv": "1"}


def test_the_new_release_replaces_the_old_one(tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old")
    (out / "b.csv").write_text("old")
    with Target(out, OURS) as target:
        release(target, a_csv="new")
        assert listing(out) == {"a.csv": "old", "b.csv": "old"}
        target.switch()
    assert listing(out) == {"a.csv": "new"}


def test_the_users_files_stay(tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    (out / "notes").mkdir(parents=True)
    (out / "notes" / "n.txt").write_text("mine")
    (out / "mine.txt").write_text("mine")
    (out / ".gitkeep").write_text("")
    (out / "link").symlink_to("mine.txt")
    (out / "a.csv").write_text("old")
    for text in ("1", "2"):
        with Target(out, OURS) as target:
            release(target, a_csv=text)
            target.switch()
        assert (out / "a.csv").read_text() == text
        assert (out / "mine.txt").read_text() == "mine"
        assert (out / "notes" / "n.txt").read_text() == "mine"
        assert os.readlink(out / "link") == "mine.txt"
        assert (out / ".gitkeep").exists()


def test_an_abandoned_release_leaves_nothing(tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old")
    with Target(out, OURS) as target:
        release(target, a_csv="new")
        target.abandon()
    assert listing(out) == {"a.csv": "old"}
    assert not (target.base / "next").exists()


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    with Target(tmp_path / "out", OURS) as target:
        release(target, a_csv="1")
        target.switch()
    assert (tmp_path / "out").is_symlink()
    assert listing(tmp_path / "real") == {"a.csv": "1"}


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        Target(tmp_path / "out", OURS)


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with (
        Target(tmp_path / "out", OURS),
        pytest.raises(PublishError, match="another run"),
        Target(tmp_path / "out", OURS),
    ):
        pass
    with Target(tmp_path / "out", OURS):
        pass


def test_what_was_left_between_the_switch_and_its_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("new")
    left = tmp_path / ".out.gongkai" / "next"
    (left / "notes").mkdir(parents=True)
    (left / "notes" / "n.txt").write_text("mine")
    (left / "a.csv").write_text("old")
    with Target(out, OURS):
        assert (out / "notes" / "n.txt").read_text() == "mine"
        assert (out / "a.csv").read_text() == "new"
        assert not left.exists()


def test_what_was_left_between_two_renames(tmp_path: Path) -> None:
    left = tmp_path / ".out.gongkai" / "old"
    left.mkdir(parents=True)
    (left / "a.csv").write_text("old")
    with Target(tmp_path / "out", OURS):
        assert listing(tmp_path / "out") == {"a.csv": "old"}


def test_what_was_left_of_a_switch_file_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", everything_is_a_mount)
    left = tmp_path / "out" / ".gongkai" / "next"
    left.mkdir(parents=True)
    (tmp_path / "out" / "a.csv").write_text("new")
    (tmp_path / "out" / "b.csv").write_text("old")
    (left / "b.csv").write_text("new")
    (left / "commit.json").write_text('["a.csv", "b.csv"]')
    with Target(tmp_path / "out", OURS):
        assert listing(tmp_path / "out") == {"a.csv": "new", "b.csv": "new"}


READER = """
import os, sys, time
out = sys.argv[1]
seen = set()
while not os.path.exists(sys.argv[2]):
    folder = os.open(out, os.O_RDONLY)
    texts = []
    for name in ("a.csv", "b.csv"):
        number = os.open(name, os.O_RDONLY, dir_fd=folder)
        texts.append(os.read(number, 100))
        os.close(number)
    os.close(folder)
    assert texts[0] == texts[1], texts
    seen.add(texts[0])
print(len(seen))
"""


def test_a_reader_sees_one_release_or_the_other(tmp_path: Path) -> None:
    out, end = tmp_path / "out", tmp_path / "end"
    with Target(out, OURS) as target:
        release(target, a_csv="0", b_csv="0")
        target.switch()
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, str(out), str(end)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(1, 60):
            release(target, a_csv=str(number), b_csv=str(number))
            target.switch()
            time.sleep(0.01)
        end.touch()
        said, wrong = reader.communicate(timeout=60)
    # An open folder may be emptied under a slow reader; it never holds two releases.
    assert "AssertionError" not in wrong
    assert reader.returncode == 0 or "FileNotFoundError" in wrong, said


KILLED = """
import os, sys
from pipeline.switch import Target
number = 0
print("ready", flush=True)
while True:
    number += 1
    with Target(sys.argv[1], ("a.csv", "b.csv")) as target:
        folder = target.prepare()
        for name in ("a.csv", "b.csv"):
            (folder / name).write_text(f"release {number}")
        target.switch()
"""


def test_killed_at_any_moment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "notes").mkdir(parents=True)
    (out / "notes" / "n.txt").write_text("mine")
    (out / "mine.txt").write_text("mine")
    for attempt in range(12):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(out)], stdout=subprocess.PIPE, env=environment())
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.02 + 0.007 * attempt)
        process.kill()
        process.wait()
        process.stdout.close()
        with Target(out, OURS):
            assert (out / "a.csv").read_text() == (out / "b.csv").read_text()
            assert (out / "mine.txt").read_text() == "mine"
            assert (out / "notes" / "n.txt").read_text() == "mine"


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old")

    def refuse(one: Path, other: Path) -> bool:
        raise OSError(errno.EACCES, "permission denied")

    monkeypatch.setattr(switch, "exchange", refuse)
    with Target(out, OURS) as target:
        release(target, a_csv="new")
        with pytest.raises(PublishError, match="cannot be put in place"):
            target.switch()
        target.abandon()
    assert listing(out) == {"a.csv": "old"}
