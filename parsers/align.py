"""Two sequences of labels brought together: the lines of a form and the rows of a page.

Exact labels and aliases come first, then similarity under guards (`align.toml`): labels that differ
in a negation or in a word of a contrast family never match, however alike they look. A lone best
guess is no match: what is similar must also be apart from the next reading, or sit alone between
two neighbours that are certain.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

from parsers.frozen import frozen

SIMILAR = 80.0
"""Ratio from which a similar label counts by itself, given the margin."""

MARGIN = 8.0
"""Distance by which the best similar line must lead the next one."""

BETWEEN = 50.0
"""Ratio from which a label counts as the only one that is left between two certain neighbours."""


@frozen
class Guards:
    """What two labels may not differ in."""

    negations: frozenset[str]
    generic: frozenset[str]
    subtotals: frozenset[str]
    column_numbers: frozenset[str]
    other_columns: tuple[str, ...]
    confused: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[str, str], ...]
    families: tuple[tuple[tuple[str, ...], ...], ...]


@lru_cache(maxsize=1)
def guards() -> Guards:
    """The guards of `align.toml`."""
    data = tomllib.loads(files("parsers").joinpath("align.toml").read_text("utf-8"))
    return Guards(
        frozenset(data["negations"]),
        frozenset(data["generic"]),
        frozenset(data["subtotals"]),
        frozenset(data["column_numbers"]),
        tuple(data["other_columns"]),
        tuple((pair[0], pair[1]) for pair in data["confused"].split()),
        tuple((foreign, own) for foreign, own in data["phrases"]),
        tuple(tuple(tuple(words) for words in entry["words"]) for entry in data["contrasts"]),
    )


@lru_cache(maxsize=8192)
def _marks(key: str) -> tuple[str, tuple[frozenset[int], ...]]:
    """The negations of a label, sorted, and for each contrast family the entries that it holds."""
    rules = guards()
    negations = "".join(sorted(c for c in key if c in rules.negations))
    held = tuple(
        frozenset(i for i, words in enumerate(family) if any(word in key for word in words))
        for family in rules.families
    )
    return negations, held


def opposed(one: str, other: str) -> bool:
    """True when two label keys must not be taken for each other.

    A word of a family that is missing on one side is no contrast when the labels differ by a slip.
    """
    negations, held = _marks(one)
    other_negations, other_held = _marks(other)
    if negations != other_negations:
        return True
    slip = abs(len(one) - len(other)) <= 1
    return any(a and b and a != b and not (slip and (a < b or b < a)) for a, b in zip(held, other_held, strict=True))


@lru_cache(maxsize=8192)
def similarity(one: str, other: str) -> float:
    """Likeness of two label keys, 0 to 100, guards aside."""
    return fuzz.ratio(one, other)


def certain_chain(candidates: Sequence[Sequence[tuple[int, float]]]) -> list[int | None]:
    """The heaviest increasing choice of one line a row.

    `candidates[row]` are (line, weight) pairs. Returns for each row the line chosen for it, or None.
    Lines rise strictly along the rows; the sum of weights is the largest possible, the first such
    choice in order of rows where several are.
    """
    best: list[tuple[float, int, int, int]] = []  # weight so far, row, line, predecessor
    tails: list[tuple[int, float, int]] = []  # line, weight, node: rising in both
    for row, options in enumerate(candidates):
        fresh: list[tuple[int, float, int]] = []
        for line, weight in options:
            at = bisect_left(tails, (line,)) - 1
            before, node = (tails[at][1], tails[at][2]) if at >= 0 else (0.0, -1)
            best.append((before + weight, row, line, node))
            fresh.append((line, before + weight, len(best) - 1))
        for line, weight, node in fresh:
            at = bisect_left(tails, (line,))
            if at > 0 and tails[at - 1][1] >= weight:
                continue
            if at < len(tails) and tails[at][0] == line and tails[at][1] >= weight:
                continue
            end = at
            while end < len(tails) and tails[end][1] <= weight:
                end += 1
            tails[at:end] = [(line, weight, node)]
    chosen: list[int | None] = [None] * len(candidates)
    node = tails[-1][2] if tails else -1
    while node >= 0:
        _, row, line, node = best[node]
        chosen[row] = line
    return chosen
