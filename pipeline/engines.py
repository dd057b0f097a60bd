"""Engines: where shards are read. Here, processes of this machine.

Each of `workers` threads looks after one guarded process; the rows never pass through this process.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING

from pipeline.guard import Guard, Limits, StoppedError
from pipeline.shards import Done, Shard, read_shard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Local:
    """This machine's processes. As a context manager it leaves no process behind."""

    def __init__(self, parser: str, limits: Limits, workers: int) -> None:
        self.parser = parser
        self.limits = limits
        self.workers = workers
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Local:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def run(self, shards: Sequence[Shard], seen: Callable[[int], None] | None = None) -> Iterator[tuple[int, Done]]:
        """Read shards; yields each one's place in `shards` with what it gave, in the order of completion.

        What a worker raised is raised here, after which no further shard is begun.
        """
        waiting: queue.SimpleQueue[tuple[int, Shard]] = queue.SimpleQueue()
        for place, shard in enumerate(shards):
            waiting.put((place, shard))
        done: queue.SimpleQueue[tuple[int, Done] | BaseException] = queue.SimpleQueue()

        def work() -> None:
            with Guard(self.parser, self.limits, self._stop) as guard:
                while not self._stop.is_set():
                    try:
                        place, shard = waiting.get_nowait()
                    except queue.Empty:
                        return
                    try:
                        done.put((place, read_shard(shard, guard, seen)))
                    except StoppedError:
                        return
                    except BaseException as error:
                        done.put(error)
                        return

        self._threads = [threading.Thread(target=work, daemon=True) for _ in range(min(self.workers, len(shards)))]
        for thread in self._threads:
            thread.start()
        for _ in shards:
            # A wait without an end would keep signals from this thread.
            result = None
            while result is None:
                try:
                    result = done.get(timeout=1.0)
                except queue.Empty:
                    continue
            if isinstance(result, BaseException):
                raise result
            yield result
