"""Samples written as text in other manners say what their pages say."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from parsers import parse
from parsers.document import Table
from tests import rewritten

RAW = Path(__file__).parents[2] / "data" / "raw"
PAGES = sorted(page for page in RAW.rglob("*.htm*") if page.with_name(f"{page.stem}.expected.csv").exists())
REPORTS = [page for page in PAGES if "列表" not in page.name and "notice" not in page.name]


def figures(content: bytes, source: str) -> dict[tuple[str, str], tuple[Decimal | None, str]]:
    return {(o.indicator, o.breakdown): (o.value, o.status) for o in parse(content, source=source).observations}


@pytest.mark.parametrize("manner", [rewritten.narrow, rewritten.marked_up, rewritten.drawn], ids=lambda m: m.__name__)
@pytest.mark.parametrize("page", REPORTS, ids=lambda page: page.stem)
def test_figures_of_a_page_as_text(page: Path, manner: Callable[[Table], str]) -> None:
    content = page.read_bytes()
    text = rewritten.rewritten(content, manner)
    assert figures(text.encode(), "report.md") == figures(content, page.name)
