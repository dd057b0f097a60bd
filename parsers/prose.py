"""Figures stated in the running text of a report, for the lines that the forms have.

A number counts only with its noun: the words before it, or behind its unit, have to be those of an
entry of `prose.toml`. A denial (未收到, 无) is a zero only where the sentence denies the very thing.
A number of another year, of a comparison, of a plan or of a part of the body is left out, and so is
one that is not meant exactly (约, 余).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers import headings
from parsers.article import Article
from parsers.characters import patterns
from parsers.characters.numbers import chinese_number
from parsers.characters.widths import simplify
from parsers.document import Paragraph
from parsers.errors import DataFileError
from parsers.forms import Form
from parsers.records import Figure, Section
from parsers.values import Owner

REACH = 90
"""So many characters before a number and behind it are looked at."""

LONGEST = 20_000
"""A longer line is no prose."""

MOST_BARE = 6
"""A number without a unit that has more digits is a code or a phone."""

PROBLEMS = "problems"
YEAR, CUMULATIVE, TOTAL = "year", "cumulative", "total"
_YEARLY = (TOTAL, YEAR, "value")
_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3002: 0x3002}
_FOLD.update({ord("﹪"): ord("%"), ord("％"): ord("%"), ord("．"): ord("."), ord("　"): ord(" ")})
_QUOTES = frozenset("“”‘’\"'「」『』＂")
_COMMA = regex.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the data file, compiled; see there for what each part means."""

    concept: str
    before: regex.Pattern[str] | None
    behind: regex.Pattern[str] | None
    units: frozenset[str]
    topics: frozenset[str]
    topics_not: frozenset[str]
    role: str
    dimension: str
    total: bool
    any_year: bool
    each: regex.Pattern[str] | None
    last: frozenset[str]
    forms: frozenset[str]
    reject: regex.Pattern[str] | None
    reject_behind: regex.Pattern[str] | None
    reject_sentence: regex.Pattern[str] | None
    context: regex.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial of the data file, compiled."""

    pattern: regex.Pattern[str]
    nouns: tuple[tuple[str, regex.Pattern[str]], ...]
    topics: frozenset[str]
    topics_not: frozenset[str]
    any_year: bool
    across: bool
    reject: regex.Pattern[str] | None
    context: regex.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Rules:
    """`prose.toml`, compiled."""

    words: Mapping[str, regex.Pattern[str]]
    topics: tuple[tuple[str, regex.Pattern[str]], ...]
    concepts: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    denials: tuple[Denial, ...]


_WORDS = (
    "about_before", "about_behind", "names", "contact", "sentence_end", "clause_end", "respectively", "conjunction",
    "unit",
)  # fmt: skip


@cache
def rules() -> Rules:
    """The data file, read once. Raises DataFileError when it is broken."""
    try:
        data: dict[str, Any] = tomllib.loads(files("parsers").joinpath("prose.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="prose.toml") from error
    parts = data["parts"]

    def built(text: str) -> regex.Pattern[str]:
        return patterns.build(text, parts, where="prose.toml")

    def maybe(entry: Mapping[str, Any], name: str) -> regex.Pattern[str] | None:
        return built(entry[name]) if entry.get(name) else None

    words = {name: data[name] for name in _WORDS} | data["period"]
    words["number"] = data["number"].replace("<<UNIT>>", parts["UNIT"])
    entries = tuple(
        Entry(
            concept=e["concept"],
            before=maybe(e, "before"),
            behind=maybe(e, "behind"),
            units=frozenset(e.get("units", ())),
            topics=frozenset(e.get("topics", ())),
            topics_not=frozenset(e.get("topics_not", ())),
            role=e.get("role", "part"),
            dimension=e.get("dimension", ""),
            total=e.get("total", False),
            any_year=e.get("any_year", False),
            each=maybe(e, "each"),
            last=frozenset(e.get("last", ())),
            forms=frozenset(e.get("forms", ())),
            reject=maybe(e, "reject"),
            reject_behind=maybe(e, "reject_behind"),
            reject_sentence=maybe(e, "reject_sentence"),
            context=maybe(e, "context"),
        )
        for e in data["entry"]
    )
    denials = tuple(
        Denial(
            pattern=built(e["pattern"]),
            nouns=tuple((name, built(text)) for name, text in e["nouns"].items()),
            topics=frozenset(e.get("topics", ())),
            topics_not=frozenset(e.get("topics_not", ())),
            any_year=e.get("any_year", False),
            across=e.get("across", False),
            reject=maybe(e, "reject"),
            context=maybe(e, "context"),
        )
        for e in data["zero"]
    )
    return Rules(
        {name: built(text) for name, text in words.items()},
        tuple((t["name"], built(t["pattern"])) for t in data["topics"]),
        data["concepts"],
        entries,
        denials,
    )


def figures(
    article: Article, sections: Sequence[Section], form: Form | None, owner: Owner | None = None
) -> tuple[Figure, ...]:
    """The figures stated in a report's text, in the order of the text.

    `sections` are those of the same article, `form` is the form of its statistics (None without a
    table), `owner` gives ids and the report's year; without a year the one most often named stands
    for it. `indicator` is a line of the form, or of the forms that have such a line where this one
    has none; `+` joins lines that the text counts together. `unit` is as printed, empty when it is
    not. `phrase` is the clause with the number, `locator` where its paragraph stands, narrowed to
    the phrase where the paragraph is in one piece.
    """
    owner = owner or Owner()
    year = owner.report_year or _usual_year(sections)
    name = form.name if form else "prose"
    found: list[Figure] = []
    places = _Places(article)
    titles = {section.section: section for section in sections}
    for section in sections:
        context = _context(section, titles)
        for text, heading in _lines(section):
            if len(text) > LONGEST:
                continue
            reader = _Reader(text, context, year, name, heading)
            stated = reader.read()
            if not stated and heading:
                continue
            place = places.of(text, section.locator, heading)
            for item in stated:
                indicator, breakdown = _line_of(item, form, name)
                phrase = reader.phrase(item)
                found.append(
                    Figure(
                        report_id=owner.report_id,
                        section=section.section,
                        indicator=indicator,
                        breakdown=breakdown,
                        value=item.value,
                        unit=item.unit,
                        phrase=phrase,
                        document_id=owner.document_id,
                        locator=place.narrowed(phrase),
                    )
                )
    return tuple(found)


def _lines(section: Section) -> Iterator[tuple[str, bool]]:
    """The section's lines; its title too where it is a statement rather than a heading."""
    if section.title.rstrip().endswith(("。", "；")) or len(section.title) > 24:
        yield section.title, True
    for line in section.text.split("\n"):
        if line:
            yield line, False


def _usual_year(sections: Sequence[Section]) -> int | None:
    counts: dict[int, int] = {}
    for section in sections:
        for match in _YEAR.finditer(section.title + section.text):
            counts[int(match[1])] = counts.get(int(match[1]), 0) + 1
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


_YEAR = regex.compile(r"(?<!\d)((?:19|20)\d\d)年")


@dataclass(frozen=True, slots=True)
class _Context:
    """What the headings over a text speak of."""

    topic: str
    titles: str
    section: str


def _context(section: Section, by_path: Mapping[str, Section]) -> _Context:
    topic, titles, section_topic = "", [], ""
    at: Section | None = section
    while at is not None:
        title = _key(at.title)[0]
        titles.append(title)
        if not topic:
            topic = _topic(title) or at.topic
        section_topic = section_topic or at.topic
        at = by_path.get(at.parent) if at.parent else None
    return _Context(topic, "\n".join([*titles, f"#{topic}", f"#{section_topic}"]), section_topic)


def _topic(text: str) -> str:
    """The topic of the last word in a text that tells one; "" when none does."""
    best, name = -1, ""
    for topic, pattern in rules().topics:
        for match in patterns.finditer(pattern, text):
            if match.start() >= best:
                best, name = match.start(), topic
    return name


def _key(text: str) -> tuple[str, tuple[int, ...]]:
    """A text for matching, and the place in the text of each of its characters."""
    simple = simplify(text)
    if len(simple) != len(text):
        simple = text
    places = [i for i, c in enumerate(text) if not c.isspace() and c not in _QUOTES]
    key = "".join(simple[i] for i in places).translate(_FOLD).replace(";", "；").replace("：", ":")
    return _COMMA.sub("，", key), tuple(places)


# Reading one line


@dataclass(slots=True)
class _Stated:
    """A figure as concepts of the data file; `start` and `end` are places in the key."""

    concept: str
    value: Decimal
    unit: str
    start: int
    end: int
    period: str = YEAR
    dimension: str = ""
    role: str = "part"


@dataclass(slots=True)
class _State:
    """What the line has said so far."""

    head: str = ""
    line: str = ""
    dispute: str = ""
    last: str = ""
    totals: set[str] = field(default_factory=set)
    topic: str = ""


class _Reader:
    """One line of text with what its headings say."""

    def __init__(self, text: str, context: _Context, year: int | None, form: str, heading: bool) -> None:
        self.text = text
        self.key, self.places = _key(text)
        self.context = context
        self.year = year
        self.form = form
        self.heading = heading
        self.words = rules().words
        self.names = [m.span() for m in patterns.finditer(self.words["names"], self.key)]

    def phrase(self, item: _Stated) -> str:
        """The words of a figure as they stand in the text."""
        return self.text[self.places[item.start] : self.places[item.end - 1] + 1].strip()

    def read(self) -> list[_Stated]:
        found: list[_Stated] = []
        state = _State()
        start = 0
        ends = [m.end() for m in patterns.finditer(self.words["sentence_end"], self.key)]
        for end in (*ends, len(self.key)):
            if end > start:
                state.last = ""
                found.extend(self._sentence(start, end, state))
            start = end
        return found

    def _sentence(self, start: int, end: int, state: _State) -> list[_Stated]:
        clauses = self._clauses(start, end)
        found = []
        for a, b in clauses:
            numbered = []
            for number in patterns.finditer(self.words["number"], self.key[a:b]):
                if self._named(a + number.start()):
                    continue
                numbered.extend(self._number(number, (a, b), (start, end), state))
            found.extend(numbered)
            found.extend(self._denied((a, b), clauses, (start, end), state))
        state.topic = _topic(self.key[start:end]) or state.topic
        found.sort(key=lambda item: item.end)
        return found

    def _clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """The clauses of a sentence; a short parenthesis such as 专（兼）职 ends none."""
        cuts = [start]
        for match in patterns.finditer(self.words["clause_end"], self.key[start:end]):
            at = start + match.start()
            if match[0] == "(" and ")" in self.key[at : at + 4]:
                continue
            if match[0] == ")" and "(" in self.key[max(start, at - 3) : at]:
                continue
            cuts.append(at + 1)
        return [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if b > a]

    def _named(self, at: int) -> bool:
        return any(a < at < b for a, b in self.names)

    # Numbers

    def _number(
        self, number: regex.Match[str], clause: tuple[int, int], sentence: tuple[int, int], state: _State
    ) -> list[_Stated]:
        at, stop = clause[0] + number.start(), clause[0] + number.end()
        value = _value(number[0])
        rest = self.key[stop : min(sentence[1], stop + REACH)]
        if value is None or patterns.search(self.words["about_behind"], rest):
            return []
        unit = patterns.match(self.words["unit"], rest)
        unit_text = unit[0] if unit else ""
        behind = rest[len(unit_text) :]
        if behind[:1] in ("余", "多"):
            return []
        left = self._left(at, clause)
        if patterns.search(self.words["about_before"], left):
            return []
        kind = unit_text.removesuffix("次") if unit_text in ("件次", "条次") else unit_text
        bare = not unit_text and not (behind[:1] == "" or behind[0] in "，。；、)!?！？:")
        seen = self.key[sentence[0] : at]
        if not unit_text and (len(number[0]) > MOST_BARE or patterns.search(self.words["contact"], seen)):
            return []
        topic = _topic(seen) or state.topic or self.context.topic
        if patterns.search(self.words["compared"], left):
            return []
        planned = patterns.search(self.words["plan"], left) is not None
        for entry in rules().entries:
            if kind not in entry.units and not (bare and entry.behind and "" in entry.units):
                continue
            if (bare and not entry.behind) or (planned and not entry.any_year):
                continue
            if not self._fits(entry, left, behind, topic, state, sentence, seen):
                continue
            concept = self._concept(entry, state)
            if not concept:
                continue
            period = self._period(at, clause, sentence, concept, state, entry.any_year)
            if not period:
                return []
            if entry.total and self._is_part(left, seen, period, state):
                return []
            end = stop + len(unit_text)
            if entry.behind and (match := patterns.search(entry.behind, behind)):
                end += match.end()
            item = _Stated(concept, value, _own_unit(self.text, self.places, stop, unit_text), clause[0], end)
            item.period, item.dimension, item.role = period, entry.dimension, entry.role
            item.start = self._opening(clause[0], at)
            self._note(item, state)
            return _apart(item, entry, left)
        return []

    def _left(self, at: int, clause: tuple[int, int]) -> str:
        """The words of the clause before a number; in a list of nouns and numbers the noun of this one."""
        left = self.key[max(clause[0], at - REACH) : at]
        return self._of_list(left, at, clause) or left

    def _of_list(self, left: str, at: int, clause: tuple[int, int]) -> str:
        """当面、网络申请分别为3件、5件: for 5 the words 网络申请."""
        first = self.key[clause[0] : at]
        numbers = list(patterns.finditer(self.words["number"], first))
        opening = first[: numbers[0].start()] if numbers else first
        listed = patterns.search(self.words["respectively"], opening)
        if listed is None:
            return ""
        between = first[len(opening) :]
        if any(c not in "、和及与" and not c.isdigit() and c not in "条件份起宗次人名元万" for c in between):
            return ""
        nouns = [n for n in self.words["conjunction"].split(listed["nouns"]) if n]
        if len(nouns) < 2 or len(numbers) >= len(nouns):
            return ""
        tail = nouns[-1]
        return nouns[len(numbers)] if len(numbers) + 1 == len(nouns) else nouns[len(numbers)] + _common(tail)

    def _fits(
        self, entry: Entry, left: str, behind: str, topic: str, state: _State, sentence: tuple[int, int], seen: str
    ) -> bool:
        if entry.forms and self.form not in entry.forms:
            return False
        if entry.topics and topic not in entry.topics:
            return False
        if topic in entry.topics_not:
            return False
        if entry.last and state.last not in entry.last:
            return False
        if entry.before and not patterns.search(entry.before, left):
            return False
        if entry.behind and not patterns.search(entry.behind, behind):
            return False
        if entry.reject and patterns.search(entry.reject, left):
            return False
        if entry.reject_behind and patterns.search(entry.reject_behind, behind):
            return False
        if entry.reject_sentence and patterns.search(entry.reject_sentence, seen):
            return False
        whole = self.key[sentence[0] : sentence[1]]
        return not entry.context or patterns.search(entry.context, whole + "\n" + self.context.titles) is not None

    def _concept(self, entry: Entry, state: _State) -> str:
        """The entry's concept, or that of the figure that it leans on."""
        if not entry.concept.startswith("@"):
            return entry.concept
        if entry.concept == "@head":
            return state.head
        if entry.concept == "@line":
            return state.line or "requests"
        return f"{state.dispute}{entry.concept.removeprefix('@dispute')}" if state.dispute else ""

    def _is_part(self, left: str, seen: str, period: str, state: _State) -> bool:
        """Whether a total is that of a part of the body, or one of the kinds of a total."""
        if patterns.search(self.words["of_which"], seen) and not patterns.search(self.words["this_year"], left):
            return True
        return period in state.totals and patterns.search(self.words["part"], left) is not None

    def _note(self, item: _Stated, state: _State) -> None:
        state.last = item.concept
        if item.role == "head":
            state.head = state.line = item.concept
            if item.concept == "disclosed_total":
                state.totals.add(item.period)
        elif item.role == "line":
            state.line = item.concept
        elif item.role == "dispute":
            state.head = state.dispute = item.concept

    def _opening(self, start: int, at: int) -> int:
        while start < at and self.key[start] in "，。；、)(:":
            start += 1
        return start

    # Years and spans of time

    def _period(
        self, at: int, clause: tuple[int, int], sentence: tuple[int, int], concept: str, state: _State, any_year: bool
    ) -> str:
        """year or cumulative; "" for a number of another year."""
        own = self.key[clause[0] : at]
        before = self.key[sentence[0] : at]
        words = self.words
        if patterns.search(words["cumulative"], own):
            return CUMULATIVE
        tally = "累计" in own or "总计" in own
        if tally and not patterns.search(words["this_year"], own):
            if patterns.search(words["until"], before) or patterns.search(words["cumulative"], before):
                return CUMULATIVE
            if state.last and state.last == concept and not self._dated(own):
                return CUMULATIVE
        if any_year:
            return YEAR
        return "" if self._other_year(sentence[0], at) else YEAR

    def _dated(self, text: str) -> bool:
        return _YEAR.search(text) is not None

    def _other_year(self, start: int, at: int) -> bool:
        """Whether the last year named before a place, comparisons aside, is not the report's."""
        last, other = -1, False
        for a, b in self._clauses(start, at):
            text = self.key[a : min(b, at)]
            if patterns.search(self.words["compared"], text) and b < at:
                continue
            for match in _YEAR.finditer(text):
                place = a + match.start()
                if not self._named(place) and place > last and not self._carried(a + match.end()):
                    last, other = place, self.year is not None and int(match[1]) != self.year
            for name, value in (("this_year", False), ("other_year", True)):
                for match in patterns.finditer(self.words[name], text):
                    place = a + match.start()
                    if not self._named(place) and place > last and not self._carried(a + match.end()):
                        last, other = place, value
        return other

    def _carried(self, at: int) -> bool:
        """Whether a year's name belongs to requests carried over."""
        return self.key[at : at + 6].lstrip("度的").startswith(_CARRIED)

    # Denials

    def _denied(
        self,
        clause: tuple[int, int],
        clauses: Sequence[tuple[int, int]],
        sentence: tuple[int, int],
        state: _State,
    ) -> list[_Stated]:
        a, b = clause
        text = self.key[a:b].rstrip(_ENDS)
        if self.context.section == PROBLEMS or patterns.search(self.words["some"], text):
            return []
        found: dict[str, _Stated] = {}
        topic = _topic(self.key[sentence[0] : a + len(text)]) or state.topic or self.context.topic
        before = _topic(self.key[sentence[0] : a]) or state.topic or self.context.topic
        for denial in rules().denials:
            if denial.topics and not denial.topics & {topic, before}:
                continue
            if before in denial.topics_not and topic in denial.topics_not:
                continue
            whole = self._continued(text, clause, clauses) if denial.across else text
            match = patterns.search(denial.pattern, whole)
            if match is None or (denial.reject and patterns.search(denial.reject, whole)):
                continue
            if self._named(a + match.start()) or self._counts(match[0]):
                continue
            around = self.key[sentence[0] : sentence[1]] + "\n" + self.context.titles
            if denial.context and not patterns.search(denial.context, around):
                continue
            if not denial.any_year and patterns.search(self.words["plan"], whole):
                continue
            period = self._period(a + match.end(), clause, sentence, "", state, denial.any_year)
            if not period:
                continue
            for concept, noun in denial.nouns:
                if concept not in found and patterns.search(noun, match[0]):
                    item = _Stated(concept, Decimal(0), "", self._opening(a, a + match.start()), a + match.end())
                    item.period = period
                    found[concept] = item
        return list(found.values())

    def _continued(self, text: str, clause: tuple[int, int], clauses: Sequence[tuple[int, int]]) -> str:
        """A clause with those behind it that only go on with its list."""
        at = clauses.index(clause)
        whole = self.key[clause[0] : clause[0] + len(text)]
        for a, b in clauses[at + 1 :]:
            more = self.key[a:b].rstrip(_ENDS)
            if not _GOES_ON.match(more) or any(c.isdigit() for c in more):
                break
            whole = self.key[clause[0] : a + len(more)]
        return whole

    def _counts(self, text: str) -> bool:
        """Whether a denial holds a number with a unit: then it is a statement of that number."""
        for match in patterns.finditer(self.words["number"], text):
            if patterns.match(self.words["unit"], text[match.end() :]):
                return True
        return False


_ENDS = "，。；)(!?！？"
_CARRIED = ("结转", "转结", "顺延", "遗留", "继续", "答复", "办理", "未办结")
_GOES_ON = regex.compile("(?:提起|被提起|或者?|和|及|以及|行政诉讼|行政复议|诉讼|举报|投诉|申诉)(?!.*(?:[未无没]))")


def _value(text: str) -> Decimal | None:
    if text[0].isdigit():
        plain = text.replace(",", "")
        digits = plain.rstrip("百千万亿")
        if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
            return None
        value = Decimal(digits)
        for scale in plain[len(digits) :]:
            value *= _SCALES[scale]
        return value.to_integral_value() if value == value.to_integral_value() else value
    number = chinese_number(text)
    return None if number is None else Decimal(number)


def _own_unit(text: str, places: Sequence[int], stop: int, unit: str) -> str:
    """The unit as it stands in the text."""
    return "".join(text[places[i]] for i in range(stop, stop + len(unit)))


def _common(noun: str) -> str:
    """What the nouns of a list share: 申请 of 网络申请."""
    for shared in ("申请", "公开政府信息", "公开", "人员"):
        if noun.endswith(shared):
            return shared
    return ""


def _apart(item: _Stated, entry: Entry, left: str) -> list[_Stated]:
    """A zero for two lines together is a zero for each."""
    parts = item.concept.split("+")
    if len(parts) > 1 and (item.value == 0 or (entry.each and patterns.search(entry.each, left))):
        return [replace(item, concept=part) for part in parts]
    return [item]


# Concepts to lines


def _line_of(item: _Stated, form: Form | None, name: str) -> tuple[str, str]:
    """Indicator and breakdown of a figure in a form."""
    indicators: list[str] = []
    column = item.dimension
    for part in item.concept.split("+"):
        known = rules().concepts[part]
        code, _, own = known.get(name, known["default"]).partition(":")
        column = column or own
        indicators.extend(code.split("+"))
    printed: tuple[str, ...] = ()
    if form is not None:
        lines = {line.indicator: line for line in form.lines}
        if indicators[0] in lines:
            printed = lines[indicators[0]].breakdowns
    if not column:
        column = CUMULATIVE if item.period == CUMULATIVE else ""
    if not column:
        column = next((b for b in _YEARLY if b in printed), YEAR)
    return "+".join(indicators), column


# Places


@dataclass(frozen=True, slots=True)
class _Place:
    text: str
    locator: str

    def narrowed(self, phrase: str) -> str:
        """The locator of the phrase where the paragraph is one piece of its source, else the paragraph's."""
        match = _SPAN.fullmatch(self.locator)
        if match is None or self.text.count(phrase) != 1:
            return self.locator
        start, end = int(match[2]), int(match[3])
        if end - start != len(self.text):
            return self.locator
        at = start + self.text.index(phrase)
        return f"{match[1]}[{at}:{at + len(phrase)}]"


_SPAN = regex.compile(r"((?:html|text|docx):[^+\[\]]+)\[(\d+):(\d+)\]")


class _Places:
    """Where the lines of the sections stand, found in reading order."""

    def __init__(self, article: Article) -> None:
        self.lines = [line for line in headings.lines(article.blocks) if not line.table]
        self.paragraphs = {b.locator: b.text for b in article.blocks if isinstance(b, Paragraph)}
        self.at = 0

    def of(self, text: str, otherwise: str, heading: bool) -> _Place:
        """The place of a line of a section; `otherwise` where it is not found."""
        if heading:
            return _Place(self.paragraphs.get(otherwise, ""), otherwise)
        for at in range(self.at, len(self.lines)):
            if self.lines[at].text.endswith(text):
                self.at = at
                locator = self.lines[at].locator
                return _Place(self.paragraphs.get(locator, ""), locator)
        return _Place(self.paragraphs.get(otherwise, ""), otherwise)
