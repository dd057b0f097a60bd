"""VSB 博达: the list is `COLUMN.htm`, its further pages `COLUMN/N.htm` down to `COLUMN/1.htm`, the oldest.

Evidence: pages of 红河 and of other sites with articles at `/info/COLUMN/ID.htm`; of the pager its numbers, which
fall from the newest page to 1, so the largest number that is linked tells how many pages there are.
"""

from __future__ import annotations

import re

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Family, ListPage, More, Reading


def recognise(page: ListPage) -> int:
    articles = bool(re.search(r"""["'/]info/\d+/\d+\.html?""", page.text))
    return articles * 60 + ("vsb" in page.text.lower() or "_sitegray" in page.text) * 30


def read(page: ListPage) -> Reading:
    reading = generic.read(page)
    column = re.fullmatch(r"(.*/[\w-]+)\.html?", page.address)
    if not page.first or column is None:
        return reading
    links = (page.link(href) for href, _, _ in generic.anchors(generic.soup_of(page)))
    pattern = re.compile(re.escape(column[1]) + r"/(\d+)\.html?")
    numbers = [int(found[1]) for link in links if (found := pattern.fullmatch(link))]
    last = max([*numbers, generic.pages_stated(page.text) - 1], default=0)
    ending = page.address.rpartition(".")[2]
    pages = [
        More(f"{column[1]}/{number}.{ending}", "page")
        for number in range(min(last, generic.rules()["pager"]["most"]), 0, -1)
    ]
    rest = [one for one in reading.more if one.step != "page"] if pages else list(reading.more)
    return Reading(reading.entries, (*pages, *rest))


FAMILY = Family("vsb", "VSB 博达", (__doc__ or "").split("\n\n")[1], recognise, read)
