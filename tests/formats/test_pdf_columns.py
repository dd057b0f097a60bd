"""PDF pages that are set in two columns."""

from __future__ import annotations

from formats.making import paragraphs, pdf, rows, ruled, text

from parsers import readers
from parsers.document import Table

LEFT, RIGHT = 50, 310


def prose(x: int, first: int, count: int, top: int = 780) -> bytes:
    return b"".join(
        text(x, top - 16 * i, b"Words no %02d of a paragraph that fill their column" % (first + i))
        for i in range(count)
    )


def table(x: int, top: int, lines: list[tuple[bytes, bytes]]) -> bytes:
    xs = (x, x + 150, x + 235)
    words = b"".join(
        text(left + 4, top - 20 * i - 14, word)
        for i, line in enumerate(lines)
        for left, word in zip(xs, line, strict=False)
    )
    return ruled(xs, tuple(top - 20 * i for i in range(len(lines), -1, -1))) + words


def test_columns_are_read_one_after_the_other():
    number = text(290, 30, b"- %d -")
    first = prose(LEFT, 0, 20) + prose(RIGHT, 20, 20) + number % 1
    last = prose(LEFT, 40, 5) + number % 2
    text_of_all = " ".join(paragraphs(readers.read(pdf([first, last]))))
    order = [text_of_all.index(f"no {i:02d}") for i in range(45)]
    assert order == sorted(order)
    assert "- 1 -" not in text_of_all


def test_a_table_goes_on_at_the_head_of_the_next_column():
    above = [(b"label", b"year")] + [(b"row %d" % i, b"%d" % (7 * i)) for i in range(1, 5)]
    below = [(b"row %d" % i, b"%d" % (7 * i)) for i in range(5, 10)]
    content = prose(LEFT, 0, 30) + table(LEFT, 290, above) + table(RIGHT, 790, below) + prose(RIGHT, 30, 20, 660)
    document = readers.read(pdf([content]))
    assert [type(block) for block in document.blocks].count(Table) == 1
    assert rows(document) == [["label", "year"], *([f"row {i}", str(7 * i)] for i in range(1, 10))]
    found = next(block for block in document.blocks if isinstance(block, Table))
    assert found.cells[-1].locator == "pdf:p1(460,132,545,152)"


def test_labels_beside_figures_are_no_columns():
    lines = b"".join(
        text(60, 780 - 18 * i, b"measure no %02d" % i) + text(400, 780 - 18 * i, b"%d" % i) for i in range(20)
    )
    assert rows(readers.read(pdf([lines])))[4] == ["measure no 04", "4"]
