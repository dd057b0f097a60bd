"""Which of several readings of some cells satisfy a form's arithmetic: a bounded search.

For digits of neighbouring cells that are glued, and for doubtful recognition. The search lists every
assignment, so that one answer can be told from several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from parsers.forms.arithmetic import EXACT, Constraint, evaluate
from parsers.forms.structure import Key
from parsers.frozen import frozen

Value = Decimal | None
Alternative = Mapping[Key, Value]
LIMIT = 200_000


@frozen
class Solutions:
    """What a search found.

    `assignments` give each open cell its value, in the order of the alternatives. `cut` says that
    the search stopped at its limit: then nothing is decided. `tested` counts, for each assignment,
    the constraints on open cells that it was held against and passed.
    """

    assignments: tuple[dict[Key, Value], ...]
    cut: bool
    tested: tuple[int, ...]

    @property
    def decided(self) -> dict[Key, Value] | None:
        """The one assignment that the arithmetic leaves, None when there are none, several, or no test of it."""
        alone = not self.cut and len(self.assignments) == 1 and self.tested[0] > 0
        return self.assignments[0] if alone else None


def solve(
    constraints: Iterable[Constraint],
    candidates: Mapping[Key, Sequence[Value]],
    fixed: Mapping[Key, Value],
    groups: Sequence[Sequence[Alternative]] = (),
    limit: int = LIMIT,
) -> Solutions:
    """Every assignment of candidate values that no constraint refutes.

    `candidates` are the readings of cells that vary alone, `groups` those of cells that vary
    together (the splits of one run of digits): each group is a list of alternatives, which all name
    the same cells. None is a blank. `fixed` are the cells that are certain. A cell belongs to one of
    the three; a constraint on any other cell is not assessable and refutes nothing. Only rules
    of severity error bind, since the others need not hold. At most `limit` steps are taken.
    """
    together = [list(group) for group in groups]
    together += [[{key: value} for value in values] for key, values in candidates.items()]
    owner = {key: number for number, group in enumerate(together) for key in (group[0] if group else ())}
    binding = [
        _Binding(constraint, fixed, owner, together)
        for constraint in constraints
        if constraint.kind in ("equality", "bound")
        and constraint.severity == "error"
        and all(not term.previous and (term.key in owner or term.key in fixed) for term in constraint.terms)
        and any(term.key in owner for term in constraint.terms)
    ]
    return _Search(binding, together, fixed, limit).run()


class _Binding:
    """A constraint with its fixed part added up, and what each group can add to it."""

    def __init__(
        self,
        constraint: Constraint,
        fixed: Mapping[Key, Value],
        owner: Mapping[Key, int],
        groups: Sequence[Sequence[Alternative]],
    ) -> None:
        self.constraint = constraint
        self.open: dict[int, list[tuple[int, Key]]] = {}
        self.base = Decimal(0)
        # A blank leaves the constraint open to being not assessable: only the evaluator can refute it.
        self.blank = False
        signed = [(term.coefficient, term.key) for term in constraint.left]
        signed += [(-term.coefficient, term.key) for term in constraint.right]
        for coefficient, key in signed:
            if key in owner:
                self.open.setdefault(owner[key], []).append((coefficient, key))
                continue
            value = fixed[key]
            if value is None:
                self.blank = True
            else:
                self.base = EXACT.fma(Decimal(coefficient), value, self.base)
        self.reach: dict[int, tuple[Decimal, Decimal]] = {}
        for number, terms in self.open.items():
            sums = [self.adds(terms, alternative) for alternative in groups[number]]
            self.reach[number] = (min(sums), max(sums)) if sums else (Decimal(0), Decimal(0))
            self.blank = self.blank or any(a[key] is None for a in groups[number] for _, key in terms)

    @staticmethod
    def adds(terms: Sequence[tuple[int, Key]], values: Mapping[Key, Value]) -> Decimal:
        total = Decimal(0)
        for coefficient, key in terms:
            total = EXACT.fma(Decimal(coefficient), values[key] or Decimal(0), total)
        return total

    def within(self, low: Decimal, high: Decimal) -> bool:
        """Whether left less right, being between two values, can still satisfy the relation."""
        relation = self.constraint.relation
        return (relation == "<=" or high >= 0) and (relation == ">=" or low <= 0)


class _Search:
    def __init__(
        self, binding: list[_Binding], groups: list[list[Alternative]], fixed: Mapping[Key, Value], limit: int
    ) -> None:
        self.binding = binding
        self.groups = groups
        self.fixed = fixed
        self.limit = limit
        self.order = self._order()
        self.steps = 0
        self.cut = False
        self.found: list[dict[Key, Value]] = []
        self.tested: list[int] = []
        rank = {number: depth for depth, number in enumerate(self.order)}
        # For each depth, the constraints that the group there bears on, and what is still to come.
        self.touching: list[list[tuple[int, Decimal, Decimal, bool]]] = [[] for _ in self.order]
        for index, item in enumerate(binding):
            low = high = Decimal(0)
            depths = sorted((rank[number] for number in item.open), reverse=True)
            for depth in depths:
                self.touching[depth].append((index, low, high, depth == depths[0]))
                reach = item.reach[self.order[depth]]
                low, high = EXACT.add(low, reach[0]), EXACT.add(high, reach[1])

    def _order(self) -> list[int]:
        """Groups so that constraints are complete early: those with the fewest readings first."""

        def readings(item: _Binding) -> int:
            product = 1
            for number in item.open:
                product *= 1 if number in placed else max(1, len(self.groups[number]))
            return product

        order: list[int] = []
        placed: set[int] = set()
        waiting = list(self.binding)
        while waiting:
            item = min(waiting, key=readings)
            waiting.remove(item)
            new = sorted((n for n in item.open if n not in placed), key=lambda n: (len(self.groups[n]), n))
            order.extend(new)
            placed.update(new)
        return order + [number for number in range(len(self.groups)) if number not in placed]

    def run(self) -> Solutions:
        if all(self.groups):
            self._descend(0, [item.base for item in self.binding], {})
        # The order of search is not the order of the reader's alternatives.
        keys = [key for group in self.groups if group for key in group[0]]
        ordered = tuple({key: found[key] for key in keys} for found in self.found)
        return Solutions(ordered, self.cut, tuple(self.tested))

    def _descend(self, depth: int, sums: list[Decimal], chosen: dict[Key, Value]) -> None:
        if depth == len(self.order):
            self.found.append(dict(chosen))
            self.tested.append(self._passed(chosen))
            return
        number = self.order[depth]
        for alternative in self.groups[number]:
            if self.steps >= self.limit:
                self.cut = True
                return
            self.steps += 1
            chosen.update(alternative)
            following = self._extend(depth, number, alternative, sums, chosen)
            if following is not None:
                self._descend(depth + 1, following, chosen)

    def _extend(
        self, depth: int, number: int, alternative: Alternative, sums: list[Decimal], chosen: Mapping[Key, Value]
    ) -> list[Decimal] | None:
        """The sums with an alternative added, None when a constraint refutes it."""
        following = list(sums)
        for index, low, high, last in self.touching[depth]:
            item = self.binding[index]
            following[index] = EXACT.add(following[index], item.adds(item.open[number], alternative))
            if item.within(EXACT.add(following[index], low), EXACT.add(following[index], high)):
                continue
            if not item.blank or (last and self._outcome(item, chosen).startswith("fail")):
                return None
        return following

    def _outcome(self, item: _Binding, chosen: Mapping[Key, Value]) -> str:
        values = {term.key: chosen.get(term.key, self.fixed.get(term.key)) for term in item.constraint.terms}
        return evaluate(item.constraint, values).outcome

    def _passed(self, chosen: Mapping[Key, Value]) -> int:
        return sum(self._outcome(item, chosen).startswith("pass") for item in self.binding)
