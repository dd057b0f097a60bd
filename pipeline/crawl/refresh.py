"""`gongkai refresh`: crawl, then extract what changed, and the guard against publishing a broken harvest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

WATCHED = ("reports", "bodies", "observations")
"""The tables whose rows must not drop."""

SHARE = 0.02
"""The largest drop, as a share of the last release, that passes without a person's word."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A table with fewer rows than in the last release, by more than the share allows."""

    table: str
    before: int
    after: int

    def __str__(self) -> str:
        share = (self.before - self.after) / self.before
        return f"{self.table} would drop from {self.before} to {self.after} ({share:.1%})"


def drops(before: Mapping[str, int], after: Mapping[str, int], share: float = SHARE) -> list[Drop]:
    """The drops that a release would bring, by the rows of the last release and of the new one.

    The values are rows by table, as `counts` in run.json has them. Without a last release nothing drops.
    """
    found = []
    for table in WATCHED:
        old, new = before.get(table, 0), after.get(table, 0)
        if old and (old - new) > share * old:
            found.append(Drop(table, old, new))
    return found


def refresh(crawl: Callable[[], int], extract: Callable[[], int]) -> int:
    """Crawl, then extract, each giving an exit code; returns the one that a person must see first.

    What was fetched is extracted although some sources failed, and nothing is when the crawl could not go on.
    """
    crawled = crawl()
    if crawled not in (0, 1):
        return crawled
    return extract() or crawled
