"""How much the pages of a PDF draw, told from its bytes before pdfium draws it.

A form counts as often as it is drawn: a page of a few kilobytes may draw one many thousand times, and pdfium keeps
every character of all of them. What is encrypted, or packed in another way than by Flate, counts nothing.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from parsers.errors import LimitError

MOST_DRAWN = 32_000_000
"""Bytes, unpacked, that a page may draw."""

MOST_OF_ALL = 512_000_000
"""Bytes, unpacked, that all pages may draw."""

DEEPEST = 40
"""How deep pdfium draws forms within forms."""

HIGHEST = 8
"""How far above a page what it draws with is looked for."""

_CHUNK = 1 << 16
_BEGIN = re.compile(rb">>\s{0,9}stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,9})\s{1,9}\d{1,9}\s{1,9}obj\b")
_REFERENCE = re.compile(rb"(\d{1,9})\s{1,9}\d{1,9}\s{1,9}R\b")
_NAMED = re.compile(rb"/([^\s/<>\[\](){}%]{1,127})\s{0,9}(\d{1,9})\s{1,9}\d{1,9}\s{1,9}R\b")
_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]{1,127})\s{1,9}Do\b")
_CONTENTS = re.compile(rb"/Contents\s{0,9}(\[[^\]]*\]|\d{1,9}\s{1,9}\d{1,9}\s{1,9}R\b)")
_FIRST = re.compile(rb"/First\s{1,9}(\d{1,9})")


def check(content: bytes) -> None:
    """Raise LimitError where a page draws more than MOST_DRAWN, or all of them more than MOST_OF_ALL."""
    file = _File(content)
    total = 0
    for page in file.pages():
        total = _bounded(total + file.drawn(page), MOST_OF_ALL)


class _File:
    """What a PDF holds, by the numbers of its objects: their texts, and where the streams of some begin and end."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.texts: dict[int, bytes] = {}
        self.streams: dict[int, tuple[int, int]] = {}
        self.drawings: dict[int, tuple[int, Counter[bytes]]] = {}
        """The bytes of streams, and how often they draw what has a name."""
        self.sizes: dict[int, int] = {}
        """What streams draw with all that is drawn in them, on one page."""
        bodies = list(self._bodies())
        place = 0
        for begin, end in [*bodies, (len(content), len(content))]:
            between = content[place:begin]
            place = end
            found = list(_OBJECT.finditer(between))
            for one, other in zip(found, [*found[1:], None], strict=False):
                self.texts[int(one[1])] = between[one.end() : other.start() if other else None]
                self.streams.pop(int(one[1]), None)
            if found and begin < len(content):
                self.streams[int(found[-1][1])] = begin, end
        total = 0
        for number in [number for number in self.streams if b"/ObjStm" in self.texts[number]]:
            total = _bounded(total + self._unpack_objects(number))

    def _bodies(self) -> Iterator[tuple[int, int]]:
        place = 0
        while found := _BEGIN.search(self.content, place):
            end = self.content.find(b"endstream", found.end())
            place = end if end >= 0 else len(self.content)
            yield found.end(), place

    def _unpack_objects(self, number: int) -> int:
        """Take objects out of a stream, which have none of their own; how many bytes it has."""
        first = _FIRST.search(self.texts[number])
        data = self._unpacked(number)
        start = int(first[1]) if first else 0
        head = [int(sign) for sign in data[:start].split() if sign.isdigit() and len(sign) < 10]
        places = head[1::2]
        for one, begin, end in zip_longest(head[: 2 * len(places) : 2], places, places[1:]):
            self.texts.setdefault(one, data[start + begin : None if end is None else start + end])
        return len(data)

    def _unpacked(self, number: int) -> bytes:
        """The bytes of a stream, no more than are enough to see that they are too many."""
        begin, end = self.streams[number]
        text = self.texts[number]
        if b"/Filter" not in text:
            return self.content[begin:end]
        if b"/Fl" not in text:
            return b""
        made, reader = bytearray(), zlib.decompressobj()
        try:
            for place in range(begin, end, _CHUNK):
                left = MOST_DRAWN + 1 - len(made)
                if left <= 0 or reader.eof:
                    break
                made += reader.decompress(self.content[place : min(end, place + _CHUNK)], left)
        except zlib.error:  # what was unpacked before is drawn
            pass
        return bytes(made)

    def pages(self) -> list[int]:
        return [number for number, text in self.texts.items() if number not in self.streams and b"/Contents" in text]

    def drawn(self, page: int) -> int:
        """How many bytes a page draws."""
        text = above = self.texts[page]
        for _ in range(HIGHEST):
            parent = re.search(rb"/Parent\s{1,9}(\d{1,9})", above)
            if b"/Resources" in above or not parent:
                break
            above = self.texts.get(int(parent[1]), b"")
        forms = self._forms(above, {})
        self.sizes.clear()  # the same name may be another form's on another page
        contents = _CONTENTS.search(text)
        numbers = [int(number) for number in _REFERENCE.findall(contents[1])] if contents else []
        if len(numbers) == 1 and numbers[0] not in self.streams:
            numbers = [int(number) for number in _REFERENCE.findall(self.texts.get(numbers[0], b""))]
        total = 0
        for number, count in Counter(numbers).items():
            total = _bounded(total + count * self._size(number, forms, ()))
        return total

    def _size(self, number: int, forms: Mapping[bytes, int], within: tuple[int, ...]) -> int:
        """How many bytes a stream draws, by itself and by the forms that are drawn in it."""
        if number not in self.streams or number in within or len(within) > DEEPEST:
            return 0
        if number not in self.sizes:
            if number not in self.drawings:
                data = self._unpacked(number)
                self.drawings[number] = len(data), Counter(_DRAWN.findall(data))
            total, names = self.drawings[number]
            for name, count in names.items():
                if name in forms:
                    form = forms[name]
                    inner = self._forms(self.texts[form], forms)
                    total = _bounded(total + count * self._size(form, inner, (*within, number)))
            self.sizes[number] = total
        return self.sizes[number]

    def _forms(self, text: bytes, others: Mapping[bytes, int]) -> Mapping[bytes, int]:
        """The forms that a page or a form may draw, by name; `others` where it names none of its own."""
        if b"/Resources" not in text:
            return others
        for key in (b"Resources", b"XObject"):
            found = re.search(rb"/" + key + rb"\s{0,9}(\d{1,9})\s{1,9}\d{1,9}\s{1,9}R\b", text)
            if found:
                text += self.texts.get(int(found[1]), b"")
        named = ((name, int(number)) for name, number in _NAMED.findall(text))
        return {name: number for name, number in named if number in self.streams and b"/Form" in self.texts[number]}


def _bounded(size: int, most: int = MOST_DRAWN) -> int:
    if size > most:
        raise LimitError(f"the PDF draws more than {most} bytes", reading="a PDF", remedy="Split it into parts")
    return size
