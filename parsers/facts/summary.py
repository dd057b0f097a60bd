"""What a report says of itself: every field of `reports` that stands on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from parsers.article import Article
from parsers.document import Document
from parsers.facts import contacts, dates, metadata, publisher, scope, title, year
from parsers.facts.lines import Page, page, squeeze
from parsers.facts.rules import pattern
from parsers.frozen import frozen
from parsers.records import Issue

_TEXT = 30
_PREAMBLE = 10
_HEAD = 6


@frozen
class Facts:
    """The fields of a report, named as in `records.Report`. What is not stated is empty.

    `issues` carry raw text and locator; their ids are filled in by whoever knows the report.
    """

    title: str = ""
    publisher: str = ""
    publisher_raw: str = ""
    body_type: str = ""
    scope: str = "unknown"
    scope_phrase: str = ""
    report_year: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    period_basis: str = ""
    published_date: date | None = None
    index_number: str = ""
    document_number: str = ""
    email: str = ""
    phone: str = ""
    issues: tuple[Issue, ...] = ()

    def missing(self) -> tuple[Issue, ...]:
        """One issue for each fact that is not stated and without which a report cannot be placed."""
        missing = [name for name, said in (("year", self.report_year), ("publisher", self.publisher)) if not said]
        message = "nothing in the document names it"
        return tuple(Issue(code=f"missing_{name}", severity="warning", message=message) for name in missing)


def read(document: Document, article: Article, source: str, *, form_years: Sequence[tuple[int, str]] = ()) -> Facts:
    """Read a report's facts from its page.

    `source` is its address or path, `form_years` are years in the headers of its tables with the
    header as published. Raises LimitError when a pattern takes too long on some text.
    """
    whole = page(document, article)
    fields = metadata.collect(whole)
    heading = title.read(whole, fields)
    body = publisher.read(whole, heading, fields)
    period = dates.period(whole)
    days = dates.days(whole, heading, fields)
    votes = [
        *_of_period(period),
        *year.of_title(heading.text, heading.locator),
        *year.of_headers(form_years),
        *year.of_preamble(whole.own[:_PREAMBLE]),
        *year.of_text(whole.own[:_TEXT]),
        *year.of_source(source),
        *year.of_publication(days[0].day if days else None),
    ]
    voted = year.decide(votes)
    if not period.basis and voted.year is not None:
        period = dates.assumed(voted.year)
    published = dates.published(days, voted.year)
    reach = contacts.read(whole)
    whom = scope.read(whole)
    return Facts(
        title=heading.text,
        publisher=body.name,
        publisher_raw=body.raw,
        body_type=body.body_type,
        scope=whom.scope,
        scope_phrase=whom.phrase,
        report_year=voted.year,
        period_start=period.start,
        period_end=period.end,
        period_basis=period.basis,
        published_date=published.day,
        index_number=_index_number(fields),
        document_number=_document_number(fields, whole),
        email=reach.email,
        phone=reach.phone,
        issues=(
            *title.others(whole, heading),
            *period.issues,
            *voted.issues,
            *body.issues,
            *published.issues,
            *reach.issues,
        ),
    )


def _of_period(period: dates.Period) -> list[year.Vote]:
    if period.start is None or period.end is None:
        return []
    middle = period.start + (period.end - period.start) / 2
    place = "period_repaired" if period.basis == "repaired" else "period"
    return [year.Vote(middle.year, place, period.raw, period.locator)]


def _index_number(fields: Sequence[metadata.Field]) -> str:
    for field in fields:
        if field.name != "index_number":
            continue
        words = field.value.split(" ")
        value = words[0] + "".join(word for word in words[1:] if word.isascii())
        if any(character.isdigit() for character in value) and len(value) <= 80:
            return value
    return ""


def _document_number(fields: Sequence[metadata.Field], whole: Page) -> str:
    """The number of a labelled field, or of a line of its own in the head of the article."""
    for field in fields:
        value = squeeze(field.value)
        if field.name == "document_number" and any(character.isdigit() for character in value) and len(value) <= 50:
            return value
    for line in (*whole.before[-_HEAD:], *whole.own[:_HEAD]):
        if "号" in line.key and pattern("metadata", "values.document_number_line").fullmatch(line.key) is not None:
            return squeeze(line.text)
    return ""
