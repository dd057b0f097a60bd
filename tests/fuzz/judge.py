"""What must hold of whatever is read of a document: no exception, no figure that the bytes do not print, rows that can be kept.

Places are found again by `pipeline.finder`, which shares no code with the parser. A page may be so broken that its
tokenizer and HTML's rules disagree about where a cell is; then the figure's text must stand somewhere in the input, and
the place counts as unconfirmed.
"""

from __future__ import annotations

import hashlib
import html
import io
import itertools
import re
import tempfile
import time
import traceback
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.layout import LTChar, LTContainer
from selectolax.lexbor import LexborHTMLParser

from parsers import Bundle, ParsedBundle, parse
from parsers.errors import GongkaiError
from parsers.recognition import UNREADABLE
from parsers.records import Observation
from pipeline import parts
from pipeline.archive import bundles
from pipeline.archive.captures import Captures
from pipeline.finder import decoded, drawn
from pipeline.originals import Known, Original
from pipeline.rereading import digits, squeezed
from pipeline.verify import _Verification

Parse = Callable[[Bundle], ParsedBundle]
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\xa0]+")
_TAG = r"</?[A-Za-z!?][^<>]*>"
# Letters that clerks type for digits: the reader takes them for these only where a sum confirms it.
_LETTERS = str.maketrans("OoＯｏОо○◯lＩI", "00000000111")
_NUMERALS = re.compile(r"[零〇○一二三四五六七八九十百千万亿两]")
_NAMES = tuple(field.name for field in fields(Observation))
_values = attrgetter(*_NAMES)


@dataclass(slots=True)
class Found:
    """What came of one input. `seconds` are of the processor. `faults` are (kind, words); `counts` what was looked at."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    size: int = 0


class _Bytes:
    """Stands for `Originals`: the documents of one bundle."""

    def __init__(self, contents: dict[str, bytes], parsed: ParsedBundle) -> None:
        self.found = {
            row.document_id: Original(
                Known(row.document_id, row.source, None, row.media_type, row.encoding, row.encoding_source, "", None),
                contents[row.document_id],
            )
            for row in parsed.documents
            if row.document_id in contents
        }

    def open(self, document_id: str) -> Original:
        return self.found[document_id]


def judge(kind: str, content: bytes, reader: Parse = parse) -> Found:
    """Read an input of a kind, and look at what was read."""
    return judge_all(kind, [content], reader)[0]


def judge_all(kind: str, contents: Iterable[bytes], reader: Parse = parse) -> list[Found]:
    """The same for several inputs, whose rows are kept in one part as those of a run are."""
    everything: list[Found] = []
    held: list[tuple[Found, ParsedBundle]] = []
    for content in contents:
        found = Found(size=len(content))
        everything.append(found)
        held.extend((found, parsed) for parsed in _read(kind, content, reader, found))
    _kept(held)
    return everything


def _read(kind: str, content: bytes, reader: Parse, found: Found) -> list[ParsedBundle]:
    """What is read of an input, its figures looked at."""
    if kind != "warc":
        bundles_of = [Bundle(content=content, source=f"a/2019.{kind.replace('text', 'txt')}")]
    else:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.warc.gz").write_bytes(content)
            bundles_of = _guarded(found, lambda: list(_archived(Path(folder)))) or []
    read = (_bundle(bundle, reader, found) for bundle in bundles_of)
    return [parsed for parsed in read if parsed is not None]


def _archived(folder: Path) -> Iterator[Bundle]:
    with Captures(folder) as captures:
        captures.update()
        captures.broken()
        for one in bundles.stored(captures):
            try:
                yield bundles.bundle_at(bundles.place(captures, one))
            except GongkaiError:
                continue


def _guarded(found: Found, what: Callable[[], Any]) -> Any:
    """What a function gives; None where it raised what it may raise. Anything else is a fault."""
    started = time.process_time()
    try:
        return what()
    except GongkaiError as error:
        found.counts[type(error).__name__] += 1
    except MemoryError:  # of this process, which may hold what other inputs left: whoever runs it tries again
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        found.faults.append(("uncaught", f"{type(error).__name__}: {error} in {last.filename}:{last.lineno}"[:400]))
    finally:
        found.seconds += time.process_time() - started
    return None


def _bundle(bundle: Bundle, reader: Parse, found: Found) -> ParsedBundle | None:
    found.counts["documents"] += 1
    parsed: ParsedBundle | None = _guarded(found, lambda: reader(bundle))
    if parsed is None:
        return None
    found.counts["reports"] += len(parsed.reports)
    found.counts["observations"] += len(parsed.observations)
    contents = {
        hashlib.sha256(content).hexdigest(): content
        for content in (bundle.content, *(one.content for one in bundle.attachments))
    }
    _figures(parsed, contents, found)
    return parsed


def _kept(held: Sequence[tuple[Found, ParsedBundle]]) -> None:
    """The rows fit into a part: a fault for each input whose rows no part takes."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _, refused = parts.write_chunk(Path(folder, "0"), [(at, parsed) for at, (_, parsed) in enumerate(held)])
        except Exception as error:
            if len(held) > 1:
                for one in held:
                    _kept([one])
            else:
                held[0][0].faults.append(("refused", f"{type(error).__name__}: {error}"[:300]))
            return
    for at, reason in refused.items():
        held[at][0].faults.append(("refused", reason[:300]))


def _figures(parsed: ParsedBundle, contents: dict[str, bytes], found: Found) -> None:
    check = _Verification(_Bytes(contents, parsed))  # type: ignore[arg-type]
    texts: dict[str, str] = {}
    for one in parsed.observations:
        row: dict[str, Any] = dict(zip(_NAMES, _values(one), strict=True))
        row["value"] = None if one.value is None else float(one.value)
        said = f"{one.indicator} {one.breakdown} {one.locator} {one.raw[:60]!r}"
        if one.value is not None and not _printed(one.raw, one.value):
            found.faults.append(("invented", f"{said} is no {one.value}"))
        if not one.raw or not one.locator:
            continue
        check.verdict.differences.clear()
        try:
            check._row("observations", row)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            found.faults.append(("verify", f"{type(error).__name__}: {error} in {last.filename}:{last.lineno}"[:400]))
            return
        for difference in check.verdict.differences:
            found.counts[f"unconfirmed: {difference.problem}"] += 1
        if any(one.problem in ("not_found", "raw_differs") for one in check.verdict.differences):
            if one.document_id not in texts:
                texts[one.document_id] = everything(check.originals.open(one.document_id))
            text = texts[one.document_id]
            if text and not stands(one, text):
                found.faults.append(("invented", f"{said} stands nowhere"))
                return


def stands(one: Observation, text: str) -> bool:
    """Whether what is said of a cell stands in the text of its document.

    A cell that shows a picture says that it cannot be read, by one sign and no value: that claims nothing.
    """
    if one.value is None and one.raw == UNREADABLE:
        return True
    lines = [_bare(line) for piece in _pieces(one) for line in piece.split("\n")]
    if all(line in text or unicodedata.normalize("NFKC", line) in text for line in lines):
        return True
    if one.value is not None or not one.locator.startswith("pdf:"):
        return False
    # A PDF has no order of its own: in a cell that could not be read two programs may see its characters in two. What
    # is U+FFFD to one of them is any character to the other.
    signs = set(unicodedata.normalize("NFKC", "".join(lines)))
    return "\ufffd" in signs or signs <= set(text)


def _pieces(one: Observation) -> list[str]:
    """What is said of a cell, cut where its place says that something between was left out."""
    found = re.search(r"\[([0-9:,]+)\]\Z", one.locator)
    spans = [tuple(map(int, span.split(":"))) for span in found[1].split(",")] if found else []
    ends = list(itertools.accumulate(end - begin for begin, end in spans))
    if not ends or ends[-1] != len(one.raw):
        return [one.raw]
    return [one.raw[begin:end] for begin, end in itertools.pairwise([0, *ends])]


def _printed(raw: str, value: Decimal) -> bool:
    """Whether the digits of a value are among those of the text that it is said to come from."""
    wanted = digits(format(abs(value), "f")).strip("0")
    return not wanted or wanted in digits(raw.translate(_LETTERS)) or bool(_NUMERALS.search(raw))


def _bare(text: str) -> str:
    return _UNSEEN.sub("", squeezed(text))


def everything(original: Original) -> str:
    """All characters of a document without white space, markup left out; "" where no second program can tell."""
    known = original.known
    if known.encoding or known.media_type.startswith("text/"):
        text = decoded(original.content, known.encoding, known.encoding_source).replace("\0", "")
        # What looks like a comment to a pattern may be none, so its text counts too; and an HTML parser knows the rest.
        bare = re.sub(rf"<!--.*?-->|{_TAG}", "", text, flags=re.DOTALL) + "\n" + re.sub(rf"<!--|-->|{_TAG}", "", text)
        root = LexborHTMLParser(text).root if "<" in text else None
        shown = "" if root is None else root.text()
        values = " ".join(re.findall(r"(?i)value\s*=\s*[\"']?([^\"'>]*)", text))
        return "\n".join(map(_bare, (_unescaped(bare), text, _unescaped(values), shown)))
    return _bare(_spelt(original.content))


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # Python makes no number of thousands of digits
        return html.unescape(re.sub(r"&#0*[1-9][0-9]{7,};?", "\ufffd", text))


def _spelt(content: bytes) -> str:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            text = "".join(_member(packed, name) for name in packed.namelist() if name.endswith(".xml"))
        return _unescaped(re.sub(r"<[^<>]*>", "", text))
    try:
        pages = list(drawn(as_shown(content)))
        document = pypdfium2.PdfDocument(content)
        count, untold = len(document), sum(map(_untold, document))
    except Exception:
        return ""
    # Of a damaged file the other program may find fewer pages, and cannot tell what stands on the rest.
    if len(pages) < count:
        return ""
    # In the order in which it is drawn, and line by line.
    signs = [list(_signs(page)) for page in pages]
    ordered = [sorted(page, key=lambda one: (-round(one.y0), one.x0)) for page in signs]
    text = "\n".join("".join(one.get_text() for one in page) for page in (*signs, *ordered))
    # Fonts whose codes the other program cannot tell; what the reader's cannot tell either is no figure to it.
    if sum("(cid:" in one.get_text() for page in signs for one in page) > untold:
        return ""
    text = re.sub(r"\(cid:\d+\)", "\ufffd", text)
    return unicodedata.normalize("NFKC", text) + text


def _untold(page: pypdfium2.PdfPage) -> int:
    """How many characters of a page pdfium knows no code of."""
    text = page.get_textpage()
    places = range(text.count_chars())
    return sum(
        pdfium.FPDFText_HasUnicodeMapError(text, at) == 1 or pdfium.FPDFText_GetUnicode(text, at) == 0 for at in places
    )


def as_shown(content: bytes) -> bytes:
    """A PDF without what viewers pass over and the other program does not, after which it draws nothing."""
    pieces = re.split(rb"(?s)(stream\r?\n.*?endstream)", content)
    for place in range(1, len(pieces), 2):
        head, body = re.match(rb"(?s)(stream\r?\n)(.*)endstream", pieces[place]).groups()  # type: ignore[union-attr]
        try:
            text = zlib.decompressobj().decompress(body)
        except zlib.error:
            continue
        if re.search(rb"\bT[Jj]\b", text) and (plain := _well_formed(text)) != text:
            pieces[place] = head + zlib.compress(plain, 1) + b"\nendstream"
    made = b"".join(pieces)
    # Where streams have come to be of another length, the table of places is of no use.
    return content if made == content else re.sub(rb"(?<=startxref)\s+\d+", b"\n999999999", made)


def _well_formed(text: bytes) -> bytes:
    """What a page draws, without braces, arrays within arrays, and what is no digit in strings of hexadecimal digits."""
    within = False

    def put(found: re.Match[bytes]) -> bytes:
        nonlocal within
        token = found[0]
        if token.startswith(b"<"):
            return b"<" + re.sub(rb"[^0-9A-Fa-f]", b"", token) + b">"
        if token in (b"[", b"]"):
            again, within = within and token == b"[", token == b"["
            return b"" if again else token
        return b" " if token in (b"{", b"}") else token

    return re.sub(rb"(?s)\((?:\\.|[^\\()])*\)|(?<!<)<(?!<)[^>]*>|[\[\]{}]", put, text)


def _member(packed: zipfile.ZipFile, name: str) -> str:
    """The text of a file within a damaged archive; "" where it cannot be unpacked."""
    try:
        return packed.read(name).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        return ""


def _signs(node: Any) -> Iterator[LTChar]:
    if isinstance(node, LTChar):
        yield node
    elif isinstance(node, LTContainer):
        for child in node:
            yield from _signs(child)
