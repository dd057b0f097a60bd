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
    from collections.abc import Iterable, Iterator
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


def lines(inputs: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Inputs as they stand in a manifest, one a line."""
    for row in inputs:
        yield json.dumps(row, ensure_ascii=False)


def write(path: Path, said: dict[str, Any], inputs: Iterable[str] | None = None) -> None:
    """Write a manifest: indented, one input a line. `inputs` are the lines of its inputs, if `said` has none."""
    rows = iter(lines(said["inputs"]) if inputs is None else inputs)
    before, after = json.dumps({**said, "inputs": []}, ensure_ascii=False, indent=2).split('"inputs": []', 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(before)
        first = next(rows, None)
        if first is None:
            file.write('"inputs": []')
        else:
            file.write(f"{BEGIN.strip()}\n    {first}")
            file.writelines(f",\n    {row}" for row in rows)
            file.write(f"\n{END}")
        file.write(after + "\n")


BEGIN, END = '  "inputs": [', "  ]"
"""The lines of a manifest that the inputs lie between."""


def load(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release, or None where there is none that can be read."""
    return _parsed(folder, whole=True)


def head(folder: Path) -> dict[str, Any] | None:
    """The same with `inputs` empty: there can be millions."""
    return _parsed(folder, whole=False)


def inputs(folder: Path) -> Iterator[str]:
    """The lines of the inputs of a manifest that `write` wrote."""
    with open(folder / NAME, encoding="utf-8") as file:
        within = False
        for line in file:
            if within and line.startswith(END):
                return
            if within:
                yield line.strip().removesuffix(",")
            within = within or line.rstrip("\n") == BEGIN


def _parsed(folder: Path, *, whole: bool) -> dict[str, Any] | None:
    try:
        with open(folder / NAME, encoding="utf-8") as file:
            said = json.loads("".join(file if whole else _without_inputs(file)))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def _without_inputs(text: Iterable[str]) -> Iterator[str]:
    within = False
    for line in text:
        if within and line.startswith(END):
            within = False
        if not within:
            yield line
        within = within or line.rstrip("\n") == BEGIN


def now() -> str:
    """The time, to the second, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
