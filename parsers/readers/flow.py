"""A page as the reader builds it: lines of text and tables, nested as they are, places not yet decided.

Positions are counts of characters in the page's text tokens joined with nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(slots=True)
class Element:
    """An open block element: `ordinal` is 0 where no start tag stands in the source."""

    name: str
    ordinal: int
    start: int
    container: int = -1
    level: int = 0
    align: str = ""
    preformatted: bool = False
    hides: bool = False
    cell: CellFlow | None = None
    table: TableFlow | None = None


@dataclass(slots=True)
class Line:
    """Text from `start` to `stop` between two ends of lines, less `cuts`, with form values `inserts` in it.

    An insert is (position, ordinal of the input element, value).
    """

    start: int
    stop: int
    owner: Element
    cuts: list[Span] | None = None
    bolds: list[Span] | None = None
    links: list[Span] | None = None
    inserts: list[tuple[int, int, str]] | None = None


@dataclass(slots=True)
class CellFlow:
    """A cell with its content; `boxes` and `links` are the ranges of those of the page within it."""

    element: Element
    colspan: int
    rowspan: int
    header: bool
    ident: str
    classes: str
    items: list[Line | TableFlow] = field(default_factory=list)
    boxes: Span = (0, 0)
    links: Span = (0, 0)
    outer: list[Line | TableFlow] = field(default_factory=list)


@dataclass(slots=True)
class RowFlow:
    """A row of the source. `sizing`: it may be one of Word's rows that only set widths."""

    group: int
    foot: bool
    sizing: bool
    cells: list[CellFlow] = field(default_factory=list)


@dataclass(slots=True)
class TableFlow:
    """A table as it stands in the source, data or layout."""

    element: Element
    rows: list[RowFlow] = field(default_factory=list)
    captions: list[Line | TableFlow] = field(default_factory=list)
    group: int = 0
    outer: list[Line | TableFlow] = field(default_factory=list)


Item = Line | TableFlow


@dataclass(slots=True)
class Box:
    """A container as opened: `parent` is an index into the page's boxes."""

    parent: int
    tag: str
    ident: str
    classes: str
    aria: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be said of the text from `start` to `stop` within `owner`; `raw` is for text that is no token."""

    code: str
    severity: str
    message: str
    start: int
    stop: int
    owner: Element
    raw: str = ""


@dataclass(slots=True)
class Page:
    """All of a page. `links` are (href, start, stop, container)."""

    text: str
    items: list[Item]
    boxes: list[Box]
    links: list[tuple[str, int, int, int]]
    meta: list[tuple[str, str]]
    title: str
    remarks: list[Remark]
