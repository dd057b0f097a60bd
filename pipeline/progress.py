"""What a run tells its user: a bar on a terminal, lines elsewhere, nothing but errors when it is to be quiet.

For programs it can be lines of JSON instead, each with `time`, `level` and `event`, and `message` or the event's own
fields.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from types import TracebackType

EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


def printable(text: str) -> str:
    """Text that cannot steer a terminal: what is not printable is shown as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode("ascii") for c in text)


class Progress:
    """Counts documents towards a total. Safe to be told from several threads."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None, structured: bool = False) -> None:
        self.quiet = quiet
        self.structured = structured
        self.stream = stream if stream is not None else sys.stderr
        self.total = 0
        self.count = 0
        self._bar: Any = None
        self._last = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def begin(self, total: int) -> None:
        """Start counting towards `total`."""
        self.total, self.count = total, 0
        if not self.quiet and not self.structured and self.stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit="doc", file=self.stream, desc="reading", leave=False)

    def advance(self, number: int) -> None:
        """So many documents more are done."""
        with self._lock:
            self.count += number
            if self._bar is not None:
                self._bar.update(number)
            elif not self.quiet and time.monotonic() - self._last >= EVERY:
                self._last = time.monotonic()
                if self.structured:
                    self.event("progress", done=self.count, total=self.total)
                else:
                    self._write(f"{self.count} of {self.total} documents read")

    def finish(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def say(self, text: str) -> None:
        """A line, unless the run is to be quiet."""
        if not self.quiet:
            self._write(text)

    def error(self, text: str) -> None:
        """A line in any case."""
        self._write(text, level="error")

    def event(self, event: str, *, level: str = "info", **fields: object) -> None:
        """Something that programs are told, and people in other words."""
        if self.structured and (not self.quiet or level == "error"):
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = json.dumps({"time": now, "level": level, "event": event, **fields}, ensure_ascii=True, default=str)
            print(line, file=self.stream, flush=True)

    def _write(self, text: str, level: str = "info") -> None:
        if self.structured:
            self.event("message", level=level, message=text)
            return
        line = printable(text)
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        line = line.encode(encoding, "backslashreplace").decode(encoding)
        if self._bar is not None:
            self._bar.write(line, file=self.stream)
        else:
            print(line, file=self.stream, flush=True)
