"""Scans made from sample pages: printed by a browser, drawn, and made worse as a scanner does."""

from __future__ import annotations

import io
import math
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
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


def faxed(picture: Any, *, seed: int = 1) -> Any:
    """A picture in black and white alone, turned a little, with specks."""
    import numpy as np

    chance = np.random.default_rng(seed)
    turned = picture.rotate(0.3, resample=3, fillcolor=255)
    grey = np.asarray(turned).astype(float) + chance.normal(0, 18, (turned.height, turned.width))
    specks = chance.random(grey.shape)
    grey[specks < 0.0004], grey[specks > 0.9996] = 0, 255
    return _picture(np.where(grey > 150, 255, 0)).convert("1", dither=0)


def photographed(picture: Any, *, seed: int = 1) -> Any:
    """A picture seen not quite from above, on a dark table, in a light that fades towards a corner."""
    import cv2
    import numpy as np
    from PIL import ImageFilter

    chance = random.Random(seed)
    grey = np.asarray(picture)
    high, wide = grey.shape
    room = 0.05 * wide
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    moved = [
        (x + room + chance.uniform(-0.012, 0.012) * wide, y + room + chance.uniform(-0.012, 0.012) * wide)
        for x, y in corners
    ]
    seen = cv2.warpPerspective(
        grey,
        cv2.getPerspectiveTransform(corners, np.array(moved, np.float32)),
        (round(wide + 2 * room), round(high + 2 * room)),
        flags=cv2.INTER_CUBIC,
        borderValue=110,
    )
    ys, xs = np.mgrid[0 : seen.shape[0], 0 : seen.shape[1]]
    light = 0.62 + 0.38 * np.clip((xs / seen.shape[1] + ys / seen.shape[0]) / 1.4, 0, 1)
    return _packed(_picture(seen * light).filter(ImageFilter.GaussianBlur(0.9)), 70)


def stamped(picture: Any, *, seed: int = 1) -> Any:
    """A picture with a red round stamp over its middle."""
    from PIL import Image, ImageDraw

    chance = random.Random(seed)
    x, y, reach = chance.uniform(0.3, 0.7) * picture.width, chance.uniform(0.2, 0.6) * picture.height, picture.width / 9
    ink = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(ink)
    pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=(220, 30, 30, 200), width=8)
    points = [math.pi * (0.8 * step - 0.5) for step in range(5)]
    star = [(x + reach / 3 * math.cos(angle), y + reach / 3 * math.sin(angle)) for angle in points]
    pen.polygon(star, fill=(220, 30, 30, 170))
    return _packed(Image.alpha_composite(picture.convert("RGBA"), ink).convert("RGB"), 75)


def edged(picture: Any, *, seed: int = 1) -> Any:
    """A degraded picture between the dark edges that a scanner's lid leaves."""
    from PIL import ImageDraw, ImageOps

    worse = degraded(ImageOps.expand(picture, 60, 255), skew=-1.2, seed=seed)
    wide, high = worse.size
    pen = ImageDraw.Draw(worse)
    pen.rectangle((0, 0, 38, high), fill=12)
    pen.rectangle((0, 0, wide, 24), fill=25)
    pen.polygon([(wide, 0.3 * high), (wide - 50, high), (wide, high)], fill=18)
    return _packed(worse, 60)


def on_its_side(picture: Any, *, seed: int = 1) -> Any:
    return degraded(picture, skew=0.3, seed=seed).rotate(90, expand=True)


def upside_down(picture: Any, *, seed: int = 1) -> Any:
    return degraded(picture, skew=0.3, seed=seed).rotate(180)


def _picture(values: Any) -> Any:
    import numpy as np
    from PIL import Image

    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _packed(picture: Any, quality: int) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(saved(picture, "JPEG", quality=quality)))


WORSE: dict[str, tuple[Callable[..., Any], int]] = {
    "degraded": (degraded, DENSITY),
    "faxed": (faxed, 200),
    "photographed": (photographed, 200),
    "stamped": (stamped, DENSITY),
    "edged": (edged, DENSITY),
    "on_its_side": (on_its_side, DENSITY),
    "upside_down": (upside_down, DENSITY),
}
"""How a page is made worse, by the kind of scan that it becomes, and the dots per inch that it is drawn with."""


def bound(pictures: Sequence[Any], density: int = DENSITY) -> bytes:
    """Pictures as the pages of a PDF, as scanners make it."""
    out = io.BytesIO()
    # Pages in black and white alone are packed as facsimiles are, without loss.
    options = {} if pictures[0].mode == "1" else {"quality": 95}
    pictures[0].save(out, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=float(density), **options)
    return out.getvalue()


def saved(picture: Any, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def readings(parsed: ParsedBundle) -> dict[Key, Reading]:
    """What the cells of a report say: status and value."""
    return {(o.indicator, o.breakdown): (o.status, o.value) for o in parsed.observations}
