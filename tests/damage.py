"""Damage to a page that leaves what it says unchanged, or changes it in a known way.

Each damage takes a page's HTML text and a seed and gives HTML text (a few give plain text or bytes).
`DAMAGES` says of each what must stay the same: `cells` (every observation's value and status),
`fields` (form, year, dates, contacts), `names` (title, publisher), `sections` (titles and levels).
Nothing here reads the parser; the source is changed in place, token by token, so that all the rest
of it stays byte for byte.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import opencc
from lxml import html as lxml_html

TOKEN = re.compile(
    r"(?P<raw><(?P<name>script|style|title|textarea|template|noscript)\b[^>]*>.*?</(?P=name)\s*>)"
    r"|(?P<comment><!--.*?-->)|(?P<declaration><[!?][^>]*>)|(?P<tag></?[A-Za-z][^>]*>)|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
UNIT = re.compile(r"&#?\w+;|.", re.DOTALL)
STATISTICS = re.compile(
    "统计数|統計數|数值|數值|累计|累計|处理决定|處理決定|制发件数|製發件數|制發件數"
    "|申请人情况|申請人情況|结果|結果|采购项目|採購項目|当面申请|當面申請"
)
FIGURE = re.compile(r"[+＋－-]?[\d０-９][\d０-９.,，．]*")
HEADER = re.compile("([计計]量)?[单單]位|[历歷]?年?累[计計][数數]?")
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|mso-hide:\s*all", re.IGNORECASE)


@dataclass(slots=True)
class Token:
    kind: str
    text: str
    hidden: bool = False

    @property
    def name(self) -> str:
        match = re.match(r"</?([A-Za-z][\w:]*)", self.text) if self.kind == "tag" else None
        return match[1].lower() if match else ""

    @property
    def opens(self) -> bool:
        return self.kind == "tag" and not self.text.startswith("</")


@dataclass(slots=True)
class Cell:
    """A td or th: `first` and `last` are its start and end tags, `table` the start tag of its table."""

    first: int
    last: int
    table: int
    leaf: bool = True


@dataclass(slots=True)
class Page:
    tokens: list[Token]
    cells: list[Cell]
    tables: list[tuple[int, int]]
    rows: list[tuple[int, int, int]]

    def __str__(self) -> str:
        return "".join(t.text for t in self.tokens)

    def text(self, first: int, last: int) -> str:
        parts = [t.text for t in self.tokens[first : last + 1] if t.kind == "text" and not t.hidden]
        return "".join(parts).replace("&nbsp;", " ").strip()

    def statistical(self) -> set[int]:
        """Starts of the innermost tables whose words are those of a form, header words included."""
        inner = {table for table, end in self.tables if not any(table < other < end for other, _ in self.tables)}
        return {t for t, end in self.tables if t in inner and STATISTICS.search(re.sub(r"\s", "", self.text(t, end)))}

    def values(self) -> list[Cell]:
        """Cells that hold a figure, in the statistical tables; a row's first cell is none (it may be a serial)."""
        wanted = self.statistical()
        heads = {
            start for start, end, _ in self.rows for c in self.cells
            if start < c.first < end and HEADER.fullmatch(re.sub(r"\s|&nbsp;", "", self.text(c.first, c.last)))
        }  # fmt: skip
        firsts = {next((c.first for c in self.cells if start < c.first < end), -1) for start, end, _ in self.rows}
        found = []
        for cell in self.cells:
            text = self.text(cell.first, cell.last) if cell.leaf and cell.table in wanted else ""
            if any(start < cell.first < end for start, end, _ in self.rows if start in heads):
                continue
            serial = cell.first in firsts and len(text) <= 2 and not self.is_all_figures(cell)
            if FIGURE.fullmatch(text) and not serial:
                found.append(cell)
        return found

    def is_all_figures(self, cell: Cell) -> bool:
        start, end = next((s, e) for s, e, _ in self.rows if s < cell.first < e)
        row = [c for c in self.cells if start < c.first < end]
        return all(not (t := self.text(c.first, c.last)) or FIGURE.fullmatch(t) for c in row) and len(row) > 3


def read(html: str) -> Page:
    """Tokens with the cells, tables and rows that a well-formed page has."""
    tokens: list[Token] = []
    for match in TOKEN.finditer(html):
        kind = match.lastgroup or "text"
        kind = "raw" if kind == "name" or match["raw"] is not None else kind
        tokens.append(Token(kind, match[0]))
    page = Page(tokens, [], [], [])
    tables: list[int] = []
    rows: list[int] = []
    open_cells: list[Cell] = []
    hidden: list[str] = []
    for index, token in enumerate(tokens):
        token.hidden = bool(hidden)
        if token.kind != "tag":
            continue
        name = token.name
        if token.opens:
            closed = name in VOID or token.text.endswith("/>")
            if hidden and not closed:
                hidden.append(name)
            elif not closed and HIDDEN.search(token.text):
                hidden.append(name)
                token.hidden = True
        elif hidden and name in hidden:
            while hidden.pop() != name:
                pass
        if token.opens and name == "table":
            for cell in open_cells:
                cell.leaf = False
            tables.append(index)
        elif token.opens and name == "tr":
            rows.append(index)
        elif token.opens and name in ("td", "th"):
            open_cells.append(Cell(index, -1, tables[-1] if tables else -1))
        elif name in ("td", "th") and open_cells:
            cell = open_cells.pop()
            cell.last = index
            if not token.hidden:
                page.cells.append(cell)
        elif name == "tr" and rows:
            start = rows.pop()
            if not token.hidden:
                page.rows.append((start, index, tables[-1] if tables else -1))
        elif name == "table" and tables:
            page.tables.append((tables.pop(), index))
    page.cells.sort(key=lambda c: c.first)
    page.tables.sort()
    page.rows.sort()
    return page


def in_body(page: Page) -> list[Token]:
    """Visible text tokens behind the body's start tag that hold more than white space."""
    start = next((i for i, t in enumerate(page.tokens) if t.opens and t.name == "body"), 0)
    return [t for t in page.tokens[start:] if t.kind == "text" and not t.hidden and t.text.strip()]


def each_figure(html: str, change: Callable[[str], str]) -> str:
    """Every text token with digits within the value cells, changed."""
    page = read(html)
    for cell in page.values():
        for token in page.tokens[cell.first : cell.last]:
            if token.kind == "text" and not token.hidden and re.search(r"\d", token.text):
                pieces = re.findall(r"&#?\w+;|[^&]+|&", token.text)
                token.text = "".join(p if p.startswith("&") else change(p) for p in pieces)
    return str(page)


# Text cut, padded, spelt otherwise --------------------------------------------------------------


def cut_spans(html: str, seed: int) -> str:
    """Text nodes cut at random places by span and font tags."""
    rng = random.Random(seed)
    page = read(html)
    for token in in_body(page):
        units = UNIT.findall(token.text)
        out: list[str] = []
        while units:
            size = rng.randint(1, 6)
            piece, units = "".join(units[:size]), units[size:]
            tag = rng.choice(("", "span", "span", "font", "b"))
            out.append(f"<{tag}>{piece}</{tag}>" if tag and piece.strip() else piece)
        token.text = "".join(out)
    return str(page)


def split_digits(html: str, seed: int) -> str:
    """Each digit of a value cell in a span of its own."""
    rng = random.Random(seed)
    tag = rng.choice(("span", "font", "span lang=EN-US"))
    return each_figure(html, lambda t: re.sub(r"[\d０-９.]", lambda m: f"<{tag}>{m[0]}</{tag.split()[0]}>", t))


FULL_WIDTH = {ord(a): ord(b) for a, b in zip("0123456789.,+-", "０１２３４５６７８９．，＋－", strict=True)}


def full_width(html: str, seed: int) -> str:
    """Digits of value cells full-width, in about half of the cells or in all."""
    rng = random.Random(seed)
    share = rng.choice((0.5, 1.0))
    return each_figure(html, lambda t: t.translate(FULL_WIDTH) if rng.random() < share else t)


def thousands(html: str, seed: int) -> str:
    """Separators in whole numbers of four digits or more."""
    rng = random.Random(seed)
    mark = rng.choice((",", "，", ","))
    return each_figure(
        html, lambda t: re.sub(r"(?<![\d.,，])\d{4,}(?![\d,，])", lambda m: f"{int(m[0]):,}".replace(",", mark), t)
    )


def nbsp_pad(html: str, seed: int) -> str:
    """No-break and ideographic spaces around the text of cells."""
    rng = random.Random(seed)
    page = read(html)
    wanted = page.statistical()
    pads = ("&nbsp;", "\u00a0", "\u3000", " ", "&#160;", "\n    ")
    for cell in page.cells:
        inner = [t for t in page.tokens[cell.first : cell.last] if t.kind == "text" and t.text.strip()]
        if cell.leaf and cell.table in wanted and inner:
            inner[0].text = rng.choice(pads) + inner[0].text
            inner[-1].text += rng.choice(pads)
    return str(page)


def zero_width(html: str, seed: int) -> str:
    """Zero-width spaces and byte order marks within text and numbers."""
    rng = random.Random(seed)
    page = read(html)
    for token in in_body(page):
        units = UNIT.findall(token.text)
        if rng.random() < 0.4 and len(units) > 1:
            units.insert(rng.randrange(1, len(units)), rng.choice(("\u200b", "\ufeff", "&#8203;")))
            token.text = "".join(units)
    return str(page)


def wrap_lines(html: str, seed: int) -> str:
    """Line ends of the source between two Chinese characters, as editors wrap long lines."""
    rng = random.Random(seed)
    page = read(html)
    for token in in_body(page):
        pieces = re.split(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", token.text)
        ends = [rng.choice(("\n", "\r\n")) if rng.random() < 0.08 else "" for _ in pieces[1:]]
        token.text = "".join(piece + end for piece, end in zip(pieces, [*ends, ""], strict=True))
    return str(page)


def one_letter_per_p(html: str, seed: int) -> str:
    """Short labels with each letter in a paragraph of its own, as in narrow columns."""
    rng = random.Random(seed)
    page = read(html)
    wanted = page.statistical()
    for cell in page.cells:
        text = re.sub(r"\s", "", page.text(cell.first, cell.last))
        if cell.leaf and cell.table in wanted and re.fullmatch("[\u4e00-\u9fff]{2,6}", text) and rng.random() < 0.7:
            for token in page.tokens[cell.first + 1 : cell.last]:
                token.kind, token.text = "tag", ""
            page.tokens[cell.first + 1].text = "".join(f"<p>{letter}</p>" for letter in text)
    return str(page)


def traditional(html: str, seed: int) -> str:
    """The whole page in traditional characters."""
    return str(opencc.OpenCC(random.Random(seed).choice(("s2t", "s2tw", "s2hk"))).convert(html))


# Hidden and foreign matter ----------------------------------------------------------------------


def insert_hidden(html: str, seed: int) -> str:
    """Numbers that no reader sees inside value cells."""
    rng = random.Random(seed)
    page = read(html)
    decoys = (
        '<span style="display:none">{}</span>', "<span style='mso-hide:all;display:none'>{}</span>", "<!-- {} -->",
        '<font style="VISIBILITY: hidden">{}</font>', '<p style="display: none;">{}</p>', "<script>{}</script>",
    )  # fmt: skip
    for cell in page.values():
        if rng.random() < 0.5:
            start = page.tokens[cell.first]
            start.text += rng.choice(decoys).format(rng.randint(1, 99))
    return str(page)


def hidden_rows(html: str, seed: int) -> str:
    """Copies of rows that are not shown, and Word's sizing rows."""
    rng = random.Random(seed)
    page = read(html)
    wanted = page.statistical()
    for start, end, table in page.rows:
        if (
            table in wanted
            and rng.random() < 0.2
            and "rowspan" not in "".join(t.text for t in page.tokens[start:end]).lower()
        ):
            inner = "".join(t.text for t in page.tokens[start + 1 : end])
            inner = re.sub(r"(?<=>)\d+(?=<)", str(rng.randint(1, 900)), inner)
            page.tokens[start].text = f'<tr style="display:none">{inner}</tr>' + page.tokens[start].text
    for table, end in page.tables:
        if table in wanted:
            page.tokens[end].text = "<tr height=0><td width=9></td><td width=9></td></tr>" + page.tokens[end].text
    return str(page)


def footnotes(html: str, seed: int) -> str:
    """Footnote marks as sup, and struck-out numbers, beside figures."""
    rng = random.Random(seed)
    page = read(html)
    for cell in page.values():
        if rng.random() < 0.2:
            mark = rng.choice(("<sup>1</sup>", "<sup>[2]</sup>", "<del>8</del>"))
            inner = page.tokens[cell.first : cell.last]
            shown = [t for t in inner if t.kind == "text" and not t.hidden and t.text.strip()]
            shown[-1].text = re.sub(r"(?<=[\d０-９])(?=[^\d０-９]*$)", mark, shown[-1].text, count=1)
    return str(page)


def distractor_tables(html: str, seed: int) -> str:
    """Tables that are no part of the form: navigation, budget, calendar, visits."""
    rng = random.Random(seed)
    page = read(html)
    rows = (
        [["<a href='/1'>政务公开</a>", "<a href='/2'>公告公示</a>", "12"]],
        [["科目", "上年决算数", "本年预算数", "增减"], ["基本支出", "1,203.55", "1,310.02", "106.47"],
         ["项目支出", "88", "90", "2"], ["合计", "1291.55", "1400.02", "108.47"]],
        [["日", "一", "二", "三"], ["1", "2", "3", "4"]],
        [["今日访问", "312"], ["累计访问", "90881"]],
    )  # fmt: skip
    tables = [
        "<table>" + "".join("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in table) + "</table>"
        for table in rows
    ]
    body = next((i for i, t in enumerate(page.tokens) if t.opens and t.name == "body"), None)
    ends = [i for i, t in enumerate(page.tokens) if t.text.lower().startswith("</body")]
    if body is not None:
        page.tokens[body].text += rng.choice(tables)
    if ends:
        page.tokens[ends[-1]].text = rng.choice(tables) + rng.choice(tables) + page.tokens[ends[-1]].text
    return str(page)


# Tables broken, moved, wrapped ------------------------------------------------------------------


def drop_end_tags(html: str, seed: int) -> str:
    """End tags of cells, rows and paragraphs left out where HTML lets them be."""
    rng = random.Random(seed)
    page = read(html)
    follows = {
        "td": ("<td", "<th", "</tr"), "th": ("<td", "<th", "</tr"), "tr": ("<tr", "</tb", "</ta"),
        "p": ("<p>", "<p ", "</td"), "li": ("<li", "</ul"),
    }  # fmt: skip
    for index, token in enumerate(page.tokens):
        if token.kind == "tag" and not token.opens and token.name in follows and rng.random() < 0.6:
            after = next((t.text.lower() for t in page.tokens[index + 1 :] if t.text.strip()), "")
            if after.startswith(follows[token.name]):
                token.text = ""
    return str(page)


def nested_layout(html: str, seed: int) -> str:
    """Each statistical table within one or two layout tables."""
    rng = random.Random(seed)
    page = read(html)
    wanted = page.statistical()
    for table, end in page.tables:
        if table in wanted:
            for _ in range(rng.randint(1, 2)):
                page.tokens[table].text = "<table width='100%'><tr><td valign=top>" + page.tokens[table].text
                page.tokens[end].text += "</td></tr></table>"
    return str(page)


def wild_spans(html: str, seed: int) -> str:
    """Rowspans beyond the end of the table and useless spans of one."""
    page = read(html)
    wanted = page.statistical()
    last_rows = {}
    for start, end, table in page.rows:
        last_rows[table] = (start, end)
    for table, (start, end) in last_rows.items():
        if table in wanted:
            for cell in page.cells:
                token = page.tokens[cell.first]
                if start < cell.first < end and "rowspan" not in token.text.lower():
                    token.text = token.text[:-1] + f' rowspan="{random.Random(seed).choice((9, 1000, 70000))}">'
    return str(page)


def lose_spans(html: str, seed: int) -> str:
    """Spans of cells gone, of rows, of columns or both, all of them or some, as sanitizers leave them."""
    rng = random.Random(seed)
    lost = rng.choice(("rowspan|colspan", "rowspan", "colspan"))
    share = rng.choice((1.0, 0.5))
    page = read(html)
    wanted = page.statistical()
    for cell in page.cells:
        token = page.tokens[cell.first]
        if cell.table in wanted and rng.random() < share:
            token.text = re.sub(rf"\s(?:{lost})\s*=\s*[\"']?\d+[\"']?", "", token.text, flags=re.IGNORECASE)
    return str(page)


def shuffle_tables(html: str, seed: int) -> str:
    """The form's tables change places with each other."""
    page = read(html)
    spots = [(t, e) for t, e in page.tables if t in page.statistical()]
    sources = ["".join(x.text for x in page.tokens[t : e + 1]) for t, e in spots]
    order = list(range(len(sources)))
    random.Random(seed).shuffle(order)
    for (table, end), which in zip(spots, order, strict=True):
        for token in page.tokens[table : end + 1]:
            token.text = ""
        page.tokens[table].text = sources[which]
    return str(page)


def page_break_split(html: str, seed: int) -> str:
    """The label that spans the outcomes printed twice, as a page break of Word leaves it."""
    rng = random.Random(seed)
    page = read(html)
    for cell in page.cells:
        start = page.tokens[cell.first]
        span = re.search(r'rowspan="?(\d+)"?', start.text, re.IGNORECASE)
        label = re.sub(r"\s", "", page.text(cell.first, cell.last))
        if not span or int(span[1]) < 6 or not re.search("[办辦]理[结結]果", label):
            continue
        rows = [r for r in page.rows if r[2] == cell.table]
        first = next(i for i, r in enumerate(rows) if r[0] < cell.first < r[1])
        breaks, covered = [], 0
        for offset in range(int(span[1])):
            row = rows[first + offset]
            if offset and covered <= 0:
                breaks.append(offset)
            spans = [
                int(m[1]) for c in page.cells if row[0] < c.first < row[1] and c is not cell
                and (m := re.search(r'rowspan="?(\d+)"?', page.tokens[c.first].text, re.IGNORECASE))
            ]  # fmt: skip
            covered = max([covered, *spans]) - 1
        if not breaks:
            continue
        at = rng.choice(breaks)
        whole = "".join(t.text for t in page.tokens[cell.first : cell.last + 1])
        again = whole.replace(span[0], f'rowspan="{int(span[1]) - at}"', 1)
        start.text = start.text.replace(span[0], f'rowspan="{at}"', 1)
        page.tokens[rows[first + at][0]].text += again
        break
    return str(page)


def extra_rows(html: str, seed: int) -> str:
    """A note below, an empty row, and in an annex the header once more."""
    rng = random.Random(seed)
    page = read(html)
    wanted = page.statistical()
    for table, end in page.tables:
        if table not in wanted:
            continue
        rows = [r for r in page.rows if r[2] == table]
        source = "".join(t.text for t in page.tokens[rows[0][0] : rows[0][1] + 1])
        whole = "".join(t.text for t in page.tokens[table : end + 1]).lower()
        if "rowspan" not in whole and re.search("[单單]位|累[计計]|[统統][计計][数數]", source) and len(rows) > 8:
            spot = rows[rng.randrange(3, len(rows) - 2)]
            page.tokens[spot[1]].text += source
        note = "<tr><td colspan=3>注：本表由办公室汇总填报。</td></tr>"
        page.tokens[rows[-1][1]].text += rng.choice((note, "<tr><td></td><td>&nbsp;</td></tr>"))
    return str(page)


def split_tables(html: str, seed: int) -> str:
    """A table without spans cut into two, as a page break of an exporter leaves it."""
    rng = random.Random(seed)
    page = read(html)
    wanted = page.statistical()
    for table, end in page.tables:
        rows = [r for r in page.rows if r[2] == table]
        whole = "".join(t.text for t in page.tokens[table : end + 1]).lower()
        if table in wanted and "rowspan" not in whole and len(rows) > 6:
            spot = rows[rng.randrange(3, len(rows) - 2)]
            page.tokens[spot[1]].text += "</tbody></table><p>&nbsp;</p>" + page.tokens[table].text + "<tbody>"
    return str(page)


# Text and bytes -----------------------------------------------------------------------------------

BLOCKS = frozenset(
    "p div td th tr li ul ol h1 h2 h3 h4 h5 h6 table center dd dt body article section header footer".split()
)


def flatten(html: str, lossy: bool) -> list[str]:
    """Visible text as lines, one a block or cell; a lossy one drops each text node of one character."""
    tree = lxml_html.document_fromstring(re.sub(r"<\?xml[^>]*>", "", html))
    lines: list[str] = [""]

    def say(text: str | None) -> None:
        if not text or (lossy and len(text) == 1 and not (text.isascii() and text.isalnum())):
            return
        lines[-1] += re.sub(r"[ \t\r\n]+", " ", text)

    def walk(node: lxml_html.HtmlElement) -> None:
        name = node.tag if isinstance(node.tag, str) else ""
        skip = not name or name in ("script", "style", "head", "title", "noscript", "template")
        if not skip and not HIDDEN.search(node.get("style") or ""):
            block = name in BLOCKS
            if (block and lines[-1].strip()) or name == "br":
                lines.append("")
            start = len(lines) - 1
            say(node.text)
            for child in node:
                walk(child)
            if name in ("td", "th") and not lossy and not any(line.strip() for line in lines[start:]):
                lines[start:] = ["\u0000"]
            if block and lines[-1].strip():
                lines.append("")
        say(node.tail)

    walk(tree)
    return ["" if line == "\u0000" else line.strip(" ") for line in lines if line.strip()]


def lossy_text(html: str, seed: int = 0) -> str:
    """The page as text that has lost each text node of exactly one character that is no ASCII letter or digit.

    One cell or paragraph a line, an empty line between two; a cell whose text is gone leaves none.
    Marks such as `/` or 无 and no-break spaces alone vanish with their cells, so blanks are not told any more.
    """
    return "\n\n".join(flatten(html, lossy=True)) + "\n"


def flat_text(html: str, seed: int = 0) -> str:
    """The page as text, one cell or paragraph a line; an empty cell is an empty line."""
    return "\n".join(flatten(html, lossy=False)) + "\n"


def declare(html: str, charset: str) -> str:
    """The page with another charset in its meta element, or with none."""
    html = re.sub(r"<meta[^>]*charset[^>]*>\s*", "", html, flags=re.IGNORECASE)
    if not charset:
        return html
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    if re.search(r"<head[^>]*>", html, re.IGNORECASE):
        return re.sub(r"(<head[^>]*>)", lambda m: m[1] + meta, html, count=1, flags=re.IGNORECASE)
    return meta + html


def gb18030(html: str, seed: int = 0) -> bytes:
    """GB18030 bytes with a character outside GB2312, declared gb2312, not at all, or wrongly as utf-8."""
    charset = random.Random(seed).choice(("gb2312", "gbk", "", "utf-8", "GB18030"))
    marked = re.sub(r"(</body)", "<p>承办：㐂镕</p>\\1", html, count=1, flags=re.IGNORECASE)
    return declare(marked, charset).encode("gb18030", "xmlcharrefreplace")


def utf8(html: str, seed: int = 0) -> bytes:
    """UTF-8 bytes: with a byte order mark, undeclared, or wrongly declared gb2312."""
    charset, mark = random.Random(seed).choice((("gb2312", b""), ("", b""), ("gbk", b"\xef\xbb\xbf"), ("utf-8", b"")))
    return mark + declare(html, charset).encode("utf-8")


def utf16(html: str, seed: int = 0) -> bytes:
    """UTF-16 bytes with a byte order mark, whatever the page declares."""
    little = random.Random(seed).random() < 0.5
    return b"\xff\xfe" + html.encode("utf-16-le") if little else b"\xfe\xff" + html.encode("utf-16-be")


@dataclass(frozen=True, slots=True)
class Damage:
    """A damage and what must stay as it was: `cells`, `fields`, `names`, `sections`."""

    apply: Callable[[str, int], str | bytes]
    keeps: frozenset[str]


ALL = frozenset({"cells", "fields", "names", "sections"})
FIGURES = ALL - {"sections", "names"}
DAMAGES: dict[str, Damage] = {
    "cut_spans": Damage(cut_spans, ALL),
    "split_digits": Damage(split_digits, ALL),
    "full_width": Damage(full_width, ALL),
    "thousands": Damage(thousands, ALL),
    "nbsp_pad": Damage(nbsp_pad, ALL),
    "zero_width": Damage(zero_width, FIGURES),
    "wrap_lines": Damage(wrap_lines, ALL),
    "one_letter_per_p": Damage(one_letter_per_p, ALL),
    "traditional": Damage(traditional, FIGURES),
    "insert_hidden": Damage(insert_hidden, ALL),
    "hidden_rows": Damage(hidden_rows, ALL),
    "footnotes": Damage(footnotes, ALL),
    "distractor_tables": Damage(distractor_tables, ALL),
    "drop_end_tags": Damage(drop_end_tags, ALL),
    "nested_layout": Damage(nested_layout, ALL),
    "wild_spans": Damage(wild_spans, ALL),
    "lose_spans": Damage(lose_spans, FIGURES),
    "shuffle_tables": Damage(shuffle_tables, ALL),
    "page_break_split": Damage(page_break_split, ALL),
    "extra_rows": Damage(extra_rows, ALL),
    "split_tables": Damage(split_tables, ALL),
    "lossy_text": Damage(lossy_text, frozenset({"cells"})),
    "flat_text": Damage(flat_text, FIGURES),
    "gb18030": Damage(gb18030, ALL),
    "utf8": Damage(utf8, ALL),
    "utf16": Damage(utf16, ALL),
}
