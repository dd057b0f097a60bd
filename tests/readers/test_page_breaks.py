"""What a break between pages leaves of a table is told from what is printed."""

from __future__ import annotations

from parsers.readers.breaks import Part, Piece, without_rest


def row(top: int, *texts: str) -> list[Part]:
    return [Part(top, at, top + 1, at + 1, text, f"pdf:p2({9 * at},{top},9,{top})") for at, text in enumerate(texts)]


def piece(first: list[Part]) -> Piece:
    header = row(0, "申请人情况", "自然人", "总计")
    numbered = [*row(2, "8.属于行政查询事项", "0", ""), *row(3, "9.其他", "", "1"), *row(4, "10.其他", "0", "1")]
    return Piece(2, (0.0, 9.0, 18.0, 27.0), 5, [*header, *first, *numbered], (0, 0, 27, 27), "pdf:p2(0,0,27,27)")


def test_the_rest_of_a_label_has_no_blank_figures() -> None:
    cut = without_rest(piece(row(1, "政执法案卷", "", "")))
    assert [part.text for part in cut.parts if part.top == 1] == ["政执法案卷"]


def test_a_row_with_a_number_or_a_figure_is_whole() -> None:
    for first in (row(1, "7.属于行政执法案卷", "", ""), row(1, "政执法案卷", "0", "")):
        assert without_rest(piece(first)) == piece(first)
