"""A table flattened to lines of text, back to a grid.

Extractors and careless editors leave one cell a line, or a row a line. Labels that the form knows
cut the stream of words into rows; what stands between two labels are values. Where blank cells left
blank lines behind, these tell the columns; where they did not, a row with fewer values than columns
becomes one cell over all of them, for the form's arithmetic to settle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

import regex

from parsers.align import SIMILAR
from parsers.characters.numbers import read_cell
from parsers.characters.widths import match_key, squeeze
from parsers.document import Paragraph, Table
from parsers.flat_rows import Segment, Word, by_gaps
from parsers.flat_sheets import Run, Sheet, sheets_of
from parsers.flat_tables import table_of
from parsers.kinds import kind_of
from parsers.labels import NOTHING, Index, indexes, label_key
from parsers.parted import Place, pair_of, run_together
from parsers.running import counts_up

_WORD = regex.compile(r"[^\s|｜]+")
_BARS = "|｜ \t"
BARS = ("|", "｜")
_PLACE = regex.compile(r"^((?:text:L|html:[a-z0-9]+#)\d+)\[(\d+):(\d+)\]$")

YEARS = 20
"""More bare years than these stand in no header."""


UNIT = 4
"""A unit is so many words at most, one letter each."""


SHORT = 48
"""A longer paragraph is prose, unless it names several lines of the form."""

JOINED = 10
"""The most words that one label is cut into."""

BEHIND = 4
"""In so many lines, and so many times more than otherwise, labels stand behind the figures of a table."""

SPLIT = 0.05
"""What it counts against a label that its first word is the end of a header."""

HEADS = ("header", "unit_header")
"""What words are that can only be a header's."""

NEARLY = 1e-6
"""Less than this is no difference between two ways to cut words into labels."""

LONGEST = 400
"""No text that is longer than this is a label, whatever it is put together from."""

VALUES = 4
"""A longer paragraph of so many words that are values is a row of a table."""

PAIRS = 8
"""So many lines of a label, a colon and a figure are a table; fewer are sentences."""

FEW_ROWS = 3
"""So many rows at least show that empty lines are blank cells."""


EMPTY, PROSE, LONG, LINE = range(4)


class Prepared(NamedTuple):
    """A paragraph with its words; `whole` is set when all of it reads as one value."""

    paragraph: Paragraph
    kind: int
    words: tuple[Place, ...] = ()
    whole: Place | None = None


def prepare(paragraphs: Sequence[Paragraph]) -> list[Prepared]:
    """What every form asks of a stream of paragraphs, empty lines included, found out once.

    Bars that only end the rows of a table, whose cells begin with one each, are left out.
    """
    ends = _row_ends(paragraphs)
    return [_prepared(paragraph) for at, paragraph in enumerate(paragraphs) if at not in ends]


def _row_ends(paragraphs: Sequence[Paragraph]) -> set[int]:
    """The bars alone on a line before one that begins with none, where each cell but a row's first begins with one."""
    barred = [at for at, paragraph in enumerate(paragraphs) if paragraph.text.lstrip()[:1] in BARS]
    if len(barred) < PAIRS:
        return set()
    texts = [paragraph.text.strip() for paragraph in paragraphs]
    alone = {at for at in barred if texts[at] in BARS}
    if any(texts[at][-1:] in BARS for at in barred if at not in alone):
        return set()
    return {at for at in alone if at + 1 == len(texts) or texts[at + 1][:1] not in BARS}


def rebuild(prepared: Sequence[Prepared], index: Index, gap: int | None = None) -> list[Table]:
    """The tables that stand in a stream of paragraphs, as far as a form knows them.

    `gap` says how many empty lines stand between two cells, where that is known.
    """
    tables: list[Table] = []
    for words in _stretches(prepared, index):
        runs = _runs(words, index)
        sheets = list(sheets_of(runs, index))
        between = _common_gap(runs) if gap is None else gap
        if between is None:
            between = _header_gap(sheets)
        kept = between is not None and any(_explained(sheet, between) for sheet in sheets)
        made = [table_of(sheet, index, between, kept=kept) for sheet in sheets]
        tables.extend(table for table in made if table is not None)
    return tables


def _common_gap(runs: Sequence[Run]) -> int | None:
    """The empty lines that stand between most values; None when no number of them is common."""
    gaps = Counter(word.gap for run in runs for word in run.values[1:])
    if not gaps:
        return None
    gap, count = gaps.most_common(1)[0]
    return gap if count >= 0.6 * gaps.total() else None


def _header_gap(sheets: Sequence[Sheet]) -> int | None:
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
        for _, _, _, values, after in [row for row in sheet.rows if row[3]][:-1]
    ]
    return gap if len(fits) >= FEW_ROWS and sum(fits) >= 0.9 * len(fits) else None


def _explained(sheet: Sheet, gap: int) -> bool:
    """Whether the blank cells of a row have left empty lines, the last row of the sheet aside."""
    if not sheet.order or sheet.across:
        return False
    rows = [row for row in sheet.rows if row[3]][:-1]
    width = len(sheet.order)
    return any(by_gaps(values, after, width, (gap, gap, gap)) is not None for _, _, _, values, after in rows)


def _pairs(prepared: Sequence[Prepared], index: Index) -> dict[int, tuple[Place, Place]]:
    """The paragraphs that are a label of a line, a colon and a figure; none where so few are that they are prose."""

    short = ((number, one) for number, one in enumerate(prepared) if one.kind in (LINE, LONG) and one.words)
    texts = [(number, one.paragraph.text) for number, one in short]
    known = _names_line(index)
    found = {number: pair for number, text in texts if (pair := pair_of(text, known)) is not None}
    if len(found) >= PAIRS:
        return found
    found = {number: pair for number, text in texts if (pair := run_together(text, known)) is not None}
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
        if paragraph.kind == LONG and len(words) > 1 and (label := _whole_label(words, index)):
            words = (label,)
        if paragraph.kind == PROSE or (
            paragraph.kind == LONG
            and len(words) > 1
            and sum(1 for w in words if index.meaning(w[0]).lines) < 3
            and sum(1 for w in words if kind_of(w[0]) != "text") < VALUES
            and sum(1 for w in words if index.meaning(w[0]).columns) < VALUES
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
    tabular = (_labels_first(pieces, index) for pieces in found if _is_tabular(pieces, index))
    return [[_word(piece, prepared[piece.paragraph].paragraph) for piece in pieces] for pieces in tabular]


def _whole_label(words: Sequence[Place], index: Index) -> Place | None:
    """The words of a long line as one, where they are the label of a line with blanks in it."""
    text = "".join(word for word, _, _ in words)
    return (text, words[0][1], words[-1][2]) if len(text) <= SHORT and index.meaning(text).lines else None


def _labels_first(pieces: list[_Piece], index: Index) -> list[_Piece]:
    """The words of lines whose labels stand behind their figures, the labels first; of any others as they are."""
    lines: dict[int, list[_Piece]] = {}
    for piece in pieces:
        lines.setdefault(piece.paragraph, []).append(piece)
    before = behind = 0
    turned: dict[int, list[_Piece]] = {}
    for number, line in lines.items():
        first, last = (kind_of(piece.text) != "text" for piece in (line[0], line[-1]))
        if first == last:
            continue
        before += last
        if first:
            behind += 1
            texts = [piece for piece in line if kind_of(piece.text) == "text"]
            units = [piece for piece in texts if index.meaning(piece.text).word == "unit"]
            labels = [piece for piece in texts if piece not in units]
            turned[number] = [*labels, *units, *(piece for piece in line if piece not in texts)]
    if behind < BEHIND or behind < BEHIND * before:
        return _cells_turned(pieces, index)
    return [piece for number, line in lines.items() for piece in turned.get(number, line)]


def _cells_turned(pieces: list[_Piece], index: Index) -> list[_Piece]:
    """The words of a table with a cell a line in the order label, unit, figures, where it has labels last.

    Such a table has a figure right behind its header and a label behind its last figure; or it is the wrong way round
    altogether, with its header at the end.
    """
    figures = [
        at for at, piece in enumerate(pieces) if kind_of(piece.text) != "text" and not _is_year(pieces, at, index)
    ]
    if len(figures) < BEHIND:
        return pieces
    above, below = _segments(pieces[: figures[0]], index), _segments(pieces[figures[-1] + 1 :], index)
    below = [segment for segment in below if segment.meaning.word != "unit"]
    if not below or not below[0].meaning.lines or not _ends_rows(pieces[figures[0] : figures[-1] + 1], index):
        return pieces
    if not any(map(_heads, above)) and any(map(_heads, below)) and not any(s.meaning.lines for s in above):
        return [piece._replace(gap=0) for piece in pieces[::-1]]
    if not above or not _heads(above[-1]):
        return pieces
    turned = pieces[: figures[0]]
    at = figures[0]
    while at < len(pieces):
        start = at
        while at < len(pieces) and (kind_of(pieces[at].text) != "text" or _is_unit(pieces[at], index)):
            at += 1
        values, start = pieces[start:at], at
        while at < len(pieces) and kind_of(pieces[at].text) == "text" and not _is_unit(pieces[at], index):
            at += 1
        texts = pieces[start:at]
        own = 0
        if texts:
            size = len(_segments(texts, index)[0].text)
            while size > 0:
                size -= len(texts[own].text)
                own += 1
        units = [piece for piece in values if _is_unit(piece, index)]
        turned += [*texts[:own], *units, *(piece for piece in values if piece not in units), *texts[own:]]
    return [piece._replace(gap=0) for piece in turned]


def _ends_rows(pieces: Sequence[_Piece], index: Index) -> bool:
    """Whether labels stand behind the figures of their rows, as units tell that stand between the two.

    Where there are no units, all rows have as many figures, which do not count upwards: a row that lost some tells
    nothing, nor do the numbers of lines.
    """
    kinds = ["unit" if _is_unit(piece, index) else kind_of(piece.text) for piece in pieces]
    units = [at for at, kind in enumerate(kinds) if kind == "unit"]
    if units:
        ends = sum(kinds[at - 1 : at] != ["text"] and kinds[at + 1 : at + 2] == ["text"] for at in units)
        return ends > 0.8 * len(units)
    runs = {len(list(run)) for is_text, run in groupby(kinds, lambda kind: kind == "text") if not is_text}
    figures = [piece.text for piece, kind in zip(pieces, kinds, strict=True) if kind != "text"]
    return len(runs) == 1 and not counts_up(figures)


def _is_year(pieces: Sequence[_Piece], at: int, index: Index) -> bool:
    """Whether a number is the year of a column, beside another word of a header."""
    own = index.meaning(pieces[at].text)
    beside = [index.meaning(piece.text) for piece in (*pieces[max(0, at - 1) : at], *pieces[at + 1 : at + 2])]
    return bool(own.columns) and any(one.word in HEADS or (one.columns and not one.lines) for one in beside)


def _heads(segment: Segment) -> bool:
    """Whether a label can only be a header's."""
    meaning = segment.meaning
    return meaning.word in HEADS or bool(meaning.columns and not meaning.lines)


def _is_unit(piece: _Piece, index: Index) -> bool:
    return index.meaning(piece.text).word == "unit"


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
    words = stripped.replace("|", " ").replace("｜", " ").split(None, 2)
    # Blanks that put two labels below their columns are none of their length.
    return len(words) < 3 and sum(map(len, words)) > SHORT - 1 and bool(squeeze(stripped[:SHORT]))


def _prepared(paragraph: Paragraph) -> Prepared:
    text = paragraph.text
    if len(text) > SHORT and _is_prose(text):
        return Prepared(paragraph, PROSE)
    if not squeeze(text):
        return Prepared(paragraph, EMPTY)
    stripped = text.strip()
    whole = None
    if len(stripped) <= SHORT and kind_of(stripped) in ("number", "blank"):
        # A bar that only parts cells is none of the figure beside it; alone it is a blank cell.
        figure = stripped.strip(_BARS) or stripped
        reading = read_cell(figure)
        if "split_digits" not in reading.repair and reading.status != "ambiguous":
            start = text.index(figure)
            whole = (figure, start, start + len(figure))
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


def _runs(words: Sequence[Word], index: Index) -> list[Run]:
    runs: list[Run] = []
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
            runs.append(Run([*_segments(texts, index), *_segments(units, index)], values, word.gap))
            texts, values, units = [], [], []
        texts.append(word)
    if texts or values:
        runs.append(Run([*_segments(texts, index), *_segments(units, index)], values, 0))
    return runs


def _unit_at(words: Sequence[Word], at: int, index: Index) -> int:
    """How many words from here are a unit between a row's code and its value, or behind its last value; 0 for none."""
    text = ""
    for end in range(at, min(len(words) - 1, at + UNIT)):
        text += words[end].text
        if index.meaning(text).word == "unit" and not _has_digit(text) and _is_value(words, end + 1, index):
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
        if before is not None and (before.word == "unit" or (before.lines and not before.columns)):
            # Behind a label or its unit no header goes on.
            return True
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
            meaning = index.meaning(text)
            if meaning is not NOTHING and not (begin < end - 1 and meaning.word == "unit" and _has_digit(text)):
                value = best[begin][0] + len(match_key(text)) - 0.01 * (end - begin)
                if begin < end - 1 and _is_head_of_line(words, begin, end, index):
                    value -= SPLIT
                # Of equals the longest label.
                if value > score - NEARLY and value > least:
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
            beside = not meaning and start > 0 and words[start].paragraph == words[start - 1].paragraph
            if beside and (whole := _misprinted(found[-1], text, index)):
                found[-1], unknown, unknown_end = whole, [whole.text], -1
                continue
            heading = bool(meaning.lines) and all(index.lines[i].heading for i in meaning.lines)
            first, last = words[start], words[end - 1]
            found.append(Segment(text, first.locator, first.gap, meaning, heading, last.paragraph))
            unknown = [text]
        unknown_end = end if not found[-1].meaning else -1
    if len(unknown) > 1:
        found[-1] = _whole(found[-1], unknown, index)
    return found


def _has_digit(text: str) -> bool:
    """Whether the words of a unit hold a digit: then the first is the number of a label that goes on elsewhere."""
    return any(sign.isdigit() for sign in text)


def _misprinted(segment: Segment, more: str, index: Index) -> Segment | None:
    """A short label of a line and what follows it in its paragraph, where they are the line's long label misprinted."""
    if not segment.meaning.lines or len(segment.text) + len(more) > SHORT:
        return None
    text = segment.text + more
    near = index.similar(text, SIMILAR)
    if near and near[0][1] in segment.meaning.lines:
        return segment._replace(text=text, meaning=NOTHING, heading=False)
    return None


def _is_head_of_line(words: Sequence[Word] | Sequence[_Piece], begin: int, end: int, index: Index) -> bool:
    """Whether the first word is a column's of the header, and those behind it are a line's: 本年度, 主动公开文件数."""
    head = index.meaning(words[begin].text)
    if not head.columns or head.lines or words[begin].paragraph == words[begin + 1].paragraph:
        return False
    return bool(index.meaning("".join(word.text for word in words[begin + 1 : end])).lines)


def _whole(segment: Segment, parts: Sequence[str], index: Index) -> Segment:
    """A segment of all its parts, which may be a label together; no label is as long as some texts."""
    text = "".join(parts)
    meaning = index.meaning(text) if len(text) <= LONGEST else NOTHING
    return segment._replace(text=text, meaning=meaning, heading=False)
