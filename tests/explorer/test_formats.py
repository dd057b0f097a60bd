"""Office files in a real browser: from a number to its cell in the document, and back."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from explorer.conftest import ROOT, picture, served
from playwright.sync_api import Page, expect

SAMPLES = ROOT / "data" / "raw"
OFFICE = {
    "docx": ("national/nanhuan-2019.html", "docx:Office Open XML Text", ""),
    "doc": ("binchen-wjw-2015.html", "doc:MS Word 97", ""),
    "rtf": ("national/nanhuan-2019.html", "rtf:Rich Text Format", ""),
    "xlsx": ("national/jinchuan-zrzy-2022.html", "xlsx:Calc MS Excel 2007 XML", "HTML (StarCalc)"),
}
"""By format: the sample, and the filters that LibreOffice is asked for."""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples as office files; one that comes twice is of two places, so that none is a copy of the other."""
    folder = tmp_path_factory.mktemp("documents")
    raw = folder / "raw"
    raw.mkdir()
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("soffice is not installed (libreoffice-writer-nogui, libreoffice-calc-nogui)")
    for kind, (sample, output, given) in OFFICE.items():
        page = folder / f"{kind}.html"
        text = (SAMPLES / sample).read_text("utf-8")
        page.write_text(text.replace("南澴", "北澴") if kind == "rtf" else text, "utf-8")
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += [f"--infilter={given}"] if given else []
        command += ["--convert-to", output, "--outdir", str(raw), str(page)]
        subprocess.run(command, capture_output=True, check=True, timeout=600)
    return raw


@pytest.fixture(scope="module")
def tables(documents: Path) -> Path:
    out = documents.parent / "clean"
    command = [sys.executable, "-m", "pipeline.cli", "extract", str(documents), "--out", str(out), "--quiet"]
    subprocess.run([*command, "--time-limit", "600"], cwd=ROOT, stderr=subprocess.DEVNULL, check=False)
    return out


@pytest.fixture(scope="module")
def server(tables: Path, documents: Path) -> Iterator[str]:
    yield from served(tables, documents)


@pytest.mark.parametrize("source", ["docx.docx", "doc.doc", "rtf.rtf", "xlsx.xlsx"])
def test_a_number_is_followed_into_the_document_and_back(server: str, page: Page, tables: Path, source: str) -> None:
    report = next(row for row in read(tables, "reports") if row["source"] == source)
    cells = [row for row in read(tables, "observations") if row["report_id"] == report["report_id"]]
    counted = Counter(row["raw"] for row in cells)
    # Figures that stand only once cannot be marked right by chance.
    chosen, other = [row for row in cells if counted[row["raw"]] == 1 and row["status"] == "reported"][:2]
    page.goto(f"{server}/en/reports/{report['report_id']}")
    page.locator(f"[id='o-{key(chosen)}'] a").click()
    expect(page.locator(".cellcard code", has_text=chosen["locator"])).to_be_visible()
    frame = page.frame_locator("iframe[name=source]")
    marked = frame.locator(":target")
    expect(marked).to_be_in_viewport()
    expect(marked).to_have_text(chosen["raw"].strip())
    expect(frame.locator("tr", has=frame.locator(":target"))).to_have_count(1)
    picture(page, f"format-{source.rpartition('.')[2]}")
    # And back: the place of another figure leads to it.
    says = f"{other['indicator']} · {other['breakdown']} ="
    frame.locator(f"a[title^='{says}']").first.click()
    expect(page.locator(".cellcard code", has_text=other["locator"])).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["cell"] == [key(other)]
    expect(page.locator("td.here")).to_have_count(1)


def read(tables: Path, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader((tables / f"{table}.csv").read_text("utf-8").splitlines()))


def key(row: dict[str, str]) -> str:
    return f"{row['indicator']}.{row['breakdown']}"
