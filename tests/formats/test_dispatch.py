"""What a document is, is told by its bytes; archives and spreadsheets are read within limits."""

from __future__ import annotations

import contextlib
import io
import zipfile
from email.message import EmailMessage

import pytest
from formats.making import codes, paragraphs, pdf, rows, text
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import readers
from parsers.errors import DocumentError, EmptyDocumentError, LimitError, NeedsOcrError, UnknownFormatError
from parsers.readers import archive, sniff, spreadsheet

PAGE = "<html><body><p>政府信息公开工作年度报告</p><table><tr><td>规章</td><td>3</td></tr></table></body></html>"


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


def sheet(rows_of_cells: str, merged: str = "", state: str = "visible") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        made.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}/relationships/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        made.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{office}/relationships"><sheets>'
            f'<sheet name="表1" sheetId="1" state="{state}" r:id="r1"/></sheets></workbook>',
        )
        made.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        )
        made.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{space}"><sheetData>{rows_of_cells}</sheetData>'
            f"{'<mergeCells>' + merged + '</mergeCells>' if merged else ''}</worksheet>",
        )
    return out.getvalue()


def row(number: int, **cells: str) -> str:
    found = ""
    for column, value in cells.items():
        place = f'r="{column}{number}"'
        numeric = value.replace(".", "").isdecimal()
        found += (
            f"<c {place}><v>{value}</v></c>" if numeric else f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>'
        )
    return f'<row r="{number}">{found}</row>'


@pytest.mark.parametrize("name", ["http://a.gov.cn/b/report.doc?x=1", "report.pdf", "报告.XLS"])
def test_a_page_under_another_name(name):
    document = readers.read(PAGE.encode(), name=name)
    assert rows(document) == [["规章", "3"]]
    assert codes(document) == ["type_mismatch"]


@pytest.mark.parametrize("name", ["", "report", "http://a.gov.cn/t2023.html", "http://a.gov.cn/get.do?id=report.pdf"])
def test_names_that_promise_nothing_else(name):
    assert codes(readers.read(PAGE.encode(), name=name)) == []


def test_a_web_archive_saved_as_doc():
    message = EmailMessage()
    message["Subject"] = "report"
    message.set_content(PAGE, subtype="html", charset="utf-8", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png")
    document = readers.read(message.as_bytes(), name="报告.doc")
    assert rows(document) == [["规章", "3"]]
    assert set(codes(document)) == {"type_mismatch", "web_archive"}


def test_kinds_of_containers():
    assert sniff.media_type(packed(**{"word/document__xml": b"x"})) == sniff.DOCX
    assert sniff.media_type(packed(a__txt=b"x")) == sniff.ZIP
    assert sniff.media_type(sniff.MAGIC[3][0] + b"\0" * 600) == sniff.OLE


def test_pictures_need_ocr():
    with pytest.raises(NeedsOcrError):
        readers.read(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)


@pytest.mark.parametrize(
    "content", [packed(a__bin=b"\0\1\2\3" * 40), sniff.MAGIC[3][0] + b"\0" * 600, b"\x1f\x8b" + b"x" * 50]
)
def test_formats_that_no_reader_knows(content):
    with pytest.raises(UnknownFormatError):
        readers.read(content)


def test_an_archive_is_read_in_the_order_of_names():
    content = packed(b__html=PAGE.encode(), a__txt="第一份报告".encode(), c__exe=b"MZ\0\0" * 50)
    assert [name for name, _ in archive.members(content)] == ["a.txt", "b.html", "c.exe"]
    document = readers.read(content)
    assert paragraphs(document) == ["第一份报告"]
    assert [i.raw for i in document.issues if i.severity == "warning"] == ["b.html", "c.exe"]


def test_an_archive_of_a_scan_needs_ocr():
    with pytest.raises(NeedsOcrError):
        readers.read(packed(a__jpg=b"\xff\xd8\xff\xe0" + b"\0" * 40, b__exe=b"MZ\0\1" * 50))


def test_names_of_members_in_chinese_codes():
    raw = packed(xxxx=b"hello world of text").replace(b"xxxx", "报告".encode("gb18030"))
    assert [name for name, _ in archive.members(raw)] == ["报告"]


def test_empty_archives():
    with pytest.raises(EmptyDocumentError):
        readers.read(packed())


def test_an_archive_that_unpacks_without_end(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBER", 1_000_000)
    with pytest.raises(LimitError):
        readers.read(packed(a__txt=b"0" * 5_000_000))
    inner = packed(a__txt=b"hello")
    for _ in range(5):
        inner = packed(a__zip=inner)
    with pytest.raises(LimitError):
        readers.read(inner)


def test_too_many_members(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    with pytest.raises(LimitError):
        readers.read(packed(**{f"a{i}": b"x" for i in range(6)}))


def test_a_sheet_with_merged_ranges():
    cells = row(1, A="统计表") + row(3, A="指标", B="本年") + row(4, A="主动公开", B="57.0") + row(5, B="7730.28")
    document = readers.read(sheet(cells, '<mergeCell ref="A4:A5"/>'), name="a.xlsx")
    assert paragraphs(document) == [] or paragraphs(document) == ["统计表"]
    assert rows(document, -1) == [["指标", "本年"], ["主动公开", "57"], ["主动公开", "7730.28"]]
    table = document.blocks[-1]
    assert [cell.locator for cell in table.cells][-2:] == ["xlsx:表1!B4", "xlsx:表1!B5"]


def test_headings_and_prose_part_a_sheet():
    cells = (
        row(1, A="一、总体情况")
        + row(2, A="文" * 80)
        + row(3, A="规章", B="3")
        + row(4, A="三、收到")
        + row(5, A="甲", B="1")
    )
    document = readers.read(sheet(cells))
    assert paragraphs(document) == ["一、总体情况", "文" * 80, "三、收到"]
    assert (rows(document, 0), rows(document, 1)) == ([["规章", "3"]], [["甲", "1"]])


def test_hidden_and_empty_sheets():
    with pytest.raises(EmptyDocumentError):
        readers.read(sheet(row(1, A="x"), state="hidden"))
    with pytest.raises(EmptyDocumentError):
        readers.read(sheet(""))


def test_a_sheet_of_a_million_rows():
    with pytest.raises(LimitError):
        readers.read(sheet(row(1, A="x") + row(1_000_000, A="y")))


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_names_of_columns(number, name):
    assert spreadsheet.column_name(number) == name


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_but_errors_of_documents(data):
    whole = data.draw(st.sampled_from([
        pdf([text(60, 700, b"one 1")]), packed(a__txt=b"text"), sheet(row(1, A="x", B="1")),
        packed(**{"word/document__xml": b"<w:document/>"}), b"{\\rtf1 \\trowd\\cellx10 a\\cell\\row b}",
        sniff.MAGIC[3][0] + b"\0" * 1500,
    ]))  # fmt: skip
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) // 2, len(content))) :]
    with contextlib.suppress(DocumentError):
        readers.read(bytes(content))
