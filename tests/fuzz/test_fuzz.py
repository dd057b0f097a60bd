"""Damaged documents of every kind, a few; `make fuzz` reads many more."""

from __future__ import annotations

import dataclasses
import io
import zipfile
import zlib
from decimal import Decimal

import pytest

from parsers import Bundle, ParsedBundle, parse
from parsers.records import Observation
from pipeline.originals import Known, Original
from tests.fuzz import files, seeds
from tests.fuzz.judge import everything, judge, judge_all, stands


@pytest.mark.parametrize(("kind", "count"), [("html", 40), ("text", 20), ("warc", 20), ("docx", 20), ("pdf", 4)])
def test_nothing_breaks_and_nothing_is_invented(kind: str, count: int) -> None:
    faults = {number: judge(kind, files.make(kind, 3, number)).faults for number in range(count)}
    assert {number: found for number, found in faults.items() if found} == {}


@pytest.mark.parametrize("kind", ["html", "docx"])
def test_an_input_is_made_again_from_its_number(kind: str) -> None:
    assert files.make(kind, 3, 5) == files.make(kind, 3, 5)
    assert files.make(kind, 3, 5) != files.make(kind, 4, 5)


def changed(**what: object) -> object:
    """A reader that says something else of every figure above nine."""

    def reader(bundle: Bundle) -> ParsedBundle:
        parsed = parse(bundle)
        rows = tuple(
            dataclasses.replace(row, **what) if row.value is not None and row.value > 9 else row
            for row in parsed.observations
        )
        return dataclasses.replace(parsed, observations=rows)

    return reader


def test_a_figure_that_the_bytes_do_not_print_is_seen() -> None:
    page = next(page for page in seeds.pages() if "<table" in page).encode()
    assert judge("html", page).faults == []
    assert {kind for kind, _ in judge("html", page, changed(value=Decimal(987123))).faults} == {"invented"}  # type: ignore[arg-type]
    seen = judge("html", page, changed(raw="987123", value=Decimal(987123))).faults  # type: ignore[arg-type]
    assert {kind for kind, _ in seen} == {"invented"}


def test_what_html_takes_for_a_comment_is_left_out_of_the_text_of_an_input() -> None:
    page = b"<td>&nbsp;83</-->--> <!-- x -->5</td><td>6<![CDATA[<b>7</td><td>8<div</b>9</td><td>4<\0/b><b>1</b></td>"
    known = Known("", "a.html", None, "text/html", "utf-8", "declared", "", None)
    text = everything(Original(known, page))
    assert "83-->5" in text
    assert "67" in text
    assert "89" in text
    assert "41" in text


def test_a_damaged_file_within_an_archive_does_not_hide_the_others() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<w:t>83</w:t>")
        archive.writestr("word/styles.xml", "<w:t>97</w:t>")
    content = packed.getvalue()
    place = content.rindex(b"PK\x03\x04")
    known = Known("", "a.docx", None, "application/zip", "", "", "", None)
    assert everything(Original(known, content)) == "8397"
    assert everything(Original(known, content[:place] + b"XX" + content[place + 2 :])) == "83"


def pdf(drawing: bytes) -> bytes:
    """A PDF of one page whose only font is one that every viewer has."""
    packed = zlib.compress(drawing)
    return b"".join((
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R"
        b" >> >> >>\nendobj\n4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed),
        packed,
        b"\nendstream\nendobj\n5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"
        b" >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n",
    ))  # fmt: skip


@pytest.mark.parametrize("drawn", [b"<37/Q3 3> Tj", b"[(7) [<33> -9] TJ", b"(73) Tj O{ q", b"[(\\)[) <37> -9 [(3)] TJ"])
def test_what_viewers_pass_over_in_a_damaged_pdf_hides_nothing_from_the_judge(drawn: bytes) -> None:
    content = pdf(b"BT /F1 12 Tf 72 700 Td " + drawn + b" ET BT /F1 12 Tf 72 600 Td (86) Tj ET")
    known = Known("", "a.pdf", None, "application/pdf", "", "", "", None)
    text = everything(Original(known, content))
    assert "73" in text
    assert "86" in text


def test_characters_that_no_program_knows_do_not_blind_the_judge() -> None:
    drawn = b"BT /F1 12 Tf 72 700 Td (\\200\\201) Tj ET BT /F1 12 Tf 72 600 Td (86) Tj ET"
    named = pdf(drawn).replace(b"/WinAnsiEncoding", b"<< /Differences [128 /g32 /g33] >>")
    content = named.replace(b"/Helvetica", b"/Other")
    known = Known("", "a.pdf", None, "application/pdf", "", "", "", None)
    assert "86" in everything(Original(known, content))


def test_a_pdf_may_be_read_in_another_order_where_no_value_comes_of_it() -> None:
    cell = Observation(raw="维持\n持0", locator="pdf:p1(0,0,1,1)", status="unreadable")
    assert stands(cell, "结果0维持")
    assert not stands(dataclasses.replace(cell, raw="维持7"), "结果0维持")
    assert not stands(dataclasses.replace(cell, value=Decimal(0), status="reported"), "结果0维持")
    assert not stands(dataclasses.replace(cell, locator="html:td#1[0:3]"), "结果0维持")


def test_what_a_note_was_taken_out_of_stands_in_its_pieces() -> None:
    cell = Observation(raw="5]]>", locator="html:td#34[0:1,4:7]", status="ambiguous")
    assert stands(cell, "x5[2]]]>")
    assert not stands(dataclasses.replace(cell, raw="7]]>"), "x5[2]]]>")
    assert not stands(dataclasses.replace(cell, locator="html:td#34[0:4]"), "x5[2]]]>")


def test_an_exception_and_rows_that_no_table_holds_are_seen() -> None:
    def broken(bundle: Bundle) -> ParsedBundle:
        raise KeyError("x")

    page = seeds.pages()[0].encode()
    assert [kind for kind, _ in judge("html", page, broken).faults] == ["uncaught"]


def test_rows_that_no_part_takes_are_told_of_their_own_input() -> None:
    def reader(bundle: Bundle) -> ParsedBundle:
        parsed = parse(bundle)
        odd = dataclasses.replace(parsed.documents[0], bytes=1 << 80) if b"odd" in bundle.content else None
        return dataclasses.replace(parsed, documents=(odd,)) if odd else parsed

    page = next(page for page in seeds.pages() if "<table" in page)
    found = judge_all("html", [page.encode(), f"{page}<!--odd-->".encode(), page.encode()], reader)
    assert [[kind for kind, _ in one.faults] for one in found] == [[], ["refused"], []]
    assert [one.counts["documents"] for one in found] == [1, 1, 1]


def test_a_cell_that_shows_a_picture_claims_nothing() -> None:
    cell = Observation(raw="\ufffd", locator="html:td#1[0:1]", status="unreadable")
    assert stands(cell, "维持")
    assert not stands(dataclasses.replace(cell, value=Decimal(0), status="reported"), "维持")
