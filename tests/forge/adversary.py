"""Pages as other publishers lay them out: each kind forges its tables in one way that the official form does not know.

`python -m tests.forge.adversary [KIND ...] --n 20` scores every kind and prints its worst page.
"""

from __future__ import annotations

import argparse
import html
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from . import layout, numbers
from .layout import APPLICANTS, RESULTS, Box, Grid, Key, Look
from .lines import lines
from .numbers import Numbers, printed_number
from .score import Score, flagged, score

NATIONAL = ("national_2019", "national_2021")
ANNEXES = ("short_annex", "long_annex", "national_2014")
FORMS = (*ANNEXES, *NATIONAL)


@dataclass(slots=True)
class Case:
    """A page in the making: `truth` is what a careful reader says of each printed cell, `open` what may be left open."""

    form: str
    rng: random.Random
    figures: Numbers
    shown: dict[Key, str]
    look: Look
    grids: list[Grid]
    year: int = 2018
    truth: dict[Key, Decimal | None] = field(default_factory=dict)
    open: set[Key] = field(default_factory=set)
    before: str = ""
    after: str = ""
    body: str = ""
    text: str = ""

    def remake(self) -> None:
        self.grids = grids_of(self.form, self.shown, self.look)


def grids_of(form: str, shown: Mapping[Key, str], look: Look) -> list[Grid]:
    if form == "short_annex":
        return layout.short_annex(shown, look, layout.SHORT_THREE)
    if form == "long_annex":
        return layout.long_annex(shown, look)
    if form == "national_2014":
        return layout.national_2014(shown, look)
    return [
        layout.proactive(form, shown, look),
        *layout.requests(form, shown, look),
        layout.disputes(form, shown, look),
    ]


def figures_of(rng: random.Random, form: str) -> Numbers:
    if form == "short_annex":
        return numbers.short_annex(rng, layout.SHORT_THREE)
    if form == "long_annex":
        return numbers.long_annex(rng, tuple(e.indicator for e in lines(form) if e.indicator != "denied_other"), False)
    if form == "national_2014":
        return numbers.national_2014(rng)
    return numbers.proactive(rng, form) | numbers.requests(rng, form, False) | numbers.disputes(rng)


def base(rng: random.Random, form: str, zero: str = "0") -> Case:
    figures = figures_of(rng, form)
    shown = {k: printed_number(n) if n or zero == "0" else zero for k, n in figures.items()}
    year = (
        rng.randint(2019, 2020)
        if form == "national_2019"
        else rng.randint(2021, 2024)
        if form == "national_2021"
        else rng.randint(2012, 2018)
    )
    look = Look(year=f"{year}年度")
    case = Case(form, rng, figures, shown, look, [], year)
    case.remake()
    for key in layout.keys_of(case.grids):
        text = shown[key]
        case.truth[key] = figures[key] if re.search(r"\d", text) else None
    return case


# Markup ---------------------------------------------------------------------------------------------------------


def attributes(box: Box) -> str:
    return (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (f' colspan="{box.columns}"' if box.columns > 1 else "")


def cell_html(box: Box) -> str:
    if box.text.startswith("<"):
        inner = box.text
    else:
        inner = "<br>".join(html.escape(t, quote=False) for t in box.text.split("\n"))
    return f"<td{attributes(box)}>{inner}</td>"


def table_html(grid: Grid) -> str:
    return "<table border=1>" + "".join("<tr>" + "".join(map(cell_html, row)) + "</tr>" for row in grid) + "</table>"


TITLES = {
    "short_annex": ["一、概述", "二、主动公开政府信息的情况", "三、政府信息依申请公开办理情况", "四、附表"],
    "long_annex": ["一、概述", "二、主动公开政府信息的情况", "三、依申请公开政府信息的情况", "四、附表"],
    "national_2014": ["一、概述", "二、主动公开情况", "三、依申请公开情况", "四、政府信息公开情况统计表"],
}
SIX = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
]


def page(case: Case, tables: Sequence[str]) -> str:
    title = f"临江县农业局{case.year}年政府信息公开工作年度报告"
    intro = f"<p>根据《中华人民共和国政府信息公开条例》规定，编制本报告。统计期限为{case.year}年1月1日至{case.year}年12月31日。</p>"
    parts = [f"<h1>{title}</h1>", f"<p>发布日期：{case.year + 1}-01-20 来源：临江县农业局</p>", intro, case.before]
    if case.body:
        parts.append(case.body)
    elif case.form in NATIONAL and len(tables) == 3:
        parts += [f"<p>{SIX[0]}</p><p>一年来，我局认真做好政府信息公开工作。</p>"]
        for name, table in zip(SIX[1:], tables, strict=True):
            parts += [f"<p>{name}</p>", table]
    elif case.form in NATIONAL:
        parts += [f"<p>{SIX[0]}</p><p>一年来，我局认真做好政府信息公开工作。</p>", *tables]
    else:
        parts += [f"<p>{t}</p><p>我局按要求做好工作。</p>" for t in TITLES[case.form][:-1]]
        parts += [f"<p>{TITLES[case.form][-1]}</p>", *tables]
    parts += [
        case.after,
        "<p>五、存在的主要问题及改进情况</p><p>公开内容还不够全面，将进一步改进。</p>" if case.form in NATIONAL else "",
    ]
    return f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><div class="content">{"".join(parts)}</div></body></html>'


# Kinds ------------------------------------------------------------------------------------------------------------

KINDS: dict[str, tuple[tuple[str, ...], Callable[[Case], None]]] = {}


def kind(*forms: str) -> Callable[[Callable[[Case], None]], Callable[[Case], None]]:
    def add(make: Callable[[Case], None]) -> Callable[[Case], None]:
        KINDS[make.__name__] = (forms, make)
        return make

    return add


@kind(*FORMS)
def plain(case: Case) -> None:
    """As the state prints it."""


@kind(*NATIONAL)
def total_first(case: Case) -> None:
    case.look = replace(case.look, columns=("total", *APPLICANTS[:-1]))
    case.remake()
    grid = case.grids[1]
    grid[1] = [grid[1][2], grid[1][0], grid[1][1]]


@kind(*NATIONAL)
def no_total(case: Case) -> None:
    case.look = replace(case.look, columns=APPLICANTS[:-1])
    case.remake()
    grid = case.grids[1]
    grid[0][1] = replace(grid[0][1], columns=6)
    grid[1] = grid[1][:2]
    case.truth = {k: v for k, v in case.truth.items() if k in layout.keys_of(case.grids)}


@kind(*NATIONAL)
def transposed(case: Case) -> None:
    names = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    body = layout.request_lines(case.form, case.look)
    every = [("一、本年新收政府信息公开申请数量", "requests_new"), ("二、上年结转政府信息公开申请数量", "requests_carried_in"),
             *((t, i) for _, i, t in body), ("四、结转下年度继续办理", "requests_carried_out")]  # fmt: skip
    grid: Grid = [[Box("申请人情况"), *(Box(t) for t, _ in every)]]
    for who, name in zip(APPLICANTS, names, strict=True):
        grid.append([Box(name), *(layout.value(case.shown, i, who) for _, i in every)])
    case.grids[1] = grid


@kind(*NATIONAL)
def split_by_outcome(case: Case) -> None:
    """The matrix as one table for each heading, with its header each time or the first time only."""
    grid = case.grids[1]
    header, rows = grid[:3], grid[3:]
    again = case.rng.random() < 0.5
    body = layout.request_lines(case.form, case.look)
    tables: list[Grid] = [[*header, *rows[:2]]]
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for entry in body:
        groups.setdefault(entry[0] or entry[2], []).append(entry)
    for entries in groups.values():
        part: Grid = list(header) if again else []
        for at, (group, indicator, text) in enumerate(entries):
            row = [Box("三、本年度办理结果", rows=len(entries))] if at == 0 else []
            if group:
                row += ([Box(group, rows=len(entries))] if at == 0 else []) + [Box(text)]
            else:
                row.append(Box(text, columns=2))
            part.append([*row, *(layout.value(case.shown, indicator, b) for b in APPLICANTS)])
        tables.append(part)
    tables.append([*(header if again else []), rows[-1]])
    case.grids[1:2] = tables


@kind(*NATIONAL)
def header_again(case: Case) -> None:
    grid = case.grids[1]
    at = case.rng.randint(6, len(grid) - 3)
    row = [
        Box("项目", columns=3),
        *(Box(t) for t in ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")),
    ]
    grown = []
    for number, old in enumerate(grid):
        grown.append([replace(b, rows=b.rows + 1) if number < at < number + b.rows else b for b in old])
    # Spans over the header row are cut as a page break cuts them: the row holds all columns by itself.
    for number, old in enumerate(grid):
        grown[number] = [replace(b, rows=at - number) if number < at < number + b.rows else b for b in old]
    rest = grown[at]
    lead: list[Box] = []
    for number, old in enumerate(grid[:at]):
        lead += [replace(b, rows=number + b.rows - at) for b in old if number + b.rows > at]
    case.grids[1] = [*grown[:at], row, [*lead, *rest], *grown[at + 1 :]]


@kind(*NATIONAL)
def extra_columns(case: Case) -> None:
    """上年数, 同比 and 备注 behind the total."""
    extra = case.rng.choice((["备注"], ["上年总计", "同比"], ["上年同期"], ["同比增减", "备注"], ["占比"]))
    grid = case.grids[1]
    grid[0] += [Box(t, rows=3) for t in extra]
    for row in grid[3:]:
        row += [
            Box(
                ""
                if t == "备注"
                else f"{case.rng.randint(0, 99)}%"
                if t in ("占比", "同比")
                else str(case.rng.randint(0, 50))
            )
            for t in extra
        ]


@kind(*ANNEXES)
def extra_columns_annex(case: Case) -> None:
    grid = case.grids[0]
    extra = case.rng.choice((["上年数", "同比"], ["上年同期数"], ["备注"], ["增减数"], ["去年", "增长率"]))
    before = case.rng.random() < 0.3 and "备注" not in extra
    at = 2 if before else len(grid[0])
    for number, row in enumerate(grid):
        if number == 0:
            row[at:at] = [Box(t) for t in extra]
        else:
            row[at:at] = [
                Box(
                    ""
                    if t == "备注"
                    else f"{case.rng.randint(-40, 99)}%"
                    if t in ("同比", "增长率")
                    else str(case.rng.randint(0, 50))
                )
                for t in extra
            ]


@kind("national_2014")
def region_columns(case: Case) -> None:
    """The value of the whole and its parts by kind of body; only the whole is the form's."""
    grid = case.grids[0]
    parts = ["区政府", "区直单位", "乡镇街道"]
    for number, row in enumerate(grid):
        if number == 0:
            row[-1] = Box("合计")
            row += [Box(t) for t in parts]
        else:
            row += [Box(str(case.rng.randint(0, 9)) if row[-1].key else "——") for _ in parts]
    case.open |= set(case.truth)


@kind("national_2014")
def three_years(case: Case) -> None:
    grid = case.grids[0]
    for number, row in enumerate(grid):
        own = row.pop()
        years = [case.year - 2, case.year - 1, case.year]
        if number == 0:
            row += [Box(f"{y}年") for y in years]
        else:
            row += [*(Box(str(case.rng.randint(0, 99)) if own.key else "——") for _ in years[:2]), own]


@kind("short_annex", "long_annex")
def two_years(case: Case) -> None:
    grid = case.grids[0]
    at = 2
    for number, row in enumerate(grid):
        row.insert(at, Box(f"{case.year - 1}年度") if number == 0 else Box(str(case.rng.randint(0, 99))))
    if case.form == "long_annex":
        grid[0][3] = Box(f"{case.year}年度")


@kind(*FORMS)
def extra_rows(case: Case) -> None:
    """Local lines between the form's: what they count belongs to no line."""
    words = ["其中：乡镇街道", "其中：网上申请办结数", "各股室报送数", "县直部门小计", "其中：疫情防控信息"]
    for grid in case.grids[:2]:
        width = sum(b.columns for b in grid[-1])
        values = [b for b in grid[-1] if b.key]
        heads = [
            n
            for n, row in enumerate(grid)
            if n > 3 and row and any(b.key for b in row) and not any(b.rows > 1 for b in row)
        ]
        free = [n for n in heads if not any(r < n < r + b.rows for r, row in enumerate(grid) for b in row)]
        if not free:
            continue
        at = case.rng.choice(free)
        values = [b for b in grid[at] if b.key]
        lead = width - sum(b.columns for b in values)
        if case.form in ANNEXES and lead == 2:
            row = [Box(case.rng.choice(words)), Box("条")]
        else:
            row = [Box(case.rng.choice(words), columns=max(1, lead))]
        grid.insert(at, [*row, *(replace(b, key=None, text=str(case.rng.randint(1, 30))) for b in values)])


@kind(*NATIONAL)
def disputes_matrix(case: Case) -> None:
    names = {"reviews": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    case.grids[2] = [
        [Box("类别"), *(Box(t) for t in heads)],
        *([Box(t), *(layout.value(case.shown, k, r) for r in RESULTS)] for k, t in names.items()),
    ]


@kind(*NATIONAL)
def disputes_matrix_two(case: Case) -> None:
    """Two label columns: 行政诉讼 spans its two rows."""
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]

    def of(k: str) -> list[Box]:
        return [layout.value(case.shown, k, r) for r in RESULTS]

    case.grids[2] = [[Box("", columns=2), *(Box(t) for t in heads)], [Box("行政复议", columns=2), *of("reviews")],
                     [Box("行政诉讼", rows=2), Box("未经复议直接起诉"), *of("litigation_direct")],
                     [Box("复议后起诉"), *of("litigation_after_review")]]  # fmt: skip


@kind(*NATIONAL)
def disputes_down(case: Case) -> None:
    """Fifteen rows."""
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    names = {"reviews": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    grid: Grid = [[Box("类别"), Box("结果"), Box("件数")]] if case.rng.random() < 0.5 else []
    for k, t in names.items():
        for at, r in enumerate(RESULTS):
            grid.append([*([Box(t, rows=5)] if at == 0 else []), Box(heads[at]), layout.value(case.shown, k, r)])
    case.grids[2] = grid


@kind(*NATIONAL)
def disputes_three(case: Case) -> None:
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    names = {"reviews": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    case.grids[2:] = [
        [[Box(t, columns=5)], [Box(h) for h in heads], [layout.value(case.shown, k, r) for r in RESULTS]]
        for k, t in names.items()
    ]


@kind(*NATIONAL)
def disputes_captions(case: Case) -> None:
    """Three tables, each named by the line of text over it."""
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    names = {"reviews": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    case.after = f"<p>{SIX[3]}</p>" + "".join(
        f"<p>{t}</p>" + table_html([[Box(h) for h in heads], [layout.value(case.shown, k, r) for r in RESULTS]])
        for k, t in names.items()
    )
    del case.grids[2:]
    case.open |= {k for k in case.truth if k[0] in names}


@kind(*FORMS)
def split_labels(case: Case) -> None:
    """Serials in a column of their own."""
    for grid in case.grids if case.form in ANNEXES else case.grids[1:2]:
        for number, row in enumerate(grid):
            out: list[Box] = []
            for at, box in enumerate(row):
                m = (
                    re.match(
                        r"^(?:其中[:：])?\s*(?:[一二三四五六七八九]、|[（(][一二三四五六七八九][)）]|\d+[.．])",
                        box.text,
                    )
                    if not box.key
                    else None
                )
                if case.form in ANNEXES:
                    if at == 0:
                        out += (
                            [Box(m.group() if m else ""), replace(box, text=box.text[m.end() :] if m else box.text)]
                            if number
                            else [Box("序号"), box]
                        )
                    else:
                        out.append(box)
                elif m and box.columns > 1:
                    out += [
                        replace(box, columns=1, text=m.group()),
                        replace(box, columns=box.columns - 1, text=box.text[m.end() :]),
                    ]
                else:
                    out.append(box)
            grid[number] = out


@kind(*FORMS)
def input_values(case: Case) -> None:
    for key in case.shown:
        case.shown[key] = f'<input type="text" value="{case.shown[key]}" readonly>'
    case.remake()


@kind(*FORMS)
def nested_cells(case: Case) -> None:
    for key in case.shown:
        if case.rng.random() < 0.5:
            case.shown[key] = f"<table><tr><td>{case.shown[key]}</td></tr></table>"
    case.remake()


DIRT: tuple[tuple[Callable[[str], str], bool], ...] = (
    (lambda n: f"<span>{n}</span><sup>①</sup>", True),
    (lambda n: f"<span>{n}</span><sup>[1]</sup>", True),
    (lambda n: f"<span>{n}</span><sup>1</sup>", True),
    (lambda n: f"{n}①", True),
    (lambda n: f"{n}*", True),
    (lambda n: f"{n}[1]", True),
    (lambda n: f"{n}件", True),
    (lambda n: f"{n} 件", True),
    (lambda n: f"{n}（含上年结转）", True),
    (lambda n: f"共{n}件", True),
    (lambda n: f"<del>{int(n or 0) + 7}</del><span>{n}</span>", True),
    (lambda n: f"<s>{int(n or 0) + 7}</s> {n}", True),
    (lambda n: f'<span style="text-decoration: line-through">{int(n or 0) + 7}</span>{n}', True),
    (lambda n: n.translate({ord(str(i)): chr(0xFF10 + i) for i in range(10)}), True),
    (lambda n: f"\u200b{n}\ufeff", True),
    (lambda n: f"<p>{n}</p><p>&nbsp;</p>", True),
    ("&nbsp;".join, False),
    (lambda n: f"&#{ord(n[0])};{n[1:]}", True),
    (lambda n: n.replace("0", "O"), False),
    (lambda n: n.replace("0", "o"), False),
    (lambda n: n.replace("1", "l"), False),
    (lambda n: n.replace("1", "I"), False),
    (lambda n: n.replace("0", "〇"), False),
    (lambda n: f"<ruby>{n}<rt>èr</rt></ruby>", True),
    (lambda n: f"{n}.0", True),
    (lambda n: f"{n}．０", False),
    (lambda n: f"{int(n):,}".replace(",", "，"), True),
    (lambda n: f"{int(n):,}".replace(",", " "), False),
    (lambda n: f"{int(n):,}".replace(",", ".") if len(n) == 4 else n, False),
    (lambda n: f"“{n}”", True),
    (lambda n: f"={n}", False),
    (lambda n: f"约{n}", False),
    (lambda n: f"{n}余", False),
    (lambda n: f"{n}、", False),
    (lambda n: f"0{n}" if n != "0" else n, False),
    (lambda n: f'<img src="a.gif" alt="999">{n}', True),
    (lambda n: f"{n}+3", False),
    (lambda n: f"{n}/2", False),
    (lambda n: f"{n}（{int(n) + 3}）", False),
    (lambda n: f"第{n}", False),
    (lambda n: f"{n}次（件）", False),
)  # fmt: skip


@kind(*FORMS)
def dirt(case: Case) -> None:
    whole = [
        k
        for k in case.truth
        if case.figures[k] == case.figures[k].to_integral() and case.figures[k] >= 0 and "change" not in k[1]
    ]
    for key in case.rng.sample(whole, min(len(whole), 24)):
        make, sure = case.rng.choice(DIRT)
        text = make(case.shown[key])
        case.shown[key] = text if "<" not in text and "&" not in text else f"<span></span>{text}"
        if not sure:
            case.open.add(key)
    case.remake()


NONE = (
    "无",
    "没有",
    "—",
    "——",
    "/",
    "\\",
    "N/A",
    "暂无",
    "空",
    "*",
    "……",
    "---",
    "未发生",
    "无数据",
    "／",
    "x",
    "×",
    "√",
    "-",
    "－",
    "〇条",
    "无此项",
    "…",
)


@kind(*FORMS)
def none_words(case: Case) -> None:
    for key in case.truth:
        if not case.figures[key] and case.rng.random() < 0.7:
            case.shown[key] = case.rng.choice(NONE)
            case.truth[key] = None if "〇" not in case.shown[key] else Decimal(0)
            if case.shown[key] in ("空", "*", "……", "x", "×", "√", "无数据", "〇条", "…", "无此项"):
                case.open.add(key)
    case.remake()


@kind(*FORMS)
def scales(case: Case) -> None:
    """1.2万, 3亿元: the published figure and its unit, or one number."""
    for key, number in list(case.figures.items()):
        if key not in case.truth or number < 10000 or line_money(case.form, key):
            continue
        case.shown[key] = f"{printed_number(number / 10000)}万"
    case.remake()


def line_money(form: str, key: Key) -> bool:
    entry = next(e for e in lines(form) if e.indicator == key[0] and key[1] in e.breakdowns)
    return entry.money[entry.breakdowns.index(key[1])]


@kind(*FORMS)
def chinese_numerals(case: Case) -> None:
    small = dict(enumerate("零一二三四五六七八九"))
    for key, number in case.figures.items():
        if key in case.truth and number in (0, 2, 3, 4, 5, 6, 7, 8, 9, 12) and case.rng.random() < 0.5:
            case.shown[key] = small.get(int(number), "十二")
    case.remake()


@kind(*FORMS)
def missing_cells(case: Case) -> None:
    """Blank cells at a row's end, or in its middle, that the markup simply lacks."""
    for grid in case.grids:
        for number, row in enumerate(grid):
            values = [b for b in row if b.key]
            if len(values) < 3 or case.rng.random() < 0.6:
                continue
            gone = case.rng.choice(values)
            grid[number] = [b for b in row if b is not gone]
            case.open |= {b.key for b in values if b.key}
            if gone.key:
                case.truth.pop(gone.key, None)


@kind(*FORMS)
def merged_blanks(case: Case) -> None:
    """Runs of zeros are one blank cell over several columns."""
    for grid in case.grids:
        for number, row in enumerate(grid):
            values = [at for at, b in enumerate(row) if b.key]
            if len(values) < 3 or case.rng.random() < 0.5:
                continue
            start = case.rng.choice(values[:-1])
            end = start + case.rng.randint(1, 6)
            run = [at for at in values if start <= at <= end]
            if any(case.figures[row[at].key] for at in run) or len(run) < 2:  # type: ignore[index]
                continue
            for at in run:
                case.truth[row[at].key] = None  # type: ignore[index]
                case.open.add(row[at].key)  # type: ignore[arg-type]
            grid[number] = [*row[: run[0]], Box("", columns=sum(row[at].columns for at in run)), *row[run[-1] + 1 :]]


@kind(*NATIONAL)
def merged_behind_empty_labels(case: Case) -> None:
    """Empty cells where a label needs no column of its own, and runs of blanks merged behind them."""
    grid = case.grids[1]
    wide = grid[0][0].columns
    for number, row in enumerate(grid[3:], 3):
        label = next(b for b in row if not b.key and b.text)
        if len([b for b in row if not b.key]) == 1 and label.columns == wide:
            grid[number] = [replace(label, columns=1), *(Box("") for _ in range(wide - 1)), *row[1:]]
    merged_blanks(case)


@kind(*NATIONAL)
def disputes_empty(case: Case) -> None:
    """Nothing but empty cells under the header of a table without labels."""
    for key in case.truth:
        if key[0] in ("reviews", "litigation_direct", "litigation_after_review"):
            case.truth[key], case.shown[key] = None, case.rng.choice(("", "", "/"))
    case.remake()


@kind(*FORMS)
def empty_column(case: Case) -> None:
    """A column without any text before or behind the others."""
    first = case.rng.random() < 0.5
    case.grids = [[[Box(""), *row] if first else [*row, Box("")] for row in grid] for grid in case.grids]


@kind(*FORMS)
def header_apart(case: Case) -> None:
    """Headers in tables of their own, as pages make them that keep the header in view."""
    apart: list[Grid] = []
    for grid in case.grids:
        cut = next(at for at, row in enumerate(grid) if any(b.key for b in row))
        apart += [grid[:cut], grid[cut:]]
    case.grids = apart


@kind(*NATIONAL)
def glued_beside_blank(case: Case) -> None:
    """Two figures in the first of two cells, the other left empty: cut where the sums leave one way, else in doubt."""
    rows = [row for row in case.grids[1] if all(case.figures[b.key] for b in row[-2:] if b.key) and row[-1].key]
    for row in case.rng.sample(rows, min(2, len(rows))):
        one, other = row[-2:]
        row[-2:] = [replace(one, text=one.text + other.text), replace(other, text="")]
        case.open |= {b.key for b in row[-3:] if b.key}


@kind(*NATIONAL)
def rowspan_off(case: Case) -> None:
    """Spans of labels that are too long or too short."""
    grid = case.grids[1]
    for number, row in enumerate(grid[5:], 5):
        grid[number] = [
            replace(b, rows=max(1, b.rows + case.rng.choice((-1, 1, 0)))) if b.rows > 1 and not b.key else b
            for b in row
        ]
    case.open |= {k for k in case.truth if k[1] in APPLICANTS}


@kind(*NATIONAL)
def header_spans_off(case: Case) -> None:
    grid = case.grids[1]
    grid[0][0] = replace(grid[0][0], columns=case.rng.choice((2, 4)))
    case.open |= {k for k in case.truth if k[1] in APPLICANTS}


@kind(*NATIONAL)
def data_spans_off(case: Case) -> None:
    grid = case.grids[1]
    for number, row in enumerate(grid[3:], 3):
        if case.rng.random() < 0.2:
            grid[number] = [
                replace(b, columns=b.columns + 1) if at == 0 and not b.key else b for at, b in enumerate(row)
            ]
        if case.rng.random() < 0.1:
            spots = [at for at, b in enumerate(row) if b.key]
            spot = case.rng.choice(spots)
            grid[number] = [replace(b, columns=2) if at == spot else b for at, b in enumerate(grid[number])]
    case.open |= {k for k in case.truth if k[1] in APPLICANTS}


@kind(*FORMS)
def last_year_beside(case: Case) -> None:
    other = figures_of(case.rng, case.form)
    grids = grids_of(
        case.form, {k: printed_number(n) for k, n in other.items()}, replace(case.look, year=f"{case.year - 1}年度")
    )
    last = [table_html(g) for g in grids]
    case.after = f"<p>附：{case.year - 1}年政府信息公开情况统计表</p>" + "".join(last)
    case.open |= set(case.truth)


@kind(*FORMS)
def two_bodies(case: Case) -> None:
    other = figures_of(case.rng, case.form)
    grids = grids_of(case.form, {k: printed_number(n) for k, n in other.items()}, case.look)
    case.after = (
        f"<h1>临江县水利局{case.year}年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>认真做好工作。</p>"
        + "".join(table_html(g) for g in grids)
    )
    case.open |= set(case.truth)


WEBSITE = [["政府网站工作年度报表", "", ""], ["网站名称", "临江县人民政府门户网站", ""], ["首页网址", "www.linjiang.gov.cn", ""],
           ["独立用户访问总量（单位：个）", "120458", ""], ["网站总访问量（单位：次）", "580211", ""], ["信息发布", "总数", "3021"],
           ["", "概况类信息更新量（单位：条）", "12"], ["", "政务动态信息更新量", "2100"], ["", "信息公开目录信息更新量", "909"],
           ["解读回应", "解读材料数量", "36"], ["", "回应公众关注热点或重大舆情数量", "4"], ["办事服务", "行政许可", "312"],
           ["互动交流", "收到留言数量", "58"], ["", "办结留言数量", "58"]]  # fmt: skip
BUDGET = [
    ["项目", "预算数（万元）", "决算数（万元）"],
    ["一般公共服务支出", "1203.4", "1198.2"],
    ["政府集中采购", "88", "76.5"],
    ["行政事业性收费", "12", "11.8"],
    ["总计", "1303.4", "1286.5"],
]
LICENCES = [
    ["序号", "行政许可", "决定文号", "数量"],
    ["1", "兽药经营许可", "临农许〔2020〕1号", "3"],
    ["2", "动物诊疗许可", "临农许〔2020〕2号", "5"],
    ["总计", "", "", "8"],
]
QUARTER = [
    ["季度", "主动公开文件数", "受理政府信息公开申请总数", "行政复议数"],
    ["第一季度", "11", "1", "0"],
    ["第二季度", "9", "0", "0"],
    ["第三季度", "14", "2", "1"],
    ["第四季度", "8", "0", "0"],
    ["合计", "42", "3", "1"],
]
REQUEST_LIST = [
    ["申请人类型", "自然人", "法人或其他组织"],
    ["当面申请", "3", "1"],
    ["网络申请", "5", "0"],
    ["信函申请", "2", "2"],
    ["总计", "10", "3"],
]


@kind(*FORMS)
def distractors(case: Case) -> None:
    """Tables that use the form's words and are not the form."""
    made = [
        table_html([[Box(t) for t in row] for row in rows])
        for rows in case.rng.sample([WEBSITE, BUDGET, LICENCES, QUARTER, REQUEST_LIST], 2)
    ]
    case.before = f"<p>网站和预算情况如下：</p>{made[0]}"
    case.after = f"<p>其他统计：</p>{made[1]}"


@kind("national_2021")
def with_procurement(case: Case) -> None:
    case.grids[0] += [
        [Box("第二十条第（九）项", columns=4)],
        [Box("信息内容"), Box("采购项目数量"), Box("采购总金额", columns=2)],
        [Box("政府集中采购"), Box("7"), Box("123.5", columns=2)],
    ]


@kind("national_2019")
def with_current_forms(case: Case) -> None:
    """The 2019 form with the three lines of the 2021 form left in."""
    body = layout.request_lines("national_2021", case.look)
    extra = [t for g, i, t in body if g.startswith("(六)")] or [t for g, i, t in body if "六" in g]
    grid = case.grids[1]
    at = next(n for n, row in enumerate(grid) if any("其他处理" in b.text for b in row))
    for row in grid:
        if any("办理结果" in b.text for b in row):
            row[:] = [replace(b, rows=b.rows + 2) if "办理结果" in b.text else b for b in row]
    values = [b for b in grid[at] if b.key]
    case.truth = {k: v for k, v in case.truth.items() if k[0] != "other_outcome"}
    fresh = [
        [
            *([Box("（六）其他处理", rows=3)] if n == 0 else []),
            Box(t),
            *(replace(b, text="0", key=None) for b in values),
        ]
        for n, t in enumerate(extra)
    ]
    grid[at : at + 1] = fresh
    case.open |= {k for k in case.truth if k[0] in ("closed_total",)}


TYPOS = str.maketrans(
    {
        "府": "付",
        "息": "悉",
        "案": "安",
        "规": "归",
        "构": "沟",
        "属": "署",
        "项": "向",
        "律": "侓",
        "供": "拱",
        "掌": "撑",
    }
)


@kind(*FORMS)
def typos(case: Case) -> None:
    labels = {}
    for entry in lines(case.form):
        if case.rng.random() < 0.3 and len(entry.label) >= 4:
            text = entry.label
            for _ in range(1 if len(text) < 7 else case.rng.randint(1, 2)):
                at = case.rng.randrange(len(text))
                if text[at] in "不未非无免否予部分其他":
                    continue
                text = text[:at] + case.rng.choice(("", text[at] * 2, text[at].translate(TYPOS))) + text[at + 1 :]
            labels[entry.indicator] = text
    case.look = replace(case.look, labels=labels)
    case.remake()
    case.open |= {k for k in case.truth if k[0] in labels}


@kind(*FORMS)
def no_serials(case: Case) -> None:
    for grid in case.grids:
        for number, row in enumerate(grid):
            grid[number] = [
                b
                if b.key
                else replace(
                    b,
                    text=re.sub(
                        r"^\s*(?:其中[:：])?\s*(?:[一二三四五六七八九]、|[（(][一二三四五六七八九\d][)）](?!项)|\d+[.．])",
                        "",
                        b.text,
                    ),
                )
                for b in row
            ]


@kind(*FORMS)
def other_serials(case: Case) -> None:
    marks = "①②③④⑤⑥⑦⑧⑨"
    for grid in case.grids:
        for number, row in enumerate(grid):

            def other(b: Box) -> Box:
                text = re.sub(
                    r"(?<![\d.])([1-9])[.．](?!\d)",
                    lambda m: case.rng.choice((f"{m[1]}、", f"（{m[1]}）", marks[int(m[1]) - 1], f"{m[1]})")),
                    b.text,
                )
                text = re.sub(
                    r"^[（(]([一二三四五六七])[)）]",
                    lambda m: case.rng.choice((f"{m[1]}、", f"({m[1]}) ", f"{m[1]}．")),
                    text,
                )
                return replace(b, text=text)

            grid[number] = [b if b.key else other(b) for b in row]


@kind(*FORMS)
def letters_down(case: Case) -> None:
    """One letter a line in the header and in the labels that stand upright."""
    for grid in case.grids:
        for number, row in enumerate(grid):
            grid[number] = [
                b if b.key else replace(b, text="\n".join(b.text)) if b.role == "header" or (b.rows > 1 and case.rng.random() < 0.7)
                else replace(b, text=b.text[: len(b.text) // 2] + "\n" + b.text[len(b.text) // 2 :]) for b in row
            ]  # fmt: skip


TRADITIONAL = str.maketrans(
    "开报请关总数据机构务规为会议结过处维纠总计诉讼复权义当传网络邮费减举导许强购额单项条综业组织类审无经书档案执国现称传汇应统内点询备闻转继续办标编录",
    "開報請關總數據機構務規為會議結過處維糾總計訴訟複權義當傳網絡郵費減舉導許強購額單項條綜業組織類審無經書檔案執國現稱傳匯應統內點詢備聞轉繼續辦標編錄",
)


@kind(*FORMS)
def traditional(case: Case) -> None:
    for grid in case.grids:
        for number, row in enumerate(grid):
            grid[number] = [b if b.key else replace(b, text=b.text.translate(TRADITIONAL)) for b in row]


@kind(*FORMS)
def hidden_copy(case: Case) -> None:
    tables = "".join(table_html(g) for g in case.grids)
    case.after = case.rng.choice(
        (
            f'<div style="display:none">{tables}</div>',
            f'<div class="mobile" hidden>{tables}</div>',
            f"<div class='m-show'>{tables}</div>",
        )
    )


@kind(*FORMS)
def alt_numbers(case: Case) -> None:
    for key in list(case.truth):
        if case.rng.random() < 0.15:
            case.shown[key] = '<img src="x.png" alt="12" title="12">'
            case.truth[key] = None
            case.open.add(key)
    case.remake()


@kind(*FORMS)
def sparse_blank(case: Case) -> None:
    case.shown = {k: (printed_number(n) if n else "") for k, n in case.figures.items()}
    for k in case.truth:
        case.truth[k] = case.figures[k] or None
    case.remake()


@kind(*NATIONAL)
def partial(case: Case) -> None:
    """Only one or two of the three tables."""
    keep = case.rng.choice(([0], [1], [2], [0, 2], [0, 1], [1, 2]))
    case.grids = [case.grids[i] for i in keep]
    left = set(layout.keys_of(case.grids))
    case.truth = {k: v for k, v in case.truth.items() if k in left}


@kind(*FORMS)
def one_table(case: Case) -> None:
    """All sections in one table, titles as rows of it, widths brought together by spans."""
    if case.form in ANNEXES:
        return
    width = 30
    grown: Grid = []
    for title, grid in zip(SIX[1:], case.grids, strict=True):
        grown.append([Box(title, columns=width)])
        own = sum(b.columns for b in grid[0])
        for row in grid:
            factor = width // own
            grown.append([replace(b, columns=b.columns * factor) for b in row])
    case.grids = [grown]


def as_text(case: Case, render: Callable[[Grid], list[str]]) -> None:
    parts = [
        f"临江县农业局{case.year}年政府信息公开工作年度报告",
        f"根据《中华人民共和国政府信息公开条例》规定，编制本报告。统计期限为{case.year}年1月1日至{case.year}年12月31日。",
    ]
    names = SIX if case.form in NATIONAL else TITLES[case.form]
    parts += [names[0], "一年来，我局认真做好政府信息公开工作。"]
    if case.form not in NATIONAL:
        for name in names[1:-1]:
            parts += [name, "我局按要求做好工作。"]
    for name, grid in zip(names[1:] if case.form in NATIONAL else names[-1:], case.grids, strict=True):
        parts += [name, *render(grid)]
    parts += ["五、存在的主要问题及改进情况", "公开内容还不够全面，将进一步改进。"]
    case.text = "\n".join(parts)


def spread_row(grid: Grid) -> list[list[str]]:
    """The grid with every span's text in its first place and blanks in the others."""
    width = sum(b.columns for b in grid[0])
    out = [["\0"] * width for _ in grid]
    for r, row in enumerate(grid):
        c = 0
        for b in row:
            while c < width and out[r][c] != "\0":
                c += 1
            for i in range(r, min(len(grid), r + b.rows)):
                for j in range(c, min(width, c + b.columns)):
                    out[i][j] = b.text.replace("\n", "") if (i, j) == (r, c) else ""
            c += b.columns
    return [[t.replace("\0", "") for t in row] for row in out]


@kind(*FORMS)
def text_tabs(case: Case) -> None:
    as_text(case, lambda g: ["\t".join(row) for row in spread_row(g)])


@kind(*FORMS)
def text_pipes(case: Case) -> None:
    def render(grid: Grid) -> list[str]:
        rows = spread_row(grid)
        return [
            "| " + " | ".join(rows[0]) + " |",
            "|" + " --- |" * len(rows[0]),
            *("| " + " | ".join(r) + " |" for r in rows[1:]),
        ]

    as_text(case, render)


def packed(grid: Grid) -> Iterator[tuple[list[str], int]]:
    """The texts of each row as extractors print them, spans forgotten, and how many columns the row lacks then."""
    width = max(len(row) for row in grid)
    for row in grid:
        yield [b.text.replace("\n", " ") for b in row], width - len(row)


@kind(*FORMS)
def text_bars_packed(case: Case) -> None:
    """Cells parted by bars, each row as long as it has cells."""
    as_text(case, lambda g: ["".join(f"{t} | " for t in row).rstrip() for row, _ in packed(g)])


@kind(*FORMS)
def text_bars_padded(case: Case) -> None:
    """The same, filled up with bars at the end."""
    as_text(case, lambda g: ["| " + "".join(f"{t} | " for t in row) + "|" * lacks for row, lacks in packed(g)])


@kind(*FORMS)
def text_bars_lines(case: Case) -> None:
    """The same, with a line break behind each bar."""
    as_text(case, lambda g: [c for row, n in packed(g) for c in (*(f"{t} |" for t in row), *(["|" * n] if n else []))])


@kind(*FORMS)
def text_bars_broken(case: Case) -> None:
    """The same, with a line break before the text of each cell."""
    as_text(
        case,
        lambda g: [
            c for row, n in packed(g) for c in ("| ", *(f" {t}  | " for t in row[:-1]), f" {row[-1]}  | " + "|" * n)
        ],
    )


@kind(*FORMS)
def text_bars_blank(case: Case) -> None:
    """Each of these, with blank cells for zeros."""
    sparse_blank(case)
    case.rng.choice((text_bars_packed, text_bars_padded, text_bars_lines))(case)


@kind(*FORMS)
def text_commas(case: Case) -> None:
    as_text(case, lambda g: [",".join(row) for row in spread_row(g)])


@kind(*FORMS)
def text_cells(case: Case) -> None:
    as_text(case, lambda g: [b.text.replace("\n", "") for row in g for b in row])


@kind(*FORMS)
def text_blank_cells(case: Case) -> None:
    """Zeros blank; one cell a line; blank lines lost: only arithmetic can tell."""
    sparse_blank(case)
    as_text(case, lambda g: [b.text for row in g for b in row if b.text])
    case.open |= set(case.truth)


@kind(*FORMS)
def text_fixed(case: Case) -> None:
    def wide(t: str) -> int:
        return sum(2 if ord(c) > 0x2E80 else 1 for c in t)

    def render(grid: Grid) -> list[str]:
        rows = spread_row(grid)
        widths = [max(wide(r[i]) for r in rows) + 2 for i in range(len(rows[0]))]
        return ["".join(t + " " * (w - wide(t)) for t, w in zip(r, widths, strict=True)).rstrip() for r in rows]

    as_text(case, render)


@kind(*FORMS)
def text_fixed_blank(case: Case) -> None:
    """The same with blanks for zeros: only the places of the figures in their lines tell the columns."""
    sparse_blank(case)
    text_fixed(case)


@kind(*FORMS)
def text_words(case: Case) -> None:
    """A row a line, cells parted by one blank, blanks printed as 0."""
    as_text(case, lambda g: [" ".join(b.text.replace("\n", "") for b in row) for row in g])


@kind(*NATIONAL)
def denied_shuffled(case: Case) -> None:
    """The reasons of 不予公开 in another order: labels count, not places."""
    grid = case.grids[1]
    at = next(n for n, row in enumerate(grid) if any("不予公开" in b.text for b in row))
    span = next(b.rows for b in grid[at] if "不予公开" in b.text)
    lead = [b for b in grid[at] if b.rows > 1]
    rows = [[b for b in row if b.rows == 1] for row in grid[at : at + span]]
    case.rng.shuffle(rows)
    rows[0] = [*lead, *rows[0]]
    grid[at : at + span] = rows


@kind(*NATIONAL)
def synonyms(case: Case) -> None:
    labels = {"requests_new": "本年度新收到的政府信息公开申请总数", "requests_carried_in": "上年度结转的申请数", "denied_state_secret": "涉及国家秘密",
              "denied_law_prohibited": "法律、行政法规禁止公开的", "denied_security_stability": "可能危及国家安全、公共安全、经济安全和社会稳定", "denied_third_party": "涉及第三方合法权益",
              "unable_not_held": "本机关不掌握", "unable_needs_creation": "需要另行制作", "unable_unclear": "补正后仍不明确", "not_processed_petition": "信访、举报、投诉类",
              "requests_carried_out": "结转下年度办理数", "denied_internal_affairs": "内部事务信息", "denied_process_information": "过程性信息", "denied_enforcement_file": "行政执法案卷信息"}  # fmt: skip
    case.look = replace(case.look, labels={k: v for k, v in labels.items() if case.rng.random() < 0.5})
    case.remake()
    case.open |= {k for k in case.truth if k[0] in labels}


@kind("short_annex")
def columns_swapped(case: Case) -> None:
    case.look = replace(case.look, columns=("cumulative", "year"))
    case.remake()


@kind("national_2014", "long_annex")
def unit_in_label(case: Case) -> None:
    """No unit column: units stand behind the labels."""
    grid = case.grids[0]
    for number, row in enumerate(grid):
        unit = row.pop(1)
        if number and unit.text.strip("—-"):
            row[0] = replace(
                row[0],
                text=f"{row[0].text}（{unit.text}）"
                if case.rng.random() < 0.5
                else f"{row[0].text}（单位：{unit.text}）",
            )


@kind("national_2014", "long_annex", "short_annex")
def two_panels(case: Case) -> None:
    """The list in two halves side by side."""
    grid = case.grids[0]
    head, rows = grid[0], grid[1:]
    half = (len(rows) + 1) // 2
    empty = [Box("") for _ in head]
    case.grids[0] = [
        [*head, *head],
        *([*a, *b] for a, b in zip(rows[:half], [*rows[half:], *[empty] * (2 * half - len(rows))], strict=True)),
    ]


@kind(*FORMS)
def text_blank_lines(case: Case) -> None:
    """One cell a line, blanks for zeros as empty lines, and more empty lines behind each table."""
    sparse_blank(case)
    as_text(case, lambda g: [*(b.text.replace("\n", "") for row in g for b in row), *[""] * case.rng.randint(2, 9)])


@kind("short_annex")
def text_year_last(case: Case) -> None:
    """The last word of the header and the first label make another label of the form: 本年度主动公开文件数."""
    case.look = replace(case.look, columns=("cumulative", "year"), year="本年度")
    case.remake()
    text_cells(case)


@kind(*NATIONAL)
def subtotals_behind_misprints(case: Case) -> None:
    last = ("denied_administrative_query", "unable_unclear", "not_processed_reconfirm")
    labels = {e.indicator: e.label[:3] + e.label[2:] for e in lines(case.form) if e.indicator in last}
    case.look = replace(case.look, labels=labels, subtotals=frozenset({"denied", "unable", "not_processed"}))
    case.remake()
    case.truth = {key: case.figures[key] for key in layout.keys_of(case.grids)}
    if case.rng.random() < 0.5:
        text_cells(case)


@kind(*NATIONAL)
def text_blank_subtotals(case: Case) -> None:
    """One cell a line, most rows blank, subtotals among them."""
    case.look = replace(case.look, subtotals=frozenset({"denied", "unable", "not_processed"}))
    case.remake()
    case.truth = {key: case.figures[key] for key in layout.keys_of(case.grids)}
    groups = {b.key[0] for row in case.grids[1][3:] for b in row if b.key}
    blank = {g for g in groups if g.startswith(("unable", "not_processed")) or case.rng.random() < 0.3}
    for key in [key for key in case.truth if key[0] in blank - {"requests_new", "closed_total"}]:
        case.shown[key], case.truth[key] = "", None
    case.remake()
    as_text(case, lambda g: [b.text.replace("\n", "") for row in g for b in row])


@kind(*NATIONAL)
def text_labels_behind(case: Case) -> None:
    """One cell a line, each label behind its figures."""
    grid = case.grids[1]
    case.grids[1] = [*grid[:3], *([*(b for b in r if b.key), *(b for b in r if not b.key)] for r in grid[3:])]
    text_cells(case)


@kind(*NATIONAL)
def text_other_order(case: Case) -> None:
    """One cell a line, the organisations in another order."""
    inner = list(APPLICANTS[1:-1])
    case.rng.shuffle(inner)
    case.look = replace(case.look, columns=(APPLICANTS[0], *inner, APPLICANTS[-1]))
    case.remake()
    text_cells(case)


@kind(*NATIONAL)
def text_more_columns(case: Case) -> None:
    """One cell a line, with a subtotal of the organisations and blanks for zeros that leave nothing behind."""
    sparse_blank(case)
    grid = case.grids[1]
    for row in grid[3:]:
        row.insert(-1, Box(str(case.rng.randint(1, 9))))
    as_text(case, lambda g: [b.text.replace("\n", "") for row in g for b in row if b.text])
    case.open |= set(case.truth)


def make(name: str, seed: int) -> tuple[Case, bytes, str]:
    """A page of one kind: its truth, bytes and file name."""
    forms, change = KINDS[name]
    rng = random.Random(f"{name} {seed}")
    form = forms[seed % len(forms)]
    case = base(rng, form)
    change(case)
    if case.text:
        return case, case.text.encode(), f"{name}-{form}-{seed:03d}.txt"
    return case, page(case, [table_html(g) for g in case.grids]).encode(), f"{name}-{form}-{seed:03d}.html"


def judge(case: Case, content: bytes, name: str) -> tuple[Score, list[tuple[str, str, str, str, str]]]:
    """The score of a page and the faults that are not excused."""
    from parsers import parse

    seen = parse(content, source=name)
    truth = {
        "cells": [[i, b, None if n is None else float(n)] for (i, b), n in case.truth.items()],
        "allow": [list(k) for k in case.open],
    }
    marks = flagged(seen.observations, seen.issues, seen.checks)
    one = score(truth, seen.observations, marks)
    # A row that lacks a cell is read from its beginning, as a person would: its cells are in doubt, not invented.
    if case.open:
        gone = [f for f in one.faults if f[0] == "invented" and (f[1], f[2]) in marks and "missing" in name]
        one.faults = [f for f in one.faults if f not in gone]
        one.invented -= len(gone)
    left = [f for f in one.faults if not ((f[1], f[2]) in case.open and f[0] in ("unsure", "missing", "blank_errors"))]
    form = seen.reports[0].form if seen.reports else "none"
    if form != case.form:
        left.append(("form", "", "", case.form, form))
    return one, left


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.forge.adversary")
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--n", type=int, default=10)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--faults", type=int, default=3)
    chosen = parser.parse_args()
    print(f"{'kind':22}{'cells':>7}{'right':>7}{'open':>6}{'wrong':>6}{'silent':>7}{'invent':>7}  pages")
    for name in chosen.kinds or KINDS:
        total, bad = Score(), []
        for seed in range(chosen.n):
            case, content, source = make(name, seed)
            one, left = judge(case, content, source)
            total.add(one)
            if left:
                bad.append((len(left), source, left))
            if chosen.out:
                chosen.out.mkdir(parents=True, exist_ok=True)
                (chosen.out / source).write_bytes(content)
        unsure = total.unsure + total.missing + total.blank_errors
        print(
            f"{name:22}{total.cells:7}{total.right:7}{unsure:6}{total.wrong:6}{total.silent:7}{total.invented:7}  {chosen.n - len(bad)}/{chosen.n}"
        )
        if bad and chosen.faults:
            _, source, left = max(bad, key=lambda b: b[0])
            for fault in left[: chosen.faults]:
                print("      ", source, *fault)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
