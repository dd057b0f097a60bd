"""Figures of whole paragraphs, written as reports of many years and hands write them, against those coded there.

`optional` figures are ones on which coders may differ: they count neither when found nor when not.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from parsers import headings, prose
from parsers.article import Article
from parsers.document import Paragraph
from parsers.forms import form, forms
from parsers.records import Figure, Section
from parsers.values import Owner

Stated = tuple[str, str, Decimal, str]

PARAGRAPHS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("paragraphs.toml").read_text("utf-8"))[
    "paragraph"
]
PRECISION, RECALL = Decimal("0.98"), Decimal("0.85")
WHOLE = Decimal("0.9")
"""So many of the paragraphs are read without any figure wrong or missing."""


def read(case: dict[str, Any]) -> list[Figure]:
    title, text = case["title"], case["text"]
    article = Article((Paragraph(title, f"text:L1[0:{len(title)}]"), Paragraph(text, f"text:L2[0:{len(text)}]")))
    sections = [Section(section="1", level=1, title=title, topic=headings.topic(title), text=text, locator="text:L1")]
    used = None if case["form"] == "prose" else form(case["form"])
    return list(prose.figures(article, sections, used, Owner("r1", "d1", case["year"])))


def stated(line: str) -> Stated:
    indicator, breakdown, value, unit = line.split(" ")
    return indicator, breakdown, Decimal(value), unit


@cache
def compared() -> tuple[int, list[tuple[str, Stated]], list[tuple[str, Stated]], int]:
    """How many figures are right, which are wrong and which missing, and how many paragraphs are read whole."""
    right, whole = 0, 0
    wrong: list[tuple[str, Stated]] = []
    missing: list[tuple[str, Stated]] = []
    for case in PARAGRAPHS:
        found = Counter((f.indicator, f.breakdown, f.value or Decimal(0), f.unit) for f in read(case))
        coded = Counter(map(stated, case["figures"]))
        right += (found & coded).total()
        extra = found - coded - Counter(map(stated, case.get("optional", [])))
        lost = coded - found
        wrong.extend((case["text"][:30], one) for one in extra.elements())
        missing.extend((case["text"][:30], one) for one in lost.elements())
        whole += not extra and not lost
    return right, wrong, missing, whole


def test_precision_and_recall() -> None:
    right, wrong, missing, whole = compared()
    assert Decimal(right) / (right + len(wrong)) >= PRECISION, wrong
    assert Decimal(right) / (right + len(missing)) >= RECALL, missing
    assert Decimal(whole) / len(PARAGRAPHS) >= WHOLE, (wrong, missing)


def test_no_number_is_invented() -> None:
    _, wrong, _, _ = compared()
    assert wrong == []


def test_the_coded_figures_are_lines_of_forms_and_of_every_form() -> None:
    known = {(line.indicator, breakdown) for one in forms() for line in one.lines for breakdown in line.breakdowns}
    codes = {code for code, _ in known}
    for case in PARAGRAPHS:
        for line in case["figures"]:
            assert set(stated(line)[0].split("+")) <= codes, line
    assert {case["form"] for case in PARAGRAPHS} == {one.name for one in forms()} | {"prose"}
