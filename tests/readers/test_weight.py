"""How much a PDF draws is told before it is drawn, and only what draws too much is refused."""

from __future__ import annotations

import zlib

import pytest

from parsers import readers
from parsers.errors import LimitError
from parsers.readers import weight

BLANK = b"q Q\n" * 5000


def stream(body: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(body), body)


def form(body: bytes, resources: bytes = b"") -> bytes:
    return stream(body, b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] " + resources)


def names(**forms: int) -> bytes:
    listed = b" ".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in forms.items())
    return b"/Resources << /XObject << %s >> >>" % listed


def file(*objects: bytes) -> bytes:
    """A PDF whose objects count from 3, the first of them its page."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", *objects]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(parts, 1))
    return b"%PDF-1.5\n" + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def page(contents: bytes = b"4 0 R", resources: bytes = b"") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %s %s >>" % (contents, resources)


def packed(body: bytes) -> bytes:
    return stream(zlib.compress(body), b"/Filter /FlateDecode")


OFTEN = b"/X0 Do\n" * 4000
HEAVY = {
    "a form drawn often": file(page(resources=names(X0=5)), stream(OFTEN), form(BLANK)),
    "names elsewhere": file(
        page(resources=b"/Resources 6 0 R"), packed(OFTEN), form(BLANK), b"<< /XObject 7 0 R >>", b"<< /X0 5 0 R >>"
    ),
    "forms within forms": file(
        page(resources=names(X0=5)),
        stream(b"/X0 Do"),
        *(form(b"/Y Do\n/Y Do\n" * 10, names(Y=number)) for number in range(6, 10)),
        form(BLANK),
    ),
    "packed well": file(page(), packed(b"q Q\n" * 17_000_000)),
    "one stream again and again": file(page(b"[%s]" % (b"4 0 R " * 4000)), packed(BLANK)),
    "a page in a stream of objects": file(
        b"<< >>",
        stream(b"3 0 " + page(b"5 0 R", names(X0=6)), b"/Type /ObjStm /N 1 /First 4").replace(b"/Type /Page ", b""),
        stream(OFTEN),
        form(BLANK),
    ).replace(b"3 0 obj\n<< >>\nendobj\n", b""),
}


@pytest.mark.parametrize("content", HEAVY.values(), ids=HEAVY)
def test_what_draws_too_much_is_refused(content: bytes) -> None:
    with pytest.raises(LimitError, match="draws more"):
        weight.check(content)


def test_a_reader_says_so_before_it_draws() -> None:
    with pytest.raises(LimitError, match="draws more"):
        readers.read(HEAVY["a form drawn often"])


LIGHT = {
    "a form that draws itself": file(page(resources=names(X0=5)), stream(b"/X0 Do"), form(OFTEN, names(X0=5))),
    "names that mean other forms in other forms": file(
        page(resources=names(X0=5)),
        stream(b"/X0 Do\n" * 100),
        form(b"/X0 Do\n" * 3, names(X0=6)),
        form(b"/X0 Do\n" * 3, names(X0=7)),
        form(BLANK[:400]),
        form(BLANK),
    ),
    "a form that no page draws often": file(page(resources=names(X1=5)), stream(OFTEN), form(BLANK)),
    "a picture drawn often": file(
        page(resources=names(X0=5)), stream(OFTEN), stream(BLANK, b"/Type /XObject /Subtype /Image")
    ),
    "damaged": b"%PDF-1.4 1 0 obj << /Contents 1 0 R /Filter /Fl >> stream\n >>stream\nx endstream 9 0 obj /Contents [",
    "nothing": b"%PDF-1.4 >>stream\n",
}


@pytest.mark.parametrize("content", LIGHT.values(), ids=LIGHT)
def test_what_draws_little_is_not(content: bytes) -> None:
    weight.check(content)
