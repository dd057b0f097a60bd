"""Exchanges for the tests of the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.archive.warc import Exchange, Original

DAY = datetime(2026, 1, 5, 8, 0, 0, 123456, tzinfo=UTC)
PAGE = "<html><head><title>报告</title></head><body><div id='zoom'>{}</div></body></html>"


def exchange(
    address: str = "http://www.a.gov.cn/x.html",
    body: bytes = b"<html><body>page</body></html>",
    *,
    hours: float = 0.0,
    status: int = 200,
    headers: tuple[tuple[bytes, bytes], ...] = ((b"Content-Type", b"text/html; charset=utf-8"),),
    role: str = "report",
    original: Original | None = None,
    profile: str = "",
) -> Exchange:
    return Exchange(
        address=address,
        fetched_at=DAY + timedelta(hours=hours),
        request=f"GET {address} HTTP/1.1\r\nHost: www.a.gov.cn\r\n\r\n".encode(),
        version="HTTP/1.1",
        status=status,
        reason="OK",
        headers=headers,
        body=body,
        ip="127.0.0.1",
        role=role,
        original=original,
        profile=profile,
    )
