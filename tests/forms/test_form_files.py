"""The form files say what the published list of codes says, and a wrong file is refused in plain words."""

from __future__ import annotations

import csv
import os
from importlib import resources
from pathlib import Path

import pytest

from parsers.errors import DataFileError, ExpressionError
from parsers.forms import form, forms
from parsers.forms.loader import read_form
from parsers.forms.structure import label_key
from parsers.records import FORMS

CODES = Path(os.environ.get("GONGKAI_FORMS", Path(__file__).parents[3] / "shared" / "forms"))


def codes(name: str) -> list[dict[str, str]]:
    path = CODES / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"the list of codes is not at {CODES}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def text_of(name: str) -> str:
    return resources.files("parsers.forms").joinpath(f"{name}.toml").read_text(encoding="utf-8")


def aliases_of(entry: str) -> set[str]:
    return {alias for alias in entry.split(";") if alias}


def test_every_form_is_there_in_order() -> None:
    assert tuple(found.name for found in forms()) == FORMS
    assert form("prose").lines == ()
    with pytest.raises(KeyError):
        form("national_2035")


def test_every_line_of_the_codes_is_carried_over() -> None:
    rows = codes("indicators")
    assert len(rows) == sum(len(found.lines) for found in forms())
    for row in rows:
        line = form(row["form"]).line(row["section"], row["indicator"])
        assert (line.parent, line.serial, line.label, line.label_en) == (
            row["parent"], row["serial"], row["label_zh"], row["label_en"]
        )  # fmt: skip
        assert aliases_of(row["aliases"]) <= set(line.labels)
        assert line.breakdowns == tuple(b for b in row["breakdowns"].split("|") if b)
        units = tuple(row["unit"].split("|"))
        if "元 or 万元, as the page says" in units:
            units = tuple("" if " or " in unit else unit for unit in units)
            assert "as the page says" in line.note
        else:
            assert line.note == row["note"]
        assert line.units == units
        assert line.value_types == tuple(row["value_type"].split("|"))
        assert (line.verified, line.seen) == (row["label_verified"], row["source"])


def test_lines_stand_in_the_order_of_the_codes() -> None:
    rows = codes("indicators")
    for found in forms():
        for section in found.sections:
            listed = [r["indicator"] for r in rows if (r["form"], r["section"]) == (found.name, section.name)]
            assert [line.indicator for line in section.lines] == listed


def test_every_column_of_the_codes_is_carried_over() -> None:
    rows = codes("breakdowns")
    assert len(rows) == sum(len(section.columns) for found in forms() for section in found.sections)
    for row in rows:
        column = form(row["form"]).section(row["section"]).column(row["breakdown"])
        assert column.label == row["label_zh"]
        if row["form"] in ("short_annex", "long_annex") and row["breakdown"] == "year":
            assert "本年度" in column.labels
            assert column.note
        else:
            assert aliases_of(row["aliases"]) <= set(column.labels)


def test_every_rule_of_the_codes_is_carried_over() -> None:
    rows = codes("identities")
    for row in rows:
        for found in forms() if row["form"] == "all" else (form(row["form"]),):
            rule = next(i for i in found.identities if i.rule == row["rule"] and i.form == row["form"])
            assert (rule.kind, rule.expression, rule.over, rule.severity, rule.note) == (
                row["kind"], row["expression"], row["over"], row["severity"], row["note"]
            )  # fmt: skip
    for found in forms():
        assert len(found.identities) == sum(row["form"] in (found.name, "all") for row in rows)


@pytest.mark.parametrize(
    ("name", "cells"),
    [("short_annex", 40), ("long_annex", 55), ("national_2014", 58), ("national_2019", 198), ("national_2021", 200)],
)
def test_number_of_cells(name: str, cells: int) -> None:
    assert len(form(name).cells) == len(set(form(name).cells)) == cells


def test_few_labels_stand_in_several_places() -> None:
    """A label of two lines is told by its parent alone, so each is known."""
    shared: dict[str, set[str]] = {}
    for found in forms():
        for section in found.sections:
            owners: dict[str, set[str]] = {}
            for line in section.lines:
                for label in line.labels:
                    owners.setdefault(label_key(label), set()).add(line.indicator)
            shared.setdefault(found.name, set()).update(label for label, names in owners.items() if len(names) > 1)
    assert {name: labels for name, labels in shared.items() if labels} == {
        "long_annex": {"邮寄费", "复制费纸张", "复制费光盘", "复制费软盘"},
        "national_2014": {"被依法纠错数", "被依法纠错", "依法纠错数", "其他情形数", "其他情形", "其他情况数"},
    }


def test_units_and_types_of_cells() -> None:
    older, newer = form("national_2019"), form("national_2021")
    assert older.unit_of("licensing", "items_change") == "项"
    assert older.unit_of("licensing", "decisions") == "件"
    signed = [c.breakdown for found in forms() for s in found.sections for c in s.columns if c.signed]
    assert signed == ["items_change"]
    assert older.unit_of("procurement", "projects") == "个"
    assert older.unit_of("procurement", "amount") == ""
    assert older.value_type_of("procurement", "amount") == "money"
    assert newer.unit_of("administrative_fees", "amount") == "万元"
    assert newer.section("proactive_disclosure").column("amount").unit == "万元"
    assert newer.find("other_outcome").heading
    assert newer.value_type_of("other_outcome", "total") == "int"
    assert newer.unit_of("other_outcome", "total") == "件"
    with pytest.raises(KeyError):
        newer.unit_of("licensing", "total")
    with pytest.raises(KeyError):
        newer.value_type_of("outcomes", "total")


def test_blocks_hold_the_lines_of_their_serial() -> None:
    blocks = form("national_2019").section("proactive_disclosure").blocks
    assert [block.label for block in blocks] == [f"第二十条第（{n}）项" for n in "一五六八九"]
    assert blocks[1].indicators == ("licensing", "other_services")
    assert blocks[1].breakdowns == ("items_previous_year", "items_change", "decisions")
    assert blocks[3].breakdowns == ("items_previous_year", "items_change")


def test_leaves_are_what_the_page_prints() -> None:
    newer = form("national_2021")
    everything = {line.indicator for line in newer.lines if not line.heading}
    assert "other_outcome" not in {line.indicator for line in newer.leaves("outcomes", everything)}
    short = {name for name in everything if not name.startswith("other_")} | {"other_outcome", "denied"}
    leaves = {line.indicator for line in newer.leaves("outcomes", short)}
    assert "other_outcome" in leaves
    assert "denied" not in leaves


def test_children_follow_the_nesting_of_the_page() -> None:
    long = form("long_annex")
    assert "replies_unclear" in {line.indicator for line in long.children("replies_total")}
    nested = {"replies_unclear": "replies_denied"}
    assert "replies_unclear" not in {line.indicator for line in long.children("replies_total", nested)}
    assert "replies_unclear" in {line.indicator for line in long.children("replies_denied", nested)}


SMALL = """
name = "small"
label = "小表"
[defaults]
units = ["件"]
value_types = ["int"]
[[sections]]
name = "annex"
layout = "list"
[[columns]]
section = "annex"
breakdown = "year"
label = "本年"
[[columns]]
section = "annex"
breakdown = "cumulative"
label = "累计"
[[lines]]
section = "annex"
indicator = "all_requests"
label = "申请总数"
[[lines]]
section = "annex"
indicator = "online"
parent = "all_requests"
label = "网上申请数"
aliases = ["网络申请数"]
[[lines]]
section = "annex"
indicator = "letters"
parent = "all_requests"
label = "信函申请数"
[[identities]]
rule = "by_channel"
kind = "equality"
expression = "all_requests = sum(children)"
over = "breakdown"
severity = "error"
"""


def test_a_small_form_is_read() -> None:
    small = read_form(SMALL, "small.toml")
    assert small.cells[:2] == (("all_requests", "year"), ("all_requests", "cumulative"))
    assert small.find("online").labels == ("网上申请数", "网络申请数")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('label = "小表"', 'label = "小', ["not TOML"]),
        (
            'label = "信函申请数"',
            'label = "信函申请数"\naliases = ["网络 申请数"]',
            ["online", "letters"],
        ),
        ('label = "信函申请数"', 'label = "信函申请数"\naliases = ["（）"]', ["empty label", "letters"]),
        ('parent = "all_requests"', 'parent = "everything"', ["unknown parent everything", "online"]),
        ('label = "申请总数"', 'label = "申请总数"\nparent = "letters"', ["stands under itself"]),
        ('indicator = "letters"', 'indicator = "online"', ["twice", "line online"]),
        ('breakdown = "cumulative"', 'breakdown = "year"', ["twice", "column year"]),
        ('label = "累计"', 'label = "本 年"', ["belongs to year and to cumulative"]),
        ('label = "信函申请数"', 'label = "信函申请数"\nbreakdowns = ["month"]', ["month", "line letters"]),
        ('label = "信函申请数"', 'label = "信函申请数"\nunits = ["件", "元", "个"]', ["3 entries for 2", "letters"]),
        ('label = "信函申请数"', 'label = "信函申请数"\nvalue_types = ["float"]', ["float", "letters"]),
        ('label = "信函申请数"', 'label = "信函申请数"\nvalue_types = ["heading"]', ["printed_type", "letters"]),
        ('label = "信函申请数"', 'label = "信函申请数"\nlable_en = "x"', ["unknown field lable_en", "letters"]),
        ('label = "信函申请数"', "label = 5", ["label has to be a text", "letters"]),
        ('label = "信函申请数"', "", ["label is missing", "letters"]),
        ('label = "累计"', 'label = "累计"\nsigned = "yes"', ["signed has to be true or false", "cumulative"]),
        ('label = "累计"', 'label = "累计"\npattern = "("', ["wrong pattern", "cumulative"]),
        ('layout = "list"', 'layout = "tree"', ["tree", "section annex"]),
        ('kind = "equality"', 'kind = "equal"', ["equal", "rule by_channel"]),
        ('severity = "error"', 'severity = "bad"', ["bad", "rule by_channel"]),
        ('severity = "error"', 'severity = "error"\nbound_if_absent = ["fax"]', ["fax", "rule by_channel"]),
        ("sum(children)", "sum(children", ["rule by_channel", "expected )"]),
        ("sum(children)", "sum(kids)", ["expected children or leaves or other"]),
        ("sum(children)", "everything", ["unknown indicator everything"]),
        ('over = "breakdown"', 'over = "indicator"', ["does not fit a rule over indicator"]),
        ('over = "breakdown"', 'over = "page of"', ["cannot run over"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(old: str, new: str, words: list[str]) -> None:
    assert old in SMALL
    with pytest.raises(DataFileError) as caught:
        read_form(SMALL.replace(old, new, 1), "small.toml")
    assert "small.toml" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_an_expression_that_breaks_the_grammar_is_its_own_error() -> None:
    with pytest.raises(ExpressionError) as caught:
        read_form(SMALL.replace("sum(children)", "sum(children) * 2"), "small.toml")
    assert caught.value.reading == "small.toml"
    assert "by_channel" in caught.value.where


def test_a_real_form_with_a_doubled_alias_is_refused() -> None:
    text = text_of("national_2021").replace('label = "行政强制"\n', 'label = "行政强制"\naliases = ["行政处罚"]\n', 1)
    with pytest.raises(DataFileError, match="行政处罚"):
        read_form(text.replace('aliases = ["行政强制决定", "行政强制事项"]\n', "", 1), "national_2021.toml")


def test_a_subtotal_belongs_to_its_heading_alone() -> None:
    newer = form("national_2021")
    assert "小计" in newer.find("denied").subtotals
    assert {line.indicator for line in newer.lines if line.subtotals} == {
        "denied", "unable", "not_processed", "other_outcome"
    }  # fmt: skip
    text = text_of("national_2021").replace('label = "属于国家秘密"', 'label = "小计"')
    with pytest.raises(DataFileError, match="小计"):
        read_form(text, "national_2021.toml")


@pytest.mark.parametrize("name", FORMS)
def test_patterns_and_titles_are_given(name: str) -> None:
    for section in form(name).sections:
        assert section.titles
        assert all(label_key(title) for title in section.titles)
        for line in section.lines:
            assert line.label not in line.aliases
            assert len(set(line.labels)) == len(line.labels)
    assert form(name).identity("prose_agrees").statement is None
