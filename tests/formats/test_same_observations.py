"""Samples turned into other formats by real programs say what the pages say."""

from __future__ import annotations

import io
import zipfile

import pytest
from formats.making import CONVERTED, OF_2021, PRINTED, SAMPLES, SHORT, codes, observations

from parsers import readers


def expected(sample):
    return observations(readers.read((SAMPLES / sample).read_bytes()))


@pytest.mark.parametrize("sample", PRINTED)
def test_printed_by_a_browser(browser, sample):
    document = readers.read(browser(SAMPLES / sample))
    assert document.media_type == "application/pdf"
    assert observations(document) == expected(sample)


@pytest.mark.parametrize(("kind", "sample"), [(kind, sample) for kind in CONVERTED for sample in CONVERTED[kind]])
def test_converted_by_an_office_program(office, kind, sample):
    document = readers.read(office(kind, sample), name=f"report.{kind}")
    assert observations(document) == expected(sample)
    assert "type_mismatch" not in codes(document)


def test_without_ruling_lines(browser, tmp_path):
    page = (SAMPLES / SHORT).read_text(encoding="utf-8")
    # One long page: where a page ends within a label is up to the fonts of the machine.
    long = "@page{size:210mm 1500mm}"
    bare = f"<style>{long} table,td,th{{border:none!important}} td,th{{padding:4px 14px!important}}</style>"
    (tmp_path / "bare.html").write_text(page.replace("</head>", bare + "</head>"), encoding="utf-8")
    assert observations(readers.read(browser(tmp_path / "bare.html"))) == expected(SHORT)


def test_in_an_archive(office):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("附件/2022年报告.docx", office("docx", OF_2021))
        archive.writestr("__MACOSX/x", b"junk")
    document = readers.read(packed.getvalue(), name="附件.zip")
    assert observations(document) == expected(OF_2021)
    assert "archive_member" in codes(document)
    assert "type_mismatch" not in codes(document)
