"""Documents that ask for something of the machine that reads them get nothing: no connection, no file, no room."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex
from trial_runs import extract

from parsers.characters import patterns
from pipeline.crawl.client import Client, RefusedError

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RTF = (
    r"{\rtf1{\field{\*\fldinst INCLUDEPICTURE URL/p.png}}"
    r"{\field{\*\fldinst INCLUDETEXT FILE}}{\*\template URL/t.dot} text}"
)
SECRET = "泄漏的机密内容"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that hears of every connection to it."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen(64)
        made.setblocking(False)
        yield made


def silent(listener: socket.socket) -> bool:
    with contextlib.suppress(BlockingIOError):
        listener.accept()[0].close()
        return False
    return True


def packed(members: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(document: str | bytes, relations: str = "") -> bytes:
    related = f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    kinds = f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    return packed(
        {
            "[Content_Types].xml": kinds,
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{RELATED}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": document,
            "word/_rels/document.xml.rels": related,
        }
    )


def word(text: str, before: str = "") -> str:
    return (
        f'{before}<w:document xmlns:w="{WORDS}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    )


def hostile(url: str, file: str) -> dict[str, bytes]:
    """Documents that point to an address and to a file in every way that their formats know."""
    entity = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{url}/entity"><!ENTITY b SYSTEM "file://{file}">]>'
    relation = '<Relationship Id="r{}" Type="' + RELATED + '/{}" Target="{}" TargetMode="External"/>'
    relations = "".join(
        relation.format(number, kind, target)
        for number, (kind, target) in enumerate(
            [("attachedTemplate", f"{url}/t.dotm"), ("image", f"{url}/i.png"), ("oleObject", f"file://{file}")]
        )
    )
    page = (
        f'<html><head><base href="{url}/"><link rel=stylesheet href="{url}/s.css"><script src="{url}/s.js"></script>'
        f'<meta http-equiv=refresh content="0;url={url}/refresh"><style>@import "{url}/i.css";</style></head><body>'
        f'<img src="{url}/i.png"><iframe src="{url}/f"></iframe><object data="file://{file}"></object>'
        f'<form action="{url}/post"><input value=1></form><p>政府信息公开工作年度报告</p></body></html>'
    )
    xhtml = (
        f'<?xml version="1.0"?>{entity}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>报告&a;&b;</p></body></html>'
    )
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(" + url.encode() + b"/open)>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]"
        b"/Contents 4 0 R/AA<</O<</S/GoToR/F(" + url.encode() + b"/o.pdf)>>>>>>endobj\n4 0 obj<</Length 0/F<</FS/URL/F("
        + url.encode() + b"/stream)>>>>stream\n\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip
    return {
        "page.html": page.encode(),
        "xhtml.html": xhtml.encode(),
        "entity.docx": docx(word("&a;&b;", entity)),
        "wide.docx": docx(word("&a;&b;", f'<?xml version="1.0" encoding="UTF-16"?>{entity}').encode("utf-16")),
        "relations.docx": docx(word("报告"), relations),
        "field.rtf": RTF.replace("URL", url).replace("FILE", file).encode(),
        "action.pdf": pdf,
        "book.xlsx": packed({
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'{entity}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&a;&b;</workbook>',
            "xl/externalLinks/externalLink1.xml": f'<externalLink href="{url}/link"/>',
        }),
    }  # fmt: skip


def test_no_document_makes_a_connection_or_opens_a_file(listener: socket.socket, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, "utf-8")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (tmp_path / "raw").mkdir()
    for name, content in hostile(url, str(secret)).items():
        (tmp_path / "raw" / name).write_bytes(content)
    ran = extract(tmp_path / "raw", tmp_path / "out", parser="")
    assert {row["source"] for row in ran.table("documents")} == set(hostile(url, ""))
    assert silent(listener)
    for path in (tmp_path / "out").glob("*.csv"):
        assert SECRET not in path.read_text("utf-8"), path.name
    socket.create_connection(listener.getsockname()).close()
    time.sleep(0.05)
    assert not silent(listener), "the listener would have heard"


def test_what_unpacks_without_end_is_an_error_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "bomb.docx").write_bytes(docx(b" " * 140_000_000))
    inner = packed({"a.html": b" " * 140_000_000})
    for _ in range(5):
        inner = packed({"a.zip": inner})
    (tmp_path / "raw" / "nested.zip").write_bytes(inner)
    ran = extract(tmp_path / "raw", tmp_path / "out", "--memory-limit", "1G", parser="")
    reasons = {
        row["source"]: row["reason"] for row in ran.table("documents") if row["source"] in ("bomb.docx", "nested.zip")
    }
    assert "unpacks to more" in reasons["bomb.docx"]
    assert "deeper than" in reasons["nested.zip"] or "unpacks to more" in reasons["nested.zip"]


def test_members_of_archives_stay_where_they_are(tmp_path: Path) -> None:
    page = "<html><body><p>政府信息公开工作年度报告</p></body></html>".encode()
    names = [
        "../../escaped.html",
        "/tmp/gongkai-escaped.html",
        "..\\..\\escaped.html",
        "C:\\escaped.html",
        "a/../../escaped.html",
    ]
    (tmp_path / "deep" / "raw").mkdir(parents=True)
    (tmp_path / "deep" / "raw" / "a.zip").write_bytes(packed(dict.fromkeys(names, page)))
    extract(tmp_path / "deep" / "raw", tmp_path / "deep" / "out", parser="")
    assert list(tmp_path.rglob("*escaped*")) == []
    assert not Path("/tmp/gongkai-escaped.html").exists()


def test_a_pattern_that_would_run_for_ever_is_stopped() -> None:
    pattern = regex.compile(r"(?:a|aa|a+)+$")
    assert patterns.search(pattern, "a" * 5000 + "b") is None


def test_a_name_that_changes_its_address_is_asked_at_the_one_that_was_checked() -> None:
    heard: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(writer.get_extra_info("sockname")[0])
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        writer.close()

    async def check() -> None:
        # 127.0.0.2 stands for a public address, 127.0.0.1 for one behind the wall.
        public = await asyncio.start_server(answer, "127.0.0.2", 0)
        port = public.sockets[0].getsockname()[1]
        private = await asyncio.start_server(answer, "127.0.0.1", port)
        answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"]]

        async def resolve(name: str, port: int) -> list[str]:
            return answers.pop(0)

        async def ask() -> bytes:
            async with Client("test", exempt=("127.0.0.2/32",), resolve=resolve) as client:
                return (await client.get(f"http://rebinding.gov.cn:{port}/")).body

        assert await ask() == b"ok"
        with pytest.raises(RefusedError):
            await ask()
        await ask()
        assert answers == []
        public.close()
        private.close()

    asyncio.run(check())
    assert set(heard) == {"127.0.0.2"}
