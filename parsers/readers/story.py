"""Paragraphs of word processors: runs with their looks to text, and remarks on what is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.characters.widths import DIGITS
from parsers.document import Block, Paragraph, Table
from parsers.frozen import frozen
from parsers.records import Issue

GONE = {
    "deleted": ("deleted_text", "text that a revision deleted is left out"),
    "struck": ("deleted_text", "text that is struck out is left out"),
    "hidden": ("hidden_text", "text that is not shown is left out"),
    "prompt": ("hidden_text", "the prompt of a control that nobody filled in is left out"),
    "raised": ("note_mark_dropped", "a note mark is left out"),
}
"""Why a run is no text of the page: the code of the remark and its words."""

MOST_ISSUES = 200

_NOTE_MARK = re.compile(r"[\[［(（〔【]?[注註]?(?:[0-9０-９]{1,3}|[①-⑳⑴-⒇*＊※†‡])[\])）］〕】]?|[\[［]?[注註][\]］]?")
_BLANKS = re.compile(r"[ \t\r\f\v]+")


@frozen
class Run:
    """Characters of one look. `gone` is one of GONE's keys, or "" for text that is shown."""

    text: str
    bold: bool = False
    gone: str = ""


@dataclass(slots=True)
class Story:
    """The blocks of a document as they are gathered, with the remarks on them."""

    blocks: list[Block] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def remark(self, code: str, message: str, raw: str = "", locator: str = "", severity: str = "info") -> None:
        if len(self.issues) < MOST_ISSUES:
            self.issues.append(Issue(code=code, severity=severity, message=message, raw=raw[:500], locator=locator))

    def text(self, runs: Sequence[Run], locator: str) -> tuple[str, bool]:
        """The text that runs show, and whether all of it is bold."""
        kept: list[Run] = []
        for run in runs:
            gone = run.gone
            if gone == "raised" and not _is_mark(run.text, kept):
                gone = ""
            if not gone:
                kept.append(run)
            elif run.text.strip():
                self.remark(*GONE[gone], raw=run.text, locator=locator)
        text = tidy("".join(run.text for run in kept))
        shown = [run for run in kept if run.text.strip()]
        return text, bool(shown) and all(run.bold for run in shown)

    def paragraph(
        self, runs: Sequence[Run], locator: str, *, number: str = "", level: int = 0, align: str = ""
    ) -> None:
        text, bold = self.text(runs, locator)
        if text:
            self.blocks.append(Paragraph(number + text, locator, level=level, bold=bold, align=align))


def _is_mark(text: str, before: Sequence[Run]) -> bool:
    """Whether raised text is the mark of a note: it follows something, and is a figure or sign."""
    return bool(_NOTE_MARK.fullmatch(text.strip())) and any(run.text.strip() for run in before)


def tidy(text: str) -> str:
    """Text with runs of blanks as one, none at the ends of lines, no empty lines at its ends."""
    lines = [_BLANKS.sub(" ", line).strip(" ") for line in text.split("\n")]
    return "\n".join(lines).strip("\n")


def cell_text(paragraphs: Iterable[str]) -> str:
    """The text of a cell of several paragraphs."""
    return "\n".join(text for text in paragraphs if text)


def is_layout(texts: Sequence[str], nested: int) -> bool:
    """Whether a table only arranges what stands in it: one cell, or tables within it and hardly a figure."""
    filled = [text for text in texts if text]
    if len(texts) == 1:
        return True
    figures = sum(1 for text in filled if len(text) <= 12 and any(char in DIGITS for char in text))
    return nested > 0 and figures <= max(2, nested)


def shown(table: Table | None) -> bool:
    """Whether a table has any text."""
    return table is not None and any(cell.text for cell in table.cells)
