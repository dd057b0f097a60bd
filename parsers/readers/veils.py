"""Boxes that hold the text of a page and are hidden until a script shows them, where the page shows no other text.

Articles of messengers and of sites that fade their pages in are kept so: as they were before their scripts ran.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from parsers.document import Document, Paragraph, Table
from parsers.readers.carried import FEW, han

LEAST = 600
"""Characters of the source's text that such a box has at least, white space counted."""

Name: TypeAlias = tuple[str, int]
"""An element: its tag, and its ordinal among those of the tag."""

Veiled: TypeAlias = tuple[Name, int, int]
"""A hidden box, and where its text begins and ends in that of the page."""


def told(veiled: Sequence[Veiled], text: str, document: Document) -> frozenset[Name]:
    """The hidden box to be read with the page, if any: the one with most text, of a page that shows next to none.

    `text` is that of the page, `document` what the page shows.
    """
    if not veiled or any(isinstance(block, Table) for block in document.blocks):
        return frozenset()
    seen = sum(han(block.text) for block in document.blocks if isinstance(block, Paragraph))
    size, name = max((han(text[start:end]), name) for name, start, end in veiled)
    return frozenset((name,)) if seen < FEW and size >= max(FEW, 2 * seen) else frozenset()
