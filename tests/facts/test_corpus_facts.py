"""The facts of the real reports of the corpus, as a careful coder reads them."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest

from parsers import article, facts, readers

CORPUS = Path(os.environ.get("GONGKAI_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
TRUTH = json.loads((CORPUS / "truth.json").read_text(encoding="utf-8")) if (CORPUS / "truth.json").exists() else {}
NAMES = sorted(name for name, truth in TRUTH.items() if name.endswith((".html", ".txt")) and truth.get("report_year"))

pytestmark = pytest.mark.skipif(not TRUTH, reason=f"no corpus in {CORPUS}")


@cache
def read(name):
    document = readers.read((CORPUS / "raw" / name).read_bytes())
    return facts.read(document, article.find(document), name)


@pytest.mark.parametrize("name", NAMES)
def test_facts(name):
    truth, got = TRUTH[name], read(name)
    assert got.title == truth["title"]
    assert got.publisher in (truth.get("publisher_ok") or [truth["publisher"]])
    assert got.report_year == truth["report_year"]
    assert [got.period_start.isoformat(), got.period_end.isoformat()] == truth["period"]
    assert (got.published_date.isoformat() if got.published_date else None) == truth["published_date"]
    assert (got.index_number or None) == truth["index_number"]
    assert (got.email or None) == truth["email"]
    if "phone" in truth:
        assert (got.phone or None) == truth["phone"]
    if "scope" in truth:
        assert got.scope == truth["scope"]


def test_doubts_are_said_and_no_others():
    said = {name: sorted(issue.code for issue in read(name).issues) for name in NAMES}
    assert {name: codes for name, codes in said.items() if codes} == {
        "chimen-2018.txt": ["period_repaired", "phone_repaired"],
    }


def test_aggregates_are_told_from_bodies():
    assert {name: read(name).scope for name in NAMES if name.startswith("pingtan-20")} == dict.fromkeys(
        ("pingtan-2012.html", "pingtan-2013.html", "pingtan-2020.html", "pingtan-2022.html"), "area"
    )
