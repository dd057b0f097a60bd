"""Hanweb 大汉 jpaas: the list is a piece of HTML inside a JSON answer.

Evidence: requests in the sources of about ten crawlers (miit, samr, mohurd, yantai, jinhua):
`GET /api-gateway/jpaas-publish-server/front/page/build/unit` with `parseType`, `webId`, `tplSetId`, `pageType`,
`tagId`, `editType`, `pageId`, which stand in the column page's `queryData`, and `paramJson={"pageNo":N,"pageSize":50}`;
the list is in `data.html`, and says `count` in its pager.
"""

from __future__ import annotations

import ast
import html
import json
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Entry, Family, ListPage, More, Reading, unique

ENDPOINT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SIZE = 50
_QUERY = re.compile(r"""queryData\s*=\s*(?:"([^"]*)"|'([^']*)'|(\{[^}]*\}))""", re.IGNORECASE)
_COUNT = re.compile(r"""\bcount["']?\s*[=:]\s*["']?(\d+)""")


def recognise(page: ListPage) -> int:
    return 93 if "jpaas-publish-server" in page.text else 0


def read(page: ListPage) -> Reading:
    if page.step == "unit":
        return _unit(page)
    asked = _queries(page.text)
    entries, columns = generic.links_of(page)
    more = [More(_address(page, one, 1), "unit") for one in asked]
    if not more:
        more = generic.columns_of(page, columns)
    note = "" if asked else "the page names no parameters for its list"
    return Reading(tuple(entries), tuple(more), None, bool(asked or entries), note)


def _queries(text: str) -> list[dict[str, str]]:
    found = []
    for groups in _QUERY.findall(text):
        said = html.unescape(next(filter(None, groups), ""))
        try:
            values = ast.literal_eval(said.replace(":null", ":'null'"))
        except (ValueError, SyntaxError):
            continue
        if isinstance(values, dict) and values.get("pageId"):
            found.append({str(name): str(value) for name, value in values.items()})
    return found


def _address(page: ListPage, asked: dict[str, str], number: int) -> str:
    first = {name: value for name, value in asked.items() if name != "paramJson"}
    wanted = json.dumps({"pageNo": number, "pageSize": SIZE}, separators=(",", ":"))
    return page.link(f"{ENDPOINT}?{urlencode({**first, 'paramJson': wanted})}")


def _unit(page: ListPage) -> Reading:
    try:
        piece = str(json.loads(page.text, strict=False)["data"]["html"])
    except (ValueError, KeyError, TypeError):
        return Reading(complete=False, note="the endpoint did not answer with a piece of a list")
    soup = generic.soup_of(replace(page, text=piece))
    entries = [
        Entry(address, text, generic.date_near(element))
        for href, text, element in generic.anchors(soup)
        if (address := page.link(href)) and generic.is_article(address)
    ]
    counted = _COUNT.search(piece)
    expected = int(counted[1]) if counted else None
    said = {name: values[0] for name, values in parse_qs(urlsplit(page.address).query).items()}
    more: list[More] = []
    try:
        number = int(json.loads(said.get("paramJson", "{}")).get("pageNo", 1))
    except ValueError:
        number = 1
    left = number * SIZE < expected if expected is not None else len(entries) >= SIZE
    if left and entries:
        more = [More(_address(page, said, number + 1), "unit")]
    return Reading(
        unique(entries), tuple(more), expected, bool(entries) or expected == 0, "" if entries else "no entries"
    )


FAMILY = Family("jpaas", "Hanweb 大汉 jpaas", (__doc__ or "").split("\n\n")[1], recognise, read)
