"""Articles, outlines and recognition on the real reports of the corpus."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from parsers import article, outline, readers
from parsers.document import Document, Table
from parsers.facts.recognise import recognise

CORPUS = Path(os.environ.get("GONGKAI_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
TRUTH: dict[str, Any] = (
    json.loads((CORPUS / "truth.json").read_text(encoding="utf-8")) if (CORPUS / "truth.json").exists() else {}
)
NAMES = sorted(name for name in TRUTH if name.endswith((".html", ".txt")))

pytestmark = pytest.mark.skipif(not TRUTH, reason=f"no corpus in {CORPUS}")


def read(name: str) -> Document:
    return readers.read((CORPUS / "raw" / name).read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_every_title_is_found_at_its_level(name: str) -> None:
    found = outline.sections(article.find(read(name)))
    seen = Counter((s.level, s.title.rstrip("。")) for s in found)
    expected = Counter((level, title.rstrip("。")) for level, title in TRUTH[name]["sections"])
    assert not expected - seen
    # The coder did not list headings of the fourth level that run into their text.
    extra = seen - expected
    assert all(level in (0, 4) for level, _ in extra)


@pytest.mark.parametrize("name", NAMES)
def test_text_is_without_navigation_and_footer(name: str) -> None:
    text = "\n".join(s.text for s in outline.sections(article.find(read(name))))
    for word in (
        "当前位置",
        "ICP备",
        "版权所有",
        "网站标识码",
        "技术支持",
        "主办单位",
        "扫一扫",
        "浏览器版本",
        "采集时间",
        "附件下载",
        "索引号",
    ):
        assert word not in text


@pytest.mark.parametrize("name", NAMES)
def test_no_statistical_table_is_left_out(name: str) -> None:
    found = article.find(read(name))
    left = [block for block in (*found.before, *found.after) if isinstance(block, Table)]
    assert all("索引号" in [cell.text for cell in table.cells] for table in left)


@pytest.mark.parametrize("name", NAMES)
def test_prose_alone_makes_these_reports(name: str) -> None:
    document = read(name)
    assert recognise(document, article.find(document), name, 0).kind == "report"


@pytest.mark.parametrize(("name", "kind"), [("pingtan-list.html", "list"), ("pingtan-notareport-2014.txt", "other")])
def test_look_alikes(name: str, kind: str) -> None:
    document = read(name)
    assert recognise(document, article.find(document), name, 0).kind == kind
