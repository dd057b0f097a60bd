"""Tables without a single row, which a torn page leaves behind."""

from parsers.annex import find
from parsers.document import Table
from parsers.readers.html import read

LABELS = "<tr><td>指标名称</td><td>数量</td></tr><tr><td>主动公开政府信息数</td><td>12</td></tr>"


def test_an_empty_table_beside_a_statistical_one_is_passed_over() -> None:
    blocks = read(f"<table>{LABELS}</table>").blocks
    empty = Table((), (), "html:table#9")
    assert find((empty, *blocks, empty, *blocks)) is not None
