"""Marks of Markdown taken out of lines of text, and where what is left stood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.frozen import frozen

_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_UNDER_HEADER = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+(?:[ \t]*:?-{3,}:?)?[ \t]*$")
_FRONT = re.compile(
    r"(?P<quote>[ \t>]*)(?:(?P<heading>#{1,6})[ \t]+(?=\S)|(?P<item>[*+-])[ \t]+(?=\D*[\u4e00-\u9fff]))?"
)
_LOUD_LINE = re.compile(r"\s*\*\*(?=\S)(?=[^*]*[\u4e00-\u9fff])[^*]+(?<=\S)\*\*\s*")
_UNDERLINE = re.compile(r"={3,}[ \t]*")
_ESCAPE = re.compile(r"[^\\]*\\[-.+*_#\[\]()]")
_MARK = re.compile(
    r"(?P<gone>~~(?=\S)[^~]+~~|<(?P<raised>sup|sub)>[^<>]{0,8}</(?P=raised)>"
    r"|</?(?:b|strong|i|em|u|span|font|center|small|sup|sub|div)(?:\s[^<>]*)?>)"
    r"|(?P<break><br\s*/?>)|(?P<space>&(?:nbsp|ensp|emsp|#160);)|(?P<image>!\[[^\[\]]*\]\([^()]*\))"
    r"|\[(?P<link>[^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s\"[^\"]*\")?\)"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!<>~-])"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<loud>(?:(?!(?P=strong)).)+)(?<=\S)(?P=strong)"
    r"|(?:(?<=\|)|^)[ \t]*\*\*(?=[^*|]*[^*|\s])(?P<whole>[^*|]+)\*\*[ \t]*(?=\||$)"
    r"|(?<!\*)\*(?=[^\s*])(?=[^*]*[\u4e00-\u9fff])(?P<soft>[^*]+)(?<=\S)\*(?!\*)"
)
_SIGNS = ("*", "__", "\\", "](", "<", "&", "~~")
_LOUD = ("loud", "whole")
_INNER = ("link", "escaped", "loud", "whole", "soft")


LOUD_LINES = 2
"""So many lines between two pairs of asterisks are Markdown."""


@frozen
class Line:
    """A line without marks. `pieces` say where its text stood: start here, start in the source, length.

    A line without pieces is the source's own. `level` is that of a heading, `links` counts the characters of links.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...] = ()
    level: int = 0
    bold: bool = False
    links: int = 0

    def place(self, start: int, end: int) -> str:
        """The spans of the source, as in a locator, of a span of this line: `2:6` or `2:6,8:9`."""
        if not self.pieces:
            return f"{start}:{end}"
        found: list[tuple[int, int]] = []
        for here, there, length in self.pieces:
            first, last = max(start, here), min(end, here + length)
            if first < last:
                found.append((there + first - here, there + last - here))
        if not found:
            at = next((there for here, there, length in self.pieces if here + length >= start), self.pieces[-1][1])
            found.append((at, at))
        return ",".join(f"{first}:{last}" for first, last in found)


def is_marked(lines: Sequence[str]) -> bool:
    """Whether a heading, a table, an escape or lines that are loud as a whole say that lines of text are Markdown."""
    if any(sign.match(line) for line in lines for sign in (_HEADING, _UNDER_HEADER, _ESCAPE)):
        return True
    if sum(1 for line in lines if "**" in line and _LOUD_LINE.fullmatch(line)) >= LOUD_LINES:
        return True
    return any(_is_under(lines, at) for at in range(1, len(lines)))


def unmarked(lines: Sequence[str]) -> list[Line]:
    """The lines without the marks of Markdown, where there are any; a line of equal signs below a heading is empty."""
    if not is_marked(lines):
        return [Line(line) for line in lines]
    found = [_unmarked(line) for line in lines]
    for at in (at for at in range(1, len(lines)) if _is_under(lines, at)):
        found[at - 1] = replace(found[at - 1], level=1)
        found[at] = Line("", ((0, 0, 0),))
    return found


def _is_under(lines: Sequence[str], at: int) -> bool:
    """Whether a line of equal signs makes the one above a heading."""
    return _UNDERLINE.fullmatch(lines[at]) is not None and bool(lines[at - 1].strip())


def _unmarked(line: str) -> Line:
    front = _FRONT.match(line)
    start = level = 0
    if front is not None and (front["heading"] or front["item"] or ">" in front["quote"]):
        start, level = front.end(), len(front["heading"] or "")
    end = _without_closing(line) if level else len(line)
    signed = any(map(line.__contains__, _SIGNS))
    if not signed and not start and end == len(line):
        return Line(line)
    text, pieces, links = "", [], 0
    bold = False
    for part in _parts(line, start, end) if signed else (_Part(start, end),):
        if part.kind == "space":
            text += " "
        elif part.kind == "break":
            text += "\n"
        else:
            pieces.append((len(text), part.start, part.end - part.start))
            text += line[part.start : part.end]
            links += part.end - part.start if part.kind == "link" else 0
            bold = bold or (part.kind in _LOUD and part.end - part.start + 4 >= len(line[start:end].strip()))
    return Line(text, tuple(pieces) or ((0, start, 0),), level, bold, links)


def _without_closing(line: str) -> int:
    """Where a heading ends: before blanks and the signs that close it."""
    text = line.rstrip()
    bare = text.rstrip("#")
    return len(bare.rstrip()) if bare != text and bare[-1:].isspace() else len(line)


@frozen
class _Part:
    """A part of a line that stays, or that a break or a space stands for."""

    start: int
    end: int
    kind: str = ""


def _parts(line: str, start: int, end: int, kind: str = "") -> Iterator[_Part]:
    at = start
    for mark in _MARK.finditer(line, start, end):
        if at < mark.start():
            yield _Part(at, mark.start(), kind)
        at = mark.end()
        if mark["break"] or mark["space"]:
            yield _Part(mark.start(), mark.start(), "break" if mark["break"] else "space")
            continue
        inner = next((name for name in _INNER if mark[name] is not None), None)
        if inner == "escaped":
            yield _Part(*mark.span(inner), kind)
        elif inner is not None:
            yield from _parts(line, *mark.span(inner), inner)
    if at < end:
        yield _Part(at, end, kind)
