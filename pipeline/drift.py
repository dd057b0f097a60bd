"""Labels and headers that no form knows, by form and site, each with the nearest known ones.

When sites change their wording, this shows it before figures are missed: what stands here is a candidate for an
alias in a form file, or something that the form does not have.
"""

from __future__ import annotations

import csv
import functools
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from parsers.forms import form
from parsers.forms.structure import label_key
from parsers.labels import indexes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.tables import Row, Tables

NEAREST = 3
"""Known labels that are named for each unknown one."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A wording that no form knows. `role` is label or header; `taken` the line it was nevertheless read for, or "".

    `nearest` are known wordings with their codes and similarities (0 to 100), the nearest first.
    """

    form: str
    site: str
    role: str
    text: str
    count: int
    taken: str
    nearest: str
    report_id: str
    locator: str


def drift(tables: Tables, seen: Tables | None = None) -> list[Unknown]:
    """The wordings of these tables that neither the forms know nor `seen`, an earlier release, has.

    Sorted by form, site and how often they occur. UsageError when tables cannot be read.
    """
    known = (
        {(one["form"], one["role"], label_key(one["text"])) for one in _wordings(seen)} if seen is not None else set()
    )
    counts: Counter[tuple[str, str, str, str]] = Counter()
    first: dict[tuple[str, str, str, str], Row] = {}
    for one in _wordings(tables):
        if (one["form"], one["role"], label_key(one["text"])) in known:
            continue
        key = (one["form"], one["site"], one["role"], one["text"])
        counts[key] += 1
        first.setdefault(key, one)
    found = [
        Unknown(
            *key,
            count,
            first[key]["taken"],
            nearest(key[0], key[2], key[3]),
            first[key]["report_id"],
            first[key]["locator"],
        )
        for key, count in counts.items()
    ]
    return sorted(found, key=lambda one: (one.form, one.site, -one.count, one.role, one.text))


def write(found: Iterable[Unknown], file: TextIO) -> None:
    """The wordings as CSV."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([one.name for one in fields(Unknown)])
    writer.writerows(list(asdict(one).values()) for one in found)


def site(source: str) -> str:
    """The host of an address; of a loose file its folder."""
    host = urlsplit(source).hostname
    return host or source.rpartition("/")[0]


def _wordings(tables: Tables) -> Iterator[Row]:
    """Labels and headers of the statistics that the report's form does not know."""
    reports = {row["report_id"]: row for row in tables.rows("reports", ["report_id", "form", "source"])}
    for cell in tables.rows("cells"):
        report = reports.get(cell["report_id"])
        if report is None or not report["form"] or cell["role"] not in ("label", "header"):
            continue
        text = " ".join(cell["raw"].split())
        # A serial or a year by itself is no wording, and what stands in parentheses as a whole is a remark.
        if not any(character.isalpha() for character in text) or (text[:1] in "（(" and text[-1:] in "）)"):
            continue
        if not _known(report["form"], text) and (cell["indicator"] or cell["role"] == "header"):
            yield _wording(report, cell["role"], text, cell["indicator"], cell["locator"])
    for issue in tables.rows("issues"):
        report = reports.get(issue["report_id"])
        if issue["code"] == "unmatched_label" and report is not None and report["form"]:
            text = " ".join(issue["raw"].split())
            if text and not _known(report["form"], text):
                yield _wording(report, "label", text, "", issue["locator"])


def _wording(report: Row, role: str, text: str, taken: str, locator: str) -> Row:
    return {
        "form": report["form"], "site": site(report["source"]), "role": role, "text": text, "taken": taken,
        "report_id": report["report_id"], "locator": locator,
    }  # fmt: skip


@functools.lru_cache(maxsize=65536)
def _known(name: str, text: str) -> bool:
    """Whether a form knows a wording in any of its roles."""
    index = next((one for one in indexes() if one.form.name == name), None)
    return index is None or bool(index.meaning(text))


@functools.cache
def _wordings_of(name: str) -> dict[str, list[tuple[str, str]]]:
    """By role the known wordings of a form with their codes."""
    known = form(name)
    labels = [(label, line.indicator) for line in known.lines for label in line.labels]
    headers = [
        (label, column.breakdown) for part in known.sections for column in part.columns for label in column.labels
    ]
    return {"label": labels, "header": headers}


@functools.lru_cache(maxsize=65536)
def nearest(name: str, role: str, text: str) -> str:
    """The known wordings of a form that are most like a text: `wording (code) 87; …`."""
    from rapidfuzz import fuzz

    key = label_key(text)
    best: dict[str, tuple[float, str]] = {}
    for label, code in _wordings_of(name)[role]:
        score = fuzz.ratio(key, label_key(label))
        if score > best.get(code, (-1.0, ""))[0]:
            best[code] = (score, label)
    ranked = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))[:NEAREST]
    return "; ".join(f"{label} ({code}) {score:.0f}" for code, (score, label) in ranked)
