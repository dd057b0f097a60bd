"""What may be fetched at all: which hosts, and which resolved addresses."""

from __future__ import annotations

import functools
import ipaddress
import tomllib
from importlib import resources
from typing import TYPE_CHECKING

from pipeline.archive.addresses import host as host_of

if TYPE_CHECKING:
    from collections.abc import Iterable

GOVERNMENT = "gov.cn"
"""The domain that is registered to Chinese government bodies alone."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def why_not(address: str, listed: Iterable[str]) -> str:
    """Why an address is outside of what may be fetched; "" when it is within.

    Hosts of `gov.cn` may, and the listed ones, exactly as listed. Lapsed domains of public bodies serve
    altered copies of their pages, so no other host is trusted.
    """
    name = host_of(address)
    if not address.startswith(("http://", "https://")) or not name:
        return "no http address"
    if name == GOVERNMENT or name.endswith(f".{GOVERNMENT}"):
        return ""
    if name in listed:
        return ""
    return f"the host {name} is neither of {GOVERNMENT} nor listed"


@functools.cache
def _networks() -> tuple[tuple[Network, str], ...]:
    text = resources.files("pipeline.crawl").joinpath("networks.toml").read_text("utf-8")
    return tuple((ipaddress.ip_network(one["network"]), one["why"]) for one in tomllib.loads(text)["refused"])


@functools.lru_cache(maxsize=1024)
def refusal(address: str, exempt: tuple[str, ...] = ()) -> str:
    """Why a resolved address is not connected to; "" when it may be. `exempt` are networks that tests allow."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no address"
    if any(found in ipaddress.ip_network(network) for network in exempt):
        return ""
    for network, why in _networks():
        if found.version == network.version and found in network:
            return f"{address} is refused ({why})"
    if not found.is_global or found.is_multicast or found.is_reserved:
        return f"{address} is not a public address"
    return ""
