"""Which year, and which span of time, the figures of a line of running text are of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.prose_rules import rules

YEAR, CUMULATIVE = "year", "cumulative"
YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


class Years:
    """The years that the key of a line names, for the figures in it; `year` is the report's."""

    __slots__ = ("_ends", "_named", "_others", "_sentences", "key", "words", "year")

    def __init__(self, key: str, year: int | None) -> None:
        self.key = key
        self.year = year
        self.words = rules().words
        self._ends = rules().clause_ends
        self._named: bytearray | None = None
        self._others: bool | None = None
        self._sentences: dict[tuple[int, int], list[tuple[int, int, bool, list[tuple[int, bool]]]]] = {}

    def named(self, at: int) -> bool:
        """Whether a character of the key, none that begins one, belongs to a name of a thing."""
        if self._named is None:
            self._named = bytearray(len(self.key))
            for name in self.words["names"].finditer(self.key):
                self._named[name.start() + 1 : name.end()] = b"\1" * (name.end() - name.start() - 1)
        return self._named[at] == 1

    def clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """The clauses of a sentence; a short parenthesis such as 专（兼）职 ends none."""
        key = self.key
        clauses = []
        for match in self._ends.finditer(key, start, end):
            at = match.start()
            if key[at] == "(" and ")" in key[at : at + 4]:
                continue
            if key[at] == ")" and "(" in key[max(start, at - 3) : at]:
                continue
            clauses.append((start, at + 1))
            start = at + 1
        if start < end:
            clauses.append((start, end))
        return clauses

    def period(
        self,
        at: int,
        clause: tuple[int, int],
        sentence: tuple[int, int],
        *,
        leans: bool,
        any_year: bool,
        lead: str = "",
    ) -> str:
        """year or cumulative; "" for a number of another year.

        `leans` tells that the number before is of the same concept; `lead` are words before the clause that it goes on.
        """
        own = lead + self.key[clause[0] : at]
        before = self.key[sentence[0] : at]
        words = self.words
        if words["cumulative"].search(own):
            return CUMULATIVE
        if words["all_tallies"].search(before) and not YEARS.search(before) and not words["this_year"].search(before):
            return CUMULATIVE
        if words["tally"].search(own) and not words["this_year"].search(own):
            if words["until"].search(before) or words["cumulative"].search(before):
                return CUMULATIVE
            if leans and not YEARS.search(own):
                return CUMULATIVE
        if any_year:
            return YEAR
        return "" if self._other_year(sentence, at) else YEAR

    def _other_year(self, sentence: tuple[int, int], at: int) -> bool:
        """Whether the last year named before a place, comparisons and closed parentheses aside, is not the report's."""
        other = False
        if not self._names_others():
            return other
        if sentence not in self._sentences:
            clauses = self.clauses(*sentence)
            self._sentences[sentence] = [
                (self._closing(clauses, i), *self._years_named(*clause)) for i, clause in enumerate(clauses)
            ]
        for closing, end, compared, named in self._sentences[sentence]:
            if not (compared and end < at) and not 0 < closing <= at:
                for stop, value in named:
                    if stop <= at:
                        other = value
        return other

    def _closing(self, clauses: Sequence[tuple[int, int]], at: int) -> int:
        """Where the parenthesis ends that a clause stands in; 0 for a clause in none."""
        for a, _ in reversed(clauses[: at + 1]):
            mark = self.key[a - 1] if a else ""
            if mark == ")":
                return 0
            if mark == "(":
                return next((b for _, b in clauses[at:] if self.key[b - 1] == ")"), 0)
        return 0

    def _years_named(self, a: int, b: int) -> tuple[int, bool, list[tuple[int, bool]]]:
        """The end of a clause, whether it compares, and where it names a year, with whether it is another one."""
        text = self.key[a:b]
        found: list[tuple[int, int, bool]] = []
        if "年" in text:
            spans = [match.span() for match in self.words["span"].finditer(text)]
            found.extend((start, end, True) for start, end in spans)
            for match in YEARS.finditer(text):
                if not any(start <= match.start() < end for start, end in spans):
                    found.append((match.start(), match.end(), self.year is not None and int(match[1]) != self.year))
        for name, value in (("this_year", False), ("other_year", True)):
            found.extend((match.start(), match.end(), value) for match in self.words[name].finditer(text))
        found.sort(key=lambda one: one[0])
        named = [
            (a + end, value)
            for start, end, value in found
            if not self.named(a + start) and not self._carried(a + start, a + end)
        ]
        return b, self.words["compared"].search(text) is not None, named

    def _carried(self, start: int, end: int) -> bool:
        """Whether a year's name belongs to requests carried over."""
        if self.words["carried"].match(self.key[end : end + 8]) is not None:
            return True
        return self.words["carried_to"].search(self.key[max(0, start - 4) : start]) is not None

    def _names_others(self) -> bool:
        """Whether the line names any year but the report's."""
        if self._others is None:
            self._others = (
                self.words["other_year"].possible(self.key)
                or (self.year is not None and any(int(m[1]) != self.year for m in YEARS.finditer(self.key)))
                or self.words["span"].search(self.key) is not None
            )
        return self._others
