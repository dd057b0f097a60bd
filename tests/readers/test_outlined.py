"""A report that stands within one table is read as the outline that it is."""

from __future__ import annotations

from annex.tables import SHORT, rows

from parsers import parse
from parsers.document import Paragraph, Table
from parsers.readers import html
from parsers.readers.outlined import text_rows

TITLE = "临江县农业局2018年政府信息公开工作年度报告"
PROSE = "我局按要求做好政府信息公开工作，及时公开信息，方便群众查阅。"
GROUPS = ("一、主动公开", "二、依申请公开")


def wide(text: str) -> str:
    return f"<tr><td colspan=4>{text}</td></tr>"


def saved(*above: str, below: tuple[str, ...] = ()) -> str:
    figures = rows([("指标", "单位", "2018年度", "历年累计"), *SHORT])
    return f"<table>{''.join(map(wide, above))}{figures}{''.join(map(wide, below))}</table>"


def test_title_headings_and_prose_in_rows_of_the_table_are_text() -> None:
    page = saved(
        TITLE, "一、概述", PROSE, "（一）机构", "设一人负责。", "二、附表", "单位：条", below=("三、存在的问题", PROSE)
    )
    found = parse(page.encode(), source="a.html")
    (report,) = found.reports
    assert (report.title, report.publisher) == (TITLE, "临江县农业局")
    assert [(s.level, s.title) for s in found.sections] == [
        (1, "一、概述"),
        (2, "（一）机构"),
        (1, "二、附表"),
        (1, "三、存在的问题"),
    ]
    assert [s.text for s in found.sections] == [PROSE, "设一人负责。", "", PROSE]
    assert len(found.observations) == 28


def test_a_table_of_figures_alone_stays_whole() -> None:
    document = html.read(saved("附表", below=("注：本表由办公室填报。",)))
    assert [type(block) for block in document.blocks] == [Table]


def test_headings_that_begin_anew_are_lines_of_the_figures() -> None:
    alone = [TITLE, "一、概述", PROSE, "二、附表", "", GROUPS[0], "", GROUPS[1], "", "三、问题", PROSE]
    assert text_rows(alone) == {0, 1, 2, 3, 9, 10}


def test_rows_that_reach_over_others_are_no_lines_of_text() -> None:
    page = saved(TITLE, "一、概述", PROSE, "二、附表").replace("<td>行政复议数", "<td rowspan=2>行政复议数")
    blocks = html.read(page).blocks
    assert [type(block) for block in blocks] == [Paragraph] * 4 + [Table]


def test_a_line_whose_figures_are_all_blank_is_no_heading() -> None:
    lines = ("一、本年新收申请数量", "二、上年结转申请数量", "三、结转下年度继续办理")
    blank = "".join(f"<tr><td colspan=3>{line}</td>{'<td>&nbsp;</td>' * 4}</tr>" for line in lines)
    page = f"<table>{blank}<tr><td colspan=7>注：本表由办公室汇总填报。</td></tr></table>"
    (table,) = html.read(page).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells if cell.text.strip()] == [*lines, "注：本表由办公室汇总填报。"]


def test_headings_of_a_form_over_a_note_are_lines_of_its_table() -> None:
    lines = ("一、主动公开情况", "二、回应解读情况", "三、依申请公开情况", "四、接受培训人员数")
    page = "".join(f"<tr><td>{line}</td><td>&nbsp;</td></tr>" for line in lines)
    (table,) = html.read(f"<table>{page}{wide('注：本表由办公室汇总填报。')}</table>").blocks
    assert isinstance(table, Table)
    page = "".join(map(wide, lines))
    (table,) = html.read(
        f"<table>{page}{wide('以上数据由办公室汇总填报，截至年底。')[:-5]}<td>1</td></tr></table>"
    ).blocks
    assert isinstance(table, Table)
