"""Figures of the text against the cells of the table: rule `prose_agrees`.

The table stands. A figure that differs from its cell passes where a sum of the table explains it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from parsers.checks import UNSETTLED, judged
from parsers.forms import Form, Key
from parsers.forms.arithmetic import Outcome
from parsers.frozen import frozen
from parsers.prose_rules import rules
from parsers.records import Check, Figure, Observation
from parsers.units import money_factor

RULE = "prose_agrees"
_WHOLE = ("total",)


@frozen
class _Amount:
    """What the table says: the sum of some cells, and which of them were blank or not settled."""

    value: Decimal
    keys: tuple[Key, ...]
    blank: bool = False


@frozen
class _Compared:
    outcome: str
    expected: Decimal | None
    observed: Decimal
    explanation: str
    keys: tuple[Key, ...]


def compare(
    figures: Sequence[Figure],
    observations: Sequence[Observation],
    form: Form,
    doubtful: Collection[Key] = (),
    report_id: str = "",
) -> tuple[Check, ...]:
    """Compare the figures stated in a report's text with the cells of its table.

    One check for each line and column that the text states, in the order of the text; where it states
    several figures for one cell the worst decides. A heading without values of its own is the sum of
    its lines, a blank total the sum of its row. Money is compared in 元. `expected` is the table's
    value, `observed` the text's. A failure is the source's error unless one of its cells is in
    `doubtful`, then it is a doubt of the reading. Figures for cells that the page does not print
    make no check.
    """
    if not figures:
        return ()
    table = _Table(observations, form)
    rule = form.identity(RULE)
    results: dict[Key, list[_Compared]] = {}
    for figure in figures:
        compared = table.compare(figure)
        if compared is not None:
            results.setdefault((figure.indicator, figure.breakdown), []).append(compared)
    found = []
    for (indicator, breakdown), several in results.items():
        worst = min(several, key=lambda one: (_RANK[one.outcome], not one.explanation, one.observed))
        difference = None if worst.expected is None else worst.observed - worst.expected
        found.append(
            judged(
                rule,
                (report_id, form.name),
                (indicator, breakdown),
                Outcome(worst.outcome, worst.expected, worst.observed, difference),
                doubtful=any(key in doubtful for key in worst.keys),
                explanation=worst.explanation,
            )
        )
    return tuple(found)


_RANK = {"fail": 0, "fail_if_blank_zero": 1, "not_assessable": 2, "pass_if_blank_zero": 3, "pass": 4}


class _Table:
    """The cells of a report by key, and the sums that they give."""

    def __init__(self, observations: Iterable[Observation], form: Form) -> None:
        self.form = form
        self.cells: Mapping[Key, Observation] = {(o.indicator, o.breakdown): o for o in observations}
        self.printed = frozenset([indicator for indicator, _ in self.cells])

    def compare(self, figure: Figure) -> _Compared | None:
        """A figure with its cell; None when the page prints no such cell."""
        stated = _standard(figure)
        indicators = figure.indicator.split("+")
        if stated is None or any(not self._knows(i, figure.breakdown) for i in indicators):
            return None
        amount = self._sum(indicators, figure.breakdown)
        if amount is None:
            keys = tuple((i, figure.breakdown) for i in indicators)
            return _Compared("not_assessable", None, stated, f"{_said(figure)}; the table's cell says nothing", keys)
        if amount.value == stated:
            return _Compared(_outcome(True, amount), amount.value, stated, "", amount.keys)
        for known in rules().explanations:
            if len(indicators) != 1 or indicators[0] not in known.indicators:
                continue
            other = self._sum(known.sum, figure.breakdown)
            if other is not None and other.value == stated:
                text = f"{_said(figure)} {known.en}: {self._spelled(known.sum, figure.breakdown)}"
                return _Compared(_outcome(True, other), amount.value, stated, text, other.keys)
        text = f"{_said(figure)}; the table has {self._spelled(indicators, figure.breakdown)}"
        alone = self._alone(indicators, figure.breakdown, stated)
        return _Compared(_outcome(False, amount), amount.value, stated, text + alone, amount.keys)

    def _knows(self, indicator: str, breakdown: str) -> bool:
        if not self.form.has(indicator) or breakdown not in self.form.find(indicator).breakdowns:
            return False
        return indicator in self.printed or bool(self.form.leaves(indicator, self.printed))

    def _sum(self, indicators: Iterable[str], breakdown: str) -> _Amount | None:
        """The lines together; a blank one is zero beside others that are not."""
        wanted = list(indicators)
        if any(self._unsettled(indicator, breakdown) for indicator in wanted):
            return None
        return self._blank_as_zero([self._amount(indicator, breakdown) for indicator in wanted])

    def _unsettled(self, indicator: str, breakdown: str) -> bool:
        """Whether a cell that a line's value rests on was not read for certain."""
        cell = self.cells.get((indicator, breakdown))
        if cell is not None and (cell.value_std is not None or cell.status in UNSETTLED):
            return cell.status in UNSETTLED
        below = self.form.leaves(indicator, self.printed)
        if below:
            return any(self._unsettled(line.indicator, breakdown) for line in below)
        if breakdown not in _WHOLE:
            return False
        return any(c.status in UNSETTLED for (line, _), c in self.cells.items() if line == indicator)

    def _amount(self, indicator: str, breakdown: str) -> _Amount | None:
        """A cell's value, or the sum that stands for it; None when nothing tells it. Cells are settled."""
        key = (indicator, breakdown)
        cell = self.cells.get(key)
        if cell is not None and cell.value_std is not None:
            return _Amount(cell.value_std, (key,))
        below = self.form.leaves(indicator, self.printed)
        if below:
            return self._blank_as_zero([self._amount(line.indicator, breakdown) for line in below])
        if breakdown in _WHOLE and self.form.has(indicator):
            others = [b for b in self.form.find(indicator).breakdowns if b != breakdown]
            keys = [(indicator, b) for b in others if (indicator, b) in self.cells]
            return self._blank_as_zero([self._plain(k) for k in keys])
        return None

    def _plain(self, key: Key) -> _Amount | None:
        value = self.cells[key].value_std
        return None if value is None else _Amount(value, (key,))

    def _blank_as_zero(self, parts: Sequence[_Amount | None]) -> _Amount | None:
        known = [part for part in parts if part is not None]
        if not known:
            return None
        blank = len(known) < len(parts) or any(part.blank for part in known)
        keys = tuple(key for part in known for key in part.keys)
        return _Amount(sum((part.value for part in known), Decimal(0)), keys, blank)

    def _spelled(self, indicators: Iterable[str], breakdown: str) -> str:
        """A sum with its parts, for a person to follow."""
        said = []
        for indicator in indicators:
            amount = self._amount(indicator, breakdown)
            said.append(f"{'(blank)' if amount is None else amount.value} [{indicator} {breakdown}]")
        return " + ".join(said)

    def _alone(self, indicators: Sequence[str], breakdown: str, stated: Decimal) -> str:
        """The one cell near by that has the stated value, if it is a telling one."""
        if stated == 0:
            return ""
        near = list(indicators)
        for indicator in indicators:
            near.extend(line.indicator for line in self.form.leaves(indicator, self.printed))
        same = [
            k for k, c in self.cells.items() if k[0] in near and k != (near[0], breakdown) and c.value_std == stated
        ]
        return f"; the same stands in {same[0][0]} {same[0][1]}" if len(same) == 1 else ""


def _outcome(holds: bool, amount: _Amount) -> str:
    return ("pass" if holds else "fail") + ("_if_blank_zero" if amount.blank else "")


def _standard(figure: Figure) -> Decimal | None:
    """A figure's value in the unit of `value_std`."""
    if figure.value is None:
        return None
    factor = money_factor(figure.unit)
    return figure.value if factor is None else figure.value * factor


def _said(figure: Figure) -> str:
    return f"the text says {figure.value} (“{figure.phrase}”)"
