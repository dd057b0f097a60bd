"""A page as lines: what stands above the article, the article, and what stands below it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from parsers.article import Article, parts_of
from parsers.characters import widths
from parsers.characters.widths import HALF_WIDTH, replacer, simplify_in_place, simplify_lines
from parsers.document import Block, Container, Document, Paragraph, Table
from parsers.frozen import frozen, maker

_SPACES = "\u00a0\u3000\t\u2002\u2003\u2009\u202f"
_folded = replacer(HALF_WIDTH | dict.fromkeys(_SPACES, " ") | {"○": "〇"})
_ASIDE = frozenset({"navigation", "footer", "header", "sidebar"})
_PROSE = 90
"""From this many characters on a paragraph is running text and no line of a title block."""


@frozen
class Line:
    """A line as printed. `folded` has the same length with full-width ASCII made ASCII; `key` is
    `folded` without white space.

    `order` counts the blocks of its part of the page; `linked` says that it is mostly a link,
    `aside` that it stands in navigation, header, footer or sidebar.
    """

    text: str
    folded: str
    key: str
    locator: str
    order: int
    level: int = 0
    bold: bool = False
    align: str = ""
    linked: bool = False
    aside: bool = False

    @property
    def prose(self) -> bool:
        """Running text, to be searched for phrases and not for labels."""
        return len(self.text) > _PROSE


_line = maker(Line)


@frozen
class Page:
    """A document with its report found, its paragraphs as lines, made once for all facts."""

    document: Document
    article: Article
    before: tuple[Line, ...]
    own: tuple[Line, ...]
    after: tuple[Line, ...]


def page(document: Document, article: Article) -> Page:
    """The lines of a document above, within and below its report."""
    asides = _asides(document.containers)
    around = parts_of((*article.before, *article.after))
    before, after = around[: len(article.before)], around[len(article.before) :]
    regions = ((article.before, before), (article.blocks, article.parts), (article.after, after))
    folds = iter(fold_lines([text for _, parts in regions for several in parts for text in several]))
    return Page(document, article, *[_lines(blocks, parts, folds, asides) for blocks, parts in regions])


def line_of(text: str, locator: str, order: int = 0) -> Line:
    """A line of a cell or another text that is no paragraph."""
    text = clean(text)
    folded = fold(text)
    return Line(text, folded, "".join(folded.split()), locator, order)


def fold(text: str) -> str:
    """Full-width ASCII as ASCII, odd spaces as spaces, traditional characters simplified, at the same places."""
    if text.isascii():
        return text.replace("\t", " ")
    return simplify_in_place(_folded(text))


def clean(text: str) -> str:
    """Invisible characters gone, white space collapsed to single spaces."""
    return widths.squeeze(text)


def squeeze(text: str) -> str:
    """All white space gone: Chinese has none between its words."""
    return widths.solid(text)


def _lines(
    blocks: Sequence[Block], parts: Sequence[Sequence[str]], folds: Iterator[str], asides: Sequence[bool]
) -> tuple[Line, ...]:
    """The paragraphs of some blocks as lines, without tables; `parts` are the lines of each, `folds` those folded."""
    found = []
    for order, (block, several) in enumerate(zip(blocks, parts, strict=True)):
        if not isinstance(block, Paragraph):
            continue
        linked = block.link_characters * 2 > len(block.text)
        aside = 0 <= block.container < len(asides) and asides[block.container]
        for text in several:
            folded = next(folds)
            if text:
                key = folded.replace(" ", "")
                found.append(
                    _line(text, folded, key, block.locator, order, block.level, block.bold, block.align, linked, aside)
                )
    return tuple(found)


def fold_lines(lines: Sequence[str]) -> list[str]:
    """As `fold` for each of some lines, which hold no line feed: all of them at once."""
    if not lines:
        return []
    joined = _folded("\n".join(lines))
    simple = simplify_lines(joined)
    return [one if len(one) == len(own) else own for one, own in zip(simple, joined.split("\n"), strict=True)]


class Together:
    """Texts that are gone through all at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = list(texts)
        self._whole = "\n".join(texts)
        self._ends = [*accumulate([len(text) + 1 for text in texts])]

    def holding(self, words: Iterable[str]) -> set[int]:
        """Which of the texts hold one of the words, none of which has a line feed."""
        whole, ends = self._whole, self._ends
        found = set()
        for word in words:
            at = whole.find(word)
            while at >= 0:
                place = bisect_right(ends, at)
                found.add(place)
                at = whole.find(word, ends[place])
        return found


def tables(blocks: Iterable[Block]) -> tuple[tuple[int, Table], ...]:
    """The tables among some blocks with their order."""
    return tuple((order, block) for order, block in enumerate(blocks) if isinstance(block, Table))


def _asides(containers: Sequence[Container]) -> list[bool]:
    """Which containers stand, themselves or through an ancestor, beside the content."""
    found: list[bool] = []
    for index, container in enumerate(containers):
        above = found[container.parent] if 0 <= container.parent < index else False
        found.append(above or container.role in _ASIDE)
    return found
