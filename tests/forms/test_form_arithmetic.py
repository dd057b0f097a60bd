"""The rules of the forms, brought down to the cells of a page and evaluated."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import ExpressionError
from parsers.forms import form, forms
from parsers.forms.arithmetic import Constraint, Operand, Outcome, evaluate, ground, parse_rule

if TYPE_CHECKING:
    from parsers.forms import Key

Cells = dict["Key", Decimal | None]


def constraint(name: str, rule: str, indicator: str, breakdown: str, printed: object = None) -> Constraint:
    cells = form(name).cells if printed is None else printed
    found = [c for c in ground(form(name), cells) if (c.rule, c.indicator, c.breakdown) == (rule, indicator, breakdown)]  # type: ignore[arg-type]
    assert len(found) == 1
    return found[0]


def numbers(**cells: int | None) -> Cells:
    return {("reviews", name): None if value is None else Decimal(value) for name, value in cells.items()}


DISPUTES = constraint("national_2021", "disputes_by_outcome", "reviews", "total")
WEBSITE = constraint("short_annex", "website_within_total", "disclosed_website", "year")


def test_an_expression_becomes_operands() -> None:
    newer = form("national_2021")
    balance = parse_rule(newer, "requests_new+requests_carried_in = closed_total - requests_carried_out", "breakdown")
    assert balance.left == (Operand(1, "line", "requests_new"), Operand(1, "line", "requests_carried_in"))
    assert balance.right == (Operand(1, "line", "closed_total"), Operand(-1, "line", "requests_carried_out"))
    drift = parse_rule(newer, "[in_force] = previous[in_force] + [issued]", "rules and normative_documents")
    assert drift.right[0] == Operand(1, "column", "in_force", True)
    assert drift.lines == ("rules", "normative_documents")
    carried = parse_rule(newer, "requests_carried_in = previous(requests_carried_out)", "breakdown")
    assert carried.right == (Operand(1, "line", "requests_carried_out", True),)


@pytest.mark.parametrize(
    ("expression", "over"),
    [
        ("", "breakdown"),
        ("granted", "breakdown"),
        ("granted =", "breakdown"),
        ("granted = = denied", "breakdown"),
        ("granted < denied", "breakdown"),
        ("granted = denied denied", "breakdown"),
        ("granted = sum(children) + denied", "breakdown"),
        ("granted + denied = sum(children)", "breakdown"),
        ("sum(children) = granted", "breakdown"),
        ("granted = sum(leaves denied)", "breakdown"),
        ("granted = sum(leaves of nothing)", "breakdown"),
        ("granted = sum(other)", "breakdown"),
        ("granted = previous granted", "breakdown"),
        ("granted = [total]", "breakdown"),
        ("granted = sum(other breakdowns)", "breakdown"),
        ("granted = rules", "breakdown"),
        ("granted = 5", "breakdown"),
        ("granted = 部分公开", "breakdown"),
        ("[total] = [sum", "indicator"),
        ("[total] = [everything]", "indicator"),
        ("[total] = granted", "indicator"),
        ("[total] = sum(other breakdowns)", "indicator of annex"),
        ("[total] = sum(other breakdowns)", "granted or denied"),
        ("[total] = sum(other breakdowns)", "granted and"),
        ("[total] = sum(other breakdowns)", "granted and nothing"),
        ("[total] = sum(other breakdowns)", ""),
    ],
)
def test_what_breaks_the_grammar_is_refused(expression: str, over: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_rule(form("national_2021"), expression, over)
    assert caught.value.where == expression


@pytest.mark.parametrize(
    ("name", "rule", "count"),
    [
        ("short_annex", "requests_by_channel", 2),
        ("short_annex", "year_within_cumulative", 20),
        ("short_annex", "cumulative_grows", 20),
        ("long_annex", "fees_by_kind", 1),
        ("national_2014", "denied_by_reason", 1),
        ("national_2019", "closed_by_outcome", 7),
        ("national_2019", "total_by_applicant", 23),
        ("national_2019", "disputes_by_outcome", 3),
        ("national_2019", "items_balance", 5),
        ("national_2019", "new_within_total", 2),
        ("national_2021", "requests_balance", 7),
        ("national_2021", "total_by_applicant", 25),
        ("national_2021", "carry_over", 7),
        ("national_2021", "in_force_balance", 2),
    ],
)
def test_a_rule_has_one_constraint_for_each_place(name: str, rule: str, count: int) -> None:
    assert sum(c.rule == rule for c in ground(form(name), form(name).cells)) == count


def test_every_check_has_a_key_of_its_own() -> None:
    for found in forms():
        keys = [(c.rule, c.indicator, c.breakdown) for c in ground(found, found.cells)]
        assert len(keys) == len(set(keys))


def test_leaves_are_the_lines_that_the_page_prints() -> None:
    newer = form("national_2021")
    full = constraint("national_2021", "closed_by_outcome", "closed_total", "total")
    assert len(full.right) == 21
    assert ("closed_total", "total") not in {term.key for term in full.right}
    short = {cell for cell in newer.cells if not cell[0].startswith("other_")}
    short |= {(heading, "total") for heading in ("other_outcome", "denied")}
    page = constraint("national_2021", "closed_by_outcome", "closed_total", "total", short)
    keys = {indicator for (indicator, _) in (term.key for term in page.right)}
    assert len(page.right) == 19
    assert "other_outcome" in keys
    assert "denied" not in keys


def test_a_line_that_is_not_printed_is_no_operand() -> None:
    printed = {("requests_total", "year"), ("requests_online", "year"), ("requests_in_person", "year")}
    found = constraint("short_annex", "requests_by_channel", "requests_total", "year", printed)
    assert {term.key for term in found.right} == printed - {("requests_total", "year")}
    assert not ground(form("short_annex"), printed - {("requests_total", "year")})
    assert not ground(form("short_annex"), {("requests_total", "year")})
    assert not ground(form("short_annex"), ())


def test_an_equality_is_a_bound_where_its_rest_is_not_printed() -> None:
    cells = form("short_annex").cells
    whole = constraint("short_annex", "replies_by_outcome", "replies_total", "year")
    old = constraint(
        "short_annex", "replies_by_outcome", "replies_total", "year", [c for c in cells if c[0] != "replies_other"]
    )
    assert (whole.relation, old.relation) == ("=", ">=")
    values: Cells = dict.fromkeys((term.key for term in whole.terms), Decimal(1))
    values["replies_total", "year"] = Decimal(5)
    assert evaluate(whole, values).outcome == "fail"
    assert evaluate(old, values).outcome == "pass"
    assert evaluate(old, {**values, ("replies_total", "year"): Decimal(2)}).outcome == "fail"


def test_sums_follow_the_nesting_of_the_page() -> None:
    long = form("long_annex")
    inner = ("replies_not_government_information", "replies_not_exist", "replies_not_this_body", "replies_unclear")
    found = {c.rule: c for c in ground(long, long.cells, dict.fromkeys(inner, "replies_denied"))}
    replies = {term.key[0] for term in found["replies_by_outcome"].right}
    denied = {term.key[0] for term in found["denied_by_reason"].right}
    assert not replies & set(inner)
    assert denied >= set(inner)


def test_two_years_are_compared_by_terms_marked_previous() -> None:
    balance = constraint("national_2021", "in_force_balance", "rules", "in_force")
    assert [(t.coefficient, t.key[1], t.previous) for t in balance.right] == [
        (1, "in_force", True), (1, "issued", False), (-1, "repealed", False)
    ]  # fmt: skip
    now: Cells = {("rules", "in_force"): Decimal(9), ("rules", "issued"): Decimal(2), ("rules", "repealed"): Decimal(1)}
    assert evaluate(balance, now).outcome == "not_assessable"
    assert evaluate(balance, now, previous={("rules", "in_force"): Decimal(8)}).outcome == "pass"
    failed = evaluate(balance, now, previous={("rules", "in_force"): Decimal(9)})
    assert failed == Outcome("fail", expected=Decimal(10), observed=Decimal(9), difference=Decimal(-1))


@pytest.mark.parametrize(
    ("cells", "outcome", "expected", "observed"),
    [
        (numbers(total=7, upheld=5, corrected=0, other=0, pending=2), "pass", 7, 7),
        (numbers(total=0, upheld=10, corrected=0, other=0, pending=1), "fail", 11, 0),
        (numbers(total=7, upheld=5, corrected=None, other=None, pending=2), "pass_if_blank_zero", 7, 7),
        (numbers(total=7, upheld=5, corrected=None, other=None, pending=1), "fail_if_blank_zero", 6, 7),
        (numbers(total=None, upheld=5, corrected=0, other=0, pending=2), "not_assessable", 7, None),
        (numbers(total=None, upheld=0, corrected=None, other=0, pending=0), "pass_if_blank_zero", 0, 0),
        (numbers(total=7, upheld=None, corrected=None, other=None, pending=None), "not_assessable", None, 7),
        (numbers(total=0, upheld=None, corrected=None, other=None, pending=None), "pass_if_blank_zero", 0, 0),
        (numbers(total=None, upheld=None, corrected=None, other=None, pending=None), "not_assessable", None, None),
    ],
)
def test_outcomes(cells: Cells, outcome: str, expected: int | None, observed: int | None) -> None:
    found = evaluate(DISPUTES, cells)
    assert (found.outcome, found.expected, found.observed) == (outcome, expected, observed)
    if outcome != "not_assessable":
        assert found.difference == found.observed - found.expected  # type: ignore[operator]


def test_a_doubtful_cell_makes_its_rule_not_assessable() -> None:
    cells = numbers(total=7, upheld=5, corrected=0, other=0, pending=2)
    assert evaluate(DISPUTES, cells, {("reviews", "pending")}).outcome == "not_assessable"
    del cells["reviews", "pending"]
    assert evaluate(DISPUTES, cells).outcome == "not_assessable"


def test_a_blank_total_among_the_parts_fails_nothing() -> None:
    """A row's total that nobody wrote down is no zero in the column of totals."""
    newer = form("national_2021")
    column = constraint("national_2021", "requests_balance", "requests_new", "total")
    cells: Cells = {
        ("requests_new", "total"): Decimal(859),
        ("requests_carried_in", "total"): Decimal(18),
        ("closed_total", "total"): Decimal(805),
        ("requests_carried_out", "total"): None,
    }
    assert evaluate(column, cells).outcome == "not_assessable"
    assert evaluate(column, {**cells, ("closed_total", "total"): Decimal(877)}).outcome == "pass_if_blank_zero"
    person = constraint("national_2021", "requests_balance", "requests_new", "natural_person")
    cells = {(indicator, "natural_person"): value for (indicator, _), value in cells.items()}
    assert evaluate(person, cells).outcome == "fail_if_blank_zero"
    assert person in ground(newer, newer.cells)


@pytest.mark.parametrize(
    ("website", "total", "outcome"),
    [
        (3, 5, "pass"), (5, 5, "pass"), (6, 5, "fail"), (None, 5, "not_assessable"), (5, None, "not_assessable"),
        (0, None, "pass_if_blank_zero"),
    ],
)  # fmt: skip
def test_bounds(website: int | None, total: int | None, outcome: str) -> None:
    cells: Cells = {
        ("disclosed_website", "year"): None if website is None else Decimal(website),
        ("disclosed_total", "year"): None if total is None else Decimal(total),
    }
    assert evaluate(WEBSITE, cells).outcome == outcome


def test_money_is_compared_exactly() -> None:
    found = constraint("long_annex", "fees_by_kind", "fees_total", "year")
    cells: Cells = {
        ("fees_total", "year"): Decimal("0.3"),
        ("fees_proactive", "year"): Decimal("0.1"),
        ("fees_request", "year"): Decimal("0.2"),
    }
    assert evaluate(found, cells).outcome == "pass"
    long = Decimal("12345678901234567890123456789012345678.01")
    cells = {("fees_total", "year"): long, ("fees_proactive", "year"): long, ("fees_request", "year"): Decimal("0.01")}
    assert evaluate(found, cells).difference == Decimal("-0.01")


@given(st.data())
def test_an_outcome_agrees_with_plain_sums(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(forms()[:-1]))
    cells = data.draw(st.lists(st.sampled_from(found.cells), unique=True, max_size=len(found.cells)))
    values = {cell: data.draw(st.none() | st.integers(0, 3)) for cell in cells}
    doubtful = set(data.draw(st.lists(st.sampled_from(cells), max_size=2))) if cells else set()
    given_values: Cells = {cell: None if value is None else Decimal(value) for cell, value in values.items()}
    for item in ground(found, cells):
        if item.kind == "cross_year":
            continue
        assert {term.key for term in item.terms} <= set(cells)
        outcome = evaluate(item, given_values, doubtful).outcome
        left = sum(term.coefficient * (values[term.key] or 0) for term in item.left)
        right = sum(term.coefficient * (values[term.key] or 0) for term in item.right)
        holds = {"=": left == right, "<=": left <= right, ">=": left >= right}[item.relation]
        read = [values[term.key] for term in item.terms]
        if any(term.key in doubtful for term in item.terms) or all(value is None for value in read):
            assert outcome == "not_assessable"
        elif None not in read:
            assert outcome == ("pass" if holds else "fail")
        else:
            assert outcome in ("not_assessable", "pass_if_blank_zero" if holds else "fail_if_blank_zero")


@given(st.data())
def test_a_consistent_matrix_passes_everything(data: st.DataObject) -> None:
    """Totals made by adding up satisfy every equality of the newest form, and one changed leaf is noticed."""
    newer = form("national_2021")
    section = newer.section("requests")
    applicants = [column.breakdown for column in section.columns if column.breakdown != "total"]
    leaves = [line.indicator for line in section.lines if not line.heading and line.parent and line.serial != "(七)"]
    values: dict[Key, int] = {}
    for applicant in applicants:
        for leaf in (*leaves, "requests_carried_in", "requests_carried_out"):
            values[leaf, applicant] = data.draw(st.integers(0, 9))
        values["closed_total", applicant] = sum(values[leaf, applicant] for leaf in leaves)
        values["requests_new", applicant] = (
            values["closed_total", applicant]
            + values["requests_carried_out", applicant]
            - values["requests_carried_in", applicant]
        )
    for indicator in {indicator for indicator, _ in values}:
        values[indicator, "total"] = sum(values[indicator, applicant] for applicant in applicants)
    rules = [c for c in ground(newer, values) if c.kind == "equality"]
    cells: Cells = {key: Decimal(value) for key, value in values.items()}
    assert {evaluate(c, cells).outcome for c in rules} == {"pass"}
    changed = data.draw(st.sampled_from(sorted(values)))
    cells[changed] = Decimal(values[changed] + 1)
    assert any(evaluate(c, cells).outcome == "fail" for c in rules)
