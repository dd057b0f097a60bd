"""Patterns and tables that stand in data files beside this module, compiled once, run with a time limit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import regex

from parsers.errors import DataFileError

SECONDS = 2.0
"""Time that one pattern may take on one text. A pattern that takes longer has found nothing."""

# The arguments of a search stand by their places, since naming them takes as long as most searches: behind the ends of
# the text neither in part nor without the interpreter's lock, then the time.


@cache
def load(name: str) -> Mapping[str, Any]:
    """The TOML data file `name` of this package. Raises `DataFileError` when it is missing or broken."""
    try:
        text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
        return tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading=name, remedy="Mend the file or install the package again") from error


def build(pattern: str, parts: Mapping[str, str], *, where: str = "") -> regex.Pattern[str]:
    """A compiled pattern; `<<NAME>>` stands for an entry of `parts`, which may name earlier entries.

    A dot matches line ends too.
    """
    text = expand(pattern, parts)
    try:
        return regex.compile(text, regex.DOTALL)
    except regex.error as error:
        raise DataFileError(f"not a pattern: {error}", reading=where, where=pattern) from error


def expand(pattern: str, parts: Mapping[str, str]) -> str:
    """`pattern` with every `<<NAME>>` written out."""
    for name in reversed(list(parts)):
        pattern = pattern.replace(f"<<{name}>>", parts[name])
    return pattern


def match(pattern: regex.Pattern[str], text: str, position: int = 0) -> regex.Match[str] | None:
    """A match that begins at `position`, or None, also when the time is up."""
    try:
        return pattern.match(text, position, None, False, False, SECONDS)
    except TimeoutError:
        return None


def fullmatch(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    """A match of the whole text, or None, also when the time is up."""
    try:
        return pattern.fullmatch(text, None, None, False, False, SECONDS)
    except TimeoutError:
        return None


def finditer(pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """Matches from left to right without overlap; they end when the time is up."""
    try:
        yield from pattern.finditer(text, None, None, False, False, False, SECONDS)
    except TimeoutError:
        return


def search(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    """The first match in the text, or None, also when the time is up."""
    try:
        return pattern.search(text, None, None, False, False, SECONDS)
    except TimeoutError:
        return None
