"""Tables as the page shows them: layout or data, nested, repaired, without rows that hold nothing."""

from __future__ import annotations

import pytest

from parsers.document import Document, Paragraph, Table
from parsers.readers.html import read


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def rows(table: Table) -> list[list[str | None]]:
    return [[None if index < 0 else table.cells[index].text for index in line] for line in table.grid]


def only(page: str) -> list[list[str | None]]:
    (table,) = tables(read(page))
    return rows(table)


DATA = "<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
ARTICLE = "".join(f"<p>{'政府信息公开工作' * 10}{n}。</p>" for n in range(8))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><td>a<td>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a</th><td>b</tr></tr><tr><td>c</td></td><td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><font><td>a</td><td>b</font></td></tr><tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a\0</td><td>b</td></tr><tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td><div>a</td><td></div>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td><b>a<td>b</b><tr><td>c<td>d</table></table>", [["a", "b"], ["c", "d"]]),
        ("<div>" * 600 + "<table><tr><td>a<td>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<p><html><body><table><tr><td>a<td>b</body></html><tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><form><tr><td>a<td>b</form><tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a<td>b<tbody><tr><td>c<td>d</tbody></table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a<td>b<p><tr><td>c<li><td>d</ul></table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a<td>b<table><tr><td>c<td>d</table></table>", [["a", "b"]]),
        ("<table><colgroup><col><col></colgroup><tr><th>a<th>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<td>x</td><table><tr><td>a<td>b</table><tr><td>y", [["a", "b"]]),
        ("<TABLE><TR><TD>a</TD><TD>b</TD></TR></TABLE>", [["a", "b"]]),
        ('<table><tr><td title="1>0">a</td><td x=\'"\'>b</td></tr></table>', [["a", "b"]]),
    ],
)
def test_broken_tables_are_read_as_browsers_do(page: str, expected: list[list[str]]) -> None:
    assert rows(tables(read(page))[0]) == expected


def test_text_between_cells_stands_before_the_table() -> None:
    blocks = read("<table><tr>前<td>a<td>b</tr>后<tr><td>c<td>d</table>末").blocks
    assert [block.text if isinstance(block, Paragraph) else "" for block in blocks] == ["前", "后", "", "末"]


def test_spans_are_expanded_once() -> None:
    page = "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>1<td>2</table>"
    (table,) = tables(read(page))
    assert rows(table) == [["甲", "乙", "乙"], ["甲", "1", "2"]]
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in table.cells] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
    ]
    assert table.at(1, 0) is table.cells[0]


def test_the_foot_is_laid_out_last_and_cells_stay_in_order() -> None:
    page = "<table><thead><tr><th>头<th>数<tfoot><tr><td>合计<td>3<tbody><tr><td>甲<td>3</table>"
    (table,) = tables(read(page))
    assert rows(table) == [["头", "数"], ["甲", "3"], ["合计", "3"]]
    assert [cell.text for cell in table.cells] == ["头", "数", "合计", "3", "甲", "3"]
    assert [cell.header for cell in table.cells[:3]] == [True, True, False]


def test_spans_stop_at_the_end_of_their_group() -> None:
    page = "<table><tbody><tr><td rowspan=9>a<td>1<tr><td>2</tbody><tbody><tr><td>b<td>3</table>"
    assert only(page) == [["a", "1"], ["a", "2"], ["b", "3"]]
    page = "<table><tbody><tr><td rowspan=0>a<td>1<tr><td>2</tbody><tbody><tr><td>b<td>3</table>"
    assert only(page) == [["a", "1"], ["a", "2"], ["b", "3"]]


def test_rows_and_cells_that_are_hidden_take_no_place() -> None:
    page = (
        "<style>.h{display:none}</style><table><tr><td>a<td style='display:none'>x<td>b"
        "<tr style='display:none'><td>x<td>x<tr class=h><td>x<td>x"
        "<tr><td>c<td style='visibility:hidden'>d</table>"
    )
    assert only(page) == [["a", "b"], ["c", ""]]


def test_word_sizing_rows_are_no_rows() -> None:
    sizing = (
        "<![if !supportMisalignedColumns]><tr height=0><td width=9 style='border:none'></td><td></td></tr><![endif]>"
    )
    page = f"<table><tr><td>a<td>b</td></tr><tr><td></td><td></td></tr>{sizing}</table>"
    assert only(page) == [["a", "b"], ["", ""]]
    assert only("<table><tr height=0><td width=9><td width=9><tr><td>a<td>b</table>") == [["a", "b"]]
    assert only("<table><tr height=0><td>0<td>1<tr><td>a<td>b</table>") == [["0", "1"], ["a", "b"]]


def test_captions_belong_to_the_table() -> None:
    (table,) = tables(read(f"<table><caption>表一<br>（件）</caption>{DATA[7:]}"))
    assert table.caption == "表一\n（件）"


def test_a_table_in_a_cell_keeps_its_rows_to_itself() -> None:
    outer, inner = tables(read(f"<table><tr><td>说明：本表由各单位填报汇总<td>{DATA}<tr><td>c<td>d</table>"))
    assert rows(outer) == [["说明：本表由各单位填报汇总", ""], ["c", "d"]]
    assert rows(inner) == [["甲", "1"], ["乙", "2"]]


@pytest.mark.parametrize(
    "page",
    [
        f"<table><tr><td>{ARTICLE}{DATA}</td></tr></table>",
        f"<table><tr><td>导航<td>{ARTICLE}{DATA}</td></tr></table>",
        f"<table><tr><td>横幅<tr><td><table><tr><td>左<td><table><tr><td>{ARTICLE}{DATA}</table></table><tr><td>页脚</table>",
        "<table>" + "".join(f"<tr><td><a href=/{n}>栏目{n}</a>" for n in range(9)) + f"<tr><td>{ARTICLE}{DATA}</table>",
    ],
)
def test_a_table_that_only_places_things_is_none(page: str) -> None:
    document = read(page)
    assert [rows(table) for table in tables(document)] == [[["甲", "1"], ["乙", "2"]]]
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert sum("政府信息公开工作" in text for text in paragraphs) == 8
    content = {block.container for block in document.blocks if "政府信息公开工作" in getattr(block, "text", "")}
    assert content == {tables(document)[0].container}
    if len(paragraphs) > 8:
        assert content != {block.container for block in document.blocks}


def test_a_table_of_one_cell_a_row_around_a_data_table_only_places_it() -> None:
    document = read(f"<table><tr><td>标题</td></tr><tr><td>日期</td></tr><tr><td><p>正文。</p>{DATA}</td></tr></table>")
    assert [getattr(block, "text", "表") for block in document.blocks] == ["标题", "日期", "正文。", "表"]


def test_a_long_note_does_not_make_a_data_table_a_layout() -> None:
    body = "".join(f"<tr><td>指标{n}<td>件<td>{n}" for n in range(9))
    (table,) = tables(read(f"<table>{body}<tr><td colspan=3>{ARTICLE}</table>"))
    assert table.rows == 10


def test_the_place_of_a_table_says_its_tag() -> None:
    assert [table.locator for table in tables(read(DATA + DATA))] == ["html:table#1", "html:table#2"]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>甲</td></tr><font style='visibility:hidden'><tr></font><td>5</td></tr></table>",
        "<font style='visibility:hidden'><table><tr></font><td>甲</td></tr><tr><td>5</td></tr></table>",
    ],
)
def test_a_row_that_begins_unseen_holds_the_cells_that_are_seen(page: str) -> None:
    assert only(page) == [["甲"], ["5"]]


def test_long_labels_in_tables_of_their_own_are_cells_of_the_outer_table() -> None:
    label = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    inner = [f"<td><table><tr><td>{text}</td></tr></table></td>" for text in (label, "0", "1")]
    rows = "".join(f"<tr>{''.join(inner)}</tr>" for _ in range(3))
    (table,) = read(f"<table>{rows}</table>").blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == [label, "0", "1"] * 3
