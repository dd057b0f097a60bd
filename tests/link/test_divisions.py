from __future__ import annotations

import pytest

from pipeline.link.divisions import _Row, build, gazetteer


@pytest.mark.parametrize(
    ("name", "year", "code", "then"),
    [
        ("建阳市", 2013, "350784", "建阳市"),
        ("建阳市", 2016, "350703", "建阳区"),
        ("建阳区", 2014, "350703", "建阳区"),
        ("建阳区", 2010, "350784", "建阳市"),
        ("洪泽区", 2023, "320813", "洪泽区"),
        ("沭阳县", None, "321322", "沭阳县"),
        ("两江新区", 2025, "500157", "两江新区"),
    ],
)
def test_divisions_as_they_were_in_the_year(name: str, year: int | None, code: str, then: str) -> None:
    (found,) = gazetteer().named(name, year)
    assert (found.code, found.name) == (code, then)


def test_a_rename_keeps_the_key_and_a_merger_does_not() -> None:
    known = gazetteer()
    assert known.named("建阳市", 2013)[0].key == known.named("建阳区", 2020)[0].key
    absorbed, kept = known.named("白下区", 2012)[0], known.named("秦淮区", 2012)[0]
    assert absorbed.key != kept.key
    assert known.named("秦淮区", 2020)[0].key == kept.key
    assert known.named("白下区", 2020)[0].code == "320103"


def test_township_names_repeat() -> None:
    assert len(gazetteer().named("城关镇", 2020)) > 50
    (found,) = gazetteer().named("赤门乡", 2018)
    assert found.code == "350702202"
    assert gazetteer().full_name(found) == "福建省南平市延平区赤门乡"


def test_a_township_is_one_division_however_it_is_asked_for() -> None:
    known = gazetteer()
    coded = known.coded("350702202000")
    assert coded is not None
    assert known.named("赤门乡", 2018) == [coded]
    assert known.at(coded.key, 2010) is coded
    assert coded.within(known.named("延平区", 2018)[0])


def test_a_code_that_is_not_known_gives_the_division_above() -> None:
    known = gazetteer()
    found = known.coded("350702999000")
    assert found is not None
    assert found.name == "延平区"
    assert known.coded("999999") is None


def test_succession() -> None:
    rows = [
        _Row(2003, 3, "1", "甲县", "甲", "id", ()),
        _Row(2003, 3, "2", "乙县", "乙", "id", ()),
        _Row(2004, 3, "3", "甲区", "甲", "id", ()),
        _Row(2005, 3, "4", "丙区", "丙", "id", ()),
        _Row(2003, 3, "5", "丁县", "丁", "a", ()),
        _Row(2003, 3, "6", "戊县", "戊", "a", ()),
        _Row(2004, 3, "7", "己区", "己", "a", ()),
    ]
    known = build(rows)
    (first,) = known.named("甲县", 2003)
    assert [one.code for one in known.keys[first.key]] == ["1", "3", "4"]
    (ended,) = known.named("乙县", 2005)
    assert ended.code == "2"
    assert len({known.names[name][0].key for name in ("丁县", "戊县", "己区")}) == 3
