"""The page of benchmarks keeps what each call printed, once."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_all", ROOT / "bench" / "all.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_call_has_one_section_in_the_order_of_the_programs(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [bench.title_of(name, arguments) for name, *both in bench.PROGRAMS for arguments in both]
    said = bench.report(dict.fromkeys(reversed(calls), "2026\n\n```\nfigures\n```"))
    titles = [line for line in said.splitlines() if line.startswith(bench.MARK)]
    assert titles == [f"{bench.MARK}{title}`" for title in dict.fromkeys(calls)]
    page = tmp_path / "benchmarks.md"
    page.write_text(said, "utf-8")
    monkeypatch.setattr(bench, "REPORT", page)
    assert bench.report(bench.kept()) == said


def test_one_call_of_several_can_be_asked_for(bench: ModuleType) -> None:
    titles = ("bench/growth.py --counts 100", "bench/growth.py --rows 10 --counts 100")
    assert [bench.asked_for("growth", title, ["growth"]) for title in titles] == [True, True]
    assert [bench.asked_for("growth", title, ["growth.py --rows"]) for title in titles] == [False, True]
    assert [bench.asked_for("growth", title, ["run"]) for title in titles] == [False, False]
