"""The page within other bytes that the first part of a locator names, without any code of `parsers`.

A carrier is what stands before the `!` of a locator: the grammar is that of `parsers/document.py`.
"""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
from html.parser import HTMLParser
from typing import Any

WAY = re.compile(r"(?:(?:json:(?:/[^!]*)?|script:\d+:\d+|(?:escaped|mhtml|textarea|noscript|template):\d+)!)+")
"""What stands before the place within a carried page."""

_NAMES = ("p", "td", "tr", "table", "div", "span")
_HOLDERS = ("textarea", "noscript", "template")
_QUOTES = {'"': "\n", "'": "\n", "`": ""}
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


class CarrierError(LookupError):
    """A carrier that names nothing in what carries it."""


def split(locator: str) -> tuple[str, str]:
    """The way to a carried page, without its last `!`, and the place within it; no way where none is carried."""
    way = WAY.match(locator)
    return (locator[: way.end() - 1], locator[way.end() :]) if way is not None else ("", locator)


def carried(text: str, content: bytes, way: str) -> str:
    """The page at the end of a way, from a document's text or, for a web archive, its bytes. CarrierError."""
    for carrier in way.split("!"):
        kind, _, place = carrier.partition(":")
        try:
            if kind == "mhtml":
                text = _part(content, int(place))
            elif kind == "json":
                text = _string(text, place)
            elif kind == "script":
                text = _literal(text, *map(int, place.split(":")))
            elif kind in _HOLDERS:
                text = _held(text, kind, int(place))
            else:
                text = _written_out(text, int(place))
        except (ValueError, KeyError, IndexError, TypeError, RecursionError, AssertionError) as error:
            raise CarrierError(f"{carrier} names no page ({type(error).__name__})") from error
    return text


def _part(content: bytes, number: int) -> str:
    message = email.message_from_bytes(content.lstrip(b"\xef\xbb\xbf \t\r\n"), policy=email.policy.compat32)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    page = leaves[number - 1].get_payload(decode=True)
    if not isinstance(page, bytes):
        raise TypeError("no bytes")
    for encoding in ("utf-8", leaves[number - 1].get_content_charset() or "gb18030", "gb18030"):
        if page.startswith((b"\xff\xfe", b"\xfe\xff")):
            return page.decode("utf-16", "replace")
        try:
            return page.decode("gb18030" if encoding.startswith("gb") else encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return page.decode("gb18030", "replace")


def _string(text: str, pointer: str) -> str:
    decoder = json.JSONDecoder(strict=False)
    for match in re.finditer(r"[\[{]", text):
        node: Any = decoder.raw_decode(text, match.start())[0]
        break
    else:
        raise ValueError("no JSON")
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
    if not isinstance(node, str):
        raise TypeError("no text")
    return _joined(node)


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag == "script"
        if self.within:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.within = False

    def handle_data(self, data: str) -> None:
        if self.within:
            self.scripts[-1] += data


def _literal(text: str, number: int, place: int) -> str:
    page = _Scripts()
    page.feed(text)
    page.close()
    script = page.scripts[number - 1]
    if not place:
        return script
    at = 0
    for _ in range(place):
        while script[at] not in _QUOTES:
            at += 1
        quote = script[at]
        start = at = at + 1
        while at < len(script) and script[at] != quote and script[at] != _QUOTES[quote]:
            at += 2 if script[at] == "\\" else 1
        end = at
        at += script[at : at + 1] == quote
    return _joined(
        re.sub(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])", _one, script[start:end])
    )


def _held(text: str, name: str, number: int) -> str:
    """What an element holds that shows nothing: from its start tag to its end tag, whichever of them began first."""
    at, within = 0, ""
    while number:
        starts = {one: found for one in _HOLDERS if (found := re.compile(rf"<{one}\b", re.I).search(text, at))}
        first = min(starts, key=lambda one: starts[one].start())
        start = text.index(">", starts[first].end()) + 1
        end = text.lower().index(f"</{first}", start)
        at, within = end, text[start:end]
        number -= first == name
    return html.unescape(within) if name == "textarea" else within


def _one(match: re.Match[str]) -> str:
    said = match[1]
    if len(said) > 2:
        return chr(int(said[1:].strip("{}"), 16))
    return "" if said == "\r\n" else _LETTERS.get(said, said)


def _written_out(text: str, number: int) -> str:
    ends = tuple(f"&lt;/{name}&gt;" for name in _NAMES)
    pieces = [piece for piece in re.split("[<>]", text) if any(end in piece.lower() for end in ends)]
    return html.unescape(pieces[number - 1])


def spelt(text: str) -> str:
    """A source with the characters that scripts and JSON write as numbers."""
    if "\\u" not in text:
        return text
    return _joined(re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text))


def _joined(text: str) -> str:
    """Halves of characters beyond the basic plane as the characters that they are."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
