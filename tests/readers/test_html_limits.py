"""Pages that are too large or too deep end in a right result or in an error, never in a short report."""

from __future__ import annotations

import pytest

from parsers.document import Paragraph, Table
from parsers.errors import LimitError
from parsers.readers.html import read


def test_many_megabytes_of_tags_are_refused() -> None:
    with pytest.raises(LimitError, match="tags"):
        read("<div>" * 10_000_000)


@pytest.mark.parametrize(
    "tag", ["div", "span", "b", "font", "ul", "li", "section", "s", "a href=x", "blockquote", "x-y"]
)
def test_no_depth_of_blocks_loses_text(tag: str) -> None:
    depth = 30_000
    document = read(f"<{tag}>" * depth + "一" + f"</{tag.split(maxsplit=1)[0]}>" * depth + "<p>二</p>")
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert texts == (["二"] if tag == "s" else ["一", "二"])


def test_nested_tables_without_end_are_refused() -> None:
    with pytest.raises(LimitError, match="deep"):
        read("<table><tr><td>" * 100_000 + "5")


def test_a_hundred_tables_in_each_other_are_read() -> None:
    document = read("<table><tr><td>" * 100 + "5" + "</table>" * 100)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["5"]


def test_a_huge_span_makes_no_huge_grid() -> None:
    page = "<table><tr><td colspan=1000000 rowspan=1000000>甲<tr><td>1<td>2</table>"
    (table,) = read(page).blocks
    assert isinstance(table, Table)
    assert (table.rows, table.columns) == (2, 3)


def test_a_large_table_is_read_whole() -> None:
    page = "<table>" + "<tr><td><p>指标</p></td><td>12345</td><td>&nbsp;</td></tr>\n" * 20_000 + "</table>"
    (table,) = read(page).blocks
    assert isinstance(table, Table)
    assert (table.rows, table.columns, len(table.cells)) == (20_000, 3, 60_000)


@pytest.mark.parametrize(
    "junk", [*"<a,<!--,<!,</,<script>,<style>,<,&,&#,<td x=,<p =,<p ='".split(","), "<a b='", '<a b="']
)
def test_no_junk_takes_long_or_fails(junk: str) -> None:
    read("<p>一</p>" + junk * 50_000)
    read("<p>一</p>" + junk * 50_000 + ">")


@pytest.mark.parametrize(
    "piece", ["<b><p>", "<a href=x><div>", "</p>", "</div>", "<li>", "<dd><dt>", "<td>", "<s>", "<sup>1", "<h1>"]
)
def test_repeated_faults_take_no_long(piece: str) -> None:
    read(piece * 5_000 + "一")


def test_many_small_parts_of_one_line_take_no_long() -> None:
    read("<pre>" + "<b>甲</b>乙\n" * 5_000)
    read("<p>" + "<span hidden>甲</span>乙<b>丙</b><a href=x>丁</a>" * 5_000)
    read("<ul>" * 5_000 + "</dd></h2></li></table></tr>" * 5_000)


def test_a_reference_of_thousands_of_digits_is_no_character() -> None:
    page = f"<p>甲&#{'9' * 9003};乙&#65;&#000065</p>"
    assert [block.text for block in read(page).blocks if isinstance(block, Paragraph)] == ["甲\ufffd乙AA"]
