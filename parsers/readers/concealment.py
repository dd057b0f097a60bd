"""Ways to keep text from being seen without taking it out of the page: size, place, clipping, colour.

Pages hold such text against copying, for search engines, or as what editors left behind. Source of what each property
does: CSS 2.2, 10 (sizes), 11 (visual effects) and 14 (colours); CSS Color 3, 3.2 (opacity).
"""

from __future__ import annotations

import re

_BEGIN = r"(?:^|[;\s{])"
_END = r"\s*(?:!|;|\Z)"
_ZERO = r"0*(?:\.0*)?(?:px|pt|em|rem|%)?"
_CLEAR = re.compile(rf"{_BEGIN}opacity\s*:\s*{_ZERO}{_END}", re.IGNORECASE)
_AWAY = re.compile(
    rf"{_BEGIN}(?:text-indent|(?:margin-)?(?:left|top|right))\s*:\s*-\d{{3,}}(?:\.\d+)?\s*(?:px|pt|em|rem)"
    rf"|{_BEGIN}clip\s*:\s*rect\((?:\s*[01](?:px)?[\s,]*){{4}}\)",
    re.IGNORECASE,
)
_FLAT = re.compile(rf"{_BEGIN}(?:max-)?(?:width|height)\s*:\s*{_ZERO}{_END}", re.IGNORECASE)
_CLIPPED = re.compile(rf"{_BEGIN}overflow\s*:\s*hidden", re.IGNORECASE)
_SIZE = re.compile(rf"{_BEGIN}font-size\s*:\s*(\d*\.?\d*)\s*([a-z%]*)", re.IGNORECASE)
_RELATIVE = frozenset(("em", "%", "ex", "ch", "smaller", "larger", "inherit", "unset"))
_COLOR = re.compile(rf"{_BEGIN}color\s*:\s*([^;!}}]+)", re.IGNORECASE)
_WHITE = re.compile(r"white|#f{3}|#(?:f[a-f0-9]){3}|rgba?\((?:\s*25\d\s*[,\s)/]){3}.*", re.IGNORECASE)

SPOKEN = (b"sr-only", b"visually-hidden", b"visuallyhidden", b"screen-reader")
"""Classes of the usual frameworks for text that is read aloud and not shown."""

_SPOKEN = frozenset(word.decode() for word in SPOKEN) | {"screen-reader-text"}
_GROUND = re.compile(rf"{_BEGIN}background(?:-color)?\s*:\s*([^;!}}]+)", re.IGNORECASE)

TELLING = (
    (b"opacity", re.compile(rb"opacity\s*:\s*0")),
    (b"text-indent", re.compile(rb"text-indent\s*:\s*-\d{3}")),
    (b"position", re.compile(rb"position\s*:\s*(?:absolute|fixed|relative)")),
    (b"overflow", re.compile(rb"overflow\s*:\s*hidden")),
    (b"font-size", re.compile(rb"font-size\s*:\s*0*\.?0*\s*(?:px|pt|r?em|%)?\s*[;\"'!}]")),
    (
        b"color",
        re.compile(
            rb"color(?<![\w-]color)\s*[:=]\s*[\"']?\s*(?:white|#fff\b|#(?:f[a-f0-9]){3}\b|rgba?\(\s*25\d\s*[, ]\s*25)"
        ),
    ),
)
"""Words that many tags hold, and the pattern of what must stand somewhere in a page in lower case for them to tell
anything of what is seen."""


def is_spoken(classes: str) -> bool:
    """Whether one of the classes of an element says that its text is for reading aloud only."""
    return not _SPOKEN.isdisjoint(classes.lower().split())


def is_unseen(style: str) -> bool:
    """Whether a style shows nothing of a box: it is transparent, far outside of the page, or clipped to nothing."""
    if "opacity" in style and _CLEAR.search(style):
        return True
    if ("-" in style or "clip" in style) and _AWAY.search(style):
        return True
    return "hidden" in style and _CLIPPED.search(style) is not None and _FLAT.search(style) is not None


def size_of(style: str) -> bool | None:
    """Whether text has a size by its own style: False for none at all, None where only the text around it says."""
    found = _SIZE.search(style)
    if found is None:
        return None
    number, unit = found.groups()
    if number.strip("."):
        if not number.strip("0."):
            return False
        return None if unit.lower() in _RELATIVE else True
    return None if not unit or unit.lower() in _RELATIVE else True


def color_of(style: str, attribute: str = "") -> bool | None:
    """Whether text is white by its own style, or `color` attribute; None where no colour is given.

    White upon a ground of its own can be read, and is none, unless that is white too.
    """
    found = _COLOR.findall(style)
    said = found[-1] if found else attribute
    if not said.strip():
        return None
    if _WHITE.fullmatch(said.strip()) is None:
        return False
    ground = _GROUND.findall(style)
    return "background" not in style.lower() or bool(ground and _WHITE.fullmatch(ground[-1].strip()))
