from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from link.linking import Cells, bundle, linked, report_id

from pipeline import schema
from pipeline.cli import main
from pipeline.link import measures
from pipeline.publish import publish


def published(folder: Path, ending: str) -> dict[str, pd.DataFrame]:
    closed = ("closed_total", "total")
    some: Cells = {("denied_state_secret", "total"): 3, ("denied_third_party", "total"): "blank", closed: 12}
    bundles = [
        bundle("1", some, report_year=2022, body_type="department", published=date(2023, 2, 10)),
        bundle("2", {**some, closed: 0}, report_year=2023, body_type="township", published=date(2024, 3, 1)),
        bundle("3", {("replies_total", "year"): 8, ("replies_denied", "year"): 2}, form="short_annex", report_year=2017,
               body_type="department", published=date(2018, 3, 1)),
        bundle("4", {closed: 5}, report_year=2022, scope="area", body_type="office"),
    ]  # fmt: skip
    publish(folder, linked(folder / "parts", *bundles).pieces)
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet}[ending]
    return {name: read(folder / f"{name}.{ending}") for name in ("panel", "reports", "sections")}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_denials_and_delays(tmp_path: Path, ending: str) -> None:
    panel = published(tmp_path, ending)["panel"]
    rates = measures.denial_rate(panel).set_index(panel["report_id"])
    rows = {name: rates.loc[report_id(name)] for name in "1234"}
    assert (rows["1"]["denied"], rows["1"]["answered"], rows["1"]["denial_rate"]) == (3, 12, 0.25)
    assert pd.isna(rows["2"]["denial_rate"])
    assert rows["2"]["answered"] == 0
    assert rows["3"]["denial_rate"] == 0.25
    assert pd.isna(rows["4"]["denied"])
    late = measures.lateness(panel).set_index(panel["report_id"])
    rows = {name: late.loc[report_id(name)] for name in "1234"}
    assert (rows["1"]["days_after_january"], rows["1"]["days_late"]) == (10, 10)
    assert rows["2"]["days_after_march"] == -30
    assert pd.isna(rows["2"]["days_late"])
    assert (rows["3"]["due"], rows["3"]["days_late"]) == (date(2018, 3, 31), -30)
    assert rows["4"]["due"] == date(2023, 3, 31)
    assert pd.isna(rows["4"]["days_late"])


def test_the_command_writes_every_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published(tmp_path, "parquet")
    assert main(["measures", "--data", str(tmp_path)]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index("report_id")
    assert set(rows.index) == {report_id(name) for name in "1234"}
    one = rows.loc[report_id("1")]
    assert (one["denial_rate"], one["answered"], one["days_late"], one["due"]) == (0.25, 12, 10, "2023-01-31")
    assert {"likeness", "other_report_id", "days_after_january", "days_after_march"} <= set(rows.columns)


def test_cells_of_the_rules_are_columns_of_the_panel() -> None:
    names = {column.name for column in schema.columns("panel")}
    for rule in measures._data()["denial"].values():
        assert {*rule["denied"], rule["answered"]} <= names


def test_likeness() -> None:
    reports = pd.DataFrame(
        {
            "report_id": ["a", "b", "c"],
            "body_id": ["x", "x", "x"],
            "report_year": [2020, 2021, 2022],
            "scope": ["own"] * 3,
            "latest": [True] * 3,
        }
    )
    sections = pd.DataFrame(
        {
            "report_id": ["a", "b", "c"],
            "text": ["全年主动公开政府信息57条。", "全年主动公开政府信息 68 条", "今年收到的申请都已按时办结答复"],
        }
    )
    found = measures.likeness(reports, sections)
    assert list(found["report_id"]) == ["b", "c"]
    assert list(found["likeness"]) == [1, 0]


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    shared, distinct = measures.alike(one, other)
    assert (shared, distinct) == measures.alike(other, one)
    assert 0 <= shared <= distinct
    assert len(set(measures.alike(one, one))) == 1
