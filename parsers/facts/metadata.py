"""What the page says of the article in labelled fields: metadata tables, bylines, meta elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.facts.lines import Line, Page, clean, fold, line_of, squeeze, tables
from parsers.facts.rules import Pattern, load, pattern
from parsers.frozen import frozen

_HEAD = 15
_OPENING = 40
_CATALOGUE = frozenset({"index_number", "document_number", "publisher"})
_LONG_CELL = 120
_PROSE = 160
_LABEL = 40
_COLONS = frozenset((":", "：", "﹕"))
_FIRST = ("一、", "一.", "一，")
_AFTER_VALUE = "府局委室办厅会院网站处科队所心报社台部署区县市乡镇"


_TRANSLATED = re.compile(r"\([A-Za-z][A-Za-z .]{0,30}\)$")


@frozen
class Field:
    """A labelled value: `name` is the key of `metadata.toml`, `label` the words on the page."""

    name: str
    value: str
    label: str
    locator: str
    origin: str
    generic: bool = False
    aside: bool = False


@frozen
class _Label:
    name: str
    label: str
    start: int
    end: int
    generic: bool


def collect(page: Page) -> tuple[Field, ...]:
    """All fields that have a value, those nearest to the article first.

    The head of the page is what stands above the article and its first blocks up to the running
    text; below the article only labels with a colon count.
    """
    opening = _opening(page.article.blocks)
    fields = []
    for blocks, region, beyond in (
        (opening, [item for item in page.own if item.order < len(opening)], None),
        (page.article.before, page.before, next(iter(page.own), None)),
    ):
        found = _catalogue(_fields(blocks, region, "block", strict=False, beyond=beyond))
        fields += [field for _, field in sorted(found, key=lambda item: -item[0])]
    below = [item for item in page.after if item.order < _HEAD]
    fields += [field for _, field in _fields(page.article.after[:_HEAD], below, "below", strict=True)]
    fields += _meta(page.document)
    return tuple(dict.fromkeys(fields))


def _catalogue(found: Sequence[tuple[int, Field]]) -> Sequence[tuple[int, Field]]:
    """Fields of a header or sidebar that names number or publisher are the catalogue's, wherever the page puts it."""
    if not any(field.aside and not field.generic and field.name in _CATALOGUE for _, field in found):
        return found
    return [(order, replace(field, aside=False) if not field.generic else field) for order, field in found]


def is_label(line: Line) -> bool:
    """Whether a line is nothing but one known label, with or without its colon."""
    return _known(line)[0] is not None


def labelled(text: str) -> bool:
    """Whether a known label with a colon stands in the text."""
    return next(_labels(fold(text)), None) is not None


def _opening(blocks: Sequence[Block]) -> Sequence[Block]:
    """The first blocks of the article up to its running text."""
    for index, block in enumerate(blocks[:_OPENING]):
        if isinstance(block, Paragraph) and (len(block.text) > _PROSE or block.text.startswith(_FIRST)):
            return blocks[:index]
    return blocks[:_OPENING]


def _fields(
    blocks: Sequence[Block], region: Sequence[Line], origin: str, *, strict: bool, beyond: Line | None = None
) -> list[tuple[int, Field]]:
    """The fields of lines and tables; `beyond` is the line that follows the last one."""
    found = []
    for index, here in enumerate(region):
        following = region[index + 1] if index + 1 < len(region) else beyond
        if not strict and index + 1 < len(region) and is_label(here):
            following = _opposite(region, index) or following
        found += [(here.order, field) for field in _of_line(here, following, origin, strict=strict)]
    for order, table in tables(blocks):
        found += [(order, field) for field in _of_table(table, origin)]
    return found


def _opposite(region: Sequence[Line], index: int) -> Line | None:
    """The value of a label among others, one a line, where the values come in the same order behind them."""
    first, last = index, index
    while first and is_label(region[first - 1]):
        first -= 1
    while last + 1 < len(region) and is_label(region[last + 1]):
        last += 1
    name = _known(region[index])[0]
    if last == first or name is None or (index == last and _next_line(name, region[index + 1])):
        return None
    values = region[last + 1 : last + 1 + last + 1 - first]
    if len(values) <= last - first or any(map(is_label, values)):
        return None
    return values[index - first]


def _of_line(here: Line, following: Line | None, origin: str, *, strict: bool) -> Iterator[Field]:
    if here.prose and next(_labels(here.folded[:40]), None) is None:
        return
    marks = list(_labels(here.folded))
    for index, mark in enumerate(marks):
        end = marks[index + 1].start if index + 1 < len(marks) else len(here.text)
        value = _value(here.text[mark.end : end])
        if not value and index + 1 == len(marks) and following is not None:
            value = _next_line(mark.name, following)
        field = _field(mark.name, mark.label, value, here.locator, origin, mark.generic, here.aside)
        if field is not None:
            yield field
    if marks or strict:
        return
    name, generic = _known(here)
    if name is not None:
        value = _next_line(name, following) if following is not None else ""
        field = _field(name, squeeze(here.text), value, here.locator, origin, generic, here.aside)
        if field is not None:
            yield field
    else:
        yield from _glued(here, origin)


def _next_line(name: str, following: Line) -> str:
    """The value of a label that stands alone in its line, if the next line looks like one."""
    if following.prose or is_label(following) or next(_labels(following.folded), None) is not None:
        return ""
    shape = _shape(name)
    return following.text if shape is not None and shape.fullmatch(fold(squeeze(following.text))) else ""


def _glued(line: Line, origin: str) -> Iterator[Field]:
    """A label at the start of a line with its value and no colon between; behind the value more may follow."""
    if not line.key.startswith(_by_beginning().get(line.key[:2], ())):
        return
    marks = list(_bare().find(line.folded))
    if not marks or marks[0].start():
        return
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(line.text)
        label = squeeze(mark.group())
        name, generic = _names()[label]
        shape = _shape(name)
        value = _value(line.text[mark.end() : end])
        if generic or shape is None or not shape.fullmatch(fold(squeeze(value))):
            continue
        field = _field(name, label, value, line.locator, origin, False, line.aside)
        if field is not None:
            yield field


def _of_table(table: Table, origin: str) -> Iterator[Field]:
    """Pairs of label and value side by side, a row of labels over a row of values, or `label: value` in a cell."""
    if len(table.cells) > _LONG_CELL:
        return
    used: set[tuple[int, int]] = set()
    for row in range(table.rows):
        cells = _row(table, row)
        names = [_name(cell.text) for cell in cells]
        if len(cells) > 1 and all(names) and row + 1 < table.rows:
            below = {cell.column: cell for cell in _row(table, row + 1)}
            if below and not any(_name(cell.text) for cell in below.values()):
                for cell, name in zip(cells, names, strict=True):
                    under = below.get(cell.column)
                    if under is not None and name is not None:
                        used.add((under.row, under.column))
                        yield from _of_cell(name, cell, under, origin)
                continue
        for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
            if (cell.row, cell.column) in used:
                continue
            if name is not None:
                beside = cells[index + 1] if index + 1 < len(cells) else None
                if beside is not None and names[index + 1] is None:
                    used.add((beside.row, beside.column))
                    yield from _of_cell(name, cell, beside, origin)
            else:
                yield from _inside(cell, origin)


def _of_cell(name: str, label: Cell, value: Cell, origin: str) -> Iterator[Field]:
    marks = list(_labels(fold(clean(value.text))))
    if marks and marks[0].start == 0:
        yield from _inside(value, origin)
        return
    generic = _entry(label.text)[1]
    field = _field(name, squeeze(label.text), _value(clean(_whole(value.text))), value.locator, origin, generic, False)
    if field is not None:
        yield field


def _inside(cell: Cell, origin: str) -> Iterator[Field]:
    for part in _whole(cell.text).split("\n"):
        text = clean(part)
        if text and len(text) <= _LONG_CELL:
            yield from _of_line(line_of(text, cell.locator), None, origin, strict=True)


def _whole(text: str) -> str:
    """The text of a cell, codes and dates that a line end breaks made whole."""
    return pattern("metadata", "values.broken").remove(text) if "\n" in text else text


def _row(table: Table, row: int) -> list[Cell]:
    """The cells that begin in a row or reach into it, from left to right, each once."""
    seen = dict.fromkeys(index for index in table.grid[row] if index >= 0)
    cells = (table.cells[index] for index in seen if table.cells[index].row == row)
    return [cell for cell in cells if cell.text.strip() not in _COLONS]


def _field(name: str, label: str, value: str, locator: str, origin: str, generic: bool, aside: bool) -> Field | None:
    if name == "other" or not value or pattern("metadata", "values.none").fullmatch(value):
        return None
    return Field(name, value, label, locator, origin, generic, aside)


def _meta(document: Document) -> list[Field]:
    names = _meta_names()
    found = []
    for key, content in document.meta:
        name = names.get(key.strip().lower())
        value = clean(content) if name is not None else ""
        if name is not None and value and not pattern("metadata", "values.none").fullmatch(value):
            found.append(Field(name, value, key, "", "meta"))
    return found


def _value(text: str) -> str:
    """A value without the marks around it, cut where another label begins."""
    match = pattern("metadata", "values.other_label").search(fold(text))
    if match is not None:
        text = text[: match.start()]
    return clean(pattern("metadata", "values.trim").remove(text))


def _shape(name: str) -> Pattern | None:
    return pattern("metadata", f"shapes.{name}") if name in load("metadata")["shapes"] else None


def _name(text: str) -> str | None:
    """The field that a text names when it is a label and nothing else."""
    return _entry(text)[0]


def _entry(text: str) -> tuple[str | None, bool]:
    """The field that a text names, and whether its label is a common word."""
    return _looked_up(squeeze(fold(text))) if len(text) <= _LABEL else (None, False)


def _known(line: Line) -> tuple[str | None, bool]:
    """The same of a line."""
    return _looked_up(line.key) if len(line.text) <= _LABEL else (None, False)


def _looked_up(key: str) -> tuple[str | None, bool]:
    return _names().get(key.strip(":|[]【】"), (None, False))


def _labels(folded: str) -> Iterator[_Label]:
    """The labels with a colon in a text, from left to right."""
    if not _may_hold_label(folded):
        return
    for match in _inline().find(folded):
        label = squeeze(match.group("label") or match.group("framed"))
        name, generic = _names()[label]
        if generic and not _opens(folded, match.start()):
            continue
        yield _Label(name, label, match.start(), match.end(), generic)


def _may_hold_label(folded: str) -> bool:
    """Whether words that a label ends with stand before a colon, or something stands in brackets."""
    if "】" in folded or "]" in folded:
        return True
    if ":" not in folded:
        return False
    before = "".join(folded.split()).split(":")[:-1]
    if any(text[-1:] == ")" for text in before):
        # The label in another language stands behind it: 发布日期(Date):
        before = [_TRANSLATED.sub("", text) for text in before]
    return any(text.endswith(_by_end().get(text[-1:], ())) for text in before)


def _opens(folded: str, start: int) -> bool:
    """Whether a common word at this place can be a label: nothing, or the end of a value, stands before it."""
    before = folded[start - 1 : start]
    return not before or not before.isalpha() or before.isascii() or before in _AFTER_VALUE


@cache
def _names() -> dict[str, tuple[str, bool]]:
    data = load("metadata")
    named = {label: (name, False) for name, labels in data["labels"].items() for label in labels}
    return named | {label: (name, True) for name, labels in data["generic"].items() for label in labels}


@cache
def _meta_names() -> dict[str, str]:
    """The fields that meta elements give, by their names."""
    return {alias: name for name, aliases in load("metadata")["meta"].items() for alias in aliases}


@cache
def _by_beginning() -> dict[str, tuple[str, ...]]:
    """All labels by their first two characters."""
    return {start: tuple(label for label in _names() if label[:2] == start) for start in {n[:2] for n in _names()}}


@cache
def _by_end() -> dict[str, tuple[str, ...]]:
    """All labels by their last character."""
    return {end: tuple(label for label in _names() if label[-1] == end) for end in {n[-1] for n in _names()}}


@cache
def _alternatives() -> str:
    """All labels, the longer before the shorter, white space allowed between their characters."""
    return _branches(_names())


def _branches(texts: Iterable[str]) -> str:
    """Texts as a pattern in which a beginning that several have in common is tried once."""
    rests: dict[str, list[str]] = {}
    for text in sorted(texts):
        rests.setdefault(text[0], []).append(text[1:])
    return "|".join(first + _branch(rest) for first, rest in rests.items())


def _branch(rests: Sequence[str]) -> str:
    longer = [rest for rest in rests if rest]
    if not longer:
        return ""
    pattern = rf"(?:\s{{0,8}}(?:{_branches(longer)}))"
    return pattern if len(longer) == len(rests) else pattern + "?"


@cache
def _inline() -> Pattern:
    framed = rf"[【\[]\s{{0,2}}(?P<framed>{_alternatives()})\s{{0,2}}[】\]]\s{{0,2}}:?"
    translated = r"(?:\s{0,2}\([A-Za-z][A-Za-z .]{0,30}\))?"
    labels = rf"(?P<label>{_alternatives()}){translated}\s{{0,4}}:|{framed}"
    return Pattern(labels, where="parsers/facts/metadata.toml")


@cache
def _bare() -> Pattern:
    """Labels without a colon: the first of a line, or one that no other word stands before."""
    return Pattern(rf"(?:{_alternatives()})(?=\s|[^:\s])", where="parsers/facts/metadata.toml")
