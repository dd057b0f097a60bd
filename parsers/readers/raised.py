"""Digits set smaller or higher right behind a figure: a reader of the page takes them for a note's mark, or for a
digit that lost its format. Which of both they are the page alone does not say."""

from __future__ import annotations

import re

ELEMENTS = frozenset("span font b i u em strong a o:p".split())
"""Elements that may set digits so."""

_NAMES = sorted(ELEMENTS)
_INLINE = "(?:" + "|".join([*_NAMES, *(name.upper() for name in _NAMES)]) + ")"
# It begins with a literal, and looks at no case: pages are full of digits and tags.
_SPOT = re.compile(
    rf"<(?<=[0-9０-９]<)(/?{_INLINE}(?:\s[^<>]*)?>(?:</?{_INLINE}(?:\s[^<>]*)?>)*)"
    r"[0-9０-９]{1,2}(?:</[a-zA-Z0-9:]+>|&nbsp;|\s)*</[tT][dhDH]\b"
)
_TAG = re.compile(rf"<(/?)({_INLINE})((?:\s[^<>]*)?)>", re.IGNORECASE)
_RAISED = re.compile(
    r"vertical-align\s*:\s*(?:text-top|top|\+?0*[1-9.][\d.]*\s*(?:px|pt|em|ex|%))"
    r"|mso-text-raise\s*:\s*\+?0*[1-9.][\d.]*\s*pt"
    r"|[;\s\"'](?:top\s*:\s*-|bottom\s*:\s*\+?)0*[1-9.][\d.]*\s*(?:px|pt|em|%)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size\s*:\s*(?:(\d*\.?\d+)\s*(px|pt|em|rem|%)|(smaller|x-small|xx-small))", re.IGNORECASE)
_FONT_SIZE = re.compile(r"\ssize\s*=\s*[\"']?\s*([+-]?\d)", re.IGNORECASE)
_CELL_START = re.compile(r"<t[dh]\b", re.IGNORECASE)
_POINTS = {"pt": 4 / 3, "px": 1.0, "rem": 16.0}
_USUAL_FONT_SIZE = 3
_NEAR = 2000
SMALLER = 0.8
"""Digits of at most this share of the size of those before them are smaller, as browsers set `sup` and `small`."""


def marks(source: str) -> frozenset[str]:
    """The attributes, as they stand, of inline start tags that set the last digits of a figure in a cell lower in
    size or higher on the line than the digits right before them."""
    found: set[str] = set()
    for spot in _SPOT.finditer(source):
        opened: list[tuple[str, str]] = []
        for end, name, attributes in _TAG.findall("<" + spot[1]):
            if not end:
                opened.append((name.lower(), attributes))
            elif opened and opened[-1][0] == name.lower():
                opened.pop()
        for name, attributes in opened:
            if attributes and (_RAISED.search(attributes) or _is_smaller(source, spot.start(), name, attributes)):
                found.add(attributes)
    return frozenset(found)


def _is_smaller(source: str, place: int, name: str, attributes: str) -> bool:
    if name == "font" and (told := _FONT_SIZE.search(attributes)):
        asked = int(told[1])
        return asked < 0 if told[1][0] in "+-" else asked < _font_size(source, place)
    size = _size(attributes)
    if size is None:
        return False
    number, unit = size
    if unit in ("em", "%"):
        return number <= SMALLER * (100 if unit == "%" else 1)
    before = [found for found in map(_size, _within(source, place)) if found is not None and found[1] in _POINTS]
    return bool(before) and number * _POINTS[unit] <= SMALLER * before[-1][0] * _POINTS[before[-1][1]]


def _size(attributes: str) -> tuple[float, str] | None:
    found = _SIZE.search(attributes)
    if found is None:
        return None
    return (SMALLER, "em") if found[3] else (float(found[1]), found[2].lower())


def _font_size(source: str, place: int) -> int:
    """The size in which a font element that is open at a place sets its text, as far as the cell says."""
    sizes = [int(told[1]) for tag in _within(source, place) if (told := _FONT_SIZE.search(tag)) and told[1].isdigit()]
    return sizes[-1] if sizes else _USUAL_FONT_SIZE


def _within(source: str, place: int) -> list[str]:
    """The attributes of the tags of the cell before a place, the cell's own first."""
    near = source[max(0, place - _NEAR) : place]
    starts = [found.start() for found in _CELL_START.finditer(near)]
    return [tag for tag in near[starts[-1] if starts else 0 :].split("<") if "size" in tag.lower()]
