"""Whom the figures cover: the body itself, its whole area, or a line of agencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from parsers.facts.lines import Line, Page, Together, squeeze
from parsers.facts.rules import Pattern, load, pattern
from parsers.frozen import frozen

_PREAMBLE = 8
_BODY = 40
_ANNOUNCING = 3
_SHORT = 8
_LONGEST = 6000
_HEADINGS = ("一、", "一.", "(一)", "第一部分", "一,")


@frozen
class Scope:
    """One of SCOPES and the words that it rests on, as published; `unknown` rests on none."""

    scope: str = "unknown"
    phrase: str = ""
    locator: str = ""


@frozen
class _Phrase:
    scope: str
    place: str
    weight: float
    needs: tuple[str, ...]
    pattern: Pattern


class _Hit(NamedTuple):
    phrase: _Phrase
    text: str
    locator: str


def read(page: Page) -> Scope:
    """The scope that the phrases of the report speak for most; `unknown` when they are silent or even."""
    preamble, body = _parts(page.own)
    hits = [*_hits(preamble, "preamble"), *_hits(body, "body")]
    weights: dict[str, float] = {}
    counts = Counter([id(hit.phrase) for hit in hits])
    repeats = int(load("scope")["repeats"])
    for phrase in _phrases():
        count = min(counts[id(phrase)], repeats)
        weights[phrase.scope] = weights.get(phrase.scope, 0.0) + phrase.weight * count
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < float(load("scope")["threshold"]):
        return Scope()
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return Scope()
    best = max((hit for hit in hits if hit.phrase.scope == ranked[0][0]), key=lambda hit: hit.phrase.weight)
    return Scope(best.phrase.scope, best.text, best.locator)


def _parts(own: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The running text before the first heading, and what follows it.

    Where the first heading stands first, the lines under it that announce the report are its preamble.
    """
    for index, line in enumerate(own):
        if line.folded.startswith(_HEADINGS):
            preamble, body = list(own[:index]), list(own[index : index + _BODY])
            if not any(len(above.key) >= _SHORT for above in preamble):
                said = [below for below in body[1 : 1 + _ANNOUNCING] if _announces(below)]
                preamble += said
                body = [below for below in body if below not in said]
            return preamble, body
    return list(own[:_PREAMBLE]), list(own[_PREAMBLE : _PREAMBLE + _BODY])


def _announces(line: Line) -> bool:
    return "报告" in line.key and pattern("scope", "announces").match(line.key[:_LONGEST]) is not None


def _hits(part: Sequence[Line], place: str) -> list[_Hit]:
    found = []
    lines = [line for line in part if len(line.key) >= _SHORT]
    keys = [line.key[:_LONGEST] for line in lines]
    phrases = [phrase for phrase in _phrases() if phrase.place == place]
    every = Together(keys)
    holding = {word: every.holding((word,)) for word in dict.fromkeys(w for phrase in phrases for w in phrase.needs)}
    there = {(at, own) for own, phrase in enumerate(phrases) for word in phrase.needs for at in holding[word]}
    for at, own in sorted(there):
        for match in phrases[own].pattern.find(keys[at]):
            start, end = match.span()
            found.append(_Hit(phrases[own], squeeze(lines[at].text)[start:end], lines[at].locator))
    return found


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(
            entry["scope"],
            entry["place"],
            float(entry["weight"]),
            tuple(entry["needs"]),
            Pattern(entry["pattern"], where="scope.toml"),
        )
        for entry in load("scope")["phrase"]
    )
