"""Samples for coders, agreement, and rates with their intervals."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import CORPUS, ROOT, SAMPLES, few, published

from parsers.errors import UsageError
from pipeline.cli import main
from pipeline.coding import COLUMNS, agree, corrections_of, meaning, read_sheet, sample, write_sheet
from pipeline.corrections import read
from pipeline.intervals import kappa, wilson
from pipeline.rates import BEGIN, END, rates, table, written
from pipeline.tables import Row, Tables


def tables() -> Tables:
    return Tables(published(SAMPLES))


def figure_of(row: Row) -> str:
    rows = tables().rows("observations", report_id=row["report_id"])
    one = next(r for r in rows if (r["indicator"], r["breakdown"]) == (row["indicator"], row["breakdown"]))
    return "blank" if one["status"] == "blank" else str(one["raw"]).strip()


def test_a_sample_has_every_stratum_and_says_nothing_of_the_values() -> None:
    rows = sample(tables(), 90)
    assert rows == sample(tables(), 90)
    assert rows != sample(tables(), 90, seed="another")
    assert len({(r["report_id"], r["indicator"], r["breakdown"]) for r in rows}) == 90
    known = {(r["form"]) for r in tables().rows("observations")}
    assert {row["stratum"].split()[0] for row in rows} == known
    assert all(set(row) == set(COLUMNS) and row["coded"] == "" for row in rows)
    assert not any(word in row["stratum"] for row in rows for word in ("blank", "zero"))
    values = {figure_of(row) for row in rows}
    assert "blank" in values
    assert sum(value not in ("0", "blank") for value in values) > 10


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_sheets_are_read_back(tmp_path: Path, ending: str) -> None:
    rows = sample(tables(), 30)
    for row in rows[:20]:
        row["coded"] = figure_of(row)
    path = tmp_path / f"ada{ending}"
    write_sheet(rows, path)
    found = read_sheet(path)
    assert len(found) == 20
    for row in rows[:20]:
        assert meaning(found[row["report_id"], row["indicator"], row["breakdown"]]) == meaning(row["coded"])
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError):
        read_sheet(other)
    with pytest.raises(UsageError):
        read_sheet(tmp_path / f"nothing{ending}")


def test_an_empty_sheet_and_one_that_is_none_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, empty = str(published(SAMPLES)), tmp_path / "ada.xlsx"
    assert main(["sample", "--data", data, "--cells", "9", "--out", str(empty)]) == 0
    assert main(["agree", str(empty), "--data", data]) == 2
    assert "nothing is coded" in capsys.readouterr().err
    assert main(["sample", "--data", data, "--cells", "9", "--out", str(tmp_path / "ada.txt")]) == 2
    assert ".xlsx or .csv" in capsys.readouterr().err
    assert not (tmp_path / "ada.txt").exists()


def test_coders_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(published(SAMPLES))
    for name in ("ada", "bo"):
        assert main(["sample", "--data", data, "--cells", "60", "--out", str(tmp_path / f"{name}.csv")]) == 0
    rows = sample(tables(), 60)
    for row in rows:
        row["coded"] = figure_of(row)
    number = [place for place, row in enumerate(rows) if row["coded"].isdigit()]
    rows[number[0]]["coded"] = rows[number[1]]["coded"] = "98765"
    write_sheet(rows, tmp_path / "ada.csv")
    rows[number[1]]["coded"] = "56789"
    write_sheet(rows, tmp_path / "bo.csv")
    found = agree(tables(), [tmp_path / "ada.csv", tmp_path / "bo.csv"])
    whole = {(one.one, one.other): one for one in found.agreements if one.indicator == "*"}
    counts = [whole[pair].agreed for pair in (("tables", "ada"), ("tables", "bo"), ("ada", "bo"))]
    assert counts == [58, 58, 59]
    assert {one.cells for one in whole.values()} == {60}
    assert 0.9 < (whole["ada", "bo"].kappa or 0) < 1
    assert len(found.disagreements) == 2
    (entry,) = read(corrections_of(found.disagreements, {rows[number[0]]["report_id"]: "page.html"}), "proposed")
    assert entry.indicator == rows[number[0]]["indicator"]
    capsys.readouterr()
    sheets = [str(tmp_path / "ada.csv"), str(tmp_path / "bo.csv")]
    assert main(["agree", *sheets, "--data", data, "--corrections", str(tmp_path / "proposed.toml")]) == 1
    said = capsys.readouterr().out
    assert "ada and bo: *: 59 of 60" in said
    assert "98765" in said
    counted = rates([("mine", tables(), tmp_path / "ada.csv")])
    assert sum(one.wrong for one in counted.values()) == 2
    assert sum(one.nonzero + one.zero + one.blank for one in counted.values()) == 60


def test_chance_and_intervals() -> None:
    assert kappa([(1, 1), (0, 0)] * 5) == 1
    assert kappa([(1, 1)] * 5) is None
    assert kappa([]) is None
    assert kappa([(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15) == pytest.approx(0.4)
    assert wilson(0, 0) == (0, 1)
    # Published examples of the Wilson interval.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_an_interval_holds_its_share(total: int, share: float) -> None:
    count = round(share * total)
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1
    mirrored = wilson(total - count, total)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_rates_are_counted_by_kind_of_cell() -> None:
    found = rates([("samples", tables(), SAMPLES)])
    assert {form for _, form, _ in found} >= {
        "national_2021",
        "national_2019",
        "national_2014",
        "long_annex",
        "short_annex",
    }
    for tally in found.values():
        assert tally.nonzero_right <= tally.nonzero
        assert tally.wrong + tally.open == (
            tally.nonzero + tally.zero + tally.blank - tally.nonzero_right - tally.zero_right - tally.blank_right
        )
    missed = rates([("few", Tables(published(few())), SAMPLES)])
    assert sum(tally.open for tally in missed.values()) > 100


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")
def test_the_corpus_has_its_cells() -> None:
    found = rates([("corpus", Tables(published(CORPUS / "raw")), CORPUS / "truth.json")])
    assert sum(tally.nonzero + tally.zero + tally.blank for tally in found.values()) == 1076
    assert sum(tally.nonzero for tally in found.values()) == 173
    assert sum(tally.blank for tally in found.values()) == 261


def test_the_page_holds_the_table() -> None:
    page = (ROOT / "docs" / "method.md").read_text("utf-8")
    inside = page.split(BEGIN)[1].split(END)[0]
    assert inside.count("| corpus |") > 3
    rows = table(rates([("few", Tables(published(few())), SAMPLES)]))
    assert written(written(page, rows), inside.strip()) == page
    with pytest.raises(UsageError):
        written("no marks", rows)


def test_csv_sheets_open_in_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    write_sheet([{**sample(tables(), 1)[0], "publisher": "=1+1"}], path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert row["publisher"] == "'=1+1"
