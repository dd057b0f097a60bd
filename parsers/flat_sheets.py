"""Words of a flattened table as sheets: header words, the order of their columns, and rows of labels and values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.characters.widths import match_key
from parsers.columns import lines_in_turn
from parsers.flat_rows import Segment, Word
from parsers.forms import FormSection
from parsers.labels import Index, Meaning

TOTAL = "total"
"""The only column of a matrix that pages leave out."""

OTHER = "?"
"""Before the words of a column between those of the form that the form does not have."""


@dataclass(slots=True)
class Run:
    """Labels, then the values that follow them."""

    labels: list[Segment]
    values: list[Word]
    after: int = 0


@dataclass(slots=True)
class Sheet:
    """A table in the making: the order of its value columns and its rows."""

    section: str
    header: list[Segment]
    order: list[str]
    across: list[str]
    rows: list[tuple[list[Segment], Segment | None, Segment | None, list[Word], int]]


def sheets_of(runs: Sequence[Run], index: Index) -> list[Sheet]:
    """The sheets that runs of labels and values make up: a header that names columns begins one."""
    sheets: list[Sheet] = []
    sheet: Sheet | None = None
    for run in runs:
        labels = _mended(run.labels, index)
        while cut := _header_end(labels):
            first = _header_start(labels, index)
            if sheet is not None and first:
                _add_rows(sheet, labels[:first], Run([], []))
            cut = _before_line(labels, first, cut, index)
            fresh = _new_sheet(labels[first:cut], index)
            if sheet is None or not _goes_on(sheet, fresh, index):
                sheet = fresh
                sheets.append(sheet)
            if fresh.across and labels[cut - 1].meaning.word == "other_column":
                # Where lines stand across, the word for another year is the label of the first row.
                cut -= 1
            labels = labels[cut:]
        if sheet is None:
            sheet = Sheet("", [], [], [], [])
            sheets.append(sheet)
        _add_rows(sheet, labels, run)
    return [part for sheet in sheets for part in _by_section(sheet, index)]


def _by_section(sheet: Sheet, index: Index) -> list[Sheet]:
    """A sheet with the rows of other sections apart: those lost their header."""
    if not sheet.section:
        return [sheet]
    parts = [Sheet(sheet.section, sheet.header, sheet.order, sheet.across, [])]
    for row in sheet.rows:
        own = row[1]
        if own is not None and own.meaning.lines:
            sections = {index.lines[i].section for i in own.meaning.lines}
            if parts[-1].section not in sections:
                parts.append(Sheet(min(sections), [], [], [], []))
        parts[-1].rows.append(row)
    return parts


def _goes_on(sheet: Sheet, fresh: Sheet, index: Index) -> bool:
    """Whether a header only repeats the one that its rows already stand under."""
    if not sheet.section or sheet.section != fresh.section or sheet.order != fresh.order:
        return False
    return index.form.section(sheet.section).layout == "list"


def _mended(labels: Sequence[Segment], index: Index) -> list[Segment]:
    """Labels with misprinted column labels among well printed ones told by likeness."""
    plain = {i for i, s in enumerate(labels) if s.meaning.columns and not s.meaning.lines}
    found = list(labels)
    taken = {pair for segment in labels for pair in segment.meaning.columns}
    for i, segment in enumerate(labels):
        beside = next((labels[p] for p in range(i - 2, i + 3) if p in plain), None)
        if segment.meaning or beside is None:
            continue
        section = beside.meaning.columns[0][0]
        free = [c.breakdown for c in index.form.section(section).columns if (section, c.breakdown) not in taken]
        near = index.similar_column(segment.text, section, free)
        if near:
            taken.add((section, near))
            found[i] = Segment(segment.text, segment.locator, segment.gap, Meaning(columns=((section, near),)))
    return found


def _header_end(labels: Sequence[Segment]) -> int:
    """How many of the labels belong to a header: up to the last column label, when there is a header at all."""
    columns = [i for i, s in enumerate(labels) if s.meaning.columns]
    plain = [i for i in columns if not labels[i].meaning.lines]
    words = [
        i for i, s in enumerate(labels) if s.meaning.word in ("header", "unit_header", "serial_header", "other_column")
    ]
    # Subtotals of rows that are left blank make no header.
    sure = any(labels[i].meaning.word != "subtotal" for i in plain)
    if not plain or not ((len(columns) >= 2 and sure) or words):
        return 0
    return (
        max(
            plain[-1],
            *(w for w in (*words, -1)),
            *(c for c in columns if c < plain[-1] + 3 and c <= _last_mixed(labels, plain[-1])),
        )
        + 1
    )


def _before_line(labels: Sequence[Segment], first: int, cut: int, index: Index) -> int:
    """Where a header ends before a line that all cells of are blank, with another header behind it."""
    headed = False
    for i in range(first, cut):
        meaning = labels[i].meaning
        headed = headed or bool(meaning.columns)
        across = any(index.form.section(index.lines[line].section).layout == "across" for line in meaning.lines)
        if headed and meaning.lines and not meaning.columns and not across:
            return i
    return cut


def _header_start(labels: Sequence[Segment], index: Index) -> int:
    """Where a header begins: lines that stand before it closed the rows above, their cells blank.

    Lines over columns that repeat under each of them are of the header.
    """
    for i, segment in enumerate(labels):
        if segment.meaning.lines and not segment.meaning.columns and _names_columns_of(labels[i:], index):
            return i
        if segment.meaning.word in ("header", "unit_header", "serial_header", "group"):
            return i
        if segment.meaning.columns and not segment.meaning.lines and segment.meaning.word != "subtotal":
            return i
        if segment.meaning.lines and len(labels) > i + 1 and labels[i + 1].meaning.word == "header":
            return i
    return 0


def _names_columns_of(labels: Sequence[Segment], index: Index) -> bool:
    """Whether labels are lines that stand across, with the columns behind them that repeat under each."""
    first = next((i for i, segment in enumerate(labels) if segment.meaning.columns), len(labels))
    sections = {index.lines[line].section for segment in labels[:first] for line in segment.meaning.lines}
    if first < 2 or len(sections) != 1 or index.form.section(section := sections.pop()).layout != "across":
        return False
    own = [place for segment in labels[first:] for place in segment.meaning.columns if place[0] == section]
    return own[:1] != [] and own.count(own[0]) > 1


def _last_mixed(labels: Sequence[Segment], after: int) -> int:
    """Where a header ends that closes with labels which are columns and lines both (其他, 总计)."""
    end = after
    while end + 1 < len(labels) and labels[end + 1].meaning.columns:
        end += 1
    return end


def _new_sheet(header: Sequence[Segment], index: Index) -> Sheet:
    votes: Counter[str] = Counter()
    for segment in header:
        votes.update({section for section, _ in segment.meaning.columns})
    if not votes:
        return Sheet("", [], [], [], [])
    section = max(votes, key=lambda name: (votes[name], name))
    entry = index.form.section(section)
    places = [next((b for s, b in seg.meaning.columns if s == section), "") for seg in header]
    across: list[str] = []
    order = list(
        dict.fromkeys(
            breakdown or OTHER + segment.text
            for breakdown, segment in zip(_places_of_columns(places, header), header, strict=True)
            if breakdown or segment.meaning.word == "other_column"
        )
    )
    if entry.layout in ("across", "matrix"):
        order = _in_order(header, places, entry)
        complete = {column.breakdown for column in entry.columns} - set(order) <= {TOTAL}
        if entry.layout == "across":
            own = {line.indicator for line in entry.lines}
            turns = lines_in_turn((seg.meaning for seg in header if seg.meaning), index)
            across = [name for name in dict.fromkeys(index.lines[i].indicator for i in turns) if name in own]
            complete = complete and len(across) == len(entry.lines)
            complete = complete and len(order) == len(entry.columns)
        if not complete:
            return Sheet("", [], [], [], [])
    return Sheet(section, list(header), order, across, [])


def _places_of_columns(places: Sequence[str], header: Sequence[Segment]) -> list[str]:
    """The columns without one that only stands over others: 数量 over 上年, 本年, 同比."""
    found = list(places)
    for at, place in enumerate(places):
        behind = header[at + 1].meaning.word if at + 1 < len(header) else ""
        if place and behind == "other_column" and place in places[at + 1 :]:
            found[at] = ""
    return found


def _in_order(header: Sequence[Segment], places: Sequence[str], entry: FormSection) -> list[str]:
    """The columns of a header of several rows in the order in which they stand beside each other.

    A stream of words names them row by row: those that a group holds come behind all that stand beside the group.
    """
    inner = {column.breakdown for column in entry.columns if len(column.groups) > 1}
    groups = {match_key(column.groups[-1]) for column in entry.columns if column.breakdown in inner}
    printed = [place for place in places if place]
    order = list(dict.fromkeys(printed))
    last = printed[-len(order) :]
    if len(printed) > len(order) and set(last) == set(order):
        # Spans are written out: the last row names them all.
        return last
    group = next((at for at, segment in enumerate(header) if match_key(segment.text) in groups), len(header))
    if group == len(header) and TOTAL in order[1:-1]:
        # The group is misprinted: nothing says where its columns stand.
        return [column.breakdown for column in entry.columns if column.breakdown in order]
    first = next((at for at, place in enumerate(places) if place in inner), len(places))
    beside = [place for place in places[group:first] if place]
    if first < group or not beside:
        return order
    held = [place for place in order if place in inner]
    before = [place for place in order if place not in inner and place not in beside]
    return [*before, *held, *beside]


def _add_rows(sheet: Sheet, labels: Sequence[Segment], run: Run) -> None:
    """The labels before a run of values: all but the last are headings, or lines whose cells were blank."""
    pending: list[Segment] = []
    own: Segment | None = None
    unit: Segment | None = None
    for at, segment in enumerate(labels):
        if segment.heading and at + 1 < len(labels):
            if own is not None:
                sheet.rows.append((pending, own, unit, [], segment.gap))
                pending, own, unit = [], None, None
            pending = [*pending, segment]
            continue
        if segment.meaning.word == "unit" and (own is not None or at + 1 < len(labels)):
            unit = unit or segment
            continue
        if own is not None:
            sheet.rows.append((pending, own, unit, [], segment.gap))
            pending = []
            unit = None
        own = segment
    if own is not None or run.values:
        sheet.rows.append((pending, own, unit, run.values, run.after))
