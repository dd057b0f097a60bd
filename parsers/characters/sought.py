"""A pattern with the words that each of its matches must hold, so that a text without them is not searched.

A search with a time limit costs many times what looking for a word does, and most texts hold none of the words.
The words are read off the pattern itself: a rule in a data file needs no list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import regex

from parsers.characters import patterns

MOST = 40
"""Words that one choice may have; a wider one saves nothing."""

BRANCHES = 20
"""Alternatives of a pattern that are looked at one by one."""

Choice = tuple[str, ...]
Branch = list[Choice]

_VERBOSE = "(?x)"


class Sought:
    """A compiled pattern; of each choice in `needed` every match holds at least one word.

    `branches` are the choices of each alternative, where these say more than what all have in common. What follows
    are functions of a text, made when first asked for: whether it holds the words that a match needs, the first match
    or None, the same for a text that is known to hold the words, all matches from left to right without overlap, a
    match at the beginning, a match of the whole text. When the time is up nothing more is found.
    """

    __slots__ = ("branches", "finditer", "fullmatch", "match", "needed", "pattern", "possible", "search", "sure_search")
    pattern: regex.Pattern[str]
    needed: tuple[Choice, ...]
    branches: tuple[tuple[Choice, ...], ...]
    possible: Callable[[str], bool]
    search: Callable[[str], regex.Match[str] | None]
    sure_search: Callable[[str], regex.Match[str] | None]
    finditer: Callable[[str], Iterator[regex.Match[str]]]
    match: Callable[[str], regex.Match[str] | None]
    fullmatch: Callable[[str], regex.Match[str] | None]

    def __init__(
        self, pattern: regex.Pattern[str], needed: tuple[Choice, ...], branches: tuple[tuple[Choice, ...], ...] = ()
    ) -> None:
        self.pattern = pattern
        self.needed = needed
        self.branches = branches

    def __getattr__(self, name: str) -> Any:
        """One of the functions, which is not there yet."""
        if name not in _MADE:
            raise AttributeError(name)
        found = getattr(self.pattern, name.removeprefix("sure_"), None)
        made = made_for(self, _MADE[name], found=found, every=patterns.finditer)
        setattr(self, name, made)
        return made


_MADE = {
    "possible": "return {possible}",
    "finditer": "return every(pattern, text) if {possible} else iter(())",
    "sure_search": """try:
        return found(text, None, None, False, False, SECONDS)
    except TimeoutError:
        return None""",
} | dict.fromkeys(
    ("search", "match", "fullmatch"),
    """if {possible}:
        try:
            return found(text, None, None, False, False, SECONDS)
        except TimeoutError:
            pass
    return None""",
)
"""The functions of a pattern: the words that it needs stand in them one by one, which is faster than any loop."""


def made_for(pattern: Sought, body: str, **known: object) -> Any:
    """A function of a text with this body, in which `{possible}` stands for whether it holds the words needed."""
    choices = [_said(choice) for choice in pattern.needed]
    if pattern.branches:
        choices.append(" or ".join("(" + " and ".join(map(_said, branch)) + ")" for branch in pattern.branches))
    possible = " and ".join(f"({choice})" for choice in choices) or "True"
    names = {"pattern": pattern.pattern, "SECONDS": patterns.SECONDS, **known}
    exec("def function(text):\n    " + body.format(possible=f"({possible})"), names)
    return names["function"]


def _said(choice: Choice) -> str:
    return "(" + " or ".join(f"{word!r} in text" for word in choice) + ")"


def sought(pattern: regex.Pattern[str]) -> Sought:
    """A pattern with its words, the choice of the longest and fewest words first."""
    branches = [sorted(branch, key=_worth) for branch in _branches(pattern.pattern)]
    telling = 1 < len(branches) <= BRANCHES and all(branches) and any(len(branch) > 1 for branch in branches)
    return Sought(
        pattern,
        tuple(sorted(_in_common(branches), key=_worth)),
        tuple(map(tuple, branches)) if telling else (),
    )


def needed(pattern: str) -> list[Choice]:
    """For a pattern choices of words: every match holds a word of each. None for a pattern that may do without.

    What the reading of patterns here does not know, such as flags or references, is taken to need no word.
    """
    return _in_common(_branches(pattern))


def _branches(pattern: str) -> list[Branch]:
    """The choices of each alternative of a pattern."""
    reading = _Reading(pattern)
    found = reading.alternatives()
    return found if reading.at == len(pattern) and not reading.strange else [[]]


def _in_common(branches: list[Branch]) -> list[Choice]:
    """Choices of words that hold whichever of the alternatives matches."""
    if len(branches) == 1:
        return branches[0]
    if not all(branches):
        return []
    words = {word for branch in branches for word in min(branch, key=_worth)}
    # A word that holds another one of the choice is there only with that one.
    words = {word for word in words if not any(other in word for other in words - {word})}
    return [tuple(sorted(words))] if len(words) <= MOST else []


def _worth(choice: Choice) -> tuple[int, int]:
    return -min(map(len, choice)), len(choice)


class _Reading:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.verbose = pattern.startswith(_VERBOSE)
        self.at = len(_VERBOSE) if self.verbose else 0
        self.strange = self.verbose and "#" in pattern

    def alternatives(self) -> list[Branch]:
        branches = self._sequence()
        while self._next("|"):
            branches += self._sequence()
        return branches

    def _sequence(self) -> list[Branch]:
        """What a sequence needs; a group that stands alone is its alternatives."""
        found: Branch = []
        alone: list[Branch] = []
        run = ""
        first = True
        while self._goes_on() and self.pattern[self.at] not in "|)":
            text, inner = self._atom()
            self._goes_on()
            least, once = self._times()
            alone = inner if first and once and not text else []
            first = False
            if text and once:
                run += text
                continue
            if text and least:
                found.append((run + text,))
            elif run:
                found.append((run,))
            run = ""
            if least:
                found.extend(_in_common(inner))
        if run:
            found.append((run,))
        return alone or [found]

    def _goes_on(self) -> bool:
        """Whether more of the pattern follows, white space aside that is only its layout."""
        while self.verbose and self.pattern[self.at : self.at + 1].isspace():
            self.at += 1
        return self.at < len(self.pattern)

    def _atom(self) -> tuple[str, list[Branch]]:
        """The next piece: a character, or what each of its alternatives needs."""
        character = self.pattern[self.at]
        self.at += 1
        if character == "(":
            return "", self._group()
        if character == "[":
            self._class()
            return "", [[]]
        if character == "\\":
            escaped = self.pattern[self.at : self.at + 1]
            self.at += 1
            return ("", [[]]) if escaped.isalnum() else (escaped, [[]])
        return ("", [[]]) if character in ".^$" else (character, [[]])

    def _group(self) -> list[Branch]:
        around = False
        if self._next("?"):
            if self._next("P<") or (self.pattern[self.at : self.at + 1] == "<" and not self._looks_behind()):
                self.at = self.pattern.index(">", self.at) + 1
            elif not self._next(":") and not self._next("m:"):
                around = any(self._next(sign) for sign in ("=", "!", "<=", "<!"))
                self.strange |= not around
        found = self.alternatives()
        self.strange |= not self._next(")")
        return [[]] if around else found

    def _looks_behind(self) -> bool:
        return self.pattern[self.at : self.at + 2] in ("<=", "<!")

    def _class(self) -> None:
        self._next("^")
        self._next("]")
        while self.at < len(self.pattern) and not self._next("]"):
            self.at += 2 if self.pattern[self.at] == "\\" else 1

    def _times(self) -> tuple[bool, bool]:
        """Whether what stands before must be there, and whether it is there just once."""
        sign = self.pattern[self.at : self.at + 1]
        if not sign or sign not in "*+?{":
            return True, True
        self.at += 1
        least = sign == "+"
        if sign == "{":
            end = self.pattern.index("}", self.at)
            first = self.pattern[self.at : end].partition(",")[0]
            self.strange |= bool(first) and not first.isdigit()
            least = first.isdigit() and int(first) > 0
            self.at = end + 1
        if self.pattern[self.at : self.at + 1] in ("?", "+") and self.at < len(self.pattern):
            self.at += 1
        return least, False

    def _next(self, text: str) -> bool:
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False
