"""Widths, white space and signs: keys for comparing labels, and list markers split off labels.

Compatibility normalisation (NFKC) is used on keys only, never on values: it turns `①2` into `12`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from parsers.characters import patterns

if TYPE_CHECKING:
    import regex
    from opencc import OpenCC

DIGITS = {**{str(n): n for n in range(10)}, **{chr(0xFF10 + n): n for n in range(10)}}
"""Every character that counts as a digit, with its number: ASCII and full-width, nothing else."""

DIGITS_TO_ASCII = {ord(digit): str(number) for digit, number in DIGITS.items()}
"""For `str.translate`: full-width digits to ASCII."""

INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029"
INVISIBLE += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, 0xFEFF, 0xFFA0)))
INVISIBLE += "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xFFF9, 0xFFFC))))

_LINE_SEPARATORS = "\u2028\u2029"
_CONTROLS = "".join(chr(n) for n in (*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)))
_REMOVED = re.compile("[" + re.escape("".join(c for c in INVISIBLE if c not in _LINE_SEPARATORS) + _CONTROLS) + "]+")

# Signs that publishers vary freely between printings of one label; what stands in no table stays.
_DROPPED = "\"'`´“”‘’„‟‹›«»「」『』﹁﹂﹃﹄《》〈〉＂＇,，、﹐﹑､;；﹔:：﹕.．。｡﹒·・•‧∙…⋯|｜¦│*＊_＿~～^ˉ¨‖"
_OPENING = "(（[［{｛〔【〖﹙﹝〘⟨⟦"
_CLOSING = ")）]］}｝〕】〗﹚﹞〙⟩⟧"
_DASHES = "-‐‑‒–—―−－﹣﹘─━ー⸺⸻"

# Code points of the private area that GB 18030 gives to characters which Unicode has taken in since.
_PRIVATE = {
    0xE7C7: "\u1e3f", 0xE7C8: "\u01f9", 0xE816: "\U00020087", 0xE817: "\U00020089", 0xE818: "\U000200cc",
    0xE81E: "\u9fb4", 0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7", 0xE831: "\U000215d7",
    0xE832: "\u9fb8", 0xE83B: "\U0002298f", 0xE843: "\u9fb9", 0xE854: "\u9fba", 0xE855: "\U000241fe",
    0xE864: "\u9fbb",
    **dict(zip(range(0xE78D, 0xE797), "，。、：；！？〖〗…", strict=True)),
}  # fmt: skip

_KEY = {
    **{ord(c): None for c in _DROPPED},
    **{ord(c): "(" for c in _OPENING},
    **{ord(c): ")" for c in _CLOSING},
    **{ord(c): "-" for c in _DASHES},
}
_UNPRINTED = {"Mn", "Me", "Cc", "Cf", "Co", "Cn", "Cs", "Zs", "Zl", "Zp"}
_PRIVATE_SOME = re.compile("[\ue000-\uf8ff]")


def squeeze(text: str) -> str:
    """Raw text as one line: every run of white space one blank, none at the ends, invisible characters gone."""
    return " ".join(text.split() if text.isascii() else _REMOVED.sub("", text).split())


def squeeze_lines(text: str) -> list[str]:
    """Each line of raw text as `squeeze` makes it: invisible characters are taken off all of them at once."""
    lines = text.split("\n") if text.isascii() else _REMOVED.sub("", text).split("\n")
    return [" ".join(line.split()) for line in lines]


def solid(text: str) -> str:
    """Raw text without any white space and invisible characters: Chinese has none between its words."""
    return "".join(text.split() if text.isascii() else _REMOVED.sub("", text).split())


def replacer(table: Mapping[str, str]) -> Callable[[str], str]:
    """What replaces single characters in running text, where `str.translate` would look up every one."""
    found = re.compile("[" + re.escape("".join(table)) + "]")
    becomes = frozenset(table.values())

    def replaced(text: str) -> str:
        signs = found.findall(text)
        # First the characters that others become: those are not replaced twice.
        for sign in sorted(set(signs), key=becomes.__contains__, reverse=True) if signs else ():
            text = text.replace(sign, table[sign])
        return text

    return replaced


HALF_WIDTH = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
"""Full-width ASCII characters with the plain ones."""

half_width = replacer(HALF_WIDTH)
"""A text with its full-width ASCII made plain."""


@lru_cache(maxsize=65536)
def match_key(text: str) -> str:
    """A key for comparing labels and headings; equal keys mean the same words.

    Compatibility forms, letter case, white space, quotation marks and separators make no difference,
    brackets and dashes of any shape are one, traditional characters are simplified. List markers
    stay: split them off with `strip_serial` first. Never use a key as a value.
    """
    if _PRIVATE_SOME.search(text):
        text = text.translate(_PRIVATE)
    # Before NFKC too, which would write a spacing accent or an ellipsis as other signs.
    text = unicodedata.normalize("NFKC", text.translate(_KEY)).translate(_KEY).casefold()
    if not text.isalnum():
        text = "".join(c for c in text if unicodedata.category(c) not in _UNPRINTED)
        # Letters that came together, or were folded, may compose now.
        text = unicodedata.normalize("NFKC", text)
    return simplify(text)


def simplify(text: str) -> str:
    """Traditional characters to simplified ones; a text that GB 2312 can write is left alone."""
    return text if is_simplified(text) else str(_converter().convert(text))


def simplify_in_place(text: str) -> str:
    """As `simplify` where that keeps every character's place; else the text itself."""
    simple = simplify(text)
    return simple if len(simple) == len(text) else text


FEW = 4
"""So many lines that GB 2312 cannot write are looked for before all of them are tried one by one."""


def simplify_lines(joined: str) -> list[str]:
    """Lines joined by line feeds, each as `simplify` makes it: those that stay alone are not tried one by one."""
    lines = joined.split("\n")
    if joined.isascii():
        return lines
    number = 0
    for _ in range(FEW):
        try:
            joined.encode("gb2312")
        except UnicodeEncodeError as error:
            number += joined.count("\n", 0, error.start)
            lines[number] = simplify(lines[number])
            end = joined.find("\n", error.start)
            if end < 0:
                return lines
            joined = joined[end + 1 :]
            number += 1
        else:
            return lines
    lines[number:] = map(simplify, lines[number:])
    return lines


def is_simplified(text: str) -> bool:
    """Whether `simplify` leaves a text alone."""
    if text.isascii():
        return True
    try:
        # GB 2312 holds hardly any character that is traditional only, so most texts end here.
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=16384)
def strip_serial(text: str) -> tuple[str, str]:
    """List markers at the front of a label or heading, and the rest.

    `（一）1.其他` gives `（一）1.` and `其他`; both parts are as printed, invisible characters and outer
    white space aside. A year or another number that belongs to the words is never taken.
    """
    text = _REMOVED.sub("", text).strip()
    if not _may_begin(text[:1]):
        return "", text
    position = 0
    every, single = _serials()
    taken: set[str | None] = set()
    while found := patterns.match(every, text, position):
        if found.lastgroup in taken:
            others = (pattern for name, pattern in single.items() if name not in taken)
            found = next((m for pattern in others if (m := patterns.match(pattern, text, position))), None)
        if not found or found.end() == position:
            break
        taken.add(found.lastgroup)
        position = found.end()
        while position < len(text) and text[position].isspace():
            position += 1
    return text[:position].rstrip(), text[position:]


@lru_cache(maxsize=16384)
def _may_begin(character: str) -> bool:
    """Whether a list marker may begin with a character."""
    return patterns.match(_first(), character) is not None


@cache
def _first() -> regex.Pattern[str]:
    return patterns.build(patterns.load("serials.toml")["first"], {}, where="serials.toml")


@cache
def _serials() -> tuple[regex.Pattern[str], dict[str, regex.Pattern[str]]]:
    """All classes of markers as one pattern, and each as its own; the group that matched names the class."""
    data = patterns.load("serials.toml")
    texts = {e["class"]: f"(?P<{e['class']}>{'|'.join(f'(?:{p})' for p in e['patterns'])})" for e in data["serial"]}

    def built(text: str) -> regex.Pattern[str]:
        return patterns.build(text, data["parts"], where="serials.toml")

    return built("|".join(texts.values())), {name: built(text) for name, text in texts.items()}
