"""Which reports a reader asks for: filters, search, order and page, as they stand in an address.

A page is found by the last row of the page before (keyset), so the thousandth page costs as much as the first.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from parsers.errors import UsageError
from pipeline.explorer.search import EDGE, pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from pipeline.explorer.store import Row, Store

PAGE = 50
LONGEST = 200
"""Characters that a filter may have."""

TERMS = 5
"""Words of a search that are looked for."""

ORDERS: dict[str, str] = {
    "year": "coalesce(report_year, 0)",
    "title": "coalesce(title, '')",
    "publisher": "coalesce(publisher, '')",
    "place": "coalesce(division_code, '')",
    "published": "coalesce(published_date, DATE '1000-01-01')",
    "observations": "coalesce(observations, 0)",
    "failed": "coalesce(checks_failed, 0)",
    "issues": "coalesce(issues, 0)",
}
"""What reports can be sorted by."""

COLUMNS = {
    "level": "division_level", "form": "form", "type": "body_type", "scope": "scope", "body": "body_id",
}  # fmt: skip
"""Filters that hold for a column as a whole, and the column."""

SINGLE = "single"
"""The scope that asks for reports which count one body alone, as far as they say."""

NONE = "none"
"""The value of a filter that asks for reports which do not say."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of reports. Empty fields choose nothing away.

    `q` are words that must all stand in the title, the publisher's name or, with `within` = text, in the text of
    sections. `place` is the beginning of a division's code or a part of its name. `failed` is yes or no; `latest`
    no also shows revisions that newer ones replaced. `sort` is a key of ORDERS, with a minus for descending.
    `after` and `before` are marks of rows.
    """

    q: str = ""
    within: str = ""
    place: str = ""
    level: str = ""
    year: str = ""
    year_to: str = ""
    form: str = ""
    type: str = ""
    body: str = ""
    scope: str = ""
    failed: str = ""
    latest: str = ""
    sort: str = "-year"
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, said: dict[str, str]) -> Selection:
        """The selection in the query of an address. UsageError for values that can be none."""
        known = {one.name: said[one.name].strip() for one in fields(cls) if said.get(one.name, "").strip()}
        for name, value in known.items():
            if len(value) > (LONGEST if name not in ("after", "before") else 4 * LONGEST):
                raise UsageError(f"{name} has more than {LONGEST} characters")
        for name in ("year", "year_to"):
            if known.get(name, NONE) != NONE and not (known[name].isascii() and known[name].isdigit()):
                raise UsageError(f"{name} is no year")
            if len(known.get(name, "")) > 4:
                raise UsageError(f"{name} is no year")
        if known.get("sort", "year").removeprefix("-") not in ORDERS:
            raise UsageError("reports cannot be sorted by that", remedy=f"There are {', '.join(ORDERS)}.")
        return cls(**known)

    def address(self, **changed: Any) -> str:
        """The query of the selection's address, with fields changed; its beginning is `?`."""
        return "?" + urlencode({name: value for name, value in self.said(**changed).items() if value})

    def said(self, **changed: Any) -> dict[str, str]:
        """The fields that say something, with some changed."""
        chosen = asdict(replace(self, **changed))
        return {name: value for name, value in chosen.items() if value and (name, value) != ("sort", "-year")}

    @property
    def filtered(self) -> bool:
        """Whether anything is chosen away."""
        return bool(self.said(sort="-year", after="", before=""))

    @property
    def terms(self) -> list[str]:
        return self.q.split()[:TERMS]

    @property
    def order(self) -> tuple[str, bool]:
        """The expression to sort by, and whether it descends."""
        return ORDERS[self.sort.removeprefix("-")], self.sort.startswith("-")

    def where(self, store: Store) -> tuple[str, list[Any]]:
        """The condition on the index's table `made.reports` in SQL, and its parameters."""
        parts: list[str] = []
        said: list[Any] = []
        for name, column in COLUMNS.items():
            value = getattr(self, name)
            if (name, value) == ("scope", SINGLE):
                parts.append("scope NOT IN ('area', 'system')")
            elif value == NONE:
                parts.append(f"coalesce({column}, '') = ''")
            elif value:
                parts.append(f"{column} = ?")
                said.append(value)
        if self.year == NONE:
            parts.append("report_year IS NULL")
        elif self.year and self.year_to:
            parts.append("report_year BETWEEN ? AND ?")
            said += [int(self.year), int(self.year_to)]
        elif self.year or self.year_to:
            parts.append("report_year = ?" if self.year else "report_year <= ?")
            said.append(int(self.year or self.year_to))
        if self.place == NONE:
            parts.append("coalesce(division_code, '') = ''")
        elif self.place.isascii() and self.place.isdigit():
            parts.append("starts_with(division_code, ?)")
            said.append(self.place)
        elif self.place:
            parts.append("(contains(division_name, ?) OR contains(publisher, ?))")
            said += [self.place, self.place]
        if self.failed in ("yes", "no"):
            parts.append("checks_failed > 0" if self.failed == "yes" else "coalesce(checks_failed, 0) = 0")
        if self.latest != "all":
            parts.append("latest")
        for term in self.terms:
            parts.append(f"n IN (SELECT n FROM {store.hits(term, within_text=self.within == 'text')})")
        return " AND ".join(parts) or "true", said


@dataclass(frozen=True, slots=True)
class Page:
    """A page of reports. `total` is how many there are in all; `after` and `before` mark its neighbours, or are ""."""

    rows: list[Row]
    total: int
    after: str
    before: str


def page(store: Store, selection: Selection, size: int = PAGE) -> Page:
    """The page of a selection. UsageError when its marks are none."""
    condition, said = selection.where(store)
    total = store.cached(
        ("count", condition, tuple(said)),
        lambda: store.number(f"SELECT count(*) FROM made.reports WHERE {condition}", said),
    )
    expression, descends = selection.order
    backwards = bool(selection.before)
    mark = selection.before or selection.after
    down = descends != backwards
    limits: list[Any] = []
    if mark:
        value, report_id = unmarked(mark)
        condition += f" AND ({expression}, report_id) {'<' if down else '>'} (TRY_CAST(? AS {_kind(expression)}), ?)"
        limits = [value, report_id]
    way = "DESC" if down else "ASC"
    chosen = store.rows(
        f"SELECT n, report_id, CAST({expression} AS VARCHAR) AS mark FROM made.reports WHERE {condition} "
        f"ORDER BY {expression} {way}, report_id {way} LIMIT {size + 1}",
        [*said, *limits],
    )
    more = len(chosen) > size
    chosen = chosen[:size]
    if backwards:
        chosen.reverse()
    rows = []
    if chosen:
        numbers = [row["n"] for row in chosen]
        found = {row["report_id"]: row for row in numbered(store, numbers)}
        snippets = _snippets(store, selection, numbers)
        rows = [{**found[row["report_id"]], "snippet": snippets.get(row["n"], "")} for row in chosen]
    marks = [marked([row["mark"], row["report_id"]]) for row in chosen]
    return Page(
        rows=rows,
        total=total,
        after=marks[-1] if marks and (more or backwards) else "",
        before=marks[0] if marks and (more if backwards else bool(mark)) else "",
    )


AROUND = 40
"""Characters that are shown before and behind a word that was found."""


def numbered(store: Store, numbers: Sequence[int]) -> list[Row]:
    """The reports of these numbers, in any order."""
    if not numbers:
        return []
    places = ", ".join(str(int(number)) for number in numbers)
    return store.rows(f"SELECT * EXCLUDE (n) FROM made.reports WHERE n IN ({places})")


def _snippets(store: Store, selection: Selection, numbers: Sequence[int]) -> dict[int, str]:
    """For reports whose text has the first word of a search, the words around it, by number."""
    if selection.within != "text" or not selection.terms:
        return {}
    wanted = pattern(selection.terms[0])
    found: dict[int, str] = {}
    for number, said in store.open().search.texts(numbers):
        if number not in found and (
            snippet := next(filter(None, (_around(wanted, part) for part in said.split(EDGE))), "")
        ):
            found[number] = snippet
    return found


def _around(wanted: re.Pattern[str], said: str) -> str:
    """The words around what is looked for, or "" where it does not stand."""
    at = wanted.search(said)
    if at is None:
        return ""
    start, end = max(at.start() - AROUND, 0), at.end() + AROUND
    return f"{'…' if start else ''}{said[start:end]}{'…' if end < len(said) else ''}"


def _kind(expression: str) -> str:
    return "VARCHAR" if "''" in expression else "DATE" if "DATE" in expression else "BIGINT"


def marked(values: list[str]) -> str:
    """A row's place in an order as text for an address."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def unmarked(mark: str, count: int = 2) -> list[str]:
    """The values of a mark. UsageError when it is none."""
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except ValueError as error:
        raise UsageError("the address names no page of this list", remedy="Begin at its first page.") from error
    if not isinstance(values, list) or len(values) != count:
        raise UsageError("the address names no page of this list", remedy="Begin at its first page.")
    return [str(value) for value in values]
