"""A reader of small JSON documents, real records out: for what real documents cannot be made to do on demand.

`do` names a misbehaviour: hang, spin, exit, abort, memory, deep, raise, unreadable, surrogate, huge, twins.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from decimal import Decimal
from typing import Any

import regex

from parsers.errors import BrokenDocumentError
from parsers.records import Bundle, DocumentRow, Issue, LedgerCell, Observation, ParsedBundle, Report, ReportDocument
from parsers.records import Section as SectionRow


def parse(bundle: Bundle) -> ParsedBundle:
    document_id = hashlib.sha256(bundle.content).hexdigest()
    try:
        said: dict[str, Any] = json.loads(bundle.content)
    except ValueError as error:
        raise BrokenDocumentError("this is no JSON") from error
    misbehave(said.get("do", ""))
    if "publisher" not in said:
        row = DocumentRow(document_id, bundle.source, kind="other", reason="no statistics", bytes=len(bundle.content))
        return ParsedBundle((row,))
    report_id = "r" + document_id[:16]
    document = DocumentRow(
        document_id,
        bundle.source,
        kind="report",
        media_type="application/json",
        bytes=len(bundle.content),
        article_digest=said.get("digest", document_id),
    )
    report = Report(
        report_id,
        document_id,
        bundle.source,
        title=said.get("title", "年度报告"),
        publisher=said["publisher"],
        publisher_raw=said["publisher"],
        scope="own",
        report_year=said.get("year", 2020),
        form="national_2019",
        published_date=None,
    )
    observations = [
        Observation(
            report_id,
            indicator=indicator,
            breakdown=breakdown,
            value=Decimal(raw) if raw else None,
            unit="件",
            unit_source="form",
            value_std=Decimal(raw) if raw else None,
            unit_std="件",
            status="reported" if raw else "blank",
            raw=raw,
            label=indicator,
            match="exact",
            match_score=100.0,
            match_margin=100.0,
            document_id=document_id,
            locator=f"html:td#{place}[0:{len(raw)}]",
        )
        for place, (indicator, breakdown, raw) in enumerate(said.get("cells", []), 1)
    ]
    if said.get("do") == "twins":
        observations += observations[:1]
    cells = [
        LedgerCell(
            report_id, document_id, 1, place, 1, 1, 1, one.raw, "value", one.indicator, one.breakdown, one.locator
        )
        for place, one in enumerate(observations, 1)
    ]
    text = "\ud800 alone" if said.get("do") == "surrogate" else said.get("text", "")
    sections = tuple(
        SectionRow(report_id, path, level=1, title=f"title {path}", text=text, document_id=document_id)
        for path in said.get("sections", ["0", "1", "2", "10"])
    )
    issues = tuple(Issue(report_id, document_id, code, "warning", f"about {code}") for code in said.get("issues", []))
    main = ReportDocument(report_id, document_id, "main")
    return ParsedBundle((document,), (main,), (report,), sections, tuple(observations), tuple(cells), (), issues)


def misbehave(what: str) -> None:
    if what == "hang":
        time.sleep(3600)
    elif what == "spin":
        regex.search(r"(a|aa)+$", "a" * 200 + "b")
    elif what == "exit":
        os._exit(0)
    elif what == "abort":
        os.abort()
    elif what == "memory":
        hold = []
        while True:
            hold.append(bytearray(1 << 24))
    elif what == "deep":
        misbehave(what)
    elif what == "raise":
        raise KeyError("missing")
    elif what == "unreadable":
        raise BrokenDocumentError("the document ends in the middle", remedy="Fetch it again.")
