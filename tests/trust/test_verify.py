"""Every published cell is found again in the archived bytes, and a byte that was tampered with is noticed."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from published import CORPUS, SAMPLES, copied, published, rewritten

from parsers.errors import UsageError
from pipeline.archive.reading import records
from pipeline.cli import main
from pipeline.finder import XLSX, LocatorError, Page, Print, Sheets, Word, decoded, encoding_doubt, opened
from pipeline.originals import Known, Original
from pipeline.rereading import reread
from pipeline.tables import Tables
from pipeline.verify import LOCATED, _same, verify

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")


@pytest.mark.parametrize("raw", [SAMPLES, pytest.param(CORPUS / "raw", marks=needs_corpus)], ids=["samples", "corpus"])
def test_every_value_is_found_again(raw: Path) -> None:
    tables = Tables(published(raw))
    verdict = verify(tables, [str(raw)])
    assert verdict.differences == []
    assert verdict.found == verdict.rows
    for table in LOCATED:
        if tables.has(table):
            assert verdict.rows[table] == sum(1 for row in tables.rows(table) if row["locator"])
    assert verdict.rows["observations"] > 1000
    assert verdict.reread["number"] > 0.6 * verdict.rows["observations"]


def tampered(tmp_path: Path, source: str, before: bytes, after: bytes) -> Path:
    """The samples with one place of a document changed."""
    raw = tmp_path / "raw"
    shutil.copytree(SAMPLES, raw)
    content = (raw / source).read_bytes()
    assert content.count(before) == 1
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    (raw / source).write_bytes(content.replace(before, after))
    return raw


def cell_of(source: str, least: int) -> tuple[str, str, str]:
    """A cell with a figure of a sample: its digits as they stand in the bytes, indicator, breakdown."""
    tables = Tables(published(SAMPLES))
    document = next(row["document_id"] for row in tables.rows("documents") if row["source"] == source)
    content = (SAMPLES / source).read_bytes()
    for row in tables.rows("observations"):
        digits = (row["raw"] or "").strip()
        if row["document_id"] == document and digits.isdigit() and int(digits) > least:
            for around in (f">{digits}<", f"\n{digits}\n"):
                if content.count(around.encode()) == 1:
                    return around, row["indicator"], row["breakdown"]
    raise AssertionError(f"no such cell in {source}")


@pytest.mark.parametrize("source", ["national/jinchuan-zrzy-2022.html", "national/nanhuan-2019.html"])
def test_one_byte_of_a_cell_is_noticed(tmp_path: Path, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    around, indicator, breakdown = cell_of(source, 9)
    digit = around[-2]
    other = around[:-2] + ("1" if digit != "1" else "2") + around[-1]
    raw = tampered(tmp_path, source, around.encode(), other.encode())
    found = tmp_path / "differences.csv"
    data = str(published(SAMPLES))
    assert main(["verify", "--data", data, "--raw", str(raw), "--out", str(found)]) == 1
    with open(found, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["problem"] for row in rows} == {"bytes_changed", "raw_differs"}
    (row,) = (row for row in rows if row["table"] == "observations")
    assert row["key"] == f"{indicator} {breakdown}"
    assert row["found"].strip() == other.strip("<>\n")
    capsys.readouterr()
    assert main(["verify", "--data", data, "--raw", str(raw), "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["differences"]) == len(rows)


def test_what_is_gone_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(SAMPLES, raw)
    (raw / "national" / "石岚镇2023.txt").unlink()
    assert main(["verify", "--data", str(published(SAMPLES)), "--raw", str(raw)]) == 1
    assert "bytes_missing" in capsys.readouterr().out
    assert main(["verify", "--data", str(tmp_path / "nothing")]) == 2
    with pytest.raises(UsageError):
        Tables(tmp_path)


def test_a_wrong_place_value_or_status_is_noticed(tmp_path: Path) -> None:
    out = copied(published(SAMPLES), tmp_path / "out")
    reported = [row["status"] == "reported" for row in Tables(out).rows("observations")]
    blank = reported.index(False)
    first, second, third = [place for place, known in enumerate(reported) if known][:3]

    def change(rows: list[dict[str, object]]) -> None:
        rows[first]["value"] = 987654.0
        rows[second]["locator"] = "html:td#99999[0:1]"
        rows[third]["raw"] = "987654"
        rows[blank]["status"], rows[blank]["value"] = "reported", 0.0

    rewritten(out, "observations", change)
    verdict = verify(Tables(out), [str(SAMPLES)])
    assert sorted(one.problem for one in verdict.differences if one.table == "observations") == [
        "not_found", "raw_differs", "value_differs", "value_differs",
    ]  # fmt: skip


def test_a_sample_is_the_same_each_time() -> None:
    tables = Tables(published(SAMPLES))
    first, again = verify(tables, [str(SAMPLES)], 40), verify(tables, [str(SAMPLES)], 40)
    assert first.rows["observations"] == 40
    assert first.reread == again.reread
    assert first.holds


def test_bytes_are_taken_from_archives(tmp_path: Path) -> None:
    from pipeline.archive.warc import information

    source = SAMPLES / "national" / "jinchuan-zrzy-2022.html"
    content = source.read_bytes()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    block = head + content
    name = "gongkai-000001.warc"
    record = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.gov.cn/a.html\r\n"
        "WARC-Date: 2026-01-31T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    ).encode() + block
    start = information(name, "test", datetime(2026, 1, 31, tzinfo=UTC), [])
    folder = tmp_path / "archive"
    folder.mkdir()
    import gzip

    (folder / f"{name}.gz").write_bytes(start + gzip.compress(record + b"\r\n\r\n"))
    offset = next(one.offset for one in records(folder / f"{name}.gz") if one.kind == "response")
    out = copied(published(SAMPLES), tmp_path / "out")

    def change(rows: list[dict[str, object]]) -> None:
        for row in rows:
            if row["source"] == "national/jinchuan-zrzy-2022.html":
                row.update(source="https://example.gov.cn/a.html", archive=f"{name}.gz", archive_offset=offset)

    rewritten(out, "documents", change)
    assert verify(Tables(out), [str(SAMPLES), str(folder)]).differences == []
    missing = verify(Tables(out), [str(SAMPLES)])
    assert {one.problem for one in missing.differences} == {"bytes_missing"}


def test_encodings_are_checked() -> None:
    text = "政府信息公开工作年度报告" * 5
    assert decoded(text.encode("gb18030"), "gb18030") == text
    assert decoded(b"\xef\xbb\xbf" + text.encode(), "utf-8", "bom") == text
    assert encoding_doubt(text.encode("gb18030"), "gb18030", "detected") == ""
    assert "UTF-8" in encoding_doubt(text.encode(), "gb18030", "meta")
    assert encoding_doubt(text.encode("gb18030"), "utf-8", "header")
    assert encoding_doubt(text.encode(), "utf-8", "bom")


def test_places_that_are_not_there_are_errors() -> None:
    page = Page("<table><tr><td>1<td/>2<th>３</table>")
    assert [page.find(f"html:td#{number}[0:1]") for number in (1, 2, 3)] == ["1", "2", "３"]
    for locator in ("html:td#4[0:1]", "html:td#1[0:9]", "html:td#0[0:0]", "text:L2", "html:td", "nonsense"):
        with pytest.raises(LocatorError):
            page.find(locator)


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        (" 1,234 ", "number", "1234"), ("１２３", "number", "123"), ("减3", "number", "-3"), ("＋5", "number", "5"),
        ("251000元", "number", "251000"), ("0.50万元", "number", "0.50"), ("−18", "number", "-18"), ("", "blank", ""),
        ("\u3000", "blank", ""), ("/", "slash", ""), ("——", "dash", ""), ("无", "none_word", ""), ("1，2", "other", ""),
        ("①2", "other", ""), ("约10", "other", ""), ("٣", "other", ""),
    ],
)  # fmt: skip
def test_cells_are_read_plainly(raw: str, kind: str, value: str) -> None:
    found = reread(raw)
    assert found.kind == kind
    assert (str(found.values[0]) if found.values else "") == value


@pytest.mark.parametrize("kind", ["docx", "doc", "rtf", "xlsx", "xls", "pdf"])
def test_other_formats_are_found_again(tmp_path: Path, kind: str) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("soffice is not installed")
    raw = tmp_path / "raw"
    source = SAMPLES / "national" / "jinchuan-zrzy-2022.html"
    arguments = [f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    if kind.startswith("xls"):
        arguments.append("--infilter=HTML (StarCalc)")
    targets = {"docx": "docx:Office Open XML Text", "doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format"}
    targets |= {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97", "pdf": "pdf:writer_web_pdf_Export"}
    command = [program, *arguments, "--convert-to", targets[kind], "--outdir", str(raw), str(source)]
    subprocess.run(command, capture_output=True, check=False, timeout=300)
    if not raw.is_dir():
        pytest.skip(f"soffice made no {kind}")
    out = tmp_path / "out"
    assert main(["extract", str(raw), "--out", str(out), "--quiet"]) == 0
    verdict = verify(Tables(out), [str(raw)])
    assert verdict.differences == []
    assert verdict.rows["observations"] == 221
    # One bit of the file, wherever it lies: what its damage makes of the format ends the search for no other row.
    (path,) = raw.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert main(["verify", "--data", str(out), "--raw", str(raw), "--out", str(tmp_path / "found.csv")]) == 1
    assert "bytes_changed" in (tmp_path / "found.csv").read_text("utf-8")


def test_a_page_that_cannot_be_read_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def broken(_: bytes, number: int) -> list[tuple[float, float, float, float, str]]:
        tried.append(number)
        raise LocatorError(f"there is no page {number}")

    monkeypatch.setattr("pipeline.finder._characters", broken)
    book = Print(b"")
    for _ in range(3):
        with pytest.raises(LocatorError, match="there is no page 2"):
            book.find("pdf:p2(0,0,10,10)")
    assert tried == [2]


def test_office_files_are_read_by_their_xml() -> None:
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cells = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{words}"><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr>'
            '<w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>5</w:t></w:r><w:r><w:t>7</w:t></w:r></w:p></w:tc>'
            "<w:tc><w:p><w:r><w:t>9</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
        )
    word = Word(file.getvalue())
    assert [word.find(f"docx:{place}") for place in ("p1", "t1r1c1", "t1r1c2", "t1r1c3")] == ["甲", "57", "57", "9"]
    with pytest.raises(LocatorError):
        word.find("docx:t2r1c1")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{cells}" xmlns:r="{related}"><sheets><sheet name="表 1" r:id="r1"/></sheets></workbook>',
        )
        made.writestr("xl/_rels/workbook.xml.rels", '<R><x Id="r1" Target="worksheets/sheet1.xml"/></R>')
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{cells}"><si><t>总计</t></si></sst>')
        made.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{cells}"><sheetData><row r="7"><c r="B7" t="s"><v>0</v></c><c r="C7"><v>12</v></c>'
            "</row></sheetData></worksheet>",
        )
    sheets = Sheets(file.getvalue())
    assert [sheets.find(f"xlsx:表 1!{cell}") for cell in ("B7", "C7", "D7")] == ["总计", "12", ""]
    for bit in range(0, len(file.getvalue()) * 8, 7):
        damaged = bytearray(file.getvalue())
        damaged[bit // 8] ^= 1 << bit % 8
        known = Known("d", "a.xlsx", None, XLSX, "", "", "", None)
        with contextlib.suppress(LocatorError):
            opened(Original(known, bytes(damaged))).find("xlsx:表 1!C7")


def test_signs_of_radicals_are_the_characters_that_they_look_like() -> None:
    row = {"section": "1", "text": "", "locator": "pdf:p1(0,0,9,9)"}
    page = Page("")
    assert _same("⼀、总体情况", "一、总体情况", page, row)
    assert not _same("⼆、总体情况", "一、总体情况", page, row)
    text = {**row, "locator": "text:L1"}
    assert _same("⼀、总体情况", "一、总体情况", page, text)
    assert _same("⻓期", "长期", page, {"locator": "html:td#1[0:2]"})
    assert not _same("⼆、总体情况", "一、总体情况", page, text)
    assert not _same("①2", "12", page, {"locator": "html:td#1[0:2]"})
