"""Whose report an attachment is: the page's, one of its own, a copy; attachments within archives."""

from __future__ import annotations

import re

import pytest
from formats.bundling import ADDRESS, bundle, cells, codes, cover, packed, page, without_tables
from formats.making import OF_2019, OF_2021, SHORT

from parsers import parse
from parsers.errors import DocumentError, NeedsOcrError
from parsers.records import Bundle


def in_gb18030(content, names):
    """The same archive with names as Chinese programs write them."""
    for plain, name in names.items():
        encoded = name.encode("gb18030")
        assert len(encoded) == len(plain)
        content = content.replace(plain.encode(), encoded)
    return content


def test_the_documents_of_an_archive_have_sources_of_their_own(office):
    inner = packed(old_docx=office("docx", OF_2019))
    whole = in_gb18030(
        packed(aaaa_docx=office("docx", OF_2021), b_zip=inner, c_exe=b"MZ\0\1" * 50), {"aaaa.docx": "年报.docx"}
    )
    title = parse(page(OF_2021)).reports[0].title
    both = bundle(cover(title, "f.zip"), f_zip=whole)
    assert [report.report_year for report in both.reports] == [2019, 2022]
    rows = {row.source.removeprefix("http://www.a.gov.cn/n/f/"): row.kind for row in both.documents}
    assert rows == {
        ADDRESS: "list", "f.zip": "attachment", "f.zip!/年报.docx": "report", "f.zip!/b.zip!/old.docx": "report",
        "f.zip!/c.exe": "error",
    } or rows[ADDRESS] == "other"  # fmt: skip
    alone = parse(Bundle(whole, "f.zip"))
    assert [cells(parse(page(sample))) for sample in (OF_2019, OF_2021)] == [
        {(o.indicator, o.breakdown): (o.status, o.value) for o in alone.observations if o.report_id == report.report_id}
        for report in alone.reports
    ]


def test_an_annex_in_an_archive_is_part_of_the_pages_report(office):
    whole = packed(annex_xlsx=office("xlsx", OF_2021), guide_txt="政府信息公开指南".encode())
    both = bundle(without_tables(page(OF_2021)), f_zip=whole)
    (report,) = both.reports
    assert cells(both) == cells(parse(page(OF_2021)))
    roles = {row.document_id: row.role for row in both.report_documents}
    # The sheet has the whole report, with the tables that the page lacks.
    assert [roles[row.document_id] for row in both.documents] == ["main", "attachment", "copy", "attachment"]
    sources = {row.document_id: row.source for row in both.documents}
    assert {sources[o.document_id] for o in both.observations} == {"http://www.a.gov.cn/n/f/f.zip!/annex.xlsx"}
    assert report.source == ADDRESS


def test_archives_that_cannot_be_read_lose_no_page_and_have_an_end():
    inner = packed(a_txt=b"hello")
    for _ in range(5):
        inner = packed(a_zip=inner)
    both = bundle(page(SHORT), a_zip=inner, b_zip=b"PK\x03\x04 broken")
    assert cells(both) == cells(parse(page(SHORT)))
    assert codes(both).count("attachment_unread") == 2
    with pytest.raises(DocumentError):
        parse(inner)
    with pytest.raises(NeedsOcrError):
        parse(packed(a_exe=b"MZ\0\1" * 50, b_jpg=b"\xff\xd8\xff\xe0" + b"\0" * 40))


# Whose report an attachment is


def named(content, body):
    return content.replace("金川市自然资源和规划局".encode(), body.encode())


def test_a_report_of_another_body_is_never_merged(office):
    other = named(page(OF_2021), "金川市水务局").replace(b">3<", b">4<").replace(b">1<", b">2<").replace(b">0<", b">5<")
    prose = without_tables(page(OF_2021))
    both = bundle(prose, other_html=other)
    assert {report.publisher for report in both.reports} == {"金川市自然资源和规划局", "金川市水务局"}
    of_page = next(report for report in both.reports if report.source == ADDRESS)
    assert not [o for o in both.observations if o.report_id == of_page.report_id]
    assert "attachment_apart" in codes(both)
    assert not {row.document_id for row in both.report_documents if row.report_id == of_page.report_id} - {
        of_page.document_id
    }


def test_a_cover_of_another_year_is_not_the_reports_page(office):
    both = bundle(
        cover("金川市自然资源和规划局2021年政府信息公开工作年度报告", "a.docx"), a_docx=office("docx", OF_2021)
    )
    (report,) = both.reports
    assert (report.report_year, report.source) == (2022, "http://www.a.gov.cn/n/f/a.docx")
    assert "attachment_apart" in codes(both)


def test_two_names_of_one_table_are_said():
    both = bundle(page(OF_2021), other_html=named(page(OF_2021), "金川市水务局"))
    assert len(both.reports) == 1
    assert "publisher_conflict" in codes(both)


@pytest.mark.parametrize("body", ["金川市自然资源规划局", "金川市自然资源和规划管理局", "自然资源和规划局"])
def test_a_body_by_a_shorter_or_longer_name_is_the_same(body):
    both = bundle(without_tables(page(OF_2021)), annex_html=named(page(OF_2021), body))
    assert len(both.reports) == 1
    assert "publisher_conflict" not in codes(both)
    assert cells(both) == cells(parse(page(OF_2021)))


def test_an_attachment_that_is_the_whole_report_again_is_a_copy(office):
    both = bundle(page(OF_2021), a_docx=office("docx", OF_2021), b_xlsx=office("xlsx", OF_2021))
    roles = {row.document_id: row.role for row in both.report_documents}
    assert [roles[document.document_id] for document in both.documents] == ["main", "copy", "copy"]


def test_attachments_of_a_page_that_cannot_be_read_are_read(office):
    both = bundle(b"<html><body><p>" + page(OF_2021)[:200] + b"<di", a_docx=office("docx", OF_2021))
    assert both.documents[0].kind == "error"
    assert cells(both) == cells(parse(page(OF_2021)))


def test_a_blank_form_beside_a_notice_is_no_report(office):
    tables = b"".join(re.findall(rb"<table.*?</table>", page(OF_2021), re.DOTALL))
    blank = (
        b"<html><head><meta charset='utf-8'></head><body>"
        + re.sub(rb">\s*[0-9.]+\s*<", b"><", tables)
        + b"</body></html>"
    )
    notice = "<html><head><title>关于做好政府信息公开工作年度报告编制工作的通知</title></head><body><h1>关于做好2022年政府信息公开工作年度报告编制工作的通知</h1><p>各乡镇人民政府，县直各单位：现就有关事项通知如下，请按附件格式认真填报，于1月20日前报送县政府办公室。</p></body></html>"  # noqa: E501
    both = bundle(notice.encode(), form_html=blank)
    assert not both.reports
