"""Loose documents: files and folders of a raw folder, listed without opening them.

The `source` of a document is its path below the raw folder, with `/` between names; of a file given
by itself, its name. With several RAW arguments each source starts with the shortest ending of the
argument's path that tells it from the others (`a/raw/…`, `b/raw/…`), so equal names never collide. A
name is shown as text: a byte that is no UTF-8 as `\\xHH`, a backslash as `\\\\`.

Archive files (WARC, ARC) are no documents but hold some: the folders with any are named, see `pipeline.harvest`.

Nothing is passed over silently: what is left out is an `Ignored` with its reason, what cannot be read
is a `Broken` with its reason.
"""

from __future__ import annotations

import errno
import functools
import os
import stat
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import resources
from typing import TYPE_CHECKING

from parsers.errors import UsageError
from pipeline import storage
from pipeline.archive.endings import ENDINGS
from pipeline.archive.listed import Files, RawFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HIDDEN = "hidden (its name begins with a dot)"


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that cannot be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something in a raw folder that is not taken for a document, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the RAW arguments hold, each list sorted by source. `archives` are the folders that hold archive files."""

    files: Files
    broken: tuple[Broken, ...]
    ignored: tuple[Ignored, ...]
    archives: tuple[str, ...] = ()


def shown(name: str) -> str:
    """A file name as text that can be written anywhere; different names stay different."""
    plain = name.replace("\\", "\\\\")
    return plain.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def take_stock(raw: Sequence[str | os.PathLike[str]], exclude: Iterable[str | os.PathLike[str]] = ()) -> Inventory:
    """List the documents of files and folders.

    `exclude` are folders that are never entered: the output folder and the work folder, when they lie
    within a raw folder. A RAW argument that does not exist, or is neither file nor folder, is a
    UsageError.
    """
    if not raw:
        raise UsageError("no raw folder was given", remedy="Name at least one file or folder.")
    roots = [_rooted(os.fspath(root)) for root in raw]
    for given, root in zip(raw, roots, strict=True):
        if not storage.is_remote(root) and not os.path.exists(root):
            raise UsageError(f"there is no file or folder {shown(os.fspath(given))}", remedy="Check the RAW arguments.")
    roots = list(dict.fromkeys(roots))
    named = {root for root in roots if not storage.is_remote(root) and not os.path.isdir(root)}
    walk = _Walk({os.path.realpath(os.fspath(folder)) for folder in exclude}, named)
    for root, label in zip(roots, _labels(roots), strict=True):
        prefix = f"{shown(label)}/" if len(roots) > 1 else ""
        if storage.is_remote(root):
            walk.remote(root, prefix)
        elif os.path.isdir(root):
            walk.root = root
            walk.folder(root, prefix, asked_for=True)
        elif root.lower().endswith(ENDINGS):
            raise UsageError(f"{shown(root)} is an archive file", remedy="Name the folder that it lies in.")
        else:
            walk.file(root, shown(label if len(roots) > 1 else os.path.basename(root)))
        walk.links()
    return walk.inventory()


def _rooted(given: str) -> str:
    return given.rstrip("/") if storage.is_remote(given) else os.path.abspath(given)


def _labels(roots: Sequence[str]) -> list[str]:
    """For each path its shortest ending, in whole names, that no other path has."""
    split = [[part for part in root.split(os.sep) if part] or ["root"] for root in roots]
    labels = []
    for mine in split:
        length = 1
        while length < len(mine) and any(other is not mine and other[-length:] == mine[-length:] for other in split):
            length += 1
        labels.append("/".join(mine[-length:]))
    return labels


@functools.cache
def _patterns(kind: str) -> tuple[tuple[str, str], ...]:
    text = resources.files("pipeline.archive").joinpath("loose.toml").read_text("utf-8")
    return tuple((entry["pattern"].casefold(), entry["reason"]) for entry in tomllib.loads(text)[kind])


def _left_out(name: str, kind: str) -> str:
    """Why a name within a raw folder is no document; empty when it is one."""
    if name.startswith("."):
        return HIDDEN
    return next((reason for pattern, reason in _patterns(kind) if fnmatchcase(name.casefold(), pattern)), "")


class _Walk:
    """One pass over the roots. Real folders come before links to folders, so a link never decides a source."""

    def __init__(self, exclude: set[str], named: set[str]) -> None:
        self.exclude = exclude
        # A folder is entered once, so only a file that is a RAW argument itself can be met twice.
        self.named = named
        self.files = Files()
        self.broken: list[Broken] = []
        self.ignored: list[Ignored] = []
        self.folders: dict[tuple[int, int], str] = {}
        self.paths: dict[str, str] = {}
        self.linked: list[tuple[str, str]] = []
        self.root = ""
        self.archives: dict[str, None] = {}

    def folder(self, top: str, prefix: str, *, asked_for: bool = False) -> None:
        waiting = [(top, prefix)]
        while waiting:
            path, prefix = waiting.pop()
            source = prefix or "./"
            if os.path.realpath(path) in self.exclude:
                self.ignored.append(Ignored(source, "the output or work folder of this run"))
                continue
            try:
                here = os.stat(path)
                entries = sorted(os.scandir(path), key=lambda entry: entry.name)
            except OSError as error:
                if asked_for and path == top:
                    raise UsageError(f"the folder {shown(path)} cannot be read: {_words(error)}") from error
                self.broken.append(Broken(source, f"the folder cannot be read: {_words(error)}"))
                continue
            mark = (here.st_dev, here.st_ino)
            if mark in self.folders:
                self.ignored.append(Ignored(source, f"the same folder as {self.folders[mark]}"))
                continue
            self.folders[mark] = source
            below = []
            for entry in entries:
                name = prefix + shown(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    if reason := _left_out(entry.name, "folders"):
                        self.ignored.append(Ignored(f"{name}/", reason))
                    else:
                        below.append((entry.path, f"{name}/"))
                elif reason := _left_out(entry.name, "files"):
                    self.ignored.append(Ignored(name, reason))
                elif entry.is_symlink() and os.path.isdir(entry.path):
                    self.linked.append((entry.path, f"{name}/"))
                elif entry.name.lower().endswith(ENDINGS) and entry.is_file():
                    self.archives.setdefault(self.root)
                else:
                    self.file(entry.path, name)
            waiting.extend(reversed(below))

    def links(self) -> None:
        while self.linked:
            path, prefix = self.linked.pop(0)
            self.folder(path, prefix)

    def file(self, path: str, source: str) -> None:
        try:
            here = os.stat(path)
        except OSError as error:
            what = "the link leads in a circle" if error.errno == errno.ELOOP else _words(error)
            what = "the link points to nothing" if error.errno == errno.ENOENT and os.path.islink(path) else what
            self.broken.append(Broken(source, f"the file cannot be read: {what}"))
            return
        if not stat.S_ISREG(here.st_mode):
            self.ignored.append(Ignored(source, "neither a file nor a folder"))
            return
        same = self.paths.setdefault(path, source) if path in self.named else source
        if same != source:
            self.ignored.append(Ignored(source, f"the same file as {same}"))
            return
        if not os.access(path, os.R_OK):
            self.broken.append(Broken(source, "the file cannot be read: permission denied"))
            return
        self.files.add(RawFile(source, path, here.st_size, here.st_mtime_ns, here.st_ctime_ns, here.st_ino))

    def remote(self, root: str, prefix: str) -> None:
        """The files below an address of another file system."""
        for name, address, size, modified, mark in storage.find(root):
            *folders, last = name.split("/")
            source = prefix + shown(name)
            reason = next(filter(None, (_left_out(folder, "folders") for folder in folders)), "") or _left_out(
                last, "files"
            )
            if not reason and last.lower().endswith(ENDINGS):
                reason = "an archive file: archives are read from mounted file systems only"
            if reason:
                self.ignored.append(Ignored(source, reason))
            else:
                self.files.add(RawFile(source, address, size, modified, 0, mark))

    def inventory(self) -> Inventory:
        self.files.sort()
        return Inventory(
            self.files,
            tuple(sorted(self.broken, key=lambda one: one.source)),
            tuple(sorted(self.ignored, key=lambda one: one.source)),
            tuple(self.archives),
        )


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
