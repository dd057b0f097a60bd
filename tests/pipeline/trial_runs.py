"""Runs of the whole pipeline on small folders."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import cli

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TRIAL = "trial_parser:parse"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: Path
    said: str

    def table(self, name: str) -> list[dict[str, Any]]:
        return read_table(self.out / f"{name}.parquet").to_pylist()

    def manifest(self) -> dict[str, Any]:
        return json.loads((self.out / "run.json").read_text("utf-8"))


def read_table(path: Path) -> pa.Table:
    return pq.read_table(path, partitioning=None)


def command(*arguments: str | os.PathLike[str]) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "pipeline.cli", *map(os.fspath, arguments)]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)]), **more}


def gongkai(*arguments: str | os.PathLike[str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(**more), timeout=300, check=False
    )


def extract(raw: str | os.PathLike[str], out: Path, *options: str, parser: str = TRIAL, **more: str) -> Ran:
    """Run the command: in this process, or in one of its own when it needs another environment."""
    chosen = ["--parser", parser] if parser else []
    arguments = ["extract", os.fspath(raw), "--out", os.fspath(out), *chosen, *options]
    if more:
        done = gongkai(*arguments, **more)
        return Ran(done.returncode, out, done.stdout + done.stderr)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = cli.main(arguments)
    return Ran(code, out, said.getvalue())


def write_trial(path: Path, **said: Any) -> Path:
    """A document of the trial parser."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    return path


def published(out: Path) -> dict[str, bytes]:
    """The bytes of all tables, and the manifest without its times."""
    manifest = json.loads((out / "run.json").read_text("utf-8"))
    manifest.pop("times")
    return {**tables(out), "run.json": json.dumps(manifest).encode()}


def tables(out: Path) -> dict[str, bytes]:
    """The bytes of all tables."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.suffix in {".csv", ".parquet"}}
