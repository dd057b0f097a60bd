"""Guards of label matching and the choice of lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.align import certain_chain, opposed


def test_labels_that_mean_opposite_things_are_opposed() -> None:
    for one, other in (
        ("予以公开", "不予公开"),
        ("同意公开答复数", "不同意公开答复数"),
        ("结果维持", "结果纠正"),
        ("上年结转政府信息公开申请数量", "结转下年度继续办理"),
        ("当面申请数", "传真申请数"),
        ("信函申请数", "信函传真申请数"),
        ("未经复议直接起诉", "复议后起诉"),
        ("专职人员数", "兼职人员数"),
    ):
        assert opposed(one, other), (one, other)
        assert opposed(other, one), (other, one)


def test_a_slip_of_the_pen_is_no_opposition() -> None:
    for one, other in (
        ("同意部门公开答复数", "同意部分公开答复数"),
        ("微博微回应事件数", "微博微信回应事件数"),
        ("现行有效件", "现行有效件数"),
    ):
        assert not opposed(one, other), (one, other)


def _weight(candidates: list[list[tuple[int, float]]], chosen: list[int | None]) -> float:
    return sum(dict(options)[line] for options, line in zip(candidates, chosen, strict=True) if line is not None)


def _best(candidates: list[list[tuple[int, float]]], row: int = 0, after: int = -1) -> float:
    if row == len(candidates):
        return 0.0
    best = _best(candidates, row + 1, after)
    for line, weight in candidates[row]:
        if line > after:
            best = max(best, weight + _best(candidates, row + 1, line))
    return best


@given(
    st.lists(
        st.dictionaries(st.integers(0, 6), st.integers(1, 8).map(float), max_size=3).map(lambda d: sorted(d.items())),
        max_size=6,
    )
)
def test_the_chain_rises_and_weighs_the_most(candidates: list[list[tuple[int, float]]]) -> None:
    chosen = certain_chain(candidates)
    lines = [line for line in chosen if line is not None]
    assert lines == sorted(set(lines))
    assert _weight(candidates, chosen) == _best(candidates)
