"""Hanweb 大汉 annual-report module: one page for each year and body, `xxgkAnnualReport.jsp?fbtime=YEAR&area=CODE`.

Evidence: addresses of reports on sites of Zhejiang (丽水, 永嘉) whose `area` is a credit code or a code of the
body's place in the tree. The page on which year and body are chosen was not seen, so the module is provisional:
years and codes are read from its links and options, wherever they stand.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from bs4 import BeautifulSoup

from pipeline.crawl.discovery import generic
from pipeline.crawl.discovery.base import Entry, Family, ListPage, More, Reading, unique

MODULE = "xxgkAnnualReport.jsp"
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(r"[0-9A-Z]{9,24}")


def recognise(page: ListPage) -> int:
    return 92 if MODULE in page.address or page.text.count(MODULE) else 0


def read(page: ListPage) -> Reading:
    soup = generic.soup_of(page)
    entries: list[Entry] = []
    module = page.address.partition("?")[0] if MODULE in page.address else ""
    for href, text, element in generic.anchors(soup):
        address = page.link(href)
        if MODULE not in address:
            continue
        module = module or address.partition("?")[0]
        said = parse_qs(urlsplit(address).query)
        if said.get("fbtime") and said.get("area"):
            entries.append(Entry(address, text, generic.date_near(element)))
    years, bodies = _choices(soup, page)
    for year in years:
        for code, name in bodies.items():
            asked = urlencode({"fbtime": year, "area": code})
            entries.append(Entry(page.link(f"{module}?{asked}"), f"{name}{year}年政府信息公开年度报告"))
    if not entries:
        plain = generic.read(page)
        more = tuple(More(one.address, one.step, guessed=True) for one in plain.more)
        return Reading(plain.entries, more, None, bool(plain.entries), "the module's years and bodies were not found")
    return Reading(unique(entries))


def _choices(soup: BeautifulSoup, page: ListPage) -> tuple[list[str], dict[str, str]]:
    """The years and the bodies that can be chosen on the page, or that the entry in sources.toml lists."""
    years = dict.fromkeys(_YEAR.findall(page.options.get("years", "")))
    bodies = dict.fromkeys(page.options.get("areas", "").split(), "")
    for option in soup.find_all("option"):
        value, text = str(option.get("value") or "").strip(), option.get_text().strip()
        if _YEAR.fullmatch(value):
            years.setdefault(value)
        elif _CODE.fullmatch(value):
            bodies[value] = text
    return list(years), bodies


FAMILY = Family(
    "hanweb_annual", "Hanweb 大汉 annual reports", (__doc__ or "").split("\n\n")[1], recognise, read, provisional=True
)
