"""The lock files: complete, pinned by hash, and free of where packages come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pins(lock: Path) -> dict[str, tuple[Requirement, list[str]]]:
    """Each requirement of a lock file by name, with the hashes that it admits."""
    text = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8"))
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            said, *hashes = line.split("--hash=")
            requirement = Requirement(said)
            found[canonicalize_name(requirement.name)] = (requirement, [value.strip() for value in hashes])
    return found


def test_lock_files_are_there() -> None:
    assert [lock.stem for lock in LOCKS] == ["dev", "explorer", "ocr", "run", "uv"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_one_version_with_hashes(lock: Path) -> None:
    assert pins(lock)
    for requirement, hashes in pins(lock).values():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert requirement.url is None, requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_files_name_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(?:-i|-f|--(?!hash=)\S+)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("level", ["run", "explorer", "ocr"])
def test_tests_run_with_the_versions_that_users_get(level: str) -> None:
    users, dev = (pins(ROOT / "requirements" / f"{name}.txt") for name in (level, "dev"))
    both = users.keys() & dev.keys()
    found = [{name: (str(lock[name][0].specifier), lock[name][1]) for name in both} for lock in (users, dev)]
    assert found[0] == found[1]
    assert level == "ocr" or both == users.keys()


def test_lock_files_answer_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    explorer = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["explorer"]
    wanted = {
        "run": project["project"]["dependencies"],
        "explorer": explorer,
        "dev": explorer + project["dependency-groups"]["dev"],
        "ocr": project["project"]["dependencies"] + project["project"]["optional-dependencies"]["ocr"],
        "uv": project["dependency-groups"]["set-up"],
    }
    for name, requirements in wanted.items():
        locked = pins(ROOT / "requirements" / f"{name}.txt")
        for requirement in map(Requirement, requirements):
            (pinned,) = locked[canonicalize_name(requirement.name)][0].specifier
            assert requirement.specifier.contains(pinned.version), requirement
