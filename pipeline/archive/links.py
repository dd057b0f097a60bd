"""Links from a page to its attachments: files that the article names, and pictures that stand in it."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
import regex

from parsers.readers.charset import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

SECONDS = 2.0
"""The most that one pattern of the data file may take on one address."""


@functools.cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(resources.files("pipeline.archive").joinpath("links.toml").read_text("utf-8"))


@functools.cache
def _pattern(name: str) -> Any:
    return regex.compile("|".join(_rules()[name]), regex.IGNORECASE)


def tree_of(page: str) -> HtmlElement | None:
    """A page's tree, or None when there is none in it."""
    text = page.replace("\0", "")
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<?xml"):
        text = start.partition("?>")[2]
    try:
        tree = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return None
    return tree


def base_of(tree: HtmlElement, address: str) -> str:
    """The address that a page's relative links are relative to."""
    for element in tree.iter("base"):
        said = (element.get("href") or "").strip()
        if said:
            return join(address, said) or address
    return address


def join(base: str, link: str) -> str:
    """A link as an absolute http address without fragment, or "" when it is none."""
    plain = "".join(link.split()) if "\n" in link or "\t" in link else link.strip()
    if not plain or plain.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "about:")):
        return ""
    try:
        found = urldefrag(urljoin(base, plain.replace("\\", "/"))).url
        parts = urlsplit(found)
        return found if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def attachment_links(content: bytes, address: str, *, header_charset: str = "") -> list[str]:
    """Addresses of a page's attachments in their order, each once."""
    text = decode(content, header_charset).text
    folded = text.lower()
    if not any(hint in folded for hint in _hints()):
        return []
    tree = tree_of(text)
    return [] if tree is None else attachments_in(tree, address)


def attachments_in(tree: HtmlElement, address: str) -> list[str]:
    """As `attachment_links`, of a tree that is there already."""
    base = base_of(tree, address)
    # Most pages link to no file at all: the article need not be looked for there.
    if not any(True for _ in _files(tree, base, address)):
        return []
    return list(dict.fromkeys(_files(article_in(tree), base, address)))


def _files(place: HtmlElement, base: str, address: str) -> Iterator[str]:
    """Addresses of the files that are named, and of the pictures that stand, within an element."""
    for element in place.iter("a", "img", "iframe", "embed", "object"):
        name = {"a": "href", "object": "data"}.get(str(element.tag), "src")
        link = join(base, element.get(name) or "")
        if not link or link == address:
            continue
        if element.tag == "img":
            if _picture(element, link):
                yield link
        elif is_attachment(link) or (
            element.tag == "a" and ending(element.get("download") or "") in _rules()["endings"]
        ):
            yield link


@functools.cache
def _hints() -> tuple[str, ...]:
    """What stands in the source of every page that has an attachment: cheaper to look for than to build its tree."""
    rules = _rules()
    return (*rules["hints"], *(f".{ending}" for ending in (*rules["endings"], *rules["pictures"])))


def is_attachment(link: str) -> bool:
    """Whether an address looks like that of a file rather than a page."""
    parts = urlsplit(link)
    rest = f"{parts.path}?{parts.query}"
    return ending(parts.path) in {*_rules()["endings"], *_rules()["pictures"]} or bool(
        _pattern("downloads").search(rest, timeout=SECONDS)
    )


def endings() -> frozenset[str]:
    """Endings of the names of files that pages have for attachments, pictures too."""
    rules = _rules()
    return frozenset((*rules["endings"], *rules["pictures"]))


def ending(path: str) -> str:
    """The ending of a file name, lower case, or ""."""
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _picture(element: HtmlElement, link: str) -> bool:
    if _pattern("furniture").search(urlsplit(link).path, timeout=SECONDS):
        return False
    for side in ("width", "height"):
        said = (element.get(side) or "").strip().removesuffix("px")
        if said.isascii() and said.isdigit() and int(said) < _rules()["smallest_picture"]:
            return False
    return True


def article_in(tree: HtmlElement) -> HtmlElement:
    """The element that holds the article: by the names that sites give it, else where most of the text is."""
    for path in _rules()["articles"]:
        for element in tree.xpath(path):
            if _has_text(element, _rules()["article_text"]) or element.xpath(".//img[@src] | .//a[@href]"):
                return element
    body = tree.find("body")
    place = tree if body is None else body
    lengths = _lengths(place)
    while True:
        sizes = [(lengths[child], child) for child in place if isinstance(child.tag, str)]
        total = sum(size for size, _ in sizes)
        if not total:
            return place
        size, child = max(sizes, key=lambda pair: pair[0])
        if size < 0.7 * total or size < _rules()["article_text"] or child.tag in ("table", "tbody", "tr", "p"):
            return place
        place = child


def _has_text(element: HtmlElement, least: int) -> bool:
    """Whether an element holds at least so many characters of text, about; looks no further than is needed."""
    total = 0
    for text in element.itertext():
        total += len(text.strip())
        if total >= least:
            return True
    return False


def _lengths(place: HtmlElement) -> dict[HtmlElement, int]:
    """For each element of a tree the characters of text in it that a reader sees, about."""
    found: dict[HtmlElement, int] = {}
    for element in reversed(list(place.iter())):
        size = sum(found[child] for child in element)
        if isinstance(element.tag, str) and element.tag not in ("script", "style"):
            size += sum(len(text.strip()) for text in (element.text, *(child.tail for child in element)) if text)
        found[element] = size
    return found
