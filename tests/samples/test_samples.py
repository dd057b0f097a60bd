"""Every sample in data/raw reads as its golden table says, and as well after damage."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from parsers import parse
from parsers.records import ParsedBundle
from tests import damage

RAW = Path(__file__).parents[2] / "data" / "raw"
GOLDEN = sorted(RAW.rglob("*.expected.csv"))
Cells = dict[tuple[str, str], tuple[Decimal | None, str]]


def document_of(golden: Path) -> Path:
    stem = golden.name.removesuffix(".expected.csv")
    return next(p for suffix in (".html", ".htm", ".txt") if (p := golden.with_name(stem + suffix)).exists())


def rows_of(golden: Path, kind: str) -> list[dict[str, str]]:
    with golden.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] == kind]


def expected_cells(golden: Path) -> Cells:
    return {
        (r["key1"], r["key2"]): (Decimal(r["value"]) if r["value"] else None, r["status"])
        for r in rows_of(golden, "cell")
    }


def observed_cells(seen: ParsedBundle) -> Cells:
    return {(o.indicator, o.breakdown): (o.value, o.status) for o in seen.observations}


def read(path: Path) -> ParsedBundle:
    return parse(path.read_bytes(), source=path.relative_to(RAW).as_posix())


def html_text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def names(paths: list[Path]) -> list[str]:
    return [p.name.removesuffix(".expected.csv") for p in paths]


@pytest.mark.parametrize("golden", GOLDEN, ids=names(GOLDEN))
def test_cells(golden: Path) -> None:
    assert observed_cells(read(document_of(golden))) == expected_cells(golden)


@pytest.mark.parametrize("golden", GOLDEN, ids=names(GOLDEN))
def test_fields(golden: Path) -> None:
    seen = read(document_of(golden))
    wanted = {r["key1"]: (r["value"], *filter(None, r["status"].split("|"))) for r in rows_of(golden, "field")}
    assert seen.documents[0].kind in wanted.pop("kind")
    if not wanted:
        assert not seen.reports
        assert seen.documents[0].reason
        return
    report = seen.reports[0]
    shown = {name: "" if (found := getattr(report, name)) is None else str(found) for name in wanted}
    assert {n: t for n, t in shown.items() if t not in wanted[n]} == {}


@pytest.mark.parametrize("golden", GOLDEN, ids=names(GOLDEN))
def test_sections(golden: Path) -> None:
    seen = read(document_of(golden))
    found = [(s.level, s.title.rstrip("。 ")) for s in seen.sections if s.level]
    assert found == [(int(r["key1"]), r["key2"]) for r in rows_of(golden, "section")]


MARKED = [g for g in GOLDEN if document_of(g).suffix != ".txt" and rows_of(g, "cell")]
KEEPING = sorted(name for name, kind in damage.DAMAGES.items() if "cells" in kind.keeps and name != "lossy_text")


@pytest.mark.parametrize("name", KEEPING)
@pytest.mark.parametrize("golden", MARKED, ids=names(MARKED))
def test_damage_keeps_cells(golden: Path, name: str) -> None:
    document = document_of(golden)
    damaged = damage.DAMAGES[name].apply(html_text(document), 11)
    content = damaged if isinstance(damaged, bytes) else damaged.encode("utf-8")
    source = "damaged.txt" if name.endswith("_text") else "damaged.html"
    assert observed_cells(parse(content, source=source)) == expected_cells(golden)


@pytest.mark.parametrize("golden", MARKED, ids=names(MARKED))
def test_lossy_text_invents_nothing(golden: Path) -> None:
    """What a lossy text still tells is read; where a blank has vanished a row may be ambiguous, never wrong."""
    text = damage.lossy_text(html_text(document_of(golden)))
    wanted = expected_cells(golden)
    for key, (value, status) in observed_cells(parse(text.encode("utf-8"), source="lossy.txt")).items():
        if status == "reported":
            assert value == wanted.get(key, (None, ""))[0], key
