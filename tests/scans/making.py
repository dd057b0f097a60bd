"""Scans made from sample pages: printed by a browser, drawn, and made worse as a scanner does."""

from __future__ import annotations

import io
import math
import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from parsers import ParsedBundle

SAMPLES = Path(__file__).parents[2] / "data" / "raw"

SHORT = "赤门乡2018年政府信息公开工作年度报告.html"
LONG = "长表/西河县2011.html"
OF_2014 = "binchen-wjw-2015.html"
OF_2019 = "national/nanhuan-2019.html"
OF_2021 = "national/jinchuan-zrzy-2022.html"
TRADITIONAL = "national/muling-2021-traditional.html"
ALL = (SHORT, LONG, OF_2014, OF_2019, OF_2021, TRADITIONAL)

DENSITY = 150
SKEW, BLUR, NOISE, JPEG = 0.8, 0.8, 8.0, 45

FIELDS = ("form", "report_year", "period_start", "period_end", "published_date", "publisher", "title")

Key = tuple[str, str]
Reading = tuple[str, Decimal | None]


def printed(page: Path) -> bytes:
    """A page as a PDF by Chromium. FileNotFoundError where it is not installed or makes none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise FileNotFoundError("chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.pdf"
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={target}", page.absolute().as_uri()]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
        return target.read_bytes()


def drawn(pdf: bytes, numbers: Sequence[int] = (), density: int = DENSITY) -> list[Any]:
    """Pages of a PDF as grey pictures; `numbers` count from 0."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        wanted = numbers or range(len(document))
        return [document[n].render(scale=density / 72).to_pil().convert("L") for n in wanted]
    finally:
        document.close()


def degraded(picture: Any, *, skew: float = SKEW, seed: int = 1) -> Any:
    """A picture turned a little, blurred, with noise, and compressed."""
    from PIL import Image, ImageChops, ImageFilter

    turned = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    blurred = turned.filter(ImageFilter.GaussianBlur(BLUR))
    chance = random.Random(seed)
    # The sum of two even spreads is near enough to the noise of a scanner.
    spread = round(NOISE * math.sqrt(6))
    size = blurred.width * blurred.height
    for sign in (ImageChops.add, ImageChops.subtract):
        grain = Image.frombytes("L", blurred.size, chance.randbytes(size)).point(lambda value: value * spread // 255)
        blurred = sign(blurred, grain)
    packed = io.BytesIO()
    blurred.save(packed, "JPEG", quality=JPEG)
    return Image.open(io.BytesIO(packed.getvalue()))


def bound(pictures: Sequence[Any], density: int = DENSITY) -> bytes:
    """Pictures as the pages of a PDF, as scanners make it."""
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=float(density), quality=95)
    return out.getvalue()


def saved(picture: Any, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def readings(parsed: ParsedBundle) -> dict[Key, Reading]:
    """What the cells of a report say: status and value."""
    return {(o.indicator, o.breakdown): (o.status, o.value) for o in parsed.observations}
