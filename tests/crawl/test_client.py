"""The client alone: TLS, both schemes, what is tolerated and what is not."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from crawl.runs import LOOPBACK, QUICK, resolve
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.crawl.client import Client, FetchError, Limits
from pipeline.crawl.fetching import Fetcher
from pipeline.crawl.pages import Host, Page
from pipeline.crawl.sites import Site

LIMITS = Limits(connect=2.0, read=2.0, whole=5.0, size=100_000)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.alt.gov.cn")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    content = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(content + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextlib.asynccontextmanager
async def served(
    certificate: Path | None, *, old: bool = False, answered: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 11"
) -> AsyncIterator[tuple[int, list[str]]]:
    """A host that answers everything with a short page. Yields its port and the names that TLS clients asked for."""
    names: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            names.append(head.decode().lower().partition("host: ")[2].partition("\r\n")[0])
            said = answered + b"\r\nConnection: close\r\n\r\n<p>page</p>"
            for at in range(0, len(said), 7):
                writer.write(said[at : at + 7])
                await writer.drain()
        writer.close()
        with contextlib.suppress(Exception):
            await writer.wait_closed()

    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _, name, __: names.append(f"sni {name}")
        if old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], names
    finally:
        server.close()
        await server.wait_closed()


def test_a_certificate_is_verified_unless_the_host_is_tolerated(certificate: Path) -> None:
    async def check() -> None:
        async with (
            served(certificate) as (port, names),
            Client("t", LIMITS, exempt=LOOPBACK, resolve=resolve) as client,
        ):
            address = f"https://www.alt.gov.cn:{port}/"
            with pytest.raises(FetchError) as failed:
                await client.get(address)
            assert (failed.value.code, failed.value.again) == ("tls", False)
            answer = await client.get(address, (), ("any_certificate",))
            assert answer.status == 200
            assert answer.tolerated == ("any_certificate",)
            assert (answer.ip, answer.address) == ("127.0.0.1", address)
            # The name, not the address that the connection went to, is asked for in TLS and in HTTP.
            assert names[-2:] == ["sni www.alt.gov.cn", f"www.alt.gov.cn:{port}"]

    asyncio.run(check())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_spoken_only_with_hosts_that_it_is_tolerated_of(certificate: Path) -> None:
    async def check() -> None:
        async with (
            served(certificate, old=True) as (port, _),
            Client("t", LIMITS, exempt=LOOPBACK, resolve=resolve) as client,
        ):
            with pytest.raises(FetchError):
                await client.get(f"https://www.alt.gov.cn:{port}/", (), ("any_certificate",))
            answer = await client.get(f"https://www.alt.gov.cn:{port}/", (), ("any_certificate", "old_tls"))
            assert answer.status == 200

    asyncio.run(check())


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (b"HTTP/1.1 200 OK\r\nthis is no header\x01", "x-archive-malformed", "this is no header"),
        (b"HTTP/1.1 200 OK\r\nContent Type: text/html", "x-archive-malformed", "Content Type: text/html"),
        (b"HTTP/1.1 200 OK\r\nContent-Type : text/html", "content-type", "text/html"),
        (b"HTTP/1.1 200 OK\r\nX-Powered: a\x00b\r\nContent-Length: 11", "x-powered", "a b"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 11 bytes", "x-archive-malformed", "Content-Length: 11 bytes"),
        (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nETag: "a"', "etag", '"a"'),
        (b'HTTP/1.1  200 OK\r\nETag: "a"\r\n  folded\x02', "etag", '"a" folded'),
        (b"HTTP/1.1 200\nETag: \xb2\xe9\nno", "etag", "\xb2\xe9"),
    ],
)
def test_a_malformed_head_is_read_only_from_hosts_that_it_is_tolerated_of(
    certificate: Path, head: bytes, field: str, value: str, secure: bool
) -> None:
    async def check() -> None:
        async with (
            served(certificate if secure else None, answered=head) as (port, _),
            Client("t", LIMITS, exempt=LOOPBACK, resolve=resolve) as client,
        ):
            address = f"{'https' if secure else 'http'}://www.alt.gov.cn:{port}/"
            certified = ("any_certificate",) if secure else ()
            if b"folded" not in head and b"200\nETag" not in head:
                with pytest.raises(FetchError, match="malformed_headers"):
                    await client.get(address, (), certified)
            answer = await client.get(address, (), (*certified, "malformed_headers"))
            assert (answer.status, answer.body) == (200, b"<p>page</p>")
            assert answer.header(field) == value
            assert answer.tolerated == (*certified, "malformed_headers")
            again = await client.get(address, (), (*certified, "malformed_headers"))
            assert again.body == answer.body

    asyncio.run(check())


def test_what_is_no_answer_at_all_is_not_mended_into_one() -> None:
    async def check() -> None:
        async with (
            served(None, answered=b"ICY 200 OK") as (port, _),
            Client("t", LIMITS, exempt=LOOPBACK, resolve=resolve) as client,
        ):
            with pytest.raises(FetchError, match="broken"):
                await client.get(f"http://www.alt.gov.cn:{port}/", (), ("malformed_headers",))

    asyncio.run(check())


def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def check() -> None:
        async with served(None) as (port, _), Client("t", LIMITS, exempt=LOOPBACK, resolve=resolve) as client:
            assert (await client.get(f"http://www.alt.gov.cn:{port}/")).body == b"<p>page</p>"

    asyncio.run(check())


@pytest.mark.parametrize("first", ["http", "https"])
def test_the_scheme_that_a_host_answers_on_is_found_and_remembered(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default ports cannot be had in a test, so the connection is led to another one."""

    class Elsewhere(Client):
        port = 0

        async def get(self, address: str, *more: object) -> object:  # type: ignore[override]
            scheme, _, rest = address.partition("://")
            port = self.port if scheme == "http" else 9
            host, _, path = rest.partition("/")
            answer = await super().get(f"{scheme}://{host}:{port}/{path}", *more)  # type: ignore[arg-type]
            return type(answer)(**{**{n: getattr(answer, n) for n in answer.__slots__}, "address": address})

    async def check() -> None:
        async with served(None) as (port, _), Elsewhere("t", LIMITS, exempt=LOOPBACK, resolve=resolve) as client:
            client.port = port
            fetcher = Fetcher(client, QUICK, Host)
            blank = dict.fromkeys(Page.__slots__, 0)
            words = dict.fromkeys(("etag", "last_modified", "record", "record_address", "digest"), "")
            address = f"{first}://www.alt.gov.cn/nb/"
            page = Page(**{**blank, **words, "address": address, "host": "www.alt.gov.cn", "role": "list"})  # type: ignore[arg-type]
            outcome = await fetcher.fetch(page, Site("alt", (address,), delay=0.0))
            assert outcome.state == "done", outcome.reason
            assert fetcher.host("www.alt.gov.cn").scheme == "http"
            assert outcome.learned["www.alt.gov.cn"].scheme == "http"

    asyncio.run(check())


def test_httpx_is_imported_by_the_client_alone() -> None:
    root = Path(sys.modules["pipeline.crawl.client"].__file__ or "").parents[1]
    found = [path.name for path in root.rglob("*.py") if "import httpx" in path.read_text("utf-8")]
    assert found == ["client.py"]
