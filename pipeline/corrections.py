"""Corrections: figures that a person has put right, kept as data in `corrections/*.toml`.

They fill `observations.value_corrected` and nothing else. Each says what it expects to find; where that is no
longer so, the run fails and says which entry is out of date. The fields are explained in
`corrections/corrections.toml`.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from parsers.errors import DataFileError, PublishError, UsageError
from parsers.records import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTIONS = ("replace", "confirm")
FIELDS = ("report", "indicator", "breakdown", "action", "value", "expect", "reason", "source", "by", "on")
REQUIRED = ("report", "indicator", "breakdown", "action", "expect", "reason", "source")
EXPECTED = ("raw", "value", "status")
DEFAULT = "corrections"

Key = tuple[str, str, str]


class CorrectionError(PublishError):
    """A correction does not fit what is published now."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry. `value` is in the standard unit, None for `confirm`; `expect` holds what stands in the cell."""

    report: str
    indicator: str
    breakdown: str
    action: str
    value: Decimal | None
    expect: dict[str, Any]
    reason: str
    source: str
    where: str

    @property
    def key(self) -> Key:
        return self.report, self.indicator, self.breakdown

    def objection(self, row: dict[str, Any]) -> str:
        """What speaks against it in the cell as it is now, in words."""
        for name, wanted in self.expect.items():
            found = row[name]
            found = ("" if found is None else found) if name != "value" else found
            if name == "value":
                same = (found is None) == (wanted is None) and (wanted is None or Decimal(repr(found)) == wanted)
            else:
                same = found == wanted
            if not same:
                return f"{name} is {found!r}, expected was {wanted if wanted is None else str(wanted)!r}"
        return ""


@dataclass(slots=True)
class Corrections:
    """All entries of a folder, and what has become of them. `amend` is called on tables as they are published."""

    entries: dict[Key, Correction] = field(default_factory=dict)
    digest: str = ""
    reports: set[str] = field(default_factory=set)
    done: set[Key] = field(default_factory=set)

    def amend(self, table: str, rows: pa.Table) -> pa.Table:
        """The rows of a table with the corrections that belong to them. CorrectionError when one does not hold."""
        if not self.entries or table not in ("reports", "observations"):
            return rows
        wanted = pa.array(sorted({key[0] for key in self.entries}), pa.string())
        mine = pc.is_in(rows["report_id"], value_set=wanted)
        places = pc.indices_nonzero(mine).to_pylist()
        if table == "reports":
            self.reports.update(rows["report_id"].take(places).to_pylist())
            return rows
        mask = [False] * rows.num_rows
        values: list[float] = []
        for place in places:
            row = {name: rows[name][place].as_py() for name in ("report_id", "indicator", "breakdown", *EXPECTED)}
            correction = self.entries.get((row["report_id"], row["indicator"], row["breakdown"] or ""))
            if correction is None:
                continue
            if objection := correction.objection(row):
                raise CorrectionError(
                    f"a correction no longer holds: {' '.join(correction.key)}: {objection}",
                    reading=correction.where,
                    remedy="Look at the source again; change or remove the entry.",
                )
            self.done.add(correction.key)
            if correction.value is not None:
                mask[place] = True
                values.append(float(correction.value))
        if not values:
            return rows
        at = rows.schema.get_field_index("value_corrected")
        old = rows["value_corrected"].combine_chunks()
        old = old.chunk(0) if isinstance(old, pa.ChunkedArray) else old
        filled = pc.replace_with_mask(old, pa.array(mask), pa.array(values, pa.float64()))
        return rows.set_column(at, rows.schema.field(at), filled)

    def settled(self) -> dict[str, int]:
        """What came of the entries. CorrectionError for one whose report was published without its cell."""
        lost = [one for key, one in self.entries.items() if one.report in self.reports and key not in self.done]
        if lost:
            raise CorrectionError(
                f"a correction finds no cell: {' '.join(lost[0].key)}",
                reading=lost[0].where,
                remedy="The line is not in the report any more; change or remove the entry.",
            )
        replaced = sum(self.entries[key].value is not None for key in self.done)
        return {
            "replaced": replaced,
            "confirmed": len(self.done) - replaced,
            "elsewhere": len(self.entries) - len(self.done),
        }


def load(folder: str | Path) -> Corrections:
    """The corrections of a folder; none where the default folder is not there.

    UsageError when a folder that was named is missing, DataFileError when a file is wrong.
    """
    path = Path(folder)
    if not path.is_dir():
        if str(folder) != DEFAULT:
            raise UsageError(f"there is no folder {folder}", remedy="Name a folder of corrections, or none.")
        return Corrections(digest=_digest([]))
    files = sorted(path.glob("*.toml"))
    entries: dict[Key, Correction] = {}
    for file in files:
        for one in read(file.read_text("utf-8"), file.name):
            if one.key in entries:
                raise DataFileError(f"{' '.join(one.key)} is corrected twice", reading=one.where)
            entries[one.key] = one
    return Corrections(entries, _digest(files))


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read(text: str, name: str) -> list[Correction]:
    """The entries of one file. DataFileError, with file and entry, when one is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"not TOML: {error}", reading=name) from error
    if extra := said.keys() - {"corrections"}:
        raise DataFileError(f"unknown table {sorted(extra)[0]}", reading=name, remedy="Entries are [[corrections]].")
    return [_entry(item, f"{name}, entry {place}") for place, item in enumerate(said.get("corrections", []), 1)]


def _entry(item: Any, where: str) -> Correction:
    if not isinstance(item, dict):
        raise DataFileError("an entry has to be a table", reading=where)
    for name in REQUIRED:
        if name not in item or (name not in ("breakdown", "expect") and not item[name]):
            raise DataFileError(f"{name} is missing", reading=where)
    if extra := item.keys() - set(FIELDS):
        raise DataFileError(f"unknown field {sorted(extra)[0]}", reading=where, remedy=f"Known are {', '.join(FIELDS)}")
    if item["action"] not in ACTIONS:
        raise DataFileError(f"action {item['action']!r} is none of {', '.join(ACTIONS)}", reading=where)
    if (item["action"] == "replace") != ("value" in item):
        raise DataFileError("`replace` needs a value, and `confirm` has none", reading=where)
    expect = item["expect"]
    if not isinstance(expect, dict) or not expect or expect.keys() - set(EXPECTED):
        raise DataFileError(f"expect has to hold one of {', '.join(EXPECTED)}", reading=where)
    if expect.get("status", STATUSES[0]) not in STATUSES:
        raise DataFileError(f"status {expect['status']!r} is none of {', '.join(STATUSES)}", reading=where)
    if "on" in item and not isinstance(item["on"], datetime.date):
        raise DataFileError("on has to be a date", reading=where)
    checked = {**expect}
    if "value" in expect:
        checked["value"] = None if expect["value"] == "" else _number(expect["value"], where)
    return Correction(
        report=str(item["report"]),
        indicator=str(item["indicator"]),
        breakdown=str(item["breakdown"]),
        action=item["action"],
        value=_number(item["value"], where) if "value" in item else None,
        expect=checked,
        reason=str(item["reason"]),
        source=str(item["source"]),
        where=where,
    )


def _number(value: Any, where: str) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        number = Decimal(str(value))
    except InvalidOperation:
        raise DataFileError(f"{value!r} is no number", reading=where) from None
    if not number.is_finite():
        raise DataFileError(f"{value!r} is no number", reading=where)
    return number
