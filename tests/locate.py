"""Finds the text that a locator names, with the standard library's HTML tokenizer and nothing of `parsers`."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

_PLACE = re.compile(r"(\w+(?::\w+)?)#(\d+)(?:\[([\d:,]+)\])?")
_LINE = re.compile(r"text:L(\d+)(?:\[([\d:,]+)\])?")
_NO_TEXT = ("script", "style", "iframe", "noembed", "noframes")
_RAW = ("iframe", "noembed", "noframes", "xmp")
_ESCAPABLE = ("title", "textarea")


class _Places(HTMLParser):
    """Where the nth start tag of a name stands in the page's text, and the values of input elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.length = 0
        self.starts: dict[str, list[int]] = {"html": [0]}
        self.values: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.within:
            self.handle_data(self.get_starttag_text() or "")
            return
        name = "td" if tag == "th" else tag
        if name != "html":
            self.starts.setdefault(name, [0]).append(self.length)
        if tag == "input":
            self.values.append(next((value or "" for key, value in attrs if key == "value"), ""))
        if tag in _ESCAPABLE or tag in _NO_TEXT:
            self.within = tag
        if tag in _RAW:
            self.set_cdata_mode(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _RAW or tag in ("script", "style"):
            self.set_cdata_mode(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and tag != self.within:
            self.handle_data(f"</{tag}>")
        else:
            self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within not in _NO_TEXT:
            self.text.append(data)
            self.length += len(data)


@lru_cache(maxsize=32)
def _places(content: str) -> tuple[_Places, str]:
    places = _Places()
    places.feed(content.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    places.close()
    return places, "".join(places.text)


def _cut(text: str, spans: str) -> str:
    pieces = []
    for span in spans.split(","):
        start, stop = map(int, span.split(":"))
        assert 0 <= start <= stop <= len(text), f"span {span} leaves the text"
        pieces.append(text[start:stop])
    return "".join(pieces)


def find(content_text: str, locator: str) -> str:
    """The text that a `html:` or `text:` locator names in a decoded document.

    Raises LookupError when the place does not exist.
    """
    if line := _LINE.fullmatch(locator):
        lines = re.split("\r\n|\r|\n", content_text)
        if int(line[1]) > len(lines):
            raise LookupError(locator)
        text = lines[int(line[1]) - 1]
        return _cut(text, line[2]) if line[2] else text
    if not locator.startswith("html:"):
        raise LookupError(locator)
    places, text = _places(content_text)
    found = []
    for part in locator.removeprefix("html:").split("+"):
        place = _PLACE.fullmatch(part)
        if place is None:
            raise LookupError(locator)
        name, ordinal, spans = place[1], int(place[2]), place[3]
        if name == "input":
            found.append(places.values[ordinal - 1])
            continue
        starts = places.starts.get(name, [])
        if ordinal >= len(starts) or (ordinal == 0) != (name == "html"):
            raise LookupError(locator)
        if spans:
            found.append(_cut(text[starts[ordinal] :], spans))
    return "".join(found)
