"""The source of a page as tokens, cut as the HTML standard cuts it.

Every locator of a page counts start tags and characters of these tokens, so tokens are made from
the source alone, before any tree is built. Source of the rules: HTML Living Standard, 13.2.5
Tokenization; elements whose content is no markup: 13.2.6.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

TEXT, START, END, RAW, REMARK = range(5)

Token = tuple[int, str, str]
"""(TEXT, text, ""), (START, name, attributes), (END, name, ""), (REMARK, content, "").

An element without markup in it is (RAW, name, attributes), its content as a TEXT token if the
content is text that belongs to the page (title, textarea, xmp), then its END. Content of script,
style, iframe, noembed and noframes is an END token's third item. Names are in lower case,
references in text are resolved, attributes are as they stand.
"""

UNCLOSED = "unclosed"
"""Third item of the REMARK token that ends a page in a comment or raw element without an end."""

WHITE = " \t\n\f\r"
"""White space of HTML: other blanks (no-break, ideographic) are characters like any other."""

# A quote opens a value only after `=`; anywhere else it is part of a name, and `>` ends the tag.
_VALUE = r"""=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+"""
_TOKEN = re.compile(
    rf"<(?:(/?)([a-zA-Z][^\s/>]*+)([^>=]*+(?:{_VALUE}[^>=]*+)*+)>|(!--)|[!?/]([^>]*+)(?:>|\Z))"
)
_ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+))?+)?+"""
)
_COMMENT_END = re.compile(r"--!?>")
_SURROGATE = re.compile("[\ud800-\udfff]")
_VISIBLE_RAW = frozenset(("title", "textarea", "xmp"))
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]*+(?:>|\Z)", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}


def clean(source: str) -> str:
    """The source as a browser reads it: line ends as LF, no NUL, no lone surrogate (U+FFFD instead)."""
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in source:
        source = source.replace("\0", "")
    try:
        source.encode()
    except UnicodeEncodeError:
        source = _SURROGATE.sub("\ufffd", source)
    return source


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a cleaned source, in order."""
    position = 0
    # Without this bound each `<` of a page that holds no further `>` would be tried to its end.
    last = source.rfind(">") + 1
    while True:
        for match in _TOKEN.finditer(source, position, last):
            slash, name, attributes, comment, remark = match.groups()
            begin = match.start()
            if begin > position:
                text = source[position:begin]
                yield TEXT, unescape(text) if "&" in text else text, ""
            position = match.end()
            if name:
                if not name.islower():
                    name = name.lower()
                if slash:
                    yield END, name, ""
                elif name not in _RAW_END:
                    yield START, name, attributes
                else:
                    yield RAW, name, attributes
                    start = position
                    content, position = _content(source, position, name)
                    if position < 0:
                        yield REMARK, source[start:], UNCLOSED
                        return
                    if name in _VISIBLE_RAW:
                        if content:
                            yield TEXT, content if name == "xmp" or "&" not in content else unescape(content), ""
                        content = ""
                    yield END, name, content
                    break
            elif comment:
                start, position = position, _comment(source, position)
                if position < 0:
                    yield REMARK, source[start:], UNCLOSED
                    return
                break
            elif remark is not None:
                yield REMARK, remark, ""
        else:
            break
    if position < len(source):
        text = source[position:]
        yield TEXT, unescape(text) if "&" in text else text, ""


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a start tag, names in lower case, the first of a name wins."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        name, double, single, bare = match.groups()
        value = double or single or bare or ""
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def _content(source: str, position: int, name: str) -> tuple[str, int]:
    """Content of a raw element that begins at `position`, and where its end tag ends, -1 for nowhere."""
    match = _RAW_END[name].search(source, position)
    if match is None:
        return "", -1
    return source[position : match.start()], match.end()


def _comment(source: str, position: int) -> int:
    """Where a comment ends whose content begins at `position`, -1 for nowhere."""
    if source.startswith(">", position):
        return position + 1
    if source.startswith("->", position):
        return position + 2
    match = _COMMENT_END.search(source, position)
    return -1 if match is None else match.end()
