"""`datapackage.json`: the tables described for other programs, by the Frictionless Data Package standard.

Schemas, primary keys and foreign keys come from the one schema of the project; licence, sources and
description stand in `package.toml`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from parsers.records import Column, columns
from pipeline import codebook, layout, schema
from pipeline.versions import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "datapackage.json"
FILES = (NAME, codebook.NAME)
"""What `describe` writes."""

KINDS = {
    "text": ("string", "default"),
    "int": ("integer", "default"),
    "number": ("number", "default"),
    "bool": ("boolean", "default"),
    "date": ("date", "default"),
    "timestamp": ("datetime", "any"),
}


def unreleased(digest: str) -> str:
    """The version of data that no release has named: what it was made of, in twelve digits."""
    return f"0.0.0+{digest[:12]}"


def about() -> dict[str, Any]:
    """What `package.toml` says of the data: title, description, licence, sources."""
    return tomllib.loads(resources.files("pipeline").joinpath("package.toml").read_text("utf-8"))


def describe(folder: Path, tables: Sequence[str], version: str) -> list[str]:
    """Write the codebook and the data package into a folder that holds the tables. Returns the names of the files.

    `version` is that of the data.
    """
    (folder / codebook.NAME).write_bytes(codebook.content(tables))
    text = json.dumps(package(folder, tables, version), ensure_ascii=False, indent=2)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")
    return list(FILES)


def package(folder: Path, tables: Sequence[str], version: str) -> dict[str, Any]:
    """The descriptor of the tables in a folder."""
    said = about()
    listed = [
        _resource(folder, table, schema.columns(table), _foreign(table, tables), said["tables"].get(table, ""))
        for table in tables
    ]
    own = _resource(folder, "codebook", columns(codebook.Entry), [], said["tables"]["codebook"])
    own.pop("gongkai:parquet")
    return {
        "profile": "tabular-data-package",
        "name": said["name"],
        "title": said["title"],
        "description": said["description"],
        "version": version,
        "gongkai:code_version": VERSION,
        "licenses": said["licenses"],
        "sources": said["sources"],
        "contributors": said["contributors"],
        "keywords": said["keywords"],
        "resources": [*listed, own],
    }


def _resource(
    folder: Path, table: str, found: Sequence[Column], foreign: list[dict[str, Any]], text: str
) -> dict[str, Any]:
    pieces = [piece.path for piece in layout.pieces(folder, table, "csv")]
    names = [path.relative_to(folder).as_posix() for path in pieces]
    whole: dict[str, Any] = {"path": names}
    if not (folder / layout.name(table, "csv")).is_dir():
        with open(pieces[0], "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        whole = {"path": names[0], "bytes": pieces[0].stat().st_size, "hash": f"sha256:{digest}"}
    described: dict[str, Any] = {"fields": [_field(column) for column in found], "missingValues": [""]}
    if keys := [column.name for column in found if column.key]:
        described["primaryKey"] = keys
    if foreign:
        described["foreignKeys"] = foreign
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "description": text,
        "path": whole["path"],
        "gongkai:parquet": layout.name(table, "parquet"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        **{name: whole[name] for name in ("bytes", "hash") if name in whole},
        "schema": described,
    }


def _field(column: Column) -> dict[str, Any]:
    kind, form = KINDS[column.kind]
    field: dict[str, Any] = {"name": column.name, "type": kind, "title": column.zh, "description": column.en}
    if form != "default":
        field["format"] = form
    if allowed := [value for value in column.values if value]:
        field["constraints"] = {"enum": allowed}
    return field


def _foreign(table: str, tables: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"fields": list(mine), "reference": {"resource": other, "fields": list(theirs)}}
        for own, mine, other, theirs in schema.FOREIGN_KEYS
        if own == table and other in tables
    ]
