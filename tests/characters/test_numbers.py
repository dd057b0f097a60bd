"""What cells say, and numbers in prose."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.characters import patterns
from parsers.characters.numbers import chinese_number, read_cell
from parsers.records import STATUSES

FULL = str.maketrans("0123456789,.-+", "０１２３４５６７８９，．－＋")


@pytest.mark.parametrize(
    ("raw", "value", "repair"),
    [
        ("57", "57", ()),
        (" 57\n", "57", ()),
        ("0", "0", ()),
        ("\u00a00", "0", ()),
        ("0\u3000", "0", ()),
        ("24252.311082", "24252.311082", ()),
        ("1.5", "1.5", ()),
        ("５７", "57", ("full_width",)),
        ("１２．５", "12.5", ("full_width",)),
        ("11,398,889", "11398889", ("thousands",)),
        ("１２，３００", "12300", ("full_width", "thousands")),
        ("12，300", "12300", ("thousands",)),
        ("11 398 889", "11398889", ("thousands",)),
        ("1,234.56", "1234.56", ("thousands",)),
        ("+1036", "1036", ("signed_change",)),
        ("＋5", "5", ("signed_change",)),
        ("减3", "-3", ("signed_change",)),
        ("減少３", "-3", ("full_width", "signed_change")),
        ("增2", "2", ("signed_change",)),
        ("－18", "-18", ("signed_change",)),
        ("−18", "-18", ("signed_change",)),
        ("-18", "-18", ("signed_change",)),
        ("2 0", "20", ("split_digits",)),
        ("2\u00a00", "20", ("split_digits",)),
        ("2\u200b0", "20", ("invisible",)),
        ("1\ufeff23", "123", ("invisible",)),
        ("| 0 |", "0", ("pipes",)),
        ("0 |", "0", ("pipes",)),
        (r"\| 7", "7", ("pipes",)),
        ("'5", "5", ("apostrophe",)),
        ("4.", "4", ("trailing_period",)),
        ("4。", "4", ("trailing_period",)),
        ("007", "7", ("leading_zeros",)),
        ("十二", "12", ("chinese_numeral",)),
        ("零", "0", ("chinese_numeral",)),
        ("〇", "0", ("chinese_numeral",)),
        ("&nbsp;0", "0", ("entity",)),
    ],
)
def test_a_value_with_its_rules(raw: str, value: str, repair: tuple[str, ...]) -> None:
    reading = read_cell(raw)
    assert (reading.status, reading.value, reading.repair) == ("reported", Decimal(value), repair)
    assert reading.candidates == ()
    assert not reading.needs_confirmation


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [
        ("251000元", "251000", "元"),
        ("73802895.90\n元", "73802895.90", "元"),
        ("12 件", "12", "件"),
        ("12（件）", "12", "件"),
        ("12人次", "12", "人次"),
        ("2.5万元", "2.5", "万元"),
        ("2.5 万 元", "2.5", "万元"),
        ("０．５萬元", "0.5", "万元"),
        ("¥3,000.00", "3000.00", "元"),
        ("3万件", "30000", "件"),
        ("减3件", "-3", "件"),
        ("1 2 件", "12", "件"),
        ("一次", "1", "次"),
    ],
)
def test_a_unit_leaves_the_cell(raw: str, value: str, unit: str) -> None:
    reading = read_cell(raw)
    assert (reading.status, reading.value, reading.unit) == ("reported", Decimal(value), unit)
    assert "unit_in_cell" in reading.repair


def test_money_without_the_word_for_it() -> None:
    assert (read_cell("2.5万", money=True).value, read_cell("2.5万", money=True).unit) == (Decimal("2.5"), "万元")
    assert read_cell("2.5万").value == 25000


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("22（其中修订16件）", "22", "（其中修订16件）"),
        ("22\n(其中修订16件)", "22", "(其中修订16件)"),
        ("22件（其中修订16件", "22", "（其中修订16件"),
        ("22其中修订16件", "22", "其中修订16件"),
        ("5*", "5", "*"),
        ("3①", "3", "①"),
        ("57[1]", "57", "[1]"),
        ("0（无）", "0", "（无）"),
        ("共12件", "12", "共"),
    ],
)
def test_a_note_is_kept_apart(raw: str, value: str, note: str) -> None:
    reading = read_cell(raw)
    assert (reading.status, reading.value, reading.note) == ("reported", Decimal(value), note)
    assert "note_in_cell" in reading.repair


@pytest.mark.parametrize(
    ("status", "raws"),
    [
        ("blank", ["", " ", "\n", "\u00a0", "\u200b", "\u3000\u3000", "\ufeff", "&nbsp;", "|", "\t\r\n"]),
        ("slash", ["/", "／", "\\", " / "]),
        ("dash", ["-", "—", "——", "－", "–", "―", "--", "— —", "─"]),
        ("none_word", ["无", "没有", "暂无", "無", "无。", " 无 ", "N/A", "不适用"]),
        (
            "unreadable",
            [
                "①",
                "٣",
                "1_000",
                "1e5",
                "²",
                "x",
                "件",
                "2018年度",
                "其他",
                "百",
                "½",
                "१२",
                "Ⅳ",
                "㈠",
                "𝟓",
                "12号",
                "无误",
            ],
        ),
        (
            "ambiguous",
            ["1，2", "1,23", "1、2", "3-5", "1/2", "33.9%", "一", "—18", "O", "l", "12345678901234567", "0 0", "约20"],
        ),
    ],
)
def test_status(status: str, raws: list[str]) -> None:
    for raw in raws:
        reading = read_cell(raw)
        assert (raw, reading.status, reading.value) == (raw, status, None)


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("2\n0", [20]),
        ("12 3", [123]),
        ("12\n300", [12300]),
        ("12 300", [12300]),
        ("1,\n234", [1234]),
        ("—18", [-18, 18]),
        ("- 18", [-18, 18]),
        ("（18）", [18, -18]),
        ("1O", [10]),
        ("一", [1]),
        ("一一", [11]),
        ("3²", [3]),
        ("20余件", [20]),
        ("11.398.889", [11398889]),
    ],
)
def test_a_doubt_has_its_candidates(raw: str, candidates: list[int]) -> None:
    reading = read_cell(raw)
    assert (reading.status, reading.value) == ("ambiguous", None)
    assert list(reading.candidates) == [Decimal(c) for c in candidates]
    assert reading.needs_confirmation


def test_a_dash_before_digits_is_a_minus_in_a_signed_column_only() -> None:
    assert read_cell("—18", signed=True).value == -18
    assert read_cell("- 18", signed=True).value == -18
    assert read_cell("—18").value is None


def test_two_cells_in_one_never_lose_one() -> None:
    for raw in ("0 5", "1\t2", "1  2", "2（1）0", "5 / 7", "3|4", "7\n8", "12、13", "0 0 0"):
        assert read_cell(raw).value is None


counts = st.integers(min_value=0, max_value=10**9)


@st.composite
def printings(draw: st.DrawFn) -> tuple[int, str]:
    """A count and one of the ways in which publishers print it."""
    number = draw(counts)
    text = draw(
        st.sampled_from([f"{number}", f"{number:,}", f"{number:,}".replace(",", "，"), f"{number:,}".replace(",", " ")])
    )
    if draw(st.booleans()):
        cut = draw(st.sampled_from([" ", "\n", "\u00a0", "\u200b", "\u3000", "\r\n", "  ", "\t"]))
        place = draw(st.integers(min_value=0, max_value=len(text)))
        text = text[:place] + cut + text[place:]
    if draw(st.booleans()):
        text = text.translate(FULL)
    text += draw(
        st.sampled_from(["", "件", " 条", "\n次", "（件）", "*", "（其中5件为上年结转）", "。", " |", "\u00a0"])
    )
    return number, draw(st.sampled_from(["", " ", "\n\u3000", "| "])) + text


@settings(max_examples=400)
@given(printings())
def test_a_printing_gives_its_number_or_a_doubt(case: tuple[int, str]) -> None:
    number, raw = case
    reading = read_cell(raw)
    if reading.status == "reported":
        assert reading.value == number
    else:
        assert reading.status == "ambiguous"
        assert reading.value is None
        assert not reading.candidates or Decimal(number) in reading.candidates


@settings(max_examples=400)
@given(
    st.text(
        alphabet="0123456789０５９,，.．。 \n\u00a0\u200b|/-—－+增减无约（）()件元万%①²*O一二十百٣_eE'、~", max_size=14
    )
)
def test_no_digit_is_invented_or_lost(raw: str) -> None:
    reading = read_cell(raw)
    assert reading.status in STATUSES
    assert (reading.value is not None) == (reading.status == "reported")
    if reading.value is None or {"chinese_numeral", "scale"} & set(reading.repair):
        return
    kept = "".join(c for c in raw if c in "0123456789０５９").translate(str.maketrans("０５９", "059"))
    noted = "".join(c for c in reading.note if c in "0123456789０５９").translate(str.maketrans("０５９", "059"))
    value = f"{abs(reading.value):f}".replace(".", "")
    if noted:
        assert sorted(kept.replace("0", "")) == sorted((value + noted).replace("0", ""))
    else:
        assert kept.lstrip("0") == value.lstrip("0")


@given(st.text(max_size=60), st.booleans(), st.booleans())
def test_any_text_can_be_read(raw: str, money: bool, signed: bool) -> None:
    reading = read_cell(raw, money=money, signed=signed)
    assert reading == read_cell(raw, money=money, signed=signed)
    assert reading.needs_confirmation == (reading.status == "ambiguous" and bool(reading.candidates))


@given(st.integers(min_value=-(10**6), max_value=10**6))
def test_signed_changes(number: int) -> None:
    words = [f"{number:+d}", f"{'增' if number > 0 else '减'}{abs(number)}", f"{number:+d}".translate(FULL)]
    for raw in words:
        assert read_cell(raw, signed=True).value == number


def test_a_long_cell_is_prose() -> None:
    assert read_cell("1" * 5000).status in ("unreadable", "ambiguous")
    assert read_cell("本年度" * 5000).status == "unreadable"
    assert read_cell(" " * 100_000 + "7").value == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿三", 23),
        ("卅", 30),
        ("一百零五", 105),
        ("一百一十", 110),
        ("两千零一十八", 2018),
        ("二〇一八", 2018),
        ("一万零五", 10005),
        ("两万五", 25000),
        ("一百二", 120),
        ("三亿五千万", 350_000_000),
        ("壹佰贰拾叁", 123),
        ("一百二十三万四千五百六十七", 1_234_567),
        ("零", 0),
        ("两", 2),
    ],
)
def test_chinese_numerals(text: str, value: int) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "百", "万", "一二百", "百十", "一千一万万千", "件", "一百百"])
def test_what_is_no_chinese_numeral(text: str) -> None:
    assert chinese_number(text) is None


@settings(max_examples=300)
@given(
    st.text(
        alphabet="01239，,.。 \n|/＼-—+增减少约余多超（）(件元万%‰①❶²*※注其中共计详Ol○一十无nNaA/&;bsp¥￥人民币R'、；:",
        max_size=10,
    )
)
def test_a_rule_needs_what_its_entry_says(text: str) -> None:
    data = patterns.load("repairs.toml")
    for entry in data["rule"]:
        if "needs" not in entry or not set(entry["needs"]).isdisjoint(text):
            continue
        for pattern in entry["patterns"]:
            built = patterns.build(pattern, data["parts"])
            if entry["kind"] == "replace":
                fits = built.search(text)
            elif entry["kind"] == "words":
                fits = built.fullmatch("".join(text.split()).casefold())
            else:
                fits = built.fullmatch(text)
            assert not fits, (entry["name"], pattern)


@settings(max_examples=300)
@given(st.text(alphabet="1２一（其第①Ⅰa●.、）) 概述", min_size=1, max_size=8))
def test_a_marker_begins_as_its_file_says(text: str) -> None:
    data = patterns.load("serials.toml")
    built = [patterns.build(p, data["parts"]) for e in data["serial"] for p in e["patterns"]]
    if not patterns.build(data["first"], {}).match(text):
        assert not any(p.match(text) for p in built)
