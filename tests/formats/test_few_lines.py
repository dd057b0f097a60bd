"""Reports that a browser prints with tables of few ruling lines, or none, are read as they were written."""

from __future__ import annotations

import pytest
from formats.making import rows

from parsers import parse, readers
from parsers.readers.charset import decode
from tests.forge.build import forge
from tests.forge.score import score

BARE = "table,tr,td,th{border:none!important}"
CLOSE = "table{border-collapse:collapse!important}"
BELOW = "td,th{border:none!important;border-bottom:1px solid!important}"
BESIDE = "td,th{border:none!important;border-left:1px solid!important;border-right:1px solid!important}"

PRINTED = (
    (BARE + CLOSE, 8400), (BARE + CLOSE, 8401), (BARE + CLOSE, 8406), (BARE + CLOSE, 8409), (BARE, 8407),
    (BELOW, 8400), (BELOW, 8405), (BELOW, 8407), (BELOW, 8408), (BELOW, 8409), (BELOW + CLOSE, 8407),
    (BESIDE + CLOSE, 8406), (BESIDE + CLOSE, 8409),
)  # fmt: skip

DAMAGED = ((BARE + CLOSE, 3308), (BARE + CLOSE, 3309), (BELOW, 3308), (BELOW, 3314), (BESIDE + CLOSE, 3304))


@pytest.mark.parametrize(
    ("style", "seed", "hardness"), [*((*one, 0.0) for one in PRINTED), *((*one, 0.3) for one in DAMAGED)]
)
def test_tables_with_few_lines(browser, tmp_path, style, seed, hardness):
    made = forge(seed, None, hardness)
    page = tmp_path / "report.html"
    page.write_text(f'<meta charset="utf-8"><style>{style}</style>{decode(made.content).text}', "utf-8")
    found = score(made.truth, parse(browser(page), source="report.pdf").observations)
    assert found.faults == []


def printed_rows(browser, tmp_path, lines: str, head: str) -> list[list[str]]:
    page = tmp_path / "table.html"
    page.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><style>{BARE + CLOSE} table{{width:auto}} td,th{{padding:0 1px}}'
        f"</style><table><tr>{head}</tr>{lines}</table>",
        "utf-8",
    )
    return rows(readers.read(browser(page)))


def test_figures_close_behind_units_that_stand_in_every_row(browser, tmp_path):
    label = "<tr><td style='padding-right:2em'>事项{}的数"
    lines = "".join(f"{label.format(mark)}<td>条<td>{n}" for n, mark in enumerate("甲乙丙丁戊己"))
    found = printed_rows(browser, tmp_path, lines, "<th>项目</th><th>位</th><th>数</th>")
    assert [row[-2:] for row in found[1:]] == [["条", str(n)] for n in range(6)]


def test_labels_over_several_columns_and_rows_whose_figures_are_blank(browser, tmp_path):
    first = '<tr><td rowspan="5" style="width:5em">办理结果</td><td>1.属于国家秘密的</td><td>4</td><td>7</td></tr>'
    blank = "".join(f"<tr><td>{n}.公开后的事{'项' * n}</td><td></td><td></td></tr>" for n in (2, 3, 4))
    last = "<tr><td>5.其他</td><td></td><td></td></tr>"
    over = '<tr><td colspan="2">（六）总计</td><td>4</td><td>7</td></tr>'
    head = '<th colspan="2">本列数据的勾稽关系</th><th>自然人</th><th>商业企业</th>'
    found = printed_rows(browser, tmp_path, first + blank + last + over, head)
    figures = [row[-3:] for row in found[1:]]
    assert figures[0] == ["1.属于国家秘密的", "4", "7"]
    assert figures[-2:] == [["5.其他", "", ""], ["（六）总计", "4", "7"]]


def test_a_figure_like_a_year_below_its_header_is_no_header(browser, tmp_path):
    head = "<th>信息内容</th><th style='padding-left:3em'>本年处理决定数量</th>"
    found = printed_rows(browser, tmp_path, "<tr><td>行政许可<td align=center>1993", head)
    assert found == [["信息内容", "本年处理决定数量"], ["行政许可", "1993"]]


def test_figures_lower_than_others_of_their_row_beside_labels_at_either_height(browser, tmp_path):
    low = "<span style='position:relative;top:9px'>{}</span>"
    cells = "<tr><td>{}<td style='padding:20px 2em'>事项{}的数<td style='width:4em'>{}<td style='width:4em'>{}"
    shown = [low.format(n + 10) if n < 2 else n + 10 for n in range(4)]
    lines = "".join(cells.format(low.format("类别"), "甲乙丙丁"[n], n, shown[n]) for n in range(4))
    found = printed_rows(browser, tmp_path, lines, "<th>类别</th><th>项目</th><th>本年</th><th>上年</th>")
    assert [row[-2:] for row in found[1:]] == [[str(n), str(n + 10)] for n in range(4)]
