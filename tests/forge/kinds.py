"""Layouts that no official form has and publishers make all the same: each the same figures in other tables.

A layout takes the official grids and gives other ones; truth stays with the value boxes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from . import build, layout, markup, words
from .layout import APPLICANTS, RESULTS, Box, Grid, Look
from .lines import FORMS, column_labels
from .numbers import Numbers, printed_number

ANNEXES = ("short_annex", "long_annex", "national_2014")
MATRICES = ("national_2019", "national_2021")
RESULT_NAMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
DISPUTES = {"reviews": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}

Layout = Callable[[random.Random, str, list[Grid], Numbers], list[list[Grid]]]
"""Grids in their order, those that stand directly behind each other in one list."""

LAYOUTS: dict[str, tuple[tuple[str, ...], Layout]] = {}


def kind(*forms: str) -> Callable[[Layout], Layout]:
    def noted(made: Layout) -> Layout:
        LAYOUTS[made.__name__] = (forms, made)
        return made

    return noted


TEXTS: dict[str, Callable[[Sequence[str]], str]] = {
    "tabs": "\t".join,
    "pipes": lambda texts: f"| {' | '.join(texts)} |",
    "blocks": lambda texts: "".join(f"<div>{text}</div>" for text in texts),
}
"""Tables that are no tables in the page's markup: a row as text."""


def forged(name: str, form: str, seed: int, text_of: str = "") -> tuple[bytes, dict[str, Any]]:
    """A page in a layout, and its truth in the corpus's format; `text_of` names one of TEXTS."""
    rng = random.Random(f"{name} {form} {seed}")
    facts = words.facts(rng, form)
    look = build.looks(rng, form, facts, 0.0)
    figures, printed = build.draw(rng, form, look)
    shown = {key: printed_number(number) for key, number in figures.items()}
    groups = LAYOUTS[name][1](rng, form, build.tables(form, shown, look, printed), figures)
    style = rng.choice(markup.STYLES)
    if text_of:
        row = TEXTS[text_of]
        flat = [
            [row([box.text.replace("\n", "") for box in boxes]) for grid in grids for boxes in grid] for grids in groups
        ]
        tables = ["<pre>" + "\n".join(rows) + "</pre>" if text_of != "blocks" else "".join(map("<div>{}</div>".format, rows))
                  for rows in flat]  # fmt: skip
    else:
        tables = ["<p>&nbsp;</p>".join(markup.table(grid, style, rng=rng) for grid in grids) for grids in groups]
    text = words.prose(rng, form, facts, 1 if form in ANNEXES else 3)
    tables += [""] * 3
    parts = [tables[int(t)] if level < 0 else markup.paragraph(t, style, level) for level, t in text.blocks]
    title = f"<title>{facts.title}</title>"
    page = f"<html><head><meta charset=utf-8>{title}</head><body><h1>{facts.title}</h1>{''.join(parts)}</body></html>"
    keys = dict.fromkeys(key for grids in groups for grid in grids for row in grid for box in row if (key := box.key))
    cells = [[indicator, breakdown, build.plain(figures[indicator, breakdown])] for indicator, breakdown in keys]
    return page.encode(), {"form": form, "cells": cells, "statuses": [""] * len(cells)}


def apart(grids: list[Grid]) -> list[list[Grid]]:
    return [[grid] for grid in grids]


def value(figures: Numbers, indicator: str, breakdown: str) -> Box:
    return Box(printed_number(figures[indicator, breakdown]), key=(indicator, breakdown), role="value")


@kind(*FORMS[:5])
def official(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return apart(grids)


@kind(*MATRICES)
def total_first(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    names = {b: labels[0] for b, labels in column_labels(form, "requests").items()}
    header = [
        [Box("", 3, 3, role="header"), Box("申请人情况", columns=7, role="header")],
        [
            Box("总计", 2, role="header"),
            Box("自然人", 2, role="header"),
            Box("法人或其他组织", columns=5, role="header"),
        ],
        [Box(names[b], role="header") for b in APPLICANTS[1:-1]],
    ]
    body = [
        [*(b for b in row if not b.key), *sorted((b for b in row if b.key), key=_total_first)] for row in grids[1][3:]
    ]
    return apart([grids[0], header + body, grids[2]])


def _total_first(box: Box) -> bool:
    return bool(box.key) and box.key[1] != "total"


@kind(*MATRICES)
def no_totals(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    kept = [
        [
            replace(b, columns=6) if b.columns == 7 else b
            for b in row
            if not (b.role == "header" and b.text == "总计") and not (b.key and b.key[1] == "total")
        ]
        for row in grids[1]
    ]
    return apart([grids[0], kept, grids[2]])


@kind(*MATRICES)
def header_again(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return apart([grids[0], grids[1][:-1] + grids[1][:3] + grids[1][-1:], grids[2]])


@kind(*MATRICES)
def cut_apart(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return [[grids[0]], [grids[1][:5], grids[1][5:-1], grids[1][-1:]], [grids[2]]]


@kind(*MATRICES)
def one_table(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    heads = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、行政复议、行政诉讼情况")
    whole: Grid = []
    for head, grid in zip(heads, grids, strict=True):
        whole += [[Box(head, columns=sum(b.columns for b in grid[0]), role="header")], *grid]
    return [[whole]]


@kind(*MATRICES)
def spans_written_out(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return apart([grids[0], _written_out(grids[1], again=True), grids[2]])


@kind(*MATRICES)
def spans_left_empty(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return apart([grids[0], _written_out(grids[1], again=False), grids[2]])


def _written_out(grid: Grid, *, again: bool) -> Grid:
    places: dict[tuple[int, int], tuple[Box, bool]] = {}
    for y, row in enumerate(grid):
        x = 0
        for box in row:
            while (y, x) in places:
                x += 1
            for down in range(box.rows):
                for right in range(box.columns):
                    places[y + down, x + right] = (box, not down and not right)
            x += box.columns
    width = 1 + max(x for _, x in places)
    return [
        [replace(b, rows=1, columns=1) if own or again else Box("") for b, own in (places[y, x] for x in range(width))]
        for y in range(len(grid))
    ]


@kind(*MATRICES)
def one_label_column(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    names = {b: labels[0] for b, labels in column_labels(form, "requests").items()}

    def row(label: str, indicator: str) -> list[Box]:
        return [Box(label), *(value(figures, indicator, b) for b in APPLICANTS)]

    empty = [Box("", role="mark") for _ in APPLICANTS]
    made: Grid = [
        [Box("项目", 2, role="header"), Box("自然人", 2, role="header"), Box("法人或其他组织", columns=5, role="header"),
         Box("总计", 2, role="header")],
        [Box(names[b], role="header") for b in APPLICANTS[1:-1]],
        row("一、本年新收政府信息公开申请数量", "requests_new"),
        row("二、上年结转政府信息公开申请数量", "requests_carried_in"),
        [Box("三、本年度办理结果"), *empty],
    ]  # fmt: skip
    before = ""
    for group, indicator, label in layout.request_lines(form, Look()):
        if group and group != before:
            made.append([Box(group), *empty])
        before = group
        made.append(row(label, indicator))
    made.append(row("四、结转下年度继续办理", "requests_carried_out"))
    return apart([grids[0], made, grids[2]])


@kind(*MATRICES)
def rows_for_columns(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    names = {b: labels[0] for b, labels in column_labels(form, "requests").items()}
    lines = [
        ("requests_new", "一、本年新收政府信息公开申请数量"),
        ("requests_carried_in", "二、上年结转政府信息公开申请数量"),
    ]
    lines += [(i, f"{group} {label}".strip()) for group, i, label in layout.request_lines(form, Look())]
    lines.append(("requests_carried_out", "四、结转下年度继续办理"))
    made: Grid = [[Box("申请人情况", role="header"), *(Box(label) for _, label in lines)]]
    made += [[Box(names[b]), *(value(figures, i, b) for i, _ in lines)] for b in APPLICANTS]
    return apart([grids[0], made, grids[2]])


@kind(*MATRICES)
def disputes_down(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    made: Grid = []
    for which, name in DISPUTES.items():
        for number, result in enumerate(RESULTS):
            row = [Box(RESULT_NAMES[result]), value(figures, which, result)]
            if not number:
                row = [Box(name, 5, 2 if which == "reviews" else 1), *row]
                row = [Box("行政诉讼", 10), *row] if which == "litigation_direct" else row
            made.append(row)
    return apart([grids[0], grids[1], made])


@kind(*MATRICES)
def disputes_in_rows(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    made: Grid = [[Box("类别", role="header"), *(Box(RESULT_NAMES[r], role="header") for r in RESULTS)]]
    for which, name in DISPUTES.items():
        label = name if which == "reviews" else f"行政诉讼（{name}）"
        made.append([Box(label), *(value(figures, which, r) for r in RESULTS)])
    return apart([grids[0], grids[1], made])


@kind(*MATRICES)
def disputes_in_three(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    parts: list[Grid] = []
    for which, name in DISPUTES.items():
        heads = [name] if which == "reviews" else ["行政诉讼", name]
        part: Grid = [[Box(head, columns=5, role="header")] for head in heads]
        part.append([Box(RESULT_NAMES[r], role="header") for r in RESULTS])
        parts.append([*part, [value(figures, which, r) for r in RESULTS]])
    return [[grids[0]], [grids[1]], parts]


@kind(*ANNEXES)
def remarks(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    body = [[*row, Box(rng.choice(("", "含网站", "按实际统计")), role="note")] for row in grids[0][1:]]
    return [[[[*grids[0][0], Box("备注", role="header")], *body]]]


@kind("long_annex", "national_2014")
def last_year_beside(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    head = rng.choice(("上年数", "去年同期", "上年同期数", "上年", "同比增长（%）"))
    body = [[*row, Box(str(rng.randint(0, 99)), role="other")] for row in grids[0][1:]]
    return [[[[*grids[0][0], Box(head, role="header")], *body]]]


@kind(*ANNEXES)
def two_halves(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    head, body = grids[0][0], grids[0][1:]
    half = (len(body) + 1) // 2
    rest = body[half:] + [[Box("") for _ in head]] * (2 * half - len(body))
    return [[[head + head, *(left + right for left, right in zip(body[:half], rest, strict=True))]]]


@kind(*FORMS[:5])
def printed_twice(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return [[grid, grid] for grid in grids]


@kind(*FORMS[:5])
def signed_below(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    signed = "填报人：张某　联系电话：0599-1234567　填报日期：2019年1月10日"
    found: list[Grid] = []
    for grid in grids:
        width = max(sum(b.columns for b in row) for row in grid)
        found.append([*grid, [Box("") for _ in range(width)], [Box(signed, columns=width)]])
    return apart(found)


@kind(*ANNEXES)
def labels_behind(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return apart([[row[::-1] for row in grids[0]]])


@kind(*MATRICES)
def labels_on_both_sides(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    head, body = grids[1][:3], grids[1][3:]
    head = [[*head[0], Box("项目", 3, role="header")], *head[1:]]
    return apart([grids[0], head + [[*row, [b for b in row if not b.key][-1]] for row in body], grids[2]])


@kind(*MATRICES)
def organisations_added_up(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    head, made = grids[1][:3], []
    for row in grids[1][3:]:
        total = next(at for at, b in enumerate(row) if b.key and b.key[1] == "total")
        added = sum(figures[b.key] for b in row[total - 5 : total] if b.key)
        made.append([*row[:total], Box(str(added), role="other"), *row[total:]])
    wide = [[replace(b, columns=b.columns + 1) if b.columns in (5, 7) else b for b in row] for row in head]
    wide[2].append(Box("小计", role="header"))
    return apart([grids[0], wide + made, grids[2]])


@kind(*MATRICES)
def groups_in_the_heads(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    names = {b: labels[0] for b, labels in column_labels(form, "requests").items()}
    sign = rng.choice(("-", "：", "——"))
    heads = [names[b] if b in ("natural_person", "total") else f"法人或其他组织{sign}{names[b]}" for b in APPLICANTS]
    first = [Box("申请人情况", columns=3, role="header"), *(Box(head, role="header") for head in heads)]
    way = rng.choice(("{}{}", "{}-{}", "{}（{}）", "{}：{}"))
    across = [Box(way.format(name, RESULT_NAMES[r]), role="header") for name in DISPUTES.values() for r in RESULTS]
    return apart([grids[0], [first, *grids[1][3:]], [across, grids[2][-1]]])


@kind(*MATRICES)
def disputes_of_two_years(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    head = [[Box("年度", 3, role="header"), *grids[2][0]], *grids[2][1:3]]
    last, this = rng.choice((("上年", "本年"), ("去年同期", "本期"), ("上一年度", "本年度")))
    rows = [[Box(last), *(Box(str(rng.randint(0, 9)), role="other") for _ in range(15))],
            [Box(this), *grids[2][-1]]]  # fmt: skip
    return apart([grids[0], grids[1], head + (rows if rng.random() < 0.5 else rows[::-1])])


@kind("long_annex", "national_2014")
def compared_below_one_head(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    top = [replace(b, rows=2) for b in grids[0][0][:-1]] + [Box("数量", columns=3, role="header")]
    heads = [Box(t, role="header") for t in rng.choice((("上年", "本年", "同比"), ("去年同期", "本年度", "增减率")))]
    body = [
        [*row[:-1], Box(str(rng.randint(0, 99)), role="other"), row[-1], Box(f"{rng.randint(-90, 90)}%", role="other")]
        for row in grids[0][1:]
    ]
    return [[[top, heads, *body]]]


@kind(*MATRICES)
def empty_columns_behind(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    return apart([[[*row, Box(""), Box("")] for row in grid] for grid in grids])


@kind(*MATRICES)
def short_labels(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    short = {
        "一、本年新收政府信息公开申请数量": "一、本年新收", "二、上年结转政府信息公开申请数量": "二、上年结转",
        "三、本年度办理结果": "三、办理结果", "四、结转下年度继续办理": "四、结转下年", "1.属于国家秘密": "1.国家秘密",
        "4.保护第三方合法权益": "4.第三方权益", "1.本机关不掌握相关政府信息": "1.不掌握", "2.重复申请": "2.重复",
    }  # fmt: skip
    return apart([grids[0], [[replace(b, text=short.get(b.text, b.text)) for b in row] for row in grids[1]], grids[2]])


MISREAD = str.maketrans("请未已议讼项件结果办料经计议", "清末巳仪颂顶仵洁杲力科径汁义")


@kind(*FORMS[:5])
def misread_labels(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    """One character of a label is what text recognition makes of it."""

    def misread(box: Box) -> Box:
        spots = [at for at, letter in enumerate(box.text) if ord(letter) in MISREAD]
        if box.key or box.role in ("unit", "code", "mark") or len(box.text) < 4 or not spots:
            return box
        at = rng.choice(spots)
        return replace(box, text=box.text[:at] + box.text[at].translate(MISREAD) + box.text[at + 1 :])

    return apart([[[misread(box) for box in row] for row in grid] for grid in grids])


@kind(*FORMS[:5])
def labels_in_two_languages(rng: random.Random, form: str, grids: list[Grid], figures: Numbers) -> list[list[Grid]]:
    words = ("\nItem", " Number", " (No. of items)")
    return apart([
        [[replace(b, text=b.text + rng.choice(words)) if b.role == "label" and b.text else b for b in row] for row in grid]
        for grid in grids
    ])  # fmt: skip
