"""The forger keeps its word, its damage keeps what a page says, and the parser reads what it makes."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

import pytest

from parsers import parse
from tests import damage
from tests.forge import Score, flagged, forge, lookalike, score
from tests.forge.layout import APPLICANTS
from tests.forge.lines import FORMS, lines
from tests.forge.reading import read
from tests.forge.score import field_faults, section_faults
from tests.forge.wrappers import FURNISHED

PLAIN = {seed: forge(seed, hardness=0.0) for seed in range(24)}
SAME_TEXT = (
    "cut_spans", "split_digits", "nbsp_pad", "zero_width", "wrap_lines", "one_letter_per_p", "insert_hidden",
    "hidden_rows", "drop_end_tags", "nested_layout", "wild_spans", "split_tables",
)  # fmt: skip


def seen_text(html: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]", "", "".join(damage.flatten(html, lossy=False)))


def test_same_seed_same_document() -> None:
    assert forge(5).content == forge(5).content
    assert forge(5).truth == forge(5).truth


@pytest.mark.parametrize("form", FORMS)
def test_truth_uses_the_codes_of_its_form(form: str) -> None:
    known = {(e.indicator, b) for e in lines(form) for b in e.breakdowns}
    for seed in range(5):
        assert {(i, b) for i, b, _ in forge(seed, form, 1.0).truth["cells"]} <= known


@pytest.mark.parametrize("form", ["national_2019", "national_2021"])
def test_forged_figures_balance(form: str) -> None:
    for seed in range(20):
        cells = {(i, b): v or 0 for i, b, v in forge(seed, form, 0.0).truth["cells"]}
        for who in APPLICANTS:
            received = cells["requests_new", who] + cells["requests_carried_in", who]
            assert received == cells["closed_total", who] + cells["requests_carried_out", who]


@pytest.mark.parametrize(
    ("shown", "number", "status"),
    [("11,398,889", "11398889", "reported"), ("１２，３００", "12300", "reported"), ("251000元", "251000", "reported"),
     ("22（其中修订16件）", "22", "reported"), ("减3", "-3", "reported"), ("－18", "-18", "reported"),
     ("", None, "blank"), ("/", None, "slash"), ("—", None, "dash"), ("无", None, "none_word")],
)  # fmt: skip
def test_reading(shown: str, number: str | None, status: str) -> None:
    assert read(shown) == read(f" {shown}\u00a0")
    assert read(shown).number == (None if number is None else Decimal(number))
    assert read(shown).status == status


@pytest.mark.parametrize("name", SAME_TEXT)
def test_damage_keeps_the_visible_text(name: str) -> None:
    for seed, made in PLAIN.items():
        html = made.content.decode("utf-8")
        assert seen_text(str(damage.DAMAGES[name].apply(html, seed))) == seen_text(html)


def test_lossy_text_follows_its_rule() -> None:
    html = "<p><span>2018</span><span>年</span><span>1</span><span>月</span></p><table><tr><td>条</td><td>0</td></tr></table>"
    assert damage.lossy_text(html) == "20181\n\n0\n"


def scored(seeds: range, hardness: float) -> tuple[dict[str, Score], list[str]]:
    totals: dict[str, Score] = defaultdict(Score)
    faults = []
    for seed in seeds:
        made = forge(seed, hardness=hardness)
        seen = parse(made.content, source=made.name)
        one = score(made.truth, seen.observations, flagged(seen.observations, seen.issues, seen.checks))
        totals["all"].add(one)
        if not one.perfect:
            faults.append(f"{made.name} {made.truth['damage']} {one.faults[:2]}")
        report = seen.reports[0] if seen.reports else None
        faults += [f"{made.name} {fault}" for fault in field_faults(made.truth, report)]
        faults += [f"{made.name} lost {title}" for title in section_faults(made.truth, seen.sections)]
    return totals, faults


def test_undamaged_reports_are_read_whole() -> None:
    _, faults = scored(range(36), 0.0)
    assert faults == []


def test_damaged_reports_are_read_and_nothing_is_silently_wrong() -> None:
    totals, faults = scored(range(500, 560), 0.6)
    assert totals["all"].silent == 0, faults
    assert totals["all"].invented == 0, faults
    assert totals["all"].right >= 0.99 * totals["all"].cells, faults


def test_lookalikes_are_no_reports() -> None:
    taken = []
    for seed in range(30):
        made = lookalike(seed)
        document = parse(made.content, source=made.name).documents[0]
        if document.kind != made.truth["kind"]:
            taken.append((made.name, made.truth["damage"], document.kind))
    assert taken == []


@pytest.mark.parametrize("family", FURNISHED)
def test_facts_and_headings_whatever_stands_around_the_article(family: str) -> None:
    for seed in range(12):
        page = forge(seed, hardness=0.4, family=family)
        found = parse(page.content, source=page.name)
        assert not field_faults(page.truth, found.reports[0] if found.reports else None), (seed, page.truth["damage"])
        assert not section_faults(page.truth, found.sections), (seed, page.truth["damage"])
