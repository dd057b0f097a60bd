"""Real reports with hand-coded truth: everything that the corpus says is read, and found again in its bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import locate
import pytest

from parsers import ParsedBundle, parse
from tests.forge.score import flagged, score

CORPUS = Path(os.environ.get("GONGKAI_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
TRUTH: dict[str, dict[str, Any]] = (
    json.loads((CORPUS / "truth.json").read_text("utf-8")) if (CORPUS / "truth.json").exists() else {}
)
TEXTS = [name for name in TRUTH if name.endswith((".html", ".txt"))]
OTHERS = ["pingtan-list.html", "pingtan-notareport-2014.txt"]

pytestmark = pytest.mark.skipif(not TRUTH, reason=f"the corpus is not at {CORPUS} (GONGKAI_CORPUS names its folder)")


def read(name: str) -> ParsedBundle:
    return parse((CORPUS / "raw" / name).read_bytes(), source=name)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", TEXTS)
def test_every_cell_is_right_and_none_is_invented(name: str) -> None:
    parsed = read(name)
    found = score(TRUTH[name], parsed.observations, flagged(parsed.observations, parsed.issues, parsed.checks))
    assert found.faults == []
    assert (found.wrong, found.invented, found.missing, found.silent) == (0, 0, 0, 0)


@pytest.mark.parametrize("name", TEXTS)
def test_every_observation_is_found_again_by_other_code(name: str) -> None:
    text = (CORPUS / "raw" / name).read_bytes().decode("utf-8-sig")
    observations = read(name).observations
    for observation in observations:
        assert squeezed(locate.find(text, observation.locator)) == squeezed(observation.raw), observation.locator
    assert len(observations) == len(TRUTH[name]["cells"])


@pytest.mark.parametrize("name", TEXTS)
def test_every_section_is_found_again_by_other_code(name: str) -> None:
    text = (CORPUS / "raw" / name).read_bytes().decode("utf-8-sig")
    for section in read(name).sections:
        if section.title:
            assert squeezed(section.title) in squeezed(locate.find(text, section.locator)), section.title


@pytest.mark.parametrize("name", OTHERS)
def test_look_alikes_are_no_reports(name: str) -> None:
    parsed = read(name)
    assert parsed.reports == ()
    assert parsed.documents[0].kind in ("list", "other")
    assert parsed.documents[0].reason


def test_the_sources_own_error_is_reported_and_not_mended() -> None:
    parsed = read("pingtan-2020.html")
    failed = {(c.rule, c.breakdown): c for c in parsed.checks if c.outcome == "fail"}
    assert set(failed) == {("closed_by_outcome", "natural_person"), ("closed_by_outcome", "total")}
    assert {c.verdict for c in failed.values()} == {"source_error"}
    total = failed["closed_by_outcome", "total"]
    assert (total.observed, total.expected, total.difference) == (21, 27, -6)
