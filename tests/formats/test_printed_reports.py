"""Reports printed with the habits of word processors, browsers and drivers are read as they were written.

Each habit stands beside each other one in some document: see `tests.press`.
"""

from __future__ import annotations

import io
import random

import pypdfium2
import pytest

from parsers import parse
from parsers.errors import BrokenDocumentError, NeedsOcrError
from tests.forge.lines import FORMS
from tests.forge.score import field_faults, flagged, score, section_faults
from tests.press import content, setting

RULED = {"lines": "all"}
SEEDS = (0, 51, 55, 63, 93, 100, 112, 199, 234, 240, 264, 288, 317, 331, 466, 501, 530, 534, 577, 587)
"""Seeds whose habits, together, stand beside each other in most pairs."""


BETWEEN_ROWS = {100: "national_2019", 103: "national_2021", 109: "national_2019", 110: "national_2021"}


def printed(seed, form="", **fixed):
    """A story and the PDF file of it, the same each time."""
    rng = random.Random(seed)
    form = form or FORMS[seed % 5]
    look = setting.habits(rng, **{**RULED, **fixed})
    story = content.story(seed, form)
    return story, setting.print_report(story, look, seed, shapes=False)


def faults(story, data):
    """All that was read otherwise than written: cells, fields, headings."""
    parsed = parse(data, source="report.pdf")
    if not parsed.reports:
        return [parsed.documents[0].reason]
    doubted = flagged(parsed.observations, parsed.issues, parsed.checks)
    own = [*score(story.truth, parsed.observations, doubted).faults, *field_faults(story.truth, parsed.reports[0])]
    return [*own, *section_faults(story.truth, parsed.sections)]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_habit_beside_the_others(seed):
    story, book = printed(seed)
    assert faults(story, book.bytes()) == []


def test_every_habit_is_printed_by_the_test_before():
    looks = [setting.habits(random.Random(seed), **RULED) for seed in SEEDS]
    for habit, values in setting.HABITS.items():
        if habit not in RULED:
            assert {look[habit] for look in looks} == set(values)


@pytest.mark.parametrize("seed", BETWEEN_ROWS)
def test_tables_with_lines_between_rows_only(seed):
    story, book = printed(seed, BETWEEN_ROWS[seed], lines="rows", shade="none")
    assert faults(story, book.bytes()) == []


FEW_LINES = (
    ("none", "short_annex", 602), ("none", "long_annex", 601), ("none", "national_2014", 601),
    ("none", "national_2019", 603), ("none", "national_2021", 616), ("none", "national_2019", 708),
    ("none", "national_2019", 718), ("none", "national_2019", 723), ("none", "national_2021", 724),
    ("three", "short_annex", 602), ("three", "long_annex", 601), ("three", "national_2014", 601),
    ("three", "national_2019", 611), ("three", "national_2019", 718), ("three", "national_2019", 728),
    ("none", "national_2014", 3012), ("three", "national_2014", 3017), ("none", "national_2021", 3014),
    ("none", "national_2019", 3213),
    ("rows", "national_2021", 3004), ("rows", "national_2019", 3018), ("rows", "national_2021", 3019),
)  # fmt: skip


@pytest.mark.parametrize(("lines", "form", "seed"), FEW_LINES)
def test_tables_without_lines_or_with_few(lines, form, seed):
    story, book = printed(seed, form, lines=lines, shade="none")
    assert faults(story, book.bytes()) == []


@pytest.mark.parametrize("lines", ["none", "three"])
@pytest.mark.parametrize("seed", [711, 93004, 93014, 93079, 93085, 93088])
def test_where_columns_are_not_certain_nothing_is_read_wrong(seed, lines):
    story, book = printed(seed, lines=lines, shade="none")
    parsed = parse(book.bytes(), source="report.pdf")
    found = score(story.truth, parsed.observations)
    assert (found.wrong, found.invented) == (0, 0)
    assert found.right + found.missing + found.unsure == found.cells


def test_a_table_whose_columns_are_not_certain_is_said():
    _, book = printed(729, lines="none", shade="none")
    parsed = parse(book.bytes(), source="report.pdf")
    said = [issue for issue in parsed.issues if issue.code == "table_uncertain"]
    assert said
    assert any("1.属于国家秘密 0 0 0 0 0 0 0" in issue.raw for issue in said)


@pytest.mark.parametrize("scheme", ["mute", "wrong", "private"])
def test_a_text_layer_without_meaning_needs_ocr_and_gives_no_figure(scheme):
    _, book = printed(3, scheme=scheme, digits="same")
    with pytest.raises(NeedsOcrError, match="needs ocr"):
        parse(book.bytes(), source="report.pdf")


@pytest.mark.parametrize("told", [b"0020", b"200b", b"00ad", b"d800"])
@pytest.mark.parametrize("scheme", ["type3", "cid"])
@pytest.mark.parametrize(("seed", "digit"), [(30, "0"), (31, "0"), (31, "5")])
def test_a_figure_whose_digit_the_font_map_loses_is_not_read_as_another(scheme, seed, digit, told):
    story, book = printed(seed, scheme=scheme, digits="same", showing="glyph", bold="none")
    book.compress = False
    length, code = (2, (book.code(digit) - 1) % 250 + 1) if scheme == "type3" else (4, book.code(digit))
    mapped = b"<%0*x> <%04x>" % (length, code, ord(digit))
    data = book.bytes()
    assert data.count(mapped) == 1
    parsed = parse(data.replace(mapped, mapped[:-5] + told + b">"), source="report.pdf")
    found = score(story.truth, parsed.observations)
    assert (found.wrong, found.invented) == (0, 0)
    assert found.unsure
    assert "unmapped_characters" in {issue.code for issue in parsed.issues}


def test_a_second_report_in_the_file_is_said():
    plain = {"scheme": "cid", "cover": "none", "title_lines": 1, "landscape": "none"}
    (story, first), (later, second) = printed(3, "short_annex", **plain), printed(4, "national_2014", **plain)
    both = pypdfium2.PdfDocument(first.bytes())
    both.import_pages(pypdfium2.PdfDocument(second.bytes()))
    out = io.BytesIO()
    both.save(out)
    said = [issue.raw for issue in parse(out.getvalue(), source="report.pdf").issues if issue.code == "several_reports"]
    assert story.truth["report_year"] != later.truth["report_year"]
    assert said == [later.truth["title"]]


def test_a_file_locked_with_an_empty_password_is_read():
    story, book = printed(8)
    assert faults(story, book.bytes(lock=b"")) == []


def test_a_file_locked_with_a_password_says_so():
    _, book = printed(8)
    with pytest.raises(BrokenDocumentError, match="password"):
        parse(book.bytes(lock=b"secret"), source="report.pdf")


def test_a_file_whose_table_of_objects_is_wrong_is_read():
    story, book = printed(13)
    data = book.bytes()
    shifted = data.replace(b"startxref\n", b"startxref\n9")
    assert shifted != data
    assert faults(story, shifted) == []
