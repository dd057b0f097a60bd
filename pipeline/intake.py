"""Intake: every document of a run in a part, read now or before.

Of each document only what has to be known of it at the end is held, and of the shards that are to be read only which
documents they have: there may be millions.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from parsers.errors import PublishError
from parsers.records import ParsedBundle
from pipeline import manifest, parts, storage
from pipeline.archive.listed import Files, Hashes, Joined, RawFile
from pipeline.archive.tied import tie
from pipeline.engines import Cluster, Local
from pipeline.seen import Seen
from pipeline.shards import Shard, shards, stored_receipt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.records import DocumentRow
    from pipeline.archive.bundles import Place
    from pipeline.archive.loose import Inventory
    from pipeline.archive.tied import Tied, TiedPlace
    from pipeline.extract import Options
    from pipeline.harvest import Archived, Harvest
    from pipeline.parts import Receipt
    from pipeline.progress import Progress


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read: the receipts of all parts, and the documents as lines of the manifest, in a nameless file."""

    stock: Inventory
    harvest: Harvest
    work: Path
    digest: str
    receipts: list[Receipt]
    inputs: TextIO


def take_in(
    options: Options, stock: Inventory, harvest: Harvest, work: Path, digest: str, progress: Progress
) -> Intake:
    """Have every document in a part. `digest` is that of the parser; parts are kept in `work`.

    PublishError when that folder cannot be used.
    """
    folder = work / "parts"
    place_of_parts = options.parts.rstrip("/") or str(folder)
    if not storage.is_remote(place_of_parts):
        place_of_parts = os.path.abspath(place_of_parts)
    limits = (options.limits.seconds, options.limits.memory)

    def here(receipt: Receipt) -> None:
        """Bring a part that lies elsewhere to this machine, where tables are made."""
        if Path(place_of_parts) != folder and parts.load_receipt(folder / receipt.name) is None:
            storage.fetch_part(place_of_parts, receipt.name, folder / receipt.name)

    try:
        folder.mkdir(exist_ok=True)
        for left in folder.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
        memory = Seen(work / "seen.sqlite")
    except OSError as error:
        raise PublishError(f"the work folder {work} cannot be used ({error})") from error
    with contextlib.closing(memory):
        single, tied = tie(stock.files, memory, rehash=options.rehash)
        receipts: list[Receipt] = []
        hashes = Hashes(stock.files)
        everything: Joined[RawFile | Tied | Archived] = Joined(single, tied, harvest.documents)
        waiting = _Waiting(everything, hashes, place_of_parts, digest)
        progress.begin(len(everything))
        for places in shards(everything):
            group = [everything[place] for place in places]
            loose = [file for file in group if isinstance(file, RawFile)]
            known = {} if options.rehash else memory.hashes(loose)
            for file in loose:
                hashes.put(file.source, known.get(file.path, ""))
            inputs = [(file.source, _known(file, hashes)) for file in group]
            if all(sha256 for _, sha256 in inputs):
                name = parts.name_of(inputs, digest)
                receipt = parts.load_receipt(folder / name)
                if receipt is None and storage.is_remote(place_of_parts):
                    receipt = stored_receipt(place_of_parts, name)
                if receipt is not None and receipt.holds(limits):
                    here(receipt)
                    receipts.append(receipt)
                    progress.advance(len(group))
                    continue
            waiting.groups.append(places)
        engine: Cluster | Local = (
            Cluster(options.parser, options.limits, options.scheduler)
            if options.scheduler
            else Local(options.parser, options.limits, options.workers)
        )
        with engine:
            for place, done in engine.run(waiting, progress.advance):
                here(done.receipt)
                receipts.append(done.receipt)
                found = zip(waiting.group(place), done.hashes, strict=True)
                fresh = [
                    (file, sha256)
                    for file, sha256 in found
                    if isinstance(file, RawFile) and not hashes.get(file.source)
                ]
                for file, sha256 in fresh:
                    hashes.put(file.source, sha256)
                if done.receipt.lasting:
                    memory.remember(fresh)
        for bundle in tied:
            for file, sha256 in zip(bundle.files, bundle.hashes, strict=True):
                hashes.put(file.source, sha256)
        if stock.broken:
            receipts.append(_broken(stock, folder, digest))
        if harvest.crawl is not None and harvest.crawl.unfetched:
            receipts.append(_unfetched(harvest.crawl.unfetched, folder, digest))
        progress.finish()
    try:
        told = tempfile.TemporaryFile("w+", encoding="utf-8", dir=work)  # noqa: SIM115
        told.writelines(f"{line}\n" for line in manifest.lines(_inputs(harvest, hashes)))
        told.flush()
    except OSError as error:
        raise PublishError(f"the work folder {work} cannot be used ({error})") from error
    stock = replace(stock, files=Files())
    harvest = replace(harvest, documents=())
    return Intake(stock, harvest, work, digest, receipts, told)


class _Waiting:
    """The shards that are to be read, each made when it is asked for."""

    def __init__(self, everything: Joined[RawFile | Tied | Archived], hashes: Hashes, folder: str, digest: str) -> None:
        self.everything = everything
        self.hashes = hashes
        self.folder = folder
        self.digest = digest
        self.groups: list[Sequence[int]] = []

    def group(self, place: int) -> list[RawFile | Tied | Archived]:
        """The documents of a shard."""
        return [self.everything[one] for one in self.groups[place]]

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, place: int) -> Shard:
        files = tuple((file.source, _where(file), _known(file, self.hashes)) for file in self.group(place))
        return Shard(files, self.folder, self.digest)


def _inputs(harvest: Harvest, hashes: Hashes) -> Iterator[dict[str, Any]]:
    """What the manifest says of each document."""
    for file, sha256 in hashes.items():
        yield {"source": file.source, "sha256": sha256, "bytes": file.size}
    for one in harvest.documents:
        yield {"source": one.source, "sha256": one.document_id, "bytes": one.size, "archive": True}


def _known(file: RawFile | Tied | Archived, hashes: Hashes) -> str:
    """The sha256 of a document as far as it is known without opening it."""
    return hashes.get(file.source) if isinstance(file, RawFile) else file.sha256


def _where(file: RawFile | Tied | Archived) -> str | Place | TiedPlace:
    """Where a worker finds a document."""
    return file.path if isinstance(file, RawFile) else file.place


def _unfetched(rows: Sequence[DocumentRow], folder: Path, digest: str) -> Receipt:
    """A part of the documents that a crawl looked for and never got."""
    name = parts.name_of([(row.source, repr(row)) for row in rows], digest)
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    count, _ = parts.write_chunk(home / "0", [(place, ParsedBundle((row,))) for place, row in enumerate(rows)])
    receipt = parts.Receipt(name, 1, count, (), 0, (0.0, 0), lasting=False, seconds=0.0)
    parts.save_receipt(home, receipt)
    return receipt


def _broken(stock: Inventory, folder: Path, digest: str) -> Receipt:
    """A part of the documents that could not even be opened."""
    name = parts.name_of([(one.source, one.reason) for one in stock.broken], digest)
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    bundles = [parts.error_bundle(one.source, one.reason, code="unreadable") for one in stock.broken]
    rows, _ = parts.write_chunk(home / "0", list(enumerate(bundles)))
    failed = tuple((one.source, one.reason) for one in stock.broken)
    receipt = parts.Receipt(name, 1, rows, failed, 0, (0.0, 0), lasting=False, seconds=0.0)
    parts.save_receipt(home, receipt)
    return receipt
