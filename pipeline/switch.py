"""An output folder that changes whole or not at all.

A new release is written into a folder beside the output folder (`.NAME.gongkai/next`) and takes its place in
one step. What stood there stays until that step; files that are not ours are carried over. Where the output
folder is a mount point, or nothing may be written beside it, the work folder lies within it
(`.gongkai/`) and files are replaced one by one, finished by the next run if this one is stopped between.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.errors import PublishError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AT_FDCWD = -100
RENAME_EXCHANGE = 2
NEXT, OLD, COMMIT = "next", "old", "commit.json"


class Target:
    """An output folder and its work folder, held by one run at a time.

    `out` is the output folder; a link is followed. `ours` are the names of the files that this project
    writes into it; everything else is the user's. As a context manager it holds the lock.
    """

    def __init__(self, out: str | os.PathLike[str], ours: Iterable[str]) -> None:
        self.out = Path(os.path.realpath(out))
        self.ours = frozenset(ours)
        if self.out.exists() and not self.out.is_dir():
            raise UsageError(f"the output {out} is a file", remedy="Name a folder, or a new name.")
        self.within = self.out.is_dir() and (
            os.path.ismount(self.out) or not os.access(self.out.parent, os.W_OK | os.X_OK)
        )
        self.base = self.out / ".gongkai" if self.within else self.out.parent / f".{self.out.name}.gongkai"
        self.held = contextlib.ExitStack()

    def __enter__(self) -> Target:
        with contextlib.ExitStack() as held:
            held.enter_context(lock(self.base))
            try:
                self._recover()
            except OSError as error:
                raise PublishError(f"what an earlier run left cannot be cleared away ({error})") from error
            self.held = held.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.held.close()

    def prepare(self) -> Path:
        """An empty folder for the new release. PublishError when none can be made."""
        folder = self.base / NEXT
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir()
        except OSError as error:
            raise PublishError(f"no folder for the tables can be made ({error})") from error
        return folder

    def abandon(self) -> None:
        """Drop the new release. The output folder is as it was."""
        shutil.rmtree(self.base / NEXT, ignore_errors=True)

    def switch(self) -> None:
        """Put the new release in place. PublishError when that cannot be done; then nothing has changed."""
        fresh = self.base / NEXT
        try:
            if not self.within and self.out.is_dir():
                self._carry(fresh)
                shutil.copymode(self.out, fresh)
            settle(fresh)
            with _no_signals():
                if self.within:
                    (fresh / COMMIT).write_text(json.dumps(sorted(os.listdir(fresh))))
                    settle(fresh)
                    self._by_file(fresh)
                elif not self.out.is_dir():
                    os.rename(fresh, self.out)
                else:
                    self._exchange(fresh)
                settle(self.out.parent)
        except OSError as error:
            raise PublishError(f"the tables cannot be put in place ({error})") from error

    def _carry(self, fresh: Path) -> None:
        """Have the user's files stand in the new release too; folders follow after the step."""
        for entry in os.scandir(self.out):
            if entry.name in self.ours or (entry.is_dir(follow_symlinks=False)):
                continue
            aim = fresh / entry.name
            try:
                os.link(entry.path, aim, follow_symlinks=False)
            except OSError:
                if entry.is_symlink() or entry.is_file():
                    shutil.copy2(entry.path, aim, follow_symlinks=False)

    def _exchange(self, fresh: Path) -> None:
        if exchange(fresh, self.out):
            self._give_back(fresh)
            return
        old = self.base / OLD
        os.rename(self.out, old)
        try:
            os.rename(fresh, self.out)
        except OSError:
            os.rename(old, self.out)
            raise
        self._give_back(old)

    def _by_file(self, fresh: Path) -> None:
        names = json.loads((fresh / COMMIT).read_text())
        for name in names:
            if (fresh / name).exists():
                if (self.out / name).is_dir() or (fresh / name).is_dir():
                    _remove(self.out / name)
                os.replace(fresh / name, self.out / name)
        for name in self.ours - set(names):
            _remove(self.out / name)
        shutil.rmtree(fresh, ignore_errors=True)

    def _give_back(self, old: Path) -> None:
        """Move the user's things that are only in the old folder into the new one, then drop the old one."""
        for entry in list(os.scandir(old)):
            if entry.name in self.ours:
                continue
            aim = self.out / entry.name
            if not os.path.lexists(aim):
                os.rename(entry.path, aim)
            elif entry.is_dir(follow_symlinks=False):
                _merge(Path(entry.path), aim)
        shutil.rmtree(old, ignore_errors=True)

    def _recover(self) -> None:
        """Finish or undo what a run that was stopped had begun."""
        fresh, old = self.base / NEXT, self.base / OLD
        if self.within:
            if (fresh / COMMIT).exists():
                self._by_file(fresh)
            shutil.rmtree(fresh, ignore_errors=True)
            return
        if old.is_dir() and not self.out.exists():
            os.rename(old, self.out)
        for left in (fresh, old):
            if left.is_dir() and self.out.is_dir():
                self._give_back(left)
            elif left.is_dir():
                shutil.rmtree(left)


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold a work folder, made if need be. PublishError when another run holds it. The lock dies with its holder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise PublishError(f"the work folder {folder} cannot be used ({error})") from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PublishError(
                f"another run holds {folder}", remedy="Wait for it, or name another output folder."
            ) from error
        yield
    finally:
        os.close(number)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot do that."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}:
        return False
    raise OSError(number, os.strerror(number), str(other))


def settle(folder: Path) -> None:
    """Have the names in a folder on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EBADF}:
            raise
    finally:
        os.close(number)


def _remove(path: Path) -> None:
    """Remove a file, or a folder with all in it; nothing is no error."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _merge(source: Path, aim: Path) -> None:
    """Move what is only in one folder into the other."""
    for entry in list(os.scandir(source)):
        there = aim / entry.name
        if not os.path.lexists(there):
            os.rename(entry.path, there)
        elif entry.is_dir(follow_symlinks=False) and there.is_dir():
            _merge(Path(entry.path), there)


@contextlib.contextmanager
def _no_signals() -> Iterator[None]:
    """A few system calls that an interruption waits for."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for caught in came[:1]:
        signal.raise_signal(caught)
