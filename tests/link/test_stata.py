from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
from link.linking import Cells, bundle, linked, report_id
from pandas.io.stata import StataMissingValue, StataReader

from pipeline import schema, stata
from pipeline.codebook import stata_name
from pipeline.publish import publish

STATUSES = ("blank", "slash", "dash", "none_word", "ambiguous", "unreadable", "conflict")


def made(folder: Path) -> Path:
    cells: Cells = {
        (indicator, "total"): status
        for indicator, status in zip(
            (
                "granted",
                "partially_granted",
                "denied_state_secret",
                "denied_third_party",
                "unable_not_held",
                "closed_total",
                "requests_carried_out",
            ),
            STATUSES,
            strict=True,
        )
    }
    cells |= {("requests_new", "total"): 57, ("administrative_fees", "amount"): 24252.311082}
    release = folder / "release"
    release.mkdir(parents=True)
    both = [
        bundle("1", cells, published=date(2021, 1, 31), period_start=date(2020, 1, 1), period_end=date(2020, 12, 31)),
        bundle("2", {("requests_new", "total"): 0}, report_year=2021),
        bundle("3", {("requests_new", "total"): 1}, publisher="沭阳县教育局"),
    ]
    publish(release, linked(folder / "parts", *both).pieces)
    assert stata.write(release) == "panel.dta"
    return release


def test_the_panel_is_read_back(tmp_path: Path) -> None:
    release = made(tmp_path)
    found = pd.read_stata(release / "panel.dta", convert_missing=True, convert_dates=False)
    dates = pd.read_stata(release / "panel.dta")["published_date"]
    assert sorted(dates.dropna().dt.date) == [date(2021, 1, 31)]
    panel = pd.read_csv(release / "panel.csv", dtype=str, keep_default_na=False)
    assert list(found["body"]) == list(panel["body_id"])
    assert list(found["report_year"]) == [int(year) for year in panel["report_year"]]
    assert list(found["division_code"]) == list(panel["division_code"])
    assert sorted(set(found["body_id"])) == [1, 2]
    one = found[found["report_id"] == report_id("1")].iloc[0]
    assert (one["requests_new__total"], one["administrative_fees__amount"]) == (57, 24252.311082)
    assert (one["period_months"], one["revision"]) == (12, 1)
    kinds = {
        "granted": ".b",
        "partially_granted": ".s",
        "denied_state_secret": ".d",
        "denied_third_party": ".n",
        "unable_not_held": ".u",
        "closed_total": ".u",
        "requests_carried_out": ".u",
        "requests_carried_in": ".m",
    }
    for indicator, kind in kinds.items():
        value = one[stata_name(indicator, "total")]
        assert isinstance(value, StataMissingValue)
        assert value.string == kind
    assert one[stata_name("disclosed_total", "year")].string == ".f"
    two = found[found["report_id"] == report_id("2")].iloc[0]
    assert two["requests_new__total"] == 0
    assert isinstance(two["period_months"], StataMissingValue)


def test_names_labels_and_bytes(tmp_path: Path) -> None:
    release = made(tmp_path / "one")
    with StataReader(release / "panel.dta") as reader:
        labels = reader.variable_labels()
        assert "Government information disclosure" in reader.data_label
    assert len(labels) == len(schema.columns("panel")) + 1
    assert all(0 < len(name) <= 32 for name in labels)
    assert all(labels.values())
    assert (release / "panel.dta").read_bytes() == (made(tmp_path / "two") / "panel.dta").read_bytes()
    assert (release / "panel.dta").read_bytes().startswith(b"<stata_dta><header><release>118</release>")


def test_an_empty_panel(tmp_path: Path) -> None:
    publish(tmp_path, lambda _: [])
    stata.write(tmp_path)
    assert len(pd.read_stata(tmp_path / "panel.dta")) == 0


def test_another_library_reads_the_same(tmp_path: Path) -> None:
    """ReadStat, by which R's haven reads Stata's files, finds the values, the kinds of missing and the labels."""
    release = made(tmp_path)
    found, said = pyreadstat.read_dta(str(release / "panel.dta"), user_missing=True)
    panel = pd.read_csv(release / "panel.csv", dtype=str, keep_default_na=False)
    assert list(found["body"]) == list(panel["body_id"])
    assert list(found["report_year"]) == [int(year) for year in panel["report_year"]]
    rows = {row["report_id"]: row for row in found.to_dict("records")}
    one = rows[report_id("1")]
    assert (one["requests_new__total"], one["administrative_fees__amount"]) == (57, 24252.311082)
    assert one["published_date"] == date(2021, 1, 31)
    assert (one["granted__total"], one["requests_carried_in__total"], one["disclosed_total__year"]) == ("b", "m", "f")
    assert rows[report_id("2")]["requests_new__total"] == 0
    with StataReader(release / "panel.dta") as reader:
        assert said.column_names_to_labels == reader.variable_labels()
