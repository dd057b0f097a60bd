"""Files of values parted by commas: told by their lines, since names are not asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Block
from parsers.readers.tabular import Sheet

LEAST_LINES = 3
SHARE = 0.9
"""Lines that such a file has at least, and the share of them that have as many values as most."""

MOST_LINES = 100

_FIELD = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=,|\Z)|([^,]*)')
_HANZI = re.compile("[\u4e00-\u9fff]")
_FIGURE = re.compile(r"[\d.,%/\-—\s]*")

_Spans = list[tuple[int, int]]


def blocks(lines: list[str]) -> list[Block] | None:
    """The paragraphs and tables of such a file; None for any other text.

    Most lines have one number of values, most of these lines have a label, and some have a figure or a blank beside it:
    no prose is written so, and no column of figures with commas in them.
    """
    rows = _rows(lines)
    if rows is None:
        return None
    records = ["\n".join(lines[first:end]) for first, end in rows]
    filled = [record for record in records if record.strip()]
    if len(filled) < LEAST_LINES or sum("," in record for record in filled) < SHARE * len(filled):
        return None
    spans = [list(_spans(record)) for record in records]
    counts = [len(own) for own, record in zip(spans, records, strict=True) if record.strip()]
    width = max(set(counts), key=counts.count)
    if width < 2 or counts.count(width) < SHARE * len(counts):
        return None
    texts = [
        [record[start:stop].replace('""', '"') for start, stop in own]
        for record, own in zip(records, spans, strict=True)
    ]
    labelled = sum(any(_HANZI.search(text) for text in row) for row in texts)
    figured = sum(any(_FIGURE.fullmatch(text) for text in row) for row in texts if any(row))
    if 2 * labelled < len(filled) or 2 * figured < len(filled):
        return None

    def place(row: int, column: int) -> str:
        own, record = spans[row], records[row]
        start, stop = own[column] if column < len(own) else (len(record), len(record))
        parts = []
        at = 0
        for number, line in enumerate(record.split("\n"), rows[row][0] + 1):
            if start <= at + len(line) and stop >= at:
                parts.append(f"L{number}[{max(start - at, 0)}:{min(stop - at, len(line))}]")
            at += len(line) + 1
        return "text:" + "+".join(parts)

    return Sheet(texts, place).blocks()


def _rows(lines: list[str]) -> list[tuple[int, int]] | None:
    """The lines of each row, first and beyond the last: those within quotation marks go on. None where some stay open.

    A row has MOST_LINES lines at most.
    """
    found: list[tuple[int, int]] = []
    first = quotes = 0
    for number, line in enumerate(lines):
        quotes += line.count('"')
        if quotes % 2 == 0:
            found.append((first, number + 1))
            first = number + 1
        elif number - first >= MOST_LINES:
            return None
    return found if first == len(lines) else None


def _spans(line: str) -> Iterator[tuple[int, int]]:
    """Where the values of a line stand, without the white space and quotation marks around them."""
    at = 0
    while at <= len(line):
        found = _FIELD.match(line, at)
        if found is None:
            return
        if found[1] is not None:
            yield found.span(1)
        else:
            text = found[2]
            start = found.start(2) + (len(text) - len(text.lstrip()) if text.strip() else 0)
            yield start, start + len(text.strip())
        at = found.end() + 1
