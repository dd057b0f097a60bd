"""Figures of single sentences, as they were written in different years."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parsers import headings, prose
from parsers.article import Article
from parsers.document import Paragraph
from parsers.forms import form
from parsers.records import Section
from parsers.values import Owner

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))["case"]


def read(text: str, *, title: str = "", year: int | None = 2018, name: str = "prose") -> list[Any]:
    article = Article((Paragraph(title, f"text:L1[0:{len(title)}]"), Paragraph(text, f"text:L2[0:{len(text)}]")))
    sections = [Section(section="1", level=1, title=title, topic=headings.topic(title), text=text, locator="text:L1")]
    used = None if name == "prose" else form(name)
    return list(prose.figures(article, sections, used, Owner("r1", "d1", year)))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:18] for case in CASES])
def test_figures_of_a_sentence(case: dict[str, Any]) -> None:
    found = read(case["text"], title=case["title"], year=case["year"], name=case["form"])
    stated = [(f.indicator, f.breakdown, f.value, f.unit) for f in found]
    assert stated == [(i, b, Decimal(v), u) for i, b, v, u in case["figures"]]
