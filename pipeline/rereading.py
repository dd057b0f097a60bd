"""A second, plain way to read the text of a cell as a number, for comparison with what was published.

It knows no repair rules: digits in either width, a thousands comma between groups of three, a decimal point,
a sign or word of sign in front, a unit behind. What is beyond that is not reread, and said to be so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\u3000]+")
_DASHES = frozenset("-–—―‐‑‒─━ー﹣−_")
_SLASHES = frozenset("/\\")
_WORDS = frozenset(("无", "無", "没有", "沒有", "暂无", "未发生", "未開展", "未开展", "none", "n/a"))
_NUMBER = re.compile(
    r"(?P<sign>[+\-−﹣﹢]|减少?|減少?|净减|增[加长]?|净增|负|下降|上升)?"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?(?P<unit>[^\d.,]*)"
)
_MINUS = ("-", "−", "﹣", "减", "減", "净减", "负", "下降")
_SCALES = {"千": 1_000, "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}


def squeezed(text: str) -> str:
    """Text without white space and signs that nobody sees: what two readings of one place have in common."""
    return _SPACE.sub("", text)


@dataclass(frozen=True, slots=True)
class Rereading:
    """`kind` is number, blank, slash, dash, none_word, or other for what this way does not read.

    `values` are the numbers that the text can stand for: one, or two where a scale may be part of the unit.
    """

    kind: str
    values: tuple[Decimal, ...] = ()


def reread(raw: str) -> Rereading:
    """Read the text of a cell."""
    text = squeezed(raw).translate(_WIDE)
    if not text:
        return Rereading("blank")
    if set(text) <= _SLASHES:
        return Rereading("slash")
    if set(text) <= _DASHES:
        return Rereading("dash")
    if text.lower() in _WORDS:
        return Rereading("none_word")
    found = _NUMBER.fullmatch(text)
    if found is None:
        return Rereading("other")
    value = Decimal(found["digits"].replace(",", "") + (found["rest"] or ""))
    if (found["sign"] or "").startswith(_MINUS):
        value = -value
    scale = _SCALES.get(found["unit"][:1], 1)
    return Rereading("number", (value,) if scale == 1 else (value, value * scale))


def digits(text: str) -> str:
    """The digits of a text, in one width, without zeros that only fill."""
    return "".join(character for character in text.translate(_WIDE) if character in "0123456789")


_DENIALS = frozenset("不未没沒无無零〇0")
_STATED = re.compile(
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<scale>[百千万萬亿億]*)"
    r"|(?P<words>[零〇一二三四五六七八九十百千万萬亿億两兩]+)"
)
_WORD_DIGITS = {"〇": 0, "两": 2, "兩": 2, **{word: place for place, word in enumerate("零一二三四五六七八九")}}
_WORD_TENS = {"十": 10, "百": 100, **_SCALES}


def states(phrase: str, value: Decimal) -> bool:
    """Whether a phrase of running text states a number: in digits, in Chinese numerals, or a zero by a denial."""
    text = squeezed(phrase).translate(_WIDE)
    if value == 0 and not _DENIALS.isdisjoint(text):
        return True
    for found in _STATED.finditer(text):
        if found["words"]:
            if value in _worded(found["words"]):
                return True
            continue
        number = Decimal(found["digits"].replace(",", ""))
        if value == number:
            return True
        for scale in found["scale"]:
            number *= _WORD_TENS[scale]
            if value == number:
                return True
    return False


def _worded(text: str) -> set[int]:
    """What a numeral in words can stand for: with its last scale, or without it where that belongs to the unit."""
    found = {_of_words(text)}
    if len(text) > 1 and text[-1] in _SCALES:
        found.add(_of_words(text[:-1]))
    return found


def _of_words(text: str) -> int:
    """一百二十 by its scales, 二〇一八 by its digits."""
    if all(word in _WORD_DIGITS for word in text):
        return int("".join(str(_WORD_DIGITS[word]) for word in text))
    total = section = digit = 0
    for word in text:
        if word in _WORD_DIGITS:
            digit = _WORD_DIGITS[word]
        elif (scale := _WORD_TENS[word]) >= 10_000:
            total = (total + section + digit) * scale
            section = digit = 0
        else:
            section += (digit or 1) * scale
            digit = 0
    return total + section + digit
