"""The year that a report is on, voted by all places that name one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import unquote, urlsplit

from parsers.facts.lines import Line, fold, squeeze
from parsers.facts.rules import load, pattern
from parsers.frozen import frozen
from parsers.records import Issue

_NUMERALS = str.maketrans("零一二三四五六七八九〇○O", "0123456789000")
_BEGINNING = 30
"""So far into a paragraph a year can stand at its beginning: behind a heading."""


@frozen
class Vote:
    """A year that one place names. `place` is a key of `[weights]` in `year.toml`."""

    year: int
    place: str
    raw: str
    locator: str = ""

    @property
    def weight(self) -> float:
        return float(load("year")["weights"][self.place])


@frozen
class Year:
    """The year with the most weight, None when nothing names one; a conflict is an issue."""

    year: int | None = None
    issues: tuple[Issue, ...] = ()


def decide(votes: Sequence[Vote]) -> Year:
    """Count the votes; each place speaks once for a year. Ties go to the place that weighs more."""
    limits = load("year")["limits"]
    sums: dict[int, dict[str, Vote]] = {}
    for vote in votes:
        if limits["first"] <= vote.year <= limits["last"]:
            sums.setdefault(vote.year, {}).setdefault(vote.place, vote)
    if not sums:
        return Year()

    def rank(year: int) -> tuple[float, float, int]:
        weights = [vote.weight for vote in sums[year].values()]
        return round(sum(weights), 6), max(weights), year

    ranked = sorted(sums, key=rank, reverse=True)
    rivals = [vote for year in ranked[1:] for vote in sums[year].values() if vote.weight >= limits["conflict"]]
    if not rivals:
        return Year(ranked[0])
    said = "; ".join(f"{year} ({', '.join(sums[year])})" for year in ranked)
    issue = Issue(
        code="year_conflict",
        severity="warning",
        message=f"candidates: {said}",
        raw=rivals[0].raw,
        locator=rivals[0].locator,
    )
    return Year(ranked[0], (issue,))


def of_title(title: str, locator: str = "") -> Iterator[Vote]:
    """The votes of a title: 2018 or 二〇一八; a title that names two years votes for neither."""
    years = _years(title)
    if len(set(years)) == 1:
        yield Vote(years[0], "title", title, locator)


def of_preamble(preamble: Sequence[Line]) -> Iterator[Vote]:
    """The votes of running text that announces the report by its year."""
    for line in preamble:
        if not line.prose:
            continue
        for place in ("opening", "covers"):
            match = pattern("year", f"patterns.{place}").search(line.key)
            if match is not None:
                yield Vote(int(match.group("year")), place, match.group(), line.locator)


def of_text(own: Sequence[Line]) -> Iterator[Vote]:
    """The vote of the first paragraph that begins with a year, a heading before it or not: 2018年，我局…"""
    found = (pattern("year", "patterns.text").match(line.key) for line in own if "20" in line.key[:_BEGINNING])
    first = next(filter(None, found), None)
    if first is not None:
        yield Vote(int(first.group("year")), "text", first.group())


def of_headers(form_years: Sequence[tuple[int, str]]) -> Iterator[Vote]:
    """The votes of years found in the headers of tables."""
    years = {year for year, _ in form_years}
    if len(years) == 1:
        yield Vote(form_years[0][0], "header", form_years[0][1])


def of_source(source: str) -> Iterator[Vote]:
    """The vote of a file's name; folders and dates in an address say when something was put there."""
    path = urlsplit(source).path if "://" in source else source
    name = unquote(path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])
    years = {int(m.group("year") or m.group("after")) for m in pattern("year", "patterns.source").find(fold(name))}
    if len(years) == 1:
        yield Vote(years.pop(), "source", name)


def of_publication(published: date | None) -> Iterator[Vote]:
    """The vote of the day of publication: reports are on the year before it."""
    if published is not None:
        yield Vote(published.year - 1, "published", published.isoformat())


def _years(text: str) -> list[int]:
    folded = fold(squeeze(text))
    years = [int(match.group()) for match in pattern("year", "patterns.title").find(folded)]
    for match in pattern("year", "patterns.chinese").find(folded):
        digits = match.group().translate(_NUMERALS)
        if digits.isascii() and digits.isdigit() and int(digits) not in years:
            years.append(int(digits))
    return years
