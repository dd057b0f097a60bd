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


_ENDS = (b"></i>", b"></em>", b"></b>", b"></span>")
_SIGN = re.compile(r"<(i|em|b|span)(\s[^<>]*?\bclass\s*=[^<>]*\d[^<>]*)>(?=</\1\s*>)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_CONTENT = re.compile(rb":(?:before|after)\b[^{}]*\{[^{}]*\bcontent\s*:\s*[\"'](?:\d|\\[0-9a-f])")
SIGNS = 3
"""So many empty elements whose classes differ in a number alone are signs that styles draw."""


def signs(source: str, folded: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Empty elements that styles make figures of: their names, and their attributes as they stand.

    Icons are `i`, `em` and `b` by custom; an empty `span` is one where a style of the page says what it shows.
    `folded` is the source in lower case.
    """
    if b"<td" not in folded or not any(end in folded for end in _ENDS):
        return frozenset(), frozenset()
    told = b"content" in folded and _CONTENT.search(folded) is not None
    alike: dict[str, set[tuple[str, str]]] = {}
    for name, attributes in _SIGN.findall(source):
        if told or name.lower() != "span":
            alike.setdefault(_NUMBER.sub("0", attributes), set()).add((name.lower(), attributes))
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
