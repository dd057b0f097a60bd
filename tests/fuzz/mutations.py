"""Mutations of pages and texts: tags, spans, charsets, numbers, labels, size. Each takes and gives text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from random import Random

from tests import damage

TAGS = "p div span table tr td th tbody thead tfoot ul li br b font h1 h3 section template select textarea svg math title noscript form a".split()
SPANS = ("0", "1", "2", "3", "5", "17", "99", "1001", "65535", "99999999999", "-1", "", "2.5", "abc", "2;", " 3")
NUMBERS = (
    "0", "00", "1", "12345678901234567890", "1,234", "1,2", "1，234.5", "12.", ".5", "1.2.3", "-3", "－３", "减3", "+5",
    "①2", "٣", "²", "1_000", "1e9", "０１２", "一百二十", "3.0万", "5件", "5 件", "1 2", "1\n2", "3/4", "50%", "(3)", "—", "/",
    "无", "", "　", "NaN", "inf", "9" * 400, "1" + "0" * 30, "0.1234567890123456789", "\u200b7", "7\ufeff", "12（其中3）",
)  # fmt: skip
ODD = ("\0", "\u200b", "\ufeff", "\u202e", "\ufffd", "\ud800", "\x85", "\x0b", "&nbsp;", "&#0;", "&#x110000;", "&amp", "&#55296;",
       "&lt;td&gt;", "<", ">", "<!--", "-->", "]]>", "<![CDATA[", "</", "<?xml", "\U0002a700", "e\u0301", "𝟕", "\r", "\u3000" * 50)  # fmt: skip
DIGITS = re.compile(r"[+＋－-]?[\d０-９]+(?:[.,，．][\d０-９]+)*")
HAN = re.compile("[\u4e00-\u9fff]{2,}")
TABLE = re.compile(r"(?is)<table\b.*?</table\s*>")

Mutation = Callable[[str, Random], str]


def _tokens(text: str) -> list[str]:
    return [match[0] for match in damage.TOKEN.finditer(text)]


def _tag_places(tokens: list[str]) -> list[int]:
    return [place for place, token in enumerate(tokens) if re.match(r"</?[A-Za-z]", token)]


def change_tags(text: str, rng: Random) -> str:
    """Some tags dropped, doubled, swapped, renamed, or put where they were not."""
    tokens = _tokens(text)
    places = _tag_places(tokens)
    for place in rng.sample(places, min(len(places), rng.choice((1, 1, 2, 5, 20)))):
        token = tokens[place]
        what = rng.randrange(5)
        if what == 0:
            tokens[place] = ""
        elif what == 1:
            tokens[place] = token * rng.choice((2, 2, 3, 50))
        elif what == 2:
            other = rng.choice(places)
            tokens[place], tokens[other] = tokens[other], token
        elif what == 3:
            tokens[place] = re.sub(r"[A-Za-z][\w:]*", rng.choice(TAGS), token, count=1)
        else:
            tokens[place] = rng.choice(("<{}>", "</{}>", "<{}/>", "<{}")).format(rng.choice(TAGS)) + token
    return "".join(tokens)


def change_spans(text: str, rng: Random) -> str:
    """Spans of cells changed, or put where there was none."""
    share = rng.choice((0.01, 0.05, 0.3))

    def changed(match: re.Match[str]) -> str:
        if rng.random() > share:
            return match[0]
        bare = re.sub(r"(?i)\s(?:row|col)span\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*)", "", match[0][:-1])
        quote = rng.choice(('"', "'", ""))
        return f"{bare} {rng.choice(('colspan', 'rowspan', 'ROWSPAN'))}={quote}{rng.choice(SPANS)}{quote}>"

    return re.sub(r"(?i)<t[dh]\b[^<>]*>", changed, text)


def change_numbers(text: str, rng: Random) -> str:
    """Figures put for other figures, or written in another way."""
    share = rng.choice((0.02, 0.1, 0.5))

    def changed(match: re.Match[str]) -> str:
        if rng.random() > share:
            return match[0]
        given = match[0]
        return rng.choice((rng.choice(NUMBERS), given + given, given[::-1], f" {given}", given + rng.choice(NUMBERS)))

    return _in_text(text, lambda piece: DIGITS.sub(changed, piece))


def change_labels(text: str, rng: Random) -> str:
    """Words of several characters that lose, double or swap some, or change places with others."""
    words = HAN.findall(text)
    if not words:
        return text
    share = rng.choice((0.01, 0.05, 0.3))

    def changed(match: re.Match[str]) -> str:
        if rng.random() > share:
            return match[0]
        word = match[0]
        place = rng.randrange(len(word))
        return rng.choice((
            word[:place] + word[place + 1 :], word[:place] + word[place] + word[place:], rng.choice(words), word + rng.choice(words),
            word[place:] + word[:place], " ".join(word), word.replace("不予", "予以"), word.replace("公开", "公開"), "其他", "",
        ))  # fmt: skip

    return _in_text(text, lambda piece: HAN.sub(changed, piece))


def odd_characters(text: str, rng: Random) -> str:
    """Characters and scraps of markup anywhere."""
    for _ in range(rng.choice((1, 2, 5, 30))):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice(ODD) * rng.choice((1, 1, 1, 3, 300)) + text[place:]
    return text


def move_blocks(text: str, rng: Random) -> str:
    """A stretch of the source dropped, doubled or moved."""
    if len(text) < 10:
        return text
    start = rng.randrange(len(text))
    end = min(len(text), start + rng.choice((1, 5, 50, 500, 5000)))
    piece, rest = text[start:end], text[:start] + text[end:]
    place = rng.randrange(len(rest) + 1)
    return rng.choice((rest, text[:end] + piece + text[end:], rest[:place] + piece + rest[place:]))


def cut_off(text: str, rng: Random) -> str:
    """The end is missing, as of a page that was not fetched whole."""
    return text[: rng.randrange(len(text) + 1)]


def many_times(text: str, rng: Random) -> str:
    """A table, a row, a cell or a scrap repeated many times: what grows with the square of it shows here."""
    pattern = rng.choice((
        r"(?is)<table\b.*?</table\s*>", r"(?is)<tr\b.*?</tr\s*>", r"(?is)<t[dh]\b.*?</t[dh]\s*>", r"<[A-Za-z][^<>]*>",
        r"</[A-Za-z][^<>]*>", r"[^<>]{2,40}", r"\d+", r"(?is)<p\b.*?</p\s*>", r"\n[^\n]+", r"&#?\w+;",
    ))  # fmt: skip
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    one = rng.choice(found)
    times = rng.choice((3, 20, 200, 3000))
    times = min(times, 300_000 // max(1, len(one[0])))
    return text[: one.end()] + one[0] * times + text[one.end() :]


def nested(text: str, rng: Random) -> str:
    """A page within many elements, or a table within tables."""
    tag = rng.choice(("div", "table><tr><td", "span", "b", "font", "ul><li", "a", "section"))
    depth = rng.choice((5, 60, 400, 3000))
    place = text.find("<body")
    place = text.find(">", place) + 1 if place >= 0 else 0
    return text[:place] + f"<{tag}>" * depth + text[place:]


def damaged(text: str, rng: Random) -> str:
    """One of the damages that are known to happen."""
    return _well(damage.DAMAGES[rng.choice(_KNOWN)].apply, text, rng)


def no_tables(text: str, rng: Random) -> str:
    """The tables of a page as lines of text, as some systems save them."""
    return _well(damage.lossy_text, text, rng)


def _well(change: Callable[[str, int], str | bytes], text: str, rng: Random) -> str:
    """The text as a damage leaves it; as it is where it is too broken already for that damage."""
    try:
        made = change(text, rng.randrange(1 << 30))
    except Exception:
        return text
    return made if isinstance(made, str) else text


def mixed(text: str, rng: Random, other: str) -> str:
    """A stretch of another page put into this one."""
    start = rng.randrange(len(other) + 1)
    piece = rng.choice((other[start : start + 4000], other, (TABLE.findall(other) or [""])[0]))
    place = rng.randrange(len(text) + 1)
    return text[:place] + piece + text[place:]


def _in_text(text: str, change: Callable[[str], str]) -> str:
    """Text changed, tags left."""
    return "".join(token if token.startswith("<") else change(token) for token in _tokens(text))


_KNOWN = tuple(name for name in damage.DAMAGES if name not in ("gb18030", "utf8", "utf16", "lossy_text", "flat_text"))

OF_PAGES: tuple[Mutation, ...] = (
    change_tags, change_tags, change_spans, change_spans, change_numbers, change_numbers, change_labels, odd_characters,
    move_blocks, cut_off, many_times, nested, damaged, no_tables,
)  # fmt: skip
OF_TEXTS: tuple[Mutation, ...] = (
    change_numbers, change_numbers, change_labels, change_labels, odd_characters, move_blocks, cut_off, many_times,
)  # fmt: skip

ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "gb18030",
    "gb18030",
    "gbk",
    "big5",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "shift_jis",
    "latin-1",
)
LABELS = (
    "utf-8",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "utf-16",
    "iso-8859-1",
    "x-user-defined",
    "none-such",
    "utf-7",
    "",
)


def encoded(text: str, rng: Random) -> bytes:
    """Text as bytes: in an encoding that the page names, or in another; with a few bytes that are none of it."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if rng.random() < 0.3:
        label = rng.choice(LABELS)
        text = re.sub(r"(?i)charset\s*=\s*[\"']?[\w-]*", f"charset={label}", text, count=rng.choice((0, 1)))
        if rng.random() < 0.3:
            text = f'<?xml version="1.0" encoding="{label}"?>' + text
    encoding = "utf-8" if rng.random() < 0.6 else rng.choice(ENCODINGS)
    content = text.encode(encoding, rng.choice(("replace", "ignore", "xmlcharrefreplace")))
    return bytes_changed(content, rng) if rng.random() < 0.15 else content


def bytes_changed(content: bytes, rng: Random) -> bytes:
    """A few bytes put, dropped or changed, or the end cut off."""
    made = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 20))):
        if not made:
            break
        place = rng.randrange(len(made))
        what = rng.randrange(4)
        if what == 0:
            made[place] = rng.randrange(256)
        elif what == 1:
            del made[place : place + rng.choice((1, 2, 7, 200))]
        elif what == 2:
            made[place:place] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 2, 9))))
        else:
            made[place:place] = made[place : place + rng.choice((1, 40, 900))]
    return bytes(made[: rng.randrange(len(made) + 1)] if rng.random() < 0.1 else made)


def page(text: str, rng: Random, other: str) -> bytes:
    """A damaged page."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        text = mixed(text, rng, other) if rng.random() < 0.06 else rng.choice(OF_PAGES)(text, rng)
        text = text[:1_500_000]
    return encoded(text, rng)


def plain(text: str, rng: Random) -> bytes:
    """A damaged text."""
    for _ in range(rng.choice((1, 2, 3, 6))):
        text = rng.choice(OF_TEXTS)(text, rng)[:1_500_000]
    return encoded(html.unescape(text) if rng.random() < 0.1 else text, rng)
