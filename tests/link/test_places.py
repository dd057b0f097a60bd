from __future__ import annotations

import pytest

from pipeline.link.divisions import gazetteer
from pipeline.link.places import Places, canonical


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(gazetteer())


@pytest.mark.parametrize(
    ("name", "year", "code", "organ"),
    [
        ("赤门乡", 2018, "350702202", "人民政府"),
        ("福建省南平市延平区赤门乡人民政府", 2018, "350702202", "人民政府"),
        ("沭阳县发展和改革局", 2023, "321322", "发展和改革局"),
        ("上海市人民政府办公厅", 2019, "310000", "人民政府办公室"),
        ("北京朝阳区人民政府", 2020, "110105", "人民政府"),
        ("淮安市淮阴区教育局", 2011, "320804", "教育局"),
        ("国家税务总局沭阳县税务局", 2020, "321322", "税务局"),
        ("平潭综合实验区", 2020, "350128", "平潭综合实验区管理委员会"),
        ("福建平潭综合实验区管委会", 2015, "350128", "平潭综合实验区管理委员会"),
        ("淮安经济技术开发区管委会", 2020, "320800", "淮安经济技术开发区管理委员会"),
    ],
)
def test_a_name_that_says_its_place(places: Places, name: str, year: int, code: str, organ: str) -> None:
    found = places.read(name, year)
    assert found.division is not None
    assert (found.division.code, canonical(found.organ)) == (code, organ)


@pytest.mark.parametrize("name", ["城关镇", "朝阳区人民政府", "东区管委会", "青山县农业局", "石岚镇人民政府", "教育局"])
def test_unknown_stays_unknown(places: Places, name: str) -> None:
    assert places.read(name, 2020).division is None


def test_names_without_a_place(places: Places) -> None:
    assert [places.read(name, 2020).placeless for name in ("教育局", "县教育局", "市场监督管理局", "城市管理局")] == [
        True
    ] * 4
    assert places.read("县教育局", 2020).organ == "教育局"
    assert places.read("市场监督管理局", 2020).organ == "市场监督管理局"
    assert not places.read("青山县农业局", 2020).placeless


def test_a_context_decides_among_candidates(places: Places) -> None:
    known = gazetteer()
    (county,) = known.named("五河县", 2020)
    town = places.read("城关镇", 2020)
    (there,) = [one for one in town.candidates if one.within(county)]
    assert places.narrow(town, [(), (county,)]).division == there
    (province,) = known.named("安徽省", 2020)
    assert places.narrow(town, [(province,)]).division is None


def test_a_township_of_a_county_that_had_another_code(places: Places) -> None:
    town = places.read("建阳市麻沙镇人民政府", 2010).division
    assert town is not None
    assert town.level_name == "township"
    assert places.dated(town, 2010).code == "350784"
    assert places.dated(town, 2020).code == town.code


@pytest.mark.parametrize(
    "same",
    [
        ("人民政府", "政府", ""),
        ("政府办", "人民政府办公室", "政府办公厅"),
        ("甲镇", "甲镇人民政府", "甲镇政府"),
        ("经济开发区管委会", "经济开发区", "经济开发区管理委员会"),
    ],
)
def test_spellings_of_one_body(same: tuple[str, ...]) -> None:
    assert len({canonical(organ) for organ in same}) == 1
