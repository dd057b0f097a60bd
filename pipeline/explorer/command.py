"""The command `gongkai serve`. It loads nothing of the explorer's libraries before it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import GongkaiError, UsageError
from pipeline import layout

if TYPE_CHECKING:
    import argparse


def add_serve(commands: Any) -> None:
    """Add the command to the subparsers of `gongkai`."""
    text = "show the tables, and the page behind each number, in a browser"
    command = commands.add_parser("serve", help=text, description=f"{text[0].upper()}{text[1:]}. It only reads.")
    command.add_argument("--data", default="data/clean", metavar="DIR", help="published tables (default: data/clean)")
    command.add_argument(
        "--raw",
        action="append",
        default=[],
        metavar="DIR",
        help="folder of documents or archives; may be given again (default: data/raw)",
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1, this machine)")
    command.add_argument("--port", type=int, default=8008, metavar="N", help="port to listen at (default: 8008)")
    command.set_defaults(run=_serve)


def add_index(commands: Any) -> None:
    """Add the command to the subparsers of `gongkai`."""
    text = "make what `gongkai serve` answers from, ahead of the first visit"
    command = commands.add_parser(
        "index",
        help=text,
        description=f"{text[0].upper()}{text[1:]}: a search index and sums, kept beside the tables. Where these have "
        "one already, nothing is done.",
    )
    command.add_argument("--data", default="data/clean", metavar="DIR", help="published tables (default: data/clean)")
    command.set_defaults(run=_index)


def _index(said: argparse.Namespace) -> int:
    try:
        from pipeline.explorer.index import make
    except ModuleNotFoundError as error:
        print(f"gongkai: {error.name} is missing; install gongkai[explorer]", file=sys.stderr)
        return 2
    folder = Path(said.data).resolve()
    if not layout.there(folder, "reports", "parquet"):
        print(f"gongkai: {said.data} holds no published tables", file=sys.stderr)
        return 2
    from tqdm import tqdm

    try:
        with tqdm(total=100, unit="%", desc="indexing", disable=None, leave=False, file=sys.stderr) as bar:

            def told(part: float) -> None:
                bar.update(int(part * 100) - bar.n)

            made = make(folder, told)
    except GongkaiError as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return 1
    print(f"the index of {said.data} is in {made.folder}")
    return 0


def _serve(said: argparse.Namespace) -> int:
    try:
        from pipeline.explorer.app import serve
    except ModuleNotFoundError as error:
        print(f"gongkai: {error.name} is missing; install gongkai[explorer]", file=sys.stderr)
        return 2
    try:
        serve(
            said.data,
            said.raw or ["data/raw"],
            said.host,
            said.port,
            lambda line: print(f"serving {said.data} at {line} (Ctrl-C ends)", flush=True),
        )
    except UsageError as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return 2
    except (GongkaiError, OSError) as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return 1
    return 0
