"""Every place that the HTML reader gives is found again by other code, in pages of the corpus too."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from locate import find
from selectolax.lexbor import LexborHTMLParser

from parsers.document import Document, Paragraph, Table
from parsers.readers.html import read

CORPUS = Path(os.environ.get("GONGKAI_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "raw"
PAGES = sorted(CORPUS.glob("*.html"))
corpus = pytest.mark.parametrize(
    "path",
    PAGES or [pytest.param(None, marks=pytest.mark.skip("no corpus"))],
    ids=lambda path: getattr(path, "name", ""),
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def places(document: Document) -> list[tuple[str, str]]:
    """Text and locator of every paragraph and cell."""
    found = []
    for block in document.blocks:
        found += (
            [(block.text, block.locator)]
            if isinstance(block, Paragraph)
            else [(c.text, c.locator) for c in block.cells]
        )
    return found


@corpus
def test_every_text_is_found_again(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    found = places(read(page))
    assert len(found) > 30
    for text, locator in found:
        assert squeezed(find(page, locator)) == squeezed(text)
    assert len({locator for text, locator in found if text}) == sum(1 for text, _ in found if text)


@corpus
def test_nothing_visible_is_lost(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style", "title", "select", "noscript", "template"])
    body = tree.body
    assert body is not None
    for node in body.css("[style*='display:none'], [style*='display: none'], [hidden]"):
        node.decompose()
    document = read(page)
    seen = squeezed("".join(text for text, _ in places(document)))
    assert sorted(seen) == sorted(squeezed(body.text(deep=True)))


@corpus
def test_cells_are_those_that_an_html5_parser_counts(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    nodes = LexborHTMLParser(page).css("td, th")
    for text, locator in places(read(page)):
        if place := re.match(r"html:td#(\d+)\[", locator):
            assert squeezed(nodes[int(place[1]) - 1].text(deep=True)) == squeezed(text)


@corpus
def test_grids_are_those_of_pandas(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    tables = [block for block in read(page).blocks if isinstance(block, Table)]
    if not tables:
        return
    # A letter before each cell's text keeps pandas from reading numbers and blanks its own way.
    marked = re.sub(r"(<t[dh]\b[^>]*>)", r"\1x", page)
    frames = pd.read_html(io.StringIO(marked), flavor="lxml", header=None)
    assert len(frames) == len(tables)
    for frame, table in zip(frames, tables, strict=True):
        ours = [["x" + squeezed(table.cells[index].text) for index in line if index >= 0] for line in table.grid]
        theirs = [[squeezed(str(value)) for value in line] for line in frame.to_numpy().tolist()]
        if frame.shape == (table.rows, table.columns):
            assert ours == theirs
        else:
            # Columns in which no cell begins are left out here.
            assert len(theirs) == table.rows
            assert frame.shape[1] > table.columns
            assert [list(dict.fromkeys(line)) for line in ours] == [list(dict.fromkeys(line)) for line in theirs]


def test_text_places_are_found() -> None:
    text = "一\r\n二三\r四\u2028五\n"
    assert find(text, "text:L2") == "二三"
    assert find(text, "text:L2[1:2]") == "三"
    assert find(text, "text:L3[0:1,2:3]") == "四五"


def test_places_that_do_not_exist_are_errors() -> None:
    for locator in ("html:td#2[0:1]", "html:p#1[0:9]", "text:L9", "pdf:p1(0,0,1,1)", "html:td"):
        with pytest.raises((LookupError, AssertionError)):
            find("<table><td>5</td></table>", locator)


def test_ordinals_are_those_of_the_source_however_broken() -> None:
    page = (
        "<td>0</td><p>甲<table><!-- <td> --><script>'<td>'</script><tr><td>1<th>2</TD><TD title='<td>'>3<p>乙</table>"
    )
    (table,) = (block for block in read(page).blocks if isinstance(block, Table))
    assert [cell.locator for cell in table.cells] == ["html:td#2[0:1]", "html:td#3[0:1]", "html:td#4[0:2]"]
    assert [find(page, cell.locator) for cell in table.cells] == ["1", "2", "3乙"]
