"""The day of publication and the reporting period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from parsers.characters import dates
from parsers.document import Paragraph
from parsers.facts import bodies
from parsers.facts.lines import Line, Page, clean, fold, squeeze
from parsers.facts.metadata import Field
from parsers.facts.rules import load, pattern
from parsers.facts.title import Title
from parsers.frozen import frozen
from parsers.records import Issue

_PREAMBLE = 14
_NEAR = 12
_OVER = 2
_SHORT = 60
_DATED = 6
_SPAN = 40
_OPEN = frozenset("0123456789年月日至到起—-")


@frozen
class Day:
    """A day that one place gives. `place` is a key of `[weights]` in `dates.toml`."""

    day: date
    place: str
    raw: str
    locator: str = ""

    @property
    def weight(self) -> float:
        return float(load("dates")["weights"][self.place])


@frozen
class Published:
    """The day of publication, None where no place states one."""

    day: date | None = None
    issues: tuple[Issue, ...] = ()


@frozen
class Period:
    """The reporting period. `basis` is one of stated, repaired, assumed, or "" when nothing is known."""

    start: date | None = None
    end: date | None = None
    basis: str = ""
    raw: str = ""
    locator: str = ""
    issues: tuple[Issue, ...] = ()


def days(page: Page, title: Title, fields: Sequence[Field]) -> tuple[Day, ...]:
    """All days that may be the day of publication, the most trustworthy first."""
    found = [*_of_fields(fields), *_bare(page, title), *_signatures(page.own)]
    return tuple(sorted(found, key=lambda item: -item.weight))


def published(candidates: Sequence[Day], report_year: int | None) -> Published:
    """The first of the candidates that is possible for a report on that year.

    Places of one worth that differ are an issue; so is a day that only a signature gives, and one
    that lies before the year reported on.
    """
    possible = [item for item in candidates if _possible(item.day, report_year)]
    issues = [
        _issue("date_implausible", f"{item.day} cannot be the publication of a report on {report_year}", item)
        for item in candidates
        if not _possible(item.day, report_year) and item.weight >= load("dates")["weights"]["byline"]
    ]
    if not possible:
        return Published(None, tuple(issues))
    chosen = possible[0]
    rivals = [
        item for item in possible[1:] if item.weight >= load("dates")["weights"]["byline"] and item.day != chosen.day
    ]
    if rivals:
        said = "; ".join(dict.fromkeys(f"{item.day} ({item.place})" for item in (chosen, *rivals)))
        issues.append(_issue("date_conflict", f"candidates: {said}", rivals[0]))
    if chosen.place == "signature":
        issues.append(_issue("date_from_signature", "only the signature gives a day", chosen, severity="info"))
    return Published(chosen.day, tuple(issues))


def period(page: Page) -> Period:
    """The period that the report states, from its preamble before the rest; empty when it states none."""
    own = [block for block in page.article.blocks if isinstance(block, Paragraph)]
    for part in (own[:_PREAMBLE], _broken(own[:_PREAMBLE]), own[_PREAMBLE:]):
        found = [(block, item) for block in part for item in dates.find_period(block.text)]
        cued = [pair for pair in found if _cued(pair[0].text, pair[1])]
        for block, item in cued or found:
            issues: tuple[Issue, ...] = ()
            if item.basis == "repaired":
                message = f"read as {item.start} to {item.end}"
                issues = (Issue("", "", "period_repaired", "info", message, item.raw, block.locator),)
            return Period(item.start, item.end, item.basis, item.raw, block.locator, issues)
    return next(filter(None, map(_unusual, own[:_PREAMBLE])), Period())


def _broken(own: Sequence[Paragraph]) -> list[Paragraph]:
    """Lines that end within a date or between two, each with the one that goes on."""
    pairs = pairwise(own)
    return [replace(one, text=one.text + other.text) for one, other in pairs if one.text[-1:] in _OPEN]


def _unusual(block: Paragraph) -> Period | None:
    """A period that the words call the reporting period and that is no calendar year."""
    if not any(sign in block.text for sign in "至到—-~止"):
        return None
    for first in dates.find_dates(block.text):
        if first.precision != "day" or not _is_cued(block.text, first.start):
            continue
        rest = block.text[first.end : first.end + _SPAN]
        match = pattern("dates", "patterns.span").match(squeeze(fold(rest)))
        if match is None:
            continue
        try:
            last = date(int(match.group("year") or first.date.year), int(match.group("month")), int(match.group("day")))
        except ValueError:
            continue
        limits = load("dates")["limits"]
        if limits["shortest"] <= (last - first.date).days <= limits["longest"]:
            raw = clean(block.text[first.start : first.end]) + match.group()
            issue = Issue(
                code="period_unusual",
                severity="warning",
                message=f"the period stated is no calendar year: {first.date} to {last}",
                raw=raw,
                locator=block.locator,
            )
            return Period(first.date, last, "stated", raw, block.locator, (issue,))
    return None


def assumed(report_year: int) -> Period:
    """The period of a report that states none: its year."""
    rule = load("dates")["assumed"]
    start = rule["starts"].get(str(report_year), rule["start"])
    first, last = (date.fromisoformat(f"{report_year}-{day}") for day in (start, rule["end"]))
    return Period(first, last, "assumed")


def _of_fields(fields: Sequence[Field]) -> Iterator[Day]:
    for field in fields:
        if field.name not in ("published", "written", "updated") or field.aside:
            continue
        place = field.name
        if field.origin == "meta":
            place = "meta"
        elif field.origin == "below":
            if field.name != "published":
                continue
            place = "below"
        elif field.generic:
            place = "byline"
        found = _first_day(field.value)
        if found is not None:
            raw = field.value if field.origin == "meta" else f"{field.label}：{field.value}"
            yield Day(found, place, raw, field.locator)


def _bare(page: Page, title: Title) -> Iterator[Day]:
    """A day without label in a short line below the title."""
    region = (*page.before, *page.own[:_NEAR])
    key = squeeze(fold(title.text))
    heads = [index for index, line in enumerate(region) if line.key in key and not bodies.is_organ(line.key)]
    if not title.text or not heads:
        return
    # The page's own title stands over the byline, the article's once more below it.
    starts = [heads[-1], *(index for index in heads[:-1] if region[index].key == key)]
    for line in (line for start in starts for line in region[start + 1 : start + 4]):
        if line.linked or line.aside or line.prose or pattern("dates", "patterns.decoy").search(line.folded):
            continue
        match = pattern("dates", "patterns.bare").match(line.folded)
        found = _first_day(match.group("day")) if match is not None else _within(line)
        if found is not None:
            yield Day(found, "bare", line.text, line.locator)
    # Over the title a day must say by its line that it is the article's.
    for line in region[max(0, min(starts) - _OVER) : min(starts)]:
        source = pattern("dates", "patterns.over").search(line.folded)
        if source is None or line.linked or line.aside or line.prose:
            continue
        found = None if pattern("dates", "patterns.decoy").search(line.folded) else _within(line)
        if found is not None:
            yield Day(found, "bare", line.text, line.locator)


def _within(line: Line) -> date | None:
    """The only day in a byline: beside a source, a counter, the page's tools or a body's name."""
    found = [item for item in dates.find_dates(line.text) if item.precision == "day"]
    if len(found) != 1 or any(sign in line.text for sign in "。，；"):
        return None
    rest = squeeze(line.folded[: found[0].start] + line.folded[found[0].end :])
    rest = pattern("dates", "patterns.clock").remove(rest).strip(":;|()[]-")
    byline = pattern("dates", "patterns.byline").search(rest) is not None
    return found[0].date if not rest or byline or bodies.is_organ(rest) else None


def _signatures(own: Sequence[Line]) -> Iterator[Day]:
    """The day of a signature: alone in its line under a body's name, or the last line, or behind the name."""
    for index, line in enumerate(own):
        if not _DATED <= len(line.text) <= _SHORT or not any(map(line.text.__contains__, "日号-./")):
            continue
        found = [item for item in dates.find_dates(line.text) if item.precision == "day"]
        if len(found) != 1:
            continue
        rest = squeeze(line.folded[: found[0].start] + line.folded[found[0].end :]).strip("()")
        above = own[index - 1].key if index else ""
        alone = not rest and (bodies.is_organ(above) or line.align == "right" or index + 1 == len(own))
        if index > 0 and (alone or (rest and bodies.is_organ(rest))):
            yield Day(found[0].date, "signature", line.text, line.locator)


def _cued(text: str, item: dates.Period) -> bool:
    """Whether the words around a period say that the figures are of it."""
    return _is_cued(text, item.start_offset)


def _is_cued(text: str, start: int) -> bool:
    return pattern("dates", "patterns.period_cue").search(fold(text[max(0, start - 30) : start])) is not None


def _possible(day: date, report_year: int | None) -> bool:
    limits = load("dates")["limits"]
    if day.year < limits["first_year"]:
        return False
    return report_year is None or report_year <= day.year <= report_year + int(limits["years_after"])


def _first_day(text: str) -> date | None:
    found = next((item.date for item in dates.find_dates(text) if item.precision == "day"), None)
    return found or _shortened(text)


def _shortened(text: str) -> date | None:
    """A day with two digits for its year, or as a program prints it: 19-01-10, Thu Jan 10 09:12:00 CST 2019."""
    data = load("dates")
    match = pattern("dates", "patterns.short").match(fold(text))
    if match is None:
        return None
    named = match.group("name")
    month = data["months"].index(named.lower()) + 1 if named else int(match.group("month"))
    year = int(match.group("year")) if named else data["limits"]["century"] + int(match.group("short"))
    try:
        return date(year, month, int(match.group("day") or match.group("date")))
    except ValueError:
        return None


def _issue(code: str, message: str, item: Day, *, severity: str = "warning") -> Issue:
    return Issue(code=code, severity=severity, message=message, raw=item.raw, locator=item.locator)
