"""Marks: places in a document that something in the tables points at, and the links between the two."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

KINDS = ("value", "figure", "issue", "section")
"""What a mark may stand for; where places overlap, the first of these is the link."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to be marked. `href` leads back to what stands in the tables, `says` names it."""

    locator: str
    kind: str
    href: str
    says: str

    @property
    def anchor(self) -> str:
        """The name of the place in the page that shows the document."""
        return anchor(self.locator)


def anchor(locator: str) -> str:
    """The name that a place has in the page that shows its document: it can be made from the locator alone."""
    return "m" + hashlib.sha256(locator.encode("utf-8", "surrogatepass")).hexdigest()[:12]
