"""Text documents of older formats: read by our own reader, and once more through an office program where there is one.

Our own reader is the one that counts; what the other makes of the same bytes is kept beside it for comparison
(`Document.second`). Where ours cannot read the file, the other's is taken, and the document says so.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.conversion import Converter
from parsers.document import Document
from parsers.errors import DocumentError, LimitError, UnknownFormatError
from parsers.readers import doc, sniff, word
from parsers.records import Issue

OWN = "msdoc2docx"


def read(content: bytes, kind: str, converter: Converter | None = None) -> Document:
    """Read a document of a word processor. Raises DocumentError where no reader makes anything of it."""
    own: Document | None = None
    if kind == sniff.DOC:
        try:
            own = doc.read(content)
        except LimitError:
            raise
        except DocumentError as error:
            failure: DocumentError = error
    else:
        failure = UnknownFormatError(f"no reader for {kind}", reading=kind, remedy="Install LibreOffice, or convert it")
    if converter is None:
        if own is None:
            raise failure
        return _noted(own, f"read with {OWN} alone")
    try:
        other = word.read(converter.docx(content, kind), stored=True)
    except DocumentError as error:
        if own is None:
            raise failure from error
        return _noted(own, f"read with {OWN} alone: {converter.name} cannot read it ({error.message})")
    other = replace(other, media_type=kind)
    if own is None and not other.blocks:
        raise failure
    if own is None:
        why = f" ({OWN} cannot: {failure.message})" if kind == sniff.DOC else ""
        return _noted(other, f"read with {converter.name}{why}", "warning" if why else "info")
    noted = _noted(own, f"read with {OWN}, and with {converter.name} for comparison")
    return replace(noted, second=_noted(other, f"read with {converter.name}"))


def _noted(document: Document, message: str, severity: str = "info") -> Document:
    used = Issue(code="converted", severity=severity, message=message)
    return replace(document, issues=(used, *document.issues))
