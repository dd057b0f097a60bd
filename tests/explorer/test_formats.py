"""Office files, PDF and pictures in a real browser: from a number to its place in the document, and back."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pypdfium2
import pytest
from explorer.conftest import OFFICE, ROOT, once, picture, served
from playwright.sync_api import Browser, Page, expect

from pipeline import schema


@pytest.mark.parametrize("kind", sorted(OFFICE))
def test_a_number_is_followed_into_the_document_and_back(server: str, page: Page, release: Path, kind: str) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("soffice is not installed (libreoffice-writer-nogui, libreoffice-calc-nogui)")
    chosen, other = told_apart(release, f"office.{kind}.{kind}")
    page.goto(f"{server}/en/reports/{chosen['report_id']}")
    follow(page, chosen)
    frame = page.frame_locator("iframe[name=source]")
    expect(frame.locator(":target")).to_have_text(chosen["raw"].strip())
    expect(frame.locator("tr", has=frame.locator(":target"))).to_have_count(1)
    picture(page, f"format-{kind}")
    back(page, other)


def test_a_pdf_shows_its_page_with_the_box_marked(server: str, page: Page, release: Path, raw: Path) -> None:
    chosen, other = told_apart(release, "printed.pdf")
    page.goto(f"{server}/en/reports/{chosen['report_id']}")
    follow(page, chosen)
    picture(page, "format-pdf")
    number, left, top, right, bottom = box_shown(page)
    # The figure stands in the box, as PDFium's own search finds it; its heights count from below.
    with pypdfium2.PdfDocument(raw / "printed.pdf") as document:
        printed = document[number - 1]
        text = printed.get_textpage()
        start, count = text.search(chosen["raw"]).get_next() or (0, 0)
        assert count == len(chosen["raw"])
        x0, y0, x1, y1 = text.get_charbox(start)
        assert left < (x0 + x1) / 2 < right
        assert top < printed.get_height() - (y0 + y1) / 2 < bottom
    back(page, other)


@pytest.fixture(scope="session")
def pictured(release: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report read from a picture: a sample's figures, located where a browser has set their cells in type."""
    return once(tmp_path_factory, "pictured", lambda folder: photograph(release, folder, browser))


def photograph(release: Path, folder: Path, browser: Browser) -> None:
    (folder / "raw").mkdir()
    (folder / "clean").mkdir()
    sample = ROOT / "data" / "raw" / "binchen-wjw-2015.html"
    window = browser.new_page(viewport={"width": 900, "height": 700})
    window.goto(sample.as_uri())
    cells = window.locator("td").evaluate_all(
        "all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().toJSON()])"
    )
    content = window.screenshot(path=folder / "raw" / "photo.png", full_page=True)
    window.close()
    places = {
        text: f"image:p1({box['left']:g},{box['top']:g},{box['right']:g},{box['bottom']:g})" for text, box in cells
    }
    known = {"document_id": hashlib.sha256(content).hexdigest(), "source": "photo.png"}
    report = next(row for row in read(release, "reports") if row["source"] == sample.name)
    for table in ("reports", "bodies", "documents", "report_documents", "observations"):
        rows = pq.read_table(release / f"{table}.parquet").to_pylist()
        key = next(key for key in ("report_id", "body_id", "document_id") if key in rows[0])
        rows = [row for row in rows if row[key] == report[key]]
        for row in rows:
            if "locator" in row:
                row["locator"] = places.get(row["raw"].strip(), "")
            if table == "documents":
                row["media_type"], row["encoding"] = "image/png", ""
            row.update({key: value for key, value in known.items() if key in row})
        wanted = schema.arrow_schema(table)
        pq.write_table(pa.Table.from_pylist(rows, schema=wanted), folder / "clean" / f"{table}.parquet")
        with (folder / "clean" / f"{table}.csv").open("w", encoding="utf-8") as text:
            writer = csv.DictWriter(text, wanted.names)
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def gallery(pictured: Path) -> Iterator[str]:
    yield from served(pictured / "clean", pictured / "raw")


def test_a_picture_is_shown_with_the_box_marked(gallery: str, page: Page, pictured: Path) -> None:
    chosen, other = told_apart(pictured / "clean", "photo.png")
    page.goto(f"{gallery}/en/reports/{chosen['report_id']}")
    follow(page, chosen)
    picture(page, "format-png")
    number, *shown = box_shown(page)
    wanted = [float(edge) for edge in chosen["locator"].removeprefix("image:p1(").rstrip(")").split(",")]
    assert number == 1
    # The line around a box is drawn a little outside it.
    assert all(abs(one - other) < 4 for one, other in zip(shown, wanted, strict=True))
    back(page, other)


def told_apart(release: Path, source: str) -> list[dict[str, str]]:
    """Two neighbours among the figures that stand only once in a document, so that none is marked right by chance."""
    report = next(row for row in read(release, "reports") if row["source"] == source)
    cells = [row for row in read(release, "observations") if row["report_id"] == report["report_id"]]
    counted = Counter(row["raw"] for row in cells)
    cells = [row for row in cells if counted[row["raw"]] == 1 and row["status"] == "reported" and row["locator"]]
    return sorted(cells, key=lambda row: [float(place) for place in re.findall(r"[\d.]+", row["locator"])])[:2]


def follow(page: Page, cell: dict[str, str]) -> None:
    """From a figure of the form to its place, which is then in sight."""
    page.locator(f"[id='o-{key(cell)}'] a").click()
    expect(page.locator(".cellcard code", has_text=cell["locator"])).to_be_visible()
    expect(page.frame_locator("iframe[name=source]").locator(":target")).to_be_in_viewport()


def back(page: Page, cell: dict[str, str]) -> None:
    """From the place of a figure in the document to the figure."""
    says = f"{cell['indicator']} · {cell['breakdown']} ="
    frame = page.frame_locator("iframe[name=source]")
    frame.locator(f"a[title^='{says}'], a[aria-label^='{says}']").first.click()
    expect(page.locator(".cellcard code", has_text=cell["locator"])).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["cell"] == [key(cell)]
    expect(page.locator("td.here")).to_have_count(1)


def box_shown(page: Page) -> tuple[int, float, float, float, float]:
    """The page and the edges of the marked box as it is seen on the picture, in the units of the document."""
    frame = page.frame_locator("iframe[name=source]")
    drawing = frame.locator("svg.page", has=frame.locator(":target"))
    image = drawing.locator("image")
    address = image.get_attribute("href")
    assert address is not None
    assert page.request.get(urljoin(page.url, address)).headers["content-type"] == "image/png"
    whole, box = image.bounding_box(), frame.locator("rect:target").bounding_box()
    assert whole is not None
    assert box is not None
    scale = float((drawing.get_attribute("viewBox") or "").split()[2]) / whole["width"]
    left, top = (box["x"] - whole["x"]) * scale, (box["y"] - whole["y"]) * scale
    number = int(drawing.get_attribute("aria-label") or 0)
    return number, left, top, left + box["width"] * scale, top + box["height"] * scale


def read(release: Path, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader((release / f"{table}.csv").read_text("utf-8").splitlines()))


def key(row: dict[str, str]) -> str:
    return f"{row['indicator']}.{row['breakdown']}"
