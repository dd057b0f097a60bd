"""The statistical tables of a report: the form they follow, their observations and their ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from parsers import whose
from parsers.align import guards
from parsers.characters.widths import squeeze
from parsers.checks import check
from parsers.claims import Claim, Key, LineMatch, claims_of, match_rows, order_key
from parsers.columns import NO_HEADER, Header
from parsers.document import Block, Cell, Paragraph, Table
from parsers.flattened import prepare, rebuild
from parsers.forms import Form
from parsers.frozen import frozen
from parsers.kinds import kind_of
from parsers.labels import Index, indexes, label_key
from parsers.ledger import Laid, ledger_of
from parsers.marks import fold, year_in
from parsers.parted import parted
from parsers.records import FAILED, Issue, LedgerCell, Observation
from parsers.remarks import (
    of_absent,
    of_few_lines,
    of_left,
    of_lines,
    of_no_claims,
    of_run_together,
    of_unread,
    of_written_within,
)
from parsers.rows import Layout, read_rows
from parsers.running import without_codes
from parsers.stacked import stacked
from parsers.statistical import NOTHING_OVER, Numbered, of_form, words_of
from parsers.units import stated_unit
from parsers.unrolled import has_ragged_head, may_be_shifted, unrolled
from parsers.values import Owner, observe

NOBODY = Owner()

FIGURES = 3
"""Running text with fewer short lines that hold a figure is no table beside the tables that were found."""

MOST_CELLS = 6000
"""A page with more cells in its tables than ten of any form have is read as it stands."""

MOST_RAGGED = 12
"""Of so many tables with rows of different ends it is tried whether they have lost their spans."""

BACKWARDS = 5
"""So many steps against the order of the form at least make a table one that begins with its last row."""

TURNED, SMALLEST = 4, 5
"""A table of which lines claim less than one in so many figures may print them across; it has so many rows and columns.
"""

HEADLESS = 0.5
"""What a line of several columns without a header counts for a form."""

DOUBTED = 3
"""A failed identity says of so many figures that they may stand elsewhere."""

LEAST_LINES, FEWEST_LINES = 5, 3
"""A table with fewer lines of a form that lists them is one that a report makes for itself; the latter where it has
several of the form's columns."""

NEAR = 0.92
"""A form whose labels are found on a page at least this often, against the best one, is tried in full."""


@frozen
class Annex:
    """What the tables of a report say. `form` is None when no form's table is there.

    `years` are years that headers name, with their raw text. `doubtful` are cells read with more
    than their plain text.
    """

    form: Form | None = None
    observations: tuple[Observation, ...] = ()
    cells: tuple[LedgerCell, ...] = ()
    issues: tuple[Issue, ...] = ()
    years: tuple[tuple[int, str], ...] = ()
    doubtful: frozenset[Key] = frozenset()


@dataclass(slots=True)
class _Candidate:
    """One form tried on the tables of a page. `unrolled` are tables that were put together anew from their cells."""

    index: Index
    claims: list[Claim] = field(default_factory=list)
    layouts: list[Laid] = field(default_factory=list)
    unmatched: int = 0
    unrolled: Sequence[Numbered] = ()

    @property
    def keys(self) -> set[Key]:
        return {key for claim in self.claims for key in claim.keys}

    @property
    def weight(self) -> float:
        lines = {claim.match.line: claim.match for claim in self.claims}
        headed = {claim.match.line for claim in self.claims if claim.column_method != "form"}
        sure = 0.0
        for line, match in lines.items():
            own = 1.0 if match.method == "exact" else 0.9 if match.method == "alias" else 0.3
            # Several columns that no header names may be those of another form.
            named = line in headed or len(self.index.lines[line].breakdowns) < 2
            sure += own if named else HEADLESS * own
        return sure + 0.05 * len(self.keys) - 0.5 * self.unmatched


@frozen
class Statistics:
    """The statistical tables of a page taken apart, their cells not read yet.

    `lines` counts the lines of the form that were found, `years` are years that headers name, with
    their raw text. `unread` says of what looks like a table and is none that can be read.
    """

    candidate: _Candidate | None
    blocks: Sequence[Block]
    unread: tuple[Issue, ...] = ()

    @property
    def form(self) -> Form | None:
        return self.candidate.index.form if self.candidate else None

    @property
    def lines(self) -> int:
        return len({claim.match.line for claim in self.candidate.claims}) if self.candidate else 0

    @property
    def years(self) -> tuple[tuple[int, str], ...]:
        return tuple(_years(self.candidate)) if self.candidate else ()

    def read(self, owner: Owner = NOBODY) -> Annex:
        """Read every cell for the report that `owner` names."""
        return _annex(self.candidate, self.blocks, owner) if self.candidate else Annex(issues=self.unread)


def read(blocks: Sequence[Block], owner: Owner = NOBODY) -> Annex:
    """Find the statistical tables among the blocks of an article, and read them."""
    return find(blocks).read(owner)


def find(blocks: Sequence[Block], title: str = "") -> Statistics:
    """Find the statistical tables among the blocks of an article with that title.

    The form is chosen by labels alone. Tables that name no line of it are left to others.
    """
    blocks = [parted(block, _is_own_line) if isinstance(block, Table) else block for block in stacked(blocks)]
    tables = [(i, block) for i, block in enumerate(blocks) if isinstance(block, Table)]
    title = fold(title)
    year = int(named) if (named := year_in(title)).isascii() and named else None
    best = _choose(tables, blocks, year)
    flat = _flattened(blocks, best)
    if flat is not None:
        best = flat
    small = sum(len(table.cells) for _, table in tables) <= MOST_CELLS
    if best is not None and small and any(may_be_shifted(table) for _, table in tables):
        best = _unrolled(tables, blocks, best, year)
    if best is not None:
        best.claims = whose.own(best.claims, best.layouts, blocks, title)
    if best is None or not best.claims:
        said = [*of_run_together(blocks, _is_line), *of_written_within(blocks, indexes())]
        said += of_no_claims(best.index, (table for _, table in tables)) if best is not None else ()
        return Statistics(None, blocks, tuple(said))
    if not _is_enough(best):
        return Statistics(None, blocks, tuple(of_few_lines(best.index, best.claims)))
    return Statistics(best, blocks)


def _is_enough(candidate: _Candidate) -> bool:
    """Whether more of a form that lists its lines is there than one count and its parts, or a few totals.

    Columns that only forms have (本年度 beside 历年累计) tell one with fewer lines.
    """
    index = candidate.index
    lines = {claim.match.line for claim in candidate.claims}
    if any(index.form.section(index.lines[line].section).layout != "list" for line in lines):
        return True
    tops = {min((*index.parents[line], line)) for line in lines}
    named = {(c.match.line, key[1]) for c in candidate.claims if c.column_method != "form" for key in c.keys}
    several = len(named) > len({line for line, _ in named})
    return len(lines) >= (FEWEST_LINES if several else LEAST_LINES) and len(tops) > 1


def _is_line(label: str) -> bool:
    """Whether a label is that of a line of any form."""
    return any(index.meaning(label).lines for index in indexes())


def _is_own_line(label: str) -> bool:
    """The same without labels that any line's figure may stand behind in its own cell: 合计：7."""
    key = label_key(label)
    return (bool(key.serial) or key.full not in guards().generic) and _is_line(label)


def _unrolled(tables: Sequence[Numbered], blocks: Sequence[Block], best: _Candidate, year: int | None) -> _Candidate:
    """The form tried with one doubtful table after the other put together anew, as far as that reads it better."""
    index = best.index
    found: tuple[int, int] | None = None
    for place, table in [numbered for numbered in tables if may_be_shifted(numbered[1])][:MOST_RAGGED]:
        made = [(place, one) for one in unrolled(table, index)]
        if not made:
            continue
        found = found or _found(best, blocks)
        anew = [one for at, own in tables for one in (made if own is table else [(at, own)])]
        own = of_form(index, anew, [words_of(one) for _, one in anew], blocks)
        other = _try(index, [anew[at] for at in own.places], own.over, year)
        better = _found(other, blocks)
        if better > found or (better == found and has_ragged_head(table)):
            other.unrolled = (*best.unrolled, (place, table))
            best, tables, found = other, anew, better
    return best


def _found(candidate: _Candidate, blocks: Sequence[Block]) -> tuple[int, int]:
    """How many figures are read and how many identities of the form hold, less those that fail; and how many cells."""
    read = _annex(candidate, blocks, NOBODY)
    figures = sum(1 for one in read.observations if one.value is not None)
    outcomes = [one.outcome for one in check(read.observations, candidate.index.form, read.doubtful)]
    held = sum(1 for outcome in outcomes if outcome.startswith("pass"))
    failed = sum(1 for outcome in outcomes if outcome in FAILED)
    return figures + held - DOUBTED * failed, len(read.observations)


def _choose(tables: Sequence[Numbered], blocks: Sequence[Block], year: int | None) -> _Candidate | None:
    words = [words_of(table) for _, table in tables]
    found = [(index, of_form(index, tables, words, blocks)) for index in indexes()]
    top = max((own.score for _, own in found if own.places), default=0.0)
    tried = [
        _try(index, [tables[at] for at in own.places], own.over, year)
        for index, own in found
        if own.places and own.score >= NEAR * top
    ]
    return max(tried, key=lambda candidate: candidate.weight, default=None)


def _try(
    index: Index, tables: Sequence[Numbered], over: Mapping[int, Cell] = NOTHING_OVER, year: int | None = None
) -> _Candidate:
    candidate = _Candidate(index)
    orders: dict[str, tuple[str, ...]] = {}
    header = NO_HEADER
    for number, (at, table) in enumerate(tables):
        claimed = {claim.match.line for claim in candidate.claims}
        part = _part(index, number, table, header, orders, claimed, over.get(at))
        if (at >= 0 and part.unmatched > len(part.claims) // 4) or not part.claims or _claims_little(part):
            turned = _part(index, number, table.turned(), NO_HEADER, {}, claimed)
            better = len(turned.claims) > 2 * len(part.claims) and 2 * len(turned.claims) >= part.unmatched
            if better and turned.unmatched < part.unmatched + 1:
                part = turned
        if (others := any(table.is_upended for _, table, _, _ in candidate.layouts)) or _runs_backwards(part):
            upended = _part(index, number, part.table.upended(), NO_HEADER, {}, claimed)
            if len(upended.claims) >= len(part.claims) + others and upended.unmatched <= part.unmatched:
                part = upended
        header = part.layout.headers[-1] if part.layout.headers else header
        candidate.claims.extend(part.claims)
        candidate.unmatched += part.unmatched
        candidate.layouts.append((at, part.table, part.layout, part.matches))
    _in_printed_order(candidate, orders)
    claims = without_codes(_without_strangers(candidate.claims), candidate.layouts)
    candidate.claims = whose.of_year(claims, candidate.layouts, year)
    return candidate


def _runs_backwards(part: _Part) -> bool:
    """Whether the lines of a table stand in the opposite order of those of the form, most of them."""
    lines = [match.line for match in part.matches if match is not None]
    back = sum(one > other for one, other in pairwise(lines))
    return back >= BACKWARDS and back > 2 * (len(lines) - 1 - back)


def _claims_little(part: _Part) -> bool:
    """Whether a line has claimed no more than a few of a wide table's figures."""
    table = part.table
    few = TURNED * len(part.claims)
    if table.rows < SMALLEST or table.columns < SMALLEST or few >= table.rows * table.columns:
        return False
    return sum(kind_of(cell.text) == "number" for cell in table.cells) > few


def _in_printed_order(candidate: _Candidate, orders: dict[str, tuple[str, ...]]) -> None:
    """Read the rows that stand before any header anew where a header below them names their columns otherwise."""
    lines = candidate.index.lines
    early = {
        (claim.table, claim.row)
        for claim in candidate.claims
        if claim.column_method == "form"
        and orders.get(order_key(line := lines[claim.match.line]), line.breakdowns) != line.breakdowns
    }
    if not early:
        return
    claims = [claim for claim in candidate.claims if (claim.table, claim.row) not in early]
    for number, (_, _, layout, matches) in enumerate(candidate.layouts):
        for row, match in zip(layout.rows, matches, strict=True):
            if (number, row.number) in early:
                claims.extend(claims_of(number, row, match, candidate.index, orders))
    candidate.claims = claims


class _Part(NamedTuple):
    """What one table is to a form. `unmatched` counts rows with figures that no line claims."""

    table: Table
    layout: Layout
    matches: list[LineMatch | None]
    claims: list[Claim]
    unmatched: int


def _part(
    index: Index,
    number: int,
    table: Table,
    header: Header,
    orders: dict[str, tuple[str, ...]],
    claimed: set[int],
    over: Cell | None = None,
) -> _Part:
    layout = read_rows(table, index, header, over)
    matches = match_rows(layout.rows, index, claimed)
    claims: list[Claim] = []
    unmatched = 0
    for row, match in zip(layout.rows, matches, strict=True):
        made = claims_of(number, row, match, index, orders)
        claims.extend(made)
        if not made and any(kind_of(v.cell.text) == "number" for v in row.values):
            unmatched += 1
    return _Part(table, layout, matches, claims, unmatched)


def _without_strangers(claims: list[Claim]) -> list[Claim]:
    """Claims without those of tables that name no column and repeat a line of a table that names its columns.

    Such a table counts something else by the same words.
    """
    nameless = {claim.table for claim in claims} - {c.table for c in claims if c.column_method != "form"}
    if not nameless:
        return claims
    named = {claim.match.line for claim in claims if claim.table not in nameless}
    strange = {claim.table for claim in claims if claim.table in nameless and claim.match.line in named}
    return [claim for claim in claims if claim.table not in strange] if strange else claims


def _flattened(blocks: Sequence[Block], tables: _Candidate | None) -> _Candidate | None:
    """A form found in the running text, when it holds more of a form than the tables do."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    texts = [p.text for p in paragraphs if p.text]
    short = [text for text in texts if len(text) <= 60]
    short += [word for text in texts if len(text) > 200 for word in text.split()[:4000]]
    short += [
        text.replace("：", ":").partition(":")[0] for text in texts if len(text) <= 60 and {":", "："} & set(text)
    ]
    short += [word for text in texts if len(text) <= 60 and len(words := text.split()) > 1 for word in words]
    have = len({claim.match.line for claim in tables.claims}) if tables else 0
    if tables and have >= sum(1 for line in tables.index.lines if line.breakdowns):
        return None
    if have >= 4 and sum(1 for text in short if any(word.isdigit() for word in text.split())) < FIGURES:
        return None
    best: _Candidate | None = None
    prepared = prepare(paragraphs)
    # Forms share sections: of two that read the text alike, the one that the tables are of.
    pool = [tables.index] if tables else []
    if have < 4:
        pool += [index for index in indexes() if index not in pool]
    for index in pool:
        lines, columns = index.hits(short)
        if len(lines) + len(columns) < 2 and tables is not None:
            continue
        rebuilt = [(-1, table) for table in rebuild(prepared, index)]
        if not rebuilt:
            continue
        candidate = _try(index, rebuilt)
        if len({claim.match.line for claim in candidate.claims}) < 2:
            continue
        if best is None or candidate.weight > best.weight:
            best = candidate
    if best is None or tables is None or not tables.claims:
        return best
    if best.index is tables.index:
        fresh = [claim for claim in best.claims if not set(claim.keys) & tables.keys]
        if not fresh:
            return None
        offset = len(tables.layouts)
        used = {claim.table for claim in fresh}
        tables.claims.extend(replace(claim, table=claim.table + offset) for claim in best.claims if claim.table in used)
        tables.layouts.extend(best.layouts)
        tables.claims = without_codes(tables.claims, tables.layouts)
        return tables
    return best if best.weight > 2 * tables.weight else None


def _annex(candidate: _Candidate, blocks: Sequence[Block], owner: Owner) -> Annex:
    index = candidate.index
    flat = frozenset(number for number, (at, _, _, _) in enumerate(candidate.layouts) if at < 0)
    stated = {
        number: unit
        for number, (at, table, _, _) in enumerate(candidate.layouts)
        if (unit := _stated(blocks, at, table, candidate.layouts[number][2]))
    }
    observed = observe(candidate.claims, index.form, stated, owner, flat)
    issues = list(observed.issues)
    issues.extend(of_lines(index, candidate.claims))
    ledger = ledger_of(index, candidate.claims, candidate.layouts, candidate.unrolled, issues, owner)
    issues.extend(of_absent(index, candidate.claims))
    read = {at for at, _, _, _ in candidate.layouts}
    others = (block for at, block in enumerate(blocks) if isinstance(block, Table) and at not in read)
    issues.extend(of_unread(index, candidate.claims, others))
    flat_tables = [table for at, table, _, _ in candidate.layouts if at < 0]
    issues.extend(of_left(index, candidate.claims, blocks, flat_tables))
    doubtful = frozenset(observed.doubtful)
    return Annex(
        index.form,
        tuple(observed.observations),
        tuple(ledger),
        tuple(issues),
        tuple(_years(candidate)),
        doubtful,
    )


def _stated(blocks: Sequence[Block], at: int, table: Table, layout: Layout) -> str:
    """The unit of money that the caption, a title row or the lines over a table state."""
    for text in (table.caption, *(cell.text for cell in layout.others)):
        if text and len(text) <= 60 and (unit := stated_unit(squeeze(text))):
            return unit
    for before in reversed(blocks[max(0, at - 3) : max(0, at)]):
        if isinstance(before, Table):
            break
        if len(before.text) <= 30 and "单位" in before.text and (unit := stated_unit(squeeze(before.text))):
            return unit
    return ""


def _years(candidate: _Candidate) -> list[tuple[int, str]]:
    """The latest of the years that stand in headers, such as 2018年度, wherever one does."""
    found: list[tuple[int, str]] = []
    for _, _, layout, _ in candidate.layouts:
        for header in layout.headers:
            for column in header.values:
                if year := whose.year_of(column.path[-1].text):
                    found.append((year, column.path[-1].text))
    latest = max((year for year, _ in found), default=None)
    return [(year, text) for year, text in found if year == latest]
