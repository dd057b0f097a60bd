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
