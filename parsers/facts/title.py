"""The report's own title: from its heading, meta elements, metadata block, title element or first lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from parsers.document import Document
from parsers.facts import bodies, metadata
from parsers.facts.lines import Line, Page, clean, fold, squeeze
from parsers.facts.rules import load, pattern
from parsers.frozen import frozen
from parsers.records import Issue

_HEAD = 12
_NEAR = 40
_NAME = 16
_APART = 20
_LONGEST = 90
AGAIN = 32
"""So many texts are kept with what they are: a page says its title again and again."""


@frozen
class Title:
    """A title as published, white space normalised. `origin` is a key of `[weights]`, "" for none."""

    text: str = ""
    raw: str = ""
    locator: str = ""
    origin: str = ""


@frozen
class _Candidate:
    title: Title
    weight: float


def read(page: Page, fields: Sequence[metadata.Field]) -> Title:
    """The title. Without one that names a report, what a heading or the title element says; else empty."""
    candidates = [*_of_fields(fields), *_of_lines(page), *_of_element(page.document)]
    if candidates:
        chosen = max(candidates, key=lambda candidate: candidate.weight)
        # The end of a title that a line break tore can pass for one.
        whole = [
            c for c in candidates if c.weight > chosen.weight - _APART and _completes(c.title.text, chosen.title.text)
        ]
        found = max([chosen, *whole], key=lambda candidate: len(candidate.title.text)).title
        return _named(page, found) if _worth(found.text) <= 0 else found
    return _fallback(page, fields)


def _named(page: Page, bare: Title) -> Title:
    """The heading of the page that names a year and a report, where the title found says neither year nor body."""
    for line in page.before[-_NEAR:]:
        if line.level == 1 and not line.linked and pattern("title", "yearly").search(line.key) is not None:
            return Title(normal(line.text), line.text, line.locator, "heading")
    return bare


def others(page: Page, own: Title) -> tuple[Issue, ...]:
    """Remarks on titles of reports of other years that stand centred within this one: figures may be of either."""
    year = pattern("title", "year").search(fold(squeeze(own.text)))
    found: list[Issue] = []
    if year is None:
        return ()
    for line in page.own[_HEAD:]:
        if line.align != "center" or line.linked or not line.key.endswith(("报告", "年报")):
            continue
        other = pattern("title", "year").search(line.key)
        if other is not None and other.group()[:4] != year.group()[:4] and is_report_title(line.text):
            message = f"the document holds another report: {line.text}"
            found.append(
                Issue(code="other_report", severity="warning", message=message, raw=line.text, locator=line.locator)
            )
    return tuple(found)


def _completes(text: str, end: str) -> bool:
    """Whether a title is another one with more of a name before it, not with the name of the site or a column."""
    before = text.removesuffix(end)
    if not 0 < len(before) <= _NAME or before == text or not all(map(str.isalpha, before)):
        return False
    return "公开" not in before and before[:2] not in end


def normal(text: str) -> str:
    """A title without layout: white space that separates no Latin words gone, labels before it gone."""
    text = pattern("title", "prefix").remove(clean(text))
    words = text.split(" ")
    joined = words[0]
    for word in words[1:]:
        latin = joined[-1:].isascii() and joined[-1:].isalpha() and word[:1].isascii() and word[:1].isalpha()
        joined += f" {word}" if latin else word
    return joined


@lru_cache(maxsize=AGAIN)
def is_report_title(text: str) -> bool:
    """Whether a text, apart from a bracket after it, ends as titles of annual reports do."""
    if "公" not in text:
        return False
    short = fold(squeeze(text))
    if not 4 <= len(short) <= _LONGEST or "。" in short[:-1] or "," in short:
        return False
    match = pattern("title", "report").search(short)
    if match is None or pattern("title", "never").search(short) is not None:
        return False
    return pattern("title", "after").match(short[match.end() :]) is not None


def _of_fields(fields: Sequence[metadata.Field]) -> list[_Candidate]:
    found = []
    for field in fields:
        if field.name == "title":
            text = _own(field.value)
            if text:
                origin = "meta" if field.origin == "meta" else "block"
                found.append(_candidate(Title(text, field.value, field.locator, origin), aside=field.aside))
    return found


def _of_lines(page: Page) -> list[_Candidate]:
    found = []
    for region, weight in ((page.before[-_NEAR:], "line"), (page.own[:_HEAD], "body")):
        for index, line in enumerate(region):
            if weight == "body" and _running(line):
                break
            following = region[index + 1] if index + 1 < len(region) else None
            text, raw = _whole(line, following, strict=weight == "line")
            if text:
                origin = "heading" if line.level or line.align == "center" else weight
                title = Title(text, raw, line.locator, origin)
                found.append(_candidate(title, linked=line.linked, aside=line.aside))
    return found


def _whole(line: Line, following: Line | None, *, strict: bool) -> tuple[str, str]:
    """A title that stands in one line, or in two; `strict` asks that both be printed alike."""
    whole = is_report_title(line.text)
    if whole and not _second(line.key):
        return _own(line.text), line.text
    head, blank, rest = line.text.partition(" ")
    if blank and not whole and is_report_title(head) and _worth(head) > 0 and metadata.labelled(rest):
        # Title and byline in one line.
        return normal(head), head
    if following is None or line.linked or len(line.text) > 40 or metadata.is_label(line):
        return (line.text, line.text) if whole else ("", "")
    alike = not strict or _alike(line, following) or pattern("title", "dated_half").fullmatch(line.key) is not None
    if not whole and alike and _second(following.key) and _first(line.key):
        joined = normal(line.text) + normal(following.text)
        if is_report_title(joined):
            return joined, f"{line.text}\n{following.text}"
    return (normal(line.text), line.text) if whole else ("", "")


def _first(short: str) -> bool:
    if pattern("title", "first_half").match(short) is None:
        return False
    name = pattern("title", "year").remove(short)
    return name != short or bodies.is_organ(name) or bodies.is_place(name)


def _alike(line: Line, following: Line) -> bool:
    same = line.order == following.order or (line.level, line.align) == (following.level, following.align)
    return same and (line.order == following.order or line.level > 0 or line.align == "center")


def _second(short: str) -> bool:
    return pattern("title", "second_half").match(short) is not None


def _of_element(document: Document) -> list[_Candidate]:
    text = _own(document.title)
    return [_candidate(Title(text, clean(document.title), "", "element"))] if text else []


@lru_cache(maxsize=AGAIN)
def _own(text: str) -> str:
    """The part of a text that is a report's title, without the names of column and site around it."""
    whole = normal(text)
    if not whole:
        return ""
    bounds = [0]
    for match in pattern("title", "separators").find(whole):
        bounds += [match.start(), match.end()]
    bounds.append(len(whole))
    parts = [whole[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    titles = [part for part in parts if is_report_title(part)]
    if titles:
        return max(titles, key=_worth)
    if is_report_title(whole):
        return whole
    words = [part for part in clean(text).split(" ") if is_report_title(part) and _worth(part) > 0]
    return max(words, key=_worth) if words else ""


@lru_cache(maxsize=AGAIN)
def _worth(text: str) -> int:
    """How much of what a report's title holds a text has: a year, a name before 信息公开."""
    weights = load("title")["weights"]
    short = fold(squeeze(text))
    match = pattern("title", "report").search(short)
    before = short[: match.start()] if match is not None else short
    year = pattern("title", "year").search(short)
    rest = pattern("title", "year").remove(before).removeprefix("关于")
    worth = (weights["year"] if year is not None else 0) + (weights["body_name"] if len(rest) > 1 else 0)
    return int(worth or weights["bare"])


def _candidate(title: Title, *, linked: bool = False, aside: bool = False) -> _Candidate:
    weights = load("title")["weights"]
    weight = weights[title.origin] + _worth(title.text)
    weight += (weights["linked"] if linked else 0) + (weights["aside"] if aside else 0)
    return _Candidate(title, weight)


def _running(line: Line) -> bool:
    """Running text, or the first heading of the report: below it no title stands."""
    return line.prose or line.text.startswith(("一、", "一.", "(一)", "（一）"))


def _fallback(page: Page, fields: Sequence[metadata.Field]) -> Title:
    for field in fields:
        if field.name == "title":
            return Title(normal(field.value), field.value, field.locator, "meta" if field.origin == "meta" else "block")
    for region, level in ((page.before[-_NEAR:], 1), (page.own[:_HEAD], 0)):
        for line in region:
            if _running(line):
                break
            if (line.level == 1 or (not level and line.align == "center")) and not metadata.labelled(line.text):
                return Title(normal(line.text), line.text, line.locator, "heading")
    text = clean(page.document.title)
    match = pattern("title", "separators").search(text)
    own = text[: match.start()] if match is not None and match.start() else text
    return Title(normal(own), text, "", "element") if own else Title()
