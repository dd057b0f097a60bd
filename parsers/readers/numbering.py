"""Numbers that a word processor draws before paragraphs and does not store in their text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.frozen import frozen

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_PLACE = re.compile(r"%([1-9])")


@frozen
class Level:
    """One level of a list: `form` is the number format of the office format, `text` such as `（%1）`.

    A number begins anew behind one of a higher level, or of level `restart` counted from 1; never for 0. `legal` levels
    show those above in plain figures.
    """

    form: str = "decimal"
    text: str = "%1."
    start: int = 1
    restart: int = -1
    legal: bool = False


@dataclass(slots=True)
class Counters:
    """Where each list has come to."""

    values: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, name: str, level: int, levels: dict[int, Level]) -> str:
        """The number of the next paragraph at a level of a list, "" for bullets and levels that show none."""
        own = levels.get(level)
        if own is None:
            return ""
        counts = self.values.setdefault(name, {})
        counts[level] = counts[level] + 1 if level in counts else own.start
        for deeper in [other for other in counts if other > level]:
            restart = levels[deeper].restart if deeper in levels else -1
            if restart < 0 or level < restart:
                del counts[deeper]
        if own.form in ("bullet", "none"):
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at)
            if other is None:
                return ""
            return written(counts.setdefault(at, other.start), "decimal" if own.legal else other.form)

        return _PLACE.sub(shown, own.text)


_SERIES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
}
"""Formats that count along a row of signs, as long as it reaches."""


def written(number: int, form: str) -> str:
    """A number in a number format; decimal for formats that no report uses."""
    if form in _SERIES and 1 <= number <= len(_SERIES[form]):
        return _SERIES[form][number - 1]
    if form in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return "".join(_DIGITS[int(digit)] for digit in str(number)) if number >= 0 else str(number)
    if form == "chineseLegalSimplified":
        legal = {"〇": "零", **dict(zip("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))}
        return "".join(legal.get(sign, sign) for sign in chinese(number))
    if form in ("chineseCounting", "chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting", "taiwaneseCounting"):  # fmt: skip # noqa: E501
        return chinese(number)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def chinese(number: int) -> str:
    """A number below 10,000 in Chinese figures, as lists are counted: 十一, not 一十一."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    digits = str(number)
    for at, digit in enumerate(digits):
        place = len(digits) - at - 1
        if digit != "0":
            text += _DIGITS[int(digit)] + _UNITS[place]
        elif text and not text.endswith("〇") and digits[at:].strip("0"):
            text += "〇"
    return text.removeprefix("一") if text.startswith("一十") else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        while number >= value:
            text += sign
            number -= value
    return text
