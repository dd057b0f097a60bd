"""Pages that stand within other bytes: in a string of JSON or of a script, as text with its tags written out, or in
an element that shows nothing of it.

Sites that fill their pages by scripts keep articles so, and their interfaces answer so. Such a page is taken out and
read like any other; its locators say the way to it, `carrier "!" locator`, as `parsers/document.py` writes down.
Source of the notations: RFC 8259 (JSON), RFC 6901 (pointers), ECMA-262, 12.9.4 (string literals of scripts).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from parsers.document import Block, Document, Link, Paragraph, Table
from parsers.errors import BrokenDocumentError
from parsers.frozen import frozen
from parsers.readers.markup import unescape
from parsers.records import Issue

LEAST = 80
"""Chinese characters that a carried page holds at least."""

FEW = 400
"""A page that shows fewer of them, and no table, may be one that a script fills."""

MAX_NODES = 200_000
MAX_META = 200
META_LENGTH = 300

_BEFORE = re.compile(
    r"[\ufeff\s]*(?:/\*.{0,80}?\*/\s*)?(?:[\w$.]{1,80}\s*\(\s*|(?:(?:var|let|const)\s+)?[\w$.]{1,80}\s*=\s*)?",
    re.DOTALL,
)
_JSON = re.compile(r"(?:\[\s*)?[\[{]\s*\"|\[\s*\"")
_BEHIND = re.compile(r"[\s;)]*\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OPENED = re.compile(r"<!--|<script\b[^>]{0,2000}>", re.IGNORECASE)
_CLOSED = re.compile(r"</script", re.IGNORECASE)
_NO_SCRIPT = re.compile(r"\btype\s*=\s*[\"']?\s*text/(?:html|plain|template|x-(?!javascript))", re.IGNORECASE)
_HOLDERS = ("textarea", "noscript", "template")
_HOLDER = re.compile(rf"<({'|'.join(_HOLDERS)})\b[^>]{{0,2000}}>", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _HOLDERS}
# What has no end goes to the end of its line, or of the script: nothing is looked through twice.
_LITERAL = re.compile(
    r"\"(?P<double>(?:[^\"\\\n]|\\[\s\S])*+)\"?|'(?P<single>(?:[^'\\\n]|\\[\s\S])*+)'?|`(?P<back>(?:[^`\\]|\\[\s\S])*+)`?"
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_PIECE = re.compile(r"[^<>]+")
_REFERRED = re.compile(r"&lt;/(?:p|td|tr|table|div|span)&gt;", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"(?:<|&lt;)/(?:p|td|tr|table|div|span)(?:>|&gt;)", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:p|br|td|div|span|h[1-6])\b", re.IGNORECASE)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_TIMES = re.compile(r"time|date", re.IGNORECASE)
_Placed = TypeVar("_Placed", Paragraph, Table, Paragraph | Table, Link)
_BEIJING = timedelta(hours=8)


@frozen
class Carried:
    """A page within another text. `carrier` says the way to it, `meta` what the object says that holds it.

    `others` counts the texts of the same size that stand beside it and are not read.
    """

    text: str
    carrier: str
    meta: tuple[tuple[str, str], ...] = ()
    others: int = 0


def in_json(text: str) -> Carried | None:
    """The longest text that JSON holds, or a call or assignment with JSON in it; None for any other text.

    Raises BrokenDocumentError for JSON that cannot be read though it holds markup: its cut text is no page.
    """
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    if _JSON.match(text, start) is None:
        return None
    try:
        data, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        if _WRITTEN_OUT.search(text) or "<\\/" in text:
            raise BrokenDocumentError(
                "the JSON breaks off or is damaged", reading="a page in JSON", remedy="Fetch it again"
            ) from error
        return None
    if _BEHIND.match(text, end) is None:
        return None
    found = sorted(_strings(data), key=lambda one: -one[0])
    if not found:
        return None
    size, pointer, content, meta = found[0]
    others = sum(1 for one in found[1:] if one[0] * 2 >= size)
    return Carried(_whole(content), f"json:{pointer}", meta, others)


def han(text: str) -> int:
    """How many Chinese characters a text has."""
    return len(_HAN.findall(text))


def _article(content: str) -> int:
    """The Chinese characters of content with markup that has a page's worth of them, 0 for other content."""
    size = han(content)
    return size if size >= FEW and _MARKUP.search(content) else 0


def _whole(text: str) -> str:
    """A text whose halves of characters beyond the basic plane are joined, U+FFFD for one alone."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _strings(data: object) -> Iterator[tuple[int, str, str, tuple[tuple[str, str], ...]]]:
    """Texts long enough for a page: their Chinese characters, pointers, and what stands beside them."""
    waiting: list[tuple[str, object, tuple[tuple[str, str], ...]]] = [("", data, ())]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        pointer, node, meta = waiting.pop()
        if isinstance(node, str):
            size = han(node)
            if size >= LEAST:
                yield size, pointer, node, meta
        elif isinstance(node, dict):
            meta = (*_beside(node), *meta)[:MAX_META]
            keys = [key for key in node if "!" not in key]
            waiting += [(f"{pointer}/{_pointed(key)}", node[key], meta) for key in reversed(keys)]
        elif isinstance(node, list):
            waiting += [(f"{pointer}/{index}", node[index], meta) for index in range(len(node) - 1, -1, -1)]


def _pointed(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _beside(node: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The short values of an object, moments that are counted in seconds or milliseconds as days and hours of China."""
    for key, value in node.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and _TIMES.search(key):
            seconds = value // 1000 if value >= 10**12 else value
            if 10**9 <= seconds < 2 * 10**9:
                moment = datetime.fromtimestamp(seconds, UTC) + _BEIJING
                yield f"json:{key.lower()}", f"{moment:%Y-%m-%d %H:%M}"
        elif isinstance(value, str) and 0 < len(value) <= META_LENGTH:
            yield f"json:{key.lower()}", value


def in_page(text: str, document: Document) -> Carried | None:
    """The page that a script of a page holds, or that a page shows with its tags written out; None where it shows one.

    `document` is what was read of the page itself.
    """
    if any(isinstance(block, Table) for block in document.blocks):
        return None
    shown = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    seen = 0
    for line in shown:
        seen += han(line) if not _WRITTEN_OUT.search(line) else 0
        if seen >= FEW:
            return None
    found = max((*_escaped(text), *_literals(text), *_held(text)), key=lambda one: one[0], default=None)
    if found is None or found[0] < max(LEAST, 2 * seen):
        return None
    return Carried(found[2], found[1])


def _escaped(text: str) -> Iterator[tuple[int, str, str]]:
    if "&lt;/" not in text and "&LT;/" not in text:
        return
    pieces = (match[0] for match in _PIECE.finditer(text))
    for number, piece in enumerate((piece for piece in pieces if _REFERRED.search(piece)), 1):
        content = unescape(piece)
        yield han(content), f"escaped:{number}", content


def _held(text: str) -> Iterator[tuple[int, str, str]]:
    """What elements hold that editors and scripts keep articles in. Those cannot stand within themselves."""
    counts = dict.fromkeys(_HOLDERS, 0)
    position = 0
    while opened := _HOLDER.search(text, position):
        name = opened[1].lower()
        counts[name] += 1
        closed = _ENDS[name].search(text, opened.end())
        if closed is None:
            return
        content = text[opened.end() : closed.start()]
        content = unescape(content) if name == "textarea" else content
        if size := _article(content):
            yield size, f"{name}:{counts[name]}", content
        position = closed.end()


def _literals(text: str) -> Iterator[tuple[int, str, str]]:
    for number, (tag, script) in enumerate(_scripts(text), 1):
        if _NO_SCRIPT.search(tag):
            if size := _article(script):
                yield size, f"script:{number}:0", script
            continue
        for place, literal in enumerate(_LITERAL.finditer(script), 1):
            raw = literal[literal.lastgroup or 0]
            if len(raw) < LEAST:
                continue
            content = _unescaped(raw)
            size = han(content)
            if size >= FEW or _MARKUP.search(content):
                yield size, f"script:{number}:{place}", content


def _scripts(text: str) -> Iterator[tuple[str, str]]:
    """The start tags of the script elements of a page and what stands in these, those in remarks aside."""
    position = 0
    while opened := _OPENED.search(text, position):
        if opened[0] == "<!--":
            position = text.find("-->", opened.end()) + 3
            if position < 3:
                return
            continue
        closed = _CLOSED.search(text, opened.end())
        if closed is None:
            return
        yield opened[0], text[opened.end() : closed.start()]
        position = closed.end()


def _unescaped(raw: str) -> str:
    """What a string literal of a script stands for."""
    if "\\" not in raw:
        return raw

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            number = int(code, 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return _SHORT.get(match[4], match[4])

    return _whole(_ESCAPE.sub(one, raw))


def within(document: Document, carried: Carried) -> Document:
    """What was read of a carried page, as a part of what carries it."""
    message = f"the page was taken out of what carries it ({carried.carrier})"
    notes = [Issue(code="carried_page", severity="info", message=message)]
    if carried.others:
        message = f"{carried.others} more texts of this size stand beside the one that was read"
        notes.append(Issue(code="carried_others", severity="warning", message=message))
    document = placed(document, f"{carried.carrier}!")
    return replace(document, meta=(*document.meta, *carried.meta), issues=(*notes, *document.issues))


def joined(outer: Document, inner: Document) -> Document:
    """A page with the text that a script fills it with: behind what the page shows itself, before its foot."""
    first = len(outer.containers)
    blocks = [_moved(block, first) for block in inner.blocks]
    own = [block for block in outer.blocks if not (isinstance(block, Paragraph) and _WRITTEN_OUT.search(block.text))]
    at = next((n for n, block in enumerate(own) if _role(outer, block.container) == "footer"), len(own))
    containers = [replace(one, parent=one.parent + first) if one.parent >= 0 else one for one in inner.containers]
    return replace(
        outer,
        blocks=(*own[:at], *blocks, *own[at:]),
        containers=(*outer.containers, *containers),
        links=(*outer.links, *(_moved(link, first) for link in inner.links)),
        meta=(*outer.meta, *inner.meta),
        title=outer.title or inner.title,
        issues=(*outer.issues, *inner.issues),
    )


def _role(document: Document, container: int) -> str:
    """What the container of a block, or the nearest one around it that says something, is for."""
    while container >= 0 and not document.containers[container].role:
        container = document.containers[container].parent
    return document.containers[container].role if container >= 0 else ""


def _moved(one: _Placed, by: int) -> _Placed:
    return replace(one, container=one.container + by) if one.container >= 0 else one


def placed(document: Document, way: str) -> Document:
    """A document whose locators begin with the way to it."""
    return replace(
        document,
        blocks=tuple(_block_placed(block, way) for block in document.blocks),
        issues=tuple(replace(one, locator=way + one.locator) if one.locator else one for one in document.issues),
    )


def _block_placed(block: Block, way: str) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, locator=way + block.locator)
    cells = tuple(replace(cell, locator=way + cell.locator) for cell in block.cells)
    return replace(block, locator=way + block.locator, cells=cells)
