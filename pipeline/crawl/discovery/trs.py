"""TRS WCM: static list pages `index.html`, `index_1.html` …, and a search endpoint that fills what is not static.

Evidence: the column page of 平潭综合实验区 (ten of twenty reports are static, `listModel` names `recordCount`,
`maxStaticIndex`, `chnlid` and the field names `chnldocurl`, `doctitle`, `docreltime`); pages of sm.gov.cn and
others with `createPageHTML(total, current, "index", "html")`; requests of others to
`/was5/web/search?channelid=…&classsql=chnlid%3D…&prepage=…&page=…` on Fujian sites, answered with JSON whose
`docs` have `title`, `url`, `pubtime` and end in an entry titled 文章标题. On 平潭 itself the endpoint was never
seen answering, so it is provisional.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Entry, Family, ListPage, More, Reading, unique

_STATIC = re.compile(
    r"""createPageHTML\s*\(\s*(?:["'][^"']*["']\s*,\s*)?(\d+)\s*,\s*\d+\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']"""
)
_RECORDS = re.compile(r"""recordCount["']?\s*[:=]\s*["']?(\d+)""")
_LAST_STATIC = re.compile(r"""maxStaticIndex["']?\s*[:=]\s*["']?(\d+)""")
_PER_PAGE = re.compile(r"""prepage["']?\s*[:=]\s*["']?(\d+)""")
_CHANNEL = re.compile(r"""chnlid=(\d+)""")
_SEARCH = re.compile(r"""searchId["']?\s*[:=]\s*["']?(\d+)""")
_META = re.compile(r"""<meta\s[^>]*name=["']ChnlId["'][^>]*content=["'](\d+)""", re.IGNORECASE)

ENDPOINT = "/was5/web/search"
PER_REQUEST = 100
PLACEHOLDER = "文章标题"
_FIELDS = {
    "address": ("chnldocurl", "url", "docpuburl"),
    "title": ("doctitle", "title"),
    "published": ("docreltime", "pubtime"),
}


def recognise(page: ListPage) -> int:
    signs = ("createPageHTML" in page.text) * 40 + bool(_META.search(page.text)) * 40 + ("trsapi" in page.text) * 30
    signs += bool(re.search(r"/t20\d{6}_\d+\.s?html?", page.text)) * 40
    return min(signs, 95)


def read(page: ListPage) -> Reading:
    if page.step.startswith("search"):
        return _found(page)
    soup = generic.soup_of(page)
    entries, columns = generic.links_of(page, soup)
    more = [More(address, "page") for address in _static_pages(page)] if page.first else []
    counted = _RECORDS.search(page.text)
    expected = int(counted[1]) if counted else None
    if page.first and expected is not None and expected > len(entries):
        more += _search_pages(page, expected)
        more += [one for one in _perhaps_static(page, expected) if one.address not in {known.address for known in more}]
    if page.first and not more:
        more = [More(address, "page", guessed=True) for address in generic.pager(page, soup)]
    if not entries and expected is None:
        more += generic.columns_of(page, columns)
    return Reading(tuple(entries), tuple(more), expected)


def _static_pages(page: ListPage) -> list[str]:
    """The further static pages that the page's own pager script makes."""
    found = _STATIC.search(page.text)
    if found:
        total, name, ending = int(found[1]), found[2], found[3]
    else:
        last, name_now = _LAST_STATIC.search(page.text), urlsplit(page.address).path.rpartition("/")[2]
        total = int(last[1]) if last else 0
        name, _, ending = (name_now or "index.html").rpartition(".")
    return [page.link(f"{name}_{number}.{ending}") for number in range(1, min(total, generic.rules()["pager"]["most"]))]


def _perhaps_static(page: ListPage, expected: int) -> list[More]:
    """The static pages that there would be if the whole list were static."""
    per_page, name_now = _PER_PAGE.search(page.text), urlsplit(page.address).path.rpartition("/")[2]
    name, _, ending = (name_now or "index.html").rpartition(".")
    total = min(
        -(-expected // int(per_page[1])) if per_page and int(per_page[1]) else 0, generic.rules()["pager"]["most"]
    )
    return [More(page.link(f"{name}_{number}.{ending}"), "page", guessed=True) for number in range(1, total)]


def _search_pages(page: ListPage, expected: int) -> list[More]:
    """The requests that list a whole channel, however much of it is static."""
    channel, search = _CHANNEL.search(page.text) or _META.search(page.text), _SEARCH.search(page.text)
    number = page.options.get("search", search[1] if search else "")
    if not channel or not number:
        return []
    found = []
    for at in range(1, -(-expected // PER_REQUEST) + 1):
        asked = {
            "channelid": number,
            "templet": page.options.get("templet", "advsch.jsp"),
            "sortfield": "-docorderpri,-docreltime",
            "classsql": f"chnlid={channel[1]}",
            "prepage": PER_REQUEST,
            "page": at,
        }
        found.append(More(page.link(f"{ENDPOINT}?{urlencode(asked)}"), "search", provisional=True))
    return found


def _found(page: ListPage) -> Reading:
    """The entries in an answer of the search endpoint."""
    try:
        said = json.loads(page.text, strict=False)
    except ValueError:
        return Reading(complete=False, note="the search endpoint did not answer with JSON")
    documents = _documents(said)
    if documents is None:
        return Reading(complete=False, note="the answer of the search endpoint has no list of documents")
    entries = []
    for document in documents:
        values = {name: _first(document, fields) for name, fields in _FIELDS.items()}
        address = page.link(values["address"])
        if address and values["title"] != PLACEHOLDER:
            entries.append(Entry(address, values["title"], values["published"][:10]))
    count = said.get("count", said.get("recordCount")) if isinstance(said, dict) else None
    expected = int(str(count)) if str(count).isdigit() else None
    return Reading(
        unique(entries), expected=expected, complete=bool(entries), note="" if entries else "it lists nothing"
    )


def _documents(said: Any) -> list[dict[str, Any]] | None:
    """The first list of objects in an answer, at whatever depth."""
    if isinstance(said, list):
        return [one for one in said if isinstance(one, dict)]
    if isinstance(said, dict):
        named = ("docs", "list", "rows", "data", "result")
        for value in (said[name] for name in named if name in said):
            found = _documents(value)
            if found is not None:
                return found
    return None


def _first(document: dict[str, Any], fields: tuple[str, ...]) -> str:
    return next((str(document[name]).strip() for name in fields if document.get(name)), "")


FAMILY = Family("trs", "TRS WCM", (__doc__ or "").split("\n\n")[1], recognise, read, provisional=True)
