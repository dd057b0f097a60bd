"""LibreOffice, where it is installed: office files of older formats made into newer ones.

The program is run with a profile of its own that asks no network, runs no macro and follows no link, as a child that
ends with the process that started it.
"""

from __future__ import annotations

import ctypes
import functools
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 120.0
SLICE = 10.0
"""Seconds that the program may take for one file, and after which whoever waits for it is told that it goes on."""

RESTART = 81
"""The exit code by which the program asks to be started again, as it does when its profile is new."""

_PR_SET_PDEATHSIG = 1

_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    # Whatever would still ask the network is sent to a port that nobody listens at.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
"""Settings of the profile: the path of a group, a name in it, its value."""


class OfficeError(Exception):
    """LibreOffice is not installed, or made nothing of a file."""


def program() -> str:
    """The program's path, "" where it is not installed.

    The wrapper that is usually called would leave the program itself running when it is ended, so that is passed over.
    """
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        return ""
    inner = Path(found).resolve().with_name("soffice.bin")
    return str(inner) if inner.is_file() else found


@functools.cache
def version() -> str:
    """The version in three numbers, "" where the program is not installed or does not say."""
    name = program()
    if not name:
        return ""
    try:
        said = _run([name, "--version"], ".")[1].decode("utf-8", "replace").split()
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return next((".".join(word.split(".")[:3]) for word in said if word[0].isdigit() and "." in word), "")


def converted(content: bytes, given: str, wanted: str, alive: Callable[[], None] | None = None) -> bytes:
    """A file made into another format; both are named by their endings. OfficeError where it cannot be.

    `alive` is called again and again while the program works.
    """
    name = program()
    if not name:
        raise OfficeError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        place = Path(folder)
        source, target = place / f"document.{given}", place / "made" / f"document.{wanted}"
        source.write_bytes(content)
        command = [name, _profile(), "--headless", "--norestore", "--nologo", "--convert-to", wanted]
        command += ["--outdir", str(target.parent), str(source)]
        try:
            if _run(command, folder, alive)[0] == RESTART:
                _run(command, folder, alive)
            return target.read_bytes()
        except subprocess.TimeoutExpired as error:
            raise OfficeError(f"LibreOffice took longer than {PATIENCE:g} seconds") from error
        except OSError as error:
            raise OfficeError("LibreOffice makes nothing of the file") from error


@functools.cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """The folder of this process's profile; it goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="gongkai-office-")


def _profile() -> str:
    """The profile with our settings, as an argument."""
    folder = Path(_home().name)
    user = folder / "user"
    if user.exists():
        return f"-env:UserInstallation={folder.as_uri()}"
    user.mkdir()
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        "</item>"
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n',
        encoding="utf-8",
    )
    return f"-env:UserInstallation={folder.as_uri()}"


def _run(command: list[str], folder: str, alive: Callable[[], None] | None = None) -> tuple[int, bytes]:
    """The exit code of a command and what it says. TimeoutExpired when it takes too long: it is ended then."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 -- the process that reads has one thread
    ) as process:
        begun = time.monotonic()
        while True:
            if alive is not None:
                alive()
            try:
                said, _ = process.communicate(timeout=SLICE)
            except subprocess.TimeoutExpired:
                if time.monotonic() - begun < PATIENCE:
                    continue
                process.kill()
                raise
            except BaseException:
                process.kill()
                raise
            return process.returncode, said


def _end_with_parent() -> None:
    """In the child: end when the process that started it ends."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return
