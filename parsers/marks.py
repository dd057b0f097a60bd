"""What single blocks of a page say they are: tools of the site, its footer, fields, headings, running text.

The words are in `article.toml`. Patterns run on lines without white space, see `fold`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers.characters import patterns
from parsers.characters.widths import simplify, squeeze
from parsers.document import Block, Table
from parsers.errors import DataFileError

LONG = 400
"""A longer paragraph is running text, whatever its words."""

PROSE = 40
"""From this many characters on a paragraph with punctuation is running text."""

LINE = 90
"""A longer line is no title and no tool of the page."""

OPENING = 300
"""Characters of a paragraph that are searched for the words of a report's opening."""

FEW = 6
"""A table of more cells lays out no running text."""

ENOUGH = 5
"""So many different words of the forms make a table a statistical one."""

_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)}


def line_kind(text: str) -> str:
    """What a short line of a page says it is: navigation, closing, footer, near_footer, byline, day, or ""."""
    if len(text) > LONG:
        return ""
    return _kind_of_line(fold(text))


def fold(text: str) -> str:
    """A text for the patterns: no white space, full-width ASCII as ASCII, simplified characters."""
    short = "".join(squeeze(text).split())
    return simplify(short.translate(_FOLD)) if not short.isascii() else short


def lays_out(table: Table) -> bool:
    """Whether a table only puts running text into its place."""
    return len(table.cells) <= FEW and any(len(c.text) >= 3 * PROSE and "。" in c.text for c in table.cells)


def is_catalogue(table: Table) -> bool:
    """Whether a table holds the fields of the site's catalogue (index number, publisher, days)."""
    if len(table.cells) > 60:
        return False
    own = rules().catalogue
    heads = (text[:12] for cell in table.cells if (text := cell.text) and not text[0].isdigit())
    return sum(1 for head in heads if patterns.match(own, fold(head))) >= 2


@dataclass(frozen=True, slots=True)
class Judged:
    """What one block says by itself. `sure` blocks belong to a report, if it is one."""

    kind: str
    weight: float = 0.0
    sure: bool = False
    key: str = ""


EMPTY = Judged("empty")


@dataclass(frozen=True, slots=True)
class Rules:
    """`article.toml`, compiled."""

    navigation: regex.Pattern[str]
    closing: regex.Pattern[str]
    footer: regex.Pattern[str]
    near_footer: regex.Pattern[str]
    visits: regex.Pattern[str]
    byline: regex.Pattern[str]
    day: regex.Pattern[str]
    title: regex.Pattern[str]
    title_half: regex.Pattern[str]
    title_rest: regex.Pattern[str]
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
def rules() -> Rules:
    """The data file, read once. Raises DataFileError when it is broken."""
    try:
        data: dict[str, Any] = tomllib.loads(files("parsers").joinpath("article.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="article.toml") from error
    made: dict[str, Any] = {
        name: patterns.build("(?x)" + text, data["parts"], where=f"article.toml {name}")
        for part in ("line", "anchor", "digest")
        for name, text in data[part].items()
        if isinstance(text, str)
    }
    made |= {name: tuple(data["line"][name]) for name in ("footer_words", "title_words")}
    return Rules(**made, weights=data["weights"])


def judge(block: Block) -> Judged:
    """The kind of a block: empty, navigation, closing, footer, near_footer, byline, day, links, heading, title,
    opening, prose, short; for a table table, catalogue, other_table, or that of the text that it lays out.
    """
    if isinstance(block, Table):
        return _judge_table(block)
    text = block.text
    if not text.strip():
        return EMPTY
    own = rules()
    weights = own.weights
    length = len(text)
    linked = block.link_characters * 2 > length
    if length > LINE and not linked and not _may_be_line(text):
        return _judge_prose(simplify(text[:OPENING]), length)
    key = fold(text[:LONG])
    kind = _kind_of_line(key)
    if kind:
        return Judged(kind, key=key)
    if linked:
        return Judged("links", key=key)
    if len(key) <= 60 and patterns.match(own.heading, key):
        return Judged("heading", weights["heading"], sure=True, key=key)
    if is_title(key):
        return Judged("title", key=key)
    if len(key) >= PROSE and ("。" in key or "," in key or ";" in key or "、" in key):
        return _judge_prose(key, len(key))
    return Judged("short", key=key)


def _may_be_line(text: str) -> bool:
    """Whether a long line may be one of a head or footer all the same."""
    if len(text) > LONG:
        return False
    head = text[:40]
    return ":" in head or "：" in head or any(word in text for word in rules().footer_words)


def _judge_prose(key: str, length: int) -> Judged:
    weights = rules().weights
    weight = min(length / PROSE, 10.0) * weights["prose"]
    if patterns.search(rules().opening, key):
        return Judged("opening", weight + weights["opening"], sure=True, key=key)
    return Judged("prose", weight, key=key)


def _kind_of_line(key: str) -> str:
    own = rules()
    size = len(key)
    if size <= LINE:
        if patterns.fullmatch(own.closing, key):
            return "closing"
        if patterns.fullmatch(own.navigation, key):
            return "navigation"
    if size <= 200 and any(word in key for word in own.footer_words) and patterns.search(own.footer, key):
        return "footer"
    if size <= 160 and not key.endswith("。") and _is_byline(key):
        return "byline"
    if patterns.match(own.near_footer, key):
        return "near_footer"
    return "day" if size <= 30 and patterns.match(own.day, key) else ""


def _is_byline(key: str) -> bool:
    if patterns.match(rules().byline, key):
        return True
    return ":" in key and patterns.search(rules().visits, key) is not None


def _judge_table(table: Table) -> Judged:
    own = rules()
    if is_catalogue(table):
        return Judged("catalogue")
    if lays_out(table):
        text = max((cell.text for cell in table.cells), key=len)
        found = _judge_prose(text[: 2 * OPENING], len(text))
        headed = sum(1 for line in text.split("\n") if len(line) <= 60 and patterns.match(own.heading, fold(line)))
        return Judged(found.kind, found.weight + own.weights["heading"] * headed, sure=found.sure or headed > 1)
    words: set[str] = set()
    numbers = 0
    for cell in table.cells[:160]:
        text = cell.text.strip()
        if not text or (len(text) <= 8 and not any(c.isalpha() for c in text)):
            numbers += 1
        elif len(words) < ENOUGH:
            words.update(match.group() for match in patterns.finditer(own.table, fold(text)))
        elif numbers:
            break
    if len(words) >= 3 and table.rows * table.columns >= 6 and (numbers or len(words) >= ENOUGH):
        return Judged("table", own.weights["table"], sure=True)
    return Judged("other_table", 1.0)


def is_title(key: str) -> bool:
    """Whether a folded line ends as titles of reports do."""
    own = rules()
    if len(key) > LINE or "公开" not in key or not any(word in key for word in own.title_words):
        return False
    return patterns.search(own.title, key) is not None
