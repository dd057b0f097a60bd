"""Which line of the form each row is, and so which cell of the form each value cell is."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Sequence
from itertools import accumulate

from parsers.align import BETWEEN, MARGIN, SIMILAR, certain_chain
from parsers.characters.widths import match_key
from parsers.document import Cell
from parsers.forms import Line
from parsers.frozen import frozen, maker
from parsers.kinds import kind_of
from parsers.labels import Index, indexes, label_key
from parsers.rows import Placed, Row

Key = tuple[str, str]

NEARLY = 90.0
"""Ratio from which a label has no more than one wrong sign."""


@frozen
class LineMatch:
    """The line that a row was taken for: `method`, `score` and `margin` as in `observations`."""

    line: int
    method: str
    score: float
    margin: float


@frozen
class Claim:
    """A value cell claimed for a cell of the form.

    `keys` holds one key, or several when the cell stands where several columns are. `column_method`
    is header, order (the header's spans do not line up) or form (no header at all).
    """

    table: int
    row: int
    cell: Cell
    keys: tuple[Key, ...]
    label: Cell | None
    unit: Cell | None
    match: LineMatch
    column_method: str
    header_path: tuple[Cell, ...] = ()
    short: bool = False
    merged: bool = False


_match = maker(LineMatch)
_claim = maker(Claim)


@frozen
class _Option:
    line: int
    score: float
    method: str
    allowed: bool = True


_option = maker(_Option)


def match_rows(rows: Sequence[Row], index: Index, claimed: Collection[int] = ()) -> list[LineMatch | None]:
    """The line of each row, None where no line of the form may claim it.

    Rows stand in the order of the page, all of one table. `claimed` are lines that tables before
    this one print: of several lines with one label, those are passed over.
    """
    options = [_unclaimed(_options(row, index), claimed) for row in rows]
    sure: dict[int, int] = {}
    for number, found in enumerate(options):
        exact = [option for option in found if option.method in ("exact", "alias")]
        if len(exact) == 1:
            sure[number] = exact[0].line
    _subtotals(rows, options, sure, index)
    if len(sure) == sum(1 for row in rows if row.labels):
        result: list[LineMatch | None] = [None] * len(rows)
        for number, line in sure.items():
            option = next(o for o in options[number] if o.line == line)
            result[number] = _match(line, option.method, option.score, 100.0)
    else:
        result = _by_context(rows, options, sure, index)
        _subtotals_of_similar(rows, result, index)
    return _by_position(rows, result, index)


def _unclaimed(options: list[_Option], claimed: Collection[int]) -> list[_Option]:
    if len(options) < 2 or options[0].method == "similar":
        return options
    return [option for option in options if option.line not in claimed] or options


def _subtotals(rows: Sequence[Row], options: list[list[_Option]], sure: dict[int, int], index: Index) -> None:
    """A subtotal without its heading beside it belongs to the heading of the line before."""
    figured: set[int] | None = None
    for number, row in enumerate(rows):
        if number in sure or not row.labels or index.cell_meaning(row.labels[-1].text).word != "subtotal":
            continue
        before = sure.get(number - 1)
        line = index.lines[before] if before is not None else None
        if line is None or not line.parent:
            continue
        heading = index.position_of(line.parent)
        if figured is None:
            figured = {known for place, known in sure.items() if _has_figures(rows[place])}
        if index.lines[heading].breakdowns and heading not in figured:
            options[number] = [_option(heading, 97.0, "alias")]
            sure[number] = heading
            if _has_figures(row):
                figured.add(heading)


def _subtotals_of_similar(rows: Sequence[Row], result: list[LineMatch | None], index: Index) -> None:
    """The same where the line before the subtotal was told by likeness."""
    for number, row in enumerate(rows):
        before = result[number - 1] if number else None
        if result[number] is not None or before is None or before.method != "similar" or not row.labels:
            continue
        parent = index.lines[before.line].parent
        if not parent or index.cell_meaning(row.labels[-1].text).word != "subtotal":
            continue
        heading = index.position_of(parent)
        if index.lines[heading].breakdowns and not any(match and match.line == heading for match in result):
            result[number] = _match(heading, "alias", 97.0, 100.0)


def _has_figures(row: Row) -> bool:
    """Whether a row holds more than blanks."""
    return any(kind_of(placed.cell.text) != "blank" for placed in row.values)


def _options(row: Row, index: Index) -> list[_Option]:
    if not row.labels:
        return []
    path = [index.cell_meaning(cell.text) for cell in row.labels]
    above = [meaning.lines for meaning in path[:-1] if meaning.lines]
    found = _exact(row.labels[-1].text, above, index)
    if found:
        return found
    if len(row.labels) > 1:
        joined = _exact(row.labels[-2].text + row.labels[-1].text, above[:-1], index)
        if joined:
            return joined
        serial = label_key(row.labels[-1].text).serial
        numbered = bool(serial) and any(index.serials[i] == serial for i in path[-1].lines)
        if path[-1].word == "subtotal" and len(path[-2].lines) == 1 and not numbered:
            return [_option(path[-2].lines[0], 97.0, "alias")]
        if not match_key(row.labels[-1].text) and path[-2].lines:
            return _exact(row.labels[-2].text, above[:-1], index)
        if len(path[-1].lines) == 1 and (path[-1].word != "subtotal" or numbered):
            # A heading that spans the wrong rows: the line's own label is plain enough.
            return _exact(row.labels[-1].text, (), index)
    if inner := _under_heading(row.labels[-1].text, above, index):
        return inner
    if path[-1].word in ("note", "group", "header", "other_column"):
        return []
    if len(label_key(row.labels[-1].text).full) < 2:
        return []
    return [
        _option(line, score, "similar", allowed)
        for score, line, allowed in index.similar(row.labels[-1].text, BETWEEN)[:6]
        if not _contradicts(line, above, index)
    ]


def _under_heading(text: str, above: Sequence[tuple[int, ...]], index: Index) -> list[_Option]:
    """The line of a label that stands in one cell with the heading over it, a blank or a line break between them."""
    words = text.split()
    for cut in range(1, min(len(words), 5)):
        heading = index.cell_meaning("".join(words[:cut])).lines
        if any(index.has_children[line] for line in heading):
            found = _exact("".join(words[cut:]), [*above, heading], index)
            if found:
                return found
    return []


def _exact(text: str, above: Sequence[tuple[int, ...]], index: Index) -> list[_Option]:
    meaning = index.cell_meaning(text)
    if not meaning.lines:
        return []
    key = label_key(text).full
    found = [
        _option(line, *((100.0, "exact") if index.keys[line][0] == key else (97.0, "alias")))
        for line in meaning.lines
        if not _contradicts(line, above, index)
    ]
    exact = [option for option in found if option.method == "exact"]
    below = [o for o in found if above and any(set(lines) & index.parents[o.line] for lines in above[-1:])]
    if below:
        return below
    return exact if len(exact) == 1 and len(found) == 1 else found


def _contradicts(line: int, above: Sequence[tuple[int, ...]], index: Index) -> bool:
    """True when a label beside the row's own names a heading that the line does not stand under."""
    for lines in above:
        headings = [i for i in lines if index.has_children[i]]
        if headings and not any(i in index.parents[line] or i == line for i in headings):
            return True
    return False


def _by_context(
    rows: Sequence[Row], options: Sequence[Sequence[_Option]], sure: dict[int, int], index: Index
) -> list[LineMatch | None]:
    weights: list[list[tuple[int, float]]] = []
    for number, found in enumerate(options):
        if number in sure:
            weights.append([(sure[number], 3.0)])
        else:
            weights.append(
                [
                    (
                        o.line,
                        (1.5 if o.method in ("exact", "alias") else o.score / 100)
                        + _serial_bonus(rows[number], o.line, index),
                    )
                    for o in found
                    if o.allowed
                ]
            )
    chain = certain_chain(weights)
    claimed = set(sure.values())
    result: list[LineMatch | None] = [None] * len(rows)
    for number, line in sure.items():
        option = next(o for o in options[number] if o.line == line)
        result[number] = _match(line, option.method, option.score, 100.0)
    for number, found in enumerate(options):
        if number in sure or not found:
            continue
        exact = [o for o in found if o.method in ("exact", "alias")]
        choice = chain[number]
        if exact:
            free = [o for o in exact if o.line not in claimed]
            picked = next((o for o in exact if o.line == choice), None)
            if picked is None and len(free) == 1:
                picked = free[0]
            if picked is not None:
                result[number] = LineMatch(picked.line, picked.method, picked.score, 100.0 if len(exact) == 1 else 50.0)
                claimed.add(picked.line)
    gaps = _Gaps(rows, result)
    for number, found in enumerate(options):
        if number in sure or not found or result[number] is not None or found[0].method != "similar":
            continue
        match = _similar(number, rows, found, chain, gaps, claimed, index)
        if match:
            result[number] = match
            gaps.close(number)
            claimed.add(match.line)
    return result


def _serial_bonus(row: Row, line: int, index: Index) -> float:
    serial = label_key(row.labels[-1].text).serial if row.labels else ""
    return 0.1 if serial and serial == index.serials[line] else 0.0


def _similar(
    number: int,
    rows: Sequence[Row],
    found: Sequence[_Option],
    chain: Sequence[int | None],
    gaps: _Gaps,
    claimed: set[int],
    index: Index,
) -> LineMatch | None:
    free = [o for o in found if o.line not in claimed]
    if not free:
        return None
    allowed = [o for o in free if o.allowed]
    if not allowed:
        return None
    before, after, gap_rows, place = gaps.around(number)
    low = before.line if before else -1
    high = after.line if after else len(index.lines)
    inside = [o for o in allowed if low < o.line < high]
    if inside and inside[0].score < SIMILAR and allowed[0].score >= NEARLY:
        # A label that is nearly printed right tells its line wherever that stands in the form.
        inside = []
    best = inside[0] if inside else allowed[0]
    rivals = [
        o for o in free if o.line != best.line and (not inside or low < o.line < high or o.score > best.score + 10)
    ]
    if best.score >= NEARLY and all(o.score < best.score for o in rivals):
        # Next to a label that is nearly printed right, one that means the opposite is no rival.
        rivals = [o for o in rivals if o.allowed]
    margin = best.score - max((o.score for o in rivals), default=0.0)
    serial = _serial_bonus(rows[number], best.line, index) > 0
    if best.score >= SIMILAR and margin >= MARGIN and (inside or best.score >= 88):
        return LineMatch(best.line, "similar", best.score, margin)
    if not inside or chain[number] not in (None, best.line):
        return None
    gap_lines = [i for i in range(low + 1, high) if i not in claimed and not index.lines[i].heading]
    alone = len(gap_lines) == gap_rows == 1 and gap_lines[0] == best.line
    if margin >= MARGIN and ((alone and (serial or best.score >= 60)) or (serial and best.score >= 66)):
        return LineMatch(best.line, "similar", best.score, margin)
    if alone and serial and margin > -15:
        return LineMatch(best.line, "similar", best.score, max(margin, 0.0))
    fits = len(gap_lines) == gap_rows and place < gap_rows and best.line == gap_lines[place]
    if fits and margin >= MARGIN:
        return LineMatch(best.line, "similar", best.score, margin)
    return None


class _Gaps:
    """The runs of rows without a line, between those that have one."""

    def __init__(self, rows: Sequence[Row], result: Sequence[LineMatch | None]) -> None:
        self.result = result
        self.matched = [number for number, match in enumerate(result) if match is not None]
        # How many rows with values stand before each row, and before the end.
        self.filled = [0, *accumulate(1 if row.values else 0 for row in rows)]

    def close(self, number: int) -> None:
        """A row has a line now."""
        insort(self.matched, number)

    def around(self, number: int) -> tuple[LineMatch | None, LineMatch | None, int, int]:
        """For a row without a line: the matches before and behind its gap, the rows with values in the gap, and how
        many of them stand before it."""
        at = bisect_left(self.matched, number)
        before = self.matched[at - 1] if at else None
        after = self.matched[at] if at < len(self.matched) else None
        start = self.filled[0 if before is None else before + 1]
        end = self.filled[-1 if after is None else after]
        return (
            None if before is None else self.result[before],
            None if after is None else self.result[after],
            end - start,
            self.filled[number] - start,
        )


def _by_position(rows: Sequence[Row], result: list[LineMatch | None], index: Index) -> list[LineMatch | None]:
    """Rows whose label is empty, between two certain neighbours that leave exactly as many lines."""
    number = 0
    while number < len(rows):
        if result[number] is not None or not _nameless(rows[number]):
            number += 1
            continue
        end = number
        while end < len(rows) and result[end] is None and _nameless(rows[end]):
            end += 1
        before = result[number - 1] if number else None
        after = result[end] if end < len(rows) else None
        sure = before is not None and after is not None and "similar" not in (before.method, after.method)
        if before is not None and after is not None and sure and after.line - before.line > end - number:
            claimed = {match.line for match in result if match is not None}
            gap = [i for i in range(before.line + 1, after.line) if i not in claimed and not index.lines[i].heading]
            if len(gap) == end - number:
                for offset, line in enumerate(gap):
                    result[number + offset] = LineMatch(line, "position", 0.0, 0.0)
        number = max(end, number + 1)
    return result


def _nameless(row: Row) -> bool:
    if not row.values or any(value.column is not None and value.column.line is not None for value in row.values):
        return False
    return not row.labels or not match_key(row.labels[-1].text)


def order_key(line: Line) -> str:
    """What lines have in common whose columns are printed in one order."""
    return line.section + "/" + "|".join(line.breakdowns)


def claims_of(
    table: int, row: Row, match: LineMatch | None, index: Index, orders: dict[str, tuple[str, ...]]
) -> list[Claim]:
    """The claims of one row.

    `orders` remembers, by section, the order of columns that the page printed last; rows of a
    table that goes on without its header are read by it.
    """
    if match is None or (row.values and all(v.column is not None and v.column.line is not None for v in row.values)):
        return _across(table, row, index)
    line = index.lines[match.line]
    label = row.labels[-1] if row.labels else None
    made: list[Claim] = []
    for placed in row.values:
        keys = _keys(placed, line.section, line.breakdowns, line.indicator)
        if keys:
            path = placed.column.path if placed.column else ()
            method = "order" if placed.by_order else "header"
            if placed.column is not None and placed.column.by_order:
                method = "form"
            made.append(
                _claim(
                    table,
                    row.number,
                    placed.cell,
                    keys,
                    label,
                    row.unit,
                    match,
                    method,
                    path,
                    row.short,
                    len(placed.covers) > 1,
                )
            )
    if made:
        named = [claim.keys[0][1] for claim in made if len(claim.keys) == 1]
        if len(named) == len(line.breakdowns):
            orders[order_key(line)] = tuple(named)
        return made
    if any(
        v.column is not None and any(p[0] == line.section and p[1] in line.breakdowns for p in v.column.places)
        for v in row.values
    ):
        return made
    if _is_of_another_form(row, index):
        return made
    order = orders.get(order_key(line), line.breakdowns)
    cells = list(row.values)
    while len(cells) > len(order) > 0 and kind_of(cells[0].cell.text) == "blank" != kind_of(cells[-1].cell.text):
        # An empty cell of the labels' columns.
        cells.pop(0)
    while len(cells) > len(order) > 0 and kind_of(cells[-1].cell.text) == "blank" != kind_of(cells[0].cell.text):
        # An empty cell that fills the row up.
        cells.pop()
    if order and len(cells) == len(order):
        return [
            _claim(
                table,
                row.number,
                placed.cell,
                ((line.indicator, breakdown),),
                label,
                row.unit,
                match,
                "form",
                (),
                False,
                False,
            )
            for placed, breakdown in zip(cells, order, strict=True)
        ]
    return []


def _is_of_another_form(row: Row, index: Index) -> bool:
    """Whether the header over a row names columns that this form does not have and another one has."""
    leaves = [column.path[-1].text for column in row.header.columns if column.path]
    unknown = [text for text in dict.fromkeys(leaves) if not index.cell_meaning(text)]
    others = (other for other in indexes() if other is not index)
    return len(unknown) > 1 and any(all(other.meaning(text).columns for text in unknown) for other in others)


def _keys(placed: Placed, section: str, breakdowns: Sequence[str], indicator: str) -> tuple[Key, ...]:
    column = placed.column
    if column is not None:
        if column.line is None:
            for place_section, breakdown in column.places:
                if place_section == section and breakdown in breakdowns:
                    return ((indicator, breakdown),)
        return ()
    keys: list[Key] = []
    for column in placed.covers:
        if column.line is not None:
            continue
        for place_section, breakdown in column.places:
            if place_section == section and breakdown in breakdowns:
                keys.append((indicator, breakdown))
                break
    return tuple(keys)


def _across(table: int, row: Row, index: Index) -> list[Claim]:
    """Claims of a row whose lines stand in the header."""
    made: list[Claim] = []
    for placed in row.values:
        columns = (placed.column,) if placed.column is not None else placed.covers
        keys: list[Key] = []
        first: tuple[Cell, ...] = ()
        for column in columns:
            if column.line is None:
                continue
            line = index.lines[column.line]
            for section, breakdown in column.places:
                if section == line.section and breakdown in line.breakdowns:
                    keys.append((line.indicator, breakdown))
                    first = first or column.path
                    break
        if keys:
            named = [cell for cell in first if index.cell_meaning(cell.text).lines]
            label = (
                named[-2]
                if len(named) > 1 and index.cell_meaning(named[-1].text).columns
                else (named[-1] if named else None)
            )
            match = LineMatch(index.position_of(keys[0][0]), "exact", 100.0, 100.0)
            method = "order" if placed.by_order else "header"
            if any(column.by_order for column in columns):
                method = "form"
            made.append(
                _claim(
                    table,
                    row.number,
                    placed.cell,
                    tuple(keys),
                    label,
                    row.unit,
                    match,
                    method,
                    first,
                    row.short,
                    len(keys) > 1,
                )
            )
    return made
