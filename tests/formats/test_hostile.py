"""Files made to harm their reader: they end in a clear error, and nobody is called."""

from __future__ import annotations

import io
import socket
import zipfile

import pytest

from parsers import readers
from parsers.errors import BrokenDocumentError, DocumentError

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
