"""What a workbook says of its cells beyond their values: errors, formulas without a result, what is hidden.

The library that reads values gives nothing for an error, as for a blank cell; but a blank is an answer and an error is
none.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from parsers.errors import BrokenDocumentError, LimitError
from parsers.readers.archive import Archive, xml_of

_SAID = re.compile(rb"""\bt\s*=\s*["']e["']|\bhidden\s*=|<(?:\w+:)?f[\s>/]|\b(?:ht|width)\s*=\s*["']0["']""")
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_MOST_COLUMNS = 16_384


@dataclass(slots=True)
class Marks:
    """Of one sheet: `shown` are texts that cells show and that are no values; rows and columns count from 0."""

    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def within_limits(archive: Archive, rows: int, columns: int, places: int) -> None:
    """Look at the addresses of cells before a library lays them out: two far apart make it ask for all memory.

    Raises LimitError where a sheet's used range is larger, or all of them together.
    """
    left = places
    for name in archive.names:
        if not name.lower().lstrip("/").startswith("xl/worksheets/") or not name.lower().endswith(".xml"):
            continue
        data = archive.read(name) or b""
        height = width = 0
        for cell in _CELL.finditer(data):
            height = max(height, int(cell[2]))
            width = max(width, _column(cell[1].decode("ascii")) + 1)
        left -= height * width
        if height > rows or width > columns or left < 0:
            raise LimitError("the sheet is larger than is accepted", reading="a spreadsheet", where=name)


def of_xlsx(archive: Archive) -> dict[str, Marks]:
    """The marks of each sheet of an .xlsx by its name; sheets that cannot be read this way are left out."""
    try:
        book = _root(archive, "xl/workbook.xml")
        links = _root(archive, "xl/_rels/workbook.xml.rels")
    except BrokenDocumentError:
        return {}
    if book is None or links is None:
        return {}
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if _local(sheet) != "sheet":
            continue
        ident = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        target = targets.get(ident, "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        data = archive.read(name)
        if data and _SAID.search(data):
            try:
                found[sheet.get("name", "")] = _marks(xml_of(data, name)[0])
            except BrokenDocumentError:
                continue
    return found


def _root(archive: Archive, name: str) -> Any:
    data = archive.read(name)
    return xml_of(data, name)[0] if data else None


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _marks(root: Any) -> Marks:
    marks = Marks()
    number = -1
    for element in root.iter():
        name = _local(element)
        if name == "row":
            number = _number(element.get("r"), number + 2) - 1
            if _is_on(element.get("hidden")) or element.get("ht") == "0":
                marks.rows.add(number)
        elif name == "col" and (_is_on(element.get("hidden")) or element.get("width") == "0"):
            first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
            marks.columns.update(range(first - 1, min(last, _MOST_COLUMNS)))
        elif name == "c":
            text = _shown(element)
            place = _ADDRESS.fullmatch(element.get("r") or "")
            if text and place is not None:
                marks.shown[int(place[2]) - 1, _column(place[1])] = text
    return marks


def _shown(cell: Any) -> str:
    """The error of a cell, or its formula where the file holds no result; "" for any other."""
    parts = {_local(item): (item.text or "").strip() for item in cell}
    if cell.get("t") == "e":
        return parts.get("v") or "#N/A"
    return f"={parts['f']}" if parts.get("f") and "v" not in parts and "is" not in parts else ""


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def of_xls(content: bytes) -> list[Marks]:
    """The marks of each sheet of an .xls in their order, none where the file cannot be read this way.

    Source: [MS-XLS] 2.4.28 BoundSheet8, 2.4.24 BoolErr, 2.4.127 Formula, 2.4.221 Row, 2.4.53 ColInfo.
    """
    from doc2docx.cfb import CompoundFile
    from doc2docx.errors import Doc2DocxError

    try:
        file = CompoundFile(content)
    except (Doc2DocxError, ValueError, IndexError, KeyError, struct.error):
        return []
    for name in ("Workbook", "Book"):
        try:
            stream = file.open_stream(name)
        except (Doc2DocxError, ValueError, IndexError, KeyError, struct.error):
            continue
        named = [data for kind, data in _records(stream, 0) if kind == 0x85 and len(data) > 6]
        return [_of_sheet(stream, struct.unpack_from("<I", data)[0]) for data in named]
    return []


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of their substream; those of charts within it are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == 0x809:
            depth += 1
        elif kind == 0x0A:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, data


def _of_sheet(stream: bytes, start: int) -> Marks:
    marks = Marks()
    for kind, data in _records(stream, start):
        if kind == 0x205 and len(data) >= 8 and data[7]:
            marks.shown[_place(data)] = _ERRORS.get(data[6], "#N/A")
        elif kind in (0x06, 0x406) and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2:
            marks.shown[_place(data)] = _ERRORS.get(data[8], "#N/A")
        elif kind == 0x208 and len(data) >= 16 and data[12] & 0x20:
            marks.rows.add(struct.unpack_from("<H", data)[0])
        elif kind == 0x7D and len(data) >= 10 and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            marks.columns.update(range(first, min(last + 1, _MOST_COLUMNS)))
    return marks


def _place(data: bytes) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", data)
    return row, column
