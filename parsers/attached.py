"""Documents of one bundle beside each other: what each says, which of them are one report, where they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from parsers import annex, article, facts, outline, readers
from parsers.annex import Annex, Statistics
from parsers.article import Article
from parsers.claims import Key
from parsers.conversion import Converter
from parsers.document import Document, Paragraph
from parsers.facts import Facts
from parsers.facts.recognise import Recognition, recognise
from parsers.frozen import frozen
from parsers.marks import is_first
from parsers.readers import archive
from parsers.recognition import Recogniser
from parsers.records import Attachment, DocumentRow, Issue, LedgerCell, Observation
from parsers.values import Owner

OPEN = frozenset({"ambiguous", "unreadable", "conflict"})
"""Statuses of cells that nothing can be compared with."""

LEAST_SHARED = 8
"""Figures in which two documents must agree to be of one body, whatever they call it."""

LEAST_PROSE = 150
MOST_PROSE = 20_000
LIKE = 85.0
"""Characters of running text that are compared, and how alike two texts of one report are, of 100."""

NOBODY = Owner("", "", None)

_OF_PAGE = ("title", "published_date", "index_number", "document_number")
_TOGETHER = (
    ("publisher", "publisher_raw", "body_type"), ("scope_phrase", "scope"), ("report_year",),
    ("period_start", "period_end", "period_basis"), ("email",), ("phone",),
)  # fmt: skip
"""Fields of one origin: the first of each says whether the origin has them."""


@frozen
class Part:
    """A document of a bundle: its row, itself, the report within it, its tables, what it is taken for.

    `second` are the tables as another program reads them from the same bytes.
    """

    row: DocumentRow
    document: Document
    article: Article
    statistics: Statistics
    verdict: Recognition
    second: Statistics | None = None

    @property
    def id(self) -> str:
        return self.row.document_id

    @property
    def has_outline(self) -> bool:
        """Whether the document has a heading."""
        return any(section.level for section in outline.sections(self.article))

    @property
    def prose(self) -> str:
        """The running text of the article without white space, as much as is compared."""
        texts = (block.text for block in self.article.blocks if isinstance(block, Paragraph))
        return "".join("".join(text.split()) for text in texts)[:MOST_PROSE]

    @property
    def is_filled(self) -> bool:
        """Whether the document says anything that a blank form does not: a figure, or a report in prose."""
        return not self.statistics.lines or any(o.value for o in self.statistics.read(NOBODY).observations)

    @property
    def is_blank(self) -> bool:
        """Whether the document is a form without a single figure."""
        return self.statistics.lines > 0 and all(o.value is None for o in self.statistics.read(NOBODY).observations)

    def facts(self) -> Facts:
        return facts.read(self.document, self.article, self.row.source, form_years=self.statistics.years)

    def further(self) -> Iterator[Issue]:
        """A remark where other reports stand on the same page: they are not read."""
        if (title := self.article.further) is not None:
            message = "another report begins here: of the reports on this page only the first is read"
            yield Issue(
                document_id=self.id,
                code="several_reports",
                severity="warning",
                message=message,
                raw=title.text,
                locator=title.locator,
            )


def read(
    content: bytes,
    source: str,
    kind: str,
    *,
    header_charset: str = "",
    recogniser: Recogniser | None = None,
    converter: Converter | None = None,
) -> Part:
    """Read one document. `kind` is that of its row; "" stands for what it is taken for. Raises DocumentError."""
    document = readers.read(
        content, header_charset=header_charset, name=source, recogniser=recogniser, converter=converter
    )
    found = article.find(document)
    statistics = _statistics(document, found)
    if document.whole is not None:
        document, found, statistics = _opened(document, document.whole, found, statistics)
    second = None
    if document.second is not None:
        other = article.find(document.second)
        second = _statistics(document.second, other)
        if second.lines and not statistics.lines:
            # Nothing to compare: the program that finds the tables is the one to believe.
            document, found, statistics, second = document.second, other, second, None
    verdict = recognise(document, found, source, statistics.lines)
    row = DocumentRow(
        document_id=hashlib.sha256(content).hexdigest(),
        source=source,
        kind=kind or verdict.kind,
        reason="" if kind else verdict.reason,
        media_type=document.media_type,
        encoding=document.encoding,
        encoding_source=document.encoding_source,
        bytes=len(content),
        article_digest=article.digest(found),
    )
    return Part(row, document, found, statistics, verdict, second)


def _statistics(document: Document, found: Article) -> Statistics:
    """The tables of the article, else those of the page where no other report stands on it."""
    statistics = annex.find(found.blocks, found.title)
    return statistics if statistics.lines or found.further else annex.find(document.blocks, found.title)


def _opened(
    document: Document, whole: Document, found: Article, statistics: Statistics
) -> tuple[Document, Article, Statistics]:
    """A page, or the same with the parts that are shown on request, where these go on with its report."""
    other = article.find(whole)
    more = _statistics(whole, other)
    if other.further is not None:
        return document, found, statistics
    first, second = (
        {(o.indicator, o.breakdown): (o.status, o.value) for o in one.read(NOBODY).observations}
        for one in (statistics, more)
    )
    goes_on = all(second.get(key) == said for key, said in first.items())
    if first == second and not _text_goes_on(found, other):
        return document, found, statistics
    message = "parts of the page that are shown only on request hold more of the report: they are "
    issue = Issue(code="hidden_pages", severity="warning", message=message + ("read" if goes_on else "not read"))
    kept = whole if goes_on else document
    kept = replace(kept, issues=(*kept.issues, issue))
    return (kept, other, more) if goes_on else (kept, found, statistics)


def _text_goes_on(found: Article, other: Article) -> bool:
    """Whether a longer text has the headings of a shorter one, and then further ones that do not begin anew."""
    heads, further = ([s.title for s in outline.sections(one) if s.title] for one in (found, other))
    rest = further[len(heads) :]
    if not rest or further[: len(heads)] != heads or set(rest) & set(heads):
        return False
    return not (any(map(is_first, heads)) and any(map(is_first, rest)))


def of_one_report(reports: Sequence[tuple[Part, Facts]]) -> bool:
    """Whether documents speak of the same body and year, as far as they name them."""
    return len(grouped(reports)) == 1


def of_year(said: Facts, year: int | None) -> bool:
    """Whether a document may belong to the report of a year."""
    return not year or not said.report_year or said.report_year == year


def grouped(reports: Sequence[tuple[Part, Facts]]) -> list[list[tuple[Part, Facts]]]:
    """Documents by the report that they may belong to, in their order; the one with an outline first in each."""
    groups: list[list[tuple[Part, Facts]]] = []
    for one in reports:
        own = next((group for group in groups if not any(apart(other, one) for other in group)), None)
        if own is None:
            groups.append([one])
        else:
            own.append(one)
    return [sorted(group, key=lambda one: not one[0].has_outline) if group[1:] else group for group in groups]


def apart(main: tuple[Part, Facts], other: tuple[Part, Facts]) -> str:
    """Why a document is not of the same report as another, in words; empty where it may be.

    The year decides, and the body; but where both print the same figures, they name one body in two ways.
    """
    one, two = main[1], other[1]
    if not of_year(one, two.report_year):
        return f"it is of {two.report_year}, the other of {one.report_year}"
    if one_body(one, two) or _same_figures(main[0], other[0]):
        return ""
    return f"it is of {two.publisher}, the other of {one.publisher}"


_OF_AREA = frozenset({"government", "office"})


def one_body(one: Facts, two: Facts) -> bool:
    """Whether two names may be of one body: one is the other with words left out, and both are of one kind."""
    kinds = {one.body_type, two.body_type} - {"", "other"}
    if len(kinds) > 1 and not kinds <= _OF_AREA:
        return False
    short, long = sorted((one.publisher, two.publisher), key=len)
    letters = iter(long)
    return all(letter in letters for letter in short)


def _same_figures(one: Part, two: Part) -> bool:
    """Whether the tables of two documents say the same, as far as both have figures that are not zero."""
    first, second = (
        {(o.indicator, o.breakdown): o.value for o in part.statistics.read(NOBODY).observations if o.value}
        for part in (one, two)
    )
    shared = first.keys() & second.keys()
    return len(shared) >= LEAST_SHARED and sum(first[key] == second[key] for key in shared) >= 0.9 * len(shared)


def is_copy(main: Part, other: Part) -> bool:
    """Whether a document is the whole report again: the same article, or the same text with tables of its own."""
    if main.row.article_digest == other.row.article_digest:
        return True
    if main.statistics.lines and not other.statistics.lines:
        return False
    first, second = main.prose, other.prose
    return min(len(first), len(second)) >= LEAST_PROSE and fuzz.ratio(first, second) >= LIKE


def unpacked(attachment: Attachment) -> list[Attachment]:
    """A document as it is, or the files within an archive, with sources of their own. Raises DocumentError."""
    if not archive.is_archive(attachment.content):
        return [attachment]
    return [Attachment(content, source) for source, content in archive.files(attachment.content, attachment.source)]


def weighed(page: Facts, report: Facts, *, whole: bool) -> Facts:
    """The facts of a report in two documents. `whole` says that the page is no more than the cover of the other.

    Title, day of publication and numbers are the page's where it states them, everything else that of the
    document with the text; what one does not state is taken from the other.
    """
    first, second = (report, page) if whole else (page, report)
    changes: dict[str, object] = {}
    for fields in _TOGETHER:
        origin = second if _weaker(first, second, fields[0]) else first
        changes.update({name: getattr(origin, name) for name in fields})
    for name in _OF_PAGE:
        changes[name] = getattr(page, name) or getattr(report, name)
    return replace(page, issues=(), **changes)  # type: ignore[arg-type]


def _weaker(first: Facts, second: Facts, name: str) -> bool:
    """Whether the second document states what the first does not, or only by assumption."""
    if name == "period_start" and second.period_basis == "stated" and first.period_basis == "assumed":
        return True
    return not getattr(first, name) and bool(getattr(second, name))


@dataclass(slots=True)
class Figures:
    """The cells of a report, from the documents that hold its tables. The first of them is the one to point to."""

    first: Annex
    observations: list[Observation]
    cells: list[LedgerCell]
    issues: list[Issue]
    doubtful: set[Key]


def figures(parts: Sequence[Part], owner: Owner) -> Figures:
    """Read the tables of one report from its documents, the main one first, and compare them.

    Equal cells give one observation, of the first document that has the cell; cells that differ are
    `conflict`, with an issue for each place. `owner` gives the report's id and year.
    """
    own: Figures | None = None
    for part in parts:
        found = part.statistics.read(owner._replace(document_id=part.id))
        issues = [replace(issue, document_id=issue.document_id or part.id) for issue in found.issues]
        if part.second is not None:
            found = _read_twice(found, part.second.read(owner._replace(document_id=part.id)), issues)
        if own is None:
            own = Figures(found, list(found.observations), list(found.cells), issues, set(found.doubtful))
        elif found.form is own.first.form:
            own.cells.extend(found.cells)
            own.issues.extend(issues)
            _compare(own, found)
        elif found.form is not None:
            own.issues.append(
                Issue(
                    document_id=part.id,
                    code="attachment_form",
                    severity="warning",
                    message=f"{part.row.source} has tables of another form ({found.form.name}): not compared",
                )
            )
    return own or Figures(Annex(), [], [], [], set())


def _compare(own: Figures, found: Annex) -> None:
    """Merge the cells of a further document."""
    places = {(one.indicator, one.breakdown): at for at, one in enumerate(own.observations)}
    for other in found.observations:
        key = (other.indicator, other.breakdown)
        at = places.get(key)
        if at is None:
            own.observations.append(other)
            if key in found.doubtful:
                own.doubtful.add(key)
            continue
        one = own.observations[at]
        if one.status in OPEN or other.status in OPEN or _figure(one) == _figure(other):
            continue
        own.observations[at] = replace(one, status="conflict", value=None, value_std=None)
        own.doubtful.add(key)
        for place in (one, other):
            own.issues.append(
                Issue(
                    document_id=place.document_id,
                    code="conflict",
                    severity="error",
                    message=f"two documents of the report differ in {key[0]} {key[1]}",
                    raw=f"{one.raw}; {other.raw}",
                    locator=place.locator,
                )
            )


def _read_twice(own: Annex, other: Annex, issues: list[Issue]) -> Annex:
    """The tables as our own reader reads them, those cells `conflict` in which another program reads another figure.

    Each cell on which the two differ has an issue, those too that only one of them finds.
    """
    if own.form is None:
        return own
    if other.form is not own.form:
        message = "the second reader of the file finds no table of this form: its cells are not compared"
        document_id = own.observations[0].document_id if own.observations else ""
        issues.append(Issue(document_id=document_id, code="reader_conflict", severity="warning", message=message))
        return own
    left = {(one.indicator, one.breakdown): one for one in other.observations}
    read, doubtful = [], set(own.doubtful)
    for one in own.observations:
        key = (one.indicator, one.breakdown)
        second = left.pop(key, None)
        if second is None:
            issues.append(_differ(one, "the second reader of the file does not find this cell", "warning"))
        elif one.status not in OPEN and second.status in OPEN:
            issues.append(_differ(one, "the second reader of the file is in doubt", "warning", second.raw))
        elif one.status not in OPEN and _figure(one) != _figure(second):
            issues.append(_differ(one, "two readers of the file differ", "error", second.raw))
            doubtful.add(key)
            read.append(replace(one, status="conflict", value=None, value_std=None))
            continue
        read.append(one)
    for one in left.values():
        issues.append(_differ(one, "only the second reader of the file finds this cell", "warning"))
    return replace(own, observations=tuple(read), doubtful=frozenset(doubtful))


def _differ(one: Observation, what: str, severity: str, *others: str) -> Issue:
    return Issue(
        document_id=one.document_id,
        code="reader_conflict",
        severity=severity,
        message=f"{what}: {one.indicator} {one.breakdown}",
        raw="; ".join((one.raw, *others)),
        locator=one.locator,
    )


def _figure(one: Observation) -> object:
    """What a cell says: its value in the standard unit where that is known; all ways to print none are alike."""
    return one.value_std if one.value_std is not None else one.value
