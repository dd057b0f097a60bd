"""The import contracts of pyproject.toml: kept by a house half built, broken by what they forbid."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = (
    "parsers/__init__.py",
    "parsers/document.py",
    "parsers/facts/__init__.py",
    "parsers/forms/__init__.py",
    "parsers/readers/__init__.py",
    "parsers/readers/html.py",
    "pipeline/__init__.py",
)


def linted(folder: Path, added: dict[str, str]) -> tuple[int, str]:
    """The exit code and the words of the linter on a small house with the files `added`."""
    for name in HOUSE:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    for name, text in added.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, str(program), "--no-cache"], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("parsers/annex.py", "import pipeline\n"),
        ("parsers/annex.py", "import pandas\n"),
        ("parsers/annex.py", "from pathlib import Path\n"),
        ("parsers/readers/html.py", "from parsers.forms import loader\n"),
        ("parsers/forms/loader.py", "from parsers.document import Table\n"),
        ("pipeline/crawl/frontier.py", "import httpx\n"),
        ("pipeline/extract.py", "import pandas\n"),
        ("pipeline/extract.py", "import dask\n"),
    ],
)
def test_what_the_design_forbids_breaks_a_contract(tmp_path: Path, name: str, text: str) -> None:
    code, words = linted(tmp_path, {name: text})
    assert code == 1, words
    assert "BROKEN" in words


def test_what_the_design_allows_keeps_them(tmp_path: Path) -> None:
    code, words = linted(
        tmp_path,
        {
            "parsers/annex.py": "import lxml\nfrom parsers.forms import loader\nfrom parsers.document import Table\n",
            "parsers/readers/html.py": "import parsers.document\n",
            "pipeline/crawl/client.py": "import httpx\n",
            "pipeline/engines.py": "import dask\n",
            "pipeline/frames.py": "import pandas\n",
            "pipeline/link/panel.py": "import pandas\nimport parsers.records\n",
        },
    )
    assert code == 0, words
