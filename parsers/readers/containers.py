"""What an element is for, said by its tag, id, class and ARIA role. The words are in `containers.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from parsers.errors import DataFileError
from parsers.frozen import frozen

ROLES = ("navigation", "footer", "header", "sidebar", "metadata", "content")

_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


@frozen
class _Rule:
    name: str
    tags: frozenset[str]
    aria: frozenset[str]
    words: frozenset[str]
    parts: tuple[str, ...]


@cache
def elements() -> frozenset[str]:
    """Names of elements unknown to HTML that hold blocks like a div."""
    return _load()[0]


@lru_cache(maxsize=4096)
def role_of(tag: str, ident: str, classes: str, aria: str) -> str:
    """One of ROLES, or "" when nothing is said. The first rule of the data file that fits decides."""
    named = f"{ident} {classes}"
    lowered = named.lower()
    words = {word.rstrip("0123456789") for word in _EDGE.sub(" ", named).lower().split()}
    aria = aria.strip().lower()
    for rule in _load()[1]:
        if tag in rule.tags or aria in rule.aria or not words.isdisjoint(rule.words):
            return rule.name
        if any(part in lowered for part in rule.parts):
            return rule.name
    return ""


@cache
def _load() -> tuple[frozenset[str], tuple[_Rule, ...]]:
    data = tomllib.loads(files("parsers.readers").joinpath("containers.toml").read_text(encoding="utf-8"))
    rules = []
    for entry in data["role"]:
        if entry["name"] not in ROLES:
            raise DataFileError("unknown role", reading="containers.toml", where=entry["name"])
        rules.append(
            _Rule(
                entry["name"],
                frozenset(entry["tags"]),
                frozenset(entry["aria"]),
                frozenset(entry["words"]),
                tuple(entry["parts"]),
            )
        )
    return frozenset(data["elements"]), tuple(rules)
