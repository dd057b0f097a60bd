"""Damaged Word, PDF and archive files: their parts are taken apart, changed and put together again."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from random import Random

from pipeline.archive.warc import Exchange, information, pack

from . import mutations, seeds

WORD_TAGS = (
    "w:p w:r w:t w:tbl w:tr w:tc w:tcPr w:gridSpan w:vMerge w:sectPr w:tab w:br w:del w:ins w:txbxContent".split()
)
WORD_SPANS = ('<w:gridSpan w:val="{}"/>', "<w:vMerge/>", '<w:vMerge w:val="restart"/>', '<w:gridBefore w:val="{}"/>')
MOST = 3_000_000


def word(content: bytes, rng: Random) -> bytes:
    """A Word file whose XML, members or bytes are changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members:
            if rng.random() < 0.02:
                continue
            if name.endswith("document.xml") or (name.endswith((".xml", ".rels")) and rng.random() < 0.05):
                data = _markup(data, rng)  # noqa: PLW2901
            other = rng.choice(("../../evil.xml", "/word/document.xml")) if rng.random() < 0.01 else name
            # Without the time of day, so that an input is the same the next time.
            packed.writestr(zipfile.ZipInfo(other), data, zipfile.ZIP_DEFLATED)
    return mutations.bytes_changed(made.getvalue(), rng) if rng.random() < 0.1 else made.getvalue()


def _markup(data: bytes, rng: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    for _ in range(rng.choice((1, 1, 2, 4))):
        what = rng.randrange(8)
        if what <= 1:
            text = mutations.change_numbers(text, rng)
        elif what == 2:
            text = mutations.change_labels(text, rng)
        elif what == 3:
            text = mutations.move_blocks(text, rng)
        elif what == 4:
            span = rng.choice(WORD_SPANS).format(rng.choice(mutations.SPANS))
            places = [found.end() for found in re.finditer(r"<w:tc(?:Pr)?>", text)]
            for place in sorted(rng.sample(places, min(len(places), rng.choice((1, 5, 40)))), reverse=True):
                text = text[:place] + span + text[place:]
        elif what == 5:
            tag, other = rng.choice(WORD_TAGS), rng.choice(WORD_TAGS)
            count = rng.choice((1, 3, 0))
            text = re.sub(rf"(</?){tag}\b", rf"\g<1>{other}", text, count=count)
        elif what == 6:
            rows = re.findall(r"(?s)<w:t[rc]\b.*?</w:t[rc]>", text)
            if rows:
                row = rng.choice(rows)
                text = text.replace(row, row * min(rng.choice((2, 30, 1000)), MOST // len(row)), 1)
        else:
            text = mutations.odd_characters(text, rng)
        text = text[:MOST]
    return text.encode("utf-8", "replace")


def portable(content: bytes, rng: Random) -> bytes:
    """A PDF whose streams, dictionaries or bytes are changed."""
    pieces = re.split(rb"(?s)(stream\r?\n.*?endstream)", content)
    chosen = [place for place in range(1, len(pieces), 2) if rng.random() < 0.3] or list(range(1, len(pieces), 2))[:1]
    for place in chosen:
        pieces[place] = _stream(pieces[place], rng)
    for place in range(0, len(pieces), 2):
        if rng.random() < 0.1:
            pieces[place] = _numbers(pieces[place], rng, 0.05)
        if rng.random() < 0.02:
            pieces[place] = mutations.bytes_changed(pieces[place], rng)
    made = b"".join(pieces)
    return mutations.bytes_changed(made, rng) if rng.random() < 0.2 else made


def _stream(stream: bytes, rng: Random) -> bytes:
    head, body = re.match(rb"(?s)(stream\r?\n)(.*?)(?:\r?\n)?endstream\Z", stream).groups()  # type: ignore[union-attr]
    try:
        plain, packed = zlib.decompress(body), True
    except zlib.error:
        plain, packed = body, False
    for _ in range(rng.choice((1, 1, 3))):
        what = rng.randrange(5)
        lines = plain.split(b"\n")
        if what == 0:
            plain = _numbers(plain, rng, 0.02)
        elif what == 1:
            rng.shuffle(lines)
            plain = b"\n".join(lines)
        elif what == 2:
            start = rng.randrange(len(lines))
            del lines[start : start + rng.choice((1, 3, 30))]
            plain = b"\n".join(lines)
        elif what == 3:
            start = rng.randrange(len(lines))
            few = lines[start : start + rng.choice((1, 5, 60))]
            plain = b"\n".join(lines[:start] + few * rng.choice((2, 5, 200)) + lines[start:])[:MOST]
        else:
            plain = mutations.bytes_changed(plain, rng)
    return head + (zlib.compress(plain, 1) if packed else plain) + b"\nendstream"


def _numbers(data: bytes, rng: Random, share: float) -> bytes:
    odd = (b"0", b"1", b"-1", b"99999999", b"1e9", b"0.0001", b"2147483648", b"841.89", b"12")
    return re.sub(rb"-?\d+(?:\.\d+)?", lambda match: rng.choice(odd) if rng.random() < share else match[0], data)


START = datetime(2026, 1, 5, 8, tzinfo=UTC)
FIELDS = (b"Content-Length", b"WARC-Type", b"WARC-Date", b"WARC-Target-URI", b"WARC-Payload-Digest", b"Content-Type", b"HTTP/1.1 ",
          b"Gongkai-Role", b"WARC-Record-ID", b"Transfer-Encoding")  # fmt: skip


def archive(rng: Random) -> bytes:
    """A WARC file of a few exchanges, damaged pages among them, with records changed, cut, doubled or lost."""
    pages = seeds.pages()
    members = [information("a.warc.gz", "fuzz", START)]
    for place in range(rng.choice((1, 2, 3))):
        body = (
            mutations.page(rng.choice(pages), rng, rng.choice(pages))
            if rng.random() < 0.7
            else rng.choice(pages).encode()
        )
        charset = rng.choice(
            (b"text/html", b"text/html; charset=utf-8", b"text/html; charset=gb2312", b"text/plain", b"x")
        )
        packed = pack(Exchange(
            address=f"http://www.a.gov.cn/{place}.html", fetched_at=START + timedelta(hours=place), request=b"GET / HTTP/1.1\r\n\r\n",
            version="HTTP/1.1", status=rng.choice((200, 200, 200, 404, 304)), reason="OK", headers=((b"Content-Type", charset),), body=body,
            role=rng.choice(("report", "report", "attachment", "list", "other")),
        )).content  # fmt: skip
        members += _members(packed)
    for place, member in enumerate(members):
        if rng.random() < 0.15:
            members[place] = _record(member, rng)
    for _ in range(rng.choice((0, 0, 1))):
        first, other = rng.randrange(len(members)), rng.randrange(len(members))
        members[first] = rng.choice((b"", members[other], members[first] * 2))
    made = b"".join(members)
    return mutations.bytes_changed(made, rng) if rng.random() < 0.3 else made


def _members(packed: bytes) -> list[bytes]:
    found = []
    while packed:
        reader = zlib.decompressobj(31)
        reader.decompress(packed)
        rest = reader.unused_data
        found.append(packed[: len(packed) - len(rest)])
        packed = rest
    return found


def _record(member: bytes, rng: Random) -> bytes:
    try:
        plain = zlib.decompress(member, 31)
    except zlib.error:
        return member
    field = rng.choice(FIELDS)
    odd = rng.choice(
        (b"0", b"-1", b"9" * 30, b"", b"revisit", b"chunked", b"\xff\xfe", b"a: b", b"2026-13-45T00:00:00Z", b"12")
    )
    plain = re.sub(re.escape(field) + rb"[^\r\n]*", lambda _: field + b": " + odd, plain, count=rng.choice((1, 0)))
    if rng.random() < 0.3:
        plain = mutations.bytes_changed(plain, rng)
    writer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return writer.compress(plain) + writer.flush()


def make(kind: str, seed: int, number: int) -> bytes:
    """The input of that number: the same for the same seed."""
    rng = Random(f"gongkai fuzz {kind} {seed} {number}")
    if kind == "warc":
        return archive(rng)
    if kind == "docx":
        return word(rng.choice(seeds.words()), rng)
    if kind == "pdf":
        return portable(rng.choice(seeds.prints()), rng)
    if kind == "text":
        return mutations.plain(rng.choice(seeds.texts()), rng)
    return mutations.page(rng.choice(seeds.pages()), rng, rng.choice(seeds.pages()))
