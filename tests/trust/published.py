"""Tables published from the samples and the corpus, made once for all tests of this folder, and ways to change them."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import comma, schema
from pipeline.cli import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "raw"
CORPUS = Path(os.environ.get("GONGKAI_CORPUS") or ROOT.parent / "shared" / "corpus")


@functools.cache
def _home() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@functools.cache
def published(raw: Path) -> Path:
    """The tables of a raw folder. They are shared: copy before changing."""
    out = Path(_home().name) / str(len(list(Path(_home().name).iterdir()))) / "out"
    out.parent.mkdir()
    assert main(["extract", str(raw), "--out", str(out), "--quiet", "--workers", "2"]) == 0
    return out


@functools.cache
def few() -> Path:
    """A raw folder with a few of the samples, for tests that publish or look through the tables many times."""
    folder = Path(_home().name) / "few"
    folder.mkdir()
    for name in ("national/jinchuan-zrzy-2022.html", "national/nanhuan-2019.html", "fujian/yunya-2014-lossy.txt"):
        shutil.copyfile(SAMPLES / name, folder / Path(name).name)
    return folder


def copied(folder: Path, aim: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(folder, aim))


def rewritten(folder: Path, table: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the rows of a published table, in both files; nothing else follows the change."""
    rows = pq.read_table(folder / f"{table}.parquet").to_pylist()
    change(rows)
    wanted = schema.arrow_schema(table)
    made = pa.Table.from_pylist(rows, schema=wanted)
    pq.write_table(made, folder / f"{table}.parquet")
    with open(folder / f"{table}.csv", "wb") as file:
        file.write(comma.header(wanted.names))
        for line in comma.lines(made):
            file.write(line)
