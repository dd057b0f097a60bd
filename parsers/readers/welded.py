"""Words of a header that stand so close that they read as one, cut as the columns below them begin or are centred."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from parsers.frozen import frozen
from parsers.readers.tokens import Row, Token, cut_before

ROWS, FEWEST = 12, 3
"""So many rows of figures at most, and at least, show the columns of a header above them."""

ABOVE = 4
"""A header has at most so many lines."""

SAME = 0.6
"""What begins, or has its middle, no further apart than this, in points, stands in one line down."""


@frozen
class _Column:
    """A column of rows: its extent, and where all its cells begin or have their middles, None where they do not."""

    x0: float
    x1: float
    start: float | None
    middle: float | None


def unwelded(rows: Sequence[Row]) -> list[Row]:
    """Rows, those above rows of figures with their words parted as the columns of these are.

    A word over several columns is cut only where every cut falls between two characters: where each of the columns
    but the first begins, or where words as wide as their middles ask for end.
    """
    found = list(rows)
    for at, row in enumerate(rows):
        if row.is_seed and at and not rows[at - 1].is_seed:
            columns = _columns([other for other in rows[at : at + 2 * ROWS] if other.is_seed][:ROWS])
            for number in range(max(0, at - ABOVE), at) if columns else ():
                found[number] = _parted(rows[number], columns)
    return found


def _columns(rows: Sequence[Row]) -> list[_Column]:
    """The columns of rows, of those that have as many words as most of them."""
    counts = [len(row.tokens) for row in rows]
    usual = max(counts, key=counts.count, default=0)
    own = [row.tokens for row in rows if len(row.tokens) == usual]
    if len(own) < FEWEST or usual < FEWEST:
        return []
    columns = [_column(tokens) for tokens in zip(*own, strict=True)]
    return columns if all(one.x1 < other.x0 for one, other in pairwise(columns)) else []


def _column(tokens: Sequence[Token]) -> _Column:
    x0, x1 = min(token.x0 for token in tokens), max(token.x1 for token in tokens)
    middles = [token.middle for token in tokens]
    begins = max(token.x0 for token in tokens) - x0 < SAME
    centred = max(middles) - min(middles) < SAME
    return _Column(x0, x1, x0 if begins else None, median(middles) if centred else None)


def _parted(row: Row, columns: Sequence[_Column]) -> Row:
    tokens: list[Token] = []
    for token in row.tokens:
        own = [column for column in columns if column.x0 < token.x1 and column.x1 > token.x0]
        places = (_starts(token, own) or _ends(token, own)) if len(own) > 1 and token.line.glyphs else []
        tokens.extend(cut_before(token, places) if places else [token])
    return Row(row.line, tokens) if len(tokens) > len(row.tokens) else row


def _starts(token: Token, columns: Sequence[_Column]) -> list[float]:
    """Where the columns but the first begin, each with a character; none where one does not."""
    found = [_glyph_at(token, column.start) for column in columns]
    return [place for place in found[1:] if place is not None] if None not in found else []


def _ends(token: Token, columns: Sequence[_Column]) -> list[float]:
    """Where the words of centred columns begin, each behind the one before it; none where they do not add up."""
    found: list[float] = []
    start = token.x0
    for column in columns:
        if column.middle is None or column.middle <= start:
            return []
        end = 2 * column.middle - start
        if column is columns[-1]:
            return found if abs(end - token.x1) < SAME else []
        place = _glyph_at(token, end)
        if place is None:
            return []
        found.append(place)
        start = place
    return []


def _glyph_at(token: Token, place: float | None) -> float | None:
    """Where a character of a word begins that begins at a place, None where none does."""
    if place is None:
        return None
    return next((glyph[0] for glyph in token.line.glyphs if abs(glyph[0] - place) < SAME), None)
