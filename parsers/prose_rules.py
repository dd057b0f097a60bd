"""What words make a number a figure: `prose.toml`, read and compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from parsers.characters import patterns
from parsers.characters.sought import Sought, sought
from parsers.errors import DataFileError
from parsers.frozen import frozen

FILE = "prose.toml"

BEGINNING = 2
MOST_BEGINNINGS = 4096
"""So many characters behind a number say whether an entry is possible; for so many of them it is kept."""


@frozen
class Entry:
    """An entry of the data file, compiled; see there for what each part means."""

    concept: str
    before: Sought | None
    behind: Sought | None
    units: frozenset[str]
    topics: frozenset[str]
    topics_not: frozenset[str]
    role: str
    dimension: str
    total: bool
    any_year: bool
    each: Sought | None
    last: frozenset[str]
    forms: frozenset[str]
    reject: Sought | None
    reject_behind: Sought | None
    reject_sentence: Sought | None
    context: Sought | None


@frozen
class Denial:
    """A denial of the data file, compiled."""

    pattern: Sought
    nouns: tuple[tuple[str, Sought], ...]
    topics: frozenset[str]
    topics_not: frozenset[str]
    any_year: bool
    across: bool
    reject: Sought | None
    context: Sought | None


@frozen
class Explanation:
    """A sum of lines that the text may mean where it names one of `indicators`; `en` and `zh` say so."""

    indicators: frozenset[str]
    sum: tuple[str, ...]
    en: str
    zh: str


class Possible:
    """Which of some entries the words around a number leave possible, without a search for any of their patterns."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._before = _Needs([entry.before for entry in self._entries])
        self._every = (1 << len(self._entries)) - 1
        # Those that ask nothing of the words before are many and seldom meant.
        bound = sum(1 << at for at, entry in enumerate(self._entries) if entry.behind and entry.behind.needed)
        self._late = self._before.free & bound
        late = {word for e in self._entries if not e.before and e.behind for word in e.behind.needed[0]}
        self._hints = re.compile("|".join(map(re.escape, late))) if late else None
        self._beginnings: dict[str, bool] = {}

    def may_begin(self, behind: str) -> bool:
        """Whether the words behind a number begin as those of an entry may, where all entries say how they begin."""
        beginning = behind[:BEGINNING]
        known = self._beginnings.get(beginning)
        if known is None:
            known = any(e.behind is None or _partly(e.behind, beginning) for e in self._entries)
            if len(self._beginnings) < MOST_BEGINNINGS:
                self._beginnings[beginning] = known
        return known

    def of(self, left: str, behind: str) -> list[Entry]:
        """The entries that the words before a number and behind it leave possible, in the order of the data file."""
        there = self._before.of(left)
        bits = there & self._every
        if bits & self._late and self._hints and self._hints.search(behind) is None:
            bits &= ~self._late
        found = []
        needs = self._before.needs
        while bits:
            lowest = bits & -bits
            at = lowest.bit_length() - 1
            bits ^= lowest
            if needs[at] & there == needs[at]:
                entry = self._entries[at]
                if not entry.behind or entry.behind.possible(behind):
                    found.append(entry)
        return found


def _partly(pattern: Sought, beginning: str) -> bool:
    """Whether a text with this beginning may hold a match; one that may stand anywhere is always possible."""
    try:
        return pattern.pattern.search(beginning, partial=True, timeout=patterns.SECONDS) is not None
    except TimeoutError:
        return True


class _Needs:
    """Patterns as bits, and more bits for the further choices of words that each of them needs.

    A word is told by its first two characters: what is ruled out is impossible, what is left need not match. `free`
    are the patterns that need no words.
    """

    def __init__(self, several: Sequence[Sought | None]) -> None:
        self.free = 0
        self.needs: list[int] = []
        pairs: dict[tuple[str, ...], int] = {}
        signs: dict[str, int] = {}
        top = 1 << len(several)
        for at, pattern in enumerate(several):
            own, needs = 1 << at, 0
            for choice in pattern.needed if pattern else ():
                needs |= own
                for word in choice:
                    if len(word) > 1:
                        pairs[word[0], word[1]] = pairs.get((word[0], word[1]), 0) | own
                    else:
                        signs[word] = signs.get(word, 0) | own
                own, top = top, top << 1
            self.needs.append(needs)
            if not needs:
                self.free |= 1 << at
        self._pairs, self._signs = pairs, signs
        self._known_pairs, self._known_signs = frozenset(pairs), frozenset(signs)

    def of(self, text: str) -> int:
        """The bits of a text: a pattern is possible where all its `needs` are among them."""
        found = self.free
        for pair in self._known_pairs.intersection(pairwise(text)):
            found |= self._pairs[pair]
        for sign in self._known_signs.intersection(text):
            found |= self._signs[sign]
        return found


@frozen
class Rules:
    """`prose.toml`, compiled."""

    words: Mapping[str, Sought]
    sentence_ends: re.Pattern[str]
    clause_ends: re.Pattern[str]
    topics: tuple[tuple[str, Sought], ...]
    concepts: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    bare: Possible
    by_unit: Mapping[str, Possible]
    denials: tuple[Denial, ...]
    denying: tuple[str, ...]
    explanations: tuple[Explanation, ...]


_WORDS = (
    "about_before", "about_behind", "attributes", "names", "contact", "respectively", "conjunction", "unit",
    "about_unit", "listing", "years_listed", "between", "shared", "goes_on",
)  # fmt: skip


@cache
def rules() -> Rules:
    """The data file, read once. Raises DataFileError when it is broken."""
    try:
        data: dict[str, Any] = tomllib.loads(files("parsers").joinpath(FILE).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading=FILE) from error
    parts = data["parts"]

    def built(text: str) -> Sought:
        return sought(patterns.build(text, parts, where=FILE))

    def maybe(entry: Mapping[str, Any], name: str) -> Sought | None:
        return built(entry[name]) if entry.get(name) else None

    words = {name: data[name] for name in _WORDS} | data["period"]
    words["number"] = f"(?P<number>{data['number']})(?P<unit>{data['unit']})?"
    entries = tuple(
        Entry(
            concept=e["concept"],
            before=maybe(e, "before"),
            behind=maybe(e, "behind"),
            units=frozenset(e.get("units", ())),
            topics=frozenset(e.get("topics", ())),
            topics_not=frozenset(e.get("topics_not", ())),
            role=e.get("role", "part"),
            dimension=e.get("dimension", ""),
            total=e.get("total", False),
            any_year=e.get("any_year", False),
            each=maybe(e, "each"),
            last=frozenset(e.get("last", ())),
            forms=frozenset(e.get("forms", ())),
            reject=maybe(e, "reject"),
            reject_behind=maybe(e, "reject_behind"),
            reject_sentence=maybe(e, "reject_sentence"),
            context=maybe(e, "context"),
        )
        for e in data["entry"]
    )
    denials = tuple(
        Denial(
            pattern=built(e["pattern"]),
            nouns=tuple((name, built(text)) for name, text in e["nouns"].items()),
            topics=frozenset(e.get("topics", ())),
            topics_not=frozenset(e.get("topics_not", ())),
            any_year=e.get("any_year", False),
            across=e.get("across", False),
            reject=maybe(e, "reject"),
            context=maybe(e, "context"),
        )
        for e in data["zero"]
    )
    for denial in denials:
        if not any(all(any(d in word for d in data["denying"]) for word in choice) for choice in denial.pattern.needed):
            raise DataFileError("a denial without a denying word", reading=FILE, where=denial.pattern.pattern.pattern)
    units = {unit for entry in entries for unit in entry.units}
    return Rules(
        {name: built(text) for name, text in words.items()},
        re.compile(f"[{re.escape(data['sentence_ends'])}]"),
        re.compile(f"[{re.escape(data['clause_ends'])}]"),
        tuple((t["name"], built(t["pattern"])) for t in data["topics"]),
        data["concepts"],
        entries,
        Possible(e for e in entries if e.behind and "" in e.units),
        {unit: Possible(e for e in entries if unit in e.units) for unit in units},
        denials,
        tuple(data["denying"]),
        tuple(Explanation(frozenset(e["indicators"]), tuple(e["sum"]), e["en"], e["zh"]) for e in data["explanation"]),
    )
