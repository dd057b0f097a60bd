"""Loose pages and the files beside them that they name."""

from __future__ import annotations

import hashlib
import json

import pytest
from formats.bundling import TITLE, extracted, linked, packed, page, placed
from formats.making import OF_2019, OF_2021, SHORT

from parsers import parse
from pipeline.cli import main


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("./P0202401.docx", "P0202401.docx"),
        ("2022_files/a%20b.docx", "2022_files/a b.docx"),
        ("/n/%E5%B9%B4%E6%8A%A5.docx", "年报.docx"),
        ("http://www.a.gov.cn/x/%C4%EA%B1%A8.docx", "年报.docx"),
        ("/module/download/down.jsp?filename=%E5%B9%B4%E6%8A%A5.docx&i=7", "年报.docx"),
        ("http://www.a.gov.cn/x/Q.DOCX", "2022_files/q.docx"),
    ],
)
def test_a_loose_page_and_the_file_that_it_names_are_one_report(office, tmp_path, link, place):
    raw, out = tmp_path / "raw", tmp_path / "out"
    (raw / "甲" / place).parent.mkdir(parents=True)
    (raw / "甲" / place).write_bytes(office("docx", OF_2021))
    (raw / "甲" / "2022.html").write_bytes(linked(link))
    tables = extracted(raw, out)
    (report,) = tables["reports"]
    assert report["source"] == "甲/2022.html"
    assert {row["source"]: row["kind"] for row in tables["documents"]} == {
        "甲/2022.html": "report", f"甲/{place}": "attachment",
    }  # fmt: skip
    assert len(tables["observations"]) == len(parse(page(OF_2021)).observations)


def test_loose_bundles_are_verified_and_read_again_when_they_change(office, tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    whole = packed(annex_docx=office("docx", OF_2021))
    placed(raw, p_html=linked("f.zip"), f_zip=whole, q_html=page(SHORT))
    tables = extracted(raw, out)
    assert {row["source"] for row in tables["documents"]} == {"p.html", "f.zip", "f.zip!/annex.docx", "q.html"}
    assert main(["verify", "--data", str(out), "--raw", str(raw)]) == 0
    assert main(["check-release", "--data", str(out)]) == 0
    inputs = {one["source"]: one["sha256"] for one in json.loads((out / "run.json").read_text("utf-8"))["inputs"]}
    assert inputs == {name: hashlib.sha256((raw / name).read_bytes()).hexdigest() for name in inputs}
    assert set(inputs) == {"p.html", "f.zip", "q.html"}
    (raw / "f.zip").unlink()
    assert "p.html" not in {row["source"] for row in extracted(raw, out)["reports"]}


def test_a_list_does_not_take_the_attachments_of_the_reports_pages(office, tmp_path):
    raw = tmp_path / "raw"
    entries = linked("a.docx", "b.docx").replace(TITLE.encode(), "政府信息公开年度报告".encode())
    placed(
        raw, a_html=linked("a.docx"), a_docx=office("docx", OF_2021), b_docx=office("docx", OF_2019), index_html=entries
    )
    tables = extracted(raw, tmp_path / "out")
    assert {row["source"] for row in tables["reports"]} == {"a.html", "b.docx"}


def test_equal_names_of_different_files_tie_nothing(office, tmp_path):
    raw = tmp_path / "raw"
    placed(
        raw, a_html=linked("http://a.gov.cn/1/f.docx"), b_html=linked("http://a.gov.cn/2/f.docx") + b"<!-- -->",
        f_docx=office("docx", OF_2021),
    )  # fmt: skip
    tables = extracted(raw, tmp_path / "out")
    assert {row["source"] for row in tables["reports"]} == {"f.docx"}
