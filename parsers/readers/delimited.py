"""Files of values parted by commas: told by their lines, since names are not asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Block
from parsers.readers.tabular import Sheet

LEAST_LINES = 3
SHARE = 0.9
"""Lines that such a file has at least, and the share of them that have as many values as most."""

_FIELD = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=,|\Z)|([^,]*)')
_HANZI = re.compile("[\u4e00-\u9fff]")
_FIGURE = re.compile(r"[\d.,%/\-—\s]*")

_Spans = list[tuple[int, int]]


def blocks(lines: list[str]) -> list[Block] | None:
    """The paragraphs and tables of such a file; None for any other text.

    Most lines have one number of values, most of these lines have a label, and some have a figure or a blank beside it:
    no prose is written so, and no column of figures with commas in them.
    """
    filled = [line for line in lines if line.strip()]
    if len(filled) < LEAST_LINES or sum("," in line for line in filled) < SHARE * len(filled):
        return None
    spans = [list(_spans(line)) for line in lines]
    counts = [len(own) for own, line in zip(spans, lines, strict=True) if line.strip()]
    width = max(set(counts), key=counts.count)
    if width < 2 or counts.count(width) < SHARE * len(counts) or any(line.count('"') % 2 for line in filled):
        return None
    texts = [
        [line[start:stop].replace('""', '"') for start, stop in own] for line, own in zip(lines, spans, strict=True)
    ]
    labelled = sum(any(_HANZI.search(text) for text in row) for row in texts)
    figured = sum(any(_FIGURE.fullmatch(text) for text in row) for row in texts if any(row))
    if 2 * labelled < len(filled) or 2 * figured < len(filled):
        return None

    def place(row: int, column: int) -> str:
        start, stop = spans[row][column] if column < len(spans[row]) else (len(lines[row]), len(lines[row]))
        return f"text:L{row + 1}[{start}:{stop}]"

    return Sheet(texts, place).blocks()


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
