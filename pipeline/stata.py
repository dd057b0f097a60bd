"""`panel.dta`: the panel for Stata 14 and later (format 118), written row by row.

What a cell says that holds no number is kept as a kind of missing: `.b` blank, `.s` slash, `.d` dash, `.n` the word
无, `.m` the page prints no such cell, `.f` the form has none, `.u` unclear: unreadable, ambiguous, in conflict, or in
an unknown unit. `body_id` counts the bodies in the order of their ids, for `xtset`; the id itself is `body`. Dates
are `%td`. The bytes depend on the rows alone: the file has no time stamp.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parsers.errors import PublishError
from parsers.records import PanelRow, columns
from pipeline import schema
from pipeline.codebook import stata_name
from pipeline.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

NAME = "panel.dta"
LABEL = "Government information disclosure in China: panel of annual reports"

KINDS = {
    "blank": "b", "slash": "s", "dash": "d", "none_word": "n", "not_printed": "m", "not_on_form": "f",
    "ambiguous": "u", "unreadable": "u", "conflict": "u", "reported": "u",
}  # fmt: skip
"""For each status of a cell without a number the letter of its missing value."""

BATCH = 512
EPOCH = date(1960, 1, 1)
LABEL_CHARACTERS = 80
BYTES_OF_LONG_TEXT = 2045
_DOUBLE_MISSING, _DOUBLE_STEP = 0x7FE0000000000000, 0x0000010000000000
_LONG_MISSING = 2147483621
_TYPES = {"double": 65526, "long": 65528}
_FORMATS = {"double": "%12.0g", "long": "%12.0g", "date": "%td"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the file: `kind` is double, long, date or text, `width` the bytes of a text.

    `column` is the panel's column that it is made from.
    """

    name: str
    column: str
    label: str
    kind: str
    width: int = 0

    @property
    def type(self) -> int:
        return self.width if self.kind == "text" else _TYPES["double" if self.kind == "double" else "long"]

    @property
    def format(self) -> str:
        return f"%{self.width}s" if self.kind == "text" else _FORMATS[self.kind]

    @property
    def stored(self) -> str:
        return f"S{self.width}" if self.kind == "text" else "<u8" if self.kind == "double" else "<i4"


def write(folder: Path) -> str:
    """Write `panel.dta` from the panel's Parquet files in a folder. Returns the name of the file.

    PublishError when the panel cannot be held by the format.
    """
    tables = Tables(folder)
    with open(folder / NAME, "wb") as file:
        _write(file, variables(tables), tables)
    return NAME


def variables(tables: Tables) -> list[Variable]:
    """The variables of the file, in order. The widths of texts are those of the longest in the panel."""
    own = columns(PanelRow)
    widths = _widths(tables, [column.name for column in own if column.kind == "text"])
    labels = {column.name: column.en for column in schema.columns("panel")}
    made = [Variable("body_id", "body_id", "body, counted, for xtset", "long")]
    for column in own:
        name = "body" if column.name == "body_id" else column.name
        kind = {"text": "text", "int": "long", "date": "date"}[column.kind]
        made.append(Variable(name, column.name, labels[column.name], kind, widths.get(column.name, 0)))
    for indicator, breakdown in schema.cells():
        name = schema.wide_name(indicator, breakdown)
        made.append(Variable(stata_name(indicator, breakdown), name, labels[name], "double"))
    names = [variable.name for variable in made]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise PublishError(f"two variables of {NAME} have the same name", where=", ".join(twice))
    return made


def _widths(tables: Tables, names: list[str]) -> dict[str, int]:
    found = dict.fromkeys(names, 1)
    for batch in tables.batches("panel", names, BATCH):
        for name in names:
            longest = pc.max(pc.binary_length(batch.column(name))).as_py()
            found[name] = max(found[name], longest or 0)
    for name, width in found.items():
        if width > BYTES_OF_LONG_TEXT:
            raise PublishError(f"a text of {name} is too long for {NAME}")
    return found


def _write(file: BinaryIO, made: list[Variable], tables: Tables) -> None:
    count = tables.count("panel")
    label = LABEL.encode()
    header = b"".join(
        (
            b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>",
            b"<K>" + struct.pack("<H", len(made)) + b"</K>",
            b"<N>" + struct.pack("<Q", count) + b"</N>",
            b"<label>" + struct.pack("<H", len(label)) + label + b"</label>",
            b"<timestamp>\x00</timestamp></header>",
        )
    )
    row = np.dtype([(variable.name, variable.stored) for variable in made])
    parts = {
        "map": b"\x00" * 8 * 14,
        "variable_types": b"".join(struct.pack("<H", variable.type) for variable in made),
        "varnames": b"".join(_padded(variable.name, 129) for variable in made),
        "sortlist": b"\x00\x00" * (len(made) + 1),
        "formats": b"".join(_padded(variable.format, 57) for variable in made),
        "value_label_names": b"\x00" * 129 * len(made),
        "variable_labels": b"".join(_padded(variable.label[:LABEL_CHARACTERS], 321) for variable in made),
        "characteristics": b"",
    }
    offsets = [0]
    before = [header]
    place = len(header)
    for name, content in parts.items():
        offsets.append(place)
        before.append(b"<%s>%s</%s>" % (name.encode(), content, name.encode()))
        place += len(before[-1])
    end_of_data = place + len(b"<data></data>") + count * row.itemsize
    strls, labels, end = b"<strls></strls>", b"<value_labels></value_labels>", b"</stata_dta>"
    after = end_of_data + len(strls) + len(labels)
    offsets += [place, end_of_data, end_of_data + len(strls), after, after + len(end)]
    before[1] = b"<map>" + struct.pack("<14q", *offsets) + b"</map>"
    file.write(b"".join(before) + b"<data>")
    for rows in _rows(made, row, tables):
        file.write(rows.tobytes())
    file.write(b"</data>" + strls + labels + end)


def _padded(text: str, size: int) -> bytes:
    content = text.encode()
    if len(content) >= size:
        content = content[: size - 1].decode(errors="ignore").encode()
    return content.ljust(size, b"\x00")


def _rows(made: list[Variable], row: np.dtype[Any], tables: Tables) -> Iterator[NDArray[Any]]:
    """The rows as records of the file, in batches."""
    known = {body for batch in tables.batches("panel", ["body_id"], BATCH) for body in batch.column(0).to_pylist()}
    bodies = {body: number for number, body in enumerate(sorted(known), 1)}
    both = (tables.batches(table, size=BATCH) for table in ("panel", "panel_status"))
    for panel, status in zip(*both, strict=True):
        records = np.zeros(panel.num_rows, dtype=row)
        for variable in made:
            column = panel.column(variable.column)
            if variable.name == "body_id":
                records["body_id"] = [bodies[body] for body in column.to_pylist()]
            elif variable.kind == "double":
                records[variable.name] = _doubles(column, status.column(variable.column))
            elif variable.kind == "text":
                records[variable.name] = [(text or "").encode() for text in column.to_pylist()]
            else:
                days = variable.kind == "date"
                records[variable.name] = [
                    _LONG_MISSING if one is None else _whole(one, days) for one in column.to_pylist()
                ]
        yield records


def _whole(value: Any, days: bool) -> int:
    return (value - EPOCH).days if days else int(value)


def _doubles(values: pa.Array, statuses: pa.Array) -> NDArray[np.uint64]:
    """Numbers as the bits of doubles, with the kinds of missing."""
    numbers = values.to_numpy(zero_copy_only=False).astype("<f8")
    bits: NDArray[np.uint64] = numbers.view("<u8").copy()
    missing = np.isnan(numbers)
    if missing.any():
        words = statuses.dictionary_encode()
        kinds = [_missing(word) for word in words.dictionary.to_pylist()]
        table = np.array([*kinds, _DOUBLE_MISSING], dtype="<u8")
        codes = words.indices.fill_null(len(kinds)).to_numpy(zero_copy_only=False)
        bits[missing] = table[codes[missing]]
    return bits


def _missing(status: str) -> int:
    return _DOUBLE_MISSING + _DOUBLE_STEP * (ord(KINDS[status]) - ord("a") + 1)
