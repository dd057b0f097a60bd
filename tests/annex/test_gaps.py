"""What stands around a row whose line is not known yet."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from parsers.claims import LineMatch, _Gaps


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40), st.data())
def test_a_gap_reaches_from_the_last_known_row_to_the_next(rows: list[tuple[bool, bool]], data: st.DataObject) -> None:
    result = [LineMatch(number, "exact", 100.0, 100.0) if known else None for number, (known, _) in enumerate(rows)]
    gaps = _Gaps([SimpleNamespace(values=filled) for _, filled in rows], result)  # type: ignore[misc]
    open_rows = [number for number, match in enumerate(result) if match is None]
    for number in data.draw(st.permutations(open_rows)):
        low, high = number, number
        while low > 0 and result[low - 1] is None:
            low -= 1
        while high + 1 < len(rows) and result[high + 1] is None:
            high += 1
        before = result[low - 1] if low else None
        after = result[high + 1] if high + 1 < len(rows) else None
        within = [filled for _, filled in rows[low : high + 1]]
        assert gaps.around(number) == (before, after, sum(within), sum(within[: number - low]))
        result[number] = LineMatch(number, "similar", 90.0, 10.0)
        gaps.close(number)
