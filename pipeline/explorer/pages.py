"""An archived page made safe to show: its text and tables with marks in their places, and nothing that acts.

The page is copied token by token by the tokenizer that finds locators again, so that every mark stands where its
locator says. The copy holds no script, style sheet, form, picture or link of the page's own; what is left passes a
second, independent sanitizer. The server sends it with a policy that forbids scripts and all requests besides.
"""

from __future__ import annotations

import html
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import nh3

from pipeline import carriers
from pipeline.explorer.marks import KINDS, Mark
from pipeline.finder import Index

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART = re.compile(r"([A-Za-z][\w:.-]*)#(\d+)(?:\[([\d:,]+)\])?")

VOID = frozenset({"br", "hr", "wbr", "col"})
BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header li main nav ol p pre section summary ul table caption colgroup col thead tbody tfoot tr td th br hr".split()
)
INLINE = frozenset(
    "a abbr b bdi bdo big cite code del em font i ins kbd label mark q rp rt ruby s samp small span strike strong sub "
    "sup tt u var wbr".split()
)
TAGS = set(BLOCKS | INLINE)
OWN = frozenset({"a", "mark"})
"""Tags that only the viewer writes."""

ATTRIBUTES = frozenset("align valign width height colspan rowspan border cellpadding cellspacing bgcolor color".split())
ATTRIBUTES |= {"dir", "lang", "style", "nowrap", "start", "type", "value", "size", "face"}

STYLES = set(
    "text-align vertical-align text-indent text-decoration line-height letter-spacing white-space font-family "
    "font-size font-weight font-style color background-color width min-width border border-top border-right "
    "border-bottom border-left border-collapse border-color border-style border-width border-spacing padding "
    "padding-top padding-right padding-bottom padding-left margin margin-top margin-right margin-bottom "
    "margin-left display".split()
)


@dataclass(slots=True)
class _Span:
    """A stretch of the page's text that a mark stands for."""

    start: int
    end: int
    mark: Mark
    begun: bool = False


@dataclass
class _Copy(Index):
    """Copies the tokens of a page, marks added."""

    wanted: dict[tuple[str, int], list[tuple[str, Mark]]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    spans: list[_Span] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        within = self.open
        super().handle_starttag(tag, attrs)
        if within:
            return
        name = "td" if tag == "th" else tag
        marks = self.wanted.get((name, len(self.starts[name])), [])
        own = next((mark for spans, mark in marks if not spans), None)
        extra = ""
        if own is not None and own.anchor not in self.named:
            self.named.add(own.anchor)
            extra = f' id="{own.anchor}" class="marked"'
        elif marks and name == "td":
            extra = ' class="holds"'
        if tag == "input":
            said = dict(reversed(attrs))
            shown = html.escape(said.get("value") or "") if said.get("type") != "hidden" or extra else ""
            self.written.append(f"<span{extra}>{self._link(own, shown) if own else shown}</span>" if shown else "")
        elif tag == "img":
            said = dict(reversed(attrs))
            self.written.append(f"<small>[{html.escape(said.get('alt') or '')}]</small>" if said.get("alt") else "")
        elif tag in TAGS and tag not in OWN:
            kept = {key: value for key, value in reversed(attrs) if key in ATTRIBUTES and value is not None}
            said_so = "".join(f' {key}="{html.escape(value)}"' for key, value in kept.items())
            self.written.append(f"<{tag}{extra}{said_so}>")
            if own is not None and extra and tag not in VOID:
                self.written.append(self._link(own, "▸"))
        for spans, mark in marks:
            for piece in filter(None, spans.split(",")):
                start, _, end = piece.partition(":")
                if start.isdigit() and end.isdigit():
                    self.spans.append(_Span(self.length + int(start), self.length + int(end), mark))

    def handle_endtag(self, tag: str) -> None:
        within = self.open
        super().handle_endtag(tag)
        if not within and tag in TAGS and tag not in OWN | VOID:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        start = self.length
        super().handle_data(data)
        if self.length > start and self.open != "title":
            self._write(data, start)

    def _write(self, data: str, start: int) -> None:
        """Write a text token, cut where marks begin and end."""
        end = start + len(data)
        self.spans = [one for one in self.spans if one.end > start or (one.end == one.start == start)]
        here = [one for one in self.spans if one.start < end]
        cuts = sorted({start, end, *(min(max(at, start), end) for one in here for at in (one.start, one.end))})
        for left, right in itertools.pairwise(cuts):
            text = data[left - start : right - start]
            over = [one for one in here if one.start <= left and right <= one.end]
            over.sort(key=lambda one: KINDS.index(one.mark.kind))
            self.written.append(self._marked(text, over))

    def _marked(self, text: str, over: list[_Span]) -> str:
        said = html.escape(text)
        if not over:
            return said
        if text.strip():
            said = self._link(over[0].mark, said)
        elif over[0].mark.kind == "value":
            said = self._link(over[0].mark, said + "▸")
        else:
            return said
        for one in over:
            name = ""
            if one.mark.anchor not in self.named:
                self.named.add(one.mark.anchor)
                name = f' id="{one.mark.anchor}"'
            said = f'<mark class="{one.mark.kind}"{name}>{said}</mark>'
        return said

    def _link(self, mark: Mark, said: str) -> str:
        return f'<a href="{html.escape(mark.href)}" target="_parent" title="{html.escape(mark.says)}">{said}</a>'


def safe(text: str, marks: Iterable[Mark], prefix: str) -> str:
    """A page's text as markup that may stand in a body. Links lead only to addresses that begin with `prefix`."""
    wanted: dict[tuple[str, int], list[tuple[str, Mark]]] = {}
    for mark in marks:
        for part in carriers.split(mark.locator)[1].removeprefix("html:").split("+"):
            place = _PART.fullmatch(part)
            if place is not None:
                wanted.setdefault((place[1], int(place[2])), []).append((place[3] or "", mark))
    copy = _Copy(wanted=wanted)
    for spans, mark in wanted.get(("html", 0), []):
        for piece in filter(None, spans.split(",")):
            start, _, end = piece.partition(":")
            copy.spans.append(_Span(int(start), int(end), mark))
    copy.feed(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    copy.close()
    return sanitized("".join(copy.written), prefix)


def sanitized(markup: str, prefix: str) -> str:
    """Markup without anything that acts or loads."""

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if tag == "a" and value.startswith(prefix) else None
        if attribute == "target":
            return "_parent" if value == "_parent" else None
        return value

    allowed = {tag: set(ATTRIBUTES) | {"id", "class", "title"} for tag in TAGS}
    allowed["a"] = {"href", "target", "title"}
    return nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=allowed,
        attribute_filter=kept,
        strip_comments=True,
        link_rel=None,
        url_schemes=set(),
        filter_style_properties=STYLES,
    )
