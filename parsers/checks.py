"""The identities of a form evaluated within one report, and whose error a failure is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from parsers.claims import Key
from parsers.forms import Form
from parsers.forms.arithmetic import Constraint, Outcome, evaluate
from parsers.frozen import maker
from parsers.records import FAILED, Check, Observation
from parsers.settle import constraints_of


class Rule(Protocol):
    """What an identity of a form and a constraint made from it both say."""

    @property
    def rule(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def severity(self) -> str: ...


UNSETTLED = ("ambiguous", "unreadable", "conflict")
"""Statuses of cells whose value was not read for certain."""

_check = maker(Check)

WITHIN = ("equality", "bound")
"""Kinds of rules that one report is enough for."""


def check(
    observations: Sequence[Observation], form: Form, doubtful: Collection[Key], report_id: str = ""
) -> tuple[Check, ...]:
    """Evaluate every identity that one report is enough for.

    A failure is the source's error when every cell in it was read as it stands, from an exact label
    under a header; else it is a doubt of the reading.
    """
    cells: dict[Key, Observation] = {(o.indicator, o.breakdown): o for o in observations}
    values: dict[Key, Decimal | None] = {key: cell.value_std for key, cell in cells.items()}
    unknown = {
        key
        for key, cell in cells.items()
        if cell.status in UNSETTLED or (cell.value_std is None and cell.value is not None)
    }
    found: list[Check] = []
    for constraint in constraints_of(form, frozenset(values)):
        if constraint.kind not in WITHIN:
            continue
        outcome = evaluate(constraint, values, unknown)
        failed = outcome.outcome in FAILED
        found.append(
            judged(
                constraint,
                (report_id, form.name),
                (constraint.indicator, constraint.breakdown),
                outcome,
                doubtful=failed and any(term.key in doubtful for term in constraint.terms),
                explanation=_explanation(constraint, cells) if failed else "",
            )
        )
    return tuple(found)


def judged(
    rule: Rule,
    report: tuple[str, str],
    key: Key,
    outcome: Outcome,
    *,
    doubtful: bool,
    explanation: str = "",
    other_report_id: str = "",
) -> Check:
    """The row of `checks` for what came of a rule.

    `report` are its id and form, `key` the line and column that the rule was evaluated for. A failure is the
    source's error, or a doubt of the reading where it rests on a cell that is `doubtful`.
    """
    failed = outcome.outcome in FAILED
    return _check(
        report_id=report[0],
        form=report[1],
        rule=rule.rule,
        indicator=key[0],
        breakdown=key[1],
        outcome=outcome.outcome,
        expected=outcome.expected,
        observed=outcome.observed,
        difference=outcome.difference,
        severity=rule.severity,
        kind=rule.kind,
        verdict=("reading_doubt" if doubtful else "source_error") if failed else "",
        other_report_id=other_report_id,
        explanation=explanation,
    )


def _explanation(constraint: Constraint, cells: Mapping[Key, Observation]) -> str:
    """The sum as it stands in the cells, for a person to follow."""
    sides = []
    for terms in (constraint.left, constraint.right):
        parts = []
        for term in terms:
            cell = cells.get(term.key)
            raw = cell.raw.strip() if cell is not None else ""
            sign = "-" if term.coefficient < 0 else "+"
            parts.append(f"{sign} {raw or '(blank)'} [{term.key[0]} {term.key[1]}]")
        sides.append(" ".join(parts).removeprefix("+ "))
    return f" {constraint.relation} ".join(sides)
