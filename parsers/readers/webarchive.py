"""The reader of web archives (MHTML), which word processors also save under the name .doc."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesParser
from itertools import islice

from parsers.document import Document
from parsers.errors import BrokenDocumentError, LimitError
from parsers.readers import carried, html
from parsers.readers.charset import decode
from parsers.records import Issue

MAX_BYTES = 128_000_000
MAX_PARTS = 2_000


def read(content: bytes) -> Document:
    """Read the page of a web archive: its first part in HTML. Raises BrokenDocumentError or LimitError.

    Locators name the part that the page is, and count in its own source, after its transfer encoding is undone.
    """
    if len(content) > MAX_BYTES:
        raise LimitError(f"the file is larger than {MAX_BYTES} bytes", reading="a web archive")
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content.lstrip(b"\xef\xbb\xbf \t\r\n"))
        parts = list(islice(_parts(message), MAX_PARTS + 2))
    except RecursionError as error:
        raise LimitError("the archive is nested too deeply", reading="a web archive") from error
    for number, part in enumerate(parts):
        if number > MAX_PARTS:
            raise LimitError(f"the archive has more than {MAX_PARTS} parts", reading="a web archive")
        if part.get_content_type() != "text/html":
            continue
        page = part.get_payload(decode=True)
        if not isinstance(page, bytes) or not page.strip():
            continue
        decoded = decode(page, part.get_content_charset() or "")
        document = html.read(decoded.text, encoding=decoded.encoding, encoding_source=decoded.encoding_source)
        note = Issue(code="web_archive", severity="info", message="the page was taken out of a web archive")
        document = carried.placed(document, f"mhtml:{number + 1}!")
        return replace(document, issues=(note, *document.issues))
    raise BrokenDocumentError("the web archive holds no page", reading="a web archive", remedy="Fetch it again")


def _parts(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part
