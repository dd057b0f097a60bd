"""Annual reports on information disclosure: bytes in, records out.

    >>> from pathlib import Path
    >>> from parsers import parse
    >>> path = Path("data/raw/赤门乡2018年政府信息公开工作年度报告.html")
    >>> parsed = parse(path.read_bytes(), source=path.name)
    >>> parsed.reports[0].form
    'short_annex'

Nothing in this package touches the disk (its own data files aside), the network or the clock.
"""

from __future__ import annotations

from parsers.records import Bundle, ParsedBundle
from parsers.version import VERSION

__all__ = ["VERSION", "Bundle", "ParsedBundle", "parse"]


def parse(content: Bundle | bytes, source: str = "", *, header_charset: str = "") -> ParsedBundle:
    """Read one document, or a bundle of a main document with its attachments.

    `content` are the document's bytes as published, or a `Bundle`; `source` is its address or path,
    `header_charset` the charset of the HTTP header it came with, both ignored for a bundle.
    Returns records as they stand in the tables; a look-alike has a row in `documents` and no report.
    Raises `parsers.errors.DocumentError` when the bytes cannot be read.
    """
    from parsers.assemble import assemble

    if not isinstance(content, Bundle):
        content = Bundle(content=content, source=source, header_charset=header_charset)
    return assemble(content)
