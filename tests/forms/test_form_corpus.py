"""What the rules of the forms say of real reports, as a careful coder reads them."""

from __future__ import annotations

import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from parsers.forms import form
from parsers.forms.arithmetic import Constraint, Outcome, evaluate, ground

if TYPE_CHECKING:
    from parsers.forms import Key

TRUTH = Path(os.environ.get("GONGKAI_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "truth.json"
TRUE_ERRORS = {
    ("hongze-2023.pdf", "disputes_by_outcome", "reviews", "total"),
    ("hongze-2023.pdf", "disputes_by_outcome", "litigation_after_review", "total"),
    ("pingtan-2020.html", "closed_by_outcome", "closed_total", "natural_person"),
    ("pingtan-2020.html", "closed_by_outcome", "closed_total", "total"),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Any]:
    if not TRUTH.exists():
        pytest.skip(f"the corpus is not at {TRUTH.parent}")
    found: dict[str, Any] = json.loads(TRUTH.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return found


def checks(report: dict[str, Any]) -> list[tuple[Constraint, Outcome]]:
    cells: dict[Key, Decimal | None] = {(line, column): value for line, column, value in report.get("cells") or []}
    return [(c, evaluate(c, cells)) for c in ground(form(report["form"]), cells) if c.kind in ("equality", "bound")]


def test_every_cell_of_the_corpus_is_of_its_form(reports: dict[str, Any]) -> None:
    for report in reports.values():
        official = form(report["form"])
        for indicator, breakdown, _ in report.get("cells") or []:
            assert breakdown in official.find(indicator).breakdowns
            assert official.value_type_of(indicator, breakdown) in ("int", "money")


def test_only_the_true_errors_of_the_sources_fail(reports: dict[str, Any]) -> None:
    failed = {
        (name, constraint.rule, constraint.indicator, constraint.breakdown)
        for name, report in reports.items()
        for constraint, outcome in checks(report)
        if outcome.outcome.startswith("fail")
    }
    assert failed == TRUE_ERRORS


def test_a_report_full_of_blanks_is_still_checked(reports: dict[str, Any]) -> None:
    outcomes = Counter(outcome.outcome for _, outcome in checks(reports["shanghai-office-2019.html"]))
    assert outcomes["pass"] >= 4
    assert outcomes["pass_if_blank_zero"] >= 12
    found = {
        (constraint.rule, constraint.breakdown): outcome
        for constraint, outcome in checks(reports["shanghai-office-2019.html"])
        if constraint.indicator == "requests_new" or constraint.rule == "closed_by_outcome"
    }
    person = found["requests_balance", "natural_person"]
    assert (person.outcome, person.observed, person.expected) == ("pass", Decimal(839), Decimal(839))
    assert found["requests_balance", "total"].observed == 877
    assert found["closed_by_outcome", "natural_person"].outcome == "pass_if_blank_zero"
    assert found["closed_by_outcome", "total"].outcome == "not_assessable"
