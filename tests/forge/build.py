"""One forged report: figures, form, prose, page and damage, with what a careful coder reads in it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests import damage

from . import layout, markup, numbers, words
from .layout import Grid, Key, Look
from .lines import FORMS, Line, column_labels, line, lines
from .reading import Reading, read
from .wrappers import FURNISHED, WRAPPERS, Page


@dataclass(frozen=True, slots=True)
class Forged:
    """A document's bytes, its file name, and its truth in the corpus's format.

    Beyond that format a truth has `statuses` (one for each cell, in order), `allow` (cells that may be
    `ambiguous`, or absent when blank, because the damage took what tells them) and `damage`.
    """

    content: bytes
    name: str
    truth: dict[str, Any] = field(hash=False)


STRUCTURE = (
    "page_break_split",
    "split_tables",
    "extra_rows",
    "shuffle_tables",
    "hidden_rows",
    "nested_layout",
    "distractor_tables",
)
TEXT = ("one_letter_per_p", "full_width", "thousands", "nbsp_pad", "wrap_lines", "zero_width", "cut_spans", "split_digits",
        "insert_hidden", "footnotes")  # fmt: skip
MARKUP = ("wild_spans", "drop_end_tags")
NO_INDEX = frozenset({"vsb"})
OUTER = ("gb18030", "utf8", "utf16")
TYPOS = {
    "府": "付",
    "息": "悉",
    "案": "安",
    "纪": "记",
    "规": "归",
    "档": "挡",
    "构": "沟",
    "式": "势",
    "额": "额额",
    "接": "按",
}


def forge(seed: int, form: str | None = None, hardness: float = 0.5, family: str = "") -> Forged:
    """A report made from `seed`; `hardness` from 0 (as the state prints it) to 1 (everything goes wrong).

    `family` is a key of `WRAPPERS` or `FURNISHED`, "" for any of the first.
    """
    rng = random.Random(f"gongkai {seed}")
    form = form or rng.choice(FORMS)
    facts = words.facts(rng, form)
    family = family or rng.choice(tuple(WRAPPERS))
    if family in NO_INDEX:
        facts = replace(facts, index_number="")
    look = looks(rng, form, facts, hardness)
    figures, printed = draw(rng, form, look)
    look = replace(look, omit=left_out(rng, form, printed, figures, hardness))
    wrong = source_error(rng, figures) if rng.random() < 0.08 * hardness else None
    names = damages(rng, hardness)
    lossy = "lossy_text" in names
    shown = show(rng, form, figures, hardness)
    if lossy:  # a sign that is a text node of its own would be lost, and nobody could read the number any more
        shown = {k: re.sub("^(减少|减|－)", "-", t) for k, t in shown.items()}
    grids = tables(form, shown, look, printed)
    keys = layout.keys_of(grids)
    text = words.prose(rng, form, facts, len(grids))
    style = rng.choice(markup.STYLES)
    blanks = rng.choice((("",), ("&nbsp;",), ("", "&nbsp;", " "), ("\u3000", "<br>")))
    html = page(rng, family, style, facts, text, [
        markup.table(g, style, blanks=blanks, rng=rng, sizing_row=rng.random() < 0.2 * hardness) for g in grids
    ])  # fmt: skip
    content: str | bytes = html
    for name in names:
        if isinstance(content, str):
            content = damage.DAMAGES[name].apply(content, rng.randrange(10**6))
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    readings = {key: Reading(None, "blank") if lossy and vanishes(shown[key]) else read(shown[key]) for key in keys}
    truth: dict[str, Any] = {
        "form": form, "profile": "forged", "report_year": facts.year, "published_date": facts.published,
        "publisher": facts.publisher, "publisher_ok": list(facts.publisher_ok), "title": facts.title,
        "index_number": facts.index_number or None, "document_number": facts.document_number or None,
        "email": facts.email or None, "phone": facts.phone or None, "period": list(facts.period),
        "sections": [list(s) for s in text.sections],
        "cells": [[i, b, plain(readings[i, b].number)] for i, b in keys],
        "statuses": ["blank" if lossy and readings[k].number is None else readings[k].status for k in keys],
        "allow": [list(k) for k in sorted(blurred(form, keys, readings))] if lossy else [],
        "source_error": list(wrong) if wrong else None,
        "kind": "report", "damage": [f"page:{family}", f"markup:{style}", *names],
        "keeps": sorted(damage.ALL.intersection(*(damage.DAMAGES[n].keeps for n in names))),
    }  # fmt: skip
    extension = ".txt" if "lossy_text" in names or "flat_text" in names else ".html"
    return Forged(data, f"{form}-{seed:05d}{extension}", truth)


def plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral() else float(number)


def looks(rng: random.Random, form: str, facts: words.Facts, hardness: float) -> Look:
    def chance(share: float) -> bool:
        return rng.random() < share * hardness

    labels: dict[str, str] = {}
    for entry in lines(form):
        if entry.aliases and chance(0.3):
            labels[entry.indicator] = rng.choice(entry.aliases)
        if chance(0.05):
            labels[entry.indicator] = typo(rng, labels.get(entry.indicator, entry.label))
    if form in ("national_2019", "national_2021"):
        labels = {i: t for i, t in labels.items() if t != "行政规范性文件" or form == "national_2021" or chance(0.5)}
        named: dict[str, str] = {}
        for section in ("proactive_disclosure", "requests", "review_and_litigation"):
            for b, known in column_labels(form, section).items():
                if len(known) > 1 and chance(0.3):
                    named[b] = rng.choice(known)
        return Look(
            full_width=rng.random() < 0.8, labels=labels, column_labels=named,
            subtotals=frozenset(h for h in ("denied", "unable", "not_processed") if chance(0.2)),
            subtotal_word=rng.choice(("小计", "小计")), loose_spans=chance(0.3),
            other_as_line=form == "national_2021" and chance(0.3),
        )  # fmt: skip
    common: dict[str, Any] = {"full_width": rng.random() < 0.7, "labels": labels, "serials": chance(0.3), "header_repeat": rng.randint(5, 12) if chance(0.2) else 0,
              "unit_column": rng.random() > 0.2 * hardness, "caption_row": f"{facts.year}年度政府信息公开情况统计表" if chance(0.3) else ""}  # fmt: skip
    if form == "short_annex":
        year = rng.choice(
            (f"{facts.year}年度", f"{facts.year}年", f"{facts.year}年", "本年度", "当年", "本年", str(facts.year))
        )
        order = ("cumulative", "year") if chance(0.25) else ()
        named = {"cumulative": rng.choice(("历年累计", "历年累计", "累计", "历年累计数"))}
        return Look(year=year, columns=order, column_labels=named, first_header=rng.choice(("指标", "指 标", "指标名称", "项目")),
                    lead=rng.choice(("其中", "其中", "")), **common)  # fmt: skip
    if form == "long_annex":
        return Look(code_column=rng.random() < 0.5, nested_denied=rng.random() < 0.4, column_labels={"year": rng.choice(("本年累计", "本年", "本年度"))},
                    first_header=rng.choice(("指标", "指标名称", "项目")), **common)  # fmt: skip
    return Look(first_header=rng.choice(("统计指标", "指标名称", "项目")), unit_header=rng.choice(("单位", "计量单位")),
                heading_mark=rng.choice(("——", "", "—", "——")), column_labels={"value": rng.choice(("统计数", "数值", "数量"))}, **common)  # fmt: skip


def typo(rng: random.Random, label: str) -> str:
    """One letter wrong, doubled or lost; never one that turns a label into another line's."""
    spots = [i for i, c in enumerate(label) if c in "政府信息公开申请行数" and 0 < i < len(label) - 1]
    if len(label) < 7 or not spots:
        return label
    spot = rng.choice(spots)
    letter = label[spot]
    return label[:spot] + rng.choice(("", letter * 2, TYPOS.get(letter, letter * 2))) + label[spot + 1 :]


def draw(rng: random.Random, form: str, look: Look) -> tuple[numbers.Numbers, tuple[str, ...]]:
    """Figures for a form, and which lines of an annex are printed."""
    if form == "prose":
        return {}, ()
    if form == "short_annex":
        printed: tuple[str, ...] = rng.choice((layout.SHORT_THREE, layout.SHORT_FEES, layout.SHORT_SIX))
        return numbers.short_annex(rng, printed), printed
    if form == "long_annex":
        everything = tuple(e.indicator for e in lines(form) if e.indicator != "denied_other")
        printed = layout.DINGXI_ORDER if look.nested_denied else everything
        return numbers.long_annex(rng, printed, look.nested_denied), printed
    if form == "national_2014":
        return numbers.national_2014(rng), tuple(e.indicator for e in lines(form))
    found = numbers.proactive(rng, form) | numbers.requests(rng, form, look.other_as_line) | numbers.disputes(rng)
    return found, tuple(e.indicator for e in lines(form))


def left_out(
    rng: random.Random, form: str, printed: Iterable[str], figures: numbers.Numbers, hardness: float
) -> frozenset[str]:
    """A few lines that the page does not print: leaves with nothing in them, so that the sums still hold."""
    if rng.random() > 0.4 * hardness:
        return frozenset()
    parents = {line(form, i).parent for i in printed}
    empty = [
        i for i in printed
        if i not in parents and line(form, i).parent and all(not n for (k, _), n in figures.items() if k == i)
        and any(k == i for k, _ in figures) and i not in layout.DINGXI_NESTED and "other_" not in i
    ]  # fmt: skip
    return frozenset(rng.sample(empty, min(len(empty), rng.randint(1, 3))))


def source_error(rng: random.Random, figures: numbers.Numbers) -> Key | None:
    """A total printed wrong by its publisher: the truth is what is printed."""
    totals = [k for k, n in figures.items() if n and ("total" in k[0] or k[1] == "total")]
    if not totals:
        return None
    key = rng.choice(totals)
    figures[key] += rng.choice((1, 2, 10))
    return key


def show(rng: random.Random, form: str, figures: numbers.Numbers, hardness: float) -> dict[Key, str]:
    """Figures as text. Zeros may be printed as blanks or marks, totals left out."""
    zero = (
        rng.choice(("0", "0", "", "mixed", "rows", rng.choice(("/", "—", "-", "无", "——"))))
        if rng.random() < hardness
        else "0"
    )
    no_totals = form in ("national_2019", "national_2021") and rng.random() < 0.1 * hardness
    found: dict[Key, str] = {}
    section_of = {e.indicator: e for e in reversed(lines(form))}
    blank_lines = {i for i in section_of if rng.random() < 0.3}
    for key, number in figures.items():
        entry = section_of[key[0]]
        unit = entry.units[entry.breakdowns.index(key[1])] if key[1] in entry.breakdowns else ""
        if no_totals and key[1] == "total":
            found[key] = ""
        elif not number and zero == "mixed":
            found[key] = rng.choice(("0", "", "0", "/"))
        elif not number and zero == "rows":
            found[key] = "" if key[0] in blank_lines else "0"
        elif not number and zero != "0":
            found[key] = zero
        else:
            short = unit if unit in ("条", "件", "次", "篇", "个", "人", "人次", "元", "万元", "项") else ""
            if key == ("procurement", "amount"):
                short = "元"
            found[key] = numbers.dressed(rng, number, change=key[1] == "items_change", unit=short, hardness=hardness)
    return found


def tables(form: str, shown: dict[Key, str], look: Look, printed: tuple[str, ...]) -> list[Grid]:
    if form == "prose":
        return []
    if form == "short_annex":
        return layout.short_annex(shown, look, printed)
    if form == "long_annex":
        return layout.long_annex(shown, look, printed)
    if form == "national_2014":
        return layout.national_2014(shown, look)
    return [
        layout.proactive(form, shown, look),
        *layout.requests(form, shown, look),
        layout.disputes(form, shown, look),
    ]


def page(rng: random.Random, family: str, style: str, facts: words.Facts, text: words.Prose, tabs: list[str]) -> str:
    parts = [tabs[int(t)] if level < 0 else markup.paragraph(t, style, level) for level, t in text.blocks]
    if rng.random() < 0.3:
        year, month, day = facts.published.split("-")
        parts.append(markup.paragraph(facts.publisher, style))
        parts.append(markup.paragraph(f"{year}年{int(month)}月{int(day)}日", style))
    return (WRAPPERS | FURNISHED)[family](Page(
        title=facts.title, article="\n".join(parts), published=facts.published, publisher=facts.publisher,
        index_number=facts.index_number, document_number=facts.document_number, site=facts.site,
        previous=facts.previous, crawled=facts.crawled,
        remark="", comment="forged for tests",
    ))  # fmt: skip


def damages(rng: random.Random, hardness: float) -> list[str]:
    """Names of damages in an order in which they can be stacked."""
    found = [n for n in STRUCTURE if rng.random() < 0.15 * hardness * 2]
    found += [n for n in TEXT if rng.random() < 0.12 * hardness * 2]
    if rng.random() < 0.06 * hardness * 2:
        found.append("traditional")
    kind = rng.random()
    if kind < 0.16 * hardness:
        keep = ("thousands", "extra_rows", "page_break_split")
        return [n for n in found if n in keep] + ["lossy_text"]
    if kind < 0.26 * hardness:
        return [
            n
            for n in found
            if n not in ("distractor_tables", "nested_layout", "one_letter_per_p", "traditional", "footnotes")
        ] + ["flat_text"]
    found += [n for n in MARKUP if rng.random() < 0.12 * hardness * 2]
    if rng.random() < 0.5 * hardness:
        found.append(rng.choice(OUTER))
    return found


def vanishes(shown: str) -> bool:
    """True for a cell that a lossy text has lost."""
    return len(shown) == 1 and not (shown.isascii() and shown.isalnum())


def blurred(form: str, keys: list[Key], readings: dict[Key, Any]) -> set[Key]:
    """Cells whose column a lossy text does not tell: those of printed rows that have lost a cell."""
    rows: dict[str, list[Key]] = {}
    for key in keys:
        entry: Line = line(form, key[0])
        whole = key[1] in layout.RESULTS and key[0] in ("reviews", "litigation_direct", "litigation_after_review")
        rows.setdefault("disputes" if whole and entry.breakdowns != ("value",) else key[0], []).append(key)
    found: set[Key] = set()
    for members in rows.values():
        if any(readings[k].number is None for k in members):
            found.update(members)
    return found
