"""What stands in data and documents is shown and never runs, whatever it is."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from explorer.conftest import once, picture, served
from playwright.sync_api import Page

from pipeline import schema

SCRIPT = "<script>window.hit=1;alert(1)</script><img src=http://evil.invalid/x onerror=alert(2)>"
TEXTS = [
    SCRIPT,
    "javascript:alert(3)",
    '"><svg onload=alert(4)>',
    "{{7*7}}${7*7}<%= 7*7 %>",
    "=HYPERLINK(\"http://evil.invalid\",\"看\")",
    "\u202e\u2066反向\u200f",
    "\x00\x1b[31m\x7f",
]  # fmt: skip
KEPT = {"report_id", "document_id", "body_id", "form", "indicator", "breakdown", "kind", "status", "scope", "severity"}
KEPT |= {"outcome", "verdict", "state", "role", "section", "other_report_id", "previous_report_id", "parent", "topic"}
"""Columns that hold codes of ours and names of rows, which what is read can not put anything into."""


@pytest.fixture(scope="session")
def poisoned(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release with hostile texts in every column that holds what was read."""
    return once(tmp_path_factory, "hostile", lambda folder: poison(release, folder / "clean")) / "clean"


def poison(release: Path, folder: Path) -> None:
    shutil.copytree(release, folder)
    for table in ("reports", "bodies", "sections", "observations", "checks", "issues", "revisions", "documents"):
        wanted = schema.arrow_schema(table)
        free = [one.name for one in wanted if pa.types.is_string(one.type) and one.name not in KEPT]
        rows: list[dict[str, Any]] = pq.read_table(folder / f"{table}.parquet").to_pylist()
        for place, row in enumerate(rows):
            for number, name in enumerate(free):
                if name in ("source", "media_type", "encoding", "encoding_source", "archive"):
                    continue
                row[name] = TEXTS[(place + number) % len(TEXTS)] if place else "长" * 350_000
        pq.write_table(pa.Table.from_pylist(rows, schema=wanted), folder / f"{table}.parquet")


@pytest.fixture(scope="session")
def server(poisoned: Path, raw: Path) -> Iterator[str]:
    yield from served(poisoned, raw)


def test_no_page_runs_or_breaks_on_what_the_tables_hold(server: str, page: Page, poisoned: Path) -> None:
    reports = pq.read_table(poisoned / "reports.parquet").to_pylist()
    chimen = next(row for row in reports if "赤门乡" in row["source"])
    paths = [
        "",
        "reports?latest=all",
        "bodies",
        "checks?outcome=all&rule=",
        "issues",
        "codebook",
        "documents",
        "coverage",
    ]
    paths += [f"reports/{chimen['report_id']}?cell=disclosed_total.year", f"bodies/{chimen['body_id']}"]
    paths += [f"reports/{row['report_id']}" for row in reports[:4]]
    paths += [f"documents/{reports[0]['document_id']}", "issues?severity=info", "checks?outcome=all"]
    for path in paths:
        page.goto(f"{server}/en/{path}")
        assert page.evaluate("window.hit") is None
        assert page.locator("h1").count() == 1
        assert page.locator("a[href^='javascript' i]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert "49" not in page.title()
    picture(page, "hostile-tables")


def test_spreadsheet_copies_hold_no_formula(server: str, page: Page) -> None:
    text = page.request.get(f"{server}/api/v1/downloads/reports/excel.csv?latest=all").text()
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
