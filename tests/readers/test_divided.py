"""Boxes laid out as a table are one, with their empty cells."""

from __future__ import annotations

from annex.tables import SHORT, short, values

from parsers import annex
from parsers.document import Paragraph, Table
from parsers.readers import html
from tests.locate import find

HEAD = ("指标", "单位", "2018年度", "历年累计")
BLANK = [(a, b, "", d) if a == "行政复议数" else (a, b, c, d) for a, b, c, d in SHORT]


def boxes(rows: list[tuple[str, ...]], cell: str = "<div class=td>{}</div>") -> str:
    made = "".join(f"<div class=tr>{''.join(cell.format(text) for text in row)}</div>" for row in rows)
    return f"<p>附表</p><div class=tb>{made}</div><p>完</p>"


def test_rows_of_boxes_are_a_table_with_its_blank_cells() -> None:
    page = boxes([HEAD, *BLANK])
    before, table, after = html.read(page).blocks
    assert isinstance(table, Table)
    assert [len(row) for row in table.grid] == [4] * 15
    assert all(find(page, cell.locator) == cell.text for cell in table.cells)
    assert [block.text for block in (before, after) if isinstance(block, Paragraph)] == ["附表", "完"]
    assert values(annex.read([table])) == values(annex.read(html.read(short(BLANK)).blocks))


def test_cells_may_hold_paragraphs_and_one_box_more() -> None:
    page = boxes([HEAD, *BLANK], "<div><div class=c><p>{}</p></div></div>")
    assert values(annex.read(html.read(page).blocks)) == values(annex.read(html.read(short(BLANK)).blocks))


def test_boxes_with_words_or_few_figures_are_text() -> None:
    news = [("标题一", "2018-01-02"), ("标题二", "2018-01-03"), ("标题三", "2018-01-04")]
    assert all(isinstance(block, Paragraph) for block in html.read(boxes(news)).blocks)
    prose = [(str(n), "我局认真做好工作。" * 20) for n in range(5)]
    assert all(isinstance(block, Paragraph) for block in html.read(boxes(prose)).blocks)


def test_inline_elements_that_say_so_are_boxes() -> None:
    wanted = values(annex.read(html.read(short(BLANK)).blocks))
    for row, cell in (("role='row'", "role='cell'"), ("style='display: table-row'", "style='display:table-cell'")):
        made = ""
        for one in (HEAD, *BLANK):
            cells = "".join(f"<span {cell}><span>{text}</span></span>" for text in one)
            made += f"<span {row}>{cells}</span>"
        page = f"<p>附<span>表</span></p><div role=table>{made}</div>"
        before, table = html.read(page).blocks
        assert isinstance(before, Paragraph)
        assert before.text == "附表"
        assert isinstance(table, Table)
        assert all(find(page, one.locator) == one.text for one in table.cells)
        assert values(annex.read([table])) == wanted


def test_a_table_of_boxes_may_hold_more_dashes_than_figures() -> None:
    rows = [("信息内容", "制发", "废止"), ("规章", "—", "—"), ("行政规范性文件", "18", "—"), ("其他", "—", "/")]
    assert [type(block) for block in html.read(boxes(rows)).blocks] == [Paragraph, Table, Paragraph]
