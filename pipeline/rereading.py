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
