"""A statistical table as header blocks and rows of labels and values, whatever its spans look like."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.characters.widths import squeeze
from parsers.columns import NO_HEADER, Column, Header, Panel, Seen, header_of
from parsers.document import Cell, Table
from parsers.frozen import frozen, maker
from parsers.kinds import KINDS, kind_of
from parsers.labels import NOTHING, Index


@frozen
class Placed:
    """A value cell with the column it belongs to, or None, and whether order and place agree."""

    cell: Cell
    column: Column | None
    by_order: bool = False
    covers: tuple[Column, ...] = ()


@frozen
class Row:
    """A row of data: `labels` from the outermost to the line's own, `serials` the numbers beside them."""

    number: int
    labels: tuple[Cell, ...]
    unit: Cell | None
    values: tuple[Placed, ...]
    header: Header
    notes: tuple[Cell, ...] = ()
    short: bool = False
    serials: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Layout:
    """What a table was taken apart into. `others` are cells of titles, groups and notes."""

    rows: list[Row] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    others: list[Cell] = field(default_factory=list)


_placed = maker(Placed)
_seen_cell = maker(Seen)
_row = maker(Row)

YEAR_DIGITS = 4

HEAD_ROWS = 4
"""A header that names lines over columns that repeat has at most so many rows."""

HEADS = frozenset(("header", "unit_header", "serial_header", "other_column"))
"""Words that head a column without being one of the form's."""


def read_rows(table: Table, index: Index, inherited: Header = NO_HEADER, over: Cell | None = None) -> Layout:
    """Take a table apart, top to bottom, by the words that the form knows.

    `inherited` is the header of the table before: rows that no header of their own stands over are
    read under it when the two tables are equally wide. `over` is a line of text above the table that says
    what it counts: the first of its headers.
    """
    layout = Layout()
    pending: list[list[Seen]] = [[_seen_cell(over, "text", index.cell_meaning(over.text), True)]] if over else []
    held: list[list[Seen]] = []
    beside: list[list[Row]] = []
    header = inherited if inherited.columns and inherited.columns[-1].right == table.columns else NO_HEADER
    for number in range(table.rows):
        row = _seen(table, number, index)
        own = [seen for seen in row if seen.own]
        if not own:
            continue
        kind = _row_kind(own, row, table.columns, header, bool(pending))
        if kind == "data" and len(own) > 2 and _is_numbered(own, pending):
            kind = _row_kind(own[1:], row, table.columns, header, bool(pending))
        if kind == "data" and not layout.headers and not layout.rows and _is_over_repeated(own, table, number, index):
            kind = "header"
        if kind == "header":
            pending += [*held, row]
            held = []
            continue
        if kind == "other" and _names_line_across(own, table.columns, index):
            held.append(row)
            continue
        layout.others.extend(seen.cell for other in held for seen in other if seen.own)
        held = []
        if kind == "empty" and pending and _is_blank_across(own, pending, table.columns, index):
            kind = "data"
        if pending and kind == "data":
            header = header_of(pending, table.columns, index, table)
            layout.headers.append(header)
            pending = []
            _flush(beside, layout)
        if kind == "data":
            for panel, made in enumerate(_data_rows(number, row, header)):
                while len(beside) <= panel:
                    beside.append([])
                beside[panel].append(made)
        else:
            layout.others.extend(seen.cell for seen in own)
    _flush(beside, layout)
    layout.others.extend(seen.cell for other in held for seen in other if seen.own)
    if pending:
        layout.headers.append(header_of(pending, table.columns, index, table))
    return layout


def _flush(beside: list[list[Row]], layout: Layout) -> None:
    """Rows of panels that stand side by side are read one panel after the other."""
    for rows in beside:
        layout.rows.extend(rows)
    beside.clear()


def _names_line_across(own: Sequence[Seen], width: int, index: Index) -> bool:
    """Whether a row is one cell over the whole table that names a line of several columns, or a group of such."""
    if len(own) != 1 or own[0].cell.colspan < max(2, width - 1):
        return False
    meaning = own[0].meaning
    return meaning.word == "header" or any(len(index.lines[line].breakdowns) > 1 for line in meaning.lines)


def _is_numbered(own: Sequence[Seen], pending: Sequence[Sequence[Seen]]) -> bool:
    """Whether the one number of a row begins it where rows of headers are numbered too: below a header of such
    numbers, or beside names of columns."""
    if own[0].kind != "number" or any(seen.kind == "number" for seen in own[1:]):
        return False
    first = own[0].cell.column
    if any(seen.meaning.word == "serial_header" and seen.cell.column == first for above in pending for seen in above):
        return True
    return len({seen.meaning.columns for seen in own if seen.meaning.columns and not seen.meaning.lines}) > 1


def _is_over_repeated(own: Sequence[Seen], table: Table, number: int, index: Index) -> bool:
    """Whether a row without figures stands over columns that repeat under line after line: its spans may be lost.

    The number that begins a row counts it.
    """
    if any(seen.kind == "number" for seen in own[1:]):
        return False
    for below in range(number + 1, min(number + HEAD_ROWS, table.rows)):
        row = [seen for seen in _seen(table, below, index) if seen.own]
        if any(seen.kind == "number" for seen in row[1:]):
            return False
        places = [seen.meaning.columns for seen in row if seen.kind == "text"]
        if len(places) > 1 and all(places):
            return places[0] in places[1:]
    return False


def _is_blank_across(own: Sequence[Seen], pending: Sequence[Sequence[Seen]], width: int, index: Index) -> bool:
    """Whether blanks alone stand under a header that names the lines: a row of a table without labels, left empty."""
    if len(own) < 2:
        return False
    values = header_of(pending, width, index).values
    return len(own) >= len(values) and any(column.line is not None for column in values)


def _seen(table: Table, number: int, index: Index) -> list[Seen]:
    found: list[Seen] = []
    cells, kinds, meaning_of = table.cells, KINDS, index.cell_meaning
    last = -2
    for place in table.grid[number]:
        if place == last or place < 0:
            last = place
            continue
        last = place
        cell = cells[place]
        text = cell.text
        kind = kinds.get(text) or kind_of(text)
        if kind == "number" and text.isdigit() and len(text) != YEAR_DIGITS:
            meaning = NOTHING
        else:
            meaning = meaning_of(text)
            if kind != "text" and meaning.lines:
                kind = "text"
        found.append(_seen_cell(cell, kind, meaning, cell.row == number))
    return found


def _is_year(seen: Seen) -> bool:
    return bool(seen.meaning.columns) and not seen.meaning.lines


def _row_kind(own: Sequence[Seen], row: Sequence[Seen], width: int, header: Header, open_header: bool) -> str:
    """header, data, empty or other."""
    texts: list[Seen] = []
    numbers: list[Seen] = []
    blanks: list[Seen] = []
    dated = counted = named_lines = False
    for seen in own:
        if seen.kind == "text":
            texts.append(seen)
            counted = counted or seen.meaning.word == "column_number"
            named_lines = named_lines or bool(seen.meaning.lines)
        elif seen.kind == "number":
            numbers.append(seen)
            dated = dated or seen.meaning is not NOTHING
        else:
            blanks.append(seen)
    if numbers and not dated and (not counted or named_lines):
        # No year is among them: whatever the words are, unless they number the columns.
        return "data"
    head = any((s.meaning.columns or s.meaning.word in HEADS) and not s.meaning.lines for s in texts)
    years = [seen for seen in numbers if _is_year(seen)] if head else []
    lines = [seen for seen in texts if seen.meaning.lines]
    if counted and not lines:
        return "header" if open_header else "other"
    if len(numbers) > len(years):
        return "data"
    columns = sum(1 for seen in texts if seen.meaning.columns) + len(years)
    words = sum(1 for seen in texts if seen.meaning.word in HEADS)
    only_lines = [seen for seen in lines if not seen.meaning.columns]
    if columns >= 2 and (columns > 2 or not blanks or not only_lines):
        return "header"
    if words and (columns or (len(texts) > 1 and texts[0].meaning.word == "serial_header")):
        return "header"
    if columns and len(own) == 2 and own[1] in texts and own[1].meaning.columns and _is_plain(own[0], header):
        # 项目, 总计: the table has no other column.
        return "header"
    if words and not only_lines and (words >= 2 or open_header or not blanks):
        return "header"
    if not texts:
        if blanks and header.values and any(column.line is not None for column in header.values):
            return "data"
        return "data" if blanks and any(not seen.own and seen.kind == "text" for seen in row) else "empty"
    few = 0 < len(blanks) < len(texts) or (len(texts) > 1 and 0 < _width(blanks) < _width(texts))
    if few and all(_spreads(seen) for seen in texts):
        return "header"
    if blanks:
        if open_header and not lines and columns:
            return "header"
        return "data"
    if columns and open_header:
        return "header"
    named = [seen for seen in texts if seen.meaning.lines or seen.meaning.word == "header"]
    if len(texts) >= 2 and len(named) == len(texts):
        return "header"
    if len(texts) >= 3 and all(_spreads(seen) for seen in texts[1:]):
        # The first cell says what the others are: 类别.
        return "header"
    if len(own) == 1 and own[0].cell.colspan >= max(2, width - 1):
        return "other"
    if lines and header.values:
        return "data"
    if open_header and columns:
        return "header"
    return "other"


def _is_plain(seen: Seen, header: Header) -> bool:
    """Whether a text that no form knows stands where no header does yet."""
    return seen.kind == "text" and not seen.meaning and not header.values


def _width(cells: Sequence[Seen]) -> int:
    return sum(seen.cell.colspan for seen in cells)


def _spreads(seen: Seen) -> bool:
    """Whether a text names a line or a group of columns over several columns."""
    return seen.cell.colspan > 1 and bool(seen.meaning.lines or seen.meaning.word == "header")


def _data_rows(number: int, row: Sequence[Seen], header: Header) -> list[Row]:
    """One row of data, or several where two panels stand side by side."""
    panels = header.panels
    if not panels:
        return _without_header(number, row, header)
    if len(panels) == 1:
        made = _in_panel(number, row, panels[0], header)
        return [made] if made else []
    found = []
    lefts = [panel.left for panel in panels]
    inside: list[list[Seen]] = [[] for _ in panels]
    for seen in row:
        at = bisect_right(lefts, seen.cell.column) - 1
        if at >= 0 and seen.cell.column < panels[at].right:
            inside[at].append(seen)
    for cells, panel in zip(inside, panels, strict=True):
        made = _in_panel(number, cells, panel, header)
        if made:
            found.append(made)
    return found


def _in_panel(number: int, cells: Sequence[Seen], panel: Panel, header: Header) -> Row | None:
    values, first, roles = panel.values, panel.first, panel.roles
    width = len(roles)
    last_label = -1
    behind: list[Seen] = []
    for at, seen in enumerate(cells):
        if seen.kind != "text":
            continue
        meaning, column = seen.meaning, seen.cell.column
        names = bool(meaning.lines) or meaning.word == "subtotal"
        if meaning.word == "unit":
            continue
        if column >= values[-1].right and (names or (column < width and roles[column] == "label")):
            behind.append(seen)
            continue
        if names or column < first or (column < width and roles[column] == "unit"):
            last_label = at
    serials: list[Cell] = []
    if behind:
        # Labels behind the figures say again what those before them say, or stand there alone.
        aside = {id(seen) for seen in behind}
        cells = [seen for seen in cells if id(seen) not in aside]
    if behind and last_label < 0:
        candidates, labels = list(cells), behind
    elif panel.across and last_label < 0:
        candidates = list(cells)
        labels = []
    else:
        serials = [s.cell for s in cells[: last_label + 1] if s.kind == "number"]
        labels = [s for s in cells[: last_label + 1] if s.kind == "text" and s.meaning.word != "unit"]
        # A label from a row above that spans too far stands over this row's own, wherever it came to stand.
        if len(labels) > 1:
            labels.sort(key=lambda s: s.cell.row == number)
        candidates = list(cells[last_label + 1 :])
        if last_label < 0:
            candidates = [s for s in cells if s.cell.column + s.cell.colspan > first] or candidates
    unit: Cell | None = None
    notes: list[Cell] = []
    rest: list[Seen] = []
    in_turn = _roles_in_turn(candidates, panel)
    for at, seen in enumerate(candidates):
        column = seen.cell.column
        role = in_turn[at] if in_turn else roles[column] if column < width else ""
        if seen.kind == "text":
            if role == "unit" or seen.meaning.word == "unit":
                unit = unit or seen.cell
            elif role == "note" or _is_remark(seen, panel):
                notes.append(seen.cell)
            elif role == "serial":
                serials.append(seen.cell)
            else:
                rest.append(seen)
        elif role == "value":
            rest.append(seen)
        elif role == "note":
            notes.append(seen.cell)
        elif role == "serial":
            serials.append(seen.cell)
        elif role != "unit" or seen.kind != "blank":
            rest.append(seen)
    exact = False
    shifted = _shifted(rest, panel)
    rest = shifted or rest
    if rest and (len(rest) != len(values) or rest[0].cell.column < first):
        inner = [s for s in rest if s.cell.column + s.cell.colspan > first or squeeze(s.cell.text)] or rest
        exact = len(inner) < len(values) and _tiles(inner, values)
        if exact or (len(rest) > len(values) > len(inner) and all(_fits(s.cell, values) for s in inner)):
            rest = inner
        while len(rest) > len(values) and rest[0] is not inner[0]:
            rest.pop(0)
    placed = _place(rest, values)
    if not labels and not placed:
        return None
    return _row(
        number,
        tuple([s.cell for s in labels]),
        unit,
        tuple(placed),
        header,
        tuple(notes),
        (len(rest) < len(values) and not exact) or bool(shifted),
        tuple(serials),
    )


def _roles_in_turn(cells: Sequence[Seen], panel: Panel) -> list[str]:
    """What cells behind a label hold where their order alone tells: they part the row elsewhere than the header does.

    Tables of other widths that touch are drawn as one, in which a row's code begins under the header of the labels.
    """
    behind = panel.behind
    if len(cells) != len(behind) or len(behind) == len(panel.values):
        return []
    apart = any(seen.cell.column != column.left for seen, column in zip(cells, behind, strict=True))
    lefts = {column.left for column in behind} if apart else set()
    return [column.role for column in behind] if apart and any(s.cell.column not in lefts for s in cells) else []


def _shifted(cells: Sequence[Seen], panel: Panel) -> list[Seen]:
    """The filled cells of a row, where a figure stands behind all columns and there are as many of them as columns.

    Spans that were forgotten left empty cells behind, so that the header's columns are not those of the row.
    """
    if len(cells) <= len(panel.values):
        return []
    full = [seen for seen in cells if seen.kind != "blank"]
    behind = any(seen.kind == "number" and seen.cell.column >= panel.values[-1].right for seen in full)
    return full if behind and len(full) == len(panel.values) else []


def _is_remark(seen: Seen, panel: Panel) -> bool:
    """Whether a text stands behind the first column of values where no value does, and names no line."""
    if seen.kind != "text" or seen.cell.column < panel.first or seen.meaning.lines or seen.meaning.word == "subtotal":
        return False
    return panel.role_at(seen.cell.column) not in ("value", "unit")


def _fits(cell: Cell, columns: Sequence[Column]) -> bool:
    """Whether a cell stands exactly under one column."""
    return any(cell.column == column.left and cell.column + cell.colspan == column.right for column in columns)


def _tiles(cells: Sequence[Seen], columns: Sequence[Column]) -> bool:
    """Whether cells, some of them over several columns, begin and end where columns do and leave none out."""
    lefts = {column.left: column.right for column in columns}
    at = columns[0].left
    for seen in cells:
        if seen.cell.column != at:
            return False
        end = at + seen.cell.colspan
        while at in lefts and at < end:
            at = lefts[at]
        if at != end:
            return False
    return at == columns[-1].right


def _place(cells: Sequence[Seen], columns: Sequence[Column]) -> list[Placed]:
    """Bring value cells and value columns together: by order when the counts agree, else by place."""
    if len(cells) == len(columns):
        return [
            _placed(
                seen.cell,
                column,
                not (seen.cell.column < column.right and column.left < seen.cell.column + seen.cell.colspan),
            )
            for seen, column in zip(cells, columns, strict=True)
        ]
    placed: list[Placed] = []
    lefts, rights = [column.left for column in columns], [column.right for column in columns]
    filled: set[int] = set()
    for seen in cells:
        left, right = seen.cell.column, seen.cell.column + seen.cell.colspan
        over = tuple(columns[bisect_right(rights, left) : bisect_left(lefts, right)])
        if len(over) == 1:
            taken = over[0].left in filled
            filled.add(over[0].left)
            placed.append(Placed(seen.cell, None if taken else over[0], False, () if not taken else over))
        else:
            placed.append(Placed(seen.cell, None, False, over))
    return placed


def _without_header(number: int, row: Sequence[Seen], header: Header) -> list[Row]:
    """A row under no header: labels and values by what they are, its columns to be told by the line."""
    found: list[Row] = []
    part = _Part()
    for at, seen in enumerate(row):
        text = seen.kind == "text" and seen.meaning.word != "unit"
        if part.labels and part.values and _parts_code(row, at):
            # A number between a label and its unit, with the value behind it, is the line's code.
            part.serials.extend(part.values)
            part.values.clear()
            part.unit = seen.cell
        elif text and (
            seen.meaning.lines or seen.meaning.word == "subtotal" or not part.values or _is_label(part, row, at)
        ):
            if part.labels and part.values:
                found.append(part.row(number, header))
                part = _Part()
            elif part.values:
                # A number before the label is the row's serial.
                part.serials.extend(part.values)
                part.values.clear()
            part.labels.append(seen.cell)
        elif seen.kind == "text" and not part.values and part.labels:
            part.unit = seen.cell
        elif part.labels or seen.kind != "text":
            part.values.append(seen.cell)
    if part.labels or part.values:
        found.append(part.row(number, header))
    return found


def _is_label(part: _Part, row: Sequence[Seen], at: int) -> bool:
    """Whether a text that no form knows stands between the one number that begins a row and a value."""
    return not part.labels and len(part.values) == 1 == at and len(row) > 2 and row[at + 1].kind != "text"


def _parts_code(row: Sequence[Seen], at: int) -> bool:
    """Whether a unit stands here with a value right behind it."""
    if row[at].kind == "number" or row[at].meaning.word != "unit" or at + 1 == len(row):
        return False
    return row[at + 1].kind != "text"


@dataclass(slots=True)
class _Part:
    """A row under no header while it is being read."""

    labels: list[Cell] = field(default_factory=list)
    unit: Cell | None = None
    values: list[Cell] = field(default_factory=list)
    serials: list[Cell] = field(default_factory=list)

    def row(self, number: int, header: Header) -> Row:
        placed = tuple(Placed(cell, None) for cell in self.values)
        return _row(number, tuple(self.labels), self.unit, placed, header, serials=tuple(self.serials))
