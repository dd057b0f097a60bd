"""What words make a number a figure: `prose.toml`, read and compiled."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from parsers.characters import patterns
from parsers.characters.sought import Sought, sought
from parsers.errors import DataFileError
from parsers.frozen import frozen

FILE = "prose.toml"

FEW = 16
"""So many words are looked for one by one faster than a text is gone through."""


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
    """Which of some entries the words around a number leave possible, without a search for any of their patterns.

    Entries are bits, in the order of the data file.
    """

    def __init__(self, entries: Iterable[tuple[int, Entry]]) -> None:
        several = list(entries)
        self._before = _Pairs([(at, entry.before) for at, entry in several])
        self._behind = _Pairs([(at, entry.behind) for at, entry in several])

    def of(self, left: str, behind: str) -> int:
        """The entries that the words before a number and behind it leave possible."""
        found = self._before.of(left)
        return found & self._behind.of(behind) if found & self._behind.bound else found


class _Pairs:
    """Patterns as bits under the first two characters of the words that they need; `bound` are those that need some."""

    def __init__(self, several: Iterable[tuple[int, Sought | None]]) -> None:
        self.bound = self._free = 0
        self._words: dict[str, int] = {}
        self._found: dict[tuple[str, str], int] = {}
        for at, pattern in several:
            words = pattern.needed[0] if pattern and pattern.needed else ()
            if not words or any(len(word) < 2 for word in words):
                self._free |= 1 << at
                continue
            self.bound |= 1 << at
            for word in words:
                pair = word[0], word[1]
                self._found[pair] = self._found.get(pair, 0) | 1 << at
                self._words[word] = self._words.get(word, 0) | 1 << at
        self._few = len(self._words) <= FEW

    def of(self, text: str) -> int:
        found = self._free
        if self._few:
            for word, own in self._words.items():
                if word in text:
                    found |= own
            return found
        known = self._found
        for pair in pairwise(text):
            if pair in known:
                found |= known[pair]
        return found


@frozen
class Rules:
    """`prose.toml`, compiled."""

    words: Mapping[str, Sought]
    topics: tuple[tuple[str, Sought], ...]
    concepts: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    bare: Possible
    by_unit: Mapping[str, Possible]
    denials: tuple[Denial, ...]
    denying: tuple[str, ...]
    explanations: tuple[Explanation, ...]


_WORDS = (
    "about_before", "about_behind", "attributes", "names", "contact", "sentence_end", "clause_end", "respectively",
    "conjunction", "unit", "about_unit", "listing", "years_listed", "between", "shared", "goes_on",
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
        tuple((t["name"], built(t["pattern"])) for t in data["topics"]),
        data["concepts"],
        entries,
        Possible((at, e) for at, e in enumerate(entries) if e.behind and "" in e.units),
        {unit: Possible((at, e) for at, e in enumerate(entries) if unit in e.units) for unit in units},
        denials,
        tuple(data["denying"]),
        tuple(Explanation(frozenset(e["indicators"]), tuple(e["sum"]), e["en"], e["zh"]) for e in data["explanation"]),
    )
