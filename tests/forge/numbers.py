"""Figures for a form that satisfy its arithmetic, and the ways in which publishers print them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from .layout import APPLICANTS, DINGXI_NESTED, RESULTS, Key
from .lines import children, line, lines

Numbers = dict[Key, Decimal]


def spread_over(rng: random.Random, total: int, parts: int, few: bool = True) -> list[int]:
    """`total` shared out over `parts`, most of them nothing when `few`."""
    found = [0] * parts
    if not parts:
        return found
    taken = rng.sample(range(parts), max(1, min(parts, rng.randint(1, 5)))) if few else list(range(parts))
    for _ in range(min(total, 400)):
        found[rng.choice(taken)] += 1
    found[taken[0]] += total - sum(found)
    return found


def count(rng: random.Random) -> int:
    """A count as such reports have it: often nothing, sometimes thousands."""
    return rng.choice(
        (0, 0, 0, rng.randint(1, 9), rng.randint(10, 99), rng.randint(100, 2000), rng.randint(1000, 90000))
    )


def money(rng: random.Random, wan: bool) -> Decimal:
    if rng.random() < 0.5:
        return Decimal(0)
    if wan:
        return Decimal(rng.randint(1, 99999)) / Decimal(rng.choice((1, 10, 100, 1000)))
    return Decimal(rng.randint(1, 9_999_999)) / Decimal(rng.choice((1, 1, 100)))


def tree(rng: random.Random, form: str, breakdown: str, printed: Sequence[str], parents: dict[str, str],
         tops: dict[str, int] | None = None) -> Numbers:  # fmt: skip
    """One column of an annex: each line with children equals their sum, each top line is a count."""
    found: Numbers = {}
    summing = {"requests_total", "replies_total", "replies_denied", "requests_received", "requests_closed", "reviews",
               "litigation", "staff_total", "fees_total", "fees_proactive", "fees_request"}  # fmt: skip

    def set_line(indicator: str, total: Decimal) -> None:
        found[indicator, breakdown] = total
        below = [i for i in printed if parents[i] == indicator]
        if not below:
            return
        if indicator in summing:
            entry = line(form, indicator)
            scale = Decimal(100) if entry.money[0] else Decimal(1)
            shares = spread_over(rng, int(total * scale), len(below))
            for child, share in zip(below, shares, strict=True):
                set_line(child, Decimal(share) / scale)
        else:
            for child in below:
                set_line(child, Decimal(rng.choice((int(total), rng.randint(0, int(total)), 0))))

    for indicator in printed:
        parent = parents[indicator]
        entry = line(form, indicator)
        if parent and parent in printed and not line(form, parent).heading:
            continue
        if entry.heading:
            continue
        top = money(rng, "万" in entry.units[0]) if entry.money[0] else Decimal((tops or {}).get(indicator, count(rng)))
        set_line(indicator, top)
    return found


def short_annex(rng: random.Random, printed: Sequence[str]) -> Numbers:
    """The year's column, and a cumulative one that is nowhere smaller and adds up as well."""
    parents = {i: line("short_annex", i).parent for i in printed}
    requests = rng.choice((0, 0, rng.randint(1, 8), rng.randint(9, 300)))
    tops = {"disclosed_total": rng.randint(5, 5000), "requests_total": requests, "replies_total": requests}
    year = tree(rng, "short_annex", "year", printed, parents, tops)
    before = tree(rng, "short_annex", "cumulative", printed, parents)
    return year | {(i, b): before[i, b] + year[i, "year"] for i, b in before}


def long_annex(rng: random.Random, printed: Sequence[str], nested: bool) -> Numbers:
    parents = {i: "replies_denied" if nested and i in DINGXI_NESTED else line("long_annex", i).parent for i in printed}
    return tree(rng, "long_annex", "year", printed, parents)


def national_2014(rng: random.Random) -> Numbers:
    printed = [e.indicator for e in lines("national_2014")]
    found = tree(rng, "national_2014", "value", printed, {i: line("national_2014", i).parent for i in printed})
    return {k: v for k, v in found.items() if not line("national_2014", k[0]).heading}


def proactive(rng: random.Random, form: str) -> Numbers:
    found: Numbers = {}
    for entry in lines(form, "proactive_disclosure"):
        for breakdown, is_money in zip(entry.breakdowns, entry.money, strict=True):
            if is_money:
                found[entry.indicator, breakdown] = money(rng, form == "national_2021")
            elif breakdown == "items_change":
                found[entry.indicator, breakdown] = Decimal(
                    rng.choice((0, 0, rng.randint(-30, 60), rng.randint(-900, 2000)))
                )
            else:
                found[entry.indicator, breakdown] = Decimal(count(rng))
    return found


def requests(rng: random.Random, form: str, other_as_line: bool) -> Numbers:
    found: Numbers = {}
    leaves = []
    for outcome in children(form, "outcomes", "requests"):
        below = () if other_as_line and outcome == "other_outcome" else children(form, outcome, "requests")
        leaves += [leaf for leaf in (below or (outcome,)) if leaf != "closed_total"]
    size = rng.choice((0, 1, 12, 150, 2500))
    for applicant in APPLICANTS[:-1]:
        new = (
            rng.randint(0, size) if applicant == "natural_person" else rng.choice((0, 0, rng.randint(0, size // 8 + 1)))
        )
        carried_in = rng.randint(0, max(1, new // 10)) if new else 0
        out = rng.randint(0, (new + carried_in) // 8)
        closed = new + carried_in - out
        column = {
            "requests_new": new,
            "requests_carried_in": carried_in,
            "requests_carried_out": out,
            "closed_total": closed,
        }
        column |= dict(zip(leaves, spread_over(rng, closed, len(leaves)), strict=True))
        for outcome in children(form, "outcomes", "requests"):
            kept = [c for c in children(form, outcome, "requests") if c in column]
            if kept:
                column[outcome] = sum(column[c] for c in kept)
        found |= {(i, applicant): Decimal(n) for i, n in column.items()}
    for indicator in dict.fromkeys(i for i, _ in found):
        found[indicator, "total"] = sum((found[indicator, a] for a in APPLICANTS[:-1]), Decimal(0))
    return found


def disputes(rng: random.Random) -> Numbers:
    found: Numbers = {}
    for kind in ("reviews", "litigation_direct", "litigation_after_review"):
        parts = [Decimal(rng.choice((0, 0, 0, rng.randint(1, 9), rng.randint(1, 60)))) for _ in RESULTS[:-1]]
        found |= {(kind, r): p for r, p in zip(RESULTS, [*parts, sum(parts, Decimal(0))], strict=True)}
    return found


def printed_number(number: Decimal) -> str:
    """Decimal text without an exponent or trailing zeros behind the point."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def dressed(rng: random.Random, number: Decimal, *, change: bool, unit: str, hardness: float) -> str:
    """A figure as a publisher may print it: signs, separators, its unit or a remark in the cell."""
    text = printed_number(abs(number))
    if number == number.to_integral() and abs(number) >= 1000 and rng.random() < 0.25 * hardness:
        text = f"{int(abs(number)):,}"
    if change:
        if number < 0:
            return rng.choice(("-", "－", "减", "减少") if rng.random() < hardness else ("-",)) + text
        if number > 0 and rng.random() < 0.5 * hardness:
            return rng.choice(("+", "＋", "增", "增加")) + text
        return text
    if number and unit and rng.random() < 0.08 * hardness:
        text += rng.choice(("", " ")) + unit
    elif number > 20 and not unit.endswith("元") and rng.random() < 0.02 * hardness:
        text += f"（其中修订{rng.randint(1, 9)}件）"
    if rng.random() < 0.03 * hardness and len(text) > 1:
        text = text.translate({ord(a): ord(b) for a, b in zip("0123456789.,", "０１２３４５６７８９．，", strict=True)})
    return text
