"""Corrections fill `value_corrected`, and fail loudly when what they rest on has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from published import ROOT, copied, few, published

from parsers.errors import DataFileError, UsageError
from pipeline.cli import main
from pipeline.corrections import load, read
from pipeline.tables import Row, Tables


def figure() -> Row:
    return next(row for row in Tables(published(few())).rows("observations") if row["raw"].isdigit() and row["value"])


def entry(one: Row, **changes: object) -> str:
    said: dict[str, object] = {
        "report": one["report_id"], "indicator": one["indicator"], "breakdown": one["breakdown"], "action": "replace",
        "value": 987, "expect": {"raw": one["raw"], "value": int(one["value"])}, "reason": "misprint",
        "source": "https://example.gov.cn/a.html",
    }  # fmt: skip
    said |= changes
    lines = []
    for name, value in said.items():
        if isinstance(value, dict):
            inner = ", ".join(f"{key} = {shown(each)}" for key, each in value.items())
            lines.append(f"{name} = {{ {inner} }}")
        elif value is not None:
            lines.append(f"{name} = {shown(value)}")
    return "[[corrections]]\n" + "\n".join(lines) + "\n"


def shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def extract(out: Path, folder: Path) -> int:
    return main(["extract", str(few()), "--out", str(out), "--quiet", "--workers", "2", "--corrections", str(folder)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corrections"
    made.mkdir()
    return made


def test_a_correction_stands_beside_the_value(tmp_path: Path, folder: Path) -> None:
    one = figure()
    (folder / "a.toml").write_text(entry(one), "utf-8")
    out = tmp_path / "out"
    assert extract(out, folder) == 0
    before = {
        (r["report_id"], r["indicator"], r["breakdown"]): r for r in Tables(published(few())).rows("observations")
    }
    changed = []
    for row in Tables(out).rows("observations"):
        other = before[row["report_id"], row["indicator"], row["breakdown"]]
        if row != other:
            changed.append(row)
            assert {**row, "value_corrected": None} == other
    assert [(row["indicator"], row["value_corrected"]) for row in changed] == [(one["indicator"], 987.0)]
    # Another correction is noticed although nothing was read anew.
    (folder / "a.toml").write_text(entry(one, value=5), "utf-8")
    assert extract(out, folder) == 0
    assert [
        row["value_corrected"] for row in Tables(out).rows("observations") if row["value_corrected"] is not None
    ] == [5]


@pytest.mark.parametrize(
    "change",
    [
        {"expect": {"raw": "another"}},
        {"expect": {"value": 4321}},
        {"expect": {"status": "blank"}},
        {"breakdown": "gone"},
    ],
)
def test_one_that_no_longer_holds_stops_the_run(
    tmp_path: Path, folder: Path, change: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    out = copied(published(few()), tmp_path / "out")
    (folder / "a.toml").write_text(entry(figure(), **change), "utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert extract(out, folder) == 5
    assert "a.toml, entry 1" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_one_for_a_report_elsewhere_does_nothing(tmp_path: Path, folder: Path) -> None:
    (folder / "a.toml").write_text(entry(figure(), report="r" + "0" * 16), "utf-8")
    (folder / "b.toml").write_text(entry(figure(), action="confirm", value=None), "utf-8")
    out = tmp_path / "out"
    assert extract(out, folder) == 0
    assert all(row["value_corrected"] is None for row in Tables(out).rows("observations"))
    from pipeline.manifest import load as run_of

    said = run_of(out)
    assert said is not None
    assert said["corrections"] == {"replaced": 0, "confirmed": 1, "elsewhere": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"action": "erase"}, {"value": None}, {"action": "confirm"}, {"value": "many"}, {"value": "nan"},
        {"expect": {}}, {"expect": {"label": "x"}}, {"expect": {"status": "odd"}}, {"reason": None}, {"source": ""},
        {"colour": "red"}, {"on": "yesterday"},
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(DataFileError, match=r"a\.toml, entry 1"):
        read(entry(figure(), **change), "a.toml")


def test_wrong_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError):
        read("[[corrections", "a.toml")
    with pytest.raises(UsageError):
        load(tmp_path / "nothing")
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(entry(figure()), "utf-8")
    with pytest.raises(DataFileError, match="twice"):
        load(tmp_path)


def test_the_entries_of_the_project_are_well_formed() -> None:
    assert load(ROOT / "corrections").digest
    example = (ROOT / "corrections" / "corrections.toml").read_text("utf-8")
    shown = example[example.index("# [[") :].split("\n#\n")[0]
    (one,) = read("\n".join(line.removeprefix("# ") for line in without_remarks(shown)), "example")
    assert one.action == "replace"


def without_remarks(text: str) -> list[str]:
    """Lines without the words that explain a field."""
    lines = []
    for line in text.splitlines():
        field, _, _ = line.partition("   ")
        lines.append(field)
    return lines
