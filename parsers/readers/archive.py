"""Zip archives, read with limits: the office formats' own, and archives of documents."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from parsers.conversion import Converter
from parsers.document import Document
from parsers.errors import (
    BrokenDocumentError,
    DocumentError,
    EmptyDocumentError,
    LimitError,
    NeedsOcrError,
    UnknownFormatError,
)
from parsers.recognition import Recogniser
from parsers.records import Issue

MAX_MEMBERS = 10_000
MAX_MEMBER = 128_000_000
MAX_TOTAL = 256_000_000
"""Members of an archive, and bytes of one and of all when unpacked."""

MAX_ARCHIVES = 3
"""How deep archives may stand within archives."""

MAX_TAGS = 6_000_000
"""Tags of a part in XML: what a tree of them takes in memory."""

MAX_FILES = 200
"""Files of an archive that are taken for documents, archives within it counted through."""

WITHIN = "!/"
"""What stands in a source between an archive and the file within it."""

_PART = 1 << 20
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1


class Archive:
    """An open archive. `names` are its members in the archive's order; every read counts against the limits.

    Sizes are counted while unpacking: what an archive says of itself is not believed.
    """

    def __init__(self, content: bytes, left: int = MAX_TOTAL) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise _broken(error) from error
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise LimitError(f"the archive has more than {MAX_MEMBERS} members", reading="a zip archive")
        self._infos = {_name(info): info for info in infos if not info.is_dir()}
        self.left = left

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def read(self, name: str) -> bytes | None:
        """A member's bytes, None when there is none of that name. Raises LimitError or BrokenDocumentError."""
        info = self._infos.get(name)
        if info is None:
            return None
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise BrokenDocumentError("the archive is encrypted", reading=name, remedy="Get it without a password")
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as stream:
                while part := stream.read(_PART):
                    size += len(part)
                    if size > MAX_MEMBER or size > self.left:
                        raise LimitError("the archive unpacks to more than is accepted", reading=name)
                    parts.append(part)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise _broken(error) from error
        self.left -= size
        return b"".join(parts)


def _broken(error: Exception) -> BrokenDocumentError:
    return BrokenDocumentError(f"the archive is damaged ({error})", reading="a zip archive", remedy="Fetch it again")


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; without the flag for UTF-8, Chinese programs write GB 18030."""
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name


def members(content: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive in the order of their names, hidden ones and those of the system left out."""
    return list(_members(Archive(content)))


def _members(archive: Archive) -> Iterator[tuple[str, bytes]]:
    for name in sorted(archive.names):
        base = name.replace("\\", "/").rsplit("/", 1)[-1]
        if not base or base.startswith(".") or "__MACOSX" in name or base.lower() in ("thumbs.db", "desktop.ini"):
            continue
        data = archive.read(name)
        if data:
            yield name, data


def files(content: bytes, source: str) -> list[tuple[str, bytes]]:
    """The files within an archive and within archives in it, each with its source: `a.zip!/b.zip!/c.docx`.

    All of them count against one limit. Raises BrokenDocumentError, EmptyDocumentError or LimitError.
    """
    found: list[tuple[str, bytes]] = []
    _gather(content, source, 0, MAX_TOTAL, found)
    if not found:
        raise EmptyDocumentError("the archive holds no file", reading="a zip archive")
    return found


def _gather(content: bytes, source: str, depth: int, left: int, found: list[tuple[str, bytes]]) -> int:
    if depth >= MAX_ARCHIVES:
        raise LimitError(f"archives within archives deeper than {MAX_ARCHIVES}", reading="a zip archive")
    archive = Archive(content, left)
    for name, data in _members(archive):
        if is_archive(data):
            archive.left = _gather(data, f"{source}{WITHIN}{name}", depth + 1, archive.left, found)
            continue
        found.append((f"{source}{WITHIN}{name}", data))
        if len(found) > MAX_FILES:
            raise LimitError(f"the archive holds more than {MAX_FILES} files", reading="a zip archive")
    return archive.left


def read(content: bytes, recogniser: Recogniser | None = None, converter: Converter | None = None) -> Document:
    """The document within an archive: its readable members one after the other, in the order of their names.

    An archive of one document is that document. Of several, locators of the second and further ones
    would point into other bytes, so only the first that is readable is read and the others are named
    in a remark. Raises EmptyDocumentError, or what reading the only member raised.
    """
    return _read(content, 0, recogniser, converter)


def _read(content: bytes, depth: int, recogniser: Recogniser | None, converter: Converter | None) -> Document:
    from parsers import readers

    if depth >= MAX_ARCHIVES:
        raise LimitError(f"archives within archives deeper than {MAX_ARCHIVES}", reading="a zip archive")
    own = members(content)
    if not own:
        raise EmptyDocumentError("the archive holds no file", reading="a zip archive")
    first: DocumentError | None = None
    scans: list[DocumentError] = []
    issues: list[Issue] = []
    chosen: tuple[str, Document] | None = None
    for name, data in own:
        if chosen is not None:
            issues.append(_remark(name, "further document in the archive, not read here"))
            continue
        try:
            if is_archive(data):
                chosen = name, _read(data, depth + 1, recogniser, converter)
            else:
                chosen = name, readers.read(data, name=name, recogniser=recogniser, converter=converter)
        except DocumentError as error:
            if isinstance(error, NeedsOcrError):
                scans.append(error)
            if first is None or isinstance(first, UnknownFormatError):
                first = error
            issues.append(_remark(name, str(error)))
    if chosen is None:
        raise scans[0] if scans else first or EmptyDocumentError("the archive holds no document")
    name, document = chosen
    issues.insert(0, _remark(name, "the document was taken out of an archive", "info"))
    return replace(document, issues=(*issues, *document.issues))


def is_archive(content: bytes) -> bool:
    """Whether bytes are a zip archive of files, not an office document."""
    from parsers.readers import sniff

    return content.startswith(b"PK") and sniff.media_type(content) == sniff.ZIP


def _remark(name: str, message: str, severity: str = "warning") -> Issue:
    return Issue(code="archive_member", severity=severity, message=message, raw=name)


_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")


def _character(reference: re.Match[bytes]) -> bytes:
    """A numeric reference as it stands, or U+FFFD where it names no character: libxml2 lets surrogates through."""
    digits = (reference[1] or reference[2]).lstrip(b"0")
    number = int(digits[:9] or b"0", 16 if reference[1] else 10)
    return reference[0] if 0 < number < 0xD800 or 0xE000 <= number < 0x110000 else b"&#xFFFD;"


def xml_of(content: bytes, name: str) -> tuple[Any, bool]:
    """The root of a part in XML, and whether it had to be mended. No entity is resolved, no DTD is read.

    Raises BrokenDocumentError when it is no XML or declares a document type, which no office file does, LimitError
    when it has more tags than are read.
    """
    from lxml import etree

    if content.count(b"<") > MAX_TAGS:
        raise LimitError(f"the XML has more than {MAX_TAGS} tags", reading=name)
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536]:
        raise BrokenDocumentError("the XML declares a document type", reading=name)
    for mend in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, recover=mend, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(_REFERENCE.sub(_character, content) if mend else content, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        if root is not None:
            return root, mend
    raise BrokenDocumentError("the XML is damaged", reading=name, remedy="Fetch it again")
