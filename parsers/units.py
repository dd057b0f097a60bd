"""Units of money: what a header states and how many 元 a unit is."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import regex

STANDARD = "元"

PATTERN_SECONDS = 1.0


@lru_cache(maxsize=1)
def _data() -> tuple[dict[str, Decimal], tuple[regex.Pattern[str], ...]]:
    data = tomllib.loads(files("parsers").joinpath("units.toml").read_text("utf-8"))
    factors = {name: Decimal(factor) for name, factor in data["money"].items()}
    return factors, tuple(regex.compile(text) for text in data["header"]["patterns"])


def money_factor(unit: str) -> Decimal | None:
    """How many 元 one of this unit is; None when it is no unit of money."""
    return _data()[0].get(unit)


@lru_cache(maxsize=4096)
def stated_unit(text: str) -> str:
    """The unit of money that a header, a caption or a line over a table states; "" when none."""
    for pattern in _data()[1]:
        found = pattern.search(text, timeout=PATTERN_SECONDS)
        if found:
            return str(found.group(1))
    return ""
