"""Doubtful cells settled by the form's arithmetic: the readings that the identities leave.

A doubt is a list of readings, each a mapping of (indicator, breakdown) to value, all of the same
cells: a run of glued digits split in every way, figures whose blanks were lost put in every place,
a number cut in two read as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from parsers.forms import Form
from parsers.forms.arithmetic import Constraint, evaluate, ground
from parsers.forms.solving import Solutions, solve
from parsers.frozen import frozen

Key = tuple[str, str]
Reading = Mapping[Key, Decimal | None]

LIMIT = 4_000
"""Steps of search for one group of doubts; beyond it the group stays undecided."""


@frozen
class Settled:
    """What became of a doubt: the readings that can be true, and whether an identity speaks of them.

    One reading confirmed needs an equality that holds with it; one reading of several is told from
    the others by any rule that refutes those, unless it only escapes the rule by a blank for the sum.
    """

    left: tuple[int, ...]
    spoken: bool


@lru_cache(maxsize=512)
def constraints_of(form: Form, printed: frozenset[Key]) -> tuple[Constraint, ...]:
    """The identities of a form on a page that prints these cells; most pages of a form print the same."""
    return ground(form, printed)


@lru_cache(maxsize=512)
def equalities_of(form: Form, printed: frozenset[Key]) -> Mapping[Key, Sequence[Constraint]]:
    """The equalities among these identities, by each of their cells."""
    found: dict[Key, list[Constraint]] = {}
    for constraint in constraints_of(form, printed):
        if constraint.kind == "equality":
            for key in {term.key for term in constraint.terms}:
                found.setdefault(key, []).append(constraint)
    return found


def settle(
    doubts: Sequence[Sequence[Reading]],
    constraints: Sequence[Constraint],
    fixed: Mapping[Key, Decimal | None],
    unknown: Collection[Key] = (),
) -> list[Settled]:
    """Settle each doubt as far as the constraints go.

    `fixed` are the values read without doubt (None for a blank), `unknown` the cells that nothing
    can be said of: a constraint on one of them is left out.
    """
    owners = {key: number for number, readings in enumerate(doubts) for reading in readings for key in reading}
    relevant = [
        (constraint, frozenset(owners[t.key] for t in constraint.terms if t.key in owners))
        for constraint in constraints
        if constraint.severity == "error"
        and any(t.key in owners for t in constraint.terms)
        and all(
            not t.previous and t.key not in unknown and (t.key in owners or t.key in fixed) for t in constraint.terms
        )
    ]
    result = [_alone(readings, number, relevant, fixed) for number, readings in enumerate(doubts)]
    for group in _groups(len(doubts), [involved for _, involved in relevant]):
        mine = [constraint for constraint, involved in relevant if involved & group]
        if not mine:
            continue
        order = sorted(number for number in group if doubts[number])
        open_readings = [[doubts[number][i] for i in result[number].left] for number in order]
        found = solve(mine, {}, fixed, open_readings, LIMIT)
        if found.cut:
            continue
        for number in order:
            readings = doubts[number]
            left = _left(readings, found.assignments)
            equality = any(c.kind == "equality" and any(t.key in readings[0] for t in c.terms) for c in mine)
            told = len(readings) > 1 and len(left) < len(readings) and not _escapes(found, mine)
            result[number] = Settled(left, bool(left) and (told or (equality and any(found.tested))))
    return result


def _alone(
    readings: Sequence[Reading],
    number: int,
    relevant: Sequence[tuple[Constraint, frozenset[int]]],
    fixed: Mapping[Key, Decimal | None],
) -> Settled:
    """What the rules on one doubt alone leave of it, before doubts are looked at together."""
    everything = tuple(range(len(readings)))
    mine = [constraint for constraint, involved in relevant if involved == {number}]
    if not mine or len(readings) < 2:
        return Settled(everything, False)
    found = solve(mine, {}, fixed, [readings], LIMIT)
    left = _left(readings, found.assignments)
    return Settled(left, bool(left) and len(left) < len(readings) and not _escapes(found, mine))


def _escapes(found: Solutions, constraints: Sequence[Constraint]) -> bool:
    """Whether the one assignment left puts a blank where the sum of its figures belongs: that refutes nothing else."""
    if len(found.assignments) != 1:
        return False
    values = found.assignments[0]
    return any(
        constraint.kind == "equality"
        and any(key in values and values[key] is None for key in constraint.totals)
        and any(values.get(term.key) for term in constraint.terms if term.key not in constraint.totals)
        for constraint in constraints
    )


def _left(readings: Sequence[Reading], assignments: Iterable[Reading]) -> tuple[int, ...]:
    """The places of readings, all of the same cells, that stand in some assignment."""
    keys = tuple(readings[0]) if readings else ()
    found = {tuple(assignment[key] for key in keys) for assignment in assignments}
    return tuple(i for i, reading in enumerate(readings) if tuple(reading[key] for key in keys) in found)


def _groups(count: int, links: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Doubts that constraints tie together."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for involved in links:
        first, *rest = sorted(involved)
        for other in rest:
            parent[root(other)] = root(first)
    groups: dict[int, set[int]] = {}
    for i in range(count):
        groups.setdefault(root(i), set()).add(i)
    return [frozenset(group) for group in groups.values()]


def adds_up(
    reading: Reading,
    constraints: Sequence[Constraint],
    fixed: Mapping[Key, Decimal | None],
    chosen: Mapping[Key, Decimal | None],
) -> bool:
    """Whether a sum of the form holds with a reading."""
    values = {**fixed, **chosen}
    return any(
        constraint.kind == "equality"
        and constraint.severity == "error"
        and any(term.key in reading for term in constraint.terms)
        and all(term.key in values and not term.previous for term in constraint.terms)
        and evaluate(constraint, values).outcome == "pass"
        for constraint in constraints
    )
