"""What attributes and style rules of a page say of an element's looks: hidden, struck out, raised, bold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from parsers.readers import concealment
from parsers.readers.grid import colspan_of, rowspan_of
from parsers.readers.markup import INLINE, attributes_of

_GONE = re.compile(r"(?:^|[;\s{])display\s*:\s*none|(?:^|[;\s{])mso-hide\s*:\s*all", re.IGNORECASE)
_UNSEEN = re.compile(r"(?:^|[;\s{])(?:content-)?visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SHOWN = re.compile(r"(?:^|[;\s{])(?:display\s*:\s*(?!none)|visibility\s*:\s*visible)", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)", re.IGNORECASE)
_TELLING = (
    b"display", b"visibility", b"hidden", b"mso-hide", b"line-through", b"super", b"footnotereference", b"itemprop",
    b"weight", *concealment.SPOKEN,
)  # fmt: skip
_INLINE_TAG = re.compile(rb"<(" + "|".join(sorted(INLINE, key=len, reverse=True)).encode() + rb")[\s/]([^<>]*)")
_STYLE_START = re.compile("<style", re.IGNORECASE)
_STYLE_END = re.compile("</style", re.IGNORECASE)
_STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STYLE_MARK = re.compile("[@{};]")
MAX_STYLE = 200_000
_SIMPLE = re.compile(r"[a-zA-Z0-9]*([.#][\w-]+)")
_ALIGNS = frozenset(("left", "center", "right"))


@dataclass(slots=True)
class Look:
    """How an element looks by its own attributes. Not to be changed once made.

    `gone`: it takes no place. `unseen`: it takes its place, its text is not shown. `classed`: a
    style rule of the page hides its class or id. `sized`: False where its text has no size, True where it has one of
    its own whatever is around it. `white`: whether its text is, where it says so. `height_zero`: a height of 0 is
    asked for. `colspan` and `rowspan` are clamped as `parsers/readers/grid.py` says.
    """

    attributes: dict[str, str]
    gone: bool = False
    unseen: bool = False
    classed: bool = False
    hides: bool = False
    sized: bool | None = None
    white: bool | None = None
    struck: bool = False
    raised: bool = False
    bold: bool = False
    height_zero: bool = False
    align: str = ""
    colspan: int = 1
    rowspan: int = 1


PLAIN = Look({})

TINY, FAINT, RAISED = "0", "w", "^"
"""What stands before a class or id whose text a style rule gives no size, makes white, or raises."""


@lru_cache(maxsize=8192)
def look_of(text: str, names: frozenset[str]) -> Look:
    """The look that the attributes of a start tag give, `names` as from `hidden_names()`."""
    attributes = attributes_of(text)
    look = Look(attributes)
    if "align" in attributes:
        align = attributes["align"].strip().lower()
        look.align = align if align in _ALIGNS else ""
    if "colspan" in attributes:
        look.colspan = colspan_of(attributes["colspan"])
    if "rowspan" in attributes:
        look.rowspan = rowspan_of(attributes["rowspan"])
    if "hidden" in attributes:
        look.gone = True
    if "height" in attributes:
        look.height_zero = attributes["height"].strip() == "0"
    style = attributes.get("style")
    if style:
        _add_style(look, style)
    classes = attributes.get("class", "")
    if "MsoFootnoteReference" in classes:
        look.raised = True
    if classes and concealment.is_spoken(classes):
        look.unseen = True
    if "color" in attributes and look.white is None:
        look.white = concealment.color_of("", attributes["color"])
    if names:
        own = {f".{name}" for name in attributes.get("class", "").split()}
        own.add("#" + attributes.get("id", ""))
        look.classed = not own.isdisjoint(names) and not (style and _SHOWN.search(style))
        if look.sized is None and any(TINY + name in names for name in own):
            look.sized = False
        if look.white is None and any(FAINT + name in names for name in own):
            look.white = True
        look.raised = look.raised or any(RAISED + name in names for name in own)
    look.hides = look.gone or look.unseen
    return look


def _add_style(look: Look, style: str) -> None:
    if found := _ALIGN.search(style):
        look.align = found[1].lower()
    look.gone = look.gone or _GONE.search(style) is not None
    look.unseen = _UNSEEN.search(style) is not None or concealment.is_unseen(style)
    if "font-size" in style:
        look.sized = concealment.size_of(style)
    if "color" in style:
        look.white = concealment.color_of(style)
    look.struck = _STRUCK.search(style) is not None
    look.raised = _RAISED.search(style) is not None
    look.bold = _BOLD.search(style) is not None


def hidden_names(source: str) -> frozenset[str]:
    """Classes (`.name`) and ids (`#name`) that a page's own style elements hide, by simple selectors only.

    Those whose text has no size have TINY before them, those whose text is white FAINT, those raised RAISED. Rules
    within @media and the like are left out; a later rule that shows the name again wins.
    """
    hidden: set[str] = set()
    for element in _style_elements(source):
        css = _STYLE_COMMENT.sub("", element)
        for rule in _without_at_blocks(css).split("}"):
            selectors, _, body = rule.rpartition("{")
            said = _said(body)
            if not said:
                continue
            for selector in selectors.rpartition(";")[2].split(","):
                if simple := _SIMPLE.fullmatch(selector.strip()):
                    for mark, hides in said.items():
                        (hidden.add if hides else hidden.discard)(mark + simple[1])
    return frozenset(hidden)


def _said(body: str) -> dict[str, bool]:
    """What the body of a style rule says of being seen, by the mark before its names."""
    said: dict[str, bool] = {}
    if _GONE.search(body) or _UNSEEN.search(body) or concealment.is_unseen(body):
        said[""] = True
    elif _SHOWN.search(body):
        said[""] = False
    if "font-size" in body and (sized := concealment.size_of(body)) is not None:
        said[TINY] = not sized
    if "color" in body and (white := concealment.color_of(body)) is not None:
        said[FAINT] = white
    if "super" in body and _RAISED.search(body):
        said[RAISED] = True
    return said


def _style_elements(source: str) -> Iterator[str]:
    """The contents of style elements, MAX_STYLE characters of each."""
    position = 0
    while start := _STYLE_START.search(source, position):
        opened = source.find(">", start.end())
        end = _STYLE_END.search(source, opened) if opened >= 0 else None
        if end is None:
            return
        yield source[opened + 1 : min(end.start(), opened + MAX_STYLE)]
        position = end.end()


def meaningless(folded: bytes, names: frozenset[str]) -> frozenset[str]:
    """Of the inline elements that only join, those of this page whose attributes mean nothing either.

    `folded` is the source in UTF-8 and lower case, `names` as from `hidden_names()`.
    """
    tags: set[tuple[bytes, bytes]] = set(_INLINE_TAG.findall(folded))
    said = b"<".join([attributes for _, attributes in tags])
    often = [word for word, needed in concealment.TELLING if word in said and needed.search(folded)]
    words = [word for word in (*_TELLING, *often, *((b"class", b"id") if names else ())) if word in said]
    if not words:
        return INLINE
    telling = {name.decode() for name, attributes in tags if any(map(attributes.__contains__, words))}
    return INLINE - telling


def _without_at_blocks(css: str) -> str:
    """Style text without the blocks of at-rules, whose conditions are not known here."""
    kept: list[str] = []
    depth = start = 0
    within = False
    for mark in _STYLE_MARK.finditer(css):
        if mark[0] == "@" and not within:
            kept.append(css[start : mark.start()])
            within, depth = True, 0
        elif within:
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
            if (mark[0] == "}" and depth <= 0) or (mark[0] == ";" and not depth):
                within, start = False, mark.end()
    if not within:
        kept.append(css[start:])
    return "".join(kept)
