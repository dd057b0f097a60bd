"""A table flattened to lines of text, back to a grid.

Extractors and careless editors leave one cell a line, or a row a line. Labels that the form knows
cut the stream of words into rows; what stands between two labels are values. Where blank cells left
blank lines behind, these tell the columns; where they did not, a row with fewer values than columns
becomes one cell over all of them, for the form's arithmetic to settle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from parsers.characters.numbers import read_cell
from parsers.characters.widths import match_key, squeeze
from parsers.document import Cell, Paragraph, Table
from parsers.flat_rows import Segment, Word, by_gaps, usual_gaps, usual_width, without_codes
from parsers.labels import NOTHING, Index, Meaning, indexes, label_key
from parsers.parted import Place, pair_of, run_together
from parsers.rows import kind_of

_WORD = regex.compile(r"[^\s|｜]+")
_PLACE = regex.compile(r"^((?:text:L|html:[a-z0-9]+#)\d+)\[(\d+):(\d+)\]$")

YEARS = 20
"""More bare years than these stand in no header."""

OTHER = "?"
"""Before the words of a column between those of the form that the form does not have."""

UNIT = 4
"""A unit is so many words at most, one letter each."""


SHORT = 48
"""A longer paragraph is prose, unless it names several lines of the form."""

JOINED = 6
"""The most words that one label is cut into."""

LONGEST = 400
"""No text that is longer than this is a label, whatever it is put together from."""

VALUES = 4
"""A longer paragraph of so many words that are values is a row of a table."""

PAIRS = 8
"""So many lines of a label, a colon and a figure are a table; fewer are sentences."""

FEW_ROWS = 3
"""So many rows at least show that empty lines are blank cells."""

FIRST = 3
"""The first value column of a rebuilt grid: heading, label and unit stand before it."""


EMPTY, PROSE, LONG, LINE = range(4)


class Prepared(NamedTuple):
    """A paragraph with its words; `whole` is set when all of it reads as one value."""

    paragraph: Paragraph
    kind: int
    words: tuple[Place, ...] = ()
    whole: Place | None = None


@dataclass(slots=True)
class _Run:
    """Labels, then the values that follow them."""

    labels: list[Segment]
    values: list[Word]
    after: int = 0


@dataclass(slots=True)
class _Sheet:
    """A table in the making: the order of its value columns and its rows."""

    section: str
    header: list[Segment]
    order: list[str]
    across: list[str]
    rows: list[tuple[list[Segment], Segment | None, Segment | None, list[Word], int]]


def prepare(paragraphs: Sequence[Paragraph]) -> list[Prepared]:
    """What every form asks of a stream of paragraphs, empty lines included, found out once."""
    return [_prepared(paragraph) for paragraph in paragraphs]


def rebuild(prepared: Sequence[Prepared], index: Index, gap: int | None = None) -> list[Table]:
    """The tables that stand in a stream of paragraphs, as far as a form knows them.

    `gap` says how many empty lines stand between two cells, where that is known.
    """
    tables: list[Table] = []
    for words in _stretches(prepared, index):
        runs = _runs(words, index)
        sheets = list(_sheets(runs, index))
        between = _common_gap(runs) if gap is None else gap
        if between is None:
            between = _header_gap(sheets)
        made = [_table(sheet, index, between) for sheet in sheets]
        tables.extend(table for table in made if table is not None)
    return tables


def _common_gap(runs: Sequence[_Run]) -> int | None:
    """The empty lines that stand between most values; None when no number of them is common."""
    gaps = Counter(word.gap for run in runs for word in run.values[1:])
    if not gaps:
        return None
    gap, count = gaps.most_common(1)[0]
    return gap if count >= 0.6 * gaps.total() else None


def _header_gap(sheets: Sequence[_Sheet]) -> int | None:
    """The empty lines between the words of headers, which have no blank cells, where they explain the rows of figures.

    For tables so empty that most figures have blank cells beside them. The last row of a table tells nothing: what
    follows it is no row.
    """
    found = Counter(segment.gap for sheet in sheets for segment in sheet.header[1:])
    gap, count = found.most_common(1)[0] if found else (0, 0)
    if count < 0.6 * found.total() or not count:
        return None
    fits = [
        {after, *(word.gap for word in values)} == {gap}
        if len(values) == len(sheet.order)
        else by_gaps(values, after, len(sheet.order), (gap, gap, gap)) is not None
        for sheet in sheets
        if sheet.order and not sheet.across
        for _, _, _, values, after in sheet.rows[:-1]
        if values
    ]
    return gap if len(fits) >= FEW_ROWS and sum(fits) >= 0.9 * len(fits) else None


def _pairs(prepared: Sequence[Prepared], index: Index) -> dict[int, tuple[Place, Place]]:
    """The paragraphs that are a label of a line, a colon and a figure; none where so few are that they are prose."""

    short = ((number, one) for number, one in enumerate(prepared) if one.kind in (LINE, LONG) and one.words)
    texts = [(number, one.paragraph.text) for number, one in short]
    found = {number: pair for number, text in texts if (pair := pair_of(text, _names_line(index))) is not None}
    if len(found) >= PAIRS:
        return found
    found = {number: pair for number, text in texts if (pair := run_together(text, _names_line(index))) is not None}
    if len(found) < PAIRS:
        return {}
    # Figures of several columns with nothing between them could be cut in many ways: no form knows more of the lines.
    others = (sum(1 for _, text in texts if run_together(text, _names_line(other))) for other in indexes())
    if any(other > len(found) for other in others):
        return {}
    return {number: pair for number, pair in found.items() if _is_single(pair[0][0], index)}


def _names_line(index: Index) -> Callable[[str], bool]:
    return lambda label: bool(index.meaning(label).lines)


def _is_single(label: str, index: Index) -> bool:
    return all(len(index.lines[line].breakdowns) == 1 for line in index.meaning(label).lines)


def _stretches(prepared: Sequence[Prepared], index: Index) -> list[list[Word]]:
    """Words of tabular paragraphs that stand together."""
    pairs = _pairs(prepared, index)
    found: list[list[_Piece]] = []
    current: list[_Piece] = []
    gap = 0
    valued = False
    for number, paragraph in enumerate(prepared):
        if paragraph.kind == EMPTY:
            gap += 1
            continue
        whole = paragraph.whole
        words = paragraph.words if whole is None or index.meaning(whole[0]) else (whole,)
        words = pairs.get(number, words)
        if paragraph.kind == PROSE or (
            paragraph.kind == LONG
            and sum(1 for w in words if index.meaning(w[0]).lines) < 3
            and sum(1 for w in words if kind_of(w[0]) != "text") < VALUES
        ):
            if valued:
                found.append(current)
            current, gap, valued = [], 0, False
            continue
        for at, (word, start, end) in enumerate(words):
            current.append(_Piece(word, number, start, end, len(words), gap if at == 0 else 0))
            valued = valued or kind_of(word) != "text"
        gap = 0
    if valued:
        found.append(current)
    tabular = (pieces for pieces in found if _is_tabular(pieces, index))
    return [[_word(piece, prepared[piece.paragraph].paragraph) for piece in pieces] for pieces in tabular]


class _Piece(NamedTuple):
    """A word at its place in a paragraph of so many `words`, its locator not made yet."""

    text: str
    paragraph: int
    start: int
    end: int
    words: int
    gap: int
    locator: str = ""


def _word(piece: _Piece, paragraph: Paragraph) -> Word:
    return Word(piece.text, _part(paragraph, piece.start, piece.end, piece.words), piece.gap, piece.paragraph)


def _is_prose(text: str) -> bool:
    """Whether a paragraph is too long for a label, and has too few words for several of them."""
    stripped = text.strip()
    few = len(stripped.replace("|", " ").replace("｜", " ").split(None, 2)) < 3
    return few and len(stripped) > SHORT and bool(squeeze(stripped[:SHORT]))


def _prepared(paragraph: Paragraph) -> Prepared:
    text = paragraph.text
    if len(text) > SHORT and _is_prose(text):
        return Prepared(paragraph, PROSE)
    if not squeeze(text):
        return Prepared(paragraph, EMPTY)
    stripped = text.strip()
    whole = None
    if len(stripped) <= SHORT and kind_of(stripped) in ("number", "blank"):
        reading = read_cell(stripped)
        if "split_digits" not in reading.repair and reading.status != "ambiguous":
            start = text.index(stripped)
            whole = (stripped, start, start + len(stripped))
    words = tuple((m.group(), m.start(), m.end()) for m in _WORD.finditer(text) if squeeze(m.group()))
    if len(words) > 2 and kind_of(words[-1][0]) == "number":
        # A row of a table: a code, a label and a figure, and no figure with a note.
        whole = None
    # Blanks that put columns below each other make no prose of a row.
    long = len(stripped) > SHORT and len(" ".join(stripped.split())) > SHORT
    return Prepared(paragraph, LONG if long else LINE, words, whole)


def _is_tabular(words: Sequence[_Piece], index: Index) -> bool:
    """Whether words among which values are name two lines of the form."""
    lines = {label_key(word.text).full for word in words if index.meaning(word.text).lines}
    if len(lines) >= 2:
        return True
    return len({s.text for s in _segments(words[:400], index) if s.meaning.lines}) >= 2


def _part(paragraph: Paragraph, start: int, end: int, count: int) -> str:
    place = _PLACE.match(paragraph.locator)
    if place is None or (count == 1 and paragraph.text.strip() == paragraph.text):
        return paragraph.locator
    base = int(place.group(2))
    if int(place.group(3)) - base != len(paragraph.text):
        return paragraph.locator
    return f"{place.group(1)}[{base + start}:{base + end}]"


def _runs(words: Sequence[Word], index: Index) -> list[_Run]:
    runs: list[_Run] = []
    texts: list[Word] = []
    values: list[Word] = []
    units: list[Word] = []
    unit_until = 0
    for at, word in enumerate(words):
        if at < unit_until:
            units.append(word)
            continue
        if _is_value(words, at, index):
            values.append(word)
            continue
        if values and texts and (length := _unit_at(words, at, index)):
            units.append(word)
            unit_until = at + length
            continue
        if values:
            runs.append(_Run([*_segments(texts, index), *_segments(units, index)], values, word.gap))
            texts, values, units = [], [], []
        texts.append(word)
    if texts or values:
        runs.append(_Run([*_segments(texts, index), *_segments(units, index)], values, 0))
    return runs


def _unit_at(words: Sequence[Word], at: int, index: Index) -> int:
    """How many words from here are a unit between a row's code and its value, or behind its last value; 0 for none."""
    text = ""
    for end in range(at, min(len(words) - 1, at + UNIT)):
        text += words[end].text
        if index.meaning(text).word == "unit" and _is_value(words, end + 1, index):
            return end + 1 - at
    return 0


def _is_value(words: Sequence[Word], at: int, index: Index) -> bool:
    text = words[at].text
    if kind_of(text) not in ("number", "blank"):
        return False
    if not any(c.isdigit() for c in text):
        return index.meaning(text).word != "unit"
    key = label_key(text)
    if key.serial and not key.full[:1].isdigit() and not text.strip().isdigit():
        return False
    meaning = index.meaning(text)
    if meaning.columns:
        # Bare years stand in a header beside its words; beside figures they are figures.
        left, right = at - 1, at + 1
        while left >= max(0, at - YEARS) and words[left].text.isdigit():
            left -= 1
        while right < min(len(words), at + YEARS) and words[right].text.isdigit():
            right += 1
        before = index.meaning(words[left].text) if left >= 0 else None
        after = index.meaning(words[right].text) if right < len(words) else None
        beside = (before, after)
        if any(m is not None and (m.columns or m.word in ("header", "unit_header")) for m in beside):
            return False
    return True


def _segments(words: Sequence[Word] | Sequence[_Piece], index: Index) -> list[Segment]:
    """Cut words into labels so that as many characters as possible belong to labels that the form knows."""
    count = len(words)
    best: list[tuple[float, int]] = [(0.0, -1)] * (count + 1)
    for end in range(1, count + 1):
        least = score = best[end - 1][0] - 0.1
        start = end - 1
        text = ""
        for begin in range(end - 1, max(0, end - JOINED) - 1, -1):
            text = words[begin].text + text
            if len(text) > SHORT:
                break
            if index.meaning(text) is not NOTHING:
                value = best[begin][0] + len(match_key(text)) - 0.01 * (end - begin)
                # Of equals the longest label.
                if value >= score and value > least:
                    score, start = value, begin
        best[end] = (score, start)
    cuts: list[tuple[int, int]] = []
    end = count
    while end > 0:
        start = best[end][1]
        cuts.append((start, end))
        end = start
    cuts.reverse()
    found: list[Segment] = []
    unknown: list[str] = []
    unknown_end = -1
    for start, end in cuts:
        text = "".join(word.text for word in words[start:end])
        meaning = index.meaning(text)
        same = end - start == 1 and start > 0 and words[start].paragraph == words[start - 1].paragraph
        if not meaning and unknown and unknown_end == start and (same or len(text) == 1):
            unknown.append(text)
            if len(found[-1].text) <= LONGEST:
                found[-1] = _whole(found[-1], unknown, index)
        else:
            if len(unknown) > 1:
                found[-1] = _whole(found[-1], unknown, index)
            heading = bool(meaning.lines) and all(index.lines[i].heading for i in meaning.lines)
            found.append(Segment(text, words[start].locator, words[start].gap, meaning, heading))
            unknown = [text]
        unknown_end = end if not found[-1].meaning else -1
    if len(unknown) > 1:
        found[-1] = _whole(found[-1], unknown, index)
    return found


def _whole(segment: Segment, parts: Sequence[str], index: Index) -> Segment:
    """A segment of all its parts, which may be a label together; no label is as long as some texts."""
    text = "".join(parts)
    meaning = index.meaning(text) if len(text) <= LONGEST else NOTHING
    return Segment(text, segment.locator, segment.gap, meaning)


def _sheets(runs: Sequence[_Run], index: Index) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    sheet: _Sheet | None = None
    for run in runs:
        labels = _mended(run.labels, index)
        while cut := _header_end(labels):
            first = _header_start(labels)
            if sheet is not None and first:
                _add_rows(sheet, labels[:first], _Run([], []))
            cut = _before_line(labels, first, cut, index)
            fresh = _new_sheet(labels[first:cut], index)
            if sheet is None or not _goes_on(sheet, fresh, index):
                sheet = fresh
                sheets.append(sheet)
            labels = labels[cut:]
        if sheet is None:
            sheet = _Sheet("", [], [], [], [])
            sheets.append(sheet)
        _add_rows(sheet, labels, run)
    return [part for sheet in sheets for part in _by_section(sheet, index)]


def _by_section(sheet: _Sheet, index: Index) -> list[_Sheet]:
    """A sheet with the rows of other sections apart: those lost their header."""
    if not sheet.section:
        return [sheet]
    parts = [_Sheet(sheet.section, sheet.header, sheet.order, sheet.across, [])]
    for row in sheet.rows:
        own = row[1]
        if own is not None and own.meaning.lines:
            sections = {index.lines[i].section for i in own.meaning.lines}
            if parts[-1].section not in sections:
                parts.append(_Sheet(min(sections), [], [], [], []))
        parts[-1].rows.append(row)
    return parts


def _goes_on(sheet: _Sheet, fresh: _Sheet, index: Index) -> bool:
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
    words = [i for i, s in enumerate(labels) if s.meaning.word in ("header", "unit_header", "serial_header")]
    if not plain or not (len(columns) >= 2 or words):
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


def _header_start(labels: Sequence[Segment]) -> int:
    """Where a header begins: lines that stand before it closed the rows above, their cells blank."""
    for i, segment in enumerate(labels):
        if segment.meaning.word in ("header", "unit_header", "serial_header", "group"):
            return i
        if segment.meaning.columns and not segment.meaning.lines:
            return i
        if segment.meaning.lines and len(labels) > i + 1 and labels[i + 1].meaning.word == "header":
            return i
    return 0


def _last_mixed(labels: Sequence[Segment], after: int) -> int:
    """Where a header ends that closes with labels which are columns and lines both (其他, 总计)."""
    end = after
    while end + 1 < len(labels) and labels[end + 1].meaning.columns:
        end += 1
    return end


def _new_sheet(header: Sequence[Segment], index: Index) -> _Sheet:
    votes: Counter[str] = Counter()
    for segment in header:
        votes.update({section for section, _ in segment.meaning.columns})
    section = max(votes, key=lambda name: (votes[name], name))
    entry = index.form.section(section)
    places = [next((b for s, b in seg.meaning.columns if s == section), "") for seg in header]
    named = [breakdown for breakdown in places if breakdown]
    first, last = places.index(named[0]), len(places) - places[::-1].index(named[-1])
    across: list[str] = []
    order = list(
        dict.fromkeys(
            breakdown or OTHER + segment.text
            for breakdown, segment in zip(places[first:last], header[first:last], strict=True)
            if breakdown or segment.meaning.word == "other_column"
        )
    )
    if entry.layout in ("across", "matrix"):
        # A stream of words names these columns row by row: only the form knows their order.
        order = [column.breakdown for column in entry.columns if column.breakdown in named]
        complete = len(order) == len(entry.columns)
        if entry.layout == "across":
            lines = {index.lines[i].indicator for seg in header for i in seg.meaning.lines}
            across = [line.indicator for line in entry.lines if line.indicator in lines]
            complete = complete and len(across) == len(entry.lines)
        if not complete:
            return _Sheet("", [], [], [], [])
    return _Sheet(section, list(header), order, across, [])


def _add_rows(sheet: _Sheet, labels: Sequence[Segment], run: _Run) -> None:
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
        if segment.meaning.word == "unit" and own is not None:
            unit = unit or segment
            continue
        if own is not None:
            sheet.rows.append((pending, own, unit, [], segment.gap))
            pending = []
        own, unit = segment, None
    if own is not None or run.values:
        sheet.rows.append((pending, own, unit, run.values, run.after))


def _table(sheet: _Sheet, index: Index, gap: int | None) -> Table | None:
    if sheet.across:
        return _across_table(sheet, index, gap)
    rows = [row for row in sheet.rows if row[1] is not None or row[3]]
    if not any(row[3] for row in rows) and not (sheet.order and any(row[1] and row[1].meaning.lines for row in rows)):
        return None
    coded = any(s.meaning.word == "serial_header" for s in sheet.header)
    rows = without_codes(rows, len(sheet.order), coded)
    width = len(sheet.order) or usual_width(rows)
    gaps = usual_gaps(rows, width) or (None if gap is None else (gap, gap, gap))
    cells: list[Cell] = []
    number = 0
    if sheet.header:
        number = _header_cells(sheet, cells)
    for above, own, unit, values, after in rows:
        if above:
            cells.append(Cell(number, 0, 1, 1, above[-1].text, above[-1].locator))
        if own is not None:
            cells.append(Cell(number, *((1, 1, 1) if above else (0, 1, 2)), own.text, own.locator))
        if unit is not None:
            cells.append(Cell(number, 2, 1, 1, unit.text, unit.locator))
        if not values:
            if own is not None and _is_line(own):
                cells.append(Cell(number, FIRST, 1, width, "", own.locator.split("[")[0] + "[0:0]"))
            number += 1
            continue
        places = list(range(width)) if len(values) == width else by_gaps(values, after, width, gaps)
        if places is not None:
            cells.extend(_spread(number, FIRST, places, values, width))
        else:
            # Fewer values than columns, or more: which belongs where is not to be told here.
            cells.append(Cell(number, FIRST, 1, width, "\n".join(w.text for w in values), values[0].locator))
        number += 1
    return _grid(cells, number)


def _spread(row: int, first: int, places: Sequence[int], values: Sequence[Word], width: int) -> Iterator[Cell]:
    """Values at their places of a row, blank cells at the others."""
    for place, word in zip(places, values, strict=True):
        yield Cell(row, first + place, 1, 1, word.text, word.locator)
    for place in sorted(set(range(width)) - set(places)):
        yield Cell(row, first + place, 1, 1, "", values[0].locator.split("[")[0] + "[0:0]")


def _is_line(segment: Segment) -> bool:
    """Whether a label without values can be a line whose cells are blank."""
    if segment.heading or segment.meaning.word not in ("", "subtotal"):
        return False
    if not segment.meaning.lines and segment.text[-1:].isdigit():
        # Its figure stands in it.
        return False
    return bool(segment.meaning.lines) or (not segment.meaning.word and len(segment.text) <= 40)


def _header_cells(sheet: _Sheet, cells: list[Cell]) -> int:
    """Header rows over the columns of the sheet; labels of the header that head no value stand first."""
    labels = [s for s in sheet.header if s.meaning.word == "header"]
    units = [s for s in sheet.header if s.meaning.word == "unit_header"]
    if labels:
        cells.append(Cell(0, 0, 1, 2, labels[0].text, labels[0].locator))
    if units:
        cells.append(Cell(0, 2, 1, 1, units[0].text, units[0].locator))
    for place, breakdown in enumerate(sheet.order):
        segment = next(
            s for s in sheet.header if (sheet.section, breakdown) in s.meaning.columns or OTHER + s.text == breakdown
        )
        cells.append(Cell(0, FIRST + place, 1, 1, segment.text, segment.locator, header=True))
    return 1


def _across_table(sheet: _Sheet, index: Index, gap: int | None) -> Table | None:
    values, after = next(((row[3], row[4]) for row in sheet.rows if row[3]), ([], 0))
    if not values or not sheet.order:
        return None
    width = len(sheet.order)
    cells: list[Cell] = []
    for at, indicator in enumerate(sheet.across):
        line = index.position_of(indicator)
        segment = next(s for s in sheet.header if line in s.meaning.lines)
        cells.append(Cell(0, at * width, 1, width, segment.text, segment.locator, header=True))
    for at in range(len(sheet.across)):
        for place, breakdown in enumerate(sheet.order):
            segments = [s for s in sheet.header if (sheet.section, breakdown) in s.meaning.columns]
            segment = segments[min(at, len(segments) - 1)]
            cells.append(Cell(1, at * width + place, 1, 1, segment.text, segment.locator, header=True))
    total = width * len(sheet.across)
    places = list(range(total)) if len(values) == total else None
    if places is None and gap is not None:
        places = by_gaps(values, after, total, (gap, gap, gap))
    if places is not None:
        cells.extend(_spread(2, 0, places, values, total))
    elif len(values) < total:
        cells.append(Cell(2, 0, 1, total, "\n".join(w.text for w in values), values[0].locator))
    else:
        cells.extend(Cell(2 + p // total, p % total, 1, 1, w.text, w.locator) for p, w in enumerate(values))
    return _grid(cells, 2 + -(-len(values) // total))


def _grid(cells: list[Cell], rows: int) -> Table:
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    grid = [[-1] * width for _ in range(rows)]
    for number, cell in enumerate(cells):
        for column in range(cell.column, cell.column + cell.colspan):
            grid[cell.row][column] = number
    return Table(tuple(cells), tuple(tuple(row) for row in grid), cells[0].locator if cells else "")
