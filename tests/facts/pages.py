"""Small documents for tests: blocks put together by hand, with the report's place in them."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.article import Article
from parsers.document import Block, Cell, Document, Paragraph, Table


def blocks(*items: str | list[list[str]]) -> tuple[Block, ...]:
    """A string is a paragraph (`>` at its start: centred, `#`: a heading), lists are rows of a table."""
    made: list[Block] = []
    for number, item in enumerate(items, 1):
        if isinstance(item, list):
            made.append(table(item, number))
        else:
            align = "center" if item.startswith(">") else ""
            level = 1 if item.startswith("#") else 0
            made.append(Paragraph(item.lstrip(">#"), f"html:p#{number}", align=align, level=level))
    return tuple(made)


def table(rows: list[list[str]], number: int = 1) -> Table:
    cells: list[Cell] = []
    grid = []
    for row, texts in enumerate(rows):
        places = []
        for column, text in enumerate(texts):
            places.append(len(cells))
            cells.append(Cell(row, column, 1, 1, text, f"html:td#{number}{row}{column}"))
        grid.append(places)
    width = max(len(row) for row in grid)
    return Table(tuple(cells), tuple(tuple(row + [-1] * (width - len(row))) for row in grid), f"html:table#{number}")


def found(
    *own: str | list[list[str]],
    before: Sequence[str | list[list[str]]] = (),
    after: Sequence[str | list[list[str]]] = (),
    title: str = "",
    meta: Sequence[tuple[str, str]] = (),
) -> tuple[Document, Article]:
    region = Article(blocks(*own), blocks(*before), blocks(*after))
    every = (*region.before, *region.blocks, *region.after)
    return Document("text/html", every, meta=tuple(meta), title=title), region
