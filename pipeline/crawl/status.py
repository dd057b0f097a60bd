"""What a crawl folder holds, for a person or a program to look at: sources, hosts, failures, what is next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.crawl.coverage import STATES, coverage
from pipeline.crawl.frontier import clock

if TYPE_CHECKING:
    from datetime import date

    from pipeline.crawl.frontier import Frontier
    from pipeline.crawl.sites import Sources

SHOWN = 20
"""The most failures that are shown by address; the rest is a number."""


def status(frontier: Frontier, sources: Sources, today: date) -> dict[str, Any]:
    """Everything as plain values."""
    pages: dict[str, dict[str, dict[str, int]]] = {}
    for source, role, state, count in frontier.tally():
        pages.setdefault(source, {}).setdefault(role, {})[state] = count
    years: dict[str, dict[str, str]] = {}
    for row in coverage(frontier, sources.sites, today):
        years.setdefault(row.source, {})[str(row.report_year)] = row.state
    return {
        "sources": pages,
        "hosts": frontier.by_host(),
        "queued": frontier.queued(),
        "next_due": clock(frontier.next_due()),
        "failures": [
            {"address": page.address, "state": page.state, "reason": page.reason, "due": clock(page.due)}
            for state in ("failed", "blocked", "disallowed", "refused", "missing", "gone")
            for page in frontier.pages(state=state)
            if state != "missing" or not page.step.endswith(":guessed")
        ],
        "problems": [
            {"source": one.source, "code": one.code, "message": one.message, "at": clock(one.at),
             "archive": one.archive, "offset": one.offset}
            for one in frontier.problems()
        ],
        "coverage": years,
    }  # fmt: skip


def words(said: dict[str, Any]) -> list[str]:
    """The same as lines of text."""
    lines = [f"queued {said['queued']}, next due {said['next_due'] or 'never'}", "", "hosts"]
    for host in said["hosts"]:
        ready = f", left alone until {host['ready']}" if host["ready"] else ""
        lines.append(f"  {host['host']}  pages {host['pages']}, queued {host['queued']}, next {host['next']}{ready}")
    lines += ["", "sources"]
    for source, roles in said["sources"].items():
        counted = "; ".join(
            f"{role} " + ", ".join(f"{state} {count}" for state, count in states.items())
            for role, states in roles.items()
        )
        lines.append(f"  {source}  {counted}")
    lines += ["", "coverage"]
    for source, years in said["coverage"].items():
        counts = Counter(years.values())
        lines.append(f"  {source}  " + ", ".join(f"{state} {counts[state]}" for state in STATES if counts[state]))
        for state in ("not_found", "blocked", "gone"):
            some = [year for year, found in years.items() if found == state]
            if some:
                lines.append(f"    {state} {' '.join(some)}")
    if said["failures"]:
        lines += ["", "failures"]
        for one in said["failures"][:SHOWN]:
            lines.append(f"  {one['state']}: {one['address']}: {one['reason']} (again {one['due']})")
        if len(said["failures"]) > SHOWN:
            lines.append(f"  … and {len(said['failures']) - SHOWN} more")
    if said["problems"]:
        lines += ["", "problems"]
        for one in said["problems"]:
            where = f" [{one['archive']}:{one['offset']}]" if one["archive"] else ""
            lines.append(f"  {one['source']}: {one['code']}: {one['message']}{where}")
    return lines
