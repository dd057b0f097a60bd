"""What a cell's text is before any label is known: a number, a blank or words."""

from __future__ import annotations

from parsers.characters.numbers import read_cell
from parsers.characters.widths import strip_serial

KINDS: dict[str, str] = {}
"""Texts that were looked at before; whoever has many of them looks here first."""


def kind_of(text: str) -> str:
    """number, blank (also a slash, a dash, 无) or text."""
    known = KINDS.get(text)
    if known is None:
        if len(text) > 120:
            return "text"
        reading = read_cell(text)
        lines = text.split("\n")
        several = len(lines) > 1 and reading.status == "unreadable" and all(kind_of(line) != "text" for line in lines)
        doubtful = reading.status == "ambiguous" and bool(reading.candidates)
        if several or doubtful or reading.status == "reported":
            known = "number"
        elif reading.status in ("blank", "slash", "dash", "none_word"):
            known = "blank"
        elif reading.status == "ambiguous" and any(c.isdigit() for c in _without_serial(text)):
            known = "number"
        else:
            known = "text"
        if len(KINDS) < 65536:
            KINDS[text] = known
    return known


def _without_serial(text: str) -> str:
    """A text without the number that lists its words: 1.本机关不掌握(…)."""
    serial, rest = strip_serial(text)
    return rest if serial and rest[:1].isalpha() else text
