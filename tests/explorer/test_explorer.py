"""The explorer in a real browser, used as a researcher uses it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer.conftest import picture
from playwright.sync_api import Page, Route, expect

CHIMEN = "r293a96cf21de5478"


def rows(release: Path, table: str) -> list[dict[str, str]]:
    """The published rows of a table."""
    return list(csv.DictReader((release / f"{table}.csv").read_text("utf-8").splitlines()))


def body_of(release: Path, source: str) -> str:
    return next(row["body_id"] for row in rows(release, "reports") if source in row["source"])


def report_of(release: Path, source: str) -> str:
    return next(row["report_id"] for row in rows(release, "reports") if source in row["source"])


def test_a_number_is_followed_to_its_cell_and_back(server: str, page: Page) -> None:
    page.goto(f"{server}/en/reports")
    page.get_by_label("Words in title").fill("赤门乡 2018")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="赤门乡2018年政府信息公开工作年度报告").click()
    page.locator("[id='o-disclosed_total.year'] a").click()
    frame = page.frame_locator("iframe[name=source]")
    marked = frame.locator(":target")
    expect(marked).to_have_text("57")
    expect(marked).to_be_in_viewport()
    row = frame.locator("tr", has=frame.locator(":target"))
    expect(row).to_contain_text("主动公开文件数")
    expect(page.locator(".cellcard")).to_contain_text("html:td#16[0:2]")
    picture(page, "number-and-cell")
    # And back: another cell of the page leads to its figure.
    frame.locator("tr", has_text="政府网站公开数").get_by_role("link", name="615").click()
    expect(page.locator(".cellcard")).to_contain_text("政府网站公开数")
    assert parse_qs(urlsplit(page.url).query)["cell"] == ["disclosed_website.cumulative"]
    expect(page.locator("td.here")).to_have_text("615")
    page.go_back()
    expect(page.locator(".cellcard")).to_contain_text("html:td#16[0:2]")
    # The address by itself shows the same.
    page.goto(f"{server}/zh/reports/{CHIMEN}?cell=disclosed_total.year")
    expect(page.frame_locator("iframe[name=source]").locator(":target")).to_be_in_viewport()


def test_the_same_by_keyboard_alone(server: str, page: Page) -> None:
    page.goto(f"{server}/en/reports/{CHIMEN}")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator("[id='o-disclosed_total.year'] a:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe[name=source]").locator(":target")).to_have_text("57")


def test_filters_search_and_order(server: str, page: Page) -> None:
    page.goto(f"{server}/en/reports")
    page.get_by_label("Form", exact=True).select_option("national_2014")
    page.get_by_label("Checks failed").select_option("yes")
    page.get_by_label("Place").fill("滨澄")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_have_text("1 report")
    expect(page.locator("tbody tr")).to_contain_text("滨澄区卫生和计划生育委员会2015年度")
    page.get_by_role("link", name="Clear filters").click()
    # A phrase of a section's text, which no title has.
    page.get_by_label("Words in title").fill("党政综合办公室")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_have_text("0 reports")
    page.get_by_label("Search in").select_option("text")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr").first).to_contain_text("石岚镇")
    expect(page.locator(".snippet").first).to_contain_text("党政综合办公室")
    page.goto(f"{server}/en/reports?sort=year&latest=all")
    years = [text for text in page.locator("td.year").all_inner_texts() if text != "—"]
    assert years == sorted(years)


def test_marks_of_charts_lead_to_the_rows_behind_them(server: str, page: Page) -> None:
    page.goto(f"{server}/en/")
    picture(page, "overview")
    page.get_by_role("link", name="2018, cumulative annex").click()
    expect(page.get_by_role("status")).to_have_text("1 report")
    expect(page.locator("tbody")).to_contain_text("赤门乡")
    page.go_back()
    page.get_by_role("link", name="福建省 2018: all known of are read").click()
    expect(page.locator("tbody")).to_contain_text("赤门乡")
    # A year of which nothing is known has no mark.
    page.go_back()
    assert page.get_by_role("link", name="福建省 2017").count() == 0


def test_downloads_are_the_rows_that_were_chosen(server: str, page: Page, release: Path) -> None:
    page.goto(f"{server}/en/reports?form=national_2019")
    page.get_by_text("Download the selection").click()
    with page.expect_download() as made:
        page.get_by_role("link", name="observations CSV").click()
    found = list(csv.DictReader(io.StringIO(Path(made.value.path()).read_text("utf-8"))))
    wanted = [row for row in rows(release, "observations") if row["form"] == "national_2019"]
    assert found == wanted
    with page.expect_download() as made:
        page.get_by_role("link", name="reports Parquet").click()
    table = pq.read_table(made.value.path())
    wanted = [row for row in rows(release, "reports") if (row["form"], row["latest"]) == ("national_2019", "true")]
    assert sorted(table["report_id"].to_pylist()) == sorted(row["report_id"] for row in wanted)
    assert table.schema.equals(pq.read_schema(release / "reports.parquet"))


def test_the_language_changes_and_the_place_stays(server: str, page: Page) -> None:
    page.goto(f"{server}/en/reports?q=%E5%B1%80&sort=title")
    count = page.locator("tbody tr").count()
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("年度报告")
    assert page.locator("tbody tr").count() == count > 1
    assert urlsplit(page.url).path == "/zh/reports"
    picture(page, "reports-zh")


def test_a_body_over_two_forms(server: str, page: Page, release: Path) -> None:
    body = body_of(release, "yunya-2014")
    page.goto(f"{server}/en/bodies/{body}?concept=replies_granted")
    expect(page.locator(".drawing")).to_contain_text("national 2021")
    expect(page.locator(".note")).to_contain_text("defined otherwise than before")
    line = page.locator("tr", has_text="Granted (total)").first
    expect(line.locator("td.redefined")).to_have_count(1)
    picture(page, "body")
    page.get_by_role("link", name="2014: ").first.click()
    expect(page.locator(".cellcard")).to_contain_text("replies_granted")


def test_a_revision_says_what_changed(server: str, page: Page, release: Path) -> None:
    page.goto(f"{server}/en/reports/{report_of(release, '石岚镇2023修订')}#versions")
    changed = page.locator("#versions tr", has_text="penalties")
    expect(changed).to_contain_text("16")
    expect(changed).to_contain_text("17")
    page.locator("#versions").get_by_role("link", name="Revision 1").click()
    expect(page.get_by_text("replaced by a newer revision").first).to_be_visible()


def test_a_text_file_shows_its_lines(server: str, page: Page, release: Path) -> None:
    page.goto(f"{server}/en/reports/{report_of(release, '石岚镇2023.txt')}?cell=penalties.decisions")
    marked = page.frame_locator("iframe[name=source]").locator(":target")
    expect(marked).to_have_text("16")
    expect(marked).to_be_in_viewport()


def test_a_picture_is_shown_though_it_could_not_be_read(server: str, page: Page, release: Path) -> None:
    document = next(row["document_id"] for row in rows(release, "documents") if row["source"] == "scan.png")
    page.goto(f"{server}/en/documents/{document}")
    expect(page.get_by_text("needs ocr").first).to_be_visible()
    expect(page.frame_locator("iframe").locator("svg.page image")).to_be_visible()


def views(release: Path) -> list[str]:
    """An address of every kind of page."""
    report, body = report_of(release, "binchen-wjw-2015.html"), body_of(release, "yunya-2014")
    paths = ["", "reports", f"reports/{report}", f"reports/{CHIMEN}?cell=disclosed_total.year", "bodies"]
    paths += [f"bodies/{body}", "checks", "checks?verdict=source_error", "issues", "issues?code=missing_line", "api"]
    paths += ["codebook?q=requests_new", "documents", "coverage?place=35&year=2018"]
    for kind in (".txt", ".pdf", "赤门乡2018"):
        row = next(row for row in rows(release, "reports") if kind in row["source"])
        paths.append(f"documents/{row['document_id']}")
        paths.append(f"documents/{row['document_id']}/view?report={row['report_id']}")
    return paths


@pytest.mark.parametrize(("language", "width"), [("en", 1360), ("zh", 390)])
def test_every_page_is_accessible(server: str, page: Page, release: Path, language: str, width: int) -> None:
    """axe finds nothing, and nothing is wider than the screen."""
    page.set_viewport_size({"width": width, "height": 850})
    axe = Axe()

    def open_up(route: Route) -> None:
        # The frame's page forbids scripts, and axe is one; within other pages it stays as it is.
        if not route.request.is_navigation_request() or route.request.frame != page.main_frame:
            return route.continue_()
        answer = route.fetch()
        kept = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        return route.fulfill(response=answer, headers=kept)

    page.route(re.compile(r"/view\?"), open_up)
    for number, path in enumerate(views(release)):
        page.goto(f"{server}/{language}/{path}")
        # Within a frame without scripts axe cannot run; the frame's page is looked at by itself.
        options: dict[str, Any] = {"iframes": False, "resultTypes": ["violations"]}
        if "/view?" in path:
            # How an archived page is headed and coloured is its publisher's.
            left = ("page-has-heading-one", "heading-order", "color-contrast")
            options["rules"] = {name: {"enabled": False} for name in left}
        found = axe.run(page, options=options)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{path} is {over} pixels too wide"
        picture(page, f"{language}-{width}-{number:02}")


def test_the_api_is_described_and_answers_as_described(server: str, page: Page) -> None:
    described = page.request.get(f"{server}/api/openapi.json").json()
    assert {method for path in described["paths"].values() for method in path} == {"get"}
    page.goto(f"{server}/en/api")
    for path in described["paths"]:
        expect(page.get_by_text(path, exact=True).first).to_be_visible()
    found = page.request.get(f"{server}/api/v1/reports?form=short_annex").json()
    columns = described["components"]["schemas"]["ReportsRow"]["properties"]
    assert all(set(row) == set(columns) for row in found["rows"])
    series = page.request.get(f"{server}/api/v1/bodies/{found['rows'][0]['body_id']}/series").json()
    assert all(point["report_id"] for one in series for point in one["points"])


@pytest.mark.parametrize("within", [True, False])
def test_an_archived_page_runs_nothing_and_asks_for_nothing(
    server: str, page: Page, release: Path, within: bool
) -> None:
    report = next(row for row in rows(release, "reports") if row["source"] == "hostile.html")
    address = f"{server}/en/reports/{report['report_id']}?cell=disclosed_total.year"
    if not within:
        address = f"{server}/en/documents/{report['document_id']}/view?report={report['report_id']}"
    page.goto(address)
    # The frame loads after the page around it.
    framed = page.locator("iframe[name=source]").element_handle().content_frame() if within else None
    frame = framed if within else page.main_frame
    assert frame is not None
    expect(frame.locator("body")).to_contain_text("红石县")
    page.wait_for_timeout(300)
    assert page.url == address
    markup = frame.content().lower()
    tricks = ("<script", "<iframe", "<form", "<object", "<video", "<img", "javascript:", "onload", "onmouse", "evil")
    assert [trick for trick in tricks if trick in markup] == []
    assert page.evaluate("window.hit") is None
    if within:
        expect(frame.locator(":target")).to_have_count(1)
    # Its links lead to reports and nowhere else.
    links = frame.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert links
    assert all(link.startswith("/en/reports/") for link in links)
