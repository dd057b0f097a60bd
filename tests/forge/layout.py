"""A form's tables as grids of boxes: what is printed where, before any markup.

Every value box carries the (indicator, breakdown) that a careful reader gives it: truth comes from
here, by construction.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .lines import children, column_labels, line, lines

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Box:
    """A printed cell. `key` is set on value boxes only; a "\\n" in `text` is a line break."""

    text: str = ""
    rows: int = 1
    columns: int = 1
    key: Key | None = None
    role: str = "label"


Grid = list[list[Box]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a publisher prints a form; the defaults print it as the state does.

    `labels` replaces a line's label by indicator; `omit` names lines that are not printed;
    `subtotals` names headings that get a local 小计 line; `columns` gives another order of columns;
    `serials` adds a column of running numbers; `break_at` splits the spanning label 三 at that
    matrix line, as a page break does; `loose_spans` makes spans of header and data differ.
    """

    year: str = "2018年度"
    full_width: bool = True
    unit_column: bool = True
    code_column: bool = False
    serials: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    omit: frozenset[str] = frozenset()
    subtotals: frozenset[str] = frozenset()
    subtotal_word: str = "小计"
    columns: tuple[str, ...] = ()
    column_labels: Mapping[str, str] = field(default_factory=dict)
    break_at: int = 0
    loose_spans: bool = False
    other_as_line: bool = False
    lead: str = "其中"
    first_header: str = "指标"
    unit_header: str = "单位"
    heading_mark: str = "——"
    caption_row: str = ""
    identity: str = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    nested_denied: bool = False
    header_repeat: int = 0


def paren(text: str, look: Look) -> str:
    """Brackets and colons full-width or ASCII, as the publisher types them."""
    if look.full_width:
        return text.replace("(", "（").replace(")", "）").replace(":", "：")
    return text.replace("（", "(").replace("）", ")").replace("：", ":")


def label_of(form: str, indicator: str, look: Look, section: str = "") -> str:
    return look.labels.get(indicator) or line(form, indicator, section).label


def value(values: Mapping[Key, str], indicator: str, breakdown: str, rows: int = 1, columns: int = 1) -> Box:
    key = (indicator, breakdown)
    return Box(values.get(key, ""), rows, columns, key, "value")


def short_annex(values: Mapping[Key, str], look: Look, printed: Sequence[str]) -> list[Grid]:
    """`printed` lists the lines in order: the three-channel, the six-channel form, with or without fees."""
    order = look.columns or ("year", "cumulative")
    names = {"year": look.year, "cumulative": "历年累计", **look.column_labels}
    header = [Box(look.first_header, role="header")]
    if look.unit_column:
        header.append(Box(look.unit_header, role="header"))
    header += [Box(names[b], role="header") for b in order]
    grid: Grid = [header]
    counters: dict[str, int] = {}
    for indicator in printed:
        if indicator in look.omit:
            continue
        entry = line("short_annex", indicator)
        label = label_of("short_annex", indicator, look)
        if entry.parent:
            counters[entry.parent] = counters.get(entry.parent, 0) + 1
            lead = f"{look.lead}：" if counters[entry.parent] == 1 and look.lead else ""
            label = paren(f"{lead}{counters[entry.parent]}.{label}", look)
        row = [Box(label)]
        if look.unit_column:
            row.append(Box(entry.units[0], role="unit"))
        row += [value(values, indicator, b) for b in order]
        grid.append(row)
    return [with_extras(grid, look)]


SHORT_THREE = (
    "disclosed_total", "disclosed_website", "disclosed_gazette", "requests_total", "requests_in_person",
    "requests_online", "requests_letter_fax", "replies_total", "replies_granted", "replies_partially_granted",
    "replies_denied", "replies_other", "complaints", "reviews", "litigation",
)  # fmt: skip
SHORT_FEES = (*SHORT_THREE[:12], "fee_reductions", *SHORT_THREE[12:])
SHORT_SIX = (
    "disclosed_total", "disclosed_website", "disclosed_gazette", "requests_total", "requests_in_person",
    "requests_fax", "requests_email", "requests_online", "requests_letter", "requests_other", "replies_total",
    "replies_granted", "replies_partially_granted", "replies_denied", "complaints", "reviews", "litigation",
)  # fmt: skip


def with_extras(grid: Grid, look: Look) -> Grid:
    """A caption row above, running numbers before, the header once more in the middle."""
    if look.serials:
        body = [[Box(str(i), role="code"), *row] for i, row in enumerate(grid[1:], 1)]
        grid = [[Box("序号", role="header"), *grid[0]], *body]
    if look.header_repeat and look.header_repeat < len(grid) - 1:
        grid = [*grid[: look.header_repeat], list(grid[0]), *grid[look.header_repeat :]]
    if look.caption_row:
        grid = [[Box(look.caption_row, columns=sum(b.columns for b in grid[0]), role="header")], *grid]
    return grid


DINGXI_ORDER = (
    "disclosed_total", "disclosed_fulltext", "normative_documents_new", "service_info", "web_visits", "visitors",
    "consult_online", "consult_phone", "on_request_catalogue", "requests_total", "requests_in_person",
    "requests_fax", "requests_email", "requests_online", "requests_letter", "requests_other", "replies_total",
    "replies_granted", "replies_partially_granted", "replies_denied", "replies_not_government_information",
    "replies_not_exist", "replies_not_this_body", "replies_unclear", "denied_other", "reviews", "litigation",
    "appeals",
)  # fmt: skip
DINGXI_NESTED = (
    "replies_not_government_information", "replies_not_exist", "replies_not_this_body", "replies_unclear",
    "denied_other",
)  # fmt: skip


def long_annex(values: Mapping[Key, str], look: Look, printed: Sequence[str] = ()) -> list[Grid]:
    """The Shanghai-type annex; `look.nested_denied` numbers it as Dingxi does."""
    order = printed or tuple(e.indicator for e in lines("long_annex") if e.indicator != "denied_other")
    header = [Box(look.first_header, role="header")]
    if look.code_column:
        header.append(Box("代码", role="header"))
    if look.unit_column:
        header.append(Box(look.unit_header, role="header"))
    header.append(Box(look.column_labels.get("year", "本年累计"), role="header"))
    grid: Grid = [header]
    counters: dict[str, int] = {}
    depth = {"": -1}
    for number, indicator in enumerate((i for i in order if i not in look.omit), 1):
        entry = line("long_annex", indicator)
        parent = "replies_denied" if look.nested_denied and indicator in DINGXI_NESTED else entry.parent
        level = depth.get(parent, -1) + 1
        depth[indicator] = level
        counters[parent] = counters.get(parent, 0) + 1
        label = label_of("long_annex", indicator, look)
        if level and parent in ("requests_total", "replies_total", "fees_proactive", "fees_request"):
            label = f"{counters[parent]}.{label}"
        elif level == 2 or parent == "replies_denied":
            label = f"({counters[parent]}){label}"
        elif level == 1 and counters[parent] == 1 and not label.startswith("其中"):
            label = f"其中:{label}"
        row = [Box("　" * level + paren(label, look))]
        if look.code_column:
            row.append(Box(f"{number:02d}", role="code"))
        if look.unit_column:
            row.append(Box(entry.units[0], role="unit"))
        row.append(value(values, indicator, "year"))
        grid.append(row)
    return [with_extras(grid, look)]


def national_2014(values: Mapping[Key, str], look: Look) -> list[Grid]:
    header = [Box(look.first_header, role="header")]
    if look.unit_column:
        header.append(Box(look.unit_header, role="header"))
    header.append(Box(look.column_labels.get("value", "统计数"), role="header"))
    grid: Grid = [header]
    for entry in lines("national_2014"):
        if entry.indicator in look.omit:
            continue
        label = label_of("national_2014", entry.indicator, look)
        serial = entry.serial
        joined = f"{serial}、{label}" if re.fullmatch("[一二三四五六七八九]", serial) else f"{serial}{label}"
        level = 0 if not entry.parent else joined_level(serial)
        row = [Box("　" * level + paren(joined, look))]
        if look.unit_column:
            row.append(Box(entry.units[0] if not entry.heading else look.heading_mark, role="unit"))
        if entry.heading:
            row.append(Box(look.heading_mark, role="mark"))
        else:
            row.append(value(values, entry.indicator, "value"))
        grid.append(row)
    return [with_extras(grid, look)]


def joined_level(serial: str) -> int:
    if serial.startswith("("):
        return 1
    return 2 if serial[:1].isdigit() else 3


ITEM_TITLES = {"1": "第二十条第（一）项", "5": "第二十条第（五）项", "6": "第二十条第（六）项",
               "8": "第二十条第（八）项", "9": "第二十条第（九）项"}  # fmt: skip


def proactive(form: str, values: Mapping[Key, str], look: Look) -> Grid:
    """The table of section 二; with `loose_spans` the spans of header and data rows differ."""
    names = {
        b: look.column_labels.get(b, labels[0]) for b, labels in column_labels(form, "proactive_disclosure").items()
    }
    width = 5 if look.loose_spans else 4
    grid: Grid = []
    block = ""
    for entry in lines(form, "proactive_disclosure"):
        if entry.indicator in look.omit:
            continue
        if entry.serial != block:
            block = entry.serial
            grid.append([Box(paren(block, look), columns=width, role="header")])
            heads = [names[b] for b in entry.breakdowns]
            grid.append(
                [Box("信息内容", role="header")]
                + [
                    Box(h, columns=c, role="header")
                    for h, c in zip(heads, shares(len(heads), width - 1, True), strict=True)
                ]
            )
        row = [Box(label_of(form, entry.indicator, look, "proactive_disclosure"))]
        for b, c in zip(entry.breakdowns, shares(len(entry.breakdowns), width - 1, not look.loose_spans), strict=True):
            row.append(value(values, entry.indicator, b, columns=c))
        grid.append(row)
    return grid


def shares(parts: int, width: int, last: bool) -> list[int]:
    """`width` physical columns shared by `parts` cells, the rest going to the last or to the first."""
    found = [1] * parts
    found[-1 if last else 0] += width - parts
    return found


APPLICANTS = (
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
    "total",
)


def request_lines(form: str, look: Look) -> list[tuple[str, str, str]]:
    """The matrix's lines as (outcome group, indicator, label): what is printed, in order."""
    found: list[tuple[str, str, str]] = []
    for outcome in children(form, "outcomes", "requests"):
        entry = line(form, outcome, "requests")
        text = f"{entry.serial}{label_of(form, outcome, look, 'requests')}"
        below = () if look.other_as_line and outcome == "other_outcome" else children(form, outcome, "requests")
        if not below:
            if outcome not in look.omit:
                found.append(("", outcome, text))
            continue
        for leaf in below:
            if leaf not in look.omit:
                leaf_line = line(form, leaf, "requests")
                found.append((text, leaf, f"{leaf_line.serial}{label_of(form, leaf, look, 'requests')}"))
        if outcome in look.subtotals:
            found.append((text, outcome, look.subtotal_word))
    return found


def requests(form: str, values: Mapping[Key, str], look: Look) -> list[Grid]:
    """The matrix of section 三. Two grids when a page break cuts it into two tables is left to damage."""
    order = look.columns or APPLICANTS
    names = {b: look.column_labels.get(b, labels[0]) for b, labels in column_labels(form, "requests").items()}
    inner = [b for b in order if b not in ("natural_person", "total")]
    grid: Grid = [
        [Box(look.identity, 3, 3, role="header"), Box("申请人情况", columns=7, role="header")],
        [Box(names["natural_person"], 2, role="header"), Box("法人或其他组织", columns=5, role="header"),
         Box(names["total"], 2, role="header")],
        [Box(names[b], role="header") for b in inner],
    ]  # fmt: skip
    for indicator in ("requests_new", "requests_carried_in"):
        grid.append(matrix_top(form, indicator, values, look))
    body = request_lines(form, look)
    cuts = [0, len(body)] if not 0 < look.break_at < len(body) else [0, look.break_at, len(body)]
    title = paren("三、" + label_of(form, "outcomes", look, "requests"), look)
    for start, end in itertools.pairwise(cuts):
        chunk = body[start:end]
        previous = ""
        for position, (group, indicator, label) in enumerate(chunk):
            row: list[Box] = []
            if position == 0:
                row.append(Box(title, rows=len(chunk)))
            if not group:
                row.append(Box(paren(label, look), columns=2))
            else:
                if group != previous:
                    row.append(Box(paren(group, look), rows=sum(1 for g, _, _ in chunk[position:] if g == group)))
                row.append(Box(paren(label, look)))
            previous = group
            row += [value(values, indicator, b) for b in order]
            grid.append(row)
    grid.append(matrix_top(form, "requests_carried_out", values, look))
    return [grid]


def matrix_top(form: str, indicator: str, values: Mapping[Key, str], look: Look) -> list[Box]:
    entry = line(form, indicator, "requests")
    label = paren(f"{entry.serial}、{label_of(form, indicator, look, 'requests')}", look)
    return [Box(label, columns=3), *(value(values, indicator, b) for b in look.columns or APPLICANTS)]


RESULTS = ("upheld", "corrected", "other", "pending", "total")


def disputes(form: str, values: Mapping[Key, str], look: Look) -> Grid:
    """The one line of 15 figures of section 四."""
    names = {
        b: look.column_labels.get(b, labels[0]) for b, labels in column_labels(form, "review_and_litigation").items()
    }
    kinds = ("reviews", "litigation_direct", "litigation_after_review")
    labels = {k: label_of(form, k, look, "review_and_litigation") for k in kinds}
    return [
        [Box(labels["reviews"], columns=5, role="header"), Box("行政诉讼", columns=10, role="header")],
        [*(Box(spread(names[b]), 2, role="header") for b in RESULTS),
         *(Box(labels[k], columns=5, role="header") for k in kinds[1:])],
        [Box(spread(names[b]), role="header") for _ in kinds[1:] for b in RESULTS],
        [value(values, k, b) for k in kinds for b in RESULTS],
    ]  # fmt: skip


def spread(text: str) -> str:
    """Narrow columns: 结果维持 is printed as 结果 over 维持."""
    return f"{text[:2]}\n{text[2:]}" if len(text) == 4 else text


def keys_of(grids: Sequence[Grid]) -> list[Key]:
    """The value cells of some grids, in printed order."""
    return [box.key for grid in grids for row in grid for box in row if box.key]


def fill(grid: Grid, values: Mapping[Key, str]) -> Grid:
    """The grid with its value boxes filled anew."""
    return [[replace(b, text=values.get(b.key, "")) if b.key else b for b in row] for row in grid]
