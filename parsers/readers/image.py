"""The reader of pictures: what was recognised on them becomes pages as those of a PDF, and these a document.

It sees no pixel: words with their places and ruling lines come from a recogniser, which works outside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import product
from statistics import median

from parsers.document import Document
from parsers.readers.breaks import Piece
from parsers.readers.sheets import Glyph, Page, Ruling
from parsers.readers.typesetting import Box
from parsers.recognition import UNREADABLE, Recogniser, Recognition, Word
from parsers.records import Issue

EM = 10.5
"""The height, in points, that usual characters are scaled to: what thresholds of printed pages are made for."""

MOST_READINGS = 8
"""A cell of several doubtful words has every combination of their readings, up to so many."""

SHARED = 0.2
"""A word of which so much stands in each of two cells is of neither."""

_HALF = 0.55
_USUAL = 1.3


def read(content: bytes, media_type: str, recogniser: Recogniser) -> Document:
    """Read a picture of one or more pages. Raises what the recogniser raises: LimitError, BrokenDocumentError."""
    from parsers.readers.printed import compose

    pages = pages_of(recogniser.pages(content, media_type), "image")
    issues = [remark(pages)]
    blocks, remarks = compose(pages)
    return Document(media_type=media_type, blocks=tuple(blocks), issues=(*issues, *remarks))


def pages_of(recognised: Iterable[Recognition], scheme: str) -> list[Page]:
    """Recognised pages as pages of glyphs and ruling lines; `scheme` is the kind of their locators.

    All are in one scale, since tables go on from one to the next.
    """
    pages = list(recognised)
    usual = median(one.em * one.unit for one in pages) if pages else EM
    return [_page(one, scheme, EM / usual) for one in pages]


def remark(pages: Sequence[Page]) -> Issue:
    """What is to be said of a document that was recognised."""
    words = [word for page in pages for word in page.words]
    doubtful = sum(len(word.readings) > 1 for word in words)
    message = f"{len(pages)} pages were read by text recognition; readings differ on {doubtful} of {len(words)} words"
    where = pages[0].locator(0.0, 0.0, pages[0].width, pages[0].height) if pages else ""
    return Issue(code="recognised", severity="info", message=message, locator=where)


def mark(piece: Piece, page: Page) -> None:
    """Give the cells of a table on a recognised page their confidence, and readings where these differ."""
    if not page.words:
        return
    parts = [part for part in piece.parts if (part.page or piece.page) == page.number]
    for part in parts:
        left, top, right, bottom = part.box
        own = [
            word
            for word in page.words
            if left <= (word.x0 + word.x1) / 2 <= right and top <= (word.top + word.bottom) / 2 <= bottom
        ]
        if not own or not part.text:
            continue
        part.confidence = round(min(word.confidence for word in own), 3)
        if any(len(word.readings) > 1 for word in own):
            part.readings = _readings(part.text, own)
    for word in page.words:
        shared = [part for part in parts if _share(word, part.box) >= SHARED]
        if len(shared) > 1:
            # Whose figure it is cannot be told, and neither cell is blank.
            for part in shared:
                part.text, part.confidence = part.text or UNREADABLE, 0.0


def _share(word: Word, box: Box) -> float:
    """How much of a word stands within a box."""
    wide = min(word.x1, box[2]) - max(word.x0, box[0])
    high = min(word.bottom, box[3]) - max(word.top, box[1])
    area = (word.x1 - word.x0) * (word.bottom - word.top)
    return max(0.0, wide) * max(0.0, high) / area if area > 0 else 0.0


def _readings(text: str, words: Sequence[Word]) -> tuple[str, ...]:
    """The texts of a cell for each combination of the readings of its words."""
    found = [text]
    for chosen in product(*(word.readings for word in words)):
        other = text
        for word, reading in zip(words, chosen, strict=True):
            if reading != word.text:
                if other.count(word.text) != 1:
                    break
                other = other.replace(word.text, reading)
        else:
            found.append(other)
        if len(found) > MOST_READINGS:
            break
    unique = tuple(dict.fromkeys(found))
    # Where the words are not told apart, that they are doubtful must not be lost.
    return unique if len(unique) > 1 else (text, "")


def _page(one: Recognition, scheme: str, scale: float) -> Page:
    unit = 1 / scale
    scale *= one.unit
    page = Page(one.number, one.width * scale, one.height * scale, one.turn)
    page.scheme, page.unit, page.skew = scheme, unit, one.skew
    page.across = [Ruling(line.at * scale, line.start * scale, line.end * scale) for line in one.across]
    page.down = [Ruling(line.at * scale, line.start * scale, line.end * scale) for line in one.down]
    for word in one.words:
        box = (word.x0 * scale, word.top * scale, word.x1 * scale, word.bottom * scale)
        page.words.append(Word(*box, word.readings, word.confidence))
        page.glyphs.extend(_glyphs(word.text, box, one.em * scale))
    return page


def _glyphs(text: str, box: tuple[float, float, float, float], em: float) -> Iterable[Glyph]:
    """The characters of a word, side by side over its width."""
    x0, top, x1, bottom = box
    widths = [_width(char) for char in text]
    total = sum(widths)
    if not total:
        return
    height = bottom - top
    size = em if height <= _USUAL * em else height
    middle = (top + bottom) / 2
    at = x0
    for char, width in zip(text, widths, strict=True):
        end = at + width / total * (x1 - x0)
        if not char.isspace():
            yield Glyph(char, at, middle - size / 2, end, middle + size / 2, middle + 0.38 * size, size, 0, False)
        at = end


def _width(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else _HALF
