"""Files made to harm their reader: they end in a clear error, and nobody is called."""

from __future__ import annotations

import io
import socket
import struct
import zipfile
import zlib

import pyarrow.parquet as pq
import pytest
from formats.making import SAMPLES, SHORT
from formats.test_dispatch import row, sheet
from formats.wording import docx as word
from formats.wording import p, tbl, tc, tr

from parsers import readers
from parsers.errors import BrokenDocumentError, DocumentError
from pipeline.cli import main

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def docx(declared, text):
    packed = io.BytesIO()
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", f"<?xml version='1.0'?>{declared}<w:document {WORD}>{body}</w:document>")
    return packed.getvalue()


def said(content, name):
    """The words that a reader finds; none where it refuses."""
    try:
        document = readers.read(content, name=name)
    except DocumentError:
        return ""
    return "\n".join(getattr(block, "text", "") for block in document.blocks)


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


def test_entities_that_grow_without_end_are_refused():
    grown = "".join(f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(BrokenDocumentError, match="document type"):
        readers.read(docx(f'<!DOCTYPE w [<!ENTITY a "{"x" * 1000}">{grown}]>', "&i;"), name="a.docx")


def test_no_reader_follows_an_address_or_opens_a_file(listener, tmp_path):
    (tmp_path / "secret").write_text("never to be read", "utf-8")
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    outside = f'<!ENTITY i SYSTEM "{address}"><!ENTITY f SYSTEM "{(tmp_path / "secret").as_uri()}">'
    declared = f'<!DOCTYPE html SYSTEM "{address}" [{outside}]>'
    page = f"{declared}<html><body><p>&i;&f;政府信息公开</p><img src='{address}'><iframe src='{address}'></body></html>"
    files = {
        "a.docx": docx(declared, "&i;&f;"),
        "a.html": page.encode(),
        "a.xhtml": ("<?xml version='1.0'?>" + page).encode(),
        "a.rtf": rb"{\rtf1 {\field{\*\fldinst INCLUDETEXT " + f'"{address}"'.encode() + rb"}{\fldrslt x}}}",
    }
    for name, content in files.items():
        assert "never" not in said(content, name)
    with pytest.raises(BlockingIOError):
        listener.accept()


# Files that ask for all time or all memory: their own limits end them, long before those of a run


def packed(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def overlapping(count, size):
    """An archive whose entries are all the same bytes."""
    content = b"0" * size
    body, check = zlib.compress(content, 9)[2:-4], zlib.crc32(content)
    out = bytearray(
        struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, check, len(body), size, 5, 0) + b"0.txt" + body
    )
    start = len(out)
    for number in range(count):
        entry = (0x02014B50, 20, 20, 0, 8, 0, 0, check, len(body), size, 5, 0, 0, 0, 0, 0, 0)
        out += struct.pack("<IHHHHHHIIIHHHHHII", *entry) + f"{number:05}".encode()
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(out) - start, start, 0)
    return bytes(out)


def hostile():
    """Files by name, each small and each with no end."""
    zeros = b"0" * 40_000_000
    many = packed(*((f"{number}.txt", zeros) for number in range(4)))
    yield "unpacks.docx", packed(("word/document.xml", b"<w>" + b"0" * 140_000_000))
    yield "tags.docx", word("<w:p/>" * 7_000_000)
    yield "cells.docx", word(tbl(*["<w:tr>" + "<w:tc><w:p/></w:tc>" * 500 + "</w:tr>"] * 300))
    yield "far.xlsx", sheet(row(1, A="x") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    rows_of_two = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="ZZ{n}"><v>1</v></c></row>' for n in range(1, 400)
    )
    yield "merged.xlsx", sheet(rows_of_two, '<mergeCell ref="A1:XFD1048576"/>' * 3000)
    yield "overlapping.zip", overlapping(5000, 50_000_000)
    yield "nested.zip", packed(*((f"{number}.zip", many) for number in range(4)))
    yield "files.zip", packed(*((f"{number}.txt", b"report %d" % number) for number in range(2000)))
    yield "groups.rtf", b"{\\rtf1 " + b"{" * 100_000
    deep = "<w:tbl><w:tr><w:tc>" * 60 + p("") + "</w:tc></w:tr></w:tbl>" * 60
    yield "deep.docx", word(deep)


def test_each_ends_by_a_limit_of_its_reader_and_the_run_goes_on(tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    names = []
    for name, content in hostile():
        (raw / name).write_bytes(content)
        names.append(name)
    (raw / "report.html").write_bytes((SAMPLES / SHORT).read_bytes())
    limits = ("--memory-limit", "1G", "--time-limit", "600", "--workers", "1")
    assert main(["extract", str(raw), "--out", str(out), "--quiet", *limits]) == 1
    documents = {row["source"]: row for row in pq.read_table(out / "documents.parquet").to_pylist()}
    assert documents["report.html"]["kind"] == "report"
    assert {name: documents[name]["kind"] for name in names} == dict.fromkeys(names, "error")
    words = ("more than", "deeper than", "larger than", "in directory")
    assert not [documents[name]["reason"] for name in names if not any(w in documents[name]["reason"] for w in words)]
    assert not [name for name in names if "was stopped" in documents[name]["reason"]]


def test_a_wide_row_and_many_spans_are_read():
    wide = readers.read(word(tbl(tr(*[tc("1")] * 20_000))))
    assert len(wide.blocks[0].cells) == 20_000
    spans = readers.read(word(tbl(*[tr(*[tc("1", '<w:gridSpan w:val="1000"/>')] * 60) for _ in range(100)])))
    assert len(spans.blocks[0].cells) == 6000
