"""Data files of this package, and their patterns run with a limit of time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers.characters.patterns import SECONDS
from parsers.characters.sought import sought
from parsers.errors import DataFileError, LimitError


class Pattern:
    """A pattern of a data file. Every search ends within `patterns.SECONDS`, or raises LimitError."""

    __slots__ = ("_compiled", "_possible", "source")

    def __init__(self, source: str, *, where: str = "") -> None:
        self.source = source
        try:
            self._compiled: regex.Pattern[str] = regex.compile(source)
        except regex.error as error:
            raise DataFileError(f"pattern does not compile: {error}", reading=where, where=source) from error
        self._possible = sought(self._compiled).possible

    def search(self, text: str, start: int = 0) -> regex.Match[str] | None:
        """The leftmost match from `start` on."""
        if not self._possible(text):
            return None
        try:
            return self._compiled.search(text, start, None, False, False, SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def fullmatch(self, text: str) -> regex.Match[str] | None:
        """A match of the whole text."""
        if not self._possible(text):
            return None
        try:
            return self._compiled.fullmatch(text, None, None, False, False, SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def match(self, text: str) -> regex.Match[str] | None:
        """A match at the start of the text."""
        if not self._possible(text):
            return None
        try:
            return self._compiled.match(text, None, None, False, False, SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def find(self, text: str) -> Iterator[regex.Match[str]]:
        """All matches that do not overlap, from left to right."""
        return self._find(text) if self._possible(text) else iter(())

    def _find(self, text: str) -> Iterator[regex.Match[str]]:
        try:
            yield from self._compiled.finditer(text, None, None, False, False, False, SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def remove(self, text: str, replacement: str = "") -> str:
        """The text with every match replaced."""
        if not self._possible(text):
            return text
        try:
            return self._compiled.sub(replacement, text, timeout=SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def _slow(self) -> LimitError:
        return LimitError("a pattern took too long", reading=self.source)


@cache
def load(name: str) -> dict[str, Any]:
    """The table of `parsers/facts/NAME.toml`. Raises DataFileError when it is no TOML."""
    try:
        return tomllib.loads(files("parsers.facts").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading=f"parsers/facts/{name}.toml") from error


@cache
def pattern(name: str, key: str) -> Pattern:
    """The pattern that stands under `key` of a data file, dots going down."""
    value: Any = load(name)
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            raise DataFileError("no such key", reading=f"parsers/facts/{name}.toml", where=key)
        value = value[part]
    if isinstance(value, list):
        value = "|".join(f"(?:{item})" for item in value)
    return Pattern(str(value), where=f"parsers/facts/{name}.toml {key}")
