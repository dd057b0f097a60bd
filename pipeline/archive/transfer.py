"""Archives in and out: others' WARC and WACZ files become files of ours, and a choice of records leaves as one.

What comes in is read record by record and written anew, a gzip member each, with its header and block as they
are, so that every record can be found again by its offset. A torn record ends the reading of its file; what was
whole before it stays, and the tear is reported.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from parsers.errors import UsageError
from parsers.version import VERSION
from pipeline.archive.captures import media_type, moment
from pipeline.archive.files import archives
from pipeline.archive.reading import ArchiveError, Record, TornRecordError, records
from pipeline.archive.warc import information

WACZ = ".wacz"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one file: the name it has now, its records, and what is wrong with it, or ""."""

    source: str
    archive: str
    records: int
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: records, and the files of the archive that were torn, each with where."""

    records: int
    broken: tuple[str, ...]


def member(record: Record) -> bytes:
    """A record as a gzip member, its header and block as they were."""
    head = "".join(f"{name}: {value}\r\n" for name, value in record.head)
    version = record.version if record.version.startswith("WARC/") else "WARC/1.0"
    raw = f"{version}\r\n{head}\r\n".encode() + record.block + b"\r\n\r\n"
    squeeze = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return squeeze.compress(raw) + squeeze.flush()


def take_in(given: Path, folder: Path) -> list[Imported]:
    """Import a WARC, ARC or WACZ file into an archive folder. The same content is imported once."""
    if not given.is_file():
        raise UsageError(f"there is no file {given}")
    folder.mkdir(parents=True, exist_ok=True)
    if given.name.lower().endswith(WACZ) or zipfile.is_zipfile(given):
        return _take_in_wacz(given, folder)
    return [_take_in_warc(given, given.name, folder)]


def _take_in_warc(given: Path, name: str, folder: Path) -> Imported:
    with open(given, "rb") as file:
        mark = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    plain = re.sub(r"[^\w.-]+", "-", re.sub(r"(?i)\.w?arc(?:\.gz)?$", "", name)).strip("-.")[:80] or "archive"
    aim = folder / f"imported-{plain}-{mark}.warc.gz"
    if aim.exists():
        return Imported(name, aim.name, 0)
    count, broken = 0, ""
    handle, half = tempfile.mkstemp(prefix=".import-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            try:
                for record in records(given):
                    out.write(member(record))
                    count += 1
            except TornRecordError as error:
                broken = str(error)
            out.flush()
            os.fsync(out.fileno())
        if not count:
            raise ArchiveError(f"{name} holds no whole record{f' ({broken})' if broken else ''}")
        os.chmod(half, 0o644)
        os.replace(half, aim)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    return Imported(name, aim.name, count, broken)


def _take_in_wacz(given: Path, folder: Path) -> list[Imported]:
    found = []
    try:
        with zipfile.ZipFile(given) as archive:
            stated = _stated_hashes(archive)
            for name in sorted(archive.namelist()):
                if not name.startswith("archive/") or not re.search(r"(?i)\.w?arc(?:\.gz)?$", name):
                    continue
                with tempfile.TemporaryDirectory(dir=folder, prefix=".import-") as place:
                    half = Path(place, "part.warc")
                    with archive.open(name) as source, open(half, "wb") as out:
                        shutil.copyfileobj(source, out, 1 << 20)
                    with open(half, "rb") as file:
                        digest = hashlib.file_digest(file, "sha256").hexdigest()
                    if stated.get(name, digest) != digest:
                        raise ArchiveError(
                            f"{name} is not the file that datapackage.json describes", reading=given.name
                        )
                    found.append(_take_in_warc(half, f"{given.stem}-{Path(name).name}", folder))
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ArchiveError(f"the file is no whole WACZ ({error})", reading=given.name) from error
    if not found:
        raise ArchiveError("there is no archive in it", reading=given.name)
    return found


def _stated_hashes(archive: zipfile.ZipFile) -> dict[str, str]:
    """The sha256 of each file as the package says it."""
    try:
        said = json.loads(archive.read("datapackage.json"))
        resources = said.get("resources", []) if isinstance(said, dict) else []
    except (KeyError, ValueError):
        return {}
    return {
        str(one.get("path")): str(one["hash"]).partition(":")[2]
        for one in resources
        if isinstance(one, dict) and str(one.get("hash", "")).startswith("sha256:")
    }


def export(folder: Path, aim: Path, like: str = "") -> Exported:
    """Write the records of addresses that contain `like` into one WARC file, or a WACZ when the name says so."""
    if aim.exists():
        raise UsageError(f"{aim} exists already", remedy="Name a new file.")
    wacz = aim.name.lower().endswith(WACZ)
    half = aim.with_name(f".{aim.name}.part")
    broken: list[str] = []
    try:
        with tempfile.TemporaryDirectory(dir=aim.parent) as place:
            data = Path(place, "data.warc.gz") if wacz else half
            lines, pages, count = _write(data, _chosen(folder, like, broken.append))
            if wacz:
                _pack(half, data, lines, pages)
        os.replace(half, aim)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise ArchiveError(f"{aim} cannot be written ({error})") from error
    return Exported(count, tuple(broken))


def _chosen(folder: Path, like: str, torn: Callable[[str], None]) -> Iterator[Record]:
    for path in archives(folder):
        try:
            for record in records(path):
                if record.kind != "warcinfo" and like in record.address:
                    yield record
        except TornRecordError as error:
            torn(str(error))


def _write(data: Path, chosen: Iterator[Record]) -> tuple[list[str], list[str], int]:
    """The records into a file; also the index lines and page lines that a WACZ carries, and the records' number."""
    lines, pages, count = [], [], 0
    now = datetime.now(UTC)
    with open(data, "wb") as out:
        out.write(information(data.name, f"gongkai/{VERSION}", now))
        for record in chosen:
            offset, packed = out.tell(), member(record)
            out.write(packed)
            count += 1
            answer = record.http()
            if record.kind not in ("response", "revisit") or answer is None:
                continue
            when = moment(record.fields.get("warc-date", ""))
            media = media_type(answer.content(), answer.header("content-type")) if record.kind == "response" else ""
            said = {
                "url": record.address,
                "mime": media or "warc/revisit",
                "status": str(answer.status),
                "digest": record.fields.get("warc-payload-digest", ""),
                "length": str(len(packed)),
                "offset": str(offset),
                "filename": data.name,
            }
            lines.append(f"{surt(record.address)} {when:%Y%m%d%H%M%S} {json.dumps(said, ensure_ascii=False)}\n")
            if media == "text/html" and answer.status == 200:
                pages.append(json.dumps({"url": record.address, "ts": f"{when:%Y-%m-%dT%H:%M:%SZ}"}) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return sorted(lines), pages, count


def surt(address: str) -> str:
    """An address with its host turned round, by which web archives sort their indexes."""
    parts = urlsplit(address)
    name = ",".join(reversed((parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port else ""
    return f"{name}{port}){parts.path or '/'}{f'?{parts.query}' if parts.query else ''}".lower()


def _pack(aim: Path, data: Path, lines: list[str], pages: list[str]) -> None:
    head = json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "Pages"}) + "\n"
    texts = {"indexes/index.cdx": "".join(lines), "pages/pages.jsonl": head + "".join(pages)}
    with zipfile.ZipFile(aim, "x", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.write(data, f"archive/{data.name}")
        with open(data, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        resources = [_resource(f"archive/{data.name}", digest, data.stat().st_size)]
        for name, text in texts.items():
            archive.writestr(name, text)
            content = text.encode()
            resources.append(_resource(name, hashlib.sha256(content).hexdigest(), len(content)))
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "software": f"gongkai/{VERSION}",
            "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "resources": resources,
        }
        text = json.dumps(package, indent=2)
        archive.writestr("datapackage.json", text)
        mark = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"}
        archive.writestr("datapackage-digest.json", json.dumps(mark))


def _resource(path: str, digest: str, size: int) -> dict[str, object]:
    return {"name": Path(path).name, "path": path, "hash": f"sha256:{digest}", "bytes": size}
