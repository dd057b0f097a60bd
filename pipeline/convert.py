"""Outside programs and models, handed to the parser: what it may not do itself because it touches nothing.

The functions here stand for `parsers.parse` where scans and pictures are to be read, or where LibreOffice is to read
older office files a second time. What the engines are is part of a run's identity, so other engines read documents
anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata

from parsers import parse
from parsers.errors import BrokenDocumentError, UsageError
from parsers.recognition import Recognition
from parsers.records import Bundle, ParsedBundle
from pipeline import office, versions

WITH_OCR = "pipeline.convert:parse_with_ocr"
WITH_OFFICE = "pipeline.convert:parse_with_office"
WITH_BOTH = "pipeline.convert:parse_with_both"
"""Functions that read a bundle with text recognition, with LibreOffice, and with both, as `module:function`."""

_alive: list[Callable[[], None]] = []


def parser(*, ocr: bool = False, with_office: bool = True) -> str:
    """The function that reads bundles with what is asked for and installed, as `module:function`."""
    if with_office and office.version():
        return WITH_BOTH if ocr else WITH_OFFICE
    return WITH_OCR if ocr else versions.PARSER


def watch(alive: Callable[[], None]) -> None:
    """Have `alive` called before each page that is recognised, and while a file is converted.

    A page, and each stretch of a conversion, may take as long as a document.
    """
    _alive[:] = [alive]


def identity(function: str) -> str:
    """What one of the functions depends on besides the code of the parser. UsageError where that is not installed."""
    said: list[object] = [engines(function)]
    if function in (WITH_OCR, WITH_BOTH):
        said.insert(0, versions.digest("pipeline.recognition"))
    if function in (WITH_OFFICE, WITH_BOTH):
        said.insert(0, versions.digest("pipeline.office"))
    return json.dumps(said, sort_keys=True)


def engines(function: str) -> dict[str, str]:
    """The programs and engines that one of the functions uses, with their versions.

    UsageError where text recognition is wanted and not installed.
    """
    found = {"libreoffice": office.version()} if function in (WITH_OFFICE, WITH_BOTH) else {}
    if function not in (WITH_OCR, WITH_BOTH):
        return found
    try:
        from pipeline.recognition.models import versions as of_models

        return found | of_models()
    except (ImportError, metadata.PackageNotFoundError) as error:
        raise UsageError(
            f"text recognition is not installed ({error})",
            remedy="Install it with `pip install gongkai[ocr]`, or run `make extract OCR=1`",
        ) from error


def parse_with_ocr(bundle: Bundle) -> ParsedBundle:
    """Read a bundle as `parsers.parse` does, scans and pictures too."""
    return parse(replace(bundle, recogniser=Scans()))


def parse_with_office(bundle: Bundle) -> ParsedBundle:
    """Read a bundle as `parsers.parse` does, older office files a second time by LibreOffice."""
    return parse(replace(bundle, converter=Office(office.version())))


def parse_with_both(bundle: Bundle) -> ParsedBundle:
    """Read a bundle with text recognition and with LibreOffice."""
    return parse(replace(bundle, recogniser=Scans(), converter=Office(office.version())))


@dataclass(frozen=True, slots=True)
class Office:
    """The converter that is handed to the parser: LibreOffice of a version."""

    version: str

    @property
    def name(self) -> str:
        return f"LibreOffice {self.version}"

    def docx(self, content: bytes, media_type: str) -> bytes:
        """A text document made into .docx. BrokenDocumentError where the program makes nothing of it."""
        try:
            return office.converted(content, "doc", "docx", _say_alive)
        except office.OfficeError as error:
            raise BrokenDocumentError(str(error), reading=media_type) from error
        finally:
            _say_alive()


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
            _say_alive()
            try:
                found.append(recognise(picture, loaded()))
            except cv2.error as error:
                raise BrokenDocumentError(
                    f"page {picture.number} cannot be recognised ({error})", reading=media_type
                ) from error
        return found


def _say_alive() -> None:
    for alive in _alive:
        alive()
