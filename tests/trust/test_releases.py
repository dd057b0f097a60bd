"""Releases, what differs between them, copies for spreadsheets, new wordings, and one figure explained."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from published import CORPUS, SAMPLES, copied, published, rewritten

from parsers.errors import PublishError, UsageError
from pipeline import manifest
from pipeline.audit import audit
from pipeline.cli import main
from pipeline.diff import diff
from pipeline.drift import drift
from pipeline.explain import explain
from pipeline.export import defused, export
from pipeline.release import release
from pipeline.tables import Tables


def test_a_release_is_complete_and_the_same_each_time(tmp_path: Path) -> None:
    first = release(published(SAMPLES), "1.0", tmp_path / "a")
    other = tmp_path / "again"
    assert main(["extract", str(SAMPLES), "--out", str(other), "--quiet", "--workers", "1"]) == 0
    second = release(other, "1.0", tmp_path / "b")
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        p.name: p.read_bytes() for p in second.iterdir()
    }
    names = {path.name for path in first.iterdir()}
    assert names >= {
        "observations.csv", "observations.parquet", "codebook.csv", "datapackage.json", "run.json", "SHA256SUMS",
        "CHANGELOG.md", ".zenodo.json", "CITATION.cff", "LICENSE",
    }  # fmt: skip
    sums = dict(reversed(line.split("  ")) for line in (first / "SHA256SUMS").read_text("utf-8").splitlines())
    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in first.iterdir()
        if path.name != "SHA256SUMS"
    }
    deposit = json.loads((first / ".zenodo.json").read_text("utf-8"))
    assert deposit["version"] == "1.0"
    assert deposit["upload_type"] == "dataset"
    assert main(["check-release", "--data", str(first)]) == 0


def test_what_cannot_be_released(tmp_path: Path) -> None:
    release(published(SAMPLES), "1.0", tmp_path)
    with pytest.raises(UsageError, match="already"):
        release(published(SAMPLES), "1.0", tmp_path)
    with pytest.raises(UsageError):
        release(published(SAMPLES), "../1.0", tmp_path)
    out = copied(published(SAMPLES), tmp_path / "out")
    (out / "checks.csv").write_text("wrong", "utf-8")
    with pytest.raises(PublishError):
        release(out, "2.0", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"gongkai-1.0", "out"}


def test_changes_have_reasons(tmp_path: Path) -> None:
    old = published(SAMPLES)
    assert diff(Tables(old), Tables(old)).changes == []
    same = copied(old, tmp_path / "same")
    rows = list(Tables(old).rows("observations"))
    at = next(place for place, row in enumerate(rows) if row["value"])
    key = (rows[at]["indicator"], rows[at]["breakdown"])

    def change(column: str, value: object) -> Any:
        return lambda found: found[at].update({column: value})

    rewritten(same, "observations", change("value_corrected", 5.0))
    (one,) = diff(Tables(old), Tables(same)).changes
    assert (one.kind, one.reason, one.column, one.new, (one.indicator, one.breakdown)) == (
        "changed", "correction", "value_corrected", "5", key,
    )  # fmt: skip
    parsed = copied(old, tmp_path / "parsed")
    rewritten(parsed, "observations", change("value", 6.0))
    (one,) = diff(Tables(old), Tables(parsed)).changes
    assert one.reason == "unexplained"
    assert main(["diff", str(old), str(parsed), "--strict"]) == 1
    said = manifest.load(parsed)
    assert said is not None
    manifest.write(parsed / "run.json", {**said, "versions": {**said["versions"], "parser_digest": "another"}})
    (one,) = diff(Tables(old), Tables(parsed)).changes
    assert (one.kind, one.reason, one.old, one.new) == ("changed", "parser_changed", str(int(rows[at]["value"])), "6")
    assert main(["diff", str(old), str(parsed), "--strict"]) == 0


def test_another_version_of_a_page_is_compared_with_the_one_before(tmp_path: Path) -> None:
    source = SAMPLES / "national" / "nanhuan-2019.html"
    raws = []
    for name, text in (("old", None), ("new", "<!-- moved -->")):
        raws.append(tmp_path / name / "raw")
        raws[-1].mkdir(parents=True)
        content = source.read_text("utf-8")
        if text:
            content = content.replace(">16<", ">18<", 1) if ">16<" in content else content.replace(">0<", ">8<", 1)
        (raws[-1] / "page.html").write_text(content, "utf-8")
        assert main(["extract", str(raws[-1]), "--out", str(tmp_path / name / "out"), "--quiet"]) == 0
    found = diff(Tables(tmp_path / "old" / "out"), Tables(tmp_path / "new" / "out"))
    assert +found.reports == {"replaced": 1}
    assert {(one.kind, one.reason) for one in found.changes} == {("changed", "source_changed")}
    made = release(
        tmp_path / "new" / "out", "2", tmp_path / "r", release(tmp_path / "old" / "out", "1", tmp_path / "r")
    )
    assert "source changed" in (made / "CHANGELOG.md").read_text("utf-8")
    assert len((made / "changes.csv").read_text("utf-8").splitlines()) == len(found.changes) + 1


def test_faults_in_revisions_are_caught(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    content = (SAMPLES / "national" / "nanhuan-2019.html").read_text("utf-8")
    (raw / "a.html").write_text(content, "utf-8")
    (raw / "b.html").write_text(content.replace(">0<", ">8<", 1), "utf-8")
    out = tmp_path / "out"
    assert main(["extract", str(raw), "--out", str(out), "--quiet"]) == 0
    assert Tables(out).count("revisions") > 0
    assert audit(Tables(out)).holds
    for column, value in (("new", "987"), ("indicator", "granted"), ("previous_report_id", "r" + "0" * 16)):
        broken = copied(out, tmp_path / column)
        rewritten(broken, "revisions", lambda rows, at=(column, value): rows[0].update({at[0]: at[1]}))
        assert audit(Tables(broken)).faults["revisions_of_reports"]


def test_new_wordings_are_listed_with_the_nearest_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "--data", str(published(SAMPLES)), "--strict"]) == 0
    raw = tmp_path / "raw" / "site"
    raw.mkdir(parents=True)
    page = (SAMPLES / "national" / "nanhuan-2019.html").read_text("utf-8")
    label = "本年新收政府信息公开申请数量"
    assert label in page
    (raw / "page.html").write_text(page.replace(label, "本年新收到政府信息公开申请件数量", 1), "utf-8")
    out = tmp_path / "out"
    assert main(["extract", str(raw.parent), "--out", str(out), "--quiet"]) in (0, 1)
    capsys.readouterr()
    assert main(["drift", "--data", str(out), "--strict"]) == 1
    (row,) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["form"], row["site"], row["role"], row["count"]) == ("national_2019", "site", "label", "1")
    assert row["nearest"].startswith("本年新收") or "(requests_new)" in row["nearest"].split(";")[0]
    assert drift(Tables(out), seen=Tables(out)) == []


def test_spreadsheets_run_no_formula(tmp_path: Path) -> None:
    out = copied(published(SAMPLES), tmp_path / "out")
    rewritten(out, "reports", lambda rows: rows[0].update(title='=HYPERLINK("http://example.org")', phone="-1"))
    assert export(Tables(out), tmp_path / "excel", workbooks=True)[:2] == ["documents.csv", "documents.xlsx"]
    content = (tmp_path / "excel" / "reports.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert row["title"] == '\'=HYPERLINK("http://example.org")'
    assert row["phone"] == "'-1"
    for text in ("=1", "+1", "-1", "@x", "\t=1", "＝1", " =1"):
        assert defused(text).startswith("'")
    assert defused("甲=1") == "甲=1"
    import python_calamine as calamine

    book = calamine.load_workbook(str(tmp_path / "excel" / "observations.xlsx"))
    rows = book.get_sheet_by_index(0).to_python()
    first = next(Tables(out).rows("observations"))
    assert rows[0] == list(first)
    assert len(rows) == Tables(out).count("observations") + 1
    assert rows[1][0] == first["report_id"]
    titles = calamine.load_workbook(str(tmp_path / "excel" / "reports.xlsx")).get_sheet_by_index(0).to_python()
    assert titles[1][3] == '=HYPERLINK("http://example.org")'


def test_a_figure_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    tables = Tables(published(SAMPLES))
    row = next(row for row in tables.rows("observations") if row["form"] == "national_2019" and row["repair"])
    arguments = [row["report_id"][:9], row["indicator"], row["breakdown"], "--data", str(tables.folder)]
    assert main(["explain", *arguments]) == 0
    said = capsys.readouterr().out
    for part in (row["raw"].strip(), row["repair"], row["locator"], row["document_id"], row["match"]):
        assert part in said
    assert main(["explain", *arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["observation"]["locator"] == row["locator"]
    assert any(cell["locator"] == row["locator"] for cell in found["neighbours"])
    for name, indicator, breakdown in (
        ("r", "granted", "total"),
        ("nothing", "granted", "total"),
        (row["report_id"], "x", "y"),
    ):
        assert main(["explain", name, indicator, breakdown, "--data", str(tables.folder)]) == 2


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")
def test_an_error_of_the_source_is_shown_with_its_arithmetic() -> None:
    found = explain(Tables(published(CORPUS / "raw")), "pingtan-2020.html", "closed_total", "total")
    assert [(one["rule"], one["verdict"]) for one in found.checks if one["outcome"] == "fail"] == [
        ("closed_by_outcome", "source_error")
    ]
    said = "\n".join(found.lines())
    assert "expected 27, published 21" in said
    assert "[21]" in said
    with pytest.raises(UsageError, match="closed_total has"):
        explain(Tables(published(CORPUS / "raw")), "pingtan-2020.html", "closed_total", "everybody")
