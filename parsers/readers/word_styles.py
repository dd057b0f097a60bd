"""Styles and lists of a .docx file: what paragraphs are without saying so themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from parsers.frozen import frozen
from parsers.readers.numbering import Level
from parsers.readers.word_elements import child, get, integer, local, on

ALIGNS = {"center": "center", "right": "right", "end": "right"}


@frozen
class Style:
    """What a style says of its paragraphs, None or "" where it says nothing."""

    based: str = ""
    level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    align: str = ""
    numbered: tuple[str, int] | None = None


@dataclass(slots=True)
class Lists:
    """Levels of each list by its id, the ids that share one count, what each rests on, and the levels of styles."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    of_styles: dict[tuple[str, str], int] = field(default_factory=dict)

    def level_of(self, name: str, style: str) -> int | None:
        """The level at which a list numbers paragraphs of a style."""
        return self.of_styles.get((self.abstract.get(name, ""), style))


def styles(root: Any) -> dict[str, Style]:
    """The styles of a part by their ids; `root` may be None."""
    found: dict[str, Style] = {}
    if root is None:
        return found
    for item in root:
        if local(item) != "style":
            continue
        paragraph, run = child(item, "pPr"), child(item, "rPr")
        name = get(child(item, "name"), "val").lower()
        outline = child(paragraph, "outlineLvl")
        level = integer(get(outline, "val"), 9) + 1 if outline is not None else None
        if level is None and name.startswith("heading ") and name[8:].isdecimal():
            level = int(name[8:])
        found[get(item, "styleId")] = Style(
            get(child(item, "basedOn"), "val"),
            level,
            on(child(run, "b")),
            on(child(run, "vanish")),
            ALIGNS.get(get(child(paragraph, "jc"), "val"), ""),
            numbered(paragraph),
        )
    return found


def numbered(properties: Any) -> tuple[str, int] | None:
    """The list that properties name, with the level in it, -1 where none is said; None where they name no list."""
    marks = child(properties, "numPr")
    if marks is None:
        return None
    return get(child(marks, "numId"), "val"), integer(get(child(marks, "ilvl"), "val"), -1)


def lists(root: Any, styles: dict[str, Style]) -> Lists:
    found = Lists()
    if root is None:
        return found
    abstract: dict[str, dict[int, Level]] = {}
    links: dict[str, str] = {}
    for item in root:
        if local(item) == "abstractNum":
            ident = get(item, "abstractNumId")
            stored = [level for level in item if local(level) == "lvl"]
            abstract[ident] = {integer(get(level, "ilvl"), 0): _level(level) for level in stored}
            for level in stored:
                style = get(child(level, "pStyle"), "val")
                if style:
                    found.of_styles[ident, style] = integer(get(level, "ilvl"), 0)
            if child(item, "numStyleLink") is not None:
                links[ident] = get(child(item, "numStyleLink"), "val")
    of_numbers = {get(item, "numId"): get(child(item, "abstractNumId"), "val") for item in root if local(item) == "num"}
    for ident, style in links.items():
        numbered = styles[style].numbered if style in styles else None
        if numbered is not None and not abstract[ident]:
            abstract[ident] = abstract.get(of_numbers.get(numbered[0], ""), {})
    for item in root:
        if local(item) == "num":
            name = get(item, "numId")
            base = get(child(item, "abstractNumId"), "val")
            levels = dict(abstract.get(base, {}))
            own = False
            for change in item:
                if local(change) != "lvlOverride":
                    continue
                at = integer(get(change, "ilvl"), 0)
                inner, start = child(change, "lvl"), child(change, "startOverride")
                if inner is not None:
                    levels[at] = _level(inner)
                if start is not None:
                    known = levels.get(at, Level())
                    levels[at] = replace(known, start=integer(get(start, "val"), 1))
                    own = True
            found.levels[name] = levels
            found.abstract[name] = base
            found.shared[name] = f"own {name}" if own else f"shared {base}"
    return found


def _level(item: Any) -> Level:
    form = get(child(item, "numFmt"), "val", "decimal")
    text = get(child(item, "lvlText"), "val")
    restart = integer(get(child(item, "lvlRestart"), "val"), -1)
    legal = bool(on(child(item, "isLgl")))
    return Level(form, text, integer(get(child(item, "start"), "val"), 1), restart, legal)
