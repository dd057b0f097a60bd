"""One tree of errors. Each says what was being read, where, and what to do."""

from __future__ import annotations


class GongkaiError(Exception):
    """Base of every error that this project raises on purpose.

    `reading` names what was being read (a file, a form, a rule), `where` the place in it
    (a locator, a line, a key), `remedy` what the user can do.
    """

    def __init__(self, message: str, *, reading: str = "", where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.reading = reading
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.message]
        if self.reading:
            parts.append(f"while reading {self.reading}")
        if self.where:
            parts.append(f"at {self.where}")
        text = ", ".join(parts)
        return f"{text}. {self.remedy}" if self.remedy else text


class DocumentError(GongkaiError):
    """A document cannot be read; the run goes on and the document is recorded with kind `error`."""


class EmptyDocumentError(DocumentError):
    """No bytes, or nothing but white space."""


class UnknownFormatError(DocumentError):
    """The bytes are of no format that a reader knows."""


class BrokenDocumentError(DocumentError):
    """The bytes are of a known format and cannot be read to their end."""


class LimitError(DocumentError):
    """A document is larger or deeper than a reader accepts, or took too long."""


class NeedsOcrError(DocumentError):
    """A scan or a picture: its text is not in the bytes."""


class DataFileError(GongkaiError):
    """A data file of the project (a form, a rule, an alias) is wrong."""


class ExpressionError(DataFileError):
    """An identity does not follow the grammar of `parsers/forms/arithmetic.py`."""


class PipelineError(GongkaiError):
    """A run cannot go on."""


class UsageError(PipelineError):
    """The command was given something that it cannot use."""


class PublishError(PipelineError):
    """The tables cannot be written; what stood in the output folder is untouched."""
