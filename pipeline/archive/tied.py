"""Loose pages with the files that they name: bundles of loose documents.

A page saved beside its attachments names them by their paths, or by addresses whose last part is the file's name. Such
files are read with the page. A file belongs to one page at most, to the one that names the fewest; a page that names
files of such a page is a list of reports, and has none of its own. What many pages name belongs to none. Where pages
name different files alike, nothing is tied, and each document stands for itself.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from parsers.records import Attachment, Bundle
from pipeline import storage
from pipeline.archive import bundles, links
from pipeline.archive.listed import Files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.archive.listed import RawFile
    from pipeline.seen import Seen

HOST = "loose.invalid"
"""The host of loose pages: addresses on it are paths."""

LARGEST = 20_000_000
"""Bytes of a page that is searched for links."""

COMMON = 3
"""A file that more pages than this name is part of none of them."""

ABOVE = 3
"""A page may name files so many folders below it."""


@final
class TiedPlace(TypedDict):
    """Where a bundle of loose files stands: `files` are (source, path), the page first; the rest is of the page."""

    files: list[tuple[str, str]]
    document_id: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Tied:
    """A loose page with its attachments: `sha256` is of them all. `hashes` has those of `files`, the page first."""

    files: tuple[RawFile, ...]
    hashes: tuple[str, ...]

    @property
    def source(self) -> str:
        return self.files[0].source

    @property
    def sha256(self) -> str:
        return bundles.digest([(file.source, sha256) for file, sha256 in zip(self.files, self.hashes, strict=True)])

    @property
    def place(self) -> TiedPlace:
        named = [(file.source, file.path) for file in self.files]
        return {"files": named, "document_id": self.hashes[0], "bytes": self.files[0].size}


def bundle_at(where: TiedPlace) -> Bundle:
    """The bundle of files at a place. OSError when one cannot be read."""
    contents = []
    for _, path in where["files"]:
        with storage.open_binary(path) as file:
            contents.append(file.read())
    (source, _), *others = where["files"]
    attached = (Attachment(content, name) for (name, _), content in zip(others, contents[1:], strict=True))
    return Bundle(content=contents[0], source=source, attachments=tuple(attached))


def tie(files: Files, memory: Seen, *, rehash: bool = False) -> tuple[Files, list[Tied]]:
    """Loose documents that stand for themselves, and pages with their attachments.

    `memory` knows what files hold that have not changed; with `rehash` it is not asked.
    """
    from pipeline.guarded import fingerprint

    found: list[Tied] = []
    fresh: list[tuple[RawFile, str]] = []
    groups = [(page, *attached) for page, attached in _owned(files, memory, rehash=rehash)]
    known = {} if rehash else memory.hashes(file for group in groups for file in group)
    for group in groups:
        try:
            hashes = tuple(known.get(file.path) or fingerprint(file.path)[0] for file in group)
        except OSError:
            continue
        fresh.extend((file, sha256) for file, sha256 in zip(group, hashes, strict=True) if file.path not in known)
        found.append(Tied(group, hashes))
    memory.remember(fresh)
    taken = {file.path for one in found for file in one.files}
    return Files(file for file in files if file.path not in taken) if taken else files, found


def _owned(files: Files, memory: Seen, *, rehash: bool) -> Iterator[tuple[RawFile, list[RawFile]]]:
    """Pages with the files that belong to them, both in the order of `files` and of the page."""
    endings = links.endings()
    attachable = [file for file in files if links.ending(file.path) in endings]
    if not attachable:
        return
    near: set[str] = set()
    for folder in {os.path.dirname(file.path) for file in attachable}:
        above = folder
        for _ in range(ABOVE + 1):
            near.add(above)
            above = os.path.dirname(above)
    pages = [
        file
        for file in files
        if os.path.dirname(file.path) in near and file.size <= LARGEST and _may_be_page(file.path, endings)
    ]
    index = _Index(attachable)
    known = {} if rehash else memory.named(pages)
    fresh = []
    claims: dict[str, list[tuple[bool, str, RawFile]]] = defaultdict(list)
    order: dict[str, list[RawFile]] = {}
    for page in pages:
        addresses = known.get(page.path)
        if addresses is None:
            try:
                addresses = _addresses(page, endings)
            except OSError:
                continue
            fresh.append((page, addresses))
        for address in addresses:
            file, exact = index.find(page, address)
            if file is not None and file not in order.setdefault(page.path, []):
                order[page.path].append(file)
                claims[file.path].append((exact, address, page))
    memory.remember_named(fresh)
    common = {path for path, found in claims.items() if len(found) > COMMON}
    order = {path: [file for file in found if file.path not in common] for path, found in order.items()}
    owner = {path: _owner(found, order) for path, found in claims.items() if path not in common}
    for page in pages:
        named = order.get(page.path, [])
        own = [file for file in named if owner[file.path] == page.path]
        smaller = any(len(order.get(owner[file.path], named)) < len(named) for file in named)
        if own and not smaller:
            yield page, own


def _owner(claims: Sequence[tuple[bool, str, RawFile]], order: dict[str, list[RawFile]]) -> str:
    """The path of the page that a file belongs to, "" for none."""
    exact = [claim for claim in claims if claim[0]]
    if not exact and len({address for _, address, _ in claims}) > 1:
        return ""
    pages = [page for _, _, page in exact or claims]
    return min(pages, key=lambda page: (len(order[page.path]), page.source)).path


def _may_be_page(path: str, endings: frozenset[str]) -> bool:
    return links.ending(path) not in endings | {"txt", "mht", "mhtml", "csv", "json", "xml", "md"}


def _addresses(page: RawFile, endings: frozenset[str]) -> list[str]:
    """Addresses of the files that a page's article names, as they would be on HOST."""
    with storage.open_binary(page.path) as file:
        content = file.read()
    named = re.compile(
        rb"(?:href|src|data|download)\s*=\s*[^>]{1,500}?\.(?:" + "|".join(sorted(endings)).encode() + rb")\b",
        re.IGNORECASE,
    )
    if b"<" not in content[:4096] or not named.search(content):
        return []
    return links.attachment_links(content, f"http://{HOST}{quote(_rooted(page.path))}")


def _rooted(path: str) -> str:
    """A path, or an address of another file system, as the path of an address."""
    plain = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\\", "/")
    return plain if plain.startswith("/") else f"/{plain.partition('://')[2] or plain}"


class _Index:
    """Files by their path, and by their name within a folder."""

    def __init__(self, files: Sequence[RawFile]) -> None:
        self.paths: dict[str, RawFile] = {}
        self.names: dict[str, dict[str, RawFile]] = defaultdict(dict)
        self.below: dict[str, list[str]] = defaultdict(list)
        for file in files:
            path = _rooted(file.path)
            folder, _, name = path.rpartition("/")
            self.paths.setdefault(_key(path), file)
            if folder not in self.names:
                self.below[folder.rpartition("/")[0]].append(folder)
            self.names[folder].setdefault(_key(name), file)

    def find(self, page: RawFile, address: str) -> tuple[RawFile | None, bool]:
        """The file that a page means by an address, and whether the address is its very path."""
        parts = urlsplit(address)
        paths = _unquoted(parts.path)
        if parts.hostname == HOST:
            for path in paths:
                if _key(path) in self.paths:
                    return self.paths[_key(path)], True
        folder, _, name = _rooted(page.path).rpartition("/")
        stem = name.rpartition(".")[0] or name
        places = [folder, *(one for one in self.below[folder] if one.rpartition("/")[2].startswith(stem))]
        names = [path.rpartition("/")[2] for path in paths]
        names += [value.rpartition("/")[2] for _, value in parse_qsl(parts.query) if "." in value]
        for place in places:
            for one in names:
                if one and _key(one) in self.names[place]:
                    return self.names[place][_key(one)], False
        return None, False


def _unquoted(path: str) -> list[str]:
    """What a path may be once its escapes are undone: in UTF-8, and in the code of older pages."""
    found = []
    for encoding in ("utf-8", "gb18030"):
        try:
            found.append(unquote(path, encoding, "strict"))
        except UnicodeDecodeError:
            continue
    return found


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
