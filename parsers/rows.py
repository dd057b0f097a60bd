"""A statistical table as header blocks and rows of labels and values, whatever its spans look like."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from parsers.characters.numbers import read_cell
from parsers.characters.widths import match_key, squeeze, strip_serial
from parsers.document import Cell, Table
from parsers.elimination import Place, by_order
from parsers.frozen import frozen, maker
from parsers.labels import NOTHING, Index, Meaning


@frozen
class Column:
    """A leaf of a header: the grid columns `left` to `right` (exclusive) and what they hold.

    `role` is label, unit, serial, note or value. For a value `places` are the (section, breakdown)
    that its label can mean, `line` the line that a cell above it names, for tables that print their
    lines across; `path` are the header cells from top to leaf.
    """

    left: int
    right: int
    role: str
    path: tuple[Cell, ...]
    places: tuple[tuple[str, str], ...] = ()
    line: int | None = None
    by_order: bool = False


@frozen
class Panel:
    """Columns with labels of their own: `left` to `right` (exclusive) in the grid.

    `values` are those that hold values, the first of them at `first`; `across` says whether cells
    over them name lines. `roles` are the columns' by their place in the grid, "" where none is.
    """

    left: int
    right: int
    values: tuple[Column, ...]
    first: int
    across: bool
    roles: tuple[str, ...]

    def role_at(self, place: int) -> str:
        """The role of the column at a place of the grid."""
        return self.roles[place] if place < len(self.roles) else ""


@frozen
class Header:
    """Header rows that stand together: `section` is the one that most columns belong to.

    `values` are the columns that hold values, `panels` the parts that stand side by side, each with
    labels of its own.
    """

    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    section: str = ""
    values: tuple[Column, ...] = ()
    panels: tuple[Panel, ...] = ()


NO_HEADER = Header((), ())


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


@frozen
class _Seen:
    """A cell of a row with what it says: kind is number, blank or text."""

    cell: Cell
    kind: str
    meaning: Meaning
    own: bool


_placed = maker(Placed)
_seen_cell = maker(_Seen)
_made_column = maker(Column)
_row = maker(Row)

YEAR_DIGITS = 4

SUBTOTAL = "小计"

HEADS = frozenset(("header", "unit_header", "serial_header", "other_column"))
"""Words that head a column without being one of the form's."""

_KINDS: dict[str, str] = {}


def kind_of(text: str) -> str:
    """number, blank (also a slash, a dash, 无) or text."""
    known = _KINDS.get(text)
    if known is None:
        if len(text) > 120:
            return "text"
        reading = read_cell(text)
        lines = text.split("\n")
        several = len(lines) > 1 and reading.status == "unreadable" and all(kind_of(line) != "text" for line in lines)
        doubtful = reading.status == "ambiguous" and bool(reading.candidates)
        if several or doubtful or reading.status == "reported":
            known = "number"
        elif reading.status in ("blank", "slash", "dash", "none_word"):
            known = "blank"
        elif reading.status == "ambiguous" and any(c.isdigit() for c in _without_serial(text)):
            known = "number"
        else:
            known = "text"
        if len(_KINDS) < 65536:
            _KINDS[text] = known
    return known


def _without_serial(text: str) -> str:
    """A text without the number that lists its words: 1.本机关不掌握(…)."""
    serial, rest = strip_serial(text)
    return rest if serial and rest[:1].isalpha() else text


def read_rows(table: Table, index: Index, inherited: Header = NO_HEADER, over: Cell | None = None) -> Layout:
    """Take a table apart, top to bottom, by the words that the form knows.

    `inherited` is the header of the table before: rows that no header of their own stands over are
    read under it when the two tables are equally wide. `over` is a line of text above the table that says
    what it counts: the first of its headers.
    """
    layout = Layout()
    pending: list[list[_Seen]] = [[_seen_cell(over, "text", index.cell_meaning(over.text), True)]] if over else []
    held: list[list[_Seen]] = []
    beside: list[list[Row]] = []
    header = inherited if inherited.columns and inherited.columns[-1].right == table.columns else NO_HEADER
    for number in range(table.rows):
        row = _seen(table, number, index)
        own = [seen for seen in row if seen.own]
        if not own:
            continue
        kind = _row_kind(own, row, table.columns, header, bool(pending))
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
            header = _header(pending, table.columns, index, table)
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
        layout.headers.append(_header(pending, table.columns, index, table))
    return layout


def _flush(beside: list[list[Row]], layout: Layout) -> None:
    """Rows of panels that stand side by side are read one panel after the other."""
    for rows in beside:
        layout.rows.extend(rows)
    beside.clear()


def _names_line_across(own: Sequence[_Seen], width: int, index: Index) -> bool:
    """Whether a row is one cell over the whole table that names a line of several columns, or a group of such."""
    if len(own) != 1 or own[0].cell.colspan < max(2, width - 1):
        return False
    meaning = own[0].meaning
    return meaning.word == "header" or any(len(index.lines[line].breakdowns) > 1 for line in meaning.lines)


def _is_blank_across(own: Sequence[_Seen], pending: Sequence[Sequence[_Seen]], width: int, index: Index) -> bool:
    """Whether blanks alone stand under a header that names the lines: a row of a table without labels, left empty."""
    if len(own) < 2:
        return False
    values = _header(pending, width, index).values
    return len(own) >= len(values) and any(column.line is not None for column in values)


def _seen(table: Table, number: int, index: Index) -> list[_Seen]:
    found: list[_Seen] = []
    cells, kinds, meaning_of = table.cells, _KINDS, index.cell_meaning
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


def _is_year(seen: _Seen) -> bool:
    return bool(seen.meaning.columns) and not seen.meaning.lines


def _row_kind(own: Sequence[_Seen], row: Sequence[_Seen], width: int, header: Header, open_header: bool) -> str:
    """header, data, empty or other."""
    texts: list[_Seen] = []
    numbers: list[_Seen] = []
    blanks: list[_Seen] = []
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
    if columns and words:
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


def _width(cells: Sequence[_Seen]) -> int:
    return sum(seen.cell.colspan for seen in cells)


def _spreads(seen: _Seen) -> bool:
    """Whether a text names a line or a group of columns over several columns."""
    return seen.cell.colspan > 1 and bool(seen.meaning.lines or seen.meaning.word == "header")


def _header(rows: Sequence[Sequence[_Seen]], width: int, index: Index, table: Table | None = None) -> Header:
    """The leaves of a header block with their paths; columns of `table` in which nothing stands part no others."""
    cells: list[Cell] = []
    known: dict[int, _Seen] = {}
    for row in rows:
        for seen in row:
            if id(seen.cell) not in known:
                known[id(seen.cell)] = seen
                cells.append(seen.cell)
    over: list[list[Cell]] = [[] for _ in range(width)]
    for cell in sorted(cells, key=lambda c: c.row):
        for own in over[cell.column : cell.column + cell.colspan]:
            own.append(cell)
    paths = [tuple(own) for own in over]
    leaves: list[tuple[int, int, tuple[Cell, ...]]] = []
    for place, path in enumerate(paths):
        if leaves and path and leaves[-1][2] and path[-1] is leaves[-1][2][-1] and leaves[-1][1] == place:
            leaves[-1] = (leaves[-1][0], place + 1, path)
        else:
            leaves.append((place, place + 1, path))
    votes: dict[str, int] = {}
    for _, _, path in leaves:
        if path:
            sections = dict.fromkeys(section for section, _ in known[id(path[-1])].meaning.columns)
            for section in sections:
                votes[section] = votes.get(section, 0) + 1
    section = max(votes, key=lambda name: votes[name]) if votes else ""
    columns: list[Column] = []
    for left, right, path in leaves:
        columns.append(_column(left, right, path, known, section))
    complete = _complete(_without_subtotals(columns, known), section, index)
    if table is not None and any(_is_nameless(column) for column in complete):
        complete = _without_spacers(complete, table)
    values = tuple(column for column in complete if column.role == "value")
    panels = tuple([_panel_of(columns, width) for columns in _panels(complete)]) if values else ()
    return Header(complete, tuple(cells), section, values, panels)


def _panel_of(columns: Sequence[Column], width: int) -> Panel:
    values = tuple([column for column in columns if column.role == "value"])
    roles = [""] * width
    for column in columns:
        roles[column.left : column.right] = [column.role] * (column.right - column.left)
    across = any(column.line is not None for column in values)
    return Panel(columns[0].left, columns[-1].right, values, values[0].left, across, tuple(roles))


def _panels(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """The columns cut where labels stand behind values, when every part has values."""
    panels: list[list[Column]] = [[]]
    filled = False
    for column in columns:
        if column.role in ("label", "serial") and filled:
            panels.append([])
            filled = False
        filled = filled or column.role == "value"
        panels[-1].append(column)
    return [tuple(panel) for panel in panels] if filled else [tuple(columns)]


def _column(left: int, right: int, path: tuple[Cell, ...], known: dict[int, _Seen], section: str) -> Column:
    if not path:
        return _made_column(left, right, "label", path)
    for depth in range(len(path) - 1, -1, -1):
        meaning = known[id(path[depth])].meaning
        if meaning.columns:
            places = tuple(p for p in meaning.columns if p[0] == section) or meaning.columns
            line: int | None = meaning.under[0] if meaning.under else None
            for above in reversed(path[:depth] if line is None else ()):
                lines = known[id(above)].meaning.lines
                if lines and not set(known[id(above)].meaning.columns) & set(places):
                    line = lines[0]
                    break
            return _made_column(left, right, "value", path, places, line)
        if meaning.word == "unit_header":
            return _made_column(left, right, "unit", path)
        if meaning.word == "serial_header":
            return _made_column(left, right, "serial", path)
        if meaning.word in ("note", "other_column"):
            return _made_column(left, right, "note", path)
    leaf = known[id(path[-1])]
    role = "label" if leaf.meaning.word == "header" or leaf.kind != "text" else "unknown"
    return _made_column(left, right, role, path)


def _without_subtotals(columns: list[Column], known: dict[int, _Seen]) -> list[Column]:
    """Columns of which one that only adds up some of them (小计) is none of the form's beside the form's own total."""
    totals: dict[tuple[int | None, tuple[tuple[str, str], ...]], list[int]] = {}
    for at, column in enumerate(columns):
        if column.role == "value" and known[id(column.path[-1])].meaning.word == "subtotal":
            totals.setdefault((column.line, column.places), []).append(at)
    for found in totals.values():
        named = {match_key(columns[at].path[-1].text) for at in found}
        if len(found) > 1 and len(named) > 1 and SUBTOTAL in named:
            for at in found:
                column = columns[at]
                if match_key(column.path[-1].text) == SUBTOTAL:
                    columns[at] = _made_column(column.left, column.right, "note", column.path)
    return columns


def _complete(columns: list[Column], section: str, index: Index) -> tuple[Column, ...]:
    """Columns whose header is misprinted, told by likeness to those of the section that are not named yet."""
    if section and any(column.role == "value" for column in columns):
        taken: dict[int | None, set[str]] = {}
        for column in columns:
            if column.role == "value":
                taken.setdefault(column.line, set()).update(breakdown for _, breakdown in column.places)
        for i, column in enumerate(columns):
            if column.role != "unknown":
                continue
            lines = [line for cell in column.path[:-1] for line in index.cell_meaning(cell.text).lines]
            line = lines[-1] if lines else None
            own = taken.setdefault(line, set())
            free = [entry.breakdown for entry in index.form.section(section).columns if entry.breakdown not in own]
            near = index.similar_column(column.path[-1].text, section, free)
            if near:
                own.add(near)
                columns[i] = _made_column(column.left, column.right, "value", column.path, ((section, near),), line)
        told = {column.line for column in columns if column.role == "value"}
        if (None in told and len(told) > 1) or any(c.role == "unknown" or _is_nameless(c) for c in columns):
            columns = _eliminated(columns, section, index)
    return tuple(_as_label(columns))


def _is_nameless(column: Column) -> bool:
    """Whether a header cell with nothing in it stands over a column."""
    return column.role == "label" and bool(column.path) and kind_of(column.path[-1].text) == "blank"


def _without_spacers(columns: Sequence[Column], table: Table) -> tuple[Column, ...]:
    """Columns of which one without a name, and without any text that begins in it, is none of labels."""
    begun = {cell.column for cell in table.cells if cell.text and not cell.text.isspace()}
    return tuple(
        _made_column(c.left, c.right, "note", c.path)
        if _is_nameless(c) and begun.isdisjoint(range(c.left, c.right))
        else c
        for c in columns
    )


def _eliminated(columns: list[Column], section: str, index: Index) -> list[Column]:
    """Columns whose header says nothing that is known, named where the form has no other ones in their places."""
    first = next(i for i, column in enumerate(columns) if column.role == "value")
    group = {id(cell) for cell in columns[first].path[:-1]}
    places = [
        i
        for i, column in enumerate(columns)
        if column.role == "value"
        # What stands before all values is of the labels, where it is in no group with them.
        or ((column.role == "unknown" or _is_nameless(column)) and (i > first or _shares(column, group)))
    ]
    breakdowns = [column.breakdown for column in index.form.section(section).columns]
    across = any(columns[i].line is not None for i in places)
    lines = (
        [i for i, line in enumerate(index.lines) if line.section == section and not line.heading] if across else [None]
    )
    named: list[Place | str | None] = []
    for i in places:
        said = [breakdown for name, breakdown in columns[i].places if name == section]
        nameless = columns[i].role != "value" or len(said) != 1
        named.append(
            None if nameless else said[0] if across and columns[i].line is None else (columns[i].line, said[0])
        )
    order = [(line, breakdown) for line in lines for breakdown in breakdowns]
    for i, one, place in zip(places, named, by_order(named, order), strict=True):
        if place is not None and place != one:
            column = columns[i]
            columns[i] = _made_column(
                column.left, column.right, "value", column.path, ((section, place[1]),), place[0], True
            )
    return columns


def _shares(column: Column, group: Collection[int]) -> bool:
    return any(id(cell) in group for cell in column.path[:-1])


def _as_label(columns: Sequence[Column]) -> list[Column]:
    return [_made_column(c.left, c.right, "label", c.path) if c.role == "unknown" else c for c in columns]


def _data_rows(number: int, row: Sequence[_Seen], header: Header) -> list[Row]:
    """One row of data, or several where two panels stand side by side."""
    panels = header.panels
    if not panels:
        return _without_header(number, row, header)
    if len(panels) == 1:
        made = _in_panel(number, row, panels[0], header)
        return [made] if made else []
    found = []
    lefts = [panel.left for panel in panels]
    inside: list[list[_Seen]] = [[] for _ in panels]
    for seen in row:
        at = bisect_right(lefts, seen.cell.column) - 1
        if at >= 0 and seen.cell.column < panels[at].right:
            inside[at].append(seen)
    for cells, panel in zip(inside, panels, strict=True):
        made = _in_panel(number, cells, panel, header)
        if made:
            found.append(made)
    return found


def _in_panel(number: int, cells: Sequence[_Seen], panel: Panel, header: Header) -> Row | None:
    values, first, roles = panel.values, panel.first, panel.roles
    width = len(roles)
    last_label = -1
    behind: list[_Seen] = []
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
    rest: list[_Seen] = []
    for seen in candidates:
        column = seen.cell.column
        role = roles[column] if column < width else ""
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


def _shifted(cells: Sequence[_Seen], panel: Panel) -> list[_Seen]:
    """The filled cells of a row, where a figure stands behind all columns and there are as many of them as columns.

    Spans that were forgotten left empty cells behind, so that the header's columns are not those of the row.
    """
    if len(cells) <= len(panel.values):
        return []
    full = [seen for seen in cells if seen.kind != "blank"]
    behind = any(seen.kind == "number" and seen.cell.column >= panel.values[-1].right for seen in full)
    return full if behind and len(full) == len(panel.values) else []


def _is_remark(seen: _Seen, panel: Panel) -> bool:
    """Whether a text stands behind the first column of values where no value does, and names no line."""
    if seen.kind != "text" or seen.cell.column < panel.first or seen.meaning.lines or seen.meaning.word == "subtotal":
        return False
    return panel.role_at(seen.cell.column) not in ("value", "unit")


def _fits(cell: Cell, columns: Sequence[Column]) -> bool:
    """Whether a cell stands exactly under one column."""
    return any(cell.column == column.left and cell.column + cell.colspan == column.right for column in columns)


def _tiles(cells: Sequence[_Seen], columns: Sequence[Column]) -> bool:
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


def _place(cells: Sequence[_Seen], columns: Sequence[Column]) -> list[Placed]:
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


def _without_header(number: int, row: Sequence[_Seen], header: Header) -> list[Row]:
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
        elif text and (seen.meaning.lines or seen.meaning.word == "subtotal" or not part.values):
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


def _parts_code(row: Sequence[_Seen], at: int) -> bool:
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
