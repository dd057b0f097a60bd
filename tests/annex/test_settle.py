"""Doubts are settled only where the form's arithmetic leaves one reading; failures say whose error they are."""

from __future__ import annotations

from decimal import Decimal

from annex.tables import SHORT, by_key, read, short, values

from parsers.checks import check
from parsers.claims import Claim, LineMatch
from parsers.document import Cell
from parsers.forms import form
from parsers.forms.arithmetic import ground
from parsers.settle import settle
from parsers.values import Owner, observe

SHORT_FORM = form("short_annex")
TOTAL, FIRST, SECOND = ("requests_total", "year"), ("requests_in_person", "year"), ("requests_online", "year")


def constraints(*keys: tuple[str, str]) -> tuple[object, ...]:
    return ground(SHORT_FORM, set(keys))


def test_the_one_reading_that_adds_up_is_taken() -> None:
    readings = [{FIRST: Decimal(1)}, {FIRST: Decimal(2)}, {FIRST: Decimal(12)}]
    (state,) = settle([readings], constraints(TOTAL, FIRST, SECOND), {TOTAL: Decimal(15), SECOND: Decimal(3)})
    assert (state.left, state.spoken) == ((2,), True)


def test_several_readings_that_add_up_stay_several() -> None:
    doubts = [[{FIRST: Decimal(n)} for n in (1, 2)], [{SECOND: Decimal(n)} for n in (1, 2)]]
    states = settle(doubts, constraints(TOTAL, FIRST, SECOND), {TOTAL: Decimal(3)})
    assert [state.left for state in states] == [(0, 1), (0, 1)]


def test_no_identity_no_decision() -> None:
    (state,) = settle([[{("reviews", "year"): Decimal(3)}]], constraints(("reviews", "year")), {})
    assert not state.spoken


def test_a_blank_total_confirms_nothing() -> None:
    (state,) = settle(
        [[{FIRST: Decimal(1)}, {FIRST: Decimal(2)}]],
        constraints(TOTAL, FIRST, SECOND),
        {TOTAL: None, SECOND: Decimal(3)},
    )
    assert state.left == (0, 1)


def test_a_reading_that_puts_a_blank_for_the_sum_is_not_told_by_the_others_being_wrong() -> None:
    four, one = Decimal(4), Decimal(1)
    placings = [(four, one, None), (four, None, one), (None, four, one)]
    readings = [dict(zip((TOTAL, FIRST, SECOND), placing, strict=True)) for placing in placings]
    (state,) = settle([readings], constraints(TOTAL, FIRST, SECOND), {})
    assert not state.spoken


def test_a_cell_that_is_not_known_leaves_its_rule_out() -> None:
    (state,) = settle([[{FIRST: Decimal(12)}]], constraints(TOTAL, FIRST, SECOND), {TOTAL: Decimal(15)}, {SECOND})
    assert not state.spoken


def test_a_sum_that_the_page_prints_wrong_is_the_sources_error() -> None:
    lines = [(line[0], line[1], "7", "9") if "受理" in line[0] else line for line in SHORT]
    found = read(short(lines))
    assert found.form is not None
    failed = [c for c in check(found.observations, found.form, found.doubtful) if c.outcome == "fail"]
    assert [(c.rule, c.indicator, c.breakdown, c.verdict) for c in failed] == [
        ("requests_by_channel", "requests_total", "year", "source_error")
    ]
    assert (failed[0].observed, failed[0].expected, failed[0].difference) == (7, 6, 1)
    assert "7 [requests_total year]" in failed[0].explanation


def test_a_failure_with_a_doubtful_reading_is_a_doubt() -> None:
    lines = [("受理政府信息公开申青总数", line[1], "7", "9") if "受理" in line[0] else line for line in SHORT]
    found = read(short(lines))
    assert found.form is not None
    failed = [c for c in check(found.observations, found.form, found.doubtful) if c.outcome == "fail"]
    assert [c.verdict for c in failed] == ["reading_doubt"]


def test_a_row_of_lost_blanks_does_not_speak_for_cells_that_are_printed_elsewhere():
    current = form("national_2021")
    line = next(number for number, one in enumerate(current.lines) if one.indicator == "reviews")
    keys = tuple(("reviews", breakdown) for breakdown in current.lines[line].breakdowns)
    match = LineMatch(line, "exact", 100.0, 100.0)

    def claim(table: int, text: str) -> Claim:
        return Claim(table, 0, Cell(0, 1, 1, 5, text, f"text:L{table}[0:9]"), keys, None, None, match, "header")

    found = observe([claim(0, "1\n2\n4"), claim(1, "40\n3\n0\n1\n44")], current, {}, Owner(), {0, 1})
    assert [one.raw for one in found.observations] == ["1\n2\n4"] * 5
    for one in found.observations:
        assert one.value is None or str(one.value) in one.raw.split() or one.value == 0


def test_a_smaller_digit_is_a_notes_mark_only_where_the_sums_say_so() -> None:
    page = short()
    confirmed = read(page.replace("<td>9</td>", "<td>9<small>1</small></td>", 1))
    assert values(confirmed)["requests_total", "cumulative"] == 9
    alone = by_key(read(page.replace("<td>615</td>", "<td>615<small>1</small></td>", 1)))
    assert (alone["disclosed_total", "cumulative"].value, alone["disclosed_total", "cumulative"].status) == (
        None,
        "ambiguous",
    )
