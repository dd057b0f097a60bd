"""A page and the files that it names are one report: read, published, verified."""

from __future__ import annotations

import re

import pyarrow.parquet as pq
import pytest
from archive.making import exchange
from archive.test_warc_files import write
from formats.bundling import ADDRESS, bundle, cells, codes, cover, page, without_tables
from formats.making import OF_2019, OF_2021, SHORT

from parsers import parse
from pipeline.cli import main


def test_prose_of_the_page_and_tables_of_its_attachment(office):
    alone, annex = parse(page(OF_2021)), office("docx", OF_2021)
    both = bundle(without_tables(page(OF_2021)), a_docx=annex)
    assert cells(both) == cells(alone)
    (report,), (first, second) = both.reports, both.documents
    assert (first.kind, second.kind) == ("report", "attachment")
    assert {o.document_id for o in both.observations} == {second.document_id}
    assert {c.document_id for c in both.cells} == {second.document_id}
    assert {s.document_id for s in both.sections} == {first.document_id}
    assert report.document_id == first.document_id
    assert [(c.rule, c.outcome) for c in both.checks] == [(c.rule, c.outcome) for c in alone.checks]


def test_the_same_tables_in_both_give_one_observation_each(office):
    both = bundle(page(OF_2021), a_docx=office("docx", OF_2021))
    assert cells(both) == cells(parse(page(OF_2021)))
    assert {o.document_id for o in both.observations} == {both.documents[0].document_id}
    assert {c.document_id for c in both.cells} == {d.document_id for d in both.documents}
    assert "conflict" not in codes(both)


def test_a_cell_that_differs_is_a_conflict(office):
    alone, text = parse(page(OF_2021)), page(OF_2021).decode("utf-8")
    figures = [o.raw for o in alone.observations if o.status == "reported"]
    once = next(raw for raw in figures if len(raw) > 1 and len(re.findall(rf">{raw}<", text)) == 1)
    other = text.replace(f">{once}<", ">7777<").encode()
    changed = bundle(other, a_docx=office("docx", OF_2021))
    conflicts = [key for key, (status, _) in cells(changed).items() if status == "conflict"]
    assert len(conflicts) == 1
    assert cells(changed)[conflicts[0]] == ("conflict", None)
    places = [issue for issue in changed.issues if issue.code == "conflict"]
    assert {issue.document_id for issue in places} == {d.document_id for d in changed.documents}
    assert all("7777" in issue.raw and issue.locator for issue in places)
    rest = {key: cell for key, cell in cells(changed).items() if key not in conflicts}
    assert rest == {key: cell for key, cell in cells(alone).items() if key not in conflicts}


@pytest.mark.parametrize("kind", ["docx", "pdf", "doc"])
def test_a_page_that_is_only_the_title_of_its_attachment(office, kind):
    alone, title = parse(page(OF_2021)), parse(page(OF_2021)).reports[0].title
    both = bundle(cover(title, f"a.{kind}"), **{f"a_{kind}": office(kind, OF_2021)})
    (report,) = both.reports
    assert cells(both) == cells(alone)
    assert (report.report_year, str(report.published_date)) == (2022, "2023-01-20")
    assert report.index_number == "000014349/2023-00011"
    assert report.form == "national_2021"
    assert report.title == title
    assert len([s for s in both.sections if s.level == 1]) == 6
    assert {s.document_id for s in both.sections} == {both.documents[1].document_id}


def test_two_files_of_one_report_are_compared_and_others_do_not_disturb(office):
    title = parse(page(OF_2021)).reports[0].title
    guide = "<html><body><h1>政府信息公开指南</h1><p>为便于公民获取信息，编制本指南。</p></body></html>".encode()
    files = {"a_docx": office("docx", OF_2021), "a_pdf": office("pdf", OF_2021), "g_html": guide, "s_pdf": b"%PDF-1.4"}
    both = bundle(cover(title, "a.docx", "a.pdf"), **files)
    assert cells(both) == cells(parse(page(OF_2021)))
    assert "conflict" not in codes(both)
    assert codes(both).count("attachment_unread") == 1
    assert [d.kind for d in both.documents] == ["report", "attachment", "attachment", "attachment", "error"]


def test_a_report_of_another_year_is_a_report_of_its_own(office):
    both = bundle(page(OF_2021), old_docx=office("docx", OF_2019))
    assert [report.report_year for report in both.reports] == [2022, 2019]
    first, second = (report.report_id for report in both.reports)
    assert cells_of(both, first) == cells(parse(page(OF_2021)))
    assert cells_of(both, second) == cells(parse(page(OF_2019)))
    assert "attachment_apart" in codes(both)


def test_a_page_of_several_reports_is_none_of_them(office):
    both = bundle(cover("政府信息公开年度报告", "a.docx", "b.docx"),
                  a_docx=office("docx", OF_2021), b_docx=office("docx", OF_2019))  # fmt: skip
    assert [report.report_year for report in both.reports] == [2022, 2019]
    assert [document.kind for document in both.documents][1:] == ["report", "report"]
    assert both.documents[0].kind != "report"
    assert {row.document_id for row in both.report_documents} == {row.document_id for row in both.documents[1:]}


def cells_of(parsed, report_id):
    return {(o.indicator, o.breakdown): (o.status, o.value) for o in parsed.observations if o.report_id == report_id}


def test_an_attachment_that_no_one_can_read_loses_no_page():
    both = bundle(page(SHORT), a_pdf=b"%PDF-1.4 broken", b_docx=b"PK\x03\x04 broken")
    assert cells(both) == cells(parse(page(SHORT)))
    assert codes(both).count("attachment_unread") == 2


def test_from_an_archive_to_verified_tables(office, tmp_path):
    title = parse(page(OF_2021)).reports[0].title
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    word = ((b"Content-Type", b"application/octet-stream"),)
    write(
        raw,
        exchange(ADDRESS, cover(title, "a.docx")),
        exchange("http://www.a.gov.cn/n/f/a.docx", office("docx", OF_2021), headers=word, role="attachment"),
    )
    assert main(["extract", str(raw), "--out", str(out), "--quiet"]) == 0
    (report,) = pq.read_table(out / "reports.parquet").to_pylist()
    rows = pq.read_table(out / "observations.parquet").to_pylist()
    documents = {d["document_id"]: d["source"] for d in pq.read_table(out / "documents.parquet").to_pylist()}
    assert report["source"] == ADDRESS
    assert len(rows) == len(parse(page(OF_2021)).observations)
    assert {documents[row["document_id"]] for row in rows} == {"http://www.a.gov.cn/n/f/a.docx"}
    assert main(["verify", "--data", str(out), "--raw", str(raw)]) == 0
    assert main(["check-release", "--data", str(out)]) == 0
    assert main(["explain", report["report_id"], rows[0]["indicator"], rows[0]["breakdown"], "--data", str(out)]) == 0
