"""What another program makes of a document, handed in from outside: the parser itself starts none."""

from __future__ import annotations

from typing import Protocol


class Converter(Protocol):
    """An office program that knows older formats."""

    @property
    def name(self) -> str:
        """The program and its version, as they are recorded with what it read."""

    def docx(self, content: bytes, media_type: str) -> bytes:
        """A text document made into .docx. Raises BrokenDocumentError where the program makes nothing of it."""
