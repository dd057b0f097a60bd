"""Readers: one module a format, bytes in, a `Document` out. They know formats and no forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from parsers.conversion import Converter
from parsers.document import Document, Table
from parsers.errors import BrokenDocumentError, EmptyDocumentError, LimitError, NeedsOcrError, UnknownFormatError
from parsers.readers import carried, html, linked, mixed, plain, radicals, sniff
from parsers.readers.charset import Decoded, decode
from parsers.recognition import Recogniser
from parsers.records import Issue

LONGEST_TAG = 2000
"""An opening bracket further from the end of a page begins no tag that the end cuts."""

MAX_CELLS = 100_000
"""Cells of the tables of an office file, a PDF or a picture."""

MOST_CARRIERS = 3
"""A page may be carried in a text that is carried in another one, and no deeper."""

_CUT = re.compile(r"</?[A-Za-z][^<>]*\Z")

_READERS = {
    sniff.PDF: "pdf",
    sniff.DOCX: "word",
    sniff.DOC: "older",
    sniff.ODT: "older",
    sniff.RTF: "rich",
    sniff.MHTML: "webarchive",
    sniff.XLSX: "spreadsheet",
    sniff.XLS: "spreadsheet",
    sniff.ODS: "spreadsheet",
    sniff.ZIP: "archive",
}
"""The module that reads a media type; each has `read(content) -> Document`. Loaded when first needed."""


def read(
    content: bytes,
    *,
    header_charset: str = "",
    name: str = "",
    recogniser: Recogniser | None = None,
    converter: Converter | None = None,
) -> Document:
    """Read one document of any format that a reader knows.

    `header_charset` is the charset of the Content-Type header, if one came with the bytes; `name` is
    the document's address or file name, used for nothing but a remark where its ending says another
    format than the bytes; `recogniser` reads what is a picture; `converter` reads older office files a second
    time. Raises EmptyDocumentError, UnknownFormatError, NeedsOcrError, BrokenDocumentError or LimitError.
    """
    if not content.strip(b" \t\r\n\0"):
        raise EmptyDocumentError("the document is empty", remedy="Fetch it again")
    kind = sniff.media_type(content)
    if kind.startswith("image/"):
        if recogniser is None:
            raise NeedsOcrError("needs ocr: the document is a picture", reading=kind, remedy="Read it with OCR")
        from parsers.readers import image

        document = image.read(content, kind, recogniser)
    elif kind in _READERS:
        reader: Callable[..., Document] = import_module(f"parsers.readers.{_READERS[kind]}").read
        if kind == sniff.PDF:
            document = reader(content, recogniser)
        elif kind == sniff.ZIP:
            document = reader(content, recogniser, converter)
        elif kind in (sniff.DOC, sniff.ODT):
            document = reader(content, kind, converter)
        else:
            document = reader(content)
    elif kind == sniff.PLAIN:
        document = _read_text(content, header_charset)
        kind = document.media_type
    else:
        raise UnknownFormatError(f"no reader for {kind}", reading=kind, remedy="Convert it to HTML or text")
    if kind not in (sniff.HTML, sniff.PLAIN):
        _within_limits(document, kind)
    said = sniff.by_name(name)
    if not said or kind in said:
        return document
    return _with_issue(
        document,
        Issue(
            code="type_mismatch",
            severity="info",
            message=f"the name says {said[0]} and the bytes are {kind}",
            raw=name,
        ),
    )


def _within_limits(document: Document, kind: str) -> None:
    """Refuse tables of more cells than any report has: what is behind the readers looks at each several times."""
    if sum(len(block.cells) for block in document.blocks if isinstance(block, Table)) > MAX_CELLS:
        raise LimitError(f"the tables have more than {MAX_CELLS} cells", reading=kind)


def _read_text(content: bytes, header_charset: str) -> Document:
    decoded = decode(content, header_charset)
    document = radicals.mended(_of_text(decoded, decoded.text, 0))
    if document.whole is not None:
        document = replace(document, whole=radicals.mended(document.whole))
    if not decoded.replacements:
        return document
    count = decoded.replacements
    return _with_issue(
        document,
        Issue(
            code="charset_replacement",
            severity="warning",
            message=f"{count} bytes or byte sequences are no characters of {document.encoding} and were replaced",
        ),
    )


def _of_text(decoded: Decoded, text: str, depth: int) -> Document:
    """A text of these bytes, or one that is carried in it: `depth` says within how many."""
    inner = carried.in_json(text) if depth < MOST_CARRIERS else None
    if inner is not None:
        document = carried.within(_of_text(decoded, inner.text, depth + 1), inner)
        return replace(document, media_type=sniff.JSON)
    kind = sniff.text_type(text)
    if kind == sniff.UNKNOWN:
        raise UnknownFormatError("the bytes are neither a known format nor text", reading=f"{len(text)} characters")
    mixed_in = kind == sniff.HTML and mixed.is_mixed(text)
    if kind == sniff.HTML and not mixed_in and not depth and _CUT.search(text[-LONGEST_TAG:]):
        raise BrokenDocumentError("the page breaks off within a tag", reading=kind, remedy="Fetch it again")
    reader: Callable[..., Document] = mixed.read if mixed_in else html.read if kind == sniff.HTML else plain.read
    document = reader(text, encoding=decoded.encoding, encoding_source=decoded.encoding_source)
    if kind == sniff.HTML and "ld+json" in text:
        document = replace(document, meta=(*document.meta, *linked.read(text)))
    if mixed_in or depth >= MOST_CARRIERS:
        return document
    inner = carried.in_page(text, document)
    if inner is None:
        return document
    return carried.joined(document, carried.within(_of_text(decoded, inner.text, depth + 1), inner))


def _with_issue(document: Document, issue: Issue) -> Document:
    return replace(document, issues=(issue, *document.issues))
