"""Pictures and pages of PDFs as arrays of grey, within bounds that are checked before anything is decoded."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parsers.errors import BrokenDocumentError, LimitError

Grey = np.ndarray[Any, np.dtype[np.uint8]]

MAX_PAGES = 120
"""Pages of one document that are recognised; reports have fewer than half as many."""

MAX_PIXELS = 120_000_000
"""Pixels of a picture as it is stored."""

DENSITY = 200.0
"""Dots per inch at which pages of a PDF are drawn."""

MAX_DRAWN = 16_000_000
"""Pixels that a page is drawn in, or a picture made smaller to."""

PDF = "application/pdf"
SEVERAL = ("image/tiff",)
"""Formats whose further pictures are pages; those of others are moments of a film."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as displayed. `unit` is the size of a pixel in points of a PDF, or pixels of the picture as stored."""

    number: int
    grey: Grey
    unit: float


def pictures(content: bytes, media_type: str, numbers: Sequence[int] = ()) -> Iterator[Picture]:
    """The pages of a document, one after the other; those of `numbers`, or all.

    Raises LimitError and BrokenDocumentError.
    """
    return _drawn(content, numbers) if media_type == PDF else _decoded(content, media_type, numbers)


def _drawn(content: bytes, numbers: Sequence[int]) -> Iterator[Picture]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        wanted = [number for number in numbers or range(1, len(document) + 1) if number <= len(document)]
        _within_pages(len(wanted))
        for number in wanted:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(DENSITY / 72, math.sqrt(MAX_DRAWN / max(1.0, width * height)))
            bitmap = page.render(scale=scale, grayscale=True)
            grey = bitmap.to_numpy()
            yield Picture(number, np.ascontiguousarray(grey[..., 0] if grey.ndim == 3 else grey), 1 / scale)
            bitmap.close()
            page.close()
    finally:
        document.close()


def _decoded(content: bytes, media_type: str, numbers: Sequence[int]) -> Iterator[Picture]:
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    # The bounds here are stricter, and say what is wrong.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content)) as image:
            _within_pixels(image.size, media_type)
            count = getattr(image, "n_frames", 1) if media_type in SEVERAL else 1
            wanted = [number for number in numbers or range(1, count + 1) if number <= count]
            _within_pages(len(wanted))
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number > max(wanted, default=0):
                    break
                if number not in wanted:
                    continue
                _within_pixels(frame.size, media_type)
                shown = ImageOps.exif_transpose(frame)
                yield _picture(number, shown)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise BrokenDocumentError(
            f"the picture is damaged ({error})", reading=media_type, remedy="Fetch it again"
        ) from error


def _picture(number: int, image: Any) -> Picture:
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = Image.new("RGBA", clear.size, "white")
        image.alpha_composite(clear)
    if image.mode.startswith(("I", "F")):
        deep = np.asarray(image, dtype=np.float64)
        span = max(1.0, float(deep.max() - deep.min()))
        grey = ((deep - deep.min()) * (255 / span)).astype(np.uint8)
    else:
        grey = np.asarray(image.convert("L"))
    height, width = grey.shape
    scale = min(1.0, math.sqrt(MAX_DRAWN / max(1, width * height)))
    if scale < 1.0:
        import cv2

        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Picture(number, np.ascontiguousarray(grey), 1 / scale)


def _within_pages(count: int) -> None:
    if count > MAX_PAGES:
        raise LimitError(f"{count} pages are pictures, more than {MAX_PAGES}", reading="a scan", remedy="Split it")


def _within_pixels(size: tuple[int, int], media_type: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise LimitError(
            f"the picture has {width} x {height} pixels, more than {MAX_PIXELS} in all",
            reading=media_type,
            remedy="Make it smaller",
        )
