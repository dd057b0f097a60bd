"""The one module that asks the network. One request, one answer: who may be asked, and when, is decided elsewhere.

The host's name is resolved here, every resolved address is checked, and the connection goes to exactly the
address that was checked (a second look-up could say something else). Nothing is taken from the environment:
no proxy, no certificates, no netrc.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import httpcore
import httpx

from parsers.errors import PipelineError
from pipeline.archive.addresses import origin
from pipeline.crawl import heads
from pipeline.crawl.allowed import refusal

Resolve = Callable[[str, int], Awaitable[list[str]]]

TOLERANCES = ("old_tls", "any_certificate", "malformed_headers")
"""What may be tolerated of a host: TLS 1.0 and 1.1 with their ciphers; a chain that is incomplete or not verified;
heads of answers that break HTTP's grammar (`pipeline/crawl/heads.py`)."""

_OF_TLS = frozenset(("old_tls", "any_certificate"))


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request: seconds to connect, between two pieces and for the whole; bytes after decoding."""

    connect: float = 15.0
    read: float = 30.0
    whole: float = 300.0
    size: int = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came. `body` has its content encoding undone, `request` is what was sent."""

    address: str
    at: datetime
    version: str
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    ip: str
    request: bytes
    tolerated: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header field of a name, or ""."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1").strip() for field, value in self.headers if field.lower() == wanted), "")


class FetchError(PipelineError):
    """No answer, or none that can be used. `again` says whether a second try can help, `code` what kind it is."""

    def __init__(self, code: str, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.again = again


class RefusedError(FetchError):
    """Something that is not fetched on principle."""

    def __init__(self, message: str) -> None:
        super().__init__("refused", message)


@dataclass
class _Line:
    """The connections to one host, with what is tolerated of it."""

    transport: httpx.AsyncHTTPTransport
    tolerated: tuple[str, ...]
    addresses: list[str] = field(default_factory=list)
    until: float = 0.0


class Client:
    """Asks hosts. `exempt` are networks that tests allow, `resolve` is how names become addresses."""

    def __init__(
        self,
        agent: str,
        limits: Limits | None = None,
        *,
        exempt: tuple[str, ...] = (),
        resolve: Resolve | None = None,
        lines: int = 64,
    ) -> None:
        self.agent = agent
        self.limits = limits or Limits()
        self.exempt = exempt
        self.resolve = resolve or _resolve
        self.most = lines
        self.lines: OrderedDict[str, _Line] = OrderedDict()
        self.contexts: dict[tuple[str, ...], ssl.SSLContext] = {}

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        while self.lines:
            await self.lines.popitem()[1].transport.aclose()

    async def get(
        self, address: str, headers: tuple[tuple[str, str], ...] = (), tolerated: tuple[str, ...] = ()
    ) -> Answer:
        """One GET request. FetchError when no whole answer came within the limits."""
        try:
            async with asyncio.timeout(self.limits.whole):
                return await self._get(address, headers, tolerated)
        except TimeoutError as error:
            raise FetchError("slow", f"no whole answer within {self.limits.whole:g} s", again=False) from error

    async def _get(self, address: str, headers: tuple[tuple[str, str], ...], tolerated: tuple[str, ...]) -> Answer:
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise RefusedError(f"the address cannot be used ({error})") from error
        line = await self._line(origin(address), tolerated)
        ip = await self._address(line, url)
        sent = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", self.agent),
            ("Accept", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"),
            ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"),
            ("Accept-Encoding", "gzip, deflate"),
            *headers,
        ]
        if "malformed_headers" in tolerated:
            # Only the first head of a connection is mended, so each connection has one answer.
            sent.append(("Connection", "close"))
        at = datetime.now(UTC)
        request = httpx.Request(
            "GET",
            url.copy_with(host=ip),
            headers=sent,
            extensions={
                "timeout": {"connect": self.limits.connect, "read": self.limits.read, "write": self.limits.read,
                            "pool": self.limits.whole},
                "sni_hostname": url.host,
            },
        )  # fmt: skip
        try:
            response = await line.transport.handle_async_request(request)
            try:
                body = await self._body(response)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            raise _failure(error) from error
        said = [f"GET {url.raw_path.decode('ascii')} HTTP/1.1", *(f"{name}: {value}" for name, value in sent)]
        return Answer(
            address=address,
            at=at,
            version=response.http_version,
            status=response.status_code,
            reason=_reason(response),
            headers=tuple(response.headers.raw),
            body=body,
            ip=ip,
            request=("\r\n".join(said) + "\r\n\r\n").encode("utf-8", "replace"),
            tolerated=tuple(one for one in line.tolerated if url.scheme == "https" or one not in _OF_TLS),
        )

    async def _line(self, host: str, tolerated: tuple[str, ...]) -> _Line:
        line = self.lines.get(host)
        if line is not None and line.tolerated == tolerated:
            self.lines.move_to_end(host)
            return line
        context = self._context(tuple(one for one in tolerated if one in _OF_TLS))
        transport = httpx.AsyncHTTPTransport(
            verify=context,
            trust_env=False,
            http2=False,
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=30.0),
        )
        if "malformed_headers" in tolerated:
            # httpx takes no network backend of others; its pool does.
            transport._pool = httpcore.AsyncConnectionPool(
                ssl_context=context, max_connections=4, network_backend=_Mending(httpcore.AnyIOBackend())
            )
        if line is not None:
            await line.transport.aclose()
        line = self.lines[host] = _Line(transport, tolerated)
        while len(self.lines) > self.most:
            await self.lines.popitem(last=False)[1].transport.aclose()
        return line

    def _context(self, tolerated: tuple[str, ...]) -> ssl.SSLContext:
        if tolerated not in self.contexts:
            self.contexts[tolerated] = _tls(tolerated)
        return self.contexts[tolerated]

    async def _address(self, line: _Line, url: httpx.URL) -> str:
        """The checked address that the connection goes to."""
        now = time.monotonic()
        if line.until < now:
            port = url.port or (443 if url.scheme == "https" else 80)
            try:
                found = await asyncio.wait_for(self.resolve(url.host, port), self.limits.connect)
            except TimeoutError as error:
                raise FetchError("name", f"the name {url.host} was not resolved in time", again=True) from error
            except OSError as error:
                lasting = getattr(error, "errno", None) == socket.EAI_NONAME
                raise FetchError(
                    "name", f"the name {url.host} cannot be resolved ({error})", again=not lasting
                ) from error
            refused = [why for address in found if (why := refusal(address, self.exempt))]
            line.addresses = [address for address in found if not refusal(address, self.exempt)]
            if not line.addresses:
                raise RefusedError(f"{url.host}: {'; '.join(refused) or 'no address'}")
            line.until = now + 300.0
        return line.addresses[0]

    async def _body(self, response: httpx.Response) -> bytes:
        """The whole body, its content encoding undone, within the size limit at every moment."""
        undo = _decoders(response.headers.get("content-encoding", ""))
        pieces: list[bytes] = []
        total = 0
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        async for piece in stream:
            for content in undo.feed(piece, self.limits.size - total):
                total += len(content)
                pieces.append(content)
                if total >= self.limits.size:
                    raise FetchError("large", f"the answer is larger than {self.limits.size} bytes")
        pieces.append(undo.end())
        return b"".join(pieces)


class _Mending(httpcore.AsyncNetworkBackend):
    """Connections on which the head of the first answer is mended before HTTP's parser sees it."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self.inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Mended(await self.inner.connect_tcp(host, port, timeout, local_address, socket_options))


class _Mended(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self.inner = inner
        self.passed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.passed:
            return await self.inner.read(max_bytes, timeout)
        received = b""
        while len(received) < heads.LARGEST and not heads.end_of(received):
            more = await self.inner.read(max_bytes, timeout)
            if not more:
                return received
            received += more
        self.passed = True
        end = heads.end_of(received)
        return heads.mend(received[:end]) + received[end:]

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self.inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self.inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Mended(await self.inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self.inner.get_extra_info(info)


class _Undo:
    """Undoes gzip or deflate, piece by piece; what only claims to be squeezed passes as it is."""

    def __init__(self, windows: tuple[int, ...]) -> None:
        self.windows = windows
        self.squeezed: zlib._Decompress | None = None
        self.plain = not windows

    def feed(self, piece: bytes, room: int) -> list[bytes]:
        if self.plain or not piece:
            return [piece]
        if self.squeezed is None:
            return self._first(piece, room)
        try:
            return [self.squeezed.decompress(piece, max(room, 1) + 1)]
        except zlib.error as error:
            raise FetchError(
                "encoding", f"the body is not what its content encoding says ({error})", again=True
            ) from error

    def _first(self, piece: bytes, room: int) -> list[bytes]:
        for window in self.windows:
            trial = zlib.decompressobj(window)
            try:
                content = trial.decompress(piece, max(room, 1) + 1)
            except zlib.error:
                continue
            self.squeezed = trial
            return [content]
        self.plain = True
        return [piece]

    def end(self) -> bytes:
        if self.squeezed is not None and not self.squeezed.eof:
            raise FetchError("encoding", "the squeezed body ends too early", again=True)
        return b""


def _decoders(encoding: str) -> _Undo:
    return _Undo({"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(encoding.strip().lower(), ()))


def _tls(tolerated: tuple[str, ...]) -> ssl.SSLContext:
    context = httpx.create_ssl_context(verify=True, trust_env=False)
    if "old_tls" in tolerated:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    if "any_certificate" in tolerated:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _resolve(name: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    # IPv4 first: many of these sites announce IPv6 addresses that do not answer.
    ordered = sorted(found, key=lambda one: one[0] != socket.AF_INET)
    return list(dict.fromkeys(str(one[4][0]) for one in ordered))


def _reason(response: httpx.Response) -> str:
    said = response.extensions.get("reason_phrase", b"")
    if said:
        return bytes(said).decode("latin-1")
    try:
        return HTTPStatus(response.status_code).phrase
    except ValueError:
        return ""


def _failure(error: httpx.HTTPError) -> FetchError:
    text = " ".join(str(error).split())[:200] or type(error).__name__
    if isinstance(error, httpx.ConnectTimeout):
        return FetchError("connect", "no connection in time", again=True)
    if isinstance(error, httpx.TimeoutException):
        return FetchError("silent", "the host fell silent", again=True)
    if isinstance(error, httpx.ConnectError):
        broken_tls = "SSL" in text or "CERTIFICATE" in text.upper()
        return FetchError("tls" if broken_tls else "connect", f"no connection ({text})", again=not broken_tls)
    if isinstance(error, httpx.RemoteProtocolError):
        short = "incomplete" in text or "without sending" in text or "disconnected" in text
        if not short:
            text += "; where the host is trusted all the same, its entry may tolerate malformed_headers"
        return FetchError("torn" if short else "malformed", f"the answer is broken ({text})", again=short)
    if isinstance(error, httpx.NetworkError):
        return FetchError("torn", f"the connection broke ({text})", again=True)
    return FetchError("other", f"{type(error).__name__}: {text}")
