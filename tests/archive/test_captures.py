"""The index of the archive, bundles out of it, and archives in and out."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive.making import PAGE, exchange
from archive.test_warc_files import write
from lxml.html import HtmlElement, document_fromstring

from parsers.errors import UsageError
from pipeline.archive import warc
from pipeline.archive.bundles import bundle, stored
from pipeline.archive.captures import Captures
from pipeline.archive.files import archives
from pipeline.archive.links import article_in, attachment_links
from pipeline.archive.reading import ArchiveError, records
from pipeline.archive.transfer import export, take_in

ROOT = "http://www.a.gov.cn"


def opened(folder: Path) -> Captures:
    captures = Captures(folder)
    captures.update()
    return captures


def test_a_page_is_bundled_with_the_attachments_that_its_article_names(tmp_path: Path) -> None:
    text = PAGE.format(
        "<a href='f/a.pdf'>附件1</a><a href='/f/b.doc?x=1'>附件2</a><img src='p.jpg' width=500>"
        "<a href='c.xls'>附件3</a>"
    )
    pdf = ((b"Content-Type", b"application/pdf"),)
    moved = ((b"Location", b"/g/b.doc"),)
    write(
        tmp_path,
        exchange(f"{ROOT}/n/x.html", text.encode("gb18030"), headers=((b"Content-Type", b"text/html; charset=gbk"),)),
        exchange(f"{ROOT}/n/f/a.pdf", b"%PDF-1.4 one", headers=pdf, role="attachment"),
        exchange(f"{ROOT}/f/b.doc?x=1", b"", status=302, headers=moved, role="other"),
        exchange(f"{ROOT}/g/b.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 two", role="attachment"),
        exchange(f"{ROOT}/n/p.jpg", b"\xff\xd8\xff three", role="attachment"),
    )
    with opened(tmp_path) as captures:
        (one,) = stored(captures)
        taken = bundle(captures, one)
        assert [a.content[:5] for a in taken.attachments] == [b"%PDF-", b"\xd0\xcf\x11\xe0\xa1", b"\xff\xd8\xff t"]
        assert taken.header_charset == "gbk"
        assert taken.content == text.encode("gb18030")
        assert taken.fetched_at == one.main.fetched_at
        assert one.missing == (f"{ROOT}/n/c.xls",)
        assert one.inputs[0] == (f"{ROOT}/n/x.html", one.main.digest)


def test_versions_of_a_page_are_documents_and_revisits_are_not(tmp_path: Path) -> None:
    first = warc.pack(exchange(body=b"<html>one</html>"))
    original = warc.Original(first.record_id, f"{ROOT}/x.html", first.date, first.digest)
    write(
        tmp_path,
        exchange(body=b"<html>one</html>"),
        exchange(hours=1, status=304, body=b"", original=original, profile=warc.NOT_MODIFIED),
        exchange(hours=2, body=b"<html>two</html>"),
        exchange(hours=3, status=404, body=b"gone", role="other"),
    )
    with opened(tmp_path) as captures:
        one, two = stored(captures)
        assert one.main.digest != two.main.digest
        assert (one.last_seen - one.first_seen).total_seconds() == 3600
        assert two.first_seen == two.last_seen
        assert one.gone
        assert two.gone


def test_the_index_follows_files_that_grow_and_go(tmp_path: Path) -> None:
    from pipeline.archive.files import Files

    files = Files(tmp_path, {}, lambda _: None)
    with Captures(tmp_path) as captures:
        for number in range(3):
            files.append([warc.pack(exchange(f"{ROOT}/{number}", b"<html>%d" % number)).content])
            captures.update()
            assert [one.address for one in captures.all()] == [f"{ROOT}/{n}" for n in range(number + 1)]
        files.close()
        archives(tmp_path)[0].unlink()
        captures.update()
        assert list(captures.all()) == []


def foreign(path: Path, *, compressed: bool) -> None:
    """A file as another tool writes it: WARC 1.0, SHA-1, line ends of its own, the body squeezed as it came."""
    html = "<html><body><div id='zoom'>他人的存档<a href='/y.pdf'>y</a></div></body></html>".encode()
    parts = []
    for name, media, more, body in (
        ("y.html", "text/html", "Content-Encoding: gzip\r\n", gzip.compress(html)),
        ("y.css", "text/css", "", b"a{}"),
        ("y.pdf", "application/pdf", "", b"%PDF-1.5 " + bytes(range(256))),
    ):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{more}\r\n".encode() + body
        sha1 = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
            f"WARC-Target-URI: {ROOT}/{name}\r\nWARC-Date: 2020-02-03T04:05:06Z\r\n"
            f"WARC-Payload-Digest: sha1:{sha1}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        parts.append(gzip.compress(record) if compressed else record)
    path.write_bytes(b"".join(parts))


@pytest.mark.parametrize("compressed", [True, False])
def test_archives_of_others_are_taken_in_once_and_read(tmp_path: Path, compressed: bool) -> None:
    given = tmp_path / ("other.warc.gz" if compressed else "other.warc")
    foreign(given, compressed=compressed)
    folder = tmp_path / "raw"
    (done,) = take_in(given, folder)
    assert (done.records, done.broken) == (3, "")
    assert take_in(given, folder)[0].records == 0
    with opened(folder) as captures:
        (one,) = stored(captures)
        assert one.source == f"{ROOT}/y.html"
        assert "他人的存档".encode() in bundle(captures, one).content
        assert [a.source for a in bundle(captures, one).attachments] == [f"{ROOT}/y.pdf"]


def test_what_is_exported_is_imported_as_the_same_set(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    write(
        folder, *(exchange(f"{ROOT}/{n}", b"<html>%d" % n) for n in range(5)), exchange("http://b.gov.cn/", b"<html>b")
    )
    with opened(folder) as captures:
        whole = captures.sets()
    for name, like in (("all.warc.gz", ""), ("all.wacz", ""), ("some.wacz", "www.a.gov.cn")):
        done = export(folder, tmp_path / name, like)
        assert done.broken == ()
        aim = tmp_path / f"from-{name}"
        take_in(tmp_path / name, aim)
        with opened(aim) as captures:
            assert captures.sets() == {pair for pair in whole if like in pair[0]}
    with pytest.raises(UsageError, match="exists already"):
        export(folder, tmp_path / "all.wacz")


def test_a_wacz_says_what_is_in_it_and_one_that_lies_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    write(folder, exchange())
    export(folder, tmp_path / "a.wacz")
    with zipfile.ZipFile(tmp_path / "a.wacz") as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    assert {"archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl", "datapackage.json"} <= set(names)
    assert parts["indexes/index.cdx"].startswith(b"cn,gov,a,www)/x.html 20260105080000 {")
    offset = int(json.loads(parts["indexes/index.cdx"].decode().split(" ", 2)[2])["offset"])
    data = tmp_path / "data.warc.gz"
    data.write_bytes(parts["archive/data.warc.gz"])
    assert [record.offset for record in records(data)][1] == offset
    with zipfile.ZipFile(tmp_path / "b.wacz", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content + b" " if name.startswith("archive/") else content)
    with pytest.raises(ArchiveError, match="datapackage"):
        take_in(tmp_path / "b.wacz", tmp_path / "other")


def test_a_torn_archive_is_taken_in_up_to_the_tear_and_the_tear_is_said(tmp_path: Path) -> None:
    given = tmp_path / "other.warc.gz"
    foreign(given, compressed=True)
    whole = given.read_bytes()
    given.write_bytes(whole[: len(whole) - 100])
    (done,) = take_in(given, tmp_path / "raw")
    assert done.records == 2
    assert "bytes" in done.broken


def test_a_page_within_many_elements_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    plain_iter = HtmlElement.iter

    def counted(element: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
        nonlocal looked
        for one in plain_iter(element, *tags):
            looked += 1
            yield one

    monkeypatch.setattr(HtmlElement, "iter", counted)
    monkeypatch.setattr(HtmlElement, "xpath", lambda *_: [])
    tree = document_fromstring("<div>" * 200 + "<p>" + "正文" * 300 + "</p><b>a</b>" + "</div>" * 200)
    assert article_in(tree).tag == "div"
    assert looked < 1000


def test_furniture_of_pages_is_no_attachment() -> None:
    text = (
        "<html><body><div class='nav'><a href='/app.zip'>客户端</a></div><div id='zoom'>"
        + "正文" * 150
        + "<img src='/images/icons/pdf.gif'>"
        "<img src='x.png' width='16' height='16'><img src='data:image/png;base64,AA'><img src='scan.png'>"
        "<a href='javascript:void(0)'>x</a><a href='#top'>y</a><a href='a.PDF'>附件</a>"
        "<a href='/module/download/downfile.jsp?filename=1.doc&classid=0'>附件</a></div></body></html>"
    )
    assert attachment_links(text.encode(), f"{ROOT}/n/x.html") == [
        f"{ROOT}/n/scan.png",
        f"{ROOT}/n/a.PDF",
        f"{ROOT}/module/download/downfile.jsp?filename=1.doc&classid=0",
    ]
