"""Data files of this package, and their patterns run with a limit of time."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers.characters.patterns import SECONDS
from parsers.characters.sought import made_for, sought
from parsers.errors import DataFileError, LimitError


class Pattern:
    """A pattern of a data file. Every search ends within `patterns.SECONDS`, or raises LimitError."""

    __slots__ = ("_compiled", "_possible", "find", "fullmatch", "match", "search", "source")
    search: Callable[[str], regex.Match[str] | None]
    """The leftmost match."""
    fullmatch: Callable[[str], regex.Match[str] | None]
    """A match of the whole text."""
    match: Callable[[str], regex.Match[str] | None]
    """A match at the start of the text."""
    find: Callable[[str], Iterator[regex.Match[str]]]
    """All matches that do not overlap, from left to right."""

    def __init__(self, source: str, *, where: str = "") -> None:
        self.source = source
        try:
            self._compiled: regex.Pattern[str] = regex.compile(source)
        except regex.error as error:
            raise DataFileError(f"pattern does not compile: {error}", reading=where, where=source) from error
        self._possible = sought(self._compiled)

    def __getattr__(self, name: str) -> Any:
        """One of the functions of a text, made when it is first asked for."""
        if name not in _MADE:
            raise AttributeError(name)
        found = getattr(self._compiled, name, None)
        made = made_for(self._possible, _MADE[name], found=found, every=self._find, slow=self._slow)
        setattr(self, name, made)
        return made

    def _find(self, text: str) -> Iterator[regex.Match[str]]:
        try:
            yield from self._compiled.finditer(text, None, None, False, False, False, SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def remove(self, text: str, replacement: str = "") -> str:
        """The text with every match replaced."""
        if not self._possible.possible(text):
            return text
        try:
            return self._compiled.sub(replacement, text, timeout=SECONDS)
        except TimeoutError as error:
            raise self._slow() from error

    def _slow(self) -> LimitError:
        return LimitError("a pattern took too long", reading=self.source)


_MADE = {"find": "return every(text) if {possible} else iter(())"} | dict.fromkeys(
    ("search", "match", "fullmatch"),
    """if {possible}:
        try:
            return found(text, None, None, False, False, SECONDS)
        except TimeoutError as error:
            raise slow() from error
    return None""",
)


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
