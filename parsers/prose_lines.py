"""Lines of running text made ready to be read: a key for matching, and the numbers in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.characters.widths import is_simplified, replacer, simplify_in_place
from parsers.prose_rules import rules

_FOLD = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94) if chr(0xFF01 + i) not in "，；"} | {"﹪": "%", ";": "；"}
DROPPED = frozenset("“”‘’\"'「」『』＂").union(c for c in map(chr, range(0x3001)) if c.isspace())
"""What a key leaves out."""

_fold = replacer({**_FOLD, **dict.fromkeys(DROPPED, "")})
_fold_lines = replacer({**_FOLD, **dict.fromkeys(DROPPED - {"\n"}, "")})
# What stands before a sign is looked at behind it: a search for a single sign is the fastest there is.
_COMMA = re.compile(r",(?:(?<!\d,)|(?!\d{3}(?!\d)))")
_THOUSANDS = re.compile(r"，(?<=\d，)(?=\d{3}(?!\d))")


def key_of(text: str) -> str:
    """A text for matching: simplified characters, half-width, without white space and quotation marks."""
    return _with_commas(_fold(simplify_in_place(text)))


def _with_commas(key: str) -> str:
    """A comma of full width where it parts clauses, a plain one where it parts thousands."""
    key = _THOUSANDS.sub(",", key)
    return _COMMA.sub("，", key) if "," in key else key


class Number(NamedTuple):
    """A number of a key at its place there, and the unit behind it; "" for none."""

    start: int
    stop: int
    unit: str


class Line(NamedTuple):
    """A line of text with its key and the numbers of the key."""

    text: str
    key: str
    numbers: Sequence[Number]


def lines_of(texts: Sequence[str]) -> Iterator[Line]:
    """Lines of text, which hold no line feed, with their keys and numbers: all of them are gone through at once."""
    keys = _keys(texts)
    numbers = rules().words["number"]
    number, unit = (numbers.pattern.groupindex[name] for name in ("number", "unit"))
    found = iter(list(numbers.finditer("\n".join(keys))))
    match = next(found, None)
    start = 0
    for text, key in zip(texts, keys, strict=True):
        end = start + len(key)
        own = []
        while match is not None and (at := match.start()) < end:
            own.append(Number(at - start, match.end(number) - start, match[unit] or ""))
            match = next(found, None)
        yield Line(text, key, own)
        start = end + 1


def _keys(texts: Sequence[str]) -> list[str]:
    """As `key_of` for each of some lines."""
    if not texts:
        return []
    joined = "\n".join(texts)
    if not is_simplified(joined):
        joined = "\n".join(map(simplify_in_place, texts))
    return _with_commas(_fold_lines(joined)).split("\n")


def denies(text: str, words: Sequence[str]) -> bool:
    """Whether a text holds a word of denial."""
    return any(map(text.__contains__, words))


def says_something(line: Line) -> bool:
    """Whether a line may hold a figure: it has a number, or a word of denial."""
    return bool(line.numbers) or denies(line.key, rules().denying)
