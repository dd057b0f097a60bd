"""What a run's results depend on besides its input: versions, and digests of the code that reads.

The digest of a package covers every file of it, data files too, so a changed alias re-reads the
documents as a changed line of code does.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import os
from pathlib import Path

from parsers.errors import UsageError
from parsers.version import VERSION

__all__ = ["PARSER", "VERSION", "digest", "parser_digest"]

PARSER = "parsers:parse"
"""The function that reads a bundle, as `module:function`."""


@functools.cache
def digest(module: str) -> str:
    """A digest of a package's files, or of a single module's file: names and bytes, compiled files aside."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise UsageError(f"there is no module {module}")
    total = hashlib.sha256()
    origin = Path(spec.origin)
    files = _files(origin.parent) if spec.submodule_search_locations else [origin]
    for path in files:
        total.update(str(path.relative_to(origin.parent)).encode("utf-8", "surrogateescape") + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found.extend(Path(top, name) for name in names if not name.endswith((".pyc", "~")))
    return sorted(found)


def parser_digest(parser: str) -> str:
    """A digest of everything that decides what the reading function says.

    A module that rests on more than its code says so by `identity`, a function of the parser's name. UsageError for
    a module that is not there.
    """
    module = parser.partition(":")[0]
    names = dict.fromkeys(["parsers", module.split(".")[0] if module.startswith("parsers.") else module])
    said = "".join(digest(name) for name in names)
    identity = getattr(importlib.import_module(module), "identity", None)
    return hashlib.sha256(f"{said}{identity(parser) if identity is not None else ''}{parser}".encode()).hexdigest()
