"""What a careful human coder reads in a printed cell: number and status, said by rules of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

FULL = {ord("０") + i: str(i) for i in range(10)} | {ord("，"): ",", ord("．"): ".", ord("＋"): "+", ord("－"): "-"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A number (None when there is none) and its status."""

    number: Decimal | None
    status: str


WORDS = {"": "blank", "/": "slash", "／": "slash", "—": "dash", "-": "dash", "——": "dash", "－": "dash", "--": "dash",
         "无": "none_word", "無": "none_word"}  # fmt: skip
UNITS = "万元|元|条|條|件|次|篇|个|個|人次|人|项|項"
SHAPE = re.compile(
    r"(?P<sign>[+-]|增加?|减少?|減少?)?\s*(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?\s*(?:"
    + UNITS
    + r")?(?P<note>\(.*\))?"
)


def read(shown: str) -> Reading:
    """Raises ValueError for a text that a coder could not read without the rest of the page."""
    text = shown.replace("\u00a0", " ").replace("\u3000", " ").strip()
    if text in WORDS:
        return Reading(None, WORDS[text])
    text = text.translate(FULL).replace("（", "(").replace("）", ")")
    match = SHAPE.fullmatch(text)
    if not match:
        raise ValueError(f"no plain reading of {shown!r}")
    number = Decimal(match["digits"].replace(",", "") + (match["fraction"] or ""))
    minus = (match["sign"] or "")[:1] in ("-", "减", "減")
    return Reading(-number if minus else number, "reported")
