"""Milliseconds and peak memory by format, beside peers on the same files.

    python bench/formats.py [--rounds N] [--only FORMAT ...] [--peers PYTHON]

A sample report is turned into each format by LibreOffice and Chromium; those that are not installed make no file, and
their formats are left out. Peers (bench/peers.txt) are installed into an environment of their own in .tools, or are
those of the interpreter given by --peers; without them ours are measured alone. Every contestant reads every file in a
process of its own, once to warm up and then so many rounds; memory is the most that the process held, its libraries
included. Ours gives records with every cell's place and status; peers give Markdown or a tree of the text.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "raw" / "national" / "jinchuan-zrzy-2022.html"
PEERS = ROOT / "bench" / "peers.txt"
TIMEOUT = 900

FORMATS = ("html", "pdf", "docx", "doc", "rtf", "xlsx", "xls", "scan")
READS = {
    "gongkai": FORMATS,
    "markitdown": ("html", "pdf", "docx", "xlsx", "xls"),
    "docling": ("html", "docx", "xlsx"),
}
"""The formats that each contestant reads as it is installed here."""

OFFICE = {
    "docx": ("docx:Office Open XML Text", ""),
    "doc": ("doc:MS Word 97", ""),
    "rtf": ("rtf:Rich Text Format", ""),
    "xlsx": ("xlsx:Calc MS Excel 2007 XML", "HTML (StarCalc)"),
    "xls": ("xls:MS Excel 97", "HTML (StarCalc)"),
}
"""What LibreOffice is asked for: the output filter, and the input filter where it is not its own choice."""


def made(folder: Path, wanted: set[str]) -> dict[str, Path]:
    """The sample in each format that can be made here."""
    files = {"html": SAMPLE}
    office = shutil.which("soffice")
    for kind, (output, given) in OFFICE.items():
        if office is None or kind not in wanted:
            continue
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += [f"--infilter={given}"] if given else []
        command += ["--convert-to", output, "--outdir", str(folder), str(SAMPLE)]
        subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT)
        files[kind] = folder / f"{SAMPLE.stem}.{kind}"
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser and wanted & {"pdf", "scan"}:
        files["pdf"] = folder / f"{SAMPLE.stem}.pdf"
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/browser"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={files['pdf']}", SAMPLE.as_uri()]
        subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT)
        if "scan" in wanted and files["pdf"].exists():
            files["scan"] = scan(files["pdf"], folder / "scan.tiff")
    return {kind: path for kind, path in files.items() if kind in wanted and path.exists()}


def scan(printed: Path, target: Path) -> Path:
    """The pages of a PDF as pictures in one file, at 150 dots per inch."""
    import pypdfium2

    document = pypdfium2.PdfDocument(printed)
    try:
        pages = [page.render(scale=150 / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()
    pages[0].save(target, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    return target


def peers(given: str) -> str:
    """The interpreter that has the peers, "" where they cannot be installed."""
    if given:
        return given
    sys.path.insert(0, str(ROOT / "tools"))
    from installer import SetupError, run, uv_environment, uv_program

    home = ROOT / ".tools" / "peers"
    python, stamp = home / "bin" / "python", home / "peers.txt"
    if stamp.exists() and stamp.read_text("utf-8") == PEERS.read_text("utf-8"):
        return str(python)
    try:
        uv, environment = uv_program(), uv_environment()
        run([uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(home)], environment)
        run([uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(PEERS)], environment)
    except (SetupError, OSError) as error:
        print(f"the peers are not installed: {error}")
        return ""
    stamp.write_text(PEERS.read_text("utf-8"), "utf-8")
    return str(python)


# In a process of its own


def ours(path: Path) -> Callable[[], str]:
    sys.path.insert(0, str(ROOT))
    from parsers.records import Bundle
    from pipeline.convert import Scans

    scans = Scans() if path.suffix == ".tiff" else None

    def read() -> str:
        from parsers import parse

        parsed = parse(Bundle(path.read_bytes(), path.name, recogniser=scans))
        return f"{len(parsed.observations)} cells of the form"

    return read


def markitdown(path: Path) -> Callable[[], str]:
    from markitdown import MarkItDown

    program = MarkItDown(enable_plugins=False)
    return lambda: f"{len(program.convert(str(path)).text_content)} characters"


def docling(path: Path) -> Callable[[], str]:
    from importlib import import_module

    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.document import InputDocument

    kind, module, name = {
        ".html": (InputFormat.HTML, "html_backend", "HTMLDocumentBackend"),
        ".docx": (InputFormat.DOCX, "msword_backend", "MsWordDocumentBackend"),
        ".xlsx": (InputFormat.XLSX, "msexcel_backend", "MsExcelDocumentBackend"),
    }[path.suffix]
    backend = getattr(import_module(f"docling.backend.{module}"), name)

    def read() -> str:
        document = InputDocument(path_or_stream=path, format=kind, backend=backend)
        return f"{len(document._backend.convert().tables)} tables"

    return read


CONTESTANTS: dict[str, tuple[Callable[[Path], Callable[[], str]], str]] = {
    "gongkai": (ours, "gongkai"),
    "markitdown": (markitdown, "markitdown"),
    "docling": (docling, "docling-slim"),
}
"""How each reads a file, and the distribution whose version is named."""


def measure(name: str, path: Path, rounds: int) -> dict[str, Any]:
    """Read a file again and again in this process."""
    from importlib.metadata import PackageNotFoundError, version

    prepare, distribution = CONTESTANTS[name]
    read = prepare(path)
    said = read()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        read()
        times.append(1000 * (time.perf_counter() - start))
    try:
        known = version(distribution)
    except PackageNotFoundError:
        known = ""
    return {"times": times, "peak": peak(), "said": said, "version": known}


def peak() -> float:
    """Megabytes that this process held at most."""
    try:
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def asked(python: str, name: str, path: Path, rounds: int) -> dict[str, Any] | str:
    """What a process of its own measures, or why it does not."""
    command = [python, str(Path(__file__).resolve()), "--measure", name, str(path), "--rounds", str(rounds)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT, cwd=path.parent)
    except subprocess.TimeoutExpired:
        return f"took longer than {TIMEOUT} s"
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return f"fails ({lines[-1][:80]})" if lines else "fails"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--only", nargs="*", default=list(FORMATS), choices=FORMATS, help="only these formats")
    options.add_argument("--peers", default="", metavar="PYTHON", help="an interpreter that has the peers")
    options.add_argument("--measure", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure[0], Path(chosen.measure[1]), chosen.rounds)))
        return 0
    other = peers(chosen.peers)
    pythons = {name: sys.executable if name == "gongkai" else other for name in CONTESTANTS}
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        files = made(Path(folder), set(chosen.only))
        print(
            f"{SAMPLE.name} in {len(files)} formats; milliseconds are medians of {chosen.rounds} rounds, scans of one"
        )
        print(f"{'':8}{'bytes':>10}   {'contestant':22}{'median':>10}{'min':>10}{'max':>10} ms{'peak':>9} MB   gives")
        for kind in (kind for kind in FORMATS if kind in files):
            for name, python in pythons.items():
                if not python or kind not in READS[name]:
                    continue
                found = asked(python, name, files[kind], 1 if kind == "scan" else chosen.rounds)
                head = f"{kind:8}{files[kind].stat().st_size:>10}   "
                if isinstance(found, str):
                    print(f"{head}{name:22}{found}", flush=True)
                    continue
                times = found["times"]
                shown = (
                    f"{statistics.median(times):10.1f}{min(times):10.1f}{max(times):10.1f} ms{found['peak']:9.0f} MB"
                )
                print(f"{head}{name + ' ' + found['version']:22}{shown}   {found['said']}", flush=True)
        missing = [kind for kind in chosen.only if kind not in files]
        if missing:
            print(f"not made here: {', '.join(missing)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
