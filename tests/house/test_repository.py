"""What the repository itself promises: where imports come from, what it does not name, what is built from it."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("parsers", "pipeline")
LEFT_OUT = {"__pycache__", "data", "dist", "node_modules"}
TEXT = {"", ".cfg", ".css", ".csv", ".ini", ".js", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def files(folder: Path = ROOT) -> Iterator[Path]:
    """The project's own text files, without what is made or collected."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in {".ci", ".gitignore"}
        if hidden or path.name in LEFT_OUT:
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix in TEXT:
            yield path


def lines_with(pattern: str) -> list[str]:
    """Where a pattern stands in the project's files."""
    found = []
    for path in files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_those_of_this_repository(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).resolve() == ROOT / package / "__init__.py"


def test_no_package_index_is_named() -> None:
    assert lines_with(r"(?i)\bpy(?:pi\.(?:org|io|python)|thon[h]osted)|npm(?:js|mirror)\.|deb\.debia[n]\.") == []
    assert lines_with(r"(?i)\b(?:index|repository)[-_]?url\s*[:=]\s*[\"']?\w+://|--(?:extra-)?index-ur[l][= ]\w") == []


def test_no_place_of_one_machine_is_named() -> None:
    assert lines_with(r"(?<![\w.$}])/(?:home|opt|root|Users|work)/\w") == []


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, check=True)
    listed = set(re.findall(r"^ +make ([a-z-]+)  ", done.stdout.decode("utf-8"), flags=re.MULTILINE))
    assert {"extract", "test", "check", "gate", "bench", "clean", "lock", "help"} <= listed


def test_ci_script_is_executable_bash() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_ci_fails_without_the_corpus(tmp_path: Path) -> None:
    environment = {**os.environ, "GONGKAI_CORPUS": str(tmp_path / "nothing")}
    done = subprocess.run(["bash", str(ROOT / ".ci" / "run")], env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "corpus is missing" in done.stderr.decode("utf-8")


def test_versions_agree() -> None:
    version = PROJECT["project"]["version"]
    said = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.parse(path.read_bytes()).body:
                names = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
                if "__version__" in names and isinstance(node, ast.Assign):
                    said[str(path.relative_to(ROOT))] = ast.literal_eval(node.value)
    assert dict.fromkeys(said, version) == said
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d[^\]]*)\]", changes, flags=re.MULTILINE)
    assert "## [Unreleased]" in changes
    assert released[:1] in ([], [version])


def test_wheel_holds_both_packages_with_their_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("gongkai-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        (entry_points,) = [name for name in inside if name.endswith(".dist-info/entry_points.txt")]
        commands = archive.read(entry_points).decode("utf-8")
    assert f"gongkai-{PROJECT['project']['version']}-py3-none-any.whl" == wheel.name
    assert "gongkai = pipeline.cli:main" in commands
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in inside if ".dist-info/" not in name} == ours
