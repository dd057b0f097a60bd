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


def test_words_of_a_header_that_touch_are_parted_as_the_columns_below_begin():
    labels = [b"measure no %d" % i for i in range(1, 6)]
    head = (
        text(60, 780, b"what is counted")
        + text(200, 780, b"units")
        + text(224, 780, b"in 2012")
        + text(259.5, 780, b"so far")
    )
    body = b"".join(
        text(60, 750 - 24 * i, label) + text(200, 750 - 24 * i, b"n") + text(224, 750 - 24 * i, b"%d" % (3 + i))
        + text(259.5, 750 - 24 * i, b"%d" % (40 + i))
        for i, label in enumerate(labels)
    )  # fmt: skip
    found = rows(readers.read(pdf([head + body])))
    assert found[0] == ["what is counted", "units", "in 2012", "so far"]
    assert found[5] == ["measure no 5", "n", "7", "44"]


def test_words_of_a_header_that_touch_are_parted_as_the_middles_of_the_columns_say():
    # Each character of the header is as wide as two digits: 11.12 points.
    words, digits = (b"00000000", b"11111111"), (b"2", b"3", b"4", b"5")
    starts = (200, 244.48)
    head = text(60, 780, b"what is counted") + b"".join(
        text(x, 780, word.replace(b"0", b"n").replace(b"1", b"u")) for x, word in zip(starts, words, strict=True)
    )
    body = b"".join(
        text(60, 750 - 24 * i, b"measure no %d" % i)
        + b"".join(text(x + 22.24 - 2.78 * (1 + i % 2), 750 - 24 * i, digit * (1 + i % 2)) for x in starts)
        for i, digit in enumerate(digits)
    )
    found = rows(readers.read(pdf([head + body])))
    assert found[0] == ["what is counted", "nnnnnnnn", "uuuuuuuu"]
    assert found[2] == ["measure no 1", "33", "33"]


def test_a_field_that_breaks_beside_its_neighbours_is_one_and_a_menu_below_fields_goes_on_from_none():
    prose = b"".join(text(34, 600 - 18 * i, b"words of the report " * 5) for i in range(5))
    broken = text(34, 700, b"Number: 117497226599460612/201801-") + text(34, 688, b"00039")
    beside = text(245, 694, b"Subject:") + text(460, 694, b"Date:")
    fields = text(34, 660, b"Menu") + text(150, 660, b"Office: finance") + text(360, 660, b"Number: 114847208110975486")
    found = paragraphs(readers.read(pdf([broken + beside + fields + text(34, 644, b"Policies") + prose])))
    assert "Number: 117497226599460612/201801-00039" in found
    assert "Menu Office: finance Number: 114847208110975486" in found


def test_marks_that_stand_for_units_make_no_further_column_of_figures():
    lines = [(b"first part", b"--", b"--"), *((b"measure %d" % i, b"pcs", b"%d" % (3 * i)) for i in range(1, 6))]
    content = b"".join(
        text(x, 780 - 24 * i, word)
        for i, line in enumerate(lines)
        for x, word in zip((60, 200, 300), line, strict=True)
    )
    assert rows(readers.read(pdf([content])))[:2] == [["first part", "--", "--"], ["measure 1", "pcs", "3"]]


def test_characters_set_out_to_the_width_of_their_cell_are_lines_of_its_header():
    head = [(60, 730, b"measure"), (250, 730, b"own"), (400, 730, b"sum")]
    head += [(300, 730, b"A"), (314, 730, b"B"), (300, 715, b"C"), (314, 715, b"D"), (300, 700, b"EFG")]
    body = [
        (x, 670 - 20 * i, word)
        for i in range(4)
        for x, word in ((60, b"row %d label" % i), (250, b"%d" % i), (400, b"%d" % (2 * i)))
    ]
    content = b"".join(text(x, y, word) for x, y, word in head + body)
    assert rows(readers.read(pdf([content])))[-1] == ["row 3 label", "3", "", "6"]
