"""Tables flattened to lines of text come back as grids."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from annex.tables import SHORT, by_key, codes, values

from parsers import annex
from parsers.annex import Annex
from parsers.labels import Meaning, indexes
from parsers.readers import plain


def read(text: str) -> Annex:
    return annex.read(plain.read(text).blocks)


def lines(gap: str = "\n\n", units: bool = True) -> str:
    head = ["指标", *(["单位"] if units else []), "2018", "历年累计"]
    cells = [cell for row in SHORT for cell in (row if units else (row[0], *row[2:]))]
    return gap.join(
        [
            "一、概述",
            "本乡全年主动公开信息五十七条，做到及时准确，方便群众查阅，没有收到任何投诉举报情况发生。",
            *head,
            *cells,
        ]
    )


def test_one_cell_a_line_is_read_whole() -> None:
    found = read(lines())
    assert len(values(found)) == 28
    assert values(found)["disclosed_total", "cumulative"] == 615
    assert by_key(found)["disclosed_total", "year"].locator.startswith("text:L")


def test_lost_units_and_any_spacing_change_nothing() -> None:
    whole = values(read(lines()))
    assert values(read(lines(units=False))) == whole
    assert values(read(lines(gap="\n"))) == whole
    assert values(read(lines(gap="\n\n \n"))) == whole


def test_a_row_a_line_and_a_whole_report_on_one_line() -> None:
    rows = ["指标 单位 2018 历年累计", *(" ".join(row) for row in SHORT)]
    assert values(read("\n".join(rows))) == values(read(lines()))
    assert values(read("（二）附表 " + " ".join(rows))) == values(read(lines()))


def test_a_label_cut_over_lines_is_put_together() -> None:
    assert values(read(lines().replace("受理政府信息公开申请总数", "受理政府信息\n公开申请总数"))) == values(
        read(lines())
    )


def test_empty_lines_tell_where_blank_cells_stood() -> None:
    text = lines(gap="\n").replace("2.政府公报公开数\n条\n0\n0", "2.政府公报公开数\n条\n\n8")
    found = by_key(read(text))
    assert found["disclosed_gazette", "year"].status == "blank"
    assert found["disclosed_gazette", "cumulative"].value == 8


def test_a_value_whose_column_is_lost_is_ambiguous() -> None:
    text = lines(gap="\n").replace("2.政府公报公开数\n条\n0\n0", "2.政府公报公开数\n条\n8")
    found = read(text)
    for breakdown in ("year", "cumulative"):
        one = by_key(found)["disclosed_gazette", breakdown]
        assert (one.status, one.value) == ("ambiguous", None)
    assert "ambiguous_value" in codes(found)


def test_running_codes_are_no_values() -> None:
    rows = ["序号", "指标", "2018", "历年累计"]
    for number, (label, _, year, cumulative) in enumerate(SHORT, 1):
        rows += [str(number), label, year, cumulative]
    assert values(read("\n".join(rows))) == values(read(lines()))


def test_empty_lines_before_a_running_code_are_blank_cells_of_the_row_above_it() -> None:
    rows = ["序号", "指标", "2018", "历年累计"]
    for number, (label, _, year, cumulative) in enumerate(SHORT, 1):
        rows += [str(number), label, year, cumulative if number % 3 else ""]
    lines_of = ("disclosed_gazette", "requests_online", "replies_granted", "replies_other")
    blank = {(line, "cumulative"): None for line in lines_of}
    assert values(read("\n".join(rows))) == values(read(lines())) | blank


def test_the_figure_of_the_last_row_is_no_code_because_codes_far_above_are_lower() -> None:
    rows = ["序号", "指标", "代码", "2018年度"]
    for number, (label, _, year, _) in enumerate(SHORT, 1):
        rows += [str(number), label, str(number), year if number < len(SHORT) else "5"]
    found = values(read("\n".join(rows)))
    assert [value for (line, _), value in found.items() if line == "litigation"] == [5]


def test_running_codes_of_any_width_are_no_values_of_blank_lines() -> None:
    rows = ["指标", "代码", "2018", "历年累计"]
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for number, (label, _, year, cumulative) in enumerate(SHORT, 1):
        rows += [label, str(number).translate(wide), *([] if number == 12 else [year, cumulative])]
    expected = {key: value for key, value in values(read(lines())).items() if key[0] != "replies_other"}
    found = values(read("\n".join(rows)))
    assert {key: value for key, value in found.items() if value is not None} == expected


def test_prose_alone_is_no_table() -> None:
    text = "2018年度主动公开政府信息共有57条，其中财政预算3条。\n"
    text += "(一)受理申请的数量。2018年度受理依申请公开0条，历年累计0条。"
    assert read(text).form is None


def test_running_codes_are_no_values_where_the_header_is_lost() -> None:
    labels = ["申请总数", "1.当面申请数", "2.传真申请数", "行政复议数", "行政诉讼数", "行政申诉数"]
    text = "\n\n".join(f"{label}\n{at}\n条\n{at * 100}" for at, label in enumerate(labels, 11))
    assert {o.raw for o in read(text).observations} == {f"{at}00" for at in range(11, 17)}


def test_figures_that_run_on_are_no_codes_where_nothing_else_stands_beside_the_labels() -> None:
    labels = ["申请总数", "1.当面申请数", "2.传真申请数", "行政复议数", "行政诉讼数", "行政申诉数"]
    found = read("\n\n".join(f"{label}\n{at}" for at, label in enumerate(labels, 11)))
    assert [o.raw for o in found.observations] == [str(at) for at in range(11, 17)]


def test_a_column_that_the_form_does_not_have_keeps_its_values_apart() -> None:
    head = ["信息内容", "上一年项目数量", "本年数量", "处理决定数量"]
    text = "\n".join(
        [*head, "行政许可", "5", "7", "9", "其他对外管理服务事项", "6", "8", "122", *head, "行政处罚", "1", "3", "2"]
    )
    found = values(read(text))
    assert [found["licensing", name] for name in ("items_previous_year", "decisions")] == [5, 9]
    assert found["penalties", "decisions"] == 2
    assert ("licensing", "items_change") not in found


def test_words_that_no_form_knows_cost_what_they_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(plain_look: Callable[[str], Meaning]) -> Callable[[str], Meaning]:
        def counted(text: str) -> Meaning:
            asked.append(len(text))
            return plain_look(text)

        return counted

    for index in indexes():
        monkeypatch.setattr(index, "meaning", counting(index.meaning))

    def looked_up(count: int) -> int:
        asked.clear()
        words = (f"甲{count}乙{number:05}丙" for number in range(count))  # words that were not looked up before
        read(" ".join(["申请总数 5 行政复议数 3 行政诉讼数 2 行政申诉数 1", *words, "7"]))
        return sum(asked)

    looked_up(1)  # what is looked up once in a process
    assert looked_up(4000) < 3 * looked_up(2000)


def test_a_line_of_code_label_and_figure_is_no_figure_with_a_note() -> None:
    lines = ["序号 指标名称 单位 数值", "1 （一）主动公开政府信息数 条 78", "2 　　其中：主动公开规范性文件数 条 12"]
    lines += ["3 　　制发规范性文件总数 件 92", "4 　　1.政府公报公开政府信息数 条 17", "5 收到申请数 件 3"]
    found = values(read("\n".join(lines)))
    assert [found[name, "value"] for name in ("disclosed_total", "normative_documents_disclosed")] == [78, 12]


def test_a_figure_with_a_separator_is_no_year_of_a_header() -> None:
    lines = ["指标", "当年", "历年累计", "主动公开文件数", "2,005", "2,015", "政府网站公开数", "2,005", "2,012"]
    lines += ["受理政府信息公开申请总数", "3", "4", "对申请的答复总数", "3", "4", "行政复议数", "0", "0"]
    found = values(read("\n".join(lines)))
    assert [found["disclosed_total", name] for name in ("year", "cumulative")] == [2005, 2015]
    assert [found["disclosed_website", name] for name in ("year", "cumulative")] == [2005, 2012]


def test_a_figure_like_a_year_before_a_repeated_header_is_a_figure() -> None:
    head = ["指标", "单位", "2018年度", "历年累计"]
    cells = [cell for row in SHORT for cell in row]
    cells[4 * 3 + 2 : 4 * 3 + 4] = ["1926", "1987"]
    found = values(read("\n".join([*head, *cells[:16], *head, *cells[16:]])))
    assert [found["requests_total", name] for name in ("year", "cumulative")] == [1926, 1987]
    assert len(found) == 28


def test_a_figure_before_a_repeated_header_is_no_running_number() -> None:
    rows = [(str(at), row[0], f"{at:02d}", row[1], row[2]) for at, row in enumerate(SHORT, 1)]
    head = ["序号", "指标", "代码", "单位", "2018年度"]
    rows[6] = (*rows[6][:4], "957")
    cells = [cell for row in rows for cell in row]
    found = values(read("\n".join([*head, *cells[:35], *head, *cells[35:]])))
    assert found["requests_letter_fax", "year"] == 957
    assert len(found) == 14


PEOPLE = [
    "申请人情况",
    "自然人",
    "法人或其他组织",
    "总计",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
]


def test_a_short_label_is_no_beginning_of_a_misprinted_long_one() -> None:
    rows = ["一、本年新收政府 信息公开申请数 量", *"5100006", "二、上年结转 政府信息公开申请请数量", *"3000003"]
    found = values(read("\n".join([*PEOPLE, *rows, "四、结转下年度继续办理", *"0000000"])))
    assert found["requests_carried_in", "natural_person"] == 3
    assert found["requests_carried_in", "total"] == 3


def test_blank_rows_before_another_table_are_rows_of_their_own() -> None:
    labels = [
        "一、本年新收政府信息公开申请数量",
        "（五）不予处理 2.重复申请",
        "小计",
        "（六）其他处理",
        "（七）总计",
        "四、结转下年度继续办理",
    ]
    rows = [cell for label in labels for cell in (label, *[""] * 7)]
    other = [
        "第二十条第（一）项",
        "信息内容",
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "规章",
        "1",
        "2",
        "3",
    ]
    found = by_key(read("\n".join([*PEOPLE, *rows, *other])))
    assert found["closed_total", "total"].status == "blank"
    assert found["requests_carried_out", "business"].status == "blank"
    assert found["rules", "total_disclosed"].value == 3


def test_cells_a_line_in_the_other_order_are_read_whole() -> None:
    head = ["指标", "单位", "2018", "历年累计"]
    rows = [list(row) for row in (head, *SHORT)]
    whole = values(read(lines()))
    assert values(read("\n".join(cell for row in rows for cell in row[::-1]))) == whole
    assert values(read("\n".join(cell for row in rows[::-1] for cell in row[::-1]))) == whole


def test_the_code_behind_a_repeated_header_takes_no_figure_for_one() -> None:
    head = ["序号", "指标", "单位", "2018年度"]
    rows = [[str(i), row[0], row[1], row[2]] for i, row in enumerate(SHORT, 1)]
    rows[5][3], rows[6][3] = "6", "7"
    before = [cell for row in rows[:7] for cell in row]
    text = "\n".join([*head, *before, *head, *(cell for row in rows[7:] for cell in row)])
    assert values(read(text))["requests_letter_fax", "year"] == 7


def test_empty_lines_between_rows_are_no_blank_cells() -> None:
    rows = ["指标  单位  2018年度  历年累计", *("  ".join(row) for row in SHORT)]
    rows[2] = "其中:1.政府网站公开数  条  57"
    found = by_key(read("\n\n".join(rows)))
    assert found["disclosed_website", "year"].status == "ambiguous"
    assert found["disclosed_gazette", "cumulative"].value == 0


def test_lost_figures_and_numbers_of_lines_do_not_turn_the_order() -> None:
    head = ["序号", "指标", "单位", "2018年度"]
    rows = [[str(i), label, unit, year] for i, (label, unit, year, _) in enumerate(SHORT, 1)]
    rows[6][3] = rows[-1][3] = ""
    found = values(read("\n".join(cell for row in (head, *rows) for cell in row if cell)))
    wanted = values(read("\n".join(cell for row in (head, *rows) for cell in row[1:])))
    assert {key: value for key, value in found.items() if value is not None} == {
        key: value for key, value in wanted.items() if value is not None
    }
    without = [cell for row in rows for cell in row[:2]]
    assert not {value for value in values(read("\n".join([*head[:2], "2018年度", *without]))).values() if value}


@pytest.mark.parametrize("pads", ["", "||"])
@pytest.mark.parametrize("blank", ["\n|", "  |"])
def test_blank_cells_between_bars_are_known_by_a_line_end_or_by_blanks(blank: str, pads: str) -> None:
    text = short_text(blank, pads)
    found = values(read(text))
    assert found["disclosed_gazette", "year"] is None
    assert found["disclosed_gazette", "cumulative"] == 7
    assert (found["reviews", "year"], found["reviews", "cumulative"]) == (None, None)
    assert (found["litigation", "year"], found["litigation", "cumulative"]) == (5, None)


def short_text(blank: str, pads: str) -> str:
    """The short annex with a bar behind each cell, some of them blank."""
    given = {"2.政府公报公开数": ("", "7"), "行政复议数": ("", ""), "行政诉讼数": ("5", "")}
    rows = [("指标", "单位", "2018年度", "历年累计"), *((a, b, *given.get(a, c)) for a, b, *c in SHORT)]
    table = "\n".join("".join(f" {cell} |" if cell else blank for cell in row).strip() + pads for row in rows)
    return table + "\n五、存在的问题\n无。"


def test_codes_of_a_form_that_is_not_filled_in_are_no_figures() -> None:
    rows = [
        ("指标名称", "计量单位", "代码", "本期实际", "本年累计"),
        *((a, b, f"{i:02}", "", "") for i, (a, b, *_) in enumerate(SHORT, 1)),
    ]
    text = "\n".join("\n".join([row[0], *(f"| {cell}".strip() for cell in row[1:]), "|"]) for row in rows)
    assert set(values(read(text)).values()) == {None}


def test_a_long_label_with_blanks_in_it_is_no_prose() -> None:
    long = "（四）政府信息公开专项经费（不包 括 用于政府公报编辑 管理及政府网站 建设维 护等方面的 经费）"
    own = [
        "主动公开政府信息数",
        "主动公开规范性文件数",
        "制发规范性文件总数",
        "收到申请数",
        "申请办结数",
        "申请答复数",
        long,
    ]
    rows = [cell for number, label in enumerate(own) for cell in (label, "件", str(number))]
    assert values(read("\n".join(rows)))["special_funds", "value"] == 6


def test_labels_that_go_on_below_their_figures_are_put_together() -> None:
    rows = ["指标 单位 2018年度 历年累计"]
    for label, *rest in SHORT:
        at = 5 if len(label) > 7 else len(label)
        rows += [f"{label[:at]} {' '.join(rest)}", *filter(None, [label[at:]])]
    assert values(read("\n".join(rows))) == values(read(lines()))


def test_bars_that_only_end_the_rows_of_cells_a_line_are_no_cells() -> None:
    rows = [("指标", "单位", "2018年度", "历年累计"), *((a, b, *BLANK.get(a, c)) for a, b, *c in SHORT)]
    text = "\n".join("\n".join([row[0], *(f"| {cell}".strip() for cell in row[1:]), "|"]) for row in rows)
    found = values(read(text))
    assert (found["reviews", "year"], found["reviews", "cumulative"]) == (None, 4)
    assert (found["litigation", "year"], found["litigation", "cumulative"]) == (5, None)
    assert found["requests_total", "cumulative"] == 9


BLANK = {"行政复议数": ("", "4"), "行政诉讼数": ("5", "")}
