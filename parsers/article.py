"""The report within the page: without navigation, catalogue fields, lists of other pages and the site's footer.

A page is judged by where its sure parts stand (statistical tables, the report's headings, its
opening, running text), by the containers that hold them and by what single lines say. When in doubt
a block stays in the article. The words are in `article.toml`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers.characters import patterns
from parsers.characters.widths import simplify, squeeze
from parsers.document import Block, Document, Paragraph, Table
from parsers.errors import DataFileError

LONG = 400
"""A longer paragraph is running text, whatever its words."""

PROSE = 40
"""From this many characters on a paragraph with punctuation is running text."""

LINE = 90
"""A longer line is no title and no tool of the page."""

OPENING = 300
"""Characters of a paragraph that are searched for the words of a report's opening."""

COVER = 6
"""So many short lines may stand between the title and the report's opening and belong to it."""

_ASIDE = frozenset({"navigation", "footer", "header", "sidebar"})
_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)}


@dataclass(frozen=True, slots=True)
class Article:
    """The report within a document.

    `blocks` are the report's own, in reading order, `indices` their places in `Document.blocks`.
    `before` are all blocks above (navigation, catalogue fields, title, byline), `after` all others.
    `title` is the text of the title above the report, "" when none stands there. Title lines are in
    `before`. Together the three hold every block of the document once.
    """

    blocks: tuple[Block, ...]
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()
    indices: tuple[int, ...] = ()
    title: str = ""


def find(document: Document) -> Article:
    """The report within a document, or what comes nearest: never less than its sure parts."""
    blocks = document.blocks
    if not blocks:
        return Article(())
    asides = _asides(document)
    judged = [_judge(block) for block in blocks]
    top = _container(document, judged, asides)
    inside = _inside(document, judged, asides, top)
    start, stop = _span(judged, inside, document)
    chosen = [i for i in inside if start <= i < stop]
    while chosen and judged[chosen[-1]].kind == "empty":
        chosen.pop()
    if not any(judged[i].kind != "empty" for i in chosen):
        chosen = [i for i, line in enumerate(judged) if line.kind != "empty"]
        start = chosen[0] if chosen else 0
    kept = frozenset(chosen)
    return Article(
        blocks=tuple(blocks[i] for i in chosen),
        before=tuple(blocks[:start]),
        after=tuple(block for i, block in enumerate(blocks) if i >= start and i not in kept),
        indices=tuple(chosen),
        title=_title(document, judged, start),
    )


def digest(article: Article) -> str:
    """sha256, as hex digits, of the title and of the article's text and cells as read, white space and counters of visits aside."""
    hasher = hashlib.sha256("".join(article.title.split()).encode("utf-8", "replace"))
    for text in _texts(article.blocks):
        short = "".join(text.split())
        if short and len(short) < LONG and (":" in short or "：" in short):
            short = _rules().counter.sub("", short)
        hasher.update(b"\x1f")
        hasher.update(short.encode("utf-8", "replace"))
    return hasher.hexdigest()


def line_kind(text: str) -> str:
    """What a short line of a page says it is: navigation, closing, footer, near_footer, byline, day, or ""."""
    if len(text) > LONG:
        return ""
    return _kind_of_line(fold(text))


def fold(text: str) -> str:
    """A text for the patterns: no white space, full-width ASCII as ASCII, simplified characters."""
    short = "".join(squeeze(text).split())
    return simplify(short.translate(_FOLD)) if not short.isascii() else short


def is_catalogue(table: Table) -> bool:
    """Whether a table holds the fields of the site's catalogue (index number, publisher, days)."""
    if len(table.cells) > 60:
        return False
    own = _rules().catalogue
    return sum(1 for cell in table.cells if patterns.match(own, fold(cell.text))) >= 2


# Lines and tables


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one block says by itself. `sure` blocks belong to a report, if it is one."""

    kind: str
    weight: float = 0.0
    sure: bool = False
    key: str = ""


_EMPTY = _Judged("empty")


@dataclass(frozen=True, slots=True)
class _Rules:
    navigation: regex.Pattern[str]
    closing: regex.Pattern[str]
    footer: regex.Pattern[str]
    near_footer: regex.Pattern[str]
    visits: regex.Pattern[str]
    byline: regex.Pattern[str]
    day: regex.Pattern[str]
    title: regex.Pattern[str]
    title_half: regex.Pattern[str]
    attachment: regex.Pattern[str]
    opening: regex.Pattern[str]
    heading: regex.Pattern[str]
    table: regex.Pattern[str]
    catalogue: regex.Pattern[str]
    counter: regex.Pattern[str]
    footer_words: tuple[str, ...]
    title_words: tuple[str, ...]
    weights: dict[str, float]


@cache
def _rules() -> _Rules:
    try:
        data: dict[str, Any] = tomllib.loads(files("parsers").joinpath("article.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="article.toml") from error
    made = {
        name: patterns.build("(?x)" + text, data["parts"], where=f"article.toml {name}")
        for part in ("line", "anchor", "digest")
        for name, text in data[part].items()
        if isinstance(text, str)
    }
    words = {name: tuple(data["line"][name]) for name in ("footer_words", "title_words")}
    return _Rules(**made, **words, weights=data["weights"])


def _judge(block: Block) -> _Judged:
    if isinstance(block, Table):
        return _judge_table(block)
    text = block.text
    if not text.strip():
        return _EMPTY
    rules = _rules()
    weights = rules.weights
    length = len(text)
    linked = block.link_characters * 2 > length
    if length > LINE and not linked and not _may_be_line(text):
        return _judge_prose(text[:OPENING], length)
    key = fold(text[:LONG])
    kind = _kind_of_line(key)
    if kind:
        return _Judged(kind, key=key)
    if linked:
        return _Judged("links", key=key)
    if len(key) <= 60 and patterns.match(rules.heading, key):
        return _Judged("heading", weights["heading"], sure=True, key=key)
    if len(key) <= LINE and "公开" in key and any(word in key for word in rules.title_words):
        if patterns.search(rules.title, key):
            return _Judged("title", key=key)
    if len(key) >= PROSE and ("。" in key or "," in key or ";" in key or "、" in key):
        return _judge_prose(key, len(key))
    return _Judged("short", key=key)


def _may_be_line(text: str) -> bool:
    """Whether a long line may be one of a head or footer all the same."""
    if len(text) > LONG:
        return False
    head = text[:40]
    return ":" in head or "：" in head or any(word in text for word in _rules().footer_words)


def _judge_prose(key: str, length: int) -> _Judged:
    weights = _rules().weights
    weight = min(length / PROSE, 10.0) * weights["prose"]
    if patterns.search(_rules().opening, key):
        return _Judged("opening", weight + weights["opening"], sure=True, key=key)
    return _Judged("prose", weight, key=key)


def _kind_of_line(key: str) -> str:
    rules = _rules()
    size = len(key)
    if size <= LINE:
        if patterns.fullmatch(rules.closing, key):
            return "closing"
        if patterns.fullmatch(rules.navigation, key):
            return "navigation"
    if size <= 200 and any(word in key for word in rules.footer_words) and patterns.search(rules.footer, key):
        return "footer"
    if size <= 160 and not key.endswith("。"):
        if patterns.match(rules.byline, key) or (":" in key and patterns.search(rules.visits, key)):
            return "byline"
    if patterns.match(rules.near_footer, key):
        return "near_footer"
    return "day" if size <= 30 and patterns.match(rules.day, key) else ""


def _judge_table(table: Table) -> _Judged:
    rules = _rules()
    if is_catalogue(table):
        return _Judged("catalogue")
    words: set[str] = set()
    numbers = longest = 0
    for cell in table.cells[:160]:
        text = cell.text.strip()
        if not text or len(text) <= 8 and not any(c.isalpha() for c in text):
            numbers += 1
        elif len(text) > LONG:
            longest = max(longest, len(text))
        else:
            for match in patterns.finditer(rules.table, fold(text)):
                words.add(match.group())
    if longest:
        return _Judged("prose", min(longest / PROSE, 10.0), key="")
    if len(words) >= 3 and table.rows * table.columns >= 6 and (numbers or len(words) >= 5):
        return _Judged("table", rules.weights["table"], sure=True)
    return _Judged("other_table", 1.0)


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            if block.caption:
                yield block.caption
            for cell in block.cells:
                yield cell.text


# Containers


def _asides(document: Document) -> list[bool]:
    return [container.role in _ASIDE for container in document.containers]


def _chains(document: Document) -> list[tuple[int, ...]]:
    """For each container itself and those above it, from the outermost."""
    chains: list[tuple[int, ...]] = []
    for index, container in enumerate(document.containers):
        above = chains[container.parent] if 0 <= container.parent < index else ()
        chains.append((*above, index))
    return chains


def _container(document: Document, judged: Sequence[_Judged], asides: Sequence[bool]) -> int:
    """The innermost container that holds all sure parts and most of the text; -1 for the whole document."""
    if not document.containers:
        return -1
    rules = _rules()
    chains = _chains(document)
    weight = [0.0] * len(chains)
    sure = [0.0] * len(chains)
    total = all_sure = 0.0
    children: dict[int, list[int]] = {}
    for index, container in enumerate(document.containers):
        children.setdefault(container.parent, []).append(index)
    for block, line in zip(document.blocks, judged, strict=True):
        if not line.weight:
            continue
        chain = chains[block.container] if 0 <= block.container < len(chains) else ()
        own = line.weight * (rules.weights["aside"] if any(asides[c] for c in chain) else 1.0)
        total += own
        all_sure += own if line.sure else 0.0
        for c in chain:
            weight[c] += own
            sure[c] += own if line.sure else 0.0
    if not total:
        return -1
    top = -1
    while True:
        inner = max(children.get(top, ()), key=lambda c: weight[c], default=-1)
        if inner < 0 or inner == top:
            return top
        here, here_sure = (total, all_sure) if top < 0 else (weight[top], sure[top])
        if weight[inner] < rules.weights["descend"] * here or sure[inner] < here_sure - _slack(here_sure):
            return top
        top = inner


def _slack(sure: float) -> float:
    """How much of what looks sure may stand outside: a heading or two among navigation."""
    return min(0.12 * sure, 12.0)


def _inside(document: Document, judged: Sequence[_Judged], asides: Sequence[bool], top: int) -> list[int]:
    """Indexes of the blocks within a container, those left out that stand in navigation and the like."""
    chains = _chains(document)
    held = [False] * len(chains)
    for block, line in zip(document.blocks, judged, strict=True):
        if line.sure and 0 <= block.container < len(chains):
            for c in chains[block.container]:
                held[c] = True
    found = []
    for index, block in enumerate(document.blocks):
        chain = chains[block.container] if 0 <= block.container < len(chains) else ()
        if top >= 0:
            if top not in chain:
                if judged[index].kind == "table":
                    found.append(index)
                continue
            chain = chain[chain.index(top) + 1 :]
        if any(asides[c] and not held[c] for c in chain):
            continue
        found.append(index)
    return found


# Where it begins and ends


def _span(judged: Sequence[_Judged], inside: Sequence[int], document: Document) -> tuple[int, int]:
    """First block of the report and the one after its last."""
    body = ("table", "heading", "opening", "prose")
    sure = [i for i in inside if judged[i].sure]
    anchors = [i for i in inside if judged[i].kind in body]
    if not anchors:
        own = [i for i in inside if judged[i].kind not in ("empty", "navigation", "footer", "catalogue")]
        return (own[0], own[-1] + 1) if own else (0, len(judged))
    first = _first(judged, inside, anchors)
    last = sure[-1] if sure else anchors[0]
    end = last
    footer = len(judged)
    for i in inside:
        if i <= last:
            continue
        line = judged[i]
        if line.kind in ("closing", "footer", "navigation") or (line.kind == "links" and not _attached(line)):
            footer = i if line.kind == "footer" else footer
            break
        if line.kind in ("catalogue",) or (line.kind == "byline" and not _follows(judged, inside, i)):
            break
        end = i
    tail = [i for i in inside if last < i <= end]
    while tail and judged[tail[-1]].kind in ("empty", "near_footer") and (
        footer < len(judged) or judged[tail[-1]].kind == "empty" or _is_footer_beyond(judged, tail[-1])
    ):
        tail.pop()
    end = tail[-1] if tail else last
    return first, end + 1


def _first(judged: Sequence[_Judged], inside: Sequence[int], anchors: Sequence[int]) -> int:
    """The first block of the report: its first running text or heading below the last byline of the head."""
    at = anchors[0]
    place = inside.index(at)
    # A summary or a slogan above the byline is not the report's beginning.
    for later in range(place + 1, min(place + 8, len(inside))):
        line = judged[inside[later]]
        if line.sure:
            break
        if line.kind in ("byline", "catalogue") and judged[at].kind == "prose":
            rest = [a for a in anchors if a > inside[later]]
            if rest:
                at = rest[0]
                place = inside.index(at)
    first, lines = at, 0
    for i in reversed(inside[:place]):
        kind = judged[i].kind
        if kind == "empty":
            continue
        if kind not in ("short", "day") or lines >= COVER:
            break
        lines += 1
        first = i
    else:
        return first
    # Short lines under a byline or among fields are values of them when no title parts them from the text.
    if judged[_before(judged, inside, first)].kind in ("navigation", "links"):
        return at
    return first


def _before(judged: Sequence[_Judged], inside: Sequence[int], index: int) -> int:
    above = [i for i in inside if i < index and judged[i].kind != "empty"]
    return above[-1] if above else index


def _attached(line: _Judged) -> bool:
    return bool(patterns.search(_rules().attachment, line.key))


def _follows(judged: Sequence[_Judged], inside: Sequence[int], index: int) -> bool:
    """Whether running text comes after a line within a few lines."""
    near = [i for i in inside if i > index and judged[i].kind != "empty"][:3]
    return any(judged[i].kind in ("prose", "opening", "heading", "table") for i in near)


def _is_footer_beyond(judged: Sequence[_Judged], index: int) -> bool:
    near = [line.kind for line in judged[index + 1 :] if line.kind != "empty"][:4]
    return "footer" in near


def _title(document: Document, judged: Sequence[_Judged], start: int) -> str:
    """The title nearest above the report: a line, or two lines that make one."""
    blocks = document.blocks
    for i in range(start - 1, -1, -1):
        block = blocks[i]
        if not isinstance(block, Paragraph) or judged[i].kind in ("empty", "links"):
            continue
        text = squeeze(block.text)
        if block.level == 1 and judged[i].kind == "short":
            return text
        if judged[i].kind != "title":
            continue
        above = next((j for j in range(i - 1, -1, -1) if judged[j].kind != "empty"), -1)
        if above >= 0 and judged[above].kind == "short" and patterns.match(_rules().title_half, judged[above].key):
            other = blocks[above]
            if isinstance(other, Paragraph):
                return squeeze(other.text) + text
        return text
    return ""
