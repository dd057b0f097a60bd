"""What a body of bytes is, told by its content; names and headers are not asked."""

from __future__ import annotations

import re

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
"""First bytes and the media type that they tell."""

HTML = "text/html"
PLAIN = "text/plain"
UNKNOWN = "application/octet-stream"

_PDF_WITHIN = 1024
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|table|tr|td|th|div|p|span|br|ul|li|font|script|title|h[1-6]|article|section)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SAMPLE = 262_144
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BINARY_SHARE = 0.02


def media_type(content: bytes) -> str:
    """The media type that the first bytes tell; text/plain for whatever has no magic number."""
    for magic, name in MAGIC:
        if content.startswith(magic):
            if name == "image/bmp" and content[6:10] != b"\0\0\0\0":
                continue
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "application/pdf"
    return PLAIN


def text_type(text: str) -> str:
    """text/html, text/plain, or application/octet-stream for text that is no text."""
    sample = text[:_SAMPLE]
    if _MARKUP.search(sample):
        return HTML
    if sample and len(_CONTROL.findall(sample)) + sample.count("\ufffd") > max(2.0, _BINARY_SHARE * len(sample)):
        return UNKNOWN
    return PLAIN
