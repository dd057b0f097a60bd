"""Tables of the official forms, whole and damaged, become the observations that they print."""

from __future__ import annotations

from decimal import Decimal

import pytest
from annex.tables import OUTCOMES_2021, SHORT, by_key, codes, read, requests, short, table, values

YEAR, CUMULATIVE = "year", "cumulative"


def test_every_cell_of_a_plain_table_is_read() -> None:
    found = read(short())
    assert found.form is not None
    assert found.form.name == "short_annex"
    got = values(found)
    assert len(got) == 28
    assert got["disclosed_total", YEAR] == 57
    assert got["disclosed_total", CUMULATIVE] == 615
    assert got["requests_letter_fax", YEAR] == 3
    assert got["litigation", CUMULATIVE] == 0
    assert found.years == ((2018, "2018年度"),)
    assert {o.match for o in found.observations} <= {"exact", "alias"}
    assert {(o.unit, o.unit_source) for o in found.observations} == {("条", "header"), ("件", "header")}


def test_the_ledger_accounts_for_every_cell() -> None:
    found = read(short())
    assert len(found.cells) == 4 * 15
    roles = [cell.role for cell in found.cells]
    assert roles.count("value") == 28
    assert roles.count("label") == 14
    assert roles.count("unit") == 14
    assert roles.count("header") == 4


def test_columns_follow_their_headers_not_their_order() -> None:
    turned = [(label, unit, cumulative, year) for label, unit, year, cumulative in SHORT]
    found = read(short(turned, ("指标", "单位", "历年累计", "2018年度")))
    assert values(found) == values(read(short()))


def test_lines_in_another_order_keep_their_values() -> None:
    found = read(short([*SHORT[12:], *SHORT[:12]]))
    assert values(found) == values(read(short()))


def test_a_repeated_header_and_a_split_table_change_nothing() -> None:
    whole = values(read(short()))
    header = ("指标", "单位", "2018年度", "历年累计")
    assert values(read(short([*SHORT[:6], header, *SHORT[6:]]))) == whole
    assert values(read(short(SHORT[:6]), short(SHORT[6:]))) == whole
    assert values(read(short(SHORT[:6]), table(SHORT[6:]))) == whole
    assert values(read(short(SHORT[6:]), short(SHORT[:6]))) == whole


def test_a_line_that_a_page_break_cut_from_its_header_is_read() -> None:
    header = [
        ("信息内容", "本年处理决定数量"),
        ("行政处罚", "3"),
        ("行政强制", "0"),
        ("信息内容", "本年收费金额（单位：万元）"),
    ]
    assert values(read(table(header), table([("行政事业性收费", "4063.7")])))[
        "administrative_fees", "amount"
    ] == Decimal("4063.7")
    # A row that the break left empty is no end of the table.
    assert len(values(read(table([*header, ("", "&nbsp;")]), table([("行政事业性收费", "4063.7")])))) == 3
    assert not values(read(table(header[:3]), table([("行政事业性收费", "4063.7")]))).get(
        ("administrative_fees", "amount")
    )


def test_a_table_of_one_line_goes_on_with_the_form() -> None:
    lines = [line for line in SHORT if line[0] != "行政复议数"]
    found = read(short(lines), "<p>&nbsp;</p>", table([("行政复议数", "件", "3", "7")]))
    assert (values(found)["reviews", "year"], values(found)["reviews", "cumulative"]) == (3, 7)
    again = read(short(), "<p>本栏目：</p>", table([("行政复议数", "", "3", "7")]))
    assert values(again) == values(read(short()))


def test_a_note_below_the_header_of_a_table_is_no_end_of_it() -> None:
    header = [
        ("信息内容", "本年处理决定数量"),
        ("行政处罚", "3"),
        ("行政强制", "0"),
        ("信息内容", "本年收费金额（单位：万元）"),
    ]
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in header)
    page = f"<table border=1>{rows}<tr><td colspan=2>注：本表由办公室填报。</td></tr></table>"
    found = read(page, table([("行政事业性收费", "4063.7")]))
    assert values(found)["administrative_fees", "amount"] == Decimal("4063.7")


def test_a_figure_beside_a_label_that_the_form_misses_is_not_left_out_without_a_word() -> None:
    header = [("信息内容", "本年处理决定数量"), ("行政处罚", "3"), ("行政强制", "0")]
    found = read(table(header), "<p>附</p>", table([("行政事业性收费", "4063.7")]))
    said = [issue for issue in found.issues if issue.code == "table_unread"]
    assert ["administrative_fees" in issue.message for issue in said] == [True]
    whole = read(table(header), table([("合计", "3"), ("人员经费", "20")]))
    assert "table_unread" not in codes(whole)


def test_a_missing_line_has_no_row_and_is_named() -> None:
    found = read(short([line for line in SHORT if "公报" not in line[0]]))
    assert ("disclosed_gazette", YEAR) not in values(found)
    missing = next(issue for issue in found.issues if issue.code == "missing_line")
    assert "disclosed_gazette" in missing.message


def test_a_local_line_is_in_the_ledger_as_unmatched_with_an_issue() -> None:
    found = read(short([*SHORT[:3], ("编印便民服务手册数", "册", "41", "88"), *SHORT[3:]]))
    assert values(found) == values(read(short()))
    assert [cell.raw for cell in found.cells if cell.role == "unmatched"] == ["41", "88"]
    assert {"unmatched_label", "unmatched_number"} <= codes(found)


def test_distractor_tables_on_the_page_are_left_alone() -> None:
    budget = table([("科目", "上年决算数", "本年预算数"), ("基本支出", "1203", "1310"), ("合计", "1291", "1400")])
    nav = table([("政务公开", "公告公示", "12"), ("其他", "总计", "3")])
    meta = table([("索引号", "014/2019-1", "发布机构", "某局"), ("发布日期", "2019-01-10", "文号", "")])
    found = read(meta, nav, short(), budget)
    assert values(found) == values(read(short()))
    assert len(found.cells) == 60


def test_a_misprinted_label_is_taken_with_an_issue_and_its_score() -> None:
    lines = [("受理政府信息公开申青总数", *line[1:]) if "受理" in line[0] else line for line in SHORT]
    found = read(short(lines))
    one = by_key(found)["requests_total", YEAR]
    assert one.value == 6
    assert one.match == "similar"
    assert one.match_score is not None
    assert 80 <= one.match_score < 100
    assert "label_similar" in codes(found)


def test_a_label_with_one_wrong_sign_is_its_line_wherever_that_stands_in_the_form() -> None:
    lines = [
        ("3.电子邮件申申请数", "件", "3", "4"),
        ("4.网络申请数", "件", "2", "3"),
        ("5.信函申请数", "件", "1", "2"),
        ("受理政府信息公开申请总数", "件", "6", "9"),
    ]
    found = read(short(SHORT[:3]), short(lines))
    assert by_key(found)["requests_email", "year"].value == 3
    assert {("label_similar", lines[0][0])} == {(issue.code, issue.raw) for issue in found.issues if issue.raw}


@pytest.mark.parametrize("decorated", ["{}：", "{}；", "*{}", "——{}", "●{}", "{}[1]", "{}……", "{}①", "{}*"])
def test_ornaments_and_marks_of_notes_around_labels_and_headers_say_nothing(decorated: str) -> None:
    header = [decorated.format(text) for text in ("指标", "单位", "2018年度", "历年累计")]
    found = read(short([(decorated.format(label), *others) for label, *others in SHORT], header))
    assert values(found) == values(read(short()))
    assert "unmatched_label" not in codes(found)


@pytest.mark.parametrize("label", ["予以处理答复数", "无同意公开答复数", "不同公开答复", "公开数"])
def test_a_label_that_opposes_or_fits_several_lines_is_never_guessed(label: str) -> None:
    lines = [(label, *line[1:]) if line[0] in ("其中:1.同意公开答复数", "3.不予公开答复数") else line for line in SHORT]
    found = read(short(lines))
    for name in ("replies_granted", "replies_denied"):
        one = by_key(found).get((name, YEAR))
        assert one is None or one.match in ("exact", "alias") or one.value in (1, 3)
    assert by_key(found)["replies_total", YEAR].value == 6


def test_negation_is_never_overlooked() -> None:
    lines = [("3.予公开答复数", *line[1:]) if "不予公开" in line[0] else line for line in SHORT]
    one = by_key(read(short(lines))).get(("replies_denied", YEAR))
    assert one is None or (one.match == "similar" and one.match_score is not None and one.match_score < 100)


def test_a_line_printed_twice_is_one_observation_or_a_conflict() -> None:
    same = read(short([*SHORT, SHORT[0]]))
    assert values(same) == values(read(short()))
    other = by_key(read(short([*SHORT, ("主动公开文件数", "条", "58", "615")])))
    assert other["disclosed_total", YEAR].status == "conflict"
    assert other["disclosed_total", YEAR].value is None
    assert other["disclosed_total", CUMULATIVE].value == 615


@pytest.mark.parametrize(
    ("raw", "status"),
    [("", "blank"), ("&nbsp;", "blank"), ("/", "slash"), ("—", "dash"), ("-", "dash"), ("无", "none_word")],
)
def test_a_cell_without_a_number_is_never_zero(raw: str, status: str) -> None:
    lines = [(line[0], line[1], raw, raw) if "公报" in line[0] else line for line in SHORT]
    one = by_key(read(short(lines)))["disclosed_gazette", YEAR]
    assert (one.value, one.status) == (None, status)


@pytest.mark.parametrize(
    ("raw", "value", "repair"),
    [
        ("５７", 57, "full_width"),
        ("11,398,889", 11398889, "thousands"),
        ("１２，３００", 12300, "thousands"),
        ("12 件", 12, "unit_in_cell"),
        ("22（其中修订16件）", 22, "note_in_cell"),
        ("<span>2</span><span>0</span>", 20, ""),
    ],
)
def test_values_keep_their_raw_text_and_name_their_repair(raw: str, value: int, repair: str) -> None:
    lines = [(line[0], line[1], raw, "99,999,999") if "公报" in line[0] else line for line in SHORT]
    one = by_key(read(short(lines)))["disclosed_gazette", YEAR]
    assert one.value == value
    assert repair in one.repair


def test_digits_cut_by_a_line_are_joined_only_when_the_arithmetic_confirms_it() -> None:
    def cut(place: str) -> list[tuple[str, ...]]:
        return [(line[0], line[1], "<p>1</p><p>2</p>", "20") if place in line[0] else line for line in SHORT]

    total = [(line[0], line[1], "15", "25") if "受理" in line[0] else line for line in cut("当面")]
    total = [(line[0], line[1], "0", "0") if "网络" in line[0] else line for line in total]
    total = [(line[0], line[1], "3", "5") if "信函" in line[0] else line for line in total]
    confirmed = by_key(read(short(total)))["requests_in_person", YEAR]
    assert (confirmed.value, confirmed.repair) == (12, "split_digits")
    found = read(short(cut("公报")))
    assert by_key(found)["disclosed_gazette", YEAR].status == "ambiguous"
    assert "ambiguous_value" in codes(found)


def test_glued_digits_are_cut_where_one_way_alone_adds_up() -> None:
    glued = [
        f"<tr><td>{label}</td><td>{unit}</td><td colspan=2>{year}{cumulative}</td></tr>"
        for label, unit, year, cumulative in SHORT
    ]
    page = "<table><tr><td>指标</td><td>单位</td><td>2018</td><td>历年累计</td></tr>" + "".join(glued) + "</table>"
    found = by_key(read(page))
    assert found["requests_total", YEAR].value == 6
    assert found["requests_total", CUMULATIVE].value == 9
    assert found["requests_total", YEAR].repair == "glued_digits"
    # 57|615 and 5|7615 both obey every rule of the form.
    assert found["disclosed_total", YEAR].status == "ambiguous"
    assert found["disclosed_total", YEAR].value is None


def test_a_figure_printed_in_its_neighbours_cell_is_found_where_it_stands() -> None:
    plain = ["12", "3", "4", "", "0", "0", "19"]
    given = {"requests_new": ["12", "34", "", "", "0", "0", "19"], "granted": plain, "closed_total": plain}
    found = by_key(read(requests(given)))
    glued, empty = found["requests_new", "business"], found["requests_new", "research"]
    assert (glued.value, empty.value) == (3, 4)
    assert (empty.raw, empty.locator) == (glued.raw, glued.locator)
    assert empty.repair == glued.repair == "glued_digits"
    left = found["requests_new", "public_interest"]
    assert (left.status, left.raw) == ("blank", "")


def test_figures_behind_a_glued_cell_are_found_where_they_stand() -> None:
    plain = ["1", "2", "0", "0", "3", "0", "6"]
    page = requests({"requests_new": ["12", "0", "0", "3", "0", "6"], "granted": plain, "closed_total": plain})
    found = by_key(read(page))
    row = [found["requests_new", one.breakdown] for one in found.values() if one.indicator == "requests_new"]
    assert [one.value for one in row] == [1, 2, 0, 0, 3, 0, 6]
    assert [one.raw for one in row] == ["12", "12", "0", "0", "3", "0", "6"]
    assert len({one.locator for one in row}) == 6
    assert {one.repair for one in row} == {"glued_digits"}


def test_a_matrix_is_read_by_its_row_and_column() -> None:
    found = read(requests({"requests_new": list("1234567"), "granted": ["72", "3", "", "-", "/", "无", "75"]}))
    assert found.form is not None
    assert found.form.name == "national_2021"
    got = by_key(found)
    assert [got["requests_new", b].value for b in ("natural_person", "business", "total")] == [1, 2, 7]
    statuses = [
        got["granted", b].status for b in ("research", "public_interest", "legal_service", "other_organization")
    ]
    assert statuses == ["blank", "dash", "slash", "none_word"]
    assert len(got) == 25 * 7


def test_a_spanning_label_split_at_a_page_break_changes_nothing() -> None:
    given = {"unable_not_held": ["4", "0", "0", "0", "0", "0", "4"], "other_rest": ["0", "2", "0", "0", "0", "0", "2"]}
    whole = requests(given)
    split = whole.replace("rowspan=22>三、", "rowspan=10>三、").replace(
        "<td rowspan=3>（四）", "<td rowspan=12>三、本年度办理结果</td><td rowspan=3>（四）"
    )
    assert split != whole
    assert values(read(split)) == values(read(whole))


def test_other_handling_printed_as_one_line_is_that_line() -> None:
    outcomes = [entry for entry in OUTCOMES_2021 if not entry[1].startswith("other_")]
    outcomes.insert(-1, (("（六）其他处理",), "other_outcome"))
    found = by_key(read(requests({"other_outcome": list("1000001")}, outcomes), _proactive_2021()))
    assert found["other_outcome", "natural_person"].value == 1
    assert ("other_rest", "total") not in found


def test_a_local_subtotal_gives_its_heading_values() -> None:
    outcomes = list(OUTCOMES_2021)
    outcomes.insert(10, (("（三）不予公开", "小计"), "denied"))
    given = {"denied": list("5000005"), "denied_third_party": list("5000005"), "closed_total": list("5000005")}
    found = by_key(read(requests(given, outcomes)))
    assert found["denied", "total"].value == 5
    assert found["closed_total", "total"].value == 5


def test_the_form_is_told_by_its_labels() -> None:
    new = read(_proactive_2021())
    old = read(
        table(
            [
                ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
                ("规章", "1", "2", "3"),
                ("规范性文件", "4", "5", "6"),
            ]
        )
    )
    assert new.form is not None
    assert old.form is not None
    assert (new.form.name, old.form.name) == ("national_2021", "national_2019")


def _proactive_2021() -> str:
    return (
        "<table><tr><td colspan=4>第二十条第（一）项</td></tr>"
        "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
        "<tr><td>规章</td><td>0</td><td>0</td><td>7</td></tr><tr><td>行政规范性文件</td><td>8</td><td>5</td><td>98</td></tr>"
        "<tr><td colspan=4>第二十条第（八）项</td></tr>"
        "<tr><td>信息内容</td><td colspan=3>本年收费金额（单位：万元）</td></tr>"
        "<tr><td>行政事业性收费</td><td colspan=3>24252.311082</td></tr></table>"
    )


def test_money_keeps_its_figure_and_gains_a_standard_value() -> None:
    one = by_key(read(_proactive_2021()))["administrative_fees", "amount"]
    assert (one.value, one.unit, one.unit_source) == (Decimal("24252.311082"), "万元", "header")
    assert (one.value_std, one.unit_std) == (Decimal("242523110.82"), "元")


@pytest.mark.parametrize(
    ("raw", "unit", "source", "standard"),
    [
        ("251000元", "元", "cell", Decimal(251000)),
        ("25.1万元", "万元", "cell", Decimal(251000)),
        ("8040", "", "unknown", None),
    ],
)
def test_money_without_a_stated_unit_has_no_standard_value(
    raw: str, unit: str, source: str, standard: Decimal | None
) -> None:
    found = by_key(
        read(
            table([("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"), ("规章", "1", "2", "3")]),
            table([("信息内容", "采购项目数量", "采购总金额"), ("政府集中采购", "6", raw)]),
        )
    )
    one = found["procurement", "amount"]
    assert (one.unit, one.unit_source, one.value_std) == (unit, source, standard)


def test_columns_are_matched_by_order_where_spans_do_not_line_up() -> None:
    page = (
        "<table><tr><td>信息内容</td><td>上一年项目数量</td><td colspan=2>本年增/减</td><td>处理决定数量</td></tr>"
        "<tr><td>行政许可</td><td colspan=2>10</td><td>＋1036</td><td>30</td></tr>"
        "<tr><td>行政处罚</td><td colspan=2>11</td><td>减3</td><td>31</td></tr>"
        "<tr><td>行政强制</td><td colspan=2>12</td><td>－18</td><td>32</td></tr></table>"
    )
    found = by_key(read(page))
    assert [found["licensing", b].value for b in ("items_previous_year", "items_change", "decisions")] == [10, 1036, 30]
    assert [found[name, "items_change"].value for name in ("penalties", "compulsion")] == [-3, -18]


def test_disputes_stand_across() -> None:
    names = "".join(f"<td>{name}</td>" for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))
    page = (
        "<table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr><tr>"
        + names.replace("<td>", "<td rowspan=2>")
        + "<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr><tr>"
        + names
        + names
        + "</tr><tr>"
        + "".join(f"<td>{n}</td>" for n in range(1, 16))
        + "</tr><tr>"
        + "<td>&nbsp;</td>" * 15
        + "</tr></table>"
    )
    found = by_key(read(page))
    assert len(found) == 15
    assert found["reviews", "upheld"].value == 1
    assert found["litigation_direct", "total"].value == 10
    assert found["litigation_after_review", "pending"].value == 14
    assert found["litigation_direct", "upheld"].label == "未经复议直接起诉"


def test_the_five_forms_do_not_claim_a_page_without_them() -> None:
    assert read("<p>无表</p>", table([("姓名", "职务"), ("某人", "局长")])).form is None


def test_columns_that_no_line_prints_are_said() -> None:
    found = read(short([row[:3] for row in SHORT], ("指标", "单位", "2018年度")))
    said = [issue.message for issue in found.issues if issue.code == "missing_column"]
    assert said == ["columns of the form that the page does not print: cumulative"]
    assert "missing_column" not in codes(read(short()))


def test_a_column_that_counts_its_lines_holds_codes_whatever_its_header_says() -> None:
    rows = [(row[0], row[1], f"{at:02}", row[2]) for at, row in enumerate(SHORT, 1)]
    found = read(short(rows, ("指标", "单位", "2018年度", "历年累计")))
    assert not [key for key in values(found) if key[1] == "year"]
    assert values(found)["disclosed_total", "cumulative"] == values(read(short()))["disclosed_total", "year"]
    assert "unmatched_number" in codes(found)


def test_rows_before_the_header_stand_in_the_order_of_the_header_below_them() -> None:
    swapped = [(label, unit, ever, year) for label, unit, year, ever in SHORT]
    head = ("指标", "单位", "历年累计", "2018年度")
    found = read(table(swapped[7:]), short(swapped[:7], head))
    assert values(found) == values(read(short()))


@pytest.mark.parametrize("other", ["Number of items", "(items)", "Количество", "سانى", "건수"])
def test_a_second_language_beside_labels_and_units_changes_nothing(other: str) -> None:
    lines = [(f"{label}<br>{other}", f"{unit} {other}", *figures) for label, unit, *figures in SHORT]
    assert values(read(short(lines))) == values(read(short()))


def test_quarters_beside_the_whole_year_are_left() -> None:
    lines = [(label, unit, "1", "2", "3", "4", year) for label, unit, year, _ in SHORT]
    found = read(short(lines, ("指标", "单位", "一季度", "二季度", "三季度", "四季度", "全年合计")))
    assert values(found)["disclosed_total", "year"] == 57
    assert len(values(found)) == 14


def test_a_matrix_of_totals_alone_is_not_taken_for_one_turned() -> None:
    outcomes = [labels[-1] for labels, _ in OUTCOMES_2021]
    rows = [
        ("项目", "总计"),
        ("一、本年新收政府信息公开申请数量", "9"),
        *((label, "0") for label in outcomes),
    ]
    found = values(read(table(rows)))
    assert (found["requests_new", "total"], found["closed_total", "total"]) == (9, 0)
    assert {breakdown for _, breakdown in found} == {"total"}


WIDER = [(label, f"{at:02}", f"{3 * at % 7}") for at, (label, *_) in enumerate(SHORT, 1)]


def test_rows_of_another_table_that_part_elsewhere_than_the_header_are_read_in_its_order() -> None:
    head = "<tr><td colspan=2>指标</td><td colspan=2>代码</td><td>2018年度</td></tr>"
    above = "".join(f"<tr><td colspan=2>{a}</td><td colspan=2>{b}</td><td>{c}</td></tr>" for a, b, c in WIDER[:4])
    below = "".join(f"<tr><td>{a}</td><td colspan=2>{b}</td><td colspan=2>{c}</td></tr>" for a, b, c in WIDER[4:])
    found = read(f"<table>{head}{above}{below}</table>")
    assert [value for _, value in sorted(values(found).items())] == [
        value for _, value in sorted(values(read(short([(a, c) for a, _, c in WIDER], ("指标", "2018年度")))).items())
    ]


def test_codes_that_came_to_stand_among_the_figures_are_none() -> None:
    rows = [(a, "条", c, b) if at > 6 else (a, "条", b, c) for at, (a, b, c) in enumerate(WIDER)]
    found = read(short(rows, ("指标", "单位", "代码", "2018年度")))
    assert {int(value) for value in values(found).values()} <= {int(c) for _, _, c in WIDER}
    assert "unmatched_number" in codes(found)


def test_figures_that_happen_to_count_upwards_beside_codes_are_figures() -> None:
    rows = [(a, b, str(20 + at)) for at, (a, b, _) in enumerate(WIDER)]
    found = read(short(rows, ("指标", "代码", "2018年度")))
    assert len(values(found)) == len(SHORT)


def test_numbers_before_labels_that_are_misprinted_are_no_figures_where_no_header_stands() -> None:
    rows = [(label, *figures) for label, _, *figures in SHORT]
    rows[5] = ("2.网网各申请数", "2", "")
    seen = values(read(table([(str(at), *row) for at, row in enumerate(rows, 41)])))
    assert (seen["requests_online", "year"], seen["requests_online", "cumulative"]) == (2, None)
