"""A label with its figure behind a colon, in one cell or one line, is a row of the form; sentences are none."""

from __future__ import annotations

import pytest
from annex.tables import by_key, read, requests

from parsers import parse
from parsers.document import Cell, Table
from parsers.parted import pair_of, parted
from tests.locate import find

PEOPLE = "natural_person business research public_interest legal_service other_organization total".split()
HEAD = ["某县水利局2018年政府信息公开工作年度报告", "根据《中华人民共和国政府信息公开条例》编制本报告。", "一、概述"]
LINES = {
    "（一）主动公开政府信息数：123条": ("disclosed_total", 123),
    "其中：主动公开规范性文件数：4条": ("normative_documents_disclosed", 4),
    "制发规范性文件总数：１０件": ("normative_documents_issued", 10),
    "1.政府公报公开政府信息数：0条": ("disclosed_gazette", 0),
    "2.政府网站公开政府信息数：1,100条": ("disclosed_website", 1100),
    "3.政务微博公开政府信息数：20条。": ("disclosed_weibo", 20),
    "4.政务微信公开政府信息数: 3条": ("disclosed_wechat", 3),
    "（一）收到申请数：7件": ("requests_received", 7),
    "1.当面申请数：1件": ("requests_in_person", 1),
}


def page(lines: list[str], kind: str) -> str:
    if kind == "text":
        return "\n".join([*HEAD, *lines])
    mark = (
        "".join(f"<tr><td>{line}</td></tr>" for line in lines)
        if kind == "cells"
        else "".join(f"<p>{line}</p>" for line in lines)
    )
    table = f"<table border=1>{mark}</table>" if kind == "cells" else mark
    return "<html><body>" + "".join(f"<p>{line}</p>" for line in HEAD) + table + "</body></html>"


@pytest.mark.parametrize("kind", ["text", "paragraphs", "cells"])
def test_lines_of_label_colon_and_figure_are_rows(kind: str) -> None:
    text = page(list(LINES), kind)
    found = parse(text.encode(), source="x")
    assert {o.indicator: o.value for o in found.observations} == dict(LINES.values())
    for one in found.observations:
        assert find(text, one.locator) == one.raw
    assert not {"unmatched_number", "unmatched_label"} & {issue.code for issue in found.issues}


@pytest.mark.parametrize("kind", ["text", "paragraphs"])
def test_a_few_such_lines_are_sentences(kind: str) -> None:
    assert parse(page(list(LINES)[:5], kind).encode(), source="x").observations == ()


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("行政许可：9", ("行政许可", "9")),
        (" 行政许可 : 9 件。", ("行政许可", "9 件")),
        ("其中：行政许可：+9", ("其中：行政许可", "+9")),
        ("行政许可：9（其中3件）", None),
        ("行政许可：无", None),
        ("联系电话：0599-8446604", None),
        ("行政许可9", None),
    ],
)
def test_pairs(text: str, pair: tuple[str, str] | None) -> None:
    found = pair_of(text, lambda label: "许可" in label)
    assert (found and (found[0][0], found[1][0])) == pair
    if found:
        assert [text[start:end] for _, start, end in found] == [own for own, _, _ in found]


def test_the_figure_stands_where_nothing_else_does() -> None:
    cells = (
        Cell(0, 0, 1, 1, "内容", "html:td#1[0:2]"),
        Cell(0, 1, 1, 1, "数量", "html:td#2[0:2]"),
        Cell(1, 0, 1, 1, "许可：9", "html:td#3[0:4]"),
        Cell(2, 0, 1, 1, "许可\n：8", "html:td#4[2:6]"),
        Cell(2, 1, 1, 1, "备注", "html:td#5[0:2]"),
    )
    made = parted(Table(cells, ((0, 1), (2, -1), (3, 4)), "html:table#1"), lambda label: label == "许可")
    assert [(c.row, c.column, c.text, c.locator) for c in made.cells if c.row] == [
        (1, 0, "许可", "html:td#3[0:2]"),
        (1, 1, "9", "html:td#3[3:4]"),
        (2, 0, "许可", "html:td#4[2:4]"),
        (2, 2, "8", "html:td#4[5:6]"),
        (2, 1, "备注", "html:td#5[0:2]"),
    ]
    assert made.grid == ((0, 1, -1), (2, 3, -1), (4, 6, 5))


def test_figures_of_one_column_run_together_with_their_labels_are_read() -> None:
    lines = [
        line.replace("：", "").replace(": ", "").replace("条", "").replace("件", "").replace("。", "") for line in LINES
    ]
    found = parse(
        page([line for line in lines if "其中" not in line] + ["2.传真申请数条2"], "text").encode(), source="x"
    )
    wanted = dict(LINES.values()) | {"requests_fax": 2}
    del wanted["normative_documents_disclosed"]
    assert {o.indicator: o.value for o in found.observations if o.value is not None}.items() <= wanted.items()
    assert len(found.observations) >= 6


def test_figures_of_several_columns_that_run_together_are_said_to_be_unread() -> None:
    rows = [
        "一、本年新收政府信息公开申请数量5000005",
        "（一）予以公开2000002",
        "（二）部分公开1000001",
        "（七）总计5000005",
    ]
    text = [
        "一年来，本局认真做好政府信息公开工作，主动公开各类信息。" * 5,
        "二、主动公开情况",
        "三、依申请公开情况",
        *rows,
    ]
    found = parse(page(text, "text").encode(), source="x")
    assert len(found.reports) == 1
    assert found.observations == ()
    (issue,) = [issue for issue in found.issues if issue.code == "figures_run_together"]
    assert issue.raw == rows[0]


@pytest.mark.parametrize("word", ["合计：{}", "总计:{}件", "累计{}件", "共{}件", "一共 {} 件"])
@pytest.mark.parametrize("place", range(7))
def test_a_word_of_sums_before_a_figure_in_its_cell_moves_no_figure(word: str, place: int) -> None:
    figures = ["3", "1", "0", "0", "2", "0", "6"]
    shown = [word.format(figure) if at == place else figure for at, figure in enumerate(figures)]
    found = read(requests({"requests_new": shown, "closed_total": figures}))
    assert [str(by_key(found)["requests_new", person].value) for person in PEOPLE] == figures


@pytest.mark.parametrize("parting", ["", " "])
def test_lines_of_label_figure_and_unit_without_a_sign_between_are_rows(parting: str) -> None:
    lines = [line.replace("：", parting).replace(": ", parting).replace("其中", "其中：") for line in LINES]
    found = parse(page(lines, "text").encode(), source="x")
    assert {o.indicator: o.value for o in found.observations} == dict(LINES.values())
