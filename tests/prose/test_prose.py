"""What holds for figures of any text, where they stand, and how they are compared with a table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import prose, prose_checks, prose_reader
from parsers.article import Article
from parsers.characters import patterns
from parsers.document import Paragraph
from parsers.forms import Form, form, forms
from parsers.prose_rules import rules
from parsers.records import Check, Figure, Observation, Section
from parsers.values import Owner

WORDS = (
    "主动公开", "政府信息", "申请", "收到", "未收到", "无", "行政复议", "行政诉讼", "件", "条", "12", "２０18年", "，",
    "。", "（", "）", "历年累计", "一百", "其中", "分别为", "、", "元", "%", "《", "》", "“", "收取", "费用", " ", "0",
    "\u3000", "網絡", "予以公开", "自然人", "结转", "下年度", "零", "万", ",", "1,234", "余", "约",
)  # fmt: skip


def figures(
    text: str, name: str = "national_2021", year: int | None = 2022, title: str = "二、依申请公开"
) -> list[Figure]:
    article = Article((Paragraph(title, "html:p#1[0:8]"), Paragraph(text, f"html:p#2[0:{len(text)}]")))
    sections = [Section(section="2", title=title, topic="requests", text=text, locator="html:p#1[0:8]")]
    return list(prose.figures(article, sections, None if name == "prose" else form(name), Owner("r1", "d1", year)))


@pytest.fixture(autouse=True, scope="module")
def ready() -> None:
    """Rules and dictionaries are read before the first example: on a busy machine that is slower than one may be."""
    figures("網絡申請1件")


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_any_text_gives_figures_that_stand_in_it(text: str) -> None:
    text = " ".join(text.split())
    for figure in figures(text):
        assert figure.phrase in text
        assert figure.value is not None
        assert figure.value >= 0
        assert figure.indicator
        assert figure.breakdown
        if figure.value:
            assert any(c.isdigit() or c in "一百零万" for c in figure.phrase)


@given(st.integers(1, 10**8))
def test_a_number_is_read_however_it_is_written(number: int) -> None:
    wide = str(number).translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"})
    for written in (str(number), f"{number:,}", wide):
        found = figures(f"2022年共收到政府信息公开申请{written}件。")
        assert [(f.indicator, f.breakdown, f.value, f.unit) for f in found] == [
            ("requests_new", "total", Decimal(number), "件")
        ]


@given(st.integers(2004, 2030))
def test_only_the_year_of_the_report_counts(year: int) -> None:
    found = figures(f"{year}年共收到政府信息公开申请7件。")
    assert bool(found) == (year == 2022)


def test_ids_section_and_locator_are_those_of_the_phrase() -> None:
    (figure,) = figures("一是畅通渠道。2022年收到政府信息公开申请7件，均已答复。")
    assert (figure.report_id, figure.document_id, figure.section) == ("r1", "d1", "2")
    assert figure.phrase == "2022年收到政府信息公开申请7件"
    assert figure.locator == "html:p#2[7:24]"


def test_a_paragraph_in_pieces_keeps_its_own_locator() -> None:
    text = "2022年收到政府信息公开申请7件。"
    article = Article((Paragraph(text, "html:p#2[0:5,9:22]"),))
    sections = [Section(section="0", text=text, locator="html:p#2[0:5,9:22]")]
    (figure,) = prose.figures(article, sections, form("national_2021"), Owner("r1", "d1", 2022))
    assert figure.locator == "html:p#2[0:5,9:22]"


def test_the_year_most_often_named_stands_for_an_unknown_one() -> None:
    text = "2022年工作总体平稳。2022年收到政府信息公开申请7件，2021年收到政府信息公开申请5件。"
    assert [f.value for f in figures(text, year=None)] == [7]


@pytest.mark.parametrize("name", [one.name for one in forms()])
def test_every_concept_is_a_line_of_a_form(name: str) -> None:
    every = {line.indicator for one in forms() for line in one.lines}
    for concept, lines in rules().concepts.items():
        code = lines.get(name, lines["default"]).partition(":")[0]
        assert set(code.split("+")) <= every, concept


def test_entries_name_known_concepts_and_patterns_end_in_time() -> None:
    known = set(rules().concepts)
    text = "主动公开政府信息、申请收到" * 30
    for entry in rules().entries:
        if not entry.concept.startswith("@"):
            assert set(entry.concept.split("+")) <= known
        assert entry.last <= known
        for pattern in (entry.before, entry.behind):
            if pattern is not None:
                pattern.pattern.search(text[-prose_reader.REACH :], timeout=patterns.SECONDS)
    for denial in rules().denials:
        assert {concept for concept, _ in denial.nouns} <= known


@pytest.mark.parametrize(
    "piece", ["未，", "1件，", "《1", "没有行政复议，和", "收到申请1件、", "2021年", "分别为3件、", "（"]
)
def test_a_hostile_line_is_read_to_its_end(piece: str) -> None:
    figures(piece * 800 + "。2022年收到政府信息公开申请7件。")


# Against the table


def cell(indicator: str, breakdown: str, value: int | None, status: str = "reported") -> Observation:
    number = None if value is None else Decimal(value)
    return Observation(
        report_id="r1", indicator=indicator, breakdown=breakdown, value=number, value_std=number,
        status=status if value is not None or status != "reported" else "blank",
    )  # fmt: skip


def seen(check: Check, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(check, name) for name in names)


def stated(indicator: str, value: str, breakdown: str = "total", unit: str = "件") -> Figure:
    return Figure("r1", "1.2", indicator, breakdown, Decimal(value), unit, f"…{value}{unit}", "d1", "html:p#1")


NATIONAL: Form = form("national_2021")


def test_a_figure_that_stands_in_its_cell_passes() -> None:
    (check,) = prose_checks.compare([stated("requests_new", "7")], [cell("requests_new", "total", 7)], NATIONAL)
    assert seen(check, "outcome", "verdict", "difference", "explanation") == ("pass", "", 0, "")


def test_the_worst_of_several_figures_for_a_cell_decides() -> None:
    said = [stated("requests_new", "7"), stated("requests_new", "8")]
    (check,) = prose_checks.compare(said, [cell("requests_new", "total", 7)], NATIONAL)
    assert seen(check, "outcome", "expected", "observed", "difference") == ("fail", 7, 8, 1)
    assert check.verdict == "source_error"


def test_a_doubtful_cell_makes_a_doubt_of_the_reading() -> None:
    key = ("requests_new", "total")
    (check,) = prose_checks.compare([stated("requests_new", "8")], [cell(*key, 7)], NATIONAL, {key})
    assert check.verdict == "reading_doubt"


def test_a_blank_or_unsettled_cell_cannot_be_judged() -> None:
    for one in (cell("requests_new", "total", None), cell("requests_new", "total", None, "conflict")):
        (check,) = prose_checks.compare([stated("requests_new", "7")], [one], NATIONAL)
        assert seen(check, "outcome", "expected", "verdict") == ("not_assessable", None, "")


def test_a_line_that_is_not_printed_makes_no_check() -> None:
    assert prose_checks.compare([stated("requests_online", "7", "year")], [], NATIONAL) == ()
    assert prose_checks.compare([stated("requests_new", "7")], [cell("granted", "total", 7)], NATIONAL) == ()


def test_a_heading_is_the_sum_of_its_lines() -> None:
    cells = [cell("unable_not_held", "total", 4), cell("unable_unclear", "total", 2)]
    (check,) = prose_checks.compare([stated("unable", "6")], cells, NATIONAL)
    assert seen(check, "outcome", "expected") == ("pass", 6)
    (check,) = prose_checks.compare(
        [stated("unable", "4")], [*cells, cell("unable_needs_creation", "total", None)], NATIONAL
    )
    assert seen(check, "outcome", "expected") == ("fail_if_blank_zero", 6)
    assert "unable_not_held total" in check.explanation


def test_lawsuits_of_both_lines_are_compared_together() -> None:
    cells = [cell("litigation_direct", "total", 1), cell("litigation_after_review", "total", 2)]
    said = stated("litigation_direct+litigation_after_review", "3")
    (check,) = prose_checks.compare([said], cells, NATIONAL)
    assert seen(check, "outcome", "expected") == ("pass", 3)


@given(st.integers(0, 500), st.integers(1, 50))
def test_the_balance_explains_requests_carried_in(new: int, carried: int) -> None:
    cells = [cell("requests_new", "total", new), cell("requests_carried_in", "total", carried)]
    (check,) = prose_checks.compare([stated("requests_new", str(new + carried))], cells, NATIONAL)
    assert seen(check, "outcome", "verdict") == ("pass", "")
    assert "carried in" in check.explanation
    (check,) = prose_checks.compare([stated("requests_new", str(new + carried + 1))], cells, NATIONAL)
    assert check.outcome == "fail"


def test_money_is_compared_in_yuan() -> None:
    annex = form("national_2014")
    printed = Observation(indicator="fees_collected", breakdown="value", value=Decimal("0.35"), unit="万元",
                          value_std=Decimal(3500), unit_std="元", status="reported")  # fmt: skip
    (check,) = prose_checks.compare([stated("fees_collected", "3500", "value", "元")], [printed], annex)
    assert check.outcome == "pass"
    (check,) = prose_checks.compare([stated("fees_collected", "0.35", "value", "万元")], [printed], annex)
    assert check.outcome == "pass"


@pytest.mark.parametrize("behind", ["专职人员", "的兼职工作人员", "专、兼职人员", "年度", "月", "、", "", "专", "的"])
def test_no_beginning_is_left_out_that_an_entry_without_unit_may_have(behind: str) -> None:
    """Two characters rule out what no text that goes on from them could match, and nothing else."""
    possible = rules().bare
    every = [entry.behind.pattern for entry in rules().entries if entry.behind and "" in entry.units]
    assert possible.may_begin(behind) == any(one.search(behind[:2], partial=True) for one in every)
    if any(one.search(behind) for one in every):
        assert possible.may_begin(behind)


def test_a_year_is_told_from_a_figure_by_what_follows() -> None:
    assert not rules().bare.may_begin("年主动公开政府信息")
    assert rules().bare.may_begin("专职人员")
