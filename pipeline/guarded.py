"""The process in which documents are read: started, watched and, if need be, stopped by `pipeline.guard`.

It reads jobs, one JSON object a line, from its standard input and answers on the file descriptor that is
its only argument: `document` before each document, `page` before each page that is recognised, `kept` when rows are on
disk, `memory` when memory ran out, `failed` when the run cannot go on, `done` at a job's end.
"""

from __future__ import annotations

import ctypes
import gc
import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import GongkaiError, NeedsOcrError
from parsers.records import Bundle, ParsedBundle
from pipeline import parts, storage, times

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.archive.bundles import Place
    from pipeline.archive.tied import TiedPlace

CHUNK_DOCUMENTS = 64
CHUNK_ROWS = 200_000
CHUNK_SECONDS = 5.0
"""Rows go to disk after so many documents, rows or seconds: what a crash makes be read again is no more."""

COLLECT_BYTES = 8 * 1024**2
"""Garbage is looked for after each chunk, and after so many bytes of documents."""

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Answer jobs until the standard input ends."""
    channel = os.fdopen(int(sys.argv[1]), "w", encoding="ascii", buffering=1)

    def say(**message: Any) -> None:
        channel.write(json.dumps(message) + "\n")

    _die_with_parent()
    # These were for this process, not for programs that it may start.
    for name in ("PYTHONPATH", "PYTHONSAFEPATH"):
        os.environ.pop(name, None)
    # Arrow loads pandas, a second of work, to ask whether a list is one of its series; none is here.
    sys.modules["pandas"] = None  # type: ignore[assignment]
    setup = json.loads(sys.stdin.readline())
    try:
        module, _, function = setup["parser"].partition(":")
        reading = importlib.import_module(module)
        parse = getattr(reading, function)
        if hasattr(reading, "watch"):
            # A scan of many pages may take longer than one document; each page that is begun shows that it goes on.
            reading.watch(lambda: say(page=True))
        read = Reader(parse, say)
        # Records are no garbage: looking for some among them at every turn costs a tenth of the time.
        gc.freeze()
        gc.disable()
        base = _limit_memory(setup["memory"])
        say(ready=True)
        for line in sys.stdin:
            read.job(json.loads(line))
            say(done=True, tired=_address_space() - base > setup["memory"] // 2)
    except MemoryError:
        say(memory=True)
    except BaseException as error:
        say(failed=f"{type(error).__name__}: {error}", trace=traceback.format_exc())
        raise


class Reader:
    """Reads the documents of a job and writes their rows, chunk by chunk."""

    def __init__(self, parse: Callable[[Bundle], ParsedBundle], say: Callable[..., None]) -> None:
        self.parse = parse
        self.say = say
        self.took: Counter[int] = Counter()

    def job(self, job: dict[str, Any]) -> None:
        """Read `files`, each [place, source, path or place in an archive, sha256], into `folder`.

        Those in `verdicts` become errors.
        """
        folder, chunk = Path(job["folder"]), job["chunk"]
        verdicts = {int(place): verdict for place, verdict in job["verdicts"].items()}
        held: list[tuple[int, ParsedBundle]] = []
        rows, since, read = 0, time.monotonic(), 0
        self.took = Counter()
        for place, source, path, expected in job["files"]:
            self.say(document=place)
            started = time.perf_counter()
            bundle, lasting = self.document(source, path, expected, verdicts.get(place))
            self.took[times.bucket(time.perf_counter() - started)] += 1
            if not lasting:
                self.say(changed=place)
            held.append((place, bundle))
            read += bundle.documents[0].bytes or 0
            rows += sum(len(getattr(bundle, table)) for table in parts.TABLE_NAMES)
            if len(held) >= CHUNK_DOCUMENTS or rows >= CHUNK_ROWS or time.monotonic() - since >= CHUNK_SECONDS:
                self.keep(folder / str(chunk), held)
                held, rows, since, chunk = [], 0, time.monotonic(), chunk + 1
            if not held or read >= COLLECT_BYTES:
                gc.collect()
                read = 0
        if held:
            self.keep(folder / str(chunk), held)

    def keep(self, folder: Path, held: list[tuple[int, ParsedBundle]]) -> None:
        self.say(writing=True)
        shutil.rmtree(folder, ignore_errors=True)
        rows, refused = parts.write_chunk(folder, held)
        failed = [
            [
                parts.clean(text)
                for text in (bundle.documents[0].source, refused.get(place) or bundle.documents[0].reason)
            ]
            for place, bundle in held
            if place in refused or bundle.documents[0].kind == "error"
        ]
        self.say(kept=[place for place, _ in held], rows=rows, failed=failed, took=self.took)
        self.took = Counter()

    def document(
        self, source: str, path: str | Place | TiedPlace, expected: str, verdict: list[str] | None
    ) -> tuple[ParsedBundle, bool]:
        """Read one document. Also returns whether the bytes were the expected ones."""
        if not isinstance(path, str):
            return self.archived(source, path, expected, verdict)
        try:
            if verdict is not None:
                found, size = fingerprint(path)
                code, reason = verdict
                return parts.error_bundle(source, reason, code=code, document_id=found, size=size), found == expected
            with storage.open_binary(path) as file:
                content = file.read()
        except OSError as error:
            reason = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
            return parts.error_bundle(source, reason, code="unreadable"), False
        found = hashlib.sha256(content).hexdigest()
        return self.parsed(Bundle(content=content, source=source), found), found == expected

    def archived(
        self, source: str, where: Place | TiedPlace, expected: str, verdict: list[str] | None
    ) -> tuple[ParsedBundle, bool]:
        """The same for a document in an archive, and for a page with its attachments."""
        from pipeline.archive import bundles, tied

        code, reason = verdict or ("unreadable", "")
        if verdict is None:
            try:
                bundle = tied.bundle_at(where) if "files" in where else bundles.bundle_at(where)
            except (GongkaiError, OSError) as error:
                reason = str(error)
            else:
                inputs = bundles.inputs_of(bundle)
                return self.parsed(bundle, inputs[0][1]), bundles.digest(inputs) == expected
        document, size = where["document_id"], where["bytes"]
        failed = parts.error_bundle(source, reason, code=code, document_id=document, size=size)
        return failed, verdict is not None

    def parsed(self, given: Bundle, document_id: str) -> ParsedBundle:
        """What the reader says of a bundle; an error where it cannot."""
        try:
            bundle = self.parse(given)
            if not bundle.documents:
                raise TypeError("the reader returned no document")
            return bundle
        except NeedsOcrError as error:
            reason, code = str(error), "needs_ocr"
        except GongkaiError as error:
            reason, code = str(error), "unreadable"
        except RecursionError:
            reason, code = "the document is nested too deeply to be read", "parser_fatal"
        except (Exception, SystemExit) as error:
            reason, code = f"the reader failed ({_what(error)})", "parser_fatal"
        return parts.error_bundle(given.source, reason, code=code, document_id=document_id, size=len(given.content))


def fingerprint(path: str) -> tuple[str, int]:
    """The sha256 of a file's bytes and their number, in bounded memory."""
    digest, size = hashlib.sha256(), 0
    with storage.open_binary(path) as file:
        while piece := file.read(1 << 18):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _what(error: BaseException) -> str:
    """An unexpected error in one line, with the place that raised it."""
    if isinstance(error, MemoryError):
        raise error
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}{f': {text}' if text else ''}{place}"


def _limit_memory(limit: int) -> int:
    """Allow so many bytes beyond what the process holds now; returns what it holds."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    base = _address_space()
    if base:
        resource.setrlimit(resource.RLIMIT_AS, (base + limit, base + limit))
    return base


def _address_space() -> int:
    """The size of the process's address space in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _die_with_parent() -> None:
    """Where the system can do it, end when the process that watches over this one ends."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return


if __name__ == "__main__":
    main()
