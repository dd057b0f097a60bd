"""What a page says of its article in linked data (JSON-LD): title, day of publication, publisher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_SCRIPT = re.compile(r"<script[^>]{0,300}ld\+json[^>]{0,300}>(.{2,20000}?)</script", re.IGNORECASE | re.DOTALL)
_NAMES = {"datePublished": "json:datepublished", "headline": "json:title"}
MOST = 20
"""So many objects of a page are looked at."""


def read(text: str) -> tuple[tuple[str, str], ...]:
    """Names, as `Document.meta` has them, and contents of the linked data of a page."""
    found: list[tuple[str, str]] = []
    for script in _SCRIPT.finditer(text):
        try:
            value = json.loads(script[1].strip(), strict=False)
        except (ValueError, RecursionError):
            continue
        for number, thing in enumerate(_objects(value)):
            if number == MOST:
                break
            found += _of_object(thing)
    return tuple(dict.fromkeys(found))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top of linked data, in a list or a graph."""
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            yield thing
            if isinstance(graph := thing.get("@graph"), list):
                yield from (one for one in graph if isinstance(one, dict))


def _of_object(thing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not any(isinstance(thing.get(name), str) for name in _NAMES):
        return
    for name, meta in _NAMES.items():
        if isinstance(said := thing.get(name), str):
            yield meta, said
    publisher = thing.get("publisher")
    if isinstance(publisher, dict) and isinstance(title := publisher.get("name"), str):
        yield "json:publisher", title
