"""Pages written as text in other manners: as converters to Markdown write them, and drawn with bars and strokes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from parsers import readers
from parsers.document import Cell, Paragraph, Table


def rewritten(content: bytes, manner: Callable[[Table], str]) -> str:
    """A page as text: a line for each paragraph, headings marked, its tables in the manner."""
    written = ["# 本文", ""]
    for block in readers.read(content).blocks:
        if isinstance(block, Paragraph):
            written += ["#" * block.level + " " * bool(block.level) + line for line in block.text.split("\n")]
        else:
            written += ["", manner(block), ""]
    return "\n".join(written) + "\n"


def _one_line(cell: Cell) -> str:
    return " ".join(cell.text.split())


def narrow(table: Table) -> str:
    """Cells over several columns with narrow empty cells behind them, those over several rows once."""
    lines = ["|" + "  |" * table.columns, "|" + " --- |" * table.columns]
    for row in range(table.rows):
        own = [cell for cell in table.cells if cell.row == row]
        lines.append("|" + "".join(f" {_one_line(cell)} |" + " |" * (cell.colspan - 1) for cell in own))
    return "\n".join(line for line in lines if line != "|")


def marked_up(table: Table) -> str:
    """The table as HTML within Markdown."""
    rows = []
    for row in range(table.rows):
        own = [cell for cell in table.cells if cell.row == row]
        cells = "".join(f'<td rowspan="{c.rowspan}" colspan="{c.colspan}">{_one_line(c)}</td>' for c in own)
        rows.append(f"<tr>{cells}</tr>")
    return "<html><body><table>" + "\n".join(rows) + "</table></body></html>"


def wide(text: str) -> int:
    """How many places a text takes in a fixed font."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def drawn(table: Table) -> str:
    """The table drawn with bars and strokes, each row of it one line high."""
    widths = [2] * table.columns
    for cell in sorted(table.cells, key=lambda own: own.colspan):
        right = cell.column + cell.colspan
        short = wide(_one_line(cell)) - sum(widths[cell.column : right]) - (cell.colspan - 1)
        widths[right - 1] += max(0, short)
    lines = []
    for border in range(table.rows + 1):
        line = ""
        for column in range(table.columns):
            above = table.grid[border - 1][column] if border else -2
            below = table.grid[border][column] if border < table.rows else -2
            line += "├" + ("─" if above != below else " ") * widths[column]
        lines.append(line + "┤")
        if border == table.rows:
            break
        line = ""
        for column in range(table.columns):
            index = table.grid[border][column]
            cell = table.cells[index] if index >= 0 else None
            if column and index >= 0 and index == table.grid[border][column - 1]:
                continue
            span = cell.colspan if cell else 1
            room = sum(widths[column : column + span]) + span - 1
            said = _one_line(cell) if cell and cell.row == border else ""
            line += "│" + said + " " * (room - wide(said))
        lines.append(line + "│")
    return "\n".join(lines)
