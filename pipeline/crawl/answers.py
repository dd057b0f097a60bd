"""What an answer means: the page, a redirect, nothing there, a bot wall, or a fault that may pass."""

from __future__ import annotations

import email.utils
import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import regex

from parsers.readers import sniff
from parsers.readers.charset import decode
from pipeline.archive.captures import charset, media_type
from pipeline.archive.links import join

if TYPE_CHECKING:
    from pipeline.crawl.client import Answer

SECONDS = 2.0
_LOOKED_AT = 65_536
_TAGS = re.compile(r"(?is)<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->|<[^>]*>")
_PIECES = re.compile(r"(?is)<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->|<[^>]*>?|[^<]+")
_REFRESH = re.compile(
    r"""(?is)<meta\b[^>]*http-equiv\s*=\s*["']?\s*refresh[^>]*content\s*=\s*["']?\s*[\d.]*\s*[;,]?\s*"""
    r"""url\s*=\s*["']?([^"'>]+)"""
)
_SCRIPTED = re.compile(
    r"""(?is)<script[^>]*>\s*(?:window\.|self\.|top\.|document\.)?location(?:\.href|\.replace\()?\s*[=(]?\s*["']([^"']+)["']"""
    r"""\s*\)?;?\s*</script>"""
)
SHORT_PAGE = 200
"""A page with no more visible text than this, that leads on by itself, is a redirect."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means: `page`, `unchanged`, `redirect` (to `target`), `missing`, `blocked`, `later`, `fault`.

    `again` says whether a fault can pass, `wait` how many seconds the host asks for.
    """

    means: str
    why: str = ""
    target: str = ""
    again: bool = False
    wait: float = 0.0


@functools.cache
def _rules() -> tuple[dict[str, Any], ...]:
    text = resources.files("pipeline.crawl").joinpath("answers.toml").read_text("utf-8")
    found = tomllib.loads(text)["answers"]
    for rule in found:
        rule["regex"] = regex.compile(rule["pattern"], regex.IGNORECASE) if "pattern" in rule else None
    return tuple(found)


def judge(answer: Answer, now: float) -> Verdict:
    """What an answer means."""
    status = answer.status
    if status == 304:
        return Verdict("unchanged")
    location = answer.header("location")
    if status in (301, 302, 303, 307, 308):
        target = join(answer.address, location)
        return Verdict("redirect", target=target) if target else Verdict("fault", f"HTTP {status} leads nowhere")
    wait = retry_after(answer.header("retry-after"), now)
    wall = _wall(answer)
    if wall is not None and not (status in (429, 503) and wait):
        return Verdict(wall["means"], f"{wall['why']} ({wall['name']})", wait=wait)
    if status in (404, 410):
        return Verdict("missing", f"HTTP {status}")
    if status == 429 or (status == 503 and wait):
        return Verdict("later", f"HTTP {status}: the host asks to come later", wait=wait or 60.0)
    if status >= 500:
        return Verdict("fault", f"HTTP {status}", again=status in (500, 502, 503, 504, 520, 522, 524))
    if not 200 <= status < 300:
        return Verdict("fault", f"HTTP {status}")
    if status == 204 or not answer.body.strip():
        return Verdict("fault", "the answer is empty", again=True)
    target = onward(answer)
    return Verdict("redirect", target=target) if target else Verdict("page")


def _wall(answer: Answer) -> dict[str, Any] | None:
    text = ""
    for rule in _rules():
        if rule.get("statuses") and answer.status not in rule["statuses"]:
            continue
        if rule["regex"] is None:
            return rule
        if not text:
            if sniff.media_type(answer.body[:1024]) != sniff.PLAIN:
                return None
            text = decode(answer.body[:_LOOKED_AT], charset(answer.header("content-type"))).text
            if longer_than(text, _most_text()):
                return None
        if len(visible(text)) <= rule["most_text"] and rule["regex"].search(text, timeout=SECONDS):
            return rule
    return None


@functools.cache
def _most_text() -> int:
    """The most visible text that a page in the place of another has, by any rule."""
    return max(int(rule["most_text"]) for rule in _rules() if rule["regex"] is not None)


def visible(page: str) -> str:
    """About what a reader sees of a page."""
    return " ".join(_TAGS.sub(" ", page).replace("&nbsp;", " ").split())


def longer_than(page: str, most: int) -> bool:
    """Whether a reader sees more than so many characters of a page; looks no further than is needed."""
    total = 0
    for piece in _PIECES.finditer(page):
        if piece[0][0] != "<":
            total += len(piece[0].strip())
            if total > most:
                return True
    return False


def onward(answer: Answer) -> str:
    """Where a page leads on by itself (meta refresh, or a script that does nothing else); "" for a page to be read."""
    if len(answer.body) > _LOOKED_AT or media_type(answer.body, answer.header("content-type")) != sniff.HTML:
        return ""
    text = decode(answer.body, charset(answer.header("content-type"))).text
    if longer_than(text, SHORT_PAGE):
        return ""
    found = _REFRESH.search(text) or _SCRIPTED.search(text)
    if not found:
        return ""
    target = join(answer.address, found[1].strip().replace("&amp;", "&"))
    return "" if target == answer.address else target


def retry_after(said: str, now: float) -> float:
    """The seconds that a Retry-After header asks for, given as a number or a date; 0 when it asks for none."""
    if said.isascii() and said.isdigit():
        return float(min(int(said), 30 * 86_400))
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return 0.0
    return max(0.0, min(moment.timestamp() - now, 30 * 86_400.0))
