"""Older office files read twice: by our own reader, and by LibreOffice where it is installed."""

from __future__ import annotations

import io
import json
import shutil
import socket
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from formats.making import OF_2014, OF_2021, SAMPLES

from parsers import parse
from parsers.errors import BrokenDocumentError, UnknownFormatError
from parsers.records import Bundle
from pipeline import convert, versions
from pipeline import office as program
from pipeline.cli import main

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
)
LINKED = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
    '<text:p>57<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char">'
    '<draw:image xlink:href="ADDRESS" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>'
    '</text:p><text:section text:name="s"><text:section-source xlink:href="ADDRESS" xlink:type="simple"/>'
    "<text:p>x</text:p></text:section></office:text></office:body></office:document>"
)
"""A flat OpenDocument text that names a picture and a text elsewhere; LibreOffice left to itself asks for both."""

needs_office = pytest.mark.skipif(not program.version(), reason="soffice is not installed")


class Other:
    """A program that makes a given file of any document."""

    name = "another program 1.0"

    def __init__(self, content):
        self.content = content

    def docx(self, content, media_type):
        if not self.content:
            raise BrokenDocumentError("it makes nothing of it")
        return self.content


def changed(content, old, new):
    """A .docx with one text in place of another, once."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                assert data.count(old) == 1
                data = data.replace(old, new)
            target.writestr(name, data)
    return out.getvalue()


def cells(parsed):
    return {(o.indicator, o.breakdown): (o.status, o.value, o.raw) for o in parsed.observations}


def said(parsed, code):
    return [issue for issue in parsed.issues if issue.code == code]


@pytest.mark.parametrize("sample", [OF_2014, OF_2021])
@needs_office
def test_two_readers_that_agree_change_nothing_and_are_named(office, sample):
    content = office("doc", sample)
    alone, both = parse(content, source="a.doc"), convert.parse_with_office(Bundle(content, "a.doc"))
    assert cells(both) == cells(alone)
    assert not said(both, "reader_conflict")
    assert [issue.message for issue in said(alone, "converted")] == ["read with msdoc2docx alone"]
    (note,) = said(both, "converted")
    assert note.message.startswith("read with msdoc2docx, and with LibreOffice ")
    assert note.document_id == both.documents[0].document_id


def test_a_cell_on_which_two_readers_differ_is_a_conflict(office):
    content, other = office("doc", OF_2021), office("docx", OF_2021)
    alone = parse(content)
    text = zipfile.ZipFile(io.BytesIO(other)).read("word/document.xml").decode()
    once = next(
        o for o in alone.observations if o.status == "reported" and len(o.raw) > 1 and text.count(f">{o.raw}<") == 1
    )
    differing = Other(changed(other, f">{once.raw}<".encode(), b">7777<"))
    both = parse(Bundle(content, "a.doc", converter=differing))
    key = (once.indicator, once.breakdown)
    assert cells(both)[key] == ("conflict", None, once.raw)
    assert {k: v for k, v in cells(both).items() if k != key} == {k: v for k, v in cells(alone).items() if k != key}
    (issue,) = said(both, "reader_conflict")
    assert (issue.severity, issue.raw, issue.locator) == ("error", f"{once.raw}; 7777", once.locator)


def test_a_second_reader_that_finds_nothing_is_said(office):
    content = office("doc", OF_2021)
    alone = parse(content)
    failing = parse(Bundle(content, "a.doc", converter=Other(b"")))
    assert cells(failing) == cells(alone)
    assert ["another program 1.0 cannot read it" in issue.message for issue in said(failing, "converted")] == [True]
    of_another = parse(Bundle(content, "a.doc", converter=Other(office("docx", "national/nanhuan-2019.html"))))
    assert cells(of_another) == cells(alone)
    assert [issue.severity for issue in said(of_another, "reader_conflict")] == ["warning"]


@needs_office
def test_what_our_own_reader_cannot_read_is_read_by_the_other_and_found_again(office, tmp_path):
    content = bytearray(office("doc", OF_2021))
    content[36] ^= 1  # a reserved byte of the container
    with pytest.raises(BrokenDocumentError):
        parse(bytes(content))
    parsed = convert.parse_with_office(Bundle(bytes(content), "a.doc"))
    assert cells(parsed) == cells(parse(office("doc", OF_2021)))
    (note,) = said(parsed, "converted")
    assert note.severity == "warning"
    assert note.message.startswith("read with LibreOffice ")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.doc").write_bytes(content)
    assert main(["extract", str(tmp_path / "raw"), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert main(["verify", "--data", str(tmp_path / "out"), "--raw", str(tmp_path / "raw")]) == 0


@needs_office
def test_a_run_uses_it_within_its_limits_and_records_it(office, tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "报告.wps").write_bytes(office("doc", OF_2021))
    assert main(["extract", str(raw), "--out", str(out), "--quiet"]) == 0
    notes = {row["message"] for row in pq.read_table(out / "issues.parquet").to_pylist() if row["code"] == "converted"}
    assert notes == {f"read with msdoc2docx, and with LibreOffice {office_version()} for comparison"}
    assert json.loads((out / "run.json").read_text("utf-8"))["versions"]["engines"] == {"libreoffice": office_version()}
    assert main(["extract", str(raw), "--out", str(out), "--quiet", "--no-office"]) == 0
    notes = {row["message"] for row in pq.read_table(out / "issues.parquet").to_pylist() if row["code"] == "converted"}
    assert notes == {"read with msdoc2docx alone"}


def office_version():
    return program.version()


def test_without_the_program_the_parser_is_as_ever(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    program.version.cache_clear()
    assert convert.parser() == versions.PARSER
    monkeypatch.undo()
    program.version.cache_clear()
    assert (convert.parser() == convert.WITH_OFFICE) == (shutil.which("soffice") is not None)


@needs_office
def test_open_document_texts_are_read_through_it(office):
    from pipeline.office import converted

    content = converted(office("docx", OF_2021), "docx", "odt")
    with pytest.raises(UnknownFormatError):
        parse(content)
    assert cells(convert.parse_with_office(Bundle(content, "a.odt"))) == cells(parse(office("docx", OF_2021)))


@needs_office
def test_the_program_follows_no_link_of_a_document():
    from pipeline.office import converted

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        made = converted(LINKED.replace("ADDRESS", address).encode(), "fodt", "docx")
        assert zipfile.is_zipfile(io.BytesIO(made))
        with pytest.raises(BlockingIOError):
            server.accept()


def test_what_a_wps_file_is_is_told_by_its_bytes(office):
    for content in (office("doc", OF_2021), office("docx", OF_2021)):
        parsed = parse(content, source="附件：年度报告.wps")
        assert cells(parsed).keys() == cells(parse((SAMPLES / OF_2021).read_bytes())).keys()
        assert not said(parsed, "type_mismatch")
    (mismatch,) = said(parse(office("docx", OF_2021), source="a.doc"), "type_mismatch")
    assert "wordprocessingml" in mismatch.message
    assert said(parse(Path(SAMPLES / OF_2021).read_bytes(), source="a.wps"), "type_mismatch")
