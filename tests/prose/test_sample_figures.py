"""Figures in the text of the samples, as `parse` gives them, against those that two readings coded there.

`samples.csv` is coded as `figures.csv` is for the corpus: what a person finds stated, whether it is found or not.
"""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

from parsers import parse

RAW = Path(__file__).parents[2] / "data" / "raw"
CODED = list(csv.DictReader(Path(__file__).with_name("samples.csv").read_text("utf-8").splitlines()))
PRECISION, RECALL = Decimal("0.98"), Decimal("0.85")

Stated = tuple[str, str, str, str, Decimal, str]


def squeeze(text: str) -> str:
    return "".join(text.split())


@cache
def found() -> Counter[Stated]:
    stated: Counter[Stated] = Counter()
    for path in sorted(RAW.rglob("*")):
        if path.suffix in (".html", ".htm", ".txt"):
            name = str(path.relative_to(RAW))
            for one in parse(path.read_bytes(), source=path.name).figures:
                assert one.value is not None
                stated[name, squeeze(one.phrase), one.indicator, one.breakdown, one.value, one.unit] += 1
    return stated


def coded() -> Counter[Stated]:
    return Counter(
        (
            row["document"],
            squeeze(row["phrase"]),
            row["indicator"],
            row["breakdown"],
            Decimal(row["value"]),
            row["unit"],
        )
        for row in CODED
    )


def test_precision_and_recall_over_the_samples() -> None:
    right = (found() & coded()).total()
    assert Decimal(right) / found().total() >= PRECISION, found() - coded()
    assert Decimal(right) / coded().total() >= RECALL, coded() - found()


def test_nothing_is_found_in_what_is_no_report() -> None:
    assert not [key for key in found() if key[0] in ("fujian/notice-2018.html", "fujian/年报列表.html")]
