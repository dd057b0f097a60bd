"""What an outcome holds: its records packed for the archive, the list or the attachments in it, whether it is new.

Nothing here needs the database, so it is done beside the loop that fetches (`pipeline/crawl/worker.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.errors import GongkaiError
from parsers.readers import sniff
from parsers.readers.charset import decode
from pipeline.archive import warc
from pipeline.archive.addresses import canonical
from pipeline.archive.captures import charset, media_type
from pipeline.archive.links import attachment_links
from pipeline.archive.reading import ArchiveError, record_at
from pipeline.crawl import discovery
from pipeline.crawl.allowed import why_not
from pipeline.crawl.discovery.base import ListPage, Reading
from pipeline.crawl.pages import Page, Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.crawl.client import Answer
    from pipeline.crawl.fetching import Outcome
    from pipeline.crawl.sites import Site

GUESSED, PROVISIONAL = "guessed", "provisional"


@dataclass
class Kept:
    """What is to be written of one outcome, and what it led to."""

    packed: list[warc.Packed] = field(default_factory=list)
    digest: str = ""
    same: bool = False
    article: str | None = None
    reading: Reading | None = None
    family: str = ""
    wanted: list[Wanted] = field(default_factory=list)


def hold(outcome: Outcome, site: Site, archive: Path) -> Kept:
    """Read and pack one outcome. `archive` is the folder of the records that were written before."""
    page = outcome.page
    kept = Kept()
    for answer in outcome.robots:
        kept.packed.append(warc.pack(_exchange(answer, "robots", page)))
    for hop in outcome.hops[:-1]:
        kept.packed.append(warc.pack(_exchange(hop.answer, "other", page)))
    final = outcome.final
    if final is None:
        return kept
    original, profile = _original(outcome, final, kept, archive)
    role = page.role if outcome.state in ("done", "unchanged") else "other"
    kept.packed.append(warc.pack(_exchange(final, role, page, original, profile, kept.digest)))
    if outcome.state == "done":
        if page.role == "list":
            _read_list(kept, page, final, site)
        elif page.role == "report" and not kept.same:
            kept.wanted = _attachments(page, final, site)
    return kept


def _original(outcome: Outcome, final: Answer, kept: Kept, archive: Path) -> tuple[warc.Original | None, str]:
    """The record that this answer says nothing new to, and the profile that says how."""
    page = outcome.page
    known = warc.Original(page.record, page.record_address, page.record_date, f"sha256:{page.digest}")
    if outcome.state == "unchanged":
        kept.digest, kept.same = page.digest, True
        return known, warc.NOT_MODIFIED
    if outcome.state != "done":
        return None, ""
    kept.digest = hashlib.sha256(final.body).hexdigest()
    if page.record and kept.digest == page.digest:
        kept.same = True
        return known, warc.IDENTICAL
    if page.record and page.role == "report":
        kept.article = _article_changed(page, final, archive)
    return None, ""


def _article_changed(page: Page, final: Answer, archive: Path) -> str:
    """The digest of the new article where it differs from the old one's, else ""."""
    new = article_digest(final.body, charset(final.header("content-type")))
    old = page.article
    if not old:
        try:
            answer = record_at(archive / page.archive, page.offset).http()
        except ArchiveError:
            answer = None
        if answer is not None:
            old = article_digest(answer.content(), charset(answer.header("content-type")))
    return "" if new and new == old else (new or kept_digest(final.body))


def _read_list(kept: Kept, page: Page, final: Answer, site: Site) -> None:
    family, step, _ = parse_step(page.step)
    declared = final.header("content-type")
    listed = ListPage(
        address=final.address,
        content=final.body,
        text=decode(final.body, charset(declared)).text,
        step=step,
        media_type=media_type(final.body, declared),
        header_charset=charset(declared),
        options=site.options,
    )
    chosen, kept.reading = discovery.read(listed, site.family or ("" if listed.first else family))
    kept.family = chosen.name
    for entry in kept.reading.entries:
        why = why_not(entry.address, site.hosts)
        kept.wanted.append(
            Wanted(entry.address, page.source, "report", "", page.address, entry.title, entry.published, why)
        )
    for more in kept.reading.more:
        if more.address and not why_not(more.address, site.hosts):
            flag = PROVISIONAL if more.provisional else GUESSED if more.guessed else ""
            kept.wanted.append(
                Wanted(more.address, page.source, "list", f"{chosen.name}:{more.step}:{flag}", page.address)
            )


def _attachments(page: Page, final: Answer, site: Site) -> list[Wanted]:
    declared = final.header("content-type")
    if media_type(final.body, declared) != sniff.HTML:
        return []
    links = attachment_links(final.body, final.address, header_charset=charset(declared))
    found = dict.fromkeys(canonical(link) for link in links)
    return [
        Wanted(link, page.source, "attachment", "", page.address, "", "", why_not(link, site.hosts))
        for link in found
        if link
    ]


def parse_step(step: str) -> tuple[str, str, str]:
    """A page's step as (family, step of the adapter, flag)."""
    family, _, rest = step.partition(":")
    inner, _, flag = rest.partition(":")
    return family, inner, flag


def article_digest(content: bytes, header_charset: str) -> str:
    """The digest of the report within a page, by which revisions are told; "" when the bytes are no report page."""
    from parsers import article, readers

    try:
        return article.digest(article.find(readers.read(content, header_charset=header_charset)))
    except (GongkaiError, RecursionError):
        return ""


def kept_digest(content: bytes) -> str:
    """What stands for an article's digest where there is no article: that of the bytes."""
    return hashlib.sha256(content).hexdigest()


def _exchange(
    answer: Answer,
    role: str,
    page: Page,
    original: warc.Original | None = None,
    profile: str = "",
    digest: str = "",
) -> warc.Exchange:
    return warc.Exchange(
        address=answer.address,
        fetched_at=answer.at,
        request=answer.request,
        version=answer.version,
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        body=answer.body,
        ip=answer.ip,
        role=role,
        source=page.source,
        via=page.via,
        tolerated=answer.tolerated,
        original=original,
        profile=profile,
        digest=f"sha256:{digest}" if digest else "",
    )
