"""With --no-contacts nothing published tells how to reach anybody, and what is left still stands in the bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from published import CORPUS, SAMPLES, published

from parsers.facts import without_contacts
from pipeline.audit import audit
from pipeline.cli import main
from pipeline.link.contacts import COLUMNS, MARK
from pipeline.tables import Tables
from pipeline.verify import verify


@pytest.mark.parametrize("raw", [SAMPLES, CORPUS / "raw"], ids=["samples", "corpus"])
def test_no_table_holds_a_contact(tmp_path: Path, raw: Path) -> None:
    if not raw.is_dir():
        pytest.skip("no corpus")
    full, out = Tables(published(raw)), tmp_path / "out"
    assert main(["extract", str(raw), "--out", str(out), "--quiet", "--no-contacts"]) == 0
    known = {row[name] for row in full.rows("reports") for name in COLUMNS if row[name]}
    assert known
    numbers = {re.sub("[^0-9]", "", contact)[-7:] for contact in known if "@" not in contact}
    for path in sorted(out.glob("*.csv")):
        text = path.read_text("utf-8")
        assert not [contact for contact in known if contact in text], path.name
        if path.name in ("sections.csv", "issues.csv", "figures.csv", "reports.csv"):
            joined = re.sub("[-－—　 ]", "", text)
            assert not [number for number in numbers if number in joined], path.name
    tables = Tables(out)
    for row in tables.rows("sections"):
        assert without_contacts(row["text"], MARK) == row["text"]
    assert any(MARK in row["text"] for row in tables.rows("sections"))
    assert audit(tables).holds
    assert verify(tables, [str(raw)]).differences == []
