"""What shows something in a cell and is no text: pictures, drawings, what a script writes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

PICTURES = frozenset(("img", "image", "object", "embed", "canvas", "video", "applet"))
"""Elements that show what they say otherwise than in text."""

_SPACER = re.compile(
    r"(?:^|/)(?:spacer|space|blank|clear|transparent|trans|pixel|dot|null|none|1x1|1px|s|t)\d*\.(?:gif|png)(?:$|[?#])"
    r"|^data:image/gif;base64,R0lGODlhAQABA",
    re.IGNORECASE,
)
_THIN = re.compile(r"\s*[0-3](?:\.\d*)?\s*(?:px|pt)?\s*")
_THIN_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[0-3](?:\.\d*)?(?:px|pt)?\s*(?:;|!|$)", re.IGNORECASE)
_DRAWN = re.compile(r"<v:(?:textbox|imagedata|textpath)\b", re.IGNORECASE)


_SIGN = re.compile(r"(?:i|em|b|span)(\s[^<>]*?\bclass\s*=[^<>]*\d[^<>]*)", re.IGNORECASE)
_KEPT = re.compile(
    r"(?:i|em|b|span)(\s[^<>]*?\bdata-[\w-]+\s*=\s*(?:\"[-+]?\d[\d,.]*\"|'[-+]?\d[\d,.]*'|\d[\d,.]*(?=\s|$))[^<>]*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_FIGURE = re.compile(r"[-+]?\d[\d,.]*")
_CONTENT = re.compile(rb":(?:before|after)\b[^{}]*\{[^{}]*\bcontent\s*:\s*[\"'](?:\d|\\[0-9a-f])")
_ICONS = ("i", "em", "b")
_TAG_LENGTH = 300
SIGNS = 3
"""So many empty elements whose attributes differ in a number alone are signs that styles or scripts draw."""


def signs(source: str, folded: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Empty elements that styles or scripts make figures of: their names, and their attributes as they stand.

    Icons are `i`, `em` and `b` by custom; an empty `span` is one where a style of the page says what it shows. Data
    that an element keeps for a script (`data-value="12"`) are figures unless they only count the elements.
    `folded` is the source in lower case.
    """
    told = (b":before" in folded or b":after" in folded) and _CONTENT.search(folded) is not None
    kept = b" data-" in folded
    names = [name for name in ((*_ICONS, "span") if told or kept else _ICONS) if f"></{name}>".encode() in folded]
    alike: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        drawn = told or name != "span"
        for end in (f"></{name}>", f"></{name.upper()}>"):
            at = source.find(end)
            while at >= 0:
                start = source.rfind("<", max(0, at - _TAG_LENGTH), at) + 1
                if drawn and (sign := _SIGN.fullmatch(source, start, at)):
                    alike.setdefault(_NUMBER.sub("0", sign[1]), []).append((name, sign[1]))
                elif kept and (sign := _KEPT.fullmatch(source, start, at)):
                    alike.setdefault(name + _FIGURE.sub("0", sign[1]), []).append((name, sign[1]))
                at = source.find(end, at + len(end))
    found = [one for many in alike.values() if len(set(many)) >= SIGNS and not _counts(many) for one in many]
    return frozenset(name for name, _ in found), frozenset(attributes for _, attributes in found)


def _counts(many: Sequence[tuple[str, str]]) -> bool:
    """Whether data of elements, in their order on the page, only count these."""
    if "data-" not in many[0][1].lower():
        return False
    numbers = [[int(number) for number in _NUMBER.findall(attributes)] for _, attributes in many]
    return all(above < below for above, below in pairwise(numbers))


def is_seen(attributes: Mapping[str, str]) -> bool:
    """Whether an element of `PICTURES` shows anything, by its attributes: one of a few dots only keeps a distance."""
    if any(_THIN.fullmatch(attributes.get(side, "")) for side in ("width", "height")):
        return False
    if _THIN_STYLE.search(attributes.get("style", "")):
        return False
    source = attributes.get("src") or attributes.get("data") or ""
    return _SPACER.search(source.strip()) is None


def draws(remark: str) -> bool:
    """Whether a remark of the source holds a drawing of Word with text or a picture in it."""
    return _DRAWN.search(remark) is not None
