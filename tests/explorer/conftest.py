"""A release, the server over it and a real browser, once a session; a page that tells of every error and request."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".tools" / "screenshots"
"""Where pictures of the pages are kept for people to look at."""


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples."""
    return Path(shutil.copytree(ROOT / "data" / "raw", tmp_path_factory.mktemp("explorer") / "raw"))


@pytest.fixture(scope="session")
def release(raw: Path) -> Path:
    """The tables of `raw`."""
    out = raw.parent / "clean"
    command = [sys.executable, "-m", "pipeline.cli", "extract", str(raw), "--out", str(out), "--quiet"]
    subprocess.run([*command, "--workers", "2"], cwd=ROOT, check=True)
    return out


def served(data: Path, raw: Path) -> Iterator[str]:
    """The address of a server over tables, as a user starts it."""
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--data", str(data), "--raw", str(raw), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        yield next(word for word in line.split() if word.startswith("http://")).rstrip("/")
        server.terminate()


@pytest.fixture(scope="session")
def server(release: Path, raw: Path) -> Iterator[str]:
    yield from served(release, raw)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed, and the explorer's tests need it")
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of the browser; at its end, no page in it has complained or asked for anything beyond this machine."""
    context = browser.new_context(viewport={"width": 1360, "height": 900}, accept_downloads=True)
    window = context.new_page()
    said: list[str] = []
    outside: list[str] = []

    def ask(address: str) -> None:
        if urlsplit(address).hostname not in ("127.0.0.1", None):
            outside.append(address)

    window.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    window.on("pageerror", lambda error: said.append(str(error)))
    window.on("dialog", lambda dialog: said.append(f"a dialog: {dialog.message}"))
    context.on("request", lambda request: ask(request.url))
    yield window
    context.close()
    assert said == []
    assert outside == []


def picture(page: Page, name: str) -> None:
    """Keep a picture of a page as it stands."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
