"""Families of sites: which one a list page is of, and what it lists."""

from __future__ import annotations

from pipeline.crawl.discovery import (
    fujian,
    generic,
    gkmlpt,
    hanweb_annual,
    jpaas,
    jpage,
    longxun,
    trs,
    ucap,
    vsb,
)
from pipeline.crawl.discovery.base import Family, ListPage, Reading

FAMILIES: dict[str, Family] = {
    module.FAMILY.name: module.FAMILY
    for module in (gkmlpt, hanweb_annual, jpaas, jpage, trs, longxun, ucap, vsb, fujian, generic)
}
GENERIC = "generic"


def family_of(page: ListPage) -> Family:
    """The family whose signs a list page carries most surely; the generic one where none does."""
    return max(FAMILIES.values(), key=lambda family: family.recognise(page))


def read(page: ListPage, family: str = "") -> tuple[Family, Reading]:
    """What a list page says, read as of the family named, or of the one recognised.

    Where an adapter says that the page is not what it expects, plain links are read in its place and the note stays.
    """
    chosen = FAMILIES[family] if family else family_of(page)
    reading = chosen.read(page)
    if reading.complete or chosen.name == GENERIC or not (page.first or page.step == "page"):
        return chosen, reading
    plain = FAMILIES[GENERIC].read(page)
    entries = reading.entries if len(reading.entries) >= len(plain.entries) else plain.entries
    more = reading.more or plain.more
    return chosen, Reading(entries, more, reading.expected, False, reading.note)
