"""A page and its attachments become one report: records with local facts, ids made from the main document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from parsers import annex, article, checks, facts, outline, prose, prose_checks, readers
from parsers.annex import Statistics
from parsers.article import Article
from parsers.document import Document
from parsers.errors import DocumentError
from parsers.facts.recognise import recognise
from parsers.recognition import Recogniser
from parsers.records import (
    FAILED,
    Attachment,
    Bundle,
    Check,
    DocumentRow,
    ParsedBundle,
    Report,
    ReportDocument,
)
from parsers.values import Owner
from parsers.version import VERSION

PROSE = "prose"


def assemble(bundle: Bundle) -> ParsedBundle:
    """Read a bundle. Raises DocumentError when the main document cannot be read."""
    document = readers.read(
        bundle.content, header_charset=bundle.header_charset, name=bundle.source, recogniser=bundle.recogniser
    )
    found = article.find(document)
    statistics = annex.find(found.blocks)
    if not statistics.lines:
        statistics = annex.find(document.blocks)
    verdict = recognise(document, found, bundle.source, statistics.lines)
    main = _row(bundle, document, found, verdict.kind, verdict.reason)
    attached = [_attachment(attachment, bundle.recogniser) for attachment in bundle.attachments]
    if verdict.kind != "report":
        issues = tuple(replace(issue, document_id=main.document_id) for issue in document.issues)
        return ParsedBundle(documents=(main, *attached), issues=issues)
    return _report(bundle, document, found, statistics, main, attached)


def _report(
    bundle: Bundle,
    document: Document,
    found: Article,
    statistics: Statistics,
    main: DocumentRow,
    attached: list[DocumentRow],
) -> ParsedBundle:
    report_id = "r" + main.document_id[:16]
    said = facts.read(document, found, bundle.source, form_years=statistics.years)
    form = statistics.form.name if statistics.form else PROSE
    sections = tuple(replace(s, report_id=report_id, document_id=main.document_id) for s in outline.sections(found))
    owner = Owner(report_id, main.document_id, said.report_year)
    figures = statistics.read(owner)
    stated = prose.figures(found, sections, figures.form, owner)
    evaluated: tuple[Check, ...] = ()
    if figures.form:
        evaluated = checks.check(figures.observations, figures.form, figures.doubtful, report_id)
        evaluated += prose_checks.compare(stated, figures.observations, figures.form, figures.doubtful, report_id)
    issues = tuple(
        replace(issue, report_id=report_id, document_id=main.document_id)
        for issue in (*document.issues, *said.issues, *figures.issues)
    )
    report = Report(
        report_id=report_id,
        document_id=main.document_id,
        source=bundle.source,
        title=said.title,
        publisher=said.publisher,
        publisher_raw=said.publisher_raw,
        body_type=said.body_type,
        scope=said.scope,
        scope_phrase=said.scope_phrase,
        report_year=said.report_year,
        form=form,
        period_start=said.period_start,
        period_end=said.period_end,
        period_basis=said.period_basis,
        published_date=said.published_date,
        index_number=said.index_number,
        document_number=said.document_number,
        email=said.email,
        phone=said.phone,
        observations=len(figures.observations),
        checks_failed=sum(1 for check in evaluated if check.outcome in FAILED),
        issues=len(issues),
        parser_version=VERSION,
    )
    return ParsedBundle(
        documents=(main, *attached),
        report_documents=tuple(_report_documents(report_id, main, attached)),
        reports=(report,),
        sections=sections,
        observations=figures.observations,
        cells=figures.cells,
        checks=evaluated,
        issues=issues,
        figures=stated,
    )


def _report_documents(report_id: str, main: DocumentRow, attached: list[DocumentRow]) -> Iterable[ReportDocument]:
    yield ReportDocument(report_id, main.document_id, "main")
    seen = {main.document_id}
    for row in attached:
        if row.document_id not in seen:
            seen.add(row.document_id)
            yield ReportDocument(report_id, row.document_id, "attachment")


def _row(bundle: Bundle, document: Document, found: Article, kind: str, reason: str) -> DocumentRow:
    return DocumentRow(
        document_id=hashlib.sha256(bundle.content).hexdigest(),
        source=bundle.source,
        fetched_at=bundle.fetched_at,
        kind=kind,
        reason=reason,
        media_type=document.media_type,
        encoding=document.encoding,
        encoding_source=document.encoding_source,
        bytes=len(bundle.content),
        article_digest=article.digest(found),
    )


def _attachment(attachment: Attachment, recogniser: Recogniser | None) -> DocumentRow:
    row = DocumentRow(
        document_id=hashlib.sha256(attachment.content).hexdigest(),
        source=attachment.source,
        kind="attachment",
        bytes=len(attachment.content),
    )
    try:
        document = readers.read(attachment.content, name=attachment.source, recogniser=recogniser)
    except DocumentError as error:
        return replace(row, kind="error", reason=str(error))
    return replace(
        row,
        media_type=document.media_type,
        encoding=document.encoding,
        encoding_source=document.encoding_source,
        article_digest=article.digest(article.find(document)),
    )
