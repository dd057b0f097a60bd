"""The text that a locator names, by the road that `gongkai verify` takes: nothing of `parsers` is on it."""

from __future__ import annotations

from functools import lru_cache

from pipeline.finder import Page

_page = lru_cache(maxsize=32)(Page)


def find(content_text: str, locator: str) -> str:
    """The text that a `html:` or `text:` locator names in a decoded document.

    Raises LookupError when the place does not exist.
    """
    return _page(content_text).find(locator)
