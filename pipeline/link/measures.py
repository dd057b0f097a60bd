"""Measures derived from the published tables, each with what it was divided by.

Functions take the tables as pandas reads them from CSV or Parquet and give one row for each report. What a measure
is made of stands in `measures.toml`. A measure is empty where a number that it needs is missing, or where there was
nothing to divide by.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from parsers.errors import DataFileError
from pipeline.frames import frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.tables import Tables

BODIES = 5_000
"""Bodies whose texts are held in memory together."""

KEY = ["body_id", "report_year", "scope"]


def measures(tables: Tables) -> pd.DataFrame:
    """Every measure of every row of the panel, in its order. Reports without a year before have no likeness.

    Texts are read for some reports at a time. UsageError when the tables cannot be read.
    """
    cells = sorted({name for rule in _data()["denial"].values() for name in (*rule["denied"], rule["answered"])})
    facts = ["report_id", "form", "body_type", "published_date"]
    panel = frame(tables.whole("panel", [*KEY, *facts, *cells]))
    reports = frame(tables.whole("reports", [*KEY, "report_id", "latest"]))
    reports = reports[reports["report_id"].isin(panel["report_id"])].sort_values(KEY, na_position="first")
    found = []
    bodies = reports["body_id"].drop_duplicates()
    for start in range(0, len(bodies), BODIES):
        some = reports[reports["body_id"].isin(bodies.iloc[start : start + BODIES])]
        told = tables.rows("sections", ["report_id", "text"], among=("report_id", list(some["report_id"])))
        found.append(likeness(some, pd.DataFrame(told, columns=["report_id", "text"])))
    like = pd.concat(found) if found else likeness(reports, pd.DataFrame(columns=["report_id", "text"]))
    rate = denial_rate(panel).drop(columns=[*KEY, "form"])
    late = lateness(panel).drop(columns=[*KEY, "published_date"])
    own = panel[["report_id", *KEY, "form", "body_type", "published_date"]]
    return pd.concat([own, rate, late], axis=1).merge(like, on="report_id", how="left")


def denial_rate(panel: pd.DataFrame) -> pd.DataFrame:
    """How many requests were denied of those answered, from `panel`.

    Columns: the panel's key, `form`, `denied`, `answered` (the denominator) and `denial_rate` between 0 and 1. A
    reason for denial that is blank counts as none where another reason has a number. The forms count differently:
    compare within a form.
    """
    denied = pd.Series(float("nan"), index=panel.index)
    answered = denied.copy()
    for form, rule in _data()["denial"].items():
        rows = panel["form"] == form
        denied[rows] = panel.loc[rows, rule["denied"]].astype("float64").sum(axis=1, min_count=1)
        answered[rows] = panel.loc[rows, rule["answered"]].astype("float64")
    rate = (denied / answered).where(answered > 0)
    return panel[[*KEY, "form"]].assign(denied=denied, answered=answered, denial_rate=rate)


def lateness(panel: pd.DataFrame) -> pd.DataFrame:
    """Days from the dates that the regulations set to publication, from `panel`; negative for early ones.

    Columns: the panel's key, `published_date`, `days_after_january` and `days_after_march` (31 January and 31 March
    of the year after the one reported on), `due` and `days_late`, which are empty for bodies that the regulations
    set no date for. A date of publication can be that of a site's move: an extreme delay says little of the body.
    """
    rows = []
    published = pd.to_datetime(panel["published_date"])
    days = [None if missing else day.date() for missing, day in zip(published.isna(), published, strict=True)]
    for year, kind, scope, out in zip(panel["report_year"], panel["body_type"], panel["scope"], days, strict=True):
        due = _due(int(year), kind, scope)
        rows.append(
            (
                _days(out, date(int(year) + 1, 1, 31)),
                _days(out, date(int(year) + 1, 3, 31)),
                due,
                _days(out, due),
            )
        )
    names = ["days_after_january", "days_after_march", "due", "days_late"]
    found = pd.DataFrame(rows, columns=names, index=panel.index)
    whole = {name: "Int64" for name in names if name != "due"}
    return pd.concat([panel[[*KEY, "published_date"]], found.astype(whole)], axis=1)


def likeness(reports: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """How much of a report's text is that of the year before, from `reports` and `sections`.

    Columns: `report_id`, `other_report_id` (the newest revision of the same body and scope on the year before),
    `shared` and `distinct` (the denominator: different runs of characters in either text), `likeness` between 0 and
    1. Numbers are masked, so that a text with new figures is the old one. A report without text has no row.
    """
    newest = reports[reports["latest"] & reports["body_id"].notna() & reports["report_year"].notna()]
    place = {(body, scope, int(year)): report for body, scope, year, report in _rows(newest, [*KEY, "report_id"])}
    texts: dict[str, list[str]] = {}
    for report, text in sections[["report_id", "text"]].itertuples(index=False, name=None):
        if not pd.isna(text):
            texts.setdefault(report, []).append(text)
    found = []
    for (body, scope, year), report in sorted(place.items(), key=str):
        other = place.get((body, scope, year - 1))
        if other is not None and report in texts and other in texts:
            shared, distinct = alike("".join(texts[report]), "".join(texts[other]))
            found.append((report, other, shared, distinct, shared / distinct if distinct else None))
    return pd.DataFrame(found, columns=["report_id", "other_report_id", "shared", "distinct", "likeness"])


def alike(one: str, other: str) -> tuple[int, int]:
    """How many runs of characters two texts share, and how many different ones there are in both."""
    mine, theirs = _runs(one), _runs(other)
    return len(mine & theirs), len(mine | theirs)


def _runs(text: str) -> set[str]:
    size = _data()["likeness"]["characters"]
    plain = "".join("0" if character.isdigit() else character for character in text if character.isalnum())
    return {plain[place : place + size] for place in range(max(1, len(plain) - size + 1))} - {""}


def _rows(table: pd.DataFrame, names: list[str]) -> Iterable[tuple[Any, Any, Any, Any]]:
    body, year, scope, report = (table[name] for name in names)
    return zip(body, scope.astype(object).where(scope.notna(), ""), year, report, strict=True)


def _due(year: int, kind: object, scope: object) -> date | None:
    for rule in _data()["due"]:
        fits = year <= rule.get("until", year)
        fits = fits and ("types" not in rule or kind in rule["types"])
        if fits and ("scopes" not in rule or scope in rule["scopes"]):
            return date(year + 1, rule["month"], rule["day"])
    return None


def _days(day: date | None, due: date | None) -> int | None:
    return None if day is None or due is None else (day - due).days


@cache
def _data() -> dict[str, Any]:
    try:
        return tomllib.loads(files("pipeline.link").joinpath("measures.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(str(error), reading="pipeline/link/measures.toml") from error
