"""How long documents took: counts in buckets that parts can add up, and what they say of the whole.

A bucket is a number n for times up to 2 ** (n / 4) milliseconds, so a quantile is told to a fifth of itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

QUANTILES = (0.5, 0.9, 0.99)
STEPS = 4


def bucket(seconds: float) -> int:
    """The bucket of a time."""
    return max(0, math.ceil(math.log2(max(seconds * 1000, 1e-9)) * STEPS))


def quantiles(took: Mapping[int, int]) -> dict[str, float]:
    """Upper bounds of quantiles and of the longest time, in milliseconds; empty where nothing was read."""
    total = sum(took.values())
    if not total:
        return {}
    found: dict[str, float] = {"documents": total}
    ordered = sorted(took.items())
    for share in QUANTILES:
        count = 0
        for number, documents in ordered:
            count += documents
            if count >= share * total:
                found[f"p{share * 100:g}_ms"] = round(2 ** (number / STEPS), 1)
                break
    found["most_ms"] = round(2 ** (ordered[-1][0] / STEPS), 1)
    return found
