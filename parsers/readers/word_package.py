"""The parts of a .docx file and how they refer to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from parsers.errors import BrokenDocumentError
from parsers.readers.archive import Archive, xml_of

_USUAL = re.compile(r"word/document[0-9]*\.xml")


def part(archive: Archive, name: str) -> Any:
    """A part's XML, None where it is not there or broken."""
    data = archive.read(name)
    if not data:
        return None
    try:
        return xml_of(data, name)[0]
    except BrokenDocumentError:
        return None


@dataclass(frozen=True, slots=True)
class Relations:
    """What a part refers to: parts by the id and by the kind of the reference, and addresses by the id."""

    parts: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def of_kind(self, kind: str) -> str:
        """The part of a kind, "" where there is none."""
        return self.kinds.get(kind, "")


def main_part(archive: Archive) -> str:
    """The name of the document's own part: as the package says, else as it is usually called."""
    names = {name.lower().lstrip("/"): name for name in archive.names}
    said = relations(archive, "").of_kind("officeDocument").lower()
    usual = next((name for name in sorted(names) if _USUAL.fullmatch(name)), "")
    return names.get(said) or names.get(usual) or ""


def relations(archive: Archive, name: str) -> Relations:
    """The relations of a part, of the package for ""."""
    folder, _, base = name.lstrip("/").rpartition("/")
    root = part(archive, f"{folder}/_rels/{base}.rels".lstrip("/"))
    found = Relations()
    for item in () if root is None else root.iterchildren("{*}*"):
        ident, target, kind = item.get("Id", ""), item.get("Target", ""), item.get("Type", "").rpartition("/")[2]
        if item.get("TargetMode") == "External":
            found.addresses[ident] = target
            continue
        named = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
        found.parts[ident] = named
        found.kinds.setdefault(kind, named)
    return found


def meta(archive: Archive) -> Iterator[tuple[str, str]]:
    """What the file says of itself: names and texts."""
    root = part(archive, "docProps/core.xml")
    if root is None:
        return
    for item in root:
        text = (item.text or "").strip()
        if text and isinstance(item.tag, str):
            yield item.tag.rsplit("}", 1)[-1].lower(), text
