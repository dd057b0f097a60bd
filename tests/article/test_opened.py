"""Parts of a page that are shown on request only, and go on with the report, are read; others are not."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.records import ParsedBundle
from tests.forge import forge

START, END = '<div class="txt" id="articleContent">', "</div></div>"


def parts(seed: int) -> tuple[str, str, str]:
    """A forged page before its article, the article, and what comes behind it."""
    page = forge(seed, hardness=0.0, family="jpaas").content.decode()
    before, _, rest = page.partition(START)
    article, _, after = rest.partition(END)
    return before + START, article, END + after


def read(*texts: str) -> ParsedBundle:
    return parse("".join(texts).encode(), source="page.html")


def said(found: ParsedBundle) -> tuple[list[tuple[str, str, object, str]], list[str]]:
    cells = [(o.indicator, o.breakdown, o.value, o.status) for o in found.observations]
    return cells, [section.title for section in found.sections]


@pytest.mark.parametrize("seed", range(10))
def test_further_pages_of_an_article_are_read(seed: int) -> None:
    before, article, after = parts(seed)
    cut = article.rfind("</table>")
    cut = cut + 8 if 0 <= cut < len(article) - 200 else article.find("二、")
    cut = article.rfind("<", 0, cut) if article[cut] == "二" else cut
    pages = f'<div class="page on">{article[:cut]}</div><div class="page" style="display:none">{article[cut:]}</div>'
    one, other = read(before, article, after), read(before, pages, after)
    assert said(other)[0] == said(one)[0]
    assert set(said(other)[1]) >= set(said(one)[1]) - {""}


@pytest.mark.parametrize("seed", range(10))
def test_the_text_in_another_tab_is_read_and_said(seed: int) -> None:
    before, article, after = parts(seed)
    tabs = "<div class='tab active' id=t1><p>图解年报</p></div><div class=tab id=t2 style='display:none'>"
    one, other = read(before, article, after), read(before, tabs, article, "</div>", after)
    assert said(other)[0] == said(one)[0]
    assert "hidden_pages" in {issue.code for issue in other.issues}


@pytest.mark.parametrize("seed", range(10))
def test_hidden_tables_of_another_year_and_hidden_templates_are_not_read(seed: int) -> None:
    before, article, after = parts(seed)
    strange = parts(1000 + seed)[1]
    alone = read(before, article, after)
    tabs = f"<div class=tab id=t1>{article}</div><div class=tab id=t2 style='display:none'>{strange}</div>"
    assert said(read(before, tabs, after)) == said(alone)
    assert said(read(before, article, f"<div id=mould style='display:none'>{strange}</div>", after)) == said(alone)


def test_a_copy_for_other_screens_changes_nothing() -> None:
    before, article, after = parts(3)
    copies = f"<div class=a>{article}</div><div class=a style='display:none'>{article}</div>"
    found = read(before, copies, after)
    assert said(found) == said(read(before, article, after))
    assert "hidden_pages" not in {issue.code for issue in found.issues}


def test_an_article_that_a_script_shows_is_read_where_the_page_shows_nothing_else() -> None:
    before, article, after = parts(3)
    alone = read(before, article, after)
    covered = read(before, '<div id=body style="visibility: hidden; opacity: 0">', article, "</div>", after)
    assert said(covered) == said(alone)
    assert said(alone)[0]
    assert "hidden_pages" in {issue.code for issue in covered.issues}
