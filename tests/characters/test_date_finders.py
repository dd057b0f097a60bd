"""Dates and reporting periods in text, whole and damaged."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.characters.dates import find_dates, find_period

FULL = str.maketrans("0123456789", "０１２３４５６７８９")
HAN = "〇一二三四五六七八九"


def han_small(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[ones] if ones else "")


def han_year(n: int, zero: str = "〇") -> str:
    return "".join(HAN[int(c)] for c in str(n)).replace("〇", zero)


@pytest.mark.parametrize(
    "text",
    [
        "2019-01-10",
        "2019年1月10日",
        "2019/1/10",
        "2019.01.10",
        "2019.1.10",
        "二〇一九年一月十日",
        "二○一九年一月十日",
        "二零一九年一月十日",
        "二0一九年一月十日",
        "二O一九年一月十日",
        "２０１９年１月１０日",
        "2019 年 1 月 10 日",
        "2019年\n1月\n10日",
        "2019-01-10 08:58",
        "2019-1-10 08:58:00",
        "2019-01-10T08:58:00",
        "发布时间：20190110",
        "民國108年1月10日",
        "2019年01月10日",
        "2019年元月10号",
        "(2019年1月10日)",
        "t20190110_80734.htm",
        "/cms/2019-01-10/1292513457.html",
    ],
)
def test_a_date(text: str) -> None:
    found = find_dates(text)
    assert [(f.date, f.precision) for f in found] == [(date(2019, 1, 10), "day")]
    assert text[found[0].start : found[0].end] == found[0].raw


@pytest.mark.parametrize(
    "text",
    [
        "2019年13月1日",
        "2019年2月30日",
        "1999年1月1日",
        "2040年1月1日",
        "014416330/2018-04736",
        "120190110",
        "20190110123",
        "0599-6161678",
        "2019.1.10.5",
        "2019-01-10-00012",
        "2018年度",
        "57",
        "kysrmzf/2026-00017",
        "1月10日",
        "99年1月1日",
    ],
)
def test_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_a_month() -> None:
    assert [(f.date, f.precision) for f in find_dates("二〇一九年一月 2019-02 2019年3月，共2019年4月12家")] == [
        (date(2019, m, 1), "month") for m in (1, 2, 3, 4)
    ]


def test_letters_for_zeros_are_a_repair() -> None:
    assert find_dates("二O一三年十二月三十一日")[0].repaired
    assert not find_dates("二○一三年十二月三十一日")[0].repaired


def test_both_ends_of_a_span() -> None:
    for text in ("2018.1.1—2018.12.31", "2018-1-1-2018-12-31", "2018年1月1日至2018年12月31日"):
        assert [f.date for f in find_dates(text)] == [date(2018, 1, 1), date(2018, 12, 31)]


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 12, 31)),
    st.sampled_from(["，", "。", " ", "\n", "（", ""]),
    st.sampled_from(["，", "。", " ", "\n", "）", ""]),
)
def test_every_printing_of_a_date(day: date, before: str, after: str) -> None:
    y, m, d = day.year, day.month, day.day
    plain = f"{y}年{m}月{d}日"
    for text in (
        plain,
        plain.translate(FULL),
        " ".join(plain),
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{han_year(y)}年{han_small(m)}月{han_small(d)}日",
        f"{han_year(y, '○')}年{m}月{d}日",
    ):
        assert [f.date for f in find_dates(before + text + after)] == [day]


@given(st.text(alphabet="0123456789年月日-/.〇一二十 至到\nt", max_size=40))
def test_found_dates_stand_where_they_say(text: str) -> None:
    end = 0
    for found in find_dates(text):
        assert text[found.start : found.end] == found.raw
        assert found.start >= end
        end = found.end


WHOLE = [
    "{y}年1月1日至{y}年12月31日",
    "自{y}年1月1日起至{y}年12月31日止",
    "从{y}年1月1日到12月31日止",
    "{y}年1月1日至12月31日",
    "{y}年1月1日——{y}年12月31日",
    "自{y}年1月1日起,至{y}年12月31日止",
    "{y}年1月1日-{y}年12月31日",
    "{y}.1.1—{y}.12.31",
    "{y}年01月01日～{y}年12月31日",
    "{y}-01-01至{y}-12-31",
    "{y}/1/1-{y}/12/31",
    "{y}年元月1日至12月31日",
    "{y}0101-{y}1231",
    "從{y}年1月1日起到{y}年12月31日止",
    "{y}年1月1日零时起至{y}年12月31日24时止",
    "{y}年1月至12月",
    "{y}年1-12月",
    "{y}年1月1日至同年12月31日",
    "{y}年1月1日开始，截至{y}年12月31日结束",
]


@pytest.mark.parametrize("form", WHOLE)
@pytest.mark.parametrize("year", [2008, 2018, 2025])
def test_a_period_as_printed(form: str, year: int) -> None:
    text = form.format(y=year)
    han = (
        text.replace(str(year), han_year(year)).replace("12月", "十二月").replace("31日", "三十一日").replace("1", "一")
    )
    for printed in (text, text.translate(FULL), " ".join(text), f"统计期限为\n{text}。", "\n".join(text)):
        found = find_period(printed)
        assert [(p.start, p.end, p.basis) for p in found] == [(date(year, 1, 1), date(year, 12, 31), "stated")]
        assert printed[found[0].start_offset : found[0].end_offset] == found[0].raw
    if "月" in text and "24" not in text and "01" not in text:
        assert [(p.start, p.basis) for p in find_period(han)] == [(date(year, 1, 1), "stated")]


def test_from_may_in_2008_only() -> None:
    assert [(p.start, p.basis) for p in find_period("2008年5月1日至2008年12月31日")] == [(date(2008, 5, 1), "stated")]
    assert [(p.start, p.basis) for p in find_period("200851日至20081231日")] == [(date(2008, 5, 1), "repaired")]
    assert find_period("2009年5月1日至2009年12月31日") == []


@pytest.mark.parametrize(
    "text",
    [
        "201811日至20181231日",
        "2018年11日至2018年1231日",
        "自20181月1日起至201812月31日止",
        "201811日至1231日",
        "数据统计期限为201811-20181231",
        "统计期20181120181231",
        "2018年1月1日2018年12月31日",
        "２０１８年月日至２０１８年１２月３１日",
        "2018年1月1日至2018年12月31",
        "201801 01日至20181231日",
    ],
)
def test_a_damaged_period(text: str) -> None:
    found = find_period(text)
    assert [(p.start, p.end, p.basis) for p in found] == [(date(2018, 1, 1), date(2018, 12, 31), "repaired")]
    assert text[found[0].start_offset : found[0].end_offset] == found[0].raw


MARKED = [
    ["2018", "年", "1", "月", "1", "日", "至", "2018", "年", "12", "月", "31", "日"],
    ["2018", "年", "1", "月", "1", "日", "至", "12", "月", "31", "日"],
    ["自", "2018", "年", "1", "月", "1", "日", "起", "至", "2018", "年", "12", "月", "31", "日", "止"],
]


@pytest.mark.parametrize("tokens", MARKED)
def test_every_loss_of_marks_is_repaired(tokens: list[str]) -> None:
    marks = [i for i, t in enumerate(tokens) if t in "年月日"]
    for lost in product((False, True), repeat=len(marks)):
        gone = {i for i, is_lost in zip(marks, lost, strict=True) if is_lost}
        text = "".join(t for i, t in enumerate(tokens) if i not in gone)
        found = find_period(f"数据统计期限{text}。")
        assert [(text, p.start, p.end, p.basis) for p in found] == [
            (text, date(2018, 1, 1), date(2018, 12, 31), "repaired" if gone else "stated")
        ]


@settings(max_examples=600)
@given(
    st.dates(min_value=date(2008, 1, 1), max_value=date(2026, 12, 31)),
    st.dates(min_value=date(2008, 1, 1), max_value=date(2026, 12, 31)),
    st.lists(st.booleans(), min_size=9, max_size=9),
    st.booleans(),
)
def test_another_span_is_never_taken_for_a_period(first: date, last: date, lost: list[bool], with_year: bool) -> None:
    tokens = [f"{first.year}", "年", f"{first.month}", "月", f"{first.day}", "日", "至"]
    tokens += [f"{last.year}", "年"] if with_year else []
    tokens += [f"{last.month}", "月", f"{last.day}", "日", "止"]
    losses = iter(lost)
    text = "".join(t for t in tokens if t.isdigit() or not next(losses, False))
    plausible = (
        (last.month, last.day) == (12, 31)
        and ((first.month, first.day) == (1, 1) or first == date(2008, 5, 1))
        and (not with_year or first.year == last.year)
    )
    found = find_period(f"统计期限为{text}，")
    if not plausible:
        assert found == []
    else:
        assert all((p.start, p.end) == (first, date(first.year, 12, 31)) for p in found)


@pytest.mark.parametrize(
    "text",
    [
        "2018年度",
        "2019年1月1日至2020年6月30日",
        "2018年11月1日至2018年12月31日",
        "2018年11月至2018年12月31日",
        "2018年11-12月31日",
        "2018-11-2018-12-31",
        "2018年1月1日至2019年12月31日",
        "自2009年1月1日《条例》实施之日起",
        "截至2018年12月31日",
        "20181120181231",
        "1120181120181231",
        "2018年1月1日至2018年12月312日",
        "2018年7月1日至12月31日",
        "",
    ],
)
def test_no_period(text: str) -> None:
    assert find_period(text) == []


def test_several_periods_in_order() -> None:
    text = "2017年1月1日至2017年12月31日；\n2018年1月1日至12月31日"
    assert [p.start.year for p in find_period(text)] == [2017, 2018]


@given(st.text(max_size=80))
def test_any_text_can_be_searched(text: str) -> None:
    find_period(text)
    find_dates(text)
