"""What the crawl's commands share: exit codes, words for a person, expected errors as both."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from enum import IntEnum

from parsers.errors import GongkaiError, UsageError
from pipeline.progress import printable


class Exit(IntEnum):
    """Exit codes of the crawl's commands."""

    WELL = 0
    PROBLEMS = 1
    USAGE = 2
    NOTHING = 3
    STOPPED = 5
    BUSY = 6
    GUARD = 7


EXIT_CODES = """\
exit codes:
  0  all is well
  1  a source needs a person: a list that is empty, unread or incomplete, a bot wall; the rest was fetched
  2  bad usage, a wrong sources file, or no contact
  3  no source answered at all
  5  the crawl could not go on (disk, archive, database)
  6  another crawl is at work in the same folder
  7  refresh: the new release would drop by more than allowed; nothing was published
  130, 143  interrupted; the next run goes on from there
"""


def guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command whose expected errors become words and exit codes."""

    def inner(said: argparse.Namespace) -> int:
        from pipeline.crawl.frontier import BusyError
        from pipeline.crawl.sites import SourcesError

        try:
            return int(run(said))
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Exit.WELL
        except (UsageError, SourcesError) as error:
            err(str(error))
            return Exit.USAGE
        except BusyError as error:
            err(str(error))
            return Exit.BUSY
        except (GongkaiError, OSError) as error:
            err(str(error))
            return Exit.STOPPED

    return inner


def err(text: str) -> None:
    """A line on standard error, with the name of the program."""
    print(f"gongkai: {printable(text)}", file=sys.stderr, flush=True)


def out(text: str) -> None:
    """A line on standard output that cannot steer a terminal."""
    print(printable(text).replace("\\t", "\t"))
