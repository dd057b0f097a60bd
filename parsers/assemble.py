"""A page and its attachments become one report: records with local facts, ids made from the main document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

from parsers import attached, checks, outline, prose, prose_checks
from parsers.attached import Part
from parsers.errors import DocumentError, NeedsOcrError
from parsers.facts import Facts
from parsers.facts.recognise import is_cover
from parsers.readers import archive, sniff
from parsers.records import (
    FAILED,
    Attachment,
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
    if archive.is_archive(bundle.content):
        return _of_archive(bundle)
    try:
        main = attached.read(
            bundle.content,
            bundle.source,
            "",
            header_charset=bundle.header_charset,
            recogniser=bundle.recogniser,
            converter=bundle.converter,
        )
    except DocumentError as error:
        return _without_page(bundle, error)
    if bundle.fetched_at is not None:
        main = replace(main, row=replace(main.row, fetched_at=bundle.fetched_at))
    others = _attachments(bundle)
    whole = main.verdict.kind != "report"
    if whole and not (others.reports and is_cover(main.verdict) and attached.of_one_report(others.reports)):
        issues = [replace(issue, document_id=main.id) for issue in main.document.issues]
        if main.verdict.kind != "list" and not is_cover(main.verdict):
            # Notices come with forms to be filled in.
            unused = [part for part, _ in others.reports if not part.is_filled]
            issues.extend(_unused(part, "the page is no report, and its form is empty") for part in unused)
            others.reports = [(part, said) for part, said in others.reports if part not in unused]
        return _apart([main.row], others, [*issues, *others.issues])
    page = main.facts()
    if not whole and not (page.report_year or page.publisher or others.reports) and main.is_blank:
        row = replace(main.row, kind="other", reason="a form that no body has filled in")
        return _apart([row], others, [replace(issue, document_id=main.id) for issue in main.document.issues])
    if whole:
        other = next((one for one in others.reports if not attached.of_year(page, one[1].report_year)), None)
        if other is not None:
            why = f"it is of {other[1].report_year}, the page of {page.report_year}"
            return _apart([main.row], others, [*others.issues, _on_its_own(other[0], why)])
        main = replace(main, row=replace(main.row, kind="report", reason="the report is an attachment of the page"))
        return _report(main, page, others, whole=True)
    own, foreign = [], []
    for one in others.reports:
        why = attached.apart((main, page), one)
        if why:
            foreign.append(one)
            others.issues.append(_on_its_own(one[0], why))
        else:
            own.append(one)
    strange = {part.id for part, _ in foreign}
    rows = [row for row in others.rows if row.document_id not in strange]
    report = _report(main, page, _Attachments(rows, own, others.issues), whole=False)
    if not foreign:
        return report
    rest = _Attachments([row for row in others.rows if row.document_id in strange], foreign)
    return _joined(report, _apart([], rest, []))


def _without_page(bundle: Bundle, error: DocumentError) -> ParsedBundle:
    """The reports among the attachments of a page that cannot be read. Raises the error where there is none."""
    others = _attachments(bundle)
    if not others.reports:
        raise error
    document_id = hashlib.sha256(bundle.content).hexdigest()
    row = DocumentRow(document_id, bundle.source, bundle.fetched_at, "error", str(error), bytes=len(bundle.content))
    code = "needs_ocr" if isinstance(error, NeedsOcrError) else "unreadable"
    said = Issue(document_id=document_id, code=code, severity="error", message=str(error))
    return _apart([row], others, [said, *others.issues])


def _of_archive(bundle: Bundle) -> ParsedBundle:
    """The reports in an archive of documents. Raises what reading the only document raised, if none can be read."""
    whole = Attachment(bundle.content, bundle.source)
    given = tuple(attached.unpacked(whole))
    errors: list[DocumentError] = []
    found = _attachments(replace(bundle, content=b"", attachments=(*given, *bundle.attachments)), errors)
    if all(row.kind == "error" for row in found.rows):
        raise next((error for error in errors if isinstance(error, NeedsOcrError)), errors[0])
    row = _archive_row(whole, "other")
    return _apart([replace(row, fetched_at=bundle.fetched_at)], found, found.issues)


def _archive_row(attachment: Attachment, kind: str) -> DocumentRow:
    return DocumentRow(
        document_id=hashlib.sha256(attachment.content).hexdigest(),
        source=attachment.source,
        kind=kind,
        reason="an archive: the documents within it have rows of their own",
        media_type=sniff.ZIP,
        bytes=len(attachment.content),
    )


def _attachments(bundle: Bundle, errors: list[DocumentError] | None = None) -> _Attachments:
    """Read all attachments, those within archives too; what cannot be read is put into `errors`."""
    found = _Attachments()
    if not bundle.attachments:
        return found
    done = {hashlib.sha256(bundle.content).hexdigest()}
    for attachment in bundle.attachments:
        try:
            single = attached.unpacked(attachment)
        except DocumentError as error:
            _unread(found, attachment, error)
            continue
        if single != [attachment]:
            found.rows.append(_archive_row(attachment, "attachment"))
        for one in single:
            document_id = hashlib.sha256(one.content).hexdigest()
            try:
                part = attached.read(
                    one.content, one.source, "attachment", recogniser=bundle.recogniser, converter=bundle.converter
                )
            except DocumentError as error:
                _unread(found, one, error)
                if errors is not None:
                    errors.append(error)
                continue
            found.rows.append(part.row)
            if part.verdict.kind == "report" and document_id not in done:
                found.reports.append((part, part.facts()))
            done.add(document_id)
    return found


def _unread(found: _Attachments, attachment: Attachment, error: DocumentError) -> None:
    document_id = hashlib.sha256(attachment.content).hexdigest()
    size = len(attachment.content)
    found.rows.append(DocumentRow(document_id, attachment.source, kind="error", reason=str(error), bytes=size))
    message = f"the attachment {attachment.source} is not read: {error}"
    found.issues.append(Issue(document_id=document_id, code="attachment_unread", severity="warning", message=message))


def _unused(part: Part, why: str) -> Issue:
    return _told(part, "attachment_unused", "warning", f"looks like a report and is not read as one: {why}")


def _on_its_own(part: Part, why: str) -> Issue:
    return _told(part, "attachment_apart", "info", f"is a report of its own: {why}")


def _told(part: Part, code: str, severity: str, what: str) -> Issue:
    return Issue(document_id=part.id, code=code, severity=severity, message=f"the attachment {part.row.source} {what}")


def _apart(first: list[DocumentRow], found: _Attachments, issues: list[Issue]) -> ParsedBundle:
    """Documents that belong to no page's report: each report among them by itself.

    `first` are the rows of what holds or names them.
    """
    groups = attached.grouped(found.reports)
    reported = {part.id for part, _ in found.reports}
    free = [row for row in found.rows if row.document_id not in reported]
    # What is no report itself belongs to the only report that there is, if there is one.
    kept = free if len(groups) == 1 else []
    bundles = []
    for group in groups:
        main, said = group[0]
        main = replace(main, row=replace(main.row, kind="report", reason=main.verdict.reason))
        rows = [part.row for part, _ in group[1:]]
        bundles.append(_report(main, said, _Attachments([*rows, *kept], group[1:]), whole=False))
    loose = ParsedBundle((*first, *([] if kept else free)), issues=tuple(issues))
    return _joined(loose, *bundles)


def _joined(first: ParsedBundle, *others: ParsedBundle) -> ParsedBundle:
    """Several bundles as one, the rows of the first before those of the others."""
    return ParsedBundle(
        *(tuple(row for one in (first, *others) for row in getattr(one, table.name)) for table in fields(ParsedBundle))
    )


def _report(main: Part, page: Facts, others: _Attachments, *, whole: bool) -> ParsedBundle:
    """A report of a main document, whose facts are `page`, and the documents that belong to it."""
    report_id = "r" + main.id[:16]
    issues = list(others.issues)
    parts = [*([] if whole else [main]), *(part for part, _ in others.reports)]
    for part, said in ((main, page), *others.reports):
        own = (*part.document.issues, *said.issues) if part is not main or not whole else part.document.issues
        issues.extend(replace(issue, document_id=part.id) for issue in own)
        issues.extend(part.further())
    for part, said in others.reports:
        if not attached.one_body(page, said):
            message = f"the page names {page.publisher}, its attachment {part.row.source} {said.publisher}"
            issues.append(Issue(document_id=part.id, code="publisher_conflict", severity="warning", message=message))
    stated_by = others.reports[0][1] if others.reports else None
    said = attached.weighed(page, stated_by, whole=whole) if stated_by else page
    issues.extend(replace(issue, document_id=main.id) for issue in said.missing())
    owner = Owner(report_id, main.id, said.report_year)
    tabled = [part for part in parts if part.statistics.lines]
    figures = attached.figures(tabled or [part for part in parts if part.statistics.unread], owner)
    text, sections = _sections(parts, report_id)
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
        report_documents=tuple(_report_documents(report_id, main, others, whole=whole)),
        reports=(report,),
        sections=sections,
        observations=observations,
        cells=tuple(figures.cells),
        checks=evaluated,
        issues=found,
        figures=stated,
    )


def _sections(parts: Sequence[Part], report_id: str) -> tuple[Part, tuple[Section, ...]]:
    """The outline of the first document that has headings, else of the first."""
    every = ((part, outline.sections(part.article, report_id, part.id)) for part in parts)
    first = next(every)
    headed = (pair for pair in (first, *every) if any(section.level for section in pair[1]))
    return next(headed, first)


def _report_documents(report_id: str, main: Part, others: _Attachments, *, whole: bool) -> Iterable[ReportDocument]:
    yield ReportDocument(report_id, main.id, "main")
    copies = set() if whole else {part.id for part, _ in others.reports if attached.is_copy(main, part)}
    seen = {main.id}
    for row in others.rows:
        if row.document_id not in seen:
            seen.add(row.document_id)
            yield ReportDocument(report_id, row.document_id, "copy" if row.document_id in copies else "attachment")
