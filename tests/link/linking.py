"""Bundles made by hand and linked: what the tests of the link step share."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from parsers.records import DocumentRow, Observation, ParsedBundle, Report, ReportDocument
from pipeline import parts, schema
from pipeline.frames import Parts
from pipeline.link.sites import SourcePlaces
from pipeline.link.tables import Linked
from pipeline.publish import in_order

Cells = dict[tuple[str, str], Any]


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def report_id(content: str) -> str:
    return "r" + hashed(content)[:16]


def bundle(
    content: str,
    cells: Cells | None = None,
    *,
    source: str = "",
    fetched: datetime | None = None,
    published: date | None = None,
    **facts: Any,
) -> ParsedBundle:
    """A report whose cells are given as values; a text is what a cell without a value says, by its status."""
    one = hashed(content)
    report = report_id(content)
    source = source or f"{content}.html"
    said = {"publisher": "甲县乙局", "report_year": 2020, "scope": "own", "form": "national_2021", **facts}
    observations = tuple(
        Observation(
            report,
            indicator=indicator,
            breakdown=breakdown,
            value=None if isinstance(value, str) else Decimal(str(value)),
            value_std=None if isinstance(value, str) else Decimal(str(value)),
            status=value if isinstance(value, str) else "reported",
            raw="" if isinstance(value, str) else str(value),
            match="exact",
            document_id=one,
        )
        for (indicator, breakdown), value in (cells or {}).items()
    )
    return ParsedBundle(
        documents=(DocumentRow(one, source, fetched, kind="report", article_digest=hashed("article" + content)),),
        report_documents=(ReportDocument(report, one, "main"),),
        reports=(Report(report, one, source, published_date=published, **said),),
        observations=observations,
    )


def linked(folder: Path, *bundles: ParsedBundle, stated: SourcePlaces | None = None) -> Linked:
    """The bundles put in relation, three a part."""
    receipts = []
    for place in range(0, len(bundles), 3):
        home = folder / f"part{place}"
        rows, _ = parts.write_chunk(home / "0", list(enumerate(bundles[place : place + 3])))
        receipts.append(parts.Receipt(home.name, 1, rows, (), 0, (0.0, 0), lasting=True, seconds=0.0))
    return Linked(Parts(folder, receipts), stated=stated)


def table(made: Linked, name: str) -> list[dict[str, Any]]:
    """A finished table in published order."""
    return [row for piece in made.pieces(name) for row in in_order(piece, name).to_pylist()]


def tables(folder: Path, *bundles: ParsedBundle, stated: SourcePlaces | None = None) -> dict[str, list[dict[str, Any]]]:
    """All finished tables, whose foreign keys hold."""
    made = linked(folder, *bundles, stated=stated)
    found = {name: table(made, name) for name in schema.TABLES}
    for name, columns, other, others in schema.FOREIGN_KEYS:
        known = {tuple(row[column] for column in others) for row in found[other]}
        for row in found[name]:
            value = tuple(row[column] for column in columns)
            assert None in value or value in known, (name, columns, value)
    return found
