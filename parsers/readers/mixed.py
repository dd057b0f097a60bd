"""Markdown that holds tables as HTML, since its own tables know no spans."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace

from parsers.document import Block, Document
from parsers.readers import html, markdown, plain

_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
_PAGE = re.compile(
    r"<(?:!doctype|html|head|body|meta|title|script|style|p|ul|ol|li|h[1-6]|article|section|t[rdh])\b", re.IGNORECASE
)
_FRAME = re.compile(r"</?div\b[^<>]*>", re.IGNORECASE)
_FRAMED = re.compile(r"\s*(?:</?div\b[^<>]*>\s*)+", re.IGNORECASE)
_OPENED = re.compile(r"(?:<(?:html|body)\b[^<>]*>\s*)+\Z", re.IGNORECASE)
_CLOSED = re.compile(r"(?:\s*</(?:html|body)\s*>)+", re.IGNORECASE)

NEAR = 200
"""Tags of a page around a table are so near to it."""

_PLACE = re.compile(r"html:([a-z0-9]+)#(\d+)")


def is_mixed(text: str) -> bool:
    """Whether a text that holds markup is Markdown: it has marks, and no block of HTML outside of its tables.

    Frames of HTML may stand around its lines, each in a line of its own.
    """
    first = _PAGE.search(text)
    if first is not None and _TABLE.search(text, 0, first.end() + NEAR) is None:
        # All but a few pages end here, before they are gone through for tables.
        return False
    outside: list[str] = []
    at = 0
    for start, end in (*_tables(text), (len(text), len(text))):
        outside.append(text[at:start])
        at = end
        if _PAGE.search(outside[-1]):
            return False
    lines = plain.lines_of("".join(outside))
    return markdown.is_marked(lines) and all(_FRAMED.fullmatch(line) for line in lines if _FRAME.search(line))


def read(text: str, *, encoding: str = "", encoding_source: str = "") -> Document:
    """The document: lines are read as Markdown, tables as HTML, each in its place."""
    page = html.read(text, encoding=encoding, encoding_source=encoding_source)
    regions = list(_tables(text))
    own: list[list[Block]] = [[] for _ in regions]
    starts: dict[str, list[int]] = {}
    for block in page.blocks:
        place = _PLACE.match(block.locator)
        if place is not None and (at := _start(text, starts, place[1], int(place[2]))) is not None:
            number = bisect_right(regions, (at, len(text))) - 1
            if number >= 0 and at < regions[number][1]:
                own[number].append(replace(block, container=-1))
    ends = plain.line_ends(text)
    inserted = [
        plain.Insert(range(bisect_left(ends, start + 1), bisect_left(ends, end) + 1), tuple(blocks))
        for (start, end), blocks in zip(regions, own, strict=True)
    ]
    document = plain.read(text, encoding=encoding, encoding_source=encoding_source, inserted=inserted)
    return replace(document, issues=(*document.issues, *page.issues))


def _with_page(text: str, start: int, end: int) -> tuple[int, int]:
    """A table with the page that recognisers of pictures put around each."""
    before = _OPENED.search(text, max(0, start - NEAR), start)
    behind = _CLOSED.match(text, end)
    return (before.start() if before else start), (behind.end() if behind else end)


def _start(text: str, starts: dict[str, list[int]], name: str, ordinal: int) -> int | None:
    """Where the start tag stands that a locator counts; `starts` keeps the places of each tag."""
    if name not in starts:
        tag = "t[dh]" if name == "td" else re.escape(name)
        starts[name] = [match.start() for match in re.finditer(rf"<{tag}\b", text, re.IGNORECASE)]
    return starts[name][ordinal - 1] if 0 < ordinal <= len(starts[name]) else None


def _tables(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost tables begin and end."""
    depth = start = 0
    for match in _TABLE.finditer(text):
        if not match[1]:
            start = start if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield _with_page(text, start, match.end())
    if depth:
        yield start, len(text)
