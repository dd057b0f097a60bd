"""Longxun 龙讯 (Anhui, Hulunbuir): `OpennessContent/showList/SITE/COLUMN/page_N.html`, reports in `show/ID.html`.

Evidence: addresses of pages on sites of 宣州, 石台, 蚌埠 and 呼伦贝尔, among them the annual-report module
`Xxgknb/show/ID.html`. No list page was seen, so how it states its number of pages is provisional: the links of
its pager are read, and what it says about pages.
"""

from __future__ import annotations

import re

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Family, ListPage, More, Reading

_PAGE = re.compile(r"^(.*?/)(?:page_(\d+)\.html)?$")
_SIGNS = re.compile(r"/(?:Branch)?OpennessContent/|/Xxgknb/", re.IGNORECASE)


def recognise(page: ListPage) -> int:
    return 85 if _SIGNS.search(page.address) else 60 if _SIGNS.search(page.text) else 0


def read(page: ListPage) -> Reading:
    reading = generic.read(page)
    own = _PAGE.match(page.address)
    if not page.first or not own or not _SIGNS.search(page.address):
        return reading
    linked = [int(number) for number in re.findall(r"page_(\d+)\.html", page.text)]
    total = min(max([generic.pages_stated(page.text), *linked]), generic.rules()["pager"]["most"])
    more = [More(f"{own[1]}page_{number}.html", "page") for number in range(2, total + 1)]
    return Reading(reading.entries, (*more, *(one for one in reading.more if one.step != "page")))


FAMILY = Family("longxun", "Longxun 龙讯", (__doc__ or "").split("\n\n")[1], recognise, read, provisional=True)
