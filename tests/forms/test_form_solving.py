"""Readings that a form's arithmetic leaves open, or settles."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.forms import form
from parsers.forms.arithmetic import evaluate, ground
from parsers.forms.solving import solve

if TYPE_CHECKING:
    from parsers.forms import Key

NEWER = form("national_2021")
RULES = ground(NEWER, NEWER.cells)
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
ANNEX = ground(form("short_annex"), form("short_annex").cells)


def row(*numbers: int | None) -> dict[Key, Decimal | None]:
    return {
        ("reviews", name): None if number is None else Decimal(number)
        for name, number in zip(OUTCOMES, numbers, strict=True)
    }


def splits(digits: str, parts: int) -> list[dict[Key, Decimal | None]]:
    found = []
    for cuts in combinations(range(1, len(digits)), parts - 1):
        pieces = [digits[a:b] for a, b in zip((0, *cuts), (*cuts, len(digits)), strict=True)]
        if all(piece == "0" or not piece.startswith("0") for piece in pieces):
            found.append(row(*map(int, pieces)))
    return found


def test_one_split_of_glued_digits_satisfies_the_form() -> None:
    found = solve(RULES, {}, {}, [splits("500813", 5)])
    assert found.decided == row(5, 0, 0, 8, 13)
    assert found.tested == (1,)


def test_several_splits_decide_nothing() -> None:
    found = solve(RULES, {}, {}, [splits("1100112", 5)])
    assert row(1, 10, 0, 1, 12) in found.assignments
    assert row(11, 0, 0, 1, 12) in found.assignments
    assert found.decided is None


def test_no_split_is_an_answer_too() -> None:
    found = solve(RULES, {}, {}, [splits("11119", 5)])
    assert found.assignments == ()
    assert found.decided is None
    assert not found.cut


def test_doubtful_digits_are_settled_by_two_rules() -> None:
    old = {("requests_total", "year"): Decimal(12), ("replies_total", "year"): Decimal(9)}
    parts = ("in_person", "online", "letter_fax", "fax", "email", "letter", "other")
    fixed = {**old, **{(f"requests_{part}", "year"): Decimal(0) for part in parts}}
    del fixed["requests_online", "year"], fixed["requests_letter_fax", "year"]
    candidates = {
        ("requests_online", "year"): [Decimal(5), Decimal(6), Decimal(8)],
        ("requests_letter_fax", "year"): [Decimal(1), Decimal(7)],
    }
    found = solve(ANNEX, candidates, fixed)
    assert found.decided == {("requests_online", "year"): Decimal(5), ("requests_letter_fax", "year"): Decimal(7)}


def test_what_no_rule_tests_is_not_decided() -> None:
    found = solve(ANNEX, {("reviews", "year"): [Decimal(5)]}, {})
    assert found.assignments == ({("reviews", "year"): Decimal(5)},)
    assert found.decided is None


def test_rules_that_need_not_hold_bind_nothing() -> None:
    key = ("disclosed_website", "year")
    found = solve(ANNEX, {key: [Decimal(5), Decimal(50)]}, {("disclosed_total", "year"): Decimal(7)})
    assert len(found.assignments) == 2


def test_a_search_that_is_cut_decides_nothing() -> None:
    candidates = {("reviews", name): [Decimal(n) for n in range(40)] for name in OUTCOMES}
    found = solve(RULES, candidates, {}, limit=1000)
    assert found.cut
    assert found.decided is None


def test_blank_is_a_reading_of_its_own() -> None:
    fixed = row(5, 0, 0, 2, 7)
    del fixed["reviews", "total"]
    found = solve(RULES, {("reviews", "total"): [None, Decimal(7), Decimal(8)]}, fixed)
    assert found.assignments == ({("reviews", "total"): None}, {("reviews", "total"): Decimal(7)})
    assert found.tested == (0, 1)


def test_a_group_without_alternatives_has_no_solution() -> None:
    assert solve(RULES, {("reviews", "total"): []}, {}).assignments == ()


@settings(max_examples=60)
@given(st.data())
def test_a_search_finds_what_trying_everything_finds(data: st.DataObject) -> None:
    person = "natural_person"
    names = ("requests_new", "requests_carried_in", "closed_total", "requests_carried_out")
    keys = [(name, applicant) for name in names for applicant in (person, "total")]
    reading = st.none() | st.integers(0, 4).map(Decimal)
    open_keys = data.draw(st.lists(st.sampled_from(keys), unique=True, min_size=1, max_size=4))
    candidates = {key: data.draw(st.lists(reading, unique=True, min_size=1, max_size=3)) for key in open_keys}
    fixed = {key: data.draw(reading) for key in keys if key not in candidates}
    rules = [c for c in ground(NEWER, keys) if c.kind == "equality"]
    expected = []
    for choice in product(*candidates.values()):
        values = {**fixed, **dict(zip(candidates, choice, strict=True))}
        touched = [c for c in rules if any(term.key in candidates for term in c.terms)]
        if not any(evaluate(c, values).outcome.startswith("fail") for c in touched):
            expected.append(dict(zip(candidates, choice, strict=True)))
    found = solve(rules, candidates, fixed)
    assert not found.cut
    assert sorted(map(str, found.assignments)) == sorted(map(str, expected))
