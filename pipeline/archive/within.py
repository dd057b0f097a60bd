"""Files within zip archives, by the sources that name them: `a.zip!/b.zip!/c.docx`."""

from __future__ import annotations

import io
import zipfile
import zlib

from parsers.errors import PipelineError

MARK = "!/"
LARGEST = 128_000_000
"""Bytes of a file within an archive that are unpacked at most."""


def split(source: str) -> tuple[str, list[str]]:
    """The source of the outermost archive, and the names to follow from there; none where the source names no file
    within an archive."""
    outer, *names = source.split(MARK)
    return outer, names


def taken_out(content: bytes, names: list[str]) -> bytes:
    """The file that names lead to. PipelineError where there is none, or it cannot be unpacked."""
    for name in names:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                found = [info for info in archive.infolist() if _name(info) == name]
                if not found:
                    raise PipelineError(f"the archive holds no {name}")
                with archive.open(found[-1]) as stream:
                    content = stream.read(LARGEST + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
            raise PipelineError(f"{name} cannot be taken out of its archive ({error})") from error
        if len(content) > LARGEST:
            raise PipelineError(f"{name} unpacks to more than is accepted")
    return content


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 where it says so or is, else GB 18030, as Chinese programs write."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
