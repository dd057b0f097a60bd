"""The guard: documents are read in a process of their own that is watched over.

One process reads many documents, so that a good one costs next to nothing. When a document takes too long,
needs too much memory or brings the process down, the process is replaced, the document gets a verdict and
the others go on; what was on disk stays, what was not is read again. A crash or a lack of memory is only
held against a document that repeats it in a fresh process.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from parsers.errors import PipelineError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.archive.bundles import Place
    from pipeline.archive.tied import TiedPlace

START_SECONDS = 120.0
WRITE_SECONDS = 600.0
"""How long a process may take to start, and to write a chunk: then the run ends, for no document is to blame."""

POLL_SECONDS = 0.2
DEATHS = 3
"""So many ends of the process that no document explains end the run."""


class StoppedError(PipelineError):
    """The run was told to stop."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds of time, bytes of memory. Of a scan, each page may take as long."""

    seconds: float = 60.0
    memory: int = 2 * 1024**3


@dataclass(slots=True)
class Outcome:
    """What became of a job. `failed` are (source, reason), `took` are documents by `times.bucket`."""

    chunks: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, str]] = field(default_factory=list)
    verdicts: dict[int, tuple[str, str]] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    took: Counter[int] = field(default_factory=Counter)


class _EndedError(Exception):
    """The process ended or was ended; `why` is time, memory or crash."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.said = said


class Guard:
    """A watched process, started when first needed and replaced when it fails. For one thread at a time."""

    def __init__(self, parser: str, limits: Limits, stop: threading.Event | None = None) -> None:
        self.parser = parser
        self.limits = limits
        self.stop = stop
        self.process: subprocess.Popen[bytes] | None = None
        self.channel = -1
        self.buffer = b""
        self.noise: IO[bytes] | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is not None:
            if self.process.poll() is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.kill()
                self.process.wait()
            for stream in (self.process.stdin, self.noise):
                with contextlib.suppress(OSError):
                    if stream is not None:
                        stream.close()
            os.close(self.channel)
        self.process, self.buffer = None, b""

    def run(
        self,
        folder: Path,
        files: Sequence[tuple[str, str | Place | TiedPlace, str]],
        seen: Callable[[int], None] | None = None,
    ) -> Outcome:
        """Read `files`, each (source, path or place in an archive, sha256), and write their rows into `folder`.

        `seen` is told how many documents are newly on disk. PipelineError when the process cannot work at
        all, StoppedError when the run was told to stop.
        """
        outcome = Outcome()
        kept: set[int] = set()
        suspects: list[int] = []
        strikes: Counter[int] = Counter()
        unexplained = 0
        while len(kept) < len(files):
            rest = [place for place in range(len(files)) if place not in kept and place not in suspects]
            job = {
                "folder": str(folder),
                "chunk": outcome.chunks,
                "files": [[place, *files[place]] for place in [*suspects, *rest]],
                "verdicts": outcome.verdicts,
            }
            current: int | None = None
            try:
                self._start()
                self._send(job)
                while True:
                    wait = self.limits.seconds if current is not None else WRITE_SECONDS
                    message = self._receive(wait)
                    if "document" in message:
                        current = message["document"]
                    elif "writing" in message:
                        current = None
                    elif "kept" in message:
                        kept.update(message["kept"])
                        suspects = [place for place in suspects if place not in kept]
                        outcome.chunks += 1
                        outcome.rows.update(message["rows"])
                        outcome.took.update({int(number): count for number, count in message["took"].items()})
                        outcome.failed += [(source, reason) for source, reason in message["failed"]]
                        if seen is not None:
                            seen(len(message["kept"]))
                    elif "changed" in message:
                        outcome.changed.add(message["changed"])
                    elif "memory" in message:
                        raise _EndedError("memory")
                    elif "failed" in message:
                        raise PipelineError(f"the rows cannot be written ({message['failed']})")
                    elif "done" in message:
                        if message["tired"]:
                            self.close()
                        break
            except _EndedError as ended:
                self.close()
                if current is None:
                    unexplained += 1
                    if unexplained >= DEATHS:
                        raise PipelineError(f"the reading process ends again and again ({ended.said})") from ended
                    continue
                strikes[current] += 1
                if ended.why == "time" or (strikes[current] > 1 and current in suspects):
                    outcome.verdicts[current] = self._verdict(ended)
                    suspects = [place for place in suspects if place != current]
                elif current not in suspects:
                    suspects.insert(0, current)
            except BaseException:
                self.close()
                raise
        return outcome

    def _verdict(self, ended: _EndedError) -> tuple[str, str]:
        if ended.why == "time":
            return "time_limit", f"reading it took longer than {self.limits.seconds:g} seconds and was stopped"
        if ended.why == "memory":
            return "memory_limit", f"reading it needed more than {_size(self.limits.memory)} of memory and was stopped"
        return "parser_fatal", f"the process that read it ended ({ended.said})"

    def _start(self) -> None:
        if self.process is not None:
            return
        mine, theirs = os.pipe()
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        # A folder `parsers` where the command is run must not win over ours. Arrow's own allocators reserve
        # address space in large steps, which the limit would count.
        own = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
        environment = {**os.environ, **own}
        self.noise = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.guarded", str(theirs)],
                stdin=subprocess.PIPE,
                stdout=self.noise,
                stderr=self.noise,
                pass_fds=(theirs,),
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            os.close(mine)
            raise PipelineError(f"no reading process can be started ({error})") from error
        finally:
            os.close(theirs)
        self.channel = mine
        self._send({"parser": self.parser, "memory": self.limits.memory})
        message = self._receive(START_SECONDS)
        if "ready" not in message:
            raise PipelineError(f"the reading process cannot start ({message.get('failed', message)})")

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise _EndedError("crash", self._end()) from error

    def _receive(self, seconds: float) -> dict[str, Any]:
        """The next message, waited for at most so long."""
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.channel, selectors.EVENT_READ)
            while b"\n" not in self.buffer:
                if self.stop is not None and self.stop.is_set():
                    raise StoppedError("the run was stopped")
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _EndedError("time", f"it gave no answer for {seconds:g} seconds")
                if not selector.select(min(left, POLL_SECONDS)):
                    continue
                data = os.read(self.channel, 1 << 16)
                if not data:
                    raise _EndedError("crash", self._end())
                self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def _end(self) -> str:
        """How the process ended, in words."""
        assert self.process is not None
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            return "it closed its channel"
        if code >= 0:
            said = self._last_words() if self.process.returncode == 1 else ""
            return f"exit code {code}{f': {said}' if said else ''}"
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"

    def _last_words(self) -> str:
        if self.noise is None:
            return ""
        self.noise.seek(0)
        lines = self.noise.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""


def _size(count: int) -> str:
    return f"{count / 1024**3:g} GB" if count % 1024**3 == 0 else f"{count / 1024**2:.0f} MB"
