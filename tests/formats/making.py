"""PDF files written by hand, as small as they can be, and what tests ask of a document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from parsers import annex
from parsers.document import Document, Paragraph

SAMPLES = Path(__file__).parents[2] / "data" / "raw"

SHORT = "赤门乡2018年政府信息公开工作年度报告.html"
LONG = "长表/西河县2011.html"
OF_2014 = "binchen-wjw-2015.html"
OF_2019 = "national/nanhuan-2019.html"
OF_2021 = "national/jinchuan-zrzy-2022.html"
TRADITIONAL = "national/muling-2021-traditional.html"

PRINTED = (SHORT, LONG, OF_2014, OF_2019, OF_2021, TRADITIONAL)
CONVERTED = {
    "pdf": (SHORT, OF_2019, OF_2021, TRADITIONAL),
    "docx": (SHORT, LONG, OF_2019, OF_2021),
    "doc": (OF_2014, OF_2021),
    "rtf": (LONG, OF_2019),
    "xlsx": (SHORT, OF_2021),
    "xls": (OF_2014, OF_2019),
}
"""Samples by the format that they are turned into: each form and each format several times, not every pair."""

Key = tuple[str, str]


def observations(document: Document) -> dict[Key, tuple[str, Decimal | None, Decimal | None]]:
    """What the statistical tables of a document say: status, value and value in the standard unit."""
    found = annex.read(document.blocks).observations
    return {(o.indicator, o.breakdown): (o.status, o.value, o.value_std) for o in found}


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> list[str]:
    return [issue.code for issue in document.issues]


def pdf(
    contents: Sequence[bytes],
    *,
    trailer: bytes = b"",
    objects: Sequence[bytes] = (),
    count: int = -1,
    page: bytes = b"",
    catalog: bytes = b"",
) -> bytes:
    """A PDF with a page of each content stream, in Helvetica as /F1. `objects` come after all others.

    `page` and `catalog` are further entries of each page and of the catalogue.
    """
    pages = len(contents)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(pages))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages if count < 0 else count, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, content in enumerate(contents):
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> %s >>" % (5 + 2 * i, page)
        )
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    parts.extend(objects)
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, trailer, start)
    return bytes(out)


def text(x: float, y: float, words: bytes, size: float = 10) -> bytes:
    """Words at a place, in points from the bottom left corner."""
    return b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n" % (size, x, y, words)


def ruled(xs: Sequence[float], ys: Sequence[float], *, width: float = 0.5) -> bytes:
    """The lines of a full grid."""
    lines = [b"%g w\n" % width]
    lines += [b"%g %g m %g %g l S\n" % (xs[0], y, xs[-1], y) for y in ys]
    lines += [b"%g %g m %g %g l S\n" % (x, ys[0], x, ys[-1]) for x in xs]
    return b"".join(lines)


def rows(document: Document, number: int = 0) -> list[list[str]]:
    """The texts of a table's grid, a span's other places as its own text."""
    table: Any = [block for block in document.blocks if not isinstance(block, Paragraph)][number]
    return [[cell.text if (cell := table.at(r, c)) else "" for c in range(table.columns)] for r in range(table.rows)]
