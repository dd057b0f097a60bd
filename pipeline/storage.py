"""Files by address: of this machine, and of every file system that fsspec knows (`s3://`, `ftp://`, `sftp://`, ...).

Raw documents are read where they lie. Parts are written by whoever made them: files first, the receipt last, so that a
part without a receipt is none, on a file system without renames too. fsspec and what it needs for a protocol are
installed with the extra `gongkai[dask]`, or by whoever wants one; credentials are those of their own settings.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from parsers.errors import PublishError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIPT = "receipt.json"
LATEST = "latest.json"


def is_remote(place: str) -> bool:
    """Whether a path is an address with a protocol."""
    protocol, found, _ = place.partition("://")
    return bool(found) and protocol.isascii() and protocol.replace("+", "").isalnum()


def open_binary(place: str) -> IO[bytes] | _Reading:
    """A file opened for reading. OSError, whatever a file system raises."""
    if not is_remote(place):
        return open(place, "rb")
    system, path = _system(place)
    try:
        opened: IO[bytes] = system.open(path, "rb")
    except OSError:
        raise
    except Exception as error:
        raise OSError(str(error)) from error
    return _Reading(opened)


class _Reading:
    """A file of another file system, whose errors are OSError."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __enter__(self) -> _Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def read(self, size: int = -1) -> bytes:
        try:
            return self.file.read(size)
        except OSError:
            raise
        except Exception as error:
            raise OSError(str(error)) from error


def find(root: str) -> Iterator[tuple[str, str, int, int, int]]:
    """The files below an address, each as (name below it, address, size, modified in ns, a digest of its tag).

    UsageError when the address cannot be listed. A file whose time is not told counts as modified now.
    """
    system, base = _system(root)
    try:
        found = system.find(base, detail=True)
    except Exception as error:
        raise UsageError(
            f"{root} cannot be listed ({error})", remedy="Check the address and its credentials."
        ) from error
    if not found and not system.exists(base):
        raise UsageError(f"there is no {root}", remedy="Check the RAW arguments.")
    for path, info in sorted(found.items()):
        tag = str(info.get("ETag") or info.get("etag") or info.get("md5Hash") or "")
        mark = int.from_bytes(hashlib.sha256(tag.encode()).digest()[:7], "big") if tag else 0
        inner = path[len(base) :].lstrip("/")
        name = inner or path.rpartition("/")[2]
        yield name, f"{root}/{inner}" if inner else root, int(info.get("size") or 0), _modified(info), mark


def _modified(info: dict[str, Any]) -> int:
    for name in ("mtime", "LastModified", "last_modified", "modify", "updated", "created"):
        value = info.get(name)
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
        if isinstance(value, (int, float)):
            return int(value * 1e9)
        if isinstance(value, str) and value[:14].isdigit():
            return int(datetime.strptime(value[:14] + "+0000", "%Y%m%d%H%M%S%z").timestamp() * 1e9)
    return time.time_ns()


def fetch_part(folder: str, name: str, home: Path) -> None:
    """Copy a part from a folder of parts to this machine. PublishError when it cannot be had."""
    system, base = _system(f"{folder}/{name}")
    fresh = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=home.parent))
    try:
        for path in system.find(base):
            aim = fresh / path[len(base) :].lstrip("/")
            aim.parent.mkdir(parents=True, exist_ok=True)
            system.get_file(path, str(aim))
        shutil.rmtree(home, ignore_errors=True)
        fresh.rename(home)
    except Exception as error:
        raise PublishError(f"the part {name} cannot be fetched from {folder} ({error})") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def store_part(work: Path, folder: str, name: str) -> None:
    """Copy a part from this machine to a remote folder of parts."""
    system, base = _system(f"{folder}/{name}")
    try:
        files = sorted(path for path in work.rglob("*") if path.is_file() and path.name != RECEIPT)
        for path in [*files, work / RECEIPT]:
            aim = f"{base}/{path.relative_to(work).as_posix()}"
            system.makedirs(aim.rpartition("/")[0], exist_ok=True)
            system.put_file(str(path), aim)
    except Exception as error:
        raise PublishError(f"a part cannot be written ({error})", where=folder) from error


def read_receipt(folder: str, name: str) -> bytes | None:
    """The receipt of a remote part, None where there is none."""
    system, base = _system(f"{folder}/{name}")
    try:
        content: bytes = system.cat_file(f"{base}/{RECEIPT}")
    except Exception as error:
        if isinstance(error, FileNotFoundError) or not system.exists(f"{base}/{RECEIPT}"):
            return None
        raise PublishError(f"the parts in {folder} cannot be read ({error})") from error
    return content


def publish(release: Path, out: str, name: str) -> None:
    """Copy a release to `OUT/NAME/`, then have `OUT/latest.json` name it: readers see the old one or the new one."""
    system, base = _system(out)
    try:
        for path in sorted(path for path in release.rglob("*") if path.is_file()):
            aim = f"{base}/{name}/{path.relative_to(release).as_posix()}"
            system.makedirs(aim.rpartition("/")[0], exist_ok=True)
            system.put_file(str(path), aim)
        system.pipe_file(f"{base}/{LATEST}", b'{"release": "%s"}\n' % name.encode())
    except Exception as error:
        raise PublishError(f"the tables cannot be written to {out} ({error})") from error


def latest(out: str) -> str:
    """The name of the release that stands in a remote output folder; "" where there is none."""
    system, base = _system(out)
    try:
        return str(json.loads(system.cat_file(f"{base}/{LATEST}"))["release"])
    except Exception:
        return ""


_known = threading.local()


def _filesystem(root: str) -> Any:
    """The file system of an address, one for each thread: some keep one connection, which two must not use at once."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{root} needs fsspec", remedy="Install gongkai[dask].") from error
    mine: dict[str, Any] = _known.__dict__.setdefault("systems", {})
    if root not in mine:
        try:
            mine[root] = fsspec.core.url_to_fs(root, skip_instance_cache=True, use_listings_cache=False)[0]
        except (ImportError, ValueError, OSError) as error:
            raise UsageError(f"{root} cannot be opened ({error})") from error
    return mine[root]


def _system(place: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    protocol, _, rest = place.partition("://")
    system = _filesystem(f"{protocol}://{rest.partition('/')[0]}/")
    return system, str(system._strip_protocol(place.rstrip("/")))
