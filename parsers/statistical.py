"""Which tables of a page are those of an official form, by the labels in them and right above them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from parsers.align import SIMILAR
from parsers.document import Block, Cell, Table
from parsers.frozen import frozen
from parsers.kinds import kind_of
from parsers.labels import Index
from parsers.rows import YEAR_DIGITS

LONGEST_TITLE = 40
ABOVE = 3
"""A line over a table that says what it counts has so many characters, and stands among so many blocks above."""

COLUMNS = 3
"""A table without lines of a form heads at least so many of its columns."""

LABEL = 5
"""A label with fewer characters is not told by likeness."""

Numbered = tuple[int, Table]
"""A table with its place among the blocks of the page."""

NOTHING_OVER: Mapping[int, Cell] = MappingProxyType({})
"""Nothing over any table."""


@frozen
class Tables:
    """The tables of a form: their `places` among all tables, and how much of the form they name.

    `over` are lines of text that say what the figures of a table are, as cells over its whole width, by
    the table's place among the blocks.
    """

    places: tuple[int, ...]
    score: float
    over: Mapping[int, Cell]


def of_form(
    index: Index, tables: Sequence[Numbered], words: Sequence[Sequence[str]], blocks: Sequence[Block]
) -> Tables:
    """The tables that belong to a form, those that only go on with one or only hold its header included.

    `words` are those of each table.
    """
    lines: set[str] = set()
    columns: set[tuple[str, str]] = set()
    chosen: list[int] = []
    over: dict[int, Cell] = {}
    head = -2
    for at, ((place, table), own) in enumerate(zip(tables, words, strict=True)):
        found, named = index.hits(own, cells=True)
        titled = None if found or len(named) < COLUMNS else _line_over(blocks, place, table, index)
        goes_on = bool(chosen) and chosen[-1] == at - 1 and _goes_on(tables, at, index, labelled=bool(found))
        goes_on = goes_on or (bool(chosen) and _is_next_line(tables[chosen[-1]][1], table, found - lines, index))
        known = goes_on or titled or (bool(found) and _is_statistical(found, named, own, index))
        if known or (_is_full_line(own, table, index) if found else named and _is_near(own, index)):
            if head == at - 1:
                chosen.append(head)
            chosen.append(at)
            lines |= found
            columns |= named
            if titled:
                over[place] = titled
        elif len(named) > 1:
            # A header in a table of its own.
            head = at
    return Tables(tuple(chosen), len(lines) + 0.5 * len(columns), over)


def _line_over(blocks: Sequence[Block], place: int, table: Table, index: Index) -> Cell | None:
    """The line of text right above a table without labels that names the line of the form: 行政复议."""
    if not any(kind_of(cell.text) == "number" for cell in table.cells):
        return None
    for before in reversed(blocks[max(0, place - ABOVE) : max(0, place)]):
        if isinstance(before, Table):
            return None
        if before.text.strip():
            known = len(before.text) <= LONGEST_TITLE and index.meaning(before.text).lines
            return Cell(-1, 0, 1, table.columns, before.text, before.locator) if known else None
    return None


def _is_full_line(words: Sequence[str], table: Table, index: Index) -> bool:
    """Whether a line of several columns stands in a table of these words with a figure for each of them."""
    wide: dict[str, list[int]] = {}
    for text in words:
        for line in index.meaning(text).lines:
            if len(index.lines[line].breakdowns) >= COLUMNS:
                wide.setdefault(text, []).append(len(index.lines[line].breakdowns))
    for row in table.grid if wide else ():
        texts = [table.cells[place].text for place in dict.fromkeys(row) if place >= 0]
        widths = [width for text in texts for width in wide.get(text, ())]
        if widths and sum(1 for text in texts if kind_of(text) != "text") in widths:
            return True
    return False


def _is_near(texts: Sequence[str], index: Index) -> bool:
    """Whether a figure stands in a table with a misprinted label of the form."""
    words = [text for text in texts if len(text) >= LABEL and not index.meaning(text)]
    figures = any(kind_of(text) == "number" for text in texts)
    return figures and any(allowed for text in words for _, _, allowed in index.similar(text, SIMILAR))


def _goes_on(tables: Sequence[Numbered], at: int, index: Index, *, labelled: bool) -> bool:
    """Whether a table begins with as many figures as the one before it ends with: a page break cut them apart.

    It also goes on with one as wide that ends with a header; and one without labels with a table that is
    no more than a header as wide as it.
    """
    table, before = tables[at][1], tables[at - 1][1]
    if not table.rows or not before.rows:
        return False
    figures = _figures(table, 0)
    if labelled:
        last = _last_texts(before)
        as_wide = table.columns in (before.columns, len(last))
        ends_with_header = as_wide and any(index.meaning(text).columns for text in last)
        return 1 < figures == _figures(before, before.rows - 1) or (figures > 0 and ends_with_header)
    bare = 2 < figures == table.columns == before.columns and table.rows == 1
    return bare and all(_figures(before, row) == 0 for row in range(before.rows))


def _is_next_line(before: Table, table: Table, fresh: Collection[str], index: Index) -> bool:
    """Whether each row of a table as wide as a form's begins with a line of its columns that is not printed yet."""
    if not fresh or table.columns != before.columns or table.rows > len(fresh):
        return False
    firsts = [index.meaning(text).lines for row in table.grid if (text := _first_text(table, row))]
    if len(firsts) < table.rows or not all(firsts) or not all(_figures(table, row) for row in range(table.rows)):
        return False
    lines = [index.lines[line] for cell in before.cells for line in index.meaning(cell.text).lines]
    columns = {(line.section, line.breakdowns) for line in lines if line.breakdowns}
    return all((index.lines[at].section, index.lines[at].breakdowns) in columns for own in firsts for at in own)


def _first_text(table: Table, row: Sequence[int]) -> str:
    """The first cell of a row that is no figure."""
    texts = (table.cells[place].text for place in row if place >= 0)
    return next((text for text in texts if kind_of(text) == "text"), "")


def _last_texts(table: Table) -> list[str]:
    """The cells of the last row that holds any text, a note below the table aside."""
    for row in reversed(table.grid):
        texts = [table.cells[i].text for i in dict.fromkeys(row) if i >= 0]
        if sum(bool(text.strip()) for text in texts) > (table.columns > 1):
            return texts
    return []


def _figures(table: Table, row: int) -> int:
    """How many columns of a row hold a figure or stand for none."""
    return sum(1 for i in table.grid[row] if i >= 0 and kind_of(table.cells[i].text) != "text")


def words_of(table: Table) -> list[str]:
    """The different texts of a table, plain numbers aside."""
    unique = dict.fromkeys([cell.text for cell in table.cells])
    plain = [text for text in unique if len(text) <= 120 and not (text.isdigit() and len(text) != YEAR_DIGITS)]
    # One figure stands for all.
    return plain if len(plain) == len(unique) else [*plain, "0"]


def _is_statistical(lines: set[str], columns: set[tuple[str, str]], texts: Sequence[str], index: Index) -> bool:
    if len(lines) >= 3:
        return True
    words = [text for text in texts if kind_of(text) == "text"]
    if len(words) == len(texts):
        return False
    if columns:
        return True
    if len(lines) == 2 and sum(1 for text in words if index.meaning(text).word != "unit") <= 4:
        return True
    return any(index.meaning(text).word in ("group", "header") for text in texts)
