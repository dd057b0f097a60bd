"""Radicals and compatibility forms that PDFs, and pages made of them, hold in place of the characters themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from parsers.characters.widths import replacer
from parsers.document import Block, Document, Paragraph
from parsers.records import Issue

# Forms of the block CJK Radicals Supplement that Unicode gives no compatibility mapping, and simplified
# characters that stand for them. Source of the pairs: the names of the characters and EquivalentUnifiedIdeograph.
_SUPPLEMENT = (
    "⺁厂⺃乚⺅亻⺇几⺉刂⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬"
    "⺨犭⺩王⺫罒⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳罒⺶羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车"
    "⻌辶⻍辶⻎辶⻏阝⻐钅⻑长⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞飠⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾"
    "⻬齐⻮齿⻯竜⻰龙⻲龟⻳龟"
)


@cache
def table() -> dict[str, str]:
    """Each radical with the character that readers see."""
    found = dict(zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True))
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA)):
        mapped = unicodedata.normalize("NFKC", chr(code))
        if mapped != chr(code):
            found.setdefault(chr(code), mapped)
    return found


_ANY = re.compile("[\u2e80-\u2fd5\uf900-\ufad9]")


@cache
def _mended() -> Callable[[str], str]:
    return replacer(table())


def mended(document: Document) -> Document:
    """A document with the characters themselves in its blocks, its title and what it says in meta elements."""
    texts = [text for block in document.blocks for text in _texts(block)]
    if _ANY.search("\n".join((document.title, *(content for _, content in document.meta), *texts))) is None:
        return document
    found = [block for block in document.blocks if any(map(_ANY.search, _texts(block)))]
    swapped = {id(block) for block in found}
    change = _mended()
    blocks = [_changed(block, change) if id(block) in swapped else block for block in document.blocks]
    count = sum(len(_ANY.findall(text)) for block in found for text in _texts(block))
    message = f"{count} radicals of the text were read as the characters that they look like"
    where = found[0].locator if found else ""
    issue = Issue(code="radical_characters", severity="info", message=message, locator=where)
    return replace(
        document,
        blocks=tuple(blocks),
        title=change(document.title),
        meta=tuple([(name, change(content)) for name, content in document.meta]),
        issues=(*document.issues, issue),
    )


def _texts(block: Block) -> list[str]:
    return [block.text] if isinstance(block, Paragraph) else [block.caption, *(cell.text for cell in block.cells)]


def _changed(block: Block, change: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=change(block.text))
    cells = tuple([replace(c, text=change(c.text)) if _ANY.search(c.text) else c for c in block.cells])
    return replace(block, cells=cells, caption=change(block.caption))
