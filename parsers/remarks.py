"""What is to be said of the lines and columns of a form that a page prints otherwise, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from parsers.align import guards
from parsers.characters.widths import match_key
from parsers.claims import Claim
from parsers.document import Block, Paragraph, Table
from parsers.kinds import kind_of
from parsers.labels import Index, label_key
from parsers.parted import DIGITS, run_together
from parsers.records import Issue
from parsers.running import counts_up

LEAST = 4
LEAST_SHARE = 0.5
MOST = 2
"""A table with so many figures, this share to so many times the cells of a section, may be that section."""

LABEL = 4
"""A label with fewer characters may be that of anything."""

WITHIN = 8
"""So many labels of a form within one paragraph are no sentence."""

_DIGITS = re.compile(r"\d+")

LONGEST_LINE = 90
UNREAD = 4
"""So many lines of at most so many characters that are labels of a form with figures are a table that is not read."""

ROW = 5
"""So many figures one behind the other are a row of a table and no sentence."""

LEAST_LABEL = 8
"""A label of so many characters that stands alone in the text is no heading of a section."""

FIGURES = 6
"""So many figures in lines without a word are a table that is not read."""

_FIGURE = r"(?:[\d０-９][\d０-９,，.．]*+|[-－—/／])"
_ROW = re.compile(rf"(?<!\S){_FIGURE}(?:\s++{_FIGURE}){{4,}}+(?!\S)")
_LABELLED = re.compile(rf"(?P<label>.*[^\s\d０-９.．,，-])\s*+(?P<figures>{_FIGURE}(?:\s++{_FIGURE})*+)\s*+")
_UNIT = re.compile(r"(?:人次|件次|万元|[条條件次个個人篇元项項])(?:[/／][条條件次元])?$")
_BARE = re.compile(rf"\s*+{_FIGURE}(?:\s++{_FIGURE})*+\s*+")


def of_lines(index: Index, claims: Sequence[Claim]) -> list[Issue]:
    """Remarks on lines told by likeness or place, under no header, or with other cells than their header has."""
    found: list[Issue] = []
    seen: set[tuple[int, int, int]] = set()
    for claim in claims:
        if not claim.short and claim.column_method != "form" and claim.match.method in ("exact", "alias"):
            continue
        place = (claim.table, claim.row, claim.match.line)
        line = index.lines[claim.match.line]
        indicator = line.indicator
        if claim.match.method in ("similar", "position") and place not in seen:
            cell = claim.label or claim.cell
            code = "label_similar" if claim.match.method == "similar" else "label_missing"
            found.append(
                Issue(
                    code=code,
                    severity="info" if claim.match.score >= 80 else "warning",
                    message=f"taken for {indicator} ({line.label}), score {claim.match.score:.0f}",
                    raw=cell.text,
                    locator=cell.locator,
                )
            )
        if claim.column_method == "form" and place not in seen and len(index.lines[claim.match.line].breakdowns) > 1:
            found.append(
                Issue(
                    code="header_missing",
                    severity="warning",
                    message=f"no header names the columns of {indicator}: read in the form's order",
                    raw=claim.cell.text,
                    locator=claim.cell.locator,
                )
            )
        if claim.short:
            # Nothing tells which cells of such a row are missing: each stands in doubt.
            found.append(
                Issue(
                    code="short_row",
                    severity="warning",
                    message=f"the cells in the row of {indicator} are not those of its header",
                    raw=claim.cell.text,
                    locator=claim.cell.locator,
                )
            )
        seen.add(place)
    return found


def of_absent(index: Index, claims: Sequence[Claim]) -> list[Issue]:
    """Remarks on sections of which some lines or columns are printed and others are not, one for each kind."""
    by_line: dict[int, list[Claim]] = {}
    for claim in claims:
        by_line.setdefault(claim.match.line, []).append(claim)
    have: dict[str, set[str]] = {}
    first: dict[str, Claim] = {}
    for number, own in by_line.items():
        line = index.lines[number]
        have.setdefault(line.indicator, set()).update([key[1] for claim in own for key in claim.keys])
        first.setdefault(line.section, own[0])
    found: list[Issue] = []
    for section in index.form.sections:
        if section.name not in first:
            continue
        locator = (first[section.name].label or first[section.name].cell).locator
        lines = [line for line in section.lines if not line.heading]
        printed = [line for line in lines if line.indicator in have]
        read = {breakdown for line in printed for breakdown in have[line.indicator]}
        columns = dict.fromkeys(breakdown for line in printed for breakdown in line.breakdowns)
        found += _absent("line", (line.indicator for line in lines if line.indicator not in have), locator)
        found += _absent("column", (column for column in columns if column not in read), locator)
    return found


def _absent(kind: str, names: Iterable[str], locator: str) -> list[Issue]:
    absent = ", ".join(names)
    message = f"{kind}s of the form that the page does not print: {absent}"
    return [Issue(code=f"missing_{kind}", severity="info", message=message, raw="", locator=locator)] if absent else []


def of_unread(index: Index, claims: Sequence[Claim], tables: Iterable[Table]) -> list[Issue]:
    """Remarks on tables that no line of the form claims: with figures enough for a section of which none was found, or
    with a figure beside the label of a line that was not."""
    found = {index.lines[claim.match.line].section for claim in claims}
    counts = {
        section.name: sum(len(line.breakdowns) for line in section.lines if not line.heading)
        for section in index.form.sections
        if section.name not in found
    }
    issues: list[Issue] = []
    claimed = {claim.match.line for claim in claims}
    for table in tables:
        figures = sum(kind_of(cell.text) == "number" for cell in table.cells)
        names = [name for name, count in counts.items() if MOST * count >= figures >= max(LEAST, LEAST_SHARE * count)]
        names = names or list(dict.fromkeys(index.lines[line].indicator for line in _labelled(table, index) - claimed))
        if names:
            message = f"no line of the form claims this table, and nothing was found of: {', '.join(names)}"
            raw = "\n".join(cell.text for cell in table.cells if cell.text)
            issues.append(
                Issue(code="table_unread", severity="warning", message=message, raw=raw, locator=table.locator)
            )
    return issues


def _labelled(table: Table, index: Index) -> set[int]:
    """The lines whose own label stands in a row of a table before a figure."""
    found: set[int] = set()
    for row in table.grid:
        texts = [table.cells[place].text for place in dict.fromkeys(row) if place >= 0]
        if any(kind_of(text) == "number" for text in texts):
            for text in texts:
                lines = index.meaning(text).lines if len(text) >= LABEL else ()
                found.update(lines if len(lines) == 1 else ())
    return found


def of_run_together(blocks: Iterable[Block], is_line: Callable[[str], bool]) -> Iterator[Issue]:
    """A remark where figures of a table stand in the text with nothing between them; `is_line` knows its labels."""
    lines = [block for block in blocks if isinstance(block, Paragraph) and len(block.text) <= LONGEST_LINE]
    found = [line for line in lines if run_together(line.text, is_line) is not None]
    if len(found) >= UNREAD:
        message = f"{len(found)} lines of a form stand in the text, their figures with nothing between them: not read"
        yield Issue(
            code="figures_run_together",
            severity="warning",
            message=message,
            raw=found[0].text,
            locator=found[0].locator,
        )


def of_no_claims(index: Index, tables: Iterable[Table]) -> Iterator[Issue]:
    """Remarks on tables that name lines of a form where none was found to have a cell: no text in them is a figure."""
    for table in tables:
        lines = {line for cell in table.cells if len(cell.text) > LABEL for line in index.meaning(cell.text).lines}
        if len(lines) >= UNREAD:
            message = f"{len(lines)} lines of {index.form.name} stand in this table, and no figure that can be read"
            raw = "\n".join(cell.text for cell in table.cells if cell.text)
            yield Issue(code="table_unread", severity="warning", message=message, raw=raw, locator=table.locator)


@cache
def _long_labels(index: Index) -> frozenset[str]:
    return frozenset(match_key(line.label) for line in index.lines if len(line.label) > LABEL)


def of_written_within(blocks: Iterable[Block], every: Iterable[Index]) -> Iterator[Issue]:
    """A remark where one paragraph holds the labels of many lines of a form, as tables in marks not known here do."""
    for block in blocks:
        if (
            not isinstance(block, Paragraph)
            or len(block.text) <= LONGEST_LINE
            or len(_DIGITS.findall(block.text)) < WITHIN
        ):
            continue
        text = match_key(block.text)
        for index in every:
            named = sum(label in text for label in _long_labels(index))
            if named >= WITHIN:
                message = f"the labels of {named} lines of {index.form.name} stand within one paragraph: not read"
                yield Issue(
                    code="table_unread", severity="warning", message=message, raw=block.text, locator=block.locator
                )
                return


def of_left(index: Index, claims: Sequence[Claim], blocks: Sequence[Block], tables: Iterable[Table]) -> Iterator[Issue]:
    """Remarks on what is left of a form in the text: figures alone, and labels of lines that nothing claims.

    `tables` were put together from lines of the text: what stands in them is accounted for.
    """
    read = {_line_of(cell.locator) for table in tables for cell in table.cells}
    yield from _left_figures(blocks, read)
    yield from _left_lines(index, claims, blocks, read)


def _left_figures(blocks: Iterable[Block], read: Collection[str]) -> Iterator[Issue]:
    """Remarks on runs of lines that hold nothing but figures: no sentence does, so they are a table not read."""
    for run in _bare(blocks):
        words = " ".join(line.text for line in run).split()
        if _figures(words) >= FIGURES and not counts_up(words) and _line_of(run[0].locator) not in read:
            raw = "\n".join(line.text for line in run)
            message = "figures stand here in the text that no line of the form claims: not read"
            yield Issue(code="table_unread", severity="warning", message=message, raw=raw, locator=run[0].locator)


def _left_lines(
    index: Index, claims: Sequence[Claim], blocks: Iterable[Block], read: Collection[str]
) -> Iterator[Issue]:
    """Remarks on lines of the form that nothing claims whose labels stand in the text with a figure behind them, and on
    rows of figures in the text.
    """
    claimed = {claim.match.line for claim in claims}
    unread = frozenset(number for number, line in enumerate(index.lines) if not line.heading and number not in claimed)
    for block in blocks:
        if not isinstance(block, Paragraph) or not block.text or (read and _line_of(block.locator) in read):
            continue
        text = block.text
        found = _ROW.search(text) if text.count(" ") >= ROW - 1 and not _BARE.fullmatch(text) else None
        if found is not None and _is_row(found[0]):
            message = "a row of figures stands here in the text that no line of the form claims: not read"
            yield Issue(code="table_unread", severity="warning", message=message, raw=text, locator=block.locator)
        elif len(text) <= LONGEST_LINE and text[-1] in DIGITS and (own := _LABELLED.fullmatch(text)) is not None:
            lines = next(filter(None, (_lines_of(index, label) for label in (own[1], _UNIT.sub("", own[1])))), ())
            if lines and unread.issuperset(lines):
                message = (
                    f"a figure stands here in the text behind the label of {index.lines[lines[0]].indicator}: not read"
                )
                yield Issue(code="table_unread", severity="warning", message=message, raw=text, locator=block.locator)
        elif (
            LEAST_LABEL <= len(text) <= LONGEST_LINE and (lines := _lines_of(index, text)) and unread.issuperset(lines)
        ):
            message = (
                f"the label of {index.lines[lines[0]].indicator} stands here in the text: what it names was not read"
            )
            yield Issue(code="table_unread", severity="warning", message=message, raw=text, locator=block.locator)


def _is_row(text: str) -> bool:
    """Whether figures are a row of a table, and neither count upwards, as links to pages do, nor are signs alone."""
    words = text.split()
    return not counts_up(words) and _figures(words) >= ROW


def _lines_of(index: Index, label: str) -> tuple[int, ...]:
    """The lines of the form that a label names for itself."""
    meaning = index.meaning(label)
    return () if label_key(label).full in guards().generic else meaning.lines


def _bare(blocks: Iterable[Block]) -> Iterator[list[Paragraph]]:
    """Runs of lines of figures alone; empty lines stand between them or not."""
    run: list[Paragraph] = []
    for block in blocks:
        text = block.text if isinstance(block, Paragraph) else "table"
        if isinstance(block, Paragraph) and text and _BARE.fullmatch(text):
            run.append(block)
        elif text and run:
            yield run
            run = []
    if run:
        yield run


def _figures(words: Iterable[str]) -> int:
    return sum(word[0].isdecimal() for word in words)


def _line_of(locator: str) -> str:
    """The line or element that a locator points into."""
    return locator.partition("[")[0]


def of_few_lines(index: Index, claims: Sequence[Claim]) -> Iterator[Issue]:
    """A remark on the first of the lines of a form that stand in tables which are no form's."""
    lines = {claim.match.line for claim in claims}
    cell = claims[0].label or claims[0].cell
    message = f"{len(lines)} lines of {index.form.name} stand in a table of the report's own: not read as the form"
    yield Issue(code="table_unread", severity="warning", message=message, raw=cell.text, locator=cell.locator)
