"""The readers of .docx, .rtf and .doc on files made for one trait each."""

from __future__ import annotations

import io
import zipfile

import pytest
from formats.making import codes, paragraphs, rows
from formats.wording import docx, p, r, tbl, tc, tr

from parsers import readers
from parsers.document import Paragraph, Table
from parsers.errors import BrokenDocumentError, DocumentError, LimitError
from parsers.readers.numbering import chinese, written


def test_what_is_not_shown_is_left_out_and_said():
    body = p(
        r("公开"), f"<w:del>{r('旧').replace('w:t', 'w:delText')}</w:del>", f"<w:ins>{r('1136')}</w:ins>", r("条"),
        r("隐", "<w:vanish/>"), r("划", "<w:strike/>"), r("1", '<w:vertAlign w:val="superscript"/>'),
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', r("7"), '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )  # fmt: skip
    document = readers.read(docx(body))
    assert paragraphs(document) == ["公开1136条7"]
    assert sorted({(i.code, i.raw) for i in document.issues}) == [
        ("deleted_text", "划"), ("deleted_text", "旧"), ("hidden_text", "隐"), ("note_mark_dropped", "1"),
    ]  # fmt: skip


def test_what_is_no_element_of_word_hides_nothing_and_breaks_nothing():
    inner = "<p>" + p(r("乙")) + "<w:p/></p><tbl>" + tbl(tr(tc("丙"), tc("1")), tr(tc("丁"), tc("2"))) + "</tbl>"
    document = readers.read(docx(p(r("甲")) + inner))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["甲", "乙"]
    assert rows(document) == [["丙", "1"], ["丁", "2"]]
    odd = io.BytesIO(docx(p(r("甲"))))
    with zipfile.ZipFile(odd, "a") as archive:
        archive.writestr("_rels/.rels", "<Relationships><!-- x --><?y z?></Relationships>")
    assert paragraphs(readers.read(odd.getvalue())) == ["甲"]


def test_spans_and_locators():
    body = p(r("前")) + tbl(
        tr(tc("甲", '<w:vMerge w:val="restart"/>'), tc("乙", '<w:gridSpan w:val="2"/>')),
        tr(tc("", "<w:vMerge/>"), tc("1"), tc("2|3")),
        tr(tc("丙"), tc("4"), tc("")),
    )
    document = readers.read(docx(body))
    assert rows(document) == [["甲", "乙", "乙"], ["甲", "1", "2\n3"], ["丙", "4", ""]]
    table = document.blocks[1]
    assert isinstance(table, Table)
    assert [cell.locator for cell in table.cells] == [
        "docx:t1r1c1", "docx:t1r1c2", "docx:t1r2c2", "docx:t1r2c3", "docx:t1r3c1", "docx:t1r3c2", "docx:t1r3c3",
    ]  # fmt: skip
    assert document.blocks[0].locator == "docx:p1"


def test_rows_of_different_spans_are_laid_by_their_widths():
    def wide(text: str, width: int, span: int = 1) -> str:
        return tc(text, f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{span}"/>')

    body = tbl(
        tr(wide("标签", 2000), wide("合计", 3000)), tr(wide("一", 2000), wide("1", 1000), wide("2", 2000)),
        tr(wide("二", 2000), wide("3", 1000), wide("4", 2000)),
    )  # fmt: skip
    assert rows(readers.read(docx(body))) == [["标签", "合计", "合计"], ["一", "1", "2"], ["二", "3", "4"]]


def test_prose_in_a_table_of_one_cell_and_tables_within_tables():
    inner = tbl(tr(tc("指标"), tc("年")), tr(tc("数"), tc("57")))
    body = tbl(f"<w:tr><w:tc>{p(r('一、概述'))}{p(r('文字'))}{inner}{p()}</w:tc></w:tr>")
    document = readers.read(docx(body))
    assert [type(block) for block in document.blocks] == [Paragraph, Paragraph, Table]
    assert rows(document) == [["指标", "年"], ["数", "57"]]


def test_text_boxes_are_read_once():
    box = f"<w:txbxContent>{p(r('框内'))}</w:txbxContent>"
    drawn = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"  # fmt: skip # noqa: E501
    assert paragraphs(readers.read(docx(p(r("外"), drawn)))) == ["外", "框内"]


def test_numbers_that_word_draws():
    levels = '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'  # fmt: skip # noqa: E501

    def item(text: str, level: int) -> str:
        marks = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr></w:pPr>'
        return p(marks, r(text))

    body = item("概述", 0) + item("甲", 1) + item("乙", 1) + item("公开", 0) + item("丙", 1)
    document = readers.read(docx(body, word_numbering=levels))
    assert paragraphs(document) == ["一、概述", "（1）甲", "（2）乙", "二、公开", "（1）丙"]


def test_levels_and_looks_from_styles():
    styles = '<w:style w:styleId="a"><w:name w:val="heading 2"/><w:rPr><w:b/></w:rPr></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'  # fmt: skip # noqa: E501
    body = p('<w:pPr><w:pStyle w:val="b"/><w:jc w:val="center"/></w:pPr>', r("题"))
    block = readers.read(docx(body, word_styles=styles)).blocks[0]
    assert isinstance(block, Paragraph)
    assert (block.level, block.bold, block.align) == (2, True, "center")


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百〇五")])
def test_chinese_numbers(number, text):
    assert chinese(number) == text


def test_number_formats():
    assert [written(4, form) for form in ("upperRoman", "lowerLetter", "decimalEnclosedCircle", "unheard")] == [
        "IV", "d", "④", "4",
    ]  # fmt: skip


def test_xml_that_declares_entities_is_refused():
    bomb = docx("").replace(b"", b"")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bomb)) as source, zipfile.ZipFile(out, "w") as target:
        text = source.read("word/document.xml").decode()
        lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        target.writestr("word/document.xml", text.replace("?>", "?>" + lol, 1).replace("<w:body>", "<w:body>&b;&f;"))
    with pytest.raises(BrokenDocumentError):
        readers.read(out.getvalue())


def test_damaged_xml_is_read_as_far_as_it_goes_and_said():
    body = p(r("好")) + "<w:p><w:r><w:t>坏</w:r></w:p>" + p(r("后"))
    document = readers.read(docx(body))
    assert paragraphs(document)[0] == "好"
    assert "damaged_xml" in codes(document)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_docx_cut_short(share):
    whole = docx(p(r("文字" * 500)))
    with pytest.raises(DocumentError):
        readers.read(whole[: int(len(whole) * share)])


def test_nesting_has_an_end():
    deep = "<w:tbl><w:tr><w:tc>" * 60 + p(r("x")) + "</w:tc></w:tr></w:tbl>" * 60
    with pytest.raises(LimitError):
        readers.read(docx(deep))


def test_rtf_spans_characters_and_revisions():
    text = (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}{\info{\title T}}"
        rb"{\pard \b\'d2\'bb\b0\u12289?{\deleted x}{\v y}1136\par}"
        rb"\trowd\clvmgf\cellx1000\cellx2000\cellx3000\intbl \u30002?\cell 1\cell 2\cell\row"
        rb"\trowd\clvmrg\cellx1000\cellx3000\intbl \cell 12\line 3\cell\row\pard after\par{\header no}}"
    )
    document = readers.read(text, name="report.doc")
    assert paragraphs(document) == ["一、1136", "after"]
    assert rows(document) == [["甲", "1", "2"], ["甲", "12\n3", "12\n3"]]
    assert document.title == "T"
    assert sorted(codes(document)) == ["deleted_text", "hidden_text", "type_mismatch"]


def test_rtf_survives_anything():
    for text in (
        rb"{\rtf1 ",
        rb"{\rtf1 a\bin5 }}}}} b}",
        rb"{\rtf1 \u-10179?\u-8704? \'zz \cell\row x}",
        b"{\\rtf" + b"{" * 900 + b"x",
    ):
        try:
            readers.read(text)
        except DocumentError:
            continue
    with pytest.raises(LimitError):
        readers.read(b"{\\rtf1" + b"{" * 5000)


def test_the_converter_of_old_files_is_recorded_and_damage_said(office):
    from formats.making import OF_2014

    content = office("doc", OF_2014)
    document = readers.read(content)
    assert [i.message for i in document.issues if i.code == "converted"] == ["read with msdoc2docx alone"]
    for size in (600, 2000, len(content) // 2):
        with pytest.raises(DocumentError):
            readers.read(content[:size])
