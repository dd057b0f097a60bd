"""Engines: where shards are read: processes of this machine, or the workers of a Dask cluster.

Both read shards with the same function, which holds the guard of each document; rows go from the process that read
them into a part, and what comes back is a receipt.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING, Any, Protocol

from parsers.errors import PipelineError, UsageError
from pipeline import versions
from pipeline.guard import Guard, Limits, StoppedError
from pipeline.shards import Done, Shard, read_shard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TASK = 200
"""A task of a cluster has at least so many documents, where there are so many: its own cost stays small beside them."""

LOSSES = 3
"""So often a task is given out anew after the scheduler gave it up, because each worker that had it was lost."""


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Shards(Protocol):
    """Shards that can be asked for by their places."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Shard: ...


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

    def run(self, shards: Shards, seen: Callable[[int], None] | None = None) -> Iterator[tuple[int, Done]]:
        """Read shards; yields each one's place in `shards` with what it gave, in the order of completion.

        What a worker raised is raised here, after which no further shard is begun.
        """
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(len(shards)):
            waiting.put(place)
        done: queue.SimpleQueue[tuple[int, Done] | BaseException] = queue.SimpleQueue()

        def work() -> None:
            with Guard(self.parser, self.limits, self._stop) as guard:
                while not self._stop.is_set():
                    try:
                        place = waiting.get_nowait()
                    except queue.Empty:
                        return
                    try:
                        done.put((place, read_shard(shards[place], guard, seen)))
                    except StoppedError:
                        return
                    except BaseException as error:
                        done.put(error)
                        return

        self._threads = [threading.Thread(target=work, daemon=True) for _ in range(min(self.workers, len(shards)))]
        for thread in self._threads:
            thread.start()
        for _ in range(len(shards)):
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


class Cluster:
    """The workers of a Dask cluster, which see the raw documents and the folder of parts under the same addresses.

    UsageError when the scheduler does not answer, or its workers have other code than this process.
    """

    def __init__(self, parser: str, limits: Limits, address: str) -> None:
        try:
            import distributed
        except ImportError as error:
            raise UsageError("--engine dask needs Dask", remedy="Install gongkai[dask].") from error
        self.parser = parser
        self.limits = limits
        try:
            client: Any = distributed.Client
            self.client = client(address, set_as_default=False, timeout=30)
        except (OSError, ValueError) as error:
            raise UsageError(f"the scheduler at {address} does not answer ({error})") from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def run(self, shards: Shards, seen: Callable[[int], None] | None = None) -> Iterator[tuple[int, Done]]:
        """Read shards; yields each one's place in `shards` with what it gave, in the order of completion.

        A worker that is lost costs what it was doing: its task goes to another, which finds the parts that are done.
        """
        import distributed
        from distributed.scheduler import KilledWorker

        tasks = _tasks(shards)
        losses = [0] * len(tasks)

        def give(number: int) -> object:
            given = [shards[place] for place in tasks[number]]
            future = self.client.submit(_read_task, given, self.parser, self.limits, pure=False)
            running[future] = number
            return future

        running: dict[object, int] = {}
        completed: Any = distributed.as_completed
        waiting = completed([give(number) for number in range(len(tasks))], loop=self.client.loop)
        for future in waiting:
            number = running.pop(future)
            error = future.exception()
            if isinstance(error, KilledWorker):
                losses[number] += 1
                if losses[number] > LOSSES:
                    raise PipelineError(f"the cluster loses its workers again and again ({error})") from error
                waiting.add(give(number))
                continue
            if error is not None:
                raise error
            for place, done in zip(tasks[number], future.result(), strict=True):
                if seen is not None:
                    seen(len(shards[place].files))
                yield place, done


def _tasks(shards: Shards) -> list[list[int]]:
    """Places of shards put together so that each task has enough documents."""
    found: list[list[int]] = []
    size = TASK
    for place in range(len(shards)):
        if size >= TASK:
            found.append([])
            size = 0
        found[-1].append(place)
        size += len(shards[place].files)
    return found


_guards = threading.local()


def _read_task(shards: Sequence[Shard], parser: str, limits: Limits) -> list[Done]:
    """On a worker: read shards one after the other. The guarded process stays for the next task."""
    wanted = {shard.parser_digest for shard in shards}
    if wanted != {versions.parser_digest(parser)}:
        raise UsageError(
            "a worker of the cluster has other code than this process", remedy="Install the same gongkai everywhere."
        )
    guard: Guard | None = getattr(_guards, "guard", None)
    if guard is None or (guard.parser, guard.limits) != (parser, limits):
        if guard is not None:
            guard.close()
        guard = _guards.guard = Guard(parser, limits)
    try:
        return [read_shard(shard, guard) for shard in shards]
    except BaseException:
        guard.close()
        raise
