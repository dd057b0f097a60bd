"""Figures stated in the running text of a report, for the lines that the forms have.

A number counts only with its noun: the words before it, or behind its unit, have to be those of an
entry of `prose.toml`. A denial (未收到, 无) is a zero only where the sentence denies the very thing.
A number of another year, of a comparison, of a plan or of a part of the body is left out, and so is
one that is not meant exactly (约, 余).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from parsers import headings
from parsers.article import Article
from parsers.document import Paragraph
from parsers.forms import Form
from parsers.frozen import frozen
from parsers.prose_lines import key_of, lines_of, says_something
from parsers.prose_reader import (
    Context,
    Reader,
    Stated,
    topic_of,
)
from parsers.prose_rules import rules
from parsers.prose_years import CUMULATIVE, YEAR, YEARS
from parsers.records import Figure, Section
from parsers.values import Owner

LONGEST = 200_000
"""A longer line is no prose of a report."""

NO_TABLE = "prose"
_YEARLY = ("total", YEAR, "value")


def figures(
    article: Article, sections: Sequence[Section], form: Form | None, owner: Owner | None = None
) -> tuple[Figure, ...]:
    """The figures stated in a report's text, in the order of the text.

    `sections` are those of the same article, `form` is the form of its statistics (None without a
    table), `owner` gives ids and the report's year; without a year the one most often named stands
    for it. `indicator` is a line of the form, or of the forms that have such a line where this one
    has none; `+` joins lines that the text counts together. `unit` is as printed, empty when it is
    not. `phrase` is the clause with the number, `locator` where its paragraph stands, narrowed to
    the phrase where the paragraph is in one piece.
    """
    owner = owner or Owner()
    year = owner.report_year or _usual_year(sections)
    name = form.name if form else NO_TABLE
    found: list[Figure] = []
    places: _Places | None = None
    titles = {section.section: section for section in sections}
    told = [
        (over, text, heading)
        for over in [_Over(section, titles) for section in sections]
        for text, heading in _lines(over.section)
        if len(text) <= LONGEST
    ]
    for (over, text, heading), line in zip(told, lines_of([text for _, text, _ in told]), strict=True):
        if not says_something(line):
            continue
        reader = Reader(line, over, year, name)
        stated = reader.read()
        if not stated:
            continue
        section = over.section
        places = places or _Places(article)
        place = places.of(text, section.locator, heading)
        for item in stated:
            indicator, breakdown = _line_of(item, form, name)
            phrase = reader.phrase(item)
            found.append(
                Figure(
                    report_id=owner.report_id,
                    section=section.section,
                    indicator=indicator,
                    breakdown=breakdown,
                    value=item.value,
                    unit=item.unit,
                    phrase=phrase,
                    document_id=owner.document_id,
                    locator=place.narrowed(phrase),
                )
            )
    return tuple(found)


def _lines(section: Section) -> Iterator[tuple[str, bool]]:
    """The section's lines; its title too where it is a statement rather than a heading."""
    if section.title.rstrip().endswith(("。", "；")) or len(section.title) > 24:
        yield section.title, True
    for line in section.text.split("\n"):
        if line:
            yield line, False


def _usual_year(sections: Sequence[Section]) -> int | None:
    counts: dict[int, int] = {}
    for section in sections:
        for match in YEARS.finditer(section.title + section.text):
            counts[int(match[1])] = counts.get(int(match[1]), 0) + 1
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


class _Over:
    """What the headings over a section speak of, found out when it is asked for."""

    __slots__ = ("by_path", "found", "section")

    def __init__(self, section: Section, by_path: Mapping[str, Section]) -> None:
        self.section = section
        self.by_path = by_path
        self.found: Context | None = None

    def __call__(self) -> Context:
        if self.found is None:
            self.found = self._read()
        return self.found

    def _read(self) -> Context:
        topic, titles, section_topic = "", [], ""
        at: Section | None = self.section
        while at is not None:
            title = key_of(at.title)
            titles.append(title)
            if not topic:
                topic = topic_of(title) or at.topic
            section_topic = section_topic or at.topic
            at = self.by_path.get(at.parent) if at.parent else None
        return Context(topic, "\n".join([*titles, f"#{topic}", f"#{section_topic}"]), section_topic)


# Concepts to lines


def _line_of(item: Stated, form: Form | None, name: str) -> tuple[str, str]:
    """Indicator and breakdown of a figure in a form."""
    indicators: list[str] = []
    column = item.dimension
    for part in item.concept.split("+"):
        known = rules().concepts[part]
        code, _, own = known.get(name, known["default"]).partition(":")
        column = column or own
        indicators.extend(code.split("+"))
    printed: tuple[str, ...] = ()
    if form is not None and form.has(indicators[0]):
        printed = form.find(indicators[0]).breakdowns
    if not column:
        column = CUMULATIVE if item.period == CUMULATIVE else ""
    if not column:
        column = next((b for b in _YEARLY if b in printed), YEAR)
    return "+".join(indicators), column


# Places


@frozen
class _Place:
    text: str
    locator: str

    def narrowed(self, phrase: str) -> str:
        """The locator of the phrase where the paragraph is one piece of its source, else the paragraph's."""
        match = _SPAN.fullmatch(self.locator)
        if match is None or self.text.count(phrase) != 1:
            return self.locator
        start, end = int(match[2]), int(match[3])
        if end - start != len(self.text):
            return self.locator
        at = start + self.text.index(phrase)
        return f"{match[1]}[{at}:{at + len(phrase)}]"


_SPAN = re.compile(r"((?:html|text|docx):[^+\[\]]+)\[(\d+):(\d+)\]")


class _Places:
    """Where the lines of the sections stand, found in reading order."""

    def __init__(self, article: Article) -> None:
        self.lines = [line for line in headings.lines(article) if not line.table]
        self.paragraphs = {b.locator: b.text for b in article.blocks if isinstance(b, Paragraph)}
        self.at = 0

    def of(self, text: str, otherwise: str, heading: bool) -> _Place:
        """The place of a line of a section; `otherwise` where it is not found."""
        if heading:
            return _Place(self.paragraphs.get(otherwise, ""), otherwise)
        for at in range(self.at, len(self.lines)):
            if self.lines[at].text.endswith(text):
                self.at = at
                locator = self.lines[at].locator
                return _Place(self.paragraphs.get(locator, ""), locator)
        return _Place(self.paragraphs.get(otherwise, ""), otherwise)
