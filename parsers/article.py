"""The report within the page: without navigation, catalogue fields, lists of other pages and the site's footer.

A page is judged by where its sure parts stand (statistical tables, the report's headings, its
opening, running text), by the containers that hold them and by what single lines say. When in doubt
a block stays in the article. The words are in `article.toml`.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.characters.widths import squeeze, squeeze_lines
from parsers.document import Block, Document, Paragraph, Table
from parsers.frozen import frozen
from parsers.marks import LONG, Judged, fold, is_first, is_title, judge, rules, year_in

COVER = 6
"""So many short lines may stand between the title and the report's opening and belong to it."""

_BODY = frozenset({"table", "heading", "opening", "prose"})
_TEXT = _BODY - {"heading"}
_FURNITURE = frozenset({"byline", "catalogue", "navigation", "closing", "links"})
_NUMBERS = frozenset("一二三四五六七八九十第(（〔[［【㈠0123456789①")
_ASIDE = frozenset({"navigation", "footer", "header", "sidebar"})
_NAME = re.compile(
    r"(?![（(第]?[一二三四五六七八九十\d]{1,3}(?:[、.）)]|部分)).*(?:报告|年报)(?:[(（].{1,20}[)）])?(?:全文|正文)?$"
)


@frozen
class Line:
    """A line of the article. `text` has its white space collapsed; `table` stands for a data table."""

    text: str
    locator: str
    bold: bool = False
    markup: int = 0
    center: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """The report within a document.

    `blocks` are the report's own, in reading order, `indices` their places in `Document.blocks`.
    `before` are all blocks above (navigation, catalogue fields, title, byline), `after` all others.
    `title` is the text of the title above the report, "" when none stands there. Title lines are in
    `before`. Together the three hold every block of the document once. `further` is the title of another
    report that begins on the page behind this one. `lines` belong to `headings`, which fills them when they
    are first asked for.
    """

    blocks: tuple[Block, ...]
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()
    indices: tuple[int, ...] = ()
    title: str = ""
    further: Paragraph | None = None
    lines: list[Line] = field(default_factory=list, init=False, repr=False, compare=False)
    _parts: list[Sequence[str]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def parts(self) -> Sequence[Sequence[str]]:
        """For each block the lines of its text as `squeeze` makes them, empty ones too; none for a table.

        They are made when they are first asked for, all of them at once.
        """
        if not self._parts:
            self._parts.extend(parts_of(self.blocks))
        return self._parts


def parts_of(blocks: Sequence[Block]) -> list[Sequence[str]]:
    """For each block the lines of its text as `squeeze` makes them; none for a table."""
    every = squeeze_lines("\n".join([block.text for block in blocks if isinstance(block, Paragraph)]))
    parts: list[Sequence[str]] = []
    at = 0
    for block in blocks:
        if isinstance(block, Table):
            parts.append(())
            continue
        first, at = at, at + block.text.count("\n") + 1
        parts.append(every[first:at])
    return parts


def find(document: Document) -> Article:
    """The report within a document, or what comes nearest: never less than its sure parts."""
    blocks = document.blocks
    if not blocks:
        return Article(())
    asides = _asides(document)
    judged = judge(blocks)
    parents, places = _parents(document), _places(document)
    top = _container(judged, asides, parents, places)
    inside = _inside(judged, asides, parents, places, top)
    start, stop = _span(judged, inside, document)
    chosen = [i for i in inside if start <= i < stop]
    while chosen and judged[chosen[-1]].kind == "empty":
        chosen.pop()
    if not any(judged[i].kind != "empty" for i in chosen):
        chosen = [i for i, line in enumerate(judged) if line.kind != "empty"]
        start = chosen[0] if chosen else 0
    title = _title(document, judged, start)
    further = _further(judged, chosen, title)
    if further >= 0:
        chosen = [i for i in chosen if i < further]
    kept = frozenset(chosen)
    other = blocks[further] if further >= 0 else None
    return Article(
        blocks=tuple([blocks[i] for i in chosen]),
        before=tuple(blocks[:start]),
        after=tuple([blocks[i] for i in range(start, len(blocks)) if i not in kept]),
        indices=tuple(chosen),
        title=title,
        further=other if isinstance(other, Paragraph) else None,
    )


def digest(article: Article) -> str:
    """sha256, as hex digits, of title, text and cells as read, white space and counters of visits aside."""
    texts = [article.title]
    counter = rules().counter
    for block in article.blocks:
        if isinstance(block, Paragraph):
            texts.append(block.text)
            continue
        if block.caption:
            texts.append(block.caption)
        texts += [cell.text for cell in block.cells]
    for at, text in enumerate(texts):
        if (":" in text or "：" in text) and at:
            short = "".join(text.split())
            may_count = len(short) < LONG and counter.possible(short)
            texts[at] = counter.pattern.sub("", short) if may_count else short
    # White space goes from all at once; the sign between two texts is none of it until then.
    whole = "".join("\0".join(texts).split()).replace("\0", "\x1f")
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


# Containers


def _asides(document: Document) -> list[bool]:
    return [container.role in _ASIDE for container in document.containers]


def _parents(document: Document) -> list[int]:
    """The container above each, -1 at the top; a container stands behind the one that holds it."""
    return [c.parent if 0 <= c.parent < i else -1 for i, c in enumerate(document.containers)]


def _places(document: Document) -> list[int]:
    """The container of each block, -1 where it stands in none."""
    count = len(document.containers)
    return [at if 0 <= at < count else -1 for at in [block.container for block in document.blocks]]


def _container(judged: Sequence[Judged], asides: Sequence[bool], parents: Sequence[int], places: Sequence[int]) -> int:
    """The innermost container that holds all sure parts and most of the text; -1 for the whole document."""
    count = len(parents)
    if not count:
        return -1
    worth = rules().weights
    aside = list(asides)
    children: dict[int, list[int]] = {}
    for c, parent in enumerate(parents):
        children.setdefault(parent, []).append(c)
        aside[c] = aside[c] or (parent >= 0 and aside[parent])
    # The last place, -1, is the whole document's.
    weight = [0.0] * (count + 1)
    sure = [0.0] * (count + 1)
    for place, line in zip(places, judged, strict=True):
        own = line.weight
        if own:
            if place >= 0 and aside[place]:
                own *= worth["aside"]
            weight[place] += own
            if line.sure:
                sure[place] += own
    for c in range(count - 1, -1, -1):
        weight[parents[c]] += weight[c]
        sure[parents[c]] += sure[c]
    top = -1
    while weight[top]:
        inner = max(children.get(top, ()), key=lambda c: weight[c], default=-1)
        if inner < 0 or weight[inner] < worth["descend"] * weight[top] or sure[inner] < sure[top] - _slack(sure[top]):
            break
        top = inner
    return top


def _slack(sure: float) -> float:
    """How much of what looks sure may stand outside: a heading or two among navigation."""
    return min(0.12 * sure, 12.0)


def _inside(
    judged: Sequence[Judged], asides: Sequence[bool], parents: Sequence[int], places: Sequence[int], top: int
) -> list[int]:
    """Indexes of the blocks within a container, those left out that stand in navigation and the like."""
    count = len(parents)
    held = [False] * (count + 1)
    for place, line in zip(places, judged, strict=True):
        if line.sure:
            held[place] = True
    for c in range(count - 1, -1, -1):
        held[parents[c]] |= held[c]
    # What a container says holds for those within: whether it is within `top`, and whether it stands aside there.
    within = [False] * count + [top < 0]
    out = [False] * (count + 1)
    for c in range(count):
        within[c] = c == top or within[parents[c]]
        out[c] = within[c] and c != top and (out[parents[c]] or (asides[c] and not held[c]))
    own = [inner and not aside for inner, aside in zip(within, out, strict=True)]
    return [
        index
        for index, place in enumerate(places)
        if own[place]
        or (not within[place] and judged[index].kind == "table")
        or (within[place] and judged[index].kind == "other_table" and _heads(judged, places, own, index))
    ]


def _heads(judged: Sequence[Judged], places: Sequence[int], own: Sequence[bool], index: int) -> bool:
    """Whether right below a table stands another one of the article: one that scrolls has its header in a box."""
    below = index + 1
    return below < len(places) and own[places[below]] and judged[below].kind in ("table", "other_table")


# Where it begins and ends


def _span(judged: Sequence[Judged], inside: Sequence[int], document: Document) -> tuple[int, int]:
    """First block of the report and the one after its last."""
    sure = [i for i in inside if judged[i].sure]
    anchors = [i for i in inside if judged[i].kind in _BODY]
    if not anchors:
        own = [i for i in inside if judged[i].kind not in ("empty", "navigation", "footer", "catalogue")]
        return (own[0], own[-1] + 1) if own else (0, len(judged))
    first = _first(judged, inside, anchors)
    last = sure[-1] if sure else anchors[0]
    end = last
    footer = -1
    for i in inside:
        if i <= last:
            continue
        line = judged[i]
        if line.kind in ("closing", "footer", "navigation") or (line.kind == "links" and not _attached(line)):
            footer = i if line.kind == "footer" else -1
            break
        if line.kind in ("catalogue",) or (line.kind == "byline" and not _follows(judged, inside, i)):
            break
        end = i
    tail = [i for i in inside if last < i <= end]
    while tail and (
        judged[tail[-1]].kind == "empty"
        or (judged[tail[-1]].kind == "near_footer" and _goes_with(document, tail[-1], footer))
    ):
        tail.pop()
    return first, (tail[-1] if tail else last) + 1


def _goes_with(document: Document, index: int, footer: int) -> bool:
    """Whether a line with an address or telephone belongs to the footer below it."""
    return footer >= 0 and document.blocks[index].container == document.blocks[footer].container


def _first(judged: Sequence[Judged], inside: Sequence[int], anchors: Sequence[int]) -> int:
    """The first block of the report: what stands above its first sure part, up to title, byline or tools."""
    at = next((i for i in inside if judged[i].sure and not _in_menu(judged, inside, i)), -1)
    at = at if at >= 0 else next((i for i in inside if judged[i].sure), -1)
    if at < 0:
        at = anchors[0]
        # A summary or a slogan above the byline is not the beginning.
        below = [i for i in inside if i > at][:8]
        edge = max((i for i in below if judged[i].kind in ("byline", "catalogue")), default=-1)
        at = next((i for i in anchors if i > edge), at)
    first, lines = at, 0
    for i in reversed(inside[: inside.index(at)]):
        kind = judged[i].kind
        if kind == "empty":
            continue
        if kind not in ("short", "day", "prose") or lines >= COVER:
            break
        lines += kind != "prose"
        first = i
    above = [i for i in inside if first <= i < at and judged[i].kind != "empty"]
    for one, other in pairwise(above):
        if is_title(judged[one].key + judged[other].key):
            return next((i for i in inside if i > other and judged[i].kind != "empty"), at)
    # Short lines below tools of the page are more of them.
    if above and judged[_before(judged, inside, first)].kind in ("navigation", "links"):
        return next((i for i in above if judged[i].kind == "prose"), at)
    return first


def _in_menu(judged: Sequence[Judged], inside: Sequence[int], index: int) -> bool:
    """Whether what reads like a heading without number is an entry of a menu: the page's tools come before any text."""
    if judged[index].kind != "heading" or judged[index].key[:1] in _NUMBERS:
        return False
    below = (judged[i].kind for i in inside[bisect_right(inside, index) :])
    return next((kind for kind in below if kind in _TEXT or kind in _FURNITURE), "") in _FURNITURE


def _before(judged: Sequence[Judged], inside: Sequence[int], index: int) -> int:
    above = [i for i in inside if i < index and judged[i].kind != "empty"]
    return above[-1] if above else index


def _attached(line: Judged) -> bool:
    return rules().attachment.search(line.key) is not None


def _follows(judged: Sequence[Judged], inside: Sequence[int], index: int) -> bool:
    """Whether running text comes after a line within a few lines."""
    below = inside[(at := bisect_right(inside, index)) : at + 6]
    near = [judged[i].kind for i in below if judged[i].kind != "empty"][:3]
    return any(kind in _BODY for kind in near)


def _title(document: Document, judged: Sequence[Judged], start: int) -> str:
    """The title nearest above the report: a line, or two lines that make one."""
    lines = [
        (i, block) for i, block in enumerate(document.blocks[:start])
        if isinstance(block, Paragraph) and judged[i].kind not in ("empty", "links")
    ]  # fmt: skip
    for place in range(len(lines) - 1, -1, -1):
        i, block = lines[place]
        above, other = lines[place - 1] if place else (i, block)
        text = squeeze(block.text)
        both = judged[i].kind in ("title", "short") and judged[above].kind == "short" and place > 0
        alike = (other.align, other.level) == (block.align, block.level) and bool(block.align or block.level)
        if both and _are_one(judged[above].key, judged[i].key, title=judged[i].kind == "title", alike=alike):
            return squeeze(other.text) + text
        if judged[i].kind == "title" or (block.level == 1 and judged[i].kind == "short"):
            return text
    return ""


def _are_one(above: str, below: str, *, title: bool, alike: bool) -> bool:
    """Whether two lines are one title: the lower is none alone, or begins with what the upper must name."""
    if len(above) > 40 or not is_title(above + below):
        return False
    own = rules()
    if own.title_half.match(above):
        return True
    if title:
        return alike and own.title_rest.match(below) is not None
    return own.title_half.match(below) is None


# Where another begins


def _further(judged: Sequence[Judged], chosen: Sequence[int], title: str) -> int:
    """Where among the blocks of a report the title of another one stands, -1 where none does.

    Another report is of another year, or its numbered headings begin anew under the name of another body.
    """
    titles = [i for i in chosen if judged[i].kind == "title" and _NAME.match(judged[i].key)]
    if not titles:
        return -1
    own = fold(title) or judged[titles[0]].key
    for i in titles:
        key = judged[i].key
        if key in own or own in key:
            continue
        before = [judged[j] for j in chosen if j < i]
        after = [judged[j] for j in chosen if j > i]
        if not any(line.kind in _TEXT for line in before) or not _is_whole(before) or not _is_whole(after):
            continue
        years = {year_in(own), year_in(key)}
        if ("" not in years and len(years) > 1) or (_begins(before) and _begins(after)):
            return i
    return -1


def _is_whole(lines: Sequence[Judged]) -> bool:
    """Whether lines hold what a report is made of: a table or headings."""
    return any(line.kind == "table" for line in lines) or sum(line.kind == "heading" for line in lines) > 1


def _begins(lines: Sequence[Judged]) -> bool:
    return any(is_first(line.key) for line in lines)
