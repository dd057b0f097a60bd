"""Back from the published tables to the archived bytes: every cell is found again by its locator and read again.

Nothing of the parser takes part: bytes come from `originals`, places from `finder`, numbers from `rereading`.
"""

from __future__ import annotations

import csv
import hashlib
import heapq
import re
import unicodedata
from collections import Counter, OrderedDict
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from pipeline.finder import Found, LocatorError, Page, PictureError, Print, encoding_doubt, opened
from pipeline.link.contacts import MARK
from pipeline.originals import MissingOriginalError, Originals
from pipeline.rereading import digits, reread, squeezed, states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.tables import Row, Tables

LOCATED = {"observations": "raw", "cells": "raw", "sections": "title", "issues": "raw", "figures": "phrase"}
"""Tables whose rows stand somewhere, and the column that says what stands there."""

STATED = ("title", "publisher_raw", "index_number", "document_number", "email", "phone", "scope_phrase")
"""Columns of `reports` whose text stands in a document of the report, with no locator to say where."""

SETTLED = ("glued_digits", "blanks_lost", "split_digits", "ocr_reading")
"""Repairs by which a value is no longer what one cell by itself says."""

BLANKS = ("blank", "slash", "dash", "none_word")
LOOKALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufad9]")
"""Radicals and compatibility forms, which fonts and pages made of PDFs have in place of characters."""

DRAWN = "\ufffd"
"""What is published of a cell in which something is drawn or pictured and nothing written."""

OPEN = 8
"""Documents that are held open."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of a table that the bytes do not confirm.

    `problem` is bytes_missing, bytes_changed, size_differs, encoding_differs, not_found, raw_differs,
    value_differs, status_differs, text_missing; or no_second_path, where only the parser's own way leads into the
    format.
    """

    problem: str
    table: str
    report_id: str
    document_id: str
    key: str
    locator: str
    published: str
    found: str


@dataclass(slots=True)
class Verdict:
    """What came of a verification. `found` counts rows by table, `reread` observations by how they were compared."""

    rows: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    reread: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every row that was looked for was found as published."""
        return not self.differences

    def lines(self) -> list[str]:
        """The outcome for a person."""
        said = [
            f"{table:13} {self.found[table]} of {self.rows[table]} found as published"
            for table in (*LOCATED, "reports")
            if self.rows[table]
        ]
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.reread.items()))
        if kinds:
            said.append(f"{'read again':13} {kinds}")
        said.append(f"{'differences':13} {len(self.differences)}")
        return said


def verify(tables: Tables, raw: Sequence[str], sample: int = 0, seed: str = "") -> Verdict:
    """Find the rows of the tables again in the bytes.

    `raw` are the folders that hold the documents or archives. With `sample`, that many observations are
    looked for, chosen by a digest of their keys and `seed`; else every row of every table that has
    locators. UsageError when the tables cannot be read.
    """
    check = _Verification(Originals(tables.known(), raw))
    if sample:
        check.all("observations", _sample(tables, sample, seed))
    else:
        for table in LOCATED:
            if tables.has(table):
                check.all(table, tables.rows(table))
        attached: dict[str, list[str]] = {}
        if tables.has("report_documents"):
            for row in tables.rows("report_documents"):
                if row["role"] == "attachment":
                    attached.setdefault(row["report_id"], []).append(row["document_id"])
        for row in tables.rows("reports"):
            check.report(row, attached.get(row["report_id"], ()))
    return check.verdict


def write(differences: Iterable[Difference], file: TextIO) -> None:
    """The table of differences as CSV."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([one.name for one in fields(Difference)])
    writer.writerows(list(asdict(one).values()) for one in differences)


def _sample(tables: Tables, count: int, seed: str) -> list[Row]:
    """The observations whose keys have the smallest digests, in published order."""

    def ranked() -> Iterator[tuple[bytes, int, Row]]:
        for place, row in enumerate(tables.rows("observations")):
            said = f"{seed}|{row['report_id']}|{row['indicator']}|{row['breakdown']}"
            yield hashlib.sha256(said.encode()).digest(), place, row

    chosen = heapq.nsmallest(count, ranked(), key=lambda one: one[0])
    return [row for _, _, row in sorted(chosen, key=lambda one: one[1])]


class _Verification:
    def __init__(self, originals: Originals) -> None:
        self.originals = originals
        self.verdict = Verdict()
        self.open: OrderedDict[str, Found | LocatorError | None] = OrderedDict()
        self.judged: set[str] = set()

    def all(self, table: str, rows: Iterable[Row]) -> None:
        for row in rows:
            if not row["locator"] or not row["document_id"]:
                continue
            self.verdict.rows[table] += 1
            before = len(self.verdict.differences)
            self._row(table, row)
            self.verdict.found[table] += len(self.verdict.differences) == before

    def _row(self, table: str, row: Row) -> None:
        found = self._document(row["document_id"])
        published = str(row[LOCATED[table]])
        if found is None:
            self._differ("bytes_missing", table, row, published, "")
            return
        try:
            if isinstance(found, LocatorError):
                raise found
            text = found.find(row["locator"])
        except LocatorError as error:
            if isinstance(error, PictureError) and not published:
                return
            known = isinstance(found, LocatorError) or isinstance(error, PictureError)
            self._differ("no_second_path" if known else "not_found", table, row, published, str(error))
            return
        if not _same(text, published, found, row):
            self._differ("raw_differs", table, row, published, text)
        elif table == "sections":
            for line in row["text"].split("\n"):
                if not _stands(line, found):
                    self._differ("text_missing", table, row, line[:200], "")
        elif table == "observations":
            self._value(row, text)
        elif table == "figures" and row["value"] is not None and not states(published, Decimal(repr(row["value"]))):
            self._differ("value_differs", table, row, str(row["value"]), published)

    def report(self, row: Row, attached: Sequence[str] = ()) -> None:
        """Look for what a report says of itself, in its main document and in those that are `attached`."""
        self.verdict.rows["reports"] += 1
        before = len(self.verdict.differences)
        row = {**row, "locator": ""}
        found = self._document(row["document_id"])
        if found is None:
            self._differ("bytes_missing", "reports", row, row["source"], "")
        elif not isinstance(found, LocatorError):
            for name in STATED:
                if row[name] and not any(
                    _stands(row[name], one, digits_only=name == "phone") for one in self._with(found, attached)
                ):
                    self._differ("text_missing", "reports", row, f"{name} {row[name]}", "")
        self.verdict.found["reports"] += len(self.verdict.differences) == before

    def _with(self, main: Found, attached: Sequence[str]) -> Iterator[Found]:
        """A report's documents, opened when they are asked for."""
        yield main
        for document_id in attached:
            found = self._document(document_id)
            if found is not None and not isinstance(found, LocatorError):
                yield found

    def _value(self, row: Row, text: str) -> None:
        """Read a cell's text again and compare."""
        status, value, repair = row["status"], row["value"], row["repair"]
        if status not in ("reported", *BLANKS):
            if value is not None:
                self._differ("status_differs", "observations", row, f"{status} {value}", text)
            self.verdict.reread["left open"] += 1
            return
        reading = reread(text)
        settled = any(rule in repair.split(";") for rule in SETTLED)
        if status in BLANKS:
            self.verdict.reread["blank"] += 1
            # A note or a unit may stand in a cell without a figure.
            plain = reading.kind == status or (not digits(text) and repair) or settled
            if value is not None or not plain:
                self._differ("status_differs", "observations", row, status, f"{reading.kind} {text}")
            return
        published = Decimal(repr(value)) if value is not None else None
        if published is None:
            self._differ("value_differs", "observations", row, "", text)
        elif settled:
            self.verdict.reread["settled by arithmetic"] += 1
            if _shown(abs(published)) not in digits(row["raw"]):
                self._differ("value_differs", "observations", row, str(value), text)
        elif reading.kind == "number":
            self.verdict.reread["number"] += 1
            if published not in reading.values:
                said = " or ".join(map(str, reading.values))
                self._differ("value_differs", "observations", row, str(value), said)
        else:
            self.verdict.reread["digits only"] += 1
            if not repair or (digits(text) and _shown(abs(published)).strip("0") not in digits(text)):
                self._differ("value_differs", "observations", row, str(value), text)

    def _document(self, document_id: str) -> Found | LocatorError | None:
        if document_id in self.open:
            self.open.move_to_end(document_id)
            return self.open[document_id]
        found: Found | LocatorError | None
        try:
            original = self.originals.open(document_id)
        except MissingOriginalError:
            found = None
        else:
            if document_id not in self.judged:
                self.judged.add(document_id)
                here = {"document_id": document_id, "report_id": "", "locator": ""}
                known = original.known
                if known.bytes is not None and known.bytes != len(original.content):
                    self._differ("size_differs", "documents", here, str(known.bytes), str(len(original.content)))
                if not original.intact:
                    self._differ("bytes_changed", "documents", here, document_id, known.place)
                if known.encoding and (
                    doubt := encoding_doubt(original.content, known.encoding, known.encoding_source)
                ):
                    self._differ("encoding_differs", "documents", here, known.encoding, doubt)
            try:
                found = opened(original)
            except (LocatorError, LookupError) as error:
                found = LocatorError(str(error))
        self.open[document_id] = found
        if len(self.open) > OPEN:
            self.open.popitem(last=False)
        return found

    def _differ(self, problem: str, table: str, row: Row, published: str, found: str) -> None:
        figure = table in ("observations", "figures")
        names = ("section", "indicator", "breakdown", "") if figure else ("table", "row", "column", "section")
        key = " ".join(str(row[name]) for name in names if name in row)
        self.verdict.differences.append(
            Difference(
                problem, table, row["report_id"], row["document_id"], key, row["locator"], published, found[:200]
            )
        )


def _shown(value: Decimal) -> str:
    """The digits of a number as they would be printed."""
    return digits(format(value.normalize(), "f"))


def _like(here: str, there: str) -> str:
    """What stands at a place, with the characters that its radicals and compatibility forms stand for.

    Where Unicode does not say which one it is, it may be the published one.
    """
    found = list(here)
    for at, sign in enumerate(here):
        if LOOKALIKE.match(sign):
            plain = unicodedata.normalize("NFKC", sign)
            found[at] = plain if plain != sign else there[at : at + 1] or sign
    return "".join(found)


def _same(text: str, published: str, found: Found, row: Row) -> bool:
    """Whether a place says what was published, white space aside."""
    here, there = squeezed(text), squeezed(published)
    if here == there:
        return True
    if LOOKALIKE.search(here):
        here = _like(here, there)
        if here == there:
            return True
        if not there and "text" in row:
            here = _like(here, squeezed(str(row["text"])))
    if MARK in there:
        return _in_order(there.split(MARK), here)
    if "severity" in row:
        # An issue may be about a part of a place, or about several places that begin there.
        return there in here or here in there
    if "section" in row:
        # A heading may run on into its text; what stands before the first heading has no title. The words of a
        # figure stand within their paragraph.
        body = squeezed(str(row.get("text", "")))
        if MARK in body:
            lines = (squeezed(line) for line in row["text"].split("\n") if MARK in line)
            return any(_in_order(line.split(MARK), here) for line in lines) or here in body
        if row["locator"].startswith("pdf:"):
            here, there, body = (unicodedata.normalize("NFKC", one) for one in (here, there, body))
        return here.startswith(there) if there and body else here in body if body else there in here
    locator = row["locator"]
    if there == DRAWN and not here:
        return True
    if locator.startswith("pdf:"):
        # Fonts may map a character to a look-alike from the blocks of radicals and compatibility forms.
        plain = [unicodedata.normalize("NFKC", one) for one in (here, there)]
        if plain[0] == plain[1] or sorted(plain[0]) == sorted(plain[1]):
            return True
        # A cell that runs over the end of a page.
        tail = plain[1].removeprefix(plain[0])
        beyond = unicodedata.normalize("NFKC", squeezed(found.following(locator))) if isinstance(found, Print) else ""
        return bool(plain[0]) and plain[1].startswith(plain[0]) and tail in beyond
    if isinstance(found, Page) and there.startswith(here):
        # A cell that a flattened page prints on several lines, or several cells read together.
        rest = [squeezed(one) for one in found.following(locator, 4 * (1 + published.count("\n")))]
        parts = [squeezed(part) for part in published.split("\n")]
        run_on = (here + "".join(rest)).startswith(there)
        return run_on or (len(parts) > 1 and all(part in rest for part in parts if part and part not in here))
    return False


def _stands(text: str, found: Found, *, digits_only: bool = False) -> bool:
    """Whether a text stands somewhere in a document; True for documents whose text has no order of its own."""
    if not isinstance(found, Page):
        return True
    if digits_only:
        # A telephone number may have lost its hyphen.
        return digits(text) in digits(found.everything)
    everything = found.everything
    if _in_order(squeezed(text).split(MARK), everything):
        return True
    if MARK in text or not LOOKALIKE.search(everything):
        return False
    either = LOOKALIKE.pattern[1:-1]
    return re.search("".join(f"[{re.escape(c)}{either}]" for c in squeezed(text)), everything) is not None


def _in_order(parts: Sequence[str], text: str) -> bool:
    """Whether the parts of a text from which contacts were taken out stand one after the other in another one."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
