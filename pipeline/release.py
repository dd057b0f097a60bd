"""A release: a folder with the tables and all that is needed to publish, cite and check them.

Made from the same tables, a release of the same version has the same bytes: nothing in it names a time or a machine.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import PublishError, UsageError
from parsers.records import TABLES
from pipeline import audit, layout, manifest, package, stata
from pipeline.diff import diff
from pipeline.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable

CHANGES = "changes.csv"
CHANGELOG = "CHANGELOG.md"
DEPOSIT = ".zenodo.json"
CITATION = "CITATION.cff"
LICENCE = "LICENSE"
UNSURE = ("times", "workers")
"""What run.json says of one run rather than of the data."""


def release(data: str | Path, version: str, out: str | Path, previous: str | Path = "") -> Path:
    """Make the folder `OUT/gongkai-VERSION` from published tables and return it.

    `previous` is the folder of the release before; the changelog says what is new since. UsageError when the version
    is no name, or the folder is there already; PublishError when the tables do not agree with each other.
    """
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}", version):
        raise UsageError(f"{version!r} is no version", remedy="Use digits, letters, dots, plus and minus.")
    tables = Tables(data)
    folder = Path(out) / f"gongkai-{version}"
    if folder.exists():
        raise UsageError(f"{folder} is there already", remedy="A release is made once: name another version or folder.")
    found = audit.audit(tables)
    if not found.holds:
        first = next(fault for faults in found.faults.values() for fault in faults)
        raise PublishError(
            f"the tables do not agree: {first.check}: {first.table} {first.key} {first.message}",
            remedy="See all with `gongkai check-release`.",
        )
    making = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        _fill(making, tables, version, Tables(previous) if previous else None)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return folder


def _fill(folder: Path, tables: Tables, version: str, previous: Tables | None) -> None:
    names = [table for table in TABLES if tables.has(table)]
    for table in names:
        for name in layout.files(tables.folder, table):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tables.folder / name, folder / name)
    for extra in (stata.NAME,):
        if (tables.folder / extra).is_file():
            shutil.copyfile(tables.folder / extra, folder / extra)
    package.describe(folder, names, version)
    said = manifest.load(tables.folder) or {}
    _json(
        folder / manifest.NAME,
        {name: value for name, value in said.items() if name not in UNSURE} | _own(folder, names),
    )
    _changelog(folder, tables, version, previous)
    about = package.about()
    _json(folder / DEPOSIT, deposit(about, version))
    (folder / CITATION).write_text(citation(about, version), encoding="utf-8")
    (folder / LICENCE).write_text(licence(about), encoding="utf-8")
    _sums(folder)


def _own(folder: Path, names: Iterable[str]) -> dict[str, Any]:
    """The digests in run.json, which are those of this folder's files."""
    files = [name for table in names for name in layout.files(folder, table)]
    return {"outputs": manifest.outputs(folder, [*files, *package.FILES])}


def _changelog(folder: Path, tables: Tables, version: str, previous: Tables | None) -> None:
    from pipeline.diff import write

    counts = [f"- {table}: {tables.count(table)} rows" for table in TABLES if tables.has(table)]
    lines = [f"# Data {version}", "", *counts, ""]
    if previous is None:
        lines += ["This is the first release, or the one before was not named."]
    else:
        before = manifest_version(previous.folder)
        found = diff(previous, tables)
        lines += [f"Changes since {before or previous.folder.name}; each of them stands in `{CHANGES}`.", ""]
        lines += [f"- {line}" for line in found.lines()]
        with open(folder / CHANGES, "w", encoding="utf-8", newline="") as file:
            write(found.changes, file)
    (folder / CHANGELOG).write_text("\n".join(lines) + "\n", encoding="utf-8")


def manifest_version(folder: Path) -> str:
    """The version of the data in a folder, as its data package says; "" where there is none."""
    try:
        return str(json.loads((folder / package.NAME).read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return ""


def deposit(about: dict[str, Any], version: str) -> dict[str, Any]:
    """What an archive such as Zenodo asks of a deposit."""
    return {
        "title": about["title"],
        "upload_type": "dataset",
        "version": version,
        "description": f"<p>{about['description'].strip()}</p>",
        "creators": [{"name": one["title"]} for one in about["contributors"]],
        "keywords": about["keywords"],
        "access_right": "open",
        "license": about["licenses"][0]["name"].lower(),
        "language": "zho",
        "notes": "Made by the program gongkai; `run.json` names its version and every input with its digest.",
    }


def citation(about: dict[str, Any], version: str) -> str:
    """CITATION.cff of the data."""
    quoted = json.dumps
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite them as below, with the version.",
        "type: dataset",
        f"title: {quoted(about['title'], ensure_ascii=False)}",
        f"version: {quoted(version)}",
        f"license: {about['licenses'][0]['name']}",
        "authors:",
        *(f"  - name: {quoted(one['title'], ensure_ascii=False)}" for one in about["contributors"]),
        "keywords:",
        *(f"  - {quoted(word, ensure_ascii=False)}" for word in about["keywords"]),
    ]
    return "\n".join(lines) + "\n"


def licence(about: dict[str, Any]) -> str:
    """The licence of the data, in words."""
    return (
        resources.files("pipeline")
        .joinpath("data_licence.txt")
        .read_text("utf-8")
        .format(title=about["title"], name=about["licenses"][0]["title"], path=about["licenses"][0]["path"])
    )


def _sums(folder: Path) -> None:
    """SHA256SUMS of all files, as `sha256sum --check` reads it."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        with open(path, "rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n")
    (folder / audit.SUMS).write_text("".join(lines), encoding="utf-8")


def _json(path: Path, said: dict[str, Any]) -> None:
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
