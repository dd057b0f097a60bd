"""What attributes and style rules of a page say of an element's looks: hidden, struck out, raised, bold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.readers.markup import attributes_of

_GONE = re.compile(r"(?:^|[;\s{])display\s*:\s*none|(?:^|[;\s{])mso-hide\s*:\s*all", re.IGNORECASE)
_UNSEEN = re.compile(r"(?:^|[;\s{])visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SHOWN = re.compile(r"(?:^|[;\s{])(?:display\s*:\s*(?!none)|visibility\s*:\s*visible)", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)", re.IGNORECASE)
_STYLE_ELEMENT = re.compile(r"<style[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[a-zA-Z0-9]*([.#][\w-]+)")
_ALIGNS = frozenset(("left", "center", "right"))


@dataclass(frozen=True, slots=True)
class Look:
    """How an element looks by its own attributes.

    `gone`: it takes no place. `unseen`: it takes its place, its text is not shown. `classed`: a
    style rule of the page hides its class or id. `height_zero`: a height of 0 is asked for.
    """

    gone: bool = False
    unseen: bool = False
    classed: bool = False
    struck: bool = False
    raised: bool = False
    bold: bool = False
    height_zero: bool = False
    align: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


PLAIN = Look()


def look_of(text: str, hidden_names: frozenset[str]) -> Look:
    """The look that the attributes of a start tag give, `hidden_names` as from `hidden_names()`."""
    attributes = attributes_of(text)
    style = attributes.get("style", "")
    classes = attributes.get("class", "")
    align = attributes.get("align", "").strip().lower()
    classed = False
    if hidden_names:
        names = {f".{name}" for name in classes.split()}
        names.add("#" + attributes.get("id", ""))
        classed = not names.isdisjoint(hidden_names) and not (style and _SHOWN.search(style))
    if style and (found := _ALIGN.search(style)):
        align = found[1].lower()
    return Look(
        gone="hidden" in attributes or bool(style and _GONE.search(style)),
        unseen=bool(style and _UNSEEN.search(style)),
        classed=classed,
        struck=bool(style and _STRUCK.search(style)),
        raised="MsoFootnoteReference" in classes or bool(style and _RAISED.search(style)),
        bold=bool(style and _BOLD.search(style)),
        height_zero=attributes.get("height", "").strip() == "0",
        align=align if align in _ALIGNS else "",
        attributes=attributes,
    )


def hidden_names(source: str) -> frozenset[str]:
    """Classes (`.name`) and ids (`#name`) that a page's own style elements hide, by simple selectors only.

    Rules within @media and the like are left out; a later rule that shows the name again wins.
    """
    hidden: set[str] = set()
    for element in _STYLE_ELEMENT.finditer(source):
        css = _STYLE_COMMENT.sub("", element[1])
        for selectors, body in _RULE.findall(_without_at_blocks(css)):
            hides = bool(_GONE.search(body) or _UNSEEN.search(body))
            if not hides and not _SHOWN.search(body):
                continue
            for selector in selectors.rpartition(";")[2].split(","):
                if simple := _SIMPLE.fullmatch(selector.strip()):
                    (hidden.add if hides else hidden.discard)(simple[1])
    return frozenset(hidden)


def _without_at_blocks(css: str) -> str:
    """Style text without the blocks of at-rules, whose conditions are not known here."""
    kept: list[str] = []
    position = 0
    while (at := css.find("@", position)) >= 0:
        kept.append(css[position:at])
        opening, semicolon = css.find("{", at), css.find(";", at)
        if opening < 0 or 0 <= semicolon < opening:
            position = semicolon + 1 if semicolon >= 0 else len(css)
            continue
        depth, position = 1, opening + 1
        while depth and position < len(css):
            depth += {"{": 1, "}": -1}.get(css[position], 0)
            position += 1
    kept.append(css[position:])
    return "".join(kept)
