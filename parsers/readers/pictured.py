"""What shows something in a cell and is no text: pictures, drawings, what a script writes."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
_NUMBER = re.compile(r"\d+")
_CONTENT = re.compile(rb":(?:before|after)\b[^{}]*\{[^{}]*\bcontent\s*:\s*[\"'](?:\d|\\[0-9a-f])")
_ICONS = ("i", "em", "b")
_TAG_LENGTH = 300
SIGNS = 3
"""So many empty elements whose classes differ in a number alone are signs that styles draw."""


def signs(source: str, folded: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Empty elements that styles make figures of: their names, and their attributes as they stand.

    Icons are `i`, `em` and `b` by custom; an empty `span` is one where a style of the page says what it shows.
    `folded` is the source in lower case.
    """
    told = (b":before" in folded or b":after" in folded) and _CONTENT.search(folded) is not None
    names = [name for name in ((*_ICONS, "span") if told else _ICONS) if f"></{name}>".encode() in folded]
    alike: dict[str, set[tuple[str, str]]] = {}
    for name in names:
        for end in (f"></{name}>", f"></{name.upper()}>"):
            at = source.find(end)
            while at >= 0:
                start = source.rfind("<", max(0, at - _TAG_LENGTH), at) + 1
                if sign := _SIGN.fullmatch(source, start, at):
                    alike.setdefault(_NUMBER.sub("0", sign[1]), set()).add((name, sign[1]))
                at = source.find(end, at + len(end))
    found = [one for many in alike.values() if len(many) >= SIGNS for one in many]
    return frozenset(name for name, _ in found), frozenset(attributes for _, attributes in found)


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
