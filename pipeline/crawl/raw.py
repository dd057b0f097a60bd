"""`gongkai raw`: look into the archive, export from it, import others' archives."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from parsers.errors import UsageError
from pipeline.crawl.terminal import Exit, err, guarded
from pipeline.progress import printable


def add_raw(commands: Any) -> None:
    """Add `raw` with its subcommands to what `ArgumentParser.add_subparsers` returned."""
    raw = commands.add_parser("raw", help="look into the archive, export from it, import others' archives")
    below = raw.add_subparsers(dest="below", required=True, metavar="COMMAND")
    for name, function, words in (
        ("list", _raw_list, "list what the archive holds"),
        ("show", _raw_show, "write out one document"),
        ("export", _raw_export, "write records into a new WARC or WACZ file"),
        ("import", _raw_import, "take in WARC and WACZ files of others"),
    ):
        one = below.add_parser(name, help=words)
        one.add_argument("--archive", default="data/raw", metavar="DIR", help="archive folder (default: data/raw)")
        one.set_defaults(run=guarded(function))
        if name == "list":
            one.add_argument("like", nargs="?", default="", metavar="TEXT", help="addresses that contain this")
        elif name == "show":
            one.add_argument("what", metavar="URL|FILE:OFFSET|SHA256")
            one.add_argument("--headers", action="store_true", help="the headers, not the content")
        elif name == "export":
            one.add_argument("aim", metavar="FILE", help="a new file, .warc.gz or .wacz")
            one.add_argument("--like", default="", metavar="TEXT", help="addresses that contain this (default: all)")
        else:
            one.add_argument("files", nargs="+", metavar="FILE")


def _raw_list(said: argparse.Namespace) -> int:
    from pipeline.archive.captures import Captures

    with Captures(_folder(said)) as captures:
        captures.update()
        print("\t".join(("address", "fetched_at", "status", "media_type", "bytes", "sha256", "role", "record")))
        for one in captures.all(like=said.like):
            kind = "revisit" if one.revisit else one.media_type
            values = (one.address, one.fetched_at.isoformat(), one.status, kind, one.bytes, one.digest, one.role)
            print("\t".join([printable(str(value)) for value in values] + [f"{one.archive}:{one.offset}"]))
        return _torn(captures.broken())


def _raw_show(said: argparse.Namespace) -> int:
    from pipeline.archive.addresses import canonical
    from pipeline.archive.captures import Captures
    from pipeline.archive.reading import ArchiveError, message, record_at

    folder, what = _folder(said), said.what
    name, _, offset = what.rpartition(":")
    if offset.isascii() and offset.isdigit() and (folder / name).is_file():
        record = record_at(folder / name, int(offset))
        shown = message(record.block) if record.http() or record.kind == "request" else None
        head = "".join(f"{key}: {value}\n" for key, value in record.head)
        content = record.block if shown is None or record.kind == "request" else shown.content()
    else:
        with Captures(folder) as captures:
            captures.update()
            found = [one for one in captures.all(address=canonical(what) or what) if not one.revisit]
            found = found or [one for one in captures.all() if one.digest == what and not one.revisit]
            if not found:
                raise ArchiveError(
                    f"the archive holds nothing of {what}", remedy="`gongkai raw list` shows what it holds."
                )
            shown = captures.message(found[-1])
            record = record_at(folder / found[-1].archive, found[-1].offset)
            head = "".join(f"{key}: {value}\n" for key, value in record.head)
            content = shown.content()
    if said.headers:
        _out_lines(head)
        if shown is not None:
            _out_lines("\n" + "".join(f"{key}: {value}\n" for key, value in shown.headers))
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    return Exit.WELL


def _raw_export(said: argparse.Namespace) -> int:
    from pipeline.archive.transfer import export

    done = export(_folder(said), Path(said.aim), said.like)
    print(f"{done.records} records written to {said.aim}")
    return _torn([("", broken) for broken in done.broken])


def _raw_import(said: argparse.Namespace) -> int:
    from pipeline.archive.transfer import take_in

    folder = Path(said.archive)
    ending = Exit.WELL
    for name in said.files:
        for one in take_in(Path(name), folder):
            print(f"{printable(one.source)}: {one.records} records in {one.archive}")
            if one.broken:
                err(f"{one.source}: {one.broken}; what follows was not taken in")
                ending = Exit.PROBLEMS
    return ending


def _folder(said: argparse.Namespace) -> Path:
    folder = Path(said.archive)
    if not folder.is_dir():
        raise UsageError(f"there is no archive folder {folder}")
    return folder


def _torn(broken: list[tuple[str, str]]) -> int:
    for _, message in broken:
        err(message)
    return Exit.PROBLEMS if broken else Exit.WELL


def _out_lines(text: str) -> None:
    for line in text.split("\n"):
        print(printable(line))
