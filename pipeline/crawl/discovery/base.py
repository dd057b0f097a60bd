"""What an adapter of a family of sites is: a list page in, its entries and the further pages to ask for out.

Adapters ask nothing of the network. A page comes with the `step` under which it was asked for ("" for the list
address itself), so an adapter can tell its own endpoints apart.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.archive.addresses import canonical
from pipeline.archive.links import base_of, join, tree_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True)
class ListPage:
    """A list page as fetched. `options` are those of the site's entry."""

    address: str
    content: bytes
    text: str
    step: str = ""
    media_type: str = "text/html"
    header_charset: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @functools.cached_property
    def tree(self) -> HtmlElement | None:
        return tree_of(self.text)

    @functools.cached_property
    def base(self) -> str:
        return self.address if self.tree is None else base_of(self.tree, self.address)

    @property
    def first(self) -> bool:
        """Whether this is the beginning of a list: the address given, or a column that a page before it led to."""
        return not self.step or self.step.startswith("column")

    @property
    def depth(self) -> int:
        """How many columns down from the address given."""
        return int(self.step.removeprefix("column")) if self.step.startswith("column") else 0

    def link(self, said: str) -> str:
        """A link of the page as an absolute address in its usual spelling, or ""."""
        found = join(self.base, said)
        return canonical(found) if found else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of one report."""

    address: str
    title: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """A further page to ask for. `step` says what it is; one that is `guessed` may be missing without harm.

    `provisional` marks an endpoint that was never seen answering: where it does not answer as expected, the
    plain reading of the pages stands alone, and that is said.
    """

    address: str
    step: str
    guessed: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list page says. `expected` is how many entries the whole list has, by its own word.

    `complete` False means that the page is not what the adapter expected; `note` says what is wrong.
    """

    entries: tuple[Entry, ...] = ()
    more: tuple[More, ...] = ()
    expected: int | None = None
    complete: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of sites. `recognise` gives 0 to 100 for how surely a first list page is of it.

    `provisional` says that an endpoint it relies on was never seen answering; `evidence` says what was seen.
    """

    name: str
    title: str
    evidence: str
    recognise: Callable[[ListPage], int]
    read: Callable[[ListPage], Reading]
    provisional: bool = False


def unique(entries: list[Entry]) -> tuple[Entry, ...]:
    """Entries by address, each once, with the longest title that it is listed under."""
    found: dict[str, Entry] = {}
    for entry in entries:
        before = found.get(entry.address)
        if before is None or len(entry.title) > len(before.title):
            found[entry.address] = entry
    return tuple(found.values())
