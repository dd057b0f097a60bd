"""UCAP 开普: static lists `column-index-N.shtml`, articles at `/YYYYMM/32hex.shtml` or `/cNNNNNN/YYYYMM/uuid.shtml`.

Evidence: the page of 沭阳县发展和改革局 in the corpus and pages of 会昌, 新疆, 宿迁 and others; the list's pages by
their addresses. Lists filled by script were not seen, so one that has no links at all is said to be incomplete.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Family, ListPage, More, Reading

_ARTICLE = re.compile(r"/(?:c\d{5,}/)?20\d{4}/[0-9a-f-]{32,36}\.s?html")
_INDEX = re.compile(r"column-index-(\d+)\.shtml")


def recognise(page: ListPage) -> int:
    signs = bool(_ARTICLE.search(page.text)) * 60 + bool(_INDEX.search(page.text)) * 30
    return signs + ("websiteCode" in page.text or "ucap" in page.text.lower()) * 20


def read(page: ListPage) -> Reading:
    reading = generic.read(page)
    numbers = [int(number) for number in _INDEX.findall(page.text)]
    if not page.first or not numbers:
        return reading
    folder = urlsplit(page.address).path.rpartition("/")[0]
    last = min(max([*numbers, generic.pages_stated(page.text)]), generic.rules()["pager"]["most"])
    more = [page.link(f"{folder}/column-index-{number}.shtml") for number in range(1, last + 1)]
    pages = [More(address, "page", guessed=True) for address in more if address != page.address]
    return Reading(reading.entries, (*pages, *(one for one in reading.more if one.step != "page")))


FAMILY = Family("ucap", "UCAP 开普", (__doc__ or "").split("\n\n")[1], recognise, read)
