"""The crosswalk covers every cell of every form and says nothing that the forms contradict."""

from __future__ import annotations

import regex

from parsers.forms import forms
from parsers.forms.crosswalk import RELATIONS, concepts, crosswalk

BEFORE = {
    "short_annex": (),
    "long_annex": ("short_annex",),
    "national_2014": ("short_annex", "long_annex"),
    "national_2019": ("short_annex", "long_annex", "national_2014"),
    "national_2021": ("short_annex", "long_annex", "national_2014", "national_2019"),
}


def known(names: tuple[str, ...]) -> set[str]:
    return {row.concept for row in crosswalk() if row.form in names and row.indicator}


def test_every_cell_of_every_form_has_one_row() -> None:
    for form in forms():
        cells = [(line.indicator, b) for line in form.lines for b in line.breakdowns or ("",)]
        rows = [(r.indicator, r.breakdown) for r in crosswalk() if r.form == form.name and r.indicator]
        assert rows == cells, form.name


def test_relations_fit_the_forms_before() -> None:
    for row in crosswalk():
        earlier = known(BEFORE[row.form])
        assert row.relation in RELATIONS
        if row.relation == "new":
            assert row.concept not in earlier, row
        else:
            assert row.concept in earlier, row


def test_a_dropped_concept_has_no_line_in_the_form() -> None:
    for row in crosswalk():
        if row.relation == "dropped":
            assert row.concept not in known((row.form,)), row
            assert (row.indicator, row.breakdown) == ("", "")


def test_a_concept_is_measured_by_one_cell_of_a_form() -> None:
    for form in forms():
        named = [row.concept for row in concepts(form.name).values()]
        assert len(named) == len(set(named)), form.name


def test_what_a_form_no_longer_has_is_said_once() -> None:
    for name, earlier in BEFORE.items():
        if name == "long_annex" or not earlier:
            continue
        last = earlier[-1:] if name != "national_2014" else earlier
        gone = {c for c in known(last) - known((name,)) if not _is_heading(c, last)}
        assert gone == {r.concept for r in crosswalk() if r.form == name and r.relation == "dropped"}, name


def _is_heading(concept: str, names: tuple[str, ...]) -> bool:
    return any(r.concept == concept and r.form in names and not r.breakdown for r in crosswalk() if r.indicator)


def test_concepts_are_names_and_reasons_are_in_both_languages() -> None:
    for row in crosswalk():
        assert regex.fullmatch("[a-z][a-z0-9_]*", row.concept), row
        assert regex.match("[a-z]", row.reason), row
        assert regex.search(r"\p{Han}", row.reason_zh), row


def test_what_can_be_put_side_by_side() -> None:
    assert concepts("short_annex")["requests_total", "year"].concept == "requests_new"
    assert concepts("national_2014")["requests_received", "value"].concept == "requests_new"
    assert concepts("national_2021")["requests_new", "total"].concept == "requests_new"
    assert concepts("national_2021")["requests_new", "total"].relation == "same"
    assert concepts("national_2014")["disclosed_total", "value"].relation == "redefined"
    assert concepts("national_2019")["denied", "total"].relation == "redefined"
    assert "disclosed_total" in {
        r.concept for r in crosswalk() if r.form == "national_2019" and r.relation == "dropped"
    }
