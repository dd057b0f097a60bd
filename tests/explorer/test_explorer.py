"""The explorer in a real browser, used as a researcher uses it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from explorer.conftest import picture
from playwright.sync_api import Page, expect


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
