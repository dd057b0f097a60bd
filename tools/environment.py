"""Make the environment in `.venv` that the Makefile's targets run in.

`environment.py run` makes what `gongkai` needs, `explorer` what its web view needs as well, `dev` what its tests and
checks need as well; `lock` writes the lock files. A second word `ocr` adds what text recognition needs, and an
environment that has that keeps it. Environments come from the lock files in `requirements/`, by hash,
through the package index that pip or uv is configured with here. A stamp in the environment says what it was made
from, so a second call does nothing; an environment that was left half made, moved, or made by another Python is made
again. Needs only Python's standard library. Exit codes: 0 all well, 1 with a message that says what to do.

The work is done by uv, which `installer.py` fetches. Where uv cannot be had or cannot install, pip
installs the same lock files.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / "made-from.txt"
LOCKS = ROOT / "requirements"
LEVELS = ("run", "explorer", "dev")
EXTRAS = ("ocr",)
PYTHONS = ((3, 11), (3, 12), (3, 13))


def main(arguments: Sequence[str]) -> int:
    """Make the environment that the arguments name, or the lock files. Returns the exit code."""
    names = tuple(arguments)
    if names[:1] not in (("lock",), *((level,) for level in LEVELS)) or names[1:] not in ((), EXTRAS):
        print("usage: environment.py run|explorer|dev [ocr], or lock", file=sys.stderr)
        return 1
    if names[0] in LEVELS and ready(*names):
        return 0
    use_supported_python()
    from installer import SetupError

    try:
        if names[0] == "lock":
            lock()
        else:
            make(*names)
    except (SetupError, OSError) as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


def use_supported_python() -> None:
    """Go on in a Python that the project supports: this one, or the newest such on the path."""
    if sys.version_info[:2] in PYTHONS:
        return
    import shutil
    import subprocess

    for major, minor in reversed(PYTHONS):
        found = shutil.which(f"python{major}.{minor}")
        # A name on the path may be a version manager's, with nothing behind it.
        if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            os.execv(found, [found, *sys.argv])
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"set-up: Python {PYTHONS[0][0]}.{PYTHONS[0][1]} to {PYTHONS[-1][0]}.{PYTHONS[-1][1]} is needed, and this is "
        f"{version}; give one with `make PYTHON=/path/to/python3.11 ...`"
    )


def make(level: str, *extras: str) -> None:
    """Bring `.venv` to `level` with `extras`, one process at a time."""
    import fcntl
    import shutil
    import time

    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if ready(level, *extras):
            return
        start = time.monotonic()
        names = [level, *(name for name in EXTRAS if name in extras or stamp_of(STAMP, name))]
        print(f"set-up: making the environment ({', '.join(names)}) in {VENV}", flush=True)
        whole = STAMP.exists() and stamp_of(STAMP, "made") == made_by()
        STAMP.unlink(missing_ok=True)
        if not whole and (VENV.is_symlink() or VENV.is_file()):
            VENV.unlink()
        elif not whole:
            shutil.rmtree(VENV, ignore_errors=True)
        install([LOCKS / f"{name}.txt" for name in names])
        half = STAMP.with_suffix(".part")
        lines = [f"made\t{made_by()}", *(f"{name}\t{digest(name)}" for name in names)]
        half.write_text("\n".join(lines) + "\n", encoding="utf-8")
        half.replace(STAMP)
        print(f"set-up: done in {time.monotonic() - start:.1f} s", flush=True)


def ready(level: str, *extras: str) -> bool:
    """Whether `.venv` was made to the end, here, by this Python, from the lock file of `level` or a larger one.

    It has the `extras` as well, and none in another version than is locked.
    """
    if not (VENV / "bin" / "python").exists() or stamp_of(STAMP, "made") != made_by():
        return False
    if any((name in extras or stamp_of(STAMP, name)) and stamp_of(STAMP, name) != digest(name) for name in EXTRAS):
        return False
    larger = LEVELS[LEVELS.index(level) :]
    return any(stamp_of(STAMP, name) == digest(name) for name in larger)


def stamp_of(stamp: Path, key: str) -> str:
    """What the stamp says under `key`; empty where there is no such line or no stamp."""
    try:
        lines = stamp.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return next((line.partition("\t")[2] for line in lines if line.partition("\t")[0] == key), "")


def made_by() -> str:
    """What an environment cannot outlive: its own place and the Python that it was made with."""
    return f"{VENV} {sys.version_info[0]}.{sys.version_info[1]}"


def digest(level: str) -> str:
    """The hash of what decides an environment's content."""
    return hashlib.sha256((LOCKS / f"{level}.txt").read_bytes()).hexdigest()


def install(lock_files: Sequence[Path]) -> None:
    """Make `.venv` hold exactly what the lock files list."""
    from installer import SetupError, base_python, has_pip_for_environments, run, uv_environment, uv_program

    environment = {**uv_environment(), "VIRTUAL_ENV": str(VENV)}
    try:
        uv = uv_program()
        if not (VENV / "bin" / "python").exists():
            run([uv, "venv", "--quiet", "--no-project", "--python", base_python(), str(VENV)], environment)
        command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--strict", *map(str, lock_files)]
        run(command, environment)
    except SetupError as error:
        if not has_pip_for_environments():
            raise
        print(f"set-up: {error}\nset-up: pip does it instead, which takes longer", file=sys.stderr, flush=True)
        run([base_python(), "-m", "venv", "--clear", str(VENV)])
        python = str(VENV / "bin" / "python")
        command = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        run([*command, *(word for file in lock_files for word in ("-r", str(file)))])


def lock() -> None:
    """Write the lock files anew. Pins stay as they are where they still fit, unless UPGRADE is set."""
    from installer import run, uv_environment, uv_program

    # An extra index may hold a few files of a release only, and the lock files name all of them.
    environment = uv_environment(leaving_out=("extra-index-url", "find-links"))
    oldest = f"{PYTHONS[0][0]}.{PYTHONS[0][1]}"
    common = [uv_program(), "pip", "compile", "--quiet", "--universal", "--python-version", oldest]
    common += ["--generate-hashes", "--fork-strategy", "fewest", "--custom-compile-command", "make lock"]
    if os.environ.get("UPGRADE"):
        common.append("--upgrade")
    wanted = {
        "run": ["pyproject.toml"],
        "explorer": ["pyproject.toml", "--extra", "explorer", "--constraints", "requirements/run.txt"],
        "dev": [
            *("pyproject.toml", "--extra", "dask", "--extra", "explorer", "--group", "dev"),
            *("--constraints", "requirements/explorer.txt"),
        ],
        "ocr": ["pyproject.toml", "--extra", "ocr", "--constraints", "requirements/dev.txt"],
        "uv": ["--group", "set-up"],
    }
    for name, what in wanted.items():
        run([*common, *what, "--output-file", f"requirements/{name}.txt"], environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
