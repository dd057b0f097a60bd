"""What a page of a PDF shows decides, not what its text layer says: drawn figures, and text that is not to be seen."""

from __future__ import annotations

import pytest
from formats.making import codes, paragraphs, pdf, rows, ruled, text

from parsers import readers
from parsers.recognition import UNREADABLE

XS, YS = (60, 200, 300, 400), (600, 620, 640, 660)
GRID = ruled(XS, YS)
CELLS = (
    (65, 645, b"label"), (205, 645, b"first"), (305, 645, b"second"),
    (65, 625, b"a"), (305, 625, b"2"), (65, 605, b"b"), (205, 605, b"3"), (305, 605, b"4"),
)  # fmt: skip
WORDS = b"".join(text(*cell) for cell in CELLS)
BLANK = [["label", "first", "second"], ["a", "", "2"], ["b", "3", "4"]]

CURVE = b"240 624 m 250 624 250 634 240 634 c 230 634 230 624 240 624 c f\n"
BROKEN = b"1 w 238 630 m 241 634 l 241 625 l S\n"
STEM = b"240 625 1.4 8 re f 238 625 5 1.4 re f\n"
DOTS = (
    b"q 20 0 0 8 236 626 cm BI /W 8 /H 8 /CS /G /BPC 8 ID " + bytes(255 * (i % 5 > 1) for i in range(64)) + b" EI Q\n"
)


@pytest.mark.parametrize("drawn", [CURVE, BROKEN, STEM, DOTS], ids=["curve", "stroke", "areas", "picture"])
def test_a_cell_in_which_a_figure_is_drawn_is_not_blank(drawn):
    document = readers.read(pdf([GRID + WORDS + drawn]))
    assert rows(document)[1] == ["a", UNREADABLE, "2"]
    said = [issue for issue in document.issues if issue.code == "ink_without_text"]
    assert [(issue.severity, issue.locator) for issue in said] == [("warning", "pdf:p1(200,202,300,222)")]


GROUNDS = {
    "shade": b"0.7 g 200 620 100 20 re f 0 g\n",
    "stripe": b"0.8 0.9 1 rg 60 620 340 20 re f 0 g\n",
    "diagonal": b"200 620 m 300 640 l S\n",
    "crossed": b"201.5 621 m 298 639 l S 201.5 639 m 298 621 l S\n",
    "frame": b"202 622 96 16 re S\n",
    "thick": b"2.5 w 200 620 100 20 re S\n",
    "underline": b"210 625 m 280 625 l S\n",
    "dashes": b"[3 2] 0 d 201.5 620 m 201.5 640 l S 200 621.4 m 300 621.4 l S [] 0 d\n",
    "seal": b"3 w 1 0 0 RG 330 630 m 330 700 230 700 230 630 c 230 560 330 560 330 630 c S\n",
    "aslant": b"0.85 g BT /F1 1 Tf 30 25 -25 30 170 590 Tm (DRAFT COPY) Tj ET 0 g\n",
}


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
def test_rules_and_grounds_leave_a_cell_blank(ground):
    assert rows(readers.read(pdf([ground + GRID + WORDS]))) == BLANK
    assert rows(readers.read(pdf([GRID + ground + WORDS]))) == BLANK


def test_white_text_shows_on_a_dark_ground_alone():
    dark = b"0.1 0.2 0.6 rg 60 640 340 20 re f 1 g\n" + b"".join(text(*cell) for cell in CELLS[:3]) + b"0 g\n"
    body = b"".join(text(*cell) for cell in CELLS[3:])
    white = b"1 g\n" + text(240, 625, b"77") + text(212, 605, b"9") + b"0 g\n"
    document = readers.read(pdf([dark + GRID + body + white]))
    assert rows(document) == BLANK
    assert [i.raw for i in document.issues if i.code == "hidden_text"] == ["779"]


def test_a_pale_word_set_again_and_again_under_the_table_is_no_text():
    tiles = b"0.8 g\n" + b"".join(
        text(x, y, b"COPY", 12) for x, y in ((70, 700), (210, 622), (310, 602), (420, 560), (70, 615))
    )
    document = readers.read(pdf([tiles + b"0 g\n" + GRID + WORDS]))
    assert rows(document) == BLANK
    assert {i.raw for i in document.issues if i.code == "watermark"} == {"COPY"}


def test_pale_words_that_nothing_stands_upon_are_text():
    pale = b"0.7 g\n" + b"".join(text(205 + 100 * (i % 2), 605 + 20 * (i // 2), b"none") for i in range(4)) + b"0 g\n"
    labels = b"".join(text(*cell) for cell in CELLS if cell[0] == 65 or cell[1] == 645)
    assert rows(readers.read(pdf([pale + GRID + labels])))[1:] == [["a", "none", "none"], ["b", "none", "none"]]


def test_of_a_figure_painted_over_the_new_one_is_read():
    old = text(205, 625, b"158")
    paint = b"1 g 203 622 60 14 re f 0 g\n"
    assert rows(readers.read(pdf([GRID + WORDS + old + paint]))) == BLANK
    new = text(208, 625, b"76")
    document = readers.read(pdf([GRID + WORDS + old + paint + new]))
    assert rows(document)[1] == ["a", "76", "2"]
    assert [i.raw for i in document.issues if i.code == "hidden_text"] == ["158"]


@pytest.mark.parametrize("how", [b"/G gs", b"203 622 1 1 re W n"], ids=["blended", "clipped"])
def test_what_is_painted_over_without_effect_is_read(how):
    page = b"/Resources << /Font << /F1 3 0 R >> /ExtGState << /G << /BM /Multiply >> >> >>"
    over = b"q %s 1 g 203 622 60 14 re f Q\n" % how
    assert rows(readers.read(pdf([GRID + WORDS + text(210, 625, b"158") + over], page=page)))[1] == ["a", "158", "2"]


def test_invisible_text_beside_visible_text_is_left_out():
    ghost = b"3 Tr\n" + text(212, 605, b"9") + text(240, 625, b"8") + b"0 Tr\n"
    assert rows(readers.read(pdf([GRID + WORDS + ghost]))) == BLANK


def test_a_label_that_its_cell_cuts_off_does_not_run_into_the_next():
    long = b"q 61 621 138 18 re W n\n" + text(65, 625, b"a label that is much too long for its cell") + b"Q\n"
    cells = b"".join(text(*cell) for cell in CELLS if cell[2] != b"a") + text(205, 625, b"1")
    found = rows(readers.read(pdf([GRID + cells + long])))
    assert found[1][0].startswith("a label that is much too")
    assert found[1][1:] == ["1", "2"]


def test_figures_in_form_fields_and_notes_are_read():
    look = b"q BT /F1 9 Tf 2 4 Td (%s) Tj ET Q"
    shown = b"<< /Type /XObject /Subtype /Form /BBox [0 0 90 16] /Resources << /Font << /F1 3 0 R >> >>"
    shown += b" /Length %d >>\nstream\n%s\nendstream"
    objects = [
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (one) /V (12) /F 4 /Rect [202 622 292 638] /AP << /N 7 0 R >> >>",
        shown % (len(look % b"12"), look % b"12"),
    ]
    form = b"/AcroForm << /Fields [6 0 R] /DR << /Font << /F1 3 0 R >> >> /DA (/F1 9 Tf 0 g) >>"
    field, content = objects[0], [GRID + WORDS]
    note = field.replace(b"/Subtype /Widget /FT /Tx /T (one) /V", b"/Subtype /FreeText /Contents")

    def read(entry: bytes, catalog: bytes = b"") -> list[str]:
        made = pdf(content, objects=[entry, objects[1]], page=b"/Annots [6 0 R]", catalog=catalog)
        return rows(readers.read(made))[1]

    assert read(field, form) == ["a", "12", "2"]
    assert read(note) == ["a", "12", "2"]
    assert read(note.replace(b"/F 4", b"/F 2")) == ["a", "", "2"]
    bare = note.replace(b"/AP << /N 7 0 R >>", b"")
    assert read(bare) == ["a", "12", "2"]
    assert read(bare.replace(b"/F 4", b"/F 2")) == ["a", "", "2"]


def test_a_page_drawn_in_a_dark_colour_is_read():
    content = b"0 0 0.3 rg 0 0 595 842 re f 1 g 1 G\n" + GRID + WORDS + text(60, 700, b"Words over the table")
    document = readers.read(pdf([content]))
    assert "Words over the table" in paragraphs(document)
    assert "hidden_text" not in codes(document)
