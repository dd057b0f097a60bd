"""When a page is visited again, and how patient a run is: `policy.toml`."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.crawl.pages import Page

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a run tries. Waits are in seconds."""

    most: int
    first_wait: float
    longest_wait: float
    patience: float
    hops: int
    lists: int
    host_failures: int


@functools.cache
def _said() -> dict[str, Any]:
    return tomllib.loads(resources.files("pipeline.crawl").joinpath("policy.toml").read_text("utf-8"))


def patience() -> Patience:
    return Patience(**_said()["tries"])


def next_due(page: Page, state: str, now: float, *, changed: float, wait: float = 0.0) -> float:
    """When a page is due again after a visit that left it in `state`. `changed` is when its content last did."""
    days = _said()["days"]
    if state == "failed":
        tries = days["failed"]
        pause = tries[min(page.attempts, len(tries) - 1)]
    elif state != "done":
        pause = days[state]
    elif page.role == "list":
        pause = days["list"]
    else:
        pause = min(max((now - changed) / DAY, days["report_first"]), days["report_most"])
    return now + max(float(pause) * DAY, wait)
