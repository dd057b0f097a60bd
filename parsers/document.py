"""What every reader makes: a document as paragraphs and tables, each with its locator.

Grammar of locators (a locator is text, always used together with a `document_id`):

    locator  = {carrier "!"} format ":" place
    carrier  = "json:" pointer | "script:" element ":" literal | "escaped:" piece | "mhtml:" part
             | ("textarea:" | "noscript:" | "template:") holder
    html     = "html:" part {"+" part}              html:td#37[0:5]   html:input#1+td#2[0:1]
    part     = tag "#" ordinal [spans]
    text     = "text:L" line [spans] {"+L" line spans}      text:L120[2:4]   text:L7[2:9]+L8[2:4]
    pdf      = "pdf:p" page "(" x0 "," y0 "," x1 "," y1 ")"     points, origin top left
    docx     = "docx:" ("t" table "r" row "c" column | "p" paragraph) [spans]
    xlsx     = "xlsx:" sheet "!" cell
    image    = "image:p" page "(" x0 "," y0 "," x1 "," y1 ")"   pixels, origin top left
    spans    = "[" start ":" end {"," start ":" end} "]"

`ordinal` counts, from 1, the start tags of that name in the source; `td` stands for `td` and `th`
together; `html#0` stands for the source from its first character, where text stands in no element.
Start tags within comments, script, style, title, textarea, iframe, noembed, noframes and xmp do not
count. Spans count characters of the text tokens behind the element's start tag joined with nothing
(references resolved, line ends as one LF, NUL left out, text within script, style, iframe, noembed
and noframes left out), so any HTML tokenizer finds the text again. An input element without spans
stands for its value; parts are joined with nothing. `line`
counts from 1 the lines of the decoded text, split at LF, CRLF or CR only.

A carrier names the page that a place counts in, where it is not the document itself: `pointer` the string in JSON by
RFC 6901 (keys with "!" aside), `element` and `literal` count from 1 the script elements of the page and the quoted
strings within one (0 for all that it holds), `holder` the elements of that name, which end at the next end tag of
it (what looks like one of them within one does not count), `piece` the stretches without "<" and ">" that hold an end
tag written out with references (&lt;/p&gt;), `part` the parts of a web archive that are no parts of parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from parsers.frozen import frozen
from parsers.records import Issue


@frozen
class Container:
    """An element that holds blocks: `parent` is an index into `Document.containers`, -1 at the top.

    `role` is what its tag, id, class and ARIA role say it is: "" when they say nothing, else one
    of navigation, footer, header, sidebar, metadata, content.
    """

    parent: int
    tag: str = ""
    ident: str = ""
    classes: str = ""
    role: str = ""


@frozen
class Paragraph:
    """A block of running text.

    `text` is what a reader of the page sees: white space of the source collapsed, `br` as a line
    feed, nothing invented between inline elements. `link_characters` counts how many of its
    characters stand within links. `level` is 1 to 6 for heading markup, else 0.
    """

    text: str
    locator: str
    container: int = -1
    level: int = 0
    bold: bool = False
    align: str = ""
    link_characters: int = 0


@frozen
class Cell:
    """A real cell of a table at its anchor in the grid; a span's other places are no cells.

    `text` is the cell as a reader of the page sees it, ends of blocks and `br` as line feeds,
    no-break spaces kept. `rowspan` and `colspan` are as they stand in the grid (clamped). A cell of a
    picture has the `confidence` of its recognition, 0 to 1, and where readings of it differ all of them in
    `readings`, the best first, which is `text`. So has a cell whose last digits may be the mark of a note.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    locator: str
    header: bool = False
    confidence: float | None = None
    readings: tuple[str, ...] = ()


@frozen
class Table:
    """A table with its spans expanded once.

    `grid[row][column]` is an index into `cells`, or -1 where no cell stands. `cells` are in the
    order of the source, rows from top to bottom. `is_turned` marks a table whose rows and columns were exchanged,
    `is_upended` one whose rows are in the opposite order.
    """

    cells: tuple[Cell, ...]
    grid: tuple[tuple[int, ...], ...]
    locator: str
    container: int = -1
    caption: str = ""
    is_turned: bool = False
    is_upended: bool = False

    @property
    def rows(self) -> int:
        return len(self.grid)

    @property
    def columns(self) -> int:
        return len(self.grid[0]) if self.grid else 0

    def turned(self) -> Table:
        """The same table with rows and columns exchanged, cells in the order of its own rows."""
        cells = [
            Cell(c.column, c.row, c.colspan, c.rowspan, c.text, c.locator, c.header, c.confidence, c.readings)
            for c in self.cells
        ]
        return replace(self._ordered(cells, tuple(zip(*self.grid, strict=True))), is_turned=not self.is_turned)

    def upended(self) -> Table:
        """The same table with its last row first, cells in the order of its own rows."""
        cells = [replace(cell, row=self.rows - cell.row - cell.rowspan) for cell in self.cells]
        return replace(self._ordered(cells, self.grid[::-1]), is_upended=not self.is_upended)

    def _ordered(self, cells: Sequence[Cell], grid: tuple[tuple[int, ...], ...]) -> Table:
        """This table with its cells in other places, `cells` in the order of its own and `grid` by their numbers."""
        order = sorted(range(len(cells)), key=lambda i: (cells[i].row, cells[i].column))
        place = {-1: -1, **{old: new for new, old in enumerate(order)}}
        placed = tuple(tuple(place[index] for index in row) for row in grid)
        return replace(self, cells=tuple(cells[i] for i in order), grid=placed)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers a place of the grid, or None."""
        index = self.grid[row][column]
        return self.cells[index] if index >= 0 else None


Block = Paragraph | Table


@frozen
class Link:
    """A link as it stands in the document: `href` is not resolved."""

    href: str
    text: str
    container: int = -1


@frozen
class Document:
    """One document as read: the only thing that the parts behind the readers know of a format.

    `blocks` are in reading order. `meta` holds the names (lower case) and contents of meta
    elements, or the properties of an office file, in order. `title` is the text of the title
    element or property. `issues` are the reader's remarks; their ids are filled in later. `second`
    is what another program made of the same bytes, where one was asked; `whole` the same page with those of its
    parts that are shown only on request (the pages of an article, tabs) or once a script ran, where there are such.
    """

    media_type: str
    blocks: tuple[Block, ...]
    containers: tuple[Container, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    title: str = ""
    links: tuple[Link, ...] = ()
    encoding: str = ""
    encoding_source: str = ""
    issues: tuple[Issue, ...] = field(default=())
    second: Document | None = None
    whole: Document | None = None
