"""Fujian 远略: articles at `/cms/html/SITE/YYYY-MM-DD/ID.html`.

Evidence: addresses of reports of 南平 and 延平 and the footer of the page of 赤门乡 (福建远略软件). Its lists were
never seen, so the names of their further pages are provisional: pagers that link are read, and `index_N.html` is
tried where the page states how many there are.
"""

from __future__ import annotations

import re

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Family, ListPage, Reading

_ARTICLE = re.compile(r"/cms/html/\w+/20\d\d-\d\d-\d\d/\d+\.html")


def recognise(page: ListPage) -> int:
    return 80 if _ARTICLE.search(page.text) or "/cms/html/" in page.address else 0


def read(page: ListPage) -> Reading:
    return generic.read(page)


FAMILY = Family("fujian", "Fujian 远略 /cms/html/", (__doc__ or "").split("\n\n")[1], recognise, read, provisional=True)
