"""Lines that may be headings: their marker (一、 （一） 1. （1）), and how much of the line is the title."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

import regex

from parsers.article import Article, Line
from parsers.characters import patterns
from parsers.characters.widths import DIGITS, half_width, simplify, squeeze
from parsers.document import Table
from parsers.errors import DataFileError
from parsers.frozen import frozen, maker
from parsers.labels import indexes
from parsers.marks import lays_out

USUAL = 60
"""A line of at most so many characters may be a heading that other reports print too."""

_SHORT_GLUED = 20
_STOPS = frozenset("。；;！？!?")
_NOTHING = re.compile("(?:暂?无|没有|略)[。.]?$")
_RUN_IN_SIGNS = re.compile("[。．：: ；;！？!?]")
_SIGNS_WITHIN = frozenset("：:。．，,；;")
_HAN = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
_GAP = regex.compile(r"(?<=[^\x00-\x7f]) (?=\S)|(?<=\S) (?=[^\x00-\x7f])")
_SIGNS = ((0x2460, 20, 0x2460), (0x2474, 20, 0x2474), (0x2488, 20, 0x2488), (0x2776, 10, 0x2776), (0x2780, 10, 0x2780),
          (0x278A, 10, 0x278A), (0x3220, 10, 0x3220), (0x3280, 10, 0x3280))  # fmt: skip

_Marked = tuple[str, int, int, str, str, str, str]

_line = maker(Line)

TITLE, STOP, RUN_IN, SENTENCE, ITEM, BARE = "title", "stop", "run_in", "sentence", "item", "bare"
"""Shapes of a line with a marker: a title alone; one with a full stop; one before its text; a
statement; an entry of a list; the marker alone."""

PROPER = (TITLE, STOP, RUN_IN)
"""Shapes that a heading may have."""


class Candidate(NamedTuple):
    """A line with a marker. `number` and `title` are as published, `rest` is text of the same line behind the title.

    `at` is the line's index, `taken` counts the lines that marker and title fill.
    """

    at: int
    style: str
    level: int
    ordinal: int
    number: str
    title: str
    rest: str
    shape: str
    taken: int = 1

    @property
    def full(self) -> str:
        """The whole heading as published, without white space between Chinese characters."""
        return close(self.number + self.title)


@frozen
class Rules:
    """`outline.toml`, compiled. `markers` are by the character that they begin with, `levels` by style."""

    markers: dict[str, tuple[regex.Pattern[str], ...]]
    levels: dict[str, int]
    inline_han: regex.Pattern[str]
    inline_below: regex.Pattern[str]
    inline_last: regex.Pattern[str]
    inline_first: regex.Pattern[str]
    shortest_known: int
    shortest_inline: int
    longest: int
    longest_stop: int
    longest_run_in: int
    shortest_run_in: int
    begins: regex.Pattern[str]
    statement: regex.Pattern[str]
    field: regex.Pattern[str]
    known: regex.Pattern[str]
    contents: regex.Pattern[str]
    page_number: regex.Pattern[str]
    second_half: regex.Pattern[str]
    value: regex.Pattern[str]
    topics: regex.Pattern[str]


@cache
def rules() -> Rules:
    """The data file, read once. Raises DataFileError when it is broken."""
    try:
        data: dict[str, Any] = tomllib.loads(files("parsers").joinpath("outline.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="outline.toml") from error

    def built(pattern: str) -> regex.Pattern[str]:
        return patterns.build(pattern, data["parts"], where="outline.toml")

    title = data["title"]
    return Rules(
        markers={
            sign: _tried([(m["style"], m["pattern"]) for m in data["marker"] if sign in m["first"]], built)
            for sign in {sign for m in data["marker"] for sign in m["first"]}
        },
        levels={m["style"]: m["level"] for m in data["marker"]},
        inline_han=built(data["inline"]["han"]),
        inline_below=built(data["inline"]["below"]),
        inline_last=built(data["inline"]["last"]),
        inline_first=built(data["inline"]["first"]),
        shortest_known=data["inline"]["shortest_known"],
        shortest_inline=data["inline"]["shortest"],
        longest=title["longest"],
        longest_stop=title["longest_stop"],
        longest_run_in=title["longest_run_in"],
        shortest_run_in=title["shortest_run_in"],
        begins=built(title["begins"]),
        statement=built("(?x)" + title["statement"]),
        field=built(title["field"]),
        known=built("|".join(f"(?:{text})" for text in title["known"])),
        contents=built("(?i)" + title["contents"]),
        page_number=built(title["page_number"]),
        second_half=built(title["second_half"]),
        value=built(data["flattened"]["value"]),
        # The first entry that is found anywhere is the one that matches.
        topics=built("|".join(f"(?=.*?(?:{t['pattern']}))(?P<{t['name']}>)" for t in data["topic"])),
    )


def _tried(
    markers: Sequence[tuple[str, str]], built: Callable[[str], regex.Pattern[str]]
) -> tuple[regex.Pattern[str], ...]:
    """Markers that are tried one after the other as one pattern whose group names the style, then each by itself."""
    texts = [f"(?P<{style}>{text})" for style, text in markers]
    return tuple(built(text) for text in ("|".join(texts), *texts))


def close(text: str) -> str:
    """Blanks gone that do not part two Latin words or numbers."""
    return _GAP.sub("", squeeze(text)) if " " in text or not text.isprintable() or "\u3000" in text else text


def key(text: str) -> str:
    """A title for comparing: without white space, brackets' width and traditional forms."""
    return half_width(simplify("".join(text.split())))


def lines(article: Article) -> Sequence[Line]:
    """The lines of an article, made once; a table that lays out running text is its lines, any other one line."""
    if not article.lines:
        article.lines.extend(_lines(article))
    return article.lines


def _lines(article: Article) -> list[Line]:
    found: list[Line] = []
    for block, parts in zip(article.blocks, article.parts, strict=True):
        if isinstance(block, Table):
            if lays_out(block):
                for cell in block.cells:
                    found.extend(_split(squeezed, cell.locator) for squeezed in _parts(cell.text))
            else:
                if block.caption.strip():
                    found.append(Line(squeeze(block.caption), block.locator))
                found.extend(_of_table(block))
            continue
        for text in parts:
            if text:
                found.append(_line(text, block.locator, block.bold, block.level, block.align == "center"))
    own = rules()
    return [piece for line in found for piece in ([line] if _is_whole(line.text, own) else _pieces(line, own))]


def _is_whole(text: str, own: Rules) -> bool:
    """Whether a line is so short, and begins so, that nothing in it can be a heading and its text."""
    return len(text) <= own.longest and len(text) < own.shortest_inline and text[:1] not in _HAN and "二、" not in text


def _of_table(table: Table) -> list[Line]:
    """A data table's line, with the headings that rows of it are, or all lines of one that only frames text."""
    itself = Line("", table.locator, table=True)
    if not table.cells:
        return [itself]
    first = table.cells[0]
    if table.columns == 1 and first.text[:1] in _HAN and sum(_is_part(cell.text) for cell in table.cells) >= 2:
        return [_split(text, cell.locator) for cell in table.cells for text in _parts(cell.text)]
    found: list[Line] = []
    for cell in table.cells:
        if cell.colspan < table.columns or cell.text[:1] not in _HAN or not _is_part(cell.text):
            continue
        if not any(meaning.exact and meaning.lines for meaning in (index.meaning(cell.text) for index in indexes())):
            found += [itself] if cell.row and not found else []
            found += [_split(squeeze(cell.text), cell.locator), itself]
    return found or [itself]


def _is_part(text: str) -> bool:
    number, sign, title = text.strip().partition("、")
    return bool(sign) and ordinal_of(number) > 0 and "\n" not in title and is_known(squeeze(title))


def _split(text: str, locator: str) -> Line:
    return Line(text, locator)


def _parts(text: str) -> Iterator[str]:
    for part in text.split("\n"):
        squeezed = squeeze(part)
        if squeezed:
            yield squeezed


def _pieces(line: Line, own: Rules) -> list[Line]:
    """A line that holds a whole report, cut at the markers of its parts."""
    if len(line.text) < own.shortest_inline and not _holds_parts(line.text, own):
        return _with_last(line, own)
    tops: list[int] = []
    for match in patterns.finditer(own.inline_han, line.text):
        if ordinal_of(match.group(1)) == len(tops) + 1:
            tops.append(match.start())
    if len(tops) < 3:
        return _with_last(line, own)
    below = [m.start() for m in patterns.finditer(own.inline_below, line.text) if m.start() > tops[0]]
    cuts = sorted({0, *tops, *below})
    texts = [line.text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(line.text)], strict=True)]
    return [replace(line, text=text) for text in texts if text]


def _holds_parts(text: str, own: Rules) -> bool:
    """Whether a line holds parts one after the other: a number, a usual title, a sentence."""
    if len(text) < own.shortest_known or "二、" not in text or "三、" not in text:
        return False
    cuts = [*(m.start() for m in patterns.finditer(own.inline_han, text)), len(text)]
    parts = [text[a:b] for a, b in pairwise(cuts)]
    sure = [part for part in parts if _begins_part(part[part.find("、") + 1 :])]
    return len(sure) >= 3 and 2 * len(sure) > len(parts)


def _begins_part(text: str) -> bool:
    shape = _shape(text, 1)
    return shape[2] == RUN_IN and bool(shape[1]) and is_known(shape[0])


def _with_last(line: Line, own: Rules) -> list[Line]:
    """A paragraph cut before its last words or behind its first, where they are a heading and another line's text."""
    if line.text[:1] in _HAN and "一" in line.text[-own.longest :]:
        first = patterns.match(own.inline_first, line.text)
        if first is not None and _is_known(first["title"]):
            return [replace(line, text=line.text[: first.end()].strip()), replace(line, text=line.text[first.end() :])]
    tail = line.text[-own.longest :]
    if len(tail) == len(line.text) or "、" not in tail:
        return [line]
    match = patterns.search(own.inline_last, tail)
    if match is None or not _is_known(match["title"]):
        return [line]
    cut = len(line.text) - len(tail) + match.start("marker")
    return [replace(line, text=line.text[:cut].strip()), replace(line, text=line.text[cut:].strip())]


def ordinal_of(text: str) -> int:
    """The number that a marker's sign or figures say; 0 when it says none."""
    if len(text) == 1:
        code = ord(text)
        for first, count, base in _SIGNS:
            if first <= code < first + count:
                return code - base + 1
    if text and all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    if not text or any(c not in _HAN for c in text):
        return 0
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_HAN[tens] if tens else 1) * 10 + (_HAN.get(ones, 0) if ones else 0)
    return _HAN[text] if len(text) == 1 else 0


def candidate(lines_: Sequence[Line], at: int) -> Candidate | None:
    """The marker of a line and the shape of what follows it; None for a line without one."""
    text = lines_[at].text
    if text[:1] not in rules().markers:
        return None
    found = _usual(text) if len(text) <= USUAL else _long(text)
    return Candidate(at, *found) if found is not None else None


def _marked(text: str) -> _Marked | None:
    """What `candidate` finds in a line."""
    own = rules()
    for pattern in own.markers[text[0]]:
        match = patterns.match(pattern, text)
        if match is None:
            continue
        style = str(match.lastgroup)
        ordinal = ordinal_of(next(filter(None, match.groups()[pattern.groupindex[style] :]), ""))
        if ordinal:
            level = own.levels[style]
            return style, level, ordinal, match.group().strip(), *_shape(text[match.end() :], level)
    return None


# The headings of the official forms are printed alike in report after report; a longer line is one document's own,
# but asked for again and again while that is read.
_usual = lru_cache(maxsize=8192)(_marked)
_long = lru_cache(maxsize=128)(_marked)


def _shape(text: str, level: int) -> tuple[str, str, str]:
    """Title, text behind it and shape of what follows a marker."""
    own = rules()
    text = text.strip()
    if not text:
        return "", "", BARE
    body = text[:-1]
    end = text[-1]
    if len(text) <= own.longest and _STOPS.isdisjoint(body):
        inner = _run_in(text, level)
        if inner is not None and (len(inner[1]) > 8 or (end == "。" and _is_known(inner[0]))):
            return inner
        if end in "；;，,、":
            return text, "", ITEM
        if level > 2 and len(text) > 12 and patterns.search(own.statement, text):
            return text, "", SENTENCE
        if end in "。.．":
            stated = patterns.search(own.statement, text)
            return (text, "", SENTENCE) if len(text) > own.longest_stop or stated else (text, "", STOP)
        return (text.rstrip("：: "), "", TITLE) if inner is None else inner
    return _run_in(text, level) or (text, "", SENTENCE)


def _run_in(text: str, level: int) -> tuple[str, str, str] | None:
    """A title at the front of a paragraph: up to a full stop, colon or blank, or a usual title before a statement."""
    own = rules()
    glued = _glued(text) if level <= 2 and len(text) > _SHORT_GLUED else 0
    if glued:
        return text[:glued], text[glued:], RUN_IN
    nothing = _NOTHING.search(text) if level == 1 and len(text) <= own.longest else None
    if nothing and nothing.start() >= own.shortest_run_in and _is_known(text[: nothing.start()].rstrip()):
        return text[: nothing.start()].rstrip(), nothing[0], RUN_IN
    for found in _RUN_IN_SIGNS.finditer(text, 0, own.longest_run_in + 1):
        place, sign = found.start(), found[0]
        known = place == 2 and _is_known(text[:place])
        if sign in "。．" and (place >= own.shortest_run_in or known) and text[place + 1 :].strip():
            return _titled(text[: place + 1], text[place + 1 :])
        if sign in "：:" and place >= 2:
            rest = text[place + 1 :].strip()
            if not rest:
                return None
            if level > 2 and (len(rest) < 12 or patterns.fullmatch(own.field, text[:place])):
                return text, "", SENTENCE
            return _titled(text[:place], rest)
        if sign == " " and place >= 2:
            rest = text[place + 1 :]
            if (len(rest) >= 12 or _NOTHING.fullmatch(rest) or rest[-1:] == "。") and _is_known(text[:place]):
                return text[:place], rest, RUN_IN
        if sign in "；;！？!?":
            return None
    return None


def _glued(text: str) -> int:
    """Where a usual title ends that its text follows without a sign; 0 when there is none."""
    for match in patterns.finditer(rules().begins, text[: rules().longest_run_in]):
        title = text[: match.start()]
        if len(title) >= 2 and not _SIGNS_WITHIN & set(title) and _is_known(title):
            return match.start()
    return 0


def _titled(title: str, rest: str) -> tuple[str, str, str] | None:
    whole = (title + rest).strip()
    if patterns.search(rules().statement, title.rstrip("。．")):
        return whole, "", SENTENCE
    return title.strip(), rest.strip(), RUN_IN


@lru_cache(maxsize=1024)
def _is_known(title: str) -> bool:
    return len(title) <= 40 and patterns.fullmatch(rules().known, key(title)) is not None


@lru_cache(maxsize=1024)
def is_value(text: str) -> bool:
    """Whether a text is a value of a table whose cells became lines."""
    return patterns.fullmatch(rules().value, text) is not None


def is_known(title: str) -> bool:
    """Whether a title is one that reports give their parts."""
    return _is_known(title.rstrip("。：: "))


@lru_cache(maxsize=1024)
def topic(title: str) -> str:
    """The topic of a heading's words, one of `records.TOPICS`; "" when no keyword is found."""
    found = patterns.match(rules().topics, key(title))
    return str(found.lastgroup) if found else ""
