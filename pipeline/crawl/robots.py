"""robots.txt: which pages of a host may be asked for, and how often.

The rules hold for the product name `gongkai`. A file behind a byte order mark is read (the parser ignores it
otherwise), an HTML page in place of the file is no rule file, 404 and other client errors allow everything
(RFC 9309, 2.3.1.3), while a host whose file cannot be had for now (5xx, 412, 429, a bot wall, no answer) is
left alone until it can.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from parsers.readers import sniff
from parsers.readers.charset import decode
from pipeline.archive.captures import charset

AGENT = "gongkai"
KEPT = 86_400.0
RETRIED = 3_600.0
"""Seconds that a file is kept, and seconds after which one that could not be had is asked for again."""

LARGEST = 512 * 1024
LONGEST_DELAY = 300.0
"""A Crawl-delay beyond this many seconds is a mistake of the file; this is obeyed instead."""

RULES, ALLOWED, CLOSED = "rules", "allowed", "closed"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's file says. `state` is `rules` (`text` has them), `allowed` or `closed`; `why` says it in words."""

    state: str
    text: str = ""
    why: str = ""

    def kept(self) -> float:
        """For how many seconds this holds."""
        return RETRIED if self.state == CLOSED else KEPT


def read(status: int, body: bytes, content_type: str) -> Robots:
    """The rules in an answer to a request for robots.txt."""
    if status >= 500 or status in (412, 429):
        return Robots(CLOSED, why=f"robots.txt cannot be had for now (HTTP {status})")
    if status >= 400:
        return Robots(ALLOWED, why=f"there is no robots.txt (HTTP {status})")
    if not 200 <= status < 300 or status == 202:
        return Robots(CLOSED, why=f"robots.txt cannot be had for now (HTTP {status})")
    text = decode(body[:LARGEST], charset(content_type)).text.lstrip("\ufeff\u200b \t\r\n")
    if sniff.media_type(body[:1024]) != sniff.PLAIN or sniff.text_type(text) != sniff.PLAIN:
        return Robots(ALLOWED, why="there is no robots.txt, but a page in its place")
    return Robots(RULES, text)


class Rules:
    """The rules of one host, read once."""

    def __init__(self, robots: Robots) -> None:
        self.robots = robots
        self.parsed = Protego.parse(robots.text) if robots.state == RULES else None

    def refusal(self, address: str) -> str:
        """Why an address may not be asked for; "" when it may."""
        if self.robots.state == CLOSED:
            return self.robots.why
        if self.parsed is not None and not self.parsed.can_fetch(address, AGENT):
            return "robots.txt does not allow it"
        return ""

    def delay(self) -> float:
        """The seconds between two requests that the rules ask for; 0 when they ask for none."""
        if self.parsed is None:
            return 0.0
        said = self.parsed.crawl_delay(AGENT) or 0.0
        rate = self.parsed.request_rate(AGENT)
        if rate is not None and rate.requests:
            said = max(said, rate.seconds / rate.requests)
        return min(float(said), LONGEST_DELAY)
