"""Small statistical tables written as HTML, for tests of the annex reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from parsers import annex
from parsers.annex import Annex
from parsers.readers import html
from parsers.records import Observation

SHORT = [
    ("主动公开文件数", "条", "57", "615"),
    ("其中:1.政府网站公开数", "条", "57", "615"),
    ("2.政府公报公开数", "条", "0", "0"),
    ("受理政府信息公开申请总数", "条", "6", "9"),
    ("其中:1.当面申请数", "条", "1", "2"),
    ("2.网络申请数", "条", "2", "3"),
    ("3.信函、传真申请数", "条", "3", "4"),
    ("对申请的答复总数", "条", "6", "9"),
    ("其中:1.同意公开答复数", "条", "3", "4"),
    ("2.同意部分公开答复数", "条", "2", "2"),
    ("3.不予公开答复数", "条", "1", "2"),
    ("4.其他类型答复数", "条", "0", "1"),
    ("行政复议数", "件", "0", "1"),
    ("行政诉讼数", "件", "0", "0"),
]
APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOMES_2021 = [
    (("（一）予以公开",), "granted"),
    (("（二）部分公开（区分处理的，只计这一情形，不计其他情形）",), "partially_granted"),
    (("（三）不予公开", "1.属于国家秘密"), "denied_state_secret"),
    (("（三）不予公开", "2.其他法律行政法规禁止公开"), "denied_law_prohibited"),
    (("（三）不予公开", "3.危及“三安全一稳定”"), "denied_security_stability"),
    (("（三）不予公开", "4.保护第三方合法权益"), "denied_third_party"),
    (("（三）不予公开", "5.属于三类内部事务信息"), "denied_internal_affairs"),
    (("（三）不予公开", "6.属于四类过程性信息"), "denied_process_information"),
    (("（三）不予公开", "7.属于行政执法案卷"), "denied_enforcement_file"),
    (("（三）不予公开", "8.属于行政查询事项"), "denied_administrative_query"),
    (("（四）无法提供", "1.本机关不掌握相关政府信息"), "unable_not_held"),
    (("（四）无法提供", "2.没有现成信息需要另行制作"), "unable_needs_creation"),
    (("（四）无法提供", "3.补正后申请内容仍不明确"), "unable_unclear"),
    (("（五）不予处理", "1.信访举报投诉类申请"), "not_processed_petition"),
    (("（五）不予处理", "2.重复申请"), "not_processed_duplicate"),
    (("（五）不予处理", "3.要求提供公开出版物"), "not_processed_publication"),
    (("（五）不予处理", "4.无正当理由大量反复申请"), "not_processed_excessive"),
    (("（五）不予处理", "5.要求行政机关确认或重新出具已获取信息"), "not_processed_reconfirm"),
    (("（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"), "other_no_correction"),
    (
        ("（六）其他处理", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        "other_unpaid_fee",
    ),
    (("（六）其他处理", "3.其他"), "other_rest"),
    (("（七）总计",), "closed_total"),
]


def rows(cells: Iterable[Sequence[str]]) -> str:
    """Rows of plain cells."""
    return "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)


def table(cells: Iterable[Sequence[str]]) -> str:
    return f"<table border=1>{rows(cells)}</table>"


def short(
    lines: Iterable[Sequence[str]] = SHORT, header: Sequence[str] = ("指标", "单位", "2018年度", "历年累计")
) -> str:
    """A table of the short annex."""
    return table([header, *lines])


def requests(values: dict[str, Sequence[str]], outcomes: Sequence[tuple[tuple[str, ...], str]] = OUTCOMES_2021) -> str:
    """The matrix of requests of the 2021 form; lines that `values` does not name hold zeros."""
    zero = ("0",) * 7
    made = (
        "<tr><td colspan=3 rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>"
        "<td colspan=7>申请人情况</td></tr><tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td>"
        "<td rowspan=2>总计</td></tr><tr>" + "".join(f"<td>{name}</td>" for name in APPLICANTS[1:6]) + "</tr>"
    )

    def cells(name: str) -> str:
        return "".join(f"<td>{value}</td>" for value in values.get(name, zero))

    made += f"<tr><td colspan=3>一、本年新收政府信息公开申请数量</td>{cells('requests_new')}</tr>"
    made += f"<tr><td colspan=3>二、上年结转政府信息公开申请数量</td>{cells('requests_carried_in')}</tr>"
    for number, (labels, name) in enumerate(outcomes):
        row = f"<td rowspan={len(outcomes)}>三、本年度办理结果</td>" if number == 0 else ""
        if len(labels) == 1:
            row += f"<td colspan=2>{labels[0]}</td>"
        else:
            if number == 0 or outcomes[number - 1][0][0] != labels[0]:
                row += f"<td rowspan={sum(1 for other, _ in outcomes if other[0] == labels[0])}>{labels[0]}</td>"
            row += f"<td>{labels[1]}</td>"
        made += f"<tr>{row}{cells(name)}</tr>"
    made += f"<tr><td colspan=3>四、结转下年度继续办理</td>{cells('requests_carried_out')}</tr>"
    return f"<table border=1>{made}</table>"


def read(*parts: str) -> Annex:
    """The annex of a page made of parts."""
    return annex.read(html.read("<html><body><div>" + "".join(parts) + "</div></body></html>").blocks)


def by_key(found: Annex) -> dict[tuple[str, str], Observation]:
    return {(o.indicator, o.breakdown): o for o in found.observations}


def values(found: Annex) -> dict[tuple[str, str], Decimal | None]:
    return {key: o.value for key, o in by_key(found).items()}


def codes(found: Annex) -> set[str]:
    return {issue.code for issue in found.issues}
