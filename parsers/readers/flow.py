"""A page as the reader builds it: lines of text and tables, nested as they are, places not yet decided.

Positions are counts of characters in the page's text tokens joined with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.frozen import frozen
from parsers.readers.appearance import Look

Span = tuple[int, int]


@dataclass(slots=True)
class Setting:
    """What blocks inherit: the box that they stand in (-1 for none), heading level, alignment, white space kept.

    Not to be changed once made: blocks share it. `others` are the same with another alignment, as far as asked for.
    """

    box: int = -1
    level: int = 0
    align: str = ""
    preformatted: bool = False
    others: dict[str, Setting] | None = field(default=None, compare=False, repr=False)

    def aligned(self, align: str) -> Setting:
        """The same with that alignment: all cells of a row are alike."""
        if align == self.align:
            return self
        if self.others is None:
            self.others = {}
        found = self.others.get(align)
        if found is None:
            found = self.others[align] = Setting(self.box, self.level, align, self.preformatted)
        return found


@dataclass(slots=True)
class Element:
    """An open block element; its text begins at `start`. `ordinal` is 0 where no start tag stands in the source."""

    name: str
    ordinal: int
    start: int
    setting: Setting


@dataclass(slots=True)
class Extras:
    """What only some lines have: parts cut out, bold parts, links, white parts, digits that may be the mark of a note,
    and form values put in.

    An insert is (position, ordinal of the input element, value).
    """

    cuts: list[Span] = field(default_factory=list)
    bolds: list[Span] = field(default_factory=list)
    links: list[Span] = field(default_factory=list)
    faints: list[Span] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    inserts: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """Text from `start` to `stop`, between two places where a browser begins a new line."""

    start: int
    stop: int
    owner: Element
    extras: Extras | None


@dataclass(slots=True)
class CellFlow:
    """A cell with its content: `name`, `ordinal` and `start` as of an `Element`. `boxes` and `links` say which of the
    page's stand within it, `drawn` that something that is no text does.

    `text` and `locator` are given when it is known whether the cell is one of data. A cell with one
    line has instead of `items` what that is made of: (start, stop, ordinal of its paragraph or 0, setting).
    `readings` are as in `Cell`.
    """

    name: str
    ordinal: int
    start: int
    look: Look
    items: Sequence[Line | TableFlow] = ()
    boxes: Span = (0, 0)
    links: Span = (0, 0)
    text: str = ""
    locator: str = ""
    line: tuple[int, int, int, Setting] | None = None
    drawn: bool = False
    readings: tuple[str, ...] = ()

    def content(self) -> Sequence[Line | TableFlow]:
        """The items, whichever way they are held."""
        if self.line is None:
            return self.items
        start, stop, paragraph, setting = self.line
        name, ordinal, begin = ("p", paragraph, start) if paragraph else (self.name, self.ordinal, self.start)
        owner = Element(name, ordinal, begin, setting)
        return [Line(start, stop, owner, None)]


@dataclass(slots=True)
class RowFlow:
    """A row of the source. `sizing`: it may be one of Word's rows that only set widths."""

    group: int
    foot: bool
    sizing: bool
    cells: list[CellFlow]


@dataclass(slots=True)
class TableFlow:
    """A table as it stands in the source, data or layout. `sections` counts its thead, tbody and tfoot tags.

    `nested` are the tables in its cells. `unplaced` is a row that began where nothing is shown, until a cell of it is.
    """

    element: Element
    rows: list[RowFlow]
    captions: list[Line | TableFlow]
    sections: int = 0
    nested: list[TableFlow] = field(default_factory=list)
    unplaced: RowFlow | None = None

    def place_row(self) -> None:
        """Have the row that waits, if one does, among the rows."""
        if self.unplaced is not None:
            self.rows.append(self.unplaced)
            self.unplaced = None


Item = Line | TableFlow


@dataclass(slots=True)
class Box:
    """A container as opened: `parent` is an index into the page's boxes."""

    parent: int
    tag: str
    ident: str
    classes: str
    aria: str


@frozen
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
    """All of a page. `links` are (href, start, stop, box)."""

    text: str
    items: list[Item]
    boxes: list[Box]
    links: list[tuple[str, int, int, int]]
    meta: list[tuple[str, str]]
    title: str
    remarks: list[Remark]
