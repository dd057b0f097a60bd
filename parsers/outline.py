"""The outline of a report: headings of four levels, each with its own text.

A marker alone makes no heading: lists are numbered too. What decides is the shape of the line, the
series that it belongs to, and whether text follows. The words are in `outline.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

from parsers import headings
from parsers.article import Article, Line
from parsers.characters import patterns
from parsers.headings import BARE, ITEM, PROPER, RUN_IN, SENTENCE, STOP, TITLE, Candidate
from parsers.labels import indexes
from parsers.records import Section

LEVELS = 4
SHORT = 48
"""A longer line is no cell of a flattened table."""

LABELS = 3
VALUES = 3
"""So many known labels and values make a stretch of short lines a flattened table."""

PARTS = 3
"""So many usual titles of parts make their style the outermost."""

LONGEST_BARE = 30
"""A heading without a number has no more characters."""

LINES_OF_HEADING = 2

_ENDS = frozenset("。；;！!？?")
_POINT = re.compile("[.．]")
_OPEN_ENDS = frozenset("、和及与起的")


def sections(article: Article, report_id: str = "", document_id: str = "") -> tuple[Section, ...]:
    """The sections of a report in reading order, section `0` first when text stands above the first heading.

    `section` counts siblings (`2.1.3`), `level` is that of the marker's style (一、 1, （一） 2, 1. 3,
    （1） 4) wherever it stands, so a step may be skipped. `text` is the own text, lines joined by LF,
    without tables, those that became lines included. `report_id` and `document_id` are put into each.
    """
    lines = headings.lines(article)
    over = _over_tables(lines)
    cells = _flattened(lines) | over
    found = _joined(lines, [c for at in range(len(lines)) if at not in cells if (c := headings.candidate(lines, at))])
    contents = _contents(lines, found)
    found = _under_parts([c for c in found if c.at not in contents])
    found = _decimal(_outermost(lines, found))
    chosen = _tops(found)
    chosen += _below(lines, found, chosen)
    loud = frozenset(at for at in over if lines[at].bold or lines[at].markup)
    chosen += _unnumbered(lines, chosen, cells - loud)
    chosen.sort(key=lambda c: c.at)
    return tuple(_tree(lines, _once(lines, chosen), cells, (report_id, document_id)))


# Tables that became lines


def _flattened(lines: Sequence[Line]) -> frozenset[int]:
    """Indexes of the lines that are cells of flattened tables."""
    rows = {at for at, line in enumerate(lines) if _is_row(line.text)}
    values = [len(line.text) <= 14 and headings.is_value(line.text) for line in lines]
    if sum(values) < VALUES:
        return frozenset(rows)
    found = rows
    start = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and not lines[at].table and len(lines[at].text) <= SHORT and "。" not in lines[at].text:
            continue
        if sum(values[start:at]) >= VALUES:
            found.update(_cells(lines, values, start, at))
        start = at + 1
    return frozenset(found)


def _is_row(text: str) -> bool:
    """Whether a line is a row of a table as text: values parted by blanks, or one behind label and unit."""
    words = text.split(" ") if " " in text else []
    last = words[-VALUES:]
    if len(last) < VALUES or not headings.is_value(last[-1]):
        return False
    return _is_label(words[0]) or all(map(headings.is_value, last))


def _cells(lines: Sequence[Line], values: Sequence[bool], start: int, stop: int) -> set[int]:
    labels = [at for at in range(start, stop) if not values[at] and _is_label(lines[at].text)]
    if len(labels) < LABELS:
        return set()
    first, last = labels[0], max(labels[-1], *(at for at in range(start, stop) if values[at]))
    while first > start and (values[first - 1] or len(lines[first - 1].text) <= 2 or _is_word(lines[first - 1].text)):
        first -= 1
    found = set()
    for at in range(first, last + 1):
        heading = headings.candidate(lines, at)
        known = heading is not None and heading.level == 1 and headings.is_known(heading.title)
        if not known or (_is_label(lines[at].text) and not _goes_on(lines, at, first)):
            found.add(at)
    return found


def _goes_on(lines: Sequence[Line], at: int, first: int) -> bool:
    """Whether a line above a table that reads like one of its labels is the next heading by its number."""
    heading = headings.candidate(lines, at)
    return at == first and heading is not None and heading.ordinal == _top_before(lines, at) + 1


def _top_before(lines: Sequence[Line], stop: int) -> int:
    """The number of the last outermost heading before a line; 0 when there is none."""
    above = (headings.candidate(lines, at) for at in range(stop - 1, -1, -1))
    return next((heading.ordinal for heading in above if heading and heading.level == 1), 0)


def _over_tables(lines: Sequence[Line]) -> set[int]:
    """Indexes of the lines that are labels right above a table, or above another of them; no next heading is one."""
    found: set[int] = set()
    below = False
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if not line.table:
            below = below and len(line.text) <= SHORT and _is_label(line.text)
            if below:
                found.add(at)
        else:
            below = True
    top = 0
    for at, line in enumerate(lines):
        heading = None if line.table else headings.candidate(lines, at)
        if heading is None or heading.level != 1:
            continue
        if at not in found or (heading.ordinal == top + 1 and headings.is_known(heading.title)):
            top = heading.ordinal
            found.discard(at)
    return found


def _is_label(text: str) -> bool:
    return any(index.meaning(text).lines for index in indexes())


def _is_word(text: str) -> bool:
    return any(bool(index.meaning(text)) for index in indexes())


# Which candidates are headings


def _joined(lines: Sequence[Line], found: list[Candidate]) -> list[Candidate]:
    """Candidates whose title, or the end of it, stands in the next line are given it; bare markers go."""
    marked = {c.at for c in found}
    result = []
    for c in found:
        after = c.at + 1
        more = ""
        if c.shape in (BARE, TITLE) and after < len(lines) and after not in marked and not lines[after].table:
            more = lines[after].text if _ENDS.isdisjoint(lines[after].text) else ""
        if c.shape == BARE:
            if 2 <= len(more) <= 30:
                result.append(c._replace(title=more.rstrip("：:"), shape=TITLE, taken=2))
        elif more and c.level == 1 and len(more) <= 20 and (_continues(c, more) or _is_cut(lines, c.at)):
            result.append(c._replace(title=c.title + more.rstrip("：:"), taken=2))
        else:
            result.append(c)
    return result


def _continues(c: Candidate, more: str) -> bool:
    """Whether a line completes a heading that a line break cut."""
    if not headings.is_known(c.title + more):
        return False
    if headings.is_known(c.title):
        return patterns.fullmatch(headings.rules().second_half, more) is not None
    return c.title[-1] in _OPEN_ENDS or not headings.is_known(more)


def _is_cut(lines: Sequence[Line], at: int) -> bool:
    """Whether a line and the next one are all of one block that is printed as a heading."""
    one, block = lines[at], _block(lines[at])
    if not (one.bold or one.markup) or _block(lines[at + 1]) != block:
        return False
    return sum(_block(line) == block for line in lines[max(0, at - 1) : at + 3]) == LINES_OF_HEADING


def _block(line: Line) -> str:
    return line.locator.partition("[")[0]


def _under_parts(found: list[Candidate]) -> list[Candidate]:
    """Where 第一部分, 第二部分 … part the report and 一、 stands below, all other styles stand one level deeper."""
    if [c.ordinal for c in found if c.style == "part" and c.shape in PROPER][:2] != [1, 2]:
        return found
    if not any(c.level == 1 and c.style != "part" and c.shape in PROPER for c in found):
        return found
    return [c if c.style == "part" else c._replace(level=min(c.level + 1, LEVELS)) for c in found]


def _contents(lines: Sequence[Line], found: Sequence[Candidate]) -> frozenset[int]:
    """Lines of a table of contents: entries with nothing between them that come again further down."""
    own = headings.rules()
    later: dict[str, int] = {}
    for start, c in enumerate(found):
        if c.level != 1 or c.ordinal != 1:
            continue
        run = [c]
        for other in found[start + 1 :]:
            if other.at != run[-1].at + 1 or (other.level == 1 and other.ordinal == 1):
                break
            run.append(other)
        above = lines[c.at - 1].text if c.at > 0 else ""
        named = len(above) <= SHORT and patterns.fullmatch(own.contents, headings.key(above)) is not None
        if len(run) < 3 and not named:
            continue
        later = later or {_entry(c): c.at for c in found}
        if 2 * sum(1 for entry in run if later[_entry(entry)] > run[-1].at) > len(run):
            return frozenset(entry.at for entry in run)
    return frozenset()


def _entry(c: Candidate) -> str:
    text = headings.rules().page_number.sub("", c.title)
    return f"{c.level}.{c.ordinal} {headings.key(text)}"


def _outermost(lines: Sequence[Line], found: list[Candidate]) -> list[Candidate]:
    """Where no marker of the first level stands, the style that numbers the usual parts is of the first level.

    Not so where the usual parts have no numbers and are printed as headings.
    """
    if any(c.level == 1 for c in found):
        return found
    numbered = {c.at for c in found}
    loud = (line for at, line in enumerate(lines) if (line.bold or line.markup) and at not in numbered)
    if sum(1 for line in loud if 2 <= len(line.text) <= LONGEST_BARE and headings.is_known(line.text)) >= PARTS:
        return found
    for level in range(2, LEVELS + 1):
        parts = {headings.key(c.title) for c in found if c.level == level and c.shape in PROPER and _is_part(c)}
        if len(parts) >= PARTS:
            return [c._replace(level=1) if c.level == level else c for c in found]
    return found


def _decimal(found: list[Candidate]) -> list[Candidate]:
    """Where the outermost parts are numbered 1, 2, 3, what is numbered 1.1 stands below them, 1.1.1 below that."""
    if not any(c.style == "decimal" for c in found) or not any(c.level == 1 and c.style == "digit" for c in found):
        return found
    return [
        c._replace(level=1 + len(_POINT.findall(c.number.rstrip(".．、")))) if c.style == "decimal" else c
        for c in found
    ]


def _is_part(c: Candidate) -> bool:
    return headings.is_known(c.title) and bool(headings.topic(c.title))


def _tops(found: Sequence[Candidate]) -> list[Candidate]:
    """Headings of the first level: one chain of numbers, and what the words make sure of."""
    every = [c for c in found if c.level == 1]
    proper = [c for c in every if c.shape in PROPER]
    if not proper:
        return []
    if sum(1 for c in every if c.shape in (SENTENCE, ITEM)) > 2 * len(proper):
        proper = [c for c in proper if headings.is_known(c.title)]
    chosen: list[Candidate] = []
    last = 0
    latest = {c.ordinal: position for position, c in enumerate(every) if c.shape in PROPER}
    sure = {c.at for c in proper}
    for position, c in enumerate(every):
        known = headings.is_known(c.title)
        if c.shape in (SENTENCE, ITEM):
            if len(chosen) >= 2 and c.ordinal == last + 1 and c.shape == SENTENCE:
                cut = _cut(c)
                if cut is not None:
                    chosen.append(cut)
                    last = c.ordinal
            continue
        if c.at not in sure:
            continue
        follows = latest.get(last + 1, -1) > position
        if last and c.ordinal <= last and follows and not known and c.style == "han":
            chosen.append(c._replace(level=2))
            continue
        if last and c.ordinal != last + 1 and follows and not known and c.ordinal <= 2:
            chosen.append(c._replace(level=2))
            continue
        chosen.append(c)
        last = c.ordinal
    return chosen


def _cut(c: Candidate) -> Candidate | None:
    """A numbered statement as a heading: its title ends at the first sign."""
    for place, sign in enumerate(c.title[:40]):
        if sign in "，,。；;：:" and place >= 4:
            return c._replace(title=c.title[:place], rest=c.title[place + 1 :].strip(), shape=RUN_IN)
    return None


def _below(lines: Sequence[Line], found: Sequence[Candidate], tops: Sequence[Candidate]) -> list[Candidate]:
    """Headings of levels 2 to 4, decided series by series."""
    chosen: list[Candidate] = []
    marked = {c.at for c in found}
    for level in range(2, LEVELS + 1):
        above = {c.at for c in (*tops, *chosen) if c.level < level}
        for series in _series([c for c in found if c.level == level], above):
            chosen.extend(_of_series(lines, series, marked))
    return chosen


def _series(found: Iterable[Candidate], above: Iterable[int]) -> list[list[Candidate]]:
    """Candidates of one style that count on, no higher heading between them."""
    edges = sorted(above)
    result: list[list[Candidate]] = []
    current: dict[str, list[Candidate]] = {}
    for c in found:
        series = current.get(c.style)
        if series and c.ordinal == series[-1].ordinal + 1 and bisect(edges, series[-1].at) == bisect(edges, c.at):
            series.append(c)
        else:
            current[c.style] = [c]
            result.append(current[c.style])
    return result


def _of_series(lines: Sequence[Line], series: list[Candidate], marked: set[int]) -> list[Candidate]:
    good = [c for c in series if c.shape in PROPER]
    if len(good) * 2 < len(series) or not good:
        return []
    filled = {c.at for c in good if c.shape == RUN_IN or _has_text(lines, c, marked)}
    level = series[0].level
    if level > 2 and len(series) == 1 and series[0].ordinal > 1:
        return []
    kept = [c for c in good if c.shape != STOP or c.at in filled]
    if (len(good) - len(kept)) * 2 > len(good):
        return []
    if level == 2:
        return kept if filled or len(series) <= 2 else []
    return kept if filled and len(filled) * 2 >= len(good) else []


def _has_text(lines: Sequence[Line], c: Candidate, marked: set[int]) -> bool:
    """Whether something that belongs to a heading comes after it: text, a table, or a heading further down."""
    after = c.at + 1
    if after >= len(lines):
        return False
    if after not in marked:
        return True
    below = headings.candidate(lines, after)
    return below is not None and below.level > c.level


def _unnumbered(lines: Sequence[Line], chosen: Sequence[Candidate], cells: frozenset[int]) -> list[Candidate]:
    """Lines that are no more than a part's usual title, where numbers are lost or were never given."""
    tops = sorted((c for c in chosen if c.level == 1), key=lambda c: c.at)
    taken = {at for c in chosen for at in range(c.at, c.at + c.taken)}
    places = [c.at for c in tops]
    highest = [0, *accumulate((c.ordinal for c in tops), max)]
    lowest = [*accumulate((c.ordinal for c in reversed(tops)), min)][::-1]
    given: Counter[int] = Counter()
    found: list[Candidate] = []
    for at, line in enumerate(lines):
        text = line.text
        if at in taken or at in cells or line.table or not 2 <= len(text) <= LONGEST_BARE or at + 1 >= len(lines):
            continue
        number, title = _torn(text)
        if any(s in title for s in "。；;，,：:!！?？0123456789") or not headings.is_known(title):
            continue
        place = bisect(places, at)
        before, after = highest[place], lowest[place] if place < len(tops) else 0
        gap = after - before > 1 if after else len(tops) < 2
        missing = before + 1 + given[place]
        if number and before < headings.ordinal_of(number) < (after or 99):
            missing = headings.ordinal_of(number)
        if gap and (len(tops) < 2 or line.bold or line.markup or number or missing < after):
            found.append(Candidate(at, "known", 1, missing, number, title, "", TITLE))
            given[place] += 1
        elif line.markup or (line.bold and tops):
            found.append(Candidate(at, "known", 2, 0, "", title, "", TITLE))
    tops_found = [f for f in found if f.level == 1]
    if len(tops) < 2 and len(tops_found) + len(tops) < 2:
        return [f for f in found if f.level != 1]
    return found


def _torn(text: str) -> tuple[str, str]:
    """A numeral whose sign behind it is lost, and the rest."""
    if text[0] in "一二三四五六七八九十" and len(text) > 2 and headings.is_known(text[1:]):
        return text[0], text[1:]
    return "", text


def _once(lines: Sequence[Line], chosen: Sequence[Candidate]) -> list[Candidate]:
    """Headings without those printed again where a page broke: same number and title, only tables between."""
    kept: list[Candidate] = []
    for c in chosen:
        last = next((k for k in reversed(kept) if k.level <= c.level), None)
        if last and (last.level, last.ordinal) == (c.level, c.ordinal) and _same(last, c):
            between = [lines[at] for at in range(last.at + 1, c.at)]
            if last.shape != RUN_IN and all(line.table for line in between):
                continue
        kept.append(c)
    return kept


def _same(one: Candidate, other: Candidate) -> bool:
    return headings.key(one.title) == headings.key(other.title)


# The tree


def _tree(
    lines: Sequence[Line], chosen: Sequence[Candidate], cells: frozenset[int], of: tuple[str, str]
) -> list[Section]:
    """The sections that headings make; `of` are the report's id and the document's."""
    made: list[Section] = []
    report_id, document_id = of
    first = chosen[0].at if chosen else len(lines)
    opening = _text(lines, range(first), cells)
    if opening:
        where = next((lines[at].locator for at in range(first) if not lines[at].table and at not in cells), "")
        made.append(Section(report_id, "0", level=0, text=opening, document_id=document_id, locator=where))
    counts: dict[str, int] = {}
    stack: list[tuple[int, str]] = []
    ends = [*(c.at for c in chosen[1:]), len(lines)][: len(chosen)]
    for c, end in zip(chosen, ends, strict=True):
        while stack and stack[-1][0] >= c.level:
            stack.pop()
        parent = stack[-1][1] if stack else ""
        counts[parent] = counts.get(parent, 0) + 1
        path = f"{parent}.{counts[parent]}" if parent else str(counts[parent])
        stack.append((c.level, path))
        own = [c.rest] if c.rest else []
        text = _text(lines, range(c.at + c.taken, end), cells)
        made.append(
            Section(
                report_id=report_id,
                section=path,
                parent=parent,
                level=c.level,
                number=c.number,
                title=c.full,
                topic=headings.topic(c.title),
                text="\n".join([*own, text] if text else own),
                document_id=document_id,
                locator=lines[c.at].locator,
            )
        )
    return made


def _text(lines: Sequence[Line], places: Iterable[int], cells: frozenset[int]) -> str:
    return "\n".join([lines[at].text for at in places if not lines[at].table and at not in cells])
