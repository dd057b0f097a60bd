"""Guangdong gkmlpt: a tree of categories in the page, a JSON list for each.

Evidence: `GET /gkmlpt/api/all/{category}?page=N&sid=SID` in the sources of about ten crawlers of Guangdong sites
(gd, gz, sz, dg, …): `{"total", "articles": [{"id", "title", "url", "post_url", "display_publish_time", "date"}]}`,
a hundred a page; page 0 and page 1 are the same page on some sites; SID and TREE stand in `window._CONFIG`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Entry, Family, ListPage, More, Reading, unique

PER_PAGE = 100
_SID = re.compile(r"""["']?SID["']?\s*[:=]\s*["']?(\d+)""")
_TREE = re.compile(r"""["']?TREE["']?\s*[:=]\s*""")
_NAMED = re.compile(r"年报|年度报告")
_PAGE = re.compile(r"([?&]page=)(\d+)")


def recognise(page: ListPage) -> int:
    return 95 if "/gkmlpt/" in page.address or ("/gkmlpt/" in page.text and "_CONFIG" in page.text) else 0


def read(page: ListPage) -> Reading:
    return _articles(page) if page.step == "articles" else _categories(page)


def _categories(page: ListPage) -> Reading:
    """The requests for the categories of annual reports."""
    sid = page.options.get("sid") or next(iter(_SID.findall(page.text)), "")
    found = page.options.get("category", "").split() or list(dict.fromkeys(_ids(page.text)))
    root = page.address.partition("/gkmlpt/")[0] if "/gkmlpt/" in page.address else page.link("/").rstrip("/")
    if not sid or not found:
        plain = generic.read(page)
        return Reading(plain.entries, plain.more, None, False, "neither SID nor a category of annual reports was found")
    return Reading(more=tuple(More(f"{root}/gkmlpt/api/all/{one}?page=1&sid={sid}", "articles") for one in found))


def _ids(text: str) -> Iterator[str]:
    """The ids of categories whose name says annual reports."""
    start = _TREE.search(text)
    if start:
        try:
            yield from _named(json.JSONDecoder(strict=False).raw_decode(text, start.end())[0])
            return
        except ValueError:
            pass
    for piece in re.findall(r"\{[^{}]*", text):
        number, name = re.search(r"""["']?id["']?\s*:\s*["']?(\d+)""", piece), re.search(r"""name["']?\s*:\s*["']([^"']+)""", piece)  # fmt: skip # noqa: E501
        if number and name and _NAMED.search(name[1]):
            yield number[1]


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _named(one)
    elif isinstance(node, dict):
        if _NAMED.search(str(node.get("name", ""))) and str(node.get("id", "")).isdigit():
            yield str(node["id"])
        for value in node.values():
            if isinstance(value, list):
                yield from _named(value)


def _articles(page: ListPage) -> Reading:
    try:
        said = json.loads(page.text, strict=False)
        listed, total = said["articles"], int(said["total"])
    except (ValueError, KeyError, TypeError):
        return Reading(complete=False, note="the list did not answer with articles")
    entries = [
        Entry(address, str(one.get("title", "")).strip(), _date(one))
        for one in listed
        if isinstance(one, dict) and (address := page.link(str(one.get("post_url") or one.get("url") or "")))
    ]
    at = _PAGE.search(page.address)
    number = int(at[2]) if at else 1
    more = []
    if at and number == 1 and total:
        pages = [*range(2, -(-total // PER_PAGE) + 1), *([0] if len(listed) < total else [])]
        more = [More(_PAGE.sub(rf"\g<1>{one}", page.address), "articles", guessed=True) for one in pages]
    return Reading(unique(entries), tuple(more), total)


def _date(article: dict[str, Any]) -> str:
    for name in ("display_publish_time", "first_publish_time", "date", "create_time"):
        value = str(article.get(name) or "")
        if re.match(r"(?:19|20)\d\d-\d\d-\d\d", value):
            return value[:10]
        if value.isdigit() and len(value) == 10:
            return (datetime.fromtimestamp(int(value), UTC) + timedelta(hours=8)).strftime("%Y-%m-%d")
    return ""


FAMILY = Family("gkmlpt", "Guangdong gkmlpt", (__doc__ or "").split("\n\n")[1], recognise, read)
