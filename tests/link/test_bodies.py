from __future__ import annotations

from pathlib import Path

from link.linking import bundle, tables

from pipeline.link.codes import credit_code, organisation_code
from pipeline.link.sites import SourcePlaces


def by_source(rows: list[dict[str, object]]) -> dict[str, dict[str, object]]:
    return {str(row["source"]).removesuffix(".html"): row for row in rows}


def test_a_rename_keeps_the_body(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        bundle("old", publisher="建阳市教育局", report_year=2013),
        bundle("new", publisher="南平市建阳区教育局", report_year=2016),
    )
    (body,) = found["bodies"]
    assert (body["name"], body["other_names"], body["division_code"]) == (
        "南平市建阳区教育局",
        "建阳市教育局",
        "350703",
    )
    assert (body["valid_from"], body["valid_to"]) == (2013, 2016)
    rows = by_source(found["reports"])
    assert [(rows[name]["division_code"], rows[name]["division_name"]) for name in ("old", "new")] == [
        ("350784", "建阳市"),
        ("350703", "建阳区"),
    ]
    assert {row["division_level"] for row in found["reports"]} == {"county"}


def test_equal_names_in_two_places_are_two_bodies(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        bundle("a", publisher="城关镇人民政府", title="五河县城关镇2020年政府信息公开年度报告"),
        bundle("b", publisher="城关镇人民政府", source="http://www.somewhere.gov.cn/1.html"),
        bundle("c", publisher="教育局", source="http://www.shuyang.gov.cn/1.html"),
        bundle("d", publisher="县教育局", source="http://www.other.gov.cn/1.html"),
        stated=SourcePlaces({"www.shuyang.gov.cn": frozenset({"321322"})}),
    )
    assert len(found["bodies"]) == 4
    codes = {row["source"]: row["division_code"] for row in found["reports"]}
    assert codes["a.html"].startswith("340322")
    assert codes["http://www.shuyang.gov.cn/1.html"] == "321322"
    assert codes["http://www.somewhere.gov.cn/1.html"] is None
    assert codes["http://www.other.gov.cn/1.html"] is None
    (issue,) = [row for row in found["issues"] if row["code"] == "several_candidates"]
    assert issue["raw"] == "城关镇人民政府"
    assert "places" in issue["message"]
    (counted,) = [row["issues"] for row in found["reports"] if row["report_id"] == issue["report_id"]]
    assert counted == 1


def test_the_site_that_a_townships_county_shares(tmp_path: Path) -> None:
    host = "http://www.wuhe.gov.cn/"
    found = tables(
        tmp_path,
        bundle("a", publisher="五河县教育局", source=host + "1"),
        bundle("b", publisher="五河县民政局", source=host + "2"),
        bundle("c", publisher="城关镇", source=host + "3"),
        bundle("d", publisher="城关镇", source="安徽省/五河县/2019/d.html"),
    )
    codes = {row["source"]: row["division_code"] for row in found["reports"]}
    assert codes[host + "3"] == codes["安徽省/五河县/2019/d.html"]
    assert codes[host + "3"].startswith("340322")
    assert len(found["bodies"]) == 3


def test_a_placeless_name_is_one_body_in_folders_by_year(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        bundle("a", publisher="教育局", source="x/2019/a.html", report_year=2019),
        bundle("b", publisher="教育局", source="x/2020年/b.html", report_year=2020),
        bundle("c", publisher="教育局", source="y/2020/c.html", report_year=2020),
    )
    assert len(found["bodies"]) == 2


def test_a_township_in_no_list(tmp_path: Path) -> None:
    found = tables(tmp_path, bundle("a", publisher="延平区柳澄镇人民政府"))
    (report,) = found["reports"]
    assert (report["division_code"], report["division_level"]) == ("350702", "county")
    assert [row["code"] for row in found["issues"]] == ["township_not_listed"]


def test_an_organisation_code_joins_names_of_one_place(tmp_path: Path) -> None:
    code = "11341702486344515H"
    found = tables(
        tmp_path,
        bundle("a", publisher="沭阳县国土局", report_year=2017, index_number=f"{code}/2018-00001"),
        bundle("b", publisher="沭阳县自然资源局", report_year=2019, index_number=f"{code}/2020-00001"),
        bundle("c", publisher="沭阳县林业局", report_year=2019, index_number="014314799/2020-00001"),
        bundle("d", publisher="沭阳县水利局", report_year=2019, index_number="014314799/2020-00002"),
        bundle("e", publisher="五河县水利局", report_year=2016, index_number=f"{code}/2020-00002"),
    )
    names = {row["name"]: row for row in found["bodies"]}
    assert set(names) == {"沭阳县国土局", "沭阳县自然资源局", "沭阳县林业局", "沭阳县水利局", "五河县水利局"}


def test_one_code_one_place_one_year_each(tmp_path: Path) -> None:
    code = "11341702486344515H"
    found = tables(
        tmp_path,
        bundle("a", publisher="沭阳县国土局", report_year=2017, index_number=f"{code}/2018-00001"),
        bundle("b", publisher="沭阳县自然资源局", report_year=2019, index_number=f"{code}/2020-00001"),
    )
    (body,) = found["bodies"]
    assert (body["name"], body["credit_code"]) == ("沭阳县自然资源局", code)


def test_codes_in_index_numbers() -> None:
    assert credit_code("11341702486344515H/2024-00012") == "11341702486344515H"
    assert credit_code("11341702486344516H/2024-00012") == ""
    assert organisation_code("11341702486344515H/2024-00012") == "486344515"
    assert organisation_code("014314799/2024-00002") == "014314799"
    assert organisation_code("01431479-9/2024-00002") == "014314799"
    assert [organisation_code(text) for text in ("", "20190110-1", "FZ00100-0201-2019", "000000000/1")] == [""] * 4
