"""The reader of .doc files of Word 97 to 2003, and of .wps files in the same container.

The binary format is taken apart by msdoc2docx; what it finds is read here without writing a file.
Locators: `docx:p12` and `docx:t2r5c3` count the paragraphs, tables, rows and cells of the main text as stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from parsers.document import Document
from parsers.errors import BrokenDocumentError, DocumentError, LimitError
from parsers.readers import merging
from parsers.readers.merging import Stored, clustered, nearest
from parsers.readers.numbering import Counters, Level
from parsers.readers.story import Run, Story, cell_text, is_layout, shown

MAX_BYTES = 256_000_000
MAX_CHARACTERS = 20_000_000
MAX_NESTED = 24
NEAR = 40
"""Edges of columns nearer than this, in twentieths of a point, are one."""

MEDIA_TYPE = "application/msword"
_ALIGNS = {"center": "center", "right": "right", "end": "right"}


def read(content: bytes) -> Document:
    """Read a .doc file. Raises BrokenDocumentError or LimitError."""
    from doc2docx.errors import Doc2DocxError, EncryptedDocumentError

    if len(content) > MAX_BYTES:
        raise LimitError(f"the file is larger than {MAX_BYTES} bytes", reading="a .doc file")
    try:
        parsed, numbering, meta = _parse(content)
    except DocumentError:
        raise
    except EncryptedDocumentError as error:
        raise BrokenDocumentError(
            "the document is encrypted", reading="a .doc file", remedy="Get it without a password"
        ) from error
    except Doc2DocxError as error:
        raise BrokenDocumentError(
            f"the document is damaged or of another make ({error})", reading="a .doc file", remedy="Convert it to .docx"
        ) from error
    except (ValueError, IndexError, KeyError, OverflowError, RecursionError, TypeError, AttributeError) as error:
        # The library checks much of a damaged file, not all.
        raise BrokenDocumentError(f"the document is damaged ({error!r})", reading="a .doc file") from error
    reader = _Reader(numbering)
    for story in parsed:
        reader.flow(story.blocks or story.paragraphs, 0)
    title = next((value for key, value in meta if key == "title"), "")
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(reader.story.blocks),
        meta=tuple(meta),
        title=title,
        issues=tuple(reader.story.issues),
    )


def _parse(content: bytes) -> tuple[list[Any], dict[int, dict[int, Level]], list[tuple[str, str]]]:
    """The main text and that of text boxes with their looks, the lists, and the properties."""
    from doc2docx.cfb import CompoundFile
    from doc2docx.diagnostics import ConversionReport
    from doc2docx.errors import InvalidWordDocument, StreamNotFound
    from doc2docx.model import StyleSheet, parse_main_story
    from doc2docx.msdoc import (
        FileInformationBlock,
        read_font_table,
        read_formatting,
        read_piece_table,
        read_style_sheet,
    )
    from doc2docx.msdoc.encryption import decrypt_word_streams
    from doc2docx.msdoc.fib import FibBase

    report = ConversionReport("", "")
    compound = CompoundFile(content)
    main = compound.open_stream("WordDocument")
    base = FibBase.parse(main)
    table = compound.open_stream(base.table_stream_name)
    try:
        data = compound.open_stream("Data")
    except StreamNotFound:
        data = None
    streams = decrypt_word_streams(base, password=None, word_document=main, table=table, data=data)
    main, table, data = streams.word_document, streams.table, streams.data
    fib = FileInformationBlock.parse(main)
    if fib.ccp_text > MAX_CHARACTERS:
        raise LimitError(f"the document has more than {MAX_CHARACTERS} characters", reading="a .doc file")
    fonts = read_font_table(table, offset=fib.sttbf_ffn.fc, size=fib.sttbf_ffn.lcb, report=report)
    try:
        styles = read_style_sheet(table, offset=fib.stshf.fc, size=fib.stshf.lcb, fonts=fonts, report=report)
    except InvalidWordDocument:
        styles = StyleSheet()
    pieces = read_piece_table(table, main, fc_clx=fib.clx.fc, lcb_clx=fib.clx.lcb, report=report)
    formatting = read_formatting(
        table,
        main,
        pieces,
        fc_plcf_bte_chpx=fib.plcf_bte_chpx.fc,
        lcb_plcf_bte_chpx=fib.plcf_bte_chpx.lcb,
        fc_plcf_bte_papx=fib.plcf_bte_papx.fc,
        lcb_plcf_bte_papx=fib.plcf_bte_papx.lcb,
        report=report,
        fonts=fonts,
        style_sheet=styles,
        data_stream=data,
    )
    stories = []
    for name, start, size in (
        ("main", 0, fib.ccp_text),
        ("textboxes", fib.textbox_story_cp_start, fib.ccp_textboxes),
    ):
        if size <= 0 or start + size > pieces.cp_end:
            continue
        stories.append(
            parse_main_story(
                pieces.extract_characters(start, start + size, report, story=name),
                report,
                character_properties_at=formatting.character_properties_at,
                paragraph_properties_at=formatting.paragraph_properties_at,
                story_name=name,
            )
        )
    return stories, _lists(fib, table, fonts, report), _meta(compound, report)


def _lists(fib: Any, table: bytes, fonts: Any, report: Any) -> dict[int, dict[int, Level]]:
    """The levels of each list by the number that paragraphs name it with."""
    from doc2docx.errors import InvalidWordDocument
    from doc2docx.msdoc import read_numbering

    try:
        found = read_numbering(
            table,
            list_offset=fib.plf_lst.fc,
            list_size=fib.plf_lst.lcb,
            lfo_offset=fib.plf_lfo.fc,
            lfo_size=fib.plf_lfo.lcb,
            ccp_text=fib.ccp_text,
            fonts=fonts,
            report=report,
            list_names_offset=fib.sttb_list_names.fc,
            list_names_size=fib.sttb_list_names.lcb,
        )
    except InvalidWordDocument:
        return {}
    abstracts = {item.abstract_id: item for item in found.abstracts}
    lists: dict[int, dict[int, Level]] = {}
    for instance in found.instances:
        base = abstracts.get(instance.abstract_id)
        levels = {level.level: _level(level) for level in base.levels} if base is not None else {}
        for change in instance.overrides:
            if change.replacement is not None:
                levels[change.level] = _level(change.replacement)
            if change.start is not None and change.level in levels:
                known = levels[change.level]
                levels[change.level] = Level(known.form, known.text, change.start)
        lists[instance.numbering_id] = levels
    return lists


def _level(level: Any) -> Level:
    return Level(level.number_format, level.text, level.start)


def _meta(compound: Any, report: Any) -> list[tuple[str, str]]:
    from doc2docx.errors import Doc2DocxError
    from doc2docx.oleps import read_summary_information

    try:
        found = read_summary_information(compound.open_stream("\x05SummaryInformation"), report=report)
    except Doc2DocxError:
        return []
    names = ("title", "subject", "creator", "keywords", "created", "modified")
    return [(name, str(value)) for name in names if (value := getattr(found, name, None))]


class _Reader:
    """Walks the blocks of a parsed document once."""

    def __init__(self, lists: dict[int, dict[int, Level]]) -> None:
        self.story = Story()
        self.lists = lists
        self.counters = Counters()
        self.paragraphs = 0
        self.tables = 0

    def flow(self, blocks: Sequence[Any], depth: int) -> None:
        if depth > MAX_NESTED:
            raise LimitError(f"tables nested deeper than {MAX_NESTED}", reading="a .doc file")
        for block in blocks:
            if hasattr(block, "rows"):
                self.table(block, depth)
            else:
                self.paragraphs += 1
                locator = f"docx:p{self.paragraphs}"
                number, runs = self.paragraph(block)
                level = block.properties.outline_level
                self.story.paragraph(
                    runs,
                    locator,
                    number=number,
                    level=level + 1 if level is not None and level < 6 else 0,
                    align=_ALIGNS.get(block.properties.justification or "", ""),
                )

    def paragraph(self, block: Any) -> tuple[str, list[Run]]:
        runs = list(_runs(block.inlines))
        properties = block.properties
        name = properties.numbering_id
        if not name or properties.numbering_suppressed or not any(run.text.strip() and not run.gone for run in runs):
            return "", runs
        return self.counters.next(str(name), properties.numbering_level or 0, self.lists.get(name, {})), runs

    def table(self, table: Any, depth: int) -> None:
        self.tables += 1
        ordinal = self.tables
        kept, issues = (self.paragraphs, self.tables), len(self.story.issues)
        counts = {name: dict(values) for name, values in self.counters.values.items()}
        edges = _edges(table.rows)
        places = clustered([edge for own in edges for edge in own], NEAR)
        stored: list[list[Stored]] = []
        texts: list[str] = []
        nested: list[Any] = []
        for row_number, (row, own) in enumerate(zip(table.rows, edges, strict=True), 1):
            line = []
            for number, cell in enumerate(row.cells):
                locator = f"docx:t{ordinal}r{row_number}c{number + 1}"
                text = self.cell(cell, locator, nested)
                start, end = nearest(places, own[number]), nearest(places, own[number + 1])
                line.append(Stored(start, max(end, start + 1), text, locator, cell.vertical_merge == "continue"))
                texts.append(text)
            stored.append(line)
        if is_layout(texts, len(nested)):
            self.paragraphs, self.tables = kept
            del self.story.issues[issues:]
            self.counters.values = counts
            for row in table.rows:
                for cell in row.cells:
                    self.flow(cell.body_blocks, depth + 1)
            return
        made, covered = merging.table(stored, f"docx:t{ordinal}")
        if made is not None and shown(made):
            self.story.blocks.append(made)
        for left in covered:
            self.story.remark(
                "hidden_text", "text of a cell that a merged cell covers is left out", left.text, left.locator
            )
        for inner in nested:
            self.table(inner, depth + 1)

    def cell(self, cell: Any, locator: str, nested: list[Any]) -> str:
        texts = []
        for block in cell.body_blocks:
            if hasattr(block, "rows"):
                nested.append(block)
                continue
            self.paragraphs += 1
            number, runs = self.paragraph(block)
            text, _ = self.story.text(runs, locator)
            texts.append(number + text if text else "")
        return cell_text(texts)


def _runs(inlines: Sequence[Any]) -> Iterator[Run]:
    from doc2docx.model import Break, Field, FloatingTextBox, NoBreakHyphen, Symbol, Tab, TextRun

    for item in inlines:
        properties = getattr(item, "properties", None)
        gone = _gone(properties)
        bold = bool(getattr(properties, "bold", False))
        if isinstance(item, TextRun):
            yield Run(item.text, bold, gone)
        elif isinstance(item, Tab):
            yield Run(" ", bold, gone)
        elif isinstance(item, NoBreakHyphen):
            yield Run("-", bold, gone)
        elif isinstance(item, Break):
            yield Run("\n", bold, gone)
        elif isinstance(item, Symbol):
            code = item.character_code
            yield Run(chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD else "", bold, gone)
        elif isinstance(item, Field):
            yield from _runs(item.result)
        elif isinstance(item, FloatingTextBox):
            continue


def _gone(properties: Any) -> str:
    if properties is None:
        return ""
    if properties.revision_deleted:
        return "deleted"
    if properties.hidden or properties.special_vanish:
        return "hidden"
    if properties.strike or properties.double_strike:
        return "struck"
    return "raised" if properties.vertical_align == "superscript" else ""


def _edges(rows: Sequence[Any]) -> list[list[int]]:
    """The edges of each row's cells, in twentieths of a point; counted when the file does not say them."""
    found = []
    for row in rows:
        stored = row.properties.cell_boundaries_twips
        edges = [stored[0] if stored else 0]
        at = 0
        for cell in row.cells:
            at += cell.grid_span
            if at < len(stored):
                edges.append(max(stored[at], edges[-1] + NEAR + 1))
            else:
                edges.append(edges[-1] + max(NEAR + 1, cell.width_twips or 1000))
        found.append(edges)
    return found
