"""Documents of other formats, made from the sample pages by real programs, once a session."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from formats.making import CONVERTED, SAMPLES

OFFICE = {
    "pdf": ("pdf:writer_web_pdf_Export", ""),
    "docx": ("docx:Office Open XML Text", ""),
    "doc": ("doc:MS Word 97", ""),
    "rtf": ("rtf:Rich Text Format", ""),
    "xlsx": ("xlsx:Calc MS Excel 2007 XML", "HTML (StarCalc)"),
    "xls": ("xls:MS Excel 97", "HTML (StarCalc)"),
}
"""What LibreOffice is asked for: the output filter, and the input filter where it is not its own choice."""

Maker = Callable[[str, str], bytes]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """A sample in a format of OFFICE, all samples of a format converted in one run."""
    program = shutil.which("soffice")
    folder = tmp_path_factory.mktemp("office")

    def make(kind: str, sample: str) -> bytes:
        if program is None:
            pytest.skip("soffice is not installed (libreoffice-writer-nogui, libreoffice-calc-nogui)")
        target = folder / kind
        if not target.exists():
            target.mkdir()
            output, given = OFFICE[kind]
            command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
            command += [f"--infilter={given}"] if given else []
            command += ["--convert-to", output, "--outdir", str(target)]
            command += [str(SAMPLES / each) for each in CONVERTED[kind]]
            subprocess.run(command, capture_output=True, check=False, timeout=300)
        result = target / f"{Path(sample).stem}.{kind}"
        if not result.exists():
            pytest.skip(f"soffice made no {kind} here; is its module for it installed?")
        return result.read_bytes()

    return make


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], bytes]:
    """Prints a page to PDF by Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    folder = tmp_path_factory.mktemp("browser")
    made: dict[Path, bytes] = {}

    def make(page: Path) -> bytes:
        if program is None:
            pytest.skip("chromium is not installed")
        if page not in made:
            target = folder / f"{len(made)}.pdf"
            command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
            command += ["--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri()]
            subprocess.run(command, capture_output=True, check=False, timeout=120)
            if not target.exists():
                pytest.skip("chromium could not print here")
            made[page] = target.read_bytes()
        return made[page]

    return make
