"""Whether a document is an annual report, a list of documents, or something else, and why.

Signs for a report are its title, its opening, its headings and its tables; signs against it are
titles and phrases of the documents that stand beside it. All words and weights are in
`recognise.toml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from parsers import headings
from parsers.article import Article
from parsers.characters.widths import squeeze
from parsers.document import Block, Document, Paragraph, Table
from parsers.facts import bodies
from parsers.facts.rules import Pattern, load, pattern
from parsers.frozen import frozen
from parsers.marks import fold, line_kind

NEAR = 40
"""Blocks above the article among which its title is looked for."""

HEAD = 10
"""Blocks at the head of the article that are searched for its opening."""

NAMES = 3
"""So many titles, the nearest to the article first, are taken as names of the document itself."""

LONGEST_TITLE = 90
LONGEST_COLUMN = 16
LONGEST_ENTRY = 90
LEAST_ENTRY = 8
LONGEST_LINE = 300

_META = frozenset({"articletitle", "title", "og:title"})
_SIGNS = frozenset("。；，;,")

_FILE = "recognise"
_WHERE = "parsers/facts/recognise.toml"


@frozen
class Recognition:
    """What a document is: `kind` is one of `records.DOCUMENT_KINDS`, `reason` says why in plain words.

    `score` is the sum of the signs for a report, less those against it.
    """

    kind: str
    reason: str
    score: float = 0.0


@frozen
class _Class:
    """A kind of document that is no report: how its title and its first lines speak.

    `final` outweighs a filled form, `empty_form` says that such documents come with empty ones.
    """

    name: str
    reason: str
    weight: float
    final: bool
    empty_form: bool
    title: Pattern
    body: Pattern | None


@frozen
class _Against:
    """A class that a document falls in, and by what. The title element alone may name the column: it counts half."""

    of: _Class
    by_title: bool
    by_body: bool
    by_element: bool = False

    @property
    def weight(self) -> float:
        title = 0.5 if self.by_element else float(self.by_title)
        return self.of.weight * (title + self.by_body * (1.0 if self.by_title else 0.5))


@frozen
class _State:
    kind: str
    reason: str
    most: int
    pattern: Pattern


@frozen
class _Titles:
    """What names the document: lines above the article and at its head, the title element, meta elements."""

    lines: tuple[str, ...]
    element: str


def recognise(document: Document, article: Article, source: str, table_evidence: int) -> Recognition:
    """Judge a document by its page and by its article.

    `source` is its address or path: only a file's name counts, and only where the page has no title.
    `table_evidence` counts the lines of an official form that were recognised in its tables, 0 for
    none; from `weights.form` on the document is a report, unless its title names a part of a year or
    what is no government body, or it is a notice whose form is empty.
    """
    weights: dict[str, float] = load(_FILE)["weights"]
    titles = _titles(document, article, source)
    score = _title_score(titles) + weights["form_lines"] * min(1.0, table_evidence / weights["form"])
    if table_evidence >= weights["form"]:
        return _with_form(titles, document, article, score)
    topics = _topics(article)
    opening = _opening_score(article)
    texts = _texts(document.blocks)
    says_report = len(topics) >= weights["outline"] or opening >= weights["opening"]
    state = _hijacked(texts) if says_report else _state(document, texts) or _hijacked(texts)
    if state is not None:
        return state
    against = _against(titles, article, _classes())
    score += opening + min(weights["topic"] * len(topics), weights["topics_most"])
    score -= sum(entry.weight for entry in against)
    final = next((a for a in against if a.of.final and a.by_title), None)
    if final is not None:
        return Recognition("other", final.of.reason, score)
    if table_evidence and any(a.of.empty_form and a.by_title for a in against) and not _figures(document, article):
        return Recognition("other", load(_FILE)["reasons"]["empty_form"], score)
    if not says_report and _is_list(document):
        return Recognition("list", load(_FILE)["reasons"]["list"], score)
    content = _content(article) >= weights["content"] or len(topics) >= weights["outline"]
    if score >= weights["report"] and content:
        return Recognition("report", load(_FILE)["reasons"]["report"], score)
    if not content and _is_short_list(document, titles):
        return Recognition("list", load(_FILE)["reasons"]["list"], score)
    if against:
        return Recognition("other", max(against, key=lambda a: a.weight).of.reason, score)
    return Recognition("other", load(_FILE)["reasons"][_why_not(document, titles, score, content=content)], score)


def is_cover(verdict: Recognition) -> bool:
    """Whether a page that is no report itself may be the cover of one in an attachment: nothing speaks against it."""
    reasons = load(_FILE)["reasons"]
    return verdict.kind == "other" and verdict.reason in {reasons[name] for name in load(_FILE)["cover"]}


def _with_form(titles: _Titles, document: Document, article: Article, score: float) -> Recognition:
    """A document that holds a table of an official form: a report, but for the final classes and empty forms."""
    reasons: dict[str, str] = load(_FILE)["reasons"]
    for entry in _against(titles, article, _despite_form(), titled=True):
        if entry.of.final and entry.by_title:
            return Recognition("other", entry.of.reason, score - entry.weight)
        if entry.of.empty_form and entry.by_title and not _figures(document, article):
            return Recognition("other", reasons["empty_form"], score - entry.weight)
    return Recognition("report", reasons["form"], score)


def _why_not(document: Document, titles: _Titles, score: float, *, content: bool) -> str:
    """The reason why a document without signs against it is no report."""
    weights = load(_FILE)["weights"]
    named = any(pattern(_FILE, "title.strong").search(title) for title in (*titles.lines, titles.element))
    if not content:
        if any(pattern(_FILE, "body.file").search(f"{link.href} {link.text}".lower()) for link in document.links):
            return "attached" if named else "nothing"
        if named:
            return "elsewhere"
        if sum(len(text) for text in _texts(document.blocks)) < weights["content"]:
            return "empty"
    return "few" if score >= weights["report"] / 2 else "nothing"


# The page


def _texts(blocks: Sequence[Block]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found.extend(cell.text for cell in block.cells[:40])
    return found


def _state(document: Document, texts: Sequence[str]) -> Recognition | None:
    """An error page, a guard's page and the like: little text, and it says so."""
    size = sum(len(text) for text in texts)
    states = [state for state in _states() if size <= state.most]
    if not states:
        return None
    whole = fold(f"{document.title} {' '.join(texts)}")
    for state in states:
        if state.pattern.search(whole):
            return Recognition(state.kind, state.reason)
    return None


def _hijacked(texts: Sequence[str]) -> Recognition | None:
    """A page that others took over: gambling words, or pinyin in brackets behind the characters."""
    limits = load(_FILE)["hijacked"]
    whole = "".join("".join(texts).split())
    if sum(1 for word in limits["words"] if word in whole) >= limits["most_words"]:
        return Recognition("other", limits["reason"])
    if whole.count("(") + whole.count("（") < limits["most_pinyin"]:
        return None
    count = sum(1 for _ in pattern(_FILE, "hijacked.pinyin").find(whole))
    return Recognition("other", limits["reason"]) if count >= limits["most_pinyin"] else None


@cache
def _states() -> tuple[_State, ...]:
    return tuple(
        _State(s["kind"], s["reason"], s["most"], Pattern(s["pattern"], where=_WHERE)) for s in load(_FILE)["state"]
    )


# Titles


def _titles(document: Document, article: Article, source: str) -> _Titles:
    label = pattern(_FILE, "title.label")
    found: list[str] = [article.title] if article.title else []
    found.extend(content for name, content in document.meta if name in _META)
    for block in article.before[-NEAR:]:
        if isinstance(block, Table):
            found.extend(_named(block))
        elif block.level == 1 or block.align == "center" or _labelled(block.text[:12]):
            found.append(block.text)
    element = pattern(_FILE, "title.separator").remove(squeeze(document.title), "|").split("|")[0]
    if not any(pattern(_FILE, "title.strong").search(fold(text)) for text in (*found, element)):
        found.extend(_head(article))
    lines = [label.remove(fold(text)) for text in dict.fromkeys(found) if len(text) <= LONGEST_TITLE]
    lines = [text for text in lines if len(text) >= LEAST_ENTRY and not line_kind(text) and not _SIGNS & set(text)]
    if not lines and not element:
        element = source.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return _Titles(tuple(dict.fromkeys(lines)), fold(element))


def _labelled(head: str) -> bool:
    return (":" in head or "：" in head) and pattern(_FILE, "title.label").search(head) is not None


def _head(article: Article) -> list[str]:
    """The short lines that the article begins with."""
    found = []
    for block in article.blocks[:HEAD]:
        if isinstance(block, Table) or len(block.text) > LONGEST_TITLE:
            break
        first = block.text.strip()[:2]
        # A title may begin with its year.
        if headings.ordinal_of(first[:1]) and not first.isdigit():
            break
        if block.text.strip():
            found.append(block.text)
    return found


def _named(table: Table) -> list[str]:
    """The values of a catalogue's fields that name the document."""
    found = []
    for index, cell in enumerate(table.cells[:-1]):
        label = fold(cell.text)
        if len(label) <= 8 and pattern(_FILE, "title.field").fullmatch(label):
            found.append(fold(table.cells[index + 1].text))
    return found


def _title_score(titles: _Titles) -> float:
    weights = load(_FILE)["weights"]
    strong, weak = pattern(_FILE, "title.strong"), pattern(_FILE, "title.weak")
    if any(strong.search(title) for title in titles.lines):
        return float(weights["title"])
    if strong.search(titles.element):
        return float(weights["title_element"])
    return float(weights["title_weak"]) if any(weak.search(t) for t in (*titles.lines, titles.element)) else 0.0


@cache
def _classes() -> tuple[_Class, ...]:
    return tuple(
        _Class(
            c["name"],
            c["reason"],
            c["weight"],
            c.get("final", False),
            c.get("empty_form", False),
            Pattern(c["title"], where=_WHERE),
            Pattern(c["body"], where=_WHERE) if "body" in c else None,
        )
        for c in load(_FILE)["class"]
    )


@cache
def _despite_form() -> tuple[_Class, ...]:
    """The classes that outweigh a table of an official form, or come with an empty one."""
    return tuple(c for c in _classes() if c.final or c.empty_form)


def _against(titles: _Titles, article: Article, classes: Sequence[_Class], *, titled: bool = False) -> list[_Against]:
    """Classes of other documents whose title or first lines these are; `titled` leaves out those without the title."""
    opening: list[str] = []
    found = []
    for entry in classes:
        by_line = any(entry.title.search(title) for title in titles.lines[:NAMES])
        by_element = not by_line and entry.title.search(titles.element) is not None
        if titled and not (by_line or by_element):
            continue
        opening = opening or [_short(text) for text in _opening(article)]
        by_body = entry.body is not None and any(entry.body.search(text) for text in opening)
        if by_line or by_element or by_body:
            found.append(_Against(entry, by_line or by_element, by_body, by_element))
    return found


def _opening(article: Article) -> list[str]:
    found = [b.text for b in article.blocks if isinstance(b, Paragraph) and b.text.strip()]
    return [*found[:HEAD], *found[-3:]] if len(found) > HEAD + 3 else found


# The article


def _short(text: str) -> str:
    return fold(text[:LONGEST_LINE])


def _opening_score(article: Article) -> float:
    """What the first lines of the article say for a report."""
    weights = load(_FILE)["weights"]
    opening = " ".join(_short(text) for text in _opening(article)[:HEAD])
    names = [n for n in ("opening", "period", "itself") if pattern(_FILE, f"body.{n}").search(opening)]
    return float(sum(weights[name] for name in names))


def _topics(article: Article) -> set[str]:
    """The topics of a report that headings of the first two levels name."""
    topics: set[str] = set()
    lines = headings.lines(article)
    for at in range(len(lines)):
        candidate = headings.candidate(lines, at)
        if candidate is not None and candidate.level <= 2 and candidate.shape in headings.PROPER:
            topics.add(headings.topic(candidate.title))
        elif candidate is None and len(lines[at].text) <= 30 and headings.is_known(lines[at].text):
            topics.add(headings.topic(lines[at].text))
    return topics & set(load(_FILE)["body"]["topics"])


def _content(article: Article) -> int:
    """How many characters of running text and cells the article has."""
    size = 0
    for block in article.blocks:
        if isinstance(block, Table):
            size += sum(len(cell.text) for cell in block.cells)
        elif block.link_characters * 2 <= len(block.text):
            size += len(block.text.strip())
    return size


def _figures(document: Document, article: Article) -> bool:
    """Whether any cell of the article's tables, or of the page's when it has none, is a number, or a whole line."""
    digits = pattern(_FILE, "body.figure")
    tables = [block for block in article.blocks if isinstance(block, Table)]
    tables = tables or [block for block in document.blocks if isinstance(block, Table)]
    texts = [cell.text for table in tables for cell in table.cells]
    texts += [block.text for block in article.blocks if isinstance(block, Paragraph)]
    return any(digits.fullmatch(text.strip()) for text in texts)


def _is_short_list(document: Document, titles: _Titles) -> bool:
    """Whether a page without text and one report's title lists few reports, or the bodies that have one."""
    weights = load(_FILE)["weights"]
    year = pattern(_FILE, "body.year")
    if any(year.search(title) and len(title) > LONGEST_COLUMN for title in (*titles.lines, titles.element)):
        return False
    column = any(pattern(_FILE, "body.entry").search(title) for title in (*titles.lines, titles.element))
    names = {text for text, linked in _entries(document) if linked and bodies.is_organ(fold(text))}
    bare = pattern(_FILE, "body.bare_year")
    years = {text for link in document.links if bare.fullmatch(text := fold(link.text))} if column else set()
    if len(years) >= weights["list_entries"]:
        return True
    return (column and len(names) >= weights["names"]) or _is_list(document, least=weights["few_entries"])


def _is_list(document: Document, least: int = 0) -> bool:
    """Whether the page is a list: many entries that name documents, and hardly any text beside them."""
    weights: dict[str, Any] = load(_FILE)["weights"]
    least = least or weights["list_entries"]
    entry, date, year = (pattern(_FILE, f"body.{name}") for name in ("entry", "date", "year"))
    entries: set[str] = set()
    other = 0
    for text, linked in _entries(document):
        short = fold(text) if len(text) <= LONGEST_ENTRY else ""
        dated = bool(short) and date.search(short) is not None
        bare = date.remove(short) if dated else short
        named = bool(bare) and entry.search(bare) is not None and (dated or year.search(bare) is not None)
        if named or (linked and dated and len(bare) >= LEAST_ENTRY):
            entries.add(bare)
        elif not linked and len(text) > LONGEST_ENTRY // 2 and not line_kind(text):
            other += len(text)
    return len(entries) >= least and bool(other <= len(entries) * weights["list_text"])


def _entries(document: Document) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            found.extend((cell.text, False) for cell in block.cells)
        elif block.text.strip():
            found.append((block.text, block.link_characters * 2 > len(block.text)))
    return found
