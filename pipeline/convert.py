"""Outside programs and models, handed to the parser: what it may not do itself because it touches nothing.

`parse_with_ocr` stands for `parsers.parse` where scans and pictures are to be read. What the engines are is
part of a run's identity, so other engines read documents anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata

from parsers import parse
from parsers.errors import BrokenDocumentError, UsageError
from parsers.recognition import Recognition
from parsers.records import Bundle, ParsedBundle

WITH_OCR = "pipeline.convert:parse_with_ocr"
"""The function that reads a bundle with text recognition, as `module:function`."""

_alive: list[Callable[[], None]] = []


def watch(alive: Callable[[], None]) -> None:
    """Have `alive` called before each page that is recognised: a page may take as long as a document."""
    _alive[:] = [alive]


def identity() -> str:
    """What recognition depends on besides the code of the parser. UsageError where it is not installed."""
    from pipeline.versions import digest

    return json.dumps([digest("pipeline.recognition"), engines()], sort_keys=True)


def engines() -> dict[str, str]:
    """The engines of text recognition and their versions. UsageError where they are not installed."""
    try:
        from pipeline.recognition.models import versions

        return versions()
    except (ImportError, metadata.PackageNotFoundError) as error:
        raise UsageError(
            f"text recognition is not installed ({error})",
            remedy="Install it with `pip install gongkai[ocr]`, or run `make extract OCR=1`",
        ) from error


def parse_with_ocr(bundle: Bundle) -> ParsedBundle:
    """Read a bundle as `parsers.parse` does, scans and pictures too."""
    return parse(replace(bundle, recogniser=Scans()))


class Scans:
    """The recogniser that is handed to the parser. Models are loaded when the first page needs them."""

    def pages(self, content: bytes, media_type: str, numbers: Sequence[int] = ()) -> list[Recognition]:
        """The pages of a picture or a PDF. Raises LimitError or BrokenDocumentError."""
        import cv2

        from pipeline.recognition.models import loaded
        from pipeline.recognition.pages import recognise
        from pipeline.recognition.pictures import pictures

        cv2.setNumThreads(1)
        found = []
        for picture in pictures(content, media_type, numbers):
            for alive in _alive:
                alive()
            try:
                found.append(recognise(picture, loaded()))
            except cv2.error as error:
                raise BrokenDocumentError(
                    f"page {picture.number} cannot be recognised ({error})", reading=media_type
                ) from error
        return found
