"""Addresses in one spelling, so that the same page is known by the same text wherever it is linked from."""

from __future__ import annotations

import functools
import re
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import safe_url_string

_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_TRACKING = re.compile(r"(?:utm_\w+|spm|from=singlemessage|isappinstalled)(?:=|$)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


@functools.lru_cache(maxsize=4096)
def canonical(address: str) -> str:
    """An http address in one spelling; "" for what is none.

    Host in lower case, no default port, no fragment, dots resolved, reserved characters escaped as browsers do,
    session ids and tracking parameters dropped. The order of the parameters stays: some sites read it.
    """
    try:
        parts = urlsplit(safe_url_string(address.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except (ValueError, UnicodeError):
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if port and port != _PORTS[scheme]:
        shown = f"{shown}:{port}"
    path = _undotted(_SESSION.sub("", parts.path)) or "/"
    query = "&".join(pair for pair in parts.query.split("&") if not _TRACKING.match(pair))
    return urlunsplit((scheme, shown, path, query, ""))


def _undotted(path: str) -> str:
    """A path without `.` and `..`, as RFC 3986 section 5.2.4 asks; doubled slashes stay."""
    if "/." not in path:
        return path
    kept: list[str] = []
    pieces = path.split("/")
    for place, piece in enumerate(pieces):
        last = place == len(pieces) - 1
        if piece == "..":
            if len(kept) > 1:
                kept.pop()
            if last:
                kept.append("")
        elif piece == ".":
            if last:
                kept.append("")
        else:
            kept.append(piece)
    return "/".join(kept)


def origin(address: str) -> str:
    """Host and port of an address: the unit of politeness, of robots.txt and of scheme."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()


def host(address: str) -> str:
    """The host of an address, without its port."""
    return (urlsplit(address).hostname or "").rstrip(".").lower()


def with_scheme(address: str, scheme: str) -> str:
    """The same address over another scheme."""
    return urlunsplit(urlsplit(address)._replace(scheme=scheme))


def other_scheme(address: str) -> str:
    """The same address over http instead of https, or the other way round."""
    return with_scheme(address, "http" if address.startswith("https:") else "https")
