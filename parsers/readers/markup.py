"""The source of a page as tokens, cut as the HTML standard cuts it.

Every locator of a page counts start tags and characters of these tokens, so they are made from the
source alone, before any tree is built. Source of the rules: HTML Living Standard, 13.2.5
Tokenization; elements whose content is no markup: 13.2.6.4.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

START, END, CELL, RAW, REMARK = range(5)

Leaf = tuple[str, str | None, str, str]
"""What stands in a cell that holds one paragraph at most: white space, the paragraph's attributes (None when
there is none), text, white space."""

Token = tuple[int, str, str, str, Leaf | None]
"""A tag or remark and the text behind it: (kind, name, attributes, text, leaf).

START and END are tags. CELL is all of a simple cell, from start tag to end tag, and the only kind
with a leaf: it is one token because most of a page of tables is cells. REMARK has its content for a
name. An element without markup in it is RAW, its text being its content if that is text of the
page, and then its END. Names are in lower case, references in text are resolved, attributes are as
they stand.
"""

UNCLOSED = "unclosed"
"""Third item of the REMARK that ends a page in a tag, comment or raw element without an end."""

CONDITIONAL = "conditional"
"""Third item of the REMARK that is a conditional comment, from its bracket on."""

WHITE = " \t\n\f\r"
"""White space of HTML: other blanks (no-break, ideographic) are characters like any other."""

INLINE = frozenset("span font em i u o:p".split())
"""Elements that join with the text around them and mean nothing, unless their attributes do."""

# A quote opens a value only behind `=`; anywhere else it is part of a name, and `>` ends the tag.
_ATTRIBUTES = r"""[^>=]*+(?:=(?:"[^"]*+"|\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)[^>=]*+)*+"""
_ATTRIBUTE = re.compile(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+))?+)?+""")
_COMMENT = r"!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|(\Z)))"
_CJK = (
    r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
_CJK_BREAK = re.compile(rf"(?<=[{_CJK}])[ \t\f]*\n[ \t\n\f]*(?=[{_CJK}])")
_BLANKS = re.compile(r"[ \t\n\f]+")
_BROKEN_TAG = re.compile(r"<[a-zA-Z/!?].*", re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_VISIBLE_RAW = frozenset(("title", "textarea", "xmp"))
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}


_ENDLESS = re.compile(r"&#0*[1-9][0-9]{7,};?")


def unescape(text: str) -> str:
    """A text with its references written out; one beyond all characters is U+FFFD, however many digits it has."""
    try:
        return html.unescape(text)
    except ValueError:  # Python makes no number of thousands of digits
        return html.unescape(_ENDLESS.sub("\ufffd", text))


def clean(source: str) -> tuple[str, bytes]:
    """The source as a browser reads it: line ends as LF, no NUL, no lone surrogate (U+FFFD instead).

    And the same in UTF-8 with ASCII letters in lower case, to look for words in.
    """
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in source:
        source = source.replace("\0", "")
    try:
        folded = source.encode()
    except UnicodeEncodeError:
        source = _SURROGATE.sub("\ufffd", source)
        folded = source.encode()
    return source, folded.lower()


def tokens(source: str, joined: frozenset[str]) -> Iterator[Token]:
    """The tokens of a cleaned source, in order; tags of the elements `joined` are left out of the text."""
    chunk, tag, plain = _patterns(joined)

    without_tags = plain.sub

    def text_of(raw: str) -> str:
        if "&" in raw:
            raw = raw.replace("&nbsp;", "\xa0")
            if "&" in raw:
                # A reference does not reach over a tag.
                return "".join([unescape(piece) for piece in plain.split(raw)]) if "<" in raw else unescape(raw)
        if "<" in raw:
            raw = raw.replace("<span>", "").replace("</span>", "")
            if "<" in raw:
                raw = without_tags("", raw)
        return raw

    # Without this bound each `<` of a page that holds no further `>` would be tried to its end.
    last = source.rfind(">") + 1
    position = 0
    while True:
        first = chunk.match(source, position, last)
        if first is not None and first[0]:
            yield REMARK, "", "", text_of(first[0]), None
            position = first.end()
        for match in tag.finditer(source, position, last):
            cell, attributes, indent, paragraph, content, rest, slash, name, others, unclosed, remark, text = (
                match.groups()
            )
            if text and ("&" in text or "<" in text):
                text = text_of(text)
            if cell is not None:
                if "&" in content or "<" in content:
                    content = text_of(content)
                yield CELL, cell.lower(), attributes, text, (indent, paragraph, content, rest or "")
            elif name is not None:
                if not name.islower():
                    name = name.lower()
                if slash:
                    yield END, name, "", text, None
                elif name not in _RAW_END:
                    yield START, name, others, text, None
                else:
                    start = match.end(9) + 1
                    end = _RAW_END[name].search(source, start, last)
                    if end is None:
                        yield REMARK, source[start:], UNCLOSED, "", None
                        return
                    content = source[start : end.start()] if name in _VISIBLE_RAW else ""
                    yield RAW, name, others, unescape(content) if "&" in content and name != "xmp" else content, None
                    yield END, name, "", "", None
                    position = end.end()
                    break
            elif unclosed is not None:
                yield REMARK, source[match.start() :], UNCLOSED, "", None
                return
            elif source.startswith("<!--[", match.start()):
                yield REMARK, source[match.start() + 4 : match.start(12)], CONDITIONAL, text, None
            elif remark is not None or source.startswith("<!--", match.start()):
                yield REMARK, remark or "", "", text, None
            else:
                yield REMARK, "", "", "<" + text, None
        else:
            break
    broken = _BROKEN_TAG.search(source, last)
    text = source[last : broken.start()] if broken else source[last:]
    if text:
        yield REMARK, "", "", unescape(text), None
    if broken:
        yield REMARK, broken[0], UNCLOSED, "", None


def collapse(raw: str) -> str:
    """Source text as a browser shows it on one line.

    A run of white space is one blank, none at the edges; a line end between two Chinese or Japanese
    characters is nothing. Other blanks (no-break, ideographic) stay.
    """
    raw = raw.strip(WHITE)
    if not ("\n" in raw or "  " in raw or "\t" in raw or "\f" in raw):
        return raw
    if "\n" in raw:
        raw = _CJK_BREAK.sub("", raw)
    return _BLANKS.sub(" ", raw)


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a start tag, names in lower case, the first of a name wins."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def _alternatives(names: frozenset[str]) -> str:
    """A pattern for names in lower or upper case, as all real pages write them; case-blind matching is slow."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(ordered + [name.upper() for name in ordered])


@lru_cache(maxsize=64)
def _patterns(joined: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Text with joined tags in it; a tag or remark and the text behind it; a joined tag."""
    plain = rf"</?(?:{_alternatives(joined)})(?:>|(?=[\s/]){_ATTRIBUTES}>)" if joined else r"(?!)"
    chunk = rf"[^<]*+(?:{plain}[^<]*+)*+"
    cell = (
        rf"([tT][dDhH])(?=[\s/>])({_ATTRIBUTES})>([ \t\n]*+)(?:<[pP](?=[\s/>])({_ATTRIBUTES})>)?+"
        rf"({chunk})(?:</[pP]>([ \t\n]*+))?+</\1>"
    )
    tag = rf"<(?:{cell}|(/?)([a-zA-Z][^\s/>]*+)({_ATTRIBUTES})>|{_COMMENT}|[!?/]([^>]*+)>|)({chunk})"
    return re.compile(chunk), re.compile(tag), re.compile(plain)
