"""A page and its attachments become one report: records with local facts, ids made from the main document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from parsers import attached, checks, outline, prose, prose_checks
from parsers.attached import Part
from parsers.errors import DocumentError
from parsers.facts import Facts
from parsers.facts.recognise import is_cover
from parsers.records import (
    FAILED,
    Bundle,
    Check,
    DocumentRow,
    Issue,
    ParsedBundle,
    Report,
    ReportDocument,
    Section,
)
from parsers.values import Owner
from parsers.version import VERSION

PROSE = "prose"


@dataclass(slots=True)
class _Attachments:
    """What came of a bundle's attachments: all rows, those that are reports, and issues."""

    rows: list[DocumentRow] = field(default_factory=list)
    reports: list[tuple[Part, Facts]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def assemble(bundle: Bundle) -> ParsedBundle:
    """Read a bundle. Raises DocumentError when the main document cannot be read."""
    main = attached.read(
        bundle.content,
        bundle.source,
        "",
        header_charset=bundle.header_charset,
        recogniser=bundle.recogniser,
        converter=bundle.converter,
    )
    main = replace(main, row=replace(main.row, fetched_at=bundle.fetched_at))
    others = _attachments(bundle)
    whole = main.verdict.kind != "report"
    if whole and not (others.reports and is_cover(main.verdict) and attached.of_one_report(others.reports)):
        if others.reports:
            others.issues.extend(_unused(part, "the page that names it is no report") for part, _ in others.reports)
        issues = (*(replace(issue, document_id=main.id) for issue in main.document.issues), *others.issues)
        return ParsedBundle(documents=(main.row, *others.rows), issues=issues)
    if whole:
        main = replace(main, row=replace(main.row, kind="report", reason="the report is an attachment of the page"))
    return _report(main, others, whole=whole)


def _attachments(bundle: Bundle) -> _Attachments:
    found = _Attachments()
    done = {hashlib.sha256(bundle.content).hexdigest()}
    for attachment in bundle.attachments:
        document_id = hashlib.sha256(attachment.content).hexdigest()
        try:
            part = attached.read(
                attachment.content,
                attachment.source,
                "attachment",
                recogniser=bundle.recogniser,
                converter=bundle.converter,
            )
        except DocumentError as error:
            size = len(attachment.content)
            found.rows.append(DocumentRow(document_id, attachment.source, kind="error", reason=str(error), bytes=size))
            message = f"the attachment {attachment.source} is not read: {error}"
            found.issues.append(
                Issue(document_id=document_id, code="attachment_unread", severity="warning", message=message)
            )
            continue
        found.rows.append(part.row)
        if part.verdict.kind == "report" and document_id not in done:
            found.reports.append((part, part.facts()))
        done.add(document_id)
    return found


def _unused(part: Part, why: str) -> Issue:
    return Issue(
        document_id=part.id,
        code="attachment_unused",
        severity="warning",
        message=f"the attachment {part.row.source} looks like a report and is not read as one: {why}",
    )


def _report(main: Part, others: _Attachments, *, whole: bool) -> ParsedBundle:
    report_id = "r" + main.id[:16]
    issues = list(others.issues)
    page = main.facts()
    origins = [*([] if whole else [(main, page)]), *others.reports]
    parts = []
    for part, said in origins:
        if part is main or whole or attached.of_year(said, page.report_year):
            parts.append(part)
        else:
            issues.append(_unused(part, f"it is of {said.report_year}, the page of {page.report_year}"))
    for part, said in ((main, page), *others.reports):
        if part in (main, *parts):
            own = (*part.document.issues, *said.issues) if part is not main or not whole else part.document.issues
            issues.extend(replace(issue, document_id=part.id) for issue in own)
    stated_by = next((said for part, said in others.reports if part in parts), None)
    said = attached.weighed(page, stated_by, whole=whole) if stated_by else page
    owner = Owner(report_id, main.id, said.report_year)
    figures = attached.figures([part for part in parts if part.statistics.lines], owner)
    text, sections = _sections(parts)
    sections = tuple(replace(s, report_id=report_id, document_id=text.id) for s in sections)
    form = figures.first.form
    stated = prose.figures(text.article, sections, form, owner._replace(document_id=text.id))
    observations = tuple(figures.observations)
    evaluated: tuple[Check, ...] = ()
    if form:
        doubtful = frozenset(figures.doubtful)
        evaluated = checks.check(observations, form, doubtful, report_id)
        evaluated += prose_checks.compare(stated, observations, form, doubtful, report_id)
    issues.extend(figures.issues)
    found = tuple(replace(issue, report_id=report_id) for issue in issues)
    report = Report(
        report_id=report_id,
        document_id=main.id,
        source=main.row.source,
        title=said.title,
        publisher=said.publisher,
        publisher_raw=said.publisher_raw,
        body_type=said.body_type,
        scope=said.scope,
        scope_phrase=said.scope_phrase,
        report_year=said.report_year,
        form=form.name if form else PROSE,
        period_start=said.period_start,
        period_end=said.period_end,
        period_basis=said.period_basis,
        published_date=said.published_date,
        index_number=said.index_number,
        document_number=said.document_number,
        email=said.email,
        phone=said.phone,
        observations=len(observations),
        checks_failed=sum(1 for check in evaluated if check.outcome in FAILED),
        issues=len(found),
        parser_version=VERSION,
    )
    return ParsedBundle(
        documents=(main.row, *others.rows),
        report_documents=tuple(_report_documents(report_id, main.row, others.rows)),
        reports=(report,),
        sections=sections,
        observations=observations,
        cells=tuple(figures.cells),
        checks=evaluated,
        issues=found,
        figures=stated,
    )


def _sections(parts: Sequence[Part]) -> tuple[Part, tuple[Section, ...]]:
    """The outline of the first document that has headings, else of the first."""
    first = parts[0], outline.sections(parts[0].article)
    for part, found in (first, *((part, outline.sections(part.article)) for part in parts[1:])):
        if any(section.level for section in found):
            return part, found
    return first


def _report_documents(report_id: str, main: DocumentRow, attachments: list[DocumentRow]) -> Iterable[ReportDocument]:
    yield ReportDocument(report_id, main.document_id, "main")
    seen = {main.document_id}
    for row in attachments:
        if row.document_id not in seen:
            seen.add(row.document_id)
            yield ReportDocument(report_id, row.document_id, "attachment")
