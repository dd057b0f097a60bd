"""Pages of glyphs and ruling lines to blocks: tables put together, running text as paragraphs, in reading order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.characters.widths import strip_serial
from parsers.document import Block, Cell, Paragraph, Table
from parsers.readers import (
    blanks,
    breaks,
    columns,
    grounds,
    gutters,
    image,
    ink,
    lattice,
    seams,
    sums,
    tokens,
    unruled,
)
from parsers.readers.breaks import Part, Piece
from parsers.readers.places import Finder, hanging, keep_together
from parsers.readers.scroll import Scroll
from parsers.readers.sheets import Glyph, Page
from parsers.readers.typesetting import (
    Box,
    Line,
    Margins,
    alignment,
    begins_paragraph,
    cell_text,
    join_lines,
    lines_of,
    margins_of,
    pitch_of,
    rejoined,
)
from parsers.records import Issue

PROSE = 90
"""A row of one cell with more characters than this is prose drawn within a table's lines."""

LAYOUT = 200
"""A cell of more lines than a table's, with more characters than this, is one that places an article."""

LEAST_ROOM = 6.0
"""Lines that leave no more room between them than this, in points, are strokes of something drawn."""

AT_EDGE = 1.0
"""What ends no further from the edge of its page than this, in points, is cut there."""

SAME_WIDTH = 3.0
"""Pages whose widths differ by more than this, in points, are not of one run."""

Item = Line | Piece


def compose(pages: Sequence[Page], paper: ink.Paper | None = None) -> tuple[list[Block], list[Issue]]:
    """Pages as blocks in reading order, with remarks on what was left out or stands twice.

    `paper` shows the pages as they are drawn.
    """
    flows: list[list[Line]] = []
    pieces: list[list[Piece]] = []
    for page in pages:
        flow, own = _split(page)
        flows.append(flow)
        pieces.append(own)
    numbers, heads = breaks.furniture(flows, [page.height for page in pages])
    issues = _furniture_issues(pages, flows, numbers, heads)
    pages, flows, pieces = _in_columns(pages, flows, pieces, numbers | heads)
    flows, pieces = _unruled(pages, flows, pieces)
    flows = [rejoined(flow) for flow in flows]
    issues.extend(remark for own in pieces for piece in own for remark in _repeated(piece.repeated))
    issues.extend(remark for page, own in zip(pages, pieces, strict=True) for remark in _cut_off(page, own))
    if paper is not None:
        known = {page.number: page for page in pages}
        issues.extend(remark for own in pieces for remark in blanks.mark(own, known, paper))
    margins: dict[int, Margins] = {}
    overall = margins_of([line for flow in flows for line in flow])
    for page, flow in zip(pages, flows, strict=True):
        margins[page.number] = margins_of(flow, overall)
    items = _joined(flows, pieces, issues, {page.number: page for page in pages})
    issues.extend(_doubted(items))
    pitch = pitch_of([line for flow in flows for line in flow])
    parts: list[Line | Table] = []
    for item in items:
        parts.extend([item] if isinstance(item, Line) else _explode(item))
    return _with_paragraphs(parts, pages, margins, pitch), issues


def _in_columns(
    pages: Sequence[Page], flows: Sequence[list[Line]], pieces: Sequence[list[Piece]], furniture: set[int]
) -> tuple[list[Page], list[list[Line]], list[list[Piece]]]:
    """Pages, their lines without those of `furniture`, given by id, and their tables, each column as a page."""
    whole: list[Page] = []
    lines: list[list[Line]] = []
    tables: list[list[Piece]] = []
    edges = [[line for line in flow if id(line) in furniture] for flow in flows]
    found = (columns.columns(page, edge) for page, edge in zip(pages, edges, strict=True))
    others = next((parts for parts in found if len(parts) > 1), [])
    for page, edge, flow, own in zip(pages, edges, flows, pieces, strict=True):
        parts = columns.columns(page, edge, others) if others else [page]
        whole.extend(parts)
        if len(parts) == 1:
            lines.append([line for line in flow if id(line) not in furniture])
            tables.append(own)
            continue
        for part in parts:
            left, own_tables = _split(part)
            lines.append(left)
            tables.append(own_tables)
    return whole, lines, tables


def _unruled(
    pages: Sequence[Page], flows: Sequence[list[Line]], pieces: Sequence[list[Piece]]
) -> tuple[list[list[Line]], list[list[Piece]]]:
    """Lines and tables of pages, the tables without ruling lines among them."""
    down = {page.number: lattice.joined(page.down) for page in pages}
    across = {page.number: lattice.joined(page.across) for page in pages}
    lines: dict[int, list[Line]] = {page.number: [] for page in pages}
    tables: dict[int, list[Piece]] = {page.number: list(own) for page, own in zip(pages, pieces, strict=True)}
    met = {page.number: seams.sides(across[page.number], page.across) for page in pages}
    ends_of = {page.number: seams.ends(across[page.number], page.across) for page in pages}
    earlier: Piece | None = None
    for scroll, ends in _scrolls(pages, flows, pieces):
        ruled = unruled.Ruled(scroll.sides(down), scroll.floors(across), scroll.sides(met), scroll.sides(ends_of))
        rest, found = unruled.find(scroll, ruled, earlier)
        last = max(found, key=lambda piece: (piece.page, _height(piece)), default=None)
        reaches = ends is None and last is not None and not any(_is_behind(line, last) for line in rest)
        for piece in found:
            # Words below the last figures may be another's label; only on the next page may their figures stand.
            ended, below = (piece, []) if piece is last and reaches else unruled.without_end(piece)
            for page in scroll.pages.values():
                image.mark(ended, page)
            tables[ended.page].append(ended)
            rest = [*rest, *below]
        for line in rest:
            lines[line.page].append(line)
        earlier = ends
    return [sorted(own, key=_height) for own in lines.values()], list(tables.values())


def _is_behind(line: Line, piece: Piece) -> bool:
    last = max((own.page, own.base) for part in piece.parts for own in part.lines)
    return (line.page, line.base) > last


def _scrolls(
    pages: Sequence[Page], flows: Sequence[Sequence[Line]], pieces: Sequence[Sequence[Piece]]
) -> Iterator[tuple[Scroll, Piece | None]]:
    """The lines of pages between ruled tables, with the table that each run of them ends at."""
    scroll = Scroll()
    before: Page | None = None
    for page, flow, own in zip(pages, flows, pieces, strict=True):
        if before is not None and abs(page.width - before.width) > SAME_WIDTH:
            yield scroll, None
            scroll = Scroll()
        run: list[Line] = []
        items: list[Item] = [*flow, *own]
        for item in sorted(items, key=_height):
            if isinstance(item, Line):
                run.append(item)
                continue
            scroll.add(page, run)
            run = []
            yield scroll, item
            scroll = Scroll()
        scroll.add(page, run)
        before = page
    yield scroll, None


def _place(pages: Sequence[Page], line: Line) -> str:
    page = next(page for page in pages if page.number == line.page)
    return page.locator(*line.box)


def _furniture_issues(
    pages: Sequence[Page], flows: Sequence[Sequence[Line]], numbers: set[int], heads: set[int]
) -> list[Issue]:
    """What was left out as no part of the text: one remark for page numbers, one for each running head."""
    found: list[Issue] = []
    lines = [line for flow in flows for line in flow]
    left_out = [line for line in lines if id(line) in numbers]
    if left_out:
        message = f"{len(left_out)} page numbers were left out"
        raw = " ".join(line.text for line in left_out[:20])
        found.append(
            Issue(code="page_number", severity="info", message=message, raw=raw, locator=_place(pages, left_out[0]))
        )
    texts: dict[str, list[Line]] = {}
    for line in lines:
        if id(line) in heads:
            texts.setdefault(line.text, []).append(line)
    for text, own in texts.items():
        message = f"a line that stands on {len(own)} pages was left out as a running head"
        found.append(
            Issue(code="running_head", severity="info", message=message, raw=text, locator=_place(pages, own[0]))
        )
    return found


def _split(page: Page) -> tuple[list[Line], list[Piece]]:
    """The running lines and the ruled tables of a page."""
    found = [made for made in lattice.lattices(*grounds.lines(page)) if _highest(made) >= LEAST_ROOM]
    boxes: dict[int, dict[int, list[Glyph]]] = {}
    free: list[Glyph] = []
    order = sorted(range(len(found)), key=lambda i: _area(found[i].box))
    finders = [Finder(made) for made in found]
    places: dict[int, tuple[int, int]] = {}
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for i in order:
            # Text that overlaps a table's edge belongs to the cell there.
            slot = finders[i].slot(x, y, 0.45 * (glyph.bottom - glyph.top))
            if slot is not None:
                places[id(glyph)] = (i, slot)
                break
    if places:
        keep_together(page, found, places)
    unplaced = [glyph for glyph in page.glyphs if id(glyph) not in places]
    for i, made in enumerate(found):
        places.update((glyph, (i, slot)) for glyph, slot in hanging(made, unplaced).items())
    for glyph in page.glyphs:
        place = places.get(id(glyph))
        if place is None:
            free.append(glyph)
        else:
            boxes.setdefault(place[0], {}).setdefault(place[1], []).append(glyph)
    pieces = []
    loose: list[Line] = []
    coarse: list[int] = []
    for i, drawn in enumerate(found):
        own = boxes.get(i, {})
        if not own and len(drawn.xs) < 3:
            continue
        made, texts = gutters.closed(drawn, {slot: lines_of(glyphs, page.number) for slot, glyphs in own.items()})
        padding = _padding(made, texts)
        rooms = [box[2] - box[0] - 2 * padding for box in (made.box_of(made.slots[slot]) for slot in texts)]
        filled = {(made.slots[slot].left, made.slots[slot].right) for slot in texts}
        rowed = len(filled) == 1 and tokens.are_rows(texts.values())
        if (
            rowed
            or tokens.is_coarse(list(texts.values()), rooms)
            or tokens.are_wide(texts.values())
            or (len(made.ys) == 2 and tokens.are_headed(texts.values()))
        ):
            coarse.append(i)
            continue
        if len(made.slots) == 1 or (len(made.xs) == 2 and any(_is_prose(lines) for lines in texts.values())):
            loose.extend(line for slot in sorted(texts) for line in texts[slot])
            continue
        if _is_layout(texts):
            prose = [slot for slot, lines in texts.items() if len(texts) == 1 or _is_prose(lines)]
            loose.extend(line for slot in prose for line in texts[slot])
            for small, numbers in lattice.beside(made, [*prose, *_blanks_beside(made, prose, texts)]):
                held = {at: texts[number] for at, number in enumerate(numbers) if number in texts}
                if held:
                    pieces.append(_piece(page, small, held, padding))
            continue
        pieces.append(_piece(page, made, texts, padding))
    for i in coarse:
        free.extend(glyph for glyphs in boxes[i].values() for glyph in glyphs)
    flow = sorted([*lines_of(free, page.number), *loose], key=lambda line: (line.top, line.x0))
    return flow, pieces


def _is_prose(lines: Sequence[Line]) -> bool:
    return sum(len(line.text) for line in lines) > PROSE or len(lines) > 4


def _is_layout(texts: dict[int, list[Line]]) -> bool:
    """Whether a table only places an article on the page: one of its cells holds most of the text, as prose."""
    if not texts:
        return False
    main = max(texts.values(), key=lambda lines: sum(len(line.text) for line in lines))
    own = sum(len(line.text) for line in main)
    if len(texts) == 1:
        return _is_prose(main)
    whole = sum(len(line.text) for lines in texts.values() for line in lines)
    return len(main) > 6 and own > LAYOUT and 2 * own > whole


def _blanks_beside(made: lattice.Lattice, prose: Sequence[int], texts: Collection[int]) -> list[int]:
    """The boxes without text in the rows of prose."""
    rows = [(made.slots[number].top, made.slots[number].bottom) for number in prose]
    return [
        number
        for number, slot in enumerate(made.slots)
        if number not in texts and any(slot.top < bottom and slot.bottom > top for top, bottom in rows)
    ]


def _highest(made: lattice.Lattice) -> float:
    return max(below - above for above, below in pairwise(made.ys))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _piece(page: Page, made: lattice.Lattice, texts: dict[int, list[Line]], padding: float) -> Piece:
    parts = []
    for number, slot in enumerate(made.slots):
        lines = texts.get(number, [])
        box = made.box_of(slot)
        room = box[2] - box[0] - 2 * padding
        full = bool(lines) and room - (lines[-1].x1 - lines[-1].x0) < 1.3 * lines[-1].size
        text, place = cell_text(lines, room), page.locator(*box)
        grid = (slot.top, slot.left, slot.bottom, slot.right)
        parts.append(Part(*grid, text, place, tuple(lines), full, slot.open_top, slot.open_bottom, box))
    ends = (made.ys[1] - made.ys[0], made.ys[-1] - made.ys[-2])
    piece = Piece(page.number, made.xs, len(made.ys) - 1, parts, made.box, page.locator(*made.box), ends=ends)
    image.mark(piece, page)
    return piece


def _padding(made: lattice.Lattice, texts: dict[int, list[Line]]) -> float:
    """The least room that the cells of a table keep between their text and their sides, in points."""
    gaps: list[float] = []
    for number, lines in texts.items():
        left, _, right, _ = made.box_of(made.slots[number])
        gaps.extend(min(line.x0 - left, right - line.x1) for line in lines)
    return max(0.0, min(6.0, *sorted(gaps)[: max(1, len(gaps) // 20)][-1:])) if gaps else 0.0


def _certain(item: Item, pages: Mapping[int, Page]) -> Item:
    """A table without a header of its own that goes on from none says nothing of several columns."""
    if isinstance(item, Line) or item.headed is not False or unruled.columns_of(item) < 2:
        return item
    return item if sums.add_up(item) else unruled.doubtful(unruled.lines_of_piece(item), pages)


def _doubted(items: Iterable[Item]) -> list[Issue]:
    """Remarks on tables whose cells are not certain."""
    message = "a table has no ruling lines that tell its cells apart: its figures were not read"
    return [
        Issue(
            code="table_uncertain",
            severity="warning",
            message=message,
            raw="\n".join(part.text for part in item.parts),
            locator=item.locator,
        )
        for item in items
        if isinstance(item, Piece) and item.doubtful
    ]


def _height(item: Item) -> tuple[float, float]:
    return (item.box[1], item.box[0])


def _joined(
    flows: Sequence[Sequence[Line]],
    pieces: Sequence[Sequence[Piece]],
    issues: list[Issue],
    pages: Mapping[int, Page],
) -> list[Item]:
    """Lines and tables in reading order, tables that go on over a page break as one."""
    items: list[Item] = []
    for flow, own in zip(flows, pieces, strict=True):
        both: list[Item] = [*flow, *own]
        ordered = sorted(both, key=_height)
        last = items[-1] if items else None
        first = ordered[0] if ordered else None
        whole = breaks.join(last, first) if isinstance(last, Piece) and isinstance(first, Piece) else None
        if isinstance(last, Piece) and whole is not None:
            issues.extend(_repeated(whole.repeated[len(last.repeated) :]))
            items[-1] = whole
            ordered = ordered[1:]
        elif isinstance(last, Piece) and last.headed is not None:
            ended, rest = unruled.without_end(last)
            items[-1:] = [ended, *rest]
        certain = [_certain(item, pages) for item in ordered]
        if isinstance(last, Piece) and whole is None and certain and isinstance(certain[0], Piece):
            certain[0] = breaks.without_rest(certain[0])
        # Lines that enclose no text are a table only where they go on from one.
        items.extend(item for item in certain if isinstance(item, Line) or any(part.text for part in item.parts))
    return items


def _cut_off(page: Page, pieces: Iterable[Piece]) -> Iterator[Issue]:
    """Remarks on tables that reach to the edge of their page: no printer puts one there that fits."""
    for piece in pieces:
        if piece.box[2] > page.width - AT_EDGE and piece.rows > 1:
            message = "the table reaches the edge of the page: what stands beyond it was not printed"
            yield Issue(code="beyond_page", severity="warning", message=message, locator=piece.locator)


def _repeated(parts: Iterable[Part]) -> list[Issue]:
    own = list(parts)
    if not own:
        return []
    text = " | ".join(part.text for part in own if part.text)
    message = "the head of the table stands again behind a page break and was read once"
    return [Issue(code="repeated_header", severity="info", message=message, raw=text[:500], locator=own[0].locator)]


def _explode(piece: Piece) -> list[Line | Table]:
    """A table as blocks: rows of one cell that hold prose or a heading are lines of text between its parts."""
    width = len(piece.xs) - 1 if not piece.doubtful else -1
    wide = {part.top: part for part in piece.parts if part.left == 0 and part.right == width and part.height == 1}
    found: list[Line | Table] = []
    start = 0
    for row in range(piece.rows + 1):
        part = wide.get(row)
        if row < piece.rows and not (part is not None and part.lines and _is_running(part)):
            continue
        if row > start:
            table = _table(piece, start, row)
            if table is not None:
                found.append(table)
        if part is not None and row < piece.rows:
            found.extend(part.lines)
        start = row + 1
    return found


def _is_running(part: Part) -> bool:
    if _is_prose(part.lines):
        return True
    serial = strip_serial(part.text)[0]
    return bool(serial) and serial[0] in "一二三四五六七八九十" and len(part.text) > len(serial)


def _table(piece: Piece, start: int, end: int) -> Table | None:
    """Rows of a piece as a table, rows and columns in which no cell begins left out."""
    parts = _without_slivers([part for part in piece.parts if start <= part.top < end])
    if not any(part.text for part in parts):
        return None
    tops = sorted({part.top for part in parts})
    lefts = sorted({part.left for part in parts})
    row_of = {top: i for i, top in enumerate(tops)}
    column_of = {left: i for i, left in enumerate(lefts)}
    cells: list[Cell] = []
    grid = [[-1] * len(lefts) for _ in tops]
    for part in sorted(parts, key=lambda part: (part.top, part.left)):
        row, column = row_of[part.top], column_of[part.left]
        rowspan = sum(part.top <= top < part.bottom for top in tops)
        colspan = sum(part.left <= left < part.right for left in lefts)
        for y in range(row, row + rowspan):
            for x in range(column, column + colspan):
                if grid[y][x] < 0:
                    grid[y][x] = len(cells)
        own = (part.text, part.locator, False, part.confidence, part.readings)
        cells.append(Cell(row, column, rowspan, colspan, *own))
    first = cells[0].locator if start else piece.locator
    return Table(tuple(cells), tuple(map(tuple, grid)), first)


def _without_slivers(parts: list[Part]) -> list[Part]:
    """The same cells without rows in which only blanks begin that belong to the cells over them.

    Where a page ends within a row, browsers draw the sides of its cells at different heights.
    """
    for top in sorted({part.top for part in parts}):
        begun = [part for part in parts if part.top == top]
        if any(part.text for part in begun) or not any(part.top < top < part.bottom for part in parts):
            continue
        if all(part.right - part.left > 1 for part in begun):
            parts = [part for part in parts if part.top != top]
            continue
        over = {part.columns: part for part in parts if part.bottom == top}
        if all(part.columns in over for part in begun):
            grown = {id(over[part.columns]): part.bottom for part in begun}
            parts = [
                replace(part, bottom=grown[id(part)]) if id(part) in grown else part
                for part in parts
                if part.top != top
            ]
    return parts


def _with_paragraphs(
    items: Sequence[Line | Table], pages: Sequence[Page], margins: dict[int, Margins], pitch: float
) -> list[Block]:
    """Blocks in order, runs of lines as paragraphs."""
    by_number = {page.number: page for page in pages}
    blocks: list[Block] = []
    lines: list[Line] = []

    def close() -> None:
        if lines:
            blocks.append(_paragraph(lines, by_number, margins))
            lines.clear()

    for item in items:
        if not isinstance(item, Line):
            close()
            blocks.append(item)
            continue
        if lines and begins_paragraph(item, lines[-1], margins[item.page], margins[lines[-1].page], pitch):
            close()
        lines.append(item)
    close()
    return blocks


def _paragraph(lines: Sequence[Line], pages: dict[int, Page], margins: dict[int, Margins]) -> Paragraph:
    page = pages[lines[0].page]
    own = [line for line in lines if line.page == page.number]
    box = (
        min(line.x0 for line in own),
        min(line.top for line in own),
        max(line.x1 for line in own),
        max(line.bottom for line in own),
    )
    return Paragraph(
        join_lines(lines),
        page.locator(*box),
        bold=all(line.bold for line in lines),
        align=alignment(lines, margins[page.number]),
    )
