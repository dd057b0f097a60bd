"""Rows of tables whose cells no lines part, as headers with what stands under each; repeated headers stand once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.frozen import frozen
from parsers.readers.tokens import (
    Row,
    Strip,
    Token,
    is_years,
    union,
)
from parsers.readers.unruled_heads import (
    STEP,
    TITLE,
)
from parsers.readers.unruled_regions import UNIT, UNITS

NEXT = 3
"""So many rows of figures show where the columns over and around a line stand."""


@dataclass(slots=True)
class Block:
    """A header and the rows under it."""

    header: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)


def blocks(rows: Sequence[Row]) -> list[Block]:
    """Rows as headers with what stands under each."""
    found = [Block()]
    group: list[tuple[Row, _Near]] = []

    def close() -> None:
        """Lines of a header begin a block; words that stand alone are rows."""
        last = next((n for n in range(len(group), 0, -1) if group[n - 1][1].heads(group[n - 1][0])), 0)
        header, rest = [row for row, _ in group[:last]], [row for row, _ in group[last:]]
        group.clear()
        if not any(len(row.tokens) > 1 for row in header):
            found[-1].body.extend(header)
        elif found[-1].body or found[-1].header:
            found.append(Block(header=header))
        else:
            found[-1].header = header
        # The first lines of a label in several stand above its figures.
        found[-1].body.extend(rest)

    for number, row in enumerate(rows):
        near = _Near.of(rows, number)
        begun = bool(group) or not found[-1].body
        title = near.is_title(row)
        step = (STEP if near.is_central(row) else TITLE) * row.line.size
        apart = group and row.line.base - group[-1][0].line.base > step
        if title and apart and any(len(other.tokens) > 1 for other, _ in group) and len(group[-1][0].tokens) > 1:
            close()
        heads = (
            begun and _heads_years(row, [above for above, _ in group])
            if row.figures
            else begun or title or near.is_header(row, found[-1].body[-1:])
        )
        if heads:
            group.append((row, near))
            continue
        close()
        found[-1].body.append(row)
    if group and all(near.is_title(row) for row, near in group):
        # The title of a table on the next page.
        found.append(Block(body=[row for row, _ in group]))
    else:
        close()
    return [block for block in found if block.body or block.header]


def _heads_years(row: Row, header: Sequence[Row]) -> bool:
    """Whether the figures of a line are years over columns; under words over columns a lone one is a figure."""
    over = [other.tokens[-1] for other in header if len(other.tokens) > 1]
    last = row.tokens[-1]
    under = len(row.figures) == 1 and any(token.x0 < last.x1 and token.x1 > last.x0 for token in over)
    return is_years(row) and not under


def without_heading(block: Block) -> tuple[Block, list[Row]]:
    """A block without what stands below its last figures from a line on that is no label, a heading of what follows,
    and these lines: such a line reaches from labels to figures, or begins before all others."""
    last = max((n for n, row in enumerate(block.body) if row.figures), default=-1)
    figures = [t.x0 for row in block.body if row.is_seed for t in row.figures if t is not row.tokens[0]]
    first = min(figures, default=float("inf"))
    left = min((row.line.x0 for row in (*block.header, *block.body[: last + 1])), default=0.0)
    for number, row in enumerate(block.body[last + 1 :], last + 1):
        token, size = row.tokens[0], row.line.size
        reaches = token.x0 < first and token.x1 > first + size
        if last >= 0 and len(row.tokens) == 1 and (reaches or token.x0 < left - 2 * size):
            return Block(block.header, block.body[:number]), block.body[number:]
    return block, []


def _ends_note(text: str) -> bool:
    """Whether a word closes a bracket that another line opens."""
    return text.count("）") + text.count(")") > text.count("（") + text.count("(")


@frozen
class _Near:
    """What rows of figures say of a line near them: where tables begin and end, where the longest of their labels
    ends and where those near it do, and where figures stand.
    """

    left: float
    right: float
    longest: float
    labels: float
    figures: tuple[Strip, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], at: int) -> _Near:
        seeds = [row for row in rows[at:] if row.is_seed and not is_years(row)][:NEXT]
        seeds = seeds or [row for row in rows[:at] if row.is_seed][-NEXT:]
        figures = [token for row in seeds for token in row.figures if token is not row.tokens[0] or row.is_all_figures]
        digits = [token for token in figures if any(char.isdecimal() for char in token.text)]
        words = [row.label_end for row in seeds if not row.is_bare]
        left = min(row.line.x0 for row in rows)
        begin = min((token.x0 for token in figures), default=left)
        longest = max((row.label_end for row in rows if row.is_seed and not row.is_bare), default=begin)
        right = max(row.line.x1 for row in rows)
        return cls(left, right, longest, max(words, default=begin), tuple(union(digits or figures, figures=True)))

    def covers(self, token: Token) -> bool:
        return any(span.covers(token) for span in self.figures)

    def heads(self, row: Row) -> bool:
        """Whether a line has words behind the labels."""
        return any(token.middle > self.labels or self.covers(token) for token in row.tokens)

    def is_title(self, row: Row) -> bool:
        """Whether one word of several characters stands over a table, where no label can be meant."""
        token, size = row.tokens[0], row.line.size
        alone = len(row.tokens) == 1 and len(token.text) > 2
        behind = token.x1 > min((span.x0 for span in self.figures), default=self.longest) or self.is_central(row)
        return alone and behind and token.x0 > self.left + 2 * size and token.x1 > self.longest

    def is_central(self, row: Row) -> bool:
        """Whether a word stands in the middle of the table."""
        return abs(row.tokens[0].middle - (self.left + self.right) / 2) < 3 * row.line.size

    def is_header(self, row: Row, above: Sequence[Row]) -> bool:
        """Whether a line without figures that stands below others has words over columns of figures."""
        over = [token for token in row.tokens if self.covers(token) and not _ends_note(token.text)]
        if any(row.line.base - other.line.base < UNIT * row.line.size for other in above):
            # The unit of a figure may stand below it.
            over = [token for token in over if not UNITS.fullmatch(token.text)]
        return any(len(token.text) > 1 for token in over)


def by_page(block: Block) -> list[Block]:
    """What of a block stands on each page, the header with the first."""
    found = [Block(block.header)]
    for row in block.body:
        if found[-1].body and row.line.page != found[-1].body[-1].line.page:
            found.append(Block())
        found[-1].body.append(row)
    return found


def once(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows of tables without those of a header that stand again at the head of a page, and these."""
    kept: list[Row] = []
    again: list[Row] = []
    headers: list[Sequence[Row]] = []
    at = 0
    while at < len(rows):
        if rows[at].figures and at and not rows[at - 1].figures:
            start = max((n for n in range(at) if rows[n].figures), default=-1) + 1
            headers.append(rows[start:at])
        if at and rows[at].line.page != rows[at - 1].line.page:
            same = max((_repeats(rows[at:], header, rows[at - 1]) for header in headers), default=0)
            if same:
                again.extend(rows[at : at + same])
                at += same
                continue
        kept.append(rows[at])
        at += 1
    return kept, again


def _repeats(rows: Sequence[Row], header: Sequence[Row], before: Row) -> int:
    """How many rows stand among those of a header, one of them with several words.

    The row `before` them may be the title of a further table with the same header: then they are not those.
    """
    own, known = _texts(rows[: len(header)]), _texts(header)
    most = 0
    for start in range(len(header)):
        pairs = zip(own, known[start:], strict=False)
        count = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(own), len(known) - start))
        titled = start > 0 and not before.figures and len(before.tokens) == 1 and _is_over(before, header[start - 1])
        if count > most and not titled and any(len(texts) > 1 for texts in own[:count]):
            most = count
    return most


def _is_over(row: Row, other: Row) -> bool:
    """Whether words of two lines begin, or have their middles, at one place."""
    one, two = row.tokens[0], other.tokens[0]
    return len(other.tokens) == 1 and (abs(one.x0 - two.x0) < 1.0 or abs(one.middle - two.middle) < 1.0)


def _texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[token.text for token in row.tokens] for row in rows]


def is_several(block: Block) -> bool:
    """Whether figures stand side by side in a block, so that their order alone tells their columns, or below words that
    stand so."""
    words = [token for row in block.header if len(row.tokens) > 1 for token in row.tokens[1:]]
    figures = [token for row in block.body for token in row.figures if token is not row.tokens[0]]
    if any(word.x0 < figure.x1 and word.x1 > figure.x0 for word in words for figure in figures):
        return True
    return any(len(row.figures) > 1 + (row.is_bare and len(row.tokens) > len(row.figures)) for row in block.body)
