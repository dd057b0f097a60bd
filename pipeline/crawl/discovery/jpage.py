"""Hanweb 大汉 jpage: an XML `datastore` of list items in the page, and more of it from `dataproxy.jsp`.

Evidence: requests and answers in the sources of about ten crawlers (jiangsu, shandong, zhejiang, dalian, beijing
sites): `/module/web/jpage/dataproxy.jsp` or `/module/jpage/…` with `startrecord`, `endrecord`, `perpage`, `webid`,
`path`, `columnid`, `unitid`, `webname`, `permissiontype`, by POST or GET; records are `<record><![CDATA[<li>…]]>`,
further pages stand in `<nextgroup>`, the number of records in `<totalrecord>` or the script's `totalRecord`.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import urlencode

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Entry, Family, ListPage, More, Reading, unique

_PROXY = re.compile(r"""["'(]((?:https?://[^"'()\s]+?)?/module/(?:web/)?jpage/dataproxy\.jsp)""")
_RECORD = re.compile(r"<record>(.*?)</record>", re.DOTALL | re.IGNORECASE)
_NEXT = re.compile(r"<nextgroup>(.*?)</nextgroup>", re.DOTALL | re.IGNORECASE)
_TOTAL = re.compile(r"""<totalrecord>\s*(\d+)|totalRecord["']?\s*:\s*["']?(\d+)""", re.IGNORECASE)
_PARAMETER = re.compile(r"""\b(col|appid|webid|path|columnid|sourceContentType|unitid|webname|permissiontype)["']?\s*[:=]\s*["']?([^"'&,}\s<>]+)""")  # fmt: skip # noqa: E501
_PER_PAGE = re.compile(r"""perPage["']?\s*[:=]\s*["']?(\d+)""", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)

GROUP = 45
"""Records asked for at once: three pages of fifteen, as the pages themselves do."""


def recognise(page: ListPage) -> int:
    return 90 if "jpage/dataproxy.jsp" in page.text or "<datastore>" in page.text else 0


def read(page: ListPage) -> Reading:
    entries = _records(page)
    first = page.first
    if first:
        entries += generic.links_of(page)[0]
    found = unique(entries)
    total = _TOTAL.search(page.text)
    expected = int(total[1] or total[2]) if total else None
    more: list[More] = []
    group = _NEXT.search(page.text)
    link = re.search(r"""href=["']([^"']+)""", html.unescape(group[1])) if group else None
    if link and (following := page.link(html.unescape(link[1]))) and following != page.address:
        more = [More(following, "records")] if len(found) else []
    elif first and expected is not None and expected > len(found):
        more = _groups(page, expected)
    if not found and not more:
        more = generic.columns_of(page, generic.links_of(page)[1])
    whole = bool(found) or first or expected == 0 or "<datastore>" in page.text
    return Reading(found, tuple(more), expected, whole, "" if whole else "the data proxy answered without records")


def _records(page: ListPage) -> list[Entry]:
    """Entries in the page's datastore; each record is a piece of a list of its own."""
    entries: list[Entry] = []
    for record in _RECORD.findall(page.text):
        piece = "".join(_CDATA.findall(record)) or html.unescape(record)
        soup = generic.soup_of(replace(page, text=piece))
        for href, text, element in generic.anchors(soup):
            address = page.link(href)
            if address:
                entries.append(Entry(address, text, generic.date_near(element)))
                break
    return entries


def _groups(page: ListPage, expected: int) -> list[More]:
    """Requests for all records, by the parameters that the page's script names."""
    proxy = _PROXY.search(page.text)
    if not proxy:
        return []
    said: dict[str, str] = {}
    for name, value in _PARAMETER.findall(page.text):
        said.setdefault(name, html.unescape(value))
    said |= {name: page.options[name] for name in page.options if name in ("webid", "columnid", "unitid")}
    per_page = _PER_PAGE.search(page.text)
    found = []
    for start in range(1, expected + 1, GROUP):
        asked = {
            "startrecord": start,
            "endrecord": min(start + GROUP - 1, expected),
            "perpage": per_page[1] if per_page else 15,
            **said,
        }
        found.append(More(page.link(f"{proxy[1]}?{urlencode(asked)}"), "records"))
    return found


FAMILY = Family("jpage", "Hanweb 大汉 jpage", (__doc__ or "").split("\n\n")[1], recognise, read)
