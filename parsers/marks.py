"""What single blocks of a page say they are: tools of the site, its footer, fields, headings, running text.

The words are in `article.toml`. Patterns run on lines without white space, see `fold`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from parsers.characters import patterns
from parsers.characters.sought import Sought, sought
from parsers.characters.widths import half_width, simplify, simplify_lines, solid, squeeze_lines
from parsers.document import Block, Paragraph, Table
from parsers.errors import DataFileError
from parsers.frozen import frozen, maker

LONG = 400
"""A longer paragraph is running text, whatever its words."""

PROSE = 40
"""From this many characters on a paragraph with punctuation is running text."""

LINE = 90
"""A longer line is no title and no tool of the page."""

ENTRY = 60
"""A line of at most so many characters may be an entry of a menu, a tool or a usual heading."""

OPENING = 300
"""Characters of a paragraph that are searched for the words of a report's opening."""

_YEAR = re.compile(r"(?:19|20)\d\d|[二2][〇○零O0][〇○零O0一二三四五六七八九]{2}")
_FIRST = re.compile(r"第?[一1](?:[、.,，．:：]|部分|章|节)")
_NUMERALS = str.maketrans("零一二三四五六七八九〇○O", "0123456789000")

FEW = 6
"""A table of more cells lays out no running text."""

ENOUGH = 5
"""So many different words of the forms make a table a statistical one."""


def line_kind(text: str) -> str:
    """What a short line of a page says it is: navigation, closing, footer, near_footer, byline, day, or ""."""
    if len(text) > LONG:
        return ""
    return _kind_of_line(fold(text))


def fold(text: str) -> str:
    """A text for the patterns: no white space, full-width ASCII as ASCII, simplified characters."""
    short = solid(text)
    return simplify(half_width(short)) if not short.isascii() else short


def year_in(key: str) -> str:
    """The year that a folded line names first, its digits as digits; "" where it names none."""
    found = _YEAR.search(key)
    return found.group().translate(_NUMERALS) if found else ""


def is_first(text: str) -> bool:
    """Whether a heading is the first of its kind: 一、概述."""
    return _FIRST.match(text) is not None


def lays_out(table: Table) -> bool:
    """Whether a table only puts running text into its place."""
    return len(table.cells) <= FEW and any(len(c.text) >= 3 * PROSE and "。" in c.text for c in table.cells)


def is_catalogue(table: Table) -> bool:
    """Whether a table holds the fields of the site's catalogue (index number, publisher, days)."""
    if len(table.cells) > 60:
        return False
    own = rules().catalogue
    heads = (text[:12] for cell in table.cells if (text := cell.text) and not text[0].isdigit())
    # Folded together, parted by what folding leaves alone.
    return sum(1 for _ in own.finditer(fold("|".join(heads)).replace("|", "\n"))) >= 2


@frozen
class Judged:
    """What one block says by itself. `sure` blocks belong to a report, if it is one."""

    kind: str
    weight: float = 0.0
    sure: bool = False
    key: str = ""


_judged = maker(Judged)
EMPTY = Judged("empty")


@frozen
class Rules:
    """`article.toml`, compiled.

    Kinds of lines that are tried one after the other make one pattern, the group that matched names
    the kind: `tools` are closing and navigation, `fields` byline, near_footer and day, `own_fields`
    the same without byline.
    """

    tools: Sought
    footer: Sought
    fields: Sought
    own_fields: Sought
    visits: Sought
    title: Sought
    title_half: Sought
    title_rest: Sought
    attachment: Sought
    opening: Sought
    heading: Sought
    table: Sought
    catalogue: Sought
    counter: Sought
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
    texts = {
        name: text
        for part in ("line", "anchor", "digest")
        for name, text in data[part].items()
        if isinstance(text, str)
    }
    for name, kinds in _TRIED.items():
        texts[name] = "|".join(f"(?P<{kind}>{texts[kind]})" for kind in kinds)
    for kind in {kind for kinds in _TRIED.values() for kind in kinds}:
        del texts[kind]
    made: dict[str, Any] = {
        name: sought(patterns.build("(?x)" + text, data["parts"], where=f"article.toml {name}"))
        for name, text in texts.items()
    }
    made |= {name: tuple(data["line"][name]) for name in ("footer_words", "title_words")}
    return Rules(**made, weights=data["weights"])


_TRIED = {
    "tools": ("closing", "navigation"),
    "fields": ("byline", "near_footer", "day"),
    "own_fields": ("near_footer", "day"),
}


def judge(blocks: Sequence[Block]) -> list[Judged]:
    """The kind of each block: empty, navigation, closing, footer, near_footer, byline, day, links, heading, title,
    opening, prose, short; for a table table, catalogue, other_table, or that of the text that it lays out.
    """
    lines = [block for block in blocks if isinstance(block, Paragraph) and _may_be_line(block)]
    keys = _folded([line.text[:LONG] for line in lines])
    of_lines = {id(line): key for line, key in zip(lines, keys, strict=True)}
    own = rules()
    return [
        _judge_table(b, own) if isinstance(b, Table) else _judge_paragraph(b, of_lines.get(id(b)), own) for b in blocks
    ]


def _folded(texts: Sequence[str]) -> list[str]:
    """As `fold` for each of some texts: all of them at once."""
    whole = half_width(
        "\n".join(squeeze_lines("\n".join([text.replace("\n", " ") for text in texts]))).replace(" ", "")
    )
    return simplify_lines(whole) if texts else []


def _judge_paragraph(block: Paragraph, key: str | None, own: Rules) -> Judged:
    """The kind of a paragraph; `key` is that of what may be a line of the page, None for any other."""
    text = block.text
    if key is None:
        return _judge_prose(simplify(text[:OPENING]), len(text), own) if text.strip() else EMPTY
    linked = block.link_characters * 2 > len(text)
    kind = _kind_of_entry(key) if len(key) <= ENTRY else _kind_of_text(key)
    if kind and kind not in ("heading", "title"):
        return _judged(kind, key=key)
    if linked:
        return _judged("links", key=key)
    if kind == "heading":
        return _judged(kind, own.weights["heading"], sure=True, key=key)
    if kind:
        return _judged(kind, key=key)
    if len(key) >= PROSE and ("。" in key or "," in key or ";" in key or "、" in key):
        return _judge_prose(key, len(key), own)
    return _judged("short", key=key)


def _kind_of_text(key: str) -> str:
    """The kind of a line, heading and title among them; "" when its words say none."""
    kind = _kind_of_line(key)
    if kind:
        return kind
    if len(key) <= 60 and rules().heading.match(key):
        return "heading"
    return "title" if is_title(key) else ""


@lru_cache(maxsize=8192)
def _kind_of_entry(key: str) -> str:
    """The same of a short line: menus, tools and headings are printed alike on page after page of a site."""
    return _kind_of_text(key)


def _may_be_line(block: Paragraph) -> bool:
    """Whether a paragraph is no running text by its length; a long one may be of a head or footer all the same."""
    text = block.text
    if len(text) <= LINE or block.link_characters * 2 > len(text):
        return bool(text.strip())
    if len(text) > LONG:
        return False
    head = text[:40]
    return ":" in head or "：" in head or any(map(text.__contains__, rules().footer_words))


def _judge_prose(key: str, length: int, own: Rules) -> Judged:
    weight = min(length / PROSE, 10.0) * own.weights["prose"]
    if own.opening.search(key):
        return _judged("opening", weight + own.weights["opening"], sure=True, key=key)
    return _judged("prose", weight, key=key)


def _kind_of_line(key: str) -> str:
    own = rules()
    size = len(key)
    if size <= LINE and (found := own.tools.fullmatch(key)):
        return str(found.lastgroup)
    if size <= 200 and own.footer.search(key):
        return "footer"
    line = size <= 160 and not key.endswith("。")
    found = (own.fields if line else own.own_fields).match(key)
    kind = str(found.lastgroup) if found else ""
    if line and kind != "byline" and ":" in key and own.visits.search(key):
        return "byline"
    return kind if kind != "day" or size <= 30 else ""


def _judge_table(table: Table, own: Rules) -> Judged:
    if is_catalogue(table):
        return _judged("catalogue")
    if lays_out(table):
        text = max((cell.text for cell in table.cells), key=len)
        found = _judge_prose(text[: 2 * OPENING], len(text), own)
        headed = sum(1 for line in text.split("\n") if len(line) <= 60 and own.heading.match(fold(line)))
        return _judged(found.kind, found.weight + own.weights["heading"] * headed, sure=found.sure or headed > 1)
    said = [text for cell in table.cells[:160] if (text := cell.text.strip())]
    texts = [
        text
        for text in said
        if len(text) > 8 or text[0].isalpha() or (not text.isdecimal() and any(map(str.isalpha, text)))
    ]
    numbers = len(texts) < min(len(table.cells), 160)
    words: set[str] = set()
    for match in own.table.finditer(fold("|".join(texts))):
        words.add(match.group())
        if len(words) == ENOUGH:
            break
    if len(words) >= 3 and table.rows * table.columns >= 6 and (numbers or len(words) >= ENOUGH):
        return _judged("table", own.weights["table"], sure=True)
    return _judged("other_table", 1.0)


def is_title(key: str) -> bool:
    """Whether a folded line ends as titles of reports do."""
    own = rules()
    if len(key) > LINE or "公开" not in key or not any(map(key.__contains__, own.title_words)):
        return False
    return own.title.search(key) is not None
