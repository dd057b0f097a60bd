"""The PDF reader on files made for one trait each."""

from __future__ import annotations

import io
import json
import os
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from formats.making import codes, observations, paragraphs, pdf, rows, ruled, text

from parsers import parse, readers
from parsers.document import Paragraph, Table
from parsers.errors import BrokenDocumentError, DocumentError, LimitError, NeedsOcrError
from parsers.recognition import UNREADABLE

CORPUS = Path(os.environ.get("GONGKAI_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
HONGZE = CORPUS / "raw" / "hongze-2023.pdf"
corpus = pytest.mark.skipif(not HONGZE.exists(), reason=f"no corpus in {CORPUS}")


@corpus
def test_a_real_report_is_read_whole():
    truth = json.loads((CORPUS / "truth.json").read_text(encoding="utf-8"))[HONGZE.name]
    parsed = parse(HONGZE.read_bytes(), source=HONGZE.name)
    found = {(o.indicator, o.breakdown): o for o in parsed.observations}
    wrong = [
        (i, b)
        for i, b, value in truth["cells"]
        if (float(v) if (v := found[i, b].value) is not None else None) != value
    ]
    assert wrong == []
    assert len(found) == len(truth["cells"])
    report = parsed.reports[0]
    assert (report.form, report.report_year, report.email) == (truth["form"], truth["report_year"], truth["email"])
    titles = [section.title for section in parsed.sections if section.level == 1]
    assert titles == [title for level, title in truth["sections"] if level == 1]
    failed = {(c.indicator, c.breakdown, c.verdict) for c in parsed.checks if c.outcome == "fail"}
    assert failed == {("reviews", "total", "source_error"), ("litigation_after_review", "total", "source_error")}


@corpus
def test_paragraphs_go_on_over_pages_and_page_numbers_are_said_to_be_left_out():
    document = readers.read(HONGZE.read_bytes())
    text_of_all = "\n".join(paragraphs(document))
    assert "严格执行“分级审核、先审后发”程序" in text_of_all
    assert not any(line.strip("- ").isdecimal() for line in paragraphs(document))
    assert [issue.raw for issue in document.issues if issue.code == "page_number"] == ["-1- -2- -3- -4- -5-"]


@corpus
def test_boxes_of_locators_hold_the_text_for_another_program():
    pdfplumber = pytest.importorskip("pdfplumber")
    document = readers.read(HONGZE.read_bytes())
    tables = [block for block in document.blocks if isinstance(block, Table)]
    with pdfplumber.open(HONGZE) as other:
        for cell in (cell for table in tables for cell in table.cells if cell.text.isdecimal()):
            page, box = cell.locator.removeprefix("pdf:p").rstrip(")").split("(")
            x0, top, x1, bottom = map(float, box.split(","))
            words = [c["text"] for c in other.pages[int(page) - 1].chars
                     if x0 < (c["x0"] + c["x1"]) / 2 < x1 and top < (c["top"] + c["bottom"]) / 2 < bottom]  # fmt: skip
            assert "".join(words).strip() == cell.text


@corpus
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_pages_that_are_turned(quarters):
    upright = observations(readers.read(HONGZE.read_bytes()))
    turned = pypdfium2.PdfDocument(HONGZE)
    for page in turned:
        page.set_rotation(90 * quarters)
    out = io.BytesIO()
    turned.save(out)
    assert observations(readers.read(out.getvalue())) == upright


@corpus
def test_pages_whose_content_is_turned():
    upright = observations(readers.read(HONGZE.read_bytes()))
    turned = pypdfium2.PdfDocument(HONGZE)
    for page in turned:
        for item in page.get_objects(max_depth=1):
            item.transform(pypdfium2.PdfMatrix(0, 1, -1, 0, 842, 0))
        page.set_mediabox(0, 0, 842, 595)
        page.set_cropbox(0, 0, 842, 595)
        page.gen_content()
    out = io.BytesIO()
    turned.save(out)
    document = readers.read(out.getvalue())
    assert observations(document) == upright
    table = next(block for block in document.blocks if isinstance(block, Table))
    _, box = table.locator.rstrip(")").split("(")
    x0, top, x1, bottom = map(float, box.split(","))
    assert 0 <= x0 < x1 <= 842
    assert 0 <= top < bottom <= 595


def scan(pages: int = 2) -> bytes:
    pictures = []
    for i in range(pages):
        source = pypdfium2.PdfDocument(pdf([text(50, 700, b"page %d" % i)]))
        pictures.append(source[0].render(scale=1).to_pil())
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def test_a_scan_needs_ocr():
    with pytest.raises(NeedsOcrError, match="needs ocr"):
        readers.read(scan())


def test_a_page_that_is_a_picture_is_named():
    mixed = pypdfium2.PdfDocument(
        pdf([b"".join(text(50, 780 - 20 * i, b"Report line %d of the text" % i) for i in range(20))])
    )
    mixed.import_pages(pypdfium2.PdfDocument(scan(1)))
    out = io.BytesIO()
    mixed.save(out)
    document = readers.read(out.getvalue())
    assert [(i.code, i.locator[:6]) for i in document.issues if i.code == "needs_ocr"] == [("needs_ocr", "pdf:p2")]
    assert any("Report line 7" in line for line in paragraphs(document))


def test_an_invisible_text_layer_over_a_picture_is_not_relied_on():
    picture = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n"
    layer = b"".join(text(50, 700 - 20 * i, b"guessed 123 456") for i in range(9))
    assert "guessed 123 456" in " ".join(paragraphs(readers.read(pdf([picture + layer]))))
    with pytest.raises(NeedsOcrError):
        readers.read(pdf([picture + b"3 Tr\n" + layer]))


def test_a_text_layer_that_spells_nothing():
    # Chinese bytes shown with a font of the Latin alphabet.
    words = "本报告根据条例编制统计期限自一月一日起".encode("gb18030")
    with pytest.raises(NeedsOcrError, match="spells no text"):
        readers.read(pdf([b"".join(text(50, 780 - 14 * i, words) for i in range(30))]))


def test_a_file_without_text():
    with pytest.raises(NeedsOcrError):
        readers.read(pdf([b"0 0 m 100 100 l S"]))


def test_an_encrypted_file():
    lock = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (b"41" * 32, b"42" * 32)
    locked = pdf([text(50, 700, b"secret")], objects=[lock], trailer=b"/Encrypt 6 0 R /ID [<00><00>]")
    with pytest.raises(BrokenDocumentError, match="encrypted"):
        readers.read(locked)


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\0junk" * 300, pdf([]), b"%PDF"])
def test_damaged_files(content):
    with pytest.raises(DocumentError):
        readers.read(content)


@corpus
def test_a_file_cut_short_says_so_or_is_refused():
    content = HONGZE.read_bytes()
    for share in (0.3, 0.6, 0.9):
        try:
            document = readers.read(content[: int(share * len(content))])
        except DocumentError:
            continue
        assert "truncated" in codes(document)


def test_too_many_pages():
    with pytest.raises(LimitError, match="pages"):
        readers.read(pdf([b""] * 2001))


def test_a_count_of_pages_that_lies():
    with pytest.raises(DocumentError):
        readers.read(pdf([b""], count=2_000_000_000))


def test_too_much_drawing():
    with pytest.raises(LimitError):
        readers.read(pdf([b"0 0 m\n" + b"1 1 l\n" * 250_000 + b"S"]))


def test_a_grid_and_its_prose():
    head = b"".join(
        text(60, 780 - 14 * i, b"Words of a paragraph that fill their line and go on over it %d" % i) for i in range(3)
    )
    grid = ruled((60, 200, 300, 400), (600, 620, 640, 660))
    cells = [(65, 645, b"label"), (205, 645, b"2020"), (305, 645, b"2021"), (65, 625, b"a"), (205, 625, b"1"),
             (305, 625, b"2"), (65, 605, b"b"), (305, 605, b"3")]  # fmt: skip
    document = readers.read(pdf([head + grid + b"".join(text(*cell) for cell in cells)]))
    assert rows(document) == [["label", "2020", "2021"], ["a", "1", "2"], ["b", "", "3"]]
    assert [type(block) for block in document.blocks] == [Paragraph, Table]


@pytest.mark.parametrize(("right", "whole"), [(238, True), (300, False)], ids=["narrow", "wide"])
def test_figures_that_go_on_below_for_want_of_room_leave_the_table_ruled(right, whole):
    """Figures one below the other in a wide box are of several rows; in a box that they fill they are one."""
    grid = ruled((60, 200, right), (560, 590, 620, 650))
    words = [(65, 635, b"first label"), (65, 600, b"second label"), (65, 570, b"third label"), (203, 635, b"5")]
    words += [(203, 608, b"12345"), (203, 596, b"67"), (203, 578, b"98765"), (203, 566, b"43")]
    found = rows(readers.read(pdf([grid + b"".join(text(*word) for word in words)])))
    ruled_rows = [["first label", "5"], ["second label", "12345\n67"], ["third label", "98765\n43"]]
    assert (found == ruled_rows) == whole


@pytest.mark.parametrize("closed", [False, True])
def test_a_column_that_the_edge_of_the_page_cuts_is_not_blank(closed):
    right = 590 if closed else 640
    grid = ruled((300, 450, 570, right), (600, 620, 640, 660))
    words = [(305, 645, b"label"), (455, 645, b"2020"), (572, 645, b"s"), (305, 625, b"a"), (455, 625, b"1")]
    words += [(305, 605, b"b"), (455, 605, b"2"), *([] if closed else [(620, 625, b"7"), (620, 605, b"8")])]
    document = readers.read(pdf([grid + b"".join(text(*word) for word in words)]))
    unknown = "" if closed else UNREADABLE
    assert rows(document) == [["label", "2020", "s"], ["a", "1", unknown], ["b", "2", unknown]]
    assert codes(document).count("beyond_page") == (0 if closed else 4)


@pytest.mark.parametrize("gap", [0, 2, 4, 7])
def test_cells_that_are_ruled_each_by_itself_make_one_table(gap):
    """As browsers print tables whose borders do not collapse; the outer frame is one more line around."""
    words = [["label", "2020", "2021"], ["a", "1", ""], ["b", "", "3"], ["c", "4", "5"]]
    content = b"50 %d %d %d re S\n" % (700 - 30 * len(words) - gap, 390 + gap, 30 * len(words) + gap)
    for i, row in enumerate(words):
        for j, word in enumerate(row):
            x, y = 50 + gap + 130 * j, 700 - 30 * (i + 1)
            content += b"%d %d %d %d re S\n" % (x, y, 130 - gap, 30 - gap) + text(x + 4, y + 6, word.encode())
    assert rows(readers.read(pdf([content]))) == words


def test_prose_in_a_box_is_prose():
    frame = ruled((50, 545), (300, 800))
    lines = b"".join(
        text(60, 780 - 16 * i, b"A line of prose that stands within a frame of ruling lines %d" % i) for i in range(5)
    )
    document = readers.read(pdf([frame + lines]))
    assert all(isinstance(block, Paragraph) for block in document.blocks)
    assert "frame of ruling lines 4" in " ".join(paragraphs(document))


def test_lines_that_are_not_seen_rule_nothing():
    grid = b"1 1 1 RG\n" + ruled((60, 200, 300), (600, 620, 640))
    document = readers.read(pdf([grid + text(65, 625, b"one") + text(65, 605, b"two words and more of them")]))
    assert all(isinstance(block, Paragraph) for block in document.blocks)


XS, YS = (60, 200, 300), (600, 620, 640, 660)
PAIRS = [(65, 645, b"one"), (205, 645, b"two"), (65, 633, b"three words"), (65, 623, b"here"), (205, 625, b"12"), (65, 610, b"four"), (205, 605, b"7")]  # fmt: skip # noqa: E501
DOTTED = b"".join(b"%g %g 0.75 0.75 re f\n" % (XS[0] + 1.5 * i, y) for y in YS for i in range(160)) + b"".join(
    b"%g %g 0.75 0.75 re f\n" % (x, YS[0] + 1.5 * i) for x in XS for i in range(40)
)
GROUNDS = b"".join(
    b"%g 0.9 1 rg %g %g %g 20 re f\n" % (0.6 + 0.1 * (i % 3), left, y, right - left)
    for i, y in enumerate(YS[:-1])
    for left, right in pairwise(XS)
) + b"0 g\n"  # fmt: skip


@pytest.mark.parametrize(
    "drawn",
    [DOTTED, GROUNDS, b"0.95 G\n" + ruled(XS, YS), b"1 G\n" + ruled(XS, YS)],
    ids=["dots", "grounds", "pale", "white"],
)
def test_cells_told_apart_by_dots_or_grounds(drawn):
    words = b"".join(text(*cell) for cell in PAIRS)
    assert rows(readers.read(pdf([drawn + words]))) == [["one", "two"], ["three words\nhere", "12"], ["four", "7"]]


@pytest.mark.parametrize(("right", "said"), [(500, []), (595, ["beyond_page"])])
def test_a_table_that_reaches_the_edge_of_the_page_is_said_to_be_cut(right, said):
    table = ruled((60, 200, right), (600, 620, 640)) + text(65, 625, b"one") + text(205, 625, b"2")
    assert codes(readers.read(pdf([table]))) == said


def test_a_row_that_a_page_break_left_is_one_table_above_prose_on_a_ground() -> None:
    xs = tuple(range(60, 361, 50))
    row = ruled(xs, (700, 730)) + b"".join(text(x + 20, 710, b"%d" % n) for n, x in enumerate(xs[:-1]))
    prose = b"".join(
        text(64, 680 - 14 * n, b"Words that say something of the year, line no %02d of ten" % n) for n in range(10)
    )
    ground = b"1 g\n60 530 275 200 re f\n0 g\n"
    document = readers.read(pdf([ground + row + prose]))
    assert rows(document) == [["0", "1", "2", "3", "4", "5"]]
    assert sum("line no" in text for text in paragraphs(document)) >= 1


def test_grounds_of_whole_rows_make_no_cells():
    stripes = b"0.9 g\n" + b"".join(b"60 %d 240 20 re f\n" % y for y in (600, 640)) + b"0 g\n"
    words = b"".join(text(*cell) for cell in PAIRS)
    document = readers.read(pdf([stripes + words]))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    # Lines that are not certain to be cells are one column, and said.
    cells = [cell.text for table in tables if table.columns > 1 for cell in table.cells]
    assert all("12" not in cell.split() or cell == "12" for cell in cells)
    assert all(table.columns > 1 for table in tables) or "table_uncertain" in codes(document)


def table_over_pages(head_again: bool) -> bytes:
    xs = (60, 250, 350, 450)

    def page(top: int, lines: list[tuple[bytes, bytes, bytes]]) -> bytes:
        ys = tuple(top - 20 * i for i in range(len(lines), -1, -1))
        words = b""
        for i, line in enumerate(lines):
            for x, word in zip(xs, line, strict=False):
                words += text(x + 4, top - 20 * i - 14, word)
        return ruled(xs, ys) + words

    head = (b"label", b"first", b"second")
    one = [head] + [(b"row %d" % i, b"%d" % i, b"%d" % (10 * i)) for i in range(1, 6)]
    two = ([head] if head_again else []) + [(b"row %d" % i, b"%d" % i, b"%d" % (10 * i)) for i in range(6, 9)]
    number = text(290, 30, b"- %d -")
    return pdf([page(180, one) + number % 1, page(780, two) + number % 2])


@pytest.mark.parametrize("head_again", [False, True])
def test_a_table_over_a_page_break_is_one(head_again):
    document = readers.read(table_over_pages(head_again))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(tables) == 1
    assert rows(document)[0] == ["label", "first", "second"]
    assert [row[1] for row in rows(document)[1:]] == [str(i) for i in range(1, 9)]
    assert tables[0].cells[-1].locator.startswith("pdf:p2(")
    assert ("repeated_header" in codes(document)) == head_again


def test_columns_without_lines():
    lines = [(b"measure", b"unit", b"year", b"total"), *[(b"measure no %d" % i, b"item", b"%d" % (7 * i), b"%d" % (90 * i)) for i in range(1, 9)]]  # fmt: skip # noqa: E501
    words = b""
    for i, line in enumerate(lines):
        for x, word in zip((60, 250, 330, 430), line, strict=True):
            words += text(x, 700 - 18 * i, word)
    assert rows(readers.read(pdf([words])))[1:] == [
        [f"measure no {i}", "item", str(7 * i), str(90 * i)] for i in range(1, 9)
    ]


def words_at(lines: list[tuple[float, float, bytes]]) -> bytes:
    return pdf([b"".join(text(x, y, word) for x, y, word in lines)])


HEAD = [(60, 700, b"measure"), (250, 700, b"first"), (350, 700, b"second"), (450, 700, b"third")]


def test_a_blank_stays_in_its_column_without_lines():
    lines = [*HEAD]
    for i, figures in enumerate([(b"1", b"2", b"3"), (b"4", b"", b"6"), (b"", b"", b"9")]):
        lines += [(60, 680 - 20 * i, b"row %d label" % i)]
        lines += [(x, 680 - 20 * i, figure) for x, figure in zip((252, 352, 452), figures, strict=True) if figure]
    assert rows(readers.read(words_at(lines)))[1:] == [
        ["row 0 label", "1", "2", "3"],
        ["row 1 label", "4", "", "6"],
        ["row 2 label", "", "", "9"],
    ]


def test_figures_that_do_not_stand_under_their_headers_are_given_by_order():
    lines = [(60, 700, b"measure"), (200, 700, b"first"), (300, 700, b"second")]
    for i in range(3):
        lines += [
            (60, 680 - 20 * i, b"row %d" % i),
            (270, 680 - 20 * i, b"%d" % i),
            (370, 680 - 20 * i, b"%d" % (9 * i)),
        ]
    assert rows(readers.read(words_at(lines)))[0] == ["measure", "first", "second"]
    assert rows(readers.read(words_at(lines)))[3] == ["row 2", "2", "18"]


def test_headers_over_the_next_column_are_given_by_order_where_a_row_is_full():
    lines = [(60, 700, b"measure"), (200, 700, b"first"), (270, 700, b"second"), (340, 700, b"third")]
    for i in range(3):
        lines += [(60, 680 - 20 * i, b"row %d" % i), *((x, 680 - 20 * i, b"%d" % (x - i)) for x in (275, 345, 415))]
    found = rows(readers.read(words_at(lines)))
    assert found[0] == ["measure", "first", "second", "third"]
    assert found[1] == ["row 0", "275", "345", "415"]


def test_headers_over_their_own_columns_are_not_given_by_order_to_the_labels():
    lines = [(200, 700, b"first"), (300, 700, b"second"), (400, 700, b"third"), (500, 700, b"total")]
    for i in range(3):
        lines += [(60, 680 - 20 * i, b"row %d" % i), *((x, 680 - 20 * i, b"%d" % (x + i)) for x in (203, 305, 403))]
    found = rows(readers.read(words_at(lines)))
    assert found[0][1:] == ["first", "second", "third", "total"]
    assert found[1] == ["row 0", "203", "305", "403", ""]


def test_figures_of_two_columns_are_not_taken_for_one():
    lines = [(60, 700, b"measure"), (200, 700, b"first"), (300, 700, b"second"), (400, 700, b"third")]
    lines += [(60, 680, b"row 0"), (360, 680, b"39"), (60, 660, b"row 1"), (460, 660, b"9")]
    document = readers.read(words_at(lines))
    assert not any(isinstance(block, Table) and block.columns > 1 for block in document.blocks)


def test_headers_that_are_too_many_for_columns_off_their_places_are_not_given():
    lines = [(60, 700, b"measure"), (200, 700, b"first"), (300, 700, b"second"), (420, 700, b"third")]
    for i in range(3):
        lines += [
            (60, 680 - 20 * i, b"row %d" % i),
            (270, 680 - 20 * i, b"%d" % i),
            (370, 680 - 20 * i, b"%d" % (9 * i)),
        ]
    document = readers.read(words_at(lines))
    assert "table_uncertain" in codes(document)
    assert all(len(row) == 1 for row in rows(document))


def test_the_rest_of_a_figure_that_had_no_room_is_no_row():
    lines = [*HEAD]
    for i in range(4):
        lines += [(60, 680 - 24 * i, b"row %d label" % i)]
        lines += [(x, 680 - 24 * i, b"%d" % (i + 1)) for x in (252, 352, 452)]
    lines.append((452, 680 - 24 - 12, b"7"))
    found = rows(readers.read(words_at(lines)))
    assert [row[0] for row in found[1:]] == ["row 0 label", "row 1 label", "row 2 label", "row 3 label"]
    assert found[2] == ["row 1 label", "2", "2", "2\n7"]


def test_labels_in_two_lines_belong_to_the_figures_beside_their_middle():
    lines = [*HEAD]
    for i, y in enumerate((680, 640, 600, 560)):
        lines += [(60, y + 6, b"a label in %d" % i), (60, y - 6, b"two lines")]
        lines += [(x, y, b"%d" % i) for x in (252, 352, 452)]
    found = rows(readers.read(words_at(lines)))[1:]
    assert [[row[0].split(), row[1]] for row in found] == [
        [["a", "label", "in", str(i), "two", "lines"], str(i)] for i in range(4)
    ]


def test_rows_whose_figures_are_all_blank_are_told_by_their_units():
    lines = [(60, 700, b"measure"), (250, 700, b"unit"), (350, 700, b"first")]
    figures = (b"7", b"", b"8", b"", b"", b"9", b"4")
    for i, figure in enumerate(figures):
        y = 684 - 13 * i
        lines += [(60, y, b"row no %d" % i), (254, y, b"pc")] + ([(355, y, figure)] if figure else [])
    found = rows(readers.read(words_at(lines)))[1:]
    assert found == [[f"row no {i}", "pc", figure.decode()] for i, figure in enumerate(figures)]


def test_headers_and_figures_that_do_not_stand_below_each_other_are_given_by_order_between_lines():
    xs, right = (60, 180, 300, 420), (170, 330, 370, 500)
    lines = b"".join(b"55 %d m 505 %d l S\n" % (y, y) for y in (700, 680, 660, 640, 620))
    words = b"".join(text(x, 686, word) for x, word in zip(xs, (b"kind", b"before", b"change", b"now"), strict=True))
    for i, y in enumerate((666, 646, 626)):
        words += text(60, y, b"row %d" % i) + b"".join(text(x - 6, y, b"%d" % (i + x % 7)) for x in right[1:])
    found = rows(readers.read(pdf([lines + words])))
    read = [[cell for at, cell in enumerate(row) if not at or cell != row[at - 1]] for row in found]
    assert read[0] == ["kind", "before", "change", "now"]
    assert read[2] == ["row 1", *(str(1 + x % 7) for x in right[1:])]


def test_rows_ruled_within_a_frame_have_the_columns_that_their_text_shows():
    xs, ys = (60, 250, 350, 450), (700, 680, 660, 640, 620)
    drawn = b"".join(b"55 %d m 505 %d l S\n" % (y, y) for y in ys)
    drawn += b"55 700 m 55 620 l S 505 700 m 505 620 l S\n"
    words = b"".join(text(x, 686, word) for x, word in zip(xs, (b"kind", b"unit", b"year", b"total"), strict=True))
    for i, y in enumerate((666, 646, 626)):
        cells = (b"row no %d" % i, b"pc", b"%d" % i, b"1%d" % i)
        words += b"".join(text(x, y, word) for x, word in zip(xs, cells, strict=True))
    found = rows(readers.read(pdf([drawn + words])))
    assert found == [["kind", "unit", "year", "total"], *([f"row no {i}", "pc", f"{i}", f"1{i}"] for i in range(3))]


def test_rows_far_apart_are_of_one_table_without_lines():
    lines = [(60, 700, b"kind"), (250, 700, b"year"), (350, 700, b"total")]
    for i in range(4):
        lines += [(60, 655 - 45 * i, b"row no %d" % i), (255, 655 - 45 * i, b"%d" % i), (355, 655 - 45 * i, b"1%d" % i)]
    found = rows(readers.read(words_at(lines)))
    assert found == [["kind", "year", "total"], *([f"row no {i}", f"{i}", f"1{i}"] for i in range(4))]


@pytest.mark.parametrize("last", [6, 5])
def test_rows_that_add_up_need_no_header_and_others_are_not_read(last):
    lines = [(300, 716, b"er"), (350, 716, b"ther")]
    figures = [(3, 0, 1, 2, last), (0, 0, 4, 0, 4), (1, 0, 0, 0, 1)]
    for i, own in enumerate(figures):
        y = 690 - 18 * i
        lines += [(60, y, b"row no %d" % i), *((200 + 50 * at, y, b"%d" % figure) for at, figure in enumerate(own))]
    document = readers.read(words_at(lines))
    if last == sum(figures[0][:-1]):
        assert rows(document) == [[f"row no {i}", *map(str, own)] for i, own in enumerate(figures)]
    else:
        assert "table_uncertain" in codes(document)
        assert {len(row) for row in rows(document)} == {1}


def test_labels_of_several_rows_whose_rows_are_not_certain_leave_figures_in_their_rows():
    lines = [(60, 700, b"kind"), (250, 700, b"year"), (350, 700, b"total")]
    for i in range(6):
        y = 680 - 16 * i
        lines += [(110, y, b"row no %d of these" % i), (255, y, b"%d" % i), (355, y, b"7")]
    lines += [(60, 672, b"some"), (60, 640, b"more"), (60, 600, b"rest")]
    found = rows(readers.read(words_at(lines)))
    assert [[row[-3], *row[-2:]] for row in found[1:]] == [[f"row no {i} of these", f"{i}", "7"] for i in range(6)]


def test_pieces_of_lines_tell_the_sides_of_cells_between_them():
    xs = (55, 200, 300, 400, 500)
    lines = b"".join(
        b"%g %g m %g %g l S\n" % (left, y, right, y) for y in (700, 680, 660, 640, 620) for left, right in pairwise(xs)
    )
    cells = ((60, 686, b"kind"), (285, 686, b"of two"), (410, 686, b"last"), (230, 666, b"a"), (340, 666, b"b"))
    figures = ((60, 646, b"one"), (390, 646, b"7"), (60, 626, b"two"), (290, 626, b"4"), (490, 626, b"5"))
    found = rows(readers.read(pdf([lines + b"".join(text(*cell) for cell in cells + figures)])))
    assert found[2:] == [["one", "", "7", ""], ["two", "4", "", "5"]]


def test_a_header_between_the_lines_of_its_row_is_not_joined_with_the_figures():
    xs = [60 + 70 * i for i in range(6)]
    lines = b"".join(b"55 %d m 480 %d l S\n" % (y, y) for y in (720, 660)) + b"265 686 m 480 686 l S\n"
    words = b"".join(text(x, 700 if i < 3 else 690, b"head%d" % i) for i, x in enumerate(xs))
    words += text(300, 706, b"over the last") + b"".join(text(x + 6, 668, b"%d" % (7 * i)) for i, x in enumerate(xs))
    found = rows(readers.read(pdf([lines + words])))
    assert found[-1] == [str(7 * i) for i in range(6)]
    assert found[0][:3] == ["head0", "head1", "head2"]


def test_lines_below_and_above_rows_leave_the_rows_apart():
    lines = [*HEAD]
    for i in range(4):
        lines += [(60, 680 - 16 * i, b"row %d label" % i), *((x, 680 - 16 * i, b"%d" % i) for x in (252, 352, 452))]
    ruling = b"".join(b"55 %d m 500 %d l S\n" % (y, y) for y in (715, 694, 624))
    framed = ruling + b"55 624 m 55 715 l S 500 624 m 500 715 l S\n"
    words = b"".join(text(x, y, word) for x, y, word in lines)
    for drawn in (ruling, framed):
        assert rows(readers.read(pdf([drawn + words])))[1:] == [[f"row {i} label", *[str(i)] * 3] for i in range(4)]


def test_struck_figures_and_note_marks_are_no_figures():
    grid = ruled((60, 200, 300), (600, 620, 640))
    words = text(65, 625, b"a") + text(205, 625, b"436") + text(230, 625, b"438") + b"204 628.2 m 223 628.2 l S\n"
    words += text(65, 605, b"b") + text(205, 605, b"412") + text(222, 609, b"2", 6)
    document = readers.read(pdf([grid + words]))
    assert rows(document) == [["a", "438"], ["b", "412"]]
    assert {(i.code, i.raw) for i in document.issues} >= {("deleted_text", "436"), ("note_mark_dropped", "2")}


def test_words_that_hang_below_a_table_at_a_page_break_are_of_its_open_cells():
    down = b"".join(b"%d 60 m %d 100 l S\n" % (x, x) for x in (60, 160, 260, 460))
    across = b"60 100 m 460 100 l S 260 80 m 460 80 l S 260 60 m 460 60 l S 360 60 m 360 80 l S\n"
    cut = (
        text(70, 84, b"one")
        + text(170, 84, b"two")
        + text(300, 86, b"over both")
        + text(270, 66, b"a")
        + text(370, 66, b"b")
    )
    hanging = text(70, 50, b"one more") + text(170, 50, b"two more") + text(70, 36, b"yet")
    rest = ruled((60, 160, 260, 360, 460), (760, 780)) + b"".join(
        text(x, 766, word) for x, word in zip((70, 170, 270, 370), (b"1", b"2", b"3", b"4"), strict=True)
    )
    found = rows(readers.read(pdf([down + across + cut + hanging, rest])))
    assert [cell.split() for cell in found[0][:2]] == [["one", "one", "more", "yet"], ["two", "two", "more"]]
    assert found[-1] == ["1", "2", "3", "4"]


def test_blank_figures_behind_a_page_break_stay_blank():
    xs = (60, 250, 350, 450)
    head = ruled(xs, (100, 120)) + b"".join(
        text(x + 4, 106, w) for x, w in zip(xs, (b"one", b"two", b"three"), strict=False)
    )
    blank = ruled(xs, (760, 780)) + text(60, 700, b"Words behind the table")
    document = readers.read(pdf([head, blank]))
    assert rows(document) == [["one", "two", "three"], ["", "", ""]]


def test_characters_within_a_form_stand_where_they_are_shown(browser, tmp_path):
    """A browser draws what is scaled as a form, and gives characters that look like radicals a text of their own."""
    page = tmp_path / "scaled.html"
    page.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><div style="transform:scale(0.7);transform-origin:0 0;font-size:20px">'
        "<p>一、二人工文件</p><p>八、小大方立</p></div>",
        "utf-8",
    )
    assert paragraphs(readers.read(browser(page))) == ["一、二人工文件八、小大方立"]


@pytest.mark.parametrize(("x", "whole"), [(575, True), (585, False)], ids=["room", "none"])
def test_a_figure_in_a_cell_that_the_page_cuts_is_known_where_a_further_digit_would_be_seen(x, whole):
    grid = ruled((300, 450, 560, 610), (600, 620, 640))
    words = [(305, 625, b"label"), (455, 625, b"1"), (565, 625, b"2020"), (305, 605, b"a"), (455, 605, b"1")]
    words += [(x, 605, b"7"), (640, 605, b"8")]
    document = readers.read(pdf([grid + b"".join(text(*word) for word in words)]))
    assert rows(document)[-1] == ["a", "1", "7" if whole else UNREADABLE]
