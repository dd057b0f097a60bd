"""Pages set in two columns, as a page each: what is read down the left one goes on at the head of the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.readers.breaks import ZONE
from parsers.readers.sheets import Glyph, Page, Ruling
from parsers.readers.tokens import LEAST_ROWS, is_figure, tokens_of
from parsers.readers.typesetting import Box, Line, lines_of

MIDDLE = 0.4, 0.6
"""Where the gap between two columns stands, in the width of the page."""

GAP = 6.0
"""It is at least so wide, in points."""

LEAST_LINES = 8
LEAST_TEXT = 10
LEAST_FULL = 5
FULL = 0.85
ALIKE = 0.7
"""Each column has so many lines, of which so many, of so many characters, fill it to this share, or so many that rule a
table in it; the narrower one measures this share of the other.
"""

FURTHER = 1_000_000
"""What is added to the number of a page for its second column."""


def columns(page: Page, furniture: Sequence[Line], others: Sequence[Page] = ()) -> list[Page]:
    """The columns of a page without the lines of its `furniture`, or the page itself where it is not set in two.

    `others` are the columns of another page, if that has some: their gap tells those of a page that is not full.
    """
    if page.words:
        return [page]
    boxes = [line.box for line in furniture]
    glyphs = [glyph for glyph in page.glyphs if not any(_holds(box, glyph) for box in boxes)]
    rulings = [line for line in page.across if ZONE * page.height < line.at < (1 - ZONE) * page.height]
    gap = _gap(page, glyphs, rulings)
    if gap is None:
        return [page]
    known = others[1].gap if len(others) > 1 else 0.0
    middle = known if gap[0] < known < gap[1] else sum(gap) / 2
    sides = [
        [glyph for glyph in glyphs if glyph.x1 <= middle], [glyph for glyph in glyphs if glyph.x0 >= middle],
    ]  # fmt: skip
    if (
        not glyphs
        or _is_bare(sides[1])
        or (middle != known and not _are_alike(sides))
        or not all(
            middle == known or _is_column(own, [line for line in rulings if (line.end < middle) == (number == 0)])
            for number, own in enumerate(sides)
        )
    ):
        return [page]
    moved = others[1].moved if middle == known else min(g.x0 for g in sides[1]) - min(g.x0 for g in sides[0])
    found = []
    for number, own in enumerate(sides):
        off = moved if number else 0.0
        found.append(
            replace(
                page,
                number=page.number + number * FURTHER,
                of=page.number,
                moved=off,
                gap=middle,
                glyphs=[glyph._replace(x0=glyph.x0 - off, x1=glyph.x1 - off, base=_base(glyph, off)) for glyph in own],
                across=_across(page.across, middle, number, off),
                down=_down(page.down, middle, number, off),
                pale_across=_across(page.pale_across, middle, number, off),
                pale_down=_down(page.pale_down, middle, number, off),
            )
        )
    return found


def _base(glyph: Glyph, off: float) -> float:
    return glyph.base if glyph.turn % 2 == 0 else glyph.base - off


def _holds(box: Box, glyph: Glyph) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] - 0.1 <= x <= box[2] + 0.1 and box[1] - 0.1 <= y <= box[3] + 0.1


def _gap(page: Page, glyphs: Sequence[Glyph], rulings: Sequence[Ruling]) -> tuple[float, float] | None:
    """The widest strip in the middle of a page in which nothing stands."""
    low, high = MIDDLE[0] * page.width, MIDDLE[1] * page.width
    spans = [(glyph.x0, glyph.x1) for glyph in glyphs] + [(line.start, line.end) for line in rulings]
    spans += [(line.at, line.at) for line in page.down]
    found: tuple[float, float] | None = None
    reached = low
    for start, end in [*sorted(span for span in spans if span[1] > low and span[0] < high), (high, high)]:
        if start - reached >= GAP and (found is None or start - reached > found[1] - found[0]):
            found = reached, start
        reached = max(reached, end)
    return found


def _are_alike(sides: Sequence[Sequence[Glyph]]) -> bool:
    """Whether what stands on both sides is about as wide."""
    if not all(sides):
        return False
    widths = [max(glyph.x1 for glyph in own) - min(glyph.x0 for glyph in own) for own in sides]
    return min(widths) >= ALIKE * max(widths)


def _is_bare(glyphs: Sequence[Glyph]) -> bool:
    """Whether lines of figures without words stand here, as those of a table whose labels stand elsewhere."""
    lines = [tokens_of(line) for line in lines_of(glyphs)]
    counted = [tokens for tokens in lines if any(is_figure(token.text) for token in tokens)]
    bare = sum(all(is_figure(token.text) for token in tokens) for tokens in counted)
    return bare >= LEAST_ROWS and 2 * bare > len(counted)


def _is_column(glyphs: Sequence[Glyph], rulings: Sequence[Ruling]) -> bool:
    """Whether characters fill a column: lines of running text, or a table that is ruled."""
    lines = lines_of(glyphs)
    if len(lines) < LEAST_LINES:
        return False
    wide = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    full = sum(line.x1 - line.x0 >= FULL * wide and len(line.text) >= LEAST_TEXT for line in lines)
    return full >= LEAST_FULL or len({round(line.at) for line in rulings}) >= LEAST_FULL


def _across(lines: Sequence[Ruling], middle: float, number: int, off: float) -> list[Ruling]:
    own = (line for line in lines if ((line.start + line.end) / 2 > middle) == number)
    return [Ruling(line.at, line.start - off, line.end - off) for line in own]


def _down(lines: Sequence[Ruling], middle: float, number: int, off: float) -> list[Ruling]:
    return [Ruling(line.at - off, line.start, line.end) for line in lines if (line.at > middle) == number]
