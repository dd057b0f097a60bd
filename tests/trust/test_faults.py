"""A wrong value, label, locator or key planted in any table is caught by a check that has a name."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published import CORPUS, SAMPLES, copied, few, published, rewritten

from pipeline import schema
from pipeline.audit import CHECKS, audit
from pipeline.cli import main
from pipeline.tables import Tables
from pipeline.verify import verify

Rows = list[dict[str, Any]]


@pytest.mark.parametrize("raw", [SAMPLES, CORPUS / "raw"], ids=["samples", "corpus"])
def test_what_is_published_agrees(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not raw.is_dir():
        pytest.skip("no corpus")
    assert main(["check-release", "--data", str(published(raw))]) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    assert all(name in said for name in CHECKS)


def where(column: str, value: object) -> Callable[[Rows], dict[str, Any]]:
    """The first row whose column has a value; a function may judge it."""
    test = value if callable(value) else lambda found: found == value
    return lambda rows: next(row for row in rows if test(row[column]))


def filled(value: object) -> bool:
    return value not in (None, "")


def positive(value: object) -> bool:
    return isinstance(value, int | float) and value > 0


def told(rows: Rows) -> dict[str, Any]:
    """The first section with a title and a text."""
    return next(row for row in rows if row["title"] and row["text"])


NOWHERE = "html:td#99999[0:1]"
CASES: list[tuple[str, str, Callable[[Rows], dict[str, Any]], dict[str, Any], set[str]]] = [
    ("documents", "value", where("kind", "report"), {"bytes": 7}, {"size_differs"}),
    ("documents", "label", where("kind", "report"), {"kind": "other"}, {"document_kind"}),
    ("documents", "encoding", where("encoding", "utf-8"), {"encoding": "gb18030"}, {"encoding_differs"}),
    ("documents", "locator", where("kind", "report"), {"source": "elsewhere.html"}, {"main_document", "bytes_missing"}),
    ("documents", "key", where("kind", "report"), {"document_id": "0" * 64}, {"foreign_key"}),
    ("report_documents", "label", where("role", "main"), {"role": "copy"}, {"main_document"}),
    ("report_documents", "key", where("role", "main"), {"report_id": "r" + "0" * 16}, {"foreign_key", "main_document"}),
    ("report_documents", "locator", where("role", "main"), {"document_id": "0" * 64}, {"foreign_key", "main_document"}),
    ("reports", "value", where("report_year", filled), {"report_year": 1999}, {"period", "columns_of_report"}),
    ("reports", "count", where("observations", positive), {"observations": 3}, {"counts"}),
    ("reports", "label", where("title", filled), {"title": "别的标题"}, {"text_missing"}),
    ("reports", "publisher", where("publisher", filled), {"publisher": "别的机关"}, {"body_of_reports"}),
    ("reports", "form", where("form", "national_2021"), {"form": "national_2019"}, {"columns_of_report"}),
    ("reports", "locator", where("source", filled), {"source": "elsewhere.html"}, {"main_document"}),
    ("reports", "key", where("report_id", filled), {"report_id": "r" + "0" * 16}, {"main_document", "foreign_key"}),
    ("reports", "latest", where("latest", True), {"latest": False}, {"versions"}),
    ("bodies", "value", where("valid_from", filled), {"valid_from": 1999}, {"body_of_reports"}),
    ("bodies", "label", where("name", filled), {"name": "别的机关"}, {"body_of_reports"}),
    ("bodies", "key", where("body_id", filled), {"body_id": "b" + "0" * 16}, {"foreign_key"}),
    ("sections", "value", told, {"text": "没有说过的话"}, {"text_missing"}),
    ("sections", "label", where("title", filled), {"title": "别的标题"}, {"raw_differs"}),
    ("sections", "level", where("level", 1), {"level": 4}, {"section_tree"}),
    ("sections", "locator", where("locator", filled), {"locator": "html:p#99999[0:1]"}, {"not_found"}),
    ("sections", "key", where("section", "2"), {"section": "77"}, {"section_tree"}),
    ("observations", "value", where("value", positive), {"value": 987654.0}, {"raw_and_value", "value_differs"}),
    ("observations", "standard", where("value_std", positive), {"value_std": 987654.0}, {"standard_value"}),
    ("observations", "raw", where("value", positive), {"raw": "987654"}, {"figure_in_ledger", "raw_differs"}),
    ("observations", "label", where("label", filled), {"label": "别的标签"}, {"label_in_ledger"}),
    ("observations", "status", where("value", filled), {"status": "blank"}, {"status_and_value"}),
    ("observations", "unit", where("unit_source", "form"), {"unit": "篇"}, {"unit"}),
    ("observations", "locator", where("locator", filled), {"locator": NOWHERE}, {"figure_in_ledger", "not_found"}),
    ("observations", "grammar", where("locator", filled), {"locator": "the third cell"}, {"form_of_ids"}),
    ("observations", "key", where("breakdown", "total"), {"breakdown": "sum"}, {"cell_of_form", "ledger_in_figures"}),
    ("cells", "value", where("role", "value"), {"raw": "987654"}, {"raw_differs", "figure_in_ledger"}),
    ("cells", "label", where("role", "value"), {"indicator": "other_things"}, {"figure_in_ledger"}),
    ("cells", "role", where("role", "value"), {"role": "note"}, {"figure_in_ledger"}),
    ("cells", "locator", where("role", "value"), {"locator": NOWHERE}, {"not_found", "figure_in_ledger"}),
    ("cells", "key", where("row", 2), {"row": 999}, {"ledger_grid"}),
    ("checks", "value", where("observed", filled), {"observed": 987654.0}, {"arithmetic"}),
    ("checks", "label", where("outcome", "pass"), {"outcome": "fail"}, {"arithmetic"}),
    ("checks", "severity", where("severity", "error"), {"severity": "info"}, {"arithmetic"}),
    ("checks", "key", where("kind", "equality"), {"rule": "another_rule"}, {"arithmetic"}),
    ("checks", "years", where("kind", "cross_year"), {"outcome": "pass"}, {"years_of_reports"}),
    ("checks", "reason", where("kind", "cross_year"), {"explanation": ""}, {"years_of_reports"}),
    ("checks", "other", where("kind", "duplicate"), {"rule": "another_rule"}, {"years_of_reports"}),
    ("checks", "prose", where("kind", "prose"), {"observed": 987654.0}, {"prose_of_figures"}),
    ("figures", "value", where("value", positive), {"value": 987654.0}, {"figure_in_phrase"}),
    ("figures", "zero", where("value", 0), {"value": 3.0}, {"figure_in_phrase"}),
    ("figures", "label", where("indicator", filled), {"indicator": "other_things"}, {"figure_of_line"}),
    ("figures", "line", where("indicator", "requests_new"), {"indicator": "closed_total"}, {"prose_of_figures"}),
    ("figures", "phrase", where("phrase", filled), {"phrase": "没有说过的话"}, {"raw_differs"}),
    ("figures", "locator", where("locator", filled), {"locator": "html:p#99999[0:1]"}, {"not_found"}),
    ("figures", "section", where("section", filled), {"section": "77"}, {"figure_in_phrase"}),
    ("figures", "key", where("report_id", filled), {"report_id": "r" + "0" * 16}, {"foreign_key"}),
    ("panel", "value", where("requests_new__total", filled), {"requests_new__total": 987654.0}, {"panel_of_figures"}),
    ("panel", "label", where("form", filled), {"form": "long_annex"}, {"panel_of_figures"}),
    ("panel", "key", where("body_id", filled), {"body_id": "b" + "0" * 16}, {"panel_of_figures", "foreign_key"}),
    ("panel", "locator", where("report_id", filled), {"report_id": "r" + "0" * 16}, {"panel_of_figures"}),
    ("panel_status", "value", where("body_id", filled), {"granted__total": "dash"}, {"panel_of_figures"}),
    ("panel_status", "key", where("report_year", filled), {"report_year": 1999}, {"panel_of_figures"}),
    ("panel_harmonised", "value", where("requests_new", filled), {"requests_new": 987654.0}, {"harmonised_of_panel"}),
    ("panel_harmonised", "label", where("form", filled), {"form": "long_annex"}, {"harmonised_of_panel"}),
    ("panel_harmonised", "flag", where("body_id", filled), {"flags": "short_period"}, {"harmonised_of_panel"}),
    ("panel_harmonised", "key", where("report_year", filled), {"report_year": 1999}, {"harmonised_of_panel"}),
    ("check_summary", "value", where("passed", positive), {"passed": 99}, {"summary_of_checks"}),
    ("check_summary", "label", where("form", filled), {"form": "long_annex"}, {"summary_of_checks"}),
    ("check_summary", "key", where("report_year", filled), {"report_year": 1999}, {"summary_of_checks"}),
    ("crosswalk", "value", where("concept", filled), {"concept": "other_things"}, {"crosswalk_of_forms"}),
    ("crosswalk", "label", where("relation", "same"), {"relation": "redefined"}, {"crosswalk_of_forms"}),
    ("crosswalk", "key", where("breakdown", "total"), {"breakdown": "sum"}, {"crosswalk_of_forms"}),
    ("coverage", "value", where("state", "parsed"), {"state": "not_found"}, {"coverage_of_reports"}),
    ("coverage", "key", where("body_id", filled), {"report_year": 1999}, {"coverage_of_reports"}),
    ("issues", "value", where("raw", filled), {"raw": "没有说过的话"}, {"raw_differs"}),
    ("issues", "label", where("severity", filled), {"severity": "dreadful"}, {"allowed_value"}),
    ("issues", "locator", where("locator", filled), {"locator": NOWHERE}, {"not_found"}),
    ("issues", "key", where("report_id", filled), {"report_id": "r" + "0" * 16}, {"foreign_key", "counts"}),
]  # fmt: skip


@pytest.mark.parametrize(("table", "what", "pick", "change", "caught"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_a_planted_fault_is_caught(
    tmp_path: Path,
    table: str,
    what: str,
    pick: Callable[[Rows], dict[str, Any]],
    change: dict[str, Any],
    caught: set[str],
) -> None:
    out = copied(published(few()), tmp_path / "out")

    def plant(rows: Rows) -> None:
        pick(rows).update(change)
        rows.sort(key=lambda row: [schema_key(table, name, row[name]) for name in schema.order(table)])

    rewritten(out, table, plant)
    found = {name for name, faults in audit(Tables(out)).faults.items() if faults}
    if not caught <= found:
        found |= {one.problem for one in verify(Tables(out), [str(few())]).differences}
    assert caught <= found
    # Every file's digest differs too, which says nothing of what is wrong.
    assert "checksums" in found


@functools.cache
def revised() -> Path:
    """The tables of a report that was published twice, the second time with another figure."""
    folder = few().with_name("revised")
    folder.mkdir()
    content = (SAMPLES / "national" / "nanhuan-2019.html").read_bytes()
    (folder / "a.html").write_bytes(content)
    # The last one stands in the table.
    before, behind = content.rsplit(b">74<", 1)
    (folder / "b.html").write_bytes(before + b">75<" + behind)
    return published(folder)


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("new", {"new": "987654"}),
        ("old", {"old": "987654"}),
        ("indicator", {"indicator": "other_things"}),
        ("breakdown", {"breakdown": "sum"}),
        ("previous_report_id", {"previous_report_id": "r" + "0" * 16}),
    ],
)
def test_a_fault_planted_in_the_revisions_is_caught(tmp_path: Path, column: str, change: dict[str, Any]) -> None:
    assert audit(Tables(revised())).holds
    out = copied(revised(), tmp_path / "out")

    def plant(rows: Rows) -> None:
        where(column, filled)(rows).update(change)
        rows.sort(key=lambda row: [schema_key("revisions", name, row[name]) for name in schema.order("revisions")])

    rewritten(out, "revisions", plant)
    assert "revisions_of_reports" in {name for name, faults in audit(Tables(out)).faults.items() if faults}


def test_the_tables_that_faults_are_planted_in_have_none() -> None:
    out = Tables(published(few()))
    assert audit(out).holds
    assert verify(out, [str(few())]).holds


def schema_key(table: str, name: str, value: Any) -> Any:
    change = schema.SORT_TEXT.get((table, name))
    if change is not None:
        return change(value or "")
    return value if value is not None else "" if isinstance(value, str) or value is None else 0


def test_faults_of_files_are_caught(tmp_path: Path) -> None:
    def named(out: Path) -> set[str]:
        return {name for name, faults in audit(Tables(out)).faults.items() if faults}

    out = copied(published(few()), tmp_path / "one")
    text = (out / "observations.csv").read_text("utf-8")
    (out / "observations.csv").write_text(text.replace(",reported,", ",blank,", 1), "utf-8")
    assert named(out) == {"checksums", "csv_parquet"}
    out = copied(published(few()), tmp_path / "two")
    (out / "sections.csv").unlink()
    assert {"files", "checksums"} <= named(out)
    out = copied(published(few()), tmp_path / "three")
    (out / "codebook.csv").write_text((out / "codebook.csv").read_text("utf-8").replace("总计", "合计", 1), "utf-8")
    assert named(out) == {"checksums", "codebook"}
    out = copied(published(few()), tmp_path / "four")
    rewritten(out, "observations", lambda rows: rows.reverse())
    assert "sorted" in named(out)
    out = copied(published(few()), tmp_path / "five")
    rewritten(out, "observations", lambda rows: rows.insert(0, dict(rows[0])))
    assert {"unique_key", "counts"} <= named(out)
