"""Pages that break off are errors, never short reports."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.errors import BrokenDocumentError

PAGE = "<html><body><p>一、概述</p><table><tr><td>主动公开文件数</td><td>57</td></tr></table></body></html>"


@pytest.mark.parametrize("end", ["<td cl", "<td", "</tab", '<a href="x'])
def test_a_page_that_ends_within_a_tag_is_broken(end: str) -> None:
    with pytest.raises(BrokenDocumentError, match="breaks off within a tag"):
        parse((PAGE[:60] + end).encode(), source="cut.html")


@pytest.mark.parametrize("end", ["", "a < b", "<", "<!-- 完", "\n"])
def test_a_whole_page_is_not(end: str) -> None:
    assert parse((PAGE + end).encode(), source="whole.html").documents[0].kind != "error"
