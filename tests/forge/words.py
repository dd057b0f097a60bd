"""Names, dates and prose of forged reports: made up here, of no real body."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST = "澜澄岚崖滁岭柯溪漳浔沅洢瀛涧泓泽崤峄嵩岱蓟邺鄞郴邛棠梓楠榆柘槐桐枫荻芷蕲莘茗芙"
SECOND = "山水河川原丘陵江湖阳阴安宁平昌兴隆和泰康顺庆丰林泉坪坝滩湾口门桥塘浦港岗坡"
DEPARTMENTS = (
    "教育局", "民政局", "财政局", "农业农村局", "水利局", "统计局", "审计局", "住房和城乡建设局", "交通运输局",
    "市场监督管理局", "卫生健康委员会", "发展和改革委员会", "应急管理局", "文化广电和旅游局", "自然资源局", "司法局",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a forged report says of itself."""

    year: int
    place: str
    publisher: str
    publisher_ok: tuple[str, ...]
    title: str
    published: str
    index_number: str
    document_number: str
    email: str
    phone: str
    site: str
    period: tuple[str, str]
    period_text: str
    crawled: str
    previous: str


@dataclass(slots=True)
class Prose:
    """Blocks in order: (level, text), level 0 for running text, -1 for the place of table number `text`."""

    blocks: list[tuple[int, str]] = field(default_factory=list)
    sections: list[tuple[int, str]] = field(default_factory=list)


def facts(rng: random.Random, form: str) -> Facts:
    spans = {"short_annex": (2008, 2018), "long_annex": (2006, 2013), "national_2014": (2014, 2018),
             "national_2019": (2019, 2020), "national_2021": (2021, 2025), "prose": (2008, 2018)}  # fmt: skip
    year = rng.randint(*spans[form])
    stem = rng.choice(FIRST) + rng.choice(SECOND)
    site_place = rng.choice(FIRST) + rng.choice(SECOND) + rng.choice("县区市")
    kind = rng.choice(("town", "government", "office", "department", "department"))
    ok: tuple[str, ...]
    if kind == "town":
        place = stem + rng.choice(("镇", "乡", "街道"))
        full = place + ("办事处" if place.endswith("街道") else "人民政府")
        publisher, ok = rng.choice(((place, (place, full)), (full, (place, full))))
    elif kind == "government":
        place = site_place
        publisher, ok = place + "人民政府", (place, place + "人民政府", place + "人民政府办公室")
    elif kind == "office":
        place = site_place
        publisher = place + "人民政府办公室"
        ok = (publisher, place + "人民政府", place)
    else:
        place = site_place
        publisher = place + rng.choice(DEPARTMENTS)
        ok = (publisher,)
    pattern = rng.choice((
        "{p}{y}年政府信息公开工作年度报告", "{p}{y}年度政府信息公开工作年度报告", "{y}年{p}政府信息公开工作年度报告",
        "{p}{y}年政府信息公开年度报告", "{p}政府信息公开工作{y}年度报告", "{p}{y}年政府信息公开工作报告",
    ))  # fmt: skip
    day = date(year + 1, 1, 4) + timedelta(days=rng.randint(0, 86))
    start = "2008-05-01" if year == 2008 else f"{year}-01-01"
    first = (5, 1) if year == 2008 else (1, 1)
    period_text = rng.choice((
        "{y}年{m}月{d}日至{y}年12月31日", "{y}年{m}月{d}日起至{y}年12月31日止", "自{y}年{m}月{d}日起，至{y}年12月31日止",
        "{y}年{m}月{d}日—{y}年12月31日", "{y}年{m}月{d}日至12月31日",
    )).format(y=year, m=first[0], d=first[1])  # fmt: skip
    letters = "".join(rng.choice("abcdefghjkmnpqrstwxyz") for _ in range(rng.randint(3, 7)))
    return Facts(
        year=year, place=place, publisher=publisher, publisher_ok=ok, title=pattern.format(p=publisher, y=year),
        published=day.isoformat(),
        index_number=rng.choice(("", f"{rng.randint(10**8, 10**9 - 1)}/{year + 1}-{rng.randint(1, 999):05d}",
                                 f"FJ{rng.randint(10000, 99999)}-0200-{year + 1}-{rng.randint(1, 99):05d}",
                                 f"11{rng.randint(10**15, 10**16 - 1)}/{year + 1}01-{rng.randint(1, 99):05d}")),
        document_number=rng.choice(("", "", f"{stem}政〔{year + 1}〕{rng.randint(1, 60)}号")),
        email=rng.choice(("", f"{letters}{rng.choice(('', '2009', 'xxgk'))}@{rng.choice(('163.com', '126.com', 'qq.com', 'sina.com'))}")),
        phone=rng.choice(("", f"0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}")),
        site=site_place + "人民政府", period=(start, f"{year}-12-31"), period_text=period_text,
        crawled=(day + timedelta(days=rng.randint(40, 900))).isoformat(),
        previous=f"{publisher}{year - 1}年政府信息公开工作年度报告",
    )  # fmt: skip


SENTENCES = (
    "各单位按照职责分工，把公开事项列成清单，逐项明确内容、时限和责任人。",
    "凡与群众生产生活关系密切的文件，印发之后及时上网，并在办事窗口放置纸质文本。",
    "对拟公开的内容实行先审后发，经办人、负责人、保密员分别签字，防止出错和泄密。",
    "办公室按季度对栏目更新情况进行抽查，抽查结果在内部通报，问题限期整改。",
    "政策出台时同步准备问答材料，由起草科室负责讲清楚适用对象、办理条件和申报程序。",
    "除网站以外，还利用公开栏、广播、宣传册和现场咨询，方便不上网的居民了解情况。",
    "对来信、来电、来访的咨询逐件登记，能当场答复的当场答复，需要核实的约定时间回复。",
    "组织业务培训，重点讲解申请的登记、审查、答复和送达，提高经办人员依法办理的能力。",
    "财政资金的安排和使用、工程项目的招标和验收、救助对象的评定，是今年公开的重点。",
    "查阅场所配备了电脑、打印机和目录册，有专人引导，工作日全天开放。",
)
PROBLEMS = (
    "从全年情况看，信息更新还不够及时，个别栏目内容偏少。",
    "公开的深度同群众的期待相比仍有差距，解读材料不够通俗。",
    "下一步将加强督促检查，细化目录，改进答复文书的质量。",
    "今后要加强基层人员培训，拓宽公开渠道，听取群众意见。",
)


def sentences(rng: random.Random, pool: tuple[str, ...] = SENTENCES, low: int = 1, high: int = 3) -> str:
    return "".join(rng.sample(pool, min(len(pool), rng.randint(low, high))))


def stated(rng: random.Random, year: int, part: int) -> str:
    """Figures in prose: there is no table that they could be read from."""
    if part == 1:
        total = rng.randint(20, 900)
        return f"{year}年，主动公开政府信息{total}条，其中通过网站公开{rng.randint(1, total)}条。"
    return f"{year}年，受理政府信息公开申请{rng.randint(0, 30)}件，均在法定期限内答复。"


OUTLINES = {
    "short_annex": ("概述", "主动公开政府信息的情况", "政府信息依申请公开办理情况", "政府信息公开的收费及减免情况",
                    "因政府信息公开申请行政复议、提起行政诉讼的情况", "政府信息公开工作存在的主要问题及改进措施", "需要说明的事项与附表"),
    "long_annex": ("概述", "主动公开政府信息情况", "依申请公开政府信息情况", "咨询处理情况", "复议、诉讼和申诉情况",
                   "政府支出与收费情况", "主要问题和改进措施", "附表"),
    "national_2014": ("基本工作情况", "主动公开情况", "回应解读情况", "依申请公开情况", "复议、诉讼和举报投诉情况",
                      "机构建设和保障经费情况", "会议和培训情况", "存在的主要问题和改进情况", "附表"),
    "prose": ("概述", "主动公开政府信息的情况", "依申请公开政府信息的情况", "收费及减免情况", "行政复议、行政诉讼和申诉情况",
              "存在的主要问题和改进措施"),
    "six": ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
            "存在的主要问题及改进情况", "其他需要报告的事项"),
}  # fmt: skip
SUBS = (
    "组织领导情况",
    "主动公开方面",
    "依申请公开方面",
    "政府信息管理方面",
    "平台建设方面",
    "监督保障方面",
    "制度建设情况",
)
NUMERALS = "一二三四五六七八九十"


def prose(rng: random.Random, form: str, f: Facts, tables: int) -> Prose:
    """The running text with places for the form's tables."""
    found = Prose()
    full = rng.random() < 0.75

    def heading(level: int, text: str) -> None:
        found.blocks.append((level, text))
        found.sections.append((level, text))

    contact = "".join(
        part for part, there in ((f"，电话：{f.phone}", f.phone), (f"，电子邮箱：{f.email}", f.email)) if there
    )
    intro = f"根据《中华人民共和国政府信息公开条例》的规定，编制本报告。本报告所列数据的统计期限为{f.period_text}。"
    if contact:
        intro += (
            f"如对本报告有疑问，请与{f.publisher}联系（地址：{f.site[:-4]}人民路{rng.randint(1, 300)}号{contact}）。"
        )
    found.blocks.append((0, intro))
    six = form in ("national_2019", "national_2021")
    titles = OUTLINES["six" if six else form]
    for number, title in enumerate(titles):
        heading(1, f"{NUMERALS[number]}、{title}")
        if six and 1 <= number <= 3:
            if rng.random() < 0.2:
                found.blocks.append((0, "该部分以表格形式报告。"))
            found.blocks.append((-1, str(number - 1)))
            continue
        if number == len(titles) - 1 and not six and tables:
            found.blocks.append((0, "政府信息公开情况统计表如下。"))
            found.blocks += [(-1, str(t)) for t in range(tables)]
            continue
        if form == "prose" and number in (1, 2):
            found.blocks.append((0, stated(rng, f.year, number)))
        pool = PROBLEMS if "问题" in title else SENTENCES
        if number == 0 and rng.random() < 0.8:
            for sub, text in enumerate(rng.sample(SUBS, rng.randint(2, 4))):
                left, right = ("（", "）") if full else ("(", ")")
                heading(2, f"{left}{NUMERALS[sub]}{right}{text}")
                if rng.random() < 0.3:
                    for item in range(rng.randint(2, 3)):
                        heading(
                            3,
                            f"{item + 1}.{rng.choice(('完善工作机制', '突出公开重点', '加强业务培训', '规范办理流程'))}",
                        )
                        found.blocks.append((0, sentences(rng)))
                else:
                    found.blocks.append((0, sentences(rng, low=2, high=4)))
        else:
            found.blocks.append((0, sentences(rng, pool)))
    return found
