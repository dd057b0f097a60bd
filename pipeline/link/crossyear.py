"""Checks of a report against the same body's report of the year before, of the same scope.

Every rule over two years has an outcome for every report whose form has the rule: where there is nothing to compare
it with, one row without a line or column says why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from parsers.checks import judged
from parsers.errors import DataFileError
from parsers.forms import form as form_of
from parsers.forms import forms
from parsers.forms.arithmetic import Constraint, Outcome, Term, evaluate, ground
from parsers.records import FAILED, Check
from pipeline.link.histories import REPORTS, wide_names
from pipeline.schema import arrow_schema, columns, wide_name

if TYPE_CHECKING:
    from parsers.forms.structure import Identity, Key

UNKNOWN = ("ambiguous", "unreadable", "conflict")


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Decimal | None
    raw: str
    known: bool
    plain: bool


KINDS = ("cross_year", "duplicate")
"""Kinds of rules that need the report of the year before."""

ALONE = "no report on {before} of the same body and scope"
SEVERAL = "several reports on {before} of the same body and scope"
NO_YEAR = "the year reported on is not known"
NO_BODY = "whose report it is, is not known"
OLDER = "a newer version of the report is compared"
OTHER_FORM = "the report on {before} has the form {form}, which has no such figures"
NO_CELLS = "the two reports do not print the cells"


@dataclass(frozen=True, slots=True)
class Pair:
    """A report and the one of the year before, by id and form."""

    report: str
    form: str
    year: int
    other: str
    other_form: str


_Cells = Mapping["Key", _Cell]


def checks(reports: pd.DataFrame, observations: pd.DataFrame) -> pa.Table:
    """The rows of `checks` for some series, from their reports and the observations of these.

    Newest revisions are compared with newest revisions.
    """
    before = _before(reports)
    pairs = [one for one in before.values() if isinstance(one, Pair)]
    found = compared(pairs, observations)
    return _table([*found, *_unassessed(reports, before, {(one.report_id, one.rule) for one in found})])


def alone(reports: pd.DataFrame) -> Iterator[pa.Table]:
    """The rows of `checks` for reports of which no other one is of the same series."""
    for start in range(0, len(reports), REPORTS):
        some = reports.iloc[start : start + REPORTS]
        yield _table(list(_unassessed(some, _before(some), set())))


def compared(pairs: Sequence[Pair], observations: pd.DataFrame) -> list[Check]:
    """The checks of each pair that its forms and its cells allow, from observations that hold those of all pairs."""
    wanted = {pair.report for pair in pairs} | {pair.other for pair in pairs}
    rows = observations[observations["report_id"].isin(wanted)]
    cells, figures = _cells(rows), _figures(rows)
    found: list[Check] = []
    for pair in pairs:
        found.extend(_compare(pair, cells.get(pair.report, {}), cells.get(pair.other, {})))
        if pair.form == pair.other_form and pair.report in figures and pair.other in figures:
            found.extend(_copied(pair, figures[pair.report], figures[pair.other]))
    return found


def _table(found: Sequence[Check]) -> pa.Table:
    arrays = [_array([getattr(check, column.name) for check in found], column.kind) for column in columns("checks")]
    return pa.Table.from_arrays(arrays, schema=arrow_schema("checks"))


def _array(values: list[Any], kind: str) -> pa.Array:
    if kind == "number":
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([value or None for value in values], pa.string())


def _before(reports: pd.DataFrame) -> dict[str, Pair | str]:
    """Each newest report with the one before, its body's own or the only one of its series, or why there is none."""
    known = reports[
        reports["latest"] & reports["report_year"].notna() & reports["form"].notna() & reports["series"].notna()
    ]
    wanted = ["series", "scope", "report_year", "body_id", "report_id", "form"]
    rows = [
        (series, "" if pd.isna(scope) else scope, int(year), body, report, form)
        for series, scope, year, body, report, form in known[wanted].itertuples(index=False, name=None)
    ]
    by_year: dict[tuple[str, str, int], list[tuple[str, str, str]]] = {}
    for series, scope, year, *one in sorted(rows):
        by_year.setdefault((series, scope, year), []).append((one[0], one[1], one[2]))
    found: dict[str, Pair | str] = {}
    for series, scope, year, body, report, form in sorted(rows):
        before = by_year.get((series, scope, year - 1), [])
        own = [one for one in before if one[0] == body] or before
        if len(own) == 1:
            found[report] = Pair(report, form, year, own[0][1], own[0][2])
        else:
            found[report] = (SEVERAL if own else ALONE).format(before=year - 1)
    return found


def _unassessed(
    reports: pd.DataFrame, before: Mapping[str, Pair | str], told: Collection[tuple[str, str]]
) -> Iterator[Check]:
    """For each report and rule over two years that nothing was `told` of a check that says why."""
    names = ["report_id", "form", "report_year", "series"]
    for report, form, year, series in reports.loc[reports["form"].notna(), names].itertuples(index=False, name=None):
        for identity in over_years(form):
            if (report, identity.rule) in told:
                continue
            pair = before.get(report)
            if pair is None:
                pair = NO_YEAR if pd.isna(year) else NO_BODY if pd.isna(series) else OLDER
            yield unassessed(report, form, identity, pair)


def unassessed(report: str, form: str, identity: Identity, pair: Pair | str) -> Check:
    """The check of a rule over two years that could not be evaluated, with the reason or the pair that it failed on."""
    other = ""
    if isinstance(pair, Pair):
        other = pair.other
        fits = pair.other_form in _forms_before(form, identity.rule)
        pair = NO_CELLS if fits else OTHER_FORM.format(before=pair.year - 1, form=pair.other_form)
    return judged(
        identity,
        (report, form),
        ("", ""),
        Outcome("not_assessable"),
        doubtful=False,
        explanation=pair,
        other_report_id=other,
    )


def _cells(observations: pd.DataFrame) -> dict[str, dict[Key, _Cell]]:
    """By report the cells that some rule over two years speaks of."""
    plain = _data()["plain"]
    spoken = wide_names(observations).isin(_spoken())
    observations = observations[spoken]
    found: dict[str, dict[Key, _Cell]] = {}
    names = ["report_id", "indicator", "breakdown", "value_std", "status", "raw", "match", "repair"]
    for report, indicator, breakdown, value, status, raw, match, repair in observations[names].itertuples(index=False):
        number = None if pd.isna(value) else Decimal(repr(float(value)))
        known = status not in UNKNOWN and not (status == "reported" and number is None)
        rules = set() if pd.isna(repair) else set(repair.split(";"))
        sure = not pd.isna(match) and match in plain["matches"] and rules <= set(plain["repairs"])
        text = "" if pd.isna(raw) else raw.strip()
        found.setdefault(report, {})[indicator, breakdown] = _Cell(number, text, known, sure)
    return found


def _compare(pair: Pair, now: _Cells, then: _Cells) -> Iterator[Check]:
    if not now or not then:
        return
    values = {key: cell.value for key, cell in now.items()}
    unknown = {key for key, cell in now.items() if not cell.known}
    previous = {key: cell.value for key, cell in then.items() if cell.known}
    for constraint in _constraints(pair.form, frozenset(values)):
        if pair.other_form not in _forms_before(pair.form, constraint.rule):
            continue
        outcome = evaluate(constraint, values, unknown, previous)
        failed = outcome.outcome in FAILED
        terms = [((then if term.previous else now).get(term.key), term) for term in constraint.terms]
        yield judged(
            constraint,
            (pair.report, pair.form),
            (constraint.indicator, constraint.breakdown),
            outcome,
            doubtful=any(cell is None or not cell.plain for cell, _ in terms),
            explanation=_explanation(constraint, now, then, pair.year) if failed else "",
            other_report_id=pair.other,
        )


def _explanation(constraint: Constraint, now: _Cells, then: _Cells, year: int) -> str:
    """The sum as it stands in the cells of both years."""
    sides = [" ".join(_said(term, now, then, year) for term in terms) for terms in (constraint.left, constraint.right)]
    return f" {constraint.relation} ".join(side.removeprefix("+ ") for side in sides)


def _said(term: Term, now: _Cells, then: _Cells, year: int) -> str:
    cell = (then if term.previous else now).get(term.key)
    raw = cell.raw if cell is not None else ""
    sign = "-" if term.coefficient < 0 else "+"
    return f"{sign} {raw or '(blank)'} [{term.key[0]} {term.key[1]}, {year - 1 if term.previous else year}]"


@dataclass(frozen=True, slots=True)
class _Figures:
    """How many cells of a report are not zero and not standing, and a digest of them that order does not change."""

    count: int
    digest: int


def _figures(observations: pd.DataFrame) -> dict[str, _Figures]:
    standing = _data()["standing"]
    found = dict.fromkeys(observations["report_id"], _Figures(0, 0))
    values = observations["value_std"].astype("float64")
    counted = ~observations["indicator"].isin(standing["indicators"]) & ~observations["breakdown"].isin(
        standing["breakdowns"]
    )
    rows = observations[counted & values.notna() & (values != 0)]
    facts = pd.DataFrame({"name": wide_names(rows).astype(object), "value": rows["value_std"].astype("float64")})
    hashes = pd.util.hash_pandas_object(facts, index=False)
    groups = hashes.groupby(rows["report_id"].astype(object))
    for report, count, digest in zip(groups.size().index, groups.size(), groups.sum(), strict=True):
        found[report] = _Figures(int(count), int(digest))
    return found


def _copied(pair: Pair, now: _Figures, then: _Figures) -> Iterator[Check]:
    """Whether a report repeats the figures of the year before."""
    for identity in form_of(pair.form).identities:
        if identity.kind != "duplicate":
            continue
        enough = now.count >= _data()["copied"]["cells"]
        outcome = "pass" if now != then else "fail" if enough else "not_assessable"
        said = f"{now.count} cells that are not zero, all as in the report on {pair.year - 1}"
        yield judged(
            identity,
            (pair.report, pair.form),
            ("", ""),
            Outcome(outcome),
            doubtful=False,
            explanation=said if outcome == "fail" else "",
            other_report_id=pair.other,
        )


@cache
def _spoken() -> list[str]:
    """The cells that some rule over two years speaks of, by their names in wide tables."""
    found: set[str] = set()
    for form in forms():
        keys = frozenset((line.indicator, breakdown) for line in form.lines for breakdown in line.breakdowns)
        terms = (term for constraint in _constraints(form.name, keys) for term in constraint.terms)
        found.update(wide_name(*term.key) for term in terms)
    return sorted(found)


@cache
def over_years(form: str) -> tuple[Identity, ...]:
    """The rules over two years of a form that has lines."""
    known = form_of(form)
    return tuple(one for one in known.identities if one.kind in KINDS) if known.lines else ()


@lru_cache(maxsize=256)
def _constraints(form: str, printed: frozenset[Key]) -> tuple[Constraint, ...]:
    return tuple(one for one in ground(form_of(form), printed) if one.kind == "cross_year")


@cache
def _forms_before(form: str, rule: str) -> Collection[str]:
    others = [entry["previous"] for entry in _data()["across"] if (entry["form"], entry["rule"]) == (form, rule)]
    return {form, *(name for names in others for name in names)}


@cache
def _data() -> dict[str, Any]:
    try:
        return tomllib.loads(files("pipeline.link").joinpath("crossyear.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="pipeline/link/crossyear.toml") from error
