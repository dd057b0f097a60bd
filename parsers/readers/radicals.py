"""Radicals that text layers of PDFs hold in place of the characters that they look like."""

from __future__ import annotations

import unicodedata
from functools import cache

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
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6)):
        mapped = unicodedata.normalize("NFKC", chr(code))
        if mapped != chr(code):
            found.setdefault(chr(code), mapped)
    return found
