"""Plain links: the reading that stands when no family is recognised, and the static part of those that are.

Evidence: the list pages of the notes, among them the column page of 平潭综合实验区, which was read in full; the
words in paths and anchors seen on about sixty sites (zfxxgknb, xxgknb, ndbg, …).

Pages are irregular (a link may hold a whole row, dates stand beside or inside it), so they are read with
BeautifulSoup. Of each link the text, the title and the address are weighed by `links.toml`.
"""

from __future__ import annotations

import functools
import re
import tomllib
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import regex
from bs4 import BeautifulSoup, Tag

from pipeline.archive.addresses import host
from pipeline.archive.links import is_attachment
from pipeline.crawl.discovery.base import Entry, Family, ListPage, More, Reading, unique

SECONDS = 2.0
DEEPEST = 2
COLUMNS = 10
"""How many columns deep a start page is followed until one lists reports, and how many on a page."""

_BLANKS = re.compile(r"\s+")
_DATE = re.compile(r"(20\d\d|19\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})")
_NUMBERED = re.compile(r"^(.*?)(?:_(\d{1,4}))?(\.s?html?)$")


@functools.cache
def rules() -> dict[str, Any]:
    """The data file, its patterns ready to be used."""
    said = tomllib.loads(resources.files("pipeline.crawl.discovery").joinpath("links.toml").read_text("utf-8"))
    for kind in ("text", "path"):
        for rule in said[kind]:
            rule["regex"] = regex.compile(rule["pattern"], regex.IGNORECASE)
    said["article"]["regex"] = regex.compile("|".join(said["article"]["patterns"]), regex.IGNORECASE)
    said["pager"]["regex"] = regex.compile(said["pager"]["text"], regex.IGNORECASE)
    said["pager"]["totals"] = [regex.compile(pattern, regex.IGNORECASE) for pattern in said["pager"]["total"]]
    return said


def _sum(kind: str, text: str) -> int:
    return sum(rule["weight"] for rule in rules()[kind] if rule["regex"].search(text, timeout=SECONDS))


@functools.lru_cache(maxsize=4096)
def is_article(address: str) -> bool:
    """Whether an address looks like that of a single article or file."""
    parts = urlsplit(address)
    found = rules()["article"]["regex"].search(f"{parts.path}?{parts.query}".rstrip("?"), timeout=SECONDS)
    return bool(found) or is_attachment(address)


def entry_score(text: str, address: str, page: ListPage) -> int:
    """How much a link looks like one to a report."""
    score = _sum("text", text)
    if is_article(address):
        score += rules()["article"]["weight"]
    folder = urlsplit(page.address).path.rpartition("/")[0]
    if len(folder) > 1 and urlsplit(address).path.startswith(f"{folder}/") and _folder_score(folder) > 0:
        score += 1
    return score


@functools.lru_cache(maxsize=256)
def _folder_score(folder: str) -> int:
    return _sum("path", folder)


def column_score(text: str, address: str) -> int:
    """How much a link looks like one to a list of reports."""
    return _sum("text", text) + _sum("path", urlsplit(address).path)


def soup_of(page: ListPage) -> BeautifulSoup:
    """A page's tree for irregular pages."""
    return BeautifulSoup(page.text, "lxml")


def anchors(soup: BeautifulSoup | Tag) -> list[tuple[str, str, Tag]]:
    """Each link with its text (the title where that says more), blanks removed."""
    found = []
    for element in soup.find_all("a"):
        if not element.get("href"):
            continue
        text = _BLANKS.sub("", element.get_text())
        title = _BLANKS.sub("", str(element.get("title") or ""))
        cut = text.rstrip(".…")
        found.append(
            (str(element["href"]), title if len(title) > len(text) or (cut and cut in title) else text, element)
        )
    return found


def date_near(element: Tag) -> str:
    """The date in the row that a link stands in, as YYYY-MM-DD, or ""."""
    place: Tag | None = element
    for _ in range(4):
        if place is None or place.name in ("ul", "ol", "body", "tbody", "table"):
            break
        text = place.get_text(" ")
        if len(text) > 400:
            break
        found = list(_DATE.finditer(text))
        if found:
            year, month, day = (int(part) for part in found[-1].groups())
            if 1 <= month <= 12 and 1 <= day <= 31:
                return f"{year:04}-{month:02}-{day:02}"
        place = place.parent
    return ""


def links_of(page: ListPage, soup: BeautifulSoup | Tag | None = None) -> tuple[list[Entry], list[tuple[str, int]]]:
    """The entries of a page and its links to columns with their score."""
    soup = soup_of(page) if soup is None else soup
    entries: list[Entry] = []
    columns: dict[str, int] = {}
    for href, text, element in anchors(soup):
        address = page.link(href)
        if not address or address == page.address:
            continue
        if entry_score(text, address, page) >= rules()["entry_at_least"] and is_report_like(text, address):
            entries.append(Entry(address, text, date_near(element)))
        elif not is_article(address):
            score = column_score(text, address)
            if score >= rules()["column_at_least"]:
                columns[address] = max(score, columns.get(address, 0))
    return list(unique(entries)), sorted(columns.items(), key=lambda pair: (-pair[1], pair[0]))


def is_report_like(text: str, address: str) -> bool:
    """Whether a link with report words leads to a report rather than to a column of them."""
    if is_article(address):
        return True
    path = urlsplit(address).path
    year = re.search(r"(?:19|20)\d\d", text) is not None
    return year and not path.endswith("/") and not re.search(r"/(?:index|list|nlist)(?:_\d+)?\.s?html?$", path)


def pager(page: ListPage, soup: BeautifulSoup | Tag | None = None) -> list[str]:
    """Addresses of the list's further pages: by the links of its pager, and by the number of pages that it states."""
    soup = soup_of(page) if soup is None else soup
    found: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for href, text, _ in anchors(soup):
        address = page.link(href)
        if not address or address == page.address or host(address) != host(page.address):
            continue
        if rules()["pager"]["regex"].search(text, timeout=SECONDS) and _same_list(page.address, address):
            found.setdefault(address)
            stem, number = _stem(address)
            numbers[stem] = max(numbers.get(stem, 0), number)
    for stem, last in numbers.items():
        # A pager shows its ends and some pages between them; those that it hides have the numbers between.
        for number in range(1, min(last, rules()["pager"]["most"])):
            found.setdefault(stem.replace("\0", str(number)))
    total = pages_stated(page.text)
    own = _NUMBERED.match(urlsplit(page.address).path)
    if not numbers and total > 1 and own and not own[2]:
        for number in range(1, min(total, rules()["pager"]["most"])):
            found.setdefault(page.link(f"{own[1]}_{number}{own[3]}"))
    found.pop(page.address, None)
    return list(found)


def pages_stated(text: str) -> int:
    """How many pages a list says it has; 0 when it does not say."""
    for pattern in rules()["pager"]["totals"]:
        found = pattern.search(text, timeout=SECONDS)
        if found:
            return int(found[1])
    return 0


def _stem(address: str) -> tuple[str, int]:
    """An address with a mark in place of its page number, and that number."""
    for pattern in (
        r"([?&](?:page|pageNum|pageNo|p|currentPage|pageIndex)=)(\d{1,4})",
        r"([_-])(\d{1,4})(?=\.s?html?$)",
    ):
        found = re.search(pattern, address)
        if found:
            return address[: found.start(2)] + "\0" + address[found.end(2) :], int(found[2])
    return address, 0


def _same_list(address: str, other: str) -> bool:
    """Whether two addresses can be pages of one list."""
    if is_article(other):
        return False
    one, two = urlsplit(address), urlsplit(other)
    if one.path == two.path:
        return one.query != two.query
    mine, found = one.path.rpartition("/")[0], two.path.rpartition("/")[0]
    return mine == found or (found.startswith(f"{mine}/") and bool(re.search(r"\d", two.path.rpartition("/")[2])))


def read(page: ListPage) -> Reading:
    """Entries and pager; where a page lists no report, the columns that may."""
    soup = soup_of(page)
    entries, columns = links_of(page, soup)
    more = [More(address, "page", guessed=True) for address in pager(page, soup)] if entries or not page.depth else []
    return Reading(tuple(entries), (*more, *([] if entries else columns_of(page, columns))))


def columns_of(page: ListPage, columns: list[tuple[str, int]]) -> list[More]:
    """The columns to look into where a page lists no report itself, the likeliest first."""
    if not page.first or page.depth >= DEEPEST:
        return []
    return [More(address, f"column{page.depth + 1}", guessed=True) for address, _ in columns[:COLUMNS]]


def recognise(page: ListPage) -> int:
    return min(1, len(page.text))


FAMILY = Family("generic", "plain links", (__doc__ or "").split("\n\n")[1], recognise, read)
