"""Spreadsheets and files of values: what is shown is read, an error is no blank."""
# ruff: noqa: E501

from __future__ import annotations

import io
import zipfile

import pytest
from formats.making import OF_2021, SAMPLES, codes, observations, paragraphs, rows
from formats.test_dispatch import row, sheet

from parsers import annex, parse, readers
from pipeline import office as program

needs_office = pytest.mark.skipif(not program.version(), reason="soffice is not installed")

ERRORS = (
    row(1, A="指标", B="本年") + '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2" t="e"><v>#REF!</v></c>'
    "</row>" + '<row r="3"><c r="A3" t="inlineStr"><is><t>乙</t></is></c><c r="B3"><f>SUM(B1:B2)</f><v>57</v></c></row>'
    + '<row r="4"><c r="A4" t="inlineStr"><is><t>丙</t></is></c><c r="B4"><f>SUM(B1:B2)</f></c></row>'
    + '<row r="5"><c r="A5" t="inlineStr"><is><t>丁</t></is></c></row>'
)  # fmt: skip


def test_errors_and_formulas_without_a_result_are_no_blanks():
    document = readers.read(sheet(ERRORS))
    assert rows(document) == [["指标", "本年"], ["甲", "#REF!"], ["乙", "57"], ["丙", "=SUM(B1:B2)"], ["丁", ""]]
    assert [(i.raw, i.locator) for i in document.issues if i.code == "formula_error"] == [
        ("#REF!", "xlsx:表1!B2"), ("=SUM(B1:B2)", "xlsx:表1!B4"),
    ]  # fmt: skip


def edited(content: bytes, change) -> bytes:
    """An .xlsx with its first sheet changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, change(data) if name == "xl/worksheets/sheet1.xml" else data)
    return out.getvalue()


def test_hidden_rows_and_columns_are_left_out_and_said():
    cells = (
        row(1, A="指标", B="去年", C="本年") + row(2, A="甲", B="1", C="2")
        + row(3, A="乙", B="3", C="4").replace("<row ", '<row hidden="1" ') + row(4, A="丙", B="5", C="6")
    )  # fmt: skip
    content = edited(
        sheet(cells, '<mergeCell ref="A2:A3"/>'),
        lambda data: data.replace(b"<sheetData>", b'<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'),
    )
    document = readers.read(content)
    assert rows(document) == [["指标", "本年"], ["甲", "2"], ["丙", "6"]]
    assert [cell.locator for cell in document.blocks[0].cells][-2:] == ["xlsx:表1!A4", "xlsx:表1!C4"]
    assert [i.raw for i in document.issues if i.code == "hidden_text"] == ["乙 3 4", "去年 1 3 5"]


def test_texts_under_a_merged_cell_are_said():
    cells = row(1, A="指标", B="本年") + row(2, A="甲", B="1") + row(3, A="旧", B="2")
    document = readers.read(sheet(cells, '<mergeCell ref="A2:A3"/>'))
    assert rows(document) == [["指标", "本年"], ["甲", "1"], ["甲", "2"]]
    assert [(i.raw, i.locator) for i in document.issues] == [("旧", "xlsx:表1!A3")]


def test_values_as_they_are_shown():
    cells = '<row r="1">' + "".join(
        f'<c r="{column}1"{kind}><v>{value}</v></c>'
        for column, kind, value in (
            ("A", ' t="str"', "甲"), ("B", "", "57.0"), ("C", ' t="str"', " 57 "), ("D", "", "0.30000000000000004"),
            ("E", "", "1E3"), ("F", ' t="str"', "057"), ("G", "", "24252.311082"),
        )
    ) + "</row>" + row(2, A="乙", B="1")  # fmt: skip
    assert rows(readers.read(sheet(cells)))[0] == ["甲", "57", "57", "0.3", "1000", "057", "24252.311082"]


def an_error(content: bytes) -> tuple[bytes, str]:
    """An .xlsx in which a figure became an error, and the figure's address."""
    figure = next(o for o in parse(content, source="a.xlsx").observations if o.value and o.value > 1)
    address = figure.locator.rpartition("!")[2]

    def broken(data: bytes) -> bytes:
        start = data.index(f'<c r="{address}"'.encode())
        end = data.index(b"</c>", start)
        return data[:start] + f'<c r="{address}" t="e"><v>#VALUE!</v>'.encode() + data[end:]

    return edited(content, broken), address


def test_a_figure_that_became_an_error_is_unreadable(office):
    content, address = an_error(office("xlsx", OF_2021))
    parsed = parse(content, source="a.xlsx")
    (cell,) = [o for o in parsed.observations if o.locator.endswith(f"!{address}")]
    assert (cell.status, cell.value, cell.raw) == ("unreadable", None, "#VALUE!")
    assert {"formula_error", "unreadable_value"} <= {issue.code for issue in parsed.issues}


@needs_office
def test_older_spreadsheets_say_the_same(office):
    content, _ = an_error(office("xlsx", OF_2021))
    newer = parse(content, source="a.xlsx")
    for name in ("a.xls", "a.et"):
        older = parse(program.converted(content, "xlsx", "xls"), source=name)
        assert [(o.indicator, o.breakdown, o.status, o.value, o.raw) for o in older.observations] == [
            (o.indicator, o.breakdown, o.status, o.value, o.raw) for o in newer.observations
        ]
        assert "type_mismatch" not in {issue.code for issue in older.issues}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_values(encoding):
    text = '金川年报,,\n指标,"本年, 件",上年\n主动公开,57,\n"（一）予以,公开",0,/\n合计,57,3\n'
    document = readers.read(text.encode(encoding), name="a.csv")
    assert rows(document) == [
        ["指标", "本年, 件", "上年"], ["主动公开", "57", ""], ["（一）予以,公开", "0", "/"], ["合计", "57", "3"],
    ]  # fmt: skip
    title, table = document.blocks
    assert title.text == "金川年报"
    lines = text.split("\n")
    for cell in table.cells:
        line, start, stop = (
            int(part) for part in cell.locator.removeprefix("text:L").rstrip("]").replace("[", ":").split(":")
        )
        assert lines[line - 1][start:stop] == cell.text
    assert codes(document) == []


@pytest.mark.parametrize(
    "text",
    [
        "1,234\n5,678\n9,012\n", "主动公开\n1,234\n其他\n5,678\n", "本年,我们公开了信息,受理申请。\n公开,是原则。\n完\n",
        "第一,公开政府信息\n第二,受理信息申请\n第三,加强监督检查\n",
    ],
)  # fmt: skip
def test_texts_with_commas_are_no_files_of_values(text):
    document = readers.read(text.encode())
    assert len(paragraphs(document)) == len(text.splitlines())


def test_a_form_as_a_file_of_values_says_what_the_page_says():
    page = readers.read((SAMPLES / OF_2021).read_bytes())
    lines = []
    for block in page.blocks:
        if not hasattr(block, "grid"):
            continue
        for number, line in enumerate(block.grid):
            texts = []
            for column, index in enumerate(line):
                cell = block.cells[index] if index >= 0 else None
                own = cell is not None and (cell.row, cell.column) == (number, column)
                texts.append('"' + cell.text.replace("\n", "") + '"' if own else "")
            lines.append(",".join(texts + [""] * (12 - len(texts))))
    found = observations(readers.read("\r\n".join(lines).encode("gb18030"), name="a.csv"))
    expected = observations(page)
    wrong = {key: (found[key], expected[key]) for key in found if key in expected and found[key][1] != expected[key][1]}
    assert not wrong
    assert len(found) >= 0.9 * len(expected)


@needs_office
def test_a_whole_report_in_a_sheet_has_its_title_and_headings(office):
    page = parse((SAMPLES / OF_2021).read_bytes(), source="a.html")
    sheet = parse(office("xlsx", OF_2021), source="a.xlsx")
    assert sheet.reports[0].title == page.reports[0].title
    titles = [section.title for section in page.sections if section.level]
    assert [section.title for section in sheet.sections if section.level] == titles


def test_rows_with_one_text_within_a_table_stay_in_it():
    text = "某局2018年统计表,,\n指标,单位,数量\n主动公开,,\n1.网站,条,57\n2.公报,条,3\n"
    title, table = readers.read(text.encode(), name="a.csv").blocks
    assert title.text == "某局2018年统计表"
    assert table.rows == 4


def test_values_of_several_lines_and_columns_without_any_in_a_file_of_values():
    text = (
        "政府信息公开情况统计表,,,,\n"
        '指标,单位,,"2018\n年度",历年累计数\n'
        "主动公开文件数,条,,57,615\n"
        '"受理政府信息\n公开申请总数",件,,3,9\n'
        "对申请的答复总数,件,,3,9\n"
        "1.同意公开答复数,件,,2,8\n"
        "2.不予公开答复数,件,,1,1\n"
        "行政复议数,件,,0,0\n"
        "行政诉讼数,件,,0,0\n"
    )
    document = readers.read(text.encode(), name="a.csv")
    found = {(o.indicator, o.breakdown): (o.raw, o.locator) for o in annex.read(document.blocks).observations}
    assert found["disclosed_total", "cumulative"] == ("615", "text:L4[14:17]")
    assert found["requests_total", "year"] == ("3", "text:L6[11:12]")
    labels = {cell.locator: cell.text for cell in document.blocks[1].cells}
    assert labels["text:L5[1:7]+L6[0:6]"] == "受理政府信息\n公开申请总数"
