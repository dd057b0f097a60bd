"""What a body of bytes is, told by its content; names and headers are not asked."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO

PDF = "application/pdf"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OFD = "application/ofd"
RTF = "application/rtf"
MHTML = "multipart/related"
JSON = "application/json"

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

NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (".pdf", (PDF,)),
    (".docx", (DOCX,)),
    (".docm", (DOCX,)),
    (".dotx", (DOCX,)),
    (".doc", (DOC,)),
    (".dot", (DOC,)),
    (".wps", (DOC, DOCX)),
    (".wpt", (DOC, DOCX)),
    (".odt", (ODT,)),
    (".xlsx", (XLSX,)),
    (".xlsm", (XLSX,)),
    (".xls", (XLS,)),
    (".et", (XLS, XLSX)),
    (".ett", (XLS, XLSX)),
    (".ods", (ODS,)),
    (".ofd", (OFD,)),
    (".rtf", (RTF,)),
    (".zip", (ZIP,)),
    (".txt", ("text/plain",)),
    (".csv", ("text/plain",)),
    (".tsv", ("text/plain",)),
    (".json", (JSON,)),
    (".htm", ("text/html",)),
    (".html", ("text/html",)),
    (".shtml", ("text/html",)),
    (".mht", (MHTML,)),
    (".mhtml", (MHTML,)),
    (".jpg", ("image/jpeg",)),
    (".jpeg", ("image/jpeg",)),
    (".png", ("image/png",)),
    (".gif", ("image/gif",)),
    (".bmp", ("image/bmp",)),
    (".tif", ("image/tiff",)),
    (".tiff", ("image/tiff",)),
)
"""Endings of names, and the media types that they promise."""

_MEMBERS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSX),
    ("OFD.xml", OFD),
)
_FOLDERS = (("word/", DOCX), ("xl/", XLSX))
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
_MIME_HEAD = re.compile(rb"\s*(?:From|Subject|Date|MIME-Version|Content-Type|X-[A-Za-z-]+)\s*:", re.IGNORECASE)
_MULTIPART = re.compile(rb"^Content-Type\s*:\s*multipart/(?:related|mixed|alternative)", re.IGNORECASE | re.MULTILINE)
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
            if name == ZIP:
                return zip_type(content)
            return ole_type(content) if name == OLE else name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return PDF
    if content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return RTF
    head = content[:4096]
    if _MIME_HEAD.match(head) and _MULTIPART.search(head):
        return MHTML
    return PLAIN


def zip_type(content: bytes) -> str:
    """What a zip archive holds, by the names of its members: an office document, or files."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()[:10_000]}
            for member, kind in _MEMBERS:
                if member.lower() in names:
                    return kind
            if "[content_types].xml" in names:
                for folder, kind in _FOLDERS:
                    if any(name.startswith(folder) for name in names):
                        return kind
            if "mimetype" in names:
                told = archive.open("mimetype").read(100).decode("ascii", "replace").strip()
                if told in (ODT, ODS):
                    return told
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, RuntimeError, NotImplementedError, EOFError):
        # A damaged archive is told by the names that stand in its local headers.
        for member, kind in _MEMBERS:
            if member.encode("ascii") in content:
                return kind
    return ZIP


def ole_type(content: bytes) -> str:
    """What an OLE container holds, by the names in its directory: a text, a spreadsheet, or something else."""
    names = _ole_names(content)
    for stream, kind in _STREAMS:
        if stream in names:
            return kind
    if not names:
        for stream, kind in _STREAMS:
            if stream.encode("utf-16-le") in content:
                return kind
    return OLE


def _ole_names(content: bytes) -> set[str]:
    """Names of the entries directly in the directory chain. Source: [MS-CFB] 2.2 and 2.6."""
    if len(content) < 512:
        return set()
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        return set()
    size = 1 << shift
    entries = size // 4
    table = list(struct.unpack_from("<109I", content, 76))
    sector = struct.unpack_from("<I", content, 48)[0]
    names: set[str] = set()
    for _ in range(4096):
        start = (sector + 1) * size
        if sector >= 0xFFFFFFF0 or start + size > len(content):
            break
        for at in range(start, start + size, 128):
            length = struct.unpack_from("<H", content, at + 64)[0]
            if 2 <= length <= 64 and content[at + 66] in (1, 2, 5):
                names.add(content[at : at + length - 2].decode("utf-16-le", "replace"))
        block = sector // entries
        if block >= len(table) or (table[block] + 1) * size + size > len(content):
            break
        sector = struct.unpack_from("<I", content, (table[block] + 1) * size + 4 * (sector % entries))[0]
    return names


def by_name(name: str) -> tuple[str, ...]:
    """The media types that the ending of an address or file name promises, none when it promises nothing."""
    bare = re.split(r"[?#]", name, maxsplit=1)[0] if "://" in name else name
    bare = bare.lower().rstrip()
    return next((kinds for ending, kinds in NAMES if bare.endswith(ending)), ())


def text_type(text: str) -> str:
    """text/html, text/plain, or application/octet-stream for text that is no text."""
    sample = text[:_SAMPLE]
    if _MARKUP.search(sample):
        return HTML
    if sample and len(_CONTROL.findall(sample)) + sample.count("\ufffd") > max(2.0, _BINARY_SHARE * len(sample)):
        return UNKNOWN
    return PLAIN
