"""A writer of PDF files that can do what real writers do and no library offers: each habit of its own."""

from __future__ import annotations

import functools
import hashlib
import io
import zlib
from dataclasses import dataclass, field
from typing import Any

FAMILY = "Noto Serif CJK SC"
"""The font whose shapes are drawn where pages are to be looked at."""

_WIDTHS = {
    "-": 0.35, ".": 0.28, ",": 0.28, "/": 0.39, "(": 0.34, ")": 0.34, " ": 0.23, "@": 0.95, "%": 0.92, ":": 0.28,
    "m": 0.94, "w": 0.86, "f": 0.35, "i": 0.32, "j": 0.32, "l": 0.31, "t": 0.38, "r": 0.45, "s": 0.46,
}  # fmt: skip


def advance(char: str) -> float:
    """The width of a character in ems; Chinese ones are one em wide."""
    return _WIDTHS.get(char, 0.54) if char.isascii() else 1.0


@functools.cache
def _face() -> Any:
    import shutil
    import subprocess

    from fontTools.ttLib import TTFont

    program = shutil.which("fc-match") or "fc-match"
    command = [program, "-f", "%{file}\n%{index}", FAMILY]
    file, index = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\n")
    return TTFont(file, fontNumber=int(index), lazy=True)


@functools.cache
def _cmap() -> dict[int, str]:
    return dict(_face().getBestCmap())


@dataclass(slots=True)
class Leaf:
    """A page to be: its size, content, and what it needs."""

    width: float = 595.0
    height: float = 842.0
    content: list[bytes] = field(default_factory=list)
    rotate: int = 0
    origin: tuple[float, float] = (0.0, 0.0)
    crop: float = 0.0
    unit: float = 1.0
    form: bool = False


class Book:
    """A PDF in the making. `scheme`: how its Chinese font is made and what its text layer says.

    cid: embedded, Identity-H with ToUnicode; radicals: the same, some characters with codes of radicals;
    mute: the same without ToUnicode; wrong: with codes shifted; type3: drawn glyphs; named: not embedded,
    GBK-EUC-H; ucs2: not embedded, UniGB-UCS2-H; private: ToUnicode in the private use area. Without `shapes`
    its characters all look alike, which takes less time to make.
    """

    def __init__(self, scheme: str = "cid", compress: bool = True, shapes: bool = True) -> None:
        self.scheme = scheme
        self.compress = compress
        self.shapes = shapes
        self.leaves: list[Leaf] = []
        self.chars: dict[str, int] = {}
        self.info: dict[str, str] = {}
        self.images: list[tuple[int, int, bytes]] = []

    def advance(self, char: str) -> float:
        """The width of a character in ems."""
        return 0.5 if self.scheme in ("named", "ucs2") and char.isascii() else advance(char)

    def code(self, char: str) -> int:
        return self.chars.setdefault(char, len(self.chars) + 1)

    # Showing text

    def show(self, text: str) -> list[tuple[bytes, bytes]]:
        """Runs of (font name, string operand) for a text."""
        runs: list[tuple[bytes, bytearray]] = []
        for char in text:
            if self.scheme == "named":
                font, data = b"C0", char.encode("gbk", "replace")
            elif self.scheme == "ucs2":
                font, data = b"C0", char.encode("utf-16-be")
            elif self.scheme == "type3":
                number = self.code(char) - 1
                font, data = b"T%d" % (number // 250), bytes([number % 250 + 1])
            else:
                font, data = b"C0", self.code(char).to_bytes(2, "big")
            if runs and runs[-1][0] == font:
                runs[-1][1].extend(data)
            else:
                runs.append((font, bytearray(data)))
        return [(font, b"<" + bytes(data).hex().encode() + b">") for font, data in runs]

    # Objects

    def bytes(self, *, lock: bytes | None = None) -> bytes:
        """The file. `lock`: a user password to encrypt it with (40-bit RC4), may be empty."""
        objects: list[bytes] = [b"", b""]

        def add(body: bytes) -> int:
            objects.append(body)
            return len(objects)

        def stream(data: bytes, head: bytes = b"", plain: bool = False) -> bytes:
            if self.compress and not plain:
                data, head = zlib.compress(data), head + b" /Filter /FlateDecode"
            return b"<<%s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)

        fonts = self._fonts(add, stream)
        pictures = b""
        if self.images:
            names = []
            for i, (wide, high, data) in enumerate(self.images):
                number = add(stream(data, b" /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % (wide, high)))  # fmt: skip
                names.append(b"/I%d %d 0 R" % (i, number))
            pictures = b" ".join(names)
        kids = []
        for leaf in self.leaves:
            data = b"\n".join(leaf.content)
            resources = b"/Resources << /Font << %s >> /XObject << %s %%s >> >>" % (fonts, pictures)
            x, y = leaf.origin
            box = b"[%g %g %g %g]" % (x, y, x + leaf.width, y + leaf.height)
            inner = b""
            shift = b"1 0 0 1 %g %g cm\n" % (x, y) if (x or y) else b""
            if leaf.form:
                number = add(stream(data, b" /Type /XObject /Subtype /Form /BBox [0 0 %g %g] " % (leaf.width, leaf.height) + resources % b""))  # fmt: skip
                inner = b"/X0 %d 0 R" % number
                data = b"q /X0 Do Q"
            content = add(stream(b"q\n" + shift + data + b"\nQ"))
            extra = b""
            if leaf.rotate:
                extra += b" /Rotate %d" % leaf.rotate
            if leaf.crop:
                c = leaf.crop
                extra += b" /CropBox [%g %g %g %g]" % (x + c, y + c, x + leaf.width - c, y + leaf.height - c)
            if leaf.unit != 1.0:
                extra += b" /UserUnit %g" % leaf.unit
            kids.append(add(b"<< /Type /Page /Parent 2 0 R /MediaBox %s%s /Contents %d 0 R %s >>" % (box, extra, content, resources % inner)))  # fmt: skip
        objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
        objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
        trailer = b""
        if self.info:
            entries = b" ".join(b"/%s <feff%s>" % (k.encode(), v.encode("utf-16-be").hex().encode()) for k, v in self.info.items())  # fmt: skip
            trailer += b" /Info %d 0 R" % add(b"<< %s >>" % entries)
        ident = hashlib.md5(b"gongkai").digest()
        if lock is not None:
            key, dictionary = _lock(lock, ident)
            objects = [_locked(body, number, key) for number, body in enumerate(objects, 1)]
            trailer += b" /Encrypt %d 0 R" % add(dictionary)
        trailer += b" /ID [<%s> <%s>]" % (ident.hex().encode(), ident.hex().encode())
        out = io.BytesIO()
        out.write(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(objects, 1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
        out.write(
            b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
        )
        return out.getvalue()

    def _fonts(self, add: Any, stream: Any) -> bytes:
        latin = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
        found = b"/F1 %d 0 R" % latin
        if self.scheme in ("named", "ucs2"):
            described = add(b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>")  # fmt: skip
            below = add(b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500 814 939 500] /FontDescriptor %d 0 R >>" % described)  # fmt: skip
            name = b"GBK-EUC-H" if self.scheme == "named" else b"UniGB-UCS2-H"
            number = add(b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-%s /Encoding /%s /DescendantFonts [%d 0 R] >>" % (name, name, below))  # fmt: skip
            return found + b" /C0 %d 0 R" % number
        if self.scheme == "type3":
            return found + self._drawn(add, stream)
        order = list(self.chars)
        program = _subset(tuple(order), self.shapes)
        file = add(stream(program, b" /Subtype /CIDFontType0C"))
        described = add(b"<< /Type /FontDescriptor /FontName /ABCDEF+FangSong /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 /Ascent 860 /Descent -140 /CapHeight 700 /StemV 80 /FontFile3 %d 0 R >>" % file)  # fmt: skip
        widths = b" ".join(b"%d [%d]" % (i + 1, round(1000 * advance(char))) for i, char in enumerate(order))
        below = add(b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /ABCDEF+FangSong /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [%s] /FontDescriptor %d 0 R >>" % (widths, described))  # fmt: skip
        said = b""
        if self.scheme != "mute":
            lines = []
            for i, char in enumerate(order):
                lines.append(b"<%04x> <%s>" % (i + 1, self._told(char, i).encode("utf-16-be").hex().encode()))
            chunks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
            body = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(c), b"\n".join(c)) for c in chunks)
            told = add(stream(b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n" + body + b"\nendcmap end end"))  # fmt: skip
            said = b" /ToUnicode %d 0 R" % told
        number = add(b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+FangSong /Encoding /Identity-H /DescendantFonts [%d 0 R]%s >>" % (below, said))  # fmt: skip
        return found + b" /C0 %d 0 R" % number

    def _told(self, char: str, index: int) -> str:
        if self.scheme == "radicals":
            return _radicals().get(char, char)
        if self.scheme == "wrong":
            return chr(0x4E00 + (index * 37) % 20000)
        if self.scheme == "private":
            return chr(0xE000 + index)
        return char

    def _drawn(self, add: Any, stream: Any) -> bytes:
        order = list(self.chars)
        found = b""
        for first in range(0, len(order), 250):
            chars = order[first : first + 250]
            procs, widths, named, told = [], [], [], []
            for i, char in enumerate(chars):
                path = _outline(char) if self.shapes else b"100 0 m 400 0 l 400 700 l h f"
                wide = round(1000 * advance(char))
                number = add(stream(b"%d 0 0 -200 1000 900 d1\n" % wide + path))
                procs.append(b"/g%d %d 0 R" % (i + 1, number))
                named.append(b"/g%d" % (i + 1))
                widths.append(b"%d" % wide)
                told.append(b"<%02x> <%s>" % (i + 1, char.encode("utf-16-be").hex().encode()))
            chunks = [told[i : i + 100] for i in range(0, len(told), 100)]
            body = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(c), b"\n".join(c)) for c in chunks)
            said = add(stream(b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange\n" + body + b"\nendcmap end end"))  # fmt: skip
            font = add(b"<< /Type /Font /Subtype /Type3 /FontBBox [0 -200 1000 900] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << %s >> /Encoding << /Type /Encoding /Differences [1 %s] >> /FirstChar 1 /LastChar %d /Widths [%s] /Resources << >> /ToUnicode %d 0 R >>" % (b" ".join(procs), b" ".join(named), len(chars), b" ".join(widths), said))  # fmt: skip
            found += b" /T%d %d 0 R" % (first // 250, font)
        return found


@functools.cache
def _radicals() -> dict[str, str]:
    """Characters with the codes of radicals that look like them, as fonts of WPS have it."""
    import unicodedata

    found = {}
    for code in range(0x2F00, 0x2FD6):
        found.setdefault(unicodedata.normalize("NFKC", chr(code)), chr(code))
    return found


@functools.cache
def _glyphs() -> Any:
    return _face().getGlyphSet()


@functools.cache
def _program(char: str, shapes: bool) -> Any:
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    pen = T2CharStringPen(round(1000 * advance(char)), None)
    if not shapes:
        pen.moveTo((60, 0))
        pen.lineTo((250, 0))
        pen.lineTo((250, 700))
        pen.closePath()
    elif char and (source := _cmap().get(ord(char))) is not None:
        _glyphs()[source].draw(pen)
    return pen.getCharString()


@functools.lru_cache(maxsize=64)
def _subset(chars: tuple[str, ...], shapes: bool) -> bytes:
    """A bare CFF font whose CID n is the n-th character."""
    from fontTools.fontBuilder import FontBuilder

    names = [".notdef", *(f"g{i:05d}" for i in range(1, len(chars) + 1))]
    programs = {name: _program(char, shapes) for name, char in zip(names, ("", *chars), strict=True)}
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCFF("ABCDEF-FangSong", {"FullName": "FangSong"}, programs, {})
    return bytes(builder.font["CFF "].compile(builder.font))


@functools.cache
def _outline(char: str) -> bytes:
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    source = _cmap().get(ord(char))
    if source is None:
        return b""
    pen = DecomposingRecordingPen(_glyphs())
    _glyphs()[source].draw(pen)
    signs = {"moveTo": b"m", "lineTo": b"l", "curveTo": b"c", "closePath": b"h"}
    parts = []
    for sign, points in pen.value:
        parts.extend(b"%g %g" % point for point in points)
        parts.append(signs[sign])
    return b" ".join(parts) + b" f"


_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)


def _lock(password: bytes, ident: bytes) -> tuple[bytes, bytes]:
    """The key of a file and its encryption dictionary: ISO 32000-1, 7.6.3, revision 2."""
    padded = (password + _PAD)[:32]
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], padded)
    allowed = (-44).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + allowed + ident).digest()[:5]
    user = _rc4(key, _PAD)
    told = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>" % (owner.hex().encode(), user.hex().encode())
    return key, told


def _locked(body: bytes, number: int, key: bytes) -> bytes:
    """An object with its stream encrypted; strings of this writer are hexadecimal and stand in streams or Info."""
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
    if b"\nstream\n" not in body:
        if b"<feff" in body:
            import re

            return re.sub(rb"<(feff[0-9a-f]*)>", lambda m: b"<" + _rc4(own, bytes.fromhex(m[1].decode())).hex().encode() + b">", body)  # fmt: skip
        return body
    head, _, rest = body.partition(b"\nstream\n")
    return head + b"\nstream\n" + _rc4(own, rest.removesuffix(b"\nendstream")) + b"\nendstream"


def picture() -> tuple[int, int, bytes]:
    """A small red picture, as of a seal."""
    data = bytearray()
    for y in range(60):
        for x in range(60):
            ring = 20 < ((x - 30) ** 2 + (y - 30) ** 2) ** 0.5 < 28
            data += b"\xdd\x20\x20" if ring else b"\xff\xff\xff"
    return 60, 60, bytes(data)
