"""Headings of every style, era and damage, and text that only looks like one."""

# ruff: noqa: E501 - pages and lines are written as they are published

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import article, outline, readers
from parsers.records import TOPICS, Section

SENTENCE = "按照上级部署稳步推进，明确责任，细化措施，取得了较好的成效。"


def sections(content: str) -> tuple[Section, ...]:
    return outline.sections(article.find(readers.read(content.encode())))


def heads(content: str) -> list[tuple[int, str]]:
    return [(int(s.level or 0), s.title) for s in sections(content) if s.level]


def html(*lines: str) -> str:
    return "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"


SIX = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)


def test_six_parts_with_text_and_paths() -> None:
    lines = [part for n, title in enumerate(SIX) for part in (f"{'一二三四五六'[n]}、{title}", SENTENCE)]
    found = sections(html("根据条例编制本报告。", *lines))
    assert [s.section for s in found] == ["0", "1", "2", "3", "4", "5", "6"]
    assert [s.title for s in found[1:]] == [f"{'一二三四五六'[n]}、{title}" for n, title in enumerate(SIX)]
    assert [s.topic for s in found[1:]] == ["overview", "proactive", "requests", "disputes", "problems", "other"]
    assert found[0].text == "根据条例编制本报告。"
    assert all(s.text == SENTENCE for s in found[1:])
    assert all(s.number == s.title[:2] for s in found[1:])
    assert all(s.locator.startswith("html:p#") for s in found)


@pytest.mark.parametrize(
    ("one", "two", "three", "four"),
    [
        ("一、", "（一）", "1.", "（1）"), ("一、", "(一)", "1、", "1)"), ("一．", "〔一〕", "１．", "①"), ("一 、 ", "（ 一 ）", "1．", "⑴"),
        ("一、", "一)", "1.", "1)"), ("一，", "㈠", "⒈", "（１）"), ("一：", "（一）、", "1 、", "1）"), ("一、", "(一", "１、", "❶"),
    ],
)  # fmt: skip
def test_styles_of_four_levels(one: str, two: str, three: str, four: str) -> None:
    found = heads(
        html(
            f"{one}概述",
            f"{two}基本情况",
            f"{three}加强组织领导",
            SENTENCE,
            f"{four}完善各项制度",
            SENTENCE,
            "二、主动公开情况",
            "有。",
        )
    )
    assert [level for level, _ in found] == [1, 2, 3, 4, 1]
    assert found[0][1].endswith("概述")
    assert found[3][1].endswith("完善各项制度")


def test_level_is_of_the_style_not_of_the_depth() -> None:
    found = sections(html("一、概述", "1.组织领导", SENTENCE, "2.制度建设", SENTENCE, "二、存在问题", "有。"))
    assert [(s.section, s.parent, s.level) for s in found] == [
        ("1", "", 1),
        ("1.1", "1", 3),
        ("1.2", "1", 3),
        ("2", "", 1),
    ]


def test_run_in_headings() -> None:
    found = sections(
        html(
            "一、概述",
            f"（一）组织领导。{SENTENCE}",
            f"（二）改进措施：{SENTENCE}",
            f"1、平台建设。{SENTENCE}",
            "二、问题",
            "有。",
        )
    )
    assert [(s.level, s.title) for s in found][1:4] == [
        (2, "（一）组织领导。"),
        (2, "（二）改进措施"),
        (3, "1、平台建设。"),
    ]
    assert [s.text for s in found][1:4] == [SENTENCE] * 3


def test_bold_run_before_text() -> None:
    found = sections(
        f"<body><p><b>（一）主动公开情况。</b>{SENTENCE}</p><p><b>（二）依申请公开情况。</b>{SENTENCE}</p></body>"
    )
    assert [s.title for s in found] == ["（一）主动公开情况。", "（二）依申请公开情况。"]


def test_numbered_statements_are_no_headings() -> None:
    found = heads(
        html(
            "一、概述", "主要做法如下：", "1、加强信息公开培训指导工作，确保政府信息公开准确、及时、规范，不断提升政府信息公开整体工作水平。",
            "2、做好主动公开信息巡查工作，及时对巡查结果进行公布，抓落实、促整改，保证工作持续良好地开展。",
            "二、主动公开情况", "（1）网站公开100条；", "（2）公告栏公开20条；", "（3）其他方式公开3条。",
            "三、存在问题", "一是更新不及时。二是人员不足。", "二是培训不够。",
        )
    )  # fmt: skip
    assert found == [(1, "一、概述"), (1, "二、主动公开情况"), (1, "三、存在问题")]


def test_bare_list_is_no_series_of_headings() -> None:
    assert heads(html("一、公开的形式", "1.政府网站", "2.公告栏", "3.查阅点", "二、公开的数量", "100条。")) == [
        (1, "一、公开的形式"), (1, "二、公开的数量"),
    ]  # fmt: skip


def test_figures_and_days_are_no_numbers_of_headings() -> None:
    assert heads(html("一、概述", "1.5万人次访问网站", "2018.1.10印发文件", "3月召开会议", "12345平台受理30件", "二、问题", "有。")) == [
        (1, "一、概述"), (1, "二、问题"),
    ]  # fmt: skip


def test_year_behind_the_number() -> None:
    assert (2, "(二)2018年政务公开工作部署和落实情况") in heads(
        html("一、概述", "(一)基本情况", SENTENCE, "(二)2018年政务公开工作部署和落实情况", SENTENCE)
    )


def test_table_of_contents_is_text() -> None:
    titles = ["一、概述", "二、主动公开情况", "三、依申请公开情况", "四、存在的问题"]
    body = [part for title in titles for part in (title, SENTENCE)]
    found = sections(
        html(
            "目  录",
            "一、概述……1",
            "二、主动公开情况……2",
            "三、依申请公开情况 3",
            "四、存在的问题",
            "本报告根据条例编制。",
            *body,
        )
    )
    assert [s.title for s in found if s.level] == titles
    assert "目 录" in found[0].text


def test_heading_before_line_break() -> None:
    found = sections(
        "<body><div>一、概述<br>工作平稳，成效明显。<br><br>　　二、主动公开情况<br>公开100条。<br>三、问题<br>有。</div></body>"
    )
    assert [(s.title, s.text) for s in found] == [
        ("一、概述", "工作平稳，成效明显。"),
        ("二、主动公开情况", "公开100条。"),
        ("三、问题", "有。"),
    ]


def test_number_and_title_on_two_lines() -> None:
    found = heads(
        html(
            "一、概述",
            SENTENCE,
            "二、",
            "主动公开政府信息情况",
            SENTENCE,
            "三、因政府信息公开申请行政复议、提起<br>行政诉讼的情况",
            "无。",
        )
    )
    assert found == [
        (1, "一、概述"),
        (1, "二、主动公开政府信息情况"),
        (1, "三、因政府信息公开申请行政复议、提起行政诉讼的情况"),
    ]


def test_typo_and_repeated_number_keep_the_heading() -> None:
    titles = [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理申请情况",
        "三、行政法复议、行政诉讼情况",
        "五、存在问题",
    ]
    assert [t for _, t in heads(html(*[p for t in titles for p in (t, SENTENCE)]))] == titles


def test_heading_printed_again_at_a_page_break() -> None:
    table = "<table><tr><td>指标</td><td>申请</td></tr><tr><td>复议</td><td>0</td></tr></table>"
    content = f"<body><p>三、收到和处理政府信息公开申请情况</p>{table}<p>三、收到和处理政府信息公开申请情况</p>{table}<p>四、行政复议情况</p><p>无。</p></body>"
    assert [t for _, t in heads(content)] == ["三、收到和处理政府信息公开申请情况", "四、行政复议情况"]


def test_series_of_the_first_style_within_a_part() -> None:
    found = heads(
        html("四、行政复议、行政诉讼情况", "无。", "五、存在的主要问题及改进情况", "问题有：", "一、公开意识不强", SENTENCE, "二、更新迟缓", SENTENCE,
             "六、其他需要报告的事项", "无。")
    )  # fmt: skip
    assert found == [
        (1, "四、行政复议、行政诉讼情况"), (1, "五、存在的主要问题及改进情况"), (2, "一、公开意识不强"), (2, "二、更新迟缓"), (1, "六、其他需要报告的事项"),
    ]  # fmt: skip


def test_parts_push_other_styles_down() -> None:
    found = sections(
        html(
            "第一部分 概述",
            SENTENCE,
            "第二部分 主动公开情况",
            "一、数量",
            "100条。",
            "（一）网站",
            SENTENCE,
            "第三部分 问题",
            "有。",
        )
    )
    assert [(s.section, s.level) for s in found] == [("1", 1), ("2", 1), ("2.1", 2), ("2.1.1", 3), ("3", 1)]


def test_parts_without_the_first_style_below_push_nothing_down() -> None:
    found = heads(
        html(
            "第一部分 概述",
            "（一）领导",
            SENTENCE,
            "（二）制度",
            SENTENCE,
            "第二部分 主动公开情况",
            "（一）数量",
            SENTENCE,
        )
    )
    assert [level for level, _ in found] == [1, 2, 2, 1, 2]


def test_restarted_numbers_have_paths_of_their_own() -> None:
    found = sections(
        html(
            "一、概述",
            "（一）领导",
            SENTENCE,
            "（二）制度",
            SENTENCE,
            "二、公开",
            "（一）数量",
            SENTENCE,
            "（二）形式",
            SENTENCE,
        )
    )
    assert [s.section for s in found] == ["1", "1.1", "1.2", "2", "2.1", "2.2"]


@pytest.mark.parametrize("mark", ["<b>{}</b>", "<h2>{}</h2>", "{}"])
def test_headings_without_numbers(mark: str) -> None:
    titles = [
        "概述",
        "主动公开政府信息情况",
        "依申请公开政府信息情况",
        "行政复议、行政诉讼情况",
        "存在的主要问题及改进措施",
    ]
    found = heads(html("根据条例编制本报告。", *[p for t in titles for p in (mark.format(t), SENTENCE)]))
    assert found == [(1, title) for title in titles]


def test_heading_whose_number_is_lost_among_others() -> None:
    found = heads(
        html(
            "一、概述",
            SENTENCE,
            "主动公开政府信息情况",
            SENTENCE,
            "三、依申请公开情况",
            SENTENCE,
            "四、存在问题",
            SENTENCE,
        )
    )
    assert found[1] == (1, "主动公开政府信息情况")


def test_usual_title_within_the_text_is_no_heading_when_numbers_are_whole() -> None:
    assert len(heads(html("一、概述", "基本情况", SENTENCE, "二、主动公开情况", "有。", "三、问题", "有。"))) == 3


@pytest.mark.parametrize("number", ["{}、", "{}.", "（{}）"])
def test_usual_parts_make_their_style_the_first(number: str) -> None:
    signs = "123" if number != "（{}）" else "一二三"
    titles = ["概述", "主动公开政府信息情况", "依申请公开情况"]
    expected = [(1, number.format(sign) + title) for sign, title in zip(signs, titles, strict=True)]
    assert heads(html("编制本报告。", *[p for _, t in expected for p in (t, SENTENCE)])) == expected


def test_numeral_whose_sign_is_lost() -> None:
    titles = ["一概述", "二主动公开政府信息情况", "三依申请公开情况"]
    assert heads(html(*[p for t in titles for p in (t, SENTENCE)])) == [(1, t) for t in titles]


def test_usual_title_and_statement_without_a_sign_between() -> None:
    found = sections(
        html(
            "一、总体情况2020年，我局认真贯彻落实条例，扎实推进各项工作，成效明显。全年公开信息100条。",
            "二、主动公开政府信息情况",
            "有。",
        )
    )
    assert (found[0].title, found[0].text[:8]) == ("一、总体情况", "2020年，我局")


def test_second_entry_of_a_list_of_attachments() -> None:
    assert heads(html("六、其他需要报告的事项", "无。", "附件：1.统计表", "2.名词解释", "某局")) == [
        (1, "六、其他需要报告的事项")
    ]


FLAT = ["指标", "单位", "2018年", "主动公开文件数", "57", "615", "其中:1.政府网站公开数", "57", "615", "2.政府公报公开数", "0", "0",
        "受理政府信息公开申请总数", "0", "0", "其中:1.当面申请数", "0", "0", "2.网络申请数", "0", "0", "行政复议数", "0", "0", "行政诉讼数", "0", "0"]  # fmt: skip


def test_flattened_short_annex_is_no_outline() -> None:
    found = sections("\n\n".join(["一、概述", SENTENCE, "二、附表", *FLAT, "某局"]))
    assert [s.title for s in found] == ["一、概述", "二、附表"]
    assert "615" not in found[1].text
    assert "某局" in found[1].text


def test_flattened_matrix_keeps_real_headings_only() -> None:
    matrix = ["申请人情况", "自然人", "总计", "一、本年新收政府信息公开申请数量", "3", "3", "二、上年结转政府信息公开申请数量", "0", "0", "三、本年度办理结果",
              "（一）予以公开", "1", "1", "（二）部分公开", "0", "0", "（三）不予公开", "1.属于国家秘密", "0", "0", "四、结转下年度继续办理", "0", "0"]  # fmt: skip
    found = heads(
        "\n".join(
            [
                "三、收到和处理政府信息公开申请情况",
                *matrix,
                "四、政府信息公开行政复议、行政诉讼情况",
                "无。",
                "五、存在的主要问题及改进情况",
                SENTENCE,
            ]
        )
    )
    assert [t[:2] for _, t in found] == ["三、", "四、", "五、"]


def test_whole_report_in_one_line() -> None:
    text = (
        "某县2015年政府信息公开工作年度报告 根据条例要求，编制本报告。一、概述 2015年，我县认真贯彻落实条例，扎实推进政府信息公开工作，取得明显成效。"
        "二、主动公开政府信息的情况 （一）主动公开的数量。2015年主动公开政府信息1200条。（二）公开的形式。主要通过政府网站、公告栏公开，方便群众查阅。"
        "三、依申请公开政府信息的情况 2015年全县受理申请3件，全部按时答复。四、存在的主要问题和改进措施 一是公开内容还不够全面。"
    ) + "补充说明有关工作情况。" * 60  # fmt: skip
    found = heads(html(text))
    assert [t for level, t in found if level == 1] == [
        "一、概述", "二、主动公开政府信息的情况", "三、依申请公开政府信息的情况", "四、存在的主要问题和改进措施",
    ]  # fmt: skip
    assert [t for level, t in found if level == 2] == ["（一）主动公开的数量。", "（二）公开的形式。"]


def test_traditional_characters_have_topics() -> None:
    found = sections(
        html(
            "一、概述",
            SENTENCE,
            "二、主動公開政府信息情況",
            SENTENCE,
            "三、依申請公開情況",
            "無。",
            "四、行政復議、行政訴訟情況",
            "無。",
        )
    )
    assert [s.topic for s in found] == ["overview", "proactive", "requests", "disputes"]


def test_tables_are_no_text_and_layout_is() -> None:
    content = (
        "<body><p>一、概述</p><table><tr><td>指标</td><td>申请</td></tr><tr><td>复议</td><td>7</td></tr></table>"
        f"<table><tr><td>二、主动公开情况<br>{SENTENCE * 6}</td></tr></table></body>"
    )
    found = sections(content)
    assert [s.title for s in found] == ["一、概述", "二、主动公开情况"]
    assert found[0].text == ""
    assert SENTENCE in found[1].text


def test_no_heading_at_all() -> None:
    found = sections(html("今年没有什么可以报告的事情。", SENTENCE))
    assert [s.section for s in found] == ["0"]
    assert outline.sections(article.Article(())) == ()


HAN = "一二三四五六七八九"
TITLES = st.sampled_from(
    ["组织领导有力", "制度建设到位", "渠道不断拓宽", "培训扎实开展", "监督保障有效", "重点领域公开"]
)


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[int, str]]:
    """Headings in order: (level, title), numbered in their styles."""
    found: list[tuple[int, str]] = []
    for one in range(draw(st.integers(2, 6))):
        found.append((1, f"{HAN[one]}、{SIX[one]}"))
        for two in range(draw(st.integers(0, 3))):
            found.append((2, f"（{HAN[two]}）{draw(TITLES)}"))
            for three in range(draw(st.integers(0, 2))):
                found.append((3, f"{three + 1}.{draw(TITLES)}"))
                found += [(4, f"（{four + 1}）{draw(TITLES)}") for four in range(draw(st.integers(0, 2)))]
    return found


@settings(max_examples=60, deadline=None)
@given(trees(), st.sampled_from(["p", "div", "br", "txt"]))
def test_an_outline_comes_back_as_it_was_printed(tree: list[tuple[int, str]], tag: str) -> None:
    lines = ["根据《政府信息公开条例》编制本报告。", *[part for _, title in tree for part in (title, SENTENCE)]]
    if tag == "txt":
        content = "\n\n".join(lines)
    elif tag == "br":
        content = "<body><div>" + "<br>".join(lines) + "</div></body>"
    else:
        content = "<body>" + "".join(f"<{tag}>{line}</{tag}>" for line in lines) + "</body>"
    found = sections(content)
    assert [(s.level, s.title) for s in found if s.level] == tree
    assert len({s.section for s in found}) == len(found)
    paths = {s.section for s in found}
    assert all(not s.parent or s.parent in paths for s in found)
    assert all(s.text == SENTENCE for s in found if s.level)
    assert all(s.topic in TOPICS for s in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="一二三（）()1２.、。：；①第部分概述公开情况 \u3000x9", max_size=40), max_size=12))
def test_any_lines_give_a_tree_and_no_line_is_lost(lines: list[str]) -> None:
    document = readers.read(("。\n" + "\n".join(lines)).encode())
    found = outline.sections(article.Article(document.blocks))
    assert len({s.section for s in found}) == len(found)
    said = "".join("".join((s.title + s.text).split()) for s in found)
    assert all(c in said for c in "".join("".join(lines).split()) if c not in "：:")


def test_heading_at_the_end_of_the_paragraph_before() -> None:
    opening = "根据条例编制本报告。" + SENTENCE + "如有疑问，请与办公室联系（电话：0599-8446604）。一、总体情况"
    found = sections(html(opening, "（一）主动公开情况。", SENTENCE, "二、主动公开政府信息情况", SENTENCE))
    assert [(s.level, s.title) for s in found][1:3] == [(1, "一、总体情况"), (2, "（一）主动公开情况。")]
    assert found[0].text.endswith("0599-8446604）。")


def test_parts_named_in_the_opening_are_no_headings() -> None:
    named = "全文包括：" + "；".join(f"{'一二三四五六'[n]}、{title}" for n, title in enumerate(SIX)) + "。"
    lines = [part for n, title in enumerate(SIX) for part in (f"{'一二三四五六'[n]}、{title}", SENTENCE)]
    assert [title for _, title in heads(html(SENTENCE + named, *lines))] == [
        f"{'一二三四五六'[n]}、{title}" for n, title in enumerate(SIX)
    ]


def test_heading_and_the_first_below_it_on_one_line() -> None:
    found = heads(
        html(
            "一、总体情况（一）主动公开。" + SENTENCE,
            "（二）依申请公开。" + SENTENCE,
            "二、主动公开政府信息情况",
            SENTENCE,
        )
    )
    assert found == [
        (1, "一、总体情况"),
        (2, "（一）主动公开。"),
        (2, "（二）依申请公开。"),
        (1, "二、主动公开政府信息情况"),
    ]


@pytest.mark.parametrize("sign", ["。", "：", ""])
def test_short_report_in_one_paragraph(sign: str) -> None:
    titles = ("概述", "主动公开政府信息情况", "依申请公开政府信息情况", "存在的主要问题及改进措施")
    text = "".join(f"{'一二三四'[n]}、{title}{sign}2018年，我局{SENTENCE}" for n, title in enumerate(titles))
    found = heads(html("根据条例编制本报告。" + text))
    assert [title.rstrip("。") for _, title in found] == [f"{'一二三四'[n]}、{title}" for n, title in enumerate(titles)]


def test_usual_title_cut_where_its_first_half_is_one_too() -> None:
    found = heads(html("一、概述", SENTENCE, "二、主动公开<br>政府信息情况", SENTENCE))
    assert found == [(1, "一、概述"), (1, "二、主动公开政府信息情况")]


FORM_ROWS = (
    "<tr><td colspan=4>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    "<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr>"
)


def test_heading_in_the_first_row_of_its_table() -> None:
    rows = f"<table border=1><tr><td colspan=4>二、主动公开政府信息情况</td></tr>{FORM_ROWS}</table>"
    content = html("一、总体情况", SENTENCE).replace(
        "</body>", rows + "<p>三、收到和处理政府信息公开申请情况</p><p>无。</p></body>"
    )
    assert heads(content) == [
        (1, "一、总体情况"), (1, "二、主动公开政府信息情况"), (1, "三、收到和处理政府信息公开申请情况"),
    ]  # fmt: skip


def test_row_of_a_form_is_no_heading() -> None:
    rows = "<table border=1><tr><td colspan=3>一、主动公开情况</td></tr><tr><td>（一）主动公开政府信息数</td><td>条</td><td>12</td></tr></table>"
    assert heads(html("一、概述", SENTENCE).replace("</body>", rows + "</body>")) == [(1, "一、概述")]


def test_table_of_one_column_that_frames_the_report() -> None:
    cells = [part for n, title in enumerate(SIX) for part in (f"{'一二三四五六'[n]}、{title}", SENTENCE)]
    found = sections(
        "<html><body><table border=1>" + "".join(f"<tr><td>{c}</td></tr>" for c in cells) + "</table></body></html>"
    )
    assert [s.title for s in found] == [f"{'一二三四五六'[n]}、{title}" for n, title in enumerate(SIX)]
    assert all(s.text == SENTENCE for s in found)


def test_labels_right_above_tables_are_no_headings() -> None:
    table = "| 类别 | 总计 |\n|---|---|\n| 数 | 3 |\n"
    labels = ["### 一、本年新收政府信息公开申请数量\n" + table, "### 三、本年度办理结果\n\n### (一) 予以公开\n" + table]
    text = "\n".join(
        [f"## 一、{SIX[0]}\n{SENTENCE}", f"## 二、{SIX[2]}\n{SENTENCE}", *labels, f"## 三、{SIX[3]}\n{SENTENCE}"]
    )
    assert [title for _, title in heads(text)] == [f"一、{SIX[0]}", f"二、{SIX[2]}", f"三、{SIX[3]}"]


def test_a_label_above_a_table_that_is_the_next_heading_stays() -> None:
    table = "| 指标 | 数 |\n|---|---|\n| 主动公开规范性文件数 | 3 |\n"
    text = f"一、概述\n{SENTENCE}\n二、主动公开情况\n{table}\n三、依申请公开情况\n{SENTENCE}"
    assert [title for _, title in heads(text)] == ["一、概述", "二、主动公开情况", "三、依申请公开情况"]


def test_decimal_numbers_count_their_levels_where_the_parts_are_numbered() -> None:
    lines = [
        "1、总体情况",
        "1.1 主动公开方面",
        SENTENCE,
        "1.2 平台建设方面",
        SENTENCE,
        "1.2.1 网站建设",
        SENTENCE,
        "1.2.2 新媒体",
        SENTENCE,
    ]
    lines += ["2、主动公开政府信息情况", SENTENCE, "3、存在的主要问题及改进情况", SENTENCE]
    assert heads(html(*lines)) == [
        (1, "1、总体情况"), (2, "1.1主动公开方面"), (2, "1.2平台建设方面"), (3, "1.2.1网站建设"), (3, "1.2.2新媒体"),
        (1, "2、主动公开政府信息情况"), (1, "3、存在的主要问题及改进情况"),
    ]  # fmt: skip


def test_a_bold_heading_cut_by_a_break_is_one() -> None:
    lines = [
        part
        for n, title in enumerate(SIX)
        for part in (f"<b>{'一二三四五六'[n]}、{title[:5]}<br>{title[5:]}</b>", SENTENCE)
    ]
    cut = [(1, f"{'一二三四五六'[n]}、{title}") for n, title in enumerate(SIX) if len(title) > 6]
    assert [head for head in heads(html(*lines)) if head in cut] == cut
    assert all(level == 1 for level, _ in heads(html(*lines)))


def test_parts_without_numbers_stay_above_what_is_numbered_below_them() -> None:
    lines = [
        "<b>总体情况</b>",
        "（一）主动公开情况",
        SENTENCE,
        "（二）依申请公开情况",
        SENTENCE,
        "（三）监督保障情况",
        SENTENCE,
    ]
    lines += [part for title in SIX[1:] for part in (f"<b>{title}</b>", SENTENCE)]
    found = heads(html(*lines))
    assert [title for level, title in found if level == 1] == list(SIX)
    assert [title for level, title in found if level == 2] == [
        "（一）主动公开情况",
        "（二）依申请公开情况",
        "（三）监督保障情况",
    ]


def test_a_bold_title_right_above_a_table_is_a_heading() -> None:
    table = "<table><tr><td>信息内容</td><td>本年制发件数</td></tr><tr><td>规章</td><td>0</td></tr></table>"
    lines = ["<b>总体情况</b>", SENTENCE, f"<b>{SIX[1]}</b></p>{table}<p>", f"<b>{SIX[4]}</b>", SENTENCE]
    assert [title for _, title in heads(html(*lines))] == [SIX[0], SIX[1], SIX[4]]


@pytest.mark.parametrize("unit", ["章", "节", "部分"])
def test_parts_may_be_chapters(unit: str) -> None:
    lines = [part for n, title in enumerate(SIX) for part in (f"第{'一二三四五六'[n]}{unit} {title}", SENTENCE)]
    assert [level for level, _ in heads(html(*lines))] == [1] * 6


def test_headings_in_rows_of_one_table_are_sections() -> None:
    head = "<p>一、总体情况</p><p>本局认真做好政府信息公开工作。</p>"
    rows = "".join(
        f"<tr><td colspan=2>{title}</td></tr><tr><td>行政许可</td><td>1</td></tr>"
        for title in ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
    )
    page = f"<html><body>{head}<table>{rows}</table><p>四、存在的主要问题及改进情况</p><p>无。</p></body></html>"
    assert [title[:2] for _, title in heads(page)] == ["一、", "二、", "三、", "四、"]


@pytest.mark.parametrize("rest", ["无", " 无。", "没有。", "：无", " 未收到申请。"])
def test_a_usual_title_and_next_to_nothing_on_one_line(rest: str) -> None:
    found = sections(
        html("一、总体情况", SENTENCE, f"二、主动公开政府信息情况{rest}", "三、存在的主要问题及改进情况", SENTENCE)
    )
    assert [s.title for s in found] == ["一、总体情况", "二、主动公开政府信息情况", "三、存在的主要问题及改进情况"]
    assert found[1].text == rest.strip("： ")
