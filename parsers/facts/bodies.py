"""Names of public bodies: cleaning, telling them from other texts, comparing, typing."""

from __future__ import annotations

from functools import cache, lru_cache

from parsers.facts.lines import fold, squeeze
from parsers.facts.rules import Pattern, load, pattern

_LONGEST = 40


@lru_cache(maxsize=4096)
def name_of(text: str) -> str:
    """A text as a body's name: simplified, without white space, marks around it, endings that are no name; or ""."""
    name = fold(squeeze(text)).strip(":,。;、|[]【】\"'“”·-—_").rstrip("(")
    site = pattern("bodies", "names.website").search(name)
    if site is not None and site.start() > 1:
        name = name[: site.start()]
    name = pattern("bodies", "names.part").remove(name)
    return name if plausible(name) else ""


@lru_cache(maxsize=4096)
def plausible(name: str) -> bool:
    """Whether a text can be a body's name at all."""
    if not 2 <= len(name) <= _LONGEST:
        return False
    return all(pattern("bodies", key).search(name) is None for key in ("names.nobody", "names.never"))


@lru_cache(maxsize=4096)
def is_organ(name: str) -> bool:
    """Whether a plausible name ends as bodies do (人民政府, 局, 乡 …)."""
    return plausible(name) and pattern("bodies", "names.organ").search(_without_bracket(name)) is not None


@lru_cache(maxsize=4096)
def is_place(name: str) -> bool:
    """Whether a plausible name ends as places do and names no organ of the place."""
    if not plausible(name):
        return False
    return pattern("bodies", "names.place").search(name) is not None or body_type(name) == "zone"


def without_inner_office(name: str) -> str:
    """The body whose inner office is named: 教育局办公室 is 教育局."""
    for source in load("bodies")["names"]["inner"]:
        match = _inner(source).search(name)
        if match is not None and match.start() > 1:
            return without_inner_office(name[: match.start()])
    return name


def organ_of(name: str, place: str) -> bool:
    """Whether a name is a place, perhaps with the regions above it, and then its own government or office."""
    at = name.rfind(place)
    if at < 0 or not _regions(name[:at]):
        return False
    return pattern("bodies", "names.of_place").fullmatch(name[at + len(place) :]) is not None


def same(one: str, other: str) -> bool:
    """Whether two names can stand for one body: with or without regions, in full or abbreviated, or with its office."""
    short, long = sorted((squeeze(one), squeeze(other)), key=lambda text: (len(text), text))
    if not short or short == long or short in long:
        return True
    bare_short, bare_long = _bare(short), _bare(long)
    if bare_short and (bare_short in long or bare_long.startswith(bare_short)):
        return True
    if short[-1] != long[-1]:
        return False
    return _subsequence(short, long) or (short[:2] == long[:2] and _subsequence(bare_short, long))


@lru_cache(maxsize=4096)
def body_type(name: str) -> str:
    """One of BODY_TYPES by the ending of the name; "" for an ending that no rule knows."""
    short = _without_bracket(name)
    for kind, rule in _types():
        if short and rule.search(short) is not None:
            return kind
    return ""


def _regions(text: str) -> bool:
    match = pattern("bodies", "names.region").match(text)
    return not text or (match is not None and match.end() == len(text))


def _bare(name: str) -> str:
    """A name without the regions before it, when an organ or a place is left."""
    match = pattern("bodies", "names.region").match(name)
    rest = name[match.end() :] if match is not None else name
    return rest if len(rest) > 2 else name


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def _without_bracket(name: str) -> str:
    return pattern("bodies", "names.bracket").remove(name) or name


@cache
def _types() -> tuple[tuple[str, Pattern], ...]:
    return tuple((rule["type"], Pattern(rule["pattern"], where="bodies.toml")) for rule in load("bodies")["type"])


@cache
def _inner(source: str) -> Pattern:
    return Pattern(source, where="bodies.toml inner")
