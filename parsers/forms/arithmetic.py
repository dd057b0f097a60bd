"""The identities of the forms: grammar, grounding to linear constraints, and the one evaluator.

Grammar of an expression (white space separates nothing but words):

    rule    = side , ( "=" | "<=" ) , side ;
    side    = term , { ( "+" | "-" ) , term } ;
    term    = operand | "previous" , ( column | "(" , line , ")" ) | "sum" , "(" , set , ")" ;
    operand = line | column ;
    line    = name ;
    column  = "[" , name , "]" ;
    set     = "children" | "leaves" , "of" , name | "other" , "breakdowns" ;
    over    = "breakdown" | "indicator" , [ "of" , name ] | name , { "and" , name } ;
    name    = letter , { letter | digit | "_" } ;

What a rule runs over says what its operands are. Over `breakdown` they are lines, and there is one
constraint for each column of their section. Over `indicator` (of the form, or of a section) and
over named lines they are columns, and there is one constraint for each line that has them.

`children` are the lines whose parent is the left side. `leaves of x` are the lines under x that the
page prints without lines under them, those that the rule names left out. `other breakdowns` are the
line's columns but the left side. A sum stands on the right of a left side that is one operand.
`previous` is the same body's report of the year before.

A cell that the page does not print is no operand of a sum; where it is named by the rule, or a sum
is left without operands, there is no constraint.

A blank counts as zero only beside filled operands, and the outcome says so. A blank total is common
and says nothing: a side that is blank altogether, or a blank cell that another identity makes a
total, never leads to a failure. It passes as zero where the rest adds up to zero, otherwise the
constraint is not assessable.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import regex

from parsers.errors import ExpressionError
from parsers.forms.structure import Form, Identity, Key, Line
from parsers.frozen import frozen, maker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_ZERO = Decimal(0)
# Wide enough for any run of digits on a page: a sum is never rounded.
EXACT = Context(prec=10_000)
_TOKEN = regex.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign><=|[=+\-()\[\]]))")


class Operand(NamedTuple):
    """A term of a rule. `kind` is line, column, children, leaves or others; `name` what it names."""

    coefficient: int
    kind: str
    name: str = ""
    previous: bool = False


@frozen
class Statement:
    """A parsed rule. `over` is breakdown or indicator; `lines` are the lines that it runs over in the latter case."""

    left: tuple[Operand, ...]
    relation: str
    right: tuple[Operand, ...]
    over: str
    lines: tuple[str, ...]


class Term(NamedTuple):
    """A cell with its sign in a constraint; `previous` marks a cell of last year's report."""

    coefficient: int
    key: Key
    previous: bool = False


@frozen
class Constraint:
    """An identity for one line or column of one page: `left` `relation` (=, <= or >=) `right`.

    `indicator` and `breakdown` address the check. `totals` are the cells of it that an equality of
    the form makes sums of other cells on this page.
    """

    rule: str
    kind: str
    severity: str
    indicator: str
    breakdown: str
    left: tuple[Term, ...]
    relation: str
    right: tuple[Term, ...]
    totals: frozenset[Key]

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.left + self.right


@frozen
class Outcome:
    """What an evaluation found; `outcome` is one of `parsers.records.OUTCOMES`.

    `expected` is the right side, `observed` the left one, `difference` observed less expected, in
    the values' unit. A side with a cell that is not known, or blank altogether, has None.
    """

    outcome: str
    expected: Decimal | None = None
    observed: Decimal | None = None
    difference: Decimal | None = None


_outcome = maker(Outcome)


def parse_rule(form: Form, expression: str, over: str) -> Statement:
    """A rule of a form from its text. ExpressionError when it breaks the grammar or names what the form has not."""
    return _Parser(form, expression).statement(over)


class _Parser:
    def __init__(self, form: Form, expression: str) -> None:
        self.form = form
        self.expression = expression
        self.tokens = self._tokens(expression)
        self.place = 0

    def _tokens(self, text: str) -> list[str]:
        tokens, end = [], 0
        while text[end:].strip():
            match = _TOKEN.match(text, end, timeout=1.0)
            if match is None:
                self._fail(f"what is {text[end:].strip()[:20]!r}?")
            tokens.append(match["name"] or match["sign"])
            end = match.end()
        return tokens

    def _fail(self, message: str) -> NoReturn:
        raise ExpressionError(message, where=self.expression)

    def _peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._peek()
        if wanted and token not in wanted:
            self._fail(f"expected {' or '.join(wanted)}, found {token or 'the end'}")
        self.place += 1
        return token

    def _name(self) -> str:
        token = self._take()
        if not token.isidentifier():
            self._fail(f"expected a name, found {token or 'the end'}")
        return token

    def statement(self, over: str) -> Statement:
        left = self._side()
        relation = self._take("=", "<=")
        right = self._side()
        if self._peek():
            self._fail(f"unexpected {self._peek()}")
        kind, lines = self._over(over)
        wanted = "line" if kind == "breakdown" else "column"
        breakdowns = {column.breakdown for section in self.form.sections for column in section.columns}
        for operand in left + right:
            self._check(operand, wanted, breakdowns, over)
        sums = [operand for operand in right if operand.kind not in ("line", "column")]
        if any(operand.kind not in ("line", "column") for operand in left):
            self._fail("a sum stands on the right")
        if sums and (len(left) > 1 or len(right) > 1 or left[0].previous):
            self._fail("a sum stands alone, opposite one operand")
        if kind == "breakdown" and len({self.form.find(o.name).section for o in left + right if o.name}) > 1:
            self._fail("the lines are of different sections")
        return Statement(left, relation, right, kind, lines)

    def _check(self, operand: Operand, wanted: str, breakdowns: set[str], over: str) -> None:
        fits = {"line": "line", "children": "line", "leaves": "line", "column": "column", "others": "column"}
        if fits[operand.kind] != wanted:
            self._fail(f"{operand.kind} {operand.name}".strip() + f" does not fit a rule over {over}")
        if wanted == "line" and operand.name:
            self._line(operand.name)
        if operand.kind == "column" and operand.name not in breakdowns:
            self._fail(f"unknown breakdown {operand.name}")

    def _line(self, name: str) -> Line:
        try:
            return self.form.find(name)
        except KeyError:
            raise ExpressionError(f"unknown indicator {name}", where=self.expression) from None

    def _side(self) -> tuple[Operand, ...]:
        operands = [self._term(1)]
        while self._peek() in ("+", "-"):
            operands.append(self._term(1 if self._take() == "+" else -1))
        return tuple(operands)

    def _term(self, coefficient: int) -> Operand:
        following = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else ""
        if self._peek() == "[":
            return Operand(coefficient, "column", self._column())
        if self._peek() == "previous" and following == "[":
            self._take()
            return Operand(coefficient, "column", self._column(), True)
        if self._peek() in ("previous", "sum") and following == "(":
            word = self._take()
            self._take("(")
            made = Operand(coefficient, "line", self._name(), True) if word == "previous" else self._set(coefficient)
            self._take(")")
            return made
        return Operand(coefficient, "line", self._name())

    def _column(self) -> str:
        self._take("[")
        name = self._name()
        self._take("]")
        return name

    def _set(self, coefficient: int) -> Operand:
        word = self._take("children", "leaves", "other")
        if word == "children":
            return Operand(coefficient, "children")
        if word == "other":
            self._take("breakdowns")
            return Operand(coefficient, "others")
        self._take("of")
        return Operand(coefficient, "leaves", self._name())

    def _over(self, over: str) -> tuple[str, tuple[str, ...]]:
        words = over.split()
        if words == ["breakdown"]:
            return "breakdown", ()
        if words == ["indicator"]:
            return "indicator", tuple(line.indicator for line in self.form.lines)
        if words[:2] == ["indicator", "of"] and len(words) == 3:
            for section in self.form.sections:
                if section.name == words[2]:
                    return "indicator", tuple(line.indicator for line in section.lines)
            self._fail(f"unknown section {words[2]}")
        names = words[::2]
        if len(words) % 2 == 0 or any(word != "and" for word in words[1::2]):
            self._fail(f"a rule cannot run over {over!r}")
        return "indicator", tuple(self._line(name).indicator for name in names)


def ground(form: Form, printed: Collection[Key], parents: Mapping[str, str] | None = None) -> tuple[Constraint, ...]:
    """The constraints that a page is under, in the order of the form's rules.

    `printed` are the cells that the page prints, whatever their value. `parents` gives, by line, the
    parent under which the page prints it where that is not the form's. Rules that are no arithmetic
    are left out; those over two years carry terms marked `previous`.
    """
    page = _Page(form, frozenset(printed), parents or {})
    found = [
        instance
        for identity in form.identities
        if identity.statement is not None
        for instance in page.instances(identity, identity.statement)
    ]
    totals = {left[0].key for identity, left, _, right in found if _is_total(identity, left, right)}
    return tuple(
        Constraint(
            rule=identity.rule,
            kind=identity.kind,
            severity=identity.severity,
            indicator=left[0].key[0],
            breakdown=left[0].key[1],
            left=left,
            relation=relation,
            right=right,
            totals=frozenset(term.key for term in left + right if not term.previous and term.key in totals),
        )
        for identity, left, relation, right in found
    )


_Instance = tuple[Identity, tuple[Term, ...], str, tuple[Term, ...]]


def _is_total(identity: Identity, left: tuple[Term, ...], right: tuple[Term, ...]) -> bool:
    return identity.kind == "equality" and len(left) == 1 and len(right) > 1


class _Page:
    """The cells of one page, for grounding."""

    def __init__(self, form: Form, printed: frozenset[Key], parents: Mapping[str, str]) -> None:
        self.form = form
        self.printed = printed
        self.parents = parents
        self.indicators = frozenset(indicator for indicator, _ in printed)

    def instances(self, identity: Identity, statement: Statement) -> Iterator[_Instance]:
        if statement.over == "breakdown":
            section = self.form.section(self.form.find(statement.left[0].name).section)
            places = [("", column.breakdown) for column in section.columns]
        else:
            places = [(indicator, "") for indicator in statement.lines]
        for indicator, breakdown in places:
            left = self._terms(statement.left, statement, indicator, breakdown)
            right = self._terms(statement.right, statement, indicator, breakdown)
            if left and right:
                bound = any((name, breakdown) not in self.printed for name in identity.bound_if_absent)
                yield identity, left, ">=" if bound else statement.relation, right

    def _terms(
        self, operands: tuple[Operand, ...], statement: Statement, indicator: str, breakdown: str
    ) -> tuple[Term, ...]:
        """The terms of a side, none where one of its operands has no cell."""
        terms: list[Term] = []
        for operand in operands:
            if operand.kind == "line":
                keys = self._named((operand.name, breakdown), operand.previous)
            elif operand.kind == "column":
                keys = self._named((indicator, operand.name), operand.previous)
            else:
                keys = tuple(self._sum(operand, statement, indicator, breakdown))
            if not keys:
                return ()
            terms.extend(Term(operand.coefficient, key, operand.previous) for key in keys)
        return tuple(terms)

    def _named(self, key: Key, previous: bool) -> tuple[Key, ...]:
        there = key[1] in self.form.find(key[0]).breakdowns if previous else key in self.printed
        return (key,) if there else ()

    def _sum(self, operand: Operand, statement: Statement, indicator: str, breakdown: str) -> Iterable[Key]:
        named = {other.name for other in statement.left + statement.right}
        if operand.kind == "others":
            keys = [(indicator, b) for b in self.form.find(indicator).breakdowns if b not in named]
        elif operand.kind == "children":
            lines = self.form.children(statement.left[0].name, self.parents)
            keys = [(line.indicator, breakdown) for line in lines]
        else:
            lines = self.form.leaves(operand.name, self.indicators, self.parents)
            keys = [(line.indicator, breakdown) for line in lines if line.indicator not in named]
        return (key for key in keys if key in self.printed)


def evaluate(
    constraint: Constraint,
    values: Mapping[Key, Decimal | None],
    unknown: Collection[Key] = (),
    previous: Mapping[Key, Decimal | None] | None = None,
) -> Outcome:
    """Whether a constraint holds.

    `values` are the page's cells in standard units, None for a blank. `unknown` are cells whose
    value is doubtful; they, and cells missing from `values`, make the constraint not assessable.
    `previous` are the cells of last year's report, without those that are doubtful.
    """
    left, left_filled, left_blank, left_known = _side(constraint.left, values, unknown, previous)
    right, right_filled, right_blank, right_known = _side(constraint.right, values, unknown, previous)
    expected = right if right_known and right_filled else None
    observed = left if left_known and left_filled else None
    if not (left_known and right_known and (left_filled or right_filled)):
        return _outcome("not_assessable", expected, observed)
    difference = EXACT.subtract(left, right)
    if constraint.relation == "=":
        holds = difference == 0
    else:
        holds = difference <= 0 if constraint.relation == "<=" else difference >= 0
    if not left_blank and not right_blank:
        return _outcome("pass" if holds else "fail", expected, observed, difference)
    if not (left_filled and right_filled):
        # A side without a figure says nothing, unless the other side is zero.
        if difference != 0:
            return _outcome("not_assessable", expected, observed)
    elif not holds and any(values[key] is None for key in constraint.totals):
        # A blank total is a sum that nobody wrote down, not a zero.
        return _outcome("not_assessable", expected, observed)
    outcome = "pass_if_blank_zero" if holds else "fail_if_blank_zero"
    return _outcome(outcome, right, left, difference)


_Side = tuple[Decimal, int, int, bool]
"""A side of a constraint: its total, how many of its cells have a figure, how many are blank, whether all are known."""


def _side(
    terms: tuple[Term, ...],
    values: Mapping[Key, Decimal | None],
    unknown: Collection[Key],
    previous: Mapping[Key, Decimal | None] | None,
) -> _Side:
    total, filled, blank, known = _ZERO, 0, 0, True
    get, add = values.get, EXACT.add
    for coefficient, key, is_previous in terms:
        value = (previous or {}).get(key) if is_previous else get(key)
        if value is None or (unknown and not is_previous and key in unknown):
            source = (previous or {}) if is_previous else values
            if value is None and key in source and (is_previous or key not in unknown):
                blank += 1
            else:
                known = False
            continue
        filled += 1
        total = add(total, value) if coefficient > 0 else EXACT.subtract(total, value)
    return total, filled, blank, known
