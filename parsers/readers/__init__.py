"""Readers: one module a format, bytes in, a `Document` out. They know formats and no forms."""

from __future__ import annotations

from parsers.document import Document
from parsers.errors import EmptyDocumentError, NeedsOcrError, UnknownFormatError
from parsers.readers import html, plain, sniff
from parsers.readers.charset import decode
from parsers.records import Issue


def read(content: bytes, *, header_charset: str = "") -> Document:
    """Read one document of any format that a reader knows.

    `header_charset` is the charset of the Content-Type header, if one came with the bytes. Raises
    EmptyDocumentError, UnknownFormatError, NeedsOcrError, BrokenDocumentError or LimitError.
    """
    if not content.strip(b" \t\r\n\0"):
        raise EmptyDocumentError("the document is empty", remedy="Fetch it again")
    kind = sniff.media_type(content)
    if kind.startswith("image/"):
        raise NeedsOcrError("needs ocr: the document is a picture", reading=kind)
    if kind != sniff.PLAIN:
        raise UnknownFormatError(f"no reader for {kind}", reading=kind, remedy="Convert it to HTML or text")
    decoded = decode(content, header_charset)
    kind = sniff.text_type(decoded.text)
    if kind == sniff.UNKNOWN:
        raise UnknownFormatError("the bytes are neither a known format nor text", reading=f"{len(content)} bytes")
    reader = html.read if kind == sniff.HTML else plain.read
    document = reader(decoded.text, encoding=decoded.encoding, encoding_source=decoded.encoding_source)
    if not decoded.replacements:
        return document
    return _with_issue(document, decoded.replacements)


def _with_issue(document: Document, count: int) -> Document:
    from dataclasses import replace

    issue = Issue(
        code="charset_replacement",
        severity="warning",
        message=f"{count} bytes or byte sequences are no characters of {document.encoding} and were replaced",
    )
    return replace(document, issues=(issue, *document.issues))
