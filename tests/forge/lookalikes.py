"""Documents of the same columns that are no report, and use its words."""

from __future__ import annotations

import random

from . import markup, words
from .build import Forged
from .layout import SHORT_THREE, Box, Look, short_annex
from .wrappers import WRAPPERS, Page

NOTICE = (
    "各乡镇人民政府、街道办事处，县直各单位：",
    "为做好{y}年政府信息公开工作年度报告的编制公布工作，现将有关事项通知如下。",
    "一、报告内容。年度报告应当包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题等。",
    "二、统计期限。统计时间为{y}年1月1日至{y}年12月31日，各项数据由本单位核对后填写。",
    "三、报送要求。请于{n}年1月20日前将盖章的纸质件和电子表格报送办公室，联系电话：0{p}。",
)
GUIDE = (
    "为了方便公民、法人和其他组织获取本机关的政府信息，编制本指南，需要获得服务的可以在网站查阅。",
    "一、主动公开",
    "（一）公开范围。本机关主动公开机构职能、政策文件、财政信息、年度报告等。",
    "（二）公开形式。本机关通过政府网站公开信息，并设有查阅点。",
    "二、依申请公开",
    "（一）提出申请。申请人可以当面、信函或者网络提出申请，填写申请表。",
    "（二）申请的处理。收到申请之日起20个工作日内答复。",
    "三、监督和救济。公民认为本机关没有依法履行公开义务的，可以申请行政复议或者提起行政诉讼。",
)
SUMMARY = (
    "{y}年，本单位政务公开工作在县委、县政府领导下稳步推进，现将有关情况总结如下。",
    "一、主要做法",
    "坚持把公开贯穿服务群众全过程，完善制度，加强培训，全年召开会议3次。",
    "二、存在问题和下一步打算",
    "公开内容有待充实，明年将进一步细化目录，加大宣传。",
)
LETTER = (
    "编辑同志：",
    "我在网站上查询政府信息公开年度报告，没有找到{y}年的，请问什么时候公布？",
    "答复：您好！{y}年政府信息公开工作年度报告正在编制，拟于{n}年3月31日前公布，请留意网站。感谢您的关注。",
)
EXPLAINED = (
    "近日，本机关公布了{y}年政府信息公开工作年度报告，现就大家关心的几个问题作出解读。",
    "一、报告编制的背景是什么",
    "依照条例规定，行政机关应当按时公布上一年度的工作情况。",
    "二、群众怎样获取报告",
    "可以登录网站的政府信息公开年报栏目查看全文。",
)
KINDS = {
    "notice": ("{s}办公室关于做好{y}年政府信息公开工作年度报告编制工作的通知", NOTICE),
    "guide": ("{d}政府信息公开指南", GUIDE),
    "summary": ("{d}{y}年政务公开工作总结", SUMMARY),
    "letter": ("关于查询{y}年政府信息公开年度报告的来信及答复", LETTER),
    "explained": ("《{d}{y}年政府信息公开工作年度报告》解读", EXPLAINED),
}


def lookalike(seed: int) -> Forged:
    """A notice, a guide, a summary, a letter, an explanation or a list page: truth is its `kind`."""
    rng = random.Random(f"lookalike {seed}")
    facts = words.facts(rng, "national_2014")
    chosen = rng.choice((*KINDS, "list"))
    if chosen == "list":
        entries = "".join(
            f'<li><a href="./t{y}0{rng.randint(1, 3)}_{rng.randint(1, 9999)}.html">{p}{y - 1}年政府信息公开工作年度报告</a><span>{y}-0{rng.randint(1, 3)}-{rng.randint(10, 28)}</span></li>'
            for y in range(facts.year + 1, facts.year - 4, -1) for p in (facts.publisher, facts.site[:-4] + "教育局", facts.site[:-4] + "审计局")
        )  # fmt: skip
        title, article = (
            "政府信息公开年报",
            f'<ul class="list">{entries}</ul><div class="page">共3页 <a href="index_1.html">下一页</a></div>',
        )
    else:
        pattern, paragraphs = KINDS[chosen]
        values = {
            "y": facts.year,
            "n": facts.year + 1,
            "p": rng.randint(10**9, 10**10 - 1),
            "s": facts.site,
            "d": facts.publisher,
        }
        title = pattern.format(**values)
        style = rng.choice(("plain", "centred", "word", "wps"))
        parts = [markup.paragraph(t.format(**values), style) for t in paragraphs]
        if chosen == "notice" and rng.random() < 0.5:
            empty = {(i, b): "" for i in SHORT_THREE for b in ("year", "cumulative")}
            grid = short_annex(empty, Look(year=f"{facts.year}年度"), SHORT_THREE)[0]
            parts += [
                markup.paragraph("附件：附表样式", style),
                markup.table([[Box(b.text, b.rows, b.columns) for b in r] for r in grid], style),
            ]
        article = "\n".join(parts)
    html = WRAPPERS[rng.choice(tuple(WRAPPERS))](Page(
        title=title, article=article, published=facts.published, publisher=facts.publisher, site=facts.site,
        index_number=facts.index_number, previous=facts.previous, crawled=facts.crawled, remark="", comment="forged for tests",
    ))  # fmt: skip
    truth = {"kind": "list" if chosen == "list" else "other", "damage": [chosen]}
    return Forged(html.encode("utf-8"), f"other-{seed:05d}.html", truth)
