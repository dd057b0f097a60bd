"""Scans read by the models: pages of one report, clean and degraded, turned, and in every kind of picture.

The whole of the samples is measured by `make ocr-gate`.
"""

from __future__ import annotations

import csv
import json
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from scans import making

from parsers import Bundle, annex, parse, readers
from parsers.document import Paragraph
from parsers.errors import BrokenDocumentError, LimitError

ROOT = Path(__file__).parents[2]
TABLES = (2, 3)
"""Pages, from 0, on which the first tables of the sample stand."""


def observations(document) -> dict[making.Key, making.Reading]:
    found = annex.read(document.blocks).observations
    return {(o.indicator, o.breakdown): (o.status, o.value) for o in found}


@pytest.fixture(scope="module")
def truth():
    return making.readings(parse(Bundle((making.SAMPLES / making.OF_2021).read_bytes(), "page.html")))


@pytest.fixture(scope="module")
def drawn(printed_2021):
    return making.drawn(printed_2021, TABLES)


@pytest.mark.parametrize("kind", ["clean", "degraded"])
def test_a_scan_says_what_the_page_says(recogniser, truth, drawn, kind):
    pages = drawn if kind == "clean" else [making.degraded(page) for page in drawn]
    document = readers.read(making.bound(pages), recogniser=recogniser)
    found = observations(document)
    wrong = {
        key: (reading, truth.get(key))
        for key, reading in found.items()
        if reading != truth.get(key) and reading[0] != "unreadable"
    }
    assert not wrong
    nonzero = [key for key in found if truth[key][1]]
    assert len(nonzero) > 30
    assert sum(found[key] == truth[key] for key in nonzero) >= 0.97 * len(nonzero)
    cells = annex.read(document.blocks).observations
    assert all(cell.locator.startswith("pdf:p") and cell.confidence is not None for cell in cells if cell.raw)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_was_laid_on_its_side(recogniser, drawn, quarters):
    page = drawn[0].crop((0, 0, drawn[0].width, 560))
    upright = readers.read(making.saved(page, "PNG"), recogniser=recogniser)
    turned = readers.read(making.saved(page.rotate(-90 * quarters, expand=True), "PNG"), recogniser=recogniser)
    assert observations(turned) == observations(upright) != {}


def test_running_text_and_its_figures(recogniser, printed_2021):
    page = making.drawn(printed_2021, [0])[0]
    document = readers.read(making.saved(page, "JPEG", quality=90), recogniser=recogniser)
    text = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert "政府信息公开工作年度报告" in text
    assert "2022" in text
    # The models take full-width signs for narrow ones at random.
    assert "（" in text
    assert not re.search(r"[\u4e00-\u9fff][(),]|\((?=[\u4e00-\u9fff])", text)
    assert "recognised" in [issue.code for issue in document.issues]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF"])
def test_kinds_of_pictures(recogniser, kind):
    from PIL import Image

    from pipeline.recognition.pictures import pictures

    first, second = Image.new("L", (60, 40), 200), Image.new("L", (50, 30), 90)
    more = {"save_all": True, "append_images": [second]} if kind in ("GIF", "TIFF") else {}
    content = making.saved(first, kind, **more)
    media_type = f"image/{kind.lower()}"
    assert readers.sniff.media_type(content) == media_type
    found = [(picture.number, picture.grey.shape) for picture in pictures(content, media_type)]
    assert found == ([(1, (40, 60)), (2, (30, 50))] if kind == "TIFF" else [(1, (40, 60))])


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")):
        out += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return out


def test_a_picture_too_large_is_refused_before_it_is_decoded(recogniser):
    with pytest.raises(LimitError, match="100000 x 100000 pixels"):
        readers.read(png(100_000, 100_000), recogniser=recogniser)


def test_a_scan_of_too_many_pages_is_refused(recogniser):
    from PIL import Image

    with pytest.raises(LimitError, match="130 pages"):
        readers.read(making.bound([Image.new("L", (20, 30), 250)] * 130), recogniser=recogniser)


def test_a_damaged_picture_is_an_error(recogniser, drawn):
    whole = making.saved(drawn[0], "PNG")
    with pytest.raises(BrokenDocumentError, match="damaged"):
        readers.read(whole[: len(whole) // 2], recogniser=recogniser)


def run(folder: Path, *arguments: str) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "pipeline.cli", "extract", str(folder / "raw"), "--out", str(folder / "out")]
    done = subprocess.run(
        [*command, "--workers", "1", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode in (0, 1, 3), done.stderr
    with open(folder / "out" / "documents.csv", encoding="utf-8") as file:
        return {row["source"]: row for row in csv.DictReader(file)}


def test_a_run_reads_scans_only_when_asked(recogniser, drawn, tmp_path):
    (tmp_path / "raw").mkdir()
    page = drawn[0].crop((0, 0, drawn[0].width, 560))
    (tmp_path / "raw" / "2022年报告.png").write_bytes(making.saved(page, "PNG"))
    (tmp_path / "raw" / "huge.png").write_bytes(png(100_000, 100_000))
    before = run(tmp_path)
    assert {row["kind"] for row in before.values()} == {"error"}
    assert all(row["reason"].startswith("needs ocr") for row in before.values())
    with open(tmp_path / "out" / "issues.csv", encoding="utf-8") as file:
        assert {row["code"] for row in csv.DictReader(file)} == {"needs_ocr"}
    with open(tmp_path / "out" / "coverage.csv", encoding="utf-8") as file:
        assert {row["state"] for row in csv.DictReader(file)} == {"found_unparsed"}
    after = run(tmp_path, "--ocr")
    assert "pixels" in after["huge.png"]["reason"]
    assert after["2022年报告.png"]["kind"] != "error"
    engines = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["versions"]["engines"]
    assert engines["rapidocr"]
