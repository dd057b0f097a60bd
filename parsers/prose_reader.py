"""One line of running text: which of its numbers and denials are figures, of which concept, year and span of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from parsers.characters.numbers import chinese_number
from parsers.characters.sought import Sought
from parsers.frozen import frozen
from parsers.prose_lines import DROPPED, Line, Number, denies
from parsers.prose_rules import Denial, Entry, rules
from parsers.prose_years import CUMULATIVE, YEAR, YEARS, Years

REACH = 90
"""So many characters before a number and behind it are looked at."""

WINDOW = 400
"""So many characters of a sentence on either side tell what a number is about."""

GOING_ON = 3
"""So many clauses behind a denial may go on with its list."""

MOST_BARE = 6
"""A number without a unit that has more digits is a code or a phone."""

PROBLEMS = "problems"
NO_TOPIC = "none"
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_YEAR = re.compile(r"\d{4}")


@frozen
class Context:
    """What the headings over a text speak of."""

    topic: str
    titles: str
    section: str


def topic_of(text: str) -> str:
    """The topic of the last word in a text that tells one; "" when none does."""
    best, name = -1, ""
    for topic, pattern in rules().topics:
        for match in pattern.finditer(text):
            if match.start() >= best:
                best, name = match.start(), topic
    return name


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
    said: dict[tuple[str, str, str], int] = field(default_factory=dict)
    tallied: set[str] = field(default_factory=set)
    branched: bool = False
    end: int = 0
    before: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Around:
    """The words around a number: of its clause before it and behind it, of its sentence up to it, of all of that."""

    left: str
    behind: str
    seen: str
    whole: str
    topic: str = ""


class Reader:
    """One line of text; `context` tells what its headings say, when it matters."""

    __slots__ = (
        "_context", "_places", "form", "key", "lists", "numbers", "own", "text", "words",
        "year", "years",
    )  # fmt: skip

    def __init__(self, line: Line, context: Callable[[], Context], year: int | None, form: str) -> None:
        self.text, self.key, self.numbers = line
        self._context = context
        self.year = year
        self.form = form
        self.own = rules()
        self.words = self.own.words
        self.years = Years(self.key, year)
        self._places: Sequence[int] | None = None
        self.lists = self.words["listing"].possible(self.key)

    @property
    def context(self) -> Context:
        return self._context()

    @property
    def places(self) -> Sequence[int]:
        """The place in the text of each character of the key."""
        if self._places is None:
            whole = len(self.key) == len(self.text)
            self._places = range(len(self.text)) if whole else [i for i, c in enumerate(self.text) if c not in DROPPED]
        return self._places

    def phrase(self, item: Stated) -> str:
        """The words of a figure as they stand in the text."""
        return self.text[self.places[item.start] : self.places[item.end - 1] + 1].strip()

    def read(self) -> list[Stated]:
        """The line's figures, in its order."""
        key, numbers = self.key, self.numbers
        own = self.own
        denying = denies(key, own.denying)
        found: list[Stated] = []
        state = _State()
        start = at = 0
        for end in [*[match.end() for match in own.sentence_ends.finditer(key)], len(key)]:
            if end == start:
                continue
            state.last = ""
            state.said.clear()
            first = at
            while at < len(numbers) and numbers[at].start < end:
                at += 1
            text = key[start:end] if denying else ""
            possible = []
            if text and denies(text, own.denying):
                possible = [denial for denial in own.denials if denial.pattern.possible(text)]
            if at > first or possible:
                found.extend(self._sentence(start, end, state, numbers[first:at], possible))
            state.before.append((start, end))
            start = end
        return found

    def _sentence(
        self, start: int, end: int, state: _State, numbers: Sequence[Number], denials: Sequence[Denial]
    ) -> list[Stated]:
        clauses = self.years.clauses(start, end)
        found = []
        at = 0
        for place, (a, b) in enumerate(clauses):
            first = at
            lead: str | None = None
            while at < len(numbers) and numbers[at].start < b:
                if lead is None:
                    lead = self._before_bracket(clauses, place) if a and self.key[a - 1] == ")" else ""
                found.extend(self._number(numbers[at], numbers[first:at], (a, b), (start, end), state, lead))
                at += 1
            if denials:
                found.extend(self._denied((a, b), clauses, (start, end), state, denials))
        found.sort(key=lambda item: item.end)
        return found

    def _topic(self, text: str, state: _State) -> str:
        """What a text speaks of; else what the sentences before, then the headings do."""
        found = topic_of(text)
        while not found and state.before:
            start, end = state.before.pop()
            found = topic_of(self.key[start:end])
            if found:
                state.before.append((start, end))
        return found or self.context.topic

    def _before_bracket(self, clauses: Sequence[tuple[int, int]], at: int) -> str:
        """The words that a clause goes on with behind a parenthesis: 专项经费（不含网站建设）126万元."""
        for a, b in reversed(clauses[:at]):
            if self.key[b - 1] == "(":
                return self.key[a : b - 1]
        return ""

    # Numbers

    def _number(
        self,
        number: Number,
        earlier: Sequence[Number],
        clause: tuple[int, int],
        sentence: tuple[int, int],
        state: _State,
        lead: str = "",
    ) -> list[Stated]:
        at, stop, unit = number
        end = stop + len(unit)
        behind = self.key[end : min(sentence[1], stop + REACH)]
        kind = unit.removesuffix("次") if unit in ("件次", "条次") else unit
        bare = not unit and not (behind[:1] == "" or behind[0] in "，。；、)!?！？:")
        possible = self.own.bare if bare else self.own.by_unit.get(kind)
        if possible is None or (not unit and stop - at > MOST_BARE) or (bare and not possible.may_begin(behind)):
            return []
        listed, listed_year = self._of_list(at, clause, sentence, earlier) if self.lists else ("", None)
        left = listed or (lead + self.key[clause[0] : at])[-REACH:]
        entries = possible.of(left, behind)
        if not entries or self.years.named(at):
            return []
        sentence = (max(sentence[0], at - WINDOW), min(sentence[1], at + WINDOW))
        seen = self.key[sentence[0] : at]
        around = _Around(left, behind, seen, self.key[sentence[0] : sentence[1]])
        for entry in entries:
            if not self._fits(entry, around, state):
                continue
            concept = self._concept(entry, state)
            if not concept or (not entry.any_year and self.words["plan"].search(left)):
                continue
            if not self._is_meant(number, around):
                return []
            value = _value(self.key[at:stop])
            if listed_year is None or entry.any_year:
                period = self.years.period(
                    at,
                    clause,
                    sentence,
                    leans=bool(concept) and state.last == concept,
                    any_year=entry.any_year,
                    lead=lead,
                )
            else:
                period = YEAR if listed_year == self.year else ""
            if value is None:
                return []
            if not period:
                self._note(concept, entry.role, state)
                return []
            if entry.total and self._is_part(left, seen, period, state):
                return []
            if self._is_kind((concept, entry.dimension, period), left, at, state):
                return []
            last = end
            if entry.behind and (match := entry.behind.search(behind)):
                last += match.end()
            item = Stated(concept, value, _own_unit(self.text, self.places, stop, unit), clause[0], last)
            item.period, item.dimension, item.role = period, entry.dimension, entry.role
            item.start = self._opening(max(clause[0], state.end), at)
            state.end = end
            self._note(concept, entry.role, state, period)
            return _apart(item, entry, left)
        return []

    def _is_meant(self, number: Number, around: _Around) -> bool:
        """Whether a number is meant exactly, is none of a comparison, and no code or phone."""
        words = self.words
        rest = number.unit + around.behind
        return not (
            words["about_behind"].search(rest[:REACH])
            or words["about_unit"].match(around.behind)
            or words["about_before"].search(around.left)
            or words["compared"].search(around.left)
            or words["attributes"].search(around.seen)
            or (not number.unit and words["contact"].search(around.seen))
        )

    def _of_list(
        self, at: int, clause: tuple[int, int], sentence: tuple[int, int], earlier: Sequence[Number]
    ) -> tuple[str, int | None]:
        """当面、网络申请分别为3件、5件: for 5 the words 网络申请为, and in a list of years the number's year.

        "" and None for a number of no list; a number that its list has no year for has the year 0.
        """
        word = self.words["listing"].search(self.key[clause[0] : at])
        if word is None:
            return "", None
        earlier = [number for number in earlier if number.start >= clause[0] + word.end()]
        opening_end = earlier[0].start if earlier else at
        if self.words["between"].fullmatch(self.key[opening_end:at]) is None:
            return "", None
        years = self.words["years_listed"].search(self.key[max(sentence[0], at - WINDOW) : opening_end])
        if years is not None:
            named = [int(year) for year in _YEAR.findall(years["years"])]
            return self.key[clause[0] : opening_end], named[len(earlier)] if len(earlier) < len(named) else 0
        listed = self.words["respectively"].search(self.key[clause[0] : opening_end])
        if listed is None:
            return "", None
        nouns = [n for n in self.words["conjunction"].pattern.split(listed["nouns"]) if n]
        if len(nouns) < 2 or len(earlier) >= len(nouns):
            return "", None
        shared = None if len(earlier) + 1 == len(nouns) else self.words["shared"].search(nouns[-1])
        return nouns[len(earlier)] + (shared[0] if shared else "") + listed["rest"], None

    def _fits(self, entry: Entry, around: _Around, state: _State) -> bool:
        if entry.forms and self.form not in entry.forms:
            return False
        if entry.last and state.last not in entry.last:
            return False
        # Whether their words are there has been seen to.
        if entry.before and not entry.before.sure_search(around.left):
            return False
        if entry.behind and not entry.behind.sure_search(around.behind):
            return False
        if entry.topics or entry.topics_not:
            if not around.topic:
                around.topic = self._topic(around.seen, state) or NO_TOPIC
            if entry.topics and around.topic not in entry.topics:
                return False
            if around.topic in entry.topics_not:
                return False
        if entry.reject and entry.reject.search(around.left):
            return False
        if entry.reject_behind and entry.reject_behind.search(around.behind):
            return False
        if entry.reject_sentence and entry.reject_sentence.search(around.seen):
            return False
        return not entry.context or self._spoken_of(entry.context, around.whole)

    def _spoken_of(self, pattern: Sought, text: str) -> bool:
        return pattern.search(text) is not None or pattern.search(text + "\n" + self.context.titles) is not None

    def _concept(self, entry: Entry, state: _State) -> str:
        """The entry's concept, or that of the figure that it leans on."""
        if not entry.concept.startswith("@"):
            return entry.concept
        if entry.concept == "@head":
            return state.head
        if entry.concept == "@tally":
            return state.last if state.last and state.head in state.tallied else state.head
        if entry.concept == "@line":
            return state.line or "requests"
        return f"{state.dispute}{entry.concept.removeprefix('@dispute')}" if state.dispute else ""

    def _is_part(self, left: str, seen: str, period: str, state: _State) -> bool:
        """Whether a total is that of a part of the body, or one of the kinds of a total."""
        if self.words["of_which"].search(seen) and not self.words["this_year"].search(left):
            return True
        return period in state.totals and self.words["part"].search(left) is not None

    def _is_kind(self, said: tuple[str, str, str], left: str, at: int, state: _State) -> bool:
        """Whether a number is one of the kinds or parts of what the sentence has said: 解读31条，其中文字解读18条."""
        before = state.said.setdefault(said, at)
        if before == at or self.words["this_year"].search(left) or YEARS.search(left):
            return False
        between = self.key[before:at]
        if "；" not in between and self.words["part"].search(left):
            return True
        return self.words["of_which"].search(between.rpartition("；")[2]) is not None

    def _note(self, concept: str, role: str, state: _State, period: str = "") -> None:
        """Keep what a number was about, for the words that lean on it; a number of another year has no period."""
        state.last = concept
        if period == CUMULATIVE:
            state.tallied.add(concept)
        branched, state.branched = state.branched, role == "branch"
        if role == "head":
            state.head = state.line = concept
            if concept == "disclosed_total" and period:
                state.totals.add(period)
        elif role == "line":
            state.line = concept
        elif role == "dispute":
            state.head = state.dispute = concept
        elif role == "branch":
            state.dispute = concept.partition("_")[0] if branched else concept

    def _opening(self, start: int, at: int) -> int:
        while start < at and self.key[start] in _OPENS:
            start += 1
        return start

    # Denials

    def _denied(
        self,
        clause: tuple[int, int],
        clauses: Sequence[tuple[int, int]],
        sentence: tuple[int, int],
        state: _State,
        denials: Sequence[Denial],
    ) -> list[Stated]:
        a, b = clause
        text = self.key[a:b].rstrip(_ENDS)
        if not denies(text, self.own.denying):
            return []
        found: dict[str, Stated] = {}
        sentence = (max(sentence[0], a - WINDOW), min(sentence[1], b + WINDOW))
        topics: tuple[str, str] | None = None
        for denial in denials:
            whole = self._continued(text, clause, clauses) if denial.across else text
            match = denial.pattern.search(whole)
            if match is None or (denial.reject and denial.reject.search(whole)):
                continue
            if self.context.section == PROBLEMS or self.words["some"].search(text):
                return []
            if self.years.named(a + match.start()) or self._counts(match[0]):
                continue
            if denial.topics or denial.topics_not:
                if topics is None:
                    before = self._topic(self.key[sentence[0] : a], state)
                    topics = self._topic(self.key[sentence[0] : a + len(text)], state), before
                if denial.topics and denial.topics.isdisjoint(topics):
                    continue
                if denial.topics_not.issuperset(topics):
                    continue
            around = self.key[sentence[0] : sentence[1]]
            if denial.context and not self._spoken_of(denial.context, around):
                continue
            if not denial.any_year and self.words["plan"].search(whole):
                continue
            period = self.years.period(a + match.end(), clause, sentence, leans=False, any_year=denial.any_year)
            if not period:
                continue
            for concept, noun in denial.nouns:
                if concept not in found and noun.search(match[0]):
                    item = Stated(concept, Decimal(0), "", self._opening(a, a + match.start()), a + match.end())
                    item.period = period
                    found[concept] = item
        if found:
            state.head = next(iter(found)) if len(found) == 1 else ""
        return list(found.values())

    def _continued(self, text: str, clause: tuple[int, int], clauses: Sequence[tuple[int, int]]) -> str:
        """A clause with those behind it that only go on with its list."""
        at = clauses.index(clause)
        whole = self.key[clause[0] : clause[0] + len(text)]
        for a, b in clauses[at + 1 : at + 1 + GOING_ON]:
            more = self.key[a:b].rstrip(_ENDS)
            if not self.words["goes_on"].match(more):
                break
            whole = self.key[clause[0] : a + len(more)]
        return whole

    def _counts(self, text: str) -> bool:
        """Whether a denial holds a number with a unit: then it is a statement of that number."""
        return any(match["unit"] for match in self.words["number"].finditer(text))


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
    if len(parts) > 1 and (item.value == 0 or (entry.each and entry.each.search(left))):
        return [replace(item, concept=part) for part in parts]
    return [item]
