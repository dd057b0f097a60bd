"""`run.json`: what a run read, with what, and what came of it.

Everything but `times` is the same for two runs over the same raw folder.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

from pipeline.versions import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "run.json"
LIBRARIES = (
    "lxml", "selectolax", "regex", "rapidfuzz", "opencc", "pypdfium2", "pdfplumber", "msdoc2docx", "python-calamine",
    "pandas", "pyarrow",
)  # fmt: skip


def versions(parser: str, parser_digest: str) -> dict[str, Any]:
    """The versions that a result rests on; `engines` are those outside of it: text recognition, LibreOffice."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    engines = getattr(importlib.import_module(parser.partition(":")[0]), "engines", None)
    return {
        "gongkai": VERSION,
        "parser": parser,
        "parser_digest": parser_digest,
        "python": platform.python_version(),
        "libraries": found,
        "engines": engines(parser) if engines is not None else {},
    }


def outputs(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Size and sha256 of files in a folder."""
    found = {}
    for name in sorted(names):
        with open(folder / name, "rb") as file:
            found[name] = {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": file.tell()}
    return found


def write(path: Path, said: dict[str, Any]) -> None:
    """Write a manifest: indented, one input a line."""
    inputs = said["inputs"]
    text = json.dumps({**said, "inputs": []}, ensure_ascii=False, indent=2)
    rows = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in inputs)
    if rows:
        text = text.replace('"inputs": []', f'"inputs": [\n{rows}\n  ]', 1)
    path.write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release, or None where there is none that can be read."""
    try:
        said = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def now() -> str:
    """The time, to the second, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
