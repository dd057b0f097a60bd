"""What no reader can make sense of, beside a report that every reader must still find."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from trial_runs import ROOT, Ran, extract

SAMPLE = ROOT / "data" / "raw" / "赤门乡2018年政府信息公开工作年度报告.html"

GOOD = "报告.html"

FORBIDDEN = "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1><hr>nginx</body></html>"


def bad_documents() -> dict[str, bytes]:
    junk = random.Random(1)
    return {
        "empty.html": b"",
        "blank.txt": b" \r\n\t\n",
        "junk.bin": junk.randbytes(200_000),
        "nulls.html": b"\x00" * 100_000,
        "truncated.html": SAMPLE.read_bytes()[:700],
        "cut_tag.html": SAMPLE.read_bytes()[:2000] + b"<td cl",
        "fifty_megabytes.html": b"<div>" * (50 * 1024**2 // 5),
        "wide.html": b"<table><tr><td colspan=1000000>1</td></tr><tr><td rowspan=1000000>2</td></tr></table>" * 50,
        "nested.html": b"<div>" * 100_000 + b"x" + b"</div>" * 100_000,
        "nested_tables.html": b"<table><tr><td>" * 5_000,
        "error_page.html": FORBIDDEN.encode(),
        "picture.png": b"\x89PNG\r\n\x1a\n" + junk.randbytes(5_000),
        "broken.pdf": b"%PDF-1.4\n" + junk.randbytes(5_000),
        "broken.docx": b"PK\x03\x04" + junk.randbytes(5_000),
        "broken.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk.randbytes(5_000),
        "half_utf16.txt": "年度报告".encode("utf-16")[:-1],
    }


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("bad")
    raw = folder / "raw"
    raw.mkdir()
    for name, content in bad_documents().items():
        (raw / name).write_bytes(content)
    shutil.copyfile(SAMPLE, raw / GOOD)
    return extract(raw, folder / "out", "--memory-limit", "2G", parser="")


def test_the_run_goes_on(ran: Ran) -> None:
    assert ran.code == 1, ran.said
    assert [row["source"] for row in ran.table("reports")] == [GOOD]
    assert "Traceback" not in ran.said


@pytest.mark.parametrize("name", sorted(bad_documents()))
def test_each_is_named_with_a_reason(ran: Ran, name: str) -> None:
    (row,) = (row for row in ran.table("documents") if row["source"] == name)
    assert row["kind"] in {"error", "other", "list"}
    assert row["reason"]
    assert "Error" not in row["reason"], "an unexpected error of ours is no reason"
    assert len(row["document_id"]) == 64
    assert row["bytes"] == os.path.getsize(ran.out.parent / "raw" / name)


def test_a_corpus_of_real_documents(tmp_path: Path) -> None:
    corpus = Path(os.environ.get("GONGKAI_CORPUS", ROOT.parent / "shared" / "corpus")) / "raw"
    if not corpus.is_dir():
        pytest.skip("the corpus is not here")
    found = extract(corpus, tmp_path / "out", parser="")
    kinds = {row["source"]: row["kind"] for row in found.table("documents")}
    assert len(kinds) == len(list(corpus.iterdir()))
    html = {name for name, kind in kinds.items() if kind == "report" and not name.endswith(".pdf")}
    assert len(html) >= 8
    assert kinds["pingtan-list.html"] != "report"
    assert kinds["pingtan-notareport-2014.txt"] != "report"
