"""Figures in the text of the corpus documents against those that a person coded there.

`figures.csv` holds what two readings of each document agree on: the numbers and the zeros in words
that the text states for lines of the forms. Not coded: kinds of information (…类信息12条), parts of
the body, other years, percentages, numbers that are not meant exactly.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from parsers import annex, article, outline, prose, prose_checks, readers
from parsers.article import Article
from parsers.records import Check, Figure
from parsers.values import Owner

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
GOLD = list(csv.DictReader(Path(__file__).with_name("figures.csv").read_text("utf-8").splitlines()))
NAMES = sorted({row["document"] for row in GOLD})
PRECISION, RECALL = Decimal("0.98"), Decimal("0.85")

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")


@cache
def read(name: str) -> tuple[Article, tuple[Figure, ...], tuple[Check, ...]]:
    truth = json.loads((CORPUS / "truth.json").read_text("utf-8"))[name]
    document = readers.read((CORPUS / "raw" / name).read_bytes())
    found = article.find(document)
    owner = Owner("r1", "d1", truth["report_year"])
    statistics = annex.find(found.blocks)
    form = statistics.form if statistics.lines else None
    figures = prose.figures(found, outline.sections(found), form, owner)
    if form is None:
        return found, figures, ()
    table = statistics.read(owner)
    return found, figures, prose_checks.compare(figures, table.observations, form, table.doubtful, "r1")


def squeeze(text: str) -> str:
    return "".join(text.split())


def matched(name: str) -> tuple[list[Figure], list[Figure], list[dict[str, Any]]]:
    """Right figures, wrong ones, and coded ones that were not found."""
    left = [row for row in GOLD if row["document"] == name]
    right, wrong = [], []
    for figure in read(name)[1]:
        key = (figure.indicator, figure.breakdown, figure.value, figure.unit)
        for row in left:
            coded, phrase = squeeze(row["phrase"]), squeeze(figure.phrase)
            if key == (row["indicator"], row["breakdown"], Decimal(row["value"]), row["unit"]) and (
                coded in phrase or phrase in coded
            ):
                left.remove(row)
                right.append(figure)
                break
        else:
            wrong.append(figure)
    return right, wrong, left


def test_precision_and_recall_over_the_corpus() -> None:
    results = [matched(name) for name in NAMES]
    right = sum(len(r) for r, _, _ in results)
    wrong = [f for _, w, _ in results for f in w]
    missing = [row for _, _, m in results for row in m]
    assert Decimal(right) / (right + len(wrong)) >= PRECISION, wrong
    assert Decimal(right) / (right + len(missing)) >= RECALL, missing


@pytest.mark.parametrize("name", NAMES)
def test_phrases_stand_in_the_document(name: str) -> None:
    found, figures, _ = read(name)
    text = squeeze("".join(getattr(block, "text", "") for block in found.blocks))
    assert figures
    for figure in figures:
        assert squeeze(figure.phrase) in text
        assert figure.locator


def seen(check: Check, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(check, name) for name in names)


def checks(name: str) -> dict[tuple[str, str], Check]:
    return {(check.indicator, check.breakdown): check for check in read(name)[2]}


def test_the_text_of_pingtan_2013_contradicts_its_table() -> None:
    found = checks("pingtan-2013.html")
    total = found["disclosed_total", "year"]
    assert seen(total, "outcome", "verdict", "severity") == ("fail", "source_error", "warning")
    assert seen(total, "expected", "observed") == (72804, 4970)
    assert found["reviews", "year"].outcome == "fail"
    assert found["requests_total", "year"].outcome == "pass"


def test_the_text_of_shanghai_2019_contradicts_its_table() -> None:
    found = checks("shanghai-office-2019.html")
    both = found["granted+partially_granted", "total"]
    assert seen(both, "outcome", "expected", "observed") == ("fail_if_blank_zero", 275, 258)
    assert "granted natural_person" in both.explanation
    unable = found["unable", "total"]
    assert seen(unable, "outcome", "expected", "observed") == ("fail_if_blank_zero", 337, 265)
    assert unable.verdict == "source_error"
    for indicator in ("requests_new", "closed_total", "requests_carried_in", "requests_carried_out"):
        assert found[indicator, "total"].outcome == "pass"
    assert found["not_processed", "total"].outcome == "pass_if_blank_zero"


def test_the_balance_explains_the_text_of_pingtan_2022() -> None:
    found = checks("pingtan-2022.html")
    received = found["requests_new", "total"]
    assert seen(received, "outcome", "expected", "observed") == ("pass", 74, 75)
    assert "74 [requests_new total] + 1 [requests_carried_in total]" in received.explanation
    assert not [check for check in found.values() if check.outcome.startswith("fail")]


def test_no_check_of_the_text_is_an_error() -> None:
    for name in NAMES:
        for check in read(name)[2]:
            assert seen(check, "rule", "kind", "severity") == ("prose_agrees", "prose", "warning")
        keys = [(check.rule, check.indicator, check.breakdown) for check in read(name)[2]]
        assert len(keys) == len(set(keys))
