"""The crawl's commands in a process of their own, over the emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crawl.emulator import Emulator, Site

ROOT = Path(__file__).resolve().parents[2]


def written(emulator: Emulator, sites: list[Site], folder: Path) -> Path:
    """A sources file of the emulator's sites."""
    path = folder / "sources.toml"
    entries = [f'[[sites]]\nname = "{site.host}"\nlist = "{emulator.address(site)}"\ndelay = 0\n' for site in sites]
    path.write_text('[crawl]\ncontact = "tests@example.org"\n' + "".join(entries), encoding="utf-8")
    return path


def command(*arguments: str, folder: Path) -> list[str]:
    del folder
    return [sys.executable, "-m", "pipeline.cli", *arguments]


def started(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("GONGKAI_CONTACT", None)
    return subprocess.Popen(
        command(*arguments, folder=folder), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run(*arguments: str, folder: Path) -> tuple[int, str, str]:
    process = started(*arguments, folder=folder)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def crawl_arguments(sources: Path, command: str = "crawl") -> list[str]:
    return [
        command, "--sources", str(sources), "--test-network", "127.0.0.0/8", "--test-address", "127.0.0.1",
        "--archive", "raw", "--work", "crawl", "--quiet", "--test-wait", "0.01",
    ]  # fmt: skip
