"""One line of running text: which of its numbers and denials are figures, of which concept, year and span of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import regex

from parsers.characters import patterns
from parsers.characters.numbers import chinese_number
from parsers.characters.widths import simplify
from parsers.prose_rules import Entry, rules

REACH = 90
"""So many characters before a number and behind it are looked at."""

WINDOW = 400
"""So many characters of a sentence on either side tell what a number is about."""

GOING_ON = 3
"""So many clauses behind a denial may go on with its list."""

MOST_BARE = 6
"""A number without a unit that has more digits is a code or a phone."""

PROBLEMS = "problems"
YEAR, CUMULATIVE = "year", "cumulative"
_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)}
_FOLD.update({ord("﹪"): ord("%"), ord("　"): ord(" ")})
_QUOTES = frozenset("“”‘’\"'「」『』＂")
_COMMA = regex.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DENYING = frozenset("未没无零不0")
YEARS = regex.compile(r"(?<!\d)((?:19|20)\d\d)年")


@dataclass(frozen=True, slots=True)
class Context:
    """What the headings over a text speak of."""

    topic: str
    titles: str
    section: str


def topic_of(text: str) -> str:
    """The topic of the last word in a text that tells one; "" when none does."""
    best, name = -1, ""
    for topic, pattern in rules().topics:
        for match in patterns.finditer(pattern, text):
            if match.start() >= best:
                best, name = match.start(), topic
    return name


def key_of(text: str) -> tuple[str, tuple[int, ...]]:
    """A text for matching, and the place in the text of each of its characters."""
    simple = simplify(text)
    if len(simple) != len(text):
        simple = text
    places = [i for i, c in enumerate(text) if not c.isspace() and c not in _QUOTES]
    key = "".join(simple[i] for i in places).translate(_FOLD).replace(";", "；").replace("：", ":")
    return _COMMA.sub("，", key), tuple(places)


@dataclass(slots=True)
class Stated:
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
    end: int = 0


class Reader:
    """One line of text with what its headings say."""

    def __init__(self, text: str, context: Context, year: int | None, form: str) -> None:
        self.text = text
        self.key, self.places = key_of(text)
        self.context = context
        self.year = year
        self.form = form
        self.words = rules().words
        self.named = bytearray(len(self.key))
        for name in patterns.finditer(self.words["names"], self.key):
            self.named[name.start() + 1 : name.end()] = b"\1" * (name.end() - name.start() - 1)

    def phrase(self, item: Stated) -> str:
        """The words of a figure as they stand in the text."""
        return self.text[self.places[item.start] : self.places[item.end - 1] + 1].strip()

    def read(self) -> list[Stated]:
        found: list[Stated] = []
        state = _State()
        start = 0
        ends = [m.end() for m in patterns.finditer(self.words["sentence_end"], self.key)]
        for end in (*ends, len(self.key)):
            if end > start:
                state.last = ""
                found.extend(self._sentence(start, end, state))
            start = end
        return found

    def _sentence(self, start: int, end: int, state: _State) -> list[Stated]:
        clauses = self._clauses(start, end)
        found = []
        for a, b in clauses:
            numbered = []
            for number in patterns.finditer(self.words["number"], self.key[a:b]):
                if self.named[a + number.start()]:
                    continue
                numbered.extend(self._number(number, (a, b), (start, end), state))
            found.extend(numbered)
            found.extend(self._denied((a, b), clauses, (start, end), state))
        state.topic = topic_of(self.key[start:end]) or state.topic
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

    # Numbers

    def _number(
        self, number: regex.Match[str], clause: tuple[int, int], sentence: tuple[int, int], state: _State
    ) -> list[Stated]:
        at, stop = clause[0] + number.start(), clause[0] + number.end()
        value = _value(number[0])
        rest = self.key[stop : min(sentence[1], stop + REACH)]
        if value is None or patterns.search(self.words["about_behind"], rest):
            return []
        unit = patterns.match(self.words["unit"], rest)
        unit_text = unit[0] if unit else ""
        behind = rest[len(unit_text) :]
        if patterns.match(self.words["about_unit"], behind):
            return []
        left = self._left(at, clause)
        if patterns.search(self.words["about_before"], left):
            return []
        kind = unit_text.removesuffix("次") if unit_text in ("件次", "条次") else unit_text
        bare = not unit_text and not (behind[:1] == "" or behind[0] in "，。；、)!?！？:")
        sentence = (max(sentence[0], at - WINDOW), min(sentence[1], at + WINDOW))
        seen = self.key[sentence[0] : at]
        if not unit_text and (len(number[0]) > MOST_BARE or patterns.search(self.words["contact"], seen)):
            return []
        topic = topic_of(seen) or state.topic or self.context.topic
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
            item = Stated(concept, value, _own_unit(self.text, self.places, stop, unit_text), clause[0], end)
            item.period, item.dimension, item.role = period, entry.dimension, entry.role
            item.start = self._opening(max(clause[0], state.end), at)
            state.end = stop + len(unit_text)
            self._note(item, state)
            return _apart(item, entry, left)
        return []

    def _left(self, at: int, clause: tuple[int, int]) -> str:
        """The words of the clause before a number; in a list of nouns and numbers the noun of this one."""
        left = self.key[max(clause[0], at - REACH) : at]
        return self._of_list(at, clause) or left

    def _of_list(self, at: int, clause: tuple[int, int]) -> str:
        """当面、网络申请分别为3件、5件: for 5 the words 网络申请."""
        first = self.key[clause[0] : at]
        numbers = list(patterns.finditer(self.words["number"], first))
        opening = first[: numbers[0].start()] if numbers else first
        listed = patterns.search(self.words["respectively"], opening)
        if listed is None:
            return ""
        if patterns.fullmatch(self.words["between"], first[len(opening) :]) is None:
            return ""
        nouns = [n for n in self.words["conjunction"].split(listed["nouns"]) if n]
        if len(nouns) < 2 or len(numbers) >= len(nouns):
            return ""
        if len(numbers) + 1 == len(nouns):
            return nouns[-1]
        shared = patterns.search(self.words["shared"], nouns[-1])
        return nouns[len(numbers)] + (shared[0] if shared else "")

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

    def _note(self, item: Stated, state: _State) -> None:
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
        while start < at and self.key[start] in _OPENS:
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
        if patterns.search(words["tally"], own) and not patterns.search(words["this_year"], own):
            if patterns.search(words["until"], before) or patterns.search(words["cumulative"], before):
                return CUMULATIVE
            if state.last and state.last == concept and not YEARS.search(own):
                return CUMULATIVE
        if any_year:
            return YEAR
        return "" if self._other_year(sentence[0], at) else YEAR

    def _other_year(self, start: int, at: int) -> bool:
        """Whether the last year named before a place, comparisons aside, is not the report's."""
        last, other = -1, False
        for a, b in self._clauses(start, at):
            text = self.key[a : min(b, at)]
            if patterns.search(self.words["compared"], text) and b < at:
                continue
            for match in YEARS.finditer(text):
                place = a + match.start()
                if not self.named[place] and place > last and not self._carried(a + match.end()):
                    last, other = place, self.year is not None and int(match[1]) != self.year
            for name, value in (("this_year", False), ("other_year", True)):
                for match in patterns.finditer(self.words[name], text):
                    place = a + match.start()
                    if not self.named[place] and place > last and not self._carried(a + match.end()):
                        last, other = place, value
        return other

    def _carried(self, at: int) -> bool:
        """Whether a year's name belongs to requests carried over."""
        return patterns.match(self.words["carried"], self.key[at : at + 8]) is not None

    # Denials

    def _denied(
        self,
        clause: tuple[int, int],
        clauses: Sequence[tuple[int, int]],
        sentence: tuple[int, int],
        state: _State,
    ) -> list[Stated]:
        a, b = clause
        text = self.key[a:b].rstrip(_ENDS)
        if _DENYING.isdisjoint(text):
            return []
        if self.context.section == PROBLEMS or patterns.search(self.words["some"], text):
            return []
        found: dict[str, Stated] = {}
        sentence = (max(sentence[0], a - WINDOW), min(sentence[1], b + WINDOW))
        topic = topic_of(self.key[sentence[0] : a + len(text)]) or state.topic or self.context.topic
        before = topic_of(self.key[sentence[0] : a]) or state.topic or self.context.topic
        for denial in rules().denials:
            if denial.topics and not denial.topics & {topic, before}:
                continue
            if before in denial.topics_not and topic in denial.topics_not:
                continue
            whole = self._continued(text, clause, clauses) if denial.across else text
            match = patterns.search(denial.pattern, whole)
            if match is None or (denial.reject and patterns.search(denial.reject, whole)):
                continue
            if self.named[a + match.start()] or self._counts(match[0]):
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
                    item = Stated(concept, Decimal(0), "", self._opening(a, a + match.start()), a + match.end())
                    item.period = period
                    found[concept] = item
        return list(found.values())

    def _continued(self, text: str, clause: tuple[int, int], clauses: Sequence[tuple[int, int]]) -> str:
        """A clause with those behind it that only go on with its list."""
        at = clauses.index(clause)
        whole = self.key[clause[0] : clause[0] + len(text)]
        for a, b in clauses[at + 1 : at + 1 + GOING_ON]:
            more = self.key[a:b].rstrip(_ENDS)
            if not patterns.match(self.words["goes_on"], more):
                break
            whole = self.key[clause[0] : a + len(more)]
        return whole

    def _counts(self, text: str) -> bool:
        """Whether a denial holds a number with a unit: then it is a statement of that number."""
        for match in patterns.finditer(self.words["number"], text):
            if patterns.match(self.words["unit"], text[match.end() :]):
                return True
        return False


_OPENS = "，。；、)(:和及与"
_ENDS = "，。；)(!?！？"


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


def _apart(item: Stated, entry: Entry, left: str) -> list[Stated]:
    """A zero for two lines together is a zero for each."""
    parts = item.concept.split("+")
    if len(parts) > 1 and (item.value == 0 or (entry.each and patterns.search(entry.each, left))):
        return [replace(item, concept=part) for part in parts]
    return [item]
