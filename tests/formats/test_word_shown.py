"""What a word processor shows of what a file stores: that, and nothing else, is read."""
# ruff: noqa: E501

from __future__ import annotations

import io
import zipfile

import pytest
from formats.making import codes, paragraphs, rows
from formats.wording import W, docx, p, package, r, tbl, tc, tr

from parsers import readers


def test_rows_and_cells_that_are_not_shown_are_left_out_and_said():
    body = tbl(
        tr(tc("甲"), tc("1")), tr(tc("乙"), tc("2"), marks="<w:del/>"), tr(tc("丙"), tc("3"), marks="<w:ins/>"),
        tr(tc("丁"), tc("4"), marks="<w:hidden/>"),
    )  # fmt: skip
    document = readers.read(docx(body))
    assert rows(document) == [["甲", "1"], ["丙", "3"]]
    assert [(i.code, i.raw, i.locator) for i in document.issues] == [
        ("deleted_text", "乙 2", "docx:t1r2c1"), ("hidden_text", "丁 4", "docx:t1r4c1"),
    ]  # fmt: skip
    assert document.blocks[0].cells[2].locator == "docx:t1r3c1"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    joined = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    body = p(joined, r("收到申请12")) + p(r("34件")) + p(joined, r("完")) + tbl(
        tr(tc("甲"), f"<w:tc>{p(joined, r('5'))}{p(r('7'))}</w:tc>"), tr(tc("乙"), tc("1")))  # fmt: skip
    document = readers.read(docx(body))
    assert paragraphs(document) == ["收到申请1234件", "完"]
    assert rows(document) == [["甲", "57"], ["乙", "1"]]


def test_prompts_of_controls_are_no_text_and_their_contents_are():
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    filled = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = prompt.format(p(r("单击此处"))) + p(filled.format(r("报告")), prompt.format(r("选择一项"))) + tbl(
        filled.format(tr(tc("甲"), filled.format(tc("1")))), tr(tc("乙"), f"<w:tc>{prompt.format(p(r('输入')))}{p()}</w:tc>")
    )  # fmt: skip
    document = readers.read(docx(body))
    assert paragraphs(document) == ["报告"]
    assert rows(document) == [["甲", "1"], ["乙", ""]]
    assert {i.raw for i in document.issues if i.code == "hidden_text"} == {"单击此处", "选择一项", "输入"}


def test_the_text_of_a_cell_may_stand_in_a_box():
    box = f"<w:txbxContent>{p(r('57'))}</w:txbxContent>"
    drawn = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"  # fmt: skip
    document = readers.read(docx(tbl(tr(tc("甲"), f"<w:tc>{p(drawn)}</w:tc>"), tr(tc("乙"), tc("2")))))
    assert rows(document) == [["甲", "57"], ["乙", "2"]]
    assert paragraphs(document) == []
    assert codes(document) == ["text_box"]


def test_characters_that_only_separate():
    text = "<w:r><w:t>1\n2</w:t><w:softHyphen/><w:t>3</w:t><w:tab/><w:t>4</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>"
    pages = f"{r('前')}<w:r><w:br w:type='page'/></w:r>{r('后')}<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>"
    assert paragraphs(readers.read(docx(p(text) + p(pages)))) == ["1 23 4-5", "前\n后\uf0fc"]


def test_notes_headers_and_comments_are_no_text():
    marks = (
        "<w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:commentReference w:id='0'/></w:r><w:r><w:footnoteRef/></w:r>"
    )
    note = f"<w:footnote w:id='2'>{p(r('注9'))}</w:footnote>"
    document = readers.read(docx(
        p(r("公开"), marks, r("57条")) + "<w:sectPr/>", word_footnotes=note, word_header1=p(r("页眉8")),
        word_comments=f"<w:comment w:id='0'>{p(r('批注7'))}</w:comment>",
    ))  # fmt: skip
    assert paragraphs(document) == ["公开57条"]


def renamed(content: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(*change(name, source.read(name)))
    return out.getvalue()


def test_strict_files_and_parts_of_other_names_are_read():
    body = p(r("年报")) + tbl(tr(tc("甲"), tc("1")), tr(tc("乙", "<w:gridSpan w:val='2'/>")))
    strict = W.replace("schemas.openxmlformats.org/wordprocessingml/2006", "purl.oclc.org/ooxml/wordprocessingml")
    for change in (
        lambda name, data: (name, data.replace(W.encode(), strict.encode())),
        lambda name, data: (name.replace("document.xml", "document2.xml"), data),
    ):
        document = readers.read(renamed(docx(body), change), name="a.docx")
        assert paragraphs(document) == ["年报"]
        assert rows(document) == [["甲", "1"], ["乙", "乙"]]
        assert codes(document) == []


def test_a_document_within_the_document_is_read_in_its_place():
    page = "<html><body><p>中</p><table><tr><td>甲</td><td>1</td></tr></table></body></html>"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO(docx(p(r("前")) + f'<w:altChunk xmlns:r="{space}" r:id="r9"/>' + p(r("后"))))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/a.htm", page)
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships><Relationship Id="r9" Type="{space}/aFChunk" Target="a.htm"/></Relationships>',
        )
    document = readers.read(out.getvalue())
    assert paragraphs(document) == ["前", "中", "后"]
    assert rows(document) == [["甲", "1"]]
    assert codes(document) == ["embedded_document"]


def test_objects_of_other_programs_are_said():
    body = p(
        "<w:r><w:object><o:OLEObject xmlns:o='urn:schemas-microsoft-com:office:office' ProgID='Excel.Sheet.12'/></w:object></w:r>"
    )
    (issue,) = readers.read(docx(p(r("见表")) + body)).issues
    assert (issue.code, issue.severity, issue.raw) == ("embedded_object", "warning", "Excel.Sheet.12")


def numbered(levels: str, *items: tuple[str, int], more: str = "") -> list[str]:
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
        + more
    )
    body = "".join(
        p(f'<w:pPr><w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="5"/></w:numPr></w:pPr>', r(text))
        for text, at in items
    )
    return paragraphs(readers.read(docx(body, word_numbering=numbering)))


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def test_numbers_that_go_on_and_numbers_in_plain_figures():
    levels = (
        level(0, "chineseCounting", "第%1部分 ") + level(1, "ideographTraditional", "%2、", '<w:lvlRestart w:val="0"/>')
        + level(2, "decimal", "%1.%3 ", "<w:isLgl/>")
    )  # fmt: skip
    assert numbered(levels, ("总体", 0), ("公开", 1), ("申请", 0), ("受理", 1), ("细", 2)) == [
        "第一部分 总体", "甲、公开", "第二部分 申请", "乙、受理", "2.1 细",
    ]  # fmt: skip


def test_styles_that_number_and_lists_that_rest_on_a_style():
    first = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="h1"/>')
    second = level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="h2"/>')
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{first}'
        f"{second}</w:abstractNum>"
        '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="list"/></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="2"/></w:num>'
    )
    number = "<w:pPr><w:numPr><w:numId w:val='5'/></w:numPr></w:pPr>"
    styles = "".join(
        f'<w:style w:styleId="{name}"><w:name w:val="{name}"/>{number}</w:style>' for name in ("h1", "h2", "list")
    )
    body = "".join(
        p(f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>', r(text)) for text, style in (("总体", "h1"), ("公开", "h2"))
    )
    body += p('<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="6"/></w:numPr></w:pPr>', r("另"))
    assert paragraphs(readers.read(docx(body, word_numbering=numbering, word_styles=styles))) == [
        "一、总体",
        "（一）公开",
        "一、另",
    ]


@pytest.mark.parametrize("form", ["doc", "rtf"])
def test_older_formats_show_the_same(form):
    from pipeline import office

    if not office.version():
        pytest.skip("soffice is not installed")
    body = (
        p(r("一"), f"<w:del w:id='1' w:author='a'>{r('旧').replace('w:t', 'w:delText')}</w:del>", r("、概述"), r("隐", "<w:vanish/>"))
        + tbl(
            "<w:tblGrid><w:gridCol w:w='2000'/><w:gridCol w:w='2000'/><w:gridCol w:w='2000'/></w:tblGrid>",
            tr(tc("甲", '<w:tcW w:w="2000" w:type="dxa"/><w:vMerge w:val="restart"/>'), tc("乙", '<w:tcW w:w="4000" w:type="dxa"/><w:gridSpan w:val="2"/>')),
            tr(tc("", '<w:tcW w:w="2000" w:type="dxa"/><w:vMerge/>'), tc("1", '<w:tcW w:w="2000" w:type="dxa"/>'), tc("2|3", '<w:tcW w:w="2000" w:type="dxa"/>')),
            tr(tc("丙", '<w:tcW w:w="2000" w:type="dxa"/>'), tc("", '<w:tcW w:w="2000" w:type="dxa"/>'), tc("4", '<w:tcW w:w="2000" w:type="dxa"/>')),
        )
        + p(r("末57"))
    )  # fmt: skip
    document = readers.read(office.converted(package(body), "docx", form))
    assert paragraphs(document) == ["一、概述", "末57"]
    assert rows(document) == [["甲", "乙", "乙"], ["甲", "1", "2\n3"], ["丙", "", "4"]]
