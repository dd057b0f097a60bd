"""A release, the server over it and a real browser, once a session; a page that tells of every error and request."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

PATIENCE = 120_000
"""Milliseconds that a browser waits for what it is told to find: a machine may have other work."""
expect.set_options(timeout=PATIENCE)

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".tools" / "screenshots"
"""Where pictures of the pages are kept for people to look at."""


HEAD = """<meta http-equiv="refresh" content="0;url=http://evil.invalid/refresh">
<base href="http://evil.invalid/"><link rel="stylesheet" href="http://evil.invalid/a.css">
<style>@import url(http://evil.invalid/b.css); body{background:url(http://evil.invalid/c.png)}</style>
<script>window.top.hit = 1; alert(1)</script>"""
BODY = """<a href="javascript:alert(3)" onclick="alert(4)">看</a><iframe src="http://evil.invalid/e"></iframe>
<img src="http://evil.invalid/d.png" onerror="alert(5)"><object data="http://evil.invalid/g"></object>
<form action="http://evil.invalid/f"><input name="x" autofocus onfocus="alert(6)"><button>送</button></form>
<svg onload="alert(7)"><a xlink:href="javascript:alert(8)"><text>x</text></a></svg>
<video src="http://evil.invalid/h" autoplay></video>
<div id="o-disclosed_total.year" style="position:fixed;background:url(http://evil.invalid/i)">\u202e反向\u202c</div>"""
"""What a page can try."""


OFFICE = {
    "docx": ("national/nanhuan-2019.html", ("南澴", "西澴"), "docx:Office Open XML Text", ""),
    "doc": ("binchen-wjw-2015.html", ("滨澄", "滨江"), "doc:MS Word 97", ""),
    "rtf": ("national/nanhuan-2019.html", ("南澴", "北澴"), "rtf:Rich Text Format", ""),
    "xlsx": ("national/jinchuan-zrzy-2022.html", ("金川", "柳川"), "xlsx:Calc MS Excel 2007 XML", "HTML (StarCalc)"),
}
"""By format: the sample, its place under another name, so that neither is a copy, and LibreOffice's filters."""


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is filled once, whichever of the processes that run the tests asks first."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"explorer-{name}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    """The documents of the tests in `raw` and the tables made of them in `clean`."""

    def make(folder: Path) -> None:
        write(folder / "raw", browser)
        command = [sys.executable, "-m", "pipeline.cli", "extract", str(folder / "raw"), "--out", str(folder / "clean")]
        command += ["--quiet", "--workers", "2", "--time-limit", "600"]
        done = subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, check=False)
        # The picture cannot be read, and is to be shown all the same.
        assert done.returncode in (0, 1)

    return once(tmp_path_factory, "samples", make)


@pytest.fixture(scope="session")
def raw(made: Path) -> Path:
    return made / "raw"


@pytest.fixture(scope="session")
def release(made: Path) -> Path:
    return made / "clean"


def write(folder: Path, browser: Browser) -> None:
    """The samples; one of them again as a PDF and as a picture, some as office files; one revised; a body over two
    forms; a hostile page."""
    shutil.copytree(ROOT / "data" / "raw", folder)
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.goto((folder / "binchen-wjw-2015.html").as_uri())
    (folder / "printed.pdf").write_bytes(page.pdf(format="A4"))
    page.screenshot(path=folder / "scan.png")
    page.close()
    township = (folder / "national" / "石岚镇2023.txt").read_text("utf-8")
    moved = township.replace("石岚镇", "云崖镇")
    (folder / "fujian" / "云崖镇2023.txt").write_text(moved, "utf-8")
    revised = township.replace("2024-01-22", "2024-03-01").replace("行政处罚\n16", "行政处罚\n17")
    (folder / "national" / "石岚镇2023修订.txt").write_text(revised, "utf-8")
    honest = (folder / "fujian" / "taojin-2009.html").read_text("gb18030").replace("桃津", "红石")
    hostile = honest.replace("<head>", f"<head>{HEAD}").replace("<body>", f'<body onload="alert(2)">{BODY}')
    hostile = hostile.replace("<td>", '<td onmouseover="alert(9)"><script>alert(10)</script>')
    (folder / "hostile.html").write_text(hostile, "gb18030")
    if program := shutil.which("soffice"):
        for kind, (sample, (name, other), output, given) in OFFICE.items():
            source = folder.parent / f"office.{kind}.html"
            source.write_text((folder / sample).read_text("utf-8").replace(name, other), "utf-8")
            command = [program, f"-env:UserInstallation=file://{folder.parent}/profile", "--headless"]
            command += [f"--infilter={given}"] if given else []
            command += ["--convert-to", output, "--outdir", str(folder), str(source)]
            subprocess.run(command, capture_output=True, check=True, timeout=600)


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
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    said: list[str] = []
    outside: list[str] = []

    def ask(address: str) -> None:
        if urlsplit(address).hostname not in ("127.0.0.1", None):
            outside.append(address)

    def hear(message: ConsoleMessage) -> None:
        # A frame that shows a place refuses the scripts by which Playwright clicks there, and says so.
        ours = message.text.startswith("Blocked script execution") and "#m" in message.text
        if message.type in ("error", "warning") and not ours:
            said.append(message.text)

    window.on("console", hear)
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
