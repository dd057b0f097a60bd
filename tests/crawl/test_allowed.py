"""What may be fetched at all: hosts, and resolved addresses."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.addresses import canonical
from pipeline.crawl.allowed import refusal, why_not
from pipeline.crawl.client import Client, RefusedError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.1.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1",
        "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378::1", "2001:db8::1", "fe80::1%eth0",
        "::ffff:0:127.0.0.1", "fec0::1", "localhost", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "123.125.114.144", "2400:3200::1"])
def test_public_addresses_are_not(address: str) -> None:
    assert refusal(address) == ""


def test_what_tests_allow_is_no_more_than_they_name() -> None:
    assert refusal("127.0.0.1", ("127.0.0.1/32",)) == ""
    assert refusal("127.0.0.2", ("127.0.0.1/32",))
    assert refusal("::ffff:127.0.0.1", ("127.0.0.1/32",))


@pytest.mark.parametrize(
    ("address", "listed", "allowed"),
    [
        ("https://www.pingtan.gov.cn/a", (), True),
        ("https://gov.cn/", (), True),
        ("https://WWW.Gov.CN./x", (), True),
        ("https://evilgov.cn/", (), False),
        ("https://www.gov.cn.example.com/", (), False),
        ("https://www.gov.cn@example.com/", (), False),
        ("https://example.com/?www.gov.cn", (), False),
        ("https://www.example.com/", ("www.example.com",), True),
        ("https://sub.www.example.com/", ("www.example.com",), False),
        ("ftp://www.gov.cn/", (), False),
    ],
)
def test_hosts_outside_of_the_list_are_refused(address: str, listed: tuple[str, ...], allowed: bool) -> None:
    assert (why_not(address, listed) == "") == allowed


def test_a_name_that_leads_to_several_addresses_is_asked_at_a_public_one_or_not_at_all() -> None:
    async def both(name: str, port: int) -> list[str]:
        return ["10.0.0.1", "64:ff9b::7f00:1"]

    async def ask() -> None:
        async with Client("test", resolve=both) as client:
            await client.get("http://www.example.gov.cn/")

    with pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
        asyncio.run(ask())


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("HTTP://WWW.A.gov.cn:80/x/../y/./z?b=2&a=1#top", "http://www.a.gov.cn/y/z?b=2&a=1"),
        ("https://a.gov.cn:443", "https://a.gov.cn/"),
        ("https://a.gov.cn:8443/年报.html", "https://a.gov.cn:8443/%E5%B9%B4%E6%8A%A5.html"),
        ("http://a.gov.cn/x;jsessionid=0A1?utm_source=b&id=1", "http://a.gov.cn/x?id=1"),
        ("http://a.gov.cn/x//y/", "http://a.gov.cn/x//y/"),
        ("javascript:alert(1)", ""),
        ("http://", ""),
        ("http://a.gov.cn:99999/", ""),
    ],
)
def test_an_address_has_one_spelling(given: str, wanted: str) -> None:
    assert canonical(given) == wanted


@given(st.text(max_size=60))
def test_spelling_is_settled_after_once(text: str) -> None:
    once = canonical(f"http://a.gov.cn/{text}")
    assert canonical(once) == once
