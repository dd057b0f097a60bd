from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from parsers.records import (
    Check,
    DocumentRow,
    Issue,
    LedgerCell,
    Observation,
    ParsedBundle,
    Report,
    ReportDocument,
    Section,
)
from pipeline import frames, parts, schema
from pipeline.frames import Parts
from pipeline.link import crossyear
from pipeline.link import tables as tables_module
from pipeline.link.bodies import body_id
from pipeline.link.tables import Linked
from pipeline.publish import in_order


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def bundle(
    content: str,
    source: str = "",
    *,
    digest: str = "",
    fetched: datetime | None = None,
    attachments: tuple[str, ...] = (),
    issues: tuple[str, ...] = (),
    **facts: Any,
) -> ParsedBundle:
    """A report with one section, one observation, one cell and one check."""
    one = hashed(content)
    report = "r" + one[:16]
    source = source or f"{content}.html"
    documents = [DocumentRow(one, source, fetched, kind="report", article_digest=digest or hashed("article" + content))]
    documents += [DocumentRow(hashed(name), name, fetched, kind="attachment") for name in attachments]
    said = {"publisher": "甲局", "report_year": 2020, "scope": "own", "form": "national_2019", **facts}
    return ParsedBundle(
        documents=tuple(documents),
        report_documents=(
            ReportDocument(report, one, "main"),
            *(ReportDocument(report, hashed(name), "attachment") for name in attachments),
        ),
        reports=(Report(report, one, source, **said),),
        sections=(Section(report, "1", level=1, text=content, document_id=one),),
        observations=(Observation(report, indicator="i", breakdown="b", status="blank", document_id=one),),
        cells=(
            LedgerCell(report, one, 1, 1, 1, 1, 1, role="value"),
            *(LedgerCell(report, hashed(name), 1, 1, 1, 1, 1, role="value") for name in attachments),
        ),
        checks=(Check(report, "national_2019", "r1", "i", "b", outcome="fail"),),
        issues=tuple(Issue(report, one, code, "warning") for code in issues),
    )


def link(folder: Path, *groups: list[ParsedBundle]) -> dict[str, list[dict[str, Any]]]:
    """The finished tables of parts that hold the given bundles."""
    receipts = []
    for place, bundles in enumerate(groups):
        home = folder / f"part{place}"
        rows, _ = parts.write_chunk(home / "0", list(enumerate(bundles)))
        receipts.append(parts.Receipt(home.name, 1, rows, (), 0, (0.0, 0), lasting=True, seconds=0.0))
    linked = Linked(Parts(folder, receipts))
    tables = {
        table: [row for piece in linked.pieces(table) for row in in_order(piece, table).to_pylist()]
        for table in schema.TABLES
    }
    for table, columns, other, others in schema.FOREIGN_KEYS:
        known = {tuple(row[name] for name in others) for row in tables[other]}
        for row in tables[table]:
            value = tuple(row[name] for name in columns)
            assert None in value or value in known, (table, columns, value)
    return tables


def test_one_report(tmp_path: Path) -> None:
    tables = link(tmp_path, [bundle("x", issues=("a", "b"))])
    (report,) = tables["reports"]
    assert report["report_id"] == "r" + hashed("x")[:16]
    assert (report["observations"], report["checks_failed"], report["issues"]) == (1, 1, 2)
    assert (report["revision"], report["latest"]) == (1, True)
    assert report["body_id"] == body_id("甲局")
    (observation,) = tables["observations"]
    assert (observation["body_id"], observation["report_year"], observation["form"]) == (
        report["body_id"],
        2020,
        "national_2019",
    )
    assert [row["name"] for row in tables["bodies"]] == ["甲局"]


def test_copies_are_one_report(tmp_path: Path) -> None:
    first, second = sorted(["x", "y"], key=hashed)
    tables = link(tmp_path, [bundle("y", digest="same", issues=("a",))], [bundle("x", digest="same", issues=("a",))])
    (report,) = tables["reports"]
    assert report["report_id"] == "r" + hashed(first)[:16]
    assert report["issues"] == 1
    assert {(row["document_id"], row["role"]) for row in tables["report_documents"]} == {
        (hashed(first), "main"),
        (hashed(second), "copy"),
    }
    assert len(tables["documents"]) == 2
    for table in ("sections", "observations", "cells", "checks", "issues"):
        # What a rule over two years lacks is said once for each report, beside what its copies hold.
        rows = [row for row in tables[table] if row.get("kind") not in crossyear.KINDS]
        assert [row["report_id"] for row in rows] == [report["report_id"]], table


def test_the_earliest_stands_for_the_group(tmp_path: Path) -> None:
    late, early = sorted(["x", "y"], key=hashed)
    tables = link(
        tmp_path,
        [
            bundle(late, digest="same", fetched=datetime(2026, 2, 1, tzinfo=UTC)),
            bundle(early, digest="same", fetched=datetime(2026, 1, 1, tzinfo=UTC)),
            bundle("loose", digest="same"),
        ],
    )
    assert [row["report_id"] for row in tables["reports"]] == ["r" + hashed(early)[:16]]


def test_the_same_bytes_at_two_sources(tmp_path: Path) -> None:
    tables = link(tmp_path, [bundle("x", "b.html")], [bundle("x", "a.html")])
    (report,) = tables["reports"]
    assert report["source"] == "a.html"
    assert [(row["document_id"], row["source"]) for row in tables["documents"]] == [
        (hashed("x"), "a.html"),
        (hashed("x"), "b.html"),
    ]
    assert [row["role"] for row in tables["report_documents"]] == ["main"]
    assert len(tables["cells"]) == len(tables["observations"]) == 1


def test_pages_with_equal_words_and_other_attachments_are_two_reports(tmp_path: Path) -> None:
    tables = link(
        tmp_path,
        [bundle("x", digest="see attachment", attachments=("one.pdf",))],
        [bundle("y", digest="see attachment", attachments=("two.pdf",))],
    )
    assert len(tables["reports"]) == 2


def test_an_attachment_that_two_reports_share(tmp_path: Path) -> None:
    tables = link(tmp_path, [bundle("x", attachments=("one.pdf",))], [bundle("y", attachments=("one.pdf",))])
    assert len(tables["reports"]) == 2
    assert sum(row["role"] == "attachment" for row in tables["report_documents"]) == 2
    assert len([row for row in tables["cells"] if row["document_id"] == hashed("one.pdf")]) == 1
    assert len([row for row in tables["documents"] if row["source"] == "one.pdf"]) == 1


def test_revisions_follow_publication_then_sight_then_id(tmp_path: Path) -> None:
    one, other = sorted(["p", "q"], key=hashed)
    tables = link(
        tmp_path,
        [
            bundle("second", published_date=date(2021, 3, 1)),
            bundle("first", published_date=date(2021, 1, 31)),
            bundle("undated"),
            bundle(one, published_date=date(2021, 5, 1)),
            bundle(other, published_date=date(2021, 5, 1)),
            bundle("earlier", published_date=date(2021, 4, 1), fetched=datetime(2026, 1, 1, tzinfo=UTC)),
            bundle("later", published_date=date(2021, 4, 1), fetched=datetime(2026, 1, 2, tzinfo=UTC)),
            bundle("other year", report_year=2021),
            bundle("other scope", scope="area"),
            bundle("other body", publisher="乙局"),
        ],
    )
    numbers = {row["source"].removesuffix(".html"): (row["revision"], row["latest"]) for row in tables["reports"]}
    assert numbers == {
        "undated": (1, False),
        "first": (2, False),
        "second": (3, False),
        "earlier": (4, False),
        "later": (5, False),
        one: (6, False),
        other: (7, True),
        "other year": (1, True),
        "other scope": (1, True),
        "other body": (1, True),
    }


def test_unknown_bodies_and_years_are_no_revisions_of_each_other(tmp_path: Path) -> None:
    tables = link(
        tmp_path,
        [
            bundle("a", publisher=""),
            bundle("b", publisher=""),
            bundle("c", report_year=None),
            bundle("d", report_year=None),
        ],
    )
    assert [(row["revision"], row["latest"]) for row in tables["reports"]] == [(1, True)] * 4
    assert len(tables["bodies"]) == 1


def test_bodies(tmp_path: Path) -> None:
    tables = link(
        tmp_path,
        [
            bundle("a", publisher="甲局", publisher_raw="甲 局", body_type="department", report_year=2019),
            bundle("b", publisher="甲局", publisher_raw="甲局", body_type="department", report_year=2021),
            bundle("c", publisher="乙局", body_type="office"),
            bundle("d", publisher="乙局", body_type="other", report_year=2021),
        ],
    )
    rows = {row["name"]: row for row in tables["bodies"]}
    assert rows["甲局"]["other_names"] == "甲 局"
    assert (rows["甲局"]["valid_from"], rows["甲局"]["valid_to"]) == (2019, 2021)
    assert (rows["甲局"]["body_type"], rows["乙局"]["body_type"]) == ("department", None)


def test_documents_that_hold_no_report(tmp_path: Path) -> None:
    other = ParsedBundle(
        (DocumentRow(hashed("o"), "o.html", kind="other", reason="a notice"),),
        cells=(LedgerCell("", hashed("o"), 1, 1, 1, 1, 1, role="unmatched"),),
        issues=(Issue("", hashed("o"), "code", "info"),),
    )
    again = dataclasses.replace(other, documents=(dataclasses.replace(other.documents[0], source="again.html"),))
    closed = [parts.error_bundle(name, "permission denied", code="unreadable") for name in ("c.html", "d.html")]
    tables = link(tmp_path, [bundle("x"), other], [again, *closed])
    assert len(tables["documents"]) == 5
    assert [row["code"] for row in tables["issues"]] == ["unreadable", "unreadable", "code"]
    assert len(tables["cells"]) == 2


def test_no_report_at_all(tmp_path: Path) -> None:
    tables = link(tmp_path, [parts.error_bundle("c.html", "empty", code="unreadable")])
    # The crosswalk is of the forms and needs no report.
    filled = {table: len(rows) for table, rows in tables.items() if rows and table != "crosswalk"}
    assert filled == {"coverage": 1, "documents": 1, "issues": 1}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_parts_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    groups = [[bundle("x", digest="same"), bundle("y")], [bundle("z", digest="same")], [bundle("x", "w.html")]]
    expected = link(tmp_path / "expected", *groups)
    assert link(tmp_path / "shuffled", *(groups[place] for place in order)) == expected


def test_large_tables_go_through_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [[bundle(f"{group} {place}", issues=("a",)) for place in range(20)] for group in range(3)]
    groups.append([parts.error_bundle("c.html", "permission denied", code="unreadable")])
    expected = link(tmp_path / "expected", *groups)
    monkeypatch.setattr(tables_module, "AT_ONCE", 10)
    monkeypatch.setattr(frames, "BATCH", 15)
    assert link(tmp_path / "large", *groups) == expected
