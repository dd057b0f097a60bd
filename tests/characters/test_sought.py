"""Words that a pattern needs: none that a match could do without."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from parsers.characters import patterns
from parsers.characters.sought import needed, sought
from parsers.errors import LimitError
from parsers.facts.rules import Pattern
from parsers.prose_rules import rules


@pytest.mark.parametrize(
    ("pattern", "choices"),
    [
        ("收到申请", [("收到申请",)]),
        ("收到|受理", [("受理", "收到")]),
        ("收到(?:了)?申请", [("收到",), ("申请",)]),
        ("收到了?申请", [("收到",), ("申请",)]),
        ("收到+", [("收到",)]),
        ("(?:申请|依申请)公开", [("申请",), ("公开",)]),
        ("(?<!不)公开(?!栏)", [("公开",)]),
        ("(?:收到)*申请", [("申请",)]),
        (r"\d+[条件]", []),
        ("收到|.", []),
        (r"收到\(附件\)", [("收到(附件)",)]),
        ("(?:公开){2,3}", [("公开",)]),
        ("(?:公开){0,3}", []),
        ("(?P<what>公开)", [("公开",)]),
        ("(?i)abc", []),
        ("(?x) 收 到 | 受理 + ", [("受理", "收到")]),
        ("(?x) 收到 # 申请", []),
        ("(?m:^)公开", [("公开",)]),
    ],
)
def test_what_a_pattern_needs(pattern: str, choices: list[tuple[str, ...]]) -> None:
    assert needed(pattern) == choices


PIECES = st.recursive(
    st.sampled_from(["申", "请", "公开", ".", "[申请]", "^", "$", r"\d", r"\(", "(?=申)", "(?<!请)"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda several: f"(?:{'|'.join(several)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{0,2}", "{1,2}", "{2}", "*?", "+?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@given(PIECES, st.text("申请公开(1", max_size=12))
def test_a_match_is_never_missed(pattern: str, text: str) -> None:
    compiled = regex.compile(pattern, regex.DOTALL)
    assert bool(sought(compiled).search(text)) == bool(compiled.search(text))


@given(PIECES, st.text("申请公开(1", max_size=12))
def test_every_function_of_a_pattern_finds_what_the_pattern_does(pattern: str, text: str) -> None:
    compiled = regex.compile(pattern, regex.DOTALL)
    own = sought(compiled)
    assert [m.span() for m in own.finditer(text)] == [m.span() for m in compiled.finditer(text)]
    assert bool(own.match(text)) == bool(compiled.match(text))
    assert bool(own.fullmatch(text)) == bool(compiled.fullmatch(text))
    assert bool(own.sure_search(text)) == bool(compiled.search(text))


def test_the_rules_of_prose_need_words() -> None:
    every = [entry.before or entry.behind for entry in rules().entries]
    every += [denial.pattern for denial in rules().denials]
    assert all(one is not None and one.needed for one in every)


def test_alternatives_are_ruled_out_one_by_one() -> None:
    """Words of different alternatives make no match together."""
    pattern = sought(regex.compile("(?:网站.{0,4}热线|主办.{0,4}单位)"))
    assert pattern.possible("网站的热线")
    assert not pattern.possible("网站的单位")
    assert not pattern.possible("主办者的热线")


def test_an_alternative_that_needs_nothing_rules_nothing_out() -> None:
    assert sought(regex.compile(r"网站.{0,4}热线|\d")).possible("7")
    assert sought(regex.compile(r"(?:网站.{0,4}热线)?|\d")).possible("")


def test_no_function_of_a_pattern_takes_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.05)
    text = "a" * 60
    endless = regex.compile("(?:a|aa)+$b|(?:a|aa)+[^a]")
    own = sought(endless)
    for function in (own.search, own.sure_search, own.match, own.fullmatch):
        assert function(text) is None
    with pytest.raises(LimitError):
        Pattern(endless.pattern).search(text)
