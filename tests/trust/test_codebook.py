"""The codebook and the data package describe what was published, and other programs agree."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from published import CORPUS, SAMPLES, copied, published

from parsers.forms import forms
from parsers.records import TABLES
from pipeline import codebook, schema
from pipeline.release import release
from pipeline.tables import Tables


def rows(folder: Path) -> list[dict[str, str]]:
    with open(folder / "codebook.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_and_every_cell_is_in_it() -> None:
    out = published(SAMPLES)
    found = rows(out)
    columns = {(row["table"], row["name"]) for row in found if row["kind"] == "column"}
    for table in TABLES:
        assert {(table, name) for name in schema.arrow_schema(table).names} <= columns
    cells = {(row["form"], row["indicator"], row["breakdown"]) for row in found if row["kind"] == "cell"}
    assert cells == {(form.name, line.indicator, b) for form in forms() for line in form.lines for b in line.breakdowns}
    for row in Tables(out).rows("observations"):
        assert (row["form"], row["indicator"], row["breakdown"]) in cells
    assert len({(row["kind"], row["table"], row["name"], row["form"]) for row in found}) == len(found)
    for row in found:
        assert row["label_zh"]
        assert row["label_en"]
        assert row["definition"]
        assert row["type"]
        assert row["kind"] == "column" or row["label_verified"]


def test_stata_takes_every_name() -> None:
    named: dict[str, set[str]] = {}
    for row in rows(published(SAMPLES)):
        assert len(row["stata_name"]) <= 32
        assert row["stata_name"].isidentifier()
        assert row["stata_name"].isascii()
        if row["kind"] == "cell":
            named.setdefault(row["stata_name"], set()).add(row["name"])
    assert all(len(names) == 1 for names in named.values())
    panel = [row["stata_name"] for row in rows(published(SAMPLES)) if row["table"] == "panel"]
    assert len(set(panel)) == len(panel)


def test_published_names_stay() -> None:
    # Scripts of researchers depend on these.
    assert codebook.stata_name("disclosed_total", "cumulative") == "disclosed_total__cum"
    assert codebook.stata_name("denied_administrative_query", "natural_person") == "denied_admin_query__person"
    assert codebook.stata_name("closed_total", "total") == "closed_total__total"
    assert codebook.stata_name("normative_documents", "newly_disclosed") == "normative_documents__new"


@pytest.mark.parametrize("raw", [SAMPLES, CORPUS / "raw"], ids=["samples", "corpus"])
def test_frictionless_finds_nothing_wrong(raw: Path) -> None:
    if not raw.is_dir():
        pytest.skip("no corpus")
    assert valid(published(raw)) == (0, [])


def test_frictionless_finds_what_is_wrong(tmp_path: Path) -> None:
    out = copied(published(SAMPLES), tmp_path / "out")
    path = out / "observations.csv"
    path.write_text(path.read_text("utf-8").replace(",reported,", ",rumoured,", 1), "utf-8")
    code, errors = valid(out)
    assert code == 1
    assert "constraint-error" in errors


def valid(folder: Path) -> tuple[int, list[str]]:
    """The exit code of `frictionless validate` and the types of the errors that it lists."""
    program = "import sys; from frictionless.__main__ import console; sys.argv[0] = 'frictionless'; console()"
    arguments = ["validate", str(folder / "datapackage.json"), "--json"]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False)
    said = json.loads(done.stdout)
    return done.returncode, [error["type"] for task in said["tasks"] for error in task["errors"]]


def test_a_release_is_valid_too(tmp_path: Path) -> None:
    made = release(published(SAMPLES), "1.0.0", tmp_path / "releases")
    assert valid(made) == (0, [])
    said = json.loads((made / "datapackage.json").read_text("utf-8"))
    assert said["version"] == "1.0.0"
    assert said["gongkai:code_version"] != said["version"]
    assert said["licenses"][0]["name"] == "CC-BY-4.0"
