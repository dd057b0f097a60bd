"""Header rows: which columns of a grid they name, and what each of these holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from parsers.characters.widths import match_key
from parsers.document import Cell, Table
from parsers.elimination import Place, by_order
from parsers.frozen import frozen, maker
from parsers.kinds import kind_of
from parsers.labels import Index, Meaning

SUBTOTAL = "小计"

REPEATED = 8
"""More columns than that of a form's section may repeat under line after line."""


@frozen
class Column:
    """A leaf of a header: the grid columns `left` to `right` (exclusive) and what they hold.

    `role` is label, unit, serial, note or value. For a value `places` are the (section, breakdown)
    that its label can mean, `line` the line that a cell above it names, for tables that print their
    lines across; `path` are the header cells from top to leaf. `by_order` says that its header tells
    nothing, and the columns beside it do.
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
    `behind` are the columns, of values or others, that stand behind the last one of labels.
    """

    left: int
    right: int
    values: tuple[Column, ...]
    first: int
    across: bool
    roles: tuple[str, ...]
    behind: tuple[Column, ...]

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
class Seen:
    """A cell of a row with what it says: kind is number, blank or text."""

    cell: Cell
    kind: str
    meaning: Meaning
    own: bool


_made_column = maker(Column)


def header_of(rows: Sequence[Sequence[Seen]], width: int, index: Index, table: Table | None = None) -> Header:
    """The leaves of a header block with their paths; columns of `table` in which nothing stands part no others."""
    cells: list[Cell] = []
    known: dict[int, Seen] = {}
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
    columns = _without_subtotals(columns, known)
    if sum(bool(section == place[0]) for column in columns for place in column.places[:1]) > REPEATED:
        columns = _in_turn(columns, cells, known, index)
    complete = _complete(columns, section, index)
    if table is not None and any(_is_nameless(column) for column in complete):
        complete = _without_spacers(complete, table)
    values = tuple(column for column in complete if column.role == "value")
    panels = tuple([_panel_of(columns, width) for columns in _panels(complete)]) if values else ()
    return Header(complete, tuple(cells), section, values, panels)


def lines_in_turn(said: Iterable[Meaning], index: Index) -> list[int]:
    """The lines that a header of several rows names, from left to right: those of a group where the group stands."""
    lines: list[int] = []
    group: int | None = None
    for meaning in said:
        if meaning.columns:
            continue
        if not meaning.lines:
            group = len(lines) if meaning.word == "header" else group
        elif group is not None and index.lines[meaning.lines[0]].groups:
            lines.insert(group, meaning.lines[0])
            group += 1
        else:
            lines.append(meaning.lines[0])
    return lines


def _in_turn(columns: list[Column], cells: Sequence[Cell], known: dict[int, Seen], index: Index) -> list[Column]:
    """Columns that repeat under line after line, named by the lines' order where the spans that tell them are lost."""
    values = [at for at, column in enumerate(columns) if column.role == "value"]
    names = [columns[at].places for at in values]
    size = names.index(names[0], 1) if names[0] in names[1:] else len(names)
    times = len(names) // size
    if times == 1 or names != names[:size] * times:
        return columns
    groups = [{columns[at].line for at in values[first : first + size]} for first in range(0, len(values), size)]
    if all(len(group) == 1 for group in groups) and len(set[int | None]().union(*groups)) == times:
        return columns
    said = [known[id(cell)].meaning for cell in sorted(cells, key=lambda one: (one.row, one.column))]
    lines = lines_in_turn(said, index)
    if len(lines) != times or len(set(lines)) != times:
        return columns
    for at, place in enumerate(values):
        column = columns[place]
        columns[place] = _made_column(
            column.left, column.right, "value", column.path, column.places, lines[at // size], True
        )
    return columns


def _panel_of(columns: Sequence[Column], width: int) -> Panel:
    values = tuple([column for column in columns if column.role == "value"])
    roles = [""] * width
    for column in columns:
        roles[column.left : column.right] = [column.role] * (column.right - column.left)
    across = any(column.line is not None for column in values)
    last = max((at for at, column in enumerate(columns) if column.role == "label"), default=-1)
    return Panel(
        columns[0].left, columns[-1].right, values, values[0].left, across, tuple(roles), tuple(columns[last + 1 :])
    )


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


def _column(left: int, right: int, path: tuple[Cell, ...], known: dict[int, Seen], section: str) -> Column:
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


def _without_subtotals(columns: list[Column], known: dict[int, Seen]) -> list[Column]:
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
