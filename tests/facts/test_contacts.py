"""Telephone and e-mail of the office, and texts without contacts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import contacts, without_contacts
from parsers.facts.lines import page
from tests.facts.pages import found


def read(*own, **rest):
    return contacts.read(page(*found(*own, **rest)))


def line(reach):
    return f"如对本报告有疑问，请与某县教育局联系（地址：某路42号，邮编：223600，{reach}）。"


@pytest.mark.parametrize(
    ("reach", "phone"),
    [
        ("电话：0527—83593059", "0527-83593059"),
        ("如对本报告有任何疑问，请致电0577-85380934。", "0577-85380934"),
        ("电话：0527－83593059", "0527-83593059"),
        ("电　话：０５２７－８３５９３０５９", "0527-83593059"),
        ("电话：23158668；传真：23158568", "23158668"),
        ("传真：23158568；联系电话：23158668", "23158668"),
        ("电话/传真：0591-23165370", "0591-23165370"),
        ("电话（传真）：0591-23165370", "0591-23165370"),
        ("电话：(0599)8446604", "0599-8446604"),
        ("电话：0599 8446604", "0599-8446604"),
        ("咨询电话：010-65251234转8012", "010-65251234转8012"),
        ("电话: 0591-23165370、23165371", "0591-23165370"),
        ("Tel：021-63212810", "021-63212810"),
        ("电话：13800138000", "13800138000"),
        ("传真：0591-23165370", ""),
        ("邮编：350400", ""),
    ],
)
def test_phone(reach, phone):
    got = read(line(reach))
    assert got.phone == phone
    assert got.issues == ()


@pytest.mark.parametrize(
    ("damaged", "phone"),
    [
        ("05998446604", "0599-8446604"),
        ("059123165370", "0591-23165370"),
        ("01065251234", "010-65251234"),
        ("02163212810", "021-63212810"),
    ],
)
def test_a_lost_dash_is_put_back_where_lengths_leave_one_way(damaged, phone):
    got = read(line(f"电话:{damaged}"))
    assert got.phone == phone
    (issue,) = got.issues
    assert (issue.code, issue.raw) == ("phone_repaired", damaged)
    assert issue.locator == "html:p#1"


def test_the_contact_line_comes_before_other_numbers_and_the_footer_never_counts():
    other = "全年12345热线受理诉求7239件，监督电话：0599-6161678。"
    got = read(other, line("电话：0599-8446604"), after=["主办：某县人民政府 电话：0599-7000000"])
    assert got.phone == "0599-8446604"
    assert read(line("邮编：353000"), after=["电话：0599-7000000 邮箱：web@site.gov.cn"]) == contacts.Contacts()


@pytest.mark.parametrize(
    ("reach", "email"),
    [
        ("电子邮箱：24336243@163.com", "24336243@163.com"),
        ("E-mail：xxgk_2009@sina.com.cn", "xxgk_2009@sina.com.cn"),
        ("电子邮箱：ｐｚｘｘ＠１６３．ｃｏｍ", "pzxx@163.com"),
        ("电子邮箱： hz zwgk @ 126.com".replace("hz zw", "hzzw"), "hzzwgk@126.com"),
        ("电子邮箱：cmxdb@163.com电话：0599-8446604", "cmxdb@163.com"),
        ("网址：www.pingtan.gov.cn", ""),
    ],
)
def test_email(reach, email):
    assert read(line(reach)).email == email


@pytest.mark.parametrize(
    ("reach", "email"),
    [
        ("电子邮箱：xxgk_2009[at]163.com", "xxgk_2009@163.com"),
        ("电子邮箱：hzzwgk（AT）126.com）", "hzzwgk@126.com"),
        ("邮箱：xxgk at linjiang.gov.cn", "xxgk@linjiang.gov.cn"),
        ("邮箱：cmxdb#163.com（请将#换成@）", "cmxdb@163.com"),
        ("邮箱：gk.bgs【@】lj[dot]gov.cn", "gk.bgs@lj.gov.cn"),
    ],
)
def test_an_address_disguised_against_collectors_is_read_and_said_so(reach, email):
    got = read(line(reach))
    assert got.email == email
    assert [issue.code for issue in got.issues] == ["email_repaired"]


def test_a_whole_number_that_no_exchange_gives_out_is_kept_as_published_with_an_issue():
    got = read(line("联系电话：0316-12994173"))
    assert got.phone == "0316-12994173"
    assert [issue.code for issue in got.issues] == ["phone_unusual"]


def test_an_address_without_its_sign_stays_empty_and_is_reported():
    got = read(line("电子邮箱：562170318qq.com"))
    assert got.email == ""
    (issue,) = got.issues
    assert (issue.code, issue.raw) == ("email_damaged", "562170318qq.com")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话：23158668；传真：23158568；电子邮箱：24336243@163.com）", "电话：；传真：；电子邮箱：）"),
        ("联系人：张三，电话：0591-23165370", "联系人：，电话："),
        ("填报人：李四 联系电话：05998446604 填报日期：2018年1月3日", "填报人： 联系电话： 填报日期：2018年1月3日"),
        ("（联系人：王小明；联系电话：（0527）83593059转801）", "（联系人：；联系电话：）"),
        ("邮箱：562170318qq.com。", "邮箱：。"),
        ("请拨打0599-8446604咨询", "请拨打咨询"),
    ],
)
def test_masked(text, expected):
    assert without_contacts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2018年主动公开政府信息4970条，12345热线受理7239件。",
        "统计期限自2018年1月1日起至2018年12月31日止。",
        "采购总金额73802895.9元，国办公开办函〔2021〕30号。",
        "网站访问量196022人次，负责人高度重视。",
        "",
    ],
)
def test_figures_are_not_masked(text):
    assert without_contacts(text) == text


@given(
    area=st.sampled_from(["010", "021", "0591", "0599"]),
    local=st.integers(20000000, 89999999),
    dash=st.sampled_from(["-", "—", "－", "–", " - "]),
    user=st.from_regex(r"[a-z][a-z0-9]{2,12}", fullmatch=True),
)
def test_whatever_is_read_is_also_masked(area, local, dash, user):
    text = line(f"联系人：张晓明，电话：{area}{dash}{local}，电子邮箱：{user}@163.com")
    got = read(text)
    assert got.phone == f"{area}-{local}"
    assert got.email == f"{user}@163.com"
    masked = without_contacts(text)
    assert str(local) not in masked
    assert user + "@" not in masked
    assert "张晓明" not in masked
    assert masked.startswith("如对本报告有疑问，请与某县教育局联系")


@pytest.mark.parametrize(
    "text",
    [
        "由主要负责人签字，报保密员审查。",
        "单位负责人 高度重视，狠抓落实。",
        "联系人如下：",
        "经办人、负责人、保密员分别签字。",
        "联系人变更，请及时告知。",
    ],
)
def test_words_are_no_names(text):
    assert without_contacts(text) == text


def test_the_imprint_of_the_site_is_no_contact_even_within_the_article():
    imprint = "主办:某县人民政府 版权所有© Copyright 2012 闽ICP备06000001\n传真:0599-6100000 电话:0599-6100000"
    assert read("根据条例编制本报告。", imprint) == contacts.Contacts()


def test_a_number_in_a_bracket_behind_the_office():
    assert read("如对本报告有任何疑问，请联系：某县发展改革委办公室（0599-8446604）。").phone == "0599-8446604"
    assert read("如有疑问，请与某县教育局办公室联系（地址：某路42号，2楼）。").phone == ""


def test_the_whole_number_beside_a_short_one_is_taken():
    got = read("如有疑问，请与某海关办公室联系（电话：023-12360、023-67709720；电子邮箱：a@customs.gov.cn）。")
    assert (got.phone, got.issues) == ("023-67709720", ())
