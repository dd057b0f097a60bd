"""What words make a number a figure: `prose.toml`, read and compiled."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers.characters import patterns
from parsers.errors import DataFileError

FILE = "prose.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the data file, compiled; see there for what each part means."""

    concept: str
    before: regex.Pattern[str] | None
    behind: regex.Pattern[str] | None
    units: frozenset[str]
    topics: frozenset[str]
    topics_not: frozenset[str]
    role: str
    dimension: str
    total: bool
    any_year: bool
    each: regex.Pattern[str] | None
    last: frozenset[str]
    forms: frozenset[str]
    reject: regex.Pattern[str] | None
    reject_behind: regex.Pattern[str] | None
    reject_sentence: regex.Pattern[str] | None
    context: regex.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial of the data file, compiled."""

    pattern: regex.Pattern[str]
    nouns: tuple[tuple[str, regex.Pattern[str]], ...]
    topics: frozenset[str]
    topics_not: frozenset[str]
    any_year: bool
    across: bool
    reject: regex.Pattern[str] | None
    context: regex.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sum of lines that the text may mean where it names one of `indicators`; `en` and `zh` say so."""

    indicators: frozenset[str]
    sum: tuple[str, ...]
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`prose.toml`, compiled."""

    words: Mapping[str, regex.Pattern[str]]
    topics: tuple[tuple[str, regex.Pattern[str]], ...]
    concepts: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    denials: tuple[Denial, ...]
    explanations: tuple[Explanation, ...]


_WORDS = (
    "about_before", "about_behind", "names", "contact", "sentence_end", "clause_end", "respectively", "conjunction",
    "unit", "about_unit", "between", "shared", "goes_on",
)  # fmt: skip


@cache
def rules() -> Rules:
    """The data file, read once. Raises DataFileError when it is broken."""
    try:
        data: dict[str, Any] = tomllib.loads(files("parsers").joinpath(FILE).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading=FILE) from error
    parts = data["parts"]

    def built(text: str) -> regex.Pattern[str]:
        return patterns.build(text, parts, where=FILE)

    def maybe(entry: Mapping[str, Any], name: str) -> regex.Pattern[str] | None:
        return built(entry[name]) if entry.get(name) else None

    words = {name: data[name] for name in _WORDS} | data["period"]
    words["number"] = data["number"].replace("<<UNIT>>", parts["UNIT"])
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
    return Rules(
        {name: built(text) for name, text in words.items()},
        tuple((t["name"], built(t["pattern"])) for t in data["topics"]),
        data["concepts"],
        entries,
        denials,
        tuple(Explanation(frozenset(e["indicators"]), tuple(e["sum"]), e["en"], e["zh"]) for e in data["explanation"]),
    )
