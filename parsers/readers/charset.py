"""Bytes to text: which encoding a page or text file is in, whatever it declares.

The order: a byte order mark; strict UTF-8; else every plausible encoding is tried and the reading
that looks most like Chinese administrative prose wins, a declaration counting as a small advantage.
Any GB label means GB 18030. Nothing is normalised: line ends and odd characters stay as they are.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from importlib import resources

from parsers.frozen import frozen

PRESCAN = 4096
"""Bytes at the beginning in which a declaration is looked for."""

SAMPLE = 131_072
"""Bytes by which readings are compared, and of these the first `JUDGED` characters beyond ASCII."""
JUDGED = 4_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([A-Za-z0-9._:-]+)"""
    rb"""|<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ASCII = re.compile(r"[\x00-\x7f]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_GB = re.compile(r"^(?:x-)?(?:gb[-_]?2312(?:[-_]?80)?|gb[-_]?k|gb[-_]?18030(?:-\d+)?|cp936|ms936|windows-936|euc-cn|euccn|chinese|csgb2312|iso-ir-58|hz(?:-gb-2312)?)$")  # fmt: skip # noqa: E501
_BIG5 = re.compile(r"^(?:x-x-|cn-|cs)?big-?5(?:-?hkscs|-?eten)?$|^(?:cp|ms|windows-)950$")
_UTF8 = re.compile(r"^(?:unicode-1-1-)?utf-?8(?:-sig|mb4)?$")

_GOOD_PUNCTUATION = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·・％＋－／～　「」『』①②③④⑤⑥⑦⑧⑨⑩©®→■●★※×℃\u00a0"
)
_NEEDED = 0.15
"""The least score with which a reading counts as recognised."""
_CERTAIN = 0.6
"""A score that no wrong reading reaches: the other candidates need not be tried."""
_DECLARATION = 0.08
"""What a declaration adds to the score of the encoding that it names."""


@frozen
class Decoded:
    """Text, the encoding it was in, where that is known from, and how many U+FFFD stand for bytes that are none.

    `encoding_source` is one of `records.ENCODING_SOURCES`: `bom`, `utf8` (strict UTF-8), `header` or
    `meta` (the declaration, confirmed by the reading), `detected` (the reading alone), `replaced`
    (no reading convinces; GB 18030 with replacement).
    """

    text: str
    encoding: str
    encoding_source: str
    replacements: int = 0


def decode(content: bytes, header_charset: str = "") -> Decoded:
    """Decode a page or text file. Never raises, never yields a lone surrogate.

    `header_charset` is the charset of the HTTP Content-Type header, if there was one.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            marked = _replaced(content[len(mark) :], encoding, "bom")
            if marked.replacements * 20 <= len(marked.text):
                return marked
            break
    wide = _wide(content[:PRESCAN])
    if wide:
        return _replaced(content, wide, "detected")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not _doubtful_utf8(text, len(content)):
            return Decoded(text, "utf-8", "utf8")
    return _best(content, header_charset)


def declared(content: bytes) -> str:
    """The charset that the beginning of a page declares (meta element or XML declaration), as written, or ""."""
    found = _DECLARED.search(_COMMENT.sub(b"", content[:PRESCAN]))
    return (found[1] or found[2]).decode("ascii") if found else ""


def encoding_of(label: str) -> str:
    """The Python codec for a charset label, "" when there is none for text. Any GB label is gb18030."""
    name = label.strip().strip("\"'").lower()
    if _UTF8.match(name):
        return "utf-8"
    if _GB.match(name):
        return "gb18030"
    if _BIG5.match(name):
        return "big5"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Codecs that read no text, that run code points through escapes, or that accept every byte, are no help.
    usable = getattr(info, "_is_text_encoding", True) and not re.search(
        r"utf-7|escape|idna|punycode|undefined|mbcs|oem|charmap|iso2022|hz|iso8859|latin|ascii", info.name
    )
    return info.name if usable else ""


def _wide(head: bytes) -> str:
    """The UTF-16 that the zero bytes of a beginning without mark betray, or ""."""
    if b"\0" not in head:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    first = "utf-16-le" if odd >= even else "utf-16-be"
    if max(even, odd) * 4 > len(head) and min(even, odd) * 8 < max(even, odd):
        # Markup or other ASCII makes up half of the text or more.
        return first
    readings = {encoding: plausibility(_lenient(head, encoding)[0]) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(readings, key=lambda encoding: readings[encoding])
    return best if readings[best] > _CERTAIN else ""


def _best(content: bytes, header_charset: str) -> Decoded:
    """The most plausible of the readings."""
    claims = {"header": encoding_of(header_charset), "meta": encoding_of(declared(content))}
    named = [c for c in claims.values() if c]
    candidates = list(dict.fromkeys(["utf-8", "gb18030", "big5", *named]))
    sample = content[:SAMPLE]
    scores: dict[str, float] = {}
    for encoding in dict.fromkeys([*named, *candidates]):
        text, count = _lenient(sample, encoding)
        scores[encoding] = plausibility(text) + (_DECLARATION if encoding in named else 0.0)
        if scores[encoding] > _CERTAIN and count <= 1 and encoding != "utf-8":
            break
    # max() keeps the first of equals, so the order of candidates decides ties.
    best = max((c for c in candidates if c in scores), key=lambda c: scores[c])
    if scores[best] >= _NEEDED:
        source = next((place for place in claims if claims[place] == best), "detected")
        return _replaced(content, best, source)
    for place, claim in claims.items():
        text, count = _lenient(content, claim) if claim else ("", 0)
        if text and count * 50 <= len(text):
            return Decoded(text, claim, place, count)
    utf8, gb = (_lenient(content, encoding)[1] for encoding in ("utf-8", "gb18030"))
    return _replaced(content, "utf-8" if utf8 < gb else "gb18030", "replaced")


def plausibility(text: str) -> float:
    """How much a reading looks like Chinese prose: about 1 for good prose, below 0 for the wrong encoding.

    Only characters beyond ASCII count; without any the score is 0.
    """
    rest = _ASCII.sub("", text)[:JUDGED]
    if not rest:
        return 0.0
    common = _common()
    total = 0.0
    for char in rest:
        if char in common:
            total += 1.0
        elif "\u4e00" <= char <= "\u9fff":
            total += 0.1
        elif char in _GOOD_PUNCTUATION:
            total += 0.5
        elif "\uff01" <= char <= "\uff5e":
            total += 0.3
        elif char == "\ufffd":
            total -= 3.0
        elif "\ue000" <= char <= "\uf8ff":
            total -= 1.0
        elif char < "\u00a0" or "\ud800" <= char <= "\udfff" or char >= "\U000e0000":
            total -= 2.0
        else:
            total -= 0.5
    return total / len(rest)


@cache
def _common() -> frozenset[str]:
    text = resources.files(__package__).joinpath("hanzi.txt").read_text(encoding="utf-8")
    return frozenset(c for line in text.splitlines() if not line.startswith("#") for c in line)


def _doubtful_utf8(text: str, size: int) -> bool:
    """Whether few bytes beyond ASCII are UTF-8 by chance: two-byte sequences only, and no signs of Latin pages."""
    beyond = size - len(text)
    if not 0 < beyond < 400:
        return False
    rest = _ASCII.sub("", text)
    return max(rest) < "\u0800" and any(c not in _GOOD_PUNCTUATION for c in rest)


def _lenient(content: bytes, encoding: str) -> tuple[str, int]:
    """The text with U+FFFD for bytes that are none, and how many of these decoding put in."""
    text = content.decode("big5hkscs" if encoding == "big5" else encoding, "replace")
    text = _SURROGATES.sub("\ufffd", text)
    count = text.count("\ufffd")
    if count:
        count -= _printed(content, encoding)
    return text, max(count, 0)


def _printed(content: bytes, encoding: str) -> int:
    """How many U+FFFD the bytes themselves spell."""
    try:
        return content.count("\ufffd".encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return 0


def _replaced(content: bytes, encoding: str, source: str) -> Decoded:
    text, count = _lenient(content, encoding)
    return Decoded(text, encoding, source, count)
