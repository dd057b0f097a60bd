"""The rows of the published tables as records: the one schema of the project.

Each field carries its column's kind, whether it is part of the table's key, its allowed values and
its text in Chinese and English. Arrow schemas, CSV columns, the codebook and the data package are
made from here; no other list of columns exists. Order of fields is order of columns.
"""

from __future__ import annotations

from dataclasses import field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from parsers.conversion import Converter
from parsers.frozen import frozen
from parsers.recognition import Recogniser

KINDS = ("text", "int", "number", "bool", "date", "timestamp")


@frozen
class Column:
    """What the schema says of one column. `values` empty means that any value is allowed."""

    name: str
    kind: str
    zh: str
    en: str
    key: bool
    values: tuple[str, ...]


def col(kind: str, zh: str, en: str, *, key: bool = False, values: tuple[str, ...] = (), default: Any = "") -> Any:
    """A record's field with its column's metadata. `default` is what a row has that says nothing."""
    if kind != "text" and default == "":
        default = None
    return field(default=default, metadata={"kind": kind, "zh": zh, "en": en, "key": key, "values": values})


def columns(record: type) -> tuple[Column, ...]:
    """The columns of a record class, in order."""
    return tuple(
        Column(f.name, f.metadata["kind"], f.metadata["zh"], f.metadata["en"], f.metadata["key"], f.metadata["values"])
        for f in fields(record)
    )


DOCUMENT_KINDS = ("report", "attachment", "list", "other", "blocked", "error")
ENCODING_SOURCES = ("bom", "utf8", "header", "meta", "detected", "replaced", "")
FORMS = ("short_annex", "long_annex", "national_2014", "national_2019", "national_2021", "prose")
SCOPES = ("own", "area", "system", "unknown")
BODY_TYPES = ("government", "office", "department", "township", "zone", "vertical", "other", "")
LEVELS = ("province", "prefecture", "county", "township", "")
TOPICS = ("overview", "proactive", "requests", "disputes", "problems", "other", "annex", "fees", "resources", "")
STATUSES = (
    "reported", "blank", "slash", "dash", "none_word", "ambiguous", "unreadable", "conflict",
)  # fmt: skip
UNIT_SOURCES = ("cell", "header", "form", "unknown")
MATCHES = ("exact", "alias", "similar", "position")
CELL_ROLES = ("label", "header", "unit", "value", "note", "unmatched")
OUTCOMES = ("pass", "fail", "pass_if_blank_zero", "fail_if_blank_zero", "not_assessable")
FAILED = ("fail", "fail_if_blank_zero")
"""The outcomes that are failures."""

SEVERITIES = ("error", "warning", "info")
CHECK_KINDS = ("equality", "bound", "cross_year", "prose", "duplicate")
VERDICTS = ("source_error", "reading_doubt", "")
COVERAGE_STATES = ("parsed", "found_unparsed", "blocked", "gone", "not_found", "not_looked_for")
RELATIONS = ("same", "redefined", "new", "dropped")
CELL_STATES = (*STATUSES, "not_printed", "not_on_form")
"""What a panel says of a cell: its status, or that the page, or the form, does not have it."""


@frozen
class DocumentRow:
    """A row of `documents`: one body of bytes seen at one source at one time."""

    document_id: str = col(
        "text", "文档标识（内容的 SHA-256）", "sha256 of the bytes, hex; empty when no bytes came", key=True
    )
    source: str = col("text", "来源地址或路径", "URL, or path relative to the raw folder", key=True)
    fetched_at: datetime | None = col(
        "timestamp", "抓取时间（UTC）", "when fetched, UTC; empty for a loose file", key=True
    )
    kind: str = col("text", "文档类别", "what the document is", values=DOCUMENT_KINDS)
    reason: str = col("text", "原因", "why it is no report, or what went wrong, in words")
    media_type: str = col("text", "媒体类型", "media type by content")
    encoding: str = col("text", "字符编码", "character encoding used")
    encoding_source: str = col("text", "编码依据", "where the encoding came from", values=ENCODING_SOURCES)
    bytes: int | None = col("int", "字节数", "size of the bytes")
    article_digest: str = col("text", "正文摘要", "sha256 of the article's text and cells, white space aside")
    http_status: int | None = col("int", "HTTP 状态码", "HTTP status of the answer")
    etag: str = col("text", "ETag", "entity tag of the answer")
    last_modified: str = col("text", "最后修改时间（响应头）", "Last-Modified of the answer")
    archive: str = col("text", "存档文件", "archive file that holds the bytes")
    archive_offset: int | None = col("int", "存档偏移", "offset of the record in the archive file")
    first_seen: datetime | None = col("timestamp", "首次见到", "first time these bytes were seen at this source")
    last_seen: datetime | None = col("timestamp", "最近见到", "last time these bytes were seen at this source")
    gone: bool | None = col("bool", "已消失", "the source no longer serves the document")


@frozen
class ReportDocument:
    """A row of `report_documents`: which documents a report was read from."""

    report_id: str = col("text", "报告标识", "report", key=True)
    document_id: str = col("text", "文档标识", "document", key=True)
    role: str = col(
        "text", "作用", "what the document is to the report", key=True, values=("main", "attachment", "copy")
    )


@frozen
class Report:
    """A row of `reports`: one version of what a body published for a year."""

    report_id: str = col(
        "text", "报告标识", "r and the first 16 hex digits of the earliest main document's sha256", key=True
    )
    document_id: str = col("text", "主文档标识", "main document")
    source: str = col("text", "来源", "source of the main document")
    title: str = col("text", "标题", "title as published")
    publisher: str = col("text", "发布机构", "publisher, normalised text")
    publisher_raw: str = col("text", "发布机构（原文）", "publisher as published")
    body_id: str = col("text", "机构标识", "body")
    division_code: str = col("text", "行政区划代码", "administrative division, code")
    division_name: str = col("text", "行政区划名称", "administrative division, name")
    division_level: str = col("text", "行政区划级别", "level of the division", values=LEVELS)
    body_type: str = col("text", "机构类型", "type of body", values=BODY_TYPES)
    scope: str = col("text", "统计范围", "whom the figures cover", values=SCOPES)
    scope_phrase: str = col("text", "统计范围依据", "the words that the scope rests on")
    report_year: int | None = col("int", "报告年度", "year reported on")
    form: str = col("text", "表式", "official form of the statistics", values=(*FORMS, ""))
    period_start: date | None = col("date", "统计期起", "first day of the reporting period")
    period_end: date | None = col("date", "统计期止", "last day of the reporting period")
    period_basis: str = col(
        "text", "统计期依据", "how the period is known", values=("stated", "repaired", "assumed", "")
    )
    published_date: date | None = col("date", "发布日期", "date of publication")
    index_number: str = col("text", "索引号", "index number")
    document_number: str = col("text", "文号", "document number")
    email: str = col("text", "电子邮箱", "office e-mail as published")
    phone: str = col("text", "联系电话", "office phone as published")
    revision: int | None = col("int", "版本序号", "1, 2, … within one body, year and scope")
    latest: bool | None = col("bool", "是否最新版本", "the newest revision of its body, year and scope")
    observations: int | None = col("int", "观测值数", "number of observations")
    checks_failed: int | None = col("int", "未通过的校验数", "number of failed checks")
    issues: int | None = col("int", "问题数", "number of issues")
    parser_version: str = col("text", "解析器版本", "version of the parser")


@frozen
class Body:
    """A row of `bodies`: a publisher through time."""

    body_id: str = col("text", "机构标识", "body", key=True)
    name: str = col("text", "名称", "name")
    other_names: str = col("text", "其他名称", "other names seen, `;` between them")
    credit_code: str = col("text", "统一社会信用代码", "unified social credit code")
    division_code: str = col("text", "行政区划代码", "administrative division, code")
    body_type: str = col("text", "机构类型", "type of body", values=BODY_TYPES)
    valid_from: int | None = col("int", "起始年度", "first report year seen")
    valid_to: int | None = col("int", "终止年度", "last report year seen")


@frozen
class Section:
    """A row of `sections`: a heading and its own text. Section `0` is the text before the first heading."""

    report_id: str = col("text", "报告标识", "report", key=True)
    section: str = col("text", "章节路径", "path such as 2.1.3", key=True)
    parent: str = col("text", "上级章节", "path of the section above")
    level: int | None = col("int", "层级", "1 to 4; 0 for section 0")
    number: str = col("text", "编号", "number as published")
    title: str = col("text", "标题", "title as published, number included")
    topic: str = col("text", "主题", "topic by keywords", values=TOPICS)
    text: str = col("text", "正文", "own text, without that of its subsections")
    document_id: str = col("text", "文档标识", "document that the locator points into")
    locator: str = col("text", "位置", "where the heading stands")


@frozen
class Observation:
    """A row of `observations`: one cell of a form in a report."""

    report_id: str = col("text", "报告标识", "report", key=True)
    body_id: str = col("text", "机构标识", "body")
    report_year: int | None = col("int", "报告年度", "year reported on")
    form: str = col("text", "表式", "official form", values=FORMS)
    indicator: str = col("text", "指标", "line of the form", key=True)
    breakdown: str = col("text", "分组", "column of the form", key=True)
    value: Decimal | None = col("number", "数值", "value as published, in `unit`")
    unit: str = col("text", "单位", "unit of `value`")
    unit_source: str = col("text", "单位依据", "where the unit is stated", values=UNIT_SOURCES)
    value_std: Decimal | None = col("number", "标准化数值", "value in `unit_std`")
    unit_std: str = col("text", "标准单位", "money in 元, counts as they are")
    status: str = col("text", "状态", "what the cell says", values=STATUSES)
    raw: str = col("text", "原文", "the cell exactly as published")
    label: str = col("text", "指标原文", "the line's label as published")
    repair: str = col("text", "修复规则", "names of the rules that changed the reading, `;` between them")
    match: str = col("text", "匹配方法", "how the line was matched", values=MATCHES)
    match_score: float | None = col("number", "匹配得分", "0 to 100")
    match_margin: float | None = col("number", "匹配差距", "distance to the next reading, 0 to 100")
    confidence: float | None = col("number", "识别置信度", "confidence of text recognition, 0 to 1")
    value_corrected: Decimal | None = col("number", "更正值", "value by a correction, else empty")
    document_id: str = col("text", "文档标识", "document that the locator points into")
    locator: str = col("text", "位置", "where the cell stands")


@frozen
class LedgerCell:
    """A row of `cells`: a cell of a statistical table and what became of it."""

    report_id: str = col("text", "报告标识", "report")
    document_id: str = col("text", "文档标识", "document", key=True)
    table: int | None = col("int", "表序号", "ordinal among the statistical tables of the document, from 1", key=True)
    row: int | None = col("int", "行", "row in the grid, from 1", key=True)
    column: int | None = col("int", "列", "column in the grid, from 1", key=True)
    rowspan: int | None = col("int", "跨行", "rows covered")
    colspan: int | None = col("int", "跨列", "columns covered")
    raw: str = col("text", "原文", "the cell exactly as published")
    role: str = col("text", "角色", "what the cell is", values=CELL_ROLES)
    indicator: str = col("text", "指标", "line that the cell was read for")
    breakdown: str = col("text", "分组", "column that the cell was read for")
    locator: str = col("text", "位置", "where the cell stands")


@frozen
class Check:
    """A row of `checks`: an identity of a form evaluated on a report."""

    report_id: str = col("text", "报告标识", "report", key=True)
    form: str = col("text", "表式", "official form", key=True)
    rule: str = col("text", "规则", "rule", key=True)
    indicator: str = col("text", "指标", "line that the rule was evaluated for", key=True)
    breakdown: str = col("text", "分组", "column that the rule was evaluated for", key=True)
    outcome: str = col("text", "结果", "outcome", values=OUTCOMES)
    expected: Decimal | None = col("number", "应为", "what the rule asks for")
    observed: Decimal | None = col("number", "实为", "what was published")
    difference: Decimal | None = col("number", "差额", "observed less expected")
    severity: str = col("text", "严重程度", "severity", values=SEVERITIES)
    kind: str = col("text", "规则类别", "kind of rule", values=CHECK_KINDS)
    verdict: str = col("text", "判定", "for a failure: whose error it is", values=VERDICTS)
    other_report_id: str = col("text", "另一报告标识", "the other report of a cross-year rule")
    explanation: str = col("text", "说明", "explanation")


@frozen
class Issue:
    """A row of `issues`: a doubt, a repair, or something wrong, said where it is."""

    report_id: str = col("text", "报告标识", "report, empty when the document is none")
    document_id: str = col("text", "文档标识", "document")
    code: str = col("text", "代码", "what kind of issue")
    severity: str = col("text", "严重程度", "severity", values=SEVERITIES)
    message: str = col("text", "说明", "the issue in words")
    raw: str = col("text", "原文", "the text that it is about")
    locator: str = col("text", "位置", "where it is")


@frozen
class Figure:
    """A row of `figures`: a number stated in the running text, or a zero that the text states in words."""

    report_id: str = col("text", "报告标识", "report")
    section: str = col("text", "章节路径", "path of the section that it stands in")
    indicator: str = col("text", "指标", "line of a form, `+` between lines counted together; empty when none is meant")
    breakdown: str = col("text", "分组", "column of the form; year or cumulative where no form has the line's column")
    value: Decimal | None = col("number", "数值", "value as stated, in `unit`")
    unit: str = col("text", "单位", "unit as printed; empty when none is")
    phrase: str = col("text", "原文", "the words that state it, as published")
    document_id: str = col("text", "文档标识", "document that the locator points into")
    locator: str = col("text", "位置", "where the words stand")


@frozen
class Revision:
    """A row of `revisions`: a cell or a field that differs between two consecutive revisions of a report.

    A value is decimal text; a cell without one has its status, one that the page does not print `not_printed`.
    """

    report_id: str = col("text", "报告标识", "the newer report", key=True)
    previous_report_id: str = col("text", "上一版本报告标识", "the revision before", key=True)
    indicator: str = col("text", "指标", "line of the form, or the name of a column of `reports`", key=True)
    breakdown: str = col("text", "分组", "column of the form; empty for a column of `reports`", key=True)
    old: str = col("text", "旧值", "what the revision before says")
    new: str = col("text", "新值", "what this report says")


@frozen
class Coverage:
    """A row of `coverage`: what is known of the report of a body, or of a source, on a year."""

    body_id: str = col("text", "机构标识", "body; empty where it is not known", key=True)
    source: str = col("text", "来源", "source, where the body is not known", key=True)
    report_year: int | None = col("int", "报告年度", "year reported on; empty where it is not known", key=True)
    state: str = col("text", "状态", "what is known of the report", values=COVERAGE_STATES)
    documents: int | None = col("int", "文档数", "number of documents seen")


@frozen
class PanelRow:
    """A row of `panel` and `panel_status`, without the cells: the newest revision of a body's report on a year."""

    body_id: str = col("text", "机构标识", "body", key=True)
    report_year: int | None = col("int", "报告年度", "year reported on", key=True)
    scope: str = col("text", "统计范围", "whom the figures cover", key=True, values=SCOPES)
    report_id: str = col("text", "报告标识", "report")
    division_code: str = col("text", "行政区划代码", "administrative division, code")
    division_level: str = col("text", "行政区划级别", "level of the division", values=LEVELS)
    body_type: str = col("text", "机构类型", "type of body", values=BODY_TYPES)
    form: str = col("text", "表式", "official form of the statistics", values=(*FORMS, ""))
    published_date: date | None = col("date", "发布日期", "date of publication")
    period_months: int | None = col("int", "统计期月数", "months that the reporting period covers")
    revision: int | None = col("int", "版本序号", "revision that is the newest")
    checks_failed: int | None = col("int", "未通过的校验数", "number of failed checks")


@frozen
class HarmonisedRow:
    """A row of `panel_harmonised`, without its series: what other forms have in the same sense."""

    body_id: str = col("text", "机构标识", "body", key=True)
    report_year: int | None = col("int", "报告年度", "year reported on", key=True)
    scope: str = col("text", "统计范围", "whom the figures cover", key=True, values=SCOPES)
    report_id: str = col("text", "报告标识", "report")
    form: str = col("text", "表式", "official form of the statistics", values=(*FORMS, ""))
    period_months: int | None = col("int", "统计期月数", "months that the reporting period covers")
    flags: str = col(
        "text",
        "可比性提示",
        "why a comparison may not hold for this report, `;` between them: short_period (less than twelve months), "
        "long_period, checks_failed (the report contradicts itself), doubtful_cells (values that were not read for "
        "certain), no_table",
    )


@frozen
class CheckSummary:
    """A row of `check_summary`: what came of the checks of the newest revision of a body's report on a year."""

    body_id: str = col("text", "机构标识", "body", key=True)
    report_year: int | None = col("int", "报告年度", "year reported on", key=True)
    scope: str = col("text", "统计范围", "whom the figures cover", key=True, values=SCOPES)
    report_id: str = col("text", "报告标识", "report")
    form: str = col("text", "表式", "official form of the statistics", values=(*FORMS, ""))
    checks: int | None = col("int", "校验数", "number of checks")
    passed: int | None = col("int", "通过", "checks that pass")
    passed_if_blank_zero: int | None = col("int", "空白视为零时通过", "checks that pass if blanks are zero")
    failed: int | None = col("int", "未通过", "checks that fail")
    failed_if_blank_zero: int | None = col("int", "空白视为零时未通过", "checks that fail if blanks are zero")
    not_assessable: int | None = col("int", "无法判断", "checks that cannot be assessed")
    errors: int | None = col("int", "错误级未通过数", "failures of the severity error")
    warnings: int | None = col("int", "警告级未通过数", "failures of the severity warning")
    notes: int | None = col("int", "提示级未通过数", "failures of the severity info")
    source_errors: int | None = col("int", "来源错误数", "failures that are the source's errors")
    reading_doubts: int | None = col("int", "读取存疑数", "failures that may be errors of the reading")
    failed_rules: str = col("text", "未通过的规则", "rules that failed, `;` between them")


@frozen
class Crossing:
    """A row of `crosswalk`: a cell of a form and the concept that it measures.

    `same` measures the concept as the forms before did, `redefined` otherwise than they did, `new` one that none of
    them has; `dropped` is a concept of theirs without a line here (`indicator` and `breakdown` empty). A line
    without columns has an empty breakdown.
    """

    form: str = col("text", "表式", "official form", key=True, values=FORMS)
    indicator: str = col("text", "指标", "line of the form; empty for a dropped concept", key=True)
    breakdown: str = col("text", "分组", "column of the form", key=True)
    concept: str = col("text", "概念", "what the cell measures", key=True)
    relation: str = col("text", "与以往表式的关系", "relation to the forms before", values=RELATIONS)
    reason: str = col("text", "理由（英文）", "why, in English")
    reason_zh: str = col("text", "理由", "why, in Chinese")
    series: str = col(
        "text",
        "可比序列",
        "column of `panel_harmonised` that holds the cell; empty where no other form has it in the same sense",
    )


TABLES: dict[str, type] = {
    "documents": DocumentRow,
    "report_documents": ReportDocument,
    "reports": Report,
    "bodies": Body,
    "sections": Section,
    "observations": Observation,
    "cells": LedgerCell,
    "checks": Check,
    "issues": Issue,
    "figures": Figure,
    "revisions": Revision,
    "coverage": Coverage,
    "panel": PanelRow,
    "panel_status": PanelRow,
    "panel_harmonised": HarmonisedRow,
    "check_summary": CheckSummary,
    "crosswalk": Crossing,
}


@frozen
class Attachment:
    """A document that belongs to a main document: `source` as its link names it."""

    content: bytes
    source: str
    media_type: str = ""


@frozen
class Bundle:
    """A main document with its attachments: the unit of parsing and of sharding.

    `header_charset` is the charset of the HTTP Content-Type header, if there was one. `recogniser` reads
    scans and pictures; without one they are errors that say so. `converter` reads older office files a second time.
    """

    content: bytes
    source: str
    attachments: tuple[Attachment, ...] = ()
    header_charset: str = ""
    fetched_at: datetime | None = None
    recogniser: Recogniser | None = None
    converter: Converter | None = None


@frozen
class ParsedBundle:
    """What one bundle says, as local facts: ids across documents are given later.

    `documents` has the main document first, then attachments. `reports` is empty when the main
    document is no report. Each report's `report_id` is made from its own main document.
    """

    documents: tuple[DocumentRow, ...]
    report_documents: tuple[ReportDocument, ...] = ()
    reports: tuple[Report, ...] = ()
    sections: tuple[Section, ...] = ()
    observations: tuple[Observation, ...] = ()
    cells: tuple[LedgerCell, ...] = ()
    checks: tuple[Check, ...] = ()
    issues: tuple[Issue, ...] = ()
    figures: tuple[Figure, ...] = ()
