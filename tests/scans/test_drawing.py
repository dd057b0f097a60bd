"""What is looked at before anything is read: ruling lines of tables, ink that is left of them, shapes of digits."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont
from scans import making

pytestmark = pytest.mark.usefixtures("recogniser")

EM = 32
WIDE, HIGH = 96, 52
FIGURES = (("0", "1", "7", ""), ("12", "0", "", "8"), ("1", "", "36", "0"))


def font(size: int) -> ImageFont.FreeTypeFont:
    # The font that comes with Pillow has a foot under its 1, as those of browsers.
    return ImageFont.load_default(size)


def ink_of(text: str, size: int = 40):
    """Text as ink: 255 where it is drawn, without paper around it."""
    import numpy as np

    page = Image.new("L", (40 * len(text) + 60, 100), 0)
    ImageDraw.Draw(page).text((20, 20), text, font=font(size), fill=255)
    drawn = (np.asarray(page) > 127).astype(np.uint8) * 255
    ys, xs = np.nonzero(drawn)
    return drawn[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


@pytest.mark.parametrize("text", ["0", "1", "4", "6", "8", "11", "100", "207", "1896", "333"])
def test_ink_may_be_what_it_is(text):
    from pipeline.recognition import shapes

    assert shapes.may_be(text, ink_of(text))


@pytest.mark.parametrize(
    ("printed", "read"), [("11", "1"), ("100", "10"), ("333", "33"), ("8", "3"), ("0", "1"), ("3", "0"), ("7", "777")]
)
def test_a_digit_too_few_or_of_another_shape_is_found_out(printed, read):
    from pipeline.recognition import shapes

    assert not shapes.may_be(read, ink_of(printed))


@pytest.mark.parametrize("text", ["29", "69", "36", "88", "138", "969", "2905"])
def test_digits_that_run_into_each_other_may_be_what_they_are_and_no_fewer(text):
    import cv2
    import numpy as np

    from pipeline.recognition import shapes

    thick = cv2.dilate(ink_of(text), np.ones((1, 5), np.uint8))
    assert shapes.may_be(text, thick)
    assert not shapes.may_be(text[1:], thick)


@pytest.mark.parametrize(
    ("size", "is_one"),
    [((7, 3), True), ((6, 4), True), ((12, 3), True), ((40, 2), True), ((4, 4), False), ((3, 12), False)],
)
def test_a_flat_stroke_is_a_dash_and_a_dot_is_none(size, is_one):
    import numpy as np

    from pipeline.recognition import shapes

    wide, high = size
    assert shapes.is_dash(np.full((high, wide), 255, np.uint8), 22.0) == is_one


def test_only_a_zero_is_shaped_like_one():
    from pipeline.recognition import shapes

    assert [digit for digit in "0123456789" if shapes.is_zero(ink_of(digit))] == ["0"]
    assert not shapes.is_zero(ink_of("00"))


def table(gap: int, shade: int) -> Image.Image:
    """Figures in cells with a frame each, `gap` apart, set close to their left sides."""
    page = Image.new("L", (4 * WIDE + 200, 3 * HIGH + 200), 250)
    pen = ImageDraw.Draw(page)
    for row, cells in enumerate(FIGURES):
        for column, text in enumerate(cells):
            x, y = 80 + column * WIDE, 80 + row * HIGH
            pen.rectangle((x, y, x + WIDE - gap, y + HIGH - gap), outline=shade, width=2)
            pen.text((x + 6, y + 6), text, font=font(EM), fill=20)
    return page


@pytest.mark.parametrize("gap", [0, 6])
@pytest.mark.parametrize("shade", [30, 150])
@pytest.mark.parametrize("worse", [False, True])
def test_frames_leave_nothing_in_their_cells(gap, shade, worse):
    import numpy as np

    from pipeline.recognition import layout, pages

    page = table(gap, shade)
    grey = np.asarray(making.degraded(page, skew=0.0) if worse else page)
    lines = layout.lines_of(grey, EM)
    ink = layout.ink_of(grey, EM)
    ink[layout.covered(lines)] = 0
    (cells,) = pages.tables(lines, EM)
    assert len(cells) == 12
    for number, (left, top, right, bottom) in enumerate(sorted(cells, key=lambda box: (round(box[1] / 10), box[0]))):
        own = ink[top:bottom, left:right].copy()
        layout.clear_edges(own, EM)
        text = FIGURES[number // 4][number % 4]
        assert own.any() == bool(text), text
        if text:
            ys, xs = np.nonzero(own)
            assert 0.4 * EM < ys.max() - ys.min() < 0.95 * EM, text
            assert xs.max() - xs.min() < 0.7 * EM * len(text), text


DARK = (30, 2)


def lined(high: int, strokes, words, *, worse: bool):
    """A page with strokes, each its ends with its shade and width, and figures at places, as a scanner sees it."""
    import numpy as np

    page = Image.new("L", (620, high), 250)
    pen = ImageDraw.Draw(page)
    for ends, (shade, width) in strokes:
        pen.line(ends, fill=shade, width=width)
    for place in words:
        pen.text(place, "12", font=font(EM), fill=20)
    return np.asarray(making.degraded(page, skew=0.0) if worse else page)


def halved(*heights: int):
    """The lines of a table whose first row is one cell and whose other rows are two."""
    first, second, *_, last = heights
    yield from (((60, y, 560, y), DARK) for y in heights)
    yield from (((x, second if x == 310 else first, x, last), DARK) for x in (60, 310, 560))


@pytest.mark.parametrize("worse", [False, True])
@pytest.mark.parametrize("drawn", ["character", "line"])
def test_a_stroke_in_line_with_a_side_of_cells_divides_no_header(drawn, worse):
    """The stroke of a character right above a line is no more of it; a line that reaches the next one is."""
    from pipeline.recognition import layout, pages

    character = [((310, 69, 310, 101), DARK), *(((299, y, 322, y), DARK) for y in (72, 84))]
    over = character if drawn == "character" else [((310, 60, 310, 104), DARK)]
    words = [(140, 124), (420, 124), (140, 200), (420, 200)]
    grey = lined(320, [*halved(60, 104, 180, 256), *over], words, worse=worse)
    (cells,) = pages.tables(layout.lines_of(grey, EM), EM)
    assert len(cells) == (5 if drawn == "character" else 6)


@pytest.mark.parametrize("worse", [False, True])
def test_a_character_as_high_as_its_row_divides_no_header(worse):
    from pipeline.recognition import layout, pages

    # Between it and the lines above and below is less paper than a blur bridges.
    over = [((310, 66, 310, 86), DARK), *(((299, y, 322, y), DARK) for y in (70, 78))]
    words = [(140, 112), (420, 112), (140, 188), (420, 188)]
    grey = lined(280, [*halved(60, 92, 168, 244), *over], words, worse=worse)
    (cells,) = pages.tables(layout.lines_of(grey, EM), EM)
    assert len(cells) == 5


@pytest.mark.parametrize("worse", [False, True])
def test_a_table_that_the_page_cuts_keeps_its_columns(worse):
    """Lines down that reach the edge of the page, thinner behind the last row that is whole."""
    from pipeline.recognition import layout, pages

    strokes = [((60, y, 560, y), DARK) for y in (40, 100, 160)]
    for x in (60, 310, 560):
        strokes += [((x, 0, x, 160), DARK), ((x, 160, x, 230), (170, 1))]
    grey = lined(240, strokes, [(x, y) for x in (140, 420) for y in (54, 114)], worse=worse)
    tables = pages.tables(layout.lines_of(grey, EM), EM)
    assert [sum(box[1] > 30 and box[3] < 170 for box in cells) for cells in tables] == [4]


@pytest.mark.parametrize("worse", [False, True])
def test_the_last_row_before_the_edge_of_the_page_keeps_its_columns(worse):
    """Short lines down that meet a line above and end with the sides of the table."""
    from pipeline.recognition import layout

    strokes = [((60, y, 560, y), DARK) for y in (40, 90, 140)]
    strokes += [((x, y, x, 196), DARK) for x, y in ((60, 40), (226, 140), (393, 140), (560, 40))]
    lines = layout.lines_of(lined(320, strokes, [(x, 152) for x in (100, 280, 440)], worse=worse), EM)
    assert sorted(round(line.at / 10) for line in lines.down) == [6, 23, 39, 56]


@pytest.mark.parametrize("columns", [1, 2])
def test_words_of_a_row_are_parted_where_no_line_parts_its_columns(columns):
    import numpy as np

    from pipeline.recognition import pages

    page = Image.new("L", (820, 320), 250)
    pen = ImageDraw.Draw(page)
    for y in (60, 124, 188, 252):
        pen.line((60, y, 760, y), fill=30, width=2)
    for x in (60, 660, 760) if columns == 2 else (60, 760):
        pen.line((x, 60, x, 252), fill=30, width=2)
    for y in (76, 140, 204):
        for x, text in ((120, "2015 17"), (420, "8"), (700, "36")):
            pen.text((x, y), text, font=font(EM), fill=20)
    grey = np.asarray(page)
    lines, ink = pages._drawing(grey, EM)
    spots = pages._spots(ink, lines, [], EM)
    starts = sorted({round(spot.box[0] / 10) for spot in spots})
    assert len(spots) == (9 if columns == 1 else 6)
    assert starts == ([12, 42, 70] if columns == 1 else [12, 70])
