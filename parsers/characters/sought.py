"""A pattern with the words that each of its matches must hold, so that a text without them is not searched.

A search with a time limit costs many times what looking for a word does, and most texts hold none of the words.
The words are read off the pattern itself: a rule in a data file needs no list of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from parsers.characters import patterns
from parsers.frozen import frozen

MOST = 40
"""Words that one choice may have; a wider one saves nothing."""

Choice = tuple[str, ...]

_VERBOSE = "(?x)"


@frozen
class Sought:
    """A compiled pattern; of each choice in `needed` every match holds at least one word."""

    pattern: regex.Pattern[str]
    needed: tuple[Choice, ...]

    def possible(self, text: str) -> bool:
        """Whether the text holds the words that a match needs."""
        for choice in self.needed:
            for word in choice:
                if word in text:
                    break
            else:
                return False
        return True

    def search(self, text: str) -> regex.Match[str] | None:
        """The first match in the text, or None, also when the time is up."""
        return patterns.search(self.pattern, text) if self.possible(text) else None

    def finditer(self, text: str) -> Iterator[regex.Match[str]]:
        """Matches from left to right without overlap; they end when the time is up."""
        return patterns.finditer(self.pattern, text) if self.possible(text) else iter(())

    def match(self, text: str) -> regex.Match[str] | None:
        """A match at the beginning of the text, or None, also when the time is up."""
        return patterns.match(self.pattern, text) if self.possible(text) else None

    def fullmatch(self, text: str) -> regex.Match[str] | None:
        """A match of the whole text, or None, also when the time is up."""
        return patterns.fullmatch(self.pattern, text) if self.possible(text) else None


def sought(pattern: regex.Pattern[str]) -> Sought:
    """A pattern with its words, the choice of the longest and fewest words first."""
    return Sought(pattern, tuple(sorted(needed(pattern.pattern), key=_worth)))


def needed(pattern: str) -> list[Choice]:
    """For a pattern choices of words: every match holds a word of each. None for a pattern that may do without.

    What the reading of patterns here does not know, such as flags or references, is taken to need no word.
    """
    reading = _Reading(pattern)
    found = reading.alternatives()
    return found if reading.at == len(pattern) and not reading.strange else []


def _worth(choice: Choice) -> tuple[int, int]:
    return -min(map(len, choice)), len(choice)


class _Reading:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.verbose = pattern.startswith(_VERBOSE)
        self.at = len(_VERBOSE) if self.verbose else 0
        self.strange = self.verbose and "#" in pattern

    def alternatives(self) -> list[Choice]:
        branches = [self._sequence()]
        while self._next("|"):
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        if not all(branches):
            return []
        words = {word for branch in branches for word in min(branch, key=_worth)}
        # A word that holds another one of the choice is there only with that one.
        words = {word for word in words if not any(other in word for other in words - {word})}
        return [tuple(sorted(words))] if len(words) <= MOST else []

    def _sequence(self) -> list[Choice]:
        found: list[Choice] = []
        run = ""
        while self._goes_on() and self.pattern[self.at] not in "|)":
            text, inner = self._atom()
            self._goes_on()
            least, once = self._times()
            if text and once:
                run += text
                continue
            if text and least:
                found.append((run + text,))
            elif run:
                found.append((run,))
            run = ""
            if least:
                found.extend(inner)
        if run:
            found.append((run,))
        return found

    def _goes_on(self) -> bool:
        """Whether more of the pattern follows, white space aside that is only its layout."""
        while self.verbose and self.pattern[self.at : self.at + 1].isspace():
            self.at += 1
        return self.at < len(self.pattern)

    def _atom(self) -> tuple[str, list[Choice]]:
        """The next piece: a character, or what it needs itself."""
        character = self.pattern[self.at]
        self.at += 1
        if character == "(":
            return "", self._group()
        if character == "[":
            self._class()
            return "", []
        if character == "\\":
            escaped = self.pattern[self.at : self.at + 1]
            self.at += 1
            return ("", []) if escaped.isalnum() else (escaped, [])
        return ("", []) if character in ".^$" else (character, [])

    def _group(self) -> list[Choice]:
        around = False
        if self._next("?"):
            if self._next("P<") or (self.pattern[self.at : self.at + 1] == "<" and not self._looks_behind()):
                self.at = self.pattern.index(">", self.at) + 1
            elif not self._next(":") and not self._next("m:"):
                around = any(self._next(sign) for sign in ("=", "!", "<=", "<!"))
                self.strange |= not around
        found = self.alternatives()
        self.strange |= not self._next(")")
        return [] if around else found

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
